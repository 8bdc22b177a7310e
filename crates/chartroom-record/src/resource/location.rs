//! Location: FHIR R4 <https://hl7.org/fhir/R4/location.html>.

use super::prelude::*;

/// Details and position information for a physical place where services are provided and resources and participants may
/// be stored, found, contained, or accommodated.
#[derive(Default, Record)]
#[record(resource)]
pub struct Location {
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
    /// Unique code or number identifying the location to its users.
    #[record(class = Participant, summary)]
    pub identifier: Vec<Identifier>,
    /// active | suspended | inactive.
    #[record(
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/location-status")
    )]
    pub status: Option<Code<LocationStatus>>,
    /// The operational status of the location (typically only for a bed/room).
    #[record(class = Administrative, summary, binding(preferred, "http://terminology.hl7.org/ValueSet/v2-0116"))]
    pub operational_status: Option<Coding>,
    /// Name of the location as used by humans.
    #[record(class = Participant, summary)]
    pub name: Option<Text>,
    /// A list of alternate names that the location is known as, or was known as, in the past.
    #[record(class = Participant)]
    pub alias: Vec<Text>,
    /// Additional details about the location that could be displayed as further information to identify the location
    /// beyond its name.
    #[record(class = Participant, summary)]
    pub description: Option<Text>,
    /// instance | kind.
    #[record(class = Administrative, summary, binding(required, "http://hl7.org/fhir/ValueSet/location-mode"))]
    pub mode: Option<Code<LocationMode>>,
    /// Type of function performed.
    #[record(
        class = Participant,
        summary,
        binding(extensible, "http://terminology.hl7.org/ValueSet/v3-ServiceDeliveryLocationRoleType")
    )]
    pub type_: Vec<CodeableConcept>,
    /// Contact details of the location.
    #[record(class = Participant)]
    pub telecom: Vec<ContactPoint>,
    /// Physical location.
    #[record(class = Participant)]
    pub address: Option<Box<Address>>,
    /// Physical form of the location.
    #[record(class = Participant, summary, binding(example, "http://hl7.org/fhir/ValueSet/location-physical-type"))]
    pub physical_type: Option<CodeableConcept>,
    /// The absolute geographic location.
    #[record(class = Participant)]
    pub position: Option<Box<LocationPosition>>,
    /// Organization responsible for provisioning and upkeep.
    #[record(class = Participant, summary, targets(Organization))]
    pub managing_organization: Option<Reference>,
    /// Another Location this one is physically a part of.
    #[record(class = Participant, targets(Location))]
    pub part_of: Option<Reference>,
    /// What days/times during a week is this location usually open.
    #[record(class = Administrative)]
    pub hours_of_operation: Vec<LocationHoursOfOperation>,
    /// Description of availability exceptions.
    #[record(class = Administrative)]
    pub availability_exceptions: Option<Text>,
    /// Technical endpoints providing access to services operated for the location.
    #[record(class = Technical, targets(Endpoint))]
    pub endpoint: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The absolute geographic location.
#[derive(Default, Record)]
#[record(backbone = "Location.position")]
pub struct LocationPosition {
    /// Longitude with WGS84 datum.
    #[record(required)]
    pub longitude: Option<Decimal>,
    /// Latitude with WGS84 datum.
    #[record(required)]
    pub latitude: Option<Decimal>,
    /// Altitude with WGS84 datum.
    pub altitude: Option<Decimal>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// What days/times during a week is this location usually open.
#[derive(Default, Record)]
#[record(backbone = "Location.hoursOfOperation")]
pub struct LocationHoursOfOperation {
    /// mon | tue | wed | thu | fri | sat | sun.
    #[record(binding(required, "http://hl7.org/fhir/ValueSet/days-of-week"))]
    pub days_of_week: Vec<Code<DayOfWeek>>,
    /// The Location is open all day.
    pub all_day: Option<bool>,
    /// Time that the Location opens.
    pub opening_time: Option<Time>,
    /// Time that the Location closes.
    pub closing_time: Option<Time>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
