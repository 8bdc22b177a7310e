//! The text of a policy, and how it becomes rules.

use std::collections::BTreeSet;

use chartroom_record::{Class, ClassSet};
use serde::Deserialize;
use toml::Spanned;

use super::declared::{self, Age, AgeText, NOT_A_NAME, Named, Role, RoleText, Texts, Titled, position, some_of};
use super::element::ElementPath;
use super::rule::{Citation, Conditions, Rule, RuleEffect, UNLABELLED, has};
use crate::consent::ConsentKind;
use crate::label::{LabelSet, Sensitivity};
use crate::text::{Fault, Table, filled, is_name, not_empty, terms, written_date};
use crate::vocabulary::Term;
use crate::{Action, CareSetting, Confidentiality, Obligation, Purpose, Relationship, ResourceType, Roles};

/// Rules are numbered in two bytes.
pub(super) const MOST_RULES: usize = 4096;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    policy: Table<Header>,
    #[serde(default)]
    roles: Texts<RoleText>,
    #[serde(default)]
    places: Texts<Titled>,
    #[serde(default)]
    organizations: Texts<Titled>,
    #[serde(default)]
    ages: Texts<AgeText>,
    #[serde(default)]
    rule: Vec<Table<RuleText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    name: Spanned<String>,
    version: Spanned<String>,
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
    places: Option<Names>,
    organizations: Option<Names>,
    own_organization: Option<bool>,
    care_settings: Option<Names>,
    cleared: Option<bool>,
    own_chart: Option<bool>,
    vip: Option<bool>,
    deceased: Option<bool>,
    age_from: Option<Spanned<String>>,
    age_below: Option<Spanned<String>>,
    consents: Option<Names>,
    classes: Names,
    elements: Option<Names>,
    obligations: Option<Names>,
    cites: Spanned<String>,
    dated: Spanned<toml::Value>,
    because: Option<Spanned<String>>,
}

/// A policy that has been understood, not yet compiled. What it declares is in the order of its names.
#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) roles: Vec<Role>,
    pub(crate) places: Vec<Named>,
    pub(crate) organizations: Vec<Named>,
    pub(crate) ages: Vec<Age>,
    /// In the order of their ids, so that the order in the text cannot matter.
    pub(crate) rules: Vec<Rule>,
    bands: Vec<u8>,
}

impl Rules {
    pub(crate) fn read(document: Document) -> Result<Self, Fault> {
        let ages = declared::ages(&document.ages)?;
        let mut all = Self {
            name: filled(&document.policy.name)?,
            version: filled(&document.policy.version)?,
            roles: declared::roles(&document.roles)?,
            places: declared::named(&document.places, "places")?,
            organizations: declared::named(&document.organizations, "organizations")?,
            bands: ages.iter().map(|age| age.years).collect::<BTreeSet<_>>().into_iter().collect(),
            ages,
            rules: Vec::new(),
        };
        if let Some(one_too_many) = document.rule.get(MOST_RULES) {
            return Err(Fault::new(&one_too_many.id, format!("more than {MOST_RULES} rules")));
        }
        let mut ids = BTreeSet::new();
        for text in &document.rule {
            if !is_name(text.id.get_ref()) {
                return Err(Fault::new(&text.id, NOT_A_NAME));
            }
            if !ids.insert(text.id.get_ref()) {
                return Err(Fault::new(&text.id, "another rule has this id"));
            }
            all.rules.push(rule(text, &all)?);
        }
        all.rules.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(all)
    }

    pub(crate) fn role(&self, name: &str) -> Option<usize> {
        position(&self.roles, name)
    }

    /// Bits of the roles held.
    pub(crate) fn held(&self, roles: &Roles) -> u64 {
        roles.iter().fold(0, |bits, name| self.role(name).map_or(bits, |index| bits | 1 << index))
    }

    /// Bits of the roles held, and of those that they extend.
    pub(crate) fn covered(&self, roles: &Roles) -> u64 {
        let held = self.held(roles);
        let each = self.roles.iter().enumerate().filter(|(index, _)| has(held, *index));
        each.fold(0, |bits, (_, role)| bits | role.covers)
    }

    /// The first years of all bands of age but the youngest, rising.
    pub(crate) fn bands(&self) -> &[u8] {
        &self.bands
    }
}

fn rule(text: &RuleText, all: &Rules) -> Result<Rule, Fault> {
    let effect = effect(&text.effect)?;
    if effect == RuleEffect::Permit && (text.roles.is_none() || text.actions.is_none() || text.purposes.is_none()) {
        return Err(Fault::new(&text.id, "a permit must name its roles, actions and purposes"));
    }
    if let (RuleEffect::Forbid, Some(obligations)) = (effect, &text.obligations) {
        return Err(Fault::new(obligations, "a refusal carries no obligations"));
    }
    let obligations = optional(&text.obligations, |names| terms::<Obligation>(names, "obligation"))?;
    let elements = optional(&text.elements, |names| not_empty(names)?.iter().map(element).collect::<Result<_, _>>())?;
    Ok(Rule {
        id: text.id.get_ref().clone(),
        at: text.id.span().start,
        place: [1, 1],
        effect,
        when: conditions(text, elements.as_deref(), all)?,
        classes: classes(not_empty(&text.classes)?, effect)?,
        elements,
        obligations: obligations.unwrap_or_default().into_iter().collect(),
        citation: Citation { source: filled(&text.cites)?, dated: written_date(&text.dated)? },
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

fn conditions(text: &RuleText, elements: Option<&[ElementPath]>, all: &Rules) -> Result<Conditions, Fault> {
    Ok(Conditions {
        roles: some_of(&text.roles, &all.roles, "role; roles are defined under [roles]")?,
        actions: bits::<Action>(&text.actions, "action")?,
        purposes: bits::<Purpose>(&text.purposes, "purpose of use")?,
        types: types(text, elements)?,
        relationships: bits::<Relationship>(&text.relationships, "relationship")?,
        labels: optional(&text.labels, |names| not_empty(names)?.iter().try_fold(0, label))?,
        confidentiality: bits::<Confidentiality>(&text.confidentiality, "confidentiality")?,
        originator: text.originator,
        break_glass: text.break_glass,
        places: some_of(&text.places, &all.places, "place; places are defined under [places]")?,
        organizations: some_of(
            &text.organizations,
            &all.organizations,
            "organization; organizations are defined under [organizations]",
        )?,
        own_organization: text.own_organization,
        care_settings: bits::<CareSetting>(&text.care_settings, "care setting")?,
        cleared: text.cleared,
        own_chart: text.own_chart,
        vip: text.vip,
        deceased: text.deceased,
        ages: age_bands(text, all)?,
        age_from: text.age_from.as_ref().map(|name| name.get_ref().clone()),
        age_below: text.age_below.as_ref().map(|name| name.get_ref().clone()),
        consents: bits::<ConsentKind>(&text.consents, "consent")?,
    })
}

fn optional<'a, N, T>(names: &'a Option<N>, read: impl FnOnce(&'a N) -> Result<T, Fault>) -> Result<Option<T>, Fault> {
    names.as_ref().map(read).transpose()
}

/// The bits of names of a vocabulary.
fn bits<T: Term>(names: &Option<Names>, what: &str) -> Result<Option<u64>, Fault> {
    let bits = |terms: Vec<T>| terms.iter().fold(0, |bits, term| bits | 1 << term.number());
    optional(names, |names| terms(names, what).map(bits))
}

/// The types that a rule is about: those it names, or those of its elements.
fn types(text: &RuleText, elements: Option<&[ElementPath]>) -> Result<Option<Vec<ResourceType>>, Fault> {
    let read = |name: &Spanned<String>| match ResourceType::of(name.get_ref()) {
        ResourceType::UNKNOWN => Err(Fault::new(name, "unknown resource type of FHIR R4")),
        known => Ok(known),
    };
    match (&text.types, elements) {
        (Some(types), Some(_)) => Err(Fault::new(types, "elements name the types themselves; leave the line out")),
        (Some(types), None) => not_empty(types)?.iter().map(read).collect::<Result<_, _>>().map(Some),
        (None, elements) => {
            Ok(elements.map(|all| all.iter().map(|element| ResourceType::of(element.type_name())).collect()))
        }
    }
}

fn element(path: &Spanned<String>) -> Result<ElementPath, Fault> {
    let unknown = || Fault::new(path, "unknown element; an element is named as Patient.contact");
    ElementPath::read(path.get_ref()).ok_or_else(unknown)
}

/// The bits of these labels. `substance-use` and `sensitive` are short for several.
fn label(bits: u64, name: &Spanned<String>) -> Result<u64, Fault> {
    let more = match name.get_ref().as_str() {
        "unlabelled" => 1 << UNLABELLED,
        "substance-use" => LabelSet::SUBSTANCE_USE.bits(),
        "sensitive" => LabelSet::CONDITIONS.bits(),
        label => {
            label.parse::<Sensitivity>().map(|label| LabelSet::from(label).bits()).map_err(|_| unknown_label(name))?
        }
    };
    Ok(bits | more)
}

fn unknown_label(name: &Spanned<String>) -> Fault {
    let known = Sensitivity::known();
    Fault::new(name, format!("unknown label; known are unlabelled, sensitive, substance-use, {known}"))
}

/// Bits of the bands of age between two ages that the policy declares.
fn age_bands(text: &RuleText, all: &Rules) -> Result<Option<u64>, Fault> {
    let years = |name: &Spanned<String>| match position(&all.ages, name.get_ref()) {
        Some(index) => Ok(all.ages.get(index).map_or(0, |age| age.years)),
        None => Err(Fault::new(name, "unknown age; ages are defined under [ages]")),
    };
    let (from, below) = (optional(&text.age_from, years)?, optional(&text.age_below, years)?);
    if let (Some(from), Some(below), Some(place)) = (from, below, &text.age_below)
        && below <= from
    {
        return Err(Fault::new(place, "nobody is of this age and of the one in age_from"));
    }
    let counts = |first: u8| from.is_none_or(|from| from <= first) && below.is_none_or(|below| first < below);
    let firsts = std::iter::once(0).chain(all.bands.iter().copied());
    let bits = firsts.enumerate().filter(|(_, first)| counts(*first)).fold(0, |bits, (band, _)| bits | 1 << band);
    Ok((from.is_some() || below.is_some()).then_some(bits))
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
        assert!(with("dated", "dated = 2026-01-01\nconsents = [\"oral\"]").contains("rule `r.1`: unknown consent"));
    }

    #[test]
    fn a_list_is_no_table() {
        let refused = |text: &str| {
            let problem = refusal(&format!("{HEAD}{text}\n"));
            problem.ends_with("not the right kind of value, expected a table").then_some(problem)
        };
        assert!(refused("[places]\ner = [\"E\"]").is_some_and(|problem| problem.starts_with("line 7, column 6: ")));
        assert!(refused("[organizations]\nlab = [\"L\"]").is_some());
        assert!(refused("[ages]\nadult = [18, \"house\", 2026-01-01]").is_some());
        assert!(refused("[roles]\nb = [\"B\"]").is_some());
        assert!(
            refusal("roles = { b = [\"B\"] }\n[policy]\nname = \"t\"\nversion = \"1\"").contains("expected a table")
        );
        assert!(refusal("policy = [\"test\", \"1\"]").contains("expected a table"));
        let rule = "rule = [[\"a\", \"forbid\"]]\n[policy]\nname = \"t\"\nversion = \"1\"";
        assert!(refusal(rule).starts_with("line 1, column 9: not the right kind of value, expected a table"));
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
        let many: String =
            (1..65).map(|n| format!("[ages.a{n}]\nyears = {n}\ncites = \"h\"\ndated = 2026-01-01\n")).collect();
        assert!(refusal(&format!("{HEAD}{many}")).contains("more than 63 ages"));
    }
}
