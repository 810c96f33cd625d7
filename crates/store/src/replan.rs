//! An onboarding planned again: its package and the rows of its plan in place of those before. Rows that stay
//! keep their ids, so that whatever refers to a task or milestone still does.

use std::collections::BTreeMap;

use gangway_domain::ids::{IdSource, OnboardingId, WorkspaceId};
use gangway_domain::package::Package;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::{args, word};
use crate::work::stamp;
use crate::{link, milestone, onboarding, phase, task};

sql! {
    "replan";
    REPLACE = "UPDATE onboarding
               SET customer = $4, customer_key = $5, product = $6, use_case = $7, search = $8, segment = $9,
                   segment_name = $10, touch = $11, programme = $12, programme_version = $13, methodology = $14,
                   starts_on = $15, kickoff_on = $16, go_live_on = $17, go_live_target = $18,
                   first_value_on = $19, finish_on = $20, late_days = $21, document_score = $22, warnings = $23,
                   now_until = '0001-01-01', version = version + 1
               WHERE workspace_id = $1 AND id = $2 AND version = $3";
    DROP_PHASES = "DELETE FROM phase WHERE workspace_id = $1 AND onboarding_id = $2";
    DROP_LINKS = "DELETE FROM link WHERE workspace_id = $1 AND onboarding_id = $2";
    TASK_CODES = "SELECT id, code FROM task WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY position";
    MILESTONE_CODES = "SELECT id, code FROM milestone WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY position";
    // Out of the way, so that no two rows have one position while they are moved.
    PARK_TASKS = "UPDATE task SET position = -1 - position WHERE workspace_id = $1 AND onboarding_id = $2";
    PARK_MILESTONES = "UPDATE milestone SET position = -1 - position WHERE workspace_id = $1 AND onboarding_id = $2";
    KEEP_TASK = "UPDATE task SET position = $3 WHERE workspace_id = $1 AND id = $2";
    DROP_TASK = "DELETE FROM task WHERE workspace_id = $1 AND id = $2";
    DROP_MILESTONE = "DELETE FROM milestone WHERE workspace_id = $1 AND id = $2";
    // The row that is never there says of what kind the values are: PostgreSQL could not tell.
    CHANGE_TASKS = "WITH changed (workspace_id, id, position, phase, name, side, role, assignee, days, starts_on,
                                  finishes_on, slack, critical) AS (
                      SELECT workspace_id, id, position, phase, name, side, role, assignee, days, starts_on,
                             finishes_on, slack, critical
                      FROM task WHERE 1 = 0
                      UNION ALL SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                    UPDATE task
                    SET position = changed.position, phase = changed.phase, name = changed.name,
                        side = changed.side, role = changed.role, assignee = changed.assignee,
                        days = changed.days, starts_on = changed.starts_on, finishes_on = changed.finishes_on,
                        slack = changed.slack, critical = changed.critical
                    FROM changed WHERE task.workspace_id = changed.workspace_id AND task.id = changed.id";
    CHANGE_MILESTONE = "UPDATE milestone SET position = $3, phase = $4, name = $5, kind = $6, gate = $7,
                               due_on = $8, planned_on = $9
                        WHERE workspace_id = $1 AND id = $2";
}

#[derive(FromRow)]
struct Code {
    id: Uuid,
    code: String,
}

/// Puts a package in place of the one before, when the onboarding is still at this version; false when it
/// is not. Tasks of these codes (`kept`) stay although the package does not know them: somebody added them.
///
/// # Errors
/// When the database fails.
pub async fn replace(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    version: i64,
    package: &Package,
    kept: &[String],
    ids: &dyn IdSource,
) -> Result<bool, StoreError> {
    let onboarding::Columns { search, late_days, warnings } = onboarding::Columns::of(package);
    let Package { names, segmentation, dates, handoff, plan, .. } = package;
    let row = args![
        workspace,
        id,
        version,
        &names.customer,
        names.customer.to_lowercase(),
        &names.product,
        &names.use_case,
        search,
        &segmentation.segment,
        &segmentation.segment_name,
        &segmentation.touch,
        &segmentation.programme,
        segmentation.programme_version,
        &segmentation.methodology,
        dates.starts_on,
        dates.kickoff_on,
        dates.go_live_on,
        dates.go_live_target,
        dates.first_value_on,
        dates.finish_on,
        late_days,
        handoff.quality.document_score,
        warnings,
    ];
    if tx.run(REPLACE, row).await? == 0 {
        return Ok(false);
    }
    stamp::count_on(tx, workspace, [id]).await?;
    tx.run(DROP_LINKS, args![workspace, id]).await?;
    tx.run(DROP_PHASES, args![workspace, id]).await?;
    phase::insert_all(tx, workspace, id, &plan.phases).await?;
    tasks(tx, workspace, id, package, kept, ids).await?;
    milestones(tx, workspace, id, package, ids).await?;
    link::insert_all(tx, workspace, id, &plan.links).await?;
    onboarding::set_package(tx, workspace, id, package).await?;
    let shown = [&names.customer, &names.product, &names.use_case, &segmentation.segment_name];
    onboarding::index(tx, workspace, id, shown.map(String::as_str)).await?;
    Ok(true)
}

async fn tasks(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    package: &Package,
    kept: &[String],
    ids: &dyn IdSource,
) -> Result<(), StoreError> {
    let mut known = codes(tx.all(TASK_CODES, args![workspace, id]).await?);
    tx.run(PARK_TASKS, args![workspace, id]).await?;
    let mut changed = Vec::new();
    for (position, row) in (0_i64..).zip(&package.plan.tasks) {
        let Some(kept) = known.remove(&row.id) else {
            task::insert_at(tx, workspace, id, ids, position, row).await?;
            continue;
        };
        changed.push(args![
            kept,
            position,
            &row.phase,
            &row.name,
            word("side", &row.owner)?,
            &row.role_name,
            &row.assignee,
            row.days,
            row.start,
            row.finish,
            row.slack,
            row.critical,
        ]);
    }
    tx.change_all(CHANGE_TASKS, args![workspace], changed).await?;
    let mut last = i64::try_from(package.plan.tasks.len()).unwrap_or(i64::MAX);
    for (code, row) in known {
        if kept.contains(&code) {
            tx.run(KEEP_TASK, args![workspace, row, last]).await?;
            last += 1;
        } else {
            tx.run(DROP_TASK, args![workspace, row]).await?;
        }
    }
    Ok(())
}

async fn milestones(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    package: &Package,
    ids: &dyn IdSource,
) -> Result<(), StoreError> {
    let mut known = codes(tx.all(MILESTONE_CODES, args![workspace, id]).await?);
    tx.run(PARK_MILESTONES, args![workspace, id]).await?;
    for (position, row) in (0_i64..).zip(&package.plan.milestones) {
        let Some(kept) = known.remove(&row.id) else {
            milestone::insert_at(tx, workspace, id, ids, position, row).await?;
            continue;
        };
        let kind = word("milestone kind", &row.kind)?;
        let changed =
            args![workspace, kept, position, &row.phase, &row.name, kind, row.gate, row.due, row.planned];
        tx.run(CHANGE_MILESTONE, changed).await?;
    }
    for gone in known.into_values() {
        tx.run(DROP_MILESTONE, args![workspace, gone]).await?;
    }
    Ok(())
}

fn codes(rows: Vec<Code>) -> BTreeMap<String, Uuid> {
    rows.into_iter().map(|row| (row.code, row.id)).collect()
}
