//! Unwrapped keys kept for a while, so that a far key service is not asked each time.

use std::collections::HashMap;
use std::fmt;
use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rand_core::CryptoRng;

use crate::{KeyContext, KeyLabel, KeyService, OpenError, RewrapError, SealError, SubjectKey, WrappedKey};

/// How many keys a [`KeyCache`] holds, for how long, and for how many uses each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheLimits {
    /// The most keys that are held. One more, and the one held longest goes.
    pub keys: NonZeroUsize,
    /// How long a key is held after it was unwrapped.
    pub age: Duration,
    /// How often a key is given out for one unwrapping.
    pub uses: NonZeroU32,
}

/// A [`KeyService`] that remembers the subject keys it unwrapped.
///
/// A key is given out again only for the same wrapped bytes in the same context, and within the [`CacheLimits`]. It is wiped when its
/// time or its uses are over, at the next call of whatever kind: a program that may be idle calls [`forget_expired`](Self::forget_expired)
/// by a timer. Whoever destroys a key elsewhere, or takes away a right to it, calls [`forget`](Self::forget).
///
/// The clock gives the time since a start of its own, and must never go back.
///
/// ```
/// use std::num::{NonZeroU32, NonZeroUsize};
/// use std::time::{Duration, Instant};
///
/// use chartroom_seal::{CacheLimits, KeyCache, KeyContext, KeyService};
/// # use chartroom_seal::{Cost, Keyring, Passphrase, RandomSource, SubjectKey};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let mut random = RandomSource::from_seed(&[1; 32]);
/// # let passphrase = Passphrase::from("correct horse battery staple".to_owned());
/// # let service = Keyring::create(&passphrase, Cost::LEAST, &mut random)?;
/// let limits = CacheLimits {
///     keys: NonZeroUsize::new(10_000).ok_or("zero")?,
///     age: Duration::from_secs(300),
///     uses: NonZeroU32::new(1_000).ok_or("zero")?,
/// };
/// let start = Instant::now();
/// let keys = KeyCache::new(service, limits, move || start.elapsed());
/// # let context = KeyContext { tenant: "north-clinic", subject: "5f1c" };
/// # let wrapped = keys.wrap(&SubjectKey::generate(&mut random), &context, &mut random)?;
/// let key = keys.unwrap(&wrapped, &context)?; // asks the service
/// let again = keys.unwrap(&wrapped, &context)?; // does not
/// keys.forget(wrapped.key());
/// # assert_eq!(key.label(), again.label());
/// # Ok(())
/// # }
/// ```
pub struct KeyCache<K, C> {
    service: K,
    limits: CacheLimits,
    clock: C,
    held: Mutex<HashMap<KeyLabel, Held>>,
}

/// A key that was unwrapped, and what it may be given out for.
struct Held {
    key: SubjectKey,
    wrapped: WrappedKey,
    tenant: Box<str>,
    subject: Box<str>,
    since: Duration,
    uses_left: u32,
}

impl Held {
    fn is_of(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> bool {
        self.wrapped == *wrapped && *self.tenant == *context.tenant && *self.subject == *context.subject
    }
}

impl<K: KeyService, C: Fn() -> Duration + Send + Sync> KeyCache<K, C> {
    /// A cache in front of a service, empty.
    pub fn new(service: K, limits: CacheLimits, clock: C) -> Self {
        Self { service, limits, clock, held: Mutex::default() }
    }

    /// The service behind the cache.
    pub const fn service(&self) -> &K {
        &self.service
    }

    /// Forgets a key at once.
    pub fn forget(&self, key: KeyLabel) {
        self.held().remove(&key);
    }

    /// Forgets all versions of the keys of a patient at once.
    pub fn forget_subject(&self, context: &KeyContext<'_>) {
        self.held().retain(|_, held| *held.tenant != *context.tenant || *held.subject != *context.subject);
    }

    /// Forgets all keys at once.
    pub fn forget_all(&self) {
        self.held().clear();
    }

    /// Forgets the keys whose time or uses are over, and gives how many are left.
    pub fn forget_expired(&self) -> usize {
        self.held().len()
    }

    /// The keys that may still be given out.
    fn held(&self) -> MutexGuard<'_, HashMap<KeyLabel, Held>> {
        let now = (self.clock)();
        // Nothing in here can panic half way.
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.retain(|_, key| key.uses_left > 0 && now.saturating_sub(key.since) < self.limits.age);
        held
    }

    /// Whether the key is held for these bytes in this context.
    #[cfg(feature = "async")]
    pub(crate) fn holds(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> bool {
        self.held().get(&wrapped.key()).is_some_and(|held| held.is_of(wrapped, context))
    }

    /// The key, if it is held for these bytes in this context.
    fn found(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Option<SubjectKey> {
        let mut all = self.held();
        let held = all.get_mut(&wrapped.key()).filter(|held| held.is_of(wrapped, context))?;
        held.uses_left -= 1;
        Some(held.key.copy())
    }

    /// Holds a key that the service has just unwrapped.
    pub(crate) fn hold(&self, key: SubjectKey, wrapped: &WrappedKey, context: &KeyContext<'_>) {
        let mut all = self.held();
        let is_full = all.len() >= self.limits.keys.get() && !all.contains_key(&wrapped.key());
        if is_full && let Some(oldest) = all.iter().min_by_key(|(_, held)| held.since).map(|(label, _)| *label) {
            all.remove(&oldest);
        }
        let (tenant, subject) = (context.tenant.into(), context.subject.into());
        let (since, uses_left) = ((self.clock)(), self.limits.uses.get());
        all.insert(wrapped.key(), Held { key, wrapped: wrapped.clone(), tenant, subject, since, uses_left });
    }
}

impl<K: KeyService, C: Fn() -> Duration + Send + Sync> KeyService for KeyCache<K, C> {
    fn current(&self) -> KeyLabel {
        self.service.current()
    }

    fn wrap(
        &self,
        key: &SubjectKey,
        context: &KeyContext<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, SealError> {
        self.service.wrap(key, context, rng)
    }

    fn unwrap(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Result<SubjectKey, OpenError> {
        if wrapped.is_destroyed() {
            self.forget(wrapped.key());
        } else if let Some(key) = self.found(wrapped, context) {
            return Ok(key);
        }
        let key = self.service.unwrap(wrapped, context)?;
        let given = key.copy();
        self.hold(key, wrapped, context);
        // The first use is this one.
        self.found(wrapped, context);
        Ok(given)
    }

    fn rewrap(
        &self,
        wrapped: &WrappedKey,
        context: &KeyContext<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, RewrapError> {
        self.service.rewrap(wrapped, context, rng)
    }

    fn rewrap_all(
        &self,
        batch: &[(&WrappedKey, KeyContext<'_>)],
        rng: &mut dyn CryptoRng,
    ) -> Vec<Result<WrappedKey, RewrapError>> {
        self.service.rewrap_all(batch, rng)
    }

    /// The key is forgotten first, whatever the service answers.
    fn destroy(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Result<WrappedKey, OpenError> {
        self.forget(wrapped.key());
        self.service.destroy(wrapped, context)
    }

    fn needs_rewrap(&self, wrapped: &WrappedKey) -> bool {
        self.service.needs_rewrap(wrapped)
    }
}

impl<K, C> fmt::Debug for KeyCache<K, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyCache").field("limits", &self.limits).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

    use super::*;
    use crate::{Cost, Keyring, Passphrase, RandomSource};

    const CONTEXT: KeyContext<'_> = KeyContext { tenant: "north", subject: "5f1c" };

    /// A keyring that counts how often it is asked.
    struct Counting {
        keyring: Keyring,
        asked: AtomicU32,
    }

    impl KeyService for Counting {
        fn current(&self) -> KeyLabel {
            self.keyring.current()
        }

        fn wrap(
            &self,
            key: &SubjectKey,
            at: &KeyContext<'_>,
            rng: &mut dyn CryptoRng,
        ) -> Result<WrappedKey, SealError> {
            self.keyring.wrap(key, at, rng)
        }

        fn unwrap(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Result<SubjectKey, OpenError> {
            self.asked.fetch_add(1, Relaxed);
            self.keyring.unwrap(wrapped, context)
        }
    }

    struct Fixture<'c> {
        cache: KeyCache<Counting, Box<dyn Fn() -> Duration + Send + Sync + 'c>>,
        random: RandomSource,
    }

    impl Fixture<'_> {
        fn wrapped(&mut self, context: &KeyContext<'_>) -> WrappedKey {
            let key = SubjectKey::generate(&mut self.random);
            self.cache.wrap(&key, context, &mut self.random).expect("wrapped")
        }

        /// Unwraps, and tells whether the service was asked.
        fn asks(&self, wrapped: &WrappedKey) -> bool {
            let before = self.cache.service.asked.load(Relaxed);
            assert_eq!(self.cache.unwrap(wrapped, &CONTEXT).map(|key| key.label()), Ok(wrapped.key()));
            self.cache.service.asked.load(Relaxed) > before
        }
    }

    fn fixture(clock: &AtomicU64, keys: usize, uses: u32) -> Fixture<'_> {
        let mut random = RandomSource::from_seed(&[4; 32]);
        let passphrase = Passphrase::from("a passphrase for tests".to_owned());
        let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random).expect("created");
        let limits = CacheLimits {
            keys: NonZeroUsize::new(keys).expect("not zero"),
            age: Duration::from_secs(60),
            uses: NonZeroU32::new(uses).expect("not zero"),
        };
        let service = Counting { keyring, asked: AtomicU32::new(0) };
        let cache = KeyCache::new(service, limits, Box::new(|| Duration::from_secs(clock.load(Relaxed))) as Box<_>);
        Fixture { cache, random }
    }

    #[test]
    fn a_key_is_held_for_its_time() {
        let clock = AtomicU64::new(0);
        let mut fixture = fixture(&clock, 10, 100);
        let wrapped = fixture.wrapped(&CONTEXT);
        assert!(fixture.asks(&wrapped));
        clock.store(59, Relaxed);
        assert!(!fixture.asks(&wrapped));
        assert_eq!(fixture.cache.forget_expired(), 1);
        clock.store(60, Relaxed);
        assert_eq!(fixture.cache.forget_expired(), 0);
        assert!(fixture.asks(&wrapped), "a use does not make it younger");
    }

    #[test]
    fn a_key_is_held_for_its_uses() {
        let clock = AtomicU64::new(0);
        let mut fixture = fixture(&clock, 10, 3);
        let wrapped = fixture.wrapped(&CONTEXT);
        let asked: Vec<_> = (0..7).map(|_| fixture.asks(&wrapped)).collect();
        assert_eq!(asked, [true, false, false, true, false, false, true]);
        assert_eq!(fixture.cache.forget_expired(), 1);
    }

    #[test]
    fn of_too_many_keys_the_oldest_goes() {
        let clock = AtomicU64::new(0);
        let mut fixture = fixture(&clock, 2, 100);
        let keys = [(); 3].map(|()| fixture.wrapped(&CONTEXT));
        for (wrapped, time) in keys.iter().zip(0..) {
            clock.store(time, Relaxed);
            assert!(fixture.asks(wrapped));
        }
        let [oldest, next, newest] = &keys;
        assert!(!fixture.asks(newest) && !fixture.asks(next) && fixture.asks(oldest));
        assert_eq!(fixture.cache.forget_expired(), 2);
    }

    #[test]
    fn what_is_forgotten_is_asked_for() {
        let clock = AtomicU64::new(0);
        let mut fixture = fixture(&clock, 10, 100);
        let wrapped = fixture.wrapped(&CONTEXT);
        let forget: [&dyn Fn(&Fixture<'_>); 4] = [
            &|fixture| fixture.cache.forget(wrapped.key()),
            &|fixture| fixture.cache.forget_subject(&CONTEXT),
            &|fixture| fixture.cache.forget_all(),
            &|fixture| assert!(fixture.cache.unwrap(&wrapped.tombstone(), &CONTEXT).is_err()),
        ];
        assert!(fixture.asks(&wrapped));
        for forget in forget {
            fixture.cache.forget_subject(&KeyContext { subject: "another", ..CONTEXT });
            assert!(!fixture.asks(&wrapped));
            forget(&fixture);
            assert!(fixture.asks(&wrapped));
        }
    }

    #[test]
    fn a_destroyed_key_is_not_given_out() {
        let clock = AtomicU64::new(0);
        let mut fixture = fixture(&clock, 10, 100);
        let wrapped = fixture.wrapped(&CONTEXT);
        assert!(fixture.asks(&wrapped));
        let tombstone = fixture.cache.destroy(&wrapped, &CONTEXT).expect("destroyed");
        assert_eq!(fixture.cache.forget_expired(), 0);
        let gone = Some(OpenError::KeyDestroyed(wrapped.key()));
        assert_eq!(fixture.cache.unwrap(&tombstone, &CONTEXT).err(), gone);
    }

    #[test]
    fn a_held_key_is_for_its_bytes_and_its_context() {
        let clock = AtomicU64::new(0);
        let mut fixture = fixture(&clock, 10, 100);
        let wrapped = fixture.wrapped(&CONTEXT);
        assert!(fixture.asks(&wrapped));
        for context in [KeyContext { tenant: "south", ..CONTEXT }, KeyContext { subject: "5f1d", ..CONTEXT }] {
            assert_eq!(fixture.cache.unwrap(&wrapped, &context).err(), Some(OpenError::Unauthentic));
        }
        let mut bytes = wrapped.to_bytes();
        bytes[60] ^= 1;
        let edited = WrappedKey::from_bytes(&bytes).expect("a wrapped key");
        assert_eq!(fixture.cache.unwrap(&edited, &CONTEXT).err(), Some(OpenError::Unauthentic));
        assert!(!fixture.asks(&wrapped), "and what was refused is not held");
    }

    #[test]
    fn what_it_prints_is_no_key() {
        let clock = AtomicU64::new(0);
        let printed = format!("{:?}", fixture(&clock, 10, 100).cache);
        assert!(printed.starts_with("KeyCache { limits: ") && !printed.contains("held"));
    }
}
