//! A hash of what a policy says, whatever its text looks like.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};
use toml::Value;

/// Sets this hash apart from any other, and names the form. Another form has another number.
const FORM: &[u8] = b"chartroom policy 1";

/// SHA-256 of the form of a policy. It is a promise: entries of a trail name policies by it.
pub(super) fn of(policy: &Value) -> [u8; 32] {
    Sha256::new().chain_update(FORM).chain_update(form(policy)).finalize().into()
}

/// Bytes that tell their end, different for different values. Every list of a policy is a set, so its order says nothing.
fn form(value: &Value) -> Vec<u8> {
    match value {
        Value::Table(table) => set(b't', table.iter().map(|(name, value)| [text(b'n', name), form(value)].concat())),
        Value::Array(items) => set(b'a', items.iter().map(form)),
        Value::String(string) => text(b's', string),
        // Numbers and truth values: their words are theirs alone.
        other => text(b'v', &other.to_string()),
    }
}

fn set(kind: u8, items: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let items: Vec<_> = items.collect::<BTreeSet<_>>().into_iter().collect();
    counted(kind, items.len(), &items.concat())
}

fn text(kind: u8, text: &str) -> Vec<u8> {
    counted(kind, text.len(), text.as_bytes())
}

fn counted(kind: u8, count: usize, bytes: &[u8]) -> Vec<u8> {
    [&[kind][..], &(count as u64).to_be_bytes(), bytes].concat()
}

#[cfg(test)]
mod tests {
    use crate::Policy;
    use std::collections::BTreeSet;

    const POLICY: &str = r#"
        [policy]
        name = "House"
        version = "7"
        [roles.nurse]
        title = "Nurse"
        [ages.adult]
        years = 18
        cites = "house"
        dated = 2026-01-01
        [[rule]]
        id = "a"
        effect = "permit"
        roles = ["nurse"]
        actions = ["read", "search"]
        purposes = ["TREAT"]
        elements = ["Patient.contact", "Patient.name"]
        classes = ["Name"]
        vip = false
        cites = "house"
        dated = 2026-01-01
        [[rule]]
        id = "b"
        effect = "forbid"
        age_from = "adult"
        classes = ["Narrative"]
        cites = "house"
        dated = 2026-01-01
    "#;

    fn digest(text: &str) -> String {
        let policy = Policy::from_toml(text).expect("well formed");
        policy.digest().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Kept for ever: trails name policies by it.
    #[test]
    fn the_digest_is_a_promise() {
        assert_eq!(digest(POLICY), "f58bf95b41e811d3cc0b197764cebabb7e307b137c2cb5797da85328fb29507e");
    }

    #[test]
    fn what_says_the_same_has_the_same_digest() {
        let (head, rules) = POLICY.split_once("[[rule]]").expect("rules");
        let (one, other) = rules.split_once("[[rule]]").expect("two rules");
        for same in [
            POLICY.replace("[policy]", "# for the ward\n[policy]"),
            POLICY.replace(r#""read", "search""#, r#""search", "read""#),
            POLICY.replace(r#""Patient.contact", "Patient.name""#, r#""Patient.name", "Patient.contact""#),
            format!("{head}[[rule]]{other}[[rule]]{one}"),
        ] {
            assert!(same != POLICY && digest(&same) == digest(POLICY), "{same}");
        }
        let policy = Policy::from_toml(POLICY).expect("well formed");
        let json = serde_json::to_string(&policy).expect("serializes");
        let read: Policy = serde_json::from_str(&json).expect("reads");
        assert_eq!(read.digest(), policy.digest());
    }

    #[test]
    fn what_says_another_thing_has_another_digest() {
        let changes = [
            ("House", "Home"),
            ("\"7\"", "\"8\""),
            ("Nurse\"", "Nurses\""),
            ("18", "21"),
            ("\"a\"", "\"c\""),
            ("\"read\", \"search\"", "\"read\""),
            ("vip = false", "vip = true"),
            ("vip = false", ""),
            ("[\"Name\"]", "[\"Address\"]"),
            ("2026-01-01", "2026-01-02"),
            ("age_from", "age_below"),
        ];
        let mut all = BTreeSet::from([digest(POLICY)]);
        for (from, to) in changes {
            assert!(all.insert(digest(&POLICY.replacen(from, to, 1))), "{from} as {to}");
        }
    }
}
