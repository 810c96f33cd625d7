//! The milestones of a programme, its gates, and its definition of complete.

use gangway_domain::programme::{MilestoneKind, PLACEHOLDERS, Programme};

use super::Names;
use crate::lint::{File, RuleCache};
use crate::load::Parsed;

pub(super) fn lint(
    parsed: &Parsed<'_>,
    file: &mut File<'_, '_>,
    rules: &mut RuleCache,
    programme: &Programme,
    names: &Names<'_>,
) {
    first_value(file, programme);
    early_enough(parsed, file, programme);
    complete(file, programme);
    let phase_order = |id: &str| programme.phases.iter().position(|phase| phase.id == id);
    let mut last_gate: Option<(usize, u32, &str)> = None;
    for (i, milestone) in programme.milestones.iter().enumerate() {
        let at = |key: &str| format!("milestone.{i}.{key}");
        file.known(&at("phase"), "phase", &milestone.phase, &names.phases);
        rules.when(file, &at("when"), milestone.when.as_deref());
        file.placeholders(&at("name"), &milestone.name, PLACEHOLDERS);
        if milestone.day > programme.complete_day {
            file.error(
                &at("day"),
                format!(
                    "`{}` is due on day {}, after the programme is complete on day {}",
                    milestone.id, milestone.day, programme.complete_day
                ),
                "lower the day, or raise `complete_day`",
            );
        }
        if milestone.gate && milestone.criteria.is_empty() {
            file.error(
                &format!("milestone.{i}"),
                format!("the gate `{}` has no criteria", milestone.id),
                "say in `criteria` what must hold to pass it",
            );
        }
        for (n, criterion) in milestone.criteria.iter().enumerate() {
            file.placeholders(&at(&format!("criteria.{n}.text")), &criterion.text, PLACEHOLDERS);
            rules.run(file, &at(&format!("criteria.{n}.rule")), criterion.rule.as_deref());
            rules.when(file, &at(&format!("criteria.{n}.when")), criterion.when.as_deref());
        }
        if !milestone.gate {
            continue;
        }
        if let (Some(order), Some((earlier, day, id))) = (phase_order(&milestone.phase), last_gate)
            && order >= earlier
            && milestone.day < day
        {
            file.error(
                &at("day"),
                format!("the gate `{}` is due on day {}, before the gate `{id}` of the same or an earlier phase (day {day})", milestone.id, milestone.day),
                "gates stand in the order of their days",
            );
        }
        if let Some(order) = phase_order(&milestone.phase) {
            last_gate = Some((order, milestone.day, &milestone.id));
        }
    }
}

/// Exactly one value milestone is the first value.
fn first_value(file: &mut File<'_, '_>, programme: &Programme) {
    let help = "mark exactly one value milestone with `first_value = true`";
    let marked: Vec<usize> =
        (0..programme.milestones.len()).filter(|i| programme.milestones[*i].first_value).collect();
    if marked.is_empty() {
        file.error("milestone", "no milestone has `first_value = true`", help);
    }
    for (nth, i) in marked.into_iter().enumerate() {
        let milestone = &programme.milestones[i];
        let at = format!("milestone.{i}.first_value");
        if nth > 0 {
            file.error(&at, format!("`{}` is a second first value", milestone.id), help);
        }
        if milestone.kind != MilestoneKind::Value {
            file.error(
                &at,
                format!("`{}` is marked as first value but is not a value milestone", milestone.id),
                help,
            );
        }
    }
}

/// The first value is not due later than the benchmark of its type of product, nor than what is good in its segment
/// [004]. Both count days from the creation of the account, which is taken to be the kickoff.
fn early_enough(parsed: &Parsed<'_>, file: &mut File<'_, '_>, programme: &Programme) {
    let mut milestones = programme.milestones.iter().enumerate();
    let Some((i, first)) = milestones.find(|(_, milestone)| milestone.first_value) else { return };
    let products = parsed.benchmarks.as_ref().map(|benchmarks| &benchmarks.time_to_value);
    let product = products.and_then(|products| products.get(&programme.activation.product_type));
    let Some(product) = product else { return };
    let segments = parsed.segments.iter().flat_map(|segments| &segments.segments);
    let good = segments.filter(|segment| segment.id == programme.segment).map(|segment| {
        let [good, _] = segment.first_value_days;
        good
    });
    let bound = good.fold(product.first_value_hours.div_ceil(24), u32::max);
    if first.day > bound {
        file.warning(
            &format!("milestone.{i}.day"),
            format!(
                "the first value `{}` is due on day {}; the benchmark of {} is day {bound}",
                first.id, first.day, product.name
            ),
            "show something smaller sooner, such as a first insight from the customer's own data, and mark that \
             with `first_value = true`; the benchmarks are `first_value_hours` in benchmarks.toml and \
             `first_value_days` in segments.toml",
        );
    }
}

fn complete(file: &mut File<'_, '_>, programme: &Programme) {
    let kinds = [
        ("value", MilestoneKind::Value, &programme.complete.value),
        ("technical", MilestoneKind::Technical, &programme.complete.technical),
    ];
    for (key, kind, ids) in kinds {
        let at = format!("complete.{key}");
        if !(3..=5).contains(&ids.len()) {
            file.error(
                &at,
                format!("complete means 3 to 5 {key} milestones, here are {}", ids.len()),
                "name the few that decide whether the onboarding is done",
            );
        }
        let all = programme.milestones.iter().map(|milestone| milestone.id.as_str()).collect();
        for (i, id) in ids.iter().enumerate() {
            let at = format!("{at}.{i}");
            if !file.known(&at, "milestone", id, &all) {
                continue;
            }
            if programme.milestones.iter().any(|milestone| milestone.id == *id && milestone.kind != kind) {
                file.error(
                    &at,
                    format!("`{id}` is not a {key} milestone"),
                    "move it to the other list, or change its kind",
                );
            }
            if ids.iter().take(i).any(|earlier| earlier == id) {
                file.error(&at, format!("`{id}` is named twice"), "name each milestone once");
            }
        }
    }
}
