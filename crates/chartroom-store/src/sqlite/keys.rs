//! Patients, their keys, and what became of them, in their tables.

use std::collections::{BTreeMap, BTreeSet};

use chartroom_audit::Event;
use chartroom_audit::merkle::prove_inclusion;
use chartroom_seal::{KeyId, KeyLabel, WrappedKey};
use chartroom_vault::{KeyOwner, RecordId};
use rusqlite::{Connection, OptionalExtension, Row};

use super::log::StoredNodes;
use super::{house, log, number, stored, tokens};
use crate::store::{destroyed_by, held_by, merged_by, renewed_by, retired_by};
use crate::{Kept, StoreError, Tombstone};

pub(super) fn insert_patient(db: &Connection, token: RecordId, wrapped: &WrappedKey) -> Result<(), StoreError> {
    if is_patient(db, token)? {
        return Err(StoreError::KnownPatient);
    }
    db.prepare_cached("INSERT INTO patients (token) VALUES (?1)")?.execute([token.as_bytes()])?;
    insert(db, &token.into(), wrapped)
}

/// Inserts the next version of a patient's key.
pub(super) fn follow(db: &Connection, token: RecordId, wrapped: &WrappedKey) -> Result<(), StoreError> {
    let last = versions(db, token)?.pop().ok_or(StoreError::UnknownPatient)?;
    refuse_destroyed(db, token)?;
    refuse_forged_note(db, token)?;
    let next = KeyLabel { version: last.key().version.saturating_add(1), ..last.key() };
    if wrapped.key() != next {
        return Err(StoreError::KeyConflict { current: last.key().version });
    }
    insert(db, &token.into(), wrapped)
}

pub(super) fn insert(db: &Connection, owner: &KeyOwner, wrapped: &WrappedKey) -> Result<(), StoreError> {
    refuse_retired(db, wrapped)?;
    let mut statement = db.prepare_cached(
        "INSERT INTO keys (patient, house, version, wrapped_by, wrapped) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let (patient, house) = columns(owner);
    let (version, wrapped_by) = (wrapped.key().version, label(wrapped.wrapped_by()));
    statement.execute((patient, house, version, wrapped_by, wrapped.to_bytes()))?;
    Ok(())
}

/// An owner as the table has it.
fn columns(owner: &KeyOwner) -> (Option<&[u8; 16]>, Option<&str>) {
    match owner {
        KeyOwner::Patient(token) => (Some(token.as_bytes()), None),
        KeyOwner::House(name) => (None, Some(name)),
    }
}

/// The versions of a patient's key, oldest first. Whatever stands in the rows, a key that is or will be destroyed is a tombstone.
pub(super) fn versions(db: &Connection, token: RecordId) -> Result<Vec<WrappedKey>, StoreError> {
    let versions = stored_versions(db, token)?;
    let is_destroyed = is_ended(db, token)? || is_begun(db, token)?;
    Ok(if is_destroyed { versions.iter().map(WrappedKey::tombstone).collect() } else { versions })
}

/// The versions of a patient's key as they stand in their rows.
pub(super) fn stored_versions(db: &Connection, token: RecordId) -> Result<Vec<WrappedKey>, StoreError> {
    stored_versions_of(db, &token.into())
}

/// The versions of a key as they stand in their rows.
pub(super) fn stored_versions_of(db: &Connection, owner: &KeyOwner) -> Result<Vec<WrappedKey>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT patient, house, version, wrapped_by, wrapped FROM keys
        WHERE patient IS ?1 AND house IS ?2 ORDER BY version",
    )?;
    statement.query_and_then(columns(owner), |row| Ok(kept(row)?.1))?.collect()
}

/// Reads patient, house, version, wrapping key and wrapped key, and makes sure that this is the key that its row says.
fn kept(row: &Row<'_>) -> Result<(KeyOwner, WrappedKey), StoreError> {
    let owner = match row.get::<_, Option<String>>(1)? {
        Some(name) => KeyOwner::House(name.into()),
        None => KeyOwner::Patient(RecordId::from_bytes(row.get(0)?)),
    };
    let key = read(&row.get::<_, Vec<u8>>(4)?)?;
    if key.key().version != row.get::<_, u32>(2)? || label(key.wrapped_by()) != *row.get::<_, Vec<u8>>(3)? {
        return Err(match owner {
            KeyOwner::Patient(patient) => StoreError::ForgedKey { patient },
            KeyOwner::House(name) => StoreError::ForgedHouseKey { name },
        });
    }
    Ok((owner, key))
}

/// The keys behind this place that another key than this one has wrapped.
pub(super) fn wrapped_otherwise(
    db: &Connection,
    by: KeyLabel,
    behind: u64,
    limit: usize,
) -> Result<Vec<Kept<(KeyOwner, WrappedKey)>>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT patient, house, version, wrapped_by, wrapped, sequence FROM living_keys
        WHERE sequence > ?2 AND wrapped_by IS NOT ?1 ORDER BY sequence LIMIT ?3",
    )?;
    let found = statement.query_and_then((label(by), stored(behind), stored(limit as u64)), |row| {
        Ok(Kept { place: number(row.get(5)?), kept: kept(row)? })
    })?;
    found.collect()
}

/// Puts a new wrapping in the place of the old one. A key that was destroyed meanwhile stays destroyed.
pub(super) fn replace(db: &Connection, owner: &KeyOwner, wrapped: &WrappedKey) -> Result<(), StoreError> {
    let kept = match owner {
        KeyOwner::Patient(token) => versions(db, *token)?,
        KeyOwner::House(name) => house::versions(db, name)?,
    };
    let same = kept.iter().find(|kept| kept.key() == wrapped.key());
    let same = same.ok_or_else(|| match owner {
        KeyOwner::Patient(_) => StoreError::UnknownPatient,
        KeyOwner::House(_) => StoreError::UnknownHouseKey,
    })?;
    if same.is_destroyed() || wrapped.is_destroyed() {
        return Err(StoreError::KeyDestroyed);
    }
    refuse_retired(db, wrapped)?;
    put_in_place(db, owner, wrapped)
}

/// Puts a key, or its tombstone, in the place of what its row holds.
pub(super) fn put_in_place(db: &Connection, owner: &KeyOwner, wrapped: &WrappedKey) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "UPDATE keys SET wrapped_by = ?4, wrapped = ?5 WHERE patient IS ?1 AND house IS ?2 AND version = ?3",
    )?;
    let (patient, house) = columns(owner);
    let (version, wrapped_by) = (wrapped.key().version, label(wrapped.wrapped_by()));
    statement.execute((patient, house, version, wrapped_by, wrapped.to_bytes()))?;
    Ok(())
}

/// Takes a wrapping key out of use, unless it already is. One that wraps a key that is not destroyed is refused, whatever is noted
/// about that key.
pub(super) fn retire(db: &Connection, wrapping_key: KeyLabel) -> Result<bool, StoreError> {
    if !destructions(db)?.is_empty() || !house::dropping(db)?.is_empty() {
        return Err(StoreError::NotEnded);
    }
    match wraps(db, wrapping_key)? {
        0 => Ok(db.execute("INSERT OR IGNORE INTO retired (wrapping_key) VALUES (?1)", [label(wrapping_key)])? == 1),
        keys => Err(StoreError::KeyInUse { keys }),
    }
}

/// How many keys say themselves that this one has wrapped them.
fn wraps(db: &Connection, wrapping_key: KeyLabel) -> Result<u64, StoreError> {
    let mut statement = db.prepare_cached("SELECT patient, house, version, wrapped_by, wrapped FROM keys")?;
    let mut wraps = 0;
    for found in statement.query_and_then([], kept)? {
        let (_, key) = found?;
        wraps += u64::from(key.wrapped_by() == wrapping_key && !key.is_destroyed());
    }
    Ok(wraps)
}

fn refuse_retired(db: &Connection, wrapped: &WrappedKey) -> Result<(), StoreError> {
    let retired =
        exists(db, "SELECT EXISTS (SELECT 1 FROM retired WHERE wrapping_key = ?1)", &label(wrapped.wrapped_by()))?;
    if retired { Err(StoreError::RetiredKey) } else { Ok(()) }
}

/// Notes that all versions of a patient's key are to be destroyed, and takes away what the patient's records are found by.
pub(super) fn begin_destruction(db: &Connection, token: RecordId, event: &Event) -> Result<(), StoreError> {
    let note = (token.as_bytes(), event.to_bytes());
    db.execute("INSERT INTO destructions (patient, entry) VALUES (?1, ?2)", note)?;
    tokens::destroy(db, token)
}

/// The patients whose keys are being destroyed, with what is still stored of them. A forged note stops nobody else's.
pub(super) fn destructions(db: &Connection) -> Result<Vec<(RecordId, Vec<WrappedKey>)>, StoreError> {
    let mut begun = Vec::new();
    for patient in noted_patients(db)? {
        if is_begun(db, patient)? {
            begun.push((patient, stored_versions(db, patient)?));
        }
    }
    Ok(begun)
}

/// The patients about whose destruction there is a note.
fn noted_patients(db: &Connection) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = db.prepare_cached("SELECT patient FROM destructions ORDER BY patient")?;
    statement.query_and_then([], |row| Ok(RecordId::from_bytes(row.get(0)?)))?.collect()
}

/// The entry that will tell of a destruction that was begun.
pub(super) fn destruction(db: &Connection, token: RecordId) -> Result<Event, StoreError> {
    match note(db, token)? {
        Some(event) => Ok(event),
        None if is_ended(db, token)? => Err(StoreError::KeyDestroyed),
        None => Err(StoreError::NotBegun),
    }
}

/// What is noted about destroying a patient's key. It is what the trail will say, so it must be about this patient, who is known here
/// and whose key is not destroyed already.
fn note(db: &Connection, token: RecordId) -> Result<Option<Event>, StoreError> {
    let mut statement = db.prepare_cached("SELECT entry FROM destructions WHERE patient = ?1")?;
    let entry = statement.query_row([token.as_bytes()], |row| row.get::<_, Vec<u8>>(0)).optional()?;
    let Some(entry) = entry else { return Ok(None) };
    let event = Event::from_bytes(&entry).ok().filter(|event| destroyed_by(event) == Some(token));
    let can_be = is_patient(db, token)? && !is_ended(db, token)?;
    event.filter(|_| can_be).map(Some).ok_or(StoreError::ForgedDestruction { patient: token })
}

fn refuse_forged_note(db: &Connection, token: RecordId) -> Result<(), StoreError> {
    note(db, token).map(drop)
}

/// Refuses what is not done while a chart of the same person is being destroyed.
pub(super) fn refuse_begun(db: &Connection, token: RecordId) -> Result<(), StoreError> {
    for patient in person(db, token)? {
        if is_begun(db, patient)? {
            return Err(StoreError::NotEnded);
        }
    }
    Ok(())
}

/// Puts tombstones in the place of all versions of a patient's key.
pub(super) fn end_destruction(db: &Connection, token: RecordId, leaf: u64) -> Result<(), StoreError> {
    for key in stored_versions(db, token)? {
        put_in_place(db, &token.into(), &key.tombstone())?;
    }
    db.execute("INSERT INTO tombstones (patient, leaf) VALUES (?1, ?2)", (token.as_bytes(), stored(leaf)))?;
    db.execute("DELETE FROM destructions WHERE patient = ?1", [token.as_bytes()])?;
    // They are gone already, unless the note was made past the store.
    tokens::destroy(db, token)
}

/// Of a patient and everyone who was merged into the patient, those whose keys are neither destroyed nor being destroyed. Copies from
/// before a merge open with the keys of those who were merged.
pub(super) fn left_to_destroy(db: &Connection, token: RecordId) -> Result<Vec<RecordId>, StoreError> {
    let mut left = Vec::new();
    for patient in merged_into(db, token)?.into_iter().chain([token]) {
        refuse_forged_note(db, patient)?;
        if !is_begun(db, patient)? && !is_ended(db, patient)? {
            left.push(patient);
        }
    }
    Ok(left)
}

/// Whether a destruction of the patient's key was begun and not ended. A forged note begins nothing, but until it is taken away the
/// sweeps leave the patient out, and nothing is held or renewed.
pub(super) fn is_begun(db: &Connection, token: RecordId) -> Result<bool, StoreError> {
    match note(db, token) {
        Err(StoreError::ForgedDestruction { .. }) => Ok(false),
        noted => Ok(noted?.is_some()),
    }
}

/// Whether there is a tombstone.
pub(super) fn is_ended(db: &Connection, token: RecordId) -> Result<bool, StoreError> {
    exists(db, "SELECT EXISTS (SELECT 1 FROM tombstones WHERE patient = ?1)", token.as_bytes())
}

fn exists(db: &Connection, sql: &str, key: &[u8]) -> Result<bool, StoreError> {
    Ok(db.prepare_cached(sql)?.query_row([key], |row| row.get(0))?)
}

/// The entries that say by whom, when and why keys were destroyed, proven in a trail of this size.
pub(super) fn tombstones(db: &Connection, size: u64) -> Result<Vec<Tombstone>, StoreError> {
    let mut statement = db.prepare_cached("SELECT leaf FROM tombstones ORDER BY leaf")?;
    let leaves = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    let mut tombstones = Vec::new();
    for leaf in leaves.into_iter().map(number) {
        for (index, event) in log::events(db, leaf..leaf.saturating_add(1))? {
            tombstones.push(Tombstone { event, proof: prove_inclusion(&StoredNodes(db), index, size)? });
        }
    }
    Ok(tombstones)
}

/// Confirms that the keys that an entry says were destroyed are.
pub(super) fn verify_destroyed(db: &Connection, event: &Event) -> Result<(), StoreError> {
    let token = event.patient.as_deref().and_then(|patient| patient.parse::<RecordId>().ok());
    let Some(token) = token else { return Ok(()) };
    let mut statement = db.prepare_cached("SELECT wrapped FROM keys WHERE patient = ?1")?;
    let mut kept = statement.query_and_then([token.as_bytes()], |row| read(&row.get::<_, Vec<u8>>(0)?))?;
    let restored = kept.any(|key| !key.is_ok_and(|key| key.is_destroyed()));
    if restored { Err(StoreError::RestoredKey { patient: token }) } else { Ok(()) }
}

/// Confirms that each patient has a key, that a key is gone where an entry says that it was destroyed, and there alone, and that
/// what is noted of destructions is about their patients.
pub(super) fn verify(db: &Connection) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT token, wrapped, tombstones.leaf, entry FROM patients
        LEFT JOIN keys ON keys.patient = token
        LEFT JOIN tombstones ON tombstones.patient = token
        LEFT JOIN log USING (leaf)",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let patient = RecordId::from_bytes(row.get(0)?);
        let wrapped = row.get::<_, Option<Vec<u8>>>(1)?.ok_or(StoreError::MissingKey { patient })?;
        let is_gone = read(&wrapped)?.is_destroyed();
        let event = row.get::<_, Option<Vec<u8>>>(3)?.and_then(|entry| Event::from_bytes(&entry).ok());
        let is_told = event.is_some_and(|event| destroyed_by(&event) == Some(patient));
        match (is_gone, is_told) {
            (false, true) => return Err(StoreError::RestoredKey { patient }),
            (true, false) => return Err(StoreError::MissingKey { patient }),
            (false, false) if row.get::<_, Option<i64>>(2)?.is_some() => {
                return Err(StoreError::MissingKey { patient });
            }
            _ => {}
        }
    }
    noted_patients(db)?.into_iter().try_for_each(|patient| refuse_forged_note(db, patient))?;
    let Told { renewed, holds, retired } = told(db)?;
    verify_renewals(db, renewed)?;
    verify_merges(db)?;
    verify_holds(db, &holds)?;
    verify_retired(db, &retired)
}

/// What the whole trail tells of keys.
#[derive(Default)]
struct Told {
    /// The later versions of patients' keys, by their labels.
    renewed: BTreeMap<RecordId, Vec<String>>,
    holds: BTreeSet<Hold>,
    /// The labels of wrapping keys that are out of use.
    retired: BTreeSet<String>,
}

/// A patient, and a matter.
type Hold = (RecordId, String);

fn told(db: &Connection) -> Result<Told, StoreError> {
    let mut told = Told::default();
    log::for_each(db, |_, event| {
        if let Some((patient, key)) = renewed_by(event) {
            told.renewed.entry(patient).or_default().push(key.to_owned());
        }
        told.retired.extend(retired_by(event).map(str::to_owned));
        follow_hold(&mut told.holds, event);
        Ok(())
    })?;
    Ok(told)
}

/// Confirms that of each patient the first key is kept, and then just those that the trail says it was renewed with.
fn verify_renewals(db: &Connection, mut renewed: BTreeMap<RecordId, Vec<String>>) -> Result<(), StoreError> {
    for patient in patients(db)? {
        let told = renewed.remove(&patient).unwrap_or_default();
        let kept = stored_versions(db, patient)?;
        let later: Vec<_> = kept.iter().skip(1).map(|key| key.key().to_string()).collect();
        if kept.len() <= told.len() {
            return Err(StoreError::MissingKey { patient });
        }
        if later != told {
            return Err(StoreError::ForgedKey { patient });
        }
    }
    Ok(())
}

/// Confirms that each merge that is noted is told of.
fn verify_merges(db: &Connection) -> Result<(), StoreError> {
    let mut statement =
        db.prepare_cached("SELECT merges.patient, survivor, entry FROM merges LEFT JOIN log USING (leaf)")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (patient, into) = (RecordId::from_bytes(row.get(0)?), RecordId::from_bytes(row.get(1)?));
        let event = row.get::<_, Option<Vec<u8>>>(2)?.and_then(|entry| Event::from_bytes(&entry).ok());
        if event.as_ref().and_then(merged_by) != Some((patient, into)) {
            return Err(StoreError::ForgedMerge { patient });
        }
    }
    Ok(())
}

/// Confirms that just those holds stand that were put and not lifted.
fn verify_holds(db: &Connection, told: &BTreeSet<Hold>) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("SELECT patient, matter FROM holds")?;
    let kept = statement.query_map([], |row| Ok((RecordId::from_bytes(row.get(0)?), row.get(1)?)))?;
    let kept: BTreeSet<Hold> = kept.collect::<Result<_, _>>()?;
    match told.symmetric_difference(&kept).next() {
        Some((patient, _)) => Err(StoreError::ForgedHold { patient: *patient }),
        None => Ok(()),
    }
}

/// Confirms that just those wrapping keys are out of use that were taken out of use.
fn verify_retired(db: &Connection, told: &BTreeSet<String>) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("SELECT wrapping_key FROM retired")?;
    let kept = statement.query_and_then([], |row| {
        let label: [u8; 20] = row.get::<_, Vec<u8>>(0)?.try_into().map_err(|_| StoreError::ForgedRetirement)?;
        Ok(labelled(label).to_string())
    })?;
    let kept = kept.collect::<Result<BTreeSet<_>, StoreError>>()?;
    if kept == *told { Ok(()) } else { Err(StoreError::ForgedRetirement) }
}

/// Confirms that the merge that an entry tells of is noted.
pub(super) fn verify_merged(db: &Connection, from: RecordId, into: RecordId) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("SELECT survivor FROM merges WHERE patient = ?1")?;
    let noted = statement.query_row([from.as_bytes()], |row| row.get(0)).optional()?.map(RecordId::from_bytes);
    if noted == Some(into) { Ok(()) } else { Err(StoreError::ForgedMerge { patient: from }) }
}

/// Notes that a patient was merged into another.
pub(super) fn merge(db: &Connection, from: RecordId, into: RecordId, leaf: u64) -> Result<(), StoreError> {
    let merge = (from.as_bytes(), into.as_bytes(), stored(leaf));
    db.execute("INSERT INTO merges (patient, survivor, leaf) VALUES (?1, ?2, ?3)", merge)?;
    Ok(())
}

/// Into whom a patient was merged, in the end.
pub(super) fn survivor(db: &Connection, token: RecordId) -> Result<Option<RecordId>, StoreError> {
    let mut statement = db.prepare_cached(
        "WITH RECURSIVE line (patient) AS (SELECT ?1 UNION SELECT survivor FROM merges JOIN line USING (patient))
        SELECT patient FROM line WHERE patient NOT IN (SELECT patient FROM merges)",
    )?;
    let last = statement.query_row([token.as_bytes()], |row| row.get(0)).optional()?;
    // Merges that go round were never noted by this store.
    let last = last.map(RecordId::from_bytes).ok_or(StoreError::ForgedMerge { patient: token })?;
    Ok(Some(last).filter(|last| *last != token))
}

/// Who was merged into a patient, in one step or several, in the order of their tokens.
pub(super) fn merged_into(db: &Connection, token: RecordId) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = db.prepare_cached(
        "WITH RECURSIVE line (patient) AS (
            SELECT patient FROM merges WHERE survivor = ?1
            UNION SELECT merges.patient FROM merges JOIN line ON merges.survivor = line.patient
        )
        SELECT patient FROM line WHERE patient <> ?1 ORDER BY patient",
    )?;
    let patients = statement.query_map([token.as_bytes()], |row| row.get(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(patients.into_iter().map(RecordId::from_bytes).collect())
}

/// All who are the same person as a patient, as far as is known here.
pub(super) fn person(db: &Connection, token: RecordId) -> Result<Vec<RecordId>, StoreError> {
    let last = survivor(db, token)?.unwrap_or(token);
    let mut person = merged_into(db, last)?;
    person.push(last);
    Ok(person)
}

/// Refuses what is to be stored for the other patient.
pub(super) fn refuse_merged(db: &Connection, token: RecordId) -> Result<(), StoreError> {
    survivor(db, token)?.map_or(Ok(()), |into| Err(StoreError::Merged { into }))
}

/// Refuses what a patient without a key cannot have.
pub(super) fn refuse_destroyed(db: &Connection, token: RecordId) -> Result<(), StoreError> {
    if is_ended(db, token)? || is_begun(db, token)? { Err(StoreError::KeyDestroyed) } else { Ok(()) }
}

/// Refuses what is sealed under a key of the patient that is not kept: nobody could read it.
pub(super) fn refuse_unkept(db: &Connection, patient: RecordId, key: KeyLabel) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("SELECT wrapped FROM keys WHERE patient = ?1 AND version = ?2")?;
    let kept = statement.query_row((patient.as_bytes(), key.version), |row| row.get::<_, Vec<u8>>(0)).optional()?;
    match kept.map(|kept| read(&kept)).transpose()? {
        Some(kept) if kept.key() == key => Ok(()),
        _ => Err(StoreError::MissingKey { patient }),
    }
}

pub(super) fn hold(db: &Connection, token: RecordId, matter: &str) -> Result<(), StoreError> {
    refuse_unknown(db, token)?;
    refuse_destroyed(db, token)?;
    refuse_forged_note(db, token)?;
    refuse_begun(db, token)?;
    db.execute("INSERT OR IGNORE INTO holds (patient, matter) VALUES (?1, ?2)", (token.as_bytes(), matter))?;
    Ok(())
}

/// Puts a patient on hold for the matters of another, and gives those that are new.
pub(super) fn carry_holds(db: &Connection, from: RecordId, into: RecordId) -> Result<Vec<String>, StoreError> {
    let known = holds(db, into)?;
    let carried: Vec<_> = holds(db, from)?.into_iter().filter(|matter| !known.contains(matter)).collect();
    carried.iter().try_for_each(|matter| hold(db, into, matter))?;
    Ok(carried)
}

/// Lifts a hold, also one whose row was taken away past the store, as long as the trail tells of it.
pub(super) fn release(db: &Connection, token: RecordId, matter: &str) -> Result<(), StoreError> {
    let released = db.execute("DELETE FROM holds WHERE patient = ?1 AND matter = ?2", (token.as_bytes(), matter))?;
    let is_told = || Ok::<_, StoreError>(told_holds(db, token)?.contains(&(token, matter.to_owned())));
    if released == 0 && !is_told()? { Err(StoreError::NotOnHold) } else { Ok(()) }
}

/// The holds on a patient that the trail tells of.
fn told_holds(db: &Connection, token: RecordId) -> Result<BTreeSet<Hold>, StoreError> {
    let mut told = BTreeSet::new();
    log::events_of(db, &token.to_string())?.iter().for_each(|(_, event)| follow_hold(&mut told, event));
    Ok(told)
}

pub(super) fn holds(db: &Connection, token: RecordId) -> Result<Vec<String>, StoreError> {
    let mut statement = db.prepare_cached("SELECT matter FROM holds WHERE patient = ?1 ORDER BY matter")?;
    Ok(statement.query_map([token.as_bytes()], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Whether a hold stands against destroying the patient's key: on anyone who is the same person, as far as is known here. One whose
/// row was taken away past the store stands still, because the trail tells of it.
pub(super) fn is_on_hold(db: &Connection, token: RecordId) -> Result<bool, StoreError> {
    for patient in person(db, token)? {
        if !holds(db, patient)?.is_empty() || !told_holds(db, patient)?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Goes by what an entry says of a hold.
fn follow_hold(holds: &mut BTreeSet<Hold>, event: &Event) {
    match held_by(event) {
        Some((patient, matter, true)) => holds.extend([(patient, matter.to_owned())]),
        Some((patient, matter, false)) => _ = holds.remove(&(patient, matter.to_owned())),
        None => {}
    }
}

pub(super) fn patients(db: &Connection) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = db.prepare_cached("SELECT token FROM patients ORDER BY sequence")?;
    statement.query_and_then([], |row| Ok(RecordId::from_bytes(row.get(0)?)))?.collect()
}

pub(super) fn refuse_unknown(db: &Connection, token: RecordId) -> Result<(), StoreError> {
    if is_patient(db, token)? { Ok(()) } else { Err(StoreError::UnknownPatient) }
}

pub(super) fn is_patient(db: &Connection, token: RecordId) -> Result<bool, StoreError> {
    exists(db, "SELECT EXISTS (SELECT 1 FROM patients WHERE token = ?1)", token.as_bytes())
}

fn read(bytes: &[u8]) -> Result<WrappedKey, StoreError> {
    WrappedKey::from_bytes(bytes).map_err(StoreError::MalformedKey)
}

/// A label as the table has it, to be compared and nothing else.
fn label(label: KeyLabel) -> [u8; 20] {
    let mut bytes = [0; 20];
    let (id, version) = bytes.split_at_mut(16);
    id.copy_from_slice(&label.id.to_bytes());
    version.copy_from_slice(&label.version.to_be_bytes());
    bytes
}

/// The label that the table has.
const fn labelled([id @ .., a, b, c, d]: [u8; 20]) -> KeyLabel {
    KeyLabel { id: KeyId::from_bytes(id), version: u32::from_be_bytes([a, b, c, d]) }
}
