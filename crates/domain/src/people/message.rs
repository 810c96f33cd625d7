//! The days on which the messages of the communication plan go out, as the plan of the onboarding moves.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::methodology::Message;
use crate::programme::Side;
use crate::work::RunningPlan;
use crate::workload::Calendars;

/// Most calendar days between a message and what it hangs on: a century.
const FURTHEST: i32 = 36_525;

/// A message of the methodology with the days on which two plans want it to go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageMove<'a> {
    /// The message as the methodology has it.
    pub rule: &'a Message,
    /// By the plan before.
    pub from: Date,
    /// By the plan now.
    pub to: Date,
}

/// The days of every message of the methodology by a plan and by the one that follows it; empty when none moves.
#[must_use]
pub fn message_moves<'a>(
    rules: &'a [Message],
    before: &RunningPlan,
    after: &RunningPlan,
) -> Vec<MessageMove<'a>> {
    let hangs_on = |plan: &RunningPlan| -> Vec<Option<Date>> {
        std::iter::once(Some(plan.kickoff_on())).chain(rules.iter().map(|rule| anchor(rule, plan))).collect()
    };
    if before.ground.calendars == after.ground.calendars && hangs_on(before) == hangs_on(after) {
        return Vec::new();
    }
    let (then, now) = (Calendars::of(&before.ground), Calendars::of(&after.ground));
    let moves = rules.iter().filter_map(|rule| {
        let (from, to) = (goes_out(rule, before, &then)?, goes_out(rule, after, &now)?);
        Some(MessageMove { rule, from, to })
    });
    let moves: Vec<MessageMove<'a>> = moves.collect();
    if moves.iter().all(|one| one.from == one.to) { Vec::new() } else { moves }
}

/// Where a message belongs that stands on the day the plan before gave it; nothing when it stays, or stands on a day
/// somebody chose.
#[must_use]
pub fn moved_to(moves: &[MessageMove<'_>], audience: &str, message: &str, on: Date) -> Option<Date> {
    let of_it = |one: &&MessageMove<'_>| one.from == on && one.rule.audience == audience;
    // Several may be planned for one day: the words tell which it is, while nobody has changed them.
    let says_so = moves.iter().filter(of_it).find(|one| says(&one.rule.message, message));
    let found = says_so.or_else(|| moves.iter().find(of_it))?;
    (found.to != on).then_some(found.to)
}

/// The day a message goes out by a plan: so many calendar days from what it hangs on, never before the kickoff, and when
/// both parties work.
fn goes_out(rule: &Message, plan: &RunningPlan, calendars: &Calendars) -> Option<Date> {
    let days = i64::from(rule.offset_days.clamp(-FURTHEST, FURTHEST));
    let day = anchor(rule, plan)?.saturating_add(days.days());
    Some(calendars.side(Side::Joint).next_workday(day.max(plan.kickoff_on())))
}

/// The day a message hangs on: kickoff, go-live, the end, the start of a task or the day of a milestone.
fn anchor(rule: &Message, plan: &RunningPlan) -> Option<Date> {
    match rule.at.as_str() {
        "kickoff" => Some(plan.kickoff_on()),
        "go-live" => {
            let code = plan.ground.go_live.as_deref()?;
            plan.task(code).map(|task| task.finish)
        }
        "finish" => Some(plan.promise().finish),
        code => {
            // Of repeated tasks the first one counts.
            let task = plan.task(code).or_else(|| plan.task(&format!("{code}-1")));
            let milestone = || plan.milestone(code).map(|milestone| milestone.planned);
            task.map(|task| task.start).or_else(milestone)
        }
    }
}

/// Whether a text is what a message of the methodology says, whatever stands in place of its placeholders.
fn says(rule: &str, text: &str) -> bool {
    let mut rest = text;
    for (place, piece) in rule.split('{').enumerate() {
        let words =
            if place == 0 { piece } else { piece.split_once('}').map_or(piece, |(_, behind)| behind) };
        let Some((_, behind)) = rest.split_once(words) else { return false };
        rest = behind;
    }
    true
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::plan::CalendarSpec;
    use crate::work::{Ground, Origin, RunningTask, TaskRule, TaskState};

    fn task(code: &str, day: Date) -> RunningTask {
        RunningTask {
            code: code.to_owned(),
            phase: "launch".to_owned(),
            name: code.to_owned(),
            side: Side::Vendor,
            role: String::new(),
            assignee: None,
            days: 1,
            rule: TaskRule::default(),
            state: TaskState::Open,
            origin: Origin::Programme,
            start: day,
            finish: day,
            late_start: day,
            late_finish: day,
            slack: 0,
            free_slack: 0,
            critical: false,
        }
    }

    /// Kickoff on Monday, 11 January 2027; training and go-live on these days.
    fn plan(training: Date, go_live: Date) -> RunningPlan {
        let kickoff = date(2027, 1, 11);
        RunningPlan {
            ground: Ground {
                starts_on: kickoff,
                target: None,
                kickoff: Some("kickoff".to_owned()),
                go_live: Some("go-live".to_owned()),
                first_value: None,
                complete: Vec::new(),
                calendars: Vec::<CalendarSpec>::new(),
                as_of: kickoff,
            },
            phases: Vec::new(),
            tasks: vec![task("kickoff", kickoff), task("training-1", training), task("go-live", go_live)],
            milestones: Vec::new(),
            links: Vec::new(),
        }
    }

    fn rule(audience: &str, message: &str, at: &str, offset_days: i32) -> Message {
        Message {
            audience: audience.to_owned(),
            message: message.to_owned(),
            owner: "Champion".to_owned(),
            at: at.to_owned(),
            offset_days,
            when: None,
        }
    }

    #[test]
    fn a_message_follows_what_it_hangs_on() {
        let rules = [
            rule("Everyone", "Why we do this", "kickoff", 1),
            rule("Everyone", "Next week: {product}", "go-live", -7),
            rule("End users", "Dates", "training", -10),
        ];
        let before = plan(date(2027, 1, 19), date(2027, 3, 1));
        // The go-live moves by two weeks and a day; a week before it is a Tuesday.
        let after = plan(date(2027, 1, 19), date(2027, 3, 16));
        let moves = message_moves(&rules, &before, &after);
        let days: Vec<(Date, Date)> = moves.iter().map(|one| (one.from, one.to)).collect();
        assert_eq!(
            days,
            [
                (date(2027, 1, 12), date(2027, 1, 12)),
                (date(2027, 2, 22), date(2027, 3, 9)),
                // Ten days before the training lie before the kickoff.
                (date(2027, 1, 11), date(2027, 1, 11)),
            ]
        );
        let to = |audience, on| moved_to(&moves, audience, "Next week: Analytics", on);
        assert_eq!(to("Everyone", date(2027, 2, 22)), Some(date(2027, 3, 9)));
        assert_eq!(to("Everyone", date(2027, 2, 23)), None, "somebody chose another day");
        assert_eq!(to("Managers", date(2027, 2, 22)), None, "somebody else is told that day");
        assert_eq!(to("Everyone", date(2027, 1, 12)), None, "it stays");
        assert!(message_moves(&rules, &before, &before).is_empty());
    }

    #[test]
    fn nobody_is_written_to_on_a_day_off() {
        let rules = [rule("Everyone", "Soon", "go-live", -2)];
        let before = plan(date(2027, 1, 19), date(2027, 3, 1));
        let after = plan(date(2027, 1, 19), date(2027, 3, 8));
        let moves = message_moves(&rules, &before, &after);
        // Both Saturdays become the Monday of the go-live.
        assert_eq!((moves[0].from, moves[0].to), (date(2027, 3, 1), date(2027, 3, 8)));
    }

    #[test]
    fn of_two_for_one_day_the_words_tell_which_it_is() {
        let rules = [
            rule("Everyone", "{product} starts soon: where to get help", "training", 0),
            rule("Everyone", "Next week we start with {product}", "go-live", -7),
        ];
        let before = plan(date(2027, 2, 22), date(2027, 3, 1));
        let after = plan(date(2027, 2, 22), date(2027, 3, 8));
        let moves = message_moves(&rules, &before, &after);
        let to = |message| moved_to(&moves, "Everyone", message, date(2027, 2, 22));
        assert_eq!(to("Next week we start with Analytics"), Some(date(2027, 3, 1)));
        assert_eq!(to("Analytics starts soon: where to get help"), None);
    }
}
