//! What callers send: JSON without unknown fields, queries, ids in paths, deals in any form.

use std::fmt::Display;
use std::str::FromStr;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use gangway_domain::ids::InvalidId;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::LARGEST_BODY;
use crate::page::bad_query;
use crate::problem::Problem;

/// JSON of this form.
pub(crate) struct JsonOf<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonOf<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if media_type(request.headers()) != "application/json" {
            let detail = "send JSON, and say so: `Content-Type: application/json`";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|error| unread(&error))?;
        read(&bytes).map(Self)
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let value: Json = serde_json::from_slice(bytes).map_err(|error| {
        Problem::new(StatusCode::BAD_REQUEST, "json_invalid", format!("this is not JSON: {error}"))
    })?;
    if let Some(field) = with_nul(&value, String::new()) {
        return Err(Problem::field(field, "has a NUL character, which cannot be kept"));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { String::new() } else { path };
        Problem::field(field, format!("cannot be used: {}", error.inner()))
    })
}

/// Where in a value a text has a NUL, which PostgreSQL cannot keep.
fn with_nul(value: &Json, at: String) -> Option<String> {
    match value {
        Json::String(text) => text.contains('\0').then_some(at),
        Json::Array(list) => {
            list.iter().enumerate().find_map(|(index, item)| with_nul(item, format!("{at}[{index}]")))
        }
        Json::Object(map) => map.iter().find_map(|(name, item)| {
            let at = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
            if name.contains('\0') { Some(at.replace('\0', "")) } else { with_nul(item, at) }
        }),
        _ => None,
    }
}

/// The media type, lower case, without parameters; empty without one.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// A body that did not arrive.
pub(crate) fn unread(error: &BytesRejection) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => too_large(),
        _ => {
            let detail = "the body did not arrive whole; send it again";
            Problem::new(StatusCode::BAD_REQUEST, "body_incomplete", detail)
        }
    }
}

/// A body larger than any use needs.
pub(crate) fn too_large() -> Problem {
    let detail =
        format!("the body may have {LARGEST_BODY} bytes at most: send only the deal, not its attachments");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
}

/// What stands after `?`, without unknown names.
pub(crate) struct QueryOf<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for QueryOf<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        query(&parts.uri).map(Self)
    }
}

/// What stands after `?` of an address, without unknown names.
pub(crate) fn query<T: DeserializeOwned>(uri: &Uri) -> Result<T, Problem> {
    let query = axum::extract::Query::<T>::try_from_uri(uri).map_err(|error| {
        let text = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        bad_query("", format!("the query cannot be used: {text}"))
    })?;
    if uri.query().is_some_and(|query| query.contains("%00") || query.contains('\0')) {
        return Err(bad_query("", "the query has a NUL character".to_owned()));
    }
    Ok(query.0)
}

/// What a field of a body names: an id, or a word.
pub(crate) fn usable<T: FromStr<Err: Display>>(field: &str, text: &str) -> Result<T, Problem> {
    text.parse::<T>().map_err(|error| Problem::field(field, format!("is not usable: {error}")))
}

/// The same where it may be left out.
pub(crate) fn optional<T: FromStr<Err: Display>>(
    field: &str,
    text: Option<&str>,
) -> Result<Option<T>, Problem> {
    text.map(|text| usable(field, text)).transpose()
}

/// The same of several.
pub(crate) fn several<T: FromStr<Err: Display>>(field: &str, texts: &[String]) -> Result<Vec<T>, Problem> {
    texts.iter().map(|text| usable(field, text)).collect()
}

/// A word in a body whose kind says itself which words it has.
pub(crate) fn word<T: FromStr<Err: Display>>(field: &str, text: &str) -> Result<T, Problem> {
    text.parse::<T>().map_err(|error| Problem::field(field, error.to_string()))
}

/// Such a word where it may be left out.
pub(crate) fn optional_word<T: FromStr<Err: Display>>(
    field: &str,
    text: Option<&str>,
) -> Result<Option<T>, Problem> {
    text.map(|text| word(field, text)).transpose()
}

/// The parts of a path that vary, in order.
pub(crate) struct Names(Vec<String>);

impl Names {
    /// The first as an id; one of another kind names nothing.
    pub(crate) fn id<T: FromStr<Err = InvalidId>>(&self, what: &'static str) -> Result<T, Problem> {
        self.read(0, what)
    }

    /// The second as an id or a number; what cannot be one names nothing.
    pub(crate) fn second<T: FromStr>(&self, what: &'static str) -> Result<T, Problem> {
        self.read(1, what)
    }

    fn read<T: FromStr>(&self, index: usize, what: &'static str) -> Result<T, Problem> {
        let text = self.text(index);
        text.parse().map_err(|_| Problem::missing(what, text))
    }

    /// One of them.
    pub(crate) fn text(&self, index: usize) -> &str {
        self.0.get(index).map_or("", String::as_str)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Names {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let unreadable = || {
            let detail = "a part of the address is not text";
            Problem::new(StatusCode::BAD_REQUEST, "address_invalid", detail)
        };
        let names = RawPathParams::from_request_parts(parts, state).await.map_err(|_| unreadable())?;
        let names: Vec<String> = names.iter().map(|(_, value)| value.to_owned()).collect();
        if names.iter().any(|name| name.contains('\0')) {
            return Err(unreadable());
        }
        Ok(Self(names))
    }
}
