//! What is done about onboardings in trouble: playbooks, begun and ended.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use gangway_app::intervention::{self, Intervention, Query, Wanted};
use gangway_domain::ids::{InterventionId, OnboardingId, SignalId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::etag::IfMatch;
use crate::input::{QueryOf, optional, several};
use crate::kept::{self, kept_at};
use crate::page::{Page, id, limit};
use crate::problem::{Answer, Problem};

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

kept_at!(InterventionOut, "interventions");

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
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<InterventionQuery>,
) -> Result<Json<Page<InterventionOut>>, Problem> {
    let wanted = Query {
        before: id::<InterventionId>("after", query.after.as_deref())?,
        onboarding: id::<OnboardingId>("onboarding", query.onboarding.as_deref())?,
        open: query.open,
        limit: limit(query.limit)?,
    };
    Ok(kept::page(intervention::list(&api.app, &caller.actor, wanted).await?))
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
pub(crate) async fn begin(Sent(api, caller, names, sent): Sent<InterventionIn>) -> Answer {
    let InterventionIn { playbook, reason, owner, signals, tasks } = sent;
    let owner = optional("owner", owner.as_deref())?;
    let signals: Vec<SignalId> = several("signals", &signals)?;
    let wanted = Wanted { playbook, reason, owner, signals, tasks };
    let made = intervention::begin(&api.app, &caller.actor, names.id("onboarding")?, wanted).await?;
    kept::made::<InterventionOut>(made)
}

/// Get an intervention
#[utoipa::path(get, path = "/interventions/{id}", operation_id = "get_intervention", tag = "Health",
    params(("id" = String, Path, description = "Id of the intervention.", example = "itv_01900000000070008000000000000001")),
    responses((status = 200, description = "The intervention.", body = InterventionOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn get(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let (_, found) = intervention::get(&api.app, &caller.actor, names.id("intervention")?).await?;
    kept::one::<InterventionOut>(&headers, found)
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
pub(crate) async fn end(version: IfMatch, Sent(api, caller, names, sent): Sent<EndIn>) -> Answer {
    let EndIn { outcome, learned } = sent;
    let id = names.id("intervention")?;
    let ended =
        intervention::end(&api.app, &caller.actor, id, version.required()?, &outcome, &learned).await?;
    kept::now::<InterventionOut>(ended)
}
