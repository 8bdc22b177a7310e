//! The text of a policy, and how it becomes rules.

use std::collections::{BTreeMap, BTreeSet};

use chartroom_record::{Class, ClassSet};
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::{Citation, Rule, RuleEffect};
use crate::label::Sensitivity;
use crate::text::{Fault, date, filled, is_name, not_empty, term, terms};
use crate::vocabulary::Term;
use crate::{Action, Confidentiality, Obligations, Purpose, Relationship, ResourceType};

/// Roles are bits of one word.
pub(crate) const MOST_ROLES: usize = 64;
/// Rules are numbered in two bytes.
const MOST_RULES: usize = 4096;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    policy: Header,
    #[serde(default)]
    roles: BTreeMap<Spanned<String>, RoleText>,
    #[serde(default)]
    rule: Vec<RuleText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    name: Spanned<String>,
    version: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleText {
    title: Spanned<String>,
    #[serde(default)]
    extends: Vec<Spanned<String>>,
}

type Names = Spanned<Vec<Spanned<String>>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleText {
    id: Spanned<String>,
    effect: Spanned<String>,
    roles: Option<Names>,
    actions: Option<Names>,
    purposes: Option<Names>,
    types: Option<Names>,
    relationships: Option<Names>,
    labels: Option<Names>,
    confidentiality: Option<Names>,
    originator: Option<bool>,
    break_glass: Option<bool>,
    classes: Names,
    obligations: Option<Names>,
    cites: Spanned<String>,
    dated: Spanned<Datetime>,
    because: Option<Spanned<String>>,
}

/// A policy that has been understood, not yet compiled.
#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) name: String,
    pub(crate) version: String,
    /// In the order of their names.
    pub(crate) roles: Vec<Role>,
    /// In the order of their ids, so that the order in the text cannot matter.
    pub(crate) rules: Vec<Rule>,
}

/// A role, and the roles whose rules hold for it.
pub(crate) struct Role {
    pub(crate) name: String,
    /// Bits of this role and of those that it extends, near and far.
    pub(crate) covers: u64,
}

/// When a rule applies. A list that is not there stands for anything, but see [`Tables`](super::tables::Tables) for what a permit
/// must name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conditions {
    /// Bits of the roles named.
    pub(crate) roles: Option<u64>,
    pub(crate) actions: Option<Vec<Action>>,
    pub(crate) purposes: Option<Vec<Purpose>>,
    pub(crate) types: Option<Vec<ResourceType>>,
    pub(crate) relationships: Option<Vec<Relationship>>,
    pub(crate) labels: Option<Vec<Label>>,
    pub(crate) confidentiality: Option<Vec<Confidentiality>>,
    pub(crate) originator: Option<bool>,
    pub(crate) break_glass: Option<bool>,
}

/// A label that a rule names, or the absence of any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    Unlabelled,
    Labelled(Sensitivity),
}

impl Rules {
    pub(crate) fn read(document: Document) -> Result<Self, Fault> {
        let roles = roles(&document.roles)?;
        if let Some(one_too_many) = document.rule.get(MOST_RULES) {
            return Err(Fault::new(&one_too_many.id, format!("more than {MOST_RULES} rules")));
        }
        let mut rules = Vec::with_capacity(document.rule.len());
        let mut ids = BTreeSet::new();
        for text in &document.rule {
            if !is_name(text.id.get_ref()) {
                return Err(Fault::new(&text.id, NOT_A_NAME));
            }
            if !ids.insert(text.id.get_ref()) {
                return Err(Fault::new(&text.id, "another rule has this id"));
            }
            rules.push(rule(text, &roles)?);
        }
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        let (name, version) = (filled(&document.policy.name)?, filled(&document.policy.version)?);
        Ok(Self { name, version, roles, rules })
    }

    pub(crate) fn role(&self, name: &str) -> Option<usize> {
        position(&self.roles, name)
    }
}

const NOT_A_NAME: &str = "must be 1 to 64 of a-z, 0-9, dot and hyphen";

fn position(roles: &[Role], name: &str) -> Option<usize> {
    roles.binary_search_by(|role| role.name.as_str().cmp(name)).ok()
}

/// The roles, each with all that it extends.
fn roles(texts: &BTreeMap<Spanned<String>, RoleText>) -> Result<Vec<Role>, Fault> {
    let mut roles = Vec::with_capacity(texts.len());
    for (index, (name, text)) in texts.iter().enumerate() {
        if index == MOST_ROLES {
            return Err(Fault::new(name, format!("more than {MOST_ROLES} roles")));
        }
        if !is_name(name.get_ref()) {
            return Err(Fault::new(name, NOT_A_NAME));
        }
        filled(&text.title)?;
        roles.push(Role { name: name.get_ref().clone(), covers: 1 << index });
    }
    let parents = texts.values().map(|text| bits_of(&text.extends, &roles)).collect::<Result<Vec<_>, _>>()?;
    for (index, name) in texts.keys().enumerate() {
        let above = ancestors(parents.get(index).copied().unwrap_or(0), &parents);
        if above & (1 << index) != 0 {
            return Err(Fault::new(name, "the role extends itself"));
        }
        if let Some(role) = roles.get_mut(index) {
            role.covers |= above;
        }
    }
    Ok(roles)
}

/// The given roles and all that they extend.
fn ancestors(mut found: u64, parents: &[u64]) -> u64 {
    loop {
        let further = parents.iter().enumerate().filter(|(index, _)| found & (1 << index) != 0);
        let wider = further.fold(found, |all, (_, above)| all | above);
        if wider == found {
            return found;
        }
        found = wider;
    }
}

/// The bits of these roles.
fn bits_of(names: &[Spanned<String>], roles: &[Role]) -> Result<u64, Fault> {
    names.iter().try_fold(0, |bits, name| match position(roles, name.get_ref()) {
        Some(index) => Ok(bits | 1 << index),
        None => Err(Fault::new(name, "unknown role; roles are defined under [roles]")),
    })
}

fn rule(text: &RuleText, roles: &[Role]) -> Result<Rule, Fault> {
    let effect = effect(&text.effect)?;
    if effect == RuleEffect::Permit && (text.roles.is_none() || text.actions.is_none() || text.purposes.is_none()) {
        return Err(Fault::new(&text.id, "a permit must name its roles, actions and purposes"));
    }
    if let (RuleEffect::Forbid, Some(obligations)) = (effect, &text.obligations) {
        return Err(Fault::new(obligations, "a refusal carries no obligations"));
    }
    let obligations = optional(&text.obligations, |names| terms(names, "obligation"))?.unwrap_or_default();
    Ok(Rule {
        id: text.id.get_ref().clone(),
        effect,
        when: conditions(text, roles)?,
        classes: classes(not_empty(&text.classes)?, effect)?,
        obligations: obligations.into_iter().collect::<Obligations>(),
        citation: Citation { source: filled(&text.cites)?, dated: date(&text.dated)? },
        because: text.because.as_ref().map(filled).transpose()?,
    })
}

fn effect(text: &Spanned<String>) -> Result<RuleEffect, Fault> {
    match text.get_ref().as_str() {
        "permit" => Ok(RuleEffect::Permit),
        "forbid" => Ok(RuleEffect::Forbid),
        _ => Err(Fault::new(text, "unknown effect; known are permit, forbid")),
    }
}

fn conditions(text: &RuleText, roles: &[Role]) -> Result<Conditions, Fault> {
    Ok(Conditions {
        roles: optional(&text.roles, |names| bits_of(not_empty(names)?, roles))?,
        actions: optional(&text.actions, |names| terms(names, "action"))?,
        purposes: optional(&text.purposes, |names| terms(names, "purpose of use"))?,
        types: optional(&text.types, types)?,
        relationships: optional(&text.relationships, |names| terms(names, "relationship"))?,
        labels: optional(&text.labels, |names| not_empty(names)?.iter().map(label).collect())?,
        confidentiality: optional(&text.confidentiality, |names| terms(names, "confidentiality"))?,
        originator: text.originator,
        break_glass: text.break_glass,
    })
}

fn optional<'a, N, T>(names: &'a Option<N>, read: impl FnOnce(&'a N) -> Result<T, Fault>) -> Result<Option<T>, Fault> {
    names.as_ref().map(read).transpose()
}

fn types(names: &Names) -> Result<Vec<ResourceType>, Fault> {
    let read = |name: &Spanned<String>| match ResourceType::of(name.get_ref()) {
        ResourceType::UNKNOWN => Err(Fault::new(name, "unknown resource type of FHIR R4")),
        known => Ok(known),
    };
    not_empty(names)?.iter().map(read).collect()
}

fn label(name: &Spanned<String>) -> Result<Label, Fault> {
    match name.get_ref().as_str() {
        "unlabelled" => Ok(Label::Unlabelled),
        _ => term(name, "label")
            .map(Label::Labelled)
            .map_err(|_| Fault::new(name, format!("unknown label; known are unlabelled, {}", Sensitivity::known()))),
    }
}

/// The classes of these names. `identity` is short for what identifies a person, `all` for everything.
fn classes(names: &[Spanned<String>], effect: RuleEffect) -> Result<ClassSet, Fault> {
    names.iter().try_fold(ClassSet::NONE, |classes, name| {
        let more = match name.get_ref().as_str() {
            "identity" => IDENTITY,
            "all" if effect == RuleEffect::Forbid => ClassSet::ALL,
            // What nobody has classified is granted by its own name only.
            "all" => ClassSet::ALL.without(ClassSet::of(&[Class::Unclassified])),
            class => class.parse::<Class>().map(ClassSet::from).map_err(|_| unknown_class(name))?,
        };
        Ok(classes.union(more))
    })
}

fn unknown_class(name: &Spanned<String>) -> Fault {
    let known = Class::ALL.map(Class::name).join(", ");
    Fault::new(name, format!("unknown class; known are all, identity, {known}"))
}

/// The identifiers of 45 CFR 164.514(b)(2), dates of care aside.
const IDENTITY: ClassSet = ClassSet::of(&[
    Class::Name,
    Class::Address,
    Class::Contact,
    Class::BirthDate,
    Class::Identifier,
    Class::GovernmentId,
    Class::InsuranceId,
    Class::DeviceId,
    Class::Biometric,
]);

#[cfg(test)]
mod tests {
    use crate::Policy;

    const HEAD: &str = "[policy]\nname = \"test\"\nversion = \"1\"\n[roles.a]\ntitle = \"A\"\n";

    fn refusal(text: &str) -> String {
        Policy::from_toml(text).expect_err("must be refused").to_string()
    }

    /// The refusal of a rule in which one line is replaced. The rule begins in line 6.
    fn with(key: &str, line: &str) -> String {
        let lines = [
            "[[rule]]",
            "id = \"r.1\"",
            "effect = \"permit\"",
            "roles = [\"a\"]",
            "actions = [\"read\"]",
            "purposes = [\"TREAT\"]",
            "classes = [\"Name\"]",
            "cites = \"house\"",
            "dated = 2026-01-01",
        ];
        let changed = lines.map(|own| if own.starts_with(key) { line } else { own });
        refusal(&format!("{HEAD}{}\n", changed.join("\n")))
    }

    #[test]
    fn names_outside_the_vocabulary_are_refused_where_they_stand() {
        assert!(with("effect", "effect = \"allow\"").starts_with("line 8, column 10, rule `r.1`: unknown effect"));
        assert!(with("roles", "roles = [\"a\", \"b\"]").starts_with("line 9, column 15, rule `r.1`: unknown role"));
        assert!(
            with("actions", "actions = [\"peek\"]")
                .starts_with("line 10, column 12, rule `r.1`: unknown action; known")
        );
        assert!(
            with("purposes", "purposes = [\"FUN\"]")
                .starts_with("line 11, column 13, rule `r.1`: unknown purpose of use")
        );
        assert!(with("classes", "classes = [\"name\"]").starts_with("line 12, column 12, rule `r.1`: unknown class"));
        assert!(with("cites", "cites = \" \"").starts_with("line 13, column 9, rule `r.1`: must not be empty"));
        assert!(
            with("dated", "dated = 2026-01-01T00:00:00Z").starts_with("line 14, column 9, rule `r.1`: must be a date")
        );
        assert!(
            with("dated", "dated = 2026-01-01\ntypes = [\"Thing\"]")
                .contains("line 15, column 10, rule `r.1`: unknown resource type")
        );
        assert!(
            with("dated", "dated = 2026-01-01\nlabels = [\"hiv\"]")
                .contains("line 15, column 11, rule `r.1`: unknown label")
        );
        assert!(
            with("dated", "dated = 2026-01-01\nplace = \"here\"")
                .contains("line 15, column 1, rule `r.1`: unknown field")
        );
        assert!(
            with("dated", "dated = 2026-01-01\nobligations = [\"SING\"]").contains("rule `r.1`: unknown obligation")
        );
        assert!(
            with("dated", "dated = 2026-01-01\nconfidentiality = [\"Z\"]")
                .contains("rule `r.1`: unknown confidentiality")
        );
        assert!(
            with("dated", "dated = 2026-01-01\nrelationships = [\"x\"]").contains("rule `r.1`: unknown relationship")
        );
    }

    #[test]
    fn rules_that_say_too_little_are_refused() {
        assert!(with("classes", "classes = []").contains("an empty list says nothing"));
        assert!(with("roles", "").contains("rule `r.1`: a permit must name its roles, actions and purposes"));
        assert!(with("purposes", "").contains("a permit must name"));
        assert!(with("cites", "").contains("missing field `cites`"));
        assert!(with("id", "id = \"No. 1\"").starts_with("line 7, column 6: must be 1 to 64"));
        assert!(
            with("effect", "effect = \"forbid\"\nobligations = [\"AOD\"]").contains("a refusal carries no obligations")
        );
    }

    #[test]
    fn roles_and_ids_are_sound() {
        let rule =
            "[[rule]]\nid = \"x\"\neffect = \"forbid\"\nclasses = [\"all\"]\ncites = \"h\"\ndated = 2026-01-01\n";
        assert!(refusal(&format!("{HEAD}{rule}{rule}")).ends_with("rule `x`: another rule has this id"));
        let circle = format!("{HEAD}extends = [\"b\"]\n[roles.b]\ntitle = \"B\"\nextends = [\"a\"]\n");
        assert!(refusal(&circle).starts_with("line 4, column 8: the role extends itself"));
        assert!(refusal(&format!("{HEAD}extends = [\"z\"]\n")).starts_with("line 6, column 12: unknown role"));
        assert!(refusal("[policy]\nname = \"\"\nversion = \"1\"\n").starts_with("line 2, column 8: must not be empty"));
        let many: String = (0..65).map(|n| format!("[roles.r{n}]\ntitle = \"R\"\n")).collect();
        assert!(refusal(&format!("{HEAD}{many}")).contains("more than 64 roles"));
    }
}
