//! A store in one SQLite file.

mod house;
mod keys;
mod log;
mod records;
mod schema;
mod tokens;

use std::fmt;
use std::ops::Range;
use std::path::Path;

use chartroom_audit::accounting::{Accounting, Query, account};
use chartroom_audit::breach::{self, Worksheet};
use chartroom_audit::event::{Action, Kind, Outcome, Reason};
use chartroom_audit::merkle::{Frontier, Hash, Head, Nodes};
use chartroom_audit::policies::NotAdopted;
use chartroom_audit::{Event, Receipt, Refusal, Trail, TrailError, TrustedHead};
use chartroom_seal::index::IndexVersion;
use chartroom_seal::{KeyLabel, WrappedKey};
use chartroom_vault::{KeyOwner, RecordId, Resealed, Retokened, SealedRecord, Token};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use self::log::StoredNodes;
use crate::{Kept, Store, StoreError, Tombstone, WriteBy};

/// A store in one SQLite file.
///
/// Beside the file stand, while it is open, its write-ahead log (`-wal`) and shared memory (`-shm`). One handle writes at a
/// time; others, in this program or another, wait up to five seconds for it and then go on from what it wrote. Reading does
/// not wait.
pub struct SqliteStore {
    connection: Connection,
    /// The growing edge of the trail, as of the last write of this handle.
    frontier: Frontier,
}

impl SqliteStore {
    /// Opens the store in a file; makes it where there is none. The folder must exist.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotAStore`] for the database of another program, [`StoreError::FutureSchema`] for one of a later
    /// version of this crate, [`StoreError::BrokenTrail`] where entries of the trail are missing at its end, or
    /// [`StoreError::Database`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        // The path is a path, never a URI with options in it.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Self::take_up(Connection::open_with_flags(path, flags)?)
    }

    /// A store that is gone when it is dropped, for tests and trials.
    ///
    /// # Errors
    ///
    /// [`StoreError::Database`].
    pub fn open_in_memory() -> Result<Self, StoreError> {
        Self::take_up(Connection::open_in_memory()?)
    }

    fn take_up(mut connection: Connection) -> Result<Self, StoreError> {
        schema::prepare(&mut connection)?;
        let mut store = Self { connection, frontier: Frontier::new() };
        store.frontier = store.read(log::resume)?;
        Ok(store)
    }

    /// Reads one state of the file, however much another handle writes meanwhile.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        work(&*self.connection.unchecked_transaction()?)
    }

    /// Does some work in one transaction. The frontier in memory moves on only when the work is on the disk.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>, &mut Frontier) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut frontier = log::frontier(&transaction, &self.frontier)?;
        let done = work(&transaction, &mut frontier)?;
        transaction.commit()?;
        self.frontier = frontier;
        Ok(done)
    }
}

impl Store for SqliteStore {
    fn admit(&mut self, token: RecordId, wrapped: &WrappedKey) -> Result<(), StoreError> {
        self.write(|transaction, _| keys::insert_patient(transaction, token, wrapped))
    }

    fn wrapped_keys(&self, token: RecordId) -> Result<Vec<WrappedKey>, StoreError> {
        self.read(|db| keys::versions(db, token))
    }

    fn renew(&mut self, token: RecordId, wrapped: &WrappedKey, by: &WriteBy) -> Result<Receipt, StoreError> {
        self.write(|transaction, frontier| {
            keys::follow(transaction, token, wrapped)?;
            log::append(transaction, frontier, &by.of_renewal(token, wrapped.key()))
        })
    }

    fn wrapped_otherwise(
        &self,
        by: KeyLabel,
        behind: u64,
        limit: usize,
    ) -> Result<Vec<Kept<(KeyOwner, WrappedKey)>>, StoreError> {
        keys::wrapped_otherwise(&self.connection, by, behind, limit)
    }

    fn rewrap(&mut self, anew: &[(KeyOwner, WrappedKey)], by: &WriteBy) -> Result<Receipt, StoreError> {
        self.write(|transaction, frontier| {
            anew.iter().try_for_each(|(owner, wrapped)| keys::replace(transaction, owner, wrapped))?;
            log::append(transaction, frontier, &by.of_rewrap(anew.len()))
        })
    }

    fn retire(&mut self, wrapping_key: KeyLabel, trusted: &TrustedHead, by: &WriteBy) -> Result<(), StoreError> {
        self.verify(trusted.head())?;
        self.write(|transaction, frontier| {
            if keys::retire(transaction, wrapping_key)? {
                log::append(transaction, frontier, &by.of_retirement(wrapping_key))?;
            }
            Ok(())
        })
    }

    fn keep_house_key(&mut self, name: &str, wrapped: &WrappedKey, by: &WriteBy) -> Result<Receipt, StoreError> {
        self.write(|transaction, frontier| {
            house::follow(transaction, name, wrapped)?;
            log::append(transaction, frontier, &by.of_house_key(name, wrapped.key()))
        })
    }

    fn house_keys(&self, name: &str) -> Result<Vec<WrappedKey>, StoreError> {
        self.read(|db| house::versions(db, name))
    }

    fn house_key_names(&self) -> Result<Vec<String>, StoreError> {
        house::names(&self.connection)
    }

    fn begin_dropping(&mut self, name: &str, version: u32, by: &WriteBy) -> Result<WrappedKey, StoreError> {
        self.write(|transaction, _| {
            let key = house::droppable(transaction, name, version)?;
            house::begin_dropping(transaction, name, version, &by.of_dropped(name, key.key()))?;
            Ok(key)
        })
    }

    fn dropping(&self) -> Result<Vec<(String, WrappedKey)>, StoreError> {
        self.read(house::dropping)
    }

    fn end_dropping(&mut self, name: &str, version: u32) -> Result<Receipt, StoreError> {
        self.write(|transaction, frontier| {
            let event = house::end_dropping(transaction, name, version)?;
            log::append(transaction, frontier, &event)
        })
    }

    fn begin_destruction(
        &mut self,
        token: RecordId,
        reason: &str,
        by: &WriteBy,
    ) -> Result<Vec<WrappedKey>, StoreError> {
        let told = |patient| by.of_key(Kind::KeyDestruction, Action::Delete, patient, reason);
        let outcome = self.write(|transaction, frontier| {
            if !keys::is_begun(transaction, token)? {
                keys::refuse_unknown(transaction, token)?;
                keys::refuse_destroyed(transaction, token)?;
                keys::refuse_merged(transaction, token)?;
            }
            let left = keys::left_to_destroy(transaction, token)?;
            if !left.is_empty() && keys::is_on_hold(transaction, token)? {
                // That it was tried is kept, so it is no failure of the transaction.
                return log::append(transaction, frontier, &refused(told(token))).map(Err);
            }
            left.into_iter().try_for_each(|patient| keys::begin_destruction(transaction, patient, &told(patient)))?;
            keys::stored_versions(transaction, token).map(Ok)
        })?;
        outcome.map_err(|_| StoreError::OnHold)
    }

    fn destructions(&self) -> Result<Vec<(RecordId, Vec<WrappedKey>)>, StoreError> {
        self.read(keys::destructions)
    }

    fn end_destruction(&mut self, token: RecordId) -> Result<Receipt, StoreError> {
        self.write(|transaction, frontier| {
            let event = keys::destruction(transaction, token)?;
            let receipt = log::append(transaction, frontier, &event)?;
            keys::end_destruction(transaction, token, receipt.index)?;
            Ok(receipt)
        })
    }

    fn purge(&mut self) -> Result<(), StoreError> {
        if schema::empty_log(&self.connection)? { Ok(()) } else { Err(StoreError::CopyRemains) }
    }

    fn merged_into(&self, token: RecordId) -> Result<Vec<RecordId>, StoreError> {
        self.read(|db| keys::merged_into(db, token))
    }

    fn tombstones(&self) -> Result<Vec<Tombstone>, StoreError> {
        self.read(|db| keys::tombstones(db, log::size(db)?))
    }

    fn begin_replay(&mut self, tombstones: &[Tombstone], trusted: &TrustedHead) -> Result<Vec<RecordId>, StoreError> {
        let proven = |(tombstone, number): (&Tombstone, _)| {
            let patient = tombstone.destroyed(trusted).ok_or(StoreError::UnprovenTombstone { number })?;
            Ok((patient, tombstone.event.clone()))
        };
        let patients: Vec<_> = tombstones.iter().zip(1..).map(proven).collect::<Result<_, StoreError>>()?;
        let (held, forged) = self.write(|transaction, frontier| {
            let (mut held, mut forged) = (Vec::new(), None);
            for (token, event) in patients {
                if !keys::is_patient(transaction, token)? {
                    continue;
                }
                let left = match keys::left_to_destroy(transaction, token) {
                    // What stands in the way of one is nothing to the others.
                    Err(error @ StoreError::ForgedDestruction { .. }) => {
                        forged = Some(error);
                        continue;
                    }
                    left => left?,
                };
                if !left.is_empty() && keys::is_on_hold(transaction, token)? {
                    log::append(transaction, frontier, &refused(event))?;
                    held.push(token);
                    continue;
                }
                for patient in left {
                    keys::begin_destruction(transaction, patient, &about(patient, &event))?;
                }
            }
            Ok((held, forged))
        })?;
        forged.map_or(Ok(held), Err)
    }

    fn hold(&mut self, token: RecordId, matter: &str, by: &WriteBy) -> Result<Receipt, StoreError> {
        self.write(|transaction, frontier| {
            let mut hold = |patient| {
                keys::hold(transaction, patient, matter)?;
                log::append(transaction, frontier, &by.of_key(Kind::Hold, Action::Create, patient, matter))
            };
            let receipt = hold(token)?;
            if let Some(into) = keys::survivor(transaction, token)? {
                hold(into)?;
            }
            Ok(receipt)
        })
    }

    fn release(&mut self, token: RecordId, matter: &str, by: &WriteBy) -> Result<Receipt, StoreError> {
        self.write(|transaction, frontier| {
            keys::release(transaction, token, matter)?;
            log::append(transaction, frontier, &by.of_key(Kind::Hold, Action::Delete, token, matter))
        })
    }

    fn holds(&self, token: RecordId) -> Result<Vec<String>, StoreError> {
        keys::holds(&self.connection, token)
    }

    fn patients(&self) -> Result<Vec<RecordId>, StoreError> {
        keys::patients(&self.connection)
    }

    fn put_indexed(&mut self, record: &SealedRecord, tokens: &[Token], by: &WriteBy) -> Result<Receipt, StoreError> {
        self.write(|transaction, frontier| put(transaction, frontier, record, tokens, by))
    }

    fn put_all_indexed(
        &mut self,
        records: &[(&SealedRecord, &[Token])],
        by: &WriteBy,
    ) -> Result<Vec<Receipt>, StoreError> {
        self.write(|transaction, frontier| {
            records.iter().map(|(record, tokens)| put(transaction, frontier, record, tokens, by)).collect()
        })
    }

    fn find(&mut self, tokens: &[Token], by: &WriteBy) -> Result<Vec<RecordId>, StoreError> {
        if tokens.is_empty() {
            return Ok(Vec::new());
        }
        self.write(|transaction, frontier| {
            let found = tokens::find(transaction, tokens)?;
            log::append(transaction, frontier, &by.of_search(tokens, found.len()))?;
            Ok(found)
        })
    }

    fn tokens_under_older(
        &self,
        index: &str,
        current: IndexVersion,
        behind: u64,
        limit: usize,
    ) -> Result<Vec<Kept<SealedRecord>>, StoreError> {
        self.read(|db| tokens::under_older(db, index, current, behind, limit))
    }

    fn without_tokens(
        &self,
        index: &str,
        resource_type: &str,
        current: IndexVersion,
        behind: u64,
        limit: usize,
    ) -> Result<Vec<Kept<SealedRecord>>, StoreError> {
        self.read(|db| tokens::without(db, (index, resource_type), current, behind, limit))
    }

    fn records_under(&self, index: &str, key_version: u32) -> Result<u64, StoreError> {
        tokens::records_under(&self.connection, index, key_version)
    }

    fn reindex(&mut self, anew: &[Retokened], by: &WriteBy) -> Result<Vec<Receipt>, StoreError> {
        self.write(|transaction, frontier| {
            let mut receipts = Vec::new();
            for anew in anew {
                let Some(record) = tokens::reindex(transaction, anew)? else { continue };
                let found_by = tokens::found_by(transaction, record.id())?;
                receipts.push(log::append(transaction, frontier, &by.of_reindex(&record, anew.index(), found_by))?);
            }
            Ok(receipts)
        })
    }

    fn under_older_keys(&self, behind: u64, limit: usize) -> Result<Vec<Kept<SealedRecord>>, StoreError> {
        records::under_older_keys(&self.connection, behind, limit)
    }

    fn reseal(&mut self, records: &[Resealed], by: &WriteBy) -> Result<Vec<Receipt>, StoreError> {
        self.write(|transaction, frontier| {
            records.iter().map(|anew| reseal(transaction, frontier, anew, anew.record().patient(), by)).collect()
        })
    }

    fn rebind(
        &mut self,
        records: &[Resealed],
        from: RecordId,
        into: RecordId,
        by: &WriteBy,
    ) -> Result<Vec<Receipt>, StoreError> {
        self.write(|transaction, frontier| {
            if from == into {
                return Err(StoreError::OnePatient);
            }
            for patient in [from, into] {
                keys::refuse_unknown(transaction, patient)?;
                // What is being destroyed is not carried off to where it could be read.
                keys::refuse_destroyed(transaction, patient)?;
                keys::refuse_begun(transaction, patient)?;
                keys::refuse_merged(transaction, patient)?;
            }
            let merged = log::append(transaction, frontier, &by.of_merge(from, into))?;
            let mut receipts = vec![merged];
            for anew in records {
                if anew.record().patient() != into {
                    return Err(StoreError::AnotherRecord { record: anew.record().id() });
                }
                receipts.push(reseal(transaction, frontier, anew, from, by)?);
                tokens::rebind(transaction, anew.record())?;
            }
            records::refuse_left_behind(transaction, from)?;
            keys::merge(transaction, from, into, merged.index)?;
            for matter in keys::carry_holds(transaction, from, into)? {
                log::append(transaction, frontier, &by.of_key(Kind::Hold, Action::Create, into, &matter))?;
            }
            Ok(receipts)
        })
    }

    fn get(&self, id: RecordId) -> Result<Option<SealedRecord>, StoreError> {
        records::latest(&self.connection, id)
    }

    fn get_version(&self, id: RecordId, version: u64) -> Result<Option<SealedRecord>, StoreError> {
        records::version(&self.connection, id, version)
    }

    fn versions(&self, id: RecordId) -> Result<Vec<u64>, StoreError> {
        records::versions(&self.connection, id)
    }

    fn records_of(&self, patient: RecordId) -> Result<Vec<SealedRecord>, StoreError> {
        records::of_patient(&self.connection, patient)
    }

    fn events(&self, range: Range<u64>) -> Result<Vec<(u64, Event)>, TrailError> {
        Ok(self.read(|db| log::events(db, range))?)
    }

    fn verify(&self, trusted: &Head) -> Result<(), StoreError> {
        self.read(|db| {
            log::verify(db, trusted)?;
            keys::verify(db)?;
            house::verify(db)?;
            records::verify(db)?;
            tokens::verify(db)
        })
    }

    fn accounting(&self, query: &Query<'_>) -> Result<Accounting, TrailError> {
        Ok(self.read(|db| {
            let head = log::frontier(db, &self.frontier)?.head();
            let person = match query.patient.parse() {
                Ok(token) => keys::person(db, token)?.iter().map(RecordId::to_string).collect(),
                Err(_) => vec![query.patient.to_owned()],
            };
            let mut accounting = Accounting { head, lines: Vec::new() };
            for patient in &person {
                let events = log::events_of(db, patient)?.into_iter().map(Ok);
                let query = Query { patient, ..query.clone() };
                accounting.lines.extend(account(&query, events, &StoredNodes(db), head)?.lines);
            }
            accounting.lines.sort_unstable_by_key(|line| line.proof.index);
            Ok(accounting)
        })?)
    }

    fn breach(&self, query: &breach::Query<'_>) -> Result<Worksheet, TrailError> {
        Ok(self.read(|db| log::breach(db, query))?)
    }

    fn not_adopted(&self) -> Result<Vec<NotAdopted>, TrailError> {
        Ok(self.read(log::not_adopted)?)
    }
}

fn put(
    transaction: &Transaction<'_>,
    frontier: &mut Frontier,
    record: &SealedRecord,
    tokens: &[Token],
    by: &WriteBy,
) -> Result<Receipt, StoreError> {
    records::refuse_stray(transaction, record)?;
    tokens::refuse_outdated(transaction, tokens)?;
    tokens::replace(transaction, record, tokens)?;
    let found_by = tokens::found_by(transaction, record.id())?;
    let receipt = log::append(transaction, frontier, &by.of_write(record, found_by))?;
    records::insert(transaction, record, receipt.index)?;
    Ok(receipt)
}

fn reseal(
    transaction: &Transaction<'_>,
    frontier: &mut Frontier,
    anew: &Resealed,
    from: RecordId,
    by: &WriteBy,
) -> Result<Receipt, StoreError> {
    records::refuse_other(transaction, anew, from)?;
    let record = anew.record();
    let receipt = log::append(transaction, frontier, &by.of_reseal(record))?;
    records::replace(transaction, record, receipt.index)?;
    Ok(receipt)
}

/// The same event about another patient.
fn about(patient: RecordId, event: &Event) -> Event {
    let mut event = event.clone();
    event.patient = Some(patient.to_string());
    event
}

/// Writes an event, or the denial of an opening for a patient whose key is destroyed: a program may have it in its memory still. That
/// it was tried is kept, so it is no failure of the transaction.
fn append(
    transaction: &Transaction<'_>,
    frontier: &mut Frontier,
    event: &Event,
) -> Result<Result<Receipt, Refusal>, StoreError> {
    let opened = event.patient.as_deref().filter(|_| event.discloses()).and_then(|patient| patient.parse().ok());
    let is_refused = match opened {
        Some(patient) => keys::is_ended(transaction, patient)? || keys::is_begun(transaction, patient)?,
        None => false,
    };
    if !is_refused {
        return log::append(transaction, frontier, event).map(Ok);
    }
    let receipt = log::append(transaction, frontier, &denied(event))?;
    Ok(Err(Refusal { receipt }))
}

/// An opening that did not come about, because there is nothing left to open.
fn denied(opening: &Event) -> Event {
    let mut event = refused(opening.clone());
    event.kind = Kind::Denial;
    event.withheld.splice(0..0, event.granted.drain(..));
    event.reasons = vec![Reason::new("the patient's key was destroyed", None)];
    event.sealed = None;
    event
}

fn refused(mut event: Event) -> Event {
    event.outcome = Outcome::MinorFailure;
    event
}

impl Trail for SqliteStore {
    fn append(&mut self, event: &Event) -> Result<Receipt, TrailError> {
        Ok(self.write(|transaction, frontier| append(transaction, frontier, event))??)
    }

    /// Writes several events in one durable transaction: all of them, or none.
    fn append_each(&mut self, events: &[Event]) -> Result<Vec<Result<Receipt, Refusal>>, TrailError> {
        Ok(self.write(|transaction, frontier| {
            events.iter().map(|event| append(transaction, frontier, event)).collect::<Result<_, _>>()
        })?)
    }

    fn head(&self) -> Result<Head, TrailError> {
        Ok(self.read(|db| log::frontier(db, &self.frontier))?.head())
    }
}

impl Nodes for SqliteStore {
    fn node(&self, level: u32, index: u64) -> Result<Hash, TrailError> {
        StoredNodes(&self.connection).node(level, index)
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { connection: _, frontier } = self;
        f.debug_struct("SqliteStore").field("head", &frontier.head()).finish_non_exhaustive()
    }
}

/// A number as the database keeps it. No trail, and no record, comes near what does not fit.
fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number from the database. There are no negative ones but by tampering, and then nothing else fits either.
fn number(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
