//! The end of an onboarding: what is still missing, the handover to customer success with its summary, promises and the
//! first 90 days, how the customer is told, how the onboarding ended and what others learn from it.

mod ask;
mod closing;
mod facts;
mod guest;
mod improvement;
mod introduce;
mod lesson;

use gangway_domain::ids::{OnboardingId, PersonId};
use gangway_domain::methodology::NextRule;
use gangway_domain::permission::Action;
use gangway_domain::report::Kind;
use gangway_domain::transition::{Clocks, DoneLine, Moments, NextStep, Promised, is_done};
use gangway_store::contact::{self, Contact};
use gangway_store::membership;
use gangway_store::onboarding::head::Head;
use gangway_store::transition::closing as closings;
use gangway_store::{Tx, meeting as meetings, report as reports, transition as rows};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::people::{self, Known};
use crate::register::{checked_prose, onboarding, record};
use crate::{Actor, App, page, report, version, work};

pub use ask::{accept, hand_back, propose};
pub use closing::close;
pub(crate) use closing::keep_closing;
pub use gangway_store::meeting::Meeting;
pub use gangway_store::report::Report;
pub use gangway_store::transition::closing::Closing;
pub use gangway_store::transition::{Query, Transition};
pub(crate) use guest::afterwards;
pub use guest::{Afterwards, Introduced};
pub use improvement::{
    Decision, Improvement, ImprovementQuery, Improvements, add as add_improvement,
    change as change_improvement, decide, get as improvement, list as improvements, of_programme,
};
pub use introduce::{Introduction, introduce, letter, meet};
pub use lesson::{
    Lesson, LessonQuery, Lessons, NewLesson, add as add_lesson, get as lesson, list as lessons,
    of_onboarding as lessons_of, remove as remove_lesson,
};

/// Most steps of the first 90 days.
const MOST_STEPS: usize = 40;
/// Most promises.
const MOST_PROMISES: usize = 100;

/// The end of an onboarding as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// The onboarding.
    pub head: Head,
    /// The definition of done.
    pub done: Vec<DoneLine>,
    /// The days the clocks run between.
    pub moments: Moments,
    /// The handover; nothing before it is begun.
    pub transition: Option<Transition>,
    /// The report that tells what was reached and what is open.
    pub summary: Option<Report>,
    /// The meeting in which the customer meets whoever takes over.
    pub meeting: Option<Meeting>,
    /// How the onboarding ended.
    pub closing: Option<Closing>,
    /// Who can take over: members of the workspace who run onboardings.
    pub members: Vec<(PersonId, String)>,
    /// Contacts of the customer who have a mail address.
    pub contacts: Vec<Contact>,
    /// Where the customer's people stand.
    pub people: Vec<Known>,
    /// The day it was looked at.
    pub today: Date,
}

impl Sight {
    /// Whether the definition of done is met.
    #[must_use]
    pub fn is_done(&self) -> bool {
        is_done(&self.done)
    }

    /// What the clocks show.
    #[must_use]
    pub fn clocks(&self) -> Clocks {
        self.moments.clocks()
    }
}

/// The end of an onboarding as it stands.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(app: &App, actor: &Actor, id: OnboardingId) -> Result<Sight, AppError> {
    actor.require(Action::Look)?;
    let plan = work::sight(app, actor, id).await?.stored.plan;
    let people = people::standing(app, actor, id).await?.people;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let transition = rows::get(&mut tx, actor.workspace, id).await?;
    let promises = match &transition {
        Some(known) => known.promises.clone(),
        None => facts::promises(&mut tx, actor, id).await?,
    };
    let done = facts::done(&mut tx, actor, id, &plan, &promises).await?;
    let closing = closings::get(&mut tx, actor.workspace, id).await?;
    let moments = match &closing {
        Some(known) => known.moments,
        None => facts::moments(app, &mut tx, actor, &head, Some(&plan)).await?,
    };
    let summary = match transition.as_ref().and_then(|known| known.summary) {
        Some(id) => reports::get(&mut tx, actor.workspace, id).await?,
        None => None,
    };
    let meeting = match transition.as_ref().and_then(|known| known.meeting) {
        Some(id) => meetings::get(&mut tx, actor.workspace, id).await?,
        None => None,
    };
    let members = membership::of_workspace(&mut tx, actor.workspace).await?;
    let able = members.into_iter().filter(|member| member.role.may(Action::RunOnboarding));
    let members = able.map(|member| (member.person, member.name)).collect();
    let mut contacts = contact::of_account(&mut tx, actor.workspace, head.account_id).await?;
    contacts.retain(|contact| contact.email.is_some());
    let today = app.today();
    Ok(Sight { head, done, moments, transition, summary, meeting, closing, members, contacts, people, today })
}

/// Handovers of the actor's workspace, those of the newest onboardings first, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor, query: Query) -> Result<(Vec<Transition>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    page::read(query.limit, async |limit| {
        rows::page(&mut tx, actor.workspace, &Query { limit, ..query }).await
    })
    .await
}

/// The handover of an onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when it is not begun; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: OnboardingId) -> Result<Transition, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    find(&mut tx, actor, id).await
}

/// Begins the handover: promises come from the handoff, the first 90 days from the methodology, the summary is written
/// from the facts of today. One that is begun stays as it is.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Render`] when the summary cannot be written; or when the
/// database fails.
#[boxed]
pub async fn prepare(app: &App, actor: &Actor, id: OnboardingId) -> Result<Transition, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    if let Some(known) = rows::get(&mut tx, actor.workspace, id).await? {
        return Ok(known);
    }
    let made = Transition {
        onboarding: id,
        csm: None,
        csm_name: None,
        summary: None,
        meeting: None,
        note: String::new(),
        promises: facts::promises(&mut tx, actor, id).await?,
        steps: first_ninety_days(&app.methodology.transition.steps, &head, app.today()),
        state: gangway_domain::transition::State::Preparing,
        introduced_to: Vec::new(),
        introduced_at: None,
        made_by: actor.name.clone(),
        made_at: app.now(),
        version: 1,
    };
    rows::insert(&mut tx, actor.workspace, &made).await.map_err(AppError::overtaken)?;
    let summary = "Began the handover to customer success".to_owned();
    record(app, &mut tx, actor, &head, "transition.prepared", summary).await?;
    tx.commit().await?;
    summarise(app, actor, id, made.version).await
}

/// What is usually done in the first 90 days, counted from today or from the planned go-live, whichever is later.
fn first_ninety_days(rules: &[NextRule], head: &Head, today: Date) -> Vec<NextStep> {
    let from = head.go_live_on.max(today);
    let step = |rule: &NextRule| {
        let use_case = if head.use_case.is_empty() { "its purpose" } else { head.use_case.as_str() };
        let text = rule.text.replace("{product}", &head.product).replace("{use_case}", use_case);
        let by = from.checked_add(i64::from(rule.day).days()).unwrap_or(from);
        NextStep { text, side: rule.side, by }
    };
    rules.iter().map(step).collect()
}

/// Writes the summary from the facts of today and ties it to the handover; an earlier one stays among the reports.
///
/// # Errors
/// [`AppError::Refusal`] once somebody was asked to take over, [`AppError::Render`]; otherwise as [`change`].
#[boxed]
pub async fn summarise(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
) -> Result<Transition, AppError> {
    actor.require(Action::RunOnboarding)?;
    {
        let mut tx = app.db.read().await?;
        writable(&fresh(&mut tx, actor, id, version).await?)?;
    }
    let written = report::draft(app, actor, id, Kind::TransitionSummary, None).await?;
    let mut tx = app.db.write().await?;
    let known = fresh(&mut tx, actor, id, version).await?;
    writable(&known)?;
    let kept = keep(&mut tx, actor, Transition { summary: Some(written.id), ..known }).await?;
    tx.commit().await?;
    Ok(kept)
}

/// What is to change of a handover; what is none stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Who takes over; the inner none is nobody yet.
    pub csm: Option<Option<PersonId>>,
    /// What they must know beside.
    pub note: Option<String>,
    /// What sales promised.
    pub promises: Option<Vec<Promised>>,
    /// The first 90 days.
    pub steps: Option<Vec<NextStep>>,
}

/// Changes a handover that is still what it was when it was looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] once somebody was asked
/// to take over, [`AppError::Stale`] when its version is not `version` any more; or when the database fails.
#[boxed]
pub async fn change(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
    changes: Changes,
) -> Result<Transition, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let known = fresh(&mut tx, actor, id, version).await?;
    writable(&known)?;
    let Changes { csm, note, promises, steps } = changes;
    let mut problems = Vec::new();
    let mut wanted = known.clone();
    if let Some(csm) = csm {
        wanted.csm_name = name_of(&mut tx, actor, csm, &mut problems).await?;
        wanted.csm = csm;
    }
    if let Some(note) = note {
        wanted.note = checked_prose("note", &note, &mut problems);
    }
    if let Some(promises) = promises {
        wanted.promises = checked_promises(promises, &mut problems);
    }
    if let Some(steps) = steps {
        wanted.steps = checked_steps(steps, &mut problems);
    }
    none_of(problems)?;
    if wanted == known {
        return Ok(known);
    }
    let kept = keep(&mut tx, actor, wanted).await?;
    let summary = "Changed the handover to customer success".to_owned();
    record(app, &mut tx, actor, &head, "transition.changed", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Says that a promise was kept, also once somebody else keeps it; its place counts from 0.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when it was kept before, [`AppError::Stale`] when
/// its version is not `version` any more; or when the database fails.
#[boxed]
pub async fn keep_promise(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    version: i64,
    place: usize,
) -> Result<Transition, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let mut known = fresh(&mut tx, actor, id, version).await?;
    let promise = known.promises.get_mut(place).ok_or_else(|| AppError::missing("promise", place))?;
    if promise.kept {
        return Err(AppError::Refusal("this promise was kept before".to_owned()));
    }
    promise.kept = true;
    let summary = format!("Kept a promise of sales: {}", promise.text);
    let kept = keep(&mut tx, actor, known).await?;
    record(app, &mut tx, actor, &head, "transition.promise_kept", summary).await?;
    tx.commit().await?;
    Ok(kept)
}

async fn name_of(
    tx: &mut Tx,
    actor: &Actor,
    csm: Option<PersonId>,
    problems: &mut Vec<Problem>,
) -> Result<Option<String>, AppError> {
    let Some(person) = csm else { return Ok(None) };
    let member = membership::get(tx, actor.workspace, person).await?;
    let member = member.filter(|member| member.role.may(Action::RunOnboarding));
    if member.is_none() {
        problems.push(Problem::new("csm", "is nobody who may run onboardings here"));
    }
    Ok(member.map(|member| member.name))
}

fn checked_promises(promises: Vec<Promised>, problems: &mut Vec<Problem>) -> Vec<Promised> {
    if promises.len() > MOST_PROMISES {
        problems.push(Problem::new("promises", format!("must be {MOST_PROMISES} at most")));
    }
    let checked = promises.into_iter().map(|promise| Promised {
        text: one_line("promises", &promise.text, problems),
        note: checked_prose("promises", &promise.note, problems),
        ..promise
    });
    checked.collect()
}

fn checked_steps(steps: Vec<NextStep>, problems: &mut Vec<Problem>) -> Vec<NextStep> {
    if steps.len() > MOST_STEPS {
        problems.push(Problem::new("steps", format!("must be {MOST_STEPS} at most")));
    }
    let mut checked: Vec<NextStep> = steps
        .into_iter()
        .map(|step| NextStep { text: one_line("steps", &step.text, problems), ..step })
        .collect();
    checked.sort_by_key(|step| step.by);
    checked
}

/// A line of a list: there, of 300 characters at most, with characters that can be shown.
fn one_line(field: &'static str, text: &str, problems: &mut Vec<Problem>) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let wrong = match line.chars().count() {
        0 => "has an empty line",
        1..=300 if !line.chars().any(char::is_control) => return line,
        1..=300 => "has a character that cannot be shown",
        _ => "has a line longer than 300 characters",
    };
    problems.push(Problem::new(field, wrong));
    line
}

fn writable(known: &Transition) -> Result<(), AppError> {
    if known.state.is_open() {
        return Ok(());
    }
    let told = format!("a handover that is {} stays as it is", known.state.word());
    Err(AppError::Refusal(told))
}

async fn find(tx: &mut Tx, actor: &Actor, id: OnboardingId) -> Result<Transition, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("handover", id))
}

async fn fresh(tx: &mut Tx, actor: &Actor, id: OnboardingId, seen: i64) -> Result<Transition, AppError> {
    let known = find(tx, actor, id).await?;
    version::fresh("handover", known.version, seen)?;
    Ok(known)
}

async fn keep(tx: &mut Tx, actor: &Actor, one: Transition) -> Result<Transition, AppError> {
    let version = version::after("handover", one.version, rows::change(tx, actor.workspace, &one).await?)?;
    Ok(Transition { version, ..one })
}
