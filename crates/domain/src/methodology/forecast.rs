//! What forecasts assume.

use serde::{Deserialize, Serialize};

use crate::plan::forecast::SlipPrior;

/// `forecast.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForecastRules {
    /// How tasks are taken to slip while a workspace has no history of its own.
    pub prior: SlipPrior,
}
