//! A case in the making: each setting puts one thing into a request or into facts.

use std::collections::BTreeSet;

use chartroom_record::ClassSet;
use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};

use super::Witness;
use crate::consent::{ConsentKind, Consents};
use crate::label::{LabelSet, Sensitivity};
use crate::policy::{Dimension, HasName, Rule, Rules, UNLABELLED};
use crate::{
    Action, BreakGlass, CareSetting, Circumstances, Clearance, Confidentiality, Declaration, Facts, Purpose,
    Relationship, Request, ResourceType,
};

/// The time of every request that is made up here.
const AT: DateTime<Utc> = DateTime::UNIX_EPOCH;
const ACTOR: &str = "someone";
const PATIENT: &str = "patient";
const ANOTHER: &str = "another";
/// Names that no policy can declare.
const ELSEWHERE: &str = "?";

/// Something that the rules of policies can ask about, apart from all else.
#[derive(Clone, Copy)]
pub(super) enum Aspect {
    /// Dimensions that hang together are aspects of their own.
    Dimension(Dimension),
    Label,
    /// An element belongs to one type.
    TypeAndElement,
    /// Nobody is cleared for a level that nobody knows.
    LevelAndClearance,
}

/// A value of an aspect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Setting {
    Action(Action),
    Purpose(Purpose),
    Type(ResourceType),
    Relationship(Relationship),
    Confidentiality(Confidentiality),
    Originator(Option<bool>),
    Glass(bool),
    Place(Option<String>),
    Organization(Option<String>),
    OwnOrganization(Option<bool>),
    CareSetting(CareSetting),
    Cleared(bool),
    OwnChart(Option<bool>),
    Vip(Option<bool>),
    Deceased(Option<bool>),
    Age(Option<u8>),
    /// Bits of the kinds of consent given.
    Consents(u8),
    Label(Option<Sensitivity>),
    /// An element that some rule names, or one that none does.
    Element(Option<String>),
}

impl Aspect {
    pub(super) fn all() -> impl Iterator<Item = Self> {
        let together = [Dimension::Type, Dimension::Confidentiality, Dimension::Clearance];
        let alone = Dimension::ALL.into_iter().filter(move |dimension| !together.contains(dimension));
        alone.map(Self::Dimension).chain([Self::Label, Self::TypeAndElement, Self::LevelAndClearance])
    }

    /// Every value, as far as these policies can tell values apart. Of values that are alike, the first stands for all.
    pub(super) fn settings(self, policies: &[&Rules]) -> Vec<Vec<Setting>> {
        let alone = |settings: Vec<Setting>| settings.into_iter().map(|setting| vec![setting]).collect();
        match self {
            Self::Dimension(dimension) => alone(values(dimension, policies)),
            Self::Label => {
                let labels = Sensitivity::ALL.iter().copied().map(Some);
                alone(std::iter::once(None).chain(labels).map(Setting::Label).collect())
            }
            Self::TypeAndElement => {
                let none = values(Dimension::Type, policies).into_iter().map(|kind| vec![kind, Setting::Element(None)]);
                none.chain(elements(policies)).collect()
            }
            Self::LevelAndClearance => {
                let levels = values(Dimension::Confidentiality, policies).into_iter();
                let unknown = Setting::Confidentiality(Confidentiality::Unknown);
                let pairs =
                    levels.flat_map(|level| [false, true].map(|cleared| [level.clone(), Setting::Cleared(cleared)]));
                let possible =
                    pairs.filter(|[level, cleared]| *level != unknown || *cleared == Setting::Cleared(false));
                possible.map(Vec::from).collect()
            }
        }
    }
}

fn values(dimension: Dimension, policies: &[&Rules]) -> Vec<Setting> {
    let truths = [false, true];
    let known = [Some(false), Some(true), None];
    match dimension {
        Dimension::Action => Action::ALL.iter().copied().map(Setting::Action).collect(),
        Dimension::Purpose => Purpose::ALL.iter().copied().map(Setting::Purpose).collect(),
        Dimension::Type => ResourceType::all().chain([ResourceType::UNKNOWN]).map(Setting::Type).collect(),
        Dimension::Relationship => Relationship::ALL.iter().copied().map(Setting::Relationship).collect(),
        Dimension::Confidentiality => {
            let normal = std::iter::once(Confidentiality::Normal);
            normal.chain(Confidentiality::ALL.iter().copied()).map(Setting::Confidentiality).collect()
        }
        Dimension::CareSetting => CareSetting::ALL.iter().copied().map(Setting::CareSetting).collect(),
        Dimension::Originator => known.map(Setting::Originator).to_vec(),
        Dimension::Glass => truths.map(Setting::Glass).to_vec(),
        Dimension::Clearance => truths.map(Setting::Cleared).to_vec(),
        Dimension::OwnOrganization => known.map(Setting::OwnOrganization).to_vec(),
        Dimension::OwnChart => known.map(Setting::OwnChart).to_vec(),
        Dimension::Vip => known.map(Setting::Vip).to_vec(),
        Dimension::Deceased => known.map(Setting::Deceased).to_vec(),
        Dimension::Place => optional(policies, |policy| names(&policy.places), Setting::Place),
        Dimension::Organization => optional(policies, |policy| names(&policy.organizations), Setting::Organization),
        Dimension::Age => {
            let firsts = |policy: &Rules| policy.bands().iter().copied().chain([0]).collect();
            optional(policies, firsts, Setting::Age)
        }
        Dimension::Consents => (0..1 << ConsentKind::COUNT).map(Setting::Consents).collect(),
    }
}

fn names(all: &[impl HasName]) -> Vec<String> {
    all.iter().map(|one| one.name().to_owned()).collect()
}

/// Each element that a rule names, in a record of its type.
fn elements(policies: &[&Rules]) -> impl Iterator<Item = Vec<Setting>> {
    let rules = policies.iter().flat_map(|policy| &policy.rules);
    let paths: BTreeSet<String> = rules.flat_map(Rule::samples).collect();
    paths.into_iter().map(|path| {
        let kind = ResourceType::of(path.split('.').next().unwrap_or_default());
        vec![Setting::Type(kind), Setting::Element(Some(path))]
    })
}

/// What any of the policies has, and nothing of it.
fn optional<T: Ord>(policies: &[&Rules], of: impl Fn(&Rules) -> Vec<T>, to: fn(Option<T>) -> Setting) -> Vec<Setting> {
    let all: BTreeSet<T> = policies.iter().flat_map(|policy| of(policy)).collect();
    std::iter::once(None).chain(all.into_iter().map(Some)).map(to).collect()
}

impl Setting {
    fn dimension(&self) -> Option<Dimension> {
        Some(match self {
            Self::Action(_) => Dimension::Action,
            Self::Purpose(_) => Dimension::Purpose,
            Self::Type(_) => Dimension::Type,
            Self::Relationship(_) => Dimension::Relationship,
            Self::Confidentiality(_) => Dimension::Confidentiality,
            Self::Originator(_) => Dimension::Originator,
            Self::Glass(_) => Dimension::Glass,
            Self::Place(_) => Dimension::Place,
            Self::Organization(_) => Dimension::Organization,
            Self::OwnOrganization(_) => Dimension::OwnOrganization,
            Self::CareSetting(_) => Dimension::CareSetting,
            Self::Cleared(_) => Dimension::Clearance,
            Self::OwnChart(_) => Dimension::OwnChart,
            Self::Vip(_) => Dimension::Vip,
            Self::Deceased(_) => Dimension::Deceased,
            Self::Age(_) => Dimension::Age,
            Self::Consents(_) => Dimension::Consents,
            Self::Label(_) | Self::Element(_) => return None,
        })
    }

    /// Whether the setting satisfies a rule; `number` is what [`Scene::number`] gives for the policy of the rule.
    pub(super) fn satisfies(&self, rule: &Rule, number: usize) -> bool {
        match (self, self.dimension()) {
            (_, Some(dimension)) => rule.admits(dimension, number),
            (Self::Element(path), _) => rule.covers(path.as_deref().unwrap_or_default()),
            _ => rule.opens(number),
        }
    }
}

/// A request and facts, put together setting by setting.
pub(super) struct Scene {
    request: Request,
    around: Circumstances,
    facts: Facts,
    element: Option<String>,
}

impl Default for Scene {
    fn default() -> Self {
        let none = std::iter::empty::<&str>().collect();
        let request = Request::new(ACTOR, none, Action::Read, Purpose::Treatment, AT);
        let facts = Facts::new(ResourceType::of("Patient"), ClassSet::ALL);
        let around = Circumstances { organization: Some(ELSEWHERE.into()), ..Circumstances::default() };
        Self { request, around, facts: Facts { patient: Some(PATIENT.into()), ..facts }, element: None }
    }
}

impl Scene {
    /// The case with all these settings.
    pub(super) fn of<'s>(roles: &[&str], settings: impl Iterator<Item = &'s Setting>) -> Self {
        let mut scene = Self::default();
        scene.request.roles = roles.iter().copied().collect();
        // An organization comes before the question whether it is one's own.
        let (early, late): (Vec<_>, Vec<_>) = settings.partition(|setting| matches!(setting, Setting::Organization(_)));
        scene.with_all(early.into_iter().chain(late))
    }

    pub(super) fn with_all<'s>(self, settings: impl IntoIterator<Item = &'s Setting>) -> Self {
        settings.into_iter().fold(self, Self::with)
    }

    fn with(mut self, setting: &Setting) -> Self {
        let Self { request, around, facts, element } = &mut self;
        match setting {
            Setting::Action(action) => request.action = *action,
            Setting::Purpose(purpose) => request.purpose = *purpose,
            Setting::Type(kind) => facts.resource_type = *kind,
            Setting::Relationship(relationship) => request.relationship = (*relationship).into(),
            Setting::Confidentiality(level) => facts.confidentiality = *level,
            Setting::Originator(own) => facts.originator = own.map(|own| if own { ACTOR } else { ANOTHER }.into()),
            Setting::Glass(broken) => request.break_glass = broken.then(glass).flatten(),
            Setting::Place(place) => around.place = place.as_ref().map(Into::into),
            Setting::Organization(name) => {
                around.organization = Some(name.as_deref().unwrap_or(ELSEWHERE).into());
            }
            Setting::OwnOrganization(own) => {
                let asking = around.organization.clone();
                facts.organization = own.and_then(|own| if own { asking } else { Some(ANOTHER.into()) });
            }
            Setting::CareSetting(setting) => facts.care_setting = *setting,
            Setting::Cleared(cleared) => around.clearance = cleared.then_some(EVERYTHING),
            Setting::OwnChart(own) => around.person = own.map(|own| if own { PATIENT.into() } else { "".into() }),
            Setting::Vip(vip) => facts.subject.vip = *vip,
            Setting::Deceased(deceased) => facts.subject.deceased = *deceased,
            Setting::Age(years) => facts.subject.birth_date = years.and_then(born),
            Setting::Consents(kinds) => request.consents = Consents::to_all(PATIENT, *kinds),
            Setting::Label(label) => facts.labels = label.map_or(LabelSet::NONE, LabelSet::from),
            Setting::Element(path) => element.clone_from(path),
        }
        self
    }

    /// The number that this setting has for a policy, when it is the one that was put in.
    pub(super) fn number(&self, setting: &Setting, policy: &Rules) -> usize {
        match (setting.dimension(), setting) {
            (Some(dimension), _) => {
                let request = Request { circumstances: Some(self.around.clone().into()), ..self.request.clone() };
                dimension.number(policy, &request, &self.facts)
            }
            (None, Setting::Label(Some(label))) => *label as usize,
            (None, _) => UNLABELLED,
        }
    }

    pub(super) fn witness(self, classes: ClassSet) -> Witness {
        let request = Request { circumstances: Some(self.around.into()), ..self.request };
        Witness { request, facts: self.facts, element: self.element, classes }
    }
}

/// A clearance for all that can be known.
const EVERYTHING: Clearance =
    Clearance { confidentiality: Confidentiality::VeryRestricted, labels: LabelSet::of(Sensitivity::ALL) };

fn glass() -> Option<BreakGlass> {
    let reason = "made up by the analysis";
    BreakGlass::declare(Declaration { actor: ACTOR, patient: PATIENT, reason, at: AT, lasts: TimeDelta::hours(1) }).ok()
}

/// The birth date of someone who is so many years old today.
fn born(years: u8) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(AT.year() - i32::from(years), AT.month(), AT.day())
}
