//! What an escalation document and a plan to save a customer or to part are made of [004, escalation template].

use jiff::ToSpan as _;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::deal::Severity;
use crate::methodology::SaveOrExitRules;
use crate::people::read_by_word;

/// What is asked of whoever it is escalated to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "SupportRequested")]
pub enum Support {
    /// An executive talks to the customer's.
    Executive,
    /// More people.
    People,
    /// Engineering looks at it.
    Technical,
    /// Terms are talked about.
    Commercial,
    /// Something else, told in the summary.
    Other,
}

impl Support {
    /// Every kind of support, in the order they are shown.
    pub const ALL: [Self; 5] =
        [Self::Executive, Self::People, Self::Technical, Self::Commercial, Self::Other];

    /// The word in files and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Executive => "executive",
            Self::People => "people",
            Self::Technical => "technical",
            Self::Commercial => "commercial",
            Self::Other => "other",
        }
    }

    /// In words.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Executive => "Executive involvement",
            Self::People => "Additional people",
            Self::Technical => "Technical escalation",
            Self::Commercial => "Commercial discussion",
            Self::Other => "Something else",
        }
    }
}

/// A word that is no kind of support.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no support `{0}`: there are executive, people, technical, commercial and other")]
pub struct UnknownSupport(pub String);

read_by_word!(Support, UnknownSupport, UnknownSupport);

/// A signal as the document shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EscalatedSignal")]
pub struct SignalRow {
    /// Name.
    pub name: String,
    /// Since when it is there.
    pub first_noticed: Date,
    /// How grave it is.
    pub severity: Severity,
    /// How often it came.
    pub count: u32,
    /// What was seen.
    pub words: String,
    /// What was done about it; empty when nothing was.
    pub action: String,
}

/// What is at stake.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EscalationImpact")]
pub struct Impact {
    /// On time: days at risk, in words.
    pub timeline: String,
    /// On the relationship: champion, sponsor, mood, in words.
    pub relationship: String,
    /// On revenue: what may be lost, in words.
    pub revenue: String,
}

/// Something that was done, with what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ActionTaken {
    /// What.
    pub action: String,
    /// What came of it; empty while it is not over.
    pub result: String,
    /// When.
    pub on: Option<Date>,
}

/// Everything an escalation document says. What only a person can say is empty until they do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EscalationFacts {
    /// The customer.
    pub customer: String,
    /// Annual value with its currency; empty when unknown.
    pub value: String,
    /// Where the onboarding stands.
    pub phase: String,
    /// The day it is written.
    pub day: Date,
    /// Who escalates.
    pub by: String,
    /// To whom.
    pub to: String,
    /// Score and status, in words.
    pub health: String,
    /// What the situation is, in two or three sentences.
    pub summary: String,
    /// Signals, gravest first.
    pub signals: Vec<SignalRow>,
    /// What is at stake.
    pub impact: Impact,
    /// What causes it: a person says so.
    pub root_cause: String,
    /// What was done.
    pub actions: Vec<ActionTaken>,
    /// What is asked for.
    pub support: Vec<Support>,
    /// What is recommended.
    pub next_steps: Vec<String>,
    /// Until when it must be decided.
    pub decision_by: Option<Date>,
}

impl EscalationFacts {
    /// What a person must still write before it is sent, in words.
    #[must_use]
    pub fn gaps(&self) -> Vec<&'static str> {
        let wanted = [
            (self.summary.trim().is_empty(), "the summary"),
            (self.root_cause.trim().is_empty(), "the root cause"),
            (self.support.is_empty(), "the support that is asked for"),
            (self.next_steps.is_empty(), "what is recommended"),
            (self.decision_by.is_none(), "until when it must be decided"),
            (self.to.trim().is_empty(), "to whom it goes"),
        ];
        wanted.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, what)| what).collect()
    }

    /// Gravest signals first; of equals, the oldest.
    pub fn sort_signals(&mut self) {
        self.signals.sort_by_key(|signal| (std::cmp::Reverse(signal.severity), signal.first_noticed));
    }
}

/// A plan to save a customer, or to part well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SaveOrExitPlan {
    /// The customer.
    pub customer: String,
    /// Annual value with its currency; empty when unknown.
    pub value: String,
    /// Score and status, in words.
    pub health: String,
    /// Signals, gravest first.
    pub signals: Vec<SignalRow>,
    /// Questions that decide it.
    pub questions: Vec<String>,
    /// What must hold for the customer to be kept.
    pub save_when: Vec<String>,
    /// Steps to save it.
    pub save_steps: Vec<String>,
    /// Steps to part well.
    pub exit_steps: Vec<String>,
    /// Until when it is decided.
    pub decide_by: Date,
}

/// A plan to save a customer or to part, from what is known.
#[must_use]
pub fn save_or_exit(rules: &SaveOrExitRules, facts: &EscalationFacts) -> SaveOrExitPlan {
    let days = i64::from(rules.decide_within_days).days();
    let own = facts.day.saturating_add(days);
    SaveOrExitPlan {
        customer: facts.customer.clone(),
        value: facts.value.clone(),
        health: facts.health.clone(),
        signals: facts.signals.clone(),
        questions: rules.questions.clone(),
        save_when: rules.save_when.clone(),
        save_steps: rules.save_steps.clone(),
        exit_steps: rules.exit_steps.clone(),
        // Whoever asked for an earlier decision gets it.
        decide_by: facts.decision_by.map_or(own, |by| by.min(own)),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn row(name: &str, severity: Severity, first_noticed: Date) -> SignalRow {
        SignalRow {
            name: name.to_owned(),
            first_noticed,
            severity,
            count: 1,
            words: String::new(),
            action: String::new(),
        }
    }

    fn facts() -> EscalationFacts {
        EscalationFacts {
            customer: "Acme".to_owned(),
            value: "€48,000".to_owned(),
            phase: "Piloting".to_owned(),
            day: date(2027, 3, 1),
            by: "Ida".to_owned(),
            to: String::new(),
            health: "41, Critical".to_owned(),
            summary: " ".to_owned(),
            signals: vec![
                row("late", Severity::Medium, date(2027, 1, 1)),
                row("silent", Severity::Critical, date(2027, 2, 20)),
                row("gone", Severity::Critical, date(2027, 2, 10)),
            ],
            impact: Impact::default(),
            root_cause: String::new(),
            actions: Vec::new(),
            support: vec![Support::Executive],
            next_steps: vec!["Meet".to_owned()],
            decision_by: None,
        }
    }

    #[test]
    fn what_only_a_person_can_say_is_asked_for() {
        let mut facts = facts();
        assert_eq!(
            facts.gaps(),
            ["the summary", "the root cause", "until when it must be decided", "to whom it goes"]
        );
        facts.sort_signals();
        let names: Vec<&str> = facts.signals.iter().map(|signal| signal.name.as_str()).collect();
        assert_eq!(names, ["gone", "silent", "late"]);
    }

    #[test]
    fn it_is_decided_by_the_earlier_day() {
        let rules = SaveOrExitRules {
            decide_within_days: 5,
            questions: Vec::new(),
            save_when: Vec::new(),
            save_steps: Vec::new(),
            exit_steps: Vec::new(),
        };
        let mut facts = facts();
        assert_eq!(save_or_exit(&rules, &facts).decide_by, date(2027, 3, 6));
        facts.decision_by = Some(date(2027, 3, 3));
        assert_eq!(save_or_exit(&rules, &facts).decide_by, date(2027, 3, 3));
        facts.decision_by = Some(date(2027, 4, 1));
        assert_eq!(save_or_exit(&rules, &facts).decide_by, date(2027, 3, 6));
    }
}
