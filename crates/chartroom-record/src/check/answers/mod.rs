//! Answers beside the questionnaire that they answer: FHIR R4, <https://hl7.org/fhir/R4/questionnaireresponse.html>.
//!
//! Nothing is evaluated: of a question that is asked by an expression, its absence and its presence are both taken. Answers
//! out of a value set are left to the check of codes.

mod enabled;
mod value;

use std::collections::HashMap;

use value::Value;

use crate::code_set::{QuestionnaireItemType as Kind, QuestionnaireResponseStatus as Status};
use crate::datatype::ExtensionValue;
use crate::extra::Extra;
use crate::issue::{Issue, IssueCode};
use crate::resource::{
    Questionnaire, QuestionnaireItem, QuestionnaireResponse, QuestionnaireResponseItem,
    QuestionnaireResponseItemAnswer as Answer, Resource,
};
use crate::walk::Step;

/// Questionnaires by their address, and by that and their version. The first counts.
#[derive(Default)]
pub(super) struct Forms<'q> {
    by_url: HashMap<&'q str, &'q Questionnaire>,
    by_version: HashMap<(&'q str, &'q str), &'q Questionnaire>,
}

impl<'q> FromIterator<&'q Questionnaire> for Forms<'q> {
    fn from_iter<I: IntoIterator<Item = &'q Questionnaire>>(known: I) -> Self {
        let mut forms = Self::default();
        for form in known {
            let Some(url) = form.url.as_deref() else { continue };
            forms.by_url.entry(url).or_insert(form);
            if let Some(version) = form.version.as_deref() {
                forms.by_version.entry((url, version)).or_insert(form);
            }
        }
        forms
    }
}

impl<'q> Forms<'q> {
    fn find(&self, address: &str) -> Option<&'q Questionnaire> {
        match address.split_once('|') {
            Some(versioned) => self.by_version.get(&versioned).copied(),
            None => self.by_url.get(address).copied(),
        }
    }
}

/// The questionnaire that is answered: one of `known`, or one that the response contains.
pub(super) fn form_of<'q>(response: &'q QuestionnaireResponse, known: &Forms<'q>) -> Option<&'q Questionnaire> {
    let address = response.questionnaire.as_deref()?;
    let mut contained = response.contained.iter().filter_map(|resource| match resource {
        Resource::Questionnaire(form) => Some(&**form),
        _ => None,
    });
    match address.strip_prefix('#') {
        Some(id) => contained.find(|form| form.id.as_deref() == Some(id)),
        None => known.find(address).or_else(|| contained.collect::<Forms<'_>>().find(address)),
    }
}

/// Checks answers against their questionnaire.
pub(super) fn check(response: &QuestionnaireResponse, form: &Questionnaire, at: &Step<'_>, issues: &mut Vec<Issue>) {
    let status = response.status.as_ref().and_then(|status| status.known());
    let finished = matches!(status, Some(Status::Completed | Status::Amended));
    let mut check = Check { answered: by_question(&response.item), finished, issues };
    check.items(&form.item, &response.item, &at.to_string());
}

struct Check<'c> {
    /// The items of each question, wherever they stand.
    answered: HashMap<&'c str, Vec<&'c QuestionnaireResponseItem>>,
    /// Whether what is required must be there.
    finished: bool,
    issues: &'c mut Vec<Issue>,
}

impl Check<'_> {
    fn add(&mut self, path: &str, detail: &str) {
        self.issues.push(Issue::new(IssueCode::Answer, path, detail));
    }

    fn expect(&mut self, holds: bool, path: &str, detail: &str) {
        if !holds {
            self.add(path, detail);
        }
    }

    /// The items in one place, beside the questions that belong there.
    fn items(&mut self, questions: &[QuestionnaireItem], items: &[QuestionnaireResponseItem], path: &str) {
        let mut places = HashMap::new();
        for (place, question) in questions.iter().enumerate() {
            places.entry(question.link_id.as_deref()).or_insert(place);
        }
        let mut given: HashMap<_, Vec<_>> = HashMap::new();
        let mut last = 0;
        for (index, item) in items.iter().enumerate() {
            let path = format!("{path}.item[{index}]");
            let link_id = item.link_id.as_deref();
            let Some(place) = places.get(&link_id).copied() else {
                self.add(&format!("{path}.linkId"), "the questionnaire has no such question here");
                continue;
            };
            given.entry(link_id).or_default().push((index, item));
            self.expect(place >= last, &path, "the answers stand in another order than the questions");
            last = last.max(place);
            if let Some(question) = questions.get(place) {
                self.item(question, item, &path);
            }
        }
        for question in questions {
            let given = given.get(&question.link_id.as_deref()).map_or(&[][..], Vec::as_slice);
            self.question(question, given, path);
        }
    }

    /// All items of one question.
    fn question(&mut self, question: &QuestionnaireItem, given: &[(usize, &QuestionnaireResponseItem)], path: &str) {
        let kind = question.type_.as_ref().and_then(|kind| kind.known());
        let enabled = enabled::is_enabled(question, &self.answered);
        if enabled == Some(false) {
            for (index, _) in given.iter().filter(|(_, item)| !item.answer.is_empty() || !item.item.is_empty()) {
                self.add(&format!("{path}.item[{index}]"), "the question is answered, though it is not asked");
            }
            return;
        }
        let repeats = question.repeats == Some(true);
        if let Some((second, _)) = given.get(1)
            && !(repeats && kind == Some(Kind::Group))
        {
            self.add(&format!("{path}.item[{second}]"), "the question has one item, which holds all its answers");
        }
        let count =
            if kind == Some(Kind::Group) { given.len() } else { given.iter().map(|(_, item)| item.answer.len()).sum() };
        let (least, most) = (bound(&question.extra, LEAST), bound(&question.extra, MOST));
        let required = question.required == Some(true) && kind != Some(Kind::Display);
        let place = given.first().map_or_else(|| path.to_owned(), |(index, _)| format!("{path}.item[{index}]"));
        if self.finished && enabled == Some(true) {
            self.expect(!required || count > 0, &place, "a required question has no answer");
            let few = least.is_some_and(|least| count < least) && (required || count > 0);
            self.expect(!few, &place, "the question has fewer answers than it must have");
        }
        self.expect(most.is_none_or(|most| count <= most), &place, "the question has more answers than it may have");
    }

    /// One item of a question.
    fn item(&mut self, question: &QuestionnaireItem, item: &QuestionnaireResponseItem, path: &str) {
        let Some(kind) = question.type_.as_ref().and_then(|kind| kind.known()) else { return };
        if matches!(kind, Kind::Group | Kind::Display) {
            self.expect(item.answer.is_empty(), path, "a group or a display has no answer");
            return self.items(&question.item, &item.item, path);
        }
        self.expect(item.item.is_empty(), path, "what follows from an answer stands inside the answer");
        let one = item.answer.len() < 2 || question.repeats == Some(true);
        self.expect(one, path, "the question does not repeat, and has several answers");
        for (index, answer) in item.answer.iter().enumerate() {
            let path = format!("{path}.answer[{index}]");
            self.items(&question.item, &answer.item, &path);
            if let Some(value) = &answer.value {
                self.value(question, kind, Value::from(value), &path);
            }
        }
        self.exclusive(question, &item.answer, path);
    }

    fn value(&mut self, question: &QuestionnaireItem, kind: Kind, value: Value<'_>, path: &str) {
        // A value set gives codes; options may be of other types.
        let choice = matches!(kind, Kind::Choice | Kind::OpenChoice);
        let codes = choice && question.answer_value_set.is_some() && question.answer_option.is_empty();
        let coded = matches!(value, Value::Coding(_)) || (kind == Kind::OpenChoice && matches!(value, Value::Text(_)));
        if !value.answers(kind) || (codes && !coded) {
            return self.add(path, "the answer is not of the type of the question");
        }
        self.expect(is_option(question, kind, value), path, "the answer is not one of the options");
        let extra = &question.extra;
        if let Value::Text(text) = value {
            let length = text.chars().count();
            let most = question.max_length.and_then(|most| usize::try_from(most).ok());
            self.expect(most.is_none_or(|most| length <= most), path, "the answer is longer than it may be");
            let least = bound(extra, SHORTEST);
            self.expect(least.is_none_or(|least| length >= least), path, "the answer is shorter than it must be");
        }
        if let Value::Number(_, Some(number)) = value {
            let most = bound(extra, PLACES);
            let fits = most.is_none_or(|most| number.fraction_digits() <= most);
            self.expect(fits, path, "the answer has more decimal places than it may have");
        }
        let order = |url: &str| extra.extension_by_url(url).and_then(Value::of_bound).and_then(|it| value.order(it));
        self.expect(order(LOWEST).is_none_or(|order| order.is_ge()), path, "the answer is below the lowest allowed");
        self.expect(order(HIGHEST).is_none_or(|order| order.is_le()), path, "the answer is above the highest allowed");
    }

    /// An option that excludes all others stands alone.
    fn exclusive(&mut self, question: &QuestionnaireItem, answers: &[Answer], path: &str) {
        let excludes = |answer: &Answer| {
            let Some(value) = &answer.value else { return false };
            let mut options = question.answer_option.iter().filter(|option| {
                matches!(option.extra.extension_by_url(EXCLUSIVE), Some(ExtensionValue::Boolean(true)))
            });
            options.any(|option| {
                option.value.as_ref().is_some_and(|it| Value::from(value).equals(Value::from(it)) == Some(true))
            })
        };
        let alone = answers.len() < 2 || !answers.iter().any(excludes);
        self.expect(alone, path, "an option that excludes the others stands beside one of them");
    }
}

/// Whether the answer is among the options, where the question has any. An open choice may be answered otherwise.
fn is_option(question: &QuestionnaireItem, kind: Kind, value: Value<'_>) -> bool {
    let mut options = question.answer_option.iter().filter_map(|option| option.value.as_ref());
    question.answer_option.is_empty()
        || kind == Kind::OpenChoice
        || options.any(|option| value.equals(Value::from(option)) == Some(true))
}

/// The items of each question, wherever they stand.
fn by_question(items: &[QuestionnaireResponseItem]) -> HashMap<&str, Vec<&QuestionnaireResponseItem>> {
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    let mut open: Vec<_> = items.iter().collect();
    while let Some(item) = open.pop() {
        if let Some(link_id) = item.link_id.as_deref() {
            found.entry(link_id).or_default().push(item);
        }
        open.extend(item.item.iter().chain(item.answer.iter().flat_map(|answer| &answer.item)));
    }
    found
}

/// A count that an extension states.
fn bound(extra: &Extra, url: &str) -> Option<usize> {
    match extra.extension_by_url(url)? {
        ExtensionValue::Integer(count) => usize::try_from(*count).ok(),
        _ => None,
    }
}

const LEAST: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-minOccurs";
const MOST: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-maxOccurs";
const SHORTEST: &str = "http://hl7.org/fhir/StructureDefinition/minLength";
const PLACES: &str = "http://hl7.org/fhir/StructureDefinition/maxDecimalPlaces";
const LOWEST: &str = "http://hl7.org/fhir/StructureDefinition/minValue";
const HIGHEST: &str = "http://hl7.org/fhir/StructureDefinition/maxValue";
const EXCLUSIVE: &str = "http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive";

#[cfg(test)]
mod tests {
    use crate::resource::Questionnaire;
    use crate::{Checks, IssueCode, Mode, parse};

    fn found(json: &str, checks: &Checks) -> Vec<String> {
        let outcome = parse(json.as_bytes(), Mode::Strict).unwrap().check(checks);
        let issues = outcome.map_or_else(|refused| refused.issues().to_vec(), |checked| checked.issues().to_vec());
        let answers = issues.iter().filter(|issue| issue.code() == IssueCode::Answer);
        answers
            .map(|issue| format!("{}: {}", issue.path().replace("QuestionnaireResponse", ""), issue.detail()))
            .collect()
    }

    fn form(items: &str) -> String {
        format!(
            r#"{{"resourceType":"Questionnaire","id":"q","url":"https://a.example/q","status":"active","item":[{items}]}}"#
        )
    }

    fn answers(form: &str, status: &str, items: &str) -> Vec<String> {
        let json = format!(
            r##"{{"resourceType":"QuestionnaireResponse","contained":[{form}],"questionnaire":"#q","status":"{status}","item":[{items}]}}"##
        );
        found(&json, &Checks::structure())
    }

    #[test]
    fn many_questions_with_conditions_are_no_burden() {
        // Each looking through all the answers, they would take many minutes.
        let many = 10_000;
        let question = |at: usize| {
            format!(
                r#"{{"linkId":"{at}","text":"x","type":"string","enableWhen":[{{"question":"{}","operator":"exists","answerBoolean":true}}]}}"#,
                (at + 1) % many
            )
        };
        let answer = |at: usize| format!(r#"{{"linkId":"{at}","answer":[{{"valueString":"a"}}]}}"#);
        let form = form(&(0..many).map(question).collect::<Vec<_>>().join(","));
        let mut given: Vec<_> = (0..many).map(answer).collect();
        assert!(answers(&form, "completed", &given.join(",")).is_empty());
        given.remove(7);
        let found = answers(&form, "completed", &given.join(","));
        assert_eq!(found, [".item[6]: the question is answered, though it is not asked"]);
    }

    #[test]
    fn many_responses_find_their_forms() {
        // Each looking through all the forms, they would take many minutes.
        let many = 10_000;
        let form = |at: usize| {
            format!(
                r#"{{"resource":{{"resourceType":"Questionnaire","url":"https://a.example/{at}","version":"1","status":"active","item":[{{"linkId":"1","text":"x","type":"integer"}}]}}}}"#
            )
        };
        let response = |at: usize| {
            let version = if at < many / 2 { "" } else { "|1" };
            format!(
                r#"{{"resource":{{"resourceType":"QuestionnaireResponse","questionnaire":"https://a.example/{at}{version}","status":"completed","item":[{{"linkId":"1","answer":[{{"valueString":"x"}}]}}]}}}}"#
            )
        };
        let entries: Vec<_> = (0..many).map(form).chain((0..many).map(response)).collect();
        let bundle = format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(","));
        assert_eq!(found(&bundle, &Checks::structure()).len(), many);
    }

    /// What is wrong with the answers to one question.
    fn of_one(question: &str, answers_to_it: &str) -> Vec<String> {
        let form = form(&format!(r#"{{"linkId":"1",{question}}}"#));
        answers(&form, "completed", &format!(r#"{{"linkId":"1",{answers_to_it}}}"#))
    }

    #[test]
    fn items_stand_where_their_questions_do() {
        let form = form(
            r#"{"linkId":"g","type":"group","required":true,"item":[{"linkId":"g.1","type":"string","required":true},{"linkId":"g.2","type":"string"}]},{"linkId":"d","type":"display"},{"linkId":"h","type":"boolean","item":[{"linkId":"h.1","type":"string"}]}"#,
        );
        let answer = r#""answer":[{"valueString":"x"}]"#;
        let good = format!(
            r#"{{"linkId":"g","item":[{{"linkId":"g.1",{answer}}}]}},{{"linkId":"h","answer":[{{"valueBoolean":true,"item":[{{"linkId":"h.1",{answer}}}]}}]}}"#
        );
        assert!(answers(&form, "completed", &good).is_empty());
        let swapped = format!(r#"{{"linkId":"g","item":[{{"linkId":"g.2",{answer}}},{{"linkId":"g.1",{answer}}}]}}"#);
        let order = [".item[0].item[1]: the answers stand in another order than the questions"];
        assert_eq!(answers(&form, "completed", &swapped), order);
        let stray = format!(r#"{{"linkId":"g","item":[{{"linkId":"g.1",{answer}}},{{"linkId":"h.1",{answer}}}]}}"#);
        let no_question = [".item[0].item[1].linkId: the questionnaire has no such question here"];
        assert_eq!(answers(&form, "completed", &stray), no_question);
        let twice = format!(r#"{good},{{"linkId":"h","answer":[{{"valueBoolean":false}}]}}"#);
        assert_eq!(
            answers(&form, "completed", &twice),
            [".item[2]: the question has one item, which holds all its answers"]
        );
        let beside = format!(
            r#"{{"linkId":"g","item":[{{"linkId":"g.1",{answer}}}]}},{{"linkId":"h","item":[{{"linkId":"h.1",{answer}}}]}}"#
        );
        let inside = [".item[1]: what follows from an answer stands inside the answer"];
        assert_eq!(answers(&form, "completed", &beside), inside);
    }

    #[test]
    fn a_value_set_gives_codes() {
        let of = |kind: &str, value: &str| {
            let form = form(&format!(
                r#"{{"linkId":"1","type":"{kind}","answerValueSet":"http://hl7.org/fhir/ValueSet/yesnodontknow"}}"#
            ));
            answers(&form, "completed", &format!(r#"{{"linkId":"1","answer":[{{{value}}}]}}"#)).len()
        };
        assert_eq!((of("choice", r#""valueCoding":{"code":"Y"}"#), of("choice", r#""valueString":"x""#)), (0, 1));
        assert_eq!((of("open-choice", r#""valueString":"x""#), of("open-choice", r#""valueInteger":1"#)), (0, 1));
        assert_eq!((of("string", r#""valueString":"x""#), of("integer", r#""valueInteger":1"#)), (0, 0));
    }

    #[test]
    fn what_is_required_is_there_once_it_is_finished() {
        let form = form(r#"{"linkId":"1","type":"string","required":true},{"linkId":"2","type":"boolean"}"#);
        let items = r#"{"linkId":"2","answer":[{"valueBoolean":true}]}"#;
        assert_eq!(answers(&form, "completed", items), [": a required question has no answer"]);
        assert!(answers(&form, "in-progress", items).is_empty());
    }

    #[test]
    fn an_answer_keeps_to_its_question() {
        let option = |value: &str| {
            format!(
                r#""type":"choice","repeats":true,"answerOption":[{{"valueCoding":{{"system":"urn:x","code":"a"}}}},{{"valueString":"b"}},{{"extension":[{{"url":"http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive","valueBoolean":true}}],"valueString":"none"}}]{value}"#
            )
        };
        let extension = |name: &str, value: &str| {
            format!(r#""extension":[{{"url":"http://hl7.org/fhir/StructureDefinition/{name}",{value}}}]"#)
        };
        let cases = [
            (r#""type":"integer""#.to_owned(), r#""answer":[{"valueInteger":1}]"#, None),
            (r#""type":"integer""#.to_owned(), r#""answer":[{"valueString":"1"}]"#, Some("of the type")),
            (
                r#""type":"string""#.to_owned(),
                r#""answer":[{"valueString":"a"},{"valueString":"b"}]"#,
                Some("several answers"),
            ),
            (r#""type":"text","maxLength":3"#.to_owned(), r#""answer":[{"valueString":"four"}]"#, Some("longer")),
            (r#""type":"group""#.to_owned(), r#""answer":[{"valueString":"x"}]"#, Some("a group or a display")),
            (option(""), r#""answer":[{"valueCoding":{"system":"urn:x","code":"a"}},{"valueString":"b"}]"#, None),
            (option(""), r#""answer":[{"valueCoding":{"system":"urn:y","code":"a"}}]"#, Some("one of the options")),
            (option(""), r#""answer":[{"valueString":"none"},{"valueString":"b"}]"#, Some("excludes")),
            (option("").replace("choice", "open-choice"), r#""answer":[{"valueString":"other"}]"#, None),
            (
                format!(r#""type":"integer",{}"#, extension("minValue", r#""valueInteger":3"#)),
                r#""answer":[{"valueInteger":2}]"#,
                Some("below"),
            ),
            (
                format!(r#""type":"date",{}"#, extension("maxValue", r#""valueDate":"2024""#)),
                r#""answer":[{"valueDate":"2025-01-01"}]"#,
                Some("above"),
            ),
            (
                format!(r#""type":"decimal",{}"#, extension("maxDecimalPlaces", r#""valueInteger":1"#)),
                r#""answer":[{"valueDecimal":1.25}]"#,
                Some("decimal places"),
            ),
            (
                format!(
                    r#""type":"string","repeats":true,{}"#,
                    extension("questionnaire-maxOccurs", r#""valueInteger":1"#)
                ),
                r#""answer":[{"valueString":"a"},{"valueString":"b"}]"#,
                Some("more answers"),
            ),
        ];
        for (question, given, expected) in cases {
            let found = of_one(&question, given);
            assert!(found.len() == usize::from(expected.is_some()), "{question} {found:?}");
            assert!(found.iter().all(|found| found.contains(expected.unwrap_or_default())), "{question} {found:?}");
        }
    }

    #[test]
    fn a_question_is_asked_where_its_conditions_hold() {
        let form = |condition: &str| {
            form(&format!(
                r#"{{"linkId":"1","type":"integer","item":[]}},{{"linkId":"2","type":"string","required":true,"enableWhen":[{condition}]}}"#
            )
            .replace(r#","item":[]"#, ""))
        };
        let items = |number: u8, second: bool| {
            let second = if second { r#",{"linkId":"2","answer":[{"valueString":"x"}]}"# } else { "" };
            format!(r#"{{"linkId":"1","answer":[{{"valueInteger":{number}}}]}}{second}"#)
        };
        let asked = |condition: &str, number: u8| {
            let form = form(condition);
            let (given, missing) = (items(number, true), items(number, false));
            (answers(&form, "completed", &given).is_empty(), answers(&form, "completed", &missing).is_empty())
        };
        let (yes, no, either) = ((true, false), (false, true), (true, true));
        for (condition, number, expected) in [
            (r#"{"question":"1","operator":"exists","answerBoolean":true}"#, 1, yes),
            (r#"{"question":"1","operator":"exists","answerBoolean":false}"#, 1, no),
            (r#"{"question":"1","operator":"=","answerInteger":1}"#, 1, yes),
            (r#"{"question":"1","operator":"=","answerInteger":2}"#, 1, no),
            (r#"{"question":"1","operator":"!=","answerInteger":2}"#, 1, yes),
            (r#"{"question":"3","operator":"!=","answerInteger":2}"#, 1, either),
            (r#"{"question":"1","operator":">","answerInteger":2}"#, 3, yes),
            (r#"{"question":"1","operator":"<=","answerInteger":2}"#, 3, no),
        ] {
            assert_eq!(asked(condition, number), expected, "{condition}");
        }
    }

    #[test]
    fn the_questionnaire_may_stand_in_the_bundle_or_be_given() {
        let form = form(r#"{"linkId":"1","type":"string"}"#);
        let response = r#"{"resourceType":"QuestionnaireResponse","id":"r","questionnaire":"https://a.example/q","status":"completed","item":[{"linkId":"2"}]}"#;
        assert!(found(response, &Checks::structure()).is_empty());
        let given = parse(form.as_bytes(), Mode::Strict).unwrap().into_resource();
        let given = Questionnaire::try_from(given).ok().unwrap();
        assert_eq!(found(response, &Checks::structure().with_questionnaire(given)).len(), 1);
        let bundle = format!(
            r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"fullUrl":"urn:x:1","resource":{response}}},{{"fullUrl":"urn:x:2","resource":{form}}}]}}"#
        );
        assert_eq!(found(&bundle, &Checks::structure()).len(), 1);
        let entries = parse(bundle.as_bytes(), Mode::Strict).unwrap().check_entries(&Checks::structure());
        assert_eq!(entries.refused.len(), 1);
    }
}
