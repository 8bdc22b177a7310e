//! Reading and writing a chart by `fhirbolt`.

pub use fhirbolt::model::r4::Resource;
use fhirbolt::serde::{DeserializationConfig, DeserializationMode};

/// Reads a bundle, leaving out what the model does not know.
pub fn read(text: &str) -> Resource {
    let lax = DeserializationConfig { mode: DeserializationMode::Lax };
    fhirbolt::json::from_str(text, Some(lax)).expect("a bundle")
}

/// Writes a bundle.
pub fn write(bundle: &Resource) -> String {
    fhirbolt::json::to_string(bundle, None).expect("JSON")
}
