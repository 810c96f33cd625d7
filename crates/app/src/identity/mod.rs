//! People: signing in, teams, invitations, passwords, sessions, API tokens.
//!
//! A company's identity provider can say who somebody is ([`Ways`]); what they may do is said here.
//!
//! Secrets (cookies, links, tokens) are random, shown once, and kept as SHA-256 only, so that a
//! copy of the database opens nothing. Passwords are kept as Argon2id.

mod attempts;
mod invitation;
mod password;
mod provider;
mod rescue;
mod reset;
mod secret;
mod session;
mod setup;
mod team;
mod token;

pub(crate) use session::begin;

pub use attempts::Attempts;
pub use invitation::{Invited, Joining, accept, accept_as, invite, invited, withdraw};
pub use provider::{
    Answer, Arrived, CALLBACK, Departure, InvalidSettings, Newcomers, Provider, ProviderError, Refusal,
    Settings as ProviderSettings, VALID as PROVIDER_VALID, Ways, arrive, callback, depart,
};
pub use rescue::{Rescued, Unlinked, promote, rescue, unlink};
pub use reset::{request_reset, reset};
pub use secret::{Secret, SecretSource, SystemSecrets};
pub use session::{
    OwnSession, Session, SignedIn, authenticate, authenticate_for_page, end_other_sessions, end_session,
    move_to, own_sessions, places, sign_in, sign_out,
};
pub use setup::{Setup, is_fresh, set_up};
pub use team::{
    Team, change_name, change_name_seen, change_password, change_role, invitations, leave, me, member,
    own_version, remove, team,
};
pub use token::{NewToken, authenticate_token, create_token, revoke_token, tokens};

use gangway_domain::refusal::{Fault, Told};
use gangway_domain::upload;

use crate::error::{AppError, Problem};

/// Longest name of a person or thing, in characters.
const LONGEST_NAME: usize = 120;

/// A name a person or thing can have.
pub(crate) fn checked_name(field: &'static str, text: &str, problems: &mut Vec<Problem>) -> String {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        problems.push(Problem::of(field, Fault::Missing));
    } else if name.chars().count() > LONGEST_NAME {
        problems.push(Problem::of(field, Told::from(Fault::TooLong).with("n", LONGEST_NAME)));
    } else if name.chars().any(upload::hides) {
        problems.push(Problem::of(field, Fault::Unseen));
    }
    name
}

/// A mail address that can be written to: one `@`, something on both sides, no spaces. Whether a
/// mailbox is behind it only a mail can find out.
pub(crate) fn checked_email(field: &'static str, text: &str, problems: &mut Vec<Problem>) -> String {
    let email = text.trim().to_owned();
    let well_formed = email.len() <= 254
        && email.split_once('@').is_some_and(|(local, host)| {
            !local.is_empty()
                && !host.contains('@')
                && host.split('.').all(|label| !label.is_empty())
                && !email.chars().any(|c| c.is_whitespace() || c.is_control() || "<>(),;:\"\\".contains(c))
        });
    if email.is_empty() {
        problems.push(Problem::of(field, Fault::Missing));
    } else if !well_formed {
        problems.push(Problem::of(field, Fault::NoAddress));
    }
    email
}

/// Ends with every problem found, if there is one.
pub(crate) fn none_of(problems: Vec<Problem>) -> Result<(), AppError> {
    if problems.is_empty() { Ok(()) } else { Err(AppError::Invalid(problems)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_show_every_character_they_have() {
        for (name, fine) in [
            ("Amara Diallo", true),
            ("  Ægir\tÞór ", true),
            ("Amara\u{200b} Diallo", false),
            ("Amara Dia\u{ad}llo", false),
            ("\u{202e}ollaiD aramA", false),
            ("Amara\u{7}", false),
        ] {
            let mut problems = Vec::new();
            checked_name("name", name, &mut problems);
            assert_eq!(problems.is_empty(), fine, "{name:?}");
        }
    }

    #[test]
    fn mail_addresses() {
        for good in ["ines@example.com", " a.b+c@sub.example.co.uk ", "o'hara@example.com", "i@localhost"] {
            let mut problems = Vec::new();
            checked_email("email", good, &mut problems);
            assert!(problems.is_empty(), "{good}");
        }
        for bad in [
            "",
            "ines",
            "@example.com",
            "ines@",
            "a@b@c",
            "a b@c.d",
            "a@b..c",
            "x@y.z\nbcc: q@r.s",
            "<a@b.c>",
        ] {
            let mut problems = Vec::new();
            checked_email("email", bad, &mut problems);
            assert_eq!(problems.len(), 1, "{bad}");
        }
    }
}
