//! The ICD-10-CM code set, compiled, ready to use in place.
