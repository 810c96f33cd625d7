//! Change requests of one onboarding: what was asked, what it does to the plan, who agrees.

mod sheet;
mod words;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::change_request::{self, Draft, Opened, Requests, Step};
use gangway_app::identity::Session;
use gangway_app::{AppError, work};
use gangway_domain::change_request::{Impact, State as Stands};
use gangway_domain::ids::{ChangeRequestId, OnboardingId};
use gangway_domain::permission::Action;
use gangway_store::onboarding::head::Head;

use super::super::read_id;
use super::super::top::Top;
use super::{HERE, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, named};
use crate::form::{Wrong, answered, meanwhile};
use crate::format::{Day, capital, moment};
use crate::pages::{Choice, Frame, Tab, Toast, render};

use sheet::Sheet;

#[derive(Template)]
#[template(path = "pages/onboarding/governance/changes/list.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    lines: Vec<Line>,
    /// By how much approved requests grew the work: `4.5 %`.
    growth: Option<String>,
    too_much: bool,
    below: u32,
    may_edit: bool,
    sheet: Sheet,
}

struct Line {
    href: String,
    code: String,
    title: String,
    by: String,
    days: String,
    status: &'static str,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "pages/onboarding/governance/changes/request.html")]
struct One {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    address: String,
    code: String,
    title: String,
    status: &'static str,
    tone: &'static str,
    texts: Vec<(&'static str, String)>,
    effects: Vec<(&'static str, String)>,
    problem: Option<String>,
    changes: Vec<String>,
    major: Option<String>,
    approvals: Vec<Needed>,
    decided: Option<String>,
    is_draft: bool,
    is_proposed: bool,
    may_defer: bool,
    may_propose: bool,
    may_edit: bool,
    version: i64,
    sheet: Sheet,
    tasks: Vec<Choice>,
    who: String,
    wrong: Wrong,
}

struct Needed {
    id: String,
    name: String,
    /// By whom and when.
    given: Option<String>,
}

/// The change requests.
pub(crate) async fn list(Here(web, session, id): Here<String>) -> Answer {
    page(&web, &session, read_id(id)?, None, StatusCode::OK).await
}

/// Writes one down; when it cannot be, the form comes back.
pub(crate) async fn create(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let mut sheet = Sheet::typed(&fields);
    let made = match sheet.draft(Vec::new()) {
        Ok(draft) => change_request::add(&web.app, &session.actor, id, draft).await,
        Err(error) => Err(error),
    };
    answered(
        made,
        |opened| {
            let to = format!("/onboardings/{id}/changes/{}?said=written", opened.request.id);
            Redirect::to(&to).into_response()
        },
        |status, wrong| {
            sheet.wrong = wrong;
            page(&web, &session, id, Some(sheet), status)
        },
    )
    .await
}

/// One request.
pub(crate) async fn show(Asked(web, session, (_, id), values): Asked<(String, String)>) -> Answer {
    let toast = match values.text("said").as_str() {
        "written" => Toast::of("Written. Say now what it changes of the plan."),
        "saved" => Toast::of("Saved."),
        _ => None,
    };
    let opened = change_request::get(&web.app, &session.actor, request_id(&id)?).await?;
    one(&web, &session, opened, None, Wrong::default(), toast, StatusCode::OK).await
}

/// Says something else.
pub(crate) async fn change(
    Posted(web, session, (onboarding, id), fields): Posted<(String, String)>,
) -> Answer {
    let id = request_id(&id)?;
    let mut sheet = Sheet::typed(&fields);
    let known = change_request::get(&web.app, &session.actor, id).await?;
    let kept = match sheet.draft(known.request.changes.clone()) {
        Ok(draft) => change_request::change(&web.app, &session.actor, id, sheet.version, draft).await,
        Err(error) => Err(error),
    };
    answered(
        kept,
        |_| back(&onboarding, id),
        |status, wrong| {
            sheet.wrong = wrong;
            sheet.version = known.request.version;
            one(&web, &session, known, Some(sheet), Wrong::default(), None, status)
        },
    )
    .await
}

/// Adds a change of the plan to it.
pub(crate) async fn add(Posted(web, session, (onboarding, id), fields): Posted<(String, String)>) -> Answer {
    let id = request_id(&id)?;
    let known = change_request::get(&web.app, &session.actor, id).await?;
    let kept = match sheet::change(&fields) {
        Ok(change) => {
            let mut draft = Draft::from(&known.request);
            draft.changes.push(change);
            change_request::change(&web.app, &session.actor, id, fields.version(), draft).await
        }
        Err(error) => Err(error),
    };
    done(&web, &session, (&onboarding, id), kept).await
}

/// Takes a change of the plan out of it, by its place.
pub(crate) async fn leave_out(
    Posted(web, session, (onboarding, id), fields): Posted<(String, String)>,
) -> Answer {
    let id = request_id(&id)?;
    let known = change_request::get(&web.app, &session.actor, id).await?;
    let mut draft = Draft::from(&known.request);
    let place = fields.text("place").parse().unwrap_or(usize::MAX);
    if place < draft.changes.len() {
        draft.changes.remove(place);
    }
    let kept = change_request::change(&web.app, &session.actor, id, fields.version(), draft).await;
    done(&web, &session, (&onboarding, id), kept).await
}

/// It is proposed, approved, deferred, rejected, or taken back.
pub(crate) async fn step(Posted(web, session, (onboarding, id), fields): Posted<(String, String)>) -> Answer {
    let id = request_id(&id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let step = match fields.text("step") {
        "propose" => Step::Propose,
        "take-back" => Step::TakeBack,
        "approve" => Step::Approve { approval: text("approval"), by: text("by") },
        "defer" => Step::Defer { reason: text("reason") },
        _ => Step::Reject { reason: text("reason") },
    };
    let taken = change_request::take(&web.app, &session.actor, id, fields.version(), step).await;
    done(&web, &session, (&onboarding, id), taken).await
}

/// The request with what was done, or with why nothing was.
async fn done<T>(
    web: &Web,
    session: &Session,
    (onboarding, id): (&str, ChangeRequestId),
    done: Result<T, AppError>,
) -> Answer {
    let error = match done {
        Ok(_) => return Ok(back(onboarding, id)),
        Err(error) => error,
    };
    let said = match &error {
        AppError::Invalid(_) => Some(error.to_string()),
        _ => None,
    };
    let (status, wrong) = meanwhile(error)?;
    let wrong = said.map_or(wrong, |said| Wrong::whole(format!("{}.", capital(&said))));
    let known = change_request::get(&web.app, &session.actor, id).await?;
    one(web, session, known, None, wrong, None, status).await
}

fn back(onboarding: &str, id: ChangeRequestId) -> Response {
    Redirect::to(&format!("/onboardings/{onboarding}/changes/{id}?said=saved")).into_response()
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    sheet: Option<Sheet>,
    status: StatusCode,
) -> Answer {
    let Requests { head, requests, growth, below_percent } =
        change_request::of_onboarding(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &head, HERE);
    let page = Page {
        frame: top.frame(session, "Change requests"),
        pages: tabs(&top, "/changes"),
        lines: requests
            .iter()
            .map(|one| {
                let (status, tone) = state(&one.state);
                Line {
                    href: top.to(&format!("/changes/{}", one.id)),
                    code: format!("CR-{}", one.number),
                    title: one.title.clone(),
                    by: one.requested_by.clone(),
                    days: moves(one.impact.go_live_days),
                    status,
                    tone,
                }
            })
            .collect(),
        growth: growth.map(|tenths| format!("{}.{} %", tenths / 10, tenths % 10)),
        too_much: growth.is_some_and(|tenths| tenths >= i64::from(below_percent) * 10),
        below: below_percent,
        may_edit: session.actor.may(Action::RunOnboarding),
        sheet: sheet.unwrap_or_else(|| Sheet::blank(&currency(&head))),
        top,
    };
    Ok(render(status, &page))
}

/// The currency of the deal.
fn currency(head: &Head) -> String {
    head.acv.as_ref().map(|acv| acv.currency.code().to_owned()).unwrap_or_default()
}

/// The word of a state and how a tag shows it.
fn state(state: &Stands) -> (&'static str, &'static str) {
    match state {
        Stands::Draft => ("Draft", "soon"),
        Stands::Proposed { .. } => ("Proposed", "soon"),
        Stands::Approved { .. } => ("Approved", "go"),
        Stands::Deferred { .. } => ("Deferred", "off"),
        Stands::Rejected { .. } => ("Rejected", "off"),
    }
}

/// `3 calendar days later`.
fn moves(days: i64) -> String {
    let noun = if days.abs() == 1 { "calendar day" } else { "calendar days" };
    match days {
        0 => "does not move".to_owned(),
        1.. => format!("{days} {noun} later"),
        _ => format!("{} {noun} earlier", -days),
    }
}

fn work_days(days: i64) -> String {
    let noun = if days.abs() == 1 { "working day" } else { "working days" };
    match days {
        0 => "no more work".to_owned(),
        1.. => format!("{days} {noun} more"),
        _ => format!("{} {noun} less", -days),
    }
}

fn effects(impact: &Impact) -> Vec<(&'static str, String)> {
    if impact.problem.is_some() {
        return Vec::new();
    }
    let to = |dates: Option<[jiff::civil::Date; 2]>| {
        dates.map(|[_, after]| format!(", to {}", Day::from(after).words)).unwrap_or_default()
    };
    let with =
        |days: i64, dates| if days == 0 { moves(days) } else { format!("{}{}", moves(days), to(dates)) };
    vec![
        ("Go-live", with(impact.go_live_days, impact.go_live)),
        ("Finish", with(impact.finish_days, impact.finish)),
        ("Vendor", work_days(impact.vendor_days)),
        ("Customer", work_days(impact.customer_days)),
        ("Tasks that move", impact.moved.to_string()),
    ]
}

async fn one(
    web: &Web,
    session: &Session,
    opened: Opened,
    sheet: Option<Sheet>,
    wrong: Wrong,
    toast: Option<Toast>,
    code: StatusCode,
) -> Answer {
    let Opened { head, request, major, approvals } = opened;
    let plan = work::plan(&web.app, &session.actor, &head).await?;
    let top = Top::new(session, &head, HERE);
    let zone = &web.app.time_zone;
    let at = |at: jiff::Timestamp| moment(at.into(), zone).words;
    let (status, tone) = state(&request.state);
    let cost = request.cost.map(|cost| cost.to_string());
    let texts = [
        ("What exactly", request.description.clone()),
        ("Why it is needed", request.justification.clone()),
        ("Asked by", format!("{} on {}", request.requested_by, Day::from(request.requested_on).words)),
        ("Priority", capital(request.priority.word())),
        ("Cost", cost.unwrap_or_default()),
        ("New risks", request.risk.clone()),
        ("Recommendation", request.recommendation.map_or("", |known| known.label()).to_owned()),
    ];
    let page = One {
        frame: top.frame(session, &format!("CR-{}", request.number)).saying(toast),
        pages: tabs(&top, "/changes"),
        address: top.to(&format!("/changes/{}", request.id)),
        code: format!("CR-{}", request.number),
        status,
        tone,
        texts: texts.into_iter().filter(|(_, text)| !text.is_empty()).collect(),
        effects: effects(&request.impact),
        problem: request.impact.problem.clone(),
        changes: request.changes.iter().map(|change| words::words(change, &plan)).collect(),
        major,
        approvals: approvals
            .into_iter()
            .map(|(rule, given)| Needed {
                id: rule.id,
                name: rule.name,
                given: given.map(|given| format!("{}, {}", given.by, at(given.at))),
            })
            .collect(),
        decided: match &request.state {
            Stands::Deferred { by, at: when, reason } | Stands::Rejected { by, at: when, reason } => {
                Some(format!("{reason} ({by}, {})", at(*when)))
            }
            Stands::Approved { at: when } => Some(format!("The plan was changed on {}.", at(*when))),
            Stands::Draft | Stands::Proposed { .. } => None,
        },
        is_draft: request.state == Stands::Draft,
        is_proposed: matches!(request.state, Stands::Proposed { .. }),
        may_defer: request.state.is_open(),
        may_propose: matches!(request.state, Stands::Draft | Stands::Deferred { .. }),
        may_edit: session.actor.may(Action::RunOnboarding),
        version: request.version,
        sheet: sheet.unwrap_or_else(|| Sheet::of(&request, &currency(&head))),
        tasks: std::iter::once(Choice::of("", "No task", ""))
            .chain(plan.tasks.iter().map(|task| Choice::of(&task.code, &task.name, "")))
            .collect(),
        who: session.actor.name.clone(),
        title: request.title,
        wrong,
        top,
    };
    Ok(render(code, &page))
}

/// The request an address names.
fn request_id(id: &str) -> Result<ChangeRequestId, AppError> {
    named("change request", id)
}
