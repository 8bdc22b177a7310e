//! Kills a process that writes to a store, at points drawn from a seed, and looks at what it left: nothing that it had reported is
//! lost, nothing is half done, the log verifies, and the work goes on where it stopped. The key service is a system of its own, with a
//! file for each patient's key, so that its part of the work and the store's are never one transaction; it also stops the process at
//! each of its own steps in turn.
//!
//! A turn of the work has phases, and the process goes on from each thing that it reports only when it is told to. So each phase is
//! killed in: first in its first step, then at any point of the time that it took in a turn that nobody stopped. How often it was
//! killed in each is printed.
//!
//! `CHARTROOM_KILL_SEED` and `CHARTROOM_KILLS` give the seed and the number of kills in each phase.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

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
/// After how many turns the process ends by itself.
const TURNS: &str = "CHARTROOM_KILL_TURNS";
/// How many turns are more than anyone waits for.
const MANY: u64 = 200;
/// The code with which the process ends where the work fails.
const FAILED: u8 = 3;
/// The kinds of work, and the steps of the key service at which each is stopped: more than a patient, or a key of the house, takes.
const WORKS: [(&str, u64); 8] = [
    ("append", 0),
    ("admit", 3),
    ("rotate", 3),
    ("index", 5),
    ("shred", 3),
    ("replay", 3),
    ("merge", 0),
    ("keyring", 0),
];
/// The phases that are one call with several steps inside, and how many times as often each is killed in.
const ONE_CALL: [(&str, u64); 5] = [("shred", 3), ("replay", 3), ("merge", 6), ("exchange", 6), ("passphrase", 6)];
/// How long it is waited for a file at most.
const LONGEST: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    if let Ok(work) = std::env::var(WORK) {
        return match work_on(&work) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{work}: {error}");
                ExitCode::from(FAILED)
            }
        };
    }
    let mut tally = Tally::new("kill");
    let kills = number("CHARTROOM_KILLS", 2);
    let mut known = BTreeSet::new();
    for (work, steps) in WORKS {
        if let Err(error) = kill_at(work, (steps, kills), &mut known, &mut tally) {
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
    let kind = work.bytes().fold(0, |kind, byte| kind * 31 + u64::from(byte));
    let words = [number("CHARTROOM_KILL_SEED", 1), round, kind];
    for (bytes, word) in seed.chunks_exact_mut(8).zip(words) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    RandomSource::from_seed(&seed)
}

/// Kills the work again and again, each time on what the last one left: first at each step of the key service, then in each phase that
/// no work before has had.
fn kill_at(work: &str, (steps, kills): (u64, u64), known: &mut BTreeSet<String>, tally: &mut Tally) -> Outcome {
    let folder = tempfile::tempdir()?;
    let patients = match work {
        "keyring" => 4,
        // Enough that some are left until the last kill.
        "replay" => 6 + 3 * usize::try_from(kills)?,
        _ => PATIENTS,
    };
    House::found(folder.path(), patients)?;
    if work == "replay" {
        House::restore_from_before_all_were_destroyed(folder.path())?;
    }
    let keys = House::take_up(folder.path(), random(work, 0))?.stored_keys()?;
    let turn = Turn::whole(work, folder.path())?;
    let phases: Vec<_> = turn.phases().into_iter().filter(|phase| known.insert(phase.clone())).collect();
    let times = |phase: &str| kills * ONE_CALL.iter().find(|(name, _)| *name == phase).map_or(1, |(_, times)| *times);
    let in_phase = |phase: &String| (0..times(phase)).map(|kill| Stop::In(phase.clone(), kill)).collect::<Vec<_>>();
    let stops = (1..=steps).map(Stop::AtStep).chain(phases.iter().flat_map(in_phase));
    let mut killed_in = BTreeMap::<_, Vec<_>>::new();
    for (round, stop) in (1..).zip(stops) {
        let reported = match &stop {
            Stop::AtStep(step) => stopped(work, folder.path(), round, *step)?,
            Stop::In(phase, kill) => {
                let killed = killed(work, folder.path(), round, &turn, (phase, *kill))?;
                killed_in.entry(killed.phase).or_default().push(killed.is_midway);
                killed.reported
            }
        };
        let mut house = House::take_up(folder.path(), random(work, 1000 + round))?;
        tally.case(format!("{work}, {stop}: what was begun is ended"), house.resume());
        // Where keys are wrapped anew, what was stored is no longer.
        if !matches!(work, "rotate" | "keyring") {
            tally.case(format!("{work}, {stop}: no file has a destroyed key"), house.has_none_of(&keys));
        }
        tally.case(format!("{work}, {stop}: nothing reported is lost"), house.holds(&reported));
        tally.case(format!("{work}, {stop}: nothing is half done"), house.is_whole());
    }
    for phase in phases.iter().filter(|_| kills > 0) {
        let kills = killed_in.remove(phase).unwrap_or_default();
        let midway = kills.iter().filter(|is_midway| **is_midway).count();
        println!("{work}: killed {} times in {phase}, {midway} of them midway", kills.len());
        let is_killed = if kills.is_empty() { Err("never killed") } else { Ok(()) };
        tally.case(format!("{work}: is killed in {phase}"), is_killed);
    }
    let mut house = House::take_up(folder.path(), random(work, 9000))?;
    tally.case(format!("{work}: goes on to its end"), house.finish(work));
    Ok(())
}

/// Where the process ends.
enum Stop {
    /// By itself, at a step of the key service.
    AtStep(u64),
    /// In a phase, and how many times before.
    In(String, u64),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtStep(step) => write!(f, "stopped at step {step}"),
            Self::In(phase, kill) => write!(f, "kill {} in {phase}", kill + 1),
        }
    }
}

/// What a whole turn of the work reports: for each line the phase it is in, and how long it is until the next.
struct Turn(Vec<(String, Duration)>);

impl Turn {
    fn whole(work: &str, folder: &Path) -> Outcome<Self> {
        let (mut worker, mut lines) = (Worker::start(work, folder, 0, 0, 1)?, Vec::new());
        let mut begun = Instant::now();
        while let Some(report) = worker.next()? {
            let phase = match report {
                Report::Phase(phase) => phase,
                _ => lines.last().map(|(phase, _): &(String, _)| phase.clone()).ok_or("no phase")?,
            };
            if let Some((_, lasted)) = lines.last_mut() {
                *lasted = begun.elapsed();
            }
            lines.push((phase, Duration::ZERO));
            begun = Instant::now();
            worker.go_on();
        }
        worker.end()?.then_some(Self(lines)).ok_or_else(|| "a whole turn was stopped".into())
    }

    /// The phases, in their order.
    fn phases(&self) -> Vec<String> {
        let mut phases: Vec<_> = self.0.iter().map(|(phase, _)| phase.clone()).collect();
        phases.dedup();
        phases
    }

    /// A point in a phase, or in its first step: how many steps come before it, and how long it is in its own.
    fn point(&self, phase: &str, is_first: bool, chance: &mut impl CryptoRng) -> (usize, Duration) {
        let steps = self.0.iter().filter(|(of, _)| of == phase).map(|(_, lasted)| *lasted);
        let steps: Vec<_> = steps.take(if is_first { 1 } else { usize::MAX }).collect();
        let (mut before, mut wait) = (0, steps.iter().sum::<Duration>() * draw(chance, 1000) / 1000);
        while let Some(lasted) = steps.get(before).filter(|lasted| **lasted < wait) {
            wait -= *lasted;
            before += 1;
        }
        (before, wait)
    }
}

/// A process at work. It goes on from what it reports when it is told to.
struct Worker {
    child: Child,
    output: BufReader<ChildStdout>,
    input: ChildStdin,
}

impl Worker {
    fn start(work: &str, folder: &Path, round: u64, step: u64, turns: u64) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.env(WORK, work).env(FOLDER, folder).env(ROUND, round.to_string());
        command.env(STEP, step.to_string()).env(TURNS, turns.to_string());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = BufReader::new(child.stdout.take().ok_or("no output")?);
        let input = child.stdin.take().ok_or("no input")?;
        Ok(Self { child, output, input })
    }

    /// What it reports next; nothing at its end. What is not a whole line was not reported.
    fn next(&mut self) -> Outcome<Option<Report>> {
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        line.strip_suffix('\n').map(Report::read).transpose()
    }

    fn go_on(&mut self) {
        // Who has stopped goes on no more.
        let _ = self.input.write_all(b".").and_then(|()| self.input.flush());
    }

    /// Whether it came to its end by itself.
    fn end(mut self) -> Outcome<bool> {
        let status = self.child.wait()?;
        if status.code() == Some(FAILED.into()) { Err("the work failed".into()) } else { Ok(status.success()) }
    }
}

/// Runs the work in a process of its own until it stops at a step of the key service. Gives what it reported.
fn stopped(work: &str, folder: &Path, round: u64, step: u64) -> Outcome<Vec<Report>> {
    let (mut worker, mut reported) = (Worker::start(work, folder, round, step, MANY)?, Vec::new());
    while let Some(report) = worker.next()? {
        reported.push(report);
        worker.go_on();
    }
    if worker.end()? { Err("the work came to its end before it was stopped".into()) } else { Ok(reported) }
}

/// What a process did before it was killed.
struct Killed {
    reported: Vec<Report>,
    /// In which phase it was told to go on for the last time.
    phase: String,
    /// Whether it was killed before it reported what it did then.
    is_midway: bool,
}

/// Runs the work in a process of its own, lets it come to a phase and go some steps in it, waits a little and kills it.
fn killed(work: &str, folder: &Path, round: u64, turn: &Turn, (phase, kill): (&str, u64)) -> Outcome<Killed> {
    // There may be fewer steps than in the turn that was whole, but each phase begins.
    let (mut before, mut wait) = turn.point(phase, kill == 0, &mut random(work, 3000 + round));
    // Every second time, it is caught while the new file of the keyring is there: not one that was left before.
    let caught = (work == "keyring" && kill % 2 == 1).then(|| folder.join("keyring.new"));
    if let Some(left) = caught.as_ref().filter(|new| new.exists()) {
        std::fs::remove_file(left)?;
    }
    let (mut worker, mut reported) = (Worker::start(work, folder, round, 0, MANY)?, Vec::new());
    while let Some(report) = worker.next()? {
        let was_there = phase_of(&reported) == Some(phase);
        reported.push(report);
        let is_there = phase_of(&reported) == Some(phase);
        if is_there && before == 0 || was_there && !is_there {
            break;
        }
        before -= usize::from(is_there);
        worker.go_on();
    }
    let phase = phase_of(&reported).ok_or("the work reported nothing")?.to_owned();
    worker.go_on();
    if let Some(new) = caught {
        // It is written in a part of the time of the whole step.
        wait /= 5;
        let begun = Instant::now();
        while !new.exists() && begun.elapsed() < LONGEST {}
    }
    std::thread::sleep(wait);
    // On Unix this is SIGKILL. What was written to the pipe before is still read.
    worker.child.kill()?;
    let before = reported.len();
    while let Some(report) = worker.next()? {
        reported.push(report);
    }
    let is_midway = reported.len() == before;
    // It waits at the next line.
    let is_one_step = reported.len() <= before + 1;
    if worker.end()? || !is_one_step {
        return Err("the work went on before it was killed".into());
    }
    Ok(Killed { reported, phase, is_midway })
}

/// The phase in which the work was when it reported last.
fn phase_of(reported: &[Report]) -> Option<&str> {
    reported.iter().rev().find_map(|report| match report {
        Report::Phase(phase) => Some(&**phase),
        _ => None,
    })
}

fn draw(chance: &mut impl CryptoRng, below: u32) -> u32 {
    chance.next_u32() % below
}

/// What the work says is done. It says so only when the store has said so.
enum Report {
    /// What it does from now on.
    Phase(String),
    /// The keyring's file has a key of this version.
    Keyring(u32),
    /// The records of the first patient are those of the other.
    Merged(RecordId, RecordId),
    Head(Head),
    Put(RecordId, u64),
    Admitted(RecordId),
    Gone(RecordId),
}

impl Report {
    fn read(line: &str) -> Outcome<Self> {
        let words: Vec<_> = line.split(' ').collect();
        match words[..] {
            ["phase", phase] => Ok(Self::Phase(phase.to_owned())),
            ["keyring", version] => Ok(Self::Keyring(version.parse()?)),
            ["merged", from, into] => Ok(Self::Merged(from.parse()?, into.parse()?)),
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
    for turn in 0..number(TURNS, 1) {
        match work {
            "append" => house.append(usize::try_from(round + turn)?)?,
            "admit" => drop(house.admit()?),
            "rotate" => house.rotate()?,
            "index" => house.renew_index()?,
            "merge" => house.admit_and_merge()?,
            "replay" if house.replay_one()? => {}
            "keyring" => house.change_keyring()?,
            "shred" if house.shred_one()? => {}
            // Nobody is left to forget.
            _ => drop(house.admit()?),
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
    out.flush()?;
    // Nothing comes after it before whoever kills says so.
    Ok(std::io::stdin().read_exact(&mut [0])?)
}

fn begin(phase: &str) -> Outcome {
    report(&format!("phase {phase}"))
}

const PATIENTS: usize = 9;
const BATCH: usize = 3;
/// A store in which all keys are destroyed that are there again in the one that is worked on.
const LATER: &str = "later.db";
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
    fn found(folder: &Path, patients: usize) -> Outcome {
        let mut seeds = random("found", 0);
        KeyringFile::create(folder.join("keyring"), Keyring::create(&passphrase(), Cost::LEAST, &mut seeds)?)?;
        let mut house = Self::take_up(folder, seeds)?;
        let key = house.vault.new_house_key(INDEX, &mut house.random)?;
        house.store.keep_house_key(INDEX, &key, &house.by)?;
        (0..patients).try_for_each(|_| house.admit().map(drop))
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
    fn admit(&mut self) -> Outcome<PatientKey> {
        begin("admit")?;
        let (patient, wrapped) = self.vault.admit(&mut self.random)?;
        let id = patient.token();
        self.store.admit(id, &wrapped)?;
        report(&format!("admitted {id}"))?;
        begin("put")?;
        let condition = checked(&CONDITION.replace("a-1", &id.to_string()))?;
        let record = self.vault.seal(&condition, &patient, &Author::unknown(), &mut self.random)?;
        self.store.put_indexed(&record, &self.index()?.tokens(&condition)?, &self.by)?;
        report(&format!("put {} 1", record.id()))?;
        Ok(patient)
    }

    /// A new record in three versions at once, and a look at it.
    fn append(&mut self, turn: usize) -> Outcome {
        let patients = self.store.patients()?;
        let patient = self.key(*patients.get(turn % PATIENTS).ok_or("no patient")?)?;
        let record = self.put_versions(&patient)?;
        begin("look")?;
        self.look(&record, &patient)
    }

    fn put_versions(&mut self, patient: &PatientKey) -> Outcome<SealedRecord> {
        begin("append")?;
        let mut versions = vec![self.vault.seal(&self.condition, patient, &Author::unknown(), &mut self.random)?];
        while let Some(last) = versions.last().filter(|_| versions.len() < BATCH) {
            let author = Author::unknown();
            versions.push(self.vault.seal_next(&self.condition, patient, &author, last, &mut self.random)?);
        }
        self.store.put_all(&versions, &self.by)?;
        for version in &versions {
            report(&format!("put {} {}", version.id(), version.version()))?;
        }
        Ok(versions.swap_remove(0))
    }

    /// A new patient, with a record in several versions beside the one that is found, who turns out to be another.
    fn admit_and_merge(&mut self) -> Outcome {
        let patient = self.admit()?;
        self.put_versions(&patient)?;
        begin("merge")?;
        let (from, patients) = (patient.token(), self.store.patients()?);
        let into = *patients.get(patients.len() % PATIENTS).ok_or("no patient")?;
        rotation::merge(&mut self.store, &self.vault, (from, into), &self.by, &mut self.random)?;
        report(&format!("merged {from} {into}"))
    }

    /// Replaces the keyring's file, uses the new key at once, and replaces the file again.
    fn change_keyring(&mut self) -> Outcome {
        begin("exchange")?;
        let rotated = keyring(&self.folder)?.rotate(&mut self.random)?;
        let reported = format!("keyring {}", rotated.keyring().current().version);
        self.vault = vault(&self.folder, rotated);
        report(&reported)?;
        self.admit()?;
        begin("passphrase")?;
        keyring(&self.folder)?.change_passphrase(&passphrase(), Cost::LEAST, &mut self.random)?;
        report(&reported)
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
        begin("keyring")?;
        let rotated = keyring(&self.folder)?.rotate(&mut self.random)?;
        self.vault = vault(&self.folder, rotated);
        begin("renew")?;
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
        begin("renew-index")?;
        let next = self.vault.renew_house_key(INDEX, &self.store.house_keys(INDEX)?, &mut self.random)?;
        self.store.keep_house_key(INDEX, &next, &self.by)?;
        self.report_head()?;
        self.reindex()
    }

    fn reindex(&mut self) -> Outcome {
        begin("reindex")?;
        let (index, mut sweep) = (self.index()?, Sweep::new(BATCH));
        while sweep.reindex(&mut self.store, &self.vault, &index, &self.by)? {
            self.report_head()?;
        }
        sweep.failed().is_empty().then_some(()).ok_or("a sweep failed")?;
        begin("drop")?;
        let kept = self.store.house_keys(INDEX)?;
        for older in kept.iter().filter(|key| !key.is_destroyed() && key.key().version < index.version().key) {
            rotation::drop_house_key(&mut self.store, &self.vault, INDEX, older.key().version, &self.by)?;
            self.report_head()?;
        }
        Ok(())
    }

    /// The records that the index has for a patient, also as who they were before a merge.
    fn found_for(&mut self, token: RecordId) -> Outcome<Vec<RecordId>> {
        let (index, mut found) = (self.index()?, Vec::new());
        for name in self.store.merged_into(token)?.into_iter().chain([token]) {
            found.extend(self.store.find(&index.search(&[&format!("Patient/{name}")])?, &self.by)?);
        }
        // By chance, others have the same token.
        let own: Vec<_> = self.store.records_of(token)?.iter().map(SealedRecord::id).collect();
        found.retain(|record| own.contains(record));
        Ok(found)
    }

    /// Destroys the older keys of the keyring, which wrap nothing any more: first in the store, then in the file too.
    fn retire(&mut self) -> Outcome {
        let mut file = keyring(&self.folder)?;
        let current = file.keyring().current();
        for version in 1..current.version {
            let done = self.folder.join(format!("retired-{version}"));
            if done.exists() {
                continue;
            }
            begin("retire")?;
            let trusted = TrustedHead::of(&self.store)?;
            self.store.retire(KeyLabel { version, ..current }, &trusted, &self.by)?;
            self.report_head()?;
            begin("destroy")?;
            let key = (file, version);
            file = rotation::retire(&mut self.store, &self.vault, key, &[], &trusted, &self.by, &mut self.random)?;
            std::fs::write(done, [])?;
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
        begin("rewrap")?;
        let mut keys = Sweep::new(BATCH);
        while keys.rewrap(&mut self.store, &self.vault, &self.by, &mut self.random)? {
            self.report_head()?;
        }
        begin("reseal")?;
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
                begin("shred")?;
                rotation::shred(&mut self.store, &self.vault, token, "retention ended", &self.by)?;
                report(&format!("gone {token}"))?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Destroys all keys, keeps that store as another, and brings store and key service back as they were before.
    fn restore_from_before_all_were_destroyed(folder: &Path) -> Outcome {
        let [store, before, later] = ["store.db", "before.db", LATER].map(|name| folder.join(name));
        std::fs::copy(&store, &before)?;
        let files = std::fs::read_dir(folder)?.map(|file| Ok(file?.path())).collect::<Outcome<Vec<_>>>()?;
        let mut house = Self::take_up(folder, random("replay", 0))?;
        while house.shred_one()? {}
        drop(house);
        std::fs::rename(&store, &later)?;
        std::fs::rename(&before, &store)?;
        let is_share =
            |file: &&PathBuf| file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("share-"));
        Ok(files.iter().filter(is_share).try_for_each(|share| std::fs::write(share, []))?)
    }

    /// Destroys the next key anew that the other store tells of; no where none is left.
    fn replay_one(&mut self) -> Outcome<bool> {
        let later = SqliteStore::open(self.folder.join(LATER))?;
        let trusted = TrustedHead::of(&later)?;
        for tombstone in later.tombstones()? {
            let token = tombstone.destroyed(&trusted).ok_or("no tombstone")?;
            if !self.is_gone(token)? {
                begin("replay")?;
                rotation::replay(&mut self.store, &self.vault, &[tombstone], &trusted)?;
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
                Report::Phase(_) => {}
                Report::Keyring(version) => {
                    let kept = keyring(&self.folder)?.keyring().current().version;
                    (kept >= *version).then_some(()).ok_or("a key of the keyring is lost")?;
                }
                Report::Merged(from, into) => {
                    let merged =
                        self.store.merged_into(*into)?.contains(from) && self.store.records_of(*from)?.is_empty();
                    merged.then_some(()).ok_or("a merge is lost")?;
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
            let expected = if records.is_empty() { 0 } else { 1 + self.store.merged_into(token)?.len() };
            (found.len() == expected).then_some(()).ok_or("a patient is no longer found")?;
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
            "admit" => drop(self.admit()?),
            "merge" => self.admit_and_merge()?,
            "keyring" => self.change_keyring()?,
            "rotate" => {
                self.sweep()?;
                self.retire()?;
            }
            "index" => {
                self.reindex()?;
                let living = self.store.house_keys(INDEX)?.iter().filter(|key| !key.is_destroyed()).count();
                (living == 1).then_some(()).ok_or("an older key of the index is left")?;
            }
            "replay" => while self.replay_one()? {},
            _ => while self.shred_one()? {},
        }
        let (keys, records) =
            (self.store.wrapped_otherwise(self.vault.wrapping_key(), 0, 1)?, self.store.under_older_keys(0, 1)?);
        let done = !matches!(work, "rotate" | "shred") || (keys.is_empty() && records.is_empty());
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
