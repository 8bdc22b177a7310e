//! The people and places of an invented chart.

use chrono::NaiveDate;

use super::random::Random;
use super::tables::{CITIES, FAMILY, GIVEN_FEMALE, GIVEN_MALE, STREETS};
use super::{coding, concept, known, uri, words};
use crate::code_set::{AddressUse, AdministrativeGender, ContactPointSystem, ContactPointUse, IdentifierUse, NameUse};
use crate::datatype::{Address, ContactPoint, Extension, ExtensionValue, HumanName, Identifier, Reference};
use crate::path::Path;
use crate::primitive::{Date, Text};
use crate::resource::{Organization, Patient, PatientCommunication, PatientContact, Practitioner, Resource};

const US_CORE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-";

pub(super) fn patient(random: &mut Random, clinic: &Reference) -> Patient {
    let (gender, given) = match random.below(2) {
        0 => (AdministrativeGender::Female, GIVEN_FEMALE),
        _ => (AdministrativeGender::Male, GIVEN_MALE),
    };
    let family = random.word(FAMILY);
    let mut patient = Patient {
        id: random.uuid().trim_start_matches("urn:uuid:").parse().ok(),
        identifier: vec![record_number(random), social_security(random)],
        active: Some(true),
        name: vec![name(random, given, family, NameUse::Official)],
        telecom: vec![telephone(random), email(random, family)],
        gender: known(gender),
        birth_date: Some(birth_date(random)),
        address: vec![address(random)],
        marital_status: Some(concept("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "M", "Married")),
        contact: vec![relative(random, family)],
        communication: vec![PatientCommunication {
            language: Some(concept("urn:ietf:bcp:47", "en", "English")),
            preferred: Some(true),
            ..PatientCommunication::default()
        }],
        managing_organization: Some(clinic.clone()),
        ..Patient::default()
    };
    patient.extra.add_extension(race(random));
    if random.once_in(3) {
        patient.name.push(HumanName { text: Some("\u{5c71}\u{7530} \u{82b1}\u{5b50}".into()), ..HumanName::default() });
    }
    if random.once_in(2) { with_rare_things(patient) } else { patient }
}

/// A time of birth beside the date, and a given name that is withheld, so that a null keeps its place.
fn with_rare_things(patient: Patient) -> Patient {
    let born = patient.birth_date.map_or_else(String::new, |date| format!("\"{}T04:30:00.500Z\"", date.first_day()));
    let mut resource = Resource::from(patient);
    for (path, value) in [
        (
            "birthDate.extension('http://hl7.org/fhir/StructureDefinition/patient-birthTime').valueDateTime",
            born.as_str(),
        ),
        (
            "name[0].given[2].extension('http://hl7.org/fhir/StructureDefinition/data-absent-reason').valueCode",
            "\"masked\"",
        ),
    ] {
        // A path that does not fit would only leave the chart plainer; the tests see that these fit.
        let _ = path.parse::<Path>().map(|path| path.set(&mut resource, value));
    }
    Patient::try_from(resource).unwrap_or_default()
}

pub(super) fn physician(random: &mut Random) -> Practitioner {
    let family = random.word(FAMILY);
    let name = HumanName { prefix: vec!["Dr.".into()], ..name(random, GIVEN_FEMALE, family, NameUse::Official) };
    Practitioner {
        active: Some(true),
        name: vec![name],
        telecom: vec![telephone(random)],
        gender: known(AdministrativeGender::Female),
        ..Practitioner::default()
    }
}

pub(super) fn clinic(random: &mut Random) -> Organization {
    let address = address(random);
    let town = address.city.clone().unwrap_or_else(|| "Millbrook".into());
    Organization {
        active: Some(true),
        name: Some(Text::from(format!("{} Community Clinic", town.as_str()).as_str())),
        type_: vec![concept("http://terminology.hl7.org/CodeSystem/organization-type", "prov", "Healthcare Provider")],
        address: vec![Address { use_: known(AddressUse::Work), ..address }],
        ..Organization::default()
    }
}

fn name(random: &mut Random, given: &[&'static str], family: &str, use_: NameUse) -> HumanName {
    let given = [random.word(given), random.word(given)];
    HumanName {
        use_: known(use_),
        family: Some(family.into()),
        given: given.map(Text::from_static).to_vec(),
        ..HumanName::default()
    }
}

fn birth_date(random: &mut Random) -> Date {
    let (year, ordinal) = (random.between(1930, 1990), random.between(1, 365));
    let year = i32::try_from(year).unwrap_or(1950);
    let date = NaiveDate::from_yo_opt(year, u32::try_from(ordinal).unwrap_or(1)).unwrap_or_default();
    let text = match random.below(8) {
        0 => date.format("%Y").to_string(),
        1 => date.format("%Y-%m").to_string(),
        _ => return date.into(),
    };
    text.parse().unwrap_or_else(|_| date.into())
}

fn record_number(random: &mut Random) -> Identifier {
    Identifier {
        use_: known(IdentifierUse::Usual),
        type_: Some(concept("http://terminology.hl7.org/CodeSystem/v2-0203", "MR", "Medical record number")),
        system: uri("urn:oid:2.16.840.1.113883.3.9999"),
        value: Some(Text::from(random.digits(8).as_str())),
        ..Identifier::default()
    }
}

/// A number that was never given to anyone: those that begin with 9 are not social security numbers.
fn social_security(random: &mut Random) -> Identifier {
    let number = format!("9{}-{}-{}", random.digits(2), random.digits(2), random.digits(4));
    Identifier {
        type_: Some(concept("http://terminology.hl7.org/CodeSystem/v2-0203", "SS", "Social Security number")),
        system: uri("http://hl7.org/fhir/sid/us-ssn"),
        value: Some(Text::from(number.as_str())),
        ..Identifier::default()
    }
}

/// A number from the range that is kept for fiction.
fn telephone(random: &mut Random) -> ContactPoint {
    let number = format!("555-01{}", random.digits(2));
    ContactPoint {
        system: known(ContactPointSystem::Phone),
        value: Some(Text::from(number.as_str())),
        use_: known(ContactPointUse::Home),
        rank: std::num::NonZeroU32::new(1),
        ..ContactPoint::default()
    }
}

fn email(random: &mut Random, family: &str) -> ContactPoint {
    let name: String = family.chars().filter(char::is_ascii_alphabetic).collect::<String>().to_lowercase();
    let address = format!("{name}{}@example.org", random.below(100));
    ContactPoint {
        system: known(ContactPointSystem::Email),
        value: Some(Text::from(address.as_str())),
        ..ContactPoint::default()
    }
}

fn address(random: &mut Random) -> Address {
    let (city, state, postal_code) = random.one_of(CITIES).copied().unwrap_or_default();
    let line = format!("{} {}", random.between(1, 999), random.word(STREETS));
    Address {
        use_: known(AddressUse::Home),
        line: vec![Text::from(line.as_str())],
        city: Some(city.into()),
        state: Some(state.into()),
        postal_code: Some(postal_code.into()),
        country: Some("US".into()),
        ..Address::default()
    }
}

fn relative(random: &mut Random, family: &str) -> PatientContact {
    PatientContact {
        relationship: vec![words("Sibling")],
        name: Some(Box::new(name(random, GIVEN_MALE, family, NameUse::Usual))),
        telecom: vec![telephone(random)],
        ..PatientContact::default()
    }
}

fn race(random: &mut Random) -> Extension {
    let (code, display) = match random.below(3) {
        0 => ("2106-3", "White"),
        1 => ("2054-5", "Black or African American"),
        _ => ("2028-9", "Asian"),
    };
    let mut race = Extension { url: uri(&format!("{US_CORE}race")), ..Extension::default() };
    let category = coding("urn:oid:2.16.840.1.113883.6.238", code, display);
    for (url, value) in
        [("ombCategory", ExtensionValue::from(category)), ("text", ExtensionValue::from(Text::from_static(display)))]
    {
        race.extra.add_extension(Extension { url: uri(url), value: Some(value), ..Extension::default() });
    }
    race
}
