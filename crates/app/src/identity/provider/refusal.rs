//! Why somebody did not get in through the identity provider, in words for them.

use thiserror::Error;

/// Why somebody did not get in through the identity provider. What only admins understand is in the log.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refusal {
    /// There is no provider.
    #[error("no identity provider is set up here; sign in with your mail address and password")]
    NoProvider,
    /// Passwords are switched off.
    #[error("signing in with a password is switched off here; continue with {0}")]
    PasswordsOff(String),
    /// The provider cannot be reached, or answers nonsense.
    #[error(
        "{0} cannot be asked at this moment. Try again in a minute; an admin finds the reason in Gangway's log"
    )]
    Unavailable(String),
    /// The answer belongs to no way that was begun in this browser, or to one that was used.
    #[error(
        "this way in has been used, is older than ten minutes, or was begun in another browser. Begin again"
    )]
    Ended,
    /// The provider did not want to.
    #[error("{provider} did not sign you in{why}")]
    Declined {
        /// Its name.
        provider: String,
        /// What it said, as the end of the sentence; may be empty.
        why: &'static str,
    },
    /// What the provider answered does not prove who somebody is.
    #[error(
        "what {0} answered does not prove who you are. Begin again; if it stays so, tell an admin: the reason is in Gangway's log"
    )]
    Untrusted(String),
    /// The provider has not made sure that the mail address is theirs.
    #[error("{0} has not verified your mail address. Verify it there, then begin again")]
    Unverified(String),
    /// Nobody here has that mail address.
    #[error("nobody here has the mail address {0}. Ask an admin of your workspace to invite you")]
    Unknown(String),
    /// The invitation is for somebody else.
    #[error(
        "the invitation is for {invited}, but {provider} knows you as {email}. Sign in there as {invited}, or ask for an invitation to {email}"
    )]
    OtherAddress {
        /// Whom the invitation is for.
        invited: String,
        /// Who came.
        email: String,
        /// Name of the provider.
        provider: String,
    },
    /// Somebody else at the provider is linked to the account with that address.
    #[error(
        "the account with the address {0} here belongs to somebody else at the identity provider. Ask an admin"
    )]
    Taken(String),
}

impl Refusal {
    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoProvider => "no_provider",
            Self::PasswordsOff(_) => "passwords_off",
            Self::Unavailable(_) => "provider_unavailable",
            Self::Ended => "way_ended",
            Self::Declined { .. } => "provider_declined",
            Self::Untrusted(_) => "provider_untrusted",
            Self::Unverified(_) => "address_unverified",
            Self::Unknown(_) => "person_unknown",
            Self::OtherAddress { .. } => "other_address",
            Self::Taken(_) => "address_taken",
        }
    }
}
