//! What the profiles of a guide expect of a record, as data: which elements must be there, and which a system must support.
//!
//! A [`Guide`] is a list of profiles in one version. US Core 6.1.0 is shipped; others are texts of the same form, and several can
//! stand side by side. [`Checks::with_guide`](crate::Checks::with_guide) has the check report what is missing:
//! a mandatory element is an error, a must-support element is information. Nothing else of the check changes.
//!
//! ```
//! use chartroom_record::profile::Guide;
//! use chartroom_record::{Checks, IssueCode, Mode, parse};
//!
//! let checks = Checks::structure().with_guide(Guide::us_core_6_1());
//! let parsed = parse(br#"{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"walk"}}"#, Mode::Strict)?;
//! let refused = parsed.check(&checks).unwrap_err();
//! let expected: Vec<_> = refused.issues().iter().filter(|issue| issue.code() == IssueCode::MustSupport).collect();
//! assert_eq!(expected[0].path(), "Goal.startDate");
//! # Ok::<(), chartroom_record::Issues>(())
//! ```
//!
//! # The form of a guide
//!
//! ```text
//! guide http://example.org/fhir/StructureDefinition/ 1.0     where the profiles are published, and the version
//! profile my-report DiagnosticReport                         the end of its address, and the type
//!  when category has http://loinc.org LP29684-5              it is for records like this; without it, for all of the type
//!  ! code                                                    mandatory, wherever what holds it is there
//!  + effectiveDateTime or issued                             must be supported: one of these
//!  + extension http://example.org/fhir/StructureDefinition/x an extension with this address
//! ```
//!
//! Elements are named by their path in the record, a choice with or without its type. Lines that begin with `#` say nothing.

mod expected;

use std::str::FromStr;
use std::sync::Arc;

use expected::Expected;

use crate::issue::{Issue, IssueCode};
use crate::resource::Resource;
use crate::walk::{Step, Visitor};

/// The profiles of one version of a guide. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Guide {
    base: Arc<str>,
    version: Arc<str>,
    profiles: Arc<[Profile]>,
}

/// What one profile expects.
#[derive(Debug)]
pub struct Profile {
    url: String,
    type_name: String,
    /// For which records it is: each of these holds.
    when: Vec<Expected>,
    mandatory: Vec<Expected>,
    must_support: Vec<Expected>,
}

/// A text that is no guide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the guide is not understood")]
pub struct InvalidGuide {
    line: usize,
}

impl Guide {
    /// US Core 6.1.0, <https://hl7.org/fhir/us/core/STU6.1/>: patients, conditions, observations with vital signs, medication
    /// requests, allergies, immunizations, procedures, encounters, reports, documents, care plans and teams, goals, coverage and
    /// provenance.
    pub fn us_core_6_1() -> Self {
        let shipped = include_str!("us-core-6.1.0.txt").parse();
        // A test reads it, so the second arm is for nothing that was shipped.
        shipped.unwrap_or_else(|_: InvalidGuide| Self { base: "".into(), version: "".into(), profiles: Arc::default() })
    }

    /// The version, such as `6.1.0`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The profiles.
    pub fn profiles(&self) -> &[Profile] {
        &self.profiles
    }

    /// The profiles that a resource has to meet: those that it claims in `meta.profile`, and those that are for records like it.
    pub fn profiles_for<'g>(&'g self, resource: &'g Resource) -> impl Iterator<Item = &'g Profile> {
        self.profiles.iter().filter(move |profile| profile.is_for(resource, &self.version))
    }

    fn check(&self, resource: &Resource, at: &Step<'_>, issues: &mut Vec<Issue>) {
        let mut fits = false;
        for profile in self.profiles_for(resource) {
            fits = true;
            profile.check(resource, &self.version, at, issues);
        }
        if !fits && self.profiles.iter().any(|profile| profile.type_name == resource.type_name()) {
            let detail = format!("no profile of {} in version {} is for a record like this", self.base, self.version);
            issues.push(Issue::new(IssueCode::MustSupport, at.to_string(), detail));
        }
    }
}

impl FromStr for Guide {
    type Err = InvalidGuide;

    fn from_str(text: &str) -> Result<Self, InvalidGuide> {
        let (mut head, mut profiles) = (None, Vec::<Profile>::new());
        for (index, line) in
            text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty())
        {
            read_line(line, &mut head, &mut profiles).ok_or(InvalidGuide { line: index + 1 })?;
        }
        let (base, version): (&str, &str) = head.ok_or(InvalidGuide { line: 1 })?;
        Ok(Self { base: base.into(), version: version.into(), profiles: profiles.into() })
    }
}

fn read_line<'t>(line: &'t str, head: &mut Option<(&'t str, &'t str)>, profiles: &mut Vec<Profile>) -> Option<()> {
    let (kind, rest) = line.trim().split_once(' ')?;
    match kind {
        "guide" => *head = rest.split_once(' '),
        "profile" => {
            let (name, type_name) = rest.split_once(' ')?;
            Resource::facts_of(type_name)?;
            let (base, _) = (*head)?;
            profiles.push(Profile {
                url: format!("{base}{name}"),
                type_name: type_name.to_owned(),
                when: Vec::new(),
                mandatory: Vec::new(),
                must_support: Vec::new(),
            });
        }
        _ => {
            let profile = profiles.last_mut()?;
            let expected = Expected::read(rest, Resource::facts_of(&profile.type_name)?)?;
            match kind {
                "when" => profile.when.push(expected),
                "!" => profile.mandatory.push(expected),
                "+" => profile.must_support.push(expected),
                _ => return None,
            }
        }
    }
    Some(())
}

impl Profile {
    /// The canonical address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The type of resource that it is for.
    pub fn type_name(&self) -> &str {
        &self.type_name
    }

    /// The paths of the mandatory elements, each wherever what holds it is there.
    pub fn mandatory(&self) -> impl Iterator<Item = &str> {
        self.mandatory.iter().map(Expected::text)
    }

    /// The paths of the elements that a system must support.
    pub fn must_support(&self) -> impl Iterator<Item = &str> {
        self.must_support.iter().map(Expected::text)
    }

    fn is_for(&self, resource: &Resource, version: &str) -> bool {
        let Some(element) = resource.as_element().filter(|_| resource.type_name() == self.type_name) else {
            return false;
        };
        let claimed = resource.meta().is_some_and(|meta| {
            meta.profile.iter().any(|claim| match claim.split_once('|') {
                Some((url, wanted)) => url == self.url && wanted == version,
                None => **claim == *self.url,
            })
        });
        claimed || self.when.iter().all(|expected| expected.is_in(element))
    }

    fn check(&self, resource: &Resource, version: &str, at: &Step<'_>, issues: &mut Vec<Issue>) {
        let Some(element) = resource.as_element() else { return };
        let name = self.url.rsplit('/').next().unwrap_or_default();
        for expected in &self.mandatory {
            expected.each_missing(element, &mut |path| {
                let detail = format!("{name} {version} demands {}", expected.text());
                issues.push(Issue::new(IssueCode::Required, format!("{at}{path}"), detail));
            });
        }
        for expected in self.must_support.iter().filter(|expected| expected.is_wanting(element)) {
            let detail = format!("{name} {version} expects {} where it is known", expected.text());
            issues.push(Issue::new(IssueCode::MustSupport, format!("{at}.{}", expected.path_in(element)), detail));
        }
    }
}

/// Checks each resource against the guides, apart from contained ones.
pub(crate) struct Guides<'g> {
    pub(crate) guides: &'g [Guide],
    pub(crate) issues: &'g mut Vec<Issue>,
}

impl Visitor for Guides<'_> {
    fn enter(&mut self, at: &Step<'_>, resource: &Resource) {
        if at.name() != "contained" {
            self.guides.iter().for_each(|guide| guide.check(resource, at, self.issues));
        }
    }
}
