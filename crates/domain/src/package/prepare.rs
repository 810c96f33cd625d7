//! Preparation that fits before a kickoff somebody has fixed.
//!
//! The programme's steps of preparation take their days only where there are as many. Where there are
//! fewer, steps are planned shorter until all of them are done before the kickoff; a working day each is
//! the least. Where not even that fits, nothing is shortened: it would help nobody, and the plan says by its
//! conflict what is not done in time.

use super::expand::Fitted;
use crate::fact::Notice;
use crate::fit::{counted, list_in_words};
use crate::plan::{self, PlanError, PlanSpec};
use crate::programme::Programme;

/// Shortens steps before the kickoff where they do not fit; says which.
///
/// # Errors
/// When the plan cannot be scheduled.
pub(super) fn fit_before_kickoff<'a>(
    programme: &Programme,
    mut fitted: Fitted<'a>,
    network: &dyn Fn(&Fitted<'a>) -> PlanSpec,
) -> Result<(Fitted<'a>, Option<Notice>), PlanError> {
    let Some(kickoff) = fitted.tasks.iter().find(|task| task.template.kickoff).map(|task| task.id.clone())
    else {
        return Ok((fitted, None));
    };
    let is_early =
        |phase: &str| programme.phases.iter().any(|known| known.id == phase && known.weeks == [0, 0]);
    let steps: Vec<usize> = (0..fitted.tasks.len())
        .filter(|index| {
            let template = fitted.tasks[*index].template;
            is_early(&template.phase) && !template.kickoff
        })
        .collect();
    let fits = |fitted: &Fitted<'a>| -> Result<bool, PlanError> {
        // Only the kickoff is asked about: without a target the engine looks for no compressions.
        let schedule = plan::schedule(&PlanSpec { target: None, ..network(fitted) })?;
        Ok(!schedule.conflicts.iter().any(|conflict| conflict.task == kickoff))
    };
    if fits(&fitted)? {
        return Ok((fitted, None));
    }
    let wanted: Vec<u32> = steps.iter().map(|step| fitted.tasks[*step].days).collect();
    for step in &steps {
        let days = &mut fitted.tasks[*step].days;
        *days = (*days).min(1);
    }
    if !fits(&fitted)? {
        for (step, wanted) in steps.iter().zip(&wanted) {
            fitted.tasks[*step].days = *wanted;
        }
        return Ok((fitted, None));
    }
    // Each step gets back what there is room for, in the order of the programme.
    for (step, wanted) in steps.iter().zip(&wanted) {
        for days in (fitted.tasks[*step].days..=*wanted).rev() {
            fitted.tasks[*step].days = days;
            if fits(&fitted)? {
                break;
            }
        }
    }
    let shorter: Vec<String> = steps
        .iter()
        .zip(&wanted)
        .map(|(step, wanted)| (&fitted.tasks[*step], *wanted))
        .filter(|(task, wanted)| task.days < *wanted)
        .map(|(task, wanted)| {
            let wanted = counted(i64::from(wanted), "working day");
            format!("“{}” in {} instead of {wanted}", task.name, task.days)
        })
        .collect();
    let notice = (!shorter.is_empty()).then(|| {
        Notice::warning(
            "preparation_shortened",
            format!(
                "To be ready for the kickoff, steps before it are planned shorter: {}.",
                list_in_words(&shorter)
            ),
        )
    });
    Ok((fitted, notice))
}
