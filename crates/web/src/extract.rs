//! Parts of a request, with our own page when they cannot be read.

use std::str::FromStr;

use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use gangway_app::AppError;
use gangway_app::identity::Session;
use serde::de::DeserializeOwned;

use crate::Web;
use crate::form::Fields;
use crate::pages::failure::{self, Failure};
use crate::session::Signed;

/// What a page of the team answers.
pub(crate) type Answer = Result<Response, Failure>;

/// A page somebody of the team opens or a press without a form: who, and what the path names.
pub(crate) struct Here<N = ()>(pub Web, pub Session, pub N);

/// The same with what stands after `?`.
pub(crate) struct Asked<N = ()>(pub Web, pub Session, pub N, pub Values);

/// The same with the fields of a form.
pub(crate) struct Posted<N = ()>(pub Web, pub Session, pub N, pub Fields);

impl<N: DeserializeOwned + Send> FromRequestParts<Web> for Here<N> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let Signed(session) = Signed::from_request_parts(parts, web).await?;
        let Names(names) = Names::from_request_parts(parts, web).await?;
        Ok(Self(web.clone(), session, names))
    }
}

impl<N: DeserializeOwned + Send> FromRequestParts<Web> for Asked<N> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let Here(web, session, names) = Here::from_request_parts(parts, web).await?;
        let values = Values::from_request_parts(parts, &web).await?;
        Ok(Self(web, session, names, values))
    }
}

impl<N: DeserializeOwned + Send> FromRequest<Web> for Posted<N> {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let Here(web, session, names) = Here::from_request_parts(&mut parts, web).await?;
        let fields = Fields::from_request(Request::from_parts(parts, body), &web).await?;
        Ok(Self(web, session, names, fields))
    }
}

/// What stands after `?`, without control characters: nobody types them, and PostgreSQL refuses
/// NUL in a text.
pub(crate) struct Values(Vec<(String, String)>);

impl Values {
    /// Of an address that is not that of the request; none when it cannot be read.
    pub(crate) fn of(uri: &Uri) -> Option<Self> {
        let Query(values) = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
        Some(Self::visible(values))
    }

    fn visible(values: Vec<(String, String)>) -> Self {
        let visible = |value: String| value.chars().filter(|c| !c.is_control()).collect();
        Self(values.into_iter().map(|(name, value)| (name, visible(value))).collect())
    }

    /// The value of this name, the first when there are more; empty without one.
    pub(crate) fn text(&self, name: &str) -> String {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// The name is there, with a value or without.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(known, _)| known == name)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Values {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let Query(values) = Query::<Vec<(String, String)>>::from_request_parts(parts, state)
            .await
            .map_err(|_| unreadable_address())?;
        Ok(Self::visible(values))
    }
}

/// What the path names.
pub(crate) struct Names<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Names<T> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(names)) => Ok(Self(names)),
            Err(_) => Err(unreadable_address()),
        }
    }
}

/// The id of such a thing, as an address or a form names it. What cannot be an id names nothing that is here; of a long
/// text the beginning is said back.
pub(crate) fn named<T: FromStr>(what: &'static str, text: &str) -> Result<T, AppError> {
    text.parse().map_err(|_| AppError::NotFound { what, id: text.chars().take(60).collect() })
}

fn unreadable_address() -> Response {
    failure::page(
        StatusCode::BAD_REQUEST,
        "This address cannot be read",
        "A part of it is not text. It may have been cut or changed on its way: find the page from the list.",
    )
}
