//! One provision of a consent, and whether it is about a request for a record.

use chrono::{DateTime, Utc};
use smol_str::SmolStr;

use super::ConsentEffect;
use crate::label::LabelSet;
use crate::{Confidentiality, Facts, Purpose, Request};

/// A provision in words of our vocabulary. An empty list asks for nothing.
#[derive(Clone)]
pub(crate) struct Provision {
    pub(crate) effect: ConsentEffect,
    pub(crate) from: Option<DateTime<Utc>>,
    pub(crate) until: Option<DateTime<Utc>>,
    pub(crate) actors: Vec<Actor>,
    pub(crate) purposes: Vec<Purpose>,
    pub(crate) labels: LabelSet,
    pub(crate) levels: Vec<Confidentiality>,
    /// References to the authors of the records that it is about.
    pub(crate) authors: Vec<SmolStr>,
    pub(crate) exceptions: Vec<Provision>,
}

/// Who receives.
#[derive(Clone)]
pub(crate) enum Actor {
    /// The person or program that asks, by type and id.
    Person(&'static str, SmolStr),
    /// The organization for which they ask.
    Organization(SmolStr),
}

impl Provision {
    /// A permit of everything, to everyone, that names each purpose.
    pub(crate) fn to_all() -> Self {
        Self {
            effect: ConsentEffect::Permit,
            from: None,
            until: None,
            actors: Vec::new(),
            purposes: Purpose::ALL.to_vec(),
            labels: LabelSet::NONE,
            levels: Vec::new(),
            authors: Vec::new(),
            exceptions: Vec::new(),
        }
    }

    /// Whether it is about this request for this record.
    pub(crate) fn holds(&self, request: &Request, facts: &Facts) -> bool {
        self.concerns(request) && asks(&self.authors, |author| is_author(author, facts)) && self.reaches(facts)
    }

    /// Whether it is about this request, whatever the record.
    pub(crate) fn concerns(&self, request: &Request) -> bool {
        let begun = self.from.is_none_or(|from| from <= request.at);
        let over = self.until.is_some_and(|until| until <= request.at);
        begun
            && !over
            && asks(&self.actors, |actor| actor.is(request).unwrap_or(self.effect == ConsentEffect::Deny))
            && asks(&self.purposes, |purpose| covers(*purpose, request.purpose))
    }

    /// Whether who asks is known to be among those that it names: a refusal holds for whoever may be among them, and its exceptions
    /// must not permit on that.
    pub(crate) fn is_known_to_hold(&self, request: &Request) -> bool {
        asks(&self.actors, |actor| actor.is(request) == Some(true))
    }

    /// Whether it can be the answer. Who agrees to use in legal proceedings has named them (42 CFR 2.31(d)); a refusal reaches
    /// them by a wider purpose too, and by none.
    pub(crate) fn answers(&self, asked: Purpose) -> bool {
        self.effect == ConsentEffect::Deny || asked != Purpose::Legal || self.purposes.contains(&Purpose::Legal)
    }

    /// What it does, with its exceptions: of several that hold, a refusal wins. A record whose author is not known is under the
    /// refusal of an author's records, and under no exception that permits.
    pub(crate) fn effect_on(&self, request: &Request, facts: &Facts) -> Option<ConsentEffect> {
        let knows_author = self.authors.is_empty() || facts.originator.is_some();
        let excepts = |one: &&Self| one.answers(request.purpose) && (knows_author || one.effect == ConsentEffect::Deny);
        let holding = self.exceptions.iter().filter(|one| one.holds(request, facts)).filter(excepts);
        let excepted = holding.map(|one| one.effect).max_by_key(|effect| super::is_denial(*effect));
        excepted.or(Some(self.effect).filter(|_| self.answers(request.purpose)))
    }

    /// Whether the record has its security labels. A refusal of one label reaches records with others too; a permit does not, and
    /// a level stands for those closer held in a refusal, for those less closely held in a permit.
    fn reaches(&self, facts: &Facts) -> bool {
        let shared = facts.labels.intersection(self.labels);
        let level = facts.confidentiality;
        match self.effect {
            ConsentEffect::Deny => {
                (self.labels.is_empty() || !shared.is_empty()) && asks(&self.levels, |least| level >= *least)
            }
            ConsentEffect::Permit => {
                let labels = self.labels.is_empty() || !shared.is_empty() && shared == facts.labels;
                labels && asks(&self.levels, |most| level <= *most)
            }
        }
    }
}

impl Actor {
    /// Whether it is who asks; `None` of an organization where the one that asks is not known.
    fn is(&self, request: &Request) -> Option<bool> {
        match self {
            Self::Person(kind, id) => Some(same(id, kind, &request.actor)),
            Self::Organization(id) => {
                let asking = request.circumstances.as_deref().and_then(|around| around.organization.as_deref());
                asking.map(|asking| same(id, "Organization", asking))
            }
        }
    }
}

fn asks<T>(wanted: &[T], holds: impl FnMut(&T) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(holds)
}

/// An author who is not known may be anyone.
fn is_author(author: &str, facts: &Facts) -> bool {
    facts.originator.as_deref().is_none_or(|originator| originator == author || originator == local(author))
}

/// The id in a relative reference, without its type.
pub(crate) fn local(reference: &str) -> &str {
    reference.rsplit_once('/').map_or(reference, |(_, id)| id)
}

/// Whether a name is this id, alone or behind its type.
pub(crate) fn same(id: &str, kind: &str, name: &str) -> bool {
    name == id || name.strip_prefix(kind).and_then(|rest| rest.strip_prefix('/')) == Some(id)
}

/// Whether a purpose is the other one or wider: the hierarchy of HL7 v3 PurposeOfUse.
fn covers(wide: Purpose, narrow: Purpose) -> bool {
    wide == narrow || parent(narrow).is_some_and(|parent| covers(wide, parent))
}

fn parent(purpose: Purpose) -> Option<Purpose> {
    match purpose {
        Purpose::CareCoordination
        | Purpose::EmergencyTreatment
        | Purpose::ClinicalTrial
        | Purpose::PopulationHealth => Some(Purpose::Treatment),
        Purpose::BreakTheGlass | Purpose::EmergencyRoomTreatment => Some(Purpose::EmergencyTreatment),
        Purpose::Eligibility => Some(Purpose::Payment),
        Purpose::CareManagement
        | Purpose::PatientAdministration
        | Purpose::RecordsManagement
        | Purpose::QualityImprovement
        | Purpose::Compliance
        | Purpose::Legal
        | Purpose::Directory
        | Purpose::SystemAdministration
        | Purpose::Training => Some(Purpose::Operations),
        Purpose::ClinicalTrialResearch => Some(Purpose::Research),
        Purpose::Threat => Some(Purpose::PublicHealth),
        Purpose::FamilyRequest | Purpose::PowerOfAttorney | Purpose::SupportNetwork => Some(Purpose::PatientRequest),
        _ => None,
    }
}
