//! Counts a piece of the log for one workspace: who did what on which day, for which customer.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gangway_domain::ids::{AccountId, SourceId, UsageGroupId, UsageUserId, WorkspaceId};
use gangway_domain::usage::{ANY, before};
use gangway_events::{Event, Kind};
use gangway_store::usage::roll::{self, Cell, Count};
use gangway_store::usage::user::{self, Deeds};
use gangway_store::usage::{group, source, sum};
use gangway_store::{Day, Timestamp, Tx};
use jiff::civil::Date;
use serde_json::Value;

use super::follow::Changed;
use super::group::find_account;
use super::{adoption, people};
use crate::App;
use crate::error::AppError;

/// A user, and the group they use the product for.
#[derive(Debug, Clone, Copy)]
struct Who {
    user: UsageUserId,
    group: UsageGroupId,
}

/// A piece of the log under way.
pub(super) struct Tally<'a> {
    app: &'a App,
    workspace: WorkspaceId,
    groups: BTreeMap<String, group::Known>,
    /// The group of users nobody said a customer of.
    nowhere: Option<UsageGroupId>,
    who: HashMap<String, Who>,
    /// The accounts of groups, as far as they were looked at.
    account_of: HashMap<UsageGroupId, Option<AccountId>>,
    cells: BTreeMap<Cell, Count>,
    days: BTreeMap<(UsageGroupId, Day, String), (Count, i64)>,
    changed: Changed,
}

impl<'a> Tally<'a> {
    pub(super) fn new(app: &'a App, workspace: WorkspaceId) -> Self {
        Self {
            app,
            workspace,
            groups: BTreeMap::new(),
            nowhere: None,
            who: HashMap::new(),
            account_of: HashMap::new(),
            cells: BTreeMap::new(),
            days: BTreeMap::new(),
            changed: Changed::default(),
        }
    }

    /// Accounts whose roll-ups changed.
    pub(super) fn changed(self) -> Changed {
        self.changed
    }

    /// Counts these events.
    pub(super) async fn count(&mut self, tx: &mut Tx, events: &[Event]) -> Result<(), AppError> {
        if events.is_empty() {
            return Ok(());
        }
        let fresh = self.meet_groups(tx, events).await?;
        self.meet_users(tx, events).await?;
        self.merge_users(tx, events).await?;
        self.move_users(tx, events).await?;
        self.add_up(events);
        self.write(tx).await?;
        self.match_groups(tx, events, &fresh).await?;
        self.touch(tx, events).await?;
        Box::pin(adoption::add(self.app, tx, self.workspace, &self.days, &self.account_of)).await
    }

    /// Keeps the groups, and returns those that are new.
    async fn meet_groups(
        &mut self,
        tx: &mut Tx,
        events: &[Event],
    ) -> Result<BTreeSet<UsageGroupId>, AppError> {
        let seen = people::groups(self.app, events);
        let sightings: Vec<group::Sighting> = seen.values().cloned().collect();
        let mut fresh = BTreeSet::new();
        for known in group::put(tx, self.workspace, &sightings).await? {
            // A new row has the id it was given.
            if seen.get(&known.external_id).is_some_and(|seen| seen.id == known.id) {
                fresh.insert(known.id);
            }
            self.account_of.insert(known.id, known.account);
            self.groups.insert(known.external_id.clone(), known);
        }
        self.nowhere = self.groups.get("").map(|known| known.id);
        for event in events {
            if let Some(traits) = people::traits(event)
                && let Some(known) = event.group_id.as_ref().and_then(|id| self.groups.get(id))
            {
                group::set_traits(tx, self.workspace, known.id, Value::Object(traits)).await?;
            }
        }
        Ok(fresh)
    }

    /// Keeps the users, and knows who is who from then on.
    async fn meet_users(&mut self, tx: &mut Tx, events: &[Event]) -> Result<(), AppError> {
        let Some(nowhere) = self.nowhere else { return Ok(()) };
        let seen = people::users(self.app, events, &self.groups, nowhere);
        let sightings: Vec<user::Sighting> = seen.into_values().collect();
        let known = user::put(tx, self.workspace, &sightings).await?;
        let groups: HashMap<UsageUserId, UsageGroupId> =
            known.iter().map(|known| (known.id, known.group)).collect();
        for user::Known { id, external_id, group, into, account } in known {
            self.account_of.entry(group).or_insert(account);
            let who = match into {
                None => Who { user: id, group },
                Some(into) => Who { user: into, group: self.group_of(tx, into, group, &groups).await? },
            };
            self.who.insert(external_id, who);
        }
        Ok(())
    }

    /// The group of whoever somebody turned out to be, who need not be of this piece.
    async fn group_of(
        &mut self,
        tx: &mut Tx,
        into: UsageUserId,
        group: UsageGroupId,
        known: &HashMap<UsageUserId, UsageGroupId>,
    ) -> Result<UsageGroupId, AppError> {
        if let Some(group) = known.get(&into) {
            return Ok(*group);
        }
        let Some(found) = user::get(tx, self.workspace, into).await? else { return Ok(group) };
        self.account_of.entry(found.group).or_insert(found.account);
        Ok(found.group)
    }

    /// Gives what was done under an id to the person it turned out to be.
    async fn merge_users(&mut self, tx: &mut Tx, events: &[Event]) -> Result<(), AppError> {
        for (previous, current) in people::aliases(events) {
            let (Some(gone), Some(stays)) = (self.who.get(previous).copied(), self.who.get(current).copied())
            else {
                continue;
            };
            if gone.user == stays.user {
                continue;
            }
            // An id that belongs to somebody else since long stays theirs.
            let known = user::get(tx, self.workspace, gone.user).await?;
            if !known.is_some_and(|known| known.external_id == previous && known.into.is_none()) {
                continue;
            }
            user::merge(tx, self.workspace, gone.user, stays.user).await?;
            // Whoever had no customer yet takes that of the one they turned out to be, or gives them theirs.
            let to = if Some(stays.group) == self.nowhere { gone.group } else { stays.group };
            if to != stays.group {
                user::set_group(tx, self.workspace, stays.user, to).await?;
            }
            let rows = user::take_rows(tx, self.workspace, gone.user, None).await?;
            let moved = Who { user: stays.user, group: to };
            let nowhere = self.nowhere;
            self.move_rows(rows, moved, |row| if Some(row.group) == nowhere { to } else { row.group });
            for who in self.who.values_mut().filter(|who| who.user == gone.user || who.user == stays.user) {
                *who = moved;
            }
        }
        Ok(())
    }

    /// Users of whom it is said now which customer they belong to.
    async fn move_users(&mut self, tx: &mut Tx, events: &[Event]) -> Result<(), AppError> {
        for event in events {
            let (Some(actor), Some(external_id)) = (event.actor(), &event.group_id) else { continue };
            let (Some(who), Some(group)) = (self.who.get(actor).copied(), self.groups.get(external_id))
            else {
                continue;
            };
            let to = group.id;
            let had_none = Some(who.group) == self.nowhere;
            if who.group == to || !(had_none || event.kind == Kind::Group) {
                continue;
            }
            user::set_group(tx, self.workspace, who.user, to).await?;
            let moved = Who { user: who.user, group: to };
            if had_none {
                let rows = user::take_rows(tx, self.workspace, who.user, self.nowhere).await?;
                self.move_rows(rows, moved, |_| to);
            }
            for other in self.who.values_mut().filter(|other| other.user == who.user) {
                *other = moved;
            }
        }
        Ok(())
    }

    /// Counts rows that were taken away for somebody else.
    fn move_rows(&mut self, rows: Vec<Deeds>, who: Who, group: impl Fn(&Deeds) -> UsageGroupId) {
        for row in rows {
            let to = group(&row);
            let Deeds { group: from, day, event, times, first_at, last_at } = row;
            let less = Count { times: -times, first_at, last_at };
            self.add_day((from, day, event.clone()), less, -1);
            let cell = Cell { group: to, day, event, user: who.user };
            self.add_cell(cell, Count { times, first_at, last_at });
        }
    }

    fn add_up(&mut self, events: &[Event]) {
        for event in events {
            let (Some(name), Some(who)) =
                (event.usage(), event.actor().and_then(|actor| self.who.get(actor)))
            else {
                continue;
            };
            let said = event.group_id.as_ref().and_then(|id| self.groups.get(id)).map(|known| known.id);
            let (group, user) = (said.unwrap_or(who.group), who.user);
            let (day, at) = (Day::from(event.day()), Timestamp::from(event.at));
            let once = Count { times: 1, first_at: at, last_at: at };
            // The name that stands for all is nobody's own.
            let name = if name == ANY { "(*)" } else { name };
            for event in [name, ANY] {
                self.add_cell(Cell { group, day, event: event.to_owned(), user }, once);
            }
        }
    }

    fn add_cell(&mut self, cell: Cell, count: Count) {
        self.cells.entry(cell).and_modify(|known| *known = known.and(count)).or_insert(count);
    }

    fn add_day(&mut self, key: (UsageGroupId, Day, String), count: Count, users: i64) {
        let add = |known: &mut (Count, i64)| *known = (known.0.and(count), known.1 + users);
        self.days.entry(key).and_modify(add).or_insert((count, users));
    }

    /// Writes the counts: by user and day, by day, and in all.
    async fn write(&mut self, tx: &mut Tx) -> Result<(), AppError> {
        let cells: Vec<(Cell, Count)> = std::mem::take(&mut self.cells).into_iter().collect();
        let fresh = roll::add_user_days(tx, self.workspace, &cells).await?;
        for (cell, count) in cells {
            let users = i64::from(fresh.contains(&cell));
            let Cell { group, day, event, user: _ } = cell;
            self.add_day((group, day, event), count, users);
        }
        let mut totals: BTreeMap<(UsageGroupId, &str), Count> = BTreeMap::new();
        for ((group, _, event), (count, _)) in &self.days {
            let add = |known: &mut Count| *known = known.and(*count);
            totals.entry((*group, event.as_str())).and_modify(add).or_insert(*count);
        }
        roll::add_days(tx, self.workspace, &self.days).await?;
        roll::add_totals(tx, self.workspace, &totals).await?;
        self.write_sums(tx).await
    }

    /// Adds to what all customers together did, by day and by week.
    async fn write_sums(&self, tx: &mut Tx) -> Result<(), AppError> {
        let mut days: BTreeMap<Day, (i64, i64)> = BTreeMap::new();
        let mut weeks: BTreeMap<(UsageGroupId, Day), i64> = BTreeMap::new();
        for ((group, day, _), (count, users)) in self.days.iter().filter(|((.., event), _)| event == ANY) {
            let all = days.entry(*day).or_default();
            *all = (all.0 + users, all.1 + count.times);
            *weeks.entry((*group, monday(*day))).or_default() += count.times;
        }
        sum::add_days(tx, self.workspace, &days).await?;
        sum::add_weeks(tx, self.workspace, &weeks).await?;
        Ok(())
    }

    /// Looks for the accounts of groups that are new, or of which more is known now.
    async fn match_groups(
        &mut self,
        tx: &mut Tx,
        events: &[Event],
        fresh: &BTreeSet<UsageGroupId>,
    ) -> Result<(), AppError> {
        let told = events
            .iter()
            .filter(|event| matches!(event.kind, Kind::Group | Kind::Identify))
            .filter_map(|event| match &event.group_id {
                Some(external_id) => self.groups.get(external_id).map(|known| known.id),
                None => self.who.get(event.actor()?).map(|who| who.group),
            });
        let told: BTreeSet<UsageGroupId> = told.chain(fresh.iter().copied()).collect();
        for id in told {
            let account = match self.account_of.get(&id).copied().flatten() {
                Some(account) => Some(account),
                None => find_account(tx, self.workspace, id).await?,
            };
            let Some(account) = account else { continue };
            user::link(tx, self.workspace, id, account).await?;
            self.account_of.insert(id, Some(account));
            // A group that was only named is news, too: it has its account now.
            self.changed.news.insert(account);
        }
        Ok(())
    }

    /// Notes the accounts that changed, and when sources sent last.
    async fn touch(&mut self, tx: &mut Tx, events: &[Event]) -> Result<(), AppError> {
        // Whether a day has another number of users who did anything of an event: then it is news.
        let mut changed: BTreeMap<UsageGroupId, bool> = BTreeMap::new();
        for ((group, ..), (_, users)) in &self.days {
            *changed.entry(*group).or_default() |= *users != 0;
        }
        for (id, is_news) in changed {
            let account = match self.account_of.get(&id) {
                Some(account) => *account,
                None => group::get(tx, self.workspace, id).await?.and_then(|known| known.account),
            };
            self.account_of.insert(id, account);
            let place = if is_news { &mut self.changed.news } else { &mut self.changed.more };
            place.extend(account);
        }
        let mut sources: BTreeMap<SourceId, Timestamp> = BTreeMap::new();
        for event in events {
            let at = Timestamp::from(event.received_at);
            let last = sources.entry(SourceId::from_uuid(event.source)).or_insert(at);
            *last = at.max(*last);
        }
        for (source, at) in sources {
            source::seen(tx, self.workspace, source, at).await?;
        }
        Ok(())
    }
}

/// The first day of the week of a day.
fn monday(day: Day) -> Day {
    let day = Date::from(day);
    before(day, i32::from(day.weekday().to_monday_zero_offset())).into()
}
