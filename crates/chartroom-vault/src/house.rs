//! The house's own keys, by name: what blind indexes and deterministic fields are keyed with.

use std::fmt;

use chartroom_seal::deterministic::{Field, KeyedField};
use chartroom_seal::{KeyService, SubjectKey, WrappedKey};
use rand_core::CryptoRng;

use crate::{RecordId, Vault, VaultError};

/// Whose key it is. A key opens for its owner alone: a patient's is never taken for one of the house, nor the reverse.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyOwner {
    /// A patient, by token.
    Patient(RecordId),
    /// The house, for what has this name, such as an index. The name stands in clear.
    House(Box<str>),
}

impl KeyOwner {
    /// The house, for what has this name.
    pub fn house(name: &str) -> Self {
        Self::House(name.into())
    }
}

impl From<RecordId> for KeyOwner {
    fn from(patient: RecordId) -> Self {
        Self::Patient(patient)
    }
}

impl fmt::Display for KeyOwner {
    /// The subject for whom the key is wrapped. No token begins as a key of the house does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Patient(token) => token.fmt(f),
            Self::House(name) => write!(f, "house/{name}"),
        }
    }
}

impl<K: KeyService> Vault<K> {
    /// Makes the first version of a key of the house, for an index or a field of this name. The wrapped key is to be stored; it
    /// opens for that name alone.
    ///
    /// # Errors
    /// The key service cannot wrap the key, or the name is longer than 65,529 bytes.
    pub fn new_house_key(&self, name: &str, rng: &mut impl CryptoRng) -> Result<WrappedKey, VaultError> {
        self.wrap_house_key(name, &SubjectKey::generate(rng), rng)
    }

    /// Makes the next version of a key of the house, from all versions of it that are kept. It makes no tokens before it is stored
    /// and opened with the others.
    ///
    /// # Errors
    /// As [`open_field`](Self::open_field); [`VaultError::NoKey`] where the newest version was dropped; or the key has no further
    /// version.
    pub fn renew_house_key(
        &self,
        name: &str,
        kept: &[WrappedKey],
        rng: &mut impl CryptoRng,
    ) -> Result<WrappedKey, VaultError> {
        let (current, _) = self.unlock_house_key(name, kept)?;
        if kept.iter().any(|key| key.key().version > current.label().version) {
            return Err(VaultError::NoKey);
        }
        self.wrap_house_key(name, &current.successor(rng)?, rng)
    }

    /// A deterministic field under the house's key of its name, from all versions of it that are kept: the newest first, which seals.
    /// A value is looked for as each of them seals it.
    ///
    /// # Errors
    /// There is no version; or one is unknown to the key service, or was not wrapped for this name.
    pub fn open_field(&self, field: &Field, kept: &[WrappedKey]) -> Result<Vec<KeyedField>, VaultError> {
        let (current, older) = self.unlock_house_key(field.name(), kept)?;
        let keyed = [current].iter().chain(&older).map(|key| field.keyed(&self.tenant, key)).collect::<Result<_, _>>();
        Ok(keyed?)
    }

    /// Has the key service destroy what it keeps of a version of a key of the house, and gives the tombstone that takes its place. To
    /// do it twice does no harm.
    ///
    /// # Errors
    /// The key service did not answer; then the key may still be there.
    pub fn destroy_house_key(&self, name: &str, wrapped: &WrappedKey) -> Result<WrappedKey, VaultError> {
        Ok(self.keys.destroy(wrapped, &self.context(&KeyOwner::house(name).to_string()))?)
    }

    fn wrap_house_key(&self, name: &str, key: &SubjectKey, rng: &mut impl CryptoRng) -> Result<WrappedKey, VaultError> {
        Ok(self.keys.wrap(key, &self.context(&KeyOwner::house(name).to_string()), rng)?)
    }

    /// The newest version of a key of the house, and the others, newest first. Those that were dropped are left out.
    pub(crate) fn unlock_house_key(
        &self,
        name: &str,
        kept: &[WrappedKey],
    ) -> Result<(SubjectKey, Vec<SubjectKey>), VaultError> {
        let subject = KeyOwner::house(name).to_string();
        let kept = kept.iter().filter(|key| !key.is_destroyed());
        let opened = kept.map(|wrapped| self.keys.unwrap(wrapped, &self.context(&subject)));
        let mut versions = opened.collect::<Result<Vec<_>, _>>()?;
        versions.sort_by_key(|key| key.label().version);
        let current = versions.pop().ok_or(VaultError::NoKey)?;
        versions.reverse();
        Ok((current, versions))
    }
}

#[cfg(test)]
mod tests {
    use chartroom_access::label::LabelSets;
    use chartroom_seal::{Cost, Keyring, Passphrase, RandomSource, SealError};

    use super::*;

    fn vault() -> (Vault<Keyring>, RandomSource) {
        let mut random = RandomSource::from_seed(&[7; 32]);
        let passphrase = Passphrase::from("an invented passphrase".to_owned());
        let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random).unwrap();
        (Vault::new(keyring, "north-clinic", LabelSets::starter()), random)
    }

    #[test]
    fn a_name_may_be_as_long_as_is_said() {
        let (vault, mut random) = vault();
        let mut wrap = |length| vault.new_house_key(&"n".repeat(length), &mut random);
        assert_eq!((wrap(65_529).err(), wrap(65_530).err()), (None, Some(SealError::PlaceTooLong.into())));
    }

    /// A key under a version's old label would be taken for the one that was dropped.
    #[test]
    fn no_version_of_a_house_key_is_made_twice() {
        let (vault, mut random) = vault();
        let first = vault.new_house_key("family", &mut random).unwrap();
        let second = vault.renew_house_key("family", std::slice::from_ref(&first), &mut random).unwrap();
        let dropped = vault.destroy_house_key("family", &second).unwrap();
        let refused = vault.renew_house_key("family", &[first.clone(), dropped], &mut random);
        assert_eq!(refused.err(), Some(VaultError::NoKey));

        let dropped = vault.destroy_house_key("family", &first).unwrap();
        let third = vault.renew_house_key("family", &[dropped, second.clone()], &mut random).unwrap();
        assert_eq!((third.key().id, third.key().version), (second.key().id, 3));
    }
}
