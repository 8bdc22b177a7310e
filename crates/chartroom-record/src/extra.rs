//! What is rare in an element, behind one pointer: its id, its extensions, and whatever a typed field cannot hold.

use std::mem::ManuallyDrop;

use crate::datatype::{Extension, ExtensionValue};
use crate::json::Json;
use crate::json::JsonText;
use crate::primitive::{Text, Uri};

/// What is rare in an element: id, extensions, extensions of its primitive values, and members that no field can hold.
///
/// Empty for most elements, and then as small as a pointer.
#[derive(Clone, Default, PartialEq)]
pub struct Extra(ManuallyDrop<Option<Box<Rare>>>);

/// Every structure has one: it is let go in one place, by a C function, because such a one does not unwind.
impl Drop for Extra {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_some() {
            let_go(&mut self.0);
        }
    }
}

#[inline(never)]
extern "C" fn let_go(rare: &mut Option<Box<Rare>>) {
    *rare = None;
}

#[derive(Clone, Default, PartialEq)]
struct Rare {
    id: Option<Text>,
    extension: Vec<Extension>,
    modifier_extension: Vec<Extension>,
    twins: Vec<Twin>,
    unknown: Vec<(JsonText, Json)>,
}

impl Rare {
    fn is_empty(&self) -> bool {
        let Self { id, extension, modifier_extension, twins, unknown } = self;
        id.is_none() && extension.is_empty() && modifier_extension.is_empty() && twins.is_empty() && unknown.is_empty()
    }
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

    /// The value of the first extension with this URL. `None` also for one that has no value but extensions of its own.
    #[inline(never)]
    pub fn extension_by_url(&self, url: &str) -> Option<&ExtensionValue> {
        by_url(self.extension(), url)
    }

    /// The first extension with this URL, also one that has no value but extensions of its own.
    pub fn extension_with(&self, url: &str) -> Option<&Extension> {
        self.extension().iter().find(|known| known.url.as_deref() == Some(url))
    }

    /// The value of the first extension with this URL, where it is of the wanted type.
    ///
    /// ```
    /// use chartroom_record::datatype::Coding;
    /// use chartroom_record::resource::Patient;
    /// use chartroom_record::{Mode, parse};
    ///
    /// let text = br#"{"resourceType":"Patient","extension":[{"url":"urn:example:eye-colour","valueCoding":{"code":"brown"}}]}"#;
    /// let patient = Patient::try_from(parse(text, Mode::Strict)?.into_resource()).unwrap();
    /// let colour = patient.extra.extension_value::<Coding>("urn:example:eye-colour");
    /// assert_eq!(colour.and_then(Coding::display_or_code), Some("brown"));
    /// # Ok::<(), chartroom_record::Issues>(())
    /// ```
    pub fn extension_value<'e, T>(&'e self, url: &str) -> Option<&'e T>
    where
        &'e T: TryFrom<&'e ExtensionValue>,
    {
        self.extension_by_url(url)?.try_into().ok()
    }

    /// The value of the first extension with this URL of the primitive value of a member, such as `birthDate`.
    pub fn extension_of_by_url(&self, member: &str, url: &str) -> Option<&ExtensionValue> {
        by_url(self.extension_of(member), url)
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

    /// Gives the extension with this URL a value, and adds it where there is none yet. Others with the same URL are removed.
    ///
    /// ```
    /// use chartroom_record::resource::Patient;
    ///
    /// let mut patient = Patient::default();
    /// let url: chartroom_record::primitive::Uri = "urn:example:eye-colour".parse()?;
    /// patient.extra.set_extension(url.clone(), chartroom_record::primitive::Text::from("brown"));
    /// assert!(patient.extra.extension_by_url(&url).is_some());
    /// # Ok::<(), chartroom_record::primitive::InvalidPrimitive>(())
    /// ```
    pub fn set_extension(&mut self, url: Uri, value: impl Into<ExtensionValue>) {
        let list = &mut self.rare_mut().extension;
        let place = list.iter().position(|known| known.url.as_ref() == Some(&url)).unwrap_or(list.len());
        list.retain(|known| known.url.as_ref() != Some(&url));
        let extension = Extension { url: Some(url), value: Some(value.into()), ..Extension::default() };
        list.insert(place.min(list.len()), extension);
    }

    /// Removes the extensions with this URL. Tells whether there was any.
    pub fn remove_extension(&mut self, url: &str) -> bool {
        let Some(rare) = &mut *self.0 else { return false };
        let before = rare.extension.len();
        rare.extension.retain(|known| known.url.as_deref() != Some(url));
        let removed = rare.extension.len() < before;
        self.settle();
        removed
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

    pub(crate) fn extension_list(&self) -> Option<&Vec<Extension>> {
        self.rare().map(|rare| &rare.extension)
    }

    pub(crate) fn modifier_extension_list(&self) -> Option<&Vec<Extension>> {
        self.rare().map(|rare| &rare.modifier_extension)
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

    #[allow(clippy::indexing_slicing, reason = "the index is that of a twin found or pushed just before")]
    pub(crate) fn twin_mut(&mut self, member: &'static str) -> &mut Twin {
        let twins = &mut self.rare_mut().twins;
        let index = twins.iter().position(|twin| twin.member == member).unwrap_or_else(|| {
            twins.push(Twin { member, ..Twin::default() });
            twins.len() - 1
        });
        &mut twins.as_mut_slice()[index]
    }

    /// Drops all but the extensions that may change the meaning of the element.
    pub(crate) fn keep_modifiers(&mut self) {
        let Some(rare) = &mut *self.0 else { return };
        let modifier_extension = std::mem::take(&mut rare.modifier_extension);
        **rare = Rare { modifier_extension, ..Rare::default() };
        self.settle();
    }

    /// Forgets the members of this name that no field could hold. Tells whether there was one.
    pub(crate) fn forget(&mut self, name: &str) -> bool {
        let Some(rare) = &mut *self.0 else { return false };
        let before = rare.unknown.len();
        rare.unknown.retain(|(known, _)| known.as_str() != name);
        rare.unknown.len() < before
    }

    /// Changes the members of this name that no field could hold. Tells whether a change was made; what is then empty goes.
    pub(crate) fn change_unknown(&mut self, name: &str, mut change: impl FnMut(&mut Json) -> bool) -> bool {
        let Some(rare) = &mut *self.0 else { return false };
        let mut changed = false;
        rare.unknown.retain_mut(|(known, value)| {
            let now = known.as_str() == name && change(value);
            changed |= now;
            !(now && value.is_hollow())
        });
        changed
    }

    /// Removes all that stands beside a primitive value. Tells whether there was anything.
    pub(crate) fn remove_twin(&mut self, member: &str) -> bool {
        let Some(rare) = &mut *self.0 else { return false };
        let before = rare.twins.len();
        rare.twins.retain(|twin| twin.member != member);
        rare.twins.len() < before
    }

    /// Drops the twins that hold nothing, and the memory when nothing is left in it.
    pub(crate) fn tidy(&mut self) {
        let Some(rare) = &mut *self.0 else { return };
        rare.twins.retain(|twin| twin.slots.iter().any(|slot| slot.null || !slot.extra.is_empty()));
        self.settle();
    }

    /// Drops the memory again when reading left nothing in it.
    pub(crate) fn settle(&mut self) {
        if self.rare().is_some_and(Rare::is_empty) {
            *self.0 = None;
        }
    }
}

fn by_url<'a>(extensions: &'a [Extension], url: &str) -> Option<&'a ExtensionValue> {
    extensions.iter().find(|extension| extension.url.as_deref() == Some(url))?.value.as_ref()
}

impl std::fmt::Debug for Extra {
    /// How much there is, never what.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_empty() { "Extra(empty)" } else { "Extra(..)" })
    }
}

impl Twin {
    /// How many places a primitive list with so many values has in JSON, where nulls count.
    pub(crate) fn positions(&self, values: usize) -> usize {
        let nulls = self.slots.iter().filter(|slot| slot.null).count();
        (values + nulls).max(self.slots.len())
    }

    /// The index of the value at a place of the list in JSON; `None` for a null.
    pub(crate) fn value_at(&self, position: usize) -> Option<usize> {
        if self.slots.get(position).is_some_and(|slot| slot.null) {
            return None;
        }
        Some(position - self.slots.iter().take(position).filter(|slot| slot.null).count())
    }

    /// The first place from this one on that is no null.
    pub(crate) fn after_nulls(&self, position: usize) -> usize {
        position + self.slots.iter().skip(position).take_while(|slot| slot.null).count()
    }

    /// Takes the place out of the list.
    pub(crate) fn remove(&mut self, position: usize) {
        if position < self.slots.len() {
            self.slots.remove(position);
        }
        if position < self.written {
            self.written -= 1;
        }
    }

    #[allow(clippy::indexing_slicing, reason = "the slots reach past the index just before")]
    pub(crate) fn slot(&mut self, index: usize) -> &mut TwinSlot {
        if self.slots.len() <= index {
            self.slots.resize_with(index + 1, TwinSlot::default);
        }
        &mut self.slots.as_mut_slice()[index]
    }
}

/// An element with nothing but its extra: how the twin of a primitive value is read and written.
#[derive(Default, chartroom_derive::Record)]
#[record(datatype)]
pub(crate) struct PrimitiveElement {
    pub(crate) extra: Extra,
}
