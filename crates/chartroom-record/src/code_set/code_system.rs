//! Closed codes of CodeSystem.

use crate::primitive::code_set;

code_set! {
    /// The extent of the content of the code system (the concepts and codes it defines) are represented in a code
    /// system resource.
    CodeSystemContentMode: "http://hl7.org/fhir/ValueSet/codesystem-content-mode" {
        /// Not Present.
        NotPresent = "not-present" in "http://hl7.org/fhir/codesystem-content-mode",
        /// Example.
        Example = "example" in "http://hl7.org/fhir/codesystem-content-mode",
        /// Fragment.
        Fragment = "fragment" in "http://hl7.org/fhir/codesystem-content-mode",
        /// Complete.
        Complete = "complete" in "http://hl7.org/fhir/codesystem-content-mode",
        /// Supplement.
        Supplement = "supplement" in "http://hl7.org/fhir/codesystem-content-mode",
    }
}

code_set! {
    /// The meaning of the hierarchy of concepts in a code system.
    CodeSystemHierarchyMeaning: "http://hl7.org/fhir/ValueSet/codesystem-hierarchy-meaning" {
        /// Grouped By.
        GroupedBy = "grouped-by" in "http://hl7.org/fhir/codesystem-hierarchy-meaning",
        /// Is-A.
        IsA = "is-a" in "http://hl7.org/fhir/codesystem-hierarchy-meaning",
        /// Part Of.
        PartOf = "part-of" in "http://hl7.org/fhir/codesystem-hierarchy-meaning",
        /// Classified With.
        ClassifiedWith = "classified-with" in "http://hl7.org/fhir/codesystem-hierarchy-meaning",
    }
}

code_set! {
    /// The type of a property value.
    ConceptPropertyType: "http://hl7.org/fhir/ValueSet/concept-property-type" {
        /// Code (internal reference).
        Code = "code" in "http://hl7.org/fhir/concept-property-type",
        /// Coding (external reference).
        Coding = "Coding" in "http://hl7.org/fhir/concept-property-type",
        /// String.
        String = "string" in "http://hl7.org/fhir/concept-property-type",
        /// Integer.
        Integer = "integer" in "http://hl7.org/fhir/concept-property-type",
        /// Boolean.
        Boolean = "boolean" in "http://hl7.org/fhir/concept-property-type",
        /// dateTime.
        DateTime = "dateTime" in "http://hl7.org/fhir/concept-property-type",
        /// Decimal.
        Decimal = "decimal" in "http://hl7.org/fhir/concept-property-type",
    }
}
