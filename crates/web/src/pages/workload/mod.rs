//! Who has how much to do in which week, and what they have time for.

pub(crate) mod time;

use askama::Template;
use axum::http::StatusCode;
use gangway_app::identity::Session;
use gangway_app::workload::{self, Board, Loaded, Unassigned};
use gangway_domain::ids::PersonId;
use gangway_domain::permission::Action;
use gangway_domain::workload::{Share, WEEKS, Week, in_days};
use jiff::ToSpan;
use jiff::civil::Date;

use self::time::{Time, Typed};
use crate::Web;
use crate::extract::{Answer, Asked, Values};
use crate::form::Wrong;
use crate::format::Day;
use crate::pages::{Frame, Nav, Toast, render};

#[derive(Template)]
#[template(path = "pages/workload/workload.html")]
struct Page {
    frame: Frame,
    /// It shows more people than whoever looks.
    all: bool,
    heads: Vec<Day>,
    people: Vec<Row>,
    roles: Vec<Row>,
    earlier: Option<String>,
    later: String,
    /// The week of somebody that was chosen.
    open: Option<Opened>,
    /// What somebody who was chosen has time for.
    time: Option<Time>,
    wrong: Wrong,
}

struct Row {
    name: String,
    note: String,
    href: Option<String>,
    cells: Vec<Cell>,
}

struct Cell {
    label: String,
    href: String,
    /// The number that counts.
    words: String,
    note: String,
    /// Length of the bar, 0 to 100.
    bar: u32,
    tone: &'static str,
    over: bool,
    nothing: bool,
    here: bool,
}

/// The tasks of a week.
struct Opened {
    title: String,
    sum: String,
    over: bool,
    away: String,
    tasks: Vec<Line>,
}

struct Line {
    href: String,
    name: String,
    role: String,
    customer: String,
    people: String,
    days: String,
    critical: bool,
}

/// What an address asks for.
#[derive(Debug, Clone, Default)]
struct Wanted {
    from: Option<Date>,
    person: Option<PersonId>,
    role: Option<String>,
    week: Option<Date>,
}

impl Wanted {
    fn new(values: &Values) -> Self {
        let day = |name: &str| values.text(name).parse::<Date>().ok();
        Self {
            from: day("from"),
            person: values.text("person").parse().ok(),
            role: Some(values.text("role")).filter(|role| !role.is_empty()),
            week: day("week"),
        }
    }

    /// The address of the page from this week on.
    fn page(&self) -> String {
        self.from.map_or_else(|| "/workload?".to_owned(), |from| format!("/workload?from={from}&"))
    }
}

/// The workload.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let said = match values.text("said").as_str() {
        "time" => "Saved.",
        _ => "",
    };
    let asked = Wanted::new(&values);
    page(&web, &session, StatusCode::OK, asked, said, Typed::default(), Wrong::default()).await
}

async fn page(
    web: &Web,
    session: &Session,
    status: StatusCode,
    asked: Wanted,
    said: &str,
    typed: Typed,
    wrong: Wrong,
) -> Answer {
    let board = workload::board(&web.app, &session.actor, asked.from).await?;
    let all = session.actor.may(Action::RunOnboarding);
    let chosen = asked.person.or(session.actor.person.filter(|_| asked.role.is_none()));
    let time =
        board.people.iter().find(|one| Some(one.person) == chosen).map(|one| Time::new(session, one, typed));
    let Board { mondays, people, roles, today } = &board;
    let first = mondays.first().copied().unwrap_or(*today);
    let shift = i64::try_from(WEEKS).unwrap_or(8) * 7;
    let is_first = first <= gangway_domain::workload::monday(*today);
    let page = Page {
        frame: Frame::of(session, Nav::Workload, "Workload").live_on_all().saying(Toast::of(said)),
        all,
        heads: mondays.iter().map(|monday| Day::from(*monday)).collect(),
        open: opened(&board, &asked),
        people: people.iter().map(|one| Row::of_person(one, &asked)).collect(),
        roles: roles.iter().map(|one| Row::of_role(one, &asked)).collect(),
        earlier: (!is_first).then(|| format!("/workload?from={}", first.saturating_sub(shift.days()))),
        later: format!("/workload?from={}", first.saturating_add(shift.days())),
        time,
        wrong,
    };
    Ok(render(status, &page))
}

impl Row {
    fn of_person(one: &Loaded, asked: &Wanted) -> Self {
        let base = format!("{}person={}", asked.page(), one.person);
        let cell = |week: &Week| {
            let here = asked.person == Some(one.person) && asked.week == Some(week.monday);
            Cell::of_person(week, &base, here)
        };
        Self {
            name: one.name.clone(),
            note: one.role.label().to_owned(),
            href: Some(format!("{base}#time")),
            cells: one.weeks.iter().map(cell).collect(),
        }
    }

    fn of_role(one: &Unassigned, asked: &Wanted) -> Self {
        let role = percent_encoding::utf8_percent_encode(&one.role, percent_encoding::NON_ALPHANUMERIC);
        let base = format!("{}role={role}", asked.page());
        let cell = |week: &Week| Cell {
            here: asked.role.as_deref() == Some(one.role.as_str()) && asked.week == Some(week.monday),
            words: days(week.load),
            ..Cell::new(week, &base)
        };
        Self {
            name: if one.role.is_empty() { "No role yet".to_owned() } else { one.role.clone() },
            note: String::new(),
            href: None,
            cells: one.weeks.iter().map(cell).collect(),
        }
    }
}

impl Cell {
    fn new(week: &Week, base: &str) -> Self {
        Self {
            label: format!("Week of {}", week.monday.strftime("%-d %b")),
            href: format!("{base}&week={}#week", week.monday),
            words: String::new(),
            note: String::new(),
            bar: 0,
            tone: "",
            over: false,
            nothing: week.load == 0,
            here: false,
        }
    }

    fn of_person(week: &Week, base: &str, here: bool) -> Self {
        let over = week.is_over();
        let (words, bar) = match week.percent() {
            Some(percent) => (format!("{percent} %"), percent.min(100)),
            None if over => ("Not there".to_owned(), 100),
            None => ("Away".to_owned(), 0),
        };
        let tone = match (over, bar) {
            (true, _) => "bad",
            (false, 90..) => "fair",
            _ => "good",
        };
        let note = format!("{} of {}", in_days(week.load), days(week.capacity));
        Self { words, note, bar, tone, over, here, ..Self::new(week, base) }
    }
}

/// `1 day`, `2.5 days`.
fn days(hundredths: u32) -> String {
    match in_days(hundredths).as_str() {
        "1" => "1 day".to_owned(),
        number => format!("{number} days"),
    }
}

/// The week somebody asked for.
fn opened(board: &Board, asked: &Wanted) -> Option<Opened> {
    let monday = asked.week?;
    let of = |weeks: &[Week]| weeks.iter().find(|week| week.monday == monday).cloned();
    let when = monday.strftime("%-d %b %Y");
    let person = asked.person.and_then(|id| board.people.iter().find(|one| one.person == id));
    let role = asked.role.as_ref().and_then(|name| board.roles.iter().find(|one| one.role == *name));
    let (title, sum, week) = match (person, role) {
        (Some(one), _) => {
            let week = of(&one.weeks)?;
            (
                format!("{} in the week of {when}", one.name),
                format!("{} of {}", in_days(week.load), days(week.capacity)),
                week,
            )
        }
        (None, Some(one)) => {
            let week = of(&one.weeks)?;
            (format!("{}: nobody chosen, week of {when}", one.role), days(week.load), week)
        }
        (None, None) => return None,
    };
    let over = person.is_some() && week.is_over();
    let line = |share: Share| Line {
        href: format!("/onboardings/{}/tasks/{}", share.task.onboarding, share.task.id),
        people: format!("/onboardings/{}/plan/people", share.task.onboarding),
        name: share.task.name,
        role: share.task.role,
        customer: share.task.customer,
        days: days(share.hundredths),
        critical: share.task.critical,
    };
    Some(Opened {
        title,
        sum,
        over,
        away: week.away.join(", "),
        tasks: week.shares.into_iter().map(line).collect(),
    })
}
