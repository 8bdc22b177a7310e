//! The primitive types of FHIR R4, section 2.24.0.1. Each accepts only what its definition allows, and writes back
//! just what it read.

mod base64;
mod code;
mod decimal;
mod text;
mod time;

pub use base64::Base64;
pub(crate) use code::code_set;
pub use code::{AnyCode, Code, CodeSet, SetCode};
pub use decimal::Decimal;
pub use text::{Canonical, Id, Markdown, Oid, Text, Uri, Url, Uuid, Xhtml};
pub use time::{Date, DateTime, Instant, Offset, Precision, Time};

use crate::json::Writer;

/// A text that does not have the form its FHIR type demands. It never holds the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {type_name}")]
pub struct InvalidPrimitive {
    type_name: &'static str,
}

impl InvalidPrimitive {
    pub(crate) const fn of(type_name: &'static str) -> Self {
        Self { type_name }
    }

    /// The FHIR name of the type, such as `dateTime`.
    pub const fn type_name(self) -> &'static str {
        self.type_name
    }
}

/// A value of a FHIR primitive type, whichever it is.
pub trait Primitive: Send + Sync {
    /// The FHIR name of the type, such as `dateTime`.
    fn type_name(&self) -> &'static str;

    /// The value as text, as it stands in JSON without its quotes. It is the patient's data: mind where it goes.
    fn to_plain(&self) -> std::borrow::Cow<'_, str>;

    #[doc(hidden)]
    fn write(&self, writer: &mut Writer);

    #[doc(hidden)]
    fn fault(&self) -> Option<InvalidPrimitive> {
        None
    }

    /// The value as a code of a closed set, where it is a [`Code`].
    fn set_code(&self) -> Option<SetCode> {
        None
    }
}
