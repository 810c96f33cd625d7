//! How health is judged: the models in force, the facts rules may use, rules tried out, and models over history.

pub(crate) mod facts;
pub(crate) mod replay;
pub(crate) mod tester;

use askama::Template;
use axum::http::StatusCode;
use gangway_app::health::{self, InForce};

use super::{Tab, tabs};
use crate::extract::{Answer, Here};
use crate::pages::{Frame, Nav, render};

/// The tab of the settings all of these belong to.
const PATH: &str = "/settings/health";

/// The pages as tabs of their own.
fn pages(here: &str) -> Vec<Tab> {
    [("Models", PATH), ("Facts", facts::PATH), ("Rule tester", tester::PATH), ("Replay", replay::PATH)]
        .map(|(label, href)| Tab { label, href: href.to_owned(), here: href == here })
        .into()
}

#[derive(Template)]
#[template(path = "pages/settings/health/models.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    pages: Vec<Tab>,
    models: Vec<InForce>,
}

/// The models in force, with what is allowed and probably not wanted.
pub(crate) async fn show(Here(web, session, ()): Here) -> Answer {
    let page = Page {
        frame: Frame::of(&session, Nav::Settings, "Health"),
        tabs: tabs(&session, PATH),
        pages: pages(PATH),
        models: health::models(&web.app, &session.actor)?,
    };
    Ok(render(StatusCode::OK, &page))
}
