//! The entry of the trail for a ruling: what may stand in clear, and the whole of it, sealed.
//!
//! Rules, citations, obligations, consents and the reason of a broken glass tell what a record is about, so the trail has them only
//! under the patient's key. The sealed copy holds the clear fields too: an entry whose clear fields were changed does not open.

use chartroom_access::{Action, Facts, Policy, Request, ResourceType};
use chartroom_audit::Event;
use chartroom_audit::event::RecordReference;
use chartroom_record::{Class, ClassSet};
use chartroom_seal::{Derivation, KeyLabel, KeyService, Part, RecordKey};
use chrono::{DateTime, Utc};
use rand_core::CryptoRng;

use crate::disclosure::{Bound, Subject};
use crate::record::Identity;
use crate::{Disclosure, PatientKey, RecordId, Release, Ruling, Vault, VaultError, View};

/// The name of the sealed copy. It is no part of any record, so neither opens as the other.
const PART: Part<'_> = Part { name: "entry", value_type: "event" };

/// The event with the whole of it sealed inside, by a key for the record version that it is about.
pub(crate) fn seal(whole: &Event, key: &RecordKey, rng: &mut (impl CryptoRng + ?Sized)) -> Result<Event, VaultError> {
    let mut sealed = key.derivation().to_bytes().to_vec();
    sealed.extend(key.seal(PART, &whole.to_bytes(), rng)?);
    let mut event = clear(whole);
    event.sealed = Some(sealed);
    Ok(event)
}

/// What of an event may stand in clear.
fn clear(whole: &Event) -> Event {
    let mut clear = whole.clone();
    clear.reasons.clear();
    clear.obligations.clear();
    clear.consents.clear();
    clear.break_glass = None;
    clear.sealed = None;
    clear
}

/// The type of resource that an entry is to a policy, and under which a review of one stands on the trail.
pub(crate) const TYPE: &str = "AuditEvent";

/// What somebody does who reads one.
pub(crate) const ACTION: Action = Action::Audit;

/// What is sealed in an entry: rules and obligations, and a reason in somebody's words.
pub(crate) const CLASSES: ClassSet = ClassSet::of(&[Class::Administrative, Class::Narrative]);

/// What is sealed in an entry, as it stands there.
struct Sealed<'a> {
    about: &'a RecordReference,
    record: RecordId,
    derivation: Derivation,
    bytes: &'a [u8],
}

impl<'a> Sealed<'a> {
    fn of(event: &'a Event, patient: &PatientKey) -> Result<Self, VaultError> {
        let Some(sealed) = event.sealed.as_deref() else {
            // A ruling that opened something has left something in its entry.
            let was_ruled = event.discloses() && event.policy.is_some();
            return Err(if was_ruled { VaultError::NotAnEntry } else { VaultError::NothingSealed });
        };
        if event.patient.as_deref() != Some(&*patient.token().to_string()) {
            return Err(VaultError::AnotherPatient);
        }
        let about = event.record.as_ref().ok_or(VaultError::NotAnEntry)?;
        let record = about.id.parse().map_err(|_| VaultError::NotAnEntry)?;
        let (derivation, bytes) = sealed.split_at_checked(Derivation::LENGTH).ok_or(VaultError::NotAnEntry)?;
        Ok(Self { about, record, derivation: Derivation::from_bytes(derivation)?, bytes })
    }
}

impl<K: KeyService> Vault<K> {
    /// Asks the policy whether somebody may read the whole of an entry of the trail, with its reasons, obligations and the reason of
    /// a broken glass: to `audit` an `AuditEvent`, whatever action the request names. The answer goes to the trail as any other, with
    /// the record that the entry is about, and a [`Disclosure`] of it is for [`entry`](Self::entry).
    ///
    /// # Errors
    /// The entry keeps nothing sealed, is about another patient, or is not as it was written.
    pub fn rule_entry(
        &self,
        event: &Event,
        patient: &PatientKey,
        policy: &Policy,
        request: &Request,
        rng: &mut impl CryptoRng,
    ) -> Result<Ruling, VaultError> {
        let sealed = Sealed::of(event, patient)?;
        let token = patient.token();
        let identity = Identity::new(token, sealed.record);
        let place = identity.of(&self.tenant, &sealed.about.resource_type, sealed.about.version);
        let key = patient.version(KeyLabel::of_sealed(sealed.bytes)?)?.record_key(&place, &sealed.derivation)?;
        let mut facts = Facts::new(ResourceType::of(TYPE), CLASSES);
        facts.patient = Some(token.to_string().into());
        let request = Request { action: ACTION, ..request.clone() };
        let bound = Bound {
            subject: Subject::Entry,
            id: sealed.record,
            version: sealed.about.version,
            resource_type: TYPE.into(),
            patient: token,
            commitment: sealed.derivation.commitment,
        };
        let place = identity.of(&self.tenant, TYPE, sealed.about.version);
        let entry_key = patient.current().new_record_key(&place, rng)?.padded(self.padding);
        Ruling::new(policy.decide(&request, &facts), bound, Release::of(&request), key, &entry_key, rng)
    }

    /// The whole of an entry of the trail, for those who review what was done. It takes the disclosure away. What an entry keeps in
    /// clear needs none.
    ///
    /// # Errors
    /// The disclosure is for something else, or has expired; the entry is about another patient, or is not as it was written.
    pub fn entry(
        &self,
        event: &Event,
        patient: &PatientKey,
        disclosure: Disclosure,
        now: DateTime<Utc>,
    ) -> Result<View<Event>, VaultError> {
        let sealed = Sealed::of(event, patient)?;
        if !disclosure.is_for_entry(&sealed.derivation.commitment) {
            return Err(VaultError::AnotherRecord);
        }
        if disclosure.has_expired(now) {
            return Err(VaultError::Expired);
        }
        let whole = disclosure.key().open(PART, sealed.bytes)?;
        let whole = Event::from_bytes(whole.expose()).map_err(|_| VaultError::NotAnEntry)?;
        let mut found = event.clone();
        found.sealed = None;
        if clear(&whole) == found { Ok(View::new(whole, disclosure)) } else { Err(VaultError::NotAnEntry) }
    }
}
