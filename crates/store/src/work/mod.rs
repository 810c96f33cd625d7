//! The plan being worked: its rows read as one value, and what changed of it written back.

pub mod attachment;
pub mod baseline;
pub mod checklist;
pub mod comment;
pub mod description;
pub mod duty;
pub(crate) mod kept;
pub mod ledger;
pub mod mine;
pub(crate) mod read;
pub mod recurring;
mod rows;
pub(crate) mod save;
pub(crate) mod stamp;

pub use read::{get, of_onboardings};
pub use save::{begin, begin_all, restart, save};

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, MilestoneId, OnboardingId, TaskId, WorkspaceId};
use gangway_domain::work::RunningPlan;
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::args;

sql! {
    "work";
    PLACE = "SELECT onboarding_id, code, version FROM task WHERE workspace_id = $1 AND id = $2";
    MILESTONE_PLACE = "SELECT onboarding_id, code, version FROM milestone WHERE workspace_id = $1 AND id = $2";
    EDITION = "SELECT o.account_id, o.version, g.stamp
               FROM onboarding o
               LEFT JOIN plan_ground g ON g.workspace_id = o.workspace_id AND g.onboarding_id = o.id
               WHERE o.workspace_id = $1 AND o.id = $2";
}

/// A plan with what its rows know beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The plan.
    pub plan: RunningPlan,
    /// Counts its changes, from 1.
    pub revision: i64,
    /// Counts every change of its rows.
    pub(crate) stamp: i64,
    /// What is known of its tasks beside, by code.
    pub tasks: BTreeMap<String, TaskFacts>,
    /// What is known of its milestones beside, by code.
    pub milestones: BTreeMap<String, MilestoneFacts>,
}

/// What a row knows of a task beside the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskFacts {
    /// Id.
    pub id: TaskId,
    /// Where it stands in the plan.
    pub position: i64,
    /// Dates and working days as agreed last; none for tasks that came later.
    pub baseline: Option<(Date, Date, i64)>,
    /// Counts changes, from 1.
    pub version: i64,
}

/// What a row knows of a milestone beside the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MilestoneFacts {
    /// Id.
    pub id: MilestoneId,
    /// Day as agreed last.
    pub baseline: Option<Date>,
    /// Counts changes, from 1.
    pub version: i64,
}

/// Where a task or milestone is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The onboarding.
    pub onboarding: OnboardingId,
    /// Its code in the plan.
    pub code: String,
    /// Counts its changes, from 1.
    pub version: i64,
}

/// Where a task is.
///
/// # Errors
/// When the database fails.
pub async fn place(tx: &mut Tx, workspace: WorkspaceId, task: TaskId) -> Result<Option<Place>, StoreError> {
    let row: Option<(Uuid, String, i64)> = tx.optional(PLACE, args![workspace, task]).await?;
    Ok(row.map(place_of))
}

/// Where a milestone is.
///
/// # Errors
/// When the database fails.
pub async fn milestone_place(
    tx: &mut Tx,
    workspace: WorkspaceId,
    milestone: MilestoneId,
) -> Result<Option<Place>, StoreError> {
    let row: Option<(Uuid, String, i64)> = tx.optional(MILESTONE_PLACE, args![workspace, milestone]).await?;
    Ok(row.map(place_of))
}

/// Tells an onboarding's package and plan from those before any change of them, without reading them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Edition {
    /// The customer.
    #[sqlx(try_from = "Uuid")]
    pub account_id: AccountId,
    /// Counts changes of the onboarding, another package among them.
    pub version: i64,
    /// Counts every change of the rows of its plan; none when it has none that can be worked yet.
    pub stamp: Option<i64>,
}

/// Which edition of its package and plan an onboarding has; none when the workspace has no such onboarding.
///
/// # Errors
/// When the database fails.
pub async fn edition(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<Edition>, StoreError> {
    tx.optional(EDITION, args![workspace, onboarding]).await
}

fn place_of((onboarding, code, version): (Uuid, String, i64)) -> Place {
    Place { onboarding: OnboardingId::from(onboarding), code, version }
}
