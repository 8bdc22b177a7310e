//! Why something could not be stored or read.

use std::fmt;

use chartroom_audit::TrailError;
use chartroom_audit::verify::Tampering;
use chartroom_seal::OpenError;
use chartroom_vault::{RecordId, VaultError};
use rusqlite::{ErrorCode, ffi};

/// Why something could not be stored or read. It never tells what was in a record.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The version does not follow the last one that is kept: someone else wrote in between, or a version was left out.
    #[error("the version does not follow the last one kept of record {record}, which is {current}")]
    Conflict {
        /// The record.
        record: RecordId,
        /// The last version that is kept; 0 where there is none.
        current: u64,
    },
    /// An earlier version of the record is another patient's, or of another resource type.
    #[error("earlier versions of record {record} are another patient's or of another type")]
    AnotherRecord {
        /// The record.
        record: RecordId,
    },
    /// What is kept of the version is not what was sealed anew: someone else did it meanwhile, or it is another record.
    #[error("what is kept as version {version} of record {record} is not what was sealed anew")]
    ResealConflict {
        /// The record.
        record: RecordId,
        /// The version.
        version: u64,
    },
    /// A version of a record would stay with a patient who is merged into another: it was left out, or stored meanwhile.
    #[error("a version of record {record} would stay behind")]
    LeftBehind {
        /// The record.
        record: RecordId,
    },
    /// The patient was never admitted.
    #[error("the patient is not known to the store")]
    UnknownPatient,
    /// The patient was merged into another, for whom everything is stored from then on.
    #[error("the patient was merged into patient {into}")]
    Merged {
        /// The patient with whom everything is, after later merges too.
        into: RecordId,
    },
    /// A patient cannot be merged into themselves.
    #[error("the patients to be merged are one patient already")]
    OnePatient,
    /// The patient was admitted before.
    #[error("the patient is already known to the store")]
    KnownPatient,
    /// The key does not follow the last one that is kept: someone else renewed it in between, or it is another patient's.
    #[error("the key does not follow the patient's last one, which is version {current}")]
    KeyConflict {
        /// The last version that is kept.
        current: u32,
    },
    /// The house has no key of this name, or not this version of it.
    #[error("the house has no such key")]
    UnknownHouseKey,
    /// The newest version of a key of the house is never dropped: it is renewed first.
    #[error("the newest version of a key is not dropped")]
    CurrentKey,
    /// A version of a key of the house cannot be dropped: records are found by tokens under it.
    #[error("{records} records are found by tokens under the key")]
    IndexInUse {
        /// How many.
        records: u64,
    },
    /// Tokens are stored under the newest version of an index's key, and searched for under all that are kept; these are not, or the
    /// house has no key for the index. Someone else may have renewed it: the program should open the index again.
    #[error("index {index} is now under version {current} of its key")]
    IndexConflict {
        /// The index.
        index: Box<str>,
        /// The newest version of its key; 0 where there is none.
        current: u32,
    },
    /// The patient's key was destroyed. Nothing can be written for the patient any more, and nothing can be read.
    #[error("the patient's key was destroyed")]
    KeyDestroyed,
    /// A key is wrapped by a key of the key service that was taken out of use. The program should open the keyring again.
    #[error("the key is wrapped by a key that was taken out of use")]
    RetiredKey,
    /// A key of the key service cannot be taken out of use: it still wraps keys that are kept.
    #[error("the key still wraps {keys} keys")]
    KeyInUse {
        /// How many.
        keys: u64,
    },
    /// A key of the key service cannot be taken out of use, nor a person be put on hold or merged, while keys are being destroyed:
    /// destroying them is [ended](crate::rotation::resume) first.
    #[error("keys are still being destroyed")]
    NotEnded,
    /// Keys were destroyed, with their tombstones, but a copy remains in the file or its write-ahead log: someone was reading all the
    /// while. It goes with the next [`purge`](crate::Store::purge) or [`resume`](crate::rotation::resume) after that.
    #[error("the key was destroyed, but a copy remains while someone reads the store")]
    CopyRemains,
    /// Nobody has begun to destroy the patient's key.
    #[error("nobody has begun to destroy the patient's key")]
    NotBegun,
    /// The patient's key cannot be destroyed: a legal hold asks for the records to be kept.
    #[error("the patient's key is on hold")]
    OnHold,
    /// The patient's key is not on hold for this matter.
    #[error("the patient's key is not on hold for this matter")]
    NotOnHold,
    /// The trail says that a version of a record was stored, and it is not kept.
    #[error("version {version} of record {record} is missing")]
    MissingRecord {
        /// The record.
        record: RecordId,
        /// The version.
        version: u64,
    },
    /// What is kept as a version of a record is not what the trail says was stored last.
    #[error("what is kept as version {version} of record {record} is not what was stored last")]
    ReplacedRecord {
        /// The record.
        record: RecordId,
        /// The version.
        version: u64,
    },
    /// What a record is found by is not what the trail says was stored last: tokens were taken away, added or changed.
    #[error("what record {record} is found by is not what was stored last")]
    ReplacedTokens {
        /// The record.
        record: RecordId,
    },
    /// The trail says that a patient's key was destroyed, and it is there again.
    #[error("the destroyed key of patient {patient} is there again")]
    RestoredKey {
        /// The patient.
        patient: RecordId,
    },
    /// A key of the patient is not kept, and no entry of the trail says that it was destroyed.
    #[error("a key of patient {patient} is not kept")]
    MissingKey {
        /// The patient.
        patient: RecordId,
    },
    /// What is kept as a key of the patient is another key than its row says, or one that the trail does not tell of.
    #[error("what is kept as a key of patient {patient} is not what was stored")]
    ForgedKey {
        /// The patient.
        patient: RecordId,
    },
    /// A key of the house is not kept, or not in all its versions, and no entry of the trail says that it was dropped.
    #[error("the house's key {name} is not kept whole")]
    MissingHouseKey {
        /// The name of the key.
        name: Box<str>,
    },
    /// What is kept as a key of the house is another key than its row says, one that the trail does not tell of, or one that it says
    /// was dropped.
    #[error("what is kept as the house's key {name} is not what was stored")]
    ForgedHouseKey {
        /// The name of the key.
        name: Box<str>,
    },
    /// What is noted about a destruction that was begun is not about the patient, or there is no key to destroy. It is not carried out.
    /// Until whoever keeps the file takes the note away, which a trigger of the schema forbids, nothing is destroyed, held or renewed for
    /// the patient.
    #[error("a destruction is noted for patient {patient} that cannot be carried out")]
    ForgedDestruction {
        /// The patient.
        patient: RecordId,
    },
    /// What is called a tombstone is no entry about a destroyed key under the head that is trusted. Nothing was replayed.
    #[error("tombstone {number} is no entry about a destroyed key of the trusted trail")]
    UnprovenTombstone {
        /// Which of them, from 1.
        number: usize,
    },
    /// What is noted about a patient having been merged is not what the trail says.
    #[error("what is noted about merging patient {patient} is not what the trail says")]
    ForgedMerge {
        /// The patient.
        patient: RecordId,
    },
    /// A hold on the patient's key was lifted or put past the store: the trail says otherwise. One that was lifted still stands against
    /// destroying the key until it is [released](crate::Store::release).
    #[error("the holds on the key of patient {patient} are not what the trail says")]
    ForgedHold {
        /// The patient.
        patient: RecordId,
    },
    /// A wrapping key was taken out of use, or brought back into use, past the store: the trail says otherwise.
    #[error("the wrapping keys that are out of use are not those that the trail says")]
    ForgedRetirement,
    /// The file is a database, but of another program.
    #[error("the file is a database of another program")]
    NotAStore,
    /// The file was written by a later version of this crate.
    #[error("the file has schema {found}; this program knows schemas up to {known}")]
    FutureSchema {
        /// The schema of the file.
        found: i64,
        /// The latest schema known here.
        known: i64,
    },
    /// What is stored as a version of a record is not a sealed record.
    #[error("version {version} of record {record} cannot be read")]
    MalformedRecord {
        /// The record.
        record: RecordId,
        /// The version.
        version: u64,
        /// What is wrong with its bytes.
        #[source]
        cause: VaultError,
    },
    /// What is stored as a version of a record is a version of another one, or of another type or sealed under another key than its
    /// row says.
    #[error("what is stored as version {version} of record {record} is not what its row says")]
    MisplacedRecord {
        /// The record.
        record: RecordId,
        /// The version.
        version: u64,
    },
    /// What is stored as the key of a patient is not a wrapped key.
    #[error("the patient's key cannot be read")]
    MalformedKey(#[source] OpenError),
    /// The trail has more or fewer entries than its tree has leaves, or lacks nodes of the tree.
    #[error("the entries of the trail and its stored tree do not belong together")]
    BrokenTrail,
    /// The trail cannot be read, or is not the one that was written.
    #[error(transparent)]
    Trail(TrailError),
    /// The database failed.
    #[error("the database failed")]
    Database(#[source] DatabaseError),
}

/// How the database failed. It tells the kind of failure, and nothing of what was read or written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct DatabaseError {
    /// SQLite's result code, where it is SQLite that failed.
    code: Option<ffi::Error>,
}

impl DatabaseError {
    /// Whether another program holds the file just now, so that it helps to try again.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.code.is_some_and(|error| matches!(error.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
    }

    /// Whether the file cannot grow: the disk or the quota is full.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.code.is_some_and(|error| error.code == ErrorCode::DiskFull)
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(error) => {
                write!(f, "SQLite: {} (code {})", ffi::code_to_str(error.extended_code), error.extended_code)
            }
            None => f.write_str("a stored value is of another type than it should be"),
        }
    }
}

impl fmt::Debug for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DatabaseError({self})")
    }
}

impl std::error::Error for DatabaseError {}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        // Its own text may hold a statement or a path, so only the code goes on.
        Self::Database(DatabaseError { code: error.sqlite_error().copied() })
    }
}

impl From<TrailError> for StoreError {
    fn from(error: TrailError) -> Self {
        Self::Trail(error)
    }
}

impl From<Tampering> for StoreError {
    fn from(tampering: Tampering) -> Self {
        Self::Trail(tampering.into())
    }
}

impl From<StoreError> for TrailError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Trail(error) => error,
            other => Self::storage(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_error_tells_nothing_of_statement_or_value() {
        let statement = rusqlite::Error::SqlInputError {
            error: ffi::Error::new(ffi::SQLITE_ERROR),
            msg: "near Fenwarden".into(),
            sql: "SELECT 'Fenwarden'".into(),
            offset: 1,
        };
        let path = rusqlite::Error::InvalidPath("Fenwarden".into());
        let message = rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_FULL), Some("Fenwarden".into()));
        for error in [statement, path, message] {
            let StoreError::Database(error) = StoreError::from(error) else { panic!("another error") };
            assert!(!format!("{error} {error:?}").contains("Fenwarden"));
        }
    }

    #[test]
    fn an_error_of_the_trail_comes_back_as_itself() {
        let tampered = StoreError::from(Tampering::Entry { index: 3 });
        assert!(matches!(TrailError::from(tampered), TrailError::Tampered(Tampering::Entry { index: 3 })));
        assert!(matches!(TrailError::from(StoreError::UnknownPatient), TrailError::Storage(_)));
    }
}
