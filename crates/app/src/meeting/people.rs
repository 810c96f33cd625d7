//! Who comes to a meeting: names and addresses become people of the workspace or of the customer where they are
//! known.

use std::sync::Arc;

use gangway_domain::ids::AccountId;
use gangway_domain::meeting::{Attendance, Invitee};
use gangway_domain::programme::Side;
use gangway_store::Tx;
use gangway_store::contact::{self, Contact, name_key};
use gangway_store::membership::{self, Member};

use super::MOST_PEOPLE;
use crate::Actor;
use crate::error::{AppError, Problem};
use crate::identity::{checked_email, checked_name};

/// Somebody who is to come.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Guest {
    /// Name, or role; may be empty when there is an address of somebody who is known.
    pub name: String,
    /// Mail address.
    pub email: Option<String>,
    /// Whose side they are on, when nothing else says it; the customer's when left out.
    pub side: Option<Side>,
}

impl Guest {
    /// Reads `Name <address>`, an address, or a name.
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        let line = line.trim();
        if line.is_empty() {
            return None;
        }
        let (name, email) = match line.split_once('<') {
            Some((name, rest)) => (name.trim(), Some(rest.trim_end_matches('>').trim())),
            None if line.contains('@') => ("", Some(line)),
            None => (line, None),
        };
        Some(Self { name: name.to_owned(), email: email.map(str::to_owned), side: None })
    }
}

/// Everybody who may be meant.
pub(super) struct Known {
    members: Arc<[Member]>,
    contacts: Vec<Contact>,
}

impl Known {
    /// Of the workspace and of a customer.
    pub(super) async fn of(tx: &mut Tx, actor: &Actor, account: AccountId) -> Result<Self, AppError> {
        let members = membership::of_workspace(tx, actor.workspace).await?;
        Ok(Self::among(members.into(), contact::of_account(tx, actor.workspace, account).await?))
    }

    /// These members of the workspace and contacts of a customer.
    pub(super) fn among(members: Arc<[Member]>, contacts: Vec<Contact>) -> Self {
        Self { members, contacts }
    }

    /// Whoever is meant: by address, else by name. A name in brackets behind a role counts too:
    /// `Project lead (Ana Ruiz)`.
    pub(super) fn find(&self, guest: &Guest) -> Invitee {
        let email = guest.email.as_deref().map(|email| email.trim().to_lowercase());
        let inside = guest.name.rsplit_once('(').map(|(_, rest)| rest.trim_end_matches(')'));
        let names: Vec<String> =
            [Some(guest.name.as_str()), inside].into_iter().flatten().map(name_key).collect();
        let same = |name: &str, address: Option<&str>| match (&email, address) {
            (Some(wanted), Some(address)) => address.trim().to_lowercase() == *wanted,
            (Some(_), None) | (None, _) => names.contains(&name_key(name)),
        };
        let contact = self.contacts.iter().find(|one| same(&one.name, one.email.as_deref()));
        if let Some(contact) = contact {
            return Invitee {
                name: contact.name.clone(),
                email: guest.email.clone().or_else(|| contact.email.clone()),
                person: None,
                contact: Some(contact.id),
                side: Side::Customer,
                attendance: Attendance::Invited,
            };
        }
        if let Some(member) = self.members.iter().find(|one| same(&one.name, Some(&one.email))) {
            return Invitee {
                name: member.name.clone(),
                email: Some(member.email.clone()),
                person: Some(member.person),
                contact: None,
                side: Side::Vendor,
                attendance: Attendance::Invited,
            };
        }
        Invitee {
            name: if guest.name.is_empty() {
                guest.email.clone().unwrap_or_default()
            } else {
                guest.name.clone()
            },
            email: guest.email.clone(),
            person: None,
            contact: None,
            side: guest.side.unwrap_or(Side::Customer),
            attendance: Attendance::Invited,
        }
    }
}

/// The guests as people, once each; of those who were invited before, it stays known whether they came.
pub(super) async fn resolve(
    tx: &mut Tx,
    actor: &Actor,
    account: AccountId,
    guests: Vec<Guest>,
    before: &[Invitee],
    problems: &mut Vec<Problem>,
) -> Result<Vec<Invitee>, AppError> {
    if guests.len() > MOST_PEOPLE {
        problems.push(Problem::new("people", format!("must be {MOST_PEOPLE} at most")));
        return Ok(Vec::new());
    }
    let known = Known::of(tx, actor, account).await?;
    let mut people: Vec<Invitee> = Vec::with_capacity(guests.len());
    for guest in guests {
        let email = guest.email.map(|email| checked_email("people", &email, problems));
        let mut person = known.find(&Guest { email, ..guest });
        person.name = checked_name("people", &person.name, problems);
        let was = before.iter().find(|one| one.name == person.name);
        person.attendance = was.map_or(Attendance::Invited, |was| was.attendance);
        if !people.iter().any(|one| one.name == person.name) {
            people.push(person);
        }
    }
    Ok(people)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_names_addresses_or_both() {
        let read = |line: &str| Guest::read(line).map(|guest| (guest.name, guest.email));
        let both = ("Dana Whitfield".to_owned(), Some("dana@acme.example".to_owned()));
        assert_eq!(read(" Dana Whitfield <dana@acme.example> "), Some(both));
        assert_eq!(read("dana@acme.example"), Some((String::new(), Some("dana@acme.example".to_owned()))));
        assert_eq!(read("IT lead"), Some(("IT lead".to_owned(), None)));
        assert_eq!(read("  "), None);
    }
}
