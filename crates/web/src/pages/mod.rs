//! The pages.

pub(crate) mod document;
pub(crate) mod failure;
pub(crate) mod onboarding;
pub(crate) mod portfolio;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};

use crate::assets;

/// What the frame around every page needs.
pub(crate) struct Frame {
    /// Title in the browser's tab.
    pub title: String,
    /// Address of the style sheet.
    pub style: &'static str,
}

impl Frame {
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), style: assets::style_path() }
    }
}

/// A page from its template.
pub(crate) fn render(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "a template failed");
            (StatusCode::INTERNAL_SERVER_ERROR, "This page could not be made.").into_response()
        }
    }
}
