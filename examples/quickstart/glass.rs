//! An emergency: a nurse who does not treat the patient breaks the glass.

use chartroom::access::{BreakGlass, Declaration, Purpose, Relationship};
use chrono::{TimeDelta, Utc};

use crate::house::{Failure, House, Reader};
use crate::readers::{Chart, show};

pub fn break_once(house: &mut House, chart: &Chart) -> Result<(), Failure> {
    let mut nurse = Reader {
        title: "nurse",
        id: "nurse-ferreira",
        role: "nurse",
        purpose: Purpose::EmergencyTreatment,
        relationship: Relationship::None,
        break_glass: None,
    };
    let Some(record) = chart.shown_last() else { return Ok(()) };
    let records = std::slice::from_ref(record);
    println!("{} {}, before:", record.resource_type(), record.id());
    house.open_for(&nurse, &chart.key, records)?.iter().for_each(|opened| show(&nurse, opened));

    let glass = BreakGlass::declare(Declaration {
        actor: nurse.id,
        patient: &chart.token.to_string(),
        reason: "Brought in unconscious, nobody here knows the history",
        at: Utc::now(),
        lasts: TimeDelta::hours(2),
    })?;
    println!("Glass broken: \"{}\"", glass.reason());
    println!("  until {}, review due {}", glass.expires().format("%F %R UTC"), glass.review_due().format("%F %R UTC"));
    nurse.break_glass = Some(glass);

    println!("after:");
    for opened in house.open_for(&nurse, &chart.key, records)? {
        show(&nurse, &opened);
        if let Ok(view) = opened {
            for obligation in view.obligations().iter() {
                println!("  {:<14}   must: {} ({})", "", obligation.words(), obligation.code());
            }
        }
    }
    Ok(())
}
