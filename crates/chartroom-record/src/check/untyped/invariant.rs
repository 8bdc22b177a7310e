//! The invariants that R4 states for the types that have no struct, by their official keys. Each is one small function of the JSON
//! object that it is stated on.

use std::collections::HashSet;

use crate::issue::Severity::{self, Error, Warning};
use crate::json::Json;

/// The invariants that a structure breaks: key, severity, breach.
pub(super) fn broken(
    type_name: &str,
    path: &str,
    json: &Json,
) -> impl Iterator<Item = (&'static str, Severity, &'static str)> {
    let stated = STATED.iter().filter(move |stated| stated.on.0 == type_name && stated.on.1 == path);
    let broken = stated.filter(|stated| !(stated.holds)(json));
    let unnamed = path.is_empty() && !text(json, "name").is_none_or(is_computable);
    let name = unnamed.then(|| NAMED.iter().find(|(named, _)| *named == type_name)).flatten();
    let name = name.map(|(_, key)| (*key, Warning, "the name cannot name a type in a program"));
    broken.map(|stated| (stated.key, Error, stated.breach)).chain(name)
}

struct Stated {
    /// The type, and the path inside it.
    on: (&'static str, &'static str),
    key: &'static str,
    breach: &'static str,
    holds: fn(&Json) -> bool,
}

/// Defines invariants: type and path, then key, breach and rule.
macro_rules! stated {
    ($($type:literal $path:literal { $($key:literal $breach:literal: |$it:ident| $holds:expr;)+ })+) => {
        const STATED: &[Stated] = &[$($(
            Stated { on: ($type, $path), key: $key, breach: $breach, holds: |$it| $holds },
        )+)+];
    };
}

stated! {
    "CapabilityStatement" "" {
        "cpb-1" "neither rest, nor messaging, nor document": |it| any(it, &["rest", "messaging", "document"]);
        "cpb-2" "neither described, nor software, nor an implementation": |it|
            any(it, &["description", "software", "implementation"]);
        "cpb-3" "a messaging endpoint of what is no instance": |it|
            is(it, "kind", &["instance"]) || !list(it, "messaging").iter().any(|item| has(item, "endpoint"));
        "cpb-7" "two documents of the same profile and mode": |it|
            distinct(list(it, "document").iter().map(|item| (text(item, "profile"), text(item, "mode"))));
        "cpb-14" "an instance says what it implements": |it|
            !is(it, "kind", &["instance"]) || has(it, "implementation");
        "cpb-15" "a capability is of software, and of no implementation": |it|
            !is(it, "kind", &["capability"]) || (has(it, "software") && !has(it, "implementation"));
        "cpb-16" "requirements are of neither software nor an implementation": |it|
            !is(it, "kind", &["requirements"]) || !any(it, &["software", "implementation"]);
    }
    "CapabilityStatement" "rest" {
        "cpb-9" "a resource type stands twice": |it| distinct(list(it, "resource").iter().map(|item| text(item, "type")));
    }
    "CapabilityStatement" "rest.resource" {
        "cpb-12" "a search parameter stands twice": |it|
            distinct(list(it, "searchParam").iter().map(|item| text(item, "name")));
    }
    "ElementDefinition" "" {
        "eld-2" "the least number is above the most": |it| match (number(it, "min"), text(it, "max")) {
            (Some(min), Some(max)) => max.parse().map_or(true, |max: f64| min <= max),
            _ => true,
        };
        "eld-3" "the most is neither a number nor *": |it|
            text(it, "max").is_none_or(|max| max == "*" || max.bytes().all(|byte| byte.is_ascii_digit()));
        "eld-5" "a reference to content beside what that content says": |it|
            !has(it, "contentReference") || !(starts(it, &["defaultValue", "fixed", "pattern", "minValue", "maxValue"])
                || any(it, &["type", "example", "maxLength", "binding"]));
        "eld-6" "a fixed value of several types": |it| !starts(it, &["fixed"]) || list(it, "type").len() <= 1;
        "eld-7" "a pattern of several types": |it| !starts(it, &["pattern"]) || list(it, "type").len() <= 1;
        "eld-8" "a pattern beside a fixed value": |it| !(starts(it, &["pattern"]) && starts(it, &["fixed"]));
        "eld-11" "a binding of what has no code": |it|
            !has(it, "binding") || !has(it, "type") || list(it, "type").iter().any(|item| is(item, "code", BOUND));
        "eld-13" "a type stands twice": |it| distinct(list(it, "type").iter().map(|item| text(item, "code")));
        "eld-14" "a constraint stands twice": |it| distinct(list(it, "constraint").iter().map(|item| text(item, "key")));
        "eld-15" "a default value beside what absence means": |it|
            !(starts(it, &["defaultValue"]) && has(it, "meaningWhenMissing"));
        "eld-16" "the name of the slice is malformed": |it|
            text(it, "sliceName").is_none_or(|name| name.chars().all(|next| next.is_ascii_alphanumeric() || "/-_[]@".contains(next)));
        "eld-18" "a modifier without a reason": |it| !truth(it, "isModifier") || has(it, "isModifierReason");
        "eld-19" "the path is malformed": |it| text(it, "path").is_none_or(is_path);
        "eld-22" "it constrains a slice, and names none": |it| !has(it, "sliceIsConstraining") || has(it, "sliceName");
    }
    "ElementDefinition" "slicing" {
        "eld-1" "neither a discriminator nor a description": |it| any(it, &["discriminator", "description"]);
    }
    "ElementDefinition" "type" {
        "eld-4" "only a reference is aggregated": |it| !has(it, "aggregation") || is(it, "code", REFERENCES);
        "eld-17" "only a reference has target profiles": |it| !has(it, "targetProfile") || is(it, "code", REFERENCES);
    }
    "ElementDefinition" "binding" {
        "eld-12" "the address of the value set is not absolute": |it|
            text(it, "valueSet").is_none_or(|url| ["http:", "https:", "urn:"].iter().any(|start| url.starts_with(start)));
    }
    "ImmunizationRecommendation" "recommendation" {
        "imr-1" "neither a vaccine nor a disease": |it| any(it, &["vaccineCode", "targetDisease"]);
    }
    "ImplementationGuide" "definition" {
        "ig-1" "a resource stands in a group that is not there": |it| {
            let groups: HashSet<_> = list(it, "grouping").iter().map(|group| text(group, "id")).collect();
            list(it, "resource").iter().all(|item| !has(item, "groupingId") || groups.contains(&text(item, "groupingId")))
        };
    }
    "InsurancePlan" "" {
        "ipn-1" "neither an identifier nor a name": |it| any(it, &["identifier", "name"]);
    }
    "Linkage" "" {
        "lnk-1" "a linkage is of two items at least": |it| list(it, "item").len() > 1;
    }
    "Measure" "group.stratifier" {
        "mea-1" "either a code, a description and criteria, or components": |it|
            any(it, &["code", "description", "criteria"]) != has(it, "component");
    }
    "MessageDefinition" "focus" {
        "md-1" "the most number is neither a star nor above zero": |it|
            text(it, "max").is_none_or(|max| max == "*" || max.parse().is_ok_and(|max: u32| max > 0));
    }
    "MolecularSequence" "" {
        "msq-3" "coordinates begin at zero or one": |it|
            number(it, "coordinateSystem").is_none_or(|begin| begin == 0.0 || begin == 1.0);
    }
    "MolecularSequence" "referenceSeq" {
        "msq-5" "a chromosome and a genome build stand together": |it| has(it, "chromosome") == has(it, "genomeBuild");
        "msq-6" "one way to name the reference sequence, and not more": |it|
            ["genomeBuild", "referenceSeqId", "referenceSeqPointer", "referenceSeqString"]
                .iter().filter(|name| has(it, name)).count() == 1;
    }
    "NamingSystem" "" {
        "nsd-1" "a root has no uuid": |it|
            !is(it, "kind", &["root"]) || !list(it, "uniqueId").iter().any(|item| is(item, "type", &["uuid"]));
        "nsd-2" "two preferred names of one type": |it|
            distinct(list(it, "uniqueId").iter().filter(|item| truth(item, "preferred")).map(|item| text(item, "type")));
    }
    "OperationDefinition" "parameter" {
        "opd-1" "neither a type nor parts": |it| any(it, &["type", "part"]);
        "opd-2" "only a string is searched": |it| !has(it, "searchType") || is(it, "type", &["string"]);
        "opd-3" "only a reference has target profiles": |it| !has(it, "targetProfile") || is(it, "type", REFERENCES);
    }
    "RequestGroup" "action" {
        "rqg-1" "either a resource or actions, and not both": |it| has(it, "resource") != has(it, "action");
    }
    "RiskAssessment" "prediction" {
        "ras-1" "a probability is a percentage in units of UCUM": |it| it.get("probabilityRange").is_none_or(|range| {
            ["low", "high"].iter().filter_map(|end| range.get(end)).all(|end| {
                is(end, "code", &["%"]) && is(end, "system", &["http://unitsofmeasure.org"])
            })
        });
        "ras-2" "a probability is 100 at most": |it| number(it, "probabilityDecimal").is_none_or(|value| value <= 100.0);
    }
    "SearchParameter" "" {
        "spd-1" "an XPath without a word how it is used": |it| !has(it, "xpath") || has(it, "xpathUsage");
        "spd-2" "only references are chained": |it| !has(it, "chain") || is(it, "type", &["reference"]);
        // No invariant of R4, but what section 2.21.1.1 says of composite parameters.
        "sp-composite" "a composite has two components at least": |it|
            !is(it, "type", &["composite"]) || list(it, "component").len() > 1;
    }
    "StructureDefinition" "" {
        "sdf-1" "a path stands twice in the snapshot": |it|
            is(it, "derivation", &["constraint"]) || distinct(elements(it, "snapshot").iter().map(|item| text(item, "path")));
        "sdf-4" "only what is abstract has no base": |it| has(it, "baseDefinition") || truth(it, "abstract");
        "sdf-5" "an extension says where it may stand": |it|
            !is(it, "type", &["Extension"]) || is(it, "derivation", &["specialization"]) || has(it, "context");
        "sdf-6" "neither a snapshot nor a differential": |it| any(it, &["snapshot", "differential"]);
        "sdf-9" "the root element has no label, code or requirements": |it|
            roots(it).all(|root| !any(root, &["label", "code", "requirements"]));
        "sdf-11" "the first path of the snapshot is the type": |it|
            is(it, "kind", &["logical"])
                || elements(it, "snapshot").first().is_none_or(|first| text(first, "path") == text(it, "type"));
        "sdf-14" "every element has an id": |it| both(it).all(|element| has(element, "id"));
        "sdf-15" "the root of the snapshot has no type": |it|
            is(it, "kind", &["logical"]) || elements(it, "snapshot").first().is_none_or(|first| !has(first, "type"));
        "sdf-16" "an id stands twice in the snapshot": |it|
            distinct(elements(it, "snapshot").iter().filter_map(|element| text(element, "id")));
        "sdf-17" "an id stands twice in the differential": |it|
            distinct(elements(it, "differential").iter().filter_map(|element| text(element, "id")));
        "sdf-18" "only an extension has context invariants": |it|
            !has(it, "contextInvariant") || is(it, "type", &["Extension"]);
        "sdf-21" "only a specialization has default values": |it|
            is(it, "derivation", &["specialization"])
                || !elements(it, "differential").iter().any(|element| starts(element, &["defaultValue"]));
        "sdf-23" "the root element is no slice": |it| roots(it).all(|root| !has(root, "sliceName"));
        "sdf-20" "the root element is not sliced": |it|
            elements(it, "differential").iter().filter(|element| is_root(element)).all(|root| !has(root, "slicing"));
        "sdf-8" "paths begin with that of the root": |it|
            [elements(it, "snapshot"), elements(it, "differential")].iter().all(|elements| below_one_root(elements));
    }
    "StructureDefinition" "mapping" {
        "sdf-2" "neither a name nor an address": |it| any(it, &["name", "uri"]);
    }
    "StructureDefinition" "snapshot" {
        "sdf-3" "every element has a definition, a least and a most number": |it|
            list(it, "element").iter().all(|element| ["definition", "min", "max"].iter().all(|name| has(element, name)));
        "sdf-8b" "every element has a base": |it| list(it, "element").iter().all(|element| has(element, "base"));
        "sdf-10" "a binding has a value set or a description": |it| list(it, "element").iter().all(|element| {
            element.get("binding").is_none_or(|binding| any(binding, &["valueSet", "description"]))
        });
    }
    "StructureMap" "group.rule.target" {
        "smp-1" "an element without a context": |it| !has(it, "element") || has(it, "context");
        "smp-2" "a context without its type": |it| !has(it, "context") || has(it, "contextType");
    }
    "TerminologyCapabilities" "" {
        "tcp-2" "neither described, nor software, nor an implementation": |it|
            any(it, &["description", "software", "implementation"]);
        "tcp-3" "an instance says what it implements": |it| !is(it, "kind", &["instance"]) || has(it, "implementation");
        "tcp-4" "a capability is of software, and of no implementation": |it|
            !is(it, "kind", &["capability"]) || (has(it, "software") && !has(it, "implementation"));
        "tcp-5" "requirements are of neither software nor an implementation": |it|
            !is(it, "kind", &["requirements"]) || !any(it, &["software", "implementation"]);
    }
    "TerminologyCapabilities" "codeSystem" {
        "tcp-1" "one of several versions has no code": |it| {
            let versions = list(it, "version");
            versions.len() < 2 || versions.iter().all(|version| has(version, "code"))
        };
    }
    "TestReport" "setup.action" { "inv-1" "either an operation or an assertion": |it| one_action(it); }
    "TestReport" "test.action" { "inv-2" "either an operation or an assertion": |it| one_action(it); }
    "TestScript" "metadata" {
        "tst-4" "a capability is required, validated, or both": |it|
            list(it, "capability").iter().any(|item| any(item, &["required", "validated"]));
    }
    "TestScript" "variable" {
        "tst-3" "an expression, a header and a path at once": |it|
            !["expression", "headerField", "path"].iter().all(|name| has(it, name));
    }
    "TestScript" "setup.action" { "tst-1" "either an operation or an assertion": |it| one_action(it); }
    "TestScript" "test.action" { "tst-2" "either an operation or an assertion": |it| one_action(it); }
    "TestScript" "setup.action.assert" {
        "tst-10" "what is compared with has a source and an expression or path": |it|
            has(it, "compareToSourceId") == any(it, &["compareToSourceExpression", "compareToSourcePath"]);
        "tst-12" "a response is asserted of a request": |it|
            !is(it, "direction", &["request"]) || !any(it, &["response", "responseCode"]);
    }
}

/// The types whose name may name a type in a program, with the key of that invariant.
const NAMED: &[(&str, &str)] = &[
    ("ActivityDefinition", "adf-0"),
    ("CapabilityStatement", "cpb-0"),
    ("ChargeItemDefinition", "cid-0"),
    ("CompartmentDefinition", "cpd-0"),
    ("EffectEvidenceSynthesis", "ees-0"),
    ("EventDefinition", "evd-0"),
    ("Evidence", "evi-0"),
    ("ExampleScenario", "esc-0"),
    ("GraphDefinition", "gdf-0"),
    ("ImplementationGuide", "ig-0"),
    ("Library", "lib-0"),
    ("Measure", "mea-0"),
    ("MessageDefinition", "msd-0"),
    ("NamingSystem", "nsd-0"),
    ("OperationDefinition", "opd-0"),
    ("PlanDefinition", "pdf-0"),
    ("ResearchDefinition", "rsd-0"),
    ("ResearchElementDefinition", "red-0"),
    ("RiskEvidenceSynthesis", "rvs-0"),
    ("SearchParameter", "spd-0"),
    ("StructureDefinition", "sdf-0"),
    ("StructureMap", "smp-0"),
    ("TerminologyCapabilities", "tcp-0"),
    ("TestScript", "tst-0"),
];

const REFERENCES: &[&str] = &["Reference", "canonical"];
const BOUND: &[&str] = &["code", "Coding", "CodeableConcept", "Quantity", "string", "uri"];

fn has(json: &Json, name: &str) -> bool {
    json.get(name).is_some() || json.get(&format!("_{name}")).is_some()
}

fn any(json: &Json, names: &[&str]) -> bool {
    names.iter().any(|name| has(json, name))
}

/// Whether there is a choice element of one of these names.
fn starts(json: &Json, names: &[&str]) -> bool {
    let Json::Object(members) = json else { return false };
    let is_choice = |member: &str, name: &str| {
        member.strip_prefix(name).is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase()))
    };
    members.iter().any(|(member, _)| names.iter().any(|name| is_choice(member.as_str(), name)))
}

fn text<'j>(json: &'j Json, name: &str) -> Option<&'j str> {
    json.get(name)?.as_str()
}

fn number(json: &Json, name: &str) -> Option<f64> {
    match json.get(name)? {
        Json::Number(text) => text.as_str().parse().ok(),
        _ => None,
    }
}

fn truth(json: &Json, name: &str) -> bool {
    json.get(name) == Some(&Json::Bool(true))
}

fn is(json: &Json, name: &str, codes: &[&str]) -> bool {
    text(json, name).is_some_and(|code| codes.contains(&code))
}

fn list<'j>(json: &'j Json, name: &str) -> &'j [Json] {
    json.get(name).map_or(&[], Json::items)
}

fn distinct<T: Eq + std::hash::Hash>(mut values: impl Iterator<Item = T>) -> bool {
    let mut seen = HashSet::new();
    values.all(|value| seen.insert(value))
}

fn elements<'j>(json: &'j Json, part: &str) -> &'j [Json] {
    json.get(part).map_or(&[], |part| list(part, "element"))
}

fn both(json: &Json) -> impl Iterator<Item = &Json> {
    elements(json, "snapshot").iter().chain(elements(json, "differential"))
}

fn is_root(element: &Json) -> bool {
    text(element, "path").is_some_and(|path| !path.contains('.'))
}

fn roots(json: &Json) -> impl Iterator<Item = &Json> {
    both(json).filter(|element| is_root(element))
}

fn below_one_root(elements: &[Json]) -> bool {
    let root = |element| text(element, "path").and_then(|path| path.split('.').next());
    let Some(first) = elements.first().and_then(root) else { return true };
    elements.iter().filter_map(root).all(|root| root == first)
}

fn one_action(json: &Json) -> bool {
    has(json, "operation") != has(json, "assert")
}

/// Names of 64 characters at most, with dots between them.
fn is_path(path: &str) -> bool {
    let ends = |name: &str| name.split(':').next().map_or(0, |name| name.trim_end_matches("[x]").chars().count());
    path.split('.').all(|name| {
        (1..=64).contains(&ends(name)) && !name.contains([' ', ',', ';', '\'', '"', '/', '|', '?', '!', '@'])
    })
}

/// Whether a name can be the name of a type in a program, as the invariants of typed resources have it.
fn is_computable(name: &str) -> bool {
    crate::check::invariant::is_computable(name)
}
