//! `cargo run --release -p chartroom-benches --bin memory`: how much memory whole charts hold once they are read, for each byte
//! of their JSON. One line like those of `ratios`: a smaller ratio is better.

use chartroom::record::{Mode, parse};
use chartroom_benches::bundles;
use peak_alloc::PeakAlloc;

#[global_allocator]
static COUNTED: PeakAlloc = PeakAlloc;

fn main() {
    let texts = bundles::minified();
    let bytes: usize = texts.iter().map(String::len).sum();
    let ours =
        held(|| texts.iter().map(|text| parse(text.as_bytes(), Mode::Lenient).expect("a bundle").into_resource()));
    let peer = held(|| texts.iter().map(|text| serde_json::from_str::<serde_json::Value>(text).expect("JSON")));
    let (ours, peer) = (ours as f64 / bytes as f64, peer as f64 / bytes as f64);
    println!("{:<28} {:>9.3} {ours:>12.2} {peer:>12.2}  bytes held per byte read", "memory", ours / peer);
}

/// The bytes that are allocated for the values alone, while all of them are there.
fn held<T, I: Iterator<Item = T>>(values: impl FnOnce() -> I) -> usize {
    let before = COUNTED.current_usage();
    let values: Vec<T> = values().collect();
    let held = COUNTED.current_usage() - before;
    drop(values);
    held
}
