//! Who may see which part of a record, and why.
