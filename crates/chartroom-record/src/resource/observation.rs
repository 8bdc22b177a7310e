//! Observation: FHIR R4 <https://hl7.org/fhir/R4/observation.html>.

use super::prelude::*;

/// Measurements and simple assertions made about a patient, device or other subject.
#[derive(Default, Record)]
#[record(resource)]
pub struct Observation {
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
    /// Business Identifier for observation.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// Fulfills plan, proposal or order.
    #[record(
        class = Relation,
        summary,
        targets(CarePlan, DeviceRequest, ImmunizationRecommendation, MedicationRequest, NutritionOrder, ServiceRequest)
    )]
    pub based_on: Vec<Reference>,
    /// Part of referenced event.
    #[record(
        class = Relation,
        summary,
        targets(
            MedicationAdministration,
            MedicationDispense,
            MedicationStatement,
            Procedure,
            Immunization,
            ImagingStudy
        )
    )]
    pub part_of: Vec<Reference>,
    /// registered | preliminary | final | amended +.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/observation-status")
    )]
    pub status: Option<Code<ObservationStatus>>,
    /// Classification of type of observation.
    #[record(class = Clinical, binding(preferred, "http://hl7.org/fhir/ValueSet/observation-category"))]
    pub category: Vec<CodeableConcept>,
    /// Type of observation (code / type).
    #[record(required, class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/observation-codes"))]
    pub code: Option<CodeableConcept>,
    /// Who and/or what the observation is about.
    #[record(class = Relation, summary, targets(Patient, Group, Device, Location))]
    pub subject: Option<Reference>,
    /// What the observation is about, when it is not about the subject of record.
    #[record(class = Relation, summary)]
    pub focus: Vec<Reference>,
    /// Healthcare event during which this observation is made.
    #[record(class = Relation, summary, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// Clinically relevant time/time-period for observation.
    #[record(choice, class = ServiceDate, summary)]
    pub effective: Option<ObservationEffective>,
    /// Date/Time this version was made available.
    #[record(class = ServiceDate, summary)]
    pub issued: Option<Instant>,
    /// Who is responsible for the observation.
    #[record(
        class = Participant,
        summary,
        targets(Practitioner, PractitionerRole, Organization, CareTeam, Patient, RelatedPerson)
    )]
    pub performer: Vec<Reference>,
    /// Actual result.
    #[record(choice, class = Clinical, summary)]
    pub value: Option<ObservationValue>,
    /// Why the result is missing.
    #[record(class = Clinical, binding(extensible, "http://hl7.org/fhir/ValueSet/data-absent-reason"))]
    pub data_absent_reason: Option<CodeableConcept>,
    /// High, low, normal, etc.
    #[record(class = Clinical, binding(extensible, "http://hl7.org/fhir/ValueSet/observation-interpretation"))]
    pub interpretation: Vec<CodeableConcept>,
    /// Comments about the observation.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Observed body part.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/body-site"))]
    pub body_site: Option<CodeableConcept>,
    /// How it was done.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/observation-methods"))]
    pub method: Option<CodeableConcept>,
    /// Specimen used for this observation.
    #[record(class = Relation, targets(Specimen))]
    pub specimen: Option<Reference>,
    /// The device that measured.
    #[record(class = Relation, targets(Device, DeviceMetric))]
    pub device: Option<Reference>,
    /// Provides guide for interpretation.
    #[record(class = Clinical)]
    pub reference_range: Vec<ObservationReferenceRange>,
    /// Related resource that belongs to the Observation group.
    #[record(class = Relation, summary, targets(Observation, QuestionnaireResponse, MolecularSequence))]
    pub has_member: Vec<Reference>,
    /// Related measurements the observation is made from.
    #[record(
        class = Relation,
        summary,
        targets(DocumentReference, ImagingStudy, Media, QuestionnaireResponse, Observation, MolecularSequence)
    )]
    pub derived_from: Vec<Reference>,
    /// Component results.
    #[record(class = Clinical, summary)]
    pub component: Vec<ObservationComponent>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Observation.effective[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "effective")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ObservationEffective {
    DateTime(DateTime),
    Period(Box<Period>),
    Timing(Box<Timing>),
    Instant(Instant),
}

/// The values that `Observation.value[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "value")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ObservationValue {
    Quantity(Box<Quantity>),
    CodeableConcept(Box<CodeableConcept>),
    String(Text),
    Boolean(bool),
    Integer(i32),
    Range(Box<Range>),
    Ratio(Box<Ratio>),
    SampledData(Box<SampledData>),
    Time(Time),
    DateTime(DateTime),
    Period(Box<Period>),
}

/// A range of values to compare the result with.
#[derive(Default, Record)]
#[record(backbone = "Observation.referenceRange")]
pub struct ObservationReferenceRange {
    /// Low Range, if relevant.
    #[record(of = "SimpleQuantity")]
    pub low: Option<Quantity>,
    /// High Range, if relevant.
    #[record(of = "SimpleQuantity")]
    pub high: Option<Quantity>,
    /// Reference range qualifier.
    #[record(binding(preferred, "http://hl7.org/fhir/ValueSet/referencerange-meaning"))]
    pub type_: Option<CodeableConcept>,
    /// Reference range population.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/referencerange-appliesto"))]
    pub applies_to: Vec<CodeableConcept>,
    /// Applicable age range, if relevant.
    pub age: Option<Box<Range>>,
    /// Text based reference range in an observation.
    pub text: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// One of the results that the observation is made of.
#[derive(Default, Record)]
#[record(backbone = "Observation.component")]
pub struct ObservationComponent {
    /// Type of component observation (code / type).
    #[record(required, summary, binding(example, "http://hl7.org/fhir/ValueSet/observation-codes"))]
    pub code: Option<CodeableConcept>,
    /// Actual component result.
    #[record(choice, summary)]
    pub value: Option<ObservationComponentValue>,
    /// Why the component result is missing.
    #[record(binding(extensible, "http://hl7.org/fhir/ValueSet/data-absent-reason"))]
    pub data_absent_reason: Option<CodeableConcept>,
    /// High, low, normal, etc.
    #[record(binding(extensible, "http://hl7.org/fhir/ValueSet/observation-interpretation"))]
    pub interpretation: Vec<CodeableConcept>,
    /// Provides guide for interpretation of component result.
    pub reference_range: Vec<ObservationReferenceRange>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Observation.component.value[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "value")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ObservationComponentValue {
    Quantity(Box<Quantity>),
    CodeableConcept(Box<CodeableConcept>),
    String(Text),
    Boolean(bool),
    Integer(i32),
    Range(Box<Range>),
    Ratio(Box<Ratio>),
    SampledData(Box<SampledData>),
    Time(Time),
    DateTime(DateTime),
    Period(Box<Period>),
}
