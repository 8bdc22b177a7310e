//! Dosage: FHIR R4 <https://hl7.org/fhir/R4/dosage.html#Dosage>.

use super::prelude::*;

/// Indicates how the medication is/was taken or should be taken by the patient.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Dosage {
    /// The order of the dosage instructions.
    #[record(summary)]
    pub sequence: Option<i32>,
    /// Free text dosage instructions e.g. SIG.
    #[record(summary)]
    pub text: Option<Text>,
    /// Supplemental instruction or warnings to the patient - e.g. "with meals", "may cause drowsiness".
    #[record(summary, binding(example, "http://hl7.org/fhir/ValueSet/additional-instruction-codes"))]
    pub additional_instruction: Vec<CodeableConcept>,
    /// Patient or consumer oriented instructions.
    #[record(summary)]
    pub patient_instruction: Option<Text>,
    /// When medication should be administered.
    #[record(summary)]
    pub timing: Option<Box<Timing>>,
    /// Take "as needed" (for x).
    #[record(choice, summary, binding(example, "http://hl7.org/fhir/ValueSet/medication-as-needed-reason"))]
    pub as_needed: Option<DosageAsNeeded>,
    /// Body site to administer to.
    #[record(summary, binding(example, "http://hl7.org/fhir/ValueSet/approach-site-codes"))]
    pub site: Option<CodeableConcept>,
    /// How drug should enter body.
    #[record(summary, binding(example, "http://hl7.org/fhir/ValueSet/route-codes"))]
    pub route: Option<CodeableConcept>,
    /// Technique for administering medication.
    #[record(summary, binding(example, "http://hl7.org/fhir/ValueSet/administration-method-codes"))]
    pub method: Option<CodeableConcept>,
    /// Amount of medication administered.
    #[record(summary)]
    pub dose_and_rate: Vec<DosageDoseAndRate>,
    /// Upper limit on medication per unit of time.
    #[record(summary)]
    pub max_dose_per_period: Option<Box<Ratio>>,
    /// Upper limit on medication per administration.
    #[record(summary, of = "SimpleQuantity")]
    pub max_dose_per_administration: Option<Quantity>,
    /// Upper limit on medication per lifetime of the patient.
    #[record(summary, of = "SimpleQuantity")]
    pub max_dose_per_lifetime: Option<Quantity>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Dosage.asNeeded[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "asNeeded")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum DosageAsNeeded {
    Boolean(bool),
    CodeableConcept(Box<CodeableConcept>),
}

/// Amount of medication administered.
#[derive(Default, Record)]
#[record(backbone = "Dosage.doseAndRate")]
pub struct DosageDoseAndRate {
    /// The kind of dose or rate specified.
    #[record(summary, binding(example, "http://hl7.org/fhir/ValueSet/dose-rate-type"))]
    pub type_: Option<CodeableConcept>,
    /// Amount of medication per dose.
    #[record(choice, summary)]
    pub dose: Option<DosageDoseAndRateDose>,
    /// Amount of medication per unit of time.
    #[record(choice, summary)]
    pub rate: Option<DosageDoseAndRateRate>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Dosage.doseAndRate.dose[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "dose")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum DosageDoseAndRateDose {
    Range(Box<Range>),
    #[record(of = "SimpleQuantity")]
    Quantity(Box<Quantity>),
}

/// The values that `Dosage.doseAndRate.rate[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "rate")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum DosageDoseAndRateRate {
    Ratio(Box<Ratio>),
    Range(Box<Range>),
    #[record(of = "SimpleQuantity")]
    Quantity(Box<Quantity>),
}
