//! Bundle: FHIR R4 <https://hl7.org/fhir/R4/bundle.html>.

use super::prelude::*;

/// A container for a collection of resources.
#[derive(Default, Record)]
#[record(resource)]
pub struct Bundle {
    /// Logical id of this artifact.
    #[record(class = Technical, summary)]
    pub id: Option<Id>,
    /// Metadata about the resource.
    #[record(class = Technical, summary)]
    pub meta: Option<Box<Meta>>,
    /// A set of rules under which this content was created.
    #[record(class = Technical, summary, modifier)]
    pub implicit_rules: Option<Uri>,
    /// Language of the resource content.
    #[record(class = Technical, binding(preferred, "http://hl7.org/fhir/ValueSet/languages"))]
    pub language: Option<Code>,
    /// Persistent identifier for the bundle.
    #[record(class = Identifier, summary)]
    pub identifier: Option<Box<Identifier>>,
    /// document | message | transaction | transaction-response | batch | batch-response | history | searchset |
    /// collection.
    #[record(required, class = Technical, summary, binding(required, "http://hl7.org/fhir/ValueSet/bundle-type"))]
    pub type_: Option<Code<BundleType>>,
    /// When the bundle was assembled.
    #[record(class = Technical, summary)]
    pub timestamp: Option<Instant>,
    /// If search, the total number of matches.
    #[record(class = Technical, summary)]
    pub total: Option<u32>,
    /// Links related to this Bundle.
    #[record(class = Technical, summary)]
    pub link: Vec<BundleLink>,
    /// Entry in the bundle - will have a resource or information.
    #[record(class = Technical, summary)]
    pub entry: Vec<BundleEntry>,
    /// Digital Signature.
    #[record(class = Participant, summary)]
    pub signature: Option<Box<Signature>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A link that gives context to the bundle.
#[derive(Default, Record)]
#[record(backbone = "Bundle.link")]
pub struct BundleLink {
    /// The kind of link, such as `self` or `next`, from the IANA link relations.
    #[record(required, summary)]
    pub relation: Option<Text>,
    /// Reference details for the link.
    #[record(required, summary)]
    pub url: Option<Uri>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// An entry in a bundle: a resource, or information about one.
#[derive(Default, Record)]
#[record(backbone = "Bundle.entry")]
pub struct BundleEntry {
    /// Links related to this entry.
    #[record(summary)]
    pub link: Vec<BundleLink>,
    /// URI for resource (Absolute URL server address or URI for UUID/OID).
    #[record(summary)]
    pub full_url: Option<Uri>,
    /// A resource in the bundle.
    #[record(summary)]
    pub resource: Option<Box<Resource>>,
    /// Search related information.
    #[record(summary)]
    pub search: Option<Box<BundleEntrySearch>>,
    /// Additional execution information (transaction/batch/history).
    #[record(summary)]
    pub request: Option<Box<BundleEntryRequest>>,
    /// Results of execution (transaction/batch/history).
    #[record(summary)]
    pub response: Option<Box<BundleEntryResponse>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Search related information.
#[derive(Default, Record)]
#[record(backbone = "Bundle.entry.search")]
pub struct BundleEntrySearch {
    /// match | include | outcome - why this is in the result set.
    #[record(summary, binding(required, "http://hl7.org/fhir/ValueSet/search-entry-mode"))]
    pub mode: Option<Code<SearchEntryMode>>,
    /// Search ranking (between 0 and 1).
    #[record(summary)]
    pub score: Option<Decimal>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Additional execution information (transaction/batch/history).
#[derive(Default, Record)]
#[record(backbone = "Bundle.entry.request")]
pub struct BundleEntryRequest {
    /// GET | HEAD | POST | PUT | DELETE | PATCH.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/http-verb"))]
    pub method: Option<Code<HttpVerb>>,
    /// URL for HTTP equivalent of this entry.
    #[record(required, summary)]
    pub url: Option<Uri>,
    /// For managing cache currency.
    #[record(summary)]
    pub if_none_match: Option<Text>,
    /// For managing cache currency.
    #[record(summary)]
    pub if_modified_since: Option<Instant>,
    /// For managing update contention.
    #[record(summary)]
    pub if_match: Option<Text>,
    /// For conditional creates.
    #[record(class = Identifier, summary)]
    pub if_none_exist: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Results of processing the entry (transaction/batch/history).
#[derive(Default, Record)]
#[record(backbone = "Bundle.entry.response")]
pub struct BundleEntryResponse {
    /// Status response code (text optional).
    #[record(required, summary)]
    pub status: Option<Text>,
    /// The location (if the operation returns a location).
    #[record(summary)]
    pub location: Option<Uri>,
    /// The Etag for the resource (if relevant).
    #[record(summary)]
    pub etag: Option<Text>,
    /// Server's date time modified.
    #[record(summary)]
    pub last_modified: Option<Instant>,
    /// OperationOutcome with hints and warnings (for batch/transaction).
    #[record(summary)]
    pub outcome: Option<Box<Resource>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
