//! Clocks that have run out: issues nobody answered or solved in time, rollback triggers nobody has decided on and
//! rollbacks nobody told or reviewed in time, and promises that were handed over and not kept.

use gangway_domain::ids::{OnboardingId, PersonId, WorkspaceId};
use gangway_domain::launch::{Issue, Signal, SignalState};
use gangway_store::Tx;
use gangway_store::launch::{self as rows, OpenIssue, OpenSignal};
use gangway_store::transition::{self, TakenOver};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::App;
use crate::error::AppError;

/// Most handovers looked through.
const MOST: u32 = 200;

/// Which clock ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// An issue of hypercare waits for an answer.
    Answer,
    /// An issue of hypercare is not solved.
    Resolution,
    /// A rollback trigger waits for a decision; it runs out at once.
    Trigger,
    /// Nobody has told people of a rollback.
    Message,
    /// A rollback was not reviewed.
    Review,
    /// A promise that was handed over is not kept; its place in the handover, from 0, and the version of that.
    Promise(usize, i64),
}

impl Clock {
    /// In words, as the API says it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Resolution => "resolution",
            Self::Trigger => "trigger",
            Self::Message => "message",
            Self::Review => "review",
            Self::Promise(..) => "promise",
        }
    }
}

/// A clock that has run out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateClock {
    /// Which.
    pub clock: Clock,
    /// The onboarding.
    pub onboarding: OnboardingId,
    /// The customer.
    pub customer: String,
    /// What it is about.
    pub name: String,
    /// What was due, in words.
    pub note: String,
    /// The day it was due.
    pub on: Date,
    /// Its page, from `/` on.
    pub path: String,
}

/// When the first clock of an issue that has run out did, and which.
fn run_out(issue: &Issue, now: Timestamp) -> Option<(Clock, Timestamp)> {
    let answer = Some(issue.answer_by).filter(|by| issue.answered_at().is_none() && *by < now);
    let resolution = Some(issue.resolve_by).filter(|by| issue.is_open() && *by < now);
    // An issue that should be solved by now is more than unanswered.
    resolution.map(|by| (Clock::Resolution, by)).or_else(|| answer.map(|by| (Clock::Answer, by)))
}

/// The clocks of a rollback trigger that have run out, with when they did. What waits for a decision has no time to lose.
fn run_out_of(signal: &Signal, now: Timestamp) -> Vec<(Clock, Timestamp)> {
    match &signal.state {
        SignalState::Raised => vec![(Clock::Trigger, signal.at)],
        SignalState::Kept { .. } => Vec::new(),
        SignalState::RolledBack { tell_by, review_by, told_at, review, .. } => {
            let message = (Clock::Message, *tell_by, told_at.is_none());
            let review = (Clock::Review, *review_by, review.is_none());
            let late = [message, review].into_iter().filter(|(_, by, is_open)| *is_open && *by < now);
            late.map(|(clock, by, _)| (clock, by)).collect()
        }
    }
}

/// The clocks of triggers in onboardings somebody runs.
async fn of_triggers(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
) -> Result<Vec<LateClock>, AppError> {
    let now = app.clock.now();
    let mut all = Vec::new();
    for OpenSignal { onboarding, customer, signal } in rows::open_signals(tx, workspace, person).await? {
        for (clock, by) in run_out_of(&signal, now) {
            let by = by.to_zoned(app.time_zone.clone());
            let when = by.strftime("%-d %b %Y, %H:%M");
            let kind = signal.kind.label();
            all.push(LateClock {
                clock,
                onboarding,
                customer: customer.clone(),
                name: signal.trigger.clone(),
                note: match clock {
                    Clock::Message => format!("Rolled back: people were to be told by {when}"),
                    Clock::Review => format!("Rolled back: the review was due {when}"),
                    _ => format!("{kind}: waits for a decision since {when}"),
                },
                on: by.date(),
                path: format!("/onboardings/{onboarding}/go-live/rollback"),
            });
        }
    }
    Ok(all)
}

/// The clocks that have run out for somebody by a day: issues and rollback triggers of onboardings they run, and promises
/// of customers they took over. The oldest first.
pub(crate) async fn overdue(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    person: PersonId,
    today: Date,
) -> Result<Vec<LateClock>, AppError> {
    let now = app.clock.now();
    let mut all = of_triggers(app, tx, workspace, person).await?;
    for OpenIssue { onboarding, customer, number, issue } in rows::open_issues(tx, workspace, person).await? {
        let Some((clock, by)) = run_out(&issue, now) else { continue };
        let by = by.to_zoned(app.time_zone.clone());
        let what = if clock == Clock::Answer { "answer" } else { "solution" };
        all.push(LateClock {
            clock,
            onboarding,
            customer,
            name: format!("H-{number} {}", issue.title),
            note: format!("{}: {what} was due {}", issue.severity.label(), by.strftime("%-d %b %Y, %H:%M")),
            on: by.date(),
            path: format!("/onboardings/{onboarding}/go-live/hypercare#H-{number}"),
        });
    }
    for one in transition::taken_over(tx, workspace, person, MOST).await? {
        let TakenOver { onboarding, promises, version, customer } = one;
        for (place, promise) in promises.into_iter().enumerate() {
            let Some(by) = promise.by.filter(|by| *by < today && !promise.kept) else { continue };
            all.push(LateClock {
                clock: Clock::Promise(place, version),
                onboarding,
                customer: customer.clone(),
                name: promise.text,
                note: format!("promised by {}", by.strftime("%-d %b %Y")),
                on: by,
                path: format!("/onboardings/{onboarding}/transition#promise-{}", place + 1),
            });
        }
    }
    all.sort_by(|one, other| (one.on, &one.name).cmp(&(other.on, &other.name)));
    Ok(all)
}
