//! Closed codes of Account.

use crate::primitive::code_set;

code_set! {
    /// Indicates whether the account is available to be used.
    AccountStatus: "http://hl7.org/fhir/ValueSet/account-status" {
        /// Active.
        Active = "active" in "http://hl7.org/fhir/account-status",
        /// Inactive.
        Inactive = "inactive" in "http://hl7.org/fhir/account-status",
        /// Entered in error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/account-status",
        /// On Hold.
        OnHold = "on-hold" in "http://hl7.org/fhir/account-status",
        /// Unknown.
        Unknown = "unknown" in "http://hl7.org/fhir/account-status",
    }
}
