//! A contact kept in step with another system, which knows it by an id of its own.

use gangway_domain::ids::AccountId;
use gangway_domain::permission::Action;
use gangway_store::Tx;
use gangway_store::account::merge::contact_by_external_id;
use gangway_store::contact::{self, Contact};

use super::{Changes, blank, find, id_taken, keep, with};
use crate::account::book;
use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App};

/// Keeps the contact another system knows by this id as that system says: found by the id, or by mail address or name
/// among those of the account whom no other system knows, or new. What `changes` leaves out is emptied. Says whether
/// they are new.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] without such an account, [`AppError::Invalid`] also when the contact
/// is known at another account, [`AppError::Stale`] when somebody else was faster; or when the database fails.
#[boxed]
pub async fn put(
    app: &App,
    actor: &Actor,
    external_id: &str,
    account: AccountId,
    changes: Changes,
) -> Result<(Contact, bool), AppError> {
    actor.require(Action::EditAccounts)?;
    let external_id = external_id.trim();
    if external_id.is_empty() {
        return Err(AppError::Invalid(vec![Problem::new("external_id", "is missing")]));
    }
    let mut tx = app.db.write().await?;
    let account = book::find(&mut tx, actor, account).await?.account;
    let wanted = whole(changes, external_id);
    let known = match contact::by_external_id(&mut tx, actor.workspace, external_id).await? {
        Some(known) => Some(known),
        None => {
            if let Some(kept) = contact_by_external_id(&mut tx, actor.workspace, external_id).await? {
                // The other system still has two of who is one here: the one that was kept goes by their own id.
                return Ok((find(&mut tx, actor, kept).await?, false));
            }
            adopted(&mut tx, actor, account.id, &wanted).await?
        }
    };
    if let Some(known) = known {
        if known.account_id != account.id {
            let problem = "is not where they are known to work: merge the two contacts instead";
            return Err(AppError::Invalid(vec![Problem::new("account", problem)]));
        }
        let wanted = with(known.clone(), wanted)?;
        return Ok((keep(app, actor, tx, known, wanted).await?, false));
    }
    let made = with(blank(app, account.id, account.name.clone()), wanted)?;
    contact::insert(&mut tx, actor.workspace, &made).await.map_err(id_taken)?;
    let about = About { account: Some(account.id), onboarding: None };
    let summary = format!("Added the contact {} of {}", made.name, account.name);
    activity::record(app, &mut tx, actor, "contact.added", about, summary).await?;
    tx.commit().await?;
    Ok((made, true))
}

/// The same with nothing left out.
fn whole(changes: Changes, external_id: &str) -> Changes {
    let Changes { name, title, email, phone, notes, external_id: _ } = changes;
    Changes {
        name: Some(name.unwrap_or_default()),
        title: Some(title.flatten()),
        email: Some(email.flatten()),
        phone: Some(phone.flatten()),
        notes: Some(notes.flatten()),
        external_id: Some(Some(external_id.to_owned())),
    }
}

/// Who a deal or a person brought in and no other system knows yet.
async fn adopted(
    tx: &mut Tx,
    actor: &Actor,
    account: AccountId,
    wanted: &Changes,
) -> Result<Option<Contact>, AppError> {
    let name = wanted.name.as_deref().unwrap_or_default();
    let email = wanted.email.as_ref().and_then(Option::as_deref);
    let found = contact::matching(tx, actor.workspace, account, name, email).await?;
    Ok(found.filter(|known| known.external_id.is_none()))
}
