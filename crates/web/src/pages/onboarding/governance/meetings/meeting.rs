//! One meeting: invitation, agenda, who came, notes, what was decided.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::meeting::{self, Changes, End, Meeting, Minutes};
use gangway_app::register::{self, Draft};
use gangway_domain::ids::MeetingId;
use gangway_domain::meeting::{Attendance, Status};
use gangway_domain::permission::Action;
use gangway_domain::programme::AgendaItem;
use gangway_domain::register::{Details, Kind, Owner, Visibility};

use super::sheet::Sheet;
use super::{meeting_id, status};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted};
use crate::form::{Fields, Wrong, answered};
use crate::format::{Day, Moment, moment};
use crate::pages::document::to_save;
use crate::pages::onboarding::governance::{HERE, tabs};
use crate::pages::onboarding::top::Top;
use crate::pages::{Frame, Tab, Toast, render};

#[derive(Template)]
#[template(path = "pages/onboarding/governance/meetings/meeting.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    address: String,
    title: String,
    purpose: String,
    day: Day,
    starts: String,
    minutes: u32,
    zone: String,
    place: String,
    status: &'static str,
    tone: &'static str,
    reason: Option<String>,
    planned: bool,
    /// Its day is here or over.
    due: bool,
    agenda: Vec<AgendaItem>,
    people: Vec<Person>,
    /// Somebody's address is known.
    reachable: bool,
    /// How many have none: `2 of them have`.
    unreachable: Option<String>,
    invited: Option<Moment>,
    notes: String,
    entries: Vec<(String, String)>,
    may_edit: bool,
    version: i64,
    sheet: Sheet,
    ending: Ending,
}

struct Person {
    place: usize,
    name: String,
    email: Option<String>,
    href: Option<String>,
    side: &'static str,
    attended: bool,
    absent: bool,
}

/// The forms that end it, as they were typed.
#[derive(Default)]
struct Ending {
    notes: Option<String>,
    reason: String,
    wrong: Wrong,
}

/// One meeting.
pub(crate) async fn show(Asked(web, session, (_, id), values): Asked<(String, String)>) -> Answer {
    let toast = match values.text("said").as_str() {
        "changed" => Toast::of("Saved."),
        "invited" => Toast::of("Invitations are on their way."),
        "ended" => Toast::of("Saved how it ended."),
        "added" => Toast::of("Added to the register."),
        _ => None,
    };
    page(&web, &session, meeting_id(&id)?, None, Ending::default(), toast, StatusCode::OK).await
}

/// Changes it.
pub(crate) async fn change(
    Posted(web, session, (onboarding, id), fields): Posted<(String, String)>,
) -> Answer {
    let id = meeting_id(&id)?;
    let sheet = Sheet::typed(&fields);
    let changed = match sheet.slot() {
        Ok(slot) => {
            let changes = Changes {
                title: Some(sheet.title.clone()),
                purpose: Some(sheet.purpose.clone()),
                slot: Some(slot),
                place: Some(sheet.place.clone()),
                with_customer: Some(sheet.with_customer),
                agenda: Some(sheet.points()),
                people: Some(sheet.guests()),
                notes: None,
            };
            meeting::change(&web.app, &session.actor, id, sheet.version, changes).await
        }
        Err(error) => Err(error),
    };
    answered(
        changed,
        |_| back(&onboarding, id, "changed"),
        |status, wrong| {
            let sheet = Some(Sheet { wrong, ..sheet });
            page(&web, &session, id, sheet, Ending::default(), None, status)
        },
    )
    .await
}

/// Invites, or tells what has changed.
pub(crate) async fn invite(
    Posted(web, session, (onboarding, id), fields): Posted<(String, String)>,
) -> Answer {
    let id = meeting_id(&id)?;
    let sent = meeting::invite(&web.app, &session.actor, id, fields.version()).await;
    done(&web, &session, (&onboarding, id), sent, "invited").await
}

/// It was held or not, or is planned again.
pub(crate) async fn end(Posted(web, session, (onboarding, id), fields): Posted<(String, String)>) -> Answer {
    let id = meeting_id(&id)?;
    let reason = fields.text("reason").to_owned();
    let notes = fields.text("notes").to_owned();
    let end = match fields.text("status") {
        "held" => {
            let notes = Some(notes.clone()).filter(|notes| !notes.is_empty());
            End::Held { attendance: attendance(&fields), notes }
        }
        "no-show" => End::NoShow { reason: reason.clone(), attendance: attendance(&fields) },
        "planned" => End::Again,
        _ => End::Cancelled { reason: reason.clone() },
    };
    let ended = meeting::end(&web.app, &session.actor, id, fields.version(), end).await;
    let list = || Redirect::to(&format!("/onboardings/{onboarding}/meetings?settled")).into_response();
    answered(
        ended,
        |_| if fields.text("to") == "list" { list() } else { back(&onboarding, id, "ended") },
        |status, wrong| {
            let notes = Some(notes).filter(|notes| !notes.is_empty());
            page(&web, &session, id, None, Ending { notes, reason, wrong }, None, status)
        },
    )
    .await
}

/// Who came, as it was ticked: fields are called after the place in the list.
fn attendance(fields: &Fields) -> Vec<(usize, Attendance)> {
    (0..fields.text("people").parse().unwrap_or(0_usize).min(100))
        .filter_map(|place| Some((place, Attendance::read(fields.text(&format!("came_{place}")))?)))
        .collect()
}

/// Puts what was decided, or is to be done, into the register.
pub(crate) async fn add(Posted(web, session, (onboarding, id), fields): Posted<(String, String)>) -> Answer {
    let id = meeting_id(&id)?;
    let Minutes { meeting, .. } = meeting::get(&web.app, &session.actor, id).await?;
    let details = match fields.text("kind").parse() {
        Ok(Kind::Decision) => Details::Decision {
            options: Vec::new(),
            assumed: String::new(),
            about: format!("From the meeting {} of {}", meeting.title, Day::from(meeting.slot.on).words),
        },
        _ => Details::Action { about: String::new(), task: None },
    };
    let draft = Draft {
        title: fields.text("title").to_owned(),
        details,
        owner: Owner::read(fields.text("owner")),
        due_on: fields.text("due_on").parse().ok(),
        visibility: if meeting.with_customer { Visibility::Customer } else { Visibility::Internal },
        meeting: Some(id),
    };
    let added = register::add(&web.app, &session.actor, meeting.onboarding, draft).await;
    done(&web, &session, (&onboarding, id), added, "added").await
}

/// It was planned by mistake.
pub(crate) async fn remove(Here(web, session, (_, id)): Here<(String, String)>) -> Answer {
    let onboarding = meeting::take_back(&web.app, &session.actor, meeting_id(&id)?).await?;
    Ok(Redirect::to(&format!("/onboardings/{onboarding}/meetings?removed")).into_response())
}

/// Its calendar entry as a file.
pub(crate) async fn calendar(Here(web, session, (_, id)): Here<(String, String)>) -> Answer {
    let (name, text) = meeting::calendar_file(&web.app, &session.actor, meeting_id(&id)?).await?;
    Ok(to_save(&name, "text/calendar; charset=utf-8", text))
}

fn back(onboarding: &str, id: MeetingId, said: &str) -> Response {
    Redirect::to(&format!("/onboardings/{onboarding}/meetings/{id}?said={said}")).into_response()
}

/// The meeting with what was done, or with why it was not.
async fn done<T>(
    web: &Web,
    session: &Session,
    (onboarding, id): (&str, MeetingId),
    done: Result<T, AppError>,
    said: &str,
) -> Answer {
    answered(
        done,
        |_| back(onboarding, id, said),
        |status, wrong| page(web, session, id, None, Ending { wrong, ..Ending::default() }, None, status),
    )
    .await
}

/// How many cannot be invited because nobody knows their address.
fn unreachable(meeting: &Meeting) -> Option<String> {
    match meeting.people.iter().filter(|person| person.email.is_none()).count() {
        0 => None,
        1 => Some("One of them has".to_owned()),
        many => Some(format!("{many} of them have")),
    }
}

async fn page(
    web: &Web,
    session: &Session,
    id: MeetingId,
    sheet: Option<Sheet>,
    ending: Ending,
    toast: Option<Toast>,
    code: StatusCode,
) -> Answer {
    let Minutes { head, meeting, entries } = meeting::get(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &head, HERE);
    let (status, tone) = status(&meeting.status);
    let mut sheet = sheet.unwrap_or_else(|| Sheet::of(&meeting));
    sheet.version = meeting.version;
    let people = meeting.people.iter().enumerate().map(|(place, person)| Person {
        place,
        name: person.name.clone(),
        email: person.email.clone(),
        href: person.contact.map(|id| format!("/contacts/{id}")),
        side: gangway_domain::report::side_label(person.side),
        attended: person.attendance == Attendance::Attended,
        absent: person.attendance == Attendance::Absent,
    });
    let page = Page {
        frame: top.frame(session, &meeting.title).saying(toast),
        pages: tabs(&top, "/meetings"),
        address: top.to(&format!("/meetings/{id}")),
        title: meeting.title.clone(),
        purpose: meeting.purpose.clone(),
        day: Day::from(meeting.slot.on),
        starts: meeting.slot.starts.to_string(),
        minutes: meeting.slot.minutes,
        zone: meeting.slot.zone.clone().unwrap_or_else(|| "local time".to_owned()),
        place: meeting.place.clone(),
        status,
        tone,
        reason: meeting.status.reason().map(str::to_owned),
        planned: meeting.status == Status::Planned,
        due: meeting.slot.on <= web.app.today(),
        people: people.collect(),
        reachable: meeting.people.iter().any(|person| person.email.is_some()),
        unreachable: unreachable(&meeting),
        invited: meeting.invited_at.map(|at| moment(at, &web.app.time_zone)),
        notes: ending.notes.clone().unwrap_or_else(|| meeting.notes.clone()),
        entries: entries
            .iter()
            .map(|entry| {
                (top.to(&format!("/register/{}", entry.id)), format!("{} {}", entry.code(), entry.title))
            })
            .collect(),
        may_edit: session.actor.may(Action::RunOnboarding),
        version: meeting.version,
        sheet,
        agenda: meeting.agenda,
        ending,
        top,
    };
    Ok(render(code, &page))
}
