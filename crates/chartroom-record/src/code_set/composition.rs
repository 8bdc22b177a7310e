//! Closed codes of Composition.

use crate::primitive::code_set;

code_set! {
    /// The way in which a person authenticated a composition.
    CompositionAttestationMode: "http://hl7.org/fhir/ValueSet/composition-attestation-mode" {
        /// Personal.
        Personal = "personal" in "http://hl7.org/fhir/composition-attestation-mode",
        /// Professional.
        Professional = "professional" in "http://hl7.org/fhir/composition-attestation-mode",
        /// Legal.
        Legal = "legal" in "http://hl7.org/fhir/composition-attestation-mode",
        /// Official.
        Official = "official" in "http://hl7.org/fhir/composition-attestation-mode",
    }
}

code_set! {
    /// Codes specifying the level of confidentiality of the composition.
    DocumentConfidentiality: "http://terminology.hl7.org/ValueSet/v3-ConfidentialityClassification" {
        /// Unrestricted.
        Unrestricted = "U" in "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
        /// Low.
        Low = "L" in "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
        /// Moderate.
        Moderate = "M" in "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
        /// Normal.
        Normal = "N" in "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
        /// Restricted.
        Restricted = "R" in "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
        /// Very restricted.
        VeryRestricted = "V" in "http://terminology.hl7.org/CodeSystem/v3-Confidentiality",
    }
}
