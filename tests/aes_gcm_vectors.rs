//! The AES-256-GCM vectors of Wycheproof and NIST, on every backend: the valid ones seal and open to the byte, the invalid ones are
//! refused.
//!
//! A row has eight columns between tabs: source, key, nonce, associated data, plaintext, ciphertext, tag (all hexadecimal), and
//! `valid` or `invalid`.

use std::process::ExitCode;

use chartroom::seal::hazmat::{Aes256Gcm, Backend};
use chartroom_tests::vectors::{array, bytes};
use chartroom_tests::{corpora, tally::Tally};

fn main() -> ExitCode {
    let mut tally = Tally::new("aes_gcm_vectors");
    if let Some(folder) = corpora::find("crypto") {
        for path in corpora::files(&folder, "tsv") {
            let name = path.strip_prefix(&folder).unwrap_or(&path).display();
            let text = std::fs::read_to_string(&path).expect("a readable file");
            for (number, row) in (1..).zip(text.lines()) {
                for backend in Backend::ALL {
                    let outcome = Vector::read(row).and_then(|vector| vector.check(*backend));
                    tally.case(format_args!("{name}:{number} by {backend:?}"), outcome);
                }
            }
        }
    }
    tally.finish()
}

/// One row.
struct Vector {
    key: [u8; 32],
    nonce: [u8; 12],
    associated_data: Vec<u8>,
    plain: Vec<u8>,
    sealed: Vec<u8>,
    tag: [u8; 16],
    valid: bool,
}

impl Vector {
    fn read(row: &str) -> Result<Self, String> {
        let columns: Vec<_> = row.split('\t').collect();
        let [_, key, nonce, associated_data, plain, sealed, tag, validity] = columns[..] else {
            return Err(format!("{} columns instead of 8", columns.len()));
        };
        Ok(Self {
            key: array(key)?,
            nonce: array(nonce)?,
            associated_data: bytes(associated_data)?,
            plain: bytes(plain)?,
            sealed: bytes(sealed)?,
            tag: array(tag)?,
            valid: match validity {
                "valid" => true,
                "invalid" => false,
                _ => return Err("neither valid nor invalid".to_owned()),
            },
        })
    }

    fn check(self, backend: Backend) -> Result<(), String> {
        let cipher = Aes256Gcm::by(backend, &self.key);
        let mut buffer = self.sealed.clone();
        let opened = cipher.open_in_place(&self.nonce, &self.associated_data, &mut buffer, &self.tag);
        match (opened, self.valid) {
            (Ok(()), true) if buffer == self.plain => self.check_sealing(&cipher),
            (Ok(()), true) => Err("opens to other bytes".to_owned()),
            (Err(_), true) => Err("does not open".to_owned()),
            (Ok(()), false) => Err("opens, and must not".to_owned()),
            (Err(_), false) if buffer == self.sealed => Ok(()),
            (Err(_), false) => Err("is refused, but changed the buffer".to_owned()),
        }
    }

    fn check_sealing(&self, cipher: &Aes256Gcm) -> Result<(), String> {
        let mut buffer = self.plain.clone();
        let tag = cipher.seal_in_place(&self.nonce, &self.associated_data, &mut buffer).map_err(|e| e.to_string())?;
        if buffer == self.sealed && tag == self.tag { Ok(()) } else { Err("seals to other bytes".to_owned()) }
    }
}
