//! Reads a request.

use serde_json::Value;

use super::super::issue::{Issue, IssueKind, Refusal};
use super::super::json::{Element, as_flag, owned, primitive};
use super::super::language::Languages;
use super::super::validate::{CodeableConcept, Coding, Subject};
use super::super::version::{VersionRule, VersionRuleKind};
use super::super::{Catalog, Options, message};
use super::Context;

/// A request with the resources that it brings and the options that it states.
pub(super) struct Request {
    parameters: Vec<Value>,
    pub(super) catalog: Catalog,
    pub(super) options: Options,
}

impl Request {
    pub(super) fn read(catalog: &Catalog, request: &Value, context: &Context<'_>) -> Result<Self, Refusal> {
        let parameters = request.items("parameter").to_vec();
        let mut catalog = catalog.clone();
        for parameter in &parameters {
            let is_resource = matches!(parameter.text("name"), Some("tx-resource" | "codeSystem" | "valueSet"));
            if let Some(resource) =
                parameter.get("resource").filter(|resource| is_resource && resource.get("url").is_some())
            {
                catalog =
                    catalog.with(resource).map_err(|error| message::plain(IssueKind::Invalid, error.to_string()))?;
            }
        }
        let mut read = Self { parameters, catalog, options: Options::default() };
        read.refuse_what_is_not_done()?;
        read.options = read.read_options(context)?;
        Ok(read)
    }

    /// The value of the first parameter with the name.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.values(name).next()
    }

    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_str()
    }

    pub(super) fn coding(&self, name: &str) -> Option<Coding> {
        self.value(name).filter(|value| value.is_object()).map(read_coding)
    }

    pub(super) fn resource(&self, name: &str) -> Option<&Value> {
        self.parameters.iter().find(|parameter| parameter.text("name") == Some(name))?.get("resource")
    }

    /// What is to be validated, in a code system or in a value set.
    pub(super) fn subject(&self, in_system: bool) -> Option<Subject> {
        if let Some(concept) = self.value("codeableConcept") {
            let coding = concept.items("coding").iter().map(read_coding).collect();
            return Some(Subject::Concept(CodeableConcept { coding, text: owned(concept, "text") }));
        }
        if let Some(coding) = self.coding("coding") {
            return Some(Subject::Coding(coding));
        }
        let text = |name: &str| self.text(name).map(str::to_owned);
        let (system, version) = match in_system {
            true => (text("url").or_else(|| text("system")), text("version")),
            false => (text("system"), text("systemVersion")),
        };
        let is_clear = system.is_some() || self.options.infer_system;
        let code = text("code").filter(|_| is_clear)?;
        Some(Subject::Code(Coding { system, version, code: Some(code), display: text("display") }))
    }

    fn values<'r>(&'r self, name: &str) -> impl Iterator<Item = &'r Value> {
        let named = self.parameters.iter().filter(move |parameter| parameter.text("name") == Some(name));
        named.filter_map(|parameter| parameter.choice().map(|(_, value)| value))
    }

    fn texts(&self, name: &str) -> Vec<String> {
        self.values(name).map(primitive).collect()
    }

    /// A parameter that is a truth value. One that is there and none is an error: what it asks for must not be passed over.
    fn flag(&self, name: &str) -> Result<Option<bool>, Issue> {
        self.read_value(name, as_flag)
    }

    fn number(&self, name: &str) -> Result<Option<usize>, Issue> {
        let count = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok());
        self.read_value(name, |value| count(value).or_else(|| value.as_str()?.parse().ok()))
    }

    fn read_value<T>(&self, name: &str, read: impl FnOnce(&Value) -> Option<T>) -> Result<Option<T>, Issue> {
        let unreadable =
            || message::plain(IssueKind::Invalid, format!("The value of the parameter '{name}' is not understood"));
        let is_it = |parameter: &&Value| parameter.text("name") == Some(name);
        let Some(parameter) = self.parameters.iter().find(is_it) else { return Ok(None) };
        parameter.choice().and_then(|(_, value)| read(value)).map(Some).ok_or_else(unreadable)
    }

    fn read_options(&self, context: &Context<'_>) -> Result<Options, Issue> {
        let display_language = self
            .text("displayLanguage")
            .map(|text| Languages::parse(text).map_err(|_| message::invalid_language(text)));
        Ok(Options {
            display_language: display_language.transpose()?,
            // Browsers send all kinds of things here; what is no list of languages counts as nothing said.
            accept_language: context.accept_language.and_then(|header| Languages::parse(header).ok()),
            versions: self.version_rules()?,
            supplements: self.texts("useSupplement"),
            active_only: self.flag("activeOnly")?,
            allow_abstract: self.flag("abstract")?,
            infer_system: self.flag("inferSystem")? == Some(true),
            lenient_display: self.is_lenient()?,
            membership_only: self.flag("valueset-membership-only")? == Some(true),
            exclude_nested: self.flag("excludeNested")?,
            exclude_not_for_ui: self.flag("excludeNotForUI")?,
            include_designations: self.flag("includeDesignations")?,
            include_definition: self.flag("includeDefinition")?,
            designations: self.texts("designation"),
            properties: self.texts("property"),
            versions_match: self.flag("versionsMatch")?,
            filter: self.text("filter").map(str::to_owned),
            count: self.number("count")?,
            offset: self.number("offset")?,
            limit: context.limit,
        })
    }

    fn is_lenient(&self) -> Result<bool, Issue> {
        let by_flag = self.flag("lenient-display-validation")? == Some(true);
        Ok(by_flag || self.text("mode") == Some("lenient-display-validation"))
    }

    fn version_rules(&self) -> Result<Vec<VersionRule>, Issue> {
        let names = [
            (VersionRuleKind::Force, ["force-system-version", "force-valueset-version"]),
            (VersionRuleKind::Check, ["check-system-version", "check-valueset-version"]),
            (VersionRuleKind::Default, ["system-version", "default-valueset-version"]),
        ];
        let rules = names.into_iter().flat_map(|(kind, names)| names.map(|name| (kind, name)));
        let read = |(kind, name, text): (_, _, String)| {
            let without = || message::plain(IssueKind::Invalid, format!("The parameter '{name}' names no version"));
            VersionRule::new(kind, &text).ok_or_else(without)
        };
        let stated = rules.flat_map(|(kind, name)| self.texts(name).into_iter().map(move |text| (kind, name, text)));
        stated.map(read).collect()
    }

    /// Refuses what would change the answer and is not done here.
    fn refuse_what_is_not_done(&self) -> Result<(), Issue> {
        let is_asked = |name: &&&str| self.parameters.iter().any(|parameter| parameter.text("name") == Some(**name));
        match NOT_DONE.iter().find(is_asked) {
            Some(name) => {
                Err(message::plain(IssueKind::NotSupported, format!("The parameter '{name}' is not supported")))
            }
            None => Ok(()),
        }
    }
}

/// Parameters of the standard that leave codes out, or ask for a day.
const NOT_DONE: [&str; 2] = ["date", "exclude-system"];

pub(super) fn read_coding(json: &Value) -> Coding {
    Coding {
        system: owned(json, "system"),
        version: owned(json, "version"),
        code: owned(json, "code"),
        display: owned(json, "display"),
    }
}
