//! UCUM as a system to ask. Its codes are written by a grammar, and none is listed.

use std::borrow::Cow;

use super::super::issue::Issue;
use super::super::message;
use super::super::publication::Publication;
use super::super::terms::Term;
use super::super::value_set::Filter;
use super::{OwnTest, Place, Source};
use crate::system::UCUM;
use crate::units::Unit;

/// The version of UCUM that units are read by.
const VERSION: &str = "2.2";

pub(in super::super) struct UnitSource {
    publication: Publication,
}

impl Default for UnitSource {
    fn default() -> Self {
        let publication = Publication {
            url: UCUM.to_owned(),
            version: Some(VERSION.to_owned()),
            name: Some("UCUM".to_owned()),
            status: Some("active".to_owned()),
            ..Publication::default()
        };
        Self { publication }
    }
}

impl Source for UnitSource {
    fn publication(&self) -> &Publication {
        &self.publication
    }

    fn has_grammar(&self) -> bool {
        true
    }

    fn locate<'p>(&self, code: &'p str) -> Option<Place<'p>> {
        code.parse::<Unit>().is_ok().then_some(Place::Written(code))
    }

    fn code<'p>(&'p self, at: Place<'p>) -> Cow<'p, str> {
        Cow::Borrowed(written(at))
    }

    fn terms<'s>(&'s self, at: Place<'_>) -> Vec<Term<'s>> {
        let Ok(unit) = written(at).parse::<Unit>() else { return Vec::new() };
        let english = |value: String| Term { language: Some("en"), is_display: true, ..Term::new(value) };
        vec![english(unit.to_string()), english(unit.display_name())]
    }

    fn knows_property(&self, property: &str) -> bool {
        property == CANONICAL
    }

    fn is_a(&self, at: Place<'_>, ancestor: Place<'_>) -> bool {
        at == ancestor
    }

    fn all(&self) -> Box<dyn Iterator<Item = Place<'static>> + '_> {
        Box::new(std::iter::empty())
    }

    /// `canonical`: the units whose base units are these.
    fn own_test<'s>(&'s self, Filter { property, op, value }: &Filter) -> Option<Result<OwnTest<'s>, Issue>> {
        let value = value.as_deref().filter(|_| property == CANONICAL && op == "=")?;
        let not_understood = |_| message::filter_not_understood(property, op, value);
        Some(value.parse::<Unit>().map_err(not_understood).map(|wanted| -> OwnTest<'s> {
            Box::new(move |at| Ok(written(at).parse::<Unit>().is_ok_and(|unit| unit.is_comparable(&wanted))))
        }))
    }
}

const CANONICAL: &str = "canonical";

fn written(at: Place<'_>) -> &str {
    match at {
        Place::Written(code) => code,
        Place::Listed(_) => "",
    }
}
