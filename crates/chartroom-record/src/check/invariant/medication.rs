//! Invariants of medication.

use std::cmp::Ordering;

use super::{Has as _, invariants};
use crate::check::compare;
use crate::resource::{MedicationAdministrationDosage, MedicationDispense};

invariants! {
    "MedicationAdministration.dosage" MedicationAdministrationDosage {
        Error "mad-1" "neither a dose nor a rate": |it| it.has("dose") || it.has("rate");
    }
    "MedicationDispense" MedicationDispense {
        Error "mdd-1" "handed over before it was prepared": |it| match (&it.when_prepared, &it.when_handed_over) {
            (Some(prepared), Some(handed_over)) => {
                compare::date_times(*prepared, *handed_over) != Some(Ordering::Greater)
            }
            _ => true,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::breaches;

    #[test]
    fn doses_and_dates() {
        let cases = [
            (
                r#"{"resourceType":"MedicationAdministration","status":"completed","medicationCodeableConcept":{"text":"x"},"subject":{"reference":"Patient/1"},"effectiveDateTime":"2020","dosage":{"text":"x"}}"#,
                &["mad-1 MedicationAdministration.dosage"][..],
            ),
            (
                r#"{"resourceType":"MedicationDispense","status":"completed","medicationCodeableConcept":{"text":"x"},"whenPrepared":"2020-02-02","whenHandedOver":"2020-02-01"}"#,
                &["mdd-1 MedicationDispense"],
            ),
        ];
        for (json, expected) in cases {
            assert_eq!(breaches(json), expected, "{json}");
        }
    }
}
