//! Units of measure by UCUM, the Unified Code for Units of Measure: parsing is the proof, and commensurable units convert.
//!
//! ```
//! use chartroom_codes::units::Unit;
//!
//! let inch: Unit = "[in_i]".parse()?;
//! let centimetre: Unit = "cm".parse()?;
//! assert_eq!(inch.convert(2.0, &centimetre)?, 5.08);
//!
//! // What people type is not UCUM, but is mostly clear.
//! assert_eq!(Unit::parse_typed("mcg/kg/min")?.as_str(), "ug/kg/min");
//! assert!("mcg/kg/min".parse::<Unit>().is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Case matters: `mL` and `ml` are the same, `Ms` is a megasecond and `ms` a millisecond.
//! The grammar and the tables of units are those of the crate `octofhir-ucum`, version 2.2 of UCUM.

mod spelling;

use std::fmt;
use std::str::FromStr;

use octofhir_ucum::{EvalResult, convert, display_name, divide_by, evaluate, multiply, parse_expression};

pub use self::spelling::likely_meant;

/// A unit of measure in UCUM's case sensitive form, known to be valid.
#[derive(Clone)]
pub struct Unit {
    code: Box<str>,
    meaning: EvalResult,
}

/// Why a text is not a unit. It never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUnit {
    /// Longer than any unit: a thousand characters.
    #[error("too long for a unit")]
    Length,
    /// Not written by UCUM's grammar.
    #[error("not written as a unit is")]
    Syntax,
    /// A symbol that is no unit, or units that cannot be put together.
    #[error("a symbol that is no unit, or that cannot stand there")]
    Symbol,
}

/// Why a value cannot be converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotConvertible {
    /// The units measure different things.
    #[error("units of different kinds")]
    Kind,
    /// The value is outside of what the unit can express, or the result outside of what a number can.
    #[error("a value that the unit cannot express")]
    Value,
}

/// No unit in use comes near. It bounds the time that a text can take.
const LONGEST: usize = 1000;

impl Unit {
    /// The unit as UCUM writes it.
    pub fn as_str(&self) -> &str {
        &self.code
    }

    /// Reads a unit as people and their systems spell it: `mcg`, `mmHg`, `K/uL`, `x10^3/uL`, `mg / dL`. What is UCUM already stays
    /// what it is, but for the few texts where UCUM means something that nobody measures, such as `K/uL`, kelvin by microlitre.
    ///
    /// # Errors
    ///
    /// If it is neither a unit nor a spelling that is known.
    pub fn parse_typed(typed: &str) -> Result<Self, InvalidUnit> {
        if typed.len() > LONGEST {
            return Err(InvalidUnit::Length);
        }
        let plain = spelling::tidied(typed);
        match likely_meant(&plain) {
            Some(meant) => meant.parse(),
            None => plain.parse().or_else(|fault| match spelling::by_parts(&plain) {
                Some(meant) => meant.parse().map_err(|_| fault),
                None => Err(fault),
            }),
        }
    }

    /// The unit in words, such as `(milligram) / (deciliter)`.
    pub fn display_name(&self) -> String {
        display_name(&self.code).unwrap_or_default()
    }

    /// Whether values can be converted between the two.
    pub fn is_comparable(&self, other: &Self) -> bool {
        self.meaning.is_commensurable(&other.meaning)
    }

    /// A value of this unit in another one.
    ///
    /// # Errors
    ///
    /// If the units measure different things: a mass and an amount of substance do, whatever the substance.
    pub fn convert(&self, value: f64, to: &Self) -> Result<f64, NotConvertible> {
        if !self.is_comparable(to) {
            return Err(NotConvertible::Kind);
        }
        convert(value, &self.code, &to.code).map_err(|_| NotConvertible::Value)
    }

    /// The product of a value of this unit and one of another, in base units.
    ///
    /// # Errors
    ///
    /// If a unit has no zero of its own, as degrees Celsius, or the result is no number.
    pub fn multiply(&self, value: f64, other: &Self, by: f64) -> Result<(f64, Self), NotConvertible> {
        let product = multiply(value, &self.code, by, &other.code).map_err(|_| NotConvertible::Value)?;
        Ok((product.value, base_unit(&product.unit)?))
    }

    /// The quotient of a value of this unit and one of another, in base units.
    ///
    /// # Errors
    ///
    /// As [`multiply`](Self::multiply), and if it is divided by zero.
    pub fn divide(&self, value: f64, other: &Self, by: f64) -> Result<(f64, Self), NotConvertible> {
        let quotient = divide_by(value, &self.code, by, &other.code).map_err(|_| NotConvertible::Value)?;
        Ok((quotient.value, base_unit(&quotient.unit)?))
    }
}

/// The unit of a result. A number without a unit is written `1`.
fn base_unit(code: &str) -> Result<Unit, NotConvertible> {
    if code.is_empty() { "1" } else { code }.parse().map_err(|_| NotConvertible::Value)
}

impl FromStr for Unit {
    type Err = InvalidUnit;

    fn from_str(text: &str) -> Result<Self, InvalidUnit> {
        if text.len() > LONGEST {
            return Err(InvalidUnit::Length);
        }
        // The library's own check would look for suggestions, which takes thirty times as long as to accept a unit.
        let expression = parse_expression(text).map_err(|_| InvalidUnit::Syntax)?;
        let meaning = evaluate(&expression).map_err(|_| InvalidUnit::Symbol)?;
        Ok(Self { code: text.into(), meaning })
    }
}

/// Two units are equal if they are written alike. [`Unit::is_comparable`] and [`Unit::convert`] tell whether they mean the same.
impl PartialEq for Unit {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Unit {}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.code)
    }
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unit({})", self.code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn typed(text: &str) -> String {
        Unit::parse_typed(text).map_or_else(|fault| fault.to_string(), |unit| unit.to_string())
    }

    #[test]
    fn spellings_of_health_records() {
        for (spelled, meant) in [
            ("mg/dL", "mg/dL"),
            (" mg / dL ", "mg/dL"),
            ("mcg", "ug"),
            ("µg/mL", "ug/mL"),
            ("mcg/kg/min", "ug/kg/min"),
            ("mmHg", "mm[Hg]"),
            ("mm Hg", "mm[Hg]"),
            ("K/uL", "10*3/uL"),
            ("k/mcL", "10*3/uL"),
            ("x10^3/uL", "10*3/uL"),
            ("10^3/uL", "10^3/uL"),
            ("M/uL", "10*6/uL"),
            ("bpm", "{beats}/min"),
            ("breaths/min", "{breaths}/min"),
            ("degF", "[degF]"),
            ("°C", "Cel"),
            ("lbs", "[lb_av]"),
            ("mIU/L", "m[IU]/L"),
            ("mEq/L", "meq/L"),
            ("mL/min/1.73m2", "mL/min/{1.73_m2}"),
            ("mm/hr", "mm/h"),
            ("kg/m²", "kg/m2"),
            ("%", "%"),
            ("gm/dl", "g/dl"),
            ("cells/uL", "{cells}/uL"),
            ("/hpf", "/[HPF]"),
            ("kg*m/sec^2", "kg.m/s2"),
            ("mcg/(kg*hr)", "ug/(kg.h)"),
            ("mcg/{a*day}", "ug/{a*day}"),
        ] {
            assert_eq!(typed(spelled), meant, "{spelled}");
        }
    }

    #[test]
    fn a_power_of_ten_stays_one_whatever_stands_beside_it() {
        for (spelled, meant) in [
            ("10*3/mcL", "10*3/uL"),
            ("10^3/mcL", "10^3/uL"),
            ("10*6/cumm", "10*6/mm3"),
            ("10*3/cmm", "10*3/mm3"),
            ("10*3/IU", "10*3/[IU]"),
            ("(10*3)/mcL", "(10*3)/uL"),
            ("mcg/10*3", "ug/10*3"),
        ] {
            assert_eq!(typed(spelled), meant, "{spelled}");
        }
        for unclear in ["2^3/mcL", "kg/mcL*2", "2*mcg", "m**2/mcg", "10**3/mcL", "110*3/mcL"] {
            assert!(Unit::parse_typed(unclear).is_err(), "{unclear}");
        }
    }

    #[test]
    fn what_is_no_unit_is_refused() {
        assert_eq!(typed("furlongs"), InvalidUnit::Symbol.to_string());
        assert_eq!("m/".parse::<Unit>(), Err(InvalidUnit::Syntax));
        assert_eq!("".parse::<Unit>(), Err(InvalidUnit::Syntax));
        assert_eq!("m".repeat(1001).parse::<Unit>(), Err(InvalidUnit::Length));
        assert!("mcg".parse::<Unit>().is_err());
    }

    #[test]
    fn values_convert_between_units_of_one_kind() {
        let unit = |text: &str| text.parse::<Unit>().unwrap();
        assert_eq!(unit("[in_i]").convert(1.0, &unit("cm")), Ok(2.54));
        assert_eq!(unit("Cel").convert(37.0, &unit("[degF]")).map(f64::round), Ok(99.0));
        assert_eq!(unit("mg").convert(1.0, &unit("mmol")), Err(NotConvertible::Kind));
        assert_eq!(unit("Cel").multiply(1.0, &unit("m"), 1.0), Err(NotConvertible::Value));
        assert_eq!(unit("m").divide(1.0, &unit("s"), 0.0), Err(NotConvertible::Value));
        let (value, base) = unit("km").divide(36.0, &unit("h"), 1.0).unwrap();
        assert_eq!(base.convert(value, &unit("m/s")).map(f64::round), Ok(10.0));
    }

    proptest! {
        #[test]
        fn any_text_is_a_unit_or_not(text in "[a-zA-Z0-9./()*^{}\\[\\]_%'+ µ°-]{0,24}|\\PC{0,12}") {
            if let Ok(unit) = Unit::parse_typed(&text) {
                prop_assert!(unit.as_str().parse::<Unit>().is_ok());
                prop_assert!(unit.is_comparable(&unit));
                unit.display_name();
            }
        }
    }
}
