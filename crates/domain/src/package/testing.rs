//! A small programme for tests of this module.

use crate::programme::{
    ActivationTemplate, Amount, Complete, MilestoneKind, MilestoneTemplate, Programme, RaciTemplate, Rollout,
    Side, TaskTemplate,
};

/// A programme without tasks.
pub(super) fn programme() -> Programme {
    Programme {
        id: "test".into(),
        version: 1,
        name: "Test".into(),
        segment: "smb".into(),
        summary: String::new(),
        duration_days: [30, 60],
        go_live_day: 60,
        complete_day: 90,
        lead_days: 7,
        least_contacts: None,
        roles: Vec::new(),
        phases: Vec::new(),
        tasks: Vec::new(),
        milestones: Vec::new(),
        complete: Complete { value: Vec::new(), technical: Vec::new() },
        meetings: Vec::new(),
        governance: Vec::new(),
        raci: RaciTemplate { columns: Vec::new(), rows: Vec::new() },
        training: Vec::new(),
        surveys: Vec::new(),
        questionnaires: Vec::new(),
        forms: Vec::new(),
        activation: ActivationTemplate { product_type: "smb".into(), targets: Vec::new() },
        rollout: Rollout::default(),
    }
}

/// A task of so many days for both sides, without predecessors.
pub(super) fn task(id: &str, days: u32) -> TaskTemplate {
    TaskTemplate {
        id: id.into(),
        phase: String::new(),
        name: id.into(),
        owner: Side::Joint,
        role: String::new(),
        days: Amount::Fixed(days),
        after: Vec::new(),
        when: None,
        for_each: None,
        chain: false,
        deliverable: None,
        note: None,
        kickoff: false,
        go_live: false,
        switch_over: false,
    }
}

/// A technical milestone on day 0 that nothing leads to.
pub(super) fn milestone(id: &str) -> MilestoneTemplate {
    MilestoneTemplate {
        id: id.into(),
        phase: String::new(),
        name: id.into(),
        kind: MilestoneKind::Technical,
        gate: false,
        first_value: false,
        after: Vec::new(),
        day: 0,
        criteria: Vec::new(),
        evidence: None,
        celebrate: None,
        when: None,
    }
}
