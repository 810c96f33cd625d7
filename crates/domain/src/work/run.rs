//! Changes one after the other, each with its entry in the ledger; and the days that went by without the work
//! that was planned for them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use super::change::{Made, day};
use super::ledger::Snapshot;
use super::network::{progress, reschedule_as_if};
use super::recurring::is_tied;
use super::{
    Because, Change, Entry, Movement, Patch, RunningPlan, RunningTask, TaskState, WorkError, reschedule,
    run_facts,
};
use crate::plan::Progress;
use crate::programme::Side;
use crate::rule::Facts;

/// What a change is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Today, on the account's calendar.
    pub today: Date,
    /// Who makes the change.
    pub who: &'a str,
    /// What other parts of the product know that rules of gates may ask for, besides the plan itself.
    pub besides: Option<&'a Facts>,
}

impl Context<'_> {
    /// What rules of gates are judged by: the plan as it stands after the changes so far, and what is known besides.
    pub(super) fn facts(&self, plan: &RunningPlan) -> Facts {
        let mut facts = run_facts(plan, self.today);
        facts.0.extend(self.besides.into_iter().flat_map(|known| known.0.clone()));
        facts
    }
}

/// A plan after changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The plan.
    pub plan: RunningPlan,
    /// What happened, in order.
    pub entries: Vec<Entry>,
}

/// Makes changes in order; each is judged by the plan as the ones before it left it. What should have happened by
/// today and did not is then added up, one entry for each task that was late and moved something, so that no change
/// is blamed for days that merely passed.
///
/// # Errors
/// What the first change that is refused says; see [`WorkError`].
pub fn run(
    plan: &RunningPlan,
    changes: &[Change],
    because: Option<&Because>,
    context: &Context<'_>,
) -> Result<Outcome, WorkError> {
    let mut steps = Steps::begin(plan, context.today)?;
    for change in changes {
        steps.make(change, because, context)?;
    }
    steps.end()
}

/// Makes one change without counting the days that passed: what should have happened meanwhile, and of which nobody
/// has said anything, stays as it was planned until the plan is brought up to a day.
///
/// # Errors
/// What the change is refused for; see [`WorkError`].
pub fn note(plan: &RunningPlan, change: &Change, context: &Context<'_>) -> Result<Outcome, WorkError> {
    let mut steps = Steps::begin(plan, context.today)?;
    steps.make(change, None, context)?;
    Ok(Outcome { plan: steps.plan, entries: steps.entries })
}

/// Takes an entry back: its objects are as they were, and the plan follows.
///
/// # Errors
/// When the plan cannot be scheduled then.
pub fn undo(
    plan: &RunningPlan,
    patch: Patch,
    summary: String,
    side: Side,
    today: Date,
) -> Result<Outcome, WorkError> {
    let mut steps = Steps::begin(plan, today)?;
    let before = Snapshot::of(&steps.plan);
    let subjects = patch.subjects();
    let undo = patch.apply(&mut steps.plan);
    for code in &subjects {
        steps.as_planned.remove(code);
    }
    steps.settle()?;
    steps.write("undo", Made { side, subjects, summary, undo, moves: true }, &before, None);
    steps.end()
}

/// Brings a plan to a day on which nobody changed anything.
///
/// # Errors
/// When it cannot be scheduled then.
pub fn catch_up(plan: &RunningPlan, today: Date) -> Result<Outcome, WorkError> {
    Steps::begin(plan, today)?.end()
}

/// What a change tells happened later than it was planned, so that what waited for it was not late by itself.
fn is_later(change: &Change, planned: Progress) -> bool {
    match (change, planned) {
        (
            Change::Start { on, .. },
            Progress::Started { on: planned, .. } | Progress::Done { started: planned, .. },
        )
        | (Change::Finish { on, .. } | Change::Reach { on, .. }, Progress::Done { finished: planned, .. }) => {
            *on > planned
        }
        // It was not to be finished before today.
        (Change::Finish { .. }, _) => false,
        _ => true,
    }
}

/// The day by which something should have happened.
fn until(pretended: Progress) -> Date {
    match pretended {
        Progress::Done { finished, .. } => finished,
        Progress::Started { on, .. } => on,
        Progress::Open => Date::MAX,
    }
}

struct Steps {
    plan: RunningPlan,
    today: Date,
    /// What should have happened by today and did not: taken as if it had, until its turn comes.
    as_planned: BTreeMap<String, Progress>,
    entries: Vec<Entry>,
}

impl Steps {
    fn begin(plan: &RunningPlan, today: Date) -> Result<Self, WorkError> {
        let mut as_planned = BTreeMap::new();
        // A day already counted is not counted again.
        if today > plan.ground.as_of {
            // Nothing is explained by a check of last week that nobody waits for.
            let counts = |task: &&RunningTask| !task.is_recurring() || is_tied(plan, &task.code);
            for task in plan.tasks.iter().filter(|task| task.is_behind(today)).filter(counts) {
                let pretended = if task.finish < today {
                    Progress::Done { started: task.start.min(task.finish), finished: task.finish }
                } else {
                    Progress::Started { on: task.start, remaining: None }
                };
                as_planned.insert(task.code.clone(), pretended);
            }
            for gate in plan.milestones.iter().filter(|gate| gate.holds() && gate.planned < today) {
                as_planned.insert(
                    gate.code.clone(),
                    Progress::Done { started: gate.planned, finished: gate.planned },
                );
            }
        }
        let today = today.max(plan.ground.as_of);
        Ok(Self { plan: plan.clone(), today, as_planned, entries: Vec::new() })
    }

    fn make(
        &mut self,
        change: &Change,
        because: Option<&Because>,
        context: &Context<'_>,
    ) -> Result<(), WorkError> {
        if let Some(code) = change.subject() {
            let code = code.to_owned();
            if change.tells_what_happened() {
                match (self.as_planned.remove(&code), change) {
                    // What happened behind the gate since is told next: nothing there waited until today.
                    (Some(planned), Change::Waive { on: Some(on), .. }) if *on < self.today => {
                        self.delay(&code, (*on - until(planned)).get_days() - 1);
                    }
                    (Some(planned), _) if is_later(change, planned) => self.release(&code),
                    _ => {}
                }
            } else if self.as_planned.contains_key(&code) {
                self.slip(&code)?;
            }
        }
        let before = Snapshot::of(&self.plan);
        let made = change.apply(&mut self.plan, context)?;
        if made.moves {
            self.settle()?;
        }
        self.write(change.word(), made, &before, because);
        Ok(())
    }

    /// What is left of the days that passed, in the order it was planned; then the plan stands on today.
    fn end(mut self) -> Result<Outcome, WorkError> {
        let mut late: Vec<(Date, String)> = Vec::with_capacity(self.as_planned.len());
        late.extend(self.as_planned.iter().map(|(code, pretended)| (until(*pretended), code.clone())));
        late.sort();
        for (_, code) in late {
            self.slip(&code)?;
        }
        reschedule(&mut self.plan, self.today)?;
        Ok(Outcome { plan: self.plan, entries: self.entries })
    }

    /// One that is late, with what that moves.
    fn slip(&mut self, code: &str) -> Result<(), WorkError> {
        if self.as_planned.remove(code).is_none() {
            return Ok(());
        }
        self.release(code);
        let before = Snapshot::of(&self.plan);
        self.settle()?;
        let (side, summary) = self.why_late(code);
        let entry = Entry {
            kind: "slip",
            side,
            subjects: vec![code.to_owned()],
            summary,
            before: before.promise(),
            after: self.plan.promise(),
            moves: self.moves(&before, &[code.to_owned()]),
            undo: Patch::default(),
        };
        if !entry.moves.is_empty() {
            self.entries.push(entry);
        }
        Ok(())
    }

    /// What waits for something late, and has not begun for that reason, is not late by itself.
    fn release(&mut self, code: &str) {
        for code in self.waiting_for(code) {
            self.as_planned.remove(&code);
        }
    }

    /// What waits for something that was so many calendar days late is taken as if it had gone as planned, as many
    /// days later.
    fn delay(&mut self, code: &str, days: i32) {
        if days <= 0 {
            return;
        }
        let later = |day: Date| day.saturating_add(days.days());
        for code in self.waiting_for(code) {
            let (start, finish) = match self.as_planned.remove(&code) {
                Some(Progress::Done { started, finished }) => (later(started), later(finished)),
                Some(Progress::Started { on, .. }) => (later(on), Date::MAX),
                Some(Progress::Open) | None => continue,
            };
            if finish < self.today {
                self.as_planned.insert(code, Progress::Done { started: start, finished: finish });
            } else if start < self.today {
                self.as_planned.insert(code, Progress::Started { on: start, remaining: None });
            }
        }
    }

    /// What waits for something and has not begun, with what waits for that.
    fn waiting_for(&self, code: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::from([code.to_owned()]);
        let mut ahead = vec![code.to_owned()];
        while let Some(at) = ahead.pop() {
            for link in self.plan.links.iter().filter(|link| link.from == at) {
                if !seen.insert(link.to.clone()) {
                    continue;
                }
                let has_begun =
                    self.plan.task(&link.to).is_some_and(|task| task.state.started_on().is_some());
                if !has_begun {
                    found.push(link.to.clone());
                    ahead.push(link.to.clone());
                }
            }
        }
        found
    }

    fn why_late(&self, code: &str) -> (Side, String) {
        let Some(task) = self.plan.task(code) else {
            let name = self.plan.name(code);
            return (Side::Joint, format!("By {} the gate “{name}” was not passed", day(self.today)));
        };
        let today = day(self.today);
        let summary = match &task.state {
            TaskState::Blocked { because, .. } => {
                format!("By {today} “{}” was not done; it is blocked: {because}", task.name)
            }
            TaskState::Started { .. } => format!("By {today} “{}” was not done", task.name),
            _ => format!("By {today} “{}” had not begun", task.name),
        };
        (task.side, summary)
    }

    fn settle(&mut self) -> Result<(), WorkError> {
        // What has left the plan, or is over, does not go as planned any more.
        if !self.as_planned.is_empty() {
            let plan = &self.plan;
            let waits = |task: &&RunningTask| !matches!(progress(&task.state), Progress::Done { .. });
            let tasks = plan.tasks.iter().filter(waits).map(|task| task.code.as_str());
            let gates = plan.milestones.iter().filter(|gate| gate.holds()).map(|gate| gate.code.as_str());
            let waiting: BTreeSet<&str> = tasks.chain(gates).collect();
            self.as_planned.retain(|code, _| waiting.contains(code.as_str()));
        }
        reschedule_as_if(&mut self.plan, self.today, &self.as_planned)
    }

    fn write(&mut self, kind: &'static str, made: Made, before: &Snapshot, because: Option<&Because>) {
        let Made { side, subjects, summary, undo, moves } = made;
        let kept = if moves { self.moves(before, &subjects) } else { Vec::new() };
        let entry = Entry {
            kind,
            side,
            subjects,
            summary,
            before: before.promise(),
            after: self.plan.promise(),
            moves: kept,
            undo,
        };
        self.entries.push(entry.because(because));
    }

    /// What has moved since, but for occurrences of what repeats: they come when they come.
    fn moves(&self, before: &Snapshot, subjects: &[String]) -> Vec<Movement> {
        let mut moves = before.moves(&self.plan);
        // Few tasks repeat, and thousands can move: those few are looked up once.
        let repeating = self.plan.tasks.iter().filter(|task| task.is_recurring());
        let repeating: BTreeSet<&str> = repeating.map(|task| task.code.as_str()).collect();
        moves.retain(|moved| subjects.contains(&moved.code) || !repeating.contains(moved.code.as_str()));
        moves
    }
}
