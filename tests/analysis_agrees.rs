//! What the analysis says is what decisions show: every yes has a witness that decides so, and no case gainsays a no.
//!
//! `CHARTROOM_SEED` and `CHARTROOM_CASES` (policies, each with 60 cases) may be set.

use std::process::ExitCode;

use chartroom::access::analysis::Question;
use chartroom::access::consent::ConsentKind;
use chartroom::access::{Facts, Policy, Request};
use chartroom::record::{Class, ClassSet};
use chartroom_tests::consents;
use chartroom_tests::policies::{Inventor, PATHS, ROLES, number};
use chartroom_tests::tally::Tally;

const CASES: usize = 60;

fn main() -> ExitCode {
    let mut tally = Tally::new("analysis_agrees");
    let seed = number("CHARTROOM_SEED", 1);
    for case in 0..number("CHARTROOM_CASES", 60) {
        let mut inventor = Inventor::new(seed.wrapping_mul(2_000_003).wrapping_add(case));
        let name = |what: &str| format!("{what}, seed {seed}, case {case}");
        let old = inventor.policy(8);
        let new = changed(&old, &mut inventor);
        let (old, new) = (Policy::from_toml(&old).expect("well formed"), Policy::from_toml(&new).expect("well formed"));
        tally.case(name("can"), can(&old, &mut inventor));
        tally.case(name("diff"), diff(&old, &new, &mut inventor));
        tally.case(name("lint"), lint(&old));
        let asking = Policy::from_toml(&consents::asking(&inventor.policy(6), &mut inventor)).expect("well formed");
        tally.case(name("consents"), with_consents(&asking, &mut inventor));
    }
    tally.finish()
}

/// The policy without one of its rules, or with one more.
fn changed(text: &str, inventor: &mut Inventor) -> String {
    let (head, rules) = split(text);
    let other = inventor.policy(4).replace("id = \"r", "id = \"x");
    let (_, others) = split(&other);
    let left_out = inventor.below(rules.len() + 1);
    let kept = rules.iter().enumerate().filter(|(number, _)| *number != left_out).map(|(_, rule)| rule.clone());
    let added = others.into_iter().take(inventor.below(2));
    head + &kept.chain(added).collect::<String>()
}

fn split(text: &str) -> (String, Vec<String>) {
    let mut parts = text.split("[[rule]]");
    let head = parts.next().unwrap_or_default().to_owned();
    (head, parts.map(|rule| format!("[[rule]]{rule}")).collect())
}

/// What may be seen at a path.
fn seen(policy: &Policy, request: &Request, facts: &Facts, path: &str) -> ClassSet {
    let decision = policy.decide(request, facts);
    let mut seen = ClassSet::NONE;
    Class::ALL.into_iter().filter(|class| decision.permits(*class, path)).for_each(|class| seen.insert(class));
    seen
}

/// A path in a record of this type, or beside all that is named.
fn path(inventor: &mut Inventor, facts: &Facts) -> &'static str {
    let path = inventor.one(&PATHS);
    if path.starts_with(facts.resource_type.name()) { path } else { "" }
}

fn can(policy: &Policy, inventor: &mut Inventor) -> Result<(), String> {
    for role in ROLES {
        for class in [Class::Name, Class::Clinical, Class::Unclassified] {
            let question = Question { role: Some(role), class: Some(class), ..Question::default() };
            if let Some(witness) = policy.can(&question)
                && !witness.seen(policy).contains(class)
            {
                return Err(format!("a witness does not show it: {witness}"));
            }
        }
    }
    for _ in 0..CASES {
        let (mut request, facts) = (inventor.request(), inventor.facts());
        let role = inventor.one(&ROLES);
        (request.roles, request.launch) = (role.into(), None);
        for class in seen(policy, &request, &facts, path(inventor, &facts)).iter() {
            let question = Question {
                role: Some(role),
                class: Some(class),
                action: Some(request.action),
                purpose: Some(request.purpose),
                resource_type: Some(facts.resource_type),
                relationship: Some(request.relationship.at(request.at)),
                label: facts.labels.iter().next(),
                labelled: Some(!facts.labels.is_empty()),
                confidentiality: Some(facts.confidentiality),
                care_setting: Some(facts.care_setting),
                originator: Some(facts.originator.as_ref() == Some(&request.actor)),
                vip: facts.subject.vip,
                deceased: facts.subject.deceased,
                ..Question::default()
            };
            if policy.can(&question).is_none() {
                return Err(format!("a decision shows {class} to {role}, and the analysis says never"));
            }
        }
    }
    Ok(())
}

/// Where rules ask for consents, no decision gainsays what the analysis says of exactly these.
fn with_consents(policy: &Policy, inventor: &mut Inventor) -> Result<(), String> {
    for _ in 0..CASES {
        let role = inventor.one(&ROLES);
        let request = Request { roles: role.into(), launch: None, ..inventor.request() };
        let (request, facts) = (consents::consenting(request, inventor), inventor.facts());
        let given: Vec<ConsentKind> = request.consents.iter().flat_map(|all| all.given(&request, &facts)).collect();
        let question = Question { role: Some(role), consents: Some(&given), ..Question::default() };
        let seen = seen(policy, &request, &facts, path(inventor, &facts));
        match policy.can(&question) {
            None if !seen.is_empty() => {
                return Err(format!("a decision shows {seen:?} to {role}, and the analysis says never"));
            }
            Some(witness) if !witness.decide(policy).is_permitted() => {
                return Err(format!("a witness shows nothing: {witness}"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn diff(old: &Policy, new: &Policy, inventor: &mut Inventor) -> Result<(), String> {
    let changes = old.diff(new);
    for change in &changes {
        let (before, after) = (change.witness.seen(old), change.witness.seen(new));
        if (after.without(before), before.without(after)) != (change.gained, change.lost) {
            return Err(format!("a witness does not show the change: {change}"));
        }
    }
    for _ in 0..CASES {
        let (request, facts) = (inventor.request(), inventor.facts());
        let path = path(inventor, &facts);
        let (before, after) = (seen(old, &request, &facts, path), seen(new, &request, &facts, path));
        let told = changes
            .iter()
            .fold([ClassSet::NONE; 2], |[gained, lost], change| [gained.union(change.gained), lost.union(change.lost)]);
        let [gained, lost] = told;
        let untold = [after.without(before).without(gained), before.without(after).without(lost)];
        if untold != [ClassSet::NONE; 2] {
            return Err(format!("gained and lost, and no change says so: {untold:?}"));
        }
    }
    Ok(())
}

/// Without a rule that does nothing, all is decided alike.
fn lint(policy: &Policy) -> Result<(), String> {
    let text = toml::to_string(policy).map_err(|error| error.to_string())?;
    let idle: Vec<String> = policy.lint().into_iter().map(|finding| finding.rule).collect();
    for rule in policy.rules() {
        let mut table: toml::Table = text.parse().map_err(|_| "the policy does not read back")?;
        let rules = table.get_mut("rule").and_then(toml::Value::as_array_mut).ok_or("no rules")?;
        rules.retain(|one| one.get("id").and_then(toml::Value::as_str) != Some(rule.id()));
        let without = Policy::from_toml(&table.to_string()).map_err(|error| error.to_string())?;
        let same = policy.diff(&without).is_empty();
        let called_idle = idle.iter().any(|id| id == rule.id());
        if called_idle && !same || !called_idle && same && rule.obligations().is_empty() {
            return Err(format!(
                "rule {}: called idle {called_idle}, and without it all is the same {same}",
                rule.id()
            ));
        }
    }
    policy.diff(policy).is_empty().then_some(()).ok_or_else(|| "differs from itself".to_owned())
}
