//! A small plan for the tests of its views.

use gangway_app::onboarding::Plan;
use gangway_domain::ids::{AccountId, HandoffId, MilestoneId, OnboardingId, TaskId};
use gangway_domain::onboarding::OnboardingState;
use gangway_store::link::Link;
use gangway_store::milestone::Milestone;
use gangway_store::onboarding::head::Head;
use gangway_store::phase::Phase;
use gangway_store::task::Task;
use jiff::civil::{Date, date};
use uuid::Uuid;

/// A task of the only phase; its code is its name.
pub(super) fn task(name: &str, side: &str, start: &str, finish: &str) -> Task {
    Task {
        id: TaskId::from_uuid(Uuid::nil()),
        code: name.to_owned(),
        phase: "discover".to_owned(),
        name: name.to_owned(),
        side: side.to_owned(),
        role: "Project lead".to_owned(),
        assignee: None,
        days: 3,
        starts_on: start.parse().unwrap(),
        finishes_on: finish.parse().unwrap(),
        slack: 0,
        critical: false,
        status: "open".to_owned(),
        because: None,
        baseline_starts_on: None,
        baseline_finishes_on: None,
    }
}

/// Finish to start.
pub(super) fn link(from: &str, to: &str) -> Link {
    Link { from_code: from.to_owned(), to_code: to.to_owned(), kind: "FS".to_owned(), lag: 0 }
}

/// Three tasks and a gate from 4 January to 12 March 2027, looked at on the kickoff.
pub(super) fn plan() -> Plan {
    let (start, kickoff, live): (Date, Date, Date) = (date(2027, 1, 4), date(2027, 1, 11), date(2027, 3, 12));
    Plan {
        head: Head {
            id: OnboardingId::from_uuid(Uuid::nil()),
            account_id: AccountId::from_uuid(Uuid::nil()),
            handoff_id: HandoffId::from_uuid(Uuid::nil()),
            customer: "Acme".to_owned(),
            product: "Platform".to_owned(),
            use_case: String::new(),
            state: OnboardingState::Running,
            segment_name: "Mid-Market".to_owned(),
            acv: None,
            starts_on: start,
            kickoff_on: kickoff,
            go_live_on: live,
            go_live_target: None,
            first_value_on: None,
            finish_on: live,
            late_days: 0,
            document_score: 70,
            created_at: jiff::Timestamp::UNIX_EPOCH.into(),
        },
        phases: vec![Phase {
            code: "discover".to_owned(),
            name: "Discovery".to_owned(),
            stage: "configuring".to_owned(),
            starts_on: start,
            finishes_on: live,
        }],
        tasks: vec![
            task("Kickoff", "joint", "2027-01-11", "2027-01-11"),
            task("Data inventory", "customer", "2027-01-12", "2027-01-20"),
            task("Build", "vendor", "2027-01-21", "2027-03-05"),
        ],
        milestones: vec![Milestone {
            id: MilestoneId::from_uuid(Uuid::nil()),
            code: "ready".to_owned(),
            phase: "discover".to_owned(),
            name: "Ready to go live".to_owned(),
            kind: "technical".to_owned(),
            gate: true,
            due_on: live,
            planned_on: date(2027, 3, 8),
        }],
        links: Vec::new(),
        today: kickoff,
    }
}
