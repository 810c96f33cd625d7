//! Questions: what is asked, of whom, when the deal does not say it.

use serde::{Deserialize, Serialize};

use crate::wording::Text;

/// `questions.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct QuestionRules {
    /// Systems of which everybody runs the same version: only access to them is asked. Terms of
    /// [`Text::find`](crate::wording::Text::find).
    pub hosted: Vec<String>,
    /// The questions in the order they are asked.
    #[serde(rename = "question")]
    pub questions: Vec<QuestionRule>,
}

impl QuestionRules {
    /// Whether a system is a service that everybody runs in the same version.
    #[must_use]
    pub fn is_hosted(&self, system: &str) -> bool {
        Text::new(system).find_any(&self.hosted).is_some()
    }
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
    /// Every other such system: a service everybody runs in the same version (see `hosted`).
    HostedIntegration,
    /// Every role the customer's side needs (see `needed` in `people.toml`) and nobody fills.
    MissingRole,
}
