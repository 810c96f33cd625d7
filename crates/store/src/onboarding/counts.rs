//! The portfolio in numbers: how many onboardings there are, in which state and segment, whose they are.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use gangway_domain::ids::{PersonId, WorkspaceId};

use super::list::OPEN;
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::args;

sql! {
    "onboarding counts";
    // Read from one index, whose columns these are.
    SHARES = "SELECT state_name, segment, segment_name, COUNT(*) AS onboardings,
                     CAST(COALESCE(SUM(CASE WHEN late_days > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS late,
                     CAST(COALESCE(SUM(warnings), 0) AS BIGINT) AS warnings
              FROM onboarding WHERE workspace_id = $1
              GROUP BY state_name, segment, segment_name ORDER BY segment, segment_name, state_name";
    OWNERS = "SELECT m.person_id, p.name,
                     (SELECT COUNT(*) FROM onboarding o
                       WHERE o.workspace_id = m.workspace_id AND o.owner_id = m.person_id) AS onboardings
              FROM membership m JOIN person p ON p.id = m.person_id
              WHERE m.workspace_id = $1 ORDER BY LOWER(p.name), m.person_id";
}

/// Counts over the whole portfolio, whatever is filtered but the state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// All onboardings.
    pub all: i64,
    /// How many there are in each state there is.
    pub states: BTreeMap<String, i64>,
    /// Those not over whose go-live misses its target.
    pub late: i64,
    /// Warnings over all that are not over.
    pub warnings: i64,
    /// Segments among those in the state asked for, the most frequent first: id, name, number of onboardings.
    pub segments: Vec<(String, String, i64)>,
}

impl Summary {
    /// How many are in a state (name), or in one of those that [`OPEN`] means.
    #[must_use]
    pub fn in_state(&self, state: &str) -> i64 {
        self.states.iter().filter(|(known, _)| fits(known, state)).map(|(_, number)| number).sum()
    }
}

fn fits(known: &str, state: &str) -> bool {
    known == state || (state == OPEN && matches!(known, "planned" | "running"))
}

/// Counts over the whole portfolio; segments of those in one state, or of all.
///
/// # Errors
/// When the database fails.
pub async fn summary(
    tx: &mut Tx,
    workspace: WorkspaceId,
    state: Option<&str>,
) -> Result<Summary, StoreError> {
    let rows: Vec<(String, String, String, i64, i64, i64)> = tx.all(SHARES, args![workspace]).await?;
    let mut summary = Summary::default();
    for (known, segment, name, onboardings, late, warnings) in rows {
        summary.all += onboardings;
        *summary.states.entry(known.clone()).or_default() += onboardings;
        if fits(&known, OPEN) {
            summary.late += late;
            summary.warnings += warnings;
        }
        if state.is_none_or(|state| fits(&known, state)) {
            match summary.segments.last_mut().filter(|(id, ..)| *id == segment) {
                Some((.., number)) => *number += onboardings,
                None => summary.segments.push((segment, name, onboardings)),
            }
        }
    }
    // Stable: segments with the same number stay by id.
    summary.segments.sort_by_key(|(.., number)| Reverse(*number));
    Ok(summary)
}

/// The workspace's people by name, each with how many onboardings they run.
///
/// # Errors
/// When the database fails.
pub async fn owners(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<(PersonId, String, i64)>, StoreError> {
    let rows: Vec<(uuid::Uuid, String, i64)> = tx.all(OWNERS, args![workspace]).await?;
    Ok(rows.into_iter().map(|(id, name, count)| (PersonId::from(id), name, count)).collect())
}
