//! Compiled images with some bytes changed, and asked all that can be asked.

#![no_main]

use std::sync::LazyLock;

use chartroom_codes::marks::Marks;
use chartroom_codes::notes::{NoteKind, NoteRow, Notes, NotesBuilder, Place};
use chartroom_codes::search::{SearchBuilder, SearchIndex, Wanted};
use chartroom_codes::table::{Edition, Release, Row, Table, TableBuilder, Validity};
use libfuzzer_sys::fuzz_target;

const SYSTEM: &str = "http://hl7.org/fhir/sid/icd-10-cm";

static TABLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let codes: Vec<String> = (0..60).map(|number| format!("A{:02}{}", number / 6, number % 6)).collect();
    let row = |code: &String| Row { code: code.clone(), selectable: code.len() > 3, title: format!("title of {code}, a") };
    let ended = Validity { code: "A001".into(), from: None, until: "2026-01-01".parse().ok(), replaced_by: vec!["A00.2".into()] };
    let edition = |label: &str, from: &str| Edition { label: label.into(), from: from.parse().expect("a day"), last: None };
    let (rows, more) = (codes.iter().take(40).map(row).collect(), codes.iter().map(row).collect());
    let builder = TableBuilder::new(SYSTEM, "Fuzz").dot_after(3).edition(edition("2025", "2024-10-01"), rows);
    builder.release(edition("2026", "2025-10-01"), Release { rows: more, validity: vec![ended] }).build().expect("a table")
});

fn table() -> Table {
    Table::from_bytes(TABLE.clone()).expect("a table")
}

static SEARCH: LazyLock<Vec<u8>> = LazyLock::new(|| {
    SearchBuilder::new(&table()).abbreviation("toa", "title of a").build().expect("an index")
});

static NOTES: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let note = |place: Place, kind: NoteKind, text: &str| NoteRow {
        place,
        kind,
        opens_paragraph: true,
        heading: Some("Use additional code".to_owned()),
        text: text.to_owned(),
    };
    let code = |code: &str| Place::Code(code.to_owned());
    let block = Place::Block { name: "A00-A09".to_owned(), first: "A00".to_owned(), last: "A09".to_owned() };
    let rows = vec![
        note(code("A001"), NoteKind::Excludes1, "another title (A00.2)"),
        note(code("A00"), NoteKind::UseAdditional, "codes (A01-A03) to identify it"),
        note(block, NoteKind::Excludes2, "titles (A05.-)"),
    ];
    let edition = table().editions().first().cloned().expect("an edition");
    let categories = (0..10).map(|number| format!("A{number:02}")).collect();
    NotesBuilder::new(edition, categories, rows).build().expect("notes")
});

static MARKS: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let years: Vec<(Edition, Vec<String>)> =
        table().editions().iter().cloned().map(|edition| (edition, vec!["A00.1".to_owned()])).collect();
    Marks::compile(&table(), &years).expect("marks")
});

fuzz_target!(|input: (u8, Vec<(u16, u8)>, &str)| {
    let (kind, changes, text) = input;
    let damaged = |image: &[u8]| {
        let mut image = image.to_vec();
        for (place, byte) in &changes {
            let length = image.len();
            image[usize::from(*place) % length] = *byte;
        }
        image
    };
    let on = "2026-02-01".parse().ok();
    match kind % 4 {
        0 => {
            let Ok(table) = Table::from_bytes(damaged(&TABLE)) else { return };
            for concept in table.concepts().take(200) {
                let code = concept.code();
                concept.latest().map(|listing| listing.title.to_string());
                concept.validity();
                let _ = std::hint::black_box((table.parent(&code), table.children(&code).len()));
            }
            let _ = std::hint::black_box((table.lookup(text, on), table.lookup_typed(text, None)));
            table.parse_typed(text);
        }
        1 => {
            let Ok(index) = SearchIndex::from_bytes(table(), damaged(&SEARCH)) else { return };
            assert!(index.search(text, &Wanted { on, ..Wanted::default() }).len() <= 10);
        }
        2 => {
            let Ok(marks) = Marks::from_bytes(table(), damaged(&MARKS)) else { return };
            marks.is_marked(text, "2026-02-01".parse().expect("a day"));
            marks.is_marked("A00.1", "2026-02-01".parse().expect("a day"));
        }
        _ => {
            let Ok(notes) = Notes::from_bytes(damaged(&NOTES)) else { return };
            for code in ["A00.1", "A00", text] {
                notes.of(code).for_each(|note| drop((note.text(), note.place(), note.heading(), note.covers(text))));
                notes.seventh_characters(code);
            }
        }
    }
});
