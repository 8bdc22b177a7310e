//! Coverage: FHIR R4 <https://hl7.org/fhir/R4/coverage.html>.

use super::prelude::*;

/// Financial instrument which may be used to reimburse or pay for health care products and services.
#[derive(Default, Record)]
#[record(resource)]
pub struct Coverage {
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
    /// Business Identifier for the coverage.
    #[record(class = InsuranceId, summary)]
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
    /// Coverage category such as medical or accident.
    #[record(class = Financial, summary, binding(preferred, "http://hl7.org/fhir/ValueSet/coverage-type"))]
    pub type_: Option<CodeableConcept>,
    /// Owner of the policy.
    #[record(class = Relation, summary, targets(Patient, RelatedPerson, Organization))]
    pub policy_holder: Option<Reference>,
    /// Subscriber to the policy.
    #[record(class = Relation, summary, targets(Patient, RelatedPerson))]
    pub subscriber: Option<Reference>,
    /// ID assigned to the subscriber.
    #[record(class = InsuranceId, summary)]
    pub subscriber_id: Option<Text>,
    /// Plan beneficiary.
    #[record(required, class = Relation, summary, targets(Patient))]
    pub beneficiary: Option<Reference>,
    /// Dependent number.
    #[record(class = InsuranceId, summary)]
    pub dependent: Option<Text>,
    /// Beneficiary relationship to the subscriber.
    #[record(class = Relation, binding(extensible, "http://hl7.org/fhir/ValueSet/subscriber-relationship"))]
    pub relationship: Option<CodeableConcept>,
    /// Coverage start and end dates.
    #[record(class = ServiceDate, summary)]
    pub period: Option<Period>,
    /// Issuer of the policy.
    #[record(required, class = Financial, summary, targets(Organization, Patient, RelatedPerson))]
    pub payor: Vec<Reference>,
    /// Additional coverage classifications.
    #[record(class = Financial)]
    pub class: Vec<CoverageClass>,
    /// Relative order of the coverage.
    #[record(class = Financial, summary)]
    pub order: Option<NonZeroU32>,
    /// Insurer network.
    #[record(class = Financial, summary)]
    pub network: Option<Text>,
    /// Patient payments for services/products.
    #[record(class = Financial)]
    pub cost_to_beneficiary: Vec<CoverageCostToBeneficiary>,
    /// Reimbursement to insurer.
    #[record(class = Financial)]
    pub subrogation: Option<bool>,
    /// Contract details.
    #[record(class = Financial, targets(Contract))]
    pub contract: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Additional coverage classifications.
#[derive(Default, Record)]
#[record(backbone = "Coverage.class")]
pub struct CoverageClass {
    /// Type of class such as 'group' or 'plan'.
    #[record(required, summary, binding(extensible, "http://hl7.org/fhir/ValueSet/coverage-class"))]
    pub type_: Option<CodeableConcept>,
    /// Value of the class, such as a group or plan number.
    #[record(required, class = InsuranceId, summary)]
    pub value: Option<Text>,
    /// Human readable description of the type and value.
    #[record(summary)]
    pub name: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Patient payments for services/products.
#[derive(Default, Record)]
#[record(backbone = "Coverage.costToBeneficiary")]
pub struct CoverageCostToBeneficiary {
    /// Cost category.
    #[record(summary, binding(extensible, "http://hl7.org/fhir/ValueSet/coverage-copay-type"))]
    pub type_: Option<CodeableConcept>,
    /// The amount or percentage due from the beneficiary.
    #[record(required, choice, summary)]
    pub value: Option<CoverageCostToBeneficiaryValue>,
    /// Exceptions for patient payments.
    pub exception: Vec<CoverageCostToBeneficiaryException>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Coverage.costToBeneficiary.value[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "value")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum CoverageCostToBeneficiaryValue {
    #[record(of = "SimpleQuantity")]
    Quantity(Box<Quantity>),
    Money(Box<Money>),
}

/// Exceptions for patient payments.
#[derive(Default, Record)]
#[record(backbone = "Coverage.costToBeneficiary.exception")]
pub struct CoverageCostToBeneficiaryException {
    /// Exception category.
    #[record(required, summary, binding(example, "http://hl7.org/fhir/ValueSet/coverage-financial-exception"))]
    pub type_: Option<CodeableConcept>,
    /// The effective period of the exception.
    #[record(class = ServiceDate, summary)]
    pub period: Option<Period>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
