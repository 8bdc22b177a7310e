//! Annotation: FHIR R4 <https://hl7.org/fhir/R4/datatypes.html#Annotation>.

use super::prelude::*;

/// A text note which also contains information about who made the statement and when.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Annotation {
    /// Individual responsible for the annotation.
    #[record(choice, summary)]
    pub author: Option<AnnotationAuthor>,
    /// When the annotation was made.
    #[record(summary)]
    pub time: Option<DateTime>,
    /// The annotation - text content (as markdown).
    #[record(required, class = Narrative, summary)]
    pub text: Option<Markdown>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Annotation.author[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "author")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum AnnotationAuthor {
    #[record(targets(Practitioner, Patient, RelatedPerson, Organization))]
    Reference(Box<Reference>),
    String(Text),
}
