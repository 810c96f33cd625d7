//! How accounts adopt the product: which features each used in the last 28 days, and what share of the core ones that is.
//!
//! What is counted adds to it in the same transaction. Features only leave it as time passes, so what is kept of an account
//! holds until a day, and is looked at again before it is shown after that.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gangway_domain::ids::{AccountId, UsageGroupId, WorkspaceId};
use gangway_domain::usage::{ANY, Feature, before, day_of};
use gangway_store::usage::adoption::{self as rows, DAYS, Kept, Seen};
use gangway_store::usage::roll::Count;
use gangway_store::{Day, Timestamp, Tx};
use jiff::civil::Date;

use super::facts::{Measure, midnight};
use crate::App;
use crate::error::AppError;
use crate::mark::mark;

/// Features that find a bit; a workspace has no more of its own.
const BITS: usize = 60;

/// Accounts that are put right with one round of statements.
const TOGETHER: usize = 1_000;

/// The features of a workspace as bits, in their order.
pub(super) struct Scale {
    /// By the names of events, in small letters.
    bits: BTreeMap<String, i64>,
    /// Those that count for adoption.
    core: i64,
    /// Other features have another one.
    mark: i64,
}

impl Scale {
    pub(super) fn of(features: &[Feature]) -> Self {
        let mut bits: BTreeMap<String, i64> = BTreeMap::new();
        let mut core = 0;
        let mut parts = Vec::new();
        for (place, feature) in features.iter().take(BITS).enumerate() {
            let bit = 1_i64 << place;
            if feature.core {
                core |= bit;
            }
            for event in &feature.events {
                *bits.entry(event.to_lowercase()).or_default() |= bit;
            }
            parts.push(if feature.core { "core" } else { "other" });
            parts.extend(feature.events.iter().map(String::as_str));
            // No event is called so: where one feature ends and the next begins.
            parts.push("");
        }
        Self { bits, core, mark: mark(&parts) }
    }

    /// Whether any feature counts for adoption.
    pub(super) fn has_core(&self) -> bool {
        self.core != 0
    }

    /// The bit of the feature at this place.
    pub(super) fn bit(place: usize) -> i64 {
        if place < BITS { 1_i64 << place } else { 0 }
    }

    /// How many of these accounts use the feature at this place: bits, and accounts.
    pub(super) fn users_of(place: usize, used: &[(i64, i64)]) -> i64 {
        let bit = Self::bit(place);
        used.iter().filter(|(bits, _)| (bits & bit) != 0).map(|(_, accounts)| accounts).sum()
    }

    /// The features an event shows the use of.
    fn shown_by(&self, event: &str) -> i64 {
        self.bits.get(&event.to_lowercase()).copied().unwrap_or(0)
    }

    /// Core features among these, in percent of all core features.
    fn share(&self, used: i64) -> i64 {
        let (used, all) = ((used & self.core).count_ones(), self.core.count_ones());
        (i64::from(used) * 100).checked_div(i64::from(all)).unwrap_or(0)
    }

    /// What follows from when an account did what last.
    fn look(&self, account: AccountId, uses: &[(String, Timestamp)]) -> Kept {
        let mut newest: BTreeMap<u32, Date> = BTreeMap::new();
        for (event, at) in uses {
            let Ok(at) = jiff::Timestamp::try_from(*at) else { continue };
            let day = day_of(at);
            let mut left = self.shown_by(event);
            while left != 0 {
                let last = newest.entry(left.trailing_zeros()).or_insert(day);
                *last = day.max(*last);
                left &= left - 1;
            }
        }
        let used = newest.keys().fold(0_i64, |used, place| used | (1_i64 << *place));
        let until_on = newest.values().min().map_or(Date::MAX, |day| last_day(*day));
        Kept { account, used, share: self.share(used), until_on }
    }
}

/// The last day on which the use of a day counts.
fn last_day(used_on: Date) -> Date {
    before(used_on, 1 - DAYS)
}

/// The first day of which the use counts today.
fn first_day(today: Date) -> Date {
    before(today, DAYS - 1)
}

/// What was counted of an account.
#[derive(Clone, Copy)]
struct Counted {
    last_at: Timestamp,
    used: i64,
    until_on: Date,
}

/// Adds what was counted by group, day and event: how often, and how many users more.
pub(super) async fn add(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    days: &BTreeMap<(UsageGroupId, Day, String), (Count, i64)>,
    account_of: &HashMap<UsageGroupId, Option<AccountId>>,
) -> Result<(), AppError> {
    let measure = Measure::read(app, tx, workspace).await?;
    let scale = Scale::of(&measure.features);
    let since = Day::from(first_day(day_of(app.clock.now())));
    let mut counted: BTreeMap<AccountId, Counted> = BTreeMap::new();
    let mut fewer: BTreeSet<AccountId> = BTreeSet::new();
    for ((group, day, event), (count, _)) in days {
        let Some(account) = account_of.get(group).copied().flatten() else { continue };
        if count.times <= 0 {
            fewer.insert(account);
            continue;
        }
        let nothing = Counted { last_at: count.last_at, used: 0, until_on: Date::MAX };
        let known = counted.entry(account).or_insert(nothing);
        known.last_at = count.last_at.max(known.last_at);
        let used = if event == ANY || *day < since { 0 } else { scale.shown_by(event) };
        if used != 0 {
            known.used |= used;
            known.until_on = last_day(Date::from(*day)).min(known.until_on);
        }
    }
    // What moved away from an account may be all it did of a feature.
    for account in &fewer {
        rows::begin(tx, workspace, *account).await?;
        counted.remove(account);
    }
    put(tx, workspace, &scale, &counted).await
}

async fn put(
    tx: &mut Tx,
    workspace: WorkspaceId,
    scale: &Scale,
    counted: &BTreeMap<AccountId, Counted>,
) -> Result<(), AppError> {
    let seen = |(account, counted): (&AccountId, &Counted)| {
        let Counted { last_at, used, until_on } = *counted;
        let share = scale.share(used);
        Seen { account: *account, last_at, used, share, features: scale.mark, until_on }
    };
    let known = rows::add(tx, workspace, &counted.iter().map(seen).collect::<Vec<_>>()).await?;
    let more = |known: &rows::Known| {
        let counted = counted.get(&known.account)?;
        let used = known.used | counted.used;
        // What is kept of other features waits until somebody looks at all of the account again.
        let is_more = used != known.used && known.features == scale.mark;
        let (share, until_on) = (scale.share(used), known.until_on.min(counted.until_on));
        is_more.then_some(Kept { account: known.account, used, share, until_on })
    };
    let more: Vec<Kept> = known.iter().filter_map(more).collect();
    rows::keep(tx, workspace, scale.mark, &more).await?;
    Ok(())
}

/// A transaction that only reads, in which what is kept of every account holds today.
pub(super) async fn settled(app: &App, workspace: WorkspaceId) -> Result<(Tx, Measure, Scale), AppError> {
    let today = day_of(app.clock.now());
    let mut tx = app.db.read().await?;
    let measure = Measure::read(app, &mut tx, workspace).await?;
    let scale = Scale::of(&measure.features);
    if rows::is_stale(&mut tx, workspace, today, scale.mark).await? {
        drop(tx);
        // Without room for it, what was kept last is shown.
        AppError::beside(settle(app, workspace, &scale, today).await)?;
        tx = app.db.read().await?;
    }
    Ok((tx, measure, scale))
}

/// Looks again at every account of which what is kept may not hold any more.
async fn settle(app: &App, workspace: WorkspaceId, scale: &Scale, today: Date) -> Result<(), AppError> {
    let since: Timestamp = midnight(first_day(today)).unwrap_or(jiff::Timestamp::MIN).into();
    let mut tx = app.db.write().await?;
    let due = rows::due(&mut tx, workspace, today, scale.mark).await?;
    for accounts in due.chunks(TOGETHER) {
        let uses = rows::last_uses(&mut tx, workspace, since, accounts).await?;
        let look = |account: &AccountId| {
            let uses = uses.get(account).map_or(&[][..], Vec::as_slice);
            scale.look(*account, uses)
        };
        let kept: Vec<Kept> = accounts.iter().map(look).collect();
        rows::keep(&mut tx, workspace, scale.mark, &kept).await?;
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    fn feature(code: &str, events: &[&str], core: bool) -> Feature {
        Feature {
            code: code.to_owned(),
            name: code.to_owned(),
            events: events.iter().map(|event| (*event).to_owned()).collect(),
            core,
            advanced: false,
        }
    }

    fn at(text: &str) -> Timestamp {
        text.parse::<jiff::Timestamp>().unwrap().into()
    }

    #[test]
    fn adoption_is_the_share_of_core_features_until_the_first_is_too_long_ago() {
        let features = [
            feature("reports", &["Report Viewed", "Report Made"], true),
            feature("api", &["API Called"], false),
            feature("sharing", &["Shared"], true),
        ];
        let scale = Scale::of(&features);
        let account = AccountId::from(Uuid::from_u128(7));
        let uses = [
            ("report viewed".to_owned(), at("2027-01-03T10:00:00Z")),
            ("Report Made".to_owned(), at("2027-01-20T23:59:59Z")),
            ("API Called".to_owned(), at("2027-01-10T00:00:00Z")),
            ("Something Else".to_owned(), at("2027-01-02T00:00:00Z")),
        ];
        let kept = scale.look(account, &uses);
        // 10 January is the first of the 28 days that end on 6 February.
        assert_eq!((kept.used, kept.share, kept.until_on), (0b011, 50, date(2027, 2, 6)));
        let nothing = scale.look(account, &[]);
        assert_eq!((nothing.used, nothing.share, nothing.until_on), (0, 0, Date::MAX));
        let used = [(0b011, 4), (0b110, 1), (0, 5)];
        assert_eq!([0, 1, 2, 99].map(|place| Scale::users_of(place, &used)), [4, 5, 1, 0]);
    }

    #[test]
    fn other_features_have_another_mark() {
        let marks = [
            Scale::of(&[feature("a", &["X", "Y"], true)]).mark,
            Scale::of(&[feature("a", &["X", "Y"], false)]).mark,
            Scale::of(&[feature("a", &["X"], true), feature("b", &["Y"], true)]).mark,
            Scale::of(&[]).mark,
        ];
        let others: BTreeSet<i64> = marks.into_iter().collect();
        assert_eq!(others.len(), marks.len());
        assert!(marks.iter().all(|mark| *mark >= 0), "what nobody looked at has −1");
        assert!(!Scale::of(&[feature("a", &["X"], false)]).has_core());
    }
}
