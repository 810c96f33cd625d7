//! What playbooks achieved, side by side.

use axum::Json;
use axum::extract::State;
use gangway_app::intervention;
use gangway_domain::health::backtest::{Halves, Share};
use gangway_domain::intervention::{Change, Comparison};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Api;
use crate::caller::Caller;
use crate::page::Page;
use crate::problem::Problem;

/// A share with Wilson's 95 % interval, in percent.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ShareWithInterval)]
pub(crate) struct ShareOut {
    /// How many.
    hits: u32,
    /// Of how many.
    of: u32,
    /// The share.
    percent: f64,
    /// Lower end of the interval.
    low: f64,
    /// Upper end of the interval.
    high: f64,
}

impl From<Share> for ShareOut {
    fn from(share: Share) -> Self {
        let percent = |thousandths: u32| f64::from(thousandths) / 10.0;
        Self {
            hits: share.hits,
            of: share.of,
            percent: percent(share.thousandths),
            low: percent(share.low),
            high: percent(share.high),
        }
    }
}

/// What a playbook did to the health score.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlaybookScores)]
pub(crate) struct ScoresOut {
    /// Interventions with a score before and after.
    n: u32,
    /// Median of the scores before.
    before: f64,
    /// Median of the scores after.
    after: f64,
    /// Median of the changes, in points.
    change: f64,
    /// Lower end of its 95 % interval; null with fewer than six.
    #[schema(required = true)]
    low: Option<i64>,
    /// Upper end.
    #[schema(required = true)]
    high: Option<i64>,
}

impl From<Change> for ScoresOut {
    fn from(change: Change) -> Self {
        Self {
            n: change.n,
            before: number(change.before),
            after: number(change.after),
            change: number(change.median),
            low: change.low,
            high: change.high,
        }
    }
}

fn number(halves: Halves) -> f64 {
    halves.0 as f64 / 2.0
}

/// What a playbook achieved.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlaybookComparison)]
pub(crate) struct ComparisonOut {
    /// The playbook (id of the methodology).
    playbook: String,
    /// How often it was begun.
    begun: u32,
    /// Of those, how many go on.
    running: u32,
    /// Resolved in full.
    resolved: u32,
    /// Resolved in part.
    partly: u32,
    /// Not resolved.
    failed: u32,
    /// Given up; they count in nothing that follows.
    abandoned: u32,
    /// The share resolved in full of those that ended; null before any has.
    #[schema(required = true)]
    share: Option<ShareOut>,
    /// Median of the calendar days it took.
    #[schema(required = true)]
    median_days: Option<f64>,
    /// What it did to the score; null where no score is known before and after.
    #[schema(required = true)]
    scores: Option<ScoresOut>,
    /// The share of the signals they were about that are over; null where they were about none.
    #[schema(required = true)]
    signals: Option<ShareOut>,
}

impl From<Comparison> for ComparisonOut {
    fn from(one: Comparison) -> Self {
        Self {
            playbook: one.playbook,
            begun: one.begun,
            running: one.running,
            resolved: one.resolved,
            partly: one.partly,
            failed: one.failed,
            abandoned: one.abandoned,
            share: one.share.map(ShareOut::from),
            median_days: one.median_days.map(number),
            scores: one.change.map(ScoresOut::from),
            signals: one.signals.map(ShareOut::from),
        }
    }
}

/// Compare playbooks
///
/// What those that were begun achieved. Whoever is at their worst gets better without help, too: compare playbooks of
/// one level.
#[utoipa::path(get, path = "/interventions/comparison", operation_id = "compare_playbooks", tag = "Health",
    responses((status = 200, description = "Playbooks in order of their ids.", body = Page<ComparisonOut>)))]
pub(crate) async fn compare(
    State(api): State<Api>,
    caller: Caller,
) -> Result<Json<Page<ComparisonOut>>, Problem> {
    let compared = intervention::compared(&api.app, &caller.actor).await?;
    Ok(Json(Page::whole(compared.into_iter().map(ComparisonOut::from))))
}
