//! What training holds: questions, exercises and steps, as they were when an onboarding was made.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::methodology::TrainingTrack;
use gangway_store::Tx;

use super::Track;
use crate::error::AppError;
use crate::{App, programme};

/// What the tracks of one onboarding hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents(BTreeMap<String, TrainingTrack>);

impl Contents {
    /// Those of an onboarding.
    ///
    /// # Errors
    /// When the database fails, or holds what this version of Gangway cannot read.
    pub(super) async fn of(
        app: &App,
        tx: &mut Tx,
        workspace: WorkspaceId,
        id: OnboardingId,
    ) -> Result<Self, AppError> {
        Ok(Self(programme::training_of(app, tx, workspace, id).await?))
    }

    /// The questions, exercises and steps of a track; nothing for one the methodology never had.
    #[must_use]
    pub fn of_track(&self, track: &Track) -> Option<&TrainingTrack> {
        self.0.get(&track.code)
    }
}
