//! HCPCS Level II, as the Centers for Medicare & Medicaid Services publish it: the fixed-width file `HCPC...ANWEB.txt`.
//!
//! Columns, from 1: 1 to 5 the code, or a modifier in 4 and 5; 6 to 10 the number of the line; 11 its kind: 3 the first line of a code, 4 a further one, 7 and 8
//! the same for a modifier; 12 to 91 the description; 92 to 119 a short one; 269 to 276 the day the code was added; 277 to 284 the day
//! from which what is said holds; 285 to 292 the last day on which it can be used.

use std::io::{Read, Seek};

use chrono::NaiveDate;

use super::archive::Archive;
use super::delimited::{date, decoded};
use super::{ImportError, Release, Row, Validity};

/// Reads the zip archive as it is downloaded: its one text file with `ANWEB` in its name.
///
/// # Errors
///
/// If it cannot be read or has not exactly one such file, and as [`hcpcs_text`].
pub fn hcpcs_zip(archive: impl Read + Seek) -> Result<Release, ImportError> {
    let text = Archive::open(archive)?.whole("the file of codes", |name| is_file_of_codes(name.own))?;
    hcpcs_text(&text)
}

/// Beside it lie the same as a spreadsheet, the layout of its lines, notes, and a report of what has changed.
fn is_file_of_codes(name: &str) -> bool {
    name.starts_with("hcpc") && name.contains("anweb") && name.ends_with(".txt") && !name.contains("trans")
}

/// Reads the file. A code is valid from the day it was added to its last day, both included.
///
/// # Errors
///
/// At the first line that is not laid out as the file's lines are.
pub fn hcpcs_text(text: &[u8]) -> Result<Release, ImportError> {
    let mut release = Release::default();
    let text = decoded(text);
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        let fault = |(column, problem)| ImportError::Text { line: number, column, problem };
        add(line, &mut release).map_err(fault)?;
    }
    release.filled()
}

fn add(line: &str, release: &mut Release) -> Result<(), (u32, &'static str)> {
    let columns: Vec<char> = line.chars().collect();
    let field = |from: usize, to: usize| -> String {
        columns.iter().skip(from - 1).take(to - from + 1).collect::<String>().trim().to_owned()
    };
    let code = match field(11, 11).as_str() {
        "3" | "4" => field(1, 5),
        "7" | "8" => field(4, 5),
        _ => return Err((11, "not a kind of line")),
    };
    if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return Err((1, "not a code"));
    }
    let title = field(12, 91);
    if matches!(field(11, 11).as_str(), "4" | "8") {
        return continue_title(release, &code, &title);
    }
    let day = |from: usize| -> Result<Option<NaiveDate>, (u32, &'static str)> {
        let text = field(from, from + 7);
        if text.is_empty() { Ok(None) } else { date(&text).map(Some).ok_or((from as u32, "not a date")) }
    };
    let (from, until) = (day(269)?, day(285)?.and_then(|last| last.succ_opt()));
    if from.is_some() || until.is_some() {
        release.validity.push(Validity { code: code.clone(), from, until, replaced_by: Vec::new() });
    }
    release.rows.push(Row { code, selectable: true, title });
    Ok(())
}

fn continue_title(release: &mut Release, code: &str, more: &str) -> Result<(), (u32, &'static str)> {
    match release.rows.last_mut() {
        Some(row) if row.code == code => {
            row.title = format!("{} {more}", row.title);
            Ok(())
        }
        _ => Err((1, "a further line of a code that does not stand before it")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::archive::archive_of;
    use crate::import::survives_any_damage;

    /// A line of 320 columns with these fields, each by its first column.
    fn line(fields: &[(usize, &str)]) -> String {
        let mut columns = vec![' '; 320];
        for (first, text) in fields {
            for (place, character) in text.chars().enumerate() {
                columns[first - 1 + place] = character;
            }
        }
        columns.into_iter().collect::<String>() + "\r\n"
    }

    fn file() -> String {
        line(&[(1, "J3490"), (6, "00100"), (11, "3"), (12, "Unclassified"), (269, "19860101"), (277, "19960101")])
            + &line(&[(1, "J3490"), (6, "00200"), (11, "4"), (12, "drugs")])
            + &line(&[(1, "Q0001"), (6, "00100"), (11, "3"), (12, "Ended"), (269, "20010101"), (285, "20051231")])
            + &line(&[(4, "LT"), (6, "00100"), (11, "7"), (12, "Left side")])
    }

    #[test]
    fn lines_of_a_code_are_joined_and_its_days_read() {
        let release = hcpcs_text(file().as_bytes()).unwrap();
        let rows: Vec<_> = release.rows.iter().map(|row| (row.code.as_str(), row.title.as_str())).collect();
        assert_eq!(rows, [("J3490", "Unclassified drugs"), ("Q0001", "Ended"), ("LT", "Left side")]);
        let days: Vec<_> = release.validity.iter().map(|days| (days.code.as_str(), days.until)).collect();
        assert_eq!(days, [("J3490", None), ("Q0001", NaiveDate::from_ymd_opt(2006, 1, 1))], "2005-12-31 is its last");
    }

    #[test]
    fn the_file_of_codes_is_found_in_its_archive() {
        let codes = file();
        let members = [
            ("HCPC2026_JAN_ANWEB_01122026.txt", codes.as_str()),
            ("HCPC2026_JAN_ANWEB_01122026.xlsx", ""),
            ("HCPC2026_JAN_ANWEB_Transaction Report.txt", ""),
            ("HCPC2026_recordlayout.txt", ""),
            ("proc_notes_JAN2026.txt", ""),
            ("__MACOSX/._HCPC2026_JAN_ANWEB_01122026.txt", ""),
        ];
        assert_eq!(hcpcs_zip(archive_of(&members)), hcpcs_text(codes.as_bytes()));
        let none = ImportError::Members { count: 0, wanted: "the file of codes" };
        assert_eq!(hcpcs_zip(archive_of(&members[1..])), Err(none));
    }

    #[test]
    fn faults_are_named_with_their_place() {
        let fault = |text: String| hcpcs_text(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(
            fault(file() + &line(&[(1, "J3491"), (11, "4")])),
            "line 5, column 1: a further line of a code that does not stand before it"
        );
        assert_eq!(fault(file() + &line(&[(1, "J3491"), (11, "9")])), "line 5, column 11: not a kind of line");
        assert_eq!(fault(line(&[(1, "J3491"), (11, "3"), (269, "20250231")])), "line 1, column 269: not a date");
        assert_eq!(fault(String::new()), "line 1, column 1: no code");
    }

    #[test]
    fn no_damage_stops_the_program() {
        survives_any_damage(file().as_bytes(), |text| drop(hcpcs_text(text)));
    }
}
