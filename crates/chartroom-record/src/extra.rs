//! What is rare in an element, behind one pointer: its id, its extensions, and whatever a typed field cannot hold.

use crate::datatype::Extension;
use crate::json::Json;
use crate::json::JsonText;
use crate::primitive::Text;

/// What is rare in an element: id, extensions, extensions of its primitive values, and members that no field can hold.
///
/// Empty for most elements, and then as small as a pointer.
#[derive(Clone, Default, PartialEq)]
pub struct Extra(Option<Box<Rare>>);

#[derive(Clone, Default, PartialEq)]
struct Rare {
    id: Option<Text>,
    extension: Vec<Extension>,
    modifier_extension: Vec<Extension>,
    twins: Vec<Twin>,
    unknown: Vec<(JsonText, Json)>,
}

/// What stands beside a primitive value, or beside the values of a primitive list, in the member `_name`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Twin {
    /// The JSON member of the value, such as `birthDate`.
    pub(crate) member: &'static str,
    /// One for each item that has a twin or is null; just one beside a single value.
    pub(crate) slots: Vec<TwinSlot>,
    /// How many items the member `_name` had.
    pub(crate) written: usize,
}

/// The twin of one primitive value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TwinSlot {
    /// The value's own id and extensions.
    pub extra: Extra,
    /// Whether the list has a null here in place of a value.
    pub null: bool,
}

impl Extra {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The element's id, for links inside the resource.
    pub fn id(&self) -> Option<&Text> {
        self.rare()?.id.as_ref()
    }

    /// The extensions of the element.
    pub fn extension(&self) -> &[Extension] {
        self.rare().map_or(&[], |rare| &rare.extension)
    }

    /// The extensions that may change the meaning of the element.
    pub fn modifier_extension(&self) -> &[Extension] {
        self.rare().map_or(&[], |rare| &rare.modifier_extension)
    }

    /// The extensions of the primitive value of a member, such as `birthDate`. For a list, those of its first item.
    pub fn extension_of(&self, member: &str) -> &[Extension] {
        self.twin(member).and_then(|twin| twin.slots.first()).map_or(&[], |slot| slot.extra.extension())
    }

    /// Members that no field could hold, with their values: unknown ones, and those with a value that does not fit.
    pub fn unknown(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.rare().into_iter().flat_map(|rare| &rare.unknown).map(|(name, value)| (name.as_str(), value))
    }

    /// Sets the element's id.
    pub fn set_id(&mut self, id: impl Into<Text>) {
        self.rare_mut().id = Some(id.into());
    }

    /// Adds an extension.
    pub fn add_extension(&mut self, extension: Extension) {
        self.rare_mut().extension.push(extension);
    }

    /// Adds an extension that may change the meaning of the element.
    pub fn add_modifier_extension(&mut self, extension: Extension) {
        self.rare_mut().modifier_extension.push(extension);
    }

    fn rare(&self) -> Option<&Rare> {
        self.0.as_deref()
    }

    fn rare_mut(&mut self) -> &mut Rare {
        self.0.get_or_insert_default()
    }

    pub(crate) fn id_mut(&mut self) -> &mut Option<Text> {
        &mut self.rare_mut().id
    }

    pub(crate) fn extension_mut(&mut self) -> &mut Vec<Extension> {
        &mut self.rare_mut().extension
    }

    pub(crate) fn modifier_extension_mut(&mut self) -> &mut Vec<Extension> {
        &mut self.rare_mut().modifier_extension
    }

    pub(crate) fn keep(&mut self, name: JsonText, value: Json) {
        self.rare_mut().unknown.push((name, value));
    }

    pub(crate) fn twins(&self) -> &[Twin] {
        self.rare().map_or(&[], |rare| &rare.twins)
    }

    pub(crate) fn twin(&self, member: &str) -> Option<&Twin> {
        self.twins().iter().find(|twin| twin.member == member)
    }

    pub(crate) fn twin_mut(&mut self, member: &'static str) -> &mut Twin {
        let twins = &mut self.rare_mut().twins;
        let index = twins.iter().position(|twin| twin.member == member).unwrap_or_else(|| {
            twins.push(Twin { member, ..Twin::default() });
            twins.len() - 1
        });
        // Either branch above gave the index of a twin; an empty list cannot reach here.
        &mut twins.as_mut_slice()[index]
    }

    /// Drops the memory again when reading left nothing in it.
    pub(crate) fn settle(&mut self) {
        if self.0.as_deref() == Some(&Rare::default()) {
            self.0 = None;
        }
    }
}

impl std::fmt::Debug for Extra {
    /// How much there is, never what.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_empty() { "Extra(empty)" } else { "Extra(..)" })
    }
}

impl Twin {
    pub(crate) fn slot(&mut self, index: usize) -> &mut TwinSlot {
        if self.slots.len() <= index {
            self.slots.resize_with(index + 1, TwinSlot::default);
        }
        &mut self.slots.as_mut_slice()[index]
    }
}

/// An element with nothing but its extra: how the twin of a primitive value is read and written.
#[derive(Clone, Default, PartialEq, chartroom_derive::Record)]
#[record(datatype)]
pub(crate) struct PrimitiveElement {
    pub(crate) extra: Extra,
}
