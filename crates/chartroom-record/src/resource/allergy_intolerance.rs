//! AllergyIntolerance: FHIR R4 <https://hl7.org/fhir/R4/allergyintolerance.html>.

use super::prelude::*;

/// Risk of harmful or undesirable, physiological response which is unique to an individual and associated with exposure
/// to a substance.
#[derive(Default, Record)]
#[record(resource)]
pub struct AllergyIntolerance {
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
    /// External ids for this item.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// active | inactive | resolved.
    #[record(
        class = Clinical,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/allergyintolerance-clinical")
    )]
    pub clinical_status: Option<CodeableConcept>,
    /// unconfirmed | confirmed | refuted | entered-in-error.
    #[record(
        class = Clinical,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/allergyintolerance-verification")
    )]
    pub verification_status: Option<CodeableConcept>,
    /// allergy | intolerance - Underlying mechanism (if known).
    #[record(class = Clinical, summary, binding(required, "http://hl7.org/fhir/ValueSet/allergy-intolerance-type"))]
    pub type_: Option<Code<AllergyIntoleranceType>>,
    /// food | medication | environment | biologic.
    #[record(class = Clinical, summary, binding(required, "http://hl7.org/fhir/ValueSet/allergy-intolerance-category"))]
    pub category: Vec<Code<AllergyIntoleranceCategory>>,
    /// low | high | unable-to-assess.
    #[record(
        class = Clinical,
        summary,
        binding(required, "http://hl7.org/fhir/ValueSet/allergy-intolerance-criticality")
    )]
    pub criticality: Option<Code<AllergyIntoleranceCriticality>>,
    /// Code that identifies the allergy or intolerance.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/allergyintolerance-code"))]
    pub code: Option<CodeableConcept>,
    /// Who the sensitivity is for.
    #[record(required, class = Relation, summary, targets(Patient))]
    pub patient: Option<Reference>,
    /// Encounter when the allergy or intolerance was asserted.
    #[record(class = Relation, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// When allergy or intolerance was identified.
    #[record(choice, class = ServiceDate)]
    pub onset: Option<AllergyIntoleranceOnset>,
    /// Date first version of the resource instance was recorded.
    #[record(class = ServiceDate)]
    pub recorded_date: Option<DateTime>,
    /// Who recorded the sensitivity.
    #[record(class = Participant, targets(Practitioner, PractitionerRole, Patient, RelatedPerson))]
    pub recorder: Option<Reference>,
    /// Source of the information about the allergy.
    #[record(class = Participant, summary, targets(Patient, RelatedPerson, Practitioner, PractitionerRole))]
    pub asserter: Option<Reference>,
    /// Date(/time) of last known occurrence of a reaction.
    #[record(class = ServiceDate)]
    pub last_occurrence: Option<DateTime>,
    /// Additional text not captured in other fields.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Adverse Reaction Events linked to exposure to substance.
    #[record(class = Clinical)]
    pub reaction: Vec<AllergyIntoleranceReaction>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `AllergyIntolerance.onset[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "onset")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum AllergyIntoleranceOnset {
    DateTime(DateTime),
    #[record(of = "Age")]
    Age(Box<Quantity>),
    Period(Box<Period>),
    Range(Box<Range>),
    String(Text),
}

/// Adverse Reaction Events linked to exposure to substance.
#[derive(Default, Record)]
#[record(backbone = "AllergyIntolerance.reaction")]
pub struct AllergyIntoleranceReaction {
    /// Specific substance or pharmaceutical product considered to be responsible for event.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/substance-code"))]
    pub substance: Option<CodeableConcept>,
    /// Clinical symptoms/signs associated with the Event.
    #[record(required, binding(example, "http://hl7.org/fhir/ValueSet/clinical-findings"))]
    pub manifestation: Vec<CodeableConcept>,
    /// Description of the event as a whole.
    #[record(class = Narrative)]
    pub description: Option<Text>,
    /// Date(/time) when manifestations showed.
    #[record(class = ServiceDate)]
    pub onset: Option<DateTime>,
    /// mild | moderate | severe (of event as a whole).
    #[record(binding(required, "http://hl7.org/fhir/ValueSet/reaction-event-severity"))]
    pub severity: Option<Code<AllergyIntoleranceSeverity>>,
    /// How the subject was exposed to the substance.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/route-codes"))]
    pub exposure_route: Option<CodeableConcept>,
    /// Text about event not captured in other fields.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
