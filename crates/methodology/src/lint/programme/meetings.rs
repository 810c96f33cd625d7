//! The meetings of a programme and its RACI matrix.

use gangway_domain::programme::{AgendaItem, PLACEHOLDERS, Programme};

use super::Names;
use crate::lint::{File, RuleCache};

pub(super) fn lint(file: &mut File<'_, '_>, rules: &mut RuleCache, programme: &Programme, names: &Names<'_>) {
    meetings(file, programme, names);
    raci(file, rules, programme, names);
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
