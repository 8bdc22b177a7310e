//! Who may see which part of a record, and why.
//!
//! A [`Policy`] is data: roles and rules that a privacy officer can read. It answers a [`Request`] about the [`Facts`] of a record
//! with a [`Decision`]: the classes of information that may be seen, what the receiver is obliged to, and for every class the
//! rule and the law behind the answer.
//!
//! ```
//! use chartroom_access::label::{LabelSets, Sensitivity};
//! use chartroom_access::{Action, Facts, Policy, Purpose, Request, ResourceType};
//! use chartroom_record::{Class, ClassSet};
//! use chrono::DateTime;
//!
//! let policy = Policy::starter();
//! let labels = LabelSets::starter();
//!
//! let mut facts = Facts::new(ResourceType::of("Condition"), ClassSet::of(&[Class::Clinical, Class::ServiceDate]));
//! facts.labels = labels.of("http://hl7.org/fhir/sid/icd-10-cm", "F11.20");
//! assert!(facts.labels.contains(Sensitivity::SubstanceUse));
//!
//! let at = DateTime::from_timestamp(1_772_000_000, 0).unwrap();
//! let request = Request::new("clerk-4", "billing-clerk".into(), Action::Read, Purpose::Payment, at);
//! let decision = policy.decide(&request, &facts);
//! assert!(!decision.is_permitted());
//! assert_eq!(decision.reason(Class::Clinical).citation().unwrap().source, "42 CFR 2.31 and 2.33");
//! print!("{}", decision.explain());
//! ```
//!
//! # How rules combine
//!
//! - What no rule permits is refused. Permits are united, refusals subtracted; the order of rules never matters.
//! - A label is a lock. A permit without `labels` is about records that carry none; a record with two labels opens only where
//!   each has a permit that names it (one permit may name both). Refusals without `labels` reach every record.
//! - A permit without `confidentiality` reaches `U`, `L`, `M` and `N`.
//! - `all` in a permit is every class but [`Unclassified`](chartroom_record::Class::Unclassified), which is granted by name only.
//! - What is not known about a request or a record satisfies no permit that asks for it, and every refusal that does.
//! - A rule with `elements` speaks of those elements alone: its classes are then granted or withheld in part.
//! - A resource type, label or confidentiality that is not known counts as restricted, and the reason says so.
//! - A role that `extends` another has all its rules, permits and refusals alike.
//! - A permit with `consents` opens only with one of these [consents](consent) of the patient; a refusal with `consents` withholds
//!   until there is one.
//! - The [scopes](scope) of a program only withhold, and so does what the patient refuses in a consent.
//! - In `labels`, `sensitive` is short for the conditions that are sensitive by what they are, and `substance-use` for `ETH`, `SUD`,
//!   `ETHUD` and `OPIOIDUD`.
//!
//! # Features
//!
//! - `schemars`: JSON Schema of policies, by `schemars::schema_for!(Policy)`, for editors and forms.
//!
//! # What it does not do
//!
//! It reads no clock, file or network: the time of a request comes in with it. It does not check who someone is. A decision
//! says what may be seen; [`redact()`] leaves the rest out of plaintext, and the vault never decrypts it. What may be written is
//! decided apart, element by element, by [`Policy::decide_write`].

pub mod analysis;
mod bits;
mod break_glass;
pub mod consent;
mod decision;
mod facts;
pub mod filter;
pub mod label;
mod policy;
mod redact;
mod request;
mod resource_type;
pub mod scope;
mod text;
mod told;
mod vocabulary;
mod write;

pub use break_glass::{BreakGlass, BreakGlassError, Declaration, Glass};
pub use decision::{Decision, Effect, Explanation, Note, Reason};
pub use facts::{Facts, Subject};
pub use policy::{Citation, Policy, Rule, RuleCondition, RuleEffect, Starter};
pub use redact::{redact, redact_each};
pub use request::{Circumstances, Clearance, Request, Roles, Tie};
pub use resource_type::ResourceType;
pub use text::PolicyError;
pub use vocabulary::{
    Action, CareSetting, Confidentiality, Obligation, Obligations, Purpose, Relationship, UnknownName,
};
pub use write::{ChangeKind, ElementChange, Version, WriteDecision};
