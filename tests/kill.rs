//! Kills a process that writes to a store, at points drawn from a seed, and looks at what it left: nothing that it had reported is
//! lost, nothing is half done, the log verifies, and the work goes on where it stopped. The key service is a system of its own, with a
//! file for each patient's key, so that its part of the work and the store's are never one transaction; it also stops the process at
//! each of its own steps in turn.
//!
//! `CHARTROOM_KILL_SEED` and `CHARTROOM_KILLS` give the seed and the number of kills for each kind of work.

use std::error::Error;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chartroom::access::label::LabelSets;
use chartroom::access::{Action, Policy, Purpose, Relationship, Request};
use chartroom::audit::event::Agent;
use chartroom::audit::{Hash, Head, Trail as _, TrustedHead};
use chartroom::record::{Checked, Checks, Mode, Resource, parse};
use chartroom::seal::index::Form;
use chartroom::seal::{
    Cost, CryptoRng, KeyContext, KeyLabel, KeyService, Keyring, OpenError, Passphrase, RandomSource, RewrapError,
    SealError, SubjectKey, WrappedKey,
};
use chartroom::store::rotation::{self, Sweep};
use chartroom::store::{KeyringFile, SqliteStore, Store, WriteBy};
use chartroom::vault::{Author, OpenIndex, PatientKey, RecordId, RecordIndex, SealedRecord, Vault};
use chartroom_tests::tally::Tally;
use chrono::DateTime;

const WORK: &str = "CHARTROOM_KILL_WORK";
const FOLDER: &str = "CHARTROOM_KILL_FOLDER";
const ROUND: &str = "CHARTROOM_KILL_ROUND";
/// At which step of the key service the process stops by itself, from 1.
const STEP: &str = "CHARTROOM_KILL_STEP";
/// The steps of the key service that are tried, for each kind of work that takes any: more than one patient takes.
const STEPS: u64 = 6;

fn main() -> ExitCode {
    if let Ok(work) = std::env::var(WORK) {
        return match work_on(&work) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{error}");
                ExitCode::FAILURE
            }
        };
    }
    let mut tally = Tally::new("kill");
    let kills = number("CHARTROOM_KILLS", 5);
    for work in ["append", "admit", "rotate", "index", "shred"] {
        let steps = if work == "append" { 0 } else { STEPS };
        if let Err(error) = kill_at(work, kills, steps, &mut tally) {
            tally.case(format!("{work}: goes on"), Err(error));
        }
    }
    tally.finish()
}

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Numbers that depend on the seed, the kind of work and the round alone.
fn random(work: &str, round: u64) -> RandomSource {
    let mut seed = [0; 32];
    let kind = work.bytes().next().map_or(0, u64::from);
    let words = [number("CHARTROOM_KILL_SEED", 1), round, kind];
    for (bytes, word) in seed.chunks_exact_mut(8).zip(words) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    RandomSource::from_seed(&seed)
}

/// Kills the work again and again, each time on what the last one left: first at each step of the key service, then at random.
fn kill_at(work: &str, kills: u64, steps: u64, tally: &mut Tally) -> Outcome {
    let folder = tempfile::tempdir()?;
    House::found(folder.path())?;
    let keys = House::take_up(folder.path(), random(work, 0))?.stored_keys()?;
    for round in 1..=steps + kills {
        let step = if round <= steps { round } else { 0 };
        let reported = killed(work, folder.path(), round, step)?;
        let mut house = House::take_up(folder.path(), random(work, 1000 + round))?;
        tally.case(format!("{work}, kill {round}: what was begun is ended"), house.resume());
        if work != "rotate" {
            tally.case(format!("{work}, kill {round}: no file has a destroyed key"), house.has_none_of(&keys));
        }
        tally.case(format!("{work}, kill {round}: nothing reported is lost"), house.holds(&reported));
        tally.case(format!("{work}, kill {round}: nothing is half done"), house.is_whole());
    }
    let mut house = House::take_up(folder.path(), random(work, 2000))?;
    tally.case(format!("{work}: goes on to its end"), house.finish(work));
    Ok(())
}

/// Runs the work in a process of its own, lets it report a few things, waits a little and kills it; or, given a step, waits until it
/// stops there. Gives what it reported.
fn killed(work: &str, folder: &Path, round: u64, step: u64) -> Outcome<Vec<Report>> {
    let mut chance = random(work, 3000 + round);
    let (lines, wait) = (1 + draw(&mut chance, 12), draw(&mut chance, 20_000));
    let mut command = Command::new(std::env::current_exe()?);
    command.env(WORK, work).env(FOLDER, folder).env(ROUND, round.to_string()).env(STEP, step.to_string());
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut output = BufReader::new(child.stdout.take().ok_or("no output")?);
    let mut text = String::new();
    if step == 0 {
        for _ in 0..lines {
            output.read_line(&mut text)?;
        }
        std::thread::sleep(Duration::from_micros(wait.into()));
        // On Unix this is SIGKILL. What was written to the pipe before is still read.
        child.kill()?;
    }
    std::io::Read::read_to_string(&mut output, &mut text)?;
    // Only those who are to be forgotten may run out.
    if child.wait()?.success() && work != "shred" {
        return Err("the work came to its end before it was killed".into());
    }
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let reports: Vec<_> = whole.lines().map(Report::read).collect::<Outcome<_>>()?;
    if reports.is_empty() && step == 0 { Err("the work reported nothing".into()) } else { Ok(reports) }
}

fn draw(chance: &mut impl CryptoRng, below: u32) -> u32 {
    chance.next_u32() % below
}

/// What the work says is done. It says so only when the store has said so.
enum Report {
    Head(Head),
    Put(RecordId, u64),
    Admitted(RecordId),
    Gone(RecordId),
}

impl Report {
    fn read(line: &str) -> Outcome<Self> {
        let words: Vec<_> = line.split(' ').collect();
        match words[..] {
            ["head", size, root] => Ok(Self::Head(Head { size: size.parse()?, root: hash(root)? })),
            ["put", record, version] => Ok(Self::Put(record.parse()?, version.parse()?)),
            ["admitted", patient] => Ok(Self::Admitted(patient.parse()?)),
            ["gone", patient] => Ok(Self::Gone(patient.parse()?)),
            _ => Err(format!("reported {line:?}").into()),
        }
    }
}

fn hash(hex: &str) -> Outcome<Hash> {
    let byte = |at: usize| u8::from_str_radix(hex.get(at * 2..at * 2 + 2).unwrap_or_default(), 16);
    let bytes: Vec<u8> = (0..32).map(byte).collect::<Result<_, _>>()?;
    Ok(Hash::try_from(&bytes[..])?)
}

/// The process that is killed.
fn work_on(work: &str) -> Outcome {
    let folder = PathBuf::from(std::env::var(FOLDER)?);
    let round = number(ROUND, 0);
    let mut house = House::take_up(&folder, random(work, round))?;
    // Long enough that nobody waits for the end, short enough to end by itself.
    for turn in 0..200 {
        match work {
            "append" => house.append(turn)?,
            "admit" => house.admit()?,
            "rotate" => house.rotate()?,
            "index" => house.renew_index()?,
            _ if house.shred_one()? => {}
            // Nobody is left to forget.
            _ => return house.report_head(),
        }
        house.report_head()?;
    }
    Ok(())
}

fn report(line: &str) -> Outcome {
    // Who goes on after the last kill has nobody to report to.
    if std::env::var_os(WORK).is_none() {
        return Ok(());
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    Ok(out.flush()?)
}

const PATIENTS: usize = 24;
const BATCH: usize = 3;
const PASSPHRASE: &str = "an invented passphrase";
const INDEX: &str = "subject";
const CONDITION: &str = r#"{"resourceType":"Condition","code":{"coding":[{
    "system":"http://hl7.org/fhir/sid/icd-10-cm","code":"J45.909"}]},"subject":{"reference":"Patient/a-1"}}"#;

/// The key service: a keyring, and a share of each patient's key that it keeps itself. Without the share the key does not unwrap.
struct Service {
    keyring: Keyring,
    folder: PathBuf,
}

impl Service {
    fn share(&self, key: KeyLabel) -> PathBuf {
        let id: String = key.id.to_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(format!("share-{id}-{}", key.version))
    }

    fn keeps(&self, key: KeyLabel) -> bool {
        self.share(key).exists()
    }

    /// Where the process may be made to stop, at once and without a word.
    fn step(&self) {
        static TAKEN: AtomicU64 = AtomicU64::new(0);
        if TAKEN.fetch_add(1, Ordering::Relaxed) + 1 == number(STEP, 0) {
            std::process::abort();
        }
    }
}

impl KeyService for Service {
    fn current(&self) -> KeyLabel {
        self.keyring.current()
    }

    fn wrap(&self, key: &SubjectKey, to: &KeyContext<'_>, rng: &mut dyn CryptoRng) -> Result<WrappedKey, SealError> {
        self.step();
        std::fs::write(self.share(key.label()), []).map_err(|_| SealError::ServiceUnavailable)?;
        self.step();
        self.keyring.wrap(key, to, rng)
    }

    fn unwrap(&self, wrapped: &WrappedKey, to: &KeyContext<'_>) -> Result<SubjectKey, OpenError> {
        if self.keeps(wrapped.key()) {
            self.keyring.unwrap(wrapped, to)
        } else {
            Err(OpenError::KeyDestroyed(wrapped.key()))
        }
    }

    fn rewrap(
        &self,
        wrapped: &WrappedKey,
        to: &KeyContext<'_>,
        rng: &mut dyn CryptoRng,
    ) -> Result<WrappedKey, RewrapError> {
        self.keyring.rewrap(wrapped, to, rng)
    }

    fn destroy(&self, wrapped: &WrappedKey, _: &KeyContext<'_>) -> Result<WrappedKey, OpenError> {
        self.step();
        match std::fs::remove_file(self.share(wrapped.key())) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(OpenError::ServiceUnavailable),
            _ => self.step(),
        }
        Ok(wrapped.tombstone())
    }
}

struct House {
    folder: PathBuf,
    vault: Vault<Service>,
    store: SqliteStore,
    random: RandomSource,
    by: WriteBy,
    condition: Checked<Resource>,
}

impl House {
    /// A house with an index, and with patients, each with a record that is found by a token.
    fn found(folder: &Path) -> Outcome {
        let mut seeds = random("found", 0);
        KeyringFile::create(folder.join("keyring"), Keyring::create(&passphrase(), Cost::LEAST, &mut seeds)?)?;
        let mut house = Self::take_up(folder, seeds)?;
        let key = house.vault.new_house_key(INDEX, &mut house.random)?;
        house.store.keep_house_key(INDEX, &key, &house.by)?;
        (0..PATIENTS).try_for_each(|_| house.admit())
    }

    fn take_up(folder: &Path, random: RandomSource) -> Outcome<Self> {
        let now = DateTime::from_timestamp(1_772_000_000, 0).ok_or("no such time")?;
        Ok(Self {
            folder: folder.to_owned(),
            vault: vault(folder, keyring(folder)?),
            store: SqliteStore::open(folder.join("store.db"))?,
            random,
            by: WriteBy::new(Agent::new("desk-2", "front desk"), now),
            condition: checked(CONDITION)?,
        })
    }

    fn report_head(&self) -> Outcome {
        let head = self.store.head()?;
        report(&format!("head {} {}", head.size, head.root))
    }

    fn key(&self, patient: RecordId) -> Outcome<PatientKey> {
        Ok(self.vault.unlock(patient, &self.store.wrapped_keys(patient)?)?)
    }

    /// A new patient, with a record that is found by a token.
    fn admit(&mut self) -> Outcome {
        let (patient, wrapped) = self.vault.admit(&mut self.random)?;
        let id = patient.token();
        self.store.admit(id, &wrapped)?;
        report(&format!("admitted {id}"))?;
        let condition = checked(&CONDITION.replace("a-1", &id.to_string()))?;
        let record = self.vault.seal(&condition, &patient, &Author::unknown(), &mut self.random)?;
        self.store.put_indexed(&record, &self.index()?.tokens(&condition)?, &self.by)?;
        report(&format!("put {} 1", record.id()))
    }

    /// A new record in three versions at once, and a look at it.
    fn append(&mut self, turn: usize) -> Outcome {
        let patients = self.store.patients()?;
        let patient = self.key(*patients.get(turn % PATIENTS).ok_or("no patient")?)?;
        let mut versions = vec![self.vault.seal(&self.condition, &patient, &Author::unknown(), &mut self.random)?];
        while let Some(last) = versions.last().filter(|_| versions.len() < BATCH) {
            let author = Author::unknown();
            versions.push(self.vault.seal_next(&self.condition, &patient, &author, last, &mut self.random)?);
        }
        self.store.put_all(&versions, &self.by)?;
        for version in &versions {
            report(&format!("put {} {}", version.id(), version.version()))?;
        }
        self.look(&versions[0], &patient)
    }

    fn look(&mut self, record: &SealedRecord, patient: &PatientKey) -> Outcome {
        let request = Request::new("someone-9", "physician".into(), Action::Read, Purpose::Treatment, self.by.at);
        let request = Request { relationship: Relationship::Treating.into(), ..request };
        let ruling = self.vault.rule(record, patient, &Policy::starter(), &request, &mut self.random)?;
        let disclosure = self.vault.disclose(ruling, &mut self.store)?;
        let view = self.vault.open(record, patient, disclosure, self.by.at)?;
        if view.to_json().contains("J45.909") { Ok(()) } else { Err("a record lost its content".into()) }
    }

    /// Rotates the keyring, renews the keys of some patients, sweeps both, and destroys the older keys of the keyring.
    fn rotate(&mut self) -> Outcome {
        let rotated = keyring(&self.folder)?.rotate(&mut self.random)?;
        self.vault = vault(&self.folder, rotated);
        for token in self.store.patients()?.into_iter().take(4) {
            let next = self.vault.renew(&self.key(token)?, &mut self.random)?;
            self.store.renew(token, &next, &self.by)?;
            self.report_head()?;
        }
        self.sweep()?;
        self.retire()
    }

    fn index(&self) -> Outcome<OpenIndex> {
        let index = RecordIndex::new(INDEX, &[("Condition.subject.reference", Form::Exact)], 50_000, 14)?;
        Ok(self.vault.open_index(&index, &self.store.house_keys(INDEX)?)?)
    }

    /// Renews the key of the index, indexes every record anew, and drops the older keys.
    fn renew_index(&mut self) -> Outcome {
        let next = self.vault.renew_house_key(INDEX, &self.store.house_keys(INDEX)?, &mut self.random)?;
        self.store.keep_house_key(INDEX, &next, &self.by)?;
        self.report_head()?;
        self.reindex()
    }

    fn reindex(&mut self) -> Outcome {
        let (index, mut sweep) = (self.index()?, Sweep::new(BATCH));
        while sweep.reindex(&mut self.store, &self.vault, &index, &self.by)? {
            self.report_head()?;
        }
        sweep.failed().is_empty().then_some(()).ok_or("a sweep failed")?;
        let kept = self.store.house_keys(INDEX)?;
        for older in kept.iter().filter(|key| !key.is_destroyed() && key.key().version < index.version().key) {
            rotation::drop_house_key(&mut self.store, &self.vault, INDEX, older.key().version, &self.by)?;
            self.report_head()?;
        }
        Ok(())
    }

    /// The records that the index has for a patient.
    fn found_for(&self, token: RecordId) -> Outcome<Vec<RecordId>> {
        let found = self.store.find(&self.index()?.search(&[&format!("Patient/{token}")])?)?;
        // By chance, others have the same token.
        let own: Vec<_> = self.store.records_of(token)?.iter().map(SealedRecord::id).collect();
        Ok(found.into_iter().filter(|record| own.contains(record)).collect())
    }

    /// Destroys the older keys of the keyring, which wrap nothing any more.
    fn retire(&mut self) -> Outcome {
        let mut file = keyring(&self.folder)?;
        for version in 1..file.keyring().current().version {
            let trusted = TrustedHead::of(&self.store)?;
            file = rotation::retire(
                &mut self.store,
                &self.vault,
                (file, version),
                &[],
                &trusted,
                &self.by,
                &mut self.random,
            )?;
            self.report_head()?;
        }
        self.vault = vault(&self.folder, file);
        Ok(())
    }

    /// What a program does at its start. Before, nobody reads what was begun to be destroyed; after, it is destroyed.
    fn resume(&mut self) -> Outcome {
        let begun = self.store.destructions()?;
        for (token, _) in &begun {
            let refused = matches!(self.key(*token), Err(error) if error.to_string().contains("destroyed"));
            refused.then_some(()).ok_or("a key can be had that is being destroyed")?;
        }
        let dropping = self.store.dropping()?.len();
        let ended = rotation::resume(&mut self.store, &self.vault)?.len();
        let left = self.store.destructions()?.len() + self.store.dropping()?.len();
        (ended == begun.len() + dropping && left == 0).then_some(()).ok_or_else(|| "a destruction is left".into())
    }

    fn sweep(&mut self) -> Outcome {
        let mut keys = Sweep::new(BATCH);
        while keys.rewrap(&mut self.store, &self.vault, &self.by, &mut self.random)? {
            self.report_head()?;
        }
        let mut records = Sweep::new(BATCH);
        while records.reseal(&mut self.store, &self.vault, &self.by, &mut self.random)? {
            self.report_head()?;
        }
        if keys.failed().is_empty() && records.failed().is_empty() { Ok(()) } else { Err("a sweep failed".into()) }
    }

    /// Destroys the key of the next patient who has one; no where nobody has.
    fn shred_one(&mut self) -> Outcome<bool> {
        for token in self.store.patients()? {
            if !self.is_gone(token)? {
                rotation::shred(&mut self.store, &self.vault, token, "retention ended", &self.by)?;
                report(&format!("gone {token}"))?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn is_gone(&self, token: RecordId) -> Outcome<bool> {
        Ok(self.store.wrapped_keys(token)?.iter().any(WrappedKey::is_destroyed))
    }

    /// Each patient's key as it is stored.
    fn stored_keys(&self) -> Outcome<Vec<(RecordId, Vec<u8>)>> {
        let keys = self.store.patients()?.into_iter().map(|token| {
            let newest = self.store.wrapped_keys(token)?.pop().ok_or("no key")?;
            Ok((token, newest.to_bytes()))
        });
        keys.collect()
    }

    /// Whether what is left of a destroyed key, in the file or in its write-ahead log, is its label and nothing more.
    fn has_none_of(&self, keys: &[(RecordId, Vec<u8>)]) -> Outcome {
        let files = ["store.db", "store.db-wal"].map(|name| std::fs::read(self.folder.join(name)).unwrap_or_default());
        for (token, wrapped) in keys {
            let secret = wrapped.get(wrapped.len() - 32..).ok_or("no key")?;
            let left = files.iter().any(|file| file.windows(secret.len()).any(|window| window == secret));
            // What is there must also be found, or the search would show nothing.
            if left == self.is_gone(*token)? {
                return Err("a destroyed key is left, or a live one is not found".into());
            }
        }
        Ok(())
    }

    /// Whether everything that was reported is there.
    fn holds(&self, reported: &[Report]) -> Outcome {
        for report in reported {
            match report {
                Report::Head(head) => {
                    let now = self.store.head()?;
                    self.store.consistency(head.size, now.size)?.verify(&head.root, &now.root)?;
                }
                Report::Put(record, version) => {
                    self.store.get_version(*record, *version)?.ok_or("a version is lost")?;
                }
                Report::Admitted(token) => {
                    (self.is_gone(*token)? || self.key(*token).is_ok()).then_some(()).ok_or("a patient is lost")?;
                }
                Report::Gone(token) if self.is_gone(*token)? => {}
                Report::Gone(_) => return Err("a destroyed key is back".into()),
            }
        }
        Ok(())
    }

    /// Whether log, records, keys and tokens belong together, and every record opens whose key is there.
    fn is_whole(&mut self) -> Outcome {
        self.store.verify(&self.store.head()?)?;
        let service = Service { keyring: keyring(&self.folder)?.into_keyring(), folder: self.folder.clone() };
        for key in self.store.house_keys(INDEX)? {
            let is_whole = service.keeps(key.key()) != key.is_destroyed();
            is_whole.then_some(()).ok_or("the key service lacks a key of the house, or keeps one that was dropped")?;
        }
        for token in self.store.patients()? {
            let versions = self.store.wrapped_keys(token)?;
            let records = self.store.records_of(token)?;
            let found = self.found_for(token)?;
            let shares = versions.iter().filter(|key| service.keeps(key.key())).count();
            if self.is_gone(token)? {
                (shares == 0).then_some(()).ok_or("the key service keeps a destroyed key")?;
                let all = versions.iter().all(WrappedKey::is_destroyed);
                all.then_some(()).ok_or("a version of a destroyed key is left")?;
                found.is_empty().then_some(()).ok_or("a destroyed patient is still found")?;
                continue;
            }
            (shares == versions.len()).then_some(()).ok_or("the key service lacks a key")?;
            // Who was only just admitted has no record yet.
            (found.len() == records.len().min(1)).then_some(()).ok_or("a patient is no longer found")?;
            let key = self.vault.unlock(token, &versions)?;
            for record in records {
                let written = if found.contains(&record.id()) { 1 } else { BATCH };
                let kept = self.store.versions(record.id())?.len();
                (kept == written).then_some(()).ok_or("a batch is half there")?;
                self.look(&record, &key)?;
            }
        }
        let tombstones = self.store.tombstones()?.len();
        let patients = self.store.patients()?;
        let gone = patients.into_iter().map(|token| self.is_gone(token)).collect::<Outcome<Vec<_>>>()?;
        let gone = gone.into_iter().filter(|gone| *gone).count();
        (tombstones == gone).then_some(()).ok_or_else(|| "a key is gone without a tombstone".into())
    }

    /// Brings the work to its end.
    fn finish(&mut self, work: &str) -> Outcome {
        match work {
            "append" => self.append(0)?,
            "admit" => self.admit()?,
            "rotate" => {
                self.sweep()?;
                self.retire()?;
            }
            "index" => {
                self.reindex()?;
                let living = self.store.house_keys(INDEX)?.iter().filter(|key| !key.is_destroyed()).count();
                (living == 1).then_some(()).ok_or("an older key of the index is left")?;
            }
            _ => while self.shred_one()? {},
        }
        let (keys, records) =
            (self.store.wrapped_otherwise(self.vault.wrapping_key(), 0, 1)?, self.store.under_older_keys(0, 1)?);
        let done = matches!(work, "append" | "admit" | "index") || (keys.is_empty() && records.is_empty());
        done.then_some(()).ok_or("something is left to do")?;
        self.is_whole()
    }
}

fn checked(text: &str) -> Outcome<Checked<Resource>> {
    Ok(parse(text.as_bytes(), Mode::Strict)?.check(&Checks::structure()).map_err(|_| "the check refuses")?)
}

fn keyring(folder: &Path) -> Outcome<KeyringFile> {
    Ok(KeyringFile::open(folder.join("keyring"), &passphrase())?)
}

fn vault(folder: &Path, keyring: KeyringFile) -> Vault<Service> {
    let service = Service { keyring: keyring.into_keyring(), folder: folder.to_owned() };
    Vault::new(service, "north-clinic", LabelSets::starter())
}

fn passphrase() -> Passphrase {
    Passphrase::from(PASSPHRASE.to_owned())
}
