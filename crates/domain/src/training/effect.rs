//! Whether training works: the metrics of `benchmarks.toml` that facts can answer, against their targets.

use crate::methodology::MetricTarget;

/// What was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Seats in sessions that were held and counted.
    pub invited: u32,
    /// Seats somebody sat on.
    pub attended: u32,
    /// Tracks somebody began.
    pub started: u32,
    /// Of them those whose level was reached.
    pub completed: u32,
    /// Assessments somebody tried, each once for a person.
    pub attempted: u32,
    /// Of them those that were passed in the end.
    pub passed: u32,
    /// Marks of sessions, 1 to 5: how many, and their sum.
    pub ratings: (u32, u32),
    /// Scores of follow-ups in percent: how many, and their sum.
    pub kept: (u32, u32),
    /// Exercises and tasks a trainer saw.
    pub observed: u32,
    /// Of them those done as they should be.
    pub applied: u32,
    /// Days until somebody worked alone: how many people, and the sum of days.
    pub days: (u32, u32),
    /// Seats in sessions that were held of which nobody said whether somebody sat on them.
    pub unrecorded: u32,
    /// Tracks people are on and have not begun.
    pub not_begun: u32,
    /// People whose only attempts wait for a trainer.
    pub unread: u32,
    /// Seats somebody sat on without giving a mark.
    pub unrated: u32,
    /// Follow-ups that wait for a trainer.
    pub unread_follow_ups: u32,
    /// People who began a track and do not work alone yet.
    pub not_alone: u32,
}

/// A metric with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// Id of the metric.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// How it is computed.
    pub formula: String,
    /// The target as it is written: `>90%`.
    pub target: String,
    /// The value in tenths of its unit; none while nothing can be counted.
    pub tenths: Option<u32>,
    /// The value as people read it; empty without one.
    pub shown: String,
    /// Whether the target is met; none without a value.
    pub met: Option<bool>,
    /// What is counted above the line.
    pub numerator: &'static str,
    /// How much of it there is.
    pub counted: u32,
    /// What is counted below the line.
    pub denominator: &'static str,
    /// How much of it there is: of how many the value is made.
    pub of: u32,
    /// What is left out of both.
    pub excluded: &'static str,
    /// How much is left out; none where nobody can count it.
    pub left_out: Option<u32>,
}

/// What a metric is made of, in words.
struct Made {
    numerator: &'static str,
    denominator: &'static str,
    excluded: &'static str,
    unit: &'static str,
    /// The value is a share: the numerator counts in hundreds.
    share: bool,
}

fn made_of(id: &str) -> Option<Made> {
    let made =
        |numerator, denominator, excluded| Made { numerator, denominator, excluded, unit: " %", share: true };
    Some(match id {
        "attendance" => made(
            "seats somebody sat on",
            "seats in sessions that were held",
            "office hours, and seats of which nobody said whether somebody came",
        ),
        "training-completion" => made(
            "tracks worked through to their level",
            "tracks somebody began",
            "tracks people are on and have not begun",
        ),
        "assessment-pass" => made(
            "people who passed in the end",
            "people who took an assessment, once for each track",
            "people whose answers a trainer has still to read",
        ),
        "training-satisfaction" => Made {
            unit: " of 5",
            share: false,
            ..made("marks from 1 to 5, summed", "marks given", "people who came and gave no mark")
        },
        "knowledge-retention" => Made {
            share: false,
            ..made(
                "scores in percent, summed",
                "follow-ups answered a month later",
                "follow-ups a trainer has still to read",
            )
        },
        "skill-application" => made(
            "exercises and tasks done as they should be",
            "exercises and tasks a trainer saw",
            "what no trainer has seen",
        ),
        "time-to-proficiency" => Made {
            unit: " days",
            share: false,
            ..made(
                "days from the first lesson to the first task done alone, summed",
                "people who work alone",
                "people who began and do not work alone yet",
            )
        },
        _ => return None,
    })
}

/// The training metrics of the benchmarks with their values, in their order.
#[must_use]
pub fn measured(metrics: &[MetricTarget], counts: &Counts) -> Vec<Measured> {
    metrics.iter().filter(|metric| metric.group == "training").map(|metric| one(metric, counts)).collect()
}

fn one(metric: &MetricTarget, counts: &Counts) -> Measured {
    let made = made_of(&metric.id);
    let (counted, of, left_out) = match metric.id.as_str() {
        "attendance" => (counts.attended, counts.invited, Some(counts.unrecorded)),
        "training-completion" => (counts.completed, counts.started, Some(counts.not_begun)),
        "assessment-pass" => (counts.passed, counts.attempted, Some(counts.unread)),
        "training-satisfaction" => (counts.ratings.1, counts.ratings.0, Some(counts.unrated)),
        "knowledge-retention" => (counts.kept.1, counts.kept.0, Some(counts.unread_follow_ups)),
        "skill-application" => (counts.applied, counts.observed, None),
        "time-to-proficiency" => (counts.days.1, counts.days.0, Some(counts.not_alone)),
        _ => (0, 0, None),
    };
    let unit = made.as_ref().map_or("", |made| made.unit);
    let hundreds = if made.as_ref().is_some_and(|made| made.share) { 100 } else { 1 };
    let sum = u64::from(counted) * hundreds;
    let tenths =
        (sum * 10).checked_div(u64::from(of)).map(|tenths| u32::try_from(tenths).unwrap_or(u32::MAX));
    let shown = tenths.map_or_else(String::new, |tenths| match tenths % 10 {
        0 => format!("{}{unit}", tenths / 10),
        rest => format!("{}.{rest}{unit}", tenths / 10),
    });
    Measured {
        id: metric.id.clone(),
        name: metric.name.clone(),
        formula: metric.formula.clone(),
        target: metric.target.clone(),
        met: tenths.and_then(|_| meets(&metric.target, sum, of)),
        tenths,
        shown,
        numerator: made.as_ref().map_or("", |made| made.numerator),
        counted,
        denominator: made.as_ref().map_or("", |made| made.denominator),
        of,
        excluded: made.as_ref().map_or("", |made| made.excluded),
        left_out,
    }
}

/// Whether a value meets a target such as `>90%`, `>4.2/5` or `<30 days`; none when the target is no number. The
/// fraction is compared, not what is shown of it: 4.25 is more than 4.2, and 90 % is not more than 90 %.
fn meets(target: &str, sum: u64, of: u32) -> Option<bool> {
    let mut letters = target.trim().chars();
    let sign = letters.next()?;
    let or_equal = matches!(sign, '≥' | '≤') || letters.as_str().starts_with('=');
    let number: String = letters
        .as_str()
        .trim_start_matches('=')
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let (whole, rest) = number.split_once('.').unwrap_or((&number, "0"));
    let wanted = u64::from(whole.parse::<u32>().ok()?) * 10 + u64::from(rest.chars().next()?.to_digit(10)?);
    let order = (sum * 10).cmp(&(wanted * u64::from(of)));
    match sign {
        '>' | '≥' => Some(order.is_gt() || or_equal && order.is_eq()),
        '<' | '≤' => Some(order.is_lt() || or_equal && order.is_eq()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metric(id: &str, target: &str) -> MetricTarget {
        MetricTarget {
            id: id.to_owned(),
            name: id.to_owned(),
            group: "training".to_owned(),
            formula: String::new(),
            target: target.to_owned(),
            bad: None,
            frequency: None,
        }
    }

    #[test]
    fn values_stand_beside_their_targets() {
        let counts = Counts {
            invited: 20,
            attended: 19,
            started: 3,
            completed: 2,
            ratings: (4, 17),
            days: (2, 70),
            ..Counts::default()
        };
        let metrics = [
            metric("attendance", ">90%"),
            metric("training-completion", ">85%"),
            metric("training-satisfaction", ">4.2/5"),
            metric("time-to-proficiency", "<30 days"),
            metric("assessment-pass", ">80%"),
        ];
        let all = measured(&metrics, &counts);
        let said: Vec<(&str, Option<bool>)> = all.iter().map(|one| (one.shown.as_str(), one.met)).collect();
        assert_eq!(
            said,
            [
                ("95 %", Some(true)),
                ("66.6 %", Some(false)),
                ("4.2 of 5", Some(true)),
                ("35 days", Some(false)),
                ("", None)
            ]
        );
        assert_eq!(all[0].of, 20);
    }

    #[test]
    fn each_of_the_seven_says_what_it_is_made_of() {
        let counts = Counts { invited: 10, attended: 9, unrecorded: 2, not_alone: 3, ..Counts::default() };
        let ids = [
            ("attendance", ">90%"),
            ("training-completion", ">85%"),
            ("assessment-pass", ">80%"),
            ("training-satisfaction", ">4.2/5"),
            ("knowledge-retention", ">70%"),
            ("skill-application", ">80%"),
            ("time-to-proficiency", "<30 days"),
        ];
        let all = measured(&ids.map(|(id, target)| metric(id, target)), &counts);
        for one in &all {
            assert!(
                !one.numerator.is_empty() && !one.denominator.is_empty() && !one.excluded.is_empty(),
                "{}",
                one.id
            );
        }
        let first = &all[0];
        assert_eq!((first.counted, first.of, first.left_out), (9, 10, Some(2)));
        assert_eq!((first.shown.as_str(), first.met), ("90 %", Some(false)), "90 % is not more than 90 %");
        assert_eq!((all[6].of, all[6].left_out, all[6].met), (0, Some(3), None));
    }

    #[test]
    fn a_target_may_hold_its_own_number() {
        assert_eq!((meets(">=90%", 900, 10), meets("≤30 days", 30, 1)), (Some(true), Some(true)));
        assert_eq!((meets("<30 days", 30, 1), meets("soon", 1, 1)), (Some(false), None));
    }

    #[test]
    fn other_groups_are_not_training() {
        let other = MetricTarget { group: "golive".to_owned(), ..metric("uptime", ">99.9%") };
        assert!(measured(&[other], &Counts::default()).is_empty());
    }
}
