//! Governance: bands that follow each other, rules that can be evaluated, levels that exist.

use std::collections::BTreeSet;

use gangway_domain::methodology::{EscalateRule, GovernanceRules, Light, LightRule};
use gangway_domain::standing::STANDING_FACTS;

use super::{File, RuleCache};
use crate::diagnostic::Diagnostic;
use crate::load::Parsed;

pub(crate) fn lint(parsed: &Parsed<'_>, rules: &mut RuleCache, out: &mut Vec<Diagnostic>) {
    let (Some(source), Some(found)) = (parsed.sources.get("governance.toml"), &parsed.governance) else {
        return;
    };
    let file = &mut File { source, out };
    ids(file, found);
    bands(file, found);
    for (i, place) in found.severities.iter().enumerate() {
        for (key, number) in [("probability", place.probability), ("impact", place.impact)] {
            if !(1..=5).contains(&number) {
                file.error(
                    &format!("severity.{i}.{key}"),
                    format!("{number} is not on the scale"),
                    "probability and impact go from 1 to 5",
                );
            }
        }
    }
    if found.approvals.iter().all(|approval| approval.major_only) {
        file.error(
            "",
            "small changes need nobody's approval",
            "leave `major_only` out of one `[[approval]]`",
        );
    }
    for (i, rule) in found.lights.iter().enumerate() {
        let LightRule { id, light, when, because } = rule;
        rules.standing(file, &format!("light.{i}.when"), when);
        words(file, &format!("light.{i}.because"), because);
        if *light == Light::Green {
            file.error(
                &format!("light.{i}.light"),
                format!("`{id}` makes nothing amber or red"),
                "green is what is left when no rule holds",
            );
        }
    }
    let levels: BTreeSet<u32> =
        parsed.risks.iter().flat_map(|risks| risks.escalations.iter().map(|level| level.level)).collect();
    for (i, rule) in found.escalate.iter().enumerate() {
        let EscalateRule { id: _, level, when, because } = rule;
        rules.standing(file, &format!("escalate.{i}.when"), when);
        words(file, &format!("escalate.{i}.because"), because);
        // Folders of earlier versions have no levels: then nothing is suggested.
        if !levels.is_empty() && !levels.contains(level) {
            file.error(
                &format!("escalate.{i}.level"),
                format!("there is no level {level}"),
                "levels are the `[[escalation]]` of risks.toml",
            );
        }
    }
    for (i, meeting) in found.meetings.iter().enumerate() {
        if meeting.minutes() == 0 {
            file.error(
                &format!("meeting.{i}"),
                format!("`{}` has no agenda", meeting.id),
                "give it at least one `item` with minutes",
            );
        }
    }
}

fn ids(file: &mut File<'_, '_>, found: &GovernanceRules) {
    let bands: Vec<&str> = found.bands.iter().map(|band| band.id.as_str()).collect();
    let approvals: Vec<&str> = found.approvals.iter().map(|approval| approval.id.as_str()).collect();
    let lights: Vec<&str> = found.lights.iter().map(|rule| rule.id.as_str()).collect();
    let escalate: Vec<&str> = found.escalate.iter().map(|rule| rule.id.as_str()).collect();
    let meetings: Vec<&str> = found.meetings.iter().map(|meeting| meeting.id.as_str()).collect();
    for (what, list) in [
        ("band", bands),
        ("approval", approvals),
        ("light", lights),
        ("escalate", escalate),
        ("meeting", meetings),
    ] {
        file.unique(what, list.iter().enumerate().map(|(i, id)| (format!("{what}.{i}.id"), *id)));
    }
}

/// The first band begins at 1, each other above the one before it, none above the scale.
fn bands(file: &mut File<'_, '_>, found: &GovernanceRules) {
    let mut before = 0;
    for (i, band) in found.bands.iter().enumerate() {
        let at = format!("band.{i}.from");
        if i == 0 && band.from != 1 {
            file.error(&at, format!("exposures below {} are in no band", band.from), "write `from = 1`");
        } else if band.from <= before {
            file.error(
                &at,
                format!("`{}` does not begin above the band before it", band.id),
                "bands stand in order, the least exposed first",
            );
        } else if band.from > 25 {
            file.error(&at, format!("no risk is ever in `{}`", band.id), "exposure goes from 1 to 25");
        }
        before = band.from;
    }
    if found.bands.is_empty() {
        file.error("", "there are no bands of exposure", "add a `[[band]]` with `from = 1`");
    }
}

/// Placeholders are facts, with the words for one and for many behind a colon or without.
fn words(file: &mut File<'_, '_>, at: &str, text: &str) {
    let mut plain = String::with_capacity(text.len());
    let mut inside = false;
    let mut named = false;
    for c in text.chars() {
        match c {
            '{' => (inside, named) = (true, true),
            '}' => (inside, named) = (false, false),
            ':' if inside => named = false,
            _ => {}
        }
        if !inside || named || c == '{' {
            plain.push(c);
        }
    }
    file.placeholders(at, &plain, STANDING_FACTS);
}
