//! What the test programs share: finding a corpus, and counting cases.

pub mod corpora;
pub mod json;
pub mod tally;
