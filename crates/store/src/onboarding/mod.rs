//! Onboardings: one row each, with the package they were generated with.

pub mod board;
pub mod counts;
mod filter;
pub mod head;
pub mod list;
pub mod now;
pub(crate) mod pages;
mod sort;
pub mod watched;

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, HandoffId, OnboardingId, PersonId, WorkspaceId};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::package::Package;
use gangway_domain::permission::Role;
use jiff::civil::Date;
use sqlx::FromRow;

use crate::db::Tx;
use crate::error::StoreError;
use crate::search::{self, Entry, Kind};
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{args, json};

sql! {
    "onboarding";
    INSERT = "INSERT INTO onboarding
                (workspace_id, id, account_id, handoff_id, customer, customer_key, product, use_case, search,
                 state_name, state, segment, segment_name, touch, acv_minor, currency,
                 programme, programme_version, methodology,
                 starts_on, kickoff_on, go_live_on, go_live_target, first_value_on, finish_on,
                 late_days, document_score, warnings, created_at, owner_id, seller_id)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
                      $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30,
                      (SELECT h.person_id FROM handoff h WHERE h.workspace_id = $1 AND h.id = $4))";
    MADE = "UPDATE handoff SET state = 'made' WHERE workspace_id = $1 AND id = $2";
    PACKAGE = "INSERT INTO onboarding_package (workspace_id, onboarding_id, package) VALUES ($1, $2, $3)";
    REPACK = "UPDATE onboarding_package SET package = $3 WHERE workspace_id = $1 AND onboarding_id = $2";
    GET = "SELECT o.id, o.account_id, o.handoff_id, o.state, p.package, o.created_at
           FROM onboarding o
           JOIN onboarding_package p ON p.workspace_id = o.workspace_id AND p.onboarding_id = o.id
           WHERE o.workspace_id = $1 AND o.id = $2";
    GET_MANY = "SELECT o.id, o.account_id, o.handoff_id, o.state, p.package, o.created_at, o.id AS of_id
                FROM onboarding o
                JOIN onboarding_package p ON p.workspace_id = o.workspace_id AND p.onboarding_id = o.id
                WHERE o.workspace_id = $1 AND o.id IN ($2)";
    BY_HANDOFF = "SELECT o.id, o.account_id, o.handoff_id, o.state, p.package, o.created_at
                  FROM onboarding o
                  JOIN onboarding_package p ON p.workspace_id = o.workspace_id AND p.onboarding_id = o.id
                  WHERE o.workspace_id = $1 AND o.handoff_id = $2";
    ID_BY_HANDOFF = "SELECT id FROM onboarding WHERE workspace_id = $1 AND handoff_id = $2";
    OWNER = "SELECT m.person_id, p.name FROM onboarding o
             JOIN membership m ON m.workspace_id = o.workspace_id AND m.person_id = o.owner_id
             JOIN person p ON p.id = m.person_id
             WHERE o.workspace_id = $1 AND o.id = $2";
    SELLER = "SELECT m.person_id, p.name FROM onboarding o
              JOIN membership m ON m.workspace_id = o.workspace_id AND m.person_id = o.seller_id
              JOIN person p ON p.id = m.person_id
              WHERE o.workspace_id = $1 AND o.id = $2 AND m.role = $3";
    ASSIGN = "UPDATE onboarding SET owner_id = $3, version = version + 1 WHERE workspace_id = $1 AND id = $2";
    VERSION = "SELECT version FROM onboarding WHERE workspace_id = $1 AND id = $2";
    MOVE = "UPDATE onboarding SET state_name = $3, state = $4, now_until = '0001-01-01', version = version + 1,
                   light = CASE WHEN $3 IN ('completed', 'closed') THEN 0 ELSE light END
            WHERE workspace_id = $1 AND id = $2 AND state_name = $5";
}

/// An onboarding with the package it was generated with.
#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Onboarding {
    /// Id.
    #[sqlx(try_from = "uuid::Uuid")]
    pub id: OnboardingId,
    /// The customer.
    #[sqlx(try_from = "uuid::Uuid")]
    pub account_id: AccountId,
    /// The handoff it was generated from.
    #[sqlx(try_from = "uuid::Uuid")]
    pub handoff_id: HandoffId,
    /// Where it stands.
    #[sqlx(json)]
    pub state: OnboardingState,
    /// The package as generated.
    #[sqlx(json)]
    pub package: Package,
    /// When it was generated.
    pub created_at: Timestamp,
}

/// Adds an onboarding: its row, with what lists need taken from the package, and the state of its handoff. The rows of its plan
/// are added by [`crate::phase`], [`crate::task`], [`crate::milestone`] and [`crate::link`].
///
/// # Errors
/// [`StoreError::Conflict`] when the handoff has an onboarding already; or when the database fails.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: &Onboarding,
    owner: Option<PersonId>,
) -> Result<(), StoreError> {
    let Onboarding { id, account_id, handoff_id, state, package, created_at } = onboarding;
    let Columns { search, late_days, warnings } = Columns::of(package);
    let Package { names, segmentation, dates, reading, handoff, .. } = package;
    let acv = reading.deal.acv.as_ref().map(|fact| fact.value);
    let row = args![
        workspace,
        *id,
        *account_id,
        *handoff_id,
        &names.customer,
        names.customer.to_lowercase(),
        &names.product,
        &names.use_case,
        search,
        state.to_string(),
        json("state", state)?,
        &segmentation.segment,
        &segmentation.segment_name,
        &segmentation.touch,
        acv.map(|money| money.minor),
        acv.map(|money| money.currency.code().to_owned()),
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
        *created_at,
        owner,
    ];
    tx.run(INSERT, row).await?;
    tx.run(MADE, args![workspace, *handoff_id]).await?;
    tx.run(PACKAGE, args![workspace, *id, json("package", package)?]).await?;
    let shown = [&names.customer, &names.product, &names.use_case, &segmentation.segment_name];
    index(tx, workspace, *id, shown.map(String::as_str)).await
}

/// Keeps another package in place of the one an onboarding has; what lists show of it is not touched.
///
/// # Errors
/// When the database fails.
pub async fn set_package(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    package: &Package,
) -> Result<(), StoreError> {
    tx.run(REPACK, args![workspace, id, json("package", package)?]).await?;
    Ok(())
}

/// Columns that are made of several parts of a package.
pub(crate) struct Columns {
    pub search: String,
    pub late_days: i64,
    pub warnings: i64,
}

impl Columns {
    pub(crate) fn of(package: &Package) -> Self {
        let Package { names, dates, reading, notices, .. } = package;
        let warnings = notices.iter().chain(&reading.notices).filter(|notice| is_warning(notice)).count();
        Self {
            search: search_text(&names.customer, &names.product, &names.use_case),
            late_days: late_days(dates.go_live_on, dates.go_live_target),
            warnings: i64::try_from(warnings).unwrap_or(i64::MAX),
        }
    }
}

/// What the list's search looks in: lower case.
pub(crate) fn search_text(customer: &str, product: &str, use_case: &str) -> String {
    format!("{customer}\n{product}\n{use_case}").to_lowercase()
}

/// Makes an onboarding findable by customer, product, use case and segment.
pub(crate) async fn index(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    [customer, product, use_case, segment]: [&str; 4],
) -> Result<(), StoreError> {
    let detail = [product, use_case, segment].into_iter().filter(|part| !part.is_empty());
    let entry = Entry {
        kind: Kind::Onboarding,
        id: id.uuid(),
        title: customer,
        detail: detail.collect::<Vec<_>>().join(" · "),
        fields: &[("name", customer), ("product", product), ("use case", use_case), ("segment", segment)],
    };
    search::put(tx, workspace, entry).await
}

/// Who runs an onboarding: id and name, as long as they belong to the workspace.
///
/// # Errors
/// When the database fails.
pub async fn owner(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<(PersonId, String)>, StoreError> {
    let row: Option<(uuid::Uuid, String)> = tx.optional(OWNER, args![workspace, id]).await?;
    Ok(row.map(|(id, name)| (PersonId::from(id), name)))
}

/// Who handed the deal of an onboarding over, when they are a member in this role: also others hand deals over.
///
/// # Errors
/// When the database fails.
pub async fn seller(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    role: Role,
) -> Result<Option<(PersonId, String)>, StoreError> {
    let row: Option<(uuid::Uuid, String)> = tx.optional(SELLER, args![workspace, id, role]).await?;
    Ok(row.map(|(id, name)| (PersonId::from(id), name)))
}

/// Says who runs an onboarding; none for nobody. False when there is no such onboarding.
///
/// # Errors
/// When the database fails.
pub async fn assign(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    owner: Option<PersonId>,
) -> Result<bool, StoreError> {
    Ok(tx.run(ASSIGN, args![workspace, id, owner]).await? == 1)
}

fn is_warning(notice: &gangway_domain::fact::Notice) -> bool {
    notice.level == gangway_domain::fact::Level::Warning
}

/// Calendar days by which the planned go-live misses the wanted one; 0 when it does not.
fn late_days(planned: Date, wanted: Option<Date>) -> i64 {
    wanted.map_or(0, |wanted| i64::from((planned - wanted).get_days()).max(0))
}

/// One onboarding.
///
/// # Errors
/// When the database fails, or the package was written by a version this one cannot read.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<Onboarding>, StoreError> {
    tx.optional(GET, args![workspace, id]).await
}

/// Many onboardings; one that is gone, or has no package, is not there.
///
/// # Errors
/// As [`get`].
pub async fn get_many(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Onboarding>, StoreError> {
    tx.each::<_, Onboarding, Onboarding>(GET_MANY, args![workspace], ids).await
}

/// The id of the onboarding generated from a handoff, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn id_by_handoff(
    tx: &mut Tx,
    workspace: WorkspaceId,
    handoff: HandoffId,
) -> Result<Option<OnboardingId>, StoreError> {
    let row: Option<(uuid::Uuid,)> = tx.optional(ID_BY_HANDOFF, args![workspace, handoff]).await?;
    Ok(row.map(|(id,)| OnboardingId::from(id)))
}

/// The onboarding generated from a handoff, if there is one.
///
/// # Errors
/// As [`get`].
pub async fn by_handoff(
    tx: &mut Tx,
    workspace: WorkspaceId,
    handoff: HandoffId,
) -> Result<Option<Onboarding>, StoreError> {
    tx.optional(BY_HANDOFF, args![workspace, handoff]).await
}

/// How often an onboarding was changed, from 1; none when there is no such onboarding.
///
/// # Errors
/// When the database fails.
pub async fn version(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<i64>, StoreError> {
    let row: Option<(i64,)> = tx.optional(VERSION, args![workspace, id]).await?;
    Ok(row.map(|(version,)| version))
}

/// Keeps a new state in place of `from`. False when there is no such onboarding, or somebody else
/// moved it since `from` was read.
///
/// # Errors
/// When the database fails.
pub async fn set_state(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    from: &OnboardingState,
    state: &OnboardingState,
) -> Result<bool, StoreError> {
    Ok(tx.run(MOVE, args![workspace, id, state.to_string(), json("state", state)?, from.to_string()]).await?
        == 1)
}

/// A day that may be missing, as the domain knows it.
pub(crate) fn date(day: Option<Day>) -> Option<Date> {
    day.map(Date::from)
}

#[cfg(test)]
mod tests {
    use super::late_days;
    use jiff::civil::date;

    #[test]
    fn only_a_missed_target_is_late() {
        assert_eq!(late_days(date(2027, 3, 12), Some(date(2027, 3, 2))), 10);
        assert_eq!(late_days(date(2027, 3, 1), Some(date(2027, 3, 2))), 0);
        assert_eq!(late_days(date(2027, 3, 1), None), 0);
    }
}
