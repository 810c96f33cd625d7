//! The activation scorecard: time-to-value clocks and what must be seen in the product by when.

use super::dates::{Anchors, plus_days};
use super::frame::{Frame, Ground};
use super::{Activation, ActivationClock, ActivationLine, BuildError};
use crate::fit::capitalise;
use crate::methodology::TimeToValue;

/// Calendar days after the kickoff up to which a target keeps its day in a longer plan.
const FIRST_DAYS: u32 = 7;

/// Builds the scorecard. Clocks count from the creation of the account, which is taken to be the kickoff.
pub(super) fn activation(frame: &Frame<'_>) -> Result<Activation, BuildError> {
    let Frame { ground, .. } = frame;
    let Ground { methodology, programme, anchors, judge, words, .. } = ground;
    let product_type = &programme.activation.product_type;
    let targets = methodology.benchmarks.time_to_value.get(product_type).cloned().ok_or_else(|| {
        BuildError::Benchmark { programme: programme.id.clone(), product_type: product_type.clone() }
    })?;
    let mut lines = Vec::new();
    for target in &programme.activation.targets {
        if !judge.applies(target.when.as_deref(), &target.id)? {
            continue;
        }
        let due = ground.due(target.day);
        // The first days do not get longer because the go-live is later: the clocks below count them too.
        let by = if target.day <= FIRST_DAYS {
            due.min(ground.worked_by(plus_days(anchors.kickoff_on, i64::from(target.day))))
        } else {
            due
        };
        lines.push(ActivationLine {
            id: target.id.clone(),
            name: capitalise(&words.fill(&target.name)),
            metric: words.fill(&target.metric),
            target: judge.amount(&target.target, &target.id)?,
            unit: target.unit.clone(),
            day: anchors.day_of(by),
            by,
        });
    }
    lines.sort_by(|a, b| (a.by, &a.id).cmp(&(b.by, &b.id)));
    Ok(Activation { clocks: clocks(&targets, anchors), time_to_value: targets, targets: lines })
}

fn clocks(targets: &TimeToValue, anchors: &Anchors) -> Vec<ActivationClock> {
    let clock = |name: &str, hours: u32, of: &str, total: u32, measured_by: &str| ActivationClock {
        name: name.to_owned(),
        target: format!("within {} of {of}", hours_in_words(hours)),
        by: plus_days(anchors.kickoff_on, i64::from(total.div_ceil(24))),
        measured_by: measured_by.to_owned(),
    };
    let set_up = targets.first_login_hours.saturating_add(targets.setup_hours);
    vec![
        clock(
            "First login",
            targets.first_login_hours,
            "the account's creation",
            targets.first_login_hours,
            "login event",
        ),
        clock("Set up", targets.setup_hours, "the first login", set_up, "configuration complete"),
        clock(
            "First value",
            targets.first_value_hours,
            "the account's creation",
            targets.first_value_hours,
            "value event",
        ),
        clock(
            "Full value",
            targets.full_value_hours,
            "the account's creation",
            targets.full_value_hours,
            "usage of the core features",
        ),
    ]
}

/// `24 hours`, `7 days`.
fn hours_in_words(hours: u32) -> String {
    match hours {
        1 => "1 hour".into(),
        hours if hours <= 24 || !hours.is_multiple_of(24) => format!("{hours} hours"),
        hours => format!("{} days", hours / 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_hours_up_to_a_day_and_days_beyond() {
        assert_eq!(hours_in_words(1), "1 hour");
        assert_eq!(hours_in_words(24), "24 hours");
        assert_eq!(hours_in_words(168), "7 days");
        assert_eq!(hours_in_words(36), "36 hours");
    }
}
