//! Working the plan: its tasks and milestones, each with a page, what changes do, and why dates moved.

pub(crate) mod change;
pub(super) mod fields;
pub(crate) mod ledger;
pub(crate) mod milestone;
pub(crate) mod recurring;
pub(crate) mod said;
mod sheet;
pub(crate) mod talk;
pub(crate) mod task;
pub(crate) mod template;
mod tie;

use gangway_app::AppError;
use gangway_domain::ids::OnboardingId;
use gangway_store::onboarding::head::Head;

use crate::pages::Tab;
use crate::pages::onboarding::top::Top;

/// What people call a state, and the tone of its tag.
pub(crate) fn task_state(word: &str) -> (&'static str, &'static str) {
    match word {
        "started" => ("Started", "go"),
        "blocked" => ("Blocked", "late"),
        "done" => ("Done", "done"),
        "skipped" => ("Skipped", "off"),
        _ => ("Open", ""),
    }
}

/// The three ways work is added to a plan.
fn adding(top: &Top, here: &str) -> Vec<Tab> {
    let ways = [
        ("A task", "/tasks/new"),
        ("A template", "/tasks/templates"),
        ("A task that repeats", "/series/new"),
    ];
    top.pages(&ways, here)
}

/// A part of a plan is shown at the address of its own onboarding only.
fn belongs(
    head: &Head,
    id: OnboardingId,
    what: &'static str,
    part: impl std::fmt::Display,
) -> Result<(), AppError> {
    if head.id == id { Ok(()) } else { Err(AppError::NotFound { what, id: part.to_string() }) }
}

/// The only places a form of ours leads back to.
fn safe(back: &str, otherwise: String) -> String {
    let ours = back == "/my-work" || back.starts_with("/onboardings/onb_");
    let plain = back.chars().all(|c| c.is_ascii_graphic() && c != '\\') && !back.contains("//");
    if ours && plain && back.len() < 500 { back.to_owned() } else { otherwise }
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn forms_lead_back_into_gangway_only() {
        let other = || "/onboardings/x/plan".to_owned();
        assert_eq!(safe("/my-work", other()), "/my-work");
        assert_eq!(
            safe("/onboardings/onb_1/plan?view=list&q=a", other()),
            "/onboardings/onb_1/plan?view=list&q=a"
        );
        for bad in [
            "//evil.example",
            "https://evil.example",
            "/onboardings/onb_1//evil",
            "/my-work?x",
            "/onboardings/onb_1\n",
        ] {
            assert_eq!(safe(bad, other()), other(), "{bad}");
        }
    }
}
