//! Closed codes of Provenance.

use crate::primitive::code_set;

code_set! {
    /// How an entity was used in an activity.
    ProvenanceEntityRole: "http://hl7.org/fhir/ValueSet/provenance-entity-role" {
        /// Derivation.
        Derivation = "derivation" in "http://hl7.org/fhir/provenance-entity-role",
        /// Revision.
        Revision = "revision" in "http://hl7.org/fhir/provenance-entity-role",
        /// Quotation.
        Quotation = "quotation" in "http://hl7.org/fhir/provenance-entity-role",
        /// Source.
        Source = "source" in "http://hl7.org/fhir/provenance-entity-role",
        /// Removal.
        Removal = "removal" in "http://hl7.org/fhir/provenance-entity-role",
    }
}
