//! Closed codes of Device.

use crate::primitive::code_set;

code_set! {
    /// The type of name the device is referred by.
    DeviceNameType: "http://hl7.org/fhir/ValueSet/device-nametype" {
        /// UDI Label name.
        UdiLabelName = "udi-label-name" in "http://hl7.org/fhir/device-nametype",
        /// User Friendly name.
        UserFriendlyName = "user-friendly-name" in "http://hl7.org/fhir/device-nametype",
        /// Patient Reported name.
        PatientReportedName = "patient-reported-name" in "http://hl7.org/fhir/device-nametype",
        /// Manufacturer name.
        ManufacturerName = "manufacturer-name" in "http://hl7.org/fhir/device-nametype",
        /// Model name.
        ModelName = "model-name" in "http://hl7.org/fhir/device-nametype",
        /// Other.
        Other = "other" in "http://hl7.org/fhir/device-nametype",
    }
}

code_set! {
    /// The availability status of the device.
    DeviceStatus: "http://hl7.org/fhir/ValueSet/device-status" {
        /// Active.
        Active = "active" in "http://hl7.org/fhir/device-status",
        /// Inactive.
        Inactive = "inactive" in "http://hl7.org/fhir/device-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/device-status",
        /// Unknown.
        Unknown = "unknown" in "http://hl7.org/fhir/device-status",
    }
}

code_set! {
    /// Codes to identify how UDI data was entered.
    UdiEntryType: "http://hl7.org/fhir/ValueSet/udi-entry-type" {
        /// Barcode.
        Barcode = "barcode" in "http://hl7.org/fhir/udi-entry-type",
        /// RFID.
        Rfid = "rfid" in "http://hl7.org/fhir/udi-entry-type",
        /// Manual.
        Manual = "manual" in "http://hl7.org/fhir/udi-entry-type",
        /// Card.
        Card = "card" in "http://hl7.org/fhir/udi-entry-type",
        /// Self Reported.
        SelfReported = "self-reported" in "http://hl7.org/fhir/udi-entry-type",
        /// Unknown.
        Unknown = "unknown" in "http://hl7.org/fhir/udi-entry-type",
    }
}
