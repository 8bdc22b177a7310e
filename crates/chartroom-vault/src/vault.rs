//! The vault: sealing, ruling, disclosing, opening.

use std::fmt;

use chartroom_access::label::LabelSets;
use chartroom_access::{Facts, Policy, Request, ResourceType};
use chartroom_audit::Trail;
use chartroom_record::{Checked, Resource, part};
use chartroom_seal::{Exposed, KeyService, Part, RecordKey};
use chrono::{DateTime, Utc};
use rand_core::CryptoRng;

use crate::disclosure::{Denial, DiscloseError, Disclosure, Ruling};
use crate::facts;
use crate::record::{Identity, RecordId, SealedPart, SealedRecord};
use crate::{PatientKey, VaultError, View};

/// How the values of a class are written inside their part.
pub(crate) const JSON: &str = "json";

/// Keeps the keys of one house, and the one door to what they seal.
///
/// It takes the key service away from the program, and gives out neither keys nor plaintext but through a [`Disclosure`].
pub struct Vault<K> {
    pub(crate) keys: K,
    pub(crate) tenant: Box<str>,
    labels: LabelSets,
}

/// Who made a record: what the policy knows as its originator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Author {
    id: String,
}

impl Author {
    /// The person or program with this id, by which requests know them too.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into() }
    }

    /// Nobody known: then nobody counts as the originator.
    pub fn unknown() -> Self {
        Self::default()
    }
}

impl<K: KeyService> Vault<K> {
    /// A vault of one house (tenant). The label sets say which codes make a record sensitive.
    pub fn new(keys: K, tenant: impl Into<Box<str>>, labels: LabelSets) -> Self {
        Self { keys, tenant: tenant.into(), labels }
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
        let identity = Identity::new(patient.token(), id);
        let key = patient.current().new_record_key(&identity.of(&self.tenant, record.type_name(), version), rng)?;
        let facts = facts::to_bytes(&facts::of(record, &self.labels, &author.id));
        let mut parts = vec![seal_part(&key, facts::PART, facts::VALUE_TYPE, &facts, rng)?];
        for part in part::split(record) {
            parts.push(seal_part(&key, part.class.name(), JSON, part.json.as_bytes(), rng)?);
        }
        parts.sort_by(|one, other| one.name.cmp(&other.name));
        let tag = key.tag(parts.iter().map(|part| (&*part.name, part.bytes.as_slice())))?;
        let resource_type = record.type_name().into();
        Ok(SealedRecord {
            id,
            version,
            patient: patient.token(),
            resource_type,
            derivation: key.derivation(),
            tag,
            parts,
        })
    }

    /// Asks the policy about a record. Only what the policy must know is opened for it. The random numbers are for the entry of
    /// the trail, whose reasons are sealed.
    ///
    /// # Errors
    /// The record is another patient's, or it is not as it was sealed.
    pub fn rule(
        &self,
        record: &SealedRecord,
        patient: &PatientKey,
        policy: &Policy,
        request: &Request,
        rng: &mut impl CryptoRng,
    ) -> Result<Ruling, VaultError> {
        let key = self.key_of(record, patient)?;
        key.verify_tag(record.named_parts(), &record.tag)?;
        let sealed = record.part(facts::PART).ok_or(VaultError::NotARecord)?;
        let opened = key.open(Part { name: facts::PART, value_type: facts::VALUE_TYPE }, sealed)?;
        let mut known = Facts::new(ResourceType::of(&record.resource_type), record.classes());
        known.patient = Some(record.patient.to_string().into());
        let facts = facts::from_bytes(opened.expose(), known)?;
        Ruling::new(policy.decide(request, &facts), record, &key, rng)
    }

    /// Writes a ruling to the trail. Only then, and only if it grants anything, is there a disclosure.
    ///
    /// # Errors
    /// [`DiscloseError::Denied`] where nothing was granted, which is on the trail too; [`DiscloseError::Trail`] where the trail
    /// could not take the entry.
    pub fn disclose(&self, ruling: Ruling, trail: &mut dyn Trail) -> Result<Disclosure, DiscloseError> {
        let receipt = trail.append(ruling.event())?;
        ruling.outcome(receipt).map_err(DiscloseError::from)
    }

    /// Writes the rulings of one query to the trail in one batch, and gives a disclosure or a denial for each, in their order.
    ///
    /// # Errors
    /// The trail could not take the entries; then there is no disclosure.
    pub fn disclose_all(
        &self,
        rulings: Vec<Ruling>,
        trail: &mut dyn Trail,
    ) -> Result<Vec<Result<Disclosure, Denial>>, chartroom_audit::TrailError> {
        let events: Vec<_> = rulings.iter().map(|ruling| ruling.event().clone()).collect();
        let receipts = trail.append_all(&events)?;
        Ok(rulings.into_iter().zip(receipts).map(|(ruling, receipt)| ruling.outcome(receipt)).collect())
    }

    /// Opens what a disclosure grants, and takes the disclosure away.
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
        let key = self.key_of(record, patient)?;
        key.verify_tag(record.named_parts(), &record.tag)?;
        let granted = disclosure.decision().permitted();
        let opened = record.classes().intersection(granted).iter().map(|class| {
            let sealed = record.part(class.name()).ok_or(VaultError::NotARecord)?;
            key.open(Part { name: class.name(), value_type: JSON }, sealed).map_err(VaultError::from)
        });
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
}

pub(crate) fn seal_part(
    key: &RecordKey,
    name: &str,
    value_type: &str,
    plain: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<SealedPart, VaultError> {
    Ok(SealedPart { name: name.into(), bytes: key.seal(Part { name, value_type }, plain, rng)? })
}

fn joined(opened: &[Exposed<Vec<u8>>], whole: bool) -> Result<Resource, VaultError> {
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
mod tests {
    use chartroom_access::{Action, BreakGlass, Declaration, Purpose, Relationship};
    use chartroom_audit::MemoryTrail;
    use chartroom_audit::event::Kind;
    use chartroom_record::{Checks, Mode, parse};
    use chartroom_seal::{Cost, Keyring, OpenError, Passphrase, RandomSource, WrappedKey};
    use chrono::TimeDelta;
    use rand_core::Rng as _;

    use super::*;

    const CONDITION: &[u8] = br#"{"resourceType":"Condition","subject":{"reference":"Patient/1","display":"Ada Fenwarden"},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"E11.9"}]},"onsetDateTime":"2026-03-02","note":[{"text":"Afraid of needles."}]}"#;

    struct House {
        vault: Vault<Keyring>,
        patient: PatientKey,
        record: SealedRecord,
        random: RandomSource,
    }

    fn house() -> House {
        let mut random = RandomSource::from_seed(&[7; 32]);
        let passphrase = Passphrase::from("a passphrase for tests".to_owned());
        let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random).unwrap();
        let vault = Vault::new(keyring, "north-clinic", LabelSets::starter());
        let (patient, _) = vault.admit(&mut random).unwrap();
        // When the golden record was made, wrapping the key drew a nonce.
        random.fill_bytes(&mut [0; 12]);
        let record = vault.seal(&checked(), &patient, &Author::new("dr-osei"), &mut random).unwrap();
        House { vault, patient, record, random }
    }

    fn checked() -> Checked<Resource> {
        parse(CONDITION, Mode::Strict).unwrap().check(&Checks::structure()).unwrap()
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_000_000, 0).unwrap()
    }

    fn request(roles: &str, purpose: Purpose, relationship: Relationship) -> Request {
        let request = Request::new("someone", roles.into(), Action::Read, purpose, now());
        Request { relationship: relationship.into(), ..request }
    }

    fn physician() -> Request {
        request("physician", Purpose::Treatment, Relationship::Treating)
    }

    impl House {
        fn ruling(&self, record: &SealedRecord, patient: &PatientKey, request: &Request) -> Result<Ruling, VaultError> {
            let mut random = RandomSource::from_seed(&[9; 32]);
            self.vault.rule(record, patient, &Policy::starter(), request, &mut random)
        }

        fn disclosure(&self, record: &SealedRecord, request: &Request) -> Result<Disclosure, DiscloseError> {
            let ruling = self.ruling(record, &self.patient, request).unwrap();
            self.vault.disclose(ruling, &mut MemoryTrail::new())
        }

        fn open(&self, record: &SealedRecord, request: &Request) -> Result<View<Resource>, VaultError> {
            let disclosure = self.disclosure(record, request).unwrap();
            self.vault.open(record, &self.patient, disclosure, now())
        }
    }

    #[test]
    fn the_sealed_bytes_are_a_promise() {
        let golden = include_bytes!("../golden/record-1.bin");
        let house = house();
        assert_eq!(house.record.to_bytes(), golden, "format 1 is laid down: a change needs a new format");
        let record = SealedRecord::from_bytes(golden).unwrap();
        assert_eq!(house.open(&record, &physician()).unwrap().to_json().len(), CONDITION.len());
    }

    #[test]
    fn only_what_was_granted_is_there() {
        let house = house();
        let view = house.open(&house.record, &request("billing-clerk", Purpose::Payment, Relationship::None)).unwrap();
        let json = view.to_json();
        assert!(json.contains("E11.9") && !json.contains("needles") && !json.contains("Fenwarden"));
        assert!(view.masked().any(|reason| reason.class == chartroom_record::Class::Narrative));
        assert!(!format!("{view:?} {:?}", house.record).contains("E11.9"));
    }

    #[test]
    fn any_byte_changed_and_nothing_opens() {
        let house = house();
        let bytes = house.record.to_bytes();
        for index in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[index] ^= 1;
            let Ok(record) = SealedRecord::from_bytes(&changed) else { continue };
            let ruling = house.ruling(&record, &house.patient, &physician());
            // The tag covers each part's nonce and tag; the rest of a part shows when that part is opened.
            if let Ok(ruling) = ruling {
                let disclosure = house.vault.disclose(ruling, &mut MemoryTrail::new()).unwrap();
                assert!(house.vault.open(&record, &house.patient, disclosure, now()).is_err(), "byte {index}");
            }
        }
        for end in 0..bytes.len() {
            assert!(SealedRecord::from_bytes(&bytes[..end]).is_err(), "cut at {end}");
        }
        assert!(SealedRecord::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
    }

    #[test]
    fn a_disclosure_is_for_one_version_and_for_a_while() {
        let mut house = house();
        let next =
            house.vault.seal_next(&checked(), &house.patient, &Author::unknown(), &house.record, &mut house.random);
        let next = next.unwrap();
        assert_eq!((next.id(), next.version()), (house.record.id(), 2));
        let open = |disclosure, record, at| house.vault.open(record, &house.patient, disclosure, at).unwrap_err();
        let disclosure = || house.disclosure(&house.record, &physician()).unwrap();
        assert_eq!(open(disclosure(), &next, now()), VaultError::AnotherRecord);
        let late = now() + Disclosure::VALID;
        assert_eq!(open(disclosure(), &house.record, late), VaultError::Expired);
    }

    #[test]
    fn a_denial_is_on_the_trail_and_no_disclosure() {
        let house = house();
        let request = request("front-desk", Purpose::Operations, Relationship::None);
        let Err(DiscloseError::Denied(denial)) = house.disclosure(&house.record, &request) else { panic!("disclosed") };
        assert_eq!(denial.receipt().index, 0);
        let (other, _) = house.vault.admit(&mut RandomSource::from_seed(&[8; 32])).unwrap();
        let refused = house.ruling(&house.record, &other, &physician());
        assert_eq!(refused.unwrap_err(), VaultError::AnotherPatient);
    }

    /// The house, with the next version of the patient's key beside the first.
    fn renewed(house: &mut House) -> (PatientKey, Vec<WrappedKey>) {
        let (patient, wrapped) = house.vault.admit(&mut house.random).unwrap();
        let kept = vec![wrapped, house.vault.renew(&patient, &mut house.random).unwrap()];
        (house.vault.unlock(patient.token(), &kept).unwrap(), kept)
    }

    fn opened(house: &House, record: &SealedRecord, patient: &PatientKey) -> Result<String, VaultError> {
        let ruling = house.ruling(record, patient, &physician())?;
        let disclosure = house.vault.disclose(ruling, &mut MemoryTrail::new()).unwrap();
        Ok(house.vault.open(record, patient, disclosure, now())?.to_json())
    }

    #[test]
    fn an_entry_says_why_to_the_holder_of_the_key_alone() {
        let mut house = house();
        let mut trail = MemoryTrail::new();
        let mut glass = physician();
        glass.relationship = Relationship::None.into();
        glass.break_glass = Some(broken(&house.patient));
        for request in [physician(), glass] {
            let ruling = house.ruling(&house.record, &house.patient, &request).unwrap();
            let told = (ruling.reasons().count() > 0, ruling.obligations().iter().count());
            let _ = house.vault.disclose(ruling, &mut trail).unwrap();
            let (_, event) = trail.events().last().unwrap().unwrap();
            assert!(event.reasons.is_empty() && event.obligations.is_empty() && event.break_glass.is_none());
            let whole = house.vault.entry(&event, &house.patient).unwrap();
            assert_eq!((!whole.reasons.is_empty(), whole.obligations.len()), told);
            assert_eq!(whole.break_glass.is_some(), event.kind == Kind::BreakGlass);

            let mut changed = event.clone();
            changed.agent.id = "someone else".into();
            assert_eq!(house.vault.entry(&changed, &house.patient).unwrap_err(), VaultError::NotAnEntry);
            let mut moved = event.clone();
            moved.record.as_mut().unwrap().version = 2;
            assert!(house.vault.entry(&moved, &house.patient).is_err());
            let (other, _) = house.vault.admit(&mut house.random).unwrap();
            assert_eq!(house.vault.entry(&event, &other).unwrap_err(), VaultError::AnotherPatient);
        }
        let written: Vec<u8> = trail.entries().flatten().copied().collect();
        assert!(!written.windows(11).any(|window| window == b"Unconscious"));
    }

    fn broken(patient: &PatientKey) -> BreakGlass {
        let (actor, patient) = ("someone", &*patient.token().to_string());
        let (reason, lasts) = ("Unconscious, medication unknown", TimeDelta::hours(1));
        BreakGlass::declare(Declaration { actor, patient, reason, at: now(), lasts }).unwrap()
    }

    #[test]
    fn a_renewed_key_seals_and_the_old_one_still_opens() {
        let mut house = house();
        let (patient, kept) = renewed(&mut house);
        assert_eq!(patient.label().version, 2);
        let first = house.vault.unlock(patient.token(), &kept[..1]).unwrap();
        let old = house.vault.seal(&checked(), &first, &Author::unknown(), &mut house.random).unwrap();
        assert!(house.vault.needs_reseal(&old, &patient).unwrap());
        let new = house.vault.reseal(&old, &patient, &mut house.random).unwrap();
        assert!(!house.vault.needs_reseal(&new, &patient).unwrap());
        assert_eq!((new.id(), new.version(), new.classes()), (old.id(), old.version(), old.classes()));
        assert_eq!(opened(&house, &new, &patient), opened(&house, &old, &patient));
        assert_eq!(opened(&house, &new, &first).unwrap_err(), OpenError::UnknownKey(patient.label()).into());
        let next = house.vault.seal_next(&checked(), &patient, &Author::unknown(), &old, &mut house.random).unwrap();
        assert_eq!(next.key(), Ok(patient.label()), "writing is resealing");
        let late = house.disclosure(&house.record, &physician()).unwrap();
        let again = house.vault.reseal(&house.record, &house.patient, &mut house.random).unwrap();
        let refused = house.vault.open(&again, &house.patient, late, now());
        assert_eq!(refused.unwrap_err(), VaultError::AnotherRecord);
    }

    #[test]
    fn a_record_that_was_rebound_is_the_other_patients() {
        let mut house = house();
        let (other, _) = house.vault.admit(&mut house.random).unwrap();
        let moved = house.vault.rebind(&house.record, &house.patient, &other, &mut house.random).unwrap();
        assert_eq!((moved.patient(), moved.id()), (other.token(), house.record.id()));
        assert_eq!(opened(&house, &moved, &other), opened(&house, &house.record, &house.patient));
        assert_eq!(opened(&house, &moved, &house.patient), Err(VaultError::AnotherPatient));
        let back = house.vault.rebind(&house.record, &other, &house.patient, &mut house.random);
        assert_eq!(back.unwrap_err(), VaultError::AnotherPatient);
    }

    #[test]
    fn keys_are_wrapped_anew_each_for_its_patient() {
        let mut random = RandomSource::from_seed(&[7; 32]);
        let passphrase = Passphrase::from("a passphrase for tests".to_owned());
        let mut keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random).unwrap();
        let vault = |keyring| Vault::new(keyring, "north-clinic", LabelSets::starter());
        let before = vault(Keyring::open(keyring.to_bytes(), &passphrase).unwrap());
        let ((one, wrapped), (_, other)) = (before.admit(&mut random).unwrap(), before.admit(&mut random).unwrap());
        keyring.rotate(&mut random).unwrap();
        let after = vault(keyring);
        assert!(after.needs_rewrap(&wrapped) && !before.needs_rewrap(&wrapped));
        let answers = after.rewrap(&[(one.token(), wrapped.clone()), (one.token(), other)], &mut random);
        let [Ok(anew), Err(VaultError::Open(OpenError::Unauthentic))] = &answers[..] else { panic!("{answers:?}") };
        assert_eq!((anew.key(), anew.wrapped_by()), (wrapped.key(), after.wrapping_key()));
        assert_eq!(after.unlock(one.token(), std::slice::from_ref(anew)).unwrap().label(), one.label());

        let gone = after.destroy(one.token(), &[wrapped]).unwrap();
        let refused = after.unlock(one.token(), &gone).unwrap_err();
        assert_eq!(refused, OpenError::KeyDestroyed(one.label()).into());
        assert_eq!(after.unlock(one.token(), &[]).unwrap_err(), VaultError::NoKey);
    }
}
