//! Attachment: FHIR R4 <https://hl7.org/fhir/R4/datatypes.html#Attachment>.

use super::prelude::*;

/// For referring to data content defined in other formats.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Attachment {
    /// Mime type of the content, with charset etc.
    #[record(summary, binding(required, "http://hl7.org/fhir/ValueSet/mimetypes"))]
    pub content_type: Option<Code>,
    /// Human language of the content (BCP-47).
    #[record(summary, binding(preferred, "http://hl7.org/fhir/ValueSet/languages"))]
    pub language: Option<Code>,
    /// Data inline, base64ed.
    #[record(class = Attachment)]
    pub data: Option<Base64>,
    /// Uri where the data can be found.
    #[record(class = Attachment, summary)]
    pub url: Option<Url>,
    /// Number of bytes of content (if url provided).
    #[record(summary)]
    pub size: Option<u32>,
    /// Hash of the data (sha-1, base64ed).
    #[record(summary)]
    pub hash: Option<Base64>,
    /// Label to display in place of the data.
    #[record(summary)]
    pub title: Option<Text>,
    /// Date attachment was first created.
    #[record(summary)]
    pub creation: Option<DateTime>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
