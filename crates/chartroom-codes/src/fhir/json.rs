//! Short reads of FHIR JSON.

use serde_json::Value;

/// Reads of the members of a FHIR element. Whatever is absent or of another JSON type reads as nothing.
pub(super) trait Element {
    fn text(&self, name: &str) -> Option<&str>;
    fn flag(&self, name: &str) -> Option<bool>;
    fn items(&self, name: &str) -> &[Value];
    /// The `value[x]` of an extension, property or parameter: the member's name and its value.
    fn choice(&self) -> Option<(&str, &Value)>;
    /// The value of the first extension with the URL.
    fn extension(&self, url: &str) -> Option<&Value>;
}

impl Element for Value {
    fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }

    fn flag(&self, name: &str) -> Option<bool> {
        as_flag(self.get(name)?)
    }

    fn items(&self, name: &str) -> &[Value] {
        self.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    fn choice(&self) -> Option<(&str, &Value)> {
        let members = self.as_object()?.iter();
        members.map(|(name, value)| (name.as_str(), value)).find(|(name, _)| name.starts_with("value"))
    }

    fn extension(&self, url: &str) -> Option<&Value> {
        let extension = self.items("extension").iter().find(|extension| extension.text("url") == Some(url))?;
        extension.choice().map(|(_, value)| value)
    }
}

/// A boolean, also where a query string made it a text.
pub(super) fn as_flag(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| value.as_str()?.parse().ok())
}

/// An owned text of a member.
pub(super) fn owned(element: &Value, name: &str) -> Option<String> {
    element.text(name).map(str::to_owned)
}

/// A primitive as the text that FHIR writes for it.
pub(super) fn primitive(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(members) => members.get("code").and_then(Value::as_str).unwrap_or_default().to_owned(),
        other => other.to_string(),
    }
}
