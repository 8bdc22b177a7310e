//! CoverageEligibilityRequest: FHIR R4 <https://hl7.org/fhir/R4/coverageeligibilityrequest.html>.

use super::prelude::*;

/// A question to an insurer: is the coverage valid and in force, and what does it cover.
#[derive(Default, Record)]
#[record(resource)]
pub struct CoverageEligibilityRequest {
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
    /// Business Identifier for coverage eligiblity request.
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
    /// Desired processing priority.
    #[record(class = Administrative, binding(example, "http://hl7.org/fhir/ValueSet/process-priority"))]
    pub priority: Option<CodeableConcept>,
    /// auth-requirements | benefits | discovery | validation.
    #[record(
        required,
        class = Administrative,
        summary,
        binding(required, "http://hl7.org/fhir/ValueSet/eligibilityrequest-purpose")
    )]
    pub purpose: Vec<Code<EligibilityRequestPurpose>>,
    /// Intended recipient of products and services.
    #[record(required, class = Relation, summary, targets(Patient))]
    pub patient: Option<Reference>,
    /// Estimated date or dates of service.
    #[record(choice, class = ServiceDate)]
    pub serviced: Option<CoverageEligibilityRequestServiced>,
    /// Creation date.
    #[record(required, class = ServiceDate, summary)]
    pub created: Option<DateTime>,
    /// Who entered the request.
    #[record(class = Participant, targets(Practitioner, PractitionerRole))]
    pub enterer: Option<Reference>,
    /// Party responsible for the request.
    #[record(class = Participant, targets(Practitioner, PractitionerRole, Organization))]
    pub provider: Option<Reference>,
    /// Coverage issuer.
    #[record(required, class = Participant, summary, targets(Organization))]
    pub insurer: Option<Reference>,
    /// Servicing facility.
    #[record(class = Participant, targets(Location))]
    pub facility: Option<Reference>,
    /// Supporting information.
    #[record(class = Relation)]
    pub supporting_info: Vec<CoverageEligibilityRequestSupportingInfo>,
    /// Patient insurance information.
    #[record(class = Financial)]
    pub insurance: Vec<CoverageEligibilityRequestInsurance>,
    /// Items to be evaluated for eligibility.
    #[record(class = Financial)]
    pub item: Vec<CoverageEligibilityRequestItem>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `CoverageEligibilityRequest.serviced[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "serviced")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum CoverageEligibilityRequestServiced {
    Date(Date),
    Period(Box<Period>),
}

/// Supporting information.
#[derive(Default, Record)]
#[record(backbone = "CoverageEligibilityRequest.supportingInfo")]
pub struct CoverageEligibilityRequestSupportingInfo {
    /// Information instance identifier.
    #[record(required)]
    pub sequence: Option<NonZeroU32>,
    /// Data to be provided.
    #[record(required)]
    pub information: Option<Reference>,
    /// Applies to all items.
    pub applies_to_all: Option<bool>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Patient insurance information.
#[derive(Default, Record)]
#[record(backbone = "CoverageEligibilityRequest.insurance")]
pub struct CoverageEligibilityRequestInsurance {
    /// Applicable coverage.
    pub focal: Option<bool>,
    /// Insurance information.
    #[record(required, targets(Coverage))]
    pub coverage: Option<Reference>,
    /// Additional provider contract number.
    pub business_arrangement: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// An item to be evaluated for eligibility.
#[derive(Default, Record)]
#[record(backbone = "CoverageEligibilityRequest.item")]
pub struct CoverageEligibilityRequestItem {
    /// Applicable exception or supporting information.
    pub supporting_info_sequence: Vec<NonZeroU32>,
    /// Benefit classification.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-benefitcategory"))]
    pub category: Option<CodeableConcept>,
    /// Billing, service, product, or drug code.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/service-uscls"))]
    pub product_or_service: Option<CodeableConcept>,
    /// Product or service billing modifiers.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/claim-modifiers"))]
    pub modifier: Vec<CodeableConcept>,
    /// Perfoming practitioner.
    #[record(class = Participant, targets(Practitioner, PractitionerRole))]
    pub provider: Option<Reference>,
    /// Count of products or services.
    #[record(of = "SimpleQuantity")]
    pub quantity: Option<Quantity>,
    /// Fee, charge or cost per item.
    pub unit_price: Option<Money>,
    /// Servicing facility.
    #[record(class = Participant, targets(Location, Organization))]
    pub facility: Option<Reference>,
    /// Applicable diagnosis.
    #[record(class = Clinical)]
    pub diagnosis: Vec<CoverageEligibilityRequestItemDiagnosis>,
    /// Product or service details.
    #[record(class = Relation)]
    pub detail: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Applicable diagnosis.
#[derive(Default, Record)]
#[record(backbone = "CoverageEligibilityRequest.item.diagnosis")]
pub struct CoverageEligibilityRequestItemDiagnosis {
    /// Nature of illness or problem.
    #[record(choice, binding(example, "http://hl7.org/fhir/ValueSet/icd-10"))]
    pub diagnosis: Option<CoverageEligibilityRequestItemDiagnosisDiagnosis>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `CoverageEligibilityRequest.item.diagnosis.diagnosis[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "diagnosis")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum CoverageEligibilityRequestItemDiagnosisDiagnosis {
    CodeableConcept(Box<CodeableConcept>),
    #[record(targets(Condition))]
    Reference(Box<Reference>),
}
