use std::io::Cursor;

use chartroom_access::{Action, Purpose, Relationship, Request};
use chartroom_audit::MemoryTrail;
use chartroom_audit::event::{Agent, Event, Kind, Outcome};
use chartroom_record::{Checks, Mode, parse};
use chartroom_seal::{Cost, Keyring, Padding, Passphrase, RandomSource, WrappedKey};
use proptest::prelude::*;

use super::*;
use crate::vault::tests::{House, checked, house, now, physician, renewed, request};
use crate::{Author, Denial, DiscloseError, ViewError};

const CHUNK: ChunkLength = ChunkLength::LEAST;
const PORTRAIT: &[u8] =
    br#"{"resourceType":"Patient","name":[{"family":"Fenwarden"}],"photo":[{"url":"http://north.example/portrait"}]}"#;

const DOCUMENT: &[u8] = br#"{"resourceType":"DocumentReference","status":"current","content":[{"attachment":
    {"contentType":"image/png","url":"http://north.example/scan"}}]}"#;

type Reading = View<StreamReader<Cursor<Vec<u8>>>>;

/// Bytes in which each position shows.
fn scan(length: usize) -> Vec<u8> {
    (0..length).map(|place| (place % 251) as u8).collect()
}

fn sealed(house: &mut House, plain: &[u8]) -> Vec<u8> {
    let House { vault, patient, record, random } = house;
    let mut writer = vault.seal_attachment(record, patient, CHUNK, Vec::new(), random).unwrap();
    writer.write_all(plain).unwrap();
    writer.finish().unwrap()
}

fn read(bytes: &[u8]) -> SealedAttachment<Cursor<Vec<u8>>> {
    SealedAttachment::read(Cursor::new(bytes.to_vec())).unwrap()
}

/// Why it was refused, on whatever step.
fn cause(error: AttachmentError) -> VaultError {
    match error {
        AttachmentError::Vault(error) => error,
        AttachmentError::Io(error) => panic!("{error}"),
    }
}

impl House {
    fn written(&mut self, text: &[u8]) -> SealedRecord {
        let checked = parse(text, Mode::Strict).unwrap().check(&Checks::structure()).unwrap();
        self.vault.seal(&checked, &self.patient, &Author::unknown(), &mut self.random).unwrap()
    }

    /// Asks for an attachment of a record, and gives what became of it with its entry.
    fn ask(
        &self,
        attachment: &SealedAttachment<Cursor<Vec<u8>>>,
        (record, patient): (&SealedRecord, &PatientKey),
        policy: &Policy,
        request: &Request,
    ) -> Result<(Result<Disclosure, Denial>, Event), VaultError> {
        let mut random = RandomSource::from_seed(&[9; 32]);
        let mut trail = MemoryTrail::new();
        let ruling = self.vault.rule_attachment(attachment, record, patient, policy, request, &mut random)?;
        let outcome = match self.vault.disclose(ruling, &mut trail) {
            Ok(disclosure) => Ok(disclosure),
            Err(DiscloseError::Denied(denial)) => Err(denial),
            Err(error) => panic!("{error}"),
        };
        let (_, event) = trail.events().last().unwrap().unwrap();
        Ok((outcome, event))
    }

    /// The whole road, for the physician who treats the patient.
    fn opened(&self, bytes: &[u8], of: (&SealedRecord, &PatientKey)) -> Result<Reading, AttachmentError> {
        let attachment = SealedAttachment::read(Cursor::new(bytes.to_vec()))?;
        let (outcome, _) = self.ask(&attachment, of, &Policy::starter(), &physician())?;
        Ok(self.vault.open_attachment(attachment, of.1, outcome.unwrap(), now())?)
    }

    /// All of it.
    fn plain(&self, bytes: &[u8], of: (&SealedRecord, &PatientKey)) -> Result<Vec<u8>, AttachmentError> {
        let mut plain = Vec::new();
        self.opened(bytes, of)?.read_to_end(&mut plain)?;
        Ok(plain)
    }

    fn refusal(&self, bytes: &[u8], of: (&SealedRecord, &PatientKey)) -> VaultError {
        cause(self.plain(bytes, of).expect_err("must not open"))
    }
}

#[test]
fn an_attachment_is_opened_by_a_decision_about_its_record() {
    let mut house = house();
    let bytes = sealed(&mut house, &scan(5000));
    let attachment = read(&bytes);
    let (id, about) = (attachment.id(), house.record.id().to_string());
    assert_eq!((attachment.record(), attachment.version()), (house.record.id(), 1));
    assert_eq!((attachment.patient(), attachment.resource_type()), (house.patient.token(), "Condition"));
    assert_eq!(attachment.key(), house.patient.label());
    let of = (&house.record, &house.patient);
    assert!(!house.record.classes().contains(Class::Attachment), "the record itself has no such part");

    let (outcome, event) = house.ask(&attachment, of, &Policy::starter(), &physician()).unwrap();
    assert_eq!(
        (event.kind, &*event.granted, event.withheld.len()),
        (Kind::Disclosure, &["Attachment".to_owned()][..], 0)
    );
    let record = event.record.as_ref().unwrap();
    assert_eq!((&*record.resource_type, &record.id, record.version), ("Condition", &about, 1));
    let mut plain = Vec::new();
    let mut view = house.vault.open_attachment(attachment, &house.patient, outcome.unwrap(), now()).unwrap();
    view.read_to_end(&mut plain).unwrap();
    assert_eq!(plain, scan(5000));
    assert_eq!((view.decision().permitted(), view.masked().count()), (Class::Attachment.into(), 0));

    // Which attachment it was is told to whoever reviews the entry.
    let told = house.reviewed(&event, &house.patient).unwrap();
    assert!(told.reasons.iter().any(|reason| reason.rule == format!("attachment {id}")), "{:?}", told.reasons.len());
    assert!(!event.to_bytes().windows(36).any(|window| window == id.to_string().as_bytes()));

    let clerk = request("billing-clerk", Purpose::Payment, Relationship::None);
    let (outcome, event) = house.ask(&read(&bytes), of, &Policy::starter(), &clerk).unwrap();
    assert!(outcome.is_err() && event.granted.is_empty());
    assert_eq!((event.kind, &*event.withheld), (Kind::Denial, &["Attachment".to_owned()][..]));
}

#[test]
fn an_attachment_that_fails_is_on_the_trail_in_one_call() {
    let mut house = house();
    let good = sealed(&mut house, &scan(1500));
    let mut elsewhere = good.clone();
    elsewhere[1] ^= 1;
    let clerk = request("billing-clerk", Purpose::Payment, Relationship::None);
    let late = now() + Disclosure::VALID;
    for (bytes, request, at, kind, outcome) in [
        (&good, physician(), now(), Kind::Disclosure, Outcome::Success),
        (&good, clerk, now(), Kind::Denial, Outcome::MinorFailure),
        (&good, physician(), late, Kind::Denial, Outcome::MinorFailure),
        (&elsewhere, physician(), now(), Kind::Denial, Outcome::SeriousFailure),
    ] {
        let House { vault, patient, record, random } = &mut house;
        let (mut trail, policy) = (MemoryTrail::new(), Policy::starter());
        let attachment = read(bytes);
        let id = attachment.id();
        let viewed = vault.view_attachment((attachment, record, patient), &policy, &request, at, &mut trail, random);
        let entries: Vec<_> = trail.events().map(|event| event.unwrap().1).collect();
        let [event] = &entries[..] else { panic!("one entry") };
        assert_eq!((event.kind, event.outcome), (kind, outcome));
        assert_eq!(event.record.as_ref().unwrap().id, record.id().to_string());
        match viewed {
            Ok(mut view) => {
                let mut plain = Vec::new();
                view.read_to_end(&mut plain).unwrap();
                assert_eq!((plain, kind), (scan(1500), Kind::Disclosure));
            }
            Err(ViewError::Failed { .. }) => {
                assert_eq!(event.withheld, ["Attachment"]);
                assert!(event.reasons.iter().any(|reason| reason.rule == format!("attachment {id}")));
            }
            Err(error) => assert!(matches!(error, ViewError::Denied(_)) && kind == Kind::Denial),
        }
    }
}

#[test]
fn a_grant_to_write_opens_no_attachment() {
    let mut house = house();
    let attachment = read(&sealed(&mut house, b"scan"));
    let of = (&house.record, &house.patient);
    for action in Action::ALL {
        let policy = PERMIT.replace("ACTIONS", &format!("\"{action}\"")).replace("WHAT", r#"classes = ["Attachment"]"#);
        let asked = Request { action: *action, ..physician() };
        let (outcome, _) = house.ask(&attachment, of, &Policy::from_toml(&policy).unwrap(), &asked).unwrap();
        assert_eq!(outcome.is_ok(), action.hands_out(), "{action}");
    }
    // Of a class that is granted in part nothing is opened.
    house.record = house.written(DOCUMENT);
    let attachment = read(&sealed(&mut house, b"scan"));
    let of = (&house.record, &house.patient);
    for (what, opens) in [("", true), (r#"elements = ["DocumentReference.content"]"#, false)] {
        let what = format!("{what}\nclasses = [\"Attachment\"]");
        let policy = PERMIT.replace("ACTIONS", "\"read\"").replace("WHAT", &what);
        let (outcome, _) = house.ask(&attachment, of, &Policy::from_toml(&policy).unwrap(), &physician()).unwrap();
        assert_eq!(outcome.is_ok(), opens, "{what}");
    }
}

/// Permits whatever is put in the place of the capital words.
const PERMIT: &str = r#"
[policy]
name = "Attachments"
version = "1"

[roles.physician]
title = "Physician"

[[rule]]
id = "permit"
effect = "permit"
roles = ["physician"]
actions = [ACTIONS]
purposes = ["TREAT"]
WHAT
cites = "house rule 1"
dated = 2026-01-01
because = "To see the scan."
"#;

#[test]
fn a_photograph_of_a_patient_needs_the_class_of_faces_too() {
    let mut house = house();
    house.record = house.written(PORTRAIT);
    let attachment = read(&sealed(&mut house, b"a face"));
    let of = (&house.record, &house.patient);
    for (what, opens) in [(r#""Attachment""#, false), (r#""Biometric""#, false), (r#""Attachment", "Biometric""#, true)]
    {
        let policy = PERMIT.replace("ACTIONS", "\"read\"").replace("WHAT", &format!("classes = [{what}]"));
        let policy = Policy::from_toml(&policy).unwrap();
        let (outcome, event) = house.ask(&attachment, of, &policy, &physician()).unwrap();
        assert_eq!((outcome.is_ok(), event.discloses()), (opens, opens), "{what}");
    }
}

#[test]
fn an_attachment_needs_the_classes_of_attachments_in_its_record() {
    let found = |name| classes(name).without(Class::Attachment.into());
    for only in ["DocumentReference", "DiagnosticReport", "Media", "Consent", "Condition", "Observation"] {
        assert_eq!(classes(only), Class::Attachment.into(), "{only}");
    }
    for (name, more) in [
        ("Patient", Class::Biometric),
        ("Communication", Class::Narrative),
        ("Claim", Class::Clinical),
        ("QuestionnaireResponse", Class::Clinical),
        ("NoSuchType", Class::Unclassified),
    ] {
        assert_eq!(found(name), more.into(), "{name}");
    }
}

#[test]
fn a_disclosure_opens_what_it_is_for_once_and_soon() {
    let mut house = house();
    let (one, other) = (sealed(&mut house, b"one"), sealed(&mut house, b"other"));
    let of = (&house.record, &house.patient);
    let disclosure = |bytes: &[u8]| house.ask(&read(bytes), of, &Policy::starter(), &physician()).unwrap().0.unwrap();
    let open = |bytes: &[u8], disclosure, at| house.vault.open_attachment(read(bytes), &house.patient, disclosure, at);
    assert!(open(&one, disclosure(&one), now()).is_ok());
    assert_eq!(open(&one, disclosure(&other), now()).err(), Some(VaultError::AnotherRecord));
    assert_eq!(open(&one, disclosure(&one), now() + Disclosure::VALID).err(), Some(VaultError::Expired));
    assert_eq!(open(&one, disclosure(&one), now() - chrono::TimeDelta::seconds(1)).err(), Some(VaultError::Expired));
    // Neither that of the record, nor that of an attachment, opens the other.
    let of_record = house.disclosure(&house.record, &physician()).unwrap();
    assert_eq!(open(&one, of_record, now()).err(), Some(VaultError::AnotherRecord));
    let refused = house.vault.open(&house.record, &house.patient, disclosure(&one), now());
    assert_eq!(refused.err(), Some(VaultError::AnotherRecord));
    let told = house.ask(&read(&one), of, &Policy::starter(), &physician()).unwrap().1;
    let refused = house.vault.entry(&told, &house.patient, disclosure(&one), now());
    assert_eq!(refused.err(), Some(VaultError::AnotherRecord));
    let mut random = RandomSource::from_seed(&[11; 32]);
    let anew = house.vault.reseal_attachment(read(&one), &house.patient, Vec::new(), &mut random).unwrap();
    assert_eq!(open(&anew, disclosure(&one), now()).err(), Some(VaultError::AnotherRecord));
}

#[test]
fn an_attachment_outlives_versions_of_its_record_and_is_in_none_before() {
    let mut house = house();
    let of_first = sealed(&mut house, b"first");
    let House { vault, patient, record, random } = &mut house;
    let next = vault.seal_next(&checked(), patient, &Author::unknown(), record, random).unwrap();
    let first = std::mem::replace(record, next);
    let of_next = sealed(&mut house, b"next");
    let of = (&house.record, &house.patient);
    assert_eq!(house.plain(&of_first, of).unwrap(), b"first");
    assert_eq!(house.plain(&of_next, of).unwrap(), b"next");
    // An older version may be labelled for fewer eyes, or for more.
    assert_eq!(house.refusal(&of_next, (&first, &house.patient)), VaultError::NotItsAttachment);
    let other = house.vault.seal(&checked(), &house.patient, &Author::unknown(), &mut house.random).unwrap();
    assert_eq!(house.refusal(&of_first, (&other, &house.patient)), VaultError::NotItsAttachment);
}

#[test]
fn every_byte_of_an_attachment_counts() {
    let mut house = house();
    let bytes = sealed(&mut house, &scan(1030));
    let of = (&house.record, &house.patient);
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        let refused = house.refusal(&changed, of);
        let stands = match place {
            0 => refused == VaultError::Malformed { at: 0 },
            // Its id, and version 0, from before the record's first.
            1..17 | 40 => refused == VaultError::Open(OpenError::Unauthentic),
            17..57 => refused == VaultError::NotItsAttachment,
            57 => matches!(refused, VaultError::Malformed { .. } | VaultError::Open(_) | VaultError::NotItsAttachment),
            58..67 => refused == VaultError::NotItsAttachment,
            _ => matches!(refused, VaultError::Open(_)),
        };
        assert!(stands, "byte {place}: {refused:?}");
    }
    for end in 0..bytes.len() {
        let refused = house.refusal(&bytes[..end], of);
        assert!(
            matches!(refused, VaultError::Malformed { at } if at <= end)
                || refused == VaultError::Open(OpenError::Unauthentic)
        );
    }
    assert_eq!(house.refusal(&[&bytes[..], &[0]].concat(), of), OpenError::Unauthentic.into());
}

#[test]
fn padding_hides_how_long_an_attachment_is() {
    let mut house = house();
    let plain = [scan(2049), scan(2900)];
    let bare = plain.each_ref().map(|plain| sealed(&mut house, plain));
    house.vault = house.vault.with_padding(Padding::Proportional);
    let padded = plain.each_ref().map(|plain| sealed(&mut house, plain));
    assert_ne!(bare[0].len(), bare[1].len());
    assert_eq!(padded[0].len(), padded[1].len());
    let opened = |house: &House, bytes: &[u8]| house.plain(bytes, (&house.record, &house.patient)).unwrap();
    for (bytes, plain) in bare.iter().chain(&padded).zip(plain.iter().chain(&plain)) {
        assert_eq!(opened(&house, bytes), *plain);
        let anew = house.vault.reseal_attachment(read(bytes), &house.patient, Vec::new(), &mut house.random).unwrap();
        assert_eq!((anew.len(), opened(&house, &anew)), (padded[0].len(), plain.clone()));
    }
}

#[test]
fn an_attachment_that_was_not_finished_does_not_open() {
    let mut house = house();
    let mut unfinished = Vec::new();
    let House { vault, patient, record, random } = &mut house;
    let mut writer = vault.seal_attachment(record, patient, CHUNK, &mut unfinished, random).unwrap();
    writer.write_all(&scan(3000)).unwrap();
    writer.flush().unwrap();
    drop(writer);
    let of = (&house.record, &house.patient);
    assert_eq!(house.refusal(&unfinished, of), OpenError::Unauthentic.into());
    let refused = house.opened(&unfinished, of).unwrap().seek(SeekFrom::Start(0)).unwrap_err();
    assert_eq!(cause(refused.into()), OpenError::Unauthentic.into(), "a seek tells it before anything is read");
}

#[test]
fn an_attachment_is_sealed_anew_and_opens_under_the_new_key_alone() {
    let mut house = house();
    let (patient, kept) = renewed(&mut house);
    let first = house.vault.unlock(patient.token(), &kept[..1]).unwrap();
    house.record = house.vault.seal(&checked(), &first, &Author::unknown(), &mut house.random).unwrap();
    house.patient = first;
    let old = sealed(&mut house, &scan(4100));
    let vault = &house.vault;
    assert!(vault.needs_reseal_attachment(&read(&old), &patient).unwrap());
    let new = vault.reseal_attachment(read(&old), &patient, Vec::new(), &mut house.random).unwrap();
    assert!(!vault.needs_reseal_attachment(&read(&new), &patient).unwrap());
    let (before, after) = (read(&old), read(&new));
    assert_eq!((after.id(), after.record(), after.version()), (before.id(), before.record(), before.version()));
    assert_eq!((old.len(), house.plain(&new, (&house.record, &patient)).unwrap()), (new.len(), scan(4100)));
    let unknown = house.refusal(&new, (&house.record, &house.patient));
    assert_eq!(unknown, OpenError::UnknownKey(patient.label()).into());

    // A damaged one leaves what is refused too.
    let mut damaged = old;
    *damaged.last_mut().unwrap() ^= 1;
    let mut half = Vec::new();
    let refused = house.vault.reseal_attachment(read(&damaged), &patient, &mut half, &mut house.random);
    assert_eq!(cause(refused.unwrap_err()), OpenError::Unauthentic.into());
    assert!(!half.is_empty());
    assert_eq!(house.refusal(&half, (&house.record, &patient)), OpenError::Unauthentic.into());

    let (other, _) = house.vault.admit(&mut house.random).unwrap();
    assert_eq!(house.vault.needs_reseal_attachment(&read(&new), &other), Err(VaultError::AnotherPatient));
    let refused = house.vault.reseal_attachment(read(&new), &other, Vec::new(), &mut house.random);
    assert_eq!(cause(refused.unwrap_err()), VaultError::AnotherPatient);
    let refused = house.vault.seal_attachment(&house.record, &other, CHUNK, Vec::new(), &mut house.random);
    assert_eq!(cause(refused.unwrap_err()), VaultError::AnotherPatient);
}

#[test]
fn an_attachment_goes_with_its_record_to_another_patient() {
    let mut house = house();
    let bytes = sealed(&mut house, &scan(2000));
    let (other, _) = house.vault.admit(&mut house.random).unwrap();
    let keys = (&house.patient, &other);
    let by = Agent::new("desk-2", "registrar");
    let merge = house.vault.merge(keys, by, now(), &mut MemoryTrail::new()).unwrap();
    let moved = house.vault.rebind(&house.record, keys, &merge, &mut house.random).unwrap();
    let anew = house.vault.rebind_attachment(read(&bytes), keys, &merge, Vec::new(), &mut house.random).unwrap();
    assert_eq!(house.plain(&anew, (moved.record(), &other)).unwrap(), scan(2000));
    assert_eq!(house.refusal(&anew, (&house.record, &house.patient)), VaultError::NotItsAttachment);
    assert_eq!(house.refusal(&bytes, (moved.record(), &other)), VaultError::NotItsAttachment);
    for keys in [(&other, &house.patient), (&other, &other), (&house.patient, &house.patient)] {
        let refused = house.vault.rebind_attachment(read(&bytes), keys, &merge, Vec::new(), &mut house.random);
        assert_eq!(cause(refused.unwrap_err()), VaultError::AnotherPatient);
    }
    let refused = house.vault.rebind_attachment(read(&anew), keys, &merge, Vec::new(), &mut house.random);
    assert_eq!(cause(refused.unwrap_err()), VaultError::AnotherPatient, "it is the other's already");
}

#[test]
fn shredding_the_key_of_a_patient_shreds_the_attachments() {
    let mut house = house();
    let (patient, wrapped) = house.vault.admit(&mut house.random).unwrap();
    house.record = house.vault.seal(&checked(), &patient, &Author::unknown(), &mut house.random).unwrap();
    house.patient = patient;
    let bytes = sealed(&mut house, b"scan");
    let token = house.patient.token();
    assert_eq!(house.plain(&bytes, (&house.record, &house.patient)).unwrap(), b"scan");
    let gone = house.vault.destroy(token, &[wrapped]).unwrap();
    let refused = house.vault.unlock(token, &gone).unwrap_err();
    assert_eq!(refused, OpenError::KeyDestroyed(read(&bytes).key()).into());
    // No other key opens it.
    let (other, _) = house.vault.admit(&mut house.random).unwrap();
    assert_eq!(house.refusal(&bytes, (&house.record, &other)), VaultError::AnotherPatient);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// However it is written, cut into chunks and read, it comes back.
    #[test]
    fn whatever_was_written_comes_back(
        length in 0_usize..9000,
        pieces in 1_usize..3000,
        chunk in 1024_u32..4000,
        padding in prop_oneof![Just(Padding::Off), Just(Padding::Proportional)],
        ranges in prop::collection::vec((0_usize..9500, 0_usize..3000), 1..5),
    ) {
        let mut house = house();
        house.vault = house.vault.with_padding(padding);
        let plain = scan(length);
        let House { vault, patient, record, random } = &mut house;
        let chunk = ChunkLength::new(chunk).unwrap();
        let mut writer = vault.seal_attachment(record, patient, chunk, Vec::new(), random).unwrap();
        for piece in plain.chunks(pieces) {
            writer.write_all(piece).unwrap();
        }
        let id = writer.id();
        let bytes = writer.finish().unwrap();
        prop_assert_eq!(read(&bytes).id(), id);
        let of = (&house.record, &house.patient);
        prop_assert_eq!(&house.plain(&bytes, of).unwrap(), &plain);
        let mut view = house.opened(&bytes, of).unwrap();
        for (from, count) in ranges {
            let from = from.min(length);
            prop_assert_eq!(view.seek(SeekFrom::Start(from as u64)).unwrap(), from as u64);
            let mut range = Vec::new();
            view.by_ref().take(count as u64).read_to_end(&mut range).unwrap();
            prop_assert_eq!(&range[..], &plain[from..(from + count).min(length)]);
        }
    }

    #[test]
    fn garbage_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for bytes in [bytes.clone(), [&[FORMAT], bytes.as_slice()].concat()] {
            match SealedAttachment::read(&bytes[..]) {
                Err(AttachmentError::Vault(VaultError::Malformed { at })) => prop_assert!(at <= bytes.len()),
                Err(AttachmentError::Vault(VaultError::Open(_))) => {}
                other => prop_assert!(other.is_ok(), "{:?}", other),
            }
        }
    }
}

/// The house of the golden files, with the key of its patient.
fn golden_house() -> (Keyring, WrappedKey, SealedRecord, Vec<u8>) {
    let mut random = RandomSource::from_seed(&[12; 32]);
    let passphrase = Passphrase::from("correct horse battery staple".to_owned());
    let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random).unwrap();
    let again = Keyring::open(keyring.to_bytes(), &passphrase).unwrap();
    let vault = Vault::new(again, "north-clinic", chartroom_access::label::LabelSets::starter());
    let (patient, wrapped) = vault.admit(&mut random).unwrap();
    let record = vault.seal(&checked(), &patient, &Author::new("dr-osei"), &mut random).unwrap();
    let mut writer = vault.seal_attachment(&record, &patient, CHUNK, Vec::new(), &mut random).unwrap();
    writer.write_all(&scan(2500)).unwrap();
    (keyring, wrapped, record, writer.finish().unwrap())
}

/// Makes the files anew, until the format is released: `cargo test -p chartroom-vault golden -- --ignored`.
#[test]
#[ignore = "writes the golden files"]
fn the_golden_attachment_is_made() {
    let (keyring, wrapped, record, attachment) = golden_house();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/golden");
    std::fs::write(format!("{folder}/attachment-1.bin"), attachment).unwrap();
    std::fs::write(format!("{folder}/attachment-1-record.bin"), record.to_bytes()).unwrap();
    std::fs::write(format!("{folder}/attachment-1-keyring.bin"), keyring.to_bytes()).unwrap();
    std::fs::write(format!("{folder}/attachment-1-wrapped-key.bin"), wrapped.to_bytes()).unwrap();
}

#[test]
fn the_golden_attachment_opens() {
    let golden = include_bytes!("../../golden/attachment-1.bin");
    let passphrase = Passphrase::from("correct horse battery staple".to_owned());
    let keyring = Keyring::open(include_bytes!("../../golden/attachment-1-keyring.bin"), &passphrase).unwrap();
    let vault = Vault::new(keyring, "north-clinic", chartroom_access::label::LabelSets::starter());
    let record = SealedRecord::from_bytes(include_bytes!("../../golden/attachment-1-record.bin")).unwrap();
    let wrapped = WrappedKey::from_bytes(include_bytes!("../../golden/attachment-1-wrapped-key.bin")).unwrap();
    let patient = vault.unlock(record.patient(), &[wrapped]).unwrap();
    let house = House { vault, patient, record, random: RandomSource::from_seed(&[1; 32]) };
    assert_eq!(house.plain(golden, (&house.record, &house.patient)).unwrap(), scan(2500));
    assert_eq!(golden_house().3, golden, "format 1 is laid down: a change needs a new format");
}

#[test]
fn nothing_of_an_attachment_is_printed() {
    let mut house = house();
    let writer = house.vault.seal_attachment(&house.record, &house.patient, CHUNK, Vec::new(), &mut house.random);
    let written = format!("{:?}", writer.unwrap());
    let bytes = sealed(&mut house, b"afraid of needles");
    let view = house.opened(&bytes, (&house.record, &house.patient)).unwrap();
    let printed = format!("{written} {:?} {view:?}", read(&bytes));
    assert!(!printed.contains(&house.patient.token().to_string()) && !printed.contains("needles"), "{printed}");
}
