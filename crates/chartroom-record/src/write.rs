//! Writes a record as JSON: whole, or only what belongs to some classes.

use crate::class::{Class, ClassSet};
use crate::classify::Scope;
use crate::datatype::Extension;
use crate::element::{Element, Items, Member, Node};
use crate::extra::{Extra, Twin};
use crate::facts::{ElementFacts, TypeChoice, TypeKind};
use crate::json::Writer;
use crate::resource::Resource;

/// Writes the whole element.
pub(crate) fn element(value: &dyn Element) -> String {
    let mut pen = Pen::new(None);
    pen.element(value, Scope::RESOURCE);
    pen.writer.finish()
}

/// Writes the whole resource.
pub(crate) fn resource(value: &Resource) -> String {
    let mut pen = Pen::new(None);
    pen.resource(value);
    pen.writer.finish()
}

/// Writes one value; a primitive list with the nulls of its twin.
pub(crate) fn node(value: Node<'_>, twin: Option<&Twin>) -> String {
    let mut pen = Pen::new(None);
    match value {
        Node::Absent => pen.writer.raw("null"),
        Node::Primitive(value) => value.write(&mut pen.writer),
        Node::Element(value) => {
            pen.element(value, Scope::RESOURCE);
        }
        Node::Resource(value) => {
            pen.resource(value);
        }
        Node::List(list) if matches!(list.get(0), Node::Primitive(_)) => primitives(&mut pen.writer, list, twin),
        Node::List(list) => pen.items(list),
    }
    pen.writer.finish()
}

/// Writes the member `_name` of a primitive value.
pub(crate) fn extra(value: &Extra) -> String {
    let mut pen = Pen::new(None);
    pen.twin_item(value, Scope::RESOURCE);
    pen.writer.finish()
}

/// Writes what belongs to these classes, with the structure around it. In a list, `{}` or `null` keeps the place of an
/// item that belongs to others. `None` if nothing belongs to them.
#[cfg(test)]
pub(crate) fn part(value: &Resource, only: ClassSet) -> Option<String> {
    let mut pen = Pen::new(Some(only));
    pen.resource(value).then(|| pen.writer.finish())
}

/// Writes the resource without the structures and list items that hold nothing: what is left where parts are missing.
pub(crate) fn without_places(value: &Resource) -> String {
    let mut pen = Pen { keep_places: false, ..Pen::new(Some(ClassSet::ALL)) };
    pen.resource(value);
    pen.writer.finish()
}

/// The values of a primitive list, with a null wherever only a twin stands.
pub(crate) fn primitives(writer: &mut Writer, list: &dyn Items, twin: Option<&Twin>) {
    writer.open('[');
    let (mut value, mut slot) = (0, 0);
    let nulls = twin.map_or(&[][..], |twin| &twin.slots);
    loop {
        let null = nulls.get(slot).is_some_and(|slot| slot.null);
        if !null && value == list.len() && nulls.iter().skip(slot).all(|slot| !slot.null) {
            break;
        }
        slot += 1;
        if null {
            writer.item();
            writer.raw("null");
        } else if let Node::Primitive(item) = list.get(value) {
            writer.item();
            item.write(writer);
            value += 1;
        }
    }
    writer.close(']');
}

/// A writer and what it may write. Each method tells whether it wrote anything of worth.
struct Pen {
    writer: Writer,
    only: Option<ClassSet>,
    keep_places: bool,
}

impl Pen {
    fn new(only: Option<ClassSet>) -> Self {
        Self { writer: Writer::default(), only, keep_places: true }
    }

    fn allows(&self, class: Class) -> bool {
        self.only.is_none_or(|only| only.contains(class))
    }

    fn resource(&mut self, resource: &Resource) -> bool {
        match resource.as_element() {
            Some(element) => self.element(element, Scope::RESOURCE),
            None => self.other(resource),
        }
    }

    /// A resource outside the typed set is one unclassified whole.
    fn other(&mut self, resource: &Resource) -> bool {
        let Resource::Other(other) = resource else { return false };
        if self.allows(Class::Unclassified) {
            other.json().write(&mut self.writer);
            return true;
        }
        self.writer.open('{');
        self.writer.member("resourceType");
        self.writer.string(resource.type_name());
        self.writer.close('}');
        false
    }

    fn element(&mut self, element: &dyn Element, scope: Scope) -> bool {
        let facts = element.facts();
        self.writer.open('{');
        if facts.kind == TypeKind::Resource {
            self.writer.member("resourceType");
            self.writer.quoted(facts.name);
        }
        let mut wrote = false;
        let extra = element.extra();
        if !extra.is_empty() {
            wrote |= self.extra(extra, scope);
        }
        for (index, facts) in facts.elements.iter().enumerate() {
            let member = element.member(index);
            let absent = matches!(member.node, Node::Absent);
            if absent && extra.is_empty() {
                continue;
            }
            let class = if self.only.is_some() { scope.of_member(element, facts) } else { scope.class };
            if !absent && let Some(kind) = facts.types.get(member.choice) {
                wrote |= self.member(member, kind, extra, class, scope);
            }
            if !extra.is_empty() {
                wrote |= self.twins(facts, absent, extra, Scope { class, ..scope });
            }
        }
        wrote |= self.unknown(extra);
        self.writer.close('}');
        wrote
    }

    fn member(
        &mut self,
        member: Member<'_>,
        kind: &'static TypeChoice,
        extra: &Extra,
        class: Class,
        scope: Scope,
    ) -> bool {
        let mark = self.writer.mark();
        let wrote = match member.node {
            Node::Absent => false,
            Node::Primitive(value) => {
                let allowed = self.allows(class);
                if allowed {
                    self.writer.member(kind.member);
                    value.write(&mut self.writer);
                }
                allowed
            }
            Node::Element(value) => {
                self.writer.member(kind.member);
                let scope = self.scope(scope, class, kind, value);
                self.element(value, scope)
            }
            Node::Resource(value) => {
                self.writer.member(kind.member);
                self.resource(value)
            }
            Node::List(list) if kind.twin.is_some() => {
                let allowed = self.allows(class);
                if allowed {
                    self.writer.member(kind.member);
                    primitives(&mut self.writer, list, extra.twin(kind.member));
                }
                allowed
            }
            Node::List(list) => {
                self.writer.member(kind.member);
                self.list(list, kind, class, scope)
            }
        };
        self.settle(wrote, mark)
    }

    fn scope(&self, scope: Scope, class: Class, kind: &'static TypeChoice, value: &dyn Element) -> Scope {
        if self.only.is_some() { scope.inside(class, kind, value) } else { scope }
    }

    /// The items of a list, whole.
    fn items(&mut self, list: &dyn Items) {
        self.writer.open('[');
        for index in 0..list.len() {
            self.writer.item();
            match list.get(index) {
                Node::Element(value) => self.element(value, Scope::RESOURCE),
                Node::Resource(value) => self.resource(value),
                _ => false,
            };
        }
        self.writer.close(']');
    }

    fn list(&mut self, list: &dyn Items, kind: &'static TypeChoice, class: Class, scope: Scope) -> bool {
        self.writer.open('[');
        let mut wrote = false;
        let mut mark = self.writer.mark();
        for index in 0..list.len() {
            self.writer.item();
            let item = match list.get(index) {
                Node::Element(value) => {
                    let scope = self.scope(scope, class, kind, value);
                    self.element(value, scope)
                }
                Node::Resource(value) => self.resource(value),
                _ => false,
            };
            if item || self.only.is_none() {
                mark = self.writer.mark();
                wrote = true;
            } else if !self.keep_places {
                self.writer.cut(mark);
            }
        }
        self.writer.cut(mark);
        self.writer.close(']');
        wrote
    }

    /// In a part, what turned out to hold nothing is taken back.
    fn settle(&mut self, wrote: bool, mark: usize) -> bool {
        if wrote || self.only.is_none() {
            return true;
        }
        self.writer.cut(mark);
        false
    }

    fn extra(&mut self, extra: &Extra, scope: Scope) -> bool {
        let mut wrote = false;
        if let Some(id) = extra.id().filter(|_| self.allows(Class::Technical)) {
            self.writer.member("id");
            self.writer.string(id);
            wrote = true;
        }
        wrote |= self.extensions("extension", extra.extension(), scope);
        wrote |= self.extensions("modifierExtension", extra.modifier_extension(), scope);
        wrote
    }

    /// Last, so that of a member that stands twice the second one stays behind the first.
    fn unknown(&mut self, extra: &Extra) -> bool {
        let mut wrote = false;
        if self.allows(Class::Unclassified) {
            for (name, value) in extra.unknown() {
                self.writer.unknown_member(name);
                value.write(&mut self.writer);
                wrote = true;
            }
        }
        wrote
    }

    fn extensions(&mut self, member: &str, extensions: &[Extension], scope: Scope) -> bool {
        if extensions.is_empty() {
            return false;
        }
        let start = self.writer.mark();
        self.writer.member(member);
        self.writer.open('[');
        let (mut wrote, mut mark) = (false, self.writer.mark());
        for extension in extensions {
            self.writer.item();
            let scope = if self.only.is_some() { scope.inside_extension(extension) } else { scope };
            if self.element(extension, scope) || self.only.is_none() {
                mark = self.writer.mark();
                wrote = true;
            } else if !self.keep_places {
                self.writer.cut(mark);
            }
        }
        self.writer.cut(mark);
        self.writer.close(']');
        self.settle(wrote, start)
    }

    /// The members `_name` of an element, and a list that holds nothing but nulls.
    fn twins(&mut self, facts: &ElementFacts, absent: bool, extra: &Extra, scope: Scope) -> bool {
        let mut wrote = false;
        for kind in facts.types {
            let (Some(name), Some(twin)) = (kind.twin, extra.twin(kind.member)) else { continue };
            if absent && twin.slots.iter().any(|slot| slot.null) && self.allows(scope.class) {
                self.writer.member(kind.member);
                primitives(&mut self.writer, &Vec::<bool>::new(), Some(twin));
                wrote = true;
            }
            wrote |= if facts.is_list() { self.twin_list(name, twin, scope) } else { self.twin(name, twin, scope) };
        }
        wrote
    }

    fn twin(&mut self, name: &str, twin: &Twin, scope: Scope) -> bool {
        let Some(slot) = twin.slots.first().filter(|_| twin.written > 0) else { return false };
        let mark = self.writer.mark();
        self.writer.member(name);
        let wrote = self.twin_item(&slot.extra, scope);
        self.settle(wrote, mark)
    }

    /// A part keeps the whole length, so that nulls at the end are not lost.
    fn twin_list(&mut self, name: &str, twin: &Twin, scope: Scope) -> bool {
        if twin.written == 0 {
            return false;
        }
        let start = self.writer.mark();
        self.writer.member(name);
        self.writer.open('[');
        let mut wrote = false;
        for index in 0..twin.written {
            self.writer.item();
            match twin.slots.get(index) {
                Some(slot) if !slot.extra.is_empty() => wrote |= self.twin_item_or_null(&slot.extra, scope),
                _ => self.writer.raw("null"),
            }
        }
        self.writer.close(']');
        self.settle(wrote, start)
    }

    fn twin_item_or_null(&mut self, extra: &Extra, scope: Scope) -> bool {
        let mark = self.writer.mark();
        let wrote = self.twin_item(extra, scope);
        if !wrote {
            self.writer.cut(mark);
            self.writer.raw("null");
        }
        wrote
    }

    fn twin_item(&mut self, extra: &Extra, scope: Scope) -> bool {
        self.writer.open('{');
        let wrote = self.extra(extra, scope) | self.unknown(extra);
        self.writer.close('}');
        wrote
    }
}
