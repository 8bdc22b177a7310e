//! The golden files of the seal crate, and the golden record and attachment of the vault, open by an implementation in another
//! language, written from the FORMAT.md of each alone. Prints `skipped: ...` where there is no Python with the package `cryptography`.

use std::process::{Command, ExitCode};

use chartroom_tests::corpora::project;

fn main() -> ExitCode {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let importable = Command::new(&python)
        .args(["-c", "from cryptography.hazmat.primitives.kdf.argon2 import Argon2id"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !importable {
        println!("skipped: no Python with the package cryptography, 44 or later\npython_opener: 0 of 0");
        return ExitCode::SUCCESS;
    }
    let opener = project().join("tests/python_opener.py");
    let golden = project().join("crates/chartroom-seal/golden/version-1.txt");
    let of_vault = project().join("crates/chartroom-vault/golden");
    let status = Command::new(&python).arg(opener).arg(golden).arg(of_vault).status();
    if status.is_ok_and(|status| status.success()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
