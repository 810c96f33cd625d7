//! One signal: what is known of it, what the methodology says of its kind, its clocks, what happened to it.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::signal::{self, Opened, Step};
use gangway_domain::ids::SignalId;
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Action;
use gangway_domain::signal::{How, State};

use super::{clock, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Posted, named};
use crate::form::{Wrong, answered, day};
use crate::format::{Moment, capital, moment};
use crate::pages::onboarding::health::severity;
use crate::pages::{Choice, Frame, Nav, Tab, Toast, render};

#[derive(Template)]
#[template(path = "pages/signals/signal.html")]
struct Page {
    frame: Frame,
    pages: Vec<Tab>,
    address: String,
    name: String,
    words: String,
    customer: String,
    onboarding: String,
    /// Where reports on the onboarding are written.
    reports: String,
    category: String,
    severity: &'static str,
    tone: &'static str,
    state: String,
    times: u32,
    first_at: Moment,
    last_at: Moment,
    due: String,
    due_tone: &'static str,
    /// What counts as seen, and what is done about it, by the methodology.
    trigger: String,
    intervention: String,
    /// It is the champion who leaves: where the protocol is.
    protocol: Option<String>,
    events: Vec<(Moment, String, String)>,
    others: Vec<Choice>,
    version: i64,
    open: bool,
    /// The onboarding was closed: nothing is begun about it.
    closed: bool,
    may_acknowledge: bool,
    may_edit: bool,
    reason: String,
    until: String,
    wrong: Wrong,
}

/// The signal.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let toast = if values.text("said") == "saved" { Toast::of("Saved.") } else { None };
    page(&web, &session, signal_id(&id)?, Typed::default(), toast, StatusCode::OK).await
}

/// What was typed into a form that came back.
#[derive(Default)]
struct Typed {
    reason: String,
    until: String,
    wrong: Wrong,
}

/// It is taken up, planned for, put away, resolved or merged.
pub(crate) async fn step(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = signal_id(&id)?;
    let reason = fields.text("reason").to_owned();
    let step = match fields.text("step") {
        "plan" => Ok(Step::Plan),
        "snooze" => {
            day("until", fields.text("until")).map(|until| Step::Snooze { until, reason: reason.clone() })
        }
        "resolve" => Ok(Step::Resolve { reason: reason.clone() }),
        "merge" => named("signal", fields.text("into")).map(|into| Step::Merge { into }),
        _ => Ok(Step::Acknowledge),
    };
    let done = match step {
        Ok(step) => signal::take(&web.app, &session.actor, id, Some(fields.version()), step).await,
        Err(error) => Err(error),
    };
    let until = fields.text("until").to_owned();
    answered(
        done,
        |_| Redirect::to(&format!("/signals/{id}?said=saved")).into_response(),
        |status, wrong| page(&web, &session, id, Typed { reason, until, wrong }, None, status),
    )
    .await
}

async fn page(
    web: &Web,
    session: &Session,
    id: SignalId,
    typed: Typed,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let Opened { head, signal, kind, clocks, events, others, now, .. } =
        signal::get(&web.app, &session.actor, id).await?;
    let zone = &web.app.time_zone;
    let (severity, tone) = severity(signal.body.severity);
    let (due, due_tone) = clock(&clocks, now);
    let runs = session.actor.may(Action::RunOnboarding);
    let onboarding = format!("/onboardings/{}", head.id);
    let page = Page {
        frame: Frame::of(session, Nav::Signals, format!("{} · {}", signal.name, head.customer))
            .live([head.id.to_string()])
            .saying(toast),
        pages: tabs(""),
        address: format!("/signals/{id}/steps"),
        protocol: kind
            .as_ref()
            .and_then(|kind| kind.protocol.as_ref())
            .map(|_| format!("{onboarding}/people")),
        trigger: kind.as_ref().map(|kind| kind.trigger.clone()).unwrap_or_default(),
        intervention: kind.map(|kind| kind.intervention).unwrap_or_default(),
        closed: matches!(head.state, OnboardingState::Closed { .. }),
        reports: format!("{onboarding}/reports"),
        onboarding: format!("{onboarding}/health"),
        customer: head.customer,
        category: capital(&signal.category),
        severity,
        tone,
        state: state(&signal.body.state, now, zone),
        times: signal.body.count,
        first_at: moment(signal.body.raised_at.into(), zone),
        last_at: moment(signal.body.last_seen_at.into(), zone),
        due,
        due_tone,
        events: events
            .into_iter()
            .map(|one| (moment(one.at, zone), format!("{} by {}", deed(&one.kind), one.by), one.text))
            .collect(),
        others: others.iter().map(|one| Choice::of(one.id.to_string(), &one.name, "")).collect(),
        version: signal.version,
        open: signal.body.is_open(),
        may_acknowledge: runs && signal.body.is_open() && clocks.acknowledged_at.is_none(),
        may_edit: runs && signal.body.is_open(),
        words: signal.body.words,
        name: signal.name,
        reason: typed.reason,
        until: typed.until,
        wrong: typed.wrong,
    };
    Ok(render(status, &page))
}

/// Where it stands, in words.
fn state(state: &State, now: jiff::Timestamp, zone: &jiff::tz::TimeZone) -> String {
    let at = |at: jiff::Timestamp| moment(at.into(), zone).words;
    match state {
        State::Open => "Nobody has taken it up".to_owned(),
        State::Acknowledged { by, at: when } => format!("Taken up by {by}, {}", at(*when)),
        // What only people see has no rule that wakes it up.
        State::Snoozed { by, until, .. } if *until <= now => {
            format!("Waits again; {by} had put it away until {}", at(*until))
        }
        State::Snoozed { by, until, reason, .. } => {
            format!("Put away by {by} until {}: {reason}", at(*until))
        }
        State::Resolved { at: when, how, .. } => match how {
            How::ByItself => format!("Resolved by itself, {}", at(*when)),
            How::ByPerson { by, reason } => format!("Resolved by {by}, {}: {reason}", at(*when)),
            How::Merged { .. } => format!("Became part of another signal, {}", at(*when)),
        },
    }
}

/// What was done, in the words of the buttons that do it.
fn deed(kind: &str) -> String {
    match kind {
        "acknowledged" => "Taken up".to_owned(),
        "snoozed" => "Put away".to_owned(),
        "intervened" => "Playbook begun".to_owned(),
        other => capital(other),
    }
}

/// The signal an address names.
fn signal_id(id: &str) -> Result<SignalId, AppError> {
    named("signal", id)
}
