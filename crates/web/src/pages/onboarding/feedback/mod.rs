//! What the customer is asked: surveys with what they say, forms with what they answer.

pub(crate) mod forms;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::survey::{self, Line, Person, Seen, Surveys};
use gangway_domain::ids::{ContactId, OnboardingId, SurveyId};
use gangway_domain::permission::Action;
use gangway_domain::survey::{State as Stands, Summary};
use jiff::civil::Date;

use super::read_id;
use super::top::Top;
use crate::Web;
use crate::extract::{Answer, Asked, Here, Posted, named};
use crate::form::{Wrong, answered};
use crate::format::{moment, thousands};
use crate::pages::{Choice, Frame, Tab, Toast, Undo, render};

/// The tab of the onboarding they belong to.
const HERE: &str = "/feedback";

/// The pages as tabs of their own.
fn tabs(top: &Top, here: &str) -> Vec<Tab> {
    top.pages(&[("Surveys", "/feedback"), ("Forms", "/forms")], here)
}

#[derive(Template)]
#[template(path = "pages/onboarding/feedback/list.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    lines: Vec<Row>,
    kinds: Vec<Choice>,
    on: String,
    wrong: Wrong,
    may_edit: bool,
}

struct Row {
    href: String,
    title: String,
    audience: String,
    on: String,
    status: &'static str,
    tone: &'static str,
    /// How many answered, or what it waits for.
    note: String,
    /// Response rate and its target, in percent.
    rate: Option<(i64, i64)>,
}

fn row(top: &Top, line: Line) -> Row {
    let Line { survey, on, ready, response } = line;
    let note = match survey.state {
        Stands::Planned if !ready => "not yet: what it asks about is to come".to_owned(),
        Stands::Planned => "goes out by itself".to_owned(),
        Stands::Skipped => survey.because.clone(),
        Stands::Sent | Stands::Closed => {
            format!("{} of {} answered", thousands(survey.answered), thousands(survey.asked))
        }
    };
    let sent = matches!(survey.state, Stands::Sent | Stands::Closed);
    Row {
        href: top.to(&format!("/feedback/{}", survey.id)),
        title: survey.title,
        audience: survey.audience,
        on: on.strftime("%-d %b %Y").to_string(),
        status: survey.state.label(),
        tone: tone(survey.state),
        note,
        rate: response.filter(|_| sent).map(|rate| (rate, survey.target)),
    }
}

/// How a tag shows a state.
fn tone(state: Stands) -> &'static str {
    match state {
        Stands::Planned => "soon",
        Stands::Sent => "go",
        Stands::Closed => "done",
        Stands::Skipped => "off",
    }
}

/// The surveys.
pub(crate) async fn list(Here(web, session, id): Here<String>) -> Answer {
    page(&web, &session, read_id(id)?, (String::new(), String::new(), Wrong::default()), StatusCode::OK).await
}

/// Plans one by hand.
pub(crate) async fn create(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let (kind, on) = (fields.text("survey").to_owned(), fields.text("on").to_owned());
    let day: Date = on.parse().unwrap_or(Date::MIN);
    answered(
        survey::add(&web.app, &session.actor, id, &kind, day).await,
        |made| {
            let to = format!("/onboardings/{id}/feedback/{}?said=planned", made.id);
            Redirect::to(&to).into_response()
        },
        |status, wrong| page(&web, &session, id, (kind, on, wrong), status),
    )
    .await
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    (kind, on, wrong): (String, String, Wrong),
    status: StatusCode,
) -> Answer {
    let Surveys { head, lines, kinds } = survey::of_onboarding(&web.app, &session.actor, id).await?;
    let top = Top::new(session, &head, HERE);
    let page = Page {
        frame: top.frame(session, "Surveys"),
        pages: tabs(&top, HERE),
        lines: lines.into_iter().map(|line| row(&top, line)).collect(),
        kinds: kinds.into_iter().map(|(value, label)| Choice::of(value, label, &kind)).collect(),
        on: if on.is_empty() { web.app.today().to_string() } else { on },
        wrong,
        may_edit: session.actor.may(Action::RunOnboarding),
        top,
    };
    Ok(render(status, &page))
}

#[derive(Template)]
#[template(path = "pages/onboarding/feedback/survey.html")]
struct One {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    address: String,
    title: String,
    audience: String,
    status: &'static str,
    tone: &'static str,
    on: String,
    closes: String,
    because: String,
    planned: bool,
    open: bool,
    skipped: bool,
    rate: Option<i64>,
    target: i64,
    asked: i64,
    answered: i64,
    figures: Vec<FigureRow>,
    people: Vec<PersonRow>,
    version: i64,
    may_edit: bool,
    typed: String,
    wrong: Wrong,
}

/// A question with its answers.
struct FigureRow {
    text: String,
    aspect: String,
    words: String,
    answers: i64,
    /// Each value with how many chose it, and its share of all in percent.
    spread: Vec<(String, i64, i64)>,
    said: Vec<String>,
}

fn figure(summary: Summary) -> FigureRow {
    let all = summary.answers.max(1);
    FigureRow {
        words: summary.words(),
        text: summary.text,
        aspect: summary.aspect,
        answers: summary.answers,
        spread: summary.spread.into_iter().map(|(value, count)| (value, count, count * 100 / all)).collect(),
        said: summary.said,
    }
}

struct PersonRow {
    id: String,
    name: String,
    email: String,
    state: String,
    answers: Vec<(String, String)>,
}

/// One survey.
pub(crate) async fn show(Asked(web, session, (_, id), values): Asked<(String, String)>) -> Answer {
    let id = survey_id(&id)?;
    let seen = survey::get(&web.app, &session.actor, id).await?;
    let toast = match values.text("said").as_str() {
        "planned" => Toast::of("Planned. It goes out by itself on its day."),
        "sent" => Toast::of("Sent. Whoever was asked has a mail, and finds it in the portal."),
        "closed" => Toast::of("Closed."),
        "skipped" if seen.line.survey.state == Stands::Skipped => {
            let fields = vec![("step", "plan".to_owned()), ("version", seen.line.survey.version.to_string())];
            let action = format!("/onboardings/{}/feedback/{id}/steps", seen.head.id);
            Some(Toast { text: "Left out.".to_owned(), undo: Some(Undo { action, fields }) })
        }
        _ => None,
    };
    Ok(one(&web, &session, seen, (String::new(), Wrong::default()), toast, StatusCode::OK))
}

/// It is sent, left out, planned again or closed.
pub(crate) async fn step(Posted(web, session, (onboarding, id), fields): Posted<(String, String)>) -> Answer {
    let id = survey_id(&id)?;
    let version = fields.version();
    let because = fields.text("because").to_owned();
    let (app, actor) = (&web.app, &session.actor);
    let (outcome, said) = match fields.text("step") {
        "send" => {
            let only: Vec<ContactId> = fields.all("person").filter_map(|one| one.parse().ok()).collect();
            (survey::send(app, actor, id, version, Some(only)).await, "sent")
        }
        "skip" => (survey::skip(app, actor, id, version, &because).await, "skipped"),
        "plan" => (survey::plan_again(app, actor, id, version).await, "planned"),
        _ => (survey::close(app, actor, id, version).await, "closed"),
    };
    answered(
        outcome,
        |_| Redirect::to(&format!("/onboardings/{onboarding}/feedback/{id}?said={said}")).into_response(),
        |status, wrong| again(&web, &session, id, (because, wrong), status),
    )
    .await
}

/// The survey, with why nothing was done.
async fn again(
    web: &Web,
    session: &Session,
    id: SurveyId,
    typed: (String, Wrong),
    status: StatusCode,
) -> Answer {
    let seen = survey::get(&web.app, &session.actor, id).await?;
    Ok(one(web, session, seen, typed, None, status))
}

fn one(
    web: &Web,
    session: &Session,
    seen: Seen,
    (typed, wrong): (String, Wrong),
    toast: Option<Toast>,
    status: StatusCode,
) -> Response {
    let Seen { head, line, people, summaries, answers } = seen;
    let top = Top::new(session, &head, HERE);
    let Line { survey, on, ready: _, response } = line;
    let question = |id: &str, aspect: &str| {
        let text = survey.questions.iter().find(|one| one.id == id).map_or("", |one| one.text.as_str());
        if aspect.is_empty() { text.to_owned() } else { format!("{text} {aspect}") }
    };
    let person = |one: Person| PersonRow {
        id: one.contact.to_string(),
        state: match (one.answered_at.or(one.began_at), one.mailed, survey.state) {
            (Some(at), ..) => format!("answered {}", moment(at, &web.app.time_zone).words),
            (None, _, Stands::Planned) if one.email.is_empty() => "no mail address: portal only".to_owned(),
            (None, _, Stands::Planned) => String::new(),
            (None, true, _) if one.reminded_at.is_some() => "reminded, no answer".to_owned(),
            (None, true, _) => "no answer".to_owned(),
            (None, false, _) => "no answer; asked in the portal only".to_owned(),
        },
        answers: answers
            .iter()
            .filter(|(who, _)| *who == one.contact)
            .map(|(_, answer)| {
                let said = answer.number.map_or_else(|| answer.text.clone(), |number| number.to_string());
                (question(&answer.question, &answer.aspect), said)
            })
            .collect(),
        name: one.name,
        email: one.email,
    };
    let people: Vec<PersonRow> = people.into_iter().map(person).collect();
    let page = One {
        frame: top.frame(session, "Survey").saying(toast),
        pages: tabs(&top, HERE),
        address: top.to(&format!("/feedback/{}", survey.id)),
        status: survey.state.label(),
        tone: tone(survey.state),
        on: on.strftime("%-d %b %Y").to_string(),
        closes: survey.closes_on.map(|day| day.strftime("%-d %b %Y").to_string()).unwrap_or_default(),
        planned: survey.state == Stands::Planned,
        open: survey.state == Stands::Sent,
        skipped: survey.state == Stands::Skipped,
        rate: response,
        target: survey.target,
        asked: survey.asked,
        answered: survey.answered,
        figures: summaries.into_iter().map(figure).collect(),
        people,
        version: survey.version,
        may_edit: session.actor.may(Action::RunOnboarding),
        title: survey.title,
        audience: survey.audience,
        because: survey.because,
        typed,
        wrong,
        top,
    };
    render(status, &page)
}

/// The survey an address names.
fn survey_id(id: &str) -> Result<SurveyId, AppError> {
    named("survey", id)
}
