//! Keeps sealed, versioned records in SQLite.
