//! The house's own keys, in the table of keys.

use std::collections::{BTreeMap, BTreeSet};

use chartroom_audit::event::Kind;
use chartroom_seal::{KeyLabel, WrappedKey};
use chartroom_vault::KeyOwner;
use rusqlite::Connection;

use super::{keys, log, tokens};
use crate::StoreError;
use crate::store::house_key_by;

/// The versions of a key, oldest first. Whatever stands in the rows, one that was dropped is a tombstone.
pub(super) fn versions(db: &Connection, name: &str) -> Result<Vec<WrappedKey>, StoreError> {
    let dropped = dropped(db, name)?;
    let kept = keys::stored_versions_of(db, &KeyOwner::house(name))?.into_iter();
    Ok(kept.map(|key| if dropped.contains(&key.key().version) { key.tombstone() } else { key }).collect())
}

fn dropped(db: &Connection, name: &str) -> Result<BTreeSet<u32>, StoreError> {
    let mut statement = db.prepare_cached("SELECT version FROM dropped WHERE house = ?1")?;
    Ok(statement.query_map([name], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

pub(super) fn names(db: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = db.prepare_cached("SELECT DISTINCT house FROM keys WHERE house IS NOT NULL ORDER BY house")?;
    Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// The version of a key that makes tokens; 0 where there is no such key.
pub(super) fn current(db: &Connection, name: &str) -> Result<u32, StoreError> {
    let mut statement =
        db.prepare_cached("SELECT ifnull(max(version), 0) FROM keys WHERE patient IS NULL AND house = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0))?)
}

/// Inserts the first or the next version of a key.
pub(super) fn follow(db: &Connection, name: &str, wrapped: &WrappedKey) -> Result<(), StoreError> {
    let last = versions(db, name)?.pop();
    let id = last.as_ref().map_or(wrapped.key().id, |last| last.key().id);
    let current = last.map_or(0, |last| last.key().version);
    if wrapped.key() != (KeyLabel { id, version: current.saturating_add(1) }) {
        return Err(StoreError::KeyConflict { current });
    }
    keys::insert(db, &KeyOwner::house(name), wrapped)
}

/// Puts a tombstone in the place of an older version, and gives its label. One under which something is found is refused.
pub(super) fn drop_version(db: &Connection, name: &str, version: u32) -> Result<KeyLabel, StoreError> {
    let key = versions(db, name)?.into_iter().find(|key| key.key().version == version);
    let key = key.ok_or(StoreError::UnknownHouseKey)?;
    if key.is_destroyed() {
        return Err(StoreError::KeyDestroyed);
    }
    if version == current(db, name)? {
        return Err(StoreError::CurrentKey);
    }
    let records = tokens::records_under(db, name, version)?;
    if records > 0 {
        return Err(StoreError::IndexInUse { records });
    }
    keys::put_in_place(db, &KeyOwner::house(name), &key.tombstone())?;
    db.execute("INSERT INTO dropped (house, version) VALUES (?1, ?2)", (name, version))?;
    Ok(key.key())
}

/// Confirms that of each key of the house just those versions are kept that the trail tells of, and that those are gone, and no others,
/// that it says were dropped.
pub(super) fn verify(db: &Connection) -> Result<(), StoreError> {
    let mut told = BTreeMap::<String, Vec<(String, bool)>>::new();
    log::for_each(db, |_, event| {
        let Some((name, label)) = house_key_by(event) else { return Ok(()) };
        let versions = told.entry(name.to_owned()).or_default();
        if event.kind == Kind::KeyDestruction {
            versions.iter_mut().filter(|(known, _)| known == label).for_each(|(_, is_gone)| *is_gone = true);
        } else {
            versions.push((label.to_owned(), false));
        }
        Ok(())
    })?;
    for name in names(db)?.into_iter().chain(told.keys().cloned()).collect::<BTreeSet<_>>() {
        let told = told.remove(&name).unwrap_or_default();
        let kept = keys::stored_versions_of(db, &KeyOwner::house(&name))?;
        let dropped = dropped(db, &name)?;
        let found: Vec<_> = kept.iter().map(|key| (key.key().to_string(), key.is_destroyed())).collect();
        let is_missing = |((_, is_gone), (_, told_gone)): (&(String, bool), &(String, bool))| *is_gone && !told_gone;
        if kept.len() < told.len() || found.iter().zip(&told).any(is_missing) {
            return Err(StoreError::MissingHouseKey { name: name.into() });
        }
        let are_noted = kept.iter().all(|key| dropped.contains(&key.key().version) == key.is_destroyed());
        if found != told || !are_noted {
            return Err(StoreError::ForgedHouseKey { name: name.into() });
        }
    }
    Ok(())
}
