//! Touches: that somebody spoke with a contact.

use std::collections::BTreeMap;

use gangway_domain::ids::{ContactId, OnboardingId, PersonId, TouchId, WorkspaceId};
use gangway_domain::people::Channel;
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{args, read};

/// The columns of a touch, in the order of its row.
macro_rules! columns {
    () => {
        "t.id, t.onboarding_id, t.contact_id, c.name, t.touched_on, t.channel, t.engagement, t.note, t.person_id,
         t.made_by, t.made_at
         FROM touch t JOIN contact c ON c.workspace_id = t.workspace_id AND c.id = t.contact_id"
    };
}

sql! {
    "people::touch";
    INSERT = "INSERT INTO touch
                (workspace_id, id, onboarding_id, contact_id, touched_on, channel, engagement, note, person_id,
                 made_by, made_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    GET = concat!("SELECT ", columns!(), " WHERE t.workspace_id = $1 AND t.id = $2");
    PAGE = concat!("SELECT ", columns!(), "
                    WHERE t.workspace_id = $1 AND t.onboarding_id = $2
                      AND (t.contact_id = $3 OR $3 IS NULL)
                      AND (t.id < $4 OR $4 IS NULL)
                    ORDER BY t.id DESC LIMIT $5");
    LAST = "SELECT contact_id, MAX(touched_on) FROM touch
            WHERE workspace_id = $1 AND onboarding_id = $2 GROUP BY contact_id";
    LAST_IN = "SELECT contact_id, MAX(touched_on), onboarding_id AS of_id FROM touch
               WHERE workspace_id = $1 AND onboarding_id IN ($2) GROUP BY onboarding_id, contact_id";
    ENGAGEMENTS = "SELECT t.engagement, MAX(t.touched_on)
                   FROM touch t
                   JOIN stakeholder s ON s.workspace_id = t.workspace_id AND s.onboarding_id = t.onboarding_id
                                     AND s.contact_id = t.contact_id
                   WHERE t.workspace_id = $1 AND t.onboarding_id = $2 AND t.engagement IS NOT NULL
                     AND s.role = 'executive_sponsor'
                   GROUP BY t.engagement ORDER BY t.engagement";
    DELETE = "DELETE FROM touch WHERE workspace_id = $1 AND id = $2";
}

/// That somebody spoke with a contact; only the workspace sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// Id.
    pub id: TouchId,
    /// In which onboarding.
    pub onboarding: OnboardingId,
    /// With whom.
    pub contact: ContactId,
    /// Their name; not written.
    pub name: String,
    /// When.
    pub on: Date,
    /// How.
    pub channel: Channel,
    /// Which engagement of an executive it was (id of the methodology).
    pub engagement: Option<String>,
    /// What was said; may be empty.
    pub note: String,
    /// Who spoke with them.
    pub person: Option<PersonId>,
    /// What they were called then.
    pub by: String,
    /// When it was written down.
    pub made_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    contact_id: Uuid,
    name: String,
    touched_on: Day,
    channel: String,
    engagement: Option<String>,
    note: String,
    person_id: Option<Uuid>,
    made_by: String,
    made_at: Timestamp,
}

impl TryFrom<Row> for Touch {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: TouchId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            contact: ContactId::from(row.contact_id),
            name: row.name,
            on: row.touched_on.into(),
            channel: read("touch", &row.channel)?,
            engagement: row.engagement,
            note: row.note,
            person: row.person_id.map(PersonId::from),
            by: row.made_by,
            made_at: row.made_at,
        })
    }
}

/// Adds a touch.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, touch: &Touch) -> Result<(), StoreError> {
    let row = args![
        workspace,
        touch.id,
        touch.onboarding,
        touch.contact,
        touch.on,
        touch.channel.word(),
        &touch.engagement,
        &touch.note,
        touch.person,
        &touch.by,
        touch.made_at,
    ];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// One touch.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: TouchId) -> Result<Option<Touch>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id]).await
}

/// Touches of an onboarding, or of one contact in it, those written down last first.
///
/// # Errors
/// When the database fails.
pub async fn page(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    contact: Option<ContactId>,
    before: Option<TouchId>,
    limit: u32,
) -> Result<Vec<Touch>, StoreError> {
    let args = args![workspace, onboarding, contact, before.map(TouchId::uuid), limit];
    tx.list::<Row, _>(PAGE, args).await
}

/// The day each contact was last spoken with.
///
/// # Errors
/// When the database fails.
pub async fn last(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<BTreeMap<ContactId, Date>, StoreError> {
    let rows: Vec<(Uuid, Day)> = tx.all(LAST, args![workspace, onboarding]).await?;
    Ok(rows.into_iter().map(|(id, day)| (ContactId::from(id), day.into())).collect())
}

/// When each contact was last spoken with, in many onboardings.
///
/// # Errors
/// When the database fails.
pub async fn last_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, BTreeMap<ContactId, Date>>, StoreError> {
    let found = tx.lists::<_, (Uuid, Day), _>(LAST_IN, args![workspace], onboardings).await?;
    let read = |(id, day): (Uuid, Day)| (ContactId::from(id), Date::from(day));
    Ok(found.into_iter().map(|(id, rows)| (id, rows.into_iter().map(read).collect())).collect())
}

/// The day of the last engagement of each kind with an executive sponsor.
///
/// # Errors
/// When the database fails.
pub async fn engagements(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<(String, Date)>, StoreError> {
    let rows: Vec<(String, Day)> = tx.all(ENGAGEMENTS, args![workspace, onboarding]).await?;
    Ok(rows.into_iter().map(|(kind, day)| (kind, day.into())).collect())
}

/// Takes a touch out.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: TouchId) -> Result<(), StoreError> {
    tx.run(DELETE, args![workspace, id]).await?;
    Ok(())
}
