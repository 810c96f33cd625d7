//! The end of an onboarding: its definition of done, its clocks, and the handover to customer success.

use axum::Json;
use axum::extract::State as Shared;
use gangway_app::transition::{self, Changes, Introduction, Query, Sight, Transition};
use gangway_domain::ids::{ContactId, OnboardingId, PersonId};
use gangway_domain::programme::Side;
use gangway_domain::transition::{Clocks, Moments, NextStep, Promised, State};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::instant;
use super::meeting::{SlotIn, slot};
use crate::Api;
use crate::caller::{Caller, Here, Sent};
use crate::description;
use crate::etag::{IfMatch, changed, created};
use crate::input::{QueryOf, usable};
use crate::page::{Page, among, id, limit};
use crate::problem::{Answer, Problem};

/// How the end of an onboarding stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EndOfOnboarding)]
pub(crate) struct EndOut {
    /// The onboarding.
    onboarding: String,
    /// Whether the definition of done is met.
    is_done: bool,
    /// Its lines.
    done: Vec<DoneOut>,
    /// What the clocks show, in calendar days.
    #[schema(schema_with = description::transition_clocks)]
    clocks: Clocks,
    /// The days they run between.
    #[schema(schema_with = description::transition_moments)]
    moments: Moments,
    /// The handover; null before it is begun.
    #[schema(required = true)]
    handover: Option<HandoverOut>,
    /// How the onboarding ended; null while it goes on.
    #[schema(required = true)]
    closing: Option<ClosingOut>,
}

/// A line of the definition of done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DoneLine, example = json!({ "kind": "value", "text": "First outcome verified", "met": false, "note": "planned for 3 Mar 2027" }))]
pub(crate) struct DoneOut {
    /// `value`, `technical`, `stable` or `promise`.
    kind: String,
    /// What must be so.
    text: String,
    /// Whether it is.
    met: bool,
    /// Since when, or what is missing; may be empty.
    note: String,
}

/// How an onboarding ended.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OnboardingClosing)]
pub(crate) struct ClosingOut {
    /// `successful`, `partly` or `stopped`.
    outcome: String,
    /// Why, or what is missing; may be empty.
    reason: String,
    /// Who closed it.
    closed_by: String,
    /// When.
    closed_at: jiff::Timestamp,
}

/// A handover to customer success.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Handover)]
pub(crate) struct HandoverOut {
    /// Of which onboarding.
    onboarding: String,
    /// Who takes over (id).
    #[schema(required = true)]
    csm: Option<String>,
    /// Their name.
    #[schema(required = true)]
    csm_name: Option<String>,
    /// What they must know beside; may be empty.
    note: String,
    /// What sales promised.
    promises: Vec<PromiseBody>,
    /// The first 90 days.
    steps: Vec<StepBody>,
    /// The report that tells what was reached and what is open.
    #[schema(required = true)]
    summary: Option<String>,
    /// The meeting in which the customer meets whoever takes over.
    #[schema(required = true)]
    meeting: Option<String>,
    /// Where it stands.
    #[schema(schema_with = description::transition_state)]
    state: State,
    /// Names of contacts who were told by mail.
    introduced_to: Vec<String>,
    /// When last.
    #[schema(required = true)]
    introduced_at: Option<jiff::Timestamp>,
    /// Counts changes, from 1; the ETag is made of it.
    version: i64,
}

/// A promise as it is handed over.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PromiseOfHandover, example = json!({ "text": "A weekly report", "by": "2027-04-01", "kept": false, "note": "Sofia Brandt, from April" }))]
pub(crate) struct PromiseBody {
    /// The promise.
    #[schema(min_length = 1, max_length = 300)]
    text: String,
    /// By when.
    by: Option<Date>,
    /// Whether it was kept.
    #[serde(default)]
    kept: bool,
    /// Who keeps it, or how it was kept; may be empty.
    #[serde(default)]
    note: String,
}

/// A step of the first 90 days.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StepOfHandover, example = json!({ "text": "Success review with the sponsor", "side": "joint", "by": "2027-06-14" }))]
pub(crate) struct StepBody {
    /// What is done.
    #[schema(min_length = 1, max_length = 300)]
    text: String,
    /// Whose step it is: `vendor`, `customer` or `joint`.
    side: String,
    /// By when.
    by: Date,
}

impl From<Transition> for HandoverOut {
    fn from(one: Transition) -> Self {
        let promise =
            |one: Promised| PromiseBody { text: one.text, by: one.by, kept: one.kept, note: one.note };
        let step = |one: NextStep| StepBody { text: one.text, side: one.side.word().to_owned(), by: one.by };
        Self {
            onboarding: one.onboarding.to_string(),
            csm: one.csm.map(|csm| csm.to_string()),
            csm_name: one.csm_name,
            note: one.note,
            promises: one.promises.into_iter().map(promise).collect(),
            steps: one.steps.into_iter().map(step).collect(),
            summary: one.summary.map(|id| id.to_string()),
            meeting: one.meeting.map(|id| id.to_string()),
            state: one.state,
            introduced_to: one.introduced_to,
            introduced_at: one.introduced_at.map(instant),
            version: one.version,
        }
    }
}

impl From<Sight> for EndOut {
    fn from(sight: Sight) -> Self {
        Self {
            onboarding: sight.head.id.to_string(),
            is_done: sight.is_done(),
            clocks: sight.clocks(),
            moments: sight.moments,
            done: sight
                .done
                .into_iter()
                .map(|line| DoneOut {
                    kind: line.kind.word().to_owned(),
                    text: line.text,
                    met: line.met,
                    note: line.note,
                })
                .collect(),
            handover: sight.transition.map(HandoverOut::from),
            closing: sight.closing.map(|closing| ClosingOut {
                outcome: closing.ending.word().to_owned(),
                reason: closing.said,
                closed_by: closing.closed_by,
                closed_at: instant(closing.closed_at),
            }),
        }
    }
}

fn side(text: &str) -> Result<Side, Problem> {
    let unknown = || Problem::field("steps", "have a side that is none of vendor, customer and joint");
    Side::read(text).ok_or_else(unknown)
}

/// Which handovers.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct HandoverQuery {
    /// Only those to this person (id).
    csm: Option<String>,
    /// Only `preparing`, `proposed`, `returned` or `accepted`.
    #[param(example = "proposed")]
    status: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

/// List handovers to customer success
///
/// Of the whole workspace, those of the newest onboardings first.
#[utoipa::path(get, path = "/transitions", operation_id = "list_transitions", tag = "Onboardings",
    params(HandoverQuery),
    responses((status = 200, description = "A page of handovers.", body = Page<HandoverOut>)))]
pub(crate) async fn list(
    Shared(api): Shared<Api>,
    caller: Caller,
    QueryOf(query): QueryOf<HandoverQuery>,
) -> Result<Json<Page<HandoverOut>>, Problem> {
    let HandoverQuery { csm, status, limit: lines, after } = query;
    among("status", status.as_deref(), &State::WORDS)?;
    let query = Query {
        before: id::<OnboardingId>("after", after.as_deref())?,
        csm: id::<PersonId>("csm", csm.as_deref())?,
        status,
        limit: limit(lines)?,
    };
    let (found, more) = transition::list(&api.app, &caller.actor, query).await?;
    Ok(Json(Page::after_last(found.into_iter().map(HandoverOut::from), more, |one| one.onboarding.clone())))
}

/// Get how the end of an onboarding stands
///
/// The ETag is that of the handover, `"0"` before it is begun; the definition of done changes without it.
#[utoipa::path(get, path = "/onboardings/{id}/transition", operation_id = "get_transition", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "Definition of done, clocks, handover.", body = EndOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let sight = transition::of_onboarding(&api.app, &caller.actor, names.id("onboarding")?).await?;
    let version = sight.transition.as_ref().map_or(0, |known| known.version);
    Ok(changed(version, Json(EndOut::from(sight))))
}

/// Begin the handover of an onboarding
///
/// Promises come from the deal, the first 90 days from the methodology; the summary is written from the facts of today.
/// One that is begun stays as it is.
#[utoipa::path(post, path = "/onboardings/{id}/transition", operation_id = "begin_transition", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 201, description = "The handover.", body = HandoverOut,
        headers(("ETag" = String), ("Location" = String)))))]
pub(crate) async fn begin(Here(api, caller, names): Here) -> Answer {
    let made = transition::prepare(&api.app, &caller.actor, names.id("onboarding")?).await?;
    let location = format!("/api/v1/onboardings/{}/transition", made.onboarding);
    Ok(created(made.version, location, Json(HandoverOut::from(made))))
}

/// What is to change of a handover; what is left out stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HandoverPatch, example = json!({ "csm": "per_01900000000070008000000000000001", "note": "Dana decides, Ana does the work" }))]
pub(crate) struct HandoverPatch {
    /// Who takes over (id).
    csm: Option<String>,
    /// What they must know beside.
    #[schema(max_length = 4000)]
    note: Option<String>,
    /// What sales promised, all of it.
    promises: Option<Vec<PromiseBody>>,
    /// The first 90 days, all of them.
    steps: Option<Vec<StepBody>>,
}

/// Change a handover
///
/// 409 once somebody was asked to take over.
#[utoipa::path(patch, path = "/onboardings/{id}/transition", operation_id = "change_transition", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"1\"")),
    request_body(content = HandoverPatch),
    responses((status = 200, description = "The handover as it is now.", body = HandoverOut, headers(("ETag" = String))),
        (status = 409, description = "Somebody was asked to take over.")))]
pub(crate) async fn change(version: IfMatch, Sent(api, caller, names, patch): Sent<HandoverPatch>) -> Answer {
    let HandoverPatch { csm, note, promises, steps } = patch;
    let promise = |one: PromiseBody| Promised { text: one.text, by: one.by, kept: one.kept, note: one.note };
    let step = |one: StepBody| Ok(NextStep { side: side(&one.side)?, text: one.text, by: one.by });
    let changes = Changes {
        csm: csm.map(|text| usable("csm", &text).map(Some)).transpose()?,
        note,
        promises: promises.map(|all| all.into_iter().map(promise).collect()),
        steps: steps.map(|all| all.into_iter().map(step).collect::<Result<_, Problem>>()).transpose()?,
    };
    let id = names.id("onboarding")?;
    let kept = transition::change(&api.app, &caller.actor, id, version.required()?, changes).await?;
    Ok(changed(kept.version, Json(HandoverOut::from(kept))))
}

/// A step of a handover.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HandoverStep, example = json!({ "step": "propose", "text": "The audit is done in April, everything else is there" }))]
pub(crate) struct StepIn {
    /// `summarise` writes the summary again, `propose` asks whoever takes over, who says `accept` or `return`.
    step: String,
    /// Why although the definition of done is not met, or what is missing.
    #[serde(default)]
    text: String,
}

/// Take a step with a handover
///
/// Only whoever was asked accepts or returns it.
#[utoipa::path(post, path = "/onboardings/{id}/transition/steps", operation_id = "step_transition", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"2\"")),
    request_body(content = StepIn),
    responses((status = 200, description = "The handover as it is now.", body = HandoverOut, headers(("ETag" = String)))))]
pub(crate) async fn step(version: IfMatch, Sent(api, caller, names, sent): Sent<StepIn>) -> Answer {
    let StepIn { step, text } = sent;
    let (app, actor) = (&api.app, &caller.actor);
    let id: OnboardingId = names.id("onboarding")?;
    let seen = version.required()?;
    let kept = match step.as_str() {
        "summarise" => transition::summarise(app, actor, id, seen).await?,
        "propose" => transition::propose(app, actor, id, seen, &text).await?,
        "accept" => transition::accept(app, actor, id, seen).await?,
        "return" => transition::hand_back(app, actor, id, seen, &text).await?,
        _ => return Err(Problem::field("step", "must be summarise, propose, accept or return")),
    };
    Ok(changed(kept.version, Json(HandoverOut::from(kept))))
}

/// A mail to people of the customer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CustomerIntroduction, example = json!({ "to": ["con_01900000000070008000000000000001"] }))]
pub(crate) struct IntroductionIn {
    /// Ids of contacts.
    to: Vec<String>,
    /// Subject; that of the methodology when left out.
    subject: Option<String>,
    /// What it says, that of the methodology when left out; `{contact}` becomes the name of whoever reads it.
    text: Option<String>,
}

/// Tell the customer who looks after them
#[utoipa::path(post, path = "/onboardings/{id}/transition/introduction", operation_id = "introduce_csm", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"2\"")),
    request_body(content = IntroductionIn),
    responses((status = 200, description = "The handover as it is now.", body = HandoverOut, headers(("ETag" = String)))))]
pub(crate) async fn introduce(
    version: IfMatch,
    Sent(api, caller, names, sent): Sent<IntroductionIn>,
) -> Answer {
    let IntroductionIn { to, subject, text } = sent;
    let id: OnboardingId = names.id("onboarding")?;
    let seen = version.required()?;
    let to = to.iter().map(|text| usable("to", text)).collect::<Result<Vec<ContactId>, Problem>>()?;
    let (usual_subject, usual_text) = transition::letter(&api.app, &caller.actor, id).await?;
    let introduction =
        Introduction { to, subject: subject.unwrap_or(usual_subject), text: text.unwrap_or(usual_text) };
    let kept = transition::introduce(&api.app, &caller.actor, id, seen, introduction).await?;
    Ok(changed(kept.version, Json(HandoverOut::from(kept))))
}

/// When the customer meets whoever takes over.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = IntroductionMeeting, example = json!({ "slot": { "on": "2027-04-05", "starts": "10:00", "minutes": 30, "zone": "Europe/Berlin" } }))]
pub(crate) struct MeetIn {
    /// When.
    slot: SlotIn,
    /// Room or link.
    #[serde(default)]
    place: String,
}

/// Plan the meeting in which the customer meets whoever takes over
///
/// With the agenda of the methodology; invitations go out from the meeting. 409 when it is planned already.
#[utoipa::path(post, path = "/onboardings/{id}/transition/meeting", operation_id = "plan_introduction", tag = "Onboardings",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = String, Header, description = "ETag of the version that was read.", example = "\"2\"")),
    request_body(content = MeetIn),
    responses((status = 200, description = "The handover as it is now.", body = HandoverOut, headers(("ETag" = String)))))]
pub(crate) async fn meet(version: IfMatch, Sent(api, caller, names, sent): Sent<MeetIn>) -> Answer {
    let MeetIn { slot: when, place } = sent;
    let id: OnboardingId = names.id("onboarding")?;
    let seen = version.required()?;
    let (kept, _) = transition::meet(&api.app, &caller.actor, id, seen, slot(when)?, &place).await?;
    Ok(changed(kept.version, Json(HandoverOut::from(kept))))
}
