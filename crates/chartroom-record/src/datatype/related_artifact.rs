//! RelatedArtifact: FHIR R4 <https://hl7.org/fhir/R4/metadatatypes.html#RelatedArtifact>.

use super::prelude::*;

/// Related artifacts such as additional documentation, justification, or bibliographic references.
#[derive(Default, Record)]
#[record(datatype)]
pub struct RelatedArtifact {
    /// documentation | justification | citation | predecessor | successor | derived-from | depends-on | composed-of.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/related-artifact-type"))]
    pub type_: Option<Code<RelatedArtifactType>>,
    /// Short label.
    #[record(summary)]
    pub label: Option<Text>,
    /// Brief description of the related artifact.
    #[record(summary)]
    pub display: Option<Text>,
    /// Bibliographic citation for the artifact.
    #[record(summary)]
    pub citation: Option<Markdown>,
    /// Where the artifact can be accessed.
    #[record(summary)]
    pub url: Option<Url>,
    /// What document is being referenced.
    #[record(summary)]
    pub document: Option<Box<Attachment>>,
    /// What resource is being referenced.
    #[record(summary)]
    pub resource: Option<Canonical>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
