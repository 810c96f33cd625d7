//! What went wrong, by RFC 9457: `application/problem+json` with a stable `code`.

use std::any::Any;

use axum::extract::OriginalUri;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use gangway_app::{AppError, panic_message};
use gangway_domain::permission::Action;
use gangway_store::StoreError;
use serde::Serialize;
use utoipa::ToSchema;

/// A problem on its way out; the address and the id of the request are added by [`crate::around`].
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub status: StatusCode,
    pub code: &'static str,
    pub detail: String,
    pub errors: Vec<FieldError>,
    pub retry_after: Option<u64>,
}

/// What most handlers give back.
pub(crate) type Answer = Result<Response, Problem>;

/// What is wrong with one field of what was sent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct FieldError {
    /// The field, e.g. `segment.reason`; empty for the whole.
    #[schema(example = "country")]
    pub field: String,
    /// What is wrong with it, as the rest of the sentence that begins with the field.
    #[schema(example = "is not a two-letter country code such as DE")]
    pub message: String,
}

/// The body of a problem.
#[derive(Debug, Serialize, ToSchema)]
#[schema(
    as = Problem,
    example = json!({
        "type": "urn:gangway:problem:invalid", "title": "Unprocessable Entity", "status": 422,
        "code": "invalid", "detail": "country is not a two-letter country code such as DE",
        "instance": "/api/v1/accounts/acc_01900000000070008000000000000001",
        "request_id": "0190000000007000800000000000000a",
        "errors": [{ "field": "country", "message": "is not a two-letter country code such as DE" }]
    })
)]
pub(crate) struct Body {
    /// A name of this kind of problem; `code` again.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// A stable name for programs.
    pub code: String,
    /// What went wrong and what to do, for people.
    pub detail: String,
    /// The address that was asked.
    pub instance: String,
    /// The request in the log: give it to whoever runs Gangway.
    pub request_id: String,
    /// What is wrong field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldError>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), errors: Vec::new(), retry_after: None }
    }

    /// One field cannot be used.
    pub(crate) fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        let (field, message) = (field.into(), message.into());
        let detail = if field.is_empty() { message.clone() } else { format!("{field} {message}") };
        let errors = vec![FieldError { field, message }];
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail) }
    }

    /// There is no such thing: an id of another kind is as unknown as one that never was.
    pub(crate) fn missing(what: &'static str, id: &str) -> Self {
        let id = id.chars().take(60).collect();
        AppError::NotFound { what, id }.into()
    }

    /// The token or the role of its owner does not reach that far.
    pub(crate) fn forbidden(action: Action) -> Self {
        let detail = format!(
            "this token may not {}: it needs the scope `{}`, and its owner a role that may",
            action.words(),
            action.scope()
        );
        Self::new(StatusCode::FORBIDDEN, "forbidden", detail)
    }

    /// Nobody is known to ask.
    pub(crate) fn unknown_caller(code: &'static str, detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, code, detail)
    }

    fn internal() -> Self {
        let detail = "the fault is ours, and it is in the log under the request id; nothing is half-saved";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail)
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        use StatusCode as S;
        let status = match &error {
            AppError::NotFound { .. } => S::NOT_FOUND,
            AppError::Forbidden(action) => return Self::forbidden(*action),
            AppError::Invalid(_) | AppError::Refused(_) | AppError::Build(_) => S::UNPROCESSABLE_ENTITY,
            AppError::Cursor(_) => S::BAD_REQUEST,
            AppError::Stale { .. } | AppError::RoleChanged { .. } => S::PRECONDITION_FAILED,
            AppError::Transition(_)
            | AppError::Refusal(_)
            | AppError::Barred(_)
            | AppError::Overtaken
            | AppError::Overlap(_)
            | AppError::HandedOn
            | AppError::LastAdmin
            | AppError::AlreadySetUp => S::CONFLICT,
            AppError::WrongPassword => S::UNAUTHORIZED,
            AppError::NoWorkspace | AppError::SignIn(_) | AppError::NotForGuest => S::FORBIDDEN,
            AppError::LinkEnded => S::GONE,
            AppError::TooMany { .. } => S::TOO_MANY_REQUESTS,
            AppError::Elsewhere { .. } => S::BAD_GATEWAY,
            AppError::Store(StoreError::Full) => {
                tracing::error!("there is no room left on the disk for what was to be saved");
                S::INSUFFICIENT_STORAGE
            }
            AppError::Render(_) | AppError::Store(_) | AppError::Crashed => {
                tracing::error!(code = error.code(), %error, "request failed");
                return Self { code: error.code(), ..Self::internal() };
            }
        };
        let mut problem = Self::new(status, error.code(), error.to_string());
        if let AppError::Invalid(list) = &error {
            let field = |problem: &gangway_app::Problem| FieldError {
                field: problem.field.to_owned(),
                message: problem.message.clone(),
            };
            problem.errors = list.iter().map(field).collect();
        }
        if let AppError::TooMany { retry_after } = &error {
            problem.retry_after = Some(retry_after.as_secs().max(1));
        }
        problem
    }
}

impl IntoResponse for Problem {
    /// Without a body: [`crate::around::finish`] writes it, knowing the request.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer realm=\"Gangway\"");
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Nothing answers there.
pub(crate) async fn no_such_address(OriginalUri(uri): OriginalUri) -> Problem {
    let detail = format!("nothing answers at {}; /api/docs/ lists what does", uri.path());
    Problem::new(StatusCode::NOT_FOUND, "no_such_address", detail)
}

/// The address exists, but not for this method. The router adds `Allow`.
pub(crate) async fn wrong_method(method: Method, OriginalUri(uri): OriginalUri) -> Response {
    if method == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    let detail = format!("{} does not take {method}; Allow says what it takes", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).into_response()
}

/// A handler crashed; what it said is for the log.
pub(crate) fn crashed(reason: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!(reason = panic_message(&*reason), "a handler crashed");
    Problem::internal().into_response()
}
