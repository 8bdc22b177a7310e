//! Signature: FHIR R4 <https://hl7.org/fhir/R4/datatypes.html#Signature>.

use super::prelude::*;

/// A signature along with supporting context.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Signature {
    /// Indication of the reason the entity signed the object(s).
    #[record(required, summary, binding(preferred, "http://hl7.org/fhir/ValueSet/signature-type"))]
    pub type_: Vec<Coding>,
    /// When the signature was created.
    #[record(required, summary)]
    pub when: Option<Instant>,
    /// Who signed.
    #[record(required, summary, targets(Practitioner, PractitionerRole, RelatedPerson, Patient, Device, Organization))]
    pub who: Option<Reference>,
    /// The party represented.
    #[record(summary, targets(Practitioner, PractitionerRole, RelatedPerson, Patient, Device, Organization))]
    pub on_behalf_of: Option<Reference>,
    /// The technical format of the signed resources.
    #[record(binding(required, "http://hl7.org/fhir/ValueSet/mimetypes"))]
    pub target_format: Option<Code>,
    /// The technical format of the signature.
    #[record(binding(required, "http://hl7.org/fhir/ValueSet/mimetypes"))]
    pub sig_format: Option<Code>,
    /// The actual signature content (XML DigSig.
    pub data: Option<Base64>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
