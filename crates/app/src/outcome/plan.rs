//! What stands above the outcomes, the value ladder, and how value milestones are celebrated.

use gangway_domain::ids::{MilestoneId, OnboardingId, OutcomeId};
use gangway_domain::outcome::{Status, judged};
use gangway_domain::permission::Action;
use gangway_domain::playbook::{CelebrationAt, Demonstration, ValueRules};
use gangway_domain::programme::MilestoneKind;
use gangway_store::onboarding::head::{self, Head};
use gangway_store::outcome::plan::{self as rows, Celebration, ImpactPlan};
use gangway_store::outcome::{self as outcomes, Outcome};
use gangway_store::work;
use jiff::civil::Date;
use serde::Deserialize;

use super::check::line;
use super::live::Sentences;
use super::{plan_of, shown_in};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::register::{checked_prose, onboarding, record};
use crate::{Actor, App, version};

/// What a joint impact plan says above its outcomes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlanChanges {
    /// North star in one sentence.
    pub north_star: String,
    /// First impact: what and by when.
    pub first_impact: String,
    /// What stands in the way.
    pub challenges: String,
    /// What could come of it.
    pub opportunities: String,
}

/// A rung of the value ladder, with the outcomes that stand on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// Level; the ground has none.
    pub level: Option<u32>,
    /// Name.
    pub name: String,
    /// What is true on it.
    pub reached_when: String,
    /// An outcome on it is reached or verified.
    pub is_reached: bool,
    /// Its outcomes: id, what people call it, its goal, where it stands.
    pub outcomes: Vec<(OutcomeId, String, String, Status)>,
}

/// A value milestone with what proves it and how it is celebrated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueStep {
    /// Id of the milestone.
    pub id: Option<MilestoneId>,
    /// Id inside the plan.
    pub code: String,
    /// What is reached.
    pub name: String,
    /// Date it is due.
    pub due: Date,
    /// Date the plan reaches it.
    pub planned: Date,
    /// The day it was reached.
    pub reached_on: Option<Date>,
    /// It is the first value.
    pub first_value: bool,
    /// What proves it.
    pub evidence: Option<String>,
    /// How it is celebrated; version 0 is what the methodology proposes.
    pub celebration: Celebration,
}

/// The value of an onboarding: ladder, milestones, what is shown to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValuePage {
    /// The onboarding.
    pub head: Head,
    /// Rungs from the ground up.
    pub ladder: Vec<Rung>,
    /// Value milestones in order of the plan.
    pub steps: Vec<ValueStep>,
    /// What is shown to whom on which day.
    pub demonstrations: Vec<Demonstration>,
    /// The day it was looked at.
    pub today: Date,
}

#[derive(Deserialize)]
struct Sections {
    plan: Milestones,
}

#[derive(Deserialize)]
struct Milestones {
    milestones: Vec<Told>,
}

#[derive(Deserialize)]
struct Told {
    id: String,
    evidence: Option<String>,
    celebrate: Option<String>,
}

/// What stands above the outcomes of an onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn impact_plan(app: &App, actor: &Actor, id: OnboardingId) -> Result<(Head, ImpactPlan), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    Ok((head, plan_of(&mut tx, actor, id).await?))
}

/// Changes what stands above the outcomes, when it is still what it was when it was looked at. A sentence that says
/// what is written from the plan goes on following it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`]; or when the
/// database fails.
#[boxed]
pub async fn change_plan(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
    changes: PlanChanges,
) -> Result<ImpactPlan, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let PlanChanges { north_star, first_impact, challenges, opportunities } = changes;
    let north_star = line("north_star", &north_star, 500, &mut problems);
    let first_impact = line("first_impact", &first_impact, 500, &mut problems);
    let challenges = checked_prose("challenges", &challenges, &mut problems);
    let opportunities = checked_prose("opportunities", &opportunities, &mut problems);
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known = plan_of(&mut tx, actor, id).await?;
    version::fresh("impact plan", known.version, version)?;
    let wanted = ImpactPlan { north_star, first_impact, challenges, opportunities, ..known.clone() };
    if wanted == known {
        return Ok(known);
    }
    let kept = match Sentences::read(&mut tx, actor.workspace, id).await? {
        Some(sentences) => sentences.kept(wanted.clone()),
        None => wanted.clone(),
    };
    if version == 0 {
        let first = ImpactPlan { version: 1, ..kept };
        rows::insert_all(&mut tx, actor.workspace, &[(id, first)]).await.map_err(AppError::overtaken)?;
    } else {
        version::after("impact plan", version, rows::change(&mut tx, actor.workspace, id, &kept).await?)?;
    }
    let summary = "Changed the joint impact plan".to_owned();
    record(app, &mut tx, actor, &head, "impact_plan.changed", summary).await?;
    tx.commit().await?;
    Ok(ImpactPlan { version: version + 1, ..wanted })
}

/// The value ladder of an onboarding, its value milestones and how they are celebrated.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn value(app: &App, actor: &Actor, id: OnboardingId) -> Result<ValuePage, AppError> {
    actor.require(Action::Look)?;
    let today = app.today();
    let rules = &app.methodology.value;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known = outcomes::of_onboarding(&mut tx, actor.workspace, id).await?;
    let kept = rows::celebrations(&mut tx, actor.workspace, id).await?;
    let sections = head::sections::<Sections>(&mut tx, actor.workspace, id).await?;
    let told = sections.map(|sections| sections.plan.milestones).unwrap_or_default();
    let stored = work::get(&mut tx, actor.workspace, id).await?;
    let mut steps = Vec::new();
    if let Some(stored) = &stored {
        let plan = &judged(&stored.plan, &shown_in(&mut tx, actor.workspace, id).await?);
        let last = plan.ground.complete.iter().filter_map(|code| plan.milestone(code));
        let last = last.filter(|one| one.kind == MilestoneKind::Value).max_by_key(|one| one.due);
        for one in plan.milestones.iter().filter(|one| one.kind == MilestoneKind::Value) {
            let first_value = plan.ground.first_value.as_deref() == Some(one.code.as_str());
            let at = match last {
                _ if first_value => CelebrationAt::FirstValue,
                Some(last) if last.code == one.code => CelebrationAt::FullValue,
                _ => CelebrationAt::Value,
            };
            let told = told.iter().find(|told| told.id == one.code);
            let celebration = kept.iter().find(|known| known.milestone == one.code).cloned();
            let proposed = || {
                let format = told.and_then(|told| told.celebrate.as_deref());
                proposed(rules, at, &one.code, &one.name, &head.customer, format)
            };
            steps.push(ValueStep {
                id: stored.milestones.get(&one.code).map(|facts| facts.id),
                code: one.code.clone(),
                name: one.name.clone(),
                due: one.due,
                planned: one.planned,
                reached_on: one.reached_on,
                first_value,
                evidence: told.and_then(|told| told.evidence.clone()),
                celebration: celebration.unwrap_or_else(proposed),
            });
        }
    }
    let ladder = ladder(rules, &known, today);
    Ok(ValuePage { head, ladder, steps, demonstrations: rules.demonstrations.clone(), today })
}

/// How the methodology celebrates a milestone; the programme's own words for it say how.
fn proposed(
    rules: &ValueRules,
    at: CelebrationAt,
    code: &str,
    name: &str,
    customer: &str,
    format: Option<&str>,
) -> Celebration {
    let plan = rules.celebration(at);
    let text = |pick: fn(&gangway_domain::playbook::CelebrationPlan) -> &String| {
        plan.map(|plan| pick(plan).clone()).unwrap_or_default()
    };
    Celebration {
        milestone: code.to_owned(),
        share_with: text(|plan| &plan.share_with),
        format: format.map_or_else(|| text(|plan| &plan.format), str::to_owned),
        message: text(|plan| &plan.message).replace("{milestone}", name).replace("{customer}", customer),
        held: None,
        version: 0,
    }
}

fn ladder(rules: &ValueRules, known: &[Outcome], today: Date) -> Vec<Rung> {
    // First value is the first rung by what it means, whatever else was said; what is confirmed is value.
    let is_value = |one: &Outcome| one.first_value || one.status(today) == Status::Verified;
    let level = |one: &Outcome| one.rung.or_else(|| is_value(one).then_some(1));
    rules
        .ladder
        .iter()
        .map(|rung| {
            let on_it =
                known.iter().filter(|one| rung.level.is_some() && level(one) == rung.level.map(i64::from));
            let outcomes: Vec<_> =
                on_it.map(|one| (one.id, one.code(), one.goal.clone(), one.status(today))).collect();
            Rung {
                level: rung.level,
                name: rung.name.clone(),
                reached_when: rung.reached_when.clone(),
                is_reached: outcomes
                    .iter()
                    .any(|(.., status)| matches!(status, Status::Reached | Status::Verified)),
                outcomes,
            }
        })
        .collect()
}

/// Keeps how a value milestone is celebrated, and that it was; `wanted.version` is the version it was looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Stale`]; or when the
/// database fails.
#[boxed]
pub async fn celebrate(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    wanted: Celebration,
) -> Result<Celebration, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut problems = Vec::new();
    let share_with = line("share_with", &wanted.share_with, 300, &mut problems);
    let format = line("format", &wanted.format, 300, &mut problems);
    let message = checked_prose("message", &wanted.message, &mut problems);
    if wanted.held.as_ref().is_some_and(|(on, _)| *on > app.today()) {
        problems.push(Problem::new("held_on", "is still to come"));
    }
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let stored = work::get(&mut tx, actor.workspace, id).await?;
    let name = stored
        .as_ref()
        .and_then(|stored| stored.plan.milestone(&wanted.milestone))
        .filter(|one| one.kind == MilestoneKind::Value)
        .map(|one| one.name.clone())
        .ok_or_else(|| {
            AppError::missing("value milestone", wanted.milestone.chars().take(60).collect::<String>())
        })?;
    let kept = rows::celebrations(&mut tx, actor.workspace, id).await?;
    let known = kept.into_iter().find(|known| known.milestone == wanted.milestone);
    let now = known.as_ref().map_or(0, |known| known.version);
    version::fresh("celebration", now, wanted.version)?;
    let was_held = known.is_some_and(|known| known.held.is_some());
    let one = Celebration { share_with, format, message, ..wanted };
    let done = rows::celebrate(&mut tx, actor.workspace, id, &one).await.map_err(AppError::overtaken)?;
    let version = version::after("celebration", now, done)?;
    let held = one.held.is_some() && !was_held;
    let (kind, summary) = if held {
        ("celebration.held", format!("Celebrated “{name}” with {}", one.share_with))
    } else {
        ("celebration.planned", format!("Planned how “{name}” is celebrated"))
    };
    record(app, &mut tx, actor, &head, kind, summary).await?;
    tx.commit().await?;
    Ok(Celebration { version, ..one })
}
