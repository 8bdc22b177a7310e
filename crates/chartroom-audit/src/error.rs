use std::error::Error;

use crate::Receipt;
use crate::event::DecodeError;
use crate::verify::Tampering;

/// Why a trail could not be appended to, read or verified.
#[derive(Debug, thiserror::Error)]
pub enum TrailError {
    /// The trail holds fewer entries than the question assumes.
    #[error("the trail has {size} entries; {asked} lies outside it")]
    OutOfRange {
        /// The entry, node or size that was asked for.
        asked: u64,
        /// The size of the trail.
        size: u64,
    },
    /// A stored entry is not an event.
    #[error("entry {index} of the trail cannot be read")]
    Entry {
        /// The entry's place in the trail.
        index: u64,
        /// What is wrong with its bytes.
        #[source]
        cause: DecodeError,
    },
    /// The stored trail is not the one that was written.
    #[error(transparent)]
    Tampered(#[from] Tampering),
    /// The trail took a denial in place of the event.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The place where the trail is kept failed. The cause is its own error.
    #[error("the place where the trail is kept failed")]
    Storage(#[source] Box<dyn Error + Send + Sync>),
}

/// A trail takes no disclosure for a patient whose key it knows to be destroyed, or on the way there. In the place of the event it
/// took a denial, and what depended on the event must not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the patient's key is destroyed, so the trail refuses the disclosure")]
pub struct Refusal {
    /// Where the denial stands on the trail.
    pub receipt: Receipt,
}

impl TrailError {
    /// Wraps an error of the place where a trail is kept.
    pub fn storage(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Storage(cause.into())
    }
}
