//! Plans as they were read or written last, kept in memory. Reading two thousand tasks takes longer than all a page does
//! with them, and whoever changes a plan looks at it next.
//!
//! A plan that is kept is true while its stamp is the one the database shows to the transaction that asks: everything
//! that writes rows of a plan counts the stamp on in its own transaction (`stamp.rs`), and only what was committed is
//! kept. Other processes count the same stamp, so nobody needs to be told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use gangway_domain::ids::{OnboardingId, WorkspaceId};

use super::Stored;

/// Tasks and links of all plans that are kept, at most: some twenty megabytes.
const MOST: usize = 40_000;

pub(crate) type Key = (WorkspaceId, OnboardingId);

/// What is kept; cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plans(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    plans: BTreeMap<Key, Entry>,
    /// Tasks and links of them all.
    size: usize,
    /// Counts what was asked and put.
    turn: u64,
}

#[derive(Debug)]
struct Entry {
    plan: Arc<Stored>,
    /// When it was asked for last.
    used: u64,
}

impl Plans {
    /// The plan, where it is kept with this stamp.
    pub(crate) fn get(&self, key: Key, stamp: i64) -> Option<Arc<Stored>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.turn += 1;
        let turn = kept.turn;
        let entry = kept.plans.get_mut(&key).filter(|entry| entry.plan.stamp == stamp)?;
        entry.used = turn;
        Some(Arc::clone(&entry.plan))
    }

    /// Keeps a plan that was committed, unless a later one is kept; those that nobody asked for longest make room.
    pub(crate) fn put(&self, key: Key, plan: Arc<Stored>) {
        let added = size(&plan);
        if added > MOST {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.plans.get(&key).is_some_and(|known| known.plan.stamp >= plan.stamp) {
            return;
        }
        kept.turn += 1;
        let used = kept.turn;
        kept.drop_plan(key);
        kept.size += added;
        kept.plans.insert(key, Entry { plan, used });
        while kept.size > MOST {
            let oldest = kept.plans.iter().min_by_key(|(_, entry)| entry.used).map(|(key, _)| *key);
            let Some(oldest) = oldest else { break };
            kept.drop_plan(oldest);
        }
    }
}

impl Kept {
    fn drop_plan(&mut self, key: Key) {
        if let Some(gone) = self.plans.remove(&key) {
            self.size -= size(&gone.plan);
        }
    }
}

fn size(plan: &Stored) -> usize {
    plan.plan.tasks.len() + plan.plan.links.len() + 1
}

#[cfg(test)]
mod tests {
    use gangway_domain::plan::{LinkKind, LinkSpec};
    use gangway_domain::work::{Ground, RunningPlan};
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    /// A plan of so many links.
    fn plan(stamp: i64, links: usize) -> Arc<Stored> {
        let day = date(2027, 1, 11);
        let ground = Ground {
            starts_on: day,
            target: None,
            kickoff: None,
            go_live: None,
            first_value: None,
            complete: Vec::new(),
            calendars: Vec::new(),
            as_of: day,
        };
        let link = LinkSpec { from: "a".to_owned(), to: "b".to_owned(), kind: LinkKind::default(), lag: 0 };
        let (phases, tasks, milestones) = (Vec::new(), Vec::new(), Vec::new());
        let plan = RunningPlan { ground, phases, tasks, milestones, links: vec![link; links] };
        Arc::new(Stored { plan, revision: 1, stamp, tasks: BTreeMap::new(), milestones: BTreeMap::new() })
    }

    fn key(number: u128) -> Key {
        (WorkspaceId::from(Uuid::from_u128(1)), OnboardingId::from(Uuid::from_u128(number)))
    }

    #[test]
    fn a_plan_is_given_for_its_own_stamp_only() {
        let plans = Plans::default();
        plans.put(key(1), plan(3, 1));
        assert_eq!(plans.get(key(1), 3).map(|known| known.stamp), Some(3));
        assert!(plans.get(key(1), 2).is_none() && plans.get(key(1), 4).is_none());
        assert!(plans.get((WorkspaceId::from(Uuid::from_u128(2)), key(1).1), 3).is_none(), "somebody else's");
        plans.put(key(1), plan(2, 1));
        assert!(plans.get(key(1), 3).is_some(), "what was read before does not replace what came later");
        plans.put(key(1), plan(4, 1));
        assert!(plans.get(key(1), 4).is_some());
    }

    #[test]
    fn those_nobody_asks_for_make_room() {
        let plans = Plans::default();
        plans.put(key(1), plan(1, MOST / 3));
        plans.put(key(2), plan(1, MOST / 3));
        assert!(plans.get(key(1), 1).is_some());
        plans.put(key(3), plan(1, MOST / 2));
        assert!(plans.get(key(2), 1).is_none());
        assert!(plans.get(key(1), 1).is_some() && plans.get(key(3), 1).is_some());
        plans.put(key(4), plan(1, MOST + 1));
        assert!(plans.get(key(4), 1).is_none(), "larger than all there is room for");
        assert!(plans.get(key(1), 1).is_some() && plans.get(key(3), 1).is_some());
    }
}
