//! What consents ask of a record once the request is known: for those who ask a database, which knows records and no request.

use super::provision::Provision;
use super::{Combination, ConsentEffect, ConsentKind, Consents, Directive, is_denial};
use crate::label::LabelSet;
use crate::{Confidentiality, Request};

/// A condition on a record.
pub(crate) enum Asked<'a> {
    /// It is about the patient with this id, alone or behind its type.
    Patient(&'a str),
    /// Its author is this reference, or the id in it.
    Author(&'a str),
    /// Its author is known.
    KnownAuthor,
    /// It has one of these labels.
    AnyLabel(LabelSet),
    /// It has no other labels.
    OnlyLabels(LabelSet),
    /// It is held as closely, or closer.
    AtLeast(Confidentiality),
    /// It is held no closer.
    AtMost(Confidentiality),
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
}

impl Asked<'_> {
    const ALWAYS: Self = Self::All(Vec::new());
    const NEVER: Self = Self::Any(Vec::new());

    fn not(self) -> Self {
        Self::Not(Box::new(self))
    }
}

impl Consents {
    /// Whether they withhold a record from this request, broken glass aside.
    pub(crate) fn withheld(&self, request: &Request) -> Asked<'_> {
        match Self::bear_on(request) {
            true => Asked::Any(vec![self.clear().not(), self.refused(request)]),
            false => Asked::NEVER,
        }
    }

    /// Whether the patient agrees by a consent of this kind.
    pub(crate) fn agreed(&self, kind: ConsentKind, request: &Request) -> Asked<'_> {
        let forms = self.0.forms.iter().filter(|form| form.kind == kind).map(|form| &form.directive);
        let permitted = match kind {
            ConsentKind::Privacy => self.0.directives.iter().map(|one| one.permits(request)).collect(),
            _ => forms.map(|one| one.permits(request)).collect(),
        };
        Asked::All(vec![Asked::Any(permitted), self.refused(request).not(), self.clear()])
    }

    fn clear(&self) -> Asked<'_> {
        match self.0.not_computable.is_empty() {
            true => Asked::All(self.0.directives.iter().map(|one| Asked::Patient(&one.patient)).collect()),
            false => Asked::NEVER,
        }
    }

    /// Whether one refuses, and none that counts for more permits.
    fn refused(&self, request: &Request) -> Asked<'_> {
        let newest_wins = self.0.combination == Combination::NewestWins;
        let refused = self.0.directives.iter().map(|refusing| {
            let newer = |one: &&Directive| newest_wins && one.dated > refusing.counts_from(ConsentEffect::Deny);
            let outdone = self.0.directives.iter().filter(newer).map(|one| one.permits(request)).collect();
            Asked::All(vec![refusing.refuses(request), Asked::Any(outdone).not()])
        });
        Asked::Any(refused.collect())
    }
}

impl Directive {
    fn refuses(&self, request: &Request) -> Asked<'_> {
        let own = match is_denial(self.root.effect) {
            true => self.root.excepted(ConsentEffect::Permit, request).not(),
            false => Asked::NEVER,
        };
        let refused = Asked::Any(vec![self.root.excepted(ConsentEffect::Deny, request), own]);
        Asked::All(vec![Asked::Patient(&self.patient), self.root.asked(request), refused])
    }

    fn permits(&self, request: &Request) -> Asked<'_> {
        if !self.root.is_known_to_hold(request) {
            return Asked::NEVER;
        }
        let own = match !is_denial(self.root.effect) && self.root.answers(request.purpose) {
            true => Asked::ALWAYS,
            false => Asked::NEVER,
        };
        let permitted = Asked::Any(vec![self.root.excepted(ConsentEffect::Permit, request), own]);
        let refused = self.root.excepted(ConsentEffect::Deny, request);
        Asked::All(vec![Asked::Patient(&self.patient), self.root.asked(request), permitted, refused.not()])
    }
}

impl Provision {
    /// What [`holds`](Self::holds) asks of the record.
    fn asked(&self, request: &Request) -> Asked<'_> {
        if !self.concerns(request) {
            return Asked::NEVER;
        }
        let level = match self.effect {
            ConsentEffect::Deny => self.levels.iter().min().map(|least| Asked::AtLeast(*least)),
            ConsentEffect::Permit => self.levels.iter().max().map(|most| Asked::AtMost(*most)),
        };
        let mut all: Vec<Asked<'_>> = level.into_iter().collect();
        if !self.labels.is_empty() {
            all.push(Asked::AnyLabel(self.labels));
            if self.effect == ConsentEffect::Permit {
                all.push(Asked::OnlyLabels(self.labels));
            }
        }
        if !self.authors.is_empty() {
            let named = self.authors.iter().map(|author| Asked::Author(author));
            all.push(Asked::Any(named.chain([Asked::KnownAuthor.not()]).collect()));
        }
        Asked::All(all)
    }

    /// Whether an exception with this effect is the answer.
    fn excepted(&self, effect: ConsentEffect, request: &Request) -> Asked<'_> {
        let exceptions = self.exceptions.iter().filter(|one| one.effect == effect && one.answers(request.purpose));
        let any = Asked::Any(exceptions.map(|one| one.asked(request)).collect());
        match is_denial(effect) || self.authors.is_empty() {
            true => any,
            false => Asked::All(vec![any, Asked::KnownAuthor]),
        }
    }
}

#[cfg(test)]
impl Asked<'_> {
    /// Whether a record with these facts fulfils it.
    pub(crate) fn holds(&self, facts: &crate::Facts) -> bool {
        let author = facts.originator.as_deref();
        match self {
            Self::Patient(id) => {
                facts.patient.as_deref().is_some_and(|name| super::provision::same(id, "Patient", name))
            }
            Self::Author(name) => author == Some(*name) || author == Some(super::provision::local(name)),
            Self::KnownAuthor => author.is_some(),
            Self::AnyLabel(labels) => !facts.labels.intersection(*labels).is_empty(),
            Self::OnlyLabels(labels) => facts.labels.intersection(*labels) == facts.labels,
            Self::AtLeast(level) => facts.confidentiality >= *level,
            Self::AtMost(level) => facts.confidentiality <= *level,
            Self::All(all) => all.iter().all(|one| one.holds(facts)),
            Self::Any(any) => any.iter().any(|one| one.holds(facts)),
            Self::Not(one) => !one.holds(facts),
        }
    }
}
