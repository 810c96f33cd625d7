//! Claiming jobs: PostgreSQL skips the rows others are claiming; SQLite has one writer at a time, so that
//! nobody else can be claiming.

use crate::db::Tx;
use crate::error::StoreError;
use crate::job::Claimed;
use crate::value::Value;

const CLAIM_SQLITE: &str = "UPDATE job SET leased_until = $2, attempts = attempts + 1
     WHERE (workspace_id, id) IN (
         SELECT workspace_id, id FROM job
         WHERE ended_at IS NULL AND run_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)
           AND kind IN (SELECT value FROM json_each($4))
         ORDER BY run_at, id LIMIT $3)
     RETURNING workspace_id, id, kind, payload, attempts, created_at";

const CLAIM_POSTGRES: &str = "UPDATE job SET leased_until = $2, attempts = attempts + 1
     WHERE (workspace_id, id) IN (
         SELECT workspace_id, id FROM job
         WHERE ended_at IS NULL AND run_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)
           AND kind IN (SELECT jsonb_array_elements_text($4))
         ORDER BY run_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
     RETURNING workspace_id, id, kind, payload, attempts, created_at";

/// `args`: now, end of the lease, limit, kinds as a JSON list.
pub(crate) async fn claim(tx: &mut Tx, args: Vec<Value>) -> Result<Vec<Claimed>, StoreError> {
    let sql = match tx {
        Tx::Sqlite(_) => CLAIM_SQLITE,
        Tx::Postgres(_) => CLAIM_POSTGRES,
    };
    tx.all(sql, args).await
}
