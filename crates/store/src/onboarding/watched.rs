//! What a row says of health and signals. Kept with the row, so that the portfolio counts, filters and orders by ranges
//! of an index; whoever keeps a score or a signal brings the row up to date in the same transaction.

use std::collections::BTreeSet;

use gangway_domain::deal::Severity;
use gangway_domain::ids::{OnboardingId, WorkspaceId};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::args;

sql! {
    "onboarding::watched";
    // Ranks of scores: what has none comes behind all that have one, what was never judged behind that. Rows that say it
    // already are left alone, so that a judgement that comes out the same touches no index.
    KEEP = "WITH told (workspace_id, id) AS (
              SELECT workspace_id, id FROM onboarding WHERE 1 = 0 UNION ALL SELECT $1, $2)
            UPDATE onboarding
            SET health = f.health, health_rank = f.health_rank, health_score = f.score, health_coverage = f.coverage,
                signals = f.signals, signal_rank = f.signal_rank
            FROM (SELECT o.workspace_id, o.id, COALESCE(h.status, '') AS health, h.score, h.coverage,
                         CASE WHEN h.onboarding_id IS NULL THEN 102 ELSE COALESCE(h.score, 101) END AS health_rank,
                         (SELECT COUNT(*) FROM signal s
                           WHERE s.workspace_id = o.workspace_id AND s.onboarding_id = o.id
                             AND s.status = 'open') AS signals,
                         COALESCE((SELECT MAX(CASE s.severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3
                                                              WHEN 'medium' THEN 2 ELSE 1 END)
                                   FROM signal s
                                   WHERE s.workspace_id = o.workspace_id AND s.onboarding_id = o.id
                                     AND s.status = 'open'), 0) AS signal_rank
                  FROM told
                  JOIN onboarding o ON o.workspace_id = told.workspace_id AND o.id = told.id
                  LEFT JOIN health_state h ON h.workspace_id = o.workspace_id AND h.onboarding_id = o.id) f
            WHERE onboarding.workspace_id = f.workspace_id AND onboarding.id = f.id
              AND (onboarding.health <> f.health OR onboarding.health_rank <> f.health_rank
                   OR COALESCE(onboarding.health_coverage, -1) <> COALESCE(f.coverage, -1)
                   OR onboarding.signals <> f.signals OR onboarding.signal_rank <> f.signal_rank)";
}

/// Days between a score and the one it is compared with.
pub const BEFORE: i64 = 14;

/// The day whose score that of a day is compared with.
pub(super) fn before(today: Date) -> Date {
    today.saturating_sub(BEFORE.days())
}

/// A severity as rows keep it, in the order of gravity; 0 is none.
pub(super) fn rank(severity: Severity) -> i64 {
    match severity {
        Severity::Low => 1,
        Severity::Medium => 2,
        Severity::High => 3,
        Severity::Critical => 4,
    }
}

/// The severity of a row.
pub(super) fn severity(kept: i64) -> Option<Severity> {
    [Severity::Low, Severity::Medium, Severity::High, Severity::Critical]
        .into_iter()
        .find(|severity| rank(*severity) == kept)
}

/// Keeps with the rows of onboardings what is kept of their health and signals now. To be called in the transaction
/// in which a score or a signal was kept, once for all it is about; versions stay, since nothing that somebody said of
/// the onboarding is changed.
///
/// # Errors
/// When the database fails.
pub async fn keep(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<(), StoreError> {
    // Each once and in one order, so that two who do so at once wait for each other and do not lock each other out.
    let told: BTreeSet<OnboardingId> = onboardings.iter().copied().collect();
    tx.change_all(KEEP, args![workspace], told.into_iter().map(|id| args![id]).collect()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_severity_is_found_by_its_rank() {
        assert_eq!((1..5).filter_map(severity).map(rank).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!((severity(0), severity(5)), (None, None));
    }
}
