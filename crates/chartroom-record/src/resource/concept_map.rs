//! ConceptMap: FHIR R4 <https://hl7.org/fhir/R4/conceptmap.html>.

use super::prelude::*;

/// A statement of relationships from one set of concepts to one or more other concepts - either concepts in code
/// systems, or data element/data element concepts, or classes in class models.
#[derive(Default, Record)]
#[record(resource)]
pub struct ConceptMap {
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
    /// Text summary of the resource, for human interpretation.
    #[record(class = Narrative)]
    pub text: Option<Narrative>,
    /// Contained, inline Resources.
    pub contained: Vec<Resource>,
    /// Canonical identifier for this concept map, represented as a URI (globally unique).
    #[record(class = Technical, summary)]
    pub url: Option<Uri>,
    /// Additional identifier for the concept map.
    #[record(class = Technical, summary)]
    pub identifier: Option<Box<Identifier>>,
    /// Business version of the concept map.
    #[record(class = Technical, summary)]
    pub version: Option<Text>,
    /// Name for this concept map (computer friendly).
    #[record(class = Technical, summary)]
    pub name: Option<Text>,
    /// Name for this concept map (human friendly).
    #[record(class = Technical, summary)]
    pub title: Option<Text>,
    /// draft | active | retired | unknown.
    #[record(
        required,
        class = Technical,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/publication-status")
    )]
    pub status: Option<Code<PublicationStatus>>,
    /// For testing purposes, not real usage.
    #[record(class = Technical, summary)]
    pub experimental: Option<bool>,
    /// Date last changed.
    #[record(class = Technical, summary)]
    pub date: Option<DateTime>,
    /// Name of the publisher (organization or individual).
    #[record(class = Technical, summary)]
    pub publisher: Option<Text>,
    /// Contact details for the publisher.
    #[record(class = Technical, summary)]
    pub contact: Vec<ContactDetail>,
    /// Natural language description of the concept map.
    #[record(class = Technical)]
    pub description: Option<Markdown>,
    /// The context that the content is intended to support.
    #[record(class = Technical, summary)]
    pub use_context: Vec<UsageContext>,
    /// Intended jurisdiction for concept map (if applicable).
    #[record(class = Technical, summary, binding(extensible, "http://hl7.org/fhir/ValueSet/jurisdiction"))]
    pub jurisdiction: Vec<CodeableConcept>,
    /// Why this concept map is defined.
    #[record(class = Technical)]
    pub purpose: Option<Markdown>,
    /// Use and/or publishing restrictions.
    #[record(class = Technical)]
    pub copyright: Option<Markdown>,
    /// The source value set that contains the concepts that are being mapped.
    #[record(choice, class = Technical, summary)]
    pub source: Option<ConceptMapSource>,
    /// The target value set which provides context for the mappings.
    #[record(choice, class = Technical, summary)]
    pub target: Option<ConceptMapTarget>,
    /// Same source and target systems.
    #[record(class = Technical)]
    pub group: Vec<ConceptMapGroup>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `ConceptMap.source[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "source")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ConceptMapSource {
    Uri(Uri),
    #[record(targets(ValueSet))]
    Canonical(Canonical),
}

/// The values that `ConceptMap.target[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "target")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ConceptMapTarget {
    Uri(Uri),
    #[record(targets(ValueSet))]
    Canonical(Canonical),
}

/// Mappings that share their source and target systems.
#[derive(Default, Record)]
#[record(backbone = "ConceptMap.group")]
pub struct ConceptMapGroup {
    /// Source system where concepts to be mapped are defined.
    pub source: Option<Uri>,
    /// Specific version of the code system.
    pub source_version: Option<Text>,
    /// Target system that the concepts are to be mapped to.
    pub target: Option<Uri>,
    /// Specific version of the code system.
    pub target_version: Option<Text>,
    /// Mappings for a concept from the source set.
    #[record(required)]
    pub element: Vec<ConceptMapGroupElement>,
    /// What to do when there is no mapping for the source concept.
    pub unmapped: Option<Box<ConceptMapGroupUnmapped>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Mappings for a concept from the source set.
#[derive(Default, Record)]
#[record(backbone = "ConceptMap.group.element")]
pub struct ConceptMapGroupElement {
    /// Identifies element being mapped.
    pub code: Option<Code>,
    /// Display for the code.
    pub display: Option<Text>,
    /// Concept in target system for element.
    pub target: Vec<ConceptMapGroupElementTarget>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Concept in target system for element.
#[derive(Default, Record)]
#[record(backbone = "ConceptMap.group.element.target")]
pub struct ConceptMapGroupElementTarget {
    /// Code that identifies the target element.
    pub code: Option<Code>,
    /// Display for the code.
    pub display: Option<Text>,
    /// relatedto | equivalent | equal | wider | subsumes | narrower | specializes | inexact | unmatched | disjoint.
    #[record(required, modifier, binding(required, "http://hl7.org/fhir/ValueSet/concept-map-equivalence"))]
    pub equivalence: Option<Code<ConceptMapEquivalence>>,
    /// Description of status/issues in mapping.
    pub comment: Option<Text>,
    /// Other elements required for this mapping (from context).
    pub depends_on: Vec<ConceptMapGroupElementTargetDependsOn>,
    /// Other concepts that this mapping also produces.
    pub product: Vec<ConceptMapGroupElementTargetDependsOn>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Other elements required for this mapping (from context).
#[derive(Default, Record)]
#[record(backbone = "ConceptMap.group.element.target.dependsOn")]
pub struct ConceptMapGroupElementTargetDependsOn {
    /// Reference to property mapping depends on.
    #[record(required)]
    pub property: Option<Uri>,
    /// Code System (if necessary).
    #[record(targets(CodeSystem))]
    pub system: Option<Canonical>,
    /// Value of the referenced element.
    #[record(required)]
    pub value: Option<Text>,
    /// Display for the code (if value is a code).
    pub display: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// What to do when there is no mapping for the source concept.
#[derive(Default, Record)]
#[record(backbone = "ConceptMap.group.unmapped")]
pub struct ConceptMapGroupUnmapped {
    /// provided | fixed | other-map.
    #[record(required, binding(required, "http://hl7.org/fhir/ValueSet/conceptmap-unmapped-mode"))]
    pub mode: Option<Code<ConceptMapGroupUnmappedMode>>,
    /// Fixed code when mode = fixed.
    pub code: Option<Code>,
    /// Display for the code.
    pub display: Option<Text>,
    /// Canonical reference to an additional ConceptMap to use for mapping if the source concept is unmapped.
    #[record(targets(ConceptMap))]
    pub url: Option<Canonical>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
