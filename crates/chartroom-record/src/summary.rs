//! The summary of a resource: the elements that the standard marks for it (`_summary=true`, FHIR R4, section 3.1.1.5.9).

use crate::element::{Element, Node, NodeMut, is_hollow, remove_item};
use crate::json::Json;
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
        let tags = |path: &str| path.parse::<Path>().map_or(0, |path| path.all(&summary).len());
        let place = format!("meta.tag[{}]", tags("meta.tag")).parse::<Path>();
        // A meta that holds something else than tags cannot take one; the summary is no less short for it.
        let _ = place.map(|place| place.set(&mut summary, SUBSETTED));
        summary
    }
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
}
