//! Go-live: rollout, readiness with the evidence each item rests on, approvals, hypercare.

use jiff::civil::Date;

use super::dates::plus_days;
use super::frame::Frame;
use super::{Approval, BuildError, GoLive, OnboardingPlan, ReadinessGroup, ReadinessItem};
use crate::methodology::{ChecklistItem, GoLiveRules, LaunchRules};

/// Id of the task of a programme that is hypercare.
const HYPERCARE: &str = "hypercare";

/// Builds the go-live part of a package.
pub(super) fn go_live(frame: &Frame<'_>) -> Result<GoLive, BuildError> {
    let rules = &frame.ground.methodology.golive;
    let mut readiness = Vec::new();
    let mut approvals = Vec::new();
    if let Some(checklist) = frame.ground.methodology.checklists.get(&rules.checklist) {
        for group in &checklist.groups {
            let mut items = Vec::new();
            for item in &group.items {
                if frame.ground.judge.applies(item.when.as_deref(), &item.id)? {
                    items.push(readiness_item(item, frame));
                }
            }
            if !items.is_empty() {
                readiness.push(ReadinessGroup { title: group.title.clone(), items });
            }
        }
        let mut asked: Vec<&str> = Vec::new();
        for role in checklist.approvals.iter().filter_map(|role| frame.ground.cast.known(role)) {
            // One person who stands in for several signs once.
            if !asked.contains(&role.id.as_str()) {
                asked.push(&role.id);
                approvals.push(Approval { role: role.name.clone(), person: role.person.clone() });
            }
        }
    }
    let users = frame.ground.deal.users.as_ref().map(|fact| fact.value);
    let [low, high] = frame.ground.programme.rollout.pilot_percent;
    Ok(GoLive {
        rollout: frame.ground.programme.rollout.clone(),
        readiness,
        approvals,
        rules: GoLiveRules { launch: LaunchRules::default(), ..rules.clone() },
        hypercare_until: hypercare_until(frame),
        // Rounded up, so that even a small customer's pilot has somebody in it.
        pilot_users: users.map(|users| [(users * low).div_ceil(100), (users * high).div_ceil(100)]),
    })
}

/// The last day of hypercare: the plan's own task decides; without one, the methodology's number of days.
fn hypercare_until(frame: &Frame<'_>) -> Date {
    let planned = frame.plan.tasks.iter().find(|task| task.id == HYPERCARE).map(|task| task.finish);
    planned.unwrap_or_else(|| {
        plus_days(frame.dates.go_live_on, i64::from(frame.ground.methodology.golive.hypercare_days))
    })
}

fn readiness_item(item: &ChecklistItem, frame: &Frame<'_>) -> ReadinessItem {
    let ways = || item.evidence.iter().flat_map(|evidence| evidence.split('|')).map(str::trim);
    let planned = ways().find_map(|way| named(way, frame.plan));
    let (evidence, planned) = match planned {
        Some((name, date)) => (Some(name), Some(date)),
        // Without words for it, whoever ticks the item says what proves it.
        None => (ways().find(|way| !looks_like_id(way)).map(|words| frame.ground.words.fill(words)), None),
    };
    ReadinessItem {
        text: frame.ground.words.fill(&item.text),
        evidence,
        role: item.role.as_deref().map(|role| frame.ground.cast.label(role)),
        planned,
    }
}

/// Whether the evidence names a task rather than saying in words what to look at.
fn looks_like_id(evidence: &str) -> bool {
    evidence.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

/// Name and date of the task or milestone that proves an item; of repeated tasks, the last to finish.
fn named(id: &str, plan: &OnboardingPlan) -> Option<(String, Date)> {
    let repeated = format!("{id}-");
    let is_instance = |task: &str| {
        task == id
            || task.strip_prefix(&repeated).is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit()))
    };
    plan.tasks
        .iter()
        .filter(|task| is_instance(&task.id))
        .max_by_key(|task| task.finish)
        .map(|task| (task.name.clone(), task.finish))
        .or_else(|| {
            let milestone = plan.milestones.iter().find(|milestone| milestone.id == id)?;
            Some((milestone.name.clone(), milestone.planned))
        })
}
