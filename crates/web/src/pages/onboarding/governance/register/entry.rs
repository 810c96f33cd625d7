//! One entry of the register: what it says, changing it, how it ends.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::identity::Session;
use gangway_app::register::{self, Changes, Entry};
use gangway_app::{AppError, work};
use gangway_domain::ids::RegisterId;
use gangway_domain::permission::Action;
use gangway_domain::programme::Side;
use gangway_domain::register::{Details, Kind, Outcome, Status, Visibility, hours_open};
use gangway_store::work::Stored;

use super::sheet::{Choices, Read, Sheet};
use super::{entry_id, status, weight};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted};
use crate::form::{Wrong, answered, day};
use crate::format::{Day, Moment, count, moment};
use crate::pages::onboarding::governance::{HERE, rules, tabs};
use crate::pages::onboarding::top::Top;
use crate::pages::{Choice, Frame, Tab, Toast, render};

#[derive(Template)]
#[template(path = "pages/onboarding/governance/register/entry.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    /// Where the entry is.
    address: String,
    code: String,
    title: String,
    kind: &'static str,
    weight: String,
    tone: &'static str,
    status: String,
    is_open: bool,
    /// What it says: label and text.
    texts: Vec<(&'static str, String)>,
    /// The task of the plan it speaks of: what it is to it, its address and its name.
    task: Option<(&'static str, String, String)>,
    options: Vec<String>,
    owner: String,
    due: Option<Day>,
    overdue: bool,
    shared: bool,
    opened: Moment,
    opened_by: String,
    /// How it ended: in words, by whom and when.
    ended: Option<Ended>,
    /// For how long it is open, or was.
    age: String,
    may_edit: bool,
    /// It is an action that could become a task.
    may_schedule: bool,
    version: i64,
    sheet: Sheet,
    choices: Choices,
    closing: Closing,
    /// Ways it can end.
    ends: Vec<Choice>,
}

struct Ended {
    how: String,
    by: String,
    at: Moment,
}

/// The form that closes it, as it was typed.
#[derive(Default)]
struct Closing {
    outcome: String,
    how: String,
    by: String,
    on: String,
    wrong: Wrong,
}

impl Closing {
    fn is_open(&self) -> bool {
        self.wrong.summary().is_some()
    }
}

/// One entry.
pub(crate) async fn show(Asked(web, session, (_, id), values): Asked<(String, String)>) -> Answer {
    let toast = if values.has("changed") {
        Toast::of("Saved.")
    } else if values.has("reopened") {
        Toast::of("Open again.")
    } else {
        None
    };
    page(&web, &session, entry_id(&id)?, None, Closing::default(), toast, StatusCode::OK).await
}

/// Changes it.
pub(crate) async fn change(
    Posted(web, session, (onboarding, id), fields): Posted<(String, String)>,
) -> Answer {
    let id = entry_id(&id)?;
    let mut sheet = Sheet::typed(&fields);
    let (_, known) = register::get(&web.app, &session.actor, id).await?;
    let outcome = match sheet.read(known.kind()) {
        Ok(Read { title, details, owner, due_on, visibility }) => {
            let changes = Changes {
                title: Some(title),
                details: Some(details),
                owner: Some(owner),
                due_on: Some(due_on),
                visibility: Some(visibility),
            };
            register::change(&web.app, &session.actor, id, sheet.version, changes).await
        }
        Err(error) => Err(error),
    };
    answered(
        outcome,
        |_| back(&onboarding, id, "changed"),
        |status, wrong| {
            sheet.wrong = wrong;
            page(&web, &session, id, Some(sheet), Closing::default(), None, status)
        },
    )
    .await
}

/// It ends.
pub(crate) async fn close(
    Posted(web, session, (onboarding, id), fields): Posted<(String, String)>,
) -> Answer {
    let id = entry_id(&id)?;
    let text = |name: &str| fields.text(name).to_owned();
    let closing = Closing {
        outcome: text("outcome"),
        how: text("how"),
        by: text("by"),
        on: text("on"),
        wrong: Wrong::default(),
    };
    let ended = match read(&closing) {
        Ok(outcome) => register::close(&web.app, &session.actor, id, fields.version(), outcome).await,
        Err(error) => Err(error),
    };
    answered(
        ended,
        |_| Redirect::to(&format!("/onboardings/{onboarding}/register?closed={id}")).into_response(),
        |status, wrong| page(&web, &session, id, None, Closing { wrong, ..closing }, None, status),
    )
    .await
}

fn read(closing: &Closing) -> Result<Outcome, AppError> {
    let how = closing.how.clone();
    Ok(match closing.outcome.as_str() {
        "happened" => Outcome::Happened { how },
        "avoided" => Outcome::Avoided { how },
        "resolved" => Outcome::Resolved { how },
        "done" => Outcome::Done { how },
        "decided" => Outcome::Decided { choice: how, by: closing.by.clone(), on: day("on", &closing.on)? },
        _ => Outcome::Dropped { how },
    })
}

/// It did not end after all.
pub(crate) async fn reopen(
    Posted(web, session, (onboarding, id), fields): Posted<(String, String)>,
) -> Answer {
    let id = entry_id(&id)?;
    let reopened = register::reopen(&web.app, &session.actor, id, fields.version()).await;
    done(&web, &session, (&onboarding, id), reopened, "reopened").await
}

/// An action becomes a task of the plan.
pub(crate) async fn schedule(
    Posted(web, session, (onboarding, id), fields): Posted<(String, String)>,
) -> Answer {
    let id = entry_id(&id)?;
    let side = Side::read(fields.text("side")).unwrap_or(Side::Vendor);
    let days = fields.text("days").parse().unwrap_or(0);
    let scheduled = register::schedule(&web.app, &session.actor, id, fields.version(), days, side).await;
    done(&web, &session, (&onboarding, id), scheduled, "changed").await
}

/// It was added by mistake.
pub(crate) async fn remove(Here(web, session, (_, id)): Here<(String, String)>) -> Answer {
    let onboarding = register::take_back(&web.app, &session.actor, entry_id(&id)?).await?;
    Ok(Redirect::to(&format!("/onboardings/{onboarding}/register?removed")).into_response())
}

fn back(onboarding: &str, id: RegisterId, said: &str) -> Response {
    Redirect::to(&format!("/onboardings/{onboarding}/register/{id}?{said}")).into_response()
}

/// The entry with what was done, or with why it was not.
async fn done<T>(
    web: &Web,
    session: &Session,
    (onboarding, id): (&str, RegisterId),
    done: Result<T, AppError>,
    said: &str,
) -> Answer {
    answered(
        done,
        |_| back(onboarding, id, said),
        |status, wrong| page(web, session, id, None, Closing { wrong, ..Closing::default() }, None, status),
    )
    .await
}

async fn page(
    web: &Web,
    session: &Session,
    id: RegisterId,
    sheet: Option<Sheet>,
    mut closing: Closing,
    toast: Option<Toast>,
    code: StatusCode,
) -> Answer {
    let (head, entry) = register::get(&web.app, &session.actor, id).await?;
    let candidates = register::candidates(&web.app, &session.actor, &head).await?;
    let stored = plan_of(web, session, &entry).await?;
    let top = Top::new(session, &head, HERE);
    let today = web.app.today();
    let (weight, tone) = weight(rules(web), &entry);
    let mut sheet = sheet.unwrap_or_else(|| Sheet::of(&entry));
    sheet.version = entry.version;
    if closing.on.is_empty() {
        closing.on = today.to_string();
    }
    let page = Page {
        frame: top.frame(session, &entry.code()).saying(toast),
        pages: tabs(&top, "/register"),
        address: top.to(&format!("/register/{id}")),
        code: entry.code(),
        title: entry.title.clone(),
        kind: label(entry.kind()),
        weight,
        tone,
        status: status(&entry),
        is_open: entry.status.is_open(),
        texts: texts(web, &entry),
        task: stored.as_ref().and_then(|stored| spoken_of(stored, &top, &entry)),
        options: match &entry.details {
            Details::Decision { options, .. } => options.clone(),
            _ => Vec::new(),
        },
        owner: entry.owner_name.clone().unwrap_or_else(|| "Nobody yet".to_owned()),
        due: entry.due_on.map(Day::from),
        overdue: entry.is_overdue(today),
        shared: entry.visibility == Visibility::Customer,
        opened: moment(entry.opened_at, &web.app.time_zone),
        opened_by: entry.opened_by.clone(),
        ended: ended(web, &entry),
        age: age(web, &entry),
        may_edit: session.actor.may(Action::RunOnboarding),
        may_schedule: session.actor.may(Action::RunOnboarding)
            && entry.status.is_open()
            && matches!(entry.details, Details::Action { task: None, .. }),
        version: entry.version,
        choices: sheet.choices(web, &candidates, stored.as_ref().map(|stored| &stored.plan)),
        sheet,
        ends: ends(entry.kind(), &closing.outcome),
        closing,
        top,
    };
    Ok(render(code, &page))
}

fn label(kind: Kind) -> &'static str {
    match kind {
        Kind::Risk => "Risk",
        Kind::Issue => "Issue",
        Kind::Decision => "Decision",
        Kind::Action => "Action",
    }
}

fn ends(kind: Kind, chosen: &str) -> Vec<Choice> {
    let own: &[(&str, &str)] = match kind {
        Kind::Risk => &[("avoided", "It cannot happen any more"), ("happened", "It happened")],
        Kind::Issue => &[("resolved", "It is resolved")],
        Kind::Decision => &[("decided", "It is decided")],
        Kind::Action => &[("done", "It is done")],
    };
    let all = own.iter().chain(&[("dropped", "It is not pursued any more")]);
    let chosen = if chosen.is_empty() { own.first().map_or("", |(word, _)| *word) } else { chosen };
    all.map(|(word, label)| Choice::of(*word, *label, chosen)).collect()
}

fn texts(web: &Web, entry: &Entry) -> Vec<(&'static str, String)> {
    let all = match &entry.details {
        Details::Risk { probability, impact, category, mitigation, origin } => {
            let known = &web.app.methodology.risks.categories;
            let category = category.as_ref().and_then(|id| known.iter().find(|known| known.id == *id));
            let helps = category.map(|category| category.mitigations.join(", ")).unwrap_or_default();
            vec![
                ("Exposure", format!("Probability {} × impact {}", probability.number(), impact.number())),
                ("Category", category.map(|category| category.name.clone()).unwrap_or_default()),
                ("Mitigation", mitigation.clone()),
                ("What usually helps", helps),
                ("Where it shows", origin.clone()),
            ]
        }
        Details::Issue { about, .. } => vec![("What happened", about.clone())],
        Details::Decision { assumed, about, .. } => {
            vec![("Why it matters", about.clone()), ("The plan assumes until then", assumed.clone())]
        }
        Details::Action { about, .. } => vec![("What is to be done", about.clone())],
    };
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// The plan, where an entry speaks of a task or can be made to; none for others.
async fn plan_of(web: &Web, session: &Session, entry: &Entry) -> Result<Option<Stored>, AppError> {
    let speaks = match &entry.details {
        Details::Issue { blocks, .. } => blocks.is_some() || entry.status.is_open(),
        Details::Action { task, .. } => task.is_some(),
        Details::Risk { .. } | Details::Decision { .. } => false,
    };
    if !speaks {
        return Ok(None);
    }
    Ok(Some(work::sight(&web.app, &session.actor, entry.onboarding).await?.stored))
}

/// The task of the plan an entry speaks of; nothing when it speaks of none, or of one that is gone.
fn spoken_of(stored: &Stored, top: &Top, entry: &Entry) -> Option<(&'static str, String, String)> {
    let (label, code) = match &entry.details {
        Details::Issue { blocks: Some(code), .. } => ("Task it blocks", code),
        Details::Action { task: Some(code), .. } => ("Task of the plan", code),
        _ => return None,
    };
    let (task, facts) = stored.plan.task(code).zip(stored.tasks.get(code))?;
    Some((label, top.to(&format!("/tasks/{}", facts.id)), task.name.clone()))
}

fn ended(web: &Web, entry: &Entry) -> Option<Ended> {
    let Status::Closed { outcome } = &entry.status else { return None };
    let how = match outcome {
        Outcome::Decided { choice, by, on } => {
            format!("{choice} (decided by {by} on {})", Day::from(*on).words)
        }
        other => other.how().to_owned(),
    };
    Some(Ended {
        how,
        by: entry.closed_by.clone().unwrap_or_default(),
        at: moment(entry.closed_at?, &web.app.time_zone),
    })
}

/// `for 3 days`, `after 20 hours`.
fn age(web: &Web, entry: &Entry) -> String {
    let instant = |at: gangway_store::Timestamp| jiff::Timestamp::try_from(at).unwrap_or_default();
    let now = web.app.clock.now();
    let hours = hours_open(instant(entry.opened_at), entry.closed_at.map(instant), now);
    let length = if hours < 48 {
        count(usize::try_from(hours).unwrap_or_default(), "hour")
    } else {
        count(usize::try_from(hours / 24).unwrap_or_default(), "day")
    };
    if entry.status.is_open() { format!("open for {length}") } else { format!("ended after {length}") }
}
