//! Change requests that wait for a yes of the customer: the project lead's, and the sponsor's when they are major.

use gangway_domain::change_request::State;
use gangway_domain::ids::ChangeRequestId;
use gangway_domain::methodology::ApprovalRule;
use gangway_domain::portal::{PortalRole, Resource, Right};
use gangway_domain::programme::Side;
use gangway_domain::refusal::Barrier;
use gangway_store::{Tx, change_request as rows};
use jiff::civil::Date;
use serde::Serialize;

use super::PortalTodo;
use crate::boxed;
use crate::change_request::{Opened, Step, load, opened, take_with};
use crate::error::AppError;
use crate::{Actor, App, Guest, register};

/// A change request as a guest sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangePage {
    /// Id.
    pub id: String,
    /// What is wanted, one line.
    pub title: String,
    /// What exactly.
    pub description: String,
    /// Why it is needed.
    pub why: String,
    /// Who asked.
    pub requested_by: String,
    /// When they asked.
    pub requested_on: Date,
    /// Go-live as planned when it was proposed.
    pub before: Option<Date>,
    /// And with it.
    pub after: Option<Date>,
    /// Working days of additional work on the customer's side.
    pub days: i64,
    /// What it costs.
    pub cost: Option<String>,
    /// `proposed`, `approved`, `deferred` or `rejected`.
    pub state: &'static str,
    /// Who has agreed.
    pub given: Vec<Given>,
    /// This guest is asked, and has not answered.
    pub may_decide: bool,
    /// Counts changes, from 1.
    pub version: i64,
}

/// An approval that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Given {
    /// By whom.
    pub by: String,
    /// As what.
    pub role: String,
}

/// Whether a guest is the one an approval is asked of.
fn is_theirs(guest: &Guest, rule: &ApprovalRule) -> bool {
    let wanted = if rule.id.contains("sponsor") { PortalRole::Sponsor } else { PortalRole::Lead };
    rule.side == Side::Customer && guest.role == wanted && guest.may(Resource::Approval, Right::Do)
}

/// The approval a guest is asked for and has not given.
fn asked<'a>(guest: &Guest, opened: &'a Opened) -> Option<&'a ApprovalRule> {
    if !matches!(opened.request.state, State::Proposed { .. }) {
        return None;
    }
    let open = opened.approvals.iter().find(|(rule, given)| given.is_none() && is_theirs(guest, rule));
    open.map(|(rule, _)| rule)
}

/// Change requests that wait for a guest.
pub(super) async fn todo_for(app: &App, tx: &mut Tx, guest: &Guest) -> Result<Vec<PortalTodo>, AppError> {
    if !guest.may(Resource::Approval, Right::Do) {
        return Ok(Vec::new());
    }
    let all = rows::of_onboarding(tx, guest.workspace, guest.onboarding).await?;
    let proposed: Vec<_> =
        all.into_iter().filter(|one| matches!(one.state, State::Proposed { .. })).collect();
    if proposed.is_empty() {
        return Ok(Vec::new());
    }
    let actor = Actor::guest("", *guest);
    let head = register::onboarding(tx, &actor, guest.onboarding).await?;
    let mut todo = Vec::new();
    for request in proposed {
        let (title, href) = (request.title.clone(), format!("/portal/changes/{}", request.id));
        if asked(guest, &opened(app, head.clone(), request)).is_some() {
            todo.push(PortalTodo { kind: "approval", title, href, due: None, overdue: false });
        }
    }
    Ok(todo)
}

/// A change request that was proposed, or was decided since.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn change_page(app: &App, actor: &Actor, id: ChangeRequestId) -> Result<ChangePage, AppError> {
    let guest = actor.require_guest(Resource::Approval, Right::See)?;
    let found = find(app, actor, guest, id).await?;
    let may_decide = asked(guest, &found).is_some();
    let request = found.request;
    let cost = request.cost.map(|cost| cost.words_in(guest.language));
    let said = |role: &str| app.methodology.say(guest.language, role).to_owned();
    let given = request.approvals.into_iter().map(|one| Given { role: said(&one.name), by: one.by });
    Ok(ChangePage {
        id: request.id.to_string(),
        title: request.title,
        description: request.description,
        why: request.justification,
        requested_by: request.requested_by,
        requested_on: request.requested_on,
        before: request.impact.go_live.map(|[before, _]| before),
        after: request.impact.go_live.map(|[_, after]| after),
        days: request.impact.customer_days,
        cost,
        state: request.state.word(),
        given: given.collect(),
        may_decide,
        version: request.version,
    })
}

/// A request of the guest's onboarding that is no draft any more.
async fn find(app: &App, actor: &Actor, guest: &Guest, id: ChangeRequestId) -> Result<Opened, AppError> {
    let found = load(app, actor, id).await?;
    if found.request.onboarding != guest.onboarding || matches!(found.request.state, State::Draft) {
        return Err(AppError::missing("change request", id));
    }
    Ok(found)
}

/// Agrees to a change request as whoever the guest is to the project, or does not, with the reason.
///
/// # Errors
/// [`AppError::NotForGuest`] when they are not asked, [`AppError::NotFound`], [`AppError::Invalid`],
/// [`AppError::Stale`]; or when the database fails.
#[boxed]
pub async fn decide_change(
    app: &App,
    actor: &Actor,
    id: ChangeRequestId,
    version: i64,
    no: Option<String>,
) -> Result<(), AppError> {
    let guest = actor.require_guest(Resource::Approval, Right::Do)?;
    let found = find(app, actor, guest, id).await?;
    let rule = asked(guest, &found).ok_or(AppError::NotForGuest)?;
    let step = match no {
        None => Step::Approve { approval: rule.id.clone(), by: actor.name.clone() },
        Some(reason) => Step::Reject { reason },
    };
    match take_with(app, actor, id, version, step).await {
        Ok(_) => Ok(()),
        // Why it is over is the team's to know.
        Err(AppError::Refusal(_)) => Err(AppError::Barred(Barrier::ChangeDecided)),
        Err(error) => Err(error),
    }
}
