//! Letting in whoever is asked for something that is only done in the portal.

use gangway_domain::portal::{PortalRole, Resource, Right, may};
use gangway_store::Tx;
use gangway_store::contact::Contact;
use gangway_store::onboarding::head::Head;
use gangway_store::portal;

use super::access::{admit, derived};
use crate::error::{AppError, Problem};
use crate::{Actor, App, register};

/// Invites a contact whom nobody has invited yet, in the transaction of what they are asked for: with the role their part
/// in the onboarding makes of them, or the least one that does what they are asked for. Whoever has come in stays who
/// they are.
///
/// # Errors
/// [`AppError::Invalid`] when they were shut out, may not do it, or have no mail address, [`AppError::Barred`] when they
/// would have to be invited and the onboarding is over; or when the database fails.
pub(crate) async fn let_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    contact: &Contact,
    what: Resource,
) -> Result<(), AppError> {
    let known = portal::of_contact(tx, actor.workspace, head.id, contact.id).await?;
    if let Some(access) = known.filter(|known| !known.made_by.is_empty() || known.revoked_at.is_some()) {
        return match refused(access.role, access.revoked_at.is_some(), what) {
            Some(problem) => Err(AppError::Invalid(vec![Problem::new("contact", problem)])),
            None => Ok(()),
        };
    }
    register::not_over(head)?;
    let own = derived(tx, actor, head.id, contact.id).await?;
    let role = if may(own, what, Right::Do) { own } else { PortalRole::Member };
    admit(app, tx, actor, head, contact, Some(role), None).await?;
    Ok(())
}

/// Why somebody who was invited cannot do what they are asked for, and what helps.
fn refused(role: PortalRole, shut_out: bool, what: Resource) -> Option<String> {
    if shut_out {
        return Some("has no access to the portal any more: invite them there again first".to_owned());
    }
    let may = may(role, what, Right::Do);
    (!may).then(|| {
        let role = role.label().to_lowercase();
        format!("cannot do this in the portal as {role}: give them another role there first")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_cannot_answer_is_not_asked_and_it_says_what_helps() {
        assert_eq!(refused(PortalRole::Member, false, Resource::Form), None);
        let onlooker = refused(PortalRole::Onlooker, false, Resource::Form).unwrap();
        assert!(onlooker.contains("another role"), "{onlooker}");
        let out = refused(PortalRole::Lead, true, Resource::Form).unwrap();
        assert!(out.contains("invite them there again"), "{out}");
    }
}
