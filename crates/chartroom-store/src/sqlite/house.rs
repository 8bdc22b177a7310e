//! The house's own keys, in the table of keys.

use std::collections::{BTreeMap, BTreeSet};

use chartroom_audit::Event;
use chartroom_audit::event::Kind;
use chartroom_seal::{KeyLabel, WrappedKey};
use chartroom_vault::KeyOwner;
use rusqlite::{Connection, OptionalExtension};

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
    let mut statement = db.prepare_cached("SELECT DISTINCT house FROM keys WHERE patient IS NULL ORDER BY house")?;
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

/// An older version that may be dropped: nothing is found under it, and nothing will be.
pub(super) fn droppable(db: &Connection, name: &str, version: u32) -> Result<WrappedKey, StoreError> {
    let key = stored_version(db, name, version)?;
    if dropped(db, name)?.contains(&version) {
        return Err(StoreError::KeyDestroyed);
    }
    if version == current(db, name)? {
        return Err(StoreError::CurrentKey);
    }
    match tokens::records_under(db, name, version)? {
        0 => Ok(key),
        records => Err(StoreError::IndexInUse { records }),
    }
}

/// A version as it stands in its row.
fn stored_version(db: &Connection, name: &str, version: u32) -> Result<WrappedKey, StoreError> {
    let kept = keys::stored_versions_of(db, &KeyOwner::house(name))?;
    kept.into_iter().find(|key| key.key().version == version).ok_or(StoreError::UnknownHouseKey)
}

/// Notes that a version is to be dropped.
pub(super) fn begin_dropping(db: &Connection, name: &str, version: u32, event: &Event) -> Result<(), StoreError> {
    db.execute("INSERT INTO dropped (house, version, entry) VALUES (?1, ?2, ?3)", (name, version, event.to_bytes()))?;
    Ok(())
}

/// The versions that are being dropped, as they are still stored.
pub(super) fn dropping(db: &Connection) -> Result<Vec<(String, WrappedKey)>, StoreError> {
    let mut statement = db.prepare_cached("SELECT house, version FROM dropped ORDER BY house, version")?;
    let noted = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let mut begun = Vec::new();
    for noted in noted {
        let (name, version): (String, u32) = noted?;
        let key = stored_version(db, &name, version)?;
        if !key.is_destroyed() {
            told(db, &name, key.key())?;
            begun.push((name, key));
        }
    }
    Ok(begun)
}

/// Puts a tombstone in the place of a version that is being dropped, and gives the entry that tells of it.
pub(super) fn end_dropping(db: &Connection, name: &str, version: u32) -> Result<Event, StoreError> {
    let key = stored_version(db, name, version)?;
    let event = told(db, name, key.key())?;
    if key.is_destroyed() {
        return Err(StoreError::KeyDestroyed);
    }
    keys::put_in_place(db, &KeyOwner::house(name), &key.tombstone())?;
    Ok(event)
}

/// The entry that tells, or will tell, of a version that was dropped.
fn told(db: &Connection, name: &str, key: KeyLabel) -> Result<Event, StoreError> {
    let mut statement = db.prepare_cached("SELECT entry FROM dropped WHERE house = ?1 AND version = ?2")?;
    let entry = statement.query_row((name, key.version), |row| row.get::<_, Vec<u8>>(0)).optional()?;
    let event = Event::from_bytes(&entry.ok_or(StoreError::NotBegun)?).ok();
    // What the note says is what the trail will say, so it must be about this key.
    let event = event.filter(|event| event.kind == Kind::KeyDestruction);
    let event = event.filter(|event| house_key_by(event) == Some((name, &key.to_string())));
    event.ok_or_else(|| StoreError::ForgedHouseKey { name: name.into() })
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
        let are_noted = kept.iter().all(|key| !key.is_destroyed() || dropped.contains(&key.key().version));
        if found != told || !are_noted {
            return Err(StoreError::ForgedHouseKey { name: name.into() });
        }
    }
    dropping(db).map(drop)
}
