//! Opening takes the disclosure away.

use chartroom_seal::Keyring;
use chartroom_vault::{Disclosure, PatientKey, SealedRecord, Vault};
use chrono::{DateTime, Utc};

fn twice(
    vault: &Vault<Keyring>,
    patient: &PatientKey,
    record: &SealedRecord,
    disclosure: Disclosure,
    now: DateTime<Utc>,
) {
    let _ = vault.open(record, patient, disclosure, now);
    let _ = vault.open(record, patient, disclosure, now); //~ E0382
}

fn main() {}
