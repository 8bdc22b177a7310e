//! FHIR R4 records: lossless, checked, every element classified.

mod class;

pub use class::{Class, ClassSet, UnknownClass};
