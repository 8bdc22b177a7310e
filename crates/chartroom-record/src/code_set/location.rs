//! Closed codes of Location.

use crate::primitive::code_set;

code_set! {
    /// Indicates whether a resource instance represents a specific location or a class of locations.
    LocationMode: "http://hl7.org/fhir/ValueSet/location-mode" {
        /// Instance.
        Instance = "instance" in "http://hl7.org/fhir/location-mode",
        /// Kind.
        Kind = "kind" in "http://hl7.org/fhir/location-mode",
    }
}

code_set! {
    /// Indicates whether the location is still in use.
    LocationStatus: "http://hl7.org/fhir/ValueSet/location-status" {
        /// Active.
        Active = "active" in "http://hl7.org/fhir/location-status",
        /// Suspended.
        Suspended = "suspended" in "http://hl7.org/fhir/location-status",
        /// Inactive.
        Inactive = "inactive" in "http://hl7.org/fhir/location-status",
    }
}
