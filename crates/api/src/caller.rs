//! Who asks: a bearer token, and nothing else. Cookies mean nothing here, so no page of another site
//! can ask on somebody's behalf.

use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gangway_app::Actor;
use gangway_app::identity::{Secret, authenticate_token};
use gangway_domain::ids::TokenId;
use serde::de::DeserializeOwned;

use crate::Api;
use crate::input::{JsonOf, Names};
use crate::problem::Problem;

/// Who asks.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    /// With which token.
    pub token: TokenId,
    /// As whom, and how far that reaches.
    pub actor: Actor,
}

/// Lets pass who has a token that works. What a method is for anybody may ask.
pub(crate) async fn authenticate(State(api): State<Api>, mut request: Request, next: Next) -> Response {
    if *request.method() == Method::OPTIONS {
        return next.run(request).await;
    }
    let Some(token) = bearer(request.headers()) else {
        let detail =
            "send a token: `Authorization: Bearer gangway_…`; people make theirs under Settings → API tokens";
        return Problem::unknown_caller("token_missing", detail).into_response();
    };
    match authenticate_token(&api.app, &token).await {
        Ok(Some((token, actor))) => {
            request.extensions_mut().insert(Caller { token, actor });
            next.run(request).await
        }
        Ok(None) => {
            let detail = "this token is unknown, or has ended; make a new one under Settings → API tokens";
            Problem::unknown_caller("token_invalid", detail).into_response()
        }
        Err(error) => Problem::from(error).into_response(),
    }
}

fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Secret::from_holder(token.trim()))
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| Problem::unknown_caller("token_missing", "send a token"))
    }
}

/// Who asks, and what the address names.
pub(crate) struct Here(pub Api, pub Caller, pub Names);

impl FromRequestParts<Api> for Here {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, api).await?;
        let names = Names::from_request_parts(parts, api).await?;
        Ok(Self(api.clone(), caller, names))
    }
}

/// Who asks, what the address names, and what was sent: JSON of this form.
pub(crate) struct Sent<T>(pub Api, pub Caller, pub Names, pub T);

impl<T: DeserializeOwned> FromRequest<Api> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, api: &Api) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let Here(api, caller, names) = Here::from_request_parts(&mut parts, api).await?;
        let JsonOf(sent) = JsonOf::<T>::from_request(Request::from_parts(parts, body), &api).await?;
        Ok(Self(api, caller, names, sent))
    }
}
