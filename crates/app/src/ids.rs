//! Fresh ids: UUIDv7 of a clock and of random bits, in order even within a millisecond.

use std::sync::{Arc, Mutex, PoisonError};

use gangway_domain::ids::IdSource;
use uuid::{Builder, Uuid};

use crate::clock::Clock;

/// Values of the 12-bit counter that orders ids within a millisecond (RFC 9562, section 6.2, method 1).
const COUNTER_END: u16 = 1 << 12;

/// A source of UUIDv7 ids.
pub struct Ids {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    random: Random,
    millis: u64,
    counter: u16,
}

enum Random {
    System,
    Seeded(u64),
}

impl Ids {
    /// Ids nobody can guess.
    #[must_use]
    pub fn random(clock: Arc<dyn Clock>) -> Self {
        Self::new(clock, Random::System)
    }

    /// The same ids for the same seed and the same time: for demo data and tests.
    #[must_use]
    pub fn seeded(clock: Arc<dyn Clock>, seed: u64) -> Self {
        Self::new(clock, Random::Seeded(seed))
    }

    fn new(clock: Arc<dyn Clock>, random: Random) -> Self {
        Self { clock, state: Mutex::new(State { random, millis: 0, counter: 0 }) }
    }
}

impl IdSource for Ids {
    fn fresh(&self) -> Uuid {
        let now = u64::try_from(self.clock.now().as_millisecond()).unwrap_or(0);
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.advance(now);
        let mut bytes = state.random.bytes();
        let [high, low] = state.counter.to_be_bytes();
        bytes[0] = high;
        bytes[1] = low;
        Builder::from_unix_timestamp_millis(state.millis, &bytes).into_uuid()
    }
}

impl State {
    /// Moves to `now`, or counts on when the clock stood still or went back.
    fn advance(&mut self, now: u64) {
        if now > self.millis {
            self.millis = now;
            self.counter = 0;
        } else {
            self.counter += 1;
            if self.counter == COUNTER_END {
                self.millis += 1;
                self.counter = 0;
            }
        }
    }
}

impl Random {
    fn bytes(&mut self) -> [u8; 10] {
        let mut bytes = [0; 10];
        match self {
            Self::System => getrandom::fill(&mut bytes).expect("the operating system has random bytes"),
            Self::Seeded(state) => {
                bytes[..8].copy_from_slice(&split_mix(state).to_be_bytes());
                bytes[8..].copy_from_slice(&split_mix(state).to_be_bytes()[..2]);
            }
        }
        bytes
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): enough to tell ids of demo data apart; not for secrets.
pub(crate) fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::FixedClock;

    fn clock() -> Arc<dyn Clock> {
        Arc::new(FixedClock("2027-01-04T09:00:00Z".parse().unwrap()))
    }

    #[test]
    fn ids_are_version_seven_and_in_order_even_when_time_stands_still() {
        for ids in [Ids::random(clock()), Ids::seeded(clock(), 1)] {
            let made: Vec<Uuid> = (0..10_000).map(|_| ids.fresh()).collect();
            assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(made.iter().all(|id| id.get_version_num() == 7));
        }
    }

    #[test]
    fn a_seed_repeats_itself_and_chance_does_not() {
        let first = |seed| Ids::seeded(clock(), seed).fresh();
        assert_eq!(first(1), first(1));
        assert_ne!(first(1), first(2));
        assert_ne!(Ids::random(clock()).fresh(), Ids::random(clock()).fresh());
    }

    /// Reference values of SplitMix64 from seed 1234567 (Vigna's splitmix64.c).
    #[test]
    fn split_mix_is_split_mix() {
        let mut state = 1_234_567;
        assert_eq!(split_mix(&mut state), 6_457_827_717_110_365_317);
        assert_eq!(split_mix(&mut state), 3_203_168_211_198_807_973);
    }
}
