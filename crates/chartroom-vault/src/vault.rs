//! The vault: sealing, ruling, disclosing, opening.

use std::fmt;

use chartroom_access::label::{LabelSets, Origin};
use chartroom_access::{Facts, Policy, ResourceType};
use chartroom_audit::Trail;
use chartroom_record::{Checked, ClassSet, Resource, part};
use chartroom_seal::{Exposed, KeyService, Padding, Part, RecordKey};
use chrono::{DateTime, Utc};
use rand_core::CryptoRng;

use crate::disclosure::{Bound, DiscloseError, Disclosure, Ruling};
use crate::facts;
use crate::record::{Identity, RecordId, SealedRecord, Sealing, rank};
use crate::{PatientKey, Release, VaultError, View};

/// Keeps the keys of one house, and the one door to what they seal.
///
/// It takes the key service away from the program, and gives out neither keys nor plaintext but through a [`Disclosure`].
pub struct Vault<K> {
    pub(crate) keys: K,
    pub(crate) tenant: Box<str>,
    labels: LabelSets,
    pub(crate) padding: Padding,
}

/// Who made a record: what the policy knows as its originator and its organization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    id: String,
    organization: String,
}

impl Author {
    /// The person or program with this id, by which requests know them too.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), organization: String::new() }
    }

    /// The same for the organization with this id, by which requests and label sets know it too. Without one, a record has the
    /// labels of every organization.
    #[must_use]
    pub fn of_organization(self, id: impl Into<String>) -> Self {
        Self { organization: id.into(), ..self }
    }

    /// Nobody known: then nobody counts as the originator, and a record has the labels of every originator.
    pub fn unknown() -> Self {
        Self::default()
    }

    fn origin(&self) -> Origin<'_> {
        let known = |id| Some(id).filter(|id: &&str| !id.is_empty());
        Origin { originator: known(&self.id), organization: known(&self.organization) }
    }
}

impl<K: KeyService> Vault<K> {
    /// A vault of one house (tenant). The label sets say which codes make a record sensitive.
    pub fn new(keys: K, tenant: impl Into<Box<str>>, labels: LabelSets) -> Self {
        Self { keys, tenant: tenant.into(), labels, padding: Padding::Off }
    }

    /// The same vault, which from now on hides lengths so far: of every part of a record, of the part that the policy asks about, and
    /// of what is sealed in the entries of the trail. An attachment then tells how many chunks it has, and no more. Which classes a
    /// record has parts of stays in clear.
    ///
    /// What is sealed says whether it is padded, so every vault of the house opens it, however it pads itself.
    #[must_use]
    pub fn with_padding(self, padding: Padding) -> Self {
        Self { padding, ..self }
    }

    /// Seals a new record.
    ///
    /// # Errors
    /// Sealing fails.
    pub fn seal(
        &self,
        record: &Checked<Resource>,
        patient: &PatientKey,
        author: &Author,
        rng: &mut impl CryptoRng,
    ) -> Result<SealedRecord, VaultError> {
        let id = RecordId::random(rng);
        self.seal_version(record, patient, author, id, 1, rng)
    }

    /// Seals a new version of a record that is already kept.
    ///
    /// # Errors
    /// The record is another patient's or of another type, or sealing fails.
    pub fn seal_next(
        &self,
        record: &Checked<Resource>,
        patient: &PatientKey,
        author: &Author,
        before: &SealedRecord,
        rng: &mut impl CryptoRng,
    ) -> Result<SealedRecord, VaultError> {
        if before.patient != patient.token() {
            return Err(VaultError::AnotherPatient);
        }
        if before.resource_type() != record.type_name() {
            return Err(VaultError::AnotherRecord);
        }
        let version = before.version.checked_add(1).ok_or(VaultError::NoVersionLeft)?;
        self.seal_version(record, patient, author, before.id, version, rng)
    }

    fn seal_version(
        &self,
        record: &Checked<Resource>,
        patient: &PatientKey,
        author: &Author,
        id: RecordId,
        version: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<SealedRecord, VaultError> {
        let resource_type = record.type_name();
        let identity = Identity::new(patient.token(), id);
        let key = patient.current().new_record_key(&identity.of(&self.tenant, resource_type, version), rng)?;
        let key = key.padded(self.padding);
        let (facts, mut parts) = self.labels.split(record, author.origin());
        parts.sort_unstable_by_key(|part| rank(part.class));
        let facts = facts::to_bytes(&facts)?;
        let lengths = parts.iter().map(|part| part.json.len()).chain([facts.len()]);
        let mut sealing = Sealing::new((id, version, patient.token()), resource_type, &key, lengths, rng)?;
        for part in &parts {
            sealing.add(Some(part.class), json_part(part.class.name()), part.json.as_bytes())?;
        }
        // Its name is in small letters, so it stands behind all classes.
        sealing.add(None, facts::PART, &facts)?;
        sealing.finish()
    }

    /// Asks the policy about a record. Only what the policy must know is opened for it. It takes a [`Request`](chartroom_access::Request),
    /// or a [`Release`] that says to whom else it goes. The random numbers are for the entry of the trail, whose reasons are sealed.
    ///
    /// # Errors
    /// The record is another patient's, or it is not as it was sealed.
    pub fn rule<'a>(
        &self,
        record: &SealedRecord,
        patient: &PatientKey,
        policy: &Policy,
        release: impl Into<Release<'a>>,
        rng: &mut impl CryptoRng,
    ) -> Result<Ruling, VaultError> {
        let release = release.into();
        let key = self.key_of(record, patient)?;
        let facts = facts_of(record, &key, record.classes())?;
        let entry_key = self.entry_key(record, patient, rng)?;
        Ruling::new(policy.decide(release.request(), &facts), Bound::to(record), release, key, &entry_key, rng)
    }

    /// Writes a ruling to the trail. Only then, and only if it grants anything, is there a disclosure. A grant to create, update or
    /// delete opens nothing, however wide it is: to write is not to read. Nor does a grant of single elements, because a class of
    /// information is opened whole or not at all; [`redact`](chartroom_access::redact) shows elements of what is at hand in plaintext.
    ///
    /// # Errors
    /// [`DiscloseError::Denied`] where nothing was granted, [`DiscloseError::Refused`] where the patient's key was destroyed, which are
    /// on the trail too; [`DiscloseError::Trail`] where the trail could not take the entry.
    pub fn disclose(&self, ruling: Ruling, trail: &mut dyn Trail) -> Result<Disclosure, DiscloseError> {
        let receipt = trail.append(ruling.event())?;
        ruling.outcome(Ok(receipt))
    }

    /// Writes the rulings of one query to the trail in one batch, and gives what [`disclose`](Self::disclose) would for each, in their
    /// order.
    ///
    /// # Errors
    /// The trail could not take the entries; then there is no disclosure.
    pub fn disclose_all(
        &self,
        rulings: Vec<Ruling>,
        trail: &mut dyn Trail,
    ) -> Result<Vec<Result<Disclosure, DiscloseError>>, chartroom_audit::TrailError> {
        let events: Vec<_> = rulings.iter().map(|ruling| ruling.event().clone()).collect();
        let written = trail.append_each(&events)?;
        Ok(rulings.into_iter().zip(written).map(|(ruling, written)| ruling.outcome(written)).collect())
    }

    /// Opens what a disclosure grants, and takes the disclosure away. The patient's key must still be at hand.
    ///
    /// # Errors
    /// The disclosure is for another record or version, or has expired; the record is not as it was sealed.
    pub fn open(
        &self,
        record: &SealedRecord,
        patient: &PatientKey,
        disclosure: Disclosure,
        now: DateTime<Utc>,
    ) -> Result<View<Resource>, VaultError> {
        if !disclosure.is_for(record) {
            return Err(VaultError::AnotherRecord);
        }
        if disclosure.has_expired(now) {
            return Err(VaultError::Expired);
        }
        // Whether it was destroyed since, only the trail of a store knows: that takes no disclosure then.
        patient.version(record.key()?)?;
        let key = disclosure.key();
        record.verify(key)?;
        let granted = disclosure.decision().permitted();
        let parts = record.classed().filter_map(|(class, sealed)| Some((class?, sealed)));
        let parts = parts.filter(|(class, _)| granted.contains(*class));
        let opened = parts.map(|(class, sealed)| key.open(json_part(class.name()), sealed));
        let opened = opened.collect::<Result<Vec<_>, _>>()?;
        let whole = record.classes().without(granted).is_empty();
        let resource = joined(&opened, whole)?;
        Ok(View::new(resource, disclosure))
    }

    pub(crate) fn key_of(&self, record: &SealedRecord, patient: &PatientKey) -> Result<RecordKey, VaultError> {
        if record.patient != patient.token() {
            return Err(VaultError::AnotherPatient);
        }
        let identity = Identity::new(record.patient, record.id);
        let identity = identity.of(&self.tenant, &record.resource_type, record.version);
        Ok(patient.version(record.key()?)?.record_key(&identity, &record.derivation)?)
    }

    /// A key of its own for the entry about a record, so that no key seals more than the counter of its nonces has seen.
    pub(crate) fn entry_key(
        &self,
        record: &SealedRecord,
        patient: &PatientKey,
        rng: &mut impl CryptoRng,
    ) -> Result<RecordKey, VaultError> {
        let identity = Identity::new(record.patient, record.id);
        let identity = identity.of(&self.tenant, &record.resource_type, record.version);
        Ok(patient.current().new_record_key(&identity, rng)?.padded(self.padding))
    }
}

/// What the policy must know about a record in order to decide about these classes, once it is known to be as it was sealed.
pub(crate) fn facts_of(record: &SealedRecord, key: &RecordKey, classes: ClassSet) -> Result<Facts, VaultError> {
    record.verify(key)?;
    let sealed = record.part(facts::PART.name).ok_or(VaultError::NotARecord)?;
    let opened = key.open(facts::PART, sealed)?;
    let mut known = Facts::new(ResourceType::of(&record.resource_type), classes);
    known.patient = Some(record.patient.to_string().into());
    facts::from_bytes(opened.expose(), known)
}

/// The part of a class, or of whatever name.
pub(crate) const fn json_part(name: &str) -> Part<'_> {
    Part { name, value_type: "json" }
}

pub(crate) fn joined(opened: &[Exposed<Vec<u8>>], whole: bool) -> Result<Resource, VaultError> {
    let texts: Result<Vec<_>, _> = opened.iter().map(|part| std::str::from_utf8(part.expose())).collect();
    let texts = texts.map_err(|_| VaultError::NotARecord)?;
    part::join(texts, whole).map_err(|_| VaultError::NotARecord)
}

impl<K> fmt::Debug for Vault<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(crate) mod tests;
