//! Seals checked records and opens them only for a disclosure on record.
