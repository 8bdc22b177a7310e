//! CVX and MVX, vaccines and their makers, as the Centers for Disease Control and Prevention publish them: text with `|` between the fields.

use super::delimited::{Delimited, Layout, decoded};
use super::{ImportError, Release, Row};

const PIPES: Layout = Layout { delimiter: b'|', quoted: false };

/// Reads `cvx.txt`: code, short name, full name, notes, status, whether it is no vaccine, last change.
///
/// Active, inactive and non-US vaccines can be recorded: an inactive one was given to people, and their records say so. One that is
/// pending or was never active is listed, but not to be recorded.
///
/// # Errors
///
/// If a line is too short, a code is not one, or a status is not known.
pub fn cvx_text(text: &[u8]) -> Result<Release, ImportError> {
    read(text, &[("code", 0), ("full name", 2), ("status", 4)], |status| match status {
        "Active" | "Inactive" | "Non-US" => Some(true),
        "Pending" | "Never Active" => Some(false),
        _ => None,
    })
}

/// Reads `mvx.txt`: code, name of the maker, notes, status, last change. A maker that is no longer active made what records speak of.
///
/// # Errors
///
/// If a line is too short, a code is not one, or a status is not known.
pub fn mvx_text(text: &[u8]) -> Result<Release, ImportError> {
    read(text, &[("code", 0), ("name", 1), ("status", 3)], |status| match status {
        "Active" | "Inactive" => Some(true),
        _ => None,
    })
}

fn read(
    text: &[u8],
    fields: &[(&'static str, usize); 3],
    selectable: impl Fn(&str) -> Option<bool>,
) -> Result<Release, ImportError> {
    let text = decoded(text);
    let mut file = Delimited::without_header(text.as_bytes(), PIPES, fields);
    let mut release = Release::default();
    while let Some(line) = file.next()? {
        let code = line.filled(0)?;
        if !code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
            return Err(line.fault(0, "not a code"));
        }
        let selectable = selectable(line.text(2)?).ok_or_else(|| line.fault(2, "not a known status"))?;
        release.rows.push(Row { code: code.to_owned(), selectable, title: line.filled(1)?.to_owned() });
    }
    release.filled()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::survives_any_damage;

    const VACCINES: &str = "\
        01    |DTP|diphtheria, tetanus toxoids and pertussis vaccine||Inactive|False|2020/12/01\r\n\
        208|COVID-19, mRNA|SARS-COV-2 (COVID-19) vaccine, mRNA||Active|False|2025/01/01\r\n\
        99|RESERVED|RESERVED - do not use||Never Active|False|2010/05/28\r\n";

    fn codes(text: &[u8]) -> Vec<(String, bool)> {
        cvx_text(text).unwrap().rows.into_iter().map(|row| (row.code, row.selectable)).collect()
    }

    #[test]
    fn an_inactive_vaccine_was_given_and_can_be_recorded() {
        let expected = [("01", true), ("208", true), ("99", false)].map(|(code, usable)| (code.to_owned(), usable));
        assert_eq!(codes(VACCINES.as_bytes()), expected);
    }

    #[test]
    fn older_files_are_in_utf_16() {
        let wide: Vec<u8> =
            "\u{feff}".encode_utf16().chain(VACCINES.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        assert_eq!(codes(&wide), codes(VACCINES.as_bytes()));
    }

    #[test]
    fn makers_are_read() {
        let release =
            mvx_text(b"SKB|GlaxoSmithKline||Active|2010/05/28\nAB|Abbott Laboratories||Inactive|2012/06/15").unwrap();
        assert!(release.rows.iter().all(|row| row.selectable) && release.rows.len() == 2);
        assert_eq!(mvx_text(b"SKB|G||Gone|").unwrap_err().to_string(), "line 1, field status: not a known status");
    }

    #[test]
    fn no_damage_stops_the_program() {
        survives_any_damage(VACCINES.as_bytes(), |text| drop(cvx_text(text)));
        survives_any_damage(VACCINES.as_bytes(), |text| drop(mvx_text(text)));
    }
}
