//! How mail goes: what waits, what came back, who wants no more of what nobody asked for.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::identity::Session;
use gangway_app::mail::{self, Standing};

use super::{Tab, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::Wrong;
use crate::format::{Moment, moment};
use crate::pages::{Frame, Nav, Toast, Undo, render};

const PATH: &str = "/settings/mail";

#[derive(Template)]
#[template(path = "pages/settings/mail.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    waiting: i64,
    suppressions: Vec<Suppressed>,
    bounces: Vec<Bounced>,
    address: String,
    wrong: Wrong,
}

struct Suppressed {
    address: String,
    why: &'static str,
    by: String,
    at: Moment,
}

struct Bounced {
    address: String,
    subject: String,
    problem: String,
    at: Moment,
}

/// How mail goes.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let address = values.text("address");
    let undo = |to: &str| {
        let fields = vec![("address", address.clone())];
        Some(Undo { action: format!("{PATH}/{to}"), fields })
    };
    let toast = match values.text("said").as_str() {
        "added" => Some(Toast {
            text: format!("{address} gets no more surveys and reminders."),
            undo: undo("release"),
        }),
        "released" => {
            Some(Toast { text: format!("{address} gets everything again."), undo: undo("suppression") })
        }
        _ => None,
    };
    page(&web, &session, (String::new(), Wrong::default()), toast, StatusCode::OK).await
}

/// Sends an address no more mail nobody asked for.
pub(crate) async fn suppress(Posted(web, session, (), fields): Posted) -> Answer {
    let address = fields.text("address").trim().to_owned();
    match mail::suppress(&web.app, &session.actor, &address).await {
        Ok(()) => Ok(back("added", &address)),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(&web, &session, (address, wrong), None, status).await
        }
    }
}

/// Sends an address everything again.
pub(crate) async fn release(Posted(web, session, (), fields): Posted) -> Answer {
    let address = fields.text("address").trim().to_owned();
    mail::release(&web.app, &session.actor, &address).await?;
    Ok(back("released", &address))
}

fn back(said: &str, address: &str) -> Response {
    let address = percent_encoding::utf8_percent_encode(address, percent_encoding::NON_ALPHANUMERIC);
    Redirect::to(&format!("{PATH}?said={said}&address={address}")).into_response()
}

async fn page(
    web: &Web,
    session: &Session,
    (address, wrong): (String, Wrong),
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let Standing { suppressions, bounces, waiting } = mail::standing(&web.app, &session.actor).await?;
    let zone = &web.app.time_zone;
    let suppressions = suppressions.into_iter().map(|one| Suppressed {
        why: match one.reason.as_str() {
            "unsubscribed" => "asked for it with the link in a mail",
            "bounced" => "its server takes no mail for it",
            _ => "was entered here",
        },
        at: moment(one.made_at, zone),
        by: one.made_by,
        address: one.address,
    });
    let bounces = bounces.into_iter().map(|one| Bounced {
        at: moment(one.at, zone),
        address: one.address,
        subject: one.subject,
        problem: one.problem,
    });
    let page = Page {
        frame: Frame::of(session, Nav::Settings, "Mail").saying(toast),
        tabs: tabs(session, PATH),
        waiting,
        suppressions: suppressions.collect(),
        bounces: bounces.collect(),
        address,
        wrong,
    };
    Ok(render(status, &page))
}
