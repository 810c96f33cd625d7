//! Intake forms: can every field be answered, and does what follows from an answer follow from one there is?

use std::collections::BTreeSet;

use gangway_domain::form::FieldKind;
use gangway_domain::methodology::{FormField, FormSheet};

use super::File;

/// Kinds a cell of a table may have.
const CELLS: [FieldKind; 6] = [
    FieldKind::Text,
    FieldKind::Number,
    FieldKind::Date,
    FieldKind::Email,
    FieldKind::Choice,
    FieldKind::YesNo,
];

pub(super) fn form(file: &mut File<'_, '_>, form: &FormSheet) {
    file.named_like_file(&form.id);
    sheet(file, "", form);
}

/// What a form asks, wherever it is written: `place` is its place in the file, empty or with a dot at its end.
pub(super) fn sheet(file: &mut File<'_, '_>, place: &str, form: &FormSheet) {
    if form.days == 0 {
        file.error(
            &format!("{place}days"),
            "nobody has time to answer".to_owned(),
            "give people at least one day",
        );
    }
    let fields: Vec<(String, &FormField)> = form
        .sections
        .iter()
        .enumerate()
        .flat_map(|(s, section)| {
            section
                .fields
                .iter()
                .enumerate()
                .map(move |(f, field)| (format!("{place}section.{s}.field.{f}"), field))
        })
        .collect();
    file.unique("field", fields.iter().map(|(at, field)| (format!("{at}.id"), field.id.as_str())));
    let facts = fields.iter().filter_map(|(at, field)| Some((format!("{at}.fact"), field.fact.as_deref()?)));
    file.unique("fact", facts);
    for (at, field) in &fields {
        lint_field(file, at, field);
    }
    let ids: BTreeSet<&str> = fields.iter().map(|(_, field)| field.id.as_str()).collect();
    for (i, task) in form.tasks.iter().enumerate() {
        file.known(&format!("{place}task.{i}.field"), "field in this form", &task.field, &ids);
        if task.days == 0 {
            file.error(
                &format!("{place}task.{i}.days"),
                format!("\"{}\" takes no time", task.name),
                "give it at least one working day",
            );
        }
        let Some((_, field)) = fields.iter().find(|(_, field)| field.id == task.field) else { continue };
        let possible: BTreeSet<&str> = match field.kind {
            FieldKind::YesNo => BTreeSet::from(["yes", "no"]),
            FieldKind::Choice | FieldKind::Choices => field.options.iter().map(String::as_str).collect(),
            _ => continue,
        };
        for (k, word) in task.is.iter().enumerate() {
            file.known(&format!("{place}task.{i}.is.{k}"), "answer to that field", word, &possible);
        }
    }
}

fn lint_field(file: &mut File<'_, '_>, at: &str, field: &FormField) {
    let choose = matches!(field.kind, FieldKind::Choice | FieldKind::Choices);
    if choose && field.options.len() < 2 {
        file.error(
            at,
            format!("`{}` offers nothing to choose from", field.id),
            "give it at least two `options`",
        );
    }
    if field.kind == FieldKind::Table && field.columns.is_empty() {
        file.error(
            at,
            format!("the table `{}` has no columns", field.id),
            "add `[[section.field.column]]` blocks",
        );
    }
    if let (Some(min), Some(max)) = (field.min, field.max)
        && min > max
    {
        file.error(at, format!("`{}` takes nothing: {min} is more than {max}", field.id), "swap them");
    }
    for (c, column) in field.columns.iter().enumerate() {
        let at = format!("{at}.column.{c}");
        if !CELLS.contains(&column.kind) {
            file.error(
                &at,
                format!("a cell cannot be of the kind `{}`", column.kind.word()),
                "cells are text, number, date, email, choice or yes-no",
            );
        }
        if column.kind == FieldKind::Choice && column.options.len() < 2 {
            file.error(
                &at,
                format!("`{}` offers nothing to choose from", column.id),
                "give it at least two `options`",
            );
        }
    }
}
