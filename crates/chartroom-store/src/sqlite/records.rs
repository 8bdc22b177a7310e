//! Records in their table.

use std::collections::HashSet;

use chartroom_audit::Event;
use chartroom_audit::event::{Kind, Outcome};
use chartroom_audit::merkle::{Hash, leaf_hash};
use chartroom_seal::KeyLabel;
use chartroom_vault::{RecordId, Resealed, SealedRecord};
use rusqlite::{Connection, OptionalExtension, Params, Row};

use super::{keys, log, number, stored};
use crate::store::merged_by;
use crate::{Kept, StoreError};

/// Refuses a version that is not the one that follows.
pub(super) fn refuse_stray(db: &Connection, record: &SealedRecord) -> Result<(), StoreError> {
    keys::refuse_unknown(db, record.patient())?;
    keys::refuse_destroyed(db, record.patient())?;
    keys::refuse_merged(db, record.patient())?;
    follows(db, record)?;
    keys::refuse_unkept(db, record.patient(), key(record)?)
}

/// Inserts a version that was stored under an entry of the trail.
pub(super) fn insert(db: &Connection, record: &SealedRecord, leaf: u64) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "INSERT INTO records (id, version, patient, key_version, resource_type, leaf, sealed)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    let (id, patient, sealed) = (record.id(), record.patient(), record.to_bytes());
    let (version, leaf, resource_type) = (stored(record.version()), stored(leaf), record.resource_type());
    let key = key(record)?.version;
    statement.execute((id.as_bytes(), version, patient.as_bytes(), key, resource_type, leaf, sealed))?;
    Ok(())
}

/// Refuses a new sealing of what is not kept as a version of this patient's record.
pub(super) fn refuse_other(db: &Connection, anew: &Resealed, patient: RecordId) -> Result<(), StoreError> {
    let record = anew.record();
    keys::refuse_unknown(db, record.patient())?;
    keys::refuse_destroyed(db, record.patient())?;
    let kept = version(db, record.id(), record.version())?;
    let kept = kept.ok_or(StoreError::MissingRecord { record: record.id(), version: record.version() })?;
    if kept.patient() != patient {
        return Err(StoreError::AnotherRecord { record: record.id() });
    }
    if leaf_hash(&kept.to_bytes()) != anew.replaces() {
        return Err(StoreError::ResealConflict { record: record.id(), version: record.version() });
    }
    keys::refuse_unkept(db, record.patient(), key(record)?)
}

/// Puts a new sealing in the place of the old one.
pub(super) fn replace(db: &Connection, record: &SealedRecord, leaf: u64) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "UPDATE records SET patient = ?3, key_version = ?4, leaf = ?5, sealed = ?6 WHERE id = ?1 AND version = ?2",
    )?;
    let (id, patient, sealed) = (record.id(), record.patient(), record.to_bytes());
    let (version, leaf, key) = (stored(record.version()), stored(leaf), key(record)?.version);
    statement.execute((id.as_bytes(), version, patient.as_bytes(), key, leaf, sealed))?;
    Ok(())
}

/// Refuses to leave a patient with any version of a record.
pub(super) fn refuse_left_behind(db: &Connection, patient: RecordId) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("SELECT id FROM records WHERE patient = ?1 LIMIT 1")?;
    let left = statement.query_row([patient.as_bytes()], |row| row.get(0)).optional()?;
    left.map_or(Ok(()), |id| Err(StoreError::LeftBehind { record: RecordId::from_bytes(id) }))
}

/// The patient's key that seals a record.
fn key(record: &SealedRecord) -> Result<KeyLabel, StoreError> {
    let malformed = |cause| StoreError::MalformedRecord { record: record.id(), version: record.version(), cause };
    record.key().map_err(malformed)
}

/// Whether the version follows the last one that is kept, and belongs to the same record.
fn follows(db: &Connection, record: &SealedRecord) -> Result<(), StoreError> {
    let id = record.id();
    let mut statement = db.prepare_cached(
        "SELECT version, patient = ?2 AND resource_type = ?3 FROM records WHERE id = ?1 ORDER BY version DESC LIMIT 1",
    )?;
    let known = (id.as_bytes(), record.patient().as_bytes().to_owned(), record.resource_type());
    let last = statement.query_row(known, |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let (current, is_the_same) = last.map_or((0, true), |(version, same)| (number(version), same));
    if !is_the_same {
        return Err(StoreError::AnotherRecord { record: id });
    }
    if record.version().checked_sub(1) != Some(current) {
        return Err(StoreError::Conflict { record: id, current });
    }
    Ok(())
}

/// The patient of a record.
pub(super) fn owner(db: &Connection, id: RecordId) -> Result<Option<RecordId>, StoreError> {
    let mut statement = db.prepare_cached("SELECT patient FROM records WHERE id = ?1 LIMIT 1")?;
    Ok(statement.query_row([id.as_bytes()], |row| row.get(0)).optional()?.map(RecordId::from_bytes))
}

pub(super) fn latest(db: &Connection, id: RecordId) -> Result<Option<SealedRecord>, StoreError> {
    let sql = "SELECT id, version, patient, sealed FROM records WHERE id = ?1 ORDER BY version DESC LIMIT 1";
    Ok(sealed_records(db, sql, [id.as_bytes()])?.pop())
}

pub(super) fn version(db: &Connection, id: RecordId, version: u64) -> Result<Option<SealedRecord>, StoreError> {
    let sql = "SELECT id, version, patient, sealed FROM records WHERE id = ?1 AND version = ?2";
    Ok(sealed_records(db, sql, (id.as_bytes(), stored(version)))?.pop())
}

pub(super) fn of_patient(db: &Connection, patient: RecordId) -> Result<Vec<SealedRecord>, StoreError> {
    let sql = "SELECT id, version, patient, sealed FROM records AS latest
        WHERE patient = ?1
          AND version = (SELECT max(version) FROM records WHERE id = latest.id)
        ORDER BY (SELECT sequence FROM records WHERE id = latest.id AND version = 1)";
    sealed_records(db, sql, [patient.as_bytes()])
}

/// The versions behind this place that are sealed under an older key than their patient's newest.
pub(super) fn under_older_keys(
    db: &Connection,
    behind: u64,
    limit: usize,
) -> Result<Vec<Kept<SealedRecord>>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT id, version, patient, sealed, sequence FROM records AS kept
        WHERE sequence > ?1
          AND key_version < (SELECT max(version) FROM keys WHERE patient = kept.patient)
          AND patient NOT IN (SELECT patient FROM tombstones UNION ALL SELECT patient FROM destructions)
        ORDER BY sequence LIMIT ?2",
    )?;
    let found = statement.query_and_then([stored(behind), stored(limit as u64)], |row| {
        Ok(Kept { place: number(row.get(4)?), kept: sealed_record(row)? })
    })?;
    found.collect()
}

/// Confirms that what is kept of each version is what the trail says was stored last, and that nothing is missing.
pub(super) fn verify(db: &Connection) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT id, version, records.patient, sealed, entry, key_version, resource_type FROM records
        LEFT JOIN log USING (leaf) ORDER BY sequence",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (record, version) = (RecordId::from_bytes(row.get(0)?), number(row.get(1)?));
        let owner = RecordId::from_bytes(row.get(2)?);
        let patient = owner.to_string();
        let sealed = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
        let event = row.get::<_, Option<Vec<u8>>>(4)?.and_then(|entry| Event::from_bytes(&entry).ok());
        let as_written = event.is_some_and(|event| {
            let named = event.record.as_ref().is_some_and(|it| it.id == record.to_string() && it.version == version);
            named && event.patient.as_deref() == Some(&*patient) && event.stored == Some(leaf_hash(sealed))
        });
        if !as_written {
            return Err(StoreError::ReplacedRecord { record, version });
        }
        let found = sealed_record(row)?;
        let key = key(&found)?;
        // The sweeps find it by these.
        let resource_type = row.get_ref(6)?.as_str().map_err(rusqlite::Error::from)?;
        if (key.version, found.resource_type()) != (row.get(5)?, resource_type) {
            return Err(StoreError::MisplacedRecord { record, version });
        }
        keys::refuse_unkept(db, owner, key)?;
    }
    let mut told = HashSet::new();
    log::for_each(db, |leaf, event| verify_entry(db, leaf, event, &mut told))
}

/// Confirms that what an entry says was stored, or destroyed, is kept so, unless a later entry replaced it. No sealing is ever told of
/// twice, because each has random numbers of its own: an entry about an older one was made to set a record back.
fn verify_entry(db: &Connection, leaf: u64, event: &Event, told: &mut HashSet<Hash>) -> Result<(), StoreError> {
    if event.kind == Kind::KeyDestruction && event.outcome == Outcome::Success {
        return keys::verify_destroyed(db, event);
    }
    if let Some((from, into)) = merged_by(event) {
        return keys::verify_merged(db, from, into);
    }
    let (Some(reference), Some(hash)) = (&event.record, event.stored) else { return Ok(()) };
    let Ok(record) = reference.id.parse::<RecordId>() else { return Ok(()) };
    let version = reference.version;
    if !told.insert(hash) {
        return Err(StoreError::ReplacedRecord { record, version });
    }
    let mut statement = db.prepare_cached("SELECT leaf FROM records WHERE id = ?1 AND version = ?2")?;
    let kept = statement.query_row((record.as_bytes(), stored(version)), |row| row.get(0)).optional()?;
    match kept.map(number) {
        None => Err(StoreError::MissingRecord { record, version }),
        Some(kept) if kept < leaf => Err(StoreError::ReplacedRecord { record, version }),
        Some(_) => Ok(()),
    }
}

pub(super) fn versions(db: &Connection, id: RecordId) -> Result<Vec<u64>, StoreError> {
    let mut statement = db.prepare_cached("SELECT version FROM records WHERE id = ?1 ORDER BY version")?;
    statement.query_and_then([id.as_bytes()], |row| Ok(number(row.get(0)?)))?.collect()
}

/// The records that a statement finds. It must select id, version, patient and sealed bytes.
fn sealed_records(db: &Connection, sql: &str, params: impl Params) -> Result<Vec<SealedRecord>, StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    statement.query_and_then(params, sealed_record)?.collect()
}

/// Reads a record, and makes sure that it is the one that its row says.
fn sealed_record(row: &Row<'_>) -> Result<SealedRecord, StoreError> {
    let (record, version) = (RecordId::from_bytes(row.get(0)?), number(row.get(1)?));
    let patient = RecordId::from_bytes(row.get(2)?);
    let bytes = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
    let malformed = |cause| StoreError::MalformedRecord { record, version, cause };
    let found = SealedRecord::from_bytes(bytes).map_err(malformed)?;
    if (found.id(), found.version(), found.patient()) != (record, version, patient) {
        return Err(StoreError::MisplacedRecord { record, version });
    }
    Ok(found)
}
