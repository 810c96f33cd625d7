//! The decision to go live, with what it stood on. A go the facts are against is refused, and the refusal is kept.

use gangway_domain::change_request::Impact;
use gangway_domain::ids::{LaunchId, OnboardingId};
use gangway_domain::launch::{Condition, Decision, Mark, Met, Verdict, WaivedItem, against};
use gangway_domain::permission::Action;
use gangway_domain::programme::Side;
use gangway_domain::work::{Because, Change};
use gangway_store::launch::{self as rows, Record};
use jiff::civil::Date;

use super::{Sight, add, fresh, keep, mark, seen};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::{checked_name, none_of};
use crate::register::{checked_prose, needed_prose, not_over, onboarding, record};
use crate::{Actor, App, change_request, work};

/// Most conditions and waived items of a decision, each: a checklist is shorter.
const MOST: usize = 100;

/// A condition somebody writes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConditionDraft {
    /// What must still happen; the items it names in their own words when empty.
    pub text: String,
    /// Who answers for it.
    pub owner: String,
    /// By which day.
    pub by: Option<Date>,
    /// Items of the checklist (ids) that are ready once it happened.
    pub items: Vec<String>,
}

/// An item that need not be ready, as somebody says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WaiverDraft {
    /// Which (id).
    pub item: String,
    /// Why.
    pub reason: String,
}

/// What somebody decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Go, go with conditions, or no go.
    pub verdict: Verdict,
    /// The day it is about; the planned go-live when left out.
    pub go_live_on: Option<Date>,
    /// Why.
    pub reason: String,
    /// What must still happen.
    pub conditions: Vec<ConditionDraft>,
    /// Items that need not be ready.
    pub waived: Vec<WaiverDraft>,
    /// Why it is a day on which nothing goes live otherwise; may be empty.
    pub exception: String,
    /// Whose delay it is when the day is another than the planned one; both sides' when left out.
    pub side: Option<Side>,
    /// The number of the last decision that was known, 0 for none; any when left out.
    pub after: Option<i64>,
}

/// Longest reason in the ledger, in characters.
const LONGEST: usize = 200;

/// A reason on one line of the ledger.
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect()
}

/// What a go for a day changes of the plan; nothing when it is planned for that day.
fn change_of(sight: &Sight, on: Date, exception: &str) -> Option<Change> {
    // What is done in the plan stays where it was done.
    let is_free = sight.live_on.is_none() && on != sight.go_live_on;
    let task = sight.running.ground.go_live.clone().filter(|_| is_free)?;
    let despite = Some(on_one_line(exception)).filter(|text| !text.is_empty());
    Some(Change::EndOn { task, on, despite })
}

/// What a go for a day would do to the dates and the work of the plan; nothing is kept.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails. What the plan refuses is told by the
/// impact itself.
#[boxed]
pub async fn shift(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    on: Date,
    exception: &str,
) -> Result<Impact, AppError> {
    let sight = super::sight(app, actor, id).await?;
    change_request::impact(app, actor, id, change_of(&sight, on, exception).into_iter().collect()).await
}

/// Records a decision; a go moves the go-live of the plan to its day. When the facts are against a go, or a trigger that
/// rolls back at once waits for a decision, the answer is a decision that was refused, with what spoke against it. What
/// was taken back is decided anew, also when it was live.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] also for a day the plan cannot keep,
/// [`AppError::Refusal`] when it is live already, [`AppError::Barred`] when the onboarding is over,
/// [`AppError::Overtaken`] when somebody decided after what was known, or in the same moment; or when the database fails.
#[boxed]
pub async fn decide(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    choice: Choice,
) -> Result<Record<Decision>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let Choice { verdict, go_live_on, reason, conditions, waived, exception, side, after } = choice;
    let mut tx = app.db.write().await?;
    let sight = seen::gather(app, &mut tx, actor.workspace, id).await?;
    if !sight.is_to_decide() {
        return Err(AppError::Refusal("it is live already".to_owned()));
    }
    not_over(&sight.head)?;
    let on = go_live_on.unwrap_or(sight.go_live_on);
    let mut problems = Vec::new();
    if verdict == Verdict::Refused {
        problems.push(Problem::new("verdict", "must be go, conditional or no-go"));
    }
    if on < sight.today {
        problems.push(Problem::new("go_live_on", "is over"));
    }
    let reason = needed_prose("reason", &reason, &mut problems);
    let exception = checked_prose("exception", &exception, &mut problems);
    let conditions = checked_conditions(conditions, &sight, &mut problems);
    let waived = checked_waivers(waived, &sight, &mut problems);
    if verdict == Verdict::Go && !(conditions.is_empty() && waived.is_empty()) {
        problems.push(Problem::new("verdict", "must be conditional when there are conditions"));
    }
    none_of(problems)?;
    // A second press of the same button decides nothing anew.
    let last = sight.decisions.first().map_or(0, |newest| newest.number);
    if after.is_some_and(|known| known != last) {
        return Err(AppError::Overtaken);
    }
    let grounds = sight.grounds(app, on, !exception.is_empty());
    let mut against = against(verdict, &grounds, conditions.len(), &addressed(&conditions, &waived));
    against.extend(sight.stopped().filter(|_| verdict != Verdict::NoGo));
    let refused = !against.is_empty();
    let change = change_of(&sight, on, if grounds.barred.is_some() { exception.as_str() } else { "" });
    let decision = Decision {
        verdict: if refused { Verdict::Refused } else { verdict },
        asked: verdict,
        go_live_on: on,
        reason,
        conditions,
        waived,
        exception: Some(exception).filter(|text| !text.is_empty() && grounds.barred.is_some()),
        against,
        ready: sight.ready(),
        approved: sight
            .approvals
            .iter()
            .filter_map(|one| Some((one.role.clone(), one.mark.as_ref().filter(|mark| mark.yes)?.by.clone())))
            .collect(),
        by: actor.name.clone(),
        at: app.clock.now(),
    };
    let (kind, summary) = said(&decision);
    let made = add(app, &mut tx, actor, id, decision).await?;
    record(app, &mut tx, actor, &sight.head, kind, summary).await?;
    if let Some(change) = change.filter(|_| made.body.lets_go()) {
        let summary = format!("go-live decision {} ({})", made.number, on_one_line(&made.body.reason));
        let because = Because { summary, side: side.unwrap_or(Side::Joint) };
        let moved = work::change_with(app, &mut tx, actor, id, None, vec![change], Some(because)).await?;
        kept(&moved, on, grounds.barred.is_some())?;
    }
    tx.commit().await?;
    Ok(made)
}

/// The plan has its go-live on the day that was decided. On a day nobody works it is the next on which somebody does.
fn kept(moved: &work::Outcome, on: Date, excepted: bool) -> Result<(), AppError> {
    let planned = moved.after.go_live;
    if planned == on || excepted {
        return Ok(());
    }
    let message = format!(
        "cannot be kept: by the plan it is {} at the earliest. Choose that day, or shorten what comes before it",
        planned.strftime("%-d %b %Y")
    );
    Err(AppError::Invalid(vec![Problem::new("go_live_on", message)]))
}

/// A leader lets an onboarding go live though no decision stands; a no that is decided afterwards takes that back.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] without a reason, [`AppError::Refusal`] when it
/// is live or a decision stands; or when the database fails.
#[boxed]
pub async fn let_go(app: &App, actor: &Actor, id: OnboardingId, reason: &str) -> Result<Sight, AppError> {
    actor.require(Action::LetGoLive)?;
    let mut problems = Vec::new();
    let note = needed_prose("reason", reason, &mut problems);
    none_of(problems)?;
    let mut tx = app.db.write().await?;
    let sight = seen::gather(app, &mut tx, actor.workspace, id).await?;
    if sight.live_on.is_some() {
        return Err(AppError::Refusal("it is live already".to_owned()));
    }
    if sight.standing.goes() {
        return Err(AppError::Refusal("a decision to go live stands: it needs no other word".to_owned()));
    }
    if let Some(why) = sight.stopped() {
        return Err(AppError::Refusal(why));
    }
    let summary = format!("Lets the go-live go on without a decision: {note}");
    let by = actor.own_name().to_owned();
    let at = app.clock.now();
    let word = Mark { yes: true, note, by, contact: None, noted_by: None, portal: false, at };
    rows::mark(&mut tx, actor.workspace, id, seen::LET_GO, &word).await?;
    record(app, &mut tx, actor, &sight.head, "launch.let_go", summary).await?;
    mark::done(app, tx, actor, id).await
}

fn said(decision: &Decision) -> (&'static str, String) {
    let day = decision.go_live_on.strftime("%-d %b %Y");
    match decision.verdict {
        Verdict::Go => ("launch.decided", format!("Decided to go live on {day}: {}", decision.reason)),
        Verdict::Conditional => {
            let number = decision.conditions.len();
            let noun = if number == 1 { "condition" } else { "conditions" };
            let waived = match decision.waived.len() {
                0 => String::new(),
                1 => ", 1 item waived".to_owned(),
                many => format!(", {many} items waived"),
            };
            (
                "launch.decided",
                format!("Decided to go live on {day} with {number} {noun}{waived}: {}", decision.reason),
            )
        }
        Verdict::NoGo => ("launch.decided", format!("Decided not to go live on {day}: {}", decision.reason)),
        Verdict::Refused => {
            let first = decision.against.first().cloned().unwrap_or_default();
            let more = decision.against.len().saturating_sub(1);
            let more = if more > 0 { format!(", and {more} more") } else { String::new() };
            ("launch.refused", format!("Going live on {day} was refused: {first}{more}"))
        }
    }
}

/// The items of the checklist that conditions name or somebody waived.
fn addressed<'a>(conditions: &'a [Condition], waived: &'a [WaivedItem]) -> Vec<&'a str> {
    let named = conditions.iter().flat_map(|one| &one.items);
    named.chain(waived.iter().map(|one| &one.item)).map(String::as_str).collect()
}

/// An item of the checklist in words.
fn words_of<'a>(sight: &'a Sight, item: &str) -> Option<&'a str> {
    let mut items = sight.readiness.iter().flat_map(|group| &group.items);
    items.find(|known| known.id == item).map(|known| known.text.as_str())
}

/// What a condition says: its own words, else those of the items it names.
fn said_of(text: String, items: &[String], sight: &Sight, problems: &mut Vec<Problem>) -> String {
    let mut named = Vec::with_capacity(items.len());
    for item in items {
        match words_of(sight, item) {
            Some(words) => named.push(words),
            None => problems.push(Problem::new("conditions", "name an item that is none of the checklist")),
        }
    }
    if text.trim().is_empty() { named.join("; ") } else { text }
}

fn checked_waivers(drafts: Vec<WaiverDraft>, sight: &Sight, problems: &mut Vec<Problem>) -> Vec<WaivedItem> {
    if drafts.len() > MOST {
        problems.push(Problem::new("waived", format!("must be {MOST} at most")));
    }
    let mut all = Vec::with_capacity(drafts.len().min(MOST));
    for WaiverDraft { item, reason } in drafts.into_iter().take(MOST) {
        let Some(text) = words_of(sight, &item) else {
            problems.push(Problem::new("waived", "name an item that is none of the checklist"));
            continue;
        };
        let reason = needed_prose("waived", &reason, problems);
        all.push(WaivedItem { text: text.to_owned(), item, reason });
    }
    all
}

fn checked_conditions(
    drafts: Vec<ConditionDraft>,
    sight: &Sight,
    problems: &mut Vec<Problem>,
) -> Vec<Condition> {
    if drafts.len() > MOST {
        problems.push(Problem::new("conditions", format!("must be {MOST} at most")));
    }
    let mut all = Vec::with_capacity(drafts.len().min(MOST));
    for draft in drafts.into_iter().take(MOST) {
        let ConditionDraft { text, owner, by, items } = draft;
        let text = said_of(text, &items, sight, problems);
        if text.trim().is_empty() && owner.trim().is_empty() && by.is_none() {
            continue;
        }
        if text.trim().is_empty() {
            problems.push(Problem::new("conditions", "need what must still happen, each in words"));
            continue;
        }
        if owner.trim().is_empty() {
            problems.push(Problem::new("conditions", "need an owner each"));
            continue;
        }
        let text = checked_prose("conditions", &text, problems);
        let owner = checked_name("conditions", &owner, problems);
        match by {
            Some(by) if by >= sight.today => all.push(Condition { text, owner, by, items, met: None }),
            Some(_) => problems.push(Problem::new("conditions", "name a day that is over")),
            None => problems.push(Problem::new("conditions", "need a day each")),
        }
    }
    all
}

/// A condition of a decision was met; its place counts from 0.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`], [`AppError::Refusal`] when it was met before;
/// or when the database fails.
#[boxed]
pub async fn meet_condition(
    app: &App,
    actor: &Actor,
    id: LaunchId,
    version: i64,
    place: usize,
) -> Result<Record<Decision>, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let mut known: Record<Decision> = fresh(&mut tx, actor, id, version).await?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let condition =
        known.body.conditions.get_mut(place).ok_or_else(|| AppError::missing("condition", place))?;
    if condition.met.is_some() {
        return Err(AppError::Refusal("this condition was met before".to_owned()));
    }
    condition.met = Some(Met { by: actor.name.clone(), at: app.clock.now() });
    let summary = format!("A condition of the go-live was met: {}", condition.text);
    let kept = keep(&mut tx, actor, known).await?;
    record(app, &mut tx, actor, &head, "launch.condition_met", summary).await?;
    tx.commit().await?;
    Ok(kept)
}
