//! What the starter policies must never do, and a few things that they must: each is a question to the analysis, which answers
//! for the whole vocabulary. A *no* is a proof; a *yes* comes with a witness, which is decided here as well.

use std::process::ExitCode;

use chartroom::access::analysis::Question;
use chartroom::access::consent::ConsentKind;
use chartroom::access::label::{LabelSet, Sensitivity};
use chartroom::access::{Action, Obligation, Policy, Purpose, Relationship, ResourceType, Starter};
use chartroom::record::{Class, ClassSet};
use chartroom_tests::tally::Tally;

/// The classes that identify a person, dates of care aside.
const IDENTITY: [Class; 9] = [
    Class::Name,
    Class::Address,
    Class::Contact,
    Class::BirthDate,
    Class::Identifier,
    Class::GovernmentId,
    Class::InsuranceId,
    Class::DeviceId,
    Class::Biometric,
];

fn main() -> ExitCode {
    let mut check = Check { tally: Tally::new("starter_policies") };
    for starter in Starter::ALL {
        check.of_all(starter);
    }
    check.practice();
    check.hospital();
    check.nursing_facility();
    check.insurer();
    check.public_health();
    check.research();
    check.patient_portal();
    check.exchange();
    check.tally.finish()
}

struct Check {
    tally: Tally,
}

fn any() -> Question<'static> {
    Question::default()
}

fn role(role: &str) -> Question<'_> {
    Question { role: Some(role), ..any() }
}

fn label(label: Sensitivity) -> Question<'static> {
    Question { label: Some(label), ..any() }
}

/// Labels of records that are, or may be, under 42 CFR part 2.
fn part_2() -> impl Iterator<Item = Sensitivity> {
    LabelSet::SUBSTANCE_USE.union(Sensitivity::Part2.into()).iter()
}

impl Check {
    fn never(&mut self, policy: &Policy, what: &str, question: &Question<'_>) {
        let outcome = match policy.can(question) {
            None => Ok(()),
            Some(witness) => Err(format!("{witness}")),
        };
        self.tally.case(format!("{}: {what}", policy.name()), outcome);
    }

    fn may(&mut self, policy: &Policy, what: &str, question: &Question<'_>) {
        let outcome = match policy.can(question) {
            None => Err("never".to_owned()),
            Some(witness) if witness.decide(policy).is_permitted() => Ok(()),
            Some(witness) => Err(format!("the witness is not decided so: {witness}")),
        };
        self.tally.case(format!("{}: {what}", policy.name()), outcome);
    }

    /// Nobody in this role sees anything but these classes, in any record.
    fn only_classes(&mut self, policy: &Policy, asked: &Question<'_>, classes: &[Class]) {
        for class in Class::ALL.into_iter().filter(|class| !classes.contains(class)) {
            let question = Question { class: Some(class), ..*asked };
            self.never(policy, &format!("{} sees {class}", asked.role.unwrap_or("someone")), &question);
        }
    }

    fn only_types(&mut self, policy: &Policy, asked: &Question<'_>, types: &[&str]) {
        for kind in ResourceType::all().chain([ResourceType::UNKNOWN]).filter(|kind| !types.contains(&kind.name())) {
            let question = Question { resource_type: Some(kind), ..*asked };
            self.never(policy, &format!("{} sees {kind}", asked.role.unwrap_or("someone")), &question);
        }
    }

    fn only_purposes(&mut self, policy: &Policy, purposes: &[Purpose]) {
        for purpose in Purpose::ALL.iter().filter(|purpose| !purposes.contains(purpose)) {
            self.never(policy, &format!("anyone for {purpose}"), &Question { purpose: Some(*purpose), ..any() });
        }
    }

    fn only_labels(&mut self, policy: &Policy, asked: &Question<'_>, labels: LabelSet) {
        for one in Sensitivity::ALL.iter().filter(|one| !labels.contains(**one)) {
            let question = Question { label: Some(*one), ..*asked };
            self.never(policy, &format!("{} sees {one}", asked.role.unwrap_or("someone")), &question);
        }
    }

    /// What holds for every house.
    fn of_all(&mut self, starter: Starter) {
        let policy = starter.policy();
        let findings = policy.lint();
        let idle: Vec<_> = findings.iter().map(ToString::to_string).collect();
        let outcome = if idle.is_empty() { Ok(()) } else { Err(idle.join("; ")) };
        self.tally.case(format!("{}: no rule is idle", policy.name()), outcome);
        let differs = policy.diff(&Policy::from_toml(&toml::to_string(&policy).expect("serializes")).expect("reads"));
        let outcome = differs.first().map_or(Ok(()), |change| Err(change.to_string()));
        self.tally.case(format!("{}: written, it reads back the same", policy.name()), outcome);

        let employer = Question { relationship: Some(Relationship::Employer), ..any() };
        self.never(&policy, "an employer sees anything", &employer);
        let unknown = Question { resource_type: Some(ResourceType::UNKNOWN), ..any() };
        self.never(&policy, "anyone sees a record of unknown type", &unknown);
        let whole = Question { break_glass: Some(false), ..label(Sensitivity::Unknown) };
        self.never(&policy, "an unknown label opens but by broken glass", &whole);
        let note = Question { originator: Some(false), ..label(Sensitivity::PsychotherapyNote) };
        self.never(
            &policy,
            "psychotherapy notes open without an authorization for them, but to their originator",
            &Question { consents: Some(&[]), ..note },
        );
        self.never(
            &policy,
            "another consent opens psychotherapy notes",
            &Question {
                consents: Some(&[ConsentKind::Privacy, ConsentKind::Part2, ConsentKind::Authorization]),
                ..note
            },
        );
        let broken = Question { break_glass: Some(true), purpose: Some(Purpose::BreakTheGlass), ..any() };
        for kept in [Sensitivity::PsychotherapyNote, Sensitivity::CounselingNote] {
            self.never(&policy, &format!("broken glass opens {kept}"), &Question { label: Some(kept), ..broken });
        }
        let counseling =
            Question { originator: Some(false), consents: Some(&[]), ..label(Sensitivity::CounselingNote) };
        self.never(&policy, "counseling notes open without a consent for them, but to their originator", &counseling);
        for purpose in [Purpose::Payment, Purpose::Eligibility, Purpose::Operations, Purpose::CareManagement] {
            let paid = Question { purpose: Some(purpose), ..label(Sensitivity::SelfPay) };
            let told = Question { action: Some(Action::Disclose), ..paid };
            self.never(&policy, &format!("what was paid out of pocket is disclosed for {purpose}"), &told);
        }
        self.never(&policy, "anyone markets", &Question { purpose: Some(Purpose::Marketing), ..any() });
        self.never(&policy, "anyone deletes", &Question { action: Some(Action::Delete), ..any() });
        for one in part_2() {
            let legal = Question { purpose: Some(Purpose::Legal), ..label(one) };
            self.never(&policy, &format!("{one} is used in legal proceedings"), &legal);
            let handed_on = Question { action: Some(Action::Disclose), consents: Some(&[]), ..label(one) };
            self.never(&policy, &format!("{one} is disclosed without consent"), &handed_on);
        }
        for witness in
            policy.who_can(&Question { break_glass: Some(true), purpose: Some(Purpose::BreakTheGlass), ..any() })
        {
            let duties = witness.decide(&policy).obligations();
            let told = duties.contains(Obligation::NotifyPrivacyOffice) && duties.contains(Obligation::ReviewAccess);
            let outcome = if told { Ok(()) } else { Err(witness.to_string()) };
            self.tally.case(format!("{}: broken glass is told of and reviewed", policy.name()), outcome);
        }
        for witness in policy.who_can(&Question { action: Some(Action::Disclose), ..label(Sensitivity::Part2) }) {
            let duties = witness.decide(&policy).obligations();
            let outcome = if duties.contains(Obligation::Part2Notice) { Ok(()) } else { Err(witness.to_string()) };
            self.tally.case(format!("{}: the notice of 42 CFR 2.32 goes along", policy.name()), outcome);
        }
    }

    fn practice(&mut self) {
        let policy = Starter::Practice.policy();
        let clerk = role("billing-clerk");
        for consents in [&[][..], ConsentKind::ALL] {
            let note = Question { consents: Some(consents), label: Some(Sensitivity::PsychotherapyNote), ..clerk };
            self.never(&policy, "a billing clerk reads a psychotherapy note", &note);
        }
        self.never(&policy, "a billing clerk reads narrative", &Question { class: Some(Class::Narrative), ..clerk });
        let result = Question { resource_type: Some(ResourceType::of("Observation")), ..clerk };
        self.never(&policy, "a billing clerk reads results", &result);
        for one in part_2() {
            let without = Question { consents: Some(&[]), label: Some(one), ..clerk };
            self.never(&policy, &format!("a billing clerk reads {one} without consent"), &without);
        }
        let consent =
            Question { consents: Some(&[ConsentKind::Part2]), label: Some(Sensitivity::OpioidUseDisorder), ..clerk };
        self.may(&policy, "a billing clerk reads substance use with consent", &consent);
        self.never(
            &policy,
            "a privacy consent stands for one under part 2",
            &Question { consents: Some(&[ConsentKind::Privacy, ConsentKind::Authorization]), ..consent },
        );
        self.never(
            &policy,
            "the front desk reads what is treated",
            &Question { class: Some(Class::Clinical), ..role("front-desk") },
        );
        for class in IDENTITY {
            self.never(
                &policy,
                &format!("a researcher sees {class}"),
                &Question { class: Some(class), ..role("researcher") },
            );
        }
        let stranger =
            Question { relationship: Some(Relationship::None), break_glass: Some(false), ..role("physician") };
        self.never(&policy, "a physician sees the chart of someone else's patient", &stranger);
        self.may(
            &policy,
            "a physician treats",
            &Question { relationship: Some(Relationship::Treating), ..role("physician") },
        );
        let unread = Question {
            label: Some(Sensitivity::SubstanceUse),
            break_glass: Some(false),
            consents: Some(&[]),
            ..role("nurse")
        };
        self.never(&policy, "a nurse reads substance use without consent", &unread);
        self.may(
            &policy,
            "a nurse reads substance use with consent",
            &Question { consents: Some(&[ConsentKind::Part2]), ..unread },
        );
    }

    fn hospital(&mut self) {
        let policy = Starter::Hospital.policy();
        let unread =
            Question { label: Some(Sensitivity::Part2), consents: Some(&[]), break_glass: Some(false), ..any() };
        for one in ["physician", "nurse", "billing-clerk", "registration", "quality-reviewer", "health-information"] {
            self.never(
                &policy,
                &format!("{one} reads part 2 records without consent"),
                &Question { role: Some(one), ..unread },
            );
        }
        let program = Question { role: Some("part-2-clinician"), own_organization: Some(true), ..unread };
        self.may(&policy, "the program reads its own records", &program);
        self.never(&policy, "a program reads another's", &Question { own_organization: Some(false), ..program });
        for class in [Class::Name, Class::Address, Class::Contact, Class::Identifier, Class::Narrative] {
            let asked = Question { class: Some(class), ..role("quality-reviewer") };
            self.never(&policy, &format!("a quality reviewer sees {class}"), &asked);
        }
        self.never(
            &policy,
            "registration reads what is treated",
            &Question { class: Some(Class::Clinical), ..role("registration") },
        );
        let release = Question { consents: Some(&[]), ..role("health-information") };
        self.never(&policy, "records are released without an authorization", &release);
        let authorized =
            Question { consents: Some(&[ConsentKind::Authorization]), action: Some(Action::Disclose), ..release };
        self.may(&policy, "records are released with an authorization", &authorized);
        for class in [Class::Narrative, Class::Attachment] {
            self.never(
                &policy,
                &format!("a billing clerk reads {class}"),
                &Question { class: Some(class), ..role("billing-clerk") },
            );
        }
    }

    fn nursing_facility(&mut self) {
        let policy = Starter::NursingFacility.policy();
        self.only_types(
            &policy,
            &role("aide"),
            &[
                "Patient",
                "CarePlan",
                "Goal",
                "Flag",
                "AllergyIntolerance",
                "NutritionOrder",
                "Appointment",
                "Observation",
            ],
        );
        let labelled = Question { labelled: Some(true), ..role("aide") };
        self.never(&policy, "an aide sees a labelled record", &labelled);
        self.never(
            &policy,
            "an aide changes the plan of care",
            &Question { action: Some(Action::Update), ..role("aide") },
        );
        let visit = Question { consents: Some(&[]), ..role("ombudsman") };
        self.never(&policy, "the ombudsman reads without the resident's consent", &visit);
        self.may(
            &policy,
            "the ombudsman reads with it",
            &Question { consents: Some(&[ConsentKind::Privacy]), ..visit },
        );
        let own = Question { relationship: Some(Relationship::Patient), ..role("resident") };
        self.may(&policy, "residents see their records", &own);
        for one in [Relationship::None, Relationship::Guarantor, Relationship::CareTeam] {
            let other = Question { relationship: Some(one), ..role("resident") };
            self.never(&policy, &format!("a resident sees another's as {one}"), &other);
        }
    }

    fn insurer(&mut self) {
        let policy = Starter::Insurer.policy();
        let claims = [
            "Patient",
            "RelatedPerson",
            "Coverage",
            "Claim",
            "ClaimResponse",
            "ExplanationOfBenefit",
            "CoverageEligibilityRequest",
            "CoverageEligibilityResponse",
            "PaymentNotice",
            "PaymentReconciliation",
        ];
        for one in ["claims-examiner", "case-manager", "member-services", "underwriter"] {
            self.only_types(&policy, &role(one), &claims);
            for class in [Class::Narrative, Class::Attachment, Class::GovernmentId] {
                self.never(&policy, &format!("{one} sees {class}"), &Question { class: Some(class), ..role(one) });
            }
            self.never(
                &policy,
                &format!("{one} sees what was paid out of pocket"),
                &Question { label: Some(Sensitivity::SelfPay), ..role(one) },
            );
        }
        self.never(&policy, "the sponsor of a plan sees anything", &role("plan-sponsor"));
        for one in [Sensitivity::GeneticDisease, Sensitivity::SickleCell, Sensitivity::SickleCellAnemia] {
            self.never(
                &policy,
                &format!("an underwriter sees {one}"),
                &Question { label: Some(one), ..role("underwriter") },
            );
        }
        for class in IDENTITY {
            self.never(
                &policy,
                &format!("an underwriter sees {class}"),
                &Question { class: Some(class), ..role("underwriter") },
            );
        }
        for one in part_2() {
            let without =
                Question { label: Some(one), consents: Some(&[]), relationship: Some(Relationship::None), ..any() };
            self.never(&policy, &format!("{one} is seen without consent"), &without);
        }
        let consent = Question {
            label: Some(Sensitivity::Part2),
            consents: Some(&[ConsentKind::Part2]),
            ..role("claims-examiner")
        };
        self.may(&policy, "claims for substance use are paid with consent", &consent);
    }

    fn public_health(&mut self) {
        let policy = Starter::PublicHealth.policy();
        self.only_purposes(&policy, &[Purpose::PublicHealth, Purpose::PopulationHealth]);
        let reportable =
            LabelSet::of(&[Sensitivity::Hiv, Sensitivity::SexuallyTransmittedDisease, Sensitivity::Uncovered]);
        self.only_labels(&policy, &role("epidemiologist"), reportable);
        self.only_labels(&policy, &role("immunization-registrar"), LabelSet::NONE);
        self.only_types(
            &policy,
            &any(),
            &[
                "Patient",
                "Encounter",
                "Condition",
                "Observation",
                "DiagnosticReport",
                "Specimen",
                "Composition",
                "Immunization",
                "ImmunizationRecommendation",
                "ImmunizationEvaluation",
                "Location",
                "Organization",
                "Practitioner",
                "PractitionerRole",
            ],
        );
        self.only_classes(&policy, &role("analyst"), &[Class::Demographic, Class::Clinical, Class::Administrative]);
        for one in part_2() {
            for class in IDENTITY {
                let named = Question { class: Some(class), ..label(one) };
                self.never(&policy, &format!("{one} comes with {class}"), &named);
            }
        }
    }

    fn research(&mut self) {
        let policy = Starter::Research.policy();
        let purposes = [Purpose::Research, Purpose::ClinicalTrialResearch];
        self.only_purposes(&policy, &purposes);
        self.only_classes(&policy, &role("researcher"), &[Class::Demographic, Class::Clinical, Class::Administrative]);
        self.only_classes(
            &policy,
            &role("limited-researcher"),
            &[Class::BirthDate, Class::ServiceDate, Class::Demographic, Class::Clinical, Class::Administrative],
        );
        let without = Question { consents: Some(&[]), ..role("study-coordinator") };
        self.never(&policy, "a study reads without authorization", &without);
        let authorized = Question { consents: Some(&[ConsentKind::Authorization]), ..role("study-coordinator") };
        self.may(&policy, "a study reads with authorization", &authorized);
        for one in part_2() {
            self.never(&policy, &format!("an authorization opens {one}"), &Question { label: Some(one), ..authorized });
            for who in ["researcher", "limited-researcher"] {
                self.never(&policy, &format!("{who} sees {one}"), &Question { label: Some(one), ..role(who) });
            }
        }
        // Whoever also coordinates a study gets no identifiers by it while they are a researcher.
        for witness in policy.who_can(&authorized) {
            let both = chartroom::access::Request {
                roles: ["researcher", "study-coordinator"].into_iter().collect(),
                ..witness.request.clone()
            };
            let seen = policy.decide(&both, &witness.facts).permitted();
            let outcome =
                if seen.intersection(ClassSet::of(&IDENTITY)).is_empty() { Ok(()) } else { Err(format!("{seen:?}")) };
            self.tally.case("research: two roles together identify", outcome);
        }
    }

    fn patient_portal(&mut self) {
        let policy = Starter::PatientPortal.policy();
        let write = Question { action: Some(Action::Update), ..any() };
        for one in ["parent", "representative", "caregiver"] {
            self.never(&policy, &format!("{one} changes a record"), &Question { role: Some(one), ..write });
        }
        let clinical = Question { class: Some(Class::Clinical), role: Some("patient"), ..write };
        self.never(&policy, "a patient changes what is clinical", &clinical);
        self.only_types(&policy, &Question { role: Some("patient"), ..write }, &["Patient"]);
        let withheld = Question { label: Some(Sensitivity::PhysicianRequested), ..any() };
        self.never(&policy, "what a physician withheld is seen", &withheld);
        for one in Relationship::ALL.iter().filter(|one| **one != Relationship::Patient) {
            let other = Question { relationship: Some(*one), ..role("patient") };
            self.never(&policy, &format!("a patient sees another's chart as {one}"), &other);
        }
        self.never(&policy, "a parent sees the chart of an adult", &Question { age: Some(18), ..role("parent") });
        let adolescent = Question { age: Some(15), ..role("parent") };
        self.may(&policy, "a parent sees something of an adolescent", &adolescent);
        self.never(
            &policy,
            "a parent sees a labelled record of an adolescent",
            &Question { labelled: Some(true), ..adolescent },
        );
        let condition = Question { resource_type: Some(ResourceType::of("Condition")), ..adolescent };
        self.never(&policy, "a parent sees an adolescent's diagnoses", &condition);
        for one in [Sensitivity::SexualAndReproductiveHealth, Sensitivity::SubstanceUse, Sensitivity::Hiv] {
            self.never(&policy, &format!("a parent sees {one}"), &Question { label: Some(one), ..role("parent") });
        }
        let invited = Question { consents: Some(&[]), ..role("caregiver") };
        self.never(&policy, "a caregiver sees anything uninvited", &invited);
        self.may(
            &policy,
            "an invited caregiver sees something",
            &Question { consents: Some(&[ConsentKind::Privacy]), ..invited },
        );
        self.never(
            &policy,
            "a caregiver sees a labelled record",
            &Question { labelled: Some(true), ..role("caregiver") },
        );
    }

    fn exchange(&mut self) {
        let policy = Starter::Exchange.policy();
        for one in part_2() {
            for consents in [&[][..], &[ConsentKind::Privacy, ConsentKind::Authorization]] {
                let without = Question { label: Some(one), consents: Some(consents), ..any() };
                self.never(&policy, &format!("{one} is passed without consent under part 2"), &without);
            }
        }
        let consent =
            Question { label: Some(Sensitivity::Part2), consents: Some(&[ConsentKind::Part2]), ..role("clinician") };
        self.may(&policy, "part 2 records are passed with consent", &consent);
        for one in [Sensitivity::PsychotherapyNote, Sensitivity::CounselingNote] {
            self.never(&policy, &format!("{one} is passed"), &label(one));
        }
        for one in LabelSet::CONDITIONS.iter() {
            let without = Question { label: Some(one), consents: Some(&[]), ..role("clinician") };
            self.never(&policy, &format!("{one} is passed to a clinician without consent"), &without);
        }
        self.never(&policy, "a plan sees a labelled record", &Question { labelled: Some(true), ..role("payer") });
        self.only_classes(&policy, &role("operator"), &[Class::Administrative, Class::Technical]);
        self.only_types(&policy, &role("operator"), &["AuditEvent", "Provenance", "MessageHeader"]);
        let reportable = LabelSet::of(&[Sensitivity::Hiv, Sensitivity::SexuallyTransmittedDisease]);
        self.only_labels(&policy, &role("public-health"), reportable);
        for one in [Action::Create, Action::Update] {
            self.never(&policy, &format!("anyone may {one}"), &Question { action: Some(one), ..any() });
        }
    }
}
