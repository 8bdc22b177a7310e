//! Asking for a record in one call, and what the trail says when it fails.

use std::io::Read;

use chartroom_access::{Policy, Request};
use chartroom_audit::event::{Event, Kind, Outcome, Reason, RecordReference};
use chartroom_audit::{Receipt, Refusal, Trail, TrailError};
use chartroom_record::Resource;
use chartroom_seal::{KeyService, OpenError, StreamReader};
use chrono::{DateTime, Utc};
use rand_core::CryptoRng;

use crate::{
    Denial, DiscloseError, PatientKey, RecordId, Release, SealedAttachment, SealedRecord, Vault, VaultError, View,
    attachment, disclosure, entry,
};

/// What somebody tried to open.
#[derive(Clone, Copy, Debug)]
pub enum Attempt<'a> {
    /// A record.
    Record(&'a SealedRecord),
    /// What is sealed in an entry of the trail.
    Entry(&'a Event),
    /// The attachment of this id, by a decision about this record.
    Attachment(RecordId, &'a SealedRecord),
}

/// Why there is nothing to view. Whatever it was, but for the trail itself, is on the trail.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// Nothing may be opened.
    #[error("nothing of it may be opened")]
    Denied(Denial),
    /// It could not be opened: it is not as it was sealed, the key is another or is gone, or the request is too old.
    #[error("it did not open, which is on the audit trail")]
    Failed {
        /// What failed.
        #[source]
        error: VaultError,
        /// Where the failure stands on the trail.
        receipt: Receipt,
    },
    /// The trail could not take an entry.
    #[error("the audit trail could not be written, so nothing is opened")]
    Trail(#[from] TrailError),
}

impl<K: KeyService> Vault<K> {
    /// Asks the policy, writes the ruling to the trail and opens what it grants: [`rule`](Self::rule), [`disclose`](Self::disclose) and
    /// [`open`](Self::open) in one, with an entry of the trail for whatever fails. A record that is found damaged only when its parts are
    /// opened has two entries: the disclosure, which came first and is accounted for, and the failure.
    ///
    /// # Errors
    /// [`ViewError`]. The request may not be older than [`Disclosure::VALID`](crate::Disclosure::VALID).
    pub fn view<'a>(
        &self,
        (record, patient): (&SealedRecord, &PatientKey),
        policy: &Policy,
        release: impl Into<Release<'a>>,
        now: DateTime<Utc>,
        trail: &mut dyn Trail,
        rng: &mut impl CryptoRng,
    ) -> Result<View<Resource>, ViewError> {
        let release = release.into();
        let mut reported = Reported { vault: self, attempt: Attempt::Record(record), release, now, trail };
        reported.of(in_time(release, now))?;
        let ruling = reported.of(self.rule(record, patient, policy, release, rng))?;
        let disclosure = self.disclose(ruling, reported.trail).map_err(|error| undisclosed(error, patient))?;
        reported.of(self.open(record, patient, disclosure, now))
    }

    /// The same for the records of one query: a decision for each, and one batch of entries for all, failures among them. What each has
    /// come to stands in their order.
    ///
    /// # Errors
    /// The trail could not take the batch; then nothing is opened.
    pub fn view_all<'a>(
        &self,
        records: impl IntoIterator<Item = (&'a SealedRecord, &'a PatientKey)>,
        policy: &Policy,
        release: impl Into<Release<'a>>,
        now: DateTime<Utc>,
        trail: &mut dyn Trail,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<Result<View<Resource>, ViewError>>, TrailError> {
        let release = release.into();
        let records: Vec<_> = records.into_iter().collect();
        let rule = |(record, patient): &(&SealedRecord, &PatientKey)| {
            in_time(release, now).and_then(|()| self.rule(record, patient, policy, release, rng))
        };
        let ruled: Vec<_> = records.iter().map(rule).collect();
        let events = records.iter().zip(&ruled).map(|((record, _), ruled)| match ruled {
            Ok(ruling) => ruling.event().clone(),
            Err(error) => Attempt::Record(record).failed(*error, release, now),
        });
        let written = trail.append_each(&events.collect::<Vec<_>>())?;
        let viewed = records.into_iter().zip(ruled).zip(written).map(|(((record, patient), ruled), written)| {
            let (Ok(receipt) | Err(Refusal { receipt })) = written;
            let ruling = ruled.map_err(|error| ViewError::Failed { error, receipt })?;
            let disclosure = ruling.outcome(written).map_err(|error| undisclosed(error, patient))?;
            let mut reported = Reported { vault: self, attempt: Attempt::Record(record), release, now, trail };
            reported.of(self.open(record, patient, disclosure, now))
        });
        Ok(viewed.collect())
    }

    /// The same for an entry of the trail: [`rule_entry`](Self::rule_entry), [`disclose`](Self::disclose) and [`entry`](Self::entry).
    ///
    /// # Errors
    /// [`ViewError`]. The request may not be older than [`Disclosure::VALID`](crate::Disclosure::VALID).
    pub fn view_entry(
        &self,
        (event, patient): (&Event, &PatientKey),
        policy: &Policy,
        request: &Request,
        now: DateTime<Utc>,
        trail: &mut dyn Trail,
        rng: &mut impl CryptoRng,
    ) -> Result<View<Event>, ViewError> {
        let mut reported =
            Reported { vault: self, attempt: Attempt::Entry(event), release: request.into(), now, trail };
        reported.of(in_time(reported.release, now))?;
        let ruling = reported.of(self.rule_entry(event, patient, policy, request, rng))?;
        let disclosure = self.disclose(ruling, reported.trail).map_err(|error| undisclosed(error, patient))?;
        reported.of(self.entry(event, patient, disclosure, now))
    }

    /// The same for an attachment of a record: [`rule_attachment`](Self::rule_attachment), [`disclose`](Self::disclose) and
    /// [`open_attachment`](Self::open_attachment). What is found damaged only when it is read, the reader is to [report](Self::report).
    ///
    /// # Errors
    /// [`ViewError`]. The request may not be older than [`Disclosure::VALID`](crate::Disclosure::VALID).
    pub fn view_attachment<'a, R: Read>(
        &self,
        (attachment, record, patient): (SealedAttachment<R>, &SealedRecord, &PatientKey),
        policy: &Policy,
        release: impl Into<Release<'a>>,
        now: DateTime<Utc>,
        trail: &mut dyn Trail,
        rng: &mut impl CryptoRng,
    ) -> Result<View<StreamReader<R>>, ViewError> {
        let release = release.into();
        let attempt = Attempt::Attachment(attachment.id(), record);
        let mut reported = Reported { vault: self, attempt, release, now, trail };
        reported.of(in_time(release, now))?;
        let ruling = reported.of(self.rule_attachment(&attachment, record, patient, policy, release, rng))?;
        let disclosure = self.disclose(ruling, reported.trail).map_err(|error| undisclosed(error, patient))?;
        reported.of(self.open_attachment(attachment, patient, disclosure, now))
    }

    /// Writes to the trail that an attempt failed, for whoever goes the road step by step. The entry is a
    /// refusal, and no disclosure. Its outcome tells what may be mended ([`Outcome::MinorFailure`]: a key that is not at hand or was
    /// destroyed, a request that is too old, an entry that keeps nothing sealed) from what nobody should see
    /// ([`Outcome::SeriousFailure`]: something is not as it was sealed, or was asked for with what belongs to another). The cause stands
    /// in clear, because a [`VaultError`] tells of no record.
    ///
    /// # Errors
    /// The trail could not take the entry.
    pub fn report<'a>(
        &self,
        error: VaultError,
        attempt: Attempt<'_>,
        release: impl Into<Release<'a>>,
        at: DateTime<Utc>,
        trail: &mut (impl Trail + ?Sized),
    ) -> Result<Receipt, TrailError> {
        trail.append(&attempt.failed(error, release.into(), at))
    }
}

/// Everything by which a failure is reported.
struct Reported<'a, K> {
    vault: &'a Vault<K>,
    attempt: Attempt<'a>,
    release: Release<'a>,
    now: DateTime<Utc>,
    trail: &'a mut dyn Trail,
}

impl<K: KeyService> Reported<'_, K> {
    fn of<T>(&mut self, outcome: Result<T, VaultError>) -> Result<T, ViewError> {
        outcome.or_else(|error| {
            let receipt = self.vault.report(error, self.attempt, self.release, self.now, self.trail)?;
            Err(ViewError::Failed { error, receipt })
        })
    }
}

/// What is too old to be opened is not disclosed first.
fn in_time(release: Release<'_>, now: DateTime<Utc>) -> Result<(), VaultError> {
    if disclosure::has_expired(release.request().at, now) { Err(VaultError::Expired) } else { Ok(()) }
}

/// Why nothing was disclosed. What the trail refuses is a key that is gone, as where no copy of it was in memory.
fn undisclosed(error: DiscloseError, patient: &PatientKey) -> ViewError {
    match error {
        DiscloseError::Denied(denial) => ViewError::Denied(denial),
        DiscloseError::Refused(Refusal { receipt }) => {
            ViewError::Failed { error: OpenError::KeyDestroyed(patient.label()).into(), receipt }
        }
        DiscloseError::Trail(error) => ViewError::Trail(error),
    }
}

/// What may be mended, and what nobody should see.
pub(crate) const fn outcome(error: VaultError) -> Outcome {
    match error {
        VaultError::Expired
        | VaultError::NoKey
        | VaultError::NothingSealed
        | VaultError::Seal(_)
        | VaultError::Index(_)
        | VaultError::TooManyTokens
        | VaultError::Open(
            OpenError::UnknownKey(_)
            | OpenError::KeyDestroyed(_)
            | OpenError::ServiceUnavailable
            | OpenError::ServiceRefused,
        ) => Outcome::MinorFailure,
        _ => Outcome::SeriousFailure,
    }
}

impl Attempt<'_> {
    fn failed(self, error: VaultError, release: Release<'_>, at: DateTime<Utc>) -> Event {
        let mut event = disclosure::asked(release.request(), Kind::Denial, at);
        event.outcome = outcome(error);
        event.reasons = vec![Reason::new(error.to_string(), None)];
        self.tell(&mut event);
        release.tell(&mut event);
        event
    }

    /// What it was about, as far as the clear header of it tells: whoever changed the record may have changed that too.
    fn tell(self, event: &mut Event) {
        match self {
            Self::Record(record) => {
                let (kind, id) = (record.resource_type(), record.id().to_string());
                event.patient = Some(record.patient().to_string());
                event.record = Some(RecordReference::new(kind, id, record.version()));
                event.withheld = disclosure::names(record.classes());
            }
            Self::Attachment(id, record) => {
                Self::Record(record).tell(event);
                event.withheld = disclosure::names(attachment::classes(record.resource_type()));
                event.reasons.push(disclosure::which(id));
            }
            Self::Entry(about) => {
                event.action = disclosure::action(entry::ACTION);
                event.patient.clone_from(&about.patient);
                let of_entry = |it: &RecordReference| RecordReference::new(entry::TYPE, &*it.id, it.version);
                event.record = about.record.as_ref().map(of_entry);
                event.withheld = disclosure::names(entry::CLASSES);
            }
        }
    }
}
