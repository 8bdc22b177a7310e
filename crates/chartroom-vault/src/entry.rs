//! The entry of the trail for a ruling: what may stand in clear, and the whole of it, sealed.
//!
//! Rules, citations, obligations and the reason of a broken glass tell what a record is about, so the trail has them only
//! under the patient's key. The sealed copy holds the clear fields too: an entry whose clear fields were changed does not open.

use chartroom_audit::Event;
use chartroom_seal::{Derivation, KeyLabel, KeyService, Part, RecordKey};
use rand_core::CryptoRng;

use crate::record::Identity;
use crate::{PatientKey, RecordId, Vault, VaultError};

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
    clear.break_glass = None;
    clear.sealed = None;
    clear
}

impl<K: KeyService> Vault<K> {
    /// The whole of an entry of the trail, with its reasons, obligations and the reason of a broken glass, for those who review
    /// what was done. An entry that keeps nothing sealed is given as it is.
    ///
    /// # Errors
    /// The entry is about another patient, or it is not as it was written.
    pub fn entry(&self, event: &Event, patient: &PatientKey) -> Result<Event, VaultError> {
        let Some(sealed) = &event.sealed else { return Ok(event.clone()) };
        let token = patient.token();
        if event.patient.as_deref() != Some(&*token.to_string()) {
            return Err(VaultError::AnotherPatient);
        }
        let record = event.record.as_ref().ok_or(VaultError::NotAnEntry)?;
        let id: RecordId = record.id.parse().map_err(|_| VaultError::NotAnEntry)?;
        let (derivation, sealed) = sealed.split_at_checked(Derivation::LENGTH).ok_or(VaultError::NotAnEntry)?;
        let label = KeyLabel::of_sealed(sealed)?;
        let identity = Identity::new(token, id);
        let identity = identity.of(&self.tenant, &record.resource_type, record.version);
        let key = patient.version(label)?.record_key(&identity, &Derivation::from_bytes(derivation)?)?;
        let whole = Event::from_bytes(key.open(PART, sealed)?.expose()).map_err(|_| VaultError::NotAnEntry)?;
        let mut found = event.clone();
        found.sealed = None;
        if clear(&whole) == found { Ok(whole) } else { Err(VaultError::NotAnEntry) }
    }
}
