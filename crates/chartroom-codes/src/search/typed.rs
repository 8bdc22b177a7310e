//! Codes that are typed instead of words: `e119`, `E11.`, `s06 0x`, `4548-4`.

use super::Found;
use crate::table::Table;

/// Adds the code that was typed, and those that begin with it.
pub(super) fn find<'t>(table: &'t Table, typed: &str, found: &mut Found<'t, '_>) {
    if let Some(concept) = table.get_typed(typed) {
        found.add(concept);
    }
    // A dash is a part of some codes, and is put into others for the eye.
    let dashed: String = typed.chars().filter(|typed| !typed.is_whitespace() && *typed != '.').collect();
    let dashed = dashed.to_ascii_uppercase();
    let plain = dashed.replace('-', "");
    begun(table, &dashed, found);
    if plain != dashed && found.seen.is_empty() {
        begun(table, &plain, found);
    }
}

fn begun<'t>(table: &'t Table, plain: &str, found: &mut Found<'t, '_>) {
    let has_digit = plain.bytes().any(|byte| byte.is_ascii_digit());
    if !has_digit || plain.len() < 2 || plain.len() > table.longest() {
        return;
    }
    let before = found.seen.len();
    table.with_prefix(plain, &mut |concept| found.add_more(concept));
    if found.seen.len() == before && !found.is_enough() {
        table.with_unlisted_prefix(plain, &mut |concept| found.add_more(concept));
    }
}
