//! Reading scopes: what went wrong, and where.

use std::str::FromStr;

use super::query::Query;
use super::{Permissions, Scope, Scopes};
use crate::{Action, ResourceType};

/// What is wrong with the text of a scope, and where. The text itself is never quoted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("character {at}: {fault}")]
pub struct ScopeError {
    at: usize,
    fault: ScopeFault,
}

impl ScopeError {
    /// The character at which the part begins that is wrong, counted from one.
    pub fn at(&self) -> usize {
        self.at
    }

    /// What is wrong.
    pub fn fault(&self) -> ScopeFault {
        self.fault
    }
}

/// What is wrong with a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScopeFault {
    /// It begins with none of `patient/`, `user/` and `system/`, and is no other scope of SMART either.
    #[error("not a context of SMART scopes")]
    Context,
    /// No type of FHIR R4 and no `*` stands behind the context.
    #[error("not a resource type of FHIR R4")]
    Type,
    /// Neither some of `cruds` in this order, nor `read`, `write` or `*`, stands behind the type.
    #[error("not permissions of SMART scopes")]
    Permissions,
    /// The search is not of the form `name=value`, or stands behind permissions of version 1.
    #[error("not a search of SMART scopes")]
    Query,
}

/// Scopes that are not about records.
const OTHERS: [&str; 8] = [
    "fhirUser",
    "launch",
    "launch/encounter",
    "launch/patient",
    "offline_access",
    "online_access",
    "openid",
    "profile",
];

/// The permissions of version 1.
const VERSION_1: [(&str, &[Action]); 3] = [
    ("read", &[Action::Read, Action::Search]),
    ("write", &[Action::Create, Action::Update, Action::Delete]),
    ("*", &[Action::Create, Action::Read, Action::Update, Action::Delete, Action::Search]),
];

impl FromStr for Scope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let fault = |rest: &str, fault| {
            let before = text.get(..text.len() - rest.len()).unwrap_or_default();
            ScopeError { at: before.chars().count() + 1, fault }
        };
        let (context, rest) = text.split_once('/').ok_or_else(|| fault(text, ScopeFault::Context))?;
        let context = context.parse().map_err(|_| fault(text, ScopeFault::Context))?;
        let (name, permissions) = rest.split_once('.').ok_or_else(|| fault(rest, ScopeFault::Type))?;
        let resource_type = resource_type(name).ok_or_else(|| fault(rest, ScopeFault::Type))?;
        let (letters, query) = match permissions.split_once('?') {
            Some((letters, query)) => (letters, Some(query)),
            None => (permissions, None),
        };
        let version_1 =
            VERSION_1.iter().find(|(name, _)| *name == letters).map(|(_, actions)| Permissions::of(actions));
        let granted =
            version_1.or_else(|| version_2(letters)).ok_or_else(|| fault(permissions, ScopeFault::Permissions))?;
        let query = query.map(|query| {
            let read = Query::read(query).filter(|_| version_1.is_none());
            read.ok_or_else(|| fault(query, ScopeFault::Query))
        });
        Ok(Self { context, resource_type, permissions: granted, query: query.transpose()? })
    }
}

/// The type of this name, or all of them.
fn resource_type(name: &str) -> Option<Option<ResourceType>> {
    match (name, ResourceType::of(name)) {
        ("*", _) => Some(None),
        (_, ResourceType::UNKNOWN) => None,
        (_, known) => Some(Some(known)),
    }
}

/// Some of the letters, each at most once, in their order.
fn version_2(letters: &str) -> Option<Permissions> {
    let mut order = Permissions::LETTERS.iter();
    let next = |letter: char| order.find(|(known, _)| *known == letter).map(|(_, action)| *action);
    let actions = letters.chars().map(next).collect::<Option<Vec<_>>>()?;
    (!actions.is_empty()).then(|| Permissions::of(&actions))
}

impl FromStr for Scopes {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        let mut scopes = Vec::new();
        let mut before = 0;
        for part in text.split(' ') {
            if !part.is_empty() && !OTHERS.contains(&part) {
                let scope = part.parse().map_err(|error: ScopeError| ScopeError { at: error.at + before, ..error })?;
                scopes.push(scope);
            }
            before += part.chars().count() + 1;
        }
        Ok(Self(scopes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn others_are_passed_over_and_faults_have_a_place() {
        let scopes: Scopes = "openid fhirUser launch/patient patient/*.rs".parse().expect("scopes");
        assert_eq!(scopes.to_string(), "patient/*.rs");
        for (text, at, fault) in [
            ("openid patient/*.sr", 18, ScopeFault::Permissions),
            ("openid  patient/*.rs?", 22, ScopeFault::Query),
            ("patient/Konditions.rs", 9, ScopeFault::Type),
            ("launch/*.rs", 1, ScopeFault::Context),
            ("é.read", 1, ScopeFault::Context),
            ("user/Patient.read?name=x", 19, ScopeFault::Query),
            ("user/Patient.rs?name=%zz", 17, ScopeFault::Query),
        ] {
            assert_eq!(text.parse::<Scopes>(), Err(ScopeError { at, fault }), "{text}");
        }
        assert_eq!("".parse(), Ok(Scopes::default()));
    }

    proptest! {
        #[test]
        fn what_is_printed_is_read_again(text in "(patient|user|system)/(\\*|Observation|Patient)\\.(c?r?u?d?s|read|write|\\*)") {
            let scope: Scope = text.parse().expect("a scope");
            prop_assert_eq!(scope.to_string().parse(), Ok(scope));
        }

        #[test]
        fn garbage_never_panics_and_never_passes(text in "[a-z/*.?=|&% é-]{0,40}") {
            if let Ok(scope) = text.parse::<Scope>() {
                prop_assert_eq!(scope.to_string().parse(), Ok(scope));
            }
        }
    }
}
