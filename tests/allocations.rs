//! A decision takes no memory from the heap: not for what is granted, withheld or asked of it afterwards, nor for long names. An
//! attachment takes a few chunks of it, however long it is.

use std::error::Error;
use std::fs::File;
use std::hint::black_box;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use chartroom::access::label::LabelSets;
use chartroom::access::scope::Launch;
use chartroom::access::{Action, Circumstances, Facts, Policy, Purpose, Relationship, Request, Tie};
use chartroom::audit::MemoryTrail;
use chartroom::record::{Checks, Class, Mode, parse};
use chartroom::seal::{ChunkLength, Cost, Keyring, Passphrase, RandomSource};
use chartroom::vault::{Author, PatientKey, SealedAttachment, SealedRecord, Vault};
use chartroom_tests::policies::{Inventor, number};
use chartroom_tests::tally::Tally;
use chrono::DateTime;
use peak_alloc::PeakAlloc;

#[global_allocator]
static COUNTED: PeakAlloc = PeakAlloc;

/// Longer than what fits into a short text without memory of its own.
const LONG: &str = "urn:uuid:1f3c4a52-5a0d-4c8f-9d8e-0a4f6f1c2b7e";

fn main() -> ExitCode {
    let mut tally = Tally::new("allocations");
    for case in 0..number("CHARTROOM_CASES", 200) {
        let mut inventor = Inventor::new(case);
        let policy = Policy::from_toml(&inventor.policy(100)).expect("well formed");
        let (request, facts) = (long(inventor.request()), inventor.facts());
        let facts = Facts { originator: Some(LONG.into()), organization: Some(LONG.into()), ..facts };
        tally.case(format_args!("case {case}"), one(&policy, &request, &facts));
    }
    tally.case("the count counts", counts());
    if let Err(error) = attachments(&mut tally) {
        tally.case("attachments", Err(error));
    }
    tally.finish()
}

fn long(request: Request) -> Request {
    let around = Circumstances { organization: Some(LONG.into()), ..Circumstances::default() };
    let circumstances = request.circumstances.clone().unwrap_or_else(|| Arc::new(around));
    let scopes = "user/*.cruds patient/*.rs".parse().expect("scopes");
    let launch = Launch { scopes, patient: Some(LONG.into()), client: Some(LONG.into()) };
    let relationship = Tie { from: Some(request.at), ..request.relationship };
    let (circumstances, launch) = (Some(circumstances), request.launch.clone().or(Some(Arc::new(launch))));
    Request { actor: LONG.into(), relationship, circumstances, launch, ..request }
}

fn one(policy: &Policy, request: &Request, facts: &Facts) -> Result<(), String> {
    let taken = taken(|| {
        let decision = policy.decide(black_box(request), black_box(facts));
        black_box((decision.permitted(), decision.in_part(), decision.withheld(), decision.obligations()));
        for class in Class::ALL {
            black_box((decision.permits(class, "Condition.note[0].text"), decision.reason(class).rule_id()));
        }
        let _ = black_box(decision);
    });
    if taken == 0 { Ok(()) } else { Err(format!("{taken} bytes")) }
}

const DOCUMENT: &[u8] = br#"{"resourceType":"DocumentReference","status":"current","content":[{"attachment":
    {"contentType":"image/png","url":"http://north.example/scan"}}]}"#;

/// A house that keeps one scan in a file, as a program would.
struct House {
    vault: Vault<Keyring>,
    patient: PatientKey,
    record: SealedRecord,
    policy: Policy,
    random: RandomSource,
    folder: tempfile::TempDir,
}

type Outcome<T> = Result<T, Box<dyn Error>>;
/// Does something with a scan of this length, and tells how much of it was done.
type Step = fn(&mut House, u64) -> Outcome<u64>;

/// Seals, reads and seals anew attachments of one length, and of eight times that.
fn attachments(tally: &mut Tally) -> Outcome<()> {
    let mut house = House::new()?;
    for length in [1 << 20, 1 << 23] {
        let steps: [(&str, Step); 3] =
            [("sealed", House::seal), ("opened", House::open), ("sealed anew", House::reseal)];
        for (step, work) in steps {
            tally.case(format_args!("an attachment of {length} bytes, {step}"), few_chunks(&mut house, length, work));
        }
    }
    Ok(())
}

/// Whether all of it is done, in no more memory than a few chunks.
fn few_chunks(house: &mut House, length: u64, work: Step) -> Result<(), String> {
    let mut done = Ok(0);
    let taken = taken(|| done = work(house, length));
    match done {
        Err(error) => Err(error.to_string()),
        Ok(done) if done != length => Err(format!("{done} bytes of {length}")),
        Ok(_) if taken >= 4 * ChunkLength::default().bytes() => Err(format!("{taken} bytes of memory")),
        Ok(_) => Ok(()),
    }
}

impl House {
    fn new() -> Outcome<Self> {
        let mut random = RandomSource::from_seed(&[3; 32]);
        let passphrase = Passphrase::from("a passphrase for tests".to_owned());
        let vault = Vault::new(Keyring::create(&passphrase, Cost::LEAST, &mut random)?, "north", LabelSets::starter());
        let (patient, _) = vault.admit(&mut random)?;
        let checked = parse(DOCUMENT, Mode::Strict)?.check(&Checks::structure()).map_err(|_| "refused")?;
        let record = vault.seal(&checked, &patient, &Author::unknown(), &mut random)?;
        Ok(Self { vault, patient, record, policy: Policy::starter(), random, folder: tempfile::tempdir()? })
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("scan")
    }

    fn seal(&mut self, length: u64) -> Outcome<u64> {
        let file = File::create(self.file())?;
        let Self { vault, patient, record, random, .. } = self;
        let mut writer = vault.seal_attachment(record, patient, ChunkLength::default(), file, random)?;
        let written = io::copy(&mut io::repeat(7).take(length), &mut writer)?;
        writer.finish()?;
        Ok(written)
    }

    fn open(&mut self, _: u64) -> Outcome<u64> {
        let scan = SealedAttachment::read(File::open(self.file())?)?;
        let at = DateTime::UNIX_EPOCH;
        let request = Request::new("dr-osei", "physician".into(), Action::Read, Purpose::Treatment, at);
        let request = Request { relationship: Relationship::Treating.into(), ..request };
        let mut trail = MemoryTrail::new();
        let Self { vault, patient, record, policy, random, .. } = self;
        let mut view = vault.view_attachment((scan, record, patient), policy, &request, at, &mut trail, random)?;
        Ok(io::copy(&mut view, &mut io::sink())?)
    }

    fn reseal(&mut self, length: u64) -> Outcome<u64> {
        let scan = SealedAttachment::read(File::open(self.file())?)?;
        let anew = self.folder.path().join("anew");
        self.vault.reseal_attachment(scan, &self.patient, File::create(&anew)?, &mut self.random)?;
        Ok(length.saturating_sub(self.file().metadata()?.len().abs_diff(anew.metadata()?.len())))
    }
}

fn counts() -> Result<(), String> {
    match taken(|| drop(black_box(Vec::<u8>::with_capacity(7)))) {
        7 => Ok(()),
        other => Err(format!("{other} bytes instead of 7")),
    }
}

/// The most bytes that this takes at any one time.
fn taken(work: impl FnOnce()) -> usize {
    let before = COUNTED.current_usage();
    COUNTED.reset_peak_usage();
    work();
    COUNTED.peak_usage() - before
}
