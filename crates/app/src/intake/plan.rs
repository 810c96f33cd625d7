//! From a reviewed handoff to its onboarding: what can be decided, and what comes of it before
//! anything is made.

use gangway_domain::deal::{Blackout, DealFormat, GoLiveTarget};
use gangway_domain::ids::HandoffId;
use gangway_domain::package::Package;
use gangway_domain::permission::Action;
use gangway_domain::segment::SegmentOverride;
use gangway_store::review::State;
use serde_json::json;

use super::field::Field;
use super::value;
use super::{Loaded, load, read_context};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::onboarding::{self, GenerateOptions, Generated};
use crate::{Actor, App, calculate};

/// What a person decides, as typed. Empty means: as recommended, or as the deal says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Another segment (id) than the recommended one; touch model and programme go with it.
    pub segment: String,
    /// Why another segment.
    pub reason: String,
    /// Day of the kickoff.
    pub kickoff: String,
    /// Wanted go-live: a date, or a time from kickoff.
    pub go_live: String,
    /// Country whose holidays the vendor keeps.
    pub vendor_country: String,
    /// Country whose holidays the customer keeps.
    pub country: String,
    /// Closures beside those of the deal, one a line.
    pub closures: String,
}

/// Reads what was typed. What cannot be read is told, and the rest is still used, so that a page
/// can show what comes of it.
///
/// # Errors
/// When a calculation crashes.
#[boxed]
pub async fn options(app: &App, choices: &Choices) -> Result<(GenerateOptions, Vec<Problem>), AppError> {
    let context = read_context(app);
    let choices = choices.clone();
    let segments: Vec<String> =
        app.methodology.segments.segments.iter().map(|segment| segment.id.clone()).collect();
    calculate(move || {
        let mut problems = Vec::new();
        let mut one = |name: &'static str, field: &str, typed: &str| -> Option<serde_json::Value> {
            let field = Field::named(field).filter(|_| !typed.trim().is_empty())?;
            let typed = vec![("value".to_owned(), typed.to_owned())];
            match value::read(field, &typed, &context) {
                Ok(value) => Some(value),
                Err(found) => {
                    problems.extend(found.into_iter().map(|problem| Problem::new(name, problem.message)));
                    None
                }
            }
        };
        let kickoff_on = one("kickoff", "kickoff_on", &choices.kickoff);
        let go_live = one("go_live", "go_live", &choices.go_live);
        let vendor_country = one("vendor_country", "country", &choices.vendor_country);
        let country = one("country", "country", &choices.country);
        let text =
            |value: Option<serde_json::Value>| value.and_then(|value| value.as_str().map(str::to_owned));
        let mut options = GenerateOptions {
            kickoff_on: kickoff_on.and_then(|value| serde_json::from_value(value).ok()),
            segment: None,
            go_live: go_live.and_then(|value| serde_json::from_value::<GoLiveTarget>(value).ok()),
            vendor_country: text(vendor_country),
            country: text(country),
            closures: Vec::new(),
        };
        match closures(&choices.closures, &context) {
            Ok(closures) => options.closures = closures,
            Err(message) => problems.push(Problem::new("closures", message)),
        }
        let segment = choices.segment.trim();
        if !segment.is_empty() {
            if !segments.iter().any(|known| known == segment) {
                problems.push(Problem::new("segment", "is none of this workspace"));
            } else if choices.reason.trim().is_empty() {
                problems.push(Problem::new("reason", "is missing: say why this deal needs another segment"));
            } else {
                let reason = choices.reason.trim().chars().take(500).collect();
                options.segment = Some(SegmentOverride { segment: segment.to_owned(), reason });
            }
        }
        (options, problems)
    })
    .await
}

/// Reads closures, one a line: `2 Aug 2027 – 20 Aug 2027 shutdown`.
fn closures(typed: &str, context: &gangway_intake::ReadContext) -> Result<Vec<Blackout>, String> {
    let mut closures = Vec::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()).take(50) {
        let file = json!({ "blackouts": [line] }).to_string();
        let reading = gangway_intake::read(file.as_bytes(), Some(DealFormat::Json), context);
        let found = reading.map(|reading| reading.deal.blackouts).unwrap_or_default();
        if found.is_empty() {
            let line: String = line.chars().take(60).collect();
            return Err(format!(
                "hold a line that is no period: “{line}”. Write it like 2 Aug 2027 – 20 Aug 2027 shutdown"
            ));
        }
        closures.extend(found.into_iter().map(|fact| fact.value));
    }
    Ok(closures)
}

/// What would be made of a handoff with these options: nothing is stored.
///
/// # Errors
/// [`AppError::Build`] when nothing can be made; [`AppError::NotFound`] without such a handoff; or
/// when the database fails.
#[boxed]
pub async fn outlook(
    app: &App,
    actor: &Actor,
    id: HandoffId,
    options: GenerateOptions,
) -> Result<Package, AppError> {
    actor.require(Action::Look)?;
    onboarding::preview(app, actor, id, options).await
}

/// Generates the onboarding of a handoff that somebody has confirmed.
///
/// # Errors
/// [`AppError::Invalid`] when nobody has confirmed it; otherwise as [`onboarding::generate`].
#[boxed]
pub async fn generate(
    app: &App,
    actor: &Actor,
    id: HandoffId,
    options: GenerateOptions,
) -> Result<Generated, AppError> {
    actor.require(Action::PlanOnboarding)?;
    let mut tx = app.db.read().await?;
    let Loaded { review, .. } = load(&mut tx, actor, id).await?;
    drop(tx);
    if review.state == State::Review {
        let message = "is not confirmed yet: look at what was read, correct it, and confirm it first";
        return Err(AppError::Invalid(vec![Problem::new("handoff", message)]));
    }
    onboarding::generate(app, actor, id, options).await
}
