//! Writes what may be seen of a record, and marks what may not.
//!
//! What is withheld never reaches the text. Where the standard lets an element say that it was withheld, the extension
//! `data-absent-reason` says `masked` in its place; ids, extensions, narratives and unknown members go without a mark.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use crate::check::contained;
use crate::class::{Class, ClassSet};
use crate::classify::Scope;
use crate::datatype::{Coding, Extension};
use crate::element::{Element, Items, Member, Node};
use crate::extra::{Extra, TwinSlot};
use crate::facts::{ElementFacts, TypeChoice, TypeKind};
use crate::json::Writer;
use crate::parse::{Mode, parse};
use crate::primitive::Primitive;
use crate::resource::Resource;
use crate::write;

/// What may be seen of one record, and the security labels it gets.
#[derive(Clone, Default)]
pub struct Mask {
    /// The classes that are shown.
    pub shown: ClassSet,
    /// Added to `meta.security` where something is withheld, unless they stand there.
    pub labels: Vec<Coding>,
    /// Added to `meta.security` in any case, unless they stand there.
    pub handling: Vec<Coding>,
    /// Of other classes, the elements that are shown, where there are such.
    pub elements: Option<Elements>,
}

/// The elements of some classes that are shown one by one.
#[derive(Clone)]
pub struct Elements {
    classes: ClassSet,
    shows: Arc<Shows>,
}

/// Whether an element of a class at a path is shown.
type Shows = dyn Fn(Class, &str) -> bool + Send + Sync;

impl Elements {
    /// Elements of these classes are shown where this holds of their class and their path. Paths have no numbers of list items:
    /// `Patient.contact.name.family`.
    pub fn new(classes: ClassSet, shows: impl Fn(Class, &str) -> bool + Send + Sync + 'static) -> Self {
        Self { classes, shows: Arc::new(shows) }
    }
}

impl fmt::Debug for Elements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Elements").field("classes", &self.classes).finish_non_exhaustive()
    }
}

impl Resource {
    /// The resource as JSON, with what the mask withholds left out and marked. `None` if nothing is left to see.
    ///
    /// - An element of which nothing may be seen gets the extension `data-absent-reason` with `masked`, also inside a
    ///   structure that is shown in part. A choice shows its first type then, and a list one mark for all its items.
    /// - Extensions are shown whole or not at all. An element whose `modifierExtension` may not be seen is withheld with it, since
    ///   what is left could mean something else.
    /// - What is contained and no longer referred to goes, and so does a reference to what is gone.
    /// - Each record inside a bundle or parameters has a mask of its own; one of which nothing is left goes with its entry, and
    ///   a bundle that lost anything does not tell its `total`.
    ///
    /// Masking a masked record by the same masks changes nothing.
    ///
    /// ```
    /// use chartroom_record::{Class, ClassSet, Mask, Mode, parse};
    ///
    /// let text = r#"{"resourceType":"Patient","gender":"female","name":[{"family":"Fenwarden"}]}"#;
    /// let patient = parse(text.as_bytes(), Mode::Strict)?.into_resource();
    /// let masked = patient.to_masked_json(|_| Mask { shown: Class::Demographic.into(), ..Mask::default() }).unwrap();
    /// assert!(masked.contains("female") && masked.contains("masked") && !masked.contains("Fenwarden"));
    /// assert!(patient.to_masked_json(|_| Mask::default()).is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_masked_json(&self, mut mask: impl FnMut(&Resource) -> Mask) -> Option<String> {
        let mut masker = Masker::new(&mut mask);
        masker.record(self).then(|| masker.writer.finish())
    }
}

/// Stands where something was withheld.
const MARK: &str =
    r#"{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"masked"}]}"#;

/// How often a record is written before all goes that it contains. Twice settles it, unless what goes takes others along in another
/// way than by no longer referring to them: what a modifier says of it, for one.
const MOST_ROUNDS: usize = 8;

/// What became of an element.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    /// Something of it is shown.
    Shown,
    /// Nothing is shown; a mark may stand for it.
    Masked,
    /// Nothing is shown, and nothing may stand for it.
    Gone,
}

struct Masker<'a> {
    writer: Writer,
    mask: &'a mut dyn FnMut(&Resource) -> Mask,
    shown: ClassSet,
    elements: Option<Elements>,
    /// Where the writer stands, without the numbers of list items. Kept only where single elements are shown.
    here: String,
    /// How often something was withheld.
    withheld: usize,
    /// The ids of contained resources that are gone from the record at hand.
    gone: HashSet<String>,
    /// How many records around the current place contain others, and so may be written again.
    again: usize,
    /// The records inside such ones as they were written, each with how often something was withheld: writing them anew each time
    /// would take twice as long with each level.
    written: HashMap<*const Resource, (String, usize)>,
    /// Where labels go in the metadata just written, and whether others stand there.
    labels_at: Option<(usize, bool)>,
}

/// Places in the text of a record that wait for its end.
#[derive(Clone, Copy, Default)]
struct Places {
    /// Where security labels go, and what stands around them.
    labels: Option<(usize, [&'static str; 2])>,
    /// From where to where the total of a bundle stands.
    total: Option<[usize; 2]>,
}

impl<'a> Masker<'a> {
    fn new(mask: &'a mut dyn FnMut(&Resource) -> Mask) -> Self {
        Self {
            writer: Writer::default(),
            mask,
            shown: ClassSet::NONE,
            elements: None,
            here: String::new(),
            withheld: 0,
            gone: HashSet::new(),
            again: 0,
            written: HashMap::new(),
            labels_at: None,
        }
    }

    /// Writes a record by a mask of its own. Tells whether anything of it is shown.
    fn record(&mut self, resource: &Resource) -> bool {
        if let Some((text, withheld)) = self.written.get(&std::ptr::from_ref(resource)) {
            self.writer.raw(text);
            self.withheld += withheld;
            return !text.is_empty();
        }
        let (start, before) = (self.writer.mark(), self.withheld);
        let shown = self.new_record(resource);
        if self.again > 0 {
            let written = (self.writer.since(start).to_owned(), self.withheld - before);
            self.written.insert(resource, written);
        }
        shown
    }

    fn new_record(&mut self, resource: &Resource) -> bool {
        let mask = (self.mask)(resource);
        let around = (std::mem::replace(&mut self.shown, mask.shown), std::mem::take(&mut self.gone));
        let elements = std::mem::replace(&mut self.elements, mask.elements.clone());
        let here = std::mem::take(&mut self.here);
        if self.elements.is_some() {
            self.here.push_str(resource.type_name());
        }
        let (start, before) = (self.writer.mark(), self.withheld);
        let holds_others = !contained::of(resource).is_empty();
        self.again += usize::from(holds_others);
        let mut rounds = 0;
        let seen = loop {
            self.writer.cut(start);
            self.withheld = before;
            let seen = self.record_once(resource, &mask);
            rounds += 1;
            if seen != Seen::Shown
                || self.withheld == before
                || !holds_others
                || !self.finds_loose_ends(resource, start, rounds)
            {
                break seen;
            }
        };
        self.again -= usize::from(holds_others);
        (self.shown, self.gone) = around;
        (self.elements, self.here) = (elements, here);
        if seen != Seen::Shown {
            self.writer.cut(start);
            self.withheld += 1;
        }
        seen == Seen::Shown
    }

    fn record_once(&mut self, resource: &Resource, mask: &Mask) -> Seen {
        let (mut places, before) = (Places::default(), self.withheld);
        let seen = self.resource(resource, Some(&mut places));
        let labels: &[Coding] = if self.withheld > before { &mask.labels } else { &[] };
        if let Some([from, to]) = places.total.filter(|_| self.withheld > before) {
            self.writer.take_out(from, to);
        }
        if let Some((at, around)) = places.labels {
            self.add_labels(resource, labels.iter().chain(&mask.handling), at, around);
        }
        seen
    }

    /// Adds the labels that do not stand there already.
    fn add_labels<'l>(
        &mut self,
        resource: &Resource,
        labels: impl Iterator<Item = &'l Coding>,
        at: usize,
        [prefix, suffix]: [&str; 2],
    ) {
        let mut known = Vec::new();
        if self.at("meta", |masker| masker.at("security", |masker| masker.shows(Class::Clinical))) {
            resource.for_each_security_label(|system, code| known.push((system.to_owned(), code.to_owned())));
        }
        let is_known = |label: &&Coding| {
            let (system, code) = (label.system.as_deref().unwrap_or_default(), label.code.as_ref());
            known.iter().any(|(s, c)| system == s && code.is_some_and(|code| code.as_str() == c))
        };
        let text = |label: &Coding| write::element(label);
        let new: Vec<_> = labels.filter(|label| !is_known(label)).map(text).collect();
        if !new.is_empty() {
            self.writer.put_in(at, &format!("{prefix}{}{suffix}", new.join(",")));
        }
    }

    /// Whether the record just written contains what nothing refers to, or refers to what it does not contain. The ids are
    /// noted as gone.
    fn finds_loose_ends(&mut self, original: &Resource, start: usize, rounds: usize) -> bool {
        let Ok(written) = parse(self.writer.since(start).as_bytes(), Mode::Lenient) else { return false };
        let known = self.gone.len();
        self.gone.extend(contained::loose_ends(original, written.resource()));
        let found = self.gone.len() > known;
        if found && rounds == MOST_ROUNDS {
            let contained = contained::of(original);
            self.gone.extend(contained.into_iter().filter_map(Resource::id).map(str::to_owned));
        }
        found
    }

    fn resource(&mut self, resource: &Resource, places: Option<&mut Places>) -> Seen {
        match resource {
            Resource::Other(other) if self.shown.contains(Class::Unclassified) => {
                other.json().write(&mut self.writer);
                Seen::Shown
            }
            typed => match typed.as_element() {
                Some(element) => self.element(element, Scope::RESOURCE, places),
                None => self.withhold(),
            },
        }
    }

    /// Whether values of this class are shown here.
    fn shows(&self, class: Class) -> bool {
        let named = |elements: &Elements| elements.classes.contains(class) && (elements.shows)(class, &self.here);
        self.shown.contains(class) || self.elements.as_ref().is_some_and(named)
    }

    /// Does something one step further.
    fn at<T>(&mut self, name: &str, act: impl FnOnce(&mut Self) -> T) -> T {
        if self.elements.is_none() {
            return act(self);
        }
        let before = self.here.len();
        self.here.push('.');
        self.here.push_str(name);
        let done = act(self);
        self.here.truncate(before);
        done
    }

    fn withhold(&mut self) -> Seen {
        self.withheld += 1;
        Seen::Masked
    }

    /// Writes a structure as far as it may be seen. `places` is there for a resource.
    fn element(&mut self, element: &dyn Element, scope: Scope, mut places: Option<&mut Places>) -> Seen {
        let (facts, extra) = (element.facts(), element.extra());
        let (start, before) = (self.writer.mark(), self.withheld);
        self.writer.open('{');
        if facts.kind == TypeKind::Resource {
            self.writer.member("resourceType");
            self.writer.quoted(facts.name);
        }
        let mut seen = match self.extra(extra, scope) {
            Some(shown) => shown,
            None => {
                self.writer.cut(start);
                return Seen::Masked;
            }
        };
        let mut gone = false;
        for (index, facts) in facts.elements.iter().enumerate() {
            let member = element.member(index);
            if let Some(places) = places.as_deref_mut()
                && facts.name == "meta"
            {
                seen |= self.meta(member, places);
                continue;
            }
            let mark = self.writer.mark();
            if facts.name == "security" {
                self.labels_at = Some((mark, false));
            }
            if matches!(member.node, Node::Absent) && extra.is_empty() {
                continue;
            }
            let class = self.class_of(element, facts, scope);
            let name = facts.types.get(member.choice).map_or(facts.name, |kind| kind.member);
            let outcome = self.at(name, |masker| masker.member(member, facts, extra, Scope { class, ..scope }));
            seen |= outcome == Some(Seen::Shown);
            gone |= outcome == Some(Seen::Gone) && matches!(facts.name, "resource" | "part");
            if let Some(places) = places.as_deref_mut()
                && facts.name == "total"
            {
                places.total = Some([mark, self.writer.mark()]);
            }
        }
        seen |= self.unknown(extra);
        self.writer.close('}');
        match (seen, gone) {
            (_, true) => Seen::Gone,
            (true, _) => Seen::Shown,
            // There was nothing to withhold either.
            (false, _) if self.withheld == before => Seen::Shown,
            (false, _) => Seen::Masked,
        }
    }

    /// The class of a member. The display of a reference goes where its target goes: it tells the same.
    fn class_of(&self, element: &dyn Element, facts: &ElementFacts, scope: Scope) -> Class {
        if element.facts().name == "Reference" && facts.name == "display" {
            let target = element.facts().elements.iter().take(2).enumerate();
            let mut classes =
                target.filter(|(index, _)| !is_absent(element, *index)).map(|(_, it)| scope.of_member(element, it));
            if let Some(hidden) = classes.find(|class| !self.shows(*class)) {
                return hidden;
            }
        }
        scope.of_member(element, facts)
    }

    /// The metadata of a record, with the place where labels go.
    fn meta(&mut self, member: Member<'_>, places: &mut Places) -> bool {
        let start = self.writer.mark();
        let mut shown = false;
        self.labels_at = None;
        if let Node::Element(meta) = member.node {
            self.writer.member("meta");
            let scope = Scope { class: Class::Technical, ..Scope::RESOURCE };
            shown = self.at("meta", |masker| masker.element(meta, scope, None)) == Seen::Shown;
        }
        places.labels = Some(match self.labels_at {
            None => {
                self.writer.cut(start);
                (start, [r#","meta":{"security":["#, "]}"])
            }
            Some((at, true)) => (at, [",", ""]),
            Some((at, false)) => match (self.writer.between(start, at).ends_with('{'), self.writer.since(at)) {
                (true, "}") => (at, [r#""security":["#, "]"]),
                (true, _) => (at, [r#""security":["#, "],"]),
                (false, _) => (at, [r#","security":["#, "]"]),
            },
        });
        shown
    }

    /// Writes a member as far as it may be seen; `None` if there is nothing.
    fn member(
        &mut self,
        member: Member<'_>,
        facts: &'static ElementFacts,
        extra: &Extra,
        scope: Scope,
    ) -> Option<Seen> {
        if matches!(member.node, Node::Absent) {
            return self.lone_twin(facts, extra, scope);
        }
        let kind = facts.types.get(member.choice)?;
        let start = self.writer.mark();
        let seen = match member.node {
            Node::Primitive(value) if self.may_show(value, scope) => {
                self.writer.member(kind.member);
                value.write(&mut self.writer);
                self.twin(facts, kind, extra, scope);
                Seen::Shown
            }
            Node::List(list) if kind.twin.is_some() && self.may_show_all(list, scope) => {
                self.writer.member(kind.member);
                write::primitives(&mut self.writer, list, extra.twin(kind.member));
                self.twin(facts, kind, extra, scope);
                Seen::Shown
            }
            Node::Element(value) => {
                self.writer.member(kind.member);
                let value_at = self.writer.mark();
                let seen = self.element(value, scope.inside(scope.class, kind, value), None);
                if seen == Seen::Masked && !self.stands(value_at, kind) {
                    self.writer.cut(start);
                    self.mark(facts);
                }
                seen
            }
            Node::Resource(value) => {
                self.writer.member(kind.member);
                if self.record(value) { Seen::Shown } else { Seen::Gone }
            }
            Node::List(list) if kind.twin.is_none() => {
                self.writer.member(kind.member);
                self.list(list, facts, kind, scope)
            }
            _ => {
                self.mark(facts);
                self.withhold()
            }
        };
        if seen == Seen::Gone {
            self.writer.cut(start);
        }
        Some(seen)
    }

    fn may_show(&self, value: &dyn Primitive, scope: Scope) -> bool {
        let leads_nowhere = || value.to_plain().strip_prefix('#').is_some_and(|id| self.gone.contains(id));
        self.shows(scope.class) && (self.gone.is_empty() || !leads_nowhere())
    }

    fn may_show_all(&self, list: &dyn Items, scope: Scope) -> bool {
        (0..list.len()).all(|index| matches!(list.get(index), Node::Primitive(value) if self.may_show(value, scope)))
    }

    /// The items of a list that may be seen, and one mark for the others.
    fn list(&mut self, list: &dyn Items, facts: &ElementFacts, kind: &'static TypeChoice, scope: Scope) -> Seen {
        self.writer.open('[');
        let (mut shown, mut stand_in) = (false, None);
        for index in 0..list.len() {
            let start = self.writer.mark();
            self.writer.item();
            let item_at = self.writer.mark();
            let seen = match list.get(index) {
                Node::Element(value) => self.element(value, scope.inside(scope.class, kind, value), None),
                Node::Resource(value) if facts.name == "contained" => self.contained(value),
                Node::Resource(value) if self.record(value) => Seen::Shown,
                _ => Seen::Gone,
            };
            shown |= seen == Seen::Shown;
            if seen == Seen::Masked && stand_in.is_none() {
                let text = if self.stands(item_at, kind) { self.writer.since(item_at) } else { MARK };
                stand_in = Some(text.to_owned());
            }
            if seen != Seen::Shown {
                self.writer.cut(start);
            }
        }
        if shown && facts.name == "security" {
            self.labels_at = Some((self.writer.mark(), true));
        }
        match stand_in {
            // Labels tell why a record is sensitive; that some are withheld is told by the label added for it.
            Some(text) if facts.name != "security" => {
                self.writer.item();
                self.writer.raw(&text);
            }
            None | Some(_) if !shown => return Seen::Gone,
            _ => {}
        }
        self.writer.close(']');
        if shown { Seen::Shown } else { Seen::Masked }
    }

    /// A contained resource: part of the record, by the same mask.
    fn contained(&mut self, resource: &Resource) -> Seen {
        let is_gone = resource.id().is_some_and(|id| self.gone.contains(id));
        if !is_gone && self.resource(resource, None) == Seen::Shown {
            return Seen::Shown;
        }
        self.withheld += 1;
        Seen::Gone
    }

    /// Whether the masked structure just written stands for itself: it has marks inside that its type or its holder asks for.
    fn stands(&self, at: usize, kind: &'static TypeChoice) -> bool {
        let asks = kind.facts().is_some_and(|facts| {
            facts.kind != TypeKind::DataType || facts.elements.iter().any(|element| element.min > 0)
        });
        asks && kind.type_name != "Narrative" && !matches!(self.writer.since(at), "" | "{}")
    }

    /// Puts a mark in place of a member. Of a choice, the type does not show.
    fn mark(&mut self, facts: &ElementFacts) {
        let Some(kind) = facts.types.first() else { return };
        if facts.name == "id" || matches!(kind.type_name, "Narrative" | "xhtml") {
            return;
        }
        self.writer.member(kind.twin.unwrap_or(kind.member));
        match facts.is_list() {
            true => self.writer.raw(&format!("[{MARK}]")),
            false => self.writer.raw(MARK),
        }
    }

    /// The id and the extensions of what has them; `None` where a modifier may not be seen.
    fn extra(&mut self, extra: &Extra, scope: Scope) -> Option<bool> {
        let mut shown = false;
        if let Some(id) = extra.id() {
            if self.at("id", |masker| masker.shows(Class::Technical)) {
                self.writer.member("id");
                self.writer.string(id);
                shown = true;
            } else {
                self.withheld += 1;
            }
        }
        shown |= self.at("extension", |masker| masker.extensions("extension", extra.extension(), scope));
        let before = self.withheld;
        let modifiers = extra.modifier_extension();
        shown |= self.at("modifierExtension", |masker| masker.extensions("modifierExtension", modifiers, scope));
        (self.withheld == before).then_some(shown)
    }

    /// The extensions that may be seen whole.
    fn extensions(&mut self, member: &str, extensions: &[Extension], scope: Scope) -> bool {
        let start = self.writer.mark();
        let mut shown = false;
        for extension in extensions {
            let (mark, before) = (self.writer.mark(), self.withheld);
            if shown {
                self.writer.item();
            } else {
                self.writer.member(member);
                self.writer.open('[');
            }
            let scope = scope.inside_extension(extension);
            // An extension without a value has nothing but its address to withhold.
            let seen = self.element(extension, scope, None);
            if self.withheld == before && seen == Seen::Shown {
                shown = true;
            } else {
                self.writer.cut(mark);
            }
        }
        match shown {
            true => self.writer.close(']'),
            false => self.writer.cut(start),
        }
        shown
    }

    fn unknown(&mut self, extra: &Extra) -> bool {
        let mut shown = false;
        for (name, value) in extra.unknown() {
            shown = self.at(name, |masker| masker.shows(Class::Unclassified));
            if shown {
                self.writer.unknown_member(name);
                value.write(&mut self.writer);
            } else {
                self.withheld += 1;
            }
        }
        shown
    }

    /// What stands beside no value: the reason why there is none, as a rule.
    fn lone_twin(&mut self, facts: &'static ElementFacts, extra: &Extra, scope: Scope) -> Option<Seen> {
        let (kind, twin) = facts.types.iter().find_map(|kind| extra.twin(kind.member).map(|twin| (kind, twin)))?;
        let (start, before) = (self.writer.mark(), self.withheld);
        if self.shows(scope.class) {
            if facts.is_list() && twin.slots.iter().any(|slot| slot.null) {
                self.writer.member(kind.member);
                write::primitives(&mut self.writer, &Vec::<bool>::new(), Some(twin));
            }
            let values_end = self.writer.mark();
            self.twin(facts, kind, extra, scope);
            if self.withheld == before || self.writer.mark() > values_end {
                return Some(Seen::Shown);
            }
        }
        self.writer.cut(start);
        self.mark(facts);
        Some(self.withhold())
    }

    /// The ids and extensions of primitive values, as far as they may be seen.
    fn twin(&mut self, facts: &ElementFacts, kind: &'static TypeChoice, extra: &Extra, scope: Scope) {
        let (Some(name), Some(twin)) = (kind.twin, extra.twin(kind.member)) else { return };
        let start = self.writer.mark();
        self.writer.member(name);
        let mut shown = false;
        if facts.is_list() {
            self.writer.open('[');
            for slot in twin.slots.iter().take(twin.written) {
                self.writer.item();
                shown |= self.slot(slot, slot.null, scope);
            }
            self.writer.close(']');
        } else if let Some(slot) = twin.slots.first() {
            shown = self.slot(slot, false, scope);
        }
        if !shown {
            self.writer.cut(start);
        }
    }

    /// What stands beside one value, or in its place; there, it leaves a mark when it may not be seen.
    fn slot(&mut self, slot: &TwinSlot, in_place: bool, scope: Scope) -> bool {
        let (start, before) = (self.writer.mark(), self.withheld);
        self.writer.open('{');
        let shown = self.extra(&slot.extra, scope).is_some_and(|shown| shown | self.unknown(&slot.extra));
        self.writer.close('}');
        if shown {
            return true;
        }
        self.writer.cut(start);
        let marked = in_place && self.withheld > before;
        self.writer.raw(if marked { MARK } else { "null" });
        marked
    }
}

/// Whether the member at this index is not there.
fn is_absent(element: &dyn Element, index: usize) -> bool {
    matches!(element.member(index).node, Node::Absent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(json: &str, shown: &[Class]) -> String {
        let resource = parse(json.as_bytes(), Mode::Lenient).unwrap().into_resource();
        let label = Coding { code: Some("REDACTED".parse().unwrap()), ..Coding::default() };
        let mask = Mask { shown: ClassSet::of(shown), labels: vec![label], ..Mask::default() };
        resource.to_masked_json(|_| mask.clone()).unwrap_or_default().replace(MARK, "MARK")
    }

    const LABEL: &str = r#""meta":{"security":[{"code":"REDACTED"}]}"#;

    #[test]
    fn a_withheld_element_leaves_one_mark() {
        let text = r#"{"resourceType":"Patient","name":[{"family":"Fenwarden"},{"given":["Zoë"]}],"gender":"female","birthDate":"1980","contact":[{"name":{"text":"Ada"}},{"name":{"text":"Eve"}}]}"#;
        assert_eq!(
            masked(text, &[Class::Demographic]),
            format!(
                r#"{{"resourceType":"Patient",{LABEL},"name":[MARK],"gender":"female","_birthDate":MARK,"contact":[{{"name":MARK}}]}}"#
            )
        );
        assert_eq!(masked(text, &[Class::Financial]), "");
    }

    #[test]
    fn the_type_of_a_choice_does_not_show() {
        let text = r#"{"resourceType":"Patient","gender":"male","deceasedDateTime":"2020"}"#;
        let expected = format!(r#"{{"resourceType":"Patient",{LABEL},"gender":"male","_deceasedBoolean":MARK}}"#);
        assert_eq!(masked(text, &[Class::Demographic]), expected);
    }

    #[test]
    fn narrative_ids_and_unknown_members_leave_nothing() {
        let text = r#"{"resourceType":"Patient","id":"p1","text":{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">Zoë</div>"},"gender":"male","nickname":"Z"}"#;
        let expected = format!(r#"{{"resourceType":"Patient",{LABEL},"gender":"male"}}"#);
        assert_eq!(masked(text, &[Class::Demographic]), expected);
    }

    #[test]
    fn what_a_withheld_modifier_changes_goes_with_it() {
        let text = r#"{"resourceType":"Patient","gender":"male","contact":[{"modifierExtension":[{"url":"urn:x:not","valueBoolean":true}],"name":{"text":"Ada"}}]}"#;
        let expected = format!(r#"{{"resourceType":"Patient",{LABEL},"gender":"male","contact":[MARK]}}"#);
        assert_eq!(masked(text, &[Class::Demographic, Class::Name]), expected);
        let text = r#"{"resourceType":"Patient","modifierExtension":[{"url":"urn:x:not","valueBoolean":true}],"gender":"male"}"#;
        assert_eq!(masked(text, &[Class::Demographic]), "");
    }

    #[test]
    fn labels_stand_beside_those_that_are_shown() {
        let label = |code: &str| format!(r#"{{"code":"{code}"}}"#);
        let text = |labels: &str, rest: &str| {
            format!(r#"{{"resourceType":"Condition","id":"c","meta":{{"security":[{labels}]}}{rest}}}"#)
        };
        let own = text(&label("R"), r#","subject":{"reference":"Patient/1"}"#);
        let both = [label("R"), label("REDACTED")].join(",");
        assert_eq!(masked(&own, &[Class::Clinical, Class::Technical]), text(&both, r#","subject":MARK"#));
        assert_eq!(masked(&own, &[Class::Technical]), text(&label("REDACTED"), r#","subject":MARK"#));
        assert_eq!(masked(&own, &Class::ALL), own);
    }

    #[test]
    fn nothing_leads_nowhere() {
        let text = r##"{"resourceType":"Condition","id":"c","contained":[{"resourceType":"Practitioner","id":"p","name":[{"text":"Ada"}]}],"recorder":{"reference":"#p"}}"##;
        let without = |class: Class, rest: &str| {
            let shown: Vec<Class> = Class::ALL.into_iter().filter(|other| *other != class).collect();
            assert_eq!(masked(text, &shown), format!(r#"{{"resourceType":"Condition"{rest}}}"#));
        };
        without(Class::Participant, &format!(r#","id":"c",{LABEL},"recorder":MARK"#));
        let shown = masked(text, &[Class::Clinical, Class::Participant]);
        assert_eq!(shown, "", "without its id, what is contained cannot be referred to");
    }

    #[test]
    fn what_hangs_on_a_withheld_reference_goes_whole() {
        let shown = [Class::Demographic, Class::Relation, Class::Technical];
        let holding = |contained: String| {
            format!(
                r##"{{"resourceType":"List","id":"l","contained":[{contained}],"status":"current","mode":"working","source":{{"reference":"#a0"}}}}"##
            )
        };
        // Written once for each link, this would take hours.
        let length = 3000;
        let chain = (0..length).map(|at| {
            format!(
                r##"{{"resourceType":"Patient","id":"a{at}","gender":"male","managingOrganization":{{"reference":"#a{}"}}}}"##,
                (at + 1) % length
            )
        });
        let chain: Vec<_> = chain.collect();
        let open = chain.join(",").replace("#a0", "urn:x");
        let text = masked(&holding(open), &shown);
        assert!(text.starts_with(r#"{"resourceType":"List","id":"l","meta""#) && !text.contains("contained"), "{text}");
        let ring = masked(&holding(chain.join(",")), &shown);
        assert_eq!(ring.matches("Patient").count(), length, "each is referred to");
    }

    #[test]
    fn an_address_that_asks_for_its_target_shows_no_identifier() {
        let text = r#"{"resourceType":"Encounter","status":"planned","subject":{"reference":"Patient?identifier=http://hl7.org/fhir/sid/us-ssn|123-45-6789"},"serviceProvider":{"reference":"Organization?identifier=x&_count=1","display":"Mill"}}"#;
        let shown = [Class::Administrative, Class::Relation, Class::Participant, Class::Identifier];
        for (count, parts) in [(2, &[][..]), (3, &["Organization?identifier", "Mill"][..])] {
            let once = masked(text, &shown[..=count]);
            let has = |part: &str| once.contains(part);
            assert!(!has("123-45-6789") && has("Mill") == parts.contains(&"Mill"), "{once}");
            assert!(parts.iter().all(|part| has(part)), "{once}");
            assert_eq!(masked(&once.replace("MARK", MARK), &shown[..=count]), once);
        }
        assert!(masked(text, &Class::ALL).contains("123-45-6789"));
    }

    #[test]
    fn a_target_of_no_known_type_shows_no_name() {
        for subject in [
            r#""reference":"https://ehr.example/api/Records/1""#,
            r#""reference":"Patient/1","type":"http://hl7.org/fhir/StructureDefinition/Patient""#,
            r#""type":"patient""#,
            r#""reference":"Patient/1?x","type":"Encounter""#,
        ] {
            let text = format!(
                r#"{{"resourceType":"Observation","status":"final","subject":{{{subject},"display":"John Smith"}}}}"#
            );
            let shown = masked(&text, &[Class::Relation, Class::Clinical, Class::Administrative]);
            assert!(!shown.contains("Smith"), "{shown}");
        }
    }

    #[test]
    fn what_is_modified_by_what_is_gone_goes_too() {
        let shown: Vec<Class> = Class::ALL.into_iter().filter(|class| *class != Class::Demographic).collect();
        let left = |length: usize| {
            let patient = |id: &str, modifier: &str| {
                format!(r#"{{"resourceType":"Patient","id":"{id}","modifierExtension":[{{{modifier}}}]}}"#)
            };
            let race = r#""url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-race","valueCode":"x""#;
            let by = |at: usize| format!(r##""url":"urn:x","valueReference":{{"reference":"#p{at}"}}"##);
            let chain = (0..length).map(|at| patient(&format!("p{}", at + 1), &by(at)));
            let contained: Vec<_> = [patient("p0", race), patient("q", r#""url":"urn:x","valueCode":"x""#)]
                .into_iter()
                .chain(chain)
                .collect();
            let named = |at: usize| format!(r##"{{"item":{{"reference":"#p{at}"}}}},"##);
            let text = format!(
                r##"{{"resourceType":"List","contained":[{}],"entry":[{}{{"item":{{"reference":"#q"}}}}]}}"##,
                contained.join(","),
                (0..=length).map(named).collect::<String>()
            );
            masked(&text, &shown)
        };
        let few = left(3);
        assert_eq!(
            (few.matches("Patient").count(), few.matches("#p").count(), few.matches("#q").count()),
            (1, 0, 1),
            "{few}"
        );
        let many = left(40);
        assert!(!many.contains("contained") && !many.contains('#'), "after a few rounds, all goes: {many}");
    }

    #[test]
    fn each_record_is_masked_once_however_deep_it_stands() {
        let text = (0..20).fold(r#"{"resourceType":"Patient","gender":"male"}"#.to_owned(), |inner, _| {
            format!(
                r##"{{"resourceType":"List","contained":[{{"resourceType":"Basic","id":"x"}},{{"resourceType":"Bundle","id":"b","entry":[{{"resource":{inner}}}]}}],"entry":[{{"item":{{"reference":"#x"}}}},{{"item":{{"reference":"#b"}}}}]}}"##
            )
        });
        let resource = parse(text.as_bytes(), Mode::Strict).unwrap().into_resource();
        let shown: Vec<Class> = Class::ALL.into_iter().filter(|class| *class != Class::Unclassified).collect();
        let mask = Mask { shown: ClassSet::of(&shown), ..Mask::default() };
        let mut masks = 0;
        let masked = resource.to_masked_json(|_| {
            masks += 1;
            mask.clone()
        });
        let masked = masked.unwrap();
        assert_eq!((masks, masked.matches("male").count(), masked.matches("#b").count()), (21, 1, 20));
        assert!(!masked.contains("#x") && !masked.contains("Basic"), "{masked}");
        let again = parse(masked.as_bytes(), Mode::Strict).unwrap().into_resource();
        assert_eq!(again.to_masked_json(|_| mask.clone()).unwrap(), masked);
    }

    #[test]
    fn what_stands_in_place_of_a_value_leaves_a_mark() {
        let text = r#"{"resourceType":"Patient","gender":"male","name":[{"given":["Zoë",null],"_given":[null,{"extension":[{"url":"urn:x:why","valueCode":"asked"}]}]}]}"#;
        assert_eq!(
            masked(text, &[Class::Demographic, Class::Name]),
            format!(
                r#"{{"resourceType":"Patient",{LABEL},"name":[{{"given":["Zoë",null],"_given":[null,MARK]}}],"gender":"male"}}"#
            )
        );
    }

    #[test]
    fn a_record_that_nobody_may_see_goes_with_its_entry() {
        let text = r#"{"resourceType":"Bundle","type":"searchset","total":2,"entry":[{"fullUrl":"urn:a","resource":{"resourceType":"Patient","gender":"male"}},{"fullUrl":"urn:b","resource":{"resourceType":"Condition","code":{"text":"x"}}}]}"#;
        let bundle = parse(text.as_bytes(), Mode::Strict).unwrap().into_resource();
        let mask = |resource: &Resource| match resource.type_name() {
            "Condition" => Mask::default(),
            _ => Mask { shown: ClassSet::ALL, ..Mask::default() },
        };
        assert_eq!(
            bundle.to_masked_json(mask).unwrap(),
            r#"{"resourceType":"Bundle","type":"searchset","entry":[{"fullUrl":"urn:a","resource":{"resourceType":"Patient","gender":"male"}}]}"#
        );
        assert_eq!(bundle.to_masked_json(|_| Mask { shown: ClassSet::ALL, ..Mask::default() }).unwrap(), text);
    }
}
