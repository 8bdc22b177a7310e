//! MedicationRequest: FHIR R4 <https://hl7.org/fhir/R4/medicationrequest.html>.

use super::prelude::*;

/// An order or request for both supply of the medication and the instructions for administration of the medication to a
/// patient.
#[derive(Default, Record)]
#[record(resource)]
pub struct MedicationRequest {
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
    /// External ids for this request.
    #[record(class = Identifier)]
    pub identifier: Vec<Identifier>,
    /// active | on-hold | cancelled | completed | entered-in-error | stopped | draft | unknown.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/medicationrequest-status")
    )]
    pub status: Option<Code<MedicationRequestStatus>>,
    /// Reason for current status.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/medicationrequest-status-reason"))]
    pub status_reason: Option<CodeableConcept>,
    /// proposal | plan | order | original-order | reflex-order | filler-order | instance-order | option.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/medicationrequest-intent")
    )]
    pub intent: Option<Code<MedicationRequestIntent>>,
    /// Type of medication usage.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/medicationrequest-category"))]
    pub category: Vec<CodeableConcept>,
    /// routine | urgent | asap | stat.
    #[record(class = Administrative, summary, binding(required, "http://hl7.org/fhir/ValueSet/request-priority"))]
    pub priority: Option<Code<RequestPriority>>,
    /// True if request is prohibiting action.
    #[record(class = Clinical, summary, modifier)]
    pub do_not_perform: Option<bool>,
    /// Reported rather than primary record.
    #[record(choice, class = Participant, summary)]
    pub reported: Option<MedicationRequestReported>,
    /// Medication to be taken.
    #[record(
        required,
        choice,
        class = Clinical,
        summary,
        binding(example, "http://hl7.org/fhir/ValueSet/medication-codes")
    )]
    pub medication: Option<MedicationRequestMedication>,
    /// Who or group medication request is for.
    #[record(required, class = Relation, summary, targets(Patient, Group))]
    pub subject: Option<Reference>,
    /// Encounter created as part of encounter/admission/stay.
    #[record(class = Relation, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// Information to support ordering of the medication.
    #[record(class = Relation)]
    pub supporting_information: Vec<Reference>,
    /// When request was initially authored.
    #[record(class = ServiceDate, summary)]
    pub authored_on: Option<DateTime>,
    /// Who/What requested the Request.
    #[record(
        class = Participant,
        summary,
        targets(Practitioner, PractitionerRole, Organization, Patient, RelatedPerson, Device)
    )]
    pub requester: Option<Reference>,
    /// Intended performer of administration.
    #[record(
        class = Participant,
        targets(Practitioner, PractitionerRole, Organization, Patient, Device, RelatedPerson, CareTeam)
    )]
    pub performer: Option<Reference>,
    /// Desired kind of performer of the medication administration.
    #[record(class = Participant, summary, binding(example, "http://hl7.org/fhir/ValueSet/performer-role"))]
    pub performer_type: Option<CodeableConcept>,
    /// Person who entered the request.
    #[record(class = Participant, targets(Practitioner, PractitionerRole))]
    pub recorder: Option<Reference>,
    /// Reason or indication for ordering or not ordering the medication.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/condition-code"))]
    pub reason_code: Vec<CodeableConcept>,
    /// Condition or observation that supports why the prescription is being written.
    #[record(class = Clinical, targets(Condition, Observation))]
    pub reason_reference: Vec<Reference>,
    /// Instantiates FHIR protocol or definition.
    #[record(class = Technical, summary)]
    pub instantiates_canonical: Vec<Canonical>,
    /// Instantiates external protocol or definition.
    #[record(class = Technical, summary)]
    pub instantiates_uri: Vec<Uri>,
    /// What request fulfills.
    #[record(
        class = Relation,
        summary,
        targets(CarePlan, MedicationRequest, ServiceRequest, ImmunizationRecommendation)
    )]
    pub based_on: Vec<Reference>,
    /// Composite request this is part of.
    #[record(class = Identifier, summary)]
    pub group_identifier: Option<Box<Identifier>>,
    /// Overall pattern of medication administration.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/medicationrequest-course-of-therapy"))]
    pub course_of_therapy_type: Option<CodeableConcept>,
    /// Associated insurance coverage.
    #[record(class = Financial, targets(Coverage, ClaimResponse))]
    pub insurance: Vec<Reference>,
    /// Information about the prescription.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// How the medication should be taken.
    #[record(class = Clinical)]
    pub dosage_instruction: Vec<Dosage>,
    /// Medication supply authorization.
    #[record(class = Clinical)]
    pub dispense_request: Option<Box<MedicationRequestDispenseRequest>>,
    /// Any restrictions on medication substitution.
    #[record(class = Clinical)]
    pub substitution: Option<Box<MedicationRequestSubstitution>>,
    /// An order/prescription that is being replaced.
    #[record(class = Relation, targets(MedicationRequest))]
    pub prior_prescription: Option<Reference>,
    /// Clinical Issue with action.
    #[record(class = Relation, targets(DetectedIssue))]
    pub detected_issue: Vec<Reference>,
    /// A list of events of interest in the lifecycle.
    #[record(class = Relation, targets(Provenance))]
    pub event_history: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `MedicationRequest.reported[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "reported")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum MedicationRequestReported {
    Boolean(bool),
    #[record(targets(Patient, Practitioner, PractitionerRole, RelatedPerson, Organization))]
    Reference(Box<Reference>),
}

/// The values that `MedicationRequest.medication[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "medication")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum MedicationRequestMedication {
    CodeableConcept(Box<CodeableConcept>),
    #[record(targets(Medication))]
    Reference(Box<Reference>),
}

/// Medication supply authorization.
#[derive(Default, Record)]
#[record(backbone = "MedicationRequest.dispenseRequest")]
pub struct MedicationRequestDispenseRequest {
    /// First fill details.
    pub initial_fill: Option<Box<MedicationRequestDispenseRequestInitialFill>>,
    /// Minimum period of time between dispenses.
    #[record(of = "Duration")]
    pub dispense_interval: Option<Quantity>,
    /// Time period supply is authorized for.
    #[record(class = ServiceDate)]
    pub validity_period: Option<Period>,
    /// Number of refills authorized.
    pub number_of_repeats_allowed: Option<u32>,
    /// Amount of medication to supply per dispense.
    #[record(of = "SimpleQuantity")]
    pub quantity: Option<Quantity>,
    /// Number of days supply per dispense.
    #[record(of = "Duration")]
    pub expected_supply_duration: Option<Quantity>,
    /// Intended dispenser.
    #[record(class = Participant, targets(Organization))]
    pub performer: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// First fill details.
#[derive(Default, Record)]
#[record(backbone = "MedicationRequest.dispenseRequest.initialFill")]
pub struct MedicationRequestDispenseRequestInitialFill {
    /// First fill quantity.
    #[record(of = "SimpleQuantity")]
    pub quantity: Option<Quantity>,
    /// First fill duration.
    #[record(of = "Duration")]
    pub duration: Option<Quantity>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Any restrictions on medication substitution.
#[derive(Default, Record)]
#[record(backbone = "MedicationRequest.substitution")]
pub struct MedicationRequestSubstitution {
    /// Whether substitution is allowed or not.
    #[record(
        required,
        choice,
        binding(example, "http://terminology.hl7.org/ValueSet/v3-ActSubstanceAdminSubstitutionCode")
    )]
    pub allowed: Option<MedicationRequestSubstitutionAllowed>,
    /// Why should (not) substitution be made.
    #[record(binding(example, "http://terminology.hl7.org/ValueSet/v3-SubstanceAdminSubstitutionReason"))]
    pub reason: Option<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `MedicationRequest.substitution.allowed[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "allowed")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum MedicationRequestSubstitutionAllowed {
    Boolean(bool),
    CodeableConcept(Box<CodeableConcept>),
}
