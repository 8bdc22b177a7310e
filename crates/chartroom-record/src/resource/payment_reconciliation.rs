//! PaymentReconciliation: FHIR R4 <https://hl7.org/fhir/R4/paymentreconciliation.html>.

use super::prelude::*;

/// The details of a payment, its amount included, and the items that it pays.
#[derive(Default, Record)]
#[record(resource)]
pub struct PaymentReconciliation {
    /// Logical id of this artifact.
    #[record(class = Technical, summary)]
    pub id: Option<Id>,
    /// Metadata about the resource.
    #[record(class = Technical, summary)]
    pub meta: Option<Box<Meta>>,
    /// A set of rules under which this content was created.
    #[record(class = Technical, summary, modifier)]
    pub implicit_rules: Option<Uri>,
    /// Language of the resource content.
    #[record(class = Technical, binding(preferred, "http://hl7.org/fhir/ValueSet/languages"))]
    pub language: Option<Code>,
    /// Text summary of the resource, for human interpretation.
    #[record(class = Narrative)]
    pub text: Option<Narrative>,
    /// Contained, inline Resources.
    pub contained: Vec<Resource>,
    /// Business Identifier for a payment reconciliation.
    #[record(class = Identifier)]
    pub identifier: Vec<Identifier>,
    /// active | cancelled | draft | entered-in-error.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/fm-status")
    )]
    pub status: Option<Code<FinancialResourceStatus>>,
    /// Period covered.
    #[record(class = ServiceDate, summary)]
    pub period: Option<Period>,
    /// Creation date.
    #[record(required, class = ServiceDate, summary)]
    pub created: Option<DateTime>,
    /// Party generating payment.
    #[record(class = Participant, summary, targets(Organization))]
    pub payment_issuer: Option<Reference>,
    /// Reference to requesting resource.
    #[record(class = Relation, targets(Task))]
    pub request: Option<Reference>,
    /// Responsible practitioner.
    #[record(class = Participant, targets(Practitioner, PractitionerRole, Organization))]
    pub requestor: Option<Reference>,
    /// queued | complete | error | partial.
    #[record(class = Administrative, binding(required, "http://hl7.org/fhir/ValueSet/remittance-outcome"))]
    pub outcome: Option<Code<RemittanceOutcome>>,
    /// Disposition message.
    #[record(class = Narrative)]
    pub disposition: Option<Text>,
    /// When payment issued.
    #[record(required, class = ServiceDate, summary)]
    pub payment_date: Option<Date>,
    /// Total amount of Payment.
    #[record(required, class = Financial, summary)]
    pub payment_amount: Option<Money>,
    /// Business identifier for the payment.
    #[record(class = Identifier)]
    pub payment_identifier: Option<Box<Identifier>>,
    /// Settlement particulars.
    #[record(class = Financial)]
    pub detail: Vec<PaymentReconciliationDetail>,
    /// Printed form identifier.
    #[record(class = Administrative, binding(example, "http://hl7.org/fhir/ValueSet/forms"))]
    pub form_code: Option<CodeableConcept>,
    /// Note concerning processing.
    #[record(class = Narrative)]
    pub process_note: Vec<PaymentReconciliationProcessNote>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Settlement particulars.
#[derive(Default, Record)]
#[record(backbone = "PaymentReconciliation.detail")]
pub struct PaymentReconciliationDetail {
    /// Business identifier of the payment detail.
    #[record(class = Identifier)]
    pub identifier: Option<Box<Identifier>>,
    /// Business identifier of the prior payment detail.
    #[record(class = Identifier)]
    pub predecessor: Option<Box<Identifier>>,
    /// Category of payment.
    #[record(required, binding(example, "http://hl7.org/fhir/ValueSet/payment-type"))]
    pub type_: Option<CodeableConcept>,
    /// Request giving rise to the payment.
    #[record(class = Relation)]
    pub request: Option<Reference>,
    /// Submitter of the request.
    #[record(class = Participant, targets(Practitioner, PractitionerRole, Organization))]
    pub submitter: Option<Reference>,
    /// Response committing to a payment.
    #[record(class = Relation)]
    pub response: Option<Reference>,
    /// Date of commitment to pay.
    #[record(class = ServiceDate)]
    pub date: Option<Date>,
    /// Contact for the response.
    #[record(class = Participant, targets(PractitionerRole))]
    pub responsible: Option<Reference>,
    /// Recipient of the payment.
    #[record(class = Participant, targets(Practitioner, PractitionerRole, Organization))]
    pub payee: Option<Reference>,
    /// Amount allocated to this payable.
    pub amount: Option<Money>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Note concerning processing.
#[derive(Default, Record)]
#[record(backbone = "PaymentReconciliation.processNote")]
pub struct PaymentReconciliationProcessNote {
    /// display | print | printoper.
    #[record(binding(required, "http://hl7.org/fhir/ValueSet/note-type"))]
    pub type_: Option<Code<NoteType>>,
    /// Note explanatory text.
    pub text: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
