//! Why a record could not be sealed or opened.

use chartroom_audit::event::Outcome;
use chartroom_seal::index::IndexError;
use chartroom_seal::{OpenError, RewrapError, SealError};

use crate::attempt;

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
    /// There is no key to open: none was given, or of the house's own none that was not dropped.
    #[error("no key was given that opens")]
    NoKey,
    /// The bytes are not those of a sealed record, or of a sealed attachment.
    #[error("not a sealed record or attachment of this format, at byte {at}")]
    Malformed {
        /// Where the bytes stop making sense.
        at: usize,
    },
    /// The key is another patient's.
    #[error("the record belongs to another patient than the key")]
    AnotherPatient,
    /// The disclosure is for another record, for another version of it, or for another attachment.
    #[error("the disclosure is for another record, version or attachment")]
    AnotherRecord,
    /// The attachment is not one of the record: it belongs to another, or was added to a later version than the one given.
    #[error("the attachment belongs to another record, or to a later version of it")]
    NotItsAttachment,
    /// The record already has the highest version there is.
    #[error("the record has no version left")]
    NoVersionLeft,
    /// The disclosure is no longer valid.
    #[error("the disclosure has expired")]
    Expired,
    /// What was sealed is not a record. Nothing of it is told.
    #[error("the opened parts are not parts of one record")]
    NotARecord,
    /// The entry of the trail keeps nothing sealed: what it tells stands in clear.
    #[error("the entry of the trail keeps nothing sealed")]
    NothingSealed,
    /// What is sealed in an entry of the trail is not the entry that stands around it.
    #[error("the entry of the trail is not the one that was written")]
    NotAnEntry,
    /// A token could not be made.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The record has so many values that an index over it would have more tokens than a record may have.
    #[error("the record has too many values for one index")]
    TooManyTokens,
}

impl VaultError {
    /// How an entry of the trail is to tell of it: whether it may be mended ([`Outcome::MinorFailure`]), or is what nobody should see
    /// ([`Outcome::SeriousFailure`]), as for [`Vault::report`](crate::Vault::report).
    pub const fn outcome(self) -> Outcome {
        attempt::outcome(self)
    }
}

impl From<RewrapError> for VaultError {
    fn from(error: RewrapError) -> Self {
        match error {
            RewrapError::Open(error) => error.into(),
            RewrapError::Seal(error) => error.into(),
        }
    }
}
