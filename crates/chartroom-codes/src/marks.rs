//! A yes or no about each code of a table that changes from year to year, such as that a diagnosis is exempt from "present on
//! admission". One bit for each code and edition, used in place.
//!
//! # Format, version 1
//!
//! `CHRTMARK`, the version (`u16`), the lengths of three parts (`u32` each), then the parts: the fingerprint of the table (`u64`); the
//! editions (how many, one byte; then of each first day, last day, length of the label and label, as a code table has them); and for
//! each edition the bits, that of the table's first entry the lowest of the first byte.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::image::{Cursor, Form, InvalidImage, Parts, push_edition};
use crate::table::{BuildError, Edition, Table, in_order};

/// The codes of a table that are marked, edition by edition. Cloning it is cheap.
#[derive(Clone)]
pub struct Marks {
    table: Table,
    parts: Arc<Parts>,
    editions: Arc<[Edition]>,
}

const FORM: Form = Form { magic: b"CHRTMARK", what: "marks", parts: 3 };
const TABLE: usize = 0;
const EDITIONS: usize = 1;
const BITS: usize = 2;

impl Marks {
    /// Makes the image: for each edition of the list the codes that it names, written as FHIR writes them.
    ///
    /// # Errors
    ///
    /// [`BuildError::NotACode`] for a code that the table does not have, [`BuildError::Editions`] if the editions overlap or do not stand
    /// oldest first, and if there are too many of them.
    pub fn compile(table: &Table, editions: &[(Edition, Vec<String>)]) -> Result<Vec<u8>, BuildError> {
        let count = u8::try_from(editions.len()).map_err(|_| BuildError::TooManyEditions)?;
        if !in_order(editions.iter().map(|(edition, _)| edition)) {
            return Err(BuildError::Editions);
        }
        let (mut front, mut bits) = (vec![count], Vec::new());
        for (edition, codes) in editions {
            push_edition(&mut front, edition)?;
            let mut marked = vec![0u8; width(table)];
            for (row, code) in codes.iter().enumerate() {
                let index = table.get(code).map(|concept| concept.index());
                let byte = index.and_then(|index| Some((marked.get_mut(index / 8)?, index % 8)));
                let (byte, bit) = byte.ok_or_else(|| BuildError::NotACode { edition: edition.label.clone(), row })?;
                *byte |= 1 << bit;
            }
            bits.extend(marked);
        }
        FORM.write(&[table.fingerprint().to_le_bytes().to_vec(), front, bits])
    }

    /// Takes an image that [`compile`](Self::compile) made of this table.
    ///
    /// # Errors
    ///
    /// If it is not an image of a known version, its parts do not fit together, or it was made of another table.
    pub fn from_bytes(table: Table, bytes: impl Into<Cow<'static, [u8]>>) -> Result<Self, InvalidImage> {
        let parts = FORM.read(bytes.into())?;
        if parts.part(TABLE) != table.fingerprint().to_le_bytes() {
            return Err(InvalidImage::OtherTable { what: FORM.what });
        }
        let mut front = Cursor { bytes: parts.part(EDITIONS), at: 0 };
        let count = front.u8().ok_or(FORM.damaged())?;
        let editions: Option<Vec<Edition>> = (0..count).map(|_| front.edition()).collect();
        let editions = editions.filter(|editions| parts.part(BITS).len() == editions.len() * width(&table));
        Ok(Self { table, editions: editions.ok_or(FORM.damaged())?.into(), parts: Arc::new(parts) })
    }

    /// The editions of the list.
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }

    /// Whether a code is marked on a day. `None` if no edition of the list covers the day.
    pub fn is_marked(&self, code: &str, on: NaiveDate) -> Option<bool> {
        // The latest that has begun, as of a table: one without a last day serves until a later one begins.
        let edition = self.editions.iter().rposition(|edition| edition.from <= on)?;
        if self.editions.get(edition)?.last.is_some_and(|last| last < on) {
            return None;
        }
        let Some(concept) = self.table.get(code) else { return Some(false) };
        let byte = self.parts.part(BITS).get(edition * width(&self.table) + concept.index() / 8)?;
        Some(byte >> (concept.index() % 8) & 1 == 1)
    }
}

/// How many bytes one bit for each place of the table takes.
fn width(table: &Table) -> usize {
    table.places().div_ceil(8)
}

impl fmt::Debug for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Marks").field("system", &self.table.system()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Row, TableBuilder};

    fn table(codes: &[&str]) -> Table {
        let row = |code: &&str| Row { code: (*code).into(), selectable: true, title: "a title".into() };
        let edition = Edition { label: "2026".into(), from: "2025-10-01".parse().unwrap(), last: None };
        let builder = TableBuilder::new("urn:s", "S").edition(edition, codes.iter().map(row).collect());
        Table::from_bytes(builder.build().unwrap()).unwrap()
    }

    fn years() -> Vec<(Edition, Vec<String>)> {
        let year = |label: &str, from: &str, last: &str| Edition {
            label: label.into(),
            from: from.parse().unwrap(),
            last: last.parse().ok(),
        };
        let first = (year("2025", "2024-10-01", "2025-09-30"), vec!["A".to_owned(), "C".to_owned()]);
        vec![first, (year("2026", "2025-10-01", "2026-09-30"), vec!["B".to_owned()])]
    }

    #[test]
    fn each_edition_has_its_own() {
        let table = table(&["A", "B", "C", "D"]);
        let marks = Marks::from_bytes(table.clone(), Marks::compile(&table, &years()).unwrap()).unwrap();
        let on = |code: &str, day: &str| marks.is_marked(code, day.parse().unwrap());
        assert_eq!((on("A", "2025-01-01"), on("A", "2026-01-01")), (Some(true), Some(false)));
        assert_eq!((on("B", "2025-01-01"), on("B", "2026-01-01")), (Some(false), Some(true)));
        assert_eq!((on("E", "2026-01-01"), on("A", "2027-01-01")), (Some(false), None));
    }

    #[test]
    fn an_edition_without_a_last_day_serves_until_the_next_begins() {
        let table = table(&["A", "B", "C", "D"]);
        let mut years = years();
        years[0].0.last = None;
        let marks = Marks::from_bytes(table.clone(), Marks::compile(&table, &years).unwrap()).unwrap();
        let on = |code: &str, day: &str| marks.is_marked(code, day.parse().unwrap());
        assert_eq!((on("A", "2025-09-30"), on("B", "2025-09-30")), (Some(true), Some(false)));
        assert_eq!((on("A", "2026-01-01"), on("B", "2026-01-01")), (Some(false), Some(true)));
        years.reverse();
        assert_eq!(Marks::compile(&table, &years), Err(BuildError::Editions));
        years.reverse();
        years[0].0.last = "2025-10-01".parse().ok();
        assert_eq!(Marks::compile(&table, &years), Err(BuildError::Editions));
        years[0].0.last = "2024-09-30".parse().ok();
        assert_eq!(Marks::compile(&table, &years), Err(BuildError::Editions));
    }

    #[test]
    fn what_does_not_belong_to_the_table_is_refused() {
        let (one, other) = (table(&["A", "B", "C"]), table(&["A", "B", "C", "D", "E"]));
        let image = Marks::compile(&one, &years()).unwrap();
        let refused = Marks::from_bytes(other, image.clone()).err();
        assert_eq!(refused, Some(InvalidImage::OtherTable { what: "marks" }));
        assert!(Marks::from_bytes(one.clone(), image[..image.len() - 1].to_vec()).is_err());
        let stray = Marks::compile(&table(&["A"]), &years());
        assert_eq!(stray, Err(BuildError::NotACode { edition: "2025".into(), row: 1 }));
    }
}
