//! A terminology engine over FHIR resources: `CodeSystem`, `ValueSet` and `ConceptMap`, in the forms of R4 and R5.
//!
//! A [`Catalog`] holds the resources. Its operations carry the standard's names and keep its rules, and their issues carry
//! the codes and the wording that HL7's terminology tests demand:
//!
//! - [`Catalog::validate_code`]: is this code in that value set, under this display, in this version?
//! - [`Catalog::validate_in_system`]: is it a code of that system?
//! - [`Catalog::expand`]: which codes are in the value set?
//! - [`Catalog::related`]: have two value sets the same codes, or which has more?
//! - [`Catalog::lookup`], [`Catalog::subsumes`], [`Catalog::translate`]: what is known of a code.
//!
//! [`parameters`] maps FHIR `Parameters` to these calls and back, for programs that serve them over HTTP.
//!
//! ```
//! use chartroom_codes::fhir::{Catalog, Coding, Options};
//! use serde_json::json;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let colours = json!({
//!     "resourceType": "CodeSystem", "url": "https://example.org/colours", "status": "active", "content": "complete",
//!     "concept": [{ "code": "red", "display": "Red", "concept": [{ "code": "crimson", "display": "Crimson" }] }]
//! });
//! let reds = json!({
//!     "resourceType": "ValueSet", "url": "https://example.org/reds", "status": "active",
//!     "compose": { "include": [{ "system": "https://example.org/colours",
//!         "filter": [{ "property": "concept", "op": "is-a", "value": "red" }] }] }
//! });
//! let catalog = Catalog::builder().add(&colours)?.add(&reds)?.build();
//!
//! let crimson = Coding::new("https://example.org/colours", "crimson");
//! let answer = catalog.validate_code("https://example.org/reds", crimson, &Options::default())?;
//! assert!(answer.is_valid);
//! assert_eq!(answer.display.as_deref(), Some("Crimson"));
//! # Ok(())
//! # }
//! ```
//!
//! Codes need not stand in a resource: [`Catalog::with_table`] adds a compiled table, [`Catalog::with_snomed`] a release of SNOMED CT, and,
//! with the feature `units`, `Catalog::with_units` the units of UCUM. A filter that such a system cannot apply is refused.
//!
//! Membership is decided by the definition of a value set and never by expanding it. What is not known is never taken for nothing: where a
//! system, a version, a value set or a code is named that is not there, and the answer hangs on it, there is no answer, or it is undecided.
//!
//! The texts of issues quote codes and displays, as the suite demands. Whoever writes them to a log writes down what was
//! asked, which may be part of someone's record. `Debug` of what holds them leaves them out.

mod catalog;
mod code_system;
mod concept_map;
mod expand;
mod filter;
#[cfg(test)]
mod fixture;
mod issue;
mod json;
mod language;
mod lookup;
mod message;
mod options;
pub mod parameters;
mod pathway;
mod publication;
mod related;
mod source;
mod system;
mod terms;
mod translate;
mod validate;
mod value_set;
mod version;

pub use catalog::{Catalog, CatalogBuilder, InvalidResource};
pub use code_system::CodeSystem;
pub use concept_map::{ConceptMap, Relationship};
pub use expand::{Contains, Expansion, Text};
pub use issue::{Detail, Issue, IssueKind, Refusal, Severity};
pub use language::{InvalidLanguages, Languages};
pub use lookup::{Found, Subsumption};
pub use options::Options;
pub use related::{Relation, RelationKind};
pub use translate::{Direction, Match, Translation};
pub use validate::{CodeableConcept, Coding, Subject, Validated};
pub use value_set::ValueSet;
pub use version::{VersionRule, VersionRuleKind};

use publication::Publication;
