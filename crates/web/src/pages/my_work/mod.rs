//! What waits for whoever is signed in, over all onboardings.

mod duty;

use crate::extract::{Answer, Asked, Posted, named};
use crate::format::{Day, Moment, capital, distance, initials, moment};
use crate::pages::onboarding::work::said::{done_before, toast};
use crate::pages::onboarding::work::task_state;
use crate::pages::{Frame, Nav, render};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::launch::{Clock, LateClock};
use gangway_app::transition;
use gangway_app::work::{self, MyWork};
use gangway_domain::ids::{MilestoneId, TaskId};
use gangway_domain::permission::Action;
use gangway_store::work::mine::{Mentioned, Mine};
use jiff::civil::Date;
use jiff::tz::TimeZone;

use duty::Duty;

/// Lines of a part before all of it is asked for.
const SHOWN: usize = 12;

#[derive(Template)]
#[template(path = "pages/my_work/my_work.html")]
struct Page {
    frame: Frame,
    parts: Vec<Part>,
    mentions: Vec<Mention>,
    /// Customers to be taken over: where, and who.
    handovers: Vec<(String, String)>,
    /// Clocks that have run out.
    clocks: Vec<ClockView>,
    /// Change requests and escalations that wait for a word.
    decisions: Vec<Duty>,
    meetings: Vec<Duty>,
    entries: Vec<Duty>,
    may_change: bool,
    nothing: bool,
}

struct Part {
    id: &'static str,
    title: &'static str,
    /// How many there are.
    count: usize,
    lines: Vec<Line>,
    /// Not all of them are shown.
    more: bool,
}

struct Line {
    href: String,
    changes: String,
    code: String,
    name: String,
    customer: String,
    onboarding: String,
    side: String,
    state: &'static str,
    tone: &'static str,
    because: Option<String>,
    finish: Day,
    when: String,
    critical: bool,
    may_start: bool,
}

struct ClockView {
    href: String,
    name: String,
    note: String,
    customer: String,
    onboarding: String,
    when: String,
    /// Where a promise stands: its place in the handover, and the version of that.
    promise: Option<(usize, i64)>,
}

struct Mention {
    initials: String,
    by: String,
    said: String,
    customer: String,
    href: String,
    at: Moment,
}

/// My work.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let mine = work::my_work(&web.app, &session.actor).await?;
    let day = mine.on.unwrap_or_else(|| web.app.today());
    let decisions = Duty::decisions(&mine, web.app.clock.now(), &web.app.time_zone);
    let meetings: Vec<Duty> = mine.meetings.iter().map(|one| Duty::meeting(one, day)).collect();
    let entries: Vec<Duty> = mine.entries.iter().map(|one| Duty::entry(one, day)).collect();
    let MyWork { overdue, today, week, waiting, mentions, handovers, late, .. } = mine;
    let parts = [
        ("overdue", "Overdue", overdue),
        ("today", "Today", today),
        ("week", "Within seven days", week),
        ("waiting", "Waiting for customers", waiting),
    ]
    .map(|(id, title, tasks)| {
        let count = tasks.len();
        let shown = if values.text("all") == id { count } else { SHOWN };
        Part {
            id,
            title,
            count,
            lines: tasks.into_iter().take(shown).map(|task| Line::new(task, day)).collect(),
            more: count > shown,
        }
    });
    let parts: Vec<Part> = parts.into_iter().filter(|part| !part.lines.is_empty()).collect();
    let mentions: Vec<Mention> =
        mentions.into_iter().map(|one| Mention::new(one, &web.app.time_zone)).collect();
    let said = done_before(&web, &session, &values).await?.or_else(|| toast(&values));
    let page = Page {
        frame: Frame::of(&session, Nav::MyWork, "My work").live_on_all().saying(said),
        nothing: parts.is_empty()
            && mentions.is_empty()
            && handovers.is_empty()
            && late.is_empty()
            && [&decisions, &meetings, &entries].iter().all(|duties| duties.is_empty()),
        decisions,
        meetings,
        entries,
        clocks: late.into_iter().map(|one| ClockView::new(one, day)).collect(),
        handovers: handovers
            .into_iter()
            .map(|(id, customer)| (format!("/onboardings/{id}/transition"), customer))
            .collect(),
        parts,
        mentions,
        may_change: session.actor.may(Action::RunOnboarding),
    };
    Ok(render(StatusCode::OK, &page))
}

impl Line {
    fn new(task: Mine, today: Date) -> Self {
        let (state, tone) = task_state(&task.status);
        Self {
            href: format!("/onboardings/{}/tasks/{}", task.onboarding, task.id),
            changes: format!("/onboardings/{}/plan/changes", task.onboarding),
            onboarding: format!("/onboardings/{}/plan?view=list", task.onboarding),
            may_start: task.status == "open",
            code: task.code,
            name: task.name,
            customer: task.customer,
            side: task.side,
            state,
            tone,
            because: task.because,
            when: capital(&distance(today, task.finishes_on)),
            finish: task.finishes_on.into(),
            critical: task.critical,
        }
    }
}

/// A promise that was handed over was kept.
pub(crate) async fn keep_promise(Posted(web, session, (), fields): Posted) -> Answer {
    let id = named("onboarding", fields.text("onboarding"))?;
    let place = fields.text("place").parse().unwrap_or(usize::MAX);
    transition::keep_promise(&web.app, &session.actor, id, fields.version(), place).await?;
    Ok(Redirect::to("/my-work").into_response())
}

impl ClockView {
    fn new(one: LateClock, today: Date) -> Self {
        Self {
            href: one.path,
            name: one.name,
            note: one.note,
            customer: one.customer,
            onboarding: one.onboarding.to_string(),
            when: capital(&distance(today, one.on)),
            promise: match one.clock {
                Clock::Promise(place, version) => Some((place, version)),
                Clock::Answer | Clock::Resolution => None,
            },
        }
    }
}

impl Mention {
    fn new(one: Mentioned, zone: &TimeZone) -> Self {
        let what = match one.on_task {
            true => format!("tasks/{}", TaskId::from_uuid(one.subject)),
            false => format!("milestones/{}", MilestoneId::from_uuid(one.subject)),
        };
        Self {
            initials: initials(&one.by),
            by: one.by,
            said: one.said,
            customer: one.customer,
            href: format!("/onboardings/{}/{what}#comments", one.onboarding),
            at: moment(one.at, zone),
        }
    }
}
