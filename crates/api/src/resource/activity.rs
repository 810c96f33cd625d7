//! What happened: the audit trail.

use axum::Json;
use axum::extract::State;
use gangway_app::activity::{self, Activity};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use crate::Api;
use crate::caller::Caller;
use crate::input::QueryOf;
use crate::page::{Page, id, limit};
use crate::problem::Problem;

/// Something that happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Activity, example = json!({
    "id": "act_01900000000070008000000000000001", "at": "2027-01-04T09:00:00Z", "actor": "Ines Okafor", "person": null,
    "door": "api", "kind": "handoff.accepted", "account": "acc_01900000000070008000000000000001", "onboarding": null,
    "summary": "Handed over the deal with Acme Manufacturing"
}))]
pub(crate) struct ActivityOut {
    /// Id.
    pub(super) id: String,
    /// When.
    at: jiff::Timestamp,
    /// Who, by the name they had then.
    actor: String,
    /// Who, when it was somebody of the team.
    #[schema(required = true)]
    person: Option<String>,
    /// Through which door: web, api, cli, webhook, job, demo.
    door: String,
    /// What kind of deed.
    kind: String,
    /// About which account.
    #[schema(required = true)]
    account: Option<String>,
    /// About which onboarding.
    #[schema(required = true)]
    onboarding: Option<String>,
    /// In one sentence.
    summary: String,
}

impl From<Activity> for ActivityOut {
    fn from(entry: Activity) -> Self {
        let Activity { id, at, actor, person, door, kind, account, onboarding, summary } = entry;
        Self {
            id: id.to_string(),
            at: instant(at),
            actor,
            person: person.map(|id| id.to_string()),
            door,
            kind,
            account: account.map(|id| id.to_string()),
            onboarding: onboarding.map(|id| id.to_string()),
            summary,
        }
    }
}

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ActivityQuery {
    /// Only those about this account.
    #[param(example = "acc_01900000000070008000000000000001")]
    account: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// Read the audit trail
///
/// Newest first, sign-ins included.
#[utoipa::path(get, path = "/activity", operation_id = "list_activity", tag = "Workspace",
    params(ActivityQuery),
    responses((status = 200, description = "A page of the trail.", body = Page<ActivityOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<ActivityQuery>,
) -> Result<Json<Page<ActivityOut>>, Problem> {
    let (after, account) = (id("after", query.after.as_deref())?, id("account", query.account.as_deref())?);
    let (entries, more) =
        activity::list(&api.app, &caller.actor, after, account, limit(query.limit)?).await?;
    Ok(Json(page(entries, more)))
}

/// A page of entries.
pub(super) fn page(entries: Vec<Activity>, more: bool) -> Page<ActivityOut> {
    Page::after_last(entries.into_iter().map(ActivityOut::from), more, |entry| entry.id.clone())
}
