//! Closed codes of Group.

use crate::primitive::code_set;

code_set! {
    /// Types of resources that are part of group.
    GroupType: "http://hl7.org/fhir/ValueSet/group-type" {
        /// Person.
        Person = "person" in "http://hl7.org/fhir/group-type",
        /// Animal.
        Animal = "animal" in "http://hl7.org/fhir/group-type",
        /// Practitioner.
        Practitioner = "practitioner" in "http://hl7.org/fhir/group-type",
        /// Device.
        Device = "device" in "http://hl7.org/fhir/group-type",
        /// Medication.
        Medication = "medication" in "http://hl7.org/fhir/group-type",
        /// Substance.
        Substance = "substance" in "http://hl7.org/fhir/group-type",
    }
}
