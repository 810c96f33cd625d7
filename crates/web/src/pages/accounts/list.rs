//! The list of accounts, and those that look like the same one twice.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::account::book::{self, Accounts, Draft};
use gangway_app::account::{self, merge};
use gangway_app::identity::Session;
use gangway_app::portfolio;
use gangway_domain::permission::Action;
use gangway_store::account::duplicate::{Likeness, Pair};
use gangway_store::account::list::{Line, Query, SortBy};

use super::country;
use crate::Web;
use crate::extract::{Answer, Asked, Posted, Values};
use crate::form::{Wrong, answered};
use crate::format::{Moment, count, moment, thousands};
use crate::pages::address::filled;
use crate::pages::order::{self, Filter, Head, List, largest, latest, rising};
use crate::pages::portfolio::health::tone;
use crate::pages::saved::{self, Kind};
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
    /// Where the list is as a file: label, address.
    exports: Vec<(&'static str, String)>,
    search: String,
    industries: Vec<Choice>,
    opens: Vec<Choice>,
    /// Where the filters are taken back; none without any.
    clear: Option<String>,
    name: Head,
    others: Vec<Head>,
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

type Ask = order::Ask<SortBy, 5>;

static LIST: List<SortBy, 5> = List {
    path: "/accounts",
    filters: &[Filter::any("industry"), Filter::one_of("open", &["yes", "no"])],
    columns: [
        (rising("name", "Name"), SortBy::Name),
        (largest("open", "Open onboardings"), SortBy::Open),
        (largest("onboardings", "All onboardings"), SortBy::Onboardings),
        (latest("activity", "Last activity"), SortBy::Activity),
        // The worst first: that is who needs somebody.
        (rising("health", "Health"), SortBy::Health),
    ],
};

/// As the use case understands it.
fn query(ask: &Ask) -> Result<Query, AppError> {
    Ok(Query {
        search: ask.search(),
        industry: filled(ask.filter("industry")),
        open: match ask.filter("open") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
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
    page(&web, &session, &ask, New::default(), StatusCode::OK).await
}

/// The list as a file.
pub(crate) async fn file(Asked(web, session, (), values): Asked, Kind(format): Kind) -> Answer {
    let query = query(&Ask::new(&LIST, &values))?;
    Ok(saved::file(account::export(&web.app, &session.actor, query, format).await?))
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
    let nothing = Ask::whole(&LIST);
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
    let found = book::browse(&web.app, &session.actor, query(ask)?).await?;
    let Accounts { lines, next, all, industries } = found;
    let duplicates = merge::duplicates(&web.app, &session.actor).await?.len();
    let [name, open, onboardings, activity, health] = ask.heads();
    let bands = portfolio::bands(&web.app);
    let page = Page {
        frame: Frame::of(session, Nav::Accounts, "Accounts").live_on_all(),
        empty: all == 0,
        counts: count(usize::try_from(all).unwrap_or(0), "account"),
        duplicates,
        may_edit: session.actor.may(Action::EditAccounts),
        may_hand_over: session.actor.may(Action::HandOver),
        exports: ask.exports(session),
        search: ask.q.clone(),
        industries: industries
            .into_iter()
            .map(|(name, number)| {
                let label = format!("{name} ({})", thousands(number));
                Choice::of(name, label, ask.filter("industry"))
            })
            .collect(),
        opens: vec![
            Choice::of("yes", "With open onboardings", ask.filter("open")),
            Choice::of("no", "Without", ask.filter("open")),
        ],
        clear: ask.narrows().then(|| ask.cleared()),
        name,
        others: vec![open, onboardings, activity, health],
        along: ask.along(&[]),
        rows: lines
            .into_iter()
            .map(|mut line| {
                line.country = line.country.map(|code| country(web, &code));
                let active = moment(line.active_at, &web.app.time_zone);
                let worst = Worst::of(&line, &bands);
                (line, active, worst)
            })
            .collect(),
        next: ask.next(next),
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
