//! Going through every element of a record.

use super::Found;
use crate::class::Class;
use crate::element::{Element, Node};
use crate::facts::ElementFacts;
use crate::json::Json;
use crate::resource::{Other, Resource};
use crate::walk::{self, Step, Visitor};

/// One element on a walk through a record.
pub struct Visit<'a> {
    at: &'a Step<'a>,
    found: Found<'a>,
}

impl<'a> Visit<'a> {
    /// The path of the element, such as `Patient.name[0].given[1]`; where a primitive value has extensions, their paths go by
    /// the member of JSON that holds them, `Patient._birthDate.extension[0]`.
    pub fn path(&self) -> String {
        format!("{:#}", self.at)
    }

    /// The element, with what is known about it.
    pub const fn found(&self) -> Found<'a> {
        self.found
    }
}

impl Resource {
    /// Shows every element of the resource in the order of the standard, structures before what they hold, and the resources
    /// that it holds. Each item of a list is shown by itself.
    ///
    /// ```
    /// use chartroom_record::{Class, Mode, parse};
    ///
    /// let text = br#"{"resourceType":"Patient","name":[{"given":["Ada","Lark"]}],"birthDate":"1980"}"#;
    /// let patient = parse(text, Mode::Strict)?.into_resource();
    /// let mut names = Vec::new();
    /// patient.for_each_element(|visit| {
    ///     if visit.found().class() == Class::Name {
    ///         names.push(visit.path());
    ///     }
    /// });
    /// assert_eq!(names, ["Patient.name[0]", "Patient.name[0].given[0]", "Patient.name[0].given[1]"]);
    /// # Ok::<(), chartroom_record::Issues>(())
    /// ```
    pub fn for_each_element(&self, mut show: impl FnMut(Visit<'_>)) {
        walk::resource(self, &Step::root(self.type_name()), &mut Shower(&mut show));
    }
}

struct Shower<'f>(&'f mut dyn FnMut(Visit<'_>));

impl Visitor for Shower<'_> {
    fn value(&mut self, at: &Step<'_>, value: Node<'_>, facts: Option<&'static ElementFacts>, class: Class) {
        (self.0)(Visit { at, found: Found::of(value, facts, class) });
    }

    fn unknown(&mut self, at: &Step<'_>, _: &dyn Element, value: &Json) {
        self.json(at, value);
    }

    fn other(&mut self, at: &Step<'_>, other: &Other) {
        if let Json::Object(members) = other.json() {
            for (name, value) in members.iter().filter(|(name, _)| name.as_str() != "resourceType") {
                self.json(&Step::member(at, name.as_str()), value);
            }
        }
    }
}

impl Shower<'_> {
    fn json(&mut self, at: &Step<'_>, value: &Json) {
        match value {
            Json::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| self.json_item(&at.item(index), item))
            }
            single => self.json_item(at, single),
        }
    }

    fn json_item(&mut self, at: &Step<'_>, value: &Json) {
        (self.0)(Visit { at, found: Found::json_value(value) });
        if let Json::Object(members) = value {
            for (name, value) in members {
                self.json(&Step::member(at, name.as_str()), value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Mode, Path, parse};

    #[test]
    fn every_path_of_a_walk_leads_back_to_its_value() {
        let text = r#"{"resourceType":"Patient","id":"p","contained":[{"resourceType":"Basic","id":"b","code":{"coding":[{"code":"x"}]}}],"extension":[{"id":"e","url":"urn:a","valueCode":"x"}],"name":[{"given":[null,"B","C"],"_given":[{"id":"a"},null,{"id":"c"}]}],"birthDate":"1980","_birthDate":{"id":"d"},"deceasedBoolean":true,"foo":[[1],{"bar":2}]}"#;
        let patient = parse(text.as_bytes(), Mode::Lenient).unwrap().into_resource();
        let mut paths = Vec::new();
        patient.for_each_element(|visit| {
            let path = visit.path();
            let found = path.parse::<Path>().unwrap().get(&patient).unwrap_or_else(|| panic!("{path}"));
            assert_eq!(found.to_json(), visit.found().to_json(), "{path}");
            assert_eq!(found.class(), visit.found().class(), "{path}");
            paths.push(path);
        });
        for expected in [
            "Patient.id",
            "Patient.contained[0].code.coding[0].code",
            "Patient.name[0].given[1]",
            "Patient.name[0]._given[2].id",
            "Patient.deceasedBoolean",
            "Patient.foo[0]",
            "Patient.foo[1].bar",
        ] {
            assert!(paths.iter().any(|path| path == expected), "{expected}");
        }
    }
}
