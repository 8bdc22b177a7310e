//! Narrative: FHIR R4 <https://hl7.org/fhir/R4/narrative.html#Narrative>.

use super::prelude::*;

/// A human-readable summary of the resource conveying the essential clinical and business information for the resource.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Narrative {
    /// generated | extensions | additional | empty.
    #[record(required, class = Narrative, binding(required, "http://hl7.org/fhir/ValueSet/narrative-status"))]
    pub status: Option<Code<NarrativeStatus>>,
    /// Limited xhtml content.
    #[record(required, class = Narrative)]
    pub div: Option<Xhtml>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
