//! Features of the product, by the events that show their use.

use gangway_domain::ids::{FeatureId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::{args, json};

sql! {
    "usage::feature";
    INSERT = "INSERT INTO usage_feature
                (workspace_id, id, code, name, description, events, is_core, is_advanced, position, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    OF_WORKSPACE = "SELECT id, code, name, description, events, is_core, is_advanced, position, version
                    FROM usage_feature WHERE workspace_id = $1 ORDER BY position, id";
    GET = "SELECT id, code, name, description, events, is_core, is_advanced, position, version
           FROM usage_feature WHERE workspace_id = $1 AND id = $2";
    CHANGE = "UPDATE usage_feature SET code = $4, name = $5, description = $6, events = $7, is_core = $8,
                                       is_advanced = $9, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $3";
    DELETE = "DELETE FROM usage_feature WHERE workspace_id = $1 AND id = $2 AND version = $3";
}

/// A feature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feature {
    /// Id.
    pub id: FeatureId,
    /// Id in words.
    pub code: String,
    /// Name people see.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Events that show its use.
    pub events: Vec<String>,
    /// Whether it counts for adoption.
    pub core: bool,
    /// Whether it goes beyond the core.
    pub advanced: bool,
    /// Place among the features.
    pub position: i64,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    code: String,
    name: String,
    description: String,
    #[sqlx(json)]
    events: Vec<String>,
    is_core: bool,
    is_advanced: bool,
    position: i64,
    version: i64,
}

impl From<Row> for Feature {
    fn from(row: Row) -> Self {
        let Row { id, code, name, description, events, is_core, is_advanced, position, version } = row;
        let (id, core, advanced) = (FeatureId::from(id), is_core, is_advanced);
        Self { id, code, name, description, events, core, advanced, position, version }
    }
}

/// Adds a feature.
///
/// # Errors
/// [`StoreError::Conflict`] when one of this code exists; or when the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, feature: &Feature) -> Result<(), StoreError> {
    let Feature { id, code, name, description, events, core, advanced, position, version } = feature;
    let events = json("feature", events)?;
    let row = args![workspace, *id, code, name, description, events, *core, *advanced, *position, *version];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// The features of a workspace, in their order.
///
/// # Errors
/// When the database fails.
pub async fn of_workspace(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<Feature>, StoreError> {
    tx.list::<Row, _>(OF_WORKSPACE, args![workspace]).await
}

/// One feature.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: FeatureId) -> Result<Option<Feature>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id]).await
}

/// Keeps a feature as it is now, in place of the version it says it was. False when it is another one by now.
///
/// # Errors
/// [`StoreError::Conflict`] when another has its code; or when the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, feature: &Feature) -> Result<bool, StoreError> {
    let Feature { id, code, name, description, events, core, advanced, position: _, version } = feature;
    let events = json("feature", events)?;
    let row = args![workspace, *id, *version, code, name, description, events, *core, *advanced];
    Ok(tx.run(CHANGE, row).await? == 1)
}

/// Removes a feature. False when it is another version by now, or there is none.
///
/// # Errors
/// When the database fails.
pub async fn delete(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: FeatureId,
    version: i64,
) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, id, version]).await? == 1)
}
