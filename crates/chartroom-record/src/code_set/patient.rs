//! Closed codes of Patient.

use crate::primitive::code_set;

code_set! {
    /// The type of link between this patient resource and another patient resource.
    PatientLinkType: "http://hl7.org/fhir/ValueSet/link-type" {
        /// Replaced-by.
        ReplacedBy = "replaced-by" in "http://hl7.org/fhir/link-type",
        /// Replaces.
        Replaces = "replaces" in "http://hl7.org/fhir/link-type",
        /// Refer.
        Refer = "refer" in "http://hl7.org/fhir/link-type",
        /// See also.
        SeeAlso = "seealso" in "http://hl7.org/fhir/link-type",
    }
}
