//! Expressions: that those in FHIRPath have its form, and that those in a value set name parameters that it has.

use super::fhirpath::is_expression;
use crate::datatype::{Expression, Extension, ExtensionValue};
use crate::issue::{Issue, IssueCode};
use crate::resource::{ValueSet, ValueSetComposeInclude};
use crate::walk::Step;

/// Checks the form of an expression, where its language is known.
pub(super) fn check(expression: &Expression, at: &Step<'_>, issues: &mut Vec<Issue>) {
    let Some(text) = in_fhirpath(expression) else { return };
    if !is_expression(text, &mut |_| {}) {
        let path = format!("{at}.expression");
        issues.push(Issue::new(IssueCode::Format, path, "not an expression of FHIRPath"));
    }
}

/// Checks that the filters of a value set ask for no parameter that it does not declare.
pub(super) fn value_set(value_set: &ValueSet, at: &Step<'_>, issues: &mut Vec<Issue>) {
    let extensions = value_set.extra.extension();
    let declared: Vec<&str> = extensions.iter().filter_map(parameter).collect();
    let Some(compose) = &value_set.compose else { return };
    for (list, includes) in [("include", &compose.include), ("exclude", &compose.exclude)] {
        for (index, include) in includes.iter().enumerate() {
            filters(include, &declared, &format!("{at}.compose.{list}[{index}]"), issues);
        }
    }
}

fn filters(include: &ValueSetComposeInclude, declared: &[&str], path: &str, issues: &mut Vec<Issue>) {
    for (index, filter) in include.filter.iter().enumerate() {
        let value = filter.extra.extension_of_by_url("value", EXPRESSION);
        let Some(ExtensionValue::Expression(expression)) = value else { continue };
        let mut known = true;
        is_expression(in_fhirpath(expression).unwrap_or_default(), &mut |name| {
            let of_fhir = OF_FHIR.contains(&name) || name.starts_with("vs-") || name.starts_with("ext-");
            known &= of_fhir || declared.contains(&name);
        });
        if !known {
            let detail = "the expression names a parameter that the value set does not declare";
            issues.push(Issue::new(IssueCode::Contradiction, format!("{path}.filter[{index}]"), detail));
        }
    }
}

fn in_fhirpath(expression: &Expression) -> Option<&str> {
    let language = expression.language.as_ref()?;
    (language.as_str() == "text/fhirpath").then_some(expression.expression.as_deref()?)
}

/// The name of a parameter that a value set declares.
fn parameter(extension: &Extension) -> Option<&str> {
    let is_parameter = extension.url.as_deref() == Some(PARAMETER);
    match extension.extra.extension_by_url("name").filter(|_| is_parameter)? {
        ExtensionValue::Code(name) => Some(name.as_str()),
        _ => None,
    }
}

/// An expression in place of a value.
const EXPRESSION: &str = "http://hl7.org/fhir/StructureDefinition/cqf-expression";

/// A parameter of a value set.
const PARAMETER: &str = "http://hl7.org/fhir/tools/StructureDefinition/valueset-parameter";

/// Constants that FHIR defines for every expression: R4, section 2.9.1.
const OF_FHIR: &[&str] = &["sct", "loinc", "ucum", "resource", "rootResource", "context"];

#[cfg(test)]
mod tests {
    use crate::{Checks, Mode, parse};

    fn errors(json: &str) -> Vec<String> {
        let outcome = parse(json.as_bytes(), Mode::Strict).unwrap().check(&Checks::structure());
        let issues = outcome.map_or_else(|refused| refused.issues().to_vec(), |checked| checked.issues().to_vec());
        issues.iter().filter(|issue| issue.is_error()).map(|issue| issue.path().to_owned()).collect()
    }

    #[test]
    fn an_expression_has_the_form_of_its_language() {
        let of = |language: &str, text: &str| {
            errors(&format!(
                r#"{{"resourceType":"Patient","extension":[{{"url":"https://example.org/rule","valueExpression":{{"language":"{language}","expression":"{text}"}}}}]}}"#
            ))
        };
        assert!(of("text/fhirpath", "name.given.first()").is_empty());
        assert!(of("text/cql", "name.given..first(").is_empty());
        assert_eq!(of("text/fhirpath", "name.given..first("), ["Patient.extension[0].valueExpression.expression"]);
    }

    #[test]
    fn a_filter_asks_for_parameters_of_its_value_set() {
        let of = |expression: &str| {
            errors(&format!(
                r#"{{"resourceType":"ValueSet","status":"draft","extension":[{{"url":"http://hl7.org/fhir/tools/StructureDefinition/valueset-parameter","extension":[{{"url":"name","valueCode":"since"}}]}}],"compose":{{"include":[{{"system":"https://example.org/colours","filter":[{{"property":"shade","op":"=","_value":{{"extension":[{{"url":"http://hl7.org/fhir/StructureDefinition/cqf-expression","valueExpression":{{"language":"text/fhirpath","expression":"{expression}"}}}}]}}}}]}}]}}}}"#
            ))
        };
        assert!(of("%since + %ucum").is_empty());
        assert_eq!(of("%until"), ["ValueSet.compose.include[0].filter[0]"]);
    }
}
