//! The system of a bare code, from the value set that it should be in.

use super::super::{ValueSet, message};
use super::member::Member;
use super::report::Report;
use super::{Asked, Found, Validation};

impl<'a> Validation<'a> {
    /// The one system of the value set that has the code. Says so where there is none, or more than one.
    pub(super) fn infer(&mut self, set: &'a ValueSet, code: &str, path: &str) -> Option<&'a str> {
        if !self.options.infer_system || !path.is_empty() {
            self.report.tell(message::no_system().at(path));
            return None;
        }
        let mut systems = Vec::new();
        self.systems_of(set, &mut systems);
        let members: Vec<&str> = systems.iter().copied().filter(|system| self.is_member(set, system, code)).collect();
        let knowing: Vec<&str> = systems.into_iter().filter(|system| self.knows_code(system, code)).collect();
        let name = set.publication.canonical();
        match (members.as_slice(), knowing.as_slice()) {
            ([system], _) | ([], [system]) => return Some(system),
            ([], _) => self.report.tell(message::no_inferred_system(code, &name).at("code")),
            (many, _) => self.report.tell(message::many_inferred_systems(code, &name, many).at("code")),
        }
        None
    }

    /// The systems that a value set takes codes from, itself or by import.
    fn systems_of(&self, set: &'a ValueSet, systems: &mut Vec<&'a str>) {
        let mut add = |system: &'a str| {
            if !systems.contains(&system) {
                systems.push(system);
            }
        };
        set.include().iter().filter_map(|include| include.system.as_deref()).for_each(&mut add);
        set.expansion.iter().flatten().filter_map(|listed| listed.system.as_deref()).for_each(&mut add);
        for import in set.include().iter().flat_map(|include| &include.value_sets) {
            if let Ok(imported) = self.catalog.import(import, set, self.options) {
                self.systems_of(imported, systems);
            }
        }
    }

    fn is_member(&self, set: &'a ValueSet, system: &str, code: &str) -> bool {
        let mut aside = Validation { report: Report::default(), supplements: self.supplements.clone(), ..*self };
        let asked = Asked { path: "", system, version: None, code, display: None };
        aside.member(set, &asked, &mut Found::default()) == Member::Yes
    }

    fn knows_code(&self, system: &str, code: &str) -> bool {
        let version = self.options.version(system, None);
        self.catalog.system(system, version, &[]).is_some_and(|system| system.locate(code).is_some())
    }
}
