//! Going live: readiness, approvals, decisions, waves, plans; pilots, hypercare, rollback and messages have files of
//! their own.

pub(crate) mod decision;
pub(crate) mod hypercare;
pub(crate) mod message;
pub(crate) mod pilot;
pub(crate) mod plan;
pub(crate) mod rollback;

use axum::Json;
use axum::response::Response;
use gangway_app::launch::{self, Query, Said, Sight};
use gangway_domain::ids::{LaunchId, OnboardingId};
use gangway_domain::launch::{Item, Mark, Proof, RollbackPlan, Wave};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Api;
use crate::caller::{Here, Sent};
use crate::etag::changed;
use crate::page::{id, limit};
use crate::problem::{Answer, Problem};

/// Which records of launches.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LaunchQuery {
    /// Only those of this onboarding (id).
    onboarding: Option<String>,
    /// Only those with this status.
    status: Option<String>,
    /// Lines on the page, 1 to 200; 50 when left out.
    #[param(minimum = 1, maximum = 200, example = 50)]
    limit: Option<u32>,
    /// Where to start: `next` of the page before.
    after: Option<String>,
}

impl LaunchQuery {
    fn read(self) -> Result<Query, Problem> {
        let Self { onboarding, status, limit: lines, after } = self;
        Ok(Query {
            before: id::<LaunchId>("after", after.as_deref())?,
            onboarding: id::<OnboardingId>("onboarding", onboarding.as_deref())?,
            status,
            limit: limit(lines)?,
        })
    }
}

/// A launch as it stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Launch)]
pub(crate) struct LaunchOut {
    /// Of which onboarding.
    onboarding: String,
    /// The planned go-live.
    go_live_on: Date,
    /// The day it went live.
    #[schema(required = true)]
    live_on: Option<Date>,
    /// The decision that counts: `go`, `conditional` or `no-go`; null while nothing was decided.
    #[schema(required = true)]
    decision: Option<String>,
    /// Where it stands, with all that happened since: `undecided`, `goes`, `refrains`, `taken-back`, or `stopped` while a
    /// trigger that rolls back at once waits for a decision.
    standing: &'static str,
    /// Why nothing goes live on the planned day; null when it may.
    #[schema(required = true)]
    barred: Option<String>,
    /// Items ready.
    items_ready: usize,
    /// All items.
    items: usize,
    /// The checklist.
    readiness: Vec<ReadinessGroupOut>,
    /// The approvals that are needed.
    approvals: Vec<ApprovalOut>,
    /// The rollout strategy.
    strategy: String,
    /// Its waves in order.
    waves: Vec<WaveOut>,
    /// What is done when it must be taken back.
    rollback_plan: RollbackPlanOut,
    /// How the first weeks are supported.
    hypercare_plan: HypercarePlanOut,
    /// The planned last day of hypercare.
    hypercare_until: Date,
    /// The criteria by which hypercare ends.
    exit_criteria: Vec<ExitOut>,
    /// `falling`, `steady` or `rising`.
    issue_trend: String,
    /// Counts changes of strategy, waves and plans, from 0; the ETag is made of it.
    version: i64,
}

/// A group of the checklist.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LaunchReadinessGroup)]
pub(crate) struct ReadinessGroupOut {
    /// Title.
    title: String,
    /// Items.
    items: Vec<ReadinessItemOut>,
}

/// An item of the checklist.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LaunchReadinessItem)]
pub(crate) struct ReadinessItemOut {
    /// Id, for saying something of it.
    id: String,
    /// In words.
    text: String,
    /// Who answers for it.
    #[schema(required = true)]
    role: Option<String>,
    /// It is ready.
    ready: bool,
    /// What it rests on: `rule`, `plan` or `word`.
    proof: &'static str,
    /// The same in words.
    because: String,
    /// What somebody said.
    #[schema(required = true)]
    said: Option<SaidOut>,
}

/// What somebody said.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LaunchWord)]
pub(crate) struct SaidOut {
    /// Yes or no.
    yes: bool,
    /// What they saw, or why not.
    note: String,
    /// Who.
    by: String,
    /// When.
    at: jiff::Timestamp,
    /// Whether they said it themselves in the portal.
    portal: bool,
}

impl From<&Mark> for SaidOut {
    fn from(mark: &Mark) -> Self {
        let Mark { yes, note, by, at, portal, .. } = mark.clone();
        Self { yes, note, by, at, portal }
    }
}

/// An approval that is needed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LaunchApproval)]
pub(crate) struct ApprovalOut {
    /// The role.
    role: String,
    /// Who has it, when known.
    #[schema(required = true)]
    person: Option<String>,
    /// What they said.
    #[schema(required = true)]
    said: Option<SaidOut>,
}

/// A wave.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LaunchWave)]
pub(crate) struct WaveOut {
    /// What people call it.
    name: String,
    /// Whom or what it holds.
    scope: String,
    /// The day it starts.
    on: Date,
    /// How many people.
    #[schema(required = true)]
    people: Option<u32>,
    /// `planned`, `live`, `held` or `rolled-back`.
    state: String,
    /// Why it is held, or such a day all the same.
    #[schema(required = true)]
    reason: Option<String>,
}

impl From<&Wave> for WaveOut {
    fn from(wave: &Wave) -> Self {
        let Wave { name, scope, on, people, state, reason, .. } = wave.clone();
        Self { name, scope, on, people, state: state.word().to_owned(), reason }
    }
}

/// What is done when a go-live must be taken back.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = RollbackPlan)]
pub(crate) struct RollbackPlanOut {
    /// Who decides.
    decider: String,
    /// Who decides in their place.
    deputy: String,
    /// The technical procedure.
    steps: String,
    /// What changes for users.
    impact: String,
    /// How long it takes.
    recovery: String,
    /// The message that goes out.
    message: String,
}

/// How the first weeks are supported.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = HypercarePlan)]
pub(crate) struct HypercarePlanOut {
    /// Who is there when.
    coverage: String,
    /// Where people report issues.
    channel: String,
    /// When both sides' leads speak every day, `09:00`.
    sync_at: String,
    /// Who comes together when something is critical.
    team: String,
}

/// A criterion by which hypercare ends.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HypercareExit)]
pub(crate) struct ExitOut {
    /// Id, for saying something of it.
    id: String,
    /// In words.
    text: String,
    /// It holds.
    met: bool,
    /// Whether facts tell, so that nobody can say it.
    by_facts: bool,
}

fn item(item: &Item) -> ReadinessItemOut {
    ReadinessItemOut {
        id: item.id.clone(),
        text: item.text.clone(),
        role: item.role.clone(),
        ready: item.is_ready(),
        proof: match item.proof {
            Proof::Rule { .. } => "rule",
            Proof::Plan { .. } => "plan",
            Proof::Word => "word",
        },
        because: item.because(),
        said: item.mark.as_ref().map(SaidOut::from),
    }
}

fn out(api: &Api, sight: &Sight) -> LaunchOut {
    let [items_ready, items] = sight.ready();
    let RollbackPlan { decider, deputy, steps, impact, recovery, message } = sight.plan.rollback.clone();
    let hypercare = sight.plan.hypercare.clone();
    LaunchOut {
        onboarding: sight.head.id.to_string(),
        go_live_on: sight.go_live_on,
        live_on: sight.live_on,
        decision: sight.decided().map(|one| one.body.verdict.word().to_owned()),
        standing: sight.standing.word(),
        barred: sight.grounds(&api.app, sight.go_live_on, false).barred,
        items_ready,
        items,
        readiness: sight
            .readiness
            .iter()
            .map(|group| ReadinessGroupOut {
                title: group.title.clone(),
                items: group.items.iter().map(item).collect(),
            })
            .collect(),
        approvals: sight
            .approvals
            .iter()
            .map(|one| ApprovalOut {
                role: one.role.clone(),
                person: one.person.clone(),
                said: one.mark.as_ref().map(SaidOut::from),
            })
            .collect(),
        strategy: sight.plan.strategy.clone(),
        waves: sight.plan.waves.iter().map(WaveOut::from).collect(),
        rollback_plan: RollbackPlanOut { decider, deputy, steps, impact, recovery, message },
        hypercare_plan: HypercarePlanOut {
            coverage: hypercare.coverage,
            channel: hypercare.channel,
            sync_at: hypercare.sync_at,
            team: hypercare.team,
        },
        hypercare_until: sight.hypercare_until,
        exit_criteria: sight
            .exits
            .iter()
            .map(|one| ExitOut {
                id: one.id.clone(),
                text: one.text.clone(),
                met: one.is_met(),
                by_facts: one.holds.is_some(),
            })
            .collect(),
        issue_trend: sight.trend.word().to_owned(),
        version: sight.version,
    }
}

fn answer(api: &Api, sight: &Sight) -> Response {
    changed(sight.version, Json(out(api, sight)))
}

/// Get the launch of an onboarding
///
/// Readiness is computed from the plan, from training and outcomes, and from what named people said.
#[utoipa::path(get, path = "/onboardings/{id}/launch", operation_id = "get_launch", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    responses((status = 200, description = "The launch.", body = LaunchOut, headers(("ETag" = String)))))]
pub(crate) async fn get(Here(api, caller, names): Here) -> Answer {
    let sight = launch::sight(&api.app, &caller.actor, names.id("onboarding")?).await?;
    Ok(answer(&api, &sight))
}

/// What somebody says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLaunchWord, example = json!({ "said": true, "note": "Restored a copy on Monday", "by": "Dana Whitfield" }))]
pub(crate) struct SaidIn {
    /// Yes or no; null takes back what was said.
    said: Option<bool>,
    /// What they saw; needed with a no.
    #[serde(default)]
    note: String,
    /// Who says it; whoever the token belongs to when left out.
    #[serde(default)]
    by: String,
}

/// Say whether an item of the readiness is ready
#[utoipa::path(post, path = "/onboardings/{id}/launch/items/{item}", operation_id = "say_readiness", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001"),
        ("item" = String, Path, description = "Id of the item.", example = "backup")),
    request_body(content = SaidIn),
    responses((status = 200, description = "The launch as it is now.", body = LaunchOut, headers(("ETag" = String)))))]
pub(crate) async fn say(Sent(api, caller, names, sent): Sent<SaidIn>) -> Answer {
    let (id, item) = (names.id("onboarding")?, names.text(1));
    let sight = match sent.said {
        Some(yes) => {
            let said = Said { yes, note: sent.note, by: sent.by };
            launch::tick(&api.app, &caller.actor, id, item, said).await?
        }
        None => launch::untick(&api.app, &caller.actor, id, item).await?,
    };
    Ok(answer(&api, &sight))
}

/// An approval.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewLaunchApproval, example = json!({ "role": "Executive sponsor", "said": true, "by": "Dana Whitfield" }))]
pub(crate) struct ApprovalIn {
    /// The role, as the launch lists it.
    #[schema(min_length = 1)]
    role: String,
    /// Yes or no; null takes the approval back.
    said: Option<bool>,
    /// Why not, with a no.
    #[serde(default)]
    note: String,
    /// Who approves; whoever the token belongs to when left out.
    #[serde(default)]
    by: String,
}

/// Record an approval of the go-live
#[utoipa::path(post, path = "/onboardings/{id}/launch/approvals", operation_id = "approve_go_live", tag = "Go-live",
    params(("id" = String, Path, description = "Id of the onboarding.", example = "onb_01900000000070008000000000000001")),
    request_body(content = ApprovalIn),
    responses((status = 200, description = "The launch as it is now.", body = LaunchOut, headers(("ETag" = String)))))]
pub(crate) async fn approve(Sent(api, caller, names, sent): Sent<ApprovalIn>) -> Answer {
    let id = names.id("onboarding")?;
    let ApprovalIn { role, said, note, by } = sent;
    let sight = match said {
        Some(yes) => launch::approve(&api.app, &caller.actor, id, &role, Said { yes, note, by }).await?,
        None => launch::withdraw_approval(&api.app, &caller.actor, id, &role).await?,
    };
    Ok(answer(&api, &sight))
}
