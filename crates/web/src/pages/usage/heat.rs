//! Adoption over all customers: which account uses which feature on how many days, and how that goes over time.

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::usage::view::{self, HeatFilter, HeatMap, HeatOrder, HeatRow, SortBy, Week};
use gangway_domain::permission::Action;

use super::chart::{Bars, Point};
use super::pages;
use crate::Web;
use crate::extract::{Answer, Asked, Values};
use crate::format::{Day, Moment, count, moment};
use crate::pages::address::{self, along, filled};
use crate::pages::document::disposition;
use crate::pages::order::{Column, Head, largest, latest, rising};
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

/// The fields of an address.
const FIELDS: [&str; 4] = ["q", "sort", "dir", "after"];

/// What the address asks for. Empty fields ask for nothing; what is so anyway is empty.
#[derive(Default, Clone)]
struct Ask {
    q: String,
    sort: String,
    dir: String,
    after: String,
}

/// The columns that sort; [`LAST`] first.
static COLUMNS: [(Column, SortBy); 3] = [
    (latest(LAST, "Last seen"), SortBy::Last),
    (rising("name", "Account"), SortBy::Name),
    (largest("adoption", "Adoption"), SortBy::Share),
];

/// The word of the order that needs none in the address.
const LAST: &str = "last";

impl Ask {
    fn new(values: &Values) -> Self {
        let asked = Self {
            q: values.text("q").trim().to_owned(),
            sort: values.text("sort"),
            dir: values.text("dir"),
            after: values.text("after"),
        };
        asked.shortest()
    }

    /// Without what is so anyway.
    fn shortest(mut self) -> Self {
        let (column, _) = self.order();
        column.shorten(LAST, &mut self.sort, &mut self.dir);
        self
    }

    /// The column it is in order of.
    fn order(&self) -> &'static (Column, SortBy) {
        COLUMNS.iter().find(|(column, _)| column.word == self.sort).unwrap_or(&COLUMNS[0])
    }

    fn at(&self, path: &str) -> String {
        let fields =
            [("q", self.q.as_str()), ("sort", &self.sort), ("dir", &self.dir), ("after", &self.after)];
        address::address(path, &fields)
    }

    /// The same in another order, from its beginning.
    fn sorted(&self, sort: &str, dir: &str) -> String {
        let (sort, dir) = (sort.to_owned(), dir.to_owned());
        Self { q: self.q.clone(), sort, dir, after: String::new() }.shortest().at(PATH)
    }

    fn filter(&self, limit: u32) -> Result<HeatFilter, AppError> {
        let (column, sort) = self.order();
        let order = HeatOrder { sort: *sort, direction: column.direction(&self.dir) };
        let after = filled(&self.after).map(|cursor| cursor.parse()).transpose().map_err(AppError::Cursor)?;
        Ok(HeatFilter { order, after, offset: 0, limit, text: filled(&self.q) })
    }
}

/// The page.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let ask = Ask::new(&values);
    if let Some(short) = address::shortened(&values, &FIELDS, &ask.at(PATH)) {
        return Ok(short);
    }
    let map = view::heat_map(&web.app, &session.actor, &ask.filter(SHOWN)?).await?;
    let weeks = view::trend(&web.app, &session.actor).await?;
    Ok(render(StatusCode::OK, &page(&web, &session, &map, &weeks, &ask)))
}

/// The same as a file: every account the filter shows, in its order.
pub(crate) async fn csv(Asked(web, session, (), values): Asked) -> Answer {
    let ask = Ask { after: String::new(), ..Ask::new(&values) };
    let mut filter = ask.filter(READ)?;
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
    let (column, _) = ask.order();
    let falling = column.is_falling(&ask.dir);
    let head = |known: &Column| known.head(column.word, falling, |sort, dir| ask.sorted(sort, dir));
    let [last, name, adoption] = COLUMNS.each_ref().map(|(known, _)| head(known));
    let next = map.next.as_ref().map(|cursor| Ask { after: cursor.to_string(), ..ask.clone() }.at(PATH));
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
        core: one.core,
        accounts: format!("{} of {}", one.accounts_28, map.accounts),
    };
    Page {
        frame: Frame::of(session, Nav::Adoption, "Adoption").live(["usage"]),
        pages: pages(PATH),
        empty: map.accounts == 0,
        may_connect: session.actor.may(Action::ManageIntegrations),
        text: ask.q.clone(),
        along: along(&[("sort", &ask.sort), ("dir", &ask.dir)]),
        name,
        adoption,
        last,
        features: map.features.iter().map(feature).collect(),
        lead: count(usize::try_from(map.accounts).unwrap_or(0), "account"),
        next,
        rows: map.rows.iter().map(row).collect(),
        csv: Ask { after: String::new(), ..ask.clone() }.at(&format!("{PATH}/export.csv")),
        chart: Bars::new(&points(weeks), &[]),
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
