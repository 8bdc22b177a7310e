//! Claim: FHIR R4 <https://hl7.org/fhir/R4/claim.html>.

use super::prelude::*;

/// A provider issued list of professional services and products which have been provided, or are to be provided, to a
/// patient which is sent to an insurer for reimbursement.
#[derive(Default, Record)]
#[record(resource)]
pub struct Claim {
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
    /// Business Identifier for claim.
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
    /// Category or discipline.
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
    /// Relevant time frame for the claim.
    #[record(class = ServiceDate, summary)]
    pub billable_period: Option<Period>,
    /// Resource creation date.
    #[record(required, class = ServiceDate, summary)]
    pub created: Option<DateTime>,
    /// Author of the claim.
    #[record(class = Participant, targets(Practitioner, PractitionerRole))]
    pub enterer: Option<Reference>,
    /// The insurer that the claim is sent to.
    #[record(class = Participant, summary, targets(Organization))]
    pub insurer: Option<Reference>,
    /// Party responsible for the claim.
    #[record(required, class = Participant, summary, targets(Practitioner, PractitionerRole, Organization))]
    pub provider: Option<Reference>,
    /// Desired processing ugency.
    #[record(
        required,
        class = Administrative,
        summary,
        binding(example, "http://hl7.org/fhir/ValueSet/process-priority")
    )]
    pub priority: Option<CodeableConcept>,
    /// For whom to reserve funds.
    #[record(class = Financial, binding(example, "http://hl7.org/fhir/ValueSet/fundsreserve"))]
    pub funds_reserve: Option<CodeableConcept>,
    /// Prior or corollary claims.
    #[record(class = Relation)]
    pub related: Vec<ClaimRelated>,
    /// Prescription authorizing services and products.
    #[record(class = Relation, targets(DeviceRequest, MedicationRequest, VisionPrescription))]
    pub prescription: Option<Reference>,
    /// Original prescription if superseded by fulfiller.
    #[record(class = Relation, targets(DeviceRequest, MedicationRequest, VisionPrescription))]
    pub original_prescription: Option<Reference>,
    /// Recipient of benefits payable.
    #[record(class = Financial)]
    pub payee: Option<Box<ClaimPayee>>,
    /// Treatment referral.
    #[record(class = Relation, targets(ServiceRequest))]
    pub referral: Option<Reference>,
    /// Servicing facility.
    #[record(class = Participant, targets(Location))]
    pub facility: Option<Reference>,
    /// Members of the care team.
    #[record(class = Participant)]
    pub care_team: Vec<ClaimCareTeam>,
    /// Supporting information.
    #[record(class = Clinical)]
    pub supporting_info: Vec<ClaimSupportingInfo>,
    /// Pertinent diagnosis information.
    #[record(class = Clinical)]
    pub diagnosis: Vec<ClaimDiagnosis>,
    /// Clinical procedures performed.
    #[record(class = Clinical)]
    pub procedure: Vec<ClaimProcedure>,
    /// Patient insurance information.
    #[record(required, class = Financial, summary)]
    pub insurance: Vec<ClaimInsurance>,
    /// Details of the event.
    #[record(class = Clinical)]
    pub accident: Option<Box<ClaimAccident>>,
    /// Product or service provided.
    #[record(class = Financial)]
    pub item: Vec<ClaimItem>,
    /// Total claim cost.
    #[record(class = Financial)]
    pub total: Option<Money>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Prior or corollary claims.
#[derive(Default, Record)]
#[record(backbone = "Claim.related")]
pub struct ClaimRelated {
    /// Reference to the related claim.
    #[record(targets(Claim))]
    pub claim: Option<Reference>,
    /// How the reference claim is related.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/related-claim-relationship"))]
    pub relationship: Option<CodeableConcept>,
    /// File or case reference.
    #[record(class = Identifier)]
    pub reference: Option<Box<Identifier>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Recipient of benefits payable.
#[derive(Default, Record)]
#[record(backbone = "Claim.payee")]
pub struct ClaimPayee {
    /// Category of recipient.
    #[record(required, binding(example, "http://hl7.org/fhir/ValueSet/payeetype"))]
    pub type_: Option<CodeableConcept>,
    /// Recipient reference.
    #[record(class = Participant, targets(Practitioner, PractitionerRole, Organization, Patient, RelatedPerson))]
    pub party: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Members of the care team.
#[derive(Default, Record)]
#[record(backbone = "Claim.careTeam")]
pub struct ClaimCareTeam {
    /// Order of care team.
    #[record(required)]
    pub sequence: Option<NonZeroU32>,
    /// Practitioner or organization.
    #[record(required, targets(Practitioner, PractitionerRole, Organization))]
    pub provider: Option<Reference>,
    /// Indicator of the lead practitioner.
    pub responsible: Option<bool>,
    /// Function within the team.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/claim-careteamrole"))]
    pub role: Option<CodeableConcept>,
    /// Practitioner credential or specialization.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/provider-qualification"))]
    pub qualification: Option<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Supporting information.
#[derive(Default, Record)]
#[record(backbone = "Claim.supportingInfo")]
pub struct ClaimSupportingInfo {
    /// Information instance identifier.
    #[record(required)]
    pub sequence: Option<NonZeroU32>,
    /// Classification of the supplied information.
    #[record(required, binding(example, "http://hl7.org/fhir/ValueSet/claim-informationcategory"))]
    pub category: Option<CodeableConcept>,
    /// Type of information.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/claim-exception"))]
    pub code: Option<CodeableConcept>,
    /// When it occurred.
    #[record(choice, class = ServiceDate)]
    pub timing: Option<ClaimSupportingInfoTiming>,
    /// Data to be provided.
    #[record(choice)]
    pub value: Option<ClaimSupportingInfoValue>,
    /// Explanation for the information.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/missing-tooth-reason"))]
    pub reason: Option<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Claim.supportingInfo.timing[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "timing")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ClaimSupportingInfoTiming {
    Date(Date),
    Period(Box<Period>),
}

/// The values that `Claim.supportingInfo.value[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "value")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ClaimSupportingInfoValue {
    Boolean(bool),
    String(Text),
    Quantity(Box<Quantity>),
    Attachment(Box<Attachment>),
    Reference(Box<Reference>),
}

/// Pertinent diagnosis information.
#[derive(Default, Record)]
#[record(backbone = "Claim.diagnosis")]
pub struct ClaimDiagnosis {
    /// Diagnosis instance identifier.
    #[record(required)]
    pub sequence: Option<NonZeroU32>,
    /// Nature of illness or problem.
    #[record(required, choice, binding(example, "http://hl7.org/fhir/ValueSet/icd-10"))]
    pub diagnosis: Option<ClaimDiagnosisDiagnosis>,
    /// Timing or nature of the diagnosis.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-diagnosistype"))]
    pub type_: Vec<CodeableConcept>,
    /// Present on admission.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-diagnosis-on-admission"))]
    pub on_admission: Option<CodeableConcept>,
    /// Package billing code.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-diagnosisrelatedgroup"))]
    pub package_code: Option<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Claim.diagnosis.diagnosis[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "diagnosis")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ClaimDiagnosisDiagnosis {
    CodeableConcept(Box<CodeableConcept>),
    #[record(targets(Condition))]
    Reference(Box<Reference>),
}

/// Clinical procedures performed.
#[derive(Default, Record)]
#[record(backbone = "Claim.procedure")]
pub struct ClaimProcedure {
    /// Procedure instance identifier.
    #[record(required)]
    pub sequence: Option<NonZeroU32>,
    /// Category of Procedure.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-procedure-type"))]
    pub type_: Vec<CodeableConcept>,
    /// When the procedure was performed.
    #[record(class = ServiceDate)]
    pub date: Option<DateTime>,
    /// Specific clinical procedure.
    #[record(required, choice, binding(example, "http://hl7.org/fhir/ValueSet/icd-10-procedures"))]
    pub procedure: Option<ClaimProcedureProcedure>,
    /// Unique device identifier.
    #[record(class = Relation, targets(Device))]
    pub udi: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Claim.procedure.procedure[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "procedure")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ClaimProcedureProcedure {
    CodeableConcept(Box<CodeableConcept>),
    #[record(targets(Procedure))]
    Reference(Box<Reference>),
}

/// Patient insurance information.
#[derive(Default, Record)]
#[record(backbone = "Claim.insurance")]
pub struct ClaimInsurance {
    /// Insurance instance identifier.
    #[record(required, summary)]
    pub sequence: Option<NonZeroU32>,
    /// Coverage to be used for adjudication.
    #[record(required, summary)]
    pub focal: Option<bool>,
    /// Pre-assigned Claim number.
    #[record(class = InsuranceId)]
    pub identifier: Option<Box<Identifier>>,
    /// Insurance information.
    #[record(required, summary, targets(Coverage))]
    pub coverage: Option<Reference>,
    /// Additional provider contract number.
    pub business_arrangement: Option<Text>,
    /// Prior authorization reference number.
    #[record(class = Identifier)]
    pub pre_auth_ref: Vec<Text>,
    /// Adjudication results.
    #[record(class = Relation, targets(ClaimResponse))]
    pub claim_response: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Details of the event.
#[derive(Default, Record)]
#[record(backbone = "Claim.accident")]
pub struct ClaimAccident {
    /// When the incident occurred.
    #[record(required, class = ServiceDate)]
    pub date: Option<Date>,
    /// The nature of the accident.
    #[record(binding(extensible, "http://terminology.hl7.org/ValueSet/v3-ActIncidentCode"))]
    pub type_: Option<CodeableConcept>,
    /// Where the event occurred.
    #[record(choice, class = Address)]
    pub location: Option<ClaimAccidentLocation>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Claim.accident.location[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "location")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ClaimAccidentLocation {
    Address(Box<Address>),
    #[record(targets(Location))]
    Reference(Box<Reference>),
}

/// Product or service provided.
#[derive(Default, Record)]
#[record(backbone = "Claim.item")]
pub struct ClaimItem {
    /// Item instance identifier.
    #[record(required)]
    pub sequence: Option<NonZeroU32>,
    /// Applicable careTeam members.
    pub care_team_sequence: Vec<NonZeroU32>,
    /// Applicable diagnoses.
    pub diagnosis_sequence: Vec<NonZeroU32>,
    /// Applicable procedures.
    pub procedure_sequence: Vec<NonZeroU32>,
    /// Applicable exception and supporting information.
    pub information_sequence: Vec<NonZeroU32>,
    /// Revenue or cost center code.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-revenue-center"))]
    pub revenue: Option<CodeableConcept>,
    /// Benefit classification.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-benefitcategory"))]
    pub category: Option<CodeableConcept>,
    /// Billing, service, product, or drug code.
    #[record(required, class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/service-uscls"))]
    pub product_or_service: Option<CodeableConcept>,
    /// Product or service billing modifiers.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/claim-modifiers"))]
    pub modifier: Vec<CodeableConcept>,
    /// Program the product or service is provided under.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-program-code"))]
    pub program_code: Vec<CodeableConcept>,
    /// Date or dates of service or product delivery.
    #[record(choice, class = ServiceDate)]
    pub serviced: Option<ClaimItemServiced>,
    /// Place of service or where product was supplied.
    #[record(choice, class = Address, binding(example, "http://hl7.org/fhir/ValueSet/service-place"))]
    pub location: Option<ClaimItemLocation>,
    /// Count of products or services.
    #[record(of = "SimpleQuantity")]
    pub quantity: Option<Quantity>,
    /// Fee, charge or cost per item.
    pub unit_price: Option<Money>,
    /// Price scaling factor.
    pub factor: Option<Decimal>,
    /// Total item cost.
    pub net: Option<Money>,
    /// Unique device identifier.
    #[record(class = Relation, targets(Device))]
    pub udi: Vec<Reference>,
    /// Anatomical location.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/tooth"))]
    pub body_site: Option<CodeableConcept>,
    /// Anatomical sub-location.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/surface"))]
    pub sub_site: Vec<CodeableConcept>,
    /// Encounters related to this billed item.
    #[record(class = Relation, targets(Encounter))]
    pub encounter: Vec<Reference>,
    /// Product or service provided.
    pub detail: Vec<ClaimItemDetail>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Claim.item.serviced[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "serviced")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ClaimItemServiced {
    Date(Date),
    Period(Box<Period>),
}

/// The values that `Claim.item.location[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "location")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ClaimItemLocation {
    CodeableConcept(Box<CodeableConcept>),
    Address(Box<Address>),
    #[record(targets(Location))]
    Reference(Box<Reference>),
}

/// A part of a product or service provided.
#[derive(Default, Record)]
#[record(backbone = "Claim.item.detail")]
pub struct ClaimItemDetail {
    /// Item instance identifier.
    #[record(required)]
    pub sequence: Option<NonZeroU32>,
    /// Revenue or cost center code.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-revenue-center"))]
    pub revenue: Option<CodeableConcept>,
    /// Benefit classification.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-benefitcategory"))]
    pub category: Option<CodeableConcept>,
    /// Billing, service, product, or drug code.
    #[record(required, class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/service-uscls"))]
    pub product_or_service: Option<CodeableConcept>,
    /// Service/Product billing modifiers.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/claim-modifiers"))]
    pub modifier: Vec<CodeableConcept>,
    /// Program the product or service is provided under.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-program-code"))]
    pub program_code: Vec<CodeableConcept>,
    /// Count of products or services.
    #[record(of = "SimpleQuantity")]
    pub quantity: Option<Quantity>,
    /// Fee, charge or cost per item.
    pub unit_price: Option<Money>,
    /// Price scaling factor.
    pub factor: Option<Decimal>,
    /// Total item cost.
    pub net: Option<Money>,
    /// Unique device identifier.
    #[record(class = Relation, targets(Device))]
    pub udi: Vec<Reference>,
    /// Product or service provided.
    pub sub_detail: Vec<ClaimItemDetailSubDetail>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A part of a detail of a product or service provided.
#[derive(Default, Record)]
#[record(backbone = "Claim.item.detail.subDetail")]
pub struct ClaimItemDetailSubDetail {
    /// Item instance identifier.
    #[record(required)]
    pub sequence: Option<NonZeroU32>,
    /// Revenue or cost center code.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-revenue-center"))]
    pub revenue: Option<CodeableConcept>,
    /// Benefit classification.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-benefitcategory"))]
    pub category: Option<CodeableConcept>,
    /// Billing, service, product, or drug code.
    #[record(required, class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/service-uscls"))]
    pub product_or_service: Option<CodeableConcept>,
    /// Service/Product billing modifiers.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/claim-modifiers"))]
    pub modifier: Vec<CodeableConcept>,
    /// Program the product or service is provided under.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-program-code"))]
    pub program_code: Vec<CodeableConcept>,
    /// Count of products or services.
    #[record(of = "SimpleQuantity")]
    pub quantity: Option<Quantity>,
    /// Fee, charge or cost per item.
    pub unit_price: Option<Money>,
    /// Price scaling factor.
    pub factor: Option<Decimal>,
    /// Total item cost.
    pub net: Option<Money>,
    /// Unique device identifier.
    #[record(class = Relation, targets(Device))]
    pub udi: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
