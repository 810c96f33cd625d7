//! The surveys an onboarding begins with: those of its package, each tied to the point of the programme it comes after.

use gangway_domain::ids::{OnboardingId, SurveyId};
use gangway_domain::methodology::{Sheets, Survey as Kind};
use gangway_domain::package::{Package, SurveyPlan};
use gangway_domain::survey::State;
use gangway_store::Tx;
use gangway_store::onboarding::head;
use gangway_store::survey::{self as rows, Survey};
use jiff::civil::Date;
use serde::Deserialize;

use crate::error::AppError;
use crate::programme::KeptSheets;
use crate::upkeep::{self, Batch, Lack};
use crate::{Actor, App};

/// What of a package becomes surveys.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Start {
    surveys: Vec<SurveyPlan>,
}

impl Start {
    /// Of a whole package.
    pub(crate) fn of(package: &Package) -> Self {
        Self { surveys: package.surveys.clone() }
    }
}

/// Adds the surveys of a package, each tied to its moment in the programme; those that are there already stay.
pub(crate) async fn seed(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    start: &Start,
    sheets: &Sheets,
) -> Result<(), AppError> {
    rows::insert_all(tx, actor.workspace, &planned(app, sheets, id, start)).await?;
    Ok(())
}

/// Puts the surveys of another package in place of those that have not gone out. What was sent, left out or planned by
/// hand stays, and is not planned once more.
pub(crate) async fn reseed(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    start: &Start,
    sheets: &Sheets,
) -> Result<(), AppError> {
    rows::forget_planned(tx, actor.workspace, id).await?;
    let known = rows::of_onboarding(tx, actor.workspace, id).await?;
    let mut number = rows::last_number(tx, actor.workspace, id).await?;
    for row in planned(app, sheets, id, start) {
        let there = known.iter().any(|one| one.survey == row.survey && one.after == row.after);
        if !there {
            number += 1;
            rows::insert(tx, actor.workspace, &Survey { number, ..row }).await?;
        }
    }
    Ok(())
}

fn planned(app: &App, sheets: &Sheets, id: OnboardingId, start: &Start) -> Vec<Survey> {
    let mut all: Vec<Survey> = Vec::with_capacity(start.surveys.len());
    for (number, plan) in (1..).zip(&start.surveys) {
        // The same survey may be sent more than once: the first time belongs to the first point it comes after.
        let before = all.iter().filter(|one| one.survey == plan.survey).count();
        let point = sheets.moments.iter().filter(|one| one.survey == plan.survey).nth(before);
        let kind = sheets.surveys.get(&plan.survey);
        all.push(Survey {
            survey: plan.survey.clone(),
            title: plan.title.clone(),
            audience: plan.audience.clone(),
            questions: plan.questions.clone(),
            roles: kind.map(|kind| kind.roles.clone()).unwrap_or_default(),
            target: i64::from(plan.target_response_percent),
            after: point.map(|point| point.after.clone()).unwrap_or_default(),
            after_days: point.map_or(0, |point| i64::from(point.days)),
            ..blank(app, id, number, plan.on)
        });
    }
    all
}

/// A survey of the methodology on a day of its own.
pub(super) fn row(app: &App, onboarding: OnboardingId, number: i64, kind: &Kind, on: Date) -> Survey {
    Survey {
        survey: kind.id.clone(),
        title: kind.title.clone(),
        audience: kind.audience.clone(),
        questions: kind.questions.clone(),
        roles: kind.roles.clone(),
        target: i64::from(kind.target_response_percent),
        ..blank(app, onboarding, number, on)
    }
}

/// A survey that is planned and asks nothing yet.
fn blank(app: &App, onboarding: OnboardingId, number: i64, on: Date) -> Survey {
    Survey {
        id: SurveyId::fresh(&*app.ids),
        onboarding,
        number,
        survey: String::new(),
        title: String::new(),
        audience: String::new(),
        questions: Vec::new(),
        roles: Vec::new(),
        target: 0,
        after: String::new(),
        after_days: 0,
        planned_on: on,
        state: State::Planned,
        sent_at: None,
        sent_by: String::new(),
        closes_on: None,
        because: String::new(),
        point: None,
        asked: 0,
        answered: 0,
        version: 1,
    }
}

/// Adds surveys to onboardings that came before surveys were kept. What is long past is left out.
pub(crate) async fn backfill(app: &App, actor: &Actor) -> Result<(), AppError> {
    let (mut after, mut kept) = (None, KeptSheets::default());
    while let Some(batch) = upkeep::next(app, actor.workspace, Lack::Surveys, &mut after).await? {
        let Batch { mut tx, of } = batch;
        let ids = upkeep::ids(&of);
        let starts = head::sections_of::<Start>(&mut tx, actor.workspace, &ids).await?;
        let sheets = kept.of(app, &mut tx, actor.workspace, &ids).await?;
        let mut surveys = Vec::new();
        for (id, start) in &starts {
            if let Some(sheets) = sheets.get(id) {
                surveys.extend(planned(app, sheets, *id, start).into_iter().map(|row| or_past(app, row)));
            }
        }
        rows::insert_all(&mut tx, actor.workspace, &surveys).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// A survey as it is planned; left out where its day has passed.
fn or_past(app: &App, row: Survey) -> Survey {
    if row.planned_on >= app.today() {
        return row;
    }
    let because = "its day had passed before surveys were sent".to_owned();
    Survey { state: State::Skipped, because, ..row }
}
