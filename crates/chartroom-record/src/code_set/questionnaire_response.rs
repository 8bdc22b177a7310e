//! Closed codes of QuestionnaireResponse.

use crate::primitive::code_set;

code_set! {
    /// Lifecycle status of the questionnaire response.
    QuestionnaireResponseStatus: "http://hl7.org/fhir/ValueSet/questionnaire-answers-status" {
        /// In Progress.
        InProgress = "in-progress" in "http://hl7.org/fhir/questionnaire-answers-status",
        /// Completed.
        Completed = "completed" in "http://hl7.org/fhir/questionnaire-answers-status",
        /// Amended.
        Amended = "amended" in "http://hl7.org/fhir/questionnaire-answers-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/questionnaire-answers-status",
        /// Stopped.
        Stopped = "stopped" in "http://hl7.org/fhir/questionnaire-answers-status",
    }
}
