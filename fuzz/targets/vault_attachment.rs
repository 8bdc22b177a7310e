//! Any bytes as a sealed attachment: ruled about, opened and read only as far as they are what was sealed.

#![no_main]

#[path = "support/edits.rs"]
mod edits;

use std::io::{Cursor, Read as _, Seek as _, SeekFrom, Write as _};
use std::sync::LazyLock;

use chartroom_access::label::LabelSets;
use chartroom_access::{Action, Policy, Purpose, Relationship, Request};
use chartroom_audit::MemoryTrail;
use chartroom_record::{Checks, Mode, parse};
use chartroom_seal::{ChunkLength, Cost, Keyring, Passphrase, RandomSource, StreamReader};
use chartroom_vault::{AttachmentError, Author, PatientKey, SealedAttachment, SealedRecord, Vault, View};
use chrono::DateTime;
use libfuzzer_sys::fuzz_target;

const DOCUMENT: &[u8] = br#"{"resourceType":"DocumentReference","status":"current","content":[{"attachment":
    {"contentType":"image/png","url":"http://north.example/scan"}}]}"#;

struct House {
    vault: Vault<Keyring>,
    patient: PatientKey,
    policy: Policy,
    record: SealedRecord,
    /// Of no byte, of less than a chunk, of whole chunks and of some chunks and a bit, each with what it holds.
    attachments: Vec<(Vec<u8>, Vec<u8>)>,
}

static HOUSE: LazyLock<House> = LazyLock::new(|| {
    let mut random = RandomSource::from_seed(&[1; 32]);
    let passphrase = Passphrase::from("a passphrase".to_owned());
    let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random).expect("a keyring");
    let vault = Vault::new(keyring, "north-clinic", LabelSets::starter());
    let (patient, _) = vault.admit(&mut random).expect("admitted");
    let checked = parse(DOCUMENT, Mode::Strict).expect("JSON").check(&Checks::structure()).expect("a document");
    let record = vault.seal(&checked, &patient, &Author::unknown(), &mut random).expect("sealed");
    let chunk = ChunkLength::LEAST;
    let attachments = [0, 9, chunk.bytes(), 3 * chunk.bytes() + 77].map(|length| {
        let plain: Vec<u8> = (0..length).map(|place| (place % 251) as u8).collect();
        let mut writer = vault.seal_attachment(&record, &patient, chunk, Vec::new(), &mut random).expect("begun");
        writer.write_all(&plain).expect("a vector takes all");
        (plain, writer.finish().expect("a vector takes all"))
    });
    House { vault, patient, policy: Policy::starter(), record, attachments: attachments.into() }
});

fuzz_target!(|input: (u8, u16, &[u8])| {
    let (which, from, edits) = input;
    let attachments = &HOUSE.attachments;
    let (plain, sealed) = &attachments[usize::from(which) % attachments.len()];
    for bytes in [edits.to_vec(), edits::edited(sealed, edits)] {
        let Ok(mut view) = open(&bytes) else { continue };
        let mut given = Vec::new();
        let ended = view.read_to_end(&mut given).is_ok();
        assert!(plain.starts_with(&given), "what is given out was sealed, from the start");
        assert!(!ended || bytes == *sealed, "only the whole attachment ends");

        let Ok(mut view) = open(&bytes) else { continue };
        let Ok(place) = view.seek(SeekFrom::Start(from.into())) else { continue };
        let mut given = Vec::new();
        let _ = view.read_to_end(&mut given);
        let expected = usize::try_from(place).ok().and_then(|place| plain.get(place..)).unwrap_or_default();
        assert!(expected.starts_with(&given), "what is given out was sealed, from this place");
    }
});

fn open(bytes: &[u8]) -> Result<View<StreamReader<Cursor<&[u8]>>>, AttachmentError> {
    let House { vault, patient, policy, record, .. } = &*HOUSE;
    let mut random = RandomSource::from_seed(&[2; 32]);
    let now = DateTime::from_timestamp(1_772_000_000, 0).expect("a time");
    let request = Request {
        relationship: Relationship::Treating.into(),
        ..Request::new("dr-osei", "physician".into(), Action::Read, Purpose::Treatment, now)
    };
    let sealed = SealedAttachment::read(Cursor::new(bytes))?;
    let ruling = vault.rule_attachment(&sealed, record, patient, policy, &request, &mut random)?;
    let disclosure = vault.disclose(ruling, &mut MemoryTrail::new()).expect("a physician is granted an attachment");
    Ok(vault.open_attachment(sealed, patient, disclosure, now)?)
}
