//! One edition of a compiled table as a system to ask. Its version is the edition's label; headers are there to group others.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde_json::json;

use super::super::code_system::Property;
use super::super::publication::Publication;
use super::super::terms::Term;
use super::{Place, Source};
use crate::system::{ICD_9_CM, ICD_10, ICD_10_CM, ICD_10_PCS};
use crate::table::{Concept, Edition, Listing, Table};
use crate::terminology::Standing;

pub(in super::super) struct TableSource {
    table: Table,
    edition: usize,
    publication: Publication,
    /// The day that codes with days of their own are judged by.
    on: Option<NaiveDate>,
    /// Whether codes stand under those that they begin with.
    is_hierarchical: bool,
}

impl TableSource {
    /// Every edition of a table, the oldest first.
    pub(in super::super) fn of(table: &Table) -> impl Iterator<Item = Self> {
        (0..).zip(table.editions()).map(|(edition, found)| Self::new(table.clone(), edition, found))
    }

    fn new(table: Table, edition: usize, Edition { label, from, .. }: &Edition) -> Self {
        let publication = Publication {
            url: table.system().to_owned(),
            version: Some(label.clone()).filter(|label| !label.is_empty()),
            name: Some(table.name().to_owned()),
            status: Some("active".to_owned()),
            ..Publication::default()
        };
        let is_hierarchical = matches!(table.system(), ICD_10_CM | ICD_10_PCS | ICD_10 | ICD_9_CM);
        Self { table, edition, publication, on: Some(*from), is_hierarchical }
    }

    fn concept(&self, at: Place<'_>) -> Option<(Concept<'_>, Listing<'_>)> {
        let Place::Listed(index) = at else { return None };
        self.listed(self.table.concept_at(index as usize)?)
    }

    fn listed<'t>(&self, concept: Concept<'t>) -> Option<(Concept<'t>, Listing<'t>)> {
        Some((concept, concept.in_edition(self.edition)?))
    }

    fn place(concept: Concept<'_>) -> Option<Place<'static>> {
        u32::try_from(concept.index()).ok().map(Place::Listed)
    }

    /// The codes directly below that the edition lists. Below one that it does not list, its children are.
    fn gather_children(&self, code: &str, found: &mut Vec<Place<'static>>) {
        for child in self.table.children(code) {
            match self.listed(child) {
                Some(_) => found.extend(Self::place(child)),
                None => self.gather_children(&child.code(), found),
            }
        }
    }
}

impl Source for TableSource {
    fn publication(&self) -> &Publication {
        &self.publication
    }

    fn locate<'p>(&self, code: &'p str) -> Option<Place<'p>> {
        let (concept, _) = self.listed(self.table.get(code)?)?;
        Self::place(concept)
    }

    /// With its dot or without.
    fn can_be_written_otherwise(&self) -> bool {
        true
    }

    fn code<'p>(&'p self, at: Place<'p>) -> Cow<'p, str> {
        Cow::Owned(self.concept(at).map(|(concept, _)| concept.code()).unwrap_or_default())
    }

    fn terms<'s>(&'s self, at: Place<'_>) -> Vec<Term<'s>> {
        let title = self.concept(at).map(|(_, listing)| listing.title.to_string());
        title.map(|title| Term { is_display: true, ..Term::new(title) }).into_iter().collect()
    }

    fn properties(&self, at: Place<'_>) -> Vec<Cow<'_, Property>> {
        let flag = |code: &str, value: bool| {
            Cow::Owned(Property { code: code.to_owned(), name: "valueBoolean".to_owned(), value: json!(value) })
        };
        vec![flag("inactive", self.is_inactive(at)), flag("notSelectable", self.is_abstract(at))]
    }

    fn knows_property(&self, property: &str) -> bool {
        matches!(property, "inactive" | "notSelectable")
    }

    fn is_abstract(&self, at: Place<'_>) -> bool {
        self.concept(at).is_some_and(|(_, listing)| !listing.selectable)
    }

    /// A code that has ended, or has not begun.
    fn is_inactive(&self, at: Place<'_>) -> bool {
        let code = self.code(at);
        matches!(self.table.lookup(&code, self.on).standing, Standing::Retired { .. } | Standing::NotYet { .. })
    }

    fn parents(&self, at: Place<'_>) -> Vec<Place<'static>> {
        let mut code = self.code(at).into_owned();
        while self.is_hierarchical
            && let Some(parent) = self.table.parent(&code)
        {
            if self.listed(parent).is_some() {
                return Self::place(parent).into_iter().collect();
            }
            code = parent.code();
        }
        Vec::new()
    }

    fn children(&self, at: Place<'_>) -> Vec<Place<'static>> {
        let mut found = Vec::new();
        if self.is_hierarchical {
            self.gather_children(&self.code(at), &mut found);
        }
        found
    }

    fn is_a(&self, at: Place<'_>, ancestor: Place<'_>) -> bool {
        let (code, above) = (self.code(at).replace('.', ""), self.code(ancestor).replace('.', ""));
        code == above || (self.is_hierarchical && !above.is_empty() && code.starts_with(&above))
    }

    /// In the order of the alphabet.
    fn all(&self) -> Box<dyn Iterator<Item = Place<'static>> + '_> {
        let listed = self.table.concepts().filter(|concept| self.listed(*concept).is_some());
        let mut codes: Vec<(String, Place<'static>)> =
            listed.filter_map(|concept| Some((concept.code(), Self::place(concept)?))).collect();
        codes.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        Box::new(codes.into_iter().map(|(_, place)| place))
    }
}
