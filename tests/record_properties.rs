//! What holds for every record: on invented charts of many seeds, whole and damaged.

use std::collections::BTreeSet;

use chartroom::codes::Terminology;
use chartroom::hl7;
use chartroom::record::ndjson::{Lines, Writer};
use chartroom::record::resource::Bundle;
use chartroom::record::{Checks, Issue, IssueCode, Mode, Path, Resource, parse, part, synth};
use proptest::prelude::*;

/// A text that stands nowhere in a chart, so that it must stand in no error either.
const MARK: &str = "Xyzzyquux";

fn chart(seed: u64, visits: usize) -> Resource {
    synth::chart(seed, visits).into()
}

fn resources(seed: u64) -> Vec<Resource> {
    synth::chart(seed, 2).entry.into_iter().filter_map(|entry| entry.resource.map(|boxed| *boxed)).collect()
}

fn read(text: &str, mode: Mode) -> Resource {
    parse(text.as_bytes(), mode).unwrap_or_else(|issues| panic!("{issues}")).into_resource()
}

/// A small change to a text, as damage in transit or a hand slipping would make.
#[derive(Clone, Debug)]
enum Damage {
    Cut(usize),
    Drop(usize, usize),
    Replace(usize, u8),
    Insert(usize, &'static str),
    Double(usize, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let place = any::<usize>;
    let texts = [
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "{}",
        "[]",
        "\"\"",
        "true",
        "-",
        "0",
        "1e999",
        "\\u0000",
        "\\ud800",
        "\u{feff}",
        "\"unheard\":\"Xyzzyquux\",",
        "\"Xyzzyquux\"",
        "\"id\":\"Xyzzyquux\",",
        "\"extension\":[],",
        "\"_status\":null,",
        "\"valueString\":\"Xyzzyquux\",",
        "\"resourceType\":\"Xyzzyquux\",",
    ];
    prop_oneof![
        place().prop_map(Damage::Cut),
        (place(), 1_usize..40).prop_map(|(at, count)| Damage::Drop(at, count)),
        (place(), any::<u8>()).prop_map(|(at, byte)| Damage::Replace(at, byte)),
        (place(), prop::sample::select(texts.to_vec())).prop_map(|(at, text)| Damage::Insert(at, text)),
        (place(), 1_usize..200).prop_map(|(at, count)| Damage::Double(at, count)),
    ]
}

impl Damage {
    fn to(&self, bytes: &mut Vec<u8>) {
        let length = bytes.len().max(1);
        let span = |at: usize, count: usize| (at % length)..(at % length).saturating_add(count).min(bytes.len());
        match *self {
            Self::Cut(at) => bytes.truncate(at % length),
            Self::Drop(at, count) => {
                let span = span(at, count);
                bytes.drain(span);
            }
            Self::Replace(at, byte) => bytes.iter_mut().skip(at % length).take(1).for_each(|known| *known = byte),
            Self::Insert(at, text) => {
                let place = token(bytes, at % length);
                bytes.splice(place..place, text.bytes());
            }
            Self::Double(at, count) => {
                let span = span(at, count);
                let again = bytes[span.clone()].to_vec();
                bytes.splice(span.end..span.end, again);
            }
        }
    }
}

/// The first place after the given one where a member or a value may begin.
fn token(bytes: &[u8], at: usize) -> usize {
    let start = |place: &usize| matches!(bytes.get(place - 1), Some(b'{' | b'[' | b',' | b':'));
    (at.max(1)..bytes.len()).find(start).unwrap_or(at.min(bytes.len()))
}

/// No issue quotes the mark. Only a path may, where the damage made a member of that name.
fn tell_nothing(issues: &[Issue], bytes: &[u8]) -> Result<(), TestCaseError> {
    let named = String::from_utf8_lossy(bytes).contains(&format!("{MARK}\":"));
    for issue in issues {
        prop_assert!(!issue.detail().contains(MARK), "{}", issue.code().as_str());
        prop_assert!(named || !issue.to_string().contains(MARK), "{}", issue.code().as_str());
    }
    Ok(())
}

proptest! {
    // A failure is printed whole and can be run again from its seed: no file is left beside the tests.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_again(seed: u64, visits in 0_usize..12) {
        let chart = chart(seed, visits);
        let text = chart.to_json();
        let again = read(&text, Mode::Strict);
        prop_assert_eq!(again.to_json(), text);
        prop_assert!(again == chart);
    }

    #[test]
    fn parts_join_to_the_whole_in_any_order(seed: u64, order in any::<u64>()) {
        for resource in resources(seed) {
            let mut parts = part::split(&resource);
            let length = parts.len().max(1);
            parts.rotate_left(usize::try_from(order).unwrap_or(0) % length);
            if order % 2 == 0 {
                parts.reverse();
            }
            let joined = part::join(parts.iter().map(|part| part.json.as_str()), true).unwrap();
            prop_assert!(joined.same_value(&resource));
        }
    }

    #[test]
    fn a_choice_of_parts_joins_alike_in_any_order(seed: u64, choice: u32) {
        for resource in resources(seed) {
            let chosen: Vec<_> =
                part::split(&resource).into_iter().filter(|part| choice & (1 << part.class as u32) != 0).collect();
            if chosen.is_empty() {
                continue;
            }
            let forwards = part::join(chosen.iter().map(|part| part.json.as_str()), false).unwrap();
            let backwards = part::join(chosen.iter().rev().map(|part| part.json.as_str()), false).unwrap();
            prop_assert!(forwards.same_value(&backwards));
            let classes: BTreeSet<_> = chosen.iter().map(|part| part.class).collect();
            prop_assert!(forwards.classes().iter().all(|class| classes.contains(&class)));
        }
    }

    #[test]
    fn damaged_text_is_met_with_an_error_or_kept(seed: u64, damages in prop::collection::vec(damage(), 1..4)) {
        let mut bytes = chart(seed, 1).to_json().into_bytes();
        damages.iter().for_each(|damage| damage.to(&mut bytes));
        let (strict, lenient) = (parse(&bytes, Mode::Strict), parse(&bytes, Mode::Lenient));
        match &lenient {
            Ok(parsed) => {
                tell_nothing(parsed.issues(), &bytes)?;
                let written = parsed.resource().to_json();
                let again = read(&written, Mode::Lenient);
                prop_assert!(again.same_value(parsed.resource()));
            }
            Err(issues) => tell_nothing(issues.as_slice(), &bytes)?,
        }
        if let Err(issues) = &strict {
            tell_nothing(issues.as_slice(), &bytes)?;
        }
        let reported = lenient.map_or(true, |parsed| !parsed.issues().is_empty());
        prop_assert_eq!(strict.is_err(), reported);
    }

    #[test]
    fn every_path_leads_back_and_takes_its_own_value(seed: u64) {
        for resource in resources(seed) {
            let mut places = Vec::new();
            resource.for_each_element(|visit| places.push((visit.path(), visit.found().to_json(), visit.found().class())));
            for (text, json, class) in places {
                let path: Path = text.parse().unwrap();
                let found = path.get(&resource).map(|found| (found.to_json(), found.class()));
                prop_assert_eq!(found, Some((json.clone(), class)), "{}", text);
                let mut same = resource.clone();
                prop_assert_eq!(path.set(&mut same, &json), Ok(()), "{}", text);
                prop_assert!(same == resource, "{}", text);
            }
        }
    }

    #[test]
    fn what_is_removed_leaves_a_record(seed: u64, choice: usize) {
        for resource in resources(seed) {
            let mut paths = Vec::new();
            resource.for_each_element(|visit| paths.push(visit.path()));
            let path: Path = paths[choice % paths.len()].parse().unwrap();
            let mut less = resource.clone();
            prop_assert!(path.remove(&mut less), "{}", path);
            prop_assert!(less.to_json().len() < resource.to_json().len(), "{}", path);
            prop_assert!(read(&less.to_json(), Mode::Strict) == less, "{}", path);
        }
    }

    #[test]
    fn any_text_is_a_path_or_an_error(text in "\\PC{0,40}", path in "([A-Z]?[a-z]{1,3}(\\('[a-z:/.]{0,5}'\\))?(\\[[0-9]{1,3}\\])?\\.){0,5}[a-z]{1,3}") {
        for text in [text, path] {
            if let Ok(path) = text.parse::<Path>() {
                prop_assert_eq!(path.to_string().parse::<Path>(), Ok(path));
            }
        }
    }

    #[test]
    fn values_set_anywhere_fit_or_change_nothing(seed: u64, choice: usize, other: usize) {
        let resources = resources(seed);
        let mut places = Vec::new();
        for resource in &resources {
            resource.for_each_element(|visit| places.push((visit.path(), visit.found().to_json())));
        }
        let (path, _) = &places[choice % places.len()];
        let (_, value) = &places[other % places.len()];
        let path: Path = path.parse().unwrap();
        for resource in &resources {
            let mut changed = resource.clone();
            match path.set(&mut changed, value) {
                Ok(()) if matches!(resource, Resource::Other(_)) => {}
                Ok(()) => prop_assert!(read(&changed.to_json(), Mode::Strict) == changed, "{}", path),
                Err(_) => prop_assert!(&changed == resource, "{}", path),
            }
        }
    }

    #[test]
    fn a_stream_of_lines_comes_back(seed: u64) {
        let resources = resources(seed);
        let mut writer = Writer::new(Vec::new());
        resources.iter().for_each(|resource| writer.write(resource).unwrap());
        let bytes = writer.finish().unwrap();
        let again = Lines::new(bytes.as_slice(), Mode::Strict).map(|line| line.map(|line| line.into_resource()));
        let again = again.collect::<Result<Vec<_>, _>>().unwrap();
        prop_assert!(again == resources);
    }

    #[test]
    fn a_summary_is_a_record_that_the_whole_matches(seed: u64) {
        for resource in resources(seed) {
            let summary = resource.summary();
            prop_assert!(read(&summary.to_json(), Mode::Strict) == summary);
            let mut untagged = summary;
            "meta".parse::<Path>().unwrap().remove(&mut untagged);
            prop_assert!(resource.matches_pattern(&untagged));
        }
    }
}

#[test]
fn damage_is_done_in_every_way() {
    let whole = Bundle::collection();
    for damage in
        [Damage::Cut(3), Damage::Drop(1, 2), Damage::Replace(0, 0), Damage::Insert(1, "x"), Damage::Double(0, 2)]
    {
        let mut bytes = Resource::from(whole.clone()).to_json().into_bytes();
        let before = bytes.clone();
        damage.to(&mut bytes);
        assert_ne!(bytes, before, "{damage:?}");
    }
}

/// The category of an observation is a code of HL7's own, which the check judges if HL7's code systems are loaded.
#[test]
fn codes_of_hl7_are_judged_where_its_systems_are_loaded() {
    let checks = Checks::with_codes(Terminology::builder().catalog(hl7::catalog().clone()).build());
    let codes_of_issues = |category: &str| {
        let system = "http://terminology.hl7.org/CodeSystem/observation-category";
        let text = format!(
            r#"{{"resourceType":"Observation","status":"final","code":{{"text":"weight"}},
                "category":[{{"coding":[{{"system":"{system}","code":"{category}"}}]}}]}}"#
        );
        match parse(text.as_bytes(), Mode::Strict).unwrap_or_else(|issues| panic!("{issues}")).check(&checks) {
            Ok(checked) => checked.issues().iter().map(Issue::code).collect::<Vec<_>>(),
            Err(refused) => refused.issues().iter().map(Issue::code).collect(),
        }
    };
    assert!(codes_of_issues("vital-sign").contains(&IssueCode::UnknownCode));
    let right = codes_of_issues("vital-signs");
    assert!(!right.contains(&IssueCode::UnknownCode) && !right.contains(&IssueCode::NotChecked));
}
