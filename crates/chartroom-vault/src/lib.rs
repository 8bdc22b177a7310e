//! Seals checked records and opens them only for a disclosure on record.
//!
//! A [`Vault`] takes the keys and keeps them. What goes in must be [`Checked`](chartroom_record::Checked). What comes out comes by one
//! road: a [`Ruling`] is a decision about one sealed record; [`Vault::disclose`] writes it to the audit trail and gives a
//! [`Disclosure`]; [`Vault::open`] takes the disclosure away and gives a [`View`] of what was granted. What was not granted is
//! never decrypted.
//!
//! ```
//! use chartroom_access::label::LabelSets;
//! use chartroom_access::{Action, Policy, Purpose, Request};
//! use chartroom_audit::MemoryTrail;
//! use chartroom_record::{Checks, Class, Mode, parse};
//! use chartroom_seal::{Cost, Keyring, Passphrase, RandomSource};
//! use chartroom_vault::{Author, Vault};
//! use chrono::DateTime;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut random = RandomSource::from_seed(&[7; 32]);
//! # let now = DateTime::from_timestamp(1_772_000_000, 0).ok_or("no such time")?;
//! # let passphrase = Passphrase::from("correct horse battery staple".to_owned());
//! let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random)?;
//! let vault = Vault::new(keyring, "north-clinic", LabelSets::starter());
//!
//! // A patient gets a random token and a random key. The wrapped key is kept beside the records.
//! let (patient, _wrapped) = vault.admit(&mut random)?;
//!
//! let text = br#"{"resourceType":"Patient","name":[{"family":"Fenwarden"}],"maritalStatus":{"coding":[{
//!     "system":"http://terminology.hl7.org/CodeSystem/v3-MaritalStatus","code":"M"}]}}"#;
//! let checked = parse(text, Mode::Strict)?.check(&Checks::structure()).map_err(|_| "refused")?;
//! let sealed = vault.seal(&checked, &patient, &Author::new("desk-2"), &mut random)?;
//!
//! let request = Request::new("study-9", "researcher".into(), Action::Read, Purpose::Research, now);
//! let mut trail = MemoryTrail::new();
//! let ruling = vault.rule(&sealed, &patient, &Policy::starter(), &request, &mut random)?;
//! let disclosure = vault.disclose(ruling, &mut trail)?;
//! let view = vault.open(&sealed, &patient, disclosure, now)?;
//!
//! assert!(view.to_json().contains("maritalStatus") && !view.to_json().contains("Fenwarden"));
//! let masked = view.masked().next().ok_or("nothing masked")?;
//! assert_eq!((masked.class, masked.rule_id()), (Class::Name, Some("research-identifiers")));
//! # Ok(())
//! # }
//! ```
//!
//! [`Vault::view`], and [`Vault::view_all`] for a query, go that road in one call, and write to the trail what failed on it: a record that is not as it was sealed, another
//! patient's key, a request that is too old. Whoever goes it step by step writes that by [`Vault::report`].
//!
//! # Attachments
//!
//! What is too long for a record, such as a scan, is sealed as a stream beside it. It belongs to the record, as FHIR's `Binary` does
//! by its `securityContext`: who may have it is decided about the record, in the version at hand, and each opening is a decision and an
//! entry of its own. It is kept under the patient's key, so it is shredded with the rest.
//!
//! ```
//! # use chartroom_access::label::LabelSets;
//! # use chartroom_access::{Action, Policy, Purpose, Relationship, Request};
//! # use chartroom_audit::MemoryTrail;
//! # use chartroom_record::{Checks, Mode, parse};
//! # use chartroom_seal::{ChunkLength, Cost, Keyring, Passphrase, RandomSource};
//! # use chartroom_vault::{Author, SealedAttachment, Vault};
//! # use chrono::DateTime;
//! # use std::io::{Cursor, Read, Write};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut random = RandomSource::from_seed(&[7; 32]);
//! # let now = DateTime::from_timestamp(1_772_000_000, 0).ok_or("no such time")?;
//! # let passphrase = Passphrase::from("correct horse battery staple".to_owned());
//! # let vault = Vault::new(Keyring::create(&passphrase, Cost::LEAST, &mut random)?, "north-clinic", LabelSets::starter());
//! # let (patient, _wrapped) = vault.admit(&mut random)?;
//! # let text = br#"{"resourceType":"DocumentReference","status":"current","content":[{"attachment":{"contentType":"image/png"}}]}"#;
//! # let checked = parse(text, Mode::Strict)?.check(&Checks::structure()).map_err(|_| "refused")?;
//! # let record = vault.seal(&checked, &patient, &Author::new("radiology"), &mut random)?;
//! # let request = Request::new("dr-osei", "physician".into(), Action::Read, Purpose::Treatment, now);
//! # let request = Request { relationship: Relationship::Treating.into(), ..request };
//! # let mut trail = MemoryTrail::new();
//! let mut writer = vault.seal_attachment(&record, &patient, ChunkLength::default(), Vec::new(), &mut random)?;
//! writer.write_all(&[7; 200_000])?;
//! let stored = writer.finish()?; // What was not finished does not open.
//!
//! let sealed = SealedAttachment::read(Cursor::new(stored))?;
//! let ruling = vault.rule_attachment(&sealed, &record, &patient, &Policy::starter(), &request, &mut random)?;
//! let disclosure = vault.disclose(ruling, &mut trail)?;
//! let mut scan = vault.open_attachment(sealed, &patient, disclosure, now)?;
//! let mut bytes = Vec::new();
//! scan.read_to_end(&mut bytes)?; // Or seek to a range of it.
//! assert_eq!(bytes, [7; 200_000]);
//! # Ok(())
//! # }
//! ```
//!
//! [`Vault::view_attachment`] goes that road in one call. The caller keeps the bytes, and knows by [`SealedAttachment::record`] whose they are.
//!
//! # What is in clear
//!
//! The header of a [`SealedRecord`]: the resource type, random ids, version, key id, and which classes of information there are; that
//! of a [`SealedAttachment`]: the same ids, and its own. How long each part is can be seen too, unless the vault is made
//! [`with_padding`](Vault::with_padding). What the policy must know (labels, confidentiality, originator) is a sealed part of its own,
//! which only the gate opens. Of an entry of the trail: who, what, when, from where and through which program, what for, by which
//! policy, and which classes were granted and withheld. Why, by which consents, and to which attachment, is sealed with the patient's
//! key, because a citation tells what a record is about. Of an attempt that failed, what failed and which attachment it was stand in
//! clear: no record was asked, and the attachment's id is random. Whoever reviews it goes the same road as a reader: [`Vault::rule_entry`],
//! [`Vault::disclose`], [`Vault::entry`].
//!
//! # How sealed records are found
//!
//! A [`RecordIndex`] is over named elements, such as the family names of a `Patient`. The house has a key for it
//! ([`Vault::new_house_key`]) that the program never holds in the open: [`Vault::open_index`] gives an [`OpenIndex`], which makes
//! the [tokens](OpenIndex::tokens) of a record that is about to be sealed, and those to [search](OpenIndex::search) for.
//! [`chartroom_seal::index`] says what tokens give away.
//!
//! # By which policy
//!
//! [`Vault::adopt`] writes to the trail that a policy is in use, [`Vault::withdraw`] that it is no longer. Each ruling's entry names its policy
//! with a hash of what it says, so that whoever reviews the trail finds what was decided by another
//! ([`policies`](chartroom_audit::policies)).
//!
//! # How keys change
//!
//! - The key service rotates: [`Vault::rewrap`] wraps the keys of patients and of the house anew, and no record is touched.
//! - A patient's key is renewed: [`Vault::renew`] makes its next version. Whatever is written from then on is sealed under it,
//!   [`Vault::needs_reseal`] names what is not yet, and [`Vault::reseal`] does it; for attachments there is
//!   [`Vault::reseal_attachment`].
//! - Two charts are of one person: [`Vault::merge`] writes it to the trail, and [`Vault::rebind`] seals a record for the other patient,
//!   [`Vault::rebind_attachment`] an attachment.
//! - A key of the house is renewed: [`Vault::renew_house_key`] makes its next version. An [`OpenIndex`] searches under all that are
//!   kept, and [`Vault::retoken`] makes the tokens of sealed records anew, each with an entry of its own before, until the older ones can go.
//! - A patient's key is destroyed: [`Vault::destroy`] gives tombstones, and nobody reads the patient's records or attachments again.
//!
//! # What this crate does not do
//!
//! It keeps nothing, reads no clock and no random numbers of its own: records, keys and trail are the caller's to store, and
//! chartroom-store does. Attachments are the caller's to keep. Whoever holds the passphrase of the keyring can open it without a vault: keep the two apart.

mod adoption;
mod attachment;
mod attempt;
mod disclosure;
mod entry;
mod error;
mod facts;
mod house;
mod index;
mod keys;
mod record;
mod release;
mod reseal;
mod vault;
mod view;

pub use attachment::{AttachmentError, AttachmentWriter, SealedAttachment};
pub use attempt::{Attempt, ViewError};
pub use disclosure::{Denial, DiscloseError, Disclosure, Ruling, agent_of};
pub use error::VaultError;
pub use house::KeyOwner;
pub use index::{OpenIndex, RecordIndex, RecordIndexError, Retokened, Token};
pub use keys::PatientKey;
pub use record::{RecordId, SealedRecord};
pub use release::Release;
pub use reseal::{Merge, Resealed};
pub use vault::{Author, Vault};
pub use view::View;
