//! A store in one SQLite file.

mod log;
mod records;
mod schema;

use std::fmt;
use std::ops::Range;
use std::path::Path;

use chartroom_audit::accounting::{Accounting, Query, account};
use chartroom_audit::merkle::{Frontier, Hash, Head, Nodes};
use chartroom_audit::{Event, Receipt, Trail, TrailError};
use chartroom_seal::WrappedKey;
use chartroom_vault::{RecordId, SealedRecord};
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};

use self::log::StoredNodes;
use crate::{Store, StoreError, WriteBy};

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
        self.write(|transaction, _| records::insert_patient(transaction, token, wrapped))
    }

    fn wrapped_key(&self, token: RecordId) -> Result<Option<WrappedKey>, StoreError> {
        records::wrapped_key(&self.connection, token)
    }

    fn patients(&self) -> Result<Vec<RecordId>, StoreError> {
        records::patients(&self.connection)
    }

    fn put(&mut self, record: &SealedRecord, by: &WriteBy) -> Result<Receipt, StoreError> {
        self.write(|transaction, frontier| put(transaction, frontier, record, by))
    }

    fn put_all(&mut self, records: &[SealedRecord], by: &WriteBy) -> Result<Vec<Receipt>, StoreError> {
        self.write(|transaction, frontier| {
            records.iter().map(|record| put(transaction, frontier, record, by)).collect()
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

    fn verify(&self, trusted: &Head) -> Result<(), TrailError> {
        Ok(self.read(|db| log::verify(db, trusted))?)
    }

    fn accounting(&self, query: &Query<'_>) -> Result<Accounting, TrailError> {
        Ok(self.read(|db| {
            let events = log::events_of(db, query.patient)?;
            let head = log::frontier(db, &self.frontier)?.head();
            Ok(account(query, events.into_iter().map(Ok), &StoredNodes(db), head)?)
        })?)
    }
}

fn put(
    transaction: &Transaction<'_>,
    frontier: &mut Frontier,
    record: &SealedRecord,
    by: &WriteBy,
) -> Result<Receipt, StoreError> {
    records::insert(transaction, record)?;
    log::append(transaction, frontier, &by.event(record))
}

impl Trail for SqliteStore {
    fn append(&mut self, event: &Event) -> Result<Receipt, TrailError> {
        Ok(self.write(|transaction, frontier| log::append(transaction, frontier, event))?)
    }

    /// Writes several events in one durable transaction: all of them, or none.
    fn append_all(&mut self, events: &[Event]) -> Result<Vec<Receipt>, TrailError> {
        Ok(self.write(|transaction, frontier| {
            events.iter().map(|event| log::append(transaction, frontier, event)).collect()
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
mod tests {
    use std::path::PathBuf;

    use chartroom_audit::accounting::Scope;
    use chartroom_audit::event::{Action, Agent, Kind};
    use chartroom_audit::verify::Tampering;
    use chartroom_seal::{KeyId, KeyLabel};
    use chrono::DateTime;

    use super::*;

    const PATIENT: RecordId = RecordId::from_bytes([1; 16]);
    const RECORD: RecordId = RecordId::from_bytes([2; 16]);

    /// A version of a record without parts, by the layout that `SealedRecord` lays down.
    fn sealed(id: RecordId, version: u64, patient: RecordId) -> SealedRecord {
        let mut bytes = vec![1];
        bytes.extend_from_slice(id.as_bytes());
        bytes.extend_from_slice(&version.to_be_bytes());
        bytes.extend_from_slice(patient.as_bytes());
        bytes.extend_from_slice(b"\x09Condition");
        bytes.extend_from_slice(&[0; 97]);
        SealedRecord::from_bytes(&bytes).unwrap()
    }

    fn by() -> WriteBy {
        WriteBy::new(Agent::new("desk-2", "front desk"), DateTime::from_timestamp(1_775_000_000, 0).unwrap())
    }

    fn wrapped() -> WrappedKey {
        let label = KeyLabel { id: KeyId::from_bytes([9; 16]), version: 1 };
        WrappedKey::foreign(label, label, vec![7; 40])
    }

    /// A file of its own for each test, gone afterwards.
    struct File(PathBuf);

    impl File {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("chartroom-{}-{name}.db", std::process::id()));
            let file = Self(path);
            file.remove();
            file
        }

        fn remove(&self) {
            for ending in ["", "-wal", "-shm"] {
                let _ = std::fs::remove_file(format!("{}{ending}", self.0.display()));
            }
        }

        fn store(&self) -> SqliteStore {
            SqliteStore::open(&self.0).unwrap()
        }

        /// Opens the file past the store.
        fn by_hand(&self) -> Connection {
            Connection::open(&self.0).unwrap()
        }
    }

    impl Drop for File {
        fn drop(&mut self) {
            self.remove();
        }
    }

    /// A store with one patient and one record of this many versions.
    fn filled(file: &File, versions: u64) -> SqliteStore {
        let mut store = file.store();
        store.admit(PATIENT, &wrapped()).unwrap();
        let records: Vec<_> = (1..=versions).map(|version| sealed(RECORD, version, PATIENT)).collect();
        store.put_all(&records, &by()).unwrap();
        store
    }

    #[test]
    fn the_file_itself_refuses_to_forget() {
        let file = File::new("refuses");
        let store = filled(&file, 3);
        let db = file.by_hand();
        for sql in [
            "UPDATE records SET sealed = x'00'",
            "DELETE FROM records",
            "REPLACE INTO records SELECT * FROM records WHERE version = 3",
            "REPLACE INTO records SELECT sequence, id, 4, patient, resource_type, sealed FROM records WHERE version = 3",
            "INSERT INTO records SELECT 9, id, 9, patient, resource_type, sealed FROM records WHERE version = 3",
            "UPDATE log SET entry = x'00'",
            "DELETE FROM log",
            "REPLACE INTO log SELECT * FROM log WHERE leaf = 1",
            "INSERT INTO log VALUES (9, NULL, x'00')",
            "UPDATE nodes SET place = place + 9",
            "DELETE FROM nodes",
            "REPLACE INTO nodes SELECT * FROM nodes",
            "UPDATE patients SET token = randomblob(16)",
            "DELETE FROM patients",
        ] {
            let error = db.execute(sql, []).unwrap_err();
            assert!(
                error.to_string().contains(" is never ") || error.to_string().contains(" follows "),
                "{sql}: {error}"
            );
        }
        store.verify(&store.head().unwrap()).unwrap();
        assert_eq!(store.versions(RECORD).unwrap(), [1, 2, 3]);
    }

    #[test]
    fn what_fails_midway_leaves_no_trace() {
        let file = File::new("midway");
        let mut store = filled(&file, 2);
        let head = store.head().unwrap();
        let db = file.by_hand();
        db.execute_batch("CREATE TRIGGER full BEFORE INSERT ON nodes BEGIN SELECT RAISE(ABORT, 'full'); END").unwrap();

        let next = sealed(RECORD, 3, PATIENT);
        assert!(matches!(store.put(&next, &by()), Err(StoreError::Database(_))));
        assert!(matches!(store.append(&by().event(&next)), Err(TrailError::Storage(_))));
        assert_eq!((store.versions(RECORD).unwrap(), store.head().unwrap()), (vec![1, 2], head));
        let entries: i64 = db.query_row("SELECT count(*) FROM log", [], |row| row.get(0)).unwrap();
        assert_eq!((entries, store.frontier.head()), (2, head));

        db.execute_batch("DROP TRIGGER full").unwrap();
        assert_eq!(store.put(&next, &by()).unwrap().index, 2);
        let proof = store.consistency(head.size, 3).unwrap();
        proof.verify(&head.root, &store.head().unwrap().root).unwrap();
    }

    #[test]
    fn a_store_is_taken_up_where_it_was_left() {
        let file = File::new("reopen");
        let head = filled(&file, 5).head().unwrap();
        let mut store = file.store();
        assert_eq!((store.head().unwrap(), store.frontier.size()), (head, 5));
        store.put(&sealed(RECORD, 6, PATIENT), &by()).unwrap();
        let proof = store.consistency(5, 6).unwrap();
        proof.verify(&head.root, &store.head().unwrap().root).unwrap();
        assert_eq!(store.wrapped_key(PATIENT).unwrap(), Some(wrapped()));
        assert_eq!(store.patients().unwrap(), [PATIENT]);
        let mode: String = file.by_hand().pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
    }

    #[test]
    fn two_handles_write_one_trail() {
        let file = File::new("handles");
        let (mut one, mut other) = (filled(&file, 1), file.store());
        for version in [2, 4] {
            other.put(&sealed(RECORD, version, PATIENT), &by()).unwrap();
            assert!(matches!(
                one.put(&sealed(RECORD, version, PATIENT), &by()),
                Err(StoreError::Conflict { current, .. }) if current == version
            ));
            one.put(&sealed(RECORD, version + 1, PATIENT), &by()).unwrap();
        }
        assert_eq!(one.head().unwrap(), other.head().unwrap());
        one.verify(&other.head().unwrap()).unwrap();
        assert_eq!(other.events(0..9).unwrap().len(), 5);
    }

    #[test]
    fn several_threads_write_and_read_one_trail() {
        let file = File::new("threads");
        drop(filled(&file, 0));
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let file = &file;
                scope.spawn(move || {
                    let mut store = file.store();
                    for version in 1..=10 {
                        store.put(&sealed(RecordId::from_bytes([10 + thread; 16]), version, PATIENT), &by()).unwrap();
                        file.store().verify(&store.head().unwrap()).unwrap();
                    }
                });
            }
        });
        let store = file.store();
        assert_eq!(store.head().unwrap().size, 40);
        store.verify(&store.head().unwrap()).unwrap();
    }

    #[test]
    fn several_threads_make_one_store() {
        let file = File::new("make");
        std::thread::scope(|scope| {
            let openings: Vec<_> = (0..8).map(|_| scope.spawn(|| SqliteStore::open(&file.0).map(drop))).collect();
            for opening in openings {
                opening.join().unwrap().unwrap();
            }
        });
    }

    /// What a forger does first.
    const UNGUARD: &str = "DROP TRIGGER log_stays; DROP TRIGGER log_remains; DROP TRIGGER nodes_remain;
        DROP TRIGGER nodes_stay; DROP TRIGGER records_stay;";

    fn tampering(file: &File, head: &Head, sql: &str) -> Option<Tampering> {
        file.by_hand().execute_batch(&format!("{UNGUARD}{sql}")).unwrap();
        let outcome = SqliteStore { connection: file.by_hand(), frontier: Frontier::new() }.verify(head);
        match outcome {
            Ok(()) => None,
            Err(TrailError::Tampered(tampering)) => Some(tampering),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn a_forged_entry_is_named() {
        let cases = [
            (
                "UPDATE log SET entry = (SELECT entry FROM log WHERE leaf = 2) WHERE leaf = 4",
                Tampering::Entry { index: 4 },
            ),
            ("UPDATE log SET entry = x'00' WHERE leaf = 0", Tampering::Entry { index: 0 }),
            ("UPDATE log SET patient = 'someone' WHERE leaf = 3", Tampering::Entry { index: 3 }),
            ("UPDATE log SET patient = NULL WHERE leaf = 3", Tampering::Entry { index: 3 }),
            ("DELETE FROM log WHERE leaf = 5", Tampering::Entry { index: 5 }),
            ("DELETE FROM log WHERE leaf > 5", Tampering::CutOff { index: 6, size: 7 }),
            ("DELETE FROM log WHERE leaf > 5; DELETE FROM nodes", Tampering::CutOff { index: 6, size: 7 }),
        ];
        for (sql, expected) in cases {
            let file = File::new("forged");
            let head = filled(&file, 7).head().unwrap();
            assert_eq!(tampering(&file, &head, sql), Some(expected), "{sql}");
        }
        let file = File::new("forged");
        let head = filled(&file, 7).head().unwrap();
        assert_eq!(tampering(&file, &head, ""), None);
    }

    #[test]
    fn a_missing_entry_is_no_silence() {
        let file = File::new("missing");
        let store = filled(&file, 4);
        file.by_hand().execute_batch(&format!("{UNGUARD} DELETE FROM log WHERE leaf = 1")).unwrap();
        assert_eq!(store.events(0..4).unwrap_err().to_string(), "entry 1 of the trail is not the one that was written");
        file.by_hand().execute_batch("DELETE FROM log WHERE leaf = 3").unwrap();
        assert_eq!(store.head().unwrap_err().to_string(), "the trail ends before entry 3; 4 entries were written");
        assert!(matches!(SqliteStore::open(&file.0), Err(StoreError::BrokenTrail)));
        file.by_hand().execute_batch("DELETE FROM nodes WHERE level > 0 OR place = 3").unwrap();
        assert!(matches!(SqliteStore::open(&file.0), Err(StoreError::BrokenTrail)));
    }

    #[test]
    fn a_record_in_the_wrong_place_is_named() {
        let file = File::new("wrong");
        let store = filled(&file, 2);
        let swap = "UPDATE records SET sealed = (SELECT sealed FROM records WHERE version = 1) WHERE version = 2";
        file.by_hand().execute_batch(&format!("{UNGUARD}{swap}")).unwrap();
        assert!(matches!(store.get(RECORD), Err(StoreError::MisplacedRecord { version: 2, .. })));
        file.by_hand().execute_batch("UPDATE records SET sealed = x'0102' WHERE version = 2").unwrap();
        assert!(matches!(store.get(RECORD), Err(StoreError::MalformedRecord { version: 2, .. })));
        assert!(store.get_version(RECORD, 1).unwrap().is_some());
    }

    #[test]
    fn a_file_that_is_no_database_stays_as_it_is() {
        let file = File::new("text");
        std::fs::write(&file.0, "a letter to the registrar, long enough to have a header".repeat(9)).unwrap();
        let error = SqliteStore::open(&file.0).unwrap_err();
        assert!(matches!(error, StoreError::Database(_)), "{error}");
        assert!(std::fs::read(&file.0).unwrap().starts_with(b"a letter"));
        assert!(SqliteStore::open(std::env::temp_dir().join("no/such/folder/store.db")).is_err());
    }

    #[test]
    fn the_law_finds_its_disclosures_among_many() {
        let mut store = SqliteStore::open_in_memory().unwrap();
        let day = |day: i64| DateTime::from_timestamp(day * 86_400, 0).unwrap();
        let event = |number: i64| {
            let mut event =
                Event::new(day(number), Kind::Disclosure, Action::Read, Agent::new("study-9", "researcher"));
            event.patient = Some(format!("token-{}", number % 3));
            event
        };
        let events: Vec<_> = (0..30).map(event).collect();
        let receipts = store.append_all(&events).unwrap();
        assert_eq!(receipts.iter().map(|receipt| receipt.index).collect::<Vec<_>>(), (0..30).collect::<Vec<_>>());
        let query = Query { patient: "token-1", period: day(0)..day(20), scope: Scope::Law164_528 };
        let accounting = store.accounting(&query).unwrap();
        assert_eq!(accounting.lines.len(), 7);
        accounting.verify(&store.head().unwrap()).unwrap();
    }

    #[test]
    fn a_handle_may_go_to_another_thread() {
        fn goes<T: Send>() {}
        goes::<SqliteStore>();
        goes::<StoreError>();
    }
}
