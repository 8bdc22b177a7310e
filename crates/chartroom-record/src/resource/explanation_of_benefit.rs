//! ExplanationOfBenefit: FHIR R4 <https://hl7.org/fhir/R4/explanationofbenefit.html>.

use super::prelude::*;

/// The claim details, the adjudication of a Claim, and optionally account balances, to inform the subscriber.
#[derive(Default, Record)]
#[record(resource)]
pub struct ExplanationOfBenefit {
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
    /// Business Identifier for the resource.
    #[record(class = Identifier)]
    pub identifier: Vec<Identifier>,
    /// active | cancelled | draft | entered-in-error.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/explanationofbenefit-status")
    )]
    pub status: Option<Code<ExplanationOfBenefitStatus>>,
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
    /// Response creation date.
    #[record(required, class = ServiceDate, summary)]
    pub created: Option<DateTime>,
    /// Author of the claim.
    #[record(class = Participant, targets(Practitioner, PractitionerRole))]
    pub enterer: Option<Reference>,
    /// Party responsible for reimbursement.
    #[record(required, class = Participant, summary, targets(Organization))]
    pub insurer: Option<Reference>,
    /// Party responsible for the claim.
    #[record(required, class = Participant, summary, targets(Practitioner, PractitionerRole, Organization))]
    pub provider: Option<Reference>,
    /// Desired processing urgency.
    #[record(class = Administrative, binding(example, "http://terminology.hl7.org/CodeSystem/processpriority"))]
    pub priority: Option<CodeableConcept>,
    /// For whom to reserve funds.
    #[record(class = Financial, binding(example, "http://hl7.org/fhir/ValueSet/fundsreserve"))]
    pub funds_reserve_requested: Option<CodeableConcept>,
    /// Funds reserved status.
    #[record(class = Financial, binding(example, "http://hl7.org/fhir/ValueSet/fundsreserve"))]
    pub funds_reserve: Option<CodeableConcept>,
    /// Prior or corollary claims.
    #[record(class = Relation)]
    pub related: Vec<ExplanationOfBenefitRelated>,
    /// Prescription authorizing services or products.
    #[record(class = Relation, targets(MedicationRequest, VisionPrescription))]
    pub prescription: Option<Reference>,
    /// Original prescription if superceded by fulfiller.
    #[record(class = Relation, targets(MedicationRequest))]
    pub original_prescription: Option<Reference>,
    /// Recipient of benefits payable.
    #[record(class = Financial)]
    pub payee: Option<Box<ExplanationOfBenefitPayee>>,
    /// Treatment Referral.
    #[record(class = Relation, targets(ServiceRequest))]
    pub referral: Option<Reference>,
    /// Servicing Facility.
    #[record(class = Participant, targets(Location))]
    pub facility: Option<Reference>,
    /// Claim reference.
    #[record(class = Relation, targets(Claim))]
    pub claim: Option<Reference>,
    /// Claim response reference.
    #[record(class = Relation, targets(ClaimResponse))]
    pub claim_response: Option<Reference>,
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
    pub pre_auth_ref: Vec<Text>,
    /// Preauthorization in-effect period.
    #[record(class = ServiceDate)]
    pub pre_auth_ref_period: Vec<Period>,
    /// Care Team members.
    #[record(class = Participant)]
    pub care_team: Vec<ExplanationOfBenefitCareTeam>,
    /// Supporting information.
    #[record(class = Clinical)]
    pub supporting_info: Vec<ExplanationOfBenefitSupportingInfo>,
    /// Pertinent diagnosis information.
    #[record(class = Clinical)]
    pub diagnosis: Vec<ExplanationOfBenefitDiagnosis>,
    /// Clinical procedures performed.
    #[record(class = Clinical)]
    pub procedure: Vec<ExplanationOfBenefitProcedure>,
    /// Precedence (primary, secondary, etc.).
    #[record(class = Financial)]
    pub precedence: Option<NonZeroU32>,
    /// Patient insurance information.
    #[record(required, class = Financial, summary)]
    pub insurance: Vec<ExplanationOfBenefitInsurance>,
    /// Details of the event.
    #[record(class = Clinical)]
    pub accident: Option<Box<ExplanationOfBenefitAccident>>,
    /// Product or service provided.
    #[record(class = Financial)]
    pub item: Vec<ExplanationOfBenefitItem>,
    /// Insurer added line items.
    #[record(class = Financial)]
    pub add_item: Vec<ExplanationOfBenefitAddItem>,
    /// Header-level adjudication.
    #[record(class = Financial)]
    pub adjudication: Vec<ExplanationOfBenefitItemAdjudication>,
    /// Adjudication totals.
    #[record(class = Financial, summary)]
    pub total: Vec<ExplanationOfBenefitTotal>,
    /// Payment Details.
    #[record(class = Financial)]
    pub payment: Option<Box<ExplanationOfBenefitPayment>>,
    /// Printed form identifier.
    #[record(class = Administrative, binding(example, "http://hl7.org/fhir/ValueSet/forms"))]
    pub form_code: Option<CodeableConcept>,
    /// Printed reference or actual form.
    #[record(class = Attachment)]
    pub form: Option<Box<Attachment>>,
    /// Note concerning adjudication.
    #[record(class = Narrative)]
    pub process_note: Vec<ExplanationOfBenefitProcessNote>,
    /// When the benefits are applicable.
    #[record(class = ServiceDate)]
    pub benefit_period: Option<Period>,
    /// Balance by Benefit Category.
    #[record(class = Financial)]
    pub benefit_balance: Vec<ExplanationOfBenefitBenefitBalance>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Prior or corollary claims.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.related")]
pub struct ExplanationOfBenefitRelated {
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
#[record(backbone = "ExplanationOfBenefit.payee")]
pub struct ExplanationOfBenefitPayee {
    /// Category of recipient.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/payeetype"))]
    pub type_: Option<CodeableConcept>,
    /// Recipient reference.
    #[record(class = Participant, targets(Practitioner, PractitionerRole, Organization, Patient, RelatedPerson))]
    pub party: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Care Team members.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.careTeam")]
pub struct ExplanationOfBenefitCareTeam {
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
#[record(backbone = "ExplanationOfBenefit.supportingInfo")]
pub struct ExplanationOfBenefitSupportingInfo {
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
    pub timing: Option<ExplanationOfBenefitSupportingInfoTiming>,
    /// Data to be provided.
    #[record(choice)]
    pub value: Option<ExplanationOfBenefitSupportingInfoValue>,
    /// Explanation for the information.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/missing-tooth-reason"))]
    pub reason: Option<Coding>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `ExplanationOfBenefit.supportingInfo.timing[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "timing")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ExplanationOfBenefitSupportingInfoTiming {
    Date(Date),
    Period(Box<Period>),
}

/// The values that `ExplanationOfBenefit.supportingInfo.value[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "value")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ExplanationOfBenefitSupportingInfoValue {
    Boolean(bool),
    String(Text),
    Quantity(Box<Quantity>),
    Attachment(Box<Attachment>),
    Reference(Box<Reference>),
}

/// Pertinent diagnosis information.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.diagnosis")]
pub struct ExplanationOfBenefitDiagnosis {
    /// Diagnosis instance identifier.
    #[record(required)]
    pub sequence: Option<NonZeroU32>,
    /// Nature of illness or problem.
    #[record(required, choice, binding(example, "http://hl7.org/fhir/ValueSet/icd-10"))]
    pub diagnosis: Option<ExplanationOfBenefitDiagnosisDiagnosis>,
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

/// The values that `ExplanationOfBenefit.diagnosis.diagnosis[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "diagnosis")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ExplanationOfBenefitDiagnosisDiagnosis {
    CodeableConcept(Box<CodeableConcept>),
    #[record(targets(Condition))]
    Reference(Box<Reference>),
}

/// Clinical procedures performed.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.procedure")]
pub struct ExplanationOfBenefitProcedure {
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
    pub procedure: Option<ExplanationOfBenefitProcedureProcedure>,
    /// Unique device identifier.
    #[record(class = Relation, targets(Device))]
    pub udi: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `ExplanationOfBenefit.procedure.procedure[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "procedure")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ExplanationOfBenefitProcedureProcedure {
    CodeableConcept(Box<CodeableConcept>),
    #[record(targets(Procedure))]
    Reference(Box<Reference>),
}

/// Patient insurance information.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.insurance")]
pub struct ExplanationOfBenefitInsurance {
    /// Coverage to be used for adjudication.
    #[record(required, summary)]
    pub focal: Option<bool>,
    /// Insurance information.
    #[record(required, summary, targets(Coverage))]
    pub coverage: Option<Reference>,
    /// Prior authorization reference number.
    #[record(class = Identifier)]
    pub pre_auth_ref: Vec<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Details of the event.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.accident")]
pub struct ExplanationOfBenefitAccident {
    /// When the incident occurred.
    #[record(class = ServiceDate)]
    pub date: Option<Date>,
    /// The nature of the accident.
    #[record(binding(extensible, "http://terminology.hl7.org/ValueSet/v3-ActIncidentCode"))]
    pub type_: Option<CodeableConcept>,
    /// Where the event occurred.
    #[record(choice, class = Address)]
    pub location: Option<ExplanationOfBenefitAccidentLocation>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `ExplanationOfBenefit.accident.location[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "location")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ExplanationOfBenefitAccidentLocation {
    Address(Box<Address>),
    #[record(targets(Location))]
    Reference(Box<Reference>),
}

/// Product or service provided.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.item")]
pub struct ExplanationOfBenefitItem {
    /// Item instance identifier.
    #[record(required)]
    pub sequence: Option<NonZeroU32>,
    /// Applicable care team members.
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
    pub serviced: Option<ExplanationOfBenefitItemServiced>,
    /// Place of service or where product was supplied.
    #[record(choice, class = Address, binding(example, "http://hl7.org/fhir/ValueSet/service-place"))]
    pub location: Option<ExplanationOfBenefitItemLocation>,
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
    /// Applicable note numbers.
    pub note_number: Vec<NonZeroU32>,
    /// Adjudication details.
    pub adjudication: Vec<ExplanationOfBenefitItemAdjudication>,
    /// Additional items.
    pub detail: Vec<ExplanationOfBenefitItemDetail>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `ExplanationOfBenefit.item.serviced[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "serviced")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ExplanationOfBenefitItemServiced {
    Date(Date),
    Period(Box<Period>),
}

/// The values that `ExplanationOfBenefit.item.location[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "location")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ExplanationOfBenefitItemLocation {
    CodeableConcept(Box<CodeableConcept>),
    Address(Box<Address>),
    #[record(targets(Location))]
    Reference(Box<Reference>),
}

/// Adjudication details.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.item.adjudication")]
pub struct ExplanationOfBenefitItemAdjudication {
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

/// A part of a product or service provided.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.item.detail")]
pub struct ExplanationOfBenefitItemDetail {
    /// Product or service provided.
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
    /// Applicable note numbers.
    pub note_number: Vec<NonZeroU32>,
    /// Detail level adjudication details.
    pub adjudication: Vec<ExplanationOfBenefitItemAdjudication>,
    /// Additional items.
    pub sub_detail: Vec<ExplanationOfBenefitItemDetailSubDetail>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A part of a detail of a product or service provided.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.item.detail.subDetail")]
pub struct ExplanationOfBenefitItemDetailSubDetail {
    /// Product or service provided.
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
    /// Applicable note numbers.
    pub note_number: Vec<NonZeroU32>,
    /// Subdetail level adjudication details.
    pub adjudication: Vec<ExplanationOfBenefitItemAdjudication>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Insurer added line items.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.addItem")]
pub struct ExplanationOfBenefitAddItem {
    /// Item sequence number.
    pub item_sequence: Vec<NonZeroU32>,
    /// Detail sequence number.
    pub detail_sequence: Vec<NonZeroU32>,
    /// Subdetail sequence number.
    pub sub_detail_sequence: Vec<NonZeroU32>,
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
    pub serviced: Option<ExplanationOfBenefitAddItemServiced>,
    /// Place of service or where product was supplied.
    #[record(choice, class = Address, binding(example, "http://hl7.org/fhir/ValueSet/service-place"))]
    pub location: Option<ExplanationOfBenefitAddItemLocation>,
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
    pub adjudication: Vec<ExplanationOfBenefitItemAdjudication>,
    /// Insurer added line items.
    pub detail: Vec<ExplanationOfBenefitAddItemDetail>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `ExplanationOfBenefit.addItem.serviced[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "serviced")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ExplanationOfBenefitAddItemServiced {
    Date(Date),
    Period(Box<Period>),
}

/// The values that `ExplanationOfBenefit.addItem.location[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "location")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ExplanationOfBenefitAddItemLocation {
    CodeableConcept(Box<CodeableConcept>),
    Address(Box<Address>),
    #[record(targets(Location))]
    Reference(Box<Reference>),
}

/// Insurer added line items.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.addItem.detail")]
pub struct ExplanationOfBenefitAddItemDetail {
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
    /// Added items adjudication.
    pub adjudication: Vec<ExplanationOfBenefitItemAdjudication>,
    /// Insurer added line items.
    pub sub_detail: Vec<ExplanationOfBenefitAddItemDetailSubDetail>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Insurer added line items.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.addItem.detail.subDetail")]
pub struct ExplanationOfBenefitAddItemDetailSubDetail {
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
    /// Added items adjudication.
    pub adjudication: Vec<ExplanationOfBenefitItemAdjudication>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Adjudication totals.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.total")]
pub struct ExplanationOfBenefitTotal {
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
#[record(backbone = "ExplanationOfBenefit.payment")]
pub struct ExplanationOfBenefitPayment {
    /// Partial or complete payment.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/ex-paymenttype"))]
    pub type_: Option<CodeableConcept>,
    /// Payment adjustment for non-claim issues.
    pub adjustment: Option<Money>,
    /// Explanation for the variance.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/payment-adjustment-reason"))]
    pub adjustment_reason: Option<CodeableConcept>,
    /// Expected date of payment.
    #[record(class = ServiceDate)]
    pub date: Option<Date>,
    /// Payable amount after adjustment.
    pub amount: Option<Money>,
    /// Business identifier for the payment.
    #[record(class = Identifier)]
    pub identifier: Option<Box<Identifier>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Note concerning adjudication.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.processNote")]
pub struct ExplanationOfBenefitProcessNote {
    /// Note instance identifier.
    pub number: Option<NonZeroU32>,
    /// display | print | printoper.
    #[record(binding(required, "http://hl7.org/fhir/ValueSet/note-type"))]
    pub type_: Option<Code<NoteType>>,
    /// Note explanatory text.
    pub text: Option<Text>,
    /// Language of the text.
    #[record(binding(preferred, "http://hl7.org/fhir/ValueSet/languages"))]
    pub language: Option<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Balance by Benefit Category.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.benefitBalance")]
pub struct ExplanationOfBenefitBenefitBalance {
    /// Benefit classification.
    #[record(required, binding(example, "http://hl7.org/fhir/ValueSet/ex-benefitcategory"))]
    pub category: Option<CodeableConcept>,
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
    pub financial: Vec<ExplanationOfBenefitBenefitBalanceFinancial>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Benefit Summary.
#[derive(Default, Record)]
#[record(backbone = "ExplanationOfBenefit.benefitBalance.financial")]
pub struct ExplanationOfBenefitBenefitBalanceFinancial {
    /// Benefit classification.
    #[record(required, binding(example, "http://hl7.org/fhir/ValueSet/benefit-type"))]
    pub type_: Option<CodeableConcept>,
    /// Benefits allowed.
    #[record(choice)]
    pub allowed: Option<ExplanationOfBenefitBenefitBalanceFinancialAllowed>,
    /// Benefits used.
    #[record(choice)]
    pub used: Option<ExplanationOfBenefitBenefitBalanceFinancialUsed>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `ExplanationOfBenefit.benefitBalance.financial.allowed[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "allowed")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ExplanationOfBenefitBenefitBalanceFinancialAllowed {
    UnsignedInt(u32),
    String(Text),
    Money(Box<Money>),
}

/// The values that `ExplanationOfBenefit.benefitBalance.financial.used[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "used")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ExplanationOfBenefitBenefitBalanceFinancialUsed {
    UnsignedInt(u32),
    Money(Box<Money>),
}
