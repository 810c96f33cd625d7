//! What waits for one person beside tasks, over all onboardings of a workspace: entries of registers, meetings, change
//! requests nobody has decided, escalations nobody has answered.

use gangway_domain::ids::{
    AccountId, ChangeRequestId, EscalationId, MeetingId, OnboardingId, PersonId, RegisterId, WorkspaceId,
};
use gangway_domain::register::{Details, Kind};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;

sql! {
    "work::duty";
    // Risks without a day are looked at in their register; the rest somebody has to do something about.
    ENTRIES = "SELECT e.id, e.onboarding_id, e.number, e.title, e.details, e.due_on, a.name AS customer
               FROM register_entry e
               JOIN onboarding o ON o.workspace_id = e.workspace_id AND o.id = e.onboarding_id
               JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id
               WHERE e.workspace_id = $1 AND e.owner_person = $2 AND e.status = 'open'
                 AND o.state_name IN ('planned', 'running')
                 AND (e.due_on <= $3 OR e.due_on IS NULL AND e.kind <> 'risk')
               ORDER BY COALESCE(e.due_on, $3), e.id LIMIT $4";
    // Those to come before those nobody has said anything of. Which they are is read from indexes alone, beginning with
    // whose they are (SQLite takes tables joined by CROSS JOIN in the order they are written in); of somebody who runs an
    // onboarding and is invited too, each comes once.
    MEETINGS = "SELECT m.id, m.onboarding_id, m.title, m.held_on, m.starts, m.zone, m.place, a.name AS customer
                FROM (SELECT m.workspace_id, m.id, m.held_on, m.starts,
                             CASE WHEN m.held_on < $5 THEN 1 ELSE 0 END AS past
                      FROM onboarding o
                      CROSS JOIN meeting m
                      WHERE o.workspace_id = $1 AND o.owner_id = $2 AND o.state_name IN ('planned', 'running')
                        AND m.workspace_id = o.workspace_id AND m.onboarding_id = o.id AND m.status = 'planned'
                        AND m.held_on >= $3 AND m.held_on <= $4
                      UNION ALL
                      SELECT m.workspace_id, m.id, m.held_on, m.starts,
                             CASE WHEN m.held_on < $5 THEN 1 ELSE 0 END AS past
                      FROM meeting_person p
                      CROSS JOIN meeting m
                      CROSS JOIN onboarding o
                      WHERE p.workspace_id = $1 AND p.person_id = $2
                        AND m.workspace_id = p.workspace_id AND m.id = p.meeting_id AND m.status = 'planned'
                        AND m.held_on >= $3 AND m.held_on <= $4
                        AND o.workspace_id = m.workspace_id AND o.id = m.onboarding_id
                        AND o.state_name IN ('planned', 'running') AND (o.owner_id IS NULL OR o.owner_id <> $2)
                      ORDER BY 5, 3, 4, 2 LIMIT $6) n
                JOIN meeting m ON m.workspace_id = n.workspace_id AND m.id = n.id
                JOIN onboarding o ON o.workspace_id = m.workspace_id AND o.id = m.onboarding_id
                JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id
                ORDER BY n.past, n.held_on, n.starts, n.id";
    REQUESTS = "SELECT c.id, c.onboarding_id, c.number, c.title, c.requested_on, a.name AS customer
                FROM change_request c
                JOIN onboarding o ON o.workspace_id = c.workspace_id AND o.id = c.onboarding_id
                JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id
                WHERE c.workspace_id = $1 AND c.status = 'proposed' AND o.owner_id = $2
                  AND o.state_name IN ('planned', 'running')
                ORDER BY c.requested_on, c.id LIMIT $3";
    ESCALATIONS = "SELECT e.id, e.onboarding_id, e.number, e.level, e.title, e.respond_by, a.name AS customer
                   FROM escalation e
                   JOIN onboarding o ON o.workspace_id = e.workspace_id AND o.id = e.onboarding_id
                   JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id
                   WHERE e.workspace_id = $1 AND e.status IN ('raised', 'acknowledged') AND o.owner_id = $2
                     AND o.state_name IN ('planned', 'running')
                   ORDER BY e.respond_by, e.id LIMIT $3";
    // The name stays: people still know whom to ask.
    LEAVE_ENTRIES = "UPDATE register_entry SET owner_person = NULL, version = version + 1
                     WHERE workspace_id = $1 AND owner_person = $2 AND status = 'open'";
    // What is over keeps who ran it.
    LEAVE_ONBOARDINGS = "UPDATE onboarding SET owner_id = NULL, version = version + 1
                         WHERE workspace_id = $1 AND owner_id = $2 AND state_name IN ('planned', 'running')
                         RETURNING id, account_id";
}

/// An open entry of a register that somebody answers for.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OwnEntry {
    /// Id.
    #[sqlx(try_from = "Uuid")]
    pub id: RegisterId,
    /// The onboarding.
    #[sqlx(try_from = "Uuid", rename = "onboarding_id")]
    pub onboarding: OnboardingId,
    /// Number among the entries of its kind.
    pub number: i64,
    /// What it is about, one line.
    pub title: String,
    /// What it says beside that; also of which kind it is.
    #[sqlx(json)]
    pub details: Details,
    /// By which day something must be done about it.
    pub due_on: Option<Day>,
    /// The customer.
    pub customer: String,
}

impl OwnEntry {
    /// Of which kind.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.details.kind()
    }

    /// What people call it: `A-7`.
    #[must_use]
    pub fn code(&self) -> String {
        self.kind().code(self.number)
    }

    /// By which day something must be done about it.
    #[must_use]
    pub fn due(&self) -> Option<Date> {
        self.due_on.map(Date::from)
    }

    /// It became a task: whoever has that does it there.
    #[must_use]
    pub fn is_task(&self) -> bool {
        matches!(&self.details, Details::Action { task: Some(_), .. })
    }
}

/// A meeting that is planned, also one whose day is over.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OwnMeeting {
    /// Id.
    #[sqlx(try_from = "Uuid")]
    pub id: MeetingId,
    /// The onboarding.
    #[sqlx(try_from = "Uuid", rename = "onboarding_id")]
    pub onboarding: OnboardingId,
    /// Title.
    pub title: String,
    /// The day.
    #[sqlx(try_from = "Day")]
    pub held_on: Date,
    /// `HH:MM` on the clock of the zone; without one, of whoever looks.
    pub starts: String,
    /// IANA time zone.
    pub zone: Option<String>,
    /// Room or link; may be empty.
    pub place: String,
    /// The customer.
    pub customer: String,
}

/// A change request that waits for approvals.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OpenRequest {
    /// Id.
    #[sqlx(try_from = "Uuid")]
    pub id: ChangeRequestId,
    /// The onboarding.
    #[sqlx(try_from = "Uuid", rename = "onboarding_id")]
    pub onboarding: OnboardingId,
    /// Number: `CR-4`.
    pub number: i64,
    /// What is wanted, one line.
    pub title: String,
    /// When somebody asked for it.
    #[sqlx(try_from = "Day")]
    pub requested_on: Date,
    /// The customer.
    pub customer: String,
}

/// An escalation whose level has not answered.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct OpenEscalation {
    /// Id.
    #[sqlx(try_from = "Uuid")]
    pub id: EscalationId,
    /// The onboarding.
    #[sqlx(try_from = "Uuid", rename = "onboarding_id")]
    pub onboarding: OnboardingId,
    /// Number: `E-2`.
    pub number: i64,
    /// The level, from 1.
    pub level: i64,
    /// What is raised, one line.
    pub title: String,
    /// Until when the level answers.
    pub respond_by: Timestamp,
    /// The customer.
    pub customer: String,
}

/// Open entries somebody answers for that are due by a day; those without a day too, but for risks. By day.
///
/// # Errors
/// When the database fails.
pub async fn entries(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    until: Date,
    limit: u32,
) -> Result<Vec<OwnEntry>, StoreError> {
    tx.all(ENTRIES, args![workspace, person, until, limit]).await
}

/// Planned meetings between two days, of onboardings somebody runs or to which they are invited: from `today` on by day,
/// then those that are over.
///
/// # Errors
/// When the database fails.
pub async fn meetings(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    (from, today, to): (Date, Date, Date),
    limit: u32,
) -> Result<Vec<OwnMeeting>, StoreError> {
    tx.all(MEETINGS, args![workspace, person, from, to, today, limit]).await
}

/// Change requests that wait for approvals in onboardings somebody runs, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn requests(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    limit: u32,
) -> Result<Vec<OpenRequest>, StoreError> {
    tx.all(REQUESTS, args![workspace, person, limit]).await
}

/// Escalations nobody has answered in onboardings somebody runs, the most urgent first.
///
/// # Errors
/// When the database fails.
pub async fn escalations(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    limit: u32,
) -> Result<Vec<OpenEscalation>, StoreError> {
    tx.all(ESCALATIONS, args![workspace, person, limit]).await
}

/// Somebody belongs to the workspace no more: onboardings they run are nobody's, so that they are found among those, and
/// open entries they answer for stand under their name alone. Gives those onboardings with their accounts,
/// and how many entries.
///
/// # Errors
/// When the database fails.
pub async fn leave(
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
) -> Result<(Vec<(OnboardingId, AccountId)>, u64), StoreError> {
    let left: Vec<(Uuid, Uuid)> = tx.all(LEAVE_ONBOARDINGS, args![workspace, person]).await?;
    let entries = tx.run(LEAVE_ENTRIES, args![workspace, person]).await?;
    let left = left.into_iter().map(|(id, account)| (OnboardingId::from(id), AccountId::from(account)));
    Ok((left.collect(), entries))
}
