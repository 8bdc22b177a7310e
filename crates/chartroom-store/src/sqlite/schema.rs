//! The tables, and who made the file.

use rusqlite::{Connection, TransactionBehavior};

use crate::StoreError;

/// The schema that this version writes.
const VERSION: i64 = 1;
/// Marks a file as ours: "Chrt".
const APPLICATION: i64 = 0x4368_7274;

/// What holds for each connection. A key that was replaced is wiped from the file, and the schema can call no function that
/// reaches outside it.
const SETTINGS: &str = "
    PRAGMA synchronous = FULL;
    PRAGMA foreign_keys = ON;
    PRAGMA secure_delete = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA recursive_triggers = ON;
    PRAGMA temp_store = MEMORY;
";

const TABLES: &str = include_str!("schema.sql");

/// Makes a new file a store, and takes up an old one if it is a store that this version knows.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    connection.execute_batch(SETTINGS)?;
    if !is_known(&*connection.transaction()?)? {
        create(connection)?;
    }
    write_ahead(connection)?;
    // What a crash left in the write-ahead log may hold a key that was destroyed just before. Someone who reads just now keeps
    // nobody from opening.
    empty_log(connection).map(drop)
}

/// Moves the write-ahead log into the file and empties it, so that nothing replaced or destroyed is left in it. Waits for those
/// who read, and says whether it came to its end.
pub(super) fn empty_log(connection: &Connection) -> Result<bool, StoreError> {
    // That someone still reads is an answer, not an error.
    let is_busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0));
    match is_busy.map_err(StoreError::from) {
        Err(StoreError::Database(error)) if error.is_busy() => Ok(false),
        outcome => Ok(!outcome?),
    }
}

/// Lets readers go on while someone writes. The file remembers it.
fn write_ahead(connection: &Connection) -> Result<(), StoreError> {
    match connection.execute_batch("PRAGMA journal_mode = WAL").map_err(StoreError::from) {
        // Someone else has just opened the file. It is as safe without, and the next to open it tries again.
        Err(StoreError::Database(error)) if error.is_busy() => Ok(()),
        outcome => outcome,
    }
}

fn create(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Someone else may have been faster.
    if !is_known(&transaction)? {
        transaction.execute_batch(TABLES)?;
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", VERSION)?;
    }
    Ok(transaction.commit()?)
}

/// Whether the file has the tables; no where it is still empty.
fn is_known(connection: &Connection) -> Result<bool, StoreError> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    match (number("application_id")?, number("user_version")?) {
        (APPLICATION, VERSION) => Ok(true),
        (APPLICATION, found) => Err(StoreError::FutureSchema { found, known: VERSION }),
        (0, 0) if is_empty(connection)? => Ok(false),
        _ => Err(StoreError::NotAStore),
    }
}

fn is_empty(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(sql: &str) -> Result<(), StoreError> {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(sql).unwrap();
        prepare(&mut connection)
    }

    #[test]
    fn takes_up_what_it_made() {
        let mut connection = Connection::open_in_memory().unwrap();
        prepare(&mut connection).unwrap();
        prepare(&mut connection).unwrap();
    }

    #[test]
    fn leaves_the_files_of_others_alone() {
        let sql = "CREATE TABLE theirs (x)";
        assert!(matches!(open(sql), Err(StoreError::NotAStore)));
        assert!(matches!(open("PRAGMA user_version = 7"), Err(StoreError::NotAStore)));
        assert!(matches!(open("PRAGMA application_id = 7"), Err(StoreError::NotAStore)));
    }

    #[test]
    fn refuses_a_later_schema() {
        let sql = format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = 9");
        let error = open(&sql).unwrap_err();
        assert_eq!(error.to_string(), "the file has schema 9; this program knows schemas up to 1");
    }
}
