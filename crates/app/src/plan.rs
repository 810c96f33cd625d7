//! From a deal as it comes in to its package, without a database: what `gangway plan` does, and
//! the core of what every other door does before it stores anything.

use gangway_domain::deal::DealFormat;
use gangway_domain::methodology::Methodology;
use gangway_domain::money::Currency;
use gangway_domain::package::{self, BuildError, BuildOptions, Package};
use gangway_intake::{IntakeError, ReadContext};
use thiserror::Error;

/// Why no package could be made.
#[derive(Debug, Error)]
pub enum PlanError {
    /// The deal could not be read.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The methodology could not be applied.
    #[error(transparent)]
    Build(#[from] BuildError),
}

/// Reads a deal and makes its package.
///
/// # Errors
/// When the input is no deal at all, or the methodology cannot be applied. Missing facts are no
/// errors: they become questions in the package.
pub fn plan(
    methodology: &Methodology,
    input: &[u8],
    format: Option<DealFormat>,
    options: &BuildOptions,
) -> Result<Package, PlanError> {
    let context = ReadContext {
        today: options.as_of,
        default_currency: workspace_currency(methodology),
        date_order: None,
    };
    let reading = gangway_intake::read(input, format, &context)?;
    Ok(package::build(methodology, reading, options)?)
}

/// The currency amounts are taken to be in when a deal names none.
#[must_use]
pub fn workspace_currency(methodology: &Methodology) -> Currency {
    methodology.segments.currency.parse().unwrap_or_else(|_| Currency::usd())
}
