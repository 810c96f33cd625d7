//! What was known of onboardings on days that are over.

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use jiff::civil::Date;
use serde_json::Value as Json;
use sqlx::FromRow;
use uuid::Uuid;

use super::state::columns;
use super::{Judged, Row};
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Day;
use crate::value::args;

sql! {
    "health::history";
    ON_DAY = concat!("SELECT h.onboarding_id, h.on_day, h.at, h.number, h.because, ", columns!(), "
                      FROM health_change h
                      WHERE h.workspace_id = $1 AND h.onboarding_id = $2 AND h.on_day <= $3
                      ORDER BY h.number DESC LIMIT 1");
    FIRST_DAY = "SELECT h.on_day FROM health_change h
                 WHERE h.workspace_id = $1 AND h.onboarding_id = $2 ORDER BY h.number LIMIT 1";
    // Of each onboarding the changes of a time, and how it stood before.
    BETWEEN = "SELECT h.onboarding_id, o.customer, o.segment_name, h.number, h.on_day, h.score, h.status, h.model,
                      h.facts
               FROM health_change h
               JOIN onboarding o ON o.workspace_id = h.workspace_id AND o.id = h.onboarding_id
               WHERE h.workspace_id = $1 AND h.on_day <= $3
                 AND (h.on_day >= $2
                      OR h.number = (SELECT MAX(p.number) FROM health_change p
                                     WHERE p.workspace_id = h.workspace_id AND p.onboarding_id = h.onboarding_id
                                       AND p.on_day < $2))
                 AND h.onboarding_id >= $4 AND (h.onboarding_id > $4 OR h.number > $5)
               ORDER BY h.onboarding_id, h.number LIMIT $6";
}

/// What was found of an onboarding's health on a day of the past: the last change until the end of that day; none before
/// it was ever judged.
///
/// # Errors
/// When the database fails.
pub async fn on_day(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    day: Date,
) -> Result<Option<Judged>, StoreError> {
    tx.one::<Row, _>(ON_DAY, args![workspace, onboarding, day]).await
}

/// The first day for which an onboarding was judged.
///
/// # Errors
/// When the database fails.
pub async fn first_day(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<Date>, StoreError> {
    let row: Option<(Day,)> = tx.optional(FIRST_DAY, args![workspace, onboarding]).await?;
    Ok(row.map(|(day,)| day.into()))
}

/// A change of the health of one of many onboardings, with the facts it was judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct Then {
    /// The onboarding.
    pub onboarding: OnboardingId,
    /// The customer.
    pub customer: String,
    /// Segment as people see it.
    pub segment: String,
    /// Number of the change, from 1.
    pub number: i64,
    /// The day it was judged for.
    pub on: Date,
    /// 0 to 100; none where too little was known.
    pub score: Option<i64>,
    /// What counted.
    pub status: String,
    /// Id of the model.
    pub model: String,
    /// The facts it was judged by.
    pub facts: Json,
}

#[derive(FromRow)]
struct ThenRow {
    onboarding_id: Uuid,
    customer: String,
    segment_name: String,
    number: i64,
    on_day: Day,
    score: Option<i64>,
    status: String,
    model: String,
    #[sqlx(json)]
    facts: Json,
}

impl From<ThenRow> for Then {
    fn from(row: ThenRow) -> Self {
        Self {
            onboarding: OnboardingId::from(row.onboarding_id),
            customer: row.customer,
            segment: row.segment_name,
            number: row.number,
            on: row.on_day.into(),
            score: row.score,
            status: row.status,
            model: row.model,
            facts: row.facts,
        }
    }
}

/// Changes from a day to a day, of each onboarding after the one that stood when the time began, in order of
/// onboardings and of changes, after a place in that order.
///
/// # Errors
/// When the database fails.
pub async fn between(
    tx: &mut Tx,
    workspace: WorkspaceId,
    from: Date,
    to: Date,
    after: Option<(OnboardingId, i64)>,
    limit: u32,
) -> Result<Vec<Then>, StoreError> {
    let (onboarding, number) = after.map_or((Uuid::nil(), 0), |(id, number)| (id.uuid(), number));
    tx.list::<ThenRow, _>(BETWEEN, args![workspace, from, to, onboarding, number, limit]).await
}
