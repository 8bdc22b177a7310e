//! Records come back as they were, with serde_json as this workspace has it, and with the features on that another crate of a user's
//! program may switch on. For these a program is built outside the workspace, where Cargo unites the features.

use std::io;
use std::path::Path;
use std::process::{Command, ExitCode};

use chartroom_tests::{corpora, round_trips, tally::Tally};

fn main() -> ExitCode {
    let mut tally = Tally::new("json_features");
    for (trip, failed) in round_trips::outcomes() {
        tally.case(trip, outcome(failed));
    }
    match with_loud_features() {
        Ok(report) => {
            for line in report.lines() {
                let (failed, trip) = line.split_once(' ').unwrap_or(("true", line));
                tally.case(format!("with loud features, {trip}"), outcome(failed != "false"));
            }
        }
        Err(reason) => tally.case("the program with loud features", Err(reason)),
    }
    tally.finish()
}

fn outcome(failed: bool) -> Result<(), &'static str> {
    if failed { Err("came back as something else") } else { Ok(()) }
}

/// The report of the program, one line for each round trip.
fn with_loud_features() -> io::Result<String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("json_features");
    write_package(&folder)?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "--offline", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .output()?;
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() && !report.is_empty() {
        Ok(report)
    } else {
        Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
    }
}

fn write_package(folder: &Path) -> io::Result<()> {
    let project = corpora::project().canonicalize()?;
    std::fs::create_dir_all(folder.join("src"))?;
    let manifest = format!(
        r#"[workspace]

[package]
name = "loud"
version = "0.0.0"
edition = "2024"

[dependencies]
chartroom-record = {{ path = {:?} }}
serde_json = {{ version = "1", features = ["arbitrary_precision", "float_roundtrip", "preserve_order"] }}
"#,
        project.join("crates/chartroom-record")
    );
    let program = format!(
        r#"#[path = {:?}]
mod round_trips;

fn main() {{
    for (trip, failed) in round_trips::outcomes() {{
        println!("{{failed}} {{trip}}");
    }}
}}
"#,
        project.join("tests/support/round_trips.rs")
    );
    std::fs::copy(project.join("Cargo.lock"), folder.join("Cargo.lock"))?;
    std::fs::write(folder.join("Cargo.toml"), manifest)?;
    std::fs::write(folder.join("src/main.rs"), program)
}
