//! In which order events are counted. While counting is behind what comes in, news are first: what nobody had done yet
//! that day, because that is what moves a score or a clock. The rest is counted customer by customer, so that many events
//! become one row. None of that can be told from the result: what somebody did counts as if it had come in a little earlier
//! or later, and what messages say of who somebody is keeps its place among all that is known of them.
//!
//! What is known is kept in memory and is no more than a hint. Something known that is taken for news is counted early,
//! which does no harm; and what is taken for known wrongly is counted in its turn.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use gangway_events::log::{Log, Position};
use gangway_events::{Event, Kind};

use super::elsewhere;
use crate::error::AppError;

/// Events of one transaction: so many that a row for each is written cheaply, so few that whoever writes beside it does not
/// wait long.
pub(super) const SLICE: usize = 500;

/// Events read in one go beyond those that are being counted.
const STRETCH: usize = 1_000;

/// Stretches of one look: what stands behind them is looked at later.
const STRETCHES: usize = 20;

/// Events that are counted before their turn in one go; where all is news, as on a Monday morning, order gains nothing.
const MOST: usize = 500;

/// What is remembered, eight bytes each. Beyond that all is forgotten, and everything is news once more.
const REMEMBERED: usize = 1 << 20;

/// Places of the log before the cursor that are read again after a start: else everything would be news for a while.
const RECALLED: i64 = 500;

/// People remembered of whom something waits to be counted that says who they are. Beyond that nothing is counted ahead.
const TOLD: usize = 1 << 17;

/// What is known of the events that were counted, and of those that wait.
#[derive(Debug, Default)]
pub(super) struct Scout {
    /// Who did what on which day, and which two ids are the same person, of everything counted.
    known: HashSet<u64>,
    /// Ids that messages which wait to be counted say something of, and where the last of these ends: what those people did
    /// behind it has to wait, too, so that it counts for whoever they turn out to be.
    told: HashMap<u64, i64>,
    /// As far as was looked.
    position: i64,
}

impl Scout {
    /// A scout that knows what was counted last, up to `counted`.
    ///
    /// # Errors
    /// When the log fails.
    pub(super) async fn recalling(log: &Log, counted: i64) -> Result<Self, AppError> {
        let mut scout = Self::default();
        let mut at = counted.saturating_sub(RECALLED).max(0);
        while at < counted {
            let chunk = log.read(Position(at), STRETCH).await.map_err(elsewhere)?;
            if chunk.position.0 <= at || chunk.position.0 > counted {
                break;
            }
            at = chunk.position.0;
            scout.learn(chunk.events.iter().flat_map(|event| [deed(event), pair(event)]).flatten().collect());
        }
        Ok(scout)
    }

    /// The pairs of ids that events name as the same person: to be remembered once they have been counted.
    pub(super) fn pairs(events: &[Event]) -> Vec<u64> {
        events.iter().filter_map(pair).collect()
    }

    /// Remembers what was counted.
    pub(super) fn learn(&mut self, more: Vec<u64>) {
        if self.known.len() + more.len() > REMEMBERED {
            self.known.clear();
        }
        self.known.extend(more);
    }

    /// Events in the order, and in the portions, in which they are to be counted; they stand behind `from` and end with `to`.
    pub(super) fn slices(&mut self, events: Vec<Event>, (from, to): (i64, i64)) -> Vec<Vec<Event>> {
        if events.len() <= SLICE {
            self.learn(events.iter().filter_map(deed).collect());
            return vec![events];
        }
        for event in &events {
            self.note(event, to);
        }
        let (mut news, mut in_order, mut others) = (Vec::new(), Vec::new(), Vec::new());
        for event in events {
            let is_new = deed(&event).is_some_and(|deed| self.is_new(deed));
            if self.waits(&event, from) {
                in_order.push(event);
            } else if is_new {
                news.push(event);
            } else {
                others.push(event);
            }
        }
        if news.len() > MOST {
            others.append(&mut news);
        }
        others.sort_by_cached_key(customer);
        let mut slices = Vec::new();
        for mut group in [news, in_order, others] {
            while !group.is_empty() {
                let rest = group.split_off(group.len().min(SLICE));
                slices.push(std::mem::replace(&mut group, rest));
            }
        }
        slices
    }

    /// The next events beyond a position that are news, where all up to `counted` was counted.
    ///
    /// # Errors
    /// When the log fails.
    pub(super) async fn ahead(
        &mut self,
        log: &Log,
        counted: i64,
        beyond: i64,
    ) -> Result<Vec<Event>, AppError> {
        self.position = self.position.max(beyond);
        if self.told.len() > TOLD {
            self.told.retain(|_, to| *to > counted);
        }
        let mut news = Vec::new();
        for _ in 0..STRETCHES {
            if self.told.len() > TOLD || news.len() >= MOST {
                break;
            }
            let chunk = log.read(Position(self.position), STRETCH).await.map_err(elsewhere)?;
            if chunk.position.0 <= self.position {
                break;
            }
            self.position = chunk.position.0;
            news.extend(self.news(chunk.events, counted));
        }
        Ok(news)
    }

    /// Those of a stretch, which ends where was looked last, that are news and whose turn does not matter.
    fn news(&mut self, events: Vec<Event>, counted: i64) -> Vec<Event> {
        let mut found = Vec::new();
        for event in events {
            self.note(&event, self.position);
            if !self.waits(&event, counted) && deed(&event).is_some_and(|deed| self.is_new(deed)) {
                found.push(event);
            }
        }
        found
    }

    /// Notes of whom a message that waits to be counted says who they are; it ends not behind `to`.
    fn note(&mut self, event: &Event, to: i64) {
        if self.tells(event) {
            for id in ids(event) {
                let last = self.told.entry(id).or_insert(to);
                *last = to.max(*last);
            }
        }
    }

    /// Whether something waits to be counted that says who somebody is whom a message names.
    fn waits(&self, event: &Event, counted: i64) -> bool {
        ids(event).any(|id| self.told.get(&id).is_some_and(|to| *to > counted))
    }

    /// Whether a deed is new; from then on it is known.
    fn is_new(&mut self, deed: u64) -> bool {
        let is_new = !self.known.contains(&deed);
        if is_new {
            self.learn(vec![deed]);
        }
        is_new
    }

    /// Whether a message says who somebody is, or for which customer, and that is not known.
    fn tells(&self, event: &Event) -> bool {
        matches!(event.kind, Kind::Identify | Kind::Group | Kind::Alias)
            || pair(event).is_some_and(|pair| !self.known.contains(&pair))
    }
}

/// Who did what on which day for which customer; nothing where an event is no use of the product.
fn deed(event: &Event) -> Option<u64> {
    let (name, actor) = (event.usage()?, event.actor()?);
    Some(hashed((event.workspace, &event.group_id, actor, event.day(), name)))
}

/// The two ids a message names as the same person.
fn pair(event: &Event) -> Option<u64> {
    Some(hashed((event.workspace, event.user_id.as_ref()?, event.anonymous_id.as_ref()?)))
}

/// Which customer did it, as far as the message says, else who.
fn customer(event: &Event) -> u64 {
    hashed((event.workspace, event.group_id.as_deref().or(event.actor())))
}

/// All ids a message names.
fn ids(event: &Event) -> impl Iterator<Item = u64> {
    let of = event.workspace;
    let named = [&event.user_id, &event.anonymous_id, &event.previous_id];
    named.into_iter().flatten().map(move |id| hashed((of, id)))
}

fn hashed(what: impl Hash) -> u64 {
    // Two that have one hash are taken for one: no more than a hint, see above.
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use gangway_domain::ids::WorkspaceId;
    use serde_json::{Value, json};
    use uuid::Uuid;

    use super::*;

    /// A message of a person; `more` says what kind it is.
    fn event(id: &str, more: Value) -> Event {
        let mut all = json!({
            "w": WorkspaceId::from_uuid(Uuid::from_u128(1)), "s": Uuid::from_u128(2), "m": id,
            "t": 1_800_000_000_000_000_i64, "r": 1_800_000_000_000_000_i64,
        });
        if let (Some(all), Value::Object(more)) = (all.as_object_mut(), more) {
            all.extend(more);
        }
        serde_json::from_value(all).unwrap()
    }

    fn used(id: &str, who: &str, what: &str) -> Event {
        event(id, json!({ "k": "track", "u": who, "n": what }))
    }

    fn found(scout: &mut Scout, events: Vec<Event>) -> Vec<String> {
        scout.news(events, 0).into_iter().map(|event| event.message_id).collect()
    }

    #[test]
    fn what_somebody_did_already_is_no_news() {
        let mut scout = Scout { position: 10, ..Scout::default() };
        scout.slices(vec![used("1", "ada", "Signed In")], (0, 10));
        let events = vec![
            used("2", "ada", "Signed In"),
            used("3", "ada", "Report Viewed"),
            used("4", "bea", "Signed In"),
            used("5", "bea", "Signed In"),
        ];
        assert_eq!(found(&mut scout, events), ["3", "4"]);
    }

    #[test]
    fn whoever_is_told_of_waits_for_their_turn() {
        let mut scout = Scout { position: 10, ..Scout::default() };
        let events = vec![
            used("1", "ada", "Signed In"),
            event("2", json!({ "k": "group", "u": "ada", "g": "acme" })),
            used("3", "ada", "Report Viewed"),
            event("4", json!({ "k": "alias", "u": "bea", "p": "guest" })),
            event("5", json!({ "k": "track", "a": "guest", "n": "Signed In" })),
            used("6", "cem", "Signed In"),
        ];
        assert_eq!(found(&mut scout, events), ["1", "6"]);
        // Once what was told has been counted, nobody waits for it.
        let later = scout.news(vec![used("7", "ada", "Report Viewed")], 10);
        assert_eq!(later.len(), 1);
    }

    #[test]
    fn two_ids_are_told_once() {
        let mut scout = Scout { position: 10, ..Scout::default() };
        let both =
            |id: &str, what: &str| event(id, json!({ "k": "track", "u": "ada", "a": "guest", "n": what }));
        assert_eq!(found(&mut scout, vec![both("1", "Signed In")]), [""; 0]);
        scout.learn(Scout::pairs(&[both("1", "Signed In")]));
        let later = scout.news(vec![both("2", "Signed In"), both("3", "Signed In")], 10);
        let later: Vec<&str> = later.iter().map(|event| event.message_id.as_str()).collect();
        assert_eq!(later, ["2"]);
    }

    #[test]
    fn news_come_first_then_what_is_told_then_customer_by_customer() {
        let mut scout = Scout::default();
        let of = |id: usize| {
            let customer = format!("c-{}", id % 7);
            event(&id.to_string(), json!({ "k": "track", "u": "ada", "n": "Signed In", "g": customer }))
        };
        scout.slices((0..7).map(of).collect(), (0, 7));
        let mut events: Vec<Event> = (0..SLICE).map(of).collect();
        events.push(event("told", json!({ "k": "group", "u": "bea", "g": "c-1" })));
        events.push(used("hers", "bea", "Signed In"));
        events.push(used("new", "cem", "Signed In"));
        let slices = scout.slices(events, (7, 5_000));
        let ids = |slice: &[Event]| slice.iter().map(|event| event.message_id.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&slices[0]), ["new"]);
        assert_eq!(ids(&slices[1]), ["told", "hers"]);
        assert_eq!(slices[2].len(), SLICE);
        let mut customers: Vec<&str> =
            slices[2].iter().filter_map(|event| event.group_id.as_deref()).collect();
        customers.dedup();
        assert_eq!(customers.len(), 7, "each in one run");
        assert_eq!(slices.len(), 3);
        // What is told in them holds for what stands behind them until all of them are counted.
        scout.position = 6_000;
        assert_eq!(scout.news(vec![used("later", "bea", "Report Viewed")], 7).len(), 0);
        assert_eq!(scout.news(vec![used("counted", "bea", "Report Viewed")], 5_000).len(), 1);
    }
}
