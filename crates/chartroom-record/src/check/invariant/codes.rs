//! Invariants of code systems, value sets and concept maps.

use std::collections::HashSet;

use super::{Has as _, invariants, is, is_computable, is_one_of};
use crate::resource::{
    CodeSystem, CodeSystemConcept, ConceptMap, ConceptMapGroupElementTarget, ConceptMapGroupUnmapped, ValueSet,
    ValueSetComposeInclude, ValueSetExpansionContains,
};

invariants! {
    "CodeSystem" CodeSystem {
        Warning "csd-0" "the name cannot name a type in a program": |it| it.name.as_deref().is_none_or(is_computable);
        Error "csd-1" "a code stands twice": |it| codes_are_distinct(&it.concept);
    }
    "ValueSet" ValueSet {
        Warning "vsd-0" "the name cannot name a type in a program": |it| it.name.as_deref().is_none_or(is_computable);
    }
    "ValueSet.compose.include" ValueSetComposeInclude {
        Error "vsd-1" "neither a value set nor a system": |it| it.has("valueSet") || it.has("system");
        Error "vsd-2" "concepts or filters without a system": |it|
            !(it.has("concept") || it.has("filter")) || it.has("system");
        Error "vsd-3" "concepts beside filters": |it| !it.has("concept") || !it.has("filter");
    }
    "ValueSet.expansion.contains" ValueSetExpansionContains {
        Error "vsd-6" "neither a code nor a display": |it| it.has("code") || it.has("display");
        Error "vsd-9" "neither a code nor abstract": |it| it.has("code") || it.abstract_ == Some(true);
        Error "vsd-10" "a code without a system": |it| !it.has("code") || it.has("system");
    }
    "ConceptMap" ConceptMap {
        Warning "cmd-0" "the name cannot name a type in a program": |it| it.name.as_deref().is_none_or(is_computable);
    }
    "ConceptMap.group.element.target" ConceptMapGroupElementTarget {
        Error "cmd-1" "a narrower or inexact map without a comment": |it|
            it.has("comment") || !is_one_of(&it.equivalence, &["narrower", "inexact"]);
    }
    "ConceptMap.group.unmapped" ConceptMapGroupUnmapped {
        Error "cmd-2" "the mode is fixed, and there is no code": |it| !is(&it.mode, "fixed") || it.has("code");
        Error "cmd-3" "the mode is another map, and there is no address": |it|
            !is(&it.mode, "other-map") || it.has("url");
    }
}

fn codes_are_distinct(concepts: &[CodeSystemConcept]) -> bool {
    let mut seen = HashSet::new();
    let mut open: Vec<_> = concepts.iter().collect();
    while let Some(concept) = open.pop() {
        if concept.code.as_ref().is_some_and(|code| !seen.insert(code.as_str())) {
            return false;
        }
        open.extend(&concept.concept);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::tests::breaches;

    #[test]
    fn definitions_of_codes_keep_the_rules() {
        let cases = [
            (
                r#"{"resourceType":"CodeSystem","status":"draft","content":"complete","name":"a b","concept":[{"code":"a","concept":[{"code":"a"}]}]}"#,
                &["csd-0 CodeSystem", "csd-1 CodeSystem"][..],
            ),
            (
                r#"{"resourceType":"ValueSet","status":"draft","name":"Good","compose":{"include":[{"concept":[{"code":"a"}],"filter":[{"property":"p","op":"=","value":"x"}]}]}}"#,
                &[
                    "vsd-1 ValueSet.compose.include[0]",
                    "vsd-2 ValueSet.compose.include[0]",
                    "vsd-3 ValueSet.compose.include[0]",
                ],
            ),
            (
                r#"{"resourceType":"ValueSet","status":"draft","expansion":{"timestamp":"2020","contains":[{"version":"1"},{"code":"a"}]}}"#,
                &[
                    "vsd-6 ValueSet.expansion.contains[0]",
                    "vsd-9 ValueSet.expansion.contains[0]",
                    "vsd-10 ValueSet.expansion.contains[1]",
                ],
            ),
            (
                r#"{"resourceType":"ConceptMap","status":"draft","group":[{"element":[{"target":[{"equivalence":"narrower"}]}],"unmapped":{"mode":"fixed"}},{"element":[{"code":"a"}],"unmapped":{"mode":"other-map"}}]}"#,
                &[
                    "cmd-1 ConceptMap.group[0].element[0].target[0]",
                    "cmd-2 ConceptMap.group[0].unmapped",
                    "cmd-3 ConceptMap.group[1].unmapped",
                ],
            ),
        ];
        for (json, expected) in cases {
            assert_eq!(breaches(json), expected, "{json}");
        }
    }
}
