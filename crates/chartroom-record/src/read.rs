//! Reads the members of any element, by its facts.

use std::borrow::Cow;

use crate::element::{Element, ElementFacts, Field, TypeChoice, TypeFacts, TypeKind};
use crate::extra::PrimitiveElement;
use crate::issue::IssueCode;
use crate::json::{Halt, JsonText, Misfit, Reader, Stop};

/// Reads the object at the cursor into the element. What no field can hold is kept as plain JSON and noted.
pub(crate) fn members(element: &mut dyn Element, reader: &mut Reader<'_>) -> Result<(), Stop> {
    let facts = element.facts();
    let begin = reader.value_start();
    reader.enter()?;
    let (mut first, mut seen) = (true, Seen::default());
    while let Some((key, key_offset)) = reader.key(&mut first)? {
        let slot = Slot::of(facts, &key, seen.next);
        let start = reader.value_start();
        let outcome = match seen.note(slot, reader.merging) {
            Some(misfit) => Err(Halt::Misfit(misfit)),
            None => slot.read(element, reader),
        };
        match outcome {
            Ok(()) => {}
            Err(Halt::Stop(stop)) => return Err(stop),
            Err(Halt::Misfit(misfit)) => {
                reader.rewind(start);
                let value = reader.json()?;
                let unknown = misfit.code == IssueCode::UnknownMember;
                reader.problem(if unknown { key_offset } else { start }, misfit);
                let name = JsonText(reader.intern(&key));
                element.extra_mut().keep(name, value);
            }
        }
    }
    reader.leave();
    if first && !reader.merging {
        reader.problem(begin, Misfit { code: IssueCode::Empty, detail: "an object is never empty" });
    }
    if !element.extra().is_empty() {
        element.extra_mut().settle();
    }
    Ok(())
}

/// What a member name means in a type.
#[derive(Clone, Copy)]
enum Slot {
    Member { index: usize, choice: usize },
    Twin { index: usize, choice: usize },
    Id,
    Extension,
    ModifierExtension,
    ResourceType,
    Unknown,
}

impl Slot {
    /// Members mostly come in the order of the standard, so the search begins after the last one.
    fn of(facts: &'static TypeFacts, key: &str, next: usize) -> Self {
        match key {
            "extension" => return Self::Extension,
            "modifierExtension" => return Self::ModifierExtension,
            "resourceType" if facts.kind == TypeKind::Resource => return Self::ResourceType,
            "id" if facts.kind != TypeKind::Resource => return Self::Id,
            _ => {}
        }
        let (name, twin) = match key.strip_prefix('_') {
            Some(name) => (name, true),
            None => (key, false),
        };
        let count = facts.elements.len();
        let order = (next..count).chain(0..next.min(count));
        for index in order {
            let Some(element) = facts.elements.get(index) else { continue };
            if let Some(choice) = choice_of(element, name) {
                let primitive = element.types.get(choice).is_some_and(|kind| kind.twin.is_some());
                return match (twin, primitive) {
                    (false, _) => Self::Member { index, choice },
                    (true, true) => Self::Twin { index, choice },
                    (true, false) => Self::Unknown,
                };
            }
        }
        Self::Unknown
    }

    fn read(self, element: &mut dyn Element, reader: &mut Reader<'_>) -> Result<(), Halt> {
        match self {
            Self::Member { index, choice } => {
                if let Some(field) = element.field_mut(index) {
                    field.read(choice, reader)?;
                }
                if !reader.nulls.is_empty() {
                    note_nulls(element, index, reader);
                }
                Ok(())
            }
            Self::Twin { index, choice } => read_twin(element, index, choice, reader),
            Self::Id => Field::read(element.extra_mut().id_mut(), 0, reader),
            Self::Extension => Field::read(element.extra_mut().extension_mut(), 0, reader),
            Self::ModifierExtension => Field::read(element.extra_mut().modifier_extension_mut(), 0, reader),
            Self::ResourceType => Ok(string(reader).map(drop)?),
            Self::Unknown => Err(Halt::misfit(IssueCode::UnknownMember, "the element has no member of this name")),
        }
    }
}

fn choice_of(element: &ElementFacts, name: &str) -> Option<usize> {
    match element.types {
        [only] => (only.member == name).then_some(0),
        many if name.starts_with(element.name) => many.iter().position(|kind| kind.member == name),
        _ => None,
    }
}

/// Which members an object has had.
#[derive(Default)]
struct Seen {
    members: u128,
    twins: u128,
    common: u8,
    next: usize,
}

impl Seen {
    /// Notes a member; yields what is wrong with its coming again.
    fn note(&mut self, slot: Slot, merging: bool) -> Option<Misfit> {
        let fresh = match slot {
            Slot::Member { index, .. } => {
                self.next = index + 1;
                fresh_bit(&mut self.members, index)
            }
            Slot::Twin { index, .. } => fresh_bit(&mut self.twins, index),
            Slot::Id => fresh_byte(&mut self.common, 0),
            Slot::Extension => fresh_byte(&mut self.common, 1),
            Slot::ModifierExtension => fresh_byte(&mut self.common, 2),
            Slot::ResourceType => fresh_byte(&mut self.common, 3),
            Slot::Unknown => true,
        };
        if fresh || merging {
            return None;
        }
        Some(match slot {
            Slot::Member { choice, .. } | Slot::Twin { choice, .. } if choice > 0 => {
                Misfit { code: IssueCode::RepeatedChoice, detail: "this choice already has a value" }
            }
            _ => Misfit { code: IssueCode::DuplicateMember, detail: "this member stands here twice" },
        })
    }
}

fn fresh_bit(bits: &mut u128, index: usize) -> bool {
    let bit = 1_u128 << index.min(127);
    let fresh = *bits & bit == 0;
    *bits |= bit;
    fresh
}

fn fresh_byte(bits: &mut u8, index: u32) -> bool {
    let fresh = *bits & (1 << index) == 0;
    *bits |= 1 << index;
    fresh
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
    while reader.item(items.is_empty())? {
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
    let mut slot = None;
    crate::element::read_element::<PrimitiveElement>(&mut slot, reader)?;
    Ok(slot.unwrap_or_default())
}

/// The string at the cursor.
pub(crate) fn string<'a>(reader: &mut Reader<'a>) -> Result<Cow<'a, str>, Halt> {
    match reader.peek() {
        Some(b'"') => {}
        Some(b'n') => return Err(Halt::misfit(IssueCode::Null, "null cannot stand here")),
        _ => return Err(Halt::misfit(IssueCode::JsonType, "a string belongs here")),
    }
    let text = reader.string()?;
    if text.is_empty() {
        return Err(Halt::misfit(IssueCode::Empty, "a string is never empty"));
    }
    Ok(text)
}

/// The text of the number at the cursor.
pub(crate) fn number<'a>(reader: &mut Reader<'a>) -> Result<&'a str, Halt> {
    match reader.peek() {
        Some(b'-' | b'0'..=b'9') => Ok(reader.number()?),
        Some(b'n') => Err(Halt::misfit(IssueCode::Null, "null cannot stand here")),
        _ => Err(Halt::misfit(IssueCode::JsonType, "a number belongs here")),
    }
}
