//! The list of contacts.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::AppError;
use gangway_app::contact::{self, Contacts};
use gangway_domain::permission::Action;
use gangway_store::contact::{Contact, Query};
use gangway_store::onboarding::list::Direction;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Web;
use crate::extract::Values;
use crate::format::count;
use crate::pages::failure::Failure;
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
    turn: String,
    order: &'static str,
    dir: String,
    rows: Vec<Contact>,
    next: Option<String>,
}

fn address(q: &str, role: &str, dir: &str, after: &str) -> String {
    let parts: Vec<String> = [("q", q), ("role", role), ("dir", dir), ("after", after)]
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
    let (q, role, dir) = (values.text("q").trim().to_owned(), values.text("role"), values.text("dir"));
    let descending = dir == "desc";
    let after = filled(&values.text("after")).map(|cursor| cursor.parse()).transpose();
    let query = Query {
        search: filled(&q),
        role: filled(&role),
        account: None,
        direction: if descending { Direction::Descending } else { Direction::Ascending },
        after: after.map_err(AppError::Cursor)?,
        limit: LINES,
    };
    let Contacts { lines, next, all, roles } = contact::list(&web.app, &session.actor, &query).await?;
    let duplicates = contact::duplicates(&web.app, &session.actor).await?.len();
    let page = Page {
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
        turn: address(&q, &role, if descending { "" } else { "desc" }, ""),
        order: if descending { "descending" } else { "ascending" },
        next: next.map(|cursor| address(&q, &role, &dir, &cursor.to_string())),
        search: q,
        dir,
        rows: lines,
    };
    Ok(render(StatusCode::OK, &page))
}
