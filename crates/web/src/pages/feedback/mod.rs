//! What customers say: every kind of survey with its response rate against its target, over the workspace or one account.

use crate::extract::{Answer, Asked};
use crate::pages::{Frame, Nav, render};
use askama::Template;
use axum::http::StatusCode;
use gangway_app::survey::{self, OfKind};
use gangway_app::{AppError, account::book};
use gangway_domain::ids::AccountId;

#[derive(Template)]
#[template(path = "pages/feedback/feedback.html")]
struct Page {
    frame: Frame,
    /// The account, when it is about one: where it is, what it is called.
    account: Option<(String, String)>,
    kinds: Vec<Kind>,
}

struct Kind {
    title: String,
    sent: i64,
    asked: i64,
    answered: i64,
    /// In percent; none before anybody was asked.
    rate: Option<i64>,
    target: i64,
    figures: Vec<Figure>,
    said: Vec<(String, Vec<String>)>,
}

struct Figure {
    question: String,
    words: String,
    answers: i64,
}

/// The results.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let asked = values.text("account");
    let id: Option<AccountId> = match asked.as_str() {
        "" => None,
        text => {
            let missing = |_| AppError::NotFound { what: "account", id: text.chars().take(60).collect() };
            Some(text.parse().map_err(missing)?)
        }
    };
    let account = match id {
        Some(id) => {
            let name = book::get(&web.app, &session.actor, id).await?.account.name;
            Some((format!("/accounts/{id}"), name))
        }
        None => None,
    };
    let kinds = survey::results(&web.app, &session.actor, id).await?;
    let page = Page {
        frame: Frame::of(&session, Nav::Accounts, "Feedback").live_on_all(),
        account,
        kinds: kinds.into_iter().map(kind).collect(),
    };
    Ok(render(StatusCode::OK, &page))
}

fn kind(of: OfKind) -> Kind {
    let (texts, others): (Vec<_>, Vec<_>) = of.summaries.into_iter().partition(|one| one.kind == "text");
    let figure = |one: gangway_domain::survey::Summary| Figure {
        words: one.words(),
        answers: one.answers,
        question: if one.aspect.is_empty() { one.text } else { format!("{} · {}", one.text, one.aspect) },
    };
    Kind {
        title: of.title,
        sent: of.sent,
        asked: of.asked,
        answered: of.answered,
        rate: of.response,
        target: of.target,
        figures: others.into_iter().map(figure).collect(),
        said: texts.into_iter().filter(|one| !one.said.is_empty()).map(|one| (one.text, one.said)).collect(),
    }
}
