//! API tokens: made, listed, ended.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::{self, Session};
use gangway_domain::ids::TokenId;
use gangway_domain::permission::{Action, Scope};

use super::{Tab, tabs};
use crate::Web;
use crate::extract::{Answer, Here, Posted, named};
use crate::form::Wrong;
use crate::format::{Moment, moment};
use crate::pages::{Frame, Nav, render};

const PATH: &str = "/settings/tokens";

#[derive(Template)]
#[template(path = "pages/settings/tokens.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    everybody: bool,
    tokens: Vec<Line>,
    scopes: Vec<Choice>,
    name: String,
    days: String,
    /// A token just made: shown once.
    made: Option<String>,
    address: String,
    wrong: Wrong,
}

struct Line {
    id: String,
    name: String,
    owner: String,
    scopes: String,
    expires: Moment,
    ended: bool,
    used: Option<Moment>,
}

struct Choice {
    word: &'static str,
    means: &'static str,
    chosen: bool,
}

/// The form as it was sent, and what came of it.
#[derive(Default)]
struct Sent {
    name: String,
    scopes: Vec<Scope>,
    days: String,
    made: Option<String>,
    wrong: Wrong,
}

/// The tokens.
pub(crate) async fn show(Here(web, session, ()): Here) -> Answer {
    page(&web, &session, StatusCode::OK, fresh()).await
}

fn fresh() -> Sent {
    Sent { scopes: vec![Scope::Read], days: "90".to_owned(), ..Sent::default() }
}

/// Makes a token and shows it, this once.
pub(crate) async fn create(Posted(web, session, (), fields): Posted) -> Answer {
    let (name, days) = (fields.text("name").to_owned(), fields.text("days").trim().to_owned());
    let scopes: Vec<Scope> = fields.all("scopes").filter_map(|word| word.parse().ok()).collect();
    // What is no number is refused like a number out of range.
    let number = days.parse().unwrap_or(0);
    match identity::create_token(&web.app, &session.actor, &name, &scopes, number).await {
        Ok(made) => {
            let sent = Sent { made: Some(made.token.reveal().to_owned()), ..fresh() };
            page(&web, &session, StatusCode::CREATED, sent).await
        }
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(&web, &session, status, Sent { name, scopes, days, made: None, wrong }).await
        }
    }
}

/// Ends a token at once.
pub(crate) async fn end(Here(web, session, id): Here<String>) -> Answer {
    let id: TokenId = named("API token", &id)?;
    identity::revoke_token(&web.app, &session.actor, id).await?;
    Ok(Redirect::to(PATH).into_response())
}

async fn page(web: &Web, session: &Session, status: StatusCode, sent: Sent) -> Answer {
    let tokens = identity::tokens(&web.app, &session.actor).await?;
    let (zone, now) = (&web.app.time_zone, web.app.now());
    let Sent { name, scopes, days, made, wrong } = sent;
    let page = Page {
        frame: Frame::of(session, Nav::Settings, "API tokens"),
        tabs: tabs(session, PATH),
        everybody: session.actor.may(Action::ManageIntegrations),
        tokens: tokens
            .into_iter()
            .map(|token| Line {
                id: token.id.to_string(),
                name: token.name,
                owner: token.owner,
                scopes: token.scopes,
                ended: token.expires_at <= now,
                expires: moment(token.expires_at, zone),
                used: token.used_at.map(|at| moment(at, zone)),
            })
            .collect(),
        scopes: Scope::ALL
            .map(|scope| Choice {
                word: scope.word(),
                means: match scope {
                    Scope::Read => "see and export",
                    Scope::Write => "change deals, onboardings, accounts and programmes",
                    Scope::Admin => "team, integrations, settings and the audit trail",
                },
                chosen: scopes.contains(&scope),
            })
            .into(),
        name,
        days,
        made,
        address: web.app.public_url.to_string(),
        wrong,
    };
    Ok(render(status, &page))
}
