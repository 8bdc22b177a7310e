//! Closed codes of AllergyIntolerance.

use crate::primitive::code_set;

code_set! {
    /// Category of an identified substance associated with allergies or intolerances.
    AllergyIntoleranceCategory: "http://hl7.org/fhir/ValueSet/allergy-intolerance-category" {
        /// Food.
        Food = "food" in "http://hl7.org/fhir/allergy-intolerance-category",
        /// Medication.
        Medication = "medication" in "http://hl7.org/fhir/allergy-intolerance-category",
        /// Environment.
        Environment = "environment" in "http://hl7.org/fhir/allergy-intolerance-category",
        /// Biologic.
        Biologic = "biologic" in "http://hl7.org/fhir/allergy-intolerance-category",
    }
}

code_set! {
    /// Estimate of the potential clinical harm, or seriousness, of a reaction to an identified substance.
    AllergyIntoleranceCriticality: "http://hl7.org/fhir/ValueSet/allergy-intolerance-criticality" {
        /// Low Risk.
        Low = "low" in "http://hl7.org/fhir/allergy-intolerance-criticality",
        /// High Risk.
        High = "high" in "http://hl7.org/fhir/allergy-intolerance-criticality",
        /// Unable to Assess Risk.
        UnableToAssess = "unable-to-assess" in "http://hl7.org/fhir/allergy-intolerance-criticality",
    }
}

code_set! {
    /// Clinical assessment of the severity of a reaction event as a whole, potentially considering multiple different
    /// manifestations.
    AllergyIntoleranceSeverity: "http://hl7.org/fhir/ValueSet/reaction-event-severity" {
        /// Mild.
        Mild = "mild" in "http://hl7.org/fhir/reaction-event-severity",
        /// Moderate.
        Moderate = "moderate" in "http://hl7.org/fhir/reaction-event-severity",
        /// Severe.
        Severe = "severe" in "http://hl7.org/fhir/reaction-event-severity",
    }
}

code_set! {
    /// Identification of the underlying physiological mechanism for a Reaction Risk.
    AllergyIntoleranceType: "http://hl7.org/fhir/ValueSet/allergy-intolerance-type" {
        /// Allergy.
        Allergy = "allergy" in "http://hl7.org/fhir/allergy-intolerance-type",
        /// Intolerance.
        Intolerance = "intolerance" in "http://hl7.org/fhir/allergy-intolerance-type",
    }
}
