//! Reads the members of any element, by its facts.

use std::borrow::Cow;

use crate::element::{Element, Field, Node, NodeMut};
use crate::extra::PrimitiveElement;
use crate::facts::{ElementFacts, TypeChoice, TypeFacts, TypeKind};
use crate::issue::IssueCode;
use crate::json::{Halt, JsonText, Misfit, Reader, Stop, Writer};
use crate::primitive::Text;

/// Reads the object at the cursor into the element. What no field can hold is kept as plain JSON and noted.
pub(crate) fn members(element: &mut dyn Element, reader: &mut Reader<'_>) -> Result<(), Stop> {
    let facts = element.facts();
    let begin = reader.value_start();
    reader.enter()?;
    let depth = reader.depth();
    let mut seen = Seen::NOTHING;
    while seen.last == Slot::NONE || !reader.closes(b'}') {
        let (last, before) = (seen.last, reader.offset());
        let slot = match reader.guessed(facts, last) {
            Some(slot) => slot,
            None => match next_member(facts, last, reader)? {
                Some(slot) => slot,
                None => break,
            },
        };
        let known = seen.note(slot);
        let outcome = if slot.is_member() && !known {
            slot.read_member(element, reader)
        } else {
            slot.read(known, element, reader)
        };
        match outcome {
            Ok(()) => {}
            Err(Halt::Stop(stop)) => return Err(stop),
            Err(Halt::Misfit(misfit)) => {
                reader.go_back(before, depth);
                keep(element, last == Slot::NONE, misfit, reader)?;
            }
        }
    }
    reader.leave();
    if (seen.last == Slot::NONE) && !reader.merging {
        reader.problem(begin, Misfit { code: IssueCode::Empty, detail: "an object is never empty" });
    }
    if seen.rare {
        element.extra_mut().settle();
    }
    Ok(())
}

/// Keeps the next member as plain JSON.
#[cold]
#[inline(never)]
fn keep(element: &mut dyn Element, first: bool, misfit: Misfit, reader: &mut Reader<'_>) -> Result<(), Stop> {
    reader.more(first, b'}')?;
    let key_offset = reader.value_start();
    let key = reader.name()?;
    let name = JsonText(reader.intern(&key));
    let start = reader.value_start();
    let value = reader.json()?;
    let unknown = misfit.code == IssueCode::UnknownMember;
    let start = reader.odd_item.take().unwrap_or(start);
    reader.problem(if unknown { key_offset } else { start }, misfit);
    element.extra_mut().keep(name, value);
    Ok(())
}

/// The meaning of the next member; `None` at the end of the object.
#[inline(never)]
fn next_member(facts: &'static TypeFacts, last: Slot, reader: &mut Reader<'_>) -> Result<Option<Slot>, Stop> {
    if !reader.more(last == Slot::NONE, b'}')? {
        return Ok(None);
    }
    reader.value_start();
    if let Some(slot) = reader.guessed_here(facts, last) {
        return Ok(Some(slot));
    }
    let key = reader.name()?;
    let (slot, name) = Slot::of(facts, &key, last);
    if let Some(name) = name {
        reader.guesses.learn(facts, last, name, slot);
    }
    Ok(Some(slot))
}

/// What a member name means in a type, packed so that it is quick to compare and to copy.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot(u32);

enum Meaning {
    Member,
    Twin,
    Id,
    Extension,
    ModifierExtension,
    ResourceType,
    Unknown,
}

impl Slot {
    /// No member: what stands before the first.
    pub(crate) const NONE: Self = Self(0);
    const UNKNOWN: Self = Self(1);
    // The members that are common to all types count after the elements of any.
    const ID: Self = Self(60 << 6);
    const EXTENSION: Self = Self(61 << 6);
    const MODIFIER_EXTENSION: Self = Self(62 << 6);
    const RESOURCE_TYPE: Self = Self(63 << 6);
    const ELEMENTS: usize = 60;
    const MEMBER: u32 = 1 << 31;
    const TWIN: u32 = 1 << 30;

    /// The element and the shape of its values: all that reading needs of the facts.
    fn of_element(facts: &ElementFacts, index: usize, choice: usize, kind: u32) -> Option<Self> {
        let packed_index = u32::try_from(index).ok().filter(|_| index < Self::ELEMENTS && choice < Shape::CHOICES)?;
        Some(Self(Self::MEMBER | kind | packed_index << 6 | Shape::of(facts, choice).0))
    }

    pub(crate) const fn number(self) -> u32 {
        self.0
    }

    const fn index(self) -> usize {
        (self.0 as usize >> 6) & 63
    }

    const fn shape(self) -> Shape {
        Shape(self.0 & Shape::MASK)
    }

    const fn is_member(self) -> bool {
        self.0 >> 30 == 2
    }

    const fn meaning(self) -> Meaning {
        match self {
            _ if self.is_member() => Meaning::Member,
            _ if self.0 >> 30 == 3 => Meaning::Twin,
            Self::ID => Meaning::Id,
            Self::EXTENSION => Meaning::Extension,
            Self::MODIFIER_EXTENSION => Meaning::ModifierExtension,
            Self::RESOURCE_TYPE => Meaning::ResourceType,
            _ => Meaning::Unknown,
        }
    }

    /// The meaning of a name, and the name as it stands in the facts. Members mostly come in the order of the standard, so
    /// the search begins after the last one.
    fn of(facts: &'static TypeFacts, key: &str, last: Self) -> (Self, Option<&'static str>) {
        match key {
            "extension" if facts.has_extensions() => return (Self::EXTENSION, Some("extension")),
            "modifierExtension" if facts.has_modifier_extensions() => {
                return (Self::MODIFIER_EXTENSION, Some("modifierExtension"));
            }
            "resourceType" if facts.kind == TypeKind::Resource => return (Self::RESOURCE_TYPE, Some("resourceType")),
            "id" if facts.kind != TypeKind::Resource => return (Self::ID, Some("id")),
            _ => {}
        }
        let (name, twin) = match key.strip_prefix('_') {
            Some(name) => (name, true),
            None => (key, false),
        };
        let next = if last.is_member() { last.index() + 1 } else { 0 };
        let count = facts.elements.len();
        let order = (next..count).chain(0..next.min(count));
        for index in order {
            let Some(element) = facts.elements.get(index) else { continue };
            if let Some((choice, kind)) = choice_of(element, name) {
                let (slot, name) = match (twin, kind.twin) {
                    (false, _) => (Self::of_element(element, index, choice, 0), Some(kind.member)),
                    (true, Some(twin)) => (Self::of_element(element, index, choice, Self::TWIN), Some(twin)),
                    (true, None) => (None, None),
                };
                return slot.map_or((Self::UNKNOWN, None), |slot| (slot, name));
            }
        }
        (Self::UNKNOWN, None)
    }

    #[inline(always)]
    fn read_member(self, element: &mut dyn Element, reader: &mut Reader<'_>) -> Result<(), Halt> {
        let Some(field) = element.field_mut(self.index()) else { return Ok(()) };
        let shape = self.shape();
        if !shape.is_list() {
            return shape.value(field, reader);
        }
        shape.list(field, reader)?;
        if !reader.nulls.is_empty() {
            note_nulls(element, self.index(), reader);
        }
        Ok(())
    }

    #[inline(never)]
    fn read(self, known: bool, element: &mut dyn Element, reader: &mut Reader<'_>) -> Result<(), Halt> {
        if known && !reader.merging {
            return Err(Halt::Misfit(came_twice(self)));
        }
        match self.meaning() {
            Meaning::Member => self.read_member(element, reader),
            Meaning::Twin => read_twin(element, self.index(), self.shape().choice(), reader),
            Meaning::Id => Shape::STRING.read(element.extra_mut().id_mut(), reader),
            Meaning::Extension => Shape::STRUCTURES.read(element.extra_mut().extension_mut(), reader),
            Meaning::ModifierExtension => Shape::STRUCTURES.read(element.extra_mut().modifier_extension_mut(), reader),
            Meaning::ResourceType => Ok(string(reader).map(drop)?),
            Meaning::Unknown => Err(Halt::misfit(IssueCode::UnknownMember, "the element has no member of this name")),
        }
    }
}

fn choice_of(element: &'static ElementFacts, name: &str) -> Option<(usize, &'static TypeChoice)> {
    match element.types {
        [only] => (only.member == name).then_some((0, only)),
        many if name.starts_with(element.name) => many.iter().enumerate().find(|(_, kind)| kind.member == name),
        _ => None,
    }
}

/// Which members an object has had.
struct Seen {
    members: u64,
    twins: u64,
    last: Slot,
    /// Whether anything but a plain member was there.
    rare: bool,
}

impl Seen {
    const NOTHING: Self = Self { members: 0, twins: 0, last: Slot::NONE, rare: false };

    /// Notes a member; tells whether it has been there before.
    #[inline(always)]
    fn note(&mut self, slot: Slot) -> bool {
        self.last = slot;
        let bit = 1 << slot.index();
        if slot.is_member() {
            return noted(&mut self.members, bit);
        }
        self.rare = true;
        match slot.meaning() {
            Meaning::Unknown => false,
            Meaning::Twin => noted(&mut self.twins, bit),
            _ => noted(&mut self.members, bit),
        }
    }
}

const fn noted(bits: &mut u64, bit: u64) -> bool {
    let known = *bits & bit != 0;
    *bits |= bit;
    known
}

#[cold]
fn came_twice(slot: Slot) -> Misfit {
    match slot.meaning() {
        Meaning::Member | Meaning::Twin if slot.shape().choice() > 0 => {
            Misfit { code: IssueCode::RepeatedChoice, detail: "this choice already has a value" }
        }
        _ => Misfit { code: IssueCode::DuplicateMember, detail: "this member stands here twice" },
    }
}

/// What the values of a field are in JSON: six bits for the type of a choice, three for the kind, one for a list.
#[derive(Clone, Copy)]
pub(crate) struct Shape(u32);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    String,
    Number,
    Boolean,
    Structure,
    Resource,
}

impl Kind {
    fn of(kind: &TypeChoice) -> Self {
        match kind.type_name {
            "boolean" => Self::Boolean,
            "decimal" | "integer" | "unsignedInt" | "positiveInt" => Self::Number,
            _ if kind.twin.is_some() => Self::String,
            _ if kind.facts().is_some() => Self::Structure,
            _ => Self::Resource,
        }
    }

    const fn is_primitive(self) -> bool {
        matches!(self, Self::String | Self::Number | Self::Boolean)
    }
}

impl Shape {
    pub(crate) const STRING: Self = Self::new(false, Kind::String, 0);
    pub(crate) const STRUCTURE: Self = Self::new(false, Kind::Structure, 0);
    pub(crate) const STRUCTURES: Self = Self::new(true, Kind::Structure, 0);
    const CHOICES: usize = 64;
    const LIST: u32 = 1 << 15;
    const MASK: u32 = Self::LIST | 7 << 12 | 63;

    pub(crate) fn of(facts: &ElementFacts, choice: usize) -> Self {
        let kind = facts.types.get(choice).map_or(Kind::Resource, Kind::of);
        Self::new(facts.is_list(), kind, u32::try_from(choice).unwrap_or_default())
    }

    const fn new(list: bool, kind: Kind, choice: u32) -> Self {
        Self(if list { Self::LIST } else { 0 } | (kind as u32) << 12 | choice)
    }

    const fn is_list(self) -> bool {
        self.0 & Self::LIST != 0
    }

    const fn choice(self) -> usize {
        self.0 as usize & (Self::CHOICES - 1)
    }

    const fn kind(self) -> Kind {
        match self.0 >> 12 & 7 {
            0 => Kind::String,
            1 => Kind::Number,
            2 => Kind::Boolean,
            3 => Kind::Structure,
            _ => Kind::Resource,
        }
    }

    /// Reads the value at the cursor into the field.
    fn read(self, field: &mut dyn Field, reader: &mut Reader<'_>) -> Result<(), Halt> {
        if self.is_list() { self.list(field, reader) } else { self.value(field, reader) }
    }

    #[inline(never)]
    fn list(self, field: &mut dyn Field, reader: &mut Reader<'_>) -> Result<(), Halt> {
        let noted = reader.problems.len();
        let outcome = self.items(field, reader);
        if outcome.is_err() {
            // The whole list will be kept as plain JSON, so what was read of it goes.
            field.fit(0);
            reader.problems.truncate(noted);
            reader.nulls.clear();
        }
        outcome
    }

    #[inline(always)]
    fn value(self, field: &mut dyn Field, reader: &mut Reader<'_>) -> Result<(), Halt> {
        match self.kind() {
            Kind::String => match reader.plain_string() {
                Some(text) => self.put_text(field, text, reader),
                None => self.unusual_string(field, reader),
            },
            Kind::Structure => {
                begins_object(reader)?;
                match field.room(self.choice()) {
                    Some(element) => Ok(members(element, reader)?),
                    None => Ok(()),
                }
            }
            Kind::Number | Kind::Boolean | Kind::Resource => self.other_value(field, reader),
        }
    }

    #[inline(never)]
    fn other_value(self, field: &mut dyn Field, reader: &mut Reader<'_>) -> Result<(), Halt> {
        let text = match self.kind() {
            Kind::Number => number(reader)?,
            Kind::Boolean => boolean(reader)?,
            _ => return self.resource(field, reader),
        };
        self.put_text(field, text, reader)
    }

    #[inline(always)]
    fn put_text(self, field: &mut dyn Field, text: &str, reader: &mut Reader<'_>) -> Result<(), Halt> {
        field.put(self.choice(), text, &mut reader.interner).map_err(|misfit| Halt::Misfit(*misfit))
    }

    /// A string with escapes, or no string. What no text may hold is refused like an empty one.
    #[cold]
    #[inline(never)]
    fn unusual_string(self, field: &mut dyn Field, reader: &mut Reader<'_>) -> Result<(), Halt> {
        let text = string(reader)?;
        self.put_text(field, if Text::accepts(&text) { &text } else { "" }, reader)
    }

    fn resource(self, field: &mut dyn Field, reader: &mut Reader<'_>) -> Result<(), Halt> {
        if reader.merging && !self.is_list() && read_again(field.node_mut(0), reader)? {
            return Ok(());
        }
        let mut resource = None;
        crate::resource::read(&mut resource, reader)?;
        if let Some(resource) = resource {
            field.put_resource(resource);
        }
        Ok(())
    }

    fn items(self, field: &mut dyn Field, reader: &mut Reader<'_>) -> Result<(), Halt> {
        if reader.peek() != Some(b'[') {
            return Err(Halt::misfit(IssueCode::JsonType, "a list belongs here"));
        }
        reader.enter()?;
        let mut index = 0;
        while reader.more(index == 0, b']')? {
            let start = reader.value_start();
            if self.kind().is_primitive() && reader.peek() == Some(b'n') {
                reader.null()?;
                reader.nulls.push(index);
            } else if !(reader.merging && read_again(field.node_mut(index), reader)?) {
                let outcome = self.value(field, reader);
                reader.odd_item = outcome.is_err().then_some(start);
                outcome?;
            }
            index += 1;
        }
        reader.leave();
        if index == 0 {
            return Err(Halt::misfit(IssueCode::Empty, "a list is never empty"));
        }
        Ok(())
    }

    /// Puts the value at the cursor in its place. What does not fit in every part leaves the field as it was; a field of one value
    /// has that from `before`.
    pub(crate) fn put(
        self,
        field: &mut dyn Field,
        spot: Spot,
        before: Option<&Before>,
        reader: &mut Reader<'_>,
    ) -> Result<(), Halt> {
        if self.is_list() { self.put_item(field, spot, reader) } else { self.put_single(field, before, reader) }
    }

    /// What is read comes behind the list first.
    fn put_item(self, field: &mut dyn Field, spot: Spot, reader: &mut Reader<'_>) -> Result<(), Halt> {
        let count = field.count();
        let outcome = match spot {
            Spot::Whole => self.items(field, reader),
            Spot::Item(_) | Spot::Before(_) => self.value(field, reader),
        };
        if !fits(&outcome, reader) {
            field.fit(count);
            outcome?;
            return without_nulls(reader);
        }
        match spot {
            Spot::Whole => {
                let added = field.count() - count;
                (0..added).for_each(|place| field.swap(place, count + place));
                field.fit(added);
            }
            Spot::Item(index) => {
                field.swap(index, count);
                field.fit(count.max(index + 1));
            }
            Spot::Before(index) => (index..count).rev().for_each(|place| field.swap(place, place + 1)),
        }
        Ok(())
    }

    fn put_single(self, field: &mut dyn Field, before: Option<&Before>, reader: &mut Reader<'_>) -> Result<(), Halt> {
        if self.kind().is_primitive() {
            return self.value(field, reader);
        }
        field.fit(0);
        let outcome = self.value(field, reader);
        if !fits(&outcome, reader) {
            field.fit(0);
            if let Some(Before { shape, text }) = before {
                shape.value(field, &mut Reader::new(text))?;
            }
        }
        outcome
    }
}

/// The value of a field as text, to be read again if a new one does not fit.
pub(crate) struct Before {
    shape: Shape,
    text: String,
}

impl Before {
    /// `None` for a list, and where there is no value.
    pub(crate) fn of(element: &dyn Element, index: usize) -> Option<Self> {
        let facts = element.facts().elements.get(index)?;
        let member = element.member(index);
        let text = match member.node {
            Node::Primitive(value) => {
                let mut writer = Writer::default();
                value.write(&mut writer);
                writer.finish()
            }
            Node::Element(value) => crate::write::element(value),
            Node::Resource(value) => crate::write::resource(value),
            Node::Absent | Node::List(_) => return None,
        };
        Some(Self { shape: Shape::of(facts, member.choice), text })
    }
}

/// Whether all of a value could be read.
fn fits(outcome: &Result<(), Halt>, reader: &Reader<'_>) -> bool {
    outcome.is_ok() && reader.problems.is_empty() && reader.nulls.is_empty()
}

fn without_nulls(reader: &Reader<'_>) -> Result<(), Halt> {
    if reader.nulls.is_empty() { Ok(()) } else { Err(Halt::misfit(IssueCode::Null, "null cannot stand here")) }
}

/// Where in a field a value is put. A field that is no list has only a whole.
#[derive(Clone, Copy)]
pub(crate) enum Spot {
    Whole,
    /// In place of the item at this index, or after the last.
    Item(usize),
    /// Before the item at this index, or after the last.
    Before(usize),
}

/// Reads the object at the cursor into a structure.
pub(crate) fn object(element: &mut dyn Element, reader: &mut Reader<'_>) -> Result<(), Halt> {
    begins_object(reader)?;
    Ok(members(element, reader)?)
}

fn begins_object(reader: &mut Reader<'_>) -> Result<(), Halt> {
    if reader.peek() == Some(b'{') { Ok(()) } else { Err(no_object(reader)) }
}

#[cold]
fn no_object(reader: &mut Reader<'_>) -> Halt {
    match reader.peek() {
        Some(b'n') => Halt::misfit(IssueCode::Null, "null cannot stand here"),
        _ => Halt::misfit(IssueCode::JsonType, "an object belongs here"),
    }
}

/// Reads more of a value that another text began. Tells whether there was one.
fn read_again(value: NodeMut<'_>, reader: &mut Reader<'_>) -> Result<bool, Halt> {
    match value {
        NodeMut::Absent => return Ok(false),
        NodeMut::Primitive => return Err(Halt::misfit(IssueCode::DuplicateMember, "two texts give this value")),
        NodeMut::Element(element) => object(element, reader)?,
        NodeMut::Resource(resource) => crate::resource::read_again(resource, reader)?,
    }
    Ok(true)
}

/// Keeps where a primitive list had nulls.
fn note_nulls(element: &mut dyn Element, index: usize, reader: &mut Reader<'_>) {
    let nulls = std::mem::take(&mut reader.nulls);
    let Some(kind) = kind_of(element, index, 0) else { return };
    let twin = element.extra_mut().twin_mut(kind.member);
    for null in nulls {
        twin.slot(null).null = true;
    }
}

fn kind_of(element: &dyn Element, index: usize, choice: usize) -> Option<&'static TypeChoice> {
    element.facts().elements.get(index)?.types.get(choice)
}

/// Reads the member `_name`: what stands beside a primitive value or beside each item of a primitive list.
fn read_twin(element: &mut dyn Element, index: usize, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
    let Some(kind) = kind_of(element, index, choice) else { return Ok(()) };
    let list = element.facts().elements.get(index).is_some_and(ElementFacts::is_list);
    let noted = reader.problems.len();
    let extras = if list { read_twin_list(reader) } else { read_twin_item(reader).map(|item| vec![Some(item)]) };
    let extras = match extras {
        Ok(extras) => extras,
        Err(halt) => {
            reader.problems.truncate(noted);
            return Err(halt);
        }
    };
    let twin = element.extra_mut().twin_mut(kind.member);
    twin.written = extras.len();
    for (index, extra) in extras.into_iter().enumerate() {
        if let Some(item) = extra {
            twin.slot(index).extra = item.extra;
        }
    }
    Ok(())
}

fn read_twin_list(reader: &mut Reader<'_>) -> Result<Vec<Option<PrimitiveElement>>, Halt> {
    if reader.peek() != Some(b'[') {
        return Err(Halt::misfit(IssueCode::JsonType, "a list belongs here"));
    }
    reader.enter()?;
    let mut items = Vec::new();
    while reader.more(items.is_empty(), b']')? {
        if reader.peek() == Some(b'n') {
            reader.null()?;
            items.push(None);
        } else {
            let item = read_twin_item(reader)?;
            if item.extra.is_empty() && !reader.merging {
                // Written back, it would be null.
                return Err(Halt::misfit(IssueCode::Empty, "an object is never empty"));
            }
            items.push(Some(item));
        }
    }
    reader.leave();
    if items.is_empty() {
        return Err(Halt::misfit(IssueCode::Empty, "a list is never empty"));
    }
    Ok(items)
}

fn read_twin_item(reader: &mut Reader<'_>) -> Result<PrimitiveElement, Halt> {
    let mut element = PrimitiveElement::default();
    object(&mut element, reader)?;
    Ok(element)
}

/// The string at the cursor.
fn string<'a>(reader: &mut Reader<'a>) -> Result<Cow<'a, str>, Halt> {
    if reader.peek() != Some(b'"') {
        return Err(no_string(reader));
    }
    let text = reader.string()?;
    if text.is_empty() {
        return Err(Halt::misfit(IssueCode::Empty, "a string is never empty"));
    }
    Ok(text)
}

#[cold]
fn no_string(reader: &mut Reader<'_>) -> Halt {
    match reader.peek() {
        Some(b'n') => Halt::misfit(IssueCode::Null, "null cannot stand here"),
        _ => Halt::misfit(IssueCode::JsonType, "a string belongs here"),
    }
}

fn boolean(reader: &mut Reader<'_>) -> Result<&'static str, Halt> {
    if !matches!(reader.peek(), Some(b't' | b'f')) {
        return Err(Halt::misfit(IssueCode::JsonType, "true or false belongs here"));
    }
    Ok(if reader.boolean()? { "true" } else { "false" })
}

/// The text of the number at the cursor.
fn number<'a>(reader: &mut Reader<'a>) -> Result<&'a str, Halt> {
    match reader.peek() {
        Some(b'-' | b'0'..=b'9') => Ok(reader.number()?),
        Some(b'n') => Err(Halt::misfit(IssueCode::Null, "null cannot stand here")),
        _ => Err(Halt::misfit(IssueCode::JsonType, "a number belongs here")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::Resource;

    fn hold(facts: &TypeFacts, known: &mut Vec<&'static str>) {
        assert!(facts.elements.len() <= Slot::ELEMENTS, "{}", facts.name);
        for element in facts.elements {
            assert!(element.types.len() <= Shape::CHOICES, "{}.{}", facts.name, element.name);
            for inner in element.types.iter().filter_map(|kind| kind.facts()) {
                if !known.contains(&inner.name) {
                    known.push(inner.name);
                    hold(inner, known);
                }
            }
        }
    }

    #[test]
    fn modifying_extensions_stand_where_the_standard_has_them() {
        let extension = r#"Extension":[{"url":"urn:x","valueBoolean":true}]"#;
        let issues = |text: String| crate::parse(text.as_bytes(), crate::Mode::Lenient).unwrap().issues().len();
        for (json, count) in [
            (format!(r#"{{"resourceType":"Patient","modifier{extension}}}"#), 0),
            (format!(r#"{{"resourceType":"Patient","contact":[{{"modifier{extension}}}]}}"#), 0),
            (format!(r#"{{"resourceType":"MedicationRequest","dosageInstruction":[{{"modifier{extension}}}]}}"#), 0),
            (format!(r#"{{"resourceType":"Patient","name":[{{"modifier{extension}}}]}}"#), 1),
            (format!(r#"{{"resourceType":"Patient","_gender":{{"modifier{extension}}}}}"#), 1),
            (format!(r#"{{"resourceType":"Patient","extension":[{{"url":"urn:y","modifier{extension}}}]}}"#), 1),
            (r#"{"resourceType":"Bundle","extension":[{"url":"urn:x","valueBoolean":true}]}"#.to_owned(), 1),
            (format!(r#"{{"resourceType":"Bundle","entry":[{{"modifier{extension}}}]}}"#), 0),
        ] {
            assert_eq!(issues(json.clone()), count, "{json}");
        }
    }

    #[test]
    fn a_slot_has_room_for_each_element_of_each_type() {
        let mut known = Vec::new();
        Resource::TYPES.iter().filter_map(|name| Resource::facts_of(name)).for_each(|facts| hold(facts, &mut known));
        assert!(known.len() > 100);
    }
}
