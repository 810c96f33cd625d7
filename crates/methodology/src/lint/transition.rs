//! What happens after an onboarding: texts with placeholders that exist, steps inside the first 90 days.

use gangway_domain::methodology::IntroductionMail;
use gangway_domain::portal::Language;

use super::File;
use crate::diagnostic::Diagnostic;
use crate::load::Parsed;

/// What the mail to the customer may name.
const MAIL: &[(&str, &str)] =
    &[("customer", ""), ("contact", ""), ("product", ""), ("csm", ""), ("sender", ""), ("vendor", "")];

/// What a step may name.
const STEP: &[(&str, &str)] = &[("product", ""), ("use_case", "")];

/// The last day of what is planned at the handover.
const LAST_DAY: u32 = 90;

pub(crate) fn lint(parsed: &Parsed<'_>, out: &mut Vec<Diagnostic>) {
    let (Some(source), Some(found)) = (parsed.sources.get("transition.toml"), &parsed.transition) else {
        return;
    };
    let file = &mut File { source, out };
    introduction(file, "introduction", &found.introduction);
    for (language, mail) in &found.languages {
        let at = format!("introduction_in.{language}");
        introduction(file, &at, mail);
        if language.parse::<Language>().is_err() {
            file.error(
                &at,
                format!("portals do not speak `{language}`"),
                "name the language by its word: de",
            );
        }
    }
    if found.meeting.agenda.is_empty() {
        file.error("meeting.agenda", "the meeting has no agenda", "write what is spoken of, with minutes");
    }
    for (i, step) in found.steps.iter().enumerate() {
        let at = |key: &str| format!("step.{i}.{key}");
        if !(1..=LAST_DAY).contains(&step.day) {
            file.error(
                &at("day"),
                format!("day {} is none of the first 90", step.day),
                "count calendar days from the handover, 1 to 90",
            );
        }
        file.placeholders(&at("text"), &step.text, STEP);
    }
    if !found.steps.is_sorted_by_key(|step| step.day) {
        file.warning("step", "the steps are not in order of their days", "order them by `day`");
    }
}

/// The mail in which the customer is told, in one language.
fn introduction(file: &mut File<'_, '_>, at: &str, mail: &IntroductionMail) {
    for (key, text) in [("subject", &mail.subject), ("text", &mail.text)] {
        let at = format!("{at}.{key}");
        if text.trim().is_empty() {
            file.error(&at, "the customer would get an empty mail", "say who looks after them from now on");
        }
        file.placeholders(&at, text, MAIL);
    }
    if mail.subject.contains('\n') {
        file.error(&format!("{at}.subject"), "a subject is one line", "move the rest into the text");
    }
}
