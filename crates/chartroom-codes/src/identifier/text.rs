//! The text of an identifier, kept in place, and what people write into it by hand.

use super::{Identifier, InvalidIdentifier};

/// Up to `N` visible ASCII characters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Text<const N: usize> {
    bytes: [u8; N],
    length: u8,
}

impl<const N: usize> Text<N> {
    /// Keeps a text if it has no more than `N` characters and each of them may stand where it stands.
    pub(super) fn new(text: &str, allowed: impl Fn(usize, u8) -> bool) -> Result<Self, InvalidIdentifier> {
        shape(text, allowed)?;
        let length = u8::try_from(text.len()).map_err(|_| InvalidIdentifier::Length)?;
        let mut bytes = [0; N];
        bytes.get_mut(..text.len()).ok_or(InvalidIdentifier::Length)?.copy_from_slice(text.as_bytes());
        Ok(Self { bytes, length })
    }

    pub(super) fn as_str(&self) -> &str {
        let text = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        std::str::from_utf8(text).unwrap_or_default()
    }
}

/// Whether each character of a text may stand where it stands. All of them are visible ASCII characters.
pub(crate) fn shape(text: &str, allowed: impl Fn(usize, u8) -> bool) -> Result<(), InvalidIdentifier> {
    match text.bytes().enumerate().find(|(index, byte)| !byte.is_ascii_graphic() || !allowed(*index, *byte)) {
        Some((index, _)) => Err(InvalidIdentifier::Character { index }),
        None => Ok(()),
    }
}

/// Parses a text without its blanks, without the separators between its characters and in capital letters. A fault is told
/// by its place in the text as it was typed.
pub(super) fn parse_without<T>(
    typed: &str,
    separators: &[char],
    parse: impl FnOnce(&str) -> Result<T, InvalidIdentifier>,
) -> Result<T, InvalidIdentifier> {
    let kept = || typed.char_indices().filter(|(_, typed)| !typed.is_whitespace() && !separators.contains(typed));
    let plain: String = kept().map(|(_, kept)| kept.to_ascii_uppercase()).collect();
    parse(&plain).map_err(|fault| match fault {
        InvalidIdentifier::Character { index } => {
            let before = plain.char_indices().take_while(|(at, _)| *at < index).count();
            InvalidIdentifier::Character { index: kept().nth(before).map_or(typed.len(), |(at, _)| at) }
        }
        other => other,
    })
}

/// Declares an identifier that is a short text with a rule: how long it is at most, and how one that a person typed is read.
/// `private` ones have a `Debug` that does not print them.
macro_rules! text_identifier {
    ($(#[$about:meta])* $name:ident, $length:literal, $typed:expr, private) => {
        $crate::identifier::text::text_identifier!(@shared $(#[$about])* $name, $length, $typed);

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
    ($(#[$about:meta])* $name:ident, $length:literal, $typed:expr) => {
        $crate::identifier::text::text_identifier!(@shared $(#[$about])* $name, $length, $typed);

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }
    };
    (@shared $(#[$about:meta])* $name:ident, $length:literal, $typed:expr) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($crate::identifier::text::Text<$length>);

        impl $name {
            /// The identifier in its canonical form.
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl $crate::identifier::Identifier for $name {
            fn parse_typed(typed: &str) -> Result<Self, $crate::identifier::InvalidIdentifier> {
                $typed(typed)
            }
        }
    };
}

pub(super) use text_identifier;

/// Reads what a person typed with blanks or in lower case.
pub(super) fn plain<T: Identifier>(typed: &str) -> Result<T, InvalidIdentifier> {
    parse_without(typed, &[], str::parse)
}

/// Reads what a person typed with blanks or dashes, or in lower case.
pub(super) fn dashed<T: Identifier>(typed: &str) -> Result<T, InvalidIdentifier> {
    parse_without(typed, &['-'], str::parse)
}

/// Reads what a person typed with blanks, and with dashes after so many characters and nowhere else: a dash in another place tells of
/// another identifier, or of a slip.
pub(super) fn grouped<T>(
    typed: &str,
    ends: &[usize],
    parse: impl FnOnce(&str) -> Result<T, InvalidIdentifier>,
) -> Result<T, InvalidIdentifier> {
    let mut before = 0;
    for (index, typed) in typed.char_indices().filter(|(_, typed)| !typed.is_whitespace()) {
        match typed {
            '-' if !ends.contains(&before) => return Err(InvalidIdentifier::Character { index }),
            '-' => {}
            _ => before += 1,
        }
    }
    parse_without(typed, &['-'], parse)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_told_by_its_place_in_what_was_typed() {
        let at = |typed: &str, index: usize| {
            parse_without(typed, &['-'], |_| Err::<(), _>(InvalidIdentifier::Character { index }))
        };
        assert_eq!(at(" 1e-G4", 2), Err(InvalidIdentifier::Character { index: 4 }));
        assert_eq!(at("é-x", 2), Err(InvalidIdentifier::Character { index: 3 }));
        assert_eq!(at("1-", 1), Err(InvalidIdentifier::Character { index: 2 }));
        assert_eq!(parse_without(" 1e-g 4 ", &['-'], |plain| Ok(plain.to_owned())), Ok("1EG4".to_owned()));
    }

    #[test]
    fn a_text_is_kept_if_it_fits() {
        assert_eq!(Text::<3>::new("abc", |_, _| true).unwrap().as_str(), "abc");
        assert!(Text::<3>::new("abcd", |_, _| true).is_err());
        assert!(Text::<3>::new("a b", |_, _| true).is_err());
    }
}
