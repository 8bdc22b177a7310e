//! A filter admits exactly the records of which the policy would show anything: as a predicate, and as SQL in SQLite.
//!
//! `CHARTROOM_SEED` and `CHARTROOM_CASES` (policies, each with 40 records) may be set.

use std::process::ExitCode;

use chartroom::access::filter::{Columns, Condition, Dialect, Filter, Value};
use chartroom::access::{Facts, Policy};
use chartroom_tests::consents;
use chartroom_tests::policies::{Inventor, number};
use chartroom_tests::tally::Tally;
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, ToSql, params_from_iter};

const RECORDS: usize = 40;

fn main() -> ExitCode {
    let mut tally = Tally::new("filter_agrees");
    let seed = number("CHARTROOM_SEED", 1);
    for case in 0..number("CHARTROOM_CASES", 400) {
        let mut inventor = Inventor::new(seed.wrapping_mul(1_000_003).wrapping_add(case));
        tally.case(format!("seed {seed}, case {case}"), one(&mut inventor).map_err(|error| error.to_string()));
        if case % 2 == 0 {
            let outcome = with_consents(&mut inventor).map_err(|error| error.to_string());
            tally.case(format!("seed {seed}, case {case}, with consents"), outcome);
        }
    }
    tally.finish()
}

type Failure = Box<dyn std::error::Error>;

fn one(inventor: &mut Inventor) -> Result<(), Failure> {
    let policy = Policy::from_toml(&inventor.policy(14))?;
    let request = inventor.request();
    let records: Vec<Facts> = (0..RECORDS).map(|_| inventor.facts()).collect();
    let filter = policy.filter(&request);
    let decided: Vec<usize> = matching(&records, |facts| policy.decide(&request, facts).is_permitted());
    let matched = matching(&records, |facts| filter.matches(facts));
    if matched != decided {
        return Err(format!("decided {decided:?}, matched {matched:?}").into());
    }
    let found = in_sqlite(&filter, &records)?;
    if found != decided {
        return Err(format!("decided {decided:?}, selected {found:?}").into());
    }
    same_in_postgresql(&filter)
}

/// Where rules ask for consents, and where a request comes with some, the predicate and the database know what they say of a record.
fn with_consents(inventor: &mut Inventor) -> Result<(), Failure> {
    let (plain, without) = (inventor.policy(14), inventor.request());
    let asking = consents::asking(&plain, inventor);
    let consenting = consents::consenting(without.clone(), inventor);
    let choosing = consents::choosing(without.clone(), inventor);
    // Most records are about the patient who consents.
    let about = |facts: Facts, patient| if patient { Facts { patient: Some("p-17".into()), ..facts } } else { facts };
    let records: Vec<Facts> = (0..RECORDS).map(|number| about(inventor.facts(), number % 4 != 0)).collect();
    for (policy, request) in
        [(&asking, without), (&asking, consenting), (&asking, choosing.clone()), (&plain, choosing)]
    {
        let policy = Policy::from_toml(policy)?;
        let filter = policy.filter(&request);
        let decided = matching(&records, |facts| policy.decide(&request, facts).is_permitted());
        if matching(&records, |facts| filter.matches(facts)) != decided {
            return Err("decided otherwise than matched".into());
        }
        let found = in_sqlite(&filter, &records)?;
        if found != decided {
            return Err(format!("decided {decided:?}, selected {found:?}").into());
        }
        same_in_postgresql(&filter)?;
    }
    Ok(())
}

fn matching(records: &[Facts], holds: impl Fn(&Facts) -> bool) -> Vec<usize> {
    records.iter().enumerate().filter(|(_, facts)| holds(facts)).map(|(number, _)| number).collect()
}

struct Bound<'a>(Option<&'a Value>);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self.0 {
            None => Ok(ToSqlOutput::from(rusqlite::types::Null)),
            Some(Value::Integer(number)) => Ok(ToSqlOutput::from(*number)),
            Some(Value::Text(text)) => Ok(ToSqlOutput::from(text.as_str())),
        }
    }
}

/// The records that SQLite selects, and counts alike.
fn in_sqlite(filter: &Filter, records: &[Facts]) -> Result<Vec<usize>, Failure> {
    let (database, columns) = (Connection::open_in_memory()?, Columns::default());
    for (number, facts) in records.iter().enumerate() {
        let row = columns.row(facts);
        if number == 0 {
            let names = row.each_ref().map(|(name, _)| format!("\"{name}\""));
            database.execute_batch(&format!("CREATE TABLE record (number INTEGER, {})", names.join(", ")))?;
        }
        let values = std::iter::once(Some(Value::Integer(number as i64))).chain(row.map(|(_, value)| value));
        let values: Vec<_> = values.collect();
        let insert = "INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        database.execute(insert, params_from_iter(values.iter().map(|value| Bound(value.as_ref()))))?;
    }
    let Condition { text, parameters } = filter.sql(Dialect::Sqlite, &columns);
    let bound = || params_from_iter(parameters.iter().map(|value| Bound(Some(value))));
    let mut select = database.prepare(&format!("SELECT number FROM record WHERE {text} ORDER BY number"))?;
    let found: Vec<usize> = select
        .query_map(bound(), |row| row.get::<_, i64>(0))?
        .map(|number| number.map(|number| number as usize))
        .collect::<Result<_, _>>()?;
    let count = format!("SELECT count(*) FROM record WHERE {text}");
    let count: i64 = database.query_row(&count, bound(), |row| row.get(0))?;
    // Nothing stands between yes and no: what is not selected is what the opposite selects.
    let others = format!("SELECT count(*) FROM record WHERE NOT {text}");
    let others: i64 = database.query_row(&others, bound(), |row| row.get(0))?;
    if (count as usize, others as usize) != (found.len(), records.len() - found.len()) {
        return Err("the counts are not those of what is selected".into());
    }
    Ok(found)
}

/// The text for PostgreSQL is the same but for the marks of its parameters, and neither text holds a value.
fn same_in_postgresql(filter: &Filter) -> Result<(), Failure> {
    let columns = Columns::default();
    let sqlite = filter.sql(Dialect::Sqlite, &columns);
    let postgresql = filter.sql(Dialect::PostgreSql, &columns);
    let marked = postgresql.text.replace('$', "?") == sqlite.text && !postgresql.text.contains('?');
    if !marked || postgresql.parameters != sqlite.parameters {
        return Err("the two dialects differ".into());
    }
    let names = sqlite.parameters.iter().filter_map(|value| match value {
        Value::Text(text) => Some(text),
        Value::Integer(_) => None,
    });
    match names.filter(|name| !name.is_empty()).any(|name| sqlite.text.contains(&format!("'{name}'"))) {
        true => Err("a value stands in the text".into()),
        false => Ok(()),
    }
}
