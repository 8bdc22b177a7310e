//! Keeps a scan of some megabytes beside its record: sealed as it is read, opened for the physician who treats the patient, and
//! refused to a billing clerk.
//!
//! ```text
//! cargo run --release --example attachment           # an invented scan
//! cargo run --release --example attachment -- FILE   # or your own file
//! ```

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use chartroom::access::label::LabelSets;
use chartroom::access::{Action, Policy, Purpose, Relationship, Request};
use chartroom::audit::{MemoryTrail, Trail as _};
use chartroom::record::{Checks, Mode, parse};
use chartroom::seal::{ChunkLength, Cost, Keyring, Padding, Passphrase, RandomSource};
use chartroom::vault::{Author, DiscloseError, PatientKey, SealedAttachment, SealedRecord, Vault};
use chrono::Utc;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// What is known of the scan. Whoever may see this class of information of it may have the scan.
const DOCUMENT: &[u8] = br#"{"resourceType":"DocumentReference","status":"current","description":"Chest, two views",
    "content":[{"attachment":{"contentType":"image/png","url":"Binary/scan"}}]}"#;

fn main() -> Outcome {
    let mut random = RandomSource::try_from_rng(&mut getrandom::SysRng)?;
    let passphrase = Passphrase::from("a long passphrase that nobody else knows".to_owned());
    let keyring = Keyring::create(&passphrase, Cost::default(), &mut random)?;
    let vault = Vault::new(keyring, "harbor-clinic", LabelSets::starter()).with_padding(Padding::Proportional);
    let (patient, _wrapped_key) = vault.admit(&mut random)?;
    let checked = parse(DOCUMENT, Mode::Strict)?.check(&Checks::structure()).map_err(|_| "refused")?;
    let record = vault.seal(&checked, &patient, &Author::new("radiology"), &mut random)?;

    let folder = tempfile::tempdir()?;
    let path = folder.path().join("scan.sealed");
    let mut scan: Box<dyn Read> = match std::env::args_os().nth(1) {
        Some(file) => Box::new(File::open(file)?),
        None => Box::new(io::repeat(0x5a).take(5_000_000)),
    };
    let mut writer =
        vault.seal_attachment(&record, &patient, ChunkLength::default(), File::create(&path)?, &mut random)?;
    let length = io::copy(&mut scan, &mut writer)?;
    writer.finish()?.sync_all()?;
    println!("{length} bytes sealed as {} in {}", path.metadata()?.len(), path.display());

    let mut house = House { vault, patient, record, random, trail: MemoryTrail::new() };
    house.ask(&path, "physician", Purpose::Treatment, Relationship::Treating)?;
    house.ask(&path, "billing-clerk", Purpose::Payment, Relationship::None)?;
    println!("{} entries on the trail", house.trail.head()?.size);
    Ok(())
}

struct House {
    vault: Vault<Keyring>,
    patient: PatientKey,
    record: SealedRecord,
    random: RandomSource,
    trail: MemoryTrail,
}

impl House {
    /// Asks for the scan. Whatever the answer is, it stands on the trail before a byte is read.
    fn ask(&mut self, path: &Path, role: &str, purpose: Purpose, relationship: Relationship) -> Outcome {
        let Self { vault, patient, record, random, trail } = self;
        let at = Utc::now();
        let request = Request::new("someone", role.into(), Action::Read, purpose, at);
        let request = Request { relationship: relationship.into(), ..request };
        let sealed = SealedAttachment::read(BufReader::new(File::open(path)?))?;
        let ruling = vault.rule_attachment(&sealed, record, patient, &Policy::starter(), &request, random)?;
        match vault.disclose(ruling, trail) {
            Ok(disclosure) => {
                let mut scan = vault.open_attachment(sealed, patient, disclosure, at)?;
                let length = scan.seek(SeekFrom::End(0))?;
                scan.seek(SeekFrom::Start(length / 2))?;
                let half = io::copy(&mut scan, &mut io::sink())?;
                println!("{role}: reads the second half, {half} of {length} bytes");
            }
            Err(DiscloseError::Denied(denial)) => denial.reasons().for_each(|reason| println!("{role}: {reason}")),
            Err(error) => return Err(error.into()),
        }
        Ok(())
    }
}
