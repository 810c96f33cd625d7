//! The health of one onboarding: the score with everything it rests on, its history, what people see and say, its
//! signals, and what is done about it.

mod chart;
mod shown;
mod weekly;
pub(crate) mod what_if;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::health::{self, OBSERVED, Observed, WantedOverride};
use gangway_app::identity::Session;
use gangway_app::intervention::{self, Interventions, Wanted};
use gangway_app::signal;
use gangway_domain::ids::{InterventionId, OnboardingId};
use gangway_domain::methodology::SignalKind;
use gangway_domain::permission::Action;

use self::chart::Chart;
use self::shown::{Component, Done, HistoryLine, Moved, Said, Seen, SignalLine, Summary};
use super::read_id;
use super::top::{Top, is_over};
use crate::Web;
use crate::extract::{Answer, Asked, Posted, named};
use crate::form::{Wrong, answered, day_or_none};
use crate::pages::{Choice, Frame, Toast, render};

pub(crate) use self::shown::severity;
pub(crate) use self::weekly::{keep, show as weekly};

/// The end of the tab's address.
const HERE: &str = "/health";

/// Signals that are shown.
const SIGNALS: u32 = 30;

#[derive(Template)]
#[template(path = "pages/onboarding/health/health.html")]
struct Page {
    frame: Frame,
    top: Top,
    summary: Option<Summary>,
    components: Vec<Component>,
    moves: Vec<Moved>,
    chart: Option<Chart>,
    /// Where rules are tested on this onboarding.
    rules: String,
    history: Vec<HistoryLine>,
    said: Option<Said>,
    seen: Vec<Seen>,
    signals: Vec<SignalLine>,
    /// Kinds people log: group, id, name.
    kinds: Vec<(String, String, String)>,
    doing: Vec<Done>,
    statuses: Vec<Choice>,
    subjects: Vec<Choice>,
    ratings: Vec<Choice>,
    playbooks: Vec<Choice>,
    owners: Vec<Choice>,
    may_edit: bool,
    /// People of the team may say what they see and begin something: it was not closed.
    may_add: bool,
    /// Its plan takes tasks.
    plan_goes_on: bool,
    typed: Typed,
    wrong: Wrong,
}

/// What was typed into a form that came back.
#[derive(Debug, Clone, Default)]
struct Typed {
    status: String,
    reason: String,
    until: String,
    subject: String,
    rating: String,
    note: String,
    words: String,
    playbook: String,
    why: String,
    owner: String,
}

/// The tab.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let toast = match values.text("said").as_str() {
        "saved" => Toast::of("Saved. The health was judged again."),
        "logged" => Toast::of("The signal is logged."),
        "begun" => Toast::of("The playbook has begun."),
        _ => None,
    };
    let typed = Typed { playbook: values.text("playbook"), ..Typed::default() };
    page(&web, &session, read_id(id)?, typed, Wrong::default(), toast, StatusCode::OK).await
}

fn back(id: OnboardingId, said: &str) -> Response {
    Redirect::to(&format!("/onboardings/{id}/health?said={said}")).into_response()
}

/// Somebody puts a status in place of the computed one.
pub(crate) async fn overrule(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let done = match day_or_none("until", fields.text("until")) {
        Ok(until) => {
            let wanted = WantedOverride { status: text("status"), reason: text("reason"), until };
            health::set_override(&web.app, &session.actor, id, wanted).await
        }
        Err(error) => Err(error),
    };
    let typed =
        Typed { status: text("status"), reason: text("reason"), until: text("until"), ..Typed::default() };
    answered(
        done,
        |_| back(id, "saved"),
        |status, wrong| page(&web, &session, id, typed, wrong, None, status),
    )
    .await
}

/// The status is left to the score again.
pub(crate) async fn end_override(Posted(web, session, id, _): Posted<String>) -> Answer {
    let id = read_id(id)?;
    answered(
        health::end_override(&web.app, &session.actor, id).await,
        |_| back(id, "saved"),
        |status, wrong| page(&web, &session, id, Typed::default(), wrong, None, status),
    )
    .await
}

/// Somebody says what they saw.
pub(crate) async fn observe(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let observed = Observed {
        subject: text("subject"),
        rating: fields.text("rating").parse().unwrap_or(0),
        note: text("note"),
    };
    let typed =
        Typed { subject: text("subject"), rating: text("rating"), note: text("note"), ..Typed::default() };
    answered(
        health::observe(&web.app, &session.actor, id, observed).await,
        |_| back(id, "saved"),
        |status, wrong| page(&web, &session, id, typed, wrong, None, status),
    )
    .await
}

/// Somebody saw a signal.
pub(crate) async fn log(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let words = fields.text("words").to_owned();
    answered(
        signal::log(&web.app, &session.actor, id, fields.text("kind"), &words).await,
        |_| back(id, "logged"),
        |status, wrong| page(&web, &session, id, Typed { words, ..Typed::default() }, wrong, None, status),
    )
    .await
}

/// A playbook begins.
pub(crate) async fn begin(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let wanted = Wanted {
        playbook: text("playbook"),
        reason: text("reason"),
        owner: fields.text("owner").parse().ok(),
        signals: Vec::new(),
        tasks: !fields.text("tasks").is_empty(),
    };
    let typed =
        Typed { playbook: text("playbook"), why: text("reason"), owner: text("owner"), ..Typed::default() };
    answered(
        intervention::begin(&web.app, &session.actor, id, wanted).await,
        |_| back(id, "begun"),
        |status, wrong| page(&web, &session, id, typed, wrong, None, status),
    )
    .await
}

/// It is said how one ended.
pub(crate) async fn end(Posted(web, session, (onboarding, id), fields): Posted<(String, String)>) -> Answer {
    let onboarding = read_id(onboarding)?;
    let id: InterventionId = named("intervention", &id)?;
    let (outcome, learned) = (fields.text("outcome"), fields.text("learned"));
    answered(
        intervention::end(&web.app, &session.actor, id, fields.version(), outcome, learned).await,
        |_| back(onboarding, "saved"),
        |status, wrong| page(&web, &session, onboarding, Typed::default(), wrong, None, status),
    )
    .await
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    typed: Typed,
    wrong: Wrong,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let (app, actor) = (&web.app, &session.actor);
    let health = health::of_onboarding(app, actor, id).await?;
    let signals = signal::of_onboarding(app, actor, id, SIGNALS).await?;
    let Interventions { all, playbooks, owners, .. } = intervention::of_onboarding(app, actor, id).await?;
    let top = Top::new(session, &health.head, HERE);
    let zone = &app.time_zone;
    let me = actor.person.map(|me| me.to_string()).unwrap_or_default();
    let owner = if typed.owner.is_empty() { &me } else { &typed.owner };
    let page = Page {
        frame: top.frame(session, "Health").saying(toast),
        summary: Summary::new(app, &health),
        components: shown::components(&health),
        moves: shown::moves(&health.moves),
        chart: Chart::new(app, &health, &signals),
        rules: format!("/settings/health/rules?onboarding={id}"),
        history: shown::history(&health, zone),
        said: Said::new(&health, zone),
        seen: shown::seen(&health, zone),
        signals: signals.iter().map(|one| SignalLine::new(one, zone)).collect(),
        kinds: kinds(web, session)?,
        doing: all.iter().map(|one| Done::new(one, &top, zone)).collect(),
        statuses: health.statuses.iter().map(|one| Choice::of(&one.name, &one.name, &typed.status)).collect(),
        subjects: OBSERVED.iter().map(|(id, about)| Choice::of(*id, *about, &typed.subject)).collect(),
        ratings: ratings(&typed.rating),
        playbooks: playbooks
            .iter()
            .map(|one| {
                Choice::of(&one.id, format!("{} · {}, {}", one.level, one.owner, one.within), &typed.playbook)
            })
            .collect(),
        owners: owners.iter().map(|(id, name)| Choice::of(id.to_string(), name, owner)).collect(),
        may_edit: actor.may(Action::RunOnboarding),
        may_add: actor.may(Action::RunOnboarding) && top.closed.is_none(),
        plan_goes_on: !is_over(&health.head),
        typed,
        wrong,
        top,
    };
    Ok(render(status, &page))
}

/// The kinds people log, by category.
fn kinds(web: &Web, session: &Session) -> Result<Vec<(String, String, String)>, AppError> {
    let kinds = signal::kinds(&web.app, &session.actor)?;
    // Whoever hears first that a champion leaves need not wait for the map of people to say so.
    let is_logged = |kind: &&SignalKind| kind.detection == "observed" || kind.protocol.is_some();
    let observed = kinds.into_iter().filter(is_logged);
    Ok(observed
        .map(|kind| (crate::format::capital(&kind.category), kind.id.clone(), kind.name.clone()))
        .collect())
}

fn ratings(chosen: &str) -> Vec<Choice> {
    let words = [
        ("5", "5 – very good"),
        ("4", "4 – good"),
        ("3", "3 – neither"),
        ("2", "2 – poor"),
        ("1", "1 – very poor"),
    ];
    let chosen = if chosen.is_empty() { "3" } else { chosen };
    words.into_iter().map(|(value, label)| Choice::of(value, label, chosen)).collect()
}
