//! Bytes written by every version of the format so far. They open for ever; the newest ones are still written to the byte.

use std::io::{Read as _, Write as _};
use std::num::NonZeroU32;

use crate::deterministic::{Deterministic, Field, KeyedField};
use crate::index::{BlindIndex, Form, IndexToken};
use crate::{
    ChunkLength, Cost, Derivation, KeyContext, KeyService, Keyring, Padding, Part, Passphrase, RandomSource,
    RecordIdentity, SubjectKey, WrappedKey,
};

const CONTEXT: KeyContext<'_> = KeyContext { tenant: "north-clinic", subject: "5f1c" };
const IDENTITY: RecordIdentity<'_> =
    RecordIdentity { tenant: "north-clinic", subject: "5f1c", kind: "Condition", id: "a7", version: 3 };
const CLINICAL: Part<'_> = Part { name: "Clinical", value_type: "json" };
const NARRATIVE: Part<'_> = Part { name: "Narrative", value_type: "text" };
const RESULT: Part<'_> = Part { name: "Result", value_type: "text" };
const ATTACHMENT: Part<'_> = Part { name: "Attachment", value_type: "text/plain" };

/// Two chunks.
fn attachment() -> Vec<u8> {
    b"wheezing ".repeat(120)
}

/// Names, each with another spelling of it behind it.
const NAMES: [&str; 8] =
    ["Παπαδόπουλος", "ΠΑΠΑΔΟΠΟΥΛΟΣ", "Weiß", "WEISS", "Işık", "IŞIK", "O\u{2bc}Hara", "O\u{2bb}HARA"];

/// The token of a name and a birth date.
fn index_token(subject_key: &SubjectKey, name: &str) -> IndexToken {
    let index = BlindIndex::new("name-and-birth-date", &[Form::Text, Form::Digits], 50_000, 14).expect("an index");
    let keyed = index.keyed(CONTEXT.tenant, subject_key, &[]).expect("keyed");
    keyed.token(&[name, "1970-05-01"]).expect("a token")
}

fn name_tokens(subject_key: &SubjectKey) -> Vec<u8> {
    NAMES.iter().flat_map(|name| index_token(subject_key, name).to_bytes()).collect()
}

fn record_number(subject_key: &SubjectKey) -> KeyedField {
    Field::new("record number", 200_000).and_then(|field| field.keyed(CONTEXT.tenant, subject_key)).expect("a field")
}

fn passphrase() -> Passphrase {
    Passphrase::from("correct horse battery staple".to_owned())
}

/// The bytes of this name in a golden file: lines of a name, a space and hexadecimal digits.
fn golden(file: &str, name: &str) -> Vec<u8> {
    let hex = file.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).expect("a golden line");
    let digits: Vec<_> = hex.chars().map(|digit| digit.to_digit(16).expect("a hexadecimal digit")).collect();
    digits.chunks_exact(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
}

fn opens(file: &str) {
    let keyring = Keyring::open(&golden(file, "keyring"), &passphrase()).expect("the keyring opens");
    let wrapped = WrappedKey::from_bytes(&golden(file, "wrapped-key")).expect("a wrapped key");
    let subject_key = keyring.unwrap(&wrapped, &CONTEXT).expect("the key unwraps");
    let tombstone = WrappedKey::from_bytes(&golden(file, "tombstone")).expect("a tombstone");
    assert_eq!(tombstone, wrapped.tombstone());

    let derivation = Derivation::from_bytes(&golden(file, "derivation")).expect("a derivation");
    let record_key = subject_key.record_key(&IDENTITY, &derivation).expect("the record key is committed to");
    let (clinical, narrative) = (golden(file, "clinical"), golden(file, "narrative"));
    assert_eq!(record_key.open(CLINICAL, &clinical).expect("opens").expose(), br#"{"code":"J45.909"}"#);
    assert_eq!(record_key.open(NARRATIVE, &narrative).expect("opens").expose(), b"");
    let parts = [(NARRATIVE.name, &narrative[..]), (CLINICAL.name, &clinical)];
    record_key.verify_tag(parts, &golden(file, "record-tag")).expect("the list is the tagged one");
    assert_eq!(record_key.open(RESULT, &golden(file, "padded")).expect("opens").expose(), b"negative");
    for name in ["stream", "padded-stream"] {
        let (mut plain, stream) = (Vec::new(), golden(file, name));
        let reader = record_key.open_stream(ATTACHMENT, &stream[..]);
        reader.and_then(|mut reader| reader.read_to_end(&mut plain)).expect("the stream opens");
        assert_eq!(plain, attachment());
    }
    assert_eq!(index_token(&subject_key, "Núñez").to_bytes(), *golden(file, "index-token"));
    assert_eq!(name_tokens(&subject_key), golden(file, "name-tokens"));
    let number = Deterministic::<String>::from_bytes(golden(file, "deterministic")).expect("a sealed number");
    assert_eq!(record_number(&subject_key).open(&number).expect("opens").expose(), "77120943");
}

fn write() -> String {
    let mut random = RandomSource::from_seed(&[1; 32]);
    let mut keyring = Keyring::create(&passphrase(), Cost::LEAST, &mut random).expect("created");
    keyring.rotate(&mut random).expect("rotated");
    keyring.rotate(&mut random).expect("rotated");
    keyring.destroy_version(1, &mut random).expect("destroyed");
    let subject_key = SubjectKey::generate(&mut random);
    let wrapped = keyring.wrap(&subject_key, &CONTEXT, &mut random).expect("wrapped");
    let record_key = subject_key.new_record_key(&IDENTITY, &mut random).expect("a short identity");
    let clinical = record_key.seal(CLINICAL, br#"{"code":"J45.909"}"#, &mut random).expect("sealed");
    let narrative = record_key.seal(NARRATIVE, b"", &mut random).expect("sealed");
    let parts = [(CLINICAL.name, &clinical[..]), (NARRATIVE.name, &narrative)];
    let tag = record_key.tag(parts, &mut random).expect("tagged");
    let record_key = record_key.padded(Padding::Blocks(NonZeroU32::new(32).expect("not zero")));
    let padded = record_key.seal(RESULT, b"negative", &mut random).expect("sealed");
    let record_key = record_key.padded(Padding::Off);
    let mut stream = record_key.seal_stream(ATTACHMENT, ChunkLength::LEAST, Vec::new(), &mut random).expect("begun");
    stream.write_all(&attachment()).expect("sealed");
    let stream = stream.finish().expect("finished");
    let record_key = record_key.padded(Padding::Proportional);
    let mut padded_stream =
        record_key.seal_stream(ATTACHMENT, ChunkLength::LEAST, Vec::new(), &mut random).expect("begun");
    padded_stream.write_all(&attachment()).expect("sealed");
    let padded_stream = padded_stream.finish().expect("finished");
    let number = record_number(&subject_key).seal(&"77120943".to_owned()).expect("sealed");
    let lines = [
        ("keyring", keyring.to_bytes()),
        ("wrapped-key", &wrapped.to_bytes()),
        ("tombstone", &wrapped.tombstone().to_bytes()),
        ("derivation", &record_key.derivation().to_bytes()),
        ("clinical", &clinical),
        ("narrative", &narrative),
        ("record-tag", &tag),
        ("padded", &padded),
        ("stream", &stream),
        ("index-token", &index_token(&subject_key, "Núñez").to_bytes()),
        ("deterministic", number.as_bytes()),
        ("padded-stream", &padded_stream),
        ("name-tokens", &name_tokens(&subject_key)),
    ];
    lines.map(|(name, bytes)| format!("{name} {}\n", hex(bytes))).concat()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Makes the file anew, until the version is released: `cargo test -p chartroom-seal golden -- --ignored`.
#[test]
#[ignore = "writes the golden file"]
fn version_1_is_made() {
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/golden/version-1.txt"), write()).expect("written");
}

#[test]
fn version_1_opens() {
    opens(include_str!("../golden/version-1.txt"));
}

#[test]
fn version_1_is_what_is_written() {
    assert_eq!(write(), include_str!("../golden/version-1.txt"));
}
