//! The weekly review of the signals: filled in from the facts, answered by people, kept for the week.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::identity::Session;
use gangway_app::signal::{self, Question, ReviewSheet, Said};
use gangway_domain::ids::OnboardingId;
use gangway_domain::permission::Action;

use super::super::read_id;
use super::super::top::Top;
use super::HERE;
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::{Wrong, answered};
use crate::format::Day;
use crate::pages::{Frame, Toast, render};

#[derive(Template)]
#[template(path = "pages/onboarding/health/weekly.html")]
struct Page {
    frame: Frame,
    top: Top,
    week: Day,
    groups: Vec<(String, Vec<Line>)>,
    concerns: String,
    tone: &'static str,
    by: String,
    version: i64,
    earlier: Vec<(Day, String, String)>,
    may_edit: bool,
    wrong: Wrong,
}

/// A question as the page shows it.
struct Line {
    id: String,
    text: String,
    words: String,
    /// What counts: `yes`, `no` or nothing.
    answer: &'static str,
    /// The facts say it, nobody has yet.
    computed: bool,
    note: String,
}

/// The review of this week.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let toast = if values.text("said") == "kept" { Toast::of("The review is kept.") } else { None };
    page(&web, &session, read_id(id)?, Wrong::default(), toast, StatusCode::OK).await
}

/// Keeps it.
pub(crate) async fn keep(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let mut answers = BTreeMap::new();
    for question in fields.all("question") {
        let yes = match fields.text(&format!("answer-{question}")) {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        let note = fields.text(&format!("note-{question}")).to_owned();
        answers.insert(question.to_owned(), Said { yes, note });
    }
    answered(
        signal::keep_review(&web.app, &session.actor, id, fields.version(), answers).await,
        |_| Redirect::to(&format!("/onboardings/{id}/health/review?said=kept")).into_response(),
        |status, wrong| page(&web, &session, id, wrong, None, status),
    )
    .await
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    wrong: Wrong,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let sheet = signal::review(&web.app, &session.actor, id).await?;
    let ReviewSheet { head, week, questions, concerns, version, by, earlier, .. } = sheet;
    let top = Top::new(session, &head, HERE);
    let (words, tone) = verdict(concerns);
    let page = Page {
        frame: top.frame(session, "Weekly review").saying(toast),
        week: Day::from(week),
        groups: groups(questions),
        concerns: words,
        tone,
        by,
        version,
        earlier: earlier
            .into_iter()
            .map(|one| {
                let concerns = usize::try_from(one.concerns).unwrap_or(0);
                (Day::from(one.week), verdict(concerns).0, one.by)
            })
            .collect(),
        may_edit: session.actor.may(Action::RunOnboarding) && top.closed.is_none(),
        wrong,
        top,
    };
    Ok(render(status, &page))
}

/// What so many noes mean, and how a tag shows it.
fn verdict(concerns: usize) -> (String, &'static str) {
    match concerns {
        0 => ("No concerns".to_owned(), "go"),
        1 => ("1 no: a note".to_owned(), "soon"),
        2 => ("2 noes: a concern".to_owned(), "soon"),
        many => (format!("{many} noes: act"), "late"),
    }
}

/// The questions by group, in order.
fn groups(questions: Vec<Question>) -> Vec<(String, Vec<Line>)> {
    let mut groups: Vec<(String, Vec<Line>)> = Vec::new();
    for one in questions {
        let line = Line {
            answer: match one.answer() {
                Some(true) => "yes",
                Some(false) => "no",
                None => "",
            },
            computed: one.said.is_none() && one.computed.is_some(),
            note: one.said.map(|said| said.note).unwrap_or_default(),
            id: one.id,
            text: one.text,
            words: one.words,
        };
        match groups.last_mut() {
            Some((group, lines)) if *group == one.group => lines.push(line),
            _ => groups.push((one.group, vec![line])),
        }
    }
    groups
}
