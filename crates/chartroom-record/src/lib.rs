//! FHIR R4 records: lossless, checked, every element classified.
//!
//! ```
//! use chartroom_record::datatype::HumanName;
//! use chartroom_record::resource::Patient;
//! use chartroom_record::{Checks, Mode, Resource, parse};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // Read: nothing is lost, and what is odd is told with path, line and column.
//! let text = r#"{"resourceType":"Patient","name":[{"family":"Fenwarden"}],"birthDate":"1978-02-30"}"#;
//! let parsed = parse(text.as_bytes(), Mode::Lenient)?;
//! assert_eq!(parsed.issues()[0].to_string(), "error format at line 1, column 71, Patient.birthDate: not a valid date");
//! assert!(parsed.resource().to_json().contains("1978-02-30"));
//!
//! // Write: plain structs, and the rest by default.
//! let patient = Patient {
//!     name: vec![HumanName { family: Some("Fenwarden".into()), ..HumanName::default() }],
//!     birth_date: Some("1978-02-28".parse()?),
//!     ..Patient::default()
//! };
//!
//! // Check: what passes carries the proof in its type; what does not comes back whole, with every reason.
//! let checked = chartroom_record::check(Resource::from(patient), &Checks::structure()).map_err(|_| "refused")?;
//! assert_eq!(checked.to_json(), text.replace("02-30", "02-28"));
//! # Ok(())
//! # }
//! ```
//!
//! # What stands where
//!
//! - Types: [`resource`] and [`datatype`] have the names and shapes of FHIR R4 (4.0.1), [`primitive`] and [`code_set`] what stands
//!   in their fields. A resource of a type outside the typed set is [`Resource::Other`], kept whole.
//! - Reading: [`parse`], strict or lenient. Values that do not fit, unknown members, ids and extensions are kept in the
//!   [`Extra`] of their element.
//! - Checking: [`check`], [`Parsed::check`] and [`Parsed::check_entries`] give [`Checked`] records or [`Issue`]s.
//! - Profiles: [`profile`] says what a guide such as US Core expects, and [`Checks::with_guide`] has the check report it.
//! - Facts: each type's `facts()` and [`Element`] tell what the standard says of an element, and its [`Class`].
//! - Parts: [`part`] takes a record apart by class and puts it together again.
//!
//! # What it does not do
//!
//! It does no I/O, reads no XML, and of profiles it checks that of vital signs, which R4 itself demands, and lists of
//! expected elements. `Debug` prints which elements there are and nothing of what they
//! hold; [`plain`] is the way to ask for that. serde's traits carry JSON only.
//!
//! # Features
//!
//! - `schemars`: JSON Schema of every type, by `schemars::schema_for!`.
//! - `synth`: invented charts for tests and benches.

mod about;
mod bridge;
mod bundling;
mod check;
mod class;
mod classify;
pub mod code_set;
pub mod datatype;
mod display;
mod element;
mod extra;
mod facts;
mod guess;
mod issue;
mod json;
mod make;
mod mask;
pub mod ndjson;
mod outcome;
mod parse;
pub mod part;
mod path;
mod pattern;
mod plain;
mod prelude;
pub mod primitive;
pub mod profile;
mod read;
mod reference;
pub mod resource;
#[cfg(feature = "schemars")]
mod schema;
mod shared;
mod split;
mod summary;
#[cfg(feature = "synth")]
pub mod synth;

mod walk;
mod write;

pub use check::{Checked, CheckedEntries, Checks, Entry, Refused, check, invariants_of};
pub use class::{Class, ClassSet, UnknownClass};
pub use element::{Element, Items, Member, Node};
pub use extra::{Extra, Twin, TwinSlot};
pub use facts::{Binding, ElementFacts, Strength, TypeChoice, TypeFacts, TypeKind};
pub use issue::{Issue, IssueCode, Severity};
pub use json::{Json, JsonText, Position};
pub use mask::{Elements, Mask};
pub use outcome::ISSUE_CODE_SYSTEM;
pub use parse::{Issues, Mode, Parsed, parse};
pub use path::{Found, InvalidPath, Path, SetError, Visit};
pub use pattern::matches_pattern;
pub use plain::plain;
pub use reference::{Resolver, Target};
pub use resource::Resource;
