//! Invariants of documents and messages, apart from bundles.

use super::{Has as _, invariants};
use crate::resource::{CompositionSection, ParametersParameter};

invariants! {
    "Composition.section" CompositionSection {
        Error "cmp-1" "neither text, nor entries, nor sections": |it|
            it.has("text") || it.has("entry") || it.has("section");
        Error "cmp-2" "a reason why it is empty, and it is not": |it| !it.has("emptyReason") || !it.has("entry");
    }
    "Parameters.parameter" ParametersParameter {
        Error "inv-1" "exactly one of a value, a resource and parts": |it| {
            [it.has("value"), it.has("resource"), it.has("part")].iter().filter(|has| **has).count() == 1
        };
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::breaches;

    #[test]
    fn sections_and_parameters_keep_the_rules() {
        let cases = [
            (
                r#"{"resourceType":"Composition","status":"final","type":{"text":"x"},"date":"2020","title":"x","author":[{"display":"x"}],"section":[{"title":"x"}]}"#,
                &["cmp-1 Composition.section[0]"][..],
            ),
            (
                r#"{"resourceType":"Composition","status":"final","type":{"text":"x"},"date":"2020","title":"x","author":[{"display":"x"}],"section":[{"entry":[{"display":"x"}],"emptyReason":{"text":"x"}}]}"#,
                &["cmp-2 Composition.section[0]"],
            ),
            (
                r#"{"resourceType":"Parameters","parameter":[{"name":"a"},{"name":"b","valueString":"x"},{"name":"c","valueString":"x","part":[{"name":"d","valueString":"x"}]}]}"#,
                &["inv-1 Parameters.parameter[0]", "inv-1 Parameters.parameter[2]"],
            ),
        ];
        for (json, expected) in cases {
            assert_eq!(breaches(json), expected, "{json}");
        }
    }
}
