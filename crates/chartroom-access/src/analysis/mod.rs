//! Exact answers about a policy, before it decides about anyone.
//!
//! The vocabulary is finite, so no solver is needed: a question has the answer *no*, or a witness, which is a request and facts
//! for which the policy does just that. Made for the unit tests of a house policy.
//!
//! ```
//! use chartroom_access::analysis::Question;
//! use chartroom_access::label::Sensitivity;
//! use chartroom_access::{Action, Policy};
//!
//! let policy = Policy::starter();
//! let notes = Question { label: Some(Sensitivity::PsychotherapyNote), originator: Some(false), ..Question::default() };
//! assert!(policy.can(&Question { consents: Some(&[]), ..notes }).is_none());
//! let witness = policy.can(&notes).expect("with an authorization");
//! println!("{witness}");
//!
//! let may_change = Question { action: Some(Action::Update), ..Question::default() };
//! let roles: Vec<_> = policy.who_can(&may_change).iter().map(|witness| witness.role().to_owned()).collect();
//! assert_eq!(roles, ["clinician", "nurse", "physician"]);
//! ```
//!
//! # In the tests of a house policy
//!
//! What must never be, rules that do nothing, and what a new version changes are each one assertion, and a failing one says how it
//! can come to that:
//!
//! ```
//! # use chartroom_access::analysis::Question;
//! # use chartroom_access::label::Sensitivity;
//! # use chartroom_access::{Action, Policy};
//! let reviewed = r#"
//!     [policy]
//!     name = "Harbor Street Clinic"
//!     version = "3"
//!
//!     [roles.scheduler]
//!     title = "Appointment scheduler"
//!
//!     [[rule]]
//!     id = "visits"
//!     effect = "permit"
//!     roles = ["scheduler"]
//!     actions = ["read"]
//!     purposes = ["HOPERAT"]
//!     types = ["Encounter"]
//!     classes = ["ServiceDate"]
//!     cites = "45 CFR 164.514(d)(2)"
//!     dated = 2013-01-25
//! "#;
//! let today = reviewed.replace(r#"["ServiceDate"]"#, r#"["ServiceDate", "Participant"]"#);
//! let (reviewed, today) = (Policy::from_toml(reviewed)?, Policy::from_toml(&today)?);
//!
//! let never = |question: Question<'_>| assert!(today.can(&question).is_none(), "{:?}", today.can(&question));
//! never(Question { labelled: Some(true), ..Question::default() });
//! never(Question { action: Some(Action::Disclose), ..Question::default() });
//! assert_eq!(today.lint(), []);
//!
//! let changes: Vec<String> = reviewed.diff(&today).iter().map(ToString::to_string).collect();
//! assert_eq!(changes, ["gained {Participant}, lost {} in 1 kinds of cases, such as: scheduler may read Encounter (Participant) for \
//!     HOPERAT as none, confidentiality N"]);
//! # Ok::<(), chartroom_access::PolicyError>(())
//! ```
//!
//! # How long it takes
//!
//! The work grows with how many different sets of rules may apply at once. Over the whole vocabulary, for a policy as large as
//! [`Policy::starter`] and another with which it shares nothing, that is a fraction of a second; the program `analysis` of the
//! benches prints it.

mod diff;
mod lint;
mod scene;
mod space;

use std::fmt;

use chartroom_record::{Class, ClassSet};

use crate::consent::ConsentKind;
use crate::label::Sensitivity;
use crate::{
    Action, CareSetting, Confidentiality, Decision, Facts, Policy, Purpose, Relationship, Request, ResourceType, Rule,
};

use scene::Setting;
use space::{Bits, Space, mask, meet, numbers};

pub use diff::Change;
pub use lint::{Fault, Finding};

/// What is asked of a policy: may anyone see anything? Each field narrows the question; what is `None` may be anything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Question<'a> {
    /// In this role alone, with all that it extends.
    pub role: Option<&'a str>,
    /// A class of information, some of it at least.
    pub class: Option<Class>,
    /// To do this.
    pub action: Option<Action>,
    /// For this purpose.
    pub purpose: Option<Purpose>,
    /// Of records of this type.
    pub resource_type: Option<ResourceType>,
    /// While they are this to the patient.
    pub relationship: Option<Relationship>,
    /// Of records with this label, whether or not they have others.
    pub label: Option<Sensitivity>,
    /// Of records with some label (`true`) or none (`false`).
    pub labelled: Option<bool>,
    /// Of records held this closely.
    pub confidentiality: Option<Confidentiality>,
    /// Of records that they made themselves, or that others did.
    pub originator: Option<bool>,
    /// With the glass broken, or whole.
    pub break_glass: Option<bool>,
    /// In this place.
    pub place: Option<&'a str>,
    /// For this organization.
    pub organization: Option<&'a str>,
    /// Of records that their own organization keeps, or another.
    pub own_organization: Option<bool>,
    /// Of care in this setting.
    pub care_setting: Option<CareSetting>,
    /// With clearance for the record, or without.
    pub cleared: Option<bool>,
    /// In their own chart, or in another.
    pub own_chart: Option<bool>,
    /// Of people of public interest, or of others.
    pub vip: Option<bool>,
    /// Of the dead, or the living.
    pub deceased: Option<bool>,
    /// Of patients of this age in years.
    pub age: Option<u8>,
    /// With exactly these consents of the patient.
    pub consents: Option<&'a [ConsentKind]>,
}

/// A case that shows the answer: the policy decides it so.
#[derive(Clone)]
#[non_exhaustive]
pub struct Witness {
    /// A request.
    pub request: Request,
    /// Facts.
    pub facts: Facts,
    /// The element it is about, where rules speak of single elements: such as `Patient.contact`.
    pub element: Option<String>,
    /// The classes it is about.
    pub classes: ClassSet,
}

impl Policy {
    /// Whether this can ever be: *no* is `None`, and yes comes with a witness. It is about those who have one role.
    pub fn can(&self, question: &Question<'_>) -> Option<Witness> {
        let space = question.space(self);
        self.roles().filter(|role| question.is_about(role)).find_map(|role| question.answer(&space, role))
    }

    /// The roles in which this can be, each with a witness.
    pub fn who_can(&self, question: &Question<'_>) -> Vec<Witness> {
        let space = question.space(self);
        self.roles().filter(|role| question.is_about(role)).filter_map(|role| question.answer(&space, role)).collect()
    }
}

impl Question<'_> {
    fn is_about(&self, role: &str) -> bool {
        self.role.is_none_or(|asked| asked == role)
    }

    fn space<'p>(&self, policy: &'p Policy) -> Space<'p> {
        // An age that no rule names falls into the band of those of its years.
        let band = self.age.map(|age| policy.all().bands().iter().copied().filter(|first| *first <= age).max());
        Space::new(&[policy.all()], |setting| self.admits(setting, band.map(Option::unwrap_or_default)))
    }

    fn admits(&self, setting: &Setting, age: Option<u8>) -> bool {
        fn any<T: PartialEq>(asked: Option<T>, value: T) -> bool {
            asked.is_none_or(|asked| asked == value)
        }
        fn told(asked: Option<bool>, value: Option<bool>) -> bool {
            asked.is_none() || asked == value
        }
        match setting {
            Setting::Action(action) => any(self.action, *action),
            Setting::Purpose(purpose) => any(self.purpose, *purpose),
            Setting::Type(kind) => any(self.resource_type, *kind),
            Setting::Relationship(relationship) => any(self.relationship, *relationship),
            Setting::Confidentiality(level) => any(self.confidentiality, *level),
            Setting::Originator(own) => told(self.originator, *own),
            Setting::Glass(broken) => any(self.break_glass, *broken),
            Setting::Place(place) => self.place.is_none() || self.place == place.as_deref(),
            Setting::Organization(name) => self.organization.is_none() || self.organization == name.as_deref(),
            Setting::OwnOrganization(own) => told(self.own_organization, *own),
            Setting::CareSetting(setting) => any(self.care_setting, *setting),
            Setting::Cleared(cleared) => any(self.cleared, *cleared),
            Setting::OwnChart(own) => told(self.own_chart, *own),
            Setting::Vip(vip) => told(self.vip, *vip),
            Setting::Deceased(deceased) => told(self.deceased, *deceased),
            Setting::Age(years) => age.is_none() || age == *years,
            Setting::Consents(given) => {
                self.consents.is_none_or(|asked| *given == asked.iter().fold(0, |bits, kind| bits | kind.bit()))
            }
            Setting::Label(label) => {
                any(self.labelled, label.is_some()) && (self.label.is_none() || self.label == *label)
            }
            Setting::Element(_) => true,
        }
    }

    fn answer(&self, space: &Space<'_>, role: &str) -> Option<Witness> {
        let asked = self.class.map_or(ClassSet::ALL, ClassSet::from);
        let grants = |rule: &Rule| rule.permits() && !rule.classes().intersection(asked).is_empty();
        let granting = mask(space.rules().count(), |number| space.rule(number).is_some_and(grants));
        space.cases(&[role], |rules| meet(rules, &granting)).iter().find_map(|cases| {
            let seen = open(space, &cases.rules).intersection(asked);
            (!seen.is_empty()).then(|| space.scene(&[role], cases).witness(seen))
        })
    }
}

/// What is open where these rules apply to one lock and one element.
fn open(space: &Space<'_>, rules: &Bits) -> ClassSet {
    let (mut granted, mut withheld) = (ClassSet::NONE, ClassSet::NONE);
    for rule in numbers(rules).filter_map(|number| space.rule(number)) {
        let side = if rule.permits() { &mut granted } else { &mut withheld };
        *side = side.union(rule.classes());
    }
    granted.without(withheld)
}

impl Witness {
    /// The role, where there is one.
    pub fn role(&self) -> &str {
        self.request.roles.iter().next().unwrap_or_default()
    }

    /// What a policy decides in this case.
    pub fn decide(&self, policy: &Policy) -> Decision {
        policy.decide(&self.request, &self.facts)
    }

    /// The classes that a policy opens in this case, at the element it is about.
    pub fn seen(&self, policy: &Policy) -> ClassSet {
        let decision = self.decide(policy);
        let path = self.element.as_deref().unwrap_or_default();
        Class::ALL.into_iter().filter(|class| decision.permits(*class, path)).fold(ClassSet::NONE, |mut all, class| {
            all.insert(class);
            all
        })
    }
}

/// The case in plain words. It is made up, so it names nobody.
impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { request, facts, element, classes } = self;
        let roles: Vec<_> = request.roles.iter().collect();
        write!(f, "{} may {} ", roles.join(" and "), request.action)?;
        match element {
            Some(element) => write!(f, "{element}")?,
            None => write!(f, "{}", facts.resource_type)?,
        }
        let names: Vec<_> = classes.iter().map(Class::name).collect();
        write!(f, " ({}) for {} as {}", names.join(", "), request.purpose, request.relationship.relationship)?;
        write!(f, ", confidentiality {}", facts.confidentiality)?;
        for label in facts.labels.iter() {
            write!(f, ", label {label}")?;
        }
        if request.break_glass.is_some() {
            f.write_str(", with the glass broken")?;
        }
        if let Some(consents) = &request.consents {
            let kinds: Vec<_> = consents.given(request, facts).map(ConsentKind::code).collect();
            write!(f, ", with the consents {}", kinds.join(" and "))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Witness({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "[policy]\nname = \"p\"\nversion = \"1\"\n[roles]\na.title = \"A\"\nb.title = \"B\"\n";

    fn policy(rules: &[&str]) -> Policy {
        let rule = |(number, rule): (usize, &&str)| {
            let must = "cites = \"house\"\ndated = 2026-01-01\nclasses = [\"Name\"]\n";
            format!("[[rule]]\nid = \"r{number}\"\n{must}{rule}\n")
        };
        let rules: String = rules.iter().enumerate().map(rule).collect();
        Policy::from_toml(&format!("{HEAD}{rules}")).expect("well formed")
    }

    const PERMIT: &str = "effect = \"permit\"\nroles = [\"a\"]\nactions = [\"read\"]\npurposes = [\"TREAT\"]\n";

    #[test]
    fn types_are_told_apart_where_their_elements_are() {
        // Both rules are about both types, and about one element together.
        let policy = policy(&[
            &format!("{PERMIT}elements = [\"Condition.note\", \"Patient.contact\"]"),
            "effect = \"forbid\"\nelements = [\"Condition.note\", \"Patient.name\"]",
        ]);
        let patient = Question { resource_type: Some(ResourceType::of("Patient")), ..Question::default() };
        let witness = policy.can(&patient).expect("the contact of a patient is open");
        assert!(witness.seen(&policy).contains(Class::Name));
        assert_eq!(
            policy.can(&Question::default()).map(|witness| witness.element),
            Some(Some("Patient.contact".into()))
        );
    }

    #[test]
    fn a_refusal_of_another_role_shows_with_both_roles_only() {
        let refusal = "effect = \"forbid\"\nroles = [\"b\"]";
        let (old, new) = (policy(&[PERMIT]), policy(&[PERMIT, refusal]));
        let changes = old.diff(&new);
        assert_eq!(changes.len(), 1);
        let roles: Vec<_> = changes.iter().flat_map(|change| change.witness.request.roles.iter()).collect();
        assert_eq!(roles, ["a", "b"]);
        assert_eq!((changes[0].gained, changes[0].lost), (ClassSet::NONE, Class::Name.into()));
        // Where the refusal holds for both, one of them shows it.
        let everyone = policy(&[PERMIT, "effect = \"forbid\""]);
        let changes = old.diff(&everyone);
        assert_eq!(changes.iter().map(|change| change.witness.role()).collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn nobody_is_cleared_for_what_nobody_knows() {
        let policy = policy(&[&format!("{PERMIT}cleared = true\nconfidentiality = [\"V\"]")]);
        let unknown = Question { confidentiality: Some(Confidentiality::Unknown), ..Question::default() };
        assert!(policy.can(&unknown).is_none());
        assert!(policy.can(&Question { cleared: Some(true), ..Question::default() }).is_some());
    }
}
