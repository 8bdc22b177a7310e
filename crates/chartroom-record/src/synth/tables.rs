//! What invented charts are made of. No name, place or number here belongs to anyone.

pub(super) const GIVEN_FEMALE: &[&str] =
    &["Ada", "Brielle", "Calista", "Delphine", "Esme", "Fiora", "Ginevra", "Hester", "Isolde", "Zoë"];
pub(super) const GIVEN_MALE: &[&str] =
    &["Alaric", "Bram", "Corwin", "Dorian", "Evander", "Florian", "Gideon", "Hale", "Ivo", "José"];
pub(super) const FAMILY: &[&str] = &[
    "Fenwarden",
    "Mossgrove",
    "Larkspire",
    "Quillbrook",
    "Thornmere",
    "Ashdale-Wynn",
    "O'Hollow",
    "Ravenstow",
    "Ñandor",
    "Tillingcote",
    "Wexbarrow",
    "Yarrowby",
];
pub(super) const STREETS: &[&str] = &["Mill Lane", "Harbor Street", "Orchard Row", "Quarry Road", "Lantern Way"];
pub(super) const CITIES: &[(&str, &str, &str)] =
    &[("Millbrook", "MA", "01999"), ("Larkhaven", "OH", "43999"), ("Stonewick", "WA", "98999")];

/// A code with its display.
pub(super) type Coded = (&'static str, &'static str);

pub(super) const ICD_10_CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";
pub(super) const LOINC: &str = "http://loinc.org";
pub(super) const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
pub(super) const CVX: &str = "http://hl7.org/fhir/sid/cvx";
pub(super) const UCUM: &str = "http://unitsofmeasure.org";

pub(super) const CONDITIONS: &[Coded] = &[
    ("I10", "Essential (primary) hypertension"),
    ("E11.9", "Type 2 diabetes mellitus without complications"),
    ("E78.5", "Hyperlipidemia, unspecified"),
    ("J45.909", "Unspecified asthma, uncomplicated"),
    ("J06.9", "Acute upper respiratory infection, unspecified"),
    ("K21.9", "Gastro-esophageal reflux disease without esophagitis"),
    ("N39.0", "Urinary tract infection, site not specified"),
    ("F41.1", "Generalized anxiety disorder"),
    ("F10.20", "Alcohol dependence, uncomplicated"),
    ("B20", "Human immunodeficiency virus [HIV] disease"),
];

pub(super) const MEDICATIONS: &[Coded] = &[
    ("197361", "amlodipine 5 MG Oral Tablet"),
    ("312961", "simvastatin 20 MG Oral Tablet"),
    ("314076", "lisinopril 10 MG Oral Tablet"),
    ("310798", "hydrochlorothiazide 25 MG Oral Tablet"),
];

pub(super) const VACCINES: &[Coded] = &[
    ("140", "Influenza, seasonal, injectable, preservative free"),
    ("113", "Td (adult), 5 Lf tetanus toxoid, preservative free, adsorbed"),
];

pub(super) const ALLERGENS: &[&str] = &["Peanut", "Penicillin", "Latex", "Birch pollen"];
pub(super) const REACTIONS: &[&str] = &["Hives", "Itching", "Wheezing", "Swelling of the lips"];

/// A measurement: code, display, unit, its code, the least and the most value in tenths, the category.
pub(super) struct Measure {
    pub(super) code: Coded,
    pub(super) unit: Coded,
    pub(super) tenths: (usize, usize),
    pub(super) category: &'static str,
}

const fn measure(code: Coded, unit: Coded, tenths: (usize, usize), category: &'static str) -> Measure {
    Measure { code, unit, tenths, category }
}

pub(super) const MEASURES: &[Measure] = &[
    measure(("29463-7", "Body weight"), ("kg", "kg"), (450, 1200), "vital-signs"),
    measure(("8867-4", "Heart rate"), ("/min", "beats/minute"), (500, 1100), "vital-signs"),
    measure(("8310-5", "Body temperature"), ("Cel", "Cel"), (361, 385), "vital-signs"),
    measure(("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood"), ("%", "%"), (45, 110), "laboratory"),
    measure(("2093-3", "Cholesterol [Mass/volume] in Serum or Plasma"), ("mg/dL", "mg/dL"), (1200, 2900), "laboratory"),
    measure(("2160-0", "Creatinine [Mass/volume] in Serum or Plasma"), ("mg/dL", "mg/dL"), (5, 18), "laboratory"),
];

pub(super) const NOTES: &[&str] = &[
    "Feels well. No new complaints.",
    "Sleeps poorly; worried about work.\nAsked to come back in four weeks.",
    "Takes the tablets \"most days\". Talked about reminders.",
    "Walks 30 min/day → weight is down. Très bien!",
];
