//! The tokens by which records are found, in their table.

use std::collections::BTreeMap;

use chartroom_audit::merkle::{Hash, leaf_hash};
use chartroom_seal::index::IndexVersion;
use chartroom_vault::{RecordId, Retokened, SealedRecord, Token};
use rusqlite::{Connection, OptionalExtension, Params, Statement};

use super::{house, keys, log, number, records, stored};
use crate::store::found_by_of;
use crate::{Kept, StoreError};

/// Refuses tokens of another version of an index than the one that makes them now: whoever made them is to open the index again.
pub(super) fn refuse_outdated(db: &Connection, tokens: &[Token]) -> Result<(), StoreError> {
    for (index, versions) in by_index(tokens) {
        let current = house::current(db, index)?;
        if current == 0 || versions.iter().any(|version| *version != current) {
            return Err(StoreError::IndexConflict { index: index.into(), current });
        }
    }
    Ok(())
}

/// Refuses a search that leaves out a version of an index under which something may stand.
fn refuse_partial(db: &Connection, tokens: &[Token]) -> Result<(), StoreError> {
    for (index, versions) in by_index(tokens) {
        let kept = house::versions(db, index)?;
        let mut living = kept.iter().filter(|key| !key.is_destroyed()).map(|key| key.key().version);
        if kept.is_empty() || living.any(|version| !versions.contains(&version)) {
            return Err(StoreError::IndexConflict { index: index.into(), current: house::current(db, index)? });
        }
    }
    Ok(())
}

/// The versions of the key that made these tokens, by index.
fn by_index(tokens: &[Token]) -> BTreeMap<&str, Vec<u32>> {
    let mut indexes = BTreeMap::<_, Vec<_>>::new();
    for token in tokens {
        indexes.entry(token.index()).or_default().push(token.token().version().key);
    }
    indexes
}

/// Puts the tokens of a new version in the place of those of the last one.
pub(super) fn replace(db: &Connection, record: &SealedRecord, tokens: &[Token]) -> Result<(), StoreError> {
    db.prepare_cached("DELETE FROM tokens WHERE record = ?1")?.execute([record.id().as_bytes()])?;
    insert(db, record.id(), record.patient(), tokens)
}

/// Puts the tokens of a record in one index in the place of those it has there, and gives the record; nothing where it had none and
/// gets none.
pub(super) fn reindex(db: &Connection, anew: &Retokened) -> Result<Option<SealedRecord>, StoreError> {
    let (id, index) = (anew.record(), anew.index());
    let record = records::latest(db, id)?;
    let record = record.ok_or(StoreError::MissingRecord { record: id, version: anew.version() })?;
    if record.version() != anew.version() {
        return Err(StoreError::Conflict { record: id, current: record.version() });
    }
    keys::refuse_destroyed(db, record.patient())?;
    let current = house::current(db, index)?;
    if anew.made_by().key != current {
        return Err(StoreError::IndexConflict { index: index.into(), current });
    }
    let had =
        db.prepare_cached("DELETE FROM tokens WHERE record = ?1 AND name = ?2")?.execute((id.as_bytes(), index))?;
    if had == 0 && anew.tokens().is_empty() {
        return Ok(None);
    }
    insert(db, id, record.patient(), anew.tokens())?;
    Ok(Some(record))
}

fn insert(db: &Connection, record: RecordId, patient: RecordId, tokens: &[Token]) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached(
        "INSERT OR IGNORE INTO tokens (name, forms, key_version, value, record, patient) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for token in tokens {
        let (IndexVersion { forms, key }, value) = (token.token().version(), token.token().value());
        statement.execute((token.index(), forms, key, value, record.as_bytes(), patient.as_bytes()))?;
    }
    salt(db, record)
}

/// Gives a record's tokens a new salt. A token is so short that a bare hash would tell it, even when it is long destroyed.
fn salt(db: &Connection, record: RecordId) -> Result<(), StoreError> {
    let record = [record.as_bytes()];
    db.prepare_cached("DELETE FROM salts WHERE record = ?1")?.execute(record)?;
    // SQLite's random numbers are of a stream cipher under a seed of the operating system.
    let sql = "INSERT INTO salts SELECT ?1, randomblob(32) WHERE EXISTS (SELECT 1 FROM tokens WHERE record = ?1)";
    db.prepare_cached(sql)?.execute(record)?;
    Ok(())
}

/// Takes away all that a patient's records are found by.
pub(super) fn destroy(db: &Connection, patient: RecordId) -> Result<(), StoreError> {
    let patient = [patient.as_bytes()];
    db.execute("DELETE FROM salts WHERE record IN (SELECT id FROM records WHERE patient = ?1)", patient)?;
    db.execute("DELETE FROM tokens WHERE patient = ?1", patient)?;
    Ok(())
}

/// A hash, as of a leaf, over all that a record is found by: what its entry on the trail says of it.
///
/// Format 1: byte `01`; where there are tokens, the salt; then each token, in the order of the bytes: the name of the index behind its
/// length in 4 bytes, the version of the forms in 1, that of the key in 4, the value in 4, all numbers big-endian.
pub(super) fn found_by(db: &Connection, record: RecordId) -> Result<Hash, StoreError> {
    let mut statement = db.prepare_cached("SELECT salt FROM salts WHERE record = ?1")?;
    let salt = statement.query_row([record.as_bytes()], |row| row.get::<_, Vec<u8>>(0)).optional()?;
    let mut statement = db.prepare_cached("SELECT name, forms, key_version, value FROM tokens WHERE record = ?1")?;
    let tokens = statement.query_and_then([record.as_bytes()], |row| {
        let (name, forms) = (row.get::<_, String>(0)?, row.get::<_, u8>(1)?);
        let mut token = (name.len() as u32).to_be_bytes().to_vec();
        token.extend_from_slice(name.as_bytes());
        token.push(forms);
        token.extend_from_slice(&row.get::<_, u32>(2)?.to_be_bytes());
        token.extend_from_slice(&row.get::<_, u32>(3)?.to_be_bytes());
        Ok(token)
    })?;
    let mut tokens = tokens.collect::<Result<Vec<_>, StoreError>>()?;
    tokens.sort_unstable();
    Ok(leaf_hash(&[&[1][..], &salt.unwrap_or_default(), &tokens.concat()].concat()))
}

/// Confirms that each record is found by what the trail says was stored last, and nothing else is found; and that what was destroyed is
/// found by nothing.
pub(super) fn verify(db: &Connection) -> Result<(), StoreError> {
    let mut told = BTreeMap::<RecordId, Hash>::new();
    log::for_each(db, |_, event| {
        told.extend(found_by_of(event));
        Ok(())
    })?;
    let nothing = leaf_hash(&[1]);
    for (record, told) in &told {
        // That the record is there, the records are asked.
        let Some(owner) = records::owner(db, *record)? else { continue };
        let is_destroyed = keys::is_ended(db, owner)? || keys::is_begun(db, owner)?;
        if found_by(db, *record)? != if is_destroyed { nothing } else { *told } {
            return Err(StoreError::ReplacedTokens { record: *record });
        }
    }
    let mut statement = db.prepare_cached(
        "SELECT record, EXISTS (SELECT 1 FROM records WHERE id = record AND records.patient = tokens.patient) FROM tokens",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (record, is_filed) = (RecordId::from_bytes(row.get(0)?), row.get::<_, bool>(1)?);
        if !is_filed || !told.contains_key(&record) {
            return Err(StoreError::ReplacedTokens { record });
        }
    }
    Ok(())
}

/// Files the tokens of a record under the patient to whom it was moved.
pub(super) fn rebind(db: &Connection, record: &SealedRecord) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("UPDATE tokens SET patient = ?2 WHERE record = ?1")?;
    statement.execute((record.id().as_bytes(), record.patient().as_bytes()))?;
    Ok(())
}

/// The records that have one of these tokens.
pub(super) fn find(db: &Connection, tokens: &[Token]) -> Result<Vec<RecordId>, StoreError> {
    refuse_partial(db, tokens)?;
    let mut found = Vec::new();
    let mut statement = db.prepare_cached(
        "SELECT record FROM tokens WHERE name = ?1 AND forms = ?2 AND key_version = ?3 AND value = ?4",
    )?;
    for token in tokens {
        let (IndexVersion { forms, key }, value) = (token.token().version(), token.token().value());
        let records = statement
            .query_and_then((token.index(), forms, key, value), |row| Ok(RecordId::from_bytes(row.get(0)?)))?;
        found.extend(records.collect::<Result<Vec<_>, StoreError>>()?);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// How many records have tokens under one version of an index's key.
pub(super) fn records_under(db: &Connection, index: &str, key_version: u32) -> Result<u64, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT count(DISTINCT record) FROM tokens WHERE name = ?1 AND key_version = ?2")?;
    Ok(statement.query_row((index, key_version), |row| row.get(0)).map(number)?)
}

/// The newest versions of the records behind this place that have tokens of an older version of an index.
pub(super) fn under_older(
    db: &Connection,
    index: &str,
    current: IndexVersion,
    behind: u64,
    limit: usize,
) -> Result<Vec<Kept<SealedRecord>>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT id, sequence FROM records AS kept
        WHERE sequence > ?4 AND version = (SELECT max(version) FROM records WHERE id = kept.id)
          AND EXISTS (SELECT 1 FROM tokens WHERE record = id AND name = ?1 AND (forms < ?2 OR key_version < ?3))
        ORDER BY sequence LIMIT ?5",
    )?;
    let params = (index, current.forms, current.key, stored(behind), stored(limit as u64));
    newest(db, &mut statement, params)
}

/// The newest versions of the records of a type behind this place that have no token in an index as it is now.
pub(super) fn without(
    db: &Connection,
    (index, resource_type): (&str, &str),
    current: IndexVersion,
    behind: u64,
    limit: usize,
) -> Result<Vec<Kept<SealedRecord>>, StoreError> {
    let mut statement = db.prepare_cached(
        "SELECT id, sequence FROM records AS kept
        WHERE sequence > ?4 AND version = (SELECT max(version) FROM records WHERE id = kept.id) AND resource_type = ?6
          AND NOT EXISTS (SELECT 1 FROM tokens WHERE record = id AND name = ?1 AND forms = ?2 AND key_version = ?3)
          AND patient NOT IN (SELECT patient FROM tombstones UNION ALL SELECT patient FROM destructions)
        ORDER BY sequence LIMIT ?5",
    )?;
    let params = (index, current.forms, current.key, stored(behind), stored(limit as u64), resource_type);
    newest(db, &mut statement, params)
}

/// The newest versions of the records that a statement finds. It must select id and sequence.
fn newest(
    db: &Connection,
    statement: &mut Statement<'_>,
    params: impl Params,
) -> Result<Vec<Kept<SealedRecord>>, StoreError> {
    let rows = statement.query_map(params, |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut found = Vec::new();
    for row in rows {
        let (id, sequence) = row?;
        found.extend(records::latest(db, RecordId::from_bytes(id))?.map(|kept| Kept { place: number(sequence), kept }));
    }
    Ok(found)
}
