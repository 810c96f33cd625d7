//! Changes of a plan, their ledger, and baselines.

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use gangway_app::work::{self, Ledger, Outcome};
use gangway_app::workload;
use gangway_domain::ids::OnboardingId;
use gangway_domain::programme::Side;
use gangway_domain::work::{Because, Change, Movement, Promise};
use gangway_store::work::baseline::Baseline;
use gangway_store::work::ledger::Line;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::caller::{Here, Sent};
use crate::description;
use crate::etag::{IfMatch, changed};
use crate::input::QueryOf;
use crate::page::{Page, PageQuery, limit, place};
use crate::problem::{Answer, Problem};
use crate::resource::instant;
use crate::resource::workload::{OverloadOut, overloads};

/// Changes of a plan, made in order; all of them, or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "changes": [{ "kind": "finish", "task": "kickoff-meeting", "on": "2027-01-11" }],
    "because": { "summary": "The customer brought the meeting forward", "side": "customer" }
}))]
pub(crate) struct ChangesIn {
    /// The changes; tasks and milestones are named by their codes.
    #[schema(schema_with = description::plan_changes)]
    changes: Vec<Change>,
    /// What the ledger says beside, and who answers for it; whose task it is when left out.
    because: Option<BecauseIn>,
}

/// Why a plan is changed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BecauseIn {
    /// Why, one line; may be empty.
    #[schema(max_length = 300)]
    summary: String,
    /// Who answers for it: `vendor`, `customer` or `joint`.
    #[schema(value_type = String)]
    side: Side,
}

/// What became of a plan.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanOutcome)]
pub(crate) struct OutcomeOut {
    /// Counts the plan's changes, from 1.
    revision: i64,
    /// Number by which all of it can be taken back; null when nothing was kept.
    #[schema(required = true)]
    number: Option<i64>,
    /// The dates before.
    before: PromiseOut,
    /// And after.
    after: PromiseOut,
    /// What happened, in order.
    entries: Vec<EntryOut>,
    /// Weeks in which members who were given tasks now have more to do than time, the fullest of each.
    pub(super) overloads: Vec<OverloadOut>,
}

/// The dates by which an onboarding is measured.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanDates)]
pub(crate) struct PromiseOut {
    /// Go-live.
    go_live_on: Date,
    /// The end.
    finish_on: Date,
}

/// A change, and what it did to the dates.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanChangeEntry)]
pub(crate) struct EntryOut {
    /// Its number, from 1; null for what was not kept.
    #[schema(required = true)]
    number: Option<i64>,
    /// What kind of change, such as `finish` or `slip`.
    kind: String,
    /// What was changed (codes).
    subjects: Vec<String>,
    /// In words.
    summary: String,
    /// Who answers for it: `vendor`, `customer` or `joint`.
    #[schema(value_type = String)]
    side: Side,
    /// Calendar days by which it moved the go-live; negative when it came forward.
    go_live_days: i64,
    /// Calendar days by which it moved the end.
    finish_days: i64,
    /// The dates before.
    before: PromiseOut,
    /// And after.
    after: PromiseOut,
    /// Every task and milestone whose last day moved.
    moves: Vec<MoveOut>,
    /// When; null for what was not kept.
    #[schema(required = true)]
    at: Option<jiff::Timestamp>,
    /// Who made it; null for what was not kept.
    #[schema(required = true)]
    by: Option<String>,
    /// The number that took it back.
    #[schema(required = true)]
    undone_by: Option<i64>,
}

/// A task or milestone whose last day moved.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanMove)]
pub(crate) struct MoveOut {
    /// Which (code).
    code: String,
    /// Its last day before.
    from: Date,
    /// And after.
    to: Date,
}

impl From<Promise> for PromiseOut {
    fn from(promise: Promise) -> Self {
        Self { go_live_on: promise.go_live, finish_on: promise.finish }
    }
}

fn moves(moves: Vec<Movement>) -> Vec<MoveOut> {
    moves.into_iter().map(|Movement { code, from, to }| MoveOut { code, from, to }).collect()
}

fn days(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

impl From<Outcome> for OutcomeOut {
    fn from(outcome: Outcome) -> Self {
        let Outcome { revision, batch, entries, before, after, .. } = outcome;
        let first = batch;
        let entries = (0_i64..).zip(entries).map(|(place, entry)| EntryOut {
            number: first.map(|first| first + place),
            kind: entry.kind.to_owned(),
            go_live_days: entry.go_live_days(),
            finish_days: entry.finish_days(),
            subjects: entry.subjects,
            summary: entry.summary,
            side: entry.side,
            before: entry.before.into(),
            after: entry.after.into(),
            moves: moves(entry.moves),
            at: None,
            by: None,
            undone_by: None,
        });
        let entries = entries.collect();
        let overloads = Vec::new();
        Self { revision, number: batch, before: before.into(), after: after.into(), entries, overloads }
    }
}

impl From<Line> for EntryOut {
    fn from(line: Line) -> Self {
        Self {
            number: Some(line.number),
            kind: line.kind,
            subjects: line.subjects,
            summary: line.summary,
            side: line.side,
            go_live_days: days(line.before.go_live, line.after.go_live),
            finish_days: days(line.before.finish, line.after.finish),
            before: line.before.into(),
            after: line.after.into(),
            moves: moves(line.moves),
            at: Some(instant(line.at)),
            by: Some(line.by),
            undone_by: line.undone_by,
        }
    }
}

/// What the ledger says beside, when somebody says so.
pub(super) fn because(sent: Option<BecauseIn>) -> Result<Option<Because>, Problem> {
    let because = sent.map(|BecauseIn { summary, side }| Because { summary, side });
    if because.as_ref().is_some_and(|because| because.summary.chars().count() > 300) {
        return Err(Problem::field("because.summary", "is longer than 300 characters"));
    }
    Ok(because)
}

/// Change a plan
///
/// Everything is scheduled again, and the ledger says why dates moved. Days that passed without the work planned for
/// them are entries of their own. 409 says which change the plan does not allow; then nothing was changed.
#[utoipa::path(post, path = "/onboardings/{id}/plan-changes", operation_id = "change_plan", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = Option<String>, Header, description = "Revision of the plan that was read.", example = "\"1\"")),
    request_body(content = ChangesIn),
    responses((status = 200, description = "What followed.", body = OutcomeOut, headers(("ETag" = String)))))]
pub(crate) async fn change(
    IfMatch(revision): IfMatch,
    Sent(api, caller, names, sent): Sent<ChangesIn>,
) -> Answer {
    let ChangesIn { changes, because } = sent;
    let because = self::because(because)?;
    let id: OnboardingId = names.id("onboarding")?;
    let given = workload::given(&changes);
    let outcome = work::change_because(&api.app, &caller.actor, id, revision, changes, because).await?;
    let overloads = overloads(&api, &caller, id, given).await?;
    let revision = outcome.revision;
    Ok(changed(revision, Json(OutcomeOut { overloads, ..OutcomeOut::from(outcome) })))
}

/// Try changes of a plan out
///
/// The same answer as for changing it; nothing is kept.
#[utoipa::path(post, path = "/onboardings/{id}/plan-preview", operation_id = "preview_plan_changes", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = ChangesIn),
    responses((status = 200, description = "What would follow.", body = OutcomeOut)))]
pub(crate) async fn preview(
    Sent(api, caller, names, sent): Sent<ChangesIn>,
) -> Result<Json<OutcomeOut>, Problem> {
    let id: OnboardingId = names.id("onboarding")?;
    let outcome = work::preview(&api.app, &caller.actor, id, None, sent.changes).await?;
    Ok(Json(outcome.into()))
}

/// List why the dates of a plan moved
///
/// The ledger, newest first: each entry begins with the dates the one before it ended with, so that their
/// movements sum to the movement of the whole.
#[utoipa::path(get, path = "/onboardings/{id}/plan-changes", operation_id = "list_plan_changes", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"), PageQuery),
    responses((status = 200, description = "A page of the ledger.", body = Page<EntryOut>)))]
pub(crate) async fn ledger(
    Here(api, caller, names): Here,
    QueryOf(query): QueryOf<PageQuery>,
) -> Result<Json<Page<EntryOut>>, Problem> {
    let before = place(query.after.as_deref())?;
    let lines = limit(query.limit)?;
    let id: OnboardingId = names.id("onboarding")?;
    let Ledger { lines, more, .. } = work::ledger(&api.app, &caller.actor, id, before, lines).await?;
    let items = lines.into_iter().map(EntryOut::from);
    Ok(Json(Page::after_last(items, more, |entry| entry.number.unwrap_or_default().to_string())))
}

/// Take changes of a plan back
///
/// Everything that was changed with the one of this number, when nothing of it was changed again since.
#[utoipa::path(post, path = "/onboardings/{id}/plan-changes/{number}/undo", operation_id = "undo_plan_change", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("number" = String, Path, description = "Number of the first entry of what was changed at once.", example = "1")),
    responses((status = 200, description = "What followed.", body = OutcomeOut)))]
pub(crate) async fn undo(Here(api, caller, names): Here) -> Result<Json<OutcomeOut>, Problem> {
    let number = names.second("change")?;
    let outcome = work::undo(&api.app, &caller.actor, names.id("onboarding")?, number).await?;
    Ok(Json(outcome.into()))
}

/// Dates as they were agreed once.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Baseline, example = json!({
    "number": 0, "at": "2027-01-04T09:00:00Z", "by": "Ines Okafor", "reason": "As it was planned",
    "go_live_on": "2027-03-11", "finish_on": "2027-04-09"
}))]
pub(crate) struct BaselineOut {
    /// Its number; 0 is the plan as it was made.
    number: i64,
    /// When it was agreed.
    at: jiff::Timestamp,
    /// By whom.
    by: String,
    /// Why.
    reason: String,
    /// Go-live.
    go_live_on: Date,
    /// The end.
    finish_on: Date,
}

impl From<Baseline> for BaselineOut {
    fn from(baseline: Baseline) -> Self {
        let Baseline { number, at, by, reason, go_live_on, finish_on } = baseline;
        Self { number, at: instant(at), by, reason, go_live_on, finish_on }
    }
}

/// List the baselines of a plan
///
/// Dates as they were agreed, oldest first. On one page.
#[utoipa::path(get, path = "/onboardings/{id}/baselines", operation_id = "list_baselines", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The baselines.", body = Page<BaselineOut>)))]
pub(crate) async fn baselines(Here(api, caller, names): Here) -> Result<Json<Page<BaselineOut>>, Problem> {
    let known = work::baselines(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(Json(Page::whole(known.into_iter().map(BaselineOut::from))))
}

/// Why dates are agreed anew.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Agreed with the sponsor on 3 February" }))]
pub(crate) struct BaselineIn {
    /// Why, at most 500 characters.
    #[schema(min_length = 1, max_length = 500)]
    reason: String,
}

/// Agree on the dates of a plan anew
///
/// What was agreed before is kept beside.
#[utoipa::path(post, path = "/onboardings/{id}/baselines", operation_id = "keep_baseline", tag = "Plan",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("If-Match" = Option<String>, Header, description = "Revision of the plan that was read.", example = "\"1\"")),
    request_body(content = BaselineIn),
    responses((status = 201, description = "The baseline.", body = BaselineOut)))]
pub(crate) async fn keep_baseline(
    IfMatch(revision): IfMatch,
    Sent(api, caller, names, BaselineIn { reason }): Sent<BaselineIn>,
) -> Answer {
    let id: OnboardingId = names.id("onboarding")?;
    let number = work::keep_baseline(&api.app, &caller.actor, id, revision, &reason).await?;
    let known = work::baselines(&api.app, &caller.actor, id).await?;
    let made = known.into_iter().find(|one| one.number == number).map(BaselineOut::from);
    Ok((StatusCode::CREATED, Json(made)).into_response())
}
