//! FHIR `decimal`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use crate::shared::Shared;

use super::{InvalidPrimitive, Primitive};
use crate::json::Writer;

/// FHIR `decimal`: a number whose precision is part of its meaning, so that `1.0` and `1.00` differ and both are kept
/// as they were written.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Decimal(Shared);

impl Decimal {
    pub(crate) const TYPE: &'static str = "decimal";

    /// The number as it stands in JSON.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The nearest binary number. Its precision is lost.
    pub fn to_f64(&self) -> f64 {
        self.0.parse().unwrap_or(f64::NAN)
    }

    /// How many digits stand after the decimal point.
    pub fn fraction_digits(&self) -> usize {
        let (_, fraction) = self.0.split_once('.').unwrap_or_default();
        fraction.bytes().take_while(u8::is_ascii_digit).count()
    }

    pub(crate) const fn from_parsed(text: Shared) -> Self {
        Self(text)
    }
}

impl FromStr for Decimal {
    type Err = InvalidPrimitive;

    /// Takes a JSON number (RFC 8259, section 6).
    fn from_str(text: &str) -> Result<Self, InvalidPrimitive> {
        if crate::json::is_number(text) { Ok(Self(text.into())) } else { Err(InvalidPrimitive::of(Self::TYPE)) }
    }
}

impl From<i32> for Decimal {
    fn from(number: i32) -> Self {
        Self(number.to_string().into())
    }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Self {
        Self(number.to_string().into())
    }
}

impl From<u32> for Decimal {
    fn from(number: u32) -> Self {
        Self(number.to_string().into())
    }
}

impl TryFrom<f64> for Decimal {
    type Error = InvalidPrimitive;

    /// The shortest number that reads as the same binary one: its precision is made up. What is not finite is no number.
    fn try_from(number: f64) -> Result<Self, InvalidPrimitive> {
        number.to_string().parse()
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Decimal(..)")
    }
}

impl Primitive for Decimal {
    fn type_name(&self) -> &'static str {
        Self::TYPE
    }

    fn to_plain(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }

    fn write(&self, writer: &mut Writer) {
        writer.raw(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_kept() {
        for text in ["1.0", "1.00", "-0", "6.02e23", "0.000000000000000000000000000001"] {
            assert_eq!(text.parse::<Decimal>().map(|decimal| decimal.as_str() == text), Ok(true));
        }
        for text in ["", "01", "1.", ".5", "+1", "1e", "NaN", "1 "] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
        assert_eq!("7.20".parse::<Decimal>().map(|decimal| decimal.fraction_digits()), Ok(2));
        assert!((Decimal::from(-3).to_f64() + 3.0).abs() < f64::EPSILON);
    }
}
