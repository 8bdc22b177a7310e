//! Samples of official release files: each code that a file lists is in the table made of it, with its title, and usable on the days on
//! which the file says so and on no other. The files are read a second time here, by a reader of their form that knows nothing of ours.

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use chartroom::codes::identifier::{Identifier, Ndc};
use chartroom::codes::import::{loinc_answers_csv, loinc_csv, loinc_parts_csv, ndc_text};
use chartroom::codes::table::{Edition, Release, TableBuilder};
use chartroom::codes::{LoincNumber, Standing, Table, system};
use chartroom_tests::{corpora, tally::Tally};
use chrono::{Days, NaiveDate};

fn main() -> ExitCode {
    let mut tally = Tally::new("release_samples");
    if let Some(folder) = corpora::find("release-samples") {
        for path in corpora::files(&folder, "csv").iter().filter(|path| path.ends_with("Loinc.csv")) {
            if let Err(reason) = loinc(path, &mut tally) {
                tally.case(path.display(), Err(reason));
            }
        }
        for path in corpora::files(&folder, "csv") {
            if let Err(reason) = loinc_accessory(&path, &mut tally) {
                tally.case(path.display(), Err(reason));
            }
        }
        for path in corpora::files(&folder, "txt").iter().filter(|path| path.ends_with("package.txt")) {
            if let Err(reason) = ndc(path, &mut tally) {
                tally.case(path.display(), Err(reason));
            }
        }
    }
    tally.finish()
}

/// The day of the invented release. Every sample is older.
fn released() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day")
}

fn table(system: &str, release: Release, from: NaiveDate) -> Result<Table, Box<dyn Error>> {
    let edition = Edition { label: "sample".into(), from, last: None };
    Ok(Table::from_bytes(TableBuilder::new(system, "sample").release(edition, release).build()?)?)
}

fn loinc(path: &Path, tally: &mut Tally) -> Result<(), Box<dyn Error>> {
    let maps = fs::read(path.with_file_name("MapTo.csv")).unwrap_or_default();
    let release = loinc_csv(fs::File::open(path)?, maps.as_slice(), released())?;
    let table = table(system::LOINC, release, released())?;
    let mut rows = 0;
    for line in csv::Reader::from_path(path)?.deserialize() {
        let line: std::collections::HashMap<String, String> = line?;
        let code = &line["LOINC_NUM"];
        tally.case(code, loinc_case(&table, code, &line["LONG_COMMON_NAME"], line["STATUS"] == "DEPRECATED"));
        rows += 1;
    }
    tally.case("how many terms there are", same(table.len(), rows));
    Ok(())
}

/// Answers and answer lists, and parts: other codes of LOINC, each in a file of its own.
fn loinc_accessory(path: &Path, tally: &mut Tally) -> Result<(), Box<dyn Error>> {
    let columns: &[(&str, &str)] = match path.file_name().and_then(|name| name.to_str()) {
        Some("AnswerList.csv") => &[("AnswerListId", "AnswerListName"), ("AnswerStringId", "DisplayText")],
        Some("Part.csv") => &[("PartNumber", "PartDisplayName")],
        _ => return Ok(()),
    };
    let file = fs::File::open(path)?;
    let release = match columns {
        [_] => loinc_parts_csv(file, released())?,
        _ => Release { rows: loinc_answers_csv(file)?, validity: Vec::new() },
    };
    let table = table(system::LOINC, release, released())?;
    for line in csv::Reader::from_path(path)?.deserialize() {
        let line: std::collections::HashMap<String, String> = line?;
        for (code, title) in columns.iter().map(|(code, title)| (&line[*code], &line[*title])) {
            let finding = table.lookup(code, Some(released()));
            let known = finding.display.map(|title| title.to_string()).as_deref() == Some(title);
            tally.case(
                code,
                same(
                    (known, finding.standing == Standing::Active),
                    (true, line.get("Status").is_none_or(|status| status == "ACTIVE")),
                ),
            );
        }
    }
    Ok(())
}

fn loinc_case(table: &Table, code: &str, name: &str, deprecated: bool) -> Result<(), String> {
    let finding = table.lookup(code, Some(released()));
    same(finding.display.map(|title| title.to_string()).as_deref(), Some(name))?;
    same(matches!(finding.standing, Standing::Retired { .. }), deprecated)?;
    same(finding.standing == Standing::Active, !deprecated)?;
    same(LoincNumber::parse_typed(&format!(" {code} ")).map(|number| number.to_string()), Ok(code.to_owned()))
}

fn ndc(path: &Path, tally: &mut Tally) -> Result<(), Box<dyn Error>> {
    let products = path.with_file_name("product.txt");
    let first_day = NaiveDate::from_ymd_opt(1900, 1, 1).ok_or("no day")?;
    let table = table(system::NDC, ndc_text(&fs::read(products)?, &fs::read(path)?)?, first_day)?;
    for line in lines(path)? {
        let field = |index: usize| line.get(index).map_or("", |field| field.trim());
        tally.case(field(2), ndc_case(&table, field(2), field(3), field(4), field(5)));
    }
    Ok(())
}

fn ndc_case(table: &Table, code: &str, description: &str, start: &str, end: &str) -> Result<(), String> {
    let ndc: Ndc = code.parse().map_err(|fault| format!("{fault}"))?;
    let canonical = ndc.to_string();
    let on = |day: NaiveDate| table.lookup(&canonical, Some(day));
    let start = day(start).ok_or("a package without a start")?;
    same(on(start).standing, Standing::Active)?;
    same(on(start - Days::new(1)).standing, Standing::NotYet { from: start })?;
    let title = on(start).display.map(|title| title.to_string()).unwrap_or_default();
    same(title.ends_with(description), true)?;
    match day(end) {
        None => same(on(released() + Days::new(36_500)).standing, Standing::Active),
        Some(last) => {
            let after = last + Days::new(1);
            same(on(last).standing, Standing::Active)?;
            same(on(after).standing, Standing::Retired { on: after, replaced_by: Default::default() })
        }
    }
}

/// The lines of a tab-separated file without its header.
fn lines(path: &Path) -> Result<Vec<Vec<String>>, Box<dyn Error>> {
    let text: String = fs::read(path)?.into_iter().map(char::from).collect();
    Ok(text.lines().skip(1).map(|line| line.split('\t').map(str::to_owned).collect()).collect())
}

fn day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%Y%m%d").ok()
}

fn same<T: PartialEq + std::fmt::Debug>(found: T, expected: T) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{found:?}, where {expected:?} is right")) }
}
