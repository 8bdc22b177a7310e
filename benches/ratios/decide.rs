//! Decisions about a record, and about each of its elements: our tables beside Cedar, with the same twenty rules.

use std::collections::{HashMap, HashSet};
use std::hint::black_box;
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision as CedarDecision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet,
    Request as CedarRequest, RestrictedExpression,
};
use chartroom::access::label::{LabelSet, Sensitivity};
use chartroom::access::{Action, Facts, Policy, Purpose, Relationship, Request, ResourceType, Roles};
use chartroom::record::{Class, ClassSet};
use chartroom_benches::{Unit, compare};
use chrono::{DateTime, Utc};

/// Compares decisions made from plain values (`decide`) and from values built beforehand (`decide prebuilt`), and which of thirty
/// elements of a record may be seen: by one decision, beside asking about each (`decide 30 elements`).
pub fn run() {
    let policy = Policy::from_toml(&our_text()).expect("the rules are well formed");
    let cedar = Cedar::new();
    check_that_both_agree(&policy, &cedar);

    let unit = Unit::NanosecondsPer("decision", 1);
    let roles = Roles::from("nurse");
    compare(
        "decide",
        unit,
        || {
            let request = our_request(&roles, black_box(Purpose::Treatment));
            let _ = black_box(policy.decide(&request, &our_facts(LabelSet::NONE)));
        },
        || {
            let (request, entities) = cedar.ask(black_box("TREAT"), "Clinical", &[]);
            black_box(cedar.decide(&request, &entities));
        },
    );
    let (request, facts) = (our_request(&roles, Purpose::Treatment), our_facts(LabelSet::NONE));
    let (cedar_request, entities) = cedar.ask("TREAT", "Clinical", &[]);
    compare(
        "decide prebuilt",
        unit,
        || {
            let _ = black_box(policy.decide(black_box(&request), black_box(&facts)));
        },
        || {
            black_box(cedar.decide(black_box(&cedar_request), black_box(&entities)));
        },
    );
    compare(
        "decide 30 elements",
        Unit::NanosecondsPer("record", 1),
        || {
            let request = our_request(&roles, black_box(Purpose::Treatment));
            let shown = policy.decide(&request, &our_facts(LabelSet::NONE)).permitted();
            black_box(mask(|class| shown.contains(class)));
        },
        || {
            let entities = cedar.entities(&[]);
            black_box(mask(|class| {
                cedar.decide(&cedar.request(black_box("TREAT"), class.name()), &entities) == CedarDecision::Allow
            }));
        },
    );
}

/// How many elements the record has.
const ELEMENTS: usize = 30;

/// The elements of the record that are shown, as bits.
fn mask(mut is_shown: impl FnMut(Class) -> bool) -> u32 {
    let classes = Class::ALL.iter().cycle().take(ELEMENTS);
    classes.fold(0, |mask, class| mask << 1 | u32::from(is_shown(*class)))
}

/// A rule, from which both policies are written. Empty lists stand for anything.
struct Rule {
    effect: &'static str,
    role: &'static str,
    purposes: &'static [&'static str],
    relationships: &'static [&'static str],
    types: &'static [&'static str],
    labels: &'static [&'static str],
    classes: &'static [&'static str],
}

const fn permit(role: &'static str, purposes: &'static [&'static str], classes: &'static [&'static str]) -> Rule {
    Rule { effect: "permit", role, purposes, relationships: &[], types: &[], labels: &[], classes }
}

const fn forbid(role: &'static str, labels: &'static [&'static str], classes: &'static [&'static str]) -> Rule {
    Rule { effect: "forbid", role, purposes: &[], relationships: &[], types: &[], labels, classes }
}

const TREATING: &[&str] = &["treating", "care-team"];
const CHART: &[&str] =
    &["Name", "BirthDate", "ServiceDate", "Demographic", "Clinical", "Narrative", "Participant", "Technical"];
const CLAIM: &[&str] = &["Name", "InsuranceId", "ServiceDate", "Clinical", "Participant", "Financial", "Technical"];
const VISIT: &[&str] = &["Name", "Contact", "BirthDate", "ServiceDate", "Administrative", "Technical"];
const STUDY: &[&str] = &["Demographic", "Clinical", "Administrative"];

#[rustfmt::skip]
const RULES: [Rule; 20] = [
    Rule { relationships: TREATING, ..permit("physician", &["TREAT", "COC"], CHART) },
    Rule { relationships: TREATING, ..permit("nurse", &["TREAT", "COC"], CHART) },
    Rule { relationships: TREATING, labels: &["HIV"], ..permit("physician", &["TREAT"], CHART) },
    Rule { relationships: TREATING, labels: &["PSY"], ..permit("physician", &["TREAT"], CHART) },
    Rule { relationships: TREATING, labels: &["ETH"], ..permit("physician", &["TREAT"], CHART) },
    Rule { relationships: TREATING, labels: &["HIV"], ..permit("nurse", &["TREAT"], CHART) },
    Rule { types: &["Condition", "Procedure", "Encounter"], ..permit("billing-clerk", &["HPAYMT"], CLAIM) },
    Rule { types: &["Patient", "Coverage"], ..permit("billing-clerk", &["HPAYMT", "ELIGVER"], CLAIM) },
    Rule { types: &["Patient", "Appointment"], ..permit("front-desk", &["HOPERAT", "PATADMIN"], VISIT) },
    Rule { types: &["Encounter", "Slot"], ..permit("front-desk", &["HOPERAT", "PATADMIN"], VISIT) },
    permit("researcher", &["HRESCH"], STUDY),
    permit("auditor", &["HCOMPL"], CHART),
    permit("quality", &["HQUALIMP"], STUDY),
    Rule { relationships: &["self"], ..permit("patient", &["PATRQT"], CHART) },
    Rule { relationships: &["self"], labels: &["HIV"], ..permit("patient", &["PATRQT"], CHART) },
    forbid("billing-clerk", &["HIV", "PSY", "ETH"], CHART),
    forbid("front-desk", &["HIV", "PSY", "ETH"], CHART),
    forbid("researcher", &["HIV", "PSY", "ETH"], CHART),
    forbid("researcher", &[], &["Name", "BirthDate", "ServiceDate", "Narrative"]),
    forbid("nurse", &["ETH"], CHART),
];

const ROLES: [&str; 8] =
    ["physician", "nurse", "billing-clerk", "front-desk", "researcher", "auditor", "quality", "patient"];

fn our_text() -> String {
    let mut text = "[policy]\nname = \"bench\"\nversion = \"1\"\n".to_owned();
    for role in ROLES {
        text += &format!("[roles.{role}]\ntitle = \"{role}\"\n");
    }
    for (number, rule) in RULES.iter().enumerate() {
        let Rule { effect, role, purposes, relationships, types, labels, classes } = rule;
        text += &format!(
            "[[rule]]\nid = \"r{number}\"\neffect = \"{effect}\"\nroles = [\"{role}\"]\nclasses = {classes:?}\n"
        );
        text += "actions = [\"read\"]\ncites = \"house\"\ndated = 2026-01-01\n";
        let lists = [("purposes", purposes), ("relationships", relationships), ("types", types), ("labels", labels)];
        for (key, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
            text += &format!("{key} = {names:?}\n");
        }
    }
    text
}

fn our_request(roles: &Roles, purpose: Purpose) -> Request {
    Request {
        relationship: Relationship::Treating.into(),
        ..Request::new("practitioner-7", roles.clone(), Action::Read, purpose, DateTime::<Utc>::UNIX_EPOCH)
    }
}

fn our_facts(labels: LabelSet) -> Facts {
    Facts {
        labels,
        originator: Some("practitioner-3".into()),
        patient: Some("patient-17".into()),
        ..Facts::new(ResourceType::of("Condition"), ClassSet::ALL)
    }
}

fn cedar_text() -> String {
    let rule = |rule: &Rule| {
        let Rule { effect, role, purposes, relationships, types, labels, classes } = rule;
        let mut when = vec![format!("{classes:?}.contains(context.class)")];
        for (value, names) in
            [("context.purpose", purposes), ("context.relationship", relationships), ("resource.type", types)]
        {
            if !names.is_empty() {
                when.push(format!("{names:?}.contains({value})"));
            }
        }
        match (*effect, labels.is_empty()) {
            ("permit", true) => when.push("resource.labels.isEmpty()".to_owned()),
            ("permit", false) => {
                when.push(format!("!resource.labels.isEmpty() && {labels:?}.containsAll(resource.labels)"))
            }
            (_, true) => {}
            (_, false) => when.push(format!("resource.labels.containsAny({labels:?})")),
        }
        let when = when.join(" && ");
        format!("{effect}(principal in Role::\"{role}\", action == Action::\"read\", resource) when {{ {when} }};\n")
    };
    RULES.iter().map(rule).collect()
}

struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    user: EntityTypeName,
    role: EntityTypeName,
    action: EntityTypeName,
    record: EntityTypeName,
}

impl Cedar {
    fn new() -> Self {
        let name = |name| EntityTypeName::from_str(name).expect("a type name");
        Self {
            authorizer: Authorizer::new(),
            policies: PolicySet::from_str(&cedar_text()).expect("the rules are well formed"),
            user: name("User"),
            role: name("Role"),
            action: name("Action"),
            record: name("Record"),
        }
    }

    /// The same question: may this nurse, who treats the patient, read this class of this record?
    fn ask(&self, purpose: &str, class: &str, labels: &[&str]) -> (CedarRequest, Entities) {
        (self.request(purpose, class), self.entities(labels))
    }

    fn entities(&self, labels: &[&str]) -> Entities {
        let (user, role) = (uid(&self.user, "practitioner-7"), uid(&self.role, "nurse"));
        let record = uid(&self.record, "condition-1");
        let labels = RestrictedExpression::new_set(labels.iter().map(|label| text(label)));
        let facts = HashMap::from([("type".to_owned(), text("Condition")), ("labels".to_owned(), labels)]);
        let entities = [
            Entity::new_no_attrs(user, HashSet::from([role.clone()])),
            Entity::new_no_attrs(role, HashSet::new()),
            Entity::new(record, facts, HashSet::new()).expect("plain attributes"),
        ];
        Entities::from_entities(entities, None).expect("distinct entities")
    }

    fn request(&self, purpose: &str, class: &str) -> CedarRequest {
        let (user, record) = (uid(&self.user, "practitioner-7"), uid(&self.record, "condition-1"));
        let context = [("purpose", purpose), ("relationship", "treating"), ("class", class)];
        let context =
            Context::from_pairs(context.map(|(key, value)| (key.to_owned(), text(value)))).expect("distinct keys");
        CedarRequest::new(user, uid(&self.action, "read"), record, context, None).expect("no schema")
    }

    fn decide(&self, request: &CedarRequest, entities: &Entities) -> CedarDecision {
        self.authorizer.is_authorized(request, &self.policies, entities).decision()
    }
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

fn text(text: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(text.to_owned())
}

/// A comparison means something only where both give the same answers.
fn check_that_both_agree(policy: &Policy, cedar: &Cedar) {
    let roles = Roles::from("nurse");
    for purpose in [Purpose::Treatment, Purpose::CareCoordination, Purpose::Payment] {
        for label in [None, Some(Sensitivity::Hiv), Some(Sensitivity::SubstanceUse)] {
            let ours = policy.decide(&our_request(&roles, purpose), &our_facts(label.into_iter().collect()));
            let names: Vec<&str> = label.iter().map(|label| label.code()).collect();
            for class in Class::ALL {
                let (request, entities) = cedar.ask(purpose.code(), class.name(), &names);
                let allowed = cedar.decide(&request, &entities) == CedarDecision::Allow;
                assert_eq!(allowed, ours.permitted().contains(class), "{purpose} {label:?} {class}");
            }
        }
    }
}
