//! A policy, a request and facts in Cedar, an engine of other makers: the oracle for decisions.
//!
//! Cedar answers yes or no to one question. So it is asked about one class of information, one part of it, and one lock, which
//! is a label of the record or the lack of any: a record opens where each of its locks does.
//!
//! Every condition, every role and all that a request and facts say is taken apart by name, so what is new does not compile
//! until it is exported. Of consents it is told which kinds are given: to read a consent is no rule of a policy.

use std::collections::{BTreeSet, HashSet};
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision as CedarDecision, Entities, Entity, EntityId, EntityTypeName, EntityUid,
    Policy as CedarPolicy, PolicyId, PolicySet, Request as CedarRequest, RestrictedExpression as Expression, Schema,
    ValidationMode, Validator,
};
use chartroom::access::label::{LabelSet, Sensitivity};
use chartroom::access::scope::{Launch, ScopeContext};
use chartroom::access::{
    Action, CareSetting, Circumstances, Clearance, Confidentiality, Facts, Policy, Relationship, Request, ResourceType,
    Rule, RuleCondition, RuleEffect, Subject, Tie,
};
use chartroom::record::Class;
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};

/// Whatever Cedar refuses is a fault of the exporter.
pub type Failure = Box<dyn std::error::Error>;

/// What Cedar is told about everything that the exporter writes.
const SCHEMA: &str = r#"
entity Role in [Role];
entity User in [Role];
entity Element in [Element];
entity Record {
    type: String, classes: Set<String>, labels: Set<String>, confidentiality: String, level: Long, originator?: User,
    patient?: String, organization?: String, setting?: String, vip?: Bool, deceased?: Bool, born?: Long,
};
action read, search, create, update, delete, disclose appliesTo {
    principal: User,
    resource: Record,
    context: {
        class: String, part: Element, lock: String, purpose: String, at: Long, today: Long,
        tie: { relationship: String, from?: Long, until?: Long },
        glass?: { actor: User, patient: String, at: Long, expires: Long },
        place?: String, organization?: String, person?: String, clearance?: { level: Long, labels: Set<String> },
        consents: Set<String>,
    },
};
"#;

/// The lock of records without a label.
const UNLABELLED: &str = "unlabelled";
/// Stand for no element: all of a class, and any of it.
const WHOLE: &str = "*whole";
const ANY: &str = "*any";

/// Which part of a class is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// All of it.
    Whole,
    /// Something of it, at least.
    Any,
    /// What stands at this path.
    Element(&'a str),
}

/// What becomes of it, and by which rule: of several the first by id, and for a grant at the first lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// A permit for each lock, and no refusal.
    Granted(String),
    /// A refusal.
    Withheld(String),
    /// No permit for this lock.
    Silence(Option<Sensitivity>),
}

/// Cedar, and its schema.
pub struct Cedar {
    authorizer: Authorizer,
    schema: Schema,
    validator: Validator,
}

/// A policy in Cedar, with what does not change from request to request.
pub struct Exported {
    rules: PolicySet,
    entities: Entities,
}

/// A request about a record in Cedar, apart from what is asked for.
pub struct Case<'a> {
    cedar: &'a Cedar,
    rules: &'a PolicySet,
    entities: Entities,
    request: &'a Request,
    labels: LabelSet,
    context: Vec<(String, Expression)>,
}

impl Cedar {
    /// Cedar with the schema of the exporter.
    pub fn new() -> Result<Self, Failure> {
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA)?;
        Ok(Self { authorizer: Authorizer::new(), validator: Validator::new(schema.clone()), schema })
    }

    /// Translates a policy, to be asked about these paths.
    pub fn export(&self, policy: &Policy, paths: &[&str]) -> Result<Exported, Failure> {
        let mut rules = PolicySet::new();
        let declared = Declared::of(policy)?;
        for rule in policy.rules() {
            rules.add(CedarPolicy::parse(Some(PolicyId::new(rule.id())), said(policy, rule, &declared))?)?;
        }
        let checked = self.validator.validate(&rules, ValidationMode::Strict);
        if !checked.validation_passed() {
            return Err(checked.to_string().into());
        }
        let roles = declared.roles.iter().map(|(role, extends)| {
            let above = extends.iter().map(|above| uid("Role", above)).collect();
            Entity::new_no_attrs(uid("Role", role), above)
        });
        let known: BTreeSet<String> = declared.roles.iter().map(|(role, _)| role.clone()).collect();
        let stranger =
            (!known.contains("stranger")).then(|| Entity::new_no_attrs(uid("Role", "stranger"), HashSet::new()));
        let entities = roles.chain(stranger).chain(elements(paths));
        Ok(Exported { rules, entities: Entities::from_entities(entities, Some(&self.schema))? })
    }

    /// Whether the scopes of a launch reach a record.
    pub fn reaches(&self, launch: &Launch, request: &Request, facts: &Facts) -> Result<bool, Failure> {
        let rules: String = launch
            .scopes
            .iter()
            .filter_map(|scope| {
                let context = match (scope.context(), launch.patient.as_deref()) {
                    (ScopeContext::User | ScopeContext::System, _) => "true".to_owned(),
                    (ScopeContext::Patient, Some(patient)) => {
                        format!("resource has patient && resource.patient == {patient:?}")
                    }
                    (ScopeContext::Patient, None) => return None,
                };
                let kind = scope
                    .resource_type()
                    .map_or("true".to_owned(), |kind| format!("resource.type == {:?}", kind.name()));
                let actions: Vec<Action> = Action::ALL.iter().copied().filter(|action| scope.allows(*action)).collect();
                let actions = each("Action", actions.iter().map(|action| action.code()));
                (!scope.is_granular()).then(|| {
                    format!("permit(principal, action in {actions}, resource) when {{ {kind} && {context} }};\n")
                })
            })
            .collect();
        let rules = PolicySet::from_str(&rules)?;
        let exported = Exported { rules, entities: Entities::from_entities(elements(&[]), Some(&self.schema))? };
        let case = exported.case(self, request, facts)?;
        Ok(case.ask_lock(Class::Name, Part::Any, UNLABELLED)?.0)
    }
}

impl Exported {
    /// Translates a request about a record.
    pub fn case<'a>(&'a self, cedar: &'a Cedar, request: &'a Request, facts: &Facts) -> Result<Case<'a>, Failure> {
        let roles = request.roles.iter().map(|role| uid("Role", role)).collect();
        let user = Entity::new_no_attrs(user(&request.actor), roles);
        let record = Entity::new(record_id(), record(facts).into_iter().collect(), HashSet::new())?;
        let mut people = vec![user];
        // Cedar knows whoever made the record as a user too.
        people.extend(facts.originator.iter().filter(|made| **made != request.actor).map(|made| nobody(made)));
        let entities = self.entities.clone().add_entities(people.into_iter().chain([record]), Some(&cedar.schema))?;
        Ok(Case {
            cedar,
            rules: &self.rules,
            entities,
            request,
            labels: facts.labels,
            context: context(request, facts),
        })
    }
}

impl Case<'_> {
    /// What becomes of a part of a class, and all permits that had to do with it.
    pub fn ask(&self, class: Class, part: Part<'_>) -> Result<(Answer, BTreeSet<String>), Failure> {
        let labels: Vec<Sensitivity> = self.labels.iter().collect();
        let locks = match labels.is_empty() {
            true => vec![None],
            false => labels.into_iter().map(Some).collect(),
        };
        let (mut permits, mut refusals) = (BTreeSet::new(), BTreeSet::new());
        let (mut first, mut shut) = (None, None);
        for lock in locks {
            let (open, rules) = self.ask_lock(class, part, lock.map_or(UNLABELLED, Sensitivity::code))?;
            match open {
                true => {
                    first = first.or_else(|| rules.first().cloned());
                    permits.extend(rules);
                }
                false if rules.is_empty() => shut = shut.or(Some(lock)),
                false => refusals.extend(rules),
            }
        }
        let answer = match (refusals.into_iter().next(), shut, first) {
            (Some(rule), _, _) => Answer::Withheld(rule),
            (None, Some(lock), _) => Answer::Silence(lock),
            (None, None, Some(rule)) => Answer::Granted(rule),
            (None, None, None) => return Err("granted by no rule".into()),
        };
        Ok((answer, permits))
    }

    /// Yes or no, and the rules behind it.
    fn ask_lock(&self, class: Class, part: Part<'_>, lock: &str) -> Result<(bool, BTreeSet<String>), Failure> {
        let part = match part {
            Part::Whole => WHOLE.to_owned(),
            Part::Any => ANY.to_owned(),
            Part::Element(path) => bare(path),
        };
        let part = Expression::new_entity_uid(uid("Element", &part));
        let asked = [("class", text(class.name())), ("part", part), ("lock", text(lock))];
        let asked = asked.map(|(name, value)| (name.to_owned(), value));
        let context = Context::from_pairs(self.context.iter().cloned().chain(asked))?;
        let (user, action) = (user(&self.request.actor), uid("Action", self.request.action.code()));
        let request = CedarRequest::new(user, action, record_id(), context, Some(&self.cedar.schema))?;
        let response = self.cedar.authorizer.is_authorized(&request, self.rules, &self.entities);
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(error.to_string().into());
        }
        let rules = response.diagnostics().reason().map(ToString::to_string).collect();
        Ok((response.decision() == CedarDecision::Allow, rules))
    }
}

/// What a policy declares for its rules to name, as it writes it down.
struct Declared {
    /// Each role with those that it extends.
    roles: Vec<(String, Vec<String>)>,
    places: Vec<String>,
    organizations: Vec<String>,
}

impl Declared {
    fn of(policy: &Policy) -> Result<Self, Failure> {
        let written = serde_json::to_value(policy)?;
        let table = |name: &str| written[name].as_object().cloned().unwrap_or_default();
        let names = |name: &str| table(name).into_iter().map(|(name, _)| name).collect();
        let extends = |role: serde_json::Value| {
            let names = role["extends"].as_array().cloned().unwrap_or_default();
            names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect()
        };
        let roles = table("roles").into_iter().map(|(name, role)| (name, extends(role))).collect();
        Ok(Self { roles, places: names("places"), organizations: names("organizations") })
    }
}

/// A rule in Cedar.
fn said(policy: &Policy, rule: &Rule, declared: &Declared) -> String {
    let (effect, refuses) = match rule.effect() {
        RuleEffect::Permit => ("permit", false),
        RuleEffect::Forbid => ("forbid", true),
    };
    let conditions = policy.conditions(rule);
    let mut when = vec![
        "resource.classes.contains(context.class)".to_owned(),
        format!("{}.contains(context.class)", list(rule.classes().iter().map(Class::name))),
    ];
    if let Some(elements) = rule.elements() {
        let elements = elements.map(|element| element.replace("[x]", "")).collect::<Vec<_>>();
        let elements = each("Element", elements.iter().map(String::as_str));
        // Some of a class is granted where any element is, and not all of it where any is withheld.
        let other = if refuses { WHOLE } else { ANY };
        when.push(format!("(context.part == Element::{other:?} || context.part in {elements})"));
    }
    when.extend(conditions.iter().map(|condition| format!("({})", asked(condition, refuses, declared))));
    if !refuses {
        when.extend(unasked(&conditions).map(str::to_owned));
    }
    format!("{effect}(principal, action, resource) when {{ {} }};", when.join(" && "))
}

/// What a permit asks that says nothing of it.
fn unasked(conditions: &[RuleCondition<'_>]) -> impl Iterator<Item = &'static str> {
    let says = |kind: fn(&RuleCondition<'_>) -> bool| conditions.iter().any(kind);
    [
        (says(|one| matches!(one, RuleCondition::Types(_))), r#"resource.type != "unknown""#),
        (says(|one| matches!(one, RuleCondition::Labels { .. })), r#"context.lock == "unlabelled""#),
        (
            says(|one| matches!(one, RuleCondition::Confidentiality(_))),
            r#"["U", "L", "M", "N"].contains(resource.confidentiality)"#,
        ),
    ]
    .into_iter()
    .filter_map(|(said, condition)| (!said).then_some(condition))
}

/// A condition in Cedar. What is not known satisfies refusals, and no permit.
fn asked(condition: &RuleCondition<'_>, refuses: bool, declared: &Declared) -> String {
    let known = |known: &str, holds: String| format!("if {known} then {holds} else {refuses}");
    let told = |yes: &bool, holds: &str| if *yes { holds.to_owned() } else { format!("!({holds})") };
    let named = |attribute: &str, declared: &[String], names: &[&str]| {
        let declared = list(declared.iter().map(String::as_str));
        known(
            &format!("context has {attribute} && {declared}.contains(context.{attribute})"),
            format!("{}.contains(context.{attribute})", list(names.iter().copied())),
        )
    };
    match condition {
        RuleCondition::Roles(roles) => format!("principal in {}", each("Role", roles.iter().copied())),
        RuleCondition::Actions(actions) => {
            format!("action in {}", each("Action", actions.iter().map(|action| action.code())))
        }
        RuleCondition::Purposes(purposes) => {
            format!("{}.contains(context.purpose)", list(purposes.iter().map(|purpose| purpose.code())))
        }
        RuleCondition::Types(types) => known(
            r#"resource.type != "unknown""#,
            format!("{}.contains(resource.type)", list(types.iter().copied().map(ResourceType::name))),
        ),
        RuleCondition::Relationships(relationships) => {
            let begun = "(if context.tie has from then context.tie.from <= context.at else true)";
            let lasting = "(if context.tie has until then context.at < context.tie.until else true)";
            let names = list(relationships.iter().map(|relationship| relationship.code()));
            let none = relationships.contains(&Relationship::None);
            format!("if {begun} && {lasting} then {names}.contains(context.tie.relationship) else {none}")
        }
        RuleCondition::Labels { labels, unlabelled } => {
            let names = labels.iter().map(Sensitivity::code).chain(unlabelled.then_some(UNLABELLED));
            format!("{}.contains(context.lock)", list(names))
        }
        RuleCondition::Confidentiality(levels) => {
            // A level that nobody knows counts as very restricted, and as restricted where that withholds.
            let closed = levels.contains(&Confidentiality::VeryRestricted)
                || refuses && levels.contains(&Confidentiality::Restricted);
            let names = levels.iter().map(|level| level.code()).chain(closed.then_some("UNKNOWN"));
            format!("{}.contains(resource.confidentiality)", list(names))
        }
        RuleCondition::Originator(yes) => {
            known("resource has originator", told(yes, "resource.originator == principal"))
        }
        RuleCondition::BreakGlass(yes) => told(
            yes,
            "context has glass && resource has patient && context.glass.actor == principal \
             && context.glass.patient == resource.patient && context.glass.at <= context.at \
             && context.at < context.glass.expires",
        ),
        RuleCondition::Places(names) => named("place", &declared.places, names),
        RuleCondition::Organizations(names) => named("organization", &declared.organizations, names),
        RuleCondition::OwnOrganization(yes) => known(
            "context has organization && resource has organization",
            told(yes, "context.organization == resource.organization"),
        ),
        RuleCondition::CareSettings(settings) => known(
            "resource has setting",
            format!("{}.contains(resource.setting)", list(settings.iter().map(|setting| setting.code()))),
        ),
        RuleCondition::Cleared(yes) => told(
            yes,
            r#"context has clearance && resource.confidentiality != "UNKNOWN"
               && resource.level <= context.clearance.level && context.clearance.labels.containsAll(resource.labels)"#,
        ),
        RuleCondition::OwnChart(yes) => {
            // A record about no patient is nobody's own.
            let own = known("context has person", told(yes, "context.person == resource.patient"));
            format!("if resource has patient then ({own}) else {}", !yes)
        }
        RuleCondition::Vip(yes) => known("resource has vip", told(yes, "resource.vip")),
        RuleCondition::Deceased(yes) => known("resource has deceased", told(yes, "resource.deceased")),
        // Days are numbers such as 20260225, so that so many years later is ten thousand times so many more.
        RuleCondition::AgeFrom(years) => {
            known("resource has born", format!("resource.born + {years}0000 <= context.today"))
        }
        RuleCondition::AgeBelow(years) => {
            known("resource has born", format!("resource.born + {years}0000 > context.today"))
        }
        RuleCondition::Consents(kinds) => {
            told(&!refuses, &format!("context.consents.containsAny({})", list(kinds.iter().map(|kind| kind.code()))))
        }
    }
}

/// What the facts of a record are in Cedar.
fn record(facts: &Facts) -> Vec<(String, Expression)> {
    let Facts {
        resource_type,
        classes,
        labels,
        confidentiality,
        originator,
        patient,
        organization,
        care_setting,
        subject: Subject { vip, deceased, birth_date },
    } = facts;
    let setting = (*care_setting != CareSetting::Unknown).then(|| text(care_setting.code()));
    there([
        ("type", Some(text(resource_type.name()))),
        ("classes", Some(texts(classes.iter().map(Class::name)))),
        ("labels", Some(texts(labels.iter().map(Sensitivity::code)))),
        ("confidentiality", Some(text(confidentiality.code()))),
        ("level", Some(level(*confidentiality))),
        ("originator", originator.as_deref().map(|made| Expression::new_entity_uid(user(made)))),
        ("patient", patient.as_deref().map(text)),
        ("organization", organization.as_deref().map(text)),
        ("setting", setting),
        ("vip", vip.map(Expression::new_bool)),
        ("deceased", deceased.map(Expression::new_bool)),
        ("born", birth_date.map(day)),
    ])
}

/// What a request about a record is in Cedar, beside its actor, roles and action. Its scopes are asked about apart.
fn context(request: &Request, facts: &Facts) -> Vec<(String, Expression)> {
    let Request {
        actor: _,
        roles: _,
        action: _,
        purpose,
        at,
        relationship: Tie { relationship, from, until },
        break_glass,
        circumstances,
        launch: _,
        consents,
    } = request;
    let tie = inner(there([
        ("relationship", Some(text(relationship.code()))),
        ("from", from.map(moment)),
        ("until", until.map(moment)),
    ]));
    let glass = break_glass.as_ref().map(|glass| {
        inner(there([
            ("actor", Some(Expression::new_entity_uid(user(glass.actor())))),
            ("patient", Some(text(glass.patient()))),
            ("at", Some(moment(glass.at()))),
            ("expires", Some(moment(glass.expires()))),
        ]))
    });
    let given: Vec<_> = consents.iter().flat_map(|consents| consents.given(request, facts)).collect();
    let nothing = Circumstances::default();
    let Circumstances { organization, place, address: _, person, clearance } =
        circumstances.as_deref().unwrap_or(&nothing);
    let clearance = clearance.map(|Clearance { confidentiality, labels }| {
        inner(there([
            ("level", Some(level(confidentiality))),
            ("labels", Some(texts(labels.iter().map(Sensitivity::code)))),
        ]))
    });
    there([
        ("purpose", Some(text(purpose.code()))),
        ("at", Some(moment(*at))),
        ("today", Some(day(at.date_naive()))),
        ("tie", Some(tie)),
        ("glass", glass),
        ("place", place.as_deref().map(text)),
        ("organization", organization.as_deref().map(text)),
        ("person", person.as_deref().map(text)),
        ("clearance", clearance),
        ("consents", Some(texts(given.iter().map(|kind| kind.code())))),
    ])
}

/// The elements on these paths: each is in the one around it, and what has its type in its name is in the one that has none.
fn elements(paths: &[&str]) -> impl Iterator<Item = Entity> {
    let mut all: BTreeSet<(String, BTreeSet<String>)> = BTreeSet::new();
    for path in paths {
        let path = bare(path);
        let around: Vec<&str> = path.match_indices('.').map(|(at, _)| &path[..at]).chain([path.as_str()]).collect();
        for (index, element) in around.iter().enumerate() {
            let wider = index.checked_sub(1).map(|wider| around[wider].to_owned());
            let start = wider.as_ref().map_or(0, |wider| wider.len() + 1);
            let without_type = element[start..].find(char::is_uppercase).filter(|_| start > 0);
            let choice = without_type.map(|at| element[..start + at].to_owned());
            all.insert(((*element).to_owned(), wider.into_iter().chain(choice).collect()));
        }
    }
    let known: BTreeSet<String> = all.iter().map(|(element, _)| element.clone()).collect();
    let others: BTreeSet<String> =
        all.iter().flat_map(|(_, above)| above).filter(|one| !known.contains(*one)).cloned().collect();
    let others = others
        .into_iter()
        .chain([WHOLE.to_owned(), ANY.to_owned()].into_iter().filter(move |one| !known.contains(one)));
    let others = others.map(|element| (element, BTreeSet::new()));
    all.into_iter().chain(others.collect::<Vec<_>>()).map(|(element, above)| {
        let above = above.iter().map(|above| uid("Element", above)).collect();
        Entity::new_no_attrs(uid("Element", &element), above)
    })
}

/// A path without the numbers in it.
fn bare(path: &str) -> String {
    let steps = path.split('.').map(|step| step.split('[').next().unwrap_or(step).trim_start_matches('_'));
    steps.collect::<Vec<_>>().join(".")
}

fn uid(kind: &str, id: &str) -> EntityUid {
    let kind = EntityTypeName::from_str(kind).expect("a name of the schema");
    EntityUid::from_type_name_and_id(kind, EntityId::new(id))
}

fn user(id: &str) -> EntityUid {
    uid("User", id)
}

fn nobody(id: &str) -> Entity {
    Entity::new_no_attrs(user(id), HashSet::new())
}

fn record_id() -> EntityUid {
    uid("Record", "record")
}

/// The values that are there, by name.
fn there<const N: usize>(values: [(&str, Option<Expression>); N]) -> Vec<(String, Expression)> {
    values.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn inner(values: Vec<(String, Expression)>) -> Expression {
    Expression::new_record(values).expect("distinct names")
}

fn text(text: &str) -> Expression {
    Expression::new_string(text.to_owned())
}

fn texts<'a>(all: impl Iterator<Item = &'a str>) -> Expression {
    Expression::new_set(all.map(text))
}

fn moment(at: DateTime<Utc>) -> Expression {
    Expression::new_long(at.timestamp_micros())
}

fn day(date: NaiveDate) -> Expression {
    Expression::new_long(i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day()))
}

fn level(level: Confidentiality) -> Expression {
    Expression::new_long(match level {
        Confidentiality::Unrestricted => 0,
        Confidentiality::Low => 1,
        Confidentiality::Moderate => 2,
        Confidentiality::Normal => 3,
        Confidentiality::Restricted => 4,
        Confidentiality::VeryRestricted => 5,
        Confidentiality::Unknown => 6,
    })
}

/// Texts as a set of Cedar.
fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    format!("{:?}", names.collect::<Vec<_>>())
}

/// Entities as a set of Cedar.
fn each<'a>(kind: &str, ids: impl Iterator<Item = &'a str>) -> String {
    let ids: Vec<_> = ids.map(|id| format!("{kind}::{id:?}")).collect();
    format!("[{}]", ids.join(", "))
}
