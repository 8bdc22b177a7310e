#![doc = include_str!("../README.md")]

use std::sync::LazyLock;

use chartroom_codes::edits::Edits;
use chartroom_codes::notes::Notes;
use chartroom_codes::search::SearchIndex;
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

/// The notes of the latest edition: inclusion terms, what codes exclude, and what is coded with them.
#[allow(clippy::expect_used, reason = "the image is part of this crate, and its tests read the same bytes")]
pub fn notes() -> &'static Notes {
    static NOTES: LazyLock<Notes> =
        LazyLock::new(|| Notes::from_bytes(NOTES_IMAGE).expect("the shipped notes are whole"));
    &NOTES
}

/// The index to find codes by words: titles, inclusion terms and common abbreviations.
#[allow(clippy::expect_used, reason = "the image is part of this crate, and its tests read the same bytes")]
pub fn search_index() -> &'static SearchIndex {
    static INDEX: LazyLock<SearchIndex> = LazyLock::new(|| {
        SearchIndex::from_bytes(table().clone(), INDEX_IMAGE).expect("the shipped index is that of the table")
    });
    &INDEX
}

/// Checks the diagnoses of an encounter against one another, by the notes of the latest edition.
pub fn edits() -> Edits<'static> {
    Edits::new(table(), notes())
}

static NOTES_IMAGE: &[u8] = include_bytes!("../data/icd10cm.notes");
static INDEX_IMAGE: &[u8] = include_bytes!("../data/icd10cm.index");
static IMAGE: &[u8] = include_bytes!("../data/icd10cm.table");

#[cfg(test)]
mod tests {
    use chartroom_codes::edits::{EditKind, Patient, PatientRule, Sex};
    use chartroom_codes::notes::NoteKind;
    use chartroom_codes::search::Wanted;
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
        assert_eq!((table().size(), table().size_of_titles()), (1_817_684, 1_036_259));
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
            assert_eq!(
                found.standing,
                Standing::Retired { on: day(2025, 10, 1).unwrap(), replaced_by: Default::default() }
            );
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
        assert_eq!(found.edition.unwrap().label, "2026");
    }

    fn edits_of(codes: &[&str]) -> Vec<(EditKind, usize, Option<usize>, String)> {
        let found = edits().of(codes, day(2026, 4, 1), &Patient::default());
        found.into_iter().map(|edit| (edit.kind, edit.code, edit.other, edit.grounds.to_string())).collect()
    }

    fn kinds_of(codes: &[&str]) -> Vec<EditKind> {
        edits_of(codes).into_iter().map(|(kind, ..)| kind).collect()
    }

    #[test]
    fn codes_that_exclude_each_other_are_found_from_either_side() {
        let sides = (EditKind::Excludes1, 0, Some(1), "E11: Excludes1: type 1 diabetes mellitus (E10.-)".to_owned());
        assert_eq!(edits_of(&["E11.9", "E10.9"])[0], sides);
        let note = "J03: Excludes1: acute sore throat (J02.-)".to_owned();
        assert_eq!(edits_of(&["J02.9", "J03.90"])[0], (EditKind::Excludes1, 0, Some(1), note.clone()));
        assert_eq!(edits_of(&["J03.90", "J02.9"])[0], (EditKind::Excludes1, 0, Some(1), note));
        assert!(!kinds_of(&["E11.21", "N18.30"]).contains(&EditKind::Excludes1));
    }

    #[test]
    fn a_manifestation_stands_after_what_it_comes_from() {
        assert_eq!(kinds_of(&["F02.80", "G30.9"]), [EditKind::ManifestationFirst]);
        assert_eq!(kinds_of(&["F02.80"]), [EditKind::ManifestationFirst]);
        assert_eq!(kinds_of(&["I10", "F02.80", "G30.9"]), [EditKind::Sequence]);
        assert_eq!(kinds_of(&["G30.9", "F02.80"]), []);
        assert_eq!(kinds_of(&["I11.0"]), [EditKind::MissingCompanion]);
        assert_eq!(kinds_of(&["I11.0", "I50.9"]), []);
    }

    #[test]
    fn sides_and_duplicates() {
        assert_eq!(kinds_of(&["H25.11", "H25.12"]), [EditKind::Laterality]);
        assert_eq!(kinds_of(&["M17.0", "M17.11"]), [EditKind::Laterality]);
        assert_eq!(kinds_of(&["H25.11", "H25.10"]), [EditKind::Laterality]);
        assert_eq!(kinds_of(&["S72.001A", "S72.002A"]), [], "there is no code for both");
        assert_eq!(kinds_of(&["I10", "I10"]), [EditKind::Duplicate]);
    }

    #[test]
    fn codes_that_cannot_be_reported_that_day() {
        assert_eq!(kinds_of(&["E11", "S06.1X7D", "B88.0"]), [EditKind::Header, EditKind::NotListed, EditKind::Header]);
        let old = edits().of(&["E11.9", "E10.9"], day(2025, 4, 1), &Patient::default());
        assert_eq!(old.iter().map(|edit| edit.kind).collect::<Vec<_>>(), [EditKind::NotCovered]);
    }

    #[test]
    fn rules_on_patients_are_asked_only_where_they_are_brought() {
        let rule = PatientRule {
            citation: "a payer",
            from: day(2025, 10, 1).unwrap(),
            last: None,
            codes: &[("O00", "O9A")],
            ages: Some(9..=64),
            sex: Some(Sex::Female),
        };
        let patient = Patient { age: Some(70), sex: Some(Sex::Female) };
        let kinds = |edits: Edits<'_>, patient: &Patient| {
            edits.of(&["O80"], day(2026, 4, 1), patient).into_iter().map(|edit| edit.kind).collect::<Vec<_>>()
        };
        let rules = std::slice::from_ref(&rule);
        assert!(kinds(edits().with_rules(rules), &patient).contains(&EditKind::Age));
        assert!(!kinds(edits().with_rules(rules), &Patient::default()).contains(&EditKind::Age));
        assert!(!kinds(edits(), &patient).contains(&EditKind::Age));
        let other = Patient { age: None, sex: Some(Sex::Male) };
        assert!(kinds(edits().with_rules(rules), &other).contains(&EditKind::Sex));
    }

    #[test]
    fn notes_are_those_of_the_list() {
        let of = |code: &str, kind: NoteKind| notes().of(code).filter(|note| note.kind() == kind).count();
        assert_eq!(of("E11.65", NoteKind::Excludes1), 9);
        assert_eq!(notes().seventh_characters("S72.001")[0].0, 'A');
        assert_eq!(notes().seventh_characters("S72.001").len(), 16);
        let sequela = notes().seventh_characters("S06.0X0").pop();
        assert_eq!(sequela, Some(('S', "sequela".to_owned())));
        assert_eq!((notes().size(), search_index().size()), (NOTES_IMAGE.len(), INDEX_IMAGE.len()));
    }

    #[test]
    fn what_a_coder_means_is_found_first() {
        let wanted = Wanted { on: day(2026, 4, 1), ..Wanted::default() };
        for (typed, meant) in [
            ("heart attack", "I21.9"),
            ("copd", "J44.9"),
            ("uti", "N39.0"),
            ("type 2 diab", "E11.9"),
            ("e119", "E11.9"),
            ("htn", "I10"),
            ("pneumonia", "J18.9"),
            ("sepsis", "A41.9"),
            ("chronic kidney disease stage 4", "N18.4"),
            ("sezary", "C84.10"),
            ("type II diabetes", "E11.9"),
            ("breast cancer", "C50.919"),
            ("lung cancer", "C34.90"),
            ("asthma attack", "J45.901"),
            ("ear infection", "H66.90"),
            ("flu", "J11.1"),
            ("pinkeye", "H10.9"),
            ("lockjaw", "A35"),
            ("migraine", "G43.909"),
        ] {
            assert_eq!(search_index().search(typed, &wanted)[0].code, meant, "{typed}");
        }
        let hits = search_index().search("E11.", &Wanted { selectable: true, limit: 200, ..wanted });
        assert!(hits.len() > 50 && hits.iter().all(|hit| hit.code.starts_with("E11.") && hit.selectable));
    }
}
