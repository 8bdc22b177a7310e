//! The audit trail in its tables.

use std::ops::Range;

use chartroom_audit::breach::{self, Worksheet};
use chartroom_audit::merkle::{Frontier, Hash, Nodes, Tree, leaf_hash};
use chartroom_audit::policies::{self, NotAdopted};
use chartroom_audit::verify::{self, Tampering};
use chartroom_audit::{Event, Head, Receipt, TrailError};
use rusqlite::{Connection, OptionalExtension, Row};

use super::{keys, number, stored};
use crate::StoreError;

/// How many entries there are.
pub(super) fn size(db: &Connection) -> Result<u64, StoreError> {
    count(db, "SELECT ifnull(max(leaf) + 1, 0) FROM log")
}

/// How many leaves the stored tree has.
fn leaves(db: &Connection) -> Result<u64, StoreError> {
    count(db, "SELECT ifnull(max(place) + 1, 0) FROM nodes WHERE level = 0")
}

fn count(db: &Connection, sql: &str) -> Result<u64, StoreError> {
    Ok(number(db.prepare_cached(sql)?.query_row([], |row| row.get(0))?))
}

/// The growing edge of the trail as it is stored now: the known one, unless someone else wrote since.
pub(super) fn frontier(db: &Connection, known: &Frontier) -> Result<Frontier, StoreError> {
    let size = size(db)?;
    if size == known.size() {
        return Ok(known.clone());
    }
    if size < known.size() {
        return Err(Tampering::CutOff { index: size, size: known.size() }.into());
    }
    resume(db)
}

/// Finds the growing edge among the stored nodes.
pub(super) fn resume(db: &Connection) -> Result<Frontier, StoreError> {
    let size = size(db)?;
    if size != leaves(db)? {
        return Err(StoreError::BrokenTrail);
    }
    refuse_unfit_last(db)?;
    Frontier::resume(&StoredNodes(db), size).map_err(|error| match error {
        TrailError::OutOfRange { .. } => StoreError::BrokenTrail,
        other => other.into(),
    })
}

/// Refuses to go on behind an entry whose stored hash is not its own.
fn refuse_unfit_last(db: &Connection) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("SELECT leaf, entry FROM log ORDER BY leaf DESC LIMIT 1")?;
    let last = statement.query_row([], |row| Ok((number(row.get(0)?), row.get::<_, Vec<u8>>(1)?))).optional()?;
    match last {
        Some((index, entry)) if StoredNodes(db).find(0, index)? != leaf_hash(&entry) => {
            Err(Tampering::Entry { index }.into())
        }
        _ => Ok(()),
    }
}

/// Inserts an event and the nodes that it completes.
pub(super) fn append(db: &Connection, frontier: &mut Frontier, event: &Event) -> Result<Receipt, StoreError> {
    let entry = event.to_bytes();
    let receipt = Receipt { index: frontier.size(), leaf_hash: leaf_hash(&entry) };
    let mut statement = db.prepare_cached("INSERT INTO log (leaf, patient, entry) VALUES (?1, ?2, ?3)")?;
    statement.execute((stored(receipt.index), &event.patient, entry))?;

    let mut statement = db.prepare_cached("INSERT INTO nodes (level, place, hash) VALUES (?1, ?2, ?3)")?;
    let mut outcome = Ok(0);
    frontier.append_with(receipt.leaf_hash, |level, place, hash| {
        if outcome.is_ok() {
            outcome = statement.execute((level, stored(place), hash.as_bytes()));
        }
    });
    outcome?;
    Ok(receipt)
}

/// The events at these places, none left out.
pub(super) fn events(db: &Connection, range: Range<u64>) -> Result<Vec<(u64, Event)>, StoreError> {
    let range = range.start..range.end.min(size(db)?);
    let mut statement =
        db.prepare_cached("SELECT leaf, entry FROM log WHERE leaf >= ?1 AND leaf < ?2 ORDER BY leaf")?;
    let mut rows = statement.query_and_then([stored(range.start), stored(range.end)], event)?;
    let mut events = Vec::new();
    for expected in range {
        match rows.next().transpose()? {
            Some((index, event)) if index == expected => events.push((index, event)),
            _ => return Err(Tampering::Entry { index: expected }.into()),
        }
    }
    Ok(events)
}

/// The events that are filed under a patient.
pub(super) fn events_of(db: &Connection, patient: &str) -> Result<Vec<(u64, Event)>, StoreError> {
    let mut statement = db.prepare_cached("SELECT leaf, entry FROM log WHERE patient = ?1 ORDER BY leaf")?;
    statement.query_and_then([patient], event)?.collect()
}

/// Goes through the whole log.
pub(super) fn for_each(
    db: &Connection,
    mut work: impl FnMut(u64, &Event) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("SELECT leaf, entry FROM log ORDER BY leaf")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (leaf, event) = event(row)?;
        work(leaf, &event)?;
    }
    Ok(())
}

/// Gathers what an actor's openings touched. What was opened before a merge stands with the patient who is left.
pub(super) fn breach(db: &Connection, query: &breach::Query<'_>) -> Result<Worksheet, StoreError> {
    let mut statement = db.prepare_cached("SELECT leaf, entry FROM log ORDER BY leaf")?;
    let events = statement.query_and_then([], event)?.map(|event| {
        let (index, mut event) = event?;
        if query.covers(&event) {
            event.patient = event.patient.map(|patient| name_now(db, patient)).transpose()?;
        }
        Ok((index, event))
    });
    Ok(breach::worksheet(query, events.map(|event: Result<_, StoreError>| event.map_err(TrailError::from)))?)
}

/// The entries that were decided by a policy that was not in use.
pub(super) fn not_adopted(db: &Connection) -> Result<Vec<NotAdopted>, StoreError> {
    let mut statement = db.prepare_cached("SELECT leaf, entry FROM log ORDER BY leaf")?;
    let events = statement.query_and_then([], event)?;
    Ok(policies::not_adopted(events.map(|event: Result<_, StoreError>| event.map_err(TrailError::from)))?)
}

/// The token under which a patient is kept now.
fn name_now(db: &Connection, patient: String) -> Result<String, StoreError> {
    let Ok(token) = patient.parse() else { return Ok(patient) };
    Ok(keys::survivor(db, token)?.map_or(patient, |into| into.to_string()))
}

/// Confirms that the log is as it was under this head, and that its index by patient is right.
pub(super) fn verify(db: &Connection, trusted: &Head) -> Result<(), StoreError> {
    let mut statement = db.prepare_cached("SELECT entry, patient FROM log ORDER BY leaf")?;
    let mut rows = statement.query([])?;
    let (mut tree, mut misfiled) = (Tree::new(), None);
    while let Some(row) = rows.next()? {
        let entry = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        if misfiled.is_none() && !is_filed_under(entry, row.get(1)?) {
            misfiled = Some(tree.size());
        }
        tree.append(leaf_hash(entry));
    }
    verify::verify(&tree, &StoredNodes(db), trusted)?;
    // Each of them is right; one more would stand in the way of an entry to come.
    let complete = tree.size().saturating_mul(2).saturating_sub(tree.size().count_ones().into());
    if count(db, "SELECT count(*) FROM nodes")? != complete {
        return Err(StoreError::BrokenTrail);
    }
    misfiled.map_or(Ok(()), |index| Err(Tampering::Entry { index }.into()))
}

fn is_filed_under(entry: &[u8], patient: Option<String>) -> bool {
    Event::from_bytes(entry).is_ok_and(|event| event.patient == patient)
}

/// Reads leaf and entry.
fn event(row: &Row<'_>) -> Result<(u64, Event), StoreError> {
    let index = number(row.get(0)?);
    let entry = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
    let event = Event::from_bytes(entry).map_err(|cause| TrailError::Entry { index, cause })?;
    Ok((index, event))
}

/// The nodes of the tree in their table.
pub(super) struct StoredNodes<'a>(pub(super) &'a Connection);

impl StoredNodes<'_> {
    fn find(&self, level: u32, place: u64) -> Result<Hash, StoreError> {
        let Self(db) = self;
        let mut statement = db.prepare_cached("SELECT hash FROM nodes WHERE level = ?1 AND place = ?2")?;
        let found = statement.query_row((level, stored(place)), |row| row.get::<_, [u8; 32]>(0)).optional()?;
        let outside = || -> Result<Hash, StoreError> {
            let first = place.saturating_mul(1_u64.checked_shl(level).unwrap_or(u64::MAX));
            Err(TrailError::OutOfRange { asked: first, size: size(db)? }.into())
        };
        found.map_or_else(outside, |hash| Ok(hash.into()))
    }
}

impl Nodes for StoredNodes<'_> {
    fn node(&self, level: u32, index: u64) -> Result<Hash, TrailError> {
        Ok(self.find(level, index)?)
    }
}
