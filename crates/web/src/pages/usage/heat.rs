//! Adoption over all customers: which account uses which feature on how many days, and how that goes over time.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use gangway_app::identity::Session;
use gangway_app::usage::view::{self, HeatFilter, HeatMap, HeatRow, Week};
use gangway_domain::permission::Action;

use super::chart::{Bars, Point};
use super::pages;
use crate::Web;
use crate::extract::{Answer, Asked};
use crate::format::{Day, Moment, count, moment};
use crate::pages::document::disposition;
use crate::pages::{Choice, Frame, Nav, Tab, render};

pub(super) const PATH: &str = "/adoption";

/// Accounts on a page.
const SHOWN: u32 = 100;

/// Accounts in a file.
const MOST: u32 = 10_000;

/// Days a cell counts.
const DAYS: i64 = 28;

#[derive(Template)]
#[template(path = "pages/usage/heat.html")]
struct Page {
    frame: Frame,
    pages: Vec<Tab>,
    /// Nothing ever came in.
    empty: bool,
    may_connect: bool,
    text: String,
    sorts: Vec<Choice>,
    features: Vec<Feature>,
    rows: Vec<Row>,
    lead: String,
    next: String,
    csv: String,
    chart: Option<Bars>,
    summary: String,
    weeks: Vec<WeekLine>,
}

struct Feature {
    name: String,
    core: bool,
    /// Accounts that used it.
    accounts: String,
}

struct Row {
    href: String,
    name: String,
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

/// What an address asks for.
struct Wanted {
    text: String,
    sort: String,
    offset: u32,
}

/// The page.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let (text, sort) = (values.text("q").trim().to_owned(), values.text("sort"));
    let offset: u32 = values.text("from").parse().unwrap_or(0);
    let mut map = view::heat_map(&web.app, &session.actor, &filter(&text, offset)).await?;
    sort_rows(&mut map, &sort);
    let weeks = view::trend(&web.app, &session.actor).await?;
    let asked = Wanted { text, sort, offset };
    Ok(render(StatusCode::OK, &page(&web, &session, &map, &weeks, &asked)))
}

/// The same as a file: every account the filter shows.
pub(crate) async fn csv(Asked(web, session, (), values): Asked) -> Answer {
    let text = values.text("q").trim().to_owned();
    let mut file = String::new();
    let mut offset = 0;
    while offset < MOST {
        let map = view::heat_map(&web.app, &session.actor, &filter(&text, offset)).await?;
        if offset == 0 {
            let heads = map.features.iter().map(|feature| quoted(&feature.name));
            line(&mut file, ["Account", "Last seen"].into_iter().map(str::to_owned).chain(heads));
        }
        for row in &map.rows {
            line(&mut file, csv_row(row));
        }
        if !map.more {
            break;
        }
        offset += SHOWN;
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, disposition("adoption.csv", false)),
    ];
    Ok((headers, file).into_response())
}

fn filter(text: &str, offset: u32) -> HeatFilter {
    HeatFilter { offset, limit: SHOWN, text: Some(text.to_owned()).filter(|text| !text.is_empty()) }
}

fn csv_row(row: &HeatRow) -> impl Iterator<Item = String> {
    let last = jiff::Timestamp::try_from(row.last_at).unwrap_or_default().to_string();
    [quoted(&row.name), last].into_iter().chain(row.cells.iter().map(i64::to_string))
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

/// Orders the rows of a page: by name, by when somebody was seen last, or by the days of one feature.
fn sort_rows(map: &mut HeatMap, sort: &str) {
    let place = map.features.iter().position(|feature| feature.code == sort);
    match (sort, place) {
        ("name", _) => map.rows.sort_by_key(|row| row.name.to_lowercase()),
        ("last", _) => map.rows.sort_by_key(|row| row.last_at),
        (_, Some(place)) => {
            map.rows.sort_by_key(|row| std::cmp::Reverse(row.cells.get(place).copied().unwrap_or(0)));
        }
        _ => {}
    }
}

fn page(web: &Web, session: &Session, map: &HeatMap, weeks: &[Week], asked: &Wanted) -> Page {
    let Wanted { text, sort, offset } = asked;
    let named = [("", "As listed"), ("name", "Name"), ("last", "Longest not seen")];
    let of_feature =
        |one: &view::HeatFeature| Choice::of(one.code.clone(), format!("Most days of {}", one.name), sort);
    let sorts = named.map(|(word, label)| Choice::of(word, label, sort)).into_iter();
    let sorts = sorts.chain(map.features.iter().map(of_feature)).collect();
    let q = percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC);
    let next = format!("{PATH}?q={q}&from={}", offset.saturating_add(SHOWN));
    let names: Vec<String> = map.features.iter().map(|feature| feature.name.clone()).collect();
    let zone = &web.app.time_zone;
    let row = |row: &HeatRow| Row {
        href: format!("/accounts/{}/usage", row.account),
        last: moment(row.last_at, zone),
        cells: names.iter().zip(&row.cells).map(|(name, days)| Cell::new(name, *days)).collect(),
        name: row.name.clone(),
    };
    let feature = |one: &view::HeatFeature| Feature {
        name: one.name.clone(),
        core: one.core,
        accounts: format!("{} of {}", one.accounts_28, map.accounts),
    };
    Page {
        frame: Frame::of(session, Nav::Adoption, "Adoption").live(["usage"]),
        pages: pages(PATH),
        empty: map.accounts == 0 && text.is_empty(),
        may_connect: session.actor.may(Action::ManageIntegrations),
        text: text.clone(),
        sorts,
        features: map.features.iter().map(feature).collect(),
        lead: count(usize::try_from(map.accounts).unwrap_or(0), "account"),
        next: if map.more { next } else { String::new() },
        rows: map.rows.iter().map(row).collect(),
        csv: format!("{PATH}/export.csv?q={q}"),
        chart: Bars::new(&points(weeks)),
        summary: summary(weeks),
        weeks: weeks.iter().rev().map(WeekLine::new).collect(),
    }
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
            first.accounts,
            Day::from(first.monday).words,
            last.accounts,
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
