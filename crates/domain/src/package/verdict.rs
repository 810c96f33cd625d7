//! The dates that matter, whether the wanted go-live is met, and what would help, in words.

use jiff::civil::Date;

use super::dates::{Anchors, days_between};
use super::kickoff::{EarlierKickoff, working_days_earlier};
use super::scheduled::day;
use super::{KeyDates, OnboardingPlan};
use crate::fit;
use crate::plan::{Compression, Feasibility, Schedule};

/// The dates that matter, and whether the wanted go-live is met.
pub(super) fn key_dates(
    anchors: &Anchors,
    plan: &OnboardingPlan,
    schedule: &Schedule,
    earlier: Option<&EarlierKickoff>,
) -> KeyDates {
    let found = schedule.feasibility.as_ref();
    let kept = found.zip(earlier).filter(|(found, earlier)| earlier.is_better_than(found));
    let feasibility = kept.map(|(_, earlier)| &earlier.feasibility).or(found);
    let mut options: Vec<String> = feasibility
        .iter()
        .flat_map(|feasibility| worth_telling(&feasibility.compressions))
        .map(|compression| in_words(compression, plan, hold(anchors), earlier))
        .collect();
    if let (None, Some(earlier)) = (kept, earlier) {
        options.push(format!(
            "Or {} {}: that alone brings go-live {} forward.",
            hold(anchors),
            earlier.in_words(),
            fit::counted(earlier.gains, "day")
        ));
    }
    let go_live_on =
        plan.tasks.iter().find(|task| task.go_live).map_or(anchors.kickoff_on, |task| task.finish);
    let first_value = plan.milestones.iter().find(|milestone| milestone.first_value);
    KeyDates {
        starts_on: plan.tasks.iter().map(|task| task.start).min().unwrap_or(anchors.starts_on),
        kickoff_on: anchors.kickoff_on,
        kickoff_because: anchors.kickoff_because.clone(),
        go_live_on,
        go_live_target: anchors.target,
        go_live_because: anchors.target_because.clone(),
        first_value_on: first_value.map(|milestone| milestone.planned),
        finish_on: day(schedule.finish),
        complete_by: plan.complete.by,
        verdict: verdict(anchors, go_live_on, feasibility),
        options,
        feasibility: feasibility.cloned(),
    }
}

fn verdict(anchors: &Anchors, go_live_on: Date, feasibility: Option<&Feasibility>) -> String {
    let day = days_between(anchors.kickoff_on, go_live_on);
    match (anchors.target, feasibility) {
        (Some(target), Some(found)) if found.feasible => {
            let buffer = match found.buffer {
                0 => "with no day to spare".to_owned(),
                days => format!("with {} to spare", fit::counted(days, "calendar day")),
            };
            format!("Go-live on {} (day {day}) meets the wanted {} {buffer}.", on(go_live_on), on(target))
        }
        (Some(target), Some(found)) => format!(
            "As planned, go-live falls on {} (day {day}): {} after the wanted {}.{}",
            on(go_live_on),
            fit::counted(found.shortfall, "calendar day"),
            on(target),
            beyond_reach(found)
        ),
        _ => format!("Go-live is planned for {} (day {day}); no wanted date is known.", on(go_live_on)),
    }
}

/// How far the changes proposed go when they do not suffice; empty when they do.
fn beyond_reach(found: &Feasibility) -> String {
    let target = day(found.target);
    match found.best.map(day) {
        None => " No change of the plan moves it forward.".to_owned(),
        Some(best) if best > target => format!(
            " Even with all of the changes proposed here go-live would be on {}, {} late: agree on another date or a smaller scope.",
            on(best),
            fit::counted(days_between(target, best), "calendar day")
        ),
        Some(_) => String::new(),
    }
}

/// `11 January 2027`.
pub(super) fn on(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// The name of a task or milestone.
fn name<'a>(id: &'a str, plan: &'a OnboardingPlan) -> &'a str {
    let task = plan.tasks.iter().find(|task| task.id == id).map(|task| task.name.as_str());
    task.or_else(|| plan.milestones.iter().find(|m| m.id == id).map(|milestone| milestone.name.as_str()))
        .unwrap_or(id)
}

/// A change of the work itself, without what it gains; `None` for one of the kickoff.
pub(super) fn change_in_words(compression: &Compression, plan: &OnboardingPlan) -> Option<String> {
    match compression {
        Compression::Shorten { task, from, to, .. } => {
            Some(format!("do “{}” in {to} instead of {from} working days", name(task, plan)))
        }
        Compression::Overlap { from, to, days, .. } => Some(format!(
            "start “{}” {} before “{}” is done",
            name(to, plan),
            fit::counted(i64::from(*days), "day"),
            name(from, plan)
        )),
        Compression::StartEarlier { .. } => None,
    }
}

/// The changes without those at the end that gain nothing: there are such where the date is out of reach.
fn worth_telling(changes: &[Compression]) -> &[Compression] {
    let tells = |change: &Compression| match change {
        Compression::Shorten { gains, .. } | Compression::Overlap { gains, .. } => *gains > 0,
        Compression::StartEarlier { .. } => true,
    };
    let kept = changes.iter().rposition(tells).map_or(0, |last| last + 1);
    changes.get(..kept).unwrap_or_default()
}

/// What a change brings; one of two chains that end together brings nothing before the other is shorter too.
fn brings(gains: i64) -> String {
    match gains {
        ..=0 => "alone it moves nothing, but what follows needs it".to_owned(),
        _ => format!("go-live comes {} earlier", fit::counted(gains, "day")),
    }
}

/// What an earlier first day is called.
fn hold(anchors: &Anchors) -> &'static str {
    if anchors.start == "kickoff" { "hold the kickoff" } else { "start" }
}

fn in_words(
    compression: &Compression,
    plan: &OnboardingPlan,
    hold: &str,
    earlier: Option<&EarlierKickoff>,
) -> String {
    let name = |id: &str| name(id, plan).to_owned();
    match compression {
        Compression::Shorten { task, from, to, gains } => {
            format!("Do “{}” in {} instead of {} working days: {}.", name(task), to, from, brings(*gains))
        }
        Compression::Overlap { from, to, days: overlap, gains } => format!(
            "Start “{}” {} before “{}” is done: {}.",
            name(to),
            fit::counted(i64::from(*overlap), "day"),
            name(from),
            brings(*gains)
        ),
        Compression::StartEarlier { days: count, gains } => format!(
            "{} {}: {}.",
            fit::capitalise(hold),
            earlier.map_or_else(|| working_days_earlier(*count), EarlierKickoff::in_words),
            brings(*gains)
        ),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::plan::Point;

    fn late_by_nine(best: Option<Date>) -> Feasibility {
        Feasibility {
            target: Point::Day(date(2026, 3, 11)),
            expected: Point::Day(date(2026, 3, 20)),
            feasible: false,
            shortfall: 9,
            buffer: 0,
            compressions: Vec::new(),
            best: best.map(Point::Day),
        }
    }

    #[test]
    fn no_change_is_said_to_bring_the_go_live_0_days_forward() {
        let shorten = |gains: i64| Compression::Shorten { task: "t".into(), from: 5, to: 4, gains };
        let overlap = |gains: i64| Compression::Overlap { from: "t".into(), to: "u".into(), days: 1, gains };
        let earlier = Compression::StartEarlier { days: 2, gains: 0 };
        // Two chains side by side: the first change shows only with the second.
        let both = [shorten(0), overlap(3)];
        assert_eq!(worth_telling(&both), both);
        assert_eq!(worth_telling(&[shorten(2), overlap(0), shorten(0)]), [shorten(2)]);
        assert!(worth_telling(&[shorten(0)]).is_empty());
        let alone = std::slice::from_ref(&earlier);
        assert_eq!(worth_telling(alone), alone);
        assert_eq!(brings(0), "alone it moves nothing, but what follows needs it");
        assert_eq!(brings(1), "go-live comes 1 day earlier");
    }

    #[test]
    fn a_date_out_of_reach_is_called_that() {
        assert_eq!(
            beyond_reach(&late_by_nine(Some(date(2026, 3, 12)))),
            " Even with all of the changes proposed here go-live would be on 12 March 2026, 1 calendar day late: agree on another date or a smaller scope."
        );
        assert_eq!(beyond_reach(&late_by_nine(Some(date(2026, 3, 11)))), "");
        assert_eq!(beyond_reach(&late_by_nine(None)), " No change of the plan moves it forward.");
    }
}
