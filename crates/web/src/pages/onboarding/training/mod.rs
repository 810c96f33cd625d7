//! Training of one onboarding: tracks, schedule and effect; sessions; learners; the library; trainers.

pub(crate) mod learner;
pub(crate) mod learners;
pub(crate) mod library;
pub(crate) mod result;
pub(crate) mod schedule;
pub(crate) mod session;
pub(crate) mod trainers;

use axum::http::StatusCode;
use gangway_app::AppError;
use gangway_app::training::Training;
use gangway_domain::ids::TrackId;
use gangway_domain::meeting::Status;

use super::top::Top;
use crate::form::{Fields, Wrong, meanwhile};
use crate::pages::{Choice, Tab};

/// Its pages: what they are called, the end of their address.
const PAGES: [(&str, &str); 4] = [
    ("Schedule", "/training"),
    ("Learners", "/training/learners"),
    ("Trainers", "/training/trainers"),
    ("Library", "/training/library"),
];

/// The tab of the onboarding they all belong to.
const HERE: &str = "/training";

/// The pages as tabs of their own.
fn tabs(top: &Top, here: &str) -> Vec<Tab> {
    top.pages(&PAGES, here)
}

/// The tracks to choose from; first none of them, called so.
fn track_choices(training: &Training, none: &str, chosen: &str) -> Vec<Choice> {
    let tracks = training.tracks.iter().map(|track| Choice::of(track.id.to_string(), &track.name, chosen));
    std::iter::once(Choice::of("", none, chosen)).chain(tracks).collect()
}

/// The tracks somebody ticked.
fn ticked(fields: &Fields) -> Vec<TrackId> {
    fields.all("tracks").filter_map(|text| text.parse().ok()).collect()
}

/// What a state is called, and how a tag shows it.
fn status(status: &Status) -> (&'static str, &'static str) {
    match status {
        Status::Planned => ("Planned", "soon"),
        Status::Held => ("Held", "done"),
        Status::Cancelled { .. } => ("Cancelled", "off"),
        Status::NoShow { .. } => ("Nobody came", "late"),
    }
}

/// What was wrong with something whose fields are not on the page by themselves: all of it in one sentence.
fn in_a_sentence(error: AppError) -> Result<(StatusCode, Wrong), AppError> {
    let said = match &error {
        AppError::Invalid(problems) => Some(problems.iter().map(ToString::to_string).collect::<Vec<_>>()),
        _ => None,
    };
    let (status, wrong) = meanwhile(error)?;
    let whole = |said: Vec<String>| Wrong::whole(format!("Nothing was saved: {}.", said.join("; ")));
    Ok((status, said.map_or(wrong, whole)))
}
