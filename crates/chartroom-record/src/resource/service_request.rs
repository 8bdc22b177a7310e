//! ServiceRequest: FHIR R4 <https://hl7.org/fhir/R4/servicerequest.html>.

use super::prelude::*;

/// A record of a request for service such as diagnostic investigations, treatments, or operations to be performed.
#[derive(Default, Record)]
#[record(resource)]
pub struct ServiceRequest {
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
    /// Identifiers assigned to this order.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// Instantiates FHIR protocol or definition.
    #[record(class = Technical, summary, targets(ActivityDefinition, PlanDefinition))]
    pub instantiates_canonical: Vec<Canonical>,
    /// Instantiates external protocol or definition.
    #[record(class = Technical, summary)]
    pub instantiates_uri: Vec<Uri>,
    /// What request fulfills.
    #[record(class = Relation, summary, targets(CarePlan, ServiceRequest, MedicationRequest))]
    pub based_on: Vec<Reference>,
    /// What request replaces.
    #[record(class = Relation, summary, targets(ServiceRequest))]
    pub replaces: Vec<Reference>,
    /// Composite Request ID.
    #[record(class = Identifier, summary)]
    pub requisition: Option<Box<Identifier>>,
    /// draft | active | on-hold | revoked | completed | entered-in-error | unknown.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/request-status")
    )]
    pub status: Option<Code<RequestStatus>>,
    /// proposal | plan | directive | order | original-order | reflex-order | filler-order | instance-order | option.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/request-intent")
    )]
    pub intent: Option<Code<RequestIntent>>,
    /// Classification of service.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/servicerequest-category"))]
    pub category: Vec<CodeableConcept>,
    /// routine | urgent | asap | stat.
    #[record(class = Administrative, summary, binding(required, "http://hl7.org/fhir/ValueSet/request-priority"))]
    pub priority: Option<Code<RequestPriority>>,
    /// True if service/procedure should not be performed.
    #[record(class = Clinical, summary, modifier)]
    pub do_not_perform: Option<bool>,
    /// What is being requested/ordered.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/procedure-code"))]
    pub code: Option<CodeableConcept>,
    /// Additional order information.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/servicerequest-orderdetail"))]
    pub order_detail: Vec<CodeableConcept>,
    /// Service amount.
    #[record(choice, class = Clinical, summary)]
    pub quantity: Option<ServiceRequestQuantity>,
    /// Individual or Entity the service is ordered for.
    #[record(required, class = Relation, summary, targets(Patient, Group, Location, Device))]
    pub subject: Option<Reference>,
    /// Encounter in which the request was created.
    #[record(class = Relation, summary, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// When service should occur.
    #[record(choice, class = ServiceDate, summary)]
    pub occurrence: Option<ServiceRequestOccurrence>,
    /// Preconditions for service.
    #[record(
        choice,
        class = Clinical,
        summary,
        binding(example, "http://hl7.org/fhir/ValueSet/medication-as-needed-reason")
    )]
    pub as_needed: Option<ServiceRequestAsNeeded>,
    /// Date request signed.
    #[record(class = ServiceDate, summary)]
    pub authored_on: Option<DateTime>,
    /// Who/what is requesting service.
    #[record(
        class = Participant,
        summary,
        targets(Practitioner, PractitionerRole, Organization, Patient, RelatedPerson, Device)
    )]
    pub requester: Option<Reference>,
    /// Performer role.
    #[record(class = Participant, summary, binding(example, "http://hl7.org/fhir/ValueSet/participant-role"))]
    pub performer_type: Option<CodeableConcept>,
    /// Requested performer.
    #[record(
        class = Participant,
        summary,
        targets(
            Practitioner,
            PractitionerRole,
            Organization,
            CareTeam,
            HealthcareService,
            Patient,
            Device,
            RelatedPerson
        )
    )]
    pub performer: Vec<Reference>,
    /// Requested location.
    #[record(
        class = Participant,
        summary,
        binding(example, "http://terminology.hl7.org/ValueSet/v3-ServiceDeliveryLocationRoleType")
    )]
    pub location_code: Vec<CodeableConcept>,
    /// Requested location.
    #[record(class = Participant, summary, targets(Location))]
    pub location_reference: Vec<Reference>,
    /// Explanation/Justification for procedure or service.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/procedure-reason"))]
    pub reason_code: Vec<CodeableConcept>,
    /// Explanation/Justification for service or service.
    #[record(class = Clinical, summary, targets(Condition, Observation, DiagnosticReport, DocumentReference))]
    pub reason_reference: Vec<Reference>,
    /// Associated insurance coverage.
    #[record(class = Financial, targets(Coverage, ClaimResponse))]
    pub insurance: Vec<Reference>,
    /// Additional clinical information.
    #[record(class = Relation)]
    pub supporting_info: Vec<Reference>,
    /// Procedure Samples.
    #[record(class = Relation, summary, targets(Specimen))]
    pub specimen: Vec<Reference>,
    /// Location on Body.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/body-site"))]
    pub body_site: Vec<CodeableConcept>,
    /// Comments about the request.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Patient or consumer-oriented instructions.
    #[record(class = Narrative, summary)]
    pub patient_instruction: Option<Text>,
    /// Request provenance.
    #[record(class = Relation, targets(Provenance))]
    pub relevant_history: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `ServiceRequest.quantity[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "quantity")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ServiceRequestQuantity {
    Quantity(Box<Quantity>),
    Ratio(Box<Ratio>),
    Range(Box<Range>),
}

/// The values that `ServiceRequest.occurrence[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "occurrence")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ServiceRequestOccurrence {
    DateTime(DateTime),
    Period(Box<Period>),
    Timing(Box<Timing>),
}

/// The values that `ServiceRequest.asNeeded[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "asNeeded")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ServiceRequestAsNeeded {
    Boolean(bool),
    CodeableConcept(Box<CodeableConcept>),
}
