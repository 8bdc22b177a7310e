//! LOINC, as the Regenstrief Institute publishes it: `Loinc.csv`, and `MapTo.csv` for what took the place of deprecated terms.
//!
//! The file is the user's own: LOINC is free, but under its licence.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use chrono::NaiveDate;

use super::archive::Archive;
use super::delimited::{Delimited, Layout};
use super::{ImportError, Release, Row, Validity};
use crate::identifier::LoincNumber;

const CSV: Layout = Layout { delimiter: b',', quoted: true };

/// Reads the zip archive as it is downloaded.
///
/// # Errors
///
/// If it cannot be read or lacks one of the two files, and as [`loinc_csv`].
pub fn loinc_zip(archive: impl Read + Seek, released: NaiveDate) -> Result<Release, ImportError> {
    let mut archive = Archive::open(archive)?;
    let maps = archive.whole("MapTo.csv", |name| name == "mapto.csv")?;
    let terms = archive.whole("Loinc.csv", |name| name == "loinc.csv")?;
    loinc_csv(terms.as_slice(), maps.as_slice(), released)
}

/// Reads the table of terms, `Loinc.csv`, and the table of successors, `MapTo.csv`, which may be empty.
///
/// Terms that are active, on trial or discouraged can be used. A deprecated one counts as ended on the day of the release, since the file
/// does not say when it was deprecated.
///
/// # Errors
///
/// If a column is missing, a number is not a LOINC number, or a status is not known.
pub fn loinc_csv(terms: impl Read, maps: impl Read, released: NaiveDate) -> Result<Release, ImportError> {
    let mut successors = successors(maps)?;
    let mut release = Release::default();
    let mut file = Delimited::with_header(terms, CSV, &["LOINC_NUM", "LONG_COMMON_NAME", "STATUS"])?;
    while let Some(line) = file.next()? {
        let code = line.filled(0)?;
        code.parse::<LoincNumber>().map_err(|_| line.fault(0, "not a LOINC number"))?;
        match line.text(2)? {
            "ACTIVE" | "TRIAL" | "DISCOURAGED" => {}
            "DEPRECATED" => release.validity.push(Validity {
                replaced_by: successors.remove(code).unwrap_or_default(),
                ..Validity::ended(code, released)
            }),
            _ => return Err(line.fault(2, "not a known status")),
        }
        release.rows.push(Row { code: code.to_owned(), selectable: true, title: line.filled(1)?.to_owned() });
    }
    release.filled()
}

/// What took the place of each term.
fn successors(maps: impl Read) -> Result<BTreeMap<String, Vec<String>>, ImportError> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut file = match Delimited::with_header(maps, CSV, &["LOINC", "MAP_TO"]) {
        Err(ImportError::Text { .. }) => return Ok(found),
        file => file?,
    };
    while let Some(line) = file.next()? {
        found.entry(line.filled(0)?.to_owned()).or_default().push(line.filled(1)?.to_owned());
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::survives_any_damage;

    const TERMS: &str = "\u{feff}\"LOINC_NUM\",\"STATUS\",\"LONG_COMMON_NAME\"\r\n\
        \"2160-0\",\"ACTIVE\",\"Creatinine [Mass/volume] in \"\"Serum\"\"\"\r\n\
        \"6028-3\",\"DEPRECATED\",\"Deprecated something\"\r\n";
    const MAPS: &str = "\"LOINC\",\"MAP_TO\",\"COMMENT\"\n\"6028-3\",\"2160-0\",\"\"\n";

    fn read(terms: &str, maps: &str) -> Result<Release, ImportError> {
        loinc_csv(terms.as_bytes(), maps.as_bytes(), NaiveDate::from_ymd_opt(2026, 2, 1).unwrap())
    }

    #[test]
    fn terms_become_rows_and_deprecated_ones_name_their_successor() {
        let release = read(TERMS, MAPS).unwrap();
        assert_eq!(release.rows[0].title, "Creatinine [Mass/volume] in \"Serum\"");
        assert_eq!(release.rows[1].code, "6028-3");
        let [validity] = release.validity.as_slice() else { panic!("one term has ended") };
        assert_eq!((validity.code.as_str(), validity.replaced_by.as_slice()), ("6028-3", &["2160-0".to_owned()][..]));
        assert_eq!(validity.until, NaiveDate::from_ymd_opt(2026, 2, 1));
        assert!(read(TERMS, "").unwrap().validity[0].replaced_by.is_empty());
    }

    #[test]
    fn faults_are_named_with_line_and_field() {
        let fault = |from: &str, to: &str| read(&TERMS.replace(from, to), MAPS).unwrap_err().to_string();
        assert_eq!(fault("2160-0", "2160-1"), "line 2, field LOINC_NUM: not a LOINC number");
        assert_eq!(fault("DEPRECATED", "GONE"), "line 3, field STATUS: not a known status");
        assert_eq!(fault("\"STATUS\"", "\"STATE\""), "line 1, field STATUS: no such column");
    }

    #[test]
    fn no_damage_stops_the_program() {
        survives_any_damage(TERMS.as_bytes(), |text| drop(loinc_csv(text, MAPS.as_bytes(), NaiveDate::MIN)));
        survives_any_damage(MAPS.as_bytes(), |text| drop(loinc_csv(TERMS.as_bytes(), text, NaiveDate::MIN)));
    }
}
