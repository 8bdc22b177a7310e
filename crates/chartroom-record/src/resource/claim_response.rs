//! ClaimResponse: FHIR R4 <https://hl7.org/fhir/R4/claimresponse.html>.

use super::prelude::*;

/// The adjudication details from the processing of a Claim.
#[derive(Default, Record)]
#[record(resource)]
pub struct ClaimResponse {
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
    /// Business Identifier for a claim response.
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
    /// More granular claim type.
    #[record(required, class = Financial, summary, binding(extensible, "http://hl7.org/fhir/ValueSet/claim-type"))]
    pub type_: Option<CodeableConcept>,
    /// More granular claim type.
    #[record(class = Financial, binding(example, "http://hl7.org/fhir/ValueSet/claim-subtype"))]
    pub sub_type: Option<CodeableConcept>,
    /// claim | preauthorization | predetermination.
    #[record(required, class = Administrative, summary, binding(required, "http://hl7.org/fhir/ValueSet/claim-use"))]
    pub use_: Option<Code<ClaimUse>>,
    /// The recipient of the products and services.
    #[record(required, class = Relation, summary, targets(Patient))]
    pub patient: Option<Reference>,
    /// Response creation date.
    #[record(required, class = ServiceDate, summary)]
    pub created: Option<DateTime>,
    /// Party responsible for reimbursement.
    #[record(required, class = Participant, summary, targets(Organization))]
    pub insurer: Option<Reference>,
    /// Party responsible for the claim.
    #[record(class = Participant, targets(Practitioner, PractitionerRole, Organization))]
    pub requestor: Option<Reference>,
    /// Id of resource triggering adjudication.
    #[record(class = Relation, summary, targets(Claim))]
    pub request: Option<Reference>,
    /// queued | complete | error | partial.
    #[record(
        required,
        class = Administrative,
        summary,
        binding(required, "http://hl7.org/fhir/ValueSet/remittance-outcome")
    )]
    pub outcome: Option<Code<RemittanceOutcome>>,
    /// Disposition Message.
    #[record(class = Narrative)]
    pub disposition: Option<Text>,
    /// Preauthorization reference.
    #[record(class = Identifier)]
    pub pre_auth_ref: Option<Text>,
    /// Preauthorization reference effective period.
    #[record(class = ServiceDate)]
    pub pre_auth_period: Option<Period>,
    /// Party to be paid any benefits payable.
    #[record(class = Financial, binding(example, "http://hl7.org/fhir/ValueSet/payeetype"))]
    pub payee_type: Option<CodeableConcept>,
    /// Adjudication for claim line items.
    #[record(class = Financial)]
    pub item: Vec<ClaimResponseItem>,
    /// Insurer added line items.
    #[record(class = Financial)]
    pub add_item: Vec<ClaimResponseAddItem>,
    /// Header-level adjudication.
    #[record(class = Financial)]
    pub adjudication: Vec<ClaimResponseItemAdjudication>,
    /// Adjudication totals.
    #[record(class = Financial, summary)]
    pub total: Vec<ClaimResponseTotal>,
    /// Payment Details.
    #[record(class = Financial)]
    pub payment: Option<Box<ClaimResponsePayment>>,
    /// Funds reserved status.
    #[record(class = Financial, binding(example, "http://hl7.org/fhir/ValueSet/fundsreserve"))]
    pub funds_reserve: Option<CodeableConcept>,
    /// Printed form identifier.
    #[record(class = Administrative, binding(example, "http://hl7.org/fhir/ValueSet/forms"))]
    pub form_code: Option<CodeableConcept>,
    /// Printed reference or actual form.
    #[record(class = Attachment)]
    pub form: Option<Box<Attachment>>,
    /// Note concerning adjudication.
    #[record(class = Narrative)]
    pub process_note: Vec<ClaimResponseProcessNote>,
    /// Request for additional information.
    #[record(class = Relation, targets(CommunicationRequest))]
    pub communication_request: Vec<Reference>,
    /// Patient insurance information.
    #[record(class = Financial)]
    pub insurance: Vec<ClaimResponseInsurance>,
    /// Processing errors.
    #[record(class = Administrative)]
    pub error: Vec<ClaimResponseError>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Adjudication for claim line items.
#[derive(Default, Record)]
#[record(backbone = "ClaimResponse.item")]
pub struct ClaimResponseItem {
    /// Claim item instance identifier.
    #[record(required)]
    pub item_sequence: Option<NonZeroU32>,
    /// Applicable note numbers.
    pub note_number: Vec<NonZeroU32>,
    /// Adjudication details.
    #[record(required)]
    pub adjudication: Vec<ClaimResponseItemAdjudication>,
    /// Adjudication for claim details.
    pub detail: Vec<ClaimResponseItemDetail>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Adjudication details.
#[derive(Default, Record)]
#[record(backbone = "ClaimResponse.item.adjudication")]
pub struct ClaimResponseItemAdjudication {
    /// Type of adjudication information.
    #[record(required, binding(example, "http://hl7.org/fhir/ValueSet/adjudication"))]
    pub category: Option<CodeableConcept>,
    /// Explanation of adjudication outcome.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/adjudication-reason"))]
    pub reason: Option<CodeableConcept>,
    /// Monetary amount.
    pub amount: Option<Money>,
    /// Non-monetary value.
    pub value: Option<Decimal>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Adjudication for claim details.
#[derive(Default, Record)]
#[record(backbone = "ClaimResponse.item.detail")]
pub struct ClaimResponseItemDetail {
    /// Claim detail instance identifier.
    #[record(required)]
    pub detail_sequence: Option<NonZeroU32>,
    /// Applicable note numbers.
    pub note_number: Vec<NonZeroU32>,
    /// Detail level adjudication details.
    #[record(required)]
    pub adjudication: Vec<ClaimResponseItemAdjudication>,
    /// Adjudication for claim sub-details.
    pub sub_detail: Vec<ClaimResponseItemDetailSubDetail>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Adjudication for claim sub-details.
#[derive(Default, Record)]
#[record(backbone = "ClaimResponse.item.detail.subDetail")]
pub struct ClaimResponseItemDetailSubDetail {
    /// Claim sub-detail instance identifier.
    #[record(required)]
    pub sub_detail_sequence: Option<NonZeroU32>,
    /// Applicable note numbers.
    pub note_number: Vec<NonZeroU32>,
    /// Subdetail level adjudication details.
    pub adjudication: Vec<ClaimResponseItemAdjudication>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Insurer added line items.
#[derive(Default, Record)]
#[record(backbone = "ClaimResponse.addItem")]
pub struct ClaimResponseAddItem {
    /// Item sequence number.
    pub item_sequence: Vec<NonZeroU32>,
    /// Detail sequence number.
    pub detail_sequence: Vec<NonZeroU32>,
    /// Subdetail sequence number.
    pub subdetail_sequence: Vec<NonZeroU32>,
    /// Authorized providers.
    #[record(class = Participant, targets(Practitioner, PractitionerRole, Organization))]
    pub provider: Vec<Reference>,
    /// Billing, service, product, or drug code.
    #[record(required, class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/service-uscls"))]
    pub product_or_service: Option<CodeableConcept>,
    /// Service/Product billing modifiers.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/claim-modifiers"))]
    pub modifier: Vec<CodeableConcept>,
    /// Program the product or service is provided under.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-program-code"))]
    pub program_code: Vec<CodeableConcept>,
    /// Date or dates of service or product delivery.
    #[record(choice, class = ServiceDate)]
    pub serviced: Option<ClaimResponseAddItemServiced>,
    /// Place of service or where product was supplied.
    #[record(choice, class = Address, binding(example, "http://hl7.org/fhir/ValueSet/service-place"))]
    pub location: Option<ClaimResponseAddItemLocation>,
    /// Count of products or services.
    #[record(of = "SimpleQuantity")]
    pub quantity: Option<Quantity>,
    /// Fee, charge or cost per item.
    pub unit_price: Option<Money>,
    /// Price scaling factor.
    pub factor: Option<Decimal>,
    /// Total item cost.
    pub net: Option<Money>,
    /// Anatomical location.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/tooth"))]
    pub body_site: Option<CodeableConcept>,
    /// Anatomical sub-location.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/surface"))]
    pub sub_site: Vec<CodeableConcept>,
    /// Applicable note numbers.
    pub note_number: Vec<NonZeroU32>,
    /// Added items adjudication.
    #[record(required)]
    pub adjudication: Vec<ClaimResponseItemAdjudication>,
    /// Insurer added line details.
    pub detail: Vec<ClaimResponseAddItemDetail>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `ClaimResponse.addItem.serviced[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "serviced")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ClaimResponseAddItemServiced {
    Date(Date),
    Period(Box<Period>),
}

/// The values that `ClaimResponse.addItem.location[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "location")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ClaimResponseAddItemLocation {
    CodeableConcept(Box<CodeableConcept>),
    Address(Box<Address>),
    #[record(targets(Location))]
    Reference(Box<Reference>),
}

/// Insurer added line details.
#[derive(Default, Record)]
#[record(backbone = "ClaimResponse.addItem.detail")]
pub struct ClaimResponseAddItemDetail {
    /// Billing, service, product, or drug code.
    #[record(required, class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/service-uscls"))]
    pub product_or_service: Option<CodeableConcept>,
    /// Service/Product billing modifiers.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/claim-modifiers"))]
    pub modifier: Vec<CodeableConcept>,
    /// Count of products or services.
    #[record(of = "SimpleQuantity")]
    pub quantity: Option<Quantity>,
    /// Fee, charge or cost per item.
    pub unit_price: Option<Money>,
    /// Price scaling factor.
    pub factor: Option<Decimal>,
    /// Total item cost.
    pub net: Option<Money>,
    /// Applicable note numbers.
    pub note_number: Vec<NonZeroU32>,
    /// Added items detail adjudication.
    #[record(required)]
    pub adjudication: Vec<ClaimResponseItemAdjudication>,
    /// Insurer added line items.
    pub sub_detail: Vec<ClaimResponseAddItemDetailSubDetail>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Insurer added line items.
#[derive(Default, Record)]
#[record(backbone = "ClaimResponse.addItem.detail.subDetail")]
pub struct ClaimResponseAddItemDetailSubDetail {
    /// Billing, service, product, or drug code.
    #[record(required, class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/service-uscls"))]
    pub product_or_service: Option<CodeableConcept>,
    /// Service/Product billing modifiers.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/claim-modifiers"))]
    pub modifier: Vec<CodeableConcept>,
    /// Count of products or services.
    #[record(of = "SimpleQuantity")]
    pub quantity: Option<Quantity>,
    /// Fee, charge or cost per item.
    pub unit_price: Option<Money>,
    /// Price scaling factor.
    pub factor: Option<Decimal>,
    /// Total item cost.
    pub net: Option<Money>,
    /// Applicable note numbers.
    pub note_number: Vec<NonZeroU32>,
    /// Added items detail adjudication.
    #[record(required)]
    pub adjudication: Vec<ClaimResponseItemAdjudication>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Adjudication totals.
#[derive(Default, Record)]
#[record(backbone = "ClaimResponse.total")]
pub struct ClaimResponseTotal {
    /// Type of adjudication information.
    #[record(required, summary, binding(example, "http://hl7.org/fhir/ValueSet/adjudication"))]
    pub category: Option<CodeableConcept>,
    /// Financial total for the category.
    #[record(required, summary)]
    pub amount: Option<Money>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Payment Details.
#[derive(Default, Record)]
#[record(backbone = "ClaimResponse.payment")]
pub struct ClaimResponsePayment {
    /// Partial or complete payment.
    #[record(required, binding(example, "http://hl7.org/fhir/ValueSet/ex-paymenttype"))]
    pub type_: Option<CodeableConcept>,
    /// Payment adjustment for non-claim issues.
    pub adjustment: Option<Money>,
    /// Explanation for the adjustment.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/payment-adjustment-reason"))]
    pub adjustment_reason: Option<CodeableConcept>,
    /// Expected date of payment.
    #[record(class = ServiceDate)]
    pub date: Option<Date>,
    /// Payable amount after adjustment.
    #[record(required)]
    pub amount: Option<Money>,
    /// Business identifier for the payment.
    #[record(class = Identifier)]
    pub identifier: Option<Box<Identifier>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Note concerning adjudication.
#[derive(Default, Record)]
#[record(backbone = "ClaimResponse.processNote")]
pub struct ClaimResponseProcessNote {
    /// Note instance identifier.
    pub number: Option<NonZeroU32>,
    /// display | print | printoper.
    #[record(binding(required, "http://hl7.org/fhir/ValueSet/note-type"))]
    pub type_: Option<Code<NoteType>>,
    /// Note explanatory text.
    #[record(required)]
    pub text: Option<Text>,
    /// Language of the text.
    #[record(binding(preferred, "http://hl7.org/fhir/ValueSet/languages"))]
    pub language: Option<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Patient insurance information.
#[derive(Default, Record)]
#[record(backbone = "ClaimResponse.insurance")]
pub struct ClaimResponseInsurance {
    /// Insurance instance identifier.
    #[record(required)]
    pub sequence: Option<NonZeroU32>,
    /// Coverage to be used for adjudication.
    #[record(required)]
    pub focal: Option<bool>,
    /// Insurance information.
    #[record(required, targets(Coverage))]
    pub coverage: Option<Reference>,
    /// Additional provider contract number.
    pub business_arrangement: Option<Text>,
    /// Adjudication results.
    #[record(class = Relation, targets(ClaimResponse))]
    pub claim_response: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Processing errors.
#[derive(Default, Record)]
#[record(backbone = "ClaimResponse.error")]
pub struct ClaimResponseError {
    /// Item sequence number.
    pub item_sequence: Option<NonZeroU32>,
    /// Detail sequence number.
    pub detail_sequence: Option<NonZeroU32>,
    /// Subdetail sequence number.
    pub sub_detail_sequence: Option<NonZeroU32>,
    /// Error code detailing processing issues.
    #[record(required, binding(example, "http://hl7.org/fhir/ValueSet/adjudication-error"))]
    pub code: Option<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
