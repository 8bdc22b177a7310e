//! HL7's terminology tests of SNOMED CT's constraint language.
//!
//! Every constraint of the suite must be read, or refused where the suite refuses it. SNOMED CT itself is licensed and not at hand, so the
//! requests are put to a release that is made here of what the responses say: which concepts they list, under which concept, with which
//! attribute. That shows that each request is understood and answered as the suite demands; that a hierarchy of a real release is
//! walked rightly is shown by the unit tests of `ecl`. A request about what no response tells of is left out by name.

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use chartroom_codes::ecl::Constraint;
use chartroom_codes::fhir::Catalog;
use chartroom_codes::snomed::{Attribute, Concept, Snapshot, SnomedCt, Term};
use chartroom_tests::pattern::{self, Externals};
use chartroom_tests::suites::{Suites, Test, items, text};
use chartroom_tests::{corpora, tally::Tally};
use serde_json::Value;

fn main() -> ExitCode {
    let mut tally = Tally::new("ecl_suite");
    if let Some(folder) = corpora::find("terminology-tests") {
        let suites = Suites { folder: folder.join("tests") };
        if let Err(reason) = run(&suites, &mut tally) {
            tally.case("the release made of the responses", Err(reason));
        }
    }
    tally.finish()
}

fn run(suites: &Suites, tally: &mut Tally) -> Result<(), String> {
    let cases = suites.cases();
    let tests: Vec<Case<'_>> = items(&cases, "suites")
        .iter()
        .filter(|suite| text(suite, "name") == "sct-ecl")
        .flat_map(|suite| items(suite, "tests"))
        .map(|test| Case::read(suites, test))
        .collect::<Result<_, _>>()?;
    for case in &tests {
        let is_refused = case.expected["resourceType"] == "OperationOutcome";
        let read = case.constraint.parse::<Constraint>();
        let outcome = match (&read, is_refused) {
            (Ok(_), false) | (Err(_), true) => Ok(()),
            (Ok(_), true) => Err("read, and must be refused".to_owned()),
            (Err(fault), false) => Err(format!("{fault}: {}", case.constraint)),
        };
        tally.case(format!("read {}", case.test.name), outcome);
    }
    let mut told = Told::default();
    tests.iter().for_each(|case| told.learn(case));
    let release = SnomedCt::new(told.version.clone(), told.snapshot()).map_err(|fault| fault.to_string())?;
    let catalog = Catalog::default().with_snomed(&release);
    for case in &tests {
        let name = format!("ask {}", case.test.name);
        match Told::leaves_out(case) {
            Some(reason) => println!("left out: {name}: {reason}"),
            None => {
                let answer = suites.answer(&case.test, &catalog);
                let fits = |expected: &Value| {
                    answer
                        .as_ref()
                        .map_err(String::clone)
                        .and_then(|answer| pattern::matches(expected, answer, &Externals::new()))
                };
                match (fits(&case.expected), case.with_its_own_url()) {
                    (Err(_), Some(corrected)) if fits(&corrected).is_ok() => {
                        tally.exception(name, "the response gives the value set another URL than the request does");
                    }
                    (outcome, _) => tally.case(name, outcome),
                }
            }
        }
    }
    Ok(())
}

/// One test with its constraint.
struct Case<'a> {
    test: Test<'a>,
    request: Value,
    expected: Value,
    constraint: String,
}

impl<'a> Case<'a> {
    fn read(suites: &Suites, test: &'a Value) -> Result<Self, String> {
        let test = Test::new(test)?;
        let (request, expected) = (suites.read(test.request)?, suites.read(test.response)?);
        let sets = items(&request, "parameter").iter().filter(|parameter| parameter["name"] == "valueSet");
        let includes = sets.flat_map(|set| items(&set["resource"]["compose"], "include"));
        let filter =
            includes.flat_map(|include| items(include, "filter")).find(|filter| filter["property"] == "constraint");
        let constraint = filter.map(|filter| text(filter, "value").to_owned()).unwrap_or_default();
        Ok(Self { test, request, expected, constraint })
    }

    /// The listed codes of the response.
    fn listed(&self) -> impl Iterator<Item = (u64, &Value)> {
        let codes = items(&self.expected["expansion"], "contains").iter();
        codes.filter_map(|code| Some((text(code, "code").parse().ok()?, code)))
    }

    /// The response with the URL of the value set that the request brings, if it has another one.
    fn with_its_own_url(&self) -> Option<Value> {
        let set = items(&self.request, "parameter").iter().find(|parameter| parameter["name"] == "valueSet")?;
        let url = &set["resource"]["url"];
        (self.expected["url"] != *url).then(|| {
            let mut corrected = self.expected.clone();
            corrected["url"] = url.clone();
            corrected
        })
    }

    /// The code that is asked about.
    fn code(&self) -> &str {
        let code = items(&self.request, "parameter").iter().find(|parameter| parameter["name"] == "code");
        code.and_then(|code| code["valueCode"].as_str().or(code["valueString"].as_str())).unwrap_or_default()
    }
}

/// What the responses tell of SNOMED CT.
#[derive(Default)]
struct Told {
    version: String,
    terms: BTreeMap<u64, String>,
    ended: BTreeSet<u64>,
    /// Each concept and those directly above it.
    children: BTreeSet<(u64, u64)>,
    /// Each concept and those somewhere above it.
    descendants: BTreeSet<(u64, u64)>,
    members: BTreeSet<(u64, u64)>,
    /// Concept, attribute and value.
    attributes: BTreeSet<(u64, u64, u64)>,
    /// Those of them that stand once.
    once: BTreeSet<(u64, u64, u64)>,
}

impl Told {
    fn learn(&mut self, case: &Case<'_>) {
        for parameter in items(&case.expected["expansion"], "parameter") {
            if let Some((_, version)) = text(parameter, "valueUri").split_once('|') {
                self.version = version.to_owned();
            }
        }
        for (code, listed) in case.listed() {
            self.terms.insert(code, text(listed, "display").to_owned());
            if listed["inactive"] == true {
                self.ended.insert(code);
            }
        }
        let shown = items(&case.expected, "parameter").iter().find(|parameter| parameter["name"] == "display");
        self.learn_terms(shown.map(|shown| text(shown, "valueString")).unwrap_or_default());
        if let (Ok(code), Some(shown)) = (case.code().parse(), shown) {
            self.terms.insert(code, text(shown, "valueString").to_owned());
        }
        for id in ids(&case.constraint) {
            self.terms.entry(id).or_default();
        }
        self.learn_places(case);
    }

    /// Identifiers with their terms between bars.
    fn learn_terms(&mut self, shown: &str) {
        let mut parts = shown.split('|');
        while let (Some(lead), Some(term)) = (parts.next(), parts.next()) {
            if let Some(id) = ids(lead).pop() {
                self.terms.insert(id, term.to_owned());
            }
        }
    }

    /// What the list that a constraint gives says of those in it.
    fn learn_places(&mut self, case: &Case<'_>) {
        let constraint: String = case.constraint.split('|').step_by(2).collect();
        let named = ids(&constraint);
        let shape: String =
            constraint.chars().filter(|character| !character.is_ascii_digit() && !character.is_whitespace()).collect();
        for (code, _) in case.listed() {
            match (shape.as_str(), named.as_slice()) {
                ("<!" | "<<!", [above]) => drop(self.children.insert((code, *above))),
                (">!", [below]) => drop(self.children.insert((*below, code))),
                ("<" | "<<", [above]) => drop(self.descendants.insert((code, *above))),
                ("<<AND<<", [one, other]) => self.descendants.extend([(code, *one), (code, *other)]),
                ("^", [set]) => drop(self.members.insert((*set, code))),
                ("<:[..]=<<" | "<:{[..]=<<}", [above, .., name, value]) => {
                    self.descendants.insert((code, *above));
                    self.attributes.insert((code, *name, *value));
                    if !shape.contains('{') {
                        self.once.insert((code, *name, *value));
                    }
                }
                _ => {}
            }
        }
    }

    /// The release. Who is told to be below a concept that has children, and not to be one of them, stands below one of them.
    fn snapshot(&self) -> Snapshot {
        let child_of = |above: u64| self.children.iter().find(|(below, parent)| *parent == above && *below != above);
        let placed = |&(below, above): &(u64, u64)| match child_of(above) {
            Some(&(child, _)) if child != below && !self.children.contains(&(below, above)) => (below, child),
            _ => (below, above),
        };
        let is_a: BTreeSet<(u64, u64)> =
            self.descendants.iter().map(placed).chain(self.children.iter().copied()).collect();
        let named = is_a.iter().flat_map(|(below, above)| [*below, *above]);
        let named = named.chain(self.members.iter().map(|(set, _)| *set));
        let all: BTreeSet<u64> = self.terms.keys().copied().chain(named).collect();
        let ended = |id: u64| self.ended.contains(&id).then(|| "2020-01-01".parse().ok()).flatten();
        let term = |(id, term): (&u64, &String)| Term {
            concept: *id,
            is_full_name: false,
            is_preferred: true,
            language: "en-US".into(),
            text: term.as_str().into(),
        };
        let attribute = |&(source, kind, destination): &(u64, u64, u64)| {
            let often = if self.once.contains(&(source, kind, destination)) { 1 } else { 2 };
            (1..=often).map(move |group| Attribute { source, group, kind, destination })
        };
        Snapshot {
            concepts: all.into_iter().map(|id| Concept { id, ended: ended(id), ..Concept::default() }).collect(),
            terms: self.terms.iter().filter(|(_, text)| !text.is_empty()).map(term).collect(),
            is_a: is_a.into_iter().filter(|(below, above)| below != above).collect(),
            attributes: self.attributes.iter().flat_map(attribute).collect(),
            members: self.members.iter().copied().collect(),
        }
    }

    /// Why the responses do not tell enough to ask this.
    fn leaves_out(case: &Case<'_>) -> Option<&'static str> {
        let is_dotted = case.constraint.replace("..", "").contains('.');
        is_dotted.then_some("no response tells which concepts have these values")
    }
}

/// The identifiers in a text.
fn ids(text: &str) -> Vec<u64> {
    let numbers = text.split(|character: char| !character.is_ascii_digit());
    numbers.filter(|number| number.len() > 5).filter_map(|number| number.parse().ok()).collect()
}
