//! Training sized to the deal: who, how many sessions, when.

use super::frame::{Frame, Ground};
use super::judge::Judge;
use super::people::moment;
use super::{BuildError, TrainingPlan};
use crate::methodology::Methodology;
use crate::programme::Programme;

/// Names of the tracks that apply, in order, for tasks repeated per track.
pub(super) fn track_names(
    methodology: &Methodology,
    programme: &Programme,
    judge: &Judge<'_>,
) -> Result<Vec<String>, BuildError> {
    let mut names = Vec::new();
    for used in &programme.training {
        if judge.applies(used.when.as_deref(), &used.track)? {
            let name = methodology
                .training
                .get(&used.track)
                .map_or_else(|| used.track.clone(), |track| track.name.clone());
            names.push(name);
        }
    }
    Ok(names)
}

/// The training plan: tracks that apply, with participants and sessions.
pub(super) fn training(frame: &Frame<'_>) -> Result<Vec<TrainingPlan>, BuildError> {
    let Frame { ground: Ground { methodology, programme, anchors, judge, words, .. }, plan, .. } = frame;
    let mut plans = Vec::new();
    for used in &programme.training {
        if !judge.applies(used.when.as_deref(), &used.track)? {
            continue;
        }
        let Some(track) = methodology.training.get(&used.track) else {
            return Err(BuildError::Track { programme: programme.id.clone(), track: used.track.clone() });
        };
        let people = judge.amount(&used.people, &used.track)?.max(1);
        let task = plan.tasks.iter().find(|task| task.id == used.task);
        let start = task
            .map(|task| task.start)
            .or_else(|| moment(&used.task, plan, anchors))
            .unwrap_or(anchors.kickoff_on);
        plans.push(TrainingPlan {
            track: track.id.clone(),
            name: words.fill(&track.name),
            audience: track.audience.clone(),
            format: track.format.clone(),
            people,
            sessions: if track.group_size == 0 { 0 } else { people.div_ceil(track.group_size) },
            minutes: track.modules.iter().map(|module| module.minutes).sum(),
            start,
            finish: task.map_or(start, |task| task.finish),
            level: track.level.clone(),
            validation: track.validation.clone(),
            modules: track.modules.clone(),
        });
    }
    Ok(plans)
}
