//! Deals picked from a CRM: the connection to it, what was won there, and one of them handed over.

pub(crate) mod announced;
mod change;
mod hubspot;
mod salesforce;

use gangway_domain::ids::HandoffId;
use gangway_domain::money::{Currency, Money};
use gangway_domain::permission::Action;
use gangway_store::crm_connection::{self, CrmConnection};
use gangway_store::{Timestamp, job};
use jiff::civil::Date;
use reqwest::Url;

use crate::activity;
use crate::boxed;
use crate::crm_hook::Crm;
use crate::error::{AppError, Problem};
use crate::handoff::{self, Accepted};
use crate::identity::none_of;
use crate::outbound::OutboundError;
use crate::plan::workspace_currency;
use crate::{Actor, App};

pub use announced::Fetcher;
pub use change::{change, needed, settings};

/// Deals shown at once.
const SHOWN: usize = 30;

/// Longest search, in characters.
const SEARCH: usize = 100;

/// What is missing when a CRM has no such deal, or has not won it.
const DEAL: &str = "won deal";

/// A CRM that can be asked for won deals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// Which.
    pub crm: Crm,
    /// Where it is asked.
    pub address: String,
    /// Who made the connection.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why a deal the CRM announced could not be fetched, the newest that still is not.
    pub problem: Option<String>,
}

/// What a CRM lets Gangway in with.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// Where it is asked: the instance of Salesforce; HubSpot has one address for all.
    pub address: String,
    /// Salesforce: id of the connected app. Not used by HubSpot.
    pub client: String,
    /// HubSpot: access token of a private app. Salesforce: secret of the connected app.
    pub secret: String,
}

/// A deal as a CRM lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WonDeal {
    /// What the CRM calls it.
    pub id: String,
    /// Its name there.
    pub name: String,
    /// The customer, where the list says so.
    pub customer: String,
    /// What it is worth.
    pub amount: Option<Money>,
    /// When it was won.
    pub closed_on: Option<Date>,
    /// The handoff it became already.
    pub handoff: Option<HandoffId>,
}

/// A CRM, opened.
enum Desk<'a> {
    Hubspot(hubspot::Desk<'a>),
    Salesforce(salesforce::Desk<'a>),
}

impl<'a> Desk<'a> {
    async fn open(app: &'a App, crm: Crm, access: &Access) -> Result<Self, OutboundError> {
        Ok(match crm {
            Crm::Hubspot => Self::Hubspot(hubspot::Desk::new(&app.outbound, access)),
            Crm::Salesforce => Self::Salesforce(salesforce::Desk::open(&app.outbound, access).await?),
        })
    }

    /// The latest won deals. Amounts without a currency are in `usual`: a CRM with one currency does not name it.
    async fn won(&self, search: &str, most: usize, usual: Currency) -> Result<Vec<WonDeal>, OutboundError> {
        match self {
            Self::Hubspot(desk) => desk.won(search, most, usual).await,
            Self::Salesforce(desk) => desk.won(search, most, usual).await,
        }
    }

    async fn deal(&self, id: &str) -> Result<Option<serde_json::Value>, OutboundError> {
        match self {
            Self::Hubspot(desk) => desk.deal(id).await,
            Self::Salesforce(desk) => desk.deal(id).await,
        }
    }
}

/// Connects the workspace with a CRM, after trying it. An earlier connection to the same CRM is replaced, and deals that
/// were announced and could not be fetched are fetched now.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::Elsewhere`] when the CRM does not let Gangway in; or
/// when the database fails.
#[boxed]
pub async fn connect(app: &App, actor: &Actor, crm: Crm, access: Access) -> Result<Connection, AppError> {
    actor.require(Action::ManageIntegrations)?;
    let access = checked(crm, access)?;
    let tried =
        async { Desk::open(app, crm, &access).await?.won("", 1, workspace_currency(&app.methodology)).await };
    tried.await.map_err(|error| elsewhere(crm, &error))?;
    let Access { address, client, secret } = access;
    let place = place(actor, crm);
    let row = CrmConnection {
        crm: crm.word().to_owned(),
        address,
        client,
        secret: app.vault.seal(&*app.secrets, &place, secret.as_bytes())?,
        made_by: actor.own_name().to_owned(),
        made_at: app.now(),
    };
    let mut tx = app.db.write().await?;
    crm_connection::put(&mut tx, actor.workspace, &row).await?;
    if crm == Crm::Hubspot {
        job::revive_all(&mut tx, actor.workspace, announced::JOB, app.now()).await?;
    }
    let summary = format!("Connected {}, so that its won deals can be picked", crm.label());
    activity::audit(app, &mut tx, actor, "access.crm_connected", summary).await?;
    tx.commit().await?;
    shown(row)
}

/// Forgets the connection to a CRM.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is none; or when the database fails.
#[boxed]
pub async fn disconnect(app: &App, actor: &Actor, crm: Crm) -> Result<(), AppError> {
    actor.require(Action::ManageIntegrations)?;
    let mut tx = app.db.write().await?;
    if !crm_connection::delete(&mut tx, actor.workspace, crm.word()).await? {
        return Err(AppError::missing("connection", crm.word()));
    }
    let summary = format!("Took the connection to {} away", crm.label());
    activity::audit(app, &mut tx, actor, "access.crm_disconnected", summary).await?;
    tx.commit().await?;
    Ok(())
}

/// The CRMs the workspace is connected to.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn connections(app: &App, actor: &Actor) -> Result<Vec<Connection>, AppError> {
    actor.require(Action::HandOver)?;
    let mut tx = app.db.read().await?;
    let rows = crm_connection::of_workspace(&mut tx, actor.workspace).await?;
    let mut connections = rows.into_iter().map(shown).collect::<Result<Vec<_>, _>>()?;
    if let Some(hubspot) = connections.iter_mut().find(|connection| connection.crm == Crm::Hubspot) {
        hubspot.problem = job::problem(&mut tx, actor.workspace, announced::JOB).await?;
    }
    Ok(connections)
}

/// The deals won in a CRM, the latest first, with the words in their names when some are given.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] without a connection, [`AppError::Elsewhere`] when the CRM does not
/// answer; or when the database fails.
#[boxed]
pub async fn won(app: &App, actor: &Actor, crm: Crm, search: &str) -> Result<Vec<WonDeal>, AppError> {
    actor.require(Action::HandOver)?;
    let search: String = search.split_whitespace().collect::<Vec<_>>().join(" ");
    let search: String = search.chars().filter(|c| !c.is_control()).take(SEARCH).collect();
    let mut tx = app.db.read().await?;
    let access = access(app, &mut tx, actor, crm).await?;
    let picked = crm_connection::picked(&mut tx, actor.workspace, crm.word()).await?;
    drop(tx);
    let asked = async {
        Desk::open(app, crm, &access).await?.won(&search, SHOWN, workspace_currency(&app.methodology)).await
    };
    let mut deals = asked.await.map_err(|error| elsewhere(crm, &error))?;
    // Whatever it was asked, a list stays a list that can be shown.
    deals.truncate(SHOWN);
    for deal in &mut deals {
        deal.handoff = picked.iter().find(|(id, _)| *id == deal.id).map(|(_, handoff)| *handoff);
    }
    Ok(deals)
}

/// Hands a deal of a CRM over, with its company, people and products. One that was picked before is found, however
/// it has changed in the CRM since.
///
/// # Errors
/// As [`won`]; [`AppError::NotFound`] when the CRM has no such deal, [`AppError::Refused`] when it cannot be read.
#[boxed]
pub async fn pick(app: &App, actor: &Actor, crm: Crm, id: &str) -> Result<(HandoffId, bool), AppError> {
    actor.require(Action::HandOver)?;
    let missing = || AppError::missing(DEAL, id.chars().take(60).collect::<String>());
    if !is_id(id) {
        return Err(missing());
    }
    let mut tx = app.db.read().await?;
    if let Some(known) = crm_connection::handoff_of(&mut tx, actor.workspace, crm.word(), id).await? {
        return Ok((known, false));
    }
    let access = access(app, &mut tx, actor, crm).await?;
    drop(tx);
    let asked = async { Desk::open(app, crm, &access).await?.deal(id).await };
    let deal = asked.await.map_err(|error| elsewhere(crm, &error))?.ok_or_else(missing)?;
    let text = serde_json::to_vec_pretty(&deal).map_err(|_| AppError::Crashed)?;
    let Accepted { handoff, new, .. } = handoff::accept_picked(app, actor, crm, id, text).await?;
    let mut tx = app.db.write().await?;
    crm_connection::pick(&mut tx, actor.workspace, crm.word(), id, handoff).await?;
    tx.commit().await?;
    Ok((handoff, new))
}

/// Ids of both are letters and digits: nothing else is put into a question to the CRM.
fn is_id(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

async fn access(app: &App, tx: &mut gangway_store::Tx, actor: &Actor, crm: Crm) -> Result<Access, AppError> {
    let row = crm_connection::get(tx, actor.workspace, crm.word()).await?;
    let CrmConnection { address, client, secret, .. } =
        row.ok_or_else(|| AppError::missing("connection", crm.word()))?;
    let opened =
        app.vault.open(&place(actor, crm), &secret).and_then(|secret| String::from_utf8(secret).ok());
    let secret = opened.ok_or_else(|| AppError::Elsewhere {
        who: crm.label(),
        why: "its secret was sealed with the key of another installation: connect it again".to_owned(),
    })?;
    Ok(Access { address, client, secret })
}

/// What a secret is sealed for: it opens nowhere else.
fn place(actor: &Actor, crm: Crm) -> String {
    format!("{} of {}", crm.word(), actor.workspace)
}

fn shown(row: CrmConnection) -> Result<Connection, AppError> {
    let CrmConnection { crm, address, made_by, made_at, .. } = row;
    Ok(Connection { crm: crm.parse()?, address, by: made_by, at: made_at, problem: None })
}

/// An access that can be tried.
fn checked(crm: Crm, access: Access) -> Result<Access, AppError> {
    let mut problems = Vec::new();
    let secret = access.secret.trim();
    if !(8..=400).contains(&secret.len()) || !secret.chars().all(|c| c.is_ascii_graphic()) {
        let problem = match crm {
            Crm::Hubspot => {
                "is too short or has a space in it: copy it once more from your private app, it begins with pat-"
            }
            Crm::Salesforce => "is too short or has a space in it: copy it once more from your connected app",
        };
        problems.push(Problem::new("secret", problem));
    }
    let client = access.client.trim();
    if crm == Crm::Salesforce
        && (!(8..=400).contains(&client.len()) || !client.chars().all(|c| c.is_ascii_graphic()))
    {
        problems.push(Problem::new(
            "client",
            "is too short or has a space in it: copy it once more from your connected app",
        ));
    }
    let address = match (crm, access.address.trim()) {
        (Crm::Hubspot, "") => Some(hubspot::ADDRESS.to_owned()),
        (_, text) => origin(text),
    };
    if address.is_none() {
        let example = match crm {
            Crm::Hubspot => hubspot::ADDRESS,
            Crm::Salesforce => "https://yourcompany.my.salesforce.com",
        };
        problems.push(Problem::new("address", format!("must be an address such as {example}")));
    }
    none_of(problems)?;
    Ok(Access {
        address: address.unwrap_or_default(),
        client: if crm == Crm::Salesforce { client.to_owned() } else { String::new() },
        secret: secret.to_owned(),
    })
}

/// Scheme, host and port of an address that is encrypted, or leads to this machine.
fn origin(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
    let safe = url.scheme() == "https" || (url.scheme() == "http" && here);
    let plain = url.username().is_empty() && url.password().is_none() && matches!(url.path(), "" | "/");
    (safe && plain && url.query().is_none()).then(|| url.origin().ascii_serialization())
}

fn elsewhere(crm: Crm, error: &OutboundError) -> AppError {
    let why = match error {
        OutboundError::Refused(401 | 403, _) => {
            "it does not let Gangway in: the token or app may have ended, or lack the right to read deals"
                .to_owned()
        }
        OutboundError::Refused(429, _) => "it is asked too often: wait a minute and try again".to_owned(),
        // Some answer with what they were sent, secrets included: that is for the log of nobody.
        OutboundError::Refused(status, _) => format!("it answered {status}; try again later, or look there"),
        other => other.to_string(),
    };
    AppError::Elsewhere { who: crm.label(), why }
}

/// An amount in the words of a CRM: `95000`, `95000.50`.
fn amount(text: &str, currency: &str, usual: Currency) -> Option<Money> {
    let currency = if currency.is_empty() { usual } else { currency.parse().ok()? };
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() {
        return None;
    }
    let decimals = usize::try_from(currency.decimals()).ok()?;
    let part: String = part.chars().chain(std::iter::repeat('0')).take(decimals).collect();
    let minor: i64 = format!("{whole}{part}").parse().ok()?;
    Some(Money { minor, currency })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_of_crms_are_decimals() {
        let shown = |text, currency| amount(text, currency, Currency::usd()).map(|money| money.to_string());
        assert_eq!(shown("95000", "USD").as_deref(), Some("$95,000"));
        assert_eq!(shown("18500.5", "EUR").as_deref(), Some("€18,500.50"));
        assert_eq!(shown("18500.509", "EUR").as_deref(), Some("€18,500.50"));
        assert_eq!(shown("2000000", "JPY").as_deref(), Some("¥2,000,000"));
        assert_eq!(shown("95000", "").as_deref(), Some("$95,000"), "a CRM with one currency");
        assert_eq!((shown("", "EUR"), shown("many", "EUR"), shown("1", "???")), (None, None, None));
    }

    #[test]
    fn a_crm_is_asked_encrypted_and_at_its_root() {
        assert_eq!(
            origin("https://acme.my.salesforce.com/").as_deref(),
            Some("https://acme.my.salesforce.com")
        );
        assert_eq!(origin("http://127.0.0.1:8000").as_deref(), Some("http://127.0.0.1:8000"));
        for wrong in ["", "acme", "http://acme.example", "https://a:b@acme.example", "https://acme.example/x"]
        {
            assert_eq!(origin(wrong), None, "{wrong}");
        }
    }
}
