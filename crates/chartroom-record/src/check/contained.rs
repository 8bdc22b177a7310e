//! Contained resources: the invariants `dom-2` to `dom-5` of every resource that can hold others.

use std::collections::{HashMap, HashSet};

use crate::class::Class;
use crate::datatype::Reference;
use crate::element::{Element, Node};
use crate::facts::{ElementFacts, TypeChoice};
use crate::issue::{Issue, IssueCode};
use crate::json::Json;
use crate::primitive::Primitive;
use crate::resource::{Other, Resource};
use crate::walk::{self, Step, Visitor};

/// The resources that another one contains.
pub(crate) fn of(resource: &Resource) -> Vec<&Resource> {
    let Some(Node::List(list)) = resource.as_element().map(|element| member(element, "contained")) else {
        return Vec::new();
    };
    let contained = (0..list.len()).filter_map(|index| match list.get(index) {
        Node::Resource(resource) => Some(resource),
        _ => None,
    });
    contained.collect()
}

/// What a resource contains: the types by the ids.
pub(super) type Contained = HashMap<String, String>;

/// What a resource contains.
pub(super) fn types(resource: &Resource) -> Contained {
    let owned = |(id, kind): (&str, &str)| (id.to_owned(), kind.to_owned());
    match resource {
        Resource::Other(other) => {
            let contained = other.json().get("contained").map_or(&[][..], Json::items);
            let kind = |inner: &Json| inner.get("resourceType").and_then(Json::as_str).unwrap_or_default().to_owned();
            contained.iter().filter_map(|inner| Some((inner.get("id")?.as_str()?.to_owned(), kind(inner)))).collect()
        }
        typed => of(typed).into_iter().filter_map(|inner| Some((inner.id()?, inner.type_name()))).map(owned).collect(),
    }
}

/// Checks what a resource contains; of one without a struct, that is read elsewhere.
pub(super) fn check(resource: &Resource, at: &Step<'_>, issues: &mut Vec<Issue>) {
    check_all(resource, &of(resource), at, issues);
}

/// Checks the resources that another one contains.
pub(super) fn check_all(resource: &Resource, contained: &[&Resource], at: &Step<'_>, issues: &mut Vec<Issue>) {
    if contained.is_empty() {
        return;
    }
    let (named, mut seen) = (local_references(resource), HashSet::new());
    for (index, inner) in contained.iter().enumerate() {
        if inner.id().is_some_and(|id| !seen.insert(id)) {
            let path = format!("{at}.contained[{index}].id");
            issues.push(Issue::new(IssueCode::Contradiction, path, "another contained resource has this id"));
        }
        for (member, detail) in faults(inner, &named) {
            issues.push(Issue::new(IssueCode::Invariant, format!("{at}.contained[{index}]{member}"), detail));
        }
    }
}

/// The ids of what `original` contains and `left`, which is what is left of it, has no use for: nothing there refers to it, nor
/// does it refer to its container (`dom-3`). What goes takes its own references with it.
pub(crate) fn loose_ends(original: &Resource, left: &Resource) -> HashSet<String> {
    let mut named = local_references(left);
    let mut own: HashMap<&str, HashMap<String, usize>> = HashMap::new();
    for inner in of(left) {
        let Some(id) = inner.id() else { continue };
        let names = own.entry(id).or_default();
        local_references(inner).into_iter().for_each(|(name, times)| *names.entry(name).or_default() += times);
    }
    let contained = of(original).into_iter().filter_map(Resource::id).map(str::to_owned);
    let is_named = |id: &String| named.get(id).is_some_and(|times| *times > 0);
    let is_kept = |id: &String| own.get(id.as_str()).is_some_and(|own| own.contains_key("") || is_named(id));
    let mut open: Vec<String> = contained.filter(|id| !is_kept(id)).collect();
    let mut loose = HashSet::new();
    while let Some(id) = open.pop() {
        for (name, times) in own.remove(id.as_str()).into_iter().flatten() {
            let Some(left) = named.get_mut(&name) else { continue };
            *left = left.saturating_sub(times);
            if *left == 0 && own.get(name.as_str()).is_some_and(|own| !own.contains_key("")) {
                open.push(name);
            }
        }
        loose.insert(id);
    }
    loose
}

fn refers(named: &HashMap<String, usize>, inner: &Resource) -> bool {
    inner.id().is_some_and(|id| named.contains_key(id)) || local_references(inner).contains_key("")
}

fn faults(inner: &Resource, named: &HashMap<String, usize>) -> impl Iterator<Item = (&'static str, &'static str)> {
    let about = About::of(inner);
    let referred = refers(named, inner);
    let faults = [
        about.contains.then_some((".contained", "dom-2: a contained resource contains another")),
        (!referred)
            .then_some(("", "dom-3: nothing refers to the contained resource, nor does it refer to its container")),
        about.versioned.then_some((".meta", "dom-4: a contained resource has a version of its own")),
        about.labelled.then_some((".meta.security", "dom-5: a contained resource has security labels of its own")),
    ];
    faults.into_iter().flatten()
}

/// What a contained resource says of itself, though only its container may.
struct About {
    contains: bool,
    versioned: bool,
    labelled: bool,
}

impl About {
    fn of(resource: &Resource) -> Self {
        match resource {
            Resource::Other(other) => Self::of_json(other.json()),
            typed => {
                let meta = typed.meta();
                Self {
                    contains: !of(typed).is_empty(),
                    versioned: meta.is_some_and(|meta| meta.version_id.is_some() || meta.last_updated.is_some()),
                    labelled: meta.is_some_and(|meta| !meta.security.is_empty()),
                }
            }
        }
    }

    fn of_json(json: &Json) -> Self {
        let meta = |name| json.get("meta").is_some_and(|meta| meta.get(name).is_some());
        Self {
            contains: json.get("contained").is_some(),
            versioned: meta("versionId") || meta("lastUpdated"),
            labelled: meta("security"),
        }
    }
}

/// The version of a resource.
pub(super) fn version(resource: &Resource) -> Option<&str> {
    match resource {
        Resource::Other(other) => other.json().get("meta")?.get("versionId")?.as_str(),
        typed => typed.meta()?.version_id.as_deref(),
    }
}

fn member<'a>(element: &'a dyn Element, name: &str) -> Node<'a> {
    let index = element.facts().elements.iter().position(|facts| facts.name == name);
    index.map_or(Node::Absent, |index| element.member(index).node)
}

/// The ids that references and canonical addresses of the form `#id` name, each with how often; the empty one is the container.
fn local_references(resource: &Resource) -> HashMap<String, usize> {
    let mut found = LocalReferences::default();
    walk::resource(resource, &Step::root(""), &mut found);
    found.0
}

#[derive(Default)]
struct LocalReferences(HashMap<String, usize>);

impl LocalReferences {
    fn note(&mut self, text: &str) {
        if let Some(id) = text.strip_prefix('#') {
            *self.0.entry(id.to_owned()).or_default() += 1;
        }
    }

    fn note_all(&mut self, json: &Json) {
        match json {
            Json::String(text) => self.note(text.as_str()),
            Json::Array(items) => items.iter().for_each(|item| self.note_all(item)),
            Json::Object(members) => members.iter().for_each(|(_, value)| self.note_all(value)),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
}

impl Visitor for LocalReferences {
    fn structure(&mut self, _: &Step<'_>, value: &dyn Element, _: Option<&'static TypeChoice>, _: Class) {
        let reference = (value as &dyn std::any::Any).downcast_ref::<Reference>();
        if let Some(text) = reference.and_then(|reference| reference.reference.as_deref()) {
            self.note(text);
        }
    }

    fn primitive(&mut self, _: &Step<'_>, _: &ElementFacts, value: &dyn Primitive, _: Class) {
        if matches!(value.type_name(), "canonical" | "uri" | "url") {
            self.note(&value.to_plain());
        }
    }

    fn unknown(&mut self, _: &Step<'_>, _: &dyn Element, value: &Json) {
        self.note_all(value);
    }

    fn other(&mut self, _: &Step<'_>, other: &Other) {
        self.note_all(other.json());
    }
}

#[cfg(test)]
mod tests {
    use crate::check::invariant::tests::breaches;
    use crate::{Checks, Mode, parse};

    fn with(contained: &str, rest: &str) -> Vec<String> {
        breaches(&format!(
            r##"{{"resourceType":"Condition","contained":[{contained}],"subject":{{"reference":"#p"}}{rest}}}"##
        ))
    }

    #[test]
    fn ids_of_contained_resources_are_distinct() {
        let patient = r##"{"resourceType":"Patient","id":"p","active":true}"##;
        let json = format!(
            r##"{{"resourceType":"Condition","contained":[{patient},{patient}],"subject":{{"reference":"#p"}}}}"##
        );
        let refused = parse(json.as_bytes(), Mode::Strict).unwrap().check(&Checks::structure()).unwrap_err();
        let paths: Vec<_> = refused.issues().iter().map(|issue| issue.path()).collect();
        assert_eq!(paths, ["Condition.contained[1].id"]);
    }

    #[test]
    fn many_contained_resources_are_no_burden() {
        // Held against all the others for each, they would take many minutes.
        let many = 10_000;
        let basic = |at: usize| format!(r##"{{"resourceType":"Basic","id":"b{at}","code":{{"text":"x"}}}}"##);
        let named = |at: usize| format!(r##"{{"item":{{"reference":"#b{at}"}}}}"##);
        let list = |last: &str| {
            format!(
                r##"{{"resourceType":"List","contained":[{}],"status":"current","mode":"working","entry":[{},{{"item":{{"reference":"{last}"}}}}]}}"##,
                (0..many).map(basic).collect::<Vec<_>>().join(","),
                (0..many).map(named).collect::<Vec<_>>().join(",")
            )
        };
        assert!(breaches(&list("#b0")).is_empty());
        assert_eq!(breaches(&list("#b")), [format!("ref-1 List.entry[{many}].item.reference")]);
    }

    #[test]
    fn what_is_contained_belongs_to_its_container() {
        let patient = r##"{"resourceType":"Patient","id":"p","active":true}"##;
        assert!(with(patient, "").is_empty());
        let back = r##"{"resourceType":"Goal","id":"g","lifecycleStatus":"active","description":{"text":"walk"},"subject":{"reference":"#p"},"addresses":[{"reference":"#"}]}"##;
        assert!(with(&format!("{patient},{back}"), "").is_empty());
        let stray = r##"{"resourceType":"Basic","id":"b","meta":{"security":[]}}"##;
        let expected = ["dom-3 Condition.contained[1]", "dom-5 Condition.contained[1].meta.security"];
        assert_eq!(with(&format!("{patient},{stray}"), ""), expected);
        let versioned = r##"{"resourceType":"Patient","id":"p","meta":{"versionId":"1"}}"##;
        assert_eq!(with(versioned, ""), ["dom-4 Condition.contained[0].meta"]);
        let nested = format!(
            r##"{{"resourceType":"Patient","id":"p","contained":[{patient}],"managingOrganization":{{"reference":"#p"}}}}"##
        );
        assert!(with(&nested, "").contains(&"dom-2 Condition.contained[0].contained".to_owned()));
    }
}
