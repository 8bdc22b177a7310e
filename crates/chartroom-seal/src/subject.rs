//! The key of one patient.

use std::fmt;

use rand_core::CryptoRng;

use crate::derive::Deriver;
use crate::secret::Secret;
use crate::{Derivation, KeyId, KeyLabel, OpenError, RecordIdentity, RecordKey, SealError};

/// The random 256-bit key of one patient. Every record of the patient is sealed under it, by way of a key of its own.
///
/// It is never derived from another key: once every wrapped copy is destroyed, nobody can make it again.
pub struct SubjectKey {
    pub(crate) label: KeyLabel,
    pub(crate) secret: Secret,
    /// What is derived from it comes from here. On the heap, so that it is never copied.
    pub(crate) deriver: Box<Deriver>,
}

impl SubjectKey {
    pub(crate) fn new(label: KeyLabel, secret: Secret) -> Self {
        Self { label, deriver: Box::new(Deriver::new(&secret)), secret }
    }

    /// A new key with a new name.
    pub fn generate(rng: &mut (impl CryptoRng + ?Sized)) -> Self {
        Self::new(KeyLabel { id: KeyId::generate(rng), version: 1 }, Secret::generate(rng))
    }

    /// A new key as the next version of this one, for the patient's records from now on.
    ///
    /// # Errors
    ///
    /// [`SealError::NoFurtherVersion`] after 2^32 - 1 versions.
    pub fn successor(&self, rng: &mut (impl CryptoRng + ?Sized)) -> Result<Self, SealError> {
        let version = self.label.version.checked_add(1).ok_or(SealError::NoFurtherVersion)?;
        Ok(Self::new(KeyLabel { version, ..self.label }, Secret::generate(rng)))
    }

    /// The same key once more, for a cache that gives it out and keeps it.
    pub(crate) fn copy(&self) -> Self {
        Self::new(self.label, Secret::copied_from(self.secret.bytes()))
    }

    /// The key's public name and version.
    pub const fn label(&self) -> KeyLabel {
        self.label
    }

    /// A key for a record version about to be sealed, with a new random salt.
    ///
    /// # Errors
    ///
    /// [`SealError::PlaceTooLong`] where a component of the identity is longer than 65,535 bytes.
    pub fn new_record_key(
        &self,
        identity: &RecordIdentity<'_>,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<RecordKey, SealError> {
        let mut salt = [0; 32];
        rng.fill_bytes(&mut salt);
        RecordKey::derive(self.label, &self.deriver, identity, salt)
    }

    /// The key of a record version sealed earlier, to open it.
    ///
    /// It also seals, and then counts its nonces from none: what the same key sealed before is not known to it, here or in another
    /// program. So the bound of 2^28 that [`SealError::KeyUsedUp`] keeps is for each time the key is made. Whoever seals more than now
    /// and then takes a [new key](Self::new_record_key), with its own salt, for each version.
    ///
    /// # Errors
    ///
    /// [`OpenError::Unauthentic`] unless the stored derivation belongs to this key and this identity.
    pub fn record_key(&self, identity: &RecordIdentity<'_>, stored: &Derivation) -> Result<RecordKey, OpenError> {
        // Nothing was ever sealed at a place that cannot be written down.
        let key =
            RecordKey::derive(self.label, &self.deriver, identity, stored.salt).map_err(|_| OpenError::Unauthentic)?;
        key.check_commitment(stored)?;
        Ok(key)
    }
}

impl fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { label, secret: _, deriver: _ } = self;
        write!(f, "SubjectKey({label})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RandomSource;

    #[test]
    fn keys_differ_and_print_only_their_labels() {
        let mut random = RandomSource::from_seed(&[1; 32]);
        let key = SubjectKey::generate(&mut random);
        let other = SubjectKey::generate(&mut random);
        assert_ne!(key.label(), other.label());
        assert_ne!(key.secret.bytes(), other.secret.bytes());
        assert_eq!(format!("{key:?}"), format!("SubjectKey({})", key.label()));
    }

    #[test]
    fn a_successor_keeps_the_name_and_nothing_else() {
        let mut random = RandomSource::from_seed(&[1; 32]);
        let key = SubjectKey::generate(&mut random);
        let next = key.successor(&mut random).expect("a further version");
        assert_eq!(next.label(), KeyLabel { id: key.label().id, version: 2 });
        assert_ne!(next.secret.bytes(), key.secret.bytes());
        let last = SubjectKey::new(KeyLabel { version: u32::MAX, ..key.label }, Secret::generate(&mut random));
        assert_eq!(last.successor(&mut random).map(|key| key.label()), Err(SealError::NoFurtherVersion));
    }
}
