//! MeasureReport: FHIR R4 <https://hl7.org/fhir/R4/measurereport.html>.

use super::prelude::*;

/// The results of the calculation of a measure, and optionally the resources involved in it.
#[derive(Default, Record)]
#[record(resource)]
pub struct MeasureReport {
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
    /// Additional identifier for the MeasureReport.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// complete | pending | error.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/measure-report-status")
    )]
    pub status: Option<Code<MeasureReportStatus>>,
    /// individual | subject-list | summary | data-collection.
    #[record(
        required,
        class = Administrative,
        summary,
        binding(required, "http://hl7.org/fhir/ValueSet/measure-report-type")
    )]
    pub type_: Option<Code<MeasureReportType>>,
    /// What measure was calculated.
    #[record(required, class = Technical, summary, targets(Measure))]
    pub measure: Option<Canonical>,
    /// What individual(s) the report is for.
    #[record(
        class = Relation,
        summary,
        targets(Patient, Practitioner, PractitionerRole, Location, Device, RelatedPerson, Group)
    )]
    pub subject: Option<Reference>,
    /// When the report was generated.
    #[record(class = ServiceDate, summary)]
    pub date: Option<DateTime>,
    /// Who is reporting the data.
    #[record(class = Participant, summary, targets(Practitioner, PractitionerRole, Location, Organization))]
    pub reporter: Option<Reference>,
    /// What period the report covers.
    #[record(required, class = ServiceDate, summary)]
    pub period: Option<Period>,
    /// increase | decrease.
    #[record(
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/measure-improvement-notation")
    )]
    pub improvement_notation: Option<CodeableConcept>,
    /// Measure results for each group.
    #[record(class = Clinical)]
    pub group: Vec<MeasureReportGroup>,
    /// What data was used to calculate the measure score.
    #[record(class = Relation)]
    pub evaluated_resource: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Measure results for each group.
#[derive(Default, Record)]
#[record(backbone = "MeasureReport.group")]
pub struct MeasureReportGroup {
    /// Meaning of the group.
    #[record(summary)]
    pub code: Option<CodeableConcept>,
    /// The populations in the group.
    pub population: Vec<MeasureReportGroupPopulation>,
    /// What score this group achieved.
    #[record(summary)]
    pub measure_score: Option<Quantity>,
    /// Stratification results.
    pub stratifier: Vec<MeasureReportGroupStratifier>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The populations in the group.
#[derive(Default, Record)]
#[record(backbone = "MeasureReport.group.population")]
pub struct MeasureReportGroupPopulation {
    /// initial-population | numerator | numerator-exclusion | denominator | denominator-exclusion |
    /// denominator-exception | measure-population | measure-population-exclusion | measure-observation.
    #[record(summary, binding(extensible, "http://hl7.org/fhir/ValueSet/measure-population"))]
    pub code: Option<CodeableConcept>,
    /// Size of the population.
    pub count: Option<i32>,
    /// For subject-list reports, the subject results in this population.
    #[record(class = Relation, targets(List))]
    pub subject_results: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Stratification results.
#[derive(Default, Record)]
#[record(backbone = "MeasureReport.group.stratifier")]
pub struct MeasureReportGroupStratifier {
    /// What stratifier of the group.
    pub code: Vec<CodeableConcept>,
    /// Stratum results, one for each unique value, or set of values, in the stratifier, or stratifier components.
    pub stratum: Vec<MeasureReportGroupStratifierStratum>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Stratum results, one for each unique value, or set of values, in the stratifier, or stratifier components.
#[derive(Default, Record)]
#[record(backbone = "MeasureReport.group.stratifier.stratum")]
pub struct MeasureReportGroupStratifierStratum {
    /// The stratum value, e.g. male.
    pub value: Option<CodeableConcept>,
    /// Stratifier component values.
    pub component: Vec<MeasureReportGroupStratifierStratumComponent>,
    /// Population results in this stratum.
    pub population: Vec<MeasureReportGroupStratifierStratumPopulation>,
    /// What score this stratum achieved.
    pub measure_score: Option<Quantity>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Stratifier component values.
#[derive(Default, Record)]
#[record(backbone = "MeasureReport.group.stratifier.stratum.component")]
pub struct MeasureReportGroupStratifierStratumComponent {
    /// What stratifier component of the group.
    #[record(required)]
    pub code: Option<CodeableConcept>,
    /// The stratum component value, e.g. male.
    #[record(required)]
    pub value: Option<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Population results in this stratum.
#[derive(Default, Record)]
#[record(backbone = "MeasureReport.group.stratifier.stratum.population")]
pub struct MeasureReportGroupStratifierStratumPopulation {
    /// initial-population | numerator | numerator-exclusion | denominator | denominator-exclusion |
    /// denominator-exception | measure-population | measure-population-exclusion | measure-observation.
    #[record(binding(extensible, "http://hl7.org/fhir/ValueSet/measure-population"))]
    pub code: Option<CodeableConcept>,
    /// Size of the population.
    pub count: Option<i32>,
    /// For subject-list reports, the subject results in this population.
    #[record(class = Relation, targets(List))]
    pub subject_results: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
