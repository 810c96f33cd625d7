//! Adoption over all customers: which account uses which feature on how many days, and how that goes over time.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::usage::view::{self, HeatFilter, HeatMap, HeatOrder, HeatRow, SortBy, Week};
use gangway_domain::permission::Action;
use gangway_store::onboarding::list::Direction;

use super::chart::{Bars, Point};
use super::pages;
use crate::Web;
use crate::extract::{Answer, Asked};
use crate::format::{Day, Moment, count, moment, thousands};
use crate::pages::document::disposition;
use crate::pages::order::{self, Filter, Head, List, largest, latest, rising};
use crate::pages::{Frame, Nav, Tab, render};

pub(super) const PATH: &str = "/adoption";

/// Accounts on a page.
const SHOWN: u32 = 50;

/// Accounts that are read at once for a file.
const READ: u32 = 100;

/// Accounts in a file.
const MOST: u32 = 10_000;

/// Days a cell counts.
const DAYS: i64 = 28;

/// What the address says in order of a feature: its id.
const FEATURE: &str = "feature";

#[derive(Template)]
#[template(path = "pages/usage/heat.html")]
struct Page {
    frame: Frame,
    pages: Vec<Tab>,
    /// Nothing ever came in.
    empty: bool,
    may_connect: bool,
    text: String,
    /// What the form carries along beside its own field.
    along: Vec<(&'static str, String)>,
    name: Head,
    adoption: Head,
    last: Head,
    features: Vec<Feature>,
    rows: Vec<Row>,
    lead: String,
    next: Option<String>,
    csv: String,
    chart: Option<Bars>,
    summary: String,
    weeks: Vec<WeekLine>,
}

struct Feature {
    name: String,
    /// The list in order of its use, or that turned round.
    href: String,
    /// As `aria-sort` says it; empty when the list is not in its order.
    order: &'static str,
    core: bool,
    /// Accounts that used it.
    accounts: String,
}

struct Row {
    href: String,
    name: String,
    /// Core features used; a dash where no feature is one.
    adoption: String,
    last: Moment,
    cells: Vec<Cell>,
}

struct Cell {
    label: String,
    days: i64,
    /// `h0` to `h4`: how dark it is.
    tone: &'static str,
}

struct WeekLine {
    monday: Day,
    accounts: i64,
    users: i64,
    events: i64,
}

type Ask = order::Ask<SortBy, 3>;

static LIST: List<SortBy, 3> = List {
    path: PATH,
    filters: &[Filter::any(FEATURE)],
    columns: [
        (latest("last", "Last seen"), SortBy::Last),
        (rising("name", "Account"), SortBy::Name),
        (largest("adoption", "Adoption"), SortBy::Share),
    ],
};

/// As the use case understands it.
fn filter(ask: &Ask, limit: u32) -> Result<HeatFilter, AppError> {
    let order = HeatOrder { sort: ask.sort(), direction: ask.direction() };
    let feature = Some(ask.filter(FEATURE)).filter(|code| !code.is_empty()).map(str::to_owned);
    Ok(HeatFilter { order, feature, after: ask.place()?, offset: 0, limit, text: ask.search() })
}

/// The page.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let ask = Ask::new(&LIST, &values);
    if let Some(short) = ask.shortened(&values) {
        return Ok(short);
    }
    let map = view::heat_map(&web.app, &session.actor, &filter(&ask, SHOWN)?).await?;
    let weeks = view::trend(&web.app, &session.actor).await?;
    Ok(render(StatusCode::OK, &page(&web, &session, &map, &weeks, &ask)))
}

/// The same as a file: every account the filter shows, in its order.
pub(crate) async fn csv(Asked(web, session, (), values): Asked) -> Answer {
    let ask = Ask::new(&LIST, &values).at_the_beginning();
    let mut filter = filter(&ask, READ)?;
    let mut file = String::new();
    for read in 0..MOST / READ {
        let map = view::heat_map(&web.app, &session.actor, &filter).await?;
        if read == 0 {
            let heads = map.features.iter().map(|feature| quoted(&feature.name));
            let first = ["Account", "Last seen", "Adoption (percent)"].into_iter().map(str::to_owned);
            line(&mut file, first.chain(heads));
        }
        for row in &map.rows {
            line(&mut file, csv_row(row));
        }
        if map.next.is_none() {
            break;
        }
        filter.after = map.next;
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition("adoption.csv", false)),
    ];
    Ok((headers, file).into_response())
}

fn csv_row(row: &HeatRow) -> impl Iterator<Item = String> {
    let last = jiff::Timestamp::try_from(row.last_at).unwrap_or_default().to_string();
    let adoption = row.adoption.map_or_else(String::new, |percent| percent.to_string());
    [quoted(&row.name), last, adoption].into_iter().chain(row.cells.iter().map(i64::to_string))
}

fn line(file: &mut String, cells: impl Iterator<Item = String>) {
    file.push_str(&cells.collect::<Vec<_>>().join(","));
    file.push_str("\r\n");
}

/// A text as a cell of RFC 4180; one a spreadsheet would read as a formula gets a leading apostrophe.
fn quoted(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

fn page(web: &Web, session: &Session, map: &HeatMap, weeks: &[Week], ask: &Ask) -> Page {
    let [last, name, adoption] = heads(ask);
    let names: Vec<String> = map.features.iter().map(|feature| feature.name.clone()).collect();
    let zone = &web.app.time_zone;
    let row = |row: &HeatRow| Row {
        href: format!("/accounts/{}/usage", row.account),
        adoption: row.adoption.map_or_else(|| "—".to_owned(), |percent| format!("{percent} %")),
        last: moment(row.last_at, zone),
        cells: names.iter().zip(&row.cells).map(|(name, days)| Cell::new(name, *days)).collect(),
        name: row.name.clone(),
    };
    let feature = |one: &view::HeatFeature| Feature {
        name: one.name.clone(),
        href: feature_href(ask, &one.code),
        order: match (ask.filter(FEATURE) == one.code, ask.direction()) {
            (true, Direction::Descending) => "descending",
            (true, Direction::Ascending) => "ascending",
            (false, _) => "",
        },
        core: one.core,
        accounts: format!("{} of {}", thousands(one.accounts_28), thousands(map.accounts)),
    };
    Page {
        frame: Frame::of(session, Nav::Adoption, "Adoption").live(["usage"]),
        pages: pages(PATH),
        empty: map.accounts == 0,
        may_connect: session.actor.may(Action::ManageIntegrations),
        text: ask.q.clone(),
        along: ask.along(&[FEATURE]),
        name,
        adoption,
        last,
        features: map.features.iter().map(feature).collect(),
        lead: count(usize::try_from(map.accounts).unwrap_or(0), "account"),
        next: ask.next(map.next.as_ref()),
        rows: map.rows.iter().map(row).collect(),
        csv: ask.at_the_beginning().at(&format!("{PATH}/export.csv")),
        chart: Bars::new(&points(weeks), &[]),
        summary: summary(weeks),
        weeks: weeks.iter().rev().map(WeekLine::new).collect(),
    }
}

/// The same search in no order but the usual one.
fn plain(ask: &Ask) -> Ask {
    let mut plain = Ask::whole(&LIST);
    plain.q.clone_from(&ask.q);
    plain
}

/// The heads of the columns that are there always.
fn heads(ask: &Ask) -> [Head; 3] {
    if ask.filter(FEATURE).is_empty() {
        return ask.heads();
    }
    let plain = plain(ask);
    let mut heads = plain.heads();
    // The list is in order of a feature: the column of the usual order is none that turns round.
    if let Some(last) = heads.first_mut() {
        *last = Head { href: plain.address(), order: "", ..*last };
    }
    heads
}

/// The list in order of a feature; turned round where it is.
fn feature_href(ask: &Ask, code: &str) -> String {
    let href = plain(ask).narrowed_by(FEATURE, code);
    let is_falling = ask.direction() == Direction::Descending;
    if ask.filter(FEATURE) == code && is_falling { format!("{href}&dir=asc") } else { href }
}

impl Cell {
    fn new(label: &str, days: i64) -> Self {
        let tone = match days * 100 / DAYS {
            _ if days <= 0 => "h0",
            0..=10 => "h1",
            11..=35 => "h2",
            36..=65 => "h3",
            _ => "h4",
        };
        Self { label: label.to_owned(), days, tone }
    }
}

impl WeekLine {
    fn new(week: &Week) -> Self {
        let Week { monday, accounts, users, events } = week;
        Self { monday: (*monday).into(), accounts: *accounts, users: *users, events: *events }
    }
}

fn points(weeks: &[Week]) -> Vec<Point> {
    let point = |week: &Week| Point {
        day: week.monday,
        value: week.accounts,
        title: format!(
            "Week of {}: {} active",
            Day::from(week.monday).words,
            count(usize::try_from(week.accounts).unwrap_or(0), "account")
        ),
    };
    weeks.iter().map(point).collect()
}

fn summary(weeks: &[Week]) -> String {
    match (weeks.first(), weeks.last()) {
        (Some(first), Some(last)) => format!(
            "Accounts with usage by week: {} in the week of {}, {} in the week of {}.",
            thousands(first.accounts),
            Day::from(first.monday).words,
            thousands(last.accounts),
            Day::from(last.monday).words
        ),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_more_days_the_darker() {
        let tones = [0, 1, 2, 7, 14, 20, 28].map(|days| Cell::new("", days).tone);
        assert_eq!(tones, ["h0", "h1", "h1", "h2", "h3", "h4", "h4"]);
    }

    #[test]
    fn cells_are_words_and_no_formulas() {
        assert_eq!(quoted("=1+1"), "\"'=1+1\"");
        assert_eq!(quoted("Ink \"& Co\", Ltd"), "\"Ink \"\"& Co\"\", Ltd\"");
    }
}
