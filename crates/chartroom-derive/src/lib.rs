//! The Record derive macro of chartroom-record.
