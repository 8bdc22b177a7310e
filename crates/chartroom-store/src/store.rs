//! What every store does, whatever it keeps its records in.

use std::ops::Range;

use chartroom_audit::accounting::{Accounting, Query};
use chartroom_audit::event::{Action, Agent, Event, Kind, RecordReference};
use chartroom_audit::merkle::{Consistency, Inclusion, Nodes, prove_consistency, prove_inclusion};
use chartroom_audit::{Head, Receipt, Trail, TrailError};
use chartroom_seal::WrappedKey;
use chartroom_vault::{RecordId, SealedRecord};
use chrono::{DateTime, Utc};

use crate::StoreError;

/// Keeps sealed records in versions, the wrapped keys of their patients, and the audit trail.
///
/// A store is itself the [`Trail`] to which the vault writes its disclosures. Writes take `&mut self`; each is durable when it
/// returns, and one that fails leaves the store as it was.
pub trait Store: Trail + Nodes {
    /// Takes in a new patient, with the key that seals the patient's records. Both come from
    /// [`Vault::admit`](chartroom_vault::Vault::admit).
    ///
    /// # Errors
    ///
    /// [`StoreError::KnownPatient`] for a token that is already kept.
    fn admit(&mut self, token: RecordId, wrapped: &WrappedKey) -> Result<(), StoreError>;

    /// The wrapped key of a patient, if known.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn wrapped_key(&self, token: RecordId) -> Result<Option<WrappedKey>, StoreError>;

    /// The tokens of all patients, in the order of their admission.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    fn patients(&self) -> Result<Vec<RecordId>, StoreError>;

    /// Keeps one version of a record and writes it to the trail.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] unless its version is the last one kept and one more, or 1 for a new record;
    /// [`StoreError::UnknownPatient`]; [`StoreError::AnotherRecord`]. Then nothing was written.
    fn put(&mut self, record: &SealedRecord, by: &WriteBy) -> Result<Receipt, StoreError>;

    /// Keeps several versions in one go, in their order: all of them, or none. One receipt for each.
    ///
    /// # Errors
    ///
    /// As for [`put`](Self::put), by the first that is refused.
    fn put_all(&mut self, records: &[SealedRecord], by: &WriteBy) -> Result<Vec<Receipt>, StoreError>;

    /// The latest version of a record, if there is such a record.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn get(&self, id: RecordId) -> Result<Option<SealedRecord>, StoreError>;

    /// One version of a record, if there is one.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn get_version(&self, id: RecordId, version: u64) -> Result<Option<SealedRecord>, StoreError>;

    /// The versions that are kept of a record, oldest first.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    fn versions(&self, id: RecordId) -> Result<Vec<u64>, StoreError>;

    /// The latest version of each of a patient's records, in the order in which the records were first kept.
    ///
    /// # Errors
    ///
    /// When one of them cannot be read.
    fn records_of(&self, patient: RecordId) -> Result<Vec<SealedRecord>, StoreError>;

    /// The events of the trail at these places, each with its place. What lies behind the end is left out.
    ///
    /// # Errors
    ///
    /// When one of them is missing or cannot be read.
    fn events(&self, range: Range<u64>) -> Result<Vec<(u64, Event)>, TrailError>;

    /// Confirms that the trail still begins with the entries under a head that was kept elsewhere, and that each entry is
    /// filed under its own patient, so that no accounting misses it.
    ///
    /// # Errors
    ///
    /// [`TrailError::Tampered`] with the first bad entry.
    fn verify(&self, trusted: &Head) -> Result<(), TrailError>;

    /// The accounting of disclosures that a query asks for, under the trail's own head.
    ///
    /// # Errors
    ///
    /// When an entry cannot be read.
    fn accounting(&self, query: &Query<'_>) -> Result<Accounting, TrailError>;

    /// Proves that the event at `index` is in the trail of the first `size` events.
    ///
    /// # Errors
    ///
    /// When `index` is not below `size`, or the trail is smaller.
    fn inclusion(&self, index: u64, size: u64) -> Result<Inclusion, TrailError> {
        prove_inclusion(self, index, size)
    }

    /// Proves that the first `old` events are the beginning of the first `new` events.
    ///
    /// # Errors
    ///
    /// When `old` is zero or beyond `new`, or the trail is smaller.
    fn consistency(&self, old: u64, new: u64) -> Result<Consistency, TrailError> {
        prove_consistency(self, old, new)
    }
}

/// Who writes, when, and what for: what the trail will say about a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteBy {
    /// Who writes.
    pub agent: Agent,
    /// When.
    pub at: DateTime<Utc>,
    /// The purpose of use, as an HL7 v3 code such as `TREAT`.
    pub purpose: Option<String>,
}

impl WriteBy {
    /// A write without a stated purpose.
    #[must_use]
    pub const fn new(agent: Agent, at: DateTime<Utc>) -> Self {
        Self { agent, at, purpose: None }
    }

    /// The entry for the write of a record. The patient goes by the token that disclosures name too.
    pub(crate) fn event(&self, record: &SealedRecord) -> Event {
        let action = if record.version() == 1 { Action::Create } else { Action::Update };
        let mut event = Event::new(self.at, Kind::Write, action, self.agent.clone());
        event.patient = Some(record.patient().to_string());
        event.record = Some(RecordReference::new(record.resource_type(), record.id().to_string(), record.version()));
        event.purpose.clone_from(&self.purpose);
        event
    }
}
