//! Lists as files: the end of the address says which kind, and what it asks for is what the list is asked for.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use gangway_app::export::{Export, Format};

use crate::pages::document::to_save;

/// The kind of file an address names: a workbook where it ends with `.xlsx`, else comma-separated values.
pub(crate) struct Kind(pub Format);

impl<S: Send + Sync> FromRequestParts<S> for Kind {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let is_workbook = parts.uri.path().ends_with(".xlsx");
        Ok(Self(if is_workbook { Format::Xlsx } else { Format::Csv }))
    }
}

/// A file to be saved.
pub(crate) fn file(made: Export) -> Response {
    to_save(&made.name, made.media_type, made.bytes)
}
