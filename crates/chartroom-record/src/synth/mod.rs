//! Invented charts, for tests and benches: seeded, so that the same seed gives the same chart, and of any size.
//!
//! The people, places and numbers are made up. The charts are valid FHIR R4, and hold on purpose what readers trip over: partial
//! dates, extensions of primitive values, a null in a list of names, numbers with zeros at the end, text in many scripts, contained
//! resources, a resource type outside the typed set.
//!
//! ```
//! use chartroom_record::{Mode, Resource, parse, synth};
//!
//! let chart = Resource::from(synth::chart(7, 20));
//! let text = chart.to_json();
//! assert_eq!(parse(text.as_bytes(), Mode::Strict)?.resource(), &chart);
//! assert_eq!(Resource::from(synth::chart(7, 20)), chart);
//! # Ok::<(), chartroom_record::Issues>(())
//! ```

mod clinical;
mod people;
mod random;
mod tables;

use chrono::{NaiveDate, TimeDelta};

use crate::datatype::{CodeableConcept, Coding, Reference};
use crate::primitive::{Code, DateTime, Uri};
use crate::resource::Bundle;

use clinical::Visit;
use random::Random;

/// An invented chart: a patient, those who care for them, and so many visits with what was found and done. A visit brings
/// about eight resources.
pub fn chart(seed: u64, visits: usize) -> Bundle {
    let mut random = Random::from_seed(seed);
    let mut bundle = Bundle::collection();
    let clinic = bundle.add(random.uuid(), people::clinic(&mut random));
    let physician = bundle.add(random.uuid(), people::physician(&mut random));
    let patient = people::patient(&mut random, &clinic);
    let born = patient.birth_date.map_or_else(NaiveDate::default, |date| date.first_day());
    let patient = bundle.add(random.uuid(), patient);
    clinical::allergies(&mut bundle, &mut random, &patient, born);
    let mut day = born + TimeDelta::days(18 * 365);
    for _ in 0..visits {
        day += TimeDelta::days(i64::try_from(random.between(1, 60)).unwrap_or(1));
        let visit = Visit { day, patient: &patient, physician: &physician, clinic: &clinic };
        visit.add_to(&mut bundle, &mut random);
    }
    bundle
}

/// Charts without end, each with so many visits, from one seed.
pub fn charts(seed: u64, visits: usize) -> impl Iterator<Item = Bundle> {
    (0_u64..).map(move |number| chart(seed.wrapping_mul(0x2545_f491_4f6c_dd1d).wrapping_add(number), visits))
}

fn uri(text: &str) -> Option<Uri> {
    text.parse().ok()
}

fn coding(system: &str, code: &str, display: &str) -> Coding {
    let display = (!display.is_empty()).then(|| display.into());
    Coding { system: uri(system), code: code.parse().ok(), display, ..Coding::default() }
}

fn concept(system: &str, code: &str, display: &str) -> CodeableConcept {
    CodeableConcept { coding: vec![coding(system, code, display)], ..CodeableConcept::default() }
}

fn words(text: &str) -> CodeableConcept {
    CodeableConcept { text: Some(text.into()), ..CodeableConcept::default() }
}

fn known<S: crate::primitive::CodeSet>(code: S) -> Option<Code<S>> {
    Some(code.into())
}

/// A moment of a day, in the clinic's own time.
fn at(day: NaiveDate, random: &mut Random) -> Option<DateTime> {
    let (hour, minute, second) = (random.between(8, 17), random.below(60), random.below(60));
    format!("{day}T{hour:02}:{minute:02}:{second:02}-05:00").parse().ok()
}

fn with_display(reference: &Reference, display: &str) -> Reference {
    Reference { display: Some(display.into()), ..reference.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Checks, Mode, Resource, parse};

    #[test]
    fn charts_are_valid_and_linked() {
        for (seed, chart) in charts(1, 12).take(20).enumerate() {
            let text = Resource::from(chart).to_json();
            let parsed = parse(text.as_bytes(), Mode::Strict).unwrap();
            let bundle = Bundle::try_from(parsed.resource().clone()).unwrap();
            let resolver = bundle.resolver();
            let subject: crate::Path = "subject".parse().unwrap();
            for entry in &bundle.entry {
                let found = subject.get(entry.resource.as_deref().unwrap());
                let subject = found.and_then(|found| found.element::<Reference>());
                assert!(subject.is_none_or(|subject| resolver.resolve(subject, entry).is_some()), "chart {seed}");
            }
            let entries = parse(text.as_bytes(), Mode::Strict).unwrap().check_entries(&Checks::structure());
            let faults = entries.refused.iter().flat_map(|entry| entry.resource.issues()).chain(&entries.bundle_issues);
            let faults: Vec<_> = faults.filter(|issue| issue.is_error()).map(ToString::to_string).collect();
            assert!(faults.is_empty(), "chart {seed}: {faults:?}");
        }
    }

    #[test]
    fn what_readers_trip_over_is_there() {
        let text: String = charts(1, 12).take(20).map(|chart| Resource::from(chart).to_json()).collect();
        for rare in ["\"_birthDate\":", "[null,null,", "\"contained\":", "\"RiskAssessment\"", "→", "0,\"unit\""] {
            assert!(text.contains(rare), "{rare}");
        }
    }

    #[test]
    fn seeds_differ_and_repeat() {
        assert_eq!(chart(3, 4), chart(3, 4));
        assert_ne!(chart(3, 4), chart(4, 4));
        assert!(chart(3, 400).entry.len() > 1600);
    }
}
