//! Readers of official release files, as they are downloaded. Each gives a [`Release`], or its [`Row`]s alone, which
//! a [`TableBuilder`](crate::table::TableBuilder) makes a table of; that of SNOMED CT a [`Snapshot`](crate::snomed::Snapshot),
//! which can also be loaded whole.
//!
//! | system | release | reader |
//! |---|---|---|
//! | ICD-10-CM, ICD-10-PCS | order file, tabular list | [`order_zip`], [`order_text`], [`tabular_xml`] |
//! | LOINC | `Loinc.csv`, `MapTo.csv`, `AnswerList.csv`, `Part.csv` | [`loinc_zip`], [`loinc_csv`], [`loinc_answers_csv`], [`loinc_parts_csv`] |
//! | SNOMED CT | Release Format 2, snapshot | [`snomed_zip`], [`snomed_rf2`] |
//! | RxNorm | `RXNCONSO.RRF`, `RXNCUI.RRF` | [`rxnorm_zip`], [`rxnorm_rrf`] |
//! | NDC | `product.txt`, `package.txt` | [`ndc_zip`], [`ndc_text`] |
//! | HCPCS Level II | `HCPC...ANWEB.txt` | [`hcpcs_zip`], [`hcpcs_text`] |
//! | CVX, MVX | `cvx.txt`, `mvx.txt` | [`cvx_text`], [`mvx_text`] |
//! | beside ICD-10-CM | notes of the tabular list, alphabetic index, diagnoses exempt from "present on admission" | [`tabular_notes`], [`index_xml`], [`exempt_zip`], [`exempt_text`] |
//!
//! They take bytes or a reader, never a path, and stop at the first thing that is not as its publisher promises: a file
//! half read would make a code set with holes.

mod archive;
mod delimited;
mod exempt;
mod hcpcs;
mod index;
mod loinc;
mod ndc;
mod notes;
mod order;
mod rxnorm;
mod snomed;
mod tabular;
mod vaccine;

pub use exempt::{exempt_text, exempt_zip};
pub use hcpcs::{hcpcs_text, hcpcs_zip};
pub use index::{IndexEntry, index_xml};
pub use loinc::{loinc_answers_csv, loinc_csv, loinc_parts_csv, loinc_zip};
pub use ndc::{ndc_text, ndc_zip};
pub use notes::{TabularNotes, tabular_notes};
pub use order::{order_text, order_zip};
pub use rxnorm::{rxnorm_rrf, rxnorm_zip};
pub use snomed::{GB_ENGLISH, SnomedFiles, US_ENGLISH, snomed_rf2, snomed_zip};
pub use tabular::tabular_xml;
pub use vaccine::{cvx_text, mvx_text};

use chrono::NaiveDate;

use crate::table::{Release, Row, Validity};

impl Release {
    /// Refuses a release without any code: it would make every code unknown.
    fn filled(self) -> Result<Self, ImportError> {
        if self.rows.is_empty() {
            return Err(ImportError::Text { line: 1, column: 1, problem: "no code" });
        }
        Ok(self)
    }
}

impl Validity {
    fn ended(code: &str, on: NaiveDate) -> Self {
        Self { code: code.to_owned(), from: None, until: Some(on), replaced_by: Vec::new() }
    }
}

/// Why a release file cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Something in a text file is not as it must be.
    #[error("line {line}, column {column}: {problem}")]
    Text {
        /// The line, from 1.
        line: u32,
        /// The column, from 1.
        column: u32,
        /// What is wrong there.
        problem: &'static str,
    },
    /// Something in a file of named fields is not as it must be.
    #[error("line {line}, field {field}: {problem}")]
    Field {
        /// The line, from 1.
        line: u32,
        /// The field, as the publisher names it.
        field: &'static str,
        /// What is wrong there.
        problem: &'static str,
    },
    /// The source stopped before its end.
    #[error("the file cannot be read to its end")]
    Unreadable,
    /// The archive cannot be read.
    #[error("not a readable zip archive")]
    Archive,
    /// The archive does not have exactly one member of the kind wanted.
    #[error("{count} members of the archive could be {wanted}, where one is wanted")]
    Members {
        /// How many there are.
        count: usize,
        /// What was looked for.
        wanted: &'static str,
    },
    /// More bytes than any release has, in the whole or in a line.
    #[error("more bytes than any release has")]
    TooLarge,
}

/// The largest file that is read whole: ten times the largest known. An archive can claim to hold anything.
pub const MOST_BYTES: u64 = 256 << 20;

/// Reads a file with each of its bytes damaged in turn, and cut off at each.
#[cfg(test)]
fn survives_any_damage(whole: &[u8], read: impl Fn(&[u8])) {
    for place in 0..whole.len() {
        read(whole.get(..place).unwrap_or_default());
        for damage in [0x01, 0x1F, 0x80, 0xFF] {
            let mut damaged = whole.to_vec();
            damaged.iter_mut().skip(place).take(1).for_each(|byte| *byte ^= damage);
            read(&damaged);
        }
    }
}
