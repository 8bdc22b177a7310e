//! The National Drug Code Directory, as the Food and Drug Administration publishes it: `product.txt` and `package.txt`.

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Seek};

use chrono::NaiveDate;

use super::archive::Archive;
use super::delimited::{Delimited, Layout, decoded};
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

/// Reads products and packages. Each package stands under its code as FHIR writes it, which is as the directory does: with hyphens, in ten
/// digits (HL7 Terminology, "Using NDC"). It stands a second time under the eleven digits without hyphens of claims, as [`Ndc`] prints them.
/// Both are titled with the product's names and the description of the package. A package is valid from the start of its marketing to
/// the end of it.
///
/// # Errors
///
/// If a column is missing, a code is no NDC, a package has no product, or a date is none.
pub fn ndc_text(products: &[u8], packages: &[u8]) -> Result<Release, ImportError> {
    let names = names(&decoded(products))?;
    let packages = decoded(packages);
    let wanted = ["PRODUCTID", "NDCPACKAGECODE", "PACKAGEDESCRIPTION", "STARTMARKETINGDATE", "ENDMARKETINGDATE"];
    let mut file = Delimited::with_header(packages.as_bytes(), TSV, &wanted)?;
    let mut found: BTreeMap<Ndc, Package> = BTreeMap::new();
    while let Some(line) = file.next()? {
        let code = line.filled(1)?;
        let ndc: Ndc = code.parse().map_err(|_| line.fault(1, "not an NDC"))?;
        let name = names.get(line.filled(0)?).ok_or_else(|| line.fault(0, "a package of no product"))?;
        let package = Package {
            code: code.to_owned(),
            title: format!("{name}, {}", line.filled(2)?),
            from: line.date(3)?,
            until: line.date(4)?.and_then(|last| last.succ_opt()),
        };
        // A product that was listed anew has its packages twice: the later listing counts.
        match found.get(&ndc) {
            Some(known) if known.from > package.from => {}
            _ => drop(found.insert(ndc, package)),
        }
    }
    let mut release = Release::default();
    for (ndc, package) in found {
        let digits = Some(ndc.to_string()).filter(|digits| *digits != package.code);
        for code in std::iter::once(package.code.clone()).chain(digits) {
            release.validity.push(package.validity(&code));
            release.rows.push(Row { code, selectable: true, title: package.title.clone() });
        }
    }
    release.filled()
}

struct Package {
    code: String,
    title: String,
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
}

impl Package {
    fn validity(&self, code: &str) -> Validity {
        Validity { code: code.to_owned(), from: self.from, until: self.until, replaced_by: Vec::new() }
    }
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
    use crate::search::{SearchBuilder, SearchIndex, Wanted};
    use crate::system::NDC;
    use crate::table::{Edition, Table, TableBuilder};
    use crate::terminology::Standing;

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
        let codes: Vec<_> = release.rows.iter().map(|row| row.code.as_str()).collect();
        assert_eq!(codes, ["0002-0152-01", "00002015201"], "one package, in the form of FHIR and in that of claims");
        let day = |text: &str| Some(text.parse().unwrap());
        for (row, validity) in release.rows.iter().zip(&release.validity) {
            assert_eq!(row.title, "Café \"Plus\" XR (caffeine) tablet, 1 BOTTLE (0002-0152-01)  / 30 TABLET");
            assert_eq!((validity.from, validity.until), (day("2024-03-28"), day("2027-01-01")));
            assert_eq!(row.code, validity.code);
        }
    }

    #[test]
    fn a_package_is_found_in_either_form_and_by_words_in_that_of_fhir() {
        let edition = Edition { label: "2026".into(), from: "2026-01-01".parse().unwrap(), last: None };
        let release = ndc_text(PRODUCTS, PACKAGES).unwrap();
        let image = TableBuilder::new(NDC, "NDC").release(edition, release).build().unwrap();
        let table = Table::from_bytes(image).unwrap();
        for code in ["0002-0152-01", "00002015201"] {
            assert_eq!(table.lookup(code, "2026-12-31".parse().ok()).standing, Standing::Active, "{code}");
            assert_eq!(table.parse_typed(&format!(" {code} ")).as_deref(), Some(code));
        }
        let index = SearchIndex::from_bytes(table.clone(), SearchBuilder::new(&table).build().unwrap()).unwrap();
        let found = |typed: &str| {
            index.search(typed, &Wanted::default()).into_iter().map(|hit| hit.code).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(found("caffeine"), "0002-0152-01");
        assert_eq!((found("0002-0152-01"), found("00002015201")), ("0002-0152-01".into(), "00002015201".into()));
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
