//! Work that brings rows of earlier versions up to date, once for each workspace.

use gangway_domain::deal::Reading;
use gangway_domain::ids::{AccountId, OnboardingId, WorkspaceId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::account::{self, Account};
use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::args;
use crate::{handoff, onboarding};

/// Onboardings with no such rows behind a place in the order of ids; what stands behind a table narrows its rows down.
/// Arguments: workspace, the place, how many.
macro_rules! lacking {
    ($($table:literal $and:literal),+) => {
        concat!(
            "SELECT o.id, o.account_id FROM onboarding o WHERE o.workspace_id = $1 AND o.id > $2",
            $(
                " AND NOT EXISTS (SELECT 1 FROM ",
                $table,
                " r WHERE r.workspace_id = o.workspace_id AND r.onboarding_id = o.id",
                $and,
                ")",
            )+
            " ORDER BY o.id LIMIT $3"
        )
    };
}

sql! {
    "upkeep";
    WORKSPACES = "SELECT id FROM workspace ORDER BY id";
    DONE = "SELECT task FROM upkeep WHERE workspace_id = $1 AND task = $2";
    FINISH = "INSERT INTO upkeep (workspace_id, task, done_at) VALUES ($1, $2, $3)
              ON CONFLICT (workspace_id, task) DO NOTHING";
    // What cannot be found yet. What can be is left alone: deals people corrected are found by what they say now.
    ACCOUNTS = "SELECT a.id, a.name, a.name_key, a.industry, a.country, a.website, a.created_at FROM account a
                WHERE a.workspace_id = $1
                  AND NOT EXISTS (SELECT 1 FROM search_entry e
                                  WHERE e.workspace_id = a.workspace_id AND e.kind = 'account' AND e.id = a.id)
                ORDER BY a.id LIMIT $2";
    HANDOFFS = "SELECT h.id, h.account_id, h.digest, h.format, h.source, h.reading, h.segment, h.document_score,
                       h.accepted_at
                FROM handoff h
                WHERE h.workspace_id = $1
                  AND NOT EXISTS (SELECT 1 FROM search_entry e
                                  WHERE e.workspace_id = h.workspace_id AND e.kind = 'handoff' AND e.id = h.id)
                ORDER BY h.id LIMIT $2";
    ONBOARDINGS = "SELECT o.id, o.customer, o.product, o.use_case, o.segment_name FROM onboarding o
                   WHERE o.workspace_id = $1
                     AND NOT EXISTS (SELECT 1 FROM search_entry e
                                     WHERE e.workspace_id = o.workspace_id AND e.kind = 'onboarding' AND e.id = o.id)
                   ORDER BY o.id LIMIT $2";
    NO_CONTACTS = lacking!("contact_role" "");
    NO_STAKEHOLDERS = lacking!("stakeholder" "", "change_step" "");
    NO_REGISTER = lacking!("register_entry" " AND r.seed IS NOT NULL");
    NO_MEETINGS = lacking!("meeting" " AND r.code IS NOT NULL");
    NO_IMPACT_PLAN = lacking!("impact_plan" "");
    NO_SURVEYS = lacking!("survey" "");
    NO_TRACKS = lacking!("training_track" "");
    NO_GROUND = lacking!("plan_ground" "");
}

/// What onboardings of earlier versions lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Contacts who take part.
    Contacts,
    /// Stakeholders, and steps of change management.
    Stakeholders,
    /// Entries of the register made from the package.
    Register,
    /// Meetings made from the package.
    Meetings,
    /// The joint impact plan.
    ImpactPlan,
    /// Surveys.
    Surveys,
    /// Training tracks.
    Tracks,
    /// A plan that can be worked.
    Plan,
}

impl Lack {
    const fn statement(self) -> &'static str {
        match self {
            Self::Contacts => NO_CONTACTS,
            Self::Stakeholders => NO_STAKEHOLDERS,
            Self::Register => NO_REGISTER,
            Self::Meetings => NO_MEETINGS,
            Self::ImpactPlan => NO_IMPACT_PLAN,
            Self::Surveys => NO_SURVEYS,
            Self::Tracks => NO_TRACKS,
            Self::Plan => NO_GROUND,
        }
    }
}

#[derive(FromRow)]
struct OnboardingRow {
    #[sqlx(try_from = "Uuid")]
    id: OnboardingId,
    customer: String,
    product: String,
    use_case: String,
    segment_name: String,
}

/// Every workspace of the installation.
///
/// # Errors
/// When the database fails.
pub async fn workspaces(tx: &mut Tx) -> Result<Vec<WorkspaceId>, StoreError> {
    tx.ids(WORKSPACES, args![]).await
}

/// Whether this task was done here.
///
/// # Errors
/// When the database fails.
pub async fn is_done(tx: &mut Tx, workspace: WorkspaceId, task: &str) -> Result<bool, StoreError> {
    let row: Option<(String,)> = tx.optional(DONE, args![workspace, task]).await?;
    Ok(row.is_some())
}

/// Remembers that it was done.
///
/// # Errors
/// When the database fails.
pub async fn finish(
    tx: &mut Tx,
    workspace: WorkspaceId,
    task: &str,
    at: Timestamp,
) -> Result<(), StoreError> {
    tx.run(FINISH, args![workspace, task, at]).await?;
    Ok(())
}

/// Makes accounts, handoffs and onboardings of a workspace findable that are not yet, so many of each at most. Whether
/// there may be more.
///
/// # Errors
/// When the database fails.
pub async fn index(tx: &mut Tx, workspace: WorkspaceId, most: u32) -> Result<bool, StoreError> {
    let accounts: Vec<Account> = tx.all(ACCOUNTS, args![workspace, most]).await?;
    for account in &accounts {
        account::index(tx, workspace, account).await?;
    }
    let handoffs: Vec<handoff::Handoff> = tx.all(HANDOFFS, args![workspace, most]).await?;
    for handoff in &handoffs {
        let Reading { deal, .. } = &handoff.reading;
        handoff::index(tx, workspace, handoff.id, deal).await?;
    }
    let onboardings: Vec<OnboardingRow> = tx.all(ONBOARDINGS, args![workspace, most]).await?;
    let found = [accounts.len(), handoffs.len(), onboardings.len()];
    for row in onboardings {
        let OnboardingRow { id, customer, product, use_case, segment_name } = row;
        onboarding::index(tx, workspace, id, [&customer, &product, &use_case, &segment_name]).await?;
    }
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    Ok(found.into_iter().any(|found| found >= most))
}

/// Onboardings that lack something, with their accounts, the oldest first: those behind one, so many at most.
///
/// # Errors
/// When the database fails.
pub async fn lacking(
    tx: &mut Tx,
    workspace: WorkspaceId,
    what: Lack,
    after: Option<OnboardingId>,
    most: u32,
) -> Result<Vec<(OnboardingId, AccountId)>, StoreError> {
    let after = after.map_or_else(Uuid::nil, OnboardingId::uuid);
    let rows: Vec<(Uuid, Uuid)> = tx.all(what.statement(), args![workspace, after, most]).await?;
    Ok(rows.into_iter().map(|(id, account)| (OnboardingId::from(id), AccountId::from(account))).collect())
}
