//! The definition of done: what must be so before an onboarding is handed over. Milestones alone are not enough: the
//! customer is live, nothing grave is open, and somebody keeps what was promised.

use jiff::civil::Date;

use crate::programme::MilestoneKind;
use crate::work::{RunningMilestone, RunningPlan, TaskState};

/// The line that asks for an outcome confirmed by the customer.
pub const CONFIRMED: &str = "The customer has confirmed an outcome";
/// The line that asks for the end of hypercare.
pub const HYPERCARE_ENDED: &str = "Hypercare has ended";
/// The line that asks that nothing grave is open.
pub const NO_GRAVE_ISSUE: &str = "No critical or high issue is open";

/// What a line of the definition of done is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DoneKind {
    /// A value milestone.
    Value,
    /// A technical milestone.
    Technical,
    /// That it runs.
    Stable,
    /// What was promised.
    Promise,
}

impl DoneKind {
    /// The word in the API.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Technical => "technical",
            Self::Stable => "stable",
            Self::Promise => "promise",
        }
    }

    /// The name people read.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Value => "Value",
            Self::Technical => "Technical",
            Self::Stable => "Stable",
            Self::Promise => "Promises",
        }
    }
}

/// A line of the definition of done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoneLine {
    /// What it is about.
    pub kind: DoneKind,
    /// What must be so.
    pub text: String,
    /// Whether it is.
    pub met: bool,
    /// Since when, or what is missing.
    pub note: String,
}

/// What the plan does not know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DoneFacts {
    /// Codes of open issues that are high or critical.
    pub grave_issues: Vec<String>,
    /// Promises nobody keeps and nobody kept.
    pub open_promises: usize,
    /// Promises there are.
    pub promises: usize,
    /// Whether hypercare has ended, and what it lacks; none where no hypercare is kept.
    pub hypercare: Option<(bool, String)>,
    /// Outcomes the customer confirmed, and all there are; nothing when nobody asks for them.
    pub outcomes: Option<[usize; 2]>,
}

/// The definition of done of a plan as it stands, value before technical before what holds for every onboarding.
#[must_use]
pub fn definition_of_done(plan: &RunningPlan, facts: &DoneFacts) -> Vec<DoneLine> {
    let named = |one: &&RunningMilestone| {
        // Plans of programmes that name none are done when every milestone is.
        plan.ground.complete.is_empty() || plan.ground.complete.contains(&one.code)
    };
    let mut lines: Vec<DoneLine> = plan.milestones.iter().filter(named).map(milestone).collect();
    lines.sort_by_key(|line| line.kind);
    lines.extend(live(plan));
    if let Some((ended, note)) = &facts.hypercare {
        lines.push(DoneLine {
            kind: DoneKind::Stable,
            text: HYPERCARE_ENDED.to_owned(),
            met: *ended,
            note: note.clone(),
        });
    }
    if let Some([confirmed, all]) = facts.outcomes {
        lines.push(DoneLine {
            kind: DoneKind::Value,
            text: CONFIRMED.to_owned(),
            met: confirmed > 0,
            note: if all == 0 {
                "no outcome is written down".to_owned()
            } else {
                format!("{confirmed} of {all}")
            },
        });
        lines.sort_by_key(|line| line.kind);
    }
    lines.push(DoneLine {
        kind: DoneKind::Stable,
        text: NO_GRAVE_ISSUE.to_owned(),
        met: facts.grave_issues.is_empty(),
        note: facts.grave_issues.join(", "),
    });
    // Where nothing was promised there is nothing to keep: a line that is met by itself would count as work that was done.
    if facts.promises > 0 {
        let (all, open) = (facts.promises, facts.open_promises.min(facts.promises));
        lines.push(DoneLine {
            kind: DoneKind::Promise,
            text: "Every promise was kept, or somebody keeps it".to_owned(),
            met: open == 0,
            note: format!("{} of {all}", all - open),
        });
    }
    lines
}

/// Whether every line is met.
#[must_use]
pub fn is_done(lines: &[DoneLine]) -> bool {
    lines.iter().all(|line| line.met)
}

fn milestone(one: &RunningMilestone) -> DoneLine {
    let day = |date: Date| date.strftime("%-d %b %Y").to_string();
    let (met, note) = match (one.reached_on, &one.waived) {
        (Some(on), _) => (true, day(on)),
        (None, Some(waiver)) => (true, format!("waived by {}: {}", waiver.by, waiver.reason)),
        (None, None) => (false, format!("planned for {}", day(one.planned))),
    };
    let kind = match one.kind {
        MilestoneKind::Value => DoneKind::Value,
        MilestoneKind::Technical => DoneKind::Technical,
    };
    DoneLine { kind, text: one.name.clone(), met, note }
}

/// That the customer works with it; nothing where the plan has no go-live.
fn live(plan: &RunningPlan) -> Option<DoneLine> {
    let task = plan.ground.go_live.as_deref().and_then(|code| plan.task(code))?;
    let (met, note) = match &task.state {
        TaskState::Done { finished_on, .. } => (true, finished_on.strftime("%-d %b %Y").to_string()),
        _ => (false, format!("planned for {}", task.finish.strftime("%-d %b %Y"))),
    };
    Some(DoneLine { kind: DoneKind::Stable, text: "The customer is live".to_owned(), met, note })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::work::{Ground, Waiver};

    fn milestone(code: &str, kind: MilestoneKind) -> RunningMilestone {
        RunningMilestone {
            code: code.to_owned(),
            phase: "p".to_owned(),
            name: format!("The {code}"),
            kind,
            gate: false,
            criteria: Vec::new(),
            said: Vec::new(),
            due: date(2027, 2, 1),
            planned: date(2027, 2, 1),
            reached_on: None,
            waived: None,
        }
    }

    fn plan() -> RunningPlan {
        let reached = RunningMilestone {
            reached_on: Some(date(2027, 1, 29)),
            ..milestone("data", MilestoneKind::Technical)
        };
        RunningPlan {
            ground: Ground {
                starts_on: date(2027, 1, 4),
                target: None,
                kickoff: None,
                go_live: None,
                first_value: None,
                complete: vec!["data".to_owned(), "goals".to_owned()],
                calendars: Vec::new(),
                as_of: date(2027, 1, 4),
            },
            phases: Vec::new(),
            tasks: Vec::new(),
            milestones: vec![
                reached,
                milestone("goals", MilestoneKind::Value),
                milestone("party", MilestoneKind::Value),
            ],
            links: Vec::new(),
        }
    }

    #[test]
    fn milestones_of_the_definition_count_and_others_do_not() {
        let lines = definition_of_done(&plan(), &DoneFacts::default());
        let told: Vec<(&str, bool, &str)> =
            lines.iter().map(|line| (line.text.as_str(), line.met, line.note.as_str())).collect();
        assert_eq!(told[0], ("The goals", false, "planned for 1 Feb 2027"));
        assert_eq!(told[1], ("The data", true, "29 Jan 2027"));
        assert_eq!(told[2], ("No critical or high issue is open", true, ""));
        assert_eq!(told.len(), 3, "no promise is known, and none is counted as kept");
        assert!(!is_done(&lines));

        let mut waived = plan();
        let (by, reason) = ("Priya".to_owned(), "Agreed by mail".to_owned());
        waived.milestones[1].waived = Some(Waiver { by, on: date(2027, 2, 3), reason });
        let lines = definition_of_done(&waived, &DoneFacts::default());
        assert!(is_done(&lines), "{lines:?}");
        assert_eq!(lines[0].note, "waived by Priya: Agreed by mail");
    }

    #[test]
    fn grave_issues_open_promises_and_hypercare_hold_it_back() {
        let facts = DoneFacts {
            grave_issues: vec!["I-2".to_owned(), "I-5".to_owned()],
            open_promises: 1,
            promises: 3,
            hypercare: Some((false, "day 6 of 10".to_owned())),
            outcomes: Some([0, 2]),
        };
        let lines = definition_of_done(&plan(), &facts);
        let note = |text: &str| {
            lines.iter().find(|line| line.text == text).map(|line| (line.met, line.note.as_str()))
        };
        assert_eq!(note("No critical or high issue is open"), Some((false, "I-2, I-5")));
        assert_eq!(note("Every promise was kept, or somebody keeps it"), Some((false, "2 of 3")));
        assert_eq!(note("Hypercare has ended"), Some((false, "day 6 of 10")));
        assert_eq!(note("The customer has confirmed an outcome"), Some((false, "0 of 2")));
        assert_eq!(lines[0].kind, DoneKind::Value);
    }

    #[test]
    fn a_programme_that_names_no_milestones_asks_for_all() {
        let mut bare = plan();
        bare.ground.complete.clear();
        let lines = definition_of_done(&bare, &DoneFacts::default());
        assert_eq!(lines.iter().filter(|line| line.kind == DoneKind::Value).count(), 2);
    }
}
