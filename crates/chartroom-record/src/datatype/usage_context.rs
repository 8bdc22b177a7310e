//! UsageContext: FHIR R4 <https://hl7.org/fhir/R4/metadatatypes.html#UsageContext>.

use super::prelude::*;

/// Specifies clinical/business/etc. metadata that can be used to retrieve, index and/or categorize an artifact.
#[derive(Default, Record)]
#[record(datatype)]
pub struct UsageContext {
    /// Type of context being specified.
    #[record(required, summary, binding(extensible, "http://hl7.org/fhir/ValueSet/usage-context-type"))]
    pub code: Option<Coding>,
    /// Value that defines the context.
    #[record(required, choice, summary, binding(example, "http://hl7.org/fhir/ValueSet/use-context"))]
    pub value: Option<UsageContextValue>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `UsageContext.value[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "value")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum UsageContextValue {
    CodeableConcept(Box<CodeableConcept>),
    Quantity(Box<Quantity>),
    Range(Box<Range>),
    #[record(targets(PlanDefinition, ResearchStudy, InsurancePlan, HealthcareService, Group, Location, Organization))]
    Reference(Box<Reference>),
}
