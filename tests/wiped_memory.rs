//! What a passphrase is hashed in is wiped: the last block of Argon2, from which the key of a keyring follows, stands nowhere in the
//! memory of this program once the keyring is dropped; nor does a value that was opened, once it is. Prints `skipped: ...` where a program cannot read its own memory as a file.

use std::error::Error;
use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::process::ExitCode;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use chartroom::seal::{Cost, Keyring, Part, Passphrase, RandomSource, RecordIdentity, SubjectKey};
use chartroom_tests::tally::Tally;

const PASSPHRASE: &str = "a passphrase for tests";
/// Where a keyring keeps the salt (FORMAT.md).
const SALT: std::ops::Range<usize> = 38..70;

fn main() -> ExitCode {
    let mut tally = Tally::new("wiped_memory");
    if fs::metadata("/proc/self/mem").is_err() {
        println!("skipped: no /proc/self/mem");
        return tally.finish();
    }
    tally.case("what is kept is found", kept());
    tally.case("what a passphrase was hashed in", hashed());
    tally.case("what was opened", opened());
    tally.finish()
}

type Outcome = Result<(), String>;

/// The search finds what there is to be found.
fn kept() -> Outcome {
    let kept = [b"wheez".as_slice(), b"ing"].concat();
    let found = times(&complement(&kept)).map_err(|error| error.to_string())?;
    if found > 0 && !std::hint::black_box(kept).is_empty() { Ok(()) } else { Err("is not found".to_owned()) }
}

fn opened() -> Outcome {
    match found_before_and_after_dropping() {
        Ok((1.., 0)) => Ok(()),
        Ok(found) => Err(format!("it is found {} times before it is dropped, {} times after", found.0, found.1)),
        Err(error) => Err(error.to_string()),
    }
}

fn found_before_and_after_dropping() -> Result<(usize, usize), Box<dyn Error>> {
    let mut random = RandomSource::from_seed(&[1; 32]);
    let identity = RecordIdentity { tenant: "north", subject: "5f1c", kind: "Condition", id: "a7", version: 1 };
    let key = SubjectKey::generate(&mut random).new_record_key(&identity, &mut random)?;
    let part = Part { name: "Narrative", value_type: "text" };
    // So long that what takes its memory afterwards leaves the end of it alone.
    let mut plain: Vec<u8> = (0_u32..120_000).map(|at| (at.wrapping_mul(0x9e37_79b1) >> 24) as u8).collect();
    let (sealed, sought) = (key.seal(part, &plain, &mut random)?, complement(&plain[119_900..119_932]));
    plain.fill(0);
    std::hint::black_box(&plain);
    let opened = key.open(part, &sealed)?;
    let behind = vec![1; 1000];
    let before = times(&sought)?;
    drop(opened);
    let after = times(&sought)?;
    std::hint::black_box(behind);
    Ok((before, after))
}

fn hashed() -> Outcome {
    match found_after_opening() {
        Ok(0) => Ok(()),
        Ok(found) => Err(format!("the last block is found {found} times")),
        Err(error) => Err(error.to_string()),
    }
}

/// How often the last block is found. More than once opened, since an allocator gives only the first memory of its size back at once.
fn found_after_opening() -> Result<usize, Box<dyn Error>> {
    let passphrase = Passphrase::from(PASSPHRASE.to_owned());
    let mut random = RandomSource::from_seed(&[1; 32]);
    let bytes = Keyring::create(&passphrase, Cost::LEAST, &mut random)?.to_bytes().to_vec();
    let sought = last_block(&bytes[SALT])?;
    for _ in 0..2 {
        drop(Keyring::open(&bytes, &passphrase)?);
    }
    times(&sought)
}

/// The beginning of the last block, bit for bit the other way round: so that it is not found because it is looked for.
fn last_block(salt: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    let params = Params::new(8 * 1024, 1, 1, Some(64)).map_err(|error| error.to_string())?;
    let mut memory = vec![Block::new(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hashed = argon2.hash_password_into_with_memory(PASSPHRASE.as_bytes(), salt, &mut [0; 64], &mut memory[..]);
    hashed.map_err(|error| error.to_string())?;
    let last = memory.last().ok_or("no block")?.as_ref();
    let sought = last[..8].iter().flat_map(|word| (!word).to_le_bytes()).collect();
    memory.fill(Block::new());
    std::hint::black_box(&memory);
    overwrite_stack();
    Ok(sought)
}

#[inline(never)]
fn overwrite_stack() {
    std::hint::black_box(&mut [0_u8; 1 << 16]);
}

fn complement(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| !byte).collect()
}

/// How often these bytes, the other way round, stand in the memory that this program may write.
fn times(sought: &[u8]) -> Result<usize, Box<dyn Error>> {
    let mut memory = File::open("/proc/self/mem")?;
    let mut found = 0;
    for line in fs::read_to_string("/proc/self/maps")?.lines().filter(|line| line.contains(" rw-p ")) {
        let range = line.split(' ').next().and_then(|range| range.split_once('-')).ok_or("no range")?;
        let [from, until] = [range.0, range.1].map(|place| u64::from_str_radix(place, 16));
        let (from, until) = (from?, until?);
        let mut page = vec![0; 1 << 16];
        for at in (from..until).step_by(page.len()) {
            let length = page.len().min((until - at) as usize);
            memory.seek(SeekFrom::Start(at))?;
            if memory.read_exact(&mut page[..length]).is_err() {
                break;
            }
            let is_it = |window: &&[u8]| window.iter().zip(sought).all(|(here, other)| *here == !other);
            found += page[..length].windows(sought.len()).filter(is_it).count();
        }
    }
    Ok(found)
}
