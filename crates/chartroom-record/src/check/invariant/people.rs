//! Invariants of people, and of the places and bodies that care for them.

use super::{Has as _, invariants, is};
use crate::classify::type_of_target;
use crate::datatype::Reference;
use crate::resource::{CareTeamParticipant, Group, Organization, PatientContact};

invariants! {
    "Patient.contact" PatientContact {
        Error "pat-1" "a contact has a name, a telecom, an address or an organization": |it|
            it.has("name") || it.has("telecom") || it.has("address") || it.has("organization");
    }
    "Organization" Organization {
        Error "org-1" "neither a name nor an identifier": |it| it.has("identifier") || it.has("name");
        Error "org-2" "an organization has no home address": |it|
            !it.address.iter().any(|address| is(&address.use_, "home"));
        Error "org-3" "an organization has no home telecom": |it|
            !it.telecom.iter().any(|telecom| is(&telecom.use_, "home"));
    }
    "Group" Group {
        Error "grp-1" "only an actual group has members": |it| !it.has("member") || it.actual == Some(true);
    }
    "CareTeam.participant" CareTeamParticipant {
        Error "ctm-1" "on behalf of another, though the member is no practitioner": |it|
            !it.has("onBehalfOf") || may_be_practitioner(it.member.as_ref());
    }
}

/// Only what the reference itself says can be judged; an unresolved one may point at anyone.
fn may_be_practitioner(member: Option<&Reference>) -> bool {
    let text = member.and_then(|member| member.reference.as_deref());
    text.and_then(type_of_target).is_none_or(|name| name == "Practitioner")
}

#[cfg(test)]
mod tests {
    use super::super::tests::breaches;

    #[test]
    fn who_cares_keeps_the_rules() {
        let cases = [
            (r#"{"resourceType":"Patient","contact":[{"gender":"male"}]}"#, &["pat-1 Patient.contact[0]"][..]),
            (
                r#"{"resourceType":"Organization","address":[{"use":"home"}],"telecom":[{"use":"home"}]}"#,
                &["org-1 Organization", "org-2 Organization", "org-3 Organization"],
            ),
            (
                r#"{"resourceType":"Group","type":"person","actual":false,"member":[{"entity":{"reference":"Patient/1"}}]}"#,
                &["grp-1 Group"],
            ),
            (
                r#"{"resourceType":"CareTeam","participant":[{"member":{"reference":"Patient/1"},"onBehalfOf":{"reference":"Organization/1"}}]}"#,
                &["ctm-1 CareTeam.participant[0]"],
            ),
            (
                r#"{"resourceType":"CareTeam","participant":[{"member":{"reference":"Practitioner/1"},"onBehalfOf":{"reference":"Organization/1"}}]}"#,
                &[],
            ),
        ];
        for (json, expected) in cases {
            assert_eq!(breaches(json), expected, "{json}");
        }
    }
}
