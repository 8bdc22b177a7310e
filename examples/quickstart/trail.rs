//! Who saw what, and the proof of it.

use std::collections::BTreeMap;
use std::ops::Range;

use chartroom::audit::accounting::{Query, Scope};
use chartroom::audit::event::Kind;
use chartroom::audit::{Event, Trail as _};
use chartroom::store::Store as _;
use chrono::{DateTime, TimeDelta, Utc};

use crate::house::{Failure, House};
use crate::readers::Chart;

/// How many lines of an accounting are printed.
const LINES: usize = 6;

/// The accounting of disclosures of one patient: what 45 CFR 164.528 asks for, and everything beside it.
pub fn account(house: &House, chart: &Chart) -> Result<(), Failure> {
    let token = chart.token.to_string();
    for (title, scope) in
        [("Under 45 CFR 164.528", Scope::Law164_528), ("Everything that was opened", Scope::Everything)]
    {
        let accounting = house.store.accounting(&Query { patient: &token, period: six_years(), scope })?;
        accounting.verify(&house.store.head()?)?;
        println!("{title}: {} lines, each proven to be in the trail", accounting.lines.len());
        let mut sums: BTreeMap<String, usize> = BTreeMap::new();
        for line in &accounting.lines {
            *sums.entry(who(&line.event)).or_default() += 1;
        }
        for (who, count) in sums.iter().take(LINES) {
            println!("  {count:>5} records to {who}");
        }
    }
    Ok(())
}

/// How far back an accounting goes, 45 CFR 164.528(a)(1).
fn six_years() -> Range<DateTime<Utc>> {
    let now = Utc::now();
    now - TimeDelta::days(6 * 365 + 2)..now + TimeDelta::seconds(1)
}

fn who(event: &Event) -> String {
    let purpose = event.purpose.as_deref().unwrap_or("no purpose");
    let glass = if event.kind == Kind::BreakGlass { ", glass broken" } else { "" };
    format!("{} ({}) for {purpose}{glass}", event.agent.id, event.agent.role)
}

/// Verifies the whole log against its head, and that an earlier head is a part of it.
pub fn verify(house: &House) -> Result<(), Failure> {
    let head = house.store.head()?;
    house.store.verify(&head)?;
    println!("{} entries, root {}", head.size, head.root);
    println!("Every entry is as it was written, and none is missing.");
    let earlier = head.size / 2;
    if earlier > 0 {
        let proof = house.store.consistency(earlier, head.size)?;
        println!("The log of {earlier} entries is the beginning of it: a proof of {} bytes.", proof.path.len() * 32);
    }
    Ok(())
}
