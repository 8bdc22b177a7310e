//! The first chart, end to end: `cargo run --release --example quickstart [-- BUNDLE.json ...]`.
//!
//! Bundles are read, checked, sealed and stored in one file. Then the same chart is opened for four people who each see a different
//! part of it, with the reasons; the glass is broken once; and the audit trail tells who saw what, and proves it.

mod clear;
mod glass;
mod house;
mod intake;
mod readers;
mod trail;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use house::{Failure, House};
use intake::Input;

fn main() -> ExitCode {
    let files: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    match run(files) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(files: Vec<PathBuf>) -> Result<(), Failure> {
    // Everything is read once before anything is stored, so that one bad file leaves nothing behind.
    let inputs = Input::all(files);
    for input in &inputs {
        intake::look(input)?;
    }

    let folder = tempfile::tempdir()?;
    let file = folder.path().join("chart.db");
    let mut house = House::open(&file)?;

    heading("Check, seal, store");
    let start = Instant::now();
    let taken = intake::take_all(&mut house, &inputs)?;
    taken.report(start.elapsed());

    heading("Read back");
    intake::read_back(&mut house, &taken)?;

    let charts = readers::most_telling(&mut house, &taken)?;
    let Some((chart, others)) = charts.split_first() else {
        println!("There is no patient among the records, so there is no chart to show.");
        return Ok(());
    };
    heading("One chart, four readers");
    readers::side_by_side(&mut house, chart)?;
    for other in others {
        readers::shown_records(&mut house, other)?;
    }

    heading("Break the glass");
    glass::break_once(&mut house, chart)?;

    heading("Accounting of disclosures");
    trail::account(&house, chart)?;

    heading("The audit trail");
    trail::verify(&house)?;

    heading("What the file shows");
    clear::search(&house, &file, &taken)
}

fn heading(text: &str) {
    println!("\n== {text}");
}
