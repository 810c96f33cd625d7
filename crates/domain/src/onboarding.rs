//! The states of an onboarding. Who moved it and when are rows of the activity log, not flags here.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Where an onboarding stands as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum OnboardingState {
    /// Generated from a deal; preparation before kickoff.
    Planned,
    /// Kicked off, not finished.
    Running,
    /// Everything the definition of complete names is reached.
    Completed,
    /// Closed by a person before that, with a reason.
    Closed {
        /// Why.
        reason: String,
    },
}

/// A transition that the state does not allow.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("an onboarding that is {from} cannot be {to}")]
pub struct TransitionError {
    /// State it is in.
    pub from: String,
    /// What was asked for.
    pub to: &'static str,
}

impl OnboardingState {
    /// It is completed or closed: nothing of it changes any more.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Completed | Self::Closed { .. })
    }

    /// The kickoff was held.
    ///
    /// # Errors
    /// When it is not merely planned.
    pub fn kick_off(self) -> Result<Self, TransitionError> {
        match self {
            Self::Planned => Ok(Self::Running),
            other => Err(other.refuse("kicked off")),
        }
    }

    /// That the kickoff was held is taken back.
    ///
    /// # Errors
    /// When it is not running.
    pub fn plan_again(self) -> Result<Self, TransitionError> {
        match self {
            Self::Running => Ok(Self::Planned),
            other => Err(other.refuse("planned again")),
        }
    }

    /// Everything the definition of complete names is reached.
    ///
    /// # Errors
    /// When it is not running.
    pub fn complete(self) -> Result<Self, TransitionError> {
        match self {
            Self::Running => Ok(Self::Completed),
            other => Err(other.refuse("completed")),
        }
    }

    /// Closed before it was complete.
    ///
    /// # Errors
    /// When it is over already.
    pub fn close(self, reason: String) -> Result<Self, TransitionError> {
        match self {
            Self::Planned | Self::Running => Ok(Self::Closed { reason }),
            other => Err(other.refuse("closed")),
        }
    }

    fn refuse(&self, to: &'static str) -> TransitionError {
        TransitionError { from: self.to_string(), to }
    }
}

impl fmt::Display for OnboardingState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Planned => "planned",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Closed { .. } => "closed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_kickoff_is_taken_back() {
        let running = OnboardingState::Planned.kick_off().unwrap();
        assert_eq!(running.plan_again(), Ok(OnboardingState::Planned));
        let error = OnboardingState::Completed.plan_again().unwrap_err();
        assert_eq!(error.to_string(), "an onboarding that is completed cannot be planned again");
    }

    #[test]
    fn moves_forward_only() {
        let running = OnboardingState::Planned.kick_off().unwrap();
        let error = running.clone().kick_off().unwrap_err();
        assert_eq!(error.to_string(), "an onboarding that is running cannot be kicked off");
        let done = running.complete().unwrap();
        assert!(done.close("lost".into()).is_err());
    }
}
