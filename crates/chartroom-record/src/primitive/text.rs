//! The primitive types that are text: string, markdown, uri and its kin, id, xhtml.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use crate::shared::Shared;

use super::{InvalidPrimitive, Primitive};
use crate::json::{Writer, is_plain_word};

/// Defines one text type: its FHIR name, its rule, and whether any text may be taken for it without asking.
macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident, $fhir:literal, $rule:path) => {
        $(#[$doc])*
        ///
        /// Cheap to clone: short text lies inside, longer text is shared. `Debug` never prints it.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Shared);

        impl $name {
            pub(crate) const TYPE: &'static str = $fhir;

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            pub(crate) fn accepts(text: &str) -> bool {
                $rule(text)
            }

            pub(crate) const fn from_parsed(text: Shared) -> Self {
                Self(text)
            }
        }

        impl FromStr for $name {
            type Err = InvalidPrimitive;

            fn from_str(text: &str) -> Result<Self, InvalidPrimitive> {
                if Self::accepts(text) { Ok(Self(text.into())) } else { Err(InvalidPrimitive::of($fhir)) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidPrimitive;

            fn try_from(text: String) -> Result<Self, InvalidPrimitive> {
                if Self::accepts(&text) { Ok(Self(text.into())) } else { Err(InvalidPrimitive::of($fhir)) }
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == *other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({} bytes)", stringify!($name), self.0.len())
            }
        }

        impl Primitive for $name {
            fn type_name(&self) -> &'static str {
                $fhir
            }

            fn to_plain(&self) -> Cow<'_, str> {
                Cow::Borrowed(&self.0)
            }

            fn write(&self, writer: &mut Writer) {
                writer.string(&self.0);
            }

            fn fault(&self) -> Option<InvalidPrimitive> {
                (!Self::accepts(&self.0)).then_some(InvalidPrimitive::of($fhir))
            }
        }
    };
}

text_type!(
    /// FHIR `string`: a sequence of characters, never empty.
    Text, "string", is_text
);
text_type!(
    /// FHIR `markdown`: text that may carry markdown.
    Markdown, "markdown", is_text
);
text_type!(
    /// FHIR `xhtml`: the `div` of a narrative.
    Xhtml, "xhtml", is_text
);
text_type!(
    /// FHIR `uri`: an address or name, absolute or relative.
    Uri, "uri", is_uri
);
text_type!(
    /// FHIR `url`: a uri that can be resolved.
    Url, "url", is_uri
);
text_type!(
    /// FHIR `canonical`: the canonical address of a definition, perhaps with `|version`.
    Canonical, "canonical", is_uri
);
text_type!(
    /// FHIR `oid`: `urn:oid:` and an object identifier.
    Oid, "oid", is_oid
);
text_type!(
    /// FHIR `uuid`: `urn:uuid:` and a universally unique identifier.
    Uuid, "uuid", is_uuid
);
text_type!(
    /// FHIR `id`: 1 to 64 of the characters `A-Z a-z 0-9 - .`
    Id, "id", is_id
);

/// Any text may become a string or markdown. An empty one is no FHIR string; the check reports it.
macro_rules! from_any_text {
    ($($name:ident),*) => {$(
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }
    )*};
}
from_any_text!(Text, Markdown);

impl Text {
    /// Text known when the program is compiled; takes no memory of its own.
    pub const fn from_static(text: &'static str) -> Self {
        Self(Shared::from_static(text))
    }
}

fn is_text(text: &str) -> bool {
    !text.is_empty() && !text.bytes().any(|byte| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r'))
}

fn is_uri(text: &str) -> bool {
    is_plain_word(text)
        || (!text.is_empty() && !text.bytes().any(|byte| byte <= b' ') && !text.chars().any(char::is_whitespace))
}

fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() | (byte == b'-') | (byte == b'.');
    // Without an early end, many bytes are looked at in one step.
    (1..=64).contains(&text.len()) && text.bytes().fold(true, |all, byte| all & allowed(byte))
}

fn is_oid(text: &str) -> bool {
    let Some(oid) = text.strip_prefix("urn:oid:") else { return false };
    let mut arcs = oid.split('.');
    matches!(arcs.next(), Some("0" | "1" | "2"))
        && oid.contains('.')
        && arcs.all(|arc| {
            !arc.is_empty() && arc.bytes().all(|byte| byte.is_ascii_digit()) && (arc == "0" || !arc.starts_with('0'))
        })
}

fn is_uuid(text: &str) -> bool {
    let Some(uuid) = text.strip_prefix("urn:uuid:") else { return false };
    uuid.len() == 36
        && uuid.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_keeps_its_rule() {
        assert!("a b".parse::<Text>().is_ok() && "".parse::<Text>().is_err() && "\u{1}".parse::<Text>().is_err());
        assert!("a b".parse::<Uri>().is_err() && "urn:x".parse::<Uri>().is_ok() && "a\u{a0}b".parse::<Uri>().is_err());
        assert!("a/b".parse::<Id>().is_err() && "A-1.b".parse::<Id>().is_ok() && "x".repeat(65).parse::<Id>().is_err());
        assert!("urn:oid:1.2.840".parse::<Oid>().is_ok() && "urn:oid:3.1".parse::<Oid>().is_err());
        assert!("urn:oid:1.02".parse::<Oid>().is_err() && "urn:oid:1".parse::<Oid>().is_err());
        assert!("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7".parse::<Uuid>().is_ok());
        assert!("urn:uuid:53fefa32fcbb4ff88a9255ee120877b7".parse::<Uuid>().is_err());
        assert!("urn:uuid:53FEFA32-fcbb-4ff8-8a92-55ee120877b7".parse::<Uuid>().is_err());
    }

    #[test]
    fn debug_tells_only_the_length() {
        assert_eq!(format!("{:?}", Text::from("Ada")), "Text(3 bytes)");
    }
}
