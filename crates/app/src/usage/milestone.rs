//! What onboardings have reached by what events show, and the pace that follows: kept, and told where it changes.

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{AccountId, OnboardingId, WorkspaceId};
use gangway_domain::methodology::TimeToValue;
use gangway_domain::programme::MilestoneKind;
use gangway_domain::rule::{FactValue, Facts, RUN_FACTS, Rule};
use gangway_domain::usage::{ClockKind, Measured, Pace, Scorecard, ValueMilestone, reached, scorecard};
use gangway_domain::work::{RunningPlan, Verdict, check_gate};
use gangway_store::Tx;
use gangway_store::usage::expected;
use gangway_store::usage::milestone::{self as rows, Reached, Subject};
use gangway_store::work::{self, Stored};
use jiff::Timestamp;

use super::facts::{Measure, Used, midnight};
use crate::activity::{self, About, Deed};
use crate::error::AppError;
use crate::{Actor, App, Door};

/// Accounts that change at once up to which value milestones of plans are looked at, too; with more, once an hour.
const FEW: usize = 200;

/// Onboardings that are looked at together.
const TOGETHER: usize = 250;

/// What is known of an onboarding's activation.
pub(super) struct Sight {
    pub(super) card: Scorecard,
    /// What was found to be reached that was not known, or not then.
    fresh: Vec<(Reached, String)>,
}

/// What is kept of the clocks of many onboardings, read with few statements.
pub(crate) struct Clocks {
    reached: BTreeMap<OnboardingId, Vec<Reached>>,
    paces: BTreeMap<OnboardingId, String>,
    /// Plans whose value milestones are looked at.
    plans: BTreeMap<OnboardingId, Stored>,
    with_values: bool,
}

impl Clocks {
    /// What is kept; with plans, where their value milestones are to be looked at.
    pub(crate) async fn read(
        tx: &mut Tx,
        workspace: WorkspaceId,
        onboardings: &[OnboardingId],
        with_values: bool,
    ) -> Result<Self, AppError> {
        let reached = rows::of_onboardings(tx, workspace, onboardings).await?;
        let paces = rows::paces(tx, workspace, onboardings).await?;
        let plans = if with_values {
            let judged = rows::judged_by_use(tx, workspace, onboardings).await?;
            work::of_onboardings(tx, workspace, &judged).await?
        } else {
            BTreeMap::new()
        };
        Ok(Self { reached, paces, plans, with_values })
    }

    /// The pace that was told last.
    pub(crate) fn pace(&self, id: OnboardingId) -> Option<&str> {
        self.paces.get(&id).map(String::as_str)
    }
}

/// Whether value milestones of plans are looked at after so many accounts changed at once.
pub(crate) fn with_values(accounts: usize) -> bool {
    accounts <= FEW
}

/// What is another of an onboarding's clocks.
pub(crate) struct Ticked {
    id: OnboardingId,
    reached: Vec<Reached>,
    /// The pace, where it is another.
    pace: Option<Pace>,
    /// What is told of it.
    pub(crate) deeds: Vec<Deed>,
}

impl Ticked {
    /// The pace, where it is another.
    pub(crate) fn pace(&self) -> Option<&'static str> {
        self.pace.map(Pace::word)
    }
}

/// Looks at the clocks of an onboarding; nothing where they stand as they did, or no target holds for it.
pub(crate) fn tick(subject: &Subject, used: &Used, clocks: &Clocks) -> Option<Ticked> {
    let Sight { card, fresh } = look(subject, used, clocks)?;
    let before = clocks.pace(subject.id);
    let pace = Some(card.pace).filter(|pace| before != Some(pace.word()));
    if fresh.is_empty() && pace.is_none() {
        return None;
    }
    let about = About { account: Some(subject.account), onboarding: Some(subject.id) };
    let mut ticked = Ticked { id: subject.id, reached: Vec::new(), pace, deeds: Vec::new() };
    for (reached, name) in fresh {
        ticked.reached.push(reached);
        let summary = format!("{}: {name} was reached, as usage shows", subject.customer);
        ticked.deeds.push(Deed { kind: "usage.milestone_reached", about, summary });
    }
    if let Some(pace) = pace {
        // The first look is no change, unless it finds that something is wrong.
        let is_known = before.is_some_and(|before| before != Pace::Unknown.word());
        if pace != Pace::Unknown && (is_known || matches!(pace, Pace::Behind | Pace::Stuck)) {
            let label = pace.label().to_lowercase();
            let summary = format!("{}: activation is {label}. {}", subject.customer, card.because);
            ticked.deeds.push(Deed { kind: "usage.pace_changed", about, summary });
        }
    }
    Some(ticked)
}

/// Keeps what is another of clocks; what is told of it is left to whoever asks.
pub(crate) async fn keep(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    ticked: &[Ticked],
) -> Result<(), AppError> {
    let mut reached: BTreeMap<(OnboardingId, &str), &Reached> = BTreeMap::new();
    for one in ticked {
        reached.extend(one.reached.iter().map(|reached| ((one.id, reached.code.as_str()), reached)));
    }
    let reached: Vec<(OnboardingId, Reached)> =
        reached.into_iter().map(|((id, _), reached)| (id, reached.clone())).collect();
    rows::put_all(tx, workspace, &reached).await?;
    let paces: Vec<(OnboardingId, &str)> =
        ticked.iter().filter_map(|one| Some((one.id, one.pace()?))).collect();
    rows::put_paces(tx, workspace, &paces, app.now()).await?;
    Ok(())
}

/// Keeps what the newest deals say of users, so that nobody has to read their packages for it again.
pub(crate) async fn note_expected<'a>(
    tx: &mut Tx,
    workspace: WorkspaceId,
    used: &Used,
    running: impl IntoIterator<Item = &'a Subject>,
) -> Result<(), AppError> {
    let accounts: BTreeSet<AccountId> = running.into_iter().map(|subject| subject.account).collect();
    for (account, (newest, users)) in &used.asked {
        if accounts.contains(account) {
            expected::note(tx, workspace, *account, *users, *newest).await?;
        }
    }
    Ok(())
}

/// Looks at all onboardings that are not over: time alone may have changed their pace.
pub(super) async fn refresh_all(app: &App, workspace: WorkspaceId) -> Result<(), AppError> {
    let mut tx = app.db.read().await?;
    let subjects = rows::running(&mut tx, workspace, None).await?;
    drop(tx);
    for subjects in subjects.chunks(TOGETHER) {
        Box::pin(refresh_these(app, workspace, subjects)).await?;
    }
    Ok(())
}

async fn refresh_these(app: &App, workspace: WorkspaceId, subjects: &[Subject]) -> Result<(), AppError> {
    let mut tx = app.db.read().await?;
    let ids: Vec<OnboardingId> = subjects.iter().map(|subject| subject.id).collect();
    let used = Used::read(app, &mut tx, workspace, subjects).await?;
    let clocks = Clocks::read(&mut tx, workspace, &ids, true).await?;
    drop(tx);
    let mut ticked: Vec<Ticked> =
        subjects.iter().filter_map(|subject| tick(subject, &used, &clocks)).collect();
    if ticked.is_empty() && used.asked.is_empty() {
        return Ok(());
    }
    let actor = Actor::system("Gangway", workspace, Door::Job);
    let deeds = ticked.iter_mut().flat_map(|one| std::mem::take(&mut one.deeds)).collect();
    let mut tx = app.db.write().await?;
    note_expected(&mut tx, workspace, &used, subjects).await?;
    keep(app, &mut tx, workspace, &ticked).await?;
    activity::record_all(app, &mut tx, &actor, deeds).await?;
    tx.commit().await?;
    Ok(())
}

/// The scorecards of onboardings, with what was found to be reached; those no target holds for are not there.
pub(super) async fn sights(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    subjects: &[Subject],
    with_values: bool,
) -> Result<BTreeMap<OnboardingId, Sight>, AppError> {
    let mut sights = BTreeMap::new();
    for subjects in subjects.chunks(TOGETHER) {
        let ids: Vec<OnboardingId> = subjects.iter().map(|subject| subject.id).collect();
        let used = Used::read(app, tx, workspace, subjects).await?;
        let clocks = Clocks::read(tx, workspace, &ids, with_values).await?;
        let seen = |subject: &Subject| Some((subject.id, look(subject, &used, &clocks)?));
        sights.extend(subjects.iter().filter_map(seen));
    }
    Ok(sights)
}

fn look(subject: &Subject, used: &Used, clocks: &Clocks) -> Option<Sight> {
    let targets = targets(&used.measure, subject)?;
    let (measure, now) = (&used.measure, used.now);
    let known = used.known(subject.account);
    let mut found = Found::of(clocks.reached.get(&subject.id).map_or(&[][..], Vec::as_slice));
    if let Some(known) = known {
        for (kind, shown) in reached(&known.history, measure.rules()) {
            found.clock(kind, shown.at, &shown.event);
        }
        let needs_facts = clocks.with_values || !found.clocks.contains_key(&ClockKind::FullValue);
        if needs_facts && !known.history.is_empty() {
            let facts = used.facts(subject).unwrap_or_default();
            let facts = Facts(BTreeMap::from([("usage", FactValue::Group(facts))]));
            let last = known.history.any().map_or(now, |any| any.last_at);
            found.full_value(measure, &facts, last);
            if let Some(stored) = clocks.plans.get(&subject.id) {
                found.values(&stored.plan, &facts, last);
            }
        }
    }
    let pace = measure.rules().pace(&subject.segment);
    let start = known.and_then(|known| known.start(Some(subject.kickoff_on)));
    let mut card = scorecard(&Measured {
        history: known.map(|known| &known.history),
        reached: &found.clocks,
        features: &measure.features,
        targets,
        pace: &pace,
        start: start.or_else(|| midnight(subject.kickoff_on)).unwrap_or(now),
        expected: used.expected(subject.account),
        now,
    });
    card.values = found.milestones;
    Some(Sight { card, fresh: found.fresh })
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
    fn values(&mut self, plan: &RunningPlan, facts: &Facts, at: Timestamp) {
        for milestone in plan.milestones.iter().filter(|one| one.kind == MilestoneKind::Value) {
            let mut rules = milestone.criteria.iter().filter_map(|one| one.rule.as_deref());
            if !rules.any(|rule| rule.contains("usage.")) {
                continue;
            }
            // Apart from the clocks: a programme may call a milestone as one of them.
            let key = format!("milestone:{}", milestone.code);
            let known = self.kept.get(key.as_str()).copied();
            let criteria = check_gate(plan, milestone, facts).criteria;
            let holds = criteria.iter().any(|one| one.verdict == Verdict::Holds)
                && !criteria.iter().any(|one| one.verdict == Verdict::Fails);
            if known.is_none() && holds {
                self.add(&key, &milestone.name, at, "the rules of the milestone");
            }
            let (code, name) = (milestone.code.clone(), milestone.name.clone());
            let reached_at = known.or(holds.then_some(at));
            self.milestones.push(ValueMilestone { code, name, reached_at });
        }
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
