//! DataRequirement: FHIR R4 <https://hl7.org/fhir/R4/metadatatypes.html#DataRequirement>.

use super::prelude::*;

/// Describes a required data item for evaluation in terms of the type of data, and optional code or date-based filters
/// of the data.
#[derive(Default, Record)]
#[record(datatype)]
pub struct DataRequirement {
    /// The type of the required data.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/all-types"))]
    pub type_: Option<Code>,
    /// The profile of the required data.
    #[record(summary, targets(StructureDefinition))]
    pub profile: Vec<Canonical>,
    /// Kind of subject that the data is about, such as Patient or Location.
    #[record(choice, summary, binding(extensible, "http://hl7.org/fhir/ValueSet/subject-type"))]
    pub subject: Option<DataRequirementSubject>,
    /// Indicates specific structure elements that are referenced by the knowledge module.
    #[record(summary)]
    pub must_support: Vec<Text>,
    /// What codes are expected.
    #[record(summary)]
    pub code_filter: Vec<DataRequirementCodeFilter>,
    /// What dates/date ranges are expected.
    #[record(summary)]
    pub date_filter: Vec<DataRequirementDateFilter>,
    /// Number of results.
    #[record(summary)]
    pub limit: Option<NonZeroU32>,
    /// Order of the results.
    #[record(summary)]
    pub sort: Vec<DataRequirementSort>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `DataRequirement.subject[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "subject")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum DataRequirementSubject {
    CodeableConcept(Box<CodeableConcept>),
    #[record(targets(Group))]
    Reference(Box<Reference>),
}

/// What codes are expected.
#[derive(Default, Record)]
#[record(backbone = "DataRequirement.codeFilter")]
pub struct DataRequirementCodeFilter {
    /// A code-valued attribute to filter on.
    #[record(summary)]
    pub path: Option<Text>,
    /// A coded (token) parameter to search on.
    #[record(summary)]
    pub search_param: Option<Text>,
    /// Valueset for the filter.
    #[record(summary, targets(ValueSet))]
    pub value_set: Option<Canonical>,
    /// What code is expected.
    #[record(summary)]
    pub code: Vec<Coding>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// What dates/date ranges are expected.
#[derive(Default, Record)]
#[record(backbone = "DataRequirement.dateFilter")]
pub struct DataRequirementDateFilter {
    /// A date-valued attribute to filter on.
    #[record(summary)]
    pub path: Option<Text>,
    /// A date valued parameter to search on.
    #[record(summary)]
    pub search_param: Option<Text>,
    /// The value of the filter, as a Period, DateTime, or Duration value.
    #[record(choice, summary)]
    pub value: Option<DataRequirementDateFilterValue>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `DataRequirement.dateFilter.value[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "value")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum DataRequirementDateFilterValue {
    DateTime(DateTime),
    Period(Box<Period>),
    #[record(of = "Duration")]
    Duration(Box<Quantity>),
}

/// Order of the results.
#[derive(Default, Record)]
#[record(backbone = "DataRequirement.sort")]
pub struct DataRequirementSort {
    /// The name of the attribute to perform the sort.
    #[record(required, summary)]
    pub path: Option<Text>,
    /// ascending | descending.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/sort-direction"))]
    pub direction: Option<Code<SortDirection>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
