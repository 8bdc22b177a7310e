//! Keeps sealed, versioned records, and the trail of who wrote and saw them.
//!
//! A [`Store`] takes what the vault has sealed and nothing else. A version is never overwritten. A write names who makes
//! it, and the record and its entry on the audit trail are kept together or not at all. [`SqliteStore`] keeps everything
//! in one file.
//!
//! ```
//! use chartroom_access::label::LabelSets;
//! use chartroom_audit::Trail;
//! use chartroom_audit::event::Agent;
//! use chartroom_record::{Checks, Mode, parse};
//! use chartroom_seal::{Cost, Keyring, Passphrase, RandomSource};
//! use chartroom_store::{SqliteStore, Store, StoreError, WriteBy};
//! use chartroom_vault::{Author, Vault};
//! use chrono::DateTime;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut random = RandomSource::from_seed(&[7; 32]);
//! # let now = DateTime::from_timestamp(1_772_000_000, 0).ok_or("no such time")?;
//! # let passphrase = Passphrase::from("correct horse battery staple".to_owned());
//! let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random)?;
//! let vault = Vault::new(keyring, "north-clinic", LabelSets::starter());
//! let mut store = SqliteStore::open_in_memory()?;
//!
//! // A patient is admitted once: a random token, and a key that only the vault can read.
//! let (patient, wrapped) = vault.admit(&mut random)?;
//! store.admit(patient.token(), &wrapped)?;
//!
//! let by = WriteBy::new(Agent::new("desk-2", "front desk"), now);
//! let text = br#"{"resourceType":"Patient","name":[{"family":"Fenwarden"}]}"#;
//! let checked = parse(text, Mode::Strict)?.check(&Checks::structure()).map_err(|_| "refused")?;
//! let first = vault.seal(&checked, &patient, &Author::new("desk-2"), &mut random)?;
//! let receipt = store.put(&first, &by)?;
//! assert_eq!((receipt.index, store.head()?.size), (0, 1));
//!
//! // Two people correct the same version: the second is told, and nothing is lost.
//! let next = vault.seal_next(&checked, &patient, &Author::new("desk-2"), &first, &mut random)?;
//! store.put(&next, &by)?;
//! assert!(matches!(store.put(&next, &by), Err(StoreError::Conflict { current: 2, .. })));
//! assert_eq!(store.versions(first.id())?, [1, 2]);
//! # Ok(())
//! # }
//! ```
//!
//! # Finding what is sealed
//!
//! An index is over named elements, under a key of the house that the store keeps wrapped and the program never holds in the open.
//! What is found is opened as any record is, and what only shares a token with it is dropped then.
//!
//! ```
//! # use chartroom_access::label::LabelSets;
//! # use chartroom_audit::event::Agent;
//! # use chartroom_record::{Checks, Mode, parse};
//! # use chartroom_seal::{Cost, Keyring, Passphrase, RandomSource};
//! # use chartroom_store::{SqliteStore, Store, WriteBy};
//! # use chartroom_vault::{Author, Vault};
//! # use chrono::DateTime;
//! use chartroom_seal::index::Form;
//! use chartroom_store::rotation::{self, Sweep};
//! use chartroom_vault::RecordIndex;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut random = RandomSource::from_seed(&[7; 32]);
//! # let now = DateTime::from_timestamp(1_772_000_000, 0).ok_or("no such time")?;
//! # let passphrase = Passphrase::from("correct horse battery staple".to_owned());
//! # let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random)?;
//! # let vault = Vault::new(keyring, "north-clinic", LabelSets::starter());
//! # let mut store = SqliteStore::open_in_memory()?;
//! # let (patient, wrapped) = vault.admit(&mut random)?;
//! # store.admit(patient.token(), &wrapped)?;
//! # let by = WriteBy::new(Agent::new("desk-2", "front desk"), now);
//! # let text = br#"{"resourceType":"Patient","name":[{"family":"Fenwarden"}],"birthDate":"1978-02-28"}"#;
//! # let checked = parse(text, Mode::Strict)?.check(&Checks::structure()).map_err(|_| "refused")?;
//! // Once for the house: some 50,000 different pairs of family name and birth date are expected.
//! let over = [("Patient.name.family", Form::Text), ("Patient.birthDate", Form::Digits)];
//! let definition = RecordIndex::new("name-and-birth-date", &over, 50_000, 14)?;
//! store.keep_house_key(definition.name(), &vault.new_house_key(definition.name(), &mut random)?, &by)?;
//!
//! // With each record, its tokens; and those of what is looked for.
//! let index = vault.open_index(&definition, &store.house_keys(definition.name())?)?;
//! let record = vault.seal(&checked, &patient, &Author::new("desk-2"), &mut random)?;
//! store.put_indexed(&record, &index.tokens(&checked)?, &by)?;
//! assert_eq!(store.find(&index.search(&["FENWARDEN", "1978-02-28"])?, &by)?, [record.id()]);
//!
//! // The key is renewed: both versions are searched, new tokens are under the new one, and a sweep carries the others over.
//! let next = vault.renew_house_key(definition.name(), &store.house_keys(definition.name())?, &mut random)?;
//! store.keep_house_key(definition.name(), &next, &by)?;
//! let index = vault.open_index(&definition, &store.house_keys(definition.name())?)?;
//! assert_eq!(store.find(&index.search(&["Fenwarden", "1978-02-28"])?, &by)?, [record.id()]);
//! let mut sweep = Sweep::new(100);
//! while sweep.reindex(&mut store, &vault, &index, &by)? {}
//! rotation::drop_house_key(&mut store, &vault, definition.name(), 1, &by)?;
//! # assert!(sweep.failed().is_empty());
//! # let index = vault.open_index(&definition, &store.house_keys(definition.name())?)?;
//! # assert_eq!(store.find(&index.search(&["Fenwarden", "1978-02-28"])?, &by)?, [record.id()]);
//! # store.verify(&chartroom_audit::Trail::head(&store)?)?;
//! # Ok(())
//! # }
//! ```
//!
//! Records that were stored before there was an index have no tokens in it: [`Sweep::index`](rotation::Sweep::index) makes them.
//!
//! # What is in clear
//!
//! Whoever reads the file without keys sees random ids and tokens, types, versions, lengths and times, the names of indexes, and
//! of each entry of the trail who did what, to which record, what for, and which classes of information were granted and
//! withheld. What a record says is sealed, and so are the reasons of a decision. `THREAT_MODEL.md` has the whole list, and what
//! can be guessed from it.
//!
//! Keep the file where only the program can read it.
//!
//! # What a store promises
//!
//! - **Nothing is overwritten.** The next version of a record is the last one and one more; any other is a
//!   [`StoreError::Conflict`]. A version may be sealed anew, by the vault and with an entry on the trail. The schema itself refuses
//!   any other change of records, entries and nodes of the trail.
//! - **All or nothing.** Record, index rows and entry are one durable transaction: after a receipt, they survive a crash.
//! - **Tampering shows.** Whoever writes to the file directly can do as they please, but [`Store::verify`] names the first
//!   entry that is not as it was written, given a [`Head`](chartroom_audit::Head) that was kept elsewhere; and then each record
//!   that is missing, set back to an older version, found by other tokens, or otherwise not what the trail says was stored.
//! - **Destroyed is destroyed.** [`rotation::shred`] has the key service destroy a patient's keys and takes them out of the file and
//!   its write-ahead log, or says that a copy remains while someone reads. A backup from before has them still: [`rotation::replay`] the tombstones when one is restored, and keep
//!   backups for no longer than needed. Only what a trusted head proves is replayed, and a legal hold stops that too. It is of patients' keys alone: a
//!   key of the house that was dropped is back with the backup, and is to be [dropped](rotation::drop_house_key) again.
//! - **Two systems, no gap.** The key service and the store are not one transaction. So a destruction is noted before it is done, and
//!   [`rotation::resume`] ends what a crash cut short; a [`KeyringFile`] is on the disk before any key is wrapped by it; and
//!   [`rotation::retire`] destroys a wrapping key only after the store takes nothing from it any more.
//!
//! # What this crate does not do
//!
//! - It does not ask whether someone may write or destroy: the caller does, before.
//! - It takes no backups.

mod error;
mod keyring_file;
pub mod rotation;
mod sqlite;
mod store;

pub use error::{DatabaseError, StoreError};
pub use keyring_file::{KeyringFile, KeyringFileError};
pub use sqlite::SqliteStore;
pub use store::{Kept, Store, Tombstone, WriteBy};
