//! Change requests: what somebody wants changed of what was agreed, what that does to dates and work, who agrees.
//! Approved by everybody needed, the plan changes in the same transaction, and the ledger names the request.

use gangway_domain::change_request::{
    self as rules, Approval, Impact, Priority, Recommendation, Refusal, State,
};
use gangway_domain::ids::{ChangeRequestId, OnboardingId};
use gangway_domain::methodology::ApprovalRule;
use gangway_domain::money::Money;
use gangway_domain::permission::Action;
use gangway_domain::programme::Side;
use gangway_domain::refusal::Fault;
use gangway_domain::work::{Because, Change, Origin, RunningPlan, RunningTask, TaskState};
use gangway_store::numbered::{self, Numbered};
use gangway_store::onboarding::head::Head;
use gangway_store::{Tx, change_request as rows};
use jiff::civil::Date;

use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{checked_name, none_of};
use crate::register::{checked_prose, checked_title, needed_prose, onboarding, record};
use crate::{Actor, App, page, version, work};

pub use gangway_store::change_request::{ChangeRequest, Query};

/// Most changes of the plan in one request.
const MOST_CHANGES: usize = 50;

/// What a request says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What is wanted, one line.
    pub title: String,
    /// What exactly.
    pub description: String,
    /// Why it is needed.
    pub justification: String,
    /// Who asked.
    pub requested_by: String,
    /// Whose wish it is.
    pub side: Side,
    /// When they asked; today when left out.
    pub requested_on: Option<Date>,
    /// How urgent it is.
    pub priority: Priority,
    /// What it would change of the plan.
    pub changes: Vec<Change>,
    /// What it costs.
    pub cost: Option<Money>,
    /// New risks it brings, in words.
    pub risk: String,
    /// What whoever prepared it advises.
    pub recommendation: Option<Recommendation>,
}

impl From<&ChangeRequest> for Draft {
    fn from(request: &ChangeRequest) -> Self {
        Self {
            title: request.title.clone(),
            description: request.description.clone(),
            justification: request.justification.clone(),
            requested_by: request.requested_by.clone(),
            side: request.side,
            requested_on: Some(request.requested_on),
            priority: request.priority,
            changes: request.changes.clone(),
            cost: request.cost,
            risk: request.risk.clone(),
            recommendation: request.recommendation,
        }
    }
}

/// The change requests of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requests {
    /// The onboarding.
    pub head: Head,
    /// The newest first.
    pub requests: Vec<ChangeRequest>,
    /// By how much approved requests grew the work, in tenths of a percent of the original work.
    pub growth: Option<i64>,
    /// The growth must stay below this, percent.
    pub below_percent: u32,
}

/// A request with who must approve it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The onboarding.
    pub head: Head,
    /// The request.
    pub request: ChangeRequest,
    /// Why it is major; nothing when it is not.
    pub major: Option<String>,
    /// Whose approval it needs, with those that were given.
    pub approvals: Vec<(ApprovalRule, Option<Approval>)>,
}

/// What changes would do to the dates and the work of a plan: a copy is scheduled, nothing is kept.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails. What the plan refuses is told by
/// the impact itself.
#[boxed]
pub async fn impact(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    changes: Vec<Change>,
) -> Result<Impact, AppError> {
    actor.require(Action::Look)?;
    let (_, stored) = work::stored(app, actor, id).await?;
    if changes.is_empty() {
        return Ok(Impact::default());
    }
    match work::preview(app, actor, id, None, changes).await {
        Ok(outcome) => {
            let days = |from: Date, to: Date| i64::from((to - from).get_days());
            let (was, is) = (outcome.before, outcome.after);
            let [vendor, customer] = effort(&stored.plan, |_| true);
            let [vendor_now, customer_now] = effort(&outcome.plan, |_| true);
            Ok(Impact {
                go_live: Some([was.go_live, is.go_live]),
                finish: Some([was.finish, is.finish]),
                go_live_days: days(was.go_live, is.go_live),
                finish_days: days(was.finish, is.finish),
                vendor_days: vendor_now - vendor,
                customer_days: customer_now - customer,
                moved: moved(&stored.plan, &outcome.plan),
                problem: None,
            })
        }
        Err(error @ (AppError::Invalid(_) | AppError::Refusal(_) | AppError::Barred(_))) => {
            Ok(Impact { problem: Some(error.to_string()), ..Impact::default() })
        }
        Err(error) => Err(error),
    }
}

/// Working days of the vendor and of the customer; joint tasks count on both sides.
fn effort(plan: &RunningPlan, counts: impl Fn(&RunningTask) -> bool) -> [i64; 2] {
    let tasks = plan.tasks.iter().filter(|task| !matches!(task.state, TaskState::Skipped { .. }));
    tasks.filter(|task| counts(task)).fold([0, 0], |[vendor, customer], task| {
        let days = i64::from(task.days);
        match task.side {
            Side::Vendor => [vendor + days, customer],
            Side::Customer => [vendor, customer + days],
            Side::Joint => [vendor + days, customer + days],
        }
    })
}

fn moved(before: &RunningPlan, after: &RunningPlan) -> u32 {
    let moved = after.tasks.iter().filter(|task| {
        let was = before.tasks.iter().find(|known| known.code == task.code);
        was.is_some_and(|was| was.start != task.start || was.finish != task.finish)
    });
    u32::try_from(moved.count()).unwrap_or(u32::MAX)
}

/// By how much approved requests let the work grow, in whole per cent of what was first planned; rounded up, so that
/// whatever is above a limit is seen to be.
pub(crate) fn growth_percent(plan: &RunningPlan, requests: &[ChangeRequest]) -> Option<i64> {
    let [vendor, customer] = effort(plan, |task| task.origin == Origin::Programme);
    let approved = requests.iter().filter(|one| matches!(one.state, State::Approved { .. }));
    rules::growth(vendor + customer, approved.map(|one| one.impact.effort()))
        .map(|thousandths| thousandths.saturating_add(9) / 10)
}

/// The change requests of an onboarding, and how far they let the work grow.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(app: &App, actor: &Actor, id: OnboardingId) -> Result<Requests, AppError> {
    actor.require(Action::Look)?;
    let (head, stored) = work::stored(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    let requests = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    let [vendor, customer] = effort(&stored.plan, |task| task.origin == Origin::Programme);
    let approved = requests.iter().filter(|one| matches!(one.state, State::Approved { .. }));
    let growth = rules::growth(vendor + customer, approved.map(|one| one.impact.effort()));
    let below_percent = app.methodology.governance.change.growth_below_percent;
    Ok(Requests { head, requests, growth, below_percent })
}

/// Change requests of the actor's workspace, the newest first, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor, query: Query) -> Result<(Vec<ChangeRequest>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    page::read(query.limit, async |limit| {
        rows::page(&mut tx, actor.workspace, &Query { limit, ..query }).await
    })
    .await
}

/// One request with who must approve it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: ChangeRequestId) -> Result<Opened, AppError> {
    actor.require(Action::Look)?;
    load(app, actor, id).await
}

/// The same for whoever has asked for permission.
pub(crate) async fn load(app: &App, actor: &Actor, id: ChangeRequestId) -> Result<Opened, AppError> {
    let mut tx = app.db.read().await?;
    let request = find(&mut tx, actor, id).await?;
    let head = onboarding(&mut tx, actor, request.onboarding).await?;
    Ok(opened(app, head, request))
}

pub(crate) fn opened(app: &App, head: Head, request: ChangeRequest) -> Opened {
    let governance = &app.methodology.governance;
    let major = rules::major(governance, &request.impact, request.cost, head.acv);
    let approvals = rules::needed(governance, major.is_some())
        .map(|rule| {
            let given = request.approvals.iter().find(|given| given.id == rule.id);
            (rule.clone(), given.cloned())
        })
        .collect();
    Opened { head, request, major, approvals }
}

/// Writes a request down.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Overtaken`] when somebody else
/// added one in the same moment; or when the database fails.
#[boxed]
pub async fn add(app: &App, actor: &Actor, id: OnboardingId, draft: Draft) -> Result<Opened, AppError> {
    actor.require(Action::RunOnboarding)?;
    let draft = checked(draft, app.today())?;
    let impact = impact(app, actor, id, draft.changes.clone()).await?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let request = ChangeRequest {
        id: ChangeRequestId::fresh(&*app.ids),
        onboarding: id,
        number: numbered::next(&mut tx, actor.workspace, id, Numbered::ChangeRequest).await?,
        title: draft.title,
        description: draft.description,
        justification: draft.justification,
        requested_by: draft.requested_by,
        side: draft.side,
        requested_on: draft.requested_on.unwrap_or_else(|| app.today()),
        priority: draft.priority,
        changes: draft.changes,
        impact,
        cost: draft.cost,
        risk: draft.risk,
        recommendation: draft.recommendation,
        state: State::Draft,
        approvals: Vec::new(),
        created_by: actor.name.clone(),
        created_at: app.now(),
        version: 1,
    };
    rows::insert(&mut tx, actor.workspace, &request).await.map_err(AppError::overtaken)?;
    let summary = format!("Wrote the change request CR-{}: {}", request.number, request.title);
    record(app, &mut tx, actor, &head, "change_request.added", summary).await?;
    tx.commit().await?;
    Ok(opened(app, head, request))
}

/// Says something else, while it is a draft; the impact is computed again.
///
/// # Errors
/// [`AppError::Refusal`] when it was proposed, [`AppError::Stale`] when its version is not `version` any more;
/// otherwise as [`add`].
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: ChangeRequestId,
    version: i64,
    draft: Draft,
) -> Result<Opened, AppError> {
    actor.require(Action::RunOnboarding)?;
    let draft = checked(draft, app.today())?;
    let before = get(app, actor, id).await?.request;
    let impact = impact(app, actor, before.onboarding, draft.changes.clone()).await?;
    let mut tx = app.db.write().await?;
    let known = fresh(&mut tx, actor, id, version).await?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let state = known.state.clone().edited().map_err(AppError::refused)?;
    let wanted = ChangeRequest {
        title: draft.title,
        description: draft.description,
        justification: draft.justification,
        requested_by: draft.requested_by,
        side: draft.side,
        requested_on: draft.requested_on.unwrap_or(known.requested_on),
        priority: draft.priority,
        changes: draft.changes,
        impact,
        cost: draft.cost,
        risk: draft.risk,
        recommendation: draft.recommendation,
        state,
        ..known
    };
    let summary = format!("Changed the change request CR-{}: {}", wanted.number, wanted.title);
    let kept = keep(&mut tx, actor, wanted).await?;
    record(app, &mut tx, actor, &head, "change_request.changed", summary).await?;
    tx.commit().await?;
    Ok(opened(app, head, kept))
}

/// A step of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// It goes to those who approve; the impact is computed again.
    Propose,
    /// It goes back to whoever writes it; approvals are void.
    TakeBack,
    /// One of those needed approves. With the last approval the plan changes.
    Approve {
        /// The approval (id in `governance.toml`).
        approval: String,
        /// Who approves.
        by: String,
    },
    /// It waits until after the go-live.
    Defer {
        /// Why.
        reason: String,
    },
    /// It will not be done.
    Reject {
        /// Why.
        reason: String,
    },
}

/// Takes a step, when the request is still what it was when it was looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] when its state or
/// the plan does not allow it, [`AppError::Stale`] when its version is not `version` any more; or when the database
/// fails. Nothing is changed then.
#[boxed]
pub async fn take(
    app: &App,
    actor: &Actor,
    id: ChangeRequestId,
    version: i64,
    step: Step,
) -> Result<Opened, AppError> {
    actor.require(Action::RunOnboarding)?;
    take_with(app, actor, id, version, step).await
}

/// The same for whoever has asked for permission.
pub(crate) async fn take_with(
    app: &App,
    actor: &Actor,
    id: ChangeRequestId,
    version: i64,
    step: Step,
) -> Result<Opened, AppError> {
    let before = load(app, actor, id).await?;
    let now = app.clock.now();
    let mut problems = Vec::new();
    let mut wanted = before.request.clone();
    let code = format!("CR-{}: {}", wanted.number, wanted.title);
    let (state, kind, summary): (Result<State, Refusal>, _, _) = match step {
        Step::Propose => {
            wanted.impact = impact(app, actor, wanted.onboarding, wanted.changes.clone()).await?;
            if let Some(problem) = &wanted.impact.problem {
                return Err(AppError::Refusal(format!("the plan does not allow it: {problem}")));
            }
            (wanted.state.clone().propose(now), "change_request.proposed", format!("Proposed {code}"))
        }
        Step::TakeBack => {
            wanted.approvals.clear();
            (wanted.state.clone().take_back(), "change_request.taken_back", format!("Took back {code}"))
        }
        Step::Approve { approval, by } => {
            let by = checked_name("by", &by, &mut problems);
            let rule = before.approvals.iter().find(|(rule, _)| rule.id == approval);
            match rule {
                Some((rule, None)) => wanted.approvals.push(Approval {
                    id: rule.id.clone(),
                    name: rule.name.clone(),
                    side: rule.side,
                    recorded_by: (by != actor.name).then(|| actor.name.clone()),
                    by: by.clone(),
                    at: now,
                }),
                Some((_, Some(_))) => problems.push(Problem::of("approval", Fault::GivenAlready)),
                None => problems.push(Problem::of("approval", Fault::NotNeeded)),
            }
            let name = rule.map(|(rule, _)| rule.name.clone()).unwrap_or_default();
            let summary = format!("{by} ({name}) approved {code}");
            // Only what was proposed can be approved, also while others are still to be heard.
            let approved = wanted.state.clone().approve(now);
            let all = before.approvals.len() == wanted.approvals.len();
            let state = approved.map(|approved| if all { approved } else { wanted.state.clone() });
            (state, "change_request.approved", summary)
        }
        Step::Defer { reason } => {
            let reason = needed_prose("reason", &reason, &mut problems);
            let summary = format!("Deferred {code}: {reason}");
            let state = wanted.state.clone().defer(actor.name.clone(), now, reason);
            (state, "change_request.deferred", summary)
        }
        Step::Reject { reason } => {
            let reason = needed_prose("reason", &reason, &mut problems);
            let summary = format!("Rejected {code}: {reason}");
            let state = wanted.state.clone().reject(actor.name.clone(), now, reason);
            (state, "change_request.rejected", summary)
        }
    };
    none_of(problems)?;
    wanted.state = state.map_err(AppError::refused)?;
    if wanted.changes.iter().any(|change| matches!(change, Change::Waive { .. })) {
        actor.require(Action::WaiveGates)?;
    }
    let mut tx = app.db.write().await?;
    fresh(&mut tx, actor, id, version).await?;
    let is_done = matches!(wanted.state, State::Approved { .. });
    let kept = keep(&mut tx, actor, wanted).await?;
    record(app, &mut tx, actor, &before.head, kind, summary).await?;
    if is_done && !kept.changes.is_empty() {
        let because = Because { summary: format!("CR-{} {}", kept.number, kept.title), side: kept.side };
        let changes = kept.changes.iter().cloned().map(|change| ours(change, kept.id)).collect();
        work::change_with(app, &mut tx, actor, kept.onboarding, None, changes, Some(because)).await?;
    }
    tx.commit().await?;
    Ok(opened(app, before.head, kept))
}

/// Tasks a request adds say where they come from.
fn ours(change: Change, id: ChangeRequestId) -> Change {
    match change {
        Change::Add { mut task } => {
            task.origin = Origin::ChangeRequest(id);
            Change::Add { task }
        }
        Change::Bundle { name, mut tasks } => {
            for task in &mut tasks {
                task.origin = Origin::ChangeRequest(id);
            }
            Change::Bundle { name, tasks }
        }
        other => other,
    }
}

async fn find(tx: &mut Tx, actor: &Actor, id: ChangeRequestId) -> Result<ChangeRequest, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("change request", id))
}

async fn fresh(
    tx: &mut Tx,
    actor: &Actor,
    id: ChangeRequestId,
    seen: i64,
) -> Result<ChangeRequest, AppError> {
    let known = find(tx, actor, id).await?;
    version::fresh("change request", known.version, seen)?;
    Ok(known)
}

async fn keep(tx: &mut Tx, actor: &Actor, request: ChangeRequest) -> Result<ChangeRequest, AppError> {
    let done = rows::change(tx, actor.workspace, &request).await?;
    let version = version::after("change request", request.version, done)?;
    Ok(ChangeRequest { version, ..request })
}

fn checked(draft: Draft, today: Date) -> Result<Draft, AppError> {
    let mut problems = Vec::new();
    let title = checked_title(&draft.title, &mut problems);
    let description = checked_prose("description", &draft.description, &mut problems);
    let justification = needed_prose("justification", &draft.justification, &mut problems);
    let requested_by = checked_name("requested_by", &draft.requested_by, &mut problems);
    let risk = checked_prose("risk", &draft.risk, &mut problems);
    if draft.requested_on.is_some_and(|day| day > today) {
        problems.push(Problem::new("requested_on", "is still to come"));
    }
    if draft.changes.len() > MOST_CHANGES {
        problems.push(Problem::new("changes", format!("must be {MOST_CHANGES} at most")));
    }
    if draft.cost.is_some_and(|cost| cost.minor < 0) {
        problems.push(Problem::new("cost", "must be 0 or more"));
    }
    none_of(problems)?;
    Ok(Draft { title, description, justification, requested_by, risk, ..draft })
}
