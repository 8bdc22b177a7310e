//! Decisions: what was permitted, and why.

use std::fmt;

use chartroom_record::{Class, ClassSet};

use crate::label::{Labelled, Sensitivity};
use crate::{Citation, Confidentiality, Facts, Glass, Obligations, Policy, Request, ResourceType, Rule};

/// The answer to a [`Request`] about a record, with the rules behind it. Only [`Policy::decide`] makes one.
///
/// It owns what it needs to explain itself, and says which policy made it, so it can go to the audit trail as it is.
/// It holds for the facts it was made on, so whoever acts on it must have taken the facts from the record itself.
#[must_use = "an unread decision protects nothing"]
pub struct Decision {
    policy: Policy,
    request: Request,
    facts: Facts,
    glass: Glass,
    verdict: Verdict,
    obligations: Obligations,
}

impl Decision {
    pub(crate) fn new(
        policy: Policy,
        request: &Request,
        facts: &Facts,
        verdict: Verdict,
        obligations: Obligations,
    ) -> Self {
        Self {
            policy,
            request: request.clone(),
            facts: facts.clone(),
            glass: Glass::of(request, facts),
            verdict,
            obligations,
        }
    }

    /// The classes of information that may be seen whole. Everything else is withheld, but for what
    /// [`in_part`](Self::in_part) tells of.
    pub fn permitted(&self) -> ClassSet {
        self.verdict.permitted
    }

    /// The classes of which some elements may be seen: which, [`element`](Self::element) says. Whoever does not ask it
    /// withholds them.
    pub fn in_part(&self) -> ClassSet {
        self.verdict.opened.without(self.verdict.permitted)
    }

    /// The classes of the record that are withheld, whole or in part.
    pub fn withheld(&self) -> ClassSet {
        self.facts.classes.without(self.verdict.permitted)
    }

    /// Whether anything at all may be seen, whole or in part.
    pub fn is_permitted(&self) -> bool {
        !self.verdict.opened.is_empty()
    }

    /// Whether the element of this class at this path, such as `Patient.contact[0].name`, may be seen.
    pub fn permits(&self, class: Class, path: &str) -> bool {
        self.verdict.permitted.contains(class)
            || self.in_part().contains(class) && self.element(class, path).effect == Effect::Granted
    }

    /// What whoever receives it must also do, or must not do.
    pub fn obligations(&self) -> Obligations {
        self.obligations
    }

    /// The request that was decided.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The facts it was decided on. They may have been sealed, so whoever has the decision does not get them by it.
    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The policy that decided, with its name and version.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// How the glass stood.
    pub fn glass(&self) -> Glass {
        self.glass
    }

    /// For every class of the record, what granted or withheld it.
    ///
    /// Reasons name labels. They are for the audit trail and the privacy office: whoever may not see that a record speaks of HIV may
    /// not see the reason either. For them there is [`notice`](Self::notice).
    pub fn reasons(&self) -> impl Iterator<Item = Reason<'_>> {
        self.facts.classes.iter().map(|class| self.reason(class))
    }

    /// Why this class was granted or withheld.
    pub fn reason(&self, class: Class) -> Reason<'_> {
        if !self.facts.classes.contains(class) {
            return Reason::silence(class);
        }
        if self.verdict.permitted.contains(class) {
            return self.part(class, |rule| rule.elements().is_none());
        }
        match self.verdict.shut {
            Some((classes, note)) if classes.contains(class) => {
                Reason { effect: Effect::Withheld, note: Some(note), ..Reason::silence(class) }
            }
            // A refusal of some elements is no reason for the whole.
            _ => match self.part(class, |rule| rule.permits() || rule.elements().is_none()) {
                reason if reason.effect == Effect::Granted => Reason { effect: Effect::InPart, ..reason },
                reason => reason,
            },
        }
    }

    /// Why the element of this class at this path was granted or withheld.
    pub fn element(&self, class: Class, path: &str) -> Reason<'_> {
        let reason = self.reason(class);
        let by_rules = self.facts.classes.contains(class) && !reason.is_beside_rules();
        if by_rules { self.part(class, |rule| rule.covers(path)) } else { reason }
    }

    /// Why a part of a class was granted or withheld that these rules cover.
    fn part(&self, class: Class, covers: impl Fn(&Rule) -> bool) -> Reason<'_> {
        let reason = Reason::silence(class);
        match self.policy.part(&self.request, &self.facts, class, covers) {
            PartGround::Granted(rule) => {
                Reason { effect: Effect::Granted, rule: Some(rule), label: self.facts.labels.iter().next(), ..reason }
            }
            PartGround::Withheld(rule) => {
                Reason { effect: Effect::Withheld, rule: Some(rule), label: self.label_named_by(rule), ..reason }
            }
            PartGround::Silence { lock } => {
                Reason { label: Sensitivity::ALL.get(lock).copied(), note: self.notes().next(), ..reason }
            }
        }
    }

    fn label_named_by(&self, rule: &Rule) -> Option<Sensitivity> {
        self.facts.labels.iter().find(|label| rule.names(*label))
    }

    /// The consents that say something about the request, by the ids of their `Consent` resources. Like reasons they tell what a record is
    /// about, so they are for the audit trail and the privacy office.
    pub fn consents(&self) -> impl Iterator<Item = &str> {
        let consents = self.request.consents.iter();
        consents.flat_map(|consents| consents.speaking(&self.request, &self.facts))
    }

    /// What kept rules from applying that might have been expected to.
    pub fn notes(&self) -> impl Iterator<Item = Note> {
        let tie = self.request.relationship;
        let unknown_role = self.request.roles.iter().any(|role| !self.policy.has_role(role));
        [
            (self.facts.resource_type == ResourceType::UNKNOWN, Note::UnknownType),
            (self.facts.labels.contains(Sensitivity::Unknown), Note::UnknownLabel),
            (self.facts.confidentiality == Confidentiality::Unknown, Note::UnknownConfidentiality),
            (self.glass == Glass::Expired, Note::GlassExpired),
            (self.glass == Glass::NotYet, Note::GlassNotYetBroken),
            (self.glass == Glass::Elsewhere, Note::GlassElsewhere),
            (unknown_role, Note::UnknownRole),
            (tie.at(self.request.at) != tie.relationship, Note::RelationshipOver),
        ]
        .into_iter()
        .filter_map(|(holds, note)| holds.then_some(note))
    }

    /// The decision in plain words, for the privacy office. See [`Explanation::from_codes`] for the codes behind the labels.
    pub fn explain(&self) -> Explanation<'_> {
        Explanation { decision: self, codes: &[] }
    }

    /// What the person who asked may be told: which classes are withheld, and not why.
    pub fn notice(&self) -> String {
        match self.withheld() {
            ClassSet::NONE => "Nothing is withheld.".to_owned(),
            withheld => format!("Withheld: {}.", names(withheld)),
        }
    }
}

/// Leaves out who asked, and about whom.
impl fmt::Debug for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { policy, request: _, facts: _, glass, verdict, obligations } = self;
        let mut out = f.debug_struct("Decision");
        out.field("policy", policy).field("permitted", &verdict.permitted).field("obligations", obligations);
        out.field("glass", glass).finish_non_exhaustive()
    }
}

/// Why one class was granted or withheld.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Reason<'a> {
    /// The class.
    pub class: Class,
    /// What became of it.
    pub effect: Effect,
    /// The rule that granted or withheld it; none where no rule spoke. Of several, the first by id.
    pub rule: Option<&'a Rule>,
    /// The label that the rule opened or closed, or that no rule opened.
    pub label: Option<Sensitivity>,
    /// What kept rules from applying.
    pub note: Option<Note>,
}

impl<'a> Reason<'a> {
    /// No rule speaks.
    fn silence(class: Class) -> Self {
        Self { class, effect: Effect::Silence, rule: None, label: None, note: None }
    }

    /// The id of the rule.
    pub fn rule_id(&self) -> Option<&'a str> {
        self.rule.map(Rule::id)
    }

    /// The law or house rule it rests on.
    pub fn citation(&self) -> Option<&'a Citation> {
        self.rule.map(Rule::citation)
    }

    /// Whether it withholds for something that is in no rule.
    fn is_beside_rules(&self) -> bool {
        self.effect == Effect::Withheld && self.rule.is_none()
    }

    /// The ground without the class, to put reasons together that are alike.
    fn ground(&self) -> (Effect, Option<&'a str>, Option<Sensitivity>, Option<Note>) {
        (self.effect, self.rule_id(), self.label, self.note)
    }

    fn write_ground(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.effect.words())?;
        if let Some(rule) = self.rule {
            write!(f, " by rule `{}` ({})", rule.id(), rule.citation())?;
        }
        for (index, element) in self.rule.and_then(Rule::elements).into_iter().flatten().enumerate() {
            write!(f, "{} {element}", if index == 0 { " about" } else { "," })?;
        }
        if let Some(label) = self.label {
            write!(f, ", label {label} ({})", label.words())?;
        }
        if let Some(note) = self.note {
            write!(f, ": {note}")?;
        }
        if let Some(because) = self.rule.and_then(Rule::because) {
            write!(f, ": {because}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.class)?;
        self.write_ground(f)
    }
}

/// What became of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    /// A permit granted it and no refusal applied.
    Granted,
    /// Permits granted some of its elements, or refusals withheld some.
    InPart,
    /// A refusal withheld it.
    Withheld,
    /// No permit granted it.
    Silence,
}

impl Effect {
    fn words(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::InPart => "granted in part",
            Self::Withheld => "withheld",
            Self::Silence => "withheld, for no rule grants it",
        }
    }
}

/// What kept rules from applying that might have been expected to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Note {
    /// FHIR R4 has no such resource type; no permit covers it.
    #[error("the resource type is unknown, so no permit covers it")]
    UnknownType,
    /// A label is not known, so it counts as restricted.
    #[error("a label of the record is unknown, so it counts as restricted")]
    UnknownLabel,
    /// The confidentiality is not known, so it counts as very restricted.
    #[error("the confidentiality of the record is unknown, so it counts as very restricted")]
    UnknownConfidentiality,
    /// The time of the broken glass is over.
    #[error("the time for which the glass was broken is over")]
    GlassExpired,
    /// The time of the broken glass is still to come.
    #[error("the glass is declared broken for a later time")]
    GlassNotYetBroken,
    /// The glass was broken by someone else or for another patient.
    #[error("the glass was broken by another person or for another patient")]
    GlassElsewhere,
    /// The policy does not have the role.
    #[error("the policy does not know a role of the request")]
    UnknownRole,
    /// The relationship to the patient had not begun, or was over.
    #[error("the relationship to the patient does not hold at the time of the request")]
    RelationshipOver,
    /// The program through which they ask has no scope for it.
    #[error("the scopes of the program do not cover it")]
    OutsideScopes,
    /// The patient refuses it.
    #[error("a consent of the patient refuses it")]
    ConsentRefuses,
    /// A consent of the patient cannot be computed, so it may refuse it.
    #[error("a consent of the patient cannot be computed, so someone must look at it")]
    ConsentUnclear,
}

/// A [`Decision`] in plain words, by [`Display`](fmt::Display), and in FHIR.
#[derive(Clone, Copy)]
pub struct Explanation<'a> {
    decision: &'a Decision,
    codes: &'a [Labelled<'a>],
}

impl<'a> Explanation<'a> {
    /// Also tells which codes of the record gave it its labels.
    #[must_use]
    pub fn from_codes(self, codes: &'a [Labelled<'a>]) -> Self {
        Self { codes, ..self }
    }

    /// What became of the classes, those together that have the same reason.
    pub(crate) fn told(&self) -> Vec<Told<'a>> {
        let mut all: Vec<Told<'a>> = Vec::new();
        for reason in self.decision.reasons() {
            match all.iter_mut().find(|told| told.reason.ground() == reason.ground()) {
                Some(told) => told.classes.insert(reason.class),
                None => all.push(Told { classes: reason.class.into(), reason }),
            }
        }
        all
    }

    /// The labels whose codes are known, each with the code and where it is listed.
    pub(crate) fn labels(&self) -> impl Iterator<Item = (Sensitivity, String)> {
        self.codes.iter().map(|why| {
            let Labelled { label, system, code, source, dated } = why;
            let listed = match why.is_without_code() {
                true => "the record".to_owned(),
                false => format!("code {code} of {system}"),
            };
            (*label, format!("{listed} is listed in {source}, {dated}"))
        })
    }

    pub(crate) fn decision(&self) -> &'a Decision {
        self.decision
    }
}

/// Classes of which the same became for the same reason.
pub(crate) struct Told<'a> {
    pub(crate) classes: ClassSet,
    pub(crate) reason: Reason<'a>,
}

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", names(self.classes))?;
        self.reason.write_ground(f)
    }
}

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Decision { policy, request, facts, obligations, .. } = self.decision;
        write!(f, "{} {} for {} ({})", request.action, facts.resource_type, request.purpose, request.purpose.words())?;
        writeln!(f, ", confidentiality {}, by policy {} {}", facts.confidentiality, policy.name(), policy.version())?;
        for told in self.told() {
            writeln!(f, "- {told}")?;
        }
        for (label, code) in self.labels() {
            writeln!(f, "- label {label}: {code}")?;
        }
        for obligation in obligations.iter() {
            writeln!(f, "- obligation {obligation}: {}", obligation.words())?;
        }
        Ok(())
    }
}

fn names(classes: ClassSet) -> String {
    classes.iter().map(Class::name).collect::<Vec<_>>().join(", ")
}

/// What becomes of a part of a class.
pub(crate) enum PartGround<'a> {
    Granted(&'a Rule),
    Withheld(&'a Rule),
    Silence { lock: usize },
}

/// What became of the classes, while a policy decides and after. Which rules did it is found when someone asks.
#[derive(Clone, Copy)]
pub(crate) struct Verdict {
    /// The classes of which something is open.
    opened: ClassSet,
    /// Those of which everything is.
    permitted: ClassSet,
    /// What rules had opened, and something else withholds.
    shut: Option<(ClassSet, Note)>,
}

impl Verdict {
    /// Every class present counts as permitted until a lock stays shut; there is always at least one lock.
    pub(crate) fn new(present: ClassSet) -> Self {
        Self { opened: present, permitted: present, shut: None }
    }

    pub(crate) fn opened(&self) -> ClassSet {
        self.opened
    }

    /// All permits have spoken on a lock: what they did not open stays shut.
    pub(crate) fn leave_shut(&mut self, whole: ClassSet, in_part: ClassSet) {
        self.opened = self.opened.intersection(whole.union(in_part));
        self.permitted = self.permitted.intersection(whole);
    }

    /// A refusal withholds these classes, granted or not.
    pub(crate) fn withhold(&mut self, classes: ClassSet) {
        self.opened = self.opened.without(classes);
        self.permitted = self.permitted.without(classes);
    }

    /// A refusal withholds some elements of these classes.
    pub(crate) fn withhold_part(&mut self, classes: ClassSet) {
        self.permitted = self.permitted.without(classes);
    }

    /// Withholds everything, for a reason that is in no rule. Of what rules withhold, they give the reason.
    pub(crate) fn shut(&mut self, note: Note) {
        self.shut = Some((self.opened, note));
        (self.opened, self.permitted) = (ClassSet::NONE, ClassSet::NONE);
    }
}

#[cfg(test)]
mod tests {
    use crate::label::LabelSets;
    use crate::{Action, Facts, Policy, Purpose, Relationship, Request, ResourceType};
    use chartroom_record::{Class, ClassSet};
    use chrono::DateTime;

    const ICD10CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";

    fn request(role: &str, purpose: Purpose, relationship: Relationship) -> Request {
        Request {
            relationship: relationship.into(),
            ..Request::new("ada-byron", role.into(), Action::Read, purpose, DateTime::UNIX_EPOCH)
        }
    }

    fn opioid_condition() -> Facts {
        Facts {
            labels: LabelSets::starter().of(ICD10CM, "F11.20"),
            patient: Some("patient-17".into()),
            ..Facts::new(ResourceType::of("Condition"), ClassSet::of(&[Class::Clinical, Class::ServiceDate]))
        }
    }

    #[test]
    fn explains_from_code_to_citation() {
        let labels = LabelSets::starter();
        let decision = Policy::starter()
            .decide(&request("billing-clerk", Purpose::Payment, Relationship::None), &opioid_condition());
        let codes: Vec<_> = labels.why(ICD10CM, "F11.20").collect();
        assert_eq!(
            decision.explain().from_codes(&codes).to_string(),
            "read Condition for HPAYMT (healthcare payment), confidentiality N, by policy practice 2026-11\n\
             - ServiceDate, Clinical: withheld by rule `part-2-consent` (42 CFR 2.31 and 2.33, 2024-04-16), label ETH \
             (substance use): Substance use records need the patient's written consent for payment, operations and research.\n\
             - label ETH: code F11.20 of http://hl7.org/fhir/sid/icd-10-cm is listed in ICD-10-CM: alcohol and drug related \
             disorders, counseling and findings, 2025-10-01\n\
             - label OPIOIDUD: code F11.20 of http://hl7.org/fhir/sid/icd-10-cm is listed in ICD-10-CM: opioid related \
             disorders, 2025-10-01\n"
        );
        assert_eq!(decision.notice(), "Withheld: ServiceDate, Clinical.");
    }

    #[test]
    fn explains_what_it_obliges_to() {
        let decision = Policy::starter()
            .decide(&request("physician", Purpose::Treatment, Relationship::Treating), &opioid_condition());
        let told = decision.explain().to_string();
        assert!(
            told.contains(
                "- ServiceDate, Clinical: granted by rule `part-2-treatment` (42 CFR 2.12(c)(3), 2024-04-16)"
            )
        );
        assert!(told.contains("- obligation NORDSCLCD: do not redisclose it without a consent directive"));
        assert_eq!(decision.notice(), "Nothing is withheld.");
    }

    #[test]
    fn logs_no_person_and_no_label() {
        let decision =
            Policy::starter().decide(&request("nurse", Purpose::Treatment, Relationship::None), &opioid_condition());
        let shown = format!("{decision:?}");
        for hidden in ["ada", "patient-17", "ETH", "SubstanceUse"] {
            assert!(!shown.contains(hidden), "{hidden}");
        }
    }
}
