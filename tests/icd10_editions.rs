//! Every code of every official order file has the standing that its file says, on the days of that edition, and none else.
//!
//! The order files, their addenda and the list of codes exempt from "present on admission" are read here by a few lines of their
//! own, so that the importer is measured against the files and not against itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::ExitCode;

use chartroom::codes::table::{Edition, TableBuilder};
use chartroom::codes::{Standing, Table, import, system};
use chartroom_tests::corpora;
use chartroom_tests::tally::Tally;
use chrono::{Days, NaiveDate};

/// For each code, without its dot: whether it is billable, and its long title.
type Codes = BTreeMap<String, (bool, String)>;

fn main() -> ExitCode {
    let mut tally = Tally::new("icd10_editions");
    check_phantoms(&mut tally);
    let Some(folder) = corpora::find("icd10") else { return tally.finish() };
    let archives: Vec<Archive> = corpora::files(&folder, "zip").iter().map(|path| Archive::read(path)).collect();
    for system in [System::Diagnoses, System::Procedures] {
        let mut releases: Vec<Release> = archives.iter().filter_map(Archive::release).collect();
        releases.retain(|release| release.system == system);
        releases.sort_by_key(|release| release.from);
        check_system(&mut tally, system, &releases);
    }
    archives.iter().flat_map(Archive::exempt_lists).for_each(|list| list.check(&mut tally));
    tally.finish()
}

fn check_system(tally: &mut Tally, system: System, releases: &[Release]) {
    for release in releases {
        tally.case(format!("{}: read", release.name), release.check_import());
        if system == System::Diagnoses {
            tally.case(format!("{}: shipped table", release.name), release.check_shipped());
        }
        release.check_addenda(tally, releases);
    }
    if releases.is_empty() {
        return;
    }
    let table = match combined(system, releases) {
        Ok(table) => table,
        Err(problem) => return tally.case("the table of all editions", Err(problem)),
    };
    for (index, release) in releases.iter().enumerate() {
        let last = releases.get(index + 1).map(|next| next.from - Days::new(1));
        for (name, day) in [("first day", Some(release.from)), ("last day", last)] {
            let standing = |code: &str| word(table.lookup(&system.dotted(code), day).standing);
            let case = |kind: &str| format!("{}: {kind} on the {name}", release.name);
            tally.case(case("codes"), first(release.with_flag(true), |code| standing(code) == "active"));
            tally.case(case("headers"), first(release.with_flag(false), |code| standing(code) == "header"));
            let others = releases.iter().flat_map(|other| other.codes.keys()).map(String::as_str);
            let others = others.filter(|code| !release.codes.contains_key(*code));
            tally.case(
                case("all else"),
                first(others, |code| !matches!(standing(code), "active" | "header" | "uncovered")),
            );
            let title = |code: &str| table.lookup(&system.dotted(code), day).display.map(|title| title.to_string());
            let titles = release.codes.iter().filter(|(code, (_, wanted))| title(code).as_ref() != Some(wanted));
            tally.case(case("titles"), none(titles.map(|(code, _)| code.as_str())));
        }
    }
    let before = releases.first().map(|release| release.from - Days::new(1));
    let codes = releases.iter().flat_map(|release| release.codes.keys()).map(String::as_str);
    let uncovered = |code: &str| table.lookup(&system.dotted(code), before).standing == Standing::Uncovered;
    tally.case(format!("{system:?}: the day before the first edition"), first(codes, uncovered));
}

/// One table of all editions, made by our importer from the archives as they are.
fn combined(system: System, releases: &[Release]) -> Result<Table, String> {
    let mut builder = system.builder();
    for release in releases {
        let rows = import::order_zip(Cursor::new(&release.archive.bytes)).map_err(|problem| problem.to_string())?;
        let edition = Edition { label: release.name.clone(), from: release.from, last: None };
        builder = builder.edition(edition, rows);
    }
    Table::from_bytes(builder.build().map_err(|problem| problem.to_string())?).map_err(|problem| problem.to_string())
}

/// The note at `S06` takes back two seventh characters of the codes with sixth characters 7 and 8.
fn check_phantoms(tally: &mut Tally) {
    let table = chartroom::icd10cm::table();
    let codes = table.concepts().filter(|concept| concept.latest().is_some()).map(|concept| concept.code());
    let deaths: BTreeSet<String> = codes
        .filter(|code| code.len() == 8 && code.starts_with("S06") && code.ends_with('A'))
        .filter(|code| matches!(code.as_bytes()[6], b'7' | b'8'))
        .collect();
    let phantoms: Vec<String> =
        deaths.iter().flat_map(|code| ["D", "S"].map(|seventh| format!("{}{seventh}", &code[..7]))).collect();
    let absent = |code: &str| table.get(code).is_none();
    tally.case("shipped table: no phantom codes", first(phantoms.iter().map(String::as_str), absent));
    let count = if phantoms.len() == 76 { Ok(()) } else { Err(format!("{} of them, not 76", phantoms.len())) };
    tally.case("shipped table: the number of phantom codes", count);
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum System {
    Diagnoses,
    Procedures,
}

impl System {
    fn builder(self) -> TableBuilder {
        match self {
            Self::Diagnoses => TableBuilder::new(system::ICD_10_CM, "ICD-10-CM").dot_after(3),
            Self::Procedures => TableBuilder::new(system::ICD_10_PCS, "ICD-10-PCS"),
        }
    }

    /// A code as FHIR writes it.
    fn dotted(self, code: &str) -> String {
        match code.split_at_checked(3) {
            Some((category, rest)) if self == Self::Diagnoses && !rest.is_empty() => format!("{category}.{rest}"),
            _ => code.to_owned(),
        }
    }
}

/// A zip archive as it was downloaded, with its text files.
struct Archive {
    name: String,
    bytes: Vec<u8>,
    texts: Vec<(String, String)>,
}

impl Archive {
    fn read(path: &Path) -> Self {
        let bytes = fs::read(path).expect("a readable archive");
        let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).expect("a zip archive");
        let mut texts = Vec::new();
        for index in 0..archive.len() {
            let mut member = archive.by_index(index).expect("a readable member");
            let name = member.name().expect("a name").to_ascii_lowercase();
            if name.ends_with(".txt") {
                let mut text = Vec::new();
                member.read_to_end(&mut text).expect("a whole member");
                let base = name.rsplit('/').next().unwrap_or(&name).to_owned();
                texts.push((base, String::from_utf8_lossy(&text).into_owned()));
            }
        }
        Self { name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(), bytes, texts }
    }

    /// The release in the archive, if there is an order file.
    fn release(&self) -> Option<Release<'_>> {
        let (file, text) = self.texts.iter().find(|(name, _)| name.contains("order") && !name.contains("addenda"))?;
        let addenda = self.texts.iter().find(|(name, _)| name.contains("order") && name.contains("addenda"));
        let addenda = addenda.map(|(_, text)| Addenda::read(text));
        let codes: Codes = text.lines().filter_map(order_line).collect();
        let year = year_in(file)?;
        // A release in October compares itself with the file of the year before, one in spring with that of its own year.
        let in_spring = addenda.as_ref().is_some_and(|addenda| addenda.before.year == addenda.after.year);
        let from = if in_spring { (year, 4) } else { (year - 1, 10) };
        Some(Release {
            archive: self,
            name: self.name.clone(),
            system: system_of(&codes),
            year,
            from: NaiveDate::from_ymd_opt(from.0, from.1, 1)?,
            codes,
            addenda,
        })
    }

    /// The lists of codes that need no "present on admission": tab-separated, number, code and title under a heading.
    fn exempt_lists(&self) -> Vec<ExemptList> {
        let lists = self.texts.iter().filter(|(_, text)| text.starts_with("Order") && !text.contains("Revise to"));
        let list = |(name, text): &(String, String)| {
            let fiscal_year: i32 = text.get(5..7)?.parse().ok()?;
            let codes = text.lines().skip(1).filter_map(|line| Some(line.split('\t').nth(1)?.to_owned())).collect();
            Some(ExemptList {
                name: format!("{}/{name}", self.name),
                on: NaiveDate::from_ymd_opt(1999 + fiscal_year, 10, 1)?,
                codes,
            })
        };
        lists.filter_map(list).collect()
    }
}

/// One release of one system.
struct Release<'a> {
    archive: &'a Archive,
    name: String,
    system: System,
    /// The fiscal year.
    year: i32,
    from: NaiveDate,
    codes: Codes,
    addenda: Option<Addenda>,
}

impl Release<'_> {
    fn with_flag(&self, billable: bool) -> impl Iterator<Item = &str> {
        self.codes.iter().filter(move |(_, (flag, _))| *flag == billable).map(|(code, _)| code.as_str())
    }

    fn count(&self, billable: bool) -> usize {
        self.with_flag(billable).count()
    }

    fn check_import(&self) -> Result<(), String> {
        let rows = import::order_zip(Cursor::new(&self.archive.bytes)).map_err(|problem| problem.to_string())?;
        let count = rows.len();
        let read: Codes = rows.into_iter().map(|row| (row.code, (row.selectable, row.title))).collect();
        if count != self.codes.len() {
            return Err(format!("{count} rows, where the file has {}", self.codes.len()));
        }
        first(self.codes.keys().map(String::as_str), |code| read.get(code) == self.codes.get(code))
    }

    /// The shipped table lists exactly these codes, or says that it does not cover the day.
    fn check_shipped(&self) -> Result<(), String> {
        let table = chartroom::icd10cm::table();
        let Some(edition) = table.edition_on(Some(self.from)) else { return Ok(()) };
        let listed = table.concepts().filter_map(|concept| Some((concept.code(), concept.in_edition(edition)?)));
        let mut shipped: BTreeMap<String, (bool, String)> =
            listed.map(|(code, listing)| (code, (listing.selectable, plain(&listing.title.to_string())))).collect();
        let same = |code: &str| {
            let (flag, title) = &self.codes[code];
            shipped.remove(&self.system.dotted(code)).is_some_and(|shipped| shipped == (*flag, plain(title)))
        };
        first(self.codes.keys().map(String::as_str), same)?;
        none(shipped.keys().map(String::as_str))
    }

    fn check_addenda(&self, tally: &mut Tally, releases: &[Release]) {
        let Some(addenda) = &self.addenda else { return };
        tally.case(format!("{}: counts of the addenda", self.name), addenda.check_counts(self));
        let is_before = |other: &&Release| {
            other.from < self.from
                && other.year == addenda.before.year
                && addenda.before.headers == other.count(false)
                && addenda.before.codes == other.count(true)
        };
        if let Some(before) = releases.iter().rev().find(is_before) {
            tally.case(format!("{}: addenda since {}", self.name, before.name), addenda.check_changes(before, self));
        }
    }
}

/// What an order file's addenda say.
struct Addenda {
    added: BTreeSet<(String, bool)>,
    deleted: BTreeSet<(String, bool)>,
    /// The code of each revised line, and the line.
    revised: Vec<(String, String)>,
    before: Counts,
    after: Counts,
    /// Additions, deletions and revisions: of headers, then of codes.
    changes: [[usize; 3]; 2],
}

/// How many headers and codes an order file has, by the trailer of the addenda.
#[derive(Default)]
struct Counts {
    year: i32,
    headers: usize,
    codes: usize,
}

impl Addenda {
    fn read(text: &str) -> Self {
        let (mut added, mut deleted, mut revised) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        let (mut files, mut changes) = (Vec::new(), Vec::new());
        for line in text.lines() {
            match line.split_once(':').map(|(action, _)| action) {
                Some("Add") => drop(added.insert(changed_code(line))),
                Some("Delete") => drop(deleted.insert(changed_code(line))),
                Some("Revise to") => revised.push((changed_code(line).0, line.trim_end().to_owned())),
                _ => match line.split_whitespace().collect::<Vec<_>>().as_slice() {
                    [count, "headers" | "codes", "in", file] => {
                        files.push((number(count), year_in(file).unwrap_or_default()))
                    }
                    [count, "additions" | "deletions" | "revisions"] => changes.push(number(count)),
                    _ => {}
                },
            }
        }
        let count = |place: usize| files.get(place).copied().unwrap_or_default();
        let counts =
            |headers: (usize, i32), codes: (usize, i32)| Counts { year: codes.1, headers: headers.0, codes: codes.0 };
        let change = |place: usize| changes.get(place).copied().unwrap_or_default();
        Self {
            added,
            deleted,
            revised,
            before: counts(count(0), count(2)),
            after: counts(count(1), count(3)),
            changes: [[change(0), change(1), change(2)], [change(3), change(4), change(5)]],
        }
    }

    /// The lines are as many as the trailer says, and the order file has as many headers and codes.
    fn check_counts(&self, release: &Release) -> Result<(), String> {
        let of =
            |lines: &BTreeSet<(String, bool)>, billable: bool| lines.iter().filter(|line| line.1 == billable).count();
        let revised = |billable: bool| {
            let flag = |code: &String| release.codes.get(code).map(|(flag, _)| *flag);
            self.revised.iter().filter(|(code, _)| flag(code) == Some(billable)).count()
        };
        let lines =
            [false, true].map(|billable| [of(&self.added, billable), of(&self.deleted, billable), revised(billable)]);
        if lines != self.changes {
            return Err(format!("lines {lines:?}, trailer {:?}", self.changes));
        }
        let counted = (release.count(false), release.count(true));
        if counted != (self.after.headers, self.after.codes) {
            return Err(format!("headers and codes {counted:?}, trailer {:?}", (self.after.headers, self.after.codes)));
        }
        Ok(())
    }

    /// The earlier edition, with what is deleted taken away and what is added put in, is the later one.
    fn check_changes(&self, before: &Release, after: &Release) -> Result<(), String> {
        let listed = |release: &Release| -> BTreeSet<(String, bool)> {
            release.codes.iter().map(|(code, (flag, _))| (code.clone(), *flag)).collect()
        };
        let (before, wanted) = (listed(before), listed(after));
        let made: BTreeSet<_> = before.difference(&self.deleted).chain(&self.added).cloned().collect();
        none(made.symmetric_difference(&wanted).map(|(code, _)| code.as_str()))?;
        let title = |code: &str| after.codes.get(code).map(|(_, title)| title.as_str());
        none(
            self.revised
                .iter()
                .filter(|(code, line)| !title(code).is_some_and(|title| line.ends_with(title)))
                .map(|(code, _)| code.as_str()),
        )
    }
}

/// Codes that the shipped table must know on the first day of a fiscal year.
struct ExemptList {
    name: String,
    on: NaiveDate,
    codes: Vec<String>,
}

impl ExemptList {
    fn check(&self, tally: &mut Tally) {
        let table = chartroom::icd10cm::table();
        let known =
            |code: &str| matches!(table.lookup(code, Some(self.on)).standing, Standing::Active | Standing::Uncovered);
        tally.case(format!("{}: billable codes", self.name), first(self.codes.iter().map(String::as_str), known));
    }
}

fn word(standing: Standing<'_>) -> &'static str {
    match standing {
        Standing::Active => "active",
        Standing::Header => "header",
        Standing::Retired { .. } => "retired",
        Standing::NotYet { .. } => "not yet",
        Standing::Unknown { .. } => "unknown",
        Standing::Uncovered => "uncovered",
    }
}

/// Columns 7 to 13, 15, and 78 to the end.
fn order_line(line: &str) -> Option<(String, (bool, String))> {
    Some((line.get(6..13)?.trim().to_owned(), (line.get(14..15)? == "1", line.get(77..)?.trim().to_owned())))
}

/// The code of a line of the addenda. Those of procedures have no flag, as every code of seven characters is billable.
fn changed_code(line: &str) -> (String, bool) {
    let mut words = line.get(13..).unwrap_or_default().split_whitespace();
    match words.next().unwrap_or_default() {
        flag @ ("0" | "1") => (words.next().unwrap_or_default().to_owned(), flag == "1"),
        code => (code.to_owned(), code.len() == 7),
    }
}

/// Procedure codes have three characters or seven; diagnoses have every length between as well.
fn system_of(codes: &Codes) -> System {
    if codes.keys().all(|code| matches!(code.len(), 3 | 7)) { System::Procedures } else { System::Diagnoses }
}

fn year_in(name: &str) -> Option<i32> {
    name.split(|character: char| !character.is_ascii_digit()).find(|digits| digits.len() == 4)?.parse().ok()
}

fn number(text: &str) -> usize {
    text.parse().unwrap_or(usize::MAX)
}

/// A title without its accents, as order files write it.
fn plain(title: &str) -> String {
    let plain = |letter| match letter {
        'è' | 'é' => 'e',
        'ô' | 'ö' => 'o',
        'ä' => 'a',
        'ç' => 'c',
        other => other,
    };
    title.chars().map(plain).collect()
}

/// Fails with the first few codes that do not hold.
fn first<'c>(codes: impl Iterator<Item = &'c str>, mut holds: impl FnMut(&str) -> bool) -> Result<(), String> {
    none(codes.filter(|code| !holds(code)))
}

/// Fails with the first few codes if there are any.
fn none<'c>(codes: impl Iterator<Item = &'c str>) -> Result<(), String> {
    let mut codes = codes.peekable();
    if codes.peek().is_none() {
        return Ok(());
    }
    let shown: Vec<&str> = codes.by_ref().take(5).collect();
    Err(format!("{} and {} more differ", shown.join(", "), codes.count()))
}
