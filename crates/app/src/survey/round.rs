//! The daily round of surveys: what is due goes out, whoever has not answered is reminded once, what is over closes.
//!
//! Like the daily mail it is a job for each workspace and day, whose id says the day; each survey is sent in the
//! transaction that says that it was, so that nobody is asked twice.

use std::time::Duration;

use gangway_domain::ids::{JobId, WorkspaceId};
use gangway_domain::survey::State;
use gangway_jobs::{Claimed, Failure, Later, Policy, Report, Work};
use gangway_store::job::Job;
use gangway_store::onboarding::head;
use gangway_store::survey::{self as rows, Person, Survey};
use gangway_store::{Tx, digest, upkeep};
use jiff::ToSpan;
use jiff::civil::Date;
use uuid::Uuid;

use super::{Line, keep, mail_all, send_in};
use crate::boxed;
use crate::error::AppError;
use crate::register::record;
use crate::{Actor, App, Door, job};

/// The kind of job that does the round of a workspace.
pub const JOB: &str = "surveys";

/// The hour at which it is done, on the clock of the installation's zone.
pub const HOUR: i8 = 9;

/// Days after which whoever has not answered is reminded.
const REMIND_AFTER: i64 = 5;

/// Ids of these jobs begin with it, so that they can be told from any other: `survey` in ASCII.
const MARK: u128 = 0x7375_7276_6579 << 80;

/// Plans the next round of every workspace; those that are planned already stay.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn schedule(app: &App) -> Result<(), AppError> {
    let mut tx = app.db.write().await?;
    for workspace in upkeep::workspaces(&mut tx).await? {
        plan(app, &mut tx, workspace).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Plans the next round of one workspace.
pub(crate) async fn plan(app: &App, tx: &mut Tx, workspace: WorkspaceId) -> Result<(), AppError> {
    Ok(digest::plan(tx, workspace, &next(app)).await?)
}

/// The job of the next time it is the hour.
fn next(app: &App) -> Job {
    let now = app.clock.now();
    let at = |day: Date| {
        let there = day.at(HOUR, 0, 0, 0).to_zoned(app.time_zone.clone());
        there.map_or(jiff::Timestamp::MAX, |there| there.timestamp())
    };
    let today = app.today();
    let day = if at(today) > now { today } else { today.saturating_add(1.day()) };
    let number = i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day());
    Job {
        id: JobId::from_uuid(Uuid::from_u128(MARK | u128::try_from(number).unwrap_or(0))),
        kind: JOB.to_owned(),
        payload: serde_json::json!({ "day": day }),
        run_at: at(day).into(),
        created_at: now.into(),
    }
}

/// Does the rounds.
#[derive(Debug, Clone)]
pub struct Rounds {
    app: App,
}

impl Rounds {
    /// Over this app.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self { app }
    }

    /// Does one for today, whenever it was planned for.
    async fn go(&self, workspace: WorkspaceId) -> Result<(), AppError> {
        let app = &self.app;
        let actor = Actor::system("Gangway", workspace, Door::Job);
        let today = app.today();
        let mut tx = app.db.read().await?;
        let planned = rows::planned(&mut tx, workspace).await?;
        let open = rows::open(&mut tx, workspace).await?;
        drop(tx);
        let mut each = job::Each::default();
        for survey in planned {
            let line = Line::of(survey);
            if line.ready && line.on <= today {
                let id = line.survey.id;
                each.saw("survey to be sent", &id, self.send(&actor, line.survey).await);
            }
        }
        for survey in open {
            let id = survey.id;
            if survey.closes_on.is_some_and(|last| last < today) {
                each.saw("survey to be closed", &id, self.close(&actor, survey).await);
            } else if survey.answered < survey.asked {
                each.saw("survey to remind of", &id, self.remind(&actor, &survey, today).await);
            }
        }
        each.end()
    }

    /// Sends one. Where there is nobody to ask yet it waits; where somebody was faster all is well.
    async fn send(&self, actor: &Actor, survey: Survey) -> Result<(), AppError> {
        let app = &self.app;
        let mut tx = app.db.write().await?;
        let Some(head) = head::get(&mut tx, actor.workspace, survey.onboarding).await? else { return Ok(()) };
        match send_in(app, &mut tx, actor, &head, survey, None).await {
            Ok(_) => Ok(tx.commit().await?),
            Err(AppError::Refusal(_) | AppError::Stale { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    async fn close(&self, actor: &Actor, survey: Survey) -> Result<(), AppError> {
        let app = &self.app;
        let mut tx = app.db.write().await?;
        let Some(head) = head::get(&mut tx, actor.workspace, survey.onboarding).await? else { return Ok(()) };
        let summary =
            format!("Closed the survey “{}”: {} of {} answered", survey.title, survey.answered, survey.asked);
        match keep(&mut tx, actor, Survey { state: State::Closed, ..survey }).await {
            Ok(_) => {}
            Err(AppError::Stale { .. }) => return Ok(()),
            Err(error) => return Err(error),
        }
        record(app, &mut tx, actor, &head, "survey.closed", summary).await?;
        Ok(tx.commit().await?)
    }

    async fn remind(&self, actor: &Actor, survey: &Survey, today: Date) -> Result<(), AppError> {
        let app = &self.app;
        let sent = survey.sent_at.and_then(|at| jiff::Timestamp::try_from(at).ok());
        let since = sent.map(|at| at.to_zoned(app.time_zone.clone()).date());
        if since.is_none_or(|day| day.saturating_add(REMIND_AFTER.days()) > today) {
            return Ok(());
        }
        let mut tx = app.db.write().await?;
        let mut late: Vec<Person> = rows::people(&mut tx, actor.workspace, survey.id)
            .await?
            .into_iter()
            .filter(|one| one.mailed && one.began_at.is_none() && one.reminded_at.is_none())
            .collect();
        if late.is_empty() {
            return Ok(());
        }
        let Some(head) = head::get(&mut tx, actor.workspace, survey.onboarding).await? else { return Ok(()) };
        mail_all(app, &mut tx, actor, &head, survey, &mut late, true).await?;
        for one in &late {
            rows::reminded(&mut tx, actor.workspace, survey.id, one.contact, app.now()).await?;
        }
        Ok(tx.commit().await?)
    }
}

impl Work for Rounds {
    fn kind(&self) -> &'static str {
        JOB
    }

    /// Six attempts over about an hour and a half.
    fn policy(&self) -> Policy {
        Policy::doubling(Duration::from_mins(1), Duration::from_hours(1), 6)
    }

    fn run<'a>(&'a self, claimed: &'a Claimed) -> Later<'a, Report> {
        Box::pin(async move {
            let result = self.go(claimed.workspace).await.map_err(|error| {
                tracing::error!(%error, "the surveys of a workspace were not sent");
                Failure::Later("the surveys could not be sent; the log says more".to_owned())
            });
            let effects = job::followed_by(claimed.workspace, next(&self.app));
            Report { result, effects: Some(effects) }
        })
    }
}
