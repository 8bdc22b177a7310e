//! What every store does, whatever it keeps its records in.

use std::collections::BTreeSet;
use std::ops::Range;

use chartroom_audit::accounting::{Accounting, Query};
use chartroom_audit::breach::{self, Worksheet};
use chartroom_audit::event::{Action, Agent, Event, Kind, Outcome, Reason, RecordReference};
use chartroom_audit::merkle::{Consistency, Hash, Inclusion, Nodes, leaf_hash, prove_consistency, prove_inclusion};
use chartroom_audit::policies::NotAdopted;
use chartroom_audit::{Head, Receipt, Trail, TrailError, TrustedHead};
use chartroom_seal::index::IndexVersion;
use chartroom_seal::{KeyLabel, WrappedKey};
use chartroom_vault::{KeyOwner, RecordId, Resealed, Retokened, SealedRecord, Token, VaultError};

use crate::rotation::Unswept;
use chrono::{DateTime, Utc};

use crate::StoreError;

/// Keeps sealed records in versions, the wrapped keys of their patients, and the audit trail.
///
/// A store is itself the [`Trail`] to which the vault writes its disclosures. Writes take `&mut self`; each is durable when it
/// returns, and one that fails leaves the store as it was.
///
/// As a trail it takes no disclosure for a patient whose key is destroyed, or is being destroyed: what a program has in its memory
/// of the key opens nothing more. A denial stands in the place of the event, and the answer is a
/// [`Refusal`](chartroom_audit::Refusal).
pub trait Store: Trail + Nodes {
    /// Takes in a new patient, with the key that seals the patient's records. Both come from
    /// [`Vault::admit`](chartroom_vault::Vault::admit).
    ///
    /// # Errors
    ///
    /// [`StoreError::KnownPatient`] for a token that is already kept; [`StoreError::RetiredKey`].
    fn admit(&mut self, token: RecordId, wrapped: &WrappedKey) -> Result<(), StoreError>;

    /// All versions of a patient's key, oldest first, as [`Vault::unlock`](chartroom_vault::Vault::unlock) takes them. None for a
    /// patient who is not known; tombstones where the key was destroyed, or is being destroyed.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    fn wrapped_keys(&self, token: RecordId) -> Result<Vec<WrappedKey>, StoreError>;

    /// Keeps the next version of a patient's key, from [`Vault::renew`](chartroom_vault::Vault::renew).
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownPatient`]; [`StoreError::KeyConflict`] unless it is the next version of the same key;
    /// [`StoreError::KeyDestroyed`]; [`StoreError::RetiredKey`]; [`StoreError::ForgedDestruction`].
    fn renew(&mut self, token: RecordId, wrapped: &WrappedKey, by: &WriteBy) -> Result<Receipt, StoreError>;

    /// Keys of patients and of the house behind a place that are wrapped by another key than this one, up to a number. What is done
    /// is left out by itself, so that a sweep that was cut short goes on where it stopped.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    fn wrapped_otherwise(
        &self,
        by: KeyLabel,
        behind: u64,
        limit: usize,
    ) -> Result<Vec<Kept<(KeyOwner, WrappedKey)>>, StoreError>;

    /// Puts new wrappings of keys in the place of the old ones, all of them or none, with one entry on the trail.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownPatient`] or [`StoreError::UnknownHouseKey`] for a key that is not kept, [`StoreError::KeyDestroyed`],
    /// [`StoreError::RetiredKey`].
    fn rewrap(&mut self, anew: &[(KeyOwner, WrappedKey)], by: &WriteBy) -> Result<Receipt, StoreError>;

    /// Takes a key of the key service out of use: from then on nothing is kept that it has wrapped, whichever program wrapped it.
    /// Only then is it safe to destroy the key, if it has wrapped nothing that is kept elsewhere: see
    /// [`rotation::retire`](crate::rotation::retire). To do it twice does no harm.
    ///
    /// Whoever can hide a key from this destroys it in every backup too. So what is kept is [verified](Self::verify) first, and what is
    /// being destroyed is ended first.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify) under the trusted head, [`StoreError::NotEnded`] while any key is being destroyed or dropped, and
    /// [`StoreError::KeyInUse`] while it still wraps anything here.
    fn retire(&mut self, wrapping_key: KeyLabel, trusted: &TrustedHead, by: &WriteBy) -> Result<(), StoreError>;

    /// Keeps the first or the next version of a key of the house, such as that of an index of this name. It comes from
    /// [`Vault::new_house_key`](chartroom_vault::Vault::new_house_key) or
    /// [`Vault::renew_house_key`](chartroom_vault::Vault::renew_house_key). From then on tokens of the index are stored under this
    /// version alone. The name stands in clear.
    ///
    /// # Errors
    ///
    /// [`StoreError::KeyConflict`] unless it is the next version of the same key; [`StoreError::RetiredKey`].
    fn keep_house_key(&mut self, name: &str, wrapped: &WrappedKey, by: &WriteBy) -> Result<Receipt, StoreError>;

    /// All versions of a key of the house, oldest first, as [`Vault::open_index`](chartroom_vault::Vault::open_index) takes them. None
    /// for a name that is not known; tombstones for versions that were dropped.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    fn house_keys(&self, name: &str) -> Result<Vec<WrappedKey>, StoreError>;

    /// The names of the house's keys, in alphabetic order.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    fn house_key_names(&self) -> Result<Vec<String>, StoreError>;

    /// Begins to destroy an older version of a key of the house, under which nothing is found here any more, and gives it, for the
    /// key service to destroy what it keeps of it. From then on nobody gets it here. What it has sealed elsewhere, as a deterministic
    /// field, does not open again: the store knows nothing of that.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownHouseKey`], [`StoreError::CurrentKey`], [`StoreError::IndexInUse`]; [`StoreError::KeyDestroyed`] where it
    /// was begun before.
    fn begin_dropping(&mut self, name: &str, version: u32, by: &WriteBy) -> Result<WrappedKey, StoreError>;

    /// The versions of keys of the house that are being dropped, each with the name of the key.
    ///
    /// # Errors
    ///
    /// [`StoreError::ForgedHouseKey`], or when they cannot be read.
    fn dropping(&self) -> Result<Vec<(String, WrappedKey)>, StoreError>;

    /// Ends what was begun, once the key service has done its part: a tombstone takes the place of the key, and the entry on the trail
    /// says by whom and when it was begun. What remains of the key beside is then to be [purged](Self::purge).
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownHouseKey`], [`StoreError::NotBegun`], [`StoreError::KeyDestroyed`] where it was ended before,
    /// [`StoreError::ForgedHouseKey`].
    fn end_dropping(&mut self, name: &str, version: u32) -> Result<Receipt, StoreError>;

    /// Destroys an older version of a key of the house, as [`begin_dropping`](Self::begin_dropping) says.
    ///
    /// Only for a key service that keeps nothing of the keys it wraps. For any,
    /// [`rotation::drop_house_key`](crate::rotation::drop_house_key).
    ///
    /// # Errors
    ///
    /// As [`begin_dropping`](Self::begin_dropping); [`StoreError::CopyRemains`] when it is done but for a copy.
    fn drop_house_key(&mut self, name: &str, version: u32, by: &WriteBy) -> Result<Receipt, StoreError> {
        self.begin_dropping(name, version, by)?;
        let receipt = self.end_dropping(name, version)?;
        self.purge()?;
        Ok(receipt)
    }

    /// Begins to destroy all versions of a patient's key, and gives them, for the key service to destroy what it keeps of them.
    /// That of everyone who was [merged into](Self::merged_into) the patient is begun with it, because copies from before the merge
    /// open with their keys. From then on nobody reads, finds or writes anything of them here, and nothing calls it off: each is to be
    /// [ended](Self::end_destruction), by this program or, after a crash, by another. To begin it twice does no harm, and the first
    /// beginning stands.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownPatient`]; [`StoreError::Merged`], because the records are with another; [`StoreError::KeyDestroyed`]
    /// where that was done before; [`StoreError::OnHold`], and then the attempt is on the trail; [`StoreError::ForgedDestruction`].
    fn begin_destruction(&mut self, token: RecordId, reason: &str, by: &WriteBy)
    -> Result<Vec<WrappedKey>, StoreError>;

    /// The patients whose keys are being destroyed, with all versions, in the order of their tokens. A note that is not about its patient
    /// is left out: it is not carried out, and [`verify`](Self::verify) names it.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    fn destructions(&self) -> Result<Vec<(RecordId, Vec<WrappedKey>)>, StoreError>;

    /// Ends what was begun, once the key service has done its part: tombstones take the place of the keys, and the entry on the
    /// trail says by whom, when and why it was begun. What remains of the keys beside is then to be [purged](Self::purge).
    ///
    /// # Errors
    ///
    /// [`StoreError::NotBegun`], [`StoreError::KeyDestroyed`] where it was ended before, [`StoreError::ForgedDestruction`].
    fn end_destruction(&mut self, token: RecordId) -> Result<Receipt, StoreError>;

    /// Takes what was destroyed out of wherever the store keeps it beside its tables, such as a write-ahead log. Waits some time for
    /// those who read.
    ///
    /// # Errors
    ///
    /// [`StoreError::CopyRemains`] while someone still reads; or it failed.
    fn purge(&mut self) -> Result<(), StoreError>;

    /// Destroys all versions of a patient's key: nothing sealed for the patient can be read again, in this store or any copy of
    /// it. Tombstones and an entry on the trail stay, with who, when and why; the tokens by which the records are found go. The
    /// reason stands in clear, so it should be of the kind `retention ended`.
    ///
    /// Only for a key service that keeps nothing of the keys it wraps, such as a keyring. For any,
    /// [`rotation::shred`](crate::rotation::shred).
    ///
    /// # Errors
    ///
    /// As [`begin_destruction`](Self::begin_destruction); [`StoreError::CopyRemains`] when it is done but for a copy.
    fn destroy(&mut self, token: RecordId, reason: &str, by: &WriteBy) -> Result<Receipt, StoreError> {
        self.begin_destruction(token, reason, by)?;
        let merged = self.merged_into(token)?;
        for (patient, _) in self.destructions()? {
            if merged.contains(&patient) {
                self.end_destruction(patient)?;
            }
        }
        let receipt = self.end_destruction(token)?;
        self.purge()?;
        Ok(receipt)
    }

    /// Who was merged into a patient, in one step or several, in the order of their tokens.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    fn merged_into(&self, token: RecordId) -> Result<Vec<RecordId>, StoreError>;

    /// The entries of the trail about destroyed keys, each with its proof under the trail's own head. Keep them elsewhere too, and
    /// the head: a backup from before has the keys again, until these are [replayed](Self::replay). They are of patients' keys alone;
    /// a key of the house that was dropped is back with the backup, and is to be [dropped](crate::rotation::drop_house_key) again.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    fn tombstones(&self) -> Result<Vec<Tombstone>, StoreError>;

    /// [Begins](Self::begin_destruction) to destroy the keys that were destroyed before and are there again, as they are in a restored
    /// backup, and gives the patients who are on hold, whose keys stay. That it was tried with these is on the trail. A hold that the
    /// backup has brought back is to be [released](Self::release) first, with an entry of its own. Patients who are not known here are
    /// left out. That of everyone who was [merged into](Self::merged_into) one of them here is begun with it.
    ///
    /// The head is one that a signed checkpoint proves, or a trail's at hand: what it does not prove is not replayed.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnprovenTombstone`], and then nothing was begun; [`StoreError::ForgedDestruction`] where a note stands in the way of
    /// any patient, when all others are begun; or when it cannot be written.
    fn begin_replay(&mut self, tombstones: &[Tombstone], trusted: &TrustedHead) -> Result<Vec<RecordId>, StoreError>;

    /// Destroys the keys that were destroyed before and are there again, as [`begin_replay`](Self::begin_replay) says. One receipt for
    /// each key destroyed now. Where the key service was restored too, [`rotation::replay`](crate::rotation::replay).
    ///
    /// # Errors
    ///
    /// [`StoreError::UnprovenTombstone`], and then nothing was destroyed; [`StoreError::OnHold`] where any patient is on hold, or
    /// [`StoreError::ForgedDestruction`] where a note stands in the way, when all others are done; [`StoreError::CopyRemains`] when it is
    /// done but for a copy; or when it cannot be written.
    fn replay(&mut self, tombstones: &[Tombstone], trusted: &TrustedHead) -> Result<Vec<Receipt>, StoreError> {
        let stays = what_stays(self.begin_replay(tombstones, trusted))?;
        let replayed = replayed(self, tombstones, trusted)?;
        let mut receipts = Vec::new();
        for (patient, _) in self.destructions()? {
            if replayed.contains(&patient) {
                receipts.push(self.end_destruction(patient)?);
            }
        }
        self.purge()?;
        stays.map_or(Ok(receipts), Err)
    }

    /// Keeps a patient's key from being destroyed, for a matter such as the number of a case. The matter stands in clear. The hold of
    /// a patient who was merged into another holds the other too, with an entry of its own, and each is released alone.
    ///
    /// # Errors
    ///
    /// [`StoreError::UnknownPatient`], [`StoreError::KeyDestroyed`], [`StoreError::ForgedDestruction`]; [`StoreError::NotEnded`] while the
    /// key of someone who is the same person is being destroyed.
    fn hold(&mut self, token: RecordId, matter: &str, by: &WriteBy) -> Result<Receipt, StoreError>;

    /// Ends the hold for one matter, also one whose row was taken away past the store. Others stay.
    ///
    /// # Errors
    ///
    /// [`StoreError::NotOnHold`].
    fn release(&mut self, token: RecordId, matter: &str, by: &WriteBy) -> Result<Receipt, StoreError>;

    /// The matters for which a patient's key is on hold.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    fn holds(&self, token: RecordId) -> Result<Vec<String>, StoreError>;

    /// The tokens of all patients, in the order of their admission.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    fn patients(&self) -> Result<Vec<RecordId>, StoreError>;

    /// Keeps one version of a record and writes it to the trail. From then on it is found by no token.
    ///
    /// # Errors
    ///
    /// [`StoreError::Conflict`] unless its version is the last one kept and one more, or 1 for a new record;
    /// [`StoreError::UnknownPatient`]; [`StoreError::KeyDestroyed`]; [`StoreError::Merged`]; [`StoreError::AnotherRecord`];
    /// [`StoreError::MissingKey`] where the key that seals it is not kept. Then nothing was written.
    fn put(&mut self, record: &SealedRecord, by: &WriteBy) -> Result<Receipt, StoreError> {
        self.put_indexed(record, &[], by)
    }

    /// Keeps one version of a record, with the tokens by which it is found in place of those of the last version.
    ///
    /// # Errors
    ///
    /// As for [`put`](Self::put); [`StoreError::IndexConflict`] for a token of another version of its index's key than the newest kept.
    fn put_indexed(&mut self, record: &SealedRecord, tokens: &[Token], by: &WriteBy) -> Result<Receipt, StoreError>;

    /// The records whose newest version has one of these tokens, each once, in the order of their ids. Of each index the tokens under
    /// all versions of its key that are kept belong together, as [`OpenIndex::search`](chartroom_vault::OpenIndex::search) gives
    /// them. Who writes to the store past this trait can keep a record from being found until the next [`verify`](Self::verify), but
    /// not from being among a patient's [records](Self::records_of).
    ///
    /// What is found tells of whom there is a record with such a value, so the trail has who looked, by which index, and how many were
    /// found, in the same transaction; never what was looked for. A search for no token finds nothing and is none. It asks no policy: that is the program's, before, and what is found is
    /// opened as everything is.
    ///
    /// # Errors
    ///
    /// [`StoreError::IndexConflict`] where a version of an index is left out, so that records could be missed; or they cannot be read, or
    /// the entry not be written.
    fn find(&mut self, tokens: &[Token], by: &WriteBy) -> Result<Vec<RecordId>, StoreError>;

    /// The newest versions of the records behind a place that are found by tokens of an older version of an index, up to a number. What
    /// is done is left out by itself, so that a sweep that was cut short goes on where it stopped.
    ///
    /// # Errors
    ///
    /// When one of them cannot be read.
    fn tokens_under_older(
        &self,
        index: &str,
        current: IndexVersion,
        behind: u64,
        limit: usize,
    ) -> Result<Vec<Kept<SealedRecord>>, StoreError>;

    /// The newest versions of the records of a type behind a place that have no token in an index as it is now, up to a number. Those
    /// of patients whose keys are destroyed are left out.
    ///
    /// # Errors
    ///
    /// When one of them cannot be read.
    fn without_tokens(
        &self,
        index: &str,
        resource_type: &str,
        current: IndexVersion,
        behind: u64,
        limit: usize,
    ) -> Result<Vec<Kept<SealedRecord>>, StoreError>;

    /// How many records are found by tokens under one version of an index's key.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    fn records_under(&self, index: &str, key_version: u32) -> Result<u64, StoreError>;

    /// Puts new tokens of records in one index each in the place of those they have there, all of them or none, each with its entry on
    /// the trail. They come from [`Vault::retoken`](chartroom_vault::Vault::retoken). A record that has no token in an index and gets
    /// none is as it was, so it has no entry here, and no receipt.
    ///
    /// # Errors
    ///
    /// [`StoreError::MissingRecord`]; [`StoreError::Conflict`] where a later version was stored meanwhile;
    /// [`StoreError::IndexConflict`] unless they are under the newest version of the index's key; [`StoreError::KeyDestroyed`].
    fn reindex(&mut self, anew: &[Retokened], by: &WriteBy) -> Result<Vec<Receipt>, StoreError>;

    /// Keeps several versions in one go, in their order: all of them, or none. One receipt for each. From then on they are found by no
    /// token.
    ///
    /// # Errors
    ///
    /// As for [`put`](Self::put), by the first that is refused.
    fn put_all(&mut self, records: &[SealedRecord], by: &WriteBy) -> Result<Vec<Receipt>, StoreError> {
        self.put_all_indexed(&records.iter().map(|record| (record, &[][..])).collect::<Vec<_>>(), by)
    }

    /// Keeps several versions in one go, in their order, each with the tokens by which it is found: all of them, or none. One receipt for
    /// each.
    ///
    /// # Errors
    ///
    /// As for [`put_indexed`](Self::put_indexed), by the first that is refused.
    fn put_all_indexed(
        &mut self,
        records: &[(&SealedRecord, &[Token])],
        by: &WriteBy,
    ) -> Result<Vec<Receipt>, StoreError>;

    /// Versions behind a place that are sealed under an older key than their patient's newest, up to a number. What is done is left
    /// out by itself, so that a sweep that was cut short goes on where it stopped.
    ///
    /// # Errors
    ///
    /// When one of them cannot be read.
    fn under_older_keys(&self, behind: u64, limit: usize) -> Result<Vec<Kept<SealedRecord>>, StoreError>;

    /// Puts new sealings of versions that are kept in the place of the old ones, all of them or none, each with its entry on the
    /// trail. They come from [`Vault::reseal`](chartroom_vault::Vault::reseal).
    ///
    /// # Errors
    ///
    /// [`StoreError::MissingRecord`] for a version that is not kept, [`StoreError::AnotherRecord`] where it is another patient's,
    /// [`StoreError::ResealConflict`] where what is kept is not what was sealed anew, [`StoreError::KeyDestroyed`],
    /// [`StoreError::MissingKey`].
    fn reseal(&mut self, records: &[Resealed], by: &WriteBy) -> Result<Vec<Receipt>, StoreError>;

    /// Moves all records of one patient, in all their versions, to another with whom the first was merged. They come from
    /// [`Vault::rebind`](chartroom_vault::Vault::rebind), before which [`rotation::merge`](crate::rotation::merge) has written that it
    /// is begun. The holds of the first patient hold the other too, with an entry for each, and are released for each alone. From then
    /// on nothing is stored for the first patient. The first receipt is for the entry that tells of the merge under the first patient.
    ///
    /// # Errors
    ///
    /// As for [`reseal`](Self::reseal), and [`StoreError::LeftBehind`] where a version of a record would stay behind;
    /// [`StoreError::UnknownPatient`], [`StoreError::KeyDestroyed`] and [`StoreError::Merged`] for either patient;
    /// [`StoreError::NotEnded`] while a key of anyone merged into either is being destroyed; [`StoreError::ForgedDestruction`] where a hold
    /// is to be carried to someone with such a note; [`StoreError::OnePatient`].
    fn rebind(
        &mut self,
        records: &[Resealed],
        from: RecordId,
        into: RecordId,
        by: &WriteBy,
    ) -> Result<Vec<Receipt>, StoreError>;

    /// The latest version of a record, if there is such a record.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn get(&self, id: RecordId) -> Result<Option<SealedRecord>, StoreError>;

    /// One version of a record, if there is one.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    fn get_version(&self, id: RecordId, version: u64) -> Result<Option<SealedRecord>, StoreError>;

    /// The versions that are kept of a record, oldest first.
    ///
    /// # Errors
    ///
    /// When they cannot be read.
    fn versions(&self, id: RecordId) -> Result<Vec<u64>, StoreError>;

    /// The latest version of each of a patient's records, in the order in which the records were first kept.
    ///
    /// # Errors
    ///
    /// When one of them cannot be read.
    fn records_of(&self, patient: RecordId) -> Result<Vec<SealedRecord>, StoreError>;

    /// The events of the trail at these places, each with its place. What lies behind the end is left out.
    ///
    /// # Errors
    ///
    /// When one of them is missing or cannot be read.
    fn events(&self, range: Range<u64>) -> Result<Vec<(u64, Event)>, TrailError>;

    /// Confirms that the trail still begins with the entries under a head that was kept elsewhere, and that each entry is filed under
    /// its own patient, so that no accounting misses it. Then, that the versions of records are those that the trail says were stored
    /// last, none missing and none set back, that destroyed keys are gone, that no other key of a patient or of the house is missing,
    /// that no version of a key was added past the trail, that just those holds stand that were put and not lifted, that wrapping keys
    /// that were taken out of use are still, and that records are found by the tokens that were stored with them and by no others.
    ///
    /// The head vouches for the entries that it was taken over. Whoever can write to the file can append entries of their own behind
    /// these, in any name, and do what they tell of: what is new since the head is for a person to look at, as
    /// [`events`](Self::events) gives it.
    ///
    /// # Errors
    ///
    /// [`TrailError::Tampered`] with the first bad entry; else [`StoreError::MissingRecord`], [`StoreError::ReplacedRecord`],
    /// [`StoreError::MisplacedRecord`], [`StoreError::RestoredKey`], [`StoreError::MissingKey`], [`StoreError::ForgedKey`],
    /// [`StoreError::MissingHouseKey`], [`StoreError::ForgedHouseKey`], [`StoreError::ForgedDestruction`],
    /// [`StoreError::ReplacedTokens`], [`StoreError::ForgedMerge`], [`StoreError::ForgedHold`] or [`StoreError::ForgedRetirement`] with
    /// the first that is found.
    fn verify(&self, trusted: &Head) -> Result<(), StoreError>;

    /// The accounting of disclosures that a query asks for, under the trail's own head. Whichever of the tokens of patients who were
    /// [merged](Self::merged_into) it asks by, what was disclosed under all of them is in it: it is one person's information
    /// (45 CFR 164.528(a)(1)). Each line's event names the token that it was disclosed under.
    ///
    /// # Errors
    ///
    /// When an entry cannot be read.
    fn accounting(&self, query: &Query<'_>) -> Result<Accounting, TrailError>;

    /// The worksheet of a breach that a query asks for. It goes through the whole trail.
    ///
    /// # Errors
    ///
    /// When an entry cannot be read.
    fn breach(&self, query: &breach::Query<'_>) -> Result<Worksheet, TrailError>;

    /// The entries that were decided by a policy that was not in use, as [`policies`](chartroom_audit::policies) finds them. It goes
    /// through the whole trail.
    ///
    /// # Errors
    ///
    /// When an entry cannot be read.
    fn not_adopted(&self) -> Result<Vec<NotAdopted>, TrailError>;

    /// Proves that the event at `index` is in the trail of the first `size` events.
    ///
    /// # Errors
    ///
    /// When `index` is not below `size`, or the trail is smaller.
    fn inclusion(&self, index: u64, size: u64) -> Result<Inclusion, TrailError> {
        prove_inclusion(self, index, size)
    }

    /// Proves that the first `old` events are the beginning of the first `new` events.
    ///
    /// # Errors
    ///
    /// When `old` is zero or beyond `new`, or the trail is smaller.
    fn consistency(&self, old: u64, new: u64) -> Result<Consistency, TrailError> {
        prove_consistency(self, old, new)
    }
}

/// Who writes or looks for records, when, and what for: what the trail will say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteBy {
    /// Who writes.
    pub agent: Agent,
    /// When.
    pub at: DateTime<Utc>,
    /// The purpose of use, as an HL7 v3 code such as `TREAT`.
    pub purpose: Option<String>,
}

impl WriteBy {
    /// A write without a stated purpose.
    #[must_use]
    pub const fn new(agent: Agent, at: DateTime<Utc>) -> Self {
        Self { agent, at, purpose: None }
    }

    /// The entry for the write of a record. The patient goes by the token that disclosures name too.
    pub(crate) fn of_write(&self, record: &SealedRecord, found_by: Hash) -> Event {
        let action = if record.version() == 1 { Action::Create } else { Action::Update };
        let mut event = self.of_stored(Kind::Write, action, record);
        event.found_by = Some(found_by);
        event
    }

    /// The entry for a search by these tokens.
    pub(crate) fn of_search(&self, tokens: &[Token], found: usize) -> Event {
        let indexes: BTreeSet<_> = tokens.iter().map(Token::index).collect();
        let found = Reason::new(format!("{found} found"), None);
        let mut event = self.event(Kind::Search, Action::Execute);
        event.reasons =
            indexes.into_iter().map(|index| Reason::new(format!("by {index}"), None)).chain([found]).collect();
        event
    }

    /// The entry for a new sealing of a version.
    pub(crate) fn of_reseal(&self, record: &SealedRecord) -> Event {
        self.of_stored(Kind::KeyRotation, Action::Update, record)
    }

    fn of_stored(&self, kind: Kind, action: Action, record: &SealedRecord) -> Event {
        let mut event = self.of_record(kind, action, record);
        event.stored = Some(leaf_hash(&record.to_bytes()));
        event
    }

    /// The entry for a key or a record that a sweep could not carry over, and why.
    pub(crate) fn of_failure(&self, unswept: Unswept<'_>, error: VaultError) -> Event {
        let mut event = match unswept {
            Unswept::Record(record) => self.of_record(Kind::KeyRotation, Action::Update, record),
            Unswept::Key(owner) => {
                let mut event = self.event(Kind::KeyRotation, Action::Update);
                event.patient = if let KeyOwner::Patient(token) = owner { Some(token.to_string()) } else { None };
                event.reasons = vec![Reason::new(format!("the key of {owner}"), None)];
                event
            }
        };
        event.outcome = error.outcome();
        event.reasons.push(Reason::new(error.to_string(), None));
        event
    }

    fn of_record(&self, kind: Kind, action: Action, record: &SealedRecord) -> Event {
        let mut event = self.event(kind, action);
        event.patient = Some(record.patient().to_string());
        event.record = Some(RecordReference::new(record.resource_type(), record.id().to_string(), record.version()));
        event
    }

    /// The entry for what is done to a patient's key, and why.
    pub(crate) fn of_key(&self, kind: Kind, action: Action, patient: RecordId, why: &str) -> Event {
        let mut event = self.event(kind, action);
        event.patient = Some(patient.to_string());
        event.reasons = vec![Reason::new(why, None)];
        event
    }

    /// The entry for the next version of a patient's key.
    pub(crate) fn of_renewal(&self, patient: RecordId, key: KeyLabel) -> Event {
        self.of_key(Kind::KeyRotation, Action::Create, patient, &format!("{RENEWED}{key}"))
    }

    /// The entry for a version of a key of the house.
    pub(crate) fn of_house_key(&self, name: &str, key: KeyLabel) -> Event {
        let mut event = self.event(Kind::KeyRotation, Action::Create);
        event.reasons = vec![Reason::new(format!("{HOUSE_KEY}{key} {name}"), None)];
        event
    }

    /// The entry for a version of a key of the house that was dropped.
    pub(crate) fn of_dropped(&self, name: &str, key: KeyLabel) -> Event {
        let mut event = self.of_house_key(name, key);
        (event.kind, event.action) = (Kind::KeyDestruction, Action::Delete);
        event
    }

    /// The entry for a record whose tokens in one index were made anew.
    pub(crate) fn of_reindex(&self, record: &SealedRecord, index: &str, found_by: Hash) -> Event {
        let mut event = self.of_record(Kind::KeyRotation, Action::Update, record);
        event.found_by = Some(found_by);
        event.reasons = vec![Reason::new(format!("indexed anew: {index}"), None)];
        event
    }

    /// The entry for a patient who is merged into another.
    pub(crate) fn of_merge(&self, from: RecordId, into: RecordId) -> Event {
        self.of_key(Kind::Merge, Action::Update, from, &format!("{MERGED}{into}"))
    }

    /// The entry for a batch of keys that were wrapped anew.
    pub(crate) fn of_rewrap(&self, keys: usize) -> Event {
        let mut event = self.event(Kind::KeyRotation, Action::Update);
        event.reasons = vec![Reason::new(format!("wrapped anew: {keys} keys"), None)];
        event
    }

    /// The entry for a key of the key service that was taken out of use.
    pub(crate) fn of_retirement(&self, wrapping_key: KeyLabel) -> Event {
        let mut event = self.event(Kind::KeyRotation, Action::Delete);
        event.reasons = vec![Reason::new(format!("{RETIRED}{wrapping_key}"), None)];
        event
    }

    fn event(&self, kind: Kind, action: Action) -> Event {
        let mut event = Event::new(self.at, kind, action, self.agent.clone());
        event.purpose.clone_from(&self.purpose);
        event
    }
}

/// The entry of a trail that says that a patient's key was destroyed, and the proof that it is in the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// The entry: by whom, when and why.
    pub event: Event,
    /// The proof.
    pub proof: Inclusion,
}

impl Tombstone {
    /// The patient whose key was destroyed, where that follows from a trusted head.
    #[must_use]
    pub fn destroyed(&self, trusted: &TrustedHead) -> Option<RecordId> {
        self.proof.verify_under(&self.event.leaf_hash(), trusted.head()).ok()?;
        destroyed_by(&self.event)
    }
}

/// The patient whose key an entry says was destroyed.
pub(crate) fn destroyed_by(event: &Event) -> Option<RecordId> {
    let destroyed = event.kind == Kind::KeyDestruction && event.outcome == Outcome::Success;
    event.patient.as_deref().filter(|_| destroyed)?.parse().ok()
}

/// Which patient was merged into which, where an entry tells of it.
pub(crate) fn merged_by(event: &Event) -> Option<(RecordId, RecordId)> {
    let [reason] = &event.reasons[..] else { return None };
    let into = reason.rule.strip_prefix(MERGED).filter(|_| event.kind == Kind::Merge)?;
    Some((event.patient.as_deref()?.parse().ok()?, into.parse().ok()?))
}

/// The patient whose key an entry says was renewed, and the label of the new version as it is displayed.
pub(crate) fn renewed_by(event: &Event) -> Option<(RecordId, &str)> {
    let [reason] = &event.reasons[..] else { return None };
    let key = reason.rule.strip_prefix(RENEWED).filter(|_| event.kind == Kind::KeyRotation)?;
    Some((event.patient.as_deref()?.parse().ok()?, key))
}

/// The patient and the matter of a hold that an entry tells of, and whether it stands from then on.
pub(crate) fn held_by(event: &Event) -> Option<(RecordId, &str, bool)> {
    let [matter] = &event.reasons[..] else { return None };
    let is_told = event.kind == Kind::Hold && event.outcome == Outcome::Success;
    let patient = event.patient.as_deref().filter(|_| is_told)?.parse().ok()?;
    Some((patient, &matter.rule, event.action == Action::Create))
}

/// The label, as it is displayed, of a wrapping key that an entry says was taken out of use.
pub(crate) fn retired_by(event: &Event) -> Option<&str> {
    let [reason] = &event.reasons[..] else { return None };
    let is_told = event.kind == Kind::KeyRotation && event.action == Action::Delete && event.patient.is_none();
    reason.rule.strip_prefix(RETIRED).filter(|_| is_told)
}

/// The patients of whose destroyed keys these tell, and everyone who was merged into one of them.
pub(crate) fn replayed(
    store: &(impl Store + ?Sized),
    tombstones: &[Tombstone],
    trusted: &TrustedHead,
) -> Result<BTreeSet<RecordId>, StoreError> {
    let mut patients = BTreeSet::new();
    for patient in tombstones.iter().filter_map(|tombstone| tombstone.destroyed(trusted)) {
        patients.extend(store.merged_into(patient)?);
        patients.insert(patient);
    }
    Ok(patients)
}

/// Why some keys stay where a replay was begun, to be told when all others are destroyed.
pub(crate) fn what_stays(begun: Result<Vec<RecordId>, StoreError>) -> Result<Option<StoreError>, StoreError> {
    match begun {
        Err(error @ StoreError::ForgedDestruction { .. }) => Ok(Some(error)),
        begun => Ok((!begun?.is_empty()).then_some(StoreError::OnHold)),
    }
}

/// The record that an entry tells of, and the hash over what it is found by.
pub(crate) fn found_by_of(event: &Event) -> Option<(RecordId, Hash)> {
    Some((event.record.as_ref()?.id.parse().ok()?, event.found_by?))
}

/// The name and the label, as it is displayed, of a key of the house that an entry tells of.
pub(crate) fn house_key_by(event: &Event) -> Option<(&str, &str)> {
    let [reason] = &event.reasons[..] else { return None };
    let is_told = match event.kind {
        Kind::KeyRotation => event.action == Action::Create,
        Kind::KeyDestruction => event.outcome == Outcome::Success,
        _ => false,
    };
    // A patient's entry may give any reason.
    let key = reason.rule.strip_prefix(HOUSE_KEY).filter(|_| is_told && event.patient.is_none())?;
    key.split_once(' ').map(|(label, name)| (name, label))
}

const HOUSE_KEY: &str = "the house's key ";
const RENEWED: &str = "renewed: key ";
const MERGED: &str = "merged into ";
const RETIRED: &str = "out of use: key ";

/// Something that is kept, and the place behind which the next of its kind stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<T> {
    /// Its place.
    pub place: u64,
    /// What is kept.
    pub kept: T,
}
