//! What a use case can fail with.

use gangway_domain::onboarding::TransitionError;
use gangway_domain::package::BuildError;
use gangway_intake::IntakeError;
use gangway_store::StoreError;
use gangway_store::onboarding::list::{InvalidCursor, ListError};
use thiserror::Error;

use crate::package::PackageError;

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
    /// Somebody else moved it in the same moment.
    #[error("somebody else changed this onboarding in the same moment: look at it again, then decide")]
    Overtaken,
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

impl AppError {
    /// A stable name for programs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) => "deal_refused",
            Self::NotFound { .. } => "not_found",
            Self::Build(_) => "package_impossible",
            Self::Transition(_) => "state_refused",
            Self::Overtaken => "overtaken",
            Self::Cursor(_) => "cursor_invalid",
            Self::Render(_) => "render_failed",
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
            | Self::Overtaken
            | Self::Cursor(_) => true,
            Self::Render(_) | Self::Store(_) | Self::Crashed => false,
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
