//! The resources: what goes in, what comes out, the handlers.

pub(crate) mod account;
pub(crate) mod activity;
pub(crate) mod change_request;
pub(crate) mod contact;
pub(crate) mod crm;
pub(crate) mod deal;
pub(crate) mod digest;
pub(crate) mod document;
pub(crate) mod escalation;
pub(crate) mod export;
pub(crate) mod forecast;
pub(crate) mod form;
pub(crate) mod handoff;
pub(crate) mod health;
pub(crate) mod hook;
pub(crate) mod improvement;
pub(crate) mod intake;
pub(crate) mod intervention;
pub(crate) mod invitation;
pub(crate) mod launch;
pub(crate) mod lesson;
pub(crate) mod mail;
pub(crate) mod meeting;
pub(crate) mod member;
pub(crate) mod merge;
pub(crate) mod onboarding;
pub(crate) mod outcome;
pub(crate) mod people;
pub(crate) mod playbook;
pub(crate) mod portal;
pub(crate) mod profile;
pub(crate) mod programme;
pub(crate) mod register;
pub(crate) mod report;
pub(crate) mod review;
pub(crate) mod search;
pub(crate) mod signal;
pub(crate) mod standing;
pub(crate) mod survey;
pub(crate) mod token;
pub(crate) mod told;
pub(crate) mod training;
pub(crate) mod transition;
pub(crate) mod usage;
pub(crate) mod view;
pub(crate) mod webhook;
pub(crate) mod work;
pub(crate) mod workload;
pub(crate) mod workspace;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use gangway_domain::programme::Side;
use gangway_store::Timestamp;

use crate::problem::Problem;

/// An instant as callers read it.
fn instant(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::try_from(at).unwrap_or(jiff::Timestamp::MAX)
}

/// Whose something is, by the word in a body.
fn side(word: &str) -> Result<Side, Problem> {
    Side::read(word).ok_or_else(|| Problem::field("side", "must be vendor, customer or joint"))
}

/// An iCalendar file.
fn icalendar(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/calendar; charset=utf-8")], text).into_response()
}

/// A file to be kept: nothing opens it by itself.
fn to_save(name: &str, media_type: &'static str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    let is_plain = |c: char| (c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '/')) || c == ' ';
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}
