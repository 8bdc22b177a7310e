//! Flag: FHIR R4 <https://hl7.org/fhir/R4/flag.html>.

use super::prelude::*;

/// Prospective warnings of potential issues when providing care to the patient.
#[derive(Default, Record)]
#[record(resource)]
pub struct Flag {
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
    /// Business identifier.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// active | inactive | entered-in-error.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/flag-status")
    )]
    pub status: Option<Code<FlagStatus>>,
    /// Clinical, administrative, etc.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/flag-category"))]
    pub category: Vec<CodeableConcept>,
    /// Coded or textual message to display to user.
    #[record(required, class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/flag-code"))]
    pub code: Option<CodeableConcept>,
    /// Who/What is flag about?
    #[record(
        required,
        class = Relation,
        summary,
        targets(Patient, Location, Group, Organization, Practitioner, PlanDefinition, Medication, Procedure)
    )]
    pub subject: Option<Reference>,
    /// Time period when flag is active.
    #[record(class = ServiceDate, summary)]
    pub period: Option<Period>,
    /// Alert relevant during encounter.
    #[record(class = Relation, summary, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// Flag creator.
    #[record(class = Participant, summary, targets(Device, Organization, Patient, Practitioner, PractitionerRole))]
    pub author: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
