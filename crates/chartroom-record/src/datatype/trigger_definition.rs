//! TriggerDefinition: FHIR R4 <https://hl7.org/fhir/R4/metadatatypes.html#TriggerDefinition>.

use super::prelude::*;

/// A description of a triggering event.
#[derive(Default, Record)]
#[record(datatype)]
pub struct TriggerDefinition {
    /// named-event | periodic | data-changed | data-added | data-modified | data-removed | data-accessed |
    /// data-access-ended.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/trigger-type"))]
    pub type_: Option<Code<TriggerType>>,
    /// Name or URI that identifies the event.
    #[record(summary)]
    pub name: Option<Text>,
    /// Timing of the event.
    #[record(choice, summary)]
    pub timing: Option<TriggerDefinitionTiming>,
    /// Triggering data of the event (multiple = 'and').
    #[record(summary)]
    pub data: Vec<DataRequirement>,
    /// Whether the event triggers (boolean expression).
    #[record(summary)]
    pub condition: Option<Box<Expression>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `TriggerDefinition.timing[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "timing")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum TriggerDefinitionTiming {
    Timing(Box<Timing>),
    #[record(targets(Schedule))]
    Reference(Box<Reference>),
    Date(Date),
    DateTime(DateTime),
}
