//! Parts of a request of a guest whose portal is open.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::response::Response;
use gangway_app::portal::Visit;
use serde::de::DeserializeOwned;

use super::Visitor;
use crate::Web;
use crate::extract::{Names, Values};
use crate::form::Fields;

/// A page a guest opens or a press without a form: who, and what the path names.
pub(crate) struct GuestHere<N = ()>(pub Web, pub Visit, pub N);

/// The same with what stands after `?`.
pub(crate) struct GuestAsked<N = ()>(pub Web, pub Visit, pub N, pub Values);

/// The same with the fields of a form.
pub(crate) struct GuestPosted<N = ()>(pub Web, pub Visit, pub N, pub Fields);

impl<N: DeserializeOwned + Send> FromRequestParts<Web> for GuestHere<N> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let Visitor(visit) = Visitor::from_request_parts(parts, web).await?;
        let Names(names) = Names::from_request_parts(parts, web).await?;
        Ok(Self(web.clone(), visit, names))
    }
}

impl<N: DeserializeOwned + Send> FromRequestParts<Web> for GuestAsked<N> {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Response> {
        let GuestHere(web, visit, names) = GuestHere::from_request_parts(parts, web).await?;
        let values = Values::from_request_parts(parts, &web).await?;
        Ok(Self(web, visit, names, values))
    }
}

impl<N: DeserializeOwned + Send> FromRequest<Web> for GuestPosted<N> {
    type Rejection = Response;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let GuestHere(web, visit, names) = GuestHere::from_request_parts(&mut parts, web).await?;
        let fields = Fields::from_request(Request::from_parts(parts, body), &web).await?;
        Ok(Self(web, visit, names, fields))
    }
}
