//! Search over everything of a workspace.

use axum::Json;
use axum::extract::State;
use gangway_app::search;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::caller::Caller;
use crate::input::QueryOf;
use crate::page::bad_query;
use crate::problem::Problem;

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct SearchQuery {
    /// Words, or their beginnings; every one must be found. Case and accents are ignored.
    #[param(example = "lumiere")]
    q: String,
    /// Most hits of each kind, 1 to 20; 20 when left out.
    #[param(minimum = 1, maximum = 20, example = 5)]
    limit: Option<usize>,
}

/// Something that was found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Hit, example = json!({
    "kind": "Onboardings", "title": "Lumière Énergie", "detail": "Enterprise platform · Mid-Market",
    "page": "/onboardings/onb_01900000000070008000000000000001", "found_in": []
}))]
pub(crate) struct HitOut {
    /// Onboardings, Accounts, Contacts, Handoffs, Documents, Programmes or Team.
    kind: &'static str,
    /// What it is called.
    title: String,
    /// A line below the title; may be empty.
    detail: String,
    /// Path of its page.
    page: String,
    /// Fields in which the words stand, beside its name.
    found_in: Vec<String>,
}

/// Search everything
///
/// Onboardings, accounts, contacts, handoffs, documents, programmes and people of the workspace.
#[utoipa::path(get, path = "/search", operation_id = "search", tag = "Search",
    params(SearchQuery),
    responses((status = 200, description = "What was found, kind by kind, the best first.", body = Vec<HitOut>)))]
pub(crate) async fn find(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<SearchQuery>,
) -> Result<Json<Vec<HitOut>>, Problem> {
    let each = query.limit.unwrap_or(search::EACH);
    if !(1..=search::EACH).contains(&each) {
        return Err(bad_query("limit", format!("must be between 1 and {}", search::EACH)));
    }
    let hits = search::find(&api.app, &caller.actor, &query.q, each).await?;
    Ok(Json(
        hits.into_iter()
            .map(|hit| HitOut {
                kind: hit.group.label(),
                title: hit.title,
                detail: hit.detail,
                page: hit.href,
                found_in: hit.because,
            })
            .collect(),
    ))
}
