//! Judgements of days that are over, out of facts somebody tells: of a history that was not lived.

use gangway_domain::ids::OnboardingId;
use gangway_domain::rule::{Facts, Schema, Sheet};
use gangway_store::Timestamp;
use gangway_store::health::Judged;
use jiff::civil::Date;

use super::{compiled, kept};
use crate::App;
use crate::error::AppError;

/// A day on which an onboarding is judged.
pub(crate) struct Then {
    /// The onboarding.
    pub(crate) onboarding: OnboardingId,
    /// Number of the change, from 1.
    pub(crate) number: i64,
    /// When it became so.
    pub(crate) at: Timestamp,
    /// The day.
    pub(crate) on: Date,
}

/// What the models in force say of facts, as it is kept with what it rests on; none where no model is for them.
pub(crate) fn judge_then(
    app: &App,
    then: &Then,
    facts: &Facts,
    because: &str,
) -> Result<Option<Judged>, AppError> {
    let engine = compiled(app)?;
    let sheet = Sheet::new(Schema::run(), facts);
    let Some(model) = engine.models.select(&sheet) else { return Ok(None) };
    let found = model.score(&sheet, &[], None, then.on);
    let assessment = kept::assessed(&found)?;
    Ok(Some(Judged {
        onboarding: then.onboarding,
        number: then.number,
        at: then.at,
        on: then.on,
        score: found.score.map(i64::from),
        coverage: i64::from(found.coverage_percent),
        computed: found.by_score,
        status: found.status,
        assessment,
        facts: kept::write(facts, &[], None),
        model: found.model,
        model_version: i64::from(found.version),
        because: because.to_owned(),
    }))
}
