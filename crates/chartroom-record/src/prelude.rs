//! What the files of resource types and data types use.

pub(crate) use std::num::NonZeroU32;

pub(crate) use chartroom_derive::Record;

pub(crate) use crate::code_set::*;
pub(crate) use crate::datatype::*;
pub(crate) use crate::extra::Extra;
pub(crate) use crate::primitive::{
    Base64, Canonical, Code, Date, DateTime, Decimal, Id, Instant, Markdown, Oid, Text, Time, Uri, Url, Uuid, Xhtml,
};
pub(crate) use crate::resource::{Own, Resource};
