//! A filter as SQL, with every value a parameter.

use chrono::{Datelike as _, NaiveDate};

use super::{Clause, Filter, Group, Test};
use crate::consent::{Asked, ConsentKind, local};
use crate::label::{LabelSet, Sensitivity};
use crate::policy::{Dimension, NO, UNKNOWN, UNLABELLED, YES};
use crate::{CareSetting, Confidentiality, Facts, Glass, ResourceType};

/// Which database the SQL is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite: parameters are `?1`, `?2`, ...
    Sqlite,
    /// PostgreSQL: parameters are `$1`, `$2`, ...
    PostgreSql,
}

/// A condition for a `WHERE` clause, in parentheses. It is never `NULL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The SQL. It holds no value, only the names of columns.
    pub text: String,
    /// The values to bind, in the order of their numbers. Some name people: they belong in no log.
    pub parameters: Vec<Value>,
}

/// A value of a column or a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// `INTEGER`, in PostgreSQL `bigint`.
    Integer(i64),
    /// `TEXT`.
    Text(String),
}

/// The names of the columns in which facts are kept, such as `labels` or `records.labels`. They are quoted, never parsed.
///
/// What stands in each column is what [`row`](Self::row) gives for it; all but the first four may be `NULL`.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a> {
    /// [`ResourceType::name`], `TEXT`.
    pub resource_type: &'a str,
    /// The bits of the classes, `INTEGER`.
    pub classes: &'a str,
    /// The bits of the labels, `INTEGER`.
    pub labels: &'a str,
    /// The rank of the confidentiality: its place in [`Confidentiality::ALL`], `INTEGER`.
    pub confidentiality: &'a str,
    /// `TEXT`.
    pub originator: &'a str,
    /// `TEXT`.
    pub patient: &'a str,
    /// `TEXT`.
    pub organization: &'a str,
    /// [`CareSetting::code`], `TEXT`; `NULL` where it is not known.
    pub care_setting: &'a str,
    /// 0 or 1, `INTEGER`.
    pub vip: &'a str,
    /// 0 or 1, `INTEGER`.
    pub deceased: &'a str,
    /// `YYYY-MM-DD`, `TEXT`.
    pub birth_date: &'a str,
}

impl Condition {
    /// Writes a parameter; one that is there already is named again.
    fn put(&mut self, dialect: Dialect, value: &Value) {
        let index = self.parameters.iter().position(|known| known == value).unwrap_or(self.parameters.len());
        if index == self.parameters.len() {
            self.parameters.push(value.clone());
        }
        self.text += match dialect {
            Dialect::Sqlite => "?",
            Dialect::PostgreSql => "$",
        };
        self.text += &(index + 1).to_string();
    }
}

impl Default for Columns<'_> {
    fn default() -> Self {
        Self {
            resource_type: "resource_type",
            classes: "classes",
            labels: "labels",
            confidentiality: "confidentiality",
            originator: "originator",
            patient: "patient",
            organization: "organization",
            care_setting: "care_setting",
            vip: "vip",
            deceased: "deceased",
            birth_date: "birth_date",
        }
    }
}

impl<'a> Columns<'a> {
    /// What to keep of facts: each column with its value, `None` for `NULL`.
    pub fn row(&self, facts: &Facts) -> [(&'a str, Option<Value>); 11] {
        let text = |value: &Option<smol_str::SmolStr>| value.as_ref().map(|value| Value::Text(value.to_string()));
        let flag = |value: Option<bool>| value.map(|value| Value::Integer(value.into()));
        let setting = facts.care_setting;
        [
            (self.resource_type, Some(Value::Text(facts.resource_type.name().to_owned()))),
            (self.classes, Some(Value::Integer(facts.classes.bits().into()))),
            (self.labels, Some(Value::Integer(facts.labels.bits().cast_signed()))),
            (self.confidentiality, Some(Value::Integer(facts.confidentiality as i64))),
            (self.originator, text(&facts.originator)),
            (self.patient, text(&facts.patient)),
            (self.organization, text(&facts.organization)),
            (self.care_setting, (setting != CareSetting::Unknown).then(|| Value::Text(setting.code().to_owned()))),
            (self.vip, flag(facts.subject.vip)),
            (self.deceased, flag(facts.subject.deceased)),
            (self.birth_date, facts.subject.birth_date.map(|date| Value::Text(date.to_string()))),
        ]
    }
}

impl Filter {
    /// The filter as a condition over stored facts. It admits the rows that [`matches`](Filter::matches) admits.
    pub fn sql(&self, dialect: Dialect, columns: &Columns<'_>) -> Condition {
        let mut writer = Writer { filter: self, dialect, columns, parameters: Vec::new() };
        let groups = self.groups.iter().map(|group| writer.group(group)).collect();
        let condition = all(vec![not(&writer.withheld()), writer.launch(), any(groups)]);
        writer.finish(&format!("({condition})"))
    }
}

/// Stands on both sides of the number of a parameter, until the text is whole: some conditions turn out to be constant.
const MARK: char = '\u{1}';

struct Writer<'a> {
    filter: &'a Filter,
    dialect: Dialect,
    columns: &'a Columns<'a>,
    parameters: Vec<Value>,
}

const TRUE: &str = "1 = 1";
const FALSE: &str = "1 = 0";

fn any(conditions: Vec<String>) -> String {
    match conditions.iter().any(|condition| condition == TRUE) {
        true => TRUE.to_owned(),
        false => joined(conditions, FALSE, " OR "),
    }
}

fn all(conditions: Vec<String>) -> String {
    match conditions.iter().any(|condition| condition == FALSE) {
        true => FALSE.to_owned(),
        false => joined(conditions, TRUE, " AND "),
    }
}

fn joined(mut conditions: Vec<String>, neutral: &str, with: &str) -> String {
    conditions.retain(|condition| condition != neutral);
    match conditions.as_slice() {
        [] => neutral.to_owned(),
        [one] => one.clone(),
        several => format!("({})", several.join(with)),
    }
}

fn not(condition: &str) -> String {
    match condition {
        TRUE => FALSE.to_owned(),
        FALSE => TRUE.to_owned(),
        other => format!("NOT ({other})"),
    }
}

fn quoted(column: &str) -> String {
    let column = column.replace(MARK, "");
    column.split('.').map(|part| format!("\"{}\"", part.replace('"', "\"\""))).collect::<Vec<_>>().join(".")
}

impl Writer<'_> {
    fn bind(&mut self, value: Value) -> String {
        let index = self.parameters.len();
        self.parameters.push(value);
        format!("{MARK}{index}{MARK}")
    }

    /// Numbers the parameters that are left in the text.
    fn finish(self, text: &str) -> Condition {
        let mut condition = Condition { text: String::new(), parameters: Vec::new() };
        for (number, piece) in text.split(MARK).enumerate() {
            let index: Option<usize> = piece.parse().ok().filter(|_| number % 2 == 1);
            match index.and_then(|index| self.parameters.get(index)) {
                Some(value) => condition.put(self.dialect, value),
                None => condition.text += piece,
            }
        }
        condition
    }

    fn integer(&mut self, value: impl Into<i64>) -> String {
        self.bind(Value::Integer(value.into()))
    }

    /// Whether any of these bits is set in a column.
    fn overlap(&mut self, column: &str, bits: u64) -> String {
        match bits {
            0 => FALSE.to_owned(),
            bits => format!("({} & {}) <> 0", quoted(column), self.integer(bits.cast_signed())),
        }
    }

    /// Whether the scopes of the program reach the record.
    fn launch(&mut self) -> String {
        let request = &self.filter.request;
        let Some(launch) = request.launch.as_deref() else { return TRUE.to_owned() };
        let reach = |(kind, patient): (Option<ResourceType>, Option<&str>)| {
            let kind = kind.map(|kind| self.equals(self.columns.resource_type, Value::Text(kind.name().to_owned())));
            let patient = patient.map(|patient| self.known(self.columns.patient, "=", Value::Text(patient.to_owned())));
            all(kind.into_iter().chain(patient).collect())
        };
        any(launch.admitted(request.action).map(reach).collect())
    }

    /// Whether the consents of the request withhold the record.
    fn withheld(&mut self) -> String {
        let Some(consents) = &self.filter.request.consents else { return FALSE.to_owned() };
        let withheld = self.asked(&consents.withheld(&self.filter.request));
        all(vec![withheld, self.is(Dimension::Glass, NO)])
    }

    fn asked(&mut self, asked: &Asked<'_>) -> String {
        let columns = self.columns;
        let text = |name: &str| Value::Text(name.to_owned());
        match asked {
            Asked::Patient(id) => any(vec![
                self.known(columns.patient, "=", text(id)),
                self.known(columns.patient, "=", Value::Text(format!("Patient/{id}"))),
            ]),
            Asked::Author(name) => any(vec![
                self.known(columns.originator, "=", text(name)),
                self.known(columns.originator, "=", text(local(name))),
            ]),
            Asked::KnownAuthor => format!("{} IS NOT NULL", quoted(columns.originator)),
            Asked::AnyLabel(labels) => self.overlap(columns.labels, labels.bits()),
            Asked::OnlyLabels(labels) => not(&self.overlap(columns.labels, others(*labels))),
            Asked::AtLeast(level) => format!("{} >= {}", quoted(columns.confidentiality), self.integer(*level as i64)),
            Asked::AtMost(level) => format!("{} <= {}", quoted(columns.confidentiality), self.integer(*level as i64)),
            Asked::All(conditions) => all(conditions.iter().map(|one| self.asked(one)).collect()),
            Asked::Any(conditions) => any(conditions.iter().map(|one| self.asked(one)).collect()),
            Asked::Not(condition) => not(&self.asked(condition)),
        }
    }

    /// Whether the patient agrees by a consent of one of the kinds that are asked for; where a refusal asks, by none of them.
    fn agreed(&mut self, admitted: &[bool]) -> String {
        let Some(consents) = &self.filter.request.consents else { return constant(admitted.first() == Some(&true)) };
        let refusal = admitted.first() == Some(&true);
        let asked = |kind: &&ConsentKind| admitted.get(usize::from(kind.bit())) == Some(&!refusal);
        let kinds = ConsentKind::ALL.iter().filter(asked);
        let agreed = any(kinds.map(|kind| self.asked(&consents.agreed(*kind, &self.filter.request))).collect());
        if refusal { not(&agreed) } else { agreed }
    }

    fn group(&mut self, group: &Group) -> String {
        let present = self.overlap(self.columns.classes, group.classes.bits().into());
        let opened = self.opened(&group.permits);
        let refused = group.refusals.iter().map(|clause| all(vec![self.reached(clause.locks), self.tests(clause)]));
        let refused = any(refused.collect());
        all(vec![present, opened, not(&refused)])
    }

    /// Whether each lock on the record has a permit with its key.
    fn opened(&mut self, permits: &[Clause]) -> String {
        let labels = quoted(self.columns.labels);
        let zero = self.integer(0);
        let unlabelled = all(vec![format!("{labels} = {zero}"), self.with_key(permits, UNLABELLED)]);
        // Labels to which the same permits have keys are asked for together.
        let mut doors: Vec<(u64, Vec<bool>)> = Vec::new();
        for label in 0..Sensitivity::COUNT {
            let keys: Vec<bool> = permits.iter().map(|permit| permit.locks & (1 << label) != 0).collect();
            match doors.iter_mut().find(|(_, known)| *known == keys) {
                Some((bits, _)) => *bits |= 1 << label,
                None => doors.push((1 << label, keys)),
            }
        }
        let mut conditions = vec![format!("{labels} <> {zero}")];
        for (bits, _) in doors {
            let closed = not(&self.overlap(self.columns.labels, bits));
            conditions.push(any(vec![closed, self.with_key(permits, bits.trailing_zeros() as usize)]));
        }
        any(vec![unlabelled, all(conditions)])
    }

    fn with_key(&mut self, permits: &[Clause], lock: usize) -> String {
        let keys = permits.iter().filter(|permit| permit.locks & (1 << lock) != 0);
        any(keys.map(|permit| self.tests(permit)).collect())
    }

    /// Whether a refusal with these locks reaches the record.
    fn reached(&mut self, locks: u64) -> String {
        let labels = locks & !(1 << UNLABELLED);
        let unlabelled = match locks & (1 << UNLABELLED) {
            0 => FALSE.to_owned(),
            _ if labels == (1 << UNLABELLED) - 1 => return TRUE.to_owned(),
            _ => format!("{} = {}", quoted(self.columns.labels), self.integer(0)),
        };
        any(vec![unlabelled, self.overlap(self.columns.labels, labels)])
    }

    fn tests(&mut self, clause: &Clause) -> String {
        all(clause.tests.iter().map(|test| self.test(test)).collect())
    }

    fn test(&mut self, test: &Test) -> String {
        if test.dimension == Dimension::Consents {
            return self.agreed(&test.admitted);
        }
        let numbers = |wanted: bool| {
            let numbered = test.admitted.iter().enumerate();
            numbered.filter(move |(_, admitted)| **admitted == wanted).map(|(number, _)| number).collect::<Vec<_>>()
        };
        let (admitted, refused) = (numbers(true), numbers(false));
        // The shorter list is written.
        match admitted.len() <= refused.len() {
            true => any(admitted.into_iter().map(|number| self.is(test.dimension, number)).collect()),
            false => not(&any(refused.into_iter().map(|number| self.is(test.dimension, number)).collect())),
        }
    }

    /// Whether a record has this number in this dimension.
    fn is(&mut self, dimension: Dimension, number: usize) -> String {
        let columns = self.columns;
        let request = &self.filter.request;
        let around = request.circumstances.as_deref();
        match dimension {
            Dimension::Type => {
                let name = ResourceType::with_index(number).name().to_owned();
                self.equals(columns.resource_type, Value::Text(name))
            }
            Dimension::Confidentiality => self.equals(columns.confidentiality, Value::Integer(number as i64)),
            Dimension::Originator => self.same(columns.originator, Some(request.actor.as_str()), number, UNKNOWN),
            Dimension::Glass => {
                let patient = request.break_glass.as_ref().map(|glass| glass.patient());
                let broken = Glass::of(request, &about(patient)) == Glass::Broken;
                self.same(columns.patient, patient.filter(|_| broken), number, NO)
            }
            Dimension::OwnOrganization => {
                let asking = around.and_then(|around| around.organization.as_deref());
                self.same(columns.organization, asking, number, UNKNOWN)
            }
            Dimension::CareSetting => match CareSetting::ALL.get(number.wrapping_sub(1)) {
                None => format!("{} IS NULL", quoted(columns.care_setting)),
                Some(setting) => self.known(columns.care_setting, "=", Value::Text(setting.code().to_owned())),
            },
            Dimension::Clearance => self.cleared(number),
            Dimension::OwnChart => self.own_chart(around.and_then(|around| around.person.as_deref()), number),
            Dimension::Vip => self.flag(columns.vip, number),
            Dimension::Deceased => self.flag(columns.deceased, number),
            Dimension::Age => self.age(number),
            // Consents are asked for by their kinds, and the rest is known beforehand.
            Dimension::Consents
            | Dimension::Action
            | Dimension::Purpose
            | Dimension::Relationship
            | Dimension::Place
            | Dimension::Organization => FALSE.to_owned(),
        }
    }

    fn equals(&mut self, column: &str, value: Value) -> String {
        format!("{} = {}", quoted(column), self.bind(value))
    }

    /// A comparison that is false where the column is `NULL`.
    fn known(&mut self, column: &str, comparison: &str, value: Value) -> String {
        let column = quoted(column);
        format!("({column} IS NOT NULL AND {column} {comparison} {})", self.bind(value))
    }

    /// Whether the column holds this name, where yes and no are asked for; `without` is the answer where there is no name in it.
    fn same(&mut self, column: &str, name: Option<&str>, number: usize, without: usize) -> String {
        let Some(name) = name else { return constant(number == without) };
        let name = Value::Text(name.to_owned());
        match (number, without) {
            (YES, _) => self.known(column, "=", name),
            (NO, NO) => not(&self.known(column, "=", name)),
            (NO, _) => self.known(column, "<>", name),
            (_, UNKNOWN) => format!("{} IS NULL", quoted(column)),
            _ => FALSE.to_owned(),
        }
    }

    fn own_chart(&mut self, person: Option<&str>, number: usize) -> String {
        let patient = self.columns.patient;
        match (person, number) {
            (Some(person), number) => self.same(patient, Some(person), number, NO),
            (None, UNKNOWN) => format!("{} IS NOT NULL", quoted(patient)),
            (None, NO) => format!("{} IS NULL", quoted(patient)),
            (None, _) => FALSE.to_owned(),
        }
    }

    fn flag(&mut self, column: &str, number: usize) -> String {
        match number {
            YES => self.known(column, "=", Value::Integer(1)),
            NO => self.known(column, "=", Value::Integer(0)),
            _ => format!("{} IS NULL", quoted(column)),
        }
    }

    fn cleared(&mut self, number: usize) -> String {
        let clearance = self.filter.request.circumstances.as_deref().and_then(|around| around.clearance);
        let covered = match clearance {
            None => FALSE.to_owned(),
            Some(clearance) => {
                let highest = clearance.confidentiality.min(Confidentiality::VeryRestricted);
                let level = format!("{} <= {}", quoted(self.columns.confidentiality), self.integer(highest as i64));
                all(vec![level, not(&self.overlap(self.columns.labels, others(clearance.labels)))])
            }
        };
        match number {
            YES => covered,
            NO => not(&covered),
            _ => FALSE.to_owned(),
        }
    }

    /// Whether the patient is in this band of age.
    fn age(&mut self, number: usize) -> String {
        let column = self.columns.birth_date;
        let Some(band) = number.checked_sub(1) else { return format!("{} IS NULL", quoted(column)) };
        let bands = self.filter.policy.all().bands();
        let today = self.filter.request.at.date_naive();
        // Those who reach the first year of a band were born on this day or before.
        let day = |index: usize| bands.get(index).and_then(|years| years_before(today, *years));
        let (oldest, youngest) = (day(band), band.checked_sub(1).and_then(day));
        let mut conditions = Vec::new();
        if let Some(youngest) = youngest {
            conditions.push(self.known(column, "<=", Value::Text(youngest.to_string())));
        }
        if let Some(oldest) = oldest {
            conditions.push(self.known(column, ">", Value::Text(oldest.to_string())));
        }
        match conditions.is_empty() {
            true => format!("{} IS NOT NULL", quoted(column)),
            false => all(conditions),
        }
    }
}

/// The bits of all other labels.
fn others(labels: LabelSet) -> u64 {
    LabelSet::of(Sensitivity::ALL).bits() & !labels.bits()
}

fn constant(holds: bool) -> String {
    if holds { TRUE.to_owned() } else { FALSE.to_owned() }
}

/// Facts about this patient, and otherwise about nothing.
fn about(patient: Option<&str>) -> Facts {
    let facts = Facts::new(ResourceType::UNKNOWN, chartroom_record::ClassSet::NONE);
    Facts { patient: patient.map(Into::into), ..facts }
}

/// The last birth date of those who have so many years on that day.
fn years_before(today: NaiveDate, years: u8) -> Option<NaiveDate> {
    let year = today.year() - i32::from(years);
    // On a 29 February, in a year without one, they were born by the 28th.
    NaiveDate::from_ymd_opt(year, today.month(), today.day()).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28))
}
