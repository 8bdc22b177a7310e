//! What a request asks for beside the code and the value set.

use std::fmt;

use super::ValueSet;
use super::json::{as_flag, primitive};
use super::language::Languages;
use super::version::{VersionRule, ruled};

/// What a request asks for beside the code and the value set. The default asks for nothing special.
///
/// One type serves all operations, as the parameters have the same names and meanings in all of them. An operation reads
/// those that the standard gives it.
#[derive(Clone, Default, PartialEq)]
pub struct Options {
    /// `displayLanguage`: the languages in which displays are wanted and checked.
    pub display_language: Option<Languages>,
    /// The header `Accept-Language`, which `displayLanguage` goes before.
    pub accept_language: Option<Languages>,
    /// The rules for the versions of code systems and value sets.
    pub versions: Vec<VersionRule>,
    /// `useSupplement`: supplements that must be used.
    pub supplements: Vec<String>,
    /// `activeOnly`: whether inactive codes are left out; in a validation, refused.
    pub active_only: Option<bool>,
    /// `abstract`: whether codes are good that are there to group others. They are unless this is `false`.
    pub allow_abstract: Option<bool>,
    /// `inferSystem`: find the system of a bare code in the value set.
    pub infer_system: bool,
    /// `lenient-display-validation`: a wrong display is a warning, not an error.
    pub lenient_display: bool,
    /// `valueset-membership-only`: say whether the code is a member, and nothing of why not.
    pub membership_only: bool,
    /// `excludeNested`: a flat list.
    pub exclude_nested: Option<bool>,
    /// `excludeNotForUI`: leave out codes that cannot be selected.
    pub exclude_not_for_ui: Option<bool>,
    /// `includeDesignations`: list the other texts too.
    pub include_designations: Option<bool>,
    /// `includeDefinition`: give the definition of the value set with its expansion.
    pub include_definition: Option<bool>,
    /// `designation`: which designations to list, as `system|code` of a use or a language (`urn:ietf:bcp:47|de`).
    pub designations: Vec<String>,
    /// `property`: which properties to list. `*` is all of them.
    pub properties: Vec<String>,
    /// `versionsMatch`: a code is the same in all versions of its system.
    pub versions_match: Option<bool>,
    /// `filter`: words that a display, designation or code must have.
    pub filter: Option<String>,
    /// `count`: how many codes to list.
    pub count: Option<usize>,
    /// `offset`: how many codes to skip.
    pub offset: Option<usize>,
    /// The most codes that an expansion, or the page of it that is asked for, may have before it is refused; 10 000 if none is given.
    pub limit: Option<usize>,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A new field fails to compile here until someone decides if a log may show it.
        let Self {
            display_language,
            accept_language,
            versions,
            supplements,
            active_only,
            allow_abstract,
            infer_system,
            lenient_display,
            membership_only,
            exclude_nested,
            exclude_not_for_ui,
            include_designations,
            include_definition,
            designations,
            properties,
            versions_match,
            filter: _,
            count,
            offset,
            limit,
        } = self;
        let mut shown = f.debug_struct("Options");
        shown.field("display_language", display_language);
        shown.field("accept_language", accept_language);
        shown.field("versions", versions);
        shown.field("supplements", supplements);
        shown.field("active_only", active_only);
        shown.field("allow_abstract", allow_abstract);
        shown.field("infer_system", infer_system);
        shown.field("lenient_display", lenient_display);
        shown.field("membership_only", membership_only);
        shown.field("exclude_nested", exclude_nested);
        shown.field("exclude_not_for_ui", exclude_not_for_ui);
        shown.field("include_designations", include_designations);
        shown.field("include_definition", include_definition);
        shown.field("designations", designations);
        shown.field("properties", properties);
        shown.field("versions_match", versions_match);
        shown.field("count", count);
        shown.field("offset", offset);
        shown.field("limit", limit);
        shown.finish_non_exhaustive()
    }
}

impl Options {
    /// The languages to display in.
    pub(super) fn languages(&self) -> Option<&Languages> {
        self.display_language.as_ref().or(self.accept_language.as_ref())
    }

    /// The languages as a message names them.
    pub(super) fn language_summary(&self) -> String {
        self.languages().map_or_else(|| "--".to_owned(), Languages::to_string)
    }

    /// The version that the rules make of a stated one.
    pub(super) fn version<'a>(&'a self, url: &str, stated: Option<&'a str>) -> Option<&'a str> {
        ruled(&self.versions, url, stated)
    }

    pub(super) fn allows_abstract(&self) -> bool {
        self.allow_abstract != Some(false)
    }

    pub(super) fn is_active_only(&self) -> bool {
        self.active_only == Some(true)
    }

    /// Adds what the author of a value set asks for, where the request does not say otherwise.
    pub(super) fn with_defaults_of(mut self, set: &ValueSet) -> Self {
        for (name, value) in set.compose.iter().flat_map(|compose| &compose.parameters) {
            let flag = as_flag(value);
            match name.as_str() {
                "displayLanguage" if self.languages().is_none() => {
                    self.display_language = Languages::parse(&primitive(value)).ok();
                }
                "activeOnly" => self.active_only = self.active_only.or(flag),
                "excludeNested" => self.exclude_nested = self.exclude_nested.or(flag),
                "excludeNotForUI" => self.exclude_not_for_ui = self.exclude_not_for_ui.or(flag),
                "includeDesignations" => self.include_designations = self.include_designations.or(flag),
                "includeDefinition" => self.include_definition = self.include_definition.or(flag),
                "versionsMatch" => self.versions_match = self.versions_match.or(flag),
                "property" => self.properties.push(primitive(value)),
                "designation" => self.designations.push(primitive(value)),
                "useSupplement" => self.supplements.push(primitive(value)),
                _ => {}
            }
        }
        let of_set = set.publication.language.as_deref().and_then(|language| Languages::parse(language).ok());
        self.accept_language = self.accept_language.or(of_set);
        self
    }
}
