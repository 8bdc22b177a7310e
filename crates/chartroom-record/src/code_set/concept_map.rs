//! Closed codes of ConceptMap.

use crate::primitive::code_set;

code_set! {
    /// The degree of equivalence between concepts.
    ConceptMapEquivalence: "http://hl7.org/fhir/ValueSet/concept-map-equivalence" {
        /// Related To.
        RelatedTo = "relatedto" in "http://hl7.org/fhir/concept-map-equivalence",
        /// Equivalent.
        Equivalent = "equivalent" in "http://hl7.org/fhir/concept-map-equivalence",
        /// Equal.
        Equal = "equal" in "http://hl7.org/fhir/concept-map-equivalence",
        /// Wider.
        Wider = "wider" in "http://hl7.org/fhir/concept-map-equivalence",
        /// Subsumes.
        Subsumes = "subsumes" in "http://hl7.org/fhir/concept-map-equivalence",
        /// Narrower.
        Narrower = "narrower" in "http://hl7.org/fhir/concept-map-equivalence",
        /// Specializes.
        Specializes = "specializes" in "http://hl7.org/fhir/concept-map-equivalence",
        /// Inexact.
        Inexact = "inexact" in "http://hl7.org/fhir/concept-map-equivalence",
        /// Unmatched.
        Unmatched = "unmatched" in "http://hl7.org/fhir/concept-map-equivalence",
        /// Disjoint.
        Disjoint = "disjoint" in "http://hl7.org/fhir/concept-map-equivalence",
    }
}

code_set! {
    /// Defines which action to take if there is no match in the group.
    ConceptMapGroupUnmappedMode: "http://hl7.org/fhir/ValueSet/conceptmap-unmapped-mode" {
        /// Provided Code.
        Provided = "provided" in "http://hl7.org/fhir/conceptmap-unmapped-mode",
        /// Fixed Code.
        Fixed = "fixed" in "http://hl7.org/fhir/conceptmap-unmapped-mode",
        /// Other Map.
        OtherMap = "other-map" in "http://hl7.org/fhir/conceptmap-unmapped-mode",
    }
}
