//! Whatever is stored, no file shows it: known words of every class of information are sealed, stored, read, sealed anew, moved
//! and destroyed, and after each step every file of the store is searched for them, in each coding in which they could stand.

use std::error::Error;
use std::fs::File;
use std::io::{BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use chartroom::access::label::LabelSets;
use chartroom::access::{Action, BreakGlass, Declaration, Policy, Purpose, Request};
use chartroom::audit::MemoryTrail;
use chartroom::audit::event::Agent;
use chartroom::record::{Checked, Checks, Class, Mode, Resource, parse, part};
use chartroom::seal::index::Form;
use chartroom::seal::{ChunkLength, Cost, Keyring, Passphrase, RandomSource};
use chartroom::store::rotation::{self, Sweep};
use chartroom::store::{SqliteStore, Store, WriteBy};
use chartroom::vault::{Author, OpenIndex, PatientKey, RecordId, RecordIndex, SealedAttachment, SealedRecord, Vault};
use chartroom_tests::tally::Tally;
use chrono::{DateTime, TimeDelta, Utc};

fn main() -> ExitCode {
    let mut tally = Tally::new("canaries");
    for (class, canary) in CANARIES {
        tally.case(format!("{class}: {canary} is in the charts"), is_sealed(class, canary));
    }
    let untold = Class::ALL.iter().find(|class| CANARIES.iter().all(|(told, _)| told != *class));
    tally.case("every class has its canary", untold.map_or(Ok(()), |class| Err(format!("{class} has none"))));
    match tempfile::tempdir().map_err(Into::into).and_then(|folder| story(folder.path(), &mut tally)) {
        Ok(()) => {}
        Err(error) => tally.case("the story goes on", Err(error)),
    }
    tally.finish()
}

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const CANARIES: [(Class, &str); 20] = [
    (Class::Name, "Quillfeather"),
    (Class::Address, "Larkspur Terrace"),
    (Class::Contact, "555-0147-2290"),
    (Class::BirthDate, "1931-07-19"),
    (Class::Identifier, "MRN-77120943"),
    (Class::GovernmentId, "078051120"),
    (Class::InsuranceId, "SUB-5520187"),
    (Class::DeviceId, "SERIAL-90417"),
    (Class::Biometric, "finchley-portrait"),
    (Class::ServiceDate, "2019-11-23"),
    (Class::Demographic, "handfasted"),
    (Class::Clinical, "wandering spleen"),
    (Class::Narrative, "afraid of sparrows"),
    (Class::Attachment, "c3BhcnJvdy1zY2Fu"),
    (Class::Participant, "Dr. Wrenfield"),
    (Class::Relation, "Patient/nest-31"),
    (Class::Administrative, "awaiting the moult"),
    (Class::Financial, "golden egg plan"),
    (Class::Technical, "urn:aviary:77"),
    (Class::Unclassified, "uncatalogued plumage"),
];

/// What else must stay unseen: the reason of a broken glass, why something was refused, the passphrase, and what an attachment is full of.
const BESIDE: [&str; 4] =
    ["collapsed under the perch", "42 CFR", "the passphrase of the aviary", "a hairline crack in the wishbone"];

/// What is in clear by design. That it is found shows that the search finds.
const CLEAR: [&str; 2] = ["keeper-5", "Condition"];

const CHARTS: [&str; 7] = [
    r#"{"resourceType":"Patient","meta":{"source":"urn:aviary:77"},
        "identifier":[{"system":"http://north.example/mrn","value":"MRN-77120943"},
            {"system":"http://hl7.org/fhir/sid/us-ssn","value":"078051120"}],
        "name":[{"family":"Quillfeather"}],"telecom":[{"system":"phone","value":"555-0147-2290"}],
        "birthDate":"1931-07-19","address":[{"line":["3 Larkspur Terrace"]}],"maritalStatus":{"text":"handfasted"},
        "generalPractitioner":[{"display":"Dr. Wrenfield"}],"photo":[{"url":"http://north.example/finchley-portrait"}]}"#,
    r#"{"resourceType":"Coverage","status":"active","subscriberId":"SUB-5520187","type":{"text":"golden egg plan"},
        "beneficiary":{"reference":"Patient/nest-31"},"payor":[{"display":"Aviary Mutual"}]}"#,
    r#"{"resourceType":"Device","serialNumber":"SERIAL-90417"}"#,
    r#"{"resourceType":"Condition","code":{"text":"wandering spleen","coding":[
            {"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"F11.20"}]},
        "onsetDateTime":"2019-11-23","note":[{"text":"Is afraid of sparrows."}],
        "subject":{"reference":"Patient/nest-31"}}"#,
    r#"{"resourceType":"DocumentReference","status":"current","content":[
        {"attachment":{"contentType":"text/plain","data":"c3BhcnJvdy1zY2Fu"}}]}"#,
    r#"{"resourceType":"Task","status":"on-hold","intent":"order","businessStatus":{"text":"awaiting the moult"}}"#,
    r#"{"resourceType":"BiologicallyDerivedProduct","identifier":[{"value":"uncatalogued plumage"}]}"#,
];

/// Whether a canary is sealed in the part of its class, so that its absence from the files means something.
fn is_sealed(class: Class, canary: &str) -> Outcome {
    let charts = CHARTS.iter().map(|text| checked(text)).collect::<Outcome<Vec<_>>>()?;
    let mut parts = charts.iter().flat_map(|chart| part::split(chart));
    let found = parts.any(|part| part.class == class && part.json.contains(canary));
    found.then_some(()).ok_or_else(|| "is not".into())
}

fn checked(text: &str) -> Outcome<Checked<Resource>> {
    let checks = Checks::structure();
    Ok(parse(text.as_bytes(), Mode::Strict)?.check(&checks).map_err(|refused| format!("{:?}", refused.issues()))?)
}

/// Everything that a store does, with a search after each step.
fn story(folder: &Path, tally: &mut Tally) -> Outcome {
    let mut house = House::open(folder)?;
    let (one, other) = (house.admit()?, house.admit()?);
    let key = house.vault.new_house_key(INDEX, &mut house.random)?;
    house.store.keep_house_key(INDEX, &key, &house.by)?;
    let index = house.index()?;
    for text in CHARTS {
        let chart = checked(text)?;
        let record = house.vault.seal(&chart, &one, &Author::new("keeper-5"), &mut house.random)?;
        house.store.put_indexed(&record, &index.tokens(&chart)?, &house.by)?;
    }
    let found = house.store.find(&index.search(&["quillfeather", "1931-07-19"])?, &house.by)?.len();
    tally.case("the index finds", (found == 1).then_some(()).ok_or("nothing"));
    house.search(tally, "stored");
    house.attach(&one)?;
    house.search(tally, "attached");

    for record in house.store.records_of(one.token())? {
        for request in [house.request("physician"), house.request("front-desk"), house.broken(&one)?] {
            house.ask(&record, &one, &request)?;
            house.ask_for_scan(&record, &one, &request)?;
        }
    }
    house.search(tally, "opened and refused");
    tally.case("the scan was read", (house.scans_read > 0).then_some(()).ok_or("nobody read it"));

    let next = house.vault.renew(&one, &mut house.random)?;
    house.store.renew(one.token(), &next, &house.by)?;
    let mut sweep = Sweep::new(3);
    while sweep.reseal(&mut house.store, &house.vault, &house.by, &mut house.random)? {}
    house.reseal_scan((one.token(), one.token()))?;
    house.search(tally, "sealed anew");

    let next = house.vault.renew_house_key(INDEX, &house.store.house_keys(INDEX)?, &mut house.random)?;
    house.store.keep_house_key(INDEX, &next, &house.by)?;
    let (index, mut sweep) = (house.index()?, Sweep::new(3));
    while sweep.reindex(&mut house.store, &house.vault, &index, &house.by)? {}
    rotation::drop_house_key(&mut house.store, &house.vault, INDEX, 1, &house.by)?;
    house.search(tally, "indexed anew");

    let tokens = (one.token(), other.token());
    rotation::merge(&mut house.store, &house.vault, tokens, &house.by, &mut house.random)?;
    house.reseal_scan(tokens)?;
    house.search(tally, "moved");

    house.store.begin_destruction(other.token(), "retention ended", &house.by)?;
    house.search(tally, "being destroyed");
    rotation::resume(&mut house.store, &house.vault)?;
    house.search(tally, "destroyed");

    let House { folder, store, .. } = house;
    drop(store);
    search(&folder, tally, "closed");
    Ok(())
}

/// The index over names and birth dates.
const INDEX: &str = "name-and-birth-date";

struct House {
    folder: PathBuf,
    vault: Vault<Keyring>,
    store: SqliteStore,
    policy: Policy,
    random: RandomSource,
    by: WriteBy,
    /// How often the whole scan was read.
    scans_read: usize,
}

/// The file of the scan.
const SCAN: &str = "scan";

impl House {
    fn open(folder: &Path) -> Outcome<Self> {
        let mut random = RandomSource::from_seed(&[31; 32]);
        let keyring = Keyring::create(&Passphrase::from(BESIDE[2].to_owned()), Cost::LEAST, &mut random)?;
        std::fs::write(folder.join("keyring"), keyring.to_bytes())?;
        Ok(Self {
            folder: folder.to_owned(),
            vault: Vault::new(keyring, "aviary", LabelSets::starter()),
            store: SqliteStore::open(folder.join("store.db"))?,
            policy: Policy::starter(),
            random,
            by: WriteBy::new(Agent::new("keeper-5", "registrar"), now()?),
            scans_read: 0,
        })
    }

    fn admit(&mut self) -> Outcome<PatientKey> {
        let (patient, wrapped) = self.vault.admit(&mut self.random)?;
        self.store.admit(patient.token(), &wrapped)?;
        Ok(patient)
    }

    fn index(&self) -> Outcome<OpenIndex> {
        let over = [("Patient.name.family", Form::Text), ("Patient.birthDate", Form::Digits)];
        let index = RecordIndex::new(INDEX, &over, 50_000, 14)?;
        Ok(self.vault.open_index(&index, &self.store.house_keys(INDEX)?)?)
    }

    fn request(&self, role: &str) -> Request {
        Request::new("keeper-5", role.into(), Action::Read, Purpose::Treatment, self.by.at)
    }

    fn broken(&self, patient: &PatientKey) -> Outcome<Request> {
        let (actor, patient) = ("keeper-5", &*patient.token().to_string());
        let (reason, lasts) = (BESIDE[0], TimeDelta::hours(1));
        let glass = BreakGlass::declare(Declaration { actor, patient, reason, at: self.by.at, lasts })?;
        Ok(Request { break_glass: Some(glass), ..self.request("physician") })
    }

    /// Asks for a record, and opens it where that is granted.
    fn ask(&mut self, record: &SealedRecord, patient: &PatientKey, request: &Request) -> Outcome {
        let ruling = self.vault.rule(record, patient, &self.policy, request, &mut self.random)?;
        if let Ok(disclosure) = self.vault.disclose(ruling, &mut self.store) {
            self.vault.open(record, patient, disclosure, self.by.at)?;
        }
        Ok(())
    }

    fn scan(&self) -> Outcome<SealedAttachment<BufReader<File>>> {
        Ok(SealedAttachment::read(BufReader::new(File::open(self.folder.join(SCAN))?))?)
    }

    /// Keeps a scan of many chunks beside the store, of the document among the charts.
    fn attach(&mut self, patient: &PatientKey) -> Outcome {
        let records = self.store.records_of(patient.token())?;
        let document = records.iter().find(|record| record.resource_type() == "DocumentReference").ok_or("none")?;
        let file = File::create_new(self.folder.join(SCAN))?;
        let mut scan = self.vault.seal_attachment(document, patient, ChunkLength::LEAST, file, &mut self.random)?;
        for _ in 0..500 {
            scan.write_all(BESIDE[3].as_bytes())?;
        }
        scan.finish()?.sync_all()?;
        Ok(())
    }

    /// Asks for the scan of a record, and reads it where that is granted.
    fn ask_for_scan(&mut self, record: &SealedRecord, patient: &PatientKey, request: &Request) -> Outcome {
        let scan = self.scan()?;
        if scan.record() != record.id() {
            return Ok(());
        }
        let ruling = self.vault.rule_attachment(&scan, record, patient, &self.policy, request, &mut self.random)?;
        if let Ok(disclosure) = self.vault.disclose(ruling, &mut self.store) {
            let mut text = String::new();
            self.vault.open_attachment(scan, patient, disclosure, self.by.at)?.read_to_string(&mut text)?;
            self.scans_read += usize::from(text == BESIDE[3].repeat(500));
        }
        Ok(())
    }

    /// Seals the scan anew in another file, which takes the place of the first once it is whole.
    fn reseal_scan(&mut self, (from, into): (RecordId, RecordId)) -> Outcome {
        let [old, new] = [from, into].map(|token| self.store.wrapped_keys(token).map(|keys| (token, keys)));
        let (old, new) = (old?, new?);
        let (old, new) = (self.vault.unlock(old.0, &old.1)?, self.vault.unlock(new.0, &new.1)?);
        let (scan, anew) = (self.scan()?, self.folder.join("scan.new"));
        let file = File::create_new(&anew)?;
        let file = if from == into {
            self.vault.reseal_attachment(scan, &new, file, &mut self.random)?
        } else {
            let (keys, by) = ((&old, &new), self.by.agent.clone());
            let merge = self.vault.merge(keys, by, self.by.at, &mut MemoryTrail::new())?;
            self.vault.rebind_attachment(scan, keys, &merge, file, &mut self.random)?
        };
        file.sync_all()?;
        Ok(std::fs::rename(anew, self.folder.join(SCAN))?)
    }

    fn search(&self, tally: &mut Tally, step: &str) {
        search(&self.folder, tally, step);
    }
}

fn now() -> Outcome<DateTime<Utc>> {
    Ok(DateTime::from_timestamp(1_772_000_000, 0).ok_or("no such time")?)
}

/// Searches every file of the folder: the database, its write-ahead log, the memory that its handles share, the keyring, and
/// whatever else was left there; and every file that the program has open and that has no name any more, as temporary ones have not.
fn search(folder: &Path, tally: &mut Tally, step: &str) {
    let open = files_in(Path::new("/proc/self/fd")).into_iter();
    let nameless = open.filter(|file| std::fs::read_link(file).is_ok_and(|name| !name.exists()));
    let files = files_in(folder).into_iter().chain(nameless);
    let texts: Vec<_> = files.map(|file| std::fs::read(file).unwrap_or_default()).collect();
    let holds = |needle: &[u8]| texts.iter().any(|text| text.windows(needle.len()).any(|window| window == needle));
    for secret in CANARIES.iter().map(|(_, canary)| *canary).chain(BESIDE) {
        let found = codings(secret).into_iter().find(|(_, bytes)| holds(bytes));
        tally.case(format!("{step}: {secret}"), found.map_or(Ok(()), |(coding, _)| Err(format!("found as {coding}"))));
    }
    for clear in CLEAR {
        let found = holds(clear.as_bytes());
        tally.case(format!("{step}: the search finds {clear}"), found.then_some(()).ok_or("is not found"));
    }
}

/// The plain files in a folder, or behind its links. Where there is no such folder, none.
fn files_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.is_file()).collect()
}

/// A text in each coding in which a file could hold it. Base64 depends on where the text begins, so it stands here three times,
/// without the letters that its neighbours touch.
fn codings(text: &str) -> Vec<(&'static str, Vec<u8>)> {
    let wide = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect();
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    let mut codings = vec![
        ("UTF-8", text.as_bytes().to_vec()),
        ("UTF-16, little end first", wide(u16::to_le_bytes)),
        ("UTF-16, big end first", wide(u16::to_be_bytes)),
        ("capital hex", hex.to_uppercase().into_bytes()),
        ("hex", hex.into_bytes()),
    ];
    for shift in 0..3 {
        let shifted = [&vec![0; shift], text.as_bytes()].concat();
        let whole = shifted.len() / 3 * 3;
        let base64 = STANDARD_NO_PAD.encode(shifted.get(..whole).unwrap_or_default());
        codings.push(("base64", base64.into_bytes().split_off(if shift == 0 { 0 } else { 4 })));
    }
    codings
}
