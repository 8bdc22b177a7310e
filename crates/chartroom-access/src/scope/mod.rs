//! SMART App Launch scopes: what a program was granted on top of who uses it. They narrow a policy and never open it.
//!
//! <https://hl7.org/fhir/smart-app-launch/STU2.2/scopes-and-launch-context.html>

mod parse;
mod query;

use std::fmt;

use chartroom_record::Resource;
use smol_str::SmolStr;

use crate::vocabulary::vocabulary;
use crate::{Action, Facts, ResourceType};

pub use parse::{ScopeError, ScopeFault};

vocabulary! {
    /// Whose records a scope is about.
    ScopeContext {
        Patient = "patient", "the one patient of the launch";
        User = "user", "whatever the user may see";
        System = "system", "whatever the program may see by itself";
    }
}

/// One scope over records, such as `patient/Observation.rs`.
///
/// It is read in the form of version 2 and of version 1, where `read` stands for `rs`, `write` for `cud` and `*` for
/// `cruds`, and printed in that of version 2.
///
/// ```
/// use chartroom_access::scope::Scope;
///
/// let scope: Scope = "user/Condition.read".parse()?;
/// assert_eq!(scope.to_string(), "user/Condition.rs");
/// assert_eq!("patient/*.readx".parse::<Scope>().unwrap_err().to_string(), "character 11: not permissions of SMART scopes");
/// # Ok::<(), chartroom_access::scope::ScopeError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scope {
    context: ScopeContext,
    /// The type of the records; `None` for all.
    resource_type: Option<ResourceType>,
    permissions: Permissions,
    query: Option<query::Query>,
}

impl Scope {
    /// Whose records it is about.
    pub fn context(&self) -> ScopeContext {
        self.context
    }

    /// The type of the records; `None` for all types.
    pub fn resource_type(&self) -> Option<ResourceType> {
        self.resource_type
    }

    /// Whether it is only about records that a search finds: the part after the question mark.
    pub fn is_granular(&self) -> bool {
        self.query.is_some()
    }

    /// Whether it allows this to be done with a record of its type. Handing a record on is not for a scope to allow.
    pub fn allows(&self, action: Action) -> bool {
        self.permissions.contains(action)
    }

    /// Whether it reaches records with these facts. What a search finds cannot be told from facts, so a granular scope reaches
    /// none; see [`Scopes::about`].
    fn admits(&self, action: Action, facts: &Facts, patient: Option<&str>) -> bool {
        let of_type = self.resource_type.is_none_or(|wanted| wanted == facts.resource_type);
        let of_patient = match self.context {
            ScopeContext::Patient => patient.is_some() && facts.patient.as_deref() == patient,
            ScopeContext::User | ScopeContext::System => true,
        };
        of_type && of_patient && self.query.is_none() && self.allows(action)
    }

    /// The scope as it is about this one record: none where it is about others.
    fn about(&self, resource: &Resource) -> Option<Self> {
        let of_type = self.resource_type.is_none_or(|wanted| wanted == ResourceType::of(resource.type_name()));
        let found = self.query.as_ref().is_none_or(|query| query.finds(resource));
        (of_type && found).then(|| Self { query: None, ..self.clone() })
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.resource_type.map_or("*", ResourceType::name);
        write!(f, "{}/{kind}.{}", self.context, self.permissions)?;
        match &self.query {
            Some(query) => write!(f, "?{query}"),
            None => Ok(()),
        }
    }
}

/// What a scope allows: a set of the letters c, r, u, d and s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Permissions(u8);

impl Permissions {
    /// The letters, in the order in which they must stand, and what they allow.
    const LETTERS: [(char, Action); 5] = [
        ('c', Action::Create),
        ('r', Action::Read),
        ('u', Action::Update),
        ('d', Action::Delete),
        ('s', Action::Search),
    ];

    fn of(actions: &[Action]) -> Self {
        Self(actions.iter().fold(0, |bits, action| bits | 1 << *action as u8))
    }

    fn contains(self, action: Action) -> bool {
        self.0 & (1 << action as u8) != 0
    }
}

impl fmt::Display for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = Self::LETTERS.iter().filter(|(_, action)| self.contains(*action));
        letters.map(|(letter, _)| letter).try_for_each(|letter| write!(f, "{letter}"))
    }
}

/// The scopes that a program was granted, as they stand in its access token, separated by spaces.
///
/// Those that are not about records (`openid`, `fhirUser`, `launch/patient`, `offline_access` and the like) are read and
/// passed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// The scopes over records.
    pub fn iter(&self) -> impl Iterator<Item = &Scope> {
        self.0.iter()
    }

    /// The scopes as they are about one record at hand: of granular ones those that find it, now without a search.
    ///
    /// Searches by `category`, `code`, `status` and other elements with codes at the top of a record are understood, by code, by
    /// `system|code`, and by several of them with commas between. Any other search finds nothing.
    ///
    /// ```
    /// use chartroom_access::scope::Scopes;
    /// use chartroom_record::{Mode, parse};
    ///
    /// let scopes: Scopes = "patient/Observation.rs?category=laboratory patient/Condition.r".parse()?;
    /// let laboratory = parse(br#"{"resourceType":"Observation","category":[{"coding":[{"code":"laboratory"}]}]}"#, Mode::Strict)?;
    /// assert_eq!(scopes.about(laboratory.resource()).to_string(), "patient/Observation.rs");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn about(&self, resource: &Resource) -> Self {
        Self(self.0.iter().filter_map(|scope| scope.about(resource)).collect())
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.0.iter().enumerate() {
            write!(f, "{}{scope}", if index == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

/// How a program was launched: with which scopes, for which patient. A request that comes with one is refused whatever
/// the scopes do not cover, whoever the user is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Launch {
    /// The scopes.
    pub scopes: Scopes,
    /// The patient whom the scopes of the context `patient` are about, by the name that [`Facts::patient`] has for them.
    /// Without one, such scopes reach nothing; nor do they reach records that are about no patient.
    pub patient: Option<SmolStr>,
    /// The program, by its `client_id`. No scope asks for it; the audit trail tells it.
    pub client: Option<SmolStr>,
}

impl Launch {
    /// Whether any scope covers this action on a record with these facts.
    pub fn admits(&self, action: Action, facts: &Facts) -> bool {
        self.scopes.iter().any(|scope| scope.admits(action, facts, self.patient.as_deref()))
    }

    /// The records that it admits for this action: by their type and their patient, where those count.
    pub(crate) fn admitted(&self, action: Action) -> impl Iterator<Item = (Option<ResourceType>, Option<&str>)> {
        let covering = self.scopes.iter().filter(move |scope| scope.query.is_none() && scope.allows(action));
        covering.filter_map(|scope| match (scope.context, self.patient.as_deref()) {
            (ScopeContext::Patient, None) => None,
            (ScopeContext::Patient, patient) => Some((scope.resource_type, patient)),
            (ScopeContext::User | ScopeContext::System, _) => Some((scope.resource_type, None)),
        })
    }
}

/// Leaves out the patient.
impl fmt::Debug for Launch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { scopes, patient: _, client } = self;
        f.debug_struct("Launch").field("scopes", scopes).field("client", client).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chartroom_record::{ClassSet, Mode, parse};

    fn launch(scopes: &str, patient: Option<&str>) -> Launch {
        Launch { scopes: scopes.parse().expect("scopes"), patient: patient.map(SmolStr::from), client: None }
    }

    fn facts(kind: &str, patient: Option<&str>) -> Facts {
        Facts { patient: patient.map(SmolStr::from), ..Facts::new(ResourceType::of(kind), ClassSet::ALL) }
    }

    #[test]
    fn a_scope_reaches_its_type_its_patient_and_its_letters() {
        let launch = launch("patient/Observation.rs openid user/Condition.c", Some("p"));
        assert!(launch.admits(Action::Read, &facts("Observation", Some("p"))));
        assert!(launch.admits(Action::Search, &facts("Observation", Some("p"))));
        assert!(!launch.admits(Action::Update, &facts("Observation", Some("p"))));
        assert!(!launch.admits(Action::Disclose, &facts("Observation", Some("p"))));
        assert!(!launch.admits(Action::Read, &facts("Observation", Some("q"))));
        assert!(!launch.admits(Action::Read, &facts("Observation", None)));
        assert!(launch.admits(Action::Create, &facts("Condition", Some("q"))));
        assert!(!launch.admits(Action::Read, &facts("Condition", Some("p"))));
    }

    #[test]
    fn without_a_patient_a_patient_scope_reaches_nothing() {
        assert!(!launch("patient/*.cruds", None).admits(Action::Read, &facts("Observation", None)));
        assert!(!Launch::default().admits(Action::Read, &facts("Observation", Some("p"))));
    }

    #[test]
    fn a_granular_scope_is_about_what_its_search_finds() {
        let system = "http://terminology.hl7.org/CodeSystem/observation-category";
        let text = format!(
            r#"{{"resourceType":"Observation","status":"final","category":[{{"coding":[{{"system":"{system}","code":"laboratory"}}]}}]}}"#
        );
        let observation = parse(text.as_bytes(), Mode::Strict).expect("well formed").into_resource();
        let finds = |query: &str| {
            let scopes: Scopes = format!("user/Observation.rs?{query}").parse().expect("a scope");
            assert!(
                !Launch { scopes: scopes.clone(), ..Launch::default() }
                    .admits(Action::Read, &facts("Observation", None))
            );
            let launch = Launch { scopes: scopes.about(&observation), ..Launch::default() };
            launch.admits(Action::Read, &facts("Observation", None))
        };
        for found in [
            format!("category={system}|laboratory"),
            "category=http%3A%2F%2Fterminology.hl7.org%2FCodeSystem%2Fobservation-category%7Claboratory".to_owned(),
            format!("category={system}|"),
            "category=vital-signs,laboratory&status=final".to_owned(),
        ] {
            assert!(finds(&found), "{found}");
        }
        for not_found in
            ["category=vital-signs", "category=|laboratory", "category=laboratory&status=amended", "code=1", "x=y"]
        {
            assert!(!finds(not_found), "{not_found}");
        }
    }
}
