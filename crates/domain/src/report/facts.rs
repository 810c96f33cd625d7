//! The facts reports are written from, and who reads which of them.

use jiff::civil::Date;
use serde::Serialize;

use super::{NextUpdate, ReportColour};
use crate::intervention::{EscalationFacts, SaveOrExitPlan};
use crate::programme::Side;
use crate::register::Visibility;

/// The facts a report is written from: what templates of reports see under `report`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// Customer.
    pub customer: String,
    /// Product(s).
    pub product: String,
    /// Whoever runs Gangway.
    pub vendor: String,
    /// Segment.
    pub segment: String,
    /// Name of the report.
    pub title: String,
    /// The day it is written for.
    pub as_of: Date,
    /// First day of those it looks back on: see [`super::Kind::looks_back`].
    pub since: Date,
    /// Last day of the seven it looks forward to.
    pub until: Date,
    /// `green`, `amber`, `red`.
    pub light: &'static str,
    /// The colour in words.
    pub light_label: &'static str,
    /// Why, in sentences without full stop.
    pub reasons: Vec<String>,
    /// The dates.
    pub dates: Dates,
    /// Tasks finished since then.
    pub done: Vec<TaskLine>,
    /// Tasks under way.
    pub doing: Vec<TaskLine>,
    /// Tasks that start until then.
    pub coming: Vec<TaskLine>,
    /// Tasks that are blocked.
    pub blocked: Vec<TaskLine>,
    /// Tasks done so far, and all there are.
    pub progress: [usize; 2],
    /// Milestones in order.
    pub milestones: Vec<MilestoneLine>,
    /// Milestones reached since then, the earliest first.
    pub reached: Vec<MilestoneLine>,
    /// Open risks, the most exposed first.
    pub risks: Vec<EntryLine>,
    /// Issues that are open or were resolved since then.
    pub issues: Vec<EntryLine>,
    /// Decisions that are needed.
    pub decisions: Vec<EntryLine>,
    /// Decisions made since then.
    pub decided: Vec<EntryLine>,
    /// Actions that are open or were done since then.
    pub actions: Vec<EntryLine>,
    /// What moved the dates since then.
    pub moved: Vec<MoveLine>,
    /// Goals with what proves them.
    pub outcomes: Vec<OutcomeLine>,
    /// Criteria of the go-live readiness.
    pub readiness: Vec<ReadinessLine>,
    /// What is known of the deal, by part of SPICED.
    pub known: Vec<KnownPart>,
    /// What sales promised, with the day it was promised for.
    pub promises: Vec<PromiseLine>,
    /// People at the customer with their roles.
    pub people: Vec<PersonLine>,
    /// Names of the executive sponsors who are still there.
    pub readers: Vec<String>,
    /// Open escalations.
    pub escalations: Vec<String>,
    /// The first 90 days after the handover.
    pub next: Vec<NextLine>,
    /// When the next update comes; nothing in reports that do not say, and where nobody can tell.
    pub next_update: Option<NextUpdate>,
    /// How the launch went; nothing in reports that do not tell of it.
    pub launch: Option<LaunchFacts>,
    /// What is escalated; nothing in reports that escalate nothing.
    pub escalation: Option<EscalationFacts>,
    /// Whether the customer is saved or both part; nothing in reports that do not ask.
    pub save_or_exit: Option<SaveOrExitPlan>,
}

/// How a launch went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LaunchFacts {
    /// The day it went live.
    pub live_on: Option<Date>,
    /// The go-live as first planned.
    pub first_planned: Option<Date>,
    /// Calendar days later than that; negative when it was earlier.
    pub days_late: i64,
    /// What was decided, and why, the newest first.
    pub decisions: Vec<String>,
    /// How each pilot went, the first first.
    pub pilots: Vec<String>,
    /// The strategy of the rollout.
    pub strategy: String,
    /// Its waves with where each is.
    pub waves: Vec<String>,
    /// Issues that came in since the go-live.
    pub issues: usize,
    /// Critical ones among them that are open.
    pub critical_open: usize,
    /// Answered in time, percent; nothing when none came in.
    pub answered_in_time: Option<i64>,
    /// Resolved in time, likewise.
    pub resolved_in_time: Option<i64>,
    /// How satisfied people are, of 5; nothing before anybody has answered.
    pub satisfaction: Option<i64>,
    /// People seen in the product so far, percent of those expected; nothing while usage cannot tell.
    pub activated: Option<i64>,
    /// Core features used in the last 28 days, percent of those there are; likewise.
    pub core_used: Option<i64>,
    /// Falling, steady or rising.
    pub trend: String,
    /// Issues that are open, with how people get on.
    pub open: Vec<String>,
    /// Praise from pilots.
    pub praise: Vec<String>,
    /// What pilots said could be better.
    pub ideas: Vec<String>,
    /// What pilots showed to be broken or unclear, and issues that took too long.
    pub trouble: Vec<String>,
    /// Whether it was rolled back, and what the review found.
    pub rollbacks: Vec<String>,
    /// The criteria by which hypercare ends, each with whether it holds.
    pub exits: Vec<(String, bool)>,
}

/// The dates of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dates {
    /// Kickoff.
    pub kickoff: Date,
    /// Planned go-live; the day of it once it is live.
    pub go_live: Date,
    /// Whether it is live.
    pub is_live: bool,
    /// Go-live the customer wants.
    pub wanted: Option<Date>,
    /// Planned first value.
    pub first_value: Option<Date>,
    /// Planned finish.
    pub finish: Date,
    /// Calendar days by which the planned go-live misses the wanted one; 0 when it does not.
    pub late_days: i64,
}

/// A task in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskLine {
    /// Name.
    pub name: String,
    /// Whose it is.
    pub side: String,
    /// Who does it: the assignee, else the role.
    pub who: String,
    /// First day.
    pub starts_on: Date,
    /// Last day.
    pub finishes_on: Date,
    /// Whether it should be done by now.
    pub overdue: bool,
    /// Why it is blocked.
    pub because: Option<String>,
}

/// A milestone in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MilestoneLine {
    /// Name.
    pub name: String,
    /// Whether it is a gate.
    pub gate: bool,
    /// The day it is due.
    pub due_on: Date,
    /// The day the plan reaches it, or it was reached.
    pub planned_on: Date,
    /// `Reached`, `Waived`, `Late`, `Planned`.
    pub status: &'static str,
}

/// An entry of the register in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntryLine {
    /// `R-7`.
    pub code: String,
    /// Title.
    pub title: String,
    /// How grave: the band of a risk, the severity of an issue; empty for others.
    pub weight: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// By when.
    pub due_on: Option<Date>,
    /// `Open`, or how it ended.
    pub status: String,
    /// Mitigation, resolution, choice.
    pub note: String,
    /// Whether only the workspace may see it.
    #[serde(skip)]
    pub internal: bool,
}

/// A move of the dates in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MoveLine {
    /// What moved them.
    pub summary: String,
    /// The responsible side.
    pub side: String,
    /// Calendar days by which the go-live moved; negative when it came earlier.
    pub days: i64,
}

/// A goal in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutcomeLine {
    /// Goal in the customer's words.
    pub goal: String,
    /// Where it stands at the start.
    pub baseline: Option<String>,
    /// What it should become.
    pub target: Option<String>,
    /// By when.
    pub by: Date,
    /// What it was when it was last measured.
    pub latest: Option<String>,
    /// The customer confirmed it.
    pub verified: bool,
}

/// A criterion of the readiness in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReadinessLine {
    /// In words.
    pub text: String,
    /// Who answers for it.
    pub role: Option<String>,
    /// The day its evidence is planned.
    pub planned: Option<Date>,
    /// Whether that day is over or its evidence is there; nothing when nobody can tell from the plan.
    pub ready: Option<bool>,
}

/// A part of what is known of a deal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KnownPart {
    /// `Situation`, `Pain`, …
    pub name: String,
    /// What is known.
    pub known: Vec<String>,
}

/// A promise in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PromiseLine {
    /// The promise.
    pub text: String,
    /// By when.
    pub by: Option<Date>,
    /// Whether it was kept, when somebody has said.
    pub kept: bool,
    /// Who keeps it, or how it was kept; may be empty.
    pub note: String,
}

/// A step of the first 90 days in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NextLine {
    /// What is done.
    pub text: String,
    /// Whose step it is.
    pub side: String,
    /// By when.
    pub by: Date,
}

/// Somebody in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonLine {
    /// Name.
    pub name: String,
    /// Role.
    pub role: String,
    /// Where they stand, in words; may be empty.
    pub stands: String,
}

impl Facts {
    /// The same without what only the workspace may see: internal entries, escalations, what is known of the deal,
    /// whether both part, and the people, of whom sales may have said more than they should read.
    #[must_use]
    pub fn for_customer(mut self) -> Self {
        for list in
            [&mut self.risks, &mut self.issues, &mut self.decisions, &mut self.decided, &mut self.actions]
        {
            list.retain(|entry| !entry.internal);
        }
        self.escalations.clear();
        self.escalation = self.escalation.map(EscalationFacts::for_customer);
        self.save_or_exit = None;
        if let Some(launch) = &mut self.launch {
            launch.rollbacks.clear();
        }
        self.known.clear();
        self.people.clear();
        for promise in &mut self.promises {
            promise.note.clear();
        }
        self
    }

    /// The same in the colour that counts, with its reasons.
    #[must_use]
    pub fn coloured(self, colour: &ReportColour) -> Self {
        let light = colour.light();
        Self { light: light.word(), light_label: light.label(), reasons: colour.because(), ..self }
    }

    /// The same for whoever reads it.
    #[must_use]
    pub fn for_audience(self, audience: Visibility) -> Self {
        match audience {
            Visibility::Internal => self,
            Visibility::Customer => self.for_customer(),
        }
    }
}

/// What a side is called in a report.
#[must_use]
pub fn side_label(side: Side) -> &'static str {
    match side {
        Side::Vendor => "Vendor",
        Side::Customer => "Customer",
        Side::Joint => "Joint",
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::report::Kind;

    fn entry(code: &str, internal: bool) -> EntryLine {
        EntryLine {
            code: code.to_owned(),
            title: "IT is short of people".to_owned(),
            weight: "High".to_owned(),
            owner: None,
            due_on: None,
            status: "Open".to_owned(),
            note: String::new(),
            internal,
        }
    }

    fn facts() -> Facts {
        let day = date(2027, 1, 11);
        Facts {
            customer: "Acme".to_owned(),
            product: "Analytics".to_owned(),
            vendor: "Northbeam".to_owned(),
            segment: "Mid-Market".to_owned(),
            title: Kind::WeeklyStatus.label().to_owned(),
            as_of: day,
            since: day,
            until: day,
            light: "green",
            light_label: "On track",
            reasons: Vec::new(),
            dates: Dates {
                kickoff: day,
                go_live: day,
                is_live: false,
                wanted: None,
                first_value: None,
                finish: day,
                late_days: 0,
            },
            done: Vec::new(),
            doing: Vec::new(),
            coming: Vec::new(),
            blocked: Vec::new(),
            progress: [0, 0],
            milestones: Vec::new(),
            reached: Vec::new(),
            risks: vec![entry("R-1", true), entry("R-2", false)],
            issues: Vec::new(),
            decisions: Vec::new(),
            decided: vec![entry("D-1", true)],
            actions: Vec::new(),
            moved: Vec::new(),
            outcomes: Vec::new(),
            readiness: Vec::new(),
            known: vec![KnownPart { name: "Pain".to_owned(), known: vec!["Politics".to_owned()] }],
            promises: Vec::new(),
            people: Vec::new(),
            readers: Vec::new(),
            escalations: vec!["E-1".to_owned()],
            launch: Some(LaunchFacts { rollbacks: vec!["Stayed live".to_owned()], ..LaunchFacts::default() }),
            next: Vec::new(),
            next_update: None,
            escalation: None,
            save_or_exit: None,
        }
    }

    #[test]
    fn customers_read_nothing_internal() {
        let told = facts().for_audience(Visibility::Customer);
        let codes: Vec<&str> = told.risks.iter().map(|entry| entry.code.as_str()).collect();
        assert_eq!(codes, ["R-2"]);
        assert!(told.decided.is_empty() && told.known.is_empty() && told.escalations.is_empty());
        assert_eq!(facts().for_audience(Visibility::Internal), facts());
    }
}
