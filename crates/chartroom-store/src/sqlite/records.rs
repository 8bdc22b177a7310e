//! Patients and records in their tables.

use chartroom_seal::WrappedKey;
use chartroom_vault::{RecordId, SealedRecord};
use rusqlite::{Connection, OptionalExtension, Params, Row};

use super::{number, stored};
use crate::StoreError;

pub(super) fn insert_patient(db: &Connection, token: RecordId, wrapped: &WrappedKey) -> Result<(), StoreError> {
    if is_patient(db, token)? {
        return Err(StoreError::KnownPatient);
    }
    let mut statement = db.prepare_cached("INSERT INTO patients (token, wrapped_key) VALUES (?1, ?2)")?;
    statement.execute((token.as_bytes(), wrapped.to_bytes()))?;
    Ok(())
}

pub(super) fn wrapped_key(db: &Connection, token: RecordId) -> Result<Option<WrappedKey>, StoreError> {
    let mut statement = db.prepare_cached("SELECT wrapped_key FROM patients WHERE token = ?1")?;
    let bytes: Option<Vec<u8>> = statement.query_row([token.as_bytes()], |row| row.get(0)).optional()?;
    bytes.map(|bytes| WrappedKey::from_bytes(&bytes).map_err(StoreError::MalformedKey)).transpose()
}

pub(super) fn patients(db: &Connection) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = db.prepare_cached("SELECT token FROM patients ORDER BY sequence")?;
    statement.query_and_then([], |row| Ok(RecordId::from_bytes(row.get(0)?)))?.collect()
}

fn is_patient(db: &Connection, token: RecordId) -> Result<bool, StoreError> {
    let mut statement = db.prepare_cached("SELECT EXISTS (SELECT 1 FROM patients WHERE token = ?1)")?;
    Ok(statement.query_row([token.as_bytes()], |row| row.get(0))?)
}

/// Inserts a version, if it is the one that follows.
pub(super) fn insert(db: &Connection, record: &SealedRecord) -> Result<(), StoreError> {
    if !is_patient(db, record.patient())? {
        return Err(StoreError::UnknownPatient);
    }
    follows(db, record)?;
    let mut statement = db.prepare_cached(
        "INSERT INTO records (id, version, patient, resource_type, sealed) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    let (id, patient, sealed) = (record.id(), record.patient(), record.to_bytes());
    let version = stored(record.version());
    statement.execute((id.as_bytes(), version, patient.as_bytes(), record.resource_type(), sealed))?;
    Ok(())
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
