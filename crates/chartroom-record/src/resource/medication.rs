//! Medication: FHIR R4 <https://hl7.org/fhir/R4/medication.html>.

use super::prelude::*;

/// A medication, identified and defined for prescribing, dispensing, administering and statements.
#[derive(Default, Record)]
#[record(resource)]
pub struct Medication {
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
    /// Business identifier for this medication.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// Codes that identify this medication.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/medication-codes"))]
    pub code: Option<CodeableConcept>,
    /// active | inactive | entered-in-error.
    #[record(
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/medication-status")
    )]
    pub status: Option<Code<MedicationStatus>>,
    /// Manufacturer of the item.
    #[record(class = Clinical, summary, targets(Organization))]
    pub manufacturer: Option<Reference>,
    /// powder | tablets | capsule +.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/medication-form-codes"))]
    pub form: Option<CodeableConcept>,
    /// Amount of drug in package.
    #[record(class = Clinical, summary)]
    pub amount: Option<Box<Ratio>>,
    /// Active or inactive ingredient.
    #[record(class = Clinical)]
    pub ingredient: Vec<MedicationIngredient>,
    /// Details about packaged medications.
    #[record(class = Clinical)]
    pub batch: Option<Box<MedicationBatch>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Active or inactive ingredient.
#[derive(Default, Record)]
#[record(backbone = "Medication.ingredient")]
pub struct MedicationIngredient {
    /// The actual ingredient or content.
    #[record(required, choice)]
    pub item: Option<MedicationIngredientItem>,
    /// Active ingredient indicator.
    pub is_active: Option<bool>,
    /// Quantity of ingredient present.
    pub strength: Option<Box<Ratio>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Medication.ingredient.item[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "item")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum MedicationIngredientItem {
    CodeableConcept(Box<CodeableConcept>),
    #[record(targets(Substance, Medication))]
    Reference(Box<Reference>),
}

/// Details about packaged medications.
#[derive(Default, Record)]
#[record(backbone = "Medication.batch")]
pub struct MedicationBatch {
    /// Identifier assigned to batch.
    pub lot_number: Option<Text>,
    /// When batch will expire.
    pub expiration_date: Option<DateTime>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
