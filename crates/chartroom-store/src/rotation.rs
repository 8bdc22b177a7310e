//! Going through all that is kept: keys wrapped anew, records sealed and indexed anew, charts merged, keys destroyed.
//!
//! A sweep goes batch by batch, each in one transaction. What is done shows in the store itself, so a sweep that was cut short at
//! any point is simply begun again, by the same program or another.

use std::collections::BTreeMap;

use chartroom_audit::{Receipt, TrustedHead};
use chartroom_seal::{CryptoRng, KeyLabel, KeyService, KeyringError, WrappedKey};
use chartroom_vault::{KeyOwner, OpenIndex, PatientKey, RecordId, Resealed, SealedRecord, Vault, VaultError};

use crate::{Kept, KeyringFile, KeyringFileError, Store, StoreError, Tombstone, WriteBy};

/// One pass over what is kept. What fails is left as it is, named, and does not hold up the rest.
#[derive(Debug)]
pub struct Sweep {
    batch: usize,
    behind: u64,
    done: usize,
    failed: Vec<(Swept, VaultError)>,
}

/// What a sweep goes through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Swept {
    /// The key of a patient or of the house.
    Key(KeyOwner),
    /// A record.
    Record(RecordId),
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
}

impl Sweep {
    /// A pass from the start, with up to this many keys or records in a transaction.
    #[must_use]
    pub fn new(batch: usize) -> Self {
        Self { batch: batch.max(1), behind: 0, done: 0, failed: Vec::new() }
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
        let owners = keys.into_iter().map(|(owner, _)| owner);
        let anew = self.carried(owners.zip(answers), |owner| Swept::Key(owner.clone()));
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
        let records = found.into_iter().map(|found| found.kept);
        let answers = opened(store, vault, records, |record, key| vault.reseal(record, key, rng))?;
        let anew = self.carried_records(answers);
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
    /// index that is new to the house. A record without a value for it is looked at in every such pass.
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
        let begun = vault.begin_reindexing(index, by.agent.clone(), by.at, store)?;
        let records = found.into_iter().map(|found| found.kept);
        let answers = opened(store, vault, records, |record, key| vault.retoken(record, key, index, &begun))?;
        let anew = self.carried_records(answers);
        if !anew.is_empty() {
            store.reindex(&anew, by)?;
        }
        self.pass(last, anew.len());
        Ok(true)
    }

    fn carried_records<T>(&mut self, answers: Vec<Answer<T>>) -> Vec<T> {
        self.carried(answers, |id| Swept::Record(*id)).into_iter().map(|(_, anew)| anew).collect()
    }

    /// What came out well; what did not is noted.
    fn carried<I, T>(
        &mut self,
        answers: impl IntoIterator<Item = (I, Result<T, VaultError>)>,
        swept: impl Fn(&I) -> Swept,
    ) -> Vec<(I, T)> {
        let mut carried = Vec::new();
        for (id, answer) in answers {
            match answer {
                Ok(anew) => carried.push((id, anew)),
                Err(error) => self.failed.push((swept(&id), error)),
            }
        }
        carried
    }

    fn pass(&mut self, last: u64, done: usize) {
        self.behind = last;
        self.done += done;
    }
}

/// A record, and what became of it.
type Answer<T> = (RecordId, Result<T, VaultError>);

/// What becomes of each record under the key of its patient.
fn opened<K: KeyService, T>(
    store: &(impl Store + ?Sized),
    vault: &Vault<K>,
    records: impl Iterator<Item = SealedRecord>,
    mut work: impl FnMut(&SealedRecord, &PatientKey) -> Result<T, VaultError>,
) -> Result<Vec<Answer<T>>, StoreError> {
    let mut answers = Vec::new();
    let mut open: Option<PatientKey> = None;
    for record in records {
        // Records of one patient mostly stand together.
        let key = match open.take().filter(|key| key.token() == record.patient()) {
            Some(key) => Ok(key),
            None => vault.unlock(record.patient(), &store.wrapped_keys(record.patient())?),
        };
        let answer = key.and_then(|key| {
            let answer = work(&record, &key);
            open = Some(key);
            answer
        });
        answers.push((record.id(), answer));
    }
    Ok(answers)
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
/// [`StoreError::UnprovenTombstone`], and then nothing was destroyed; [`StoreError::OnHold`] where any patient is on hold, when all
/// others are done; [`StoreError::CopyRemains`] when it is done but for a copy; or the key service or the store failed, and then it is
/// to be done again.
pub fn replay<K: KeyService>(
    store: &mut (impl Store + ?Sized),
    vault: &Vault<K>,
    tombstones: &[Tombstone],
    trusted: &TrustedHead,
) -> Result<Vec<Receipt>, RotationError> {
    let held = store.begin_replay(tombstones, trusted)?;
    // What a service finds its key by stands in the wrapped bytes, and of a destruction that was begun those are given out here alone.
    let mut begun: BTreeMap<_, _> = store.destructions()?.into_iter().collect();
    let mut receipts = Vec::new();
    for patient in tombstones.iter().filter_map(|tombstone| tombstone.destroyed(trusted)) {
        match begun.remove(&patient) {
            _ if held.contains(&patient) => {}
            Some(keys) => receipts.push(end_destruction(store, vault, patient, &keys)?),
            // It is gone from the store: the service alone was set back.
            None => {
                let _tombstones = vault.destroy(patient, &store.wrapped_keys(patient)?)?;
            }
        }
    }
    store.purge()?;
    if held.is_empty() { Ok(receipts) } else { Err(StoreError::OnHold.into()) }
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
/// stops it then, it is done again, and does no harm.
///
/// The store keeps the keys of patients and of the house. `beside` are those that the program keeps elsewhere, wrapped by the same
/// keyring: no sweep has carried them over, so each must have been [wrapped anew](KeyService::rewrap) and kept before. One that is not
/// among them is lost if the key has wrapped it.
///
/// # Errors
///
/// [`StoreError::KeyInUse`] while it still wraps anything, here or beside, and then nothing was done; or the store or the file failed.
pub fn retire(
    store: &mut (impl Store + ?Sized),
    keyring: KeyringFile,
    version: u32,
    beside: &[WrappedKey],
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
    store.retire(label, by)?;
    Ok(keyring.change(|keyring| keyring.destroy_version(version, rng))?)
}

#[cfg(test)]
mod tests {
    use chartroom_audit::Trail as _;
    use chartroom_audit::event::Agent;
    use chartroom_seal::{Cost, KeyContext, Keyring, Passphrase, RandomSource, SubjectKey};
    use chrono::DateTime;

    use super::*;
    use crate::SqliteStore;

    #[test]
    fn a_key_beside_the_store_keeps_its_wrapping_key() {
        let folder = std::env::temp_dir().join(format!("chartroom-beside-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir(&folder).unwrap();
        let (path, passphrase) = (folder.join("keyring"), Passphrase::from("a passphrase for tests".to_owned()));
        let mut random = RandomSource::from_seed(&[7; 32]);
        let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random).unwrap();
        let context = KeyContext { tenant: "north-clinic", subject: "index" };
        let house_key = keyring.wrap(&SubjectKey::generate(&mut random), &context, &mut random).unwrap();
        let file = KeyringFile::create(&path, keyring).unwrap();
        drop(file.change(|keyring| keyring.rotate(&mut random)).unwrap());

        let mut store = SqliteStore::open_in_memory().unwrap();
        let by = WriteBy::new(Agent::new("desk-2", "front desk"), DateTime::UNIX_EPOCH);
        let open = || KeyringFile::open(&path, &passphrase).unwrap();
        let refusal = retire(&mut store, open(), 1, &[house_key.clone(), house_key.tombstone()], &by, &mut random);
        assert!(matches!(refusal, Err(RotationError::Store(StoreError::KeyInUse { keys: 1 }))));
        assert_eq!(store.head().unwrap().size, 0);
        let anew = open().keyring().rewrap(&house_key, &context, &mut random).unwrap();
        let file = retire(&mut store, open(), 1, std::slice::from_ref(&anew), &by, &mut random).unwrap();
        assert!(file.keyring().unwrap(&anew, &context).is_ok() && file.keyring().unwrap(&house_key, &context).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
