//! LOINC, as the Regenstrief Institute publishes it: `Loinc.csv`, and `MapTo.csv` for what took the place of deprecated terms; beside them
//! `AnswerList.csv` and `Part.csv`.
//!
//! The file is the user's own: LOINC is free, but under its licence.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};

use chrono::NaiveDate;

use super::archive::{Archive, Name};
use super::delimited::{Delimited, Layout, Line};
use super::{ImportError, Release, Row, Validity};
use crate::identifier::LoincNumber;
use crate::system::{LOINC, well_formed};

const CSV: Layout = Layout { delimiter: b',', quoted: true };

/// Reads the zip archive as it is downloaded: terms, and the answers, answer lists and parts that lie beside them, which are codes of LOINC
/// as well.
///
/// # Errors
///
/// If it cannot be read or lacks `Loinc.csv` or `MapTo.csv`, and as the readers of each file.
pub fn loinc_zip(archive: impl Read + Seek, released: NaiveDate) -> Result<Release, ImportError> {
    let mut archive = Archive::open(archive)?;
    // Files of the same names lie among the accessories, and beside a shorter table.
    let is_main = |name: Name<'_>| !name.is_within("accessoryfiles") && !name.is_within("loinctablecore");
    let maps = archive.whole("MapTo.csv", |name| name.own == "mapto.csv" && is_main(name))?;
    let terms = archive.whole("Loinc.csv", |name| name.own == "loinc.csv" && is_main(name))?;
    let mut release = loinc_csv(terms.as_slice(), maps.as_slice(), released)?;
    if let Some(answers) = archive.whole_if_there("AnswerList.csv", |name| name.own == "answerlist.csv")? {
        release.rows.extend(loinc_answers_csv(answers.as_slice())?);
    }
    if let Some(parts) = archive.whole_if_there("Part.csv", |name| name.own == "part.csv")? {
        let parts = loinc_parts_csv(parts.as_slice(), released)?;
        release.rows.extend(parts.rows);
        release.validity.extend(parts.validity);
    }
    Ok(release)
}

/// Reads the table of answer lists, `AnswerList.csv`: the lists and their answers, each once.
///
/// # Errors
///
/// If a column is missing, or a number is not one of LOINC.
pub fn loinc_answers_csv(answers: impl Read) -> Result<Vec<Row>, ImportError> {
    let (mut rows, mut seen) = (Vec::new(), BTreeSet::new());
    let wanted = ["AnswerListId", "AnswerListName", "AnswerStringId", "DisplayText"];
    let mut file = Delimited::with_header(answers, CSV, &wanted)?;
    while let Some(line) = file.next()? {
        // A list that another system defines has no answer here.
        for (code, title) in [(0, 1), (2, 3)].into_iter().take(if line.text(2)?.is_empty() { 1 } else { 2 }) {
            if !seen.contains(line.text(code)?) {
                let row = accessory(&line, code, title)?;
                seen.insert(row.code.clone());
                rows.push(row);
            }
        }
    }
    Ok(rows)
}

/// Reads the table of parts, `Part.csv`. One that is no longer active counts as ended on the day of the release, as terms do.
///
/// # Errors
///
/// If a column is missing, or a number is not one of LOINC.
pub fn loinc_parts_csv(parts: impl Read, released: NaiveDate) -> Result<Release, ImportError> {
    let mut release = Release::default();
    let mut file = Delimited::with_header(parts, CSV, &["PartNumber", "PartDisplayName", "PartName", "Status"])?;
    while let Some(line) = file.next()? {
        let title = if line.text(1)?.is_empty() { 2 } else { 1 };
        let row = accessory(&line, 0, title)?;
        match line.text(3)? {
            "ACTIVE" => {}
            "INACTIVE" | "DEPRECATED" => release.validity.push(Validity::ended(&row.code, released)),
            _ => return Err(line.fault(3, "not a known status")),
        }
        release.rows.push(row);
    }
    release.filled()
}

/// A code of LOINC that is no term.
fn accessory(line: &Line<'_>, code: usize, title: usize) -> Result<Row, ImportError> {
    let text = line.filled(code)?;
    match well_formed(LOINC, text) {
        Some(Ok(())) if text.starts_with('L') => {
            Ok(Row { code: text.to_owned(), selectable: true, title: line.filled(title)?.to_owned() })
        }
        _ => Err(line.fault(code, "not a LOINC number of its kind")),
    }
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
    use crate::import::archive::archive_of;
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

    const ANSWERS: &str = "AnswerListId,AnswerListName,AnswerStringId,DisplayText\n\
        LL360-9,Pos|Neg,LA6576-8,Positive\nLL360-9,Pos|Neg,LA6577-6,Negative\nLL2-1,Another,LA6576-8,Pos\n\
        LL3-9,Of another system,,\n";
    const PARTS: &str = "PartNumber,PartTypeName,PartName,PartDisplayName,Status\n\
        LP1-1,SYSTEM,Bld,Blood,ACTIVE\nLP2-9,SYSTEM,Old,,DEPRECATED\n";

    #[test]
    fn the_archive_has_answers_and_parts_and_some_files_twice() {
        let members = [
            ("Loinc_2.82/LoincTable/Loinc.csv", TERMS),
            ("Loinc_2.82/LoincTable/MapTo.csv", MAPS),
            ("Loinc_2.82/LoincTableCore/MapTo.csv", ""),
            ("Loinc_2.82/AccessoryFiles/PanelsAndForms/Loinc.csv", ""),
            ("Loinc_2.82/AccessoryFiles/AnswerFile/AnswerList.csv", ANSWERS),
            ("Loinc_2.82/AccessoryFiles/PartFile/Part.csv", PARTS),
        ];
        let released = NaiveDate::from_ymd_opt(2026, 2, 1).unwrap();
        let release = loinc_zip(archive_of(&members), released).unwrap();
        let rows: Vec<_> = release.rows.iter().skip(2).map(|row| (row.code.as_str(), row.title.as_str())).collect();
        let lists = [("LL360-9", "Pos|Neg"), ("LA6576-8", "Positive"), ("LA6577-6", "Negative"), ("LL2-1", "Another")];
        let others = [("LL3-9", "Of another system"), ("LP1-1", "Blood"), ("LP2-9", "Old")];
        assert_eq!(rows, [&lists[..], &others[..]].concat());
        assert_eq!(release.validity.last(), Some(&Validity::ended("LP2-9", released)));
        assert_eq!(loinc_zip(archive_of(&members[..2]), released), read(TERMS, MAPS));
    }

    #[test]
    fn no_damage_stops_the_program() {
        survives_any_damage(ANSWERS.as_bytes(), |text| drop(loinc_answers_csv(text)));
        survives_any_damage(PARTS.as_bytes(), |text| drop(loinc_parts_csv(text, NaiveDate::MIN)));
        survives_any_damage(TERMS.as_bytes(), |text| drop(loinc_csv(text, MAPS.as_bytes(), NaiveDate::MIN)));
        survives_any_damage(MAPS.as_bytes(), |text| drop(loinc_csv(TERMS.as_bytes(), text, NaiveDate::MIN)));
    }
}
