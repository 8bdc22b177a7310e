//! The RFC 6962 proof vectors of transparency-dev/merkle: the good ones hold, all others are refused.

use std::path::Path;
use std::process::ExitCode;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chartroom::audit::Hash;
use chartroom::audit::merkle::{Consistency, Inclusion, leaf_hash};
use chartroom_tests::{corpora, tally::Tally};
use serde_json::Value;

fn main() -> ExitCode {
    let mut tally = Tally::new("merkle_vectors");
    if let Some(folder) = corpora::find("merkle") {
        let mut others = 0;
        for path in corpora::files(&folder, "json") {
            let name = path.strip_prefix(&folder).unwrap_or(&path).display();
            match Vector::read(&path) {
                Ok(Some(vector)) => tally.case(name, vector.check()),
                Ok(None) => others += 1,
                Err(reason) => tally.case(name, Err(reason)),
            }
        }
        if others > 0 {
            println!("left out: {others} vectors of subtree proofs, which are no part of RFC 6962");
        }
    }
    tally.finish()
}

/// One vector: what its proof came to, and what it should come to.
struct Vector {
    outcome: Result<(), String>,
    must_fail: bool,
}

impl Vector {
    /// Reads a file and tries its proof; `None` when it is a vector of another kind.
    fn read(path: &Path) -> Result<Option<Self>, String> {
        let text = std::fs::read_to_string(path).map_err(|error| error.to_string())?;
        let vector: Value = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let outcome = if !vector["treeSize"].is_null() {
            inclusion(&vector)
        } else if !vector["size1"].is_null() {
            consistency(&vector)
        } else {
            return Ok(None);
        };
        let must_fail = vector["wantErr"].as_bool().ok_or("wantErr is not told")?;
        Ok(Some(Self { outcome, must_fail }))
    }

    fn check(self) -> Result<(), String> {
        match (self.outcome, self.must_fail) {
            (Ok(()), true) => Err("holds, and must not".to_owned()),
            (Err(reason), false) => Err(format!("must hold: {reason}")),
            _ => Ok(()),
        }
    }
}

fn inclusion(vector: &Value) -> Result<(), String> {
    let (leaf, root) = (hash(&vector["leafHash"])?, hash(&vector["root"])?);
    let (index, size) = (number(&vector["leafIdx"])?, number(&vector["treeSize"])?);
    let proof = Inclusion { index, size, path: path(&vector["proof"])? };
    proof.verify(&leaf, &root).map_err(|error| error.to_string())
}

fn consistency(vector: &Value) -> Result<(), String> {
    let (old_size, new_size) = (number(&vector["size1"])?, number(&vector["size2"])?);
    let (old_root, new_root) = (root(&vector["root1"])?, root(&vector["root2"])?);
    let proof = Consistency { old_size, new_size, path: path(&vector["proof"])? };
    proof.verify(&old_root, &new_root).map_err(|error| error.to_string())
}

/// A root. Where only equality matters, the vectors put a few words of text in its place: these get a stand-in that is
/// equal for equal words.
fn root(value: &Value) -> Result<Hash, String> {
    let bytes = bytes(value)?;
    Ok(Hash::try_from(bytes.as_slice()).unwrap_or_else(|_| leaf_hash(&bytes)))
}

fn hash(value: &Value) -> Result<Hash, String> {
    Hash::try_from(bytes(value)?.as_slice()).map_err(|_| "a hash is not 32 bytes long".to_owned())
}

fn path(value: &Value) -> Result<Vec<Hash>, String> {
    value.as_array().map_or(Ok(Vec::new()), |hashes| hashes.iter().map(hash).collect())
}

fn bytes(value: &Value) -> Result<Vec<u8>, String> {
    STANDARD.decode(value.as_str().unwrap_or_default()).map_err(|error| error.to_string())
}

fn number(value: &Value) -> Result<u64, String> {
    value.as_u64().ok_or_else(|| "a size is not a number".to_owned())
}
