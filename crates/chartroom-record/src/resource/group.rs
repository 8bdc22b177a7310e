//! Group: FHIR R4 <https://hl7.org/fhir/R4/group.html>.

use super::prelude::*;

/// Represents a defined collection of entities that may be discussed or acted upon collectively but which are not
/// expected to act collectively, and are not formally or legally recognized; i.e. a collection of entities that isn't
/// an Organization.
#[derive(Default, Record)]
#[record(resource)]
pub struct Group {
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
    /// Unique id.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// Whether this group's record is in active use.
    #[record(class = Administrative, summary)]
    pub active: Option<bool>,
    /// person | animal | practitioner | device | medication | substance.
    #[record(required, class = Administrative, summary, binding(required, "http://hl7.org/fhir/ValueSet/group-type"))]
    pub type_: Option<Code<GroupType>>,
    /// Descriptive or actual.
    #[record(required, class = Administrative, summary)]
    pub actual: Option<bool>,
    /// Kind of Group members.
    #[record(class = Clinical, summary)]
    pub code: Option<CodeableConcept>,
    /// Label for Group.
    #[record(class = Clinical, summary)]
    pub name: Option<Text>,
    /// Number of members.
    #[record(class = Administrative, summary)]
    pub quantity: Option<u32>,
    /// Entity that is the custodian of the Group's definition.
    #[record(class = Participant, summary, targets(Organization, RelatedPerson, Practitioner, PractitionerRole))]
    pub managing_entity: Option<Reference>,
    /// Include / Exclude group members by Trait.
    #[record(class = Clinical)]
    pub characteristic: Vec<GroupCharacteristic>,
    /// Who or what is in group.
    #[record(class = Relation)]
    pub member: Vec<GroupMember>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Include / Exclude group members by Trait.
#[derive(Default, Record)]
#[record(backbone = "Group.characteristic")]
pub struct GroupCharacteristic {
    /// Kind of characteristic.
    #[record(required)]
    pub code: Option<CodeableConcept>,
    /// Value held by characteristic.
    #[record(required, choice)]
    pub value: Option<GroupCharacteristicValue>,
    /// Group includes or excludes.
    #[record(required)]
    pub exclude: Option<bool>,
    /// Period over which characteristic is tested.
    #[record(class = ServiceDate)]
    pub period: Option<Period>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Group.characteristic.value[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "value")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum GroupCharacteristicValue {
    CodeableConcept(Box<CodeableConcept>),
    Boolean(bool),
    Quantity(Box<Quantity>),
    Range(Box<Range>),
    Reference(Box<Reference>),
}

/// Who or what is in group.
#[derive(Default, Record)]
#[record(backbone = "Group.member")]
pub struct GroupMember {
    /// Reference to the group member.
    #[record(required, targets(Patient, Practitioner, PractitionerRole, Device, Medication, Substance, Group))]
    pub entity: Option<Reference>,
    /// Period member belonged to the group.
    #[record(class = ServiceDate)]
    pub period: Option<Period>,
    /// If member is no longer in group.
    pub inactive: Option<bool>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
