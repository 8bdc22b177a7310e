//! The structure of resources that have no struct: goes through their JSON by the official definitions, and shows each value that
//! it holds to a visitor, as a walk over a typed resource does.

mod definition;
mod invariant;
mod search;

use chartroom_derive::Record;
use definition::{Definition, Kind, Known};

use super::contained::{self, Contained};
use super::fhirpath::is_expression;
use super::reference;
use crate::datatype::{Extension, Meta, Narrative, Reference};
use crate::element::Element;
use crate::extra::{Extra, PrimitiveElement};
use crate::issue::{Issue, IssueCode};
use crate::json::{Json, Reader, Writer};
use crate::primitive::{Code, Id, Uri};
use crate::resource::{Other, Resource};
use crate::walk::{self, Step, Visitor};

/// Whether the elements of this type of resource are known here.
pub(super) fn knows(type_name: &str) -> bool {
    crate::resource::is_r4(type_name) && Definition::of(type_name).is_some()
}

/// Goes through a resource. Tells what is wrong with its structure; what is wrong with a value in it, the visitor sees.
pub(super) fn walk(other: &Other, contained: &Contained, at: &Step<'_>, visitor: &mut dyn Visitor) -> Vec<Issue> {
    let mut walk = Walk { visitor, contained, issues: Vec::new() };
    if let Some(definition) = Definition::of(other.type_name()) {
        walk.common(other, at);
        let place = Place { definition: &definition, name: other.type_name(), path: "" };
        walk.members(place, other.json(), at, COMMON);
    }
    walk.issues
}

/// What every resource that has no struct begins with. It is read as if it were one.
#[derive(Default, Record)]
#[record(backbone = "DomainResource")]
struct DomainResource {
    #[record(class = Technical)]
    id: Option<Id>,
    #[record(class = Technical)]
    meta: Option<Meta>,
    #[record(class = Technical)]
    implicit_rules: Option<Uri>,
    #[record(class = Technical)]
    language: Option<Code>,
    #[record(class = Narrative)]
    text: Option<Narrative>,
    contained: Vec<Resource>,
    extra: Extra,
}

/// The members that [`DomainResource`] reads, and the type.
const COMMON: &[&str] = &[
    "id",
    "_id",
    "meta",
    "implicitRules",
    "_implicitRules",
    "language",
    "_language",
    "text",
    "contained",
    "extension",
    "modifierExtension",
    "resourceType",
];

/// Structures whose member `expression` is in FHIRPath.
const IN_FHIRPATH: &[(&str, &str)] =
    &[("SearchParameter", ""), ("SearchParameter", "component"), ("ElementDefinition", "constraint")];

/// The members of every structure inside a resource.
const IN_STRUCTURE: &[&str] = &["id", "extension", "modifierExtension"];

struct Walk<'w> {
    visitor: &'w mut dyn Visitor,
    /// What `#id` may point at.
    contained: &'w Contained,
    issues: Vec<Issue>,
}

/// A structure of a definition.
#[derive(Clone, Copy)]
struct Place<'d> {
    definition: &'d Definition,
    /// The type that is defined.
    name: &'d str,
    /// The path inside it.
    path: &'d str,
}

impl Walk<'_> {
    fn add(&mut self, code: IssueCode, path: impl ToString, detail: impl Into<String>) {
        self.issues.push(Issue::new(code, path.to_string(), detail));
    }

    fn common(&mut self, other: &Other, at: &Step<'_>) {
        let members = COMMON.iter().filter(|name| **name != "resourceType");
        let members = members.filter_map(|name| Some((*name, other.json().get(name)?)));
        let mut resource = DomainResource::default();
        self.read(members, &mut resource, at);
        if !resource.contained.is_empty() {
            let container = Resource::Other(Box::new(other.clone()));
            contained::check_all(&container, &resource.contained.iter().collect::<Vec<_>>(), at, &mut self.issues);
        }
        walk::element(&resource, at, self.visitor);
    }

    /// Reads members as those of an element. The value that an extension carries stands at `at` itself.
    fn read<'j>(
        &mut self,
        members: impl Iterator<Item = (&'j str, &'j Json)>,
        element: &mut dyn Element,
        at: &Step<'_>,
    ) {
        let text = object(members);
        if text == "{}" {
            return;
        }
        let mut reader = Reader::new(&text);
        // The text was just written, so it has no fault of syntax; and it is no deeper than what it was taken from.
        let _ = crate::read::members(element, &mut reader);
        for issue in crate::parse::located(&text, "$", &reader.problems) {
            let inside = issue.path().strip_prefix('$').unwrap_or_default();
            let carried = inside.trim_start_matches(['.', '_']).strip_prefix(VALUE);
            let inside =
                carried.map_or(inside, |rest| rest.trim_start_matches(|next: char| next.is_ascii_alphanumeric()));
            let path = format!("{at}{inside}");
            self.issues.push(Issue::new(issue.code(), path, issue.detail()));
        }
    }

    /// Goes through the members of a structure. The names in `beside` are read elsewhere.
    fn members(&mut self, place: Place<'_>, json: &Json, at: &Step<'_>, beside: &[&str]) {
        let Json::Object(members) = json else {
            return self.add(IssueCode::JsonType, at, "an object belongs here");
        };
        if members.is_empty() {
            return self.add(IssueCode::Empty, at, "an object is never empty");
        }
        let mut expected: Vec<String> = beside.iter().map(|&name| name.to_owned()).collect();
        for known in place.definition.below(place.path) {
            let found = self.element(place, known, json, at, &mut expected);
            self.cardinality(known, found, at);
        }
        for (name, _) in members.iter().filter(|(name, _)| !expected.iter().any(|known| known == name.as_str())) {
            self.add(
                IssueCode::UnknownMember,
                Step::member(at, name.as_str()),
                "the element has no member of this name",
            );
        }
        for (key, severity, breach) in invariant::broken(place.name, place.path, json) {
            let issue = Issue::new(IssueCode::Invariant, at.to_string(), format!("{key}: {breach}"));
            self.issues.push(issue.with_severity(severity));
        }
        if let Some((member, detail)) = search::fault(place.name, place.path, json) {
            self.add(IssueCode::Contradiction, Step::member(at, member), detail);
        }
        if IN_FHIRPATH.contains(&(place.name, place.path))
            && let Some(text) = json.get("expression").and_then(Json::as_str)
            && !is_expression(text, &mut |_| {})
        {
            self.add(IssueCode::Format, Step::member(at, "expression"), "not an expression of FHIRPath");
        }
    }

    /// Goes through one element. Gives the number of its items, and notes the members that may hold it.
    fn element(
        &mut self,
        place: Place<'_>,
        known: &Known,
        json: &Json,
        at: &Step<'_>,
        expected: &mut Vec<String>,
    ) -> usize {
        let (mut found, mut held) = (0, 0);
        for (member, kind) in known.members(any_type) {
            let twin_name = format!("_{member}");
            let twin = json.get(&twin_name).filter(|_| kind.is_primitive());
            if json.get(&member).is_some() || twin.is_some() {
                held += 1;
                found += self.items(place, known, kind, (json.get(&member), twin), &Step::member(at, &member));
            }
            if kind.is_primitive() {
                expected.push(twin_name);
            }
            expected.push(member);
        }
        if held > 1 {
            self.add(IssueCode::RepeatedChoice, Step::member(at, known.name()), "values of several types");
        }
        found
    }

    fn cardinality(&mut self, known: &Known, found: usize, at: &Step<'_>) {
        let path = Step::member(at, known.name());
        if found < known.min {
            self.add(IssueCode::Required, path, format!("at least {} needed, {found} given", known.min));
        } else if known.max.is_some_and(|max| found > max && known.is_list()) {
            self.add(IssueCode::Cardinality, path, format!("{found} given, which is too many"));
        }
    }

    fn items(
        &mut self,
        place: Place<'_>,
        known: &Known,
        kind: Kind,
        (value, twin): (Option<&Json>, Option<&Json>),
        at: &Step<'_>,
    ) -> usize {
        if !known.is_list() {
            self.item(place, known, kind, (value, twin), at);
            return 1;
        }
        let is_list = |json: &&Json| matches!(json, Json::Array(items) if !items.is_empty());
        if !value.iter().chain(&twin).all(is_list) {
            self.add(IssueCode::JsonType, at, "a list with items belongs here");
            return 1;
        }
        let (values, twins) = (value.map_or(&[][..], Json::items), twin.map_or(&[][..], Json::items));
        let count = values.len().max(twins.len());
        for index in 0..count {
            self.item(place, known, kind, (values.get(index), twins.get(index)), &at.item(index));
        }
        count
    }

    fn item(
        &mut self,
        place: Place<'_>,
        known: &Known,
        kind: Kind,
        (value, twin): (Option<&Json>, Option<&Json>),
        at: &Step<'_>,
    ) {
        match kind {
            Kind::Structure(path) => self.structure(Place { path, ..place }, value, at),
            Kind::Value { type_name, targets } => match carrying_member(type_name) {
                Some(member) => self.value(member, (value, twin), at, known, targets),
                None => {
                    let Some(definition) = Definition::of(type_name) else { return };
                    self.structure(Place { definition: &definition, name: type_name, path: "" }, value, at);
                }
            },
        }
    }

    fn structure(&mut self, place: Place<'_>, value: Option<&Json>, at: &Step<'_>) {
        let Some(json) = value else { return };
        let mut common = PrimitiveElement::default();
        self.read(IN_STRUCTURE.iter().filter_map(|name| Some((*name, json.get(name)?))), &mut common, at);
        walk::element(&common, at, self.visitor);
        self.members(place, json, at, IN_STRUCTURE);
    }

    /// Reads a value of a data type, as an extension carries it, and shows it.
    fn value(
        &mut self,
        member: &str,
        (value, twin): (Option<&Json>, Option<&Json>),
        at: &Step<'_>,
        known: &Known,
        targets: &str,
    ) {
        let value = value.filter(|value| **value != Json::Null);
        let twin = twin.filter(|twin| **twin != Json::Null);
        if value.is_none() && twin.is_none() {
            return self.add(IssueCode::Null, at, "null cannot stand here");
        }
        let twin_name = format!("_{member}");
        let members = value.map(|value| (member, value)).into_iter().chain(twin.map(|twin| (&*twin_name, twin)));
        let mut carrier = Extension::default();
        self.read(members, &mut carrier, at);
        if let (Some(value_set), Some(code)) = (known.value_set, value.and_then(Json::as_str))
            && !definition::has_code(value_set, code)
        {
            self.add(IssueCode::Binding, at, format!("the code is not in the value set {value_set}"));
        }
        self.target(&carrier, targets, at);
        walk::carried(&carrier, at, self.visitor);
    }

    fn target(&mut self, carrier: &Extension, targets: &str, at: &Step<'_>) {
        let targets: Vec<&str> = targets.split_terminator(',').collect();
        let Some(crate::datatype::ExtensionValue::Reference(value)) = &carrier.value else { return };
        let reference: &Reference = value;
        if let Some(fault) = reference::fault(reference, &targets, self.contained)
            && fault.code == IssueCode::ReferenceTarget
        {
            self.add(fault.code, format!("{at}.{}", fault.member), fault.detail);
        }
    }
}

/// How the members of an extension that carry its value begin.
const VALUE: &str = "value";

/// The member of an extension that carries a value of this type.
fn carrying_member(type_name: &str) -> Option<&'static str> {
    let kinds = Extension::facts().elements.iter().find(|facts| facts.name == VALUE)?.types;
    kinds.iter().find(|kind| kind.type_name == type_name).map(|kind| kind.member)
}

/// The types of an open choice: those that an extension may carry.
fn any_type() -> Vec<&'static str> {
    let facts = Extension::facts().elements.iter().find(|facts| facts.name == VALUE);
    facts.map_or_else(Vec::new, |facts| facts.types.iter().map(|kind| kind.type_name).collect())
}

fn object<'j>(members: impl Iterator<Item = (&'j str, &'j Json)>) -> String {
    let mut writer = Writer::default();
    writer.open('{');
    for (name, value) in members {
        writer.unknown_member(name);
        value.write(&mut writer);
    }
    writer.close('}');
    writer.finish()
}

#[cfg(test)]
mod tests {
    use crate::{Checks, Mode, parse};

    fn issues(json: &str) -> Vec<String> {
        let outcome = parse(json.as_bytes(), Mode::Strict).unwrap().check(&Checks::structure());
        let issues = outcome.map_or_else(|refused| refused.issues().to_vec(), |checked| checked.issues().to_vec());
        issues
            .iter()
            .map(|issue| format!("{} {}", issue.key().unwrap_or(issue.code().as_str()), issue.path()))
            .collect()
    }

    fn risk(rest: &str) -> Vec<String> {
        issues(&format!(
            r#"{{"resourceType":"RiskAssessment","id":"r","status":"final","subject":{{"reference":"Patient/1"}}{rest}}}"#
        ))
    }

    #[test]
    fn expressions_of_definitions_have_the_form_of_fhirpath() {
        let parameter = |expression: &str| {
            issues(&format!(
                r#"{{"resourceType":"SearchParameter","url":"https://a.example/sp","name":"Kin","status":"draft","description":"x","code":"kin","base":["Patient"],"type":"string","expression":"{expression}"}}"#
            ))
        };
        assert!(parameter("Patient.contact.where(relationship.exists()).name").is_empty());
        assert_eq!(parameter("Patient.contact.where(").len(), 1);
    }

    #[test]
    fn a_type_without_a_struct_is_checked_by_its_definition() {
        assert!(risk(r#","prediction":[{"probabilityDecimal":12.50,"outcome":{"text":"fall"}}]"#).is_empty());
        assert!(risk(r#","_mitigation":{"extension":[{"url":"urn:x","valueCode":"a"}]}"#).len() == 1);
        for (rest, expected) in [
            (r#","prediction":[{"probabilityDecimal":112}]"#, "ras-2 RiskAssessment.prediction[0]"),
            (r#","prediction":{"rationale":"x"}"#, "json-type RiskAssessment.prediction"),
            (r#","prediction":[{"rationals":"x"}]"#, "unknown-member RiskAssessment.prediction[0].rationals"),
            (r#","occurrenceDateTime":"2023-02-29""#, "format RiskAssessment.occurrenceDateTime"),
            (
                r#","occurrenceDateTime":"2023","occurrencePeriod":{"start":"2023"}"#,
                "repeated-choice RiskAssessment.occurrence",
            ),
            (r#","encounter":{"reference":"Patient/1"}"#, "reference-target RiskAssessment.encounter.reference"),
            (r#","basis":[{"reference":"patient"}]"#, "reference-form RiskAssessment.basis[0].reference"),
            (r#","code":{"coding":[{"code":5}]}"#, "json-type RiskAssessment.code.coding[0].code"),
            (r##","condition":{"reference":"#c"}"##, "ref-1 RiskAssessment.condition.reference"),
            (r#","text":{"status":"generated","div":"x"}"#, "txt-1 RiskAssessment.text.div"),
            (r#","meta":{"lastUpdated":"today"}"#, "format RiskAssessment.meta.lastUpdated"),
            (
                r#","contained":[{"resourceType":"Basic","id":"b","code":{"text":"x"}}]"#,
                "dom-3 RiskAssessment.contained[0]",
            ),
        ] {
            assert_eq!(risk(rest), [expected], "{rest}");
        }
        let hollow = issues(r#"{"resourceType":"RiskAssessment","status":"done"}"#);
        assert_eq!(hollow, ["required RiskAssessment.subject", "binding RiskAssessment.status"]);
    }

    #[test]
    fn data_types_of_their_own_and_open_choices_are_checked() {
        let profile = |element: &str| {
            issues(&format!(
                r#"{{"resourceType":"StructureDefinition","url":"urn:x","name":"Name","status":"draft","kind":"resource","abstract":false,"type":"Patient","baseDefinition":"http://hl7.org/fhir/StructureDefinition/Patient","derivation":"constraint","differential":{{"element":[{element}]}}}}"#
            ))
        };
        assert!(profile(r#"{"id":"Patient","path":"Patient","fixedCode":"a"}"#).is_empty());
        assert_eq!(profile(r#"{"id":"Patient"}"#), ["required StructureDefinition.differential.element[0].path"]);
        let both = r#"{"id":"Patient","path":"Patient","fixedCode":"a","patternCode":"a"}"#;
        assert_eq!(profile(both), ["eld-8 StructureDefinition.differential.element[0]"]);
    }
}
