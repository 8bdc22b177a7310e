//! Sealing anew what is sealed already: under a newer key, or for the patient with whom another was merged.

use std::fmt;

use chartroom_audit::event::{Action, Agent, Event, Kind, Reason};
use chartroom_audit::merkle::{Hash, leaf_hash};
use chartroom_audit::{Trail, TrailError};
use chartroom_seal::KeyService;
use chrono::{DateTime, Utc};
use rand_core::CryptoRng;

use crate::facts;
use crate::record::{Identity, Sealing};
use crate::vault::json_part;
use crate::{PatientKey, RecordId, SealedRecord, Vault, VaultError};

/// A version of a record sealed anew, with the content that it had. Only a vault makes it, so a store that takes nothing else in the
/// place of a version overwrites none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resealed {
    record: SealedRecord,
    replaces: Hash,
}

impl Resealed {
    /// The new sealing, for a store to keep.
    pub const fn record(&self) -> &SealedRecord {
        &self.record
    }

    /// The hash, as of a leaf of the trail, of the sealing whose place it takes. It takes no other's.
    pub const fn replaces(&self) -> Hash {
        self.replaces
    }
}

/// A merge of two charts that stands on the trail: the right to seal records of the one patient for the other. Only
/// [`Vault::merge`] makes one.
#[must_use = "it is on record whether or not any record is moved"]
pub struct Merge {
    from: RecordId,
    into: RecordId,
}

impl fmt::Debug for Merge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Merge").finish_non_exhaustive()
    }
}

impl<K: KeyService> Vault<K> {
    /// Whether a record is sealed under an older version of its patient's key than the one that seals now.
    ///
    /// # Errors
    /// The record is another patient's, or has no part that says its key.
    pub fn needs_reseal(&self, record: &SealedRecord, patient: &PatientKey) -> Result<bool, VaultError> {
        if record.patient != patient.token() {
            return Err(VaultError::AnotherPatient);
        }
        Ok(record.key()? != patient.label())
    }

    /// Seals the same version of a record anew, under the current key of its patient. A disclosure of the old sealing does not
    /// open the new one.
    ///
    /// # Errors
    /// The record is another patient's, is not as it was sealed, or sealing fails.
    pub fn reseal(
        &self,
        record: &SealedRecord,
        patient: &PatientKey,
        rng: &mut impl CryptoRng,
    ) -> Result<Resealed, VaultError> {
        self.seal_anew(record, patient, patient, rng)
    }

    /// Writes to the trail, under the first patient, that two charts turned out to be of one person and that the records of the first
    /// are to be sealed for the other. Only then can they be: what is sealed for another patient is opened, and accounted for, as theirs.
    /// The entry says that it is intended; that it is done, a store writes when it has kept it (see [`Kind::Merge`]).
    ///
    /// # Errors
    /// The trail could not take the entry.
    pub fn merge(
        &self,
        (from, into): (&PatientKey, &PatientKey),
        by: Agent,
        at: DateTime<Utc>,
        trail: &mut (impl Trail + ?Sized),
    ) -> Result<Merge, TrailError> {
        let (from, into) = (from.token(), into.token());
        let mut event = Event::new(at, Kind::Merge, Action::Execute, by);
        event.patient = Some(from.to_string());
        event.reasons = vec![Reason::new(format!("to be merged into {into}"), None)];
        trail.append(&event)?;
        Ok(Merge { from, into })
    }

    /// Seals the same version of a record anew for the patient into whom its own is merged. The content stays as it is: references
    /// inside it are for [`seal_next`](Self::seal_next) to change.
    ///
    /// # Errors
    /// The keys or the record are not of the patients of the merge, the record is not as it was sealed, or sealing fails.
    pub fn rebind(
        &self,
        record: &SealedRecord,
        (from, into): (&PatientKey, &PatientKey),
        merge: &Merge,
        rng: &mut impl CryptoRng,
    ) -> Result<Resealed, VaultError> {
        if (merge.from, merge.into) != (from.token(), into.token()) {
            return Err(VaultError::AnotherPatient);
        }
        self.seal_anew(record, from, into, rng)
    }

    fn seal_anew(
        &self,
        record: &SealedRecord,
        from: &PatientKey,
        to: &PatientKey,
        rng: &mut impl CryptoRng,
    ) -> Result<Resealed, VaultError> {
        let old = self.key_of(record, from)?;
        record.verify(&old)?;
        let identity = Identity::new(to.token(), record.id);
        let identity = identity.of(&self.tenant, &record.resource_type, record.version);
        let new = to.current().new_record_key(&identity, rng)?;
        let head = (record.id, record.version, to.token());
        // A part is shorter than it is sealed.
        let lengths = record.parts().map(|(_, sealed)| sealed.len());
        let mut sealing = Sealing::new(head, &record.resource_type, &new, lengths, rng)?;
        for ((name, sealed), (class, _)) in record.parts().zip(record.classed()) {
            let part = if name == facts::PART.name { facts::PART } else { json_part(name) };
            sealing.add(class, part, old.open(part, sealed)?.expose())?;
        }
        Ok(Resealed { record: sealing.finish()?, replaces: leaf_hash(&record.to_bytes()) })
    }
}
