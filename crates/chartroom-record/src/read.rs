//! Reads the members of any element, by its facts.

use std::borrow::Cow;

use smol_str::SmolStr;

use crate::element::{Element, ElementFacts, Field, NodeMut, TypeChoice, TypeFacts, TypeKind};
use crate::extra::PrimitiveElement;
use crate::guess::Guess;
use crate::issue::IssueCode;
use crate::json::{Halt, JsonText, Misfit, Reader, Stop};
use crate::primitive::Text;

/// Reads the object at the cursor into the element. What no field can hold is kept as plain JSON and noted.
pub(crate) fn members(element: &mut dyn Element, reader: &mut Reader<'_>) -> Result<(), Stop> {
    let facts = element.facts();
    let begin = reader.value_start();
    reader.enter()?;
    let mut seen = Seen::NOTHING;
    while let Some((slot, key_offset)) = next_member(facts, seen.last, reader)? {
        let start = reader.value_start();
        let outcome = match seen.note(slot) {
            Some(misfit) if !reader.merging => Err(Halt::Misfit(misfit)),
            _ => slot.read(element, reader),
        };
        match outcome {
            Ok(()) => {}
            Err(Halt::Stop(stop)) => return Err(stop),
            Err(Halt::Misfit(misfit)) => keep(element, key_offset, start, misfit, reader)?,
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

/// Keeps a member as plain JSON.
#[cold]
fn keep(
    element: &mut dyn Element,
    key_offset: usize,
    start: usize,
    misfit: Misfit,
    reader: &mut Reader<'_>,
) -> Result<(), Stop> {
    reader.rewind(key_offset);
    let key = reader.string()?;
    let name = JsonText(reader.intern(&key));
    reader.rewind(start);
    let value = reader.json()?;
    let unknown = misfit.code == IssueCode::UnknownMember;
    reader.problem(if unknown { key_offset } else { start }, misfit);
    element.extra_mut().keep(name, value);
    Ok(())
}

/// The meaning of the next member and the offset of its name; `None` at the end of the object.
fn next_member(facts: &'static TypeFacts, last: Slot, reader: &mut Reader<'_>) -> Result<Option<(Slot, usize)>, Stop> {
    if !reader.more(last == Slot::NONE, b'}')? {
        return Ok(None);
    }
    let offset = reader.value_start();
    if let Some(&Guess { next, ref name, .. }) = reader.guesses.after(facts, last)
        && let Some(end) = reader.end_of_name(name)
    {
        reader.rewind(end);
        return Ok(Some((next, offset)));
    }
    let key = reader.name()?;
    let (slot, name) = Slot::of(facts, &key, last);
    if let Some(name) = name {
        reader.guesses.learn(facts, last, name, slot);
    }
    Ok(Some((slot, offset)))
}

/// What a member name means in a type, packed so that it is quick to compare and to copy.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot(u32);

enum Meaning {
    Member { index: usize, shape: Shape },
    Twin { index: usize, choice: usize },
    Id,
    Extension,
    ModifierExtension,
    ResourceType,
    Unknown,
}

impl Slot {
    /// No member: what stands before the first.
    const NONE: Self = Self(0);
    const ID: Self = Self(1);
    const EXTENSION: Self = Self(2);
    const MODIFIER_EXTENSION: Self = Self(3);
    const RESOURCE_TYPE: Self = Self(4);
    const UNKNOWN: Self = Self(5);
    const MEMBER: u32 = 1 << 31;
    const TWIN: u32 = 1 << 30;

    /// Six bits for the type, eight for the element, and the shape of its values: all that reading needs of the facts.
    fn of_element(facts: &ElementFacts, index: usize, choice: usize, kind: u32) -> Option<Self> {
        let (packed_index, packed_choice) = (u32::from(u8::try_from(index).ok()?), u32::try_from(choice).ok()?);
        let shape = Shape::of(facts, choice).packed();
        (choice < 64).then_some(Self(Self::MEMBER | kind | shape << 14 | packed_index << 6 | packed_choice))
    }

    pub(crate) const fn number(self) -> usize {
        self.0 as usize
    }

    const fn index(self) -> usize {
        (self.0 as usize >> 6) & 255
    }

    const fn is_member(self) -> bool {
        self.0 >> 30 == 2
    }

    const fn meaning(self) -> Meaning {
        let (index, choice) = (self.index(), self.0 as usize & 63);
        match self {
            _ if self.is_member() => Meaning::Member { index, shape: Shape::unpacked(self.0 >> 14, choice) },
            _ if self.0 >> 30 == 3 => Meaning::Twin { index, choice },
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
            "extension" => return (Self::EXTENSION, Some("extension")),
            "modifierExtension" => return (Self::MODIFIER_EXTENSION, Some("modifierExtension")),
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

    fn read(self, element: &mut dyn Element, reader: &mut Reader<'_>) -> Result<(), Halt> {
        match self.meaning() {
            Meaning::Member { index, shape } => {
                let Some(field) = element.field_mut(index) else { return Ok(()) };
                shape.read(field, reader)?;
                if !reader.nulls.is_empty() {
                    note_nulls(element, index, reader);
                }
                Ok(())
            }
            Meaning::Twin { index, choice } => read_twin(element, index, choice, reader),
            Meaning::Id => Shape::PRIMITIVE.read(element.extra_mut().id_mut(), reader),
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
    members: [u64; 2],
    twins: [u64; 2],
    common: [u64; 2],
    last: Slot,
    /// Whether anything but a plain member was there.
    rare: bool,
}

impl Seen {
    const NOTHING: Self = Self { members: [0; 2], twins: [0; 2], common: [0; 2], last: Slot::NONE, rare: false };

    /// Notes a member; yields what is wrong with its coming again.
    fn note(&mut self, slot: Slot) -> Option<Misfit> {
        self.last = slot;
        self.rare |= !slot.is_member();
        let fresh = match slot.meaning() {
            Meaning::Member { index, .. } => is_fresh(&mut self.members, index),
            Meaning::Twin { index, .. } => is_fresh(&mut self.twins, index),
            Meaning::Unknown => true,
            _ => is_fresh(&mut self.common, slot.number()),
        };
        if fresh { None } else { Some(came_twice(slot)) }
    }
}

fn is_fresh(bits: &mut [u64; 2], index: usize) -> bool {
    let Some(word) = bits.get_mut(index / 64) else { return true };
    let bit = 1 << (index % 64);
    let fresh = *word & bit == 0;
    *word |= bit;
    fresh
}

#[cold]
fn came_twice(slot: Slot) -> Misfit {
    match slot.meaning() {
        Meaning::Member { shape: Shape { choice, .. }, .. } | Meaning::Twin { choice, .. } if choice > 0 => {
            Misfit { code: IssueCode::RepeatedChoice, detail: "this choice already has a value" }
        }
        _ => Misfit { code: IssueCode::DuplicateMember, detail: "this member stands here twice" },
    }
}

/// What the values of a field are in JSON.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    list: bool,
    kind: Kind,
    choice: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Primitive,
    Structure,
    Resource,
}

impl Shape {
    pub(crate) const PRIMITIVE: Self = Self { list: false, kind: Kind::Primitive, choice: 0 };
    pub(crate) const STRUCTURE: Self = Self { list: false, kind: Kind::Structure, choice: 0 };
    pub(crate) const STRUCTURES: Self = Self { list: true, kind: Kind::Structure, choice: 0 };

    pub(crate) fn of(facts: &ElementFacts, choice: usize) -> Self {
        let kind = match facts.types.get(choice) {
            Some(kind) if kind.twin.is_some() => Kind::Primitive,
            Some(kind) if kind.facts.is_some() => Kind::Structure,
            _ => Kind::Resource,
        };
        Self { list: facts.is_list(), kind, choice }
    }

    const fn packed(self) -> u32 {
        (self.list as u32) << 2 | self.kind as u32
    }

    const fn unpacked(bits: u32, choice: usize) -> Self {
        let kind = match bits & 3 {
            0 => Kind::Primitive,
            1 => Kind::Structure,
            _ => Kind::Resource,
        };
        Self { list: bits & 4 != 0, kind, choice }
    }

    /// Reads the value at the cursor into the field.
    fn read(self, field: &mut dyn Field, reader: &mut Reader<'_>) -> Result<(), Halt> {
        if !self.list {
            return self.value(field, reader);
        }
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

    fn value(self, field: &mut dyn Field, reader: &mut Reader<'_>) -> Result<(), Halt> {
        if self.kind == Kind::Structure {
            begins_object(reader)?;
        }
        match field.read(self.choice, reader)? {
            Some(element) => Ok(members(element, reader)?),
            None => Ok(()),
        }
    }

    fn items(self, field: &mut dyn Field, reader: &mut Reader<'_>) -> Result<(), Halt> {
        if reader.peek() != Some(b'[') {
            return Err(Halt::misfit(IssueCode::JsonType, "a list belongs here"));
        }
        reader.enter()?;
        let mut index = 0;
        while reader.more(index == 0, b']')? {
            if self.kind == Kind::Primitive && reader.peek() == Some(b'n') {
                reader.null()?;
                reader.nulls.push(index);
            } else if !(reader.merging && read_again(field.node_mut(index), reader)?) {
                self.value(field, reader)?;
            }
            index += 1;
        }
        reader.leave();
        if index == 0 {
            return Err(Halt::misfit(IssueCode::Empty, "a list is never empty"));
        }
        if !index.is_power_of_two() {
            // A list grows by doubling.
            field.fit(usize::MAX);
        }
        Ok(())
    }

    /// Puts the value at the cursor in its place. What does not fit in every part leaves the field as it was.
    pub(crate) fn put(self, field: &mut dyn Field, spot: Spot, reader: &mut Reader<'_>) -> Result<(), Halt> {
        let start = reader.value_start();
        self.read_at(&mut *field.fresh(), spot, reader)?;
        if !reader.nulls.is_empty() {
            return Err(Halt::misfit(IssueCode::Null, "null cannot stand here"));
        }
        if !reader.problems.is_empty() {
            return Ok(());
        }
        reader.rewind(start);
        let count = field.member().len();
        match spot {
            Spot::Whole => {
                field.fit(0);
                self.read_at(field, spot, reader)
            }
            Spot::Item(index) => {
                self.read_at(field, spot, reader)?;
                field.swap(index, count);
                field.fit(count.max(index + 1));
                Ok(())
            }
            Spot::Before(index) => {
                self.read_at(field, spot, reader)?;
                (index..count).rev().for_each(|place| field.swap(place, place + 1));
                Ok(())
            }
        }
    }

    fn read_at(self, field: &mut dyn Field, spot: Spot, reader: &mut Reader<'_>) -> Result<(), Halt> {
        match spot {
            Spot::Whole => self.read(field, reader),
            Spot::Item(_) | Spot::Before(_) => self.value(field, reader),
        }
    }
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
    if reader.peek() == Some(b'{') { Ok(()) } else { Err(Halt::misfit(IssueCode::JsonType, "an object belongs here")) }
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
            items.push(Some(read_twin_item(reader)?));
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
pub(crate) fn string<'a>(reader: &mut Reader<'a>) -> Result<Cow<'a, str>, Halt> {
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

/// The string at the cursor, if it keeps the rule of its type; `fault` says that it does not. A rule that is `None` is that of
/// plain text, which any string without escapes keeps.
pub(crate) fn text(
    reader: &mut Reader<'_>,
    rule: Option<fn(&str) -> bool>,
    fault: &'static str,
) -> Result<SmolStr, Halt> {
    let (text, kept) = match reader.plain_string() {
        Some(text) => (Cow::Borrowed(text), rule.is_none_or(|keeps| keeps(text))),
        None => {
            let text = string(reader)?;
            let kept = rule.unwrap_or(Text::accepts)(&text);
            (text, kept)
        }
    };
    if kept { Ok(reader.intern(&text)) } else { Err(Halt::misfit(IssueCode::Format, fault)) }
}

/// The text of the number at the cursor.
pub(crate) fn number<'a>(reader: &mut Reader<'a>) -> Result<&'a str, Halt> {
    match reader.peek() {
        Some(b'-' | b'0'..=b'9') => Ok(reader.number()?),
        Some(b'n') => Err(Halt::misfit(IssueCode::Null, "null cannot stand here")),
        _ => Err(Halt::misfit(IssueCode::JsonType, "a number belongs here")),
    }
}
