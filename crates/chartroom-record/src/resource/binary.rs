//! Binary: FHIR R4 <https://hl7.org/fhir/R4/binary.html>.

use super::prelude::*;

/// A resource that represents the data of a single raw artifact as digital content accessible in its native format.
#[derive(Default, Record)]
#[record(resource)]
pub struct Binary {
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
    /// MimeType of the binary content.
    #[record(required, class = Attachment, summary, binding(required, "http://hl7.org/fhir/ValueSet/mimetypes"))]
    pub content_type: Option<Code>,
    /// Identifies another resource to use as proxy when enforcing access control.
    #[record(class = Relation, summary)]
    pub security_context: Option<Reference>,
    /// The actual content.
    #[record(class = Attachment)]
    pub data: Option<Base64>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
