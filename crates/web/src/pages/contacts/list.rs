//! The list of contacts.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::AppError;
use gangway_app::contact::{self, Contacts};
use gangway_app::identity::Session;
use gangway_domain::permission::Action;
use gangway_store::contact::{Contact, Query, SortBy};
use jiff::tz::TimeZone;

use crate::extract::{Answer, Asked};
use crate::format::{Moment, count, moment, thousands};
use crate::pages::address::filled;
use crate::pages::order::{self, Filter, Head, List, latest, rising};
use crate::pages::saved::{self, Kind};
use crate::pages::{Choice, Frame, Nav, render};

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
    /// Where the list is as a file: label, address.
    exports: Vec<(&'static str, String)>,
    search: String,
    roles: Vec<Choice>,
    /// Where the filters are taken back; none without any.
    clear: Option<String>,
    heads: Vec<Head>,
    added: Head,
    /// What the form carries along: fields that are filled, by their names.
    along: Vec<(&'static str, String)>,
    rows: Vec<(Contact, Moment)>,
    next: Option<String>,
}

type Ask = order::Ask<SortBy, 3>;

static LIST: List<SortBy, 3> = List {
    path: "/contacts",
    filters: &[Filter::any("role")],
    columns: [
        (rising("name", "Name"), SortBy::Name),
        (rising("account", "Account"), SortBy::Account),
        (latest("added", "Added"), SortBy::Added),
    ],
};

/// As the use case understands it.
fn query(ask: &Ask) -> Result<Query, AppError> {
    Ok(Query {
        search: ask.search(),
        role: filled(ask.filter("role")),
        account: None,
        external_id: None,
        sort: ask.sort(),
        direction: ask.direction(),
        after: ask.place()?,
        limit: LINES,
    })
}

/// The list.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let ask = Ask::new(&LIST, &values);
    if let Some(short) = ask.shortened(&values) {
        return Ok(short);
    }
    let found = contact::list(&web.app, &session.actor, &query(&ask)?).await?;
    let duplicates = contact::duplicates(&web.app, &session.actor).await?.len();
    Ok(render(StatusCode::OK, &Page::new(&session, &ask, found, duplicates, &web.app.time_zone)))
}

/// The list as a file.
pub(crate) async fn file(Asked(web, session, (), values): Asked, Kind(format): Kind) -> Answer {
    let query = query(&Ask::new(&LIST, &values))?;
    Ok(saved::file(contact::export(&web.app, &session.actor, query, format).await?))
}

impl Page {
    fn new(session: &Session, ask: &Ask, found: Contacts, duplicates: usize, zone: &TimeZone) -> Self {
        let Contacts { lines, next, all, roles } = found;
        let [name, account, added] = ask.heads();
        let role = ask.filter("role");
        Self {
            frame: Frame::of(session, Nav::Contacts, "Contacts").live_on_all(),
            empty: all == 0,
            counts: count(usize::try_from(all).unwrap_or(0), "contact"),
            duplicates,
            may_hand_over: session.actor.may(Action::HandOver),
            exports: ask.exports(session),
            search: ask.q.clone(),
            roles: roles
                .into_iter()
                .map(|(word, name, number)| Choice::of(word, format!("{name} ({})", thousands(number)), role))
                .collect(),
            clear: ask.narrows().then(|| ask.cleared()),
            heads: vec![name, account],
            added,
            along: ask.along(&[]),
            rows: lines
                .into_iter()
                .map(|line| {
                    let added = moment(line.created_at, zone);
                    (line, added)
                })
                .collect(),
            next: ask.next(next),
        }
    }
}
