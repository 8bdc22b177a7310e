//! Closed codes of Person.

use crate::primitive::code_set;

code_set! {
    /// The level of confidence that this link represents the same actual person, based on NIST Authentication Levels.
    IdentityAssuranceLevel: "http://hl7.org/fhir/ValueSet/identity-assuranceLevel" {
        /// Level 1.
        Level1 = "level1" in "http://hl7.org/fhir/identity-assuranceLevel",
        /// Level 2.
        Level2 = "level2" in "http://hl7.org/fhir/identity-assuranceLevel",
        /// Level 3.
        Level3 = "level3" in "http://hl7.org/fhir/identity-assuranceLevel",
        /// Level 4.
        Level4 = "level4" in "http://hl7.org/fhir/identity-assuranceLevel",
    }
}
