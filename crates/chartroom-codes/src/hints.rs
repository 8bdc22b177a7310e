//! What may have been meant by a code that cannot be used: the same code in another system, one that is spelled almost
//! so, or one of those under a header.

use chrono::NaiveDate;

use crate::terminology::{Standing, Terminology};

/// What may have been meant by a code that cannot be used on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint<'t> {
    /// The code can be used in another system: it was sent with the wrong URL, such as that of ICD-10 for ICD-10-CM.
    OtherSystem {
        /// The URL of that system.
        system: &'t str,
        /// The name of that system.
        name: &'t str,
    },
    /// Codes that are spelled almost so, or stand beside it.
    Near(Vec<String>),
    /// The code is a header. Codes under it that can be used.
    Under(Vec<String>),
    /// The code has ended. What takes its place, where the release says so.
    ReplacedBy(Vec<String>),
}

/// No more codes under a header are named than a person can choose from.
const MOST: usize = 50;

impl Terminology {
    /// What may have been meant by a code that cannot be used on a day; nothing for one that can. The system need not be loaded.
    ///
    /// ```
    /// # use chartroom_codes::table::{Edition, Row, Table, TableBuilder};
    /// use chartroom_codes::hints::Hint;
    /// use chartroom_codes::{Terminology, system};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let row = Row { code: "E119".into(), selectable: true, title: "Type 2 diabetes mellitus without complications".into() };
    /// # let edition = Edition { label: "2026".into(), from: chrono::NaiveDate::from_ymd_opt(2025, 10, 1).ok_or("date")?, last: None };
    /// # let image = TableBuilder::new(system::ICD_10_CM, "ICD-10-CM").dot_after(3).edition(edition, vec![row]).build()?;
    /// # let terminology = Terminology::builder().add(Table::from_bytes(image)?).build();
    /// let hints = terminology.hints(system::ICD_10, "E11.9", None);
    /// assert_eq!(hints, [Hint::OtherSystem { system: system::ICD_10_CM, name: "ICD-10-CM" }]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn hints(&self, system: &str, code: &str, on: Option<NaiveDate>) -> Vec<Hint<'_>> {
        let own = self.within_system(system, code, on);
        if own == Some(None) {
            return Vec::new();
        }
        let others = self.tables().iter().filter(|table| table.system() != system);
        let usable = others.filter(|table| table.lookup(code, on).standing == Standing::Active);
        let other_systems = usable.map(|table| Hint::OtherSystem { system: table.system(), name: table.name() });
        own.flatten().into_iter().chain(other_systems).collect()
    }

    /// The hint within the code's own system; `Some(None)` if it can be used as it stands.
    fn within_system(&self, system: &str, code: &str, on: Option<NaiveDate>) -> Option<Option<Hint<'_>>> {
        let table = self.table(system)?;
        let hint =
            |codes: Vec<String>, of: fn(Vec<String>) -> Hint<'static>| (!codes.is_empty()).then(|| Some(of(codes)));
        match table.lookup(code, on).standing {
            Standing::Active => Some(None),
            Standing::Header => {
                let under = table.edition_on(on).and_then(|edition| table.snapshot(edition));
                let codes = under.map(|edition| edition.usable_under(code, on)).unwrap_or_default();
                hint(codes.into_iter().take(MOST).collect(), Hint::Under)
            }
            Standing::Unknown { suggestions } => hint(suggestions.on(on).to_vec(), Hint::Near),
            Standing::Retired { replaced_by, .. } => hint(replaced_by.to_vec(), Hint::ReplacedBy),
            Standing::NotYet { .. } | Standing::Uncovered => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Edition, Release, Row, Table, TableBuilder, Validity};

    #[test]
    fn a_hint_names_what_can_be_used_on_the_day() {
        let row = |code: &str, selectable| Row { code: code.into(), selectable, title: "a title".into() };
        let days = |code: &str, from: Option<&str>, until: Option<&str>| {
            let day = |text: &str| text.parse().unwrap();
            Validity { code: code.into(), from: from.map(day), until: until.map(day), replaced_by: Vec::new() }
        };
        let rows = vec![row("A00", false), row("A001", true), row("A002", true), row("A003", true), row("A004", true)];
        let ended = days("A001", None, Some("2026-02-01"));
        let validity = vec![ended, days("A002", Some("2030-01-01"), None), days("A003", None, Some("2040-01-01"))];
        let edition = Edition { label: "2026".into(), from: "2026-01-01".parse().unwrap(), last: None };
        let builder = TableBuilder::new("urn:s", "S").dot_after(3).release(edition, Release { rows, validity });
        let terminology = Terminology::builder().add(Table::from_bytes(builder.build().unwrap()).unwrap()).build();
        let hints = |code: &str, on: &str| match terminology.hints("urn:s", code, on.parse().ok()).as_slice() {
            [Hint::Under(codes) | Hint::Near(codes)] => codes.join(" "),
            other => panic!("{other:?}"),
        };
        for code in ["A00", "A00.9"] {
            assert_eq!(hints(code, "2026-01-15"), "A00.1 A00.3 A00.4", "{code}");
            assert_eq!(hints(code, "2026-06-01"), "A00.3 A00.4", "{code}");
            assert_eq!(hints(code, "2031-06-01"), "A00.2 A00.3 A00.4", "{code}");
        }
        let table = terminology.table("urn:s").unwrap();
        assert_eq!(table.snapshot(0).unwrap().selectable_under("A00"), ["A00.1", "A00.3", "A00.4"]);
    }

    fn terminology() -> Terminology {
        let table = |system: &str, codes: &[(&str, bool)]| {
            let row = |(code, selectable): &(&str, bool)| Row {
                code: (*code).into(),
                selectable: *selectable,
                title: "a title".into(),
            };
            let edition = Edition { label: "2026".into(), from: "2025-10-01".parse().unwrap(), last: None };
            let builder = TableBuilder::new(system, "A system").dot_after(3);
            Table::from_bytes(builder.edition(edition, codes.iter().map(row).collect()).build().unwrap()).unwrap()
        };
        let first = table("urn:first", &[("E11", false), ("E116", false), ("E1165", true), ("E119", true)]);
        Terminology::builder().add(first).add(table("urn:second", &[("I10", true), ("E119", true)])).build()
    }

    #[test]
    fn each_kind_of_hint() {
        let terminology = terminology();
        let hints = |system: &str, code: &str| terminology.hints(system, code, None);
        let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
        let second = Hint::OtherSystem { system: "urn:second", name: "A system" };
        assert_eq!(hints("urn:first", "E11"), [Hint::Under(codes(&["E11.65", "E11.9"]))]);
        assert_eq!(hints("urn:first", "I10"), std::slice::from_ref(&second));
        assert_eq!(hints("urn:first", "E11.8"), [Hint::Near(codes(&["E11.9"]))]);
        assert_eq!(hints("urn:first", "E11.9"), []);
        assert_eq!(hints("urn:none", "I10"), [second]);
        assert_eq!(hints("urn:none", "what?"), []);
    }
}
