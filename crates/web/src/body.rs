//! Bodies of requests, taken in up to a size.

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use http_body_util::BodyExt;

use crate::pages::failure;

/// How much more is taken in and thrown away. A browser shows our answer only after it has sent
/// everything: closing the connection early shows it as broken instead.
const MAX_DISCARDED: usize = 16 * 1024 * 1024;

/// The beginning of a body, and whether it is all of it.
pub(crate) struct Arrived {
    /// As much as was wanted.
    pub(crate) start: Bytes,
    /// Nothing was left out.
    pub(crate) whole: bool,
}

/// Takes a body in, at most so many bytes of it.
pub(crate) async fn arrive(mut body: Body, headers: &HeaderMap, most: usize) -> Result<Arrived, Response> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > most.saturating_add(MAX_DISCARDED)) {
        return Ok(Arrived { start: Bytes::new(), whole: false });
    }
    let mut start = Vec::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| incomplete())?.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        let room = most.saturating_sub(start.len());
        start.extend_from_slice(data.get(..room).unwrap_or(&data));
        if seen > most.saturating_add(MAX_DISCARDED) {
            break;
        }
    }
    Ok(Arrived { whole: seen <= most, start: start.into() })
}

fn incomplete() -> Response {
    failure::page(
        StatusCode::REQUEST_TIMEOUT,
        "The form did not arrive",
        "The connection was too slow or broke off before everything was here. Nothing was saved: go back and send it \
         again.",
    )
}
