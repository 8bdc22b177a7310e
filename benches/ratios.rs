//! `cargo run --release -p chartroom-benches --bin ratios [-- NAME...]`: what each piece of work costs beside its peer.
//!
//! One line each: name, ratio (ours divided by the peer's, in the printed unit), ours, peer, unit.

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let benches: [(&str, fn()); 0] = [];
    for (name, bench) in benches {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            bench();
        }
    }
}
