//! Putting a value at a path.

use super::get::json_key;
use super::{Choices, Path, Step, Target, is_choice_member};
use crate::datatype::Extension;
use crate::element::{Element, Field, Node, NodeMut, remove_item};
use crate::extra::PrimitiveElement;
use crate::facts::{ElementFacts, TypeChoice};
use crate::issue::{Issue, IssueCode, Severity};
use crate::json::{Halt, Json, JsonText, Reader};
use crate::parse::{Issues, Problem};
use crate::primitive::Text;
use crate::read::{Before, Shape, Spot};
use crate::resource::Resource;

/// Why a value could not be put at a path. The record is then as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SetError {
    /// The path begins with another resource type.
    #[error("the path begins with another resource type")]
    ResourceType,
    /// No element of the type has this name.
    #[error("no element has the name of step {0}")]
    NoSuchElement(usize),
    /// The element is a choice: the path must name the type, and a value of another type must be removed first.
    #[error("step {0} must name the type of the choice, and no value of another type may be there")]
    Choice(usize),
    /// There are several items, and the path does not say which.
    #[error("step {0} needs an index")]
    Index(usize),
    /// The index is past the end of the list: a new item comes just after the last.
    #[error("step {0} is past the end of the list")]
    PastEnd(usize),
    /// The value does not fit there.
    #[error("the value does not fit: {0}")]
    Value(Issues),
}

impl Path {
    /// Puts a value, given as JSON text, in the place of what stands at the path. What is missing on the way is made; an index
    /// just past the end of a list adds an item, and `extension('…')` adds the extension that is not there yet. Extensions of
    /// a single primitive value stay with it.
    ///
    /// # Errors
    /// The path does not lead to one place, or the value does not fit there in every part. Steps are counted from 1, without the
    /// resource type. The record is then as it was.
    ///
    /// ```
    /// use chartroom_record::{Mode, Path, parse};
    ///
    /// let mut patient = parse(br#"{"resourceType":"Patient"}"#, Mode::Strict)?.into_resource();
    /// let place: Path = "Patient.extension('urn:example:birth-place').valueAddress.city".parse()?;
    /// place.set(&mut patient, r#""Millbrook""#)?;
    /// assert_eq!(place.get(&patient).and_then(|found| found.text()).as_deref(), Some("Millbrook"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn set(&self, resource: &mut Resource, json: &str) -> Result<(), SetError> {
        if !self.fits(resource.type_name()) {
            return Err(SetError::ResourceType);
        }
        let value = Json::parse(json).map_err(|issue| SetError::Value(Issues::from(vec![issue])))?;
        let setter = Setter { path: self, value };
        setter.resource(resource, 0)
    }
}

/// A value on its way to its place.
struct Setter<'a> {
    path: &'a Path,
    value: Json,
}

/// Where on the path the work stands: how many steps are behind it.
type Done = usize;

impl Setter<'_> {
    /// The step after those done, and whether it is the last.
    fn step(&self, done: Done) -> Result<(&Step, bool), SetError> {
        let step = self.path.steps.get(done).ok_or(SetError::NoSuchElement(done))?;
        Ok((step, done + 1 == self.path.steps.len()))
    }

    fn resource(&self, resource: &mut Resource, done: Done) -> Result<(), SetError> {
        if let Resource::Other(other) = resource {
            if self.step(done)?.0.name == "resourceType" {
                return Err(SetError::NoSuchElement(done + 1));
            }
            // A copy takes the change first, so that a failure leaves nothing behind.
            let mut json = other.json().clone();
            self.json(&mut json, done)?;
            *other.json_mut() = json;
            return Ok(());
        }
        let element = resource.as_element_mut().ok_or(SetError::NoSuchElement(done + 1))?;
        self.element(element, done)
    }

    fn element(&self, element: &mut dyn Element, done: Done) -> Result<(), SetError> {
        let (step, last) = self.step(done)?;
        let outcome = match Target::of(element.facts(), &step.name) {
            Target::Id if last && step.index.is_none_or(|index| index == 0) => self.id(element, done),
            Target::Extension => self.extension(element.extra_mut().extension_mut(), done),
            Target::ModifierExtension => self.extension(element.extra_mut().modifier_extension_mut(), done),
            Target::Member { index, choices } => self.member(element, index, choices, done),
            Target::Twin { index, choices } => self.twin(element, index, choices, done),
            Target::Id | Target::Unknown => Err(SetError::NoSuchElement(done + 1)),
        };
        element.extra_mut().tidy();
        outcome
    }

    fn id(&self, element: &mut dyn Element, done: Done) -> Result<(), SetError> {
        let mut id: Option<Text> = None;
        self.put(&mut id, Shape::STRING, Spot::Whole, None, done)?;
        *element.extra_mut().id_mut() = id;
        Ok(())
    }

    fn extension(&self, list: &mut Vec<Extension>, done: Done) -> Result<(), SetError> {
        let (step, last) = self.step(done)?;
        if last && step.is_whole() {
            return self.put(list, Shape::STRUCTURES, Spot::Whole, None, done);
        }
        let url = |extension: &Extension| extension.url.as_deref().map(str::to_owned);
        let chosen: Vec<_> =
            (0..list.len()).filter(|index| step.has_key(list.get(*index).and_then(url).as_deref())).collect();
        let place = chosen_place(step, &chosen, list.len(), done)?;
        if last {
            if step.key.as_deref().is_some_and(|key| self.value.get("url").and_then(Json::as_str) != Some(key)) {
                return Err(self.misfit(IssueCode::Format, "the url is not that of the path"));
            }
            return self.put(list, Shape::STRUCTURES, Spot::Item(place), None, done);
        }
        let fresh = place == list.len();
        if fresh {
            let url = step.key.as_deref().map(str::parse).transpose();
            let url = url.map_err(|_| self.misfit(IssueCode::Format, "the url of the path is no uri"))?;
            list.push(Extension { url, ..Extension::default() });
        }
        let outcome = list.get_mut(place).map_or(Ok(()), |extension| self.element(extension, done + 1));
        if fresh && outcome.is_err() {
            list.pop();
        }
        outcome
    }

    fn member(&self, element: &mut dyn Element, index: usize, choices: Choices, done: Done) -> Result<(), SetError> {
        let (step, last) = self.step(done)?;
        let facts = element.facts().elements.get(index).ok_or(SetError::NoSuchElement(done + 1))?;
        let (choice, kind) = chosen_type(element, index, facts, choices, last, done)?;
        if kind.twin.is_some() && !last {
            return self.beside(element, facts, kind, step.index, done);
        }
        let spot = spot(element, index, facts, kind, step, last, done)?;
        let shape = Shape::of(facts, choice);
        let before = if last { Before::of(element, index) } else { None };
        let field = element.field_mut(index).ok_or(SetError::NoSuchElement(done + 1))?;
        if last {
            self.put(field, shape, spot, before.as_ref(), done)?;
            forget_old(element, facts, kind, spot, step);
            return Ok(());
        }
        let place = if let Spot::Item(place) | Spot::Before(place) = spot { place } else { 0 };
        let fresh = matches!(field.node_mut(place), NodeMut::Absent);
        if fresh {
            self.put_empty(field, shape, spot, done)?;
        }
        let outcome = match field.node_mut(place) {
            NodeMut::Element(inner) => self.element(inner, done + 1),
            NodeMut::Resource(inner) => self.resource(inner, done + 1),
            NodeMut::Absent | NodeMut::Primitive => Err(SetError::NoSuchElement(done + 2)),
        };
        match outcome {
            Ok(()) => forget_old(element, facts, kind, spot, step),
            Err(_) if fresh && matches!(spot, Spot::Item(_)) => remove_item(field, place),
            Err(_) if fresh => field.fit(0),
            Err(_) => {}
        }
        outcome
    }

    /// The step `_name`: what follows stands beside the primitive value.
    fn twin(&self, element: &mut dyn Element, index: usize, choices: Choices, done: Done) -> Result<(), SetError> {
        let (step, last) = self.step(done)?;
        let facts = element.facts().elements.get(index).ok_or(SetError::NoSuchElement(done + 1))?;
        let (_, kind) = chosen_type(element, index, facts, choices, last, done)?;
        if kind.twin.is_none() {
            return Err(SetError::NoSuchElement(done + 1));
        }
        self.beside(element, facts, kind, step.index, done)
    }

    /// Changes the id and extensions of a primitive value. The last step is here only as `_name`.
    fn beside(
        &self,
        element: &mut dyn Element,
        facts: &ElementFacts,
        kind: &'static TypeChoice,
        index: Option<usize>,
        done: Done,
    ) -> Result<(), SetError> {
        let values = values(element, facts);
        let count = element.extra().twin(kind.member).map_or(values, |twin| twin.positions(values));
        let place = match index {
            None if facts.is_list() && count > 1 => return Err(SetError::Index(done + 1)),
            Some(index) if index > if facts.is_list() { count } else { 0 } => return Err(SetError::PastEnd(done + 1)),
            index => index.unwrap_or(0),
        };
        let known = element.extra().twin(kind.member).and_then(|twin| twin.slots.get(place));
        let mut own = PrimitiveElement { extra: known.map(|slot| slot.extra.clone()).unwrap_or_default() };
        if done + 1 == self.path.steps.len() {
            let mut slot = None;
            self.put(&mut slot, Shape::STRUCTURE, Spot::Whole, None, done)?;
            own = slot.unwrap_or_default();
        } else {
            self.element(&mut own, done + 1)?;
        }
        let twin = element.extra_mut().twin_mut(kind.member);
        let slot = twin.slot(place);
        slot.extra = own.extra;
        slot.null |= facts.is_list() && values > 0 && place == count;
        twin.written = twin.written.max(place + 1);
        Ok(())
    }

    fn put(
        &self,
        field: &mut dyn Field,
        shape: Shape,
        spot: Spot,
        before: Option<&Before>,
        done: Done,
    ) -> Result<(), SetError> {
        let text = self.value.to_string();
        let mut reader = Reader::new(&text);
        match shape.put(field, spot, before, &mut reader) {
            Ok(()) if reader.problems.is_empty() => return Ok(()),
            Ok(()) => {}
            Err(Halt::Stop(stop)) => return Err(SetError::Value(Issues::from(vec![stop.issue(&text)]))),
            Err(Halt::Misfit(misfit)) => reader.problems.push(Problem { offset: 0, misfit }),
        }
        let root = self.printed(done + 1);
        // The places in our own text would say nothing, so only the paths are told.
        let issues = crate::parse::located(&text, &root, &reader.problems);
        let issues = issues.iter().map(|issue| Issue::new(issue.code(), issue.path(), issue.detail()));
        Err(SetError::Value(Issues::from(issues.map(|issue| issue.with_severity(Severity::Error)).collect::<Vec<_>>())))
    }

    /// An empty structure, to be filled at once.
    fn put_empty(&self, field: &mut dyn Field, shape: Shape, spot: Spot, done: Done) -> Result<(), SetError> {
        let mut reader = Reader::new("{}");
        reader.merging = true;
        shape.put(field, spot, None, &mut reader).map_err(|_| SetError::NoSuchElement(done + 2))
    }

    fn printed(&self, done: Done) -> String {
        let steps = self.path.steps.iter().take(done).cloned().collect();
        Path { root: self.path.root.clone(), steps }.to_string()
    }

    fn misfit(&self, code: IssueCode, detail: &'static str) -> SetError {
        SetError::Value(Issues::from(vec![Issue::new(code, self.path.to_string(), detail)]))
    }

    fn json(&self, json: &mut Json, done: Done) -> Result<(), SetError> {
        let (step, last) = self.step(done)?;
        let Json::Object(members) = json else { return Err(SetError::NoSuchElement(done + 1)) };
        let named = members.iter().position(|(name, _)| step.name == name.as_str());
        let named = named.or_else(|| members.iter().position(|(name, _)| is_choice_member(name.as_str(), &step.name)));
        let place = named.unwrap_or_else(|| {
            let fresh = if step.is_whole() { Json::Object(Vec::new()) } else { Json::Array(Vec::new()) };
            members.push((JsonText(step.name.clone()), fresh));
            members.len() - 1
        });
        let Some((_, member)) = members.get_mut(place) else { return Err(SetError::NoSuchElement(done + 1)) };
        if last && step.is_whole() {
            *member = self.value.clone();
            return Ok(());
        }
        let item = self.json_item(member, step, done)?;
        if last {
            *item = self.value.clone();
            return Ok(());
        }
        self.json(item, done + 1)
    }

    fn json_item<'j>(&self, member: &'j mut Json, step: &Step, done: Done) -> Result<&'j mut Json, SetError> {
        let Json::Array(items) = member else {
            return if step.takes(0) { Ok(member) } else { Err(SetError::PastEnd(done + 1)) };
        };
        let has_key = |index: &usize| step.has_key(items.get(*index).and_then(|item| json_key(item, &step.name)));
        let chosen: Vec<_> = (0..items.len()).filter(has_key).collect();
        let place = chosen_place(step, &chosen, items.len(), done)?;
        if place == items.len() {
            let key = if step.name == "contained" { "id" } else { "url" };
            let key = step.key.iter().map(|text| (JsonText(key.into()), Json::String(JsonText(text.clone()))));
            items.push(Json::Object(key.collect()));
        }
        items.get_mut(place).ok_or(SetError::PastEnd(done + 1))
    }
}

/// The index of the item that a step means, given the indexes of those that have its key; the length for a new one.
fn chosen_place(step: &Step, chosen: &[usize], length: usize, done: Done) -> Result<usize, SetError> {
    match step.index {
        Some(index) if index < chosen.len() => Ok(chosen.get(index).copied().unwrap_or(length)),
        Some(index) if index == chosen.len() => Ok(length),
        Some(_) => Err(SetError::PastEnd(done + 1)),
        None if chosen.len() > 1 => Err(SetError::Index(done + 1)),
        None => Ok(chosen.first().copied().unwrap_or(length)),
    }
}

/// The type that a step means. One without a type stands for what is there already, and only to go on from.
fn chosen_type(
    element: &dyn Element,
    index: usize,
    facts: &'static ElementFacts,
    choices: Choices,
    last: bool,
    done: Done,
) -> Result<(usize, &'static TypeChoice), SetError> {
    let member = element.member(index);
    let present = (!matches!(member.node, Node::Absent)).then_some(member.choice);
    let choice = match (choices, present) {
        _ if facts.types.len() == 1 => 0,
        (Choices::Only(choice), Some(present)) if choice != present && !last => return Err(SetError::Choice(done + 1)),
        (Choices::Only(choice), _) => choice,
        (Choices::Any, Some(present)) if !last => present,
        (Choices::Any, _) => return Err(SetError::Choice(done + 1)),
    };
    Ok((choice, facts.types.get(choice).ok_or(SetError::NoSuchElement(done + 1))?))
}

/// Where in a field the value or the structure of a step goes.
fn spot(
    element: &dyn Element,
    index: usize,
    facts: &ElementFacts,
    kind: &TypeChoice,
    step: &Step,
    last: bool,
    done: Done,
) -> Result<Spot, SetError> {
    if !facts.is_list() {
        return if step.takes(0) && step.key.is_none() { Ok(Spot::Whole) } else { Err(SetError::PastEnd(done + 1)) };
    }
    if last && step.is_whole() {
        return Ok(Spot::Whole);
    }
    let list = if let Node::List(list) = element.member(index).node { Some(list) } else { None };
    let length = list.map_or(0, |list| list.len());
    if kind.twin.is_none() {
        let key = |index: usize| match list.map(|list| list.get(index)) {
            Some(Node::Resource(resource)) => resource.id(),
            _ => None,
        };
        let chosen: Vec<_> = (0..length).filter(|index| step.has_key(key(*index))).collect();
        let place = chosen_place(step, &chosen, length, done)?;
        let made = place == length && step.key.is_some();
        return if made { Err(SetError::PastEnd(done + 1)) } else { Ok(Spot::Item(place)) };
    }
    let twin = element.extra().twin(kind.member);
    let count = twin.map_or(length, |twin| twin.positions(length));
    let position = match step.index {
        Some(position) if position <= count => position,
        _ => return Err(SetError::PastEnd(done + 1)),
    };
    Ok(match twin.map_or(Some(position), |twin| twin.value_at(position)) {
        Some(value) => Spot::Item(value),
        // A null stands there: the value comes before the first value that follows it.
        None => {
            let before = twin.iter().flat_map(|twin| twin.slots.iter().take(position)).filter(|slot| !slot.null);
            Spot::Before(before.count())
        }
    })
}

/// How many values a member has.
fn values(element: &dyn Element, facts: &ElementFacts) -> usize {
    let index = element.facts().elements.iter().position(|known| std::ptr::eq(known, facts));
    match index.map(|index| element.member(index).node) {
        None | Some(Node::Absent) => 0,
        Some(Node::List(list)) => list.len(),
        Some(_) => 1,
    }
}

/// Drops what a new value takes the place of: what no field could hold, nulls, the extensions of other types of a choice.
fn forget_old(element: &mut dyn Element, facts: &ElementFacts, kind: &TypeChoice, spot: Spot, step: &Step) {
    let extra = element.extra_mut();
    for old in facts.types {
        extra.forget(old.member);
        if old.member != kind.member || (facts.is_list() && matches!(spot, Spot::Whole)) {
            extra.remove_twin(old.member);
        }
    }
    if let (Spot::Before(_), Some(position)) = (spot, step.index) {
        extra.twin_mut(kind.member).slot(position).null = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mode, parse};

    fn resource(text: &str) -> Resource {
        parse(text.as_bytes(), Mode::Lenient).unwrap().into_resource()
    }

    /// Sets one path after the other, each of which must fit and be found again.
    fn set(text: &str, changes: &[(&str, &str)]) -> String {
        let mut resource = resource(text);
        for (path, value) in changes {
            let path: Path = path.parse().unwrap();
            path.set(&mut resource, value).unwrap_or_else(|error| panic!("{path}: {error}"));
            assert_eq!(path.get(&resource).map(|found| found.to_json()).as_deref(), Some(*value), "{path}");
        }
        let json = resource.to_json();
        assert_eq!(parse(json.as_bytes(), Mode::Strict).unwrap().resource(), &resource);
        json
    }

    fn fault(text: &str, path: &str, value: &str) -> SetError {
        let mut changed = resource(text);
        let error = path.parse::<Path>().unwrap().set(&mut changed, value).unwrap_err();
        assert_eq!(changed, resource(text), "{path}");
        error
    }

    #[test]
    fn a_chart_is_made_from_nothing() {
        let json = set(
            r#"{"resourceType":"Patient"}"#,
            &[
                ("Patient.name[0].given[0]", r#""Ada""#),
                ("Patient.name.family", r#""Fenwarden""#),
                ("Patient.name[1]", r#"{"text":"Addie"}"#),
                ("Patient.birthDate.extension('urn:t').valueDateTime", r#""1980""#),
                ("Patient.birthDate", r#""1980-02""#),
                ("Patient.deceasedBoolean", "false"),
                ("Patient.contact[0].period.start", r#""2020""#),
                ("Patient.contained[0]", r#"{"resourceType":"Basic","id":"b1"}"#),
                ("Patient.contained('b1').code.text", r#""x""#),
                ("Patient.multipleBirthInteger", "2"),
            ],
        );
        let expected = r#"{"resourceType":"Patient","contained":[{"resourceType":"Basic","id":"b1","code":{"text":"x"}}],"name":[{"family":"Fenwarden","given":["Ada"]},{"text":"Addie"}],"birthDate":"1980-02","_birthDate":{"extension":[{"url":"urn:t","valueDateTime":"1980"}]},"deceasedBoolean":false,"multipleBirthInteger":2,"contact":[{"period":{"start":"2020"}}]}"#;
        assert_eq!(json, expected);
    }

    #[test]
    fn what_does_not_fit_leaves_what_was_there() {
        let observation = |value: &str| {
            format!(
                r#"{{"resourceType":"Observation","code":{{"id":"c","text":"a","_text":{{"id":"t"}},"odd":1}},"value{value}}}"#
            )
        };
        let quantity = observation(r#"Quantity":{"value":1.0,"unit":"mg"}"#);
        for (text, path, value) in [
            (observation(r#"String":"x""#), "Observation.valueQuantity", r#"{"value":"1"}"#),
            (observation(r#"String":"x""#), "Observation.valueString", "5"),
            (quantity.clone(), "Observation.valueCodeableConcept", r#"{"text":5}"#),
            (quantity.clone(), "Observation.valueQuantity", r#"{"unit":"g","value":true}"#),
            (quantity.clone(), "Observation.valueString", "7"),
            (quantity, "Observation.code", r#"{"text":[]}"#),
            (
                r#"{"resourceType":"Patient","name":[{"text":"a"},{"text":"b"}]}"#.into(),
                "name",
                r#"[{"text":"c"},{"text":1}]"#,
            ),
            (r#"{"resourceType":"Patient","name":[{"text":"a"},{"text":"b"}]}"#.into(), "name[0]", r#"{"text":1}"#),
            (r#"{"resourceType":"Patient","name":[{"given":["a","b"]}]}"#.into(), "name.given", r#"["c",null]"#),
            (
                r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Basic","id":"b"}}]}"#.into(),
                "entry[0].resource",
                r#"{"resourceType":"Patient","name":5}"#,
            ),
        ] {
            assert!(matches!(fault(&text, path, value), SetError::Value(_)), "{path}");
        }
        let text = r#"{"resourceType":"Patient","name":[{"text":"a"},{"text":"b"},{"text":"c"}]}"#;
        for value in [r#"[{"text":"d"}]"#, r#"[{"text":"d"},{"text":"e"},{"text":"f"},{"text":"g"}]"#] {
            let changed = set(text, &[("Patient.name", value)]);
            assert_eq!(changed, format!(r#"{{"resourceType":"Patient","name":{value}}}"#));
        }
    }

    #[test]
    fn nulls_in_lists_give_way() {
        let text = r#"{"resourceType":"Patient","name":[{"given":[null,"Zoë"],"_given":[{"id":"a"},null]}]}"#;
        let json = set(text, &[("name.given[0]", r#""Ada""#), ("name.given[2]", r#""Lark""#)]);
        assert_eq!(
            json,
            r#"{"resourceType":"Patient","name":[{"given":["Ada","Zoë","Lark"],"_given":[{"id":"a"},null]}]}"#
        );
        let text = r#"{"resourceType":"Patient","name":[{"given":[null,null,"C"],"_given":[{"id":"a"},{"id":"b"}]}]}"#;
        let json = set(text, &[("name.given[1]", r#""B""#)]);
        assert_eq!(json, text.replace(r#"[null,null"#, r#"[null,"B""#));
        let json = set(r#"{"resourceType":"Patient","name":[{"given":["Ada"]}]}"#, &[("name.given[1].id", r#""b""#)]);
        assert_eq!(json, r#"{"resourceType":"Patient","name":[{"given":["Ada",null],"_given":[null,{"id":"b"}]}]}"#);
    }

    #[test]
    fn what_did_not_fit_is_mended() {
        let json = set(r#"{"resourceType":"Patient","birthDate":"1980-02-30"}"#, &[("birthDate", r#""1980-02-28""#)]);
        assert_eq!(json, r#"{"resourceType":"Patient","birthDate":"1980-02-28"}"#);
        let text = r#"{"resourceType":"Observation","valueString":"x","_valueString":{"id":"i"}}"#;
        let json = set(text, &[("valueQuantity", r#"{"value":1.50}"#), ("value.unit", r#""mg""#)]);
        assert_eq!(json, r#"{"resourceType":"Observation","valueQuantity":{"value":1.50,"unit":"mg"}}"#);
    }

    #[test]
    fn what_does_not_fit_changes_nothing() {
        let patient = r#"{"resourceType":"Patient","name":[{"family":"A"},{"family":"B"}]}"#;
        assert_eq!(fault(patient, "Observation.status", "1"), SetError::ResourceType);
        assert_eq!(fault(patient, "Patient.name.family", r#""C""#), SetError::Index(1));
        assert_eq!(fault(patient, "Patient.name[3].family", r#""C""#), SetError::PastEnd(1));
        assert_eq!(fault(patient, "Patient.name[2].nose", r#""C""#), SetError::NoSuchElement(2));
        assert_eq!(fault(patient, "Patient.deceased", "true"), SetError::Choice(1));
        assert_eq!(fault(patient, "Patient", "{}"), SetError::NoSuchElement(0));
        for (path, value, at) in [
            ("Patient.name[2].family", "7", "Patient.name[2].family"),
            ("Patient.birthDate", r#""secret""#, "Patient.birthDate"),
            ("Patient.name[0]", r#"{"given":["a",7]}"#, "Patient.name[0].given[1]"),
            ("Patient.contact[0].name", r#"{"nose":"secret"}"#, "Patient.contact[0].name.nose"),
            ("Patient.maritalStatus.coding[0].code", "{}", "Patient.maritalStatus.coding[0].code"),
            ("Patient.name[0].given", r#"["a",null]"#, "Patient.name[0].given"),
            ("Patient.extension('urn:a')", r#"{"url":"urn:b"}"#, "Patient.extension('urn:a')"),
            (
                "Patient.extension('urn:a').extension[0].valueCode",
                "1",
                "Patient.extension('urn:a').extension[0].valueCode",
            ),
        ] {
            let SetError::Value(issues) = fault(patient, path, value) else { panic!("{path}") };
            assert_eq!(issues.as_slice()[0].path(), at);
            assert!(!issues.to_string().contains("secret"));
        }
        let other = r#"{"resourceType":"Basic","code":{"text":"a"}}"#;
        assert_eq!(fault(other, "Basic.code.text.more", "1"), SetError::NoSuchElement(3));
        assert_eq!(fault(other, "Basic.resourceType", "1"), SetError::NoSuchElement(1));
        assert_eq!(fault(other, "Basic.author[1].reference", "1"), SetError::PastEnd(1));
    }
}
