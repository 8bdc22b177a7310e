//! FHIR `Parameters` in and out, for programs that serve the operations.
//!
//! Each function takes the request as the standard's `Parameters` and gives the standard's answer. A request may bring its own
//! resources: `tx-resource`, `valueSet` and `codeSystem`. A [`Refusal`] becomes an `OperationOutcome` by [`outcome`].
//!
//! ```
//! use chartroom_codes::fhir::{Catalog, parameters::{self, Context}};
//! use serde_json::json;
//!
//! let request = json!({ "resourceType": "Parameters", "parameter": [
//!     { "name": "url", "valueUri": "https://example.org/unheard-of" },
//!     { "name": "coding", "valueCoding": { "system": "https://example.org/colours", "code": "red" } }
//! ] });
//! let refusal = parameters::validate_code(&Catalog::default(), &request, &Context::default()).unwrap_err();
//! assert_eq!(parameters::outcome(&refusal)["issue"][0]["code"], "not-found");
//! ```

mod input;
mod output;

use serde_json::{Value, json};

pub use output::outcome;

use super::issue::{IssueKind, Refusal};
use super::json::Element;
use super::publication::canonical;
use super::translate::Direction;
use super::validate::{Subject, Validated};
use super::{Catalog, ValueSet, message};
use input::{Request, read_coding};

/// What a server knows beside the request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The header `Accept-Language`.
    pub accept_language: Option<&'a str>,
    /// What identifies an expansion: a URI that no other expansion has.
    pub identifier: &'a str,
    /// When an expansion is made: a FHIR `dateTime`.
    pub timestamp: &'a str,
    /// The most codes that an expansion may have.
    pub limit: Option<usize>,
}

/// `ValueSet/$validate-code`.
///
/// # Errors
///
/// If the request is not understood, or has no answer.
pub fn validate_code(catalog: &Catalog, request: &Value, context: &Context<'_>) -> Result<Value, Refusal> {
    let request = Request::read(catalog, request, context)?;
    let set = request.value_set()?;
    let looked_for = "looked for coding | codeableConcept | code+system | code+inferSystem in parameters";
    let unclear = || message::plain(IssueKind::Invalid, format!("Unable to find code to validate ({looked_for}"));
    let subject = request.subject(false).ok_or_else(unclear)?;
    Ok(output::validated(&request.catalog.validate_against(&set, &subject, &request.options)?))
}

/// `CodeSystem/$validate-code`.
///
/// # Errors
///
/// If the request is not understood, or has no answer.
pub fn validate_in_system(catalog: &Catalog, request: &Value, context: &Context<'_>) -> Result<Value, Refusal> {
    let request = Request::read(catalog, request, context)?;
    let looked_for = "looked for coding | codeableConcept | code in parameters";
    let unclear = || message::plain(IssueKind::Invalid, format!("Unable to find code to validate ({looked_for})"));
    let subject = request.subject(true).ok_or_else(unclear)?;
    let stated = subject.first_system();
    let url = request.text("url").or(stated.as_ref().map(|(system, _)| system.as_str()));
    let version = request.text("version").or_else(|| stated.as_ref()?.1.as_deref());
    let supplied = request.resource("codeSystem").map(|system| (system.text("url"), system.text("version")));
    let (url, version) = match supplied {
        Some((Some(url), version)) => (url, version),
        _ => match url {
            Some(url) => (url, version),
            None => {
                let issue = message::no_system().at(subject.path(0));
                return Ok(output::validated(&Validated::unanswered(&subject, issue, None)));
            }
        },
    };
    let answer = request.catalog.validate_in_system(&canonical(url, version), subject.clone(), &request.options)?;
    Ok(output::validated(&answer))
}

/// `ValueSet/$batch-validate-code`: a validation for each parameter `validation`, the outer parameters being the defaults.
///
/// # Errors
///
/// If the request is not understood. A validation without an answer is an `OperationOutcome` in its place.
pub fn batch_validate(catalog: &Catalog, request: &Value, context: &Context<'_>) -> Result<Value, Refusal> {
    let (validations, outer): (Vec<&Value>, Vec<&Value>) =
        request.items("parameter").iter().partition(|parameter| parameter.text("name") == Some("validation"));
    let answers = validations.into_iter().map(|validation| {
        let Some(inner) = validation.get("resource") else {
            let refusal = unclear("the resource of a validation").into();
            return json!({ "name": "validation", "resource": outcome(&refusal) });
        };
        let own = inner.items("parameter");
        let is_stated =
            |name: Option<&str>| name != Some("tx-resource") && own.iter().any(|own| own.text("name") == name);
        let outer = outer.iter().copied().filter(|outer| !is_stated(outer.text("name")));
        let merged = json!({ "resourceType": "Parameters", "parameter": own.iter().chain(outer).collect::<Vec<_>>() });
        let has_set =
            merged.items("parameter").iter().any(|parameter| matches!(parameter.text("name"), Some("valueSet")));
        let has_url = merged.items("parameter").iter().any(|parameter| parameter.text("name") == Some("url"));
        let answer = match has_set || has_url {
            true => validate_code(catalog, &merged, context),
            false => validate_in_system(catalog, &merged, context),
        };
        json!({ "name": "validation", "resource": answer.unwrap_or_else(|refusal| outcome(&refusal)) })
    });
    Ok(json!({ "resourceType": "Parameters", "parameter": answers.collect::<Vec<_>>() }))
}

/// `ValueSet/$expand`.
///
/// # Errors
///
/// If the request is not understood, or has no answer.
pub fn expand(catalog: &Catalog, request: &Value, context: &Context<'_>) -> Result<Value, Refusal> {
    let request = Request::read(catalog, request, context)?;
    let set = request.value_set()?;
    let expansion = request.catalog.expand_set(&set, &request.options)?;
    let with_definition = request.options.include_definition == Some(true);
    Ok(expansion.to_resource(&set, with_definition, context.identifier, context.timestamp))
}

/// `CodeSystem/$lookup`.
///
/// # Errors
///
/// If the request is not understood, or the code is not known.
pub fn lookup(catalog: &Catalog, request: &Value, context: &Context<'_>) -> Result<Value, Refusal> {
    let request = Request::read(catalog, request, context)?;
    let coding = request.coding("coding").unwrap_or_default();
    let (system, code) =
        (request.text("system").or(coding.system.as_deref()), request.text("code").or(coding.code.as_deref()));
    let (Some(system), Some(code)) = (system, code) else { return Err(unclear("system and code, or coding").into()) };
    let version = request.text("version").or(coding.version.as_deref());
    Ok(output::found(&request.catalog.lookup(system, version, code, &request.options)?))
}

/// `CodeSystem/$subsumes`.
///
/// # Errors
///
/// If the request is not understood, or a code is not known.
pub fn subsumes(catalog: &Catalog, request: &Value, context: &Context<'_>) -> Result<Value, Refusal> {
    let request = Request::read(catalog, request, context)?;
    let side = |code: &str, coding: &str| {
        let coding = request.coding(coding).unwrap_or_default();
        let system = coding.system.or_else(|| request.text("system").map(str::to_owned))?;
        Some((system, coding.version, request.text(code).map(str::to_owned).or(coding.code)?))
    };
    let (Some((system, a_version, a)), Some((b_system, b_version, b))) =
        (side("codeA", "codingA"), side("codeB", "codingB"))
    else {
        return Err(unclear("system, codeA and codeB, or codingA and codingB with their systems").into());
    };
    let (system, version) = (
        the_same("system", [request.text("system"), Some(&system), Some(&b_system)])?.unwrap_or_default(),
        the_same("version", [request.text("version"), a_version.as_deref(), b_version.as_deref()])?,
    );
    let outcome = request.catalog.subsumes(system, version, &a, &b, &request.options)?;
    Ok(json!({ "resourceType": "Parameters", "parameter": [{ "name": "outcome", "valueCode": outcome.code() }] }))
}

/// What is stated in several places, if it is the same in all of them.
fn the_same<'t>(what: &str, stated: [Option<&'t str>; 3]) -> Result<Option<&'t str>, super::Issue> {
    let mut stated = stated.into_iter().flatten();
    let first = stated.next();
    if stated.all(|other| Some(other) == first) {
        return Ok(first);
    }
    Err(message::plain(IssueKind::Invalid, format!("The codes to compare are not of the same {what}")))
}

/// `ValueSet/$related`: how the codes of one value set relate to those of another.
///
/// # Errors
///
/// If the request is not understood, or a value set is not known.
pub fn related(catalog: &Catalog, request: &Value, context: &Context<'_>) -> Result<Value, Refusal> {
    let request = Request::read(catalog, request, context)?;
    let this = request.value_set_of("thisValueSet", "thisUrl", "thisVersion")?;
    let other = request.value_set_of("otherValueSet", "otherUrl", "otherVersion")?;
    Ok(output::related(&request.catalog.related(&this, &other, &request.options), &this, &other))
}

/// `ConceptMap/$translate`.
///
/// # Errors
///
/// If the request is not understood, or a map that is needed is not known.
pub fn translate(catalog: &Catalog, request: &Value, context: &Context<'_>) -> Result<Value, Refusal> {
    let request = Request::read(catalog, request, context)?;
    let (from, direction) = request.to_translate().ok_or_else(|| unclear("a code to translate"))?;
    let other = request.text(match direction {
        Direction::Forward => "targetSystem",
        Direction::Reverse => "sourceSystem",
    });
    let map = request.text("url").or_else(|| request.text("conceptMap"));
    Ok(output::translated(&request.catalog.translate(&from, direction, other, map)?, direction))
}

fn unclear(what: &str) -> super::Issue {
    message::plain(IssueKind::Invalid, format!("Unable to find {what} in the parameters"))
}

impl Request {
    /// The value set that the request is about: the one it brings, or the one it names.
    fn value_set(&self) -> Result<ValueSet, Refusal> {
        self.value_set_of("valueSet", "url", "valueSetVersion")
    }

    fn value_set_of(&self, resource: &str, url: &str, version: &str) -> Result<ValueSet, Refusal> {
        if let Some(resource) = self.resource(resource) {
            return ValueSet::read(resource)
                .map_err(|error| message::plain(IssueKind::Invalid, error.to_string()).into());
        }
        let url = self.text(url).ok_or_else(|| unclear("the value set"))?;
        Ok(self.catalog.named_value_set(url, self.text(version), &self.options)?.into_owned())
    }

    fn to_translate(&self) -> Option<(super::Coding, Direction)> {
        let code = |code: &str, system: &str| {
            let code = self.text(code)?.to_owned();
            Some(super::Coding {
                system: self.text(system).map(str::to_owned),
                code: Some(code),
                ..super::Coding::default()
            })
        };
        let concept = |name: &str| self.value(name)?.items("coding").first().map(read_coding);
        let forward = self.coding("sourceCoding").or_else(|| self.coding("coding"));
        let forward = forward.or_else(|| concept("sourceCodeableConcept")).or_else(|| concept("codeableConcept"));
        let forward = forward.or_else(|| code("sourceCode", "sourceSystem").or_else(|| code("sourceCode", "system")));
        let forward = forward.or_else(|| code("code", "system"));
        let reverse = || self.coding("targetCoding").or_else(|| concept("targetCodeableConcept"));
        let reverse = || reverse().or_else(|| code("targetCode", "targetSystem"));
        forward.map(|coding| (coding, Direction::Forward)).or_else(|| Some((reverse()?, Direction::Reverse)))
    }
}

impl Subject {
    fn first_system(&self) -> Option<(String, Option<String>)> {
        let coding = match self {
            Self::Code(coding) | Self::Coding(coding) => Some(coding),
            Self::Concept(concept) => concept.coding.first(),
        };
        coding.and_then(|coding| Some((coding.system.clone()?, coding.version.clone())))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{catalog, letters, value_set};
    use super::*;

    fn request(parameters: Value) -> Value {
        json!({ "resourceType": "Parameters", "parameter": parameters })
    }

    #[test]
    fn codes_of_different_systems_or_versions_are_not_compared() {
        let catalog = catalog(&[letters()]);
        let coding = |name: &str, system: Option<&str>, version: Option<&str>, code: &str| {
            let mut coding = json!({ "code": code });
            if let Some(system) = system {
                coding["system"] = json!(system);
            }
            if let Some(version) = version {
                coding["version"] = json!(version);
            }
            json!({ "name": name, "valueCoding": coding })
        };
        let compare = |system: Option<&str>, version: Option<&str>| {
            let (a, b) =
                (coding("codingA", Some("urn:letters"), Some("1"), "A"), coding("codingB", system, version, "AA"));
            subsumes(&catalog, &request(json!([a, b])), &Context::default())
        };
        assert_eq!(compare(Some("urn:letters"), None).unwrap()["parameter"][0]["valueCode"], "subsumes");
        assert!(compare(Some("urn:other"), None).is_err());
        assert!(compare(None, None).is_err());
        assert!(compare(Some("urn:letters"), Some("2")).is_err());
        let of_unknown = |name: &str| coding(name, Some("urn:letters"), Some("2"), "A");
        assert!(
            subsumes(&catalog, &request(json!([of_unknown("codingA"), of_unknown("codingB")])), &Context::default())
                .is_err()
        );
    }

    #[test]
    fn each_validation_of_a_batch_has_its_answer() {
        let set = value_set("urn:set", json!([{ "system": "urn:letters" }]));
        let catalog = catalog(&[letters(), set]);
        let good = request(json!([
            { "name": "url", "valueUri": "urn:set" },
            { "name": "coding", "valueCoding": { "system": "urn:letters", "code": "A" } }
        ]));
        let batch = request(json!([{ "name": "validation" }, { "name": "validation", "resource": good }]));
        let answer = batch_validate(&catalog, &batch, &Context::default()).unwrap();
        assert_eq!(answer["parameter"][0]["resource"]["resourceType"], "OperationOutcome");
        assert_eq!(answer["parameter"][1]["resource"]["parameter"][0]["valueBoolean"], true);
    }

    #[test]
    fn a_parameter_that_is_not_understood_is_refused() {
        let set = value_set("urn:set", json!([{ "system": "urn:letters" }]));
        let catalog = catalog(&[letters(), set]);
        let ask = |parameter: Value| {
            let coding = json!({ "name": "coding", "valueCoding": { "system": "urn:letters", "code": "B" } });
            let request = request(json!([{ "name": "url", "valueUri": "urn:set" }, coding, parameter]));
            let context = Context::default();
            (validate_code(&catalog, &request, &context).is_ok(), expand(&catalog, &request, &context).is_ok())
        };
        for good in [
            json!({ "name": "activeOnly", "valueBoolean": true }),
            json!({ "name": "activeOnly", "valueString": "true" }),
            json!({ "name": "count", "valueInteger": 2 }),
            json!({ "name": "check-system-version", "valueCanonical": "urn:letters|1" }),
            json!({ "name": "of-our-own", "valueString": "x" }),
        ] {
            assert_eq!(ask(good.clone()), (true, true), "{good}");
        }
        for bad in [
            json!({ "name": "activeOnly", "valueString": "yes" }),
            json!({ "name": "activeOnly" }),
            json!({ "name": "abstract", "valueInteger": 0 }),
            json!({ "name": "count", "valueInteger": -1 }),
            json!({ "name": "offset", "valueString": "many" }),
            json!({ "name": "check-system-version", "valueCanonical": "urn:letters" }),
            json!({ "name": "date", "valueDateTime": "1850-01-01" }),
            json!({ "name": "exclude-system", "valueCanonical": "urn:letters" }),
        ] {
            assert_eq!(ask(bad.clone()), (false, false), "{bad}");
        }
    }

    #[test]
    fn the_conditions_of_a_translation_are_told() {
        let conditions = json!([
            { "attribute": "urn:side", "valueString": "left", "valueSet": "urn:sides" },
            { "property": "urn:side", "system": "urn:sides", "value": "left" },
            { "property": "urn:side", "value": "left" }
        ]);
        let map = json!({ "resourceType": "ConceptMap", "url": "urn:map", "group": [{
            "source": "urn:letters", "target": "urn:numbers", "element": [{ "code": "A", "target": [
                { "code": "1", "relationship": "equivalent", "dependsOn": conditions }
            ] }]
        }] });
        let request = request(json!([{ "name": "coding", "valueCoding": { "system": "urn:letters", "code": "A" } }]));
        let answer = translate(&catalog(&[map]), &request, &Context::default()).unwrap();
        assert_eq!(answer["parameter"][0]["valueBoolean"], false);
        let told = answer["parameter"][1].items("part").iter().filter(|part| part["name"] == "dependsOn");
        let told: Vec<&Value> = told.collect();
        assert_eq!(told[0]["part"][0]["valueUri"], "urn:side");
        assert_eq!(told[0]["part"][1], json!({ "name": "value", "valueString": "left" }));
        assert_eq!(told[1]["part"][1]["valueCoding"], json!({ "system": "urn:sides", "code": "left" }));
        assert_eq!(told[2]["part"][1], told[0]["part"][1]);
    }
}
