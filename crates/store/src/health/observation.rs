//! What people of the team saw of a component of health.

use std::collections::BTreeMap;

use gangway_domain::ids::{ObservationId, OnboardingId, PersonId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "health::observation";
    ADD = "INSERT INTO observation
             (workspace_id, id, onboarding_id, component, rating, note, person_id, made_by, made_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    PAGE = "SELECT id, component, rating, note, person_id, made_by, made_at FROM observation
            WHERE workspace_id = $1 AND onboarding_id = $2 ORDER BY made_at DESC, id DESC LIMIT $3";
    LATEST_OF = "SELECT r.id, r.component, r.rating, r.note, r.person_id, r.made_by, r.made_at, r.onboarding_id AS of_id
                 FROM (SELECT o.id, o.component, o.rating, o.note, o.person_id, o.made_by, o.made_at, o.onboarding_id,
                              ROW_NUMBER() OVER (PARTITION BY o.onboarding_id ORDER BY o.made_at DESC, o.id DESC) AS place
                       FROM observation o
                       WHERE o.workspace_id = $1 AND o.onboarding_id IN ($3)) r
                 WHERE r.place <= $2 ORDER BY r.made_at DESC, r.id DESC";
}

/// What somebody saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// Id.
    pub id: ObservationId,
    /// Of which component (id of the model).
    pub component: String,
    /// 1 to 5, 5 being best.
    pub rating: i64,
    /// What they saw; may be empty.
    pub note: String,
    /// Who, when they have signed in.
    pub person: Option<PersonId>,
    /// What they were called then.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    component: String,
    rating: i64,
    note: String,
    person_id: Option<Uuid>,
    made_by: String,
    made_at: Timestamp,
}

impl From<Row> for Observation {
    fn from(row: Row) -> Self {
        Self {
            id: ObservationId::from(row.id),
            component: row.component,
            rating: row.rating,
            note: row.note,
            person: row.person_id.map(PersonId::from),
            by: row.made_by,
            at: row.made_at,
        }
    }
}

/// Adds one.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    one: &Observation,
) -> Result<(), StoreError> {
    let Observation { id, component, rating, note, person, by, at } = one;
    let row = args![workspace, id.uuid(), onboarding, component, *rating, note, *person, by, *at];
    tx.run(ADD, row).await?;
    Ok(())
}

/// The latest of an onboarding, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn latest(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    limit: u32,
) -> Result<Vec<Observation>, StoreError> {
    tx.list::<Row, _>(PAGE, args![workspace, onboarding, limit]).await
}

/// The latest of many onboardings, the newest first, at most so many of each.
///
/// # Errors
/// When the database fails.
pub async fn latest_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    limit: u32,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<Observation>>, StoreError> {
    tx.lists::<_, Row, _>(LATEST_OF, args![workspace, limit], onboardings).await
}
