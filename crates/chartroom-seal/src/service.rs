//! Who keeps the keys that wrap subject keys.

use std::fmt;

use rand_core::CryptoRng;

use crate::reader::Reader;
use crate::secret::Secret;
use crate::{KeyLabel, OpenError, RewrapError, SealError, SubjectKey, place};

/// Whose key is being wrapped. A wrapped key unwraps only in the context it was wrapped in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyContext<'a> {
    /// The house that keeps the records.
    pub tenant: &'a str,
    /// The patient, by a random identifier that never changes; or what of the house's own it is for, by a name that is no patient's.
    pub subject: &'a str,
}

impl KeyContext<'_> {
    /// Both components, each behind its length.
    pub(crate) fn append_to(&self, bytes: &mut Vec<u8>) -> Result<(), SealError> {
        place::append(bytes, self.tenant)?;
        place::append(bytes, self.subject)
    }
}

impl fmt::Debug for KeyContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tenant: _, subject: _ } = self;
        f.write_str("KeyContext(..)")
    }
}

/// Keeps the keys that wrap subject keys: a [`Keyring`](crate::Keyring), a key management service or a hardware module.
///
/// A call may block for as many rounds as the service needs. An implementation for another service uses [`crate::hazmat`] for the
/// bytes of a subject key, and [`WrappedKey::foreign`] for what the service made of them. It binds the context itself, as most
/// services can.
pub trait KeyService: Send + Sync {
    /// The key that new wraps use.
    fn current(&self) -> KeyLabel;

    /// Wraps a subject key under the current key.
    ///
    /// # Errors
    ///
    /// [`SealError::PlaceTooLong`] for a context too long, [`SealError::ServiceUnavailable`] where no answer came,
    /// [`SealError::ServiceRefused`] where it was no.
    fn wrap(
        &self,
        key: &SubjectKey,
        context: &KeyContext<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, SealError>;

    /// Unwraps a subject key in the context it was wrapped in.
    ///
    /// # Errors
    ///
    /// [`OpenError::UnknownKey`] or [`OpenError::KeyDestroyed`] where the wrapping key is not, or no longer, to be had;
    /// [`OpenError::KeyDestroyed`] for a tombstone; [`OpenError::Unauthentic`] where key, context or bytes are not those it was
    /// wrapped with; [`OpenError::ServiceUnavailable`] where no answer came, [`OpenError::ServiceRefused`] where it was no.
    fn unwrap(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Result<SubjectKey, OpenError>;

    /// Wraps a wrapped key anew, under the current key and in the same context. The subject key stays what it is, and so does
    /// all that it seals. To do it twice does no harm.
    ///
    /// The provided method unwraps and wraps. A service that can do both in one round, without showing the key, says so here.
    ///
    /// # Errors
    ///
    /// As [`unwrap`](Self::unwrap), then as [`wrap`](Self::wrap).
    fn rewrap(
        &self,
        wrapped: &WrappedKey,
        context: &KeyContext<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, RewrapError> {
        Ok(self.wrap(&self.unwrap(wrapped, context)?, context, rng)?)
    }

    /// Wraps many keys anew, each in its context: one answer for each, in their order. One that fails holds up no other, and a
    /// batch that was cut short is done again whole.
    fn rewrap_all(
        &self,
        batch: &[(&WrappedKey, KeyContext<'_>)],
        rng: &mut dyn CryptoRng,
    ) -> Vec<Result<WrappedKey, RewrapError>> {
        batch.iter().map(|(wrapped, context)| self.rewrap(wrapped, context, rng)).collect()
    }

    /// Destroys a subject key as far as the service itself keeps anything of it, and gives the tombstone that takes the place of
    /// every stored copy. Only with the last copy is the key gone.
    ///
    /// The provided method is for services that keep nothing of the keys they wrap, as a keyring does.
    ///
    /// # Errors
    ///
    /// [`OpenError::ServiceUnavailable`] where no answer came, [`OpenError::ServiceRefused`] where it was no: then the key may still be
    /// there.
    fn destroy(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Result<WrappedKey, OpenError> {
        let _ = context;
        Ok(wrapped.tombstone())
    }

    /// Whether the wrapped key should be wrapped anew, because the service has rotated since.
    fn needs_rewrap(&self, wrapped: &WrappedKey) -> bool {
        !wrapped.is_destroyed() && wrapped.wrapped_by() != self.current()
    }
}

/// So that a service can be chosen when the program runs. What is shared is none: whoever gives a key service to a vault has it no more.
/// Every method is passed on, also those that the trait provides, because the service may have its own.
impl<K: KeyService + ?Sized> KeyService for Box<K> {
    fn current(&self) -> KeyLabel {
        (**self).current()
    }

    fn wrap(
        &self,
        key: &SubjectKey,
        context: &KeyContext<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, SealError> {
        (**self).wrap(key, context, rng)
    }

    fn unwrap(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Result<SubjectKey, OpenError> {
        (**self).unwrap(wrapped, context)
    }

    fn rewrap(
        &self,
        wrapped: &WrappedKey,
        context: &KeyContext<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, RewrapError> {
        (**self).rewrap(wrapped, context, rng)
    }

    fn rewrap_all(
        &self,
        batch: &[(&WrappedKey, KeyContext<'_>)],
        rng: &mut dyn CryptoRng,
    ) -> Vec<Result<WrappedKey, RewrapError>> {
        (**self).rewrap_all(batch, rng)
    }

    fn destroy(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Result<WrappedKey, OpenError> {
        (**self).destroy(wrapped, context)
    }

    fn needs_rewrap(&self, wrapped: &WrappedKey) -> bool {
        (**self).needs_rewrap(wrapped)
    }
}

/// A subject key that only its [`KeyService`] can read, or the tombstone of one that nobody can.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedKey {
    wrapped_by: KeyLabel,
    key: KeyLabel,
    body: Body,
}

/// What stands behind the header.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Body {
    Tombstone,
    Keyring([u8; WRAPPED_LENGTH]),
    Foreign(Vec<u8>),
}

/// AES key wrap adds eight bytes.
pub(crate) const WRAPPED_LENGTH: usize = Secret::LENGTH + 8;

const WRAPPED_VERSION: u8 = 1;
const TOMBSTONE: u8 = 0;
const KEYRING: u8 = 1;
const FOREIGN: u8 = 255;

impl WrappedKey {
    /// What another key service made of a subject key, for that service alone to read. Stored as it is.
    pub const fn foreign(wrapped_by: KeyLabel, key: KeyLabel, bytes: Vec<u8>) -> Self {
        Self { wrapped_by, key, body: Body::Foreign(bytes) }
    }

    /// The bytes given to [`foreign`](Self::foreign), if that is where the key is from.
    pub fn foreign_bytes(&self) -> Option<&[u8]> {
        match &self.body {
            Body::Foreign(bytes) => Some(bytes),
            Body::Tombstone | Body::Keyring(_) => None,
        }
    }

    pub(crate) const fn by_keyring(wrapped_by: KeyLabel, key: KeyLabel, body: Body) -> Self {
        Self { wrapped_by, key, body }
    }

    pub(crate) const fn body(&self) -> &Body {
        &self.body
    }

    /// The key it is wrapped under.
    pub const fn wrapped_by(&self) -> KeyLabel {
        self.wrapped_by
    }

    /// The subject key that is wrapped.
    pub const fn key(&self) -> KeyLabel {
        self.key
    }

    /// What to put in the place of every stored copy to destroy the key: both labels, and no key.
    #[must_use]
    pub const fn tombstone(&self) -> Self {
        Self { wrapped_by: self.wrapped_by, key: self.key, body: Body::Tombstone }
    }

    /// Whether this is a tombstone.
    pub const fn is_destroyed(&self) -> bool {
        matches!(self.body, Body::Tombstone)
    }

    /// The bytes to store.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = header(self.scheme(), self.wrapped_by, self.key);
        match &self.body {
            Body::Tombstone => {}
            Body::Keyring(wrapped) => bytes.extend_from_slice(wrapped),
            Body::Foreign(foreign) => bytes.extend_from_slice(foreign),
        }
        bytes
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    ///
    /// [`OpenError::UnknownVersion`], [`OpenError::UnknownSuite`] or [`OpenError::Malformed`] where the bytes are not of this
    /// format.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, OpenError> {
        let mut reader = Reader::new(bytes);
        match reader.byte().ok_or(OpenError::Malformed)? {
            WRAPPED_VERSION => {}
            unknown => return Err(OpenError::UnknownVersion(unknown)),
        }
        match reader.byte().ok_or(OpenError::Malformed)? {
            scheme @ (TOMBSTONE | KEYRING | FOREIGN) => Self::parse(scheme, reader).ok_or(OpenError::Malformed),
            unknown => Err(OpenError::UnknownSuite(unknown)),
        }
    }

    fn parse(scheme: u8, mut reader: Reader<'_>) -> Option<Self> {
        let wrapped_by = reader.label()?;
        let key = reader.label()?;
        let body = match scheme {
            TOMBSTONE => Body::Tombstone,
            KEYRING => Body::Keyring(*reader.array()?),
            _ => return Some(Self::foreign(wrapped_by, key, reader.rest().to_vec())),
        };
        reader.rest().is_empty().then_some(Self { wrapped_by, key, body })
    }

    const fn scheme(&self) -> u8 {
        match self.body {
            Body::Tombstone => TOMBSTONE,
            Body::Keyring(_) => KEYRING,
            Body::Foreign(_) => FOREIGN,
        }
    }
}

/// The header of a key wrapped by a keyring.
pub(crate) fn keyring_header(wrapped_by: KeyLabel, key: KeyLabel) -> Vec<u8> {
    header(KEYRING, wrapped_by, key)
}

fn header(scheme: u8, wrapped_by: KeyLabel, key: KeyLabel) -> Vec<u8> {
    let mut bytes = vec![WRAPPED_VERSION, scheme];
    wrapped_by.encode(&mut bytes);
    key.encode(&mut bytes);
    bytes
}

impl fmt::Debug for WrappedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { wrapped_by, key, body: _ } = self;
        let state = if self.is_destroyed() { "destroyed" } else { "wrapped" };
        write!(f, "WrappedKey({key}, {state} by {wrapped_by})")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use proptest::prelude::*;

    use super::*;
    use crate::{KeyId, RandomSource, hazmat};

    const OUTSIDE: KeyLabel = KeyLabel { id: KeyId::from_bytes([9; 16]), version: 4 };

    /// A service that knows one key by heart and protects nothing.
    struct Outside;

    impl KeyService for Outside {
        fn current(&self) -> KeyLabel {
            OUTSIDE
        }

        fn wrap(&self, key: &SubjectKey, _: &KeyContext<'_>, _: &mut dyn CryptoRng) -> Result<WrappedKey, SealError> {
            Ok(WrappedKey::foreign(OUTSIDE, key.label(), hazmat::subject_key_bytes(key).to_vec()))
        }

        fn unwrap(&self, wrapped: &WrappedKey, _: &KeyContext<'_>) -> Result<SubjectKey, OpenError> {
            if wrapped.is_destroyed() {
                return Err(OpenError::KeyDestroyed(wrapped.key()));
            }
            let bytes = wrapped.foreign_bytes().ok_or(OpenError::UnknownKey(wrapped.wrapped_by()))?;
            let bytes = bytes.try_into().map_err(|_| OpenError::Malformed)?;
            Ok(hazmat::subject_key_from_bytes(wrapped.key(), bytes))
        }
    }

    #[test]
    fn another_service_fits_in() {
        let mut random = RandomSource::from_seed(&[1; 32]);
        let context = KeyContext { tenant: "north", subject: "5f1c" };
        let key = SubjectKey::generate(&mut random);
        let wrapped = Outside.wrap(&key, &context, &mut random).expect("wrapped");
        let stored = WrappedKey::from_bytes(&wrapped.to_bytes()).expect("a wrapped key");
        assert_eq!(stored, wrapped);
        let unwrapped = Outside.unwrap(&stored, &context).expect("unwrapped");
        assert_eq!(hazmat::subject_key_bytes(&unwrapped), hazmat::subject_key_bytes(&key));
        assert!(!Outside.needs_rewrap(&wrapped));
    }

    #[test]
    fn a_batch_has_an_answer_for_each_key() {
        let mut random = RandomSource::from_seed(&[1; 32]);
        let context = KeyContext { tenant: "north", subject: "5f1c" };
        let key = SubjectKey::generate(&mut random);
        let wrapped = Outside.wrap(&key, &context, &mut random).expect("wrapped");
        let tombstone = Outside.destroy(&wrapped, &context).expect("destroyed");
        let gone = RewrapError::Open(OpenError::KeyDestroyed(key.label()));
        let answers = Outside.rewrap_all(&[(&tombstone, context), (&wrapped, context)], &mut random);
        assert_eq!(answers, [Err(gone), Ok(wrapped)]);
    }

    #[test]
    fn a_tombstone_keeps_the_labels_and_no_key() {
        let mut random = RandomSource::from_seed(&[1; 32]);
        let key = SubjectKey::generate(&mut random);
        let wrapped = WrappedKey::foreign(OUTSIDE, key.label(), vec![7; 40]);
        let tombstone = wrapped.tombstone();
        assert_eq!(WrappedKey::from_bytes(&tombstone.to_bytes()), Ok(tombstone.clone()));
        assert_eq!((tombstone.key(), tombstone.wrapped_by()), (key.label(), OUTSIDE));
        assert_eq!(tombstone.to_bytes().len(), 42);
        let context = KeyContext { tenant: "north", subject: "5f1c" };
        assert_eq!(Outside.unwrap(&tombstone, &context).err(), Some(OpenError::KeyDestroyed(key.label())));
        assert!(format!("{tombstone:?}").contains("destroyed"));
    }

    /// A service with a method of its own for whatever the trait provides, which notes that it was asked.
    struct Own(Arc<Mutex<Vec<&'static str>>>);

    impl Own {
        fn asked(&self, what: &'static str) {
            self.0.lock().expect("not poisoned").push(what);
        }
    }

    impl KeyService for Own {
        fn current(&self) -> KeyLabel {
            self.asked("current");
            OUTSIDE
        }

        fn wrap(&self, key: &SubjectKey, _: &KeyContext<'_>, _: &mut dyn CryptoRng) -> Result<WrappedKey, SealError> {
            self.asked("wrap");
            Ok(WrappedKey::foreign(OUTSIDE, key.label(), vec![]))
        }

        fn unwrap(&self, wrapped: &WrappedKey, _: &KeyContext<'_>) -> Result<SubjectKey, OpenError> {
            self.asked("unwrap");
            Err(OpenError::UnknownKey(wrapped.key()))
        }

        fn rewrap(
            &self,
            wrapped: &WrappedKey,
            _: &KeyContext<'_>,
            _: &mut dyn CryptoRng,
        ) -> Result<WrappedKey, RewrapError> {
            self.asked("rewrap");
            Ok(wrapped.clone())
        }

        fn rewrap_all(
            &self,
            _: &[(&WrappedKey, KeyContext<'_>)],
            _: &mut dyn CryptoRng,
        ) -> Vec<Result<WrappedKey, RewrapError>> {
            self.asked("rewrap all");
            vec![]
        }

        fn destroy(&self, wrapped: &WrappedKey, _: &KeyContext<'_>) -> Result<WrappedKey, OpenError> {
            self.asked("destroy");
            Ok(wrapped.tombstone())
        }

        fn needs_rewrap(&self, _: &WrappedKey) -> bool {
            self.asked("needs rewrap");
            true
        }
    }

    /// Asks each method once.
    fn ask(service: impl KeyService) {
        let mut random = RandomSource::from_seed(&[1; 32]);
        let context = KeyContext { tenant: "north", subject: "5f1c" };
        service.current();
        let wrapped = service.wrap(&SubjectKey::generate(&mut random), &context, &mut random).expect("wrapped");
        assert!(service.unwrap(&wrapped, &context).is_err());
        assert!(service.rewrap(&wrapped, &context, &mut random).is_ok());
        service.rewrap_all(&[(&wrapped, context)], &mut random);
        assert!(service.destroy(&wrapped, &context).is_ok());
        assert!(service.needs_rewrap(&wrapped));
    }

    #[test]
    fn a_boxed_service_passes_every_question_on() {
        let asked = Arc::default();
        ask(Box::new(Own(Arc::clone(&asked))) as Box<dyn KeyService>);
        let asked = asked.lock().expect("not poisoned");
        assert_eq!(*asked, ["current", "wrap", "unwrap", "rewrap", "rewrap all", "destroy", "needs rewrap"]);
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_the_same(
            scheme in prop_oneof![0_u8..3, Just(255)],
            rest in prop::collection::vec(0_u8.., 35..110),
        ) {
            let bytes = [&[1, scheme], &rest[..]].concat();
            if let Ok(wrapped) = WrappedKey::from_bytes(&bytes) {
                prop_assert_eq!(wrapped.to_bytes(), bytes);
            }
        }
    }

    #[test]
    fn the_parse_is_strict() {
        let tombstone = WrappedKey::foreign(OUTSIDE, OUTSIDE, vec![]).tombstone().to_bytes();
        assert_eq!(WrappedKey::from_bytes(&[]), Err(OpenError::Malformed));
        assert_eq!(WrappedKey::from_bytes(&tombstone[..41]), Err(OpenError::Malformed));
        assert_eq!(WrappedKey::from_bytes(&[&tombstone[..], &[0]].concat()), Err(OpenError::Malformed));
        let mut other = tombstone.clone();
        other[0] = 2;
        assert_eq!(WrappedKey::from_bytes(&other), Err(OpenError::UnknownVersion(2)));
        let mut other = tombstone;
        other[1] = 2;
        assert_eq!(WrappedKey::from_bytes(&other), Err(OpenError::UnknownSuite(2)));
    }
}
