//! How often something may be tried before one must wait: guessing passwords must not pay.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::error::AppError;

/// Tries allowed in a window.
const TRIES: usize = 10;

/// The window.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);

/// Keys remembered at most; beyond, those whose window is over are forgotten, and if none is, the
/// newcomer waits: an attacker cannot push others' counts out.
const KEYS: usize = 50_000;

/// Counts tries by key, such as a mail address, in a sliding window of 15 minutes.
///
/// In memory: a restart forgets, and each process counts for itself, which makes guessing no
/// cheaper than a few more tries.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<HashMap<String, Vec<Timestamp>>>);

impl Attempts {
    /// Notes a try.
    ///
    /// # Errors
    /// [`AppError::TooMany`] when there were ten in the last 15 minutes; says how long to wait.
    pub fn note(&self, key: &str, now: Timestamp) -> Result<(), AppError> {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = |at: &Timestamp| now.duration_since(*at) < WINDOW;
        if tries.len() >= KEYS && !tries.contains_key(key) {
            tries.retain(|_, list| list.last().is_some_and(recent));
            if tries.len() >= KEYS {
                return Err(AppError::TooMany { retry_after: unsigned(WINDOW) });
            }
        }
        let list = tries.entry(key.to_owned()).or_default();
        list.retain(recent);
        match list.first() {
            Some(first) if list.len() >= TRIES => {
                Err(AppError::TooMany { retry_after: unsigned(WINDOW - now.duration_since(*first)) })
            }
            _ => {
                list.push(now);
                Ok(())
            }
        }
    }

    /// Forgets the tries of a key: it was the right person.
    pub fn forget(&self, key: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }
}

fn unsigned(duration: SignedDuration) -> Duration {
    Duration::try_from(duration).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_tries_then_a_wait_until_the_first_is_a_quarter_of_an_hour_old() {
        let attempts = Attempts::default();
        let start: Timestamp = "2027-01-04T09:00:00Z".parse().unwrap();
        let at = |seconds: i64| start + SignedDuration::from_secs(seconds);
        for second in 0..10 {
            attempts.note("ines", at(second)).unwrap();
        }
        let Err(AppError::TooMany { retry_after }) = attempts.note("ines", at(60)) else {
            panic!("an eleventh try")
        };
        assert_eq!(retry_after, Duration::from_secs(840));
        attempts.note("jonas", at(60)).unwrap();
        attempts.note("ines", at(900)).unwrap();
        assert!(attempts.note("ines", at(900)).is_err(), "the second is not old enough yet");
        attempts.forget("ines");
        attempts.note("ines", at(900)).unwrap();
    }
}
