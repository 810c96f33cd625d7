//! People of running onboardings: what is known of each stakeholder, and what belongs to them.

pub mod communication;
pub mod loss;
pub mod raci;
pub mod relation;
pub mod resistance;
pub mod touch;

use std::collections::BTreeMap;

use gangway_domain::deal::StakeholderRole;
use gangway_domain::ids::{ContactId, OnboardingId, WorkspaceId};
use gangway_domain::people::{Grade, Sentiment};
use jiff::civil::Date;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::time::Day;
use crate::value::{Value, args, read, unword, word};

/// The columns of a stakeholder, in the order of its row.
macro_rules! columns {
    () => {
        "s.onboarding_id, s.contact_id, c.name, c.title, c.email, s.role, s.power, s.interest, s.sentiment,
         s.engagement, s.risk, s.risk_reason, s.champion, s.notes, s.left_on, s.since, s.version
         FROM stakeholder s
         JOIN contact c ON c.workspace_id = s.workspace_id AND c.id = s.contact_id"
    };
}

sql! {
    "people";
    INSERT = "INSERT INTO stakeholder
                (workspace_id, onboarding_id, contact_id, role, power, interest, sentiment, engagement, risk,
                 risk_reason, champion, notes, left_on, since, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    GET = concat!("SELECT ", columns!(), " WHERE s.workspace_id = $1 AND s.onboarding_id = $2 AND s.contact_id = $3");
    OF_ONBOARDING = concat!("SELECT ", columns!(), " WHERE s.workspace_id = $1 AND s.onboarding_id = $2
                             ORDER BY c.name_key, s.contact_id");
    OF_ONBOARDINGS = "SELECT s.onboarding_id, s.contact_id, c.name, c.title, c.email, s.role, s.power, s.interest,
                             s.sentiment, s.engagement, s.risk, s.risk_reason, s.champion, s.notes, s.left_on, s.since,
                             s.version, s.onboarding_id AS of_id
                      FROM stakeholder s
                      JOIN contact c ON c.workspace_id = s.workspace_id AND c.id = s.contact_id
                      WHERE s.workspace_id = $1 AND s.onboarding_id IN ($2)
                      ORDER BY c.name_key, s.contact_id";
    CHANGE = "UPDATE stakeholder
              SET role = $4, power = $5, interest = $6, sentiment = $7, engagement = $8, risk = $9,
                  risk_reason = $10, champion = $11, notes = $12, left_on = $13, version = version + 1
              WHERE workspace_id = $1 AND onboarding_id = $2 AND contact_id = $3 AND version = $14";
    DELETE = "DELETE FROM stakeholder
              WHERE workspace_id = $1 AND onboarding_id = $2 AND contact_id = $3 AND version = $4";
    MOVE = "INSERT INTO stakeholder
              (workspace_id, onboarding_id, contact_id, role, power, interest, sentiment, engagement, risk,
               risk_reason, champion, notes, left_on, since, version)
            SELECT s.workspace_id, s.onboarding_id, k.id, s.role, s.power, s.interest, s.sentiment, s.engagement,
                   s.risk, s.risk_reason, s.champion, s.notes, s.left_on, s.since, s.version
            FROM stakeholder s
            JOIN contact k ON k.workspace_id = s.workspace_id AND k.id = $3
            WHERE s.workspace_id = $1 AND s.contact_id = $2
            ON CONFLICT (workspace_id, onboarding_id, contact_id) DO NOTHING";
    MOVE_TOUCHES = "UPDATE touch SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2";
    MOVE_FROM = "INSERT INTO contact_relation (workspace_id, onboarding_id, from_contact, kind, to_contact)
                 SELECT r.workspace_id, r.onboarding_id, k.id, r.kind, r.to_contact
                 FROM contact_relation r
                 JOIN contact k ON k.workspace_id = r.workspace_id AND k.id = $3
                 WHERE r.workspace_id = $1 AND r.from_contact = $2 AND r.to_contact <> $3
                   AND NOT (r.kind = 'reports-to' AND EXISTS (
                         SELECT 1 FROM contact_relation o
                         WHERE o.workspace_id = r.workspace_id AND o.onboarding_id = r.onboarding_id
                           AND o.kind = 'reports-to' AND (o.from_contact = $3 OR o.to_contact = $3)))
                 ON CONFLICT (workspace_id, onboarding_id, from_contact, kind, to_contact) DO NOTHING";
    MOVE_TO = "INSERT INTO contact_relation (workspace_id, onboarding_id, from_contact, kind, to_contact)
               SELECT r.workspace_id, r.onboarding_id, r.from_contact, r.kind, k.id
               FROM contact_relation r
               JOIN contact k ON k.workspace_id = r.workspace_id AND k.id = $3
               WHERE r.workspace_id = $1 AND r.to_contact = $2 AND r.from_contact <> $3
                 AND NOT (r.kind = 'reports-to' AND EXISTS (
                       SELECT 1 FROM contact_relation o
                       WHERE o.workspace_id = r.workspace_id AND o.onboarding_id = r.onboarding_id
                         AND o.kind = 'reports-to' AND o.from_contact = $3))
               ON CONFLICT (workspace_id, onboarding_id, from_contact, kind, to_contact) DO NOTHING";
    MOVE_RESISTANCE = "UPDATE resistance SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2";
    MOVE_LOSSES = "UPDATE champion_loss SET contact_id = $3 WHERE workspace_id = $1 AND contact_id = $2";
}

/// What is known of a contact in an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stakeholder {
    /// The onboarding.
    pub onboarding: OnboardingId,
    /// Who.
    pub contact: ContactId,
    /// Their name; not written.
    pub name: String,
    /// Their title; not written.
    pub title: Option<String>,
    /// Their mail address; not written.
    pub email: Option<String>,
    /// The role by which they are spoken with.
    pub role: StakeholderRole,
    /// Power.
    pub power: Grade,
    /// Interest.
    pub interest: Grade,
    /// How they speak of it, when known.
    pub sentiment: Option<Sentiment>,
    /// How much they take part, when known.
    pub engagement: Option<Grade>,
    /// The risk a person put in place of the rules', and why.
    pub risk: Option<(Grade, String)>,
    /// Phase of a champion's development (id of the methodology).
    pub champion: Option<String>,
    /// Notes for the workspace only.
    pub notes: Option<String>,
    /// The day they left, or will.
    pub left_on: Option<Date>,
    /// Since when they are known here.
    pub since: Date,
    /// Counts changes, from 1.
    pub version: i64,
}

#[derive(FromRow)]
struct Row {
    onboarding_id: Uuid,
    contact_id: Uuid,
    name: String,
    title: Option<String>,
    email: Option<String>,
    role: String,
    power: String,
    interest: String,
    sentiment: Option<String>,
    engagement: Option<String>,
    risk: Option<String>,
    risk_reason: Option<String>,
    champion: Option<String>,
    notes: Option<String>,
    left_on: Option<Day>,
    since: Day,
    version: i64,
}

impl TryFrom<Row> for Stakeholder {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        const WHAT: &str = "stakeholder";
        let grade = |text: Option<String>| text.map(|text| read::<Grade>(WHAT, &text)).transpose();
        Ok(Self {
            onboarding: OnboardingId::from(row.onboarding_id),
            contact: ContactId::from(row.contact_id),
            name: row.name,
            title: row.title,
            email: row.email,
            role: unword(WHAT, row.role)?,
            power: read(WHAT, &row.power)?,
            interest: read(WHAT, &row.interest)?,
            sentiment: row.sentiment.map(|text| read::<Sentiment>(WHAT, &text)).transpose()?,
            engagement: grade(row.engagement)?,
            risk: grade(row.risk)?.map(|risk| (risk, row.risk_reason.unwrap_or_default())),
            champion: row.champion,
            notes: row.notes,
            left_on: row.left_on.map(Date::from),
            since: row.since.into(),
            version: row.version,
        })
    }
}

fn key(workspace: WorkspaceId, one: &Stakeholder) -> Result<Vec<Value>, StoreError> {
    Ok(args![
        workspace,
        one.onboarding,
        one.contact,
        word("stakeholder", &one.role)?,
        one.power.word(),
        one.interest.word(),
        one.sentiment.map(|sentiment| sentiment.word().to_owned()),
        one.engagement.map(|grade| grade.word().to_owned()),
        one.risk.as_ref().map(|(grade, _)| grade.word().to_owned()),
        one.risk.as_ref().map(|(_, reason)| reason.clone()),
        &one.champion,
        &one.notes,
        one.left_on,
    ])
}

/// Adds stakeholders.
///
/// # Errors
/// [`StoreError::Conflict`] when one is known; or when the database fails.
pub async fn insert_all(tx: &mut Tx, workspace: WorkspaceId, all: &[Stakeholder]) -> Result<(), StoreError> {
    let mut rows = Vec::with_capacity(all.len());
    for one in all {
        let mut row = key(workspace, one)?;
        row.extend(args![one.since, one.version]);
        rows.push(row);
    }
    tx.insert_all(INSERT, rows).await
}

/// One stakeholder.
///
/// # Errors
/// When the database fails.
pub async fn get(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    contact: ContactId,
) -> Result<Option<Stakeholder>, StoreError> {
    tx.one::<Row, _>(GET, args![workspace, onboarding, contact]).await
}

/// The stakeholders of an onboarding, by name.
///
/// # Errors
/// When the database fails.
pub async fn of_onboarding(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Vec<Stakeholder>, StoreError> {
    tx.list::<Row, _>(OF_ONBOARDING, args![workspace, onboarding]).await
}

/// The stakeholders of many onboardings, by name.
///
/// # Errors
/// When the database fails, or a row cannot be read.
pub async fn of_onboardings(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboardings: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Vec<Stakeholder>>, StoreError> {
    tx.lists::<_, Row, _>(OF_ONBOARDINGS, args![workspace], onboardings).await
}

/// Keeps a stakeholder as they are now, in place of the version they say they were. False when they are not that
/// version any more.
///
/// # Errors
/// When the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, one: &Stakeholder) -> Result<bool, StoreError> {
    let mut row = key(workspace, one)?;
    row.extend(args![one.version]);
    Ok(tx.run(CHANGE, row).await? == 1)
}

/// Takes a stakeholder out who is still this version; the contact and what was said with them stay.
///
/// # Errors
/// When the database fails.
pub async fn delete(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    contact: ContactId,
    version: i64,
) -> Result<bool, StoreError> {
    Ok(tx.run(DELETE, args![workspace, onboarding, contact, version]).await? == 1)
}

/// Everything of a contact becomes that of the one they are merged into.
///
/// # Errors
/// When the database fails.
pub(crate) async fn take_over(
    tx: &mut Tx,
    workspace: WorkspaceId,
    gone: ContactId,
    into: ContactId,
) -> Result<(), StoreError> {
    tx.run(MOVE, args![workspace, gone, into]).await?;
    tx.run(MOVE_TOUCHES, args![workspace, gone, into]).await?;
    tx.run(MOVE_FROM, args![workspace, gone, into]).await?;
    tx.run(MOVE_TO, args![workspace, gone, into]).await?;
    tx.run(MOVE_RESISTANCE, args![workspace, gone, into]).await?;
    tx.run(MOVE_LOSSES, args![workspace, gone, into]).await?;
    crate::portal::take_over(tx, workspace, gone, into).await?;
    crate::training::take_over(tx, workspace, gone, into).await?;
    Ok(())
}
