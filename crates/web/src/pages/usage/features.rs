//! Features of the product, by the events that show that they are used.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::usage::feature::{self, Feature, InUse, Wanted};
use gangway_domain::ids::FeatureId;
use gangway_domain::permission::Action;

use super::pages;
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, named};
use crate::form::{Fields, Wrong, answered};
use crate::pages::{Frame, Nav, Tab, Toast, render};

pub(super) const PATH: &str = "/adoption/features";

#[derive(Template)]
#[template(path = "pages/usage/features.html")]
struct Page {
    frame: Frame,
    pages: Vec<Tab>,
    /// The workspace's own.
    own: Vec<Own>,
    /// Those that come with Gangway, while the workspace has none.
    built_in: Vec<Line>,
    may_edit: bool,
    may_connect: bool,
    sheet: Sheet,
    /// Names of events that were seen.
    events: Vec<String>,
}

struct Line {
    name: String,
    kind: &'static str,
    events: String,
}

struct Own {
    id: String,
    /// Its id in words, which stays when its name changes.
    code: String,
    line: Line,
    description: String,
    version: i64,
    sheet: Sheet,
}

/// The form of a feature, new or known.
#[derive(Default)]
struct Sheet {
    /// Its fields' ids begin with it: there are several forms on the page.
    id: String,
    open: bool,
    name: String,
    description: String,
    events: String,
    core: bool,
    advanced: bool,
    wrong: Wrong,
}

impl Sheet {
    fn typed(fields: &Fields) -> Self {
        let is = |name: &str| fields.text(name) == "yes";
        Self {
            name: fields.text("name").to_owned(),
            description: fields.text("description").to_owned(),
            events: fields.text("events").to_owned(),
            core: is("core"),
            advanced: is("advanced"),
            ..Self::default()
        }
    }

    fn of(feature: &Feature) -> Self {
        Self {
            id: feature.id.to_string(),
            name: feature.name.clone(),
            description: feature.description.clone(),
            events: feature.events.join("\n"),
            core: feature.core,
            advanced: feature.advanced,
            ..Self::default()
        }
    }

    fn wanted(&self, code: Option<String>) -> Wanted {
        let events = self.events.lines().map(str::trim).filter(|line| !line.is_empty());
        Wanted {
            code,
            name: self.name.clone(),
            description: self.description.clone(),
            events: events.map(str::to_owned).collect(),
            core: self.core,
            advanced: self.advanced,
        }
    }
}

/// A form that came back.
#[derive(Default)]
struct Sent {
    new: Sheet,
    known: Option<(FeatureId, Sheet)>,
    said: &'static str,
}

/// The features.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let said = match values.text("said").as_str() {
        "added" => "Added.",
        "saved" => "Saved. Adoption is counted with it from now on.",
        "removed" => "Removed.",
        "adopted" => "They are the workspace’s own now.",
        _ => "",
    };
    page(&web, &session, Sent { said, ..Sent::default() }, StatusCode::OK).await
}

/// Adds one.
pub(crate) async fn create(Posted(web, session, (), fields): Posted) -> Answer {
    let sheet = Sheet::typed(&fields);
    answered(
        feature::add(&web.app, &session.actor, &sheet.wanted(None)).await,
        |_| to("added"),
        |status, wrong| {
            let new = Sheet { wrong, ..sheet };
            page(&web, &session, Sent { new, ..Sent::default() }, status)
        },
    )
    .await
}

/// Takes over those that come with Gangway, to change them.
pub(crate) async fn adopt(Here(web, session, ()): Here) -> Answer {
    feature::adopt(&web.app, &session.actor).await?;
    Ok(to("adopted"))
}

/// Changes one.
pub(crate) async fn change(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = known(&id)?;
    let sheet = Sheet::typed(&fields);
    let code = Some(fields.text("code").to_owned()).filter(|code| !code.is_empty());
    answered(
        feature::change(&web.app, &session.actor, id, Some(fields.version()), &sheet.wanted(code)).await,
        |_| to("saved"),
        |status, wrong| {
            let sheet = Sheet { wrong, open: true, id: id.to_string(), ..sheet };
            page(&web, &session, Sent { known: Some((id, sheet)), ..Sent::default() }, status)
        },
    )
    .await
}

/// Removes one; what was counted of its events stays.
pub(crate) async fn remove(Here(web, session, id): Here<String>) -> Answer {
    feature::remove(&web.app, &session.actor, known(&id)?, None).await?;
    Ok(to("removed"))
}

fn to(said: &str) -> axum::response::Response {
    Redirect::to(&format!("{PATH}?said={said}")).into_response()
}

fn known(id: &str) -> Result<FeatureId, AppError> {
    named("feature", id)
}

async fn page(web: &Web, session: &Session, sent: Sent, status: StatusCode) -> Answer {
    let Sent { new, mut known, said } = sent;
    let own = feature::list(&web.app, &session.actor).await?;
    let in_use = if own.is_empty() { feature::in_use(&web.app, &session.actor).await? } else { Vec::new() };
    let own = own.into_iter().map(|one| {
        let came_back = known.take_if(|(id, _)| *id == one.id).map(|(_, sheet)| sheet);
        Own::new(one, came_back)
    });
    let page = Page {
        frame: Frame::of(session, Nav::Adoption, "Features").saying(Toast::of(said)),
        pages: pages(PATH),
        own: own.collect(),
        built_in: in_use.into_iter().map(Line::of).collect(),
        may_edit: session.actor.may(Action::DraftProgrammes),
        may_connect: session.actor.may(Action::ManageIntegrations),
        sheet: Sheet { id: "new".to_owned(), ..new },
        events: feature::event_names(&web.app, &session.actor).await?,
    };
    Ok(render(status, &page))
}

fn kind(core: bool, advanced: bool) -> &'static str {
    match (core, advanced) {
        (true, _) => "Core",
        (false, true) => "Advanced",
        (false, false) => "",
    }
}

impl Line {
    fn of(one: InUse) -> Self {
        Self { kind: kind(one.core, one.advanced), events: one.events.join(", "), name: one.name }
    }
}

impl Own {
    fn new(one: Feature, came_back: Option<Sheet>) -> Self {
        let sheet = came_back.unwrap_or_else(|| Sheet::of(&one));
        Self {
            id: one.id.to_string(),
            code: one.code,
            line: Line { kind: kind(one.core, one.advanced), events: one.events.join(", "), name: one.name },
            description: one.description,
            version: one.version,
            sheet,
        }
    }
}
