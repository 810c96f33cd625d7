//! The list of contacts.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::AppError;
use gangway_app::contact::{self, Contacts};
use gangway_app::identity::Session;
use gangway_domain::permission::Action;
use gangway_store::contact::{Contact, Query, SortBy};
use jiff::tz::TimeZone;

use crate::extract::{Answer, Asked, Values};
use crate::format::{Moment, count, moment};
use crate::pages::address::{self, along, filled};
use crate::pages::order::{Column, Head, latest, rising};
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

/// The fields of an address.
const FIELDS: [&str; 5] = ["q", "role", "sort", "dir", "after"];

/// What the address asks for. Empty fields ask for nothing; what is so anyway is empty.
#[derive(Default, Clone)]
struct Ask {
    q: String,
    role: String,
    sort: String,
    dir: String,
    after: String,
}

/// The columns that sort; [`NAME`] first.
static COLUMNS: [(Column, SortBy); 3] = [
    (rising(NAME, "Name"), SortBy::Name),
    (rising("account", "Account"), SortBy::Account),
    (latest("added", "Added"), SortBy::Added),
];

/// The word of the order that needs none in the address.
const NAME: &str = "name";

impl Ask {
    fn new(values: &Values) -> Self {
        let asked = Self {
            q: values.text("q").trim().to_owned(),
            role: values.text("role"),
            sort: values.text("sort"),
            dir: values.text("dir"),
            after: values.text("after"),
        };
        asked.shortest()
    }

    /// Without what is so anyway.
    fn shortest(mut self) -> Self {
        let (column, _) = self.order();
        column.shorten(NAME, &mut self.sort, &mut self.dir);
        self
    }

    /// The column it is in order of.
    fn order(&self) -> &'static (Column, SortBy) {
        COLUMNS.iter().find(|(column, _)| column.word == self.sort).unwrap_or(&COLUMNS[0])
    }

    fn filters(&self) -> bool {
        !(self.q.is_empty() && self.role.is_empty())
    }

    fn address(&self) -> String {
        let fields = [
            ("q", self.q.as_str()),
            ("role", &self.role),
            ("sort", &self.sort),
            ("dir", &self.dir),
            ("after", &self.after),
        ];
        address::address("/contacts", &fields)
    }

    /// As the use case understands it.
    fn to_query(&self) -> Result<Query, AppError> {
        let (column, sort) = self.order();
        Ok(Query {
            search: filled(&self.q),
            role: filled(&self.role),
            account: None,
            sort: *sort,
            direction: column.direction(&self.dir),
            after: filled(&self.after).map(|cursor| cursor.parse()).transpose().map_err(AppError::Cursor)?,
            limit: LINES,
        })
    }

    /// The same in another way, from its beginning.
    fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut ask = Self { after: String::new(), ..self.clone() };
        change(&mut ask);
        ask.shortest().address()
    }

    /// The same order without what narrows the list down.
    fn cleared(&self) -> String {
        let Self { sort, dir, .. } = self.clone();
        Self { sort, dir, ..Self::default() }.address()
    }
}

/// The list.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let ask = Ask::new(&values);
    if let Some(short) = address::shortened(&values, &FIELDS, &ask.address()) {
        return Ok(short);
    }
    let found = contact::list(&web.app, &session.actor, &ask.to_query()?).await?;
    let duplicates = contact::duplicates(&web.app, &session.actor).await?.len();
    Ok(render(StatusCode::OK, &Page::new(&session, &ask, found, duplicates, &web.app.time_zone)))
}

impl Page {
    fn new(session: &Session, ask: &Ask, found: Contacts, duplicates: usize, zone: &TimeZone) -> Self {
        let Contacts { lines, next, all, roles } = found;
        let (column, _) = ask.order();
        let falling = column.is_falling(&ask.dir);
        let head = |known: &Column| {
            known.head(column.word, falling, |sort, dir| {
                ask.with(|ask| (ask.sort, ask.dir) = (sort.to_owned(), dir.to_owned()))
            })
        };
        let [first @ .., (added, _)] = &COLUMNS;
        Self {
            frame: Frame::of(session, Nav::Contacts, "Contacts").live_on_all(),
            empty: all == 0,
            counts: count(usize::try_from(all).unwrap_or(0), "contact"),
            duplicates,
            may_hand_over: session.actor.may(Action::HandOver),
            search: ask.q.clone(),
            roles: roles
                .into_iter()
                .map(|(word, name, number)| Choice::of(word, format!("{name} ({number})"), &ask.role))
                .collect(),
            clear: ask.filters().then(|| ask.cleared()),
            heads: first.iter().map(|(column, _)| head(column)).collect(),
            added: head(added),
            along: along(&[("sort", &ask.sort), ("dir", &ask.dir)]),
            rows: lines
                .into_iter()
                .map(|line| {
                    let added = moment(line.created_at, zone);
                    (line, added)
                })
                .collect(),
            next: next.map(|cursor| Ask { after: cursor.to_string(), ..ask.clone() }.address()),
        }
    }
}
