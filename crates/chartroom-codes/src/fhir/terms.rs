//! The texts by which a concept is known, and which of them a display may be.

use std::borrow::Cow;

use serde_json::Value;

use super::json::Element;
use super::language::{Languages, Likeness, alike};

/// The texts of one concept.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms<'c> {
    terms: Vec<Term<'c>>,
}

/// One text: a display or another designation.
#[derive(Clone, Debug)]
pub(super) struct Term<'c> {
    pub(super) value: Cow<'c, str>,
    pub(super) language: Option<&'c str>,
    pub(super) usage: Option<&'c Value>,
    /// Told as the display, and not as a designation.
    pub(super) is_display: bool,
    pub(super) status: Option<&'c str>,
    pub(super) extensions: &'c [Value],
}

/// How a display compares with the texts of a concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likely {
    Found,
    /// Found, but for its white space.
    Spaced,
    Absent,
}

/// The use of a designation that is the display for its language.
pub(super) const PREFERRED: (&str, &str, &str) =
    ("http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra", "preferredForLanguage", "Preferred For Language");

impl<'c> Term<'c> {
    pub(super) fn new(value: impl Into<Cow<'c, str>>) -> Self {
        Self { value: value.into(), language: None, usage: None, is_display: false, status: None, extensions: &[] }
    }

    /// Whether it can stand as the display of its language.
    fn can_display(&self) -> bool {
        let Some(usage) = self.usage else { return true };
        (usage.text("system"), usage.text("code")) == (Some(PREFERRED.0), Some(PREFERRED.1))
    }

    fn is_current(&self) -> bool {
        !matches!(self.status, Some("deprecated" | "withdrawn" | "inactive"))
    }

    /// Whether it counts for the languages: those asked for, or the default one. Without a language it counts for all.
    fn counts(&self, asked: Option<&Languages>, default: Option<&str>, likeness: Likeness) -> bool {
        let (Some(stated), Some(asked)) = (self.language, asked) else { return true };
        default.is_some_and(|default| alike(default, stated, Likeness::Whole)) || asked.accept(stated, likeness)
    }

    fn shown(&self) -> String {
        match self.language {
            Some(language) => format!("'{}' ({language})", self.value),
            None => format!("'{}'", self.value),
        }
    }
}

impl<'c> Terms<'c> {
    pub(super) fn extend(&mut self, terms: impl IntoIterator<Item = Term<'c>>) {
        self.terms.extend(terms);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Term<'c>> {
        self.terms.iter()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a display is one of the texts. Case never matters.
    pub(super) fn find(&self, display: &str, asked: Option<&Languages>, default: Option<&str>) -> Likely {
        let counting = || self.terms.iter().filter(|term| term.counts(asked, default, Likeness::Language));
        if counting().any(|term| same_text(&term.value, display)) {
            Likely::Found
        } else if counting().any(|term| same_words(&term.value, display)) {
            Likely::Spaced
        } else {
            Likely::Absent
        }
    }

    /// Whether a display is one of the texts, but no longer a current one.
    pub(super) fn is_outdated(&self, display: &str, asked: Option<&Languages>) -> bool {
        let counting = || self.terms.iter().filter(|term| term.counts(asked, None, Likeness::Language));
        let mut same = counting().filter(|term| same_text(&term.value, display)).peekable();
        same.peek().is_some() && !same.any(Term::is_current)
    }

    /// The current texts that can be displayed, each once.
    pub(super) fn current_displays(&self) -> Vec<&str> {
        let mut displays = Vec::new();
        for term in self.terms.iter().filter(|term| term.is_current() && term.can_display()) {
            if !displays.contains(&&*term.value) {
                displays.push(&*term.value);
            }
        }
        displays
    }

    /// How many texts there are in the languages, by the strictest likeness that finds any.
    pub(super) fn count(&self, asked: Option<&Languages>, displays_only: bool) -> usize {
        let count = |likeness| {
            let counts =
                |term: &&Term<'_>| (!displays_only || term.can_display()) && term.counts(asked, None, likeness);
            self.terms.iter().filter(counts).count()
        };
        Likeness::ALL.into_iter().map(count).find(|count| *count > 0).unwrap_or(0)
    }

    /// The displays in the languages, else all, as a person reads them: `'A' (en), 'B' (en) or 'C' (de)`.
    pub(super) fn shown(&self, asked: Option<&Languages>) -> String {
        let displays = || self.terms.iter().filter(|term| term.can_display());
        let wanted: Vec<_> =
            displays().filter(|term| term.counts(asked, None, Likeness::Language)).map(Term::shown).collect();
        either(if wanted.is_empty() { displays().map(Term::shown).collect() } else { wanted })
    }

    /// The text to display to someone who asked for these languages.
    pub(super) fn preferred(&self, asked: Option<&Languages>) -> Option<&Term<'c>> {
        match asked {
            None => self.unasked(),
            Some(asked) => asked.wanted().find_map(|wanted| self.in_language(wanted)).or_else(|| {
                let without_language = self.terms.iter().find(|term| term.language.is_none() && term.can_display());
                without_language.or_else(|| self.unasked().filter(|_| asked.allow_others()))
            }),
        }
    }

    fn unasked(&self) -> Option<&Term<'c>> {
        let displays = || self.terms.iter().filter(|term| term.can_display());
        displays().find(|term| term.is_current()).or_else(|| displays().next()).or_else(|| self.terms.first())
    }

    fn in_language(&self, wanted: &str) -> Option<&Term<'c>> {
        let with = |likeness, current: bool| {
            let fits = move |term: &&Term<'c>| {
                let stated = term.language.map_or(wanted == "*", |stated| alike(wanted, stated, likeness));
                stated && (!current || term.is_current())
            };
            let mut fitting = self.terms.iter().filter(fits);
            fitting.clone().find(|term| term.can_display()).or_else(|| fitting.next())
        };
        [true, false]
            .into_iter()
            .find_map(|current| Likeness::ALL.into_iter().find_map(|likeness| with(likeness, current)))
    }
}

/// A list as a person reads it: `a`, `a or b`, `a, b or c`.
pub(super) fn either(mut items: Vec<String>) -> String {
    match items.pop() {
        Some(last) if items.is_empty() => last,
        Some(last) => format!("{} or {last}", items.join(", ")),
        None => String::new(),
    }
}

fn same_text(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
}

fn same_words(a: &str, b: &str) -> bool {
    let words = |text: &str| text.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>();
    words(a) == words(b)
}
