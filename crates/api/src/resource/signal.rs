//! Warning signals, the inbox they are ranked in, and what is done about them.

use axum::Json;
use axum::extract::State;
use gangway_app::intervention::{self, Intervention, Wanted};
use gangway_app::signal::{self, Filter, Query, Ranked, Signal, Step};
use gangway_domain::ids::{InterventionId, OnboardingId, SignalId};
use gangway_domain::signal as domain;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here};
use crate::description;
use crate::etag::{IfMatch, changed, created};
use crate::input::{JsonOf, QueryOf};
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
    let (found, more) = signal::list(&api.app, &caller.actor, wanted).await?;
    Ok(Json(Page::after_last(found.into_iter().map(SignalOut::from), more, |one| one.id.clone())))
}

/// Get a signal
#[utoipa::path(get, path = "/signals/{id}", operation_id = "get_signal", tag = "Health",
    params(("id" = String, Path, description = "Id of the signal.", example = "sig_01900000000070008000000000000001")),
    responses((status = 200, description = "The signal.", body = SignalOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let found = signal::get(&api.app, &caller.actor, names.id("signal")?).await?.signal;
    Ok(changed(found.version, Json(SignalOut::from(found))))
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
pub(crate) async fn log(Here(api, caller, names): Here, JsonOf(sent): JsonOf<SignalIn>) -> Answer {
    let SignalIn { kind, words } = sent;
    let made = signal::log(&api.app, &caller.actor, names.id("onboarding")?, &kind, &words).await?;
    let (version, location) = (made.version, format!("/api/v1/signals/{}", made.id));
    Ok(created(version, location, Json(SignalOut::from(made))))
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
pub(crate) async fn step(
    Here(api, caller, names): Here,
    version: IfMatch,
    JsonOf(sent): JsonOf<StepIn>,
) -> Answer {
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
            let into = into.parse().map_err(|_| Problem::field("into", "is no id of a signal"))?;
            Step::Merge { into }
        }
        _ => return Err(Problem::field("step", "must be acknowledge, plan, snooze, resolve or merge")),
    };
    let id = names.id("signal")?;
    let kept = signal::take(&api.app, &caller.actor, id, Some(version.required()?), step).await?;
    Ok(changed(kept.version, Json(SignalOut::from(kept))))
}

/// What is done about an onboarding in trouble.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Intervention)]
pub(crate) struct InterventionOut {
    /// Id.
    id: String,
    /// Of which onboarding.
    onboarding: String,
    /// The customer.
    customer: String,
    /// The playbook (id of the methodology).
    playbook: String,
    /// What it is called.
    name: String,
    /// Why it was begun.
    reason: String,
    /// Who answers for it.
    owner: String,
    /// Signals it is about (ids).
    signals: Vec<String>,
    /// Tasks it put into the plan (ids).
    tasks: Vec<String>,
    /// Who began it.
    started_by: String,
    /// When.
    started_at: Timestamp,
    /// By when the customer must be answered.
    due_at: Timestamp,
    /// `resolved`, `partly`, `failed` or `abandoned`; null while it goes on.
    #[schema(required = true)]
    outcome: Option<String>,
    /// What was learned.
    #[schema(required = true)]
    learned: Option<String>,
    /// When it ended.
    #[schema(required = true)]
    ended_at: Option<Timestamp>,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

impl From<Intervention> for InterventionOut {
    fn from(one: Intervention) -> Self {
        let ended = one.ended;
        Self {
            id: one.id.to_string(),
            onboarding: one.onboarding.to_string(),
            customer: one.customer,
            playbook: one.playbook,
            name: one.name,
            reason: one.reason,
            owner: one.owner,
            signals: one.signals.iter().map(ToString::to_string).collect(),
            tasks: one.tasks.iter().map(ToString::to_string).collect(),
            started_by: one.started_by,
            started_at: instant(one.started_at),
            due_at: instant(one.due_at),
            outcome: ended.as_ref().map(|ended| ended.outcome.clone()),
            learned: ended.as_ref().map(|ended| ended.learned.clone()),
            ended_at: ended.map(|ended| instant(ended.at)),
            version: one.version,
        }
    }
}

/// Which interventions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct InterventionQuery {
    /// Only those of this onboarding (id).
    onboarding: Option<String>,
    /// `true` for those that go on, `false` for those that ended.
    open: Option<bool>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// List interventions
///
/// Of the whole workspace, the newest first.
#[utoipa::path(get, path = "/interventions", operation_id = "list_interventions", tag = "Health", params(InterventionQuery),
    responses((status = 200, description = "A page of interventions.", body = Page<InterventionOut>)))]
pub(crate) async fn interventions(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<InterventionQuery>,
) -> Result<Json<Page<InterventionOut>>, Problem> {
    let wanted = intervention::Query {
        before: id::<InterventionId>("after", query.after.as_deref())?,
        onboarding: id::<OnboardingId>("onboarding", query.onboarding.as_deref())?,
        open: query.open,
        limit: limit(query.limit)?,
    };
    let (found, more) = intervention::list(&api.app, &caller.actor, wanted).await?;
    Ok(Json(Page::after_last(found.into_iter().map(InterventionOut::from), more, |one| one.id.clone())))
}

/// Something that is to be begun.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewIntervention, example = json!({ "playbook": "at-risk", "reason": "Two key people gone silent", "tasks": true }))]
pub(crate) struct InterventionIn {
    /// The playbook (id of the methodology).
    playbook: String,
    /// Why.
    #[schema(min_length = 1)]
    reason: String,
    /// Who answers for it (id of a person); whoever begins it when left out.
    owner: Option<String>,
    /// Signals it is about (ids); every open one when left out.
    #[serde(default)]
    signals: Vec<String>,
    /// Whether its actions become tasks of the plan.
    #[serde(default)]
    tasks: bool,
}

/// Begin a playbook
#[utoipa::path(post, path = "/onboardings/{id}/interventions", operation_id = "begin_intervention", tag = "Health",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = InterventionIn),
    responses((status = 201, description = "The intervention.", body = InterventionOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn begin(Here(api, caller, names): Here, JsonOf(sent): JsonOf<InterventionIn>) -> Answer {
    let InterventionIn { playbook, reason, owner, signals, tasks } = sent;
    let owner = owner.map(|text| text.parse().map_err(|_| Problem::field("owner", "is no id of a person")));
    let signals: Result<Vec<SignalId>, Problem> = signals
        .iter()
        .map(|text| text.parse().map_err(|_| Problem::field("signals", "has what is no id of a signal")))
        .collect();
    let wanted = Wanted { playbook, reason, owner: owner.transpose()?, signals: signals?, tasks };
    let made = intervention::begin(&api.app, &caller.actor, names.id("onboarding")?, wanted).await?;
    let (version, location) = (made.version, format!("/api/v1/interventions/{}", made.id));
    Ok(created(version, location, Json(InterventionOut::from(made))))
}

/// Get an intervention
#[utoipa::path(get, path = "/interventions/{id}", operation_id = "get_intervention", tag = "Health",
    params(("id" = String, Path, description = "Id of the intervention.", example = "itv_01900000000070008000000000000001")),
    responses((status = 200, description = "The intervention.", body = InterventionOut, headers(("ETag" = String)))))]
pub(crate) async fn intervention(Here(api, caller, names): Here) -> Answer {
    let (_, found) = intervention::get(&api.app, &caller.actor, names.id("intervention")?).await?;
    Ok(changed(found.version, Json(InterventionOut::from(found))))
}

/// How an intervention ended.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = InterventionEnd, example = json!({ "outcome": "resolved", "learned": "A call in the first week would have done" }))]
pub(crate) struct EndIn {
    /// `resolved`, `partly`, `failed` or `abandoned`.
    outcome: String,
    /// What was learned.
    #[serde(default)]
    learned: String,
}

/// End an intervention
#[utoipa::path(post, path = "/interventions/{id}/end", operation_id = "end_intervention", tag = "Health",
    params(("id" = String, Path, description = "Id of the intervention.", example = "itv_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = EndIn),
    responses((status = 200, description = "The intervention as it is now.", body = InterventionOut, headers(("ETag" = String)))))]
pub(crate) async fn end(
    Here(api, caller, names): Here,
    version: IfMatch,
    JsonOf(sent): JsonOf<EndIn>,
) -> Answer {
    let EndIn { outcome, learned } = sent;
    let id = names.id("intervention")?;
    let kept =
        intervention::end(&api.app, &caller.actor, id, version.required()?, &outcome, &learned).await?;
    Ok(changed(kept.version, Json(InterventionOut::from(kept))))
}
