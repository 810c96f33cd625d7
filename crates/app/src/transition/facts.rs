//! What the end of an onboarding is judged by: promises, open issues, outcomes, and the days its clocks run between.

use gangway_domain::fact::Fact;
use gangway_domain::ids::OnboardingId;
use gangway_domain::launch::Issue;
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::outcome::{Answer, Shown, first_value, judged};
use gangway_domain::package::PromiseEntry;
use gangway_domain::programme::MilestoneKind;
use gangway_domain::register::{Details, Kind};
use gangway_domain::transition::{DoneFacts, DoneLine, Moments, Promised, definition_of_done};
use gangway_domain::work::{RunningPlan, TaskState};
use gangway_store::onboarding::head::{self, Head};
use gangway_store::outcome::{self, Outcome};
use gangway_store::{Timestamp, Tx, account, launch, register};
use jiff::civil::Date;
use serde::Deserialize;

use crate::error::AppError;
use crate::outcome::shown_in;
use crate::{Actor, App};

/// What of the package tells of promises.
#[derive(Debug, Deserialize)]
struct Told {
    handoff: Handoff,
}

#[derive(Debug, Deserialize)]
struct Handoff {
    promises: Vec<PromiseEntry>,
}

/// What of the package tells when the contract was signed.
#[derive(Debug, Deserialize)]
struct Signed {
    reading: Reading,
}

#[derive(Debug, Deserialize)]
struct Reading {
    deal: Deal,
}

#[derive(Debug, Deserialize)]
struct Deal {
    #[serde(default)]
    closed_on: Option<Fact<Date>>,
}

/// What sales promised; kept where an outcome that keeps it is confirmed.
pub(super) async fn promises(
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
) -> Result<Vec<Promised>, AppError> {
    let told: Option<Told> = head::sections(tx, actor.workspace, id).await?;
    let told = told.ok_or_else(|| AppError::missing("onboarding", id))?;
    let outcomes = outcome::of_onboarding(tx, actor.workspace, id).await?;
    let confirmed = |promise: &PromiseEntry| {
        let keeps = |one: &&Outcome| one.promises.contains(&promise.id) && is_confirmed(one);
        outcomes.iter().find(keeps).map(Outcome::code)
    };
    let promised = told.handoff.promises.iter().map(|promise| {
        let by = confirmed(promise);
        Promised {
            text: promise.text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(300).collect(),
            by: promise.by,
            kept: by.is_some(),
            note: by.map(|code| format!("Outcome {code} is confirmed")).unwrap_or_default(),
        }
    });
    Ok(promised.collect())
}

fn is_confirmed(outcome: &Outcome) -> bool {
    outcome.answer.as_ref().is_some_and(Answer::is_yes)
}

/// The definition of done as it stands.
pub(super) async fn done(
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    plan: &RunningPlan,
    promises: &[Promised],
) -> Result<Vec<DoneLine>, AppError> {
    let entries = register::of_onboarding(tx, actor.workspace, id).await?;
    let grave = entries.iter().filter(|entry| {
        let is_issue = entry.kind() == Kind::Issue && entry.status.is_open();
        is_issue && matches!(&entry.details, Details::Issue { severity, .. } if is_grave(*severity))
    });
    // Hypercare keeps its own list.
    let reported: Vec<launch::Record<Issue>> = launch::of_onboarding(tx, actor.workspace, id).await?;
    let reported = reported.iter().filter(|one| one.body.is_open() && one.body.severity.is_grave());
    let outcomes = outcome::of_onboarding(tx, actor.workspace, id).await?;
    let confirmed = outcomes.iter().filter(|outcome| is_confirmed(outcome)).count();
    let facts = DoneFacts {
        grave_issues: grave
            .map(|entry| entry.code())
            .chain(reported.map(|one| format!("H-{}", one.number)))
            .collect(),
        open_promises: promises.iter().filter(|promise| !promise.is_settled()).count(),
        promises: promises.len(),
        hypercare: hypercare(tx, actor, id).await?,
        outcomes: Some([confirmed, outcomes.len()]),
    };
    let shown = shown_in(tx, actor.workspace, id).await?;
    Ok(definition_of_done(&judged(plan, &shown), &facts))
}

fn is_grave(severity: gangway_domain::deal::Severity) -> bool {
    use gangway_domain::deal::Severity;
    matches!(severity, Severity::High | Severity::Critical)
}

/// Whether hypercare has ended; nothing where none was planned.
async fn hypercare(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<Option<(bool, String)>, AppError> {
    let Some((plan, _)) = launch::plan(tx, actor.workspace, id).await? else { return Ok(None) };
    let hypercare = plan.hypercare;
    Ok(match &hypercare.ended {
        Some(ended) => Some((true, format!("{} said so", ended.by))),
        None if hypercare.is_blank() => None,
        None => Some((false, "nobody has said so".to_owned())),
    })
}

/// The days the clocks of an onboarding run between. Values come from outcomes where there are some, the first of it from
/// the earliest that was confirmed, from the first measurement that shows it, so that measuring again moves nothing; else
/// from the plan's milestones.
pub(super) async fn moments(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    plan: Option<&RunningPlan>,
) -> Result<Moments, AppError> {
    let account = account::get(tx, actor.workspace, head.account_id).await?;
    let told: Option<Signed> = head::sections(tx, actor.workspace, head.id).await?;
    let shown = shown_in(tx, actor.workspace, head.id).await?;
    let finished = |code: Option<&str>| {
        let task = code.and_then(|code| plan?.task(code))?;
        match task.state {
            TaskState::Done { finished_on, .. } => Some(finished_on),
            _ => None,
        }
    };
    let ground = plan.map(|plan| &plan.ground);
    let held = finished(ground.and_then(|ground| ground.kickoff.as_deref()));
    // The kickoff may have been said without ticking its task.
    let began = (head.state != OnboardingState::Planned).then_some(head.kickoff_on);
    let first = plan.and_then(|plan| plan.milestone(plan.ground.first_value.as_deref()?)?.reached_on);
    let first_value = first_value(&shown).or(first);
    let full_value = full_value(&shown)
        // Milestones may be done before the first of the value was measured; the whole of it is not.
        .or_else(|| plan.and_then(all_value).map(|day| first_value.map_or(day, |first| first.max(day))));
    Ok(Moments {
        created: account.map(|account| day(app, account.created_at)),
        signed: told.and_then(|told| told.reading.deal.closed_on).map(|fact| fact.value),
        kicked_off: held.or(began),
        live: finished(ground.and_then(|ground| ground.go_live.as_deref())),
        first_value,
        full_value,
    })
}

/// The day on which the outcome was there that was named as the full value.
fn full_value(shown: &[Shown]) -> Option<Date> {
    shown.iter().find(|one| one.full).and_then(|one| one.on)
}

/// The day the last value milestone of the definition of complete was reached; nothing while one is missing.
fn all_value(plan: &RunningPlan) -> Option<Date> {
    let named = plan
        .milestones
        .iter()
        .filter(|one| one.kind == MilestoneKind::Value && plan.ground.complete.contains(&one.code));
    let days: Option<Vec<Date>> = named.map(|one| one.reached_on).collect();
    days?.into_iter().max()
}

/// The day of an instant in the installation's time zone.
pub(super) fn day(app: &App, at: Timestamp) -> Date {
    let at = jiff::Timestamp::try_from(at).unwrap_or_default();
    at.to_zoned(app.time_zone.clone()).date()
}
