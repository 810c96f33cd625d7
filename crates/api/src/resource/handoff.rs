//! Handoffs: won deals as they were read.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use gangway_app::handoff::{self, page};
use gangway_app::intake::{self, Corrected};
use gangway_app::portfolio;
use gangway_domain::deal::{Deal, Reading};
use gangway_store::handoff::Handoff;
use gangway_store::review::{Line, Query, SortBy, State as Stage};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::deal::{DealQuery, deal};
use super::instant;
use crate::Api;
use crate::caller::{Caller, Here};
use crate::description;
use crate::etag::tagged;
use crate::input::QueryOf;
use crate::page::{Order, Page, bad_query, id, known, limit};
use crate::problem::{Answer, Problem};

/// A handoff in a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HandoffLine, example = json!({
    "id": "hof_01900000000070008000000000000001", "account": "acc_01900000000070008000000000000001",
    "customer": "Acme Manufacturing", "format": "summary", "segment": "mid-market", "document_score": 62,
    "accepted_at": "2027-01-04T09:00:00Z", "onboarding": null
}))]
pub(crate) struct HandoffLineOut {
    /// Id.
    id: String,
    /// The account.
    account: String,
    /// The customer's name.
    customer: String,
    /// The form it was read as.
    format: String,
    /// Segment chosen for it, once its onboarding is generated.
    #[schema(required = true)]
    segment: Option<String>,
    /// Handoff quality: share of the handoff checklist its document answers, 0–100, when it is known.
    #[schema(required = true)]
    document_score: Option<i64>,
    /// When it came in.
    accepted_at: jiff::Timestamp,
    /// What was generated from it.
    #[schema(required = true)]
    onboarding: Option<String>,
}

impl From<Line> for HandoffLineOut {
    fn from(line: Line) -> Self {
        let Line { id, account, customer, format, segment, document_score, accepted_at, onboarding, .. } =
            line;
        Self {
            id: id.to_string(),
            account: account.to_string(),
            customer,
            format,
            segment,
            document_score,
            accepted_at: instant(accepted_at),
            onboarding: onboarding.map(|id| id.to_string()),
        }
    }
}

/// A handoff with what was read.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Handoff)]
pub(crate) struct HandoffOut {
    /// Id.
    id: String,
    /// The account.
    account: String,
    /// The form it was read as.
    format: String,
    /// When it came in; null in the answer that says it just did.
    #[schema(required = true)]
    accepted_at: Option<jiff::Timestamp>,
    /// The deal as it was sent, when it is text.
    #[schema(required = true)]
    source: Option<String>,
    /// What was read: facts with their places in the source and how sure they are, unread text, notices.
    #[schema(schema_with = description::reading)]
    reading: Reading,
}

impl From<Handoff> for HandoffOut {
    fn from(handoff: Handoff) -> Self {
        let Handoff { id, account_id, format, source, reading, accepted_at, .. } = handoff;
        Self {
            id: id.to_string(),
            account: account_id.to_string(),
            format,
            accepted_at: Some(instant(accepted_at)),
            source,
            reading,
        }
    }
}

/// Which handoffs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HandoffQuery {
    /// Only those of this account.
    #[param(example = "acc_01900000000070008000000000000001")]
    account: Option<String>,
    /// Only where the customer's name contains this; case and accents are ignored.
    #[param(example = "acme")]
    search: Option<String>,
    /// Only those that are in `review`, `confirmed`, or have their onboarding (`made`).
    #[param(example = "review")]
    state: Option<String>,
    /// Only those handed over by this person (id), or by whoever asks (`me`).
    #[param(example = "me")]
    seller: Option<String>,
    /// accepted (when it was handed over), customer or quality, with `-` before it for the largest first; -accepted when
    /// left out.
    #[param(example = "-quality")]
    sort: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before, with the same sort.
    after: Option<String>,
}

/// The orders of handoffs.
const SORTS: [(&str, SortBy); 3] =
    [("accepted", SortBy::Accepted), ("customer", SortBy::Customer), ("quality", SortBy::Score)];

impl HandoffQuery {
    /// As the use case takes it, and the order its places belong to.
    pub(super) fn read(self, caller: &Caller) -> Result<(Query, Order<SortBy>), Problem> {
        let HandoffQuery { account, search, state, seller, sort, limit: lines, after } = self;
        let state = state.map(|word| Stage::of_word(&word).ok_or(word)).transpose();
        let state = state.map_err(|_| bad_query("state", "must be review, confirmed or made".to_owned()))?;
        let seller_of = |word: &str| portfolio::handed_over_by(&caller.actor, word).ok();
        let order = Order::of(sort, "-accepted", &SORTS)?;
        let query = Query {
            search,
            state,
            seller: known("seller", seller.as_deref(), seller_of)?.flatten(),
            account: id("account", account.as_deref())?,
            sort: order.sort,
            direction: order.direction,
            after: order.after(after.as_deref())?,
            limit: limit(lines)?,
        };
        Ok((query, order))
    }
}

/// List handoffs
///
/// Filtered and in order; newest first unless asked otherwise.
#[utoipa::path(get, path = "/handoffs", operation_id = "list_handoffs", tag = "Deals",
    params(HandoffQuery),
    responses((status = 200, description = "A page of handoffs.", body = Page<HandoffLineOut>)))]
pub(crate) async fn list(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<HandoffQuery>,
) -> Result<Json<Page<HandoffLineOut>>, Problem> {
    let (query, order) = query.read(&caller)?;
    let (lines, next) = page::list(&api.app, &caller.actor, query).await?;
    Ok(Json(order.page(lines.into_iter().map(HandoffLineOut::from), next)))
}

/// Hand a deal over
///
/// Send the deal as text, as a handoff document, as JSON, TOML or YAML of the deal schema, or as a CRM gives it. The same
/// deal twice is one handoff: the second answer is 200.
#[utoipa::path(post, path = "/handoffs", operation_id = "create_handoff", tag = "Deals",
    params(DealQuery),
    request_body(description = "The deal, in any form Gangway reads.", content(
        (String = "text/plain", example = "Customer: Acme Manufacturing. ACV: $95K. Users: 120. Go-live: 60 days."),
        (String = "text/markdown"), (Object = "application/json"), (String = "application/toml"),
        (String = "application/yaml"), (String = "application/xml"))),
    responses((status = 201, description = "The handoff, which is new.", body = HandoffOut, headers(("Location" = String))),
        (status = 200, description = "Exactly this was handed over before.", body = HandoffOut, headers(("Location" = String)))))]
pub(crate) async fn create(
    State(api): State<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<DealQuery>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Answer {
    let text = deal(&headers, body)?;
    let accepted = handoff::accept(&api.app, &caller.actor, text, query.format()?).await?;
    let kept = page::get(&api.app, &caller.actor, accepted.handoff).await;
    // A token without the scope to look is told what was read all the same.
    let out = match kept {
        Ok(kept) => HandoffOut::from(kept),
        Err(_) => HandoffOut {
            id: accepted.handoff.to_string(),
            account: accepted.account.to_string(),
            format: word(accepted.reading.format),
            accepted_at: None,
            source: None,
            reading: accepted.reading,
        },
    };
    let location = [("location", format!("/api/v1/handoffs/{}", out.id))];
    let status = if accepted.new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, location, Json(out)).into_response())
}

fn word(format: gangway_domain::deal::DealFormat) -> String {
    serde_json::to_value(format).ok().and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Get a handoff
///
/// With every fact, its place in the source, and how sure it is.
#[utoipa::path(get, path = "/handoffs/{id}", operation_id = "get_handoff", tag = "Deals",
    params(("id" = String, Path, description = "Id of the handoff.", example = "hof_01900000000070008000000000000001")),
    responses((status = 200, description = "The handoff.", body = HandoffOut)))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Result<Json<HandoffOut>, Problem> {
    let handoff = page::get(&api.app, &caller.actor, names.id("handoff")?).await?;
    Ok(Json(handoff.into()))
}

/// A deal as it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = CorrectedDeal)]
pub(crate) struct CorrectedOut {
    /// How many corrections were ever made; the ETag is made of it and of `confirmed`.
    version: i64,
    /// Somebody has confirmed it.
    confirmed: bool,
    /// The deal: what was read, as people have corrected it.
    #[schema(schema_with = description::deal)]
    deal: Deal,
}

/// Get the deal of a handoff as it stands
///
/// What was read with every correction people have made since: what an onboarding is generated from.
#[utoipa::path(get, path = "/handoffs/{id}/deal", operation_id = "get_handoff_deal", tag = "Deals",
    params(("id" = String, Path, description = "Id of the handoff.", example = "hof_01900000000070008000000000000001")),
    responses((status = 200, description = "The deal.", body = CorrectedOut, headers(("ETag" = String))),
        (status = 304, description = "It is the version named in If-None-Match.")))]
pub(crate) async fn corrected(Here(api, caller, names): Here, headers: HeaderMap) -> Answer {
    let found = intake::deal(&api.app, &caller.actor, names.id("handoff")?).await?;
    let Corrected { deal, version, confirmed } = found;
    // Confirming corrects nothing, but the answer is another one.
    let tag = version.saturating_mul(2).saturating_add(i64::from(confirmed));
    Ok(tagged(&headers, tag, Json(CorrectedOut { version, confirmed, deal })))
}
