//! A cache of keys shared by a vault and the program around it: the vault opens patients' keys through it, and the program forgets
//! them where the vault cannot know that it must.

use std::error::Error;
use std::fmt::Debug;
use std::num::{NonZeroU32, NonZeroUsize};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use chartroom::access::label::LabelSets;
use chartroom::seal::{
    CacheHandle, CacheLimits, Cost, CryptoRng, KeyCache, KeyContext, KeyLabel, KeyService, Keyring, OpenError,
    Passphrase, RandomSource, SealError, SubjectKey, WrappedKey,
};
use chartroom::vault::{KeyOwner, RecordId, Vault, VaultError};
use chartroom_tests::tally::Tally;

fn main() -> ExitCode {
    let mut tally = Tally::new("key_cache");
    let cases: [(&str, Case); 5] = [
        ("a key is asked for once", asked_once),
        ("a key that is forgotten is asked for again", asked_again),
        ("a right that is taken away ends with the forgetting", right_ends),
        ("a destroyed key is held no more", destroyed),
        ("a service is chosen when the program runs", chosen_late),
    ];
    for (name, case) in cases {
        let outcome = House::open().and_then(|mut house| case(&mut house));
        tally.case(name, outcome.map_err(|error| error.to_string()));
    }
    tally.finish()
}

type Outcome = Result<(), Box<dyn Error>>;
type Case = fn(&mut House) -> Outcome;

/// A keyring far away, which counts how often a key is asked for, and may take away the right to ask.
struct Far {
    keyring: Keyring,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    asked: AtomicU32,
    is_closed: AtomicBool,
}

impl KeyService for Far {
    fn current(&self) -> KeyLabel {
        self.keyring.current()
    }

    fn wrap(&self, key: &SubjectKey, at: &KeyContext<'_>, rng: &mut dyn CryptoRng) -> Result<WrappedKey, SealError> {
        self.keyring.wrap(key, at, rng)
    }

    fn unwrap(&self, wrapped: &WrappedKey, context: &KeyContext<'_>) -> Result<SubjectKey, OpenError> {
        self.state.asked.fetch_add(1, Relaxed);
        if self.state.is_closed.load(Relaxed) {
            return Err(OpenError::ServiceRefused);
        }
        self.keyring.unwrap(wrapped, context)
    }
}

/// A vault with its cache, what the program keeps of that, and a patient's stored key.
struct House {
    cache: CacheHandle<Far, fn() -> Duration>,
    far: Arc<State>,
    vault: Vault<Box<dyn KeyService>>,
    patient: RecordId,
    wrapped: [WrappedKey; 1],
    random: RandomSource,
}

impl House {
    fn open() -> Result<Self, Box<dyn Error>> {
        let mut random = RandomSource::from_seed(&[1; 32]);
        let passphrase = Passphrase::from("a passphrase for tests".to_owned());
        let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random)?;
        let limits = CacheLimits {
            keys: NonZeroUsize::new(9).ok_or("zero")?,
            age: Duration::from_secs(300),
            uses: NonZeroU32::new(99).ok_or("zero")?,
        };
        let far = Arc::new(State::default());
        let clock: fn() -> Duration = || Duration::ZERO;
        let service = KeyCache::new(Far { keyring, state: Arc::clone(&far) }, limits, clock);
        let cache = service.handle();
        // Which service it is, is chosen when the program runs.
        let vault = Vault::new(Box::new(service) as Box<dyn KeyService>, "north-clinic", LabelSets::starter());
        let (patient, wrapped) = vault.admit(&mut random)?;
        Ok(Self { cache, far, vault, patient: patient.token(), wrapped: [wrapped], random })
    }

    fn unlock(&self) -> Result<(), VaultError> {
        self.vault.unlock(self.patient, &self.wrapped).map(drop)
    }

    fn asked(&self) -> u32 {
        self.far.asked.load(Relaxed)
    }
}

fn asked_once(house: &mut House) -> Outcome {
    house.unlock()?;
    house.unlock()?;
    equal(house.asked(), 1)
}

fn asked_again(house: &mut House) -> Outcome {
    house.unlock()?;
    house.cache.forget(house.wrapped[0].key());
    house.unlock()?;
    equal(house.asked(), 2)?;
    let subject = house.patient.to_string();
    house.cache.forget_subject(&KeyContext { tenant: "north-clinic", subject: &subject });
    house.unlock()?;
    equal(house.asked(), 3)
}

fn right_ends(house: &mut House) -> Outcome {
    house.unlock()?;
    house.far.is_closed.store(true, Relaxed);
    house.unlock()?;
    house.cache.forget_all();
    equal(house.unlock(), Err(VaultError::Open(OpenError::ServiceRefused)))
}

fn destroyed(house: &mut House) -> Outcome {
    house.unlock()?;
    equal(house.cache.forget_expired(), 1)?;
    let tombstones = house.vault.destroy(house.patient, &house.wrapped)?;
    equal(house.cache.forget_expired(), 0)?;
    let label = house.wrapped[0].key();
    equal(tombstones.iter().all(|tombstone| tombstone.is_destroyed() && tombstone.key() == label), true)?;
    house.wrapped = tombstones.try_into().map_err(|_| "not one tombstone")?;
    equal(house.unlock(), Err(VaultError::Open(OpenError::KeyDestroyed(label))))?;
    equal(house.asked(), 2)
}

fn chosen_late(house: &mut House) -> Outcome {
    let keys = [(KeyOwner::Patient(house.patient), house.wrapped[0].clone())];
    let rewrapped = house.vault.rewrap(&keys, &mut house.random);
    equal(rewrapped.iter().all(Result::is_ok), true)?;
    equal(house.vault.needs_rewrap(&house.wrapped[0]), false)
}

fn equal<T: PartialEq + Debug>(found: T, expected: T) -> Outcome {
    if found == expected { Ok(()) } else { Err(format!("{found:?}, and not {expected:?}").into()) }
}
