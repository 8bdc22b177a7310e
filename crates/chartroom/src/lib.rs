//! Health records, held properly: checked, sealed, opened only by decision and on record.

pub use chartroom_access as access;
pub use chartroom_audit as audit;
pub use chartroom_codes as codes;
pub use chartroom_icd10cm as icd10cm;
pub use chartroom_record as record;
pub use chartroom_seal as seal;
pub use chartroom_store as store;
pub use chartroom_vault as vault;
