//! One thing that a profile expects: a path, with what may stand in its place.

use crate::datatype::{CodeableConcept, Coding};
use crate::element::{Element, Node};
use crate::facts::TypeFacts;

/// Ways to meet one expectation. One is enough.
#[derive(Debug)]
pub(super) struct Expected {
    text: String,
    ways: Vec<Way>,
}

/// A path, and what stands at its end.
#[derive(Debug)]
struct Way {
    steps: Vec<String>,
    end: End,
}

#[derive(Debug)]
enum End {
    /// Anything.
    Any,
    /// An extension with this address.
    Extension(String),
    /// A concept with one of these codes of the system.
    Code { system: String, codes: Vec<String> },
}

impl Expected {
    /// Reads `path`, `path has system code…`, `path.extension address`, or several with `or` between them. `None` where an
    /// element is unknown.
    pub(super) fn read(text: &str, facts: &'static TypeFacts) -> Option<Self> {
        let ways = text.split(" or ").map(|way| Way::read(way, facts)).collect::<Option<_>>()?;
        Some(Self { text: text.to_owned(), ways })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The path where it belongs: that of the first way whose holder is there.
    pub(super) fn path_in(&self, element: &dyn Element) -> String {
        let Some(way) = self.ways.iter().find(|way| way.has_holder(element)) else { return String::new() };
        let extension = matches!(way.end, End::Extension(_)).then_some("extension");
        let steps: Vec<&str> = way.steps.iter().map(String::as_str).chain(extension).collect();
        steps.join(".")
    }

    /// Whether one of the ways is in the record.
    pub(super) fn is_in(&self, element: &dyn Element) -> bool {
        self.ways.iter().any(|way| way.is_in(element))
    }

    /// Whether it is nowhere in the record, though what would hold it is there.
    pub(super) fn is_wanting(&self, element: &dyn Element) -> bool {
        !self.is_in(element) && self.ways.iter().any(|way| way.has_holder(element))
    }

    /// Shows the path of each place where it should be and is not.
    pub(super) fn each_missing(&self, element: &dyn Element, show: &mut dyn FnMut(String)) {
        match self.ways.as_slice() {
            [Way { steps, end: End::Any }] => each_missing(element, steps, "", show),
            _ if self.is_wanting(element) => show(format!(".{}", self.path_in(element))),
            _ => {}
        }
    }
}

impl Way {
    fn read(text: &str, facts: &'static TypeFacts) -> Option<Self> {
        let mut words = text.trim().split(' ');
        let mut steps: Vec<String> = words.next()?.split('.').map(str::to_owned).collect();
        let end = match words.next() {
            None => End::Any,
            Some("has") => {
                let system = words.next()?.to_owned();
                End::Code { system, codes: words.map(str::to_owned).collect() }
            }
            Some(address) => {
                steps.pop().filter(|step| step == "extension")?;
                End::Extension(address.to_owned())
            }
        };
        is_known(&steps, facts).then_some(Self { steps, end })
    }

    fn is_in(&self, element: &dyn Element) -> bool {
        match &self.end {
            End::Extension(address) => any(
                element,
                &self.steps,
                &mut |node| matches!(node, Node::Element(holder) if has_extension(holder, address)),
            ),
            End::Any => {
                let Some((last, before)) = self.steps.split_last() else { return false };
                any(element, before, &mut |node| matches!(node, Node::Element(holder) if has(holder, last)))
            }
            End::Code { system, codes } => any(element, &self.steps, &mut |node| has_code(node, system, codes)),
        }
    }

    /// Whether what would hold it is there.
    fn has_holder(&self, element: &dyn Element) -> bool {
        let before = match self.end {
            End::Extension(_) => self.steps.as_slice(),
            End::Any | End::Code { .. } => self.steps.split_last().map_or(&[][..], |(_, before)| before),
        };
        any(element, before, &mut |_| true)
    }
}

/// Whether the steps lead through elements of the type.
fn is_known(steps: &[String], facts: &'static TypeFacts) -> bool {
    let Some((first, rest)) = steps.split_first() else { return true };
    let Some(element) = facts.elements.iter().find(|element| names(element, first)) else { return false };
    let mut inside = element.types.iter().filter(|kind| element.name == *first || kind.member == *first);
    rest.is_empty() || inside.any(|kind| kind.facts().is_some_and(|facts| is_known(rest, facts)))
}

fn names(element: &crate::facts::ElementFacts, name: &str) -> bool {
    element.name == name || element.types.iter().any(|kind| kind.member == name)
}

/// Whether the element has a member of this name, if only by extensions in place of a value.
fn has(element: &dyn Element, name: &str) -> bool {
    let elements = element.facts().elements;
    let Some((index, facts)) = elements.iter().enumerate().find(|(_, facts)| names(facts, name)) else { return false };
    let member = element.member(index);
    let is_chosen = facts.name == name || facts.types.get(member.choice).is_some_and(|kind| kind.member == name);
    let beside = facts.types.iter().any(|kind| {
        (facts.name == name || kind.member == name) && !element.extra().extension_of(kind.member).is_empty()
    });
    beside || (is_chosen && !matches!(member.node, Node::Absent))
}

/// Whether one of the values that the steps lead to is so.
fn any(element: &dyn Element, steps: &[String], is_so: &mut dyn FnMut(Node<'_>) -> bool) -> bool {
    let Some((first, rest)) = steps.split_first() else { return is_so(Node::Element(element)) };
    let mut found = false;
    each(element, first, &mut |node, _| {
        found |= match (node, rest) {
            (node, []) => is_so(node),
            (Node::Element(inner), rest) => any(inner, rest, is_so),
            _ => false,
        };
    });
    found
}

/// Shows the values of a member, each with its index in a list.
fn each(element: &dyn Element, name: &str, show: &mut dyn FnMut(Node<'_>, Option<usize>)) {
    let elements = element.facts().elements;
    let Some((index, facts)) = elements.iter().enumerate().find(|(_, facts)| names(facts, name)) else { return };
    let member = element.member(index);
    if facts.name != name && facts.types.get(member.choice).is_none_or(|kind| kind.member != name) {
        return;
    }
    match member.node {
        Node::Absent => {}
        Node::List(list) => (0..list.len()).for_each(|index| show(list.get(index), Some(index))),
        single => show(single, None),
    }
}

fn each_missing(element: &dyn Element, steps: &[String], path: &str, show: &mut dyn FnMut(String)) {
    match steps {
        [] => {}
        [last] if has(element, last) => {}
        [last] => show(format!("{path}.{last}")),
        [first, rest @ ..] => each(element, first, &mut |node, index| {
            let Node::Element(inner) = node else { return };
            let index = index.map(|index| format!("[{index}]")).unwrap_or_default();
            each_missing(inner, rest, &format!("{path}.{first}{index}"), show);
        }),
    }
}

fn has_extension(element: &dyn Element, address: &str) -> bool {
    element.extra().extension().iter().any(|extension| extension.url.as_deref() == Some(address))
}

fn has_code(node: Node<'_>, system: &str, codes: &[String]) -> bool {
    let Node::Element(element) = node else { return false };
    let element = element as &dyn std::any::Any;
    let is_in = |coding: &Coding| {
        coding.system.as_deref() == Some(system)
            && coding.code.as_ref().is_some_and(|code| codes.iter().any(|known| known == code.as_str()))
    };
    if let Some(concept) = element.downcast_ref::<CodeableConcept>() {
        concept.coding.iter().any(is_in)
    } else {
        element.downcast_ref::<Coding>().is_some_and(is_in)
    }
}

#[cfg(test)]
mod tests {
    use crate::profile::Guide;
    use crate::{Checks, IssueCode, Mode, parse};

    fn issues(json: &str, guide: &Guide) -> Vec<String> {
        let checks = Checks::structure().with_guide(guide.clone());
        let outcome = parse(json.as_bytes(), Mode::Strict).unwrap().check(&checks);
        let issues = outcome.map_or_else(|refused| refused.issues().to_vec(), |checked| checked.issues().to_vec());
        issues.iter().map(|issue| format!("{} {}", issue.severity().as_str(), issue.path())).collect()
    }

    const GUIDE: &str = "guide http://a.example/ 2.0\nprofile p Patient\n when gender\n ! name.family\n + telecom\n + telecom.use\n + contact.name or extension https://example.org/x\nprofile q Patient\n ! birthDate\n";

    #[test]
    fn mandatory_elements_are_missed_where_their_holder_is_and_others_reported() {
        let guide: Guide = GUIDE.parse().unwrap();
        let json = r#"{"resourceType":"Patient","name":[{"family":"Fenwarden"},{"given":["Ada"]}],"gender":"female","birthDate":"1980"}"#;
        let missing = ["information Patient.telecom", "information Patient.extension", "error Patient.name[1].family"];
        assert_eq!(issues(json, &guide), missing);
        let whole = r#"{"resourceType":"Patient","extension":[{"url":"https://example.org/x","valueCode":"a"}],"name":[{"_family":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}]}}],"telecom":[{"system":"phone","value":"1","use":"home"}],"gender":"female","birthDate":"1980"}"#;
        assert!(issues(whole, &guide).is_empty());
        assert_eq!(issues(r#"{"resourceType":"Patient","active":true}"#, &guide), ["error Patient.birthDate"]);
    }

    #[test]
    fn a_claim_counts_and_nothing_changes_without_a_guide() {
        let claimed = r#"{"resourceType":"Patient","meta":{"profile":["http://a.example/p|2.0"]},"name":[{"text":"x"}],"birthDate":"1980"}"#;
        let guide: Guide = GUIDE.parse().unwrap();
        assert!(issues(claimed, &guide).contains(&"error Patient.name[0].family".to_owned()));
        assert!(!issues(&claimed.replace("|2.0", "|1.0"), &guide).contains(&"error Patient.name[0].family".to_owned()));
        let checked = parse(claimed.as_bytes(), Mode::Strict).unwrap().check(&Checks::structure()).unwrap();
        assert!(checked.issues().is_empty());
    }

    #[test]
    fn us_core_is_read_and_finds_its_profiles() {
        let guide = Guide::us_core_6_1();
        assert_eq!((guide.version(), guide.profiles().len()), ("6.1.0", 30));
        let profiles = |json: &str| {
            let resource = parse(json.as_bytes(), Mode::Strict).unwrap().into_resource();
            let ends = guide.profiles_for(&resource).filter_map(|profile| profile.url().rsplit('/').next());
            ends.map(str::to_owned).collect::<Vec<_>>()
        };
        let of_code = |code: &str| {
            profiles(&format!(
                r#"{{"resourceType":"Observation","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}}]}}],"code":{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}}}}"#
            ))
        };
        assert_eq!(of_code("8867-4"), ["us-core-vital-signs", "us-core-heart-rate"]);
        assert_eq!(of_code("85354-9"), ["us-core-vital-signs", "us-core-blood-pressure"]);
        assert_eq!(profiles(r#"{"resourceType":"Goal"}"#), ["us-core-goal"]);
        assert!(profiles(r#"{"resourceType":"Condition"}"#).is_empty());
        let said =
            issues(r#"{"resourceType":"Condition","code":{"text":"x"},"subject":{"reference":"Patient/1"}}"#, &guide);
        assert!(said.contains(&"information Condition".to_owned()));
        assert!(IssueCode::ALL.contains(&IssueCode::MustSupport));
    }

    #[test]
    fn what_is_no_guide_says_where() {
        for (text, line) in [
            ("", 1),
            ("guide http://a.example/ 1\nprofile p Shoe\n", 2),
            ("guide http://a.example/ 1\nprofile p Patient\n ! shoe\n", 3),
            ("guide http://a.example/ 1\n\n# x\n ! name\n", 4),
            ("guide http://a.example/ 1\nprofile p Patient\n ~ name\n", 3),
        ] {
            assert_eq!(
                text.parse::<Guide>().unwrap_err().to_string(),
                format!("line {line} of the guide is not understood")
            );
        }
    }
}
