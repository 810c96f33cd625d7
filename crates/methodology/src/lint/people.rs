//! People of a running onboarding: rhythms, points of risk, engagements, resistance, the loss of a champion.

use gangway_domain::methodology::{LossWatch, PeopleRules};
use gangway_domain::playbook::ExecutiveFrom;

use super::File;
use crate::diagnostic::Diagnostic;
use crate::load::Parsed;

pub(crate) fn lint(parsed: &Parsed<'_>, out: &mut Vec<Diagnostic>) {
    let (Some(source), Some(found)) = (parsed.sources.get("people.toml"), &parsed.people) else { return };
    let file = &mut File { source, out };
    ids(file, found);
    if found.live_within_days == 0 {
        file.error("live_within_days", "no contact would ever be live", "30 days is good practice");
    }
    for (i, role) in found.roles.iter().enumerate() {
        match role.every_days {
            Some(0) => file.error(
                &format!("role.{i}.every_days"),
                format!("\"{}\" would always be overdue", role.name),
                "write at least 1, or leave it out where nothing is regular",
            ),
            Some(_) if role.at_milestones => file.error(
                &format!("role.{i}.at_milestones"),
                format!("\"{}\" has two rhythms", role.name),
                "keep `every_days` or `at_milestones`",
            ),
            _ => {}
        }
    }
    let points = &found.risk;
    if points.medium_from == 0 {
        file.error("stakeholder_risk.medium_from", "nobody would be of low risk", "write at least 1");
    }
    if points.high_from <= points.medium_from {
        file.error(
            "stakeholder_risk.high_from",
            "high risk does not begin above medium risk",
            format!("write more than {}", points.medium_from),
        );
    }
    for (i, rule) in found.executive.iter().enumerate() {
        let at = format!("executive.{i}.every_days");
        match (rule.from, rule.every_days) {
            (_, Some(0)) => {
                file.error(&at, format!("\"{}\" would always be due", rule.kind), "write at least 1")
            }
            (ExecutiveFrom::Milestones | ExecutiveFrom::Risks, Some(_)) => file.error(
                &at,
                format!("\"{}\" follows no calendar", rule.kind),
                "what follows milestones or risks is not regular: leave `every_days` out",
            ),
            _ => {}
        }
    }
    for (i, step) in found.loss_steps.iter().enumerate() {
        file.placeholders(&format!("loss_step.{i}.name"), &step.name, &[("name", "whoever leaves")]);
        if step.days == 0 {
            file.error(
                &format!("loss_step.{i}.days"),
                format!("\"{}\" takes no time", step.name),
                "write at least 1",
            );
        }
    }
    for (i, rule) in found.loss_criteria.iter().enumerate() {
        if rule.after_days > 0 && rule.watch != LossWatch::NoSuccessor {
            file.error(
                &format!("loss_criterion.{i}.after_days"),
                format!("`{}` holds at once", rule.id),
                "days pass only before `no-successor`",
            );
        }
    }
}

fn ids(file: &mut File<'_, '_>, found: &PeopleRules) {
    let champion: Vec<&str> = found.champion.iter().map(|one| one.id.as_str()).collect();
    let executive: Vec<&str> = found.executive.iter().map(|one| one.id.as_str()).collect();
    let resistance: Vec<&str> = found.resistance.iter().map(|one| one.id.as_str()).collect();
    let responses: Vec<&str> = found.resistance_responses.iter().map(|one| one.id.as_str()).collect();
    let criteria: Vec<&str> = found.loss_criteria.iter().map(|one| one.id.as_str()).collect();
    for (what, list) in [
        ("champion", champion),
        ("executive", executive),
        ("resistance", resistance),
        ("resistance_response", responses),
        ("loss_criterion", criteria),
    ] {
        let mut named = Vec::new();
        for (i, id) in list.into_iter().enumerate() {
            if id.is_empty() {
                let help = "give it an `id` of lower-case words";
                file.warning(&format!("{what}.{i}"), "it has no id and cannot be chosen", help);
            } else {
                named.push((format!("{what}.{i}.id"), id));
            }
        }
        file.unique(what, named);
    }
}
