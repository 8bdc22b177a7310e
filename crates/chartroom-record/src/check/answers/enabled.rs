//! Whether a question is asked at all: `Questionnaire.item.enableWhen`.

use std::collections::HashMap;

use super::value::Value;
use crate::code_set::{EnableWhenBehavior, QuestionnaireItemOperator as Operator};
use crate::resource::{QuestionnaireItem, QuestionnaireItemEnableWhen, QuestionnaireResponseItem};

/// Whether the conditions of a question hold; `None` where it cannot be said. `answered` has the items of each question.
pub(super) fn is_enabled(
    question: &QuestionnaireItem,
    answered: &HashMap<&str, Vec<&QuestionnaireResponseItem>>,
) -> Option<bool> {
    if question.extra.extension().iter().any(|extension| extension.url.as_deref() == Some(BY_EXPRESSION)) {
        return None;
    }
    let holds: Vec<_> = question.enable_when.iter().map(|condition| holds(condition, answered)).collect();
    let any = question.enable_behavior.as_ref().and_then(|behavior| behavior.known()) == Some(EnableWhenBehavior::Any);
    match holds.as_slice() {
        [] => Some(true),
        holds if any => decided(holds, true),
        holds => decided(holds, false),
    }
}

/// The condition is an expression, which nothing here evaluates.
const BY_EXPRESSION: &str = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression";

/// One that is `deciding` decides; otherwise all must be known.
fn decided(holds: &[Option<bool>], deciding: bool) -> Option<bool> {
    if holds.contains(&Some(deciding)) {
        Some(deciding)
    } else if holds.contains(&None) {
        None
    } else {
        Some(!deciding)
    }
}

fn holds(
    condition: &QuestionnaireItemEnableWhen,
    answered: &HashMap<&str, Vec<&QuestionnaireResponseItem>>,
) -> Option<bool> {
    let operator = condition.operator.as_ref()?.known()?;
    let wanted = Value::from(condition.answer.as_ref()?);
    let items = answered.get(condition.question.as_deref()?).map_or(&[][..], Vec::as_slice);
    if items.len() > 1 {
        // In a group that repeats, the nearest counts.
        return None;
    }
    let answers: Vec<_> = items.iter().flat_map(|item| &item.answer).filter_map(|it| it.value.as_ref()).collect();
    let compare = |test: &dyn Fn(Value<'_>) -> Option<bool>| {
        let tested: Vec<_> = answers.iter().map(|answer| test(Value::from(*answer))).collect();
        decided(&tested, true)
    };
    match operator {
        Operator::Exists => match wanted {
            Value::Boolean(wanted) => Some(wanted != answers.is_empty()),
            _ => None,
        },
        Operator::Equals => compare(&|answer| answer.equals(wanted)),
        // Of no answer, and of several, it is read in two ways.
        Operator::NotEquals if answers.len() == 1 => compare(&|answer| answer.equals(wanted).map(|equal| !equal)),
        Operator::NotEquals => None,
        Operator::GreaterThan => compare(&|answer| answer.order(wanted).map(|order| order.is_gt())),
        Operator::LessThan => compare(&|answer| answer.order(wanted).map(|order| order.is_lt())),
        Operator::GreaterOrEqual => compare(&|answer| answer.order(wanted).map(|order| order.is_ge())),
        Operator::LessOrEqual => compare(&|answer| answer.order(wanted).map(|order| order.is_le())),
    }
}
