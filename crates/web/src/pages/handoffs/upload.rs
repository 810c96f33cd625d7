//! What comes with a form for a new deal: a pasted text, a file, or fields.

use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Form, FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use axum::response::Response;

use crate::Web;
use crate::body::{Arrived, arrive};
use crate::pages::failure;
use crate::pages::portfolio::paste::{MAX_DEAL, MAX_FORM, beginning};

/// A deal on its way in.
pub(crate) enum Upload {
    /// A pasted text.
    Text(String),
    /// A file, as it is.
    File(Vec<u8>),
    /// Fields of the form.
    Fields(Vec<(String, String)>),
    /// More than [`MAX_DEAL`]: the beginning of the text.
    TooLarge(String),
}

impl FromRequest<Web> for Upload {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let boundary = kind.filter(|kind| kind.starts_with("multipart/form-data")).map(|kind| {
            let boundary = kind.split_once("boundary=").map_or("", |(_, boundary)| boundary);
            boundary.trim_matches('"').to_owned()
        });
        let (parts, body) = request.into_parts();
        let Arrived { start, whole } = arrive(body, &parts.headers, MAX_FORM).await?;
        if let Some(boundary) = boundary {
            let mut body = start.to_vec();
            if !whole {
                // What was cut off is closed, so that its beginning can be read.
                body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
            }
            let mut request = Request::from_parts(parts, Body::from(body));
            DefaultBodyLimit::disable().apply(&mut request);
            return of_parts(request, whole, web).await;
        }
        let mut request = Request::from_parts(parts, Body::from(start));
        // What has arrived is limited already.
        DefaultBodyLimit::disable().apply(&mut request);
        let Form(fields) =
            Form::<Vec<(String, String)>>::from_request(request, web).await.map_err(|_| damaged())?;
        if !whole {
            return Ok(Self::TooLarge(String::new()));
        }
        match fields.iter().find(|(name, _)| name == "deal") {
            Some((_, text)) if text.len() > MAX_DEAL => Ok(Self::TooLarge(beginning(text))),
            Some((_, text)) => Ok(Self::Text(text.clone())),
            None => Ok(Self::Fields(fields)),
        }
    }
}

/// A form with a text and perhaps a file; the file counts when there is one.
async fn of_parts(request: Request, whole: bool, web: &Web) -> Result<Upload, Response> {
    let mut form = Multipart::from_request(request, web).await.map_err(|_| damaged())?;
    let (mut text, mut file) = (Vec::new(), Vec::new());
    let mut broken = false;
    while let Some(mut field) = form.next_field().await.unwrap_or_else(|_| {
        broken = true;
        None
    }) {
        let target = match field.name() {
            Some("deal") => &mut text,
            Some("file") => &mut file,
            _ => continue,
        };
        loop {
            match field.chunk().await {
                Ok(Some(chunk)) => target.extend_from_slice(&chunk),
                Ok(None) => break,
                Err(_) => {
                    broken = true;
                    break;
                }
            }
        }
    }
    let words = String::from_utf8_lossy(&text).into_owned();
    if !whole || text.len() > MAX_DEAL || file.len() > MAX_DEAL {
        return Ok(Upload::TooLarge(beginning(&words)));
    }
    if broken {
        return Err(damaged());
    }
    Ok(if file.is_empty() { Upload::Text(words) } else { Upload::File(file) })
}

fn damaged() -> Response {
    failure::page(
        StatusCode::UNPROCESSABLE_ENTITY,
        "This form could not be used",
        "It was damaged on its way. Go back and send it again.",
    )
}
