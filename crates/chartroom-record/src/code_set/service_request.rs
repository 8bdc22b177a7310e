//! Closed codes of ServiceRequest.

use crate::primitive::code_set;

code_set! {
    /// The degree of authority of a request: a proposal, a plan or an order.
    RequestIntent: "http://hl7.org/fhir/ValueSet/request-intent" {
        /// Proposal.
        Proposal = "proposal" in "http://hl7.org/fhir/request-intent",
        /// Plan.
        Plan = "plan" in "http://hl7.org/fhir/request-intent",
        /// Directive.
        Directive = "directive" in "http://hl7.org/fhir/request-intent",
        /// Order.
        Order = "order" in "http://hl7.org/fhir/request-intent",
        /// Original Order.
        OriginalOrder = "original-order" in "http://hl7.org/fhir/request-intent",
        /// Reflex Order.
        ReflexOrder = "reflex-order" in "http://hl7.org/fhir/request-intent",
        /// Filler Order.
        FillerOrder = "filler-order" in "http://hl7.org/fhir/request-intent",
        /// Instance Order.
        InstanceOrder = "instance-order" in "http://hl7.org/fhir/request-intent",
        /// Option.
        Option = "option" in "http://hl7.org/fhir/request-intent",
    }
}
