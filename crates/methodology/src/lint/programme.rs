//! A programme: its references, its completeness, its order.

use std::collections::BTreeSet;

use gangway_domain::programme::{AgendaItem, MilestoneKind, PLACEHOLDERS, Programme, Side};

use super::{File, RuleCache, graph};
use crate::load::Parsed;

/// Longest duration of a task, in working days, when written as a number.
const MOST_DAYS: u32 = 260;

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
    tasks(file, rules, programme, &names);
    milestones(file, rules, programme, &names);
    complete(file, programme);
    meetings(file, programme, &names);
    raci(file, rules, programme, &names);
    uses(parsed, file, rules, programme, &names);
    activation(parsed, file, rules, programme);
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

fn tasks(file: &mut File<'_, '_>, rules: &mut RuleCache, programme: &Programme, names: &Names<'_>) {
    let ids = programme.tasks.iter().enumerate().map(|(i, task)| (format!("task.{i}.id"), task.id.as_str()));
    let milestone_ids =
        programme.milestones.iter().enumerate().map(|(i, m)| (format!("milestone.{i}.id"), m.id.as_str()));
    file.unique("task or milestone", ids.chain(milestone_ids));
    for (i, task) in programme.tasks.iter().enumerate() {
        let at = |key: &str| format!("task.{i}.{key}");
        file.known(&at("phase"), "phase", &task.phase, &names.phases);
        file.known(&at("role"), "role", &task.role, &names.roles);
        rules.when(file, &at("when"), task.when.as_deref());
        rules.amount(file, &at("days"), &task.days);
        if let gangway_domain::programme::Amount::Fixed(days) = task.days
            && days > MOST_DAYS
        {
            file.error(&at("days"), format!("{days} working days are more than a year"), "split the task");
        }
        let role = programme.roles.iter().find(|role| role.id == task.role);
        if let Some(role) = role
            && task.owner != Side::Joint
            && task.owner != role.side
        {
            file.error(
                &at("owner"),
                format!(
                    "`{}` belongs to the {} but its role `{}` to the {}",
                    task.id,
                    side(task.owner),
                    role.id,
                    side(role.side)
                ),
                "make owner and role agree, or write `owner = \"joint\"`",
            );
        }
        if task.chain && task.for_each.is_none() {
            file.error(
                &at("chain"),
                "`chain` needs `for_each`",
                "a task that is not repeated has nothing to be chained to",
            );
        }
        file.placeholders(&at("name"), &task.name, PLACEHOLDERS);
        for (key, text) in [("deliverable", &task.deliverable), ("note", &task.note)] {
            if let Some(text) = text {
                file.placeholders(&at(key), text, PLACEHOLDERS);
            }
        }
        if task.for_each.is_none() && task.name.contains("{item}") {
            file.error(
                &at("name"),
                "`{item}` needs `for_each`",
                "say what the task is repeated for, or leave `{item}` out",
            );
        }
    }
    exactly_one(file, programme, "kickoff", |i| programme.tasks[i].kickoff);
    exactly_one(file, programme, "go_live", |i| programme.tasks[i].go_live);
    for (i, task) in programme.tasks.iter().enumerate().filter(|(_, task)| task.kickoff || task.go_live) {
        if task.when.is_some() || task.for_each.is_some() {
            file.error(
                &format!("task.{i}"),
                format!("`{}` must always be there, once", task.id),
                "kickoff and go-live take neither `when` nor `for_each`",
            );
        }
    }
}

fn side(side: Side) -> &'static str {
    match side {
        Side::Vendor => "vendor",
        Side::Customer => "customer",
        Side::Joint => "both",
    }
}

fn exactly_one(file: &mut File<'_, '_>, programme: &Programme, flag: &str, is: impl Fn(usize) -> bool) {
    let with: Vec<usize> = (0..programme.tasks.len()).filter(|i| is(*i)).collect();
    match with.as_slice() {
        [_] => {}
        [] => file.error(
            "task",
            format!("no task has `{flag} = true`"),
            format!("mark exactly one task with `{flag} = true`"),
        ),
        [first, rest @ ..] => {
            for i in rest {
                file.error(
                    &format!("task.{i}.{flag}"),
                    format!(
                        "`{}` and `{}` both have `{flag} = true`",
                        programme.tasks[*first].id, programme.tasks[*i].id
                    ),
                    format!("mark exactly one task with `{flag} = true`"),
                );
            }
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

fn milestones(file: &mut File<'_, '_>, rules: &mut RuleCache, programme: &Programme, names: &Names<'_>) {
    first_value(file, programme);
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

fn meetings(file: &mut File<'_, '_>, programme: &Programme, names: &Names<'_>) {
    file.unique(
        "meeting",
        programme
            .meetings
            .iter()
            .enumerate()
            .map(|(i, meeting)| (format!("meeting.{i}.id"), meeting.id.as_str())),
    );
    for (i, meeting) in programme.meetings.iter().enumerate() {
        let at = |key: &str| format!("meeting.{i}.{key}");
        for (n, role) in meeting.roles.iter().enumerate() {
            file.known(&at(&format!("roles.{n}")), "role", role, &names.roles);
        }
        file.placeholders(&at("title"), &meeting.title, PLACEHOLDERS);
        let series = meeting.at.as_deref() == Some("every");
        match meeting.at.as_deref() {
            Some("every") => {
                if meeting.every_weeks.is_none_or(|weeks| weeks == 0) {
                    file.error(
                        &format!("meeting.{i}"),
                        format!("the series `{}` does not say how often", meeting.id),
                        "add `every_weeks = 1`, 2 or 4",
                    );
                }
            }
            Some(point) => {
                file.known(&at("at"), "task or milestone", point, &names.points);
            }
            None => file.error(
                &format!("meeting.{i}"),
                format!("the meeting `{}` does not say when", meeting.id),
                "add `at` with a task or milestone, or `at = \"every\"` with `every_weeks`",
            ),
        }
        if !series && meeting.every_weeks.is_some() {
            file.error(
                &at("every_weeks"),
                format!("`{}` is held once; `every_weeks` is for a series", meeting.id),
                "write `at = \"every\"` for a series",
            );
        }
        if let Some(phase) = &meeting.until {
            file.known(&at("until"), "phase", phase, &names.phases);
        }
        agenda(file, &format!("meeting.{i}.minutes"), meeting.minutes, &meeting.agenda);
        for (n, item) in meeting.agenda.iter().enumerate() {
            for (m, point) in item.points.iter().enumerate() {
                file.placeholders(&at(&format!("item.{n}.points.{m}")), point, PLACEHOLDERS);
            }
        }
    }
}

/// The minutes of an agenda must sum to its length.
fn agenda(file: &mut File<'_, '_>, at: &str, minutes: u32, items: &[AgendaItem]) {
    let sum: u64 = items.iter().map(|item| u64::from(item.minutes)).sum();
    if !items.is_empty() && sum != u64::from(minutes) {
        file.error(
            at,
            format!("the agenda takes {sum} minutes, the meeting {minutes}"),
            format!("write `minutes = {sum}`, or change the points"),
        );
    }
}

fn raci(file: &mut File<'_, '_>, rules: &mut RuleCache, programme: &Programme, names: &Names<'_>) {
    let columns = &programme.raci.columns;
    for (i, role) in columns.iter().enumerate() {
        file.known(&format!("raci.columns.{i}"), "role", role, &names.roles);
    }
    for (i, row) in programme.raci.rows.iter().enumerate() {
        let at = format!("raci.row.{i}.cells");
        rules.when(file, &format!("raci.row.{i}.when"), row.when.as_deref());
        if row.cells.len() != columns.len() {
            file.error(
                &at,
                format!("\"{}\" has {} cells for {} roles", row.activity, row.cells.len(), columns.len()),
                "write one cell per role, \"\" for none",
            );
        }
        let cells: Vec<Vec<&str>> = row
            .cells
            .iter()
            .map(|cell| cell.split([',', '/', ' ']).filter(|letter| !letter.is_empty()).collect())
            .collect();
        for (n, letter) in
            cells.iter().enumerate().flat_map(|(n, cell)| cell.iter().map(move |letter| (n, *letter)))
        {
            if !["R", "A", "C", "I"].contains(&letter) {
                file.error(
                    &format!("{at}.{n}"),
                    format!("`{letter}` is not a letter of RACI"),
                    "use R (does it), A (answers for it), C (is asked), I (is told)",
                );
            }
        }
        let with = |letter: &str| cells.iter().filter(|cell| cell.contains(&letter)).count();
        match with("A") {
            1 => {}
            0 => file.error(
                &at,
                format!("nobody is accountable for \"{}\"", row.activity),
                "write A in exactly one cell",
            ),
            n => file.error(
                &at,
                format!("{n} roles are accountable for \"{}\"", row.activity),
                "write A in exactly one cell: when two answer, nobody does",
            ),
        }
        // An approval is given by the accountable role alone; everyone else is told.
        let approval = cells.iter().all(|cell| cell.iter().all(|letter| ["A", "I"].contains(letter)));
        if with("R") == 0 && !approval {
            file.error(
                &at,
                format!("nobody is responsible for doing \"{}\"", row.activity),
                "write R in at least one cell",
            );
        }
    }
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
    let surveys: BTreeSet<&str> = parsed.surveys.iter().map(|(_, survey)| survey.id.as_str()).collect();
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
        if target.day > programme.complete_day {
            file.error(
                &format!("activation.target.{i}.day"),
                format!("`{}` is due after the programme is complete", target.id),
                "lower the day, or raise `complete_day`",
            );
        }
    }
}
