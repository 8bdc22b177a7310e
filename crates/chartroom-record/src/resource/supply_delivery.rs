//! SupplyDelivery: FHIR R4 <https://hl7.org/fhir/R4/supplydelivery.html>.

use super::prelude::*;

/// Record of delivery of what is supplied.
#[derive(Default, Record)]
#[record(resource)]
pub struct SupplyDelivery {
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
    /// External identifier.
    #[record(class = Identifier)]
    pub identifier: Vec<Identifier>,
    /// Fulfills plan, proposal or order.
    #[record(class = Relation, summary, targets(SupplyRequest))]
    pub based_on: Vec<Reference>,
    /// Part of referenced event.
    #[record(class = Relation, summary, targets(SupplyDelivery, Contract))]
    pub part_of: Vec<Reference>,
    /// in-progress | completed | abandoned | entered-in-error.
    #[record(
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/supplydelivery-status")
    )]
    pub status: Option<Code<SupplyDeliveryStatus>>,
    /// Patient for whom the item is supplied.
    #[record(class = Relation, targets(Patient))]
    pub patient: Option<Reference>,
    /// Category of dispense event.
    #[record(class = Clinical, binding(required, "http://hl7.org/fhir/ValueSet/supplydelivery-type"))]
    pub type_: Option<CodeableConcept>,
    /// The item that is delivered or supplied.
    #[record(class = Clinical)]
    pub supplied_item: Option<Box<SupplyDeliverySuppliedItem>>,
    /// When event occurred.
    #[record(choice, class = ServiceDate, summary)]
    pub occurrence: Option<SupplyDeliveryOccurrence>,
    /// Who delivered.
    #[record(class = Participant, targets(Practitioner, PractitionerRole, Organization))]
    pub supplier: Option<Reference>,
    /// Where the Supply was sent.
    #[record(class = Participant, targets(Location))]
    pub destination: Option<Reference>,
    /// Who collected the Supply.
    #[record(class = Participant, targets(Practitioner, PractitionerRole))]
    pub receiver: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `SupplyDelivery.occurrence[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "occurrence")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum SupplyDeliveryOccurrence {
    DateTime(DateTime),
    Period(Box<Period>),
    Timing(Box<Timing>),
}

/// The item that is delivered or supplied.
#[derive(Default, Record)]
#[record(backbone = "SupplyDelivery.suppliedItem")]
pub struct SupplyDeliverySuppliedItem {
    /// Amount dispensed.
    #[record(of = "SimpleQuantity")]
    pub quantity: Option<Quantity>,
    /// Medication, Substance, or Device supplied.
    #[record(choice, binding(example, "http://hl7.org/fhir/ValueSet/supply-item"))]
    pub item: Option<SupplyDeliverySuppliedItemItem>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `SupplyDelivery.suppliedItem.item[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "item")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum SupplyDeliverySuppliedItemItem {
    CodeableConcept(Box<CodeableConcept>),
    #[record(targets(Medication, Substance, Device))]
    Reference(Box<Reference>),
}
