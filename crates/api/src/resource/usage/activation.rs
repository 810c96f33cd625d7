//! Activation: clocks against targets, features, users, and the pace.

use axum::Json;
use axum::extract::State;
use gangway_app::usage::scorecard::{self, CountedTarget, Line};
use gangway_domain::usage::{Clock, FeatureState, Scorecard, ValueMilestone};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::caller::{Caller, Here};
use crate::page::Page;
use crate::problem::Problem;

/// The activation scorecard of an onboarding.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActivationScorecard)]
pub(crate) struct ScorecardOut {
    /// The product type whose targets hold.
    product_type: String,
    /// From when clocks count: when the account was made.
    start: jiff::Timestamp,
    /// `stuck`, `behind`, `on-track`, `unknown` or `done`.
    #[schema(example = "on-track")]
    pace: &'static str,
    /// Why, in a sentence.
    because: String,
    /// First login, set-up, first value and full value.
    clocks: Vec<ClockOut>,
    /// Value milestones of the plan.
    values: Vec<ValueOut>,
    /// Features that count.
    features: Vec<FeatureStateOut>,
    /// Core features used.
    core_used: u32,
    /// Core features there are.
    core_total: u32,
    /// Users ever seen.
    users_seen: i64,
    /// Users expected.
    #[schema(required = true)]
    users_expected: Option<i64>,
    /// Users seen of those expected, in percent.
    #[schema(required = true)]
    activated_percent: Option<i64>,
}

/// A clock of the scorecard.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActivationClock, example = json!({
    "kind": "first-login", "target_hours": 48, "due": "2027-01-06T09:00:00Z", "reached_at": "2027-01-05T10:00:00Z",
    "leg_hours": 25, "total_hours": 25, "state": "reached"
}))]
pub(crate) struct ClockOut {
    /// `first-login`, `setup`, `first-value` or `full-value`.
    kind: &'static str,
    /// Hours it may take.
    target_hours: u32,
    /// By when.
    due: jiff::Timestamp,
    /// When it was reached.
    #[schema(required = true)]
    reached_at: Option<jiff::Timestamp>,
    /// Hours since the clock before.
    #[schema(required = true)]
    leg_hours: Option<i64>,
    /// Hours since the start.
    #[schema(required = true)]
    total_hours: Option<i64>,
    /// `reached`, `late`, `waiting` or `missed`.
    state: &'static str,
}

/// A value milestone of the plan, as events show it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActivationValue, example = json!({ "code": "first-report", "name": "First report", "reached_at": null }))]
pub(crate) struct ValueOut {
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// When its rules held first.
    #[schema(required = true)]
    reached_at: Option<jiff::Timestamp>,
}

/// Whether a feature is used.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActivationFeature, example = json!({
    "code": "reports", "name": "Reports", "core": true, "advanced": false, "used": true
}))]
pub(crate) struct FeatureStateOut {
    /// Id in words.
    code: String,
    /// Name people see.
    name: String,
    /// It counts for adoption.
    core: bool,
    /// Its use shows more than the beginning.
    advanced: bool,
    /// It was ever used.
    used: bool,
}

/// An activation target, and how far it is reached.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActivationTarget, example = json!({
    "id": "core-team", "name": "Core team active", "metric": "active users", "target": 5, "unit": "users",
    "by": "2027-02-03", "counted_by": "usage.active_users", "value": 3, "state": "waiting"
}))]
pub(crate) struct TargetOut {
    /// Its id in the programme.
    id: String,
    /// What must be seen.
    name: String,
    /// What is counted.
    metric: String,
    /// How much of it.
    target: u32,
    /// In which unit: `users`, `%`.
    unit: String,
    /// By the end of which day.
    by: Date,
    /// The rule (CEL) that counts it; null where nothing does.
    #[schema(required = true)]
    counted_by: Option<String>,
    /// What it counts now; null where that is not known.
    #[schema(required = true)]
    value: Option<i64>,
    /// `met`, `waiting`, `missed` or `unknown`.
    state: &'static str,
}

/// An onboarding with its scorecard.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActivationLine)]
pub(crate) struct LineOut {
    /// Id of the onboarding.
    onboarding: String,
    /// Id of its account.
    account: String,
    /// The customer.
    customer: String,
    /// Its segment.
    segment: String,
    /// How its activation goes.
    scorecard: ScorecardOut,
}

impl From<Scorecard> for ScorecardOut {
    fn from(card: Scorecard) -> Self {
        Self {
            product_type: card.product_type,
            start: card.start,
            pace: card.pace.word(),
            because: card.because,
            clocks: card.clocks.into_iter().map(ClockOut::from).collect(),
            values: card.values.into_iter().map(ValueOut::from).collect(),
            features: card.features.into_iter().map(FeatureStateOut::from).collect(),
            core_used: card.core_used,
            core_total: card.core_total,
            users_seen: card.users_seen,
            users_expected: card.users_expected,
            activated_percent: card.activated_percent,
        }
    }
}

impl From<Clock> for ClockOut {
    fn from(clock: Clock) -> Self {
        let Clock { kind, target_hours, due, reached_at, leg_hours, total_hours, state } = clock;
        let (kind, state) = (kind.word(), state.word());
        Self { kind, target_hours, due, reached_at, leg_hours, total_hours, state }
    }
}

impl From<ValueMilestone> for ValueOut {
    fn from(value: ValueMilestone) -> Self {
        Self { code: value.code, name: value.name, reached_at: value.reached_at }
    }
}

impl From<FeatureState> for FeatureStateOut {
    fn from(one: FeatureState) -> Self {
        let FeatureState { code, name, core, advanced, used } = one;
        Self { code, name, core, advanced, used }
    }
}

impl From<CountedTarget> for TargetOut {
    fn from(target: CountedTarget) -> Self {
        let CountedTarget { line, counted_by, value, state } = target;
        Self {
            id: line.id,
            name: line.name,
            metric: line.metric,
            target: line.target,
            unit: line.unit,
            by: line.by,
            counted_by,
            value,
            state: state.word(),
        }
    }
}

impl From<Line> for LineOut {
    fn from(line: Line) -> Self {
        Self {
            onboarding: line.onboarding.to_string(),
            account: line.account.to_string(),
            customer: line.customer,
            segment: line.segment,
            scorecard: line.card.into(),
        }
    }
}

/// Get the activation of an onboarding
#[utoipa::path(get, path = "/onboardings/{id}/activation", operation_id = "get_activation", tag = "Usage",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "Its scorecard.", body = ScorecardOut)))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Result<Json<ScorecardOut>, Problem> {
    let card = scorecard::of_onboarding(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(card.into()))
}

/// List the activation targets of an onboarding
///
/// What must be seen in the product by when, in order of days, on one page, with what is counted of it now.
#[utoipa::path(get, path = "/onboardings/{id}/activation-targets", operation_id = "list_activation_targets", tag = "Usage",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The targets.", body = Page<TargetOut>)))]
pub(crate) async fn targets(Here(api, caller, names): Here) -> Result<Json<Page<TargetOut>>, Problem> {
    let targets = scorecard::targets(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(Page::whole(targets.into_iter().map(TargetOut::from))))
}

/// List the activation of running onboardings
///
/// Those that are stuck first, on one page.
#[utoipa::path(get, path = "/activation", operation_id = "list_activation", tag = "Usage",
    responses((status = 200, description = "The onboardings.", body = Page<LineOut>)))]
pub(crate) async fn list(State(api): State<Api>, caller: Caller) -> Result<Json<Page<LineOut>>, Problem> {
    let lines = scorecard::all(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(lines.into_iter().map(LineOut::from))))
}
