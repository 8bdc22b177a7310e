//! From bytes to a resource, with every problem that stands in them.

use std::fmt;

use crate::issue::{Issue, IssueCode, Severity};
use crate::json::{Halt, Lines, Misfit, Places, Reader};
use crate::resource::Resource;

pub(crate) use crate::json::Problem;

/// What to do with what no field can hold: unknown members, wrong types, malformed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Any of it refuses the text. Resources that have no struct are not read by fields; what is odd about those, the check tells.
    Strict,
    /// It is kept, written back, and reported.
    Lenient,
}

/// Issues that stopped a text or a record, one at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issues(Vec<Issue>);

impl Issues {
    /// The issues, in the order of the text.
    pub fn as_slice(&self) -> &[Issue] {
        &self.0
    }
}

impl From<Vec<Issue>> for Issues {
    fn from(issues: Vec<Issue>) -> Self {
        Self(issues)
    }
}

impl IntoIterator for Issues {
    type Item = Issue;
    type IntoIter = std::vec::IntoIter<Issue>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl fmt::Display for Issues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let worst = self.0.iter().max_by_key(|issue| issue.severity());
        match (worst, self.0.len()) {
            (None, _) => f.write_str("no issue"),
            (Some(issue), 1) => issue.fmt(f),
            (Some(issue), count) => write!(f, "{issue} (and {} more)", count - 1),
        }
    }
}

impl std::error::Error for Issues {}

/// A resource that was read, with what was odd about its text. Nothing of the text is lost: what no field can hold is
/// kept beside the fields.
#[derive(Clone)]
pub struct Parsed<'a> {
    pub(crate) resource: Resource,
    pub(crate) issues: Vec<Issue>,
    pub(crate) text: &'a str,
}

impl<'a> Parsed<'a> {
    /// The resource. It is not yet checked.
    pub const fn resource(&self) -> &Resource {
        &self.resource
    }

    /// The resource alone.
    pub fn into_resource(self) -> Resource {
        self.resource
    }

    /// What was odd about the text.
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }

    /// The text that was read.
    pub const fn text(&self) -> &'a str {
        self.text
    }
}

impl fmt::Debug for Parsed<'_> {
    /// The issues, and how long the text is; nothing of what it says.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resource, issues, text } = self;
        let length = format_args!("({} bytes)", text.len());
        f.debug_struct("Parsed").field("resource", resource).field("issues", issues).field("text", &length).finish()
    }
}

/// Reads one resource from UTF-8 JSON.
///
/// # Errors
/// In either mode: no UTF-8, no JSON, nested too deeply, no resource. In [`Mode::Strict`] also everything that
/// [`Mode::Lenient`] keeps and reports. The issues name path, line and column, never the text.
///
/// ```
/// use chartroom_record::{Mode, parse};
///
/// let parsed = parse(br#"{"resourceType":"Patient","birthDate":"1980-02-30"}"#, Mode::Lenient)?;
/// assert_eq!(parsed.issues()[0].path(), "Patient.birthDate");
/// assert_eq!(parsed.resource().to_json(), r#"{"resourceType":"Patient","birthDate":"1980-02-30"}"#);
/// # Ok::<(), chartroom_record::Issues>(())
/// ```
pub fn parse(bytes: &[u8], mode: Mode) -> Result<Parsed<'_>, Issues> {
    let text = std::str::from_utf8(bytes).map_err(|error| not_utf8(bytes, error.valid_up_to()))?;
    let text_begin = text.strip_prefix('\u{feff}').unwrap_or(text);
    let (resource, issues) = read(text_begin)?;
    if mode == Mode::Strict && !issues.is_empty() {
        let refused = issues.into_iter().map(|issue| issue.with_severity(Severity::Error));
        return Err(Issues(refused.collect()));
    }
    Ok(Parsed { resource, issues, text: text_begin })
}

fn not_utf8(bytes: &[u8], offset: usize) -> Issues {
    let before = bytes.get(..offset).and_then(|valid| std::str::from_utf8(valid).ok()).unwrap_or_default();
    let issue = Issue::new(IssueCode::Encoding, "", "the bytes are not UTF-8");
    Issues(vec![issue.at(Lines::of(before).position(offset))])
}

fn read(text: &str) -> Result<(Resource, Vec<Issue>), Issues> {
    let mut reader = Reader::new(text);
    let mut slot = None;
    let outcome = crate::resource::read(&mut slot, &mut reader).and_then(|()| Ok(reader.end()?));
    match (outcome, slot) {
        (Ok(()), Some(resource)) => {
            let issues = located(text, crate::resource::path_root(resource.type_name()), &reader.problems);
            Ok((resource, issues))
        }
        (Err(Halt::Stop(stop)), _) => Err(Issues(vec![stop.issue(text)])),
        (Err(Halt::Misfit(misfit)), _) => {
            let position = Lines::of(text).position(reader.value_start());
            Err(Issues(vec![Issue::new(misfit.code, "$", misfit.detail).at(position)]))
        }
        (Ok(()), None) => Err(Issues(vec![Issue::new(IssueCode::NotAResource, "$", "there is no resource")])),
    }
}

/// The problems as issues: one more pass over the text gives them their paths.
pub(crate) fn located(text: &str, root: &str, problems: &[Problem]) -> Vec<Issue> {
    if problems.is_empty() {
        return Vec::new();
    }
    let mut places = Places::of(text);
    for problem in problems {
        places.want_path_at(problem.offset);
    }
    let places = places.find(root);
    let mut ordered: Vec<_> = problems.to_vec();
    ordered.sort_by_key(|problem| problem.offset);
    let issue = |problem: &Problem| {
        let Problem { offset, misfit: Misfit { code, detail } } = *problem;
        Issue::new(code, places.path_at(offset).unwrap_or(root), detail).at(places.position_at(offset))
    };
    ordered.iter().map(issue).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<&'static str> {
        match parse(text.as_bytes(), Mode::Lenient) {
            Ok(parsed) => {
                assert_eq!(parsed.resource().to_json().len(), text.len(), "what is kept is written back");
                parsed.issues().iter().map(|issue| issue.code().as_str()).collect()
            }
            Err(issues) => issues.into_iter().map(|issue| issue.code().as_str()).collect(),
        }
    }

    #[test]
    fn a_type_of_no_standard_is_named_nowhere() {
        for text in [r#"{"resourceType":"Smith","a":}"#, r#"{"resourceType":"Smith","a":1,"a":2}"#] {
            let told = match parse(text.as_bytes(), Mode::Lenient) {
                Ok(parsed) => parsed.check(&crate::Checks::structure()).unwrap_err().issues().to_vec(),
                Err(issues) => issues.as_slice().to_vec(),
            };
            assert!(!told.is_empty() && told.iter().all(|issue| !issue.to_string().contains("Smith")), "{told:?}");
        }
    }

    #[test]
    fn what_no_field_can_hold_is_kept_and_told() {
        for (members, code) in [
            (r#""nickname":"x""#, "unknown-member"),
            (r#""birthDate":"2023-02-29""#, "format"),
            (r#""active":"true""#, "json-type"),
            (r#""name":{"family":"x"}"#, "json-type"),
            (r#""name":[]"#, "empty"),
            (r#""gender":null"#, "null"),
            (r#""name":[null]"#, "null"),
            (r#""name":["x"]"#, "json-type"),
            (r#""maritalStatus":null"#, "null"),
            (r#""deceasedBoolean":true,"deceasedDateTime":"2020""#, "repeated-choice"),
            (r#""deceasedString":"x""#, "unknown-member"),
            (r#""contained":[{"id":"x"}]"#, "not-a-resource"),
            (r#""name":[{"given":["a"],"_given":[{}]}]"#, "empty"),
            (r#""name":[{"given":["a","b"],"_given":[{"id":"x"},{}]}]"#, "empty"),
            (r#""_birthDate":{}"#, "empty"),
        ] {
            assert_eq!(codes(&format!(r#"{{"resourceType":"Patient",{members}}}"#)), [code], "{members}");
        }
        assert_eq!(codes(r#"{"resourceType":"Patient","active":true,"active":false}"#), ["duplicate-member"]);
        assert_eq!(codes(r#"{"resourceType":"Basic","a":{"b":1,"b":2}}"#), ["duplicate-member"]);
    }

    #[test]
    fn debug_shows_nothing_of_the_text() {
        let text = r#"{"resourceType":"Patient","name":[{"family":"Fenwarden"}],"active":"Zoë"}"#;
        let shown = format!("{:?}", parse(text.as_bytes(), Mode::Lenient).unwrap());
        assert!(shown.contains("JsonType") && shown.contains(&format!("({} bytes)", text.len())), "{shown}");
        assert!(!shown.contains("Fenwarden") && !shown.contains("Zoë"), "{shown}");
    }

    #[test]
    fn a_path_shows_no_name_that_no_element_can_have() {
        let name = "John Smith 123-45-6789\\nFAKE LOG LINE";
        let long = "a".repeat(65);
        for (member, told) in
            [(name, "?"), ("Zoë", "?"), ("1", "?"), ("", "?"), (&long, "?"), ("nickName_2", "nickName_2")]
        {
            let text = format!(r#"{{"resourceType":"Patient","name":[{{"{member}":{{"a":1,"a":2}}}}]}}"#);
            let parsed = parse(text.as_bytes(), Mode::Lenient).unwrap();
            let at = |issue: &Issue| (issue.path().to_owned(), issue.position().map(|place| place.column));
            let path = format!("Patient.name[0].{told}");
            let places: Vec<_> = parsed.issues().iter().map(at).collect();
            assert_eq!(
                places,
                [(path.clone(), Some(36)), (path.clone(), Some(39 + member.chars().count()))],
                "{member}"
            );
            let visited = parsed.resource().clone();
            let checked = parsed.check(&crate::Checks::structure()).unwrap_err();
            assert!(checked.issues().iter().all(|issue| issue.path() == path), "{:?}", checked.issues());
            let unread = crate::check(visited.clone(), &crate::Checks::structure()).unwrap();
            assert_eq!(unread.issues()[0].path(), path);
            let mut paths = Vec::new();
            visited.for_each_element(|visit| paths.push(visit.path()));
            let raw = format!("Patient.name[0].{}", member.replace("\\n", "\n"));
            assert!(paths.contains(&raw), "a program finds the element: {paths:?}");
        }
    }

    #[test]
    fn as_deep_as_the_limit_and_no_deeper() {
        let nested = |levels: usize| {
            let open = r#"{"resourceType":"Bundle","entry":[{"resource":"#.repeat(levels);
            format!("{open}{{\"resourceType\":\"Patient\"}}{}", "}]}".repeat(levels))
        };
        assert!(parse(nested(42).as_bytes(), Mode::Strict).is_ok());
        assert_eq!(codes(&nested(43)), ["too-deep"]);
        assert_eq!(codes(&nested(100_000)), ["too-deep"]);
    }

    #[test]
    fn misfits_inside_of_lists_do_not_add_up_to_a_depth() {
        let entry = r#"{"resource":{"resourceType":"Patient","name":[{"given":["a",5],"_given":[{"id":"x"},7]}]}}"#;
        let entries = vec![entry; 200].join(",");
        let found = codes(&format!(r#"{{"resourceType":"Bundle","entry":[{entries}]}}"#));
        assert_eq!(found.len(), 400);
        assert!(found.iter().all(|code| *code == "json-type"));
    }

    #[test]
    fn an_issue_names_path_line_and_column() {
        let text = "{\"resourceType\":\"Patient\",\n \"name\":[{\"given\":[\"a\",5]}]}";
        let parsed = parse(text.as_bytes(), Mode::Lenient).unwrap();
        let issue = &parsed.issues()[0];
        assert_eq!(
            (issue.path(), issue.position().map(|place| (place.line, place.column))),
            ("Patient.name[0].given[1]", Some((2, 24)))
        );
        let null = br#"{"resourceType":"Patient","name":[{"text":"a"},null],"photo":5}"#;
        let parsed = parse(null, Mode::Lenient).unwrap();
        assert!(parsed.issues().iter().map(Issue::path).eq(["Patient.name[1]", "Patient.photo"]));
        assert!(parse(text.as_bytes(), Mode::Strict).is_err());
        let broken = parse(&text.as_bytes()[..50], Mode::Lenient).unwrap_err();
        assert_eq!(broken.as_slice()[0].code(), IssueCode::Truncated);
        assert_eq!(broken.as_slice()[0].path(), "Patient.name[0].given[1]");
    }
}
