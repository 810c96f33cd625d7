//! Handing the customer over: the definition of done, who takes over, promises, the first 90 days, how the customer is
//! told.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::identity::Session;
use gangway_app::transition::{self, Changes, Introduction, Sight, Transition};
use gangway_app::{AppError, Problem};
use gangway_domain::ids::OnboardingId;
use gangway_domain::meeting::Slot;
use gangway_domain::permission::Action;
use gangway_domain::programme::Side;
use gangway_domain::transition::{NextStep, Promised, State as Stands};
use jiff::civil::Date;

use super::super::governance::meetings;
use super::super::read_id;
use super::super::top::{Top, is_over};
use super::{HERE, Line, lines, met, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted};
use crate::form::{Fields, Wrong, answered};
use crate::format::{Day, capital, signed};
use crate::pages::{Choice, Frame, Tab, Toast, render};

/// Empty rows offered for further steps.
const SPARE: usize = 2;

#[derive(Template)]
#[template(path = "pages/onboarding/ending/handover.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    address: String,
    done: Vec<Line>,
    met: String,
    is_done: bool,
    /// The handover, once it is begun.
    handed: Option<Handed>,
    people: Vec<Person>,
    may_begin: bool,
    wrong: Wrong,
}

struct Person {
    href: String,
    name: String,
    role: String,
    stands: String,
    last: Option<Day>,
}

struct Handed {
    status: String,
    tone: &'static str,
    /// What was said last: by whom and when, and what.
    said: Option<(String, String)>,
    csm: String,
    /// Somebody is chosen to take over.
    is_chosen: bool,
    members: Vec<Choice>,
    note: String,
    promises: Vec<Promise>,
    steps: Vec<Step>,
    summary: Option<(String, String)>,
    meeting: Option<(String, String, Day)>,
    introduced: Vec<String>,
    version: i64,
    /// It may be written.
    may_write: bool,
    /// Somebody may be asked.
    may_propose: bool,
    /// Whoever looks was asked.
    may_accept: bool,
    may_introduce: bool,
    letter: Letter,
    slot: SlotSheet,
    despite: String,
    missing: String,
}

struct Promise {
    text: String,
    by: Option<Day>,
    by_iso: String,
    kept: bool,
    note: String,
}

struct Step {
    by: String,
    words: String,
    text: String,
    side: &'static str,
    sides: Vec<Choice>,
}

#[derive(Default)]
struct Letter {
    subject: String,
    text: String,
    people: Vec<Choice>,
}

#[derive(Default)]
struct SlotSheet {
    on: String,
    starts: String,
    minutes: String,
    zone: String,
    place: String,
}

/// What came back because it could not be used.
#[derive(Default)]
struct Back<'a> {
    fields: Option<&'a Fields>,
    wrong: Wrong,
}

/// The handover.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let toast = match values.text("said").as_str() {
        "begun" => "The handover is begun: promises, the first 90 days and a summary are drafted.",
        "saved" => "Saved.",
        "summary" => "The summary is written from the facts of today.",
        "proposed" => "Asked. They are told by mail.",
        "accepted" => "The customer is taken over.",
        "returned" => "Handed back. Whoever runs the onboarding is told by mail.",
        "introduced" => "The mail is on its way.",
        "planned" => "The meeting is planned. Invitations go out from its page.",
        _ => "",
    };
    page(&web, &session, read_id(id)?, Back::default(), Toast::of(toast), StatusCode::OK).await
}

/// Begins it.
pub(crate) async fn begin(Here(web, session, id): Here<String>) -> Answer {
    let id = read_id(id)?;
    transition::prepare(&web.app, &session.actor, id).await?;
    Ok(back_to(id, "begun"))
}

/// Keeps what is handed over.
pub(crate) async fn change(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let (app, actor) = (&web.app, &session.actor);
    let done = async { transition::change(app, actor, id, fields.version(), read(&fields)?).await }.await;
    answer(&web, &session, id, &fields, done.map(|_| "saved")).await
}

/// Writes the summary from the facts of today.
pub(crate) async fn summarise(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let done = transition::summarise(&web.app, &session.actor, id, fields.version()).await;
    answer(&web, &session, id, &fields, done.map(|_| "summary")).await
}

/// Somebody is asked, takes over, or says what is missing.
pub(crate) async fn step(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let (app, actor, version) = (&web.app, &session.actor, fields.version());
    let done = match fields.text("step") {
        "accept" => transition::accept(app, actor, id, version).await.map(|_| "accepted"),
        "return" => {
            let missing = fields.text("missing");
            transition::hand_back(app, actor, id, version, missing).await.map(|_| "returned")
        }
        _ => {
            let despite = fields.text("despite");
            transition::propose(app, actor, id, version, despite).await.map(|_| "proposed")
        }
    };
    answer(&web, &session, id, &fields, done).await
}

/// Tells the customer by mail.
pub(crate) async fn introduce(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let introduction = Introduction {
        to: fields.all("to").filter_map(|one| one.parse().ok()).collect(),
        subject: fields.text("subject").to_owned(),
        text: fields.text("text").to_owned(),
    };
    let done = transition::introduce(&web.app, &session.actor, id, fields.version(), introduction).await;
    answer(&web, &session, id, &fields, done.map(|_| "introduced")).await
}

/// Plans the meeting in which the customer meets whoever takes over.
pub(crate) async fn meet(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let (app, actor, place) = (&web.app, &session.actor, fields.text("place"));
    let done =
        async { transition::meet(app, actor, id, fields.version(), slot(&fields)?, place).await }.await;
    answer(&web, &session, id, &fields, done.map(|_| "planned")).await
}

fn back_to(id: OnboardingId, said: &str) -> Response {
    Redirect::to(&format!("/onboardings/{id}/transition?said={said}")).into_response()
}

async fn answer(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    fields: &Fields,
    done: Result<&str, AppError>,
) -> Answer {
    let on = |said: &str| back_to(id, said);
    answered(done, on, |status, wrong| {
        page(web, session, id, Back { fields: Some(fields), wrong }, None, status)
    })
    .await
}

/// What the form of the handover says.
fn read(fields: &Fields) -> Result<Changes, AppError> {
    let invalid = |field: &'static str, message: &str| AppError::Invalid(vec![Problem::new(field, message)]);
    let csm = match fields.text("csm") {
        "" => None,
        text => Some(text.parse().map_err(|_| invalid("csm", "is nobody of the workspace"))?),
    };
    let texts = fields.all("promise_text").zip(fields.all("promise_by"));
    let rest = fields.all("promise_kept").zip(fields.all("promise_note"));
    let promises = texts.zip(rest).map(|((text, by), (kept, note))| Promised {
        text: text.to_owned(),
        by: by.parse().ok(),
        kept: kept == "yes",
        note: note.to_owned(),
    });
    let promises = promises.filter(|promise| !promise.text.trim().is_empty()).collect();
    let rows = fields.all("step_by").zip(fields.all("step_side")).zip(fields.all("step_text"));
    let mut steps = Vec::new();
    for ((by, side), text) in rows.filter(|(_, text)| !text.trim().is_empty()) {
        let by = by.parse().map_err(|_| invalid("steps", "need a day each"))?;
        steps.push(NextStep { text: text.to_owned(), side: Side::read(side).unwrap_or(Side::Joint), by });
    }
    let note = Some(fields.text("note").to_owned());
    Ok(Changes { csm: Some(csm), note, promises: Some(promises), steps: Some(steps) })
}

fn slot(fields: &Fields) -> Result<Slot, AppError> {
    meetings::slot(fields.text("on"), fields.text("starts"), fields.text("minutes"), fields.text("zone"))
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    back: Back<'_>,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let sight = transition::of_onboarding(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &sight.head, HERE);
    let runs = session.actor.may(Action::RunOnboarding);
    let Back { fields, wrong } = back;
    let letter = match &sight.transition {
        Some(_) => transition::letter(&web.app, &session.actor, id).await?,
        None => (String::new(), String::new()),
    };
    let handed =
        sight.transition.as_ref().map(|known| handed(web, session, &top, &sight, known, letter, fields));
    let people = sight.people.iter().filter(|known| !known.is_gone(sight.today)).map(|known| Person {
        href: top.to(&format!("/people/{}", known.facts.contact)),
        name: known.facts.name.clone(),
        role: known.role_name.clone(),
        stands: match known.facts.sentiment {
            Some(sentiment) => format!("{}, {} power", sentiment.word(), known.facts.power.word()),
            None => format!("attitude unknown, {} power", known.facts.power.word()),
        },
        last: known.last.map(Day::from),
    });
    let page = Page {
        frame: top.frame(session, "Transition").saying(toast),
        pages: tabs(&top, "/transition"),
        address: top.to("/transition"),
        done: lines(&sight.done),
        met: met(&sight),
        is_done: sight.is_done(),
        handed,
        people: people.collect(),
        may_begin: runs && sight.transition.is_none() && !is_over(&sight.head),
        wrong,
        top,
    };
    Ok(render(status, &page))
}

fn handed(
    web: &Web,
    session: &Session,
    top: &Top,
    sight: &Sight,
    known: &Transition,
    (subject, text): (String, String),
    fields: Option<&Fields>,
) -> Handed {
    let runs = session.actor.may(Action::RunOnboarding);
    let typed = |name: &str| fields.map(|fields| fields.text(name).to_owned()).unwrap_or_default();
    let or_typed = |name: &str, known: &str| match typed(name) {
        typed if typed.is_empty() => known.to_owned(),
        typed => typed,
    };
    let who = |by: &str, at: jiff::Timestamp| signed(by, at, &web.app.time_zone);
    let (tone, said) = match &known.state {
        Stands::Preparing => ("", None),
        Stands::Proposed { by, at, despite } => {
            ("soon", Some((who(by, *at), despite.clone().unwrap_or_else(|| "Asked to take over".to_owned()))))
        }
        Stands::Returned { by, at, reason } => ("late", Some((who(by, *at), reason.clone()))),
        Stands::Accepted { by, at, .. } => {
            ("done", Some((who(by, *at), "Took the customer over".to_owned())))
        }
    };
    let is_open = known.state.is_open();
    let is_asked = matches!(known.state, Stands::Proposed { .. })
        && session.actor.person.is_none_or(|person| known.csm == Some(person));
    let chosen = known.csm.map(|csm| csm.to_string()).unwrap_or_default();
    let nobody = Choice { value: String::new(), label: "Nobody yet".to_owned(), chosen: known.csm.is_none() };
    let members = sight.members.iter().map(|(person, name)| {
        let value = person.to_string();
        Choice { chosen: value == chosen, value, label: name.clone() }
    });
    let told: Vec<&str> = fields.map(|fields| fields.all("to").collect()).unwrap_or_default();
    let minutes = web.app.methodology.transition.meeting.minutes();
    Handed {
        status: capital(known.state.word()),
        tone,
        said,
        is_chosen: known.csm.is_some(),
        csm: known.csm_name.clone().unwrap_or_else(|| "Nobody yet".to_owned()),
        members: std::iter::once(nobody).chain(members).collect(),
        note: known.note.clone(),
        promises: known.promises.iter().map(promise).collect(),
        steps: steps(known, sight, is_open && runs),
        summary: sight
            .summary
            .as_ref()
            .map(|report| (top.to(&format!("/reports/{}", report.id)), report.title.clone())),
        meeting: sight.meeting.as_ref().map(|meeting| {
            let href = top.to(&format!("/meetings/{}", meeting.id));
            (href, meeting.title.clone(), Day::from(meeting.slot.on))
        }),
        introduced: known.introduced_to.clone(),
        version: known.version,
        may_write: runs && is_open,
        may_propose: runs && is_open,
        may_accept: runs && is_asked,
        may_introduce: runs && known.csm.is_some(),
        letter: Letter {
            subject: or_typed("subject", &subject),
            text: or_typed("text", &text),
            people: sight
                .contacts
                .iter()
                .map(|contact| {
                    let value = contact.id.to_string();
                    let chosen = told.contains(&value.as_str());
                    Choice { chosen, value, label: contact.name.clone() }
                })
                .collect(),
        },
        slot: SlotSheet {
            on: typed("on"),
            starts: or_typed("starts", "10:00"),
            minutes: or_typed("minutes", &minutes.max(15).to_string()),
            zone: typed("zone"),
            place: typed("place"),
        },
        despite: typed("despite"),
        missing: typed("missing"),
    }
}

fn promise(promise: &Promised) -> Promise {
    Promise {
        text: promise.text.clone(),
        by: promise.by.map(Day::from),
        by_iso: promise.by.map(|day| day.to_string()).unwrap_or_default(),
        kept: promise.kept,
        note: promise.note.clone(),
    }
}

/// The steps, and empty rows where more can be written.
fn steps(known: &Transition, sight: &Sight, may_write: bool) -> Vec<Step> {
    let row = |by: Date, text: &str, side: Side| Step {
        by: by.to_string(),
        words: Day::from(by).words,
        text: text.to_owned(),
        side: side.word(),
        sides: Side::ALL
            .map(|one| Choice {
                value: one.word().to_owned(),
                label: capital(one.word()),
                chosen: one == side,
            })
            .into(),
    };
    let last = known.steps.last().map_or(sight.today, |step| step.by);
    let written = known.steps.iter().map(|step| row(step.by, &step.text, step.side));
    let spare = (0..if may_write { SPARE } else { 0 }).map(|_| row(last, "", Side::Vendor));
    written.chain(spare).collect()
}
