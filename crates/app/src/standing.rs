//! How a running onboarding stands: facts from its plan and its register, the colour they give, what they suggest.

mod colour;

use std::cmp::Reverse;

use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Action;
use gangway_domain::register::{Kind, hours_open};
use gangway_domain::rule::RuleError;
use gangway_domain::standing::{self, BlockedTask, Colour, LateMilestone, Standing, Suggestion};
use gangway_domain::work::TaskState;
use gangway_store::onboarding::head::Head;
use gangway_store::register::Entry;
use gangway_store::{Tx, forecast};
use jiff::civil::Date;

use crate::boxed;
use crate::error::AppError;
use crate::work::{self, Sight};
use crate::{Actor, App, people, register};

pub use colour::{Kept, choose, colour, colour_of_sight};
pub(crate) use colour::{chosen, overridden, renew_all};

/// How an onboarding stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The onboarding.
    pub head: Head,
    /// Its facts.
    pub standing: Standing,
    /// The colour they give, with reasons.
    pub colour: Colour,
    /// What they suggest for escalation, the highest level first.
    pub suggestions: Vec<Suggestion>,
}

/// How an onboarding stands.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(app: &App, actor: &Actor, id: OnboardingId) -> Result<Seen, AppError> {
    actor.require(Action::Look)?;
    let sight = work::sight(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    let entries = gangway_store::register::of_onboarding(&mut tx, actor.workspace, id).await?;
    let besides = besides(app, &mut tx, actor, id).await?;
    drop(tx);
    seen(app, &sight, &entries, besides)
}

/// What is known of an onboarding besides its plan and its register.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Besides {
    /// The day by which it is live with 80 % certainty, as forecast last.
    p80: Option<Date>,
    /// Criteria that hold by which leadership is told of a champion who leaves.
    loss_criteria: i64,
}

/// What is known of an onboarding besides its plan and its register.
pub(crate) async fn besides(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
) -> Result<Besides, AppError> {
    Ok(Besides {
        p80: forecast::latest(tx, actor.workspace, id).await?.map(|kept| kept.dates.p80_on),
        loss_criteria: people::holding(app, tx, actor.workspace, id).await?,
    })
}

/// The same of what was read already.
pub(crate) fn seen(app: &App, sight: &Sight, entries: &[Entry], besides: Besides) -> Result<Seen, AppError> {
    let standing = facts(app, sight, entries, besides);
    let rules = &app.methodology.governance;
    let colour = standing::colour(rules, &standing).map_err(broken)?;
    let suggestions = standing::suggestions(rules, &standing).map_err(broken)?;
    Ok(Seen { head: sight.head.clone(), standing, colour, suggestions })
}

/// Rules are checked when the methodology is loaded; one that still fails is the installation's fault.
fn broken(error: RuleError) -> AppError {
    tracing::error!(%error, "a rule of governance.toml cannot be evaluated");
    AppError::Crashed
}

fn facts(app: &App, sight: &Sight, entries: &[Entry], besides: Besides) -> Standing {
    let Besides { p80, loss_criteria } = besides;
    let Sight { stored, baselines, today, .. } = sight;
    let today = *today;
    let plan = &stored.plan;
    let promise = plan.promise();
    let days = |from: Date, to: Date| i64::from((to - from).get_days());
    let slip = |first: Option<Date>, now: Date| first.map_or(0, |first| days(first, now).max(0));
    let mut blocked: Vec<BlockedTask> = plan
        .tasks
        .iter()
        .filter_map(|task| match &task.state {
            TaskState::Blocked { since, because, .. } => Some(BlockedTask {
                code: task.code.clone(),
                name: task.name.clone(),
                because: because.clone(),
                since: Some(*since),
                critical: task.critical,
                days: days(*since, today).max(0),
            }),
            _ => None,
        })
        .collect();
    blocked.sort_by_key(|task| (!task.critical, Reverse(task.days)));
    let waits = |milestone: &&gangway_domain::work::RunningMilestone| {
        milestone.reached_on.is_none() && milestone.waived.is_none()
    };
    let late_milestones = plan.milestones.iter().filter(waits).filter(|one| one.planned > one.due);
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let in_top = |entry: &Entry, bands: usize| {
        let rules = &app.methodology.governance;
        let band = entry.details.exposure().and_then(|exposure| rules.band(exposure));
        band.and_then(|band| rules.from_top(&band.id)).is_some_and(|place| place < bands)
    };
    let open = |kind: Kind| register::open_of(entries, kind);
    let overdue = |kind: Kind| count(open(kind).filter(|entry| entry.is_overdue(today)).count());
    let now = app.clock.now();
    let age =
        |entry: &Entry| hours_open(jiff::Timestamp::try_from(entry.opened_at).unwrap_or(now), None, now);
    Standing {
        blocked,
        overdue: plan
            .tasks
            .iter()
            .filter(|task| task.is_overdue(today))
            .map(|task| task.name.clone())
            .collect(),
        late_milestones: late_milestones
            .map(|one| LateMilestone {
                code: one.code.clone(),
                name: one.name.clone(),
                due_on: one.due,
                planned_on: one.planned,
            })
            .collect(),
        gates_missed: count(plan.milestones.iter().filter(|gate| gate.holds() && gate.due < today).count()),
        go_live_days_late: plan.ground.target.map_or(0, |wanted| days(wanted, promise.go_live).max(0)),
        go_live_slipped: slip(baselines.first().map(|first| first.go_live_on), promise.go_live),
        p80_days_late: p80.zip(plan.ground.target).map_or(0, |(p80, wanted)| days(wanted, p80).max(0)),
        finish_slipped: slip(baselines.first().map(|first| first.finish_on), promise.finish),
        days_to_go_live: days(today, promise.go_live),
        top_risks: count(open(Kind::Risk).filter(|entry| in_top(entry, 1)).count()),
        high_risks: count(open(Kind::Risk).filter(|entry| in_top(entry, 2)).count()),
        critical_issues: count(
            open(Kind::Issue).filter(|entry| entry.details.exposure() == Some(25)).count(),
        ),
        open_issues: count(open(Kind::Issue).count()),
        issue_hours: open(Kind::Issue).map(age).max().unwrap_or(0),
        overdue_decisions: overdue(Kind::Decision),
        overdue_actions: overdue(Kind::Action),
        loss_criteria,
    }
}
