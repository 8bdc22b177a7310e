//! The house: its keys, its codes, its policy, its store.

use std::fmt;
use std::path::Path;

use chartroom::access::label::LabelSets;
use chartroom::access::{Action, BreakGlass, Policy, Purpose, Relationship, Request};
use chartroom::audit::event::Agent;
use chartroom::codes::Terminology;
use chartroom::icd10cm;
use chartroom::record::{Checks, Resource};
use chartroom::seal::{Cost, Keyring, Passphrase, RandomSource};
use chartroom::store::{SqliteStore, Store as _, WriteBy};
use chartroom::vault::{PatientKey, RecordId, SealedRecord, Vault, View, ViewError};
use chrono::{DateTime, Utc};

/// What the house adds to the shipped label sets.
const HOUSE_LABELS: &str = include_str!("../data/labels.toml");

/// Everything that an application sets up once.
pub struct House {
    pub vault: Vault<Keyring>,
    pub store: SqliteStore,
    pub policy: Policy,
    pub labels: LabelSets,
    pub checks: Checks,
    pub random: RandomSource,
}

impl House {
    pub fn open(file: &Path) -> Result<Self, Failure> {
        let mut random = RandomSource::try_from_rng(&mut getrandom::SysRng)?;
        // A real house asks for its passphrase and keeps the keyring in a file of its own.
        let passphrase = Passphrase::from("a long passphrase that nobody else knows".to_owned());
        let keyring = Keyring::create(&passphrase, Cost::default(), &mut random)?;
        let labels = LabelSets::starter().and(LabelSets::from_toml(HOUSE_LABELS)?);
        let terminology = Terminology::builder().add(icd10cm::table().clone()).build();
        let mut house = Self {
            vault: Vault::new(keyring, "quickstart-house", labels.clone()),
            store: SqliteStore::open(file)?,
            policy: Policy::starter(),
            labels,
            checks: Checks::with_codes(terminology),
            random,
        };
        let officer = Agent::new("officer-lindqvist", "privacy officer");
        house.vault.adopt(&house.policy, officer, Utc::now(), &mut house.store)?;
        Ok(house)
    }

    /// The key of a patient, from the store.
    pub fn patient_key(&self, token: RecordId) -> Result<PatientKey, Failure> {
        Ok(self.vault.unlock(token, &self.store.wrapped_keys(token)?)?)
    }

    /// Opens records for a reader: one decision each, one write to the trail for all of them. A record of which the reader
    /// may see nothing has no view.
    pub fn open_for(
        &mut self,
        reader: &Reader,
        key: &PatientKey,
        records: &[SealedRecord],
    ) -> Result<Vec<Opened>, Failure> {
        let now = Utc::now();
        let (request, records) = (reader.request(now), records.iter().map(|record| (record, key)));
        let House { vault, store, policy, random, .. } = self;
        let opened = vault.view_all(records, policy, &request, now, store, random)?.into_iter().map(|one| match one {
            Ok(view) => Ok(Ok(view)),
            Err(ViewError::Denied(denial)) => Ok(Err(denial)),
            Err(failed) => Err(failed),
        });
        opened.collect::<Result<_, ViewError>>().map_err(Failure::from)
    }
}

/// A record as somebody sees it, or why they see nothing of it.
pub type Opened = Result<View<Resource>, chartroom::vault::Denial>;

/// Somebody who asks for records.
pub struct Reader {
    pub title: &'static str,
    pub id: &'static str,
    pub role: &'static str,
    pub purpose: Purpose,
    pub relationship: Relationship,
    pub break_glass: Option<BreakGlass>,
}

impl Reader {
    pub fn request(&self, at: DateTime<Utc>) -> Request {
        Request {
            relationship: self.relationship.into(),
            break_glass: self.break_glass.clone(),
            ..Request::new(self.id, self.role.into(), Action::Read, self.purpose, at)
        }
    }
}

/// The physician who treats the patient.
pub const PHYSICIAN: Reader = Reader {
    title: "physician",
    id: "dr-amundsen",
    role: "physician",
    purpose: Purpose::Treatment,
    relationship: Relationship::Treating,
    break_glass: None,
};

/// Who takes the records in.
pub fn intake_agent() -> WriteBy {
    WriteBy {
        agent: Agent::new("intake", "system"),
        at: Utc::now(),
        purpose: Some(Purpose::Treatment.code().to_owned()),
    }
}

/// Why the program ends early, in words for a person.
pub struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<E: Into<Box<dyn std::error::Error>>> From<E> for Failure {
    fn from(cause: E) -> Self {
        Self(cause.into().to_string())
    }
}
