//! The list of handoffs.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::identity::Session;
use gangway_app::intake::{self, Handoffs};
use gangway_app::{AppError, portfolio};
use gangway_domain::permission::Action;
use gangway_store::onboarding::list::Direction;
use gangway_store::review::{Line, Query, SortBy, State as Stage};
use jiff::tz::TimeZone;

use super::{door_words, state_words};
use crate::extract::{Answer, Asked, Values};
use crate::format::{Moment, moment};
use crate::pages::order::{Column, Head, largest, latest, rising};
use crate::pages::{Choice, Frame, Nav, Part, address, render};

#[derive(Template)]
#[template(path = "pages/handoffs/list.html")]
struct Page {
    frame: Frame,
    may_hand_over: bool,
    empty: bool,
    parts: Vec<Part>,
    search: String,
    /// By whom those shown were handed over.
    sellers: Vec<Choice>,
    /// Only the reader's own are shown.
    mine: bool,
    /// What the form carries along: fields that are filled, by their names.
    along: Vec<(&'static str, String)>,
    /// What puts a handoff into the state shown.
    way: &'static str,
    /// Where the search is taken back.
    clear: String,
    customer: Head,
    accepted: Head,
    score: Head,
    rows: Vec<Row>,
    next: Option<String>,
}

/// The columns that sort.
const CUSTOMER: (Column, SortBy) = (rising("customer", "Customer"), SortBy::Customer);
const ACCEPTED: (Column, SortBy) = (latest("accepted", "Handed over"), SortBy::Accepted);
const SCORE: (Column, SortBy) = (largest("quality", "Handoff quality"), SortBy::Score);

/// The fields of an address.
const FIELDS: [&str; 6] = ["q", "seller", "state", "sort", "dir", "after"];

/// What the address asks for. Empty fields ask for nothing; what is so anyway is empty.
#[derive(Clone, Default)]
struct Ask {
    q: String,
    seller: String,
    state: String,
    sort: String,
    dir: String,
    after: String,
}

impl Ask {
    fn new(values: &Values) -> Self {
        let asked = Self {
            q: values.text("q").trim().to_owned(),
            seller: values.text("seller"),
            state: values.text("state"),
            sort: values.text("sort"),
            dir: values.text("dir"),
            after: values.text("after"),
        };
        asked.shortest()
    }

    /// Without what is so anyway.
    fn shortest(mut self) -> Self {
        let (column, _) = self.order();
        column.shorten(ACCEPTED.0.word, &mut self.sort, &mut self.dir);
        if self.stage().is_none() {
            self.state.clear();
        }
        if self.seller != "me" {
            self.seller.clear();
        }
        self
    }

    fn stage(&self) -> Option<Stage> {
        Stage::of_word(&self.state)
    }

    /// The column it is in order of, the last handed over first unless asked otherwise.
    fn order(&self) -> (Column, SortBy) {
        [CUSTOMER, SCORE].into_iter().find(|(column, _)| column.word == self.sort).unwrap_or(ACCEPTED)
    }

    fn fields(&self) -> [(&'static str, &str); 6] {
        [
            ("q", self.q.as_str()),
            ("seller", &self.seller),
            ("state", &self.state),
            ("sort", &self.sort),
            ("dir", &self.dir),
            ("after", &self.after),
        ]
    }

    fn address(&self) -> String {
        address::address("/handoffs", &self.fields())
    }

    /// As the use case understands it.
    fn to_query(&self, session: &Session) -> Result<Query, AppError> {
        let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let (column, sort) = self.order();
        Ok(Query {
            search: filled(&self.q),
            state: self.stage(),
            seller: portfolio::handed_over_by(&session.actor, &self.seller)?,
            sort,
            direction: if column.is_falling(&self.dir) {
                Direction::Descending
            } else {
                Direction::Ascending
            },
            after: filled(&self.after).map(|cursor| cursor.parse()).transpose().map_err(AppError::Cursor)?,
            ..intake::newest()
        })
    }

    /// The same in another way, from its beginning.
    fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut ask = Self { after: String::new(), ..self.clone() };
        change(&mut ask);
        ask.shortest().address()
    }
}

struct Row {
    href: String,
    customer: String,
    by: String,
    door: &'static str,
    at: Moment,
    score: Option<i64>,
    score_class: &'static str,
    state: &'static str,
    state_class: &'static str,
    confirmed: Option<String>,
    onboarding: Option<String>,
}

/// The handoffs, newest first unless asked otherwise.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let ask = Ask::new(&values);
    if let Some(short) = address::shortened(&values, &FIELDS, &ask.address()) {
        return Ok(short);
    }
    let found = intake::list(&web.app, &session.actor, &ask.to_query(&session)?).await?;
    Ok(render(StatusCode::OK, &Page::new(&session, &ask, found, &web.app.time_zone)))
}

impl Page {
    fn new(session: &Session, ask: &Ask, found: Handoffs, zone: &TimeZone) -> Self {
        let all: i64 = found.counts.iter().map(|(_, count)| count).sum();
        let along = [("state", &ask.state), ("sort", &ask.sort), ("dir", &ask.dir)];
        Self {
            frame: Frame::of(session, Nav::Handoffs, "Handoffs").live_on_all(),
            may_hand_over: session.actor.may(Action::HandOver),
            empty: all == 0 && ask.seller.is_empty(),
            parts: parts(&found.counts, all, ask),
            search: ask.q.clone(),
            sellers: [("", "By anybody"), ("me", "By me")]
                .map(|(value, label)| Choice {
                    value: value.to_owned(),
                    label: label.to_owned(),
                    chosen: value == ask.seller,
                })
                .into(),
            mine: !ask.seller.is_empty(),
            along: along
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name, value.clone()))
                .collect(),
            way: way(ask.stage()),
            clear: ask.with(|ask| ask.q.clear()),
            customer: head(&CUSTOMER.0, ask),
            accepted: head(&ACCEPTED.0, ask),
            score: head(&SCORE.0, ask),
            next: found.next.map(|cursor| Ask { after: cursor.to_string(), ..ask.clone() }.address()),
            rows: found.lines.into_iter().map(|line| Row::new(line, zone)).collect(),
        }
    }
}

/// The states as tabs, each with how many handoffs there are.
fn parts(counts: &[(Stage, i64)], all: i64, ask: &Ask) -> Vec<Part> {
    let part = |label: &str, count: i64, state: Option<Stage>| Part {
        label: label.to_owned(),
        count,
        href: ask.with(|ask| ask.state = state.map_or_else(String::new, |state| state.word().to_owned())),
        here: ask.stage() == state,
    };
    let states = counts.iter().map(|(known, count)| part(state_words(*known).0, *count, Some(*known)));
    std::iter::once(part("All", all, None)).chain(states).collect()
}

/// What puts a handoff into a state.
fn way(stage: Option<Stage>) -> &'static str {
    match stage {
        Some(Stage::Review) => {
            "A deal that is handed over needs review until somebody says that it was read right."
        }
        Some(Stage::Confirmed) => {
            "A handoff is confirmed on its page, by whoever says that it was read right."
        }
        Some(Stage::Made) => "An onboarding is made on the page of a handoff.",
        None => "",
    }
}

/// Where the list is in order of a column.
fn head(column: &Column, ask: &Ask) -> Head {
    let (current, _) = ask.order();
    column.head(current.word, current.is_falling(&ask.dir), |sort, dir| {
        ask.with(|ask| (ask.sort, ask.dir) = (sort.to_owned(), dir.to_owned()))
    })
}

impl Row {
    fn new(line: Line, zone: &TimeZone) -> Self {
        let (state, state_class) = state_words(line.state);
        Self {
            href: format!("/handoffs/{}", line.id),
            customer: line.customer,
            by: line.accepted_by,
            door: door_words(&line.door),
            at: moment(line.accepted_at, zone),
            score_class: score_class(line.document_score),
            score: line.document_score,
            state,
            state_class,
            confirmed: line.confirmed.map(|(_, by)| by),
            onboarding: line.onboarding.map(|id| format!("/onboardings/{id}")),
        }
    }
}

fn score_class(score: Option<i64>) -> &'static str {
    match score {
        None => "",
        Some(..50) => "bad",
        Some(50..70) => "fair",
        Some(_) => "good",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_so_anyway_stands_in_no_address() {
        for (asked, short) in [
            ("?q=&state=&sort=&dir=", ""),
            ("?sort=accepted&dir=desc&state=moon", ""),
            ("?sort=accepted&dir=asc", "?dir=asc"),
            ("?sort=customer&dir=asc", "?sort=customer"),
            ("?sort=quality&dir=asc&state=made&q=a", "?q=a&state=made&sort=quality&dir=asc"),
            ("?seller=moon&state=", ""),
            ("?state=made&seller=me", "?seller=me&state=made"),
        ] {
            let values = Values::of(&format!("/handoffs{asked}").parse().unwrap()).unwrap();
            assert_eq!(Ask::new(&values).address(), format!("/handoffs{short}"), "{asked}");
        }
    }
}
