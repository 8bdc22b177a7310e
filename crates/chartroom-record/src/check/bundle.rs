//! Bundles: the invariants `bdl-1` to `bdl-12`, the addresses of the entries, and what a document or a message must hold.
//! FHIR R4, <https://hl7.org/fhir/R4/bundle.html>.

use std::collections::{HashMap, HashSet};

use super::{contained, reference};
use crate::code_set::BundleType;
use crate::datatype::Reference;
use crate::issue::{Issue, IssueCode, Severity};
use crate::resource::{Bundle, BundleEntry, CompositionSection, Resource};
use crate::walk::Step;

/// Checks a bundle around its resources.
pub(super) fn check(bundle: &Bundle, at: &Step<'_>, issues: &mut Vec<Issue>) {
    let kind = bundle.type_.as_ref().and_then(|kind| kind.known());
    let whole = matches!(kind, Some(BundleType::Document | BundleType::Message));
    let versions = if whole { versions(bundle) } else { HashMap::new() };
    let mut check = Check { bundle, kind, versions, at, issues };
    check.totals_and_links();
    for (index, entry) in bundle.entry.iter().enumerate() {
        check.entry(index, entry);
    }
    check.addresses_are_distinct();
    match check.kind {
        Some(BundleType::Document) => check.document(),
        Some(BundleType::Message) => check.message(),
        _ => {}
    }
}

struct Check<'c> {
    bundle: &'c Bundle,
    kind: Option<BundleType>,
    /// The versions under each address; only in a document or a message, which must hold what it refers to.
    versions: HashMap<&'c str, Vec<Option<&'c str>>>,
    at: &'c Step<'c>,
    issues: &'c mut Vec<Issue>,
}

impl Check<'_> {
    fn add(&mut self, code: IssueCode, path: &str, detail: &str) {
        self.issues.push(Issue::new(code, format!("{}{path}", self.at), detail));
    }

    fn invariant(&mut self, holds: bool, path: &str, breach: &str) {
        if !holds {
            self.add(IssueCode::Invariant, path, breach);
        }
    }

    fn is(&self, kinds: &[BundleType]) -> bool {
        self.kind.is_some_and(|kind| kinds.contains(&kind))
    }

    fn totals_and_links(&mut self) {
        let counted = self.is(&[BundleType::SearchSet, BundleType::History]);
        self.invariant(
            counted || self.bundle.total.is_none(),
            ".total",
            "bdl-1: only a search or a history has a total",
        );
        let mut seen = HashSet::new();
        for (index, link) in self.bundle.link.iter().enumerate() {
            let relation = link.relation.as_deref().unwrap_or_default();
            if ONCE.contains(&relation) && !seen.insert(relation) {
                let path = format!(".link[{index}].relation");
                self.add(IssueCode::Contradiction, &path, "a bundle has one link of this relation at most");
            }
        }
    }

    fn entry(&mut self, index: usize, entry: &BundleEntry) {
        let path = format!(".entry[{index}]");
        if let Some(kind) = self.kind {
            self.entry_in(kind, &path, entry);
        }
        let filled = entry.resource.is_some() || entry.request.is_some() || entry.response.is_some();
        self.invariant(filled, &path, "bdl-5: an entry has a resource, a request or a response");
        let url_path = format!("{path}.fullUrl");
        if entry.full_url.is_none() && entry.resource.is_some() && self.is(ADDRESSED) {
            let issue = Issue::new(
                IssueCode::Required,
                format!("{}{url_path}", self.at),
                "each entry has a full address, except in batches and transactions",
            );
            self.issues.push(issue.with_severity(Severity::Warning));
        }
        if let Some(url) = entry.full_url.as_deref() {
            let versioned = url.contains("/_history/");
            self.invariant(!versioned, &url_path, "bdl-8: the full address names a version");
            if !reference::is_absolute(url) {
                self.add(IssueCode::ReferenceForm, &url_path, "the full address is not absolute");
            } else if !versioned && !leads_to(url, entry.resource.as_deref()) {
                self.add(
                    IssueCode::Contradiction,
                    &url_path,
                    "the full address names another resource than the entry has",
                );
            }
        }
    }

    /// What an entry of a bundle of this kind must and must not have.
    fn entry_in(&mut self, kind: BundleType, path: &str, entry: &BundleEntry) {
        use BundleType::{Batch, BatchResponse, History, SearchSet, Transaction, TransactionResponse};
        let searched = kind == SearchSet || entry.search.is_none();
        self.invariant(searched, &format!("{path}.search"), "bdl-2: only a search has this");
        let asks = matches!(kind, Batch | Transaction | History);
        let path_of_request = format!("{path}.request");
        self.invariant(
            asks == entry.request.is_some(),
            &path_of_request,
            "bdl-3: in batch, transaction and history only, and in each entry",
        );
        let answers = matches!(kind, BatchResponse | TransactionResponse | History);
        let path_of_response = format!("{path}.response");
        self.invariant(
            answers == entry.response.is_some(),
            &path_of_response,
            "bdl-4: in responses and history only, and in each entry",
        );
        if kind == SearchSet {
            self.found(path, entry);
        }
    }

    /// An entry of a search: what matched has an id, and what the search has to say is an outcome.
    fn found(&mut self, path: &str, entry: &BundleEntry) {
        let Some(resource) = entry.resource.as_deref() else { return };
        let mode = entry.search.as_ref().and_then(|search| search.mode.as_ref()).map(|mode| mode.as_str());
        let is_outcome = matches!(resource, Resource::OperationOutcome(_));
        if mode == Some("outcome") && !is_outcome {
            self.add(
                IssueCode::Contradiction,
                &format!("{path}.resource"),
                "the outcome of a search is an OperationOutcome",
            );
        }
        if resource.id().is_none() && !is_outcome {
            self.add(IssueCode::Required, &format!("{path}.resource.id"), "what a search found has an id");
        }
        let wanted = searched_type(self.bundle);
        if mode == Some("match") && wanted.is_some_and(|wanted| wanted != resource.type_name()) {
            self.add(
                IssueCode::Contradiction,
                &format!("{path}.resource"),
                "the search was for another type of resource",
            );
        }
    }

    fn addresses_are_distinct(&mut self) {
        if self.is(&[BundleType::History]) {
            return;
        }
        let mut seen = HashSet::new();
        let bundle = self.bundle;
        for (index, entry) in bundle.entry.iter().enumerate() {
            let Some(url) = entry.full_url.as_deref() else { continue };
            let version = entry.resource.as_deref().and_then(contained::version);
            self.invariant(
                seen.insert((url, version)),
                &format!(".entry[{index}].fullUrl"),
                "bdl-7: another entry has the same full address",
            );
        }
    }

    fn document(&mut self) {
        let bundle = self.bundle;
        let identified = bundle.identifier.as_ref().is_some_and(|it| it.system.is_some() && it.value.is_some());
        self.invariant(identified, "", "bdl-9: a document has an identifier with a system and a value");
        self.invariant(bundle.timestamp.is_some(), "", "bdl-10: a document has a date");
        let first = bundle.entry.first().and_then(|entry| entry.resource.as_deref());
        let Some(Resource::Composition(composition)) = first else {
            self.invariant(false, "", "bdl-11: the first resource of a document is a Composition");
            return;
        };
        let path = ".entry[0].resource";
        self.resolves(composition.subject.as_ref(), &format!("{path}.subject"));
        self.resolves(composition.encounter.as_ref(), &format!("{path}.encounter"));
        self.resolves(composition.custodian.as_ref(), &format!("{path}.custodian"));
        self.resolve(&composition.author, &format!("{path}.author"));
        for (index, attester) in composition.attester.iter().enumerate() {
            self.resolves(attester.party.as_ref(), &format!("{path}.attester[{index}].party"));
        }
        for (index, event) in composition.event.iter().enumerate() {
            self.resolve(&event.detail, &format!("{path}.event[{index}].detail"));
        }
        self.sections(&composition.section, path);
    }

    fn sections(&mut self, sections: &[CompositionSection], path: &str) {
        for (index, section) in sections.iter().enumerate() {
            let path = format!("{path}.section[{index}]");
            self.resolve(&section.author, &format!("{path}.author"));
            self.resolves(section.focus.as_ref(), &format!("{path}.focus"));
            self.resolve(&section.entry, &format!("{path}.entry"));
            self.sections(&section.section, &path);
        }
    }

    fn message(&mut self) {
        let first = self.bundle.entry.first().and_then(|entry| entry.resource.as_deref());
        let Some(Resource::MessageHeader(header)) = first else {
            self.invariant(false, "", "bdl-12: the first resource of a message is a MessageHeader");
            return;
        };
        self.resolve(&header.focus, ".entry[0].resource.focus");
    }

    fn resolve(&mut self, references: &[Reference], path: &str) {
        for (index, reference) in references.iter().enumerate() {
            self.resolves(Some(reference), &format!("{path}[{index}]"));
        }
    }

    /// A reference of the first entry leads to just one entry, unless it is external.
    fn resolves(&mut self, reference: Option<&Reference>, path: &str) {
        let Some(text) = reference.and_then(|reference| reference.reference.as_deref()) else { return };
        if text.starts_with('#') || text.contains("://") {
            return;
        }
        let from = self.bundle.entry.first().and_then(|entry| entry.full_url.as_deref());
        let (target, wanted) = match text.split_once("/_history/") {
            Some((target, version)) => (absolute(target, from), Some(version)),
            None => (absolute(text, from), None),
        };
        let versions = target.and_then(|target| self.versions.get(target.as_str())).map_or(&[][..], Vec::as_slice);
        let detail = match versions.iter().filter(|version| wanted.is_none() || **version == wanted).count() {
            1 => return,
            0 => "no entry of the bundle has this address",
            _ => "several entries of the bundle have this address",
        };
        self.add(IssueCode::UnresolvedReference, &format!("{path}.reference"), detail);
    }
}

/// Kinds of bundle whose entries have a full address each: R4, `Bundle.entry.fullUrl`.
const ADDRESSED: &[BundleType] =
    &[BundleType::Document, BundleType::Message, BundleType::History, BundleType::SearchSet, BundleType::Collection];

/// Relations of which a bundle has one link at most.
const ONCE: &[&str] = &["self", "first", "last", "next", "previous", "prev"];

/// Whether an address of the form `[base]/Type/id` leads to the resource; any other may.
fn leads_to(url: &str, resource: Option<&Resource>) -> bool {
    let Some((name, id)) = rest_target(url) else { return true };
    resource.is_none_or(|resource| resource.type_name() == name && resource.id().is_none_or(|own| own == id))
}

/// The type and id at the end of `https://example.org/fhir/Patient/1`.
fn rest_target(url: &str) -> Option<(&str, &str)> {
    let (base, id) = url.rsplit_once('/')?;
    let (base, name) = base.rsplit_once('/')?;
    (base.contains("://") && crate::resource::is_r4(name)).then_some((name, id))
}

/// The address that a reference in the entry `from` means. A relative one counts from the address of that entry: R4, bundle,
/// "resolving references in bundles".
fn absolute(reference: &str, from: Option<&str>) -> Option<String> {
    if reference.starts_with("urn:") {
        return Some(reference.to_owned());
    }
    let (name, id) = rest_target(from?)?;
    let base = from?.strip_suffix(id)?.strip_suffix('/')?.strip_suffix(name)?;
    Some(format!("{base}{reference}"))
}

/// The versions that the bundle has under each address.
fn versions(bundle: &Bundle) -> HashMap<&str, Vec<Option<&str>>> {
    let mut found: HashMap<&str, Vec<Option<&str>>> = HashMap::new();
    for entry in &bundle.entry {
        if let Some(url) = entry.full_url.as_deref() {
            found.entry(url).or_default().push(entry.resource.as_deref().and_then(contained::version));
        }
    }
    found
}

/// The type of resource that the bundle's own address asks for: `[base]/Patient?name=…`.
fn searched_type(bundle: &Bundle) -> Option<&str> {
    let own = bundle.link.iter().find(|link| link.relation.as_deref() == Some("self"))?;
    let (path, _) = own.url.as_deref()?.split_once('?')?;
    let name = path.rsplit('/').next()?;
    crate::resource::is_r4(name).then_some(name)
}

#[cfg(test)]
mod tests {
    use crate::{Checks, Mode, parse};

    fn issues(json: &str) -> Vec<String> {
        let refused = parse(json.as_bytes(), Mode::Strict).unwrap().check(&Checks::structure());
        let issues = refused.map_or_else(|refused| refused.issues().to_vec(), |checked| checked.issues().to_vec());
        let said = issues.iter().filter(|issue| issue.is_error());
        said.map(|issue| format!("{} {}", issue.key().unwrap_or(issue.code().as_str()), issue.path())).collect()
    }

    #[test]
    fn entries_have_distinct_absolute_addresses() {
        let entry = |url: &str| {
            format!(r#"{{"fullUrl":"{url}","resource":{{"resourceType":"Basic","id":"1","code":{{"text":"x"}}}}}}"#)
        };
        let bundle = |urls: &[&str]| {
            let entries: Vec<_> = urls.iter().map(|url| entry(url)).collect();
            issues(&format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(",")))
        };
        assert!(bundle(&["https://a.example/Basic/1", "https://b.example/Basic/1"]).is_empty());
        assert_eq!(bundle(&["Basic/1"]), ["reference-form Bundle.entry[0].fullUrl"]);
        assert_eq!(bundle(&["https://a.example/Basic/2"]), ["contradiction Bundle.entry[0].fullUrl"]);
        assert_eq!(bundle(&["urn:x:1", "urn:x:1"]), ["bdl-7 Bundle.entry[1].fullUrl"]);
        assert_eq!(bundle(&["https://a.example/Basic/1/_history/1"]), ["bdl-8 Bundle.entry[0].fullUrl"]);
    }

    #[test]
    fn requests_and_responses_stand_where_they_belong() {
        let json = r#"{"resourceType":"Bundle","type":"searchset","entry":[{"request":{"method":"GET","url":"x"}}]}"#;
        assert_eq!(issues(json), ["bdl-3 Bundle.entry[0].request"]);
        let json = r#"{"resourceType":"Bundle","type":"batch","total":1,"entry":[{"search":{"mode":"match"}}]}"#;
        assert_eq!(
            issues(json),
            [
                "bdl-1 Bundle.total",
                "bdl-3 Bundle.entry[0].request",
                "bdl-5 Bundle.entry[0]",
                "bdl-2 Bundle.entry[0].search"
            ]
        );
    }

    #[test]
    fn a_document_holds_what_its_composition_names() {
        let document = |reference: &str| {
            issues(&format!(
                r#"{{"resourceType":"Bundle","type":"document","identifier":{{"system":"urn:x","value":"1"}},"timestamp":"2024-01-01T00:00:00Z","entry":[{{"fullUrl":"https://a.example/Composition/c","resource":{{"resourceType":"Composition","id":"c","status":"final","type":{{"text":"x"}},"date":"2024","title":"x","author":[{{"reference":"{reference}"}}]}}}},{{"fullUrl":"https://a.example/Practitioner/p","resource":{{"resourceType":"Practitioner","id":"p"}}}}]}}"#
            ))
        };
        assert!(document("Practitioner/p").is_empty());
        assert!(document("https://b.example/Practitioner/q").is_empty());
        assert_eq!(document("Practitioner/q"), ["unresolved-reference Bundle.entry[0].resource.author[0].reference"]);
        assert_eq!(
            issues(r#"{"resourceType":"Bundle","type":"document"}"#),
            ["bdl-9 Bundle", "bdl-10 Bundle", "bdl-11 Bundle"]
        );
    }
}
