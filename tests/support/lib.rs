//! What the test programs share: finding a corpus, and counting cases.

pub mod corpora;
pub mod tally;
