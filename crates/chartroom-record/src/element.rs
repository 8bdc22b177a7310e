//! Elements and their values: what reading, writing, checking and masking do with any of them.

use std::mem;
use std::num::NonZeroU32;

use crate::datatype::ExtensionValue;
use crate::extra::Extra;
use crate::facts::TypeFacts;
use crate::issue::IssueCode;
use crate::json::{Interner, Misfit, Writer};
use crate::primitive::{
    Base64, Canonical, Code, CodeSet, Date, DateTime, Decimal, Id, Instant, Markdown, Oid, Primitive, Text, Time, Uri,
    Url, Uuid, Xhtml,
};
use crate::resource::{Own, Resource};

/// A structure of FHIR: a resource, a data type or a part of one. Implemented by `#[derive(Record)]`, and by nothing else.
pub trait Element: sealed::Read {
    /// What is known about its type.
    fn facts(&self) -> &'static TypeFacts;

    /// Ids, extensions and whatever else is rare.
    fn extra(&self) -> &Extra;

    /// Ids, extensions and whatever else is rare, to change.
    fn extra_mut(&mut self) -> &mut Extra;

    /// The value of the element at this index of [`TypeFacts::elements`].
    fn member(&self, index: usize) -> Member<'_>;
}

impl dyn Element + '_ {
    /// The value of the first extension with this URL.
    pub fn extension_by_url(&self, url: &str) -> Option<&ExtensionValue> {
        self.extra().extension_by_url(url)
    }
}

/// The value of an element, with the type it has where the element is a choice.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    /// The index in [`ElementFacts::types`](crate::ElementFacts::types).
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

/// The values of an element that repeats, at least one.
#[allow(clippy::len_without_is_empty, reason = "it is never empty")]
pub trait Items: Send + Sync {
    /// How many there are.
    fn len(&self) -> usize;

    /// The value at an index; [`Node::Absent`] past the end.
    fn get(&self, index: usize) -> Node<'_>;
}

pub(crate) mod sealed {
    use std::any::Any;

    use super::Field;

    /// Reading and changing is concrete code of this crate; nobody else implements or calls it.
    pub trait Read: Any + Send + Sync {
        /// The field of the element at this index, to change.
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

/// Removes the value, or the item of a list at the index.
pub(crate) fn remove_item(field: &mut dyn Field, index: usize) {
    let count = field.count();
    if index < count {
        (index + 1..count).for_each(|place| field.swap(place - 1, place));
        field.fit(count - 1);
    }
}

/// One value of an element: a primitive, a structure, a choice, a resource.
pub(crate) trait Value: Sized {
    fn node(&self) -> Node<'_>;

    fn node_mut(&mut self) -> NodeMut<'_> {
        NodeMut::Primitive
    }

    fn choice(&self) -> usize {
        0
    }

    /// The primitive value that the text of a JSON string, number or literal stands for.
    fn from_text(_choice: usize, _text: &str, _shared: &mut Interner) -> Result<Self, &'static Misfit> {
        Err(NO_PRIMITIVE)
    }

    /// The structure in the slot, made where there is none.
    fn room(_slot: &mut Option<Self>, _choice: usize) -> Room<'_> {
        None
    }

    /// An empty structure behind the list.
    fn room_behind(_list: &mut Vec<Self>) -> Room<'_> {
        None
    }

    /// Takes the resource as a value, where it can be one.
    fn take_resource(_resource: &mut Option<Resource>) -> Option<Self> {
        None
    }
}

/// Where tables of methods are made and values dropped: in functions of `Vec`, and nowhere else.
///
/// The compiler copies the code that drops a value into each of its units that drops one, and a table of methods counts as such. It
/// puts functions into one unit with all others of their type, and the drop of a `Vec` needs that code for nearly every type there
/// is. Spread over the crate, it would stand in a program up to fifteen times.
pub(crate) trait Home {
    type Value;

    fn element(value: &Self::Value) -> &dyn Element
    where
        Self::Value: Element;

    fn element_mut(value: &mut Self::Value) -> &mut dyn Element
    where
        Self::Value: Element;

    /// A structure with nothing in it.
    fn empty() -> Box<dyn Element>
    where
        Self::Value: Element + Default;

    fn boxed(value: Self::Value) -> Box<dyn Element>
    where
        Self::Value: Element;

    fn field(slot: &mut Option<Self::Value>) -> &mut dyn Field
    where
        Self::Value: Value + 'static;

    fn items(&self) -> &dyn Items
    where
        Self::Value: Value + Send + Sync;

    /// An empty structure behind the list.
    fn push_empty(&mut self) -> Room<'_>
    where
        Self::Value: Value + Default;

    /// A C function, because the compiler knows that such a one does not unwind.
    extern "C" fn let_go(slot: &mut Option<Self::Value>);
}

impl<V> Home for Vec<V> {
    type Value = V;

    #[inline(never)]
    fn element(value: &V) -> &dyn Element
    where
        V: Element,
    {
        value
    }

    #[inline(never)]
    fn element_mut(value: &mut V) -> &mut dyn Element
    where
        V: Element,
    {
        value
    }

    #[inline(never)]
    fn empty() -> Box<dyn Element>
    where
        V: Element + Default,
    {
        Box::<V>::default()
    }

    #[inline(never)]
    fn boxed(value: V) -> Box<dyn Element>
    where
        V: Element,
    {
        Box::new(value)
    }

    #[inline(never)]
    fn field(slot: &mut Option<V>) -> &mut dyn Field
    where
        V: Value + 'static,
    {
        slot
    }

    #[inline(never)]
    fn items(&self) -> &dyn Items
    where
        V: Value + Send + Sync,
    {
        self
    }

    fn push_empty(&mut self) -> Room<'_>
    where
        V: Value + Default,
    {
        self.resize_with(self.len() + 1, V::default);
        structure(self.last_mut()?)
    }

    #[allow(improper_ctypes_definitions, reason = "it is called from Rust alone")]
    #[inline(never)]
    extern "C" fn let_go(slot: &mut Option<V>) {
        *slot = None;
    }
}

/// Puts a value into a slot, in place of the one that is there.
pub(crate) fn fill<V>(slot: &mut Option<V>, value: V) {
    if slot.is_some() {
        Vec::let_go(slot);
    }
    // Shows that nothing is left to drop.
    mem::forget(slot.replace(value));
}

pub(crate) const NO_PRIMITIVE: &Misfit =
    &Misfit { code: IssueCode::JsonType, detail: "no primitive value belongs here" };

/// The structure that the members at the cursor belong to, where one can be.
pub(crate) type Room<'s> = Option<&'s mut dyn Element>;

/// A field of a structure: one value or a list. Only what depends on the type stands here, and as little as can be: it is
/// compiled for each of some five hundred types.
pub trait Field {
    fn member(&self) -> Member<'_>
    where
        Self: Sized;

    fn as_field(&mut self) -> &mut dyn Field
    where
        Self: Sized;

    /// Puts a primitive value into the field, or behind the list, by its text. What does not fit leaves the field as it was.
    fn put(&mut self, choice: usize, text: &str, shared: &mut Interner) -> Result<(), &'static Misfit>;

    /// The structure in the field, made where there is none; of a list, a new one behind it.
    fn room(&mut self, choice: usize) -> Option<&mut dyn Element>;

    /// All that is seldom done to a field, in one function so that less is compiled for each type.
    fn change(&mut self, change: Change<'_>) -> Changed<'_>;
}

/// What is seldom done to a field.
pub enum Change<'a> {
    /// Counts the values.
    Count,
    /// Yields the value, or the item of a list at the index.
    Node(usize),
    /// Takes the resource into the field, or behind the list.
    Take(&'a mut Option<Resource>),
    /// Lets two items of a list change places.
    Swap(usize, usize),
    /// Drops all values after the first so many.
    Fit(usize),
}

/// What a change yields.
pub enum Changed<'a> {
    Count(usize),
    Node(NodeMut<'a>),
    Done,
}

impl dyn Field + '_ {
    pub(crate) fn count(&mut self) -> usize {
        if let Changed::Count(count) = self.change(Change::Count) { count } else { 0 }
    }

    pub(crate) fn node_mut(&mut self, index: usize) -> NodeMut<'_> {
        if let Changed::Node(node) = self.change(Change::Node(index)) { node } else { NodeMut::Absent }
    }

    pub(crate) fn put_resource(&mut self, resource: Resource) {
        self.change(Change::Take(&mut Some(resource)));
    }

    pub(crate) fn swap(&mut self, one: usize, other: usize) {
        self.change(Change::Swap(one, other));
    }

    pub(crate) fn fit(&mut self, count: usize) {
        self.change(Change::Fit(count));
    }
}

impl<V: Value + 'static> Field for Option<V> {
    fn member(&self) -> Member<'_> {
        match self {
            None => Member::ABSENT,
            Some(value) => Member { choice: value.choice(), node: value.node() },
        }
    }

    fn as_field(&mut self) -> &mut dyn Field {
        Vec::field(self)
    }

    fn put(&mut self, choice: usize, text: &str, shared: &mut Interner) -> Result<(), &'static Misfit> {
        fill(self, V::from_text(choice, text, shared)?);
        Ok(())
    }

    fn room(&mut self, choice: usize) -> Option<&mut dyn Element> {
        V::room(self, choice)
    }

    fn change(&mut self, change: Change<'_>) -> Changed<'_> {
        match change {
            Change::Count => return Changed::Count(usize::from(self.is_some())),
            Change::Node(_) => return Changed::Node(self.as_mut().map_or(NodeMut::Absent, Value::node_mut)),
            Change::Take(resource) => {
                if let Some(value) = V::take_resource(resource) {
                    fill(self, value);
                }
            }
            Change::Fit(0) => Vec::let_go(self),
            Change::Fit(_) | Change::Swap(..) => {}
        }
        Changed::Done
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

impl<V: Value + Send + Sync + 'static> Field for Vec<V> {
    fn member(&self) -> Member<'_> {
        Member { choice: 0, node: if self.is_empty() { Node::Absent } else { Node::List(self.items()) } }
    }

    #[inline(never)]
    fn as_field(&mut self) -> &mut dyn Field {
        self
    }

    fn put(&mut self, choice: usize, text: &str, shared: &mut Interner) -> Result<(), &'static Misfit> {
        let value = V::from_text(choice, text, shared)?;
        make_room(self);
        self.push(value);
        Ok(())
    }

    fn room(&mut self, _: usize) -> Option<&mut dyn Element> {
        make_room(self);
        V::room_behind(self)
    }

    fn change(&mut self, change: Change<'_>) -> Changed<'_> {
        match change {
            Change::Count => return Changed::Count(self.len()),
            Change::Node(index) => {
                return Changed::Node(self.as_mut_slice().get_mut(index).map_or(NodeMut::Absent, Value::node_mut));
            }
            Change::Take(resource) => {
                if let Some(value) = V::take_resource(resource) {
                    self.push(value);
                }
            }
            Change::Swap(one, other) if one.max(other) < self.len() => self.as_mut_slice().swap(one, other),
            Change::Swap(..) => {}
            Change::Fit(count) => self.truncate(count),
        }
        Changed::Done
    }
}

/// Most lists hold one item: a vector's own first step would be four.
fn make_room<V>(list: &mut Vec<V>) {
    if list.len() == list.capacity() {
        list.reserve_exact(list.len().max(1));
    }
}

impl Member<'_> {
    pub(crate) const ABSENT: Self = Member { choice: 0, node: Node::Absent };

    /// How many values there are.
    pub(crate) fn len(&self) -> usize {
        match self.node {
            Node::Absent => 0,
            Node::List(list) => list.len(),
            _ => 1,
        }
    }
}

/// A structure is read in place: a large one is not moved after it is read.
impl<E: Element + Value + Default> Value for Box<E> {
    fn node(&self) -> Node<'_> {
        E::node(self)
    }

    fn node_mut(&mut self) -> NodeMut<'_> {
        E::node_mut(self)
    }

    fn room(slot: &mut Option<Self>, _: usize) -> Room<'_> {
        structure(slot.get_or_insert_with(boxed))
    }
}

impl<E: Element + Value + Default> Value for Own<E> {
    fn node(&self) -> Node<'_> {
        self.as_element().map_or(Node::Absent, Node::Element)
    }

    fn node_mut(&mut self) -> NodeMut<'_> {
        self.as_element_mut().map_or(NodeMut::Absent, NodeMut::Element)
    }

    fn room(slot: &mut Option<Self>, _: usize) -> Room<'_> {
        slot.get_or_insert_with(Self::empty).as_element_mut()
    }
}

/// An empty structure. Not inlined, so that each is compiled once.
#[inline(never)]
pub(crate) fn boxed<E: Default>() -> Box<E> {
    Box::default()
}

impl Value for Box<Resource> {
    fn node(&self) -> Node<'_> {
        Resource::node(self)
    }

    fn node_mut(&mut self) -> NodeMut<'_> {
        Resource::node_mut(self)
    }

    fn take_resource(resource: &mut Option<Resource>) -> Option<Self> {
        resource.take().map(Self::new)
    }
}

/// The value as a structure.
pub(crate) fn structure<V: Value>(value: &mut V) -> Room<'_> {
    if let NodeMut::Element(element) = value.node_mut() { Some(element) } else { None }
}

/// Why a text is no value of a primitive type.
macro_rules! misformed {
    ($fhir:literal) => {
        &Misfit { code: IssueCode::Format, detail: concat!("not a valid ", $fhir) }
    };
}

/// A primitive type that is the text of a JSON string, with the rule it has beyond that of all strings.
macro_rules! string_value {
    ($($name:ident = $fhir:literal, $rule:expr;)*) => {$(
        impl Value for $name {
            fn node(&self) -> Node<'_> {
                Node::Primitive(self)
            }

            fn from_text(_: usize, text: &str, shared: &mut Interner) -> Result<Self, &'static Misfit> {
                if $rule(text) { Ok(Self::from_parsed(shared.text(text))) } else { Err(misformed!($fhir)) }
            }
        }
    )*};
}

/// The reader has seen to the rest.
const fn any(text: &str) -> bool {
    !text.is_empty()
}

string_value! {
    Text = "string", any;
    Markdown = "markdown", any;
    Xhtml = "xhtml", any;
    Uri = "uri", Self::accepts;
    Url = "url", Self::accepts;
    Canonical = "canonical", Self::accepts;
    Oid = "oid", Self::accepts;
    Uuid = "uuid", Self::accepts;
    Base64 = "base64Binary", Self::accepts;
}

impl Value for Id {
    fn node(&self) -> Node<'_> {
        Node::Primitive(self)
    }

    /// Not shared: an id seldom stands twice in a document.
    fn from_text(_: usize, text: &str, _: &mut Interner) -> Result<Self, &'static Misfit> {
        if Self::accepts(text) { Ok(Self::from_parsed(text.into())) } else { Err(misformed!("id")) }
    }
}

/// A primitive type of fixed size that is read from a JSON string.
macro_rules! time_value {
    ($($name:ident = $fhir:literal;)*) => {$(
        impl Value for $name {
            fn node(&self) -> Node<'_> {
                Node::Primitive(self)
            }

            fn from_text(_: usize, text: &str, _: &mut Interner) -> Result<Self, &'static Misfit> {
                text.parse().map_err(|_| misformed!($fhir))
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
    fn node(&self) -> Node<'_> {
        Node::Primitive(self)
    }

    fn from_text(_: usize, text: &str, shared: &mut Interner) -> Result<Self, &'static Misfit> {
        match S::from_code(text) {
            Some(code) => Ok(Self::Known(code)),
            None if Self::accepts(text) => Ok(Self::Other(Text::from_parsed(shared.text(text)))),
            None => Err(misformed!("code")),
        }
    }
}

impl Value for Decimal {
    fn node(&self) -> Node<'_> {
        Node::Primitive(self)
    }

    fn from_text(_: usize, text: &str, _: &mut Interner) -> Result<Self, &'static Misfit> {
        Ok(Self::from_parsed(text.into()))
    }
}

impl Value for bool {
    fn node(&self) -> Node<'_> {
        Node::Primitive(self)
    }

    fn from_text(_: usize, text: &str, _: &mut Interner) -> Result<Self, &'static Misfit> {
        Ok(text == "true")
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
            fn node(&self) -> Node<'_> {
                Node::Primitive(self)
            }

            fn from_text(_: usize, text: &str, _: &mut Interner) -> Result<Self, &'static Misfit> {
                let plain = text != "-0";
                let value = text.parse::<$name>().ok().filter(|value| plain && *value <= $most);
                value.ok_or(misformed!($fhir))
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

    fn take_resource(resource: &mut Option<Resource>) -> Option<Self> {
        resource.take()
    }
}
