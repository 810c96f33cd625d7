//! How health is judged: the models in force, with what is allowed and probably not wanted.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::health::{self, InForce};
use gangway_domain::rule::FactSpec;

use super::{Tab, tabs};
use crate::extract::{Answer, Here};
use crate::pages::{Frame, Nav, render};

#[derive(Template)]
#[template(path = "pages/settings/health.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    models: Vec<InForce>,
    facts: Vec<Fact>,
}

/// A fact rules may use.
struct Fact {
    name: &'static str,
    kind: &'static str,
    unit: &'static str,
    meaning: &'static str,
}

/// The page.
pub(crate) async fn show(Here(web, session, ()): Here) -> Answer {
    let fact =
        |one: &FactSpec| Fact { name: one.name, kind: one.kind.word(), unit: one.unit, meaning: one.meaning };
    let page = Page {
        frame: Frame::of(&session, Nav::Settings, "Health"),
        tabs: tabs(&session, "/settings/health"),
        models: health::models(&web.app, &session.actor)?,
        facts: health::known_facts().iter().map(fact).collect(),
    };
    Ok(render(StatusCode::OK, &page))
}
