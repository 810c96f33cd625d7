//! What was read or made lately, kept in memory for whoever asks again: as much as there is room for.
//!
//! Whoever keeps a value says how large it is, in whatever unit the room is measured; whoever asks says whether what is
//! kept still holds. What nobody asked for longest makes room for what is new.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Values by key, the least recently used of which go first when there is no more room.
#[derive(Debug)]
pub struct Recent<K, V> {
    room: usize,
    kept: Mutex<Kept<K, V>>,
}

#[derive(Debug)]
struct Kept<K, V> {
    entries: BTreeMap<K, Entry<V>>,
    /// What was used in which turn, the longest ago first.
    turns: BTreeMap<u64, K>,
    /// Of all entries.
    size: usize,
    /// Counts what was asked for and kept.
    turn: u64,
}

#[derive(Debug)]
struct Entry<V> {
    value: V,
    size: usize,
    /// The turn in which it was used last.
    used: u64,
}

impl<K: Ord + Clone, V: Clone> Recent<K, V> {
    /// Nothing yet, with room for values of this size together.
    #[must_use]
    pub fn with_room_for(room: usize) -> Self {
        let kept = Kept { entries: BTreeMap::new(), turns: BTreeMap::new(), size: 0, turn: 0 };
        Self { room, kept: Mutex::new(kept) }
    }

    /// The value, where one is kept that still holds.
    pub fn get(&self, key: &K, holds: impl FnOnce(&V) -> bool) -> Option<V> {
        let mut kept = self.lock();
        let kept = &mut *kept;
        let entry = kept.entries.get_mut(key).filter(|entry| holds(&entry.value))?;
        kept.turn += 1;
        if let Some(key) = kept.turns.remove(&entry.used) {
            kept.turns.insert(kept.turn, key);
        }
        entry.used = kept.turn;
        Some(entry.value.clone())
    }

    /// Keeps a value of this size in place of the one before, unless that is the better one. What is larger than all
    /// the room is not kept, and takes none from others.
    pub fn put(&self, key: K, value: V, size: usize, is_better: impl FnOnce(&V) -> bool) {
        let mut kept = self.lock();
        if kept.entries.get(&key).is_some_and(|before| is_better(&before.value)) {
            return;
        }
        kept.forget(&key);
        let Some(left) = self.room.checked_sub(size) else { return };
        kept.shrink_to(left);
        kept.turn += 1;
        kept.size += size;
        let used = kept.turn;
        kept.turns.insert(used, key.clone());
        kept.entries.insert(key, Entry { value, size, used });
    }

    /// Also after somebody panicked who held it: whatever stands in it is whole, or is asked whether it holds.
    fn lock(&self) -> MutexGuard<'_, Kept<K, V>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Ord, V> Kept<K, V> {
    fn forget(&mut self, key: &K) {
        if let Some(gone) = self.entries.remove(key) {
            self.turns.remove(&gone.used);
            self.size -= gone.size;
        }
    }

    /// Forgets what was used longest ago until the rest is no larger than this.
    fn shrink_to(&mut self, most: usize) {
        while self.size > most {
            let Some((_, oldest)) = self.turns.pop_first() else { break };
            self.forget(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(recent: &Recent<&'static str, u8>, key: &'static str) -> Option<u8> {
        recent.get(&key, |_| true)
    }

    fn put(recent: &Recent<&'static str, u8>, key: &'static str, value: u8, size: usize) {
        recent.put(key, value, size, |_| false);
    }

    #[test]
    fn a_value_is_given_while_it_holds() {
        let recent = Recent::with_room_for(10);
        put(&recent, "one", 1, 1);
        assert_eq!(recent.get(&"one", |value| *value == 1), Some(1));
        assert_eq!(recent.get(&"one", |value| *value == 2), None);
        assert_eq!(get(&recent, "two"), None);
    }

    #[test]
    fn a_better_one_stays() {
        let recent = Recent::with_room_for(10);
        put(&recent, "one", 3, 1);
        recent.put("one", 2, 1, |before| *before >= 2);
        assert_eq!(get(&recent, "one"), Some(3));
        recent.put("one", 4, 1, |before| *before >= 4);
        assert_eq!(get(&recent, "one"), Some(4));
    }

    #[test]
    fn what_nobody_asked_for_longest_makes_room() {
        let recent = Recent::with_room_for(10);
        put(&recent, "one", 1, 5);
        put(&recent, "two", 2, 5);
        assert_eq!(get(&recent, "one"), Some(1));
        put(&recent, "three", 3, 3);
        assert_eq!(get(&recent, "two"), None, "it was used longest ago");
        assert_eq!((get(&recent, "one"), get(&recent, "three")), (Some(1), Some(3)));
        put(&recent, "four", 4, 10);
        assert_eq!((get(&recent, "one"), get(&recent, "three")), (None, None), "all were in the way");
        assert_eq!(get(&recent, "four"), Some(4));
    }

    #[test]
    fn in_place_of_another_a_value_counts_once() {
        let recent = Recent::with_room_for(10);
        put(&recent, "one", 1, 5);
        put(&recent, "two", 2, 3);
        put(&recent, "two", 3, 5);
        assert_eq!((get(&recent, "one"), get(&recent, "two")), (Some(1), Some(3)));
        let kept = recent.lock();
        assert_eq!((kept.size, kept.entries.len(), kept.turns.len()), (10, 2, 2));
    }

    #[test]
    fn what_is_larger_than_the_room_throws_nothing_out() {
        let recent = Recent::with_room_for(10);
        put(&recent, "one", 1, 5);
        put(&recent, "two", 2, 11);
        assert_eq!((get(&recent, "one"), get(&recent, "two")), (Some(1), None));
        put(&recent, "one", 3, 11);
        assert_eq!(get(&recent, "one"), None, "what it replaces holds no more");
    }
}
