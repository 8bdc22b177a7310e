//! Going through all that is kept: keys wrapped anew, records sealed and indexed anew, charts merged, keys destroyed.
//!
//! A sweep goes batch by batch, each in one transaction. What is done shows in the store itself, so a sweep that was cut short at
//! any point is simply begun again, by the same program or another.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use chartroom_audit::event::Outcome;
use chartroom_audit::{Event, Receipt, TrustedHead};
use chartroom_seal::{CryptoRng, KeyLabel, KeyService, KeyringError, WrappedKey};
use chartroom_vault::{KeyOwner, OpenIndex, PatientKey, RecordId, Resealed, SealedRecord, Vault, VaultError};

use crate::store::{replayed, what_stays};
use crate::{Kept, KeyringFile, KeyringFileError, Store, StoreError, Tombstone, WriteBy};

/// How many keys are looked at together before one that wrapped them is destroyed.
const BATCH: usize = 256;

/// One pass over what is kept. What fails is left as it is, named, and does not hold up the rest. Where it is not as it was sealed, it
/// has an entry on the trail too, in each pass that meets it.
#[derive(Debug)]
pub struct Sweep {
    batch: usize,
    behind: u64,
    done: usize,
    failed: Vec<(Swept, VaultError)>,
    /// What the trail must have of it yet.
    untold: Vec<Event>,
}

/// What a sweep goes through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Swept {
    /// The key of a patient or of the house.
    Key(KeyOwner),
    /// A record.
    Record(RecordId),
}

/// What a sweep has before it.
#[derive(Clone, Copy)]
pub(crate) enum Unswept<'a> {
    Key(&'a KeyOwner),
    Record(&'a SealedRecord),
}

impl From<Unswept<'_>> for Swept {
    fn from(unswept: Unswept<'_>) -> Self {
        match unswept {
            Unswept::Key(owner) => Self::Key(owner.clone()),
            Unswept::Record(record) => Self::Record(record.id()),
        }
    }
}

/// Why a record or a key could not be carried over.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The store failed or refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A key or a record did not open, or could not be sealed.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The file of the keyring could not be changed.
    #[error(transparent)]
    Keyring(#[from] KeyringFileError),
    /// A key that is kept does not open, so no key of the key service is destroyed.
    #[error("the key of {owner} does not open")]
    Unopened {
        /// Whose key it is.
        owner: KeyOwner,
        /// Why it does not.
        #[source]
        cause: VaultError,
    },
}

impl Sweep {
    /// A pass from the start, with up to this many keys or records in a transaction.
    #[must_use]
    pub fn new(batch: usize) -> Self {
        Self { batch: batch.max(1), behind: 0, done: 0, failed: Vec::new(), untold: Vec::new() }
    }

    /// How many keys or records were carried over.
    #[must_use]
    pub const fn done(&self) -> usize {
        self.done
    }

    /// What could not be carried over, and why.
    #[must_use]
    pub fn failed(&self) -> &[(Swept, VaultError)] {
        &self.failed
    }

    /// Wraps a batch of keys of patients and of the house anew, under the current key of the key service, and says whether there may
    /// be more.
    ///
    /// # Errors
    ///
    /// The store failed or refused; then the batch is as it was.
    pub fn rewrap<K: KeyService>(
        &mut self,
        store: &mut (impl Store + ?Sized),
        vault: &Vault<K>,
        by: &WriteBy,
        rng: &mut impl CryptoRng,
    ) -> Result<bool, StoreError> {
        let found = store.wrapped_otherwise(vault.wrapping_key(), self.behind, self.batch)?;
        let Some(last) = found.last().map(|last| last.place) else { return Ok(false) };
        let keys: Vec<_> = found.into_iter().map(|found| found.kept).collect();
        let answers = vault.rewrap(&keys, rng);
        let answers = keys
            .iter()
            .zip(answers)
            .map(|((owner, _), answer)| (Unswept::Key(owner), answer.map(|anew| (owner.clone(), anew))));
        let anew = self.carried(answers, by);
        self.tell(store)?;
        if !anew.is_empty() {
            store.rewrap(&anew, by)?;
        }
        self.pass(last, anew.len());
        Ok(true)
    }

    /// Seals a batch of records anew that stand under an older key of their patient, and says whether there may be more.
    ///
    /// # Errors
    ///
    /// The store failed or refused; then the batch is as it was.
    pub fn reseal<K: KeyService>(
        &mut self,
        store: &mut (impl Store + ?Sized),
        vault: &Vault<K>,
        by: &WriteBy,
        rng: &mut impl CryptoRng,
    ) -> Result<bool, StoreError> {
        let found = store.under_older_keys(self.behind, self.batch)?;
        let Some(last) = found.last().map(|last| last.place) else { return Ok(false) };
        let keys = unlocked(store, vault, &found)?;
        let answers = found.iter().map(|Kept { kept, .. }| {
            (Unswept::Record(kept), key_of(&keys, kept).and_then(|key| vault.reseal(kept, key, rng)))
        });
        let anew = self.carried(answers, by);
        self.tell(store)?;
        if !anew.is_empty() {
            store.reseal(&anew, by)?;
        }
        self.pass(last, anew.len());
        Ok(true)
    }

    /// Makes the tokens of a batch of records anew that are found by an older version of this index, and says whether there may be
    /// more. When there is nothing left, the older versions of the index's key may be [dropped](drop_house_key).
    ///
    /// # Errors
    ///
    /// The store failed or refused; then the batch is as it was. [`StoreError::IndexConflict`] where the index was opened before its
    /// key was renewed.
    pub fn reindex<K: KeyService>(
        &mut self,
        store: &mut (impl Store + ?Sized),
        vault: &Vault<K>,
        index: &OpenIndex,
        by: &WriteBy,
    ) -> Result<bool, StoreError> {
        let found = store.tokens_under_older(index.name(), index.version(), self.behind, self.batch)?;
        self.retoken(found, (store, vault), index, by)
    }

    /// Makes the tokens of a batch of records that have none in this index as it is now, and says whether there may be more: for an
    /// index that is new to the house. A record without a value for it is opened in every such pass, which is on the trail each time,
    /// and is not counted as done.
    ///
    /// # Errors
    ///
    /// As for [`reindex`](Self::reindex).
    pub fn index<K: KeyService>(
        &mut self,
        store: &mut (impl Store + ?Sized),
        vault: &Vault<K>,
        index: &OpenIndex,
        by: &WriteBy,
    ) -> Result<bool, StoreError> {
        let kind = index.resource_type();
        let found = store.without_tokens(index.name(), kind, index.version(), self.behind, self.batch)?;
        self.retoken(found, (store, vault), index, by)
    }

    fn retoken<K: KeyService>(
        &mut self,
        found: Vec<Kept<SealedRecord>>,
        (store, vault): (&mut (impl Store + ?Sized), &Vault<K>),
        index: &OpenIndex,
        by: &WriteBy,
    ) -> Result<bool, StoreError> {
        let Some(last) = found.last().map(|last| last.place) else { return Ok(false) };
        let keys = unlocked(store, vault, &found)?;
        let with_keys =
            found.iter().map(|Kept { kept, .. }| (Unswept::Record(kept), key_of(&keys, kept).map(|key| (kept, key))));
        let records = self.carried(with_keys, by);
        let answers = vault.retoken(records.iter().copied(), index, &by.agent, by.at, store)?;
        let anew = self.carried(records.iter().map(|(record, _)| Unswept::Record(record)).zip(answers), by);
        self.tell(store)?;
        let receipts = if anew.is_empty() { Vec::new() } else { store.reindex(&anew, by)? };
        self.pass(last, receipts.len());
        Ok(true)
    }

    /// What came out well; what did not is noted.
    fn carried<'a, T>(
        &mut self,
        answers: impl IntoIterator<Item = (Unswept<'a>, Result<T, VaultError>)>,
        by: &WriteBy,
    ) -> Vec<T> {
        let mut carried = Vec::new();
        for (unswept, answer) in answers {
            match answer {
                Ok(anew) => carried.push(anew),
                Err(error) => {
                    self.failed.push((unswept.into(), error));
                    // What may be mended is not told in every pass.
                    if error.outcome() == Outcome::SeriousFailure {
                        self.untold.push(by.of_failure(unswept, error));
                    }
                }
            }
        }
        carried
    }

    /// Writes to the trail what nobody should see.
    fn tell(&mut self, store: &mut (impl Store + ?Sized)) -> Result<(), StoreError> {
        if !self.untold.is_empty() {
            store.append_all(&self.untold)?;
            self.untold.clear();
        }
        Ok(())
    }

    fn pass(&mut self, last: u64, done: usize) {
        self.behind = last;
        self.done += done;
    }
}

/// The keys of the patients whose records these are, each unwrapped once.
fn unlocked<K: KeyService>(
    store: &(impl Store + ?Sized),
    vault: &Vault<K>,
    records: &[Kept<SealedRecord>],
) -> Result<Keys, StoreError> {
    let mut keys = Keys::new();
    for patient in records.iter().map(|record| record.kept.patient()) {
        if let Entry::Vacant(vacant) = keys.entry(patient) {
            vacant.insert(vault.unlock(patient, &store.wrapped_keys(patient)?));
        }
    }
    Ok(keys)
}

type Keys = BTreeMap<RecordId, Result<PatientKey, VaultError>>;

fn key_of<'a>(keys: &'a Keys, record: &SealedRecord) -> Result<&'a PatientKey, VaultError> {
    keys.get(&record.patient()).map_or(Err(VaultError::NoKey), |key| key.as_ref().map_err(|error| *error))
}

/// Moves all records of one patient, in all their versions, to another who is the same person. The first patient is kept, without
/// records, for the entries of the trail that name the token. That it is begun is an entry of its own, and stays where it fails.
///
/// # Errors
///
/// A record does not open, or the store failed or refused. Then nothing was moved. After [`StoreError::LeftBehind`], someone stored a
/// record for the first patient meanwhile: it is to be done again.
pub fn merge<K: KeyService>(
    store: &mut (impl Store + ?Sized),
    vault: &Vault<K>,
    (from, into): (RecordId, RecordId),
    by: &WriteBy,
    rng: &mut impl CryptoRng,
) -> Result<Vec<Receipt>, RotationError> {
    let old = vault.unlock(from, &store.wrapped_keys(from)?)?;
    let new = vault.unlock(into, &store.wrapped_keys(into)?)?;
    if from == into {
        return Err(StoreError::OnePatient.into());
    }
    let begun = vault.merge((&old, &new), by.agent.clone(), by.at, store).map_err(StoreError::from)?;
    let mut moved: Vec<Resealed> = Vec::new();
    for record in store.records_of(from)? {
        for version in store.versions(record.id())? {
            let kept = store.get_version(record.id(), version)?;
            let kept = kept.ok_or(StoreError::MissingRecord { record: record.id(), version })?;
            moved.push(vault.rebind(&kept, (&old, &new), &begun, rng)?);
        }
    }
    Ok(store.rebind(&moved, from, into, by)?)
}

/// Destroys a patient's keys, in the key service and in the store, and those of everyone who was merged into the patient:
/// [`Store::destroy`] says what remains.
///
/// The two are not one transaction, so the decision is noted first. Whatever stops it then, the patient's records can no longer be
/// read here, and [`resume`] brings it to its end.
///
/// # Errors
///
/// As [`Store::begin_destruction`], and then nothing was done; [`StoreError::CopyRemains`] when it is done but for a copy, which
/// [`resume`] takes away; or the key service or the store failed, and it is to be resumed.
pub fn shred<K: KeyService>(
    store: &mut (impl Store + ?Sized),
    vault: &Vault<K>,
    patient: RecordId,
    reason: &str,
    by: &WriteBy,
) -> Result<Receipt, RotationError> {
    let keys = store.begin_destruction(patient, reason, by)?;
    let merged = store.merged_into(patient)?;
    for (other, keys) in store.destructions()?.iter().filter(|(other, _)| merged.contains(other)) {
        end_destruction(store, vault, *other, keys)?;
    }
    let receipt = end_destruction(store, vault, patient, &keys)?;
    store.purge()?;
    Ok(receipt)
}

/// Brings to its end what [`shred`] and [`drop_house_key`] have begun, in this program or in one that was stopped. For the start
/// of a program, and for when a key service answers again. One receipt for each patient and each key of the house. Each is tried,
/// whatever becomes of the others, and what a reader has kept of any destroyed key is [purged](Store::purge).
///
/// # Errors
///
/// The first failure of the key service or the store, or [`StoreError::CopyRemains`]. What is left is resumed the next time.
pub fn resume<K: KeyService>(
    store: &mut (impl Store + ?Sized),
    vault: &Vault<K>,
) -> Result<Vec<Receipt>, RotationError> {
    let (begun, dropping) = (store.destructions()?, store.dropping()?);
    let mut outcomes = Vec::new();
    outcomes.extend(begun.iter().map(|(patient, keys)| end_destruction(store, vault, *patient, keys)));
    outcomes.extend(dropping.iter().map(|(name, key)| end_dropping(store, vault, name, key)));
    let purged = store.purge();
    let receipts = outcomes.into_iter().collect::<Result<_, _>>()?;
    purged?;
    Ok(receipts)
}

fn end_destruction<K: KeyService>(
    store: &mut (impl Store + ?Sized),
    vault: &Vault<K>,
    patient: RecordId,
    keys: &[WrappedKey],
) -> Result<Receipt, RotationError> {
    let _tombstones = vault.destroy(patient, keys)?;
    Ok(store.end_destruction(patient)?)
}

/// Destroys the keys that were destroyed before and are there again, in a store, a key service, or both, that were restored from a
/// backup: [`Store::begin_replay`] says which, and what proves it. To do it twice does no harm.
///
/// # Errors
///
/// [`StoreError::UnprovenTombstone`], and then nothing was destroyed; [`StoreError::OnHold`] where any patient is on hold, or
/// [`StoreError::ForgedDestruction`] where a note stands in the way, when all others are done; [`StoreError::CopyRemains`] when it is done
/// but for a copy; or the key service or the store failed, and then it is to be done again.
pub fn replay<K: KeyService>(
    store: &mut (impl Store + ?Sized),
    vault: &Vault<K>,
    tombstones: &[Tombstone],
    trusted: &TrustedHead,
) -> Result<Vec<Receipt>, RotationError> {
    let stays = what_stays(store.begin_replay(tombstones, trusted))?;
    // What a service finds its key by stands in the wrapped bytes, and of a destruction that was begun those are given out here alone.
    let mut begun: BTreeMap<_, _> = store.destructions()?.into_iter().collect();
    let mut receipts = Vec::new();
    for patient in replayed(store, tombstones, trusted)? {
        if let Some(keys) = begun.remove(&patient) {
            receipts.push(end_destruction(store, vault, patient, &keys)?);
            continue;
        }
        let kept = store.wrapped_keys(patient)?;
        // It is gone from the store: the service alone was set back.
        if kept.iter().all(WrappedKey::is_destroyed) {
            let _tombstones = vault.destroy(patient, &kept)?;
        }
    }
    store.purge()?;
    stays.map_or(Ok(receipts), |why| Err(why.into()))
}

/// Destroys an older version of a key of the house, in the key service and in the store: [`Store::drop_house_key`] says what remains.
/// Whatever stops it after it was begun, [`resume`] brings it to its end.
///
/// # Errors
///
/// As [`Store::begin_dropping`], and then nothing was done; [`StoreError::CopyRemains`] when it is done but for a copy; or the key
/// service or the store failed, and it is to be resumed.
pub fn drop_house_key<K: KeyService>(
    store: &mut (impl Store + ?Sized),
    vault: &Vault<K>,
    name: &str,
    version: u32,
    by: &WriteBy,
) -> Result<Receipt, RotationError> {
    let key = store.begin_dropping(name, version, by)?;
    let receipt = end_dropping(store, vault, name, &key)?;
    store.purge()?;
    Ok(receipt)
}

fn end_dropping<K: KeyService>(
    store: &mut (impl Store + ?Sized),
    vault: &Vault<K>,
    name: &str,
    key: &WrappedKey,
) -> Result<Receipt, RotationError> {
    let _tombstone = vault.destroy_house_key(name, key)?;
    Ok(store.end_dropping(name, key.key().version)?)
}

/// Takes an older key of a keyring out of use and destroys it. What only it has wrapped is then gone, in every backup too.
///
/// The store goes first, so that no program that still has the old keyring open can wrap a patient's key by it afterwards. What
/// stops it then, it is done again, and does no harm. The store is verified under a head that was kept elsewhere, and each key that is
/// not wrapped by the old one must open: somebody may have written the name of another key into it, so that no sweep carries it over.
///
/// The store keeps the keys of patients and of the house. `beside` are those that the program keeps elsewhere, wrapped by the same
/// keyring: no sweep has carried them over, so each must have been [wrapped anew](KeyService::rewrap) and kept before. One that is not
/// among them is lost if the key has wrapped it.
///
/// # Errors
///
/// As [`Store::retire`], also where it still wraps anything beside; [`RotationError::Unopened`] for a key that does not open, which is
/// to be brought back from a backup or destroyed. Then nothing was done. Or the store or the file failed.
pub fn retire<K: KeyService>(
    store: &mut (impl Store + ?Sized),
    vault: &Vault<K>,
    (keyring, version): (KeyringFile, u32),
    beside: &[WrappedKey],
    trusted: &TrustedHead,
    by: &WriteBy,
    rng: &mut impl CryptoRng,
) -> Result<KeyringFile, RotationError> {
    let label = KeyLabel { version, ..keyring.keyring().current() };
    if label == keyring.keyring().current() {
        return Err(KeyringFileError::Keyring(KeyringError::CurrentVersion(version)).into());
    }
    let still = beside.iter().filter(|key| key.wrapped_by() == label && !key.is_destroyed()).count();
    if still > 0 {
        return Err(StoreError::KeyInUse { keys: still as u64 }.into());
    }
    refuse_unopened(store, vault, label, rng)?;
    store.retire(label, trusted, by)?;
    Ok(keyring.destroy_version(version, rng)?)
}

/// Refuses where a key does not open that says that another than this one has wrapped it.
fn refuse_unopened<K: KeyService>(
    store: &(impl Store + ?Sized),
    vault: &Vault<K>,
    without: KeyLabel,
    rng: &mut impl CryptoRng,
) -> Result<(), RotationError> {
    let mut behind = 0;
    loop {
        let found = store.wrapped_otherwise(without, behind, BATCH)?;
        let Some(last) = found.last() else { return Ok(()) };
        behind = last.place;
        let keys: Vec<_> = found.into_iter().map(|found| found.kept).collect();
        // To wrap it anew it must open, and what comes of it is not kept.
        let answers = vault.rewrap(&keys, rng);
        for ((owner, _), answer) in keys.into_iter().zip(answers) {
            answer.map_err(|cause| RotationError::Unopened { owner, cause })?;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use chartroom_access::label::LabelSets;
    use chartroom_audit::Trail as _;
    use chartroom_audit::event::{Action, Agent, Kind};
    use chartroom_seal::{Cost, Keyring, OpenError, Passphrase, RandomSource};
    use chrono::DateTime;

    use super::*;
    use crate::SqliteStore;

    /// A keyring that was rotated and a store in their files, gone afterwards.
    struct Rotated {
        folder: PathBuf,
        store: SqliteStore,
        random: RandomSource,
        by: WriteBy,
    }

    impl Rotated {
        /// Before the keyring is rotated, some keys are wrapped by it.
        fn after(
            name: &str,
            wrap: impl FnOnce(&mut SqliteStore, &Vault<Keyring>, &mut RandomSource, &WriteBy),
        ) -> Self {
            let folder = std::env::temp_dir().join(format!("chartroom-retire-{}-{name}", std::process::id()));
            let _ = std::fs::remove_dir_all(&folder);
            std::fs::create_dir(&folder).unwrap();
            let mut random = RandomSource::from_seed(&[7; 32]);
            let keyring = Keyring::create(&passphrase(), Cost::LEAST, &mut random).unwrap();
            drop(KeyringFile::create(folder.join("keyring"), keyring).unwrap());
            let store = SqliteStore::open(folder.join("store.db")).unwrap();
            let by = WriteBy::new(Agent::new("desk-2", "front desk"), DateTime::UNIX_EPOCH);
            let mut rotated = Self { folder, store, random, by };
            let vault = rotated.vault();
            wrap(&mut rotated.store, &vault, &mut rotated.random, &rotated.by);
            drop(rotated.keyring().rotate(&mut rotated.random).unwrap());
            rotated
        }

        fn keyring(&self) -> KeyringFile {
            KeyringFile::open(self.folder.join("keyring"), &passphrase()).unwrap()
        }

        fn vault(&self) -> Vault<Keyring> {
            Vault::new(self.keyring().into_keyring(), "north-clinic", LabelSets::starter())
        }

        fn sweep(&mut self) {
            let (vault, mut sweep) = (self.vault(), Sweep::new(9));
            // Where it refuses, so will what comes after it.
            while let Ok(true) = sweep.rewrap(&mut self.store, &vault, &self.by, &mut self.random) {}
        }

        fn retire_first(&mut self, beside: &[WrappedKey]) -> Result<KeyringFile, RotationError> {
            let (vault, trusted) = (self.vault(), TrustedHead::of(&self.store).unwrap());
            let first = (self.keyring(), 1);
            retire(&mut self.store, &vault, first, beside, &trusted, &self.by, &mut self.random)
        }

        /// Writes to the file past the store.
        fn by_hand(&self, sql: &str) {
            rusqlite::Connection::open(self.folder.join("store.db")).unwrap().execute_batch(sql).unwrap();
        }
    }

    impl Drop for Rotated {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }

    fn passphrase() -> Passphrase {
        Passphrase::from("a passphrase for tests".to_owned())
    }

    #[test]
    fn a_key_beside_the_store_keeps_its_wrapping_key() {
        let mut kept = None;
        let mut rotated = Rotated::after("beside", |_, vault, random, _| {
            kept = Some(vault.new_house_key("elsewhere", random).unwrap());
        });
        let kept = kept.unwrap();
        let refusal = rotated.retire_first(&[kept.clone(), kept.tombstone()]);
        assert!(matches!(refusal, Err(RotationError::Store(StoreError::KeyInUse { keys: 1 }))));
        assert_eq!(rotated.store.head().unwrap().size, 0);
        let opens = |vault: &Vault<Keyring>, key: &WrappedKey, random: &mut RandomSource| {
            vault.rewrap(&[(KeyOwner::house("elsewhere"), key.clone())], random).remove(0)
        };
        let anew = opens(&rotated.vault(), &kept, &mut rotated.random).unwrap();
        drop(rotated.retire_first(std::slice::from_ref(&anew)).unwrap());
        let vault = rotated.vault();
        assert!(opens(&vault, &anew, &mut rotated.random).is_ok());
        assert!(opens(&vault, &kept, &mut rotated.random).is_err());
    }

    type Expected = fn(&RotationError) -> bool;

    #[test]
    fn no_key_is_hidden_from_the_end_of_the_key_that_wrapped_it() {
        let forged: Expected = |error| matches!(error, RotationError::Store(StoreError::ForgedKey { .. }));
        let forged_house: Expected = |error| matches!(error, RotationError::Store(StoreError::ForgedHouseKey { .. }));
        let missing: Expected = |error| matches!(error, RotationError::Store(StoreError::MissingKey { .. }));
        let not_ended: Expected = |error| matches!(error, RotationError::Store(StoreError::NotEnded));
        let unopened: Expected = |error| {
            let unauthentic = VaultError::Open(OpenError::Unauthentic);
            matches!(error, RotationError::Unopened { cause, .. } if *cause == unauthentic)
        };
        // By another wrapping key's name in the row, and in the key itself too, or by a note that the key is destroyed.
        let column = "UPDATE keys SET wrapped_by = x'CURRENT'";
        let label = "UPDATE keys SET wrapped_by = x'CURRENT',
            wrapped = CAST(substr(wrapped, 1, 2) || x'CURRENT' || substr(wrapped, 23) AS BLOB)";
        let (patient, house) = ("WHERE patient IS NOT NULL;", "WHERE house = 'family' AND version = 1;");
        let destroyed = "INSERT INTO destructions SELECT token, x'DESTROYED' FROM patients;";
        let dropped = "INSERT INTO dropped VALUES ('family', 1, x'DROPPED');";
        let ended = "DROP TRIGGER tombstones_follow; INSERT INTO tombstones SELECT token, 0 FROM patients;";
        for (sql, expected) in [
            (format!("{column} {patient}"), forged),
            (format!("{column} {house}"), forged_house),
            (format!("{label} {patient}"), unopened),
            (format!("{label} {house}"), unopened),
            (ended.to_owned(), missing),
            (destroyed.to_owned(), not_ended),
            (format!("{label} {patient} {destroyed}"), not_ended),
            (dropped.to_owned(), not_ended),
            (format!("{label} {house} {dropped}"), not_ended),
        ] {
            let mut rotated = Rotated::after("hidden", |store, vault, random, by| {
                let (patient, wrapped) = vault.admit(random).unwrap();
                store.admit(patient.token(), &wrapped).unwrap();
                let first = vault.new_house_key("family", random).unwrap();
                store.keep_house_key("family", &first, by).unwrap();
                let second = vault.renew_house_key("family", &[first], random).unwrap();
                store.keep_house_key("family", &second, by).unwrap();
            });
            rotated.by_hand(&rotated.filled_in(&sql));
            rotated.sweep();
            let (head, file) = (rotated.store.head().unwrap(), rotated.keyring().into_keyring());
            let refusal = rotated.retire_first(&[]).expect_err(&sql);
            assert!(expected(&refusal), "{sql}: {refusal}");
            assert_eq!(rotated.store.head().unwrap(), head, "{sql}");
            assert_eq!(rotated.keyring().keyring().to_bytes(), file.to_bytes(), "{sql}");
        }
    }

    impl Rotated {
        /// What whoever writes to the file knows: the name of the current key, and what a note would say.
        fn filled_in(&self, sql: &str) -> String {
            let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            let current = self.keyring().keyring().current();
            let patient = self.store.patients().unwrap()[0];
            let key = self.store.house_keys("family").unwrap()[0].key();
            let destroyed = self.by.of_key(Kind::KeyDestruction, Action::Delete, patient, "nobody decided it");
            sql.replace("CURRENT", &format!("{}{:08x}", hex(&current.id.to_bytes()), current.version))
                .replace("DESTROYED", &hex(&destroyed.to_bytes()))
                .replace("DROPPED", &hex(&self.by.of_dropped("family", key).to_bytes()))
        }
    }
}
