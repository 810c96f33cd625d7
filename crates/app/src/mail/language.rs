//! In which language people of a customer are written to: the one their portal speaks, which is that of the workspace
//! until somebody chooses another for them.

use std::collections::BTreeMap;

use gangway_domain::ids::{ContactId, OnboardingId, WorkspaceId};
use gangway_domain::portal::Language;
use gangway_store::Tx;
use gangway_store::portal::{self, setting};

use crate::error::AppError;

/// The languages of an onboarding's people.
#[derive(Debug, Clone)]
pub(crate) struct Languages {
    /// That of the workspace.
    place: Language,
    /// Those of people who have access to the portal.
    chosen: BTreeMap<ContactId, Language>,
}

impl Languages {
    /// Reads them.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn of_onboarding(
        tx: &mut Tx,
        workspace: WorkspaceId,
        onboarding: OnboardingId,
    ) -> Result<Self, AppError> {
        let place = setting::get(tx, workspace).await?.language;
        let accesses = portal::of_onboarding(tx, workspace, onboarding).await?;
        // Nobody has chosen anything for those a colleague only looked on as.
        let invited = accesses.into_iter().filter(|access| !access.made_by.is_empty());
        Ok(Self { place, chosen: invited.map(|access| (access.contact, access.language)).collect() })
    }

    /// What somebody reads; nobody in particular reads what the workspace speaks.
    pub(crate) fn of(&self, contact: Option<ContactId>) -> Language {
        contact.and_then(|contact| self.chosen.get(&contact)).copied().unwrap_or(self.place)
    }
}
