//! Signals, health models and interventions: rules over facts there are, weights that add up, roles and checklists that
//! exist.

use std::collections::BTreeSet;

use gangway_domain::health::Model;
use gangway_domain::methodology::{Checklist, HealthModel, Intervention, SignalKind};
use gangway_domain::rule::{RuleError, Schema, TypedRule, Words};

use super::File;
use super::rules::point_at;
use crate::diagnostic::Diagnostic;
use crate::load::Parsed;

const SIGNAL_CATEGORIES: [&str; 6] =
    ["engagement", "progress", "technical", "adoption", "sentiment", "organizational"];
const DETECTION: [&str; 2] = ["computed", "observed"];
/// What to do about a rule that is wrong.
const RULES: &str = "rules are CEL over facts such as `usage.active_users`, `plan.days_late`, `surveys.nps`";

pub(crate) fn lint(parsed: &Parsed<'_>, out: &mut Vec<Diagnostic>) {
    signals(parsed, out);
    for (path, model) in &parsed.health {
        let Some(source) = parsed.sources.get(path) else { continue };
        health(parsed, &mut File { source, out: &mut *out }, model);
    }
    for (path, playbook) in &parsed.interventions {
        let Some(source) = parsed.sources.get(path) else { continue };
        intervention(parsed, &mut File { source, out: &mut *out }, playbook);
    }
    for (path, list) in &parsed.checklists {
        let Some(source) = parsed.sources.get(path) else { continue };
        answers(&mut File { source, out: &mut *out }, list);
    }
}

fn signals(parsed: &Parsed<'_>, out: &mut Vec<Diagnostic>) {
    let mut seen: Vec<(&str, &str)> = Vec::new();
    for (path, signals) in &parsed.signals {
        let Some(source) = parsed.sources.get(path) else { continue };
        let mut file = File { source, out: &mut *out };
        for (i, signal) in signals.signals.iter().enumerate() {
            if let Some((other, _)) = seen.iter().find(|(_, id)| *id == signal.id) {
                file.error(
                    &format!("signal.{i}.id"),
                    format!("the signal `{}` exists twice", signal.id),
                    format!("the first is in {other}; rename one of them"),
                );
            }
            seen.push((path, &signal.id));
            self::signal(parsed, &mut file, &format!("signal.{i}"), signal);
        }
    }
}

fn signal(parsed: &Parsed<'_>, file: &mut File<'_, '_>, at: &str, signal: &SignalKind) {
    let categories = BTreeSet::from(SIGNAL_CATEGORIES);
    file.known(&format!("{at}.category"), "category of signals", &signal.category, &categories);
    let is_known = file.known(
        &format!("{at}.detection"),
        "way of detection",
        &signal.detection,
        &BTreeSet::from(DETECTION),
    );
    match &signal.when {
        Some(when) => wrong(file, &format!("{at}.when"), TypedRule::test(when, Schema::run()).err()),
        // Folders of earlier versions have no rules: such signals are logged by people.
        None if is_known && signal.detection == "computed" => file.warning(
            at,
            format!("nothing says when `{}` is there, so it is never computed", signal.id),
            "write a rule in `when`, or `detection = \"observed\"`",
        ),
        None => {}
    }
    wrong(file, &format!("{at}.facts"), Words::compile(&signal.facts, Schema::run()).err());
    if let Some(protocol) = signal.protocol.as_deref().filter(|_| !parsed.broken.contains(&"checklists")) {
        let checklists = parsed.checklists.iter().map(|(_, list)| list.id.as_str()).collect();
        file.known(&format!("{at}.protocol"), "checklist", protocol, &checklists);
    }
}

fn health(parsed: &Parsed<'_>, file: &mut File<'_, '_>, model: &HealthModel) {
    file.named_like_file(&model.id);
    file.unique(
        "component",
        model.components.iter().enumerate().map(|(i, c)| (format!("component.{i}.id"), c.id.as_str())),
    );
    for (i, component) in model.components.iter().enumerate() {
        let inputs = component.measures.iter().enumerate();
        file.unique(
            "input",
            inputs.map(|(n, input)| (format!("component.{i}.input.{n}.id"), input.id.as_str())),
        );
    }
    if let Some(segments) = &parsed.segments {
        let known = segments.segments.iter().map(|segment| segment.id.as_str()).collect();
        for (i, segment) in model.applies.segments.iter().enumerate() {
            file.known(&format!("applies.segments.{i}"), "segment", segment, &known);
        }
    }
    statuses(file, model);
    match Model::compile(model, Schema::run()) {
        Ok(compiled) => {
            for one in compiled.warnings() {
                file.warning(
                    &one.at,
                    one.message.as_str(),
                    "see the built-in models: `gangway methodology export`",
                );
            }
        }
        Err(errors) => {
            // What is wrong with statuses is said above, with the place of each.
            for one in errors.iter().filter(|one| !one.at.starts_with("status")) {
                point_at(file, &one.at, &one.message, help(&one.at));
            }
        }
    }
}

fn help(at: &str) -> &'static str {
    match at {
        "component" => "change the weights until they do",
        "min_coverage_percent" => "at most 100",
        _ if at.ends_with(".score") || at.ends_with(".words") || at.ends_with(".when") => RULES,
        _ => "",
    }
}

fn statuses(file: &mut File<'_, '_>, model: &HealthModel) {
    let mut last = 101;
    for (i, status) in model.statuses.iter().enumerate() {
        if status.from >= last {
            file.error(
                &format!("status.{i}.from"),
                format!("\"{}\" from {} is not below the status above it", status.name, status.from),
                "order statuses from best to worst, at most 100",
            );
        }
        last = status.from;
    }
    if let Some(worst) = model.statuses.len().checked_sub(1).filter(|_| last != 0) {
        file.error(
            &format!("status.{worst}.from"),
            format!("scores below {last} have no status"),
            "let the worst status start `from = 0`",
        );
    }
    if model.statuses.is_empty() {
        file.error(
            "status",
            format!("the model `{}` has no statuses", model.id),
            "add `[[status]]` blocks from best to worst",
        );
    }
}

fn intervention(parsed: &Parsed<'_>, file: &mut File<'_, '_>, playbook: &Intervention) {
    file.named_like_file(&playbook.id);
    if !parsed.broken.contains(&"health") {
        let statuses = parsed.health.iter().flat_map(|(_, model)| &model.statuses);
        let levels = statuses.map(|status| status.name.as_str()).collect();
        file.known("level", "health status", &playbook.level, &levels);
    }
    file.unique(
        "task",
        playbook.tasks.iter().enumerate().map(|(i, task)| (format!("task.{i}.id"), task.id.as_str())),
    );
    if parsed.broken.contains(&"programmes") {
        return;
    }
    let roles: BTreeSet<&str> = parsed
        .programmes
        .iter()
        .flat_map(|(_, programme)| &programme.roles)
        .map(|role| role.id.as_str())
        .collect();
    if let Some(role) = &playbook.owner_role {
        file.known("owner_role", "role in any programme", role, &roles);
    }
    for (i, task) in playbook.tasks.iter().enumerate() {
        file.known(&format!("task.{i}.role"), "role in any programme", &task.role, &roles);
    }
}

/// What the facts say to questions of the weekly review; their rules are judged with those of all checklists.
fn answers(file: &mut File<'_, '_>, list: &Checklist) {
    for (g, group) in list.groups.iter().enumerate() {
        for (i, item) in group.items.iter().enumerate() {
            if let Some(facts) = &item.facts {
                wrong(file, &format!("group.{g}.item.{i}.facts"), Words::compile(facts, Schema::run()).err());
            }
        }
    }
}

fn wrong(file: &mut File<'_, '_>, at: &str, error: Option<RuleError>) {
    if let Some(error) = error {
        point_at(file, at, &error.to_string(), RULES);
    }
}
