//! Privacy consents: FHIR R4 `Consent` by the profile IHE Privacy Consent on FHIR (PCF), and what several of them say together.
//!
//! A consent withholds what the patient refuses. It opens only what the policy has a rule for that names such a consent as its
//! condition, `consents = ["part-2"]`: the policy stays the authority, and a consent alone never permits. What of it cannot be
//! computed is told by [`NotComputable`], opens nothing, and withholds like a refusal until someone has looked at it.
//!
//! A consent that names no purpose agrees to every purpose but use in legal proceedings, which has to be named (42 CFR 2.31(d)).
//! What a consent refuses of one author it refuses of a record whose author is not known, with no exception that permits.
//!
//! What the law wants signed on paper is a [`Form`]: the consent to use of substance use disorder records (42 CFR 2.31) and the
//! authorization (45 CFR 164.508). It opens nothing before all that must stand on it does, and it never withholds.
//!
//! A restriction that the house has agreed to (45 CFR 164.522(a)) is a consent with a refusal. The one it must agree to, not to
//! tell the health plan of what the patient paid for in full, is a label on the records: `HIPAASelfPay`
//! ([`Sensitivity::SelfPay`](crate::label::Sensitivity::SelfPay)), a lock like any other.
//!
//! <https://profiles.ihe.net/ITI/PCF/>

mod asked;
mod form;
mod kind;
mod provision;
mod read;

use std::fmt;
use std::sync::Arc;

use chartroom_record::resource::Consent;
use chrono::{DateTime, Utc};
use smol_str::SmolStr;

use crate::{Facts, Glass, Note, Relationship, Request};

use provision::Provision;

pub(crate) use asked::Asked;
pub use form::{Element, Form, FormFault, Signed};
pub use kind::ConsentKind;
pub(crate) use provision::local;
pub use read::{ConsentFault, NotComputable};

/// What a provision does with what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConsentEffect {
    /// The patient agrees.
    Permit,
    /// The patient refuses.
    Deny,
}

/// A consent that was read in full: every element that bears on access is understood.
#[derive(Clone)]
pub struct Directive {
    id: Option<SmolStr>,
    patient: SmolStr,
    dated: DateTime<Utc>,
    /// The last moment at which it can have been made: of a date, the end of its day, month or year.
    dated_at_last: DateTime<Utc>,
    root: Provision,
}

impl Directive {
    /// Reads a consent by the PCF profile: basic, intermediate (period, actors, purposes, authors, one level of exceptions) and
    /// advanced (security labels). `None` if it is not in force by its status, or is no privacy consent: one to treatment or
    /// to take part in research, or an advance directive.
    ///
    /// # Errors
    /// Something in it cannot be computed.
    pub fn read(consent: &Consent) -> Result<Option<Self>, NotComputable> {
        read::directive(consent)
    }

    /// The id of the `Consent` that it was read from.
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// When it was made; of a date, its first moment.
    pub fn dated(&self) -> DateTime<Utc> {
        self.dated
    }

    /// What it says about a request for a record; `None` if it says nothing: it is about another patient, another time, or
    /// others than those that it names.
    pub fn says(&self, request: &Request, facts: &Facts) -> Option<ConsentEffect> {
        let holds = self.is_about(facts) && self.root.holds(request, facts);
        let effect = if holds { self.root.effect_on(request, facts) } else { None };
        effect.filter(|effect| is_denial(*effect) || self.root.is_known_to_hold(request))
    }

    /// The moment by which it competes with others: what it refuses may have been refused as late as its date allows.
    fn counts_from(&self, effect: ConsentEffect) -> DateTime<Utc> {
        if is_denial(effect) { self.dated_at_last } else { self.dated }
    }

    /// Whether the record is known to be about the patient who made it.
    fn is_about(&self, facts: &Facts) -> bool {
        facts.patient.as_deref().is_some_and(|patient| provision::same(&self.patient, "Patient", patient))
    }
}

/// Leaves out whose consent it is, and to what.
impl fmt::Debug for Directive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id: _, patient: _, dated, dated_at_last: _, root: _ } = self;
        f.debug_struct("Directive").field("dated", dated).finish_non_exhaustive()
    }
}

/// How several consents that apply to one request combine. There is no default: the house must choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Combination {
    /// Any refusal wins.
    DenyOverrides,
    /// The one made last wins; of those made at one moment, a refusal. A refusal dated by the day, the month or the year counts as
    /// made at its end.
    NewestWins,
}

/// The consents of a patient, for a [`Request`]. Cheap to clone.
///
/// They are matched with a record by [`Facts::patient`]. A record of another patient, or of one who is not known, is withheld as
/// unclear. A vault knows patients by their tokens alone, so there a consent must name the token as its patient.
///
/// They bear on reading, finding and handing on. They do not bind the patient, nor whoever has broken the glass for the
/// patient's records (45 CFR 164.522(a)(1)(iii)).
///
/// ```
/// use chartroom_access::consent::{Combination, ConsentEffect, Consents};
/// use chartroom_access::{Action, Facts, Policy, Purpose, Relationship, Request, ResourceType};
/// use chartroom_record::{ClassSet, Mode, Resource, parse};
/// use chrono::DateTime;
///
/// let text = br#"{"resourceType":"Consent","status":"active","patient":{"reference":"Patient/7"},"dateTime":"2026-01-02",
///   "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
///   "provision":{"type":"deny"}}"#;
/// let Resource::Consent(consent) = parse(text, Mode::Lenient)?.into_resource() else { panic!("a consent") };
/// let consents = Consents::read([&*consent], Combination::DenyOverrides);
/// assert!(consents.not_computable().next().is_none());
///
/// let at = DateTime::from_timestamp(1_772_000_000, 0).unwrap();
/// let request = Request {
///     relationship: Relationship::Treating.into(),
///     consents: Some(consents),
///     ..Request::new("dr-osei", "physician".into(), Action::Read, Purpose::Treatment, at)
/// };
/// let facts = Facts { patient: Some("7".into()), ..Facts::new(ResourceType::of("Condition"), ClassSet::ALL) };
/// assert!(!Policy::starter().decide(&request, &facts).is_permitted());
/// # Ok::<(), chartroom_record::Issues>(())
/// ```
#[derive(Clone)]
pub struct Consents(Arc<Several>);

#[derive(Clone)]
struct Several {
    directives: Vec<Directive>,
    forms: Vec<Signed>,
    not_computable: Vec<NotComputable>,
    combination: Combination,
}

impl Consents {
    /// Reads the consents of one patient. Those not in force are passed over; one that cannot be computed makes all that
    /// they say unclear, and is told by [`not_computable`](Self::not_computable).
    pub fn read<'a>(consents: impl IntoIterator<Item = &'a Consent>, combination: Combination) -> Self {
        let (mut directives, mut not_computable) = (Vec::new(), Vec::new());
        for consent in consents {
            match Directive::read(consent) {
                Ok(directive) => directives.extend(directive),
                Err(fault) => not_computable.push(fault),
            }
        }
        Self(Arc::new(Several { directives, forms: Vec::new(), not_computable, combination }))
    }

    /// Adds signed forms of the same patient. They open what a rule asks them for, and never withhold.
    #[must_use]
    pub fn with(mut self, forms: impl IntoIterator<Item = Signed>) -> Self {
        Arc::make_mut(&mut self.0).forms.extend(forms);
        self
    }

    /// Consents of these kinds to everything, in which the patient names themself so.
    pub(crate) fn to_all(patient: &str, kinds: u8) -> Option<Self> {
        let dated = DateTime::UNIX_EPOCH;
        let directive =
            || Directive { id: None, patient: patient.into(), dated, dated_at_last: dated, root: Provision::to_all() };
        let forms = ConsentKind::ALL.iter().filter(|kind| **kind != ConsentKind::Privacy && kinds & kind.bit() != 0);
        let several = Several {
            directives: Some(directive()).filter(|_| kinds & ConsentKind::Privacy.bit() != 0).into_iter().collect(),
            forms: forms.map(|kind| Signed { kind: *kind, directive: directive() }).collect(),
            not_computable: Vec::new(),
            combination: Combination::DenyOverrides,
        };
        (kinds != 0).then(|| Self(Arc::new(several)))
    }

    /// Why consents could not be computed, one for each.
    pub fn not_computable(&self) -> impl Iterator<Item = NotComputable> {
        self.0.not_computable.iter().copied()
    }

    /// What they say together about a request for a record; `None` if none applies. What could not be computed is not
    /// among it.
    pub fn say(&self, request: &Request, facts: &Facts) -> Option<ConsentEffect> {
        let said = self.0.directives.iter().filter_map(|one| {
            let effect = one.says(request, facts)?;
            Some((one.counts_from(effect), effect))
        });
        match self.0.combination {
            Combination::DenyOverrides => said.map(|(_, effect)| effect).max_by_key(|effect| is_denial(*effect)),
            Combination::NewestWins => {
                said.max_by_key(|(dated, effect)| (*dated, is_denial(*effect))).map(|(_, effect)| effect)
            }
        }
    }

    /// The ids of those that say something about a request for a record, signed forms among them. One without an id is not among it.
    pub(crate) fn speaking<'a>(&'a self, request: &'a Request, facts: &'a Facts) -> impl Iterator<Item = &'a str> {
        let all = self.0.directives.iter().chain(self.0.forms.iter().map(|form| &form.directive));
        all.filter(|one| one.says(request, facts).is_some()).filter_map(Directive::id)
    }

    /// The kinds of consent by which the patient agrees to the request: what rules with `consents` ask for. None where anything is
    /// refused or unclear.
    pub fn given(&self, request: &Request, facts: &Facts) -> impl Iterator<Item = ConsentKind> {
        let bits = self.bits_given(request, facts);
        ConsentKind::ALL.iter().copied().filter(move |kind| bits & kind.bit() != 0)
    }

    pub(crate) fn bits_given(&self, request: &Request, facts: &Facts) -> u8 {
        let said = self.say(request, facts);
        if said == Some(ConsentEffect::Deny) || !self.are_clear(facts) {
            return 0;
        }
        let privacy = said.map_or(0, |_| ConsentKind::Privacy.bit());
        let agreed = |form: &&Signed| form.directive.says(request, facts) == Some(ConsentEffect::Permit);
        self.0.forms.iter().filter(agreed).fold(privacy, |bits, form| bits | form.kind.bit())
    }

    /// Whether all of them are understood and about the patient of the record: a consent that names the patient by another name
    /// than the record must not pass for none.
    fn are_clear(&self, facts: &Facts) -> bool {
        self.0.not_computable.is_empty() && self.0.directives.iter().all(|one| one.is_about(facts))
    }

    /// Whether consents bear on a request at all.
    fn bear_on(request: &Request) -> bool {
        let own = request.relationship.at(request.at) == Relationship::Patient;
        !own && request.action.hands_out()
    }

    /// Why they withhold the record, if they do.
    pub(crate) fn withhold(&self, request: &Request, facts: &Facts) -> Option<Note> {
        if !Self::bear_on(request) || Glass::of(request, facts) == Glass::Broken {
            return None;
        }
        if !self.are_clear(facts) {
            return Some(Note::ConsentUnclear);
        }
        (self.say(request, facts) == Some(ConsentEffect::Deny)).then_some(Note::ConsentRefuses)
    }
}

/// Leaves out whose consents they are.
impl fmt::Debug for Consents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Several { directives, forms, not_computable, combination } = &*self.0;
        let mut out = f.debug_struct("Consents");
        out.field("directives", directives).field("forms", forms).field("not_computable", not_computable);
        out.field("combination", combination).finish()
    }
}

fn is_denial(effect: ConsentEffect) -> bool {
    effect == ConsentEffect::Deny
}

#[cfg(test)]
mod tests;
