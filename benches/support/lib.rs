//! Measures a piece of work and its peer in one process, round by round in turn, and prints their medians.

pub mod bundles;

use std::time::{Duration, Instant};

/// Rounds of each measurement.
const ROUNDS: usize = 15;
/// A round repeats the work until it takes at least this long.
const ROUND: Duration = Duration::from_millis(40);

/// What a measurement is given in.
#[derive(Clone, Copy)]
pub enum Unit {
    /// Nanoseconds for each of this many things that one call does.
    NanosecondsPer(&'static str, usize),
    /// Megabytes a second, where one call works through this many bytes.
    MegabytesPerSecond(usize),
}

/// Measures both in turn and prints one line: name, ratio, ours, peer, unit.
/// The ratio is ours divided by the peer's, in the printed unit. Gives both.
pub fn compare(name: &str, unit: Unit, mut ours: impl FnMut(), mut peer: impl FnMut()) -> (f64, f64) {
    compare_prepared(name, unit, (|| (), |()| ours()), (|| (), |()| peer()))
}

/// As [`compare`], where each piece of work uses up something that is prepared before it is measured.
pub fn compare_prepared<T, U>(
    name: &str,
    unit: Unit,
    mut ours: (impl FnMut() -> T, impl FnMut(T)),
    mut peer: (impl FnMut() -> U, impl FnMut(U)),
) -> (f64, f64) {
    let ours_repeats = repeats(&mut ours);
    let peer_repeats = repeats(&mut peer);
    let (mut ours_rounds, mut peer_rounds) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours_rounds.push(round(&mut ours, ours_repeats));
        peer_rounds.push(round(&mut peer, peer_repeats));
    }
    let ours = unit.of(median(ours_rounds));
    let peer = unit.of(median(peer_rounds));
    println!("{name:<28} {:>9.3} {ours:>12.1} {peer:>12.1}  {}", ours / peer, unit.label());
    (ours, peer)
}

impl Unit {
    fn of(self, seconds: f64) -> f64 {
        match self {
            Self::NanosecondsPer(_, things) => seconds * 1e9 / things as f64,
            Self::MegabytesPerSecond(bytes) => bytes as f64 / 1e6 / seconds,
        }
    }

    fn label(self) -> String {
        match self {
            Self::NanosecondsPer(thing, _) => format!("ns per {thing}"),
            Self::MegabytesPerSecond(_) => "MB/s".to_owned(),
        }
    }
}

fn repeats<T>(work: &mut (impl FnMut() -> T, impl FnMut(T))) -> u32 {
    let mut repeats = 1;
    while round(work, repeats) * f64::from(repeats) < ROUND.as_secs_f64() {
        repeats *= 2;
    }
    repeats
}

/// Seconds of one call, over so many calls.
fn round<T>((prepare, work): &mut (impl FnMut() -> T, impl FnMut(T)), repeats: u32) -> f64 {
    let prepared: Vec<T> = (0..repeats).map(|_| prepare()).collect();
    let start = Instant::now();
    for input in prepared {
        work(input);
    }
    start.elapsed().as_secs_f64() / f64::from(repeats)
}

/// The one in the middle.
pub fn median(mut rounds: Vec<f64>) -> f64 {
    rounds.sort_by(f64::total_cmp);
    rounds[rounds.len() / 2]
}
