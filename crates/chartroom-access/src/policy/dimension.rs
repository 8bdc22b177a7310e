//! The dimensions of a case: everything that a rule may ask about, as small numbers.

use chrono::{DateTime, NaiveDate, Utc};

use super::declared::{Named, position};
use super::document::Rules;
use crate::consent::ConsentKind;
use crate::{Action, CareSetting, Confidentiality, Facts, Glass, Purpose, Relationship, Request, ResourceType};

/// The number of what is not known, where a dimension has that.
pub(crate) const UNKNOWN: usize = 0;
/// The number of a no.
pub(crate) const NO: usize = 1;
/// The number of a yes.
pub(crate) const YES: usize = 2;

/// Something that a rule may ask about, roles and labels aside. Each value of it has a number, in all tables.
///
/// Where a value may be unknown, that is [`UNKNOWN`], and the others count from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Dimension {
    Action,
    Purpose,
    Type,
    Relationship,
    Confidentiality,
    Originator,
    Glass,
    Place,
    Organization,
    OwnOrganization,
    CareSetting,
    Clearance,
    OwnChart,
    Vip,
    Deceased,
    Age,
    Consents,
}

impl Dimension {
    pub(crate) const ALL: [Self; 17] = [
        Self::Action,
        Self::Purpose,
        Self::Type,
        Self::Relationship,
        Self::Confidentiality,
        Self::Originator,
        Self::Glass,
        Self::Place,
        Self::Organization,
        Self::OwnOrganization,
        Self::CareSetting,
        Self::Clearance,
        Self::OwnChart,
        Self::Vip,
        Self::Deceased,
        Self::Age,
        Self::Consents,
    ];

    /// The number that a request and facts have in it. Not inlined: a loop over dimensions would look into all of them beforehand.
    #[inline(never)]
    pub(crate) fn number(self, rules: &Rules, request: &Request, facts: &Facts) -> usize {
        let around = request.circumstances.as_deref();
        match self {
            Self::Action => request.action as usize,
            Self::Purpose => request.purpose as usize,
            Self::Type => facts.resource_type.index(),
            Self::Relationship => request.relationship.at(request.at) as usize,
            Self::Confidentiality => facts.confidentiality as usize,
            Self::Originator => {
                facts.originator.as_ref().map_or(UNKNOWN, |originator| truth(*originator == request.actor))
            }
            Self::Glass => truth(Glass::of(request, facts) == Glass::Broken),
            Self::Place => named(&rules.places, around.and_then(|around| around.place.as_deref())),
            Self::Organization => named(&rules.organizations, around.and_then(|around| around.organization.as_deref())),
            Self::OwnOrganization => {
                let asking = around.and_then(|around| around.organization.as_ref());
                asking.zip(facts.organization.as_ref()).map_or(UNKNOWN, |(asking, keeping)| truth(asking == keeping))
            }
            Self::CareSetting => setting(facts.care_setting),
            Self::Clearance => {
                let clearance = around.and_then(|around| around.clearance);
                truth(clearance.is_some_and(|clearance| clearance.covers(facts.confidentiality, facts.labels)))
            }
            Self::OwnChart => own_chart(around.and_then(|around| around.person.as_deref()), facts),
            Self::Vip => told(facts.subject.vip),
            Self::Deceased => told(facts.subject.deceased),
            Self::Age => facts.subject.birth_date.map_or(UNKNOWN, |born| band(rules.bands(), born, request.at)),
            Self::Consents => {
                request.consents.as_ref().map_or(0, |consents| consents.bits_given(request, facts).into())
            }
        }
    }

    /// How many numbers it has under a policy.
    pub(crate) fn size(self, rules: &Rules) -> usize {
        match self {
            Self::Action => Action::COUNT,
            Self::Purpose => Purpose::COUNT,
            Self::Type => ResourceType::COUNT,
            Self::Relationship => Relationship::COUNT,
            Self::Confidentiality => Confidentiality::COUNT,
            Self::CareSetting => CareSetting::COUNT,
            Self::Place => rules.places.len() + 1,
            Self::Organization => rules.organizations.len() + 1,
            Self::Age => rules.bands().len() + 2,
            Self::Consents => 1 << ConsentKind::COUNT,
            Self::Originator
            | Self::Glass
            | Self::Clearance
            | Self::OwnOrganization
            | Self::OwnChart
            | Self::Vip
            | Self::Deceased => YES + 1,
        }
    }
}

/// The number of a care setting; the one that nobody knows is the last of its enum.
pub(crate) const fn setting(setting: CareSetting) -> usize {
    (setting as usize + 1) % CareSetting::COUNT
}

/// Whether the record is about whoever asks. A record about no patient is nobody's own.
fn own_chart(person: Option<&str>, facts: &Facts) -> usize {
    match (person, facts.patient.as_deref()) {
        (_, None) => NO,
        (None, Some(_)) => UNKNOWN,
        (Some(person), Some(patient)) => truth(person == patient),
    }
}

const fn truth(holds: bool) -> usize {
    if holds { YES } else { NO }
}

fn told(known: Option<bool>) -> usize {
    known.map_or(UNKNOWN, truth)
}

/// The number of a name among those that the policy has. A name that it does not have is not known.
fn named(all: &[Named], name: Option<&str>) -> usize {
    name.and_then(|name| position(all, name)).map_or(UNKNOWN, |index| index + 1)
}

/// The number of the band of age on that day, counted from one. Who is not yet born counts as newborn.
fn band(bands: &[u8], born: NaiveDate, at: DateTime<Utc>) -> usize {
    let years = at.date_naive().years_since(born).unwrap_or(0);
    bands.partition_point(|first| u32::from(*first) <= years) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_fall_into_bands_on_the_birthday() {
        let on = |text: &str| format!("{text}T12:00:00Z").parse::<DateTime<Utc>>().expect("a time");
        let born = NaiveDate::from_ymd_opt(2004, 2, 29).expect("a day");
        let bands = [12, 18];
        assert_eq!(band(&bands, born, on("2016-02-28")), 1);
        assert_eq!(band(&bands, born, on("2016-02-29")), 2);
        assert_eq!(band(&bands, born, on("2022-02-28")), 2);
        assert_eq!(band(&bands, born, on("2022-03-01")), 3);
        assert_eq!(band(&bands, born, on("2004-02-28")), 1);
    }

    #[test]
    fn what_nobody_knows_is_the_first_number() {
        assert_eq!(setting(CareSetting::Unknown), UNKNOWN);
        assert_eq!(setting(CareSetting::Ambulatory), 1);
        let places = ["er", "ward"].map(|name| Named { name: name.to_owned(), title: String::new() });
        assert_eq!(named(&places, Some("ward")), 2);
        assert_eq!(named(&places, Some("street")), UNKNOWN);
    }
}
