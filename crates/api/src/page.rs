//! Lists page by page: `limit`, `after`, `next`.

use gangway_domain::ids::InvalidId;
use gangway_store::onboarding::list::Direction;
use serde::{Deserialize, Serialize};
use std::str::FromStr;
use utoipa::{IntoParams, ToSchema};

use axum::http::StatusCode;

use crate::problem::Problem;

/// Lines of a page when nothing is said.
const USUAL: u32 = 50;

/// Most lines of a page.
const MOST: u32 = 200;

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
    /// A page whose next one begins after its last line.
    pub(crate) fn after_last(items: Vec<T>, more: bool, id: impl Fn(&T) -> String) -> Self {
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

/// What stands after `?` cannot be used.
pub(crate) fn bad_query(field: &str, message: String) -> Problem {
    let problem = Problem::field(field, message);
    Problem { status: StatusCode::BAD_REQUEST, code: "query_invalid", ..problem }
}

/// The order a list is asked for: one of the words there are, `-` before it for the largest first.
pub(crate) fn order<S: Copy>(word: &str, known: &[(&str, S)]) -> Result<(S, Direction), Problem> {
    let (word, direction) = match word.strip_prefix('-') {
        Some(rest) => (rest, Direction::Descending),
        None => (word, Direction::Ascending),
    };
    match known.iter().find(|(name, _)| *name == word) {
        Some((_, sort)) => Ok((*sort, direction)),
        None => {
            let words: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
            let list = match words.split_last() {
                Some((last, [])) => (*last).to_owned(),
                Some((last, others)) => format!("{} or {last}", others.join(", ")),
                None => String::new(),
            };
            Err(bad_query("sort", format!("must be {list}, with - before it or not")))
        }
    }
}
