use std::path::PathBuf;

use chartroom_access::label::LabelSets;
use chartroom_audit::accounting::Scope;
use chartroom_audit::event::{Action, Agent, Kind};
use chartroom_audit::merkle::leaf_hash;
use chartroom_audit::verify::Tampering;
use chartroom_seal::index::IndexToken;
use chartroom_seal::{Cost, KeyId, KeyLabel, Keyring, RandomSource};
use chartroom_vault::Vault;
use chrono::DateTime;

use super::*;
use crate::rotation::{self, RotationError};

const PATIENT: RecordId = RecordId::from_bytes([1; 16]);
const OTHER: RecordId = RecordId::from_bytes([3; 16]);
const RECORD: RecordId = RecordId::from_bytes([2; 16]);

/// A version of a record without classes, by the layout that `SealedRecord` lays down.
fn sealed(id: RecordId, version: u64, patient: RecordId) -> SealedRecord {
    sealed_under(id, version, patient, 1)
}

fn sealed_under(id: RecordId, version: u64, patient: RecordId, key_version: u32) -> SealedRecord {
    let mut bytes = vec![1];
    bytes.extend_from_slice(id.as_bytes());
    bytes.extend_from_slice(&version.to_be_bytes());
    bytes.extend_from_slice(patient.as_bytes());
    bytes.extend_from_slice(b"\x09Condition");
    bytes.extend_from_slice(&[0; 64]);
    bytes.extend_from_slice(b"\x01\x05facts\x00\x00\x00\x32\x01\x01");
    bytes.extend_from_slice(&[9; 16]);
    bytes.extend_from_slice(&key_version.to_be_bytes());
    bytes.extend_from_slice(&[0; 28 + 28]);
    SealedRecord::from_bytes(&bytes).unwrap()
}

fn by() -> WriteBy {
    WriteBy::new(Agent::new("desk-2", "front desk"), DateTime::from_timestamp(1_775_000_000, 0).unwrap())
}

fn wrapped() -> WrappedKey {
    wrapped_version(1)
}

fn wrapped_version(version: u32) -> WrappedKey {
    let label = |version| KeyLabel { id: KeyId::from_bytes([9; 16]), version };
    WrappedKey::foreign(label(1), label(version), vec![7; 40])
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

/// Puts a new sealing in the place of a version, as if a vault had made it.
fn resealed(store: &mut SqliteStore, record: &SealedRecord) {
    let replaced = store.write(|transaction, frontier| {
        let receipt = log::append(transaction, frontier, &by().of_reseal(record))?;
        records::replace(transaction, record, receipt.index)
    });
    replaced.unwrap();
}

/// Takes a wrapping key out of use that wraps nothing.
fn retire(store: &mut SqliteStore, id: [u8; 16]) {
    let trusted = TrustedHead::of(store).unwrap();
    store.retire(KeyLabel { id: KeyId::from_bytes(id), version: 1 }, &trusted, &by()).unwrap();
}

#[test]
fn the_file_itself_refuses_to_forget() {
    let file = File::new("refuses");
    let mut store = filled(&file, 2);
    store.admit(OTHER, &wrapped()).unwrap();
    retire(&mut store, [8; 16]);
    store.begin_destruction(OTHER, "retention ended", &by()).unwrap();
    let token = Token::new("family", IndexToken::from_bytes([1, 0, 0, 0, 2, 0, 0, 0, 7]));
    for version in [1, 2, 3] {
        if version == 3 {
            store.put_indexed(&sealed(RECORD, 3, PATIENT), std::slice::from_ref(&token), &by()).unwrap();
        }
        store.keep_house_key("family", &wrapped_version(version), &by()).unwrap();
    }
    store.drop_house_key("family", 1, &by()).unwrap();
    let db = file.by_hand();
    for sql in [
        "UPDATE records SET sealed = x'00'",
        "DELETE FROM records",
        "REPLACE INTO records SELECT * FROM records WHERE version = 3",
        "REPLACE INTO records SELECT sequence, id, 4, patient, 1, resource_type, leaf, sealed FROM records WHERE version = 3",
        "INSERT INTO records SELECT 9, id, 9, patient, 1, resource_type, leaf, sealed FROM records WHERE version = 3",
        "INSERT INTO records SELECT 9, id, 4, patient, 1, resource_type, 1, sealed FROM records WHERE version = 3",
        "UPDATE records SET leaf = 9, sealed = x'00'",
        "UPDATE log SET entry = x'00'",
        "DELETE FROM log",
        "REPLACE INTO log SELECT * FROM log WHERE leaf = 1",
        "INSERT INTO log VALUES (9, NULL, x'00')",
        "UPDATE nodes SET place = place + 9",
        "DELETE FROM nodes",
        "REPLACE INTO nodes SELECT * FROM nodes",
        "UPDATE patients SET token = randomblob(16)",
        "DELETE FROM patients",
        "DELETE FROM keys",
        "UPDATE keys SET version = 2",
        "REPLACE INTO keys SELECT * FROM keys",
        "INSERT INTO tombstones SELECT token, 0 FROM patients",
        "UPDATE destructions SET entry = x'00'",
        "DELETE FROM destructions",
        "INSERT INTO holds SELECT patient, 'late' FROM destructions",
        "INSERT INTO keys SELECT 9, patient, NULL, 2, wrapped_by, wrapped FROM keys JOIN destructions USING (patient)",
        "INSERT INTO keys SELECT 9, NULL, 'family', 2, wrapped_by, wrapped FROM keys WHERE house = 'family'",
        "UPDATE keys SET house = 'given' WHERE house = 'family'",
        "UPDATE keys SET wrapped = zeroblob(90) WHERE house = 'family' AND version = 1",
        "INSERT INTO dropped VALUES ('family', 2, x'00')", // in use
        "INSERT INTO dropped VALUES ('family', 3, x'00')", // the newest
        "UPDATE dropped SET version = 2",
        "DELETE FROM dropped",
        "UPDATE keys SET wrapped_by = wrapping_key FROM retired WHERE patient = (SELECT token FROM patients WHERE sequence = 1)",
        "DELETE FROM retired",
    ] {
        let error = db.execute(sql, []).unwrap_err();
        assert!(error.to_string().contains(" is never ") || error.to_string().contains(" follows "), "{sql}: {error}");
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
    assert!(matches!(store.append(&by().of_write(&next, Hash::of_empty_tree())), Err(TrailError::Storage(_))));
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
    assert_eq!(store.wrapped_keys(PATIENT).unwrap(), [wrapped()]);
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
        Err(StoreError::Trail(TrailError::Tampered(tampering))) => Some(tampering),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_forged_entry_is_named() {
    let cases = [
        ("UPDATE log SET entry = (SELECT entry FROM log WHERE leaf = 2) WHERE leaf = 4", Tampering::Entry { index: 4 }),
        ("UPDATE log SET entry = x'00' WHERE leaf = 0", Tampering::Entry { index: 0 }),
        ("UPDATE log SET patient = 'someone' WHERE leaf = 3", Tampering::Entry { index: 3 }),
        ("UPDATE log SET patient = NULL WHERE leaf = 3", Tampering::Entry { index: 3 }),
        ("DELETE FROM log WHERE leaf = 5", Tampering::Entry { index: 5 }),
        (
            "CREATE TEMP TABLE was AS SELECT * FROM log;
            UPDATE log SET entry = (SELECT entry FROM was WHERE leaf = 7 - log.leaf) WHERE leaf IN (2, 5)",
            Tampering::Entry { index: 2 },
        ),
        (
            "DROP TRIGGER log_follows; CREATE TEMP TABLE was AS SELECT * FROM log; DELETE FROM log WHERE leaf > 2;
            INSERT INTO log SELECT leaf - 1, patient, entry FROM was WHERE leaf > 3",
            Tampering::Entry { index: 3 },
        ),
        (
            "DROP TRIGGER log_follows; CREATE TEMP TABLE was AS SELECT * FROM log; DELETE FROM log WHERE leaf > 2;
            INSERT INTO log SELECT 3, patient, entry FROM was WHERE leaf = 1;
            INSERT INTO log SELECT leaf + 1, patient, entry FROM was WHERE leaf > 2",
            Tampering::Entry { index: 3 },
        ),
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
fn a_forged_node_is_named_and_nothing_is_written_on_top() {
    for (sql, level, place) in [
        ("UPDATE nodes SET hash = zeroblob(32) WHERE place = 0 AND level < 2", 0, 0),
        ("UPDATE nodes SET hash = zeroblob(32) WHERE level = 2", 2, 0),
        ("UPDATE nodes SET hash = zeroblob(32) WHERE level = 0 AND place = 6", 0, 6),
        ("DELETE FROM nodes WHERE level = 1 AND place = 1", 1, 1),
    ] {
        let file = File::new("node");
        let head = filled(&file, 7).head().unwrap();
        assert_eq!(tampering(&file, &head, sql), Some(Tampering::Node { level, place }), "{sql}");
        // Where the head would be another, nothing goes on from it.
        match SqliteStore::open(&file.0) {
            Ok(store) => assert_eq!(store.head().unwrap(), head, "{sql}"),
            Err(StoreError::Trail(TrailError::Tampered(_)) | StoreError::BrokenTrail) => {}
            Err(error) => panic!("{sql}: {error}"),
        }
    }
    let file = File::new("node");
    let store = filled(&file, 7);
    file.by_hand().execute("INSERT INTO nodes VALUES (3, 0, zeroblob(32))", []).unwrap();
    assert!(matches!(store.verify(&store.head().unwrap()), Err(StoreError::BrokenTrail)));
    // A handle that takes up what another wrote looks at the peaks too.
    for peak in ["level = 3", "level = 0 AND place = 8"] {
        let file = File::new("node");
        let mut one = filled(&file, 7);
        file.store().put_all(&[8, 9].map(|version| sealed(RECORD, version, PATIENT)), &by()).unwrap();
        let forge = format!("{UNGUARD} UPDATE nodes SET hash = zeroblob(32) WHERE {peak}");
        file.by_hand().execute_batch(&forge).unwrap();
        let refusal = one.put(&sealed(RECORD, 10, PATIENT), &by());
        assert!(matches!(refusal, Err(StoreError::Trail(TrailError::Tampered(_)))), "{peak}");
    }
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
fn a_record_that_its_row_hides_from_a_sweep_is_named() {
    for sql in [
        "UPDATE records SET key_version = 2 WHERE version = 1",
        "UPDATE records SET key_version = 9 WHERE version = 1",
        "UPDATE records SET resource_type = 'Patient' WHERE version = 1",
    ] {
        let file = File::new("hidden");
        let mut store = filled(&file, 2);
        store.renew(PATIENT, &wrapped_version(2), &by()).unwrap();
        let head = store.head().unwrap();
        store.verify(&head).unwrap();
        file.by_hand().execute_batch(&format!("{UNGUARD}{sql}")).unwrap();
        assert!(matches!(store.verify(&head), Err(StoreError::MisplacedRecord { version: 1, .. })), "{sql}");
    }
}

#[test]
fn another_key_in_the_place_of_the_first_is_named() {
    let file = File::new("exchanged");
    let store = filled(&file, 1);
    let label = |id| KeyLabel { id: KeyId::from_bytes([id; 16]), version: 1 };
    let other = WrappedKey::foreign(label(9), label(8), vec![7; 40]);
    file.by_hand().execute("UPDATE keys SET wrapped = ?1", [other.to_bytes()]).unwrap();
    assert!(matches!(store.verify(&store.head().unwrap()), Err(StoreError::MissingKey { patient: PATIENT })));
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
        let mut event = Event::new(day(number), Kind::Disclosure, Action::Read, Agent::new("study-9", "researcher"));
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
fn an_accounting_has_what_was_disclosed_before_charts_were_merged() {
    const THIRD: RecordId = RecordId::from_bytes([4; 16]);
    let mut store = SqliteStore::open_in_memory().unwrap();
    let day = |day: i64| DateTime::from_timestamp(day * 86_400, 0).unwrap();
    let disclosed = |store: &mut SqliteStore, on, patient: RecordId| {
        let mut event = Event::new(day(on), Kind::Disclosure, Action::Read, Agent::new("study-9", "researcher"));
        (event.patient, event.purpose) = (Some(patient.to_string()), Some("HRESCH".into()));
        store.append(&event).unwrap();
    };
    for (on, patient) in [(1, PATIENT), (2, OTHER), (3, THIRD), (4, PATIENT), (9, PATIENT)] {
        if !store.patients().unwrap().contains(&patient) {
            store.admit(patient, &wrapped()).unwrap();
        }
        disclosed(&mut store, on, patient);
    }
    // In two steps: one merged into another, and that one into a third.
    store.rebind(&[], PATIENT, OTHER, &by()).unwrap();
    store.rebind(&[], OTHER, THIRD, &by()).unwrap();
    disclosed(&mut store, 5, THIRD);
    let days = |patient: RecordId| {
        let query = Query { patient: &patient.to_string(), period: day(0)..day(8), scope: Scope::Law164_528 };
        let accounting = store.accounting(&query).unwrap();
        accounting.verify(&store.head().unwrap()).unwrap();
        accounting.lines.iter().map(|line| line.date()).collect::<Vec<_>>()
    };
    // By whichever name somebody asks.
    for patient in [PATIENT, OTHER, THIRD] {
        assert_eq!(days(patient), [1, 2, 3, 4, 5].map(day));
    }
}

#[test]
fn a_handle_may_go_to_another_thread() {
    fn goes<T: Send>() {}
    goes::<SqliteStore>();
    goes::<StoreError>();
}

/// What stands in the file of a store and in its write-ahead log.
fn bytes_of(file: &File) -> Vec<u8> {
    let log = std::fs::read(format!("{}-wal", file.0.display())).unwrap_or_default();
    [std::fs::read(&file.0).unwrap(), log].concat()
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn a_record_that_is_set_back_or_lost_is_named() {
    let newest = "DROP TRIGGER records_remain; DELETE FROM records WHERE version = 3";
    let earlier =
        "UPDATE records SET (leaf, key_version, sealed) = (SELECT 0, 1, sealed FROM before) WHERE version = 1";
    let edited =
        "UPDATE records SET sealed = CAST(substr(sealed, 1, length(sealed) - 1) || x'01' AS BLOB) WHERE version = 2";
    for (sql, missing, version) in [(newest, true, 3), (earlier, false, 1), (edited, false, 2)] {
        let file = File::new("rollback");
        let mut store = filled(&file, 3);
        file.by_hand().execute_batch("CREATE TABLE before AS SELECT * FROM records WHERE version = 1").unwrap();
        store.renew(PATIENT, &wrapped_version(2), &by()).unwrap();
        resealed(&mut store, &sealed_under(RECORD, 1, PATIENT, 2));
        let head = store.head().unwrap();
        store.verify(&head).unwrap();
        file.by_hand().execute_batch(&format!("{UNGUARD}{sql}")).unwrap();
        match store.verify(&head) {
            Err(StoreError::MissingRecord { record, version: found }) if missing => {
                assert_eq!((record, found), (RECORD, version));
            }
            Err(StoreError::ReplacedRecord { record, version: found }) if !missing => {
                assert_eq!((record, found), (RECORD, version));
            }
            outcome => panic!("{sql}: {outcome:?}"),
        }
    }
}

#[test]
fn a_record_that_is_set_back_under_an_entry_of_its_own_is_named() {
    let file = File::new("set-back");
    let mut store = filled(&file, 1);
    let first = store.get(RECORD).unwrap().unwrap();
    store.renew(PATIENT, &wrapped_version(2), &by()).unwrap();
    resealed(&mut store, &sealed_under(RECORD, 1, PATIENT, 2));
    let head = store.head().unwrap();
    store.verify(&head).unwrap();
    resealed(&mut store, &first);
    assert!(matches!(store.verify(&head), Err(StoreError::ReplacedRecord { record: RECORD, version: 1 })));
}

#[test]
fn a_destroyed_key_is_in_no_file_and_stays_destroyed() {
    let file = File::new("destroyed");
    let mut store = filled(&file, 1);
    store.renew(PATIENT, &wrapped_version(2), &by()).unwrap();
    assert!(holds(&bytes_of(&file), &[7; 40]));
    store.destroy(PATIENT, "retention ended", &by()).unwrap();
    assert!(!holds(&bytes_of(&file), &[7; 40]));
    let head = store.head().unwrap();
    store.verify(&head).unwrap();

    // A hand that brings the key back is stopped by the schema, ignored by the store, and found by the trail.
    let db = file.by_hand();
    let restored = wrapped().to_bytes();
    let bring_back = || db.execute("UPDATE keys SET wrapped = ?1 WHERE version = 1", [&restored]);
    bring_back().unwrap_err();
    db.execute_batch("DROP TRIGGER keys_stay").unwrap();
    bring_back().unwrap();
    assert!(store.wrapped_keys(PATIENT).unwrap().iter().all(WrappedKey::is_destroyed));
    assert!(matches!(store.verify(&head), Err(StoreError::RestoredKey { patient: PATIENT })));
}

#[test]
fn a_key_that_is_missing_is_named() {
    let tombstone = wrapped().tombstone().to_bytes();
    let tombstone: String = tombstone.iter().map(|byte| format!("{byte:02x}")).collect();
    for sql in [
        "PRAGMA foreign_keys = OFF; DROP TRIGGER keys_remain; DELETE FROM keys",
        "DROP TRIGGER tombstones_follow; INSERT INTO tombstones SELECT token, 0 FROM patients",
        &format!("UPDATE keys SET wrapped = x'{tombstone}'"),
    ] {
        let file = File::new("keyless");
        let store = filled(&file, 2);
        let head = store.head().unwrap();
        store.verify(&head).unwrap();
        file.by_hand().execute_batch(sql).unwrap();
        assert!(matches!(store.verify(&head), Err(StoreError::MissingKey { patient: PATIENT })), "{sql}");
    }
}

#[test]
fn a_key_that_is_set_back_or_added_is_named() {
    let hex = |key: WrappedKey| key.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (first, third) = (hex(wrapped()), hex(wrapped_version(3)));
    for (sql, missing) in [
        ("DROP TRIGGER keys_remain; DELETE FROM keys WHERE version = 2", true),
        ("DROP TRIGGER keys_remain; DELETE FROM keys WHERE version = 1", true),
        (&format!("UPDATE keys SET wrapped = x'{first}' WHERE version = 2"), false),
        ("DROP TRIGGER keys_stay; UPDATE keys SET version = 3 WHERE version = 2", false),
        ("UPDATE keys SET wrapped_by = randomblob(20) WHERE version = 2", false),
        (
            &format!(
                "INSERT INTO keys SELECT NULL, patient, NULL, 3, wrapped_by, x'{third}' FROM keys WHERE version = 2"
            ),
            false,
        ),
    ] {
        let file = File::new("set-back");
        let mut store = filled(&file, 0);
        store.renew(PATIENT, &wrapped_version(2), &by()).unwrap();
        let head = store.head().unwrap();
        store.verify(&head).unwrap();
        file.by_hand().execute_batch(sql).unwrap();
        match store.verify(&head) {
            Err(StoreError::MissingKey { patient: PATIENT }) if missing => {}
            Err(StoreError::ForgedKey { patient: PATIENT }) if !missing => {}
            outcome => panic!("{sql}: {outcome:?}"),
        }
    }
}

#[test]
fn a_key_of_the_house_that_is_missing_set_back_or_added_is_named() {
    let hex = |key: WrappedKey| key.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let (first, fourth) = (hex(wrapped()), hex(wrapped_version(4)));
    let (gone, destroyed) = (hex(wrapped_version(2).tombstone()), hex(wrapped_version(3).tombstone()));
    let brought_back = &*format!(
        "DROP TRIGGER keys_stay; UPDATE keys SET wrapped = x'{first}' WHERE house = 'family' AND version = 1"
    );
    for (sql, missing) in [
        ("DROP TRIGGER keys_remain; DELETE FROM keys WHERE house = 'family' AND version = 3", true),
        ("DROP TRIGGER keys_remain; DELETE FROM keys WHERE house = 'family'", true),
        ("DROP TRIGGER keys_remain; DELETE FROM keys WHERE house = 'family' AND version = 1", true),
        (&format!("UPDATE keys SET wrapped = x'{destroyed}' WHERE house = 'family' AND version = 3"), true),
        (
            &format!(
                "UPDATE keys SET wrapped = x'{gone}' WHERE house = 'family' AND version = 2;
                INSERT INTO dropped VALUES ('family', 2, x'00')"
            ),
            true,
        ),
        ("INSERT INTO dropped VALUES ('family', 2, x'00')", false),
        (&format!("UPDATE keys SET wrapped = x'{first}' WHERE house = 'family' AND version = 2"), false),
        ("DROP TRIGGER keys_stay; UPDATE keys SET house = 'given' WHERE house = 'family'", true),
        (
            &format!(
                "INSERT INTO keys SELECT NULL, NULL, house, 4, wrapped_by, x'{fourth}' FROM keys
                WHERE house = 'family' AND version = 3"
            ),
            false,
        ),
        (&format!("INSERT INTO keys SELECT NULL, NULL, 'a', 1, wrapped_by, x'{first}' FROM keys LIMIT 1"), false),
        (brought_back, false),
        ("DROP TRIGGER dropped_remain; DELETE FROM dropped", false),
    ] {
        let file = File::new("house");
        let mut store = filled(&file, 0);
        for version in [1, 2, 3] {
            store.keep_house_key("family", &wrapped_version(version), &by()).unwrap();
        }
        store.drop_house_key("family", 1, &by()).unwrap();
        let head = store.head().unwrap();
        store.verify(&head).unwrap();
        file.by_hand().execute_batch(sql).unwrap();
        match store.verify(&head) {
            Err(StoreError::MissingHouseKey { name }) if missing => assert_eq!(&*name, "family"),
            Err(StoreError::ForgedHouseKey { name }) if !missing => assert!(matches!(&*name, "family" | "a")),
            outcome => panic!("{sql}: {outcome:?}"),
        }
        if sql == brought_back {
            assert!(store.house_keys("family").unwrap()[0].is_destroyed(), "whatever stands in the row");
        }
    }
}

#[test]
fn a_key_of_the_house_is_dropped_by_a_note_about_itself_alone() {
    let file = File::new("dropped");
    let mut store = filled(&file, 0);
    for version in [1, 2, 3] {
        store.keep_house_key("family", &wrapped_version(version), &by()).unwrap();
    }
    let of = |name, version| by().of_dropped(name, wrapped_version(version).key());
    let kept = by().of_house_key("family", wrapped_version(1).key());
    for event in [of("family", 2), of("given", 1), kept, by().of_rewrap(1)] {
        let db = file.by_hand();
        db.execute("INSERT INTO dropped VALUES ('family', 1, ?1)", [event.to_bytes()]).unwrap();
        let forged = |outcome| matches!(outcome, Err(StoreError::ForgedHouseKey { .. }));
        assert!(forged(store.dropping().map(drop)) && forged(store.end_dropping("family", 1).map(drop)), "{event:?}");
        assert!(forged(store.verify(&store.head().unwrap())), "{event:?}");
        db.execute_batch("DROP TRIGGER dropped_remain; DELETE FROM dropped").unwrap();
        db.execute_batch("CREATE TRIGGER dropped_remain BEFORE DELETE ON dropped BEGIN SELECT 1; END").unwrap();
    }
    file.by_hand().execute("INSERT INTO dropped VALUES ('family', 1, ?1)", [of("family", 1).to_bytes()]).unwrap();
    store.verify(&store.head().unwrap()).unwrap();
    assert!(matches!(store.end_dropping("family", 2), Err(StoreError::NotBegun)));
    // What is being dropped is carried over by no sweep, and no wrapping key is taken out of use before it is ended.
    let other = KeyLabel { version: 9, ..wrapped().wrapped_by() };
    let living = store.wrapped_otherwise(other, 0, 9).unwrap().into_iter().map(|found| found.kept.1.key().version);
    assert_eq!(living.collect::<Vec<_>>(), [1, 2, 3], "the patient's, and two of the house");
    let trusted = TrustedHead::of(&store).unwrap();
    assert!(matches!(store.retire(wrapped().wrapped_by(), &trusted, &by()), Err(StoreError::NotEnded)));
    store.end_dropping("family", 1).unwrap();
    assert!(matches!(store.retire(wrapped().wrapped_by(), &trusted, &by()), Err(StoreError::KeyInUse { keys: 3 })));
    assert!(matches!(store.end_dropping("family", 1), Err(StoreError::KeyDestroyed)));
    store.verify(&store.head().unwrap()).unwrap();
}

#[test]
fn a_merge_that_is_undone_or_made_up_is_named() {
    for sql in [
        "DROP TRIGGER merges_remain; DELETE FROM merges",
        "DROP TRIGGER merges_stay; UPDATE merges SET leaf = leaf - 1",
        "DROP TRIGGER merges_stay; UPDATE merges SET survivor = patient",
        "DROP TRIGGER merges_follow; INSERT INTO merges SELECT survivor, patient, leaf FROM merges",
    ] {
        let file = File::new("merged");
        let mut store = file.store();
        for patient in [PATIENT, OTHER] {
            store.admit(patient, &wrapped()).unwrap();
        }
        store.rebind(&[], PATIENT, OTHER, &by()).unwrap();
        let head = store.head().unwrap();
        store.verify(&head).unwrap();
        file.by_hand().execute_batch(sql).unwrap();
        assert!(matches!(store.verify(&head), Err(StoreError::ForgedMerge { .. })), "{sql}");
    }
}

#[test]
fn a_hold_that_was_lifted_or_put_past_the_store_is_named() {
    for sql in [
        "DELETE FROM holds WHERE matter = 'Doe v. North Clinic'",
        "DELETE FROM holds WHERE patient = x'03030303030303030303030303030303'",
        "UPDATE holds SET matter = 'another'",
        "INSERT INTO holds VALUES (x'01010101010101010101010101010101', 'recall 7')",
        "DELETE FROM holds",
    ] {
        let file = File::new("held");
        let mut store = file.store();
        for patient in [PATIENT, OTHER] {
            store.admit(patient, &wrapped()).unwrap();
        }
        for matter in ["Doe v. North Clinic", "recall 7", "Doe v. North Clinic"] {
            store.hold(PATIENT, matter, &by()).unwrap();
        }
        store.release(PATIENT, "recall 7", &by()).unwrap();
        // They go with the patient.
        store.rebind(&[], PATIENT, OTHER, &by()).unwrap();
        let head = store.head().unwrap();
        store.verify(&head).unwrap();
        file.by_hand().execute_batch(sql).unwrap();
        assert!(matches!(store.verify(&head), Err(StoreError::ForgedHold { .. })), "{sql}");
        let refused = store.begin_destruction(OTHER, "retention ended", &by());
        assert!(matches!(refused, Err(StoreError::OnHold)), "{sql}");
    }
}

#[test]
fn a_hold_whose_row_was_taken_away_is_released_all_the_same() {
    let file = File::new("released");
    let mut store = filled(&file, 1);
    let matter = "Doe v. North Clinic";
    store.hold(PATIENT, matter, &by()).unwrap();
    file.by_hand().execute("DELETE FROM holds", []).unwrap();
    assert!(matches!(store.release(PATIENT, "recall 7", &by()), Err(StoreError::NotOnHold)));
    store.release(PATIENT, matter, &by()).unwrap();
    assert!(matches!(store.release(PATIENT, matter, &by()), Err(StoreError::NotOnHold)));
    store.destroy(PATIENT, "retention ended", &by()).unwrap();
    store.verify(&store.head().unwrap()).unwrap();
}

#[test]
fn a_destruction_outlives_the_program_that_began_it() {
    let file = File::new("begun");
    let mut store = filled(&file, 1);
    let keys = store.begin_destruction(PATIENT, "retention ended", &by()).unwrap();
    drop(store);
    let mut store = file.store();
    assert_eq!(store.destructions().unwrap(), [(PATIENT, keys)]);
    assert!(store.wrapped_keys(PATIENT).unwrap().iter().all(WrappedKey::is_destroyed));
    store.end_destruction(PATIENT).unwrap();
    store.purge().unwrap();
    assert!(!holds(&bytes_of(&file), &[7; 40]));
    store.verify(&store.head().unwrap()).unwrap();
}

#[test]
fn a_forged_note_of_a_destruction_is_named_and_stops_nothing_else() {
    const THIRD: RecordId = RecordId::from_bytes([4; 16]);
    let mut original = SqliteStore::open_in_memory().unwrap();
    for patient in [OTHER, THIRD] {
        original.admit(patient, &wrapped()).unwrap();
        original.destroy(patient, "retention ended", &by()).unwrap();
    }
    let (tombstones, trusted) = (original.tombstones().unwrap(), TrustedHead::of(&original).unwrap());

    let about = |patient| by().of_key(Kind::KeyDestruction, Action::Delete, patient, "forged").to_bytes();
    for note in [about(PATIENT), b"no entry".to_vec()] {
        let file = File::new("noted");
        let mut store = file.store();
        for patient in [PATIENT, OTHER, THIRD] {
            store.admit(patient, &wrapped()).unwrap();
        }
        file.by_hand().execute("INSERT INTO destructions VALUES (?1, ?2)", (OTHER.as_bytes(), note)).unwrap();
        let forged = |outcome| matches!(outcome, Err(StoreError::ForgedDestruction { patient: OTHER }));
        assert!(forged(store.end_destruction(OTHER).map(drop)));
        assert!(forged(store.begin_destruction(OTHER, "retention ended", &by()).map(drop)));
        assert!(forged(store.hold(OTHER, "Doe v. North Clinic", &by()).map(drop)));
        assert!(forged(store.renew(OTHER, &wrapped_version(2), &by()).map(drop)));
        assert!(forged(store.verify(&store.head().unwrap())));
        assert!(!store.wrapped_keys(OTHER).unwrap().iter().any(WrappedKey::is_destroyed));
        // What comes behind it is replayed.
        assert!(forged(store.replay(&tombstones, &trusted).map(drop)));
        assert!(store.wrapped_keys(THIRD).unwrap().iter().all(WrappedKey::is_destroyed));
        store.destroy(PATIENT, "retention ended", &by()).unwrap();
        assert_eq!(store.destructions().unwrap(), []);
    }
}

#[test]
fn a_destruction_that_was_noted_past_the_store_leaves_nothing_when_it_is_ordered() {
    const THIRD: RecordId = RecordId::from_bytes([4; 16]);
    let file = File::new("noted-first");
    let mut store = indexed(&file);
    store.admit(THIRD, &wrapped()).unwrap();
    // Whoever is merged into the patient has a key of their own.
    store.rebind(&[], THIRD, PATIENT, &by()).unwrap();
    let note = by().of_key(Kind::KeyDestruction, Action::Delete, PATIENT, "forged").to_bytes();
    file.by_hand().execute("INSERT INTO destructions VALUES (?1, ?2)", (PATIENT.as_bytes(), note)).unwrap();
    store.destroy(PATIENT, "retention ended", &by()).unwrap();
    for patient in [PATIENT, THIRD] {
        assert!(store.wrapped_keys(patient).unwrap().iter().all(WrappedKey::is_destroyed));
    }
    assert_eq!(store.find(&[token(7)], &by()).unwrap(), [OTHER]);
    store.verify(&store.head().unwrap()).unwrap();
}

#[test]
fn a_note_about_a_key_that_is_not_there_is_forged() {
    const NOBODY: RecordId = RecordId::from_bytes([5; 16]);
    for patient in [OTHER, NOBODY] {
        let file = File::new("no-key");
        let mut store = filled(&file, 1);
        store.admit(OTHER, &wrapped()).unwrap();
        store.destroy(OTHER, "retention ended", &by()).unwrap();
        let note = by().of_key(Kind::KeyDestruction, Action::Delete, patient, "forged").to_bytes();
        let db = file.by_hand();
        db.execute_batch("PRAGMA foreign_keys = OFF; DROP TRIGGER destructions_follow").unwrap();
        db.execute("INSERT INTO destructions VALUES (?1, ?2)", (patient.as_bytes(), note)).unwrap();
        let outcome = store.verify(&store.head().unwrap());
        assert!(matches!(outcome, Err(StoreError::ForgedDestruction { patient: found }) if found == patient));
        assert_eq!(store.destructions().unwrap(), []);
    }
}

/// One patient destroyed, with what proves it.
fn destroyed(patient: RecordId) -> (Vec<Tombstone>, TrustedHead) {
    let mut original = SqliteStore::open_in_memory().unwrap();
    original.admit(patient, &wrapped()).unwrap();
    original.destroy(patient, "retention ended", &by()).unwrap();
    (original.tombstones().unwrap(), TrustedHead::of(&original).unwrap())
}

#[test]
fn nobody_is_put_on_hold_or_merged_while_a_chart_of_theirs_is_being_destroyed() {
    const THIRD: RecordId = RecordId::from_bytes([4; 16]);
    let (tombstones, trusted) = destroyed(PATIENT);
    // In a backup from before, the patient was merged into another since.
    let mut restored = SqliteStore::open_in_memory().unwrap();
    for patient in [PATIENT, OTHER, THIRD] {
        restored.admit(patient, &wrapped()).unwrap();
    }
    restored.hold(THIRD, "recall 7", &by()).unwrap();
    restored.rebind(&[], PATIENT, OTHER, &by()).unwrap();
    assert_eq!(restored.begin_replay(&tombstones, &trusted).unwrap(), []);
    let not_ended = |outcome| matches!(outcome, Err(StoreError::NotEnded));
    assert!(not_ended(restored.hold(OTHER, "Doe v. North Clinic", &by()).map(drop)));
    assert!(not_ended(restored.rebind(&[], OTHER, THIRD, &by()).map(drop)));
    assert!(not_ended(restored.rebind(&[], THIRD, OTHER, &by()).map(drop)));
    restored.end_destruction(PATIENT).unwrap();
    restored.hold(OTHER, "Doe v. North Clinic", &by()).unwrap();
    restored.rebind(&[], THIRD, OTHER, &by()).unwrap();
    restored.verify(&restored.head().unwrap()).unwrap();
}

#[test]
fn a_replay_takes_the_keys_of_those_who_were_merged_since() {
    let (tombstones, trusted) = destroyed(OTHER);
    let mut restored = SqliteStore::open_in_memory().unwrap();
    for patient in [PATIENT, OTHER] {
        restored.admit(patient, &wrapped()).unwrap();
    }
    restored.rebind(&[], PATIENT, OTHER, &by()).unwrap();
    assert_eq!(restored.replay(&tombstones, &trusted).unwrap().len(), 2);
    for patient in [PATIENT, OTHER] {
        assert!(restored.wrapped_keys(patient).unwrap().iter().all(WrappedKey::is_destroyed));
    }
    assert_eq!(restored.replay(&tombstones, &trusted).unwrap(), []);
    restored.verify(&restored.head().unwrap()).unwrap();
}

#[test]
fn a_wrapping_key_that_is_brought_back_or_put_out_of_use_past_the_store_is_named() {
    for sql in [
        "DROP TRIGGER retired_remain; DELETE FROM retired",
        "DROP TRIGGER retired_stay; UPDATE retired SET wrapping_key = zeroblob(20)",
        "INSERT INTO retired VALUES (zeroblob(20))",
        "INSERT INTO retired VALUES (x'aa')",
    ] {
        let file = File::new("retired");
        let mut store = filled(&file, 1);
        retire(&mut store, [8; 16]);
        let head = store.head().unwrap();
        store.verify(&head).unwrap();
        file.by_hand().execute_batch(sql).unwrap();
        assert!(matches!(store.verify(&head), Err(StoreError::ForgedRetirement)), "{sql}");
    }
}

#[test]
fn a_copy_that_a_reader_keeps_is_told_of_and_purged_after() {
    let file = File::new("reader");
    let mut store = filled(&file, 1);
    let reader = file.by_hand();
    reader.execute_batch("BEGIN; SELECT * FROM keys").unwrap();
    store.connection.busy_timeout(std::time::Duration::ZERO).unwrap();
    let copy_remains = |outcome| matches!(outcome, Err(StoreError::CopyRemains));
    assert!(copy_remains(store.destroy(PATIENT, "retention ended", &by()).map(drop)));
    assert!(holds(&bytes_of(&file), &[7; 40]) && copy_remains(store.purge()));
    // It is destroyed for all that, and opening the store is nothing that a reader hinders.
    assert_eq!((store.tombstones().unwrap().len(), store.destructions().unwrap()), (1, vec![]));
    assert!(store.wrapped_keys(PATIENT).unwrap().iter().all(WrappedKey::is_destroyed));
    let mut random = RandomSource::from_seed(&[7; 32]);
    let keyring = Keyring::create(&"a passphrase for tests".to_owned().into(), Cost::LEAST, &mut random).unwrap();
    let vault = Vault::new(keyring, "north-clinic", LabelSets::starter());
    assert!(matches!(rotation::resume(&mut store, &vault), Err(RotationError::Store(StoreError::CopyRemains))));
    reader.execute_batch("COMMIT").unwrap();
    assert!(rotation::resume(&mut store, &vault).unwrap().is_empty());
    assert!(!holds(&bytes_of(&file), &[7; 40]));
    store.verify(&store.head().unwrap()).unwrap();
}

/// A record without tokens.
const GIVEN: RecordId = RecordId::from_bytes([5; 16]);

fn token(value: u8) -> Token {
    Token::new("family", IndexToken::from_bytes([1, 0, 0, 0, 1, 0, 0, 0, value]))
}

/// A store with records of two patients, some found by tokens.
fn indexed(file: &File) -> SqliteStore {
    let mut store = filled(file, 0);
    store.admit(OTHER, &wrapped()).unwrap();
    store.keep_house_key("family", &wrapped(), &by()).unwrap();
    store.put_indexed(&sealed(RECORD, 1, PATIENT), &[token(7), token(8)], &by()).unwrap();
    // What the first version was found by is no longer told.
    store.put_indexed(&sealed(RECORD, 2, PATIENT), &[token(9), token(7)], &by()).unwrap();
    store.put(&sealed(GIVEN, 1, PATIENT), &by()).unwrap();
    store.put_indexed(&sealed(OTHER, 1, OTHER), &[token(7)], &by()).unwrap();
    store
}

#[test]
fn tokens_that_were_taken_away_added_or_changed_are_named() {
    for (sql, named) in [
        ("DELETE FROM tokens WHERE value = 9", RECORD),
        ("DELETE FROM tokens", RECORD),
        ("UPDATE tokens SET value = 8 WHERE value = 9", RECORD),
        ("UPDATE tokens SET forms = 2 WHERE value = 9", RECORD),
        ("DELETE FROM salts", RECORD),
        ("INSERT INTO salts VALUES (x'05050505050505050505050505050505', randomblob(32))", GIVEN),
        ("UPDATE tokens SET name = 'given' WHERE value = 9", RECORD),
        ("UPDATE tokens SET key_version = 2 WHERE value = 9", RECORD),
        ("INSERT INTO tokens SELECT name, 1, 1, 8, record, patient FROM tokens WHERE value = 9", RECORD),
        (
            "INSERT INTO tokens SELECT name, 1, 1, 8, zeroblob(16), patient FROM tokens WHERE value = 9",
            RecordId::from_bytes([0; 16]),
        ),
        ("UPDATE tokens SET record = x'05050505050505050505050505050505' WHERE value = 9", RECORD),
        (
            "INSERT INTO tokens SELECT name, 1, 1, 8, x'05050505050505050505050505050505', patient FROM tokens WHERE value = 9",
            GIVEN,
        ),
        // Filed under another, so that a destruction would leave it.
        ("UPDATE tokens SET patient = x'03030303030303030303030303030303' WHERE value = 9", RECORD),
    ] {
        let file = File::new("tokens");
        let mut store = indexed(&file);
        let head = store.head().unwrap();
        store.verify(&head).unwrap();
        assert_eq!(store.find(&[token(7)], &by()).unwrap(), [RECORD, OTHER]);
        file.by_hand().execute_batch(sql).unwrap();
        match store.verify(&head) {
            Err(StoreError::ReplacedTokens { record }) => assert_eq!(record, named, "{sql}"),
            outcome => panic!("{sql}: {outcome:?}"),
        }
        assert_eq!(store.records_of(PATIENT).unwrap().len(), 2);
    }
}

#[test]
fn an_entry_that_tells_of_no_tokens_is_about_a_record_that_has_none() {
    let file = File::new("untold");
    let mut store = indexed(&file);
    let untold = store.write(|transaction, frontier| {
        let record = sealed(RecordId::from_bytes([6; 16]), 1, PATIENT);
        let mut event = by().of_write(&record, Hash::of_empty_tree());
        event.found_by = None;
        let receipt = log::append(transaction, frontier, &event)?;
        records::insert(transaction, &record, receipt.index)?;
        tokens::replace(transaction, &record, &[])?;
        Ok(record)
    });
    store.verify(&store.head().unwrap()).unwrap();
    store.write(|transaction, _| tokens::replace(transaction, &untold.unwrap(), &[token(7)])).unwrap();
    assert!(matches!(store.verify(&store.head().unwrap()), Err(StoreError::ReplacedTokens { .. })));
}

#[test]
fn what_is_destroyed_is_found_by_nothing_and_its_tokens_are_not_missed() {
    let file = File::new("unfound");
    let mut store = indexed(&file);
    file.by_hand().execute_batch("CREATE TABLE was AS SELECT * FROM tokens").unwrap();
    store.begin_destruction(PATIENT, "retention ended", &by()).unwrap();
    store.verify(&store.head().unwrap()).unwrap();
    store.end_destruction(PATIENT).unwrap();
    store.verify(&store.head().unwrap()).unwrap();
    let salts: u32 = file.by_hand().query_row("SELECT count(*) FROM salts", [], |row| row.get(0)).unwrap();
    assert_eq!(salts, 1, "the entries tell no more of what is destroyed");
    file.by_hand().execute_batch("INSERT OR IGNORE INTO tokens SELECT * FROM was").unwrap();
    let restored = store.verify(&store.head().unwrap());
    assert!(matches!(restored, Err(StoreError::ReplacedTokens { record: RECORD })));
}

#[test]
fn tokens_of_older_forms_are_older_too() {
    let mut store = SqliteStore::open_in_memory().unwrap();
    store.admit(PATIENT, &wrapped()).unwrap();
    store.keep_house_key("family", &wrapped(), &by()).unwrap();
    let token = |forms| Token::new("family", IndexToken::from_bytes([forms, 0, 0, 0, 1, 0, 0, 0, 7]));
    for (record, forms) in [(RECORD, 1), (OTHER, 2)] {
        store.put_indexed(&sealed(record, 1, PATIENT), &[token(forms)], &by()).unwrap();
    }
    let older = |current, behind| {
        let found = store.tokens_under_older("family", current, behind, 9).unwrap();
        found.into_iter().map(|found| (found.place, found.kept.id())).collect::<Vec<_>>()
    };
    assert_eq!(older(IndexVersion { forms: 1, key: 1 }, 0), []);
    assert_eq!(older(IndexVersion { forms: 2, key: 1 }, 0), [(1, RECORD)]);
    assert_eq!(older(IndexVersion { forms: 1, key: 2 }, 0), [(1, RECORD), (2, OTHER)]);
    assert_eq!(older(IndexVersion { forms: 1, key: 2 }, 1), [(2, OTHER)]);
    assert_eq!(store.tokens_under_older("given", IndexVersion { forms: 1, key: 2 }, 0, 9).unwrap(), []);
}

#[test]
fn the_hash_of_what_a_record_is_found_by_is_a_promise() {
    let mut store = SqliteStore::open_in_memory().unwrap();
    store.admit(PATIENT, &wrapped()).unwrap();
    for name in ["family", "a"] {
        store.keep_house_key(name, &wrapped(), &by()).unwrap();
    }
    let token = |name, value| Token::new(name, IndexToken::from_bytes([1, 0, 0, 0, 1, 0, 0, 0, value]));
    let tokens = [token("family", 9), token("a", 200), token("family", 7), token("family", 9)];
    store.put_indexed(&sealed(RECORD, 1, PATIENT), &tokens, &by()).unwrap();
    store.put(&sealed(OTHER, 1, PATIENT), &by()).unwrap();
    let told = store.events(2..4).unwrap().into_iter().map(|(_, event)| event.found_by.unwrap());
    let salt: Vec<u8> = store.connection.query_row("SELECT salt FROM salts", [], |row| row.get(0)).unwrap();
    let bytes = b"\0\0\0\x01a\x01\0\0\0\x01\0\0\0\xc8\
        \0\0\0\x06family\x01\0\0\0\x01\0\0\0\x07\0\0\0\x06family\x01\0\0\0\x01\0\0\0\x09";
    assert_eq!(told.collect::<Vec<_>>(), [leaf_hash(&[&[1], &salt[..], bytes].concat()), leaf_hash(&[1])]);
}
