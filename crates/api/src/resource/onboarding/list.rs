//! The portfolio: onboardings filtered and in order.

use axum::Json;
use axum::extract::State;
use gangway_app::portfolio;
use gangway_domain::methodology::Light;
use gangway_domain::money::Money;
use gangway_store::onboarding::list::{Line, Query, SortBy};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::caller::Caller;
use crate::input::QueryOf;
use crate::page::{Order, Page, known, limit};
use crate::problem::Problem;

/// An amount of money.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Amount, example = json!({ "minor": 9_500_000, "currency": "USD" }))]
pub(crate) struct MoneyOut {
    /// In the smallest unit of the currency.
    minor: i64,
    /// ISO 4217.
    currency: String,
}

impl From<Money> for MoneyOut {
    fn from(money: Money) -> Self {
        Self { minor: money.minor, currency: money.currency.code().to_owned() }
    }
}

/// An onboarding in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OnboardingLine, example = json!({
    "id": "onb_01900000000070008000000000000001", "customer": "Acme Manufacturing", "product": "Enterprise platform",
    "use_case": "supply chain visibility", "state": "planned", "segment": "mid-market", "segment_name": "Mid-Market",
    "touch": "medium", "acv": { "minor": 9_500_000, "currency": "USD" }, "phase": "Handoff", "stage": "handoff", "owner": "Ines Okafor", "starts_on": "2027-01-04",
    "kickoff_on": "2027-01-11", "go_live_on": "2027-03-16", "go_live_target": "2027-04-01", "first_value_on": "2027-02-10",
    "p80_on": "2027-04-06", "promise_kept_percent": 71, "finish_on": "2027-05-10", "late_days": 0, "document_score": 62, "warnings": 1,
    "colour": "amber", "colour_because": "1 task is overdue", "health_score": 64, "health_before": 71, "health": "At risk",
    "health_coverage_percent": 82, "open_signals": 2, "gravest_signal": "high"
}))]
pub(crate) struct LineOut {
    /// Id.
    id: String,
    /// Customer.
    customer: String,
    /// Product(s).
    product: String,
    /// Use case in a few words.
    use_case: String,
    /// `planned`, `running`, `completed` or `closed`.
    state: String,
    /// Segment (id).
    segment: String,
    /// Segment as people see it.
    segment_name: String,
    /// Touch model: `high`, `medium`, `low`, `tech`.
    touch: String,
    /// Annual contract value, when known.
    #[schema(required = true)]
    acv: Option<MoneyOut>,
    /// Phase the plan is in today; null before its first.
    #[schema(required = true)]
    phase: Option<String>,
    /// Stage of that phase; null before its first.
    #[schema(required = true)]
    stage: Option<String>,
    /// Name of whoever runs it.
    #[schema(required = true)]
    owner: Option<String>,
    /// First day of preparation.
    starts_on: Date,
    /// Kickoff.
    kickoff_on: Date,
    /// Planned go-live.
    go_live_on: Date,
    /// Go-live the customer wants.
    #[schema(required = true)]
    go_live_target: Option<Date>,
    /// Planned first value.
    #[schema(required = true)]
    first_value_on: Option<Date>,
    /// The day by which it is live with 80 % certainty, by the latest forecast; null while there is none.
    #[schema(required = true)]
    p80_on: Option<Date>,
    /// Share of the forecast's runs that keep the promised go-live, whole per cent; null while there is none.
    #[schema(required = true)]
    promise_kept_percent: Option<i64>,
    /// Planned end.
    finish_on: Date,
    /// Calendar days by which go-live misses its target; 0 when it does not.
    late_days: i64,
    /// Handoff quality: share of the handoff checklist its documents answer, 0–100.
    document_score: i64,
    /// Number of warnings.
    warnings: i64,
    /// Whether it is on track: `green`, `amber` or `red`; null for what is over or was not looked at yet.
    #[schema(required = true)]
    colour: Option<&'static str>,
    /// The gravest reason for it; empty where nothing speaks against it.
    colour_because: String,
    /// Health score, 0 to 100; null while too little is known.
    #[schema(required = true)]
    health_score: Option<i64>,
    /// The score of 14 days ago; null where there was none.
    #[schema(required = true)]
    health_before: Option<i64>,
    /// Status of its health; null before it was judged.
    #[schema(required = true)]
    health: Option<String>,
    /// Share of the weight of its health that has data, whole per cent; null before it was judged.
    #[schema(required = true)]
    health_coverage_percent: Option<i64>,
    /// Signals that are open.
    open_signals: i64,
    /// Severity of the gravest of them: `low`, `medium`, `high` or `critical`; null where none is open.
    #[schema(required = true)]
    gravest_signal: Option<&'static str>,
}

impl From<Line> for LineOut {
    fn from(line: Line) -> Self {
        let Line { id, customer, product, use_case, state, segment, segment_name, touch, acv, .. } = line;
        Self {
            id: id.to_string(),
            customer,
            product,
            use_case,
            state,
            segment,
            segment_name,
            touch,
            acv: acv.map(MoneyOut::from),
            phase: line.phase,
            stage: line.stage,
            owner: line.owner,
            starts_on: line.starts_on,
            kickoff_on: line.kickoff_on,
            go_live_on: line.go_live_on,
            go_live_target: line.go_live_target,
            first_value_on: line.first_value_on,
            p80_on: line.p80_on,
            promise_kept_percent: line.kept_percent,
            finish_on: line.finish_on,
            late_days: line.late_days,
            document_score: line.document_score,
            warnings: line.warnings,
            colour: line.light.map(Light::word),
            colour_because: line.light_because,
            health_score: line.health_score,
            health_before: line.health_before,
            health: line.health,
            health_coverage_percent: line.health_coverage,
            open_signals: line.signals,
            gravest_signal: line.gravest.map(portfolio::severity),
        }
    }
}

/// Which onboardings, in which order.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OnboardingQuery {
    /// Only this segment (id).
    #[param(example = "mid-market")]
    segment: Option<String>,
    /// Only `planned`, `running`, `completed` or `closed` ones; `open` for those planned or running.
    #[param(example = "running")]
    state: Option<String>,
    /// Only where customer, product or use case contains this, case ignored.
    #[param(example = "acme")]
    search: Option<String>,
    /// Only those of this person (id), of whoever asks (`me`), or of `nobody`.
    #[param(example = "me")]
    owner: Option<String>,
    /// Only those whose deal was handed over by this person (id), or by whoever asks (`me`).
    #[param(example = "me")]
    seller: Option<String>,
    /// Only those planned or running whose plan is at this stage today: not-begun, handoff, kickoff, configure,
    /// train, pilot, go-live or transition.
    #[param(example = "pilot")]
    stage: Option<String>,
    /// Only those of this colour: green, amber or red.
    #[param(example = "red")]
    colour: Option<String>,
    /// Only those whose health has this status.
    #[param(example = "At risk")]
    health: Option<String>,
    /// Only those with an open signal of this severity or a graver one: low, medium, high or critical.
    #[param(example = "high")]
    signals: Option<String>,
    /// Only those whose go-live misses its target.
    late: Option<bool>,
    /// customer, state, plan (how far it is), next (the date that comes next), kickoff, go-live, p80, finish, late, colour, health
    /// (the lowest score first, what has none last), quality (of the handoff) or urgent, with `-` before it for the largest first;
    /// kickoff when left out. By urgent, the latest come first, then those whose next date is nearest.
    #[param(example = "-late")]
    sort: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before, with the same sort.
    after: Option<String>,
}

impl OnboardingQuery {
    /// As the portfolio takes it, and the order its places belong to.
    pub(in crate::resource) fn read(
        self,
        api: &Api,
        caller: &Caller,
    ) -> Result<(Query, Order<SortBy>), Problem> {
        let OnboardingQuery {
            segment,
            state,
            search,
            owner,
            seller,
            stage,
            colour,
            health,
            signals,
            late,
            sort,
            limit: lines,
            after,
        } = self;
        let whose = |word: &str| portfolio::whose(&caller.actor, word).ok();
        let seller_of = |word: &str| portfolio::handed_over_by(&caller.actor, word).ok();
        let order = Order::of(sort, "kickoff", &SortBy::WORDS)?;
        let query = Query {
            segment,
            state,
            search,
            owner: known("owner", owner.as_deref(), whose)?.flatten(),
            seller: known("seller", seller.as_deref(), seller_of)?.flatten(),
            stage: known("stage", stage.as_deref(), portfolio::at)?,
            light: known("colour", colour.as_deref(), Light::read)?,
            health,
            signals: known("signals", signals.as_deref(), portfolio::signals)?,
            late_only: late.unwrap_or(false),
            sort: order.sort,
            direction: order.direction,
            after: order.after(after.as_deref())?,
            ..Query::first(limit(lines)?, api.app.today())
        };
        Ok((query, order))
    }
}

/// List onboardings
///
/// The portfolio, filtered and in order.
#[utoipa::path(get, path = "/onboardings", operation_id = "list_onboardings", tag = "Onboardings",
    params(OnboardingQuery),
    responses((status = 200, description = "A page of onboardings.", body = Page<LineOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<OnboardingQuery>,
) -> Result<Json<Page<LineOut>>, Problem> {
    let (query, order) = query.read(&api, &caller)?;
    let page = portfolio::lines(&api.app, &caller.actor, query).await?;
    Ok(Json(order.page(page.lines.into_iter().map(LineOut::from), page.next)))
}
