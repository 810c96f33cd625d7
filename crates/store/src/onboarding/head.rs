//! What every page of an onboarding shows of it, without its package.

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, HandoffId, OnboardingId, WorkspaceId};
use gangway_domain::money::Money;
use gangway_domain::onboarding::OnboardingState;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use sqlx::FromRow;
use sqlx::types::Json;

use super::date;
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;

sql! {
    "onboarding::head";
    HEAD = "SELECT o.id, o.account_id, o.handoff_id, a.name AS customer, o.product, o.use_case, o.state,
                   o.segment_name, o.acv_minor, o.currency, o.starts_on, o.kickoff_on, o.go_live_on,
                   o.go_live_target, o.first_value_on, o.finish_on, o.late_days, o.document_score, o.created_at
            FROM onboarding o
            JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id
            WHERE o.workspace_id = $1 AND o.id = $2";
    PACKAGE = "SELECT package FROM onboarding_package WHERE workspace_id = $1 AND onboarding_id = $2";
    PACKAGES = "SELECT package, onboarding_id AS of_id FROM onboarding_package
                WHERE workspace_id = $1 AND onboarding_id IN ($2)";
}

/// An onboarding without its package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Id.
    pub id: OnboardingId,
    /// The customer.
    pub account_id: AccountId,
    /// The handoff it was generated from.
    pub handoff_id: HandoffId,
    /// The customer's name as it is now.
    pub customer: String,
    /// Product(s).
    pub product: String,
    /// Use case in a few words; may be empty.
    pub use_case: String,
    /// Where it stands.
    pub state: OnboardingState,
    /// Segment as people see it.
    pub segment_name: String,
    /// Annual contract value, when known.
    pub acv: Option<Money>,
    /// First day of preparation.
    pub starts_on: Date,
    /// Kickoff.
    pub kickoff_on: Date,
    /// Planned go-live.
    pub go_live_on: Date,
    /// Go-live the customer wants.
    pub go_live_target: Option<Date>,
    /// Planned first value.
    pub first_value_on: Option<Date>,
    /// Planned end.
    pub finish_on: Date,
    /// Calendar days by which go-live misses its target; 0 when it does not.
    pub late_days: i64,
    /// Share of the handoff checklist its documents answer, 0–100.
    pub document_score: i64,
    /// When it was generated.
    pub created_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    #[sqlx(try_from = "uuid::Uuid")]
    id: OnboardingId,
    #[sqlx(try_from = "uuid::Uuid")]
    account_id: AccountId,
    #[sqlx(try_from = "uuid::Uuid")]
    handoff_id: HandoffId,
    customer: String,
    product: String,
    use_case: String,
    #[sqlx(json)]
    state: OnboardingState,
    segment_name: String,
    acv_minor: Option<i64>,
    currency: Option<String>,
    starts_on: Day,
    kickoff_on: Day,
    go_live_on: Day,
    go_live_target: Option<Day>,
    first_value_on: Option<Day>,
    finish_on: Day,
    late_days: i64,
    document_score: i64,
    created_at: Timestamp,
}

impl From<Row> for Head {
    fn from(row: Row) -> Self {
        let Row { id, account_id, handoff_id, customer, product, use_case, state, segment_name, .. } = row;
        Self {
            id,
            account_id,
            handoff_id,
            customer,
            product,
            use_case,
            state,
            segment_name,
            acv: super::list::money(row.acv_minor, row.currency),
            starts_on: row.starts_on.into(),
            kickoff_on: row.kickoff_on.into(),
            go_live_on: row.go_live_on.into(),
            go_live_target: date(row.go_live_target),
            first_value_on: date(row.first_value_on),
            finish_on: row.finish_on.into(),
            late_days: row.late_days,
            document_score: row.document_score,
            created_at: row.created_at,
        }
    }
}

/// One onboarding without its package.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: OnboardingId) -> Result<Option<Head>, StoreError> {
    tx.one::<Row, _>(HEAD, args![workspace, id]).await
}

/// Sections of the package an onboarding was generated with: `T` has the fields of
/// [`gangway_domain::package::Package`] that are wanted. What it does not name is skipped, not parsed,
/// which takes a fraction of the time of the whole.
///
/// # Errors
/// When the database fails, or the package was written by a version this one cannot read.
pub async fn sections<T>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<T>, StoreError>
where
    T: DeserializeOwned + Send + Unpin + 'static,
{
    let row: Option<(Json<T>,)> = tx.optional(PACKAGE, args![workspace, id]).await?;
    Ok(row.map(|(Json(sections),)| sections))
}

/// The same sections of the packages of many onboardings; whoever has no package is not there.
///
/// # Errors
/// As [`sections`].
pub async fn sections_of<T>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, T>, StoreError>
where
    T: DeserializeOwned + Send + Unpin + 'static,
{
    let rows = tx.each::<_, (Json<T>,), (Json<T>,)>(PACKAGES, args![workspace], ids).await?;
    Ok(rows.into_iter().map(|(id, (Json(sections),))| (id, sections)).collect())
}
