//! How often a token may ask: a fixed window, told in the headers of the IETF's draft
//! `draft-ietf-httpapi-ratelimit-headers`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use gangway_domain::ids::TokenId;
use jiff::Timestamp;

use crate::Api;
use crate::caller::Caller;
use crate::problem::Problem;

/// Windows remembered at most; beyond, those that are over are forgotten.
const REMEMBERED: usize = 10_000;

/// How often a token may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Requests in a window.
    pub requests: u32,
    /// Length of the window, seconds.
    pub seconds: u32,
}

impl Default for Rate {
    fn default() -> Self {
        Self { requests: 600, seconds: 60 }
    }
}

/// Counts by token. In memory: every process counts for itself.
#[derive(Debug)]
pub(crate) struct Limiter {
    rate: Rate,
    windows: Mutex<HashMap<TokenId, Window>>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    /// Second in which it began.
    began: i64,
    used: u32,
}

/// Where a token stands in its window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    within: bool,
    remaining: u32,
    /// Seconds until the window ends.
    resets_in: u32,
}

impl Limiter {
    pub(crate) fn new(rate: Rate) -> Self {
        Self { rate, windows: Mutex::default() }
    }

    fn note(&self, token: TokenId, now: Timestamp) -> Standing {
        let Rate { requests, seconds } = self.rate;
        let (now, length) = (now.as_second(), i64::from(seconds));
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= REMEMBERED {
            windows.retain(|_, window| now - window.began < length);
        }
        let window = windows.entry(token).or_insert(Window { began: now, used: 0 });
        if !(0..length).contains(&(now - window.began)) {
            *window = Window { began: now, used: 0 };
        }
        let within = window.used < requests;
        if within {
            window.used += 1;
        }
        let resets_in = u32::try_from(window.began + length - now).unwrap_or(seconds);
        Standing { within, remaining: requests - window.used, resets_in }
    }
}

/// Answers only as often as the token may ask, and says how often that is.
pub(crate) async fn count(State(api): State<Api>, request: Request, next: Next) -> Response {
    let Some(caller) = request.extensions().get::<Caller>() else { return next.run(request).await };
    let Standing { within, remaining, resets_in } = api.limiter.note(caller.token, api.app.clock.now());
    let Rate { requests, seconds } = api.limiter.rate;
    let mut response = if within {
        next.run(request).await
    } else {
        let detail =
            format!("a token may ask {requests} times in {seconds} seconds; wait {resets_in} seconds");
        let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many", detail);
        Problem { retry_after: Some(u64::from(resets_in)), ..problem }.into_response()
    };
    let headers = response.headers_mut();
    for (name, text) in [
        ("ratelimit-policy", format!("\"token\";q={requests};w={seconds}")),
        ("ratelimit", format!("\"token\";r={remaining};t={resets_in}")),
    ] {
        if let Ok(value) = HeaderValue::from_str(&text) {
            headers.insert(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_used_up_and_begins_again() {
        let limiter = Limiter::new(Rate { requests: 2, seconds: 60 });
        let [one, other] = [1, 2].map(|id| TokenId::from_uuid(uuid(id)));
        let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
        let standing = |within, remaining, resets_in| Standing { within, remaining, resets_in };
        assert_eq!(limiter.note(one, at(0)), standing(true, 1, 60));
        assert_eq!(limiter.note(one, at(20)), standing(true, 0, 40));
        assert_eq!(limiter.note(one, at(59)), standing(false, 0, 1));
        assert_eq!(limiter.note(other, at(59)), standing(true, 1, 60), "tokens do not share");
        assert_eq!(limiter.note(one, at(60)), standing(true, 1, 60));
        assert_eq!(limiter.note(one, at(10)), standing(true, 1, 60), "a clock that went back begins anew");
    }

    fn uuid(id: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(id)
    }
}
