//! Looking back over the workspace: which signals, and which scores, foretold that a customer left or a go-live was
//! missed.

use std::collections::BTreeMap;

use gangway_domain::health::backtest::{self as domain, Fired, Foretold, ScoreTest, Scored, Watched};
use gangway_domain::ids::{AccountId, OnboardingId, WorkspaceId};
use gangway_domain::permission::Action;
use gangway_store::health as rows;
use gangway_store::health::known::{self, Past};
use gangway_store::input::movement;
use gangway_store::{Timestamp, Tx, signal as signals};
use jiff::ToSpan;
use jiff::civil::Date;

use super::facts::day;
use crate::boxed;
use crate::error::AppError;
use crate::{Actor, App, calculate};

/// Days that are looked back on.
const LOOKED_BACK: i64 = 540;

/// The score below which a customer counts as in danger: the lowest with which nobody is asked to intervene.
pub(super) const BELOW: u32 = 70;

/// What is to be foretold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Against {
    /// The customer left.
    #[default]
    Churn,
    /// The day the customer wanted to be live by was missed.
    MissedGoLive,
}

impl Against {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Churn, Self::MissedGoLive];

    /// The word in addresses and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Churn => "churn",
            Self::MissedGoLive => "missed-go-live",
        }
    }

    /// What people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Churn => "The customer left",
            Self::MissedGoLive => "The wanted go-live was missed",
        }
    }

    /// What a word says.
    #[must_use]
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// What foretold what happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// What was to be foretold.
    pub against: Against,
    /// How many days ahead counts as foretold.
    pub horizon_days: u32,
    /// Onboardings that were looked at.
    pub watched: usize,
    /// To how many of them it happened.
    pub events: usize,
    /// Each kind of signal: the name people see, and what it foretold.
    pub signals: Vec<(String, Foretold)>,
    /// The score.
    pub score: ScoreTest,
    /// The score below which somebody counts as in danger.
    pub below: u32,
}

/// Which signals and scores foretold, over the last eighteen months of the workspace. What they saw less than
/// `horizon_days` before the end of what is known, and nothing followed, is not decided, and does not count.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn backtest(
    app: &App,
    actor: &Actor,
    against: Against,
    horizon_days: u32,
) -> Result<Backtest, AppError> {
    actor.require(Action::Look)?;
    let horizon_days = horizon_days.clamp(7, 365);
    let today = app.today();
    let since = today.saturating_sub(LOOKED_BACK.days());
    let from = since.to_zoned(app.time_zone.clone()).map_or(jiff::Timestamp::MIN, |from| from.timestamp());
    let mut tx = app.db.read().await?;
    let past = known::past(&mut tx, actor.workspace, today).await?;
    let left_on = left_on(&mut tx, actor.workspace, since).await?;
    let raised = signals::raised(&mut tx, actor.workspace, Timestamp::from(from)).await?;
    let scores = rows::scores(&mut tx, actor.workspace, since).await?;
    drop(tx);
    let mut first: BTreeMap<OnboardingId, Date> = BTreeMap::new();
    for (id, day, ..) in &scores {
        first.entry(*id).or_insert(*day);
    }
    let watch = |one: &Past| {
        let from = first.get(&one.id).map_or(one.kickoff_on, |day| one.kickoff_on.min(*day)).max(since);
        watched(one, left_on.get(&one.account).copied(), against, from, today)
    };
    let watched: Vec<Watched> = past.iter().filter_map(watch).collect();
    let fired: Vec<Fired> = raised
        .into_iter()
        .map(|(id, kind, at)| Fired { entity: id.to_string(), kind, day: day(app, at) })
        .collect();
    let scored: Vec<Scored> = scores
        .into_iter()
        .filter_map(|(id, day, score, _)| {
            Some(Scored { entity: id.to_string(), day, score: u32::try_from(score?).ok()? })
        })
        .collect();
    let (count, events) = (watched.len(), watched.iter().filter(|one| one.event.is_some()).count());
    let found = calculate(move || {
        let signals = domain::signals(&watched, &fired, horizon_days);
        (signals, domain::scores(&watched, &scored, horizon_days, BELOW))
    });
    let (signals, score) = found.await?;
    let named = |one: Foretold| {
        let kind = app.methodology.signals.get(&one.kind);
        (kind.map_or_else(|| one.kind.clone(), |kind| kind.name.clone()), one)
    };
    Ok(Backtest {
        against,
        horizon_days,
        watched: count,
        events,
        signals: signals.into_iter().map(named).collect(),
        score,
        below: BELOW,
    })
}

/// The day each customer left for the first time, of those who did since a day.
pub(super) async fn left_on(
    tx: &mut Tx,
    workspace: WorkspaceId,
    since: Date,
) -> Result<BTreeMap<AccountId, Date>, AppError> {
    let mut first = BTreeMap::new();
    for one in movement::churn(tx, workspace, since).await? {
        first.entry(one.account).or_insert(one.on);
    }
    Ok(first)
}

/// An onboarding as it was watched: from its kickoff, or its first score, until it happened, or today. None where nothing
/// can be said.
pub(super) fn watched(
    one: &Past,
    left_on: Option<Date>,
    against: Against,
    from: Date,
    today: Date,
) -> Option<Watched> {
    let event = match against {
        Against::Churn => left_on,
        // Without a day the customer wants nothing can be missed.
        Against::MissedGoLive => {
            let target = one.go_live_target?;
            (one.go_live_on > target && target < today).then_some(target)
        }
    };
    let until = event.unwrap_or(today);
    (from < until).then(|| Watched { entity: one.id.to_string(), from, until, event })
}
