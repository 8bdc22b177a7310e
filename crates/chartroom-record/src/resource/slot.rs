//! Slot: FHIR R4 <https://hl7.org/fhir/R4/slot.html>.

use super::prelude::*;

/// A slot of time on a schedule that may be available for booking appointments.
#[derive(Default, Record)]
#[record(resource)]
pub struct Slot {
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
    /// External Ids for this item.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// A broad categorization of the service that is to be performed during this appointment.
    #[record(class = Administrative, summary, binding(example, "http://hl7.org/fhir/ValueSet/service-category"))]
    pub service_category: Vec<CodeableConcept>,
    /// The type of appointments that can be booked into this slot (ideally this would be an identifiable service -
    /// which is at a location, rather than the location itself).
    #[record(class = Administrative, summary, binding(example, "http://hl7.org/fhir/ValueSet/service-type"))]
    pub service_type: Vec<CodeableConcept>,
    /// The specialty of a practitioner that would be required to perform the service requested in this appointment.
    #[record(class = Administrative, summary, binding(preferred, "http://hl7.org/fhir/ValueSet/c80-practice-codes"))]
    pub specialty: Vec<CodeableConcept>,
    /// The style of appointment or patient that may be booked in the slot (not service type).
    #[record(class = Administrative, summary, binding(preferred, "http://terminology.hl7.org/ValueSet/v2-0276"))]
    pub appointment_type: Option<CodeableConcept>,
    /// The schedule resource that this slot defines an interval of status information.
    #[record(required, class = Relation, summary, targets(Schedule))]
    pub schedule: Option<Reference>,
    /// busy | free | busy-unavailable | busy-tentative | entered-in-error.
    #[record(required, class = Administrative, summary, binding(required, "http://hl7.org/fhir/ValueSet/slotstatus"))]
    pub status: Option<Code<SlotStatus>>,
    /// Date/Time that the slot is to begin.
    #[record(required, class = ServiceDate, summary)]
    pub start: Option<Instant>,
    /// Date/Time that the slot is to conclude.
    #[record(required, class = ServiceDate, summary)]
    pub end: Option<Instant>,
    /// This slot has already been overbooked, appointments are unlikely to be accepted for this time.
    #[record(class = Administrative)]
    pub overbooked: Option<bool>,
    /// Comments on the slot to describe any extended information.
    #[record(class = Narrative)]
    pub comment: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
