//! RxNorm in Rich Release Format, as the National Library of Medicine publishes it: `RXNCONSO.RRF` and `RXNCUI.RRF`.
//!
//! Its own names are free of charge; the archive holds names of other sources too, which are licensed and are left aside here.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use chrono::NaiveDate;

use super::archive::{Archive, Name};
use super::delimited::{Delimited, Layout};
use super::{ImportError, Release, Row, Validity};

const RRF: Layout = Layout { delimiter: b'|', quoted: false };

/// The term types that are other names of a concept: synonyms, tall man lettering, prescribable names, entry terms.
const OTHER_NAMES: [&str; 4] = ["SY", "TMSY", "PSN", "ET"];

/// Reads the zip archive as it is downloaded.
///
/// # Errors
///
/// If it cannot be read or lacks one of the two files, and as [`rxnorm_rrf`].
pub fn rxnorm_zip(archive: impl Read + Seek, released: NaiveDate) -> Result<Release, ImportError> {
    let mut archive = Archive::open(archive)?;
    // The full release has the prescribable part of it once more, in a folder of its own.
    let is = |wanted: &'static str| move |name: Name<'_>| name.own == wanted && !name.is_within("prescribe");
    let merged = archive.whole("RXNCUI.RRF", is("rxncui.rrf"))?;
    rxnorm_rrf(archive.member("RXNCONSO.RRF", is("rxnconso.rrf"))?, merged.as_slice(), released)
}

/// Reads the names, `RXNCONSO.RRF`, and the history of merged concepts, `RXNCUI.RRF`, which may be empty.
///
/// A concept is titled with RxNorm's own name; one that has none, but only names of other sources, is left out. One all of whose names are
/// obsolete, or that has none since it was merged into another, counts as ended on the day of the release.
///
/// # Errors
///
/// If a line is too short, or an identifier is not a number.
pub fn rxnorm_rrf(names: impl Read, merged: impl Read, released: NaiveDate) -> Result<Release, ImportError> {
    let mut concepts: BTreeMap<u64, Concept> = BTreeMap::new();
    let fields = [("RXCUI", 0), ("SAB", 11), ("TTY", 12), ("STR", 14), ("SUPPRESS", 16)];
    let mut file = Delimited::without_header(names, RRF, &fields);
    while let Some(line) = file.next()? {
        if line.text(1)? != "RXNORM" {
            continue;
        }
        let id = line.text(0)?.parse().map_err(|_| line.fault(0, "not a concept identifier"))?;
        let name = Concept {
            is_other_name: OTHER_NAMES.contains(&line.filled(2)?),
            is_obsolete: line.text(4)? == "O",
            name: line.filled(3)?.to_owned(),
        };
        match concepts.get(&id) {
            Some(known) if known.rank() <= name.rank() => {}
            _ => drop(concepts.insert(id, name)),
        }
    }
    released_with(concepts, merged_into(merged)?, released)
}

struct Concept {
    is_obsolete: bool,
    is_other_name: bool,
    name: String,
}

impl Concept {
    /// Names in use go before obsolete ones, proper names before other names.
    fn rank(&self) -> (bool, bool) {
        (self.is_obsolete, self.is_other_name)
    }
}

fn released_with(
    concepts: BTreeMap<u64, Concept>,
    mut merged: BTreeMap<u64, Vec<String>>,
    released: NaiveDate,
) -> Result<Release, ImportError> {
    let mut release = Release::default();
    for (id, concept) in concepts {
        let code = id.to_string();
        let replaced_by = merged.remove(&id).unwrap_or_default();
        // The history also has concepts that were merged and came back: a name in use says so.
        if concept.is_obsolete {
            release.validity.push(Validity { replaced_by, ..Validity::ended(&code, released) });
        }
        release.rows.push(Row { code, selectable: true, title: concept.name });
    }
    // What was merged away has no name left in the release, but is still known.
    for (id, replaced_by) in merged {
        let code = id.to_string();
        release.validity.push(Validity { replaced_by, ..Validity::ended(&code, released) });
        release.rows.push(Row { code, selectable: true, title: String::new() });
    }
    release.filled()
}

/// The concepts into which others were merged: first the identifier that is gone, last the one to use.
fn merged_into(merged: impl Read) -> Result<BTreeMap<u64, Vec<String>>, ImportError> {
    let mut found: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    let mut file = Delimited::without_header(merged, RRF, &[("CUI1", 0), ("CUI2", 4)]);
    while let Some(line) = file.next()? {
        let gone = line.text(0)?.parse().map_err(|_| line.fault(0, "not a concept identifier"))?;
        let kept = line.text(1)?;
        if !kept.is_empty() && kept.parse() != Ok(gone) {
            found.entry(gone).or_default().push(kept.to_owned());
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::archive::archive_of;
    use crate::import::survives_any_damage;

    const NAMES: &str = "\
        161|ENG||||||1|||161|RXNORM|SY|161|APAP||N|4096|\n\
        161|ENG||||||2|||161|RXNORM|IN|161|acetaminophen||N|4096|\n\
        161|ENG||||||3|||161|MTHSPL|SU|X|ACETAMINOPHEN||N||\n\
        9999|ENG||||||4|||9999|RXNORM|SCD|9999|an older \"drug\"||O||\n";
    const MERGED: &str = "104|2005_01|2006_01|1|161|\n161|2005_01|2006_01|1|161|\n161|2005_01|2006_01|1|7|\n9999|2005_01|2006_01|1|161|\n";

    fn read(names: &[u8], merged: &[u8]) -> Result<Release, ImportError> {
        rxnorm_rrf(names, merged, NaiveDate::from_ymd_opt(2026, 11, 2).unwrap())
    }

    #[test]
    fn concepts_have_their_own_names_and_merged_ones_their_successors() {
        let release = read(NAMES.as_bytes(), MERGED.as_bytes()).unwrap();
        let rows: Vec<_> = release.rows.iter().map(|row| (row.code.as_str(), row.title.as_str())).collect();
        assert_eq!(rows, [("161", "acetaminophen"), ("9999", "an older \"drug\""), ("104", "")]);
        let ended: Vec<_> =
            release.validity.iter().map(|ended| (ended.code.as_str(), ended.replaced_by.len())).collect();
        assert_eq!(ended, [("9999", 1), ("104", 1)], "161 has a name in use");
    }

    #[test]
    fn the_full_release_is_told_from_its_prescribable_part() {
        let members = [
            ("rrf/RXNCONSO.RRF", NAMES),
            ("rrf/RXNCUI.RRF", MERGED),
            ("prescribe/rrf/RXNCONSO.RRF", "damaged"),
            ("prescribe/rrf/RXNCUI.RRF", "damaged"),
        ];
        let released = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        assert_eq!(rxnorm_zip(archive_of(&members), released), read(NAMES.as_bytes(), MERGED.as_bytes()));
    }

    #[test]
    fn no_damage_stops_the_program() {
        survives_any_damage(NAMES.as_bytes(), |names| drop(read(names, MERGED.as_bytes())));
        survives_any_damage(MERGED.as_bytes(), |merged| drop(read(NAMES.as_bytes(), merged)));
    }
}
