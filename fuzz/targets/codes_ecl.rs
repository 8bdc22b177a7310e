//! Any text as a constraint on SNOMED CT and as an expression, judged by a small release.

#![no_main]

use std::sync::LazyLock;

use chartroom_codes::ecl::Constraint;
use chartroom_codes::snomed::{Attribute, Concept, Expression, Snapshot, SnomedCt};
use libfuzzer_sys::fuzz_target;

static SNOMED: LazyLock<SnomedCt> = LazyLock::new(|| {
    let concepts = [64572001, 73211009, 128241005, 10200004, 363698007, 116676008, 20946005, 85562004];
    let attribute = |source, group, kind, destination| Attribute { source, group, kind, destination };
    let snapshot = Snapshot {
        concepts: concepts.map(|id| Concept { id, is_defined: id == 128241005, ..Concept::default() }).to_vec(),
        is_a: vec![(73211009, 64572001), (128241005, 64572001), (85562004, 10200004)],
        attributes: vec![attribute(128241005, 1, 363698007, 10200004), attribute(73211009, 0, 116676008, 20946005)],
        members: vec![(10200004, 73211009)],
        ..Snapshot::default()
    };
    SnomedCt::new("urn:fuzz", snapshot).expect("a release")
});

fuzz_target!(|input: (&str, &str)| {
    let (constraint, expression) = input;
    let expression = expression.parse::<Expression>();
    if let Ok(expression) = &expression {
        for concept in SNOMED.concepts() {
            expression.is_a(&SNOMED, concept.id);
        }
    }
    let Ok(read) = constraint.parse::<Constraint>() else { return };
    assert_eq!(read.as_str(), constraint);
    let Ok(bound) = read.on(&SNOMED) else { return };
    if let Ok(expression) = &expression {
        let _ = std::hint::black_box(bound.contains_expression(expression));
    }
    if let Ok(found) = bound.concepts() {
        for concept in SNOMED.concepts() {
            assert_eq!(bound.contains(concept.id), Ok(found.contains(&concept.id)), "a list and a question agree");
        }
    }
});
