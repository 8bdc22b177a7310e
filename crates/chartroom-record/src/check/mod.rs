//! Checks a resource against the structure of FHIR R4 and against code sets. What passes becomes [`Checked`]; what does
//! not comes back whole, with every reason.

mod answers;
mod binding;
mod bundle;
mod code;
mod compare;
pub(crate) mod contained;
mod date;
mod expression;
mod extension;
mod fhirpath;
mod invariant;
mod links;
mod narrative;
mod questionnaire;
mod record;
mod reference;
mod structure;
mod terminology;
mod untyped;
mod vital_signs;

use std::collections::HashMap;
use std::ops::Deref;

use chartroom_codes::Terminology;
use chrono::NaiveDate;
use record::Record;
use structure::Structure;

pub use invariant::invariants_of;

use crate::issue::{Issue, IssueCode, Severity};
use crate::json::Places;
use crate::parse::Parsed;
use crate::primitive::Uri;
use crate::profile::{Guide, Guides};
use crate::resource::{Bundle, Questionnaire, Resource, path_root};
use crate::walk::{self, Step};

/// What to check against. Always checked:
///
/// - the forms of primitive values, cardinality, empty elements, members that no element has;
/// - codes of the value sets that R4 requires;
/// - the form of references, the types they may point at, `#id` in the resource, and in a document or a message that it
///   holds what it refers to;
/// - the invariants of R4 by their official keys, as [`invariants_of`] lists them: they come as
///   [`IssueCode::Invariant`](crate::IssueCode::Invariant) with their [`Issue::key`];
/// - narratives, contained resources, bundles around their entries, the stated size of attachments;
/// - links inside narratives, and references by `urn:` between the entries of a bundle;
/// - the form of expressions in FHIRPath, and that the conditions of a questionnaire ask for questions that it has;
/// - answers against their questionnaire, where it stands in the response or in the same bundle;
/// - vital signs by their profile, which R4 demands of their codes;
/// - where the extensions stand that R4 defines, and what they hold.
///
/// A resource of a type without a struct is checked by the official definitions as well. Other profiles are not checked, no
/// expression is evaluated, and nothing is fetched.
///
/// ```
/// use chartroom_record::{Checks, Mode, parse};
///
/// let parsed = parse(br#"{"resourceType":"Patient","link":[{"type":"refer"}]}"#, Mode::Strict)?;
/// let refused = parsed.check(&Checks::structure()).unwrap_err();
/// assert_eq!(refused.issues()[0].path(), "Patient.link[0].other");
/// # Ok::<(), chartroom_record::Issues>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Checks {
    terminology: Terminology,
    on: Option<NaiveDate>,
    guides: Vec<Guide>,
    questionnaires: Vec<Questionnaire>,
    refused: Vec<IssueCode>,
}

impl Checks {
    /// Structure alone: every code is reported as not checked.
    pub fn structure() -> Self {
        Self::default()
    }

    /// Structure, and codes against these code systems. Each code is judged on the record's own date of service.
    pub const fn with_codes(terminology: Terminology) -> Self {
        Self { terminology, on: None, guides: Vec::new(), questionnaires: Vec::new(), refused: Vec::new() }
    }

    /// The date of service of records that state none. Without it, their codes are judged by the latest edition.
    #[must_use]
    pub const fn on(mut self, date: NaiveDate) -> Self {
        self.on = Some(date);
        self
    }

    /// Also reports what the profiles of a guide expect and a record does not have. Several guides can stand side by side.
    #[must_use]
    pub fn with_guide(mut self, guide: Guide) -> Self {
        self.guides.push(guide);
        self
    }

    /// Also checks answers against this questionnaire, where a response names it by its address. One that stands in the
    /// response or in the same bundle is known without.
    #[must_use]
    pub fn with_questionnaire(mut self, questionnaire: Questionnaire) -> Self {
        self.questionnaires.push(questionnaire);
        self
    }

    /// Also refuses a record for issues of this kind, which are otherwise reported and let pass.
    ///
    /// ```
    /// use chartroom_record::{Checks, IssueCode, Mode, parse};
    ///
    /// let json = br#"{"resourceType":"Patient","shoeSize":43}"#;
    /// assert!(parse(json, Mode::Lenient)?.check(&Checks::structure()).is_ok());
    /// let checks = Checks::structure().refusing(IssueCode::UnknownMember);
    /// assert!(parse(json, Mode::Lenient)?.check(&checks).is_err());
    /// # Ok::<(), chartroom_record::Issues>(())
    /// ```
    #[must_use]
    pub fn refusing(mut self, code: IssueCode) -> Self {
        self.refused.push(code);
        self
    }

    /// The issues, those that this check refuses as errors.
    fn judged(&self, mut issues: Vec<Issue>) -> Vec<Issue> {
        for issue in issues.iter_mut().filter(|issue| self.refused.contains(&issue.code()) && !issue.is_error()) {
            *issue = issue.clone().with_severity(Severity::Error);
        }
        issues
    }
}

/// Proof that a value was checked. Only the check makes one, and what it holds cannot be changed.
#[derive(Clone, Debug)]
pub struct Checked<T> {
    value: T,
    issues: Vec<Issue>,
}

impl<T> Checked<T> {
    /// What the check reports and does not refuse: warnings, and what it could not check.
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// The value, without the proof.
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for Checked<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A resource that did not pass, whole, with every reason.
#[derive(Clone, Debug)]
pub struct Refused {
    resource: Resource,
    issues: Vec<Issue>,
}

impl Refused {
    /// The resource as it was.
    pub const fn resource(&self) -> &Resource {
        &self.resource
    }

    /// The resource as it was, to mend it.
    pub fn into_resource(self) -> Resource {
        self.resource
    }

    /// Everything that was found, what does not refuse it among it.
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }
}

/// The entries of a bundle, each checked on its own.
#[derive(Clone, Debug, Default)]
pub struct CheckedEntries {
    /// The resources that passed, in the order of the bundle.
    pub accepted: Vec<Entry<Checked<Resource>>>,
    /// Those that did not, each with its reasons.
    pub refused: Vec<Entry<Refused>>,
    /// What is wrong with the bundle around them.
    pub bundle_issues: Vec<Issue>,
}

/// The resource of one entry of a bundle, with the verdict on it.
#[derive(Clone, Debug)]
pub struct Entry<R> {
    /// The index of the entry in the bundle.
    pub index: usize,
    /// The address by which other entries refer to the resource.
    pub full_url: Option<Uri>,
    /// The resource.
    pub resource: R,
}

/// Checks a resource that has no text, so that its issues have a path and no line.
///
/// # Errors
/// The resource, with every issue, if any is an error.
pub fn check(resource: Resource, checks: &Checks) -> Result<Checked<Resource>, Refused> {
    let issues = issues_of(
        &resource,
        &Step::root(path_root(resource.type_name())),
        &Record::of(&resource, &checks.questionnaires),
        checks,
    );
    verdict(resource, checks.judged(issues))
}

impl Parsed<'_> {
    /// Checks the resource. Its issues name path, line and column.
    ///
    /// # Errors
    /// The resource, with every issue, if any is an error.
    pub fn check(self, checks: &Checks) -> Result<Checked<Resource>, Refused> {
        let Self { resource, mut issues, text } = self;
        issues.extend(issues_of(
            &resource,
            &Step::root(path_root(resource.type_name())),
            &Record::of(&resource, &checks.questionnaires),
            checks,
        ));
        let issues = placed(issues, text, path_root(resource.type_name()));
        verdict(resource, checks.judged(issues))
    }

    /// Checks each entry of a bundle on its own, so that one wrong entry does not hold up the others. A resource that is
    /// no bundle is checked as the only entry.
    pub fn check_entries(self, checks: &Checks) -> CheckedEntries {
        let Self { resource, issues, text } = self;
        let bundle = match Bundle::try_from(resource) {
            Ok(bundle) => bundle,
            Err(resource) => {
                let mut entries = CheckedEntries::default();
                entries.add(0, None, Parsed { resource, issues, text }.check(checks));
                return entries;
            }
        };
        check_bundle(bundle, issues, text, checks)
    }
}

fn check_bundle(mut bundle: Bundle, mut parsed: Vec<Issue>, text: &str, checks: &Checks) -> CheckedEntries {
    // While the entries still have their resources.
    bundle::check(&bundle, &Step::root("Bundle"), &mut parsed);
    let resources: Vec<_> = bundle.entry.iter_mut().map(|entry| entry.resource.take()).collect();
    let urls: Vec<_> = bundle.entry.iter().map(|entry| entry.full_url.clone()).collect();
    let bundle = Resource::from(bundle);
    let mut found: Vec<Vec<Issue>> = Vec::with_capacity(resources.len() + 1);
    let entries = urls.iter().map(Option::as_ref).zip(resources.iter().map(Option::as_deref));
    let record = Record::of_entries(entries, &checks.questionnaires);
    for (index, resource) in resources.iter().enumerate() {
        let root = format!("Bundle.entry[{index}].resource");
        let issues = resource.as_ref().map(|value| issues_of(value, &Step::root(&root), &record, checks));
        found.push(issues.unwrap_or_default());
    }
    let root = Step::root("Bundle");
    let mut of_bundle = Vec::new();
    walk::resource(&bundle, &root, &mut Structure::of_emptied_bundle(&record, &mut of_bundle));
    codes(&bundle, &root, checks, &mut of_bundle);
    for issue in parsed {
        let entry = entry_of(issue.path()).and_then(|index| found.get_mut(index));
        entry.unwrap_or(&mut of_bundle).push(issue);
    }
    found.push(of_bundle);
    let mut found = placed_groups(found, text, "Bundle");
    let mut entries =
        CheckedEntries { bundle_issues: checks.judged(found.pop().unwrap_or_default()), ..CheckedEntries::default() };
    for (index, ((resource, full_url), issues)) in resources.into_iter().zip(urls).zip(found).enumerate() {
        if let Some(resource) = resource {
            entries.add(index, full_url, verdict(*resource, checks.judged(issues)));
        }
    }
    entries
}

impl CheckedEntries {
    fn add(&mut self, index: usize, full_url: Option<Uri>, outcome: Result<Checked<Resource>, Refused>) {
        match outcome {
            Ok(resource) => self.accepted.push(Entry { index, full_url, resource }),
            Err(resource) => self.refused.push(Entry { index, full_url, resource }),
        }
    }
}

/// The entry whose resource a path leads into.
fn entry_of(path: &str) -> Option<usize> {
    let (index, rest) = path.strip_prefix("Bundle.entry[")?.split_once(']')?;
    let inside = rest == ".resource" || rest.starts_with(".resource.");
    inside.then(|| index.parse().ok()).flatten()
}

fn verdict(resource: Resource, issues: Vec<Issue>) -> Result<Checked<Resource>, Refused> {
    if issues.iter().any(Issue::is_error) {
        Err(Refused { resource, issues })
    } else {
        Ok(Checked { value: resource, issues })
    }
}

fn issues_of(resource: &Resource, root: &Step<'_>, record: &Record<'_>, checks: &Checks) -> Vec<Issue> {
    let mut issues = Vec::new();
    let mut structure = Structure::new(record, &mut issues);
    walk::resource(resource, root, &mut structure);
    let links = structure.into_links();
    links::check(links, &record.resources, &mut issues);
    codes(resource, root, checks, &mut issues);
    walk::resource(resource, root, &mut Guides { guides: &checks.guides, issues: &mut issues });
    issues
}

fn codes(resource: &Resource, root: &Step<'_>, checks: &Checks, issues: &mut Vec<Issue>) {
    let on = date::of_service(resource).or(checks.on);
    let mut codes = code::Codes::new(&checks.terminology, on, issues);
    walk::resource(resource, root, &mut codes);
    codes.finish();
}

fn placed(issues: Vec<Issue>, text: &str, root: &str) -> Vec<Issue> {
    placed_groups(vec![issues], text, root).pop().unwrap_or_default()
}

/// Gives each issue its line and column: where its path leads, or for a missing element what should hold it. Drops what
/// reading had reported already, at least as severely.
fn placed_groups(mut groups: Vec<Vec<Issue>>, text: &str, root: &str) -> Vec<Vec<Issue>> {
    if groups.iter().flatten().all(|issue| issue.position().is_some()) {
        return groups;
    }
    let mut places = Places::of(text);
    for issue in groups.iter().flatten().filter(|issue| issue.position().is_none()) {
        places.want_offset_of(issue.path());
        places.want_offset_of(holder(issue.path()));
    }
    let places = places.find(root);
    for group in &mut groups {
        let mut read: HashMap<String, Severity> = HashMap::new();
        for issue in group.iter().filter(|issue| issue.position().is_some()) {
            let worst = read.entry(issue.path().to_owned()).or_insert(issue.severity());
            *worst = issue.severity().max(*worst);
        }
        let is_told = |issue: &Issue| read.get(issue.path()).is_some_and(|told| *told >= issue.severity());
        group.retain(|issue| issue.position().is_some() || !is_told(issue));
        for issue in group.iter_mut() {
            let position = places.position_of(issue.path()).or_else(|| places.position_of(holder(issue.path())));
            issue.set_position(position);
        }
        group.sort_by_key(|issue| issue.position());
    }
    groups
}

/// The path of what holds the last member of a path.
fn holder(path: &str) -> &str {
    path.rsplit_once('.').map_or(path, |(holder, _)| holder)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mode, parse};

    #[test]
    fn a_member_of_its_name_that_no_element_has_is_no_required_element() {
        for (text, path) in [
            (
                r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{"reference":"Patient/1"},"medication":{"concept":{"text":"x"}}}"#,
                "MedicationRequest.medication",
            ),
            (
                r#"{"resourceType":"Immunization","status":"completed","vaccineCode":{"text":"x"},"patient":{"reference":"Patient/1"},"occurrence":"2020"}"#,
                "Immunization.occurrence",
            ),
            (
                r#"{"resourceType":"Group","type":"person","actual":true,"characteristic":[{"code":{"text":"x"},"value":1,"exclude":false}]}"#,
                "Group.characteristic[0].value",
            ),
        ] {
            let refused = parse(text.as_bytes(), Mode::Lenient).unwrap().check(&Checks::structure()).unwrap_err();
            let told: Vec<_> = refused.issues().iter().map(|issue| (issue.code(), issue.path())).collect();
            assert_eq!(told, [(IssueCode::UnknownMember, path), (IssueCode::Required, path)]);
            assert!(refused.issues().iter().all(|issue| issue.position().is_some()));
        }
    }
}
