//! A deal pasted into the form, read from the body of a request.

use axum::body::Body;
use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Form, FromRequest, Request};
use axum::http::StatusCode;
use axum::response::Response;

use crate::body::{Arrived, arrive};
use crate::pages::failure;

/// Largest deal, bytes: as much as the reader takes.
pub(crate) const MAX_DEAL: usize = 10 * 1024 * 1024;

/// Largest form with a deal in it, bytes: a form writes most characters that are no letters as three.
pub(crate) const MAX_FORM: usize = 3 * MAX_DEAL + 64 * 1024;

/// Characters given back of a deal that was too large.
const START: usize = 16 * 1024;

/// What came of the form.
pub(crate) enum Pasted {
    /// The deal, as typed.
    Deal(String),
    /// More than [`MAX_DEAL`]: the beginning of the deal.
    TooLarge(String),
}

impl<S: Send + Sync> FromRequest<S> for Pasted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let Arrived { start, whole } = arrive(body, &parts.headers, MAX_FORM).await?;
        // The framework decides what a form is; it is given what has arrived, which is limited already.
        let mut form = Request::from_parts(parts, Body::from(start));
        DefaultBodyLimit::disable().apply(&mut form);
        let fields = Form::<Vec<(String, String)>>::from_request(form, state)
            .await
            .map_err(|rejection| no_form(&rejection))?;
        let mut deals = fields.0.into_iter().filter(|(name, _)| name == "deal").map(|(_, deal)| deal);
        match (deals.next(), deals.next()) {
            (Some(deal), None) if whole && deal.len() <= MAX_DEAL => Ok(Self::Deal(deal)),
            (Some(deal), None) if whole => Ok(Self::TooLarge(beginning(&deal))),
            (Some(deal), _) if !whole => Ok(Self::TooLarge(beginning(&deal))),
            (None, _) if !whole => Ok(Self::TooLarge(String::new())),
            (None, _) => Err(unusable("The form came without a deal: the field is called `deal`.")),
            (Some(_), _) => {
                Err(unusable("The form came with more than one deal: send one field called `deal`."))
            }
        }
    }
}

/// As much of a deal that was too large as is given back.
pub(crate) fn beginning(deal: &str) -> String {
    deal.chars().take(START).collect()
}

/// What to say about a deal beyond [`MAX_DEAL`].
pub(crate) fn too_large() -> String {
    "This is more than 10 MB, the most that is read; only its beginning was kept, below.\nPaste only what was agreed with \
     the customer, without attachments."
        .to_owned()
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
