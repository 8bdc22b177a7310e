//! Compares an answer with what HL7's terminology tests expect of it.
//!
//! Order never counts in arrays. What is expected may hold instructions, which the suite's notes describe:
//! `$optional$` marks a value that need not be there, `$optional-properties$` names such members, `$count-arrays$` names
//! arrays of which only the length counts, and texts such as `$uuid$`, `$choice:a|b$`, `$fragments:a|b$` and
//! `$external:1:text$` stand for many texts.

use serde_json::{Map, Value};

/// What stands behind `$external:KEY:..$`: the texts of one response.
pub type Externals = Map<String, Value>;

/// Whether the answer is as expected. The error names the first place where it is not.
pub fn matches(expected: &Value, actual: &Value, externals: &Externals) -> Result<(), String> {
    compare(expected, actual, externals, "$")
}

fn compare(expected: &Value, actual: &Value, externals: &Externals, path: &str) -> Result<(), String> {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => objects(expected, actual, externals, path),
        (Value::Array(expected), Value::Array(actual)) => arrays(expected, actual, externals, path),
        (Value::String(pattern), Value::String(text)) if text_fits(pattern, text, externals) => Ok(()),
        (Value::Number(one), Value::Number(other)) if one.as_f64() == other.as_f64() => Ok(()),
        // The suite writes a few booleans as texts.
        (Value::String(text), Value::Bool(flag)) if *text == flag.to_string() => Ok(()),
        (one, other) if one == other => Ok(()),
        _ => Err(format!("{path}: expected {}, found {}", brief(expected), brief(actual))),
    }
}

fn objects(
    expected: &Map<String, Value>,
    actual: &Map<String, Value>,
    externals: &Externals,
    path: &str,
) -> Result<(), String> {
    let named = |instruction: &str| {
        let names = expected.get(instruction).and_then(Value::as_array).into_iter().flatten();
        names.filter_map(Value::as_str).map(str::to_owned).collect::<Vec<_>>()
    };
    let mut optional = named("$optional-properties$");
    optional.extend(named("$optional"));
    // A remark to the reader, as FHIR's first versions wrote them.
    optional.push("fhir_comments".to_owned());
    // `location` is the older name of `expression`, and says the same.
    if actual.contains_key("severity") {
        optional.push("location".to_owned());
    }
    let counted = named("$count-arrays$");
    for (name, value) in expected.iter().filter(|(name, _)| !name.starts_with('$') && !optional.contains(name)) {
        let place = format!("{path}.{name}");
        match (actual.get(name), value) {
            (None, Value::Array(items)) if items.iter().all(is_optional) => {}
            (None, _) => return Err(format!("{place}: missing, expected {}", brief(value))),
            (Some(Value::Array(found)), Value::Array(items)) if counted.contains(name) => {
                if found.len() != items.len() {
                    return Err(format!("{place}: expected {} items, found {}", items.len(), found.len()));
                }
            }
            (Some(found), _) => compare(value, found, externals, &place)?,
        }
    }
    match actual.keys().find(|name| !expected.contains_key(*name) && !optional.contains(name)) {
        Some(extra) => Err(format!("{path}.{extra}: not expected, found {}", brief(&actual[extra]))),
        None => Ok(()),
    }
}

/// Each item that was found needs one that was expected, and each that was expected needs to be found or optional.
fn arrays(expected: &[Value], actual: &[Value], externals: &Externals, path: &str) -> Result<(), String> {
    let mut partner: Vec<Option<usize>> = vec![None; expected.len()];
    // What must be there is given its partner before what may be.
    let mut order: Vec<usize> = (0..expected.len()).collect();
    order.sort_by_key(|at| is_optional(&expected[*at]));
    for (at, found) in actual.iter().enumerate() {
        let is_free = |wanted: &&usize| {
            partner[**wanted].is_none() && compare(&expected[**wanted], found, externals, path).is_ok()
        };
        match order.iter().find(is_free).copied() {
            Some(wanted) => partner[wanted] = Some(at),
            None => return Err(nearest(expected, &partner, found, externals, &format!("{path}[{at}]"))),
        }
    }
    match (0..expected.len()).find(|at| partner[*at].is_none() && !is_optional(&expected[*at])) {
        Some(at) => Err(format!("{path}: missing {}", brief(&expected[at]))),
        None => Ok(()),
    }
}

/// Why an item fits none: the difference to a free one with the same key, if there is one.
fn nearest(expected: &[Value], partner: &[Option<usize>], found: &Value, externals: &Externals, path: &str) -> String {
    let key = |value: &Value| ["name", "code", "url"].iter().find_map(|key| value.get(*key).cloned());
    let free = expected.iter().zip(partner).filter(|(_, partner)| partner.is_none()).map(|(expected, _)| expected);
    let like = free.into_iter().find(|expected| key(expected).is_some() && key(expected) == key(found));
    match like.map(|expected| compare(expected, found, externals, path)) {
        Some(Err(difference)) => difference,
        _ => format!("{path}: not expected, found {}", brief(found)),
    }
}

/// `true`, or a condition that holds for this library: it is not tx.fhir.org, and it answers in the shapes of R5.
fn is_optional(value: &Value) -> bool {
    match value.get("$optional$") {
        Some(Value::Bool(flag)) => *flag,
        Some(Value::String(condition)) => match condition.strip_prefix('!') {
            Some(server) => server != "chartroom",
            None => condition.starts_with("warning:") || condition == "version:5",
        },
        _ => false,
    }
}

fn text_fits(pattern: &str, text: &str, externals: &Externals) -> bool {
    let Some(instruction) = pattern.strip_prefix('$').and_then(|rest| rest.strip_suffix('$')) else {
        return fits_with_version(pattern, text);
    };
    let (kind, rest) = instruction.split_once(':').unwrap_or((instruction, ""));
    match kind {
        "" | "string" => true,
        "id" | "token" | "version" => !text.is_empty() && !text.contains(char::is_whitespace),
        "semver" => text.split('.').count() >= 2,
        "url" => text.contains(':'),
        "uuid" => is_uuid(text),
        "instant" | "date" => text.len() >= 4 && text.starts_with(|c: char| c.is_ascii_digit()),
        "choice" => rest.split('|').any(|choice| choice == text),
        "fragments" => rest.split('|').all(|fragment| text.contains(fragment)),
        "external" => external_fits(rest, text, externals),
        _ => pattern == text,
    }
}

/// A text with `$version$` in it, as in `url|$version$`.
fn fits_with_version(pattern: &str, text: &str) -> bool {
    let Some((before, after)) = pattern.split_once("$version$") else { return pattern == text };
    text.strip_prefix(before).is_some_and(|rest| rest.len() > after.len() && rest.ends_with(after))
}

/// A text that each server words its own way: that of the reference server, or one with the words that it must have.
fn external_fits(instruction: &str, text: &str, externals: &Externals) -> bool {
    let (key, fragment) = instruction.split_once(':').unwrap_or((instruction, ""));
    externals.get(key).and_then(Value::as_str) == Some(text) || (!fragment.is_empty() && text.contains(fragment))
}

fn is_uuid(text: &str) -> bool {
    let text = text.strip_prefix("urn:uuid:").unwrap_or(text);
    text.len() == 36 && text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit())
}

fn brief(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(600) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fits(expected: Value, actual: Value) -> bool {
        matches(&expected, &actual, &Externals::new()).is_ok()
    }

    #[test]
    fn order_does_not_count_and_number_does() {
        assert!(fits(json!([1, 2]), json!([2, 1])));
        assert!(!fits(json!([1, 2]), json!([1])) && !fits(json!([1]), json!([1, 2])));
        assert!(!fits(json!({ "a": 1 }), json!({ "a": 1, "b": 2 })) && !fits(json!({ "a": 1 }), json!({})));
    }

    #[test]
    fn instructions_are_followed() {
        assert!(fits(json!([{ "$optional$": true, "a": 1 }]), json!([])));
        assert!(!fits(json!([{ "$optional$": true, "a": 1 }]), json!([{ "a": 2 }])));
        assert!(fits(json!({ "$optional-properties$": ["a"], "a": 1 }), json!({ "a": 2 })));
        assert!(fits(json!("$choice:a|b$"), json!("b")) && !fits(json!("$choice:a|b$"), json!("c")));
        assert!(fits(json!("$fragments:a|b$"), json!("cab")) && !fits(json!("$fragments:a|b$"), json!("ca")));
        assert!(!fits(json!("$uuid$"), json!("urn:uuid:1")));
    }
}
