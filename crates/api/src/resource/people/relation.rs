//! How the people of an onboarding stand to each other.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use gangway_app::people::{self, Relations};
use gangway_domain::ids::ContactId;
use gangway_domain::people::{Relation, RelationKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::{Here, Sent};
use crate::input::{usable, word};
use crate::page::Page;
use crate::problem::{Answer, Problem};

/// A relation between two stakeholders.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StakeholderRelation, example = json!({
    "from": "con_01900000000070008000000000000001", "kind": "reports-to", "to": "con_01900000000070008000000000000002"
}))]
pub(crate) struct RelationBody {
    /// From whom (id of the contact).
    from: String,
    /// `reports-to`, `works-with` (said of a pair once) or `influences`.
    kind: String,
    /// To whom (id of the contact).
    to: String,
}

impl From<Relation> for RelationBody {
    fn from(relation: Relation) -> Self {
        let Relation { from, kind, to } = relation;
        Self { from: from.to_string(), kind: kind.word().to_owned(), to: to.to_string() }
    }
}

impl TryFrom<RelationBody> for Relation {
    type Error = Problem;

    fn try_from(body: RelationBody) -> Result<Self, Problem> {
        let kind = word("kind", &body.kind)?;
        Ok(Self { from: usable("from", &body.from)?, kind, to: usable("to", &body.to)? })
    }
}

/// List how the stakeholders of an onboarding stand to each other
///
/// All on one page.
#[utoipa::path(get, path = "/onboardings/{id}/relations", operation_id = "list_relations", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The relations.", body = Page<RelationBody>)))]
pub(crate) async fn list(Here(api, caller, names): Here) -> Result<Json<Page<RelationBody>>, Problem> {
    let Relations { lines, .. } = people::relations(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(Page::whole(lines.into_iter().map(RelationBody::from))))
}

/// Say how two stakeholders stand to each other
///
/// Lines of reporting never lead round; somebody reports to one person.
#[utoipa::path(post, path = "/onboardings/{id}/relations", operation_id = "add_relation", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = RelationBody),
    responses((status = 201, description = "The relation.", body = RelationBody)))]
pub(crate) async fn create(Sent(api, caller, names, sent): Sent<RelationBody>) -> Answer {
    let relation = Relation::try_from(sent)?;
    let made = people::relate(&api.app, &caller.actor, names.id("onboarding")?, relation).await?;
    Ok((StatusCode::CREATED, Json(RelationBody::from(made))).into_response())
}

/// Take back how two stakeholders stand to each other
#[utoipa::path(delete, path = "/onboardings/{id}/relations/{from}/{kind}/{to}", operation_id = "remove_relation", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("from" = String, Path, description = "From whom (id of the contact).", example = "con_01900000000070008000000000000001"),
        ("kind" = String, Path, description = "How.", example = "reports-to"),
        ("to" = String, Path, description = "To whom (id of the contact).", example = "con_01900000000070008000000000000002")),
    responses((status = 204, description = "It is gone.")))]
pub(crate) async fn remove(Here(api, caller, names): Here) -> Result<StatusCode, Problem> {
    let id = names.id("onboarding")?;
    let missing = |_| Problem::missing("relation", names.text(1));
    let from = names.text(1).parse::<ContactId>().map_err(missing)?;
    let to = names.text(3).parse::<ContactId>().map_err(missing)?;
    let kind =
        names.text(2).parse::<RelationKind>().map_err(|_| Problem::missing("relation", names.text(1)))?;
    people::unrelate(&api.app, &caller.actor, id, Relation { from, kind, to }).await?;
    Ok(StatusCode::NO_CONTENT)
}
