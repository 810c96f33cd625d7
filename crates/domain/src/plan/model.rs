//! What goes into the engine and what comes out: the published plan schema.

use jiff::civil::{Date, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How time passes in a plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TimeModel {
    /// Every unit of time counts; points in time are numbers from 0. No calendars, no dates.
    Continuous,
    /// Durations and lags count working days of the calendars; points in time are dates.
    #[default]
    Business,
}

/// A plan as it is written down: the published plan schema, version 1.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanSpec {
    /// `gangway.plan/1`; may be left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Name of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How time passes.
    #[serde(default)]
    pub time: TimeModel,
    /// First day anything may start. Needed for business plans, forbidden for continuous ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Date>,
    /// Calendars by id. A business plan without any uses Monday to Friday without holidays.
    #[serde(default)]
    pub calendars: Vec<CalendarSpec>,
    /// The tasks.
    pub tasks: Vec<TaskSpec>,
    /// The dependencies between them.
    #[serde(default)]
    pub links: Vec<LinkSpec>,
    /// A date some task (or the whole plan) should meet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetSpec>,
}

/// The working days of one party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarSpec {
    /// Id that tasks refer to, e.g. `vendor`, `customer`.
    pub id: String,
    /// Days of the week on which nobody works.
    #[serde(default = "saturday_and_sunday", with = "weekday_names")]
    #[schemars(with = "Vec<String>")]
    pub weekend: Vec<Weekday>,
    /// Single days off.
    #[serde(default)]
    pub holidays: Vec<HolidaySpec>,
    /// Periods off; both ends included.
    #[serde(default)]
    pub closed: Vec<ClosedSpec>,
}

/// One day off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HolidaySpec {
    /// The day.
    pub date: Date,
    /// What it is called.
    #[serde(default)]
    pub name: String,
}

/// A period off; both days included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosedSpec {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// A task, or a milestone when its duration is 0.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskSpec {
    /// Id, unique in the plan.
    pub id: String,
    /// What is done.
    #[serde(default)]
    pub name: String,
    /// Working days (business) or units of time (continuous).
    pub duration: u32,
    /// Calendars whose common working days count; empty means the first calendar of the plan.
    #[serde(default)]
    pub calendars: Vec<String>,
    /// A date the task is tied to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub constraint: Option<Constraint>,
    /// Planned as soon as possible (the default) or as late as possible without moving others.
    #[serde(default)]
    pub prefer: Preference,
    /// Weekdays and periods on which this task must not happen although people work, such as a
    /// go-live on a Friday. A task that meets one moves to the next day that is allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avoid: Option<Avoid>,
}

/// When to plan a task that has slack.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Preference {
    /// At its early dates.
    #[default]
    Asap,
    /// At its late dates.
    Alap,
}

/// Days on which a task must not happen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Avoid {
    /// Days of the week.
    #[serde(default, with = "weekday_names")]
    #[schemars(with = "Vec<String>")]
    pub weekdays: Vec<Weekday>,
    /// Periods.
    #[serde(default)]
    pub periods: Vec<ClosedSpec>,
    /// Days it may end on all the same, since somebody decided so with a reason; plan files say none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(skip)]
    pub allowed: Vec<Date>,
}

/// A date (business) or point in time (continuous) a task is tied to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Constraint {
    /// Must not start before; delays the task.
    NotBefore {
        /// First moment allowed.
        at: Point,
    },
    /// Must be finished by; never moves the task, but limits its late dates and can make the plan infeasible.
    FinishBy {
        /// Last moment allowed.
        at: Point,
    },
    /// Starts exactly then: early and late start are both pinned. Predecessors that cannot finish
    /// in time make the plan infeasible; they never move the task.
    FixedStart {
        /// The moment.
        at: Point,
    },
}

/// A point in time: a date in business plans, a number of units in continuous ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Point {
    /// Units of time since the start of a continuous plan.
    Unit(i64),
    /// A day of a business plan.
    Day(Date),
}

/// Which ends of two tasks a link ties together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum LinkKind {
    /// The successor starts after the predecessor finished.
    #[default]
    #[serde(rename = "FS")]
    FinishStart,
    /// The successor starts after the predecessor started.
    #[serde(rename = "SS")]
    StartStart,
    /// The successor finishes after the predecessor finished.
    #[serde(rename = "FF")]
    FinishFinish,
    /// The successor finishes after the predecessor started.
    #[serde(rename = "SF")]
    StartFinish,
}

/// A dependency between two tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkSpec {
    /// Id of the predecessor.
    pub from: String,
    /// Id of the successor.
    pub to: String,
    /// Which ends are tied together.
    #[serde(rename = "type", default)]
    pub kind: LinkKind,
    /// Working days of the successor's calendar (business) or units (continuous) in between; may be negative.
    #[serde(default)]
    pub lag: i32,
}

/// A date to meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetSpec {
    /// Task that must be finished by then; the whole plan when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
    /// Last moment allowed.
    pub by: Point,
}

/// What the engine found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Schedule {
    /// Latest early finish of any task: the finish of the plan (0 for an empty continuous plan).
    pub finish: Point,
    /// One entry per task, in the order of the plan.
    pub tasks: Vec<Scheduled>,
    /// Ids of the tasks of one longest chain to the finish (to the target task when there is a target), in order.
    pub critical_path: Vec<String>,
    /// Whether the target is met; `None` without a target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feasibility: Option<Feasibility>,
    /// Constraints that cannot hold together with the links: which task, what is violated, by how many days.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Conflict>,
}

/// The dates of one task. In business plans, `start` and `finish` are working days, both included;
/// a milestone (duration 0) has `start == finish`: the day at whose end it is reached, that is the
/// day its last predecessor finishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Scheduled {
    /// Id of the task.
    pub id: String,
    /// Earliest start.
    pub early_start: Point,
    /// Earliest finish.
    pub early_finish: Point,
    /// Latest start that delays neither the target (or finish) nor a constraint.
    pub late_start: Point,
    /// Latest finish likewise.
    pub late_finish: Point,
    /// Planned start, by the task's preference.
    pub start: Point,
    /// Planned finish.
    pub finish: Point,
    /// Working days (units) the task can slip without moving the finish; negative when already late.
    pub total_slack: i64,
    /// Working days (units) it can slip without moving any successor.
    pub free_slack: i64,
    /// Whether its total slack is the least of the plan (0 in a plan without target).
    pub critical: bool,
}

/// Whether a target is met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Feasibility {
    /// The target.
    pub target: Point,
    /// When the target task (or plan) finishes.
    pub expected: Point,
    /// Whether `expected` is not after `target`.
    pub feasible: bool,
    /// Calendar days (units) too late; 0 when feasible.
    pub shortfall: i64,
    /// Calendar days (units) to spare; 0 when not feasible.
    pub buffer: i64,
    /// The fewest changes that would meet the target, cheapest first; when none do, those that come
    /// nearest. Empty when feasible, or when nothing moves the finish forward.
    pub compressions: Vec<Compression>,
    /// When the target task (or plan) finishes with all of the `compressions` made: not after
    /// `target` when they suffice. `None` without any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub best: Option<Point>,
}

/// One way to gain time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Compression {
    /// Do a critical task in fewer days.
    Shorten {
        /// The task.
        task: String,
        /// From how many days.
        from: u32,
        /// To how many days.
        to: u32,
        /// Calendar days (units) the finish moves forward by this one change.
        gains: i64,
    },
    /// Let two critical tasks overlap: start the successor before the predecessor is done.
    Overlap {
        /// The predecessor.
        from: String,
        /// The successor.
        to: String,
        /// Working days of overlap.
        days: u32,
        /// Calendar days (units) the finish moves forward.
        gains: i64,
    },
    /// Start the whole plan earlier.
    StartEarlier {
        /// Working days earlier.
        days: u32,
        /// Calendar days (units) the finish moves forward.
        gains: i64,
    },
}

/// A constraint that cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Conflict {
    /// The task whose constraint is violated.
    pub task: String,
    /// What is the matter and which predecessors cause it, in words.
    pub message: String,
    /// Working days (units) by which it is violated.
    pub by: i64,
}

fn saturday_and_sunday() -> Vec<Weekday> {
    vec![Weekday::Saturday, Weekday::Sunday]
}

/// Weekdays as English names in lower case (`"friday"`).
mod weekday_names {
    use jiff::civil::Weekday;
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    const NAMES: [(&str, Weekday); 7] = [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ];

    pub fn serialize<S: Serializer>(days: &[Weekday], serializer: S) -> Result<S::Ok, S::Error> {
        let names: Vec<&str> = days
            .iter()
            .filter_map(|day| NAMES.iter().find(|(_, d)| d == day).map(|(name, _)| *name))
            .collect();
        names.serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Weekday>, D::Error> {
        Vec::<String>::deserialize(deserializer)?
            .into_iter()
            .map(|name| {
                NAMES
                    .iter()
                    .find(|(known, _)| known.eq_ignore_ascii_case(&name))
                    .map(|(_, day)| *day)
                    .ok_or_else(|| D::Error::custom(format!("unknown weekday `{name}`: use monday … sunday")))
            })
            .collect()
    }
}
