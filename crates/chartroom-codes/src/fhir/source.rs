//! A code system that the engine can ask, wherever its codes come from: a FHIR resource, a compiled table, a release of SNOMED CT, or
//! the grammar of UCUM.

mod resource;
mod snomed;
mod table;
#[cfg(feature = "units")]
mod units;

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::Value;

use super::Publication;
use super::code_system::{Content, Property};
use super::issue::Issue;
use super::terms::Term;
use super::value_set::Filter;

pub(super) use self::resource::standards_status;
pub(super) use self::snomed::{SnomedSource, implicit as implicit_snomed};
pub(super) use self::table::TableSource;
#[cfg(feature = "units")]
pub(super) use self::units::UnitSource;

/// Where a code stands in its system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place<'p> {
    /// Among the codes that the system lists.
    Listed(u32),
    /// Nowhere: the system has a grammar, and the code is written by it.
    Written(&'p str),
}

/// A filter of a value set that a system understands in its own way: whether a code passes, or why that cannot be told.
pub(super) type OwnTest<'s> = Box<dyn Fn(Place<'_>) -> Result<bool, Issue> + 's>;

/// What the engine asks of a code system. A question about a place that the system does not have is answered with nothing.
pub(super) trait Source: Send + Sync {
    fn publication(&self) -> &Publication;

    /// How much of the system is here.
    fn content(&self) -> Content {
        Content::Complete
    }

    /// Whether codes can be written by a grammar, so that they cannot all be listed.
    fn has_grammar(&self) -> bool {
        false
    }

    fn locate<'p>(&self, code: &'p str) -> Option<Place<'p>>;

    /// Whether a code can be written in several ways, as in a system that does not care for case.
    fn can_be_written_otherwise(&self) -> bool {
        false
    }

    /// The code as the system writes it.
    fn code<'p>(&'p self, at: Place<'p>) -> Cow<'p, str>;

    /// The texts of a code, its display first.
    fn terms<'s>(&'s self, at: Place<'_>) -> Vec<Term<'s>>;

    fn definition(&self, _at: Place<'_>) -> Option<&str> {
        None
    }

    fn extensions(&self, _at: Place<'_>) -> &[Value] {
        &[]
    }

    fn properties(&self, _at: Place<'_>) -> Vec<Cow<'_, Property>> {
        Vec::new()
    }

    /// The URI of a property, where the system states one.
    fn uri_of(&self, _property: &str) -> Option<&str> {
        None
    }

    /// Whether the system has a property.
    fn knows_property(&self, property: &str) -> bool;

    /// Whether the code is there to group others, and not to be recorded itself.
    fn is_abstract(&self, _at: Place<'_>) -> bool {
        false
    }

    fn is_inactive(&self, _at: Place<'_>) -> bool {
        false
    }

    /// The status that the system gives the code, if it gives one.
    fn status(&self, at: Place<'_>) -> Option<String> {
        self.is_inactive(at).then(|| "inactive".to_owned())
    }

    /// The codes directly above.
    fn parents(&self, _at: Place<'_>) -> Vec<Place<'static>> {
        Vec::new()
    }

    /// The codes directly below.
    fn children(&self, _at: Place<'_>) -> Vec<Place<'static>> {
        Vec::new()
    }

    /// Whether a code stands under another, or is it.
    fn is_a(&self, at: Place<'_>, ancestor: Place<'_>) -> bool;

    /// The code and all under it. `None` where [`is_a`](Self::is_a) is as fast.
    fn gather_under(&self, _at: Place<'_>) -> Option<HashSet<Place<'static>>> {
        None
    }

    /// The code and all above it. `None` where [`is_a`](Self::is_a) is as fast.
    fn gather_above(&self, _at: Place<'_>) -> Option<HashSet<Place<'static>>> {
        None
    }

    /// Every listed code, in the order in which they are shown.
    fn all(&self) -> Box<dyn Iterator<Item = Place<'static>> + '_>;

    /// The test for a filter that this system has a way of its own for.
    fn own_test<'s>(&'s self, _filter: &Filter) -> Option<Result<OwnTest<'s>, Issue>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fixture::{catalog, value_set};
    use super::super::{Catalog, Coding, Expansion, IssueKind, Options, Refusal, Subsumption};
    use crate::snomed::sample::{VERSION, id, number, snomed, text};
    use crate::snomed::{Concept, Snapshot, SnomedCt};
    use crate::system::{ICD_10_CM, SNOMED_CT};
    use crate::table::{Edition, Release, Row, Table, TableBuilder, Validity};

    fn codes(expansion: &Expansion) -> Vec<&str> {
        expansion.contains.iter().map(|contains| contains.code.as_str()).collect()
    }

    fn filter(property: &str, op: &str, value: &str) -> serde_json::Value {
        json!({ "property": property, "op": op, "value": value })
    }

    fn flat() -> Options {
        Options { exclude_nested: Some(true), ..Options::default() }
    }

    fn table() -> Table {
        let row =
            |code: &str, selectable: bool| Row { code: code.into(), selectable, title: format!("title of {code}") };
        let year = |label: &str, from: &str| Edition { label: label.into(), from: from.parse().unwrap(), last: None };
        let old = vec![row("A00", false), row("A000", true), row("B00", true)];
        let new = vec![row("A00", false), row("A000", false), row("A0001", true), row("A001", true), row("B01", true)];
        let ended =
            Validity { code: "B01".into(), from: None, until: "2025-10-01".parse().ok(), replaced_by: Vec::new() };
        let builder = TableBuilder::new(ICD_10_CM, "ICD-10-CM").dot_after(3);
        let builder = builder.edition(year("2025", "2024-10-01"), old);
        let planned =
            Validity { code: "A001".into(), from: "2030-01-01".parse().ok(), until: None, replaced_by: Vec::new() };
        let builder =
            builder.release(year("2026", "2025-10-01"), Release { rows: new, validity: vec![ended, planned] });
        Table::from_bytes(builder.build().unwrap()).unwrap()
    }

    fn with_table(filters: serde_json::Value) -> Catalog {
        let include = json!([{ "system": ICD_10_CM, "filter": filters }]);
        catalog(&[value_set("urn:set", include), value_set("urn:all", json!([{ "system": ICD_10_CM }]))])
            .with_table(&table())
    }

    #[test]
    fn a_value_set_takes_codes_from_a_compiled_table() {
        let catalog = with_table(json!([filter("concept", "is-a", "A00")]));
        let is_in = |code: &str, options: &Options| {
            catalog.validate_code("urn:set", Coding::new(ICD_10_CM, code), options).unwrap().is_valid
        };
        assert!(is_in("A00.01", &Options::default()) && is_in("A00", &Options::default()));
        assert!(!is_in("B01", &Options::default()) && !is_in("A00.02", &Options::default()));
        let selectable = Options { allow_abstract: Some(false), ..Options::default() };
        assert!(is_in("A00.01", &selectable) && !is_in("A00", &selectable), "a header is there to group others");
        assert_eq!(codes(&catalog.expand("urn:set", &flat()).unwrap()), ["A00", "A00.0", "A00.01", "A00.1"]);
        let nested = catalog.expand("urn:all", &Options::default()).unwrap();
        assert_eq!(codes(&nested), ["A00", "B01"]);
        assert_eq!(nested.contains[0].contains[0].contains[0].display.as_deref(), Some("title of A0001"));
        assert!(nested.contains[1].is_inactive && nested.contains[0].is_abstract);
    }

    #[test]
    fn each_edition_of_a_table_is_a_version() {
        let catalog = with_table(json!([filter("notSelectable", "=", "false")]));
        let lists = |version: Option<&str>, code: &str| {
            let coding = Coding { version: version.map(str::to_owned), ..Coding::new(ICD_10_CM, code) };
            catalog.validate_in_system(ICD_10_CM, coding, &Options::default()).unwrap()
        };
        assert!(lists(None, "A00.01").is_valid && !lists(None, "B00").is_valid);
        let of_old = catalog.validate_in_system(
            "http://hl7.org/fhir/sid/icd-10-cm|2025",
            Coding::new(ICD_10_CM, "B00"),
            &flat(),
        );
        assert!(of_old.unwrap().is_valid);
        let active = Options { active_only: Some(true), ..flat() };
        assert_eq!(
            codes(&catalog.expand("urn:set", &active).unwrap()),
            ["A00.01"],
            "A00.1 has not begun, B01 has ended"
        );
        assert_eq!(lists(Some("1999"), "A00").unknown_systems, ["http://hl7.org/fhir/sid/icd-10-cm|1999"]);
        assert_eq!(codes(&catalog.expand("urn:set", &flat()).unwrap()), ["A00.01", "A00.1", "B01"]);
        let options = Options::default();
        assert_eq!(catalog.subsumes(ICD_10_CM, None, "A00", "A00.01", &options).unwrap(), Subsumption::Subsumes);
        let found = catalog.lookup(ICD_10_CM, Some("2026"), "A00.0", &options).unwrap();
        assert_eq!(found.properties.iter().filter(|(code, ..)| code == "child").count(), 1);
        assert!(found.is_abstract && catalog.lookup(ICD_10_CM, Some("2025"), "A00.01", &options).is_err());
    }

    #[test]
    fn a_filter_that_a_table_cannot_apply_is_refused() {
        let refused = |filter: serde_json::Value| {
            let catalog = with_table(json!([filter]));
            let coding = Coding::new(ICD_10_CM, "A00");
            let ids = [
                catalog.validate_code("urn:set", coding, &Options::default()).unwrap_err().0.message_id,
                catalog.expand("urn:set", &Options::default()).unwrap_err().0.message_id,
            ];
            assert_eq!(ids[0], ids[1]);
            ids[0]
        };
        assert_eq!(refused(filter("STATUS", "=", "ACTIVE")), Some("FILTER_NOT_UNDERSTOOD"));
        assert_eq!(refused(filter("concept", "is-above", "A00")), Some("FILTER_NOT_UNDERSTOOD"));
    }

    fn with_snomed(filters: serde_json::Value) -> Catalog {
        let set = value_set("urn:set", json!([{ "system": SNOMED_CT, "filter": filters }]));
        catalog(&[set]).with_snomed(&snomed())
    }

    fn in_snomed(catalog: &Catalog, set: &str, code: &str) -> Result<bool, Refusal> {
        catalog.validate_code(set, Coding::new(SNOMED_CT, code), &Options::default()).map(|answer| answer.is_valid)
    }

    fn numbers(catalog: &Catalog, set: &str) -> Vec<u64> {
        let expansion = catalog.expand(set, &flat()).unwrap();
        codes(&expansion).into_iter().map(|code| number(code.parse().unwrap())).collect()
    }

    #[test]
    fn a_value_set_takes_concepts_and_expressions_of_snomed() {
        let catalog = with_snomed(json!([filter("constraint", "=", &text("< $2 : $10 = << $4"))]));
        assert_eq!(numbers(&catalog, "urn:set"), [20, 21, 22, 23, 34]);
        assert!(in_snomed(&catalog, "urn:set", &text("$21")).unwrap());
        assert!(!in_snomed(&catalog, "urn:set", &text("$24")).unwrap());
        assert!(in_snomed(&catalog, "urn:set", &text("$2 : $10 = $6")).unwrap());
        assert!(!in_snomed(&catalog, "urn:set", &text("$2 : $10 = $7")).unwrap());
        assert!(!in_snomed(&catalog, "urn:set", &text("$2 : $10 = $99")).unwrap(), "no code at all");
        let expansion = catalog.expand("urn:set", &Options::default()).unwrap();
        assert_eq!(expansion.is_unclosed.as_deref(), Some(""), "expressions belong to it");
        let code = text("$2 : $10 = $6");
        let shown = catalog.validate_code("urn:set", Coding::new(SNOMED_CT, &code), &Options::default()).unwrap();
        assert_eq!(shown.display, Some(text("$2|Ailment|:$10|Site|=$6|Wick|")));
        assert_eq!(shown.coding.unwrap().version.as_deref(), Some(VERSION));
    }

    #[test]
    fn a_concept_is_the_same_however_it_is_written() {
        let enumerated = json!({ "resourceType": "ValueSet", "url": "urn:enumerated", "compose": {
            "include": [{ "system": SNOMED_CT }],
            "exclude": [{ "system": SNOMED_CT, "concept": [{ "code": text("$21") }] }]
        } });
        let catalog = catalog(&[enumerated]).with_snomed(&snomed());
        let active = Options { active_only: Some(true), ..Options::default() };
        let is_valid = |code: &str, options: &Options| {
            catalog.validate_code("urn:enumerated", Coding::new(SNOMED_CT, text(code)), options).unwrap().is_valid
        };
        for code in ["$24", "$24|x|", "$24 |Base ailment|"] {
            assert!(is_valid(code, &active), "{code}");
        }
        for code in ["$30", "$30|x|", "$30 ", " $30", "<<< $30", "$30 : $11 = $9"] {
            assert!(!is_valid(code, &active), "{code}");
        }
        for code in ["$21", "$21|x|", "$21 |Cracked bulb|", "=== $21", "$21 "] {
            assert!(!is_valid(code, &Options::default()), "{code}");
        }
        let inactive =
            catalog.validate_code("urn:enumerated", Coding::new(SNOMED_CT, text("$30|x|")), &Options::default());
        let inactive = inactive.unwrap();
        assert!(inactive.is_inactive && inactive.normalized_code == Some(text("$30")));
        assert!(!inactive.message.unwrap().contains("case"));
    }

    #[test]
    fn a_list_by_a_constraint_takes_no_more_steps_than_lists_may() {
        let concepts = (1..=800).map(|number| Concept { id: id(number), ..Concept::default() }).collect();
        let is_a = (2..=800).map(|number| (id(number), id(number - 1))).collect();
        let chain = SnomedCt::new(VERSION, Snapshot { concepts, is_a, ..Snapshot::default() }).unwrap();
        let costly = filter("constraint", "=", &text("< (< ($1 MINUS $1))"));
        let catalog = catalog(&[value_set("urn:set", json!([{ "system": SNOMED_CT, "filter": [costly] }]))]);
        let refusal = catalog.with_snomed(&chain).expand("urn:set", &flat()).unwrap_err();
        assert_eq!(refusal.0.kind, IssueKind::TooCostly);
    }

    #[test]
    fn filters_of_snomed_name_what_is_there() {
        let is_a = with_snomed(json!([filter("concept", "is-a", &text("$24")), filter("expressions", "=", "false")]));
        assert_eq!(numbers(&is_a, "urn:set"), [24, 33]);
        assert!(!in_snomed(&is_a, "urn:set", &text("$24 : $11 = $9")).unwrap(), "it is an expression");
        assert_eq!(numbers(&with_snomed(json!([filter("concept", "in", &text("$31"))])), "urn:set"), [21, 24, 30]);
        assert_eq!(numbers(&with_snomed(json!([filter(&text("$11"), "=", &text("$9"))])), "urn:set"), [21, 34]);
        assert_eq!(numbers(&with_snomed(json!([filter("inactive", "=", "true")])), "urn:set"), [30]);
        for filter in [
            filter("concept", "is-a", &text("$99")),
            filter("concept", "in", &text("$20")),
            filter("concept", "in", &text("$32")),
            filter("constraint", "=", &text("<< $99")),
            filter("constraint", "=", &text("<< $20 <<")),
            filter("term", "=", "lamp"),
            filter(&text("$11"), "=", &text("$99")),
            filter("concept", "is-not-a", &text("$99")),
        ] {
            let catalog = with_snomed(json!([filter]));
            assert!(catalog.expand("urn:set", &Options::default()).is_err(), "{filter}");
            assert!(in_snomed(&catalog, "urn:set", &text("$20")).is_err(), "{filter}");
        }
    }

    #[test]
    fn what_a_constraint_cannot_judge_is_undecided() {
        let catalog = with_snomed(json!([filter("constraint", "=", &text("<! $34"))]));
        let code = text("$2 : { $10 = $5, $11 = $9 }");
        let answer = catalog.validate_code("urn:set", Coding::new(SNOMED_CT, code), &Options::default()).unwrap();
        assert!(!answer.is_valid && answer.is_undecided);
        assert!(answer.message.unwrap().contains("cannot be evaluated"));
    }

    #[test]
    fn value_sets_may_be_named_by_their_definition() {
        let catalog = with_snomed(json!([]));
        let named = |definition: &str| text(&format!("{SNOMED_CT}?fhir_vs{definition}"));
        assert_eq!(numbers(&catalog, &named("=isa/$24")), [24, 33]);
        assert_eq!(numbers(&catalog, &named("=refset/$31")), [21, 24, 30]);
        assert_eq!(numbers(&catalog, &named("=refset")).len(), 2);
        assert_eq!(numbers(&catalog, &named("=ecl/%3C%20$4%20OR%20$24")), [5, 6, 24]);
        assert_eq!(numbers(&catalog, &text(&format!("{VERSION}?fhir_vs=ecl/<$4"))), [5, 6]);
        assert_eq!(
            numbers(&catalog, &text("http://snomed.info/sct/9999999?fhir_vs=ecl/<$4")),
            [5, 6],
            "any day of the edition"
        );
        assert!(in_snomed(&catalog, &named(""), &text("$33")).unwrap());
        let id_of =
            |definition: &str| catalog.expand(&named(definition), &Options::default()).unwrap_err().0.message_id;
        for unknown in ["=isa/$99", "=refset/$20", "=isa/lamp", "=ecl/%zz", "=other/1", "X"] {
            assert_eq!(id_of(unknown), Some("Unable_to_resolve_value_Set_"), "{unknown}");
        }
        assert_eq!(id_of("=ecl/<"), Some("INVALID_ECL"));
        let importing = value_set("urn:importing", json!([{ "valueSet": [named("=isa/$24")] }]));
        let catalog = catalog.with(&importing).unwrap();
        assert!(in_snomed(&catalog, "urn:importing", &text("$33")).unwrap());
        assert_eq!(numbers(&catalog, "urn:importing"), [24, 33]);
    }

    #[test]
    fn subsumption_and_lookup_see_expressions() {
        let catalog = with_snomed(json!([]));
        let options = Options::default();
        let how = |a: &str, b: &str| catalog.subsumes(SNOMED_CT, None, &text(a), &text(b), &options).unwrap();
        assert_eq!(how("$20", "$33"), Subsumption::Subsumes);
        assert_eq!(how("$20", "$2 : $10 = $5"), Subsumption::Subsumes);
        let found = catalog.lookup(SNOMED_CT, None, &text("$21"), &options).unwrap();
        assert_eq!((found.display.as_deref(), found.designations.len()), (Some("Cracked bulb"), 2));
        assert!(found.properties.contains(&(id(11).to_string(), "valueCode".into(), json!(id(9).to_string()))));
    }

    #[cfg(feature = "units")]
    #[test]
    fn units_are_codes_that_cannot_be_listed() {
        use crate::system::UCUM;
        let masses = value_set("urn:masses", json!([{ "system": UCUM, "filter": [filter("canonical", "=", "g")] }]));
        let common = value_set("urn:common", json!([{ "system": UCUM, "concept": [{ "code": "mg/dL" }] }]));
        let catalog = catalog(&[masses, common, value_set("urn:all", json!([{ "system": UCUM }]))]).with_units();
        let is_in = |set: &str, code: &str| {
            catalog.validate_code(set, Coding::new(UCUM, code), &Options::default()).unwrap().is_valid
        };
        assert!(is_in("urn:masses", "kg") && !is_in("urn:masses", "mL") && !is_in("urn:masses", "kgXX"));
        assert!(is_in("urn:common", "mg/dL") && !is_in("urn:common", "g/dL"));
        assert!(is_in("urn:all", "ug/kg/min") && !is_in("urn:all", "mcg"));
        assert_eq!(codes(&catalog.expand("urn:common", &flat()).unwrap()), ["mg/dL"]);
        for set in ["urn:all", "urn:masses"] {
            let refusal = catalog.expand(set, &Options::default()).unwrap_err();
            assert_eq!(refusal.0.message_id, Some("CODESYSTEM_NOT_ENUMERABLE"));
        }
    }
}
