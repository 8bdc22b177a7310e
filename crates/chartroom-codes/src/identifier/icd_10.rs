//! The shapes of the ICD-10 codes of the United States. Whether a code is listed is a question for a table.

use std::str::FromStr;

use super::InvalidIdentifier;
use super::text::{Text, parse_without, plain, text_identifier};

text_identifier! {
    /// The shape of an ICD-10-CM code: a letter, a digit or `A`, a digit or `A` or `B`; then, after a dot, up to four letters and digits.
    ///
    /// The second character was always a digit until October 2025 brought `QA0`. Typed codes may lack the dot: `e119` is `E11.9`.
    Icd10CmCode, 8, with_dot
}

impl FromStr for Icd10CmCode {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let kept = Text::new(text, |index, byte| match index {
            0 => byte.is_ascii_uppercase(),
            1 => byte.is_ascii_digit() || byte == b'A',
            2 => byte.is_ascii_digit() || matches!(byte, b'A' | b'B'),
            3 => byte == b'.',
            _ => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
        })?;
        if matches!(text.len(), 3 | 5..=8) { Ok(Self(kept)) } else { Err(InvalidIdentifier::Length) }
    }
}

/// Reads a code as typed, its dot anywhere or nowhere, and sets the dot where it belongs.
fn with_dot(typed: &str) -> Result<Icd10CmCode, InvalidIdentifier> {
    parse_without(typed, &['.'], |plain| match plain.split_at_checked(3) {
        Some((category, rest)) if !rest.is_empty() => {
            format!("{category}.{rest}").parse().map_err(|fault| match fault {
                InvalidIdentifier::Character { index } if index > 3 => {
                    InvalidIdentifier::Character { index: index - 1 }
                }
                other => other,
            })
        }
        _ => plain.parse(),
    })
}

text_identifier! {
    /// The shape of an ICD-10-PCS code: seven digits and letters without `I` and `O`. The three characters of a table's name stand for the whole table.
    Icd10PcsCode, 7, plain
}

impl FromStr for Icd10PcsCode {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let letter = |byte: u8| byte.is_ascii_uppercase() && !matches!(byte, b'I' | b'O');
        let kept = Text::new(text, |_, byte| byte.is_ascii_digit() || letter(byte))?;
        if matches!(text.len(), 3 | 7) { Ok(Self(kept)) } else { Err(InvalidIdentifier::Length) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Identifier;
    use super::*;

    #[test]
    fn diagnoses_as_people_type_them() {
        let typed = |text: &str| Icd10CmCode::parse_typed(text).map(|code| code.as_str().to_owned());
        assert_eq!(typed(" e119 ").unwrap(), "E11.9");
        assert_eq!(typed("s06.0x0a").unwrap(), "S06.0X0A");
        assert_eq!(typed("i10").unwrap(), "I10");
        assert_eq!(typed("QA0.0101").unwrap(), "QA0.0101");
        assert_eq!(typed("e1").unwrap_err(), InvalidIdentifier::Length);
        assert_eq!(typed("e11.9999 9").unwrap_err(), InvalidIdentifier::Length);
        assert_eq!(typed("e11.9-9").unwrap_err(), InvalidIdentifier::Character { index: 5 });
        assert_eq!(typed("1e1").unwrap_err(), InvalidIdentifier::Character { index: 0 });
    }

    #[test]
    fn procedures_have_seven_characters_or_a_tables_three() {
        assert!("0FB03ZX".parse::<Icd10PcsCode>().is_ok() && "001".parse::<Icd10PcsCode>().is_ok());
        assert_eq!("0FB03ZO".parse::<Icd10PcsCode>(), Err(InvalidIdentifier::Character { index: 6 }));
        assert_eq!("0FB03Z".parse::<Icd10PcsCode>(), Err(InvalidIdentifier::Length));
    }
}
