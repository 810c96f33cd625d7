//! The library: links and files for learners.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::identity::Session;
use gangway_app::training::{self, Link, Training};
use gangway_domain::ids::{LibraryId, OnboardingId};
use gangway_domain::permission::Action;
use gangway_domain::training::ResourceKind;

use super::{HERE, tabs, track_choices};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, named};
use crate::form::{Wrong, answered};
use crate::pages::document::to_save;
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::onboarding::work::talk::Sent;
use crate::pages::{Choice, Frame, Tab, Toast, render};

#[derive(Template)]
#[template(path = "pages/onboarding/training/library.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    entries: Vec<Line>,
    may_edit: bool,
    tracks: Vec<Choice>,
    kinds: Vec<Choice>,
    sheet: Sheet,
}

struct Line {
    id: String,
    title: String,
    kind: &'static str,
    of: String,
    /// Where it leads; empty where it is a file.
    url: String,
    by: String,
}

#[derive(Debug, Default)]
struct Sheet {
    title: String,
    url: String,
    kind: String,
    track: String,
    wrong: Wrong,
}

/// The library.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let toast = match values.text("said").as_str() {
        "added" => Toast::of("It is in the library now."),
        "removed" => Toast::of("Taken out."),
        _ => None,
    };
    page(&web, &session, read_id(id)?, Sheet::default(), toast, StatusCode::OK).await
}

/// Adds a link.
pub(crate) async fn add(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let link = Link {
        track: fields.text("track").parse().ok(),
        kind: fields.text("kind").parse().unwrap_or(ResourceKind::Reference),
        title: text("title"),
        url: text("url"),
    };
    answered(
        training::add_link(&web.app, &session.actor, id, link).await,
        |_| back(id, "added"),
        |status, wrong| {
            let sheet = Sheet {
                title: text("title"),
                url: text("url"),
                kind: text("kind"),
                track: text("track"),
                wrong,
            };
            page(&web, &session, id, sheet, None, status)
        },
    )
    .await
}

/// Adds a file; without a title it is called like the file.
pub(crate) async fn upload(Here(web, session, id): Here<String>, sent: Sent) -> Answer {
    let id = read_id(id)?;
    let [track, kind, title] = ["track", "kind", "title"].map(|name| sent.text(name).to_owned());
    let of = (track.parse().ok(), kind.parse().unwrap_or(ResourceKind::Reference));
    answered(
        training::add_file(&web.app, &session.actor, id, of, &title, sent.file).await,
        |_| back(id, "added"),
        |status, wrong| {
            let sheet = Sheet { kind, track, wrong, ..Sheet::default() };
            page(&web, &session, id, sheet, None, status)
        },
    )
    .await
}

/// Takes an entry out.
pub(crate) async fn remove(Here(web, session, (_, entry)): Here<(String, String)>) -> Answer {
    let entry: LibraryId = named("library entry", &entry)?;
    let id = training::remove_entry(&web.app, &session.actor, entry).await?;
    Ok(back(id, "removed"))
}

/// A file of it.
pub(crate) async fn file(Here(web, session, (_, entry)): Here<(String, String)>) -> Answer {
    let (name, bytes) = training::file(&web.app, &session.actor, named("library entry", &entry)?).await?;
    Ok(to_save(&name, "application/octet-stream", bytes))
}

fn back(id: OnboardingId, said: &str) -> Response {
    Redirect::to(&format!("/onboardings/{id}/training/library?said={said}")).into_response()
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    sheet: Sheet,
    toast: Option<Toast>,
    code: StatusCode,
) -> Answer {
    let training = training::of_onboarding(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &training.head, HERE);
    let page = Page {
        frame: top.frame(session, "Training library").saying(toast),
        pages: tabs(&top, "/training/library"),
        entries: training.library.iter().map(|entry| line(&training, entry)).collect(),
        may_edit: session.actor.may(Action::RunOnboarding),
        tracks: track_choices(&training, "Everybody", &sheet.track),
        kinds: ResourceKind::ALL
            .iter()
            .map(|kind| Choice::of(kind.word(), kind.label(), &sheet.kind))
            .collect(),
        sheet,
        top,
    };
    Ok(render(code, &page))
}

fn line(training: &Training, entry: &training::Entry) -> Line {
    Line {
        id: entry.id.to_string(),
        title: entry.title.clone(),
        kind: entry.kind.label(),
        of: entry
            .track
            .and_then(|id| training.track(id))
            .map_or_else(|| "everybody".to_owned(), |track| track.name.clone()),
        url: entry.url.clone().unwrap_or_default(),
        by: entry.made_by.clone(),
    }
}
