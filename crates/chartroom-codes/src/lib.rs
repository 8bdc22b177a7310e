//! Is this code right, on that day?
//!
//! Three questions that are easily mixed up have three answers here:
//!
//! | question | answered by |
//! |---|---|
//! | Is it well formed? | parsing an [`identifier`], or [`well_formed`] for a code of a known [`system`] |
//! | Does an edition of the system list it? | [`Terminology::lookup`] |
//! | Can it be used on the date of service? | [`Terminology::validate_code`] |
//!
//! Absence is an answer, not an error: a code of a system that is not loaded is [`Validation::NotLoaded`], never wrong,
//! and a day that no edition covers is [`Validation::NotCovered`], never guessed at.
//!
//! A code system is a [`Table`]: one immutable image of bytes with all its editions, used in place. Tables are built with a
//! [`TableBuilder`](table::TableBuilder) from rows that the readers of `import` take from official release files.
//! Beside the codes stand their [`notes`], from which [`edits`] are made, and an index to [`search`] by words.
//! What a new edition changes, [`compare`] tells; [`marks`] hold a yes or no for each code of an edition; [`hints`] say
//! what may have been meant.
//! SNOMED CT can be loaded whole as [`snomed`], and asked in its own constraint language, [`ecl`].
//! This crate ships no code system; `chartroom-icd10cm` ships ICD-10-CM, `chartroom-hl7` what HL7 itself defines. Licensed systems
//! are the user's own files.
//!
//! It does no I/O, has no global state and asks no clock.
//!
//! # Features
//!
//! - `fhir`: FHIR `CodeSystem`, `ValueSet` and `ConceptMap` resources, and the terminology operations over them.
//! - `import`: the readers of official release files. A program that only looks codes up does without.
//! - `units`: units of measure by UCUM.

pub mod compare;
pub mod ecl;
pub mod edits;
#[cfg(feature = "fhir")]
pub mod fhir;
pub mod hierarchy;
pub mod hints;
pub mod identifier;
mod image;
#[cfg(feature = "import")]
pub mod import;
pub mod marks;
pub mod notes;
mod phrases;
pub mod search;
pub mod snomed;
pub mod system;
pub mod table;
pub mod terminology;
#[cfg(feature = "units")]
pub mod units;

pub use identifier::{InvalidIdentifier, LoincNumber, Npi, SnomedId};
pub use image::InvalidImage;
pub use system::well_formed;
pub use table::Table;
pub use terminology::{Finding, Standing, Terminology, Undated, Validation};

#[cfg(test)]
mod tests {
    #[test]
    fn everything_can_be_shared_by_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<super::Table>();
        shared::<super::Terminology>();
        shared::<super::Finding<'static>>();
    }
}
