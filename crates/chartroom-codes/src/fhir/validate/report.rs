//! The issues of a validation as they come up, and the answer that they make.

use std::collections::{BTreeSet, HashSet};
use std::hash::Hash;

use super::super::issue::{Issue, Severity};
use super::super::message;
use super::super::source::Place;
use super::super::system::System;
use super::coding::Subject;
use super::member::Member;
use super::{Asked, Tally, Validated};

#[derive(Default)]
pub(super) struct Report {
    issues: Once<Issue>,
    messages: BTreeSet<String>,
    unknown: Once<String>,
    status: Option<Status>,
    pub(super) normalized: Option<String>,
}

/// Each item once, in the order in which they came up.
struct Once<T> {
    items: Vec<T>,
    seen: HashSet<T>,
}

/// The status of a code that was met, the first inactive one if there is one.
struct Status {
    path: String,
    code: String,
    is_inactive: bool,
    status: Option<String>,
}

impl<T: Clone + Eq + Hash> Once<T> {
    fn add(&mut self, item: T) {
        if self.seen.insert(item.clone()) {
            self.items.push(item);
        }
    }
}

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self { items: Vec::new(), seen: HashSet::new() }
    }
}

impl Report {
    /// Adds an issue that is also part of the message.
    pub(super) fn tell(&mut self, issue: Issue) {
        self.messages.insert(issue.text.clone());
        self.note(issue);
    }

    /// Adds an issue. The text of an error is always part of the message.
    pub(super) fn note(&mut self, issue: Issue) {
        self.issues.add(issue);
    }

    pub(super) fn has_errors(&self) -> bool {
        self.issues.items.iter().any(|issue| issue.severity == Severity::Error)
    }

    /// Remembers a system or version that is not known.
    pub(super) fn add_unknown(&mut self, name: Option<String>) {
        name.into_iter().for_each(|name| self.unknown.add(name));
    }

    /// Remembers the status of a code. That of an inactive one is kept.
    pub(super) fn see_status(&mut self, asked: &Asked<'_>, system: &System<'_>, at: Place<'_>) {
        if !self.status.as_ref().is_some_and(|status| status.is_inactive) {
            let (path, code) = (asked.path.to_owned(), asked.code.to_owned());
            self.status = Some(Status { path, code, is_inactive: system.is_inactive(at), status: system.status(at) });
        }
    }

    pub(super) fn conclude(mut self, subject: &Subject, tally: Tally) -> Validated {
        self.comment_on_status();
        let is_about = |status: &&Status| {
            let accepted = tally.accepted_path.as_ref();
            !subject.is_concept() || accepted.is_some_and(|path| *path == status.path)
        };
        let status = self.status.as_ref().filter(is_about);
        let is_inactive = status.is_some_and(|status| status.is_inactive);
        let word = status.and_then(|status| status.status.clone());
        let coding = tally.accepted.or(if subject.is_concept() { None } else { tally.echoed });
        let is_undecided = tally.member == Member::Undecided || (tally.member == Member::Yes && self.has_errors());
        Validated {
            is_valid: tally.member == Member::Yes && !self.has_errors(),
            display: tally.display.filter(|_| coding.is_some()),
            coding,
            is_inactive,
            status: word.filter(|word| word == "deprecated" || (is_inactive && word != "inactive")),
            normalized_code: self.normalized.take(),
            message: self.message(),
            unknown_systems: self.unknown.items,
            is_undecided,
            issues: self.issues.items,
            concept: match subject {
                Subject::Concept(concept) => Some(concept.clone()),
                _ => None,
            },
        }
    }

    fn comment_on_status(&mut self) {
        let Some(Status { path, code, is_inactive, status }) = &self.status else { return };
        if *is_inactive {
            // Of a bare code there is no path, so the parameter is named.
            let path = if path.is_empty() { "code" } else { path };
            self.tell(message::inactive(code, status.as_deref()).at(path));
        } else if status.as_deref() == Some("deprecated") {
            self.tell(message::deprecated(code).at(path.clone()));
        }
    }

    /// The texts that matter, in alphabetical order.
    fn message(&self) -> Option<String> {
        let errors = self.issues.items.iter().filter(|issue| issue.severity == Severity::Error);
        let mut texts: Vec<&str> =
            self.messages.iter().chain(errors.map(|issue| &issue.text)).map(String::as_str).collect();
        texts.sort_unstable();
        texts.dedup();
        (!texts.is_empty()).then(|| texts.join("; "))
    }
}

impl Validated {
    /// The answer where the value set or system could not even be looked at, so that nothing can be said.
    pub(in super::super) fn unanswered(subject: &Subject, issue: Issue, unknown: Option<String>) -> Self {
        Self {
            is_valid: false,
            coding: match subject {
                Subject::Code(coding) | Subject::Coding(coding) => Some(coding.clone()),
                Subject::Concept(_) => None,
            },
            display: None,
            is_inactive: false,
            status: None,
            normalized_code: None,
            message: Some(issue.text.clone()),
            issues: vec![issue],
            unknown_systems: unknown.into_iter().collect(),
            is_undecided: true,
            concept: match subject {
                Subject::Concept(concept) => Some(concept.clone()),
                _ => None,
            },
        }
    }
}
