//! Takes a record apart by class, in one walk: each value goes to the text of its class, and a structure or list is opened in a text
//! only when a value of that class stands inside.

use crate::class::{Class, ClassSet};
use crate::classify::Scope;
use crate::datatype::Extension;
use crate::element::{Element, Items, Member, Node};
use crate::extra::{Extra, Twin};
use crate::facts::{ElementFacts, TypeChoice, TypeFacts, TypeKind};
use crate::json::{Json, Writer};
use crate::part::Part;
use crate::resource::Resource;
use crate::{walk, write};

/// The part of each class that the record holds something of, in the order of the classes. Shows the codings on the way.
pub(crate) fn split(resource: &Resource, show: &mut dyn FnMut(&str, &str, Class)) -> Vec<Part> {
    let (path, lists) = (Vec::with_capacity(14), Vec::with_capacity(4));
    let mut splitter = Splitter { texts: Default::default(), path, lists, show };
    splitter.resource(resource, Slot::Root);
    let mut parts = Vec::with_capacity(splitter.texts.iter().filter(|text| text.writer.mark() > 0).count());
    let texts = Class::ALL.into_iter().zip(splitter.texts).filter(|(_, text)| text.writer.mark() > 0);
    parts.extend(texts.map(|(class, text)| Part { class, json: text.writer.finish() }));
    parts
}

struct Splitter<'a, 's> {
    texts: [Text; Class::ALL.len()],
    path: Vec<Level<'a>>,
    /// For each list on the path, how many items each text has of it.
    lists: Vec<[usize; Class::ALL.len()]>,
    show: &'s mut dyn FnMut(&str, &str, Class),
}

/// The text of one class in the making.
#[derive(Default)]
struct Text {
    writer: Writer,
    /// How many levels of the path are open in it.
    depth: usize,
}

/// A structure or list on the way from the root to the value at hand.
struct Level<'a> {
    slot: Slot<'a>,
    kind: Kind<'a>,
    /// The classes in whose texts it is open.
    open: ClassSet,
}

/// Where a structure or list stands.
#[derive(Clone, Copy)]
enum Slot<'a> {
    Root,
    Member(&'static str),
    /// In the list at this place among those on the path, at this index.
    Item(usize, usize, Places<'a>),
}

/// What keeps the place of an item that belongs to other classes.
#[derive(Clone, Copy)]
enum Places<'a> {
    /// `{}`
    Hollow,
    /// `null`
    Null,
    /// `{}`, or the bare type of a resource.
    Of(&'a dyn Items),
}

#[derive(Clone, Copy)]
enum Kind<'a> {
    Structure,
    Resource(&'static str),
    /// A list, with how many items every text must have.
    List(usize),
    /// A value without a structure of its own.
    Whole(&'a Json),
}

impl<'a> Splitter<'a, '_> {
    fn resource(&mut self, resource: &'a Resource, slot: Slot<'a>) {
        match resource {
            // A resource outside the typed set is one unclassified whole.
            Resource::Other(other) => {
                walk::plain_codings(other.json(), self.show);
                self.within(slot, Kind::Whole(other.json()), |splitter| {
                    splitter.text(Class::Unclassified);
                });
            }
            typed => {
                if let Some(element) = typed.as_element() {
                    self.element(element, Scope::RESOURCE, slot);
                }
            }
        }
    }

    fn element(&mut self, element: &'a dyn Element, scope: Scope, slot: Slot<'a>) {
        let facts = element.facts();
        let kind = if facts.kind == TypeKind::Resource { Kind::Resource(facts.name) } else { Kind::Structure };
        walk::show_coding(element, facts, scope.class, self.show);
        let extra = element.extra();
        if facts.plain && extra.is_empty() {
            return self.plain(element, facts, scope.class, slot);
        }
        self.within(slot, kind, |splitter| {
            if extra.is_empty() {
                splitter.members(element, facts, scope, None);
            } else {
                splitter.extra(extra, scope);
                splitter.members(element, facts, scope, Some(extra));
                splitter.unknown(extra);
            }
        });
    }

    /// An element that stands in one text as a whole.
    fn plain(&mut self, element: &'a dyn Element, facts: &'static TypeFacts, class: Class, slot: Slot<'a>) {
        let mut members = facts.elements.iter().enumerate().filter_map(|(index, facts)| {
            let Member { choice, node } = element.member(index);
            let Node::Primitive(value) = node else { return None };
            facts.types.get(choice).map(|kind| (kind.member, value))
        });
        let Some(first) = members.next() else { return };
        if self.text(class).is_none() {
            return;
        }
        let Some(text) = self.texts.get_mut(class as usize) else { return };
        text.enter(slot, Kind::Structure, &mut self.lists, class);
        for (name, value) in std::iter::once(first).chain(members) {
            text.writer.member(name);
            value.write(&mut text.writer);
        }
        text.writer.close('}');
    }

    fn members(&mut self, element: &'a dyn Element, facts: &'static TypeFacts, scope: Scope, extra: Option<&'a Extra>) {
        let members = scope.members_of(element, facts);
        for (index, facts) in facts.elements.iter().enumerate() {
            let member = element.member(index);
            let absent = matches!(member.node, Node::Absent);
            if absent && extra.is_none() {
                continue;
            }
            let scope = Scope { class: members.class(facts), ..scope };
            if !absent && let Some(kind) = facts.types.get(member.choice) {
                self.member(member, kind, extra, scope);
            }
            if let Some(extra) = extra {
                self.twins(facts, absent, extra, scope);
            }
        }
    }

    fn member(&mut self, member: Member<'a>, kind: &'static TypeChoice, extra: Option<&'a Extra>, scope: Scope) {
        let slot = Slot::Member(kind.member);
        match member.node {
            Node::Absent => {}
            Node::Primitive(value) => {
                if let Some(writer) = self.text(scope.class) {
                    writer.member(kind.member);
                    value.write(writer);
                }
            }
            Node::Element(value) => self.element(value, scope.inside(scope.class, kind, value), slot),
            Node::Resource(value) => self.resource(value, slot),
            Node::List(list) if kind.twin.is_some() => {
                if let Some(writer) = self.text(scope.class) {
                    writer.member(kind.member);
                    write::primitives(writer, list, extra.and_then(|extra| extra.twin(kind.member)));
                }
            }
            Node::List(list) => self.within(slot, Kind::List(0), |splitter| {
                for index in 0..list.len() {
                    let slot = splitter.item(index, Places::Of(list));
                    match list.get(index) {
                        Node::Element(value) => splitter.element(value, scope.inside(scope.class, kind, value), slot),
                        Node::Resource(value) => splitter.resource(value, slot),
                        _ => {}
                    }
                }
            }),
        }
    }

    fn extra(&mut self, extra: &'a Extra, scope: Scope) {
        if let Some(id) = extra.id()
            && let Some(writer) = self.text(Class::Technical)
        {
            writer.member("id");
            writer.string(id);
        }
        self.extensions("extension", extra.extension(), scope);
        self.extensions("modifierExtension", extra.modifier_extension(), scope);
    }

    fn extensions(&mut self, member: &'static str, extensions: &'a [Extension], scope: Scope) {
        if extensions.is_empty() {
            return;
        }
        self.within(Slot::Member(member), Kind::List(0), |splitter| {
            for (index, extension) in extensions.iter().enumerate() {
                let (scope, slot) = (scope.inside_extension(extension), splitter.item(index, Places::Hollow));
                splitter.element(extension, scope, slot);
            }
        });
    }

    /// Last, so that of a member that stands twice the second one stays behind the first.
    fn unknown(&mut self, extra: &'a Extra) {
        for (name, value) in extra.unknown() {
            walk::plain_codings(value, self.show);
            if let Some(writer) = self.text(Class::Unclassified) {
                writer.unknown_member(name);
                value.write(writer);
            }
        }
    }

    /// The members `_name` of an element, and a list that holds nothing but nulls.
    fn twins(&mut self, facts: &'static ElementFacts, absent: bool, extra: &'a Extra, scope: Scope) {
        for kind in facts.types {
            let (Some(name), Some(twin)) = (kind.twin, extra.twin(kind.member)) else { continue };
            if absent
                && twin.slots.iter().any(|slot| slot.null)
                && let Some(writer) = self.text(scope.class)
            {
                writer.member(kind.member);
                write::primitives(writer, &Vec::<bool>::new(), Some(twin));
            }
            if facts.is_list() {
                self.twin_list(name, twin, scope);
            } else if let Some(slot) = twin.slots.first().filter(|_| twin.written > 0) {
                self.twin_item(&slot.extra, scope, Slot::Member(name));
            }
        }
    }

    /// A part keeps the whole length, so that nulls at the end are not lost.
    fn twin_list(&mut self, name: &'static str, twin: &'a Twin, scope: Scope) {
        self.within(Slot::Member(name), Kind::List(twin.written), |splitter| {
            for (index, slot) in twin.slots.iter().take(twin.written).enumerate() {
                let place = splitter.item(index, Places::Null);
                splitter.twin_item(&slot.extra, scope, place);
            }
        });
    }

    fn twin_item(&mut self, extra: &'a Extra, scope: Scope, slot: Slot<'a>) {
        self.within(slot, Kind::Structure, |splitter| {
            splitter.extra(extra, scope);
            splitter.unknown(extra);
        });
    }

    /// The place of an item in the list that was opened last.
    fn item(&self, index: usize, places: Places<'a>) -> Slot<'a> {
        Slot::Item(self.lists.len().saturating_sub(1), index, places)
    }

    /// Goes down one level, and closes it in every text where a value opened it.
    fn within(&mut self, slot: Slot<'a>, kind: Kind<'a>, inside: impl FnOnce(&mut Self)) {
        let depth = self.path.len();
        self.path.push(Level { slot, kind, open: ClassSet::NONE });
        if let Kind::List(_) = kind {
            self.lists.push([0; Class::ALL.len()]);
        }
        inside(self);
        let Some(Level { kind, open, .. }) = self.path.pop() else { return };
        let list = if let Kind::List(_) = kind { self.lists.last() } else { None };
        for class in open.iter() {
            if let Some(text) = self.texts.get_mut(class as usize) {
                let items = list.and_then(|list| list.get(class as usize).copied());
                text.leave(kind, items.unwrap_or_default());
                text.depth = depth;
            }
        }
        if let Kind::List(_) = kind {
            self.lists.pop();
        }
    }

    /// The text of a class, with all levels open: a value of that class comes next.
    fn text(&mut self, class: Class) -> Option<&mut Writer> {
        let text = self.texts.get_mut(class as usize)?;
        if text.depth == self.path.len() {
            return Some(&mut text.writer);
        }
        if text.depth == 0 {
            // Most texts are shorter, and growing costs more than writing; what is longer, allocators give out more slowly.
            text.writer.reserve(1000);
        }
        for level in self.path.iter_mut().skip(text.depth) {
            level.open.insert(class);
            text.enter(level.slot, level.kind, &mut self.lists, class);
        }
        text.depth = self.path.len();
        Some(&mut text.writer)
    }
}

impl Text {
    /// Opens a structure or list, behind what keeps the places of the items before it.
    fn enter(&mut self, slot: Slot<'_>, kind: Kind<'_>, lists: &mut [[usize; Class::ALL.len()]], class: Class) {
        match slot {
            Slot::Root => {}
            Slot::Member(name) => self.writer.member(name),
            Slot::Item(list, index, places) => {
                if let Some(items) = lists.get_mut(list).and_then(|list| list.get_mut(class as usize)) {
                    self.fill(*items, index, places);
                    *items = index + 1;
                }
                self.writer.item();
            }
        }
        match kind {
            Kind::Structure => self.writer.open('{'),
            // A name of the standard needs no escapes.
            Kind::Resource(name) => {
                self.writer.raw(r#"{"resourceType":"#);
                self.writer.quoted(name);
            }
            Kind::Whole(json) => json.write(&mut self.writer),
            Kind::List(_) => self.writer.open('['),
        }
    }

    /// Closes a level; of a list, it has so many items.
    fn leave(&mut self, kind: Kind<'_>, items: usize) {
        match kind {
            Kind::Structure | Kind::Resource(_) => self.writer.close('}'),
            Kind::Whole(_) => {}
            Kind::List(least) => {
                self.fill(items, least, Places::Null);
                self.writer.close(']');
            }
        }
    }

    /// Keeps the places of items that belong to other classes, from the first up to the second.
    fn fill(&mut self, first: usize, end: usize, places: Places<'_>) {
        for index in first..end {
            self.writer.item();
            match places {
                Places::Null => self.writer.raw("null"),
                Places::Of(list) if let Node::Resource(resource) = list.get(index) => {
                    self.writer.open('{');
                    self.writer.member("resourceType");
                    self.writer.string(resource.type_name());
                    self.writer.close('}');
                }
                Places::Hollow | Places::Of(_) => self.writer.raw("{}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mode, parse};

    /// What the walk for one class alone writes: the way that is slow and plain.
    fn one_by_one(resource: &Resource) -> Vec<Part> {
        let part = |class: Class| write::part(resource, class.into()).map(|json| Part { class, json });
        Class::ALL.into_iter().filter_map(part).collect()
    }

    #[test]
    fn one_walk_writes_what_a_walk_for_each_class_writes() {
        for json in [
            r#"{"resourceType":"Patient","id":"p1","identifier":[{"system":"urn:mrn","value":"1"},{"system":"http://hl7.org/fhir/sid/us-ssn","value":"2"},{"system":"urn:mrn","value":"3"}],"name":[{"given":[null,"Zoë",null],"_given":[{"id":"a"},null,{"extension":[{"url":"urn:x","valueString":"y"}]},null],"family":"Fenwarden"}],"birthDate":"1980"}"#,
            r#"{"resourceType":"Patient","_birthDate":{"id":"b","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/patient-birthTime","valueDateTime":"1980-01-01"}]},"name":[{"_given":[null,{"id":"z"},null]},{"text":"x"}],"unheard":{"of":[1,2]},"extension":[{"url":"urn:a","extension":[{"url":"b","valueString":"c"}]},{"url":"http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex","valueCode":"F"}]}"#,
            r#"{"resourceType":"Condition","contained":[{"resourceType":"Practitioner","id":"a"},{"resourceType":"Nonesuch","id":"b","text":"c"},{"resourceType":"Patient","id":"c","name":[{"family":"d"}]}],"subject":{"reference":"Patient/1","display":"Ada"},"code":{"coding":[{"system":"urn:s","code":"c"}],"text":"t"}}"#,
            r#"{"resourceType":"Nonesuch","id":"b"}"#,
            r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"Nonesuch","x":1}},{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Patient","gender":"male"}}]}"#,
            r#"{"resourceType":"Patient"}"#,
        ] {
            let resource = parse(json.as_bytes(), Mode::Lenient).unwrap().into_resource();
            let mut seen = Vec::new();
            let parts =
                split(&resource, &mut |system, code, class| seen.push((system.to_owned(), code.to_owned(), class)));
            assert_eq!(parts, one_by_one(&resource), "{json}");
            let mut shown = Vec::new();
            resource.for_each_coding(|system, code, class| shown.push((system.to_owned(), code.to_owned(), class)));
            assert_eq!(seen, shown);
        }
    }
}
