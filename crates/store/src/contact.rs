//! Contacts: people at accounts, and what they are to onboardings.

pub(crate) mod list;
pub(crate) mod many;

use gangway_domain::ids::{AccountId, ContactId, OnboardingId, WorkspaceId};
use gangway_domain::words::{domain_of_email, fold};
use sqlx::FromRow;
use uuid::Uuid;

use crate::account::merge;
use crate::db::Tx;
use crate::error::StoreError;
use crate::person::email_key;
use crate::search::{self, Entry, Kind};
use crate::statement::sql;
use crate::time::Timestamp;
use crate::value::{Value, args, joined};
use crate::work::stamp;
use crate::{form, people, survey};

pub use list::{Cursor, Query, SortBy, page, summary};
pub use many::{former_names_of, of_accounts};

sql! {
    "contact";
    INSERT = "INSERT INTO contact (workspace_id, id, account_id, name, name_key, title, email, email_key, domain,
                                   phone, notes, external_id, created_at, version)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)";
    GET = "SELECT c.id, c.account_id, a.name AS account, c.name, c.name_key, c.title, c.email, c.phone, c.notes,
                  c.created_at, c.version, c.external_id
           FROM contact c JOIN account a ON a.workspace_id = c.workspace_id AND a.id = c.account_id
           WHERE c.workspace_id = $1 AND c.id = $2";
    BY_EMAIL = "SELECT c.id, c.account_id, a.name AS account, c.name, c.name_key, c.title, c.email, c.phone, c.notes,
                       c.created_at, c.version, c.external_id
                FROM contact c JOIN account a ON a.workspace_id = c.workspace_id AND a.id = c.account_id
                WHERE c.workspace_id = $1 AND c.account_id = $2 AND c.email_key = $3 ORDER BY c.id LIMIT 1";
    BY_NAME = "SELECT c.id, c.account_id, a.name AS account, c.name, c.name_key, c.title, c.email, c.phone, c.notes,
                      c.created_at, c.version, c.external_id
               FROM contact c JOIN account a ON a.workspace_id = c.workspace_id AND a.id = c.account_id
               WHERE c.workspace_id = $1 AND c.account_id = $2 AND c.name_key = $3 ORDER BY c.id LIMIT 1";
    CHANGE = "UPDATE contact SET account_id = $3, name = $4, name_key = $5, title = $6, email = $7, email_key = $8,
                                 domain = $9, phone = $10, notes = $11, external_id = $12,
                                 version = version + 1
              WHERE workspace_id = $1 AND id = $2 AND version = $13";
    BY_EXTERNAL = "SELECT c.id, c.account_id, a.name AS account, c.name, c.name_key, c.title, c.email, c.phone, c.notes,
                          c.created_at, c.version, c.external_id
                   FROM contact c JOIN account a ON a.workspace_id = c.workspace_id AND a.id = c.account_id
                   WHERE c.workspace_id = $1 AND c.external_id = $2";
    DELETE = "DELETE FROM contact WHERE workspace_id = $1 AND id = $2 AND version = $3";
    ROLE = "INSERT INTO contact_role (workspace_id, contact_id, onboarding_id, role, role_name)
            VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (workspace_id, contact_id, onboarding_id, role) DO NOTHING";
    ROLES = "SELECT r.onboarding_id, o.customer, o.product, o.state_name, r.role, r.role_name
             FROM contact_role r
             JOIN onboarding o ON o.workspace_id = r.workspace_id AND o.id = r.onboarding_id
             WHERE r.workspace_id = $1 AND r.contact_id = $2 ORDER BY r.onboarding_id DESC, r.role";
    MOVE_ROLES = "INSERT INTO contact_role (workspace_id, contact_id, onboarding_id, role, role_name)
                  SELECT r.workspace_id, k.id, r.onboarding_id, r.role, r.role_name
                  FROM contact_role r
                  JOIN contact k ON k.workspace_id = r.workspace_id AND k.id = $3
                  WHERE r.workspace_id = $1 AND r.contact_id = $2
                  ON CONFLICT (workspace_id, contact_id, onboarding_id, role) DO NOTHING";
    OF_ACCOUNT = "SELECT c.id, c.account_id, a.name AS account, c.name, c.name_key, c.title, c.email, c.phone, c.notes,
                         c.created_at, c.version, c.external_id
                  FROM contact c JOIN account a ON a.workspace_id = c.workspace_id AND a.id = c.account_id
                  WHERE c.workspace_id = $1 AND c.account_id = $2 ORDER BY c.name_key, c.id";
    WITH_TASKS = "SELECT DISTINCT onboarding_id FROM task
                  WHERE workspace_id = $1 AND assignee_contact = $2 AND assignee <> $3";
    RENAME_IN_TASKS = "UPDATE task SET assignee = $3, version = version + 1
                       WHERE workspace_id = $1 AND assignee_contact = $2 AND assignee <> $3 RETURNING onboarding_id";
    TASKS_OF = "SELECT DISTINCT onboarding_id FROM task WHERE workspace_id = $1 AND assignee_contact = $2";
    MOVE_TASKS = "UPDATE task SET assignee_contact = k.id, assignee = k.name, version = task.version + 1
                  FROM contact k
                  WHERE task.workspace_id = $1 AND task.assignee_contact = $2
                    AND k.workspace_id = task.workspace_id AND k.id = $3
                  RETURNING onboarding_id";
    // What the owner is called is looked up.
    MOVE_ENTRIES = "UPDATE register_entry SET owner_contact = $3, version = version + 1
                    WHERE workspace_id = $1 AND owner_contact = $2";
    NAMESAKES = "SELECT COUNT(*) FROM contact WHERE workspace_id = $1 AND account_id = $2 AND name_key = $3";
}

/// A person at an account.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Contact {
    /// Id.
    #[sqlx(try_from = "Uuid")]
    pub id: ContactId,
    /// Where they work.
    #[sqlx(try_from = "Uuid")]
    pub account_id: AccountId,
    /// What that account is called; not written by [`insert`] and [`change`].
    pub account: String,
    /// Name.
    pub name: String,
    /// Name as it is compared and sorted by; not written by [`insert`] and [`change`], which derive it.
    pub name_key: String,
    /// Title.
    pub title: Option<String>,
    /// Mail address.
    pub email: Option<String>,
    /// Telephone number, as written.
    pub phone: Option<String>,
    /// Anything else worth knowing.
    pub notes: Option<String>,
    /// When they were first heard of.
    pub created_at: Timestamp,
    /// Counts changes, from 1.
    pub version: i64,
    /// Their id in another system, such as a CRM.
    pub external_id: Option<String>,
}

/// What a contact is to an onboarding.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Part {
    /// Which.
    #[sqlx(try_from = "Uuid", rename = "onboarding_id")]
    pub onboarding: OnboardingId,
    /// The customer.
    pub customer: String,
    /// What was bought.
    pub product: String,
    /// Its state (name).
    #[sqlx(rename = "state_name")]
    pub state: String,
    /// Role, as in [`gangway_domain::deal::StakeholderRole`].
    pub role: String,
    /// Role as people see it.
    pub role_name: String,
}

/// The form of a name by which the same person is found: folded, single spaces.
#[must_use]
pub fn name_key(name: &str) -> String {
    fold(name).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What both statements that write a contact begin with.
fn row(workspace: WorkspaceId, contact: &Contact) -> Vec<Value> {
    let Contact { id, account_id, name, title, email, phone, notes, external_id, .. } = contact;
    args![
        workspace,
        *id,
        *account_id,
        name,
        name_key(name),
        title,
        email,
        email.as_deref().map(email_key),
        email.as_deref().and_then(domain_of_email),
        phone,
        notes,
        external_id,
    ]
}

/// Adds a contact; its version is 1.
///
/// # Errors
/// [`StoreError::Conflict`] when another has its external id; or when the database fails.
pub async fn insert(tx: &mut Tx, workspace: WorkspaceId, contact: &Contact) -> Result<(), StoreError> {
    let row = joined([row(workspace, contact), args![contact.created_at]]);
    tx.run(INSERT, row).await?;
    index(tx, workspace, contact).await
}

/// Keeps a contact as it is now, in place of the version it says it was. False when it is not that version
/// any more, or does not exist.
///
/// # Errors
/// [`StoreError::Conflict`] when another has its external id; or when the database fails.
pub async fn change(tx: &mut Tx, workspace: WorkspaceId, contact: &Contact) -> Result<bool, StoreError> {
    let row = joined([row(workspace, contact), args![contact.version]]);
    let changed = tx.run(CHANGE, row).await? == 1;
    if changed {
        index(tx, workspace, contact).await?;
    }
    Ok(changed)
}

/// A contact is called otherwise than before: the tasks they do say so, and what was written with the name they had still
/// leads to them. `trace` is an id nothing else has.
///
/// # Errors
/// When the database fails.
pub async fn renamed(
    tx: &mut Tx,
    workspace: WorkspaceId,
    trace: ContactId,
    before: &str,
    now: &Contact,
    at: Timestamp,
) -> Result<(), StoreError> {
    let key = name_key(before);
    if key != name_key(&now.name) {
        merge::remember_name(tx, workspace, trace, now.id, &key, at).await?;
    }
    let plans: Vec<OnboardingId> = tx.ids(WITH_TASKS, args![workspace, now.id, &now.name]).await?;
    stamp::count_on(tx, workspace, plans.iter().copied()).await?;
    let written: Vec<OnboardingId> = tx.ids(RENAME_IN_TASKS, args![workspace, now.id, &now.name]).await?;
    stamp::count_on_rest(tx, workspace, &plans, &written).await?;
    Ok(())
}

/// Names that lead to contacts of an account, though none of them is called so now: those of merged ones, and those
/// contacts had before somebody corrected them. As they are compared.
///
/// # Errors
/// When the database fails.
pub async fn former_names(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Vec<(String, ContactId)>, StoreError> {
    merge::former_names(tx, workspace, account).await
}

async fn index(tx: &mut Tx, workspace: WorkspaceId, contact: &Contact) -> Result<(), StoreError> {
    let Contact { id, account_id, name, title, email, .. } = contact;
    let account =
        crate::account::get(tx, workspace, *account_id).await?.map_or_else(String::new, |known| known.name);
    let (title, email) = (title.clone().unwrap_or_default(), email.clone().unwrap_or_default());
    let detail = [&title, &account].into_iter().filter(|part| !part.is_empty()).cloned();
    let entry = Entry {
        kind: Kind::Contact,
        id: id.uuid(),
        title: name,
        detail: detail.collect::<Vec<_>>().join(" · "),
        fields: &[("name", name), ("email", &email), ("title", &title), ("account", &account)],
    };
    search::put(tx, workspace, entry).await
}

/// One contact.
///
/// # Errors
/// When the database fails.
pub async fn get(tx: &mut Tx, workspace: WorkspaceId, id: ContactId) -> Result<Option<Contact>, StoreError> {
    tx.optional(GET, args![workspace, id]).await
}

/// The contact that another system knows by this id.
///
/// # Errors
/// When the database fails.
pub async fn by_external_id(
    tx: &mut Tx,
    workspace: WorkspaceId,
    external_id: &str,
) -> Result<Option<Contact>, StoreError> {
    tx.optional(BY_EXTERNAL, args![workspace, external_id]).await
}

/// The contacts of an account, by name.
///
/// # Errors
/// When the database fails.
pub async fn of_account(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Vec<Contact>, StoreError> {
    tx.all(OF_ACCOUNT, args![workspace, account]).await
}

/// Makes the contacts of an account findable by what the account is called now.
///
/// # Errors
/// When the database fails.
pub async fn account_renamed(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<(), StoreError> {
    for contact in of_account(tx, workspace, account).await? {
        index(tx, workspace, &contact).await?;
    }
    Ok(())
}

/// The contact of an account that this is: by mail address, else by name, also by one a merge did away with.
///
/// # Errors
/// When the database fails.
pub async fn matching(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    name: &str,
    email: Option<&str>,
) -> Result<Option<Contact>, StoreError> {
    if let Some(email) = email {
        let known: Option<Contact> =
            tx.optional(BY_EMAIL, args![workspace, account, email_key(email)]).await?;
        if known.is_some() {
            return Ok(known);
        }
    }
    let key = name_key(name);
    let mut known: Option<Contact> = tx.optional(BY_NAME, args![workspace, account, &key]).await?;
    if known.is_none()
        && let Some(id) = merge::contact_by_name(tx, workspace, &key).await?
    {
        known = get(tx, workspace, id).await?.filter(|contact| contact.account_id == account);
    }
    // Two people of one name have two addresses.
    let other = |contact: &Contact| match (&contact.email, email) {
        (Some(theirs), Some(ours)) => email_key(theirs) != email_key(ours),
        _ => false,
    };
    Ok(known.filter(|contact| !other(contact)))
}

/// Whether nobody else of their account has their name: only then does a name say who is meant.
///
/// # Errors
/// When the database fails.
pub async fn is_only_of_name(
    tx: &mut Tx,
    workspace: WorkspaceId,
    contact: &Contact,
) -> Result<bool, StoreError> {
    let row = args![workspace, contact.account_id, name_key(&contact.name)];
    Ok(tx.single_number(NAMESAKES, row).await? == 1)
}

/// Makes them part of an onboarding in a role; twice is once.
///
/// # Errors
/// When the database fails.
pub async fn take_part(
    tx: &mut Tx,
    workspace: WorkspaceId,
    contact: ContactId,
    onboarding: OnboardingId,
    role: &str,
    role_name: &str,
) -> Result<(), StoreError> {
    tx.run(ROLE, args![workspace, contact, onboarding, role, role_name]).await?;
    Ok(())
}

/// What they are to which onboardings, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn parts(tx: &mut Tx, workspace: WorkspaceId, id: ContactId) -> Result<Vec<Part>, StoreError> {
    tx.all(ROLES, args![workspace, id]).await
}

/// Moves what one contact is to onboardings, and what they have to do, to another and forgets it; its id, name and
/// external id lead to the other from now on. False when it is not the version it says any more.
///
/// # Errors
/// When the database fails.
pub async fn take_over(
    tx: &mut Tx,
    workspace: WorkspaceId,
    gone: &Contact,
    into: ContactId,
    at: Timestamp,
) -> Result<bool, StoreError> {
    tx.run(MOVE_ROLES, args![workspace, gone.id, into]).await?;
    let plans: Vec<OnboardingId> = tx.ids(TASKS_OF, args![workspace, gone.id]).await?;
    stamp::count_on(tx, workspace, plans.iter().copied()).await?;
    let written: Vec<OnboardingId> = tx.ids(MOVE_TASKS, args![workspace, gone.id, into]).await?;
    stamp::count_on_rest(tx, workspace, &plans, &written).await?;
    tx.run(MOVE_ENTRIES, args![workspace, gone.id, into]).await?;
    people::take_over(tx, workspace, gone.id, into).await?;
    survey::take_over(tx, workspace, gone.id, into).await?;
    form::take_over(tx, workspace, gone.id, into).await?;
    merge::remember_contact(tx, workspace, gone, into, at).await?;
    search::forget(tx, workspace, Kind::Contact, gone.id.uuid()).await?;
    Ok(tx.run(DELETE, args![workspace, gone.id, gone.version]).await? == 1)
}
