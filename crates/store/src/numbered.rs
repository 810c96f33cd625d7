//! What is numbered within its onboarding, from 1: the second escalation is `E-2`.

use gangway_domain::ids::{OnboardingId, WorkspaceId};

use crate::db::Tx;
use crate::error::StoreError;
use crate::statement::sql;
use crate::value::args;

/// The highest number in use in a table.
macro_rules! highest {
    ($table:literal) => {
        concat!(
            "SELECT CAST(COALESCE(MAX(number), 0) AS BIGINT) FROM ",
            $table,
            " WHERE workspace_id = $1 AND onboarding_id = $2"
        )
    };
}

sql! {
    "numbered";
    CHANGE_REQUEST = highest!("change_request");
    ESCALATION = highest!("escalation");
    INTERVENTION = highest!("intervention");
    SIGNAL = highest!("signal");
}

/// What has numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbered {
    /// Change requests.
    ChangeRequest,
    /// Escalations.
    Escalation,
    /// Interventions.
    Intervention,
    /// Signals.
    Signal,
}

impl Numbered {
    /// Asks for the highest number in use.
    const fn highest(self) -> &'static str {
        match self {
            Self::ChangeRequest => CHANGE_REQUEST,
            Self::Escalation => ESCALATION,
            Self::Intervention => INTERVENTION,
            Self::Signal => SIGNAL,
        }
    }
}

/// The number of the next one of an onboarding.
///
/// # Errors
/// When the database fails.
pub async fn next(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
    what: Numbered,
) -> Result<i64, StoreError> {
    Ok(tx.single_number(what.highest(), args![workspace, onboarding]).await? + 1)
}
