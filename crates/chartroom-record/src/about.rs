//! What a record tells about itself as a whole: whom it is about, what kinds of information and which codes it holds.

use crate::class::{Class, ClassSet};
use crate::classify::type_of_target;
use crate::datatype::{Meta, Reference};
use crate::element::Node;
use crate::json::Json;
use crate::resource::Resource;
use crate::walk;

/// The members that name the patient, in the order in which they are tried.
const MEMBERS: [&str; 5] = ["patient", "subject", "beneficiary", "for", "individual"];

impl Resource {
    /// The reference to the patient that the record is about, as it is written: `Patient/1`, `urn:uuid:…`. `None` for a
    /// patient's own resource, and for one that is about nobody.
    pub fn patient_reference(&self) -> Option<&str> {
        MEMBERS.iter().find_map(|name| self.reference(name)).filter(|reference| may_be_patient(reference))
    }

    /// The classes of information that the resource holds.
    pub fn classes(&self) -> ClassSet {
        walk::classes(self)
    }

    /// Shows the system, the code and the class of every coding in the resource, the texts empty where they are missing. A
    /// clinical concept in words alone, which no code set can judge, is shown with both empty.
    pub fn for_each_coding(&self, mut show: impl FnMut(&str, &str, Class)) {
        walk::codings(self, &mut show);
    }

    /// Shows the system and the code of every security label in `meta.security`, each empty where it is missing.
    pub fn for_each_security_label(&self, mut show: impl FnMut(&str, &str)) {
        if let Self::Other(other) = self {
            let labels = other.json().get("meta").and_then(|meta| meta.get("security"));
            for label in labels.map_or(&[][..], Json::items) {
                let text = |name| label.get(name).and_then(Json::as_str).unwrap_or_default();
                show(text("system"), text("code"));
            }
            return;
        }
        let Some(Node::Element(meta)) = self.top_level("meta") else { return };
        let Some(meta) = (meta as &dyn std::any::Any).downcast_ref::<Meta>() else { return };
        for label in &meta.security {
            let code = label.code.as_ref().map_or("", |code| code.as_str());
            show(label.system.as_deref().unwrap_or_default(), code);
        }
    }

    fn top_level(&self, name: &str) -> Option<Node<'_>> {
        let element = self.as_element()?;
        let index = element.facts().elements.iter().position(|facts| facts.name == name)?;
        Some(element.member(index).node)
    }

    fn reference(&self, name: &str) -> Option<&str> {
        if let Self::Other(other) = self {
            return other.json().get(name)?.get("reference").and_then(Json::as_str);
        }
        let element = self.as_element()?;
        let (index, facts) = element.facts().elements.iter().enumerate().find(|(_, facts)| facts.name == name)?;
        let targets = facts.types.first()?.targets;
        let Node::Element(value) = element.member(index).node else { return None };
        let reference = (value as &dyn std::any::Any).downcast_ref::<Reference>()?;
        let to_patient = targets.is_empty() || targets.contains(&"Patient");
        reference.reference.as_deref().filter(|_| to_patient)
    }
}

fn may_be_patient(reference: &str) -> bool {
    type_of_target(reference).is_none_or(|target| target == "Patient")
}

#[cfg(test)]
mod tests {
    use crate::{Mode, parse};

    fn patient_of(json: &str) -> Option<String> {
        parse(json.as_bytes(), Mode::Lenient).unwrap().resource().patient_reference().map(str::to_owned)
    }

    #[test]
    fn the_patient_is_found_under_each_name() {
        let reference = r#"{"reference":"Patient/1"}"#;
        for (kind, member) in [
            ("Condition", "subject"),
            ("Immunization", "patient"),
            ("Coverage", "beneficiary"),
            ("RiskAssessment", "subject"),
        ] {
            let json = format!(r#"{{"resourceType":"{kind}","{member}":{reference}}}"#);
            assert_eq!(patient_of(&json).as_deref(), Some("Patient/1"), "{kind}");
        }
        assert_eq!(patient_of(r#"{"resourceType":"Observation","subject":{"reference":"Device/1"}}"#), None);
        assert_eq!(patient_of(r#"{"resourceType":"Patient","id":"1"}"#), None);
    }
}
