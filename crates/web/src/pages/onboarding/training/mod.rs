//! Training of one onboarding: tracks, schedule and effect; sessions; learners; the library; trainers.

pub(crate) mod learner;
pub(crate) mod learners;
pub(crate) mod library;
pub(crate) mod result;
pub(crate) mod schedule;
pub(crate) mod session;
pub(crate) mod trainers;

use std::str::FromStr;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use gangway_app::AppError;
use gangway_app::training::Training;
use gangway_domain::ids::{InvalidId, TrackId};
use gangway_domain::meeting::Status;

use super::top::Top;
use crate::pages::document::disposition;
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
    PAGES.map(|(label, end)| Tab { label, href: top.to(end), here: end == here }).into()
}

/// What a part of an address names.
fn read<T: FromStr<Err = InvalidId>>(what: &'static str, id: &str) -> Result<T, AppError> {
    id.parse().map_err(|_| AppError::NotFound { what, id: id.chars().take(60).collect() })
}

fn choice(value: &str, label: &str, chosen: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), chosen: value == chosen }
}

/// The tracks to choose from; first none of them, called so.
fn track_choices(training: &Training, none: &str, chosen: &str) -> Vec<Choice> {
    let tracks = training.tracks.iter().map(|track| choice(&track.id.to_string(), &track.name, chosen));
    std::iter::once(choice("", none, chosen)).chain(tracks).collect()
}

/// The tracks somebody ticked.
fn ticked(fields: &crate::form::Fields) -> Vec<TrackId> {
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

/// A calendar to be saved.
fn calendar(name: &str, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition(name, false)),
    ];
    (headers, text).into_response()
}

/// A file to be saved: nothing of it is shown here, whatever it says it is.
fn to_save(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = Body::from(bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(value) = HeaderValue::from_str(&disposition(name, false)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}
