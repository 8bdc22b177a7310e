//! Invariants of quantities, and of what is made of two of them.

use std::cmp::Ordering;

use super::{Has as _, invariants, is};
use crate::check::compare;
use crate::datatype::{Quantity, Range, Ratio};

const UCUM: &str = "http://unitsofmeasure.org";

invariants! {
    "Quantity" Quantity {
        Error "qty-3" "a code without a system": |it| has_system(it);
    }
    "SimpleQuantity" Quantity {
        Error "qty-3" "a code without a system": |it| has_system(it);
        Error "sqty-1" "a comparator has no place here": |it| !it.has("comparator");
    }
    "Age" Quantity {
        Error "qty-3" "a code without a system": |it| has_system(it);
        Error "age-1" "a value needs a code, of UCUM, and is positive": |it|
            is_coded(it) && in_ucum(it) && !it.value.as_ref().is_some_and(|value| value.to_f64() <= 0.0);
    }
    "Count" Quantity {
        Error "qty-3" "a code without a system": |it| has_system(it);
        Error "cnt-3" "a count is a whole number with the UCUM code 1": |it|
            is_coded(it)
                && in_ucum(it)
                && (it.code.is_none() || is(&it.code, "1"))
                && !it.value.as_ref().is_some_and(|value| value.as_str().contains('.'));
    }
    "Distance" Quantity {
        Error "qty-3" "a code without a system": |it| has_system(it);
        Error "dis-1" "a value needs a code, of UCUM": |it| is_coded(it) && in_ucum(it);
    }
    "Duration" Quantity {
        Error "qty-3" "a code without a system": |it| has_system(it);
        Error "drt-1" "a code is of UCUM, and has a value": |it|
            !it.has("code") || (it.system.as_deref() == Some(UCUM) && it.has("value"));
    }
    "Ratio" Ratio {
        Error "rat-1" "numerator and denominator stand together, or an extension in place of both": |it|
            it.has("numerator") == it.has("denominator") && (it.has("numerator") || !it.extra.extension().is_empty());
    }
    "Range" Range {
        Error "rng-2" "the low end is above the high end": |it| match (&it.low, &it.high) {
            (Some(low), Some(high)) => compare::quantities(low, high) != Some(Ordering::Greater),
            _ => true,
        };
    }
}

fn has_system(it: &Quantity) -> bool {
    !it.has("code") || it.has("system")
}

fn is_coded(it: &Quantity) -> bool {
    it.has("code") || !it.has("value")
}

fn in_ucum(it: &Quantity) -> bool {
    it.system.as_deref().is_none_or(|system| system == UCUM)
}

#[cfg(test)]
mod tests {
    use super::super::tests::breaches;

    #[test]
    fn each_kind_of_quantity_keeps_its_rules() {
        let ucum = r#""system":"http://unitsofmeasure.org""#;
        let cases = [
            ("valueQuantity", r#"{"value":1,"code":"mg"}"#.to_owned(), &["qty-3"][..]),
            ("valueQuantity", r#"{"value":1,"comparator":"<"}"#.to_owned(), &[]),
            ("valueAge", format!(r#"{{"value":0,"code":"a",{ucum}}}"#), &["age-1"]),
            ("valueAge", format!(r#"{{"value":40,"code":"a",{ucum}}}"#), &[]),
            ("valueCount", format!(r#"{{"value":1.5,"code":"1",{ucum}}}"#), &["cnt-3"]),
            ("valueCount", format!(r#"{{"value":1,"code":"2",{ucum}}}"#), &["cnt-3"]),
            ("valueDistance", r#"{"value":1,"code":"km","system":"urn:x"}"#.to_owned(), &["dis-1"]),
            ("valueDuration", format!(r#"{{"code":"h",{ucum}}}"#), &["drt-1"]),
            ("valueDuration", r#"{"value":1,"unit":"hours"}"#.to_owned(), &[]),
            ("valueRatio", r#"{"numerator":{"value":1}}"#.to_owned(), &["rat-1"]),
            ("valueRange", r#"{"low":{"value":2},"high":{"value":1}}"#.to_owned(), &["rng-2"]),
            ("valueRange", r#"{"low":{"value":1,"comparator":"<"}}"#.to_owned(), &["sqty-1"]),
        ];
        for (member, json, expected) in cases {
            let found =
                breaches(&format!(r#"{{"resourceType":"Patient","extension":[{{"url":"urn:x","{member}":{json}}}]}}"#));
            let keys: Vec<_> = found.iter().filter_map(|breach| breach.split(' ').next()).collect();
            assert_eq!(keys, expected, "{json}");
        }
    }
}
