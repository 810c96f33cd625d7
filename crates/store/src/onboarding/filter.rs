//! What narrows the portfolio down: the same for its list, its board and the counts beside its filters.

use gangway_domain::ids::WorkspaceId;

use super::list::{At, Owner, Query, pattern};
use super::watched;
use crate::error::StoreError;
use crate::standing::rank;
use crate::value::{Value, args};

/// The condition on `onboarding o`. Its arguments are those of [`arguments`], `$1` to `$14`: workspace, segment,
/// state, search pattern, owner, whether that one is asked for, whether nobody is, days it is late at least, place,
/// seller, whether that one is asked for, colour, status of health, rank of the least severity of signals. What is
/// not asked for is found out first: a count looks at every onboarding, and so it costs half. The casts tell PostgreSQL
/// what a parameter is before it is compared.
macro_rules! filter {
    () => {
        "o.workspace_id = $1
         AND (CAST($2 AS TEXT) IS NULL OR o.segment = $2)
         AND (CAST($3 AS TEXT) IS NULL OR o.state_name = $3
              OR ($3 = 'open' AND o.state_name IN ('planned', 'running')))
         AND (NOT $6 OR o.owner_id = $5)
         AND (NOT $7 OR o.owner_id IS NULL)
         AND (CAST($8 AS BIGINT) IS NULL OR o.late_days >= $8)
         AND (CAST($9 AS TEXT) IS NULL OR o.place = $9)
         AND (NOT $11 OR o.seller_id = $10)
         AND (CAST($12 AS BIGINT) IS NULL OR o.light = $12)
         AND (CAST($13 AS TEXT) IS NULL OR o.health = $13)
         AND (CAST($14 AS BIGINT) IS NULL OR o.signal_rank >= $14)
         AND (CAST($4 AS TEXT) IS NULL
              OR o.id IN (SELECT s.id FROM onboarding s WHERE s.workspace_id = $1 AND s.search LIKE $4 ESCAPE '\\'))"
    };
}
pub(super) use filter;

/// The arguments of [`filter`]; those a statement has besides begin at `$15`.
pub(super) fn arguments(workspace: WorkspaceId, query: &Query) -> Result<Vec<Value>, StoreError> {
    let Query { segment, state, search, owner, late_only, stage, seller, light, health, signals, .. } = query;
    let person = match owner {
        Some(Owner::Person(id)) => Some(*id),
        _ => None,
    };
    Ok(args![
        workspace,
        segment,
        state,
        search.as_deref().map(pattern),
        person,
        person.is_some(),
        *owner == Some(Owner::Nobody),
        late_only.then_some(1_i64),
        stage.map(At::word).transpose()?,
        *seller,
        seller.is_some(),
        light.map(rank),
        health,
        signals.map(watched::rank),
    ])
}
