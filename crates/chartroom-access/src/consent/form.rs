//! What must stand on a signed form before it opens anything.

use chartroom_record::resource::Consent;
use chrono::{DateTime, Utc};

use super::provision::Provision;
use super::read::{ConsentFault, NotComputable};
use super::{ConsentEffect, ConsentKind, Directive};
use crate::Purpose;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// Something that must stand on a form: 45 CFR 164.508(c) of an authorization, 42 CFR 2.31(a) of a consent to the use of substance
    /// use disorder records.
    Element {
        Discloser = "discloser", "who may disclose: 164.508(c)(1)(ii), 2.31(a)(2)";
        Information = "information", "a specific and meaningful description of what may be disclosed: 164.508(c)(1)(i), 2.31(a)(3)";
        /// In a FHIR `Consent` the actors; by class on paper only where a consent under part 2 is for treatment, payment and operations.
        Recipient = "recipient", "who may receive it: 164.508(c)(1)(iii), 2.31(a)(4)";
        /// Always read from the FHIR `Consent`.
        Purpose = "purpose", "each purpose: 164.508(c)(1)(iv), 2.31(a)(5)";
        /// An event or the word "none" on paper, or the end of the period in a FHIR `Consent`.
        Expiry = "expiry", "a date or event at which it ends: 164.508(c)(1)(v), 2.31(a)(7)";
        /// Its date is `Consent.dateTime`.
        Signature = "signature", "the signature: 164.508(c)(1)(vi), 2.31(a)(8)";
        /// Needed where a representative signed.
        Authority = "authority", "why whoever signed may sign for the patient: 164.508(c)(1)(vi), 2.31(a)(8)";
        RightToRevoke = "right-to-revoke", "the right to revoke it, and how: 164.508(c)(2)(i), 2.31(a)(6)";
        /// Under part 2 where it is for treatment, payment and operations.
        Refusal = "refusal", "what follows if the patient does not sign: 164.508(c)(2)(ii), 2.31(a)(10)";
        /// Under part 2 where it is for treatment, payment and operations.
        Redisclosure = "redisclosure", "that recipients may disclose it again: 164.508(c)(2)(iii), 2.31(a)(4) and (10)";
        /// Of an authorization.
        PlainLanguage = "plain-language", "plain language: 164.508(c)(3)";
        /// Of an authorization for marketing that is paid for, or for a sale.
        Remuneration = "remuneration", "that the discloser is paid: 164.508(a)(3)(ii) and (4)";
    }
}

/// A signed form, as far as FHIR's `Consent` has no element for what stands on it.
///
/// The `Consent` beside it says for whom, for what purposes and until when; [`signed`](Self::signed) holds the two together.
///
/// ```
/// use chartroom_access::consent::{ConsentKind, Element, Form, FormFault};
/// use chartroom_record::{Mode, Resource, parse};
///
/// let text = br#"{"resourceType":"Consent","status":"active","patient":{"reference":"Patient/7"},"dateTime":"2026-01-02",
///   "scope":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/consentscope","code":"patient-privacy"}]},
///   "provision":{"type":"permit","period":{"end":"2026-12-31"},
///     "purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HRESCH"}],
///     "actor":[{"role":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ParticipationType","code":"IRCP"}]},
///       "reference":{"reference":"Organization/tidal-study"}}]}}"#;
/// let Resource::Consent(consent) = parse(text, Mode::Strict)?.into_resource() else { panic!("a consent") };
/// let form = Form::new(ConsentKind::Authorization, [Element::Signature, Element::Discloser, Element::Information]);
/// let Err(FormFault::Missing(missing)) = form.signed(&consent) else { panic!("statements are missing") };
/// assert_eq!(missing, [Element::RightToRevoke, Element::Refusal, Element::Redisclosure, Element::PlainLanguage]);
/// # Ok::<(), chartroom_record::Issues>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Form {
    /// What kind of form it is.
    pub kind: ConsentKind,
    /// What someone has found on it.
    pub found: Vec<Element>,
    /// Whether someone signed it for the patient.
    pub by_representative: bool,
    /// Whether it is for marketing that the discloser is paid for, or for a sale.
    pub is_paid_for: bool,
    /// When the patient revoked it. From then on it opens nothing.
    pub revoked: Option<DateTime<Utc>>,
    /// Whether something in it is known to be untrue (45 CFR 164.508(b)(2)(v), 42 CFR 2.31(c)).
    pub is_known_false: bool,
}

/// A form on which everything stands that must. For [`Consents::with`](super::Consents::with).
#[derive(Clone, Debug)]
pub struct Signed {
    pub(super) kind: ConsentKind,
    pub(super) directive: Directive,
}

/// Why a form opens nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormFault {
    /// A privacy consent is no form: it is read by [`Directive::read`].
    #[error("a privacy consent is no form")]
    NotAForm,
    /// The FHIR `Consent` beside it cannot be computed.
    #[error(transparent)]
    NotComputable(#[from] NotComputable),
    /// The FHIR `Consent` beside it is not active, or no privacy consent.
    #[error("not in force")]
    NotInForce,
    /// It permits nothing.
    #[error("nothing is permitted by it")]
    Refuses,
    /// Elements that must stand on it do not.
    #[error("missing: {}", words(.0))]
    Missing(Vec<Element>),
    /// What must be consented to apart from all else stands beside something else: use in legal proceedings (42 CFR 2.31).
    #[error("use in legal proceedings needs a consent of its own")]
    Combined,
    /// Something in it is known to be untrue.
    #[error("something in it is known to be untrue")]
    KnownFalse,
}

fn words(elements: &[Element]) -> String {
    elements.iter().map(|element| element.words()).collect::<Vec<_>>().join("; ")
}

/// Purposes for which one consent under part 2 is enough (42 CFR 2.31(a)(4) and (5)).
const TREATMENT_PAYMENT_OPERATIONS: [Purpose; 3] = [Purpose::Treatment, Purpose::Payment, Purpose::Operations];

impl Form {
    /// A form signed by the patient, on which this was found.
    pub fn new(kind: ConsentKind, found: impl IntoIterator<Item = Element>) -> Self {
        Self {
            kind,
            found: found.into_iter().collect(),
            by_representative: false,
            is_paid_for: false,
            revoked: None,
            is_known_false: false,
        }
    }

    /// Holds the form together with the FHIR `Consent` that tells its scope.
    ///
    /// # Errors
    /// It opens nothing: something must stand on it and does not, or what it says cannot be computed.
    pub fn signed(&self, consent: &Consent) -> Result<Signed, FormFault> {
        if self.kind == ConsentKind::Privacy {
            return Err(FormFault::NotAForm);
        }
        if self.is_known_false {
            return Err(FormFault::KnownFalse);
        }
        let mut directive = Directive::read(consent)?.ok_or(FormFault::NotInForce)?;
        let permits: Vec<&Provision> = directive.root.permits().collect();
        if permits.is_empty() {
            return Err(FormFault::Refuses);
        }
        if permits.iter().any(|permit| permit.purposes.is_empty()) {
            // What the rules ask for must be known, and not from paper.
            return Err(NotComputable::of("Consent.provision.purpose", ConsentFault::Missing).into());
        }
        let missing = self.missing(&directive.root, &permits);
        if !missing.is_empty() {
            return Err(FormFault::Missing(missing));
        }
        if self.is_under_part_2() && is_combined(&permits) {
            return Err(FormFault::Combined);
        }
        if let Some(revoked) = self.revoked {
            directive.root.end_at(revoked);
        }
        Ok(Signed { kind: self.kind, directive })
    }

    fn is_under_part_2(&self) -> bool {
        matches!(self.kind, ConsentKind::Part2 | ConsentKind::Part2CounselingNotes)
    }

    /// What must stand on it and does not.
    fn missing(&self, root: &Provision, permits: &[&Provision]) -> Vec<Element> {
        let purposes = || permits.iter().flat_map(|permit| &permit.purposes);
        let general = purposes().all(|purpose| TREATMENT_PAYMENT_OPERATIONS.contains(purpose));
        let authorization = !self.is_under_part_2();
        let stands = |element: &Element| {
            let on_paper = self.found.contains(element);
            match element {
                Element::Recipient => {
                    permits.iter().all(|permit| !permit.actors.is_empty()) || on_paper && !authorization && general
                }
                Element::Purpose => true,
                Element::Expiry => {
                    on_paper || root.until.is_some() || permits.iter().all(|permit| permit.until.is_some())
                }
                Element::Authority => on_paper || !self.by_representative,
                Element::Refusal | Element::Redisclosure => on_paper || !authorization && !general,
                Element::PlainLanguage => on_paper || !authorization,
                Element::Remuneration => on_paper || !authorization || !self.is_paid_for,
                Element::Discloser | Element::Information | Element::Signature | Element::RightToRevoke => on_paper,
            }
        };
        Element::ALL.iter().copied().filter(|element| !stands(element)).collect()
    }
}

/// Whether use in legal proceedings stands beside another purpose, in one permit or in several.
fn is_combined(permits: &[&Provision]) -> bool {
    let mut purposes = permits.iter().flat_map(|permit| &permit.purposes);
    let legal = purposes.clone().any(|purpose| *purpose == Purpose::Legal);
    legal && purposes.any(|purpose| *purpose != Purpose::Legal)
}

impl Provision {
    /// The provisions that permit something: it itself, or else its exceptions.
    fn permits(&self) -> impl Iterator<Item = &Self> {
        let own = std::iter::once(self).filter(|one| one.effect == ConsentEffect::Permit);
        let inner = self.exceptions.iter().filter(|_| self.effect == ConsentEffect::Deny);
        own.chain(inner.filter(|one| one.effect == ConsentEffect::Permit))
    }

    fn end_at(&mut self, end: DateTime<Utc>) {
        self.until = Some(self.until.map_or(end, |until| until.min(end)));
    }
}
