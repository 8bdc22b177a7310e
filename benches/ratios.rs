//! `cargo run --release -p chartroom-benches --bin ratios [-- NAME...]`: what each piece of work costs beside its peer.
//!
//! One line each: name, ratio (ours divided by the peer's, in the printed unit), ours, peer, unit. So a smaller ratio is better where
//! the unit is a time, and a larger one where it is a speed.

#[path = "ratios/append.rs"]
mod append;
#[path = "ratios/decide.rs"]
mod decide;
#[path = "ratios/index.rs"]
mod index;
#[path = "ratios/lookup.rs"]
mod lookup;
#[path = "ratios/membership.rs"]
mod membership;
#[path = "ratios/parse.rs"]
mod parse;
#[path = "ratios/record.rs"]
mod record;
#[path = "ratios/redact.rs"]
mod redact;
#[path = "ratios/seal.rs"]
mod seal;
#[path = "ratios/search.rs"]
mod search;
#[path = "ratios/stream.rs"]
mod stream;
#[path = "ratios/subsume.rs"]
mod subsume;
#[path = "ratios/units.rs"]
mod units;

/// The benches, by the names under which they are asked for.
const BENCHES: &[(&str, fn())] = &[
    ("append", append::run),
    ("decide", decide::run),
    ("index", index::run),
    ("lookup", lookup::run),
    ("membership", membership::run),
    ("parse", parse::run),
    ("record", record::run),
    ("redact", redact::run),
    ("seal", seal::run),
    ("search", search::run),
    ("stream", stream::run),
    ("subsume", subsume::run),
    ("units", units::run),
];

fn main() -> std::process::ExitCode {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let names: Vec<&str> = BENCHES.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = wanted.iter().find(|name| !names.contains(&name.as_str())) {
        eprintln!("there is no bench {unknown}; there are {}", names.join(", "));
        return std::process::ExitCode::FAILURE;
    }
    for (name, bench) in BENCHES {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            bench();
        }
    }
    std::process::ExitCode::SUCCESS
}
