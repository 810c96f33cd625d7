//! The board: onboardings by where their plan is, the most urgent of every place first.

use gangway_domain::ids::WorkspaceId;

use super::list::{Line, Owner, Query, Row, columns, pattern};
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::{Value, args};

/// What narrows the board down, read from the index that holds the places in order. Arguments: workspace,
/// segment, state, search pattern, owner, whether nobody owns it, days it is late at least.
macro_rules! filters {
    () => {
        "o.workspace_id = $1
         AND (o.segment = $2 OR $2 IS NULL)
         AND (o.state_name = $3 OR $3 IS NULL OR ($3 = 'open' AND o.state_name IN ('planned', 'running')))
         AND (o.id IN (SELECT s.id FROM onboarding s WHERE s.workspace_id = $1 AND s.search LIKE $4 ESCAPE '\\')
              OR $4 IS NULL)
         AND (o.owner_id = $5 OR $5 IS NULL)
         AND (o.owner_id IS NULL OR NOT $6)
         AND (o.late_days >= $7 OR $7 IS NULL)"
    };
}

sql! {
    "onboarding::board";
    PLACES = concat!(
        "SELECT o.place, COUNT(*) AS onboardings FROM onboarding o WHERE ",
        filters!(),
        " GROUP BY o.place ORDER BY o.place"
    );
    CARDS = concat!(
        "SELECT ",
        columns!("$9"),
        " FROM onboarding o WHERE ",
        filters!(),
        " AND o.place = $8 ORDER BY o.urgency DESC, o.next_on, o.id LIMIT $10"
    );
}

fn filters(workspace: WorkspaceId, query: &Query) -> Vec<Value> {
    let Query { segment, state, search, owner, late_only, .. } = query;
    let person = match owner {
        Some(Owner::Person(id)) => Some(*id),
        _ => None,
    };
    args![
        workspace,
        segment,
        state,
        search.as_deref().map(pattern),
        person,
        *owner == Some(Owner::Nobody),
        late_only.then_some(1_i64),
    ]
}

/// How many onboardings of the filter are at each place that has some, whatever its sort and page: stages,
/// `not-begun`, `completed`, `closed`, as of the day rows were settled for ([`super::now::keep`]).
///
/// # Errors
/// When the database fails.
pub async fn places(
    tx: &mut Tx,
    workspace: WorkspaceId,
    query: &Query,
) -> Result<Vec<(String, i64)>, StoreError> {
    tx.all(PLACES, filters(workspace, query)).await
}

/// The most urgent onboardings of the filter at one place, `query.limit` at most.
///
/// # Errors
/// When the database fails.
pub async fn cards(
    tx: &mut Tx,
    workspace: WorkspaceId,
    query: &Query,
    place: &str,
) -> Result<Vec<Line>, StoreError> {
    let mut args = filters(workspace, query);
    args.extend(args![place, query.today, query.limit]);
    let rows: Vec<Row> = tx.all(CARDS, args).await?;
    Ok(rows.into_iter().map(Line::from).collect())
}
