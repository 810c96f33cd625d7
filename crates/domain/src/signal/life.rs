//! What becomes of a signal.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::clock::{Clocks, PLAN_HOURS, Respond, respond_by};
use crate::deal::Severity;
use crate::rule::Truth;

/// Where a signal stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "state", rename_all = "snake_case")]
#[schemars(rename = "SignalState")]
pub enum State {
    /// Nobody has taken it up.
    Open,
    /// Somebody has.
    Acknowledged {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// Nobody wants to see it until then.
    Snoozed {
        /// Who put it away.
        by: String,
        /// When.
        at: Timestamp,
        /// Until when.
        until: Timestamp,
        /// Why.
        reason: String,
    },
    /// It is over.
    Resolved {
        /// When.
        at: Timestamp,
        /// How.
        how: How,
    },
}

/// How a signal ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "how", rename_all = "snake_case")]
#[schemars(rename = "SignalEnd")]
pub enum How {
    /// Its rule has not held for long enough.
    ByItself,
    /// A person said so.
    ByPerson {
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
    /// It is the same as another.
    Merged {
        /// The other, by its id as text.
        into: String,
    },
}

/// How much a signal weighs, from how often it was seen [004].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "SignalWeight")]
pub enum Weight {
    /// Once.
    Note,
    /// Twice.
    Concern,
    /// Three times or more: somebody must act.
    Action,
}

impl Weight {
    /// Of a count; none of nothing.
    #[must_use]
    pub fn of(count: u32) -> Option<Self> {
        match count {
            0 => None,
            1 => Some(Self::Note),
            2 => Some(Self::Concern),
            _ => Some(Self::Action),
        }
    }

    /// The word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Concern => "concern",
            Self::Action => "action",
        }
    }
}

/// A step its state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a signal that is {was} cannot be {to}")]
pub struct Refusal {
    /// What it is.
    pub was: &'static str,
    /// What was asked for.
    pub to: &'static str,
}

/// What happened to a signal when facts were looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "SignalEvent")]
pub enum Event {
    /// It had been gone for a while, and is there again: its count rose.
    Repeated,
    /// Its rule has not held for long enough: it is over.
    ResolvedByItself,
    /// The time it was put away for is over.
    Woken,
}

/// A signal of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "HealthSignal")]
pub struct Signal {
    /// Its kind (id).
    pub kind: String,
    /// How grave it is.
    pub severity: Severity,
    /// What was seen, as it was last.
    pub words: String,
    /// Since when it is there.
    pub raised_at: Timestamp,
    /// When it was last seen.
    pub last_seen_at: Timestamp,
    /// How often it came.
    pub count: u32,
    /// Since when its rule does not hold, without a break.
    pub false_since: Option<Timestamp>,
    /// Who took it up first.
    #[serde(default)]
    pub acknowledged_by: Option<String>,
    /// When they did.
    #[serde(default)]
    pub acknowledged_at: Option<Timestamp>,
    /// When there was a plan.
    pub planned_at: Option<Timestamp>,
    /// Where it stands.
    pub state: State,
}

impl Signal {
    /// One that is seen for the first time.
    #[must_use]
    pub fn raise(kind: &str, severity: Severity, words: &str, at: Timestamp) -> Self {
        Self {
            kind: kind.to_owned(),
            severity,
            words: words.to_owned(),
            raised_at: at,
            last_seen_at: at,
            count: 1,
            false_since: None,
            acknowledged_by: None,
            acknowledged_at: None,
            planned_at: None,
            state: State::Open,
        }
    }

    /// How much it weighs.
    #[must_use]
    pub fn weight(&self) -> Weight {
        Weight::of(self.count).unwrap_or(Weight::Note)
    }

    /// It is not over.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self.state, State::Resolved { .. })
    }

    /// It is put away at a moment.
    #[must_use]
    pub fn is_snoozed(&self, now: Timestamp) -> bool {
        matches!(self.state, State::Snoozed { until, .. } if now < until)
    }

    /// The facts were looked at: whether its rule holds now, and in which words. Only while it is certain that the rule
    /// does not hold does the time run after which it is over. Nothing happens to one that is over.
    #[must_use]
    pub fn hear(
        mut self,
        truth: &Truth,
        words: &str,
        resolve_after_hours: u32,
        now: Timestamp,
    ) -> (Self, Option<Event>) {
        if !self.is_open() {
            return (self, None);
        }
        let mut event = None;
        if let State::Snoozed { until, .. } = self.state
            && now >= until
        {
            self = self.woken();
            event = Some(Event::Woken);
        }
        match truth {
            Truth::Yes => {
                if self.false_since.take().is_some() {
                    self.count = self.count.saturating_add(1);
                    event = Some(Event::Repeated);
                }
                self.last_seen_at = now;
                words.clone_into(&mut self.words);
            }
            Truth::Unknown { .. } => self.false_since = None,
            Truth::No => {
                let since = *self.false_since.get_or_insert(now);
                if now.duration_since(since) >= SignedDuration::from_hours(i64::from(resolve_after_hours)) {
                    self.end(now, How::ByItself);
                    event = Some(Event::ResolvedByItself);
                }
            }
        }
        (self, event)
    }

    /// Somebody saw it again: its count rises, and it is no longer put away.
    ///
    /// # Errors
    /// When it is over.
    pub fn log_again(mut self, words: &str, at: Timestamp) -> Result<Self, Refusal> {
        self.must_be_open("logged again")?;
        if matches!(self.state, State::Snoozed { .. }) {
            self = self.woken();
        }
        self.count = self.count.saturating_add(1);
        self.last_seen_at = at;
        self.false_since = None;
        words.clone_into(&mut self.words);
        Ok(self)
    }

    /// Somebody takes it up.
    ///
    /// # Errors
    /// When somebody has, or it is over.
    pub fn acknowledge(mut self, by: &str, at: Timestamp) -> Result<Self, Refusal> {
        self.must_be_open("acknowledged")?;
        if self.acknowledged_at.is_some() {
            return Err(Refusal { was: "acknowledged", to: "acknowledged again" });
        }
        self.acknowledged_by = Some(by.to_owned());
        self.acknowledged_at = Some(at);
        self.state = State::Acknowledged { by: by.to_owned(), at };
        Ok(self)
    }

    /// Somebody makes a plan, and takes it up with that when nobody has.
    ///
    /// # Errors
    /// When there is a plan already, or it is over.
    pub fn plan(self, by: &str, at: Timestamp) -> Result<Self, Refusal> {
        self.must_be_open("planned for")?;
        if self.planned_at.is_some() {
            return Err(Refusal { was: "planned for", to: "planned for again" });
        }
        let mut taken = if self.acknowledged_at.is_none() { self.acknowledge(by, at)? } else { self };
        taken.planned_at = Some(at);
        Ok(taken)
    }

    /// Somebody puts it away for a while.
    ///
    /// # Errors
    /// When it is over, or the while is over before it begins.
    pub fn snooze(
        mut self,
        by: &str,
        at: Timestamp,
        until: Timestamp,
        reason: &str,
    ) -> Result<Self, Refusal> {
        self.must_be_open("snoozed")?;
        if until <= at {
            return Err(Refusal { was: self.state.word(), to: "snoozed until a time that is over" });
        }
        self.state = State::Snoozed { by: by.to_owned(), at, until, reason: reason.to_owned() };
        Ok(self)
    }

    /// A person says it is over.
    ///
    /// # Errors
    /// When it is already.
    pub fn resolve(mut self, by: &str, reason: &str, at: Timestamp) -> Result<Self, Refusal> {
        self.must_be_open("resolved")?;
        self.end(at, How::ByPerson { by: by.to_owned(), reason: reason.to_owned() });
        Ok(self)
    }

    /// It is the same as another, which takes over its count: see [`Signal::absorb`].
    ///
    /// # Errors
    /// When it is over.
    pub fn merge(mut self, into: &str, at: Timestamp) -> Result<Self, Refusal> {
        self.must_be_open("merged")?;
        self.end(at, How::Merged { into: into.to_owned() });
        Ok(self)
    }

    /// Takes over what another was, which is merged into this one: its count, its earlier beginning, its gravity.
    ///
    /// # Errors
    /// When this one is over.
    pub fn absorb(mut self, other: &Self) -> Result<Self, Refusal> {
        self.must_be_open("merged with another")?;
        self.count = self.count.saturating_add(other.count);
        self.raised_at = self.raised_at.min(other.raised_at);
        self.last_seen_at = self.last_seen_at.max(other.last_seen_at);
        self.severity = self.severity.max(other.severity);
        Ok(self)
    }

    /// Until when somebody must have answered: the same day to take it up, 48 hours for a plan.
    #[must_use]
    pub fn clocks(&self, zone: &TimeZone) -> Clocks {
        Clocks {
            acknowledge_by: respond_by(Respond::SameDay, self.raised_at, zone),
            acknowledged_at: self.acknowledged_at,
            plan_by: respond_by(Respond::Hours(PLAN_HOURS), self.raised_at, zone),
            planned_at: self.planned_at,
        }
    }

    fn must_be_open(&self, to: &'static str) -> Result<(), Refusal> {
        if self.is_open() { Ok(()) } else { Err(Refusal { was: self.state.word(), to }) }
    }

    fn end(&mut self, at: Timestamp, how: How) {
        self.state = State::Resolved { at, how };
    }

    /// As it was before it was put away.
    fn woken(mut self) -> Self {
        self.state = match (&self.acknowledged_by, self.acknowledged_at) {
            (Some(by), Some(at)) => State::Acknowledged { by: by.clone(), at },
            _ => State::Open,
        };
        self
    }
}

impl State {
    /// The word in the API.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Acknowledged { .. } => "acknowledged",
            Self::Snoozed { .. } => "snoozed",
            Self::Resolved { .. } => "resolved",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + hours * 3_600).unwrap()
    }

    fn raised() -> Signal {
        Signal::raise("missed-meetings", Severity::Medium, "2 missed", at(0))
    }

    fn unknown() -> Truth {
        Truth::Unknown { missing: vec!["meetings.missed"] }
    }

    #[test]
    fn it_resolves_by_itself_when_its_rule_has_long_not_held() {
        let (signal, event) = raised().hear(&Truth::No, "", 24, at(1));
        assert_eq!((event, signal.false_since), (None, Some(at(1))));
        let (signal, event) = signal.hear(&Truth::No, "", 24, at(24));
        assert_eq!((event, signal.is_open()), (None, true), "23 hours");
        let (signal, event) = signal.hear(&Truth::No, "", 24, at(25));
        assert_eq!(event, Some(Event::ResolvedByItself));
        assert_eq!(signal.state, State::Resolved { at: at(25), how: How::ByItself });
        assert_eq!(signal.clone().hear(&Truth::Yes, "", 24, at(26)), (signal, None), "it is over");
    }

    #[test]
    fn what_comes_back_counts_again_and_what_is_unknown_does_not_resolve() {
        let (signal, _) = raised().hear(&Truth::Yes, "2 missed", 24, at(1));
        assert_eq!((signal.count, signal.weight()), (1, Weight::Note), "still there is no repeat");
        let (signal, _) = signal.hear(&Truth::No, "", 24, at(2));
        let (signal, event) = signal.hear(&Truth::Yes, "3 missed", 24, at(3));
        assert_eq!((event, signal.count, signal.weight()), (Some(Event::Repeated), 2, Weight::Concern));
        assert_eq!((signal.words.as_str(), signal.last_seen_at), ("3 missed", at(3)));
        let (signal, _) = signal.hear(&Truth::No, "", 24, at(4));
        let (signal, _) = signal.hear(&unknown(), "", 24, at(20));
        let (signal, event) = signal.hear(&Truth::No, "", 24, at(40));
        assert_eq!((event, signal.is_open()), (None, true), "nobody knows whether it held in between");
        assert_eq!(signal.log_again("again", at(41)).unwrap().weight(), Weight::Action);
    }

    #[test]
    fn people_take_it_up_put_it_away_and_end_it() {
        let signal = raised().acknowledge("Ida", at(1)).unwrap();
        assert_eq!(
            signal.clone().acknowledge("Bo", at(2)).unwrap_err().to_string(),
            "a signal that is acknowledged cannot be acknowledged again"
        );
        let away = signal.clone().snooze("Ida", at(2), at(50), "on holiday").unwrap();
        assert!(away.is_snoozed(at(49)) && !away.is_snoozed(at(50)));
        assert_eq!(away.acknowledged_at, Some(at(1)));
        let (woken, event) = away.clone().hear(&unknown(), "", 24, at(50));
        assert_eq!(
            (event, woken.state.word(), woken.acknowledged_at),
            (Some(Event::Woken), "acknowledged", Some(at(1)))
        );
        assert!(signal.clone().snooze("Ida", at(2), at(2), "").is_err());
        let over = away.resolve("Ida", "They met", at(3)).unwrap();
        assert_eq!(over.acknowledged_at, Some(at(1)));
        assert_eq!(over.clone().resolve("Bo", "", at(4)).unwrap_err().was, "resolved");
        assert!(over.clone().log_again("", at(4)).is_err() && over.merge("x", at(4)).is_err());
        let planned = raised().plan("Ida", at(5)).unwrap();
        assert_eq!((planned.planned_at, planned.acknowledged_at), (Some(at(5)), Some(at(5))));
        assert!(planned.plan("Ida", at(6)).is_err());
    }

    #[test]
    fn one_takes_over_what_another_was() {
        let other = Signal::raise("missed-meeting", Severity::High, "1 missed", at(-5));
        let both = raised().absorb(&other).unwrap();
        assert_eq!((both.count, both.raised_at, both.severity), (2, at(-5), Severity::High));
        let merged = other.merge("id", at(1)).unwrap();
        assert!(!merged.is_open() && merged.absorb(&raised()).is_err());
    }

    #[test]
    fn it_is_taken_up_the_same_day_and_planned_in_two() {
        let zone = TimeZone::UTC;
        let signal = Signal::raise("a", Severity::Low, "", "2027-01-12T09:00:00Z".parse().unwrap());
        let clocks = signal.clocks(&zone);
        assert_eq!(clocks.acknowledge_by.to_string(), "2027-01-13T00:00:00Z");
        assert_eq!(clocks.plan_by.to_string(), "2027-01-14T09:00:00Z");
    }

    proptest! {
        /// Whatever is heard in whatever order: the count never falls, and only a stretch of nothing but "no" ends it.
        #[test]
        fn only_a_long_no_ends_it(heard in proptest::collection::vec((0_u8..3, 1_i64..20), 1..40)) {
            let (mut signal, mut now, mut quiet) = (raised(), 0, None);
            for (what, hours) in heard {
                now += hours;
                let truth = match what { 0 => Truth::Yes, 1 => Truth::No, _ => unknown() };
                quiet = if truth == Truth::No { quiet.or(Some(now)) } else { None };
                let count = signal.count;
                let (next, event) = signal.hear(&truth, "", 24, at(now));
                prop_assert!(next.count >= count);
                let long = quiet.is_some_and(|since| now - since >= 24);
                prop_assert_eq!(event == Some(Event::ResolvedByItself), long);
                prop_assert_eq!(next.is_open(), !long);
                if long {
                    break;
                }
                signal = next;
            }
        }
    }
}
