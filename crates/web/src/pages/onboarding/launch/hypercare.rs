//! Hypercare: its plan, issues against their clocks, the daily sync, the trend, when it ends.

use askama::Template;
use gangway_app::identity::Session;
use gangway_app::launch::{self, HypercareDraft, IssueChanges, IssueDraft};
use gangway_domain::escalation::Clock;
use gangway_domain::ids::OnboardingId;
use gangway_domain::launch::{Exit, HypercarePlan, Issue, IssueState, Severity, Step};
use gangway_domain::methodology::HypercareSeverity;
use gangway_domain::permission::Action;
use gangway_store::launch::Record;

use super::super::read_id;
use super::super::top::{Top, is_over};
use super::{HERE, Kept, answered, day, said, tabs};
use crate::Web;
use crate::extract::{Answer, Asked, Posted, named};
use crate::format::{Day, count, moment, signed};
use crate::pages::{Choice, Frame, Tab, render};

/// The end of its address.
const END: &str = "/go-live/hypercare";

#[derive(Template)]
#[template(path = "pages/onboarding/launch/hypercare.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    kept: Kept,
    live: Option<Day>,
    until: Day,
    ended: Option<String>,
    /// The onboarding is over, and hypercare with it.
    over: bool,
    open: usize,
    trend: &'static str,
    last_week: u32,
    week_before: u32,
    days: Vec<Bar>,
    /// Most issues of a day, at least one; none when there was no issue in two weeks.
    most: Option<u32>,
    issues: Vec<IssueView>,
    severities: Vec<ClockView>,
    choices: Vec<Choice>,
    syncs: Vec<SyncView>,
    synced: bool,
    exits: Vec<ExitView>,
    stable: bool,
    plan: HypercarePlan,
    version: i64,
    today: String,
    may_edit: bool,
    who: String,
}

struct ClockView {
    name: String,
    definition: String,
    response: String,
    resolution: String,
}

struct Bar {
    day: String,
    number: u32,
    grave: u32,
}

struct IssueView {
    id: String,
    code: String,
    version: i64,
    title: String,
    details: String,
    area: String,
    workaround: String,
    reported: String,
    severity: &'static str,
    severity_tone: &'static str,
    word: &'static str,
    tone: &'static str,
    answer: (String, &'static str),
    resolve: (String, &'static str),
    how: Option<String>,
    is_new: bool,
    is_open: bool,
    severities: Vec<Choice>,
}

struct SyncView {
    on: Day,
    people: String,
    notes: String,
    by: String,
}

struct ExitView {
    id: String,
    text: String,
    met: bool,
    /// What somebody said, when a person says it.
    said: Option<String>,
    by_people: bool,
    asked: bool,
}

/// Hypercare.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    page(&web, &session, read_id(id)?, Kept::opened(&values)).await
}

/// Its plan is written down.
pub(crate) async fn plan(Posted(web, session, onboarding, fields): Posted<String>) -> Answer {
    let id = read_id(onboarding)?;
    let text = |name: &str| fields.text(name).to_owned();
    let draft = HypercareDraft {
        coverage: text("coverage"),
        channel: text("channel"),
        sync_at: text("sync_at"),
        team: text("team"),
    };
    let done = launch::plan_hypercare(&web.app, &session.actor, id, fields.version(), draft).await;
    answered((id, END), ("plan", fields), done.map(|_| "saved"), |kept| page(&web, &session, id, kept)).await
}

/// An issue is reported.
pub(crate) async fn raise(Posted(web, session, onboarding, fields): Posted<String>) -> Answer {
    let id = read_id(onboarding)?;
    let text = |name: &str| fields.text(name).to_owned();
    let draft = IssueDraft {
        title: text("title"),
        details: text("details"),
        severity: fields.text("severity").parse().unwrap_or(Severity::Medium),
        area: text("area"),
        workaround: text("workaround"),
        reported_by: text("reported_by"),
    };
    let done = launch::raise_issue(&web.app, &session.actor, id, draft).await;
    answered((id, END), ("raise", fields), done.map(|_| "raised"), |kept| page(&web, &session, id, kept))
        .await
}

/// An issue is answered, resolved, opened again, or changed.
pub(crate) async fn step(
    Posted(web, session, (onboarding, issue), fields): Posted<(String, String)>,
) -> Answer {
    let id = read_id(onboarding)?;
    let issue = named("issue", &issue)?;
    let (app, actor, version) = (&web.app, &session.actor, fields.version());
    let step = match fields.text("step") {
        "answer" => Some(Step::Answer),
        "resolve" => Some(Step::Resolve(fields.text("how").to_owned())),
        "reopen" => Some(Step::Reopen),
        _ => None,
    };
    let done = match step {
        Some(step) => launch::take_issue(app, actor, issue, version, step).await,
        None => {
            let changes = IssueChanges {
                severity: fields.text("severity").parse().ok(),
                workaround: Some(fields.text("workaround").to_owned()),
                details: None,
            };
            launch::change_issue(app, actor, issue, version, changes).await
        }
    };
    answered((id, END), ("step", fields), done.map(|_| "saved"), |kept| page(&web, &session, id, kept)).await
}

/// The daily sync was held.
pub(crate) async fn sync(Posted(web, session, onboarding, fields): Posted<String>) -> Answer {
    let id = read_id(onboarding)?;
    let (people, notes) = (fields.text("people"), fields.text("notes"));
    let done = launch::sync(&web.app, &session.actor, id, day(fields.text("on")), people, notes).await;
    answered((id, END), ("sync", fields), done.map(|_| "noted"), |kept| page(&web, &session, id, kept)).await
}

/// Somebody says whether a criterion holds, or hypercare ends.
pub(crate) async fn end(Posted(web, session, onboarding, fields): Posted<String>) -> Answer {
    let id = read_id(onboarding)?;
    let (app, actor) = (&web.app, &session.actor);
    let exit = fields.text("exit");
    let done = if exit.is_empty() {
        launch::end(app, actor, id, fields.version()).await.map(|_| "ended")
    } else {
        launch::say_exit(app, actor, id, exit, said(&fields)?).await.map(|_| "noted")
    };
    answered((id, END), ("end", fields), done, |kept| page(&web, &session, id, kept)).await
}

fn severities(chosen: Option<Severity>) -> Vec<Choice> {
    let choice = |severity: &Severity| Choice {
        value: severity.word().to_owned(),
        label: severity.label().to_owned(),
        chosen: chosen == Some(*severity),
    };
    Severity::ALL.iter().map(choice).collect()
}

async fn page(web: &Web, session: &Session, id: OnboardingId, mut kept: Kept) -> Answer {
    let sight = launch::sight(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &sight.head, HERE);
    let zone = &web.app.time_zone;
    let plan = &sight.plan.hypercare;
    let mut issues: Vec<&Record<Issue>> = sight.issues.iter().collect();
    issues.sort_by_key(|one| (!one.body.is_open(), one.body.severity, one.body.resolve_by));
    let page = Page {
        frame: top.frame(session, "Hypercare").saying(kept.toast.take()),
        pages: tabs(&top, END),
        live: sight.live_on.map(Day::from),
        until: sight.hypercare_until.into(),
        ended: plan.ended.as_ref().map(|met| signed(&met.by, met.at, zone)),
        over: is_over(&sight.head),
        most: sight.trend.days.iter().map(|(_, number, _)| *number).max().filter(|most| *most > 0),
        open: sight.issues.iter().filter(|one| one.body.is_open()).count(),
        trend: sight.trend.word(),
        last_week: sight.trend.last_week,
        week_before: sight.trend.week_before,
        days: sight
            .trend
            .days
            .iter()
            .map(|(day, number, grave)| Bar {
                day: day.strftime("%-d %b").to_string(),
                number: *number,
                grave: *grave,
            })
            .collect(),
        issues: issues.into_iter().map(|one| issue(web, one)).collect(),
        severities: web.app.methodology.golive.severities.iter().map(clock_view).collect(),
        choices: severities(kept.text("raise", "severity").parse().ok().or(Some(Severity::Medium))),
        syncs: sight
            .syncs
            .iter()
            .map(|one| SyncView {
                on: one.body.on.into(),
                people: one.body.people.clone(),
                notes: one.body.notes.clone(),
                by: one.body.by.clone(),
            })
            .collect(),
        synced: sight.syncs.iter().any(|one| one.body.on == sight.today),
        exits: sight.exits.iter().map(|one| exit(web, one)).collect(),
        stable: sight.is_stable(),
        plan: HypercarePlan {
            coverage: kept.text_or("plan", "coverage", &plan.coverage).to_owned(),
            channel: kept.text_or("plan", "channel", &plan.channel).to_owned(),
            sync_at: kept.text_or("plan", "sync_at", &plan.sync_at).to_owned(),
            team: kept.text_or("plan", "team", &plan.team).to_owned(),
            ended: None,
        },
        version: sight.version,
        today: sight.today.to_string(),
        may_edit: session.actor.may(Action::RunOnboarding) && !is_over(&sight.head),
        who: session.actor.name.clone(),
        kept,
        top,
    };
    Ok(render(page.kept.status, &page))
}

fn exit(web: &Web, one: &Exit) -> ExitView {
    let said = one.mark.as_ref().map(|mark| {
        let word = if mark.yes { "said so" } else { "says no" };
        let note = if mark.note.is_empty() { String::new() } else { format!(": {}", mark.note) };
        format!("{} {word}, {}{note}", mark.by, moment(mark.at.into(), &web.app.time_zone).words)
    });
    ExitView {
        id: one.id.clone(),
        text: one.text.clone(),
        met: one.is_met(),
        said,
        by_people: one.holds.is_none(),
        asked: one.is_customers(),
    }
}

fn issue(web: &Web, one: &Record<Issue>) -> IssueView {
    let Record { id, number, version, body, .. } = one;
    let (now, zone) = (web.app.clock.now(), &web.app.time_zone);
    let (word, tone, how) = match &body.state {
        IssueState::Open => ("Open", "late", None),
        IssueState::Answered { by, .. } => ("Answered", "soon", Some(format!("{by} works on it"))),
        IssueState::Resolved { by, how, at, .. } => {
            ("Resolved", "off", Some(format!("{how} ({})", signed(by, *at, zone))))
        }
    };
    IssueView {
        id: id.to_string(),
        code: format!("H-{number}"),
        version: *version,
        title: body.title.clone(),
        details: body.details.clone(),
        area: body.area.clone(),
        workaround: body.workaround.clone(),
        reported: signed(&body.reported_by, body.raised_at, zone),
        severity: body.severity.label(),
        severity_tone: match body.severity {
            Severity::Critical => "late",
            Severity::High => "soon",
            Severity::Medium | Severity::Low => "",
        },
        word,
        tone,
        answer: clock("answer", Clock::at(body.answer_by, body.answered_at(), now)),
        resolve: clock("resolution", Clock::at(body.resolve_by, body.resolved_at(), now)),
        how,
        is_new: body.state == IssueState::Open,
        is_open: body.is_open(),
        severities: severities(Some(body.severity)),
    }
}

fn clock_view(one: &HypercareSeverity) -> ClockView {
    ClockView {
        name: one.name.clone(),
        definition: one.definition.clone(),
        response: length(i64::from(one.response_minutes)),
        resolution: length(i64::from(one.resolution_minutes)),
    }
}

/// How a clock stands, in words, and how they are shown.
fn clock(what: &str, clock: Clock) -> (String, &'static str) {
    match clock {
        Clock::Running { minutes_left } => (format!("{what} due in {}", length(minutes_left)), "fair"),
        Clock::Late { minutes_late } => (format!("{what} {} late", length(minutes_late)), "bad"),
        Clock::Met => (format!("{what} in time"), "good"),
        Clock::Missed { minutes_late } => (format!("{what} was {} late", length(minutes_late)), "bad"),
    }
}

/// `20 minutes`, `1 hour 59 minutes`, `5 hours`, `3 days`.
fn length(minutes: i64) -> String {
    let of = |number: i64, noun: &str| count(usize::try_from(number).unwrap_or_default(), noun);
    match minutes {
        0..60 => of(minutes, "minute"),
        60..180 if minutes % 60 != 0 => {
            format!("{} {}", of(minutes / 60, "hour"), of(minutes % 60, "minute"))
        }
        60..2880 => of(minutes / 60, "hour"),
        _ => of(minutes / 1440, "day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_told_in_the_largest_unit_that_says_enough() {
        let told: Vec<String> = [1, 15, 60, 119, 120, 300, 4320].into_iter().map(length).collect();
        let expected =
            ["1 minute", "15 minutes", "1 hour", "1 hour 59 minutes", "2 hours", "5 hours", "3 days"];
        assert_eq!(told, expected);
    }
}
