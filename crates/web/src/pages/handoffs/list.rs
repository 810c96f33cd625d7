//! The list of handoffs.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::identity::Session;
use gangway_app::intake::{self, Handoffs};
use gangway_app::{AppError, portfolio};
use gangway_domain::permission::Action;
use gangway_store::review::{Line, Query, SortBy, State as Stage};
use jiff::tz::TimeZone;

use super::{door_words, state_words};
use crate::extract::{Answer, Asked};
use crate::format::{Moment, moment};
use crate::pages::order::{self, Filter, Head, List, largest, latest, rising};
use crate::pages::saved::{self, Kind};
use crate::pages::{Choice, Frame, Nav, Part, render};

#[derive(Template)]
#[template(path = "pages/handoffs/list.html")]
struct Page {
    frame: Frame,
    may_hand_over: bool,
    /// Where the list is as a file: label, address.
    exports: Vec<(&'static str, String)>,
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

type Ask = order::Ask<SortBy, 3>;

static LIST: List<SortBy, 3> = List {
    path: "/handoffs",
    filters: &[Filter::one_of("seller", &["me"]), Filter::one_of("state", &STATES)],
    columns: [
        (latest("accepted", "Handed over"), SortBy::Accepted),
        (rising("customer", "Customer"), SortBy::Customer),
        (largest("quality", "Handoff quality"), SortBy::Score),
    ],
};

/// The words of [`Stage::ALL`].
const STATES: [&str; 3] = ["review", "confirmed", "made"];

fn stage(ask: &Ask) -> Option<Stage> {
    Stage::of_word(ask.filter("state"))
}

/// As the use case understands it.
fn query(ask: &Ask, session: &Session) -> Result<Query, AppError> {
    Ok(Query {
        search: ask.search(),
        state: stage(ask),
        seller: portfolio::handed_over_by(&session.actor, ask.filter("seller"))?,
        sort: ask.sort(),
        direction: ask.direction(),
        after: ask.place()?,
        ..intake::newest()
    })
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
    let ask = Ask::new(&LIST, &values);
    if let Some(short) = ask.shortened(&values) {
        return Ok(short);
    }
    let found = intake::list(&web.app, &session.actor, &query(&ask, &session)?).await?;
    Ok(render(StatusCode::OK, &Page::new(&session, &ask, found, &web.app.time_zone)))
}

/// The list as a file.
pub(crate) async fn file(Asked(web, session, (), values): Asked, Kind(format): Kind) -> Answer {
    let query = query(&Ask::new(&LIST, &values), &session)?;
    Ok(saved::file(intake::export(&web.app, &session.actor, query, format).await?))
}

impl Page {
    fn new(session: &Session, ask: &Ask, found: Handoffs, zone: &TimeZone) -> Self {
        let all: i64 = found.counts.iter().map(|(_, count)| count).sum();
        let [accepted, customer, score] = ask.heads();
        let seller = ask.filter("seller");
        Self {
            frame: Frame::of(session, Nav::Handoffs, "Handoffs").live_on_all(),
            may_hand_over: session.actor.may(Action::HandOver),
            exports: ask.exports(session),
            empty: all == 0 && seller.is_empty(),
            parts: parts(&found.counts, all, ask),
            search: ask.q.clone(),
            sellers: [("", "By anybody"), ("me", "By me")]
                .map(|(value, label)| Choice::of(value, label, seller))
                .into(),
            mine: !seller.is_empty(),
            along: ask.along(&["state"]),
            way: way(stage(ask)),
            clear: ask.unsearched(),
            customer,
            accepted,
            score,
            next: ask.next(found.next),
            rows: found.lines.into_iter().map(|line| Row::new(line, zone)).collect(),
        }
    }
}

/// The states as tabs, each with how many handoffs there are.
fn parts(counts: &[(Stage, i64)], all: i64, ask: &Ask) -> Vec<Part> {
    let part = |label: &str, count: i64, state: Option<Stage>| Part {
        label: label.to_owned(),
        count,
        href: ask.narrowed_by("state", state.map_or("", Stage::word)),
        here: stage(ask) == state,
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
    use crate::extract::Values;

    #[test]
    fn every_state_has_its_word_in_the_address() {
        assert_eq!(Stage::ALL.map(Stage::word), STATES);
    }

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
            assert_eq!(Ask::new(&LIST, &values).address(), format!("/handoffs{short}"), "{asked}");
        }
    }
}
