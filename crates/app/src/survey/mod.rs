//! Surveys of onboardings: planned with the package, sent at their moments, answered by the customer's people, read by
//! the team.

mod answer;
mod results;
mod round;
mod seed;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use gangway_domain::ids::{ContactId, OnboardingId, SurveyId};
use gangway_domain::permission::Action;
use gangway_domain::portal::Language;
use gangway_domain::survey::{self as domain, Answer, State, Summary};
use gangway_store::onboarding::head::Head;
use gangway_store::people::{self, Stakeholder};
use gangway_store::training::learner as learners;
use gangway_store::{Tx, survey as rows};
use jiff::ToSpan;
use jiff::civil::Date;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::boxed;
use crate::error::{AppError, Problem};
use crate::identity::none_of;
use crate::mail::{self, Languages, Letter, Many, seal_link, verbatim};
use crate::register::{needed_prose, onboarding, record};
use crate::{Actor, App, package, programme, version};

pub(crate) use answer::todo_for;
pub use answer::{Given, Kept, Sheet, Slot, by_link, for_guest, keep_by_link, keep_for_guest};
pub use gangway_store::survey::{Person, Survey};
pub use results::{OfKind, results};
pub(crate) use results::{facts_in, facts_of};
pub(crate) use round::plan as plan_rounds;
pub use round::{HOUR, JOB, Rounds, schedule};
pub(crate) use seed::{Start, backfill, reseed, seed};

/// Name of the template of the mail.
const TEMPLATE: &str = "survey";

/// Days people have to answer.
pub const OPEN_DAYS: i64 = 14;

/// What links to a survey are sealed for.
const PLACE: &str = "survey";

/// Stands in the text of a mail where the reader's name goes, and where their own link goes.
const NAME: &str = "\u{27e6}name\u{27e7}";
const LINK: &str = "\u{27e6}link\u{27e7}";

/// A survey with the day it goes out as the plan stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The survey.
    pub survey: Survey,
    /// The day it goes, or was to go, out.
    pub on: Date,
    /// What it asks about has happened.
    pub ready: bool,
    /// Share of people who answered, percent; none before it was sent.
    pub response: Option<i64>,
}

impl Line {
    fn of(survey: Survey) -> Self {
        let (on, ready) = domain::moment(survey.planned_on, survey.point, survey.after_days);
        Self { on, ready, response: domain::response(survey.asked, survey.answered), survey }
    }
}

/// The surveys of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surveys {
    /// The onboarding.
    pub head: Head,
    /// In order of their days.
    pub lines: Vec<Line>,
    /// Surveys of its programme's version (id, title) that can be asked by hand.
    pub kinds: Vec<(String, String)>,
}

/// One survey with what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The onboarding.
    pub head: Head,
    /// The survey.
    pub line: Line,
    /// Who is asked; before it is sent, who would be.
    pub people: Vec<Person>,
    /// What the answers say together.
    pub summaries: Vec<Summary>,
    /// What each one answered.
    pub answers: Vec<(ContactId, Answer)>,
}

/// The surveys of an onboarding.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn of_onboarding(app: &App, actor: &Actor, id: OnboardingId) -> Result<Surveys, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let mut lines: Vec<Line> =
        rows::of_onboarding(&mut tx, actor.workspace, id).await?.into_iter().map(Line::of).collect();
    lines.sort_by_key(|line| (line.on, line.survey.number));
    let sheets = programme::sheets_of(app, &mut tx, actor.workspace, id).await?;
    let kinds = sheets.surveys.into_values().map(|one| (one.id, one.title)).collect();
    Ok(Surveys { head, lines, kinds })
}

/// One survey with its answers.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn get(app: &App, actor: &Actor, id: SurveyId) -> Result<Seen, AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let survey = find(&mut tx, actor, id).await?;
    let head = onboarding(&mut tx, actor, survey.onboarding).await?;
    let people = match survey.state {
        State::Planned => would_be_asked(&mut tx, actor, &survey).await?,
        _ => rows::people(&mut tx, actor.workspace, id).await?,
    };
    let answers = rows::answers(&mut tx, actor.workspace, id).await?;
    let plain: Vec<Answer> = answers.iter().map(|(_, answer)| answer.clone()).collect();
    let summaries = domain::summarise(&survey.questions, &plain);
    Ok(Seen { head, line: Line::of(survey), people, summaries, answers })
}

/// Plans a survey of the onboarding's programme on a day of its own.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`]; or when the database fails.
#[boxed]
pub async fn add(
    app: &App,
    actor: &Actor,
    id: OnboardingId,
    survey: &str,
    on: Date,
) -> Result<Survey, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let head = onboarding(&mut tx, actor, id).await?;
    let mut problems = Vec::new();
    let sheets = programme::sheets_of(app, &mut tx, actor.workspace, id).await?;
    let known = sheets.surveys.get(survey);
    if known.is_none() {
        problems.push(Problem::new("survey", "is none there is"));
    }
    if on < app.today() {
        problems.push(Problem::new("on", "is over already"));
    }
    none_of(problems)?;
    let Some(known) = known else { return Err(AppError::missing("survey", survey)) };
    let number = rows::last_number(&mut tx, actor.workspace, id).await? + 1;
    let made = seed::row(app, id, number, known, on);
    rows::insert(&mut tx, actor.workspace, &made).await?;
    let summary = format!("Planned the survey “{}” for {on}", made.title);
    record(app, &mut tx, actor, &head, "survey.planned", summary).await?;
    tx.commit().await?;
    Ok(made)
}

/// Sends a survey now, to these people or to whom it is for.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Refusal`] when it was sent already or there is nobody
/// to ask, [`AppError::Stale`]; or when the database fails.
#[boxed]
pub async fn send(
    app: &App,
    actor: &Actor,
    id: SurveyId,
    version: i64,
    only: Option<Vec<ContactId>>,
) -> Result<Survey, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, survey) = open(&mut tx, actor, id, version).await?;
    let sent = send_in(app, &mut tx, actor, &head, survey, only).await?;
    tx.commit().await?;
    Ok(sent)
}

/// The same in a transaction of its own.
async fn send_in(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    survey: Survey,
    only: Option<Vec<ContactId>>,
) -> Result<Survey, AppError> {
    if survey.state != State::Planned {
        return Err(AppError::Refusal("this survey was sent or skipped already".to_owned()));
    }
    let mut people = would_be_asked(tx, actor, &survey).await?;
    if let Some(only) = only {
        people.retain(|one| only.contains(&one.contact));
    }
    if people.is_empty() {
        let why = "there is nobody to ask: add people with their roles to the onboarding first";
        return Err(AppError::Refusal(why.to_owned()));
    }
    let closes_on = app.today().saturating_add(OPEN_DAYS.days());
    let wanted = Survey {
        state: State::Sent,
        sent_at: Some(app.now()),
        sent_by: actor.name.clone(),
        closes_on: Some(closes_on),
        ..survey
    };
    mail_all(app, tx, actor, head, &wanted, &mut people, false).await?;
    rows::ask(tx, actor.workspace, wanted.id, &people).await?;
    let summary = format!("Sent the survey “{}” to {}", wanted.title, counted(people.len()));
    let asked = i64::try_from(people.len()).unwrap_or(i64::MAX);
    let kept = keep(tx, actor, Survey { asked, ..wanted }).await?;
    record(app, tx, actor, head, "survey.sent", summary).await?;
    Ok(kept)
}

fn counted(people: usize) -> String {
    if people == 1 { "1 person".to_owned() } else { format!("{people} people") }
}

/// Writes to people, and notes on them whether a mail went out.
async fn mail_all(
    app: &App,
    tx: &mut Tx,
    actor: &Actor,
    head: &Head,
    survey: &Survey,
    people: &mut [Person],
    again: bool,
) -> Result<(), AppError> {
    let vendor = mail::vendor(tx, actor.workspace).await?;
    let languages = Languages::of_onboarding(tx, actor.workspace, survey.onboarding).await?;
    let mut written: BTreeMap<Language, (String, String)> = BTreeMap::new();
    let answers = mail::answered_by(tx, actor.workspace, survey.onboarding).await?;
    let mut many = Many::begin(app, tx, actor.workspace).await?.answered_by(answers);
    for person in people.iter_mut().filter(|person| !person.email.is_empty()) {
        let token = seal_link(app, PLACE, &format!("{} {} {}", actor.workspace, survey.id, person.contact))?;
        let link = app.link(&format!("/survey/{token}"));
        let language = languages.of(Some(person.contact));
        let (subject, text) = match written.entry(language) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(text(app, head, survey, &vendor, language, again)?),
        };
        let letter = Letter {
            to: person.email.clone(),
            subject: subject.clone(),
            text: text.replace(NAME, &verbatim(&person.name)).replace(LINK, &link),
            action: None,
            vendor: vendor.clone(),
            language,
        };
        person.mailed |= many.send(app, tx, &letter).await?;
    }
    many.finish(tx).await
}

/// Subject and text of the mail in a language, with places for what differs from reader to reader: the template is
/// filled once for each language, however many get it.
fn text(
    app: &App,
    head: &Head,
    survey: &Survey,
    vendor: &str,
    language: Language,
    again: bool,
) -> Result<(String, String), AppError> {
    let said = |text: &str| app.methodology.say(language, text).to_owned();
    let first = survey.questions.first();
    let choices: Vec<serde_json::Value> = first
        .filter(|question| domain::aspects(question) == [""])
        .map(domain::choices)
        .unwrap_or_default()
        .into_iter()
        .map(|choice| {
            let value = utf8_percent_encode(&choice, NON_ALPHANUMERIC).to_string();
            serde_json::json!({ "label": said(&choice), "link": format!("{LINK}?first={value}") })
        })
        .collect();
    let ends = first.and_then(|question| ends(&question.kind));
    let until = survey.closes_on.map(|day| language.full_day(day)).unwrap_or_default();
    let facts = serde_json::json!({ "survey": {
        "title": said(&survey.title),
        "first": first.map(|question| said(&question.text)).unwrap_or_default(),
        "name": NAME,
        "product": head.product,
        "minutes": survey.questions.len().div_ceil(3).max(1),
        "choices": choices,
        "low": ends.map(|(low, _)| said(low)),
        "high": ends.map(|(_, high)| said(high)),
        "questions": survey.questions.len(),
        "link": LINK,
        "until": until,
        "vendor": vendor,
        "again": again,
    }});
    Ok(package::letter_text(&app.methodology, TEMPLATE, language, &facts)?)
}

/// What the ends of a scale mean.
#[must_use]
pub fn ends(kind: &str) -> Option<(&'static str, &'static str)> {
    match kind {
        "nps" => Some(("Not at all likely", "Extremely likely")),
        "csat" | "scale10" => Some(("Not satisfied", "Very satisfied")),
        "ces" => Some(("Very little", "Very much")),
        "rating5" => Some(("Poor", "Excellent")),
        _ => None,
    }
}

/// Leaves a survey out.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] without a reason, [`AppError::Refusal`] when
/// it was sent already, [`AppError::Stale`]; or when the database fails.
#[boxed]
pub async fn skip(
    app: &App,
    actor: &Actor,
    id: SurveyId,
    version: i64,
    because: &str,
) -> Result<Survey, AppError> {
    step(app, actor, id, version, Step::Skip(because.to_owned())).await
}

/// Plans a skipped survey again: the undo of [`skip`].
///
/// # Errors
/// As [`skip`].
#[boxed]
pub async fn plan_again(app: &App, actor: &Actor, id: SurveyId, version: i64) -> Result<Survey, AppError> {
    step(app, actor, id, version, Step::Plan).await
}

/// Ends a survey: nobody answers it any more.
///
/// # Errors
/// As [`skip`].
#[boxed]
pub async fn close(app: &App, actor: &Actor, id: SurveyId, version: i64) -> Result<Survey, AppError> {
    step(app, actor, id, version, Step::Close).await
}

enum Step {
    Skip(String),
    Plan,
    Close,
}

async fn step(app: &App, actor: &Actor, id: SurveyId, version: i64, step: Step) -> Result<Survey, AppError> {
    actor.require(Action::RunOnboarding)?;
    let mut tx = app.db.write().await?;
    let (head, survey) = open(&mut tx, actor, id, version).await?;
    let title = survey.title.clone();
    let (wanted, kind, summary) = match (step, survey.state) {
        (Step::Skip(because), State::Planned) => {
            let mut problems = Vec::new();
            let because = needed_prose("because", &because, &mut problems);
            none_of(problems)?;
            let summary = format!("Left out the survey “{title}”: {because}");
            (Survey { state: State::Skipped, because, ..survey }, "survey.skipped", summary)
        }
        (Step::Plan, State::Skipped) => {
            let planned = Survey { state: State::Planned, because: String::new(), ..survey };
            (planned, "survey.planned", format!("Planned the survey “{title}” again"))
        }
        (Step::Close, State::Sent) => (
            Survey { state: State::Closed, ..survey },
            "survey.closed",
            format!("Closed the survey “{title}”"),
        ),
        (_, state) => {
            let why = format!("this survey is {} already", state.label().to_lowercase());
            return Err(AppError::Refusal(why));
        }
    };
    let kept = keep(&mut tx, actor, wanted).await?;
    record(app, &mut tx, actor, &head, kind, summary).await?;
    tx.commit().await?;
    Ok(kept)
}

/// Whom a survey is for: after a training those who took part in it; else, and where none of them is a contact,
/// stakeholders with its roles, and everybody when nobody has them.
async fn would_be_asked(tx: &mut Tx, actor: &Actor, survey: &Survey) -> Result<Vec<Person>, AppError> {
    let (gone, all): (Vec<Stakeholder>, Vec<Stakeholder>) =
        people::of_onboarding(tx, actor.workspace, survey.onboarding)
            .await?
            .into_iter()
            .partition(|one| one.left_on.is_some());
    let mut trained = learners::of_task(tx, actor.workspace, survey.onboarding, &survey.after).await?;
    trained.retain(|one| !gone.iter().any(|left| left.contact == one.contact));
    if !trained.is_empty() {
        return Ok(trained.into_iter().map(|one| person(one.contact, one.name, one.email)).collect());
    }
    let meant = |one: &&Stakeholder| survey.roles.is_empty() || survey.roles.contains(&one.role);
    let anybody = !all.iter().any(|one| meant(&one));
    let asked = all.iter().filter(|one| anybody || meant(one));
    Ok(asked.map(|one| person(one.contact, one.name.clone(), one.email.clone())).collect())
}

/// Somebody who was not asked yet.
fn person(contact: ContactId, name: String, email: Option<String>) -> Person {
    let email = email.unwrap_or_default();
    Person { contact, name, email, mailed: false, reminded_at: None, began_at: None, answered_at: None }
}

async fn find(tx: &mut Tx, actor: &Actor, id: SurveyId) -> Result<Survey, AppError> {
    rows::get(tx, actor.workspace, id).await?.ok_or_else(|| AppError::missing("survey", id))
}

/// A survey that is still what it was when it was looked at, with its onboarding.
async fn open(tx: &mut Tx, actor: &Actor, id: SurveyId, version: i64) -> Result<(Head, Survey), AppError> {
    let known = find(tx, actor, id).await?;
    version::fresh("survey", known.version, version)?;
    Ok((onboarding(tx, actor, known.onboarding).await?, known))
}

async fn keep(tx: &mut Tx, actor: &Actor, survey: Survey) -> Result<Survey, AppError> {
    let done = rows::change(tx, actor.workspace, &survey).await?;
    let version = version::after("survey", survey.version, done)?;
    Ok(Survey { version, ..survey })
}
