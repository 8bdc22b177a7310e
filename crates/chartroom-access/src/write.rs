//! Decisions about writing: which elements a change touches, and which of them the requester may not change.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chartroom_record::{Class, ClassSet, Json, Node, Path, Resource, Visit};

use crate::{Action, Decision, Effect, Facts, Obligations, Policy, Reason, Request, ResourceType};

/// A record as it was or as it shall be, with what the policy must know about it.
#[derive(Clone, Copy)]
pub struct Version<'a> {
    /// The facts of this version: its own codes may give it other labels than the other version has.
    pub facts: &'a Facts,
    /// The record.
    pub resource: &'a Resource,
}

impl Policy {
    /// Decides whether a record may be written: created where there was none before, deleted where there is none after, and
    /// changed otherwise. The action of the request is taken from that, whatever it says.
    ///
    /// Rules about `create`, `update` and `delete` are the list of what may be written: each element that is added, altered or
    /// removed must be granted by them, by its class or by its path, in the version before and in the version after. So whoever
    /// saw a record in part and sends that part back is told which hidden elements would be lost.
    ///
    /// `meta.versionId` and `meta.lastUpdated` are the server's (FHIR R4, RESTful API, update) and count for nothing.
    ///
    /// ```
    /// use chartroom_access::{Action, Facts, Purpose, Relationship, Request, ResourceType, Starter, Version};
    /// use chartroom_record::{Mode, parse};
    /// use chrono::DateTime;
    ///
    /// let read = |text: &str| parse(text.as_bytes(), Mode::Strict).map(|parsed| parsed.into_resource());
    /// let before = read(r#"{"resourceType":"Patient","telecom":[{"system":"phone","value":"555-0100"}],"gender":"female"}"#)?;
    /// let after = read(r#"{"resourceType":"Patient","telecom":[{"system":"phone","value":"555-0199"}],"gender":"male"}"#)?;
    /// let facts = |resource| Facts::new(ResourceType::of("Patient"), chartroom_record::Resource::classes(resource));
    /// let (old, new) = (facts(&before), facts(&after));
    ///
    /// let request = Request {
    ///     relationship: Relationship::Patient.into(),
    ///     ..Request::new("zoe", "patient".into(), Action::Update, Purpose::PatientRequest, DateTime::UNIX_EPOCH)
    /// };
    /// let versions = (Version { facts: &old, resource: &before }, Version { facts: &new, resource: &after });
    /// let decision = Starter::PatientPortal.policy().decide_write(&request, Some(versions.0), Some(versions.1));
    /// assert!(!decision.is_permitted());
    /// let refused: Vec<_> = decision.refused().map(|change| change.path()).collect();
    /// assert_eq!(refused, ["Patient.gender"]);
    /// # Ok::<(), chartroom_record::Issues>(())
    /// ```
    pub fn decide_write(
        &self,
        request: &Request,
        before: Option<Version<'_>>,
        after: Option<Version<'_>>,
    ) -> WriteDecision {
        let action = match (before, after) {
            (None, _) => Action::Create,
            (_, None) => Action::Delete,
            (Some(_), Some(_)) => Action::Update,
        };
        let request = Request { action, ..request.clone() };
        let versions = || [before, after].into_iter().flatten();
        let mut changes = differences(before.map(|one| one.resource), after.map(|one| one.resource));
        let classes = match changes.as_slice() {
            [] => versions().fold(ClassSet::NONE, |all, one| all.union(one.resource.classes())),
            some => some.iter().fold(ClassSet::NONE, |all, change| all.union(change.class.into())),
        };
        let decide = |version: Version<'_>| {
            let same = version.facts.resource_type == ResourceType::of(version.resource.type_name());
            let resource_type = if same { version.facts.resource_type } else { ResourceType::UNKNOWN };
            // It is about what changes, which need not be in both versions.
            self.decide(&request, &Facts { resource_type, classes, ..version.facts.clone() })
        };
        let decisions: Vec<Decision> = versions().map(decide).collect();
        for change in &mut changes {
            change.granted = decisions.iter().all(|decision| decision.permits(change.class, &change.path));
        }
        WriteDecision { decisions, changes }
    }
}

/// The answer to a request to write. Only [`Policy::decide_write`] makes one.
#[must_use = "an unread decision protects nothing"]
pub struct WriteDecision {
    /// About the version before and the one after, as far as there are such.
    decisions: Vec<Decision>,
    changes: Vec<ElementChange>,
}

impl WriteDecision {
    /// Whether all that changes may be changed. Who may write nothing at all may not even write what is there already.
    pub fn is_permitted(&self) -> bool {
        let writes = !self.decisions.is_empty() && self.decisions.iter().all(Decision::is_permitted);
        writes && self.changes.iter().all(ElementChange::is_granted)
    }

    /// Every value that is added, altered or removed, in the order of the paths.
    pub fn changes(&self) -> &[ElementChange] {
        &self.changes
    }

    /// The values that would be changed without a grant.
    pub fn refused(&self) -> impl Iterator<Item = &ElementChange> {
        self.changes.iter().filter(|change| !change.granted)
    }

    /// Why a value may be changed, or may not. For the trail and the privacy office, as [`Decision::reasons`].
    pub fn reason(&self, change: &ElementChange) -> Option<Reason<'_>> {
        let mut reasons = self.decisions.iter().map(|decision| decision.element(change.class, &change.path));
        let first = reasons.next()?;
        let refusing = std::iter::once(first).chain(reasons).find(|reason| reason.effect != Effect::Granted);
        Some(refusing.unwrap_or(first))
    }

    /// What whoever writes must also do.
    pub fn obligations(&self) -> Obligations {
        self.decisions.iter().fold(Obligations::NONE, |all, decision| all.union(decision.obligations()))
    }

    /// The decisions behind it: about the version before and the one after, as far as there are such.
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }
}

/// Tells how many values change, and not which.
impl fmt::Debug for WriteDecision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("WriteDecision");
        out.field("permitted", &self.is_permitted()).field("changes", &self.changes.len());
        out.field("refused", &self.refused().count()).finish_non_exhaustive()
    }
}

/// What becomes of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// It is not there before.
    Added,
    /// It is another one.
    Altered,
    /// It is not there after.
    Removed,
}

/// One value that a write changes. It does not hold the value.
#[derive(Clone, PartialEq, Eq)]
pub struct ElementChange {
    path: String,
    class: Class,
    kind: ChangeKind,
    granted: bool,
}

impl fmt::Debug for ElementChange {
    /// The path only where the standard gives its names.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.class == Class::Unclassified { "?" } else { &self.path };
        write!(f, "ElementChange({path}, {}, {:?}, granted: {})", self.class, self.kind, self.granted)
    }
}

impl ElementChange {
    /// Where it stands, such as `Patient.name[0].family`. A member that the standard does not know has the name that the record gives
    /// it, which may be any text: keep an [`Unclassified`](Class::Unclassified) path out of logs.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Its class.
    pub fn class(&self) -> Class {
        self.class
    }

    /// What becomes of it.
    pub fn kind(&self) -> ChangeKind {
        self.kind
    }

    /// Whether the requester may change it.
    pub fn is_granted(&self) -> bool {
        self.granted
    }
}

/// The values by their places, with all that may be known of each: its class, and itself as JSON. Several may stand at one place: a
/// member may come twice, and the name of an unknown one may read like a path.
type Values = BTreeMap<String, Vec<(Class, String)>>;

/// The values in which two versions differ, none of them granted yet.
fn differences(before: Option<&Resource>, after: Option<&Resource>) -> Vec<ElementChange> {
    let (old, new) = (before.map(values).unwrap_or_default(), after.map(values).unwrap_or_default());
    let change = |path: &str, class, kind| ElementChange { path: path.to_owned(), class, kind, granted: false };
    let mut changes = Vec::new();
    for path in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        let (was, is) = (old.get(path), new.get(path));
        if was == is {
            continue;
        }
        let kind = kind_of(was, is);
        // What leaves one class for another must be granted in both.
        let classes: ClassSet = [was, is].into_iter().flatten().flatten().map(|(class, _)| *class).collect();
        changes.extend(classes.iter().map(|class| change(path, class, kind)));
    }
    let unshown = changes.is_empty() && before.map(without_server_fields) != after.map(without_server_fields);
    let (was, is) = (before.map(without_place), after.map(without_place));
    if (unshown || was.unwrap_or_default() != is.unwrap_or_default())
        && let Some(one) = after.or(before)
    {
        // They differ in something that no place shows: nobody can tell what it is, so it is granted by name only.
        changes.push(change(one.type_name(), Class::Unclassified, kind_of(before, after)));
        changes.sort_by(|a, b| a.path.cmp(&b.path));
    }
    changes
}

fn kind_of<T>(before: Option<T>, after: Option<T>) -> ChangeKind {
    match (before, after) {
        (None, _) => ChangeKind::Added,
        (_, None) => ChangeKind::Removed,
        (Some(_), Some(_)) => ChangeKind::Altered,
    }
}

/// Elements that the server sets, and takes from nobody.
const OF_SERVER: [&str; 2] = ["meta.versionId", "meta.lastUpdated"];

fn without_server_fields(resource: &Resource) -> Resource {
    let mut resource = resource.clone();
    for path in OF_SERVER.iter().filter_map(|path| path.parse::<Path>().ok()) {
        path.remove(&mut resource);
    }
    resource
}

/// What the places of a record's values do not tell: members that come twice or have a name that reads like a path, and what is empty.
fn without_place(resource: &Resource) -> Vec<String> {
    let text = without_server_fields(resource).to_json();
    let mut found = Vec::new();
    match Json::parse(&text) {
        Ok(json) => find_without_place(&json, "", &mut found),
        Err(_) => found.push(text),
    }
    found
}

fn find_without_place(json: &Json, at: &str, found: &mut Vec<String>) {
    match json {
        // All in it was the server's.
        Json::Object(members) if members.is_empty() && at == "/meta" => {}
        Json::Object(members) if members.is_empty() => found.push(format!("{at} {json}")),
        Json::Array(items) if items.is_empty() => found.push(format!("{at} {json}")),
        Json::Object(members) => {
            let mut names = BTreeSet::new();
            for (name, value) in members {
                let name = name.as_str();
                let here = format!("{at}/{name}");
                let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                if !names.insert(name) || !plain {
                    found.push(format!("{here} {value}"));
                }
                find_without_place(value, &here, found);
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                find_without_place(item, &format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}

/// Every value of a record: what has nothing inside, and the type of each resource inside.
fn values(resource: &Resource) -> Values {
    let own = resource.type_name();
    let mut values = Values::new();
    resource.for_each_element(|visit| {
        if let Some(value) = value(&visit) {
            let path = visit.path();
            let of_server = path.strip_prefix(own).and_then(|rest| rest.strip_prefix('.'));
            if !of_server.is_some_and(|rest| OF_SERVER.contains(&rest)) {
                values.entry(path).or_default().push((visit.found().class(), value));
            }
        }
    });
    values
}

/// The value itself; none of a structure, whose values are shown one by one.
fn value(visit: &Visit<'_>) -> Option<String> {
    let found = visit.found();
    match found.json() {
        Some(Json::Object(members)) if !members.is_empty() => return None,
        Some(_) => return Some(found.to_json()),
        None => {}
    }
    match found.node() {
        Node::Primitive(_) => Some(found.to_json()),
        Node::Resource(inner) => Some(inner.type_name().to_owned()),
        Node::Absent | Node::Element(_) | Node::List(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::LabelSets;
    use crate::{Note, Purpose, Relationship, redact};
    use chartroom_record::{Mode, parse};
    use chrono::DateTime;
    use proptest::prelude::*;

    const CLERK: &str = r#"
        [policy]
        name = "write"
        version = "1"
        [roles.clerk]
        title = "Clerk"
        [[rule]]
        id = "reads"
        effect = "permit"
        roles = ["clerk"]
        actions = ["read"]
        purposes = ["HOPERAT"]
        types = ["Patient"]
        classes = ["Name", "Contact", "Demographic"]
        cites = "house"
        dated = 2026-01-01
        [[rule]]
        id = "writes"
        effect = "permit"
        roles = ["clerk"]
        actions = ["create", "update"]
        purposes = ["HOPERAT"]
        elements = ["Patient.telecom", "Patient.contact"]
        classes = ["Name", "Contact"]
        obligations = ["AUDIT"]
        cites = "house"
        dated = 2026-01-01
    "#;

    const PATIENT: &str = r#"{"resourceType":"Patient","id":"7","meta":{"versionId":"3"},"name":[{"family":"Fenwarden"}],"telecom":[{"system":"phone","value":"555-0100"}],"gender":"female","birthDate":"1980","_birthDate":{"extension":[{"url":"urn:a","valueCode":"x"}]}}"#;

    fn read(text: &str) -> Resource {
        parse(text.as_bytes(), Mode::Lenient).expect("well formed").into_resource()
    }

    fn request(role: &str, purpose: Purpose) -> Request {
        Request {
            relationship: Relationship::Treating.into(),
            // Whatever it says: a write is a write.
            ..Request::new("someone", role.into(), Action::Read, purpose, DateTime::UNIX_EPOCH)
        }
    }

    fn decide(policy: &Policy, request: &Request, before: Option<&str>, after: Option<&str>) -> WriteDecision {
        let (before, after) = (before.map(read), after.map(read));
        let facts = |resource: &Resource| {
            let mut facts = Facts::new(ResourceType::of(resource.type_name()), resource.classes());
            resource.for_each_coding(|system, code, _| {
                facts.labels = facts.labels.union(LabelSets::starter().of(system, code))
            });
            facts
        };
        let (old, new) = (before.as_ref().map(facts), after.as_ref().map(facts));
        let version = |(resource, facts)| Version { facts, resource };
        policy.decide_write(
            request,
            before.as_ref().zip(old.as_ref()).map(version),
            after.as_ref().zip(new.as_ref()).map(version),
        )
    }

    fn refused(before: Option<&str>, after: Option<&str>) -> Vec<String> {
        let policy = Policy::from_toml(CLERK).expect("well formed");
        let decision = decide(&policy, &request("clerk", Purpose::Operations), before, after);
        assert_eq!(decision.is_permitted(), decision.refused().next().is_none());
        decision.refused().map(|change| change.path().to_owned()).collect()
    }

    #[test]
    fn what_a_record_names_itself_stays_out_of_debug() {
        let change =
            |path: &str, class| ElementChange { path: path.into(), class, kind: ChangeKind::Added, granted: false };
        let told = format!("{:?}", change("Patient.Smith 123", Class::Unclassified));
        assert_eq!(told, "ElementChange(?, Unclassified, Added, granted: false)");
        assert!(format!("{:?}", change("Patient.birthDate", Class::BirthDate)).contains("Patient.birthDate"));
    }

    #[test]
    fn what_may_be_written_is_a_list_of_its_own() {
        let change = |from: &str, to: &str| refused(Some(PATIENT), Some(&PATIENT.replace(from, to)));
        assert_eq!(change("555-0100", "555-0199"), [""; 0]);
        assert_eq!(change("", ""), [""; 0]);
        // Read, and not written; and neither.
        assert_eq!(change("Fenwarden", "Merrow"), ["Patient.name[0].family"]);
        assert_eq!(change("female", "male"), ["Patient.gender"]);
        assert_eq!(change("1980", "1981"), ["Patient.birthDate"]);
        assert_eq!(change("\"x\"", "\"y\""), ["Patient._birthDate.extension[0].valueCode"]);
        assert_eq!(change(r#""gender":"female","#, ""), ["Patient.gender"]);
        assert_eq!(change(r#""gender""#, r#""shoe":42,"gender""#), ["Patient.shoe"]);
        assert_eq!(change(r#""versionId":"3""#, r#""versionId":"9","lastUpdated":"2026-01-01T00:00:00Z""#), [""; 0]);
        assert_eq!(change("\"id\":\"7\"", "\"id\":\"8\""), ["Patient.id"]);
        let contact = r#""contact":[{"name":{"family":"Merrow"},"telecom":[{"value":"1"}]}],"gender""#;
        assert_eq!(change(r#""gender""#, contact), [""; 0]);
        // A government number comes by its content, whatever the element.
        let number = r#""identifier":[{"system":"http://hl7.org/fhir/sid/us-ssn","value":"1"}],"gender""#;
        assert_eq!(change(r#""gender""#, number).len(), 2);
    }

    #[test]
    fn what_stands_at_one_place_with_another_is_told() {
        let before = r#"{"resourceType":"Patient","extension":[{"url":"urn:s","valueCode":"F"}],"active":true,"telecom":[{"value":"1"}]}"#;
        let change = |swaps: &[(&str, &str)]| {
            let phone = before.replace(r#""value":"1""#, r#""value":"2""#);
            let after = swaps.iter().fold(phone, |text, (from, to)| text.replace(from, to));
            refused(Some(before), Some(&after))
        };
        assert_eq!(change(&[]), [""; 0]);
        // A member that comes twice, whatever its second value and wherever it stands.
        for twice in
            [r#""active":true,"active":false"#, r#""active":false,"active":true"#, r#""active":true,"active":true"#]
        {
            let refused = change(&[(r#""active":true"#, twice)]);
            assert!(refused.contains(&"Patient.active".to_owned()) && refused[0] == "Patient", "{refused:?}");
        }
        // A member whose name reads like the place of another value.
        let named = r#""active":true,"extension[0].valueCode":"F""#;
        let refused_by_name = change(&[(r#""valueCode":"F""#, r#""valueCode":"M""#), (r#""active":true"#, named)]);
        assert!(refused_by_name.contains(&"Patient.extension[0].valueCode".to_owned()), "{refused_by_name:?}");
        let of_granted = r#"{"resourceType":"Patient","telecom[0].value":"x"}"#;
        assert_eq!(refused(None, Some(of_granted)), ["Patient", "Patient.telecom[0].value"]);
        // What no value shows, beside what may be changed.
        for empty in [r#""active":true,"shoe":[]"#, r#""active":true,"shoe":{}"#] {
            assert!(change(&[(r#""active":true"#, empty)]).contains(&"Patient".to_owned()), "{empty}");
        }
        let (flat, deep) = (r#""a.b":1,"active""#, r#""a":{"b":1},"active""#);
        let (flat, deep) = (before.replace(r#""active""#, flat), before.replace(r#""active""#, deep));
        assert_eq!(refused(Some(&flat), Some(&deep.replace(r#""value":"1""#, r#""value":"2""#))), ["Patient"]);
        // Records that have such a thing can still be changed beside it.
        let odd = before.replace(r#""active":true"#, r#""active":true,"active":false,"shoe":[],"a.b":1"#);
        assert_eq!(refused(Some(&odd), Some(&odd.replace(r#""value":"1""#, r#""value":"2""#))), [""; 0]);
    }

    #[test]
    fn create_and_delete_are_told_by_what_is_there() {
        let new = r#"{"resourceType":"Patient","telecom":[{"value":"1"}]}"#;
        assert_eq!(refused(None, Some(new)), [""; 0]);
        assert_eq!(
            refused(None, Some(&new.replace("telecom", "name").replace("value", "text"))),
            ["Patient.name[0].text"]
        );
        assert_eq!(refused(Some(new), None), ["Patient.telecom[0].value"]);
        let policy = Policy::from_toml(CLERK).expect("well formed");
        assert!(!decide(&policy, &request("clerk", Purpose::Operations), None, None).is_permitted());
        assert!(!decide(&policy, &request("stranger", Purpose::Operations), Some(new), Some(new)).is_permitted());
    }

    #[test]
    fn another_type_is_another_record() {
        let other = PATIENT.replace("\"Patient\"", "\"Person\"");
        assert!(refused(Some(PATIENT), Some(&other)).iter().any(|path| path == "Person.telecom[0].value"));
        // The facts are about another type than the record.
        let policy = Policy::from_toml(CLERK).expect("well formed");
        let record = read(PATIENT);
        let facts = Facts::new(ResourceType::of("Person"), record.classes());
        let version = Some(Version { facts: &facts, resource: &record });
        assert!(!policy.decide_write(&request("clerk", Purpose::Operations), version, version).is_permitted());
    }

    #[test]
    fn a_label_that_comes_or_goes_needs_its_key() {
        let coded = |code: &str| {
            format!(
                r#"{{"resourceType":"Condition","code":{{"coding":[{{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"{code}"}}]}}}}"#
            )
        };
        let policy = Policy::starter();
        let write = |role: &str, before: &str, after: &str| {
            decide(&policy, &request(role, Purpose::Treatment), Some(&coded(before)), Some(&coded(after)))
                .is_permitted()
        };
        assert!(write("nurse", "I10", "J45.909"));
        assert!(!write("nurse", "F11.20", "I10") && !write("nurse", "I10", "F11.20"));
        assert!(write("physician", "F11.20", "I10"));
    }

    #[test]
    fn what_was_masked_is_not_lost_by_sending_it_back() {
        let policy = Policy::from_toml(CLERK).expect("well formed");
        let whole = read(PATIENT);
        let facts = Facts::new(ResourceType::of("Patient"), whole.classes());
        let seen = redact(&whole, &policy.decide(&request("clerk", Purpose::Operations), &facts)).expect("in part");
        let refused = refused(Some(PATIENT), Some(&seen));
        assert!(refused.iter().any(|path| path == "Patient.birthDate"), "{refused:?}");
    }

    #[test]
    fn each_change_has_its_reason() {
        let policy = Policy::from_toml(CLERK).expect("well formed");
        let request = request("clerk", Purpose::Operations);
        let changed = PATIENT.replace("555-0100", "1").replace("female", "male");
        let decision = decide(&policy, &request, Some(PATIENT), Some(&changed));
        let rules: Vec<_> = decision
            .changes()
            .iter()
            .map(|change| {
                (
                    change.path(),
                    change.kind(),
                    decision.reason(change).and_then(|reason| reason.rule_id().map(str::to_owned)),
                )
            })
            .collect();
        assert_eq!(
            rules,
            [
                ("Patient.gender", ChangeKind::Altered, None),
                ("Patient.telecom[0].value", ChangeKind::Altered, Some("writes".to_owned())),
            ]
        );
        assert!(decision.obligations().contains(crate::Obligation::Audit));
        assert_eq!(decision.decisions().len(), 2);
        assert!(!format!("{decision:?}").contains("gender"));
        let expired = Request {
            relationship: crate::Tie { until: Some(DateTime::UNIX_EPOCH), ..request.relationship },
            ..request
        };
        let over = decide(&policy, &expired, Some(PATIENT), Some(&changed));
        let gender = over.changes()[0].clone();
        assert_eq!(over.reason(&gender).and_then(|reason| reason.note), Some(Note::RelationshipOver));
    }

    proptest! {
        #[test]
        fn any_two_records_that_differ_show_a_change(
            cuts in prop::collection::vec((0_usize..400, 0_usize..12, "[ -~]{0,4}"), 1..4),
        ) {
            let mut text = PATIENT.as_bytes().to_vec();
            for (at, length, instead) in cuts {
                let at = at.min(text.len());
                let end = (at + length).min(text.len());
                text.splice(at..end, instead.bytes());
            }
            if let Ok(other) = parse(&text, Mode::Lenient).map(|parsed| parsed.into_resource()) {
                let before = read(PATIENT);
                let same = without_server_fields(&before) == without_server_fields(&other);
                prop_assert_eq!(differences(Some(&before), Some(&other)).is_empty(), same);
            }
        }
    }
}
