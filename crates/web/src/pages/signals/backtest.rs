//! Looking back: which signals, and which scores, foretold what happened to customers.

use askama::Template;
use axum::http::StatusCode;
use gangway_app::health::{self, Against, Backtest};
use gangway_domain::health::backtest::{Foretold, Share};

use super::tabs;
use crate::extract::{Answer, Asked};
use crate::pages::{Choice, Frame, Nav, Tab, render};

/// Days ahead that can be chosen.
const HORIZONS: [u32; 4] = [30, 60, 90, 180];

#[derive(Template)]
#[template(path = "pages/signals/backtest.html")]
struct Page {
    frame: Frame,
    pages: Vec<Tab>,
    against: Vec<Choice>,
    horizons: Vec<Choice>,
    horizon: u32,
    watched: usize,
    events: usize,
    lines: Vec<Line>,
    score: Line,
    /// Area under the curve, as `0.83`; none without both sorts.
    auc: Option<String>,
    score_of: String,
}

struct Line {
    name: String,
    n: u32,
    precision: String,
    recall: String,
    lead: String,
    hits: u32,
    wrong: u32,
    missed: u32,
    undecided: u32,
}

impl Line {
    fn new(name: String, one: &Foretold) -> Self {
        let share = |share: Option<&Share>| share.map_or_else(|| "–".to_owned(), Share::to_string);
        Self {
            name,
            n: one.n,
            precision: share(one.precision.as_ref()),
            recall: share(one.recall.as_ref()),
            lead: one.median_lead_days.map_or_else(|| "–".to_owned(), |days| format!("{days} days")),
            hits: one.true_positives,
            wrong: one.false_positives,
            missed: one.false_negatives,
            undecided: one.undecided,
        }
    }
}

/// The page.
pub(crate) async fn show(Asked(web, session, (), values): Asked) -> Answer {
    let against = Against::read(&values.text("against")).unwrap_or_default();
    let horizon = values.text("days").parse().unwrap_or(90);
    let found = health::backtest(&web.app, &session.actor, against, horizon).await?;
    let Backtest { horizon_days, watched, events, mut signals, score, below, .. } = found;
    // What warns best first: by how many it happened to were warned, then by how rarely it cried wolf.
    let key = |one: &Foretold| {
        let of = |share: Option<Share>| share.map_or(0, |share| share.thousandths);
        (of(one.recall), of(one.precision))
    };
    signals.sort_by_key(|(_, one)| std::cmp::Reverse(key(one)));
    let chosen = horizon_days.to_string();
    let page = Page {
        frame: Frame::of(&session, Nav::Signals, "Looking back"),
        pages: tabs("/signals/backtest"),
        against: Against::ALL
            .into_iter()
            .map(|one| Choice::of(one.word(), one.label(), against.word()))
            .collect(),
        horizons: HORIZONS
            .into_iter()
            .map(|days| Choice::of(days.to_string(), format!("{days} days ahead"), &chosen))
            .collect(),
        horizon: horizon_days,
        watched,
        events,
        lines: signals.into_iter().map(|(name, one)| Line::new(name, &one)).collect(),
        score: Line::new(format!("Score below {below}"), &score.at_threshold),
        auc: score.auc_thousandths.map(|auc| format!("{}.{:03}", auc / 1000, auc % 1000)),
        score_of: format!("{} to whom it happened, {} to whom it did not", score.events, score.others),
    };
    Ok(render(StatusCode::OK, &page))
}
