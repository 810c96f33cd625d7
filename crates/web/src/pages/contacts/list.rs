//! The list of contacts.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::AppError;
use gangway_app::contact::{self, Contacts};
use gangway_domain::permission::Action;
use gangway_store::contact::{Contact, Query, SortBy};
use gangway_store::onboarding::list::Direction;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Web;
use crate::extract::Values;
use crate::format::{Moment, count, moment};
use crate::pages::failure::Failure;
use crate::pages::order::{Column, Head, latest, rising};
use crate::pages::{Choice, Frame, Nav, render};
use crate::session::Signed;

/// Lines on one page.
const LINES: u32 = 50;

#[derive(Template)]
#[template(path = "pages/contacts/list.html")]
struct Page {
    frame: Frame,
    empty: bool,
    counts: String,
    duplicates: usize,
    may_hand_over: bool,
    search: String,
    roles: Vec<Choice>,
    filtered: bool,
    heads: Vec<Head>,
    added: Head,
    sort: String,
    dir: String,
    rows: Vec<(Contact, Moment)>,
    next: Option<String>,
}

/// The columns that sort, the order that needs no word first.
const COLUMNS: [(Column, SortBy); 3] = [
    (rising("name", "Name"), SortBy::Name),
    (rising("account", "Account"), SortBy::Account),
    (latest("added", "Added"), SortBy::Added),
];

fn address(parts: [(&str, &str); 5]) -> String {
    let parts: Vec<String> = parts
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC)))
        .collect();
    format!("/contacts?{}", parts.join("&"))
}

/// The list.
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    values: Values,
) -> Result<Response, Failure> {
    let filled = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let (q, role) = (values.text("q").trim().to_owned(), values.text("role"));
    let (sorted, dir) = (values.text("sort"), values.text("dir"));
    let (column, sort) = COLUMNS.iter().find(|(column, _)| column.word == sorted).unwrap_or(&COLUMNS[0]);
    let falling = column.is_falling(&dir);
    let after = filled(&values.text("after")).map(|cursor| cursor.parse()).transpose();
    let query = Query {
        search: filled(&q),
        role: filled(&role),
        account: None,
        sort: *sort,
        direction: if falling { Direction::Descending } else { Direction::Ascending },
        after: after.map_err(AppError::Cursor)?,
        limit: LINES,
    };
    let Contacts { lines, next, all, roles } = contact::list(&web.app, &session.actor, &query).await?;
    let duplicates = contact::duplicates(&web.app, &session.actor).await?.len();
    let at = |sort: &str, dir: &str, after: &str| {
        address([("q", &q), ("role", &role), ("sort", sort), ("dir", dir), ("after", after)])
    };
    let head = |known: &Column| known.head(column.word, falling, |sort, dir| at(sort, dir, ""));
    let [first @ .., (added, _)] = &COLUMNS;
    let page = Page {
        heads: first.iter().map(|(column, _)| head(column)).collect(),
        added: head(added),
        next: next.map(|cursor| at(&sorted, &dir, &cursor.to_string())),
        frame: Frame::of(&session, Nav::Contacts, "Contacts").live_on_all(),
        empty: all == 0,
        counts: count(usize::try_from(all).unwrap_or(0), "contact"),
        duplicates,
        may_hand_over: session.actor.may(Action::HandOver),
        roles: roles
            .into_iter()
            .map(|(word, name, number)| Choice {
                chosen: word == role,
                label: format!("{name} ({number})"),
                value: word,
            })
            .collect(),
        filtered: !q.is_empty() || !role.is_empty(),
        search: q,
        sort: sorted,
        dir,
        rows: lines
            .into_iter()
            .map(|line| {
                let added = moment(line.created_at, &web.app.time_zone);
                (line, added)
            })
            .collect(),
    };
    Ok(render(StatusCode::OK, &page))
}
