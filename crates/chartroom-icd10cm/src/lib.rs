#![doc = include_str!("../README.md")]

use std::sync::LazyLock;

use chartroom_codes::{Table, Terminology};

/// The compiled table of ICD-10-CM, with every edition that this crate ships.
#[allow(clippy::expect_used, reason = "the image is part of this crate, and its tests read the same bytes")]
pub fn table() -> &'static Table {
    static TABLE: LazyLock<Table> = LazyLock::new(|| Table::from_bytes(IMAGE).expect("the shipped table is whole"));
    &TABLE
}

/// A terminology that knows ICD-10-CM and nothing else.
pub fn terminology() -> Terminology {
    Terminology::builder().add(table().clone()).build()
}

static IMAGE: &[u8] = include_bytes!("../data/icd10cm.table");

#[cfg(test)]
mod tests {
    use chartroom_codes::{Standing, Validation, system};
    use chrono::NaiveDate;

    use super::*;

    fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(year, month, day)
    }

    fn standing(code: &'static str, on: Option<NaiveDate>) -> Standing<'static> {
        table().lookup(code, on).standing
    }

    #[test]
    fn the_editions_are_as_the_readme_says() {
        let count = |edition: usize| {
            let listings = table().concepts().filter_map(|concept| concept.in_edition(edition));
            listings.fold((0, 0), |(codes, billable), found| (codes + 1, billable + usize::from(found.selectable)))
        };
        let editions: Vec<_> = table().editions().iter().map(|edition| (edition.from, edition.last)).collect();
        assert_eq!(editions[0], (day(2021, 1, 1).unwrap(), day(2021, 9, 30)));
        assert_eq!(editions[1], (day(2024, 10, 1).unwrap(), day(2025, 9, 30)));
        assert_eq!(editions[2], (day(2025, 10, 1).unwrap(), day(2026, 9, 30)));
        assert_eq!([count(0), count(1), count(2)], [(95_358, 72_621), (97_584, 74_260), (98_186, 74_719)]);
        assert_eq!(table().len(), 98_477);
        assert_eq!(IMAGE.len(), 1_815_710);
    }

    #[test]
    fn standings_follow_the_day() {
        assert_eq!(standing("E11.9", day(2026, 4, 1)), Standing::Active);
        assert_eq!(standing("E11", day(2026, 4, 1)), Standing::Header);
        assert_eq!(standing("QA0.0101", day(2026, 4, 1)), Standing::Active);
        assert_eq!(standing("QA0.0101", day(2025, 9, 30)), Standing::NotYet { from: day(2025, 10, 1).unwrap() });
        assert_eq!(standing("B88.0", day(2025, 9, 30)), Standing::Active);
        assert_eq!(standing("B88.0", day(2025, 10, 1)), Standing::Header);
        assert_eq!(standing("E11.9", day(2023, 4, 1)), Standing::Uncovered);
        assert_eq!(standing("E11.9", day(2020, 12, 31)), Standing::Uncovered);
        assert_eq!(standing("E11.9", day(2026, 10, 1)), Standing::Uncovered);
    }

    #[test]
    fn a_code_of_an_older_edition_is_retired() {
        let last_year = |concept: &chartroom_codes::table::Concept<'_>| {
            concept.in_edition(1).is_some() && concept.in_edition(2).is_none()
        };
        let retired: Vec<String> = table().concepts().filter(last_year).map(|concept| concept.code()).collect();
        assert_eq!(retired.len(), 12);
        for code in &retired {
            let found = table().lookup(code, day(2026, 1, 1));
            assert_eq!(found.standing, Standing::Retired { on: day(2025, 10, 1).unwrap(), replaced_by: Vec::new() });
            assert!(found.display.is_some());
        }
    }

    #[test]
    fn phantom_codes_are_unknown() {
        for code in ["S06.1X7D", "S06.1X8S", "S06.2X7D"] {
            assert!(matches!(standing(code, None), Standing::Unknown { .. }), "{code}");
        }
        assert_eq!(standing("S06.1X7A", None), Standing::Active);
    }

    #[test]
    fn what_was_meant_is_suggested() {
        let suggested = |code: &'static str| match standing(code, None) {
            Standing::Unknown { suggestions } => suggestions.to_vec(),
            other => panic!("{code}: {other:?}"),
        };
        assert_eq!(suggested("e119"), ["E11.9"]);
        assert!(suggested("E11.99").contains(&"E11.9".to_owned()));
        assert!(suggested("1E1.9").contains(&"E11.9".to_owned()));
        assert!(suggested("").is_empty());
        assert!(suggested("nothing of the kind").is_empty());
    }

    #[test]
    fn headers_and_what_stands_under_them() {
        let children: Vec<String> = table().children("S03.0").iter().map(|child| child.code()).collect();
        assert_eq!(children, ["S03.00", "S03.01", "S03.02", "S03.03"]);
        assert_eq!(table().children("I10").len(), 0);
        let under: Vec<String> = table().children("T75.4").iter().map(|child| child.code()).collect();
        assert_eq!(under, ["T75.4XXA", "T75.4XXD", "T75.4XXS"]);
        assert_eq!(table().parent("S03.00XA").unwrap().code(), "S03.00");
    }

    #[test]
    fn a_system_that_is_not_loaded_is_never_wrong() {
        let terminology = terminology();
        assert_eq!(terminology.validate_code(system::LOINC, "4548-4", None), Validation::NotLoaded);
        let Validation::Usable(found) = terminology.validate_code(system::ICD_10_CM, "C84.10", day(2026, 4, 1)) else {
            panic!("C84.10 is a code");
        };
        assert_eq!(found.display.unwrap(), "Sézary disease, unspecified site");
        assert_eq!(found.edition.unwrap().label, "FY2026 (April 2026)");
    }
}
