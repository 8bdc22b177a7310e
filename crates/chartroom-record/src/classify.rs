//! The class of each element where it stands: what its field says, inherited downward, narrowed by its content.

use std::any::Any;
use std::borrow::Cow;

use crate::class::{Class, ClassSet};
use crate::datatype::{Extension, Identifier, Reference};
use crate::element::Element;
use crate::facts::{ElementFacts, TypeChoice, TypeFacts, TypeKind};
use crate::primitive::Uri;
use crate::resource::{BundleEntry, BundleEntryRequest, BundleEntryResponse, BundleLink, is_r4};

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
        self.members_of(element, element.facts()).class(facts)
    }

    /// The classes of the members of an element in this scope. The facts are its own, which whoever asks has at hand.
    pub(crate) fn members_of<'e>(self, element: &'e dyn Element, facts: &TypeFacts) -> Members<'e> {
        let TypeFacts { name, kind, .. } = facts;
        let (kept, telling) = match kind {
            TypeKind::Resource => (false, false),
            // A data type may say what its parts are, but never opens up what holds it.
            TypeKind::DataType => (KEPT.contains(self.class), *name == "Reference"),
            TypeKind::Backbone => (false, name.starts_with("Bundle.")),
        };
        Members { scope: self, element, kept, telling }
    }

    /// The scope of a structure that is the value of a member of this class.
    pub(crate) fn inside(self, class: Class, kind: &'static TypeChoice, value: &dyn Element) -> Self {
        let class = match kind.type_name {
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
    fn of_display(self, reference: &Reference, class: Class) -> Class {
        let stated = reference.type_.as_deref();
        let named = reference.reference.as_deref().and_then(type_asked_for);
        let tells = |target: &str| is_r4(target).then(|| of_target(target, class));
        match (stated.map(tells), named.and_then(tells)) {
            (Some(Some(Class::Name)), _) | (_, Some(Class::Name)) => Class::Name,
            (Some(Some(told)), None) | (None, Some(told)) => told,
            (Some(Some(one)), Some(other)) if one == other => one,
            // A target that is not known, or said to be two things, may be whatever the element allows.
            _ if self.targets.iter().any(|target| of_target(target, class) == Class::Name) => Class::Name,
            _ if self.targets.is_empty() => Class::Name,
            _ => class,
        }
    }
}

/// What the classes of an element's members depend on, found once for all of them.
pub(crate) struct Members<'e> {
    scope: Scope,
    element: &'e dyn Element,
    /// Whether all have the class of what holds them.
    kept: bool,
    /// Whether what one of them holds may tell its class.
    telling: bool,
}

impl Members<'_> {
    #[inline]
    pub(crate) fn class(&self, facts: &ElementFacts) -> Class {
        let stated = facts.class.filter(|_| !self.kept).unwrap_or(self.scope.class);
        if self.telling { self.told(facts.name, stated) } else { stated }
    }

    fn told(&self, member: &str, class: Class) -> Class {
        if let Some(reference) = as_type::<Reference>(self.element) {
            match member {
                "display" => self.scope.of_display(reference, class),
                "reference" => reference.reference.as_deref().map_or(class, |address| of_address(address, class)),
                _ => class,
            }
        } else if let Some(link) = as_type::<BundleLink>(self.element) {
            if member == "url" { of_uri(link.url.as_ref(), class) } else { class }
        } else if let Some(entry) = as_type::<BundleEntry>(self.element) {
            if member == "fullUrl" { of_uri(entry.full_url.as_ref(), class) } else { class }
        } else if let Some(request) = as_type::<BundleEntryRequest>(self.element) {
            match member {
                "url" => of_uri(request.url.as_ref(), class),
                "ifNoneExist" => request.if_none_exist.as_deref().map_or(class, |query| of_query(query, class)),
                _ => class,
            }
        } else if let Some(response) = as_type::<BundleEntryResponse>(self.element) {
            if member == "location" { of_uri(response.location.as_ref(), class) } else { class }
        } else {
            class
        }
    }
}

fn as_type<T: 'static>(element: &dyn Element) -> Option<&T> {
    (element as &dyn Any).downcast_ref()
}

/// The resource type in `Patient/1` or `https://example.org/fhir/Patient/1/_history/2`.
pub(crate) fn type_of_target(reference: &str) -> Option<&str> {
    let mut segments = reference.split('/');
    let (mut name, mut id) = (None, segments.next());
    while let Some(segment) = segments.next() {
        if segment == "_history" && segments.clone().next().is_some() {
            break;
        }
        (name, id) = (id, Some(segment));
    }
    name.filter(|name| name.starts_with(|first: char| first.is_ascii_uppercase()))
}

/// The same, also in `Patient?identifier=…`, which asks for its target.
fn type_asked_for(reference: &str) -> Option<&str> {
    match split_query(reference) {
        Some((place, _)) => place.rsplit('/').next().filter(|name| is_r4(name)).or_else(|| type_of_target(place)),
        None => type_of_target(reference),
    }
}

/// An address that asks for its target, before and after the question mark.
fn split_query(address: &str) -> Option<(&str, &str)> {
    // Hardly any address asks, and to compare all bytes is quicker than to stop at the first.
    let asks = address.bytes().fold(false, |asks, byte| asks | (byte == b'?'));
    if asks { address.split_once('?') } else { None }
}

fn of_uri(uri: Option<&Uri>, class: Class) -> Class {
    uri.map_or(class, |uri| of_address(uri, class))
}

/// An address that asks for its target tells what it asks by.
fn of_address(address: &str, class: Class) -> Class {
    let Some((_, query)) = split_query(address) else { return class };
    // Who took part in care is told by this class anyway.
    let by_identifier = query.starts_with("identifier=") && !query.contains('&');
    let of_target = type_asked_for(address).map(|target| of_target(target, class));
    let participant = class == Class::Participant && of_target == Some(class) && by_identifier;
    match of_query(query, class) {
        Class::Identifier if participant => class,
        found => found,
    }
}

/// Parameters of a search that say how its result is given, and nothing of what is sought: FHIR R4, section 3.1.1.5, and how
/// servers page through it.
const OF_RESULT: &[&str] = &[
    "_bundletype",
    "_count",
    "_cursor",
    "_elements",
    "_format",
    "_getpages",
    "_getpagesoffset",
    "_include",
    "_lastUpdated",
    "_offset",
    "_page",
    "_pretty",
    "_revinclude",
    "_since",
    "_sort",
    "_summary",
    "_total",
];

/// The class of the parameters of a search. They may tell anything: an identifier by its system, a name, a diagnosis.
fn of_query(query: &str, class: Class) -> Class {
    if KEPT.contains(class) {
        return class;
    }
    let query = percent_decoded(query);
    // Some servers take a semicolon for an ampersand.
    let names = query.split(['&', ';']).map(|part| part.split_once('=').map_or(part, |(name, _)| name));
    let mut asking = names.filter(|name| !OF_RESULT.contains(&name.split(':').next().unwrap_or_default())).peekable();
    if asking.peek().is_none() {
        return class;
    }
    if !asking.all(|name| matches!(name, "identifier" | "identifier:of-type" | "_id")) {
        return Class::Unclassified;
    }
    let by_type = query.contains(":of-type=");
    let of_part =
        |part: &str| of_identifier_system(part).or_else(|| by_type.then(|| of_identifier_type(part)).flatten());
    let told: Vec<_> = query.split(['=', ',', '&', '|']).filter_map(of_part).collect();
    match class {
        // What such an element holds otherwise is less than an identifier.
        Class::Technical | Class::Relation | Class::Participant | Class::Administrative | Class::Identifier => {
            let narrowest = [Class::GovernmentId, Class::InsuranceId, Class::DeviceId];
            narrowest.into_iter().find(|class| told.contains(class)).unwrap_or(Class::Identifier)
        }
        // Shown to whoever sees one of the two, it would tell the other.
        _ => Class::Unclassified,
    }
}

/// The text with its percent-encoded octets (RFC 3986, section 2.1) as they are meant; what is no UTF-8 then is marked.
fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let encoded = (*first == b'%').then(|| after.split_first_chunk::<2>()).flatten();
        let octet = encoded.and_then(|(digits, after)| {
            let digits =
                std::str::from_utf8(digits).ok().filter(|digits| digits.bytes().all(|it| it.is_ascii_hexdigit()))?;
            Some((u8::from_str_radix(digits, 16).ok()?, after))
        });
        let (octet, after) = octet.unwrap_or((*first, after));
        octets.push(octet);
        rest = after;
    }
    Cow::Owned(String::from_utf8_lossy(&octets).into_owned())
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
    if let Some(class) = of_identifier_system(system) {
        return class;
    }
    let codes = identifier.type_.iter().flat_map(|kind| &kind.coding).filter_map(|coding| coding.code.as_ref());
    codes.filter_map(|code| of_identifier_type(code.as_str())).next().unwrap_or(class)
}

fn of_identifier_system(system: &str) -> Option<Class> {
    let known = IDENTIFIER_SYSTEMS.iter().find(|(known, _)| *known == system);
    let known = known.or_else(|| IDENTIFIER_SYSTEM_FAMILIES.iter().find(|(begin, _)| system.starts_with(begin)));
    known.map(|(_, class)| *class)
}

/// Identifiers by their system: FHIR R4, <https://hl7.org/fhir/R4/identifier-registry.html>. Each also goes by its OID.
const IDENTIFIER_SYSTEMS: &[(&str, Class)] = &[
    ("http://hl7.org/fhir/sid/us-ssn", Class::GovernmentId),
    ("urn:oid:2.16.840.1.113883.4.1", Class::GovernmentId),
    ("http://hl7.org/fhir/sid/us-medicare", Class::InsuranceId),
    ("urn:oid:2.16.840.1.113883.4.572", Class::InsuranceId),
    ("http://hl7.org/fhir/sid/us-mbi", Class::InsuranceId),
    ("urn:oid:2.16.840.1.113883.4.927", Class::InsuranceId),
    ("http://hl7.org/fhir/sid/us-medicaid", Class::InsuranceId),
];

/// Systems with one for each country or state: how they begin. By OID, driving licences and passports.
const IDENTIFIER_SYSTEM_FAMILIES: &[(&str, Class)] = &[
    ("http://hl7.org/fhir/sid/passport-", Class::GovernmentId),
    ("urn:oid:2.16.840.1.113883.4.3.", Class::GovernmentId),
    ("urn:oid:2.16.840.1.113883.4.330.", Class::GovernmentId),
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

    /// The classes of what stands at a path.
    fn class_at(json: &str, path: &str) -> Class {
        let resource = crate::parse(json.as_bytes(), crate::Mode::Strict).unwrap().into_resource();
        path.parse::<crate::Path>().unwrap().get(&resource).unwrap().class()
    }

    #[test]
    fn a_display_is_a_name_unless_its_target_is_known_to_be_no_person() {
        let of = |members: &str| {
            let json = format!(r#"{{"resourceType":"Observation","subject":{{{members},"display":"John Smith"}}}}"#);
            class_at(&json, "Observation.subject.display")
        };
        for person in [
            r#""reference":"https://ehr.example/api/Records/1""#,
            r#""reference":"Patient/1","type":"http://hl7.org/fhir/StructureDefinition/Patient""#,
            r#""type":"patient""#,
            r#""reference":"Patient/1?x","type":"Encounter""#,
            r#""reference":"Patient?identifier=http://a.example/Location/1","type":"Location""#,
            r#""reference":"https://a.example/Patient?_id=1""#,
            r#""reference":"Location/1","type":"Patient""#,
            r#""reference":"Location/1","type":"Device""#,
            r#""reference":"Location/1","type":"location""#,
            r##""reference":"#s""##,
        ] {
            assert_eq!(of(person), Class::Name, "{person}");
        }
        for (members, class) in [
            (r#""reference":"Location/1""#, Class::Participant),
            (r#""reference":"Location?identifier=x""#, Class::Participant),
            (r#""reference":"Location/1","type":"Location""#, Class::Participant),
            (r#""reference":"urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7","type":"Device""#, Class::DeviceId),
        ] {
            assert_eq!(of(members), class, "{members}");
        }
    }

    #[test]
    fn an_address_that_asks_has_the_class_of_what_it_asks_by() {
        let of = |resource: &str, member: &str, address: &str| {
            let json = format!(r#"{{"resourceType":"{resource}","{member}":{{"reference":"{address}"}}}}"#);
            class_at(&json, &format!("{resource}.{member}.reference"))
        };
        let subject = |address: &str| of("Observation", "subject", address);
        assert_eq!(subject("Patient/1"), Class::Relation);
        assert_eq!(subject("Patient?name=Smith"), Class::Unclassified);
        assert_eq!(subject("Patient?_id=1"), Class::Identifier);
        assert_eq!(subject("Patient?identifier=1;name=Smith"), Class::Unclassified);
        assert_eq!(subject("Patient?identifier=https://a.example/mrn|1%26name=Smith"), Class::Unclassified);
        assert_eq!(subject("Patient?identifier=https://a.example/mrn|1"), Class::Identifier);
        for ssn in [
            "Patient?identifier=http://hl7.org/fhir/sid/us-ssn|123-45-6789",
            "Patient?identifier=http%3A%2F%2Fhl7.org%2ffhir%2Fsid%2Fus-ssn%7C123-45-6789",
            "Patient?identifier=urn:x|1,urn:oid:2.16.840.1.113883.4.1|123-45-6789&_count=1",
        ] {
            assert_eq!(subject(ssn), Class::GovernmentId, "{ssn}");
        }
        assert_eq!(subject("Patient?identifier=http://hl7.org/fhir/sid/us-mbi|1S00E00AA00"), Class::InsuranceId);
        let by_type = "Patient?identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|SS|123-45-6789";
        assert_eq!(subject(by_type), Class::GovernmentId);
        assert_eq!(subject("Patient?identifier=%zz%"), Class::Identifier);
        let encounter = |address: &str| of("Encounter", "serviceProvider", address);
        assert_eq!(encounter("Organization?identifier=https://a.example/org|1"), Class::Participant);
        assert_eq!(encounter("Organization?identifier=1&_has:Patient:organization:name=Smith"), Class::Unclassified);
        let clinical = r#"{"resourceType":"Condition","evidence":[{"detail":[{"reference":"Observation?code=x"}]}]}"#;
        assert_eq!(class_at(clinical, "Condition.evidence[0].detail[0].reference"), Class::Unclassified);
        let bundle = r#"{"resourceType":"Bundle","link":[{"relation":"self","url":"https://a.example/Patient?name=Smith&birthdate=1970-01-01"},{"relation":"next","url":"https://a.example/fhir?_getpages=a1&_count=10"}],"entry":[{"fullUrl":"https://a.example/?x=1","request":{"method":"PUT","url":"Patient?identifier=http://hl7.org/fhir/sid/us-ssn|123-45-6789","ifNoneExist":"identifier=http://hl7.org/fhir/sid/us-ssn|1"},"response":{"status":"200","location":"Patient/1"}}]}"#;
        for (path, class) in [
            ("Bundle.link[0].url", Class::Unclassified),
            ("Bundle.link[1].url", Class::Technical),
            ("Bundle.entry[0].fullUrl", Class::Unclassified),
            ("Bundle.entry[0].request.url", Class::GovernmentId),
            ("Bundle.entry[0].request.ifNoneExist", Class::GovernmentId),
            ("Bundle.entry[0].response.location", Class::Technical),
        ] {
            assert_eq!(class_at(bundle, path), class, "{path}");
        }
    }

    #[test]
    fn what_a_government_gave_is_known_by_every_address_of_its_system() {
        for (system, class) in [
            ("http://hl7.org/fhir/sid/us-ssn", Class::GovernmentId),
            ("urn:oid:2.16.840.1.113883.4.1", Class::GovernmentId),
            ("urn:oid:2.16.840.1.113883.4.3.25", Class::GovernmentId),
            ("http://hl7.org/fhir/sid/passport-USA", Class::GovernmentId),
            ("http://hl7.org/fhir/sid/passport-AUS", Class::GovernmentId),
            ("urn:oid:2.16.840.1.113883.4.330.840", Class::GovernmentId),
            ("urn:oid:2.16.840.1.113883.4.927", Class::InsuranceId),
            ("urn:oid:2.16.840.1.113883.4.6", Class::Identifier),
            ("urn:oid:2.16.840.1.113883.4.10", Class::Identifier),
        ] {
            let json = format!(r#"{{"resourceType":"Patient","identifier":[{{"system":"{system}","value":"1"}}]}}"#);
            assert_eq!(class_at(&json, "Patient.identifier[0].value"), class, "{system}");
        }
    }

    #[test]
    fn the_target_of_a_reference_is_read_from_its_text() {
        assert_eq!(type_of_target("Patient/1"), Some("Patient"));
        assert_eq!(type_of_target("https://example.org/fhir/Group/a.b/_history/3"), Some("Group"));
        assert_eq!(type_of_target("urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"), None);
        assert_eq!(type_of_target("#p1"), None);
        assert_eq!(type_of_target("Patient/1/_history/3/x"), Some("Patient"));
        assert_eq!(type_of_target("Patient/_history/3"), None);
        assert_eq!(type_of_target("Patient/1/_history"), None);
    }
}
