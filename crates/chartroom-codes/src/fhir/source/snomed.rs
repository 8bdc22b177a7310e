//! A release of SNOMED CT as a system to ask, by the rules of FHIR's page on it: filters on the hierarchy, on reference sets, on
//! attributes and by the constraint language; expressions as codes; and value sets that are named by their definition.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde_json::{Value, json};

use super::super::code_system::Property;
use super::super::issue::Issue;
use super::super::message;
use super::super::publication::Publication;
use super::super::terms::{PREFERRED, Term};
use super::super::value_set::{Compose, Filter, Selection, ValueSet};
use super::{OwnTest, Place, Source};
use crate::ecl::{Budget, Constraint, NotEvaluable};
use crate::identifier::SnomedId;
use crate::snomed::{Concept, Expression, REFERENCE_SET, SnomedCt};
use crate::system::SNOMED_CT;

pub(in super::super) struct SnomedSource {
    snomed: SnomedCt,
    publication: Publication,
}

/// What a term is for.
static FULL_NAME: LazyLock<Value> = LazyLock::new(|| json!({ "system": SNOMED_CT, "code": "900000000000003001" }));
static SYNONYM: LazyLock<Value> = LazyLock::new(|| json!({ "system": SNOMED_CT, "code": "900000000000013009" }));
static IS_PREFERRED: LazyLock<Value> =
    LazyLock::new(|| json!({ "system": PREFERRED.0, "code": PREFERRED.1, "display": PREFERRED.2 }));

/// What an expression begins with that describes some kind of what follows, and not that itself.
const KIND_OF: &str = "<<<";

impl SnomedSource {
    pub(in super::super) fn new(snomed: SnomedCt) -> Self {
        let publication = Publication {
            url: SNOMED_CT.to_owned(),
            version: Some(snomed.version().to_owned()),
            name: Some(format!("{SNOMED_CT}|{}", snomed.version())),
            status: Some("active".to_owned()),
            ..Publication::default()
        };
        Self { snomed, publication }
    }

    fn concept(&self, at: Place<'_>) -> Option<&Concept> {
        match at {
            Place::Listed(index) => self.snomed.concepts().get(index as usize),
            Place::Written(_) => None,
        }
    }

    fn id(&self, at: Place<'_>) -> Option<u64> {
        self.concept(at).map(|concept| concept.id)
    }

    fn place(&self, id: u64) -> Option<Place<'static>> {
        let index = self.snomed.concepts().binary_search_by_key(&id, |concept| concept.id).ok()?;
        u32::try_from(index).ok().map(Place::Listed)
    }

    fn places(&self, ids: impl Iterator<Item = u64>) -> Vec<Place<'static>> {
        ids.filter_map(|id| self.place(id)).collect()
    }

    /// The concept that a filter names.
    fn named(&self, filter: &Filter) -> Result<u64, Issue> {
        let value = filter.value.as_deref().unwrap_or_default();
        let id = value.trim().parse::<SnomedId>().ok().map(SnomedId::number);
        let unknown = || message::filter_not_understood(&filter.property, &filter.op, value);
        id.filter(|id| self.snomed.concept(*id).is_some()).ok_or_else(unknown)
    }

    fn constrained<'s>(&'s self, text: &str) -> Result<OwnTest<'s>, Issue> {
        let constraint: Constraint = text.parse().map_err(|fault| message::invalid_constraint(text, &fault))?;
        let refused = |why: NotEvaluable| message::constraint_not_evaluable(text, why);
        constraint.on(&self.snomed).map_err(refused)?;
        let (text, budget) = (text.to_owned(), Budget::default());
        Ok(Box::new(move |at| {
            let refused = |why| message::constraint_not_evaluable(&text, why);
            let bound = constraint.checked_on(&self.snomed);
            match at {
                Place::Listed(_) => self.id(at).map_or(Ok(false), |id| bound.contains_within(&budget, id)),
                Place::Written(code) => code.parse().map_or(Ok(false), |code| bound.contains_expression(&code)),
            }
            .map_err(refused)
        }))
    }

    fn of_set(&self, filter: &Filter) -> Result<OwnTest<'_>, Issue> {
        let set = self.named(filter)?;
        if !self.snomed.is_reference_set(set) {
            return Err(message::filter_not_understood(&filter.property, &filter.op, &set.to_string()));
        }
        if !self.snomed.knows_members(set) {
            let text = format!("^ {set}");
            return Err(message::constraint_not_evaluable(&text, NotEvaluable::MembersNotLoaded { set }));
        }
        Ok(Box::new(move |at| Ok(self.id(at).is_some_and(|id| self.snomed.is_member(set, id)))))
    }
}

impl Source for SnomedSource {
    fn publication(&self) -> &Publication {
        &self.publication
    }

    fn has_grammar(&self) -> bool {
        true
    }

    fn locate<'p>(&self, code: &'p str) -> Option<Place<'p>> {
        if let Ok(id) = code.parse::<SnomedId>() {
            return self.place(id.number());
        }
        let expression: Expression = code.parse().ok().filter(|_| code.trim() == code)?;
        match expression.as_concept().filter(|_| !code.starts_with(KIND_OF)) {
            // With its term behind it, it is the same concept.
            Some(id) => self.place(id),
            None => expression.is_known(&self.snomed).then_some(Place::Written(code)),
        }
    }

    fn can_be_written_otherwise(&self) -> bool {
        true
    }

    fn code<'p>(&'p self, at: Place<'p>) -> Cow<'p, str> {
        match at {
            Place::Listed(_) => Cow::Owned(self.id(at).map(|id| id.to_string()).unwrap_or_default()),
            Place::Written(code) => Cow::Borrowed(code),
        }
    }

    fn terms<'s>(&'s self, at: Place<'_>) -> Vec<Term<'s>> {
        if let Place::Written(code) = at {
            let shown = code.parse::<Expression>().map(|expression| expression.shown(&self.snomed)).unwrap_or_default();
            return vec![Term { is_display: true, ..Term::new(shown) }];
        }
        let terms = self.id(at).map_or(&[][..], |id| self.snomed.terms(id));
        let usage = |term: &crate::snomed::Term, is_first: bool| match (term.is_full_name, is_first) {
            (_, true) => &*IS_PREFERRED,
            (true, _) => &*FULL_NAME,
            (false, _) => &*SYNONYM,
        };
        (0..)
            .zip(terms)
            .map(|(index, term)| Term {
                language: Some(&term.language),
                usage: Some(usage(term, index == 0)),
                is_display: index == 0,
                ..Term::new(&*term.text)
            })
            .collect()
    }

    fn properties(&self, at: Place<'_>) -> Vec<Cow<'_, Property>> {
        let Some(concept) = self.concept(at) else { return Vec::new() };
        let property = |code: &str, name: &str, value: Value| {
            Cow::Owned(Property { code: code.to_owned(), name: name.to_owned(), value })
        };
        let mut properties = vec![
            property("inactive", "valueBoolean", json!(concept.ended.is_some())),
            property("moduleId", "valueCode", json!(concept.module.to_string())),
            property("sufficientlyDefined", "valueBoolean", json!(concept.is_defined)),
        ];
        for attribute in self.snomed.attributes(concept.id) {
            let value = json!(attribute.destination.to_string());
            properties.push(property(&attribute.kind.to_string(), "valueCode", value));
        }
        properties
    }

    fn knows_property(&self, property: &str) -> bool {
        let attribute = || property.parse::<SnomedId>().is_ok_and(|id| self.snomed.concept(id.number()).is_some());
        matches!(property, "inactive" | "moduleId" | "sufficientlyDefined") || attribute()
    }

    /// An expression is inactive if a concept that it is made of is.
    fn is_inactive(&self, at: Place<'_>) -> bool {
        match at {
            Place::Listed(_) => self.concept(at).is_some_and(|concept| concept.ended.is_some()),
            Place::Written(code) => {
                code.parse::<Expression>().is_ok_and(|expression| !expression.is_all(|id| self.snomed.is_active(id)))
            }
        }
    }

    fn parents(&self, at: Place<'_>) -> Vec<Place<'static>> {
        self.id(at).map(|id| self.places(self.snomed.hierarchy().parents(id))).unwrap_or_default()
    }

    fn children(&self, at: Place<'_>) -> Vec<Place<'static>> {
        self.id(at).map(|id| self.places(self.snomed.hierarchy().children(id))).unwrap_or_default()
    }

    fn is_a(&self, at: Place<'_>, ancestor: Place<'_>) -> bool {
        match (at, self.id(ancestor)) {
            (Place::Listed(_), Some(above)) => self.id(at).is_some_and(|id| self.snomed.subsumes(above, id)),
            (Place::Written(code), Some(above)) => {
                code.parse::<Expression>().is_ok_and(|expression| expression.is_a(&self.snomed, above))
            }
            (_, None) => at == ancestor,
        }
    }

    fn all(&self) -> Box<dyn Iterator<Item = Place<'static>> + '_> {
        Box::new((0u32..).zip(self.snomed.concepts()).map(|(at, _)| Place::Listed(at)))
    }

    /// Filters on concepts must name one that is there: what is not known is never taken for nothing.
    fn own_test<'s>(&'s self, filter: &Filter) -> Option<Result<OwnTest<'s>, Issue>> {
        let value = filter.value.as_deref()?;
        match (filter.property.as_str(), filter.op.as_str()) {
            ("constraint", "=") => Some(self.constrained(value)),
            ("expressions", "=") => {
                let are_wanted = value == "true";
                Some(Ok(Box::new(move |at| Ok(are_wanted || matches!(at, Place::Listed(_))))))
            }
            ("concept" | "code", "in") => Some(self.of_set(filter)),
            ("concept" | "code", "is-a" | "descendent-of" | "descendant-of" | "child-of" | "generalizes") => {
                self.named(filter).err().map(Err)
            }
            (attribute, "=") if attribute.parse::<SnomedId>().is_ok() => self.named(filter).err().map(Err),
            _ => None,
        }
    }
}

/// A value set that is named by its definition: `http://snomed.info/sct?fhir_vs=isa/73211009`. (FHIR, Using SNOMED CT, "Implicit
/// value sets".) What the name asks for beyond that is not understood, and no value set.
pub(in super::super) fn implicit(url: &str) -> Option<ValueSet> {
    let (system, definition) = url.split_once("?fhir_vs")?;
    let version = system.strip_prefix(SNOMED_CT)?;
    let version = if version.is_empty() { None } else { version.starts_with('/').then_some(Some(system))? };
    let filter = |property: &str, op: &str, value: String| Filter {
        property: property.to_owned(),
        op: op.to_owned(),
        value: Some(value),
    };
    let filters = match definition.strip_prefix('=') {
        None if definition.is_empty() => Vec::new(),
        None => return None,
        Some("refset") => vec![filter("concept", "descendent-of", REFERENCE_SET.to_string())],
        Some(asked) => vec![match asked.split_once('/')? {
            ("isa", concept) => filter("concept", "is-a", concept.to_owned()),
            ("refset", set) => filter("concept", "in", set.to_owned()),
            ("ecl", constraint) => filter("constraint", "=", unescaped(constraint)?),
            _ => return None,
        }],
    };
    let include = Selection {
        system: Some(SNOMED_CT.to_owned()),
        version: version.map(str::to_owned),
        filters,
        ..Selection::default()
    };
    Some(ValueSet::implicit(url, Compose { include: vec![include], ..Compose::default() }))
}

/// A part of a URL without its escapes.
fn unescaped(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut plain = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?].map(char::from).map(|digit| digit.to_digit(16));
                let [Some(high), Some(low)] = digits else { return None };
                u8::try_from(high * 16 + low).ok()?
            }
            b'+' => b' ',
            other => other,
        });
    }
    String::from_utf8(plain).ok()
}
