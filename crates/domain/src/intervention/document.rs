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
    /// Who answered for it.
    pub owner: String,
    /// What came of it; empty while it is not over.
    pub result: String,
    /// When.
    pub on: Option<Date>,
}

/// What an escalation document says from facts; what only a person can say is asked for in its text, see
/// [`crate::report::Blank`].
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
    /// Who answers for what is done now; empty when nobody does.
    pub owner: String,
    /// Score and status, in words; empty when it was never judged.
    pub health: String,
    /// Signals, gravest first.
    pub signals: Vec<SignalRow>,
    /// What is at stake.
    pub impact: Impact,
    /// What was done, the earliest first.
    pub actions: Vec<ActionTaken>,
    /// What is planned next, of what was begun.
    pub next_steps: Vec<String>,
    /// Until when it must be decided.
    pub decision_by: Option<Date>,
}

impl EscalationFacts {
    /// Gravest signals first; of equals, the oldest.
    pub fn sort_signals(&mut self) {
        self.signals.sort_by_key(|signal| (std::cmp::Reverse(signal.severity), signal.first_noticed));
    }

    /// What a customer may read of it: the dates, and until when it must be decided. What was seen of them, what it is
    /// worth to us and what we did about it was written for the team.
    #[must_use]
    pub fn for_customer(self) -> Self {
        Self {
            value: String::new(),
            to: String::new(),
            owner: String::new(),
            health: String::new(),
            signals: Vec::new(),
            impact: Impact { timeline: self.impact.timeline, ..Impact::default() },
            actions: Vec::new(),
            next_steps: Vec::new(),
            ..self
        }
    }
}

/// What is known of what is at stake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stakes {
    /// Annual value with its currency; empty when unknown.
    pub value: String,
    /// Planned go-live.
    pub go_live: Date,
    /// Go-live the customer wants.
    pub wanted: Option<Date>,
    /// Tasks that are blocked.
    pub blocked: usize,
    /// Those at the customer on whom it depends, each with where they stand.
    pub people: Vec<String>,
}

impl Stakes {
    /// The impact in sentences.
    #[must_use]
    pub fn impact(&self) -> Impact {
        let written = |day: Date| day.strftime("%-d %b %Y").to_string();
        let go_live = written(self.go_live);
        let mut timeline = match self.wanted.map(|wanted| (wanted, (self.go_live - wanted).get_days())) {
            Some((wanted, days @ 1..)) => {
                format!("Go-live is planned for {go_live}, {} after {}.", days_of(days), written(wanted))
            }
            Some(_) => format!("Go-live is planned for {go_live}, as the customer wants it."),
            None => format!("Go-live is planned for {go_live}."),
        };
        match self.blocked {
            0 => {}
            1 => timeline.push_str(" One task is blocked."),
            many => timeline.push_str(&format!(" {many} tasks are blocked.")),
        }
        Impact {
            timeline,
            relationship: match self.people.as_slice() {
                [] => "Nobody who decides is known by name.".to_owned(),
                people => format!("{}.", people.join("; ")),
            },
            revenue: match self.value.as_str() {
                "" => "The value of the contract is not known.".to_owned(),
                value => format!("{value} a year is at stake, and what could grow from it."),
            },
        }
    }
}

fn days_of(days: i32) -> String {
    if days == 1 { "a day".to_owned() } else { format!("{days} days") }
}

/// A plan to save a customer, or to part well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SaveOrExitPlan {
    /// What is known: the situation, the signals, what was tried.
    pub facts: EscalationFacts,
    /// Questions that decide it.
    pub questions: Vec<String>,
    /// What must hold for the customer to be kept.
    pub save_when: Vec<String>,
    /// Steps to save it.
    pub save_steps: Vec<String>,
    /// What must hold for the work to rest.
    pub pause_when: Vec<String>,
    /// Steps to let it rest.
    pub pause_steps: Vec<String>,
    /// Steps to part well.
    pub exit_steps: Vec<String>,
    /// Until when it is decided.
    pub decide_by: Date,
}

/// A plan to save a customer or to part, from what is known.
#[must_use]
pub fn save_or_exit(rules: &SaveOrExitRules, facts: EscalationFacts) -> SaveOrExitPlan {
    let days = i64::from(rules.decide_within_days).days();
    let own = facts.day.saturating_add(days);
    SaveOrExitPlan {
        questions: rules.questions.clone(),
        save_when: rules.save_when.clone(),
        save_steps: rules.save_steps.clone(),
        pause_when: rules.pause_when.clone(),
        pause_steps: rules.pause_steps.clone(),
        exit_steps: rules.exit_steps.clone(),
        // Whoever asked for an earlier decision gets it.
        decide_by: facts.decision_by.map_or(own, |by| by.min(own)),
        facts,
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

    fn stakes() -> Stakes {
        Stakes {
            value: "€48,000".to_owned(),
            go_live: date(2027, 4, 12),
            wanted: Some(date(2027, 4, 1)),
            blocked: 2,
            people: vec!["Dana Whitfield (Champion): leaves 9 Mar 2027".to_owned()],
        }
    }

    fn facts() -> EscalationFacts {
        EscalationFacts {
            customer: "Acme".to_owned(),
            value: "€48,000".to_owned(),
            phase: "Piloting".to_owned(),
            day: date(2027, 3, 1),
            by: "Ida".to_owned(),
            to: "Leadership".to_owned(),
            owner: "Bo".to_owned(),
            health: "41, Critical".to_owned(),
            signals: vec![
                row("late", Severity::Medium, date(2027, 1, 1)),
                row("silent", Severity::Critical, date(2027, 2, 20)),
                row("gone", Severity::Critical, date(2027, 2, 10)),
            ],
            impact: stakes().impact(),
            actions: Vec::new(),
            next_steps: vec!["Meet".to_owned()],
            decision_by: None,
        }
    }

    #[test]
    fn the_gravest_signals_come_first() {
        let mut facts = facts();
        facts.sort_signals();
        let names: Vec<&str> = facts.signals.iter().map(|signal| signal.name.as_str()).collect();
        assert_eq!(names, ["gone", "silent", "late"]);
    }

    #[test]
    fn impact_is_told_in_days_people_and_money() {
        let impact = stakes().impact();
        assert_eq!(
            impact.timeline,
            "Go-live is planned for 12 Apr 2027, 11 days after 1 Apr 2027. 2 tasks are blocked."
        );
        assert_eq!(impact.relationship, "Dana Whitfield (Champion): leaves 9 Mar 2027.");
        assert_eq!(impact.revenue, "€48,000 a year is at stake, and what could grow from it.");
        let early = Stakes { go_live: date(2027, 3, 29), blocked: 1, ..stakes() }.impact();
        assert_eq!(
            early.timeline,
            "Go-live is planned for 29 Mar 2027, as the customer wants it. One task is blocked."
        );
        let little = Stakes { value: String::new(), wanted: None, blocked: 0, ..stakes() }.impact();
        assert_eq!(little.timeline, "Go-live is planned for 12 Apr 2027.");
        assert_eq!(little.revenue, "The value of the contract is not known.");
    }

    #[test]
    fn customers_read_dates_and_nothing_that_was_written_for_the_team() {
        let told = facts().for_customer();
        assert_eq!(told.impact.timeline, facts().impact.timeline);
        assert_eq!((told.value.as_str(), told.health.as_str(), told.owner.as_str()), ("", "", ""));
        assert!(told.signals.is_empty() && told.actions.is_empty() && told.next_steps.is_empty());
        assert!(told.impact.relationship.is_empty() && told.impact.revenue.is_empty());
    }

    #[test]
    fn it_is_decided_by_the_earlier_day() {
        let rules = SaveOrExitRules {
            decide_within_days: 5,
            questions: Vec::new(),
            save_when: Vec::new(),
            save_steps: Vec::new(),
            pause_when: Vec::new(),
            pause_steps: Vec::new(),
            exit_steps: Vec::new(),
        };
        let by = |decision_by| save_or_exit(&rules, EscalationFacts { decision_by, ..facts() }).decide_by;
        assert_eq!(by(None), date(2027, 3, 6));
        assert_eq!(by(Some(date(2027, 3, 3))), date(2027, 3, 3));
        assert_eq!(by(Some(date(2027, 4, 1))), date(2027, 3, 6));
    }
}
