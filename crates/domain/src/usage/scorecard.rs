//! The activation scorecard as events show it: clocks against time-to-value targets, features, and the pace.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Feature, History, before, day_of};
use crate::methodology::{PaceRule, TimeToValue, UsageRules};
use crate::people::read_by_word;

/// A leg on the way to value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockKind {
    /// Somebody of the customer came in.
    FirstLogin,
    /// The basic configuration is complete.
    Setup,
    /// Value was seen.
    FirstValue,
    /// The product is adopted.
    FullValue,
}

impl ClockKind {
    /// Every leg, in order.
    pub const ALL: [Self; 4] = [Self::FirstLogin, Self::Setup, Self::FirstValue, Self::FullValue];

    /// The word in the database and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::FirstLogin => "first-login",
            Self::Setup => "setup",
            Self::FirstValue => "first-value",
            Self::FullValue => "full-value",
        }
    }

    /// What people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::FirstLogin => "First login",
            Self::Setup => "Set up",
            Self::FirstValue => "First value",
            Self::FullValue => "Full value",
        }
    }
}

/// How a clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockState {
    /// Reached in time.
    Reached,
    /// Reached after it was due.
    Late,
    /// Not reached, and not due yet.
    Waiting,
    /// Not reached, although it was due.
    Missed,
}

impl ClockState {
    /// The word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Reached => "reached",
            Self::Late => "late",
            Self::Waiting => "waiting",
            Self::Missed => "missed",
        }
    }

    /// What people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Reached => "Reached",
            Self::Late => "Reached late",
            Self::Waiting => "Waiting",
            Self::Missed => "Missed",
        }
    }
}

/// How the activation goes against what is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pace {
    /// Nothing happens where something should.
    Stuck,
    /// A target has passed.
    Behind,
    /// No target has passed.
    OnTrack,
    /// Nothing is known of its usage.
    Unknown,
    /// Everything is reached.
    Done,
}

impl Pace {
    /// Every pace, the most worrying first.
    pub const ALL: [Self; 5] = [Self::Stuck, Self::Behind, Self::OnTrack, Self::Unknown, Self::Done];

    /// The word in the database and the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Stuck => "stuck",
            Self::Behind => "behind",
            Self::OnTrack => "on-track",
            Self::Unknown => "unknown",
            Self::Done => "done",
        }
    }

    /// What people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Stuck => "Stuck",
            Self::Behind => "Behind",
            Self::OnTrack => "On track",
            Self::Unknown => "Unknown",
            Self::Done => "Activated",
        }
    }
}

/// The word is no pace.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a pace: use stuck, behind, on-track, unknown or done")]
pub struct UnknownPace(pub String);

read_by_word!(Pace, UnknownPace, UnknownPace);

/// When something was reached, and the event or rule that showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// When.
    pub at: Timestamp,
    /// By what.
    pub event: String,
}

/// A clock of the scorecard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// Which.
    pub kind: ClockKind,
    /// Hours the leg may take: from the account's creation, of the set-up from the first login.
    pub target_hours: u32,
    /// By when.
    pub due: Timestamp,
    /// When it was.
    pub reached_at: Option<Timestamp>,
    /// Hours of this leg, from the end of the one before.
    pub leg_hours: Option<i64>,
    /// Hours from the account's creation.
    pub total_hours: Option<i64>,
    /// How it stands.
    pub state: ClockState,
}

/// A value milestone of the plan, as events show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ValueMilestone {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// When its rules held first.
    pub reached_at: Option<Timestamp>,
}

/// Whether a feature is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeatureState {
    /// Id in words.
    pub code: String,
    /// Name people see.
    pub name: String,
    /// Whether it counts for adoption.
    pub core: bool,
    /// Whether it goes beyond the core.
    pub advanced: bool,
    /// Whether it was ever used.
    pub used: bool,
}

/// The activation scorecard of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Scorecard {
    /// The product type whose targets hold.
    pub product_type: String,
    /// From when clocks count: the account's creation.
    pub start: Timestamp,
    /// How it goes.
    pub pace: Pace,
    /// Why, in a sentence.
    pub because: String,
    /// The four clocks, in order.
    pub clocks: Vec<Clock>,
    /// Value milestones of the plan, in order.
    pub values: Vec<ValueMilestone>,
    /// Features, in order.
    pub features: Vec<FeatureState>,
    /// Core features used.
    pub core_used: u32,
    /// Core features there are.
    pub core_total: u32,
    /// Users ever seen.
    pub users_seen: i64,
    /// Users expected.
    pub users_expected: Option<i64>,
    /// Users seen of those expected, in percent.
    pub activated_percent: Option<i64>,
}

/// What a scorecard is made from.
#[derive(Debug, Clone, Copy)]
pub struct Measured<'a> {
    /// What the account did; nothing while nothing is known of its usage.
    pub history: Option<&'a History>,
    /// What was reached.
    pub reached: &'a BTreeMap<ClockKind, Timestamp>,
    /// The features in use.
    pub features: &'a [Feature],
    /// The targets that hold.
    pub targets: &'a TimeToValue,
    /// The pace that is expected.
    pub pace: &'a PaceRule,
    /// The account's creation.
    pub start: Timestamp,
    /// Users expected.
    pub expected: Option<i64>,
    /// Now.
    pub now: Timestamp,
}

/// What events show to be reached: first login, set-up and first value by the first events that tell. Full value is a
/// rule over facts, which the caller asks.
#[must_use]
pub fn reached(history: &History, rules: &UsageRules) -> BTreeMap<ClockKind, Shown> {
    let mut found = BTreeMap::new();
    let meaning = &rules.meaning;
    let login = history.total_of(&meaning.login).map(|total| (total, "login"));
    // The product may not tell of logins: whoever did something was in it.
    if let Some((total, event)) = login.or_else(|| history.any().map(|total| (*total, "any event"))) {
        found.insert(ClockKind::FirstLogin, Shown { at: total.first_at, event: event.to_owned() });
    }
    let steps: Option<Vec<(Timestamp, &str)>> = rules
        .setup_steps
        .iter()
        .map(|step| history.total_of(&step.events).map(|total| (total.first_at, step.name.as_str())))
        .collect();
    if let Some((at, step)) = steps.and_then(|steps| steps.into_iter().max()) {
        found.insert(ClockKind::Setup, Shown { at, event: step.to_owned() });
    }
    if let Some(total) = history.total_of(&meaning.core_task) {
        found.insert(ClockKind::FirstValue, Shown { at: total.first_at, event: "core task".to_owned() });
    }
    found
}

/// The scorecard, without the value milestones of the plan.
#[must_use]
pub fn scorecard(measured: &Measured<'_>) -> Scorecard {
    let Measured { history, features, targets, start, expected, .. } = measured;
    let used = |feature: &Feature| history.is_some_and(|history| history.total_of(&feature.events).is_some());
    let features: Vec<FeatureState> = features
        .iter()
        .map(|feature| FeatureState {
            code: feature.code.clone(),
            name: feature.name.clone(),
            core: feature.core,
            advanced: feature.advanced,
            used: used(feature),
        })
        .collect();
    let count = |used_only: bool| {
        let core = features.iter().filter(|one| one.core && (one.used || !used_only));
        u32::try_from(core.count()).unwrap_or(u32::MAX)
    };
    let clocks = clocks(measured);
    let (pace, because) = pace(measured, &clocks);
    let users_seen = history.map_or(0, |history| history.seen);
    let of = expected.filter(|expected| *expected > 0 && history.is_some());
    Scorecard {
        product_type: targets.name.clone(),
        start: *start,
        pace,
        because,
        core_used: count(true),
        core_total: count(false),
        clocks,
        values: Vec::new(),
        features,
        users_seen,
        users_expected: *expected,
        activated_percent: of.and_then(|expected| (users_seen * 100).checked_div(expected)),
    }
}

fn clocks(measured: &Measured<'_>) -> Vec<Clock> {
    let Measured { reached, targets, start, now, .. } = measured;
    let mut ended = *start;
    let first_login = reached.get(&ClockKind::FirstLogin).copied();
    let login_due = after(*start, targets.first_login_hours);
    let clock = |kind: ClockKind| {
        let (target_hours, due) = match kind {
            ClockKind::FirstLogin => (targets.first_login_hours, login_due),
            ClockKind::Setup => {
                (targets.setup_hours, after(first_login.unwrap_or(login_due), targets.setup_hours))
            }
            ClockKind::FirstValue => (targets.first_value_hours, after(*start, targets.first_value_hours)),
            ClockKind::FullValue => (targets.full_value_hours, after(*start, targets.full_value_hours)),
        };
        let reached_at = reached.get(&kind).copied();
        let hours = |from: Timestamp| reached_at.map(|at| at.duration_since(from).as_hours().max(0));
        let state = match reached_at {
            Some(at) if at <= due => ClockState::Reached,
            Some(_) => ClockState::Late,
            None if *now <= due => ClockState::Waiting,
            None => ClockState::Missed,
        };
        let (leg_hours, total_hours) = (hours(ended), hours(*start));
        ended = reached_at.unwrap_or(ended);
        Clock { kind, target_hours, due, reached_at, leg_hours, total_hours, state }
    };
    ClockKind::ALL.map(clock).to_vec()
}

/// On track until a target has passed; behind after it; stuck long after it, or when nobody has used the product for
/// days.
fn pace(measured: &Measured<'_>, clocks: &[Clock]) -> (Pace, String) {
    let Measured { history, pace, start, now, .. } = measured;
    let Some(history) = history else {
        return (Pace::Unknown, "Nothing is known of its usage.".to_owned());
    };
    let Some(next) = clocks.iter().find(|clock| clock.reached_at.is_none()) else {
        return (Pace::Done, "Everything on the way to full value is reached.".to_owned());
    };
    let due = day_of(next.due).strftime("%-d %B %Y");
    let label = next.kind.label();
    let allowed = next.due.duration_since(*start).as_hours() * i64::from(pace.stuck_percent) / 100;
    if now.duration_since(*start).as_hours() > allowed {
        return (Pace::Stuck, format!("{label} was due on {due} and is long past it."));
    }
    if let Some(any) = history.any() {
        let quiet = i32::try_from(pace.quiet_days).unwrap_or(i32::MAX);
        if day_of(any.last_at) < before(day_of(*now), quiet) {
            let last = day_of(any.last_at).strftime("%-d %B %Y");
            return (Pace::Stuck, format!("Nobody has used the product since {last}; {label} is open."));
        }
    }
    match clocks.iter().find(|clock| clock.state == ClockState::Missed) {
        Some(missed) => {
            let due = day_of(missed.due).strftime("%-d %B %Y");
            (Pace::Behind, format!("{} was due on {due}.", missed.kind.label()))
        }
        None => (Pace::OnTrack, format!("{label} is due on {due}.")),
    }
}

fn after(at: Timestamp, hours: u32) -> Timestamp {
    at.saturating_add(SignedDuration::from_hours(i64::from(hours))).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::usage::{ANY, Total};

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    /// First login within a day, set-up three days after it, first value in a week, full value in thirty days.
    fn targets() -> TimeToValue {
        TimeToValue {
            name: "SMB SaaS".to_owned(),
            first_login_hours: 24,
            setup_hours: 72,
            first_value_hours: 168,
            full_value_hours: 720,
        }
    }

    fn card(history: Option<&History>, reached: &[(ClockKind, &str)], now: &str) -> Scorecard {
        let pace = PaceRule { segment: "smb".to_owned(), stuck_percent: 200, quiet_days: 5 };
        let reached = reached.iter().map(|(kind, when)| (*kind, at(when))).collect();
        scorecard(&Measured {
            history,
            reached: &reached,
            features: &[],
            targets: &targets(),
            pace: &pace,
            start: at("2027-01-04T00:00:00Z"),
            expected: None,
            now: at(now),
        })
    }

    fn used(last: &str) -> History {
        let mut history = History::default();
        history.add_total(ANY, Total { times: 3, first_at: at("2027-01-04T12:00:00Z"), last_at: at(last) });
        history
    }

    #[test]
    fn legs_are_measured_from_the_end_of_the_one_before() {
        let reached =
            [(ClockKind::FirstLogin, "2027-01-04T12:00:00Z"), (ClockKind::Setup, "2027-01-08T12:00:00Z")];
        let card = card(Some(&used("2027-01-08T12:00:00Z")), &reached, "2027-01-09T00:00:00Z");
        let leg = |clock: &Clock| (clock.leg_hours, clock.total_hours, clock.state);
        let legs: Vec<_> = card.clocks.iter().map(leg).collect();
        assert_eq!(
            legs,
            [
                (Some(12), Some(12), ClockState::Reached),
                // Due 72 hours after the login, reached after 96.
                (Some(96), Some(108), ClockState::Late),
                (None, None, ClockState::Waiting),
                (None, None, ClockState::Waiting),
            ]
        );
        assert_eq!(card.pace, Pace::OnTrack);
    }

    #[test]
    fn pace_by_the_clock() {
        let login = [(ClockKind::FirstLogin, "2027-01-04T12:00:00Z")];
        let pace = |last: &str, now: &str| card(Some(&used(last)), &login, now).pace;
        assert_eq!(card(None, &[], "2027-01-05T00:00:00Z").pace, Pace::Unknown);
        // The set-up is due at noon of 7 January, 84 hours after the start; long past it after 168.
        assert_eq!(pace("2027-01-06T00:00:00Z", "2027-01-07T11:00:00Z"), Pace::OnTrack);
        assert_eq!(pace("2027-01-06T00:00:00Z", "2027-01-08T12:00:00Z"), Pace::Behind);
        assert_eq!(pace("2027-01-10T00:00:00Z", "2027-01-11T02:00:00Z"), Pace::Stuck);
        // Quiet for more than five days, before anything is long past.
        let reached = [
            (ClockKind::FirstLogin, "2027-01-04T12:00:00Z"),
            (ClockKind::Setup, "2027-01-05T00:00:00Z"),
            (ClockKind::FirstValue, "2027-01-06T00:00:00Z"),
        ];
        let quiet = card(Some(&used("2027-01-06T00:00:00Z")), &reached, "2027-01-12T00:00:00Z");
        assert_eq!(quiet.pace, Pace::Stuck, "{}", quiet.because);
        let every: Vec<_> = ClockKind::ALL.map(|kind| (kind, "2027-01-06T00:00:00Z")).to_vec();
        let done = card(Some(&used("2027-01-06T00:00:00Z")), &every, "2027-03-01T00:00:00Z");
        assert_eq!(done.pace, Pace::Done);
    }

    #[test]
    fn set_up_is_the_last_of_its_steps() {
        let step = |id: &str| crate::methodology::SetupStep {
            id: id.to_owned(),
            name: id.to_owned(),
            events: vec![id.to_owned()],
        };
        let rules = UsageRules { setup_steps: vec![step("one"), step("two")], ..UsageRules::default() };
        let mut history = used("2027-01-10T00:00:00Z");
        let total = |when: &str| Total { times: 1, first_at: at(when), last_at: at(when) };
        history.add_total("Two", total("2027-01-05T00:00:00Z"));
        assert_eq!(reached(&history, &rules).get(&ClockKind::Setup), None);
        history.add_total("One", total("2027-01-09T00:00:00Z"));
        let shown = reached(&history, &rules);
        assert_eq!(
            shown[&ClockKind::Setup],
            Shown { at: at("2027-01-09T00:00:00Z"), event: "one".to_owned() }
        );
        assert_eq!(shown[&ClockKind::FirstLogin].at, at("2027-01-04T12:00:00Z"));
    }
}
