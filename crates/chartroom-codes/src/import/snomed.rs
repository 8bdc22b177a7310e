//! SNOMED CT in Release Format 2, as SNOMED International and its members publish it. The files are the user's own: SNOMED CT is licensed.

use std::collections::{BTreeMap, HashSet};
use std::io::{Read, Seek};

use chrono::NaiveDate;

use super::archive::Archive;
use super::delimited::{Delimited, Layout, Line};
use super::{ImportError, Release, Row, Validity};

const TSV: Layout = Layout { delimiter: b'\t', quoted: false };

/// `Is a`.
const IS_A: &str = "116680003";
/// A description that is a synonym, of which one is preferred in each language.
const SYNONYM: &str = "900000000000013009";
/// The fully specified name, which ends in its semantic tag in parentheses.
const FULLY_SPECIFIED_NAME: &str = "900000000000003001";
/// A description that is the preferred one of its kind in a language.
const PREFERRED: &str = "900000000000548007";
/// The associations that name the one concept to use instead: `REPLACED BY` and `SAME AS`.
const SUCCEEDED_BY: [&str; 2] = ["900000000000526001", "900000000000527005"];

/// Language reference set of English in the United States.
pub const US_ENGLISH: &str = "900000000000509007";
/// Language reference set of English in Great Britain.
pub const GB_ENGLISH: &str = "900000000000508004";

/// What a release of SNOMED CT says: its concepts, and how they stand to one another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snomed {
    /// The concepts, titled with the term preferred in the language asked for, else with the fully specified name.
    pub release: Release,
    /// Each active `is a` relationship: the more specific concept and the more general one.
    pub is_a: Vec<(u64, u64)>,
}

/// The files of a snapshot, each tab-separated with a header line.
pub struct SnomedFiles<R> {
    /// `sct2_Concept_Snapshot`.
    pub concepts: R,
    /// `sct2_Description_Snapshot` of the language.
    pub descriptions: R,
    /// `der2_cRefset_LanguageSnapshot` of the language.
    pub language: R,
    /// `sct2_Relationship_Snapshot`: the inferred relationships.
    pub relationships: R,
    /// `der2_cRefset_AssociationSnapshot`.
    pub associations: R,
}

/// Reads the snapshot of English out of the zip archive as it is downloaded.
///
/// # Errors
///
/// If the archive cannot be read or lacks a file, and as [`snomed_rf2`].
pub fn snomed_zip(archive: impl Read + Seek, language: &str) -> Result<Snomed, ImportError> {
    let mut archive = Archive::open(archive)?;
    let is = |start: &'static str| move |name: &str| name.starts_with(start) && name.contains("snapshot");
    let english = |start: &'static str| move |name: &str| is(start)(name) && name.contains("-en");
    let mut reading = Reading::default();
    reading.concepts(archive.member("the concepts", is("sct2_concept_"))?)?;
    reading.language(archive.member("the language set", english("der2_crefset_language"))?, language)?;
    reading.descriptions(archive.member("the descriptions", english("sct2_description_"))?)?;
    reading.relationships(archive.member("the relationships", is("sct2_relationship_"))?)?;
    reading.associations(archive.member("the associations", is("der2_crefset_association"))?)?;
    reading.finished()
}

/// Reads the files of a snapshot.
///
/// # Errors
///
/// If a column is missing, a field does not hold what it must, or a relationship names a concept that is not there.
pub fn snomed_rf2<R: Read>(files: SnomedFiles<R>, language: &str) -> Result<Snomed, ImportError> {
    let mut reading = Reading::default();
    reading.concepts(files.concepts)?;
    reading.language(files.language, language)?;
    reading.descriptions(files.descriptions)?;
    reading.relationships(files.relationships)?;
    reading.associations(files.associations)?;
    reading.finished()
}

#[derive(Default)]
struct Reading {
    concepts: BTreeMap<u64, Concept>,
    /// The descriptions that are preferred.
    preferred: HashSet<u64>,
    is_a: Vec<(u64, u64)>,
}

struct Concept {
    ended: Option<NaiveDate>,
    name: String,
    preferred: bool,
    replaced_by: Vec<String>,
}

impl Reading {
    fn concepts(&mut self, file: impl Read) -> Result<(), ImportError> {
        let mut file = Delimited::with_header(file, TSV, &["id", "active", "effectiveTime"])?;
        while let Some(line) = file.next()? {
            let ended = if active(&line, 1)? { None } else { line.date(2)? };
            let concept = Concept { ended, name: String::new(), preferred: false, replaced_by: Vec::new() };
            if self.concepts.insert(id(&line, 0)?, concept).is_some() {
                return Err(line.fault(0, "a concept that stands twice: this is no snapshot"));
            }
        }
        Ok(())
    }

    fn language(&mut self, file: impl Read, language: &str) -> Result<(), ImportError> {
        let wanted = ["active", "refsetId", "acceptabilityId", "referencedComponentId"];
        let mut file = Delimited::with_header(file, TSV, &wanted)?;
        while let Some(line) = file.next()? {
            if active(&line, 0)? && line.text(1)? == language && line.text(2)? == PREFERRED {
                self.preferred.insert(id(&line, 3)?);
            }
        }
        Ok(())
    }

    fn descriptions(&mut self, file: impl Read) -> Result<(), ImportError> {
        let mut file = Delimited::with_header(file, TSV, &["active", "typeId", "id", "conceptId", "term"])?;
        while let Some(line) = file.next()? {
            let kind = line.text(1)?;
            let preferred = kind == SYNONYM && self.preferred.contains(&id(&line, 2)?);
            if !active(&line, 0)? || !(preferred || kind == FULLY_SPECIFIED_NAME) {
                continue;
            }
            let unknown = || line.fault(3, "a description of no concept");
            let concept = self.concepts.get_mut(&id(&line, 3)?).ok_or_else(unknown)?;
            if preferred || !concept.preferred {
                concept.name = line.filled(4)?.to_owned();
                concept.preferred |= preferred;
            }
        }
        Ok(())
    }

    fn relationships(&mut self, file: impl Read) -> Result<(), ImportError> {
        let mut file = Delimited::with_header(file, TSV, &["active", "typeId", "sourceId", "destinationId"])?;
        while let Some(line) = file.next()? {
            if active(&line, 0)? && line.text(1)? == IS_A {
                let (source, destination) = (id(&line, 2)?, id(&line, 3)?);
                if !self.concepts.contains_key(&source) || !self.concepts.contains_key(&destination) {
                    return Err(line.fault(2, "a relationship of a concept that is not there"));
                }
                self.is_a.push((source, destination));
            }
        }
        Ok(())
    }

    fn associations(&mut self, file: impl Read) -> Result<(), ImportError> {
        let wanted = ["active", "refsetId", "referencedComponentId", "targetComponentId"];
        let mut file = Delimited::with_header(file, TSV, &wanted)?;
        while let Some(line) = file.next()? {
            if active(&line, 0)? && SUCCEEDED_BY.contains(&line.text(1)?) {
                // A reference set may also speak of descriptions.
                if let Some(concept) = self.concepts.get_mut(&id(&line, 2)?) {
                    concept.replaced_by.push(line.filled(3)?.to_owned());
                }
            }
        }
        Ok(())
    }

    fn finished(self) -> Result<Snomed, ImportError> {
        let mut release = Release::default();
        for (id, concept) in self.concepts {
            let code = id.to_string();
            if let Some(ended) = concept.ended {
                release.validity.push(Validity { replaced_by: concept.replaced_by, ..Validity::ended(&code, ended) });
            }
            release.rows.push(Row { code, selectable: true, title: concept.name });
        }
        Ok(Snomed { release: release.filled()?, is_a: self.is_a })
    }
}

fn active(line: &Line<'_>, which: usize) -> Result<bool, ImportError> {
    match line.text(which)? {
        "0" => Ok(false),
        "1" => Ok(true),
        _ => Err(line.fault(which, "neither 0 nor 1")),
    }
}

fn id(line: &Line<'_>, which: usize) -> Result<u64, ImportError> {
    line.text(which)?.parse().map_err(|_| line.fault(which, "not an identifier"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::survives_any_damage;

    const CONCEPTS: &str = "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\r\n\
        138875005\t20020131\t1\tm\td\r\n73211009\t20020131\t1\tm\td\r\n190330002\t20090731\t0\tm\td\r\n";
    const DESCRIPTIONS: &str = "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId\r\n\
        1\t20020131\t1\tm\t73211009\ten\t900000000000003001\tDiabetes mellitus (disorder)\tc\r\n\
        2\t20020131\t1\tm\t73211009\ten\t900000000000013009\tDiabetes \"mellitus\"\tc\r\n\
        3\t20020131\t1\tm\t73211009\ten\t900000000000013009\tDM\tc\r\n\
        4\t20020131\t1\tm\t138875005\ten\t900000000000003001\tSNOMED CT Concept\tc\r\n\
        5\t20020131\t1\tm\t190330002\ten\t900000000000003001\tAn older idea (disorder)\tc\r\n";
    const LANGUAGE: &str = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tacceptabilityId\r\n\
        a\t20020131\t1\tm\t900000000000509007\t2\t900000000000548007\r\n\
        b\t20020131\t1\tm\t900000000000508004\t3\t900000000000548007\r\n";
    const RELATIONSHIPS: &str = "id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\trelationshipGroup\t\
        typeId\tcharacteristicTypeId\tmodifierId\r\n1\t20020131\t1\tm\t73211009\t138875005\t0\t116680003\tc\tm\r\n";
    const ASSOCIATIONS: &str = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\ttargetComponentId\r\n\
        a\t20090731\t1\tm\t900000000000526001\t190330002\t73211009\r\n";

    fn read(files: [&[u8]; 5]) -> Result<Snomed, ImportError> {
        let [concepts, descriptions, language, relationships, associations] = files;
        let files = SnomedFiles { concepts, descriptions, language, relationships, associations };
        snomed_rf2(files, US_ENGLISH)
    }

    fn files() -> [&'static [u8]; 5] {
        [CONCEPTS, DESCRIPTIONS, LANGUAGE, RELATIONSHIPS, ASSOCIATIONS].map(str::as_bytes)
    }

    #[test]
    fn a_snapshot_gives_concepts_hierarchy_and_successors() {
        let snomed = read(files()).unwrap();
        let titles: Vec<_> = snomed.release.rows.iter().map(|row| (row.code.as_str(), row.title.as_str())).collect();
        let diabetes = ("73211009", "Diabetes \"mellitus\"");
        assert_eq!(titles, [diabetes, ("138875005", "SNOMED CT Concept"), ("190330002", "An older idea (disorder)")]);
        assert_eq!(snomed.is_a, [(73211009, 138875005)]);
        let [ended] = snomed.release.validity.as_slice() else { panic!("one concept is inactive") };
        assert_eq!((ended.code.as_str(), ended.replaced_by.as_slice()), ("190330002", &["73211009".to_owned()][..]));
        assert_eq!(ended.until, NaiveDate::from_ymd_opt(2009, 7, 31));
    }

    #[test]
    fn no_damage_stops_the_program() {
        for which in 0..5 {
            survives_any_damage(files()[which], |damaged| {
                let mut files = files();
                files[which] = damaged;
                drop(read(files));
            });
        }
    }
}
