//! Handoffs: deals taken over, what was read from them, and the way to their onboardings.

pub(crate) mod change;
mod facts;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod pick;
pub(crate) mod plan;
pub(crate) mod review;
pub(crate) mod upload;
mod view;

use gangway_app::AppError;
use gangway_domain::ids::HandoffId;
use gangway_store::review::State;

use crate::extract::named;

/// The id in an address.
fn handoff_id(id: &str) -> Result<HandoffId, AppError> {
    named("handoff", id)
}

/// A state as people call it, and its tag's class.
fn state_words(state: State) -> (&'static str, &'static str) {
    match state {
        State::Review => ("Needs review", "soon"),
        State::Confirmed => ("Confirmed", "go"),
        State::Made => ("Onboarding made", "done"),
    }
}

/// The way a deal came, as people call it.
fn door_words(door: &str) -> &'static str {
    match door {
        "web" => "in the browser",
        "cli" => "on the command line",
        "api" => "over the API",
        "webhook" => "from the CRM",
        "demo" => "as demo data",
        _ => "",
    }
}

/// The form a deal was read as, as people call it.
pub(crate) fn format_words(format: &str) -> &'static str {
    match format {
        "summary" => "text",
        "key-value" => "key-value text",
        "markdown" => "Markdown",
        "json" => "JSON",
        "toml" => "TOML",
        "yaml" => "YAML",
        "hubspot" => "a HubSpot deal",
        "salesforce" => "a Salesforce opportunity",
        _ => "a deal",
    }
}
