//! Gates: what must be true to pass, and what is missing.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use jiff::civil::Date;

use super::{RunningMilestone, RunningPlan, RunningTask, Said, TaskState};
use crate::programme::Side;
use crate::rule::{FactValue, Facts, RUN_FACTS, Rule};

/// Whether a criterion holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Its rule holds.
    Holds,
    /// Its rule does not hold.
    Fails,
    /// It has no rule, or one over facts that are not known: a person says whether it is met.
    Unknown,
}

/// A criterion as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// In words.
    pub text: String,
    /// What its rule says.
    pub verdict: Verdict,
    /// Who said that it is met, where no rule can tell.
    pub said: Option<Said>,
}

impl Checked {
    /// It is met. What a rule can tell, nobody's word replaces: that is what a waiver is for.
    #[must_use]
    pub fn is_met(&self) -> bool {
        match self.verdict {
            Verdict::Holds => true,
            Verdict::Fails => false,
            Verdict::Unknown => self.said.is_some(),
        }
    }
}

/// What stands between a milestone and the day it is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateCheck {
    /// Its criteria in order.
    pub criteria: Vec<Checked>,
    /// Names of what must be done before and is not.
    pub waits_for: Vec<String>,
    /// The same by their codes.
    pub waits_on: Vec<String>,
}

impl GateCheck {
    /// Nothing stands between.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.waits_for.is_empty() && self.criteria.iter().all(Checked::is_met)
    }

    /// What is missing, in words; empty when nothing is.
    #[must_use]
    pub fn missing(&self) -> String {
        const SHOWN: usize = 4;
        let work = self.waits_for.iter().map(|name| format!("“{name}” is not done"));
        let criteria = self.criteria.iter().filter(|one| !one.is_met()).map(|one| match one.verdict {
            Verdict::Unknown => format!("nobody confirmed that {}", uncapitalised(&one.text)),
            _ => format!("it is not true that {}", uncapitalised(&one.text)),
        });
        let all: Vec<String> = work.chain(criteria).collect();
        let more = all.len().saturating_sub(SHOWN);
        let shown = all.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
        if more > 0 { format!("{shown}; and {more} more") } else { shown }
    }
}

fn uncapitalised(text: &str) -> String {
    let mut letters = text.chars();
    match (letters.next(), letters.clone().next()) {
        // An abbreviation stays as it is.
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

/// Whether a milestone can be reached with these facts, and what is missing.
#[must_use]
pub fn check_gate(plan: &RunningPlan, milestone: &RunningMilestone, facts: &Facts) -> GateCheck {
    let criteria = milestone.criteria.iter().map(|criterion| Checked {
        text: criterion.text.clone(),
        verdict: criterion.rule.as_deref().map_or(Verdict::Unknown, |rule| verdict(rule, facts)),
        said: milestone.said.iter().find(|said| said.text == criterion.text).cloned(),
    });
    let before = plan.links.iter().filter(|link| link.to == milestone.code);
    let open = before.filter(|link| {
        let task = plan.task(&link.from).is_some_and(|task| !task.state.is_over());
        task || plan.milestone(&link.from).is_some_and(RunningMilestone::holds)
    });
    let mut waits_on: Vec<String> = open.map(|link| link.from.clone()).collect();
    waits_on.dedup();
    let mut waits_for: Vec<String> = waits_on.iter().map(|code| plan.name(code).to_owned()).collect();
    waits_for.dedup();
    GateCheck { criteria: criteria.collect(), waits_for, waits_on }
}

/// What lies behind closed gates, each with the gate that is nearest before it. What is done lets pass what comes after
/// it, and so does a milestone that was reached.
#[must_use]
pub fn held(plan: &RunningPlan) -> BTreeMap<&str, &RunningMilestone> {
    let mut after: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for link in &plan.links {
        after.entry(link.from.as_str()).or_default().push(link.to.as_str());
    }
    let mut found = BTreeMap::new();
    for gate in plan.milestones.iter().filter(|one| one.holds()) {
        let mut ahead = vec![gate.code.as_str()];
        while let Some(at) = ahead.pop() {
            for to in after.get(at).into_iter().flatten().copied() {
                let Entry::Vacant(free) = found.entry(to) else { continue };
                free.insert(gate);
                let is_done = plan.task(to).is_some_and(|task| matches!(task.state, TaskState::Done { .. }));
                // Another closed gate holds what comes after it itself.
                let ends = plan.milestone(to).is_some_and(|one| one.reached_on.is_some() || one.holds());
                if !is_done && !ends {
                    ahead.push(to);
                }
            }
        }
    }
    found
}

/// How the names of facts begin that are counted from what people wrote down: enough of it shows that a criterion is met,
/// but not everything is written down, so that too little shows nothing.
const WRITTEN_DOWN: &str = "people.";

/// A rule over facts nobody collects yet tells nothing.
fn verdict(rule: &str, facts: &Facts) -> Verdict {
    match Rule::compile(rule, RUN_FACTS).and_then(|rule| rule.test(facts)) {
        Ok(true) => Verdict::Holds,
        Ok(false) if rule.contains(WRITTEN_DOWN) => Verdict::Unknown,
        Ok(false) => Verdict::Fails,
        Err(_) => Verdict::Unknown,
    }
}

/// What the plan tells the rules of gates.
#[must_use]
pub fn run_facts(plan: &RunningPlan, today: Date) -> Facts {
    let reached = |code: &String| plan.milestone(code).is_some_and(|one| one.reached_on.is_some());
    let number = |count: usize| FactValue::Int(i64::try_from(count).unwrap_or(i64::MAX));
    let open = plan.ground.complete.iter().filter(|code| !reached(code)).count();
    let due: Vec<&RunningMilestone> = plan.milestones.iter().filter(|one| one.due <= today).collect();
    let on_time = due.iter().filter(|one| one.reached_on.is_some_and(|day| day <= one.due)).count();
    let codes = |keep: &dyn Fn(&RunningMilestone) -> bool| {
        FactValue::List(plan.milestones.iter().filter(|one| keep(one)).map(|one| one.code.clone()).collect())
    };
    let mut of_plan = BTreeMap::from([
        ("complete_open", number(open)),
        ("days_late", FactValue::Int(plan.late_days())),
        ("customer_done", FactValue::List(done_by_customer(plan))),
    ]);
    if let Some(percent) = (on_time * 100).checked_div(due.len()) {
        of_plan.insert("percent_on_time", number(percent));
    }
    let milestones = BTreeMap::from([
        ("reached", codes(&|one| one.reached_on.is_some())),
        ("missed", codes(&|one| one.reached_on.is_none() && one.due < today)),
    ]);
    Facts(BTreeMap::from([("plan", FactValue::Group(of_plan)), ("milestones", FactValue::Group(milestones))]))
}

/// Ids of the customer's own tasks that are done: what they sign, accept or hand in. One that was skipped is not, and what
/// repeats says nothing of how far they are.
fn done_by_customer(plan: &RunningPlan) -> Vec<String> {
    let done = |task: &&RunningTask| {
        task.side == Side::Customer && !task.is_recurring() && matches!(task.state, TaskState::Done { .. })
    };
    plan.tasks.iter().filter(done).map(|task| task.code.clone()).collect()
}
