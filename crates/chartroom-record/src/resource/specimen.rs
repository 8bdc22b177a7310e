//! Specimen: FHIR R4 <https://hl7.org/fhir/R4/specimen.html>.

use super::prelude::*;

/// A sample to be used for analysis.
#[derive(Default, Record)]
#[record(resource)]
pub struct Specimen {
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
    /// External Identifier.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// Identifier assigned by the lab.
    #[record(class = Identifier, summary)]
    pub accession_identifier: Option<Box<Identifier>>,
    /// available | unavailable | unsatisfactory | entered-in-error.
    #[record(
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/specimen-status")
    )]
    pub status: Option<Code<SpecimenStatus>>,
    /// Kind of material that forms the specimen.
    #[record(class = Clinical, summary, binding(example, "http://terminology.hl7.org/ValueSet/v2-0487"))]
    pub type_: Option<CodeableConcept>,
    /// Where the specimen came from.
    #[record(class = Relation, summary, targets(Patient, Group, Device, Substance, Location))]
    pub subject: Option<Reference>,
    /// The time when specimen was received for processing.
    #[record(class = ServiceDate, summary)]
    pub received_time: Option<DateTime>,
    /// Specimen from which this specimen originated.
    #[record(class = Relation, targets(Specimen))]
    pub parent: Vec<Reference>,
    /// Why the specimen was collected.
    #[record(class = Relation, targets(ServiceRequest))]
    pub request: Vec<Reference>,
    /// Collection details.
    #[record(class = Clinical)]
    pub collection: Option<Box<SpecimenCollection>>,
    /// Processing and processing step details.
    #[record(class = Clinical)]
    pub processing: Vec<SpecimenProcessing>,
    /// Direct container of specimen (tube/slide, etc.).
    #[record(class = Clinical)]
    pub container: Vec<SpecimenContainer>,
    /// State of the specimen.
    #[record(class = Clinical, summary, binding(extensible, "http://terminology.hl7.org/ValueSet/v2-0493"))]
    pub condition: Vec<CodeableConcept>,
    /// Comments about the specimen.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Collection details.
#[derive(Default, Record)]
#[record(backbone = "Specimen.collection")]
pub struct SpecimenCollection {
    /// Who collected the specimen.
    #[record(class = Participant, summary, targets(Practitioner, PractitionerRole))]
    pub collector: Option<Reference>,
    /// Collection time.
    #[record(choice, class = ServiceDate, summary)]
    pub collected: Option<SpecimenCollectionCollected>,
    /// How long it took to collect specimen.
    #[record(summary, of = "Duration")]
    pub duration: Option<Quantity>,
    /// The quantity of specimen collected.
    #[record(of = "SimpleQuantity")]
    pub quantity: Option<Quantity>,
    /// Technique used to perform collection.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/specimen-collection-method"))]
    pub method: Option<CodeableConcept>,
    /// Anatomical collection site.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/body-site"))]
    pub body_site: Option<CodeableConcept>,
    /// Whether or how long patient abstained from food and/or drink.
    #[record(choice, summary, binding(extensible, "http://terminology.hl7.org/ValueSet/v2-0916"))]
    pub fasting_status: Option<SpecimenCollectionFastingStatus>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Specimen.collection.collected[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "collected")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum SpecimenCollectionCollected {
    DateTime(DateTime),
    Period(Box<Period>),
}

/// The values that `Specimen.collection.fastingStatus[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "fastingStatus")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum SpecimenCollectionFastingStatus {
    CodeableConcept(Box<CodeableConcept>),
    #[record(of = "Duration")]
    Duration(Box<Quantity>),
}

/// Processing and processing step details.
#[derive(Default, Record)]
#[record(backbone = "Specimen.processing")]
pub struct SpecimenProcessing {
    /// Textual description of procedure.
    #[record(class = Narrative)]
    pub description: Option<Text>,
    /// Indicates the treatment step applied to the specimen.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/specimen-processing-procedure"))]
    pub procedure: Option<CodeableConcept>,
    /// Material used in the processing step.
    #[record(targets(Substance))]
    pub additive: Vec<Reference>,
    /// Date and time of specimen processing.
    #[record(choice, class = ServiceDate)]
    pub time: Option<SpecimenProcessingTime>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Specimen.processing.time[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "time")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum SpecimenProcessingTime {
    DateTime(DateTime),
    Period(Box<Period>),
}

/// Direct container of specimen (tube/slide, etc.).
#[derive(Default, Record)]
#[record(backbone = "Specimen.container")]
pub struct SpecimenContainer {
    /// Id for the container.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// Textual description of the container.
    #[record(class = Narrative)]
    pub description: Option<Text>,
    /// Kind of container directly associated with specimen.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/specimen-container-type"))]
    pub type_: Option<CodeableConcept>,
    /// Container volume or size.
    #[record(of = "SimpleQuantity")]
    pub capacity: Option<Quantity>,
    /// Quantity of specimen within container.
    #[record(of = "SimpleQuantity")]
    pub specimen_quantity: Option<Quantity>,
    /// Additive associated with container.
    #[record(choice, binding(example, "http://terminology.hl7.org/ValueSet/v2-0371"))]
    pub additive: Option<SpecimenContainerAdditive>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Specimen.container.additive[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "additive")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum SpecimenContainerAdditive {
    CodeableConcept(Box<CodeableConcept>),
    #[record(targets(Substance))]
    Reference(Box<Reference>),
}
