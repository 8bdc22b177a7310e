//! FHIR R4 records: lossless, checked, every element classified.

mod about;
mod bridge;
mod check;
mod class;
mod classify;
pub mod code_set;
pub mod datatype;
mod element;
mod extra;
mod issue;
mod json;
mod parse;
pub mod part;
mod plain;
mod prelude;
pub mod primitive;
mod read;
pub mod resource;

mod walk;
mod write;

pub use check::{Checked, CheckedEntries, Checks, Entry, Refused, check};
pub use class::{Class, ClassSet, UnknownClass};
pub use element::{Binding, Element, ElementFacts, Items, Member, Node, Strength, TypeChoice, TypeFacts, TypeKind};
pub use extra::{Extra, Twin, TwinSlot};
pub use issue::{Issue, IssueCode, Severity};
pub use json::{Json, JsonText, Position};
pub use parse::{Issues, Mode, Parsed, parse};
pub use plain::plain;
pub use resource::Resource;
