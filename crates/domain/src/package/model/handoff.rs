//! The handoff and the segment as they stand.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fact::Confidence;
use crate::programme::AgendaItem;

/// The handoff as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Handoff {
    /// Quality against the handoff checklist.
    pub quality: Quality,
    /// Response clocks.
    pub clocks: Vec<Clock>,
    /// SPICED, each part with what is known.
    pub spiced: Vec<SpicedPart>,
    /// What sales promised, each with where it is kept in the plan.
    pub promises: Vec<PromiseEntry>,
    /// Internal handoff meeting.
    pub internal_meeting: MeetingAgenda,
    /// Customer introduction.
    pub introduction: MeetingAgenda,
    /// "Did we get this right?": statements for the customer to confirm or correct.
    pub confirmation: Vec<Confirmation>,
}

/// How complete a handoff is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quality {
    /// Weighted share of checklist items that hold, 0–100; items that only people can tick count when ticked.
    pub score: u32,
    /// Share of the items that documents alone can answer, 0–100.
    pub document_score: u32,
    /// Whether the document score is enough to hold the kickoff.
    pub ready: bool,
    /// The items.
    pub items: Vec<QualityItem>,
}

/// An item of the handoff checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct QualityItem {
    /// Group title.
    pub group: String,
    /// The item.
    pub text: String,
    /// `met`, `partly`, `missing`, or `open` for what people tick later.
    pub state: ItemState,
    /// What supports or what lacks.
    pub because: String,
}

/// State of a checklist item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Holds.
    Met,
    /// Holds in part.
    Partly,
    /// Does not hold.
    Missing,
    /// Not known yet: a person ticks it.
    Open,
}

/// A response clock with its deadline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Clock {
    /// Id.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// Hours allowed.
    pub hours: u32,
    /// Counted from.
    pub from: String,
    /// Last day, when the start is known.
    pub due: Option<Date>,
    /// Who answers for it.
    pub owner: String,
    /// Already past at `as_of`.
    pub overdue: bool,
}

/// One letter of SPICED.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SpicedPart {
    /// `Situation`, `Pain`, `Impact`, `Critical event`, `Decision`.
    pub name: String,
    /// The question it answers.
    pub question: String,
    /// What is known.
    pub known: Vec<Known>,
}

/// A known thing with its confidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Known {
    /// In words.
    pub text: String,
    /// How sure.
    pub confidence: Confidence,
    /// Where from, in words (`line 3`, `properties.amount`).
    pub place: String,
}

/// A promise of sales and where it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PromiseEntry {
    /// `P1`, `P2`, …
    pub id: String,
    /// The promise.
    pub text: String,
    /// By when.
    pub by: Option<Date>,
    /// How that day was found, where a period was promised.
    #[serde(default)]
    pub by_because: Option<String>,
    /// Milestone (id) at which it shows whether it was kept.
    pub milestone: Option<String>,
    /// Task (id) at which it shows, where no milestone says it.
    #[serde(default)]
    pub task: Option<String>,
    /// Name and date of that milestone or task, in words; that it is still to be tied to the plan when
    /// nothing in the plan is what it speaks of.
    pub kept_at: String,
    /// Whether the plan keeps it: the date at which it shows is not after `by`; `None` without one of the two.
    pub on_time: Option<bool>,
    /// The cheapest changes with which the plan would keep it, when it does not.
    #[serde(default)]
    pub kept_if: Vec<String>,
    /// Where from, in words.
    pub place: String,
}

/// An agenda without a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MeetingAgenda {
    /// Title.
    pub title: String,
    /// Who takes part.
    pub attendees: Vec<String>,
    /// What it is for.
    pub purpose: String,
    /// Length in minutes.
    pub minutes: u32,
    /// Points; those of the deal are filled in.
    pub items: Vec<AgendaItem>,
}

/// A statement for the customer to confirm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Confirmation {
    /// Topic.
    pub topic: String,
    /// What we understood.
    pub statement: String,
    /// How sure we are.
    pub confidence: Confidence,
}

/// Segment, touch model and programme with reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Segmentation {
    /// Segment chosen (id).
    pub segment: String,
    /// Its name.
    pub segment_name: String,
    /// Touch model: `high`, `medium`, `low`, `tech`.
    pub touch: String,
    /// Touch model in words.
    pub touch_words: String,
    /// Programme used (id).
    pub programme: String,
    /// Its name.
    pub programme_name: String,
    /// Its version.
    pub programme_version: u32,
    /// Digest of the methodology it was made from.
    pub methodology: String,
    /// Segment that value alone would give, when known.
    pub by_value: Option<String>,
    /// Reasons, each with its facet and pull.
    pub reasons: Vec<Reason>,
    /// Set when a person chose otherwise: what was recommended and why it was overridden.
    pub overridden: Option<Override>,
    /// Rhythm of meetings.
    pub meetings: String,
    /// Usual duration in calendar days.
    pub duration_days: [u32; 2],
    /// Whose people work on it.
    pub resources: String,
    /// How much is made for this customer alone.
    pub personalization: String,
}

/// A reason of a recommendation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// Facet: `value`, `complexity`, `users`, …
    pub facet: String,
    /// Points: positive pulls to more touch.
    pub pull: i32,
    /// In words, with the facts.
    pub text: String,
    /// Its facet is not known or calls for neither: said where all facets are, left out where room is short.
    #[serde(default)]
    pub neutral: bool,
}

/// A recommendation a person overrode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Override {
    /// Segment that was recommended (id).
    pub recommended: String,
    /// Why the person chose otherwise.
    pub reason: String,
}
