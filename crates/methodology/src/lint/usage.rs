//! What usage events mean: names that mean one thing, features and steps with events, paces of segments there are.

use std::collections::BTreeSet;

use gangway_domain::methodology::UsageRules;

use super::{File, RuleCache};
use crate::diagnostic::Diagnostic;
use crate::load::Parsed;

pub(crate) fn lint(parsed: &Parsed<'_>, rules: &mut RuleCache, out: &mut Vec<Diagnostic>) {
    let (Some(source), Some(found)) = (parsed.sources.get("usage.toml"), &parsed.usage) else { return };
    let file = &mut File { source, out };
    meanings(file, found);
    file.unique(
        "set-up step",
        found
            .setup_steps
            .iter()
            .enumerate()
            .map(|(i, step)| (format!("setup_step.{i}.id"), step.id.as_str())),
    );
    for (i, step) in found.setup_steps.iter().enumerate() {
        events(file, &format!("setup_step.{i}.events"), &step.events);
    }
    features(file, found);
    if !found.full_value.rule.is_empty() {
        rules.run(file, "full_value.rule", Some(&found.full_value.rule));
    }
    paces(parsed, file, found);
}

fn meanings(file: &mut File<'_, '_>, found: &UsageRules) {
    let meaning = &found.meaning;
    for (key, names) in [
        ("login", &meaning.login),
        ("error", &meaning.error),
        ("dashboard", &meaning.dashboard),
        ("core_task", &meaning.core_task),
    ] {
        events(file, &format!("meaning.{key}"), names);
    }
    let logins: BTreeSet<String> = meaning.login.iter().map(|name| name.to_lowercase()).collect();
    for (i, name) in meaning.error.iter().enumerate() {
        if logins.contains(&name.to_lowercase()) {
            file.error(
                &format!("meaning.error.{i}"),
                format!("`{name}` cannot be a login and an error"),
                "take it out of one of the two",
            );
        }
    }
}

fn features(file: &mut File<'_, '_>, found: &UsageRules) {
    file.unique(
        "feature",
        found.features.iter().enumerate().map(|(i, one)| (format!("feature.{i}.id"), one.id.as_str())),
    );
    for (i, feature) in found.features.iter().enumerate() {
        events(file, &format!("feature.{i}.events"), &feature.events);
        if feature.core && feature.advanced {
            file.error(
                &format!("feature.{i}.advanced"),
                format!("`{}` cannot be core and advanced", feature.id),
                "core features are for everybody, advanced ones go beyond them",
            );
        }
    }
    if !found.features.is_empty() && !found.features.iter().any(|feature| feature.core) {
        file.warning(
            "",
            "no feature is core: adoption cannot be measured",
            "write `core = true` where it is",
        );
    }
}

/// Names of events that show something: at least one, none twice, none that stands for others.
fn events(file: &mut File<'_, '_>, at: &str, names: &[String]) {
    if names.is_empty() {
        file.error(at, "there is no event", "list the names of the events that show it");
    }
    let mut seen = BTreeSet::new();
    for (i, name) in names.iter().enumerate() {
        let at = format!("{at}.{i}");
        if name.trim().is_empty() || name == "*" {
            file.error(
                &at,
                format!("`{name}` is no name of an event"),
                "write the name as the product sends it",
            );
        } else if !seen.insert(name.to_lowercase()) {
            file.error(&at, format!("`{name}` is listed twice"), "upper and lower case are the same");
        }
    }
}

fn paces(parsed: &Parsed<'_>, file: &mut File<'_, '_>, found: &UsageRules) {
    let segments = parsed.segments.iter().flat_map(|all| &all.segments);
    let known: BTreeSet<&str> = segments.map(|segment| segment.id.as_str()).collect();
    file.unique(
        "segment",
        found.paces.iter().enumerate().map(|(i, pace)| (format!("pace.{i}.segment"), pace.segment.as_str())),
    );
    for (i, pace) in found.paces.iter().enumerate() {
        file.known(&format!("pace.{i}.segment"), "segment", &pace.segment, &known);
        if pace.stuck_percent <= 100 {
            file.error(
                &format!("pace.{i}.stuck_percent"),
                format!("{} % of a target is not past it", pace.stuck_percent),
                "above 100: up to the target an onboarding is on track, past it behind",
            );
        }
        if pace.quiet_days == 0 {
            file.error(
                &format!("pace.{i}.quiet_days"),
                "everybody would be stuck at once",
                "write at least 1 day",
            );
        }
    }
}
