//! Invented policies, requests and facts, from a seed: enough of each that rules meet, overlap and contradict.

use std::sync::Arc;

use chartroom::access::label::{LabelSet, Sensitivity};
use chartroom::access::scope::Launch;
use chartroom::access::{
    Action, BreakGlass, CareSetting, Circumstances, Clearance, Confidentiality, Declaration, Facts, Purpose,
    Relationship, Request, ResourceType, Subject, Tie,
};
use chartroom::record::ClassSet;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// A policy by which auditors review entries of the trail, and nobody sees a record.
pub const REVIEW: &str = r#"
[policy]
name = "Review"
version = "1"

[roles.auditor]
title = "Auditor"

[[rule]]
id = "review"
effect = "permit"
roles = ["auditor"]
actions = ["audit"]
purposes = ["HCOMPL"]
classes = ["Administrative", "Narrative"]
cites = "45 CFR 164.308(a)(1)(ii)(D)"
dated = 2013-03-26
because = "To review what was done."
"#;

/// Makes them, one after the other; the same seed gives the same.
pub struct Inventor(u64);

/// The roles that every policy has. The first extends the second.
pub const ROLES: [&str; 4] = ["attending", "clinician", "clerk", "researcher"];
const ACTORS: [&str; 2] = ["osei", "amundsen"];
const PATIENTS: [&str; 2] = ["p-17", "p-18"];
const PLACES: [&str; 3] = ["er", "ward", "street"];
const ORGANIZATIONS: [&str; 3] = ["clinic", "lab", "elsewhere"];
const ELEMENTS: [&str; 6] = [
    "Condition.note",
    "Condition.code",
    "Patient.contact",
    "Patient.contact.name",
    "Observation.value[x]",
    "Observation.valueQuantity",
];
/// Paths to ask about: in named elements, and in others.
pub const PATHS: [&str; 8] = [
    "Condition.note[0].text",
    "Condition.code.coding[0].code",
    "Condition.severity",
    "Patient.contact[1].name.family",
    "Patient.contact[0].telecom[0].value",
    "Patient.name[0].family",
    "Observation.valueQuantity.value",
    "Observation._valueString.extension[0]",
];
const LABELS: [Sensitivity; 4] =
    [Sensitivity::Hiv, Sensitivity::Psychiatry, Sensitivity::Unknown, Sensitivity::Uncovered];

impl Inventor {
    /// With this seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `most`, by SplitMix64.
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % most.max(1) as u64) as usize
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of these.
    pub fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }

    fn some<T: Clone>(&mut self, of: &[T]) -> Vec<T> {
        let first = self.one(of);
        let more: Vec<T> = of.iter().filter(|_| self.chance(30)).cloned().collect();
        std::iter::once(first).chain(more).collect()
    }

    fn perhaps<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        if self.chance(70) { Some(self.one(of)) } else { None }
    }

    fn truth(&mut self) -> Option<bool> {
        self.one(&[None, Some(false), Some(true)])
    }

    /// A policy of up to `rules` rules, as TOML.
    pub fn policy(&mut self, rules: usize) -> String {
        let mut text = "[policy]\nname = \"invented\"\nversion = \"1\"\n".to_owned();
        text += "[roles]\nattending = { title = \"A\", extends = [\"clinician\"] }\nclinician.title = \"C\"\n";
        text += "clerk.title = \"K\"\nresearcher.title = \"R\"\n[places]\ner.title = \"E\"\nward.title = \"W\"\n";
        text += "[organizations]\nclinic.title = \"C\"\nlab.title = \"L\"\n[ages]\n";
        text += "twelve = { years = 12, cites = \"house\", dated = 2026-01-01 }\n";
        text += "adult = { years = 18, cites = \"house\", dated = 2026-01-01 }\n";
        for number in 0..1 + self.below(rules) {
            text += &self.rule(number);
        }
        text
    }

    fn rule(&mut self, number: usize) -> String {
        let permit = self.chance(70);
        let effect = if permit { "permit" } else { "forbid" };
        let mut text =
            format!("[[rule]]\nid = \"r{number:02}\"\neffect = \"{effect}\"\ncites = \"house\"\ndated = 2026-01-01\n");
        let mut list = |key: &str, names: &[&str], percent: usize| {
            if self.chance(percent) {
                text += &format!("{key} = {:?}\n", self.some(names));
            }
        };
        let must = |percent| if permit { 100 } else { percent };
        list("roles", &ROLES, must(60));
        list("actions", &["read", "update"], must(40));
        list("purposes", &["TREAT", "HPAYMT", "BTG"], must(40));
        list("relationships", &["none", "treating", "self"], 25);
        list("labels", &["unlabelled", "HIV", "PSY", "UNKNOWN", "UNCOVERED"], 40);
        list("confidentiality", &["L", "N", "R", "V"], 30);
        list("places", &PLACES[..2], 12);
        list("organizations", &ORGANIZATIONS[..2], 12);
        list("care_settings", &["AMB", "IMP"], 12);
        list("classes", &["all", "identity", "Name", "Clinical", "Narrative", "Unclassified"], 100);
        let elements = self.chance(20);
        let (key, names) = if elements {
            ("elements", &ELEMENTS[..])
        } else {
            ("types", &["Condition", "Patient", "Observation"][..])
        };
        if elements || self.chance(30) {
            text += &format!("{key} = {:?}\n", self.some(names));
        }
        for key in ["originator", "break_glass", "own_organization", "cleared", "own_chart", "vip", "deceased"] {
            if self.chance(10) {
                text += &format!("{key} = {}\n", self.chance(50));
            }
        }
        text + self.one(&["", "", "", "", "age_from = \"twelve\"\n", "age_below = \"adult\"\n"])
    }

    /// The time of all requests.
    pub fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_000_000, 0).expect("in range")
    }

    /// A request of someone in one or two roles, one of which the policy may not know.
    pub fn request(&mut self) -> Request {
        let now = Self::now();
        let known = [&ROLES[..], &["stranger"]].concat();
        let roles: Vec<&str> = (0..1 + self.below(2)).map(|_| self.one(&known)).collect();
        let action = self.one(&[Action::Read, Action::Read, Action::Update]);
        let purpose = self.one(&[Purpose::Treatment, Purpose::Treatment, Purpose::Payment, Purpose::BreakTheGlass]);
        let times = [None, Some(now - TimeDelta::days(1)), Some(now), Some(now + TimeDelta::days(1))];
        let relationship = self.one(&[Relationship::None, Relationship::Treating, Relationship::Patient]);
        let relationship = Tie { relationship, from: self.one(&times), until: self.one(&times) };
        let circumstances = if self.chance(80) { Some(Arc::new(self.circumstances())) } else { None };
        let break_glass = if self.chance(40) { self.glass() } else { None };
        let scopes = ["patient/*.rs user/Condition.u", "user/Condition.r patient/Patient.cruds", "system/*.cruds", ""];
        let launch = Launch {
            scopes: self.one(&scopes).parse().expect("scopes"),
            patient: self.perhaps(&PATIENTS).map(Into::into),
            client: None,
        };
        let launch = if self.chance(15) { Some(Arc::new(launch)) } else { None };
        let request = Request::new(ACTORS[0], roles.into_iter().collect(), action, purpose, now);
        Request { relationship, break_glass, circumstances, launch, ..request }
    }

    fn circumstances(&mut self) -> Circumstances {
        let clearance = Clearance { confidentiality: self.one(Confidentiality::ALL), labels: self.labels() };
        Circumstances {
            organization: self.perhaps(&ORGANIZATIONS).map(Into::into),
            place: self.perhaps(&PLACES).map(Into::into),
            address: None,
            person: self.perhaps(&["", PATIENTS[0], PATIENTS[1]]).map(Into::into),
            clearance: self.chance(70).then_some(clearance),
        }
    }

    fn glass(&mut self) -> Option<BreakGlass> {
        let declaration = Declaration {
            actor: self.one(&[ACTORS[0], ACTORS[0], ACTORS[1]]),
            patient: self.one(&PATIENTS),
            reason: "unconscious, alone",
            at: Self::now() + TimeDelta::hours(self.one(&[-3, -1, 0, 1])),
            lasts: TimeDelta::hours(2),
        };
        BreakGlass::declare(declaration).ok()
    }

    fn labels(&mut self) -> LabelSet {
        LABELS.into_iter().filter(|_| self.chance(30)).collect()
    }

    /// The facts of a record.
    pub fn facts(&mut self) -> Facts {
        let kind = self.one(&["Condition", "Patient", "Observation", "Thing"]);
        let classes = if self.chance(70) { u32::MAX } else { self.below(1 << 20) as u32 };
        let born = [(1980, 5, 1), (2008, 2, 25), (2008, 2, 26), (2014, 2, 25), (2020, 2, 29), (2027, 1, 1)];
        let born = self.perhaps(&born);
        Facts {
            labels: self.labels(),
            confidentiality: self.one(Confidentiality::ALL),
            originator: self.perhaps(&ACTORS).map(Into::into),
            patient: self.perhaps(&PATIENTS).map(Into::into),
            organization: self.perhaps(&ORGANIZATIONS).map(Into::into),
            care_setting: self.one(&[CareSetting::Unknown, CareSetting::Ambulatory, CareSetting::Inpatient]),
            subject: Subject {
                vip: self.truth(),
                deceased: self.truth(),
                birth_date: born.and_then(|(year, month, day)| NaiveDate::from_ymd_opt(year, month, day)),
            },
            ..Facts::new(ResourceType::of(kind), ClassSet::from_bits(classes))
        }
    }
}

/// A number from the environment, or this one.
pub fn number(variable: &str, otherwise: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}
