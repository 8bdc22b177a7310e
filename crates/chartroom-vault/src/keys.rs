//! The keys of patients: made, opened, renewed, wrapped anew and destroyed.

use std::fmt;

use chartroom_seal::{KeyContext, KeyLabel, KeyService, OpenError, SubjectKey, WrappedKey};
use rand_core::CryptoRng;

use crate::{KeyOwner, RecordId, Vault, VaultError};

/// The key of one patient, in all its versions, open for use by the vault. It shows nothing of itself.
pub struct PatientKey {
    token: RecordId,
    current: SubjectKey,
    older: Vec<SubjectKey>,
}

impl PatientKey {
    /// The random token that stands for the patient.
    pub const fn token(&self) -> RecordId {
        self.token
    }

    /// Name and version of the key that seals from now on.
    pub const fn label(&self) -> KeyLabel {
        self.current.label()
    }

    pub(crate) const fn current(&self) -> &SubjectKey {
        &self.current
    }

    /// The version of the key that sealed something.
    pub(crate) fn version(&self, label: KeyLabel) -> Result<&SubjectKey, OpenError> {
        let mut versions = [&self.current].into_iter().chain(&self.older);
        versions.find(|key| key.label() == label).ok_or(OpenError::UnknownKey(label))
    }
}

impl fmt::Debug for PatientKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PatientKey").field("token", &self.token).finish_non_exhaustive()
    }
}

impl<K: KeyService> Vault<K> {
    /// Makes a token and a key for a new patient. The wrapped key is to be stored; it opens for that token alone.
    ///
    /// # Errors
    /// The key service cannot wrap the key.
    pub fn admit(&self, rng: &mut impl CryptoRng) -> Result<(PatientKey, WrappedKey), VaultError> {
        let token = RecordId::random(rng);
        let current = SubjectKey::generate(rng);
        let wrapped = self.keys.wrap(&current, &self.context(&token.to_string()), rng)?;
        Ok((PatientKey { token, current, older: Vec::new() }, wrapped))
    }

    /// Opens the key of a patient, from all versions of it that are kept. The newest seals; the others open what they sealed.
    ///
    /// # Errors
    /// There is no version, or one is destroyed, unknown to the key service, or was not wrapped for this patient.
    pub fn unlock(&self, token: RecordId, wrapped: &[WrappedKey]) -> Result<PatientKey, VaultError> {
        let subject = token.to_string();
        let opened = wrapped.iter().map(|wrapped| self.keys.unwrap(wrapped, &self.context(&subject)));
        let mut versions = opened.collect::<Result<Vec<_>, _>>()?;
        versions.sort_by_key(|key| key.label().version);
        let current = versions.pop().ok_or(VaultError::NoKey)?;
        Ok(PatientKey { token, current, older: versions })
    }

    /// Makes the next version of a patient's key. It seals nothing before it is stored and unlocked with the others: a key that
    /// was used and then not kept would take what it sealed with it.
    ///
    /// # Errors
    /// The key has no further version, or the key service cannot wrap it.
    pub fn renew(&self, patient: &PatientKey, rng: &mut impl CryptoRng) -> Result<WrappedKey, VaultError> {
        let next = patient.current.successor(rng)?;
        Ok(self.keys.wrap(&next, &self.context(&patient.token.to_string()), rng)?)
    }

    /// The key of the key service under which keys are wrapped now.
    pub fn wrapping_key(&self) -> KeyLabel {
        self.keys.current()
    }

    /// Whether a wrapped key should be wrapped anew, because the key service has rotated since.
    pub fn needs_rewrap(&self, wrapped: &WrappedKey) -> bool {
        self.keys.needs_rewrap(wrapped)
    }

    /// Wraps keys anew, each for its own patient or name, and leaves the keys and all that they seal as they are. One answer for
    /// each, in their order.
    pub fn rewrap(
        &self,
        batch: &[(KeyOwner, WrappedKey)],
        rng: &mut impl CryptoRng,
    ) -> Vec<Result<WrappedKey, VaultError>> {
        let subjects: Vec<_> = batch.iter().map(|(owner, _)| owner.to_string()).collect();
        let batch: Vec<_> =
            batch.iter().zip(&subjects).map(|((_, wrapped), subject)| (wrapped, self.context(subject))).collect();
        self.keys.rewrap_all(&batch, rng).into_iter().map(|answer| answer.map_err(VaultError::from)).collect()
    }

    /// Has the key service destroy what it keeps of a patient's keys, and gives the tombstones that take the place of every
    /// stored copy. Only with the last copy is a key gone. To do it twice does no harm.
    ///
    /// # Errors
    /// The key service did not answer; then a key may still be there.
    pub fn destroy(&self, token: RecordId, wrapped: &[WrappedKey]) -> Result<Vec<WrappedKey>, VaultError> {
        let subject = token.to_string();
        let destroyed = wrapped.iter().map(|wrapped| self.keys.destroy(wrapped, &self.context(&subject)));
        Ok(destroyed.collect::<Result<_, _>>()?)
    }

    pub(crate) fn context<'a>(&'a self, subject: &'a str) -> KeyContext<'a> {
        KeyContext { tenant: &self.tenant, subject }
    }
}
