//! Links inside narratives: `href="#x"` leads to an id of the record, or to a place with a name. FHIR R4, section 2.4.0.3.

use std::collections::HashSet;

use super::narrative;
use crate::issue::{Issue, IssueCode};
use crate::json::Json;
use crate::resource::Resource;

/// A link from a narrative to somewhere in the same record.
pub(super) struct Link {
    /// The path of the narrative.
    pub(super) path: String,
    /// What follows the `#`.
    pub(super) target: String,
}

impl Link {
    /// What a narrative's attribute links to, if it is such a link.
    pub(super) fn target(element: &str, attribute: &str, value: &str) -> Option<String> {
        let links = matches!((element, attribute), ("a" | "area", "href") | ("img", "src"));
        let target = value.strip_prefix('#').filter(|target| links && !target.is_empty())?;
        Some(target.to_owned())
    }
}

/// Reports the links that lead to nothing in these resources. A bundle is one record.
pub(super) fn check(links: Vec<Link>, record: &[&Resource], issues: &mut Vec<Issue>) {
    if links.is_empty() {
        return;
    }
    let mut places = HashSet::new();
    for json in record.iter().filter_map(|resource| Json::parse(&resource.to_json()).ok()) {
        note_places(&json, &mut places);
    }
    for link in links.into_iter().filter(|link| !places.contains(&link.target)) {
        let detail = "a link of the narrative leads to nothing in the record";
        issues.push(Issue::new(IssueCode::UnresolvedReference, link.path, detail));
    }
}

/// Notes each id of the record, and each id and name in its narratives.
fn note_places(json: &Json, places: &mut HashSet<String>) {
    match json {
        Json::Array(items) => items.iter().for_each(|item| note_places(item, places)),
        Json::Object(members) => members.iter().for_each(|(name, value)| match (name.as_str(), value) {
            ("id", Json::String(id)) => _ = places.insert(id.as_str().to_owned()),
            ("div", Json::String(text)) => {
                narrative::fault(text.as_str(), &mut |_, attribute, value| {
                    if matches!(attribute, "id" | "name") {
                        places.insert(value.to_owned());
                    }
                });
            }
            _ => note_places(value, places),
        }),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::{Checks, Mode, parse};

    fn patient(inside: &str) -> String {
        format!(
            r#"{{"resourceType":"Patient","id":"p","text":{{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'>{inside}</div>"}},"name":[{{"id":"n","_family":{{"id":"f","extension":[{{"url":"https://example.org/x","valueCode":"a"}}]}}}}]}}"#
        )
    }

    fn bundle(patient: &str) -> String {
        let note = r#"{"resourceType":"Basic","id":"b","code":{"text":"note"}}"#;
        format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"fullUrl":"urn:x:1","resource":{patient}}},{{"fullUrl":"urn:x:2","resource":{note}}}]}}"#
        )
    }

    fn paths(json: &str) -> Vec<String> {
        let checked = parse(json.as_bytes(), Mode::Strict).unwrap().check(&Checks::structure());
        checked.map_or_else(
            |refused| refused.issues().iter().map(|issue| issue.path().to_owned()).collect(),
            |_| Vec::new(),
        )
    }

    #[test]
    fn a_link_leads_to_a_place_in_the_record() {
        for good in [
            "<a href='#p'>x</a>",
            "<a href='#n'>x</a><a href='#f'>y</a>",
            "<a href='#there'>x</a><p id='there'>y</p>",
            "<a href='#there'>x</a><a name='there'>y</a>",
            "<a href='#'>x</a><a href='https://a.example/#there'>y</a>",
        ] {
            assert!(paths(&patient(good)).is_empty(), "{good}");
        }
        for bad in ["<a href='#there'>x</a>", "<b>x</b><img src='#there' alt='x'/>"] {
            assert_eq!(paths(&patient(bad)), ["Patient.text.div"], "{bad}");
        }
    }

    #[test]
    fn a_link_may_lead_to_another_entry_of_the_bundle() {
        let json = bundle(&patient("<a href='#b'>x</a>"));
        assert!(paths(&json).is_empty());
        let entries = parse(json.as_bytes(), Mode::Strict).unwrap().check_entries(&Checks::structure());
        assert!(entries.refused.is_empty());
        let json = bundle(&patient("<a href='#c'>x</a>"));
        assert_eq!(paths(&json), ["Bundle.entry[0].resource.text.div"]);
        let entries = parse(json.as_bytes(), Mode::Strict).unwrap().check_entries(&Checks::structure());
        assert_eq!(entries.refused.len(), 1);
    }
}
