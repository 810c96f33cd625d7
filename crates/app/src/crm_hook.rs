//! Won deals that a CRM announces by itself.

use std::str::FromStr;

use gangway_domain::deal::DealFormat;
use gangway_domain::ids::HookId;
use gangway_domain::permission::Action;
use gangway_intake::{IntakeError, ReadContext};
use gangway_store::crm_hook::{self, CrmHook};
use gangway_store::{StoreError, crm_connection};

use crate::activity::{self, About};
use crate::boxed;
use crate::crm::announced::fetch_later;
use crate::error::{AppError, Problem};
use crate::handoff::{self, Accepted};
use crate::identity::{Secret, none_of};
use crate::plan::workspace_currency;
use crate::{Actor, App, Door, calculate};

/// A CRM that can announce deals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crm {
    /// Signs its messages with the secret of an app.
    Hubspot,
    /// Signs nothing: the address itself is the secret.
    Salesforce,
}

impl Crm {
    /// The word in addresses and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Hubspot => "hubspot",
            Self::Salesforce => "salesforce",
        }
    }

    /// The name people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Hubspot => "HubSpot",
            Self::Salesforce => "Salesforce",
        }
    }

    /// The CRM whose deals have this form.
    pub(crate) fn of(format: DealFormat) -> Option<Self> {
        [Self::Hubspot, Self::Salesforce].into_iter().find(|crm| crm.format() == format)
    }

    pub(crate) fn format(self) -> DealFormat {
        match self {
            Self::Hubspot => DealFormat::Hubspot,
            Self::Salesforce => DealFormat::Salesforce,
        }
    }
}

impl FromStr for Crm {
    type Err = AppError;

    fn from_str(word: &str) -> Result<Self, AppError> {
        let known = [Self::Hubspot, Self::Salesforce].into_iter().find(|crm| crm.word() == word);
        known.ok_or_else(|| AppError::Invalid(vec![Problem::new("crm", "must be hubspot or salesforce")]))
    }
}

/// An address for a CRM.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// Its id.
    pub id: HookId,
    /// Whose it is.
    pub crm: Crm,
    /// When it was made.
    pub created_at: gangway_store::Timestamp,
    /// When a message last came.
    pub used_at: Option<gangway_store::Timestamp>,
}

/// Makes an address for a CRM, and what to enter there: for Salesforce the secret at its end, shown
/// once. HubSpot needs the secret of the app that signs.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn make(
    app: &App,
    actor: &Actor,
    crm: Crm,
    signing_secret: Option<&str>,
) -> Result<(Hook, Option<Secret>), AppError> {
    actor.require(Action::ManageIntegrations)?;
    let id = HookId::fresh(&*app.ids);
    let (kept, shown) = match crm {
        Crm::Hubspot => {
            let secret = checked_secret(signing_secret)?;
            (app.vault.seal(&*app.secrets, &id.to_string(), secret.as_bytes())?, None)
        }
        Crm::Salesforce => {
            if signing_secret.is_some() {
                let problem = Problem::new("signing_secret", "is not used by Salesforce: leave it out");
                return Err(AppError::Invalid(vec![problem]));
            }
            let secret = Secret::fresh(&*app.secrets);
            (secret.digest(), Some(secret))
        }
    };
    let row = CrmHook {
        workspace: actor.workspace,
        id,
        crm: crm.word().to_owned(),
        secret: kept,
        created_at: app.now(),
        used_at: None,
    };
    let mut tx = app.db.write().await?;
    crm_hook::insert(&mut tx, &row).await?;
    let summary = format!("Let {} announce won deals", crm.label());
    activity::audit(app, &mut tx, actor, "access.crm_hook_made", summary).await?;
    tx.commit().await?;
    Ok((Hook { id: row.id, crm, created_at: row.created_at, used_at: None }, shown))
}

fn checked_secret(secret: Option<&str>) -> Result<String, AppError> {
    let secret = secret.unwrap_or_default().trim();
    let mut problems = Vec::new();
    if !(16..=200).contains(&secret.len()) || !secret.chars().all(|c| c.is_ascii_graphic()) {
        problems.push(Problem::new(
            "signing_secret",
            "must be the client secret of your HubSpot app: 16 to 200 letters, digits and signs",
        ));
    }
    none_of(problems)?;
    Ok(secret.to_owned())
}

/// The addresses of the actor's workspace, oldest first.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Hook>, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.read().await?;
    let rows = crm_hook::of_workspace(&mut tx, actor.workspace).await?;
    rows.into_iter().map(|row| hook(&row)).collect()
}

fn hook(row: &CrmHook) -> Result<Hook, AppError> {
    Ok(Hook { id: row.id, crm: row.crm.parse()?, created_at: row.created_at, used_at: row.used_at })
}

/// Ends an address at once.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn end(app: &App, actor: &Actor, id: HookId) -> Result<(), AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.write().await?;
    if !crm_hook::delete(&mut tx, actor.workspace, id).await? {
        return Err(AppError::missing("CRM address", id));
    }
    activity::audit(app, &mut tx, actor, "access.crm_hook_ended", "Ended the address of a CRM".to_owned())
        .await?;
    tx.commit().await?;
    Ok(())
}

/// An address a message came to, not yet known to be genuine.
#[derive(Clone)]
pub struct Addressed {
    row: CrmHook,
    crm: Crm,
    secret: String,
}

impl Addressed {
    /// What the CRM proves itself with: the signing secret of HubSpot, the digest of the secret in
    /// the address of Salesforce. To be compared, never shown.
    #[must_use]
    pub fn secret(&self) -> &str {
        &self.secret
    }
}

/// The address of this id, when it is this CRM's.
///
/// # Errors
/// When its secret was sealed with the key of another installation, or the database fails.
#[boxed]
pub async fn addressed(app: &App, crm: Crm, id: HookId) -> Result<Option<Addressed>, AppError> {
    let mut tx = app.db.read().await?;
    let row = crm_hook::by_id(&mut tx, id).await?;
    let Some(row) = row.filter(|row| row.crm == crm.word()) else { return Ok(None) };
    let secret = match crm {
        Crm::Hubspot => {
            let opened = app.vault.open(&row.id.to_string(), &row.secret);
            opened.and_then(|secret| String::from_utf8(secret).ok()).ok_or_else(sealed_elsewhere)?
        }
        // Its digest: nothing that could be used if it were stolen.
        Crm::Salesforce => row.secret.clone(),
    };
    Ok(Some(Addressed { row, crm, secret }))
}

fn sealed_elsewhere() -> AppError {
    let reason = "it was sealed with the key of another installation".to_owned();
    StoreError::Corrupt { what: "secret of a CRM's address", reason }.into()
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Received {
    /// Its deals were handed over.
    Deals(Vec<Accepted>),
    /// It names deals without their content; these are fetched with the connection to the CRM.
    Fetching(Vec<String>),
    /// It names deals without their content, and nobody can be asked for it; says what to change in the CRM.
    OnlyNames(String),
}

/// Takes over the deals of a message that proved genuine.
///
/// # Errors
/// [`AppError::Refused`] when it holds none; or when the database fails.
#[boxed]
pub async fn receive(app: &App, at: Addressed, message: Vec<u8>) -> Result<Received, AppError> {
    let Addressed { row, crm, secret: _ } = at;
    let actor = Actor::system(crm.label(), row.workspace, Door::Webhook);
    let mut tx = app.db.write().await?;
    crm_hook::used(&mut tx, row.workspace, row.id, app.now()).await?;
    tx.commit().await?;
    let context = ReadContext {
        today: app.today(),
        default_currency: workspace_currency(&app.methodology),
        date_order: None,
    };
    let format = crm.format();
    let text = message.clone();
    match calculate(move || gangway_intake::read_all(&text, Some(format), &context)).await? {
        Ok(readings) if readings.len() == 1 => {
            Ok(Received::Deals(vec![handoff::accept(app, &actor, message, Some(format)).await?]))
        }
        Ok(readings) => {
            let mut accepted = Vec::with_capacity(readings.len());
            for reading in readings {
                accepted.push(handoff::accept_reading(app, &actor, reading).await?);
            }
            Ok(Received::Deals(accepted))
        }
        Err(IntakeError::OnlyReference { message: advice, .. }) => {
            announce(app, &actor, crm, &message, advice).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Has deals fetched of which a message tells nothing but that something happened to them; where the CRM cannot be asked,
/// people are told.
async fn announce(
    app: &App,
    actor: &Actor,
    crm: Crm,
    message: &[u8],
    advice: String,
) -> Result<Received, AppError> {
    let mut tx = app.db.write().await?;
    let can_ask =
        crm == Crm::Hubspot && crm_connection::get(&mut tx, actor.workspace, crm.word()).await?.is_some();
    let received = if can_ask {
        Received::Fetching(fetch_later(app, &mut tx, actor.workspace, message).await?)
    } else {
        let summary = format!("{} announced a deal without its content", crm.label());
        activity::record(app, &mut tx, actor, "handoff.announced", About::default(), summary).await?;
        Received::OnlyNames(advice)
    };
    tx.commit().await?;
    Ok(received)
}
