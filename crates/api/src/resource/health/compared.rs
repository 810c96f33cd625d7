//! A model over the history of the whole workspace, beside what people saw then.

use axum::Json;
use axum::extract::State;
use gangway_app::health::{self, Against, Compared, Comparison, Found, Pair};
use gangway_domain::health::backtest::ScoreTest;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::caller::Caller;
use crate::description;
use crate::input::JsonOf;
use crate::problem::Problem;

/// Onboardings that are listed at most.
const LISTED: usize = 200;

/// Days ahead that count as foretold where nobody says otherwise.
const AHEAD: u32 = 90;

/// What is judged again, and by what.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WorkspaceReplayRequest, example = json!({ "model": "onboarding", "from": "2027-01-04", "to": "2027-03-31" }))]
pub(crate) struct CompareIn {
    /// Id of a model in force; not needed with a draft.
    #[serde(default)]
    model: String,
    /// Another model as TOML; it takes the place of the one in force with its id.
    #[serde(default)]
    draft: String,
    /// The first day.
    from: Date,
    /// The last day, at most 550 days later.
    to: Date,
    /// What is to be foretold: `churn` (when left out) or `missed-go-live`.
    against: Option<String>,
    /// How many days ahead counts as foretold, 7 to 365; 90 when left out.
    #[schema(minimum = 7, maximum = 365)]
    days: Option<u32>,
}

/// What came out on one side.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkspaceReplaySide)]
pub(crate) struct SideOut {
    /// 0 to 100; null where too little is known.
    #[schema(required = true)]
    score: Option<u32>,
    /// What counts.
    status: String,
}

impl From<Found> for SideOut {
    fn from(found: Found) -> Self {
        let Found { score, status } = found;
        Self { score, status }
    }
}

/// An onboarding as it stood at the end of the time, and as the model says it stood.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkspaceReplayLine)]
pub(crate) struct PairOut {
    /// Id of the onboarding.
    onboarding: String,
    /// The customer.
    customer: String,
    /// Segment as people see it.
    segment: String,
    /// The day of the change that stood at the end.
    on: Date,
    /// As people saw it.
    then: SideOut,
    /// As the model says.
    now: SideOut,
}

impl From<Pair> for PairOut {
    fn from(pair: Pair) -> Self {
        let Pair { onboarding, customer, segment, on, then, now } = pair;
        Self { onboarding: onboarding.to_string(), customer, segment, on, then: then.into(), now: now.into() }
    }
}

/// A model over the history of a workspace.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WorkspaceReplay)]
pub(crate) struct CompareOut {
    /// The model: name and version.
    model: String,
    /// What is allowed in it and probably not wanted.
    warnings: Vec<String>,
    /// Onboardings the model is for.
    onboardings: usize,
    /// To how many of them it gives another status.
    moved: usize,
    /// Those that moved most, 200 at most.
    items: Vec<PairOut>,
    /// Changes that were judged again.
    changes: usize,
    /// Changes of which no facts are kept, so that nobody can judge them again.
    without_facts: usize,
    /// There were more changes than are judged again at once.
    cut: bool,
    /// Onboardings that were watched for what happened.
    watched: usize,
    /// What scores foretold as people saw them.
    #[schema(schema_with = description::score_test)]
    then: ScoreTest,
    /// What those of the model would have foretold.
    #[schema(schema_with = description::score_test)]
    now: ScoreTest,
}

impl From<Compared> for CompareOut {
    fn from(found: Compared) -> Self {
        Self {
            model: found.model,
            warnings: found.warnings,
            onboardings: found.pairs.len(),
            moved: found.pairs.iter().filter(|pair| pair.is_other_band()).count(),
            items: found.pairs.into_iter().take(LISTED).map(PairOut::from).collect(),
            changes: found.changes,
            without_facts: found.without_facts,
            cut: found.is_cut,
            watched: found.watched,
            then: found.then,
            now: found.now,
        }
    }
}

/// Judge the history of the workspace by a model
///
/// Every change of health between two days by a model in force or a draft, beside what people saw then, and what either
/// would have foretold. Nothing is kept.
#[utoipa::path(post, path = "/health/replays", operation_id = "replay_workspace_health", tag = "Health",
    request_body(content = CompareIn),
    responses((status = 200, description = "What the model says beside what was.", body = CompareOut)))]
pub(crate) async fn compare(
    State(api): State<Api>,
    caller: Caller,
    JsonOf(sent): JsonOf<CompareIn>,
) -> Result<Json<CompareOut>, Problem> {
    let CompareIn { model, draft, from, to, against, days } = sent;
    let against = match against.as_deref() {
        None => Against::default(),
        Some(word) => {
            Against::read(word).ok_or_else(|| Problem::field("against", "must be churn or missed-go-live"))?
        }
    };
    let horizon_days = days.unwrap_or(AHEAD);
    if !(7..=365).contains(&horizon_days) {
        return Err(Problem::field("days", "must lie between 7 and 365"));
    }
    let asked = Comparison { model, draft, from, to, against, horizon_days };
    Ok(Json(Box::pin(health::compare(&api.app, &caller.actor, &asked)).await?.into()))
}
