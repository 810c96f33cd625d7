//! What a use case can fail with.

use gangway_domain::onboarding::TransitionError;
use gangway_domain::package::BuildError;
use gangway_domain::permission::{Action, Role};
use gangway_domain::refusal::{Barrier, Told};
use gangway_intake::IntakeError;
use gangway_store::StoreError;
use gangway_store::onboarding::list::{InvalidCursor, ListError};
use std::fmt;
use std::time::Duration;

use thiserror::Error;

use crate::identity::Refusal;
use crate::package::PackageError;

/// What is wrong with one field of what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Name of the field, as forms and the API call it.
    pub field: &'static str,
    /// The rest of the sentence that begins with the field: `is missing`.
    pub message: String,
    /// The same as a code, for whoever reads another language: everything a guest of a portal can cause has one.
    pub told: Option<Told>,
}

impl Problem {
    /// A problem of this field.
    #[must_use]
    pub fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into(), told: None }
    }

    /// A problem of this field that portals have words for.
    #[must_use]
    pub fn of(field: &'static str, told: impl Into<Told>) -> Self {
        let told = told.into();
        Self { field, message: told.to_string(), told: Some(told) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.message)
    }
}

/// Two people changed one fact at once: what either wants it to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// What the fact is called.
    pub what: &'static str,
    /// Who was faster.
    pub who: String,
    /// What it says now; nothing when it was removed.
    pub theirs: Option<String>,
    /// What the other one wants it to say; nothing when they want it removed.
    pub yours: Option<String>,
    /// Number of the correction that was faster: having seen it, the change can be made again.
    pub seen: i64,
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, who, theirs, yours, seen: _ } = self;
        let who = if who.is_empty() { "somebody else" } else { who };
        match theirs {
            Some(theirs) => write!(f, "{who} changed “{what}” in the meantime; it now says: {theirs}. ")?,
            None => write!(f, "{who} took “{what}” out in the meantime. ")?,
        }
        match yours {
            Some(yours) => write!(
                f,
                "You want it to say: {yours}. Nothing is lost: save again to use yours, or leave theirs"
            ),
            None => write!(f, "You want it removed. Remove it again if you still do, or leave it"),
        }
    }
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("; ")
}

/// Why a use case did not do what was asked. The text is for people; [`AppError::code`] is for programs.
#[derive(Debug, Error)]
pub enum AppError {
    /// The deal cannot be read.
    #[error(transparent)]
    Refused(#[from] IntakeError),
    /// There is no such thing in this workspace.
    #[error("there is no {what} `{id}` in this workspace")]
    NotFound {
        /// Kind of thing.
        what: &'static str,
        /// The id that was asked for.
        id: String,
    },
    /// No package can be made: the methodology or a date stands against it.
    #[error("no package can be made from this deal: {0}")]
    Build(#[from] BuildError),
    /// The state does not allow it.
    #[error(transparent)]
    Transition(#[from] TransitionError),
    /// The state of something does not allow the step, or its kind does not.
    #[error("{0}")]
    Refusal(String),
    /// The same of what guests of a portal do, too: each has words in every language of portals.
    #[error("{0}")]
    Barred(Barrier),
    /// Somebody else moved it in the same moment.
    #[error("somebody else changed this onboarding in the same moment: look at it again, then decide")]
    Overtaken,
    /// Somebody else changed the same fact since it was seen.
    #[error("{0}")]
    Overlap(Box<Overlap>),
    /// The handoff has its onboarding.
    #[error(
        "this handoff has its onboarding already: what was read cannot be corrected any more, change the onboarding"
    )]
    HandedOn,
    /// It is not what it was when it was looked at.
    #[error(
        "somebody else changed this {what} meanwhile; it is at version {version} now: look at it again, then decide"
    )]
    Stale {
        /// Kind of thing.
        what: &'static str,
        /// Its version now.
        version: i64,
    },
    /// The actor's role or token does not reach that far.
    #[error("you may not {}; an admin of the workspace can change your role", .0.words())]
    Forbidden(Action),
    /// A guest of a portal may not see or do this.
    #[error("this is not part of what you were invited to; whoever invited you can change that")]
    NotForGuest,
    /// Something sent cannot be used.
    #[error("{}", list(.0))]
    Invalid(Vec<Problem>),
    /// Mail address and password do not belong together, or nobody has the address.
    #[error("this mail address and password do not belong together")]
    WrongPassword,
    /// The identity provider does not let them in, or passwords do not.
    #[error(transparent)]
    SignIn(#[from] Refusal),
    /// The person belongs to no workspace any more.
    #[error("you belong to no workspace any more; ask an admin to invite you again")]
    NoWorkspace,
    /// A link of an invitation or a password reset that works no more.
    #[error("this link has been used or is too old; ask for a new one")]
    LinkEnded,
    /// The installation has its first admin.
    #[error("Gangway is set up already: sign in, or ask an admin to invite you")]
    AlreadySetUp,
    /// Somebody else has given them another role since it was seen.
    #[error(
        "somebody else made {name} {} meanwhile; you want {}. Choose again if you still do",
        .theirs.label().to_lowercase(), .yours.label().to_lowercase()
    )]
    RoleChanged {
        /// Whose role.
        name: String,
        /// What they are now.
        theirs: Role,
        /// What the actor wanted.
        yours: Role,
    },
    /// Nobody would be left who can manage the team.
    #[error("this is the only admin: make somebody else admin first")]
    LastAdmin,
    /// Tried too often.
    #[error("this was tried too often; wait {} and try again", wait(.retry_after))]
    TooMany {
        /// How long to wait.
        retry_after: Duration,
    },
    /// Another system does not do its part.
    #[error("{who} cannot be used now: {why}")]
    Elsewhere {
        /// Which system.
        who: &'static str,
        /// Why, and what to do.
        why: String,
    },
    /// A place in a list that does not exist.
    #[error(transparent)]
    Cursor(#[from] InvalidCursor),
    /// A file of the package cannot be rendered.
    #[error(transparent)]
    Render(#[from] PackageError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A calculation crashed; the details are in the log.
    #[error("a calculation failed unexpectedly; the log says more")]
    Crashed,
}

/// A wait in words, rounded up.
fn wait(duration: &Duration) -> String {
    match duration.as_secs().div_ceil(60) {
        0 | 1 => "a minute".to_owned(),
        minutes => format!("{minutes} minutes"),
    }
}

impl AppError {
    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) => "deal_refused",
            Self::NotFound { .. } => "not_found",
            Self::Build(_) => "package_impossible",
            Self::Transition(_) | Self::Refusal(_) | Self::Barred(_) => "state_refused",
            Self::Overtaken => "overtaken",
            Self::Overlap(_) => "edited_meanwhile",
            Self::HandedOn => "handed_on",
            Self::Stale { .. } => "stale",
            Self::Forbidden(_) | Self::NotForGuest => "forbidden",
            Self::Invalid(_) => "invalid",
            Self::WrongPassword => "wrong_password",
            Self::SignIn(refusal) => refusal.code(),
            Self::NoWorkspace => "no_workspace",
            Self::LinkEnded => "link_ended",
            Self::AlreadySetUp => "already_set_up",
            Self::RoleChanged { .. } => "role_changed",
            Self::LastAdmin => "last_admin",
            Self::TooMany { .. } => "too_many",
            Self::Elsewhere { .. } => "elsewhere",
            Self::Cursor(_) => "cursor_invalid",
            Self::Render(_) => "render_failed",
            Self::Store(StoreError::Full) => "full",
            Self::Store(_) => "store_failed",
            Self::Crashed => "internal",
        }
    }

    /// Whether the one who asked can do something about it.
    #[must_use]
    pub fn is_input(&self) -> bool {
        match self {
            Self::Refused(_)
            | Self::NotFound { .. }
            | Self::Build(_)
            | Self::Transition(_)
            | Self::Refusal(_)
            | Self::Barred(_)
            | Self::Overtaken
            | Self::Overlap(_)
            | Self::HandedOn
            | Self::Stale { .. }
            | Self::Forbidden(_)
            | Self::NotForGuest
            | Self::Invalid(_)
            | Self::WrongPassword
            | Self::SignIn(_)
            | Self::NoWorkspace
            | Self::LinkEnded
            | Self::AlreadySetUp
            | Self::RoleChanged { .. }
            | Self::LastAdmin
            | Self::TooMany { .. }
            | Self::Elsewhere { .. }
            | Self::Cursor(_) => true,
            Self::Render(_) | Self::Store(_) | Self::Crashed => false,
        }
    }

    /// A step something's state does not allow, in the words of its own error.
    pub(crate) fn refused(error: impl std::error::Error) -> Self {
        Self::Refusal(error.to_string())
    }

    /// What was to be added is there since the same moment: somebody else was faster.
    pub(crate) fn overtaken(error: StoreError) -> Self {
        match error {
            StoreError::Conflict(_) => Self::Overtaken,
            other => Self::Store(other),
        }
    }

    /// What reading only notes beside may have no room: the answer is worth more than the note.
    pub(crate) fn beside(noted: Result<(), Self>) -> Result<(), Self> {
        match noted {
            Err(Self::Store(StoreError::Full)) => {
                tracing::warn!("there is no room left on the disk for what reading notes");
                Ok(())
            }
            other => other,
        }
    }

    pub(crate) fn missing(what: &'static str, id: impl ToString) -> Self {
        Self::NotFound { what, id: id.to_string() }
    }
}

impl From<ListError> for AppError {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Cursor(error) => Self::Cursor(error),
            ListError::Store(error) => Self::Store(error),
        }
    }
}
