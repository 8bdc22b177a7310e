//! A policy in other formats than TOML, by serde, in the shape that its text has.

use std::collections::BTreeMap;

use chartroom_record::Class;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::condition::names;
use super::declared::{Named, position};
use super::document::Rules;
use super::rule::{Rule, UNLABELLED, has};
#[cfg(feature = "schemars")]
use super::schema;
use super::{Policy, RuleEffect};
use crate::consent::ConsentKind;
use crate::label::Sensitivity;
use crate::text::Fault;
use crate::vocabulary::Term;
use crate::{Action, CareSetting, Confidentiality, Obligation, Purpose, Relationship, ResourceType};

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written::of(&self.0.rules).serialize(serializer)
    }
}

/// Reads what the text of a policy may say, in any format. An error names the rule, and places as the same policy has them in TOML.
impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = toml::Table::deserialize(deserializer)?;
        // Written and read again, so that one reader holds all policies to the same rules.
        let text = toml::to_string(&value).map_err(|_| serde::de::Error::custom("no TOML can say this"))?;
        Self::from_toml(&text).map_err(serde::de::Error::custom)
    }
}

/// The shape of the text, as a value.
pub(super) fn value(rules: &Rules) -> Result<toml::Value, Fault> {
    toml::Value::try_from(Written::of(rules)).map_err(|_| Fault::of_all("no TOML can say this"))
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "Policy", deny_unknown_fields, transform = schema::policy))]
pub(super) struct Written<'a> {
    policy: Header<'a>,
    roles: BTreeMap<&'a str, Role<'a>>,
    places: BTreeMap<&'a str, Titled<'a>>,
    organizations: BTreeMap<&'a str, Titled<'a>>,
    ages: BTreeMap<&'a str, Age<'a>>,
    rule: Vec<WrittenRule<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(deny_unknown_fields, transform = schema::filled))]
struct Header<'a> {
    name: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(deny_unknown_fields, transform = schema::role))]
struct Role<'a> {
    title: &'a str,
    extends: Vec<&'a str>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(deny_unknown_fields, transform = schema::filled))]
struct Titled<'a> {
    title: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(deny_unknown_fields, transform = schema::age))]
struct Age<'a> {
    years: u8,
    cites: &'a str,
    dated: String,
}

/// What a rule means for decisions: two rules that mean the same decide alike, whichever policy they stand in.
#[derive(PartialEq)]
pub(crate) struct Meaning<'a> {
    rule: WrittenRule<'a>,
    roles: Vec<&'a str>,
    ages: [Option<u8>; 2],
}

pub(super) fn meanings(all: &Rules) -> Vec<Meaning<'_>> {
    let years = |name: &Option<String>| {
        let index = name.as_ref().and_then(|name| position(&all.ages, name));
        index.and_then(|index| all.ages.get(index)).map(|age| age.years)
    };
    let meaning = |rule| {
        let written = WrittenRule::of(rule, all);
        let silent =
            WrittenRule { id: "", cites: "", dated: String::new(), because: None, obligations: None, ..written };
        let holders = all.roles.iter().filter(|role| rule.holds_for(role.covers)).map(|role| role.name.as_str());
        Meaning {
            roles: holders.collect(),
            ages: [years(&rule.when.age_from), years(&rule.when.age_below)],
            rule: WrittenRule { roles: silent.roles.map(|_| Vec::new()), age_from: None, age_below: None, ..silent },
        }
    };
    all.rules.iter().map(meaning).collect()
}

type Names<'a> = Option<Vec<&'a str>>;

#[derive(PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema), schemars(rename = "Rule", deny_unknown_fields, transform = schema::rule))]
struct WrittenRule<'a> {
    id: &'a str,
    effect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Names<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actions: Names<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    purposes: Names<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    types: Names<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    relationships: Names<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Names<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confidentiality: Names<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    originator: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    break_glass: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    places: Names<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organizations: Names<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    own_organization: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    care_settings: Names<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cleared: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    own_chart: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vip: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deceased: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    age_from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    age_below: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consents: Names<'a>,
    classes: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    elements: Names<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    obligations: Names<'a>,
    cites: &'a str,
    dated: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'a str>,
}

impl<'a> Written<'a> {
    fn of(all: &'a Rules) -> Self {
        let role = |role: &'a super::declared::Role| {
            (role.name.as_str(), Role { title: &role.title, extends: names(role.extends, &all.roles) })
        };
        let age = |age: &'a super::declared::Age| {
            let dated = age.citation.dated.to_string();
            (age.name.as_str(), Age { years: age.years, cites: &age.citation.source, dated })
        };
        Self {
            policy: Header { name: &all.name, version: &all.version },
            roles: all.roles.iter().map(role).collect(),
            places: all.places.iter().map(titled).collect(),
            organizations: all.organizations.iter().map(titled).collect(),
            ages: all.ages.iter().map(age).collect(),
            rule: all.rules.iter().map(|rule| WrittenRule::of(rule, all)).collect(),
        }
    }
}

fn titled(named: &Named) -> (&str, Titled<'_>) {
    (&named.name, Titled { title: &named.title })
}

impl<'a> WrittenRule<'a> {
    fn of(rule: &'a Rule, all: &'a Rules) -> Self {
        let when = &rule.when;
        // The types of a rule about elements are those of the elements.
        let types = when.types.as_ref().filter(|_| rule.elements.is_none());
        let obligations: Vec<_> = rule.obligations.iter().map(Obligation::code).collect();
        Self {
            id: &rule.id,
            effect: match rule.effect {
                RuleEffect::Permit => "permit",
                RuleEffect::Forbid => "forbid",
            },
            roles: when.roles.map(|bits| names(bits, &all.roles)),
            actions: codes(when.actions, Action::ALL, Action::code),
            purposes: codes(when.purposes, Purpose::ALL, Purpose::code),
            types: types.map(|types| types.iter().copied().map(ResourceType::name).collect()),
            relationships: codes(when.relationships, Relationship::ALL, Relationship::code),
            labels: when.labels.map(labels),
            confidentiality: codes(when.confidentiality, Confidentiality::ALL, Confidentiality::code),
            originator: when.originator,
            break_glass: when.break_glass,
            places: when.places.map(|bits| names(bits, &all.places)),
            organizations: when.organizations.map(|bits| names(bits, &all.organizations)),
            own_organization: when.own_organization,
            care_settings: codes(when.care_settings, CareSetting::ALL, CareSetting::code),
            cleared: when.cleared,
            own_chart: when.own_chart,
            vip: when.vip,
            deceased: when.deceased,
            age_from: when.age_from.as_deref(),
            age_below: when.age_below.as_deref(),
            consents: codes(when.consents, ConsentKind::ALL, ConsentKind::code),
            classes: rule.classes.iter().map(Class::name).collect(),
            elements: rule.elements().map(Iterator::collect),
            obligations: (!obligations.is_empty()).then_some(obligations),
            cites: &rule.citation.source,
            dated: rule.citation.dated.to_string(),
            because: rule.because(),
        }
    }
}

/// The codes with these bits.
fn codes<T: Term + Copy>(bits: Option<u64>, all: &[T], code: impl Fn(T) -> &'static str) -> Names<'static> {
    bits.map(|bits| all.iter().copied().filter(|value| has(bits, value.number())).map(code).collect())
}

fn labels(bits: u64) -> Vec<&'static str> {
    let labels = Sensitivity::ALL.iter().filter(|label| has(bits, **label as usize)).map(|label| label.code());
    has(bits, UNLABELLED).then_some("unlabelled").into_iter().chain(labels).collect()
}

#[cfg(test)]
mod tests {
    use crate::Policy;

    #[test]
    fn what_was_written_reads_back_the_same() {
        let written = serde_json::to_string(&Policy::starter()).expect("serializes");
        let read: Policy = serde_json::from_str(&written).expect("reads");
        assert_eq!(serde_json::to_string(&read).expect("serializes"), written);
        assert_eq!(read.rules().len(), Policy::starter().rules().len());
    }

    #[test]
    fn errors_name_the_rule_in_any_format() {
        let text = r#"{"policy":{"name":"p","version":"1"},"rule":[{"id":"a","effect":"forbid","classes":["Byron"],"cites":"h","dated":"2026-01-01"}]}"#;
        let error = serde_json::from_str::<Policy>(text).expect_err("must be refused").to_string();
        assert!(error.contains("rule `a`: unknown class") && !error.contains("Byron"), "{error}");
        let undated = text.replace("Byron", "all").replace("2026-01-01", "someday");
        assert!(serde_json::from_str::<Policy>(&undated).expect_err("must be refused").to_string().contains("a date"));
    }
}
