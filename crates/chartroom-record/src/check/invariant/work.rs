//! Invariants of appointments, tasks, lists and money.

use std::cmp::Ordering;

use super::{Has as _, invariants, is, is_one_of};
use crate::check::compare;
use crate::resource::{
    Appointment, AppointmentParticipant, AppointmentResponse, CoverageEligibilityResponseInsuranceItem, List, Task,
};

invariants! {
    "Appointment" Appointment {
        Error "app-2" "a start and an end stand together": |it| it.has("start") == it.has("end");
        Error "app-3" "only a proposed, cancelled or waitlisted appointment has no start and end": |it|
            (it.has("start") && it.has("end")) || is_one_of(&it.status, &["proposed", "cancelled", "waitlist"]);
        Error "app-4" "a reason for cancelling, though it was not cancelled": |it|
            !it.has("cancelationReason") || is_one_of(&it.status, &["noshow", "cancelled"]);
    }
    "Appointment.participant" AppointmentParticipant {
        Error "app-1" "neither a type nor an actor": |it| it.has("type") || it.has("actor");
    }
    "AppointmentResponse" AppointmentResponse {
        Error "apr-1" "neither a type of participant nor an actor": |it| it.has("participantType") || it.has("actor");
    }
    "Task" Task {
        Error "inv-1" "last modified before it was authored": |it| match (&it.authored_on, &it.last_modified) {
            (Some(authored), Some(modified)) => compare::date_times(*authored, *modified) != Some(Ordering::Greater),
            _ => true,
        };
    }
    "List" List {
        Error "lst-1" "a reason why it is empty, and it is not": |it| !it.has("emptyReason") || !it.has("entry");
        Error "lst-2" "an entry is marked deleted in a list that is not of changes": |it|
            is(&it.mode, "changes") || !it.entry.iter().any(|entry| entry.has("deleted"));
        Error "lst-3" "an entry has a date in a list that is no working list": |it|
            is(&it.mode, "working") || !it.entry.iter().any(|entry| entry.has("date"));
    }
    "CoverageEligibilityResponse.insurance.item" CoverageEligibilityResponseInsuranceItem {
        Error "ces-1" "either a category or a billing code, and not both": |it|
            it.has("category") != it.has("productOrService");
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::breaches;

    #[test]
    fn appointments_tasks_and_lists_keep_the_rules() {
        let cases = [
            (
                r#"{"resourceType":"Appointment","status":"booked","start":"2020-01-01T00:00:00Z","participant":[{"status":"accepted"}],"cancelationReason":{"text":"x"}}"#,
                &["app-2 Appointment", "app-3 Appointment", "app-4 Appointment", "app-1 Appointment.participant[0]"][..],
            ),
            (
                r#"{"resourceType":"Appointment","status":"proposed","participant":[{"status":"accepted","type":[{"text":"x"}]}]}"#,
                &[],
            ),
            (
                r#"{"resourceType":"AppointmentResponse","appointment":{"reference":"Appointment/1"},"participantStatus":"accepted"}"#,
                &["apr-1 AppointmentResponse"],
            ),
            (
                r#"{"resourceType":"Task","status":"draft","intent":"order","authoredOn":"2020-02","lastModified":"2020-01"}"#,
                &["inv-1 Task"],
            ),
            (
                r#"{"resourceType":"List","status":"current","mode":"snapshot","emptyReason":{"text":"x"},"entry":[{"deleted":true,"date":"2020","item":{"display":"x"}}]}"#,
                &["lst-1 List", "lst-2 List", "lst-3 List"],
            ),
        ];
        for (json, expected) in cases {
            assert_eq!(breaches(json), expected, "{json}");
        }
    }
}
