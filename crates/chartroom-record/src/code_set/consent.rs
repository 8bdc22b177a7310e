//! Closed codes of Consent.

use crate::primitive::code_set;

code_set! {
    /// How a resource reference is interpreted when testing consent restrictions.
    ConsentDataMeaning: "http://hl7.org/fhir/ValueSet/consent-data-meaning" {
        /// Instance.
        Instance = "instance" in "http://hl7.org/fhir/consent-data-meaning",
        /// Related.
        Related = "related" in "http://hl7.org/fhir/consent-data-meaning",
        /// Dependents.
        Dependents = "dependents" in "http://hl7.org/fhir/consent-data-meaning",
        /// AuthoredBy.
        AuthoredBy = "authoredby" in "http://hl7.org/fhir/consent-data-meaning",
    }
}

code_set! {
    /// How a rule statement is applied, such as adding additional consent or removing consent.
    ConsentProvisionType: "http://hl7.org/fhir/ValueSet/consent-provision-type" {
        /// Opt Out.
        Deny = "deny" in "http://hl7.org/fhir/consent-provision-type",
        /// Opt In.
        Permit = "permit" in "http://hl7.org/fhir/consent-provision-type",
    }
}

code_set! {
    /// Indicates the state of the consent.
    ConsentState: "http://hl7.org/fhir/ValueSet/consent-state-codes" {
        /// Pending.
        Draft = "draft" in "http://hl7.org/fhir/consent-state-codes",
        /// Proposed.
        Proposed = "proposed" in "http://hl7.org/fhir/consent-state-codes",
        /// Active.
        Active = "active" in "http://hl7.org/fhir/consent-state-codes",
        /// Rejected.
        Rejected = "rejected" in "http://hl7.org/fhir/consent-state-codes",
        /// Inactive.
        Inactive = "inactive" in "http://hl7.org/fhir/consent-state-codes",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/consent-state-codes",
    }
}
