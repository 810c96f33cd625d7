//! Where usage events come from: sources with their write keys, messages as they come in, files that are read.

pub(crate) mod imports;
pub(crate) mod messages;
mod snippets;
pub(crate) mod source;

use askama::Template;
use axum::http::StatusCode;
use gangway_app::identity::Session;
use gangway_app::usage::source::{self as sources, Source, Wanted};

use super::{Tab, tabs};
use crate::Web;
use crate::extract::{Answer, Here, Posted};
use crate::form::{Fields, Wrong};
use crate::format::{Moment, moment};
use crate::pages::{Frame, Nav, render};

/// The tab of the settings all of these belong to.
pub(super) const PATH: &str = "/settings/usage";

/// The pages as tabs of their own.
fn pages(here: &str) -> Vec<Tab> {
    [("Sources", PATH), ("Messages", messages::PATH), ("Files", imports::PATH)]
        .map(|(label, href)| Tab { label, href: href.to_owned(), here: href == here })
        .into()
}

#[derive(Template)]
#[template(path = "pages/settings/usage/sources.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    pages: Vec<Tab>,
    sources: Vec<Line>,
    sheet: Sheet,
    wrong: Wrong,
}

struct Line {
    href: String,
    name: String,
    hint: String,
    made: Moment,
    seen: Option<Moment>,
    ended: bool,
}

/// The form of a source, new or known.
#[derive(Default)]
struct Sheet {
    name: String,
    origins: String,
}

impl Sheet {
    fn of(source: &Source) -> Self {
        Self { name: source.name.clone(), origins: source.origins.join("\n") }
    }

    fn typed(fields: &Fields) -> Self {
        Self { name: fields.text("name").to_owned(), origins: fields.text("origins").to_owned() }
    }

    /// One origin a line.
    fn origins(&self) -> Vec<String> {
        self.origins.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }
}

/// The sources.
pub(crate) async fn show(Here(web, session, ()): Here) -> Answer {
    page(&web, &session, StatusCode::OK, Sheet::default(), Wrong::default()).await
}

/// Makes a source and shows it with its write key, this once.
pub(crate) async fn create(Posted(web, session, (), fields): Posted) -> Answer {
    let sheet = Sheet::typed(&fields);
    let wanted = Wanted { name: sheet.name.clone(), origins: sheet.origins() };
    match sources::add(&web.app, &session.actor, &wanted).await {
        Ok(made) => source::with_key(&web, &session, &made).await,
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(&web, &session, status, sheet, wrong).await
        }
    }
}

async fn page(web: &Web, session: &Session, status: StatusCode, sheet: Sheet, wrong: Wrong) -> Answer {
    let known = sources::list(&web.app, &session.actor).await?;
    let zone = &web.app.time_zone;
    let line = |source: Source| Line {
        href: format!("{PATH}/{}", source.id),
        hint: source.key_hint,
        made: moment(source.made_at, zone),
        seen: source.last_seen_at.map(|at| moment(at, zone)),
        ended: source.ended_at.is_some(),
        name: source.name,
    };
    let page = Page {
        frame: Frame::of(session, Nav::Settings, "Usage sources"),
        tabs: tabs(session, PATH),
        pages: pages(PATH),
        sources: known.into_iter().map(line).collect(),
        sheet,
        wrong,
    };
    Ok(render(status, &page))
}
