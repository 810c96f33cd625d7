//! The loss of a champion: recorded, watched, over once somebody took over.

use axum::Json;
use axum::http::StatusCode;
use gangway_app::people::{self, Loss, Lost};
use gangway_domain::people::{Criterion, Loss as LossState};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Api;
use crate::caller::{Caller, Sent};
use crate::etag::{IfMatch, changed};
use crate::input::{optional, usable};
use crate::problem::{Answer, Problem};

/// A champion who leaves.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChampionLoss)]
pub(crate) struct LossOut {
    /// Id.
    id: String,
    /// The onboarding.
    onboarding: String,
    /// Who leaves (id of the contact).
    contact: String,
    /// Their name.
    name: String,
    /// When it was recorded.
    noticed_on: Date,
    /// Their last day, when known.
    #[schema(required = true)]
    leaves_on: Option<Date>,
    /// Anything else.
    note: String,
    /// `open` until a successor is confirmed, then `closed`.
    status: &'static str,
    /// Whoever is meant to take over, or did (id of the contact).
    #[schema(required = true)]
    successor: Option<String>,
    /// When they did.
    #[schema(required = true)]
    closed_on: Option<Date>,
    /// The tasks that were planned (ids).
    tasks: Vec<String>,
    /// What must be escalated; empty once somebody took over, and in answers to changes.
    criteria: Vec<CriterionOut>,
    /// Counts changes, from 1; send it as If-Match.
    version: i64,
}

/// A criterion of escalation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChampionLossCriterion)]
pub(crate) struct CriterionOut {
    /// Id.
    id: String,
    /// In words.
    text: String,
    /// It holds: leadership is told.
    holds: bool,
    /// The day from which it holds if nothing changes.
    #[schema(required = true)]
    from: Option<Date>,
}

impl From<Criterion> for CriterionOut {
    fn from(criterion: Criterion) -> Self {
        let Criterion { id, text, holds, from, asked: _ } = criterion;
        Self { id, text, holds, from }
    }
}

impl LossOut {
    pub(super) fn of(loss: Loss, criteria: Vec<Criterion>) -> Self {
        let (status, successor, closed_on) = match &loss.state {
            LossState::Open { candidate, .. } => ("open", *candidate, None),
            LossState::Closed { successor, on } => ("closed", Some(*successor), Some(*on)),
        };
        Self {
            id: loss.id.to_string(),
            onboarding: loss.onboarding.to_string(),
            contact: loss.contact.to_string(),
            name: loss.name,
            noticed_on: loss.noticed_on,
            leaves_on: loss.leaves_on,
            note: loss.note,
            status,
            successor: successor.map(|id| id.to_string()),
            closed_on,
            tasks: loss.tasks.iter().map(ToString::to_string).collect(),
            criteria: criteria.into_iter().map(CriterionOut::from).collect(),
            version: loss.version,
        }
    }
}

/// A loss as it stands now, with its criteria.
async fn lost(api: &Api, caller: &Caller, loss: Loss) -> Result<LossOut, Problem> {
    let all: Vec<Lost> = people::losses(&api.app, &caller.actor, loss.onboarding).await?;
    let found = all.into_iter().find(|one| one.loss.id == loss.id);
    let criteria = found.map(|one| one.criteria).unwrap_or_default();
    Ok(LossOut::of(loss, criteria))
}

/// That a champion leaves.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChampionLossNew, example = json!({ "leaves_on": "2027-02-26", "note": "Takes another post in the group" }))]
pub(crate) struct LossIn {
    /// Their last day, when known.
    leaves_on: Option<Date>,
    /// Anything else.
    #[serde(default)]
    note: String,
}

/// Record that a champion leaves
///
/// What the methodology asks for on the first day, in the first week and in the weeks after becomes tasks.
#[utoipa::path(post, path = "/onboardings/{id}/stakeholders/{contact}/loss", operation_id = "lose_champion", tag = "People",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("contact" = String, Path, description = "Id of the contact.", example = "con_01900000000070008000000000000001")),
    request_body(content = LossIn),
    responses((status = 201, description = "What was planned.", body = LossOut, headers(("ETag" = String)))))]
pub(crate) async fn lose(Sent(api, caller, names, sent): Sent<LossIn>) -> Answer {
    let (id, who) = (names.id("onboarding")?, names.second("stakeholder")?);
    let made = people::lose(&api.app, &caller.actor, id, who, sent.leaves_on, &sent.note).await?;
    let version = made.version;
    Ok(changed(version, (StatusCode::CREATED, Json(lost(&api, &caller, made).await?))))
}

/// What is known of a champion's loss.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChampionLossWatch, example = json!({ "candidate": "con_01900000000070008000000000000002", "said": ["may-stop"] }))]
pub(crate) struct WatchIn {
    /// Whoever is meant to take over (id of the contact of a stakeholder); null for nobody.
    candidate: Option<String>,
    /// Criteria people see hold (ids).
    #[serde(default)]
    said: Vec<String>,
}

/// Say who is meant to take over from a champion
///
/// And which criteria of escalation people see hold.
#[utoipa::path(put, path = "/champion-losses/{id}", operation_id = "watch_champion_loss", tag = "People",
    params(("id" = String, Path, description = "Id of the loss.", example = "los_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = WatchIn),
    responses((status = 200, description = "The loss as it is now.", body = LossOut, headers(("ETag" = String)))))]
pub(crate) async fn watch(version: IfMatch, Sent(api, caller, names, sent): Sent<WatchIn>) -> Answer {
    let candidate = optional("candidate", sent.candidate.as_deref())?;
    let id = names.id("loss")?;
    let kept = people::watch(&api.app, &caller.actor, id, version.required()?, candidate, sent.said).await?;
    let version = kept.version;
    Ok(changed(version, Json(lost(&api, &caller, kept).await?)))
}

/// Who took over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ChampionSuccessor, example = json!({ "contact": "con_01900000000070008000000000000002" }))]
pub(crate) struct SuccessorIn {
    /// Id of the contact of a stakeholder.
    contact: String,
}

/// Confirm who took over from a champion
///
/// They are the champion from now on, and nothing is watched any more.
#[utoipa::path(post, path = "/champion-losses/{id}/successor", operation_id = "confirm_champion", tag = "People",
    params(("id" = String, Path, description = "Id of the loss.", example = "los_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = SuccessorIn),
    responses((status = 200, description = "The loss as it is now.", body = LossOut, headers(("ETag" = String)))))]
pub(crate) async fn succeed(version: IfMatch, Sent(api, caller, names, sent): Sent<SuccessorIn>) -> Answer {
    let (id, who) = (names.id("loss")?, usable("successor", &sent.contact)?);
    let kept = people::confirm(&api.app, &caller.actor, id, version.required()?, who).await?;
    let version = kept.version;
    Ok(changed(version, Json(lost(&api, &caller, kept).await?)))
}
