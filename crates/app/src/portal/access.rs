//! Who of a customer has access to the portal: inviting, changing, taking away, looking at what they see.

use gangway_domain::deal::StakeholderRole;
use gangway_domain::ids::{AccountId, ContactId, OnboardingId, PortalAccessId};
use gangway_domain::permission::Action;
use gangway_domain::portal::{Language, PortalRole, Resource, Right};
use gangway_domain::refusal::Fault;
use gangway_store::contact::{self, Contact};
use gangway_store::onboarding::head::Head;
use gangway_store::portal::{self, Access, link, session, setting};
use gangway_store::{Timestamp, Tx, membership, people};
use jiff::SignedDuration;

use super::enter::{Opened, PEEK, later};
use super::{Setting, letters};
use crate::activity;
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{Secret, checked_email, checked_name, none_of};
use crate::mail;
use crate::{Actor, App, Guest, register, version};

/// How long a link opens the portal.
pub(super) const VALID: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Somebody was invited into the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// Their access.
    pub id: PortalAccessId,
    /// Who.
    pub name: String,
    /// The secret of their link, for showing the link to whoever invited: mail may not be set up.
    pub secret: Secret,
}

/// A contact of the customer, and what they are in the portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub contact: ContactId,
    /// Their name.
    pub name: String,
    /// Their title.
    pub title: Option<String>,
    /// Their mail address; without one they cannot be invited.
    pub email: Option<String>,
    /// The role they have, or would get.
    pub role: PortalRole,
    /// Their access, when somebody has invited them.
    pub access: Option<Access>,
}

/// Who has access to the portal of an onboarding, and who could.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manage {
    /// The onboarding.
    pub head: Head,
    /// The contacts of the customer who take part, those with access first.
    pub people: Vec<Person>,
    /// How portals look.
    pub setting: Setting,
    /// Now: what ended is before it.
    pub now: Timestamp,
}

impl Person {
    /// They can come in.
    #[must_use]
    pub fn is_in(&self, now: Timestamp) -> bool {
        self.access.as_ref().is_some_and(|access| access.revoked_at.is_none() && access.expires_at > now)
    }
}

/// Who has access, and who could.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn manage(app: &App, actor: &Actor, id: OnboardingId) -> Result<Manage, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = register::onboarding(&mut tx, actor, id).await?;
    let setting = setting::get(&mut tx, actor.workspace).await?;
    let mut all: Vec<Person> = Vec::new();
    let accesses = portal::of_onboarding(&mut tx, actor.workspace, id).await?;
    for one in people::of_onboarding(&mut tx, actor.workspace, id).await? {
        let access = accesses.iter().find(|access| access.contact == one.contact);
        let access = access.filter(|access| !access.made_by.is_empty()).cloned();
        all.push(Person {
            contact: one.contact,
            name: one.name,
            title: one.title,
            email: one.email,
            role: access.as_ref().map_or_else(|| PortalRole::of(&[one.role]), |access| access.role),
            access,
        });
    }
    for access in accesses {
        if access.made_by.is_empty() || all.iter().any(|one| one.contact == access.contact) {
            continue;
        }
        all.push(Person {
            contact: access.contact,
            name: access.name.clone(),
            title: access.title.clone(),
            email: access.email.clone(),
            role: access.role,
            access: Some(access),
        });
    }
    let now = app.now();
    all.sort_by_key(|one| (!one.is_in(now), one.name.to_lowercase()));
    Ok(Manage { head, people: all, setting, now })
}

/// Invites a contact of the customer into the portal and mails them their link. Inviting again sends a new link; the
/// one before works no more, and whatever it has opened is closed.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when they are nobody of this customer or have
/// no mail address, [`AppError::Barred`] when the onboarding is over; or when the database fails.
#[boxed]
pub async fn invite(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    who: ContactId,
    role: Option<PortalRole>,
    language: Option<Language>,
) -> Result<Invited, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = register::going(&mut tx, actor, id).await?;
    let contact = of_customer(&mut tx, actor, &head, who).await?;
    let invited = admit(app, &mut tx, actor, &head, &contact, role, language).await?;
    tx.commit().await?;
    Ok(invited)
}

/// Invites somebody in a transaction of somebody else, who has asked for permission.
pub(super) async fn admit(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    contact: &Contact,
    role: Option<PortalRole>,
    language: Option<Language>,
) -> Result<Invited, AppError> {
    let Some(to) = contact.email.clone().filter(|email| !email.is_empty()) else {
        return Err(AppError::Invalid(vec![Problem::new(
            "email",
            "is missing: write it at the contact first",
        )]));
    };
    let workspace = actor.workspace;
    let setting = setting::get(tx, workspace).await?;
    let secret = Secret::fresh(&*app.secrets);
    let known = portal::of_contact(tx, workspace, head.id, contact.id).await?;
    let role = match (role, &known) {
        (Some(role), _) => role,
        (None, Some(access)) => access.role,
        (None, None) => derived(tx, actor, head.id, contact.id).await?,
    };
    let language = language.or(known.as_ref().map(|access| access.language)).unwrap_or(setting.language);
    let access = Access {
        digest: secret.digest(),
        code: None,
        code_tries: 0,
        made_by: actor.own_name().to_owned(),
        made_at: app.now(),
        expires_at: later(app, VALID),
        revoked_at: None,
        role,
        language,
        ..known.clone().unwrap_or_else(|| blank(app, actor, head.id, contact, role, language))
    };
    put(tx, known.is_some(), &access).await?;
    if known.is_some() {
        end_open(tx, &access).await?;
    }
    let vendor = mail::vendor(tx, workspace).await?;
    let letter = letters::invitation(app, actor, head, &access, &vendor, &to, &secret)?;
    let answers = mail::answered_by(tx, workspace, head.id).await?;
    mail::send_to_customer(app, tx, workspace, &letter, None, answers).await?;
    let summary = format!("Invited {} into the portal as {}", access.name, role.label().to_lowercase());
    register::record(app, tx, actor, head, "portal.invited", summary).await?;
    Ok(Invited { id: access.id, name: access.name, secret })
}

/// Closes the portals that are open with an access and ends the links that act for it.
async fn end_open(tx: &mut Tx, access: &Access) -> Result<(), AppError> {
    session::delete_of_access(tx, access.workspace, access.id).await?;
    link::delete_of_access(tx, access.workspace, access.id).await?;
    Ok(())
}

/// An access nobody has yet.
fn blank(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    contact: &Contact,
    role: PortalRole,
    language: Language,
) -> Access {
    Access {
        workspace: actor.workspace,
        id: PortalAccessId::fresh(&*app.ids),
        onboarding: id,
        contact: contact.id,
        name: contact.name.clone(),
        title: contact.title.clone(),
        email: contact.email.clone(),
        role,
        language,
        digest: Secret::fresh(&*app.secrets).digest(),
        code: None,
        code_tries: 0,
        made_by: String::new(),
        made_at: app.now(),
        expires_at: app.now(),
        revoked_at: None,
        last_used_at: None,
        version: 1,
    }
}

async fn put(tx: &mut Tx, known: bool, access: &Access) -> Result<(), AppError> {
    if !known {
        return portal::insert(tx, access).await.map_err(AppError::overtaken);
    }
    if portal::change(tx, access).await? { Ok(()) } else { Err(AppError::Overtaken) }
}

/// What the contact's part in the onboarding makes of them.
pub(super) async fn derived(
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    who: ContactId,
) -> Result<PortalRole, AppError> {
    let mut roles: Vec<StakeholderRole> = Vec::new();
    for part in contact::parts(tx, actor.workspace, who).await? {
        if part.onboarding == id
            && let Ok(role) = serde_json::from_value(serde_json::Value::String(part.role))
        {
            roles.push(role);
        }
    }
    if let Some(one) = people::get(tx, actor.workspace, id, who).await? {
        roles.push(one.role);
    }
    Ok(PortalRole::of(&roles))
}

/// A guest invites a colleague by name and mail address: they become a contact of the account, with the least role that
/// can act. Whose access ran out comes back as who they were.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::Invalid`], [`AppError::TooMany`], [`AppError::Barred`] when the onboarding is
/// over; or when the database fails.
#[boxed]
pub async fn invite_colleague(
    app: &App,
    actor: &Actor,
    name: &str,
    email: &str,
) -> Result<Invited, AppError> {
    let guest = *actor.require_guest(Resource::Invite, Right::Do)?;
    let mut problems = Vec::new();
    let name = checked_name("name", name, &mut problems);
    if problems.is_empty() && holds_address(&name) {
        problems.push(Problem::of("name", Fault::NameAddress));
    }
    let email = checked_email("email", email, &mut problems);
    none_of(problems)?;
    letters::counted(app, &guest, "invitation")?;
    let mut tx = app.db.write().await?;
    let head = register::going(&mut tx, actor, guest.onboarding).await?;
    let known = contact::matching(&mut tx, guest.workspace, head.account_id, &name, Some(&email)).await?;
    let contact = match known {
        Some(known) if known.email.is_some() => known,
        // Whether an address is that of somebody who is known by name is for the team to say.
        _ => {
            if is_taken(&mut tx, &guest, head.account_id, &name).await? {
                return Err(AppError::Invalid(vec![Problem::of("name", Fault::NameTaken)]));
            }
            let made = Contact {
                id: ContactId::fresh(&*app.ids),
                account_id: head.account_id,
                account: head.customer.clone(),
                name_key: String::new(),
                name,
                title: None,
                email: Some(email),
                phone: None,
                notes: None,
                created_at: app.now(),
                version: 1,
                external_id: None,
            };
            contact::insert(&mut tx, guest.workspace, &made).await?;
            let summary = format!("Added {} as a contact", made.name);
            register::record(app, &mut tx, actor, &head, "contact.added", summary).await?;
            made
        }
    };
    let (mut role, mut language) = (PortalRole::Member, guest.language);
    if let Some(access) = portal::of_contact(&mut tx, guest.workspace, head.id, contact.id).await? {
        if access.revoked_at.is_some() {
            // Whom the team has shut out, only the team lets in again.
            return Err(AppError::Invalid(vec![Problem::of("email", Fault::NotInvited)]));
        }
        if !access.made_by.is_empty() {
            if access.expires_at > app.now() {
                return Err(AppError::Invalid(vec![Problem::of("email", Fault::HasAccess)]));
            }
            (role, language) = (access.role, access.language);
        }
    }
    let invited = admit(app, &mut tx, actor, &head, &contact, Some(role), Some(language)).await?;
    tx.commit().await?;
    Ok(invited)
}

/// A name that mail programs would make a link of.
fn holds_address(name: &str) -> bool {
    // Also in wide letters, which mail programs read alike.
    let name = contact::name_key(name);
    ["://", "www.", "@"].iter().any(|mark| name.contains(mark))
}

/// Whether a name is that of a contact of the account, also of one who was merged into another, or of somebody of the
/// team: whoever came in under it would be taken for them.
async fn is_taken(tx: &mut Tx, guest: &Guest, account: AccountId, name: &str) -> Result<bool, AppError> {
    if contact::matching(tx, guest.workspace, account, name, None).await?.is_some() {
        return Ok(true);
    }
    let contacts = contact::of_account(tx, guest.workspace, account).await?;
    let members = membership::of_workspace(tx, guest.workspace).await?;
    let contacts = contacts.iter().map(|one| one.name.as_str());
    let mut known = contacts.chain(members.iter().map(|one| one.name.as_str()));
    let looks = looks_of(name);
    Ok(known.any(|one| looks_of(one) == looks))
}

/// A name as it is compared, without what joins and parts letters unseen.
fn looks_of(name: &str) -> String {
    contact::name_key(&name.replace(['\u{200c}', '\u{200d}'], ""))
}

/// Changes what somebody is in the portal, and the language they read, when they are still what they were when they
/// were looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`]; or when the database fails.
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    access: PortalAccessId,
    version: i64,
    role: PortalRole,
    language: Language,
) -> Result<Access, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = register::onboarding(&mut tx, actor, id).await?;
    let known = known(&mut tx, actor, id, access).await?;
    version::fresh("access", known.version, version)?;
    let wanted = Access { role, language, ..known.clone() };
    if wanted == known {
        return Ok(known);
    }
    let version = version::after("access", version, portal::change(&mut tx, &wanted).await?)?;
    let summary = format!("Made {} {} in the portal", wanted.name, role.label().to_lowercase());
    register::record(app, &mut tx, actor, &head, "portal.access_changed", summary).await?;
    tx.commit().await?;
    Ok(Access { version, ..wanted })
}

/// Takes somebody's access away: their links, code and every open portal of theirs end at once.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn revoke(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    access: PortalAccessId,
) -> Result<(), AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = register::onboarding(&mut tx, actor, id).await?;
    let known = known(&mut tx, actor, id, access).await?;
    if known.revoked_at.is_some() {
        return Ok(());
    }
    let gone = Access { revoked_at: Some(app.now()), code: None, ..known };
    if !portal::change(&mut tx, &gone).await? {
        return Err(AppError::Overtaken);
    }
    end_open(&mut tx, &gone).await?;
    let summary = format!("Took {}'s access to the portal away", gone.name);
    register::record(app, &mut tx, actor, &head, "portal.revoked", summary).await?;
    tx.commit().await?;
    Ok(())
}

/// Opens the portal for a colleague as this contact sees it, for an hour, to look only.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn view_as(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    who: ContactId,
    agent: &str,
) -> Result<Opened, AppError> {
    actor.require(Action::Look)?;
    let person = actor.person.ok_or(AppError::Forbidden(Action::Look))?;
    let mut tx = app.db.write().await?;
    let head = register::onboarding(&mut tx, actor, id).await?;
    let contact = of_customer(&mut tx, actor, &head, who).await?;
    let access = match portal::of_contact(&mut tx, actor.workspace, id, who).await? {
        Some(access) if access.revoked_at.is_none() => access,
        Some(_) => {
            let problem = "has no access any more: invite them again to see what they would see";
            return Err(AppError::Invalid(vec![Problem::new("contact", problem)]));
        }
        None => {
            let role = derived(&mut tx, actor, id, who).await?;
            let language = setting::get(&mut tx, actor.workspace).await?.language;
            let access = blank(app, actor, id, &contact, role, language);
            put(&mut tx, false, &access).await?;
            access
        }
    };
    let secret = Secret::fresh(&*app.secrets);
    let row = session::Session {
        digest: secret.digest(),
        workspace: actor.workspace,
        access: access.id,
        peek_by: Some(person),
        agent: agent.chars().filter(|c| !c.is_control()).take(200).collect(),
        created_at: app.now(),
        expires_at: later(app, PEEK),
    };
    session::insert(&mut tx, &row).await?;
    let summary = format!("{} looked at the portal as {}", actor.name, access.name);
    activity::audit(app, &mut tx, actor, "portal.viewed_as", summary).await?;
    tx.commit().await?;
    Ok(Opened { secret, leads_to: "/portal".to_owned() })
}

async fn known(
    tx: &mut Tx,
    actor: &Actor,
    id: OnboardingId,
    access: PortalAccessId,
) -> Result<Access, AppError> {
    let known = portal::get(tx, actor.workspace, access).await?;
    let known = known.filter(|known| known.onboarding == id && !known.made_by.is_empty());
    known.ok_or_else(|| AppError::missing("access", access))
}

/// A contact of the onboarding's customer.
async fn of_customer(tx: &mut Tx, actor: &Actor, head: &Head, who: ContactId) -> Result<Contact, AppError> {
    let known = contact::get(tx, actor.workspace, who).await?;
    known
        .filter(|contact| contact.account_id == head.account_id)
        .ok_or_else(|| AppError::Invalid(vec![Problem::new("contact", "is nobody of this customer")]))
}
