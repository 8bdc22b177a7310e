//! The order file of ICD-10-CM and ICD-10-PCS, which the Centers for Medicare & Medicaid Services publish.
//!
//! One line for every code and header, in columns: 1 to 5 a running number, 7 to 13 the code without its dot, 15 whether it is
//! billable (`1`) or a header (`0`), 17 to 76 a short title, 78 to the end the long one.

use std::io::{Read, Seek};

use super::archive::Archive;
use super::{ImportError, Row};

/// Reads the order file out of the zip archive as it is downloaded. Its name varies from year to year: it is the one
/// text file with `order` in its own name, the addenda left aside.
///
/// # Errors
///
/// If the archive cannot be read or has not exactly one such file, and as [`order_text`].
pub fn order_zip(archive: impl Read + Seek) -> Result<Vec<Row>, ImportError> {
    let text = Archive::open(archive)?.whole("the order file", |name| is_order_file(name.own))?;
    order_text(&text)
}

/// Reads the lines of an order file.
///
/// # Errors
///
/// At the first line that is not laid out as an order file's lines are, or out of the running order.
pub fn order_text(text: &[u8]) -> Result<Vec<Row>, ImportError> {
    let mut rows = Vec::new();
    let mut lines = text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    for number in 1..=u32::MAX {
        let Some(line) = lines.next() else { break };
        if !line.is_empty() {
            rows.push(row(line, number).map_err(|(column, problem)| ImportError::Text {
                line: number,
                column,
                problem,
            })?);
        } else if lines.any(|line| !line.is_empty()) {
            return Err(ImportError::Text { line: number, column: 1, problem: "an empty line" });
        }
    }
    if rows.is_empty() { Err(ImportError::Text { line: 1, column: 1, problem: "no line" }) } else { Ok(rows) }
}

fn is_order_file(name: &str) -> bool {
    name.contains("order") && !name.contains("addenda") && name.ends_with(".txt")
}

/// A line, or the column and the kind of its fault.
fn row(line: &[u8], number: u32) -> Result<Row, (u32, &'static str)> {
    let line = std::str::from_utf8(line).map_err(|fault| (column(fault.valid_up_to()), "not UTF-8"))?;
    if field(line, 0, 5)?.parse() != Ok(number) {
        return Err((1, "not the running number of the line"));
    }
    let code = field(line, 6, 13)?.trim_end();
    if code.len() < 3 || !code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return Err((7, "not a code"));
    }
    let selectable = match field(line, 14, 15)? {
        "0" => false,
        "1" => true,
        _ => return Err((15, "neither 0 nor 1")),
    };
    if [5, 13, 15, 76].iter().any(|blank| line.as_bytes().get(*blank) != Some(&b' ')) {
        return Err((1, "columns that are not parted by blanks"));
    }
    let title = line.get(77..).map(str::trim_end).filter(|title| !title.is_empty()).ok_or((78, "no long title"))?;
    Ok(Row { code: code.to_owned(), selectable, title: title.to_owned() })
}

fn field(line: &str, start: usize, end: usize) -> Result<&str, (u32, &'static str)> {
    line.get(start..end).ok_or((column(start), "a line that is too short"))
}

fn column(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::import::archive::archive_of;

    fn line(number: u32, code: &str, flag: char, title: &str) -> String {
        format!("{number:05} {code:<7} {flag} {title:<60.60} {title}\r\n")
    }

    fn two_lines() -> String {
        line(1, "A00", '0', "Cholera") + &line(2, "A000", '1', "Cholera due to Vibrio cholerae 01, biovar cholerae")
    }

    fn zipped(names: &[&str]) -> impl Read + Seek {
        let text = two_lines();
        archive_of(&names.iter().map(|name| (*name, text.as_str())).collect::<Vec<_>>())
    }

    #[test]
    fn lines_become_rows() {
        let rows = order_text(two_lines().as_bytes()).unwrap();
        assert_eq!(rows[0], Row { code: "A00".into(), selectable: false, title: "Cholera".into() });
        assert_eq!(rows[1].code, "A000");
        assert_eq!(rows[1].title, "Cholera due to Vibrio cholerae 01, biovar cholerae");
        assert!(rows[1].selectable);
    }

    #[test]
    fn the_archive_may_name_it_as_it_likes() {
        let names = [
            "order files/icd10cm-codes-2031.txt",
            "order files/ICD10CM_Order_2031.txt",
            "__MACOSX/order files/._ICD10CM_Order_2031.txt",
            "order_addenda_2031.txt",
        ];
        assert_eq!(order_zip(zipped(&names)).unwrap().len(), 2);
        let none = order_zip(zipped(&["order/codes.txt"])).unwrap_err();
        assert_eq!(none, ImportError::Members { count: 0, wanted: "the order file" });
        assert!(matches!(
            order_zip(zipped(&["a_order.txt", "b_order.txt"])),
            Err(ImportError::Members { count: 2, .. })
        ));
        assert_eq!(order_zip(Cursor::new(b"PK not a zip")).unwrap_err(), ImportError::Archive);
    }

    #[test]
    fn faults_are_named_with_their_place() {
        let fault = |text: String| match order_text(text.as_bytes()) {
            Err(ImportError::Text { line, column, .. }) => (line, column),
            other => panic!("{other:?}"),
        };
        assert_eq!(fault(String::new()), (1, 1));
        assert_eq!(fault(line(2, "A00", '0', "Cholera")), (1, 1));
        assert_eq!(fault(two_lines() + &line(3, "a01", '1', "Typhoid")), (3, 7));
        assert_eq!(fault(two_lines() + &line(3, "A01", 'x', "Typhoid")), (3, 15));
        assert_eq!(fault(two_lines() + "00003 A01"), (3, 7));
        assert_eq!(fault(two_lines() + "\r\n" + &line(4, "A01", '1', "Typhoid")), (3, 1));
    }
}
