//! Closed codes of Questionnaire.

use crate::primitive::code_set;

code_set! {
    /// Controls how multiple enableWhen values are interpreted - whether all or any must be true.
    EnableWhenBehavior: "http://hl7.org/fhir/ValueSet/questionnaire-enable-behavior" {
        /// All.
        All = "all" in "http://hl7.org/fhir/questionnaire-enable-behavior",
        /// Any.
        Any = "any" in "http://hl7.org/fhir/questionnaire-enable-behavior",
    }
}

code_set! {
    /// The criteria by which a question is enabled.
    QuestionnaireItemOperator: "http://hl7.org/fhir/ValueSet/questionnaire-enable-operator" {
        /// Exists.
        Exists = "exists" in "http://hl7.org/fhir/questionnaire-enable-operator",
        /// Equals.
        Equals = "=" in "http://hl7.org/fhir/questionnaire-enable-operator",
        /// Not Equals.
        NotEquals = "!=" in "http://hl7.org/fhir/questionnaire-enable-operator",
        /// Greater Than.
        GreaterThan = ">" in "http://hl7.org/fhir/questionnaire-enable-operator",
        /// Less Than.
        LessThan = "<" in "http://hl7.org/fhir/questionnaire-enable-operator",
        /// Greater or Equals.
        GreaterOrEqual = ">=" in "http://hl7.org/fhir/questionnaire-enable-operator",
        /// Less or Equals.
        LessOrEqual = "<=" in "http://hl7.org/fhir/questionnaire-enable-operator",
    }
}

code_set! {
    /// Distinguishes groups from questions and display text and indicates data type for questions.
    QuestionnaireItemType: "http://hl7.org/fhir/ValueSet/item-type" {
        /// Group.
        Group = "group" in "http://hl7.org/fhir/item-type",
        /// Display.
        Display = "display" in "http://hl7.org/fhir/item-type",
        /// Question.
        Question = "question" in "http://hl7.org/fhir/item-type",
        /// Boolean.
        Boolean = "boolean" in "http://hl7.org/fhir/item-type",
        /// Decimal.
        Decimal = "decimal" in "http://hl7.org/fhir/item-type",
        /// Integer.
        Integer = "integer" in "http://hl7.org/fhir/item-type",
        /// Date.
        Date = "date" in "http://hl7.org/fhir/item-type",
        /// Date Time.
        DateTime = "dateTime" in "http://hl7.org/fhir/item-type",
        /// Time.
        Time = "time" in "http://hl7.org/fhir/item-type",
        /// String.
        String = "string" in "http://hl7.org/fhir/item-type",
        /// Text.
        Text = "text" in "http://hl7.org/fhir/item-type",
        /// Url.
        Url = "url" in "http://hl7.org/fhir/item-type",
        /// Choice.
        Choice = "choice" in "http://hl7.org/fhir/item-type",
        /// Open Choice.
        OpenChoice = "open-choice" in "http://hl7.org/fhir/item-type",
        /// Attachment.
        Attachment = "attachment" in "http://hl7.org/fhir/item-type",
        /// Reference.
        Reference = "reference" in "http://hl7.org/fhir/item-type",
        /// Quantity.
        Quantity = "quantity" in "http://hl7.org/fhir/item-type",
    }
}
