//! One onboarding, in tabs with addresses of their own.

pub(crate) mod activity;
pub(crate) mod colour;
pub(crate) mod documents;
pub(crate) mod ending;
mod evidence;
pub(crate) mod feedback;
mod forecast;
pub(crate) mod governance;
pub(crate) mod handoff;
pub(crate) mod health;
pub(crate) mod impact;
pub(crate) mod launch;
pub(crate) mod overview;
pub(crate) mod owner;
pub(crate) mod people;
pub(crate) mod plan;
pub(crate) mod portal;
pub(crate) mod programme;
pub(crate) mod scorecard;
pub(crate) mod state;
mod top;
pub(crate) mod training;
pub(crate) mod usage;
pub(crate) mod wording;
pub(crate) mod work;

use gangway_app::AppError;
use gangway_domain::ids::OnboardingId;

use crate::extract::named;

/// In the address after a deal was pasted that was known already.
pub(crate) const KNOWN: &str = "known";

/// The onboarding an address names.
fn read_id(id: String) -> Result<OnboardingId, AppError> {
    named("onboarding", &id)
}

/// How a tag shows the state of an onboarding, by its word.
pub(crate) fn tone(state: &str) -> &'static str {
    match state {
        "running" => "go",
        "completed" => "done",
        "closed" => "off",
        _ => "soon",
    }
}
