//! FHIR `code`, open or bound to a closed set.

use std::borrow::Cow;
use std::fmt;
use std::hash::Hash;
use std::str::FromStr;

use super::{InvalidPrimitive, Primitive, Text};
use crate::json::{Writer, is_plain_word};

/// The codes of a required value set, one variant each.
pub trait CodeSet: Copy + Eq + Hash + fmt::Debug + Send + Sync + 'static {
    /// Canonical address of the value set.
    const VALUE_SET: &'static str;

    /// Every code of the set.
    const ALL: &'static [Self];

    /// The code as it stands in a record.
    fn as_str(self) -> &'static str;

    /// The code system that defines the code.
    fn system(self) -> &'static str;

    /// The variant of a code.
    fn from_code(code: &str) -> Option<Self>;
}

/// The set of an open binding: it names no code, so that every code is [`Code::Other`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnyCode {}

impl CodeSet for AnyCode {
    const VALUE_SET: &'static str = "";
    const ALL: &'static [Self] = &[];

    fn as_str(self) -> &'static str {
        match self {}
    }

    fn system(self) -> &'static str {
        match self {}
    }

    fn from_code(_: &str) -> Option<Self> {
        None
    }
}

/// FHIR `code`. Bound to a closed set `S`, its codes are [`Code::Known`]; a code outside the set is kept as it is, and
/// the check reports it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Code<S: CodeSet = AnyCode> {
    /// A code of the set.
    Known(S),
    /// Any other code.
    Other(Text),
}

impl<S: CodeSet> Code<S> {
    pub(crate) const TYPE: &'static str = "code";

    /// The code.
    #[inline(never)]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Known(code) => code.as_str(),
            Self::Other(text) => text,
        }
    }

    /// The code, if it is one of the set.
    pub const fn known(&self) -> Option<S> {
        match self {
            Self::Known(code) => Some(*code),
            Self::Other(_) => None,
        }
    }

    /// No white space but single spaces inside.
    pub(crate) fn accepts(text: &str) -> bool {
        is_code(text)
    }
}

/// Words with single spaces between them.
fn is_code(text: &str) -> bool {
    let are_words = |text: &str| {
        text.bytes().all(|byte| byte >= b' ')
            && text.split(' ').all(|word| !word.is_empty() && !word.chars().any(char::is_whitespace))
    };
    is_plain_word(text) || are_words(text)
}

/// What is known of a [`Code`] whose set is not known where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetCode {
    /// The canonical address of the closed value set; empty for an open code.
    pub value_set: &'static str,
    /// Whether the code is one of its set. An open code always is.
    pub in_set: bool,
}

impl<S: CodeSet> FromStr for Code<S> {
    type Err = InvalidPrimitive;

    fn from_str(text: &str) -> Result<Self, InvalidPrimitive> {
        if let Some(code) = S::from_code(text) {
            Ok(Self::Known(code))
        } else if Self::accepts(text) {
            Ok(Self::Other(text.into()))
        } else {
            Err(InvalidPrimitive::of(Self::TYPE))
        }
    }
}

impl<S: CodeSet> From<S> for Code<S> {
    fn from(code: S) -> Self {
        Self::Known(code)
    }
}

impl<S: CodeSet> PartialEq<str> for Code<S> {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl<S: CodeSet> PartialEq<&str> for Code<S> {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl<S: CodeSet> fmt::Debug for Code<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(..)")
    }
}

impl<S: CodeSet> Primitive for Code<S> {
    fn type_name(&self) -> &'static str {
        Self::TYPE
    }

    fn to_plain(&self) -> Cow<'_, str> {
        Cow::Borrowed(self.as_str())
    }

    fn write(&self, writer: &mut Writer) {
        writer.string(self.as_str());
    }

    fn fault(&self) -> Option<InvalidPrimitive> {
        fault(self.as_str())
    }

    fn set_code(&self) -> Option<SetCode> {
        let in_set = S::VALUE_SET.is_empty() || matches!(self, Self::Known(_));
        Some(SetCode { value_set: S::VALUE_SET, in_set })
    }
}

/// Not inlined: it is the same for all sets.
#[inline(never)]
fn fault(code: &str) -> Option<InvalidPrimitive> {
    (!is_code(code)).then_some(InvalidPrimitive::of(Code::<AnyCode>::TYPE))
}

/// Defines the codes of a required value set: the enumeration and its [`CodeSet`].
macro_rules! code_set {
    ($(#[$doc:meta])* $name:ident: $value_set:literal {
        $($(#[$code_doc:meta])* $variant:ident = $code:literal in $system:literal,)+
    }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$code_doc])* $variant,)+
        }

        impl $crate::primitive::CodeSet for $name {
            const VALUE_SET: &'static str = $value_set;
            const ALL: &'static [Self] = &[$(Self::$variant),+];

            fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            fn system(self) -> &'static str {
                match self { $(Self::$variant => $system),+ }
            }

            fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use code_set;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code_set::AdministrativeGender;

    #[test]
    fn a_code_outside_its_set_is_kept() {
        let in_set = |code: &dyn Primitive| code.set_code().unwrap().in_set;
        let known: Code<AdministrativeGender> = "female".parse().unwrap();
        let other: Code<AdministrativeGender> = "malee".parse().unwrap();
        assert_eq!((known.known(), in_set(&known)), (Some(AdministrativeGender::Female), true));
        assert_eq!((other.as_str(), in_set(&other)), ("malee", false));
        assert!(in_set(&"malee".parse::<Code>().unwrap()));
        assert_eq!(AdministrativeGender::ALL.len(), 4);
        assert_eq!(AdministrativeGender::Female.system(), "http://hl7.org/fhir/administrative-gender");
    }

    #[test]
    fn white_space_is_single_spaces_inside() {
        for bad in ["", " a", "a ", "a  b", "a\tb", "a\u{a0}b"] {
            assert!(bad.parse::<Code>().is_err(), "{bad:?}");
        }
        assert!("a b".parse::<Code>().is_ok());
    }
}
