//! Health records, held properly: what a record is, whether its codes are right, who may see which part of it and why, and how it
//! is kept unreadable to everyone else.
//!
//! > No plaintext without a decision, no decision without a reason, no disclosure without a record.
//!
//! ```
//! use chartroom::access::{Action, Policy, Purpose, Request, label::LabelSets};
//! use chartroom::record::{Checks, Class, Mode, parse};
//! use chartroom::seal::{Cost, Keyring, Passphrase, RandomSource};
//! use chartroom::vault::{Author, DiscloseError, Vault};
//! use chartroom::audit::{MemoryTrail, Trail};
//! use chartroom::icd10cm;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut random = RandomSource::try_from_rng(&mut getrandom::SysRng)?;
//! # let passphrase = Passphrase::from("correct horse battery staple".to_owned());
//! # let now = chrono::DateTime::from_timestamp(1_772_000_000, 0).ok_or("no such time")?;
//! // The house: its keys, and which codes make a record sensitive.
//! let vault = Vault::new(Keyring::create(&passphrase, Cost::LEAST, &mut random)?, "north-clinic", LabelSets::starter());
//! let (patient, _wrapped_key) = vault.admit(&mut random)?;
//!
//! // A record is read and checked. Only then can it be sealed.
//! let text = br#"{"resourceType": "Condition", "subject": {"reference": "Patient/1"}, "onsetDateTime": "2026-03-02",
//!     "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F11.20"}]}}"#;
//! let checks = Checks::with_codes(icd10cm::terminology());
//! let checked = parse(text, Mode::Strict)?.check(&checks).map_err(|_| "refused")?;
//! let sealed = vault.seal(&checked, &patient, &Author::new("dr-osei"), &mut random)?;
//!
//! // Somebody asks. The answer comes with its reason, and stands on the trail before anything is opened.
//! let request = Request::new("clerk-4", "billing-clerk".into(), Action::Read, Purpose::Payment, now);
//! let mut trail = MemoryTrail::new();
//! let ruling = vault.rule(&sealed, &patient, &Policy::starter(), &request, &mut random)?;
//! match vault.disclose(ruling, &mut trail) {
//!     Ok(disclosure) => println!("{}", vault.open(&sealed, &patient, disclosure, now)?.to_json()),
//!     Err(DiscloseError::Denied(denial)) => {
//!         let reason = denial.decision().reason(Class::Clinical);
//!         assert_eq!(reason.citation().ok_or("no law")?.source, "42 CFR 2.31 and 2.33");
//!     }
//!     Err(error) => return Err(error.into()),
//! }
//! assert_eq!(trail.head()?.size, 1);
//! # Ok(())
//! # }
//! ```
//!
//! # The rooms
//!
//! | module | what it is for |
//! |---|---|
//! | [`codes`] | is this code right, on that day |
//! | [`icd10cm`] | ICD-10-CM, compiled, ready to use |
//! | [`hl7`] | HL7's own code systems and value sets, ready for the terminology engine |
//! | [`record`] | FHIR R4 records: read, checked, every element with its class of information |
//! | [`access`] | who may see which part, and why |
//! | [`seal`] | keys and sealed values, bound to their place |
//! | [`audit`] | the tamper-evident trail, and its accounting |
//! | [`vault`] | seals checked records, and opens them for a disclosure only |
//! | [`store`] | keeps sealed, versioned records |
//!
//! Each is a crate of its own (`chartroom-codes`, ...), to be used without the others where that is enough. This one holds no logic.
//!
//! # The limits
//!
//! - FHIR R4 (4.0.1) alone. R4's own invariants and its vital signs are checked; of US Core, what it expects to be there.
//! - ICD-10-CM and HL7's own code systems are shipped, others are not. Codes of a system that is not loaded are reported as not checked.
//! - Who a user is, the program must establish: the library decides for the actor and roles it is given.
//! - The starter policy and label sets are for review by those who answer for privacy. They are not legal advice.

pub use chartroom_access as access;
pub use chartroom_audit as audit;
pub use chartroom_codes as codes;
pub use chartroom_hl7 as hl7;
pub use chartroom_icd10cm as icd10cm;
pub use chartroom_record as record;
pub use chartroom_seal as seal;
pub use chartroom_store as store;
pub use chartroom_vault as vault;

/// The program in the project's README compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
