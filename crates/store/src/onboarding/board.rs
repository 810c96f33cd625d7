//! The board: onboardings by where their plan is, the most urgent of every place first.

use gangway_domain::ids::WorkspaceId;

use super::filter::{arguments, filter};
use super::list::{Line, Query, Row};
use super::pages::columns;
use super::watched;
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::args;

sql! {
    "onboarding::board";
    // Read from the index that holds the places in this order.
    CARDS = concat!(
        "SELECT ",
        columns!("$16", "$17"),
        " FROM onboarding o WHERE ",
        filter!(),
        " AND o.place = $15 ORDER BY o.urgency DESC, o.next_on, o.id LIMIT $18"
    );
}

/// The most urgent onboardings of the filter at one place, `query.limit` at most: a stage, `not-begun`,
/// `completed` or `closed`, as of the day rows were settled for ([`super::now::keep`]). How many there are at
/// each place is among the counts beside the filters ([`super::counts::Facets`]).
///
/// # Errors
/// When the database fails.
pub async fn cards(
    tx: &mut Tx,
    workspace: WorkspaceId,
    query: &Query,
    place: &str,
) -> Result<Vec<Line>, StoreError> {
    let mut args = arguments(workspace, query)?;
    args.extend(args![place, query.today, watched::before(query.today), query.limit]);
    tx.list::<Row, _>(CARDS, args).await
}
