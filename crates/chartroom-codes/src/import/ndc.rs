//! The National Drug Code Directory, as the Food and Drug Administration publishes it: `product.txt` and `package.txt`.

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Seek};

use super::archive::Archive;
use super::delimited::{Delimited, Layout, Line, decoded};
use super::{ImportError, Release, Row, Validity};
use crate::identifier::Ndc;

const TSV: Layout = Layout { delimiter: b'\t', quoted: false };

/// Reads the zip archive as it is downloaded.
///
/// # Errors
///
/// If it cannot be read or lacks one of the two files, and as [`ndc_text`].
pub fn ndc_zip(archive: impl Read + Seek) -> Result<Release, ImportError> {
    let mut archive = Archive::open(archive)?;
    let products = archive.whole("product.txt", |name| name.own == "product.txt")?;
    let packages = archive.whole("package.txt", |name| name.own == "package.txt")?;
    ndc_text(&products, &packages)
}

/// Reads products and packages: one row for each package, its code in eleven digits without hyphens, as [`Ndc`] prints it, titled with
/// the product's names and the description of the package. A package is valid from the start of its marketing to the end of it.
///
/// # Errors
///
/// If a column is missing, a code is no NDC, a package has no product, or a date is none.
pub fn ndc_text(products: &[u8], packages: &[u8]) -> Result<Release, ImportError> {
    let names = names(&decoded(products))?;
    let packages = decoded(packages);
    let wanted = ["PRODUCTID", "NDCPACKAGECODE", "PACKAGEDESCRIPTION", "STARTMARKETINGDATE", "ENDMARKETINGDATE"];
    let mut file = Delimited::with_header(packages.as_bytes(), TSV, &wanted)?;
    let mut found: BTreeMap<Ndc, (Row, Validity)> = BTreeMap::new();
    while let Some(line) = file.next()? {
        let ndc: Ndc = line.filled(1)?.parse().map_err(|_| line.fault(1, "not an NDC"))?;
        let name = names.get(line.filled(0)?).ok_or_else(|| line.fault(0, "a package of no product"))?;
        let row = Row { code: ndc.to_string(), selectable: true, title: format!("{name}, {}", line.filled(2)?) };
        let validity = validity(&line, &row.code)?;
        // A product that was listed anew has its packages twice: the later listing counts.
        match found.get(&ndc) {
            Some((_, known)) if known.from > validity.from => {}
            _ => drop(found.insert(ndc, (row, validity))),
        }
    }
    let (rows, validity) = found.into_values().unzip();
    Release { rows, validity }.filled()
}

fn validity(line: &Line<'_>, code: &str) -> Result<Validity, ImportError> {
    let last = line.date(4)?;
    Ok(Validity {
        code: code.to_owned(),
        from: line.date(3)?,
        until: last.and_then(|last| last.succ_opt()),
        replaced_by: Vec::new(),
    })
}

/// The name of each product: its own, if it has one, and that of its substances.
fn names(products: &str) -> Result<HashMap<String, String>, ImportError> {
    let wanted = ["PRODUCTID", "PROPRIETARYNAME", "PROPRIETARYNAMESUFFIX", "NONPROPRIETARYNAME", "DOSAGEFORMNAME"];
    let mut file = Delimited::with_header(products.as_bytes(), TSV, &wanted)?;
    let mut names = HashMap::new();
    while let Some(line) = file.next()? {
        let own =
            [line.text(1)?, line.text(2)?].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let substance = line.text(3)?;
        let name = match (own.is_empty(), substance.is_empty() || own.eq_ignore_ascii_case(substance)) {
            (true, _) => substance.to_owned(),
            (false, true) => own,
            (false, false) => format!("{own} ({substance})"),
        };
        let form = line.text(4)?.to_lowercase();
        names.insert(line.filled(0)?.to_owned(), if form.is_empty() { name } else { format!("{name} {form}") });
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::survives_any_damage;

    const PRODUCTS: &[u8] =
        b"PRODUCTID\tPRODUCTNDC\tPROPRIETARYNAME\tPROPRIETARYNAMESUFFIX\tNONPROPRIETARYNAME\tDOSAGEFORMNAME\r\n\
        0002-0152_a\t0002-0152\tCaf\xE9 \"Plus\"\tXR\tcaffeine\tTABLET\r\n";
    const PACKAGES: &[u8] =
        b"PRODUCTID\tPRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\tSTARTMARKETINGDATE\tENDMARKETINGDATE\r\n\
        0002-0152_a\t0002-0152\t0002-0152-01\t1 BOTTLE (0002-0152-01)  / 30 TABLET\t20240328\t20261231\r\n\
        0002-0152_a\t0002-0152\t0002-0152-01\tan earlier listing\t20200101\t\r\n";

    #[test]
    fn packages_have_names_and_days() {
        let release = ndc_text(PRODUCTS, PACKAGES).unwrap();
        let [row] = release.rows.as_slice() else { panic!("one package") };
        assert_eq!(row.code, "00002015201");
        assert_eq!(row.title, "Café \"Plus\" XR (caffeine) tablet, 1 BOTTLE (0002-0152-01)  / 30 TABLET");
        let day = |text: &str| Some(text.parse().unwrap());
        assert_eq!((release.validity[0].from, release.validity[0].until), (day("2024-03-28"), day("2027-01-01")));
    }

    #[test]
    fn faults_are_named_with_line_and_field() {
        let text = |from: &str, to: &str| String::from_utf8(PACKAGES.to_vec()).unwrap().replacen(from, to, 1);
        let fault = |from: &str, to: &str| ndc_text(PRODUCTS, text(from, to).as_bytes()).unwrap_err().to_string();
        assert_eq!(fault("0002-0152-01", "000201520"), "line 2, field NDCPACKAGECODE: not an NDC");
        assert_eq!(fault("20240328", "20240230"), "line 2, field STARTMARKETINGDATE: not a date");
        assert_eq!(fault("0002-0152_a", "0002-0152_b"), "line 2, field PRODUCTID: a package of no product");
    }

    #[test]
    fn no_damage_stops_the_program() {
        survives_any_damage(PRODUCTS, |products| drop(ndc_text(products, PACKAGES)));
        survives_any_damage(PACKAGES, |packages| drop(ndc_text(PRODUCTS, packages)));
    }
}
