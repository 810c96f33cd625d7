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

/// When one key was tried.
#[derive(Debug)]
struct Tries {
    /// How long a try counts.
    window: SignedDuration,
    /// The tries that count, oldest first.
    at: Vec<Timestamp>,
}

/// Counts tries by key, such as a mail address, in a sliding window of 15 minutes, or of a length of its own.
///
/// In memory: a restart forgets, and each process counts for itself, which makes guessing no
/// cheaper than a few more tries.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<HashMap<String, Tries>>);

impl Attempts {
    /// Notes a try.
    ///
    /// # Errors
    /// [`AppError::TooMany`] when there were ten in the last 15 minutes; says how long to wait.
    pub fn note(&self, key: &str, now: Timestamp) -> Result<(), AppError> {
        self.note_within(key, now, TRIES, WINDOW)
    }

    /// The same for what may happen `most` times in a window of another length.
    pub(crate) fn note_within(
        &self,
        key: &str,
        now: Timestamp,
        most: usize,
        window: SignedDuration,
    ) -> Result<(), AppError> {
        let mut tries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tries.len() >= KEYS && !tries.contains_key(key) {
            tries.retain(|_, one| one.at.last().is_some_and(|at| now.duration_since(*at) < one.window));
            if tries.len() >= KEYS {
                return Err(AppError::TooMany { retry_after: unsigned(window) });
            }
        }
        let list = &mut tries.entry(key.to_owned()).or_insert_with(|| Tries { window, at: Vec::new() }).at;
        list.retain(|at| now.duration_since(*at) < window);
        match list.first() {
            Some(first) if list.len() >= most => {
                Err(AppError::TooMany { retry_after: unsigned(window - now.duration_since(*first)) })
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

        let hour = SignedDuration::from_hours(1);
        attempts.note_within("omar", at(0), 2, hour).unwrap();
        attempts.note_within("omar", at(1800), 2, hour).unwrap();
        assert!(attempts.note_within("omar", at(3599), 2, hour).is_err());
        attempts.note_within("omar", at(3600), 2, hour).unwrap();
    }
}
