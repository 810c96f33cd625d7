//! Warning signals, and the inbox they are ranked in.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use gangway_app::signal::{self, Filter, Query, Ranked, Signal, Step};
use gangway_domain::ids::{OnboardingId, SignalId};
use gangway_domain::signal as domain;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::description;
use crate::etag::IfMatch;
use crate::input::{QueryOf, usable};
use crate::kept::{self, kept_at};
use crate::page::{Page, id, limit};
use crate::problem::{Answer, Problem};

/// A warning signal.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Signal)]
pub(crate) struct SignalOut {
    /// Id.
    id: String,
    /// Of which onboarding.
    onboarding: String,
    /// What its kind is called.
    name: String,
    /// The category of its kind.
    category: String,
    /// Whether a rule saw it; else a person did.
    computed: bool,
    /// Who raised it.
    raised_by: String,
    /// What is known of it, and where it stands.
    #[schema(schema_with = description::signal_body)]
    signal: domain::Signal,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

impl From<Signal> for SignalOut {
    fn from(one: Signal) -> Self {
        Self {
            id: one.id.to_string(),
            onboarding: one.onboarding.to_string(),
            name: one.name,
            category: one.category,
            computed: one.computed,
            raised_by: one.raised_by,
            signal: one.body,
            version: one.version,
        }
    }
}

kept_at!(SignalOut, "signals");

/// A signal with its place in the inbox.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RankedSignal)]
pub(crate) struct RankedOut {
    /// The signal.
    signal: SignalOut,
    /// The customer.
    customer: String,
    /// Its place: gravity × value at stake × time left.
    rank: i64,
    /// The arithmetic of that.
    arithmetic: String,
    /// Until when somebody takes it up.
    acknowledge_by: Timestamp,
    /// Until when there is a plan.
    plan_by: Timestamp,
    /// `note`, `concern` or `action`, by how often it was seen.
    weight: String,
    /// It is put away for a while.
    snoozed: bool,
}

impl From<Ranked> for RankedOut {
    fn from(one: Ranked) -> Self {
        Self {
            customer: one.waiting.customer,
            signal: one.waiting.signal.into(),
            rank: one.rank.total,
            arithmetic: one.rank.arithmetic(),
            acknowledge_by: one.clocks.acknowledge_by,
            plan_by: one.clocks.plan_by,
            weight: one.weight.word().to_owned(),
            snoozed: one.is_snoozed,
        }
    }
}

/// Which signals wait.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct InboxQuery {
    /// `true` for those of onboardings whoever asks runs.
    mine: Option<bool>,
    /// `true` to have those that are put away, too.
    snoozed: Option<bool>,
}

/// Get the inbox of signals
///
/// Open signals, what comes first first; 200 at most.
#[utoipa::path(get, path = "/signals/inbox", operation_id = "get_signal_inbox", tag = "Health", params(InboxQuery),
    responses((status = 200, description = "Signals with their place.", body = Page<RankedOut>)))]
pub(crate) async fn inbox(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<InboxQuery>,
) -> Result<Json<Page<RankedOut>>, Problem> {
    let filter = Filter {
        mine: query.mine.unwrap_or(false),
        snoozed: query.snoozed.unwrap_or(false),
        ..Filter::default()
    };
    let inbox = signal::inbox(&api.app, &caller.actor, &filter).await?;
    Ok(Json(Page::whole(inbox.lines.into_iter().take(200).map(RankedOut::from))))
}

/// Which signals.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SignalQuery {
    /// Only those of this onboarding (id).
    onboarding: Option<String>,
    /// `true` for open ones, `false` for those that are over.
    open: Option<bool>,
    /// Only those of this kind (id of the methodology).
    kind: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// List signals
///
/// Of the whole workspace, the newest first.
#[utoipa::path(get, path = "/signals", operation_id = "list_signals", tag = "Health", params(SignalQuery),
    responses((status = 200, description = "A page of signals.", body = Page<SignalOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<SignalQuery>,
) -> Result<Json<Page<SignalOut>>, Problem> {
    let wanted = Query {
        before: id::<SignalId>("after", query.after.as_deref())?,
        onboarding: id::<OnboardingId>("onboarding", query.onboarding.as_deref())?,
        open: query.open,
        kind: query.kind,
        limit: limit(query.limit)?,
    };
    Ok(kept::page(signal::list(&api.app, &caller.actor, wanted).await?))
}

/// Get a signal
#[utoipa::path(get, path = "/signals/{id}", operation_id = "get_signal", tag = "Health",
    params(("id" = String, Path, description = "Id of the signal.", example = "sig_01900000000070008000000000000001")),
    responses((status = 200, description = "The signal.", body = SignalOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let found = signal::get(&api.app, &caller.actor, names.id("signal")?).await?;
    kept::one::<SignalOut>(&headers, found.signal)
}

/// A signal somebody saw.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewSignal, example = json!({ "kind": "priority-shift", "words": "Their new CFO wants the merger first" }))]
pub(crate) struct SignalIn {
    /// Its kind (id of the methodology).
    kind: String,
    /// What was seen; what the kind is about when left out.
    #[serde(default)]
    words: String,
}

/// Log a signal
///
/// Where one of its kind is open, its count rises.
#[utoipa::path(post, path = "/onboardings/{id}/signals", operation_id = "log_signal", tag = "Health",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = SignalIn),
    responses((status = 201, description = "The signal.", body = SignalOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn log(Sent(api, caller, names, sent): Sent<SignalIn>) -> Answer {
    let SignalIn { kind, words } = sent;
    let made = signal::log(&api.app, &caller.actor, names.id("onboarding")?, &kind, &words).await?;
    kept::made::<SignalOut>(made)
}

/// A step of a signal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SignalStep, example = json!({ "step": "resolve", "reason": "The controller is back and confirmed the plan" }))]
pub(crate) struct StepIn {
    /// `acknowledge`, `plan`, `snooze`, `resolve` or `merge`.
    step: String,
    /// Why, to snooze or to resolve.
    #[serde(default)]
    reason: String,
    /// Until which day, to snooze.
    until: Option<Date>,
    /// The signal it becomes part of (id), to merge.
    into: Option<String>,
}

/// Take a step with a signal
#[utoipa::path(post, path = "/signals/{id}/steps", operation_id = "step_signal", tag = "Health",
    params(("id" = String, Path, description = "Id of the signal.", example = "sig_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = StepIn),
    responses((status = 200, description = "The signal as it is now.", body = SignalOut, headers(("ETag" = String)))))]
pub(crate) async fn step(version: IfMatch, Sent(api, caller, names, sent): Sent<StepIn>) -> Answer {
    let StepIn { step, reason, until, into } = sent;
    let step = match step.as_str() {
        "acknowledge" => Step::Acknowledge,
        "plan" => Step::Plan,
        "snooze" => {
            Step::Snooze { until: until.ok_or_else(|| Problem::field("until", "is missing"))?, reason }
        }
        "resolve" => Step::Resolve { reason },
        "merge" => {
            let into = into.ok_or_else(|| Problem::field("into", "is missing"))?;
            Step::Merge { into: usable("into", &into)? }
        }
        _ => return Err(Problem::field("step", "must be acknowledge, plan, snooze, resolve or merge")),
    };
    let id = names.id("signal")?;
    kept::now::<SignalOut>(signal::take(&api.app, &caller.actor, id, Some(version.required()?), step).await?)
}
