//! The portfolio by stage: a column for each place a plan can be at.

use gangway_app::portfolio::{self, Board};
use gangway_store::onboarding::list::Line;
use jiff::civil::Date;

use super::ask::{Ask, Show};
use super::health::{Health, signals};
use crate::format::{Day, capital, distance, initials};

pub(super) struct Column {
    pub name: &'static str,
    pub count: i64,
    pub cards: Vec<Card>,
    /// How many more there are, and where.
    pub more: Option<(i64, String)>,
}

pub(super) struct Card {
    pub href: String,
    pub customer: String,
    pub product: String,
    /// What comes next, when, and how far away that is; the end once it is over.
    pub next: &'static str,
    pub day: Day,
    pub when: String,
    /// Its day has passed.
    pub overdue: bool,
    /// Nothing comes next: it is completed or closed.
    pub over: bool,
    pub late_days: i64,
    /// The colour's word and label, and why.
    pub colour: Option<(&'static str, &'static str, String)>,
    pub health: Option<Health>,
    /// Open signals in words, and how a tag shows them.
    pub signals: Option<(String, &'static str)>,
    pub state: Option<(String, &'static str)>,
    pub owner: Option<(String, String)>,
}

pub(super) fn columns(board: Board, ask: &Ask, bands: &[String]) -> Vec<Column> {
    let Board { columns, today, .. } = board;
    columns
        .into_iter()
        .map(|column| {
            let shown = i64::try_from(column.cards.len()).unwrap_or(0);
            let left = column.count - shown;
            let list = ask.with(|ask| {
                ask.show = Show::List;
                if matches!(column.place, "completed" | "closed") {
                    ask.state = column.place.to_owned();
                } else {
                    ask.stage = column.place.to_owned();
                }
            });
            Column {
                name: column.name,
                count: column.count,
                cards: column
                    .cards
                    .into_iter()
                    .map(|line| Card::new(line, today, column.place, bands))
                    .collect(),
                more: (left > 0).then_some((left, list)),
            }
        })
        .collect()
}

impl Card {
    fn new(line: Line, today: Date, place: &str, bands: &[String]) -> Self {
        // A plan under way that was never kicked off, or the other way round, is worth a word.
        let expected = if matches!(place, portfolio::NOT_BEGUN | "handoff") { "planned" } else { "running" };
        let over = matches!(place, "completed" | "closed");
        let surprising = !over && line.state != expected;
        let (next, day) = line.dates().next(&line.state, today);
        Self {
            href: format!("/onboardings/{}", line.id),
            state: surprising.then(|| {
                let tone = if line.state == "planned" { "soon" } else { "go" };
                (capital(&line.state), tone)
            }),
            colour: line.light.map(|light| (light.word(), light.label(), capital(&line.light_because))),
            health: Health::of(&line, bands),
            signals: signals(&line),
            owner: line.owner.map(|name| (initials(&name), name)),
            customer: line.customer,
            product: line.product,
            next: next.label(),
            when: distance(today, day),
            overdue: !over && day < today,
            day: day.into(),
            over,
            late_days: line.late_days,
        }
    }
}
