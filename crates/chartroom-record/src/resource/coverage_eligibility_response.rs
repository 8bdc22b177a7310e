//! CoverageEligibilityResponse: FHIR R4 <https://hl7.org/fhir/R4/coverageeligibilityresponse.html>.

use super::prelude::*;

/// Eligibility and plan details: the answer to a CoverageEligibilityRequest.
#[derive(Default, Record)]
#[record(resource)]
pub struct CoverageEligibilityResponse {
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
    /// auth-requirements | benefits | discovery | validation.
    #[record(
        required,
        class = Administrative,
        summary,
        binding(required, "http://hl7.org/fhir/ValueSet/eligibilityresponse-purpose")
    )]
    pub purpose: Vec<Code<EligibilityResponsePurpose>>,
    /// Intended recipient of products and services.
    #[record(required, class = Relation, summary, targets(Patient))]
    pub patient: Option<Reference>,
    /// Estimated date or dates of service.
    #[record(choice, class = ServiceDate)]
    pub serviced: Option<CoverageEligibilityResponseServiced>,
    /// Response creation date.
    #[record(required, class = ServiceDate, summary)]
    pub created: Option<DateTime>,
    /// Party responsible for the request.
    #[record(class = Participant, targets(Practitioner, PractitionerRole, Organization))]
    pub requestor: Option<Reference>,
    /// Eligibility request reference.
    #[record(required, class = Relation, summary, targets(CoverageEligibilityRequest))]
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
    /// Coverage issuer.
    #[record(required, class = Participant, summary, targets(Organization))]
    pub insurer: Option<Reference>,
    /// Patient insurance information.
    #[record(class = Financial)]
    pub insurance: Vec<CoverageEligibilityResponseInsurance>,
    /// Preauthorization reference.
    #[record(class = Identifier)]
    pub pre_auth_ref: Option<Text>,
    /// Printed form identifier.
    #[record(class = Administrative, binding(example, "http://hl7.org/fhir/ValueSet/forms"))]
    pub form: Option<CodeableConcept>,
    /// Processing errors.
    #[record(class = Administrative)]
    pub error: Vec<CoverageEligibilityResponseError>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `CoverageEligibilityResponse.serviced[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "serviced")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum CoverageEligibilityResponseServiced {
    Date(Date),
    Period(Box<Period>),
}

/// Patient insurance information.
#[derive(Default, Record)]
#[record(backbone = "CoverageEligibilityResponse.insurance")]
pub struct CoverageEligibilityResponseInsurance {
    /// Insurance information.
    #[record(required, summary, targets(Coverage))]
    pub coverage: Option<Reference>,
    /// Coverage inforce indicator.
    pub inforce: Option<bool>,
    /// When the benefits are applicable.
    #[record(class = ServiceDate)]
    pub benefit_period: Option<Period>,
    /// Benefits and authorization details.
    pub item: Vec<CoverageEligibilityResponseInsuranceItem>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Benefits and authorization details.
#[derive(Default, Record)]
#[record(backbone = "CoverageEligibilityResponse.insurance.item")]
pub struct CoverageEligibilityResponseInsuranceItem {
    /// Benefit classification.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-benefitcategory"))]
    pub category: Option<CodeableConcept>,
    /// Billing, service, product, or drug code.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/service-uscls"))]
    pub product_or_service: Option<CodeableConcept>,
    /// Product or service billing modifiers.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/claim-modifiers"))]
    pub modifier: Vec<CodeableConcept>,
    /// Performing practitioner.
    #[record(class = Participant, targets(Practitioner, PractitionerRole))]
    pub provider: Option<Reference>,
    /// Excluded from the plan.
    pub excluded: Option<bool>,
    /// Short name for the benefit.
    pub name: Option<Text>,
    /// Description of the benefit or services covered.
    pub description: Option<Text>,
    /// In or out of network.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/benefit-network"))]
    pub network: Option<CodeableConcept>,
    /// Individual or family.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/benefit-unit"))]
    pub unit: Option<CodeableConcept>,
    /// Annual or lifetime.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/benefit-term"))]
    pub term: Option<CodeableConcept>,
    /// Benefit Summary.
    pub benefit: Vec<CoverageEligibilityResponseInsuranceItemBenefit>,
    /// Authorization required flag.
    pub authorization_required: Option<bool>,
    /// Type of required supporting materials.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/coverageeligibilityresponse-ex-auth-support"))]
    pub authorization_supporting: Vec<CodeableConcept>,
    /// Preauthorization requirements endpoint.
    pub authorization_url: Option<Uri>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Benefit Summary.
#[derive(Default, Record)]
#[record(backbone = "CoverageEligibilityResponse.insurance.item.benefit")]
pub struct CoverageEligibilityResponseInsuranceItemBenefit {
    /// Benefit classification.
    #[record(required, binding(example, "http://hl7.org/fhir/ValueSet/benefit-type"))]
    pub type_: Option<CodeableConcept>,
    /// Benefits allowed.
    #[record(choice)]
    pub allowed: Option<CoverageEligibilityResponseInsuranceItemBenefitAllowed>,
    /// Benefits used.
    #[record(choice)]
    pub used: Option<CoverageEligibilityResponseInsuranceItemBenefitUsed>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `CoverageEligibilityResponse.insurance.item.benefit.allowed[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "allowed")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum CoverageEligibilityResponseInsuranceItemBenefitAllowed {
    UnsignedInt(u32),
    String(Text),
    Money(Box<Money>),
}

/// The values that `CoverageEligibilityResponse.insurance.item.benefit.used[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "used")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum CoverageEligibilityResponseInsuranceItemBenefitUsed {
    UnsignedInt(u32),
    String(Text),
    Money(Box<Money>),
}

/// Processing errors.
#[derive(Default, Record)]
#[record(backbone = "CoverageEligibilityResponse.error")]
pub struct CoverageEligibilityResponseError {
    /// Error code detailing processing issues.
    #[record(required, binding(example, "http://hl7.org/fhir/ValueSet/adjudication-error"))]
    pub code: Option<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
