//! The decision to go live: what speaks against it, conditions, and what was decided. What was refused is kept too.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use super::Recorded;
use crate::methodology::GoLiveRules;
use crate::people::words;
use crate::work::RunningPlan;

words! {
    /// What was decided.
    Verdict: "decision" {
        /// Everyone starts.
        Go = "go", "Go";
        /// Everyone starts, and what lacks has an owner and a day.
        Conditional = "conditional", "Go with conditions";
        /// Not yet.
        NoGo = "no-go", "No go";
        /// A go was asked for and the facts were against it.
        Refused = "refused", "Refused";
    }
}

/// That something was done: who said so, when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// What must still happen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    /// What.
    pub text: String,
    /// Who answers for it.
    pub owner: String,
    /// By which day.
    pub by: Date,
    /// Items of the checklist (ids) that are ready once it happened.
    #[serde(default)]
    pub items: Vec<String>,
    /// That it happened.
    pub met: Option<Met>,
}

/// An item of the checklist that need not be ready for this go-live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WaivedItem {
    /// Which (id).
    pub item: String,
    /// In words.
    pub text: String,
    /// Why.
    pub reason: String,
}

/// A decision as it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What was decided.
    pub verdict: Verdict,
    /// What was asked for, when it was refused.
    pub asked: Verdict,
    /// The day of the go-live it is about.
    pub go_live_on: Date,
    /// Why.
    pub reason: String,
    /// What must still happen.
    pub conditions: Vec<Condition>,
    /// Items that need not be ready.
    #[serde(default)]
    pub waived: Vec<WaivedItem>,
    /// Why it is a day on which nothing goes live otherwise.
    pub exception: Option<String>,
    /// What spoke against it.
    pub against: Vec<String>,
    /// Items ready, and all there were.
    pub ready: [usize; 2],
    /// Who had approved: role and name.
    pub approved: Vec<(String, String)>,
    /// Who decided.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Recorded for Decision {
    const KIND: &'static str = "decision";

    fn status(&self) -> &'static str {
        self.verdict.word()
    }
}

impl Decision {
    /// It lets the go-live happen.
    #[must_use]
    pub fn lets_go(&self) -> bool {
        matches!(self.verdict, Verdict::Go | Verdict::Conditional)
    }

    /// Conditions nobody has met by that day.
    pub fn overdue(&self, today: Date) -> impl Iterator<Item = &Condition> {
        self.conditions.iter().filter(move |one| one.met.is_none() && one.by < today)
    }
}

/// How the pilot went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PilotFact {
    /// None was planned.
    None,
    /// Nobody has judged it.
    Open,
    /// It passed.
    Passed,
    /// It failed, and none after it passed.
    Failed,
}

/// An item that is not ready.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Which (id).
    pub id: String,
    /// In words, with why.
    pub text: String,
}

/// What a decision stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grounds {
    /// Items that are not ready.
    pub missing: Vec<Missing>,
    /// Roles whose approval is missing.
    pub unapproved: Vec<String>,
    /// How the pilot went.
    pub pilot: PilotFact,
    /// Why nothing goes live on that day.
    pub barred: Option<String>,
    /// Whether somebody gave a reason for that day all the same.
    pub excepted: bool,
}

/// What speaks against a decision; nothing when it can be made. A no needs no grounds, a go all of them, and a go with
/// conditions that each item that is not ready is addressed: named by a condition, or waived.
#[must_use]
pub fn against(verdict: Verdict, grounds: &Grounds, conditions: usize, addressed: &[&str]) -> Vec<String> {
    if matches!(verdict, Verdict::NoGo | Verdict::Refused) {
        return Vec::new();
    }
    let mut all = Vec::new();
    if verdict == Verdict::Go {
        all.extend(grounds.missing.iter().map(|one| one.text.clone()));
    } else {
        if conditions == 0 && addressed.is_empty() {
            all.push("a go with conditions names at least one, with an owner and a day".to_owned());
        }
        let open = grounds.missing.iter().filter(|one| !addressed.contains(&one.id.as_str()));
        all.extend(open.map(|one| format!("no condition names this, and nobody waived it: {}", one.text)));
    }
    all.extend(
        grounds.unapproved.iter().map(|role| format!("the approval of the {} is missing", lower(role))),
    );
    match grounds.pilot {
        PilotFact::Failed => all.push("the pilot failed; run it again or say no go".to_owned()),
        PilotFact::Open if verdict == Verdict::Go => all.push("the pilot is not judged yet".to_owned()),
        _ => {}
    }
    if let Some(why) = grounds.barred.as_ref().filter(|_| !grounds.excepted) {
        all.push(format!("{why}: choose another day, or give the reason for this one"));
    }
    all
}

fn lower(role: &str) -> String {
    let mut letters = role.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => role.to_owned(),
    }
}

/// Why nothing goes live on a day; nothing when it may: weekends, the days of the rules, holidays and closures of either
/// party, and what the plan itself avoids.
#[must_use]
pub fn barred(rules: &GoLiveRules, plan: &RunningPlan, day: Date) -> Option<String> {
    let go_live = plan.ground.go_live.as_deref().and_then(|code| plan.task(code));
    let avoid = go_live.and_then(|task| task.rule.avoid.as_ref());
    // Somebody decided for this day with a reason: it is in the plan.
    if avoid.is_some_and(|avoid| avoid.allowed.contains(&day)) {
        return None;
    }
    let name = name(day.weekday());
    if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
        return Some(format!("{day} is a {name}, and nobody is there when issues arise"));
    }
    if rules.never_on.iter().any(|never| never.eq_ignore_ascii_case(name)) {
        return Some(format!("{day} is a {name}, and issues would grow over the weekend"));
    }
    for calendar in &plan.ground.calendars {
        if let Some(holiday) = calendar.holidays.iter().find(|holiday| holiday.date == day) {
            return Some(format!("{day} is a holiday ({}, {})", holiday.name, calendar.id));
        }
        if let Some(closed) = calendar.closed.iter().find(|closed| closed.from <= day && day <= closed.to) {
            return Some(format!("{day} is in a closure of the {} ({})", calendar.id, closed.reason));
        }
    }
    let period = avoid?.periods.iter().find(|period| period.from <= day && day <= period.to)?;
    let why = if period.reason.is_empty() { "blackout" } else { period.reason.as_str() };
    Some(format!("{day} is in a blackout ({why})"))
}

fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::plan::{Avoid, CalendarSpec, ClosedSpec, HolidaySpec};
    use crate::work::Ground;

    fn grounds() -> Grounds {
        Grounds {
            missing: Vec::new(),
            unapproved: Vec::new(),
            pilot: PilotFact::Passed,
            barred: None,
            excepted: false,
        }
    }

    fn missing(id: &str, text: &str) -> Missing {
        Missing { id: id.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_go_needs_everything_and_a_no_nothing() {
        assert!(against(Verdict::Go, &grounds(), 0, &[]).is_empty());
        let short = Grounds {
            missing: vec![missing("sso", "SSO works")],
            unapproved: vec!["Executive sponsor".to_owned()],
            pilot: PilotFact::Open,
            barred: Some("2027-01-15 is a Friday".to_owned()),
            excepted: false,
        };
        let said = against(Verdict::Go, &short, 0, &[]);
        assert_eq!(said.len(), 4);
        assert_eq!(said[1], "the approval of the executive sponsor is missing");
        assert!(against(Verdict::NoGo, &short, 0, &[]).is_empty());
        assert_eq!(against(Verdict::Go, &Grounds { excepted: true, ..short }, 0, &[]).len(), 3);
    }

    #[test]
    fn a_go_with_conditions_covers_what_lacks_but_no_failed_pilot() {
        let missing = vec![missing("sso", "SSO works"), missing("backup", "Backup is proven")];
        let short = Grounds { missing, pilot: PilotFact::Open, ..grounds() };
        assert!(against(Verdict::Conditional, &short, 1, &["sso", "backup"]).is_empty());
        assert!(against(Verdict::Conditional, &short, 0, &["sso", "backup"]).is_empty(), "all is waived");
        assert_eq!(
            against(Verdict::Conditional, &short, 1, &["sso"]),
            ["no condition names this, and nobody waived it: Backup is proven"]
        );
        assert_eq!(against(Verdict::Conditional, &short, 0, &[]).len(), 3);
        assert_eq!(against(Verdict::Go, &short, 1, &["sso", "backup"]).len(), 3, "a go demands all");
        let failed = Grounds { pilot: PilotFact::Failed, ..short };
        assert_eq!(against(Verdict::Conditional, &failed, 1, &["sso", "backup"]).len(), 1);
    }

    fn plan() -> RunningPlan {
        let calendar = CalendarSpec {
            id: "customer".to_owned(),
            weekend: vec![Weekday::Saturday, Weekday::Sunday],
            holidays: vec![HolidaySpec { date: date(2027, 1, 6), name: "Epiphany".to_owned() }],
            closed: vec![ClosedSpec {
                from: date(2027, 2, 1),
                to: date(2027, 2, 5),
                reason: "plant stop".to_owned(),
            }],
        };
        RunningPlan {
            ground: Ground {
                starts_on: date(2027, 1, 4),
                target: None,
                kickoff: None,
                go_live: None,
                first_value: None,
                complete: Vec::new(),
                calendars: vec![calendar],
                as_of: date(2027, 1, 4),
            },
            phases: Vec::new(),
            tasks: Vec::new(),
            milestones: Vec::new(),
            links: Vec::new(),
        }
    }

    #[test]
    fn nothing_goes_live_on_fridays_weekends_holidays_and_closures() {
        let rules = GoLiveRules { never_on: vec!["friday".to_owned()], ..GoLiveRules::default() };
        let why = |day| barred(&rules, &plan(), day);
        assert_eq!(why(date(2027, 1, 12)), None);
        assert!(why(date(2027, 1, 15)).unwrap().contains("Friday"));
        assert!(why(date(2027, 1, 16)).unwrap().contains("Saturday"));
        assert!(why(date(2027, 1, 6)).unwrap().contains("Epiphany"));
        assert!(why(date(2027, 2, 3)).unwrap().contains("plant stop"));
        assert_eq!(Avoid::default().periods.len(), 0);
    }
}
