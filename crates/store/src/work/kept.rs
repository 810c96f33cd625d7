//! Plans as they were read or written last, kept in memory. Reading two thousand tasks takes longer than all a page does
//! with them, and whoever changes a plan looks at it next.
//!
//! A plan that is kept is true while its stamp is the one the database shows to the transaction that asks: everything
//! that writes rows of a plan counts the stamp on in its own transaction (`stamp.rs`), and only what was committed is
//! kept. Other processes count the same stamp, so nobody needs to be told.

use std::sync::Arc;

use gangway_domain::ids::{OnboardingId, WorkspaceId};

use super::Stored;
use crate::recent::Recent;

/// Tasks and links of all plans that are kept, at most: some twenty megabytes.
const MOST: usize = 40_000;

pub(crate) type Key = (WorkspaceId, OnboardingId);

/// What is kept; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Plans(Arc<Recent<Key, Arc<Stored>>>);

impl Default for Plans {
    fn default() -> Self {
        Self(Arc::new(Recent::with_room_for(MOST)))
    }
}

impl Plans {
    /// The plan, where it is kept with this stamp.
    pub(crate) fn get(&self, key: Key, stamp: i64) -> Option<Arc<Stored>> {
        self.0.get(&key, |plan| plan.stamp == stamp)
    }

    /// Keeps a plan that was committed, unless a later one is kept.
    pub(crate) fn put(&self, key: Key, plan: Arc<Stored>) {
        let (size, stamp) = (size(&plan), plan.stamp);
        self.0.put(key, plan, size, |known| known.stamp >= stamp);
    }
}

fn size(plan: &Stored) -> usize {
    plan.plan.tasks.len() + plan.plan.links.len() + 1
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

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
    fn plans_take_the_room_of_their_tasks_and_links() {
        let plans = Plans::default();
        plans.put(key(1), plan(1, MOST / 2));
        plans.put(key(2), plan(1, MOST / 2));
        assert!(plans.get(key(1), 1).is_none(), "each takes a little more than half of it");
        assert!(plans.get(key(2), 1).is_some());
    }
}
