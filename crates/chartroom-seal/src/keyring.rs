//! Keys of one's own, behind a passphrase.

use std::fmt;

use rand_core::CryptoRng;

use crate::derive::Deriver;
use crate::hazmat::KeyWrap;
use crate::passphrase::Lock;
use crate::secret::Secret;
use crate::service::{self, Body};
use crate::{
    Cost, KeyContext, KeyId, KeyLabel, KeyService, KeyringError, OpenError, Passphrase, SealError, SubjectKey,
    WrappedKey,
};

use file::File;

mod file;

/// Keys that wrap subject keys, protected by a passphrase: the [`KeyService`] of a house that keeps its own keys.
///
/// A keyring is bytes. Store [`to_bytes`](Self::to_bytes) again after every change, and replace the stored file in one step:
/// write the new one beside it, flush it to the disk, rename it over the old one. Whoever loses every copy, or the passphrase, has
/// lost every record.
pub struct Keyring {
    id: KeyId,
    lock: Lock,
    current: CurrentKey,
    /// Oldest first.
    older: Vec<VersionedKey>,
    /// The bytes to store, written anew by every change.
    file: Vec<u8>,
}

struct CurrentKey {
    version: u32,
    secret: Secret,
}

/// A version of the key, and the key unless it was destroyed.
type VersionedKey = (u32, Option<Secret>);

impl Keyring {
    /// A new keyring with one random key.
    ///
    /// # Errors
    ///
    /// [`KeyringError::EmptyPassphrase`], or [`KeyringError::OutOfMemory`] where the cost cannot be met.
    pub fn create(
        passphrase: &Passphrase,
        cost: Cost,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Self, KeyringError> {
        let id = KeyId::generate(rng);
        let lock = Lock::new(passphrase, cost, rng)?;
        let current = CurrentKey { version: 1, secret: Secret::generate(rng) };
        let mut keyring = Self { id, lock, current, older: Vec::new(), file: Vec::new() };
        keyring.write(rng)?;
        Ok(keyring)
    }

    /// Opens the bytes of a keyring.
    ///
    /// # Errors
    ///
    /// What is wrong with the bytes, or [`KeyringError::Passphrase`]. See [`KeyringError`].
    pub fn open(bytes: &[u8], passphrase: &Passphrase) -> Result<Self, KeyringError> {
        let file = File::parse(bytes)?;
        let lock = Lock::again(passphrase, &file.header.lock)?;
        let mut keys = file.open(&lock)?;
        // The last key is the current one, which is never destroyed.
        let Some((version, Some(secret))) = keys.pop() else { return Err(KeyringError::Damaged) };
        let current = CurrentKey { version, secret };
        Ok(Self { id: file.header.id, lock, current, older: keys, file: bytes.to_vec() })
    }

    /// The bytes to store. They tell whoever has them the number of keys, and nothing else without the passphrase.
    pub fn to_bytes(&self) -> &[u8] {
        &self.file
    }

    /// Makes a new current key. The older ones stay, for what they have wrapped.
    ///
    /// # Errors
    ///
    /// [`KeyringError::NoFurtherVersion`] after 2^32 - 1 versions.
    pub fn rotate(&mut self, rng: &mut (impl CryptoRng + ?Sized)) -> Result<(), KeyringError> {
        let version = self.current.version.checked_add(1).ok_or(KeyringError::NoFurtherVersion)?;
        let next = CurrentKey { version, secret: Secret::generate(rng) };
        let CurrentKey { version, secret } = std::mem::replace(&mut self.current, next);
        self.older.push((version, Some(secret)));
        self.write(rng)
    }

    /// Destroys an older key, and with it, once every stored copy of the keyring is replaced, whatever only it has wrapped.
    ///
    /// # Errors
    ///
    /// [`KeyringError::CurrentVersion`] for the current key, [`KeyringError::NoSuchVersion`] for one that never was.
    pub fn destroy_version(&mut self, version: u32, rng: &mut (impl CryptoRng + ?Sized)) -> Result<(), KeyringError> {
        if version == self.current.version {
            return Err(KeyringError::CurrentVersion(version));
        }
        let older = self.older.iter_mut().find(|(older, _)| *older == version);
        let (_, secret) = older.ok_or(KeyringError::NoSuchVersion(version))?;
        *secret = None;
        self.write(rng)
    }

    /// Protects the keyring with another passphrase. Copies from before still open with the old one: if someone may have both,
    /// [`rotate`](Self::rotate) too.
    ///
    /// # Errors
    ///
    /// As [`create`](Self::create).
    pub fn change_passphrase(
        &mut self,
        passphrase: &Passphrase,
        cost: Cost,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<(), KeyringError> {
        self.lock = Lock::new(passphrase, cost, rng)?;
        self.write(rng)
    }

    /// Writes the file anew, under a new nonce.
    fn write(&mut self, rng: &mut (impl CryptoRng + ?Sized)) -> Result<(), KeyringError> {
        let older = self.older.iter().map(|(version, secret)| (*version, secret.as_ref()));
        let keys = older.chain([(self.current.version, Some(&self.current.secret))]);
        self.file = file::write(self.id, &self.lock, keys, rng)?;
        Ok(())
    }

    fn secret(&self, label: KeyLabel) -> Result<&Secret, OpenError> {
        if label == self.current() {
            return Ok(&self.current.secret);
        }
        let mut older = self.older.iter().filter(|(version, _)| label == KeyLabel { id: self.id, version: *version });
        let (_, secret) = older.next().ok_or(OpenError::UnknownKey(label))?;
        secret.as_ref().ok_or(OpenError::KeyDestroyed(label))
    }
}

impl KeyService for Keyring {
    fn current(&self) -> KeyLabel {
        KeyLabel { id: self.id, version: self.current.version }
    }

    fn wrap(&self, key: &SubjectKey, context: &KeyContext<'_>, _: &mut dyn CryptoRng) -> Result<WrappedKey, SealError> {
        let wrap = key_wrap(&self.current.secret, self.current(), key.label(), context)?;
        let body = Body::Keyring(wrap.wrap_secret(&key.secret));
        Ok(WrappedKey::by_keyring(self.current(), key.label(), body))
    }

    fn unwrap(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Result<SubjectKey, OpenError> {
        let label = wrapped.wrapped_by();
        let bytes = match wrapped.body() {
            Body::Tombstone => return Err(OpenError::KeyDestroyed(wrapped.key())),
            Body::Foreign(_) => return Err(OpenError::UnknownKey(label)),
            Body::Keyring(bytes) => bytes,
        };
        let wrap = key_wrap(self.secret(label)?, label, wrapped.key(), context);
        // Nothing was ever wrapped in a context that cannot be written down.
        let secret = wrap.map_err(|_| OpenError::Unauthentic)?.unwrap_secret(bytes)?;
        Ok(SubjectKey::new(wrapped.key(), secret))
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id: _, lock: _, current: _, older, file: _ } = self;
        write!(f, "Keyring({}, {} older)", self.current(), older.len())
    }
}

const WRAPPING: &[u8] = b"chartroom subject key";

/// The wrap of one subject key in one context. Each has a key of its own, and key wrap needs no nonce: there is no limit to come
/// near to.
fn key_wrap(secret: &Secret, by: KeyLabel, key: KeyLabel, context: &KeyContext<'_>) -> Result<KeyWrap, SealError> {
    let mut place = service::keyring_header(by, key);
    context.append_to(&mut place)?;
    Ok(KeyWrap::aes_256(Deriver::new(secret).derive(WRAPPING, &place).bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{RandomSource, RewrapError};

    const CONTEXT: KeyContext<'_> = KeyContext { tenant: "north", subject: "5f1c" };

    fn passphrase() -> Passphrase {
        Passphrase::from("open sesame".to_owned())
    }

    fn keyring() -> (Keyring, RandomSource) {
        let mut random = RandomSource::from_seed(&[8; 32]);
        let keyring = Keyring::create(&passphrase(), Cost::LEAST, &mut random).expect("created");
        (keyring, random)
    }

    fn refusal(bytes: &[u8]) -> KeyringError {
        Keyring::open(bytes, &passphrase()).expect_err("refused")
    }

    fn edited(bytes: &[u8], place: usize) -> Vec<u8> {
        let mut edited = bytes.to_vec();
        edited[place] ^= 1;
        edited
    }

    #[test]
    fn it_opens_with_its_passphrase_only() {
        let (keyring, _) = keyring();
        let again = Keyring::open(keyring.to_bytes(), &passphrase()).expect("opened");
        assert_eq!(again.current(), keyring.current());
        assert_eq!(again.current.secret.bytes(), keyring.current.secret.bytes());
        assert_eq!(again.to_bytes(), keyring.to_bytes());
        let other = Passphrase::from("Open sesame".to_owned());
        assert_eq!(Keyring::open(keyring.to_bytes(), &other).err(), Some(KeyringError::Passphrase));
        let empty = Passphrase::from(String::new());
        assert_eq!(Keyring::open(keyring.to_bytes(), &empty).err(), Some(KeyringError::EmptyPassphrase));
    }

    #[test]
    fn every_byte_counts_and_says_what_is_wrong() {
        let (keyring, _) = keyring();
        let bytes = keyring.to_bytes();
        assert_eq!(bytes.len(), 118 + 37 + 16);
        for place in 0..bytes.len() {
            let refused = refusal(&edited(bytes, place));
            match place {
                0..8 => assert_eq!(refused, KeyringError::NotAKeyring),
                8 => assert_eq!(refused, KeyringError::UnknownVersion(0)),
                9 => assert_eq!(refused, KeyringError::UnknownSuite(0)),
                10..26 => assert_eq!(refused, KeyringError::Damaged),
                26..38 => assert!(matches!(refused, KeyringError::Cost | KeyringError::Passphrase)),
                38..102 => assert_eq!(refused, KeyringError::Passphrase),
                102..106 => assert!(matches!(refused, KeyringError::Length { .. })),
                _ => assert_eq!(refused, KeyringError::Damaged),
            }
        }
    }

    #[test]
    fn cutting_and_lengthening_are_refused() {
        let (keyring, _) = keyring();
        let bytes = keyring.to_bytes();
        for length in 0..bytes.len() {
            let expected = match length {
                0..8 => KeyringError::NotAKeyring,
                8..118 => KeyringError::Length { expected: 118, found: length as u64 },
                _ => KeyringError::Length { expected: 171, found: length as u64 },
            };
            assert_eq!(refusal(&bytes[..length]), expected);
        }
        assert_eq!(refusal(&[bytes, &[0]].concat()), KeyringError::Length { expected: 171, found: 172 });
    }

    #[test]
    fn a_header_that_asks_too_much_is_refused_at_once() {
        let (keyring, _) = keyring();
        for place in [26, 30, 34] {
            let mut greedy = keyring.to_bytes().to_vec();
            greedy[place..place + 4].copy_from_slice(&u32::MAX.to_be_bytes());
            assert_eq!(refusal(&greedy), KeyringError::Cost);
            greedy[place..place + 4].copy_from_slice(&0_u32.to_be_bytes());
            assert_eq!(refusal(&greedy), KeyringError::Cost);
        }
    }

    #[test]
    fn a_wrapped_key_comes_back_in_its_context_only() {
        let (keyring, mut random) = keyring();
        let key = SubjectKey::generate(&mut random);
        let wrapped = keyring.wrap(&key, &CONTEXT, &mut random).expect("wrapped");
        let stored = WrappedKey::from_bytes(&wrapped.to_bytes()).expect("a wrapped key");
        let unwrapped = keyring.unwrap(&stored, &CONTEXT).expect("unwrapped");
        assert_eq!((unwrapped.label(), unwrapped.secret.bytes()), (key.label(), key.secret.bytes()));
        for context in [
            KeyContext { tenant: "south", ..CONTEXT },
            KeyContext { subject: "5f1d", ..CONTEXT },
            KeyContext { tenant: "north5", subject: "f1c" },
            KeyContext { tenant: &"a".repeat(65_536), ..CONTEXT },
        ] {
            assert_eq!(keyring.unwrap(&wrapped, &context).err(), Some(OpenError::Unauthentic));
        }
        let tombstone = wrapped.tombstone();
        assert_eq!(keyring.unwrap(&tombstone, &CONTEXT).err(), Some(OpenError::KeyDestroyed(key.label())));
    }

    #[test]
    fn every_byte_of_a_wrapped_key_counts() {
        let (keyring, mut random) = keyring();
        let wrapped = keyring.wrap(&SubjectKey::generate(&mut random), &CONTEXT, &mut random).expect("wrapped");
        let bytes = wrapped.to_bytes();
        assert_eq!(bytes.len(), 82);
        for place in 0..bytes.len() {
            let read = WrappedKey::from_bytes(&edited(&bytes, place));
            let refused = read.and_then(|wrapped| keyring.unwrap(&wrapped, &CONTEXT)).expect_err("refused");
            match place {
                0 => assert_eq!(refused, OpenError::UnknownVersion(0)),
                1 => assert_eq!(refused, OpenError::Malformed, "a tombstone has no body"),
                2..22 => assert!(matches!(refused, OpenError::UnknownKey(_))),
                _ => assert_eq!(refused, OpenError::Unauthentic),
            }
        }
        for length in 0..bytes.len() {
            assert_eq!(WrappedKey::from_bytes(&bytes[..length]), Err(OpenError::Malformed));
        }
        assert_eq!(WrappedKey::from_bytes(&[&bytes[..], &[0]].concat()), Err(OpenError::Malformed));
    }

    #[test]
    fn rotation_keeps_what_was_wrapped_readable() {
        let (mut keyring, mut random) = keyring();
        let key = SubjectKey::generate(&mut random);
        let before = keyring.wrap(&key, &CONTEXT, &mut random).expect("wrapped");
        keyring.rotate(&mut random).expect("rotated");
        let keyring = Keyring::open(keyring.to_bytes(), &passphrase()).expect("opened");
        assert_eq!(keyring.current().version, 2);
        assert!(keyring.needs_rewrap(&before));
        assert!(!keyring.needs_rewrap(&before.tombstone()));
        let after = keyring.rewrap(&before, &CONTEXT, &mut random).expect("wrapped anew");
        assert!(!keyring.needs_rewrap(&after));
        assert_eq!(after.key(), key.label());
        assert_eq!(keyring.rewrap(&after, &CONTEXT, &mut random), Ok(after.clone()), "twice does no harm");
        let unwrapped = keyring.unwrap(&after, &CONTEXT).expect("unwrapped");
        assert_eq!(unwrapped.secret.bytes(), key.secret.bytes());
        let elsewhere = KeyContext { subject: "5f1d", ..CONTEXT };
        let refused = RewrapError::Open(OpenError::Unauthentic);
        assert_eq!(keyring.rewrap(&before, &elsewhere, &mut random), Err(refused), "the context is carried");
    }

    #[test]
    fn a_destroyed_key_stays_destroyed() {
        let (mut keyring, mut random) = keyring();
        let wrapped = keyring.wrap(&SubjectKey::generate(&mut random), &CONTEXT, &mut random).expect("wrapped");
        assert_eq!(keyring.destroy_version(1, &mut random), Err(KeyringError::CurrentVersion(1)));
        keyring.rotate(&mut random).expect("rotated");
        assert_eq!(keyring.destroy_version(3, &mut random), Err(KeyringError::NoSuchVersion(3)));
        keyring.destroy_version(1, &mut random).expect("destroyed");
        let keyring = Keyring::open(keyring.to_bytes(), &passphrase()).expect("opened");
        let gone = Some(OpenError::KeyDestroyed(wrapped.wrapped_by()));
        assert_eq!(keyring.unwrap(&wrapped, &CONTEXT).err(), gone);
    }

    #[test]
    fn another_keyring_knows_nothing_of_the_key() {
        let (keyring, mut random) = keyring();
        let wrapped = keyring.wrap(&SubjectKey::generate(&mut random), &CONTEXT, &mut random).expect("wrapped");
        let other = Keyring::create(&passphrase(), Cost::LEAST, &mut random).expect("created");
        assert_eq!(other.unwrap(&wrapped, &CONTEXT).err(), Some(OpenError::UnknownKey(wrapped.wrapped_by())));
    }

    #[test]
    fn a_changed_passphrase_replaces_the_old_one() {
        let (mut keyring, mut random) = keyring();
        let new = Passphrase::from("close sesame".to_owned());
        keyring.change_passphrase(&new, Cost::LEAST, &mut random).expect("changed");
        assert_eq!(refusal(keyring.to_bytes()), KeyringError::Passphrase);
        let again = Keyring::open(keyring.to_bytes(), &new).expect("opened");
        assert_eq!(again.current(), keyring.current());
        let empty = Passphrase::from(String::new());
        assert_eq!(keyring.change_passphrase(&empty, Cost::LEAST, &mut random), Err(KeyringError::EmptyPassphrase));
        assert!(Keyring::open(keyring.to_bytes(), &new).is_ok(), "a refused change changes nothing");
    }

    #[test]
    fn a_keyring_prints_no_key() {
        let (keyring, _) = keyring();
        assert_eq!(format!("{keyring:?}"), format!("Keyring({}, 0 older)", keyring.current()));
    }
}
