//! Facts of usage: what an account's roll-ups tell rules, now or on an earlier day.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use gangway_domain::fact::Fact;
use gangway_domain::ids::{AccountId, OnboardingId, WorkspaceId};
use gangway_domain::launch::Pilot;
use gangway_domain::methodology::UsageRules;
use gangway_domain::rule::FactValue;
use gangway_domain::usage::{Feature, Ground, History, day_of, facts};
use gangway_store::launch::{self as launches, Record};
use gangway_store::onboarding::head;
use gangway_store::usage::milestone::{self as rows, Subject};
use gangway_store::usage::{expected, feature, group, history};
use gangway_store::{Tx, account};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::App;
use crate::boxed;
use crate::error::AppError;
use crate::programme::{InForce, in_force_with};

/// What facts of a workspace are measured by.
pub(crate) struct Measure {
    force: Arc<InForce>,
    pub(crate) features: Vec<Feature>,
    /// Whether what is not known of an account did not happen: there is usage, and every group of it has its account.
    is_complete: bool,
}

impl Measure {
    /// What holds in a workspace now.
    pub(crate) async fn read(app: &App, tx: &mut Tx, workspace: WorkspaceId) -> Result<Self, AppError> {
        let force = in_force_with(app, tx, workspace).await?;
        let features = features(tx, workspace, &force.methodology.usage).await?;
        let (any, unmatched) = group::any(tx, workspace).await?;
        Ok(Self { force, features, is_complete: any && !unmatched })
    }

    /// What events mean.
    pub(crate) fn rules(&self) -> &UsageRules {
        &self.force.methodology.usage
    }

    /// Whether what an account of these groups did can be known.
    fn knows(&self, traits: &[serde_json::Value]) -> bool {
        !traits.is_empty() || self.is_complete
    }

    /// The methodology in force.
    pub(crate) fn force(&self) -> &InForce {
        &self.force
    }
}

/// The features of a workspace: its own, else those of the methodology.
pub(crate) async fn features(
    tx: &mut Tx,
    workspace: WorkspaceId,
    rules: &UsageRules,
) -> Result<Vec<Feature>, AppError> {
    let own = feature::of_workspace(tx, workspace).await?;
    if own.is_empty() {
        return Ok(rules.features.iter().map(Feature::from).collect());
    }
    let feature = |feature::Feature { code, name, events, core, advanced, .. }| Feature {
        code,
        name,
        events,
        core,
        advanced,
    };
    Ok(own.into_iter().map(feature).collect())
}

/// What an account did, and from when on; nothing while it cannot be known.
pub(crate) struct Known {
    pub(crate) history: History,
    /// When the product's account was made, as far as it is told.
    pub(crate) told: Option<Timestamp>,
}

impl Known {
    /// As it was by the end of a day.
    async fn until(
        tx: &mut Tx,
        workspace: WorkspaceId,
        account: AccountId,
        measure: &Measure,
        day: Date,
    ) -> Result<Option<Self>, AppError> {
        let history = history::until(tx, workspace, account, day).await?;
        Self::of(tx, workspace, account, measure, history).await
    }

    async fn of(
        tx: &mut Tx,
        workspace: WorkspaceId,
        account: AccountId,
        measure: &Measure,
        history: History,
    ) -> Result<Option<Self>, AppError> {
        let traits = group::traits(tx, workspace, account).await?;
        Ok(Self::seen(measure, history, &traits))
    }

    fn seen(measure: &Measure, history: History, traits: &[serde_json::Value]) -> Option<Self> {
        let made = |traits: &serde_json::Value| traits.get("createdAt")?.as_str()?.parse::<Timestamp>().ok();
        measure.knows(traits).then(|| Self { history, told: traits.iter().filter_map(made).min() })
    }

    /// From when clocks count: what the product told, else the kickoff, and in no case later than the first event.
    pub(crate) fn start(&self, kickoff: Option<Date>) -> Option<Timestamp> {
        let first = self.history.any().map(|any| any.first_at);
        let said = self.told.or_else(|| kickoff.and_then(midnight));
        [said, first].into_iter().flatten().min()
    }
}

/// When a day begins (UTC).
pub(crate) fn midnight(day: Date) -> Option<Timestamp> {
    day.to_zoned(TimeZone::UTC).ok().map(|day| day.timestamp())
}

/// How many users an account should have, as a person or its newest deal says it.
pub(crate) async fn expected_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<Option<i64>, AppError> {
    let kept = expected::get(tx, workspace, account).await?;
    if let Some(kept) = kept.filter(|kept| kept.users.is_some() && kept.version > 0) {
        return Ok(kept.users);
    }
    let newest = expected::newest_onboarding(tx, workspace, account).await?;
    match (kept, newest) {
        (_, None) => Ok(None),
        (Some(kept), Some(newest)) if kept.onboarding == Some(newest) => Ok(kept.users),
        (_, Some(newest)) => of_deal(tx, workspace, newest).await,
    }
}

#[derive(Deserialize)]
struct Sections {
    reading: Reading,
}

#[derive(Deserialize)]
struct Reading {
    deal: Deal,
}

#[derive(Deserialize)]
struct Deal {
    #[serde(default)]
    users: Option<Fact<u32>>,
}

/// The users the deal of an onboarding names.
pub(crate) async fn of_deal(
    tx: &mut Tx,
    workspace: WorkspaceId,
    onboarding: OnboardingId,
) -> Result<Option<i64>, AppError> {
    let sections: Option<Sections> = head::sections(tx, workspace, onboarding).await?;
    Ok(sections.and_then(|sections| sections.reading.deal.users).map(|users| i64::from(users.value)))
}

/// What is known of the usage of many onboardings now, read with few statements: clocks and facts are made from it alike.
pub(crate) struct Used {
    pub(crate) measure: Measure,
    /// What is known of accounts; those whose usage cannot be known are not there.
    known: BTreeMap<AccountId, Known>,
    expected: BTreeMap<AccountId, i64>,
    /// Accounts whose newest deal was looked into, with what it says of users.
    pub(crate) asked: BTreeMap<AccountId, (OnboardingId, Option<i64>)>,
    /// People of the newest pilots.
    pilots: BTreeMap<OnboardingId, i64>,
    pub(crate) now: Timestamp,
}

impl Used {
    /// What is known of the usage of these onboardings.
    pub(crate) async fn read<'a>(
        app: &App,
        tx: &mut Tx,
        workspace: WorkspaceId,
        subjects: impl IntoIterator<Item = &'a Subject>,
    ) -> Result<Self, AppError> {
        let (mut ids, mut accounts) = (Vec::new(), BTreeSet::new());
        for subject in subjects {
            ids.push(subject.id);
            accounts.insert(subject.account);
        }
        let accounts: Vec<AccountId> = accounts.into_iter().collect();
        let measure = Measure::read(app, tx, workspace).await?;
        let now = app.clock.now();
        let known = known(tx, workspace, &accounts, &measure, now).await?;
        Self::with(tx, workspace, (&ids, &accounts), (measure, known, now)).await
    }

    /// The same where what accounts did is read already.
    async fn with(
        tx: &mut Tx,
        workspace: WorkspaceId,
        (ids, accounts): (&[OnboardingId], &[AccountId]),
        (measure, known, now): (Measure, BTreeMap<AccountId, Known>, Timestamp),
    ) -> Result<Self, AppError> {
        let (expected, asked) = expected_by(tx, workspace, accounts).await?;
        let pilots = launches::of_onboardings::<Pilot>(tx, workspace, ids).await?;
        let size = |pilot: &Pilot| pilot.people.len().max(usize::try_from(pilot.size).unwrap_or(0));
        let newest = |(id, pilots): (OnboardingId, Vec<Record<Pilot>>)| {
            Some((id, i64::try_from(size(&pilots.first()?.body)).ok()?))
        };
        let pilots = pilots.into_iter().filter_map(newest).collect();
        Ok(Self { measure, known, expected, asked, pilots, now })
    }

    /// What the account of an onboarding did; nothing while it cannot be known.
    pub(crate) fn known(&self, account: AccountId) -> Option<&Known> {
        self.known.get(&account)
    }

    /// How many users an account should have.
    pub(crate) fn expected(&self, account: AccountId) -> Option<i64> {
        self.expected.get(&account).copied()
    }

    /// The facts of usage of an onboarding; nothing while its usage cannot be known.
    pub(crate) fn facts(&self, subject: &Subject) -> Option<BTreeMap<&'static str, FactValue>> {
        let known = self.known(subject.account)?;
        let ground = Ground {
            rules: self.measure.rules(),
            features: &self.measure.features,
            expected: self.expected(subject.account),
            pilot: self.pilots.get(&subject.id).copied(),
            signed_up: known.start(Some(subject.kickoff_on)),
            now: self.now,
        };
        Some(facts(&known.history, &ground))
    }

    /// The same with the pace that was told last, as health sees them.
    pub(crate) fn facts_at(&self, subject: &Subject, pace: Option<&str>) -> Option<FactValue> {
        let mut facts = self.facts(subject)?;
        if let Some(pace) = pace.filter(|pace| !matches!(*pace, "unknown" | "done")) {
            facts.insert("pace", FactValue::Text(pace.to_owned()));
        }
        Some(FactValue::Group(facts))
    }
}

/// What accounts did until now. Of those whose usage cannot be known, no more is read than what says so.
async fn known(
    tx: &mut Tx,
    workspace: WorkspaceId,
    accounts: &[AccountId],
    measure: &Measure,
    now: Timestamp,
) -> Result<BTreeMap<AccountId, Known>, AppError> {
    let traits = group::traits_of(tx, workspace, accounts).await?;
    let told = |account: &AccountId| traits.get(account).map_or(&[][..], Vec::as_slice);
    let seen: Vec<AccountId> =
        accounts.iter().copied().filter(|account| measure.knows(told(account))).collect();
    if seen.is_empty() {
        return Ok(BTreeMap::new());
    }
    let met = &measure.rules().meaning.error;
    let mut histories = history::of_accounts(tx, workspace, &seen, met, now).await?;
    let known = |account: &AccountId| {
        let history = histories.remove(account).unwrap_or_default();
        Some((*account, Known::seen(measure, history, told(account))?))
    };
    Ok(seen.iter().filter_map(known).collect())
}

/// How many users accounts should have, and what newest deals say of it that were looked into.
type Expected = (BTreeMap<AccountId, i64>, BTreeMap<AccountId, (OnboardingId, Option<i64>)>);

async fn expected_by(
    tx: &mut Tx,
    workspace: WorkspaceId,
    accounts: &[AccountId],
) -> Result<Expected, AppError> {
    let kept = expected::get_of(tx, workspace, accounts).await?;
    let newest = expected::newest_of(tx, workspace, accounts).await?;
    let (mut all, mut asked) = (BTreeMap::new(), BTreeMap::new());
    for account in accounts {
        let kept = kept.get(account);
        let said = kept.filter(|kept| kept.version > 0).and_then(|kept| kept.users);
        let users = match (said, newest.get(account)) {
            (Some(users), _) => Some(users),
            (None, None) => None,
            (None, Some(newest)) => match kept.filter(|kept| kept.onboarding == Some(*newest)) {
                Some(kept) => kept.users,
                // Once for each account: whoever keeps clocks notes it.
                None => {
                    let users = of_deal(tx, workspace, *newest).await?;
                    asked.insert(*account, (*newest, users));
                    users
                }
            },
        };
        all.extend(users.map(|users| (*account, users)));
    }
    Ok((all, asked))
}

/// The facts of usage of an onboarding now; nothing while its usage cannot be known.
pub(crate) async fn facts_in(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Option<FactValue>, AppError> {
    let Some(subject) = rows::subject(tx, workspace, id).await? else { return Ok(None) };
    let account = [subject.account];
    let measure = Measure::read(app, tx, workspace).await?;
    let now = app.clock.now();
    let known = known(tx, workspace, &account, &measure, now).await?;
    // Asked whenever a plan is shown or changed: of an account that sends nothing, its whole deal would be read in vain.
    if known.is_empty() {
        return Ok(None);
    }
    let used = Used::with(tx, workspace, (&[id], &account), (measure, known, now)).await?;
    let pace = rows::pace(tx, workspace, id).await?;
    Ok(used.facts_at(&subject, pace.as_deref()))
}

/// The facts of usage of an account at an instant, which may be past: then as they were by the end of that day (UTC),
/// with what was told late counted in. Nothing while its usage cannot be known.
///
/// # Errors
/// When the database fails.
#[boxed]
pub async fn of_account(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
    at: Timestamp,
) -> Result<Option<FactValue>, AppError> {
    let measure = Measure::read(app, tx, workspace).await?;
    let day = day_of(at);
    let seen = if day < day_of(app.clock.now()) {
        Known::until(tx, workspace, account, &measure, day).await?
    } else {
        known(tx, workspace, &[account], &measure, at).await?.remove(&account)
    };
    let Some(seen) = seen else { return Ok(None) };
    let newest = expected::newest_onboarding(tx, workspace, account).await?;
    let kickoff = match newest {
        Some(id) => rows::subject(tx, workspace, id).await?.map(|subject| subject.kickoff_on),
        None => account::get(tx, workspace, account)
            .await?
            .and_then(|account| Timestamp::try_from(account.created_at).ok().map(day_of)),
    };
    let ground = Ground {
        rules: measure.rules(),
        features: &measure.features,
        expected: expected_of(tx, workspace, account).await?,
        pilot: None,
        signed_up: seen.start(kickoff),
        now: at,
    };
    Ok(Some(FactValue::Group(facts(&seen.history, &ground))))
}
