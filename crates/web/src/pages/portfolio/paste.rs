//! A deal pasted into the form, read from the body of a request.

use axum::body::{Body, Bytes};
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use http_body_util::BodyExt;

use crate::pages::failure;

/// Largest form, bytes. A deal is some pages of text; exports beyond that go through the command line.
const MAX_FORM: usize = 1024 * 1024;

/// How much more is taken in and thrown away. A browser shows our answer only after it has sent
/// everything: closing the connection early shows it as broken instead.
const MAX_DISCARDED: usize = 16 * 1024 * 1024;

/// Characters given back of a deal that was too large.
const START: usize = 16 * 1024;

/// What came of the form.
pub(crate) enum Pasted {
    /// The deal, as typed.
    Deal(String),
    /// More than [`MAX_FORM`]: the beginning of the deal.
    TooLarge(String),
}

impl<S: Send + Sync> FromRequest<S> for Pasted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let Arrived { start, whole } = arrive(body, &parts.headers).await?;
        // The framework decides what a form is; it is given what has arrived.
        let form = Request::from_parts(parts, Body::from(start));
        let fields = Form::<Vec<(String, String)>>::from_request(form, state)
            .await
            .map_err(|rejection| no_form(&rejection))?;
        let mut deals = fields.0.into_iter().filter(|(name, _)| name == "deal").map(|(_, deal)| deal);
        match (deals.next(), deals.next()) {
            (Some(deal), None) if whole => Ok(Self::Deal(deal)),
            (Some(deal), _) if !whole => Ok(Self::TooLarge(deal.chars().take(START).collect())),
            (None, _) if !whole => Ok(Self::TooLarge(String::new())),
            (None, _) => Err(unusable("The form came without a deal: the field is called `deal`.")),
            (Some(_), _) => {
                Err(unusable("The form came with more than one deal: send one field called `deal`."))
            }
        }
    }
}

/// What to say about a deal beyond [`MAX_FORM`].
pub(crate) fn too_large() -> String {
    "This is more than 1 MB, the most this form takes; only its beginning was kept, below.\nPaste only what was agreed \
     with the customer, or give the whole file to the command line: gangway plan FILE"
        .to_owned()
}

/// The beginning of a body, and whether it is all of it.
pub(crate) struct Arrived {
    /// At most [`MAX_FORM`] bytes.
    pub(crate) start: Bytes,
    /// Nothing was left out.
    pub(crate) whole: bool,
}

/// Takes a body in, at most [`MAX_FORM`] bytes of it.
pub(crate) async fn arrive(mut body: Body, headers: &HeaderMap) -> Result<Arrived, Response> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: usize| length > MAX_FORM + MAX_DISCARDED) {
        return Ok(Arrived { start: Bytes::new(), whole: false });
    }
    let mut start = Vec::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| incomplete())?.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        start.extend(data.iter().take(MAX_FORM - start.len()));
        if seen > MAX_FORM + MAX_DISCARDED {
            break;
        }
    }
    Ok(Arrived { whole: seen <= MAX_FORM, start: start.into() })
}

fn incomplete() -> Response {
    failure::page(
        StatusCode::REQUEST_TIMEOUT,
        "The deal did not arrive",
        "The connection was too slow or broke off before the whole text was here. Nothing was saved: go back and send \
         it again.",
    )
}

fn no_form(rejection: &FormRejection) -> Response {
    match rejection {
        FormRejection::InvalidFormContentType(_) => failure::page(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "This is not a form",
            "Deals are taken from the form on the list of onboardings, as application/x-www-form-urlencoded with one \
             field called `deal`. Files go through the command line: gangway plan FILE",
        ),
        _ => unusable("The form could not be read: it was damaged on its way. Go back and send it again."),
    }
}

fn unusable(advice: &str) -> Response {
    failure::page(StatusCode::UNPROCESSABLE_ENTITY, "This form could not be used", advice)
}
