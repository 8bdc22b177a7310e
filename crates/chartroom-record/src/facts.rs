//! What is known about types and their elements: one set of facts that reading, writing, checking, masking and sealing share.
//!
//! The derive packs the facts of a type into one text and a row of numbers for each element. They are unpacked when they are
//! first asked for, and kept. Tables full of addresses would make every program larger by their size twice, and each start slower:
//! the addresses are only known then.

use std::num::NonZeroU32;
use std::sync::OnceLock;

use crate::class::Class;
use crate::primitive::{
    AnyCode, Base64, Canonical, Code, CodeSet, Date, DateTime, Decimal, Id, Instant, Markdown, Oid, Text, Time, Uri,
    Url, Uuid, Xhtml,
};
use crate::resource::{Own, Resource};

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
    /// Whether all its elements are single primitive values of the class of what holds it, as those of a `Coding` are.
    pub(crate) plain: bool,
}

impl TypeFacts {
    /// Whether it may have extensions: every type, but for the three resources that are no `DomainResource`; FHIR R4,
    /// section 2.4.
    pub fn has_extensions(&self) -> bool {
        !matches!(self.name, "Bundle" | "Binary" | "Parameters")
    }

    /// Whether it may have extensions that change its meaning: a `DomainResource`, a part of a resource, and the data types
    /// that are a `BackboneElement`.
    pub fn has_modifier_extensions(&self) -> bool {
        match self.kind {
            TypeKind::Resource => self.has_extensions(),
            TypeKind::DataType => matches!(self.name, "Dosage" | "Timing"),
            TypeKind::Backbone => self.name.split('.').next().is_some_and(crate::resource::is_r4),
        }
    }
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
    /// The FHIR name of the type; for a backbone its path.
    pub type_name: &'static str,
    /// For a primitive type, the JSON member of its id and extensions, such as `_birthDate`.
    pub twin: Option<&'static str>,
    /// The resource types that a reference may point at; empty for any.
    pub targets: &'static [&'static str],
    of: TypeOf,
}

impl TypeChoice {
    /// The facts of a complex type.
    pub fn facts(&self) -> Option<&'static TypeFacts> {
        self.of.packed().map(PackedType::facts)
    }
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

/// The facts of a type as the derive writes them.
pub(crate) struct PackedType {
    name: &'static str,
    kind: TypeKind,
    /// A line for each element, and in it the words that [`Line`] reads.
    text: &'static str,
    elements: &'static [PackedElement],
    facts: OnceLock<TypeFacts>,
}

/// What is known about an element beside its text.
pub(crate) struct PackedElement {
    pub(crate) min: u16,
    pub(crate) max: Option<u16>,
    pub(crate) class: Option<Class>,
    pub(crate) strength: Option<Strength>,
    pub(crate) summary: bool,
    pub(crate) modifier: bool,
    pub(crate) types: ElementTypes,
}

/// The types that an element may have.
pub(crate) enum ElementTypes {
    One(TypeOf),
    Choice(fn() -> &'static [TypeChoice]),
}

impl PackedType {
    pub(crate) const fn new(
        name: &'static str,
        kind: TypeKind,
        text: &'static str,
        elements: &'static [PackedElement],
    ) -> Self {
        Self { name, kind, text, elements, facts: OnceLock::new() }
    }

    #[inline(never)]
    pub(crate) fn facts(&'static self) -> &'static TypeFacts {
        self.facts.get_or_init(|| {
            let elements = self.text.lines().zip(self.elements).map(|(line, element)| element.unpack(line));
            let elements = elements.collect::<Vec<_>>().leak();
            let plain = |facts: &ElementFacts| {
                facts.class.is_none() && !facts.is_list() && facts.types.iter().all(|kind| kind.twin.is_some())
            };
            // A reference may tell of which class its elements are.
            let plain = self.kind == TypeKind::DataType && self.name != "Reference" && elements.iter().all(plain);
            TypeFacts { name: self.name, kind: self.kind, elements, plain }
        })
    }
}

impl PackedElement {
    fn unpack(&self, line: &'static str) -> ElementFacts {
        let line = Line::of(line);
        let (name, value_set) = (line.member(), line.value_set);
        let types = match self.types {
            ElementTypes::One(of) => vec![line.choice(of)].leak(),
            ElementTypes::Choice(types) => types(),
        };
        let binding = self.strength.map(|strength| Binding { strength, value_set });
        let Self { min, max, class, summary, modifier, .. } = *self;
        ElementFacts { name, min, max, types, class, binding, summary, modifier }
    }
}

/// The types of a choice as the derive writes them.
pub(crate) struct PackedChoice {
    text: &'static str,
    types: &'static [TypeOf],
    choices: OnceLock<Vec<TypeChoice>>,
}

impl PackedChoice {
    pub(crate) const fn new(text: &'static str, types: &'static [TypeOf]) -> Self {
        Self { text, types, choices: OnceLock::new() }
    }

    #[inline(never)]
    pub(crate) fn choices(&'static self) -> &'static [TypeChoice] {
        self.choices.get_or_init(|| {
            let lines = self.text.lines().zip(self.types);
            lines.map(|(line, of)| Line::of(line).choice(*of)).collect()
        })
    }
}

/// What most value sets begin with; the packed text leaves it out.
const VALUE_SETS: &str = "http://hl7.org/fhir/ValueSet/";

/// One line of packed text, such as `_subject >Patient >Group` or `_gender =administrative-gender`: the name with the underscore of
/// its twin, then a value set, the profile of a type, the targets of a reference.
#[derive(Default)]
struct Line {
    twin: &'static str,
    value_set: &'static str,
    profile: Option<&'static str>,
    targets: Vec<&'static str>,
}

impl Line {
    fn of(text: &'static str) -> Self {
        let mut words = text.split(' ');
        let mut line = Self { twin: words.next().unwrap_or_default(), ..Self::default() };
        for (sign, word) in words.filter_map(|word| word.split_at_checked(1)) {
            match sign {
                "=" if word.contains(':') => line.value_set = word,
                "=" => line.value_set = format!("{VALUE_SETS}{word}").leak(),
                ":" => line.profile = Some(word),
                _ => line.targets.push(word),
            }
        }
        line
    }

    fn member(&self) -> &'static str {
        self.twin.trim_start_matches('_')
    }

    fn choice(self, of: TypeOf) -> TypeChoice {
        let (member, type_name) = (self.member(), self.profile.unwrap_or(of.name()));
        let twin = matches!(of, TypeOf::Primitive(_)).then_some(self.twin);
        TypeChoice { member, type_name, twin, targets: self.targets.leak(), of }
    }
}

/// What a Rust type is in FHIR.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TypeOf {
    Primitive(PrimitiveType),
    Structure(fn() -> &'static PackedType),
    Resource,
}

impl TypeOf {
    fn packed(self) -> Option<&'static PackedType> {
        if let Self::Structure(packed) = self { Some(packed()) } else { None }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Primitive(primitive) => primitive.name(),
            Self::Structure(packed) => packed().name,
            Self::Resource => "Resource",
        }
    }
}

/// A Rust type that stands for a FHIR type, or holds values of one.
pub(crate) trait Typed {
    const OF: TypeOf;
}

/// The types of a choice, for the element that uses it.
pub(crate) trait Choice {
    const TYPES: fn() -> &'static [TypeChoice];
}

macro_rules! primitive_types {
    ($($type:ident$(<$set:ident>)?: $rust:ty = $fhir:expr;)*) => {
        /// A primitive type.
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum PrimitiveType {
            $($type,)*
        }

        impl PrimitiveType {
            const fn name(self) -> &'static str {
                match self { $(Self::$type => $fhir,)* }
            }
        }

        $(impl$(<$set: CodeSet>)? Typed for $rust {
            const OF: TypeOf = TypeOf::Primitive(PrimitiveType::$type);
        })*
    };
}
primitive_types! {
    Boolean: bool = "boolean";
    Integer: i32 = "integer";
    UnsignedInt: u32 = "unsignedInt";
    PositiveInt: NonZeroU32 = "positiveInt";
    Decimal: Decimal = Decimal::TYPE;
    String: Text = Text::TYPE;
    Markdown: Markdown = Markdown::TYPE;
    Xhtml: Xhtml = Xhtml::TYPE;
    Uri: Uri = Uri::TYPE;
    Url: Url = Url::TYPE;
    Canonical: Canonical = Canonical::TYPE;
    Oid: Oid = Oid::TYPE;
    Uuid: Uuid = Uuid::TYPE;
    Id: Id = Id::TYPE;
    Base64Binary: Base64 = Base64::TYPE;
    Date: Date = Date::TYPE;
    DateTime: DateTime = DateTime::TYPE;
    Instant: Instant = Instant::TYPE;
    Time: Time = Time::TYPE;
    Code<S>: Code<S> = Code::<AnyCode>::TYPE;
}

impl Typed for Resource {
    const OF: TypeOf = TypeOf::Resource;
}

/// A type that only holds values of another.
macro_rules! holds {
    ($($holder:ident)*) => {$(
        impl<T: Typed> Typed for $holder<T> {
            const OF: TypeOf = T::OF;
        }
    )*};
}
holds!(Box Option Own Vec);

impl<C: Choice> Choice for Option<C> {
    const TYPES: fn() -> &'static [TypeChoice] = C::TYPES;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::Patient;

    fn element(name: &str) -> &'static ElementFacts {
        Patient::facts().elements.iter().find(|facts| facts.name == name).unwrap()
    }

    #[test]
    fn the_facts_are_those_of_the_file() {
        let gender = element("gender");
        let value_set = "http://hl7.org/fhir/ValueSet/administrative-gender";
        assert_eq!(gender.binding, Some(Binding { strength: Strength::Required, value_set }));
        assert_eq!((gender.class, gender.summary, gender.is_list()), (Some(Class::Demographic), true, false));
        assert_eq!((gender.types[0].type_name, gender.types[0].twin), ("code", Some("_gender")));
        let practitioner = &element("generalPractitioner").types[0];
        assert_eq!(practitioner.targets, ["Organization", "Practitioner", "PractitionerRole"]);
        assert_eq!((practitioner.type_name, practitioner.twin), ("Reference", None));
        let contact = element("contact").types[0].facts().unwrap();
        assert_eq!((contact.name, contact.kind), ("Patient.contact", TypeKind::Backbone));
        let deceased = element("deceased").types.iter().map(|kind| (kind.member, kind.type_name));
        assert!(deceased.eq([("deceasedBoolean", "boolean"), ("deceasedDateTime", "dateTime")]));
    }
}
