//! The portfolio as a table: its columns and lines.

use gangway_store::onboarding::list::Line;
use jiff::civil::Date;

use super::ask::Ask;
use super::health::{Health, signals};
use crate::format::{Day, capital, distance, progress};
use crate::pages::order::{Column, Head, largest, rising};

/// The columns, in the order of the table: every one sorts.
const COLUMNS: [Column; 12] = [
    rising("customer", "Customer"),
    rising("state", "State"),
    Column { word: "colour", label: "Colour", number: false, falling: true },
    rising("health", "Health"),
    rising("plan", "Plan"),
    rising("next", "Next"),
    rising("kickoff", "Kickoff"),
    rising("go-live", "Go-live"),
    rising("p80", "P80"),
    rising("finish", "Finish"),
    largest("late", "Late"),
    Column { word: "quality", label: "Handoff quality", number: true, falling: false },
];

/// Per cent: below it, P80 passes the promised date.
const CERTAIN: i64 = 80;

/// Where a list is in order of a column.
pub(super) fn heads(ask: &Ask) -> Vec<Head> {
    let head = |column: &Column| {
        column.head(ask.order(), ask.dir == "desc", |sort, dir| {
            ask.with(|ask| (ask.sort, ask.dir) = (sort.to_owned(), dir.to_owned()))
        })
    };
    COLUMNS.iter().map(head).collect()
}

/// A line of the table.
pub(super) struct Row {
    pub href: String,
    pub customer: String,
    pub product: String,
    pub use_case: String,
    pub segment: String,
    pub value: String,
    pub state: String,
    pub state_class: &'static str,
    /// The colour's word and label, and why.
    pub colour: Option<(&'static str, &'static str, String)>,
    pub health: Option<Health>,
    /// Open signals in words, and how a tag shows them.
    pub signals: Option<(String, &'static str)>,
    pub phase: String,
    /// How much of the plan's days is over, while that means something.
    pub progress: Option<u32>,
    pub owner: Option<String>,
    /// What comes next, when, and whether that is over.
    pub next: Option<(&'static str, String, bool)>,
    pub kickoff: Day,
    pub go_live: Day,
    pub wanted: Option<Day>,
    pub late_days: i64,
    /// The day by which it is live with 80 % certainty, how likely the promise is kept, and whether to warn.
    pub p80: Option<(Day, String, bool)>,
    pub finish: Day,
    pub quality: i64,
    pub quality_class: &'static str,
    pub warnings: i64,
}

impl Row {
    pub(super) fn new(line: Line, today: Date, bands: &[String]) -> Self {
        let over = matches!(line.state.as_str(), "completed" | "closed");
        let (next, next_on) = line.dates().next(&line.state, today);
        Self {
            health: Health::of(&line, bands),
            signals: signals(&line),
            next: (!over).then(|| (next.label(), distance(today, next_on), next_on < today)),
            href: format!("/onboardings/{}", line.id),
            segment: line.segment_name,
            value: line.acv.map_or_else(|| "—".to_owned(), |money| money.to_string()),
            state_class: match line.state.as_str() {
                "running" => "go",
                "completed" => "done",
                "closed" => "off",
                _ => "soon",
            },
            colour: line.light.map(|light| (light.word(), light.label(), capital(&line.light_because))),
            progress: (!over && line.phase.is_some())
                .then(|| progress(line.starts_on, line.finish_on, today)),
            phase: match (line.state.as_str(), line.phase) {
                ("completed", _) => "All of it".to_owned(),
                ("closed", _) => "—".to_owned(),
                (_, Some(phase)) => phase,
                (_, None) => "Not begun".to_owned(),
            },
            owner: line.owner,
            state: capital(&line.state),
            kickoff: line.kickoff_on.into(),
            go_live: line.go_live_on.into(),
            wanted: line.go_live_target.map(Day::from),
            late_days: line.late_days,
            p80: line.p80_on.filter(|_| !over).map(|day| {
                let kept = line.kept_percent.unwrap_or(0);
                (day.into(), format!("promise kept: {kept} %"), kept < CERTAIN)
            }),
            finish: line.finish_on.into(),
            quality: line.document_score,
            quality_class: match line.document_score {
                ..50 => "bad",
                50..70 => "fair",
                _ => "good",
            },
            warnings: line.warnings,
            customer: line.customer,
            product: line.product,
            use_case: line.use_case,
        }
    }
}
