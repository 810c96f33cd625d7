//! Onboardings that run late, and which milestones make them late.

use std::collections::BTreeMap;

use gangway_domain::ids::OnboardingId;
use gangway_domain::outcome::{Course, Driver, Passed, drivers};
use gangway_domain::permission::Action;
use gangway_store::outcome::late::{self as rows, Late, Step};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App, calculate};

/// Most onboardings in the list.
const MOST: u32 = 500;
/// Most milestones that are compared.
const MOST_STEPS: u32 = 50_000;
/// Days back from which onboardings are compared when nothing is said.
const YEAR: i32 = 365;

/// An onboarding that runs late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateLine {
    /// The onboarding.
    pub late: Late,
    /// Calendar days by which it is late, by plan or because its day has passed.
    pub days: i64,
    /// Its day has passed, not only by plan.
    pub is_past: bool,
}

/// Onboardings that run late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lateness {
    /// The latest first.
    pub lines: Vec<LateLine>,
    /// The day it was looked at.
    pub today: Date,
}

/// Which milestones make onboardings late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Courses {
    /// Milestones, those that cost most first.
    pub drivers: Vec<Driver>,
    /// Onboardings that were compared.
    pub onboardings: usize,
    /// Of those, how many are late.
    pub late: usize,
    /// Where each of them lost most days: the milestone's name, and how many calendar days. Those that lost none are not
    /// there.
    pub lost: BTreeMap<OnboardingId, (String, i64)>,
    /// Kickoffs from this day on.
    pub since: Date,
}

/// Onboardings of the actor's workspace that are not complete by their day, or will not be by their plan.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn late(app: &App, actor: &Actor, segment: Option<String>) -> Result<Lateness, AppError> {
    actor.require(Action::Look)?;
    let today = app.today();
    let mut tx = app.db.read().await?;
    let found = rows::running(&mut tx, actor.workspace, today, segment, MOST).await?;
    let mut lines: Vec<LateLine> = found
        .into_iter()
        .map(|late| LateLine {
            days: i64::from((late.finish_on.max(today) - late.complete_by).get_days()),
            is_past: late.complete_by < today,
            late,
        })
        .collect();
    lines.sort_by(|a, b| (b.days, &a.late.customer, a.late.id).cmp(&(a.days, &b.late.customer, b.late.id)));
    Ok(Lateness { lines, today })
}

/// Which milestones make onboardings late, over those kicked off from a day on; of the last year when left out.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn late_milestones(
    app: &App,
    actor: &Actor,
    since: Option<Date>,
    segment: Option<String>,
) -> Result<Courses, AppError> {
    actor.require(Action::Look)?;
    let today = app.today();
    let since = since.unwrap_or_else(|| today.saturating_sub(YEAR.days()));
    let mut tx = app.db.read().await?;
    let steps = rows::courses(&mut tx, actor.workspace, since, segment, MOST_STEPS).await?;
    drop(tx);
    calculate(move || {
        let (ids, courses): (Vec<OnboardingId>, Vec<Course>) = courses(&steps, today).into_iter().unzip();
        let late = courses.iter().filter(|course| course.is_late).count();
        let lost = ids.into_iter().zip(&courses).filter_map(|(id, course)| {
            let (milestone, days) = course.lost_at()?;
            Some((id, (milestone.name.clone(), days)))
        });
        let lost = lost.collect();
        Courses { drivers: drivers(&courses), onboardings: courses.len(), late, lost, since }
    })
    .await
}

/// The ways of the onboardings whose milestones follow each other.
fn courses(steps: &[Step], today: Date) -> Vec<(OnboardingId, Course)> {
    steps
        .chunk_by(|a, b| a.onboarding == b.onboarding)
        .filter_map(|steps| {
            let first = steps.first()?;
            let end = if first.is_over { first.finish_on } else { first.finish_on.max(today) };
            let passed = |step: &Step| Passed {
                code: step.code.clone(),
                name: step.name.clone(),
                due: step.due_on,
                // What is over without it was never due any more.
                on: step.reached_on.unwrap_or_else(|| {
                    if first.is_over { step.planned_on } else { step.planned_on.max(today) }
                }),
            };
            let course = Course {
                is_late: first.complete_by.is_some_and(|by| end > by),
                milestones: steps.iter().map(passed).collect(),
            };
            Some((first.onboarding, course))
        })
        .collect()
}
