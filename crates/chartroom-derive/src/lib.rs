//! The `Record` derive of chartroom-record: from one attribute on each field come reading, writing, walking, checking,
//! masking, `Clone`, `PartialEq` and the redacted `Debug`.
//!
//! It is made for the types of that crate and expands to paths inside it; other crates have no use for it.
//!
//! ```text
//! #[derive(Default, Record)]
//! #[record(resource)]                      // or `datatype`, or `backbone = "Patient.contact"`
//! pub struct Patient {
//!     #[record(class = Name, summary)]
//!     pub name: Vec<HumanName>,            // Vec: 0..*, Option: 0..1
//!     #[record(choice, class = BirthDate)] // `deceased[x]`: an enum with `#[record(choice = "deceased")]`
//!     pub deceased: Option<PatientDeceased>,
//!     pub extra: Extra,                    // last in every structure
//! }
//! ```
//!
//! On a field: `required`, `min = N`, `max = N`, `name = "…"` where the FHIR name is not the field's in camel case, `choice`,
//! `of = "…"` for a profile of the type, `class = …`, `summary`, `modifier`, `binding(strength, "value set")`,
//! `targets(Patient, Group)`. On a variant of a choice: `of` and `targets`.

mod attributes;
mod choice;
mod structure;

use proc_macro::TokenStream;
use syn::{Data, DeriveInput, parse_macro_input};

/// Derives `Element` for a structure, or the types of a choice for an enum. See the crate's page.
#[proc_macro_derive(Record, attributes(record))]
pub fn record(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let expanded = match &input.data {
        Data::Struct(data) => structure::expand(&input, data),
        Data::Enum(data) => choice::expand(&input, data),
        Data::Union(_) => Err(syn::Error::new_spanned(&input.ident, "a record is a struct or a choice enum")),
    };
    expanded.unwrap_or_else(|error| error.to_compile_error()).into()
}
