//! What is known of onboardings before they are judged, read with few statements for all of them.

use std::collections::BTreeMap;

use gangway_domain::ids::{OnboardingId, WorkspaceId};
use gangway_domain::rule::{FactValue, Facts};
use gangway_store::Tx;
use gangway_store::health::known::{self, Ground};
use gangway_store::health::overridden::{self, Override};
use gangway_store::health::{self as rows, Judged};
use gangway_store::signal::{self as signals, Signal};
use gangway_store::usage::milestone::{self as milestones, Subject};
use jiff::ToSpan;
use jiff::civil::Date;

use super::refresh::Reach;
use super::{facts, kept};
use crate::App;
use crate::error::AppError;
use crate::usage::facts::Used;
use crate::usage::milestone::{Clocks, Ticked, tick};

/// Signals of an onboarding that are looked at: all that are open, and those that ended last.
const LOOKED_AT: u32 = 200;

/// What is known before an onboarding is judged.
pub(super) struct Seen {
    pub(super) id: OnboardingId,
    pub(super) ground: Ground,
    pub(super) facts: Facts,
    /// What was found last.
    pub(super) before: Option<Judged>,
    /// Signals, the newest first.
    pub(super) signals: Vec<Signal>,
    pub(super) said: Option<Override>,
    /// The score of a week ago.
    pub(super) week_ago: Option<i64>,
    pub(super) today: Date,
}

/// Onboardings that are looked at together.
pub(super) struct Batch {
    pub(super) seen: Vec<Seen>,
    /// Clocks that are another, by onboarding.
    pub(super) ticked: BTreeMap<OnboardingId, Ticked>,
    /// What was known of usage, and whose clocks run, where clocks were looked at.
    pub(super) used: Option<(Used, Vec<Subject>)>,
}

/// Looks at onboardings; those that are closed, or gone, are not there.
pub(super) async fn look(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[OnboardingId],
    reach: Reach,
) -> Result<Batch, AppError> {
    let today = app.today();
    let mut grounds = known::grounds(tx, workspace, ids).await?;
    grounds.retain(|_, ground| ground.state != "closed");
    let ids: Vec<OnboardingId> = grounds.keys().copied().collect();
    let mut before = rows::of_onboardings(tx, workspace, &ids).await?;
    let of_today = before.iter().filter(|(_, before)| before.on == today && reach != Reach::Everything);
    let known: BTreeMap<OnboardingId, Facts> =
        of_today.map(|(id, before)| (*id, kept::facts_of(&before.facts))).collect();
    let usage = Box::pin(usage(app, tx, workspace, &grounds, reach)).await?;
    let Usage { facts: of_usage, ticked, used } = usage;
    let gathered = facts::gathered(app, tx, workspace, &grounds, known, of_usage);
    let mut facts = Box::pin(gathered).await?;
    let mut signals = signals::of_onboardings(tx, workspace, LOOKED_AT, &ids).await?;
    let mut said = overridden::current_of(tx, workspace, today, &ids).await?;
    let week_ago = rows::scores_on(tx, workspace, today.saturating_sub(7.days()), &ids).await?;
    let seen = grounds.into_iter().map(|(id, ground)| Seen {
        facts: facts.remove(&id).unwrap_or_default(),
        before: before.remove(&id),
        signals: signals.remove(&id).unwrap_or_default(),
        said: said.remove(&id),
        week_ago: week_ago.get(&id).copied(),
        id,
        ground,
        today,
    });
    Ok(Batch { seen: seen.collect(), ticked, used })
}

/// What usage says of onboardings.
struct Usage {
    facts: BTreeMap<OnboardingId, FactValue>,
    ticked: BTreeMap<OnboardingId, Ticked>,
    used: Option<(Used, Vec<Subject>)>,
}

/// Reads usage once: for the clocks, where these are looked at, and for the facts, which know the pace that follows.
async fn usage(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    grounds: &BTreeMap<OnboardingId, Ground>,
    reach: Reach,
) -> Result<Usage, AppError> {
    let subjects: Vec<Subject> = grounds.iter().map(|(id, ground)| facts::subject(*id, ground)).collect();
    let ids: Vec<OnboardingId> = grounds.keys().copied().collect();
    let used = Used::read(app, tx, workspace, &subjects).await?;
    let Reach::Clocks { with_values } = reach else {
        let paces = milestones::paces(tx, workspace, &ids).await?;
        let pace = |id: OnboardingId| paces.get(&id).map(String::as_str);
        let facts = facts_of(&subjects, &used, pace);
        return Ok(Usage { facts, ticked: BTreeMap::new(), used: None });
    };
    let clocks = Clocks::read(tx, workspace, &ids, with_values).await?;
    let runs = |subject: &&Subject| {
        grounds.get(&subject.id).is_some_and(|ground| matches!(&*ground.state, "planned" | "running"))
    };
    let ticked: BTreeMap<OnboardingId, Ticked> = subjects
        .iter()
        .filter(runs)
        .filter_map(|subject| Some((subject.id, tick(subject, &used, &clocks)?)))
        .collect();
    let pace = |id: OnboardingId| ticked.get(&id).and_then(Ticked::pace).or_else(|| clocks.pace(id));
    let facts = facts_of(&subjects, &used, pace);
    let running = subjects.iter().filter(runs).cloned().collect();
    Ok(Usage { facts, ticked, used: Some((used, running)) })
}

fn facts_of<'a>(
    subjects: &[Subject],
    used: &Used,
    pace: impl Fn(OnboardingId) -> Option<&'a str>,
) -> BTreeMap<OnboardingId, FactValue> {
    let facts = |subject: &Subject| Some((subject.id, used.facts_at(subject, pace(subject.id))?));
    subjects.iter().filter_map(facts).collect()
}
