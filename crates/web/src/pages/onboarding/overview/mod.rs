//! Where are we, what is next, what is at risk: at a glance.

mod course;

use askama::Template;
use axum::http::StatusCode;
use gangway_app::identity::Session;
use gangway_app::onboarding::{self, Standing};
use gangway_app::{outcome, people, portfolio, standing, work};
use gangway_domain::deal::Severity;
use gangway_domain::fact::{Level, Notice};
use gangway_domain::ids::OnboardingId;
use gangway_domain::package::{KeyDates, OpenQuestion, PlanMilestone, PlanPhase};
use gangway_domain::permission::Action;
use gangway_domain::work::{RunningMilestone, RunningPlan, live_on};
use gangway_store::activity::Activity;
use gangway_store::onboarding::head::Head;
use gangway_store::task::Task;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use self::course::{Ended, Late};
use super::colour::Colour;
use super::forecast::Panel;
use super::state::toast;
use super::top::{Closing, Top, is_over};
use super::{KNOWN, read_id};
use crate::Web;
use crate::extract::{Answer, Asked};
use crate::form::{Fields, Wrong};
use crate::format::{Day, Moment, count, distance, initials, moment, sentence};
use crate::pages::failure::Failure;
use crate::pages::{Choice, Frame, Toast, render};

/// Risks and questions shown; the handoff has all of them.
const MOST: usize = 5;

/// The sections of the package this page shows.
#[derive(Deserialize)]
struct Shown {
    dates: KeyDates,
    plan: Plan,
    reading: Reading,
    risks: Vec<gangway_domain::package::Risk>,
    questions: Vec<OpenQuestion>,
    notices: Vec<Notice>,
}

#[derive(Deserialize)]
struct Plan {
    phases: Vec<PlanPhase>,
    milestones: Vec<PlanMilestone>,
}

#[derive(Deserialize)]
struct Reading {
    notices: Vec<Notice>,
}

impl Shown {
    /// Moves dates, phases and milestones to where the plan has them now.
    fn follow(&mut self, plan: &RunningPlan) {
        self.dates.follow(plan);
        gangway_domain::package::follow(&mut self.plan.phases, &mut self.plan.milestones, plan);
    }
}

#[derive(Template)]
#[template(path = "pages/onboarding/overview/overview.html")]
struct Page {
    frame: Frame,
    top: Top,
    /// The deal was just pasted, and was known.
    known: bool,
    now: String,
    verdict: String,
    tone: &'static str,
    icon: &'static str,
    options: Vec<String>,
    facts: Vec<Fact>,
    phases: Vec<Phase>,
    next: Vec<Next>,
    gate: Option<Gate>,
    risks: Vec<Risk>,
    more_risks: usize,
    warnings: Vec<String>,
    /// Outcomes that are reached and lack evidence: where to add it, what they are called.
    unproven: Vec<(String, String)>,
    questions: Vec<Question>,
    more_questions: usize,
    latest: Vec<Entry>,
    owner: String,
    /// When it will really go live.
    forecast: Option<Panel>,
    /// Who could run it; empty for whoever may not say so.
    owners: Vec<Choice>,
    /// Whether it is on track; nothing once it is over.
    colour: Option<Colour>,
    /// How it ended; nothing while it goes on.
    ended: Option<Ended>,
    /// How late it is and why; nothing while it is not.
    late: Option<Late>,
}

struct Fact {
    label: &'static str,
    value: String,
    note: String,
}

struct Phase {
    name: String,
    dates: String,
    goal: String,
    tasks: String,
    /// `over`, `now`, `ahead`.
    class: &'static str,
}

struct Next {
    /// Its page, below the onboarding's.
    end: String,
    name: String,
    who: String,
    side: String,
    start: Day,
    when: String,
    critical: bool,
    slack: String,
    /// Its last day has passed.
    late: bool,
}

struct Gate {
    name: String,
    planned: Day,
    when: String,
    late_by: i64,
    criteria: Vec<String>,
}

struct Risk {
    text: String,
    severity: &'static str,
    tone: &'static str,
    mitigation: String,
    owner: String,
}

struct Question {
    text: String,
    ask: String,
    by: Day,
    overdue: bool,
}

struct Entry {
    at: Moment,
    initials: String,
    who: String,
    summary: String,
}

/// The overview of one onboarding.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let id = read_id(id)?;
    let (known, toast) = (values.has(KNOWN), toast(&values));
    page(&web, &session, id, StatusCode::OK, known, toast, Closing::default()).await
}

/// The page, after something was done (`toast`) or refused (`closing`), or a deal was pasted that is `known`.
pub(super) async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    status: StatusCode,
    known: bool,
    toast: Option<Toast>,
    closing: Closing,
) -> Answer {
    let mut page = built(web, session, id).await?;
    page.known = known;
    page.frame.toast = toast;
    page.top.closing = closing;
    Ok(render(status, &page))
}

/// The page with the form of the colour as it was sent, and why it was refused.
pub(super) async fn with_refused_colour(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    status: StatusCode,
    typed: &Fields,
    wrong: Wrong,
) -> Answer {
    let mut page = built(web, session, id).await?;
    if let Some(colour) = &mut page.colour {
        colour.refused(typed, wrong);
    }
    Ok(render(status, &page))
}

/// The page as it is on an ordinary day.
async fn built(web: &Web, session: &Session, id: OnboardingId) -> Result<Page, Failure> {
    let sight = work::sight(&web.app, &session.actor, id).await?;
    let mut standing = onboarding::standing_of::<Shown>(&web.app, &session.actor, &sight.head).await?;
    // A plan nobody changed is the package's.
    if sight.stored.revision > 1 {
        standing.sight.sections.follow(&sight.stored.plan);
    }
    let mut page = Page::new(session, standing, &sight.stored.plan, &web.app.time_zone);
    let (owner, able) = portfolio::owner(&web.app, &session.actor, id).await?;
    let name = able.iter().find(|(id, _)| Some(*id) == owner).map(|(_, name)| name.clone());
    page.owner = name.unwrap_or_else(|| "nobody yet".to_owned());
    if session.actor.may(Action::RunOnboarding) {
        let nobody = Choice { value: String::new(), label: "Nobody".to_owned(), chosen: owner.is_none() };
        page.owners = std::iter::once(nobody)
            .chain(able.into_iter().map(|(id, name)| Choice {
                value: id.to_string(),
                label: name,
                chosen: Some(id) == owner,
            }))
            .collect();
    }
    if is_over(&sight.head) {
        page.ended = Some(Ended::load(web, session, &sight.head).await?);
    } else {
        goes_on(web, session, &sight, &mut page).await?;
    }
    Ok(page)
}

/// What is only true of an onboarding that goes on: whether it is on track and late, when it goes live, what is at risk.
async fn goes_on(web: &Web, session: &Session, sight: &work::Sight, page: &mut Page) -> Result<(), Failure> {
    page.forecast = Panel::load(web, &session.actor, sight).await?;
    let relationship = people::standing_of(&web.app, &session.actor, &sight.head).await?;
    page.warnings.splice(0..0, people::warnings(&relationship));
    let colour = standing::colour_of_sight(&web.app, &session.actor, sight).await?;
    page.colour = colour.map(|kept| Colour::new(kept, session.actor.may(Action::RunOnboarding)));
    page.unproven = unproven(web, session, &page.top, sight.head.id).await?;
    page.next.splice(0..0, course::overdue(sight));
    page.late = Late::load(web, session, sight).await?;
    (page.tone, page.icon) = if page.late.is_some() { ("late", "warning") } else { ("", "fine") };
    let live = live_on(&sight.stored.plan);
    if live.is_some() || page.late.as_ref().is_some_and(|late| late.is_past) {
        // What was judged of a day to come is true no more once it has passed.
        page.verdict = live.map(|day| format!("Live since {}.", Day::from(day).words)).unwrap_or_default();
        page.options.clear();
    }
    Ok(())
}

/// Outcomes that are reached and lack evidence: where to add it, what they are called.
async fn unproven(
    web: &Web,
    session: &Session,
    top: &Top,
    id: OnboardingId,
) -> Result<Vec<(String, String)>, Failure> {
    let all = outcome::unproven(&web.app, &session.actor, id).await?;
    let line = |one: outcome::Outcome| {
        (top.to(&format!("/impact/{}", one.id)), format!("{} “{}”", one.code(), one.goal))
    };
    Ok(all.into_iter().map(line).collect())
}

impl Page {
    fn new(session: &Session, standing: Standing<Shown>, running: &RunningPlan, zone: &TimeZone) -> Self {
        let Standing { sight, next, latest } = standing;
        let (head, today) = (sight.head, sight.today);
        let Shown { dates, plan, reading, risks, questions, notices } = sight.sections;
        let over = is_over(&head);
        let top = Top::new(session, &head, "");
        let live = live_on(running).is_some();
        Self {
            frame: top.frame(session, ""),
            top,
            known: false,
            now: if over {
                "The onboarding is over.".to_owned()
            } else {
                now(&plan.phases, &dates, today, live)
            },
            // What is over is not brought forward.
            verdict: if over { String::new() } else { dates.verdict.clone() },
            tone: "off",
            icon: "info",
            options: if over { Vec::new() } else { dates.options.clone() },
            facts: facts(&head, &dates, today),
            phases: plan.phases.iter().map(|phase| Phase::new(phase, today)).collect(),
            next: if over {
                Vec::new()
            } else {
                next.into_iter().map(|task| Next::new(task, today)).collect()
            },
            gate: if over { None } else { next_gate(&plan.milestones, running, today) },
            more_risks: risks.len().saturating_sub(MOST),
            risks: worst(risks),
            warnings: notices
                .into_iter()
                .chain(reading.notices)
                .filter(|notice| notice.level == Level::Warning)
                .map(|notice| sentence(&notice.message))
                .collect(),
            unproven: Vec::new(),
            more_questions: questions.len().saturating_sub(MOST),
            questions: soonest(questions, today),
            latest: latest.into_iter().map(|entry| Entry::new(entry, zone)).collect(),
            owner: String::new(),
            forecast: None,
            owners: Vec::new(),
            colour: None,
            ended: None,
            late: None,
        }
    }
}

/// Where the plan stands, in one sentence.
fn now(phases: &[PlanPhase], dates: &KeyDates, today: Date, live: bool) -> String {
    let away = distance(today, dates.go_live_on);
    let go_live = match (live, dates.go_live_on < today) {
        (true, _) => String::new(),
        (false, true) => format!("The planned go-live was {away}."),
        (false, false) => format!("Go-live {away}."),
    };
    let current = phases.iter().rev().find(|phase| phase.start <= today);
    let said = match current {
        None => format!("Preparation starts {}. {go_live}", distance(today, dates.starts_on)),
        Some(_) if today > dates.finish_on => "Every planned day is over.".to_owned(),
        Some(phase) if today > phase.finish => format!("Between phases, after {}. {go_live}", phase.name),
        Some(phase) => format!("In {}, which ends {}. {go_live}", phase.name, distance(today, phase.finish)),
    };
    said.trim_end().to_owned()
}

fn facts(head: &Head, dates: &KeyDates, today: Date) -> Vec<Fact> {
    let day = |date: Date| Day::from(date).words;
    let wanted = head.go_live_target.map_or_else(
        || "no date given".to_owned(),
        |wanted| match (head.go_live_on - wanted).get_days() {
            0 => "as wanted".to_owned(),
            late if late > 0 => format!("{} after {}", days(late), day(wanted)),
            early => format!("{} before {}", days(-early), day(wanted)),
        },
    );
    let mut facts = vec![
        Fact { label: "Kickoff", value: day(head.kickoff_on), note: distance(today, head.kickoff_on) },
        Fact { label: "Go-live", value: day(head.go_live_on), note: wanted },
    ];
    if let Some(first) = head.first_value_on {
        facts.push(Fact { label: "First value", value: day(first), note: distance(today, first) });
    }
    facts.push(Fact {
        label: "Finish",
        value: day(head.finish_on),
        note: format!("complete by {}", day(dates.complete_by)),
    });
    facts.push(Fact {
        label: "Value a year",
        value: head.acv.map_or_else(|| "unknown".to_owned(), |acv| acv.to_string()),
        note: head.segment_name.clone(),
    });
    facts.push(Fact {
        label: "Handoff quality",
        value: format!("{} %", head.document_score),
        note: "of the checklist is answered".to_owned(),
    });
    facts
}

fn days(number: i32) -> String {
    count(usize::try_from(number).unwrap_or(0), "day")
}

/// The first gate that is neither passed nor waived, also when its day is over.
fn next_gate(milestones: &[PlanMilestone], running: &RunningPlan, today: Date) -> Option<Gate> {
    let holds = |id: &str| running.milestone(id).is_some_and(RunningMilestone::holds);
    let ahead = milestones.iter().filter(|milestone| milestone.gate && holds(&milestone.id));
    ahead.min_by_key(|milestone| milestone.planned).map(|milestone| Gate {
        name: milestone.name.clone(),
        planned: milestone.planned.into(),
        when: distance(today, milestone.planned),
        late_by: milestone.late_by,
        criteria: milestone.criteria.iter().map(|criterion| criterion.text.clone()).collect(),
    })
}

fn worst(mut risks: Vec<gangway_domain::package::Risk>) -> Vec<Risk> {
    risks.sort_by_key(|risk| std::cmp::Reverse(risk.severity));
    let risks = risks.into_iter().take(MOST).map(|risk| {
        let (severity, tone) = severity(risk.severity);
        Risk { text: risk.text, severity, tone, mitigation: risk.mitigation, owner: risk.owner }
    });
    risks.collect()
}

/// A severity as people see it, and the tone of its tag.
pub(super) fn severity(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Low => ("Low", "off"),
        Severity::Medium => ("Medium", "soon"),
        Severity::High => ("High", "late"),
        Severity::Critical => ("Critical", "late"),
    }
}

fn soonest(mut questions: Vec<OpenQuestion>, today: Date) -> Vec<Question> {
    questions.sort_by_key(|question| question.by);
    let questions = questions.into_iter().take(MOST).map(|question| Question {
        overdue: question.by < today,
        text: question.text,
        ask: question.ask,
        by: question.by.into(),
    });
    questions.collect()
}

impl Phase {
    fn new(phase: &PlanPhase, today: Date) -> Self {
        let short = |date: Date| date.strftime("%-d %b").to_string();
        Self {
            name: phase.name.clone(),
            dates: format!("{} – {}", short(phase.start), short(phase.finish)),
            goal: phase.goal.clone(),
            tasks: count(usize::try_from(phase.tasks).unwrap_or(0), "task"),
            class: if today > phase.finish {
                "over"
            } else if today >= phase.start {
                "now"
            } else {
                "ahead"
            },
        }
    }
}

impl Next {
    fn new(task: Task, today: Date) -> Self {
        let running = task.starts_on <= today;
        Self {
            end: format!("/tasks/{}", task.id),
            who: task.assignee.unwrap_or(task.role),
            side: task.side,
            start: task.starts_on.into(),
            when: if running {
                format!("ends {}", distance(today, task.finishes_on))
            } else {
                format!("starts {}", distance(today, task.starts_on))
            },
            slack: slack(task.slack),
            critical: task.critical,
            name: task.name,
            late: false,
        }
    }
}

/// How far a task can slip, in words.
pub(super) fn slack(days: i64) -> String {
    match days {
        ..=0 => "no slack".to_owned(),
        1 => "1 working day of slack".to_owned(),
        days => format!("{days} working days of slack"),
    }
}

impl Entry {
    fn new(entry: Activity, zone: &TimeZone) -> Self {
        Self {
            at: moment(entry.at, zone),
            initials: initials(&entry.actor),
            who: entry.actor,
            summary: entry.summary,
        }
    }
}
