//! CRMs whose won deals people pick from, and which deals they picked.

use std::fmt;

use gangway_domain::ids::{HandoffId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;

sql! {
    "crm_connection";
    PUT = "INSERT INTO crm_connection (workspace_id, crm, address, client, secret, made_by, made_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (workspace_id, crm)
           DO UPDATE SET address = excluded.address, client = excluded.client, secret = excluded.secret,
                         made_by = excluded.made_by, made_at = excluded.made_at";
    OF_WORKSPACE = "SELECT crm, address, client, secret, made_by, made_at FROM crm_connection
                    WHERE workspace_id = $1 ORDER BY crm";
    GET = "SELECT crm, address, client, secret, made_by, made_at FROM crm_connection
           WHERE workspace_id = $1 AND crm = $2";
    DELETE = "DELETE FROM crm_connection WHERE workspace_id = $1 AND crm = $2";
    PICK = "INSERT INTO picked_deal (workspace_id, crm, deal_id, handoff_id) VALUES ($1, $2, $3, $4)
            ON CONFLICT (workspace_id, crm, deal_id) DO NOTHING";
    PICKED = "SELECT deal_id, handoff_id FROM picked_deal WHERE workspace_id = $1 AND crm = $2";
    PICKED_ONE = "SELECT deal_id, handoff_id FROM picked_deal
                  WHERE workspace_id = $1 AND crm = $2 AND deal_id = $3";
}

/// A CRM that can be asked.
#[derive(Clone, PartialEq, Eq, FromRow)]
pub struct CrmConnection {
    /// `hubspot` or `salesforce`.
    pub crm: String,
    /// Where it is asked, without `/` at its end.
    pub address: String,
    /// Salesforce: id of the connected app; empty for HubSpot.
    pub client: String,
    /// The access token of HubSpot or the secret of Salesforce's connected app, sealed.
    pub secret: String,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
}

impl fmt::Debug for CrmConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { crm, address, client, secret: _, made_by, made_at } = self;
        let mut shown = f.debug_struct("CrmConnection");
        shown.field("crm", crm).field("address", address).field("client", client);
        shown.field("made_by", made_by).field("made_at", made_at).finish_non_exhaustive()
    }
}

#[derive(FromRow)]
struct Picked {
    deal_id: String,
    #[sqlx(try_from = "Uuid")]
    handoff_id: HandoffId,
}

/// Keeps a connection, in place of an earlier one to the same CRM.
///
/// # Errors
/// When the database fails.
pub async fn put(tx: &mut Tx, workspace: WorkspaceId, connection: &CrmConnection) -> Result<(), StoreError> {
    let CrmConnection { crm, address, client, secret, made_by, made_at } = connection;
    tx.run(PUT, args![workspace, crm, address, client, secret, made_by, *made_at]).await?;
    Ok(())
}

/// The CRMs a workspace is connected to.
///
/// # Errors
/// When the database fails.
pub async fn of_workspace(tx: &mut Tx, workspace: WorkspaceId) -> Result<Vec<CrmConnection>, StoreError> {
    tx.all(OF_WORKSPACE, args![workspace]).await
}

/// The connection to one CRM.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    crm: &str,
) -> Result<Option<CrmConnection>, StoreError> {
    tx.optional(GET, args![workspace, crm]).await
}

/// Forgets a connection. False when there is none.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, crm: &str) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, crm]).await? == 1)
}

/// Notes which handoff a deal became; the first one stays.
///
/// # Errors
/// When the database fails.
pub async fn pick(
    tx: &mut Tx,
    workspace: WorkspaceId,
    crm: &str,
    deal: &str,
    handoff: HandoffId,
) -> Result<(), StoreError> {
    tx.run(PICK, args![workspace, crm, deal, handoff]).await?;
    Ok(())
}

/// The deals that were picked, with their handoffs.
///
/// # Errors
/// When the database fails.
pub async fn picked(
    tx: &mut Tx,
    workspace: WorkspaceId,
    crm: &str,
) -> Result<Vec<(String, HandoffId)>, StoreError> {
    let rows: Vec<Picked> = tx.all(PICKED, args![workspace, crm]).await?;
    Ok(rows.into_iter().map(|row| (row.deal_id, row.handoff_id)).collect())
}

/// The handoff a deal became.
///
/// # Errors
/// When the database fails.
pub async fn handoff_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    crm: &str,
    deal: &str,
) -> Result<Option<HandoffId>, StoreError> {
    let row: Option<Picked> = tx.optional(PICKED_ONE, args![workspace, crm, deal]).await?;
    Ok(row.map(|row| row.handoff_id))
}
