//! Codes that are typed instead of words: `e119`, `E11.`, `s06 0x`.

use super::Found;
use crate::table::Table;

/// Adds the code that was typed, and those that begin with it.
pub(super) fn find<'t>(table: &'t Table, typed: &str, found: &mut Found<'t, '_>) {
    let plain: String = typed.chars().filter(|typed| !typed.is_whitespace() && !matches!(typed, '.' | '-')).collect();
    let has_digit = plain.bytes().any(|byte| byte.is_ascii_digit());
    if has_digit && plain.len() >= 2 && plain.len() <= table.longest() {
        let upper = plain.to_ascii_uppercase();
        table.with_prefix(&upper, &mut |concept| {
            found.add(concept);
            !found.is_enough()
        });
    }
}
