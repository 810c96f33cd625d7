//! How a running onboarding stands: its facts, the colour they give it with its reasons, and what they suggest
//! for escalation.
//!
//! The rules are those of `governance.toml`, in CEL over [`STANDING_FACTS`].

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::methodology::{GovernanceRules, Light};
use crate::rule::{FactValue, Facts, Rule, RuleError};

/// Name and meaning of every fact that rules of `governance.toml` may use.
pub const STANDING_FACTS: &[(&str, &str)] = &[
    ("blocked_tasks", "number of tasks that are blocked"),
    ("blocked_critical", "number of blocked tasks on the chain that decides the go-live"),
    ("blocked_days", "calendar days for which the longest blocked task has been blocked"),
    ("overdue_tasks", "number of tasks that should be done by now and are not"),
    ("milestones_late", "number of milestones not reached that the plan reaches after they are due"),
    ("gates_missed", "number of gates not passed whose day is over"),
    (
        "go_live_days_late",
        "calendar days by which the planned go-live misses the wanted one; 0 when it does not",
    ),
    (
        "go_live_slipped",
        "calendar days by which the planned go-live is later than first planned; 0 when it is not",
    ),
    (
        "p80_days_late",
        "calendar days by which the go-live with 80 % certainty misses the wanted one; 0 when it does not",
    ),
    (
        "finish_slipped",
        "calendar days by which the planned finish is later than first planned; 0 when it is not",
    ),
    ("days_to_go_live", "calendar days until the planned go-live; negative when it is over"),
    ("top_risks", "number of open risks in the most exposed band"),
    ("high_risks", "number of open risks in the two most exposed bands"),
    ("critical_issues", "number of open issues of critical severity"),
    ("open_issues", "number of open issues"),
    ("issue_hours", "hours for which the oldest open issue has been open"),
    ("overdue_decisions", "number of decisions that should have been made by now"),
    ("overdue_actions", "number of actions that should be done by now"),
    ("loss_criteria", "number of criteria that hold by which leadership is told of a champion who leaves"),
];

/// The facts of a running onboarding. Counts, calendar days and hours as [`STANDING_FACTS`] says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Blocked tasks, the critical ones first.
    pub blocked: Vec<BlockedTask>,
    /// Names of tasks that should be done by now and are not.
    pub overdue: Vec<String>,
    /// Milestones not reached that the plan reaches after they are due.
    pub late_milestones: Vec<LateMilestone>,
    /// Gates not passed whose day is over.
    pub gates_missed: i64,
    /// By how much the planned go-live misses the wanted one.
    pub go_live_days_late: i64,
    /// By how much the planned go-live is later than first planned.
    pub go_live_slipped: i64,
    /// By how much the go-live with 80 % certainty misses the wanted one.
    pub p80_days_late: i64,
    /// By how much the planned finish is later than first planned.
    pub finish_slipped: i64,
    /// Until the planned go-live.
    pub days_to_go_live: i64,
    /// Open risks in the most exposed band.
    pub top_risks: i64,
    /// Open risks in the two most exposed bands.
    pub high_risks: i64,
    /// Open issues of critical severity.
    pub critical_issues: i64,
    /// Open issues.
    pub open_issues: i64,
    /// Hours for which the oldest open issue has been open.
    pub issue_hours: i64,
    /// Decisions that should have been made.
    pub overdue_decisions: i64,
    /// Actions that should be done.
    pub overdue_actions: i64,
    /// Criteria that hold by which leadership is told of a champion who leaves.
    #[serde(default)]
    pub loss_criteria: i64,
}

/// A task that is blocked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockedTask {
    /// Its code in the plan.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Why it cannot go on.
    pub because: String,
    /// Since which day.
    pub since: Option<Date>,
    /// Whether it is on the chain that decides the go-live.
    pub critical: bool,
    /// Calendar days since then.
    pub days: i64,
}

/// A milestone that is late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateMilestone {
    /// Its code in the plan.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The day it is due.
    pub due_on: Date,
    /// The day the plan reaches it.
    pub planned_on: Date,
}

impl Standing {
    /// The number behind a fact.
    fn number(&self, name: &str) -> i64 {
        let count = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
        match name {
            "blocked_tasks" => count(self.blocked.len()),
            "blocked_critical" => count(self.blocked.iter().filter(|task| task.critical).count()),
            "blocked_days" => self.blocked.iter().map(|task| task.days).max().unwrap_or(0),
            "overdue_tasks" => count(self.overdue.len()),
            "milestones_late" => count(self.late_milestones.len()),
            "gates_missed" => self.gates_missed,
            "go_live_days_late" => self.go_live_days_late,
            "go_live_slipped" => self.go_live_slipped,
            "p80_days_late" => self.p80_days_late,
            "finish_slipped" => self.finish_slipped,
            "days_to_go_live" => self.days_to_go_live,
            "top_risks" => self.top_risks,
            "high_risks" => self.high_risks,
            "critical_issues" => self.critical_issues,
            "open_issues" => self.open_issues,
            "issue_hours" => self.issue_hours,
            "overdue_decisions" => self.overdue_decisions,
            "overdue_actions" => self.overdue_actions,
            "loss_criteria" => self.loss_criteria,
            _ => 0,
        }
    }

    /// The facts as rules see them.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let named = STANDING_FACTS.iter().map(|(name, _)| (*name, FactValue::Int(self.number(name))));
        Facts(named.collect::<BTreeMap<_, _>>())
    }

    /// A text with the facts in place of their placeholders: `{overdue_tasks}` writes the number,
    /// `{overdue_tasks:task|tasks}` the number with the word that fits it.
    #[must_use]
    pub fn fill(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((inside, behind)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            let (name, words) = inside.split_once(':').unwrap_or((inside, ""));
            let number = self.number(name);
            out.push_str(&number.to_string());
            if let Some((one, many)) = words.split_once('|') {
                out.push(' ');
                out.push_str(if number == 1 { one } else { many });
            }
            rest = behind;
        }
        out.push_str(rest);
        out
    }
}

/// The colour of an onboarding with its reasons, gravest first. Green has none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Colour {
    /// The colour the rules give.
    pub light: Light,
    /// Why, in sentences without full stop.
    pub reasons: Vec<Reason>,
}

/// Why an onboarding has its colour.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "ColourReason")]
pub struct Reason {
    /// The rule (id in `governance.toml`).
    pub rule: String,
    /// The colour this reason alone gives.
    pub light: Light,
    /// In words.
    pub text: String,
}

/// The colour the rules give to facts.
///
/// # Errors
/// When a rule cannot be evaluated.
pub fn colour(rules: &GovernanceRules, standing: &Standing) -> Result<Colour, RuleError> {
    let facts = standing.facts();
    let mut reasons = Vec::new();
    for rule in &rules.lights {
        if Rule::compile(&rule.when, STANDING_FACTS)?.test(&facts)? {
            let text = standing.fill(&rule.because);
            reasons.push(Reason { rule: rule.id.clone(), light: rule.light, text });
        }
    }
    reasons.sort_by_key(|reason| std::cmp::Reverse(reason.light));
    let light = reasons.first().map_or(Light::Green, |reason| reason.light);
    Ok(Colour { light, reasons })
}

/// Something the facts suggest for escalation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "EscalationSuggestion")]
pub struct Suggestion {
    /// The rule (id in `governance.toml`).
    pub rule: String,
    /// The level.
    pub level: u32,
    /// What is escalated, in words.
    pub text: String,
}

/// What the facts suggest for escalation, the highest level first.
///
/// # Errors
/// When a rule cannot be evaluated.
pub fn suggestions(rules: &GovernanceRules, standing: &Standing) -> Result<Vec<Suggestion>, RuleError> {
    let facts = standing.facts();
    let mut found = Vec::new();
    for rule in &rules.escalate {
        if Rule::compile(&rule.when, STANDING_FACTS)?.test(&facts)? {
            let text = standing.fill(&rule.because);
            found.push(Suggestion { rule: rule.id.clone(), level: rule.level, text });
        }
    }
    found.sort_by_key(|suggestion| std::cmp::Reverse(suggestion.level));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::methodology::{EscalateRule, LightRule};

    fn rules() -> GovernanceRules {
        let light = |id: &str, light: Light, when: &str, because: &str| LightRule {
            id: id.to_owned(),
            light,
            when: when.to_owned(),
            because: because.to_owned(),
        };
        GovernanceRules {
            lights: vec![
                light(
                    "overdue",
                    Light::Amber,
                    "overdue_tasks > 0",
                    "{overdue_tasks:task is|tasks are} overdue",
                ),
                light(
                    "late",
                    Light::Red,
                    "go_live_days_late > 7",
                    "go-live is {go_live_days_late:day|days} late",
                ),
            ],
            escalate: vec![EscalateRule {
                id: "blocked".to_owned(),
                level: 1,
                when: "blocked_tasks > 0".to_owned(),
                because: "{blocked_tasks:task is|tasks are} blocked".to_owned(),
            }],
            ..GovernanceRules::default()
        }
    }

    #[test]
    fn nothing_wrong_is_green_without_reasons() {
        let calm = Standing { days_to_go_live: 30, ..Standing::default() };
        assert_eq!(colour(&rules(), &calm).unwrap(), Colour::default());
        assert_eq!(suggestions(&rules(), &calm).unwrap(), []);
    }

    #[test]
    fn the_gravest_reason_gives_the_colour_and_stands_first() {
        let standing =
            Standing { overdue: vec!["Data export".to_owned()], go_live_days_late: 9, ..Standing::default() };
        let colour = colour(&rules(), &standing).unwrap();
        assert_eq!(colour.light, Light::Red);
        let texts: Vec<&str> = colour.reasons.iter().map(|reason| reason.text.as_str()).collect();
        assert_eq!(texts, ["go-live is 9 days late", "1 task is overdue"]);
    }

    #[test]
    fn blocked_tasks_are_suggested_for_escalation() {
        let blocked = BlockedTask {
            code: "sso".to_owned(),
            name: "Set up single sign-on".to_owned(),
            because: "no metadata".to_owned(),
            since: None,
            critical: true,
            days: 3,
        };
        let standing = Standing { blocked: vec![blocked.clone(), blocked], ..Standing::default() };
        let found = suggestions(&rules(), &standing).unwrap();
        assert_eq!((found[0].level, found[0].text.as_str()), (1, "2 tasks are blocked"));
        assert_eq!(standing.facts().0["blocked_days"], FactValue::Int(3));
        assert_eq!(standing.facts().0["blocked_critical"], FactValue::Int(2));
    }

    #[test]
    fn every_fact_there_is_has_its_number() {
        // Every number is another, so that no fact can stand for its neighbour.
        let standing = Standing {
            blocked: Vec::new(),
            overdue: Vec::new(),
            late_milestones: Vec::new(),
            gates_missed: 1,
            go_live_days_late: 2,
            go_live_slipped: 3,
            p80_days_late: 4,
            finish_slipped: 5,
            days_to_go_live: 6,
            top_risks: 7,
            high_risks: 8,
            critical_issues: 9,
            open_issues: 10,
            issue_hours: 11,
            overdue_decisions: 12,
            overdue_actions: 13,
            loss_criteria: 14,
        };
        let mut numbers: Vec<i64> = STANDING_FACTS
            .iter()
            .map(|(name, _)| standing.number(name))
            .filter(|number| *number > 0)
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=14).collect::<Vec<i64>>());
    }

    #[test]
    fn placeholders_that_never_end_stay_as_they_are() {
        assert_eq!(Standing::default().fill("a {b"), "a {b");
        assert_eq!(Standing::default().fill("{top_risks:risk|risks} open"), "0 risks open");
    }
}
