//! The way through the company's identity provider: leaving for it, and coming back.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::{self, Refusal, Secret};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Web;
use crate::extract::{Answer, Values};
use crate::format::sentence;
use crate::pages::{Frame, render};
use crate::session::{self, Client};

#[derive(Template)]
#[template(path = "pages/access/provider.html")]
struct Page {
    frame: Frame,
    title: &'static str,
    advice: String,
    again: Again,
}

/// What to do instead.
struct Again {
    label: &'static str,
    href: &'static str,
}

/// A link that leaves for the provider.
pub(crate) struct Way {
    /// What the provider is called.
    pub name: String,
    /// Where the link leads first.
    pub href: String,
}

impl Way {
    /// To come back to this path, if there is a provider.
    pub(crate) fn back_to(web: &Web, path: &str) -> Option<Self> {
        Self::with(web, "to", path)
    }

    /// To take up an invitation, if there is a provider.
    pub(crate) fn joining(web: &Web, secret: &str) -> Option<Self> {
        Self::with(web, "join", secret)
    }

    fn with(web: &Web, name: &str, value: &str) -> Option<Self> {
        let provider = web.app.ways.provider_name()?.to_owned();
        let href = match value {
            "" => "/sign-in/provider".to_owned(),
            value => format!("/sign-in/provider?{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)),
        };
        Some(Self { name: provider, href })
    }
}

/// Leaves for the provider. A link, not a form: the policy of our pages lets no form lead to another site.
pub(crate) async fn leave(State(web): State<Web>, values: Values) -> Answer {
    let join = Some(values.text("join")).filter(|secret| !secret.is_empty());
    let join = join.map(|secret| Secret::from_holder(&secret));
    match identity::depart(&web.app, session::safe_path(&values.text("to")), join.as_ref()).await {
        Ok(departure) => {
            let mut response = Redirect::to(&departure.url).into_response();
            session::keep_way(&web, &mut response, Some(&departure.cookie));
            Ok(response)
        }
        Err(error) => refused(error),
    }
}

/// Comes back from the provider, and is signed in or told why not. The way is forgotten either way.
pub(crate) async fn come_back(
    State(web): State<Web>,
    client: Client,
    headers: HeaderMap,
    values: Values,
) -> Answer {
    let answer = identity::Answer {
        state: values.text("state"),
        code: values.text("code"),
        error: values.text("error"),
        issuer: values.text("iss"),
    };
    let way = session::way(&web, &headers);
    let mut response =
        match identity::arrive(&web.app, way.as_deref(), &answer, &client.agent, &client.from).await {
            Ok(arrived) => session::begin(&web, &arrived.signed, session::safe_path(&arrived.to)),
            Err(error) => refused(error)?,
        };
    session::keep_way(&web, &mut response, None);
    Ok(response)
}

fn refused(error: AppError) -> Answer {
    let (status, title) = match &error {
        AppError::SignIn(refusal) => match refusal {
            Refusal::NoProvider => (StatusCode::NOT_FOUND, "No identity provider"),
            Refusal::Unavailable(_) => {
                (StatusCode::SERVICE_UNAVAILABLE, "The identity provider does not answer")
            }
            Refusal::Ended => (StatusCode::GONE, "This way in has ended"),
            Refusal::Untrusted(_) => (StatusCode::BAD_GATEWAY, "That was no proof"),
            Refusal::Unknown(_) => (StatusCode::FORBIDDEN, "You are not in a team here yet"),
            Refusal::Unverified(_) => (StatusCode::FORBIDDEN, "Your mail address is not verified"),
            Refusal::OtherAddress { .. } => (StatusCode::FORBIDDEN, "This invitation is for somebody else"),
            Refusal::Declined { .. } | Refusal::PasswordsOff(_) | Refusal::Taken(_) => {
                (StatusCode::FORBIDDEN, "You are not signed in")
            }
        },
        AppError::NoWorkspace => (StatusCode::FORBIDDEN, "You are in no team here any more"),
        AppError::TooMany { .. } => (StatusCode::TOO_MANY_REQUESTS, "Too often"),
        _ => return Err(error.into()),
    };
    let advice = sentence(&error.to_string());
    let again = Again { label: "Back to signing in", href: "/sign-in" };
    Ok(render(status, &Page { frame: Frame::new(title), title, advice, again }))
}
