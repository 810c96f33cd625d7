//! Meetings of one onboarding: what comes, what was, and planning another.

mod meeting;
mod sheet;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::meeting::{self as meetings, Draft, Meeting, Meetings};
use gangway_app::onboarding::{self, Sight};
use gangway_domain::ids::{MeetingId, OnboardingId};
use gangway_domain::meeting::{Status, Turnout};
use gangway_domain::methodology::ForumTemplate;
use gangway_domain::permission::Action;
use gangway_domain::programme::{GovernanceTemplate, Side};
use jiff::civil::Date;
use serde::Deserialize;

use super::super::read_id;
use super::super::top::Top;
use super::{HERE, rules, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Posted, Values, named};
use crate::form::answered;
use crate::format::{Day, distance};
use crate::pages::{Choice, Frame, Tab, Toast, Undo, render};

use sheet::Sheet;
pub(crate) use sheet::slot;

pub(crate) use meeting::{add, calendar, change, end, invite, remove, show};

#[derive(Template)]
#[template(path = "pages/onboarding/governance/meetings/list.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    /// Planned, and their day is over: the newest first.
    settle: Vec<Line>,
    coming: Vec<Line>,
    over: Vec<Line>,
    /// Who meets how often, by the programme.
    cadence: Vec<GovernanceTemplate>,
    /// Share of the customer's invited who came, percent.
    turnout: Option<u32>,
    missed: usize,
    may_edit: bool,
    forums: Vec<Choice>,
    sheet: Sheet,
}

struct Line {
    href: String,
    title: String,
    day: Day,
    starts: String,
    when: String,
    status: &'static str,
    tone: &'static str,
    people: usize,
    invited: bool,
    version: i64,
}

/// The section of the package this page shows.
#[derive(Deserialize)]
struct Shown {
    governance: Vec<GovernanceTemplate>,
}

/// The meetings.
pub(crate) async fn list(Asked(web, session, id, values): Asked<String>) -> Answer {
    let id = read_id(id)?;
    let toast = said(&web, &session, id, &values).await?;
    let forum = values.text("forum");
    page(&web, &session, id, &forum, None, toast, StatusCode::OK).await
}

/// Plans one; when it cannot be, the form comes back.
pub(crate) async fn create(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let sheet = Sheet::typed(&fields);
    let made = match sheet.slot() {
        Ok(slot) => {
            let draft = Draft {
                title: sheet.title.clone(),
                purpose: sheet.purpose.clone(),
                slot,
                place: sheet.place.clone(),
                with_customer: sheet.with_customer,
                agenda: sheet.points(),
                people: sheet.guests(),
            };
            meetings::plan(&web.app, &session.actor, id, draft).await
        }
        Err(error) => Err(error),
    };
    answered(
        made,
        |made| Redirect::to(&format!("/onboardings/{id}/meetings?planned={}", made.id)).into_response(),
        |status, wrong| page(&web, &session, id, "", Some(Sheet { wrong, ..sheet }), None, status),
    )
    .await
}

async fn said(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    values: &Values,
) -> Result<Option<Toast>, AppError> {
    if values.has("removed") {
        return Ok(Toast::of("Taken back."));
    }
    if values.has("settled") {
        return Ok(Toast::of("Saved: it was held."));
    }
    let Ok(known) = values.text("planned").parse::<MeetingId>() else { return Ok(None) };
    let Ok(minutes) = meetings::get(&web.app, &session.actor, known).await else { return Ok(None) };
    let action = format!("/onboardings/{id}/meetings/{known}/removal");
    let undo = (minutes.meeting.version == 1).then(|| Undo { action, fields: Vec::new() });
    Ok(Some(Toast { text: format!("Planned: {}.", minutes.meeting.title), undo }))
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    forum: &str,
    sheet: Option<Sheet>,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let Meetings { head, meetings: all, today } =
        meetings::of_onboarding(&web.app, &session.actor, id).await?;
    let Sight { sections: Shown { governance }, .. } =
        onboarding::sight(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &head, HERE);
    let forums = &rules(web).meetings;
    let template = forums.iter().find(|template| template.id == forum);
    let zone = all.iter().find_map(|meeting| meeting.slot.zone.as_deref());
    let sheet =
        sheet.unwrap_or_else(|| Sheet::blank(template, next_week(today), zone, session_line(session)));
    let (planned, over): (Vec<&Meeting>, Vec<&Meeting>) =
        all.iter().partition(|meeting| meeting.status == Status::Planned);
    let (settle, coming): (Vec<&Meeting>, Vec<&Meeting>) =
        planned.into_iter().partition(|meeting| meeting.slot.on < today);
    let line = |meeting: &&Meeting| line(&top, meeting, today);
    let page = Page {
        frame: top.frame(session, "Meetings").saying(toast),
        pages: tabs(&top, "/meetings"),
        settle: settle.iter().rev().map(line).collect(),
        coming: coming.iter().map(line).collect(),
        over: over.iter().rev().map(line).collect(),
        cadence: governance,
        turnout: Turnout::of(over.iter().flat_map(|meeting| &meeting.people), Side::Customer).percent(),
        missed: over.iter().filter(|meeting| matches!(meeting.status, Status::NoShow { .. })).count(),
        may_edit: session.actor.may(Action::RunOnboarding),
        forums: choices(forums, forum),
        sheet,
        top,
    };
    Ok(render(status, &page))
}

/// Whoever plans it comes themselves.
fn session_line(session: &Session) -> String {
    session.actor.name.clone()
}

/// A week from today.
fn next_week(today: Date) -> Date {
    today.checked_add(jiff::Span::new().days(7)).unwrap_or(today)
}

fn choices(forums: &[ForumTemplate], chosen: &str) -> Vec<Choice> {
    let none = Choice::of("", "No template", chosen);
    let each = forums.iter().map(|forum| Choice::of(&forum.id, &forum.title, chosen));
    std::iter::once(none).chain(each).collect()
}

fn line(top: &Top, meeting: &Meeting, today: Date) -> Line {
    let (status, tone) = status(&meeting.status);
    Line {
        href: top.to(&format!("/meetings/{}", meeting.id)),
        title: meeting.title.clone(),
        day: Day::from(meeting.slot.on),
        starts: meeting.slot.starts.to_string(),
        when: distance(today, meeting.slot.on),
        status,
        tone,
        people: meeting.people.len(),
        invited: meeting.invited_at.is_some(),
        version: meeting.version,
    }
}

/// The word of a state and how a tag shows it.
fn status(status: &Status) -> (&'static str, &'static str) {
    match status {
        Status::Planned => ("Planned", "soon"),
        Status::Held => ("Held", "go"),
        Status::Cancelled { .. } => ("Cancelled", "off"),
        Status::NoShow { .. } => ("Nobody came", "late"),
    }
}

/// The meeting an address names.
fn meeting_id(id: &str) -> Result<MeetingId, AppError> {
    named("meeting", id)
}
