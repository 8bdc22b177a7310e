//! Compiles what stands beside a code table: the notes of a tabular list, and an index to search by words.
//!
//! ```text
//! cargo run --release --example compile_beside -- notes NOTES LABEL DAYS TABULAR_LIST
//! cargo run --release --example compile_beside -- index INDEX TABLE TABULAR_LIST ABBREVIATIONS
//! ```
//!
//! NOTES and INDEX are the files to write. DAYS are the days of the edition, as `2025-10-01..2026-09-30`. TABULAR_LIST is the list of
//! ICD-10-CM as XML. TABLE is what `compile_codes` wrote. ABBREVIATIONS has lines such as `uti = urinary tract infection`.

use std::error::Error;
use std::fs;
use std::process::ExitCode;

use chartroom::codes::import;
use chartroom::codes::notes::{NoteKind, NotesBuilder, Place};
use chartroom::codes::search::SearchBuilder;
use chartroom::codes::table::{Edition, Table};
use chartroom_examples::days_of_use;

const USAGE: &str =
    "usage: compile_beside notes NOTES LABEL DAYS TABULAR_LIST | index INDEX TABLE TABULAR_LIST ABBREVIATIONS";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match arguments.as_slice() {
        ["notes", path, label, days, list] => notes(label, days, list).and_then(|image| write(path, &image)),
        ["index", path, table, list, abbreviations] => {
            index(table, list, abbreviations).and_then(|image| write(path, &image))
        }
        _ => Err(USAGE.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("compile_beside: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn notes(label: &str, days: &str, list: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let (from, last) = days_of_use(days).ok_or("days such as 2025-10-01..2026-09-30 are wanted")?;
    let found = import::tabular_notes(&fs::read_to_string(list)?)?;
    let edition = Edition { label: label.to_owned(), from, last };
    Ok(NotesBuilder::new(edition, found.categories, found.rows).build()?)
}

/// By titles, by inclusion terms, and by what categories include.
fn index(table: &str, list: &str, abbreviations: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let table = Table::from_bytes(fs::read(table)?)?;
    let mut builder = SearchBuilder::new(&table);
    for row in import::tabular_notes(&fs::read_to_string(list)?)?.rows {
        if let (NoteKind::Inclusion | NoteKind::Includes, Place::Code(code)) = (row.kind, row.place) {
            let code = table.parse_typed(&code).ok_or("a note of a code that the table does not have")?;
            builder = builder.text(&code, &row.text);
        }
    }
    for line in fs::read_to_string(abbreviations)?.lines().filter(|line| !line.starts_with('#')) {
        let (phrase, meaning) = line.split_once(" = ").ok_or("an abbreviation without its meaning")?;
        builder = builder.abbreviation(phrase, meaning);
    }
    Ok(builder.build()?)
}

fn write(path: &str, image: &[u8]) -> Result<(), Box<dyn Error>> {
    fs::write(path, image).map_err(|problem| format!("{path}: {problem}"))?;
    println!("{path}: {} bytes", image.len());
    Ok(())
}
