//! Answering: through the link in the mail, which says by itself whom it is for, or in the portal. Looking at a survey
//! changes nothing, whatever a link says: only what is sent is kept.

use gangway_domain::form::Mistake;
use gangway_domain::ids::{ContactId, SurveyId, WorkspaceId};
use gangway_domain::methodology::Question;
use gangway_domain::portal::{Language, Resource, Right};
use gangway_domain::refusal::{Barrier, Fault};
use gangway_domain::survey::{self as domain, Answer, State};
use gangway_store::onboarding::head;
use gangway_store::{Tx, survey as rows};
use jiff::civil::Date;
use serde::Serialize;

use super::PLACE;
use crate::activity::{self, About};
use crate::boxed;
use crate::error::AppError;
use crate::mail::{Languages, open_link, vendor};
use crate::portal::PortalTodo;
use crate::{Actor, App, Door, Guest};

/// What somebody sent for one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The field, as [`Slot::field`] calls it.
    pub field: String,
    /// What was typed or chosen.
    pub text: String,
}

/// One thing to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slot {
    /// What its field is called.
    pub field: String,
    /// The question.
    pub text: String,
    /// The aspect that is rated; empty for the question itself.
    pub aspect: String,
    /// Its kind: `nps`, `csat`, `ces`, `rating5`, `scale10`, `choice`, `text`.
    pub kind: String,
    /// The values there are; none for free text.
    pub choices: Vec<String>,
    /// What people read for each of them.
    pub labels: Vec<String>,
    /// What the ends of the scale mean.
    pub ends: Option<(String, String)>,
    /// What was answered so far.
    pub answer: String,
}

/// A survey as whoever answers sees it: nothing of others, nothing of the team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Sheet {
    /// Id.
    pub id: SurveyId,
    /// Title.
    pub title: String,
    /// Who asks.
    pub vendor: String,
    /// Who is asked.
    pub name: String,
    /// The language they read.
    pub language: Language,
    /// The last day.
    pub closes_on: Option<Date>,
    /// It takes answers.
    pub open: bool,
    /// They have said that it is all.
    pub done: bool,
    /// What there is to answer.
    pub slots: Vec<Slot>,
}

/// What became of answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// They are kept.
    Kept,
    /// Nothing is kept: these cannot be.
    Wrong(Vec<Mistake>),
}

/// Who answers which survey.
#[derive(Clone, Copy)]
struct Asked {
    workspace: WorkspaceId,
    survey: SurveyId,
    contact: ContactId,
}

/// The survey behind the link of a mail.
///
/// # Errors
/// [`AppError::LinkEnded`]; or when the database fails.
#[boxed]
pub async fn by_link(app: &App, token: &str) -> Result<Sheet, AppError> {
    let asked = holder(app, token)?;
    let mut tx = app.db.read().await?;
    sheet(app, &mut tx, asked).await?.ok_or(AppError::LinkEnded)
}

/// Keeps what the holder of a link answers.
///
/// # Errors
/// [`AppError::LinkEnded`], [`AppError::Refusal`] when the survey is over; or when the database fails.
#[boxed]
pub async fn keep_by_link(app: &App, token: &str, given: &[Given]) -> Result<Kept, AppError> {
    let asked = holder(app, token)?;
    let mut tx = app.db.write().await?;
    let person = rows::person(&mut tx, asked.workspace, asked.survey, asked.contact).await?;
    let person = person.ok_or(AppError::LinkEnded)?;
    let actor = Actor::system(person.name, asked.workspace, Door::Portal);
    keep(app, tx, &actor, asked, given).await
}

/// A survey in the portal.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn for_guest(app: &App, actor: &Actor, id: SurveyId) -> Result<Sheet, AppError> {
    let guest = actor.require_guest(Resource::Survey, Right::See)?;
    let mut tx = app.db.read().await?;
    let asked = guests(&mut tx, guest, id).await?;
    sheet(app, &mut tx, asked).await?.ok_or_else(|| AppError::missing("survey", id))
}

/// Keeps what a guest answers.
///
/// # Errors
/// [`AppError::NotForGuest`], [`AppError::NotFound`], [`AppError::Refusal`] when the survey is over; or when the
/// database fails.
#[boxed]
pub async fn keep_for_guest(
    app: &App,
    actor: &Actor,
    id: SurveyId,
    given: &[Given],
) -> Result<Kept, AppError> {
    let guest = actor.require_guest(Resource::Survey, Right::Do)?;
    let mut tx = app.db.write().await?;
    let asked = guests(&mut tx, guest, id).await?;
    keep(app, tx, actor, asked, given).await
}

/// What a guest is asked, in the portal's list of what waits for them.
pub(crate) async fn todo_for(tx: &mut Tx, guest: &Guest, today: Date) -> Result<Vec<PortalTodo>, AppError> {
    if !guest.may(Resource::Survey, Right::See) {
        return Ok(Vec::new());
    }
    let waiting = rows::waiting(tx, guest.workspace, guest.onboarding, guest.contact).await?;
    let item = |one: rows::Waiting| PortalTodo {
        kind: "survey",
        title: one.title,
        href: format!("/portal/surveys/{}", one.id),
        due: one.closes_on,
        overdue: one.closes_on.is_some_and(|day| day < today),
    };
    Ok(waiting.into_iter().map(item).collect())
}

/// A survey of the guest's onboarding; that they are asked is seen when it is read.
async fn guests(tx: &mut Tx, guest: &Guest, id: SurveyId) -> Result<Asked, AppError> {
    let survey = rows::get(tx, guest.workspace, id).await?;
    if survey.is_none_or(|survey| survey.onboarding != guest.onboarding) {
        return Err(AppError::missing("survey", id));
    }
    Ok(Asked { workspace: guest.workspace, survey: id, contact: guest.contact })
}

fn holder(app: &App, token: &str) -> Result<Asked, AppError> {
    let text = open_link(app, PLACE, token).ok_or(AppError::LinkEnded)?;
    let mut parts = text.split(' ');
    let mut part = || parts.next().unwrap_or_default();
    let (workspace, survey, contact) = (part(), part(), part());
    Ok(Asked {
        workspace: workspace.parse().map_err(|_| AppError::LinkEnded)?,
        survey: survey.parse().map_err(|_| AppError::LinkEnded)?,
        contact: contact.parse().map_err(|_| AppError::LinkEnded)?,
    })
}

async fn sheet(app: &App, tx: &mut Tx, asked: Asked) -> Result<Option<Sheet>, AppError> {
    let Asked { workspace: place, survey: id, contact } = asked;
    let Some(survey) = rows::get(tx, place, id).await? else { return Ok(None) };
    let Some(person) = rows::person(tx, place, id, contact).await? else { return Ok(None) };
    let answers = rows::answers_of(tx, place, id, contact).await?;
    let vendor = vendor(tx, place).await?;
    let language = Languages::of_onboarding(tx, place, survey.onboarding).await?.of(Some(contact));
    let said = |text: &str| app.methodology.say(language, text).to_owned();
    Ok(Some(Sheet {
        id,
        title: said(&survey.title),
        vendor,
        name: person.name,
        language,
        closes_on: survey.closes_on,
        open: survey.state == State::Sent,
        done: person.answered_at.is_some(),
        slots: slots(&survey.questions, &answers, &said),
    }))
}

/// The fields of a survey, with what was answered; `said` says a text in the language of whoever answers.
fn slots(questions: &[Question], answers: &[Answer], said: &impl Fn(&str) -> String) -> Vec<Slot> {
    let mut slots = Vec::new();
    for question in questions {
        for (index, aspect) in domain::aspects(question).into_iter().enumerate() {
            let answer = answers.iter().find(|one| one.question == question.id && one.aspect == aspect);
            let field =
                if aspect.is_empty() { question.id.clone() } else { format!("{}.{index}", question.id) };
            slots.push(Slot {
                field,
                text: said(&question.text),
                aspect: said(aspect),
                kind: question.kind.clone(),
                choices: domain::choices(question),
                labels: domain::choices(question).iter().map(|choice| said(choice)).collect(),
                ends: super::ends(&question.kind).map(|(low, high)| (said(low), said(high))),
                answer: answer.map_or_else(String::new, |one| match one.number {
                    Some(number) => number.to_string(),
                    None => one.text.clone(),
                }),
            });
        }
    }
    slots
}

async fn keep(app: &App, mut tx: Tx, actor: &Actor, asked: Asked, given: &[Given]) -> Result<Kept, AppError> {
    let Asked { workspace: place, survey: id, contact } = asked;
    let survey = rows::get(&mut tx, place, id).await?.ok_or_else(|| AppError::missing("survey", id))?;
    let person = rows::person(&mut tx, place, id, contact).await?;
    let person = person.ok_or_else(|| AppError::missing("survey", id))?;
    if survey.state != State::Sent {
        return Err(AppError::Barred(Barrier::SurveyOver));
    }
    let (mut answers, mut nothing, mut mistakes) = (Vec::new(), Vec::new(), Vec::new());
    for question in &survey.questions {
        for (index, aspect) in domain::aspects(question).into_iter().enumerate() {
            let field =
                if aspect.is_empty() { question.id.clone() } else { format!("{}.{index}", question.id) };
            let text = given.iter().find(|one| one.field == field).map_or("", |one| one.text.as_str());
            match domain::read(question, aspect, text) {
                Ok(Some(answer)) => answers.push(answer),
                Ok(None) => nothing.push((question.id.clone(), aspect.to_owned())),
                Err(told) => mistakes.push(Mistake { field, told }),
            }
        }
    }
    if answers.is_empty() && mistakes.is_empty() {
        let field = survey.questions.first().map(|question| question.id.clone()).unwrap_or_default();
        mistakes.push(Mistake { field, told: Fault::Unanswered.into() });
    }
    if !mistakes.is_empty() {
        return Ok(Kept::Wrong(mistakes));
    }
    rows::answer(&mut tx, place, id, contact, &answers, &nothing, (app.now(), true)).await?;
    if person.began_at.is_none() {
        let account = head::get(&mut tx, place, survey.onboarding).await?.map(|head| head.account_id);
        let about = About { account, onboarding: Some(survey.onboarding) };
        let summary = format!("{} answered the survey “{}”", person.name, survey.title);
        activity::record(app, &mut tx, actor, "survey.answered", about, summary).await?;
    }
    tx.commit().await?;
    Ok(Kept::Kept)
}
