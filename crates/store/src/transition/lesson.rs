//! What onboardings taught.

use gangway_domain::ids::{ImprovementId, LessonId, OnboardingId, WorkspaceId};
use gangway_domain::transition::LessonKind;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{args, read};

/// The columns of a lesson, in the order of its row.
macro_rules! columns {
    () => {
        "l.id, l.onboarding_id, a.name AS customer, l.programme, l.kind, l.text, l.suggestion, l.phase,
         l.improvement_id, l.added_by, l.added_at
         FROM lesson l
         JOIN onboarding o ON o.workspace_id = l.workspace_id AND o.id = l.onboarding_id
         JOIN account a ON a.workspace_id = o.workspace_id AND a.id = o.account_id"
    };
}

sql! {
    "transition::lesson";
    INSERT = "INSERT INTO lesson
                (workspace_id, id, onboarding_id, programme, kind, text, suggestion, phase, improvement_id, added_by,
                 added_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    GET = concat!("SELECT ", columns!(), " WHERE l.workspace_id = $1 AND l.id = $2");
    OF_ONBOARDING = concat!("SELECT ", columns!(), " WHERE l.workspace_id = $1 AND l.onboarding_id = $2
                             ORDER BY l.id");
    TIED = concat!("SELECT ", columns!(), "
                    JOIN improvement i ON i.workspace_id = l.workspace_id AND i.id = l.improvement_id
                    WHERE l.workspace_id = $1 AND i.programme = $2
                    ORDER BY l.id");
    UNTIED = concat!("SELECT ", columns!(), " WHERE l.workspace_id = $1 AND l.programme = $2
                      AND l.improvement_id IS NULL
                      ORDER BY l.id DESC LIMIT $3");
    PAGE = concat!("SELECT ", columns!(), " WHERE l.workspace_id = $1
                      AND (l.id < $2 OR $2 IS NULL)
                      AND (l.onboarding_id = $3 OR $3 IS NULL)
                      AND (l.programme = $4 OR $4 IS NULL)
                      AND (l.kind = $5 OR $5 IS NULL)
                    ORDER BY l.id DESC LIMIT $6");
    TIE = "UPDATE lesson SET improvement_id = $3 WHERE workspace_id = $1 AND id = $2 AND improvement_id IS NULL";
    DELETE = "DELETE FROM lesson WHERE workspace_id = $1 AND id = $2";
}

/// What an onboarding taught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lesson {
    /// Id.
    pub id: LessonId,
    /// Which onboarding.
    pub onboarding: OnboardingId,
    /// The customer's name; not written.
    pub customer: String,
    /// The programme (id) it was made from.
    pub programme: String,
    /// Whether to do it again or in another way.
    pub kind: LessonKind,
    /// What was learned.
    pub text: String,
    /// What the programme should do; may be empty.
    pub suggestion: String,
    /// The phase (code) it is about.
    pub phase: Option<String>,
    /// The improvement it speaks for.
    pub improvement: Option<ImprovementId>,
    /// Who said so.
    pub added_by: String,
    /// When.
    pub added_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    customer: String,
    programme: String,
    kind: String,
    text: String,
    suggestion: String,
    phase: Option<String>,
    improvement_id: Option<Uuid>,
    added_by: String,
    added_at: Timestamp,
}

impl TryFrom<Row> for Lesson {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: LessonId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            customer: row.customer,
            programme: row.programme,
            kind: read("lesson", &row.kind)?,
            text: row.text,
            suggestion: row.suggestion,
            phase: row.phase,
            improvement: row.improvement_id.map(ImprovementId::from),
            added_by: row.added_by,
            added_at: row.added_at,
        })
    }
}

/// Adds a lesson.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, one: &Lesson) -> Result<(), StoreError> {
    let row = args![
        workspace,
        one.id.uuid(),
        one.onboarding,
        &one.programme,
        one.kind.word(),
        &one.text,
        &one.suggestion,
        &one.phase,
        one.improvement.map(ImprovementId::uuid),
        &one.added_by,
        one.added_at,
    ];
    tx.run(INSERT, row).await?;
    Ok(())
}

/// One lesson.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: LessonId) -> Result<Option<Lesson>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id.uuid()]).await
}

/// What an onboarding taught, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Lesson>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// The lessons that speak for any improvement of a programme, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn tied(tx: &mut Tx, workspace: WorkspaceId, programme: &str) -> Result<Vec<Lesson>, StoreError> {
    tx.list::<Row, _>(TIED, args![workspace, programme]).await
}

/// The lessons of a programme's onboardings that speak for no improvement, the newest first, at most so many.
///
/// # Errors
/// When the database fails.
pub async fn untied(
    tx: &mut Tx,
    workspace: WorkspaceId,
    programme: &str,
    limit: u32,
) -> Result<Vec<Lesson>, StoreError> {
    tx.list::<Row, _>(UNTIED, args![workspace, programme, limit]).await
}

/// Which lessons of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Those added before this one.
    pub before: Option<LessonId>,
    /// Those of this onboarding.
    pub onboarding: Option<OnboardingId>,
    /// Those of onboardings made from this programme (id).
    pub programme: Option<String>,
    /// Those of this kind.
    pub kind: Option<LessonKind>,
    /// At most so many.
    pub limit: u32,
}

/// Lessons of a workspace, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn page(tx: &mut Tx, workspace: WorkspaceId, query: &Query) -> Result<Vec<Lesson>, StoreError> {
    let Query { before, onboarding, programme, kind, limit } = query;
    let kind = kind.map(|kind| kind.word().to_owned());
    let args = args![workspace, before.map(LessonId::uuid), *onboarding, programme, kind, *limit];
    tx.list::<Row, _>(PAGE, args).await
}

/// Says which improvement a lesson speaks for, unless it speaks for one. False when it does.
///
/// # Errors
/// When the database fails.
pub async fn tie(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: LessonId,
    improvement: ImprovementId,
) -> Result<bool, StoreError> {
    Ok(tx.run(TIE, args![workspace, id.uuid(), improvement.uuid()]).await? == 1)
}

/// Takes a lesson away. False when it was not there.
///
/// # Errors
/// When the database fails.
pub async fn delete(tx: &mut Tx, workspace: WorkspaceId, id: LessonId) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, id.uuid()]).await? == 1)
}
