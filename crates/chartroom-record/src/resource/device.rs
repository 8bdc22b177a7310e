//! Device: FHIR R4 <https://hl7.org/fhir/R4/device.html>.

use super::prelude::*;

/// A type of a manufactured item that is used in the provision of healthcare without being substantially changed
/// through that activity.
#[derive(Default, Record)]
#[record(resource)]
pub struct Device {
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
    /// Instance identifier.
    #[record(class = DeviceId)]
    pub identifier: Vec<Identifier>,
    /// The reference to the definition for the device.
    #[record(class = Clinical, targets(DeviceDefinition))]
    pub definition: Option<Reference>,
    /// Unique Device Identifier (UDI) Barcode string.
    #[record(class = DeviceId, summary)]
    pub udi_carrier: Vec<DeviceUdiCarrier>,
    /// active | inactive | entered-in-error | unknown.
    #[record(
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/device-status")
    )]
    pub status: Option<Code<DeviceStatus>>,
    /// online | paused | standby | offline | not-ready | transduc-discon | hw-discon | off.
    #[record(class = Clinical, binding(extensible, "http://hl7.org/fhir/ValueSet/device-status-reason"))]
    pub status_reason: Vec<CodeableConcept>,
    /// The distinct identification string.
    #[record(class = DeviceId)]
    pub distinct_identifier: Option<Text>,
    /// Name of device manufacturer.
    #[record(class = Clinical)]
    pub manufacturer: Option<Text>,
    /// Date when the device was made.
    #[record(class = DeviceId)]
    pub manufacture_date: Option<DateTime>,
    /// Date and time of expiry of this device (if applicable).
    #[record(class = DeviceId)]
    pub expiration_date: Option<DateTime>,
    /// Lot number of manufacture.
    #[record(class = DeviceId)]
    pub lot_number: Option<Text>,
    /// Serial number assigned by the manufacturer.
    #[record(class = DeviceId)]
    pub serial_number: Option<Text>,
    /// The name of the device as given by the manufacturer.
    #[record(class = Clinical)]
    pub device_name: Vec<DeviceDeviceName>,
    /// The model number for the device.
    #[record(class = Clinical)]
    pub model_number: Option<Text>,
    /// The part number of the device.
    #[record(class = Clinical)]
    pub part_number: Option<Text>,
    /// The kind or type of device.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/device-type"))]
    pub type_: Option<CodeableConcept>,
    /// The capabilities supported on a device, the standards to which the device conforms for a particular purpose, and
    /// used for the communication.
    #[record(class = Clinical)]
    pub specialization: Vec<DeviceSpecialization>,
    /// The actual design of the device or software version running on the device.
    #[record(class = Clinical)]
    pub version: Vec<DeviceVersion>,
    /// The actual configuration settings of a device as it actually operates, e.g., regulation status, time properties.
    #[record(class = Clinical)]
    pub property: Vec<DeviceProperty>,
    /// Patient to whom Device is affixed.
    #[record(class = Relation, targets(Patient))]
    pub patient: Option<Reference>,
    /// Organization responsible for device.
    #[record(class = Participant, targets(Organization))]
    pub owner: Option<Reference>,
    /// Details for human/organization for support.
    #[record(class = Participant)]
    pub contact: Vec<ContactPoint>,
    /// Where the device is found.
    #[record(class = Participant, targets(Location))]
    pub location: Option<Reference>,
    /// Network address to contact device.
    #[record(class = Contact)]
    pub url: Option<Uri>,
    /// Device notes and comments.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Safety Characteristics of Device.
    #[record(class = Clinical, summary)]
    pub safety: Vec<CodeableConcept>,
    /// The parent device.
    #[record(class = Relation, targets(Device))]
    pub parent: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Unique Device Identifier (UDI) Barcode string.
#[derive(Default, Record)]
#[record(backbone = "Device.udiCarrier")]
pub struct DeviceUdiCarrier {
    /// Mandatory fixed portion of UDI.
    #[record(summary)]
    pub device_identifier: Option<Text>,
    /// UDI Issuing Organization.
    pub issuer: Option<Uri>,
    /// Regional UDI authority.
    pub jurisdiction: Option<Uri>,
    /// UDI Machine Readable Barcode String.
    #[record(name = "carrierAIDC", summary)]
    pub carrier_aidc: Option<Base64>,
    /// UDI Human Readable Barcode String.
    #[record(name = "carrierHRF", summary)]
    pub carrier_hrf: Option<Text>,
    /// barcode | rfid | manual +.
    #[record(binding(required, "http://hl7.org/fhir/ValueSet/udi-entry-type"))]
    pub entry_type: Option<Code<UdiEntryType>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The name of the device as given by the manufacturer.
#[derive(Default, Record)]
#[record(backbone = "Device.deviceName")]
pub struct DeviceDeviceName {
    /// The name of the device.
    #[record(required)]
    pub name: Option<Text>,
    /// udi-label-name | user-friendly-name | patient-reported-name | manufacturer-name | model-name | other.
    #[record(required, binding(required, "http://hl7.org/fhir/ValueSet/device-nametype"))]
    pub type_: Option<Code<DeviceNameType>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A capability of the device: a standard to which it conforms for a particular purpose.
#[derive(Default, Record)]
#[record(backbone = "Device.specialization")]
pub struct DeviceSpecialization {
    /// The standard that is used to operate and communicate.
    #[record(required)]
    pub system_type: Option<CodeableConcept>,
    /// The version of the standard that is used to operate and communicate.
    pub version: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The actual design of the device or software version running on the device.
#[derive(Default, Record)]
#[record(backbone = "Device.version")]
pub struct DeviceVersion {
    /// The type of the device version.
    pub type_: Option<CodeableConcept>,
    /// A single component of the device version.
    #[record(class = DeviceId)]
    pub component: Option<Box<Identifier>>,
    /// The version text.
    #[record(required)]
    pub value: Option<Text>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The actual configuration settings of a device as it actually operates, e.g., regulation status, time properties.
#[derive(Default, Record)]
#[record(backbone = "Device.property")]
pub struct DeviceProperty {
    /// Code that specifies the property DeviceDefinitionPropetyCode (Extensible).
    #[record(required)]
    pub type_: Option<CodeableConcept>,
    /// Property value as a quantity.
    pub value_quantity: Vec<Quantity>,
    /// Property value as a code, e.g., NTP4 (synced to NTP).
    pub value_code: Vec<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
