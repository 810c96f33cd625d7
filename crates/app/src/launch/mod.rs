//! Going live: everything about the launch of an onboarding, from the pilot to the end of hypercare.

mod decision;
mod guest;
mod hypercare;
mod mark;
mod message;
mod overdue;
mod pilot;
mod plan;
mod review;
mod rollback;
mod round;
mod seen;

use gangway_domain::ids::{ContactId, LaunchId, OnboardingId};
use gangway_domain::launch::{
    Course, Decision, Exit, Feedback, Grounds, Group, Issue, LaunchPlan, Mark, Message, Missing, Outlook,
    Pilot, Recorded, Signal, Standing, Sync, Trend, outlook, stopped_by,
};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Action;
use gangway_domain::portal::PortalRole;
use gangway_domain::rule::Facts;
use gangway_domain::work::RunningPlan;
use gangway_store::Tx;
use gangway_store::launch::{self as rows, Record};
use gangway_store::onboarding::head::Head;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App, page, version, work};

pub use decision::{Choice, ConditionDraft, WaiverDraft, decide, let_go, meet_condition, shift};
pub use gangway_store::launch::{Query, Record as LaunchRecord};
pub use guest::{
    GuestApproval, GuestGroup, GuestItem, GuestLaunch, approve_as_guest, confirm_as_guest, for_guest,
};
pub use hypercare::{IssueChanges, IssueDraft, change_issue, end, raise_issue, sync, take_issue};
pub use mark::{Said, approve, say_exit, tick, untick, withdraw_approval};
pub use message::{
    ReleaseDraft, change as change_message, hold as hold_message, release as release_message,
    send as send_message, write as write_message,
};
pub use overdue::{Clock, LateClock};
pub use pilot::{
    Candidate, PilotDraft, add as add_pilot, begin as begin_pilot, candidates as pilot_candidates,
    change as change_pilot, feedback as add_feedback, judge as judge_pilot, measure as measure_pilot,
};
pub use plan::{HypercareDraft, WaveDraft, move_wave, plan_hypercare, plan_rollback, plan_waves, strategy};
pub use rollback::{SignalStep, observe, raise as raise_signal, take as take_signal};
pub use round::{JOB, Messages, schedule};

pub(crate) use guest::todo_for;
pub(crate) use hypercare::raise_in;
pub(crate) use overdue::overdue;
pub(crate) use pilot::renamed;
pub(crate) use review::{ready, review};
pub(crate) use seen::{facts_in, facts_of};

/// An approval that is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The role.
    pub role: String,
    /// Who has it, when known: as they are called now, when they are a contact.
    pub person: Option<String>,
    /// Which contact that is.
    pub contact: Option<ContactId>,
    /// Which guests of the portal give it; none for roles of ours.
    pub guest: Option<PortalRole>,
    /// What they said.
    pub mark: Option<Mark>,
}

impl Approval {
    /// It is given.
    #[must_use]
    pub fn is_given(&self) -> bool {
        self.mark.as_ref().is_some_and(|mark| mark.yes)
    }
}

/// The launch of an onboarding as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight {
    /// The onboarding.
    pub head: Head,
    /// What it is planned with: what somebody planned, else what follows from programme and plan.
    pub plan: LaunchPlan,
    /// Its version; 0 while nobody has planned anything.
    pub version: i64,
    /// The plan as it is worked.
    pub running: RunningPlan,
    /// The product, as documents call it.
    pub product: String,
    /// The use case in a few words; may be empty.
    pub use_case: String,
    /// The checklist as it stands.
    pub readiness: Vec<Group>,
    /// The approvals that are needed.
    pub approvals: Vec<Approval>,
    /// Decisions, the newest first.
    pub decisions: Vec<Record<Decision>>,
    /// Pilots, the newest first.
    pub pilots: Vec<Record<Pilot>>,
    /// Feedback, the newest first.
    pub feedback: Vec<Record<Feedback>>,
    /// Issues, the newest first.
    pub issues: Vec<Record<Issue>>,
    /// How many come in.
    pub trend: Trend,
    /// Daily syncs, the newest first.
    pub syncs: Vec<Record<Sync>>,
    /// Where the go-live stands: what was decided last, unless it was taken back.
    pub standing: Standing,
    /// What a leader said when it was to go on without a decision.
    pub let_go: Option<Mark>,
    /// The clock the account lives by.
    pub zone: TimeZone,
    /// Messages, the newest first.
    pub messages: Vec<Record<Message>>,
    /// Rollback triggers, the newest first.
    pub signals: Vec<Record<Signal>>,
    /// The criteria by which hypercare ends.
    pub exits: Vec<Exit>,
    /// The facts rules see.
    pub facts: Facts,
    /// The planned go-live.
    pub go_live_on: Date,
    /// The day it went live, once it has.
    pub live_on: Option<Date>,
    /// The planned last day of hypercare.
    pub hypercare_until: Date,
    /// People in a pilot, least and most, when users are known.
    pub pilot_bounds: Option<[u32; 2]>,
    /// The day it was looked at.
    pub today: Date,
}

impl Sight {
    /// Items ready, and all there are.
    #[must_use]
    pub fn ready(&self) -> [usize; 2] {
        let all = self.readiness.iter().map(|group| group.items.len()).sum();
        [self.readiness.iter().map(Group::ready).sum(), all]
    }

    /// What a decision for this day would stand on.
    #[must_use]
    pub fn grounds(&self, app: &App, on: Date, excepted: bool) -> Grounds {
        let items = self.readiness.iter().flat_map(|group| &group.items).filter(|item| !item.is_ready());
        let unapproved = self.approvals.iter().filter(|one| !one.is_given());
        Grounds {
            missing: items
                .map(|item| Missing {
                    id: item.id.clone(),
                    text: format!("{}: {}", item.text, item.because()),
                })
                .collect(),
            unapproved: unapproved.map(|one| one.role.clone()).collect(),
            pilot: seen::pilot_fact(&self.pilots),
            barred: gangway_domain::launch::barred(&app.methodology.golive, &self.running, on),
            excepted,
        }
    }

    /// The decision that counts: the newest that was not refused.
    #[must_use]
    pub fn decided(&self) -> Option<&Record<Decision>> {
        use gangway_domain::launch::Verdict;
        self.decisions.iter().find(|one| one.body.verdict != Verdict::Refused)
    }

    /// It may go live: what was taken back or is stopped may not, whatever was decided before.
    #[must_use]
    pub fn may_go(&self) -> bool {
        self.standing.goes()
    }

    /// Whether somebody may decide: until it is live, and again once it was taken back.
    #[must_use]
    pub fn is_to_decide(&self) -> bool {
        self.live_on.is_none() || self.standing == Standing::TakenBack
    }

    /// Why nothing goes on, in a sentence without full stop, while a trigger that rolls back at once waits for a decision.
    #[must_use]
    pub fn stopped(&self) -> Option<String> {
        let signal = stopped_by(self.signals.iter().map(|one| &one.body))?;
        Some(format!("“{}” was set off: decide whether to roll back first", signal.trigger))
    }

    /// Whether a message goes out by itself, and when; nothing unless it was released and is still to be sent.
    #[must_use]
    pub fn outlook(&self, app: &App, message: &Message) -> Option<Outlook> {
        let release = message.release.as_ref().filter(|_| message.sent.is_none())?;
        if self.is_closed() {
            return Some(Outlook::Over);
        }
        let moments = &app.methodology.golive.launch.messages;
        let known = moments.iter().find(|known| known.id == message.moment)?;
        Some(outlook(moments, known, release, &self.course(), &self.zone, app.clock.now()))
    }

    /// The onboarding was closed before it was complete.
    fn is_closed(&self) -> bool {
        matches!(self.head.state, OnboardingState::Closed { .. })
    }

    /// What messages ask of the go-live.
    fn course(&self) -> Course {
        let go_live = self.live_on.unwrap_or(self.go_live_on);
        Course { go_live, live: self.live_on.is_some(), standing: self.standing }
    }

    /// Every criterion by which hypercare ends holds.
    #[must_use]
    pub fn is_stable(&self) -> bool {
        self.live_on.is_some() && self.exits.iter().all(Exit::is_met)
    }
}

/// The launch of an onboarding as it stands.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn sight(app: &App, actor: &Actor, id: OnboardingId) -> Result<Sight, AppError> {
    actor.require(Action::Look)?;
    // A plan that came before plans could be worked is begun first.
    work::sight(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    seen::gather(app, &mut tx, actor.workspace, id).await
}

/// Records of a kind of the actor's workspace, the newest first, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
pub async fn list<T: Recorded>(
    app: &App,
    actor: &Actor,
    query: Query,
) -> Result<(Vec<Record<T>>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    page::read(query.limit, async |limit| {
        rows::page(&mut tx, actor.workspace, &Query { limit, ..query }).await
    })
    .await
}

/// One record of a kind.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
pub async fn get<T: Recorded>(app: &App, actor: &Actor, id: LaunchId) -> Result<Record<T>, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    find(&mut tx, actor, id).await
}

async fn find<T: Recorded>(tx: &mut Tx, actor: &Actor, id: LaunchId) -> Result<Record<T>, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing(T::KIND, id))
}

/// A record that is still the version it was when it was looked at.
async fn fresh<T: Recorded>(
    tx: &mut Tx,
    actor: &Actor,
    id: LaunchId,
    version: i64,
) -> Result<Record<T>, AppError> {
    let known: Record<T> = find(tx, actor, id).await?;
    version::fresh(T::KIND, known.version, version)?;
    Ok(known)
}

async fn add<T: Recorded>(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    onboarding: OnboardingId,
    body: T,
) -> Result<Record<T>, AppError> {
    let record = Record {
        id: LaunchId::fresh(&*app.ids),
        onboarding,
        number: rows::last_number::<T>(tx, actor.workspace, onboarding).await? + 1,
        body,
        made_at: app.now(),
        version: 1,
    };
    rows::insert(tx, actor.workspace, &record).await.map_err(AppError::overtaken)?;
    Ok(record)
}

async fn keep<T: Recorded>(tx: &mut Tx, actor: &Actor, record: Record<T>) -> Result<Record<T>, AppError> {
    let version = version::after(T::KIND, record.version, rows::change(tx, actor.workspace, &record).await?)?;
    Ok(Record { version, ..record })
}
