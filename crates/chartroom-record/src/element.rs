//! Elements and what is known about them: one set of facts that reading, writing, checking, masking and sealing share.

use std::any::Any;
use std::num::NonZeroU32;

use crate::class::Class;
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
    use crate::json::{Halt, Reader};

    /// Reading is concrete code of this crate; nobody else implements or calls it.
    pub trait Read {
        /// Reads the member at the cursor into the element at this index, as its choice of type says.
        fn read_member(&mut self, index: usize, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt>;
    }
}

/// One value of an element: a primitive, a structure, a choice, a resource.
pub(crate) trait Value: Sized {
    const PRIMITIVE: bool = false;

    fn node(&self) -> Node<'_>;

    fn choice(&self) -> usize {
        0
    }

    /// Reads the value at the cursor into the slot. A misfit leaves the slot as it was.
    fn read(slot: &mut Option<Self>, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt>;
}

/// A field of a structure: one value or a list.
pub(crate) trait Field {
    fn member(&self) -> Member<'_>;
    fn read(&mut self, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt>;
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
}

fn read_list<V: Value>(list: &mut Vec<V>, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
    if reader.peek() != Some(b'[') {
        return Err(Halt::misfit(IssueCode::JsonType, "a list belongs here"));
    }
    reader.enter()?;
    let mut index = 0;
    while reader.item(index == 0)? {
        if V::PRIMITIVE && reader.peek() == Some(b'n') {
            reader.null()?;
            reader.nulls.push(index);
        } else {
            read_item(list, index, choice, reader)?;
        }
        index += 1;
    }
    reader.leave();
    if index == 0 {
        return Err(Halt::misfit(IssueCode::Empty, "a list is never empty"));
    }
    list.shrink_to_fit();
    Ok(())
}

/// Reads one item: a new one at the end, or, where texts are merged, the one already at that index.
fn read_item<V: Value>(list: &mut Vec<V>, index: usize, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
    if reader.merging && index < list.len() {
        let mut slot = Some(list.swap_remove(index));
        V::read(&mut slot, choice, reader)?;
        list.extend(slot);
        let last = list.len() - 1;
        list.swap(index, last);
        return Ok(());
    }
    let mut slot = None;
    V::read(&mut slot, choice, reader)?;
    if list.len() == list.capacity() {
        // Most lists hold one item: a vector's own first step would be four.
        list.reserve_exact(list.len().max(1));
    }
    list.extend(slot);
    Ok(())
}

impl<V: Value> Value for Box<V> {
    const PRIMITIVE: bool = V::PRIMITIVE;

    fn node(&self) -> Node<'_> {
        V::node(self)
    }

    fn choice(&self) -> usize {
        V::choice(self)
    }

    fn read(slot: &mut Option<Self>, choice: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
        let mut inner = slot.take().map(|boxed| *boxed);
        let outcome = V::read(&mut inner, choice, reader);
        *slot = inner.map(Box::new);
        outcome
    }
}

/// Reads the structure at the cursor into the slot.
pub(crate) fn read_element<E: Element + Default>(slot: &mut Option<E>, reader: &mut Reader<'_>) -> Result<(), Halt> {
    if reader.peek() != Some(b'{') {
        return Err(Halt::misfit(IssueCode::JsonType, "an object belongs here"));
    }
    Ok(crate::read::members(slot.get_or_insert_default(), reader)?)
}

/// A primitive type that is read from a JSON string.
macro_rules! string_value {
    ($($name:ident)*) => {$(
        impl Value for $name {
            const PRIMITIVE: bool = true;

            fn node(&self) -> Node<'_> {
                Node::Primitive(self)
            }

            fn read(slot: &mut Option<Self>, _: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
                let text = crate::read::string(reader)?;
                if !Self::accepts(&text) {
                    return Err(Halt::misfit(IssueCode::Format, concat!("not a valid ", stringify!($name))));
                }
                *slot = Some(Self::from_parsed(reader.intern(&text)));
                Ok(())
            }
        }
    )*};
}
string_value!(Text Markdown Xhtml Uri Url Canonical Oid Uuid Id Base64);

/// A primitive type of fixed size that is read from a JSON string.
macro_rules! time_value {
    ($($name:ident)*) => {$(
        impl Value for $name {
            const PRIMITIVE: bool = true;

            fn node(&self) -> Node<'_> {
                Node::Primitive(self)
            }

            fn read(slot: &mut Option<Self>, _: usize, reader: &mut Reader<'_>) -> Result<(), Halt> {
                let text = crate::read::string(reader)?;
                let Ok(value) = text.parse() else {
                    return Err(Halt::misfit(IssueCode::Format, concat!("not a valid ", stringify!($name))));
                };
                *slot = Some(value);
                Ok(())
            }
        }
    )*};
}
time_value!(Date DateTime Instant Time);

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
            None => return Err(Halt::misfit(IssueCode::Format, "not a valid Code")),
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
