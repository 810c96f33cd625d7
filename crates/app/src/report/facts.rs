//! The facts a report is written from: the plan as it is worked, the register, the ledger, and what the package
//! says of the deal.

use std::collections::BTreeMap;

use gangway_domain::deal::StakeholderRole;
use gangway_domain::ids::OnboardingId;
use gangway_domain::meeting::Status as MeetingStatus;
use gangway_domain::methodology::Light;
use gangway_domain::package::{Outcome, Placed, PromiseEntry, ReadinessGroup, SpicedPart};
use gangway_domain::programme::GovernanceTemplate;
use gangway_domain::register::{Details, Kind as EntryKind, Status, Visibility};
use gangway_domain::report::{
    Dates, EntryLine, Facts, Kind, KnownPart, MilestoneLine, MoveLine, NextLine, NextUpdate, OutcomeLine,
    PersonLine, PlannedMeeting, PromiseLine, ReadinessLine, TaskLine, next_update, side_label,
};
use gangway_domain::standing::Colour;
use gangway_domain::transition::NextStep;
use gangway_domain::work::{RunningMilestone, RunningPlan, RunningTask, TaskState};
use gangway_store::meeting::{self, Meeting};
use gangway_store::onboarding::head::{self, Head};
use gangway_store::outcome as outcomes;
use gangway_store::people::{self as stakeholders, Stakeholder};
use gangway_store::register::{self as entries, Entry};
use gangway_store::transition::{self, Transition};
use gangway_store::work::ledger;
use gangway_store::{escalation, workspace};
use jiff::Span;
use jiff::civil::Date;
use serde::Deserialize;

use super::trouble;
use crate::error::AppError;
use crate::standing;
use crate::work::{self, Sight};
use crate::{Actor, App, launch, outcome};

/// Days a report looks forward to.
const AHEAD: i64 = 7;

/// Entries of the ledger looked through for what moved the dates.
const MOVES: u32 = 300;

/// What of the package reports tell.
#[derive(Debug, Deserialize)]
struct Told {
    names: Names,
    handoff: Handoff,
    impact_plan: ImpactPlan,
    go_live: GoLive,
    people: People,
    #[serde(default)]
    governance: Vec<GovernanceTemplate>,
}

#[derive(Debug, Deserialize)]
struct Names {
    product: String,
}

#[derive(Debug, Deserialize)]
struct Handoff {
    spiced: Vec<SpicedPart>,
    promises: Vec<PromiseEntry>,
}

#[derive(Debug, Deserialize)]
struct ImpactPlan {
    outcomes: Vec<Outcome>,
}

#[derive(Debug, Deserialize)]
struct GoLive {
    readiness: Vec<ReadinessGroup>,
}

#[derive(Debug, Deserialize)]
struct People {
    stakeholders: Vec<Placed>,
}

/// The facts of today, with the colour they give.
pub(super) async fn of(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    kind: Kind,
) -> Result<(Head, Colour, Facts), AppError> {
    let sight = work::sight(app, actor, id).await?;
    let missing = || AppError::missing("onboarding", id);
    let mut tx = app.db.read().await?;
    let known = entries::of_onboarding(&mut tx, actor.workspace, id).await?;
    let told: Told = head::sections(&mut tx, actor.workspace, id).await?.ok_or_else(missing)?;
    let moves = ledger::list(&mut tx, actor.workspace, id, None, MOVES).await?;
    let raised = escalation::of_onboarding(&mut tx, actor.workspace, id).await?;
    let vendor = workspace::get(&mut tx, actor.workspace).await?.map_or_else(String::new, |place| place.name);
    let besides = standing::besides(app, &mut tx, actor, id).await?;
    let launched = match kind {
        Kind::GoLiveReview => Some(launch::review(app, &mut tx, actor.workspace, id).await?),
        _ => None,
    };
    let placed = stakeholders::of_onboarding(&mut tx, actor.workspace, id).await?;
    let spoken = stakeholders::touch::last(&mut tx, actor.workspace, id).await?;
    let handed = transition::get(&mut tx, actor.workspace, id).await?;
    // What is ready is judged where somebody decides by it.
    let ready = match kind {
        Kind::GoNoGo => launch::ready(app, &mut tx, actor.workspace, id).await?,
        _ => BTreeMap::new(),
    };
    let meetings = match kind {
        Kind::ExecutiveUpdate => meeting::of_onboarding(&mut tx, actor.workspace, id).await?,
        _ => Vec::new(),
    };
    let worked = outcomes::of_onboarding(&mut tx, actor.workspace, id).await?;
    let trouble = match kind {
        Kind::Escalation | Kind::SaveOrExit => Some(trouble::read(&mut tx, actor, id, raised.clone()).await?),
        _ => None,
    };
    drop(tx);
    let seen = standing::seen(app, &sight, &known, besides)?;
    let today = sight.today;
    let since = today.checked_sub(Span::new().days(kind.looks_back())).unwrap_or(today);
    let until = today.checked_add(Span::new().days(AHEAD)).unwrap_or(today);
    let Sight { head, stored, .. } = sight;
    let plan = &stored.plan;
    let promise = plan.promise();
    let line = |task: &RunningTask| of_task(task, today);
    let begun = |task: &&RunningTask| matches!(task.state, TaskState::Started { .. });
    let recent = |entry: &Entry| entry.closed_at.is_some_and(|at| day(app, at) >= since);
    let open =
        |kind: EntryKind| known.iter().filter(move |entry| entry.kind() == kind && entry.status.is_open());
    let closed =
        |kind: EntryKind| known.iter().filter(move |entry| entry.kind() == kind && !entry.status.is_open());
    let entry = |entry: &Entry| of_entry(app, entry);
    let mut risks: Vec<&Entry> = open(EntryKind::Risk).collect();
    risks.sort_by_key(|entry| std::cmp::Reverse(entry.details.exposure()));
    let mut facts = Facts {
        customer: head.customer.clone(),
        product: told.names.product,
        vendor,
        segment: head.segment_name.clone(),
        title: kind.label().to_owned(),
        as_of: today,
        since,
        until,
        light: Light::Green.word(),
        light_label: Light::Green.label(),
        reasons: Vec::new(),
        dates: Dates {
            kickoff: head.kickoff_on,
            go_live: promise.go_live,
            is_live: go_live_is_over(plan),
            wanted: plan.ground.target,
            first_value: head.first_value_on,
            finish: promise.finish,
            late_days: seen.standing.go_live_days_late,
        },
        done: plan
            .tasks
            .iter()
            .filter(|task| matches!(task.state, TaskState::Done { finished_on, .. } if finished_on >= since))
            .map(line)
            .collect(),
        doing: plan.tasks.iter().filter(begun).map(line).collect(),
        coming: plan
            .tasks
            .iter()
            .filter(|task| {
                matches!(task.state, TaskState::Open) && task.start >= today && task.start <= until
            })
            .map(line)
            .collect(),
        blocked: plan
            .tasks
            .iter()
            .filter(|task| matches!(task.state, TaskState::Blocked { .. }))
            .map(line)
            .collect(),
        progress: [
            plan.tasks.iter().filter(|task| matches!(task.state, TaskState::Done { .. })).count(),
            plan.tasks.iter().filter(|task| !matches!(task.state, TaskState::Skipped { .. })).count(),
        ],
        milestones: plan.milestones.iter().map(of_milestone).collect(),
        reached: reached(plan, since),
        risks: risks.into_iter().map(entry).collect(),
        issues: open(EntryKind::Issue)
            .chain(closed(EntryKind::Issue).filter(|entry| recent(entry)))
            .map(entry)
            .collect(),
        decisions: open(EntryKind::Decision).map(entry).collect(),
        decided: closed(EntryKind::Decision).filter(|entry| recent(entry)).map(entry).collect(),
        actions: open(EntryKind::Action)
            .chain(closed(EntryKind::Action).filter(|entry| recent(entry)))
            .map(entry)
            .collect(),
        moved: moves
            .iter()
            .filter(|line| line.undone_by.is_none() && day(app, line.at) >= since)
            .map(|line| MoveLine {
                summary: line.summary.clone(),
                side: side_label(line.side).to_owned(),
                days: i64::from((line.after.go_live - line.before.go_live).get_days()),
            })
            .filter(|line| line.days != 0)
            .collect(),
        outcomes: worked.iter().map(|one| of_outcome(one, &told.impact_plan.outcomes, today)).collect(),
        readiness: told
            .go_live
            .readiness
            .into_iter()
            .flat_map(|group| group.items)
            .map(|item| ReadinessLine {
                ready: ready.get(&item.text).copied(),
                text: item.text,
                role: item.role,
                planned: item.planned,
            })
            .collect(),
        known: told
            .handoff
            .spiced
            .into_iter()
            .map(|part| KnownPart {
                name: part.name,
                known: part.known.into_iter().map(|known| known.text).collect(),
            })
            .collect(),
        promises: promises(told.handoff.promises, handed.as_ref()),
        people: people(app, told.people.stakeholders, &placed, |one| spoken.get(&one.contact).copied()),
        readers: placed.iter().filter(|one| sponsors(one, today)).map(|one| one.name.clone()).collect(),
        next: handed.iter().flat_map(|handed| &handed.steps).map(of_step).collect(),
        escalations: raised
            .iter()
            .filter(|one| one.state.is_open())
            .map(|one| format!("E-{} {} (level {})", one.number, one.title, one.level))
            .collect(),
        next_update: match kind {
            Kind::ExecutiveUpdate => told_next(today, promise.finish, &meetings, &told.governance),
            _ => None,
        },
        launch: launched,
        escalation: None,
        save_or_exit: None,
    };
    if let Some(trouble) = trouble {
        trouble.tell(app, actor, kind, (&head, &stored), &mut facts)?;
    }
    Ok((head, seen.colour, facts))
}

/// Whether the go-live of a plan is done.
fn go_live_is_over(plan: &RunningPlan) -> bool {
    let go_live = plan.ground.go_live.as_deref().and_then(|code| plan.task(code));
    go_live.is_some_and(|task| matches!(task.state, TaskState::Done { .. }))
}

/// Milestones reached since a day, the earliest first.
fn reached(plan: &RunningPlan, since: Date) -> Vec<MilestoneLine> {
    let mut lately: Vec<&RunningMilestone> =
        plan.milestones.iter().filter(|one| one.reached_on.is_some_and(|day| day >= since)).collect();
    lately.sort_by_key(|one| one.reached_on);
    lately.into_iter().map(of_milestone).collect()
}

/// Somebody sponsors it and is still there.
fn sponsors(one: &Stakeholder, today: Date) -> bool {
    one.role == StakeholderRole::ExecutiveSponsor && one.left_on.is_none_or(|left| left > today)
}

/// When executives hear again. Meetings without the customer are not told of: they may read it.
fn told_next(
    today: Date,
    finish: Date,
    meetings: &[Meeting],
    governance: &[GovernanceTemplate],
) -> Option<NextUpdate> {
    let planned: Vec<PlannedMeeting<'_>> = meetings
        .iter()
        .filter(|one| one.with_customer && one.status == MeetingStatus::Planned)
        .map(|one| PlannedMeeting { code: one.code.as_deref(), title: &one.title, on: one.slot.on })
        .collect();
    next_update(today, finish, &planned, governance)
}

/// What sales promised: as the handover says it, once there is one.
fn promises(told: Vec<PromiseEntry>, handed: Option<&Transition>) -> Vec<PromiseLine> {
    match handed {
        Some(handed) => handed
            .promises
            .iter()
            .map(|promise| PromiseLine {
                text: promise.text.clone(),
                by: promise.by,
                kept: promise.kept,
                // It may stand in a line of a list.
                note: promise.note.split_whitespace().collect::<Vec<_>>().join(" "),
            })
            .collect(),
        None => told
            .into_iter()
            .map(|promise| PromiseLine {
                text: promise.text,
                by: promise.by,
                kept: false,
                note: String::new(),
            })
            .collect(),
    }
}

/// The customer's people where they stand; as the package placed them while nobody is known.
fn people(
    app: &App,
    told: Vec<Placed>,
    placed: &[Stakeholder],
    spoken: impl Fn(&Stakeholder) -> Option<Date>,
) -> Vec<PersonLine> {
    if placed.is_empty() {
        let line =
            |person: Placed| PersonLine { name: person.label, role: person.role_name, stands: String::new() };
        return told.into_iter().map(line).collect();
    }
    let line = |one: &Stakeholder| {
        let power = format!("{} power", one.power.word());
        let sentiment = one.sentiment.map(|sentiment| sentiment.word().to_owned());
        let last = spoken(one).map(|day| format!("last spoken with {}", day.strftime("%-d %b %Y")));
        let gone = one.left_on.map(|day| format!("leaves {}", day.strftime("%-d %b %Y")));
        let stands: Vec<String> = [sentiment, Some(power), last, gone].into_iter().flatten().collect();
        PersonLine {
            name: one.name.clone(),
            role: app.methodology.people.role_name(one.role).to_owned(),
            stands: stands.join(", "),
        }
    };
    placed.iter().map(line).collect()
}

fn of_step(step: &NextStep) -> NextLine {
    NextLine { text: step.text.clone(), side: side_label(step.side).to_owned(), by: step.by }
}

/// The day of an instant in the installation's time zone.
pub(super) fn day(app: &App, at: gangway_store::Timestamp) -> Date {
    let at = jiff::Timestamp::try_from(at).unwrap_or_default();
    at.to_zoned(app.time_zone.clone()).date()
}

fn of_task(task: &RunningTask, today: Date) -> TaskLine {
    TaskLine {
        name: task.name.clone(),
        side: side_label(task.side).to_owned(),
        who: who_of(task),
        starts_on: task.start,
        finishes_on: task.finish,
        overdue: task.is_overdue(today),
        because: match &task.state {
            TaskState::Blocked { because, .. } => Some(because.clone()),
            _ => None,
        },
    }
}

/// Who does a task: the assignee, else the role.
pub(super) fn who_of(task: &RunningTask) -> String {
    match &task.assignee {
        Some(assignee) => name_of(assignee).to_owned(),
        None => task.role.clone(),
    }
}

fn name_of(assignee: &gangway_domain::work::Assignee) -> &str {
    use gangway_domain::work::Assignee;
    match assignee {
        Assignee::Person { name, .. } | Assignee::Contact { name, .. } | Assignee::Name { name } => name,
    }
}

fn of_milestone(milestone: &RunningMilestone) -> MilestoneLine {
    MilestoneLine {
        name: milestone.name.clone(),
        gate: milestone.gate,
        due_on: milestone.due,
        planned_on: milestone.reached_on.unwrap_or(milestone.planned),
        status: if milestone.reached_on.is_some() {
            "Reached"
        } else if milestone.waived.is_some() {
            "Waived"
        } else if milestone.planned > milestone.due {
            "Late"
        } else {
            "Planned"
        },
    }
}

fn of_outcome(one: &outcomes::Outcome, drafted: &[Outcome], today: Date) -> OutcomeLine {
    let latest = one.latest.and_then(|(_, reading)| reading.value);
    let Outcome { goal, baseline, target, by, .. } = outcome::written(one, drafted);
    OutcomeLine {
        goal,
        baseline,
        target,
        by,
        latest: latest.map(|value| value.with_unit(&one.unit)),
        verified: one.status(today) == gangway_domain::outcome::Status::Verified,
    }
}

fn of_entry(app: &App, entry: &Entry) -> EntryLine {
    let (weight, note) = match &entry.details {
        Details::Risk { mitigation, .. } => {
            let band = app.methodology.governance.band(entry.details.exposure().unwrap_or_default());
            (band.map(|band| band.name.clone()).unwrap_or_default(), mitigation.clone())
        }
        Details::Issue { severity, about, .. } => {
            let word = match severity {
                gangway_domain::deal::Severity::Low => "Low",
                gangway_domain::deal::Severity::Medium => "Medium",
                gangway_domain::deal::Severity::High => "High",
                gangway_domain::deal::Severity::Critical => "Critical",
            };
            (word.to_owned(), about.clone())
        }
        Details::Decision { assumed, .. } => (String::new(), assumed.clone()),
        Details::Action { about, .. } => (String::new(), about.clone()),
    };
    let (status, note) = match &entry.status {
        Status::Open => ("Open".to_owned(), note),
        Status::Closed { outcome } => {
            let word = outcome.word();
            let capital =
                word.get(..1).unwrap_or_default().to_uppercase() + word.get(1..).unwrap_or_default();
            (capital, outcome.how().to_owned())
        }
    };
    EntryLine {
        code: entry.code(),
        title: entry.title.clone(),
        weight,
        owner: entry.owner_name.clone(),
        due_on: entry.due_on,
        status,
        // It may stand in a table, whose rows are lines.
        note: note.split_whitespace().collect::<Vec<_>>().join(" "),
        internal: entry.visibility == Visibility::Internal,
    }
}
