//! The kinds of written consent that a rule may ask for.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// A kind of written consent. Each stands for itself: one does not include another.
    ConsentKind {
        Privacy = "privacy", "a privacy consent (IHE PCF)";
        Part2 = "part-2", "a consent to use and disclosure of substance use disorder records (42 CFR 2.31)";
        Part2CounselingNotes = "part-2-counseling-notes", "a consent for substance use disorder counseling notes alone (42 CFR 2.31)";
        Authorization = "authorization", "an authorization (45 CFR 164.508(c))";
        PsychotherapyNotes = "psychotherapy-notes", "an authorization for psychotherapy notes alone (45 CFR 164.508(b)(3)(ii))";
    }
}

const _: () = assert!(ConsentKind::COUNT <= 8, "kinds of consent are bits of a byte");

impl ConsentKind {
    /// Its bit in a set of kinds.
    pub(crate) const fn bit(self) -> u8 {
        1 << self as u8
    }
}
