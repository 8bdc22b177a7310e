//! Sealing anew what is sealed already: under a newer key, or for the patient with whom another was merged.

use chartroom_audit::merkle::{Hash, leaf_hash};
use chartroom_seal::KeyService;
use rand_core::CryptoRng;

use crate::facts;
use crate::record::{Identity, Sealing};
use crate::vault::json_part;
use crate::{PatientKey, SealedRecord, Vault, VaultError};

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
        self.rebind(record, patient, patient, rng)
    }

    /// Seals the same version of a record anew for another patient, after two charts turned out to be of one person. The content
    /// stays as it is: references inside it are for [`seal_next`](Self::seal_next) to change.
    ///
    /// # Errors
    /// The record is not of the patient it is taken from, is not as it was sealed, or sealing fails.
    pub fn rebind(
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
