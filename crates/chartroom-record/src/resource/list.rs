//! List: FHIR R4 <https://hl7.org/fhir/R4/list.html>.

use super::prelude::*;

/// A list is a curated collection of resources.
#[derive(Default, Record)]
#[record(resource)]
pub struct List {
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
    #[record(class = Identifier)]
    pub identifier: Vec<Identifier>,
    /// current | retired | entered-in-error.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/list-status")
    )]
    pub status: Option<Code<ListStatus>>,
    /// working | snapshot | changes.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/list-mode")
    )]
    pub mode: Option<Code<ListMode>>,
    /// Descriptive name for the list.
    #[record(class = Narrative, summary)]
    pub title: Option<Text>,
    /// What the purpose of this list is.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/list-example-codes"))]
    pub code: Option<CodeableConcept>,
    /// If all resources have the same subject.
    #[record(class = Relation, summary, targets(Patient, Group, Device, Location))]
    pub subject: Option<Reference>,
    /// Context in which list created.
    #[record(class = Relation, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// When the list was prepared.
    #[record(class = ServiceDate, summary)]
    pub date: Option<DateTime>,
    /// Who and/or what defined the list contents (aka Author).
    #[record(class = Participant, summary, targets(Practitioner, PractitionerRole, Patient, Device))]
    pub source: Option<Reference>,
    /// What order the list has.
    #[record(class = Administrative, binding(preferred, "http://hl7.org/fhir/ValueSet/list-order"))]
    pub ordered_by: Option<CodeableConcept>,
    /// Comments about the list.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Entries in the list.
    #[record(class = Relation)]
    pub entry: Vec<ListEntry>,
    /// Why list is empty.
    #[record(class = Clinical, binding(preferred, "http://hl7.org/fhir/ValueSet/list-empty-reason"))]
    pub empty_reason: Option<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Entries in the list.
#[derive(Default, Record)]
#[record(backbone = "List.entry")]
pub struct ListEntry {
    /// Status/Workflow information about this item.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/list-item-flag"))]
    pub flag: Option<CodeableConcept>,
    /// If this item is actually marked as deleted.
    #[record(class = Administrative, modifier)]
    pub deleted: Option<bool>,
    /// When item added to list.
    #[record(class = ServiceDate)]
    pub date: Option<DateTime>,
    /// Actual entry.
    #[record(required)]
    pub item: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
