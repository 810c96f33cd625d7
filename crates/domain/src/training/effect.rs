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
    /// Of how many it is made.
    pub of: u32,
}

/// The training metrics of the benchmarks with their values, in their order.
#[must_use]
pub fn measured(metrics: &[MetricTarget], counts: &Counts) -> Vec<Measured> {
    metrics.iter().filter(|metric| metric.group == "training").map(|metric| one(metric, counts)).collect()
}

fn one(metric: &MetricTarget, counts: &Counts) -> Measured {
    let share = |part: u32, of: u32| (part.saturating_mul(100), of);
    let ((sum, of), unit) = match metric.id.as_str() {
        "attendance" => (share(counts.attended, counts.invited), " %"),
        "training-completion" => (share(counts.completed, counts.started), " %"),
        "assessment-pass" => (share(counts.passed, counts.attempted), " %"),
        "training-satisfaction" => ((counts.ratings.1, counts.ratings.0), " of 5"),
        "knowledge-retention" => ((counts.kept.1, counts.kept.0), " %"),
        "skill-application" => (share(counts.applied, counts.observed), " %"),
        "time-to-proficiency" => ((counts.days.1, counts.days.0), " days"),
        _ => ((0, 0), ""),
    };
    let tenths = sum.saturating_mul(10).checked_div(of);
    let shown = tenths.map_or_else(String::new, |tenths| match tenths % 10 {
        0 => format!("{}{unit}", tenths / 10),
        rest => format!("{}.{rest}{unit}", tenths / 10),
    });
    Measured {
        id: metric.id.clone(),
        name: metric.name.clone(),
        formula: metric.formula.clone(),
        target: metric.target.clone(),
        met: tenths.and_then(|tenths| meets(&metric.target, tenths)),
        tenths,
        shown,
        of,
    }
}

/// Whether a value in tenths meets a target such as `>90%`, `>4.2/5` or `<30 days`; none when the target is no number.
fn meets(target: &str, tenths: u32) -> Option<bool> {
    let mut letters = target.trim().chars();
    let sign = letters.next()?;
    let number: String = letters
        .as_str()
        .trim_start_matches('=')
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    let (whole, rest) = number.split_once('.').unwrap_or((&number, "0"));
    let wanted = whole.parse::<u32>().ok()? * 10 + rest.chars().next()?.to_digit(10)?;
    match sign {
        '>' | '≥' => Some(tenths >= wanted),
        '<' | '≤' => Some(tenths <= wanted),
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
    fn other_groups_are_not_training() {
        let other = MetricTarget { group: "golive".to_owned(), ..metric("uptime", ">99.9%") };
        assert!(measured(&[other], &Counts::default()).is_empty());
    }
}
