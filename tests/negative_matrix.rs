//! Whatever is sealed opens in its own place, and nowhere else: a matrix of every pair of places, every byte of every header, and every
//! way to swap, relocate, cut, lengthen, downgrade, delete, add and replay. A case passes when the right place opens, and when any other
//! is refused with the one error, or with a public fact that the header itself tells.

use std::error::Error;
use std::io::{Read as _, Write as _};
use std::num::NonZeroU32;
use std::process::ExitCode;

use chartroom::access::label::LabelSets;
use chartroom::access::{Action, Policy, Purpose, Relationship, Request};
use chartroom::audit::{Event, MemoryTrail};
use chartroom::record::{Checks, Mode, parse};
use chartroom::seal::{
    ChunkLength, Cost, KeyContext, KeyService, Keyring, OpenError, Padding, Part, Passphrase, RandomSource,
    RecordIdentity, RecordKey, STREAM_HEADER_LENGTH, SubjectKey, WrappedKey,
};
use chartroom::vault::{AttachmentError, Author, PatientKey, SealedAttachment, SealedRecord, Vault, VaultError};
use chartroom_tests::{policies::REVIEW, tally::Tally};
use chrono::DateTime;

type Outcome = Result<(), String>;

fn main() -> ExitCode {
    let mut tally = Tally::new("negative_matrix");
    let mut random = RandomSource::from_seed(&[1; 32]);
    wrapped_keys(&mut tally, &mut random).expect("a keyring and its keys");
    values(&mut tally, &mut random).expect("values and streams at every place");
    streams(&mut tally, &mut random).expect("streams of several chunks");
    patient_keys(&mut tally, &mut random).expect("keys of the patients of two houses");
    records(&mut tally, &mut random).expect("records of two patients");
    entries(&mut tally, &mut random).expect("entries about two patients");
    attachments(&mut tally, &mut random).expect("attachments of two patients");
    tally.finish()
}

/// Fails unless it was refused with one of the errors that are allowed.
fn refused<T>(outcome: Result<T, OpenError>, public: fn(&OpenError) -> bool) -> Outcome {
    match outcome {
        Ok(_) => Err("opens, and must not".to_owned()),
        Err(OpenError::Unauthentic) => Ok(()),
        Err(error) if public(&error) => Ok(()),
        Err(error) => Err(format!("is refused otherwise: {error}")),
    }
}

const fn nothing(_: &OpenError) -> bool {
    false
}

/// What a header tells of itself.
const fn of_header(error: &OpenError) -> bool {
    matches!(
        error,
        OpenError::UnknownVersion(_) | OpenError::UnknownSuite(_) | OpenError::UnknownKey(_) | OpenError::Malformed
    )
}

/// Every change of one bit, every beginning, and some bytes more.
fn changes(bytes: &[u8]) -> impl Iterator<Item = (String, Vec<u8>)> {
    let flip = |place: usize, bit: u8| {
        let mut changed = bytes.to_vec();
        changed[place] ^= 1 << bit;
        (format!("bit {bit} of byte {place}"), changed)
    };
    let flips = (0..bytes.len()).flat_map(move |place| (0..8).map(move |bit| flip(place, bit)));
    let cuts = (0..bytes.len()).map(|length| (format!("cut to {length}"), bytes[..length].to_vec()));
    let longer = (1..=17).map(move |more| (format!("{more} longer"), [bytes, &vec![0; more]].concat()));
    let twice = std::iter::once(("twice".to_owned(), [bytes, bytes].concat()));
    flips.chain(cuts).chain(longer).chain(twice)
}

// Components that run together alike: "a" and "b1", "ab" and "1".
const TENANTS: [&str; 2] = ["a", "ab"];
const SUBJECTS: [&str; 2] = ["b1", "1"];
const KINDS: [&str; 2] = ["Condition", "Observation"];
const IDS: [&str; 2] = ["7", "77"];
const VERSIONS: [u64; 2] = [1, 2];
const NAMES: [&str; 2] = ["Name", "Narrative"];
const TYPES: [&str; 2] = ["json", "text"];

fn wrapped_keys(tally: &mut Tally, random: &mut RandomSource) -> Result<(), Box<dyn Error>> {
    let passphrase = Passphrase::from("a passphrase for tests".to_owned());
    let keyrings = [(); 2].map(|()| Keyring::create(&passphrase, Cost::LEAST, random));
    let [keyring, other] = keyrings.map(|keyring| keyring.expect("a keyring"));
    let contexts: Vec<_> =
        TENANTS.iter().flat_map(|tenant| SUBJECTS.map(|subject| KeyContext { tenant, subject })).collect();
    for (one, context) in contexts.iter().enumerate() {
        let wrapped = keyring.wrap(&SubjectKey::generate(random), context, random)?;
        for (another, elsewhere) in contexts.iter().enumerate() {
            let outcome = keyring.unwrap(&wrapped, elsewhere);
            let outcome =
                if one == another { outcome.map(drop).map_err(|e| e.to_string()) } else { refused(outcome, nothing) };
            tally.case(format_args!("wrapped key of context {one} in context {another}"), outcome);
            let rewrapped = keyring.rewrap(&wrapped, elsewhere, random).is_ok();
            let outcome = if rewrapped == (one == another) { Ok(()) } else { Err("is wrapped anew, or is not") };
            tally.case(format_args!("wrapped key of context {one}, wrapped anew in context {another}"), outcome);
        }
        tally.case(
            format_args!("wrapped key {one} by another keyring"),
            refused(other.unwrap(&wrapped, context), of_header),
        );
        for (change, bytes) in changes(&wrapped.to_bytes()) {
            let outcome = WrappedKey::from_bytes(&bytes).and_then(|changed| keyring.unwrap(&changed, context));
            tally.case(format_args!("wrapped key {one}, {change}"), refused(outcome, of_header));
        }
    }
    for (change, bytes) in changes(keyring.to_bytes()).step_by(7) {
        let outcome = if Keyring::open(&bytes, &passphrase).is_err() { Ok(()) } else { Err("opens, and must not") };
        tally.case(format_args!("keyring, {change}"), outcome);
    }
    Ok(())
}

/// One sealed value and one sealed stream, with the place they belong to.
struct Sealed {
    identity: RecordIdentity<'static>,
    part: Part<'static>,
    key: usize,
    value: Vec<u8>,
    stream: Vec<u8>,
}

/// A subject key, a place, and the record key that both make.
type Keyed<'k> = (&'k SubjectKey, RecordIdentity<'static>, RecordKey);

/// All places under one key, where nothing but the place tells one from another; then as in a house, a key for each of its subjects.
fn values(tally: &mut Tally, random: &mut RandomSource) -> Result<(), Box<dyn Error>> {
    let of_all = [SubjectKey::generate(random)];
    let (keys, sealed) = places(tally, "one key", &of_all, nothing, random)?;
    changed_values(tally, &keys, &sealed, random)?;
    // The places of a tenant's subject are as many apart as there are subjects.
    let of_each = [(); TENANTS.len() * SUBJECTS.len()].map(|()| SubjectKey::generate(random));
    places(tally, "a key for each", &of_each, of_header, random).map(drop)
}

/// Seals a value and a stream for every part of every place, and opens each at every other.
fn places<'k>(
    tally: &mut Tally,
    round: &str,
    subjects: &'k [SubjectKey],
    public: fn(&OpenError) -> bool,
    random: &mut RandomSource,
) -> Result<(Vec<Keyed<'k>>, Vec<Sealed>), Box<dyn Error>> {
    let (mut keys, mut sealed) = (Vec::new(), Vec::new());
    for (number, identity) in identities().into_iter().enumerate() {
        let subject = &subjects[number % subjects.len()];
        let key = subject.new_record_key(&identity, random)?;
        for part in parts() {
            let value = key.seal(part, b"asthma", random)?;
            let mut writer = key.seal_stream(part, ChunkLength::LEAST, Vec::new(), random)?;
            writer.write_all(b"asthma")?;
            sealed.push(Sealed { identity, part, key: keys.len(), value, stream: writer.finish()? });
        }
        keys.push((subject, identity, key));
    }
    derivations(tally, round, &keys);
    for (one, here) in sealed.iter().enumerate() {
        for (another, there) in sealed.iter().enumerate() {
            let key = &keys[there.key].2;
            let mut check = |name, outcome| {
                let outcome = only_where(one == another, outcome, public);
                tally.case(format_args!("{round}: {name} {one} at {another}"), outcome);
            };
            check("value", key.open(there.part, &here.value).map(drop));
            check("stream", open_stream(key, there.part, &here.stream).map(drop));
        }
    }
    Ok((keys, sealed))
}

/// The first value and stream, and padded ones, to the bit.
fn changed_values(
    tally: &mut Tally,
    keys: &[Keyed<'_>],
    sealed: &[Sealed],
    random: &mut RandomSource,
) -> Result<(), Box<dyn Error>> {
    let Sealed { part, key, value, stream, identity: _ } = &sealed[0];
    let (subject, identity, key) = &keys[*key];
    for (change, bytes) in changes(value) {
        tally.case(format_args!("value, {change}"), refused(key.open(*part, &bytes), of_header));
    }
    for (change, bytes) in changes(stream) {
        tally.case(format_args!("stream, {change}"), refused(open_stream(key, *part, &bytes), of_header));
    }
    for (name, bytes) in [("value", value), ("stream", stream)] {
        for (offset, number) in [0, 1].into_iter().flat_map(|offset| (0..=255).map(move |number| (offset, number))) {
            let mut other = bytes.clone();
            other[offset] = number;
            if other != *bytes {
                let outcomes = [key.open(*part, &other).map(drop), open_stream(key, *part, &other).map(drop)];
                let outcome = outcomes.into_iter().try_for_each(|outcome| refused(outcome, of_header));
                tally.case(format_args!("{name}, byte {offset} made {number}"), outcome);
            }
        }
    }
    let padded = subject.new_record_key(identity, random)?;
    let padded = padded.padded(Padding::Blocks(NonZeroU32::new(32).ok_or("not zero")?));
    let hidden = padded.seal(*part, b"asthma", random)?;
    tally.case("padded value", only_where(true, padded.open(*part, &hidden), nothing));
    for (change, bytes) in changes(&hidden) {
        tally.case(format_args!("padded value, {change}"), refused(padded.open(*part, &bytes), of_header));
    }
    let mut writer = padded.seal_stream(*part, ChunkLength::LEAST, Vec::new(), random)?;
    writer.write_all(b"asthma")?;
    let hidden = writer.finish()?;
    tally.case("padded stream", only_where(true, open_stream(&padded, *part, &hidden), nothing));
    for (change, bytes) in changes(&hidden) {
        let outcome = open_stream(&padded, *part, &bytes);
        tally.case(format_args!("padded stream, {change}"), refused(outcome, of_header));
    }
    lists(tally, key, sealed, random);
    Ok(())
}

/// Streams of three chunks and a bit under two keys, for two parts each: chunks left out, given twice, swapped, and taken from the
/// other streams in every place.
fn streams(tally: &mut Tally, random: &mut RandomSource) -> Result<(), Box<dyn Error>> {
    let chunk = ChunkLength::LEAST.bytes();
    let plain: Vec<u8> = (0..3 * chunk + 9).map(|place| (place % 251) as u8).collect();
    let mut sealed = Vec::new();
    for identity in [0, 1].map(|at| identities()[at]) {
        let key = SubjectKey::generate(random).new_record_key(&identity, random)?;
        let mut written = Vec::new();
        for part in parts().take(2) {
            let mut writer = key.seal_stream(part, ChunkLength::LEAST, Vec::new(), random)?;
            writer.write_all(&plain)?;
            written.push((part, writer.finish()?));
        }
        sealed.push((key, written));
    }
    // The header, then each chunk with its tag.
    let cut = |stream: &[u8]| {
        let (header, rest) = stream.split_at(STREAM_HEADER_LENGTH);
        let pieces = std::iter::once(header).chain(rest.chunks(chunk + 16));
        pieces.map(<[u8]>::to_vec).collect::<Vec<_>>()
    };
    let all: Vec<_> = sealed.iter().flat_map(|(_, written)| written.iter().map(|(_, stream)| cut(stream))).collect();
    let places = sealed.iter().flat_map(|(key, written)| written.iter().map(move |(part, _)| (key, *part)));
    for (one, (key, part)) in places.enumerate() {
        let pieces = &all[one];
        let mut check = |name: String, pieces: &[Vec<u8>]| {
            let outcome = open_stream(key, part, &pieces.concat());
            let same = pieces == all[one];
            tally.case(format_args!("stream of {one}, {name}"), only_where(same, outcome, of_header));
        };
        check("as it is".to_owned(), pieces);
        for place in 0..pieces.len() {
            let mut without = pieces.clone();
            let piece = without.remove(place);
            check(format!("without piece {place}"), &without);
            check(format!("cut before piece {place}"), &pieces[..place]);
            for to in 0..pieces.len() {
                let mut twice = pieces.clone();
                twice.insert(to, piece.clone());
                check(format!("piece {place} once more at {to}"), &twice);
                let mut swapped = pieces.clone();
                swapped.swap(place, to);
                check(format!("pieces {place} and {to} swapped"), &swapped);
                for (other, foreign) in all.iter().enumerate().filter(|(other, _)| *other != one) {
                    let mut spliced = pieces.clone();
                    spliced[to].clone_from(&foreign[place]);
                    check(format!("piece {place} of {other} at {to}"), &spliced);
                }
            }
        }
    }
    Ok(())
}

fn only_where<T>(same: bool, outcome: Result<T, OpenError>, public: fn(&OpenError) -> bool) -> Outcome {
    if same { outcome.map(drop).map_err(|error| error.to_string()) } else { refused(outcome, public) }
}

fn open_stream(key: &RecordKey, part: Part<'_>, stream: &[u8]) -> Result<Vec<u8>, OpenError> {
    let mut plain = Vec::new();
    let opened = key.open_stream(part, stream).and_then(|mut reader| reader.read_to_end(&mut plain));
    match opened {
        Ok(_) => Ok(plain),
        Err(error) => Err(*error.get_ref().and_then(|cause| cause.downcast_ref()).expect("an error of sealing")),
    }
}

fn identities() -> Vec<RecordIdentity<'static>> {
    let mut identities = Vec::new();
    for (kind, id) in KINDS.iter().flat_map(|kind| IDS.map(|id| (kind, id))) {
        for (version, tenant) in VERSIONS.iter().flat_map(|version| TENANTS.map(|tenant| (version, tenant))) {
            identities.extend(SUBJECTS.map(|subject| RecordIdentity { tenant, subject, kind, id, version: *version }));
        }
    }
    identities
}

fn parts() -> impl Iterator<Item = Part<'static>> {
    NAMES.iter().flat_map(|name| TYPES.map(|value_type| Part { name, value_type }))
}

/// The stored derivation of one record version is good for that version under its key alone, to the bit.
fn derivations(tally: &mut Tally, round: &str, keys: &[Keyed<'_>]) {
    for (one, (_, _, key)) in keys.iter().enumerate() {
        for (another, (subject, identity, _)) in keys.iter().enumerate() {
            let derived = subject.record_key(identity, &key.derivation());
            let outcome = only_where(one == another, derived, nothing);
            tally.case(format_args!("{round}: derivation {one} at {another}"), outcome);
        }
    }
    let (subject, identity, key) = &keys[0];
    let bytes = key.derivation().to_bytes();
    for (change, bytes) in changes(&bytes) {
        let derived =
            chartroom::seal::Derivation::from_bytes(&bytes).and_then(|changed| subject.record_key(identity, &changed));
        tally.case(
            format_args!("{round}: derivation, {change}"),
            refused(derived, |error| matches!(error, OpenError::Malformed)),
        );
    }
}

/// The tag over a list of parts is good for that list alone.
fn lists(tally: &mut Tally, key: &RecordKey, sealed: &[Sealed], random: &mut RandomSource) {
    let parts: Vec<_> = ["A", "B", "C", "D"].into_iter().zip(sealed.iter().map(|sealed| &sealed.value[..])).collect();
    let tag = key.tag(parts.iter().copied(), random).expect("a list of four");
    let mut check = |name: &str, list: &[(&str, &[u8])], tag: &[u8]| {
        tally.case(format_args!("list, {name}"), refused(key.verify_tag(list.iter().copied(), tag), nothing));
    };
    for left_out in 0..parts.len() {
        let mut list = parts.clone();
        let (name, value) = list.remove(left_out);
        check(&format!("without {left_out}"), &list, &tag);
        list.push(("E", value));
        check(&format!("{left_out} renamed"), &list, &tag);
        list.pop();
        for other in sealed.iter().filter(|other| other.value != value) {
            list.push((name, &other.value));
            check(&format!("{left_out} replaced by a value of {:?}, {:?}", other.identity, other.part), &list, &tag);
            list.pop();
        }
        let mut list = parts.clone();
        list.push(("E", value));
        check(&format!("{left_out} added once more"), &list, &tag);
    }
    for (change, tag) in changes(&tag) {
        check(&format!("tag, {change}"), &parts, &tag);
    }
}

const CONDITION: &str = r#"{"resourceType":"Condition","subject":{"reference":"Patient/1","display":"Ada Fenwarden"},
    "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"E11.9"}]},"onsetDateTime":"2026-03-02",
    "note":[{"text":"Afraid of needles."}]}"#;

/// Two houses with one keyring: nothing but their names keeps them apart.
fn houses(random: &mut RandomSource) -> Result<[Vault<Keyring>; 2], Box<dyn Error>> {
    let passphrase = Passphrase::from("a passphrase for tests".to_owned());
    let keyring = Keyring::create(&passphrase, Cost::LEAST, random)?;
    let again = Keyring::open(keyring.to_bytes(), &passphrase)?;
    Ok([(keyring, "north-clinic"), (again, "south-clinic")]
        .map(|(keyring, tenant)| Vault::new(keyring, tenant, LabelSets::starter())))
}

struct House<'v> {
    vault: &'v Vault<Keyring>,
    patients: [PatientKey; 2],
    policy: Policy,
    random: RandomSource,
}

/// A stored key of a patient opens for its patient, in its house.
fn patient_keys(tally: &mut Tally, random: &mut RandomSource) -> Result<(), Box<dyn Error>> {
    let houses = houses(random)?;
    let mut all = Vec::new();
    for house in [0, 0, 1, 1] {
        let (patient, wrapped) = houses[house].admit(random)?;
        all.push((house, patient.token(), [wrapped]));
    }
    for (one, (house, token, wrapped)) in all.iter().enumerate() {
        for (another, (_, other, _)) in all.iter().enumerate() {
            for (place, vault) in houses.iter().enumerate() {
                let unlocked = vault.unlock(*other, wrapped).map_err(|error| match error {
                    VaultError::Open(error) => error,
                    error => panic!("is refused otherwise: {error}"),
                });
                let outcome = only_where((place, other) == (*house, token), unlocked, nothing);
                tally.case(format_args!("key of patient {one} for patient {another} in house {place}"), outcome);
            }
        }
    }
    Ok(())
}

/// Whole records: two patients, two records of each, two versions of each.
fn records(tally: &mut Tally, random: &mut RandomSource) -> Result<(), Box<dyn Error>> {
    let [vault, elsewhere] = houses(random)?;
    let patients = [vault.admit(random)?.0, vault.admit(random)?.0];
    let checked = parse(CONDITION.as_bytes(), Mode::Strict)?.check(&Checks::structure()).map_err(|_| "refused")?;
    let mut sealed = Vec::new();
    for patient in [0, 0, 1, 1] {
        let first = vault.seal(&checked, &patients[patient], &Author::unknown(), random)?;
        let next = vault.seal_next(&checked, &patients[patient], &Author::unknown(), &first, random)?;
        sealed.extend([(patient, first.to_bytes()), (patient, next.to_bytes())]);
    }
    let mut house = House::new(&vault, patients);
    for (one, (patient, bytes)) in sealed.iter().enumerate() {
        tally.case(format_args!("record {one}"), house.open(bytes, *patient).map_err(|error| error.to_string()));
        tally.case(format_args!("record {one} by the other's key"), house.refuses(bytes, 1 - patient));
        for (another, (owner, other)) in sealed.iter().enumerate().filter(|(another, _)| *another != one) {
            for (name, mixed) in mixtures(&Fields::of(bytes), &Fields::of(other)) {
                if sealed.iter().any(|(_, known)| *known == mixed) {
                    continue;
                }
                for key in if patient == owner { vec![*patient] } else { vec![*patient, *owner] } {
                    tally
                        .case(format_args!("record {one} with {name} of record {another}"), house.refuses(&mixed, key));
                }
            }
        }
    }
    let (patient, bytes) = &sealed[0];
    for (change, changed) in changes(bytes) {
        tally.case(format_args!("record, {change}"), house.refuses(&changed, *patient));
    }
    for (change, changed) in Fields::of(bytes).rearranged() {
        tally.case(format_args!("record, {change}"), house.refuses(&changed, *patient));
    }
    house.vault = &elsewhere;
    for (one, (patient, bytes)) in sealed.iter().enumerate() {
        tally.case(format_args!("record {one} in another house"), house.refuses(bytes, *patient));
    }
    Ok(())
}

/// What is sealed inside an entry of the trail: good for that entry alone, to the bit.
fn entries(tally: &mut Tally, random: &mut RandomSource) -> Result<(), Box<dyn Error>> {
    let [vault, elsewhere] = houses(random)?;
    let patients = [vault.admit(random)?.0, vault.admit(random)?.0];
    let checked = parse(CONDITION.as_bytes(), Mode::Strict)?.check(&Checks::structure()).map_err(|_| "refused")?;
    let mut trail = MemoryTrail::new();
    let mut owners = Vec::new();
    for patient in &patients {
        let first = vault.seal(&checked, patient, &Author::unknown(), random)?;
        let next = vault.seal_next(&checked, patient, &Author::unknown(), &first, random)?;
        for record in [first, next] {
            for request in [treating("dr-osei"), treating("dr-lind")] {
                let ruling = vault.rule(&record, patient, &Policy::starter(), &request, random)?;
                let _disclosure = vault.disclose(ruling, &mut trail)?;
                owners.push(patient);
            }
        }
    }
    let events: Vec<_> = trail.events().map(|event| event.map(|(_, event)| event)).collect::<Result<_, _>>()?;
    let policy = Policy::from_toml(REVIEW)?;
    let request = Request { purpose: Purpose::Compliance, roles: "auditor".into(), ..treating("auditor-2") };
    let mut review = |house: &Vault<Keyring>, event: &Event, patient: &PatientKey| {
        let ruling = house.rule_entry(event, patient, &policy, &request, random)?;
        let disclosure = house.disclose(ruling, &mut MemoryTrail::new()).expect("granted");
        house.entry(event, patient, disclosure, request.at).map(drop)
    };
    for (one, event) in events.iter().enumerate() {
        let outcome = review(&vault, event, owners[one]);
        tally.case(format_args!("entry {one}"), outcome.map_err(|error| error.to_string()));
    }
    let mut check_in = |house: &_, event: &Event, patient: &PatientKey| match review(house, event, patient) {
        Ok(()) => Err("opens, and must not".to_owned()),
        Err(VaultError::AnotherPatient | VaultError::NotAnEntry) => Ok(()),
        Err(VaultError::Open(error)) => refused(Err::<(), _>(error), of_header),
        Err(error) => Err(format!("is refused otherwise: {error}")),
    };
    for (one, event) in events.iter().enumerate() {
        tally.case(format_args!("entry {one} in another house"), check_in(&elsewhere, event, owners[one]));
    }
    let mut check = |event: &Event, patient: &PatientKey| check_in(&vault, event, patient);
    for (one, event) in events.iter().enumerate() {
        for (another, other) in events.iter().enumerate().filter(|(another, _)| *another != one) {
            let mut swapped = event.clone();
            swapped.sealed.clone_from(&other.sealed);
            for patient in &patients {
                tally.case(format_args!("entry {one} with what entry {another} seals"), check(&swapped, patient));
            }
        }
    }
    for (change, bytes) in changes(events[0].sealed.as_deref().ok_or("nothing is sealed")?) {
        let mut changed = events[0].clone();
        changed.sealed = Some(bytes);
        tally.case(format_args!("entry, {change}"), check(&changed, owners[0]));
    }
    Ok(())
}

const SCAN: &str = r#"{"resourceType":"DocumentReference","status":"current","content":[{"attachment":
    {"contentType":"image/png","url":"http://north.example/scan"}}]}"#;

/// An attachment with the record that it belongs to, and the number of the patient.
struct Attached {
    bytes: Vec<u8>,
    record: SealedRecord,
    patient: usize,
}

/// Attachments: two patients, two records of each, two attachments of each. Each opens for its record under its patient's key, and
/// nothing of any other in its place, whichever of the two records and keys it is asked for with.
fn attachments(tally: &mut Tally, random: &mut RandomSource) -> Result<(), Box<dyn Error>> {
    let [vault, elsewhere] = houses(random)?;
    let patients = [vault.admit(random)?.0, vault.admit(random)?.0];
    let checked = parse(SCAN.as_bytes(), Mode::Strict)?.check(&Checks::structure()).map_err(|_| "refused")?;
    let plain: Vec<u8> = (0..2 * ChunkLength::LEAST.bytes() + 9).map(|place| (place % 251) as u8).collect();
    let mut all = Vec::new();
    for patient in [0, 0, 1, 1] {
        let first = vault.seal(&checked, &patients[patient], &Author::unknown(), random)?;
        let record = vault.seal_next(&checked, &patients[patient], &Author::unknown(), &first, random)?;
        // One from the first version, one from the second.
        for added_to in [&first, &record] {
            let key = &patients[patient];
            let mut writer = vault.seal_attachment(added_to, key, ChunkLength::LEAST, Vec::new(), random)?;
            writer.write_all(&plain)?;
            all.push(Attached { bytes: writer.finish()?, record: record.clone(), patient });
        }
    }
    let mut house = House::new(&vault, patients);
    for (one, here) in all.iter().enumerate() {
        let opened = house.open_attachment(&here.bytes, here);
        let outcome = opened.map_err(|error| error.to_string());
        tally.case(format_args!("attachment {one}"), outcome.and_then(|found| same(&found, &plain)));
        for (another, there) in all.iter().enumerate().filter(|(another, _)| *another != one) {
            let of_one_record = here.record == there.record;
            let outcome = if of_one_record { Ok(()) } else { house.refuses_attachment(&here.bytes, there) };
            tally.case(format_args!("attachment {one} for the record of {another}"), outcome);
            for (name, mixed) in attachment_mixtures(&here.bytes, &there.bytes) {
                if all.iter().any(|known| known.bytes == mixed) {
                    continue;
                }
                for asked in if of_one_record { vec![here] } else { vec![here, there] } {
                    let outcome = house.refuses_attachment(&mixed, asked);
                    tally.case(format_args!("attachment {one} with {name} of attachment {another}"), outcome);
                }
            }
        }
    }
    let (record, key) = (&all[0].record, &house.patients[0]);
    let mut writer = vault.seal_attachment(record, key, ChunkLength::LEAST, Vec::new(), &mut house.random)?;
    writer.write_all(b"asthma")?;
    for (change, changed) in changes(&writer.finish()?) {
        tally.case(format_args!("attachment, {change}"), house.refuses_attachment(&changed, &all[0]));
    }
    house.vault = &elsewhere;
    for (one, here) in all.iter().enumerate() {
        let outcome = house.refuses_attachment(&here.bytes, here);
        tally.case(format_args!("attachment {one} in another house"), outcome);
    }
    Ok(())
}

fn same(found: &[u8], expected: &[u8]) -> Outcome {
    if found == expected { Ok(()) } else { Err("opens as something else".to_owned()) }
}

const ATTACHMENT_FIELDS: [&str; 7] =
    ["the id", "the record", "the version", "the patient", "the derivation", "the head of the stream", "the chunks"];

/// The fields of an attachment of a `DocumentReference`, as its format lays them down. The type is left where it is.
fn attachment_fields(bytes: &[u8]) -> [&[u8]; 7] {
    let kind = 58 + usize::from(bytes[57]);
    let chunks = kind + 64 + STREAM_HEADER_LENGTH;
    let ends = [1, 17, 33, 41, 57, kind, kind + 64, chunks, bytes.len()];
    [(0, 1), (1, 2), (2, 3), (3, 4), (5, 6), (6, 7), (7, 8)].map(|(from, to)| &bytes[ends[from]..ends[to]])
}

/// One attachment with something of another in its place: every set of fields, and every chunk.
fn attachment_mixtures(one: &[u8], other: &[u8]) -> Vec<(String, Vec<u8>)> {
    let kind = &one[57..58 + usize::from(one[57])];
    let join = |fields: [&[u8]; 7]| {
        let [id, record, version, patient, derivation, head, chunks] = fields;
        [&one[..1], id, record, version, patient, kind, derivation, head, chunks].concat()
    };
    let (mine, others) = (attachment_fields(one), attachment_fields(other));
    let mut all = Vec::new();
    for set in 1_u32..1 << mine.len() {
        let taken = |field: usize| set & (1 << field) != 0;
        let mixed = std::array::from_fn(|field| if taken(field) { others[field] } else { mine[field] });
        let names: Vec<_> =
            (0..mine.len()).filter(|field| taken(*field)).map(|field| ATTACHMENT_FIELDS[field]).collect();
        let mixed = join(mixed);
        if mixed != one {
            all.push((names.join(", "), mixed));
        }
    }
    let whole = ChunkLength::LEAST.bytes() + 16;
    let cut = |chunks: &[u8]| chunks.chunks(whole).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let (chunks, foreign) = (cut(mine[6]), cut(others[6]));
    for (place, chunk) in foreign.iter().enumerate() {
        let mut spliced = chunks.clone();
        spliced[place].clone_from(chunk);
        let [fields @ .., _] = mine;
        let spliced = spliced.concat();
        let [id, record, version, patient, derivation, head] = fields;
        let mixed = join([id, record, version, patient, derivation, head, &spliced]);
        all.push((format!("chunk {place}"), mixed));
    }
    all
}

fn treating(actor: &str) -> Request {
    let at = DateTime::from_timestamp(1_772_000_000, 0).expect("a time");
    let request = Request::new(actor, "physician".into(), Action::Read, Purpose::Treatment, at);
    Request { relationship: Relationship::Treating.into(), ..request }
}

impl<'v> House<'v> {
    fn new(vault: &'v Vault<Keyring>, patients: [PatientKey; 2]) -> Self {
        Self { vault, patients, policy: Policy::starter(), random: RandomSource::from_seed(&[2; 32]) }
    }

    /// Reads, rules, discloses and opens, for somebody who may see all of it.
    fn open(&mut self, bytes: &[u8], patient: usize) -> Result<(), VaultError> {
        let (record, patient) = (SealedRecord::from_bytes(bytes)?, &self.patients[patient]);
        let request = treating("dr-osei");
        let ruling = self.vault.rule(&record, patient, &self.policy, &request, &mut self.random)?;
        let disclosure = self.vault.disclose(ruling, &mut MemoryTrail::new()).expect("granted");
        self.vault.open(&record, patient, disclosure, request.at).map(drop)
    }

    /// Reads, rules, discloses, opens and reads to the end, for somebody who may have all of it.
    fn open_attachment(&mut self, bytes: &[u8], of: &Attached) -> Result<Vec<u8>, AttachmentError> {
        let (sealed, key) = (SealedAttachment::read(bytes)?, &self.patients[of.patient]);
        let request = treating("dr-osei");
        let ruling = self.vault.rule_attachment(&sealed, &of.record, key, &self.policy, &request, &mut self.random)?;
        let disclosure = self.vault.disclose(ruling, &mut MemoryTrail::new()).expect("granted");
        let mut plain = Vec::new();
        self.vault.open_attachment(sealed, key, disclosure, request.at)?.read_to_end(&mut plain)?;
        Ok(plain)
    }

    fn refuses_attachment(&mut self, bytes: &[u8], of: &Attached) -> Outcome {
        match self.open_attachment(bytes, of) {
            Ok(_) => Err("opens, and must not".to_owned()),
            Err(AttachmentError::Vault(VaultError::Malformed { .. } | VaultError::NotItsAttachment)) => Ok(()),
            Err(AttachmentError::Vault(VaultError::Open(error))) => refused(Err::<(), _>(error), of_header),
            Err(error) => Err(format!("is refused otherwise: {error}")),
        }
    }

    fn refuses(&mut self, bytes: &[u8], patient: usize) -> Outcome {
        match self.open(bytes, patient) {
            Ok(()) => Err("opens, and must not".to_owned()),
            Err(VaultError::Malformed { .. } | VaultError::AnotherPatient) => Ok(()),
            // Nothing was opened: there is no part that names the key.
            Err(VaultError::NotARecord)
                if SealedRecord::from_bytes(bytes).is_ok_and(|record| record.key().is_err()) =>
            {
                Ok(())
            }
            Err(VaultError::Open(error)) => refused(Err::<(), _>(error), of_header),
            Err(error) => Err(format!("is refused otherwise: {error}")),
        }
    }
}

/// A sealed record's fields, as its format lays them down.
#[derive(Clone)]
struct Fields<'a> {
    fixed: [&'a [u8]; 7],
    parts: Vec<&'a [u8]>,
}

const FIELDS: [&str; 7] = ["the id", "the version", "the patient", "the type", "the salt", "the commitment", "the tag"];

impl<'a> Fields<'a> {
    fn of(bytes: &'a [u8]) -> Self {
        let mut rest = &bytes[1..];
        let mut take = |length: usize| {
            let (field, left) = rest.split_at(length);
            rest = left;
            field
        };
        let (id, version, patient) = (take(16), take(8), take(16));
        let length = take(1);
        let kind = take(length[0].into());
        let (salt, commitment) = (take(32), take(32));
        let count = take(1)[0];
        let mut parts = Vec::new();
        for _ in 0..count {
            let name = usize::from(rest[0]);
            let length = u32::from_be_bytes(rest[1 + name..5 + name].try_into().expect("four bytes"));
            let (part, left) = rest.split_at(5 + name + length as usize);
            parts.push(part);
            rest = left;
        }
        Self { fixed: [id, version, patient, kind, salt, commitment, rest], parts }
    }

    fn to_bytes(&self) -> Vec<u8> {
        let [id, version, patient, kind, salt, commitment, tag] = self.fixed;
        let length = [kind.len() as u8];
        let count = [self.parts.len() as u8];
        let head = [&[1], id, version, patient, &length, kind, salt, commitment, &count].concat();
        [&head, &self.parts.concat(), tag].concat()
    }

    /// Parts left out, given twice, and in another order.
    fn rearranged(&self) -> Vec<(String, Vec<u8>)> {
        let mut all = Vec::new();
        for place in 0..self.parts.len() {
            let mut without = self.clone();
            let part = without.parts.remove(place);
            all.push((format!("without part {place}"), without.to_bytes()));
            let mut twice = self.clone();
            twice.parts.insert(place, part);
            all.push((format!("part {place} twice"), twice.to_bytes()));
            for other in 0..place {
                let mut swapped = self.clone();
                swapped.parts.swap(place, other);
                all.push((format!("parts {other} and {place} swapped"), swapped.to_bytes()));
            }
        }
        all
    }
}

/// One record with something of another in its place, field by field, part by part, and some together.
fn mixtures(one: &Fields<'_>, other: &Fields<'_>) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    // Every set of fields of the other, so that each relocation comes with each attempt to cover it up.
    for set in 1_u32..1 << FIELDS.len() {
        let mut mixed = one.clone();
        let taken: Vec<_> = (0..FIELDS.len()).filter(|field| set & (1 << field) != 0).collect();
        taken.iter().for_each(|field| mixed.fixed[*field] = other.fixed[*field]);
        let names: Vec<_> = taken.iter().map(|field| FIELDS[*field]).collect();
        if mixed.fixed != one.fixed {
            all.push((names.join(", "), mixed.to_bytes()));
        }
    }
    for place in 0..one.parts.len().min(other.parts.len()) {
        let mut mixed = one.clone();
        mixed.parts[place] = other.parts[place];
        all.push((format!("part {place}"), mixed.to_bytes()));
        mixed.fixed[6] = other.fixed[6];
        all.push((format!("part {place} and the tag"), mixed.to_bytes()));
    }
    let mut mixed = one.clone();
    mixed.parts.clone_from(&other.parts);
    all.push(("all parts".to_owned(), mixed.to_bytes()));
    all
}
