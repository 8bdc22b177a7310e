//! Keys and sealed values: authenticated encryption bound to its place.
