//! The pilot: a small mixed group with criteria fixed beforehand, what they say, and a verdict with its reason.

use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::{PilotFact, Recorded, StepError};
use crate::ids::ContactId;
use crate::people::words;

words! {
    /// How somebody looks at the product.
    Attitude: "attitude" {
        /// Looks forward to it.
        Enthusiast = "enthusiast", "Enthusiast";
        /// Waits what it brings.
        Neutral = "neutral", "Neutral";
        /// Doubts it; what they say is worth most.
        Sceptic = "sceptic", "Sceptic";
    }
}

words! {
    /// What somebody says of the pilot.
    FeedbackKind: "kind of feedback" {
        /// Something does not work.
        Issue = "issue", "Issue";
        /// Something could be better.
        Idea = "idea", "Idea";
        /// Something is not understood.
        Question = "question", "Question";
        /// Something is good.
        Praise = "praise", "Praise";
    }
}

/// Somebody who was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pick {
    /// Who.
    pub name: String,
    /// Who, when they are a contact.
    #[serde(default)]
    pub contact: Option<ContactId>,
    /// What they do.
    pub role: String,
    /// How they look at it.
    pub attitude: Attitude,
    /// Why they were chosen.
    pub reason: String,
}

/// What the pilot must show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Criterion {
    /// In words.
    pub text: String,
    /// The figure it must reach; none when it is simply met or not.
    #[serde(default)]
    pub target: Option<i64>,
    /// The unit of the figure; may be empty.
    #[serde(default)]
    pub unit: String,
    /// Whether less is better.
    #[serde(default)]
    pub at_most: bool,
    /// What was measured; 1 or 0 where there is no figure.
    #[serde(default)]
    pub measured: Option<i64>,
}

impl Criterion {
    /// Whether it is met; nothing while nobody has measured.
    #[must_use]
    pub fn is_met(&self) -> Option<bool> {
        let measured = self.measured?;
        Some(match self.target {
            None => measured > 0,
            Some(target) if self.at_most => measured <= target,
            Some(target) => measured >= target,
        })
    }
}

/// How far a pilot is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum PilotState {
    /// It is being prepared.
    Planned,
    /// Its people work with the product.
    Running {
        /// Since when.
        since: Date,
    },
    /// It was judged.
    Judged {
        /// Whether it passed.
        passed: bool,
        /// Why.
        reason: String,
        /// Who judged.
        by: String,
        /// When.
        at: Timestamp,
    },
}

/// A pilot. One that failed is run again under the next number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pilot {
    /// Which core workflows it covers.
    pub scope: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// Who supports it, and how closely.
    pub support: String,
    /// The people in it.
    pub people: Vec<Pick>,
    /// How many people there are in it, when not all are named.
    pub size: u32,
    /// What it must show.
    pub criteria: Vec<Criterion>,
    /// How far it is.
    pub state: PilotState,
}

impl Recorded for Pilot {
    const KIND: &'static str = "pilot";

    fn status(&self) -> &'static str {
        match self.state {
            PilotState::Planned => "planned",
            PilotState::Running { .. } => "running",
            PilotState::Judged { passed: true, .. } => "passed",
            PilotState::Judged { passed: false, .. } => "failed",
        }
    }
}

/// What somebody said of a pilot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feedback {
    /// The number of the pilot.
    pub pilot: i64,
    /// Of which kind.
    pub kind: FeedbackKind,
    /// Who said it.
    pub from: String,
    /// What.
    pub text: String,
    /// Who wrote it down.
    pub by: String,
}

impl Recorded for Feedback {
    const KIND: &'static str = "feedback";

    fn status(&self) -> &'static str {
        self.kind.word()
    }
}

impl Pilot {
    /// How many people are in it.
    #[must_use]
    pub fn heads(&self) -> u32 {
        self.size.max(u32::try_from(self.people.len()).unwrap_or(u32::MAX))
    }

    /// It counts as a fact of the launch.
    #[must_use]
    pub fn fact(&self) -> PilotFact {
        match self.state {
            PilotState::Judged { passed: true, .. } => PilotFact::Passed,
            PilotState::Judged { passed: false, .. } => PilotFact::Failed,
            PilotState::Planned | PilotState::Running { .. } => PilotFact::Open,
        }
    }

    /// Criteria that are not met, or not measured.
    pub fn open(&self) -> impl Iterator<Item = &Criterion> {
        self.criteria.iter().filter(|one| one.is_met() != Some(true))
    }

    /// Its people begin.
    ///
    /// # Errors
    /// When it has begun or was judged.
    pub fn begin(self, since: Date) -> Result<Self, StepError> {
        match self.state {
            PilotState::Planned => Ok(Self { state: PilotState::Running { since }, ..self }),
            _ => Err(StepError { what: "a pilot", was: self.status(), to: "begun" }),
        }
    }

    /// It is judged: it passes only when every criterion is measured and met.
    ///
    /// # Errors
    /// When it does not run, or passes although criteria are not met.
    pub fn judge(self, passed: bool, reason: String, by: String, at: Timestamp) -> Result<Self, StepError> {
        let was = self.status();
        if !matches!(self.state, PilotState::Running { .. }) {
            return Err(StepError { what: "a pilot", was, to: "judged" });
        }
        if passed && (self.criteria.is_empty() || self.open().next().is_some()) {
            return Err(StepError { what: "a pilot", was: "short of its criteria", to: "passed" });
        }
        Ok(Self { state: PilotState::Judged { passed, reason, by, at }, ..self })
    }

    /// The next run after one that failed: the same people and criteria, nothing measured.
    #[must_use]
    pub fn again(&self, from: Date, to: Date) -> Self {
        let criteria = self.criteria.iter().map(|one| Criterion { measured: None, ..one.clone() }).collect();
        Self { from, to, criteria, state: PilotState::Planned, ..self.clone() }
    }
}

/// Mondays to Fridays from a day to another, both included.
#[must_use]
pub fn weekdays(from: Date, to: Date) -> u32 {
    let days = (to - from).get_days().clamp(-1, 3650) + 1;
    let all = (0..days).map(|ahead| from.saturating_add(ahead.days()));
    let works = |day: &Date| !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
    u32::try_from(all.filter(works).count()).unwrap_or(u32::MAX)
}

/// What is wrong with how a pilot is made up, in sentences without full stop. `bounds` are the least and most people by
/// the programme's share of users, `days` the least and most working days.
#[must_use]
pub fn worries(pilot: &Pilot, bounds: Option<[u32; 2]>, days: [u32; 2], working_days: u32) -> Vec<String> {
    let mut all = Vec::new();
    let heads = pilot.heads();
    match bounds {
        Some([low, high]) if heads < low => all.push(format!(
            "{heads} people are few: {low} to {high} would be representative and still contained"
        )),
        Some([low, high]) if heads > high => all.push(format!(
            "{heads} people are many for a pilot: {low} to {high} would be representative and still contained"
        )),
        _ => {}
    }
    let has = |wanted: Attitude| pilot.people.iter().any(|pick| pick.attitude == wanted);
    if !pilot.people.is_empty() && !has(Attitude::Sceptic) {
        all.push("there is no sceptic among them, whose feedback is worth most".to_owned());
    }
    if !pilot.people.is_empty() && !has(Attitude::Enthusiast) {
        all.push("there is no enthusiast among them who carries it on".to_owned());
    }
    let mut roles: Vec<String> = pilot.people.iter().map(|pick| pick.role.to_lowercase()).collect();
    roles.sort();
    roles.dedup();
    if pilot.people.len() > 2 && roles.len() < 2 {
        all.push("they all do the same work: choose from different roles".to_owned());
    }
    if pilot.criteria.is_empty() {
        all.push("it has no criteria: fix them before it begins".to_owned());
    }
    let [least, most] = days;
    if most > 0 && !(least..=most).contains(&working_days) {
        all.push(format!(
            "it takes {working_days} working days; {least} to {most} show enough and stay short"
        ));
    }
    all
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn pilot() -> Pilot {
        let pick = |name: &str, role: &str, attitude| Pick {
            name: name.to_owned(),
            contact: None,
            role: role.to_owned(),
            attitude,
            reason: "available".to_owned(),
        };
        Pilot {
            scope: "Orders".to_owned(),
            from: date(2027, 1, 11),
            to: date(2027, 1, 22),
            support: String::new(),
            people: vec![
                pick("Dana", "Planner", Attitude::Enthusiast),
                pick("Rolf", "Buyer", Attitude::Sceptic),
            ],
            size: 0,
            criteria: vec![Criterion {
                text: "Pilot users active in a week".to_owned(),
                target: Some(80),
                unit: "%".to_owned(),
                at_most: false,
                measured: None,
            }],
            state: PilotState::Planned,
        }
    }

    fn at() -> Timestamp {
        "2027-01-22T16:00:00Z".parse().unwrap()
    }

    fn measured(pilot: Pilot, value: i64) -> Pilot {
        let criteria = pilot.criteria.iter().map(|one| Criterion { measured: Some(value), ..one.clone() });
        Pilot { criteria: criteria.collect(), ..pilot }
    }

    #[test]
    fn it_passes_only_when_every_criterion_is_met() {
        let judge =
            |pilot: Pilot, passed| pilot.judge(passed, "measured".to_owned(), "Ines".to_owned(), at());
        assert!(judge(pilot(), false).is_err(), "it has not begun");
        let running = pilot().begin(date(2027, 1, 11)).unwrap();
        assert!(running.clone().begin(date(2027, 1, 11)).is_err());
        let early = judge(running.clone(), true).unwrap_err();
        assert_eq!(early.to_string(), "a pilot that is short of its criteria cannot be passed");
        assert!(judge(measured(running.clone(), 79), true).is_err());
        let failed = judge(measured(running.clone(), 79), false).unwrap();
        assert_eq!((failed.status(), failed.fact()), ("failed", PilotFact::Failed));
        let again = failed.again(date(2027, 2, 1), date(2027, 2, 12));
        assert_eq!((again.status(), again.criteria[0].measured, again.people.len()), ("planned", None, 2));
        assert_eq!(judge(measured(running, 80), true).unwrap().fact(), PilotFact::Passed);
    }

    #[test]
    fn its_length_counts_working_days() {
        assert_eq!(weekdays(date(2027, 1, 11), date(2027, 1, 22)), 10);
        assert_eq!(weekdays(date(2027, 1, 16), date(2027, 1, 17)), 0);
        assert_eq!(weekdays(date(2027, 1, 12), date(2027, 1, 11)), 0);
    }

    #[test]
    fn less_may_be_better() {
        let one = Criterion {
            text: "Open critical issues".to_owned(),
            target: Some(0),
            unit: String::new(),
            at_most: true,
            measured: Some(1),
        };
        assert_eq!(one.is_met(), Some(false));
        assert_eq!(Criterion { measured: Some(0), ..one.clone() }.is_met(), Some(true));
        assert_eq!(Criterion { target: None, measured: Some(1), ..one.clone() }.is_met(), Some(true));
        assert_eq!(Criterion { measured: None, ..one }.is_met(), None);
    }

    #[test]
    fn its_group_is_neither_too_small_nor_of_one_mind() {
        assert!(worries(&pilot(), Some([1, 3]), [5, 10], 10).is_empty());
        assert!(worries(&pilot(), Some([45, 135]), [5, 10], 10)[0].contains("45 to 135"));
        let mut same = pilot();
        same.people[1].attitude = Attitude::Enthusiast;
        assert!(worries(&same, None, [5, 10], 10)[0].contains("no sceptic"));
        same.criteria.clear();
        assert_eq!(worries(&same, None, [5, 10], 20).len(), 3);
    }
}
