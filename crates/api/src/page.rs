//! Lists page by page: `limit`, `after`, `next`.

use std::fmt;
use std::str::FromStr;

use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gangway_domain::ids::InvalidId;
use gangway_store::onboarding::list::Direction;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};

use crate::problem::Problem;

/// Lines of a page when nothing is said.
const USUAL: u32 = 50;

/// Most lines of a page.
const MOST: u32 = 200;

/// Bytes of the checksum a place in a list begins with.
const CHECKSUM: usize = 6;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    /// The lines in order.
    pub items: Vec<T>,
    /// What to send as `after` for the next page; null on the last one.
    #[schema(required = true)]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A list that is never longer than a page.
    pub(crate) fn whole(items: impl IntoIterator<Item = T>) -> Self {
        Self { items: items.into_iter().collect(), next: None }
    }

    /// A page whose next one begins after its last line.
    pub(crate) fn after_last(
        items: impl IntoIterator<Item = T>,
        more: bool,
        id: impl Fn(&T) -> String,
    ) -> Self {
        let items: Vec<T> = items.into_iter().collect();
        let next = items.last().filter(|_| more).map(id);
        Self { items, next }
    }
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    pub limit: Option<u32>,
    /// Where to start: `next` of the page before.
    pub after: Option<String>,
}

/// Checked number of lines.
pub(crate) fn limit(asked: Option<u32>) -> Result<u32, Problem> {
    match asked {
        None => Ok(USUAL),
        Some(number) if (1..=MOST).contains(&number) => Ok(number),
        Some(_) => Err(bad_query("limit", format!("must be between 1 and {MOST}"))),
    }
}

/// An id in a query.
pub(crate) fn id<T: FromStr<Err = InvalidId>>(field: &str, text: Option<&str>) -> Result<Option<T>, Problem> {
    text.map(|text| text.parse::<T>().map_err(|error| bad_query(field, format!("is not usable: {error}"))))
        .transpose()
}

/// A word in a query whose kind says itself which words it has.
pub(crate) fn word<T: FromStr<Err: fmt::Display>>(
    field: &str,
    text: Option<&str>,
) -> Result<Option<T>, Problem> {
    text.map(|text| text.parse::<T>().map_err(|error| bad_query(field, error.to_string()))).transpose()
}

/// What a word in a query stands for, where it is one that is known.
pub(crate) fn known<T>(
    field: &str,
    text: Option<&str>,
    meaning: impl FnOnce(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    text.map(|text| meaning(text).ok_or_else(|| bad_query(field, "is none there is".to_owned()))).transpose()
}

/// Refuses a word in a query that is none of these.
pub(crate) fn among(field: &str, text: Option<&str>, known: &[&str]) -> Result<(), Problem> {
    match text {
        Some(text) if !known.contains(&text) => Err(bad_query(field, format!("must be {}", either(known)))),
        _ => Ok(()),
    }
}

/// `this, that or another`.
fn either(words: &[&str]) -> String {
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

/// Where a page starts in a list that is ordered by numbers or days.
pub(crate) fn place<T: FromStr>(text: Option<&str>) -> Result<Option<T>, Problem> {
    let nowhere = || bad_query("after", "is no place in this list".to_owned());
    text.map(|text| text.parse::<T>().map_err(|_| nowhere())).transpose()
}

/// What stands after `?` cannot be used.
pub(crate) fn bad_query(field: &str, message: String) -> Problem {
    let problem = Problem::field(field, message);
    Problem { status: StatusCode::BAD_REQUEST, code: "query_invalid", ..problem }
}

/// The order a list is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order<S> {
    /// By what.
    pub sort: S,
    /// Which end first.
    pub direction: Direction,
    /// As it was asked for, `-late`: a place in the list is good for this order only.
    word: String,
}

impl<S: Copy> Order<S> {
    /// One of the orders there are, `-` before it for the largest first; the usual one when nothing is asked.
    pub(crate) fn of(asked: Option<String>, usual: &str, known: &[(&str, S)]) -> Result<Self, Problem> {
        let word = asked.unwrap_or_else(|| usual.to_owned());
        let (name, direction) = match word.strip_prefix('-') {
            Some(rest) => (rest, Direction::Descending),
            None => (word.as_str(), Direction::Ascending),
        };
        match known.iter().find(|(known, _)| *known == name) {
            Some((_, sort)) => Ok(Self { sort: *sort, direction, word }),
            None => {
                let names: Vec<&str> = known.iter().map(|(known, _)| *known).collect();
                Err(bad_query("sort", format!("must be {}, with - before it or not", either(&names))))
            }
        }
    }

    /// The place a page starts after, when it is one that a list in this order gave as its `next`.
    pub(crate) fn after<C: FromStr>(&self, text: Option<&str>) -> Result<Option<C>, Problem> {
        let Some(text) = text else { return Ok(None) };
        let nowhere = || {
            let message = "is not a place in this list: send `next` as it was given";
            bad_query("after", message.to_owned())
        };
        let told = opened(text).ok_or_else(nowhere)?;
        let (order, place) = told.split_once('\n').ok_or_else(nowhere)?;
        if order != self.word {
            let other =
                format!("is a place in the order `{order}`: send that as `sort`, or begin anew without it");
            return Err(bad_query("after", other));
        }
        place.parse().map(Some).map_err(|_| nowhere())
    }

    /// A page in this order, and where the next one starts.
    pub(crate) fn page<T>(
        &self,
        items: impl IntoIterator<Item = T>,
        next: Option<impl fmt::Display>,
    ) -> Page<T> {
        let next = next.map(|place| sealed(&format!("{}\n{place}", self.word)));
        Page { next, ..Page::whole(items) }
    }
}

/// A text as callers carry it and give it back: opaque, without characters an address must escape.
fn sealed(text: &str) -> String {
    let mut bytes = checksum(text.as_bytes());
    bytes.extend_from_slice(text.as_bytes());
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The text, when it is whole and as it was given. It is no secret: who makes one up gets lines they may see anyway.
fn opened(sealed: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let (sum, text) = bytes.split_at_checked(CHECKSUM)?;
    (sum == checksum(text)).then(|| String::from_utf8(text.to_vec()).ok())?
}

fn checksum(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).iter().copied().take(CHECKSUM).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [(&str, u8); 2] = [("name", 1), ("late", 2)];

    fn order(word: &str) -> Order<u8> {
        Order::of(Some(word.to_owned()), "name", &KNOWN).unwrap()
    }

    #[test]
    fn an_order_is_one_of_those_there_are() {
        assert_eq!(Order::of(None, "-late", &KNOWN).unwrap(), order("-late"));
        assert_eq!((order("-late").sort, order("-late").direction), (2, Direction::Descending));
        let refused = Order::of(Some("luck".to_owned()), "name", &KNOWN).unwrap_err();
        assert_eq!(refused.errors[0].message, "must be name or late, with - before it or not");
    }

    #[test]
    fn a_word_of_a_query_is_one_that_is_known() {
        let meaning = |word: &str| (word == "red").then_some(1);
        assert_eq!(known("colour", Some("red"), meaning).unwrap(), Some(1));
        assert_eq!(known("colour", None, meaning).unwrap(), None);
        let refused = known("colour", Some("blue"), meaning).unwrap_err();
        assert_eq!((refused.status, refused.code), (StatusCode::BAD_REQUEST, "query_invalid"));
    }

    #[test]
    fn a_place_is_good_for_the_order_it_was_given_in_and_only_as_it_was_given() {
        let given = order("name").page([7], Some("acc_1~é \n~")).next.unwrap();
        assert!(given.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')), "{given}");
        let read = |word: &str, text: &str| order(word).after::<String>(Some(text));
        assert_eq!(read("name", &given).unwrap().as_deref(), Some("acc_1~é \n~"));
        assert_eq!(order("name").after::<String>(None).unwrap(), None);
        for other in ["-name", "late"] {
            let refused = read(other, &given).unwrap_err();
            assert_eq!((refused.status, refused.code), (StatusCode::BAD_REQUEST, "query_invalid"));
            assert!(refused.detail.contains("in the order `name`"), "{}", refused.detail);
        }
        let half = &given[..given.len() - 4];
        let turned: String = given.chars().rev().collect();
        let made_up = URL_SAFE_NO_PAD.encode("name\nacc_1~a");
        for wrong in ["", "x", "nowhere", "acc_1~acme", half, &turned, &made_up] {
            let refused = read("name", wrong).unwrap_err();
            assert!(refused.detail.contains("is not a place in this list"), "{wrong}: {}", refused.detail);
        }
        let number = order("name").page([7], Some("many")).next.unwrap();
        assert!(order("name").after::<u8>(Some(&number)).is_err(), "of another kind");
    }
}
