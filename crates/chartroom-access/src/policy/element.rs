//! Elements that a rule names, where a class is too coarse.

use chartroom_record::{Resource, TypeFacts};

/// An element of a resource type, with all that stands in it: `Patient.contact`, `Observation.value[x]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ElementPath {
    text: String,
    /// The names by which JSON may have each step.
    steps: Vec<Vec<&'static str>>,
}

impl ElementPath {
    /// Reads a path; none where the standard has no such element in a typed resource.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut names = text.split('.');
        let mut here = vec![Resource::facts_of(names.next()?)?];
        let mut steps = Vec::new();
        for name in names {
            let (members, inside) = step(&here, name.strip_suffix("[x]").unwrap_or(name));
            if members.is_empty() {
                return None;
            }
            steps.push(members);
            here = inside;
        }
        (!steps.is_empty()).then(|| Self { text: text.to_owned(), steps })
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// A path that leads to it.
    pub(crate) fn sample(&self) -> String {
        let steps = self.steps.iter().filter_map(|members| members.first());
        steps.fold(self.type_name().to_owned(), |path, step| path + "." + step)
    }

    /// The resource type that it belongs to.
    pub(crate) fn type_name(&self) -> &str {
        self.text.split('.').next().unwrap_or_default()
    }

    /// Whether this path, such as `Patient.contact[0].name.family`, leads to the element or into it.
    pub(crate) fn covers(&self, path: &str) -> bool {
        let mut names = path.split('.');
        names.next() == Some(self.type_name())
            && self.steps.iter().all(|members| names.next().is_some_and(|name| members.contains(&bare(name))))
    }
}

/// The members of JSON that an element of this name has in any of these types, and the types that stand in it.
fn step(types: &[&'static TypeFacts], name: &str) -> (Vec<&'static str>, Vec<&'static TypeFacts>) {
    let elements = types.iter().flat_map(|facts| facts.elements);
    let choices = elements
        .flat_map(|element| element.types.iter().filter(move |choice| element.name == name || choice.member == name));
    choices.map(|choice| (choice.member, choice.facts())).fold((Vec::new(), Vec::new()), |mut all, (member, facts)| {
        all.0.push(member);
        all.1.extend(facts);
        all
    })
}

/// A step without its index, and without the mark of the twin that holds the extensions of a primitive value.
fn bare(step: &str) -> &str {
    let name = step.split(['[', '(']).next().unwrap_or(step);
    name.strip_prefix('_').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_elements_of_the_standard_and_all_in_them() {
        let contact = ElementPath::read("Patient.contact").expect("an element");
        assert!(contact.covers("Patient.contact[0].name.family") && contact.covers("Patient.contact"));
        assert!(!contact.covers("Patient.name[0]") && !contact.covers("Patient") && !contact.covers("Person.contact"));
        let value = ElementPath::read("Observation.value[x]").expect("an element");
        assert!(value.covers("Observation.valueQuantity.value") && value.covers("Observation._valueString"));
        assert!(!value.covers("Observation.component[0].valueQuantity"));
        let quantity = ElementPath::read("Observation.valueQuantity").expect("an element");
        assert!(!quantity.covers("Observation.valueString"));
        let deep = ElementPath::read("Patient.contact.name.given").expect("an element");
        assert!(deep.covers("Patient.contact[1].name._given[0].extension[0]"));
        for unknown in ["Patient", "Patient.", "Patient.names", "Thing.name", "", "Patient.contact.shoe"] {
            assert_eq!(ElementPath::read(unknown), None, "{unknown}");
        }
    }
}
