//! Unwrapped keys kept for a while, so that a far key service is not asked each time.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::num::{NonZeroU32, NonZeroUsize};
use std::ops::Deref;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
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
/// time or its uses are over, at the next call of whatever kind: a program that may be idle calls [`forget_expired`](CacheHandle::forget_expired)
/// by a timer. Whoever destroys a key elsewhere, or takes away a right to it, calls [`forget`](CacheHandle::forget). Whoever gives the cache
/// away, as to a vault, keeps a [`handle`](Self::handle) for that, which gives out no key.
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
/// let handle = keys.handle();
/// # let context = KeyContext { tenant: "north-clinic", subject: "5f1c" };
/// # let wrapped = keys.wrap(&SubjectKey::generate(&mut random), &context, &mut random)?;
/// let key = keys.unwrap(&wrapped, &context)?; // asks the service
/// let again = keys.unwrap(&wrapped, &context)?; // does not
/// handle.forget(wrapped.key());
/// # assert_eq!(key.label(), again.label());
/// # Ok(())
/// # }
/// ```
pub struct KeyCache<K, C>(CacheHandle<K, C>);

/// What a program keeps of a [`KeyCache`] that it gave away: it has keys forgotten or made ready, and gets none.
pub struct CacheHandle<K, C>(Arc<Cache<K, C>>);

struct Cache<K, C> {
    service: K,
    limits: CacheLimits,
    clock: C,
    held: Mutex<Holding>,
}

/// The keys that are held, and their order.
#[derive(Default)]
struct Holding {
    keys: HashMap<KeyLabel, Held>,
    /// By the turn at which each came. All are held for the same time, so this is the order in which they go.
    order: BTreeMap<u64, KeyLabel>,
    turns: u64,
    forgettings: Forgettings,
}

/// How often something was forgotten. What the service was asked before the last time is not held any more.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Forgettings(u64);

impl Holding {
    fn insert(&mut self, label: KeyLabel, held: impl FnOnce(u64) -> Held) {
        self.remove(label);
        self.turns += 1;
        self.order.insert(self.turns, label);
        self.keys.insert(label, held(self.turns));
    }

    fn remove(&mut self, label: KeyLabel) {
        if let Some(held) = self.keys.remove(&label) {
            self.order.remove(&held.turn);
        }
    }

    fn remove_oldest(&mut self) {
        if let Some((_, label)) = self.order.pop_first() {
            self.keys.remove(&label);
        }
    }

    /// The key that is held longest.
    fn oldest(&self) -> Option<&Held> {
        self.order.first_key_value().and_then(|(_, label)| self.keys.get(label))
    }

    /// Forgets the keys that are not to be kept, and those that the service is just being asked for.
    fn forget(&mut self, is_kept: impl Fn(&Held) -> bool) {
        self.forgettings.0 += 1;
        self.keys.retain(|_, held| is_kept(held));
        let keys = &self.keys;
        self.order.retain(|_, label| keys.contains_key(label));
    }
}

/// A key that was unwrapped, and what it may be given out for.
struct Held {
    key: SubjectKey,
    wrapped: WrappedKey,
    tenant: Box<str>,
    subject: Box<str>,
    since: Duration,
    turn: u64,
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
        Self(CacheHandle(Arc::new(Cache { service, limits, clock, held: Mutex::default() })))
    }

    /// The service behind the cache.
    pub fn service(&self) -> &K {
        &self.0.0.service
    }

    /// By which keys are forgotten when the cache is out of reach.
    pub fn handle(&self) -> CacheHandle<K, C> {
        CacheHandle(Arc::clone(&self.0.0))
    }
}

impl<K, C> Deref for KeyCache<K, C> {
    type Target = CacheHandle<K, C>;

    fn deref(&self) -> &CacheHandle<K, C> {
        &self.0
    }
}

impl<K: KeyService, C: Fn() -> Duration + Send + Sync> CacheHandle<K, C> {
    /// Forgets a key at once.
    pub fn forget(&self, key: KeyLabel) {
        let mut held = self.held();
        held.forgettings.0 += 1;
        held.remove(key);
    }

    /// Forgets all versions of the keys of a patient at once.
    pub fn forget_subject(&self, context: &KeyContext<'_>) {
        self.held().forget(|held| *held.tenant != *context.tenant || *held.subject != *context.subject);
    }

    /// Forgets all keys at once.
    pub fn forget_all(&self) {
        self.held().forget(|_| false);
    }

    /// Forgets the keys whose time or uses are over, and gives how many are left.
    pub fn forget_expired(&self) -> usize {
        self.held().keys.len()
    }

    /// The keys that may still be given out.
    fn held(&self) -> MutexGuard<'_, Holding> {
        let Cache { limits, clock, held, .. } = &*self.0;
        let now = clock();
        // Nothing in here can panic half way.
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        while held.oldest().is_some_and(|key| now.saturating_sub(key.since) >= limits.age) {
            held.remove_oldest();
        }
        held
    }

    #[cfg(feature = "async")]
    pub(crate) fn asked_service(&self) -> &K {
        &self.0.service
    }

    /// Whether the key is held for these bytes in this context.
    #[cfg(feature = "async")]
    pub(crate) fn holds(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> bool {
        self.held().keys.get(&wrapped.key()).is_some_and(|held| held.is_of(wrapped, context))
    }

    /// The key, if it is held for these bytes in this context.
    fn found(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Option<SubjectKey> {
        let mut all = self.held();
        let held = all.keys.get_mut(&wrapped.key()).filter(|held| held.is_of(wrapped, context))?;
        held.uses_left -= 1;
        let (key, is_used_up) = (held.key.copy(), held.uses_left == 0);
        if is_used_up {
            all.remove(wrapped.key());
        }
        Some(key)
    }

    /// To be noted before the service is asked.
    pub(crate) fn forgettings(&self) -> Forgettings {
        self.held().forgettings
    }

    /// Holds a key that the service has just unwrapped, unless something was forgotten since it was asked.
    pub(crate) fn hold(&self, key: SubjectKey, wrapped: &WrappedKey, context: &KeyContext<'_>, asked: Forgettings) {
        let mut all = self.held();
        if all.forgettings != asked {
            return;
        }
        if all.keys.len() >= self.0.limits.keys.get() && !all.keys.contains_key(&wrapped.key()) {
            all.remove_oldest();
        }
        let (tenant, subject, wrapped) = (context.tenant.into(), context.subject.into(), wrapped.clone());
        let (since, uses_left) = ((self.0.clock)(), self.0.limits.uses.get());
        all.insert(wrapped.key(), |turn| Held { key, wrapped, tenant, subject, since, turn, uses_left });
    }
}

impl<K: KeyService, C: Fn() -> Duration + Send + Sync> KeyService for KeyCache<K, C> {
    fn current(&self) -> KeyLabel {
        self.service().current()
    }

    fn wrap(
        &self,
        key: &SubjectKey,
        context: &KeyContext<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, SealError> {
        self.service().wrap(key, context, rng)
    }

    fn unwrap(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Result<SubjectKey, OpenError> {
        if wrapped.is_destroyed() {
            self.forget(wrapped.key());
        } else if let Some(key) = self.found(wrapped, context) {
            return Ok(key);
        }
        let asked = self.forgettings();
        let key = self.service().unwrap(wrapped, context)?;
        let given = key.copy();
        self.hold(key, wrapped, context, asked);
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
        self.service().rewrap(wrapped, context, rng)
    }

    fn rewrap_all(
        &self,
        batch: &[(&WrappedKey, KeyContext<'_>)],
        rng: &mut dyn CryptoRng,
    ) -> Vec<Result<WrappedKey, RewrapError>> {
        self.service().rewrap_all(batch, rng)
    }

    /// The key is forgotten first, whatever the service answers, and again if someone unwrapped it meanwhile.
    fn destroy(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Result<WrappedKey, OpenError> {
        self.forget(wrapped.key());
        let answer = self.service().destroy(wrapped, context);
        self.forget(wrapped.key());
        answer
    }

    fn needs_rewrap(&self, wrapped: &WrappedKey) -> bool {
        self.service().needs_rewrap(wrapped)
    }
}

impl<K, C> fmt::Debug for KeyCache<K, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyCache").field("limits", &self.0.0.limits).finish_non_exhaustive()
    }
}

impl<K, C> fmt::Debug for CacheHandle<K, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CacheHandle").field("limits", &self.0.limits).finish_non_exhaustive()
    }
}

impl<K, C> Clone for CacheHandle<K, C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
    use std::sync::{Barrier, OnceLock};
    use std::thread;

    use super::*;
    use crate::{Cost, Keyring, Passphrase, RandomSource};

    const CONTEXT: KeyContext<'_> = KeyContext { tenant: "north", subject: "5f1c" };

    /// A keyring that counts how often it is asked.
    struct Counting {
        keyring: Keyring,
        asked: AtomicU32,
        /// Where the service waits, twice, with an answer it has.
        gate: OnceLock<Barrier>,
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
            let answer = self.keyring.unwrap(wrapped, context);
            for gate in [self.gate.get(); 2].into_iter().flatten() {
                gate.wait();
            }
            answer
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
            let before = self.cache.service().asked.load(Relaxed);
            assert_eq!(self.cache.unwrap(wrapped, &CONTEXT).map(|key| key.label()), Ok(wrapped.key()));
            self.cache.service().asked.load(Relaxed) > before
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
        let service = Counting { keyring, asked: AtomicU32::new(0), gate: OnceLock::new() };
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
    fn a_key_that_is_forgotten_while_it_is_asked_for_is_not_held() {
        let clock = AtomicU64::new(0);
        let mut fixture = fixture(&clock, 10, 100);
        let wrapped = fixture.wrapped(&CONTEXT);
        let (cache, gate) = (&fixture.cache, &fixture.cache.service().gate);
        let gate = gate.get_or_init(|| Barrier::new(2));
        let forget: [&dyn Fn(); 4] =
            [&|| cache.forget(wrapped.key()), &|| cache.forget_subject(&CONTEXT), &|| cache.forget_all(), &|| {
                drop(cache.destroy(&wrapped, &CONTEXT))
            }];
        for forget in forget {
            thread::scope(|scope| {
                let asks = scope.spawn(|| cache.unwrap(&wrapped, &CONTEXT).is_ok());
                gate.wait();
                forget();
                gate.wait();
                assert!(asks.join().expect("no panic"), "it was asked for before");
            });
            assert_eq!(cache.forget_expired(), 0);
        }
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
