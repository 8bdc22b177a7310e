//! Versions: which one a reference means, and the rules that a request lays down for them.

use std::cmp::Ordering;

/// What a request says about the versions of a code system or value set.
///
/// The parameters are `system-version`, `check-system-version` and `force-system-version`, and the same three for value
/// sets (`default-valueset-version`, `check-valueset-version`, `force-valueset-version`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRule {
    /// How the rule is applied.
    pub kind: VersionRuleKind,
    /// The canonical URL of the code system or value set.
    pub url: String,
    /// The version, or a pattern such as `1.0.x`.
    pub version: String,
}

/// How a [`VersionRule`] is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionRuleKind {
    /// Used where nothing else names a version.
    Default,
    /// Used where nothing else names a version; another version is an error.
    Check,
    /// Used whatever else names a version.
    Force,
}

impl VersionRule {
    /// Reads a rule from a canonical with a version, `url|version`. `None` if it has no version.
    pub fn new(kind: VersionRuleKind, canonical: &str) -> Option<Self> {
        let (url, version) = canonical.split_once('|')?;
        Some(Self { kind, url: url.to_owned(), version: version.to_owned() })
    }
}

/// The version to use for a URL: what the rules make of the version that was stated.
pub(super) fn ruled<'a>(rules: &'a [VersionRule], url: &str, stated: Option<&'a str>) -> Option<&'a str> {
    let rule = |kind| rules.iter().find(|rule| rule.kind == kind && rule.url == url).map(|rule| rule.version.as_str());
    let stated = stated.filter(|version| !version.is_empty());
    rule(VersionRuleKind::Force)
        .or(stated)
        .or_else(|| rule(VersionRuleKind::Default))
        .or_else(|| rule(VersionRuleKind::Check))
}

/// Whether a version is what the reference asks for: the same, or within its pattern. `x`, `X` and `*` stand for any part. Of SNOMED CT, an
/// edition without a day is any version of that edition.
pub(super) fn satisfies(version: &str, asked: &str) -> bool {
    let is_of_edition = || version.strip_prefix(asked).is_some_and(|day| day.starts_with("/version/"));
    version == asked || is_of_edition() || (has_wildcard(asked) && within(version, asked))
}

/// Orders versions: part by part, numbers as numbers, and a release after its own pre-releases.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a_release, a_label) = split_label(a);
    let (b_release, b_label) = split_label(b);
    let parts = compare_parts(a_release, b_release);
    parts
        .then_with(|| a_label.is_none().cmp(&b_label.is_none()))
        .then_with(|| a_label.cmp(&b_label))
        .then_with(|| a.cmp(b))
}

fn has_wildcard(asked: &str) -> bool {
    asked.split('.').any(is_wildcard)
}

fn is_wildcard(part: &str) -> bool {
    matches!(part, "x" | "X" | "*")
}

fn within(version: &str, asked: &str) -> bool {
    let mut parts = split_label(version).0.split('.');
    let mut last_is_open = false;
    for wanted in asked.split('.') {
        last_is_open = is_wildcard(wanted);
        match parts.next() {
            Some(part) if last_is_open || part == wanted => {}
            _ => return false,
        }
    }
    last_is_open || parts.next().is_none()
}

fn split_label(version: &str) -> (&str, Option<&str>) {
    match version.split_once('-') {
        Some((release, label)) if release.contains('.') => (release, Some(label)),
        _ => (version, None),
    }
}

fn compare_parts(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(x), Some(y)) => match compare_part(x, y) {
                Ordering::Equal => {}
                unequal => return unequal,
            },
        }
    }
}

fn compare_part(a: &str, b: &str) -> Ordering {
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        _ => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_as_numbers_and_labels_come_first() {
        assert_eq!(compare("1.10.0", "1.9.0"), Ordering::Greater);
        assert_eq!(compare("1.0.0-ballot", "1.0.0"), Ordering::Less);
        assert_eq!(compare("20240101", "2023"), Ordering::Greater);
        assert_eq!(compare("2.0", "2.0.1"), Ordering::Less);
    }

    #[test]
    fn a_pattern_needs_its_wildcard() {
        assert!(satisfies("1.2.0", "1.x.x") && satisfies("1.2.0", "1.x") && satisfies("1.2.0", "1.2.0"));
        assert!(!satisfies("1.2.0", "1") && !satisfies("1.2.0", "1.2") && !satisfies("2.0.0", "1.x.x"));
    }

    #[test]
    fn force_beats_what_is_stated_and_default_fills_in() {
        let rule = |kind, version: &str| VersionRule { kind, url: "urn:s".into(), version: version.into() };
        let rules = [rule(VersionRuleKind::Default, "1"), rule(VersionRuleKind::Force, "2")];
        assert_eq!(ruled(&rules, "urn:s", Some("3")), Some("2"));
        assert_eq!(ruled(&rules[..1], "urn:s", Some("3")), Some("3"));
        assert_eq!(ruled(&rules[..1], "urn:s", None), Some("1"));
        assert_eq!(ruled(&rules, "urn:other", None), None);
    }
}
