//! Whether a display is one that the code may be shown with.

use super::super::issue::Severity;
use super::super::message::{self, Shown};
use super::super::terms::Likely;
use super::{Asked, Found, Validation};

impl Validation<'_> {
    /// Checks the display of a coding, if it has one and the code is known by any text.
    pub(super) fn check_display(&mut self, asked: &Asked<'_>, found: &Found<'_>) {
        let Some(display) = asked.display.filter(|_| !found.terms.is_empty()) else { return };
        let likely = found.terms.find(display, self.options.languages(), None);
        if likely == Likely::Found {
            self.check_current(asked, found, display);
            return;
        }
        let languages = self.options.language_summary();
        let shown = Shown { display, system: asked.system, code: asked.code, languages: &languages };
        let issue = match self.count_displays(found) {
            0 => self.wrong_in_all_languages(shown, found),
            count => {
                let valid = found.terms.shown(self.options.languages());
                message::wrong_display(self.severity(), likely == Likely::Spaced, shown, count, &valid)
            }
        };
        self.report.tell(issue.at(asked.at("display")));
    }

    /// A display that is right may yet be outdated.
    fn check_current(&mut self, asked: &Asked<'_>, found: &Found<'_>, display: &str) {
        if found.terms.is_outdated(display, self.options.languages()) {
            let issue = message::outdated_display(display, asked.code, &found.terms.current_displays());
            self.report.note(issue.at(asked.at("display")));
        }
    }

    /// There is no text in the languages asked for, so the default language decides.
    fn wrong_in_all_languages(&self, shown: Shown<'_>, found: &Found<'_>) -> super::Issue {
        let Some(default) = found.terms.preferred(None) else { return message::no_display_known(shown) };
        let language = Some(found.language.unwrap_or("en"));
        match found.terms.find(shown.display, self.options.languages(), language) {
            Likely::Found => message::default_display_for_language(shown),
            _ => message::no_display_for_language(self.severity(), shown, &default.value),
        }
    }

    fn count_displays(&self, found: &Found<'_>) -> usize {
        match found.terms.count(self.options.languages(), true) {
            0 => found.terms.count(self.options.languages(), false),
            count => count,
        }
    }

    fn severity(&self) -> Severity {
        if self.options.lenient_display { Severity::Warning } else { Severity::Error }
    }
}
