//! The list of diagnoses that are exempt from "present on admission", which the Centers for Medicare & Medicaid Services publish.
//!
//! Lines of three fields parted by tabs, under a heading: a running number, the code with its dot, the title.

use std::collections::BTreeSet;
use std::io::{Read, Seek};

use super::ImportError;
use super::archive::Archive;

/// Reads the list out of the zip archive as it is downloaded: its one text file with `POAexemptCodes` in its name.
///
/// # Errors
///
/// If the archive cannot be read or has not exactly one such file, and as [`exempt_text`].
pub fn exempt_zip(archive: impl Read + Seek) -> Result<Vec<String>, ImportError> {
    let text = Archive::open(archive)?.whole("the list of exempt codes", |name| {
        name.own.starts_with("poaexemptcodes") && name.own.ends_with(".txt")
    })?;
    exempt_text(&text)
}

/// Reads the lines of the list: the codes, as FHIR writes them. There is a list for each fiscal year, and a code may leave it and come
/// back, so each is asked for its own days:
///
/// ```
/// use chartroom_codes::import::exempt_text;
/// use chartroom_codes::marks::Marks;
/// use chartroom_codes::table::{Edition, Table};
///
/// # fn exempt(icd_10_cm: &Table, list: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
/// let year = Edition { label: "FY2026".into(), from: "2025-10-01".parse().unwrap(), last: "2026-09-30".parse().ok() };
/// let image = Marks::compile(icd_10_cm, &[(year, exempt_text(list)?)])?;
/// let exempt = Marks::from_bytes(icd_10_cm.clone(), image)?;
/// assert_eq!(exempt.is_marked("B91", "2026-04-01".parse().unwrap()), Some(true));
/// assert_eq!(exempt.is_marked("B91", "2026-10-01".parse().unwrap()), None);
/// # Ok(())
/// # }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use chartroom_codes::table::{Row, TableBuilder};
/// # let edition = Edition { label: "2026".into(), from: "2025-10-01".parse().unwrap(), last: None };
/// # let row = Row { code: "B91".into(), selectable: true, title: "Sequelae of poliomyelitis".into() };
/// # let image = TableBuilder::new("urn:icd", "ICD-10-CM").dot_after(3).edition(edition, vec![row]).build()?;
/// # exempt(&Table::from_bytes(image)?, b"Order26\tPOAexemptCode\tDescription\r\n01243\tB91\tSequelae of poliomyelitis\r\n")
/// # }
/// ```
///
/// # Errors
///
/// At the first line that is not laid out as the list is, or names a code twice.
pub fn exempt_text(text: &[u8]) -> Result<Vec<String>, ImportError> {
    let mut lines = text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let heading = lines.next().unwrap_or_default();
    if !heading.starts_with(b"Order") || heading.split(|byte| *byte == b'\t').count() != 3 {
        return Err(ImportError::Text { line: 1, column: 1, problem: "not the heading of the list" });
    }
    let (mut codes, mut seen) = (Vec::new(), BTreeSet::new());
    for (number, line) in (2..).zip(lines).filter(|(_, line)| !line.is_empty()) {
        let problem = |problem| ImportError::Text { line: number, column: 1, problem };
        let code = code(line).ok_or_else(|| problem("not a number, a code and a title"))?;
        if !seen.insert(code.clone()) {
            return Err(problem("a code that stands twice"));
        }
        codes.push(code);
    }
    if codes.is_empty() { Err(ImportError::Text { line: 2, column: 1, problem: "no code" }) } else { Ok(codes) }
}

/// The second of three fields.
fn code(line: &[u8]) -> Option<String> {
    let mut fields = line.split(|byte| *byte == b'\t');
    let (number, code) = (fields.next()?, std::str::from_utf8(fields.next()?).ok()?);
    let is_code = code.len() >= 3 && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
    let is_line = number.iter().all(u8::is_ascii_digit) && !number.is_empty() && fields.next().is_some();
    (is_code && is_line && fields.next().is_none()).then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIST: &str = "Order26\tPOAexemptCode\tDescription\r\n01238\tB90.0\tSequelae of tuberculosis\r\n01243\tB91\t\"Sequelae, of it\"\r\n";

    #[test]
    fn codes_are_read_as_they_stand() {
        assert_eq!(exempt_text(LIST.as_bytes()).unwrap(), ["B90.0", "B91"]);
    }

    #[test]
    fn faults_are_named_with_their_line() {
        let line = |text: &str| match exempt_text(text.as_bytes()) {
            Err(ImportError::Text { line, .. }) => line,
            other => panic!("{other:?}"),
        };
        assert_eq!(line(""), 1);
        assert_eq!(line("Order26\tPOAexemptCode\tDescription\r\n"), 2);
        assert_eq!(line(&LIST.replace("\tB91", "")), 3);
        assert_eq!(line(&LIST.replace("B91", "B90.0")), 3);
    }

    proptest! {
        #[test]
        fn mutated_lists_do_no_harm(damage in proptest::collection::vec((0usize..120, any::<u8>()), 1..6)) {
            let mut list = LIST.as_bytes().to_vec();
            for (place, byte) in damage {
                let length = list.len();
                list[place % length] = byte;
            }
            if let Ok(codes) = exempt_text(&list) {
                prop_assert!(codes.len() <= 3);
            }
        }
    }
}
