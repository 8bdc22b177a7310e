//! Compares JSON texts as values, with the text of their numbers, by serde_json and none of our own code.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// Whether both texts are the same JSON value: members in any order, numbers by their text. The error names the first place
/// that differs, and nothing of what stands there.
pub fn same(one: &str, other: &str) -> Result<(), String> {
    compare(raw(one)?, raw(other)?, &mut "$".to_owned())
}

fn raw(text: &str) -> Result<&RawValue, String> {
    serde_json::from_str(text).map_err(|error| format!("no JSON at line {}, column {}", error.line(), error.column()))
}

fn compare(one: &RawValue, other: &RawValue, path: &mut String) -> Result<(), String> {
    let (left, right) = (one.get(), other.get());
    if left == right {
        return Ok(());
    }
    let length = path.len();
    match (left.as_bytes().first(), right.as_bytes().first()) {
        (Some(b'{'), Some(b'{')) => {
            let (left, right) = (object(left)?, object(right)?);
            if !left.keys().eq(right.keys()) {
                return Err(format!("{path}: other members"));
            }
            for ((name, one), other) in left.iter().zip(right.values()) {
                path.push('.');
                path.push_str(name);
                compare(one, other, path)?;
                path.truncate(length);
            }
            Ok(())
        }
        (Some(b'['), Some(b'[')) => {
            let (left, right) = (array(left)?, array(right)?);
            if left.len() != right.len() {
                return Err(format!("{path}: another length"));
            }
            for (index, (one, other)) in left.iter().zip(right).enumerate() {
                path.push_str(&format!("[{index}]"));
                compare(one, other, path)?;
                path.truncate(length);
            }
            Ok(())
        }
        (Some(b'"'), Some(b'"')) if string(left)? == string(right)? => Ok(()),
        _ => Err(format!("{path}: another value")),
    }
}

fn object(text: &str) -> Result<BTreeMap<String, &RawValue>, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

fn array(text: &str) -> Result<Vec<&RawValue>, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

fn string(text: &str) -> Result<String, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn order_and_escapes_do_not_count_and_number_text_does() {
        assert_eq!(same(r#"{"a":[1.0,"é"],"b":{}}"#, r#"{ "b":{}, "a":[1.0,"\u00e9"] }"#), Ok(()));
        assert_eq!(same(r#"{"a":[1.0]}"#, r#"{"a":[1.00]}"#), Err("$.a[0]: another value".to_owned()));
        assert!(same(r#"{"a":1}"#, r#"{"a":1,"b":2}"#).is_err() && same("[1]", "[1,2]").is_err());
    }
}
