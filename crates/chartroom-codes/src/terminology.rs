//! Dated answers: how does this code stand on that day.
//!
//! ```
//! # use chartroom_codes::table::{Edition, Row, Table, TableBuilder};
//! use chartroom_codes::{Standing, Terminology, Validation};
//! use chrono::NaiveDate;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let day = |year| NaiveDate::from_ymd_opt(year, 1, 1).ok_or("no such day");
//! # let row = |code: &str| Row { code: code.into(), selectable: true, title: format!("the colour {code}") };
//! # let edition = |label: &str, from| Edition { label: label.into(), from, last: None };
//! # let builder = TableBuilder::new("https://example.org/colours", "Colours");
//! # let builder = builder.edition(edition("first", day(2025)?), vec![row("BLUE"), row("PUCE")]);
//! # let image = builder.edition(edition("second", day(2026)?), vec![row("BLUE")]).build()?;
//! # let table = Table::from_bytes(image)?;
//! let terminology = Terminology::builder().add(table).build();
//!
//! let puce = |on| terminology.validate_code("https://example.org/colours", "PUCE", Some(on));
//! assert!(matches!(puce(day(2025)?), Validation::Usable(_)));
//! let Validation::Unusable(finding) = puce(day(2026)?) else { return Err("puce is retired".into()) };
//! assert_eq!(finding.standing, Standing::Retired { on: day(2026)?, replaced_by: Default::default() });
//!
//! // Nothing is wrong with a code of which nothing is known.
//! assert_eq!(terminology.validate_code("http://loinc.org", "4548-4", None), Validation::NotLoaded);
//! # Ok(())
//! # }
//! ```

use std::sync::Arc;

use chrono::NaiveDate;

use crate::table::{Concept, Edition, Successors, Suggestions, Table, Title};

/// An immutable set of code systems. Cloning it is cheap, and it can be shared by threads.
#[derive(Clone, Debug, Default)]
pub struct Terminology {
    tables: Arc<[Table]>,
    #[cfg(feature = "fhir")]
    catalog: crate::fhir::Catalog,
}

/// Collects the tables of a [`Terminology`].
#[derive(Debug, Default)]
pub struct TerminologyBuilder {
    tables: Vec<Table>,
    #[cfg(feature = "fhir")]
    catalog: crate::fhir::Catalog,
}

/// How a code stands on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Standing<'t> {
    /// Listed, and can be recorded as it stands.
    Active,
    /// Listed, but not to be recorded as it stands. Mostly it is too general to be billed, and a more specific code stands under it.
    Header,
    /// No longer listed, or listed as ended.
    Retired {
        /// The first day on which it is known not to be usable: that which the release names, or the start of the first edition
        /// without it.
        on: NaiveDate,
        /// The codes that take its place, where the release says so.
        replaced_by: Successors<'t>,
    },
    /// Not listed yet.
    NotYet {
        /// The first day on which it is known to be listed: the start of the first edition with it.
        from: NaiveDate,
    },
    /// Not listed by any edition.
    Unknown {
        /// What may have been meant.
        suggestions: Suggestions<'t>,
    },
    /// No edition covers the day, so there is no answer. The display is that of the latest edition with the code.
    Uncovered,
}

/// What a table knows of a code on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding<'t> {
    /// How the code stands.
    pub standing: Standing<'t>,
    /// The edition that answers, or `None` if none covers the day.
    pub edition: Option<&'t Edition>,
    /// The code's title in the edition that answers, else in the latest that lists it. `None` if none does.
    pub display: Option<Title<'t>>,
}

/// The answer to whether a code can be used on a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Validation<'t> {
    /// It can: its standing is [`Standing::Active`].
    Usable(Finding<'t>),
    /// It cannot, and the finding says why: it is a header, retired, not yet listed, or unknown.
    Unusable(Finding<'t>),
    /// Nothing can be said, because no edition covers the day: its standing is [`Standing::Uncovered`].
    NotCovered(Finding<'t>),
    /// The system is known from a FHIR resource, which has codes but no days.
    Undated(Undated),
    /// Nothing can be said, because the system is not loaded.
    NotLoaded,
}

/// How a code stands in a FHIR resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undated {
    /// Listed, and nothing is said against its use.
    Usable,
    /// Listed, and no longer in use: its status or its dates say so.
    Inactive,
    /// Listed to group others, and not to be recorded as it stands (`notSelectable`).
    Abstract,
    /// Not listed.
    Unlisted,
}

impl Terminology {
    /// Starts with no code system.
    pub fn builder() -> TerminologyBuilder {
        TerminologyBuilder::default()
    }

    /// The loaded tables, in the order in which they were added.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The table of a system, by its URL.
    #[inline]
    pub fn table(&self, system: &str) -> Option<&Table> {
        self.tables.iter().find(|table| same(table.system(), system))
    }

    /// What is known of a code on a day; without a day, on the first of the latest edition. `None` if the system is not loaded.
    ///
    /// The code must be written exactly as FHIR writes it. [`parse_typed`](Self::parse_typed) is kinder.
    #[inline]
    pub fn lookup<'t>(&'t self, system: &str, code: &'t str, on: Option<NaiveDate>) -> Option<Finding<'t>> {
        self.table(system).map(|table| table.lookup(code, on))
    }

    /// Whether a code can be used on a day; without a day, on the first of the latest edition.
    ///
    /// The code must be written exactly as FHIR writes it. [`parse_typed`](Self::parse_typed) is kinder.
    #[inline]
    pub fn validate_code<'t>(&'t self, system: &str, code: &'t str, on: Option<NaiveDate>) -> Validation<'t> {
        match self.lookup(system, code, on) {
            Some(finding) => Validation::of(finding),
            None => self.undated(system, code),
        }
    }

    /// The FHIR resources that answer where there is no table.
    #[cfg(feature = "fhir")]
    pub fn catalog(&self) -> &crate::fhir::Catalog {
        &self.catalog
    }

    /// What the FHIR resources say of a code of a system without a table.
    #[inline(never)]
    fn undated(&self, system: &str, code: &str) -> Validation<'_> {
        #[cfg(feature = "fhir")]
        if let Some(standing) = self.catalog.standing(system, code) {
            return Validation::Undated(standing);
        }
        let _ = (system, code);
        Validation::NotLoaded
    }

    /// As [`validate_code`](Self::validate_code), of a code as a person may type it: with blanks around it, in small letters, without its dot.
    #[inline]
    pub fn validate_typed<'t>(&'t self, system: &str, typed: &'t str, on: Option<NaiveDate>) -> Validation<'t> {
        match self.table(system) {
            Some(table) => Validation::of(table.lookup_typed(typed, on)),
            None => self.undated(system, typed),
        }
    }

    /// A code as a person may type it, as FHIR writes it. `None` if the system is not loaded or does not list it.
    pub fn parse_typed(&self, system: &str, typed: &str) -> Option<String> {
        self.table(system)?.parse_typed(typed)
    }
}

/// Whether two short texts are the same, without the call that comparing them otherwise is.
#[inline(always)]
fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let (Some(end), Some(other_end)) = (one.last_chunk::<16>(), other.last_chunk()) else { return one == other };
    one.len() == other.len()
        && end == other_end
        && one.as_chunks::<16>().0.iter().zip(other.as_chunks().0).all(|(one, other)| one == other)
}

impl<'t> Validation<'t> {
    #[inline(always)]
    fn of(finding: Finding<'t>) -> Self {
        match finding.standing {
            Standing::Active => Self::Usable(finding),
            Standing::Uncovered => Self::NotCovered(finding),
            _ => Self::Unusable(finding),
        }
    }
}

impl TerminologyBuilder {
    /// Adds a table. It takes the place of an earlier one of the same system.
    #[must_use]
    #[allow(clippy::should_implement_trait, reason = "tables are added to a set, not summed")]
    pub fn add(mut self, table: Table) -> Self {
        self.tables.retain(|earlier| earlier.system() != table.system());
        self.tables.push(table);
        self
    }

    /// Has FHIR resources answer for the systems that have no table.
    #[cfg(feature = "fhir")]
    #[must_use]
    pub fn catalog(mut self, catalog: crate::fhir::Catalog) -> Self {
        self.catalog = catalog;
        self
    }

    /// The set of all tables added. The FHIR resources can ask them too, so that a value set may take codes from a table.
    pub fn build(self) -> Terminology {
        Terminology {
            #[cfg(feature = "fhir")]
            catalog: self.tables.iter().fold(self.catalog, |catalog, table| catalog.with_table(table)),
            tables: self.tables.into(),
        }
    }
}

impl Table {
    /// What is known of a code on a day; without a day, on the first of the latest edition.
    #[inline]
    pub fn lookup<'t>(&'t self, code: &'t str, on: Option<NaiveDate>) -> Finding<'t> {
        self.found(self.exact(code.as_bytes()), code, on)
    }

    /// As [`lookup`](Self::lookup), of a code as a person may type it: with blanks around it, in small letters, without its dot.
    #[inline]
    pub fn lookup_typed<'t>(&'t self, typed: &'t str, on: Option<NaiveDate>) -> Finding<'t> {
        match self.usually_typed(typed) {
            Some(concept) => self.found(concept, typed, on),
            None => self.lookup_loosely_typed(typed, on),
        }
    }

    #[inline(never)]
    fn lookup_loosely_typed<'t>(&'t self, typed: &'t str, on: Option<NaiveDate>) -> Finding<'t> {
        self.found(self.get_typed(typed), typed, on)
    }

    #[inline(always)]
    fn found<'t>(&'t self, concept: Option<Concept<'t>>, code: &'t str, on: Option<NaiveDate>) -> Finding<'t> {
        let Some(edition) = self.edition_on(on) else { return self.not_covered(concept.map(Concept::index)) };
        let Some(concept) = concept else {
            let suggestions = Suggestions::new(self, code, edition).on(on);
            let standing = Standing::Unknown { suggestions };
            return Finding { standing, edition: self.editions().get(edition), display: None };
        };
        match concept.in_edition(edition) {
            Some(listing) if !listing.dated => Finding {
                standing: if listing.selectable { Standing::Active } else { Standing::Header },
                edition: self.editions().get(edition),
                display: Some(listing.title),
            },
            Some(_) => self.on_its_own_days(concept.index(), edition, on),
            None => self.not_listed(code, concept.index(), edition, on),
        }
    }

    /// What is known of a listed code that has days of its own. Without a day, the first of the edition counts.
    #[inline(never)]
    fn on_its_own_days<'t>(&'t self, place: usize, edition: usize, on: Option<NaiveDate>) -> Finding<'t> {
        let concept = self.concept_at(place);
        let listing = concept.and_then(|concept| concept.in_edition(edition));
        let days = concept.and_then(|concept| concept.days(edition));
        let edition = self.editions().get(edition);
        let day = on.or(edition.map(|edition| edition.from));
        let standing = match days.zip(day) {
            Some(((Some(from), ..), day)) if day < from => Standing::NotYet { from },
            Some(((_, Some(until), replaced_by), day)) if until <= day => Standing::Retired { on: until, replaced_by },
            _ => Standing::Active,
        };
        Finding { standing, edition, display: listing.map(|listing| listing.title) }
    }

    /// What is known on a day without an edition. Kept apart, as what follows, so that the common cases stay small.
    #[inline(never)]
    fn not_covered(&self, place: Option<usize>) -> Finding<'_> {
        let concept = place.and_then(|place| self.concept_at(place));
        let display = concept.and_then(Concept::latest).map(|listing| listing.title);
        Finding { standing: Standing::Uncovered, edition: None, display }
    }

    /// What is known of a code of another edition.
    #[inline(never)]
    fn not_listed<'t>(&'t self, code: &'t str, place: usize, edition: usize, on: Option<NaiveDate>) -> Finding<'t> {
        let concept = self.concept_at(place);
        Finding {
            standing: self.unlisted(code, concept, edition, on),
            edition: self.editions().get(edition),
            display: concept.and_then(Concept::latest).map(|listing| listing.title),
        }
    }

    /// How a known code stands that the edition does not list.
    fn unlisted<'t>(
        &'t self,
        code: &'t str,
        known: Option<Concept<'t>>,
        edition: usize,
        on: Option<NaiveDate>,
    ) -> Standing<'t> {
        let day = |edition: usize| self.editions().get(edition).map(|edition| edition.from);
        let lists = |edition: &usize| known.is_some_and(|known| known.in_edition(*edition).is_some());
        if let Some(on) = (0..edition).rev().find(lists).and_then(|last| day(last + 1)) {
            return Standing::Retired { on, replaced_by: Successors::default() };
        }
        match (edition + 1..self.editions().len()).find(lists).and_then(day) {
            Some(from) => Standing::NotYet { from },
            None => Standing::Unknown { suggestions: Suggestions::new(self, code, edition).on(on) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Release, Row, TableBuilder, Validity};

    const SYSTEM: &str = "urn:system";

    fn day(text: &str) -> Option<NaiveDate> {
        Some(text.parse().unwrap())
    }

    /// 2020: A, B, D. 2021: nothing known. 2022: A (header now), A1, C. From 2023: A (header), A1, B, C.
    fn terminology() -> Terminology {
        let row = |code: &str, selectable| Row { code: code.into(), selectable, title: format!("title of {code}") };
        let rows = |codes: &[&str]| codes.iter().map(|code| row(code, true)).collect::<Vec<_>>();
        let edition = |label: &str, from: &str, last: Option<&str>| Edition {
            label: label.into(),
            from: from.parse().unwrap(),
            last: last.map(|last| last.parse().unwrap()),
        };
        let later = |mut codes: Vec<Row>| {
            codes.push(row("A", false));
            codes
        };
        let image = TableBuilder::new(SYSTEM, "System")
            .edition(edition("2020", "2020-01-01", Some("2020-12-31")), rows(&["A", "B", "D"]))
            .edition(edition("2022", "2022-01-01", None), later(rows(&["A1", "C"])))
            .edition(edition("2023", "2023-01-01", None), later(rows(&["A1", "B", "C"])))
            .build()
            .unwrap();
        Terminology::builder().add(Table::from_bytes(image).unwrap()).build()
    }

    #[test]
    fn every_standing() {
        let terminology = terminology();
        let standing = |code, on: &str| terminology.lookup(SYSTEM, code, day(on)).unwrap().standing;
        let retired = |on: &str| Standing::Retired { on: on.parse().unwrap(), replaced_by: Successors::default() };
        assert_eq!(standing("A", "2020-06-01"), Standing::Active);
        assert_eq!(standing("A", "2022-06-01"), Standing::Header);
        assert_eq!(standing("B", "2022-06-01"), retired("2022-01-01"));
        assert_eq!(standing("B", "2024-06-01"), Standing::Active);
        assert_eq!(standing("D", "2024-06-01"), retired("2022-01-01"));
        assert_eq!(standing("C", "2020-06-01"), Standing::NotYet { from: "2022-01-01".parse().unwrap() });
        assert_eq!(standing("A", "2021-06-01"), Standing::Uncovered);
        assert_eq!(standing("A", "2019-12-31"), Standing::Uncovered);
        assert!(matches!(standing("AB", "2024-06-01"), Standing::Unknown { .. }));
    }

    #[test]
    fn a_code_may_have_days_of_its_own() {
        let days = |from: Option<&str>, until: Option<&str>| Validity {
            code: "A".into(),
            from: from.and_then(day),
            until: until.and_then(day),
            replaced_by: vec!["B".into()],
        };
        let standing = |validity: Validity, on: Option<&str>| {
            let row = |code: &str| Row { code: code.into(), selectable: true, title: "a title".into() };
            let edition = Edition { label: "2025".into(), from: "2025-01-01".parse().unwrap(), last: None };
            let release = Release { rows: vec![row("A"), row("B")], validity: vec![validity] };
            let image = TableBuilder::new(SYSTEM, "System").release(edition, release).build().unwrap();
            let table = Table::from_bytes(image).unwrap();
            match table.lookup("A", on.and_then(day)).standing {
                Standing::Active => "active".to_owned(),
                Standing::NotYet { from } => format!("not before {from}"),
                Standing::Retired { on, replaced_by } => format!("ended {on}, see {}", replaced_by.to_vec().join(" ")),
                other => panic!("{other:?}"),
            }
        };
        let ended = || days(Some("2025-02-01"), Some("2025-03-01"));
        assert_eq!(standing(ended(), Some("2025-01-31")), "not before 2025-02-01");
        assert_eq!(standing(ended(), Some("2025-02-01")), "active");
        assert_eq!(standing(ended(), Some("2025-03-01")), "ended 2025-03-01, see B");
        assert_eq!(standing(days(None, Some("2025-01-01")), None), "ended 2025-01-01, see B");
        assert_eq!(standing(days(None, Some("2025-01-02")), None), "active");
    }

    #[test]
    fn what_a_release_says_of_days_counts_in_its_own_edition() {
        let edition =
            |label: &str, from: &str| Edition { label: label.into(), from: from.parse().unwrap(), last: None };
        let row = || Row { code: "A".into(), selectable: true, title: "a title".into() };
        let ended = |until: &str| Validity { code: "A".into(), from: None, until: day(until), replaced_by: vec![] };
        let release = |days: Option<Validity>| Release { rows: vec![row()], validity: days.into_iter().collect() };
        let image = TableBuilder::new(SYSTEM, "System")
            .release(edition("1", "2024-01-01"), release(Some(ended("2024-01-01"))))
            .release(edition("2", "2025-01-01"), release(Some(ended("2025-01-01"))))
            .release(edition("3", "2026-01-01"), release(None))
            .build();
        let table = Table::from_bytes(image.unwrap()).unwrap();
        let standing = |on: &str| table.lookup("A", day(on)).standing;
        assert!(matches!(standing("2024-06-01"), Standing::Retired { .. }), "ended in the first release too");
        assert!(matches!(standing("2025-06-01"), Standing::Retired { .. }));
        assert_eq!(standing("2026-06-01"), Standing::Active, "taken up again");
        assert_eq!(table.get("A").unwrap().validity(), None);
    }

    #[test]
    fn a_finding_has_display_and_edition() {
        let terminology = terminology();
        let found = terminology.lookup(SYSTEM, "D", None).unwrap();
        assert_eq!(found.display.unwrap(), "title of D");
        assert_eq!(found.edition.unwrap().label, "2023");
        let uncovered = terminology.lookup(SYSTEM, "D", day("2021-01-01")).unwrap();
        assert_eq!((uncovered.display.unwrap().to_string().as_str(), uncovered.edition), ("title of D", None));
    }

    #[test]
    fn validation_tells_wrong_from_not_known() {
        let terminology = terminology();
        let validation = |code, on: &str| terminology.validate_code(SYSTEM, code, day(on));
        assert!(matches!(validation("A", "2020-06-01"), Validation::Usable(_)));
        assert!(matches!(validation("A", "2022-06-01"), Validation::Unusable(_)));
        assert!(matches!(validation("A", "2021-06-01"), Validation::NotCovered(_)));
        assert_eq!(terminology.validate_code("urn:other", "A", None), Validation::NotLoaded);
        assert!(terminology.lookup("urn:other", "A", None).is_none());
    }

    #[test]
    fn suggestions_are_usable_that_day_and_not_printed_with_what_was_asked() {
        let terminology = terminology();
        let Standing::Unknown { suggestions } = terminology.lookup(SYSTEM, "a1", None).unwrap().standing else {
            panic!("a1 is no code");
        };
        assert_eq!(suggestions.to_vec(), ["A1"]);
        assert!(!format!("{suggestions:?}").contains("a1"));
    }

    #[test]
    fn a_later_table_of_a_system_takes_the_place_of_the_earlier() {
        let terminology = terminology();
        let table = terminology.table(SYSTEM).unwrap();
        let both = Terminology::builder().add(table.clone()).add(table.clone()).build();
        assert_eq!(both.tables().len(), 1);
    }
}
