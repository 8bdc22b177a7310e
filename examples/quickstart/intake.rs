//! From files to sealed records.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::time::Duration;

use chartroom::record::{CheckedEntries, IssueCode, Mode, Resource, Severity, parse};
use chartroom::store::Store as _;
use chartroom::vault::{Author, PatientKey, RecordId, SealedRecord};
use indicatif::{ProgressBar, ProgressStyle};

use crate::house::{Failure, House, PHYSICIAN, intake_agent};

/// The bundle that is used when none is named: an invented family.
const FAMILY: &[u8] = include_bytes!("../data/family.json");

/// A bundle to read.
pub enum Input {
    Family,
    File(PathBuf),
}

impl Input {
    pub fn all(files: Vec<PathBuf>) -> Vec<Self> {
        if files.is_empty() { vec![Self::Family] } else { files.into_iter().map(Self::File).collect() }
    }

    pub fn name(&self) -> Cow<'_, str> {
        match self {
            Self::Family => "the invented family".into(),
            Self::File(path) => path.to_string_lossy(),
        }
    }

    pub fn bytes(&self) -> Result<Cow<'static, [u8]>, Failure> {
        match self {
            Self::Family => Ok(FAMILY.into()),
            Self::File(path) => {
                std::fs::read(path).map(Cow::Owned).map_err(|cause| format!("{}: {cause}", path.display()).into())
            }
        }
    }
}

/// Reads an input and keeps nothing, to see whether it can be read at all.
pub fn look(input: &Input) -> Result<(), Failure> {
    let bytes = input.bytes()?;
    let parsed = parse(&bytes, Mode::Lenient).map_err(|issues| format!("{}: {issues}", input.name()))?;
    if parsed.resource().type_name() == "Bundle" {
        return Ok(());
    }
    let first = parsed.text().find('{').unwrap_or_default();
    let line = parsed.text().bytes().take(first).filter(|byte| *byte == b'\n').count() + 1;
    let found = parsed.resource().type_name();
    Err(format!("{}: line {line}, column 1, {found}.resourceType: a Bundle belongs here", input.name()).into())
}

/// What was taken in.
#[derive(Default)]
pub struct Taken {
    pub bytes: usize,
    pub stored: usize,
    pub refused: usize,
    /// The patients, in the order in which they came, each with the text that must never stand in clear.
    pub patients: Vec<RecordId>,
    /// The JSON that each stored record must give back.
    pub originals: HashMap<RecordId, String>,
    issues: BTreeMap<IssueCode, usize>,
}

pub fn take_all(house: &mut House, inputs: &[Input]) -> Result<Taken, Failure> {
    let mut taken = Taken::default();
    let bar = if inputs.len() > 1 { ProgressBar::new(inputs.len() as u64) } else { ProgressBar::hidden() };
    bar.set_style(ProgressStyle::with_template("{bar:40} {pos} of {len} bundles, {eta} left")?);
    for input in inputs {
        bar.suspend(|| take(house, input, &mut taken))?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(taken)
}

fn take(house: &mut House, input: &Input, taken: &mut Taken) -> Result<(), Failure> {
    let bytes = input.bytes()?;
    let parsed = parse(&bytes, Mode::Lenient).map_err(|issues| format!("{}: {issues}", input.name()))?;
    let entries = parsed.check_entries(&house.checks);
    report(input, &entries, taken);
    taken.bytes += bytes.len();
    taken.stored += entries.accepted.len();
    taken.refused += entries.refused.len();
    let sealed = seal(house, entries, taken)?;
    house.store.put_all(&sealed, &intake_agent())?;
    Ok(())
}

/// Seals each record under the key of the patient it is about; what is about nobody, under the key of the house's directory.
fn seal(house: &mut House, entries: CheckedEntries, taken: &mut Taken) -> Result<Vec<SealedRecord>, Failure> {
    let mut keys = Keys::admit(house, &entries, taken)?;
    let author = Author::unknown();
    let mut sealed = Vec::with_capacity(entries.accepted.len());
    for entry in &entries.accepted {
        let key = keys.of(house, entry.full_url.as_deref(), &entry.resource)?;
        let record = house.vault.seal(&entry.resource, key, &author, &mut house.random)?;
        taken.originals.insert(record.id(), entry.resource.to_json());
        sealed.push(record);
    }
    Ok(sealed)
}

/// The keys of the patients of one bundle, found by how its references name them.
struct Keys {
    keys: Vec<PatientKey>,
    by_reference: HashMap<String, usize>,
    directory: Option<PatientKey>,
}

impl Keys {
    fn admit(house: &mut House, entries: &CheckedEntries, taken: &mut Taken) -> Result<Self, Failure> {
        let (mut keys, mut by_reference) = (Vec::new(), HashMap::new());
        for entry in entries.accepted.iter().filter(|entry| entry.resource.type_name() == "Patient") {
            let key = admit(house)?;
            taken.patients.push(key.token());
            let url = entry.full_url.as_deref().map(str::to_owned);
            let id = entry.resource.id().map(|id| format!("Patient/{id}"));
            by_reference.extend(url.into_iter().chain(id).map(|reference| (reference, keys.len())));
            keys.push(key);
        }
        Ok(Self { keys, by_reference, directory: None })
    }

    fn of(&mut self, house: &mut House, full_url: Option<&str>, resource: &Resource) -> Result<&PatientKey, Failure> {
        let own = format!("Patient/{}", resource.id().unwrap_or_default());
        let reference = match resource {
            Resource::Patient(_) => full_url.or(Some(own.as_str())),
            _ => resource.patient_reference(),
        };
        let known = reference.and_then(|reference| self.by_reference.get(reference)).and_then(|at| self.keys.get(*at));
        if let Some(key) = known {
            return Ok(key);
        }
        if self.directory.is_none() {
            self.directory = Some(admit(house)?);
        }
        self.directory.as_ref().ok_or_else(|| "there is no directory".into())
    }
}

fn admit(house: &mut House) -> Result<PatientKey, Failure> {
    let (key, wrapped) = house.vault.admit(&mut house.random)?;
    house.store.admit(key.token(), &wrapped)?;
    Ok(key)
}

/// Says what the check found. What is refused stays in its file, and is named here with every reason.
fn report(input: &Input, entries: &CheckedEntries, taken: &mut Taken) {
    let accepted = entries.accepted.iter().flat_map(|entry| entry.resource.issues());
    let refused = entries.refused.iter().flat_map(|entry| entry.resource.issues());
    for issue in accepted.clone().chain(refused).chain(&entries.bundle_issues) {
        *taken.issues.entry(issue.code()).or_default() += 1;
    }
    for entry in &entries.refused {
        let resource = entry.resource.resource();
        println!("refused  {}: entry {}, {}", input.name(), entry.index, resource.type_name());
        entry.resource.issues().iter().filter(|issue| issue.is_error()).for_each(|issue| println!("         {issue}"));
    }
    let warnings = accepted.filter(|issue| issue.severity() == Severity::Warning);
    for issue in entries.bundle_issues.iter().filter(|issue| issue.is_error()).chain(warnings) {
        println!("kept     {}: {issue}", input.name());
    }
}

impl Taken {
    pub fn report(&self, time: Duration) {
        println!(
            "{} records stored, {} refused; {} patients; {:.1} MB in {:.2} s ({:.1} MB/s, {:.0} records/s)",
            self.stored,
            self.refused,
            self.patients.len(),
            self.bytes as f64 / 1e6,
            time.as_secs_f64(),
            self.bytes as f64 / 1e6 / time.as_secs_f64(),
            self.stored as f64 / time.as_secs_f64(),
        );
        for (code, count) in &self.issues {
            println!("  {count:>6} {} {}", code.severity().as_str(), code.as_str());
        }
    }
}

/// Reads every record back as the treating physician, and compares it with what came in.
pub fn read_back(house: &mut House, taken: &Taken) -> Result<(), Failure> {
    let (mut equal, mut closed, mut differ) = (0, 0, 0);
    for token in house.store.patients()? {
        let key = house.patient_key(token)?;
        let records = house.store.records_of(token)?;
        for (record, opened) in records.iter().zip(house.open_for(&PHYSICIAN, &key, &records)?) {
            match opened {
                Ok(view) if taken.originals.get(&record.id()).is_some_and(|json| *json == view.to_json()) => equal += 1,
                Ok(_) => differ += 1,
                Err(_) => closed += 1,
            }
        }
    }
    println!("{equal} of {} records read back by the treating physician are equal to what came in.", taken.stored);
    if closed > 0 {
        println!("{closed} are closed to a physician who is not their originator.");
    }
    if differ > 0 || equal + closed != taken.stored {
        return Err(format!("{differ} records differ from what came in").into());
    }
    Ok(())
}
