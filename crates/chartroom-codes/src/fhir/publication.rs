//! What all canonical resources state about themselves.

use serde_json::Value;

use super::InvalidResource;
use super::json::{Element, owned};

#[derive(Clone, Debug, Default)]
pub(super) struct Publication {
    pub(super) url: String,
    pub(super) version: Option<String>,
    pub(super) name: Option<String>,
    pub(super) id: Option<String>,
    pub(super) language: Option<String>,
    pub(super) status: Option<String>,
    pub(super) standards_status: Option<String>,
    pub(super) is_experimental: bool,
}

/// A standing that whoever refers to the resource should know of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Caution {
    Deprecated,
    Withdrawn,
    Retired,
    Experimental,
    Draft,
}

pub(super) const STANDARDS_STATUS: &str =
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status";

impl Publication {
    pub(super) fn read(resource: &Value) -> Result<Self, InvalidResource> {
        let read = Self::nameless(resource)?;
        if read.url.is_empty() { Err(InvalidResource::Missing("url")) } else { Ok(read) }
    }

    /// As [`read`](Self::read), for a resource that needs no URL: one that is contained or given with a request.
    pub(super) fn nameless(resource: &Value) -> Result<Self, InvalidResource> {
        if !resource.is_object() {
            return Err(InvalidResource::NotAnObject);
        }
        Ok(Self {
            url: owned(resource, "url").unwrap_or_default(),
            version: owned(resource, "version"),
            name: owned(resource, "name").or_else(|| owned(resource, "title")),
            id: owned(resource, "id"),
            language: owned(resource, "language"),
            status: owned(resource, "status"),
            standards_status: resource.extension(STANDARDS_STATUS).and_then(Value::as_str).map(str::to_owned),
            is_experimental: resource.flag("experimental").unwrap_or(false),
        })
    }

    /// `url|version`, or the URL alone.
    pub(super) fn canonical(&self) -> String {
        canonical(&self.url, self.version.as_deref())
    }

    /// What a reference from `source` to this resource should be told of.
    pub(super) fn caution(&self, source: &Self) -> Option<Caution> {
        match (self.standards_status.as_deref(), self.status.as_deref()) {
            (Some("deprecated"), _) => Some(Caution::Deprecated),
            (Some("withdrawn"), _) => Some(Caution::Withdrawn),
            (_, Some("retired")) => Some(Caution::Retired),
            _ if self.is_experimental => (!source.is_experimental).then_some(Caution::Experimental),
            _ => (self.is_draft() && !source.is_draft()).then_some(Caution::Draft),
        }
    }

    fn is_draft(&self) -> bool {
        [&self.status, &self.standards_status].into_iter().any(|status| status.as_deref() == Some("draft"))
    }
}

impl Caution {
    /// The word for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Deprecated => "deprecated",
            Self::Withdrawn => "withdrawn",
            Self::Retired => "retired",
            Self::Experimental => "experimental",
            Self::Draft => "draft",
        }
    }
}

/// `url|version`, or the URL alone.
pub(super) fn canonical(url: &str, version: Option<&str>) -> String {
    match version {
        Some(version) => format!("{url}|{version}"),
        None => url.to_owned(),
    }
}

/// The URL and the version of a canonical.
pub(super) fn split_canonical(canonical: &str) -> (&str, Option<&str>) {
    match canonical.split_once('|') {
        Some((url, version)) => (url, Some(version)),
        None => (canonical, None),
    }
}
