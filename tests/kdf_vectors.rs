//! The Wycheproof vectors of HKDF-SHA-256, HMAC-SHA-256 and AES key wrap with padding: the valid ones come out to the byte, the
//! invalid ones are refused. Prints `skipped: ...` for each file of another algorithm.

use std::path::Path;
use std::process::ExitCode;

use chartroom::seal::hazmat::{KeyWrap, hkdf_sha256, hmac_sha256};
use chartroom_tests::vectors::bytes;
use chartroom_tests::{corpora, tally::Tally};
use serde_json::Value;

type Check = fn(&Value) -> Result<bool, String>;

fn main() -> ExitCode {
    let mut tally = Tally::new("kdf_vectors");
    if let Some(folder) = corpora::find("crypto") {
        for path in corpora::files(&folder, "json") {
            let suite = read(&path);
            let name = path.strip_prefix(&folder).unwrap_or(&path).display();
            let check: Check = match suite["algorithm"].as_str() {
                Some("HKDF-SHA-256") => hkdf,
                Some("HMACSHA256") => hmac,
                Some("AES-KWP") => key_wrap,
                other => {
                    println!("skipped: {name} is of {}", other.unwrap_or("no algorithm"));
                    continue;
                }
            };
            for test in list(&suite["testGroups"]).iter().flat_map(|group| list(&group["tests"])) {
                tally.case(format_args!("{name}: {}", test["tcId"]), judge(test, check(test)));
            }
        }
    }
    tally.finish()
}

fn read(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("a readable file");
    serde_json::from_str(&text).expect("a file of JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn judge(test: &Value, outcome: Result<bool, String>) -> Result<(), String> {
    match (outcome?, test["result"].as_str()) {
        (true, Some("valid" | "acceptable")) | (false, Some("invalid" | "acceptable")) => Ok(()),
        (true, _) => Err("holds, and must not".to_owned()),
        (false, _) => Err("does not hold, and must".to_owned()),
    }
}

/// Whether the output is the one that is expected. None is where more is asked for than there can be.
fn hkdf(test: &Value) -> Result<bool, String> {
    let mut out = vec![0; test["size"].as_u64().ok_or("no size")? as usize];
    let derived = hkdf_sha256(&field(test, "salt")?, &field(test, "ikm")?, &field(test, "info")?, &mut out);
    Ok(derived.is_ok() && out == field(test, "okm")?)
}

/// Whether the tag is the beginning of ours: some vectors cut it to half.
fn hmac(test: &Value) -> Result<bool, String> {
    let tag = field(test, "tag")?;
    Ok(!tag.is_empty() && hmac_sha256(&field(test, "key")?, &field(test, "msg")?).starts_with(&tag))
}

/// Whether key and wrapped key belong together, in both directions.
fn key_wrap(test: &Value) -> Result<bool, String> {
    let wrap = KeyWrap::new(&field(test, "key")?).ok_or("no AES key")?;
    let (key, wrapped) = (field(test, "msg")?, field(test, "ct")?);
    let unwraps = wrap.unwrap(&wrapped).is_ok_and(|unwrapped| *unwrapped == key);
    let wraps = wrap.wrap(&key).is_ok_and(|again| again == wrapped);
    if unwraps == wraps { Ok(wraps) } else { Err(format!("wraps: {wraps}, unwraps: {unwraps}")) }
}

fn field(test: &Value, name: &str) -> Result<Vec<u8>, String> {
    bytes(test[name].as_str().ok_or_else(|| format!("no {name}"))?)
}
