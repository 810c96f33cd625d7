//! Reports on onboardings, what they said at each version, and the links by which others read them.

use gangway_domain::ids::{OnboardingId, ReportId, WorkspaceId};
use gangway_domain::register::Visibility;
use gangway_domain::report::{Kind, ReportColour};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::{Day, Timestamp};
use crate::value::{args, json, read};

/// The columns of a report, in the order of its row.
macro_rules! columns {
    () => {
        "r.id, r.onboarding_id, r.kind, r.title, r.audience, r.as_of, r.colour, r.written, r.text, r.made_by,
         r.made_at, r.changed_by, r.changed_at, r.sent_at, r.version"
    };
}

sql! {
    "report";
    INSERT = "INSERT INTO report
                (workspace_id, id, onboarding_id, kind, title, audience, as_of, colour, written, text, made_by,
                 made_at, changed_by, changed_at, sent_at, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    GET = concat!("SELECT ", columns!(), " FROM report r WHERE r.workspace_id = $1 AND r.id = $2");
    OF_ONBOARDING = concat!("SELECT ", columns!(), " FROM report r
                             WHERE r.workspace_id = $1 AND r.onboarding_id = $2 ORDER BY r.id DESC");
    PAGE = concat!("SELECT ", columns!(), " FROM report r
                    WHERE r.workspace_id = $1
                      AND (r.id < $2 OR $2 IS NULL)
                      AND (r.onboarding_id = $3 OR $3 IS NULL)
                      AND (r.kind = $4 OR $4 IS NULL)
                    ORDER BY r.id DESC LIMIT $5");
    CHANGE = "UPDATE report
              SET title = $3, as_of = $4, colour = $5, written = $6, text = $7, changed_by = $8, changed_at = $9,
                  sent_at = $10, version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $11";
    DELETE = "DELETE FROM report WHERE workspace_id = $1 AND id = $2 AND version = $3";
    KEEP_VERSION = "INSERT INTO report_version (workspace_id, report_id, number, text, colour, saved_by, saved_at)
                    VALUES ($1, $2, $3, $4, $5, $6, $7)";
    VERSIONS = "SELECT number, text, colour, saved_by, saved_at FROM report_version
                WHERE workspace_id = $1 AND report_id = $2 ORDER BY number DESC";
    ADD_LINK = "INSERT INTO report_link (workspace_id, report_id, digest, made_by, made_at, ended_at)
                VALUES ($1, $2, $3, $4, $5, NULL)";
    LINKS = "SELECT digest, made_by, made_at FROM report_link
             WHERE workspace_id = $1 AND report_id = $2 AND ended_at IS NULL ORDER BY made_at DESC, digest";
    END_LINK = "UPDATE report_link SET ended_at = $4
                WHERE workspace_id = $1 AND report_id = $2 AND digest = $3 AND ended_at IS NULL";
    // Whoever holds the secret of a link names its digest: that is all they can know of the workspace.
    BY_LINK = "SELECT workspace_id, report_id FROM report_link WHERE digest = $1 AND ended_at IS NULL";
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Id.
    pub id: ReportId,
    /// On which onboarding.
    pub onboarding: OnboardingId,
    /// What kind.
    pub kind: Kind,
    /// Title.
    pub title: String,
    /// Who it is for.
    pub audience: Visibility,
    /// The day whose facts it tells.
    pub as_of: Date,
    /// Its colour.
    pub colour: ReportColour,
    /// What was written from the facts.
    pub written: String,
    /// What it says.
    pub text: String,
    /// Who had it written.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
    /// Who changed it last.
    pub changed_by: String,
    /// When.
    pub changed_at: Timestamp,
    /// When it was sent last.
    pub sent_at: Option<Timestamp>,
    /// Counts changes, from 1.
    pub version: i64,
}

/// What a report said at a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The version.
    pub number: i64,
    /// What it said.
    pub text: String,
    /// Its colour.
    pub colour: ReportColour,
    /// Who saved it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A link by which others read a report.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Link {
    /// SHA-256 of its secret, hex: it names the link and opens nothing.
    pub digest: String,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    onboarding_id: Uuid,
    kind: String,
    title: String,
    audience: String,
    as_of: Day,
    #[sqlx(json)]
    colour: ReportColour,
    written: String,
    text: String,
    made_by: String,
    made_at: Timestamp,
    changed_by: String,
    changed_at: Timestamp,
    sent_at: Option<Timestamp>,
    version: i64,
}

impl TryFrom<Row> for Report {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: ReportId::from(row.id),
            onboarding: OnboardingId::from(row.onboarding_id),
            kind: read("report", &row.kind)?,
            title: row.title,
            audience: read("report", &row.audience)?,
            as_of: row.as_of.into(),
            colour: row.colour,
            written: row.written,
            text: row.text,
            made_by: row.made_by,
            made_at: row.made_at,
            changed_by: row.changed_by,
            changed_at: row.changed_at,
            sent_at: row.sent_at,
            version: row.version,
        })
    }
}

#[derive(FromRow)]
struct VersionRow {
    number: i64,
    text: String,
    #[sqlx(json)]
    colour: ReportColour,
    saved_by: String,
    saved_at: Timestamp,
}

/// Adds a report with its first version.
///
/// # Errors
/// When the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, report: &Report) -> Result<(), StoreError> {
    let row = args![
        workspace,
        report.id.uuid(),
        report.onboarding,
        report.kind.word(),
        &report.title,
        report.audience.word(),
        report.as_of,
        json("report", &report.colour)?,
        &report.written,
        &report.text,
        &report.made_by,
        report.made_at,
        &report.changed_by,
        report.changed_at,
        report.sent_at,
        report.version,
    ];
    tx.run(INSERT, row).await?;
    keep_version(tx, workspace, report, report.version).await
}

async fn keep_version(
    tx: &mut Tx,
    workspace: WorkspaceId,
    report: &Report,
    number: i64,
) -> Result<(), StoreError> {
    let row = args![
        workspace,
        report.id.uuid(),
        number,
        &report.text,
        json("report", &report.colour)?,
        &report.changed_by,
        report.changed_at,
    ];
    tx.run(KEEP_VERSION, row).await?;
    Ok(())
}

/// One report.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: ReportId) -> Result<Option<Report>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, id.uuid()]).await
}

/// The reports on an onboarding, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Report>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// Which reports of a workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Those made before this one.
    pub before: Option<ReportId>,
    /// Those on this onboarding.
    pub onboarding: Option<OnboardingId>,
    /// Those of this kind.
    pub kind: Option<Kind>,
    /// At most so many.
    pub limit: u32,
}

/// Reports of a workspace, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn page(tx: &mut Tx, workspace: WorkspaceId, query: &Query) -> Result<Vec<Report>, StoreError> {
    let Query { before, onboarding, kind, limit } = query;
    let kind = kind.map(|kind| kind.word().to_owned());
    let args = args![workspace, before.map(ReportId::uuid), *onboarding, kind, *limit];
    tx.list::<Row, _>(PAGE, args).await
}

/// Keeps a report as it is now, in place of the version it says it was, and what it said as a version of its own.
/// False when it is not that version any more.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, report: &Report) -> Result<bool, StoreError> {
    let row = args![
        workspace,
        report.id.uuid(),
        &report.title,
        report.as_of,
        json("report", &report.colour)?,
        &report.written,
        &report.text,
        &report.changed_by,
        report.changed_at,
        report.sent_at,
        report.version,
    ];
    if tx.run(CHANGE, row).await? != 1 {
        return Ok(false);
    }
    keep_version(tx, workspace, report, report.version + 1).await?;
    Ok(true)
}

/// Takes a report away that is still this version, with its versions and links.
///
/// # Errors
/// When the database fails.
pub async fn delete(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ReportId,
    version: i64,
) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, id.uuid(), version]).await? == 1)
}

/// What a report said, the newest version first.
///
/// # Errors
/// When the database fails.
pub async fn versions(tx: &mut Tx, workspace: WorkspaceId, id: ReportId) -> Result<Vec<Version>, StoreError> {
    let rows: Vec<VersionRow> = tx.all(VERSIONS, args![workspace, id.uuid()]).await?;
    let version = |row: VersionRow| Version {
        number: row.number,
        text: row.text,
        colour: row.colour,
        by: row.saved_by,
        at: row.saved_at,
    };
    Ok(rows.into_iter().map(version).collect())
}

/// Keeps a link.
///
/// # Errors
/// When the database fails.
pub async fn add_link(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ReportId,
    link: &Link,
) -> Result<(), StoreError> {
    let row = args![workspace, id.uuid(), &link.digest, &link.made_by, link.made_at];
    tx.run(ADD_LINK, row).await?;
    Ok(())
}

/// The links that open a report, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn links(tx: &mut Tx, workspace: WorkspaceId, id: ReportId) -> Result<Vec<Link>, StoreError> {
    tx.all(LINKS, args![workspace, id.uuid()]).await
}

/// Ends a link. False when it opened nothing.
///
/// # Errors
/// When the database fails.
pub async fn end_link(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: ReportId,
    digest: &str,
    at: Timestamp,
) -> Result<bool, StoreError> {
    Ok(tx.run(END_LINK, args![workspace, id.uuid(), digest, at]).await? == 1)
}

/// The report a link opens, by the digest of its secret.
///
/// # Errors
/// When the database fails.
pub async fn by_link(tx: &mut Tx, digest: &str) -> Result<Option<(WorkspaceId, ReportId)>, StoreError> {
    let row: Option<(Uuid, Uuid)> = tx.optional(BY_LINK, args![digest]).await?;
    Ok(row.map(|(workspace, report)| (WorkspaceId::from(workspace), ReportId::from(report))))
}
