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

/// A playbook that was begun for an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The playbook (id).
    pub playbook: String,
    /// How it ended; nothing while it goes on.
    pub outcome: Option<Outcome>,
    /// Calendar days it took, when that is known.
    pub days: Option<u32>,
    /// The score when it began.
    pub score_before: Option<u32>,
    /// The score when it ended.
    pub score_after: Option<u32>,
    /// Signals it was about.
    pub signals: u32,
    /// Of those, the ones that are over.
    pub signals_over: u32,
}

/// What a playbook did to the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "InterventionChange")]
pub struct Change {
    /// Interventions with a score before and after.
    pub n: u32,
    /// The middle of the scores before.
    pub before: Halves,
    /// The middle of the scores after.
    pub after: Halves,
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
    /// How often it was begun.
    pub begun: u32,
    /// Of those, how many go on.
    pub running: u32,
    /// Interventions that ended and were not given up.
    pub n: u32,
    /// Of those, resolved in full.
    pub resolved: u32,
    /// Resolved in part.
    pub partly: u32,
    /// Not resolved.
    pub failed: u32,
    /// Interventions that were given up; of what follows they count nowhere.
    pub abandoned: u32,
    /// The share of those resolved, with Wilson's 95 % interval.
    pub share: Option<Share>,
    /// The middle of the days it took.
    pub median_days: Option<Halves>,
    /// What it did to the score. Whoever is at their worst gets better without help, too: compare playbooks of one level.
    pub change: Option<Change>,
    /// The share of the signals those were about that are over now, with Wilson's 95 % interval.
    pub signals: Option<Share>,
}

/// What each playbook achieved, in order of playbook.
#[must_use]
pub fn compare(tried: &[Tried]) -> Vec<Comparison> {
    let mut playbooks: BTreeMap<&str, Vec<&Tried>> = BTreeMap::new();
    for one in tried {
        playbooks.entry(&one.playbook).or_default().push(one);
    }
    playbooks.into_iter().map(|(playbook, tried)| comparison(playbook, &tried)).collect()
}

fn comparison(playbook: &str, tried: &[&Tried]) -> Comparison {
    let of = |outcome: Outcome| count(tried.iter().filter(|one| one.outcome == Some(outcome)).count());
    let counted: Vec<&Tried> = tried
        .iter()
        .copied()
        .filter(|one| one.outcome.is_some_and(|outcome| outcome != Outcome::Abandoned))
        .collect();
    let (resolved, n) = (of(Outcome::Resolved), count(counted.len()));
    let days: Vec<i64> = counted.iter().filter_map(|one| one.days.map(i64::from)).collect();
    let scores =
        counted.iter().filter_map(|one| Some((i64::from(one.score_before?), i64::from(one.score_after?))));
    let (over, all) = counted.iter().fold((0_u32, 0_u32), |(over, all), one| {
        (over.saturating_add(one.signals_over), all.saturating_add(one.signals))
    });
    Comparison {
        playbook: playbook.to_owned(),
        begun: count(tried.len()),
        running: count(tried.iter().filter(|one| one.outcome.is_none()).count()),
        n,
        resolved,
        partly: of(Outcome::Partly),
        failed: of(Outcome::Failed),
        abandoned: of(Outcome::Abandoned),
        share: Share::of(resolved, n),
        median_days: median(&days),
        change: change(&scores.collect::<Vec<_>>()),
        signals: Share::of(over, all),
    }
}

/// Scores before and after, as a change.
fn change(scores: &[(i64, i64)]) -> Option<Change> {
    let mut changes: Vec<i64> = scores.iter().map(|(before, after)| after - before).collect();
    changes.sort_unstable();
    let ends = rank(changes.len())
        .and_then(|rank| Some((*changes.get(rank - 1)?, *changes.get(changes.len() - rank)?)));
    Some(Change {
        n: count(changes.len()),
        before: median(&scores.iter().map(|(before, _)| *before).collect::<Vec<_>>())?,
        after: median(&scores.iter().map(|(_, after)| *after).collect::<Vec<_>>())?,
        median: median(&changes)?,
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

    fn ended(playbook: &str, outcome: Outcome, days: u32, before: u32, after: u32) -> Tried {
        Tried {
            playbook: playbook.to_owned(),
            outcome: Some(outcome),
            days: Some(days),
            score_before: Some(before),
            score_after: Some(after),
            signals: 2,
            signals_over: u32::from(outcome == Outcome::Resolved) * 2,
        }
    }

    #[test]
    fn playbooks_are_compared_by_what_they_achieved() {
        let running = Tried { outcome: None, ..ended("call", Outcome::Failed, 90, 1, 99) };
        let found = compare(&[
            ended("call", Outcome::Resolved, 4, 50, 70),
            ended("mail", Outcome::Failed, 9, 60, 55),
            running,
            ended("call", Outcome::Partly, 7, 40, 45),
            ended("call", Outcome::Abandoned, 1, 40, 90),
        ]);
        assert_eq!(found.iter().map(|one| one.playbook.as_str()).collect::<Vec<_>>(), ["call", "mail"]);
        let call = &found[0];
        assert_eq!((call.begun, call.running, call.n, call.abandoned), (4, 1, 2, 1));
        assert_eq!((call.resolved, call.partly, call.failed), (1, 1, 0));
        assert_eq!(call.share.map(|share| share.thousandths), Some(500));
        assert_eq!(call.signals.map(|share| (share.hits, share.of)), Some((2, 4)));
        assert_eq!(call.median_days.unwrap().to_string(), "5.5");
        // From 50 and 40 to 70 and 45: changes of 20 and 5.
        let change = Change {
            n: 2,
            before: Halves(90),
            after: Halves(115),
            median: Halves(25),
            low: None,
            high: None,
        };
        assert_eq!(call.change, Some(change));
        assert_eq!(found[1].change.unwrap().median, Halves(-10));
        let only = Tried { outcome: None, ..ended("x", Outcome::Failed, 1, 1, 1) };
        assert_eq!(compare(&[only])[0].change, None);
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
        let ten = change(&(1..=10).map(|to| (0, to)).collect::<Vec<_>>()).unwrap();
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
