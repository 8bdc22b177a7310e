//! Compiles release files of a code system to one table, which a program can then use in place.
//!
//! ```text
//! cargo run --release --example compile_codes -- SYSTEM TABLE LABEL DAYS FILE [LABEL DAYS FILE ...]
//! ```
//!
//! SYSTEM is `icd-10-cm` or `icd-10-pcs`. TABLE is the file to write. Then, for each edition: its LABEL; the DAYS of its use, as
//! `2025-10-01..2026-09-30`, or `2025-10-01..` if the last is not known; and the FILE as its publisher offers it: the zip archive
//! with an order file in it, the order file itself, or the tabular list as XML. What a file is, is seen from its content.

use std::error::Error;
use std::fs;
use std::io::Cursor;
use std::process::ExitCode;

use chartroom::codes::table::{Edition, Row, Table, TableBuilder};
use chartroom::codes::{import, system};
use chartroom_examples::days_of_use;

const USAGE: &str = "usage: compile_codes icd-10-cm|icd-10-pcs TABLE LABEL DAYS FILE [LABEL DAYS FILE ...]";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match compile(&arguments) {
        Ok(report) => {
            println!("{report}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("compile_codes: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn compile(arguments: &[String]) -> Result<String, Box<dyn Error>> {
    let [system, path, editions @ ..] = arguments else { return Err(USAGE.into()) };
    let (editions, []) = editions.as_chunks::<3>() else { return Err(USAGE.into()) };
    let mut builder = builder_for(system)?;
    for [label, days, file] in editions {
        let (from, last) =
            days_of_use(days).ok_or_else(|| format!("{label}: days such as 2025-10-01..2026-09-30 are wanted"))?;
        let rows = rows_of(file).map_err(|problem| format!("{file}: {problem}"))?;
        builder = builder.edition(Edition { label: label.clone(), from, last }, rows);
    }
    let image = builder.build()?;
    let size = image.len();
    fs::write(path, &image).map_err(|problem| format!("{path}: {problem}"))?;
    let table = Table::from_bytes(image)?;
    let mut report = format!("{path}: {} codes, {size} bytes", table.len());
    for (index, edition) in table.editions().iter().enumerate() {
        let listings = || table.concepts().filter_map(|concept| concept.in_edition(index));
        let selectable = listings().filter(|listing| listing.selectable).count();
        report += &format!("\n{}: {} codes, {selectable} of them selectable", edition.label, listings().count());
    }
    Ok(report)
}

fn builder_for(system: &str) -> Result<TableBuilder, String> {
    match system {
        "icd-10-cm" => Ok(TableBuilder::new(system::ICD_10_CM, "ICD-10-CM").dot_after(3)),
        "icd-10-pcs" => Ok(TableBuilder::new(system::ICD_10_PCS, "ICD-10-PCS")),
        _ => Err(USAGE.into()),
    }
}

/// The rows of a release file, whichever of the known forms it has.
fn rows_of(path: &str) -> Result<Vec<Row>, Box<dyn Error>> {
    let bytes = fs::read(path)?;
    let rows = if bytes.starts_with(b"PK") {
        import::order_zip(Cursor::new(bytes))?
    } else if bytes.starts_with(b"<") || bytes.starts_with(b"\xEF\xBB\xBF<") {
        import::tabular_xml(std::str::from_utf8(&bytes)?)?
    } else {
        import::order_text(&bytes)?
    };
    Ok(rows)
}
