//! The portfolio in numbers: how many onboardings there are, where they stand, whose they are.

use gangway_domain::ids::{PersonId, WorkspaceId};

use super::list::{Owner, Query, pattern};
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::args;

sql! {
    "onboarding counts";
    // Read from one index, whose columns these are.
    SEGMENTS = "SELECT segment, segment_name, COUNT(*) AS onboardings,
                       CAST(COALESCE(SUM(CASE WHEN late_days > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS late,
                       CAST(COALESCE(SUM(warnings), 0) AS BIGINT) AS warnings
                FROM onboarding WHERE workspace_id = $1
                GROUP BY segment, segment_name ORDER BY COUNT(*) DESC, segment";
    COLUMNS = "SELECT CASE WHEN o.state_name IN ('completed', 'closed') THEN o.state_name
                           ELSE COALESCE((SELECT p.stage FROM phase p
                                           WHERE p.workspace_id = o.workspace_id AND p.onboarding_id = o.id
                                             AND p.starts_on <= $5
                                           ORDER BY p.position DESC LIMIT 1), 'not-begun') END AS place,
                      COUNT(*) AS onboardings
               FROM onboarding o
               WHERE o.workspace_id = $1
                 AND (o.segment = $2 OR $2 IS NULL)
                 AND (o.state_name = $3 OR $3 IS NULL)
                 AND (o.search LIKE $4 ESCAPE '\\' OR $4 IS NULL)
                 AND (o.owner_id = $6 OR $6 IS NULL)
                 AND (o.owner_id IS NULL OR NOT $7)
                 AND (o.late_days >= $8 OR $8 IS NULL)
               GROUP BY 1";
    OWNERS = "SELECT m.person_id, p.name,
                     (SELECT COUNT(*) FROM onboarding o
                       WHERE o.workspace_id = m.workspace_id AND o.owner_id = m.person_id) AS onboardings
              FROM membership m JOIN person p ON p.id = m.person_id
              WHERE m.workspace_id = $1 ORDER BY LOWER(p.name), m.person_id";
}

/// Counts over the whole portfolio, whatever is filtered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// All onboardings.
    pub all: i64,
    /// Those whose go-live misses its target.
    pub late: i64,
    /// Warnings over all of them.
    pub warnings: i64,
    /// Segments in use, the most frequent first: id, name, number of onboardings.
    pub segments: Vec<(String, String, i64)>,
}

/// Counts over the whole portfolio.
///
/// # Errors
/// When the database fails.
pub async fn summary(tx: &mut Tx, workspace: WorkspaceId) -> Result<Summary, StoreError> {
    let rows: Vec<(String, String, i64, i64, i64)> = tx.all(SEGMENTS, args![workspace]).await?;
    let mut summary = Summary { all: 0, late: 0, warnings: 0, segments: Vec::new() };
    for (id, name, onboardings, late, warnings) in rows {
        summary.all += onboardings;
        summary.late += late;
        summary.warnings += warnings;
        summary.segments.push((id, name, onboardings));
    }
    Ok(summary)
}

/// How many onboardings of the filter are at each place, whatever its sort and page: stages, `not-begun`,
/// `completed`, `closed`.
///
/// # Errors
/// When the database fails.
pub async fn places(
    tx: &mut Tx,
    workspace: WorkspaceId,
    query: &Query,
) -> Result<Vec<(String, i64)>, StoreError> {
    let Query { segment, state, search, owner, late_only, today, .. } = query;
    let person = match owner {
        Some(Owner::Person(id)) => Some(*id),
        _ => None,
    };
    let args = args![
        workspace,
        segment,
        state,
        search.as_deref().map(pattern),
        *today,
        person,
        *owner == Some(Owner::Nobody),
        late_only.then_some(1_i64),
    ];
    tx.all(COLUMNS, args).await
}

/// The workspace's people by name, each with how many onboardings they run.
///
/// # Errors
/// When the database fails.
pub async fn owners(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<(PersonId, String, i64)>, StoreError> {
    let rows: Vec<(uuid::Uuid, String, i64)> = tx.all(OWNERS, args![workspace]).await?;
    Ok(rows.into_iter().map(|(id, name, count)| (PersonId::from(id), name, count)).collect())
}
