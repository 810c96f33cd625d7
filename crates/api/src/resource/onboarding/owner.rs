//! Who runs an onboarding.

use axum::Json;
use axum::http::StatusCode;
use gangway_app::{onboarding, portfolio};
use gangway_domain::ids::{OnboardingId, PersonId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::{Here, Sent};
use crate::input::usable;
use crate::problem::Problem;

/// Who runs an onboarding, and who could.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OnboardingOwner, example = json!({
    "owner": "per_01900000000070008000000000000001",
    "able": [{ "id": "per_01900000000070008000000000000001", "name": "Ines Okafor" }]
}))]
pub(crate) struct OwnerOut {
    /// Id of who runs it; null for nobody.
    #[schema(required = true)]
    owner: Option<String>,
    /// Who may run onboardings here.
    able: Vec<AbleOut>,
}

/// Somebody who may run onboardings.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PossibleOwner)]
pub(crate) struct AbleOut {
    /// Id.
    id: String,
    /// What they are called.
    name: String,
}

/// Who is to run an onboarding.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OnboardingOwnerChange, example = json!({ "owner": "per_01900000000070008000000000000001" }))]
pub(crate) struct OwnerIn {
    /// Id of a member who may run onboardings; null for nobody.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required = true)]
    owner: Option<String>,
}

/// See who runs an onboarding
///
/// And who could.
#[utoipa::path(get, path = "/onboardings/{id}/owner", operation_id = "get_onboarding_owner", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "Who runs it.", body = OwnerOut)))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Result<Json<OwnerOut>, Problem> {
    let id: OnboardingId = names.id("onboarding")?;
    // What is not there has no owner either.
    onboarding::version(&api.app, &caller.actor, id).await?;
    let (owner, able) = portfolio::owner(&api.app, &caller.actor, id).await?;
    let able = able.into_iter().map(|(id, name)| AbleOut { id: id.to_string(), name }).collect();
    Ok(Json(OwnerOut { owner: owner.map(|id| id.to_string()), able }))
}

/// Say who runs an onboarding
///
/// A member whose role may run onboardings, or nobody.
#[utoipa::path(put, path = "/onboardings/{id}/owner", operation_id = "put_onboarding_owner", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = OwnerIn),
    responses((status = 204, description = "They run it.")))]
pub(crate) async fn put(Sent(api, caller, names, sent): Sent<OwnerIn>) -> Result<StatusCode, Problem> {
    let id: OnboardingId = names.id("onboarding")?;
    let owner = sent.owner.map(|person| usable::<PersonId>("owner", &person)).transpose()?;
    portfolio::assign(&api.app, &caller.actor, id, owner).await?;
    Ok(StatusCode::NO_CONTENT)
}
