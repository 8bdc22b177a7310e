//! Values from what people write, and from one another.

use std::str::FromStr;

use chrono::Utc;

use crate::datatype::{CodeableConcept, Coding, Identifier, Reference};
use crate::parse::{Issues, Mode, parse};
use crate::primitive::{DateTime, Instant, InvalidPrimitive};
use crate::resource::Resource;

impl FromStr for Resource {
    type Err = Issues;

    /// Reads JSON in [`Mode::Strict`].
    fn from_str(text: &str) -> Result<Self, Issues> {
        Ok(parse(text.as_bytes(), Mode::Strict)?.into_resource())
    }
}

impl FromStr for Coding {
    type Err = InvalidPrimitive;

    /// Takes `system|code`, as a search does (FHIR R4, section 3.1.1.5.8).
    ///
    /// ```
    /// use chartroom_record::datatype::{CodeableConcept, Coding};
    ///
    /// let pulse = CodeableConcept::from("http://loinc.org|8867-4".parse::<Coding>()?);
    /// assert!(pulse.has("http://loinc.org", "8867-4"));
    /// # Ok::<(), chartroom_record::primitive::InvalidPrimitive>(())
    /// ```
    fn from_str(token: &str) -> Result<Self, InvalidPrimitive> {
        let (system, code) = parts(token);
        Ok(Self { system: system.map(str::parse).transpose()?, code: Some(code.parse()?), ..Self::default() })
    }
}

impl FromStr for Identifier {
    type Err = InvalidPrimitive;

    /// Takes `system|value`, as a search does (FHIR R4, section 3.1.1.5.8).
    fn from_str(token: &str) -> Result<Self, InvalidPrimitive> {
        let (system, value) = parts(token);
        Ok(Self { system: system.map(str::parse).transpose()?, value: Some(value.into()), ..Self::default() })
    }
}

/// What stands before and after the first `|`; all of it after, where there is none.
fn parts(token: &str) -> (Option<&str>, &str) {
    match token.split_once('|') {
        Some(("", rest)) => (None, rest),
        Some((system, rest)) => (Some(system), rest),
        None => (None, token),
    }
}

impl From<Coding> for CodeableConcept {
    fn from(coding: Coding) -> Self {
        Self { coding: vec![coding], ..Self::default() }
    }
}

impl From<&str> for CodeableConcept {
    /// A concept that has only words.
    fn from(text: &str) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }
}

impl From<&str> for Reference {
    /// Takes an address, such as `Patient/1` or `#p1`.
    fn from(address: &str) -> Self {
        Self { reference: Some(address.into()), ..Self::default() }
    }
}

impl TryFrom<chrono::DateTime<Utc>> for Instant {
    type Error = InvalidPrimitive;

    /// Fails before the year 1 and after the year 9999.
    ///
    /// ```
    /// use chartroom_record::primitive::Instant;
    ///
    /// let moment = chrono::DateTime::from_timestamp(1_700_000_000, 0).unwrap();
    /// assert_eq!(Instant::try_from(moment)?.to_string(), "2023-11-14T22:13:20Z");
    /// # Ok::<(), chartroom_record::primitive::InvalidPrimitive>(())
    /// ```
    fn try_from(moment: chrono::DateTime<Utc>) -> Result<Self, InvalidPrimitive> {
        moment.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string().parse()
    }
}

impl TryFrom<chrono::DateTime<Utc>> for DateTime {
    type Error = InvalidPrimitive;

    /// Fails before the year 1 and after the year 9999.
    fn try_from(moment: chrono::DateTime<Utc>) -> Result<Self, InvalidPrimitive> {
        Instant::try_from(moment).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_taken_apart_at_the_bar() {
        let coding =
            |token: &str| token.parse::<Coding>().map(|it| (it.system.map(|it| it.to_string()), it.code.unwrap()));
        let (system, code) = coding("urn:x|a").unwrap();
        assert_eq!((system.as_deref(), code.as_str()), (Some("urn:x"), "a"));
        assert!(coding("|a").unwrap().0.is_none() && coding("a").unwrap().0.is_none());
        assert!(coding("urn:x|").is_err() && coding("urn x|a").is_err());
        let identifier: Identifier = "urn:x|77|1".parse().unwrap();
        assert_eq!(identifier.value.as_deref(), Some("77|1"));
    }

    #[test]
    fn a_resource_is_read_strictly() {
        assert!(r#"{"resourceType":"Patient","active":true}"#.parse::<Resource>().is_ok());
        assert!(r#"{"resourceType":"Patient","shoeSize":1}"#.parse::<Resource>().is_err());
    }

    #[test]
    fn moments_beyond_the_standard_are_refused() {
        assert!(DateTime::try_from(chrono::DateTime::<Utc>::MAX_UTC).is_err());
        assert!(Instant::try_from(chrono::DateTime::<Utc>::MIN_UTC).is_err());
    }
}
