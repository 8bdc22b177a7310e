use chartroom_access::consent::{Combination, Consents};
use chartroom_access::label::Sensitivity;
use chartroom_access::scope::Launch;
use chartroom_access::{Action, BreakGlass, Circumstances, Declaration, Obligation, Purpose, Relationship, Request};
use chartroom_audit::accounting::{self, Query, Scope, Suspension, account, six_years_before};
use chartroom_audit::event::{Agent, Exclusion, Kind, Outcome, PolicyReference, Reason, Recipient};
use chartroom_audit::{Event, Head, MemoryTrail, Receipt, Refusal, TrailError, breach};
use chartroom_record::{Checks, Mode, parse};
use chartroom_seal::{Cost, Keyring, OpenError, Padding, Passphrase, RandomSource, WrappedKey};
use chrono::TimeDelta;

use super::*;
use crate::{Attempt, ViewError, agent_of};

const CONDITION: &[u8] = br#"{"resourceType":"Condition","subject":{"reference":"Patient/1","display":"Ada Fenwarden"},"code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"E11.9"}]},"onsetDateTime":"2026-03-02","note":[{"text":"Afraid of needles."}]}"#;

pub(crate) struct House {
    pub(crate) vault: Vault<Keyring>,
    pub(crate) patient: PatientKey,
    pub(crate) record: SealedRecord,
    pub(crate) random: RandomSource,
}

pub(crate) fn house() -> House {
    let mut random = RandomSource::from_seed(&[7; 32]);
    let passphrase = Passphrase::from("a passphrase for tests".to_owned());
    let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random).unwrap();
    let vault = Vault::new(keyring, "north-clinic", LabelSets::starter());
    let (patient, _) = vault.admit(&mut random).unwrap();
    let record = vault.seal(&checked(), &patient, &Author::new("dr-osei"), &mut random).unwrap();
    House { vault, patient, record, random }
}

pub(crate) fn checked() -> Checked<Resource> {
    parse(CONDITION, Mode::Strict).unwrap().check(&Checks::structure()).unwrap()
}

pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_000_000, 0).unwrap()
}

pub(crate) fn request(roles: &str, purpose: Purpose, relationship: Relationship) -> Request {
    let request = Request::new("someone", roles.into(), Action::Read, purpose, now());
    Request { relationship: relationship.into(), ..request }
}

pub(crate) fn physician() -> Request {
    request("physician", Purpose::Treatment, Relationship::Treating)
}

impl House {
    fn ruling(&self, record: &SealedRecord, patient: &PatientKey, request: &Request) -> Result<Ruling, VaultError> {
        let mut random = RandomSource::from_seed(&[9; 32]);
        self.vault.rule(record, patient, &Policy::starter(), request, &mut random)
    }

    pub(crate) fn disclosure(&self, record: &SealedRecord, request: &Request) -> Result<Disclosure, DiscloseError> {
        let ruling = self.ruling(record, &self.patient, request).unwrap();
        self.vault.disclose(ruling, &mut MemoryTrail::new())
    }

    fn open(&self, record: &SealedRecord, request: &Request) -> Result<View<Resource>, VaultError> {
        let disclosure = self.disclosure(record, request).unwrap();
        self.vault.open(record, &self.patient, disclosure, now())
    }
}

impl House {
    /// What the trail says of a request for the record.
    fn entry_of(&self, request: &Request) -> Event {
        let mut trail = MemoryTrail::new();
        let ruling = self.ruling(&self.record, &self.patient, request).unwrap();
        let _ = self.vault.disclose(ruling, &mut trail);
        trail.events().last().unwrap().unwrap().1
    }

    /// The whole of an entry, for an auditor.
    pub(crate) fn reviewed(&self, event: &Event, patient: &PatientKey) -> Result<Event, VaultError> {
        let (policy, mut random) = (Policy::from_toml(AUDIT).unwrap(), RandomSource::from_seed(&[10; 32]));
        let ruling = self.vault.rule_entry(event, patient, &policy, &auditor(), &mut random)?;
        let disclosure = self.vault.disclose(ruling, &mut MemoryTrail::new()).unwrap();
        Ok(self.vault.entry(event, patient, disclosure, now())?.get().clone())
    }
}

fn auditor() -> Request {
    request("auditor", Purpose::Compliance, Relationship::None)
}

/// Auditors review entries of the trail, and see no record.
const AUDIT: &str = r#"
[policy]
name = "Audit"
version = "1"

[roles.auditor]
title = "Auditor"

[[rule]]
id = "review"
effect = "permit"
roles = ["auditor"]
actions = ["audit"]
purposes = ["HCOMPL"]
classes = ["all"]
cites = "45 CFR 164.308(a)(1)(ii)(D)"
dated = 2013-03-26
because = "To review what was done."
"#;

/// Makes the file anew, until the format is released: `cargo test -p chartroom-vault golden -- --ignored`.
#[test]
#[ignore = "writes the golden file"]
fn the_golden_record_is_made() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/golden/record-1.bin");
    std::fs::write(file, house().record.to_bytes()).unwrap();
}

#[test]
fn the_sealed_bytes_are_a_promise() {
    let golden = include_bytes!("../../golden/record-1.bin");
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

/// Two conditions that differ in the lengths of what their parts hold, and in nothing else.
fn of_two_lengths() -> [Checked<Resource>; 2] {
    ["Afraid of needles.", "Afraid of the needle."].map(|note| {
        let text = String::from_utf8(CONDITION.to_vec()).unwrap().replace("Afraid of needles.", note);
        parse(text.as_bytes(), Mode::Strict).unwrap().check(&Checks::structure()).unwrap()
    })
}

#[test]
fn padding_hides_how_long_a_part_is() {
    let house = house();
    let authors = ["dr-osei", "dr-lin"].map(Author::new);
    let written = |vault: &Vault<Keyring>| {
        let mut random = RandomSource::from_seed(&[12; 32]);
        let both = of_two_lengths().into_iter().zip(&authors);
        let records = both.map(|(text, author)| vault.seal(&text, &house.patient, author, &mut random).unwrap());
        records.collect::<Vec<_>>()
    };
    let lengths = |record: &SealedRecord| -> Vec<_> {
        record.parts().map(|(name, sealed)| (name.to_owned(), sealed.len())).collect()
    };
    let bare = written(&house.vault);
    assert_ne!(lengths(&bare[0]), lengths(&bare[1]), "without padding they tell");
    let passphrase = Passphrase::from("a passphrase for tests".to_owned());
    for padding in [Padding::Proportional, Padding::Blocks(64.try_into().unwrap())] {
        // Another vault of the same house.
        let keyring = Keyring::open(house.vault.keys.to_bytes(), &passphrase).unwrap();
        let padding_vault = Vault::new(keyring, "north-clinic", LabelSets::starter()).with_padding(padding);
        let padded = written(&padding_vault);
        assert_eq!(lengths(&padded[0]), lengths(&padded[1]), "{padding:?}");
        assert_eq!(padded[0].to_bytes().len(), padded[1].to_bytes().len());
        // Either vault opens what the other sealed, and seals it anew as it pads itself.
        let mut random = RandomSource::from_seed(&[13; 32]);
        for record in padded.iter().chain(&bare) {
            let anew = padding_vault.reseal(record, &house.patient, &mut random).unwrap();
            assert_eq!(lengths(anew.record()), lengths(&padded[0]));
            let back = house.vault.reseal(record, &house.patient, &mut random).unwrap();
            let [one, other] =
                [record, back.record()].map(|record| house.open(record, &physician()).unwrap().to_json());
            assert_eq!(one, other);
            assert!(one.contains("needle") && bare.iter().any(|bare| lengths(bare) == lengths(back.record())));
        }
    }
}

#[test]
fn padding_hides_how_much_an_entry_says() {
    let house = house();
    let keyring =
        Keyring::open(house.vault.keys.to_bytes(), &Passphrase::from("a passphrase for tests".to_owned())).unwrap();
    let vault = Vault::new(keyring, "north-clinic", LabelSets::starter());
    let vault = vault.with_padding(Padding::Blocks(1024.try_into().unwrap()));
    let mut random = RandomSource::from_seed(&[9; 32]);
    let mut trail = MemoryTrail::new();
    let front_desk = request("front-desk", Purpose::Operations, Relationship::None);
    for request in [&physician(), &front_desk] {
        let ruling = vault.rule(&house.record, &house.patient, &Policy::starter(), request, &mut random).unwrap();
        let _outcome = vault.disclose(ruling, &mut trail);
    }
    let events: Vec<_> = trail.events().map(|event| event.unwrap().1).collect();
    let [granted, refused] = &events[..] else { panic!("two entries") };
    let length = |event: &Event| event.sealed.as_ref().unwrap().len();
    assert_eq!(length(granted), length(refused));
    assert_ne!(granted.kind, refused.kind);
    assert!([granted, refused].iter().all(|event| !house.reviewed(event, &house.patient).unwrap().reasons.is_empty()));
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
fn the_organization_is_sealed_with_the_record() {
    let mut house = house();
    let recovery = r#"
        [[set]]
        label = "42CFRPart2"
        organizations = ["harbor-recovery"]
        source = "Our program"
        dated = 2026-01-01
    "#;
    house.vault.labels = LabelSets::starter().and(LabelSets::from_toml(recovery).unwrap());
    let authors = [
        (Author::new("dr-osei").of_organization("harbor-recovery"), true),
        (Author::new("dr-osei").of_organization("ward"), false),
        (Author::new("dr-osei"), true),
        (Author::unknown(), true),
    ];
    for (author, is_labelled) in authors {
        let record = house.vault.seal(&checked(), &house.patient, &author, &mut house.random).unwrap();
        let key = house.vault.key_of(&record, &house.patient).unwrap();
        let opened = key.open(facts::PART, record.part(facts::PART.name).unwrap()).unwrap();
        let facts = Facts::new(ResourceType::of("Condition"), record.classes());
        let facts = facts::from_bytes(opened.expose(), facts).unwrap();
        assert_eq!(facts.labels.contains(Sensitivity::Part2), is_labelled, "{author:?}");
        assert_eq!(facts.organization.as_deref().unwrap_or_default(), author.organization);
    }
}

#[test]
fn a_disclosure_is_for_one_version_and_for_a_while() {
    let mut house = house();
    let next = house.vault.seal_next(&checked(), &house.patient, &Author::unknown(), &house.record, &mut house.random);
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

#[test]
fn an_entry_tells_from_where_through_what_and_by_which_policy() {
    let house = house();
    let around = Circumstances {
        organization: Some("north-clinic".into()),
        place: Some("ward-3".into()),
        address: Some("192.0.2.7".into()),
        ..Circumstances::default()
    };
    let launch =
        Launch { scopes: "user/*.rs".parse().unwrap(), client: Some("growth-chart".into()), ..Launch::default() };
    let request = Request { circumstances: Some(around.into()), launch: Some(launch.into()), ..physician() };
    let event = house.entry_of(&request);
    let mut agent = Agent::new("someone", "physician");
    agent.organization = Some("north-clinic".into());
    agent.place = Some("ward-3".into());
    agent.address = Some("192.0.2.7".into());
    agent.client = Some("growth-chart".into());
    assert_eq!((&event.agent, agent_of(&request)), (&agent, agent.clone()));
    let policy = Policy::starter();
    assert_eq!(event.policy, Some(PolicyReference::new(policy.name(), policy.version(), policy.digest().into())));
    assert_eq!(house.reviewed(&event, &house.patient).unwrap().agent, agent);

    let nothing_known = house.entry_of(&physician());
    assert_eq!((nothing_known.agent, nothing_known.policy), (Agent::new("someone", "physician"), event.policy));
}

#[test]
fn what_was_decided_by_a_policy_that_nobody_adopted_is_named() {
    let (house, mut trail, mut random) = (house(), MemoryTrail::new(), RandomSource::from_seed(&[9; 32]));
    let ours = Policy::from_toml(GLASS).unwrap();
    // One class more, under the same name and version.
    let theirs = GLASS.replacen(r#"["ServiceDate"]"#, r#"["ServiceDate", "Narrative"]"#, 1);
    let theirs = Policy::from_toml(&theirs).unwrap();
    assert_eq!((ours.name(), ours.version()), (theirs.name(), theirs.version()));
    let officer = || Agent::new("officer-1", "privacy officer");
    let mut decide = |trail: &mut MemoryTrail, policy| {
        let ruling = house.vault.rule(&house.record, &house.patient, policy, &physician(), &mut random).unwrap();
        house.vault.disclose(ruling, trail).map(|disclosure| disclosure.receipt().index).unwrap()
    };
    let before = decide(&mut trail, &ours);
    house.vault.adopt(&ours, officer(), now(), &mut trail).unwrap();
    decide(&mut trail, &ours);
    let by_theirs = decide(&mut trail, &theirs);
    house.vault.withdraw(&ours, officer(), now(), &mut trail).unwrap();
    let after = decide(&mut trail, &ours);
    let named: Vec<_> = trail.not_adopted().unwrap().into_iter().map(|found| found.index).collect();
    assert_eq!(named, [before, by_theirs, after]);
}

#[test]
fn an_entry_tells_of_consents_to_the_holder_of_the_key_alone() {
    let house = house();
    let token = house.patient.token();
    let consent = format!(
        r#"{{"resourceType":"Consent","id":"c-9","status":"active","patient":{{"reference":"Patient/{token}"}},"dateTime":"2026-01-02",
        "scope":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}}]}},
        "provision":{{"type":"deny"}}}}"#
    );
    let Resource::Consent(consent) = parse(consent.as_bytes(), Mode::Lenient).unwrap().into_resource() else {
        panic!("a consent")
    };
    let consents = Consents::read([&*consent], Combination::DenyOverrides);
    let event = house.entry_of(&Request { consents: Some(consents), ..physician() });
    assert_eq!((event.kind, event.consents.len()), (Kind::Denial, 0));
    assert!(!event.to_bytes().windows(3).any(|window| window == b"c-9"));
    let whole = house.reviewed(&event, &house.patient).unwrap();
    assert_eq!(whole.consents, ["Consent/c-9"]);
    assert_eq!(whole.reasons, [Reason::new("a consent of the patient refuses it", None)]);
}

impl House {
    fn view(
        &self,
        record: &SealedRecord,
        patient: &PatientKey,
        at: DateTime<Utc>,
        trail: &mut dyn Trail,
    ) -> Result<View<Resource>, ViewError> {
        let mut random = RandomSource::from_seed(&[9; 32]);
        self.vault.view((record, patient), &Policy::starter(), &physician(), at, trail, &mut random)
    }
}

/// What a trail says, in short.
fn told(trail: &MemoryTrail) -> Vec<(Kind, Outcome)> {
    trail.events().map(|event| event.map(|(_, event)| (event.kind, event.outcome)).unwrap()).collect()
}

fn error_of(outcome: Result<View<Resource>, ViewError>) -> VaultError {
    match outcome.unwrap_err() {
        ViewError::Failed { error, .. } => error,
        other => panic!("{other}"),
    }
}

#[test]
fn one_call_opens_what_three_do() {
    let (house, mut trail) = (house(), MemoryTrail::new());
    let view = house.view(&house.record, &house.patient, now(), &mut trail).unwrap();
    assert_eq!(view.to_json(), house.open(&house.record, &physician()).unwrap().to_json());
    assert_eq!((told(&trail), view.receipt().index), (vec![(Kind::Disclosure, Outcome::Success)], 0));
    let refused = request("front-desk", Purpose::Operations, Relationship::None);
    let mut random = RandomSource::from_seed(&[9; 32]);
    let of = (&house.record, &house.patient);
    let outcome = house.vault.view(of, &Policy::starter(), &refused, now(), &mut trail, &mut random);
    assert!(matches!(outcome, Err(ViewError::Denied(denial)) if denial.receipt().index == 1));
}

/// A damage that shows before anything was decided is no disclosure; one that shows behind it is the one disclosure that it was.
#[test]
fn a_damaged_record_is_on_the_trail_and_opens_nothing() {
    let house = house();
    let (bytes, these_days) = (house.record.to_bytes(), now() - TimeDelta::days(1)..now() + TimeDelta::days(1));
    let (failed, opened) = ((Kind::Denial, Outcome::SeriousFailure), (Kind::Disclosure, Outcome::Success));
    let mut seen = [0; 2];
    for index in (0..bytes.len()).step_by(5) {
        let mut changed = bytes.clone();
        changed[index] ^= 1;
        let Ok(record) = SealedRecord::from_bytes(&changed) else { continue };
        let mut trail = MemoryTrail::new();
        let error = error_of(house.view(&record, &house.patient, now(), &mut trail));
        let disclosures = told(&trail).len() - 1;
        seen[disclosures] += 1;
        let missing_key = matches!(error, VaultError::Open(OpenError::UnknownKey(_)));
        let failed = if missing_key { (Kind::Denial, Outcome::MinorFailure) } else { failed };
        assert_eq!(told(&trail), [&[opened][..disclosures], &[failed]].concat(), "byte {index}");

        let (_, event) = trail.events().last().unwrap().unwrap();
        let about = event.record.as_ref().unwrap();
        assert_eq!((&*about.id, event.agent.id.as_str()), (&*record.id().to_string(), "someone"));
        assert_eq!(event.reasons, [Reason::new(error.to_string(), None)]);
        assert!(event.granted.is_empty() && !event.withheld.is_empty());

        let token = record.patient().to_string();
        let query = accounting::Query { patient: &token, period: these_days.clone(), scope: Scope::Everything };
        assert_eq!(trail.accounting(&query).unwrap().lines.len(), disclosures);
        let query = breach::Query { actor: "someone", period: these_days.clone() };
        let touched = trail.breach(&query).unwrap().patients;
        assert_eq!(touched.iter().map(|patient| patient.entries.len()).sum::<usize>(), disclosures);
    }
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
}

#[test]
fn a_query_has_one_batch_of_entries_whatever_comes_of_each() {
    let mut house = house();
    let (other, _) = house.vault.admit(&mut house.random).unwrap();
    let theirs = house.vault.seal(&checked(), &other, &Author::unknown(), &mut house.random).unwrap();
    let mut bytes = house.record.to_bytes();
    let damaged = (0..bytes.len()).rev().find_map(|index| {
        bytes[index] ^= 1;
        let record = SealedRecord::from_bytes(&bytes);
        bytes[index] ^= 1;
        record.ok()
    });
    let damaged = damaged.unwrap();
    let (mut trail, mut random) = (Batches::default(), RandomSource::from_seed(&[9; 32]));
    let ours = &house.patient;
    let records = [(&house.record, ours), (&damaged, ours), (&theirs, ours), (&theirs, &other)];
    let mut view = |request: &Request, trail: &mut Batches| {
        house.vault.view_all(records, &Policy::starter(), request, now(), trail, &mut random).unwrap()
    };
    let viewed = view(&physician(), &mut trail);
    let opened: Vec<_> = viewed.iter().map(Result::is_ok).collect();
    assert_eq!((opened, trail.batches), (vec![true, false, false, true], 1));
    let (failed, disclosed) = ((Kind::Denial, Outcome::SeriousFailure), (Kind::Disclosure, Outcome::Success));
    assert_eq!(told(&trail.kept), [disclosed, failed, failed, disclosed]);

    let refused = view(&request("front-desk", Purpose::Operations, Relationship::None), &mut trail);
    assert!(refused.iter().all(Result::is_err) && trail.batches == 2);
    assert!(matches!(refused[3], Err(ViewError::Denied(ref denial)) if denial.receipt().index == 7));
}

/// A trail that counts its batches.
#[derive(Default)]
struct Batches {
    kept: MemoryTrail,
    batches: usize,
}

impl Trail for Batches {
    fn append(&mut self, _: &Event) -> Result<Receipt, TrailError> {
        Err(TrailError::storage("one by one"))
    }

    fn append_each(&mut self, events: &[Event]) -> Result<Vec<Result<Receipt, Refusal>>, TrailError> {
        self.batches += 1;
        self.kept.append_each(events)
    }

    fn head(&self) -> Result<Head, TrailError> {
        self.kept.head()
    }
}

#[test]
fn what_fails_for_another_reason_is_on_the_trail_too() {
    let mut house = house();
    let (other, _) = house.vault.admit(&mut house.random).unwrap();
    let mut trail = MemoryTrail::new();
    assert_eq!(error_of(house.view(&house.record, &other, now(), &mut trail)), VaultError::AnotherPatient);
    for at in [now() + Disclosure::VALID, now() - TimeDelta::seconds(1)] {
        assert_eq!(error_of(house.view(&house.record, &house.patient, at, &mut trail)), VaultError::Expired);
    }
    let (serious, minor) = ((Kind::Denial, Outcome::SeriousFailure), (Kind::Denial, Outcome::MinorFailure));
    assert_eq!(told(&trail), [serious, minor, minor]);
    let token = house.patient.token().to_string();
    assert!(trail.events().all(|event| event.unwrap().1.patient.as_ref() == Some(&token)));

    // Step by step: a disclosure that is used too late.
    let disclosure = house.disclosure(&house.record, &physician()).unwrap();
    let error = house.vault.open(&house.record, &house.patient, disclosure, now() + Disclosure::VALID).unwrap_err();
    let attempt = Attempt::Record(&house.record);
    house.vault.report(error, attempt, &physician(), now() + Disclosure::VALID, &mut trail).unwrap();
    assert_eq!(told(&trail).last(), Some(&minor));
}

#[test]
fn a_changed_entry_that_someone_reviews_is_on_the_trail() {
    let (house, mut trail) = (house(), MemoryTrail::new());
    let event = house.entry_of(&physician());
    let mut changed = event.clone();
    changed.agent.id = "someone else".into();
    let (policy, mut random) = (Policy::from_toml(AUDIT).unwrap(), RandomSource::from_seed(&[10; 32]));
    let mut view = |event: &Event, trail: &mut MemoryTrail| {
        house.vault.view_entry((event, &house.patient), &policy, &auditor(), now(), trail, &mut random)
    };
    assert_eq!(view(&event, &mut trail).unwrap().get().agent.id, "someone");
    let outcome = view(&changed, &mut trail).unwrap_err();
    assert!(matches!(outcome, ViewError::Failed { error: VaultError::NotAnEntry, receipt } if receipt.index == 2));
    let (_, failure) = trail.events().last().unwrap().unwrap();
    assert_eq!((failure.kind, failure.outcome), (Kind::Denial, Outcome::SeriousFailure));
    assert_eq!(failure.record.unwrap().resource_type, "AuditEvent");

    // A ruling seals what it rested on, so that was taken away. That another entry keeps nothing sealed is no sign of tampering.
    let mut unsealed = event.clone();
    unsealed.sealed = None;
    let outcome = view(&unsealed, &mut trail).unwrap_err();
    assert!(matches!(outcome, ViewError::Failed { error: VaultError::NotAnEntry, .. }));
    unsealed.policy = None;
    let outcome = view(&unsealed, &mut trail).unwrap_err();
    assert!(matches!(outcome, ViewError::Failed { error: VaultError::NothingSealed, .. }));
    let (_, failure) = trail.events().last().unwrap().unwrap();
    assert_eq!((failure.kind, failure.outcome), (Kind::Denial, Outcome::MinorFailure));
}

#[test]
fn a_failure_tells_to_whom_it_was_to_go() {
    let mut house = house();
    let (other, _) = house.vault.admit(&mut house.random).unwrap();
    let (policy, asked, mut random) = (Policy::starter(), physician(), RandomSource::from_seed(&[9; 32]));
    let attorneys = Recipient::new("Dunmore and Vale, attorneys");
    let release = Release::of(&asked).to(&attorneys).left_out(Exclusion::Authorization);
    let (mut trail, foreign) = (MemoryTrail::new(), (&house.record, &other));
    house.vault.view(foreign, &policy, release, now(), &mut trail, &mut random).unwrap_err();
    house.vault.view_all([foreign], &policy, release, now(), &mut trail, &mut random).unwrap();
    house.vault.report(VaultError::Expired, Attempt::Record(&house.record), release, now(), &mut trail).unwrap();
    assert_eq!(trail.events().count(), 3);
    for event in trail.events() {
        let (_, event) = event.unwrap();
        assert_eq!((event.recipient.as_ref(), event.exclusion), (Some(&attorneys), Some(Exclusion::Authorization)));
    }
}

#[test]
fn where_a_failure_cannot_be_written_nothing_opens() {
    struct Full;
    impl Trail for Full {
        fn append(&mut self, _: &Event) -> Result<Receipt, TrailError> {
            Err(TrailError::storage("full"))
        }

        fn head(&self) -> Result<Head, TrailError> {
            Err(TrailError::storage("full"))
        }
    }
    let mut house = house();
    let (other, _) = house.vault.admit(&mut house.random).unwrap();
    for patient in [&house.patient, &other] {
        assert!(matches!(house.view(&house.record, patient, now(), &mut Full), Err(ViewError::Trail(_))));
    }
}

#[test]
fn a_ruling_tells_nothing_of_what_it_rules() {
    let house = house();
    let granted = house.ruling(&house.record, &house.patient, &physician()).unwrap();
    let stranger = request("front-desk", Purpose::Operations, Relationship::None);
    let refused = house.ruling(&house.record, &house.patient, &stranger).unwrap();
    assert_eq!(format!("{granted:?}"), format!("{refused:?}"));
}

#[test]
fn a_grant_to_write_opens_nothing() {
    let house = house();
    let policy =
        Policy::from_toml(&GLASS.replace(r#"["read"]"#, r#"["create", "update", "delete", "disclose"]"#)).unwrap();
    let mut random = RandomSource::from_seed(&[9; 32]);
    for action in Action::ALL {
        let mut trail = MemoryTrail::new();
        let asked = Request { action: *action, break_glass: Some(broken(&house.patient)), ..physician() };
        let ruling = house.vault.rule(&house.record, &house.patient, &policy, &asked, &mut random).unwrap();
        let outcome = house.vault.disclose(ruling, &mut trail);
        assert_eq!(outcome.is_ok(), *action == Action::Disclose, "{action}");
        let (_, event) = trail.events().last().unwrap().unwrap();
        if outcome.is_err() {
            assert_eq!((event.kind, event.outcome, event.discloses()), (Kind::Denial, Outcome::MinorFailure, false));
            assert_eq!((event.granted.len(), event.withheld.len()), (0, house.record.classes().iter().count()));
            let whole = house.reviewed(&event, &house.patient).unwrap();
            assert!(whole.break_glass.is_none() && whole.obligations.is_empty());
            let permitted = policy.rules().iter().any(|rule| whole.reasons.iter().any(|why| why.rule == rule.id()));
            assert!(!permitted, "{action}");
        }
    }
}

#[test]
fn a_grant_of_single_elements_opens_nothing() {
    let house = house();
    let in_part = r#"elements = ["Condition.note"]
classes = ["Clinical", "Narrative"]"#;
    let elements = GLASS.replace(r#"classes = ["Clinical"]"#, in_part).replace("break_glass = true", "");
    let alone = elements.replacen(r#"effect = "permit""#, r#"effect = "forbid""#, 1);
    let mut random = RandomSource::from_seed(&[9; 32]);
    for (policy, opens) in [(&elements, true), (&alone, false)] {
        let policy = Policy::from_toml(policy).unwrap();
        let mut trail = MemoryTrail::new();
        let ruling = house.vault.rule(&house.record, &house.patient, &policy, &physician(), &mut random).unwrap();
        let outcome = house.vault.disclose(ruling, &mut trail);
        let (_, event) = trail.events().last().unwrap().unwrap();
        assert_eq!((outcome.is_ok(), event.discloses()), (opens, opens));
        match outcome {
            Ok(disclosure) => {
                let view = house.vault.open(&house.record, &house.patient, disclosure, now()).unwrap().to_json();
                assert!(view.contains("2026-03-02") && !view.contains("needles"), "{view}");
                assert_eq!(event.granted, ["ServiceDate"]);
            }
            Err(DiscloseError::Denied(denial)) => {
                assert!(!denial.decision().in_part().is_empty() && event.granted.is_empty());
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// The house, with the next version of the patient's key beside the first.
pub(crate) fn renewed(house: &mut House) -> (PatientKey, Vec<WrappedKey>) {
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
        let disclosure = house.vault.disclose(ruling, &mut trail).unwrap();
        let told = (disclosure.decision().reasons().count() > 0, disclosure.obligations().iter().count());
        let (_, event) = trail.events().last().unwrap().unwrap();
        assert!(event.reasons.is_empty() && event.obligations.is_empty() && event.break_glass.is_none());
        let whole = house.reviewed(&event, &house.patient).unwrap();
        assert_eq!((!whole.reasons.is_empty(), whole.obligations.len()), told);
        assert_eq!(whole.break_glass.is_some(), event.kind == Kind::BreakGlass);

        let mut changed = event.clone();
        changed.agent.id = "someone else".into();
        assert_eq!(house.reviewed(&changed, &house.patient).unwrap_err(), VaultError::NotAnEntry);
        let mut moved = event.clone();
        moved.record.as_mut().unwrap().version = 2;
        assert!(house.reviewed(&moved, &house.patient).is_err());
        let (other, _) = house.vault.admit(&mut house.random).unwrap();
        assert_eq!(house.reviewed(&event, &other).unwrap_err(), VaultError::AnotherPatient);
    }
    let written: Vec<u8> = trail.entries().flatten().copied().collect();
    assert!(!written.windows(11).any(|window| window == b"Unconscious"));
}

#[test]
fn an_entry_is_reviewed_for_a_disclosure_of_its_own() {
    let house = house();
    let mut random = RandomSource::from_seed(&[9; 32]);
    let mut trail = MemoryTrail::new();
    let ruling = house.ruling(&house.record, &house.patient, &physician()).unwrap();
    let of_record = house.vault.disclose(ruling, &mut trail).unwrap();
    let (_, event) = trail.events().last().unwrap().unwrap();
    let mut disclose = |policy: &str, request: &Request| {
        let policy = Policy::from_toml(policy).unwrap();
        let ruling = house.vault.rule_entry(&event, &house.patient, &policy, request, &mut random).unwrap();
        let outcome = house.vault.disclose(ruling, &mut trail);
        (outcome, trail.events().last().unwrap().unwrap().1)
    };
    // To read records is not to review, nor is to review a part.
    for (other, to) in [("[\"audit\"]", "[\"read\", \"search\", \"disclose\"]"), ("[\"all\"]", "[\"Administrative\"]")]
    {
        let (outcome, denial) = disclose(&AUDIT.replace(other, to), &auditor());
        assert!(matches!(outcome, Err(DiscloseError::Denied(_))), "{to}");
        assert_eq!((denial.kind, denial.granted.len()), (Kind::Denial, 0));
    }
    let (of_entry, told) = disclose(AUDIT, &auditor());
    let about = told.record.as_ref().unwrap();
    assert_eq!(
        (told.kind, &*about.resource_type, &about.id),
        (Kind::Disclosure, "AuditEvent", &house.record.id().to_string())
    );
    let whole = house.reviewed(&told, &house.patient).unwrap();
    assert_eq!(whole.reasons[0].rule, "review", "a review can be reviewed");

    // Neither opens the other, and none opens late.
    let refused = house.vault.entry(&event, &house.patient, of_record, now());
    assert_eq!(refused.err(), Some(VaultError::AnotherRecord));
    let refused = house.vault.open(&house.record, &house.patient, of_entry.unwrap(), now());
    assert_eq!(refused.err(), Some(VaultError::AnotherRecord));
    let (late, _) = disclose(AUDIT, &auditor());
    let refused = house.vault.entry(&event, &house.patient, late.unwrap(), now() + Disclosure::VALID);
    assert_eq!(refused.err(), Some(VaultError::Expired));
    let (of_one, of_other) = (disclose(AUDIT, &auditor()).0.unwrap(), told);
    let refused = house.vault.entry(&of_other, &house.patient, of_one, now());
    assert_eq!(refused.err(), Some(VaultError::AnotherRecord));
    let (right, _) = disclose(AUDIT, &auditor());
    assert_eq!(house.vault.entry(&event, &house.patient, right.unwrap(), now()).unwrap().get().granted, event.granted);

    // An auditor's grant opens no record.
    let policy = Policy::from_toml(AUDIT).unwrap();
    let asked = Request { action: Action::Audit, ..auditor() };
    let ruling = house.vault.rule(&house.record, &house.patient, &policy, &asked, &mut random).unwrap();
    assert!(matches!(house.vault.disclose(ruling, &mut trail), Err(DiscloseError::Denied(_))));
}

fn broken(patient: &PatientKey) -> BreakGlass {
    let (actor, patient) = ("someone", &*patient.token().to_string());
    let (reason, lasts) = ("Unconscious, medication unknown", TimeDelta::hours(1));
    BreakGlass::declare(Declaration { actor, patient, reason, at: now(), lasts }).unwrap()
}

#[test]
fn a_broken_glass_asks_for_its_review_whatever_the_policy_says() {
    let house = house();
    let policy = Policy::from_toml(GLASS).unwrap();
    let mut trail = MemoryTrail::new();
    let mut random = RandomSource::from_seed(&[9; 32]);
    for break_glass in [None, Some(broken(&house.patient))] {
        let request = Request { break_glass, ..request("physician", Purpose::Treatment, Relationship::None) };
        let due = request.break_glass.as_ref().map(BreakGlass::review_due);
        let ruling = house.vault.rule(&house.record, &house.patient, &policy, &request, &mut random).unwrap();
        let disclosure = house.vault.disclose(ruling, &mut trail).unwrap();
        assert!(disclosure.decision().obligations().is_empty());
        let asked = (disclosure.obligations(), disclosure.review_due());
        let view = house.vault.open(&house.record, &house.patient, disclosure, now()).unwrap();
        assert_eq!((view.obligations(), view.review_due()), asked);
        assert_eq!((asked.0.contains(Obligation::ReviewAccess), asked.1), (due.is_some(), due));
        let (_, event) = trail.events().last().unwrap().unwrap();
        let whole = house.reviewed(&event, &house.patient).unwrap();
        assert_eq!(whole.obligations, asked.0.iter().map(Obligation::code).collect::<Vec<_>>());
    }
}

/// One class for everyone, another for who breaks the glass; nobody is asked for anything.
const GLASS: &str = r#"
[policy]
name = "Glass"
version = "1"

[roles.physician]
title = "Physician"

[[rule]]
id = "always"
effect = "permit"
roles = ["physician"]
actions = ["read"]
purposes = ["TREAT"]
classes = ["ServiceDate"]
cites = "house rule 1"
dated = 2026-01-01
because = "To see that there is something."

[[rule]]
id = "glass"
effect = "permit"
roles = ["physician"]
actions = ["read"]
purposes = ["TREAT"]
break_glass = true
classes = ["Clinical"]
cites = "house rule 2"
dated = 2026-01-01
because = "In an emergency."
"#;

#[test]
fn a_renewed_key_seals_and_the_old_one_still_opens() {
    let mut house = house();
    let (patient, kept) = renewed(&mut house);
    assert_eq!(patient.label().version, 2);
    let first = house.vault.unlock(patient.token(), &kept[..1]).unwrap();
    let old = house.vault.seal(&checked(), &first, &Author::unknown(), &mut house.random).unwrap();
    assert!(house.vault.needs_reseal(&old, &patient).unwrap());
    let anew = house.vault.reseal(&old, &patient, &mut house.random).unwrap();
    let new = anew.record();
    assert_eq!(anew.replaces(), chartroom_audit::merkle::leaf_hash(&old.to_bytes()));
    assert!(!house.vault.needs_reseal(new, &patient).unwrap());
    assert_eq!((new.id(), new.version(), new.classes()), (old.id(), old.version(), old.classes()));
    assert_eq!(opened(&house, new, &patient), opened(&house, &old, &patient));
    assert_eq!(opened(&house, new, &first).unwrap_err(), OpenError::UnknownKey(patient.label()).into());
    let next = house.vault.seal_next(&checked(), &patient, &Author::unknown(), &old, &mut house.random).unwrap();
    assert_eq!(next.key(), Ok(patient.label()), "writing is resealing");
    let late = house.disclosure(&house.record, &physician()).unwrap();
    let again = house.vault.reseal(&house.record, &house.patient, &mut house.random).unwrap();
    let refused = house.vault.open(again.record(), &house.patient, late, now());
    assert_eq!(refused.unwrap_err(), VaultError::AnotherRecord);
}

#[test]
fn a_record_that_was_rebound_is_the_other_patients() {
    let mut house = house();
    let (other, _) = house.vault.admit(&mut house.random).unwrap();
    let mut trail = MemoryTrail::new();
    let keys = (&house.patient, &other);
    let merge = house.vault.merge(keys, Agent::new("desk-2", "registrar"), now(), &mut trail).unwrap();
    let (_, told) = trail.events().last().unwrap().unwrap();
    assert_eq!((told.patient, told.kind), (Some(house.patient.token().to_string()), Kind::Merge));
    assert_eq!(told.reasons[0].rule, format!("to be merged into {}", other.token()));
    let moved = house.vault.rebind(&house.record, keys, &merge, &mut house.random).unwrap();
    let moved = moved.record();
    assert_eq!((moved.patient(), moved.id()), (other.token(), house.record.id()));
    assert_eq!(opened(&house, moved, &other), opened(&house, &house.record, &house.patient));
    assert_eq!(opened(&house, moved, &house.patient), Err(VaultError::AnotherPatient));
    // A merge is of two patients, in one direction.
    let (third, _) = house.vault.admit(&mut house.random).unwrap();
    for keys in [(&other, &house.patient), (&house.patient, &third), (&third, &other)] {
        for record in [&house.record, moved] {
            let refused = house.vault.rebind(record, keys, &merge, &mut house.random);
            assert_eq!(refused.unwrap_err(), VaultError::AnotherPatient);
        }
    }
    let again = house.vault.rebind(moved, keys, &merge, &mut house.random);
    assert_eq!(again.unwrap_err(), VaultError::AnotherPatient);
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
    let answers = after.rewrap(&[wrapped.clone(), other].map(|key| (one.token().into(), key)), &mut random);
    let [Ok(anew), Err(VaultError::Open(OpenError::Unauthentic))] = &answers[..] else { panic!("{answers:?}") };
    assert_eq!((anew.key(), anew.wrapped_by()), (wrapped.key(), after.wrapping_key()));
    assert_eq!(after.unlock(one.token(), std::slice::from_ref(anew)).unwrap().label(), one.label());

    let gone = after.destroy(one.token(), &[wrapped]).unwrap();
    let refused = after.unlock(one.token(), &gone).unwrap_err();
    assert_eq!(refused, OpenError::KeyDestroyed(one.label()).into());
    assert_eq!(after.unlock(one.token(), &[]).unwrap_err(), VaultError::NoKey);
}

/// A clerk of medical records may hand on a chart to attorneys.
const LEGAL: &str = r#"
[policy]
name = "Legal"
version = "1"

[roles.records-clerk]
title = "Records clerk"

[[rule]]
id = "release"
effect = "permit"
roles = ["records-clerk"]
actions = ["disclose", "read"]
purposes = ["HLEGAL"]
classes = ["all"]
cites = "45 CFR 164.512(e)"
dated = 2013-03-26
because = "To answer a subpoena."
"#;

#[test]
fn what_goes_to_others_is_accounted_for_by_their_name() {
    let (house, policy) = (house(), Policy::from_toml(LEGAL).unwrap());
    let asked = request("records-clerk", Purpose::Legal, Relationship::None);
    let own = Request { relationship: Relationship::Patient.into(), ..asked.clone() };
    let attorneys = Recipient::new("Dunmore and Vale, attorneys").at("14 Quay Street, Northmouth");
    let to_attorneys = Release::of(&asked).to(&attorneys);
    let releases = [
        (Release::of(&asked), Some(Recipient::new("someone"))),
        (to_attorneys, Some(attorneys.clone())),
        (to_attorneys.left_out(Exclusion::Authorization), None),
        (Release::of(&asked).left_out(Exclusion::InternalUse), None),
        (Release::of(&own), None),
        // What a patient has sent to someone else is told of.
        (Release::of(&own).to(&attorneys), Some(attorneys.clone())),
    ];
    let (mut trail, mut random) = (MemoryTrail::new(), RandomSource::from_seed(&[11; 32]));
    let (record, patient) = (&house.record, &house.patient);
    for (release, _) in &releases {
        let view = house.vault.view((record, patient), &policy, *release, now(), &mut trail, &mut random);
        assert!(view.is_ok(), "{release:?}");
    }
    let token = patient.token().to_string();
    let query =
        Query { patient: &token, period: six_years_before(now() + TimeDelta::days(1)), scope: Scope::Law164_528 };
    let accounting = account(&query, trail.events(), &trail, trail.head().unwrap()).unwrap();
    let told: Vec<_> = accounting.lines.iter().map(|line| Some(line.recipient())).collect();
    let expected: Vec<_> = releases.iter().map(|(_, recipient)| recipient.clone()).filter(Option::is_some).collect();
    assert_eq!(told, expected);
    let suspended = Suspension::written("Dunmore and Vale, attorneys", now() + TimeDelta::days(2));
    assert_eq!(accounting.without(&[suspended], now()).lines.len(), 1);
    // Whom it went to is sealed in the entry too, so that nobody changes it unseen.
    let mut changed = trail.events().nth(1).unwrap().unwrap().1;
    assert!(house.reviewed(&changed, patient).is_ok());
    changed.recipient = None;
    assert!(house.reviewed(&changed, patient).is_err());
}
