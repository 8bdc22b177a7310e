//! The summary of a resource: the elements that the standard marks for it (`_summary=true`, FHIR R4, section 3.1.1.5.9).

use crate::element::{Element, Node, NodeMut, is_hollow, remove_item};
use crate::json::Json;
use crate::parse::{Mode, parse};
use crate::path::Path;
use crate::resource::Resource;

/// Marks a resource from which elements were left out.
const SUBSETTED: &str = r#"{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED","display":"subsetted"}"#;

impl Resource {
    /// The resource with only the elements that belong to its summary, what these require, and modifier extensions; tagged
    /// `SUBSETTED`. Of a resource outside the typed set, about which nothing is known, id and meta are left.
    ///
    /// ```
    /// use chartroom_record::{Mode, parse};
    ///
    /// let text = br#"{"resourceType":"Patient","gender":"female","maritalStatus":{"text":"Married"}}"#;
    /// let summary = parse(text, Mode::Strict)?.into_resource().summary().to_json();
    /// assert!(summary.contains("gender") && !summary.contains("maritalStatus"));
    /// # Ok::<(), chartroom_record::Issues>(())
    /// ```
    #[must_use]
    pub fn summary(&self) -> Self {
        let mut summary = self.clone();
        summarize_resource(&mut summary);
        tagged(summary)
    }

    /// The resource with its narrative, id, meta, and what is mandatory (`_summary=text`); tagged `SUBSETTED`.
    #[must_use]
    pub fn text_summary(&self) -> Self {
        tagged(self.with_members(&["text"]))
    }

    /// The resource without its narrative (`_summary=data`); tagged `SUBSETTED`.
    #[must_use]
    pub fn data_summary(&self) -> Self {
        let mut summary = self.clone();
        if let Ok(path) = "text".parse::<Path>() {
            path.remove(&mut summary);
        }
        tagged(summary)
    }

    /// The resource with these elements, id, meta, and what is mandatory (`_elements`); tagged `SUBSETTED`. A choice is named
    /// without its type, or with it.
    ///
    /// ```
    /// use chartroom_record::{Mode, parse};
    ///
    /// let text = br#"{"resourceType":"Patient","gender":"female","birthDate":"1980","active":true}"#;
    /// let two = parse(text, Mode::Strict)?.into_resource().only(&["birthDate", "active"]).to_json();
    /// assert!(two.contains("1980") && two.contains("active") && !two.contains("gender"));
    /// # Ok::<(), chartroom_record::Issues>(())
    /// ```
    #[must_use]
    pub fn only(&self, elements: &[&str]) -> Self {
        tagged(self.with_members(elements))
    }

    /// With what is mandatory, what may change the meaning, and these elements of the resource; what stands beside them stays.
    fn with_members(&self, wanted: &[&str]) -> Self {
        let facts = self.as_element().map_or(&[][..], |element| element.facts().elements);
        let is_kept = |member: &str| {
            let facts = facts.iter().find(|it| it.name == member || it.types.iter().any(|kind| kind.member == member));
            let name = facts.map_or(member, |facts| facts.name);
            let needed = facts.is_some_and(|facts| facts.min > 0 || facts.modifier);
            needed || ALWAYS.contains(&name) || wanted.contains(&name) || wanted.contains(&member)
        };
        let Some(Json::Object(mut members)) = self.to_json_value() else { return self.clone() };
        members.retain(|(member, _)| is_kept(member.as_str().trim_start_matches('_')));
        let text = Json::Object(members).to_string();
        parse(text.as_bytes(), Mode::Lenient).map_or_else(|_| self.clone(), |parsed| parsed.into_resource())
    }
}

/// What no form of a summary leaves out.
const ALWAYS: &[&str] = &["resourceType", "id", "meta", "modifierExtension"];

fn tagged(mut summary: Resource) -> Resource {
    let tags = |path: &str| path.parse::<Path>().map_or(0, |path| path.all(&summary).len());
    let place = format!("meta.tag[{}]", tags("meta.tag")).parse::<Path>();
    // A meta that holds something else than tags cannot take one; the summary is no less short for it.
    let _ = place.map(|place| place.set(&mut summary, SUBSETTED));
    summary
}

fn summarize_resource(resource: &mut Resource) {
    if let Resource::Other(other) = resource {
        if let Json::Object(members) = other.json_mut() {
            members.retain(|(name, _)| matches!(name.as_str(), "resourceType" | "id" | "meta"));
        }
        return;
    }
    resource.as_element_mut().into_iter().for_each(summarize);
}

fn summarize(element: &mut dyn Element) {
    element.extra_mut().keep_modifiers();
    for (index, facts) in element.facts().elements.iter().enumerate() {
        let items = match element.member(index).node {
            Node::Absent => continue,
            Node::List(list) => list.len(),
            _ => 1,
        };
        let Some(field) = element.field_mut(index) else { continue };
        if !facts.summary && facts.min == 0 {
            field.fit(0);
            continue;
        }
        for item in (0..items).rev() {
            let hollow = match field.node_mut(item) {
                NodeMut::Element(inner) => {
                    summarize(inner);
                    is_hollow(inner)
                }
                NodeMut::Resource(inner) => {
                    summarize_resource(inner);
                    false
                }
                NodeMut::Absent | NodeMut::Primitive => false,
            };
            if hollow {
                remove_item(field, item);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Mode, parse};

    fn summary(text: &str) -> String {
        let summary = parse(text.as_bytes(), Mode::Lenient).unwrap().into_resource().summary().to_json();
        assert!(parse(summary.as_bytes(), Mode::Strict).is_ok());
        summary.replace(super::SUBSETTED, "*")
    }

    #[test]
    fn only_what_the_standard_marks_is_left() {
        let text = r#"{"resourceType":"Patient","id":"p","meta":{"tag":[{"code":"t"}]},"contained":[{"resourceType":"Basic","id":"b"}],"extension":[{"url":"urn:a","valueCode":"x"}],"modifierExtension":[{"url":"urn:m","valueCode":"y"}],"gender":"male","_gender":{"id":"g"},"contact":[{"name":{"text":"n"}}],"foo":1}"#;
        assert_eq!(
            summary(text),
            r#"{"resourceType":"Patient","modifierExtension":[{"url":"urn:m","valueCode":"y"}],"id":"p","meta":{"tag":[{"code":"t"},*]},"gender":"male"}"#
        );
        let other = r#"{"resourceType":"Basic","id":"b","code":{"text":"x"}}"#;
        assert_eq!(summary(other), r#"{"resourceType":"Basic","id":"b","meta":{"tag":[*]}}"#);
        let bundle = r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Patient","maritalStatus":{"text":"m"},"active":true}}]}"#;
        assert_eq!(
            summary(bundle),
            r#"{"resourceType":"Bundle","meta":{"tag":[*]},"type":"collection","entry":[{"resource":{"resourceType":"Patient","active":true}}]}"#
        );
    }

    #[test]
    fn other_forms_keep_what_they_name_and_what_is_mandatory() {
        let text = r#"{"resourceType":"Observation","id":"o","text":{"status":"generated","div":"<div xmlns='http://www.w3.org/1999/xhtml'>x</div>"},"modifierExtension":[{"url":"urn:m","valueCode":"y"}],"status":"final","code":{"text":"c"},"_valueString":{"id":"v"},"valueString":"x","note":[{"text":"n"}]}"#;
        let resource = parse(text.as_bytes(), Mode::Strict).unwrap().into_resource();
        let has = |summary: crate::Resource| {
            let json = summary.to_json();
            assert!(
                json.contains("SUBSETTED")
                    && json.contains("urn:m")
                    && json.contains("final")
                    && json.contains("\"c\"")
            );
            [json.contains("xhtml"), json.contains(r#""_valueString":{"id":"v"}"#), json.contains("note")]
        };
        assert_eq!(has(resource.text_summary()), [true, false, false]);
        assert_eq!(has(resource.data_summary()), [false, true, true]);
        assert_eq!(has(resource.only(&["value"])), [false, true, false]);
        assert_eq!(has(resource.only(&["valueString", "note"])), [false, true, true]);
        let other = parse(br#"{"resourceType":"Basic","id":"b","code":{"text":"x"}}"#, Mode::Strict).unwrap();
        assert!(!other.resource().only(&[]).to_json().contains("code\":{\"text"));
    }
}
