//! A tamper-evident trail of who saw what, and why.
//!
//! Every opening, write and refusal is an [`Event`]. Its bytes become a leaf of an RFC 6962 Merkle tree, so that
//! one hash, the root, stands for the whole trail: nothing in it can be edited, removed, reordered or cut off
//! without the root telling.
//!
//! ```
//! use chartroom_audit::event::{Action, Agent, Event, Kind, RecordReference};
//! use chartroom_audit::{MemoryTrail, Trail};
//! use chrono::{TimeZone, Utc};
//!
//! # fn main() -> Result<(), chartroom_audit::TrailError> {
//! let noon = Utc.with_ymd_and_hms(2026, 4, 1, 12, 0, 0).single().unwrap_or_default();
//! let mut opening = Event::new(noon, Kind::Disclosure, Action::Read, Agent::new("staff-7", "physician"));
//! opening.patient = Some("patient-token".into());
//! opening.record = Some(RecordReference::new("Condition", "c-1", 2));
//! opening.purpose = Some("TREAT".into());
//! opening.granted = vec!["Clinical".into()];
//!
//! let mut trail = MemoryTrail::new();
//! let receipt = trail.append(&opening)?;
//!
//! // Later, anyone with the head of the trail can confirm this one line, and the whole.
//! let head = trail.head()?;
//! let proof = trail.inclusion(receipt.index, head.size)?;
//! assert!(proof.verify(&receipt.leaf_hash, &head.root).is_ok());
//! trail.verify(&head)?;
//! # Ok(())
//! # }
//! ```
//!
//! # The rooms
//!
//! - [`event`]: one line of the trail, shaped like FHIR `AuditEvent`, and its canonical bytes.
//! - [`merkle`]: the tree, its inclusion and consistency proofs, and their verifiers.
//! - [`checkpoint`]: what a witness keeps: the log's name, its size and its root, as C2SP text.
//! - [`accounting`]: the accounting of disclosures of 45 CFR 164.528, with a proof for each line.
//! - [`breach`]: whose records, and what of them, someone's openings touched between two times.
//! - [`policies`]: what was decided by a policy that nobody had adopted.
//! - [`verify`]: finds the first bad entry of a stored trail.
//!
//! # Features
//!
//! - `fhir`: events as FHIR R4 `AuditEvent` resources, in the shape of IHE BALP.
//! - `sign`: checkpoints signed with Ed25519, and cosignatures of witnesses (C2SP `signed-note`, `tlog-cosignature`).
//!
//! # The limits
//!
//! The crate reads no clock, touches no file and keeps no key. A trail proves that what is in it was not changed;
//! that everything was put into it is for the caller to see to. Whoever can rewrite both the trail and every copy
//! of its head can rewrite history, so keep heads somewhere else.

pub mod accounting;
pub mod breach;
pub mod checkpoint;
pub mod event;
#[cfg(feature = "fhir")]
pub mod fhir;
pub mod merkle;
pub mod policies;
pub mod verify;

mod base64;
mod error;
mod trail;

pub use checkpoint::{Checkpoint, TrustedHead};
pub use error::{Refusal, TrailError};
pub use event::Event;
pub use merkle::{Hash, Head};
pub use trail::{MemoryTrail, Receipt, Trail};
