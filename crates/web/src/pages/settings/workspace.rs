//! The workspace itself: its name, making another one, and removing it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::digest;
use gangway_app::identity::{self, Session};
use gangway_app::workspace::{self, Contents};

use super::me::{hour_of, hours};
use super::{Tab, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::Wrong;
use crate::format::count;
use crate::pages::{Choice, Frame, Nav, Toast, render};
use crate::session;

const PATH: &str = "/settings/workspace";

#[derive(Template)]
#[template(path = "pages/settings/workspace.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    name: String,
    rename_wrong: Wrong,
    another: String,
    another_wrong: Wrong,
    /// What the workspace is called now.
    called: String,
    /// The installation has no other: it stays.
    only: bool,
    /// What would be gone with it.
    gone: Vec<String>,
    confirmation: String,
    removal_wrong: Wrong,
    /// The hours at which the daily mail can be sent, the zone the workspace chose, and the installation's.
    hours: Vec<Choice>,
    zone: String,
    zone_now: String,
    digest_wrong: Wrong,
}

/// The forms as they were sent, and what was wrong.
#[derive(Default)]
struct Sent {
    name: Option<String>,
    rename_wrong: Wrong,
    another: String,
    another_wrong: Wrong,
    confirmation: String,
    removal_wrong: Wrong,
    zone: Option<String>,
    digest_wrong: Wrong,
    said: &'static str,
}

/// The workspace.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let said = match values.text("said").as_str() {
        "renamed" => "The workspace is renamed.",
        "digest" => "The hour of the daily mail is set.",
        _ => "",
    };
    page(&web, &session, StatusCode::OK, Sent { said, ..Sent::default() }).await
}

/// Gives it another name.
pub(crate) async fn rename(Posted(web, session, (), fields): Posted) -> Answer {
    let name = fields.text("workspace");
    match workspace::rename(&web.app, &session.actor, name).await {
        Ok(_) => Ok(Redirect::to(&format!("{PATH}?said=renamed")).into_response()),
        Err(error) => {
            let (status, rename_wrong) = Wrong::or_fail(error)?;
            let sent = Sent { name: Some(name.to_owned()), rename_wrong, ..Sent::default() };
            page(&web, &session, status, sent).await
        }
    }
}

/// Says at which hour the daily mail comes to whoever chose none.
pub(crate) async fn set_digest(Posted(web, session, (), fields): Posted) -> Answer {
    let zone = Some(fields.text("zone").trim().to_owned()).filter(|zone| !zone.is_empty());
    let outcome = match hour_of(&fields) {
        Ok(hour) => {
            let hour = hour.unwrap_or(web.app.digest_hour);
            digest::set_clock(&web.app, &session.actor, hour, zone.clone()).await
        }
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("{PATH}?said=digest")).into_response()),
        Err(error) => {
            let (status, digest_wrong) = Wrong::or_fail(error)?;
            page(&web, &session, status, Sent { zone, digest_wrong, ..Sent::default() }).await
        }
    }
}

/// Makes another one and goes there.
pub(crate) async fn create(Posted(web, session, (), fields): Posted) -> Answer {
    let name = fields.text("workspace");
    match workspace::add(&web.app, &session.actor, name).await {
        Ok(made) => {
            identity::move_to(&web.app, &session, made).await?;
            Ok(Redirect::to("/").into_response())
        }
        Err(error) => {
            let (status, another_wrong) = Wrong::or_fail(error)?;
            let sent = Sent { another: name.to_owned(), another_wrong, ..Sent::default() };
            page(&web, &session, status, sent).await
        }
    }
}

/// Removes it with everything in it: on in another one, or out.
pub(crate) async fn remove(Posted(web, session, (), fields): Posted) -> Answer {
    let confirmation = fields.text("confirmation");
    match workspace::remove(&web.app, &session.actor, confirmation).await {
        Ok(true) => Ok(Redirect::to("/settings/me?said=removed").into_response()),
        Ok(false) => Ok(session::end(&web, "/sign-in")),
        Err(error) => {
            let (status, removal_wrong) = Wrong::or_fail(error)?;
            let sent = Sent { confirmation: confirmation.to_owned(), removal_wrong, ..Sent::default() };
            page(&web, &session, status, sent).await
        }
    }
}

async fn page(web: &Web, session: &Session, status: StatusCode, sent: Sent) -> Answer {
    let Sent {
        name,
        rename_wrong,
        another,
        another_wrong,
        confirmation,
        removal_wrong,
        zone,
        digest_wrong,
        said,
    } = sent;
    let (hour, zone_now, own) = digest::clock(&web.app, &session.actor).await?;
    let contents = workspace::contents(&web.app, &session.actor).await?;
    let only = workspace::all(&web.app).await?.len() == 1;
    let page = Page {
        frame: Frame::of(session, Nav::Settings, "Workspace").saying(Toast::of(said)),
        tabs: tabs(session, PATH),
        name: name.unwrap_or_else(|| session.workspace_name.clone()),
        rename_wrong,
        another,
        another_wrong,
        called: session.workspace_name.clone(),
        only,
        gone: gone(&contents),
        confirmation,
        removal_wrong,
        hours: hours(Some(hour)).collect(),
        zone: zone.unwrap_or_else(|| if own { zone_now.clone() } else { String::new() }),
        zone_now,
        digest_wrong,
    };
    Ok(render(status, &page))
}

/// What there is, in words; what there is none of is left out.
fn gone(contents: &Contents) -> Vec<String> {
    let Contents { people, accounts, contacts, handoffs, onboardings, versions, tokens } = *contents;
    let parts = [
        (onboardings, "onboarding"),
        (handoffs, "handoff"),
        (accounts, "account"),
        (contacts, "contact"),
        (versions, "published version"),
        (tokens, "API token"),
        (people, "membership"),
    ];
    let there = parts.into_iter().filter(|(number, _)| *number > 0);
    there.map(|(number, noun)| count(usize::try_from(number).unwrap_or_default(), noun)).collect()
}
