//! What a launch is planned with: strategy, waves, rollback plan, hypercare plan.

use gangway_domain::ids::OnboardingId;
use gangway_domain::launch::{LaunchPlan, Met, RollbackPlan, Standing, Wave, WaveState, barred, waves};
use gangway_domain::permission::Action;
use gangway_store::Tx;
use gangway_store::launch as rows;
use jiff::civil::{Date, Time};

use super::{Sight, mark, seen};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{checked_name, none_of};
use crate::register::{checked_prose, record};
use crate::{Actor, App};

/// Most waves of a rollout.
const MOST: usize = 50;

/// A wave somebody plans.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaveDraft {
    /// What people call it.
    pub name: String,
    /// Whom or what it holds.
    pub scope: String,
    /// The day it starts.
    pub on: Option<Date>,
    /// How many people.
    pub people: Option<u32>,
    /// Why it is a day on which nothing goes live otherwise; may be empty.
    pub reason: String,
}

/// How the first weeks are to be supported.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HypercareDraft {
    /// Who is there, in working hours and outside of them.
    pub coverage: String,
    /// Where people report issues.
    pub channel: String,
    /// When both sides' leads speak every day, `09:00`; may be empty.
    pub sync_at: String,
    /// Who comes together when something is critical.
    pub team: String,
}

/// What a launch was, as long as it is still that version.
async fn known(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
) -> Result<Sight, AppError> {
    let sight = seen::gather(app, tx, actor.workspace, id).await?;
    if sight.version == version { Ok(sight) } else { Err(stale(sight.version)) }
}

fn stale(version: i64) -> AppError {
    AppError::Stale { what: "launch", version }
}

async fn kept(
    app: &App,
    mut tx: Tx,
    actor: &Actor,
    before: &Sight,
    plan: &LaunchPlan,
    said: (&str, String),
) -> Result<Sight, AppError> {
    let (kind, summary) = said;
    let id = before.head.id;
    if !rows::replan(&mut tx, actor.workspace, id, plan, before.version).await? {
        return Err(stale(before.version + 1));
    }
    record(app, &mut tx, actor, &before.head, kind, summary).await?;
    mark::done(app, tx, actor, id).await
}

/// Chooses a rollout strategy; the waves it begins with are planned anew as long as none has begun.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] when a wave has begun,
/// [`AppError::Stale`]; or when the database fails.
#[boxed]
pub async fn strategy(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
    name: &str,
) -> Result<Sight, AppError> {
    actor.require(Action::RunOnboarding)?;
    let rules = &app.methodology.golive;
    let mut tx = app.db.write().await?;
    let before = known(app, &mut tx, actor, id, version).await?;
    if !rules.strategies.iter().any(|known| known.name == name) {
        return Err(AppError::Invalid(vec![Problem::new("strategy", "is none of those there are")]));
    }
    if before.plan.waves.iter().any(|wave| wave.state != WaveState::Planned) {
        return Err(AppError::Refusal("a wave has begun: change the waves that are left instead".to_owned()));
    }
    let mut plan = before.plan.clone();
    plan.waves = waves(rules, name, &before.running);
    name.clone_into(&mut plan.strategy);
    let summary = format!("Chose the rollout strategy {name}");
    kept(app, tx, actor, &before, &plan, ("launch.planned", summary)).await
}

/// Plans the waves. What has begun stays as it is, by name.
///
/// # Errors
/// As [`strategy`]; [`AppError::Invalid`] also for a day on which nothing goes live, without a reason.
#[boxed]
pub async fn plan_waves(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
    drafts: Vec<WaveDraft>,
) -> Result<Sight, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let before = known(app, &mut tx, actor, id, version).await?;
    let mut problems = Vec::new();
    if drafts.is_empty() || drafts.len() > MOST {
        problems.push(Problem::new("waves", format!("must be between one and {MOST}")));
    }
    let mut all: Vec<Wave> = Vec::new();
    for draft in drafts.into_iter().take(MOST) {
        let WaveDraft { name, scope, on, people, reason } = draft;
        let name = checked_name("waves", &name, &mut problems);
        let scope = checked_prose("waves", &scope, &mut problems);
        let reason = checked_prose("waves", &reason, &mut problems);
        let Some(on) = on else {
            problems.push(Problem::new("waves", "need a day each"));
            continue;
        };
        if all.iter().any(|known| known.name == name) {
            problems.push(Problem::new("waves", format!("have the name “{name}” twice")));
        }
        let begun = before.plan.waves.iter().find(|known| known.name == name);
        if let Some(begun) = begun.filter(|known| known.state != WaveState::Planned) {
            all.push(Wave { scope, people, ..begun.clone() });
            continue;
        }
        let why = barred(&app.methodology.golive, &before.running, on);
        if let Some(why) = why.as_ref().filter(|_| reason.is_empty()) {
            problems.push(Problem::new("waves", format!("need a reason for “{name}”: {why}")));
        }
        all.push(Wave {
            pilot: begun.is_some_and(|known| known.pilot),
            name,
            scope,
            on,
            people,
            state: WaveState::Planned,
            reason: why.map(|_| reason),
            moved: None,
        });
    }
    let lost =
        before.plan.waves.iter().find(|known| {
            known.state != WaveState::Planned && !all.iter().any(|wave| wave.name == known.name)
        });
    if let Some(lost) = lost {
        problems.push(Problem::new("waves", format!("must keep “{}”, which has begun", lost.name)));
    }
    none_of(problems)?;
    let summary = format!("Planned the rollout in {} waves", all.len());
    let plan = LaunchPlan { waves: all, ..before.plan.clone() };
    kept(app, tx, actor, &before, &plan, ("launch.planned", summary)).await
}

/// A wave goes live, is held, or is planned again; its place counts from 0. Nothing but the pilot goes live before the
/// go-live is decided, or decided anew once it was taken back; nothing at all while a trigger that rolls back at once
/// waits for a decision.
///
/// # Errors
/// As [`strategy`]; [`AppError::Invalid`] when it is held without a reason, or goes live today without one although
/// nothing does on such a day.
#[boxed]
pub async fn move_wave(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
    place: usize,
    state: WaveState,
    reason: &str,
) -> Result<Sight, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let before = known(app, &mut tx, actor, id, version).await?;
    let mut problems = Vec::new();
    let reason = checked_prose("reason", reason, &mut problems);
    let mut plan = before.plan.clone();
    let wave = plan.waves.get_mut(place).ok_or_else(|| AppError::missing("wave", place))?;
    if wave.state == state {
        return Err(AppError::Refusal(format!(
            "“{}” is {} already",
            wave.name,
            state.label().to_lowercase()
        )));
    }
    match state {
        WaveState::Live => {
            if let Some(why) = before.stopped() {
                return Err(AppError::Refusal(why));
            }
            if !wave.pilot && !before.may_go() {
                let why = match before.standing {
                    Standing::TakenBack => "the go-live was taken back: decide on it anew first",
                    _ => "nobody has decided to go live: record the decision first",
                };
                return Err(AppError::Refusal(why.to_owned()));
            }
            let why = barred(&app.methodology.golive, &before.running, before.today);
            if let Some(why) = why.filter(|_| reason.is_empty()) {
                problems.push(Problem::new("reason", format!("is missing: {why}")));
            }
        }
        WaveState::Held | WaveState::RolledBack if reason.is_empty() => {
            problems.push(Problem::new("reason", "is missing"));
        }
        _ => {}
    }
    none_of(problems)?;
    wave.state = state;
    wave.reason = Some(reason).filter(|reason| !reason.is_empty());
    wave.moved = Some(Met { by: actor.name.clone(), at: app.clock.now() });
    let because = wave.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
    let summary = format!("Wave “{}”: {}{because}", wave.name, state.label().to_lowercase());
    kept(app, tx, actor, &before, &plan, ("launch.wave_moved", summary)).await
}

/// Writes down how a go-live would be taken back.
///
/// # Errors
/// As [`strategy`].
#[boxed]
pub async fn plan_rollback(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
    draft: RollbackPlan,
) -> Result<Sight, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let RollbackPlan { decider, deputy, steps, impact, recovery, message } = draft;
    let rollback = RollbackPlan {
        decider: checked_prose("decider", &decider, &mut problems),
        deputy: checked_prose("deputy", &deputy, &mut problems),
        steps: checked_prose("steps", &steps, &mut problems),
        impact: checked_prose("impact", &impact, &mut problems),
        recovery: checked_prose("recovery", &recovery, &mut problems),
        message: checked_prose("message", &message, &mut problems),
    };
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let before = known(app, &mut tx, actor, id, version).await?;
    let plan = LaunchPlan { rollback, ..before.plan.clone() };
    kept(app, tx, actor, &before, &plan, ("rollback.planned", "Wrote the rollback plan down".to_owned()))
        .await
}

/// Writes down how the first weeks are supported.
///
/// # Errors
/// As [`strategy`].
#[boxed]
pub async fn plan_hypercare(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
    draft: HypercareDraft,
) -> Result<Sight, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let sync_at = draft.sync_at.trim().to_owned();
    if !sync_at.is_empty() && sync_at.parse::<Time>().is_err() {
        problems.push(Problem::new("sync_at", "is no time such as 09:00"));
    }
    let coverage = checked_prose("coverage", &draft.coverage, &mut problems);
    let channel = checked_prose("channel", &draft.channel, &mut problems);
    let team = checked_prose("team", &draft.team, &mut problems);
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let before = known(app, &mut tx, actor, id, version).await?;
    let mut plan = before.plan.clone();
    let hypercare = &mut plan.hypercare;
    (hypercare.coverage, hypercare.channel) = (coverage, channel);
    (hypercare.team, hypercare.sync_at) = (team, sync_at);
    let summary = "Wrote the hypercare plan down".to_owned();
    kept(app, tx, actor, &before, &plan, ("hypercare.planned", summary)).await
}

/// Ends hypercare: its criteria hold.
pub(super) async fn end(
    app: &App,
    mut tx: Tx,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
) -> Result<Sight, AppError> {
    let before = known(app, &mut tx, actor, id, version).await?;
    if before.plan.hypercare.ended.is_some() {
        return Err(AppError::Refusal("hypercare has ended".to_owned()));
    }
    if before.live_on.is_none() {
        return Err(AppError::Refusal("hypercare begins with the go-live".to_owned()));
    }
    let open: Vec<&str> =
        before.exits.iter().filter(|exit| !exit.is_met()).map(|exit| exit.text.as_str()).collect();
    if !open.is_empty() {
        return Err(AppError::Refusal(format!("hypercare cannot end yet: {}", open.join("; "))));
    }
    let mut plan = before.plan.clone();
    plan.hypercare.ended = Some(Met { by: actor.name.clone(), at: app.clock.now() });
    let summary = "Ended hypercare: every criterion holds".to_owned();
    kept(app, tx, actor, &before, &plan, ("hypercare.ended", summary)).await
}
