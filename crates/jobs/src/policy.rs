//! When to try again.

use std::time::Duration;

/// When failed work is tried again, and when it is given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    waits: Vec<Duration>,
}

/// Share of a wait that chance may add, so that what failed together is not tried together again.
const JITTER: f64 = 0.2;

impl Policy {
    /// These waits between the attempts; after the last, one more attempt, and no more.
    #[must_use]
    pub fn waits(waits: impl IntoIterator<Item = Duration>) -> Self {
        Self { waits: waits.into_iter().collect() }
    }

    /// `attempts` in all, the first wait doubled each time up to the longest.
    #[must_use]
    pub fn doubling(first: Duration, longest: Duration, attempts: u32) -> Self {
        let wait = |attempt: u32| first.saturating_mul(2_u32.saturating_pow(attempt)).min(longest);
        Self::waits((0..attempts.saturating_sub(1)).map(wait))
    }

    /// How long to wait after the attempt with this number (from 1) has failed; none when that was the last.
    /// `chance` in 0..1 lengthens the wait by up to a fifth.
    #[must_use]
    pub fn wait(&self, attempt: i64, chance: f64) -> Option<Duration> {
        let index = usize::try_from(attempt.checked_sub(1)?).ok()?;
        let longer = 1.0 + JITTER * chance.clamp(0.0, 1.0);
        self.waits
            .get(index)
            .map(|wait| Duration::try_from_secs_f64(wait.as_secs_f64() * longer).unwrap_or(Duration::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(policy: &Policy, chance: f64) -> Vec<f64> {
        (1..20).map_while(|attempt| policy.wait(attempt, chance)).map(|wait| wait.as_secs_f64()).collect()
    }

    #[test]
    fn waits_double_up_to_the_longest_and_end() {
        let policy = Policy::doubling(Duration::from_secs(10), Duration::from_secs(60), 6);
        assert_eq!(seconds(&policy, 0.0), [10.0, 20.0, 40.0, 60.0, 60.0]);
        assert_eq!(seconds(&policy, 1.0), [12.0, 24.0, 48.0, 72.0, 72.0]);
    }

    #[test]
    fn attempts_that_cannot_be_are_the_last() {
        let policy = Policy::waits([Duration::from_secs(1)]);
        assert_eq!(policy.wait(1, 0.0), Some(Duration::from_secs(1)));
        for attempt in [0, -1, i64::MIN, 2, i64::MAX] {
            assert_eq!(policy.wait(attempt, 0.0), None);
        }
        assert_eq!(Policy::doubling(Duration::MAX, Duration::MAX, 40).wait(39, 0.0), Some(Duration::MAX));
    }
}
