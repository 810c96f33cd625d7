//! `[launch]` of golive.toml: rules that stand beside what they judge, waves of strategies there are, messages with a
//! template.

use gangway_domain::methodology::LaunchRules;

use super::{File, RuleCache};
use crate::load::Parsed;

/// Messages that go out further away from the go-live than this belong to another plan, in calendar days.
const FAR: i32 = 60;

pub(crate) fn lint(parsed: &Parsed<'_>, file: &mut File<'_, '_>, rules: &mut RuleCache) {
    let Some(golive) = &parsed.golive else { return };
    let LaunchRules { exit, rollback_automatic, rollback_evaluate, pilot_days, waves, messages, .. } =
        &golive.launch;
    for (key, of, given, texts) in [
        ("exit", "hypercare_exit", exit, &golive.hypercare_exit),
        ("rollback_automatic", "rollback_automatic", rollback_automatic, &golive.rollback_automatic),
        ("rollback_evaluate", "rollback_evaluate", rollback_evaluate, &golive.rollback_evaluate),
    ] {
        // Folders of earlier versions have no rules: then people say everything.
        if !given.is_empty() && given.len() != texts.len() {
            file.error(
                &format!("launch.{key}"),
                format!("there are {} rules for the {} entries of `{of}`", given.len(), texts.len()),
                "write one for each, in the same order; \"\" where a person says it",
            );
        }
        for (i, rule) in given.iter().enumerate().filter(|(_, rule)| !rule.is_empty()) {
            let at = format!("launch.{key}.{i}");
            if key == "exit" { rules.run(file, &at, Some(rule)) } else { rules.seen(file, &at, rule) }
        }
    }
    let [least, most] = pilot_days;
    if least > most {
        file.error("launch.pilot_days", "the least is more than the most", "write the shorter length first");
    }
    for (i, of) in waves.iter().enumerate() {
        if !golive.strategies.iter().any(|known| known.name == of.strategy) {
            file.error(
                &format!("launch.waves.{i}.strategy"),
                format!("there is no strategy `{}`", of.strategy),
                "strategies are the `[[strategy]]` of this file",
            );
        }
        if of.names.is_empty() {
            file.error(
                &format!("launch.waves.{i}.names"),
                format!("`{}` has no wave", of.strategy),
                "name at least one",
            );
        }
    }
    file.unique(
        "launch message",
        messages.iter().enumerate().map(|(i, one)| (format!("launch.message.{i}.id"), one.id.as_str())),
    );
    for (i, message) in messages.iter().enumerate() {
        if !parsed.bodies.contains_key(&message.template) {
            file.error(
                &format!("launch.message.{i}.template"),
                format!("there is no e-mail `{}`", message.template),
                "write emails/<name>/subject.txt and body.md",
            );
        }
        if message.days.abs() > FAR {
            file.error(
                &format!("launch.message.{i}.days"),
                format!("{} days is too far from the go-live", message.days),
                format!("at most {FAR} before or after it"),
            );
        }
    }
}
