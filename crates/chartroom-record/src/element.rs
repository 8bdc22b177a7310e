//! Elements and what is known about them: one set of facts that reading, writing, checking, masking and sealing share.

use std::any::Any;
use std::num::NonZeroU32;

use crate::class::Class;
use crate::datatype::ExtensionValue;
use crate::extra::Extra;
use crate::issue::IssueCode;
use crate::json::{Halt, Reader, Writer};
use crate::primitive::{
    Base64, Canonical, Code, CodeSet, Date, DateTime, Decimal, Id, Instant, Markdown, Oid, Primitive, Text, Time, Uri,
    Url, Uuid, Xhtml,
};
use crate::resource::Resource;

/// What kind of type it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeKind {
    /// A resource.
    Resource,
    /// A data type.
    DataType,
    /// A part of one resource or data type.
    Backbone,
}

/// What is known about a type.
#[derive(Debug)]
pub struct TypeFacts {
    /// The FHIR name, such as `HumanName`; for a backbone its path, such as `Patient.contact`.
    pub name: &'static str,
    /// What kind of type it is.
    pub kind: TypeKind,
    /// Its elements, in the order of the standard. `extension` and the like are common to all types and not listed.
    pub elements: &'static [ElementFacts],
}

/// What is known about an element.
#[derive(Debug)]
pub struct ElementFacts {
    /// The FHIR name, without `[x]`.
    pub name: &'static str,
    /// The fewest items.
    pub min: u16,
    /// The most items; `None` for `*`.
    pub max: Option<u16>,
    /// The types it may have: one, unless it is a choice.
    pub types: &'static [TypeChoice],
    /// The kind of information it carries; `None` where it has the kind of what holds it.
    pub class: Option<Class>,
    /// The value set its codes come from.
    pub binding: Option<Binding>,
    /// Whether it belongs to the summary of the resource.
    pub summary: bool,
    /// Whether it can change the meaning of what holds it.
    pub modifier: bool,
}

impl ElementFacts {
    /// Whether it is a list in JSON.
    pub fn is_list(&self) -> bool {
        self.max != Some(1)
    }
}

/// One type that an element may have.
#[derive(Debug)]
pub struct TypeChoice {
    /// The JSON member, such as `birthDate` or `valueQuantity`.
    pub member: &'static str,
    /// The FHIR name of the type; empty for a backbone.
    pub type_name: &'static str,
    /// For a primitive type, the JSON member of its id and extensions, such as `_birthDate`.
    pub twin: Option<&'static str>,
    /// The resource types that a reference may point at; empty for any.
    pub targets: &'static [&'static str],
    /// The facts of a complex type.
    pub facts: Option<fn() -> &'static TypeFacts>,
}

/// How strictly a value set binds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// A code outside the set is an error.
    Required,
    /// A code outside the set is allowed where none inside fits.
    Extensible,
    /// Codes of the set are encouraged.
    Preferred,
    /// The set is an example.
    Example,
}

/// The value set that an element is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// How strictly it binds.
    pub strength: Strength,
    /// The canonical address of the value set.
    pub value_set: &'static str,
}

/// A structure of FHIR: a resource, a data type or a part of one. Implemented by `#[derive(Record)]`, and by nothing else.
pub trait Element: Any + Send + Sync + sealed::Read {
    /// What is known about its type.
    fn facts(&self) -> &'static TypeFacts;

    /// Ids, extensions and whatever else is rare.
    fn extra(&self) -> &Extra;

    /// Ids, extensions and whatever else is rare, to change.
    fn extra_mut(&mut self) -> &mut Extra;

    /// The value of the element at this index of [`TypeFacts::elements`].
    fn member(&self, index: usize) -> Member<'_>;

    /// The value of the first extension with this URL.
    fn extension_by_url(&self, url: &str) -> Option<&ExtensionValue> {
        self.extra().extension_by_url(url)
    }
}

/// The value of an element, with the type it has where the element is a choice.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    /// The index in [`ElementFacts::types`].
    pub choice: usize,
    /// The value.
    pub node: Node<'a>,
}

/// A value in a record.
#[derive(Clone, Copy)]
pub enum Node<'a> {
    /// Nothing.
    Absent,
    /// A primitive value.
    Primitive(&'a dyn Primitive),
    /// A structure.
    Element(&'a dyn Element),
    /// A resource inside a resource.
    Resource(&'a Resource),
    /// Several values, at least one.
    List(&'a dyn Items),
}

/// The values of an element that repeats.
pub trait Items: Send + Sync {
    /// How many there are.
    fn len(&self) -> usize;

    /// The value at an index; [`Node::Absent`] past the end.
    fn get(&self, index: usize) -> Node<'_>;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

pub(crate) mod sealed {
    use super::Field;

    /// Reading and changing is concrete code of this crate; nobody else implements or calls it.
    pub trait Read {
        /// The field of the element at this index.
        fn field_mut(&mut self, index: usize) -> Option<&mut dyn Field>;
    }
}

/// Whether nothing stands in the structure.
pub(crate) fn is_hollow(element: &dyn Element) -> bool {
    let absent = |index| matches!(element.member(index).node, Node::Absent);
    element.extra().is_empty() && (0..element.facts().elements.len()).all(absent)
}

/// A value in a record, to change.
pub enum NodeMut<'a> {
    Absent,
    Primitive,
    Element(&'a mut dyn Element),
    Resource(&'a mut Resource),
}

/// Where in a field a value is put. A field that is no list has only a whole.
#[derive(Clone, Copy)]
pub enum Spot {
    Whole,
    /// In place of the item at this index, or after the last.
    Item(usize),
    /// Before the item at this index, or after the last.
    Before(usize),
}

/// One value of an element: a primitive, a structure, a choice, a resource.
pub(crate) trait Value: Sized {
    const PRIMITIVE: bool = false;

    fn node(&self) -> Node<'_>;

    fn node_mut(&mut self) -> NodeMut<'_> {
        NodeMut::Primitive
    }

    fn choice(&self) -> usize {
        0
    }

    /// Reads the value at the cursor into the slot. A misfit leaves the slot as it was.
    fn read(slot: &mut Option<Self>, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt>;

    /// Reads the value at the cursor and puts it behind the list.
    fn read_behind(list: &mut Vec<Self>, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
        let mut slot = None;
        Self::read(&mut slot, choice, reader)?;
        list.extend(slot);
        Ok(())
    }
}

/// A field of a structure: one value or a list.
pub trait Field {
    fn member(&self) -> Member<'_>;
    fn read(&mut self, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt>;

    /// Puts the value at the cursor in its place. What does not fit in every part leaves the field as it was.
    fn put(&mut self, spot: Spot, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt>;

    /// Removes the item at the index, or everything.
    fn remove(&mut self, index: Option<usize>);

    /// The value, or the item of a list at the index.
    fn node_mut(&mut self, index: usize) -> NodeMut<'_>;
}

impl<V: Value> Field for Option<V> {
    fn member(&self) -> Member<'_> {
        match self {
            None => Member { choice: 0, node: Node::Absent },
            Some(value) => Member { choice: value.choice(), node: value.node() },
        }
    }

    fn read(&mut self, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
        V::read(self, choice, reader)
    }

    fn put(&mut self, _: Spot, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
        let mut slot = None;
        V::read(&mut slot, choice, reader)?;
        if reader.problems.is_empty() {
            *self = slot;
        }
        Ok(())
    }

    fn remove(&mut self, _: Option<usize>) {
        *self = None;
    }

    fn node_mut(&mut self, _: usize) -> NodeMut<'_> {
        self.as_mut().map_or(NodeMut::Absent, Value::node_mut)
    }
}

impl<V: Value + Send + Sync> Items for Vec<V> {
    fn len(&self) -> usize {
        self.len()
    }

    fn get(&self, index: usize) -> Node<'_> {
        self.as_slice().get(index).map_or(Node::Absent, Value::node)
    }
}

impl<V: Value + Send + Sync> Field for Vec<V> {
    fn member(&self) -> Member<'_> {
        Member { choice: 0, node: if self.is_empty() { Node::Absent } else { Node::List(self) } }
    }

    fn read(&mut self, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
        let noted = reader.problems.len();
        let outcome = read_list(self, choice, reader);
        if outcome.is_err() {
            // The whole list will be kept as plain JSON, so what was read of it goes.
            self.clear();
            reader.problems.truncate(noted);
            reader.nulls.clear();
        }
        outcome
    }

    fn put(&mut self, spot: Spot, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
        let (mut list, mut slot) = (Self::new(), None);
        match spot {
            Spot::Whole => read_list(&mut list, choice, reader)?,
            Spot::Item(_) | Spot::Before(_) => V::read(&mut slot, choice, reader)?,
        }
        if !reader.nulls.is_empty() {
            return Err(Halt::misfit(IssueCode::Null, "null cannot stand here"));
        }
        if !reader.problems.is_empty() {
            return Ok(());
        }
        match (spot, slot) {
            (Spot::Item(index), Some(value)) => match self.get_mut(index) {
                Some(item) => *item = value,
                None => self.push(value),
            },
            (Spot::Before(index), Some(value)) => self.insert(index.min(self.len()), value),
            _ => *self = list,
        }
        Ok(())
    }

    fn remove(&mut self, index: Option<usize>) {
        match index {
            Some(index) if index < self.len() => drop(self.remove(index)),
            Some(_) => {}
            None => self.clear(),
        }
    }

    fn node_mut(&mut self, index: usize) -> NodeMut<'_> {
        self.as_mut_slice().get_mut(index).map_or(NodeMut::Absent, Value::node_mut)
    }
}

fn read_list<V: Value>(list: &mut Vec<V>, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
    each_item(reader, V::PRIMITIVE, &mut |reader, index| {
        if reader.merging
            && let Some(item) = list.get_mut(index)
        {
            return read_again(item.node_mut(), reader);
        }
        if list.len() == list.capacity() {
            // Most lists hold one item: a vector's own first step would be four.
            list.reserve_exact(list.len().max(1));
        }
        V::read_behind(list, choice, reader)
    })?;
    list.shrink_to_fit();
    Ok(())
}

/// Goes through the list at the cursor. Compiled once, for lists of every type.
fn each_item(
    reader: &mut Reader<'_>,
    primitive: bool,
    read: &mut dyn FnMut(&mut Reader<'_>, usize) -> Result<(), Halt>,
) -> Result<(), Halt> {
    if reader.peek() != Some(b'[') {
        return Err(Halt::misfit(IssueCode::JsonType, "a list belongs here"));
    }
    reader.enter()?;
    let mut index = 0;
    while reader.item(index == 0)? {
        if primitive && reader.peek() == Some(b'n') {
            reader.null()?;
            reader.nulls.push(index);
        } else {
            read(reader, index)?;
        }
        index += 1;
    }
    reader.leave();
    if index == 0 { Err(Halt::misfit(IssueCode::Empty, "a list is never empty")) } else { Ok(()) }
}

/// Reads more of a value that another text began.
fn read_again(value: NodeMut<'_>, reader: &mut Reader<'_>) -> Result<(), Halt> {
    match value {
        NodeMut::Element(element) => read_into(element, reader),
        NodeMut::Resource(resource) => crate::resource::read_again(resource, reader),
        NodeMut::Absent | NodeMut::Primitive => {
            Err(Halt::misfit(IssueCode::DuplicateMember, "two texts give this value"))
        }
    }
}

/// Reads the object at the cursor into a structure.
fn read_into(element: &mut dyn Element, reader: &mut Reader<'_>) -> Result<(), Halt> {
    begins_object(reader)?;
    Ok(crate::read::members(element, reader)?)
}

fn begins_object(reader: &mut Reader<'_>) -> Result<(), Halt> {
    if reader.peek() == Some(b'{') { Ok(()) } else { Err(Halt::misfit(IssueCode::JsonType, "an object belongs here")) }
}

impl<E: Element + Value + Default> Value for Box<E> {
    fn node(&self) -> Node<'_> {
        E::node(self)
    }

    fn node_mut(&mut self) -> NodeMut<'_> {
        E::node_mut(self)
    }

    /// In place: a large structure is not moved after it is read.
    fn read(slot: &mut Option<Self>, _: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
        begins_object(reader)?;
        Ok(crate::read::members(&mut **slot.get_or_insert_default(), reader)?)
    }
}

impl Value for Box<Resource> {
    fn node(&self) -> Node<'_> {
        Resource::node(self)
    }

    fn node_mut(&mut self) -> NodeMut<'_> {
        Resource::node_mut(self)
    }

    fn read(slot: &mut Option<Self>, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
        let mut inner = slot.take().map(|boxed| *boxed);
        let outcome = Resource::read(&mut inner, choice, reader);
        *slot = inner.map(Self::new);
        outcome
    }
}

/// Reads the structure at the cursor into the slot.
pub(crate) fn read_element<E: Element + Default>(slot: &mut Option<E>, reader: &mut Reader<'_>) -> Result<(), Halt> {
    begins_object(reader)?;
    Ok(crate::read::members(slot.get_or_insert_default(), reader)?)
}

/// Reads the structure at the cursor behind the list, in place.
pub(crate) fn read_element_behind<E: Element + Default>(
    list: &mut Vec<E>,
    reader: &mut Reader<'_>,
) -> Result<(), Halt> {
    begins_object(reader)?;
    list.push(E::default());
    match list.last_mut() {
        Some(element) => Ok(crate::read::members(element, reader)?),
        None => Ok(()),
    }
}

/// A primitive type that is read from a JSON string.
macro_rules! string_value {
    ($($name:ident = $fhir:literal;)*) => {$(
        impl Value for $name {
            const PRIMITIVE: bool = true;

            fn node(&self) -> Node<'_> {
                Node::Primitive(self)
            }

            fn read(slot: &mut Option<Self>, _: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
                let text = crate::read::string(reader)?;
                if !Self::accepts(&text) {
                    return Err(Halt::misfit(IssueCode::Format, concat!("not a valid ", $fhir)));
                }
                *slot = Some(Self::from_parsed(reader.intern(&text)));
                Ok(())
            }
        }
    )*};
}
string_value! {
    Text = "string";
    Markdown = "markdown";
    Xhtml = "xhtml";
    Uri = "uri";
    Url = "url";
    Canonical = "canonical";
    Oid = "oid";
    Uuid = "uuid";
    Id = "id";
    Base64 = "base64Binary";
}

/// A primitive type of fixed size that is read from a JSON string.
macro_rules! time_value {
    ($($name:ident = $fhir:literal;)*) => {$(
        impl Value for $name {
            const PRIMITIVE: bool = true;

            fn node(&self) -> Node<'_> {
                Node::Primitive(self)
            }

            fn read(slot: &mut Option<Self>, _: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
                let text = crate::read::string(reader)?;
                let Ok(value) = text.parse() else {
                    return Err(Halt::misfit(IssueCode::Format, concat!("not a valid ", $fhir)));
                };
                *slot = Some(value);
                Ok(())
            }
        }
    )*};
}
time_value! {
    Date = "date";
    DateTime = "dateTime";
    Instant = "instant";
    Time = "time";
}

impl<S: CodeSet> Value for Code<S> {
    const PRIMITIVE: bool = true;

    fn node(&self) -> Node<'_> {
        Node::Primitive(self)
    }

    fn read(slot: &mut Option<Self>, _: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
        let text = crate::read::string(reader)?;
        *slot = Some(match S::from_code(&text) {
            Some(code) => Self::Known(code),
            None if Self::accepts(&text) => Self::Other(Text::from_parsed(reader.intern(&text))),
            None => return Err(Halt::misfit(IssueCode::Format, "not a valid code")),
        });
        Ok(())
    }
}

impl Value for Decimal {
    const PRIMITIVE: bool = true;

    fn node(&self) -> Node<'_> {
        Node::Primitive(self)
    }

    fn read(slot: &mut Option<Self>, _: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
        let number = crate::read::number(reader)?;
        *slot = Some(Self::from_parsed(number.into()));
        Ok(())
    }
}

impl Value for bool {
    const PRIMITIVE: bool = true;

    fn node(&self) -> Node<'_> {
        Node::Primitive(self)
    }

    fn read(slot: &mut Option<Self>, _: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
        if !matches!(reader.peek(), Some(b't' | b'f')) {
            return Err(Halt::misfit(IssueCode::JsonType, "true or false belongs here"));
        }
        *slot = Some(reader.boolean()?);
        Ok(())
    }
}

impl Primitive for bool {
    fn type_name(&self) -> &'static str {
        "boolean"
    }

    fn to_plain(&self) -> std::borrow::Cow<'_, str> {
        (if *self { "true" } else { "false" }).into()
    }

    fn write(&self, writer: &mut Writer) {
        writer.raw(if *self { "true" } else { "false" });
    }
}

/// A whole number: its text must be just what it is written back as.
macro_rules! whole_number {
    ($($name:ident = $fhir:literal, $most:expr;)*) => {$(
        impl Value for $name {
            const PRIMITIVE: bool = true;

            fn node(&self) -> Node<'_> {
                Node::Primitive(self)
            }

            fn read(slot: &mut Option<Self>, _: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
                let text = crate::read::number(reader)?;
                let plain = text != "-0";
                let Some(value) = text.parse::<$name>().ok().filter(|value| plain && *value <= $most) else {
                    return Err(Halt::misfit(IssueCode::Format, concat!("not a valid ", $fhir)));
                };
                *slot = Some(value);
                Ok(())
            }
        }

        impl Primitive for $name {
            fn type_name(&self) -> &'static str {
                $fhir
            }

            fn to_plain(&self) -> std::borrow::Cow<'_, str> {
                self.to_string().into()
            }

            fn write(&self, writer: &mut Writer) {
                writer.number(self);
            }
        }
    )*};
}
whole_number! {
    i32 = "integer", i32::MAX;
    u32 = "unsignedInt", i32::MAX.unsigned_abs();
    NonZeroU32 = "positiveInt", NonZeroU32::MIN.saturating_add(i32::MAX.unsigned_abs() - 1);
}

impl Value for Resource {
    fn node(&self) -> Node<'_> {
        Node::Resource(self)
    }

    fn node_mut(&mut self) -> NodeMut<'_> {
        NodeMut::Resource(self)
    }

    fn read(slot: &mut Option<Self>, _: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
        crate::resource::read(slot, reader)
    }
}

/// The FHIR name of a type and its facts, for the tables of elements that use it.
pub(crate) trait Typed {
    const TYPE: &'static str;
    const FACTS: Option<fn() -> &'static TypeFacts> = None;
    const PRIMITIVE: bool = false;
}

macro_rules! typed {
    ($($name:ty = $fhir:expr;)*) => {$(
        impl Typed for $name {
            const TYPE: &'static str = $fhir;
            const PRIMITIVE: bool = true;
        }
    )*};
}
typed! {
    bool = "boolean";
    i32 = "integer";
    u32 = "unsignedInt";
    NonZeroU32 = "positiveInt";
    Decimal = Decimal::TYPE;
    Text = Text::TYPE;
    Markdown = Markdown::TYPE;
    Xhtml = Xhtml::TYPE;
    Uri = Uri::TYPE;
    Url = Url::TYPE;
    Canonical = Canonical::TYPE;
    Oid = Oid::TYPE;
    Uuid = Uuid::TYPE;
    Id = Id::TYPE;
    Base64 = Base64::TYPE;
    Date = Date::TYPE;
    DateTime = DateTime::TYPE;
    Instant = Instant::TYPE;
    Time = Time::TYPE;
}

impl<S: CodeSet> Typed for Code<S> {
    const TYPE: &'static str = Self::TYPE;
    const PRIMITIVE: bool = true;
}

impl Typed for Resource {
    const TYPE: &'static str = "Resource";
}

impl<T: Typed> Typed for Box<T> {
    const TYPE: &'static str = T::TYPE;
    const FACTS: Option<fn() -> &'static TypeFacts> = T::FACTS;
    const PRIMITIVE: bool = T::PRIMITIVE;
}

impl<T: Typed> Typed for Option<T> {
    const TYPE: &'static str = T::TYPE;
    const FACTS: Option<fn() -> &'static TypeFacts> = T::FACTS;
    const PRIMITIVE: bool = T::PRIMITIVE;
}

impl<T: Typed> Typed for Vec<T> {
    const TYPE: &'static str = T::TYPE;
    const FACTS: Option<fn() -> &'static TypeFacts> = T::FACTS;
    const PRIMITIVE: bool = T::PRIMITIVE;
}

/// The name of a primitive's twin member, or `None` for other types.
pub(crate) const fn twin_of<T: Typed>(name: &'static str) -> Option<&'static str> {
    if T::PRIMITIVE { Some(name) } else { None }
}

/// The types of a choice, for the element that uses it.
pub(crate) trait Choice {
    const TYPES: &'static [TypeChoice];
}

impl<C: Choice> Choice for Option<C> {
    const TYPES: &'static [TypeChoice] = C::TYPES;
}
