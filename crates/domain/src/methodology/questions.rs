//! Questions: what is asked, of whom, when the deal does not say it.

use serde::{Deserialize, Serialize};

/// `questions.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QuestionRules {
    /// The questions in the order they are asked.
    #[serde(rename = "question")]
    pub questions: Vec<QuestionRule>,
}

/// A question that stays open until somebody answers it. Texts may hold
/// [`FIRST_DAY_PLACEHOLDERS`](super::FIRST_DAY_PLACEHOLDERS).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionRule {
    /// Id.
    pub id: String,
    /// Part of the deal that answers it (see [`crate::handoff::answers`]): asked only while that is missing.
    #[serde(default)]
    pub answered_by: Option<String>,
    /// Only when this CEL rule over [`crate::rule::first_day_facts`] holds.
    #[serde(default)]
    pub when: Option<String>,
    /// Asked for each of these; once in all when left out.
    #[serde(default)]
    pub for_each: Option<QuestionItem>,
    /// The question.
    pub text: String,
    /// Roles to ask (ids): the first one that the programme has.
    pub ask: Vec<String>,
    /// Why it matters.
    pub why: String,
    /// What the plan assumes until it is answered; nothing when left out.
    #[serde(default)]
    pub assumed: Option<String>,
}

/// What a question is repeated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuestionItem {
    /// Every system to integrate of which neither version nor edition is known.
    UndescribedIntegration,
    /// Every role the customer's side needs (see `needed` in `people.toml`) and nobody fills.
    MissingRole,
}
