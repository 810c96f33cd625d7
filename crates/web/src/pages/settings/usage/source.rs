//! One source: its key when it is made, how an SDK is pointed at it, its settings.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::usage::source::{self as sources, Changes, NewKey};
use gangway_domain::ids::SourceId;

use super::snippets::{Snippet, snippets};
use super::{PATH, Sheet, pages};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, named};
use crate::form::{Wrong, answered};
use crate::format::{Moment, moment};
use crate::pages::settings::{Tab, tabs};
use crate::pages::{Frame, Nav, Toast, render};

#[derive(Template)]
#[template(path = "pages/settings/usage/source.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    pages: Vec<Tab>,
    address: String,
    messages: String,
    name: String,
    hint: String,
    version: i64,
    made: Moment,
    seen: Option<Moment>,
    ended: Option<Moment>,
    /// A key just made: shown once.
    key: Option<String>,
    snippets: Vec<Snippet>,
    sheet: Sheet,
    wrong: Wrong,
}

/// What came of something that was sent.
#[derive(Default)]
struct Sent {
    key: Option<String>,
    sheet: Option<Sheet>,
    wrong: Wrong,
    said: &'static str,
}

/// The source.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let said = if values.text("said") == "saved" { "Saved." } else { "" };
    page(&web, &session, known(&id)?, StatusCode::OK, Sent { said, ..Sent::default() }).await
}

/// Changes its name and the pages that may send.
pub(crate) async fn change(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = known(&id)?;
    let sheet = Sheet::typed(&fields);
    let changes = Changes { name: Some(sheet.name.clone()), origins: Some(sheet.origins()) };
    answered(
        sources::change(&web.app, &session.actor, id, Some(fields.version()), changes).await,
        |_| Redirect::to(&format!("{PATH}/{id}?said=saved")).into_response(),
        |status, wrong| {
            page(&web, &session, id, status, Sent { sheet: Some(sheet), wrong, ..Sent::default() })
        },
    )
    .await
}

/// Gives it a new key, shown this once; the one before ends.
pub(crate) async fn rotate(Here(web, session, id): Here<String>) -> Answer {
    let made = sources::rotate(&web.app, &session.actor, known(&id)?).await?;
    with_key(&web, &session, &made).await
}

/// Ends it: nothing comes in through it any more.
pub(crate) async fn end(Here(web, session, id): Here<String>) -> Answer {
    sources::end(&web.app, &session.actor, known(&id)?, None).await?;
    Ok(Redirect::to(PATH).into_response())
}

/// The source with a key just made.
pub(super) async fn with_key(web: &Web, session: &Session, made: &NewKey) -> Answer {
    let sent = Sent { key: Some(made.key.reveal().to_owned()), ..Sent::default() };
    page(web, session, made.source, StatusCode::CREATED, sent).await
}

/// The source an address names.
pub(super) fn known(id: &str) -> Result<SourceId, AppError> {
    named("usage source", id)
}

async fn page(web: &Web, session: &Session, id: SourceId, status: StatusCode, sent: Sent) -> Answer {
    let source = sources::get(&web.app, &session.actor, id).await?;
    let zone = &web.app.time_zone;
    let Sent { key, sheet, wrong, said } = sent;
    let page = Page {
        frame: Frame::of(session, Nav::Settings, "Usage source").saying(Toast::of(said)),
        tabs: tabs(session, PATH),
        pages: pages(PATH),
        address: format!("{PATH}/{id}"),
        messages: format!("{}?source={id}", super::messages::PATH),
        sheet: sheet.unwrap_or_else(|| Sheet::of(&source)),
        hint: source.key_hint,
        version: source.version,
        made: moment(source.made_at, zone),
        seen: source.last_seen_at.map(|at| moment(at, zone)),
        ended: source.ended_at.map(|at| moment(at, zone)),
        name: source.name,
        snippets: snippets(&web.app.public_url, key.as_deref().unwrap_or("WRITE_KEY")),
        key,
        wrong,
    };
    Ok(render(status, &page))
}
