//! Data types in words, as a person would write them, and the choice of the one that people want to see. All of it is the
//! patient's data: mind where it goes.

use std::fmt::Display;

use chrono::{Datelike as _, NaiveDate};

use crate::code_set::{AddressUse, ContactPointSystem, ContactPointUse, NameUse};
use crate::datatype::{
    Address, CodeableConcept, Coding, ContactPoint, HumanName, Money, Period, Quantity, Range, Ratio,
};
use crate::resource::Patient;

impl HumanName {
    /// The name in one line: its text, else prefix, given names, family name and suffix. `None` if all are missing.
    ///
    /// ```
    /// use chartroom_record::datatype::HumanName;
    ///
    /// let name = HumanName { family: Some("Fenwarden".into()), given: vec!["Ada".into(), "Lark".into()], ..Default::default() };
    /// assert_eq!(name.text_or_joined().as_deref(), Some("Ada Lark Fenwarden"));
    /// ```
    pub fn text_or_joined(&self) -> Option<String> {
        let parts = self.prefix.iter().chain(&self.given).chain(&self.family).chain(&self.suffix);
        self.text.as_deref().map(str::to_owned).or_else(|| joined(parts, " "))
    }

    /// The name to show on a day: one that is valid then, the usual before the official, former ones last.
    pub fn preferred(names: &[Self], on: NaiveDate) -> Option<&Self> {
        let valid = names.iter().filter(|name| holds(name.period.as_ref(), on));
        valid.min_by_key(|name| match name.use_.as_ref().and_then(|code| code.known()) {
            Some(NameUse::Usual) => 0,
            Some(NameUse::Official) => 1,
            None => 2,
            Some(NameUse::Nickname) => 3,
            Some(NameUse::Temp) => 4,
            Some(NameUse::Anonymous) => 5,
            Some(NameUse::Maiden | NameUse::Old) => 6,
        })
    }
}

impl Address {
    /// The address in one line: its text, else lines, city, state with postal code, country. `None` if all are missing.
    ///
    /// ```
    /// use chartroom_record::datatype::Address;
    ///
    /// let address = Address {
    ///     line: vec!["12 Mill Lane".into()],
    ///     city: Some("Millbrook".into()),
    ///     state: Some("MA".into()),
    ///     postal_code: Some("01999".into()),
    ///     ..Default::default()
    /// };
    /// assert_eq!(address.one_line().as_deref(), Some("12 Mill Lane, Millbrook, MA 01999"));
    /// ```
    pub fn one_line(&self) -> Option<String> {
        if let Some(text) = &self.text {
            return joined(text.lines().map(str::trim).filter(|line| !line.is_empty()), ", ");
        }
        let region = joined(self.state.iter().chain(&self.postal_code), " ");
        let lines = self.line.iter().chain(&self.city).map(|text| text.as_str());
        joined(lines.chain(region.as_deref()).chain(self.country.as_deref()), ", ")
    }

    /// The address to use on a day: one that is valid then, home first, former ones last.
    pub fn preferred(addresses: &[Self], on: NaiveDate) -> Option<&Self> {
        let valid = addresses.iter().filter(|address| holds(address.period.as_ref(), on));
        valid.min_by_key(|address| match address.use_.as_ref().and_then(|code| code.known()) {
            Some(AddressUse::Home) => 0,
            None => 1,
            Some(AddressUse::Temp) => 2,
            Some(AddressUse::Work) => 3,
            Some(AddressUse::Billing) => 4,
            Some(AddressUse::Old) => 5,
        })
    }
}

impl ContactPoint {
    /// The contact point of a system to use on a day: one that is valid then and no former one, by its rank, then as it stands.
    pub fn preferred(points: &[Self], system: ContactPointSystem, on: NaiveDate) -> Option<&Self> {
        let of_system = |point: &&Self| point.system.as_ref().and_then(|code| code.known()) == Some(system);
        let old = |point: &Self| point.use_.as_ref().and_then(|code| code.known()) == Some(ContactPointUse::Old);
        let valid = points.iter().filter(of_system).filter(|point| !old(point) && holds(point.period.as_ref(), on));
        valid.min_by_key(|point| point.rank.map_or(u32::MAX, |rank| rank.get()))
    }
}

impl Coding {
    /// The display, else the code.
    pub fn display_or_code(&self) -> Option<&str> {
        self.display.as_deref().or_else(|| self.code.as_ref().map(|code| code.as_str()))
    }
}

impl CodeableConcept {
    /// The text; else the display of the coding that the user chose, of any other, else a code.
    ///
    /// ```
    /// use chartroom_record::datatype::{CodeableConcept, Coding};
    ///
    /// let coding = Coding { display: Some("Asthma".into()), ..Default::default() };
    /// let concept = CodeableConcept { coding: vec![coding], ..Default::default() };
    /// assert_eq!(concept.text_or_display(), Some("Asthma"));
    /// ```
    pub fn text_or_display(&self) -> Option<&str> {
        let chosen = self.coding.iter().filter(|coding| coding.user_selected == Some(true));
        let display = chosen.chain(&self.coding).find_map(|coding| coding.display.as_deref());
        self.text.as_deref().or(display).or_else(|| self.coding.iter().find_map(Coding::display_or_code))
    }

    /// Whether one of its codings has this system and code.
    pub fn has(&self, system: &str, code: &str) -> bool {
        self.coding.iter().any(|coding| {
            coding.system.as_deref() == Some(system) && coding.code.as_ref().is_some_and(|known| known == code)
        })
    }
}

impl Quantity {
    /// The value with its unit, as `<5.0 mg/dL`; the unit's code where it has no other name. `None` without a value.
    ///
    /// ```
    /// use chartroom_record::datatype::Quantity;
    ///
    /// let weight = Quantity { value: "72.50".parse().ok(), unit: Some("kg".into()), ..Default::default() };
    /// assert_eq!(weight.with_unit().as_deref(), Some("72.50 kg"));
    /// ```
    pub fn with_unit(&self) -> Option<String> {
        let comparator = self.comparator.as_ref().map_or("", |code| code.as_str());
        let value = format!("{comparator}{}", self.value.as_ref()?.as_str());
        let unit = self.unit.as_deref().or_else(|| self.code.as_ref().map(|code| code.as_str()));
        joined([value.as_str()].into_iter().chain(unit), " ")
    }
}

impl Range {
    /// Both ends with their units, as `3.5 mmol/L to 5.0 mmol/L`, or the one that is there.
    pub fn in_words(&self) -> Option<String> {
        let end = |end: &Option<Quantity>| end.as_ref().and_then(Quantity::with_unit);
        between(end(&self.low), end(&self.high), ["at least", "at most"])
    }
}

impl Ratio {
    /// As `1 mg / 5 mL`. `None` unless both parts have a value.
    pub fn in_words(&self) -> Option<String> {
        let part = |part: &Option<Quantity>| part.as_ref().and_then(Quantity::with_unit);
        Some(format!("{} / {}", part(&self.numerator)?, part(&self.denominator)?))
    }
}

impl Money {
    /// The amount with its currency, as `12.50 USD`. `None` without an amount.
    pub fn in_words(&self) -> Option<String> {
        let currency = self.currency.as_ref().map(|code| code.as_str());
        joined([self.value.as_ref()?.as_str()].into_iter().chain(currency), " ")
    }
}

impl Period {
    /// Both ends, as `2024-01-05 to 2024-02`, or the one that is there.
    pub fn in_words(&self) -> Option<String> {
        let end = |end: Option<crate::primitive::DateTime>| end.map(|end| end.to_string());
        between(end(self.start), end(self.end), ["from", "until"])
    }

    /// Whether the day is in the period; a missing end is open, and a partial date means all its days. Times of day do not count.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.start.is_none_or(|start| start.date().first_day() <= day)
            && self.end.is_none_or(|end| day <= end.date().last_day())
    }
}

impl Patient {
    /// The age in whole years on a day. `None` where no birth date is known, before birth, and where only a part of the birth
    /// date is known and the age could be one or the other. Death does not count.
    ///
    /// ```
    /// use chartroom_record::resource::Patient;
    /// use chrono::NaiveDate;
    ///
    /// let on = NaiveDate::from_ymd_opt(2024, 2, 28).unwrap();
    /// let born = |date: &str| Patient { birth_date: date.parse().ok(), ..Default::default() };
    /// assert_eq!(born("1980-02-29").age_on(on), Some(43));
    /// assert_eq!(born("1980-01").age_on(on), Some(44));
    /// assert_eq!(born("1980").age_on(on), None);
    /// ```
    pub fn age_on(&self, day: NaiveDate) -> Option<u32> {
        let born = self.birth_date?;
        let age = years(born.first_day(), day)?;
        (years(born.last_day(), day) == Some(age)).then_some(age)
    }

    /// The name to show on a day; see [`HumanName::preferred`].
    pub fn preferred_name(&self, on: NaiveDate) -> Option<&HumanName> {
        HumanName::preferred(&self.name, on)
    }

    /// The contact point of a system to use on a day; see [`ContactPoint::preferred`].
    pub fn preferred_telecom(&self, system: ContactPointSystem, on: NaiveDate) -> Option<&ContactPoint> {
        ContactPoint::preferred(&self.telecom, system, on)
    }
}

/// Whole years from one day to another. Who was born on 29 February has a birthday on 1 March of other years.
fn years(from: NaiveDate, to: NaiveDate) -> Option<u32> {
    let birthday_to_come = (to.month(), to.day()) < (from.month(), from.day());
    u32::try_from(to.year() - from.year() - i32::from(birthday_to_come)).ok()
}

fn holds(period: Option<&Period>, on: NaiveDate) -> bool {
    period.is_none_or(|period| period.holds_on(on))
}

fn between(low: Option<String>, high: Option<String>, [only_low, only_high]: [&str; 2]) -> Option<String> {
    match (low, high) {
        (Some(low), Some(high)) => Some(format!("{low} to {high}")),
        (Some(low), None) => Some(format!("{only_low} {low}")),
        (None, Some(high)) => Some(format!("{only_high} {high}")),
        (None, None) => None,
    }
}

/// The parts with a separator between them; `None` without any.
fn joined<T: AsRef<str>>(parts: impl Iterator<Item = T>, separator: impl Display + Copy) -> Option<String> {
    parts.fold(None, |line, part| match line {
        None => Some(part.as_ref().to_owned()),
        Some(line) => Some(format!("{line}{separator}{}", part.as_ref())),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn quantity(value: &str, unit: &str) -> Quantity {
        Quantity { value: value.parse().ok(), unit: Some(unit.into()), ..Quantity::default() }
    }

    #[test]
    fn what_is_missing_leaves_no_gap() {
        assert_eq!(HumanName::default().text_or_joined(), None);
        assert_eq!(Address::default().one_line(), None);
        assert_eq!(Quantity::default().with_unit(), None);
        assert_eq!(CodeableConcept::default().text_or_display(), None);
        assert_eq!(Period::default().in_words(), None);
        let name = HumanName { prefix: vec!["Dr.".into()], suffix: vec!["Jr.".into()], ..HumanName::default() };
        assert_eq!(name.text_or_joined().as_deref(), Some("Dr. Jr."));
        let address = Address { text: Some("1 Mill Lane\r\n\nMillbrook".into()), ..Address::default() };
        assert_eq!(address.one_line().as_deref(), Some("1 Mill Lane, Millbrook"));
    }

    #[test]
    fn amounts_and_spans() {
        let less = Quantity { comparator: "<".parse().ok(), ..quantity("5.0", "mg") };
        assert_eq!(less.with_unit().as_deref(), Some("<5.0 mg"));
        let coded = Quantity { value: Some(3.into()), code: "mm[Hg]".parse().ok(), ..Quantity::default() };
        assert_eq!(coded.with_unit().as_deref(), Some("3 mm[Hg]"));
        let range = Range { high: Some(quantity("2", "L")), ..Range::default() };
        assert_eq!(range.in_words().as_deref(), Some("at most 2 L"));
        let ratio =
            Ratio { numerator: Some(quantity("1", "mg")), denominator: Some(quantity("5", "mL")), ..Ratio::default() };
        assert_eq!(ratio.in_words().as_deref(), Some("1 mg / 5 mL"));
        let money = Money { value: "12.50".parse().ok(), currency: "USD".parse().ok(), ..Money::default() };
        assert_eq!(money.in_words().as_deref(), Some("12.50 USD"));
        let period = Period { start: "2024-01-05".parse().ok(), end: "2024-02".parse().ok(), ..Period::default() };
        assert_eq!(period.in_words().as_deref(), Some("2024-01-05 to 2024-02"));
        assert!(period.holds_on(day("2024-02-29")) && !period.holds_on(day("2024-03-01")));
        assert!(!period.holds_on(day("2024-01-04")));
    }

    #[test]
    fn the_display_that_the_user_chose_comes_first() {
        let coding = |display: &str, chosen| Coding {
            code: "c".parse().ok(),
            system: "urn:s".parse().ok(),
            display: Some(display.into()),
            user_selected: Some(chosen),
            ..Coding::default()
        };
        let concept =
            CodeableConcept { coding: vec![coding("one", false), coding("two", true)], ..CodeableConcept::default() };
        assert_eq!(concept.text_or_display(), Some("two"));
        assert!(concept.has("urn:s", "c") && !concept.has("urn:s", "d"));
        let bare = CodeableConcept {
            coding: vec![Coding { code: "c".parse().ok(), ..Coding::default() }],
            ..CodeableConcept::default()
        };
        assert_eq!(bare.text_or_display(), Some("c"));
    }

    #[test]
    fn what_is_preferred_is_valid_and_no_former_one() {
        let name = |text: &str, use_: NameUse, end: &str| HumanName {
            text: Some(text.into()),
            use_: Some(use_.into()),
            period: Some(Period { end: end.parse().ok(), ..Period::default() }),
            ..HumanName::default()
        };
        let names = [
            name("old", NameUse::Old, ""),
            name("official", NameUse::Official, ""),
            name("usual", NameUse::Usual, "2020"),
        ];
        let chosen = |on| HumanName::preferred(&names, day(on)).and_then(|name| name.text.as_deref());
        assert_eq!(chosen("2020-12-31"), Some("usual"));
        assert_eq!(chosen("2021-01-01"), Some("official"));
        let point = |value: &str, system: ContactPointSystem, rank| ContactPoint {
            value: Some(value.into()),
            system: Some(system.into()),
            rank: std::num::NonZeroU32::new(rank),
            ..ContactPoint::default()
        };
        let patient = Patient {
            telecom: vec![
                point("a", ContactPointSystem::Phone, 0),
                point("b", ContactPointSystem::Phone, 1),
                point("c", ContactPointSystem::Email, 0),
            ],
            ..Patient::default()
        };
        let phone = patient.preferred_telecom(ContactPointSystem::Phone, day("2024-01-01"));
        assert_eq!(phone.and_then(|point| point.value.as_deref()), Some("b"));
        assert_eq!(patient.preferred_telecom(ContactPointSystem::Fax, day("2024-01-01")), None);
    }

    #[test]
    fn age_before_birth_is_none() {
        let patient = Patient { birth_date: "2024-05-01".parse().ok(), ..Patient::default() };
        assert_eq!(patient.age_on(day("2024-04-30")), None);
        assert_eq!(patient.age_on(day("2025-05-01")), Some(1));
    }
}
