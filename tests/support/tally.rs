//! Counts the cases of a named test, and ends it with the line `NAME: PASSED of TOTAL`.

use std::fmt::Display;
use std::process::ExitCode;

/// The cases of one named test.
pub struct Tally {
    name: &'static str,
    passed: usize,
    excepted: usize,
    total: usize,
}

impl Tally {
    /// A tally with no case yet.
    pub fn new(name: &'static str) -> Self {
        Self { name, passed: 0, excepted: 0, total: 0 }
    }

    /// Counts one case; one that does not pass gets a line of its own, at once.
    pub fn case<E: Display>(&mut self, case: impl Display, outcome: Result<(), E>) {
        self.total += 1;
        match outcome {
            Ok(()) => self.passed += 1,
            Err(reason) => println!("{case}: {reason}"),
        }
    }

    /// Counts one case that cannot pass, for a reason that lies in the corpus itself. It gets a line, and is no failure.
    pub fn exception(&mut self, case: impl Display, reason: impl Display) {
        self.total += 1;
        self.excepted += 1;
        println!("{case}: cannot pass: {reason}");
    }

    /// Prints the last line. Fails unless every case passed or cannot.
    pub fn finish(self) -> ExitCode {
        println!("{}: {} of {}", self.name, self.passed, self.total);
        if self.passed + self.excepted == self.total { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
