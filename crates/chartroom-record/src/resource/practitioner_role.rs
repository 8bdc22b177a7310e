//! PractitionerRole: FHIR R4 <https://hl7.org/fhir/R4/practitionerrole.html>.

use super::prelude::*;

/// A specific set of Roles/Locations/specialties/services that a practitioner may perform at an organization for a
/// period of time.
#[derive(Default, Record)]
#[record(resource)]
pub struct PractitionerRole {
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
    /// Business Identifiers that are specific to a role/location.
    #[record(class = Participant, summary)]
    pub identifier: Vec<Identifier>,
    /// Whether this practitioner role record is in active use.
    #[record(class = Administrative, summary)]
    pub active: Option<bool>,
    /// The period during which the practitioner is authorized to perform in these role(s).
    #[record(class = Participant, summary)]
    pub period: Option<Period>,
    /// Practitioner that is able to provide the defined services for the organization.
    #[record(class = Participant, summary, targets(Practitioner))]
    pub practitioner: Option<Reference>,
    /// Organization where the roles are available.
    #[record(class = Participant, summary, targets(Organization))]
    pub organization: Option<Reference>,
    /// Roles which this practitioner may perform.
    #[record(class = Participant, summary, binding(example, "http://hl7.org/fhir/ValueSet/practitioner-role"))]
    pub code: Vec<CodeableConcept>,
    /// Specific specialty of the practitioner.
    #[record(class = Participant, summary, binding(preferred, "http://hl7.org/fhir/ValueSet/c80-practice-codes"))]
    pub specialty: Vec<CodeableConcept>,
    /// The location(s) at which this practitioner provides care.
    #[record(class = Participant, summary, targets(Location))]
    pub location: Vec<Reference>,
    /// The list of healthcare services that this worker provides for this role's Organization/Location(s).
    #[record(class = Participant, targets(HealthcareService))]
    pub healthcare_service: Vec<Reference>,
    /// Contact details that are specific to the role/location/service.
    #[record(class = Participant, summary)]
    pub telecom: Vec<ContactPoint>,
    /// Times the Service Site is available.
    #[record(class = Administrative)]
    pub available_time: Vec<PractitionerRoleAvailableTime>,
    /// Not available during this time due to provided reason.
    #[record(class = Administrative)]
    pub not_available: Vec<PractitionerRoleNotAvailable>,
    /// Description of availability exceptions.
    #[record(class = Administrative)]
    pub availability_exceptions: Option<Text>,
    /// Technical endpoints providing access to services operated for the practitioner with this role.
    #[record(class = Technical, targets(Endpoint))]
    pub endpoint: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Times the Service Site is available.
#[derive(Default, Record)]
#[record(backbone = "PractitionerRole.availableTime")]
pub struct PractitionerRoleAvailableTime {
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
#[record(backbone = "PractitionerRole.notAvailable")]
pub struct PractitionerRoleNotAvailable {
    /// Reason presented to the user explaining why time not available.
    #[record(required)]
    pub description: Option<Text>,
    /// Service not available from this date.
    pub during: Option<Period>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
