//! One's own access: name, password, where one is signed in, which workspace.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::{self, Session};
use gangway_app::{AppError, Problem, digest};
use gangway_domain::digest::{Rhythm, Wishes};
use gangway_domain::ids::WorkspaceId;

use super::{Tab, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, named};
use crate::form::{Fields, Wrong};
use crate::format::{Moment, count, moment};
use crate::pages::{Choice, Frame, Nav, Toast, render};
use crate::session;

const PATH: &str = "/settings/me";

#[derive(Template)]
#[template(path = "pages/settings/me.html")]
struct Page {
    frame: Frame,
    tabs: Vec<Tab>,
    name: String,
    email: String,
    role: &'static str,
    sessions: Vec<Browser>,
    places: Vec<Place>,
    /// Name of the workspace they are in.
    here: String,
    /// Mail address and password are a way in.
    passwords: bool,
    /// How often the daily mail comes.
    rhythms: Vec<Choice>,
    /// The hours at which it can come, and the zone they chose.
    hours: Vec<Choice>,
    zone: String,
    /// When it is sent.
    mail_at: String,
    /// How much it would say now.
    mail_says: String,
    wrong: Wrong,
}

struct Browser {
    agent: String,
    since: Moment,
    seen: Moment,
    current: bool,
}

struct Place {
    id: String,
    name: String,
    role: &'static str,
    here: bool,
}

/// What to say after something was done, by the word in the address.
fn said(word: &str) -> &'static str {
    match word {
        "name" => "Your name was changed.",
        "digest" => "Saved.",
        "password" => "Your password was changed; you are signed out everywhere else.",
        "sessions" => "You are signed out everywhere else.",
        "removed" => "The workspace is removed with everything in it. You are in another one of yours now.",
        _ => "",
    }
}

/// One's own access.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    page(&web, &session, StatusCode::OK, said(&values.text("said")), Wrong::default()).await
}

/// Changes the name.
pub(crate) async fn change_name(Posted(web, session, (), fields): Posted) -> Answer {
    let outcome = identity::change_name(&web.app, &session.actor, fields.text("name")).await;
    settle(&web, &session, "name", outcome).await
}

/// Says how often the daily mail comes.
pub(crate) async fn change_digest(Posted(web, session, (), fields): Posted) -> Answer {
    let zone = Some(fields.text("zone").trim().to_owned()).filter(|zone| !zone.is_empty());
    let outcome = match (fields.text("rhythm").parse::<Rhythm>(), hour_of(&fields)) {
        (Ok(rhythm), Ok(hour)) => digest::wish(&web.app, &session.actor, Wishes { rhythm, hour, zone }).await,
        (Err(error), _) => Err(AppError::Invalid(vec![Problem::new("rhythm", error.to_string())])),
        (_, Err(error)) => Err(error),
    };
    settle(&web, &session, "digest", outcome).await
}

/// The hour a form says; none where it leaves it to others.
pub(super) fn hour_of(fields: &Fields) -> Result<Option<i8>, AppError> {
    match fields.text("hour") {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| {
            AppError::Invalid(vec![Problem::new("hour", "must lie between 0 and 23".to_owned())])
        }),
    }
}

/// The hours of a day to choose from.
pub(super) fn hours(chosen: Option<i8>) -> impl Iterator<Item = Choice> {
    (0..24_i8).map(move |hour| Choice {
        value: hour.to_string(),
        label: format!("{hour:02}:00"),
        chosen: Some(hour) == chosen,
    })
}

/// Changes the password.
pub(crate) async fn change_password(Posted(web, session, (), fields): Posted) -> Answer {
    let (current, new) = (fields.text("current"), fields.text("password"));
    let (actor, asking) = (&session.actor, &session.digest);
    let outcome = identity::change_password(&web.app, actor, asking, current, new).await;
    settle(&web, &session, "password", outcome).await
}

/// Signs out everywhere else.
pub(crate) async fn end_other_sessions(Here(web, session, ()): Here) -> Answer {
    let ended = identity::end_other_sessions(&web.app, &session.actor, &session.digest).await;
    let outcome = ended.map(|_| ());
    settle(&web, &session, "sessions", outcome).await
}

/// Goes on in another workspace.
pub(crate) async fn change_workspace(Posted(web, session, (), fields): Posted) -> Answer {
    let workspace: WorkspaceId = named("workspace", fields.text("workspace"))?;
    identity::move_to(&web.app, &session, workspace).await?;
    Ok(Redirect::to("/").into_response())
}

/// Leaves the workspace: on in another one, or out.
pub(crate) async fn leave(Here(web, session, ()): Here) -> Answer {
    match identity::leave(&web.app, &session.actor).await {
        Ok(true) => Ok(Redirect::to("/").into_response()),
        Ok(false) => Ok(session::end(&web, "/sign-in")),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(&web, &session, status, "", wrong).await
        }
    }
}

async fn settle(web: &Web, session: &Session, word: &str, outcome: Result<(), AppError>) -> Answer {
    match outcome {
        Ok(()) => Ok(Redirect::to(&format!("{PATH}?said={word}")).into_response()),
        Err(error) => {
            let (status, wrong) = Wrong::or_fail(error)?;
            page(web, session, status, "", wrong).await
        }
    }
}

async fn page(web: &Web, session: &Session, status: StatusCode, said: &'static str, wrong: Wrong) -> Answer {
    let zone = &web.app.time_zone;
    let sessions = identity::own_sessions(&web.app, &session.actor, &session.digest).await?;
    let places = identity::places(&web.app, &session.actor).await?;
    let mail = digest::get(&web.app, &session.actor).await?;
    let lines = mail.groups.iter().flat_map(|group| &group.parts).map(|(_, lines)| lines.len()).sum();
    let page = Page {
        frame: Frame::of(session, Nav::Settings, "My access").saying(Toast::of(said)),
        tabs: tabs(session, PATH),
        name: session.actor.name.clone(),
        email: session.email.clone(),
        role: session.role.label(),
        sessions: sessions
            .into_iter()
            .map(|own| Browser {
                agent: browser(&own.line.agent),
                since: moment(own.line.created_at, zone),
                seen: moment(own.line.seen_at, zone),
                current: own.current,
            })
            .collect(),
        places: places
            .into_iter()
            .map(|place| Place {
                here: place.workspace == session.actor.workspace,
                id: place.workspace.to_string(),
                name: place.name,
                role: place.role.label(),
            })
            .collect(),
        here: session.workspace_name.clone(),
        passwords: web.app.ways.passwords,
        rhythms: Rhythm::ALL
            .into_iter()
            .map(|rhythm| Choice {
                value: rhythm.word().to_owned(),
                label: rhythm.label().to_owned(),
                chosen: rhythm == mail.rhythm,
            })
            .collect(),
        hours: std::iter::once(Choice {
            value: String::new(),
            label: "As the workspace has it".to_owned(),
            chosen: mail.own.0.is_none(),
        })
        .chain(hours(mail.own.0))
        .collect(),
        zone: mail.own.1.clone().unwrap_or_default(),
        mail_at: format!("{:02}:00 ({})", mail.hour, mail.zone),
        mail_says: count(lines, "line"),
        wrong,
    };
    Ok(render(status, &page))
}

/// A browser and its system in words, from what it calls itself.
fn browser(agent: &str) -> String {
    let first = |known: &[(&str, &'static str)]| {
        known.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    // Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
    let program = first(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) if agent.is_empty() => "A program without a name".to_owned(),
        (None, None) => agent.chars().take(60).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_have_names() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/604.1";
        assert_eq!(browser(edge), "Edge on Windows");
        assert_eq!(browser(phone), "Safari on iPhone");
        assert_eq!(browser("curl/8.5.0"), "curl/8.5.0");
        assert_eq!(browser(""), "A program without a name");
    }
}
