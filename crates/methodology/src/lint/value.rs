//! How value is reached and celebrated: rungs in order, one celebration for each kind of milestone.

use gangway_domain::playbook::{CelebrationAt, ValueRules};

use super::File;
use crate::diagnostic::Diagnostic;
use crate::load::Parsed;

/// What a celebration's message may be filled in with.
const PLACEHOLDERS: [(&str, &str); 2] =
    [("milestone", "the milestone that was reached"), ("customer", "the customer's name")];

pub(crate) fn lint(parsed: &Parsed<'_>, out: &mut Vec<Diagnostic>) {
    let (Some(source), Some(found)) = (parsed.sources.get("value.toml"), &parsed.value) else { return };
    let file = &mut File { source, out };
    ladder(file, found);
    celebrations(file, found);
}

fn ladder(file: &mut File<'_, '_>, found: &ValueRules) {
    let mut below = None;
    for (i, rung) in found.ladder.iter().enumerate() {
        if let (Some(level), Some(below)) = (rung.level, below)
            && level <= below
        {
            file.error(
                &format!("rung.{i}.level"),
                format!("\"{}\" is not above the rung before it", rung.name),
                format!("write more than {below}: the ladder goes from the ground up"),
            );
        }
        below = rung.level.or(below);
    }
}

fn celebrations(file: &mut File<'_, '_>, found: &ValueRules) {
    let mut seen: Vec<CelebrationAt> = Vec::new();
    for (i, one) in found.celebrations.iter().enumerate() {
        if seen.contains(&one.at) {
            file.error(
                &format!("celebration.{i}.at"),
                "these milestones have a celebration already",
                "keep one for each of first-value, value and full-value",
            );
        }
        seen.push(one.at);
        file.placeholders(&format!("celebration.{i}.message"), &one.message, &PLACEHOLDERS);
    }
}
