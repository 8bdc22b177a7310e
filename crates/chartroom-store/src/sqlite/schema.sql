-- Schema 1. Ids and tokens are 16 random bytes. The sequences keep the order in which rows came. A leaf is a place in the log.

CREATE TABLE patients (
    sequence INTEGER PRIMARY KEY,
    token    BLOB NOT NULL UNIQUE CHECK (length(token) = 16)
) STRICT;

-- The versions of each patient's key and of each key of the house, wrapped, or the tombstones that took their place.
CREATE TABLE keys (
    sequence   INTEGER PRIMARY KEY,
    patient    BLOB REFERENCES patients (token),
    house      TEXT CHECK ((house IS NULL) <> (patient IS NULL)),
    version    INTEGER NOT NULL,
    wrapped_by BLOB NOT NULL,
    wrapped    BLOB NOT NULL,
    UNIQUE (patient, version)
) STRICT;

CREATE INDEX keys_by_wrapping_key ON keys (wrapped_by);

-- Patients whose keys were destroyed, with the entry that says by whom, when and why.
CREATE TABLE tombstones (
    patient BLOB PRIMARY KEY REFERENCES patients (token),
    leaf    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Versions of the house's keys that are dropped, with the entry that tells of it. The key service may still have to do its part: until
-- then the key is there.
CREATE TABLE dropped (
    house   TEXT NOT NULL,
    version INTEGER NOT NULL,
    entry   BLOB NOT NULL,
    PRIMARY KEY (house, version)
) STRICT, WITHOUT ROWID;

-- Patients whose keys are being destroyed: the decision stands, and the key service may still have to do its part. The entry is the
-- one that will tell of it.
CREATE TABLE destructions (
    patient BLOB PRIMARY KEY REFERENCES patients (token),
    entry   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The keys that someone can still read.
CREATE VIEW living_keys AS SELECT * FROM keys
WHERE NOT EXISTS (SELECT 1 FROM tombstones WHERE patient = keys.patient)
  AND NOT EXISTS (SELECT 1 FROM destructions WHERE patient = keys.patient)
  AND NOT EXISTS (SELECT 1 FROM dropped WHERE house = keys.house AND version = keys.version);

-- Keys of the key service that wrap nothing here any more, and never will again.
CREATE TABLE retired (
    wrapping_key BLOB PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- What keeps a patient's key from being destroyed.
CREATE TABLE holds (
    patient BLOB NOT NULL REFERENCES patients (token),
    matter  TEXT NOT NULL,
    PRIMARY KEY (patient, matter)
) STRICT, WITHOUT ROWID;

-- Patients who were merged into another, with the entry that tells of it. Nothing is stored for them any more.
CREATE TABLE merges (
    patient  BLOB PRIMARY KEY REFERENCES patients (token),
    survivor BLOB NOT NULL REFERENCES patients (token),
    leaf     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The leaf is the entry under which these bytes were stored. The key version is that of the patient's key that sealed them.
CREATE TABLE records (
    sequence      INTEGER PRIMARY KEY,
    id            BLOB NOT NULL CHECK (length(id) = 16),
    version       INTEGER NOT NULL,
    patient       BLOB NOT NULL REFERENCES patients (token),
    key_version   INTEGER NOT NULL,
    resource_type TEXT NOT NULL,
    leaf          INTEGER NOT NULL,
    sealed        BLOB NOT NULL,
    UNIQUE (id, version)
) STRICT;

CREATE INDEX records_by_patient ON records (patient, key_version);

-- Keyed tokens of what the newest version of a record holds, to find it by: the index, what made the token, and its value.
CREATE TABLE tokens (
    name        TEXT NOT NULL,
    forms       INTEGER NOT NULL,
    key_version INTEGER NOT NULL,
    value       INTEGER NOT NULL,
    record      BLOB NOT NULL,
    patient     BLOB NOT NULL REFERENCES patients (token),
    PRIMARY KEY (name, forms, key_version, value, record)
) STRICT, WITHOUT ROWID;

-- What hides a record's tokens in the entry that tells of them: random, and destroyed with them.
CREATE TABLE salts (
    record BLOB PRIMARY KEY,
    salt   BLOB NOT NULL CHECK (length(salt) = 32)
) STRICT, WITHOUT ROWID;

CREATE INDEX tokens_by_record ON tokens (record);
CREATE INDEX tokens_by_patient ON tokens (patient);

-- The entries of the audit trail, by their place from 0. The patient is the one that the entry names.
CREATE TABLE log (
    leaf    INTEGER PRIMARY KEY,
    patient TEXT,
    entry   BLOB NOT NULL
) STRICT;

CREATE INDEX log_by_patient ON log (patient) WHERE patient IS NOT NULL;

-- The complete subtrees of the Merkle tree over the entries. Level 0 holds the hashes of the entries.
CREATE TABLE nodes (
    level INTEGER NOT NULL,
    place INTEGER NOT NULL,
    hash  BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (level, place)
) STRICT, WITHOUT ROWID;

-- Versions, entries and nodes only ever follow one another. REPLACE fires no DELETE trigger, so inserting is watched too.
CREATE TRIGGER records_follow BEFORE INSERT ON records
WHEN new.version IS NOT (SELECT ifnull(max(version), 0) + 1 FROM records WHERE id = new.id)
  OR new.leaf IS NOT (SELECT max(leaf) FROM log)
  OR EXISTS (SELECT 1 FROM records WHERE sequence = new.sequence)
  OR EXISTS (SELECT 1 FROM merges WHERE patient = new.patient)
BEGIN SELECT RAISE(ABORT, 'a version follows the last one'); END;

-- A version may be sealed anew, under an entry of its own.
CREATE TRIGGER records_stay BEFORE UPDATE ON records
WHEN new.sequence IS NOT old.sequence
  OR new.id IS NOT old.id
  OR new.version IS NOT old.version
  OR new.resource_type IS NOT old.resource_type
  OR new.leaf <= old.leaf
  OR new.leaf IS NOT (SELECT max(leaf) FROM log)
BEGIN SELECT RAISE(ABORT, 'a version is never changed'); END;

CREATE TRIGGER records_remain BEFORE DELETE ON records
BEGIN SELECT RAISE(ABORT, 'a version is never deleted'); END;

CREATE TRIGGER log_follows BEFORE INSERT ON log
WHEN new.leaf IS NOT (SELECT ifnull(max(leaf), -1) + 1 FROM log)
BEGIN SELECT RAISE(ABORT, 'an entry follows the last one'); END;

CREATE TRIGGER log_stays BEFORE UPDATE ON log
BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;

CREATE TRIGGER log_remains BEFORE DELETE ON log
BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;

CREATE TRIGGER nodes_follow BEFORE INSERT ON nodes
WHEN EXISTS (SELECT 1 FROM nodes WHERE level = new.level AND place = new.place)
BEGIN SELECT RAISE(ABORT, 'a node is never replaced'); END;

CREATE TRIGGER nodes_stay BEFORE UPDATE ON nodes
BEGIN SELECT RAISE(ABORT, 'a node is never changed'); END;

CREATE TRIGGER nodes_remain BEFORE DELETE ON nodes
BEGIN SELECT RAISE(ABORT, 'a node is never deleted'); END;

CREATE TRIGGER patients_stay BEFORE UPDATE OF token ON patients
BEGIN SELECT RAISE(ABORT, 'a token is never changed'); END;

CREATE TRIGGER patients_remain BEFORE DELETE ON patients
BEGIN SELECT RAISE(ABORT, 'a patient is never deleted'); END;

-- A key may be wrapped anew. A destroyed one stays destroyed, and no other comes after it.
CREATE TRIGGER keys_follow BEFORE INSERT ON keys
WHEN new.version IS NOT (
    SELECT ifnull(max(version) + 1, new.version) FROM keys WHERE patient IS new.patient AND house IS new.house
  )
  OR EXISTS (SELECT 1 FROM keys WHERE sequence = new.sequence)
  OR EXISTS (SELECT 1 FROM tombstones WHERE patient = new.patient)
  OR EXISTS (SELECT 1 FROM destructions WHERE patient = new.patient)
BEGIN SELECT RAISE(ABORT, 'a key follows the last one'); END;

CREATE TRIGGER keys_stay BEFORE UPDATE ON keys
WHEN new.sequence IS NOT old.sequence
  OR new.patient IS NOT old.patient
  OR new.house IS NOT old.house
  OR new.version IS NOT old.version
  OR EXISTS (SELECT 1 FROM tombstones WHERE patient = old.patient)
  OR EXISTS (SELECT 1 FROM dropped WHERE house = old.house AND version = old.version)
  AND substr(new.wrapped, 1, 2) IS NOT x'0100' -- a tombstone
BEGIN SELECT RAISE(ABORT, 'a key is never replaced'); END;

CREATE TRIGGER keys_remain BEFORE DELETE ON keys
BEGIN SELECT RAISE(ABORT, 'a key is never deleted'); END;

-- The newest version makes tokens, and no version goes under which something is found.
CREATE TRIGGER dropped_follow BEFORE INSERT ON dropped
WHEN new.version >= (SELECT ifnull(max(version), 0) FROM keys WHERE house = new.house)
  OR EXISTS (SELECT 1 FROM dropped WHERE house = new.house AND version = new.version)
  OR EXISTS (SELECT 1 FROM tokens WHERE name = new.house AND key_version = new.version)
BEGIN SELECT RAISE(ABORT, 'a key in use is never dropped'); END;

CREATE TRIGGER dropped_stay BEFORE UPDATE ON dropped
BEGIN SELECT RAISE(ABORT, 'a dropped key is never changed'); END;

CREATE TRIGGER dropped_remain BEFORE DELETE ON dropped
BEGIN SELECT RAISE(ABORT, 'a dropped key is never brought back'); END;

CREATE TRIGGER merges_follow BEFORE INSERT ON merges
WHEN new.patient = new.survivor
  OR EXISTS (SELECT 1 FROM merges WHERE patient IN (new.patient, new.survivor))
  OR EXISTS (SELECT 1 FROM records WHERE patient = new.patient)
BEGIN SELECT RAISE(ABORT, 'a patient is merged once, with all records, into another who is not'); END;

CREATE TRIGGER merges_stay BEFORE UPDATE ON merges
BEGIN SELECT RAISE(ABORT, 'a merge is never changed'); END;

CREATE TRIGGER merges_remain BEFORE DELETE ON merges
BEGIN SELECT RAISE(ABORT, 'a merge is never undone'); END;

-- A key on hold is never destroyed, and one that is being destroyed is never put on hold.
CREATE TRIGGER destructions_follow BEFORE INSERT ON destructions
WHEN EXISTS (SELECT 1 FROM destructions WHERE patient = new.patient)
  OR EXISTS (SELECT 1 FROM tombstones WHERE patient = new.patient)
  OR EXISTS (SELECT 1 FROM holds WHERE patient = new.patient)
BEGIN SELECT RAISE(ABORT, 'a key on hold is never destroyed'); END;

CREATE TRIGGER destructions_stay BEFORE UPDATE ON destructions
BEGIN SELECT RAISE(ABORT, 'a destruction is never changed'); END;

CREATE TRIGGER destructions_end BEFORE DELETE ON destructions
WHEN NOT EXISTS (SELECT 1 FROM tombstones WHERE patient = old.patient)
BEGIN SELECT RAISE(ABORT, 'a destruction is never called off'); END;

CREATE TRIGGER holds_follow BEFORE INSERT ON holds
WHEN EXISTS (SELECT 1 FROM destructions WHERE patient = new.patient)
  OR EXISTS (SELECT 1 FROM tombstones WHERE patient = new.patient)
BEGIN SELECT RAISE(ABORT, 'a destroyed key is never put on hold'); END;

CREATE TRIGGER tombstones_follow BEFORE INSERT ON tombstones
WHEN EXISTS (SELECT 1 FROM tombstones WHERE patient = new.patient)
  OR NOT EXISTS (SELECT 1 FROM destructions WHERE patient = new.patient)
BEGIN SELECT RAISE(ABORT, 'a tombstone follows a destruction that was begun, and is never replaced'); END;

CREATE TRIGGER tombstones_stay BEFORE UPDATE ON tombstones
BEGIN SELECT RAISE(ABORT, 'a tombstone is never changed'); END;

CREATE TRIGGER tombstones_remain BEFORE DELETE ON tombstones
BEGIN SELECT RAISE(ABORT, 'a tombstone is never deleted'); END;

CREATE TRIGGER retired_stay BEFORE UPDATE ON retired
BEGIN SELECT RAISE(ABORT, 'a retired key is never changed'); END;

CREATE TRIGGER retired_remain BEFORE DELETE ON retired
BEGIN SELECT RAISE(ABORT, 'a retired key is never deleted'); END;

CREATE TRIGGER keys_leave_retired BEFORE INSERT ON keys
WHEN EXISTS (SELECT 1 FROM retired WHERE wrapping_key = new.wrapped_by)
BEGIN SELECT RAISE(ABORT, 'a retired key is never used again'); END;

CREATE TRIGGER keys_stay_off_retired BEFORE UPDATE OF wrapped_by ON keys
WHEN EXISTS (SELECT 1 FROM retired WHERE wrapping_key = new.wrapped_by)
BEGIN SELECT RAISE(ABORT, 'a retired key is never used again'); END;
