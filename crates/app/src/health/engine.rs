//! The models and signals of the methodology, compiled once.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use gangway_domain::health::Models;
use gangway_domain::rule::Schema;
use gangway_domain::signal::{Review, Watch};

use crate::App;
use crate::error::AppError;

/// The checklist of the weekly review.
pub(crate) const REVIEW: &str = "weekly-signal-review";

/// Keeps what was compiled of the methodology in use.
#[derive(Default)]
pub struct Engine(Mutex<Option<Arc<Compiled>>>);

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine").finish_non_exhaustive()
    }
}

/// What judging needs.
pub(crate) struct Compiled {
    /// The digest of the methodology it was made of.
    digest: String,
    /// Models of health.
    pub(crate) models: Models,
    /// Kinds of signals with their conditions.
    pub(crate) watch: Watch,
    /// The weekly review.
    pub(crate) review: Option<Review>,
}

/// The compiled methodology of an app.
///
/// # Errors
/// [`AppError::Crashed`] when it cannot be compiled: it was checked when it was loaded, so that is the installation's
/// fault, and the log says more.
pub(crate) fn compiled(app: &App) -> Result<Arc<Compiled>, AppError> {
    let mut place = app.health.0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = place.as_ref().filter(|known| known.digest == app.methodology.digest) {
        return Ok(known.clone());
    }
    let made = Arc::new(compile(app)?);
    *place = Some(made.clone());
    Ok(made)
}

fn compile(app: &App) -> Result<Compiled, AppError> {
    let (methodology, schema) = (&app.methodology, Schema::run());
    let models = Models::compile(&methodology.health, schema).map_err(|errors| {
        tracing::error!(?errors, "a model of health cannot be compiled");
        AppError::Crashed
    })?;
    let watch = Watch::compile(&methodology.signals, schema).map_err(|errors| {
        tracing::error!(?errors, "a signal cannot be compiled");
        AppError::Crashed
    })?;
    let review = methodology.checklists.get(REVIEW).map(|checklist| Review::compile(checklist, schema));
    let review = review.transpose().map_err(|errors| {
        tracing::error!(?errors, "the weekly review cannot be compiled");
        AppError::Crashed
    })?;
    Ok(Compiled { digest: methodology.digest.clone(), models, watch, review })
}
