//! Questionnaires: that the conditions of their questions ask for questions that there are. FHIR R4,
//! <https://hl7.org/fhir/R4/questionnaire.html>, `Questionnaire.item.enableWhen.question`.

use std::collections::HashSet;

use crate::issue::{Issue, IssueCode};
use crate::resource::{Questionnaire, QuestionnaireItem};
use crate::walk::Step;

/// Checks the conditions of all questions.
pub(super) fn check(form: &Questionnaire, at: &Step<'_>, issues: &mut Vec<Issue>) {
    let mut known = HashSet::new();
    note_links(&form.item, &mut known);
    conditions(&form.item, &at.to_string(), &known, issues);
}

fn note_links<'q>(items: &'q [QuestionnaireItem], known: &mut HashSet<&'q str>) {
    for item in items {
        known.extend(item.link_id.as_deref());
        note_links(&item.item, known);
    }
}

fn conditions(items: &[QuestionnaireItem], path: &str, known: &HashSet<&str>, issues: &mut Vec<Issue>) {
    for (index, item) in items.iter().enumerate() {
        let path = format!("{path}.item[{index}]");
        for (index, condition) in item.enable_when.iter().enumerate() {
            let Some(question) = condition.question.as_deref() else { continue };
            let detail = if item.link_id.as_deref() == Some(question) {
                "a question does not decide whether it is asked itself"
            } else if known.contains(question) {
                continue;
            } else {
                "the questionnaire has no question of this link id"
            };
            let path = format!("{path}.enableWhen[{index}].question");
            issues.push(Issue::new(IssueCode::Contradiction, path, detail));
        }
        conditions(&item.item, &path, known, issues);
    }
}

#[cfg(test)]
mod tests {
    use crate::{Checks, Mode, parse};

    #[test]
    fn a_condition_asks_for_another_question() {
        let paths = |question: &str| {
            let json = format!(
                r#"{{"resourceType":"Questionnaire","status":"draft","item":[{{"linkId":"g","type":"group","item":[{{"linkId":"1","type":"string","enableWhen":[{{"question":"{question}","operator":"exists","answerBoolean":true}}]}}]}},{{"linkId":"2","type":"string"}}]}}"#
            );
            let outcome = parse(json.as_bytes(), Mode::Strict).unwrap().check(&Checks::structure());
            outcome.map_or_else(
                |refused| refused.issues().iter().map(|issue| issue.path().to_owned()).collect(),
                |_| Vec::new(),
            )
        };
        assert!(paths("2").is_empty());
        for wrong in ["1", "3"] {
            assert_eq!(paths(wrong), ["Questionnaire.item[0].item[0].enableWhen[0].question"]);
        }
    }
}
