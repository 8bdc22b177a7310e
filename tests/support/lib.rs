//! What the test programs share: finding a corpus, reading vectors, and counting cases.

pub mod cedar;
pub mod consents;
pub mod contradiction;
pub mod corpora;
pub mod json;
pub mod pattern;
pub mod policies;
pub mod round_trips;
pub mod suites;
pub mod tally;
pub mod vectors;
