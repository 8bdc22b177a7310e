//! Equality as people mean it: the same value whatever the order of its members, and a value that has all of a pattern.

use crate::element::Element;
use crate::json::Json;
use crate::resource::Resource;

impl Json {
    /// Whether both are the same JSON value: members in any order, numbers by their text.
    pub fn same_value(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Object(one), Self::Object(two)) => {
                one.len() == two.len()
                    && one
                        .iter()
                        .all(|(name, value)| other.get(name.as_str()).is_some_and(|other| value.same_value(other)))
            }
            (Self::Array(one), Self::Array(two)) => {
                one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.same_value(two))
            }
            _ => self == other,
        }
    }

    /// Whether it has everything that the pattern has: each member of an object, each item of an array by some item, in any
    /// order. What the pattern leaves out may be anything. This is the `pattern[x]` of FHIR (R4, section 5.1.0.13).
    pub fn matches_pattern(&self, pattern: &Self) -> bool {
        match (self, pattern) {
            (Self::Object(_), Self::Object(wanted)) => wanted
                .iter()
                .all(|(name, wanted)| self.get(name.as_str()).is_some_and(|value| value.matches_pattern(wanted))),
            (Self::Array(items), Self::Array(wanted)) => wanted
                .iter()
                .filter(|wanted| **wanted != Self::Null)
                .all(|wanted| items.iter().any(|item| item.matches_pattern(wanted))),
            _ => self == pattern,
        }
    }
}

/// Whether a structure has everything that a pattern of the same type has; see [`Json::matches_pattern`].
///
/// ```
/// use chartroom_record::datatype::{CodeableConcept, Coding};
/// use chartroom_record::matches_pattern;
///
/// let coding = |system: &str, code: &str| Coding { system: system.parse().ok(), code: code.parse().ok(), ..Default::default() };
/// let pattern = CodeableConcept { coding: vec![coding("urn:a", "1")], ..Default::default() };
/// let value = CodeableConcept { coding: vec![coding("urn:b", "2"), coding("urn:a", "1")], text: Some("one".into()), ..Default::default() };
/// assert!(matches_pattern(&value, &pattern));
/// assert!(!matches_pattern(&pattern, &value));
/// ```
pub fn matches_pattern(value: &dyn Element, pattern: &dyn Element) -> bool {
    let json = |element| Json::parse(&crate::write::element(element)).ok();
    value.facts().name == pattern.facts().name
        && json(value).zip(json(pattern)).is_some_and(|(value, pattern)| value.matches_pattern(&pattern))
}

impl Resource {
    /// The resource as a plain JSON value. `None` where it is nested more deeply than any text may be.
    pub fn to_json_value(&self) -> Option<Json> {
        Json::parse(&self.to_json()).ok()
    }

    /// Whether both are the same JSON value: members in any order, numbers by their text.
    pub fn same_value(&self, other: &Self) -> bool {
        self == other || self.both(other).is_some_and(|(one, two)| one.same_value(&two))
    }

    /// Whether it has everything that a pattern of the same type has; see [`Json::matches_pattern`].
    pub fn matches_pattern(&self, pattern: &Self) -> bool {
        self.type_name() == pattern.type_name()
            && self.both(pattern).is_some_and(|(value, pattern)| value.matches_pattern(&pattern))
    }

    fn both(&self, other: &Self) -> Option<(Json, Json)> {
        self.to_json_value().zip(other.to_json_value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mode, parse};

    fn resource(text: &str) -> Resource {
        parse(text.as_bytes(), Mode::Lenient).unwrap().into_resource()
    }

    #[test]
    fn order_of_members_does_not_count_and_number_text_does() {
        let json = |text| Json::parse(text).unwrap();
        assert!(json(r#"{"a":[1.0],"b":{}}"#).same_value(&json(r#"{"b":{},"a":[1.0]}"#)));
        for other in [r#"{"a":[1.00],"b":{}}"#, r#"{"a":[1.0]}"#, r#"{"a":[1.0,1.0],"b":{}}"#, r#"{"a":[1.0],"c":{}}"#]
        {
            assert!(!json(r#"{"a":[1.0],"b":{}}"#).same_value(&json(other)), "{other}");
        }
        let one = resource(r#"{"resourceType":"Basic","id":"1","code":{"text":"x"}}"#);
        assert!(one.same_value(&resource(r#"{"resourceType":"Basic","code":{"text":"x"},"id":"1"}"#)));
    }

    #[test]
    fn a_pattern_asks_for_what_it_has() {
        let patient =
            resource(r#"{"resourceType":"Patient","name":[{"given":["A","B"],"family":"C"}],"_birthDate":{"id":"d"}}"#);
        for pattern in
            [r#""name":[{"given":["B"]}]"#, r#""_birthDate":{"id":"d"}"#, r#""name":[{"family":"C"},{"given":["A"]}]"#]
        {
            assert!(
                patient.matches_pattern(&resource(&format!(r#"{{"resourceType":"Patient",{pattern}}}"#))),
                "{pattern}"
            );
        }
        for pattern in [r#""name":[{"given":["C"]}]"#, r#""gender":"male""#] {
            assert!(
                !patient.matches_pattern(&resource(&format!(r#"{{"resourceType":"Patient",{pattern}}}"#))),
                "{pattern}"
            );
        }
        assert!(!patient.matches_pattern(&resource(r#"{"resourceType":"Person"}"#)));
    }
}
