//! Policies: rules as data, compiled to tables.

mod condition;
mod declared;
mod digest;
mod dimension;
mod document;
mod element;
mod rule;
#[cfg(feature = "schemars")]
mod schema;
mod starter;
mod tables;
mod written;

use std::fmt;
use std::sync::Arc;

use chartroom_record::Class;

use crate::decision::{Decision, PartGround, Verdict};
use crate::{Facts, Note, PolicyError, Request, text};

use tables::{Applying, Tables};

pub(crate) use declared::HasName;
pub(crate) use dimension::{Dimension, NO, UNKNOWN, YES};
pub(crate) use document::Rules;
pub(crate) use rule::UNLABELLED;
pub(crate) use tables::locks;
pub(crate) use written::Meaning;

pub use condition::RuleCondition;
pub use rule::{Citation, Rule, RuleEffect};
pub use starter::Starter;

/// Who may see which part of a record, and why: roles and rules, read from TOML. Cheap to clone.
///
/// Whatever no rule permits is refused. Permits are united and refusals subtracted, so the order of rules never matters and
/// any refusal wins.
///
/// ```
/// use chartroom_access::{Action, Facts, Policy, Purpose, Request, ResourceType};
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
/// let (role, at) = ("scheduler".into(), DateTime::UNIX_EPOCH);
/// let request = Request::new("desk-3", role, Action::Read, Purpose::Operations, at);
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
    digest: [u8; 32],
}

impl Policy {
    /// Reads a policy from TOML.
    ///
    /// # Errors
    /// At the first thing that is not understood or not allowed: the error names its line, column and rule.
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        let mut rules = text::read(text).and_then(Rules::read).map_err(|fault| fault.within(text))?;
        for rule in &mut rules.rules {
            rule.place = text::place(text, rule.at);
        }
        let tables = Tables::of(&rules);
        let digest = digest::of(&written::value(&rules).map_err(|fault| fault.within(text))?);
        Ok(Self(Arc::new(Compiled { rules, tables, digest })))
    }

    /// The name of the policy.
    pub fn name(&self) -> &str {
        &self.0.rules.name
    }

    /// The version of the policy.
    pub fn version(&self) -> &str {
        &self.0.rules.version
    }

    /// The SHA-256 hash of what it says, so that its name and version cannot stand for another. Comments, the order of rules and of the
    /// names in a list, and the format of its text do not count; everything else does. Of the default policy, which has no text, it is
    /// all zero.
    pub fn digest(&self) -> [u8; 32] {
        self.0.digest
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

    /// The rules, with what they name.
    pub(crate) fn all(&self) -> &Rules {
        &self.0.rules
    }

    /// What each rule means, in the order of [`rules`](Self::rules).
    pub(crate) fn meanings(&self) -> Vec<Meaning<'_>> {
        written::meanings(&self.0.rules)
    }

    /// Decides one request about one record. Cannot fail, and allocates nothing.
    pub fn decide(&self, request: &Request, facts: &Facts) -> Decision {
        let Compiled { rules, tables, .. } = &*self.0;
        let matches = tables.matches(rules, request, facts);
        let mut verdict = Verdict::new(facts.classes);
        for lock in locks(facts.labels) {
            let (whole, in_part) = matches.opened(lock);
            verdict.leave_shut(whole, in_part);
        }
        let (whole, in_part) = matches.shut(facts.labels);
        verdict.withhold(whole);
        verdict.withhold_part(in_part);
        if let Some(note) = limit(request, facts) {
            verdict.shut(note);
        }
        let obligations = matches.obligations(facts.labels, verdict.opened());
        Decision::new(self.clone(), request, facts, verdict, obligations)
    }

    /// What becomes of a part of a class, by the rules that cover it.
    pub(crate) fn part<'a>(
        &'a self,
        request: &Request,
        facts: &Facts,
        class: Class,
        covers: impl Fn(&Rule) -> bool,
    ) -> PartGround<'a> {
        let Compiled { rules, tables, .. } = &*self.0;
        let matches = tables.matches(rules, request, facts);
        let speaks = |applying: &Applying| {
            let rule = self.rules().get(usize::from(applying.rule));
            rule.filter(|rule| applying.classes.contains(class) && covers(rule))
        };
        if let Some(rule) = matches.refusals(facts.labels).find_map(|refusal| speaks(&refusal)) {
            return PartGround::Withheld(rule);
        }
        let mut granted = None;
        for lock in locks(facts.labels) {
            let permit = matches.permits(lock).find_map(|permit| speaks(&permit));
            match permit {
                Some(rule) => granted = granted.or(Some(rule)),
                None => return PartGround::Silence { lock },
            }
        }
        granted.map_or(PartGround::Silence { lock: rule::UNLABELLED }, PartGround::Granted)
    }
}

/// What withholds a record as a whole, whatever the rules say.
pub(crate) fn limit(request: &Request, facts: &Facts) -> Option<Note> {
    if request.launch.as_deref().is_some_and(|launch| !launch.admits(request.action, facts)) {
        return Some(Note::OutsideScopes);
    }
    request.consents.as_ref().and_then(|consents| consents.withhold(request, facts))
}

impl fmt::Debug for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Policy");
        out.field("name", &self.name()).field("version", &self.version()).field("rules", &self.rules().len());
        out.finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::{LabelSet, Sensitivity};
    use crate::{
        Action, BreakGlass, CareSetting, Circumstances, Clearance, Confidentiality, Declaration, Effect, Glass, Note,
        Purpose, Relationship, ResourceType, Subject,
    };
    use chartroom_record::{Class, ClassSet};
    use chrono::{DateTime, TimeDelta, Utc};
    use proptest::prelude::*;
    use proptest::sample::{select, subsequence};

    fn policy(rules: &str) -> Policy {
        Policy::from_toml(&text(rules)).expect("well formed")
    }

    fn text(rules: &str) -> String {
        format!(
            "[policy]\nname = \"test\"\nversion = \"1\"\n[roles.senior]\ntitle = \"s\"\nextends = [\"junior\"]\n\
             [roles.junior]\ntitle = \"j\"\n[roles.other]\ntitle = \"o\"\n[places]\ner.title = \"e\"\nward.title = \"w\"\n\
             [organizations]\nlab.title = \"l\"\nclinic.title = \"c\"\n[ages.twelve]\nyears = 12\ncites = \"h\"\n\
             dated = 2026-01-01\n[ages.adult]\nyears = 18\ncites = \"h\"\ndated = 2026-01-01\n{rules}"
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
        Request::new("actor", role.into(), Action::Read, Purpose::Treatment, at())
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
        let duties =
            |id: &str| policy(&rules).rules().iter().find(|rule| rule.id() == id).map(|rule| rule.obligations());
        assert!(duties("b").is_some_and(|duties| duties.contains(crate::Obligation::AccountForDisclosure)));
        let plain = decide(&rules, &[]);
        assert_eq!(plain.reason(Class::Name).rule_id(), Some("b"));
        assert_eq!(plain.obligations().iter().count(), 2);
        // The lock of the lower label is tried first.
        let both = decide(&rules, &[Sensitivity::Hiv, Sensitivity::Psychiatry]);
        assert_eq!(both.reason(Class::Name).rule_id(), Some("c"));
        // A permit without the key obliges to nothing, though others open what it grants.
        let keyless = decide(&(rules.clone() + &permit("d", "labels = [\"HIV\"]\n", "ENCRYPT")), &[]);
        assert_eq!(keyless.obligations(), plain.obligations());
        let refused = decide(&(rules + &rule("a", "forbid", "classes = [\"Name\"]")), &[]);
        assert!(refused.obligations().is_empty());
    }

    #[test]
    fn a_refusal_is_told_with_the_label_that_it_names() {
        let rules = rule("a", "permit", "roles = [\"junior\"]\nlabels = [\"HIV\", \"PSY\"]\nclasses = [\"Name\"]")
            + &rule("b", "forbid", "labels = [\"PSY\"]\nclasses = [\"Name\"]")
            + &rule("c", "forbid", "classes = [\"Contact\"]");
        let facts = Facts { labels: LabelSet::of(&[Sensitivity::Hiv, Sensitivity::Psychiatry]), ..facts() };
        let decision = policy(&rules).decide(&request("junior"), &facts);
        assert_eq!(decision.reason(Class::Name).label, Some(Sensitivity::Psychiatry));
        assert_eq!(decision.reason(Class::Contact).label, None);
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
        refused(Facts { labels: LabelSet::from_bits(1 << 63), ..facts() }, Note::UnknownLabel);
        let unknown = Facts { confidentiality: Confidentiality::Unknown, ..facts() };
        refused(unknown.clone(), Note::UnknownConfidentiality);
        assert!(policy.decide(&request("other"), &unknown).is_permitted());
        let restricted = Facts { confidentiality: Confidentiality::Restricted, ..facts() };
        assert!(!policy.decide(&request("other"), &restricted).is_permitted());
        let decision = policy.decide(&request("stranger"), &facts());
        assert_eq!(decision.reason(Class::Name).note, Some(Note::UnknownRole));
    }

    #[test]
    fn a_level_that_nobody_knows_is_within_every_refusal_of_what_is_restricted() {
        let unknown = Facts { confidentiality: Confidentiality::Unknown, ..facts() };
        let rule_about = |effect, levels| {
            rule("x", effect, &format!("roles = [\"junior\"]\nconfidentiality = {levels}\nclasses = [\"all\"]"))
        };
        let open = rule("o", "permit", "roles = [\"junior\"]\nconfidentiality = [\"V\"]\nclasses = [\"all\"]");
        for (levels, opens, shuts) in
            [(r#"["M", "N"]"#, false, false), (r#"["N", "R"]"#, false, true), (r#"["V"]"#, true, true)]
        {
            let permit = permitted(&policy(&rule_about("permit", levels)), &request("junior"), &unknown);
            let refusal = open.clone() + &rule_about("forbid", levels);
            let left = permitted(&policy(&refusal), &request("junior"), &unknown);
            assert_eq!((!permit.is_empty(), left.is_empty()), (opens, shuts), "{levels}");
        }
    }

    #[test]
    fn what_the_scopes_of_a_program_do_not_cover_is_withheld() {
        let rules = rule("a", "permit", "roles = [\"junior\"]\nclasses = [\"Name\", \"Contact\"]")
            + &rule("b", "forbid", "classes = [\"Contact\"]");
        let policy = policy(&rules);
        let through = |scopes: &str| {
            let launch = crate::scope::Launch { scopes: scopes.parse().expect("scopes"), ..Default::default() };
            policy.decide(&Request { launch: Some(launch.into()), ..request("junior") }, &facts())
        };
        assert!(through("user/Condition.r").is_permitted());
        let outside = through("user/Observation.r");
        assert!(!outside.is_permitted());
        assert_eq!(outside.reason(Class::Name).note, Some(Note::OutsideScopes));
        let element = outside.element(Class::Name, "Condition.asserter.display");
        assert_eq!((element.effect, element.note), (Effect::Withheld, Some(Note::OutsideScopes)));
        // Of what rules withhold, they give the reason.
        assert_eq!((outside.reason(Class::Contact).rule_id(), outside.reason(Class::Contact).note), (Some("b"), None));
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
    fn what_is_granted_whole_has_its_reason_in_a_rule_about_all_of_it() {
        let rules =
            rule("a", "permit", "roles = [\"junior\"]\nelements = [\"Condition.note\"]\nclasses = [\"Narrative\"]")
                + &rule("b", "permit", "roles = [\"junior\"]\nclasses = [\"Narrative\"]");
        let policy = policy(&rules);
        let decision = policy.decide(&request("junior"), &facts());
        assert_eq!(decision.permitted(), Class::Narrative.into());
        assert_eq!(decision.reason(Class::Narrative).rule_id(), Some("b"));
        let rule_at = |path| decision.element(Class::Narrative, path).rule_id();
        assert_eq!(rule_at("Condition.note[0].text"), Some("a"));
        assert_eq!(rule_at("Condition.text.div"), Some("b"));
    }

    #[test]
    fn of_what_is_not_there_nothing_is_granted_and_of_what_is_known_nothing_is_noted() {
        let policy = policy(&rule("a", "permit", "roles = [\"junior\"]\nclasses = [\"Name\"]"));
        let decision = policy.decide(&request("junior"), &Facts { classes: Class::Clinical.into(), ..facts() });
        let absent = decision.element(Class::Name, "Condition.asserter.display");
        assert_eq!((absent.effect, absent.rule_id(), absent.note), (Effect::Silence, None, None));
        assert!(!decision.permits(Class::Name, "Condition.asserter.display"));
        assert_eq!(decision.notes().count(), 0);
        assert_eq!(policy.decide(&request("nobody"), &facts()).notes().collect::<Vec<_>>(), [Note::UnknownRole]);
    }

    #[test]
    fn every_band_of_age_has_its_number() {
        // With those of twelve and eighteen that every policy here has, as many as there can be.
        let ages: String = (1..=63)
            .filter(|year| ![12, 18].contains(year))
            .map(|year| format!("[ages.a{year}]\nyears = {year}\ncites = \"h\"\ndated = 2026-01-01\n"))
            .collect();
        let oldest = |year: i32| {
            let rules =
                ages.clone() + &rule("a", "permit", "roles = [\"junior\"]\nage_from = \"a63\"\nclasses = [\"Name\"]");
            let subject = Subject { birth_date: chrono::NaiveDate::from_ymd_opt(year, 1, 1), ..Subject::default() };
            policy(&rules).decide(&request("junior"), &Facts { subject, ..facts() }).is_permitted()
        };
        assert!(oldest(1963) && !oldest(1964) && !oldest(2026));
        let rules = ages + &rule("a", "permit", "roles = [\"junior\"]\nage_from = \"a5\"\nclasses = [\"Name\"]");
        let policy = policy(&rules);
        for (year, open) in [(2019, true), (2020, true), (2022, false), (2026, false)] {
            let subject = Subject { birth_date: chrono::NaiveDate::from_ymd_opt(year, 1, 1), ..Subject::default() };
            let facts = Facts { subject, ..facts() };
            assert_eq!(policy.decide(&request("junior"), &facts).is_permitted(), open, "{year}");
        }
    }

    #[test]
    fn one_age_makes_two_bands() {
        let policy = Policy::from_toml(&format!(
            "[policy]\nname = \"test\"\nversion = \"1\"\n[roles.junior]\ntitle = \"j\"\n[ages.adult]\nyears = 18\ncites = \"h\"\n\
             dated = 2026-01-01\n{}",
            rule("a", "permit", "roles = [\"junior\"]\nage_from = \"adult\"\nclasses = [\"Name\"]")
        ))
        .expect("well formed");
        for (year, open) in [(1990, true), (2020, false)] {
            let subject = Subject { birth_date: chrono::NaiveDate::from_ymd_opt(year, 1, 1), ..Subject::default() };
            let facts = Facts { subject, ..facts() };
            assert_eq!(policy.decide(&request("junior"), &facts).is_permitted(), open, "{year}");
        }
    }

    #[test]
    fn an_element_of_what_is_withheld_has_its_own_reason() {
        let rules = rule("a", "forbid", "elements = [\"Condition.note\"]\nclasses = [\"Narrative\"]")
            + &rule("b", "forbid", "classes = [\"Narrative\"]");
        let decision = policy(&rules).decide(&request("junior"), &facts());
        assert_eq!(decision.reason(Class::Narrative).rule_id(), Some("b"));
        assert_eq!(decision.element(Class::Narrative, "Condition.note[0].text").rule_id(), Some("a"));
    }

    /// Whether one rule with this condition opens a record, as a permit, and shuts it, as a refusal.
    fn opens_and_shuts(condition: &str, request: &Request, facts: &Facts) -> (bool, bool) {
        let open = rule("a", "permit", "roles = [\"junior\"]\nclasses = [\"all\"]");
        let permit = rule("a", "permit", &format!("roles = [\"junior\"]\nclasses = [\"all\"]\n{condition}"));
        let refusal = open + &rule("b", "forbid", &format!("classes = [\"all\"]\n{condition}"));
        let decide = |rules: &str| policy(rules).decide(request, facts).is_permitted();
        (decide(&permit), !decide(&refusal))
    }

    #[test]
    fn what_is_not_known_satisfies_refusals_and_no_permit() {
        const YES: (bool, bool) = (true, true);
        const NO: (bool, bool) = (false, false);
        const UNKNOWN: (bool, bool) = (false, true);
        let around = |change: fn(&mut Circumstances)| {
            let mut circumstances = Circumstances::default();
            change(&mut circumstances);
            Request { circumstances: Some(circumstances.into()), ..request("junior") }
        };
        let nothing = request("junior");
        let with = |change: fn(&mut Facts)| {
            let mut facts = facts();
            change(&mut facts);
            facts
        };
        let born = |year| chrono::NaiveDate::from_ymd_opt(year, 2, 25);
        for (condition, request, facts, expected) in [
            ("places = [\"er\"]", around(|c| c.place = Some("er".into())), facts(), YES),
            ("places = [\"er\"]", around(|c| c.place = Some("ward".into())), facts(), NO),
            ("places = [\"er\"]", around(|c| c.place = Some("street".into())), facts(), UNKNOWN),
            ("places = [\"er\"]", nothing.clone(), facts(), UNKNOWN),
            ("places = [\"ward\"]", around(|c| c.place = Some("ward".into())), facts(), YES),
            ("organizations = [\"lab\"]", around(|c| c.organization = Some("lab".into())), facts(), YES),
            ("organizations = [\"lab\"]", around(|c| c.organization = Some("clinic".into())), facts(), NO),
            ("organizations = [\"lab\"]", nothing.clone(), facts(), UNKNOWN),
            ("own_chart = true", around(|c| c.person = Some("p".into())), facts(), YES),
            ("own_chart = true", around(|c| c.person = Some("".into())), facts(), NO),
            ("own_chart = true", nothing.clone(), facts(), UNKNOWN),
            ("own_chart = true", nothing.clone(), with(|f| f.patient = None), NO),
            ("care_settings = [\"EMER\"]", nothing.clone(), with(|f| f.care_setting = CareSetting::Emergency), YES),
            ("care_settings = [\"EMER\"]", nothing.clone(), with(|f| f.care_setting = CareSetting::Home), NO),
            ("care_settings = [\"EMER\"]", nothing.clone(), facts(), UNKNOWN),
            ("vip = true", nothing.clone(), with(|f| f.subject.vip = Some(true)), YES),
            ("vip = true", nothing.clone(), with(|f| f.subject.vip = Some(false)), NO),
            ("vip = false", nothing.clone(), facts(), UNKNOWN),
            ("deceased = true", nothing.clone(), with(|f| f.subject.deceased = Some(true)), YES),
            ("deceased = true", nothing.clone(), facts(), UNKNOWN),
            ("cleared = true", nothing.clone(), facts(), NO),
            ("originator = true", nothing.clone(), with(|f| f.originator = Some("actor".into())), YES),
            ("originator = true", nothing.clone(), with(|f| f.originator = Some("another".into())), NO),
            ("originator = true", nothing.clone(), facts(), UNKNOWN),
            ("originator = false", nothing.clone(), facts(), UNKNOWN),
            ("types = [\"Condition\"]", nothing.clone(), with(|f| f.resource_type = ResourceType::of("Patient")), NO),
        ] {
            assert_eq!(opens_and_shuts(condition, &request, &facts), expected, "{condition}");
        }
        // The request is of 2026-02-25.
        for (condition, year, expected) in [
            ("age_below = \"adult\"", 2009, YES),
            ("age_below = \"adult\"", 2008, NO),
            ("age_from = \"twelve\"\nage_below = \"adult\"", 2014, YES),
            ("age_from = \"twelve\"\nage_below = \"adult\"", 2015, NO),
        ] {
            let facts = Facts { subject: Subject { birth_date: born(year), ..Subject::default() }, ..facts() };
            assert_eq!(opens_and_shuts(condition, &nothing, &facts), expected, "{condition} {year}");
        }
        assert_eq!(opens_and_shuts("age_below = \"adult\"", &nothing, &facts()), UNKNOWN);
        let lab = around(|c| c.organization = Some("lab".into()));
        let kept_by = |name: &str| Facts { organization: Some(name.into()), ..facts() };
        assert_eq!(opens_and_shuts("own_organization = true", &lab, &kept_by("lab")), YES);
        assert_eq!(opens_and_shuts("own_organization = true", &lab, &kept_by("clinic")), NO);
        assert_eq!(opens_and_shuts("own_organization = true", &lab, &facts()), UNKNOWN);
        let cleared = around(|c| {
            let clearance = Clearance { confidentiality: Confidentiality::Normal, labels: LabelSet::NONE };
            c.clearance = Some(clearance);
        });
        assert_eq!(opens_and_shuts("cleared = true", &cleared, &facts()), YES);
    }

    #[test]
    fn refusals_reach_a_type_that_nobody_knows() {
        let policy = policy(&rule("a", "forbid", "types = [\"Condition\"]\nclasses = [\"Name\"]"));
        let unknown = Facts { resource_type: ResourceType::UNKNOWN, ..facts() };
        assert_eq!(policy.decide(&request("junior"), &unknown).reason(Class::Name).rule_id(), Some("a"));
    }

    #[test]
    fn a_relationship_that_is_over_is_none() {
        let rules = rule("a", "permit", "roles = [\"junior\"]\nrelationships = [\"treating\"]\nclasses = [\"all\"]");
        let policy = policy(&rules);
        let tied = |until| Request {
            relationship: crate::Tie { until, ..Relationship::Treating.into() },
            ..request("junior")
        };
        assert!(policy.decide(&tied(None), &facts()).is_permitted());
        let over = policy.decide(&tied(Some(at())), &facts());
        assert!(!over.is_permitted());
        assert_eq!(over.reason(Class::Name).note, Some(Note::RelationshipOver));
    }

    #[test]
    fn elements_are_granted_and_withheld_by_their_paths() {
        let rules = rule("a", "permit", "roles = [\"junior\"]\nelements = [\"Patient.contact\"]\nclasses = [\"Name\"]")
            + &rule("b", "permit", "roles = [\"junior\"]\ntypes = [\"Patient\"]\nclasses = [\"Contact\"]")
            + &rule("c", "forbid", "elements = [\"Patient.contact.telecom\"]\nclasses = [\"all\"]");
        let policy = policy(&rules);
        let patient = Facts { resource_type: ResourceType::of("Patient"), ..facts() };
        let decision = policy.decide(&request("junior"), &patient);
        assert!(decision.is_permitted() && decision.permitted().is_empty());
        assert_eq!(decision.in_part(), ClassSet::of(&[Class::Name, Class::Contact]));
        assert_eq!(decision.reason(Class::Name).effect, Effect::InPart);
        assert!(decision.permits(Class::Name, "Patient.contact[0].name.family"));
        assert!(!decision.permits(Class::Name, "Patient.name[0].family"));
        assert!(decision.permits(Class::Contact, "Patient.telecom[0].value"));
        let shut = decision.element(Class::Contact, "Patient.contact[1].telecom[0].value");
        assert_eq!((shut.effect, shut.rule_id()), (Effect::Withheld, Some("c")));
        assert!(!decision.permits(Class::Clinical, "Patient.contact[0]"));
        assert!(!policy.decide(&request("junior"), &facts()).is_permitted());
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
    fn by_the_book(policy: &Policy, request: &Request, facts: &Facts) -> (ClassSet, ClassSet) {
        let number = |dimension: &Dimension| dimension.number(&policy.0.rules, request, facts);
        let applies = |rule: &&Rule| {
            let held = |index: usize| policy.0.rules.roles[index].covers;
            let roles = request.roles.iter().filter_map(|role| policy.0.rules.role(role));
            rule.holds_for(roles.fold(0, |all, role| all | held(role)))
                && Dimension::ALL.iter().all(|dimension| rule.admits(*dimension, number(dimension)))
        };
        let classes = |rules: &[&Rule]| rules.iter().fold(ClassSet::NONE, |all, rule| all.union(rule.classes));
        let (permits, refusals): (Vec<&Rule>, Vec<&Rule>) =
            policy.rules().iter().filter(applies).partition(|rule| rule.effect == RuleEffect::Permit);
        let locks: Vec<usize> = match facts.labels.is_empty() {
            true => vec![rule::UNLABELLED],
            false => facts.labels.iter().map(|label| label as usize).collect(),
        };
        let opened = |whole: bool| {
            locks.iter().fold(facts.classes, |all, lock| {
                let keys: Vec<_> = permits.iter().copied().filter(|rule| rule.opens(*lock)).collect();
                let keys = keys.into_iter().filter(|rule| !whole || rule.elements.is_none()).collect::<Vec<_>>();
                all.intersection(classes(&keys))
            })
        };
        let reaching: Vec<_> = refusals.into_iter().filter(|rule| locks.iter().any(|lock| rule.opens(*lock))).collect();
        let shut: Vec<_> = reaching.iter().copied().filter(|rule| rule.elements.is_none()).collect();
        (opened(true).without(classes(&reaching)), opened(false).without(classes(&shut)))
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
        let elements = line("elements", vec!["Condition.note", "Condition.code", "Patient.contact"], false);
        let flags = ["originator", "break_glass", "own_organization", "cleared", "own_chart", "vip", "deceased"];
        let rare = (
            line("places", vec!["er", "ward"], false),
            line("organizations", vec!["lab", "clinic"], false),
            line("care_settings", vec!["AMB", "IMP"], false),
            select(vec!["", "", "age_from = \"twelve\"\n", "age_below = \"adult\"\n"]),
            flags.map(flag),
        );
        let rare = proptest::option::weighted(0.4, rare).prop_map(|rare| {
            rare.map_or(String::new(), |(a, b, c, d, flags)| [a, b, c, d.to_owned(), flags.concat()].concat())
        });
        (effect, lists, elements, rare).prop_map(|(effect, lists, elements, rare)| {
            let (a, b, c, d, e, f, g, h) = lists;
            // Elements name the types themselves.
            let d = if elements.is_empty() { d } else { elements };
            let lines = [a, b, c, d, e, f, g, h, rare].concat();
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
        let around = (
            select(vec![None, Some("er"), Some("street")]),
            select(vec![None, Some("lab"), Some("clinic")]),
            select(vec![None, Some("p"), Some("q")]),
            subsequence(LABELS.to_vec(), 0..=3),
            any::<bool>(),
        );
        let more = (
            select(vec![None, Some("lab"), Some("clinic")]),
            select(vec![CareSetting::Unknown, CareSetting::Ambulatory, CareSetting::Inpatient]),
            select(vec![None, Some(true), Some(false)]),
            select(vec![None, Some(true), Some(false)]),
            select(vec![None, Some(2000), Some(2010), Some(2020)]),
        );
        (who, what, record, around, more).prop_map(|(who, (action, purpose, relationship), record, around, more)| {
            let (role, originator, broken) = who;
            let (kind, labels, confidentiality, classes) = record;
            let (place, organization, person, cleared, clear) = around;
            let (keeper, care_setting, vip, deceased, born) = more;
            let clearance = Clearance { confidentiality: Confidentiality::Restricted, labels: LabelSet::of(&cleared) };
            let circumstances = Circumstances {
                place: place.map(Into::into),
                address: None,
                organization: organization.map(Into::into),
                person: person.map(Into::into),
                clearance: clear.then_some(clearance),
            };
            let declaration = Declaration {
                actor: "actor",
                patient: "p",
                reason: "unconscious",
                at: at(),
                lasts: TimeDelta::hours(1),
            };
            let break_glass = if broken { BreakGlass::declare(declaration).ok() } else { None };
            let request = Request { action, purpose, relationship: relationship.into(), break_glass, ..request(role) };
            let request = Request { circumstances: Some(circumstances.into()), ..request };
            let facts = Facts {
                labels: labels.into_iter().collect(),
                confidentiality,
                originator: Some(originator.into()),
                patient: Some("p".into()),
                organization: keeper.map(Into::into),
                care_setting,
                subject: Subject {
                    vip,
                    deceased,
                    birth_date: born.and_then(|year| chrono::NaiveDate::from_ymd_opt(year, 1, 1)),
                },
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
                let (permitted, opened) = by_the_book(&policy, &request, &facts);
                prop_assert_eq!(decision.permitted(), permitted);
                prop_assert_eq!(decision.in_part(), opened.without(permitted));
                prop_assert_eq!(decision.is_permitted(), !opened.is_empty());
                prop_assert_eq!(policy.filter(&request).matches(&facts), decision.is_permitted());
                for reason in decision.reasons() {
                    let granted = matches!(reason.effect, Effect::Granted | Effect::InPart);
                    prop_assert_eq!(granted, opened.contains(reason.class));
                    prop_assert_eq!(reason.effect == Effect::Granted, permitted.contains(reason.class));
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
            let digest = |rules| policy(&numbered(rules)).digest();
            prop_assert_eq!(digest(&ordered), digest(&shuffled));
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
