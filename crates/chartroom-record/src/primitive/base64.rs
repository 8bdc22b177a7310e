//! FHIR `base64Binary`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::shared::Shared;

use super::{InvalidPrimitive, Primitive};
use crate::json::Writer;

/// FHIR `base64Binary`: bytes as base64 text (RFC 4648, section 4), kept as it was written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Base64(Shared);

impl Base64 {
    pub(crate) const TYPE: &'static str = "base64Binary";

    /// The base64 text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many bytes the text stands for.
    pub fn byte_len(&self) -> usize {
        let digits = self.0.bytes().filter(|byte| is_digit(*byte)).count();
        digits * 3 / 4
    }

    /// The bytes that the text stands for.
    ///
    /// ```
    /// use chartroom_record::primitive::Base64;
    ///
    /// let data = Base64::from(&b"a chart"[..]);
    /// assert_eq!((data.as_str(), data.to_bytes().as_slice()), ("YSBjaGFydA==", &b"a chart"[..]));
    /// ```
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.byte_len());
        let (mut bits, mut held) = (0_u32, 0);
        for digit in self.0.bytes().filter_map(value) {
            bits = bits << 6 | u32::from(digit);
            held += 6;
            if held >= 8 {
                held -= 8;
                bytes.push((bits >> held & 0xFF) as u8);
            }
        }
        bytes
    }

    /// Whole groups of four, padding only at the end, white space anywhere between.
    pub(crate) fn accepts(text: &str) -> bool {
        let mut digits = 0_usize;
        let mut padding = 0_usize;
        for byte in text.bytes() {
            match byte {
                b'=' => padding += 1,
                _ if is_digit(byte) && padding == 0 => digits += 1,
                b' ' | b'\t' | b'\r' | b'\n' => {}
                _ => return false,
            }
        }
        digits > 0 && padding <= 2 && (digits + padding).is_multiple_of(4)
    }

    pub(crate) const fn from_parsed(text: Shared) -> Self {
        Self(text)
    }
}

const fn is_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/')
}

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The six bits of a digit.
const fn value(digit: u8) -> Option<u8> {
    match digit {
        b'A'..=b'Z' => Some(digit - b'A'),
        b'a'..=b'z' => Some(digit - b'a' + 26),
        b'0'..=b'9' => Some(digit - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

impl From<&[u8]> for Base64 {
    /// With padding, and without white space.
    fn from(bytes: &[u8]) -> Self {
        let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
        for group in bytes.chunks(3) {
            let bits = group.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
            for place in 0..4 {
                let digit = DIGITS.get((bits >> (18 - 6 * place) & 63) as usize).filter(|_| place <= group.len());
                text.push(digit.map_or('=', |digit| char::from(*digit)));
            }
        }
        Self(text.into())
    }
}

impl FromStr for Base64 {
    type Err = InvalidPrimitive;

    fn from_str(text: &str) -> Result<Self, InvalidPrimitive> {
        if Self::accepts(text) { Ok(Self(text.into())) } else { Err(InvalidPrimitive::of(Self::TYPE)) }
    }
}

impl fmt::Debug for Base64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Base64({} bytes)", self.byte_len())
    }
}

impl Primitive for Base64 {
    fn type_name(&self) -> &'static str {
        Self::TYPE
    }

    fn to_plain(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }

    fn write(&self, writer: &mut Writer) {
        writer.string(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_groups_with_padding_at_the_end() {
        for good in ["AAAA", "AA==", "AAA=", "AA AA\nAAAA", "+/9="] {
            assert!(Base64::accepts(good), "{good}");
        }
        for bad in ["", "A", "AA=", "A=AA", "AAAA=", "AA==AA==", "A-_A", "AÄAA"] {
            assert!(!Base64::accepts(bad), "{bad}");
        }
        assert_eq!("AA==".parse::<Base64>().map(|data| data.byte_len()), Ok(1));
        assert_eq!("AAAA".parse::<Base64>().map(|data| data.byte_len()), Ok(3));
    }
}
