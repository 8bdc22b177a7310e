//! The complex data types of FHIR R4 (4.0.1), one file each.

mod address;
mod annotation;
mod attachment;
mod codeable_concept;
mod coding;
mod contact_detail;
mod contact_point;
mod contributor;
mod data_requirement;
mod dosage;
mod expression;
mod extension;
mod human_name;
mod identifier;
mod meta;
mod money;
mod narrative;
mod parameter_definition;
mod period;
mod quantity;
mod range;
mod ratio;
mod reference;
mod related_artifact;
mod sampled_data;
mod signature;
mod timing;
mod trigger_definition;
mod usage_context;

pub(crate) use crate::prelude;

pub use address::Address;
pub use annotation::{Annotation, AnnotationAuthor};
pub use attachment::Attachment;
pub use codeable_concept::CodeableConcept;
pub use coding::Coding;
pub use contact_detail::ContactDetail;
pub use contact_point::ContactPoint;
pub use contributor::Contributor;
pub use data_requirement::{
    DataRequirement, DataRequirementCodeFilter, DataRequirementDateFilter, DataRequirementDateFilterValue,
    DataRequirementSort, DataRequirementSubject,
};
pub use dosage::{Dosage, DosageAsNeeded, DosageDoseAndRate, DosageDoseAndRateDose, DosageDoseAndRateRate};
pub use expression::Expression;
pub use extension::{Extension, ExtensionValue, OtherType};
pub use human_name::HumanName;
pub use identifier::Identifier;
pub use meta::Meta;
pub use money::Money;
pub use narrative::Narrative;
pub use parameter_definition::ParameterDefinition;
pub use period::Period;
pub use quantity::Quantity;
pub use range::Range;
pub use ratio::Ratio;
pub use reference::Reference;
pub use related_artifact::RelatedArtifact;
pub use sampled_data::SampledData;
pub use signature::Signature;
pub use timing::{Timing, TimingRepeat, TimingRepeatBounds};
pub use trigger_definition::{TriggerDefinition, TriggerDefinitionTiming};
pub use usage_context::{UsageContext, UsageContextValue};
