//! A programme: its references, its completeness, its order.

mod adoption;
mod meetings;
mod milestones;
mod tasks;

use std::collections::BTreeSet;

use gangway_domain::programme::{Programme, Side};

use super::{File, RuleCache, graph};
use crate::load::Parsed;

/// Ids that the parts of a programme may name.
struct Names<'p> {
    roles: BTreeSet<&'p str>,
    phases: BTreeSet<&'p str>,
    /// Tasks and milestones.
    points: BTreeSet<&'p str>,
    tasks: BTreeSet<&'p str>,
}

pub(crate) fn lint(
    parsed: &Parsed<'_>,
    file: &mut File<'_, '_>,
    rules: &mut RuleCache,
    programme: &Programme,
) {
    let names = Names {
        roles: programme.roles.iter().map(|role| role.id.as_str()).collect(),
        phases: programme.phases.iter().map(|phase| phase.id.as_str()).collect(),
        tasks: programme.tasks.iter().map(|task| task.id.as_str()).collect(),
        points: programme
            .tasks
            .iter()
            .map(|task| task.id.as_str())
            .chain(programme.milestones.iter().map(|milestone| milestone.id.as_str()))
            .collect(),
    };
    file.named_like_file(&programme.id);
    head(parsed, file, programme);
    roles_and_phases(file, programme);
    tasks::lint(file, rules, programme, &names);
    milestones::lint(parsed, file, rules, programme, &names);
    meetings::lint(file, rules, programme, &names);
    adoption::lint(parsed, file, rules, programme, &names);
    graph::lint(file, programme);
}

fn head(parsed: &Parsed<'_>, file: &mut File<'_, '_>, programme: &Programme) {
    if let Some(segments) = &parsed.segments {
        let known = segments.segments.iter().map(|segment| segment.id.as_str()).collect();
        file.known("segment", "segment", &programme.segment, &known);
    }
    if programme.version == 0 {
        file.error("version", "versions count from 1", "write `version = 1`");
    }
    let [least, most] = programme.duration_days;
    if least > most || most == 0 {
        file.error(
            "duration_days",
            format!("the duration {least} to {most} days is not a range"),
            "write the shorter one first: [60, 90]",
        );
    }
    if programme.go_live_day > programme.complete_day {
        file.error(
            "complete_day",
            format!(
                "complete on day {} is before go-live on day {}",
                programme.complete_day, programme.go_live_day
            ),
            "an onboarding is complete only when value is proven, after the go-live",
        );
    }
}

fn roles_and_phases(file: &mut File<'_, '_>, programme: &Programme) {
    file.unique(
        "role",
        programme.roles.iter().enumerate().map(|(i, role)| (format!("role.{i}.id"), role.id.as_str())),
    );
    for (i, role) in programme.roles.iter().enumerate() {
        if role.side == Side::Joint {
            file.error(
                &format!("role.{i}.side"),
                format!("the role `{}` cannot be joint", role.id),
                "a role belongs to `vendor` or `customer`; tasks may be joint",
            );
        }
    }
    for (i, role) in programme.roles.iter().enumerate() {
        for (n, covered) in role.covers.iter().enumerate() {
            if programme.roles.iter().any(|other| other.id == *covered) {
                file.error(
                    &format!("role.{i}.covers.{n}"),
                    format!("`{}` cannot stand in for `{covered}`, which this programme has", role.id),
                    "name roles of other programmes only",
                );
            }
        }
    }
    file.unique(
        "phase",
        programme.phases.iter().enumerate().map(|(i, phase)| (format!("phase.{i}.id"), phase.id.as_str())),
    );
    let mut last = [0, 0];
    for (i, phase) in programme.phases.iter().enumerate() {
        let at = format!("phase.{i}.weeks");
        let [from, to] = phase.weeks;
        if from > to {
            file.error(
                &at,
                format!("weeks {from} to {to} run backwards"),
                "write the first week first: [1, 2]",
            );
        } else if from < last[0] || to < last[1] {
            file.error(
                &at,
                format!(
                    "phase `{}` (weeks {from}–{to}) lies before the phase above it (weeks {}–{})",
                    phase.id, last[0], last[1]
                ),
                "phases stand in the order of their weeks",
            );
        }
        last = phase.weeks;
        let used = programme.tasks.iter().any(|task| task.phase == phase.id);
        if !used {
            file.warning(
                &format!("phase.{i}"),
                format!("the phase `{}` has no tasks", phase.id),
                "give it tasks or remove it",
            );
        }
    }
}
