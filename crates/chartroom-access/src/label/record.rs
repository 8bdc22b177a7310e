//! The facts of a whole record: its labels by its codes, its security labels, its type, and where it comes from.

use chartroom_record::part::{self, Part};
use chartroom_record::{Class, ClassSet, Json, Node, Resource};

use super::sets::Set;
use super::{LabelSet, LabelSets, Labelled, SecurityLabel};
use crate::{Facts, ResourceType};

/// Where a record comes from, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin<'a> {
    /// Who made it, by the id the audit trail knows them by.
    pub originator: Option<&'a str>,
    /// The organization that keeps it.
    pub organization: Option<&'a str>,
}

/// Classes whose codes tell about someone's health. Where no label set covers one of them, the record is closed.
const TELLING: ClassSet =
    ClassSet::of(&[Class::Clinical, Class::Narrative, Class::Attachment, Class::Biometric, Class::Unclassified]);

impl LabelSets {
    /// What a policy must know about a record: its type and classes, its labels and confidentiality, and its origin. Whom it is
    /// about is the caller's to add.
    ///
    /// Labels come from each of its codes, from `meta.security`, and from the sets that ask for its type, for that of a record
    /// inside it, or for its origin. An originator or an organization that is not known fits every set, so that what is not
    /// known opens nothing.
    ///
    /// ```
    /// use chartroom_access::label::{LabelSets, Origin, Sensitivity};
    /// use chartroom_record::{Mode, parse};
    ///
    /// let house = LabelSets::from_toml(r#"
    ///     [[set]]
    ///     label = "PSYTHPN"
    ///     types = ["DocumentReference", "Composition"]
    ///     systems = ["urn:harbor:documents"]
    ///     codes = ["session-notes"]
    ///     source = "House list of document types"
    ///     dated = 2026-01-15
    /// "#)?;
    /// let text = br#"{"resourceType":"DocumentReference","status":"current","content":[],
    ///   "type":{"coding":[{"system":"urn:harbor:documents","code":"session-notes"}]}}"#;
    /// let note = parse(text, Mode::Lenient).expect("well formed").into_resource();
    /// let facts = LabelSets::starter().and(house).facts(&note, Origin { originator: Some("dr-7"), ..Origin::default() });
    /// assert!(facts.labels.contains(Sensitivity::PsychotherapyNote));
    /// # Ok::<(), chartroom_access::PolicyError>(())
    /// ```
    pub fn facts(&self, resource: &Resource, origin: Origin<'_>) -> Facts {
        let mut judge = Judge::new(self, resource, origin);
        resource.for_each_coding(|system, code, class| judge.see(system, code, class));
        judge.facts(resource.classes())
    }

    /// The same facts, and the record in its parts by class: both in one walk over the record.
    pub fn split(&self, resource: &Resource, origin: Origin<'_>) -> (Facts, Vec<Part>) {
        let mut judge = Judge::new(self, resource, origin);
        let parts = part::split_with_codings(resource, |system, code, class| judge.see(system, code, class));
        let classes = parts.iter().map(|part| part.class).collect();
        (judge.facts(classes), parts)
    }

    /// Each set that gives a record of this origin a label by its type, or by that of a record inside it, whatever its codes: for
    /// [`Explanation::from_codes`](crate::Explanation::from_codes).
    pub fn why_record<'a>(
        &'a self,
        resource: &Resource,
        origin: Origin<'_>,
    ) -> impl Iterator<Item = Labelled<'a>> + use<'a> {
        let sets = self.about(resource, origin).into_iter().filter(|set| set.is_without_codes());
        sets.map(|set| Labelled { label: set.label, system: "", code: "", source: &set.source, dated: set.dated })
    }

    /// The sets that ask for records of this type, or of the type of a record inside it, and for this origin.
    fn about(&self, resource: &Resource, origin: Origin<'_>) -> Vec<&Set> {
        let mut about: Vec<&Set> = self.sets.iter().filter(|set| set.asks_for_records()).collect();
        // Most houses have no such set, and the record is not walked for it.
        if !about.is_empty() {
            let kinds = types_in(resource);
            about.retain(|set| kinds.iter().any(|kind| set.fits(*kind, origin)));
        }
        about
    }
}

/// Gathers the labels of one record, code by code.
struct Judge<'a> {
    sets: &'a LabelSets,
    /// The sets that ask for it.
    about: Vec<&'a Set>,
    resource: &'a Resource,
    origin: Origin<'a>,
    labels: LabelSet,
}

impl<'a> Judge<'a> {
    fn new(sets: &'a LabelSets, resource: &'a Resource, origin: Origin<'a>) -> Self {
        let about = sets.about(resource, origin);
        let labels = about.iter().filter(|set| set.is_without_codes()).map(|set| set.label).collect();
        Self { sets, about, resource, origin, labels }
    }

    fn see(&mut self, system: &str, code: &str, class: Class) {
        let labels = if TELLING.contains(class) { self.sets.judge(system, code) } else { self.sets.of(system, code) };
        let more = self.about.iter().filter(|set| set.lists(system, code)).map(|set| set.label).collect::<LabelSet>();
        self.labels = self.labels.union(labels).union(more);
    }

    fn facts(self, classes: ClassSet) -> Facts {
        let mut facts = Facts::new(ResourceType::of(self.resource.type_name()), classes);
        facts.labels = self.labels;
        self.resource.for_each_security_label(|system, code| facts.mark(SecurityLabel::of(system, code)));
        facts.originator = self.origin.originator.map(Into::into);
        facts.organization = self.origin.organization.map(Into::into);
        facts
    }
}

/// The type of a record, and those of the records that it contains or bundles.
fn types_in(resource: &Resource) -> Vec<ResourceType> {
    let mut kinds = vec![ResourceType::of(resource.type_name())];
    resource.for_each_element(|visit| {
        let name = match (visit.found().node(), visit.found().json()) {
            (_, Some(json)) => json.get("resourceType").and_then(Json::as_str),
            (Node::Resource(inner), None) => Some(inner.type_name()),
            _ => None,
        };
        kinds.extend(name.map(ResourceType::of).filter(|kind| !kinds.contains(kind)));
    });
    kinds
}

impl Set {
    /// Whether it asks for records of this type and origin.
    fn fits(&self, kind: ResourceType, origin: Origin<'_>) -> bool {
        let named = |names: &Option<Vec<String>>, name: Option<&str>| {
            names.as_ref().is_none_or(|names| name.is_none_or(|name| names.iter().any(|own| own == name)))
        };
        self.asks_for_records()
            && self.types.as_ref().is_none_or(|types| types.contains(&kind))
            && named(&self.originators, origin.originator)
            && named(&self.organizations, origin.organization)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Confidentiality;
    use crate::label::Sensitivity;
    use chartroom_record::{Mode, parse};

    const HOUSE: &str = r#"
        [[set]]
        label = "42CFRPart2"
        organizations = ["recovery"]
        source = "Our program"
        dated = 2026-01-01
        [[set]]
        label = "PSYTHPN"
        types = ["DocumentReference"]
        originators = ["dr-7"]
        systems = ["http://loinc.org"]
        codes = ["1-8"]
        source = "Session notes"
        dated = 2026-01-01
        [[set]]
        label = "SPI"
        types = ["Flag"]
        source = "Flags"
        dated = 2026-01-01
    "#;

    fn labels(text: &str, origin: Origin<'_>) -> LabelSet {
        let house = LabelSets::from_toml(HOUSE).expect("well formed");
        house.facts(&parse(text.as_bytes(), Mode::Lenient).expect("well formed").into_resource(), origin).labels
    }

    fn from<'a>(originator: &'a str, organization: &'a str) -> Origin<'a> {
        Origin { originator: Some(originator), organization: Some(organization) }
    }

    #[test]
    fn a_set_asks_for_all_that_it_names() {
        let flag = r#"{"resourceType":"Flag","status":"active"}"#;
        let both = LabelSet::of(&[Sensitivity::SpeciallyProtected, Sensitivity::Part2]);
        assert_eq!(labels(flag, Origin::default()), both);
        let visit = r#"{"resourceType":"Encounter","status":"finished"}"#;
        assert_eq!(labels(visit, Origin::default()), Sensitivity::Part2.into(), "who is not known may be anyone");
        assert_eq!(labels(visit, from("dr-7", "ward")), LabelSet::NONE);
        assert_eq!(labels(visit, from("dr-8", "recovery")), Sensitivity::Part2.into());
    }

    #[test]
    fn a_record_inside_another_gives_its_labels() {
        let flag = r#"{"resourceType":"Flag","status":"active"}"#;
        let spi = LabelSet::from(Sensitivity::SpeciallyProtected);
        for text in [
            format!(r#"{{"resourceType":"Encounter","status":"finished","contained":[{flag}]}}"#),
            format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{flag}}}]}}"#),
            format!(r#"{{"resourceType":"Parameters","parameter":[{{"name":"a","resource":{flag}}}]}}"#),
            format!(r#"{{"resourceType":"HouseThing","inside":[{flag}]}}"#),
            format!(r#"{{"resourceType":"Encounter","status":"finished","shoe":{{"in":{flag}}}}}"#),
        ] {
            assert!(labels(&text, Origin::default()).contains(Sensitivity::SpeciallyProtected), "{text}");
            let record = parse(text.as_bytes(), Mode::Lenient).expect("well formed").into_resource();
            let house = LabelSets::from_toml(HOUSE).expect("well formed");
            assert!(house.split(&record, Origin::default()).0.labels.intersection(spi) == spi, "{text}");
        }
        let note = r#"{"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":"DocumentReference",
            "status":"current","content":[],"type":{"coding":[{"system":"http://loinc.org","code":"1-8"}]}}}]}"#;
        assert!(labels(note, from("dr-7", "ward")).contains(Sensitivity::PsychotherapyNote));
        assert!(!labels(note, from("dr-8", "ward")).contains(Sensitivity::PsychotherapyNote));
    }

    #[test]
    fn a_set_for_some_records_covers_no_system() {
        let note = |kind: &str, code: &str| {
            format!(
                r#"{{"resourceType":"{kind}","type":{{"coding":[{{"system":"http://loinc.org","code":"{code}"}}]}}}}"#
            )
        };
        let of = |kind, code, who| labels(&note(kind, code), from(who, "ward"));
        let uncovered = LabelSet::from(Sensitivity::Uncovered);
        assert_eq!(of("DocumentReference", "1-8", "dr-7"), uncovered.union(Sensitivity::PsychotherapyNote.into()));
        assert_eq!(of("DocumentReference", "1-8", "dr-8"), uncovered);
        assert_eq!(of("DocumentReference", "2-6", "dr-7"), uncovered);
        assert_eq!(of("Composition", "1-8", "dr-7"), uncovered);
        let house = LabelSets::from_toml(HOUSE).expect("well formed");
        assert_eq!(house.of("http://loinc.org", "1-8"), LabelSet::NONE);
        assert_eq!(house.why("http://loinc.org", "1-8").count(), 0);
    }

    #[test]
    fn what_labels_a_record_can_be_told() {
        let house = LabelSets::from_toml(HOUSE).expect("well formed");
        let flag = r#"{"resourceType":"Flag","status":"active"}"#;
        let visit = r#"{"resourceType":"Encounter","status":"finished"}"#;
        let bundle = format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{flag}}}]}}"#);
        for (text, sources) in
            [(flag, &["Our program", "Flags"][..]), (&bundle, &["Our program", "Flags"]), (visit, &["Our program"])]
        {
            let record = parse(text.as_bytes(), Mode::Lenient).expect("well formed").into_resource();
            let told = house.why_record(&record, from("x", "recovery"));
            assert_eq!(told.map(|one| one.source).collect::<Vec<_>>(), sources, "{text}");
        }
    }

    #[test]
    fn security_labels_close_and_are_not_outdone() {
        let text = r#"{"resourceType":"Flag","meta":{"security":[
            {"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"R"},
            {"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"HIPAASelfPay"},
            {"system":"urn:example:house","code":"7"}]}}"#;
        let flag = parse(text.as_bytes(), Mode::Lenient).expect("well formed").into_resource();
        let facts = LabelSets::starter().facts(&flag, Origin { originator: Some("dr-7"), organization: None });
        assert_eq!(facts.confidentiality, Confidentiality::Restricted);
        assert_eq!(facts.labels, LabelSet::of(&[Sensitivity::SelfPay, Sensitivity::Unknown, Sensitivity::Uncovered]));
        assert_eq!(facts.originator.as_deref(), Some("dr-7"));
        let (same, parts) = LabelSets::starter().split(&flag, Origin { originator: Some("dr-7"), organization: None });
        assert_eq!((same.labels, same.classes, parts), (facts.labels, facts.classes, part::split(&flag)));
    }
}
