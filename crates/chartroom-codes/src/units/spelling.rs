//! What health record systems write where UCUM would be right. The lists are short on purpose: a spelling stands here only if
//! it can mean one thing. `units` alone, `MM` or `C` cannot.

use std::borrow::Cow;

/// Whole texts that mean another unit than the one they spell, or none at all.
const WHOLE: &[(&str, &str)] = &[
    // Counts of blood cells. UCUM reads K as kelvin and M as a prefix without a unit.
    ("K/uL", "10*3/uL"),
    ("K/mcL", "10*3/uL"),
    ("k/uL", "10*3/uL"),
    ("k/mcL", "10*3/uL"),
    ("K/mm3", "10*3/mm3"),
    ("k/mm3", "10*3/mm3"),
    ("K/cmm", "10*3/mm3"),
    ("thou/uL", "10*3/uL"),
    ("Thou/uL", "10*3/uL"),
    ("thousand/uL", "10*3/uL"),
    ("Thousand/uL", "10*3/uL"),
    ("x10^3/uL", "10*3/uL"),
    ("x10*3/uL", "10*3/uL"),
    ("x10E3/uL", "10*3/uL"),
    ("x10e3/uL", "10*3/uL"),
    ("10E3/uL", "10*3/uL"),
    ("10e3/uL", "10*3/uL"),
    ("10x3/uL", "10*3/uL"),
    ("x10(3)/mcL", "10*3/uL"),
    ("M/uL", "10*6/uL"),
    ("M/mcL", "10*6/uL"),
    ("M/mm3", "10*6/mm3"),
    ("mil/uL", "10*6/uL"),
    ("mill/uL", "10*6/uL"),
    ("million/uL", "10*6/uL"),
    ("Million/uL", "10*6/uL"),
    ("x10^6/uL", "10*6/uL"),
    ("x10*6/uL", "10*6/uL"),
    ("x10E6/uL", "10*6/uL"),
    ("x10e6/uL", "10*6/uL"),
    ("10E6/uL", "10*6/uL"),
    ("10e6/uL", "10*6/uL"),
    ("10x6/uL", "10*6/uL"),
    ("x10(6)/mcL", "10*6/uL"),
    ("x10^9/L", "10*9/L"),
    ("x10E9/L", "10*9/L"),
    ("10E9/L", "10*9/L"),
    ("10e9/L", "10*9/L"),
    ("x10^12/L", "10*12/L"),
    ("x10E12/L", "10*12/L"),
    ("10E12/L", "10*12/L"),
    ("10e12/L", "10*12/L"),
    // UCUM reads femtotonne and megalitre.
    ("ft", "[ft_i]"),
    ("ML", "mL"),
    // Vital signs.
    ("bpm", "{beats}/min"),
    ("BPM", "{beats}/min"),
    ("rpm", "{breaths}/min"),
    ("mL/min/1.73m2", "mL/min/{1.73_m2}"),
    ("mL/min/1.73m^2", "mL/min/{1.73_m2}"),
    ("mL/min/1.73sqm", "mL/min/{1.73_m2}"),
    ("mL/min/1.73", "mL/min/{1.73_m2}"),
    ("per minute", "/min"),
    ("percent", "%"),
    ("Percent", "%"),
];

/// Single symbols, alone or in a product or quotient.
const PARTS: &[(&str, &str)] = &[
    // Mass, volume, amount.
    ("mcg", "ug"),
    ("MCG", "ug"),
    ("mcL", "uL"),
    ("mcl", "uL"),
    ("mcmol", "umol"),
    ("gm", "g"),
    ("gms", "g"),
    ("gram", "g"),
    ("grams", "g"),
    ("kgs", "kg"),
    ("KG", "kg"),
    ("mgs", "mg"),
    ("cc", "mL"),
    ("CC", "mL"),
    ("mls", "mL"),
    ("cmm", "mm3"),
    ("cumm", "mm3"),
    ("mEq", "meq"),
    ("MEQ", "meq"),
    ("mOsm", "mosm"),
    ("Osm", "osm"),
    ("mMol", "mmol"),
    ("mmoles", "mmol"),
    // Arbitrary units.
    ("IU", "[IU]"),
    ("iu", "[IU]"),
    ("mIU", "m[IU]"),
    ("uIU", "u[IU]"),
    ("mcIU", "u[IU]"),
    ("kIU", "k[IU]"),
    // Length and weight as in the United States.
    ("inch", "[in_i]"),
    ("inches", "[in_i]"),
    ("in", "[in_i]"),
    ("feet", "[ft_i]"),
    ("lb", "[lb_av]"),
    ("lbs", "[lb_av]"),
    ("pounds", "[lb_av]"),
    ("oz", "[oz_av]"),
    ("tsp", "[tsp_us]"),
    ("tbsp", "[tbs_us]"),
    // Temperature and pressure.
    ("degC", "Cel"),
    ("DegC", "Cel"),
    ("°C", "Cel"),
    ("celsius", "Cel"),
    ("Celsius", "Cel"),
    ("degF", "[degF]"),
    ("DegF", "[degF]"),
    ("°F", "[degF]"),
    ("fahrenheit", "[degF]"),
    ("Fahrenheit", "[degF]"),
    ("mmHg", "mm[Hg]"),
    ("mmhg", "mm[Hg]"),
    ("MMHG", "mm[Hg]"),
    ("cmH2O", "cm[H2O]"),
    ("cmH20", "cm[H2O]"),
    // Time.
    ("sec", "s"),
    ("secs", "s"),
    ("msec", "ms"),
    ("minute", "min"),
    ("minutes", "min"),
    ("mins", "min"),
    ("hr", "h"),
    ("hrs", "h"),
    ("hour", "h"),
    ("hours", "h"),
    ("day", "d"),
    ("days", "d"),
    ("week", "wk"),
    ("weeks", "wk"),
    ("month", "mo"),
    ("months", "mo"),
    ("year", "a"),
    ("years", "a"),
    ("yr", "a"),
    ("yrs", "a"),
    // Fields of a microscope.
    ("hpf", "[HPF]"),
    ("HPF", "[HPF]"),
    ("lpf", "[LPF]"),
    ("LPF", "[LPF]"),
    // What is counted.
    ("beats", "{beats}"),
    ("breaths", "{breaths}"),
    ("cells", "{cells}"),
    ("copies", "{copies}"),
    ("score", "{score}"),
];

/// The unit that a whole text most likely means, if it is not the one that UCUM reads in it. `K/uL` is valid UCUM, kelvin by
/// microlitre, and means thousands by microlitre wherever it is written.
pub fn likely_meant(text: &str) -> Option<&'static str> {
    meaning(WHOLE, text)
}

/// A text without blanks, with the letters and powers that UCUM knows.
pub(super) fn tidied(typed: &str) -> String {
    typed
        .chars()
        .filter(|typed| !typed.is_whitespace())
        .map(|typed| match typed {
            'µ' | 'μ' => 'u',
            '²' => '2',
            '³' => '3',
            other => other,
        })
        .collect()
}

/// A text with each of its symbols in UCUM's spelling, or `None` if that changes nothing. `10*` is a symbol of its own, a power of
/// ten, and what stands in braces is no symbol. A star becomes a product between symbols only: beside a number it may be meant for a
/// power.
pub(super) fn by_parts(text: &str) -> Option<String> {
    let (mut meant, mut symbol, mut in_braces) = (String::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        in_braces = (in_braces || letter == '{') && letter != '}';
        if in_braces || !SIGNS.contains(&letter) || (letter == '*' && symbol == "10") {
            symbol.push(letter);
            continue;
        }
        let is_beside_number = symbol.ends_with(is_digit) || letters.peek().copied().is_some_and(is_digit);
        meant.push_str(&spelled(&symbol));
        meant.push(if letter == '*' && !is_beside_number { '.' } else { letter });
        symbol.clear();
    }
    meant.push_str(&spelled(&symbol));
    (meant != text).then_some(meant)
}

/// What stands between symbols.
const SIGNS: [char; 5] = ['/', '.', '*', '(', ')'];

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit()
}

/// A symbol in UCUM's spelling. An exponent after `^` stands behind the symbol in UCUM, without a sign between; a power of a number is
/// `10^` alone.
fn spelled(symbol: &str) -> Cow<'_, str> {
    match (meaning(PARTS, symbol), symbol.split_once('^')) {
        (Some(meant), _) => meant.into(),
        (None, Some((base, exponent))) if !base.ends_with(is_digit) => format!("{}{exponent}", spelled(base)).into(),
        _ => symbol.into(),
    }
}

fn meaning(list: &[(&str, &'static str)], text: &str) -> Option<&'static str> {
    list.iter().find(|(spelled, _)| *spelled == text).map(|(_, meant)| *meant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Unit;

    #[test]
    fn every_meaning_is_a_unit_and_no_spelling_stands_twice() {
        for list in [WHOLE, PARTS] {
            for (index, (spelled, meant)) in list.iter().enumerate() {
                assert!(meant.parse::<Unit>().is_ok(), "{meant}");
                assert!(list.iter().skip(index + 1).all(|(other, _)| other != spelled), "{spelled}");
            }
        }
    }

    #[test]
    fn a_symbol_that_is_ucum_already_is_not_respelled() {
        let valid: Vec<_> = PARTS.iter().filter(|(spelled, _)| spelled.parse::<Unit>().is_ok()).collect();
        assert!(valid.is_empty(), "{valid:?}");
    }
}
