//! A small programme for tests of this module.

use crate::programme::{ActivationTemplate, Complete, Programme, RaciTemplate, Rollout};

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
        activation: ActivationTemplate { product_type: "smb".into(), targets: Vec::new() },
        rollout: Rollout::default(),
    }
}
