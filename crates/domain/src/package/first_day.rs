//! What rules of risks and questions see and say once the plan has its dates.

use super::frame::{Frame, Ground};
use super::{People, PlanTask, PromiseEntry};
use crate::deal::{Stakeholder, StakeholderRole};
use crate::fact::Fact;
use crate::fit::{Words, counted};
use crate::plan::Feasibility;
use crate::programme::Side;
use crate::rule::{FactValue, Facts};

/// A deal, its plan and its people on the day the package is made.
pub(super) struct FirstDay<'a> {
    pub frame: &'a Frame<'a>,
    pub people: &'a People,
    pub promises: &'a [PromiseEntry],
    /// See [`crate::rule::first_day_facts`].
    pub facts: Facts,
    /// See [`crate::methodology::FIRST_DAY_PLACEHOLDERS`].
    pub words: Words,
}

impl<'a> FirstDay<'a> {
    pub fn new(frame: &'a Frame<'a>, people: &'a People, promises: &'a [PromiseEntry]) -> Self {
        let slack = i64::from(frame.ground.methodology.risks.tight_slack_days);
        let is_tight =
            |task: &&PlanTask| task.owner == Side::Customer && task.slack <= slack && task.days > 0;
        let tight: Vec<&PlanTask> = frame.plan.tasks.iter().filter(is_tight).collect();
        let feasibility = frame.dates.feasibility.as_ref();
        let facts = facts(frame, people, feasibility, tight.len());
        let calendar_days = |days: i64| counted(days, "calendar day");
        let mut words = frame.ground.words.clone();
        words.set("late_by", calendar_days(feasibility.map_or(0, |found| found.shortfall)));
        words.set("spare", calendar_days(feasibility.map_or(0, |found| found.buffer)));
        words.set("tight_tasks", counted(number(tight.len()), "task"));
        words.set("tight_task", tight.first().map(|task| task.name.clone()).unwrap_or_default());
        words.set("tight_slack", counted(slack, "working day"));
        words.set("threading", people.threading.clone());
        words.set("holidays", holidays(frame.ground));
        Self { frame, people, promises, facts, words }
    }
}

/// What the plan takes for the public holidays of a customer whose country is unknown.
fn holidays(ground: &Ground<'_>) -> String {
    match &ground.calendars.assumed {
        Some(country) => {
            let name = ground.methodology.country(country).unwrap_or_else(|| country.clone());
            format!("the vendor's public holidays ({name})")
        }
        None => "weekends only, no public holidays".to_owned(),
    }
}

fn facts(frame: &Frame<'_>, people: &People, feasibility: Option<&Feasibility>, tight: usize) -> Facts {
    let deal = frame.ground.deal;
    let sponsor = |fact: &Fact<Stakeholder>| fact.value.role == StakeholderRole::ExecutiveSponsor;
    let contacts = deal.stakeholders.iter().map(|fact| i64::from(fact.value.count)).sum();
    let provider = deal.single_sign_on().is_some_and(|sso| !sso.value.eq_ignore_ascii_case("yes"));
    let mut facts = frame.ground.judge.facts().clone();
    facts.0.extend([
        ("go_live_wanted", FactValue::Bool(deal.go_live.is_some())),
        ("days_late", FactValue::Int(feasibility.map_or(0, |found| found.shortfall))),
        ("days_to_spare", FactValue::Int(feasibility.map_or(0, |found| found.buffer))),
        ("tight_tasks", FactValue::Int(number(tight))),
        ("contacts", FactValue::Int(contacts)),
        ("sponsor_known", FactValue::Bool(deal.stakeholders.iter().any(sponsor))),
        ("multi_threaded", FactValue::Bool(people.multi_threaded)),
        ("pilot_named", FactValue::Bool(!frame.ground.said.pilot.is_empty())),
        ("sso_provider_known", FactValue::Bool(provider)),
    ]);
    facts
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
