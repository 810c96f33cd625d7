//! Words by which what a deal says is found again in the plan: the pilot, the way of rolling out, what a
//! promise speaks of.

use serde::{Deserialize, Serialize};

/// `wording.toml`. Every list holds terms of [`Text::finds`](crate::wording::Text::finds).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WordingRules {
    /// Where the pilot is.
    pub pilot: PilotWords,
    /// How the rollout goes on after it.
    pub rollout: RolloutWords,
    /// Where promises show.
    pub promises: PromiseWords,
}

/// Words by which a passage says where the pilot is: it holds one of `words` and the name of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PilotWords {
    /// Words for a pilot.
    pub words: Vec<String>,
    /// Words after which a passage speaks of what follows the pilot.
    pub then: Vec<String>,
    /// Words that turn a passage into its opposite.
    pub not: Vec<String>,
}

/// Words for ways of rolling out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RolloutWords {
    /// One site after the other.
    pub one_by_one: Vec<String>,
    /// All sites after the pilot together.
    pub at_once: Vec<String>,
}

/// How promises are tied to the plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PromiseWords {
    /// What promises may speak of.
    pub about: Vec<PromiseSubject>,
}

/// Something a promise may speak of, and where in a plan it shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromiseSubject {
    /// Id.
    pub id: String,
    /// Terms that speak of it. Of several subjects, the one with the longest term speaks; of equally
    /// long ones the one that the promise names first.
    pub words: Vec<String>,
    /// Tasks and milestones (ids) of the programmes at which it shows: the first one that the plan has.
    /// Repeated tasks count only when the promise names their item. Empty: a person ties it to the plan.
    pub shown_at: Vec<String>,
    /// The same for a promise that names the pilot's site and no other.
    #[serde(default)]
    pub shown_at_pilot: Vec<String>,
    /// Whether it shows when the task begins or when it is done.
    #[serde(default)]
    pub moment: Moment,
}

/// An end of a task.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// Its first day.
    Start,
    /// Its last day.
    #[default]
    Finish,
}
