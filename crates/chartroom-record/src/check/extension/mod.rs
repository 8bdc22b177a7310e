//! Extensions: their address, and for those that R4 defines where they may stand and what they may hold. FHIR R4, section 2.4.

use crate::datatype::Extension;
use crate::facts::{ElementFacts, TypeChoice, TypeFacts};
use crate::issue::{Issue, IssueCode, Severity};
use crate::resource::Resource;

use super::reference::is_absolute;

const DEFINITIONS: &str = include_str!("extensions.txt");

/// Where HL7 publishes the extensions of the standard itself.
const OF_STANDARD: &str = "http://hl7.org/fhir/StructureDefinition/";

/// Judges an extension. `kind` is the type of the resource around it, `path` the path from there, such as
/// `name[0]._family.extension[0]`.
pub(super) fn faults(extension: &Extension, kind: &str, path: &str) -> Option<Issue> {
    let url = extension.url.as_deref()?;
    let (holder, list) = path.rsplit_once('.').unwrap_or(("", path));
    if holder.ends_with(']') && last_name(holder).ends_with("xtension") {
        // Inside another extension, which says what its own mean.
        return None;
    }
    let modifies = list.starts_with("modifierExtension");
    let fault = |code, detail: &str| Some(Issue::new(code, "", detail));
    if !is_absolute(url) {
        return fault(IssueCode::Format, "the address of an extension is absolute");
    }
    if url.contains('|') {
        return fault(IssueCode::Format, "the address of an extension names no version");
    }
    let Some(name) = url.strip_prefix(OF_STANDARD) else { return unknown(url, modifies) };
    let Some(known) = Known::of(name) else {
        return fault(
            IssueCode::NotChecked,
            "an extension that R4 does not define: its place and value are not checked",
        );
    };
    if known.modifier != modifies {
        return fault(IssueCode::ExtensionMisuse, "an extension of this definition stands in the other list");
    }
    if !known.takes(extension) {
        return fault(IssueCode::ExtensionMisuse, "the extension does not take a value of this type");
    }
    if holders(kind, holder).is_some_and(|holders| !known.stands_on(&holders)) {
        // Later editions of the same definitions let some of them stand in more places.
        let issue = Issue::new(IssueCode::ExtensionMisuse, "", "by R4 the extension does not belong to this element");
        return Some(issue.with_severity(Severity::Warning));
    }
    None
}

/// One whose definition is not at hand. HL7's guides are many, and the domains for examples stand for no one's.
fn unknown(url: &str, modifies: bool) -> Option<Issue> {
    let (_, rest) = url.split_once("://").unwrap_or_default();
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    let example = ["example.org", "example.com", "example.net"].iter().any(|name| host.ends_with(name));
    if example || url.starts_with("http://hl7.org/fhir/") {
        return None;
    }
    let detail = "no definition of this extension is at hand: its place and value are not checked";
    let issue = Issue::new(IssueCode::UnknownExtension, "", detail);
    Some(if modifies { issue.with_severity(Severity::Warning) } else { issue })
}

/// One line of the definitions.
struct Known {
    modifier: bool,
    holders: &'static str,
    types: &'static str,
}

impl Known {
    fn of(name: &str) -> Option<Self> {
        let line = DEFINITIONS.lines().find(|line| line.trim_start_matches('!').split(' ').next() == Some(name))?;
        let mut words = line.split(' ').skip(1);
        Some(Self { modifier: line.starts_with('!'), holders: words.next()?, types: words.next()? })
    }

    fn takes(&self, extension: &Extension) -> bool {
        use crate::element::Element as _;
        let Some((index, facts)) = value_of(extension.facts()) else { return true };
        let given = extension.value.as_ref().and_then(|_| facts.types.get(extension.member(index).choice));
        given.is_none_or(|given| self.types == "*" || self.types.split('|').any(|known| known == given.type_name))
    }

    fn stands_on(&self, holders: &[String]) -> bool {
        let stands_on = |known: &str| known.contains(['*', '[']) || holders.iter().any(|holder| holder == known);
        self.holders.split(',').any(stands_on)
    }
}

fn value_of(facts: &'static TypeFacts) -> Option<(usize, &'static ElementFacts)> {
    facts.elements.iter().enumerate().find(|(_, facts)| facts.name == "value")
}

/// The names by which a definition may call the holder of an extension: its path, its type, and what every element is. `None`
/// where no struct tells.
fn holders(kind: &str, path: &str) -> Option<Vec<String>> {
    let (mut whole, mut facts) = (kind.to_owned(), Some(Resource::facts_of(kind)?));
    let mut names = vec![kind.to_owned(), "Resource".to_owned(), "DomainResource".to_owned()];
    for step in path.split('.').filter(|step| !step.is_empty()) {
        let member = step.split('[').next().unwrap_or_default().trim_start_matches('_');
        let owner = facts?;
        if member.ends_with("xtension") {
            facts = Some(Extension::facts());
            continue;
        }
        let (element, choice) = element_of(owner, member)?;
        whole = format!("{whole}.{}", element.name);
        facts = choice.facts();
        names = vec![whole.clone(), format!("{}.{}", owner.name, element.name), choice.type_name.to_owned()];
        names.extend(facts.map(|facts| facts.name.to_owned()));
    }
    names.push("Element".to_owned());
    Some(names)
}

fn element_of(facts: &'static TypeFacts, member: &str) -> Option<(&'static ElementFacts, &'static TypeChoice)> {
    facts.elements.iter().find_map(|element| {
        let choice = element.types.iter().find(|choice| choice.member == member)?;
        Some((element, choice))
    })
}

fn last_name(path: &str) -> &str {
    let step = path.rsplit('.').next().unwrap_or(path);
    step.split('[').next().unwrap_or(step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Checks, Mode, parse};

    fn issues(json: &str) -> Vec<&'static str> {
        let outcome = parse(json.as_bytes(), Mode::Strict).unwrap().check(&Checks::structure());
        let issues = outcome.map_or_else(|refused| refused.issues().to_vec(), |checked| checked.issues().to_vec());
        issues.iter().map(|issue| issue.code().as_str()).collect()
    }

    fn on_patient(extension: &str) -> Vec<&'static str> {
        issues(&format!(r#"{{"resourceType":"Patient","extension":[{extension}]}}"#))
    }

    #[test]
    fn an_extension_of_the_standard_stands_where_it_belongs_with_its_value() {
        let of =
            |name: &str, value: &str| format!(r#"{{"url":"http://hl7.org/fhir/StructureDefinition/{name}",{value}}}"#);
        assert!(on_patient(&of("patient-birthPlace", r#""valueAddress":{"city":"Aldmere"}"#)).is_empty());
        assert!(on_patient(&of("data-absent-reason", r#""valueCode":"unknown""#)).is_empty());
        assert_eq!(on_patient(&of("patient-birthPlace", r#""valueString":"Aldmere""#)), ["extension-misuse"]);
        assert_eq!(
            on_patient(&of("patient-birthTime", r#""valueDateTime":"2020-01-01T00:00:00Z""#)),
            ["extension-misuse"]
        );
        assert_eq!(on_patient(&of("patient-shoeSize", r#""valueInteger":1"#)), ["not-checked"]);
        let of_value = format!(
            r#"{{"resourceType":"Patient","birthDate":"2020-01-01","_birthDate":{{"extension":[{}]}}}}"#,
            of("patient-birthTime", r#""valueDateTime":"2020-01-01T00:00:00Z""#)
        );
        assert!(issues(&of_value).is_empty());
        let of_part = format!(
            r#"{{"resourceType":"Patient","name":[{{"_family":{{"extension":[{}]}}}}]}}"#,
            of("humanname-own-name", r#""valueString":"Fenwarden""#)
        );
        assert!(issues(&of_part).is_empty());
    }

    #[test]
    fn an_extension_of_others_is_told_where_it_cannot_be_checked() {
        assert_eq!(on_patient(r#"{"url":"eye-colour","valueString":"x"}"#), ["format"]);
        assert_eq!(on_patient(r#"{"url":"https://a.invalid/eye-colour|2","valueString":"x"}"#), ["format"]);
        assert_eq!(on_patient(r#"{"url":"https://a.invalid/eye-colour","valueString":"x"}"#), ["unknown-extension"]);
        assert!(on_patient(r#"{"url":"https://example.org/eye-colour","valueString":"x"}"#).is_empty());
        assert!(on_patient(r#"{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-race","extension":[{"url":"text","valueString":"x"}]}"#).is_empty());
    }

    #[test]
    fn every_line_is_understood() {
        for line in DEFINITIONS.lines().filter(|line| !line.starts_with('#')) {
            let words: Vec<_> = line.split(' ').collect();
            assert!(words.len() == 3 && words.iter().all(|word| !word.is_empty()), "{line}");
        }
    }
}
