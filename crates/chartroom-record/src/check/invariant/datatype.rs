//! Invariants of the data types, apart from quantities.

use std::cmp::Ordering;

use super::{Has as _, invariants, is, is_one_of};
use crate::check::compare;
use crate::datatype::{
    Attachment, ContactPoint, DataRequirementCodeFilter, DataRequirementDateFilter, Expression, Extension, Period,
    TimingRepeat, TriggerDefinition,
};
use crate::primitive::Decimal;

invariants! {
    "Extension" Extension {
        Error "ext-1" "an extension has either a value or extensions of its own": |it|
            it.has("value") == it.extra.extension().is_empty();
    }
    "Attachment" Attachment {
        Error "att-1" "data without a content type": |it| !it.has("data") || it.has("contentType");
    }
    "ContactPoint" ContactPoint {
        Error "cpt-2" "a value without a system": |it| !it.has("value") || it.has("system");
    }
    "Period" Period {
        Error "per-1" "it cannot be said that the start is not after the end": |it| match (it.start, it.end) {
            // Where the precision of both ends leaves it open, R4's rule does not hold.
            (Some(start), Some(end)) => start == end || compare::date_times(start, end).is_some_and(Ordering::is_le),
            _ => true,
        };
    }
    "Expression" Expression {
        Error "exp-1" "neither an expression nor a reference": |it| it.has("expression") || it.has("reference");
    }
    "Timing.repeat" TimingRepeat {
        Error "tim-1" "a duration without a unit": |it| !it.has("duration") || it.has("durationUnit");
        Error "tim-2" "a period without a unit": |it| !it.has("period") || it.has("periodUnit");
        Error "tim-4" "the duration is negative": |it| !is_negative(&it.duration);
        Error "tim-5" "the period is negative": |it| !is_negative(&it.period);
        Error "tim-6" "a longest period without a period": |it| !it.has("periodMax") || it.has("period");
        Error "tim-7" "a longest duration without a duration": |it| !it.has("durationMax") || it.has("duration");
        Error "tim-8" "a highest count without a count": |it| !it.has("countMax") || it.has("count");
        Error "tim-9" "an offset without a when that it can be counted from": |it|
            !it.has("offset")
                || (it.has("when") && !it.when.iter().any(|when| ["C", "CM", "CD", "CV"].contains(&when.as_str())));
        Error "tim-10" "a time of day beside a when": |it| !it.has("timeOfDay") || !it.has("when");
    }
    "DataRequirement.codeFilter" DataRequirementCodeFilter {
        Error "drq-1" "either a path or a search parameter, and not both": |it|
            it.has("path") != it.has("searchParam");
    }
    "DataRequirement.dateFilter" DataRequirementDateFilter {
        Error "drq-2" "either a path or a search parameter, and not both": |it|
            it.has("path") != it.has("searchParam");
    }
    "TriggerDefinition" TriggerDefinition {
        Error "trd-1" "a timing beside data": |it| !it.has("data") || !it.has("timing");
        Error "trd-2" "a condition without data": |it| !it.has("condition") || it.has("data");
        Error "trd-3" "the type of the trigger needs a name, a timing or data": |it|
            (!is(&it.type_, "named-event") || it.has("name"))
                && (!is(&it.type_, "periodic") || it.has("timing"))
                && (!is_one_of(&it.type_, DATA_EVENTS) || it.has("data"));
    }
}

const DATA_EVENTS: &[&str] =
    &["data-changed", "data-added", "data-modified", "data-removed", "data-accessed", "data-access-ended"];

fn is_negative(value: &Option<Decimal>) -> bool {
    value.as_ref().is_some_and(|value| value.to_f64() < 0.0)
}

#[cfg(test)]
mod tests {
    use super::super::tests::breaches;

    /// In an extension any data type can stand.
    fn value(member: &str, json: &str) -> Vec<String> {
        breaches(&format!(r#"{{"resourceType":"Patient","extension":[{{"url":"urn:x","{member}":{json}}}]}}"#))
    }

    #[test]
    fn an_extension_has_a_value_or_extensions() {
        assert_eq!(
            breaches(r#"{"resourceType":"Patient","extension":[{"url":"urn:x"}]}"#),
            ["ext-1 Patient.extension[0]"]
        );
        let both = r#"{"resourceType":"Patient","extension":[{"url":"urn:x","valueCode":"a","extension":[{"url":"b","valueCode":"c"}]}]}"#;
        assert_eq!(breaches(both), ["ext-1 Patient.extension[0]"]);
    }

    #[test]
    fn each_data_type_keeps_its_rules() {
        let cases = [
            ("valuePeriod", r#"{"start":"2020-02","end":"2020-01-31"}"#, &["per-1"][..]),
            ("valuePeriod", r#"{"start":"2020-01-31","end":"2020-01-31T08:00:00Z"}"#, &["per-1"]),
            ("valuePeriod", r#"{"start":"2020-01-30","end":"2020-01-31T08:00:00Z"}"#, &[]),
            ("valueContactPoint", r#"{"value":"1"}"#, &["cpt-2"]),
            ("valueExpression", r#"{"language":"text/cql"}"#, &["exp-1"]),
            ("valueTiming", r#"{"repeat":{"duration":-1,"periodMax":2}}"#, &["tim-1", "tim-4", "tim-6"]),
            (
                "valueTiming",
                r#"{"repeat":{"period":-1,"durationMax":2,"countMax":2}}"#,
                &["tim-2", "tim-5", "tim-7", "tim-8"],
            ),
            ("valueTiming", r#"{"repeat":{"offset":1,"when":["C"],"timeOfDay":["08:00:00"]}}"#, &["tim-9", "tim-10"]),
            ("valueTiming", r#"{"repeat":{"offset":1,"when":["ACM"],"duration":1,"durationUnit":"h"}}"#, &[]),
            ("valueDataRequirement", r#"{"type":"Patient","codeFilter":[{"path":"a","searchParam":"b"}]}"#, &["drq-1"]),
            ("valueDataRequirement", r#"{"type":"Patient","dateFilter":[{"valueDateTime":"2020"}]}"#, &["drq-2"]),
            (
                "valueTriggerDefinition",
                r#"{"type":"data-added","condition":{"language":"x","expression":"y"}}"#,
                &["trd-2", "trd-3"],
            ),
            (
                "valueTriggerDefinition",
                r#"{"type":"periodic","timingDate":"2020","data":[{"type":"Patient"}]}"#,
                &["trd-1"],
            ),
        ];
        for (member, json, expected) in cases {
            let found = value(member, json);
            let keys: Vec<_> = found.iter().filter_map(|breach| breach.split(' ').next()).collect();
            assert_eq!(keys, expected, "{json}");
        }
    }
}
