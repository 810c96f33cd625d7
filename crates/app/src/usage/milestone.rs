//! What onboardings have reached by what events show, and the pace that follows: kept, and told where it changes.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{AccountId, WorkspaceId};
use gangway_domain::methodology::TimeToValue;
use gangway_domain::programme::MilestoneKind;
use gangway_domain::rule::{FactValue, Facts, RUN_FACTS, Rule};
use gangway_domain::usage::{ClockKind, Measured, Pace, Scorecard, ValueMilestone, reached, scorecard};
use gangway_domain::work::{Verdict, check_gate};
use gangway_store::usage::expected;
use gangway_store::usage::milestone::{self as rows, Reached, Subject};
use gangway_store::{Tx, work};
use jiff::Timestamp;

use super::facts::{Known, Measure, expected_of, midnight, of_deal, of_known};
use crate::activity::{self, About};
use crate::error::AppError;
use crate::{Actor, App, Door};

/// Accounts that change at once up to which value milestones of plans are looked at, too; with more, once an hour.
const FEW: usize = 200;

/// What is known of an onboarding's activation.
pub(super) struct Sight {
    pub(super) card: Scorecard,
    /// What was found to be reached that was not known, or not then.
    fresh: Vec<(Reached, String)>,
}

/// Looks at the onboardings of accounts whose roll-ups changed.
pub(super) async fn refresh(
    app: &App,
    workspace: WorkspaceId,
    accounts: &BTreeSet<AccountId>,
) -> Result<(), AppError> {
    let with_values = accounts.len() <= FEW;
    for account in accounts {
        let mut tx = app.db.read().await?;
        let subjects = rows::running(&mut tx, workspace, Some(*account)).await?;
        drop(tx);
        note_expected(app, workspace, *account, &subjects).await?;
        for subject in subjects {
            Box::pin(one(app, workspace, &subject, with_values)).await?;
        }
    }
    Ok(())
}

/// Looks at all onboardings that are not over: time alone may have changed their pace.
pub(super) async fn refresh_all(app: &App, workspace: WorkspaceId) -> Result<(), AppError> {
    let mut tx = app.db.read().await?;
    let subjects = rows::running(&mut tx, workspace, None).await?;
    drop(tx);
    for subject in subjects {
        Box::pin(one(app, workspace, &subject, true)).await?;
    }
    Ok(())
}

/// Keeps what the newest deal says of users, so that nobody has to read its package for it again.
async fn note_expected(
    app: &App,
    workspace: WorkspaceId,
    account: AccountId,
    subjects: &[Subject],
) -> Result<(), AppError> {
    if subjects.is_empty() {
        return Ok(());
    }
    let mut tx = app.db.read().await?;
    let kept = expected::get(&mut tx, workspace, account).await?;
    let newest = expected::newest_onboarding(&mut tx, workspace, account).await?;
    let is_said = kept.is_some_and(|kept| kept.version > 0 && kept.users.is_some());
    let Some(newest) =
        newest.filter(|newest| !is_said && kept.and_then(|kept| kept.onboarding) != Some(*newest))
    else {
        return Ok(());
    };
    let users = of_deal(&mut tx, workspace, newest).await?;
    drop(tx);
    let mut tx = app.db.write().await?;
    expected::note(&mut tx, workspace, account, users, newest).await?;
    tx.commit().await?;
    Ok(())
}

async fn one(
    app: &App,
    workspace: WorkspaceId,
    subject: &Subject,
    with_values: bool,
) -> Result<(), AppError> {
    let mut tx = app.db.read().await?;
    let measure = Measure::read(app, &mut tx, workspace).await?;
    let Some(sight) = look(app, &mut tx, workspace, subject, &measure, with_values).await? else {
        return Ok(());
    };
    let before = rows::pace(&mut tx, workspace, subject.id).await?;
    drop(tx);
    let pace = sight.card.pace;
    let is_same = before.as_deref() == Some(pace.word());
    if sight.fresh.is_empty() && is_same {
        return Ok(());
    }
    let actor = Actor::system("Gangway", workspace, Door::Job);
    let about = About { account: Some(subject.account), onboarding: Some(subject.id) };
    let mut tx = app.db.write().await?;
    for (reached, name) in &sight.fresh {
        rows::put(&mut tx, workspace, subject.id, reached).await?;
        let summary = format!("{}: {name} was reached, as usage shows", subject.customer);
        activity::record(app, &mut tx, &actor, "usage.milestone_reached", about, summary).await?;
    }
    if !is_same {
        rows::put_pace(&mut tx, workspace, subject.id, pace.word(), app.now()).await?;
        // The first look is no change, unless it finds that something is wrong.
        let is_known = before.is_some_and(|before| before != Pace::Unknown.word());
        if pace != Pace::Unknown && (is_known || matches!(pace, Pace::Behind | Pace::Stuck)) {
            let label = pace.label().to_lowercase();
            let summary = format!("{}: activation is {label}. {}", subject.customer, sight.card.because);
            activity::record(app, &mut tx, &actor, "usage.pace_changed", about, summary).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// The scorecard of an onboarding, with what was found to be reached; nothing where no target holds for it.
pub(super) async fn look(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    subject: &Subject,
    measure: &Measure,
    with_values: bool,
) -> Result<Option<Sight>, AppError> {
    let Some(targets) = targets(measure, subject) else { return Ok(None) };
    let now = app.clock.now();
    let known = Known::read(tx, workspace, subject.account, measure, now).await?;
    let kept = rows::of_onboarding(tx, workspace, subject.id).await?;
    let mut found = Found::of(&kept);
    if let Some(known) = &known {
        for (kind, shown) in reached(&known.history, measure.rules()) {
            found.clock(kind, shown.at, &shown.event);
        }
        let needs_facts = with_values || !found.clocks.contains_key(&ClockKind::FullValue);
        if needs_facts && !known.history.is_empty() {
            let usage = of_known(tx, workspace, subject, measure, known, now).await?;
            let facts = Facts(BTreeMap::from([("usage", FactValue::Group(usage))]));
            let last = known.history.any().map_or(now, |any| any.last_at);
            found.full_value(measure, &facts, last);
            if with_values {
                found.values(tx, workspace, subject, &facts, last).await?;
            }
        }
    }
    let pace = measure.rules().pace(&subject.segment);
    let start = known.as_ref().and_then(|known| known.start(Some(subject.kickoff_on)));
    let mut card = scorecard(&Measured {
        history: known.as_ref().map(|known| &known.history),
        reached: &found.clocks,
        features: &measure.features,
        targets,
        pace: &pace,
        start: start.or_else(|| midnight(subject.kickoff_on)).unwrap_or(now),
        expected: expected_of(tx, workspace, subject.account).await?,
        now,
    });
    card.values = found.milestones;
    Ok(Some(Sight { card, fresh: found.fresh }))
}

/// The time-to-value targets of an onboarding's programme.
pub(super) fn targets<'a>(measure: &'a Measure, subject: &Subject) -> Option<&'a TimeToValue> {
    let methodology = &measure.force().methodology;
    let programme = methodology.programmes.get(&subject.programme);
    let all = &methodology.benchmarks.time_to_value;
    programme
        .and_then(|programme| all.get(&programme.activation.product_type))
        .or_else(|| all.get(&subject.segment))
}

/// What is known to be reached, and what is new of it.
struct Found<'a> {
    kept: BTreeMap<&'a str, Timestamp>,
    clocks: BTreeMap<ClockKind, Timestamp>,
    milestones: Vec<ValueMilestone>,
    fresh: Vec<(Reached, String)>,
}

impl<'a> Found<'a> {
    fn of(kept: &'a [Reached]) -> Self {
        let instant = |one: &'a Reached| Some((one.code.as_str(), Timestamp::try_from(one.reached_at).ok()?));
        let kept: BTreeMap<&str, Timestamp> = kept.iter().filter_map(instant).collect();
        let clock = |kind: ClockKind| Some((kind, *kept.get(kind.word())?));
        let clocks = ClockKind::ALL.into_iter().filter_map(clock).collect();
        Self { kept, clocks, milestones: Vec::new(), fresh: Vec::new() }
    }

    /// What events show: an event that was told late may show it earlier than was known.
    fn clock(&mut self, kind: ClockKind, at: Timestamp, event: &str) {
        let is_new = self.clocks.get(&kind).is_none_or(|known| at < *known);
        if is_new {
            self.clocks.insert(kind, at);
            self.add(kind.word(), kind.label(), at, event);
        }
    }

    fn full_value(&mut self, measure: &Measure, facts: &Facts, at: Timestamp) {
        let full = &measure.rules().full_value;
        if full.rule.is_empty() || self.clocks.contains_key(&ClockKind::FullValue) {
            return;
        }
        let holds = Rule::compile(&full.rule, RUN_FACTS).and_then(|rule| rule.test(facts));
        if holds.is_ok_and(|holds| holds) {
            self.clock(ClockKind::FullValue, at, &full.because);
        }
    }

    /// Value milestones of the plan whose rules hold over what people do in the product.
    async fn values(
        &mut self,
        tx: &mut Tx,
        workspace: WorkspaceId,
        subject: &Subject,
        facts: &Facts,
        at: Timestamp,
    ) -> Result<(), AppError> {
        let Some(stored) = work::get(tx, workspace, subject.id).await? else { return Ok(()) };
        let plan = stored.plan;
        for milestone in plan.milestones.iter().filter(|one| one.kind == MilestoneKind::Value) {
            let mut rules = milestone.criteria.iter().filter_map(|one| one.rule.as_deref());
            if !rules.any(|rule| rule.contains("usage.")) {
                continue;
            }
            // Apart from the clocks: a programme may call a milestone as one of them.
            let key = format!("milestone:{}", milestone.code);
            let known = self.kept.get(key.as_str()).copied();
            let criteria = check_gate(&plan, milestone, facts).criteria;
            let holds = criteria.iter().any(|one| one.verdict == Verdict::Holds)
                && !criteria.iter().any(|one| one.verdict == Verdict::Fails);
            if known.is_none() && holds {
                self.add(&key, &milestone.name, at, "the rules of the milestone");
            }
            let (code, name) = (milestone.code.clone(), milestone.name.clone());
            let reached_at = known.or(holds.then_some(at));
            self.milestones.push(ValueMilestone { code, name, reached_at });
        }
        Ok(())
    }

    fn add(&mut self, code: &str, name: &str, at: Timestamp, event: &str) {
        let reached = Reached { code: code.to_owned(), reached_at: at.into(), event: event.to_owned() };
        // Rows hold microseconds; what is known to them is no news.
        let known = self.kept.get(code).map(|at| gangway_store::Timestamp::from(*at));
        if known != Some(reached.reached_at) {
            self.fresh.push((reached, name.to_owned()));
        }
    }
}
