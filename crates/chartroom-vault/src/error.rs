//! Why a record could not be sealed or opened.

use chartroom_seal::{OpenError, SealError};

/// Why a record could not be sealed or opened. It never tells what was in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VaultError {
    /// Sealing failed.
    #[error("the record could not be sealed")]
    Seal(#[from] SealError),
    /// A key or a sealed part did not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The bytes are not those of a sealed record.
    #[error("not a sealed record of this format, at byte {at}")]
    Malformed {
        /// Where the bytes stop making sense.
        at: usize,
    },
    /// The key is another patient's.
    #[error("the record belongs to another patient than the key")]
    AnotherPatient,
    /// The disclosure is for another record, or for another version of it.
    #[error("the disclosure is for another record or version")]
    AnotherRecord,
    /// The record already has the highest version there is.
    #[error("the record has no version left")]
    NoVersionLeft,
    /// The disclosure is no longer valid.
    #[error("the disclosure has expired")]
    Expired,
    /// What was sealed is not a record. Nothing of it is told.
    #[error("the opened parts are not parts of one record")]
    NotARecord,
}
