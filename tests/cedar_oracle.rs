//! Cedar decides as the policy does, and by the same rules.
//!
//! `CHARTROOM_SEED` and `CHARTROOM_CASES` (requests about records, twenty to a policy) may be set.

use std::collections::BTreeMap;
use std::process::ExitCode;

use chartroom::access::consent::ConsentEffect;
use chartroom::access::{
    Action, Decision, Effect, Facts, Glass, Obligations, Policy, Reason, Relationship, Request, RuleCondition,
};
use chartroom::record::Class;
use chartroom_tests::cedar::{Answer, Case, Cedar, Exported, Failure, Part};
use chartroom_tests::consents;
use chartroom_tests::policies::{Inventor, PATHS, number};
use chartroom_tests::tally::Tally;

const CASES_OF_A_POLICY: u64 = 20;
/// How many of the classes each case is asked about; one in so many cases is asked about all.
const CLASSES: usize = 3;
/// The conditions that rules have: each must have come up.
const CONDITIONS: [&str; 20] = [
    "age below",
    "age from",
    "actions",
    "break glass",
    "care settings",
    "cleared",
    "confidentiality",
    "consents",
    "deceased",
    "labels",
    "organizations",
    "originator",
    "own chart",
    "own organization",
    "places",
    "purposes",
    "relationships",
    "roles",
    "types",
    "vip",
];

fn main() -> ExitCode {
    let mut tally = Tally::new("cedar_oracle");
    let (seed, cases) = (number("CHARTROOM_SEED", 1), number("CHARTROOM_CASES", 2_000));
    let cedar = Cedar::new().expect("the schema is well formed");
    let mut met = BTreeMap::new();
    for first in (0..cases).step_by(CASES_OF_A_POLICY as usize) {
        let mut inventor = Inventor::new(seed.wrapping_mul(3_000_017).wrapping_add(first));
        let text = inventor.policy(14);
        let text = if inventor.below(3) == 0 { consents::asking(&text, &mut inventor) } else { text };
        let policy = Policy::from_toml(&text).expect("well formed");
        let exported = cedar.export(&policy, &PATHS).expect("Cedar can say it");
        for rule in policy.rules() {
            policy.conditions(rule).iter().for_each(|condition| *met.entry(name(condition)).or_insert(0) += 1);
        }
        for case in first..cases.min(first + CASES_OF_A_POLICY) {
            let (request, facts) = (inventor.request(), inventor.facts());
            let (request, facts) = match inventor.below(3) {
                0 => (consents::consenting(request, &mut inventor), Facts { patient: Some("p-17".into()), ..facts }),
                _ => (request, facts),
            };
            let outcome = one(&cedar, &exported, &policy, &mut inventor, &request, &facts);
            tally.case(format_args!("seed {seed}, case {case}"), outcome.map_err(|error| error.to_string()));
        }
    }
    if cases >= 1_000 {
        for condition in CONDITIONS {
            tally.case(condition, met.contains_key(condition).then_some(()).ok_or("never came up"));
        }
    }
    tally.finish()
}

fn name(condition: &RuleCondition<'_>) -> &'static str {
    match condition {
        RuleCondition::AgeBelow(_) => "age below",
        RuleCondition::AgeFrom(_) => "age from",
        RuleCondition::Actions(_) => "actions",
        RuleCondition::BreakGlass(_) => "break glass",
        RuleCondition::CareSettings(_) => "care settings",
        RuleCondition::Cleared(_) => "cleared",
        RuleCondition::Confidentiality(_) => "confidentiality",
        RuleCondition::Consents(_) => "consents",
        RuleCondition::Deceased(_) => "deceased",
        RuleCondition::Labels { .. } => "labels",
        RuleCondition::Organizations(_) => "organizations",
        RuleCondition::Originator(_) => "originator",
        RuleCondition::OwnChart(_) => "own chart",
        RuleCondition::OwnOrganization(_) => "own organization",
        RuleCondition::Places(_) => "places",
        RuleCondition::Purposes(_) => "purposes",
        RuleCondition::Relationships(_) => "relationships",
        RuleCondition::Roles(_) => "roles",
        RuleCondition::Types(_) => "types",
        RuleCondition::Vip(_) => "vip",
    }
}

fn one(
    cedar: &Cedar,
    exported: &Exported,
    policy: &Policy,
    inventor: &mut Inventor,
    request: &Request,
    facts: &Facts,
) -> Result<(), Failure> {
    let decision = policy.decide(request, facts);
    let case = exported.case(cedar, request, facts)?;
    let reached = request.launch.as_ref().map_or(Ok(true), |launch| cedar.reaches(launch, request, facts))?
        && !is_refused(&decision, facts);
    let whole = inventor.below(8) == 0;
    let classes = if whole { Class::ALL.to_vec() } else { (0..CLASSES).map(|_| inventor.one(&Class::ALL)).collect() };
    let path = inventor.one(&PATHS);
    let mut duties = Obligations::NONE;
    for class in classes {
        let judge = Judge { case: &case, reached, decision: &decision, facts, class };
        duties = duties.union(judge.any(policy)?);
        judge.whole()?;
        judge.element(path)?;
    }
    match whole && duties != decision.obligations() {
        true => Err(format!("obligations {:?}, in Cedar {duties:?}", decision.obligations()).into()),
        false => Ok(()),
    }
}

/// Whether the patient refuses it to someone whom that binds.
fn is_refused(decision: &Decision, facts: &Facts) -> bool {
    let request = decision.request();
    let consents = request.consents.as_ref().filter(|_| request.action == Action::Read);
    let free = request.relationship.at(request.at) == Relationship::Patient || decision.glass() == Glass::Broken;
    !free && consents.is_some_and(|consents| consents.say(request, facts) == Some(ConsentEffect::Deny))
}

/// Holds a decision about one class against Cedar's.
struct Judge<'a> {
    case: &'a Case<'a>,
    /// Whether the scopes of the program reach the record, and no consent refuses it.
    reached: bool,
    decision: &'a Decision,
    facts: &'a Facts,
    class: Class,
}

impl Judge<'_> {
    /// Whether something of the class is open, by which rule, and what that obliges to.
    fn any(&self, policy: &Policy) -> Result<Obligations, Failure> {
        let Self { decision, class, .. } = self;
        let (answer, permits) = self.case.ask(*class, Part::Any)?;
        let opened = decision.permitted().union(decision.in_part()).contains(*class);
        // What is open whole has its reason there.
        if !decision.permitted().contains(*class) {
            self.agree("any", decision.reason(*class), answer, opened)?;
        } else if !matches!(answer, Answer::Granted(_)) {
            return Err(format!("{class}: granted, in Cedar {answer:?}").into());
        }
        let speaking = policy.rules().iter().filter(|rule| opened && permits.contains(rule.id()));
        Ok(speaking.fold(Obligations::NONE, |all, rule| all.union(rule.obligations())))
    }

    fn whole(&self) -> Result<(), Failure> {
        let Self { decision, class, .. } = self;
        let (answer, _) = self.case.ask(*class, Part::Whole)?;
        match decision.permitted().contains(*class) {
            true => self.agree("whole", decision.reason(*class), answer, true),
            false if self.reached && matches!(answer, Answer::Granted(_)) => {
                Err(format!("{class} whole: not granted, in Cedar {answer:?}").into())
            }
            false => Ok(()),
        }
    }

    fn element(&self, path: &str) -> Result<(), Failure> {
        let (answer, _) = self.case.ask(self.class, Part::Element(path))?;
        let reason = self.decision.element(self.class, path);
        self.agree(path, reason, answer, self.decision.permits(self.class, path))
    }

    fn agree(&self, part: &str, reason: Reason<'_>, answer: Answer, open: bool) -> Result<(), Failure> {
        let rule = || reason.rule_id().unwrap_or_default().to_owned();
        let ours = match reason.effect {
            Effect::Granted | Effect::InPart => Answer::Granted(rule()),
            // Of an element that is the reason even where rules withhold it too.
            Effect::Withheld if reason.note.is_some() && !self.reached => return Ok(()),
            Effect::Withheld => Answer::Withheld(rule()),
            Effect::Silence => Answer::Silence(reason.label),
        };
        self.compare(part, ours, answer, open)
    }

    fn compare(&self, part: &str, ours: Answer, theirs: Answer, open: bool) -> Result<(), Failure> {
        let theirs = match theirs {
            // Of a class that is not there, no lock is tried.
            Answer::Silence(_) if !self.facts.classes.contains(self.class) => Answer::Silence(None),
            theirs => theirs,
        };
        match ours == theirs && open == (matches!(theirs, Answer::Granted(_)) && self.reached) {
            true => Ok(()),
            false => Err(format!("{} {part}: {ours:?}, in Cedar {theirs:?}, open {open}", self.class).into()),
        }
    }
}
