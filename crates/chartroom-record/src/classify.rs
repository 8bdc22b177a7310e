//! The class of each element where it stands: what its field says, inherited downward, narrowed by its content.

use std::any::Any;

use crate::class::{Class, ClassSet};
use crate::datatype::{Extension, Identifier, Reference};
use crate::element::{Element, ElementFacts, TypeChoice, TypeKind};

/// Classes that hold for everything inside, whatever the parts of a data type say of themselves.
const KEPT: ClassSet =
    ClassSet::of(&[Class::Unclassified, Class::Biometric, Class::GovernmentId, Class::InsuranceId, Class::DeviceId]);

/// What surrounds an element.
#[derive(Clone, Copy)]
pub(crate) struct Scope {
    /// The class of what holds it.
    pub(crate) class: Class,
    /// The resource types that the element, a reference, may point at; empty for any.
    pub(crate) targets: &'static [&'static str],
    /// Whether it stands inside an extension, whose parts have relative names.
    pub(crate) in_extension: bool,
}

impl Scope {
    /// Around a resource: nothing is known yet, so what has no class of its own is unclassified.
    pub(crate) const RESOURCE: Self = Self { class: Class::Unclassified, targets: &[], in_extension: false };

    /// The class of a member.
    pub(crate) fn of_member(self, element: &dyn Element, facts: &ElementFacts) -> Class {
        let class = match facts.class {
            // A data type may say what its parts are, but never opens up what holds it.
            Some(_) if KEPT.contains(self.class) && element.facts().kind == TypeKind::DataType => self.class,
            Some(class) => class,
            None => self.class,
        };
        match element.facts().name {
            "Reference" if facts.name == "display" => self.of_display(element, class),
            _ => class,
        }
    }

    /// The scope of a structure that is the value of a member of this class.
    pub(crate) fn inside(self, class: Class, kind: &'static TypeChoice, value: &dyn Element) -> Self {
        let class = match value.facts().name {
            "Identifier" => of_identifier(value, class),
            _ => class,
        };
        Self { class, targets: kind.targets, in_extension: self.in_extension }
    }

    /// The scope of an extension of an element in this scope.
    pub(crate) fn inside_extension(self, extension: &dyn Element) -> Self {
        let url = as_type::<Extension>(extension).and_then(|extension| extension.url.as_deref()).unwrap_or_default();
        let relative = self.in_extension && !url.contains(':');
        let class = if relative || SAME_AS_ELEMENT.contains(&url) { self.class } else { of_extension(url) };
        Self { class, targets: &[], in_extension: true }
    }

    /// A display text tells what is pointed at, so it has the class of that.
    fn of_display(self, element: &dyn Element, class: Class) -> Class {
        let Some(reference) = as_type::<Reference>(element) else { return class };
        let named = reference.type_.as_deref().or_else(|| reference.reference.as_deref().and_then(type_of_target));
        match named {
            Some(target) => of_target(target, class),
            None if self.targets.iter().any(|target| of_target(target, class) == Class::Name) => Class::Name,
            None if self.targets.is_empty() => Class::Name,
            None => class,
        }
    }
}

fn as_type<T: 'static>(element: &dyn Element) -> Option<&T> {
    (element as &dyn Any).downcast_ref()
}

/// The resource type in `Patient/1` or `https://example.org/fhir/Patient/1/_history/2`.
pub(crate) fn type_of_target(reference: &str) -> Option<&str> {
    let path = reference.split_once("/_history/").map_or(reference, |(path, _)| path);
    let (before, _) = path.rsplit_once('/')?;
    let name = before.rsplit('/').next()?;
    name.starts_with(|first: char| first.is_ascii_uppercase()).then_some(name)
}

fn of_target(target: &str, class: Class) -> Class {
    match target {
        "Patient" | "RelatedPerson" | "Person" | "Group" => Class::Name,
        "Practitioner" | "PractitionerRole" | "Organization" | "Location" | "CareTeam" | "HealthcareService" => {
            Class::Participant
        }
        "Coverage" | "Claim" | "ClaimResponse" | "ExplanationOfBenefit" | "Account" | "ChargeItem" => Class::Financial,
        "Device" => Class::DeviceId,
        "DocumentReference" | "Media" | "Binary" => Class::Attachment,
        "Condition"
        | "Observation"
        | "Procedure"
        | "Medication"
        | "MedicationRequest"
        | "DiagnosticReport"
        | "AllergyIntolerance"
        | "Immunization"
        | "ServiceRequest"
        | "Specimen"
        | "CarePlan"
        | "Goal"
        | "Encounter"
        | "EpisodeOfCare"
        | "FamilyMemberHistory" => Class::Clinical,
        _ => class,
    }
}

/// An identifier that its system or type names is narrower than its field says.
fn of_identifier(value: &dyn Element, class: Class) -> Class {
    if KEPT.contains(class) {
        return class;
    }
    let Some(identifier) = as_type::<Identifier>(value) else { return class };
    let system = identifier.system.as_deref().unwrap_or_default();
    if let Some((_, class)) = IDENTIFIER_SYSTEMS.iter().find(|(known, _)| *known == system) {
        return *class;
    }
    let codes = identifier.type_.iter().flat_map(|kind| &kind.coding).filter_map(|coding| coding.code.as_ref());
    codes.filter_map(|code| of_identifier_type(code.as_str())).next().unwrap_or(class)
}

/// Identifiers by their system.
const IDENTIFIER_SYSTEMS: &[(&str, Class)] = &[
    ("http://hl7.org/fhir/sid/us-ssn", Class::GovernmentId),
    ("http://hl7.org/fhir/sid/us-medicare", Class::InsuranceId),
    ("http://hl7.org/fhir/sid/us-mbi", Class::InsuranceId),
    ("http://hl7.org/fhir/sid/us-medicaid", Class::InsuranceId),
    ("http://hl7.org/fhir/sid/passport-USA", Class::GovernmentId),
];

/// Identifiers by their type, HL7 v2 table 0203.
fn of_identifier_type(code: &str) -> Option<Class> {
    match code {
        "SS" | "DL" | "PPN" | "NI" | "TAX" | "SB" | "CZ" | "MIL" | "PRC" | "BCT" | "PEN" => Some(Class::GovernmentId),
        "MB" | "HC" | "MC" | "MA" | "SN" => Some(Class::InsuranceId),
        "UDI" | "SNO" => Some(Class::DeviceId),
        _ => None,
    }
}

/// Extensions that say something about the element itself, and so have its class.
const SAME_AS_ELEMENT: &[&str] = &[
    "http://hl7.org/fhir/StructureDefinition/data-absent-reason",
    "http://hl7.org/fhir/StructureDefinition/iso21090-nullFlavor",
    "http://hl7.org/fhir/StructureDefinition/originalText",
    "http://hl7.org/fhir/StructureDefinition/rendering-xhtml",
    "http://hl7.org/fhir/StructureDefinition/translation",
];

/// Extensions by their URL; one that is not here is unclassified.
fn of_extension(url: &str) -> Class {
    EXTENSIONS.iter().find(|(known, _)| *known == url).map_or(Class::Unclassified, |(_, class)| *class)
}

const EXTENSIONS: &[(&str, Class)] = &[
    ("http://hl7.org/fhir/us/core/StructureDefinition/us-core-race", Class::Demographic),
    ("http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity", Class::Demographic),
    ("http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex", Class::Demographic),
    ("http://hl7.org/fhir/us/core/StructureDefinition/us-core-sex", Class::Demographic),
    ("http://hl7.org/fhir/us/core/StructureDefinition/us-core-genderIdentity", Class::Demographic),
    ("http://hl7.org/fhir/us/core/StructureDefinition/us-core-tribal-affiliation", Class::Demographic),
    ("http://hl7.org/fhir/StructureDefinition/patient-genderIdentity", Class::Demographic),
    ("http://hl7.org/fhir/StructureDefinition/patient-nationality", Class::Demographic),
    ("http://hl7.org/fhir/StructureDefinition/patient-religion", Class::Demographic),
    ("http://hl7.org/fhir/StructureDefinition/patient-mothersMaidenName", Class::Name),
    ("http://hl7.org/fhir/StructureDefinition/humanname-own-name", Class::Name),
    ("http://hl7.org/fhir/StructureDefinition/humanname-own-prefix", Class::Name),
    ("http://hl7.org/fhir/StructureDefinition/humanname-partner-name", Class::Name),
    ("http://hl7.org/fhir/StructureDefinition/humanname-partner-prefix", Class::Name),
    ("http://hl7.org/fhir/StructureDefinition/humanname-mothers-family", Class::Name),
    ("http://hl7.org/fhir/StructureDefinition/humanname-fathers-family", Class::Name),
    ("http://hl7.org/fhir/StructureDefinition/iso21090-EN-qualifier", Class::Name),
    ("http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation", Class::Name),
    ("http://hl7.org/fhir/StructureDefinition/patient-birthPlace", Class::Address),
    ("http://hl7.org/fhir/StructureDefinition/geolocation", Class::Address),
    ("http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-streetName", Class::Address),
    ("http://hl7.org/fhir/StructureDefinition/iso21090-ADXP-houseNumber", Class::Address),
    ("http://hl7.org/fhir/StructureDefinition/patient-birthTime", Class::BirthDate),
    ("http://hl7.org/fhir/StructureDefinition/event-basedOn", Class::Relation),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_narrow_stays_narrow() {
        let json = r#"{"resourceType":"Patient","photo":[{"data":"AAAA"}],"extension":[{"url":"urn:x","valueAttachment":{"data":"AAAA"}}],"generalPractitioner":[{"identifier":{"system":"http://hl7.org/fhir/sid/us-ssn","value":"1"}}]}"#;
        let patient = crate::parse(json.as_bytes(), crate::Mode::Strict).unwrap().into_resource();
        let expected = ClassSet::of(&[Class::Biometric, Class::Unclassified, Class::GovernmentId]);
        assert_eq!(patient.classes(), expected);
    }

    #[test]
    fn the_target_of_a_reference_is_read_from_its_text() {
        assert_eq!(type_of_target("Patient/1"), Some("Patient"));
        assert_eq!(type_of_target("https://example.org/fhir/Group/a.b/_history/3"), Some("Group"));
        assert_eq!(type_of_target("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"), None);
        assert_eq!(type_of_target("#p1"), None);
    }
}
