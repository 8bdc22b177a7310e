//! HealthcareService: FHIR R4 <https://hl7.org/fhir/R4/healthcareservice.html>.

use super::prelude::*;

/// The details of a healthcare service available at a location.
#[derive(Default, Record)]
#[record(resource)]
pub struct HealthcareService {
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
    /// External identifiers for this item.
    #[record(class = Participant, summary)]
    pub identifier: Vec<Identifier>,
    /// Whether this HealthcareService record is in active use.
    #[record(class = Administrative, summary, modifier)]
    pub active: Option<bool>,
    /// Organization that provides this service.
    #[record(class = Participant, summary, targets(Organization))]
    pub provided_by: Option<Reference>,
    /// Broad category of service being performed or delivered.
    #[record(class = Participant, summary, binding(example, "http://hl7.org/fhir/ValueSet/service-category"))]
    pub category: Vec<CodeableConcept>,
    /// Type of service that may be delivered or performed.
    #[record(class = Participant, summary, binding(example, "http://hl7.org/fhir/ValueSet/service-type"))]
    pub type_: Vec<CodeableConcept>,
    /// Specialties handled by the HealthcareService.
    #[record(class = Participant, summary, binding(preferred, "http://hl7.org/fhir/ValueSet/c80-practice-codes"))]
    pub specialty: Vec<CodeableConcept>,
    /// Location(s) where service may be provided.
    #[record(class = Participant, summary, targets(Location))]
    pub location: Vec<Reference>,
    /// Description of service as presented to a consumer while searching.
    #[record(class = Participant, summary)]
    pub name: Option<Text>,
    /// Additional description and/or any specific issues not covered elsewhere.
    #[record(class = Participant, summary)]
    pub comment: Option<Text>,
    /// Extra details about the service that can't be placed in the other fields.
    #[record(class = Participant)]
    pub extra_details: Option<Markdown>,
    /// Facilitates quick identification of the service.
    #[record(class = Participant, summary)]
    pub photo: Option<Box<Attachment>>,
    /// Contacts related to the healthcare service.
    #[record(class = Participant)]
    pub telecom: Vec<ContactPoint>,
    /// Location(s) service is intended for/available to.
    #[record(class = Participant, targets(Location))]
    pub coverage_area: Vec<Reference>,
    /// Conditions under which service is available/offered.
    #[record(class = Participant, binding(example, "http://hl7.org/fhir/ValueSet/service-provision-conditions"))]
    pub service_provision_code: Vec<CodeableConcept>,
    /// Specific eligibility requirements required to use the service.
    #[record(class = Participant)]
    pub eligibility: Vec<HealthcareServiceEligibility>,
    /// Programs that this service is applicable to.
    #[record(class = Participant, binding(example, "http://hl7.org/fhir/ValueSet/program"))]
    pub program: Vec<CodeableConcept>,
    /// Collection of characteristics (attributes).
    #[record(class = Participant)]
    pub characteristic: Vec<CodeableConcept>,
    /// The language that this service is offered in.
    #[record(class = Participant, binding(preferred, "http://hl7.org/fhir/ValueSet/languages"))]
    pub communication: Vec<CodeableConcept>,
    /// Ways that the service accepts referrals.
    #[record(class = Administrative, binding(example, "http://hl7.org/fhir/ValueSet/service-referral-method"))]
    pub referral_method: Vec<CodeableConcept>,
    /// If an appointment is required for access to this service.
    #[record(class = Administrative)]
    pub appointment_required: Option<bool>,
    /// Times the Service Site is available.
    #[record(class = Administrative)]
    pub available_time: Vec<HealthcareServiceAvailableTime>,
    /// Not available during this time due to provided reason.
    #[record(class = Administrative)]
    pub not_available: Vec<HealthcareServiceNotAvailable>,
    /// Description of availability exceptions.
    #[record(class = Administrative)]
    pub availability_exceptions: Option<Text>,
    /// Technical endpoints providing access to electronic services operated for the healthcare service.
    #[record(class = Technical, targets(Endpoint))]
    pub endpoint: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Specific eligibility requirements required to use the service.
#[derive(Default, Record)]
#[record(backbone = "HealthcareService.eligibility")]
pub struct HealthcareServiceEligibility {
    /// Coded value for the eligibility.
    pub code: Option<CodeableConcept>,
    /// Describes the eligibility conditions for the service.
    pub comment: Option<Markdown>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Times the Service Site is available.
#[derive(Default, Record)]
#[record(backbone = "HealthcareService.availableTime")]
pub struct HealthcareServiceAvailableTime {
    /// mon | tue | wed | thu | fri | sat | sun.
    #[record(binding(required, "http://hl7.org/fhir/ValueSet/days-of-week"))]
    pub days_of_week: Vec<Code<DayOfWeek>>,
    /// Always available? e.g. 24 hour service.
    pub all_day: Option<bool>,
    /// Opening time of day (ignored if allDay = true).
    pub available_start_time: Option<Time>,
    /// Closing time of day (ignored if allDay = true).
    pub available_end_time: Option<Time>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Not available during this time due to provided reason.
#[derive(Default, Record)]
#[record(backbone = "HealthcareService.notAvailable")]
pub struct HealthcareServiceNotAvailable {
    /// Reason presented to the user explaining why time not available.
    #[record(required)]
    pub description: Option<Text>,
    /// Service not available from this date.
    pub during: Option<Period>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
