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

use gangway_domain::programme::Side;

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
    [("A task", "/tasks/new"), ("A template", "/tasks/templates"), ("A task that repeats", "/series/new")]
        .map(|(label, end)| Tab { label, href: top.to(end), here: end == here })
        .into()
}

/// The word of a side.
fn side_word(side: Side) -> &'static str {
    match side {
        Side::Vendor => "vendor",
        Side::Customer => "customer",
        Side::Joint => "joint",
    }
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
