//! Escalations: raised to one of the levels of the methodology by people, or suggested by how an onboarding stands;
//! taken up, answered and resolved against the level's clock.

use gangway_domain::escalation::{Clock, State, Told, respond_by};
use gangway_domain::ids::{EscalationId, OnboardingId};
use gangway_domain::methodology::EscalationLevel;
use gangway_domain::permission::Action;
use gangway_domain::portal::Language;
use gangway_domain::register::Owner;
use gangway_domain::standing::{Colour, Suggestion};
use gangway_store::numbered::{self, Numbered};
use gangway_store::onboarding::head::Head;
use gangway_store::{Tx, contact, escalation as rows, membership, workspace};

use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::mail::{self, Letter, verbatim};
use crate::register::{checked_prose, checked_title, needed_prose, onboarding, record};
use crate::{Actor, App, page, standing, version};

pub use gangway_store::escalation::{Escalation, Query};

/// Most people told at once.
const MOST_TOLD: usize = 20;

/// Something to be raised.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The level, from 1.
    pub level: i64,
    /// What is raised, one line.
    pub title: String,
    /// What is at stake, and what is asked.
    pub details: String,
    /// The rule that suggested it.
    pub rule: Option<String>,
    /// What it is about: a code of the plan or the register; may be empty.
    pub subject: String,
    /// Who is told by mail.
    pub tell: Vec<Owner>,
}

/// The escalations of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escalations {
    /// The onboarding.
    pub head: Head,
    /// Open ones first, the latest clock last; then those that are over, the newest first.
    pub escalations: Vec<Escalation>,
    /// The colour the facts give, with reasons.
    pub colour: Colour,
    /// What the facts suggest and nobody has raised.
    pub suggestions: Vec<Suggestion>,
    /// The levels there are.
    pub levels: Vec<EscalationLevel>,
}

/// How the clock of an escalation stands now.
#[must_use]
pub fn clock(app: &App, escalation: &Escalation) -> Clock {
    let due = jiff::Timestamp::try_from(escalation.respond_by).unwrap_or(jiff::Timestamp::MAX);
    Clock::at(due, escalation.state.answered_at(), app.clock.now())
}

/// The escalations of an onboarding, with what the facts suggest.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(app: &App, actor: &Actor, id: OnboardingId) -> Result<Escalations, AppError> {
    actor.require(Action::Look)?;
    let seen = standing::of_onboarding(app, actor, id).await?;
    let mut tx = app.db.read().await?;
    let mut escalations = rows::of_onboarding(&mut tx, actor.workspace, id).await?;
    escalations.sort_by_key(|one| {
        let due = if one.state.is_open() { Some(one.respond_by) } else { None };
        (!one.state.is_open(), due, -one.number)
    });
    let raised = |suggestion: &Suggestion| {
        escalations.iter().any(|one| one.state.is_open() && one.rule.as_ref() == Some(&suggestion.rule))
    };
    let suggestions = seen.suggestions.into_iter().filter(|suggestion| !raised(suggestion)).collect();
    let levels = app.methodology.risks.escalations.clone();
    Ok(Escalations { head: seen.head, escalations, colour: seen.colour, suggestions, levels })
}

/// Escalations of the actor's workspace, the newest first, and whether more follow.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn list(app: &App, actor: &Actor, query: Query) -> Result<(Vec<Escalation>, bool), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    page::read(query.limit, async |limit| {
        rows::page(&mut tx, actor.workspace, &Query { limit, ..query }).await
    })
    .await
}

/// One escalation with its onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: EscalationId) -> Result<(Head, Escalation), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let found = find(&mut tx, actor, id).await?;
    Ok((onboarding(&mut tx, actor, found.onboarding).await?, found))
}

/// Raises something to a level and tells those who are named.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Overtaken`] when somebody else
/// raised something in the same moment; or when the database fails.
#[boxed]
pub async fn raise(app: &App, actor: &Actor, id: OnboardingId, draft: Draft) -> Result<Escalation, AppError> {
    actor.require(Action::RunOnboarding)?;
    let Draft { level, title, details, rule, subject, tell } = draft;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let mut problems = Vec::new();
    let levels = &app.methodology.risks.escalations;
    let known = levels.iter().find(|known| i64::from(known.level) == level);
    if known.is_none() {
        problems.push(Problem::new("level", "is none of the levels there are"));
    }
    if rule.as_ref().is_some_and(|rule| !app.methodology.governance.escalate.iter().any(|r| r.id == *rule)) {
        problems.push(Problem::new("rule", "is none that suggests anything"));
    }
    let title = checked_title(&title, &mut problems);
    let details = checked_prose("details", &details, &mut problems);
    let subject: String =
        subject.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(120).collect();
    let told = told(&mut tx, actor, &head, &tell, &mut problems).await?;
    none_of(problems)?;
    let Some(known) = known else { return Err(AppError::missing("level", level)) };
    let now = app.clock.now();
    let made = Escalation {
        id: EscalationId::fresh(&*app.ids),
        onboarding: id,
        number: numbered::next(&mut tx, actor.workspace, id, Numbered::Escalation).await?,
        level,
        title,
        details,
        rule,
        subject,
        path: known.path.clone(),
        raised_by: actor.name.clone(),
        raised_at: app.now(),
        respond_by: respond_by(known, now).into(),
        state: State::Raised,
        told,
        version: 1,
    };
    rows::insert(&mut tx, actor.workspace, &made).await.map_err(AppError::overtaken)?;
    tell_all(app, &mut tx, actor, &head, &made, known).await?;
    let summary = format!("Escalated E-{} to level {} ({}): {}", made.number, level, known.name, made.title);
    record(app, &mut tx, actor, &head, "escalation.raised", summary).await?;
    tx.commit().await?;
    Ok(made)
}

/// Names and addresses of those who are to be told.
async fn told(
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    tell: &[Owner],
    problems: &mut Vec<Problem>,
) -> Result<Vec<Told>, AppError> {
    if tell.len() > MOST_TOLD {
        problems.push(Problem::new("tell", format!("must be {MOST_TOLD} at most")));
        return Ok(Vec::new());
    }
    let mut told = Vec::with_capacity(tell.len());
    for one in tell {
        let found = match one {
            Owner::Person { id } => membership::get(tx, actor.workspace, *id)
                .await?
                .map(|member| Told { name: member.name, email: Some(member.email) }),
            Owner::Contact { id } => contact::get(tx, actor.workspace, *id)
                .await?
                .filter(|contact| contact.account_id == head.account_id)
                .map(|contact| Told { name: contact.name, email: contact.email }),
            Owner::Named { .. } => None,
        };
        match found {
            Some(found) if !told.contains(&found) => told.push(found),
            Some(_) => {}
            None => problems.push(Problem::new("tell", "names nobody of the workspace or of this customer")),
        }
    }
    Ok(told)
}

async fn tell_all(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    made: &Escalation,
    level: &EscalationLevel,
) -> Result<(), AppError> {
    let vendor = workspace::get(tx, actor.workspace).await?.map_or_else(String::new, |place| place.name);
    let members = membership::of_workspace(tx, actor.workspace).await?;
    let link = app.link(&format!("/onboardings/{}/escalations/{}", head.id, made.id));
    for told in &made.told {
        let Some(email) = &told.email else { continue };
        let ours = members.iter().any(|member| member.email == *email);
        let mut text = format!(
            "{} has escalated to level {} ({}):\n\n**{}**\n\n",
            verbatim(&actor.name),
            made.level,
            verbatim(&level.name),
            verbatim(&made.title)
        );
        if !made.details.is_empty() {
            text.push_str(&format!("{}\n\n", verbatim(&made.details)));
        }
        text.push_str(&format!(
            "Who is asked: {}. An answer is due: {}.\n",
            verbatim(&level.path),
            verbatim(&level.within)
        ));
        let letter = Letter {
            to: email.clone(),
            subject: format!("Escalation, level {}: {} ({})", made.level, made.title, head.customer),
            text,
            action: ours.then(|| ("Take it up".to_owned(), link.clone())),
            vendor: vendor.clone(),
            language: Language::En,
        };
        mail::send(app, tx, actor.workspace, &letter).await?;
    }
    Ok(())
}

/// A step of an escalation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Somebody of the level takes it up.
    Acknowledge,
    /// The level says what is done.
    Answer {
        /// What.
        answer: String,
    },
    /// It is over.
    Resolve {
        /// How it ended.
        how: String,
    },
}

/// Takes a step, when the escalation is still what it was when it was looked at.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`], [`AppError::Refusal`] when its state does
/// not allow it, [`AppError::Stale`] when its version is not `version` any more; or when the database fails.
#[boxed]
pub async fn take(
    app: &App,
    actor: &Actor,
    id: EscalationId,
    version: i64,
    step: Step,
) -> Result<Escalation, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let known = find(&mut tx, actor, id).await?;
    version::fresh("escalation", known.version, version)?;
    let head = onboarding(&mut tx, actor, known.onboarding).await?;
    let (by, at) = (actor.name.clone(), app.clock.now());
    let mut problems = Vec::new();
    let (state, kind, deed) = match step {
        Step::Acknowledge => (
            known.state.clone().acknowledge(by, at),
            "escalation.acknowledged",
            format!("Took up the escalation E-{}: {}", known.number, known.title),
        ),
        Step::Answer { answer } => {
            let answer = needed_prose("answer", &answer, &mut problems);
            let deed = format!("Answered the escalation E-{}: {answer}", known.number);
            (known.state.clone().answer(by, at, answer), "escalation.answered", deed)
        }
        Step::Resolve { how } => {
            let how = needed_prose("how", &how, &mut problems);
            let deed = format!("Resolved the escalation E-{}: {how}", known.number);
            (known.state.clone().resolve(by, at, how), "escalation.resolved", deed)
        }
    };
    none_of(problems)?;
    let wanted = Escalation { state: state.map_err(AppError::refused)?, ..known };
    let done = rows::change(&mut tx, actor.workspace, &wanted).await?;
    let version = version::after("escalation", wanted.version, done)?;
    record(app, &mut tx, actor, &head, kind, deed).await?;
    tx.commit().await?;
    Ok(Escalation { version, ..wanted })
}

async fn find(tx: &mut Tx, actor: &Actor, id: EscalationId) -> Result<Escalation, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("escalation", id))
}
