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
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use duty::Duty;

/// Lines of a part before all of it is asked for.
const SHOWN: usize = 12;

#[derive(Template)]
#[template(path = "pages/my_work/my_work.html")]
struct Page {
    frame: Frame,
    /// Tasks; those without any are left out.
    parts: Vec<Part<Line>>,
    mentions: Part<Mention>,
    /// Customers to be taken over: where, and who.
    handovers: Part<(String, String)>,
    /// Clocks that have run out.
    clocks: Part<ClockView>,
    /// Change requests and escalations that wait for a word.
    decisions: Part<Duty>,
    meetings: Part<Duty>,
    entries: Part<Duty>,
    may_change: bool,
    nothing: bool,
}

/// What waits of one kind; the first lines of it until all of it is asked for.
struct Part<T> {
    id: &'static str,
    title: &'static str,
    /// How many there are: `14`, or `200+` where no more were read.
    count: String,
    lines: Vec<T>,
    /// Not all that were read are shown.
    more: bool,
    /// What the link to all of them says.
    way: String,
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
    let said = done_before(&web, &session, &values).await?.or_else(|| toast(&values));
    let frame = Frame::of(&session, Nav::MyWork, "My work").live_on_all().saying(said);
    let (now, zone) = (web.app.clock.now(), &web.app.time_zone);
    let day = mine.on.unwrap_or_else(|| web.app.today());
    let may_change = session.actor.may(Action::RunOnboarding);
    let page = Page::new(frame, may_change, mine, &values.text("all"), (now, zone, day));
    Ok(render(StatusCode::OK, &page))
}

impl Page {
    /// What is drawn of what waits: the first lines of each part, and every line of the one that is asked for.
    fn new(
        frame: Frame,
        may_change: bool,
        mine: MyWork,
        all: &str,
        (now, zone, day): (Timestamp, &TimeZone, Date),
    ) -> Self {
        let is_cut = MyWork::is_cut;
        let raised = (mine.escalations.len(), mine.requests.len());
        let waits = (raised.0 + raised.1, is_cut(raised.0) || is_cut(raised.1));
        let drawn = Duty::decisions(&mine, now, zone);
        let decisions = Part::new(("decisions", "To decide and to answer"), all, waits, drawn);
        let MyWork { overdue, today, week, waiting, mentions, handovers, late, meetings, entries, .. } = mine;
        let waits = (meetings.len(), is_cut(meetings.len()));
        let drawn = meetings.iter().map(|one| Duty::meeting(one, day));
        let meetings = Part::new(("meetings", "Meetings"), all, waits, drawn);
        let waits = (entries.len(), is_cut(entries.len()));
        let drawn = entries.iter().map(|one| Duty::entry(one, day));
        let entries = Part::new(("entries", "From the registers"), all, waits, drawn);
        let waits = (mentions.len(), is_cut(mentions.len()));
        let drawn = mentions.into_iter().map(|one| Mention::new(one, zone));
        let mentions = Part::new(("mentions", "You were named"), all, waits, drawn);
        let waits = (handovers.len(), is_cut(handovers.len()));
        let drawn = handovers.into_iter().map(|(id, who)| (format!("/onboardings/{id}/transition"), who));
        let handovers = Part::new(("handovers", "To be taken over"), all, waits, drawn);
        // All of them are read.
        let waits = (late.len(), false);
        let drawn = late.into_iter().map(|one| ClockView::new(one, day));
        let clocks = Part::new(("clocks", "Clocks that ran out"), all, waits, drawn);
        let parts = tasks([overdue, today, week, waiting], all, day);
        let nothing = parts.is_empty()
            && [&decisions, &meetings, &entries].iter().all(|part| part.lines.is_empty())
            && mentions.lines.is_empty()
            && handovers.lines.is_empty()
            && clocks.lines.is_empty();
        Self { frame, parts, mentions, handovers, clocks, decisions, meetings, entries, may_change, nothing }
    }
}

/// The parts of tasks: overdue, today, within seven days, waiting for customers.
fn tasks(all: [Vec<Mine>; 4], asked: &str, day: Date) -> Vec<Part<Line>> {
    let [overdue, today, week, waiting] = all;
    // The first three are read together, by the day they are due: of those that are overdue there are no more than these
    // where any others were read.
    let others = today.len() + week.len();
    let is_cut = MyWork::is_cut(overdue.len() + others);
    let waits = MyWork::is_cut(waiting.len());
    let parts = [
        (("overdue", "Overdue"), overdue, is_cut && others == 0),
        (("today", "Today"), today, is_cut),
        (("week", "Within seven days"), week, is_cut),
        (("waiting", "Waiting for customers"), waiting, waits),
    ];
    let parts = parts.into_iter().filter(|(_, tasks, _)| !tasks.is_empty());
    let draw = |(head, tasks, is_cut): ((&'static str, &'static str), Vec<Mine>, bool)| {
        Part::new(head, asked, (tasks.len(), is_cut), tasks.into_iter().map(|task| Line::new(task, day)))
    };
    parts.map(draw).collect()
}

impl<T> Part<T> {
    /// Of so many, of which there may be more than were read; `drawn` draws them one by one, and no more than are shown.
    /// `asked` is the part all of which is asked for.
    fn new(
        (id, title): (&'static str, &'static str),
        asked: &str,
        (count, is_cut): (usize, bool),
        drawn: impl Iterator<Item = T>,
    ) -> Self {
        let shown = if asked == id { count } else { SHOWN };
        let way = if is_cut { format!("Show the first {count}") } else { format!("Show all {count}") };
        let lines = drawn.take(shown).collect();
        let counted = if is_cut { format!("{count}+") } else { count.to_string() };
        Self { id, title, count: counted, lines, more: count > shown, way }
    }
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
                Clock::Answer | Clock::Resolution | Clock::Trigger | Clock::Message | Clock::Review => None,
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
