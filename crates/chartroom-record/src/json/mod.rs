//! JSON (RFC 8259) as records need it: number text kept, every problem with its place, bounded depth.

mod intern;
mod place;
mod reader;
mod scan;
mod value;
mod writer;

pub(crate) use intern::Interner;
pub use place::Position;
pub(crate) use place::{Lines, Places, printable};
pub(crate) use reader::{Halt, Misfit, Name, Problem, Reader, Stop};
pub(crate) use scan::{is_number, is_plain_word};
pub use value::{Json, JsonText};
pub(crate) use writer::Writer;
