//! Taking over a won deal.

pub mod page;

use gangway_domain::deal::{Deal, DealFormat, Reading};
use gangway_domain::ids::{AccountId, HandoffId, PersonId};
use gangway_domain::permission::Action;
use gangway_intake::ReadContext;
use gangway_store::account::{self, Account};
use gangway_store::handoff::{self, Handoff};
use gangway_store::{StoreError, Tx, crm_connection, membership, review};
use sha2::{Digest, Sha256};

use crate::activity::{self, About};
use crate::boxed;
use crate::crm_hook::Crm;
use crate::error::AppError;
use crate::intake::quality;
use crate::plan::workspace_currency;
use crate::{Actor, App, calculate};

/// A deal that was taken over.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// The handoff.
    pub handoff: HandoffId,
    /// The customer.
    pub account: AccountId,
    /// What was read.
    pub reading: Reading,
    /// False when exactly this text was handed over before; then nothing was written.
    pub new: bool,
}

/// Reads a won deal and keeps it: handoff, account (found by its name, or new), activity, outbox,
/// in one transaction. The same text twice is one handoff.
///
/// # Errors
/// [`AppError::Refused`] when the text cannot be read as a deal; or when the database fails.
#[boxed]
pub async fn accept(
    app: &App,
    actor: &Actor,
    text: Vec<u8>,
    format: Option<DealFormat>,
) -> Result<Accepted, AppError> {
    actor.require(Action::HandOver)?;
    let digest = digest(&text);
    accept_as(app, actor, text, format, &digest).await
}

/// Keeps a deal a CRM was asked for. It is known by its number there, not by its words, so that two who ask at the same
/// moment make one handoff of it, even when it was changed in between.
#[boxed]
pub(crate) async fn accept_picked(
    app: &App,
    actor: &Actor,
    crm: Crm,
    id: &str,
    text: Vec<u8>,
) -> Result<Accepted, AppError> {
    actor.require(Action::HandOver)?;
    let digest = digest(format!("{} deal {id}", crm.word()).as_bytes());
    accept_as(app, actor, text, Some(crm.format()), &digest).await
}

async fn accept_as(
    app: &App,
    actor: &Actor,
    text: Vec<u8>,
    format: Option<DealFormat>,
    digest: &str,
) -> Result<Accepted, AppError> {
    if let Some(known) = by_digest(app, actor, digest).await? {
        return Ok(known);
    }
    // What the spans of facts point into; a reading that fails says why.
    let source = gangway_intake::decoded(&text).ok();
    let reading = read(app, text, format).await?;
    match insert(app, actor, digest, source, &reading).await {
        // Someone handed the same over at the same moment and was faster.
        Err(AppError::Store(StoreError::Conflict(table))) => {
            by_digest(app, actor, digest).await?.ok_or(AppError::Store(StoreError::Conflict(table)))
        }
        Err(error) => Err(error),
        Ok((handoff, account)) => Ok(Accepted { handoff, account, reading, new: true }),
    }
}

/// Keeps one deal of a message that held several: the same facts twice are one handoff.
pub(crate) async fn accept_reading(app: &App, actor: &Actor, reading: Reading) -> Result<Accepted, AppError> {
    actor.require(Action::HandOver)?;
    let facts = serde_json::to_string(&reading.deal).unwrap_or_default();
    let digest = digest(facts.as_bytes());
    if let Some(known) = by_digest(app, actor, &digest).await? {
        return Ok(known);
    }
    let (handoff, account) = insert(app, actor, &digest, None, &reading).await?;
    Ok(Accepted { handoff, account, reading, new: true })
}

async fn by_digest(app: &App, actor: &Actor, digest: &str) -> Result<Option<Accepted>, AppError> {
    let mut tx = app.db.read().await?;
    let known = handoff::by_digest(&mut tx, actor.workspace, digest).await?;
    Ok(known.map(|Handoff { id, account_id, reading, .. }| Accepted {
        handoff: id,
        account: account_id,
        reading,
        new: false,
    }))
}

/// Reading up to 10 MB is calculation: not on the threads that answer requests.
pub(crate) async fn read(app: &App, text: Vec<u8>, format: Option<DealFormat>) -> Result<Reading, AppError> {
    let context = ReadContext {
        today: app.today(),
        default_currency: workspace_currency(&app.methodology),
        date_order: None,
    };
    Ok(calculate(move || gangway_intake::read(&text, format, &context)).await??)
}

async fn insert(
    app: &App,
    actor: &Actor,
    digest: &str,
    source: Option<String>,
    reading: &Reading,
) -> Result<(HandoffId, AccountId), AppError> {
    let mut tx = app.db.write().await?;
    let (account_id, name) = match_account(app, actor, &mut tx, digest, reading).await?;
    let row = Handoff {
        id: HandoffId::fresh(&*app.ids),
        account_id,
        digest: digest.to_owned(),
        format: format_name(reading.format),
        source,
        reading: reading.clone(),
        segment: None,
        document_score: None,
        accepted_at: app.now(),
    };
    handoff::insert(&mut tx, actor.workspace, &row).await?;
    // However a CRM's deal came, it is not picked there once more.
    if let (Some(crm), Some(id)) = (Crm::of(reading.format), &reading.deal.external_id) {
        crm_connection::pick(&mut tx, actor.workspace, crm.word(), &id.value, row.id).await?;
    }
    let score = quality(&reading.deal, &app.methodology).document_score;
    let by = (actor.name.as_str(), seller(&mut tx, actor, &reading.deal).await?);
    review::sign(&mut tx, actor.workspace, row.id, by, &actor.door.to_string(), score).await?;
    let about = About { account: Some(account_id), onboarding: None };
    activity::record(
        app,
        &mut tx,
        actor,
        "handoff.accepted",
        about,
        format!("Handed over the deal with {name}"),
    )
    .await?;
    tx.commit().await?;
    Ok((row.id, account_id))
}

/// Whose deal it is: of whoever hands it over. What a CRM or a script brings is of the account executive it names,
/// else of whoever the script speaks for, when exactly one member is meant.
async fn seller(tx: &mut Tx, actor: &Actor, deal: &Deal) -> Result<Option<PersonId>, AppError> {
    if actor.person.is_some() {
        return Ok(actor.person);
    }
    let executive = deal.team.iter().map(|fact| &fact.value).find(|member| member.role == "ae");
    let address = executive.and_then(|executive| executive.email.as_ref()).map(|email| email.to_lowercase());
    let name = executive.map_or(actor.name.as_str(), |executive| executive.name.as_str());
    let members = membership::of_workspace(tx, actor.workspace).await?;
    let meant = members.iter().filter(|member| match &address {
        Some(address) => member.email.to_lowercase() == *address,
        None => member.name == name,
    });
    let meant: Vec<PersonId> = meant.map(|member| member.person).collect();
    Ok(if let [one] = meant.as_slice() { Some(*one) } else { None })
}

pub(crate) async fn match_account(
    app: &App,
    actor: &Actor,
    tx: &mut Tx,
    digest: &str,
    reading: &Reading,
) -> Result<(AccountId, String), AppError> {
    let deal = &reading.deal;
    let named = deal.customer.as_ref().map(|fact| fact.value.clone());
    // Deals that name no customer must not meet in one account.
    let name_key = named.as_deref().map_or_else(|| format!("unnamed {digest}"), crate::account::name_key);
    let name = named.unwrap_or_else(|| "Unnamed customer".to_owned());
    let row = Account {
        id: AccountId::fresh(&*app.ids),
        name: name.clone(),
        name_key,
        industry: deal.industry.as_ref().map(|fact| fact.value.clone()),
        country: deal.country.as_ref().map(|fact| land(&fact.value).to_owned()),
        website: deal.website.as_ref().map(|fact| fact.value.clone()),
        created_at: app.now(),
    };
    let (id, _) = account::insert_or_match(tx, actor.workspace, &row).await?;
    Ok((id, name))
}

/// The country of a code: the region of `DE-BY` chooses the holidays of a plan, an account stands in a country.
fn land(code: &str) -> &str {
    code.split('-').next().unwrap_or(code)
}

/// SHA-256 in hex.
fn digest(text: &[u8]) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn format_name(format: DealFormat) -> String {
    match format {
        DealFormat::Summary => "summary",
        DealFormat::KeyValue => "key-value",
        DealFormat::Markdown => "markdown",
        DealFormat::Json => "json",
        DealFormat::Toml => "toml",
        DealFormat::Yaml => "yaml",
        DealFormat::Hubspot => "hubspot",
        DealFormat::Salesforce => "salesforce",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::digest;

    /// FIPS 180-2, appendix B.1.
    #[test]
    fn the_digest_is_sha_256_in_hex() {
        assert_eq!(digest(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
