//! How the portals of customers look: name, accent, picture, language, who may embed a status.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::portal::{self, Setting};
use gangway_domain::portal::Language;

use super::{Tab, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted};
use crate::form::Wrong;
use crate::pages::onboarding::work::talk::Sent;
use crate::pages::{Choice, Frame, Nav, Toast, render};

const PATH: &str = "/settings/portal";

#[derive(Template)]
#[template(path = "pages/settings/portal.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    setting: Setting,
    /// Where the picture is; empty without one.
    picture: String,
    languages: Vec<Choice>,
    wrong: Wrong,
}

/// How portals look.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let setting = portal::settings(&web.app, &session.actor).await?;
    let said = if values.text("said") == "saved" { "Saved: open portals show it from now on." } else { "" };
    Ok(page(&session, StatusCode::OK, setting, Wrong::default(), said))
}

/// Changes how they look.
pub(crate) async fn change(Posted(web, session, (), fields): Posted) -> Answer {
    let known = portal::settings(&web.app, &session.actor).await?;
    let wanted = Setting {
        name: fields.text("name").to_owned(),
        colour: fields.text("colour").to_owned(),
        has_picture: known.has_picture,
        greeting: fields.text("greeting").to_owned(),
        help_email: fields.text("help_email").to_owned(),
        language: fields.text("language").parse().unwrap_or(Language::En),
        frame_ancestors: fields.text("frame_ancestors").to_owned(),
        reminds: fields.text("reminds") == "yes",
        version: fields.text("version").parse().unwrap_or(0),
    };
    answer(&web, &session, wanted, None).await
}

/// Takes another picture, or none when no file comes with the form.
pub(crate) async fn picture(Here(web, session, ()): Here, sent: Sent) -> Answer {
    let known = portal::settings(&web.app, &session.actor).await?;
    answer(&web, &session, known, Some(sent.file.bytes)).await
}

async fn answer(web: &Web, session: &Session, wanted: Setting, picture: Option<Vec<u8>>) -> Answer {
    match portal::change_settings(&web.app, &session.actor, wanted.clone(), picture).await {
        Ok(_) => Ok(Redirect::to(&format!("{PATH}?said=saved")).into_response()),
        Err(AppError::Stale { version, .. }) => {
            let wrong =
                Wrong::whole("Somebody else changed this meanwhile. Look at what you want, then save again.");
            Ok(page(session, StatusCode::CONFLICT, Setting { version, ..wanted }, wrong, ""))
        }
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            Ok(page(session, status, wanted, wrong, ""))
        }
    }
}

fn page(session: &Session, status: StatusCode, setting: Setting, wrong: Wrong, said: &str) -> Response {
    let picture = if setting.has_picture {
        format!("/portal/brand/{}/{}/logo", session.actor.workspace, setting.version)
    } else {
        String::new()
    };
    let languages = Language::ALL.iter().map(|known| Choice {
        value: known.word().to_owned(),
        label: known.label().to_owned(),
        chosen: *known == setting.language,
    });
    let page = Page {
        frame: Frame::of(session, Nav::Settings, "Portal").saying(Toast::of(said)),
        tabs: tabs(session, PATH),
        picture,
        languages: languages.collect(),
        setting,
        wrong,
    };
    render(status, &page)
}
