//! Sealing anew what is sealed already: under a newer key, or for the patient with whom another was merged.

use chartroom_seal::{KeyService, Part};
use rand_core::CryptoRng;

use crate::facts;
use crate::record::Identity;
use crate::vault::{JSON, seal_part};
use crate::{PatientKey, SealedRecord, Vault, VaultError};

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
    ) -> Result<SealedRecord, VaultError> {
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
    ) -> Result<SealedRecord, VaultError> {
        let old = self.key_of(record, from)?;
        old.verify_tag(record.named_parts(), &record.tag)?;
        let mut moved = SealedRecord { patient: to.token(), ..record.clone() };
        let identity = Identity::new(to.token(), record.id);
        let identity = identity.of(&self.tenant, &record.resource_type, record.version);
        let new = to.current().new_record_key(&identity, rng)?;
        for part in &mut moved.parts {
            let value_type = if &*part.name == facts::PART { facts::VALUE_TYPE } else { JSON };
            let plain = old.open(Part { name: &part.name, value_type }, &part.bytes)?;
            *part = seal_part(&new, &part.name, value_type, plain.expose(), rng)?;
        }
        moved.derivation = new.derivation();
        moved.tag = new.tag(moved.named_parts())?;
        Ok(moved)
    }
}
