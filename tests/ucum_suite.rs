//! The functional tests of UCUM: which texts are units, their names, conversions, products and quotients.
//!
//! A number agrees with the expected one if it is the same after rounding to the digits in which that is given, at most twelve.

use std::process::ExitCode;

use chartroom::codes::units::Unit;
use chartroom_tests::{corpora, tally::Tally};
use roxmltree::{Document, Node};

fn main() -> ExitCode {
    let mut tally = Tally::new("ucum_suite");
    if let Some(folder) = corpora::find("ucum") {
        for path in corpora::files(&folder, "xml") {
            let text = std::fs::read_to_string(&path).expect("a readable file");
            let document = Document::parse(&text).expect("well-formed XML");
            for case in document.descendants().filter(|node| node.has_tag_name("case")) {
                let id = case.attribute("id").unwrap_or_default();
                let kind = case.parent().map_or("", |kind| kind.tag_name().name()).to_owned();
                tally.case(format!("{kind} {id}"), check(&kind, case));
            }
        }
    }
    tally.finish()
}

fn check(kind: &str, case: Node<'_, '_>) -> Result<(), String> {
    let attribute = |name: &str| case.attribute(name).unwrap_or_default();
    let number = |name: &str| attribute(name).parse::<f64>().map_err(|_| format!("{name} is no number"));
    let unit = |name: &str| match attribute(name) {
        "" => "1".parse::<Unit>(),
        text => text.parse(),
    };
    let unit = |name: &str| unit(name).map_err(|fault| format!("{name}: {fault}"));
    match kind {
        "validation" => match (attribute("unit").parse::<Unit>(), attribute("valid")) {
            (Ok(_), "true") | (Err(_), "false") => Ok(()),
            (Ok(_), _) => Err("valid, and must not be".to_owned()),
            (Err(fault), _) => Err(format!("must be valid: {fault}")),
        },
        "displayNameGeneration" => same(display_name(attribute("unit"))?, attribute("display").to_owned()),
        "conversion" => {
            let found = unit("srcUnit")?.convert(number("value")?, &unit("dstUnit")?);
            agrees(found.map_err(|fault| fault.to_string())?, attribute("outcome"))
        }
        "multiplication" | "division" => {
            let combine = if kind == "division" { Unit::divide } else { Unit::multiply };
            let combined = combine(&unit("u1")?, number("v1")?, &unit("u2")?, number("v2")?);
            let (value, base) = combined.map_err(|fault| fault.to_string())?;
            let found = base.convert(value, &unit("uRes")?).map_err(|fault| fault.to_string())?;
            agrees(found, attribute("vRes"))
        }
        _ => Err("a kind of case that is not known".to_owned()),
    }
}

/// The suite names the unit without any symbol too, though it is not a valid code.
fn display_name(code: &str) -> Result<String, String> {
    match code.parse::<Unit>() {
        Ok(unit) => Ok(unit.display_name()),
        Err(_) if code.is_empty() => Ok("(unity)".to_owned()),
        Err(fault) => Err(fault.to_string()),
    }
}

fn agrees(found: f64, expected: &str) -> Result<(), String> {
    let significant = expected.split(['e', 'E']).next().unwrap_or_default().trim_start_matches(['0', '.', '-']);
    let digits = significant.chars().filter(char::is_ascii_digit).count().clamp(1, 12);
    let rounded = |number: f64| format!("{number:.*e}", digits - 1);
    same(rounded(found), rounded(expected.parse::<f64>().map_err(|_| "the expected value is no number")?))
}

fn same(found: String, expected: String) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{found}, where {expected} is right")) }
}
