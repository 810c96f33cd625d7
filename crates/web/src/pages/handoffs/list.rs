//! The list of handoffs.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::intake;
use gangway_domain::permission::Action;
use gangway_store::review::State as Stage;

use super::{door_words, handoff_id, state_words};
use crate::Web;
use crate::extract::Values;
use crate::format::{Moment, moment};
use crate::pages::failure::Failure;
use crate::pages::{Frame, Nav, render};
use crate::session::Signed;

#[derive(Template)]
#[template(path = "pages/handoffs/list.html")]
struct Page {
    frame: Frame,
    may_hand_over: bool,
    empty: bool,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    next: Option<String>,
}

struct Tab {
    label: &'static str,
    count: i64,
    href: String,
    chosen: bool,
}

struct Row {
    href: String,
    customer: String,
    by: String,
    door: &'static str,
    at: Moment,
    score: Option<i64>,
    score_class: &'static str,
    state: &'static str,
    state_class: &'static str,
    confirmed: Option<String>,
    onboarding: Option<String>,
}

/// The handoffs, newest first.
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    values: Values,
) -> Result<Response, Failure> {
    let word = values.text("state");
    let stage = Stage::of_word(&word);
    let after = values.text("after");
    let after = if after.is_empty() { None } else { Some(handoff_id(&after)?) };
    let found = intake::list(&web.app, &session.actor, stage, after).await?;
    let all: i64 = found.counts.iter().map(|(_, count)| count).sum();
    let mut tabs =
        vec![Tab { label: "All", count: all, href: "/handoffs".to_owned(), chosen: stage.is_none() }];
    tabs.extend(found.counts.iter().map(|(known, count)| Tab {
        label: state_words(*known).0,
        count: *count,
        href: format!("/handoffs?state={}", known.word()),
        chosen: stage == Some(*known),
    }));
    let state = stage.map_or_else(String::new, |stage| format!("state={}&", stage.word()));
    let page = Page {
        frame: Frame::of(&session, Nav::Handoffs, "Handoffs").live_on_all(),
        may_hand_over: session.actor.may(Action::HandOver),
        empty: all == 0,
        tabs,
        next: found.next.map(|id| format!("/handoffs?{state}after={id}")),
        rows: found
            .lines
            .into_iter()
            .map(|line| {
                let (state, state_class) = state_words(line.state);
                Row {
                    href: format!("/handoffs/{}", line.id),
                    customer: line.customer,
                    by: line.accepted_by,
                    door: door_words(&line.door),
                    at: moment(line.accepted_at, &web.app.time_zone),
                    score_class: score_class(line.document_score),
                    score: line.document_score,
                    state,
                    state_class,
                    confirmed: line.confirmed.map(|(_, by)| by),
                    onboarding: line.onboarding.map(|id| format!("/onboardings/{id}")),
                }
            })
            .collect(),
    };
    Ok(render(StatusCode::OK, &page))
}

fn score_class(score: Option<i64>) -> &'static str {
    match score {
        None => "",
        Some(..50) => "bad",
        Some(50..70) => "fair",
        Some(_) => "good",
    }
}
