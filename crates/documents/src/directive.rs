//! The data of the directives: what a fenced block's JSON holds.

use jiff::civil::{Date, Time};
use serde::Deserialize;

/// The meaning of a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// No particular meaning.
    #[default]
    Neutral,
    /// As it should be.
    Good,
    /// Needs attention.
    Warning,
    /// Wrong.
    Bad,
    /// The brand's own emphasis.
    Accent,
}

impl Tone {
    /// The tone's name as written in the dialect.
    pub fn name(self) -> &'static str {
        match self {
            Tone::Neutral => "neutral",
            Tone::Good => "good",
            Tone::Warning => "warning",
            Tone::Bad => "bad",
            Tone::Accent => "accent",
        }
    }

    /// Reads a tone's name.
    pub fn from_name(name: &str) -> Option<Tone> {
        [Tone::Neutral, Tone::Good, Tone::Warning, Tone::Bad, Tone::Accent]
            .into_iter()
            .find(|tone| tone.name() == name)
    }
}

/// What a row or point of a plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlanKind {
    /// A summary of the rows below it.
    Phase,
    /// Work with a duration.
    #[default]
    Task,
    /// A point to reach.
    Milestone,
    /// A milestone with criteria that must hold.
    Gate,
    /// A meeting.
    Meeting,
    /// A training: a stretch of time like a task, but one people take part in.
    Training,
}

impl PlanKind {
    /// The word shown to readers.
    pub fn label(self) -> &'static str {
        match self {
            PlanKind::Phase => "Phase",
            PlanKind::Task => "Task",
            PlanKind::Milestone => "Milestone",
            PlanKind::Gate => "Gate",
            PlanKind::Meeting => "Meeting",
            PlanKind::Training => "Training",
        }
    }

    /// Whether it is drawn as a point, not as a bar.
    pub fn is_point(self) -> bool {
        matches!(self, PlanKind::Milestone | PlanKind::Gate | PlanKind::Meeting)
    }
}

/// Whose work a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The vendor's.
    Vendor,
    /// The customer's.
    Customer,
    /// Both parties'.
    Joint,
}

impl Side {
    /// The word shown to readers.
    pub fn label(self) -> &'static str {
        match self {
            Side::Vendor => "Vendor",
            Side::Customer => "Customer",
            Side::Joint => "Joint",
        }
    }
}

/// Rows and marks of a Gantt chart.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gantt {
    /// First day shown; the earliest row when absent.
    #[serde(default)]
    pub start: Option<Date>,
    /// Last day shown; the latest row or mark when absent.
    #[serde(default)]
    pub end: Option<Date>,
    /// Where the line of today is drawn.
    #[serde(default)]
    pub today: Option<Date>,
    /// The rows from top to bottom.
    pub rows: Vec<GanttRow>,
    /// Further vertical lines.
    #[serde(default)]
    pub marks: Vec<Mark>,
}

/// One row of a Gantt chart.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GanttRow {
    /// Its name.
    pub label: String,
    /// What it is.
    #[serde(default)]
    pub kind: PlanKind,
    /// First day.
    pub start: Date,
    /// Last day, inclusive; never before `start`.
    pub finish: Date,
    /// Whose work it is.
    #[serde(default)]
    pub side: Option<Side>,
    /// Whether a delay here delays the end.
    #[serde(default)]
    pub critical: bool,
    /// Depth in the outline, 0–4.
    #[serde(default)]
    pub indent: u8,
    /// A remark.
    #[serde(default)]
    pub note: Option<String>,
}

/// A labelled vertical line in a Gantt chart.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// The day.
    pub date: Date,
    /// Its name.
    pub label: String,
}

impl Gantt {
    /// The first and last day shown: as stated, else spanning rows, marks and today. `None` for a chart with nothing dated.
    pub fn range(&self) -> Option<(Date, Date)> {
        let mut days: Vec<Date> = self.rows.iter().flat_map(|row| [row.start, row.finish]).collect();
        days.extend(self.marks.iter().map(|mark| mark.date));
        let start = self.start.or_else(|| days.iter().min().copied())?;
        let end = self.end.or_else(|| days.iter().max().copied())?;
        Some((start.min(end), end.max(start)))
    }
}

/// The chevrons of a phase strip.
pub type Phases = Vec<Phase>;

/// One chevron.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Its name.
    pub label: String,
    /// When, in words.
    #[serde(default)]
    pub window: Option<String>,
    /// Its dates, when `window` counts weeks.
    #[serde(default)]
    pub dates: Option<String>,
    /// What it ends with.
    #[serde(default)]
    pub detail: Option<String>,
    /// `accent` is the current phase, `good` a finished one.
    #[serde(default)]
    pub tone: Tone,
}

/// Big-number cards.
pub type Cards = Vec<Card>;

/// One big-number card.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// What the number is.
    pub label: String,
    /// The number, formatted.
    pub value: String,
    /// A remark below it.
    #[serde(default)]
    pub note: Option<String>,
    /// Its meaning.
    #[serde(default)]
    pub tone: Tone,
}

/// A definition grid.
pub type Facts = Vec<Fact>;

/// One term and its value.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The term.
    pub label: String,
    /// Its value.
    pub value: String,
}

/// A meeting agenda.
#[derive(Debug, Clone, PartialEq)]
pub struct Agenda {
    /// When the meeting starts, local time of the reader.
    pub start: Option<Time>,
    /// Its items in order.
    pub items: Vec<AgendaItem>,
}

/// One agenda item.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgendaItem {
    /// How long it takes, minutes.
    pub minutes: u16,
    /// Its title.
    pub title: String,
    /// What it is for.
    #[serde(default)]
    pub purpose: Option<String>,
    /// What is talked about.
    #[serde(default)]
    pub points: Vec<String>,
}

impl Agenda {
    /// Total length in minutes.
    pub fn total(&self) -> u32 {
        self.items.iter().map(|item| u32::from(item.minutes)).sum()
    }

    /// Each item with its running start as `HH:MM`, when the meeting's start is known; wraps at midnight.
    pub fn timed(&self) -> Vec<(Option<String>, &AgendaItem)> {
        let mut elapsed = 0u32;
        self.items
            .iter()
            .map(|item| {
                let at = self.start.map(|start| {
                    let minute = (u32::from(start.hour().unsigned_abs()) * 60
                        + u32::from(start.minute().unsigned_abs())
                        + elapsed)
                        % 1440;
                    format!("{:02}:{:02}", minute / 60, minute % 60)
                });
                elapsed += u32::from(item.minutes);
                (at, item)
            })
            .collect()
    }
}

/// Dated points on a line.
pub type Timeline = Vec<TimelinePoint>;

/// One dated point.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimelinePoint {
    /// The day.
    pub date: Date,
    /// Its name.
    pub label: String,
    /// What it is; a milestone unless stated.
    #[serde(default = "milestone")]
    pub kind: PlanKind,
    /// Its meaning.
    #[serde(default)]
    pub tone: Tone,
}

fn milestone() -> PlanKind {
    PlanKind::Milestone
}

/// People on a power/interest grid.
pub type PowerGrid = Vec<Person>;

/// One person or group on the grid.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Name and role.
    pub label: String,
    /// Power over the outcome.
    pub power: Level,
    /// Interest in the outcome.
    pub interest: Level,
    /// The strategy somebody chose for them by its name; without one it follows from power and interest.
    #[serde(default)]
    pub strategy: Option<String>,
}

/// A level of power or interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Low.
    Low,
    /// Medium; counts as high when the grid's quadrant is chosen.
    Medium,
    /// High.
    High,
}

/// The four strategies of the power/interest grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quadrant {
    /// High power, low interest.
    KeepSatisfied,
    /// High power, high interest.
    ManageClosely,
    /// Low power, low interest.
    Monitor,
    /// Low power, high interest.
    KeepInformed,
}

impl Quadrant {
    /// Reading order: top row, then bottom row.
    pub const ALL: [Quadrant; 4] =
        [Quadrant::KeepSatisfied, Quadrant::ManageClosely, Quadrant::Monitor, Quadrant::KeepInformed];

    /// The strategy's name.
    pub fn label(self) -> &'static str {
        match self {
            Quadrant::KeepSatisfied => "Keep satisfied",
            Quadrant::ManageClosely => "Manage closely",
            Quadrant::Monitor => "Monitor",
            Quadrant::KeepInformed => "Keep informed",
        }
    }
}

impl Person {
    /// The strategy for this person.
    pub fn quadrant(&self) -> Quadrant {
        let chosen = self.strategy.as_deref().and_then(|name| {
            Quadrant::ALL.into_iter().find(|quadrant| quadrant.label().eq_ignore_ascii_case(name.trim()))
        });
        if let Some(chosen) = chosen {
            return chosen;
        }
        match (self.power != Level::Low, self.interest != Level::Low) {
            (true, false) => Quadrant::KeepSatisfied,
            (true, true) => Quadrant::ManageClosely,
            (false, false) => Quadrant::Monitor,
            (false, true) => Quadrant::KeepInformed,
        }
    }
}

/// A responsibility matrix; every row has one cell for each column.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raci {
    /// Roles.
    pub columns: Vec<String>,
    /// Activities.
    pub rows: Vec<RaciRow>,
}

/// One activity.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RaciRow {
    /// Its name.
    pub activity: String,
    /// Letters, one cell for each role.
    pub cells: Vec<String>,
}

/// Fields to fill in.
pub type Form = Vec<Field>;

/// One field.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// What is asked.
    pub label: String,
    /// How it is answered.
    #[serde(default)]
    pub kind: FieldKind,
    /// What is already known.
    #[serde(default)]
    pub value: String,
    /// A hint below the field.
    #[serde(default)]
    pub hint: String,
    /// Height in lines, 1–20, for `lines` and `box`.
    #[serde(default = "three")]
    pub rows: u8,
    /// The choices.
    #[serde(default)]
    pub options: Vec<String>,
}

fn three() -> u8 {
    3
}

/// How a field is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldKind {
    /// One line.
    #[default]
    Line,
    /// Several ruled lines.
    Lines,
    /// An empty box.
    Box,
    /// One checkbox for each option.
    Choice,
    /// A date.
    Date,
    /// Name, signature and date.
    Signature,
}
