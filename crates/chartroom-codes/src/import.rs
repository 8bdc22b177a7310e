//! Readers of official release files, as they are downloaded. Each gives [`Row`]s, which a
//! [`TableBuilder`](crate::table::TableBuilder) makes a table of.
//!
//! They take bytes or a reader, never a path, and stop at the first thing that is not as its publisher promises: a file
//! half read would make a code set with holes.

mod order;
mod tabular;

pub use order::{order_text, order_zip};
pub use tabular::tabular_xml;

use crate::table::Row;

/// Why a release file cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Something in a text file is not as it must be.
    #[error("line {line}, column {column}: {problem}")]
    Text {
        /// The line, from 1.
        line: u32,
        /// The column, from 1.
        column: u32,
        /// What is wrong there.
        problem: &'static str,
    },
    /// The archive cannot be read.
    #[error("not a readable zip archive")]
    Archive,
    /// The archive does not have exactly one member of the kind wanted.
    #[error("{count} members of the archive could be {wanted}, where one is wanted")]
    Members {
        /// How many there are.
        count: usize,
        /// What was looked for.
        wanted: &'static str,
    },
    /// More bytes than any release has.
    #[error("more than {MOST_BYTES} bytes")]
    TooLarge,
}

/// The largest file that is read: ten times the largest known. An archive can claim to hold anything.
pub const MOST_BYTES: u64 = 256 << 20;
