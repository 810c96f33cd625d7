//! How a programme uses training, surveys and a rollout strategy, and its activation targets.

use std::collections::BTreeSet;

use gangway_domain::programme::{PLACEHOLDERS, Programme};

use super::Names;
use crate::lint::{File, RuleCache, content, forms};
use crate::load::Parsed;

pub(super) fn lint(
    parsed: &Parsed<'_>,
    file: &mut File<'_, '_>,
    rules: &mut RuleCache,
    programme: &Programme,
    names: &Names<'_>,
) {
    uses(parsed, file, rules, programme, names);
    activation(parsed, file, rules, programme);
}

fn uses(
    parsed: &Parsed<'_>,
    file: &mut File<'_, '_>,
    rules: &mut RuleCache,
    programme: &Programme,
    names: &Names<'_>,
) {
    let tracks: BTreeSet<&str> = parsed.training.iter().map(|(_, track)| track.id.as_str()).collect();
    for (i, training) in programme.training.iter().enumerate() {
        if !parsed.broken.contains(&"training") {
            file.known(&format!("training.{i}.track"), "training track", &training.track, &tracks);
        }
        file.known(&format!("training.{i}.task"), "task", &training.task, &names.tasks);
        rules.when(file, &format!("training.{i}.when"), training.when.as_deref());
        rules.amount(file, &format!("training.{i}.people"), &training.people);
    }
    asked(file, programme);
    let own = programme.questionnaires.iter().map(|own| own.id.as_str());
    let surveys: BTreeSet<&str> =
        parsed.surveys.iter().map(|(_, survey)| survey.id.as_str()).chain(own).collect();
    for (i, survey) in programme.surveys.iter().enumerate() {
        if !parsed.broken.contains(&"surveys") {
            file.known(&format!("survey.{i}.survey"), "survey", &survey.survey, &surveys);
        }
        file.known(&format!("survey.{i}.after"), "task or milestone", &survey.after, &names.points);
    }
    if let Some(golive) = &parsed.golive
        && !programme.rollout.strategy.is_empty()
    {
        let strategies = golive.strategies.iter().map(|strategy| strategy.name.as_str()).collect();
        file.known("rollout.strategy", "rollout strategy", &programme.rollout.strategy, &strategies);
    }
    let [least, most] = programme.rollout.pilot_percent;
    if least > most || most > 100 {
        file.error(
            "rollout.pilot_percent",
            format!("a pilot of {least} to {most} % is not a range"),
            "5 to 15 % is usual: [5, 15]",
        );
    }
}

/// Surveys and forms in the programme's own words.
fn asked(file: &mut File<'_, '_>, programme: &Programme) {
    let surveys = || programme.questionnaires.iter().enumerate();
    file.unique("survey", surveys().map(|(i, own)| (format!("questionnaire.{i}.id"), own.id.as_str())));
    for (i, own) in surveys() {
        let at = format!("questionnaire.{i}.");
        content::questionnaire(file, &at, own);
        if own.questions.is_empty() {
            file.error(&format!("{at}question"), format!("`{}` asks nothing", own.id), "add a question");
        }
        if !programme.surveys.iter().any(|used| used.survey == own.id) {
            file.warning(
                &format!("{at}id"),
                format!("`{}` goes out at no moment", own.id),
                "add a `[[survey]]` block that names it, or send it by hand",
            );
        }
    }
    let sheets = || programme.forms.iter().enumerate();
    file.unique("form", sheets().map(|(i, own)| (format!("form.{i}.id"), own.id.as_str())));
    for (i, own) in sheets() {
        forms::sheet(file, &format!("form.{i}."), own);
    }
}

fn activation(parsed: &Parsed<'_>, file: &mut File<'_, '_>, rules: &mut RuleCache, programme: &Programme) {
    if let Some(benchmarks) = &parsed.benchmarks {
        let types = benchmarks.time_to_value.keys().map(String::as_str).collect();
        file.known("activation.product_type", "product type", &programme.activation.product_type, &types);
    }
    let targets = &programme.activation.targets;
    file.unique(
        "target",
        targets
            .iter()
            .enumerate()
            .map(|(i, target)| (format!("activation.target.{i}.id"), target.id.as_str())),
    );
    for (i, target) in targets.iter().enumerate() {
        file.placeholders(&format!("activation.target.{i}.name"), &target.name, PLACEHOLDERS);
        rules.amount(file, &format!("activation.target.{i}.target"), &target.target);
        rules.when(file, &format!("activation.target.{i}.when"), target.when.as_deref());
        rules.run_number(file, &format!("activation.target.{i}.counted_by"), target.counted_by.as_deref());
        if target.day > programme.complete_day {
            file.error(
                &format!("activation.target.{i}.day"),
                format!("`{}` is due after the programme is complete", target.id),
                "lower the day, or raise `complete_day`",
            );
        }
    }
}
