//! What a new edition changes, and which stored codes it leaves behind.
//!
//! ```
//! # use chartroom_codes::table::{Edition, Row, Table, TableBuilder};
//! use chartroom_codes::compare::{compare, impact};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let day = |year| chrono::NaiveDate::from_ymd_opt(year, 10, 1).ok_or("no such day");
//! # let row = |code: &str, selectable| Row { code: code.into(), selectable, title: code.into() };
//! # let edition = |label: &str, from| Edition { label: label.into(), from, last: None };
//! # let builder = TableBuilder::new("urn:s", "S").dot_after(3).edition(edition("2025", day(2024)?), vec![row("D71", true)]);
//! # let second = vec![row("D71", false), row("D711", true), row("D719", true)];
//! # let table = Table::from_bytes(builder.edition(edition("2026", day(2025)?), second).build()?)?;
//! let (old, new) = table.snapshot(0).zip(table.snapshot(1)).ok_or("two editions")?;
//! let changes = compare(old, new);
//! assert_eq!(changes.split[0].code, "D71");
//! assert_eq!(changes.split[0].into, ["D71.1", "D71.9"]);
//!
//! let affected = impact([("D71", day(2024)?)], new, |_| Vec::new());
//! assert_eq!(affected[0].replacements, ["D71.1", "D71.9"]);
//! # Ok(())
//! # }
//! ```

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::table::{Concept, Edition, Table};
use crate::terminology::Standing;

/// One edition of a table.
#[derive(Clone, Copy, Debug)]
pub struct Snapshot<'t> {
    table: &'t Table,
    edition: usize,
}

/// What differs between two editions, each list in the order of the codes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Codes and headers that only the new edition lists.
    pub added: Vec<String>,
    /// Codes and headers that only the old edition lists.
    pub removed: Vec<String>,
    /// Those with another title.
    pub revised: Vec<Revision>,
    /// Codes that have become headers.
    pub split: Vec<Split>,
    /// Headers that have become codes.
    pub joined: Vec<String>,
}

/// A code with another title than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision {
    /// The code.
    pub code: String,
    /// Its old title.
    pub old: String,
    /// Its new title.
    pub new: String,
}

/// A code that has become a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The code.
    pub code: String,
    /// The codes that stand under it now.
    pub into: Vec<String>,
}

/// A stored code that the new edition leaves behind.
#[derive(Clone, Debug, PartialEq)]
pub struct Affected<'c> {
    /// The code, and the day that it was stored with.
    pub code: &'c str,
    /// That day.
    pub on: NaiveDate,
    /// What has become of it.
    pub fate: Fate,
    /// The codes that can take its place; which of them is right, the chart says. Empty if neither the release nor a map names any.
    pub replacements: Vec<String>,
}

/// What has become of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// More specific codes stand under it now.
    Split,
    /// It is no longer listed, or listed as ended.
    Removed,
}

impl Table {
    /// One of its editions, by the index in [`editions`](Self::editions).
    pub fn snapshot(&self, edition: usize) -> Option<Snapshot<'_>> {
        (edition < self.editions().len()).then_some(Snapshot { table: self, edition })
    }
}

impl<'t> Snapshot<'t> {
    /// The edition.
    pub fn edition(self) -> Option<&'t Edition> {
        self.table.editions().get(self.edition)
    }

    /// Each code and header that it lists, with whether it can be recorded and its title.
    fn listings(self) -> BTreeMap<String, (bool, String)> {
        let listed = |concept: Concept<'t>| {
            let listing = concept.in_edition(self.edition)?;
            Some((concept.code(), (listing.selectable, listing.title.to_string())))
        };
        self.table.concepts().filter_map(listed).collect()
    }

    /// The codes under a header that can be recorded on the first day of the edition, in the order of the alphabet.
    pub fn selectable_under(self, header: &str) -> Vec<String> {
        self.usable_under(header, self.edition().map(|edition| edition.from))
    }

    /// The codes under a header that can be recorded on a day of the edition, in the order of the alphabet.
    pub(crate) fn usable_under(self, header: &str, on: Option<NaiveDate>) -> Vec<String> {
        let mut found = Vec::new();
        self.gather(header, on, &mut found);
        found
    }

    fn gather(self, header: &str, on: Option<NaiveDate>, found: &mut Vec<String>) {
        for child in self.table.children(header) {
            let code = child.code();
            match child.in_edition(self.edition) {
                Some(listing) if listing.selectable => {
                    let is_usable = !listing.dated || self.table.lookup(&code, on).standing == Standing::Active;
                    found.extend(is_usable.then_some(code));
                }
                _ => self.gather(&code, on, found),
            }
        }
    }
}

/// What a new edition changes. Both may be of one table, or of two tables of the same system.
pub fn compare(old: Snapshot<'_>, new: Snapshot<'_>) -> Changes {
    let (before, after) = (old.listings(), new.listings());
    let mut changes = Changes::default();
    for (code, (was_selectable, old_title)) in &before {
        let Some((is_selectable, new_title)) = after.get(code) else {
            changes.removed.push(code.clone());
            continue;
        };
        if old_title != new_title {
            let (old, new) = (old_title.clone(), new_title.clone());
            changes.revised.push(Revision { code: code.clone(), old, new });
        }
        match (was_selectable, is_selectable) {
            (true, false) => changes.split.push(Split { code: code.clone(), into: new.selectable_under(code) }),
            (false, true) => changes.joined.push(code.clone()),
            _ => {}
        }
    }
    changes.added.extend(after.keys().filter(|code| !before.contains_key(*code)).cloned());
    changes
}

/// Which stored codes the new edition leaves behind, of those that could be used on their own day. What takes the place of a code comes
/// from the release itself if it says so, else from `map`, a map of the user's own.
///
/// A code on a day that the table does not cover counts as having been usable: better looked at once more than lost.
pub fn impact<'c>(
    codes: impl IntoIterator<Item = (&'c str, NaiveDate)>,
    new: Snapshot<'_>,
    map: impl Fn(&str) -> Vec<String>,
) -> Vec<Affected<'c>> {
    let Some(edition) = new.edition() else { return Vec::new() };
    let affected = codes.into_iter().filter_map(|(code, on)| {
        let then = new.table.lookup(code, Some(on)).standing;
        let usable = matches!(then, Standing::Active | Standing::Uncovered);
        let (fate, named) = match new.table.lookup(code, Some(edition.from)).standing {
            Standing::Header if usable => (Fate::Split, new.selectable_under(code)),
            Standing::Retired { replaced_by, .. } if usable => (Fate::Removed, replaced_by.to_vec()),
            Standing::Unknown { .. } if usable => (Fate::Removed, Vec::new()),
            _ => return None,
        };
        let replacements = if named.is_empty() { map(code) } else { named };
        Some(Affected { code, on, fate, replacements })
    });
    affected.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Row, TableBuilder};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn table() -> Table {
        let row = |(code, selectable, title): &(&str, bool, &str)| Row {
            code: (*code).into(),
            selectable: *selectable,
            title: (*title).into(),
        };
        let edition = |label: &str, from: &str| Edition { label: label.into(), from: day(from), last: None };
        let old =
            [("A00", true, "a"), ("A01", true, "b"), ("A02", true, "c"), ("A03", false, "d"), ("A030", true, "e")];
        let new =
            [("A00", true, "a"), ("A01", false, "b"), ("A010", false, "f"), ("A0101", true, "g"), ("A03", true, "D")];
        let builder = TableBuilder::new("urn:s", "S").dot_after(3);
        let builder = builder.edition(edition("old", "2025-01-01"), old.iter().map(row).collect());
        let builder = builder.edition(edition("new", "2026-01-01"), new.iter().map(row).collect());
        Table::from_bytes(builder.build().unwrap()).unwrap()
    }

    #[test]
    fn every_kind_of_change() {
        let table = table();
        let changes = compare(table.snapshot(0).unwrap(), table.snapshot(1).unwrap());
        assert_eq!(changes.added, ["A01.0", "A01.01"]);
        assert_eq!(changes.removed, ["A02", "A03.0"]);
        assert_eq!(changes.revised, [Revision { code: "A03".into(), old: "d".into(), new: "D".into() }]);
        assert_eq!(changes.split, [Split { code: "A01".into(), into: vec!["A01.01".into()] }]);
        assert_eq!(changes.joined, ["A03"]);
        assert_eq!(compare(table.snapshot(1).unwrap(), table.snapshot(1).unwrap()), Changes::default());
        assert!(table.snapshot(2).is_none());
    }

    #[test]
    fn only_codes_that_were_usable_and_are_not_any_more() {
        let table = table();
        let map = |code: &str| if code == "A02" { vec!["A00".to_owned()] } else { Vec::new() };
        let stored = ["A00", "A01", "A02", "A03", "A03.0", "nothing"].map(|code| (code, day("2025-06-01")));
        let affected = impact(stored, table.snapshot(1).unwrap(), map);
        let found: Vec<_> =
            affected.iter().map(|found| (found.code, found.fate, found.replacements.join(" "))).collect();
        let wanted = [
            ("A01", Fate::Split, "A01.01".to_owned()),
            ("A02", Fate::Removed, "A00".to_owned()),
            ("A03.0", Fate::Removed, String::new()),
        ];
        assert_eq!(found, wanted);
        let later = impact([("A02", day("2026-06-01"))], table.snapshot(1).unwrap(), map);
        assert_eq!(later, [], "it was not usable then");
        let before = impact([("Z99", day("2020-06-01"))], table.snapshot(1).unwrap(), map);
        assert_eq!(before[0].fate, Fate::Removed, "nobody knows that it was wrong then");
    }
}
