//! Segments by value, the facets that shift them, and the currency they are in.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// `segments.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Segments {
    /// Workspace currency that the bounds are in (ISO 4217).
    pub currency: String,
    /// What one unit of another currency is worth in the workspace currency, for choosing a segment only.
    pub rates: IndexMap<String, f64>,
    /// Points of pull, up or down, at which facets move the recommendation by one segment; 0: never.
    pub shift_at: u32,
    /// From smallest to largest.
    #[serde(rename = "segment")]
    pub segments: Vec<Segment>,
    /// Facets besides value and how they pull towards a touch model.
    #[serde(rename = "facet")]
    pub facets: Vec<Facet>,
    /// Words in an industry that make it regulated.
    pub regulated_industries: Vec<String>,
}

/// A segment [004].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// `self-serve`, `smb`, `mid-market`, `enterprise`.
    pub id: String,
    /// Name people see.
    pub name: String,
    /// Least annual value, whole units of the workspace currency, inclusive.
    pub from: i64,
    /// Bound above, exclusive; absent for the largest.
    #[serde(default)]
    pub below: Option<i64>,
    /// `high`, `medium`, `low`, `tech`.
    pub touch: String,
    /// Touch model in words (dedicated CSM …).
    pub touch_words: String,
    /// Programme used.
    pub programme: String,
    /// Usual duration in calendar days.
    pub duration_days: [u32; 2],
    /// Rhythm of meetings in words.
    pub meetings: String,
    /// How much is made for this customer alone, in words.
    pub personalization: String,
    /// Whose people work on it, in words.
    pub resources: String,
    /// Good and bad bounds of time to first value, calendar days.
    pub first_value_days: [u32; 2],
}

/// A facet of segmentation: pulls up (more touch) or down (less) [000, 004 "when to use tech-touch"].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facet {
    /// Id.
    pub id: String,
    /// `value`, `complexity`, `users`, `integrations`, `industry`, `maturity`, `use-case`.
    pub facet: String,
    /// CEL rule over [`crate::rule::FIT_FACTS`].
    pub when: String,
    /// Points: positive pulls to more touch, negative to less.
    pub pull: i32,
    /// Why, in words; `{users}`, `{integrations}`, `{sites}` … stand for the facts.
    pub reason: String,
}
