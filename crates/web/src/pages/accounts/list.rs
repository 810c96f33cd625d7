//! The list of accounts, and those that look like the same one twice.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::account::book::{self, Accounts, Draft};
use gangway_app::account::merge;
use gangway_app::identity::Session;
use gangway_app::portfolio;
use gangway_domain::permission::Action;
use gangway_store::account::duplicate::{Likeness, Pair};
use gangway_store::account::list::{Line, Query, SortBy};

use crate::Web;
use crate::extract::{Answer, Asked, Posted, Values};
use crate::form::{Wrong, answered};
use crate::format::{Moment, count, moment};
use crate::pages::address::{self, along, filled};
use crate::pages::order::{Column, Head, largest, latest, rising};
use crate::pages::portfolio::health::tone;
use crate::pages::{Choice, Frame, Nav, Toast, render};

/// Lines on one page.
const LINES: u32 = 50;

#[derive(Template)]
#[template(path = "pages/accounts/list.html")]
struct Page {
    frame: Frame,
    empty: bool,
    counts: String,
    duplicates: usize,
    may_edit: bool,
    may_hand_over: bool,
    search: String,
    industries: Vec<Choice>,
    opens: Vec<Choice>,
    /// Where the filters are taken back; none without any.
    clear: Option<String>,
    name: Head,
    numbers: Vec<Head>,
    /// What the form carries along: fields that are filled, by their names.
    along: Vec<(&'static str, String)>,
    /// Each with when something was last done, and the health of its worst open onboarding.
    rows: Vec<(Line, Moment, Option<Worst>)>,
    next: Option<String>,
    new: New,
}

/// The health of the open onboarding of an account that is worst off.
struct Worst {
    href: String,
    status: String,
    tone: &'static str,
    score: Option<i64>,
}

impl Worst {
    fn of(line: &Line, bands: &[String]) -> Option<Self> {
        let (id, status) = (line.worst()?, line.health.clone()?);
        let href = format!("/onboardings/{id}/health");
        Some(Self { href, tone: tone(bands, &status), status, score: line.health_score })
    }
}

/// The form for a new account, when it came back.
#[derive(Default)]
struct New {
    open: bool,
    name: String,
    industry: String,
    country: String,
    website: String,
    wrong: Wrong,
}

/// The fields of an address.
const FIELDS: [&str; 6] = ["q", "industry", "open", "sort", "dir", "after"];

/// What the address asks for. Empty fields ask for nothing; what is so anyway is empty.
#[derive(Default, Clone)]
struct Ask {
    q: String,
    industry: String,
    open: String,
    sort: String,
    dir: String,
    after: String,
}

/// The columns that sort; [`NAME`] first.
static COLUMNS: [(Column, SortBy); 4] = [
    (rising(NAME, "Name"), SortBy::Name),
    (largest("open", "Open onboardings"), SortBy::Open),
    (largest("onboardings", "All onboardings"), SortBy::Onboardings),
    (latest("activity", "Last activity"), SortBy::Activity),
];

/// The word of the order that needs none in the address.
const NAME: &str = "name";

impl Ask {
    fn new(values: &Values) -> Self {
        let open = Some(values.text("open")).filter(|open| matches!(open.as_str(), "yes" | "no"));
        let asked = Self {
            q: values.text("q").trim().to_owned(),
            industry: values.text("industry"),
            open: open.unwrap_or_default(),
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
        ![&self.q, &self.industry, &self.open].iter().all(|field| field.is_empty())
    }

    fn address(&self) -> String {
        let fields = [
            ("q", self.q.as_str()),
            ("industry", &self.industry),
            ("open", &self.open),
            ("sort", &self.sort),
            ("dir", &self.dir),
            ("after", &self.after),
        ];
        address::address("/accounts", &fields)
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
    page(&web, &session, &ask, New::default(), StatusCode::OK).await
}

/// Adds an account by hand.
pub(crate) async fn create(Posted(web, session, (), fields): Posted) -> Answer {
    let some = |name: &str| Some(fields.text(name).to_owned()).filter(|text| !text.trim().is_empty());
    let draft = Draft {
        name: fields.text("name").to_owned(),
        industry: some("industry"),
        country: some("country"),
        website: some("website"),
    };
    let nothing = Ask::default();
    answered(
        book::add(&web.app, &session.actor, draft).await,
        |made| Redirect::to(&format!("/accounts/{}?said=added", made.account.id)).into_response(),
        |status, wrong| {
            let text = |name: &str| fields.text(name).to_owned();
            let new = New {
                open: true,
                name: text("name"),
                industry: text("industry"),
                country: text("country"),
                website: text("website"),
                wrong,
            };
            page(&web, &session, &nothing, new, status)
        },
    )
    .await
}

async fn page(web: &Web, session: &Session, ask: &Ask, new: New, status: StatusCode) -> Answer {
    let (column, sort) = ask.order();
    let falling = column.is_falling(&ask.dir);
    let query = Query {
        search: filled(&ask.q),
        industry: filled(&ask.industry),
        open: match ask.open.as_str() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        external_id: None,
        sort: *sort,
        direction: column.direction(&ask.dir),
        after: filled(&ask.after).map(|cursor| cursor.parse()).transpose().map_err(AppError::Cursor)?,
        limit: LINES,
    };
    let Accounts { lines, next, all, industries } = book::browse(&web.app, &session.actor, query).await?;
    let duplicates = merge::duplicates(&web.app, &session.actor).await?.len();
    let head = |known: &Column| {
        known.head(column.word, falling, |sort, dir| {
            ask.with(|ask| (ask.sort, ask.dir) = (sort.to_owned(), dir.to_owned()))
        })
    };
    let [(name, _), others @ ..] = &COLUMNS;
    let bands = portfolio::bands(&web.app);
    let page = Page {
        frame: Frame::of(session, Nav::Accounts, "Accounts").live_on_all(),
        empty: all == 0,
        counts: count(usize::try_from(all).unwrap_or(0), "account"),
        duplicates,
        may_edit: session.actor.may(Action::EditAccounts),
        may_hand_over: session.actor.may(Action::HandOver),
        search: ask.q.clone(),
        industries: industries
            .into_iter()
            .map(|(name, number)| {
                let label = format!("{name} ({number})");
                Choice::of(name, label, &ask.industry)
            })
            .collect(),
        opens: vec![
            Choice::of("yes", "With open onboardings", &ask.open),
            Choice::of("no", "Without", &ask.open),
        ],
        clear: ask.filters().then(|| ask.cleared()),
        name: head(name),
        numbers: others.iter().map(|(column, _)| head(column)).collect(),
        along: along(&[("sort", &ask.sort), ("dir", &ask.dir)]),
        rows: lines
            .into_iter()
            .map(|line| {
                let active = moment(line.active_at, &web.app.time_zone);
                let worst = Worst::of(&line, &bands);
                (line, active, worst)
            })
            .collect(),
        next: next.map(|cursor| Ask { after: cursor.to_string(), ..ask.clone() }.address()),
        new,
    };
    Ok(render(status, &page))
}

#[derive(Template)]
#[template(path = "pages/accounts/duplicates.html")]
struct Duplicates {
    frame: Frame,
    may_edit: bool,
    /// `accounts` or `contacts`: the beginning of their addresses.
    place: &'static str,
    noun: &'static str,
    pairs: Vec<Like>,
}

/// Two that look like one.
struct Like {
    one: String,
    one_name: String,
    other: String,
    other_name: String,
    because: String,
}

/// Accounts that look like the same one twice.
pub(crate) async fn duplicates(Asked(web, session, (), values): Asked) -> Answer {
    let pairs = merge::duplicates(&web.app, &session.actor).await?;
    let pairs = pairs
        .into_iter()
        .map(|pair| {
            let because = match pair.likeness {
                Likeness::Name => "Their names differ in accents, spaces or punctuation only.".to_owned(),
                Likeness::Website => format!("Both have the website {}.", pair.shared),
                Likeness::Mail => format!("People of both have addresses at {}.", pair.shared),
            };
            like(pair, because)
        })
        .collect();
    Ok(duplicates_page(&session, &values, "accounts", "account", pairs))
}

fn like<Id: std::fmt::Display>(pair: Pair<Id>, because: String) -> Like {
    Like {
        one: pair.one.to_string(),
        one_name: pair.one_name,
        other: pair.other.to_string(),
        other_name: pair.other_name,
        because,
    }
}

fn duplicates_page(
    session: &Session,
    values: &Values,
    place: &'static str,
    noun: &'static str,
    pairs: Vec<Like>,
) -> Response {
    let nav = if place == "accounts" { Nav::Accounts } else { Nav::Contacts };
    let said = match values.text("said").as_str() {
        "apart" => "They are not named as duplicates again.",
        _ => "",
    };
    let page = Duplicates {
        frame: Frame::of(session, nav, "Duplicates").saying(Toast::of(said)),
        may_edit: session.actor.may(Action::EditAccounts),
        place,
        noun,
        pairs,
    };
    render(StatusCode::OK, &page)
}

/// Contacts that look like the same person twice.
pub(crate) async fn contact_duplicates(Asked(web, session, (), values): Asked) -> Answer {
    let pairs = gangway_app::contact::duplicates(&web.app, &session.actor).await?;
    let pairs = pairs
        .into_iter()
        .map(|pair| {
            let because = match pair.likeness {
                Likeness::Mail => format!("Both have the address {}.", pair.shared),
                _ => format!("Both are at {} under this name.", pair.shared),
            };
            like(pair, because)
        })
        .collect();
    Ok(duplicates_page(&session, &values, "contacts", "contact", pairs))
}
