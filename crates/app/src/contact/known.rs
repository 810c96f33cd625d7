//! Who is meant by a name that stands in a package: the contact who has it, or had it before somebody corrected it.

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, ContactId, WorkspaceId};
use gangway_store::Tx;
use gangway_store::contact::{self, Contact, name_key};
use gangway_store::person::email_key;

use crate::error::AppError;

/// The contacts of an account with every name that leads to them.
#[derive(Debug)]
pub(crate) struct Known {
    contacts: Vec<Contact>,
    former: Vec<(String, ContactId)>,
}

impl Known {
    /// Those of an account.
    pub(crate) async fn of_account(
        tx: &mut Tx,
        workspace: WorkspaceId,
        account: AccountId,
    ) -> Result<Self, AppError> {
        Ok(Self {
            contacts: contact::of_account(tx, workspace, account).await?,
            former: contact::former_names(tx, workspace, account).await?,
        })
    }

    /// Those of many accounts; every account asked for is there.
    pub(crate) async fn of_accounts(
        tx: &mut Tx,
        workspace: WorkspaceId,
        accounts: &[AccountId],
    ) -> Result<BTreeMap<AccountId, Self>, AppError> {
        let mut contacts = contact::of_accounts(tx, workspace, accounts).await?;
        let mut former = contact::former_names_of(tx, workspace, accounts).await?;
        let of_one = |account: &AccountId| {
            let (contacts, former) = (contacts.remove(account), former.remove(account));
            (*account, Self { contacts: contacts.unwrap_or_default(), former: former.unwrap_or_default() })
        };
        Ok(accounts.iter().map(of_one).collect())
    }

    /// This one.
    pub(crate) fn get(&self, id: ContactId) -> Option<&Contact> {
        self.contacts.iter().find(|one| one.id == id)
    }

    /// Who is meant by a name, and by a mail address where one is known, which says more. Nobody where two could be: a
    /// name that somebody shares says nothing.
    pub(crate) fn meant(&self, name: &str, email: Option<&str>) -> Option<&Contact> {
        let by_mail = email.map(email_key).and_then(|key| {
            let has = |one: &&Contact| one.email.as_deref().is_some_and(|email| email_key(email) == key);
            only(self.contacts.iter().filter(has))
        });
        let key = name_key(name);
        let is_called = |one: &&Contact| {
            name_key(&one.name) == key || self.former.iter().any(|(had, id)| *had == key && *id == one.id)
        };
        by_mail.or_else(|| only(self.contacts.iter().filter(is_called)))
    }

    /// The contact that somebody a deal names became: told as [`contact::matching`] tells it, without asking for each.
    pub(crate) fn matching(&self, name: &str, email: Option<&str>) -> Option<&Contact> {
        let by_mail = email.map(email_key).and_then(|key| {
            let has = |one: &&Contact| one.email.as_deref().is_some_and(|email| email_key(email) == key);
            self.contacts.iter().filter(has).min_by_key(|one| one.id)
        });
        if by_mail.is_some() {
            return by_mail;
        }
        let key = name_key(name);
        let called = self.contacts.iter().find(|one| one.name_key == key).or_else(|| {
            let (_, id) = self.former.iter().rfind(|(had, _)| *had == key)?;
            self.get(*id)
        });
        // Two people of one name have two addresses.
        let is_other = |contact: &Contact| match (contact.email.as_deref(), email) {
            (Some(theirs), Some(ours)) => email_key(theirs) != email_key(ours),
            _ => false,
        };
        called.filter(|contact| !is_other(contact))
    }
}

/// The one there is; nobody when there are more.
fn only<'a>(mut found: impl Iterator<Item = &'a Contact>) -> Option<&'a Contact> {
    let first = found.next()?;
    found.next().is_none().then_some(first)
}
