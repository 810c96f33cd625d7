//! What customers were asked for, and when they acted on it: of many onboardings at once.

use std::collections::BTreeMap;

use gangway_domain::change_request::{Approval, State};
use gangway_domain::ids::{CommentId, OnboardingId, WorkspaceId};
use gangway_domain::outcome::Answer;
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::args;

sql! {
    "health::waiting";
    FORMS = "SELECT f.due_on, f.asked_at, f.answered_at, f.onboarding_id AS of_id FROM form f
             WHERE f.workspace_id = $1 AND f.state <> 'withdrawn' AND (f.asked_at >= $2 OR f.state = 'open')
               AND f.onboarding_id IN ($3)
             ORDER BY f.id";
    // What guests said, and what the team asks; a guest is nobody who signs in.
    TALK = "SELECT c.id, c.subject_id, c.person_id, c.made_at, t.status, c.onboarding_id AS of_id
            FROM comment c
            LEFT JOIN task t ON t.workspace_id = c.workspace_id AND t.id = c.subject_id
            WHERE c.workspace_id = $1 AND c.made_at >= $2 AND (c.person_id IS NULL OR c.said LIKE '%?%')
              AND c.onboarding_id IN ($3)
            ORDER BY c.id";
    SHARED = "SELECT s.item, s.shared_at, s.onboarding_id AS of_id FROM portal_shared s
              WHERE s.workspace_id = $1 AND s.kind = 'comment' AND s.shared_at >= $2 AND s.onboarding_id IN ($3)";
    FILES = "SELECT a.subject_id, a.made_at, a.onboarding_id AS of_id FROM attachment a
             WHERE a.workspace_id = $1 AND a.person_id IS NULL AND a.made_at >= $2 AND a.onboarding_id IN ($3)
             ORDER BY a.id";
    CHANGES = "SELECT c.state, c.approvals, c.onboarding_id AS of_id FROM change_request c
               WHERE c.workspace_id = $1 AND c.status = 'proposed' AND c.onboarding_id IN ($2)
               ORDER BY c.id";
    // Those that are reached, with what shows it: only then the customer is asked.
    OUTCOMES = "SELECT o.answer,
                       (SELECT MAX(m.made_at) FROM outcome_measurement m
                        WHERE m.workspace_id = o.workspace_id AND m.outcome_id = o.id) AS measured_at,
                       o.onboarding_id AS of_id
                FROM outcome o
                WHERE o.workspace_id = $1 AND o.evidenced AND o.state IN ('reached', 'verified')
                  AND o.onboarding_id IN ($2)
                ORDER BY o.id";
    TASKS = "SELECT MIN(t.finishes_on) AS due_on, t.onboarding_id AS of_id FROM task t
             WHERE t.workspace_id = $1 AND t.side = 'customer' AND t.status = 'open' AND t.finishes_on < $2
               AND t.onboarding_id IN ($3)
             GROUP BY t.onboarding_id";
    SPOKEN = "SELECT MAX(t.touched_on) AS spoken_on, t.onboarding_id AS of_id FROM touch t
              WHERE t.workspace_id = $1 AND t.onboarding_id IN ($2)
              GROUP BY t.onboarding_id";
}

/// A form the customer is asked to fill in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// By when it is wanted.
    pub due_on: Date,
    /// When it was asked.
    pub asked_at: Timestamp,
    /// When somebody of the customer wrote in it last.
    pub answered_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct FormRow {
    due_on: Day,
    asked_at: Timestamp,
    answered_at: Option<Timestamp>,
}

impl From<FormRow> for Form {
    fn from(row: FormRow) -> Self {
        Self { due_on: row.due_on.into(), asked_at: row.asked_at, answered_at: row.answered_at }
    }
}

/// A question of the team or a word of the customer, in the order they were said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// Which.
    pub id: CommentId,
    /// About what.
    pub subject: Uuid,
    /// The customer said it.
    pub by_customer: bool,
    /// When.
    pub at: Timestamp,
    /// Nothing remains to be done of the task it is about.
    pub is_over: bool,
}

#[derive(FromRow)]
struct SaidRow {
    id: Uuid,
    subject_id: Uuid,
    person_id: Option<Uuid>,
    made_at: Timestamp,
    status: Option<String>,
}

impl From<SaidRow> for Said {
    fn from(row: SaidRow) -> Self {
        Self {
            id: CommentId::from(row.id),
            subject: row.subject_id,
            by_customer: row.person_id.is_none(),
            at: row.made_at,
            is_over: row.status.is_some_and(|status| matches!(status.as_str(), "done" | "skipped")),
        }
    }
}

/// What is shared with the customer: a comment by its id as text, and since when.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Shared {
    /// Id of the comment.
    pub item: String,
    /// Since when.
    #[sqlx(rename = "shared_at")]
    pub at: Timestamp,
}

/// A file the customer added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromRow)]
pub struct Added {
    /// To what.
    #[sqlx(rename = "subject_id")]
    pub subject: Uuid,
    /// When.
    #[sqlx(rename = "made_at")]
    pub at: Timestamp,
}

/// A change request that waits for approvals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Where it stands.
    pub state: State,
    /// What was approved so far.
    pub approvals: Vec<Approval>,
}

#[derive(FromRow)]
struct ChangeRow {
    #[sqlx(json)]
    state: State,
    #[sqlx(json)]
    approvals: Vec<Approval>,
}

impl From<ChangeRow> for Proposed {
    fn from(row: ChangeRow) -> Self {
        Self { state: row.state, approvals: row.approvals }
    }
}

/// An outcome of which something shows that it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// What the customer says to it.
    pub answer: Option<Answer>,
    /// When it was measured last.
    pub measured_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct OutcomeRow {
    #[sqlx(json)]
    answer: Option<Answer>,
    measured_at: Option<Timestamp>,
}

impl From<OutcomeRow> for Reached {
    fn from(row: OutcomeRow) -> Self {
        Self { answer: row.answer, measured_at: row.measured_at }
    }
}

#[derive(FromRow)]
struct DueRow {
    due_on: Day,
}

impl From<DueRow> for Date {
    fn from(row: DueRow) -> Self {
        row.due_on.into()
    }
}

#[derive(FromRow)]
struct SpokenRow {
    spoken_on: Day,
}

impl From<SpokenRow> for Date {
    fn from(row: SpokenRow) -> Self {
        row.spoken_on.into()
    }
}

/// What customers were asked for and what they did, by onboarding; whoever was asked nothing is in none of the maps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asked {
    /// Forms.
    pub forms: BTreeMap<OnboardingId, Vec<Form>>,
    /// Questions and answers.
    pub talk: BTreeMap<OnboardingId, Vec<Said>>,
    /// Comments the customer sees.
    pub shared: BTreeMap<OnboardingId, Vec<Shared>>,
    /// Files of the customer.
    pub files: BTreeMap<OnboardingId, Vec<Added>>,
    /// Change requests that wait.
    pub changes: BTreeMap<OnboardingId, Vec<Proposed>>,
    /// Outcomes that are reached.
    pub outcomes: BTreeMap<OnboardingId, Vec<Reached>>,
    /// The last planned day of the customer's longest overdue task that nobody has begun.
    pub tasks: BTreeMap<OnboardingId, Date>,
    /// When somebody of the customer was last spoken with.
    pub spoken: BTreeMap<OnboardingId, Date>,
}

/// What the customers of these onboardings were asked for since an instant, and what of it they answered; tasks are
/// those whose last day lies before today.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn asked(
    tx: &mut Tx,
    workspace: WorkspaceId,
    of: &[OnboardingId],
    since: Timestamp,
    today: Date,
) -> Result<Asked, StoreError> {
    let lately = args![workspace, since];
    let talk = tx.lists::<OnboardingId, SaidRow, _>(TALK, lately.clone(), of).await?;
    // Only questions of the team look for what is shared; most onboardings have none.
    let asks = |said: &Vec<Said>| said.iter().any(|one| !one.by_customer);
    let asked: Vec<OnboardingId> = talk.iter().filter(|(_, said)| asks(said)).map(|(id, _)| *id).collect();
    Ok(Asked {
        forms: tx.lists::<OnboardingId, FormRow, _>(FORMS, lately.clone(), of).await?,
        shared: tx.lists::<OnboardingId, Shared, _>(SHARED, lately.clone(), &asked).await?,
        files: tx.lists::<OnboardingId, Added, _>(FILES, lately, of).await?,
        changes: tx.lists::<OnboardingId, ChangeRow, _>(CHANGES, args![workspace], of).await?,
        outcomes: tx.lists::<OnboardingId, OutcomeRow, _>(OUTCOMES, args![workspace], of).await?,
        tasks: tx.each::<OnboardingId, DueRow, _>(TASKS, args![workspace, today], of).await?,
        spoken: tx.each::<OnboardingId, SpokenRow, _>(SPOKEN, args![workspace], of).await?,
        talk,
    })
}
