//! What a policy declares for its rules to name: roles, places, organizations, ages.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::rule::Citation;
use crate::text::{Fault, Table, filled, is_name, not_empty, written_date};

/// Roles are bits of one word, and so are places and organizations.
pub(crate) const MOST_NAMES: usize = 64;
/// Between ages there are bands, which are bits of one word: one more than ages.
pub(crate) const MOST_AGES: usize = MOST_NAMES - 1;

/// Names as they stand in the text, in order, each with what is declared.
pub(super) type Texts<T> = BTreeMap<Spanned<String>, Table<T>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleText {
    title: Spanned<String>,
    #[serde(default)]
    extends: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Titled {
    title: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AgeText {
    years: Spanned<u8>,
    cites: Spanned<String>,
    dated: Spanned<toml::Value>,
}

/// A role, and the roles whose rules hold for it.
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) title: String,
    /// Bits of the roles that it extends by name.
    pub(crate) extends: u64,
    /// Bits of this role and of those that it extends, near and far.
    pub(crate) covers: u64,
}

/// A place or an organization.
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) title: String,
}

/// An age from which on the law treats a patient otherwise.
pub(crate) struct Age {
    pub(crate) name: String,
    pub(crate) years: u8,
    pub(crate) citation: Citation,
}

/// Something with a name, kept in the order of the names.
pub(crate) trait HasName {
    fn name(&self) -> &str;
}

macro_rules! has_name {
    ($($kind:ty),*) => {
        $(impl HasName for $kind {
            fn name(&self) -> &str {
                &self.name
            }
        })*
    };
}

has_name!(Role, Named, Age);

/// Where this name stands among those declared. They are few, and most differ in length already.
pub(crate) fn position<T: HasName>(all: &[T], name: &str) -> Option<usize> {
    all.iter().position(|one| one.name() == name)
}

/// The bits of these names; `of` says what they are, and where they are declared.
pub(super) fn bits_of<T: HasName>(names: &[Spanned<String>], all: &[T], of: &str) -> Result<u64, Fault> {
    names.iter().try_fold(0, |bits, name| match position(all, name.get_ref()) {
        Some(index) => Ok(bits | 1 << index),
        None => Err(Fault::new(name, format!("unknown {of}"))),
    })
}

/// The bits of a list of names with something in it.
pub(super) fn some_of<T: HasName>(
    names: &Option<Spanned<Vec<Spanned<String>>>>,
    all: &[T],
    of: &str,
) -> Result<Option<u64>, Fault> {
    names.as_ref().map(|names| bits_of(not_empty(names)?, all, of)).transpose()
}

/// The roles, each with all that it extends.
pub(super) fn roles(texts: &Texts<RoleText>) -> Result<Vec<Role>, Fault> {
    let mut roles = each(texts, MOST_NAMES, "roles", |name, text| {
        Ok(Role { name, title: filled(&text.title)?, extends: 0, covers: 0 })
    })?;
    let parents = texts
        .values()
        .map(|text| bits_of(&text.extends, &roles, "role; roles are defined under [roles]"))
        .collect::<Result<Vec<_>, _>>()?;
    for (index, (name, role)) in texts.keys().zip(&mut roles).enumerate() {
        role.extends = parents.get(index).copied().unwrap_or(0);
        let above = ancestors(role.extends, &parents);
        if above & (1 << index) != 0 {
            return Err(Fault::new(name, "the role extends itself"));
        }
        role.covers = above | 1 << index;
    }
    Ok(roles)
}

/// Places or organizations.
pub(super) fn named(texts: &Texts<Titled>, what: &str) -> Result<Vec<Named>, Fault> {
    each(texts, MOST_NAMES, what, |name, text| Ok(Named { name, title: filled(&text.title)? }))
}

/// The ages that the law of the place names.
pub(super) fn ages(texts: &Texts<AgeText>) -> Result<Vec<Age>, Fault> {
    each(texts, MOST_AGES, "ages", |name, text| {
        let years = *text.years.get_ref();
        if years == 0 {
            return Err(Fault::new(&text.years, "must be at least one year"));
        }
        Ok(Age { name, years, citation: Citation { source: filled(&text.cites)?, dated: written_date(&text.dated)? } })
    })
}

fn each<T, U>(
    texts: &Texts<T>,
    most: usize,
    what: &str,
    mut read: impl FnMut(String, &T) -> Result<U, Fault>,
) -> Result<Vec<U>, Fault> {
    let mut found = Vec::with_capacity(texts.len());
    for (name, text) in texts {
        if found.len() == most {
            return Err(Fault::new(name, format!("more than {most} {what}")));
        }
        if !is_name(name.get_ref()) {
            return Err(Fault::new(name, NOT_A_NAME));
        }
        found.push(read(name.get_ref().clone(), text)?);
    }
    Ok(found)
}

pub(super) const NOT_A_NAME: &str = "must be 1 to 64 of a-z, 0-9, dot and hyphen";

/// The given roles and all that they extend.
fn ancestors(mut found: u64, parents: &[u64]) -> u64 {
    loop {
        let further = parents.iter().enumerate().filter(|(index, _)| found & (1 << index) != 0);
        let wider = further.fold(found, |all, (_, above)| all | above);
        if wider == found {
            return found;
        }
        found = wider;
    }
}
