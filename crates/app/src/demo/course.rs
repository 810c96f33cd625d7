//! What happened in running onboardings since their kickoff: work was done as planned, early or late, gates
//! were passed, and somebody said so on the day. Everything goes through the use cases, as it was then.

use std::collections::BTreeMap;

use gangway_domain::ids::OnboardingId;
use gangway_domain::plan::LinkKind;
use gangway_domain::programme::Side;
use gangway_domain::rule::{FactValue, Facts};
use gangway_domain::work::{
    Assignee, Change, RunningMilestone, RunningPlan, RunningTask, TaskState, Verdict, check_gate, run_facts,
};
use gangway_store::work::Stored;
use jiff::ToSpan;
use jiff::civil::Date;

use super::script::{self, Scene};
use super::{Person, actor, back, meetings, on, relate, working_day};
use crate::error::AppError;
use crate::ids::split_mix;
use crate::{Actor, App, launch, work};

/// Calendar days ago until which a story told in full went as planned, and on which its plan was looked after since.
const DAYS: (i32, &[i32]) = (26, &[19, 12, 7, 3, 0]);

/// Likewise of any other.
const DAYS_OF_OTHERS: (i32, &[i32]) = (8, &[1]);

/// Of so many onboardings, one is left alone by whoever runs it, so that overdue work can be seen.
const LEFT_ALONE: usize = 7;

/// Tasks that begin within so many calendar days have somebody.
const GIVEN_DAYS: i32 = 14;

/// Who lets a go-live go on when nobody wrote a decision down.
const LEADER: &str = "Priya Raman";

/// Tasks tried when one is looked for that moves the go-live.
const TRIES: usize = 12;

/// An onboarding that runs, at its place among the stories.
pub(super) struct Course<'a> {
    pub team: &'a [Person],
    pub place: usize,
    pub manager: &'a str,
    pub id: OnboardingId,
    pub kickoff: Date,
}

/// Lets it run from its kickoff until today.
pub(super) async fn run(app: &App, course: &Course<'_>) -> Result<(), AppError> {
    let Course { team, place, manager, id, kickoff } = *course;
    let is_told = script::is_told(place);
    let (start, days) = if is_told { DAYS } else { DAYS_OF_OTHERS };
    let today = app.today();
    let day = |ago: i32| working_day(back(today, ago)).max(kickoff).min(today);
    let who = actor(manager);
    let first = day(start);
    work::as_planned(&on(app, first, 16), &who, id).await?;
    meetings::as_planned(app, id, if is_told { first } else { today }).await?;
    relate::meet(app, course).await?;
    let owner = team.iter().find(|person| person.name == manager);
    let owner = owner.map(|person| Assignee::Person { id: person.id, name: person.name.clone() });
    if !is_told && place % LEFT_ALONE == 4 {
        let then = on(app, first, 16);
        let plan = work::sight(&then, &who, id).await?.stored.plan;
        let changes = owner.map(|owner| given(&plan, first, &owner)).unwrap_or_default();
        return say(&then, &who, id, changes).await;
    }
    let mut luck = Luck(u64::try_from(place).unwrap_or_default());
    for ago in days {
        let then = on(app, day(*ago), 16);
        if *ago != 0 && then.today() == today && is_told {
            continue;
        }
        look_after(&then, &who, id, &mut luck, owner.as_ref()).await?;
        if is_told {
            script::tell(&Scene { app: &then, who: &who, team, id }, place, *ago).await?;
        }
    }
    Ok(())
}

/// Somebody says what happened since the last time. What waits behind a gate follows in a second round.
async fn look_after(
    app: &App,
    who: &Actor,
    id: OnboardingId,
    luck: &mut Luck,
    owner: Option<&Assignee>,
) -> Result<(), AppError> {
    let (sight, today) = (work::sight(app, who, id).await?, app.today());
    let mut changes = happened(&sight.stored, today, luck);
    if let Some(owner) = owner {
        changes.extend(given(&sight.stored.plan, today, owner));
    }
    let passes = changes.iter().any(|change| matches!(change, Change::Reach { .. }));
    let_go(app, id, &sight.stored.plan, &changes).await?;
    say(app, who, id, changes).await?;
    if passes {
        let sight = work::sight(app, who, id).await?;
        let changes = happened(&sight.stored, today, luck);
        let_go(app, id, &sight.stored.plan, &changes).await?;
        say(app, who, id, changes).await?;
    }
    Ok(())
}

/// Nobody finishes a go-live before somebody let it go on; where a decision stands nothing is left to say.
async fn let_go(app: &App, id: OnboardingId, plan: &RunningPlan, changes: &[Change]) -> Result<(), AppError> {
    let go_live = plan.ground.go_live.as_deref();
    let is_go_live = |change: &Change| {
        matches!(change, Change::Finish { .. }) && change.subject().is_some_and(|code| go_live == Some(code))
    };
    if !changes.iter().any(is_go_live) {
        return Ok(());
    }
    let reason = "Both sponsors agreed on the phone; the minutes follow";
    match launch::let_go(app, &actor(LEADER), id, reason).await {
        Ok(_) | Err(AppError::Refusal(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Makes the changes. Should a plan not allow one of them, the later half is left for the next time.
async fn say(app: &App, who: &Actor, id: OnboardingId, mut changes: Vec<Change>) -> Result<(), AppError> {
    while !changes.is_empty() {
        match work::change(app, who, id, None, changes.clone()).await {
            Ok(_) => return Ok(()),
            Err(error @ (AppError::Refusal(_) | AppError::Invalid(_))) => {
                tracing::warn!(%id, %error, count = changes.len(), "the demo leaves changes out");
                changes.truncate(changes.len() / 2);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Open work of ours that begins soon is for whoever runs the onboarding, where nobody else has it.
fn given(plan: &RunningPlan, today: Date, owner: &Assignee) -> Vec<Change> {
    let until = today.saturating_add(GIVEN_DAYS.days());
    let open = plan.tasks.iter().filter(|task| {
        let is_free = task.assignee.as_ref().and_then(Assignee::person).is_none();
        task.side == Side::Vendor && task.state == TaskState::Open && is_free
    });
    open.filter(|task| task.start > today && task.start <= until)
        .map(|task| Change::Assign { task: task.code.clone(), assignee: Some(owner.clone()) })
        .collect()
}

/// A task or milestone.
#[derive(Clone, Copy)]
enum Point<'a> {
    Task(&'a RunningTask),
    Milestone(&'a RunningMilestone),
}

/// What was done by a day, in the order it was planned in; what is blocked stays so.
fn happened(stored: &Stored, today: Date, luck: &mut Luck) -> Vec<Change> {
    let plan = &stored.plan;
    let mut facts = run_facts(plan, today);
    let mut over = behind(plan);
    let mut changes = Vec::new();
    for point in in_order(plan) {
        match point {
            Point::Task(task) => {
                let is_waiting = matches!(task.state, TaskState::Open | TaskState::Started { .. });
                if !is_waiting {
                    continue;
                }
                let Some(last) = before(plan, &task.code, &over, today) else { continue };
                // Whoever waited begins and ends as many days later.
                let waits = task.state == TaskState::Open && last > task.start;
                let delay = if waits { (last - task.start).get_days() } else { 0 };
                let start = later(task.start, delay);
                if start > today {
                    continue;
                }
                let agreed = stored.tasks.get(&task.code).and_then(|facts| facts.baseline);
                let has_slipped = agreed.is_some_and(|(_, finish, _)| finish < task.finish);
                let on = later(luck.finish(task, has_slipped), delay);
                if on <= today {
                    over.insert(&task.code, on);
                    note(&mut facts, task);
                    changes.push(Change::Finish { task: task.code.clone(), on, started_on: None });
                } else if task.state == TaskState::Open {
                    changes.push(Change::Start { task: task.code.clone(), on: start });
                }
            }
            Point::Milestone(milestone) => {
                if over.contains_key(milestone.code.as_str()) || milestone.planned > today {
                    continue;
                }
                let Some(last) = before(plan, &milestone.code, &over, today) else { continue };
                let on = milestone.planned.max(last).min(today);
                if let Some(reached) = reached(plan, milestone, &facts, on) {
                    over.insert(&milestone.code, on);
                    changes.extend(reached);
                }
            }
        }
    }
    changes
}

/// Gates see what the customer does with the same changes.
fn note(facts: &mut Facts, task: &RunningTask) {
    if task.side == Side::Customer
        && let Some(FactValue::Group(plan)) = facts.0.get_mut("plan")
        && let Some(FactValue::List(done)) = plan.get_mut("customer_done")
    {
        done.push(task.code.clone());
    }
}

/// What is over, with its last day.
fn behind(plan: &RunningPlan) -> BTreeMap<&str, Date> {
    let tasks = plan.tasks.iter().filter(|task| task.state.is_over());
    let tasks = tasks.map(|task| (task.code.as_str(), task.finish));
    let milestones = plan.milestones.iter().filter(|one| one.reached_on.is_some() || one.waived.is_some());
    tasks.chain(milestones.map(|one| (one.code.as_str(), one.planned))).collect()
}

/// Everything by its last planned day; a milestone behind the tasks of that day.
fn in_order(plan: &RunningPlan) -> Vec<Point<'_>> {
    let tasks = plan.tasks.iter().map(|task| (task.finish, 0, Point::Task(task)));
    let milestones = plan.milestones.iter().map(|one| (one.planned, 1, Point::Milestone(one)));
    let mut all: Vec<(Date, u8, Point<'_>)> = tasks.chain(milestones).collect();
    all.sort_by_key(|(day, rank, _)| (*day, *rank));
    all.into_iter().map(|(_, _, point)| point).collect()
}

/// The last day of what must be over before something; none while that is not over.
fn before(plan: &RunningPlan, code: &str, over: &BTreeMap<&str, Date>, today: Date) -> Option<Date> {
    let mut last = Date::MIN;
    // A task may begin beside another; a milestone is reached when everything before it is over.
    let is_task = plan.task(code).is_some();
    for link in plan.links.iter().filter(|link| link.to == code) {
        let has_begun = || plan.task(&link.from).is_some_and(|task| task.start <= today);
        match over.get(link.from.as_str()) {
            Some(day) if link.kind == LinkKind::FinishStart => last = last.max(*day),
            Some(_) => {}
            None if is_task && (link.kind != LinkKind::FinishStart || link.lag < 0) && has_begun() => {}
            None => return None,
        }
    }
    Some(last)
}

/// People confirm what no rule can tell, and the milestone is reached; nothing while a rule says that it is not.
fn reached(plan: &RunningPlan, milestone: &RunningMilestone, facts: &Facts, on: Date) -> Option<Vec<Change>> {
    let reach = Change::Reach { milestone: milestone.code.clone(), on };
    if !milestone.gate {
        return Some(vec![reach]);
    }
    let check = check_gate(plan, milestone, facts);
    if check.criteria.iter().any(|one| one.verdict == Verdict::Fails) {
        return None;
    }
    let unsaid = check.criteria.iter().filter(|one| !one.is_met());
    let confirm = unsaid.map(|one| Change::Confirm {
        milestone: milestone.code.clone(),
        criterion: one.text.clone(),
        met: true,
    });
    Some(confirm.chain([reach]).collect())
}

/// Whether work goes as planned: mostly. The same place among the stories has the same luck.
struct Luck(u64);

impl Luck {
    /// The day a task is done. One that is late already is not late again.
    fn finish(&mut self, task: &RunningTask, has_slipped: bool) -> Date {
        let on = match split_mix(&mut self.0) % 12 {
            0 if !has_slipped => later(task.finish, 4),
            1 if !has_slipped => later(task.finish, 2),
            2 => earlier(task.finish, 1),
            3 => earlier(task.finish, 2),
            _ => task.finish,
        };
        on.max(task.start)
    }
}

/// So many calendar days later, or the Monday after a weekend.
fn later(day: Date, days: i32) -> Date {
    if days == 0 { day } else { working_day(day.saturating_add(days.days())) }
}

/// So many calendar days earlier, or the Friday before a weekend.
fn earlier(day: Date, days: i32) -> Date {
    let day = back(day, days);
    let since_monday = day.weekday().to_monday_zero_offset();
    if since_monday > 4 { day.saturating_sub((since_monday - 4).days()) } else { day }
}

/// Other working days for a task of a side, or of any, so many more or fewer, by which the go-live moves.
pub(super) async fn stretch(
    scene: &Scene<'_>,
    by: i64,
    side: Option<Side>,
) -> Result<Option<Change>, AppError> {
    let Scene { app, who, id, .. } = *scene;
    let plan = work::sight(app, who, id).await?.stored.plan;
    let go_live = (plan.ground.go_live.as_deref(), plan.promise().go_live);
    let is_open = |task: &&RunningTask| {
        let is_before = Some(task.code.as_str()) != go_live.0 && task.finish <= go_live.1;
        let suits = is_before && side.is_none_or(|side| task.side == side);
        suits && matches!(task.state, TaskState::Open | TaskState::Started { .. })
    };
    let mut open: Vec<&RunningTask> = plan.tasks.iter().filter(is_open).collect();
    // The later a task of the chain is, the fewer run beside it and take its place.
    open.sort_by_key(|task| (task.slack, std::cmp::Reverse(task.start)));
    let changes = open.into_iter().filter_map(|task| {
        let days = u32::try_from(i64::from(task.days) + by).ok().filter(|days| *days > 0)?;
        Some(Change::SetDays { task: task.code.clone(), days })
    });
    let changes: Vec<Change> = changes.take(TRIES).collect();
    for change in changes {
        match work::preview(app, who, id, None, vec![change.clone()]).await {
            Ok(seen) => {
                let moved = i64::from((seen.after.go_live - seen.before.go_live).get_days());
                if moved.signum() == by.signum() {
                    return Ok(Some(change));
                }
            }
            Err(AppError::Refusal(_) | AppError::Invalid(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn early_work_ends_on_a_working_day() {
        assert_eq!(earlier(date(2027, 1, 12), 1), date(2027, 1, 11));
        assert_eq!(earlier(date(2027, 1, 11), 1), date(2027, 1, 8));
        assert_eq!(earlier(date(2027, 1, 11), 2), date(2027, 1, 8));
    }
}
