//! When an onboarding could go live with the people there are.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, PersonId};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Action;
use gangway_domain::programme::Side;
use gangway_domain::work::{Assignee, RunningPlan, live_plan};
use gangway_domain::workload::{
    Calendars, Helper, Piece, WithPeople, mondays, off_days, weeks_of, with_people,
};
use gangway_store::onboarding::head::Head;
use jiff::ToSpan;
use jiff::civil::Date;

use super::Known;
use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App, calculate, work};

/// Weeks after the planned end in which people's time is looked at: whoever is busy for longer is taken as free then.
const BEYOND: usize = 52;

/// Most weeks looked at in all.
const MOST_WEEKS: usize = 260;

/// When an onboarding could go live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prospect {
    /// The onboarding.
    pub head: Head,
    /// What was found; none when the onboarding is over, or its go-live is behind.
    pub found: Option<WithPeople>,
    /// How many members do its open tasks.
    pub people: usize,
    /// How many of its open tasks of our side nobody has been chosen for.
    pub unassigned: usize,
}

/// When an onboarding could go live with the people there are: everybody does one of its tasks at a time, on days that
/// neither an absence nor another onboarding takes; tasks nobody has been chosen for share the people of their role.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when the plan cannot be scheduled; or when the
/// database fails.
#[boxed]
pub async fn prospect(app: &App, actor: &Actor, id: OnboardingId) -> Result<Prospect, AppError> {
    actor.require(Action::Look)?;
    let sight = work::sight(app, actor, id).await?;
    let today = app.today();
    let plan = sight.stored.plan;
    let go_live_is_behind = plan
        .ground
        .go_live
        .as_deref()
        .and_then(|code| plan.task(code))
        .is_some_and(|task| task.state.is_over());
    let is_over = matches!(sight.head.state, OnboardingState::Completed | OnboardingState::Closed { .. });
    let open = |task: &&gangway_domain::work::RunningTask| !task.state.is_over();
    let people: std::collections::BTreeSet<PersonId> = plan
        .tasks
        .iter()
        .filter(open)
        .filter_map(|task| task.assignee.as_ref().and_then(Assignee::person))
        .collect();
    let unassigned = plan
        .tasks
        .iter()
        .filter(open)
        .filter(|task| task.side == Side::Vendor && task.assignee.is_none())
        .count();
    let (head, people) = (sight.head, people.len());
    if is_over || go_live_is_behind {
        return Ok(Prospect { head, found: None, people, unassigned });
    }
    let span = (plan.promise().finish.max(today) - today).get_days();
    let weeks = usize::try_from(span / 7).unwrap_or(0).saturating_add(BEYOND).min(MOST_WEEKS);
    let weeks = mondays(today, weeks);
    let until = weeks.last().map_or(today, |last| last.saturating_add(7.days()));
    let mut tx = app.db.read().await?;
    let known = Known::given(app, &mut tx, actor, until).await?;
    drop(tx);
    let found = calculate(move || {
        let helpers = helpers(&known, &plan, id, &weeks);
        with_people(&live_plan(&plan, today), &helpers)
    });
    let found = found.await?.map_err(AppError::refused)?;
    Ok(Prospect { head, found: Some(found), people, unassigned })
}

/// Members who have open tasks of the plan, and roles nobody has been chosen for.
fn helpers(known: &Known, plan: &RunningPlan, id: OnboardingId, weeks: &[Date]) -> Vec<Helper> {
    let calendars = Calendars::of(&plan.ground);
    let vendor = calendars.side(Side::Vendor);
    let mut people: BTreeMap<PersonId, (String, Vec<String>)> = BTreeMap::new();
    let mut roles: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for task in plan.tasks.iter().filter(|task| !task.state.is_over()) {
        match &task.assignee {
            Some(Assignee::Person { id, name }) => {
                people.entry(*id).or_insert_with(|| (name.clone(), Vec::new())).1.push(task.code.clone());
            }
            None if task.side == Side::Vendor => {
                roles.entry(task.role.as_str()).or_default().push(task.code.clone());
            }
            _ => {}
        }
    }
    let people = people.into_iter().map(|(person, (name, tasks))| {
        let elsewhere: Vec<&Piece> = known
            .pieces
            .iter()
            .filter(|piece| piece.task.person == Some(person) && piece.task.onboarding != id)
            .collect();
        let availability = known.time(person).availability;
        let loads = weeks_of(&elsewhere, &availability, &[&calendars], weeks);
        let busy: Vec<Date> = elsewhere.iter().flat_map(|piece| piece.days.iter().copied()).collect();
        let off = off_days(&loads, &busy, &availability, |day| vendor.is_workday(day));
        Helper { id: person.to_string(), name, tasks, at_once: 1, off }
    });
    let roles = roles.into_iter().map(|(role, tasks)| {
        let there = u32::try_from(known.of_role(role).len()).unwrap_or(1).max(1);
        Helper { id: format!("role {role}"), name: role.to_owned(), tasks, at_once: there, off: Vec::new() }
    });
    people.chain(roles).collect()
}
