//! Invariants of questionnaires and their answers.

use std::collections::HashSet;

use super::{Has as _, invariants, is, is_computable, is_one_of};
use crate::resource::{
    Questionnaire, QuestionnaireItem, QuestionnaireItemEnableWhen, QuestionnaireItemEnableWhenAnswer,
    QuestionnaireResponseItem,
};

/// Types of question whose answers may have a longest length.
const MEASURABLE: &[&str] = &["boolean", "decimal", "integer", "string", "text", "url", "open-choice"];

/// Types of question whose answers may be offered as a list.
const LISTABLE: &[&str] =
    &["choice", "open-choice", "decimal", "integer", "date", "dateTime", "time", "string", "quantity"];

invariants! {
    "Questionnaire" Questionnaire {
        Warning "que-0" "the name cannot name a type in a program": |it|
            it.name.as_deref().is_none_or(is_computable);
        Error "que-2" "a link id stands twice": |it| link_ids_are_distinct(&it.item);
    }
    "Questionnaire.item" QuestionnaireItem {
        Error "que-1" "a group has items, and a display has none": |it|
            (!is(&it.type_, "group") || it.has("item")) && !(is_display(it) && it.has("item"));
        Error "que-3" "a display has no code": |it| !is_display(it) || !it.has("code");
        Error "que-4" "answers by option beside answers by value set": |it|
            !it.has("answerOption") || !it.has("answerValueSet");
        Error "que-5" "an item of this type has no list of answers": |it|
            is_one_of(&it.type_, LISTABLE) || !(it.has("answerValueSet") || it.has("answerOption"));
        Error "que-6" "a display is neither required nor repeated": |it|
            !is_display(it) || !(it.has("required") || it.has("repeats"));
        Error "que-8" "a group or a display has no initial value": |it|
            !is_one_of(&it.type_, &["group", "display"]) || !it.has("initial");
        Error "que-9" "a display is never read only": |it| !is_display(it) || !it.has("readOnly");
        Error "que-10" "an item of this type has no longest length": |it|
            is_one_of(&it.type_, MEASURABLE) || !it.has("maxLength");
        Error "que-11" "an initial value beside answers by option": |it| !it.has("answerOption") || !it.has("initial");
        Error "que-12" "several conditions without a word how they combine": |it|
            it.enable_when.len() < 2 || it.has("enableBehavior");
        Error "que-13" "several initial values of an item that does not repeat": |it|
            it.repeats == Some(true) || it.initial.len() < 2;
    }
    "Questionnaire.item.enableWhen" QuestionnaireItemEnableWhen {
        Error "que-7" "whether there is an answer is asked with true or false": |it|
            !is(&it.operator, "exists")
                || matches!(it.answer, None | Some(QuestionnaireItemEnableWhenAnswer::Boolean(_)));
    }
    "QuestionnaireResponse.item" QuestionnaireResponseItem {
        Error "qrs-1" "answers beside items": |it| !it.has("answer") || !it.has("item");
    }
}

fn is_display(it: &QuestionnaireItem) -> bool {
    is(&it.type_, "display")
}

fn link_ids_are_distinct(items: &[QuestionnaireItem]) -> bool {
    let mut seen = HashSet::new();
    let mut open: Vec<_> = items.iter().collect();
    while let Some(item) = open.pop() {
        if item.link_id.as_deref().is_some_and(|link_id| !seen.insert(link_id)) {
            return false;
        }
        open.extend(&item.item);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::tests::breaches;

    #[test]
    fn items_keep_the_rules() {
        let cases = [
            (
                r#"{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"1","type":"string"},{"linkId":"2","type":"group","item":[{"linkId":"1","type":"string"}]}]}"#,
                &["que-2 Questionnaire"][..],
            ),
            (
                r#"{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"1","type":"group","maxLength":1,"initial":[{"valueInteger":1}]}]}"#,
                &["que-1 Questionnaire.item[0]", "que-8 Questionnaire.item[0]", "que-10 Questionnaire.item[0]"],
            ),
            (
                r#"{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"1","type":"display","code":[{"code":"x"}],"required":true,"readOnly":true}]}"#,
                &["que-3 Questionnaire.item[0]", "que-6 Questionnaire.item[0]", "que-9 Questionnaire.item[0]"],
            ),
            (
                r#"{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"1","type":"boolean","answerValueSet":"urn:x","answerOption":[{"valueInteger":1}],"initial":[{"valueBoolean":true},{"valueBoolean":true}]}]}"#,
                &[
                    "que-4 Questionnaire.item[0]",
                    "que-5 Questionnaire.item[0]",
                    "que-11 Questionnaire.item[0]",
                    "que-13 Questionnaire.item[0]",
                ],
            ),
            (
                r#"{"resourceType":"Questionnaire","status":"draft","item":[{"linkId":"1","type":"string","enableWhen":[{"question":"2","operator":"exists","answerString":"x"},{"question":"2","operator":"=","answerString":"x"}]}]}"#,
                &["que-12 Questionnaire.item[0]", "que-7 Questionnaire.item[0].enableWhen[0]"],
            ),
            (
                r#"{"resourceType":"QuestionnaireResponse","status":"completed","item":[{"linkId":"1","answer":[{"valueInteger":1}],"item":[{"linkId":"2"}]}]}"#,
                &["qrs-1 QuestionnaireResponse.item[0]"],
            ),
        ];
        for (json, expected) in cases {
            assert_eq!(breaches(json), expected, "{json}");
        }
    }
}
