//! Policies: rules as data, compiled to tables.

mod document;
mod starter;
mod tables;

use std::fmt;
use std::sync::Arc;

use chartroom_record::ClassSet;
use chrono::NaiveDate;

use crate::decision::{Decision, Verdict};
use crate::label::Sensitivity;
use crate::{Facts, Obligations, PolicyError, Request, text};

use document::{Label, Rules};
use tables::{Case, Tables, locks};

/// Who may see which part of a record, and why: roles and rules, read from TOML. Cheap to clone.
///
/// Whatever no rule permits is refused. Permits are united and refusals subtracted, so the order of rules never matters and
/// any refusal wins.
///
/// ```
/// use chartroom_access::{Action, Facts, Policy, Purpose, Relationship, Request, ResourceType};
/// use chartroom_record::{Class, ClassSet};
/// use chrono::DateTime;
///
/// let policy = Policy::from_toml(r#"
///     [policy]
///     name = "Example"
///     version = "1"
///
///     [roles.scheduler]
///     title = "Appointment scheduler"
///
///     [[rule]]
///     id = "scheduling"
///     effect = "permit"
///     roles = ["scheduler"]
///     actions = ["read"]
///     purposes = ["HOPERAT"]
///     types = ["Patient"]
///     classes = ["Name", "Contact"]
///     cites = "45 CFR 164.506(c)(1)"
///     dated = 2013-01-25
/// "#)?;
///
/// let request = Request {
///     actor: "desk-3".into(),
///     roles: "scheduler".into(),
///     action: Action::Read,
///     purpose: Purpose::Operations,
///     at: DateTime::UNIX_EPOCH,
///     relationship: Relationship::None,
///     break_glass: None,
/// };
/// let facts = Facts::new(ResourceType::of("Patient"), ClassSet::of(&[Class::Name, Class::Clinical]));
///
/// let decision = policy.decide(&request, &facts);
/// assert_eq!(decision.permitted(), Class::Name.into());
/// for reason in decision.reasons() {
///     println!("{reason}");
/// }
/// # Ok::<(), chartroom_access::PolicyError>(())
/// ```
#[derive(Clone, Default)]
pub struct Policy(Arc<Compiled>);

/// Rules and the tables made of them.
#[derive(Default)]
struct Compiled {
    rules: Rules,
    tables: Tables,
}

impl Policy {
    /// Reads a policy from TOML.
    ///
    /// # Errors
    /// At the first thing that is not understood or not allowed: the error names its line, column and rule.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        let rules = text::read(text).and_then(Rules::read).map_err(|fault| fault.within(text))?;
        let tables = Tables::of(&rules);
        Ok(Self(Arc::new(Compiled { rules, tables })))
    }

    /// The name of the policy.
    pub fn name(&self) -> &str {
        &self.0.rules.name
    }

    /// The version of the policy.
    pub fn version(&self) -> &str {
        &self.0.rules.version
    }

    /// The names of the roles, in order.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.0.rules.roles.iter().map(|role| role.name.as_str())
    }

    /// The rules, in the order of their ids.
    pub fn rules(&self) -> &[Rule] {
        &self.0.rules.rules
    }

    /// Whether the policy has a role of this name.
    pub fn has_role(&self, name: &str) -> bool {
        self.0.rules.role(name).is_some()
    }

    /// Decides one request about one record. Cannot fail, and allocates nothing.
    pub fn decide(&self, request: &Request, facts: &Facts) -> Decision {
        let case = Case::of(&self.0.rules, request, facts);
        let tables = &self.0.tables;
        let mut verdict = Verdict::new(facts.classes);
        for lock in locks(facts.labels) {
            let mut opened = ClassSet::NONE;
            for (rule, classes) in tables.permits(&case, lock) {
                verdict.grant(classes, rule);
                opened = opened.union(classes);
            }
            verdict.leave_shut(opened, lock);
        }
        for (rule, classes) in tables.refusals(&case, facts.labels) {
            verdict.withhold(classes, rule);
        }
        let obligations = tables.obligations(&case, facts.labels, verdict.permitted());
        Decision::new(self.clone(), request, facts, case.glass, verdict, obligations)
    }
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Policy");
        out.field("name", &self.name()).field("version", &self.version()).field("rules", &self.rules().len());
        out.finish_non_exhaustive()
    }
}

/// What a rule does when it applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleEffect {
    /// Grants its classes.
    Permit,
    /// Withholds its classes, whatever other rules grant.
    Forbid,
}

/// One rule of a policy.
#[derive(Clone, Debug)]
pub struct Rule {
    id: String,
    effect: RuleEffect,
    when: document::Conditions,
    classes: ClassSet,
    obligations: Obligations,
    citation: Citation,
    because: Option<String>,
}

impl Rule {
    /// The name of the rule.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether it grants or withholds.
    pub fn effect(&self) -> RuleEffect {
        self.effect
    }

    /// What it grants or withholds.
    pub fn classes(&self) -> ClassSet {
        self.classes
    }

    /// What whoever is granted something by this rule must also do.
    pub fn obligations(&self) -> Obligations {
        self.obligations
    }

    /// The law or house rule it rests on.
    pub fn citation(&self) -> &Citation {
        &self.citation
    }

    /// Whether it speaks of this label by name.
    pub(crate) fn names(&self, label: Sensitivity) -> bool {
        self.when.labels.as_ref().is_some_and(|labels| labels.contains(&Label::Labelled(label)))
    }

    /// The thought behind it, in plain words.
    pub fn because(&self) -> Option<&str> {
        self.because.as_deref()
    }
}

/// The law or house rule that a rule rests on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Citation {
    /// Where it stands, such as `45 CFR 164.524(a)(1)`.
    pub source: String,
    /// The date of the text relied on: when it was published or last amended.
    pub dated: NaiveDate,
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.source, self.dated)
    }
}

#[cfg(test)]
mod tests {
    use super::document::Conditions;
    use super::*;
    use crate::label::LabelSet;
    use crate::{
        Action, BreakGlass, Confidentiality, Declaration, Effect, Glass, Note, Purpose, Relationship, ResourceType,
    };
    use chartroom_record::Class;
    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    fn policy(rules: &str) -> Policy {
        Policy::from_toml(&text(rules)).expect("well formed")
    }

    fn text(rules: &str) -> String {
        format!(
            "[policy]\nname = \"test\"\nversion = \"1\"\n[roles.senior]\ntitle = \"s\"\nextends = [\"junior\"]\n\
             [roles.junior]\ntitle = \"j\"\n[roles.other]\ntitle = \"o\"\n{rules}"
        )
    }

    /// A rule with what every rule needs; `more` adds to it.
    fn rule(id: &str, effect: &str, more: &str) -> String {
        let must = if effect == "permit" { "actions = [\"read\"]\npurposes = [\"TREAT\"]\n" } else { "" };
        format!("[[rule]]\nid = \"{id}\"\neffect = \"{effect}\"\n{must}cites = \"house\"\ndated = 2026-01-01\n{more}\n")
    }

    fn at() -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_000_000, 0).expect("in range")
    }

    fn request(role: &str) -> Request {
        Request {
            actor: "actor".into(),
            roles: role.into(),
            action: Action::Read,
            purpose: Purpose::Treatment,
            at: at(),
            relationship: Relationship::None,
            break_glass: None,
        }
    }

    fn facts() -> Facts {
        Facts { patient: Some("p".into()), ..Facts::new(ResourceType::of("Condition"), ClassSet::ALL) }
    }

    fn permitted(policy: &Policy, request: &Request, facts: &Facts) -> ClassSet {
        policy.decide(request, facts).permitted()
    }

    #[test]
    fn silence_is_refusal() {
        assert!(permitted(&Policy::default(), &request("junior"), &facts()).is_empty());
        assert!(permitted(&policy(""), &request("junior"), &facts()).is_empty());
        let open = policy(&rule("a", "permit", "roles = [\"junior\"]\nclasses = [\"all\"]"));
        for stranger in ["", "nobody", "other", "Junior"] {
            assert!(permitted(&open, &request(stranger), &facts()).is_empty());
        }
        let nobody = Request { roles: std::iter::empty::<&str>().collect(), ..request("junior") };
        assert!(permitted(&open, &nobody, &facts()).is_empty());
        assert!(permitted(&open, &Request { purpose: Purpose::Payment, ..request("junior") }, &facts()).is_empty());
        assert!(permitted(&open, &Request { action: Action::Update, ..request("junior") }, &facts()).is_empty());
        let absent = Facts { classes: ClassSet::NONE, ..facts() };
        assert!(!open.decide(&request("junior"), &absent).is_permitted());
    }

    #[test]
    fn all_leaves_out_what_nobody_classified() {
        let open = policy(&rule("a", "permit", "roles = [\"junior\"]\nclasses = [\"all\"]"));
        assert_eq!(permitted(&open, &request("junior"), &facts()), ClassSet::ALL.without(Class::Unclassified.into()));
        let named = policy(&rule("a", "permit", "roles = [\"junior\"]\nclasses = [\"all\", \"Unclassified\"]"));
        assert_eq!(permitted(&named, &request("junior"), &facts()), ClassSet::ALL);
        let shut = rule("b", "forbid", "classes = [\"all\"]");
        let both = policy(&(rule("a", "permit", "roles = [\"junior\"]\nclasses = [\"Unclassified\"]") + &shut));
        assert!(permitted(&both, &request("junior"), &facts()).is_empty());
    }

    #[test]
    fn refusals_win_and_roles_inherit_both() {
        let rules = rule("a", "permit", "roles = [\"junior\"]\nclasses = [\"Name\", \"Clinical\"]")
            + &rule("b", "permit", "roles = [\"senior\"]\nclasses = [\"Narrative\"]")
            + &rule("c", "forbid", "roles = [\"junior\"]\nclasses = [\"Name\"]");
        let policy = policy(&rules);
        assert_eq!(permitted(&policy, &request("junior"), &facts()), Class::Clinical.into());
        let senior = policy.decide(&request("senior"), &facts());
        assert_eq!(senior.permitted(), ClassSet::of(&[Class::Clinical, Class::Narrative]));
        assert_eq!(senior.reason(Class::Name).effect, Effect::Withheld);
        assert_eq!(senior.reason(Class::Name).rule_id(), Some("c"));
        assert_eq!(senior.reason(Class::Clinical).rule_id(), Some("a"));
        assert_eq!(senior.reason(Class::Contact).effect, Effect::Silence);
        assert_eq!(senior.reasons().count(), Class::ALL.len());
    }

    #[test]
    fn the_first_rule_gives_the_reason_and_only_what_opens_obliges() {
        let permit = |id, labels: &str, obligation| {
            let more = format!("{labels}roles = [\"junior\"]\nclasses = [\"Name\"]\nobligations = [\"{obligation}\"]");
            rule(id, "permit", &more)
        };
        let labels = "labels = [\"unlabelled\", \"PSY\"]\n";
        let rules = permit("b", labels, "AOD") + &permit("c", "labels = [\"unlabelled\", \"HIV\"]\n", "DEID");
        let decide = |rules: &str, labels: &[Sensitivity]| {
            policy(rules).decide(&request("junior"), &Facts { labels: LabelSet::of(labels), ..facts() })
        };
        let plain = decide(&rules, &[]);
        assert_eq!(plain.reason(Class::Name).rule_id(), Some("b"));
        assert_eq!(plain.obligations().iter().count(), 2);
        // The lock of the lower label is tried first.
        let both = decide(&rules, &[Sensitivity::Hiv, Sensitivity::Psychiatry]);
        assert_eq!(both.reason(Class::Name).rule_id(), Some("c"));
        let refused = decide(&(rules + &rule("a", "forbid", "classes = [\"Name\"]")), &[]);
        assert!(refused.obligations().is_empty());
    }

    #[test]
    fn each_label_is_a_lock() {
        let rules = rule("plain", "permit", "roles = [\"junior\"]\nclasses = [\"all\"]")
            + &rule("hiv", "permit", "roles = [\"junior\"]\nlabels = [\"HIV\"]\nclasses = [\"Clinical\", \"Name\"]")
            + &rule("psy", "permit", "roles = [\"junior\"]\nlabels = [\"PSY\"]\nclasses = [\"Clinical\"]");
        let policy = policy(&rules);
        let labelled = |labels: &[Sensitivity]| Facts { labels: LabelSet::of(labels), ..facts() };
        let decide = |labels: &[Sensitivity]| policy.decide(&request("junior"), &labelled(labels));
        assert_eq!(decide(&[]).reason(Class::Clinical).rule_id(), Some("plain"));
        assert_eq!(decide(&[Sensitivity::Hiv]).permitted(), ClassSet::of(&[Class::Clinical, Class::Name]));
        let both = decide(&[Sensitivity::Hiv, Sensitivity::Psychiatry]);
        assert_eq!(both.permitted(), Class::Clinical.into());
        assert_eq!(both.reason(Class::Name).label, Some(Sensitivity::Psychiatry));
        assert_eq!(both.reason(Class::Contact).label, Some(Sensitivity::Hiv));
        let third = decide(&[Sensitivity::Hiv, Sensitivity::Taboo]);
        assert!(third.permitted().is_empty());
        assert_eq!(third.reason(Class::Clinical).label, Some(Sensitivity::Taboo));
    }

    #[test]
    fn what_is_unknown_is_restricted_and_says_so() {
        let rules = rule("a", "permit", "roles = [\"junior\"]\nclasses = [\"all\"]")
            + &rule("b", "permit", "roles = [\"other\"]\nconfidentiality = [\"N\", \"V\"]\nclasses = [\"all\"]");
        let policy = policy(&rules);
        let refused = |facts: Facts, note: Note| {
            let decision = policy.decide(&request("junior"), &facts);
            assert!(!decision.is_permitted());
            assert_eq!(decision.reason(Class::Clinical).note, Some(note));
        };
        refused(Facts { resource_type: ResourceType::UNKNOWN, ..facts() }, Note::UnknownType);
        refused(Facts { labels: LabelSet::from_bits(1 << 31), ..facts() }, Note::UnknownLabel);
        let unknown = Facts { confidentiality: Confidentiality::Unknown, ..facts() };
        refused(unknown.clone(), Note::UnknownConfidentiality);
        assert!(policy.decide(&request("other"), &unknown).is_permitted());
        let restricted = Facts { confidentiality: Confidentiality::Restricted, ..facts() };
        assert!(!policy.decide(&request("other"), &restricted).is_permitted());
        let decision = policy.decide(&request("stranger"), &facts());
        assert_eq!(decision.reason(Class::Name).note, Some(Note::UnknownRole));
    }

    #[test]
    fn the_originator_is_known_or_is_someone_else() {
        let rules = rule("a", "permit", "roles = [\"junior\"]\nclasses = [\"all\"]")
            + &rule("b", "forbid", "originator = false\nclasses = [\"Narrative\"]");
        let policy = policy(&rules);
        let own = Facts { originator: Some("actor".into()), ..facts() };
        assert!(permitted(&policy, &request("junior"), &own).contains(Class::Narrative));
        let other = Facts { originator: Some("another".into()), ..facts() };
        assert!(!permitted(&policy, &request("junior"), &other).contains(Class::Narrative));
        assert!(!permitted(&policy, &request("junior"), &facts()).contains(Class::Narrative));
    }

    #[test]
    fn broken_glass_opens_for_one_patient_until_it_expires() {
        let rules = rule(
            "a",
            "permit",
            "roles = [\"junior\"]\nbreak_glass = true\nclasses = [\"all\"]\nobligations = [\"AUDIT\"]",
        );
        let policy = policy(&rules);
        let declare = |patient, at| {
            let declaration =
                Declaration { actor: "actor", patient, reason: "unconscious", at, lasts: TimeDelta::hours(1) };
            Request { break_glass: BreakGlass::declare(declaration).ok(), ..request("junior") }
        };
        let glass = |request: &Request| policy.decide(request, &facts()).glass();
        assert_eq!(glass(&request("junior")), Glass::Whole);
        let broken = declare("p", at());
        assert_eq!(glass(&broken), Glass::Broken);
        let decision = policy.decide(&broken, &facts());
        assert!(decision.is_permitted() && !decision.obligations().is_empty());
        for (request, standing, note) in [
            (declare("p", at() - TimeDelta::hours(1)), Glass::Expired, Note::GlassExpired),
            (declare("p", at() + TimeDelta::seconds(1)), Glass::NotYet, Note::GlassNotYetBroken),
            (declare("q", at()), Glass::Elsewhere, Note::GlassElsewhere),
            (Request { actor: "another".into(), ..declare("p", at()) }, Glass::Elsewhere, Note::GlassElsewhere),
        ] {
            let decision = policy.decide(&request, &facts());
            assert_eq!(decision.glass(), standing);
            assert!(!decision.is_permitted() && decision.obligations().is_empty());
            assert_eq!(decision.reason(Class::Name).note, Some(note));
        }
        assert_eq!(policy.decide(&broken, &Facts { patient: None, ..facts() }).glass(), Glass::Elsewhere);
    }

    #[test]
    fn more_rules_than_a_block_holds() {
        let one = |n: usize| {
            let id = format!("r{n:03}");
            let class = Class::ALL[n % Class::ALL.len()];
            rule(&id, "permit", &format!("roles = [\"junior\"]\nclasses = [\"{class}\"]\nobligations = [\"AOD\"]"))
        };
        let rules: String = (0..150).map(one).collect();
        let decision = policy(&rules).decide(&request("junior"), &facts());
        assert_eq!(decision.permitted(), ClassSet::ALL);
        let last: String = (0..150).map(one).collect::<String>() + &rule("z", "forbid", "classes = [\"Name\"]");
        assert_eq!(policy(&last).decide(&request("junior"), &facts()).reason(Class::Name).rule_id(), Some("z"));
    }

    #[test]
    fn everything_crosses_threads() {
        fn sendable<T: Send + Sync>() {}
        sendable::<(Policy, Decision, Request, Facts, BreakGlass, crate::label::LabelSets, PolicyError)>();
    }

    /// The rules read one by one, as the front page tells them: slow, and with nothing compiled.
    fn by_the_book(policy: &Policy, request: &Request, facts: &Facts) -> ClassSet {
        let applies = |rule: &&Rule| holds(&rule.when, rule.effect == RuleEffect::Permit, policy, request, facts);
        let named = |rule: &Rule, label: Label| rule.when.labels.as_ref().is_some_and(|all| all.contains(&label));
        let classes = |rules: Vec<&Rule>| rules.iter().fold(ClassSet::NONE, |all, rule| all.union(rule.classes));
        let (permits, refusals): (Vec<&Rule>, Vec<&Rule>) =
            policy.rules().iter().filter(applies).partition(|rule| rule.effect == RuleEffect::Permit);
        let locks: Vec<Label> = match facts.labels.is_empty() {
            true => vec![Label::Unlabelled],
            false => facts.labels.iter().map(Label::Labelled).collect(),
        };
        let opens = |rule: &Rule, lock: Label| match &rule.when.labels {
            None => lock == Label::Unlabelled,
            Some(_) => named(rule, lock),
        };
        let granted = locks.iter().fold(facts.classes, |all, lock| {
            all.intersection(classes(permits.iter().copied().filter(|rule| opens(rule, *lock)).collect()))
        });
        let reaches = |rule: &&&Rule| rule.when.labels.is_none() || locks.iter().any(|lock| named(rule, *lock));
        granted.without(classes(refusals.iter().filter(reaches).copied().collect()))
    }

    fn holds(when: &Conditions, permit: bool, policy: &Policy, request: &Request, facts: &Facts) -> bool {
        let held = |index: usize| policy.0.rules.roles[index].covers;
        let roles =
            request.roles.iter().filter_map(|role| policy.0.rules.role(role)).fold(0, |all, role| all | held(role));
        let level = facts.confidentiality;
        let listed = |levels: &Vec<Confidentiality>| {
            levels.contains(&level)
                || level == Confidentiality::Unknown
                    && (levels.contains(&Confidentiality::VeryRestricted)
                        || !permit && levels.contains(&Confidentiality::Restricted))
        };
        let own = facts.originator.as_ref() == Some(&request.actor);
        let broken = Glass::of(request, facts) == Glass::Broken;
        when.roles.map_or(!permit, |named| named & roles != 0)
            && when.actions.as_ref().is_none_or(|all| all.contains(&request.action))
            && when.purposes.as_ref().is_none_or(|all| all.contains(&request.purpose))
            && when.relationships.as_ref().is_none_or(|all| all.contains(&request.relationship))
            && when.types.as_ref().map_or(!permit || facts.resource_type != ResourceType::UNKNOWN, |all| {
                all.contains(&facts.resource_type)
            })
            && when.confidentiality.as_ref().map_or(!permit || level <= Confidentiality::Normal, listed)
            && when.originator.is_none_or(|wanted| wanted == own)
            && when.break_glass.is_none_or(|wanted| wanted == broken)
    }

    const LABELS: [Sensitivity; 3] = [Sensitivity::Hiv, Sensitivity::Psychiatry, Sensitivity::Unknown];

    /// A list of names as TOML, sometimes left out.
    fn line(key: &'static str, names: Vec<&'static str>, must: bool) -> impl Strategy<Value = String> {
        let least = usize::from(must);
        let most = names.len();
        subsequence(names, least..=most).prop_map(move |names| match names.is_empty() {
            true => String::new(),
            false => format!("{key} = {names:?}\n"),
        })
    }

    fn generated_rule() -> impl Strategy<Value = String> {
        let flag = |key: &'static str| {
            select(vec![None, None, Some(true), Some(false)])
                .prop_map(move |value| value.map_or(String::new(), |value| format!("{key} = {value}\n")))
        };
        let effect = select(vec!["permit", "permit", "permit", "forbid"]);
        let lists = (
            line("roles", vec!["senior", "junior", "other"], true),
            line("actions", vec!["read", "update"], true),
            line("purposes", vec!["TREAT", "HPAYMT"], true),
            line("types", vec!["Condition", "Patient"], false),
            line("relationships", vec!["none", "treating"], false),
            line("labels", vec!["unlabelled", "HIV", "PSY", "UNKNOWN"], false),
            line("confidentiality", vec!["N", "R", "V"], false),
            line("classes", vec!["all", "Name", "Clinical", "Unclassified", "identity"], true),
        );
        (effect, lists, flag("originator"), flag("break_glass")).prop_map(|(effect, lists, own, glass)| {
            let (a, b, c, d, e, f, g, h) = lists;
            let lines = [a, b, c, d, e, f, g, h, own, glass].concat();
            format!("effect = \"{effect}\"\ncites = \"house\"\ndated = 2026-01-01\n{lines}")
        })
    }

    fn generated_case() -> impl Strategy<Value = (Request, Facts)> {
        let who =
            (select(vec!["senior", "junior", "other", "stranger"]), select(vec!["actor", "another"]), any::<bool>());
        let what = (
            select(vec![Action::Read, Action::Update]),
            select(vec![Purpose::Treatment, Purpose::Payment]),
            select(vec![Relationship::None, Relationship::Treating]),
        );
        let record = (
            select(vec!["Condition", "Patient", "Thing"]),
            subsequence(LABELS.to_vec(), 0..=3),
            select(Confidentiality::ALL.to_vec()),
            any::<u32>(),
        );
        (who, what, record).prop_map(|((role, originator, broken), (action, purpose, relationship), record)| {
            let (kind, labels, confidentiality, classes) = record;
            let declaration = Declaration {
                actor: "actor",
                patient: "p",
                reason: "unconscious",
                at: at(),
                lasts: TimeDelta::hours(1),
            };
            let break_glass = if broken { BreakGlass::declare(declaration).ok() } else { None };
            let request = Request { action, purpose, relationship, break_glass, ..request(role) };
            let facts = Facts {
                labels: labels.into_iter().collect(),
                confidentiality,
                originator: Some(originator.into()),
                patient: Some("p".into()),
                ..Facts::new(ResourceType::of(kind), ClassSet::from_bits(classes))
            };
            (request, facts)
        })
    }

    fn numbered(rules: &[(usize, String)]) -> String {
        rules.iter().map(|(number, rule)| format!("[[rule]]\nid = \"r{number:02}\"\n{rule}")).collect()
    }

    proptest! {
        #[test]
        fn tables_say_what_the_rules_say(
            rules in prop::collection::vec(generated_rule(), 0..12),
            cases in prop::collection::vec(generated_case(), 20),
        ) {
            let policy = policy(&numbered(&rules.into_iter().enumerate().collect::<Vec<_>>()));
            for (request, facts) in cases {
                let decision = policy.decide(&request, &facts);
                prop_assert_eq!(decision.permitted(), by_the_book(&policy, &request, &facts));
                for reason in decision.reasons() {
                    let granted = reason.effect == Effect::Granted;
                    prop_assert_eq!(granted, decision.permitted().contains(reason.class));
                    prop_assert_eq!(reason.effect == Effect::Silence, reason.rule.is_none());
                    prop_assert!(reason.rule.is_none_or(|rule| rule.classes().contains(reason.class)));
                    prop_assert!(reason.rule.is_none_or(|rule| granted == (rule.effect() == RuleEffect::Permit)));
                }
            }
        }

        #[test]
        fn order_never_matters(
            (ordered, shuffled) in prop::collection::vec(generated_rule(), 1..12)
                .prop_map(|rules| rules.into_iter().enumerate().collect::<Vec<_>>())
                .prop_flat_map(|rules| (Just(rules.clone()), Just(rules).prop_shuffle())),
            (request, facts) in generated_case(),
        ) {
            let explain = |rules| policy(&numbered(rules)).decide(&request, &facts).explain().to_string();
            prop_assert_eq!(explain(&ordered), explain(&shuffled));
        }

        #[test]
        fn one_more_refusal_never_opens_anything(
            rules in prop::collection::vec(generated_rule(), 0..8),
            (request, facts) in generated_case(),
        ) {
            let rules = numbered(&rules.into_iter().enumerate().collect::<Vec<_>>());
            let more = rule("z", "forbid", "classes = [\"Clinical\"]");
            let before = permitted(&policy(&rules), &request, &facts);
            let after = permitted(&policy(&(rules + &more)), &request, &facts);
            prop_assert_eq!(after, before.without(Class::Clinical.into()));
        }
    }
}
