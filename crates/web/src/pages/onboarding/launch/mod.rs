//! The go-live of one onboarding: readiness and decision, pilot, rollout with its messages, hypercare, rollback.

pub(crate) mod hypercare;
pub(crate) mod pilot;
pub(crate) mod readiness;
pub(crate) mod rollback;
pub(crate) mod rollout;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_domain::ids::LaunchId;
use jiff::civil::Date;

use super::top::Top;
use crate::form::Fields;
use crate::format::{capital, sentence};
use crate::pages::accounts::account::meanwhile;
use crate::pages::{Tab, Toast};

/// Its pages: what they are called, the end of their address.
const PAGES: &[(&str, &str)] = &[
    ("Readiness", "/go-live"),
    ("Pilot", "/go-live/pilot"),
    ("Rollout", "/go-live/rollout"),
    ("Hypercare", "/go-live/hypercare"),
    ("Rollback", "/go-live/rollback"),
    ("Transition", "/transition"),
    ("Closing", "/closing"),
];

/// The tab of the onboarding they all belong to.
pub(super) const HERE: &str = "/go-live";

/// The pages as tabs of their own.
pub(super) fn tabs(top: &Top, here: &str) -> Vec<Tab> {
    PAGES.iter().map(|&(label, end)| Tab { label, href: top.to(end), here: end == here }).collect()
}

/// What was typed into a form that came back, and why it did.
#[derive(Default)]
pub(super) struct Kept {
    deed: &'static str,
    fields: Fields,
    said: Option<String>,
}

impl Kept {
    /// A use case refused: what to say, with what was typed. What is no refusal goes on as it is.
    fn refused(deed: &'static str, fields: Fields, error: AppError) -> Result<(StatusCode, Self), AppError> {
        let all = match &error {
            AppError::Invalid(_) => Some(sentence(&capital(&error.to_string()))),
            _ => None,
        };
        let (status, wrong) = meanwhile(error)?;
        Ok((status, Self { deed, fields, said: all.or_else(|| wrong.summary()) }))
    }

    /// What was typed there; empty when another form came back, or none.
    pub(super) fn text(&self, deed: &str, name: &str) -> &str {
        if self.deed == deed { self.fields.text(name) } else { "" }
    }

    /// The same, or something else when nothing was typed.
    pub(super) fn text_or<'a>(&'a self, deed: &str, name: &str, other: &'a str) -> &'a str {
        if self.deed == deed { self.fields.text(name) } else { other }
    }

    /// What is wrong with this form.
    pub(super) fn wrong(&self, deed: &str) -> Option<String> {
        self.said.clone().filter(|_| self.deed == deed)
    }

    /// This form came back, so it is shown unfolded.
    pub(super) fn came_back(&self, deed: &str) -> bool {
        self.deed == deed && self.said.is_some()
    }
}

/// What an address names of a launch.
fn launch_id(what: &'static str, id: &str) -> Result<LaunchId, AppError> {
    id.parse().map_err(|_| AppError::NotFound { what, id: id.chars().take(60).collect() })
}

/// The version a form was made for.
fn version(fields: &Fields) -> i64 {
    fields.text("version").parse().unwrap_or(0)
}

/// A day somebody typed; none when it is none.
fn day(text: &str) -> Option<Date> {
    text.trim().parse().ok()
}

/// Back to a page, which says what was done.
fn back(onboarding: &str, end: &str, said: &str) -> Response {
    let end = end.trim_start_matches('/');
    let (path, place) =
        end.split_once('#').map_or((end, String::new()), |(path, place)| (path, format!("#{place}")));
    Redirect::to(&format!("/onboardings/{onboarding}/{path}?said={said}{place}")).into_response()
}

/// What was just done, in words.
fn toast(said: &str) -> Option<Toast> {
    Toast::of(match said {
        "saved" => "Saved.",
        "ticked" => "Noted. The readiness counts it from now on.",
        "approved" => "The approval is recorded.",
        "withdrawn" => "The approval is taken back.",
        "go" => "Decided: go. The waves may start.",
        "conditional" => "Decided: go, with conditions.",
        "no-go" => "Decided: no go. The reason stays with it.",
        "refused" => "Refused: the facts are against it. What speaks against it is recorded.",
        "met" => "The condition is met.",
        "planned" => "Planned.",
        "begun" => "The pilot has begun.",
        "judged" => "The verdict is recorded.",
        "noted" => "Noted.",
        "moved" => "The wave has moved.",
        "written" => "Written from the facts. Read it before it goes out.",
        "sent" => "Sent. It is on its way.",
        "raised" => "Reported. The clock runs.",
        "ended" => "Hypercare has ended.",
        "triggered" => "The trigger is raised: decide.",
        _ => "",
    })
}
