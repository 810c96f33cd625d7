//! Which playbooks achieve something.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::health::backtest::{Halves, Share, median};
use crate::people::read_by_word;

/// How an intervention ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "InterventionOutcome")]
pub enum Outcome {
    /// What it was for is resolved.
    Resolved,
    /// In part.
    Partly,
    /// It is not.
    Failed,
    /// It was given up before anybody could tell.
    Abandoned,
}

impl Outcome {
    /// Every outcome, in the order they are shown.
    pub const ALL: [Self; 4] = [Self::Resolved, Self::Partly, Self::Failed, Self::Abandoned];

    /// The word in files and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::Partly => "partly",
            Self::Failed => "failed",
            Self::Abandoned => "abandoned",
        }
    }

    /// In words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Resolved => "Resolved",
            Self::Partly => "Resolved in part",
            Self::Failed => "Not resolved",
            Self::Abandoned => "Given up",
        }
    }
}

/// A word that is no outcome.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no outcome `{0}`: outcomes are resolved, partly, failed and abandoned")]
pub struct UnknownOutcome(pub String);

read_by_word!(Outcome, UnknownOutcome, UnknownOutcome);

/// An intervention that ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The playbook (id).
    pub playbook: String,
    /// How it ended.
    pub outcome: Outcome,
    /// Calendar days it took, when that is known.
    pub days: Option<u32>,
    /// The score when it began.
    pub score_before: Option<u32>,
    /// The score when it ended.
    pub score_after: Option<u32>,
}

/// What a playbook did to the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "InterventionChange")]
pub struct Change {
    /// Interventions with a score before and after.
    pub n: u32,
    /// The middle of the changes, in points.
    pub median: Halves,
    /// Lower end of its 95 % interval; none with fewer than six.
    pub low: Option<i64>,
    /// Upper end.
    pub high: Option<i64>,
}

/// What a playbook achieved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "InterventionComparison")]
pub struct Comparison {
    /// The playbook (id).
    pub playbook: String,
    /// Interventions that ended and were not given up.
    pub n: u32,
    /// Of those, resolved in full.
    pub resolved: u32,
    /// Interventions that were given up; they count nowhere else.
    pub abandoned: u32,
    /// The share of those resolved, with Wilson's 95 % interval.
    pub share: Option<Share>,
    /// The middle of the days it took.
    pub median_days: Option<Halves>,
    /// What it did to the score. Whoever is at their worst gets better without help, too: compare playbooks of one level.
    pub change: Option<Change>,
}

/// What each playbook achieved, in order of playbook.
#[must_use]
pub fn compare(ended: &[Ended]) -> Vec<Comparison> {
    let mut playbooks: BTreeMap<&str, Vec<&Ended>> = BTreeMap::new();
    for one in ended {
        playbooks.entry(&one.playbook).or_default().push(one);
    }
    playbooks.into_iter().map(|(playbook, ended)| comparison(playbook, &ended)).collect()
}

fn comparison(playbook: &str, ended: &[&Ended]) -> Comparison {
    let counted: Vec<&&Ended> = ended.iter().filter(|one| one.outcome != Outcome::Abandoned).collect();
    let resolved = count(counted.iter().filter(|one| one.outcome == Outcome::Resolved).count());
    let n = count(counted.len());
    let days: Vec<i64> = counted.iter().filter_map(|one| one.days.map(i64::from)).collect();
    let changes =
        counted.iter().filter_map(|one| Some(i64::from(one.score_after?) - i64::from(one.score_before?)));
    Comparison {
        playbook: playbook.to_owned(),
        n,
        resolved,
        abandoned: count(ended.len() - counted.len()),
        share: Share::of(resolved, n),
        median_days: median(&days),
        change: change(changes.collect()),
    }
}

fn change(mut changes: Vec<i64>) -> Option<Change> {
    changes.sort_unstable();
    let median = median(&changes)?;
    let ends = rank(changes.len())
        .and_then(|rank| Some((*changes.get(rank - 1)?, *changes.get(changes.len() - rank)?)));
    Some(Change {
        n: count(changes.len()),
        median,
        low: ends.map(|(low, _)| low),
        high: ends.map(|(_, high)| high),
    })
}

/// From which value on, counted from the least, the interval of the median reaches (David and Nagaraja, Order Statistics,
/// section 7.1): the greatest r for which fewer than r of n fair coins show heads with a chance of at most 2.5 %.
fn rank(n: usize) -> Option<usize> {
    /// From here on the exact sum would lose its smallest terms, and the normal approximation is as good.
    const MANY: usize = 500;
    if n > MANY {
        let n = n as f64;
        return Some(((n - 1.959_963_984_540_054 * n.sqrt()) / 2.0).floor() as usize);
    }
    let mut chance = 0.5_f64.powi(i32::try_from(n).ok()?);
    let mut sum = chance;
    let mut rank = 0;
    while sum <= 0.025 && rank < n {
        rank += 1;
        chance *= (n - rank + 1) as f64 / rank as f64;
        sum += chance;
    }
    (rank > 0).then_some(rank)
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(playbook: &str, outcome: Outcome, days: u32, before: u32, after: u32) -> Ended {
        Ended {
            playbook: playbook.to_owned(),
            outcome,
            days: Some(days),
            score_before: Some(before),
            score_after: Some(after),
        }
    }

    #[test]
    fn playbooks_are_compared_by_what_they_achieved() {
        let found = compare(&[
            ended("call", Outcome::Resolved, 4, 50, 70),
            ended("mail", Outcome::Failed, 9, 60, 55),
            ended("call", Outcome::Partly, 7, 40, 45),
            ended("call", Outcome::Abandoned, 1, 40, 90),
        ]);
        assert_eq!(found.iter().map(|one| one.playbook.as_str()).collect::<Vec<_>>(), ["call", "mail"]);
        let call = &found[0];
        assert_eq!((call.n, call.resolved, call.abandoned), (2, 1, 1));
        assert_eq!(call.share.map(|share| share.thousandths), Some(500));
        assert_eq!(call.median_days.unwrap().to_string(), "5.5");
        // Changes of 20 and 5.
        assert_eq!(call.change, Some(Change { n: 2, median: Halves(25), low: None, high: None }));
        assert_eq!(found[1].change.unwrap().median, Halves(-10));
    }

    /// Ranks as in the usual tables of the sign test at 5 %, two-sided: 6 values reach from the 1st to the 6th, 10 from the
    /// 2nd to the 9th, 20 from the 6th to the 15th, 50 from the 18th to the 33rd.
    #[test]
    fn the_interval_of_the_median_is_that_of_the_sign_test() {
        assert_eq!(
            [5, 6, 8, 9, 10, 20, 50].map(rank),
            [None, Some(1), Some(1), Some(2), Some(2), Some(6), Some(18)]
        );
        // For many it is approximate: (600 − 1.96 · 24.495) ÷ 2 = 275.99, a value wider than the exact 276.
        assert_eq!(rank(600), Some(275));
        let ten = change((1..=10).collect()).unwrap();
        assert_eq!((ten.median, ten.low, ten.high), (Halves(11), Some(2), Some(9)));
    }

    #[test]
    fn outcomes_are_read_by_their_words() {
        for outcome in Outcome::ALL {
            assert_eq!(outcome.word().parse::<Outcome>(), Ok(outcome));
        }
        assert_eq!("won".parse::<Outcome>().unwrap_err(), UnknownOutcome("won".to_owned()));
    }
}
