//! To whom something is released, and why an accounting of disclosures may leave it out.

use std::fmt;

use chartroom_access::{Relationship, Request};
use chartroom_audit::event::{Event, Exclusion, Recipient};

/// A request, and where what it opens goes: what an accounting of disclosures must tell (45 CFR 164.528(b)(2)(ii)). A
/// [`Request`] alone is a release to whoever asks.
///
/// ```
/// # use chartroom_access::{Action, Purpose, Request};
/// # use chartroom_vault::Release;
/// use chartroom_audit::event::{Exclusion, Recipient};
///
/// # let request = Request::new("records-4", "records-clerk".into(), Action::Read, Purpose::Legal, Default::default());
/// let attorneys = Recipient::new("Dunmore and Vale, attorneys").at("14 Quay Street, Northmouth");
/// let release = Release::of(&request).to(&attorneys);
/// let authorized = release.left_out(Exclusion::Authorization);
/// ```
#[derive(Clone, Copy)]
pub struct Release<'a> {
    request: &'a Request,
    recipient: Option<&'a Recipient>,
    exclusion: Option<Exclusion>,
}

impl<'a> Release<'a> {
    /// To whoever asks.
    #[must_use]
    pub const fn of(request: &'a Request) -> Self {
        Self { request, recipient: None, exclusion: None }
    }

    /// To someone else, whom whoever asks hands it on to: never the patient, because what goes to a recipient is accounted for. The name
    /// and the address stand on the trail in clear.
    #[must_use]
    pub const fn to(self, recipient: &'a Recipient) -> Self {
        Self { recipient: Some(recipient), ..self }
    }

    /// Left out of an accounting for this reason, which the house vouches for: an authorization that it has on file, a use by its own
    /// workforce. Those that follow from the purpose of use, and what a patient reads of their own, are left out by themselves.
    #[must_use]
    pub const fn left_out(self, exclusion: Exclusion) -> Self {
        Self { exclusion: Some(exclusion), ..self }
    }

    /// The request.
    #[must_use]
    pub const fn request(&self) -> &'a Request {
        self.request
    }

    /// Says in an entry where it goes.
    pub(crate) fn tell(self, event: &mut Event) {
        let own = self.request.relationship.at(self.request.at) == Relationship::Patient && self.recipient.is_none();
        event.recipient = self.recipient.cloned();
        event.exclusion = self.exclusion.or(own.then_some(Exclusion::Individual));
    }
}

impl<'a> From<&'a Request> for Release<'a> {
    fn from(request: &'a Request) -> Self {
        Self::of(request)
    }
}

impl fmt::Debug for Release<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { request: _, recipient: _, exclusion } = self;
        f.debug_struct("Release").field("exclusion", exclusion).finish_non_exhaustive()
    }
}
