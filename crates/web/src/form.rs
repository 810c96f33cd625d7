//! Forms: what was sent, kept for showing it again, with what was wrong at each field.

use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Form, FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::Response;
use gangway_app::{AppError, Problem};
use jiff::civil::Date;

use crate::Web;
use crate::body::{Arrived, arrive};
use crate::extract::Answer;
use crate::format::sentence;
use crate::pages::failure;
use crate::session::safe_path;

/// Largest form, bytes; forms with a deal in them take more.
const MAX_FORM: usize = 2 * 1024 * 1024;

/// The fields of a form, without control characters but line breaks: nobody types them, and
/// PostgreSQL refuses NUL in a text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    /// The value of this name, the first when there are more; empty without one.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The version the form was made of; -1, which nothing ever has, when it does not say.
    pub(crate) fn version(&self) -> i64 {
        self.text("version").parse().unwrap_or(-1)
    }

    /// Whether a field says the first of two words or the second; any other word is refused, and never taken for a no.
    pub(crate) fn either(&self, name: &'static str, yes: &str, no: &str) -> Result<bool, AppError> {
        match self.text(name) {
            word if word == yes => Ok(true),
            word if word == no => Ok(false),
            _ => Err(AppError::Invalid(vec![Problem::new(name, format!("must be {yes} or {no}"))])),
        }
    }

    /// What was typed in several words, in order: what somebody would not like to write twice. Ids, versions and the words
    /// of buttons are one word each; a role is never typed.
    pub(crate) fn prose(&self) -> Vec<String> {
        let is_prose = |text: &str| text.trim().contains(char::is_whitespace);
        let typed = self.0.iter().filter(|(name, text)| name != "role" && is_prose(text));
        typed.map(|(_, text)| text.clone()).collect()
    }

    /// The fields of the form a request brings.
    ///
    /// # Errors
    /// The answer, when it brings none or too much.
    pub(crate) async fn of(request: Request) -> Result<Self, Response> {
        let (parts, body) = request.into_parts();
        let Arrived { start, whole } = arrive(body, &parts.headers, MAX_FORM).await?;
        if !whole {
            return Err(too_large(&parts.headers));
        }
        let typed = parts.extensions.get::<Typed>().cloned();
        let mut request = Request::from_parts(parts, Body::from(start));
        // What has arrived is limited already.
        DefaultBodyLimit::disable().apply(&mut request);
        let Form(fields) =
            Form::<Vec<(String, String)>>::from_request(request, &()).await.map_err(|rejection| {
                let status = match rejection {
                    FormRejection::InvalidFormContentType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    _ => StatusCode::UNPROCESSABLE_ENTITY,
                };
                failure::page(
                    status,
                    "This form could not be used",
                    "It was damaged on its way. Go back and send it again.",
                )
            })?;
        let clean =
            |text: String| text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        let fields = Self(fields.into_iter().map(|(name, value)| (name, clean(value))).collect());
        if let Some(typed) = typed {
            typed.keep(&fields);
        }
        Ok(fields)
    }

    /// All values of this name: ticked boxes share one.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl FromRequest<Web> for Fields {
    type Rejection = Response;

    async fn from_request(request: Request, _: &Web) -> Result<Self, Response> {
        Self::of(request).await
    }
}

/// What was typed into the form of a request, for whoever answers in the place of its page: put into the request by what
/// wraps the page, filled when the form is read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Typed(Arc<OnceLock<Vec<String>>>);

impl Typed {
    fn keep(&self, fields: &Fields) {
        // A form is read once.
        let _ = self.0.set(fields.prose());
    }

    /// The texts, in order; none when no form was read.
    pub(crate) fn texts(&self) -> &[String] {
        self.0.get().map(Vec::as_slice).unwrap_or_default()
    }
}

/// More than a form may hold. The page of the form is a link: with scripts its address stays in the browser, and long
/// texts that were typed come back there.
fn too_large(headers: &HeaderMap) -> Response {
    let came_from = headers.get(header::REFERER).and_then(|page| page.to_str().ok()?.parse::<Uri>().ok());
    let form = came_from.as_ref().and_then(Uri::path_and_query).map(|page| safe_path(page.as_str()));
    failure::page_with_way_back(
        StatusCode::PAYLOAD_TOO_LARGE,
        "This is too much for one form",
        "A form takes 2 MB at most, and this was more. Nothing was saved. Go back to the form, shorten its longest text, \
         and send it again.",
        form,
    )
}

/// What was wrong with a form: at its fields, or with the whole.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wrong {
    whole: Option<String>,
    fields: Vec<Problem>,
}

impl Wrong {
    /// Wrong as a whole.
    pub(crate) fn whole(text: impl Into<String>) -> Self {
        Self { whole: Some(text.into()), fields: Vec::new() }
    }

    /// What to say at this field; empty when it is fine.
    pub(crate) fn at(&self, field: &str) -> &str {
        self.fields.iter().find(|problem| problem.field == field).map_or("", |problem| &problem.message)
    }

    /// There is something to say at the top of the form.
    pub(crate) fn summary(&self) -> Option<String> {
        match (&self.whole, self.fields.len()) {
            (Some(whole), _) => Some(whole.clone()),
            (None, 0) => None,
            (None, 1) => Some("One field needs another look.".to_owned()),
            (None, many) => Some(format!("{many} fields need another look.")),
        }
    }

    /// The same from a use case that refused; what is no refusal goes on as it is.
    pub(crate) fn or_fail(error: AppError) -> Result<(StatusCode, Self), AppError> {
        match error {
            AppError::Invalid(fields) => Ok((StatusCode::UNPROCESSABLE_ENTITY, Self { whole: None, fields })),
            error if error.is_input() => {
                let status = match &error {
                    AppError::TooMany { .. } => StatusCode::TOO_MANY_REQUESTS,
                    AppError::WrongPassword => StatusCode::UNAUTHORIZED,
                    AppError::SignIn(_) => StatusCode::FORBIDDEN,
                    AppError::LinkEnded => StatusCode::GONE,
                    AppError::Elsewhere { .. } => StatusCode::BAD_GATEWAY,
                    AppError::NotFound { .. } => StatusCode::NOT_FOUND,
                    AppError::Forbidden(_) | AppError::NotForGuest => StatusCode::FORBIDDEN,
                    AppError::AlreadySetUp
                    | AppError::LastAdmin
                    | AppError::RoleChanged { .. }
                    | AppError::Refusal(_)
                    | AppError::Barred(_)
                    | AppError::Overtaken
                    | AppError::Overlap(_)
                    | AppError::HandedOn => StatusCode::CONFLICT,
                    _ => StatusCode::UNPROCESSABLE_ENTITY,
                };
                Ok((status, Self::whole(sentence(&error.to_string()))))
            }
            error => Err(error),
        }
    }
}

/// What to say when somebody else was faster: nothing typed is lost.
pub(crate) fn meanwhile(error: AppError) -> Result<(StatusCode, Wrong), AppError> {
    match error {
        AppError::Stale { .. } => Ok((
            StatusCode::CONFLICT,
            Wrong::whole(
                "Somebody else changed this meanwhile. What it says now stands on this page, what you typed in \
                 this form. Save again to use yours.",
            ),
        )),
        error => Wrong::or_fail(error),
    }
}

/// Where a form leads: on, to where it is said what was done, or to its page again with what is wrong.
pub(crate) async fn answered<T, F: Future<Output = Answer>>(
    done: Result<T, AppError>,
    on: impl FnOnce(T) -> Response,
    again: impl FnOnce(StatusCode, Wrong) -> F,
) -> Answer {
    match done {
        Ok(done) => Ok(on(done)),
        Err(error) => {
            let (status, wrong) = meanwhile(error)?;
            again(status, wrong).await
        }
    }
}

/// The day somebody typed into a field.
pub(crate) fn day(field: &'static str, text: &str) -> Result<Date, AppError> {
    text.trim().parse().map_err(|_| AppError::Invalid(vec![Problem::new(field, "is not a day")]))
}

/// The same of a field that may stay empty.
pub(crate) fn day_or_none(field: &'static str, text: &str) -> Result<Option<Date>, AppError> {
    if text.trim().is_empty() { Ok(None) } else { day(field, text).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_in_words_is_told_from_what_forms_say_themselves() {
        let field = |name: &str, text: &str| (name.to_owned(), text.to_owned());
        let fields = Fields(vec![
            field("version", "3"),
            field("contact", "con_01900000000070008000000000000001"),
            field("role", "Executive sponsor"),
            field("words", "It is late.\nWhy?"),
            field("note", "   "),
            field("title", "Orders do not arrive"),
            field("do", "no"),
        ]);
        assert_eq!(fields.prose(), ["It is late.\nWhy?", "Orders do not arrive"]);
        let typed = Typed::default();
        assert!(typed.texts().is_empty());
        typed.keep(&fields);
        assert_eq!(typed.texts().len(), 2);
    }
}
