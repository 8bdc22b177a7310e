//! The tokens by which records are found, in their table.

use chartroom_vault::{RecordId, SealedRecord};
use rusqlite::Connection;

use crate::{StoreError, Token};

/// Puts the tokens of a new version in the place of those of the last one.
pub(super) fn replace(db: &Connection, record: &SealedRecord, tokens: &[Token<'_>]) -> Result<(), StoreError> {
    let (id, patient) = (record.id(), record.patient());
    db.prepare_cached("DELETE FROM tokens WHERE record = ?1")?.execute([id.as_bytes()])?;
    let mut statement =
        db.prepare_cached("INSERT OR IGNORE INTO tokens (name, token, record, patient) VALUES (?1, ?2, ?3, ?4)")?;
    for Token { index, bytes } in tokens {
        statement.execute((index, bytes, id.as_bytes(), patient.as_bytes()))?;
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
pub(super) fn find(db: &Connection, tokens: &[Token<'_>]) -> Result<Vec<RecordId>, StoreError> {
    let mut found = Vec::new();
    let mut statement = db.prepare_cached("SELECT record FROM tokens WHERE name = ?1 AND token = ?2")?;
    for Token { index, bytes } in tokens {
        let records = statement.query_and_then((index, bytes), |row| Ok(RecordId::from_bytes(row.get(0)?)))?;
        found.extend(records.collect::<Result<Vec<_>, StoreError>>()?);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
