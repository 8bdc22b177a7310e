//! Contributor: FHIR R4 <https://hl7.org/fhir/R4/metadatatypes.html#Contributor>.

use super::prelude::*;

/// A contributor to the content of a knowledge asset, including authors, editors, reviewers, and endorsers.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Contributor {
    /// author | editor | reviewer | endorser.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/contributor-type"))]
    pub type_: Option<Code<ContributorType>>,
    /// Who contributed the content.
    #[record(required, summary)]
    pub name: Option<Text>,
    /// Contact details of the contributor.
    #[record(summary)]
    pub contact: Vec<ContactDetail>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
