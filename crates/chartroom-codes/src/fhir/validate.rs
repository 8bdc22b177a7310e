//! `$validate-code`: is this code in that value set or system, and is its display right?

mod coding;
mod display;
mod infer;
mod member;
mod prepare;
mod report;
mod version;

use std::fmt;

pub use coding::{CodeableConcept, Coding, Subject};

use super::issue::{Issue, Refusal};
use super::publication::canonical;
use super::source::Source;
use super::system::System;
use super::terms::Terms;
use super::{Catalog, Options, ValueSet, message};
use member::Member;
use prepare::Stop;
use report::Report;

/// The answer of a validation.
#[derive(Clone, PartialEq)]
pub struct Validated {
    /// Whether the code is good: a member, with nothing wrong about it.
    pub is_valid: bool,
    /// The coding that the answer is about: with the system that was inferred and the version that was used. Of a concept
    /// none of whose codings is a member there is none.
    pub coding: Option<Coding>,
    /// The display to use for it.
    pub display: Option<String>,
    /// Whether the code is inactive in its system.
    pub is_inactive: bool,
    /// The status of the code, where it says more than that it is inactive.
    pub status: Option<String>,
    /// The code as its system writes it, where that is otherwise than it was asked.
    pub normalized_code: Option<String>,
    /// All there is to say.
    pub issues: Vec<Issue>,
    /// The gist of the issues, in one line.
    pub message: Option<String>,
    /// Systems, with their versions, that were asked for and are not known.
    pub unknown_systems: Vec<String>,
    /// Whether nothing can be said, for want of those systems or because the value set cannot be looked at. If not, the code is no member
    /// whatever they hold.
    pub is_undecided: bool,
    /// The concept, if one was asked about.
    pub concept: Option<CodeableConcept>,
}

impl Catalog {
    /// Whether a code, a coding or any coding of a concept is in a value set, given by its URL or `url|version`.
    ///
    /// # Errors
    ///
    /// If the value set or a supplement is not known, or the value set cannot be worked with.
    pub fn validate_code(
        &self,
        value_set: &str,
        subject: impl Into<Subject>,
        options: &Options,
    ) -> Result<Validated, Refusal> {
        let set = self.named_value_set(value_set, None, options)?;
        self.validate_against(&set, &subject.into(), options)
    }

    /// Whether a code, a coding or any coding of a concept is in a code system, given by its URL or `url|version`.
    ///
    /// # Errors
    ///
    /// If a supplement is not known.
    pub fn validate_in_system(
        &self,
        system: &str,
        subject: impl Into<Subject>,
        options: &Options,
    ) -> Result<Validated, Refusal> {
        let subject = subject.into();
        let (url, stated) = super::publication::split_canonical(system);
        let version = options.version(url, stated);
        let Some(known) = self.source(url, version).map(Source::publication) else {
            let issue = self.unknown_system(url, version).at(subject.path_of(0, "system"));
            return Ok(Validated::unanswered(&subject, issue, self.unknown_name(url, version)));
        };
        self.validate_against(&ValueSet::of_system(&known.url, known.version.as_deref()), &subject, options)
    }

    /// Whether the subject is in a value set that need not be in the catalog.
    pub(super) fn validate_against(
        &self,
        set: &ValueSet,
        subject: &Subject,
        options: &Options,
    ) -> Result<Validated, Refusal> {
        let options = options.clone().with_defaults_of(set);
        let supplements = [options.supplements.as_slice(), &set.supplements].concat();
        let validation = Validation { catalog: self, options: &options, supplements, report: Report::default() };
        match validation.prepare(set) {
            Ok(()) => Ok(validation.answer(set, subject)),
            Err(Stop::Refuse(issue)) => Err(issue.into()),
            Err(Stop::Answer(issue)) => Ok(Validated::unanswered(subject, issue, None)),
        }
    }

    /// What is unknown where a system has no codes here: the system, or its version. Nothing, if it is no code system.
    fn unknown_name(&self, url: &str, version: Option<&str>) -> Option<String> {
        let is_other = self.code_system(url, version).is_some_and(|system| system.supplements.is_some())
            || self.value_set(url, None).is_some();
        let version = version.filter(|_| !self.versions(url).is_empty());
        (!is_other).then(|| canonical(url, version))
    }

    /// What to say of a system that has no codes here: it is a supplement, a value set, or not known.
    fn unknown_system(&self, url: &str, version: Option<&str>) -> Issue {
        if let Some(supplement) = self.code_system(url, version).filter(|system| system.supplements.is_some()) {
            return message::is_a_supplement(&supplement.publication.canonical());
        }
        if self.value_set(url, None).is_some() {
            return message::is_a_value_set(url);
        }
        match version {
            Some(version) => message::unknown_version(url, version, &self.versions(url)),
            None => message::unknown_system(url),
        }
    }
}

impl fmt::Debug for Validated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A new field fails to compile here until someone decides if a log may show it.
        let Self {
            is_valid,
            coding,
            display: _,
            is_inactive,
            status: _,
            normalized_code: _,
            issues,
            message: _,
            unknown_systems,
            is_undecided,
            concept,
        } = self;
        let mut shown = f.debug_struct("Validated");
        shown.field("is_valid", is_valid).field("coding", coding).field("is_inactive", is_inactive);
        shown.field("issues", issues).field("unknown_systems", unknown_systems).field("is_undecided", is_undecided);
        shown.field("concept", concept).finish_non_exhaustive()
    }
}

/// One validation on its way.
struct Validation<'a> {
    catalog: &'a Catalog,
    options: &'a Options,
    /// The supplements that must be used.
    supplements: Vec<String>,
    report: Report,
}

/// A coding that is looked for, and its place in the request.
#[derive(Clone, Copy)]
struct Asked<'a> {
    path: &'a str,
    system: &'a str,
    version: Option<&'a str>,
    code: &'a str,
    display: Option<&'a str>,
}

/// What was found of a coding on the way to an answer.
#[derive(Default)]
struct Found<'a> {
    terms: Terms<'a>,
    version: Option<String>,
    language: Option<&'a str>,
}

impl<'a> Validation<'a> {
    fn answer(mut self, set: &'a ValueSet, subject: &'a Subject) -> Validated {
        if !set.is_whole_system {
            self.note_caution(&set.publication, set, "ValueSet");
        }
        let mut tally = Tally::default();
        for (index, coding) in subject.codings().iter().enumerate() {
            if !self.check_coding(set, subject, index, coding, &mut tally) {
                break;
            }
        }
        self.conclude(set, subject, tally)
    }

    /// Checks one coding. `false` if no further one is worth a look.
    fn check_coding(
        &mut self,
        set: &'a ValueSet,
        subject: &Subject,
        index: usize,
        coding: &'a Coding,
        tally: &mut Tally,
    ) -> bool {
        let path = subject.path(index);
        let Some(code) = coding.code.as_deref() else {
            self.report.tell(message::no_code(coding.system.as_deref()).at(path));
            tally.has_no_code = true;
            return false;
        };
        let system = match coding.system.as_deref() {
            Some(system) => Some(system),
            None => self.infer(set, code, &path),
        };
        let asked = Asked {
            path: &path,
            system: system.unwrap_or_default(),
            version: coding.version.as_deref(),
            code,
            display: coding.display.as_deref(),
        };
        let mut found = Found::default();
        let member = if system.is_some() { self.member(set, &asked, &mut found) } else { Member::No };
        tally.see(&asked, member, &found);
        if member == Member::No && subject.is_concept() && !set.is_whole_system {
            let issue = message::this_not_in_value_set(&asked.shown(), &set.publication.canonical());
            self.report.note(issue.at(subject.path_of(index, "code")));
        }
        if member == Member::Yes {
            self.check_display(&asked, &found);
            tally.accept(&asked, &found, self.options);
        } else if !self.options.membership_only && system.is_some() {
            self.explain(set, &asked, &mut found, tally);
        }
        true
    }

    /// A coding is not a member, or that cannot be told. Tells what the code system knows of it all the same.
    fn explain(&mut self, set: &ValueSet, asked: &Asked<'_>, found: &mut Found<'a>, tally: &mut Tally) {
        if !asked.system.contains(':') {
            self.report.tell(message::relative_system().at(asked.at("system")));
        }
        let stated = asked.version.or_else(|| implied_version(set, asked.system));
        let version = self.options.version(asked.system, stated);
        let Some(system) = self.catalog.system(asked.system, version, &self.supplements) else {
            self.report_unknown(asked, version);
            return;
        };
        self.check_version_rules(asked, &system);
        self.note_caution(system.publication(), set, "CodeSystem");
        let Some(at) = system.locate(asked.code) else {
            self.report_unknown_code(asked, &system);
            return;
        };
        found.terms.extend(system.terms(at).iter().cloned());
        found.language = system.language();
        self.report.see_status(asked, &system, at);
        self.check_display(asked, found);
        tally.propose(&system, found, self.options);
    }

    fn report_unknown(&mut self, asked: &Asked<'_>, version: Option<&str>) {
        self.report.add_unknown(self.catalog.unknown_name(asked.system, version));
        self.report.tell(self.catalog.unknown_system(asked.system, version).at(asked.at("system")));
    }

    fn report_unknown_code(&mut self, asked: &Asked<'_>, system: &System<'_>) {
        let at = asked.at("code");
        self.report.note(match system.is_complete() {
            true => message::unknown_code(asked.code, system.url(), system.version()).at(at),
            false => message::unknown_code_in_fragment(asked.code, system.url(), system.version()).at(at),
        });
    }

    /// Puts the answer together.
    fn conclude(mut self, set: &ValueSet, subject: &Subject, tally: Tally) -> Validated {
        let is_named = !set.is_whole_system || !self.report.has_errors();
        if tally.member == Member::No && is_named && (!tally.has_no_code || subject.is_concept()) {
            let name = set.publication.canonical();
            self.report.tell(if subject.is_concept() {
                message::no_coding_in_value_set(&name)
            } else {
                message::not_in_value_set(&tally.shown, &name).at(subject.path_of(0, "code"))
            });
        }
        self.report.conclude(subject, tally)
    }

    fn note_caution(&mut self, publication: &super::Publication, source: &ValueSet, resource_type: &str) {
        if let Some(caution) = publication.caution(&source.publication) {
            self.report.note(message::caution(caution, resource_type, &publication.canonical()));
        }
    }
}

/// The highest version of a system that a value set names.
fn implied_version<'v>(set: &'v ValueSet, system: &str) -> Option<&'v str> {
    let includes = set.include().iter().filter(|include| include.system.as_deref() == Some(system));
    includes.filter_map(|include| include.version.as_deref()).max_by(|a, b| super::version::compare(a, b))
}

/// What the codings of a subject came to.
#[derive(Default)]
struct Tally {
    member: Member,
    has_no_code: bool,
    /// The first coding that is a member.
    accepted: Option<Coding>,
    /// Where that one stands in the request.
    accepted_path: Option<String>,
    /// The coding that is echoed where none is a member.
    echoed: Option<Coding>,
    display: Option<String>,
    /// The codings as a message names them.
    shown: String,
}

impl Tally {
    fn see(&mut self, asked: &Asked<'_>, member: Member, found: &Found<'_>) {
        if self.member != Member::Yes && member != Member::No {
            self.member = member;
        }
        if self.echoed.is_none() {
            self.echoed = Some(asked.coding());
        }
        if let Some(echoed) = self.echoed.as_mut().filter(|echoed| echoed.version.is_none()) {
            echoed.version.clone_from(&found.version);
        }
        if !self.shown.is_empty() {
            self.shown.push_str("', '");
        }
        self.shown.push_str(&asked.shown());
    }

    /// Takes the first member as the coding that the answer is about.
    fn accept(&mut self, asked: &Asked<'_>, found: &Found<'_>, options: &Options) {
        if self.accepted.is_none() {
            self.accepted = Some(Coding { version: found.version.clone(), ..asked.coding() });
            self.accepted_path = Some(asked.path.to_owned());
            self.display = found.display(options);
        }
    }

    /// Takes what the code system says of a coding that is no member.
    fn propose(&mut self, system: &System<'_>, found: &Found<'_>, options: &Options) {
        if self.accepted.is_none() {
            self.display = found.display(options);
            if let Some(echoed) = self.echoed.as_mut().filter(|echoed| echoed.version.is_none()) {
                echoed.version = system.version().map(str::to_owned);
            }
        }
    }
}

impl Found<'_> {
    fn display(&self, options: &Options) -> Option<String> {
        let preferred = self.terms.preferred(options.languages()).or_else(|| self.terms.preferred(None));
        preferred.map(|term| term.value.to_string())
    }
}

impl Asked<'_> {
    /// A member of the coding, as a path.
    fn at(&self, member: &str) -> String {
        if self.path.is_empty() { member.to_owned() } else { format!("{}.{member}", self.path) }
    }

    /// The coding as a message names it: `system|version#code ('display')`.
    fn shown(&self) -> String {
        let lead = format!("{}#{}", canonical(self.system, self.version), self.code);
        match self.display {
            Some(display) => format!("{lead} ('{display}')"),
            None => lead,
        }
    }

    fn coding(&self) -> Coding {
        Coding {
            system: Some(self.system.to_owned()).filter(|system| !system.is_empty()),
            version: self.version.map(str::to_owned),
            code: Some(self.code.to_owned()),
            display: self.display.map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fixture::{catalog, letters, value_set};
    use super::*;

    fn validate(code: &str, options: &Options) -> Validated {
        let include =
            json!([{ "system": "urn:letters", "filter": [{ "property": "concept", "op": "is-a", "value": "A" }] }]);
        let catalog = catalog(&[letters(), value_set("urn:set", include)]);
        catalog.validate_code("urn:set", Coding::new("urn:letters", code), options).unwrap()
    }

    #[test]
    fn a_member_is_told_with_version_and_display() {
        let answer = validate("AAA", &Options::default());
        assert!(answer.is_valid && answer.issues.is_empty());
        assert_eq!(answer.display.as_deref(), Some("Letters AAA"));
        assert_eq!(answer.coding.unwrap().version.as_deref(), Some("1"));
    }

    #[test]
    fn another_code_of_the_system_is_none() {
        let answer = validate("C", &Options::default());
        assert!(!answer.is_valid && !answer.is_undecided);
        assert_eq!(
            answer.message.as_deref(),
            Some("The provided code 'urn:letters#C' was not found in the value set 'urn:set'")
        );
    }

    #[test]
    fn the_name_of_a_value_set_is_no_system() {
        let catalog = catalog(&[letters(), value_set("urn:set", json!([{ "system": "urn:letters" }]))]);
        let answer = catalog.validate_code("urn:set", Coding::new("urn:set", "A"), &Options::default()).unwrap();
        assert!(answer.issues.iter().any(|issue| issue.message_id == Some("Terminology_TX_System_ValueSet2")));
        assert!(!answer.is_valid && answer.unknown_systems.is_empty());
    }

    #[test]
    fn nothing_that_was_asked_is_printed() {
        assert!(!format!("{:?}", validate("secret", &Options::default())).contains("secret"));
        let answer = format!("{:?}", validate("AAA", &Options::default()));
        assert!(!answer.contains("AAA") && answer.contains("is_valid: true"), "{answer}");
        let options = Options { filter: Some("secret".into()), ..Options::default() };
        let set = json!({ "resourceType": "ValueSet", "url": "urn:set",
            "compose": { "include": [{ "system": "urn:letters" }] } });
        let catalog = catalog(&[letters(), set]);
        let expansion = catalog.expand("urn:set", &options).unwrap();
        let found = catalog.lookup("urn:letters", None, "AAA", &options).unwrap();
        let printed = format!("{options:?} {expansion:?} {found:?}");
        assert!(!printed.contains("secret") && !printed.contains("AAA"), "{printed}");
    }

    #[test]
    fn an_exclude_that_cannot_be_looked_up_leaves_it_undecided() {
        let named = json!([{ "system": "urn:letters", "version": "9", "concept": [{ "code": "AA" }] }]);
        let of_unknown = json!([{ "valueSet": ["urn:unknown"] }]);
        let set = |exclude: &serde_json::Value| {
            json!({ "resourceType": "ValueSet", "url": "urn:set",
                "compose": { "include": [{ "system": "urn:letters" }], "exclude": exclude } })
        };
        let unknown = value_set("urn:unknown", json!([{ "system": "urn:letters", "version": "9" }]));
        for exclude in [named, of_unknown] {
            let catalog = catalog(&[letters(), unknown.clone(), set(&exclude)]);
            for membership_only in [false, true] {
                let options = Options { membership_only, ..Options::default() };
                let answer = catalog.validate_code("urn:set", Coding::new("urn:letters", "AA"), &options).unwrap();
                assert!(!answer.is_valid && answer.is_undecided, "{exclude}");
                assert_eq!(answer.unknown_systems.is_empty(), membership_only, "{exclude}");
            }
            assert!(catalog.expand("urn:set", &Options::default()).is_err());
        }
    }

    #[test]
    fn an_exclude_of_what_a_fragment_does_not_list_is_not_passed_by() {
        let mut fragment = letters();
        fragment["content"] = json!("fragment");
        let undecided = json!([{ "property": "concept", "op": "is-a", "value": "A" }]);
        for (key, value) in [("concept", json!([{ "code": "Q" }])), ("filter", undecided)] {
            let part = json!([{ "system": "urn:letters", key: value }]);
            let without = |exclude: &serde_json::Value| {
                json!({ "resourceType": "ValueSet", "url": "urn:set",
                    "compose": { "include": [{ "system": "urn:letters" }], "exclude": exclude } })
            };
            let imported = value_set("urn:part", part.clone());
            for (exclude, is_undecided) in [(part, key == "filter"), (json!([{ "valueSet": ["urn:part"] }]), true)] {
                let catalog = catalog(&[fragment.clone(), imported.clone(), without(&exclude)]);
                let coding = Coding::new("urn:letters", "Q");
                let answer = catalog.validate_code("urn:set", coding, &Options::default()).unwrap();
                assert_eq!((answer.is_valid, answer.is_undecided), (false, is_undecided), "{exclude}");
            }
        }
    }

    #[test]
    fn what_is_not_known_is_undecided_however_it_is_reached() {
        let unknown = value_set("urn:unknown", json!([{ "system": "urn:unheard-of" }]));
        let importing =
            value_set("urn:importing", json!([{ "valueSet": ["urn:unknown"] }, { "system": "urn:letters" }]));
        let undefined = json!({ "resourceType": "ValueSet", "url": "urn:undefined" });
        let without = json!({ "resourceType": "ValueSet", "url": "urn:without", "compose": {
            "include": [{ "system": "urn:letters" }], "exclude": [{ "valueSet": ["urn:undefined"] }] } });
        let broken = value_set("urn:broken", json!([{ "valueSet": ["urn:not-there"] }]));
        let catalog = catalog(&[letters(), unknown, importing, broken, undefined, without]);
        let validate = |set: &str, system: &str| {
            let answer = catalog.validate_code(set, Coding::new(system, "A"), &Options::default()).unwrap();
            (answer.is_valid, answer.is_undecided)
        };
        assert_eq!(validate("urn:importing", "urn:unheard-of"), (false, true));
        assert_eq!(validate("urn:importing", "urn:letters"), (true, false));
        assert_eq!(validate("urn:importing", "urn:other"), (false, false));
        for set in ["urn:broken", "urn:undefined", "urn:without"] {
            assert_eq!(validate(set, "urn:letters"), (false, true), "{set}");
        }
        let in_system =
            catalog.validate_in_system("urn:unheard-of", Coding::new("urn:unheard-of", "A"), &Options::default());
        assert!(in_system.unwrap().is_undecided);
    }
}
