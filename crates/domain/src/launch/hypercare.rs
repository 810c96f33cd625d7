//! Hypercare: issues with their clocks, the daily sync, the trend, and when it ends.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::{Mark, Recorded, StepError};
use crate::methodology::GoLiveRules;
use crate::people::words;
use crate::rule::{Facts, RUN_FACTS, Rule};

words! {
    /// How grave an issue is.
    Severity: "severity" {
        /// The system is down.
        Critical = "critical", "Critical";
        /// A major feature is broken.
        High = "high", "High";
        /// It can be worked around.
        Medium = "medium", "Medium";
        /// Minor.
        Low = "low", "Low";
    }
}

impl Severity {
    /// It stands in the way of ending hypercare.
    #[must_use]
    pub fn is_grave(self) -> bool {
        matches!(self, Self::Critical | Self::High)
    }
}

/// Until when an issue raised now is answered and resolved; nothing when the methodology has no clock for it.
#[must_use]
pub fn due(rules: &GoLiveRules, severity: Severity, raised: Timestamp) -> Option<[Timestamp; 2]> {
    let clock = rules.severities.iter().find(|known| known.name.eq_ignore_ascii_case(severity.word()))?;
    let after = |minutes: u32| {
        raised.checked_add(SignedDuration::from_mins(i64::from(minutes))).unwrap_or(Timestamp::MAX)
    };
    Some([after(clock.response_minutes), after(clock.resolution_minutes)])
}

/// How far an issue is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum IssueState {
    /// Nobody has answered.
    Open,
    /// Somebody works on it.
    Answered {
        /// Who answered.
        by: String,
        /// When.
        at: Timestamp,
    },
    /// It is over.
    Resolved {
        /// When it was answered, if it was before.
        answered: Option<Timestamp>,
        /// Who resolved it.
        by: String,
        /// When.
        at: Timestamp,
        /// How.
        how: String,
    },
}

/// An issue of hypercare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// What is wrong, one line.
    pub title: String,
    /// More about it; may be empty.
    pub details: String,
    /// How grave.
    pub severity: Severity,
    /// What it is about: sign-in, data, an integration.
    pub area: String,
    /// How people get on until it is solved; may be empty.
    pub workaround: String,
    /// Who reported it.
    pub reported_by: String,
    /// When.
    pub raised_at: Timestamp,
    /// Until when it is answered.
    pub answer_by: Timestamp,
    /// Until when it is resolved.
    pub resolve_by: Timestamp,
    /// How far it is.
    pub state: IssueState,
}

/// A step of an issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Somebody works on it.
    Answer,
    /// It is over, so.
    Resolve(String),
    /// It is not over after all.
    Reopen,
}

impl Recorded for Issue {
    const KIND: &'static str = "issue";

    fn status(&self) -> &'static str {
        match self.state {
            IssueState::Open => "open",
            IssueState::Answered { .. } => "answered",
            IssueState::Resolved { .. } => "resolved",
        }
    }
}

impl Issue {
    /// It is not over.
    #[must_use]
    pub fn is_open(&self) -> bool {
        !matches!(self.state, IssueState::Resolved { .. })
    }

    /// When it was answered. Resolving answers too.
    #[must_use]
    pub fn answered_at(&self) -> Option<Timestamp> {
        match &self.state {
            IssueState::Open => None,
            IssueState::Answered { at, .. } => Some(*at),
            IssueState::Resolved { answered, at, .. } => Some(answered.unwrap_or(*at)),
        }
    }

    /// When it was resolved.
    #[must_use]
    pub fn resolved_at(&self) -> Option<Timestamp> {
        match &self.state {
            IssueState::Resolved { at, .. } => Some(*at),
            _ => None,
        }
    }

    /// Takes a step.
    ///
    /// # Errors
    /// When its state does not allow it.
    pub fn take(self, step: Step, by: String, at: Timestamp) -> Result<Self, StepError> {
        let was = self.status();
        let answered = self.answered_at();
        let state = match (&self.state, step) {
            (IssueState::Open, Step::Answer) => IssueState::Answered { by, at },
            (IssueState::Open | IssueState::Answered { .. }, Step::Resolve(how)) => {
                IssueState::Resolved { answered, by, at, how }
            }
            (IssueState::Resolved { .. }, Step::Reopen) => {
                IssueState::Answered { by, at: answered.unwrap_or(at) }
            }
            (_, Step::Answer) => return Err(StepError { what: "an issue", was, to: "answered" }),
            (_, Step::Resolve(_)) => return Err(StepError { what: "an issue", was, to: "resolved" }),
            (_, Step::Reopen) => return Err(StepError { what: "an issue", was, to: "opened again" }),
        };
        Ok(Self { state, ..self })
    }
}

/// A daily sync that was held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sync {
    /// The day.
    pub on: Date,
    /// Issues, trend, decisions.
    pub notes: String,
    /// Who was there.
    pub people: String,
    /// Who wrote it down.
    pub by: String,
}

impl Recorded for Sync {
    const KIND: &'static str = "sync";

    fn status(&self) -> &'static str {
        "held"
    }
}

/// How many issues came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trend {
    /// Each of the last fourteen days, the oldest first: the day, how many, how many of them grave.
    pub days: Vec<(Date, u32, u32)>,
    /// In the last seven days.
    pub last_week: u32,
    /// In the seven days before.
    pub week_before: u32,
}

impl Trend {
    /// More or fewer than the week before; negative when they fall.
    #[must_use]
    pub fn change(&self) -> i64 {
        i64::from(self.last_week) - i64::from(self.week_before)
    }

    /// In words.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self.change() {
            ..0 => "falling",
            0 => "steady",
            1.. => "rising",
        }
    }
}

/// Issues by the day they came in, over the last two weeks.
#[must_use]
pub fn trend(issues: &[Issue], today: Date, zone: &TimeZone) -> Trend {
    let came: Vec<(Date, bool)> = issues
        .iter()
        .map(|issue| (issue.raised_at.to_zoned(zone.clone()).date(), issue.severity.is_grave()))
        .collect();
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let days: Vec<(Date, u32, u32)> = (0..14_i32)
        .rev()
        .map(|ago| {
            let day = today.saturating_sub(ago.days());
            let of_day = || came.iter().filter(|(on, _)| *on == day);
            (day, count(of_day().count()), count(of_day().filter(|(_, grave)| *grave).count()))
        })
        .collect();
    let sum = |part: &[(Date, u32, u32)]| part.iter().map(|(_, number, _)| number).sum();
    let (before, last) = days.split_at(7);
    Trend { last_week: sum(last), week_before: sum(before), days }
}

/// Issues of critical or high severity that are open.
#[must_use]
pub fn grave_open(issues: &[Issue]) -> usize {
    issues.iter().filter(|issue| issue.severity.is_grave() && issue.is_open()).count()
}

/// Whole hours since the last critical or high issue was over, or since `from` when there was none; 0 while one is open.
#[must_use]
pub fn hours_since_grave(issues: &[Issue], from: Timestamp, now: Timestamp) -> i64 {
    if grave_open(issues) > 0 {
        return 0;
    }
    let grave = issues.iter().filter(|issue| issue.severity.is_grave());
    let last = grave.filter_map(Issue::resolved_at).max().map_or(from, |at| at.max(from));
    now.duration_since(last).as_hours().max(0)
}

/// A criterion by which hypercare ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exit {
    /// The name under which what somebody said of it is kept.
    pub id: String,
    /// In words.
    pub text: String,
    /// What the facts say; nothing where a person says it.
    pub holds: Option<bool>,
    /// What somebody said.
    pub mark: Option<Mark>,
}

impl Exit {
    /// It holds.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.holds.unwrap_or_else(|| self.mark.as_ref().is_some_and(|mark| mark.yes))
    }

    /// The customer says it.
    #[must_use]
    pub fn is_customers(&self) -> bool {
        self.holds.is_none() && self.text.to_lowercase().contains("customer")
    }
}

/// The criteria by which hypercare ends, as they stand. `said` finds what somebody said by the name of a criterion.
pub fn exits(rules: &GoLiveRules, facts: &Facts, said: impl Fn(&str) -> Option<Mark>) -> Vec<Exit> {
    let of = |(place, text): (usize, &String)| {
        let id = format!("exit-{}", place + 1);
        let rule = rules.launch.exit.get(place).filter(|rule| !rule.is_empty());
        let holds = rule.map(|rule| {
            // What cannot be told does not hold.
            Rule::compile(rule, RUN_FACTS).and_then(|rule| rule.test(facts)).unwrap_or(false)
        });
        Exit { mark: said(&id), id, text: text.clone(), holds }
    };
    rules.hypercare_exit.iter().enumerate().map(of).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::civil::date;

    use super::*;
    use crate::methodology::{HypercareSeverity, LaunchRules};
    use crate::rule::FactValue;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn rules() -> GoLiveRules {
        GoLiveRules {
            severities: vec![HypercareSeverity {
                name: "Critical".to_owned(),
                definition: "The system is down".to_owned(),
                response_minutes: 15,
                resolution_minutes: 120,
            }],
            hypercare_exit: vec!["Nothing grave".to_owned(), "The customer confirms it".to_owned()],
            launch: LaunchRules {
                exit: vec!["issues.hours_since_high >= 48".to_owned(), String::new()],
                ..LaunchRules::default()
            },
            ..GoLiveRules::default()
        }
    }

    fn issue(severity: Severity, raised: &str) -> Issue {
        let raised_at = at(raised);
        Issue {
            title: "Nobody can sign in".to_owned(),
            details: String::new(),
            severity,
            area: "Sign-in".to_owned(),
            workaround: String::new(),
            reported_by: "Dana".to_owned(),
            raised_at,
            answer_by: raised_at,
            resolve_by: raised_at,
            state: IssueState::Open,
        }
    }

    #[test]
    fn clocks_are_those_of_the_methodology() {
        let raised = at("2027-03-01T09:00:00Z");
        let [answer, resolve] = due(&rules(), Severity::Critical, raised).unwrap();
        assert_eq!((answer, resolve), (at("2027-03-01T09:15:00Z"), at("2027-03-01T11:00:00Z")));
        assert_eq!(due(&rules(), Severity::Low, raised), None);
    }

    #[test]
    fn an_issue_goes_forward_and_may_be_opened_again() {
        let open = issue(Severity::High, "2027-03-01T09:00:00Z");
        let now = at("2027-03-01T09:10:00Z");
        let answered = open.clone().take(Step::Answer, "Ines".to_owned(), now).unwrap();
        assert!(answered.clone().take(Step::Answer, "Ines".to_owned(), now).is_err());
        let later = at("2027-03-01T11:00:00Z");
        let over = answered.take(Step::Resolve("restarted".to_owned()), "Ines".to_owned(), later).unwrap();
        assert_eq!((over.answered_at(), over.resolved_at()), (Some(now), Some(later)));
        let again = over.take(Step::Reopen, "Dana".to_owned(), later).unwrap();
        assert_eq!((again.status(), again.answered_at()), ("answered", Some(now)));
        assert!(open.take(Step::Reopen, "Dana".to_owned(), now).is_err());
    }

    #[test]
    fn the_trend_compares_two_weeks() {
        let days = ["2027-03-02", "2027-03-03", "2027-03-03", "2027-03-10"];
        let issues: Vec<Issue> =
            days.iter().map(|day| issue(Severity::Low, &format!("{day}T10:00:00Z"))).collect();
        let seen = trend(&issues, date(2027, 3, 14), &TimeZone::UTC);
        assert_eq!((seen.week_before, seen.last_week, seen.change(), seen.word()), (3, 1, -2, "falling"));
        assert_eq!(seen.days.len(), 14);
        assert_eq!(seen.days[2], (date(2027, 3, 3), 2, 0));
    }

    #[test]
    fn quiet_begins_when_the_last_grave_issue_is_over() {
        let (live, now) = (at("2027-03-01T08:00:00Z"), at("2027-03-04T08:00:00Z"));
        assert_eq!(hours_since_grave(&[], live, now), 72);
        let open = issue(Severity::Critical, "2027-03-01T09:00:00Z");
        assert_eq!(hours_since_grave(std::slice::from_ref(&open), live, now), 0);
        let over = open.take(Step::Resolve("x".to_owned()), "Ines".to_owned(), at("2027-03-02T08:00:00Z"));
        assert_eq!(hours_since_grave(&[over.unwrap()], live, now), 48);
        assert_eq!(hours_since_grave(&[issue(Severity::Low, "2027-03-04T07:00:00Z")], live, now), 72);
    }

    #[test]
    fn hypercare_ends_by_facts_and_by_what_people_say() {
        let hours = |number| {
            let group = BTreeMap::from([("hours_since_high", FactValue::Int(number))]);
            Facts(BTreeMap::from([("issues", FactValue::Group(group))]))
        };
        let mark = Mark {
            yes: true,
            note: String::new(),
            by: "Dana".to_owned(),
            contact: None,
            noted_by: None,
            portal: true,
            at: at("2027-03-04T08:00:00Z"),
        };
        let said = |id: &str| (id == "exit-2").then(|| mark.clone());
        let early: Vec<bool> = exits(&rules(), &hours(47), said).iter().map(Exit::is_met).collect();
        assert_eq!(early, [false, true]);
        let all = exits(&rules(), &hours(48), said);
        assert!(all.iter().all(Exit::is_met) && all[1].is_customers() && !all[0].is_customers());
        assert!(!exits(&rules(), &Facts::default(), said)[0].is_met(), "nothing known, nothing met");
    }
}
