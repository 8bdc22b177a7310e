-- Schema 1. Ids and tokens are 16 random bytes. The sequences keep the order in which rows came.

CREATE TABLE patients (
    sequence    INTEGER PRIMARY KEY,
    token       BLOB NOT NULL UNIQUE CHECK (length(token) = 16),
    wrapped_key BLOB NOT NULL
) STRICT;

CREATE TABLE records (
    sequence      INTEGER PRIMARY KEY,
    id            BLOB NOT NULL CHECK (length(id) = 16),
    version       INTEGER NOT NULL,
    patient       BLOB NOT NULL REFERENCES patients (token),
    resource_type TEXT NOT NULL,
    sealed        BLOB NOT NULL,
    UNIQUE (id, version)
) STRICT;

CREATE INDEX records_by_patient ON records (patient, resource_type);

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
  OR EXISTS (SELECT 1 FROM records WHERE sequence = new.sequence)
BEGIN SELECT RAISE(ABORT, 'a version follows the last one'); END;

CREATE TRIGGER records_stay BEFORE UPDATE ON records
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
