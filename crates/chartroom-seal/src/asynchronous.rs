//! Key services that answer by futures. No runtime is chosen here: whoever has one, polls.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use rand_core::CryptoRng;

use crate::{CacheHandle, KeyContext, KeyLabel, KeyService, OpenError, RewrapError, SealError, SubjectKey, WrappedKey};

/// A [`KeyService`] that is asked over a network. A future may take as many rounds as the service needs.
///
/// The methods mean what those of [`KeyService`] mean. [`Blocking`] makes a `KeyService` of it.
pub trait AsyncKeyService: Send + Sync {
    /// The key that new wraps use, as far as is known without asking.
    fn current(&self) -> KeyLabel;

    /// Wraps a subject key under the current key.
    fn wrap(
        &self,
        key: &SubjectKey,
        context: &KeyContext<'_>,
    ) -> impl Future<Output = Result<WrappedKey, SealError>> + Send;

    /// Unwraps a subject key in the context it was wrapped in.
    fn unwrap(
        &self,
        wrapped: &WrappedKey,
        context: &KeyContext<'_>,
    ) -> impl Future<Output = Result<SubjectKey, OpenError>> + Send;

    /// Wraps a wrapped key anew, under the current key and in the same context. The provided method unwraps and wraps; a service that
    /// can do both in one round, without showing the key, says so here.
    fn rewrap(
        &self,
        wrapped: &WrappedKey,
        context: &KeyContext<'_>,
    ) -> impl Future<Output = Result<WrappedKey, RewrapError>> + Send {
        async move { Ok(self.wrap(&self.unwrap(wrapped, context).await?, context).await?) }
    }

    /// Wraps many keys anew, each in its context: one answer for each, in their order. The provided method asks for one after the
    /// other; a service that takes batches says so here.
    fn rewrap_all(
        &self,
        batch: &[(&WrappedKey, KeyContext<'_>)],
    ) -> impl Future<Output = Vec<Result<WrappedKey, RewrapError>>> + Send {
        async move {
            let mut answers = Vec::with_capacity(batch.len());
            for (wrapped, context) in batch {
                answers.push(self.rewrap(wrapped, context).await);
            }
            answers
        }
    }

    /// Whether the wrapped key should be wrapped anew, as far as is known without asking.
    fn needs_rewrap(&self, wrapped: &WrappedKey) -> bool {
        !wrapped.is_destroyed() && wrapped.wrapped_by() != self.current()
    }

    /// Destroys what the service keeps of a subject key, and gives its tombstone.
    fn destroy(
        &self,
        wrapped: &WrappedKey,
        context: &KeyContext<'_>,
    ) -> impl Future<Output = Result<WrappedKey, OpenError>> + Send {
        let _ = context;
        std::future::ready(Ok(wrapped.tombstone()))
    }
}

/// An [`AsyncKeyService`] as a [`KeyService`]: each call parks the thread until the future is done.
///
/// A runtime that drives the service's futures must run on other threads than the one that calls. A program that may not block puts a
/// [`KeyCache`] around this and [prepares](CacheHandle::prepare) each key before it is needed.
#[derive(Debug)]
pub struct Blocking<S>(pub S);

impl<S: AsyncKeyService> KeyService for Blocking<S> {
    fn current(&self) -> KeyLabel {
        self.0.current()
    }

    fn wrap(&self, key: &SubjectKey, context: &KeyContext<'_>, _: &mut dyn CryptoRng) -> Result<WrappedKey, SealError> {
        wait(self.0.wrap(key, context))
    }

    fn unwrap(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Result<SubjectKey, OpenError> {
        wait(self.0.unwrap(wrapped, context))
    }

    fn rewrap(
        &self,
        wrapped: &WrappedKey,
        context: &KeyContext<'_>,
        _: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, RewrapError> {
        wait(self.0.rewrap(wrapped, context))
    }

    fn rewrap_all(
        &self,
        batch: &[(&WrappedKey, KeyContext<'_>)],
        _: &mut dyn CryptoRng,
    ) -> Vec<Result<WrappedKey, RewrapError>> {
        wait(self.0.rewrap_all(batch))
    }

    fn needs_rewrap(&self, wrapped: &WrappedKey) -> bool {
        self.0.needs_rewrap(wrapped)
    }

    fn destroy(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Result<WrappedKey, OpenError> {
        wait(self.0.destroy(wrapped, context))
    }
}

impl<S: AsyncKeyService, C: Fn() -> Duration + Send + Sync> CacheHandle<Blocking<S>, C> {
    /// Unwraps a key without blocking, so that it is held when it is next asked for. Does nothing where it is held already.
    ///
    /// # Errors
    ///
    /// As [`KeyService::unwrap`].
    pub async fn prepare(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Result<(), OpenError> {
        if wrapped.is_destroyed() {
            self.forget(wrapped.key());
        } else if self.holds(wrapped, context) {
            return Ok(());
        }
        let asked = self.forgettings();
        let key = self.asked_service().0.unwrap(wrapped, context).await?;
        self.hold(key, wrapped, context, asked);
        Ok(())
    }
}

/// Wakes the thread that waits.
struct Parked(Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Polls on this thread, and parks it until there is something to poll for.
fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Parked(thread::current())));
    let mut context = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::num::{NonZeroU32, NonZeroUsize};
    use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

    use super::*;
    use crate::KeyCache;
    use crate::{CacheLimits, Cost, Keyring, Passphrase, RandomSource};

    const CONTEXT: KeyContext<'_> = KeyContext { tenant: "north", subject: "5f1c" };

    /// A keyring behind a network: every answer takes three rounds, each of which ends on another thread.
    struct Far {
        keyring: Keyring,
        rounds: AtomicU32,
    }

    impl Far {
        async fn rounds(&self) {
            for _ in 0..3 {
                let mut asked = false;
                std::future::poll_fn(|context| {
                    if asked {
                        return Poll::Ready(());
                    }
                    asked = true;
                    self.rounds.fetch_add(1, Relaxed);
                    let waker = context.waker().clone();
                    thread::spawn(move || waker.wake());
                    Poll::Pending
                })
                .await;
            }
        }
    }

    impl AsyncKeyService for Far {
        fn current(&self) -> KeyLabel {
            self.keyring.current()
        }

        async fn wrap(&self, key: &SubjectKey, context: &KeyContext<'_>) -> Result<WrappedKey, SealError> {
            self.rounds().await;
            self.keyring.wrap(key, context, &mut RandomSource::from_seed(&[1; 32]))
        }

        async fn unwrap(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Result<SubjectKey, OpenError> {
            self.rounds().await;
            self.keyring.unwrap(wrapped, context)
        }
    }

    fn far() -> (Blocking<Far>, RandomSource) {
        let mut random = RandomSource::from_seed(&[4; 32]);
        let passphrase = Passphrase::from("a passphrase for tests".to_owned());
        let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random).expect("created");
        (Blocking(Far { keyring, rounds: AtomicU32::new(0) }), random)
    }

    #[test]
    fn a_service_of_several_rounds_is_waited_for() {
        let (service, mut random) = far();
        let key = SubjectKey::generate(&mut random);
        let wrapped = service.wrap(&key, &CONTEXT, &mut random).expect("wrapped");
        assert_eq!(service.unwrap(&wrapped, &CONTEXT).map(|key| key.label()), Ok(key.label()));
        let again = service.rewrap(&wrapped, &CONTEXT, &mut random).expect("wrapped anew");
        assert_eq!(again.key(), key.label());
        assert_eq!(service.0.rounds.load(Relaxed), 12);
        let tombstone = service.destroy(&wrapped, &CONTEXT).expect("destroyed");
        assert_eq!(service.unwrap(&tombstone, &CONTEXT).err(), Some(OpenError::KeyDestroyed(key.label())));
    }

    /// A service that wraps anew in one round, and a batch in one too; and that decides itself what is to be wrapped anew.
    struct InOneRound(Far);

    impl AsyncKeyService for InOneRound {
        fn current(&self) -> KeyLabel {
            self.0.current()
        }

        async fn wrap(&self, _: &SubjectKey, _: &KeyContext<'_>) -> Result<WrappedKey, SealError> {
            Err(SealError::ServiceRefused)
        }

        async fn unwrap(&self, _: &WrappedKey, _: &KeyContext<'_>) -> Result<SubjectKey, OpenError> {
            Err(OpenError::ServiceRefused)
        }

        async fn rewrap(&self, wrapped: &WrappedKey, _: &KeyContext<'_>) -> Result<WrappedKey, RewrapError> {
            self.0.rounds().await;
            Ok(wrapped.clone())
        }

        async fn rewrap_all(&self, batch: &[(&WrappedKey, KeyContext<'_>)]) -> Vec<Result<WrappedKey, RewrapError>> {
            self.0.rounds().await;
            batch.iter().map(|(wrapped, _)| Ok((*wrapped).clone())).collect()
        }

        fn needs_rewrap(&self, _: &WrappedKey) -> bool {
            true
        }
    }

    #[test]
    fn a_service_that_wraps_anew_by_itself_is_asked_to() {
        let (Blocking(far), mut random) = far();
        let key = SubjectKey::generate(&mut random);
        let wrapped = far.keyring.wrap(&key, &CONTEXT, &mut random).expect("wrapped");
        let service = Blocking(InOneRound(far));
        assert!(service.needs_rewrap(&wrapped));
        assert_eq!(service.rewrap(&wrapped, &CONTEXT, &mut random), Ok(wrapped.clone()));
        let batch = [(&wrapped, CONTEXT), (&wrapped, CONTEXT)];
        assert_eq!(service.rewrap_all(&batch, &mut random), [Ok(wrapped.clone()), Ok(wrapped.clone())]);
        assert_eq!(service.0.0.rounds.load(Relaxed), 6, "three for one key, and three for the batch");
        assert_eq!(service.unwrap(&wrapped, &CONTEXT).err(), Some(OpenError::ServiceRefused));
        assert_eq!(service.wrap(&key, &CONTEXT, &mut random), Err(SealError::ServiceRefused));
    }

    #[test]
    fn a_batch_is_wrapped_anew_key_by_key() {
        let (service, mut random) = far();
        let wrapped = service.wrap(&SubjectKey::generate(&mut random), &CONTEXT, &mut random).expect("wrapped");
        let tombstone = wrapped.tombstone();
        let answers = service.rewrap_all(&[(&tombstone, CONTEXT), (&wrapped, CONTEXT)], &mut random);
        assert_eq!(answers[0], Err(RewrapError::Open(OpenError::KeyDestroyed(wrapped.key()))));
        assert_eq!(answers[1].as_ref().map(WrappedKey::key), Ok(wrapped.key()));
        assert!(!service.needs_rewrap(&wrapped));
    }

    #[test]
    fn what_was_prepared_does_not_block() {
        fn may_be_spawned(future: impl Future<Output = Result<(), OpenError>> + Send) -> Result<(), OpenError> {
            wait(future)
        }
        let (service, mut random) = far();
        let wrapped = service.wrap(&SubjectKey::generate(&mut random), &CONTEXT, &mut random).expect("wrapped");
        let limits = CacheLimits {
            keys: NonZeroUsize::MIN,
            age: Duration::from_secs(60),
            uses: NonZeroU32::new(2).expect("not zero"),
        };
        let cache = KeyCache::new(service, limits, || Duration::ZERO);
        let before = cache.service().0.rounds.load(Relaxed);
        assert_eq!(may_be_spawned(cache.prepare(&wrapped, &CONTEXT)), Ok(()));
        assert_eq!(may_be_spawned(cache.prepare(&wrapped, &CONTEXT)), Ok(()));
        for _ in 0..2 {
            assert!(cache.unwrap(&wrapped, &CONTEXT).is_ok());
        }
        assert_eq!(cache.service().0.rounds.load(Relaxed), before + 3, "asked once, and both uses were left");
        assert_eq!(
            may_be_spawned(cache.prepare(&wrapped.tombstone(), &CONTEXT)),
            Err(OpenError::KeyDestroyed(wrapped.key()))
        );
        assert_eq!(cache.forget_expired(), 0);
        // What is forgotten between two rounds is not held after the last.
        let mut prepared = pin!(cache.prepare(&wrapped, &CONTEXT));
        assert!(prepared.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        cache.forget(wrapped.key());
        assert_eq!(wait(prepared), Ok(()));
        assert_eq!(cache.forget_expired(), 0);
    }
}
