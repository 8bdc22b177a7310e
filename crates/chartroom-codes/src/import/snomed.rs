//! SNOMED CT in Release Format 2, as SNOMED International and its members publish it. The files are the user's own: SNOMED CT is licensed.

use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use super::ImportError;
use super::archive::{Archive, Name};
use super::delimited::{Delimited, Layout, Line};
use crate::snomed::{Attribute, Concept, Snapshot, Term};

const TSV: Layout = Layout { delimiter: b'\t', quoted: false };

/// `Is a`.
const IS_A: u64 = 116_680_003;
/// The attributes of a concept say all that it is.
const DEFINED: &str = "900000000000073002";
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
    /// The other reference sets of concepts, such as `der2_Refset_SimpleSnapshot`.
    pub sets: Vec<R>,
}

/// Reads the snapshot of English out of the zip archive as it is downloaded.
///
/// # Errors
///
/// If the archive cannot be read or lacks a file, and as [`snomed_rf2`].
pub fn snomed_zip(archive: impl Read + Seek, language: &str) -> Result<Snapshot, ImportError> {
    let mut archive = Archive::open(archive)?;
    let is = |start: &'static str| move |name: Name<'_>| name.own.starts_with(start) && name.own.contains("snapshot");
    let english = |start: &'static str| {
        move |name: Name<'_>| is(start)(name) && (name.own.contains("-en_") || name.own.contains("_en_"))
    };
    let is_set = |Name { own: name, .. }: Name<'_>| {
        let is_read = name.starts_with("der2_crefset_language") || name.starts_with("der2_crefset_association");
        name.starts_with("der2_") && name.contains("refset") && name.contains("snapshot") && !is_read
    };
    let mut reading = Reading::default();
    reading.concepts(archive.member("the concepts", is("sct2_concept_"))?)?;
    reading.language(archive.member("the language set", english("der2_crefset_language"))?, language)?;
    reading.descriptions(archive.member("the descriptions", english("sct2_description_"))?)?;
    reading.relationships(archive.member("the relationships", is("sct2_relationship_"))?)?;
    reading.associations(archive.member("the associations", is("der2_crefset_association"))?)?;
    archive.each_member(is_set, |file| reading.set(file))?;
    reading.finished()
}

/// Reads the files of a snapshot.
///
/// # Errors
///
/// If a column is missing, a field does not hold what it must, or a relationship names a concept that is not there.
pub fn snomed_rf2<R: Read>(files: SnomedFiles<R>, language: &str) -> Result<Snapshot, ImportError> {
    let mut reading = Reading::default();
    reading.concepts(files.concepts)?;
    reading.language(files.language, language)?;
    reading.descriptions(files.descriptions)?;
    reading.relationships(files.relationships)?;
    reading.associations(files.associations)?;
    files.sets.into_iter().try_for_each(|file| reading.set(file))?;
    reading.finished()
}

#[derive(Default)]
struct Reading {
    snapshot: Snapshot,
    /// Where each concept stands in the snapshot.
    places: HashMap<u64, usize>,
    /// The descriptions that are preferred.
    preferred: HashSet<u64>,
}

impl Reading {
    fn concepts(&mut self, file: impl Read) -> Result<(), ImportError> {
        let wanted = ["id", "active", "effectiveTime", "moduleId", "definitionStatusId"];
        let mut file = Delimited::with_header(file, TSV, &wanted)?;
        while let Some(line) = file.next()? {
            // Without its day, a concept that has ended would pass for an active one.
            let ended = if active(&line, 1)? { None } else { Some(line.day(2)?) };
            let is_defined = line.text(4)? == DEFINED;
            let concept =
                Concept { id: id(&line, 0)?, ended, module: id(&line, 3)?, is_defined, replaced_by: Vec::new() };
            if self.places.insert(concept.id, self.snapshot.concepts.len()).is_some() {
                return Err(line.fault(0, "a concept that stands twice: this is no snapshot"));
            }
            self.snapshot.concepts.push(concept);
        }
        Ok(())
    }

    fn language(&mut self, file: impl Read, language: &str) -> Result<(), ImportError> {
        let wanted = ["active", "refsetId", "acceptabilityId", "referencedComponentId"];
        let mut file = Delimited::with_header(file, TSV, &wanted)?;
        let mut is_there = false;
        while let Some(line) = file.next()? {
            let is_of_language = line.text(1)? == language;
            is_there |= is_of_language;
            if active(&line, 0)? && is_of_language && line.text(2)? == PREFERRED {
                self.preferred.insert(id(&line, 3)?);
            }
        }
        let problem = "no line of the language that is asked for";
        if is_there { Ok(()) } else { Err(ImportError::Field { line: 1, field: "refsetId", problem }) }
    }

    fn descriptions(&mut self, file: impl Read) -> Result<(), ImportError> {
        let wanted = ["active", "typeId", "id", "conceptId", "term", "languageCode"];
        let mut file = Delimited::with_header(file, TSV, &wanted)?;
        while let Some(line) = file.next()? {
            let kind = line.text(1)?;
            if !active(&line, 0)? || !(kind == SYNONYM || kind == FULLY_SPECIFIED_NAME) {
                continue;
            }
            let concept = id(&line, 3)?;
            if !self.places.contains_key(&concept) {
                return Err(line.fault(3, "a description of no concept"));
            }
            self.snapshot.terms.push(Term {
                concept,
                is_full_name: kind == FULLY_SPECIFIED_NAME,
                is_preferred: self.preferred.contains(&id(&line, 2)?),
                language: line.text(5)?.into(),
                text: line.filled(4)?.into(),
            });
        }
        Ok(())
    }

    fn relationships(&mut self, file: impl Read) -> Result<(), ImportError> {
        let wanted = ["active", "typeId", "sourceId", "destinationId", "relationshipGroup"];
        let mut file = Delimited::with_header(file, TSV, &wanted)?;
        while let Some(line) = file.next()? {
            if !active(&line, 0)? {
                continue;
            }
            let (source, kind, destination) = (id(&line, 2)?, id(&line, 1)?, id(&line, 3)?);
            let is_there = |concept| concept == IS_A || self.places.contains_key(&concept);
            if ![source, kind, destination].into_iter().all(is_there) {
                return Err(line.fault(2, "a relationship of a concept that is not there"));
            }
            if kind == IS_A {
                self.snapshot.is_a.push((source, destination));
            } else {
                let group = line.text(4)?.parse().map_err(|_| line.fault(4, "not a role group"))?;
                self.snapshot.attributes.push(Attribute { source, group, kind, destination });
            }
        }
        Ok(())
    }

    fn associations(&mut self, file: impl Read) -> Result<(), ImportError> {
        let wanted = ["active", "refsetId", "referencedComponentId", "targetComponentId"];
        let mut file = Delimited::with_header(file, TSV, &wanted)?;
        while let Some(line) = file.next()? {
            if !active(&line, 0)? {
                continue;
            }
            // A reference set may also speak of descriptions.
            let (set, member) = (line.text(1)?, id(&line, 2)?);
            let Some(concept) = self.places.get(&member).and_then(|at| self.snapshot.concepts.get_mut(*at)) else {
                continue;
            };
            if SUCCEEDED_BY.contains(&set) {
                concept.replaced_by.push(id(&line, 3)?);
            }
            self.snapshot.members.push((id(&line, 1)?, member));
        }
        Ok(())
    }

    /// A reference set of which only the members matter.
    fn set(&mut self, file: impl Read) -> Result<(), ImportError> {
        let mut file = Delimited::with_header(file, TSV, &["active", "refsetId", "referencedComponentId"])?;
        while let Some(line) = file.next()? {
            // Members may be descriptions, or identifiers that are no numbers.
            let member = line.text(2)?.parse().ok().filter(|member| self.places.contains_key(member));
            let is_active = active(&line, 0)?;
            if let Some(member) = member.filter(|_| is_active) {
                self.snapshot.members.push((id(&line, 1)?, member));
            }
        }
        Ok(())
    }

    /// Refuses a release without any concept: it would make every code unknown.
    fn finished(self) -> Result<Snapshot, ImportError> {
        if self.snapshot.concepts.is_empty() {
            return Err(ImportError::Text { line: 1, column: 1, problem: "no code" });
        }
        Ok(self.snapshot)
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
    use chrono::NaiveDate;

    const CONCEPTS: &str = "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\r\n\
        138875005\t20020131\t1\t900000000000207008\t900000000000074008\r\n73211009\t20020131\t1\t900000000000207008\t900000000000074008\r\n190330002\t20090731\t0\t900000000000207008\t900000000000074008\r\n";
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
        typeId\tcharacteristicTypeId\tmodifierId\r\n1\t20020131\t1\tm\t73211009\t138875005\t0\t116680003\tc\tm\r\n\
        2\t20020131\t1\tm\t73211009\t138875005\t2\t138875005\tc\tm\r\n";
    const SET: &str = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\r\n\
        a\t20090731\t1\tm\t900000000000497000\t73211009\r\nb\t20090731\t0\tm\t900000000000497000\t138875005\r\n";
    const ASSOCIATIONS: &str = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\ttargetComponentId\r\n\
        a\t20090731\t1\tm\t900000000000526001\t190330002\t73211009\r\n";

    fn read(files: [&[u8]; 6]) -> Result<Snapshot, ImportError> {
        let [concepts, descriptions, language, relationships, associations, set] = files;
        let sets = vec![set];
        snomed_rf2(SnomedFiles { concepts, descriptions, language, relationships, associations, sets }, US_ENGLISH)
    }

    fn files() -> [&'static [u8]; 6] {
        [CONCEPTS, DESCRIPTIONS, LANGUAGE, RELATIONSHIPS, ASSOCIATIONS, SET].map(str::as_bytes)
    }

    #[test]
    fn a_snapshot_gives_concepts_hierarchy_and_successors() {
        let snapshot = read(files()).unwrap();
        let release = snapshot.release();
        let titles: Vec<_> = release.rows.iter().map(|row| (row.code.as_str(), row.title.as_str())).collect();
        let diabetes = ("73211009", "Diabetes \"mellitus\"");
        assert_eq!(titles, [("138875005", "SNOMED CT Concept"), diabetes, ("190330002", "An older idea (disorder)")]);
        assert_eq!(snapshot.is_a, [(73211009, 138875005)]);
        assert_eq!(
            snapshot.attributes,
            [Attribute { source: 73211009, group: 2, kind: 138875005, destination: 138875005 }]
        );
        assert_eq!(snapshot.members, [(900000000000526001, 190330002), (900000000000497000, 73211009)]);
        assert_eq!(snapshot.terms.len(), 5);
        let [ended] = release.validity.as_slice() else { panic!("one concept is inactive") };
        assert_eq!((ended.code.as_str(), ended.replaced_by.as_slice()), ("190330002", &["73211009".to_owned()][..]));
        assert_eq!(ended.until, NaiveDate::from_ymd_opt(2009, 7, 31));
    }

    #[test]
    fn what_would_be_taken_for_something_else_is_refused() {
        let fault = |which: usize, from: &str, to: &str| {
            let mut files = files();
            let text = std::str::from_utf8(files[which]).unwrap().replace(from, to);
            files[which] = text.as_bytes();
            read(files).unwrap_err().to_string()
        };
        assert_eq!(fault(0, "\t20090731\t0", "\t\t0"), "line 4, field effectiveTime: empty");
        let unknown = "line 1, field refsetId: no line of the language that is asked for";
        assert_eq!(fault(2, "900000000000509007", "900000000000509008"), unknown);
        assert_eq!(fault(5, "\t0\t", "\tno\t"), "line 3, field active: neither 0 nor 1");
    }

    #[test]
    fn no_damage_stops_the_program() {
        for which in 0..6 {
            survives_any_damage(files()[which], |damaged| {
                let mut files = files();
                files[which] = damaged;
                drop(read(files));
            });
        }
    }
}
