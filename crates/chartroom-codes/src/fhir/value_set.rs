//! A FHIR `ValueSet`, read once.

use serde_json::{Map, Value};

use super::code_system::Designation;
use super::json::{Element, owned};
use super::source::implicit_snomed;
use super::{InvalidResource, Publication};

/// A value set: which codes, of which systems.
#[derive(Clone, Debug)]
pub struct ValueSet {
    pub(super) publication: Publication,
    pub(super) compose: Option<Compose>,
    /// The codes of a stored expansion, where the resource has one.
    pub(super) expansion: Option<Vec<Listed>>,
    pub(super) contained: Vec<ValueSet>,
    /// The value sets that it imports by a name that is their definition.
    pub(super) implied: Vec<ValueSet>,
    /// The supplements that the value set requires.
    pub(super) supplements: Vec<String>,
    /// The resource as it was given.
    pub(super) json: Map<String, Value>,
    /// Made for the validation in a code system; no one outside knows it.
    pub(super) is_whole_system: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Compose {
    /// `false`: inactive codes are not members.
    pub(super) inactive: Option<bool>,
    pub(super) is_locked: bool,
    pub(super) include: Vec<Selection>,
    pub(super) exclude: Vec<Selection>,
    /// Parameters that the author lays down for its use: name and value.
    pub(super) parameters: Vec<(String, Value)>,
}

/// One `include` or `exclude`.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    pub(super) system: Option<String>,
    pub(super) version: Option<String>,
    pub(super) concepts: Vec<Reference>,
    pub(super) filters: Vec<Filter>,
    pub(super) value_sets: Vec<String>,
}

/// A code that a value set names.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    pub(super) code: String,
    pub(super) display: Option<String>,
    pub(super) designations: Vec<Designation>,
    pub(super) extensions: Vec<Value>,
}

#[derive(Clone, Debug)]
pub(super) struct Filter {
    pub(super) property: String,
    pub(super) op: String,
    pub(super) value: Option<String>,
}

/// A code of a stored expansion.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) system: Option<String>,
    pub(super) version: Option<String>,
    pub(super) code: String,
    pub(super) display: Option<String>,
    pub(super) designations: Vec<Designation>,
    pub(super) is_abstract: bool,
    pub(super) is_inactive: bool,
    /// The code that it stands under, by its place in the list.
    pub(super) parent: Option<usize>,
}

impl ValueSet {
    pub(super) fn read(resource: &Value) -> Result<Self, InvalidResource> {
        let json = resource.as_object().ok_or(InvalidResource::NotAnObject)?;
        let contained =
            resource.items("contained").iter().filter(|inner| inner.text("resourceType") == Some("ValueSet"));
        let compose = resource.get("compose").map(Compose::read).transpose()?;
        let selections = compose.iter().flat_map(|compose| compose.include.iter().chain(&compose.exclude));
        let implied = selections.flat_map(|selection| &selection.value_sets).filter_map(|url| implicit_snomed(url));
        Ok(Self {
            publication: Publication::read(resource).or_else(|_| Publication::nameless(resource))?,
            implied: implied.collect(),
            compose,
            expansion: resource.get("expansion").map(Listed::read_all),
            contained: contained.map(Self::read).collect::<Result<_, _>>()?,
            supplements: required_supplements(resource),
            json: json.clone(),
            is_whole_system: false,
        })
    }

    /// A value set that is named by its definition.
    pub(super) fn implicit(url: &str, compose: Compose) -> Self {
        let json = [("resourceType", "ValueSet"), ("url", url), ("status", "active")];
        Self {
            publication: Publication {
                url: url.to_owned(),
                status: Some("active".to_owned()),
                ..Publication::default()
            },
            compose: Some(compose),
            expansion: None,
            contained: Vec::new(),
            implied: Vec::new(),
            supplements: Vec::new(),
            json: json.into_iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect(),
            is_whole_system: false,
        }
    }

    /// The value set of all codes of a system.
    pub(super) fn of_system(url: &str, version: Option<&str>) -> Self {
        let whole =
            Selection { system: Some(url.to_owned()), version: version.map(str::to_owned), ..Selection::default() };
        Self {
            publication: Publication {
                url: format!("{url}/vs"),
                version: version.map(str::to_owned),
                ..Publication::default()
            },
            compose: Some(Compose { include: vec![whole], ..Compose::default() }),
            expansion: None,
            contained: Vec::new(),
            implied: Vec::new(),
            supplements: Vec::new(),
            json: Map::new(),
            is_whole_system: true,
        }
    }

    /// The canonical URL.
    pub fn url(&self) -> &str {
        &self.publication.url
    }

    /// The version, if the resource states one.
    pub fn version(&self) -> Option<&str> {
        self.publication.version.as_deref()
    }

    pub(super) fn include(&self) -> &[Selection] {
        self.compose.as_ref().map_or(&[], |compose| &compose.include)
    }

    pub(super) fn exclude(&self) -> &[Selection] {
        self.compose.as_ref().map_or(&[], |compose| &compose.exclude)
    }

    pub(super) fn excludes_inactive(&self) -> bool {
        self.compose.as_ref().and_then(|compose| compose.inactive) == Some(false)
    }
}

const SUPPLEMENT: &str = "http://hl7.org/fhir/StructureDefinition/valueset-supplement";
const PARAMETER: [&str; 2] = [
    "http://hl7.org/fhir/StructureDefinition/valueset-expansion-parameter",
    "http://hl7.org/fhir/tools/StructureDefinition/valueset-expansion-parameter",
];

fn required_supplements(resource: &Value) -> Vec<String> {
    let extensions = resource.items("extension").iter().filter(|extension| extension.text("url") == Some(SUPPLEMENT));
    extensions.filter_map(|extension| extension.choice()?.1.as_str().map(str::to_owned)).collect()
}

impl Compose {
    fn read(json: &Value) -> Result<Self, InvalidResource> {
        let selections = |name| json.items(name).iter().map(Selection::read).collect::<Result<Vec<_>, _>>();
        Ok(Self {
            inactive: json.flag("inactive"),
            is_locked: json.get("lockedDate").is_some(),
            include: selections("include")?,
            exclude: selections("exclude")?,
            parameters: json.items("extension").iter().filter_map(parameter).collect(),
        })
    }
}

fn parameter(extension: &Value) -> Option<(String, Value)> {
    PARAMETER.contains(&extension.text("url")?).then_some(())?;
    let name = extension.extension("name")?.as_str()?.to_owned();
    Some((name, extension.extension("value")?.clone()))
}

impl Selection {
    fn read(json: &Value) -> Result<Self, InvalidResource> {
        Ok(Self {
            system: owned(json, "system"),
            version: owned(json, "version"),
            concepts: json.items("concept").iter().map(Reference::read).collect::<Result<_, _>>()?,
            filters: json.items("filter").iter().map(Filter::read).collect::<Result<_, _>>()?,
            value_sets: json.items("valueSet").iter().filter_map(|url| url.as_str().map(str::to_owned)).collect(),
        })
    }

    /// Whether it takes all codes of its system.
    pub(super) fn is_whole_system(&self) -> bool {
        self.system.is_some() && self.concepts.is_empty() && self.filters.is_empty()
    }
}

impl Reference {
    fn read(json: &Value) -> Result<Self, InvalidResource> {
        Ok(Self {
            code: owned(json, "code").ok_or(InvalidResource::Missing("compose.include.concept.code"))?,
            display: owned(json, "display"),
            designations: Designation::read_all(json),
            extensions: json.items("extension").to_vec(),
        })
    }
}

impl Filter {
    /// Whether it leaves out the expressions of SNOMED CT.
    pub(super) fn excludes_expressions(&self) -> bool {
        self.property == "expressions" && self.value.as_deref() == Some("false")
    }

    fn read(json: &Value) -> Result<Self, InvalidResource> {
        Ok(Self {
            property: owned(json, "property").ok_or(InvalidResource::Missing("compose.include.filter.property"))?,
            op: owned(json, "op").ok_or(InvalidResource::Missing("compose.include.filter.op"))?,
            value: owned(json, "value").filter(|value| !value.is_empty()),
        })
    }
}

impl Listed {
    /// All codes of an expansion, nested ones too. A stack, because nesting has no bound.
    fn read_all(expansion: &Value) -> Vec<Self> {
        let mut listed = Vec::new();
        let mut waiting: Vec<(&Value, Option<usize>)> = under(expansion, None).collect();
        while let Some((json, parent)) = waiting.pop() {
            let code =
                owned(json, "code").filter(|_| json.flag("abstract") != Some(true) || json.get("system").is_some());
            // What has no code is a heading, and the codes under it stand under what is above it.
            let place = if code.is_some() { Some(listed.len()) } else { parent };
            waiting.extend(under(json, place));
            listed.extend(code.map(|code| Self {
                system: owned(json, "system"),
                version: owned(json, "version"),
                code,
                display: owned(json, "display"),
                designations: Designation::read_all(json),
                is_abstract: json.flag("abstract") == Some(true),
                is_inactive: json.flag("inactive") == Some(true),
                parent,
            }));
        }
        listed
    }
}

/// What stands under a part of an expansion, the last first.
fn under(json: &Value, parent: Option<usize>) -> impl Iterator<Item = (&Value, Option<usize>)> {
    json.items("contains").iter().rev().map(move |inner| (inner, parent))
}
