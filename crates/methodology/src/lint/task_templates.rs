//! Templates for work that comes up: tasks that wait for tasks above them, and take some time.

use std::collections::BTreeSet;

use gangway_domain::methodology::{TaskTemplate, TemplateTask};

use super::File;
use crate::diagnostic::Diagnostic;
use crate::load::Parsed;
use crate::nearest::suggestion;

/// Longest task, in working days: what a running plan takes.
const LONGEST_TASK: u32 = 520;
/// Most tasks of a template, and most lines of a checklist: what a running plan takes at once.
const MOST: usize = 100;
/// Longest line of a checklist, in characters.
const LONGEST_LINE: usize = 300;
/// Longest name, in characters.
const LONGEST_NAME: usize = 200;
/// Longest id: two of them and a number are the code of a task.
const LONGEST_ID: usize = 36;

pub(crate) fn lint(parsed: &Parsed<'_>, out: &mut Vec<Diagnostic>) {
    for (path, template) in &parsed.task_templates {
        let Some(source) = parsed.sources.get(path) else { continue };
        let file = &mut File { source, out };
        file.named_like_file(&template.id);
        short(file, "id", &template.id, LONGEST_ID);
        named(file, "name", &template.name);
        if template.when.trim().is_empty() {
            let help = "one sentence, so that people choose the right one";
            file.error("when", format!("nobody knows when `{}` is needed", template.id), help);
        }
        tasks(file, template);
    }
}

fn tasks(file: &mut File<'_, '_>, template: &TaskTemplate) {
    if template.tasks.is_empty() || template.tasks.len() > MOST {
        let help = format!("write 1 to {MOST} `[[task]]`");
        file.error("task", format!("{} tasks cannot be added at once", template.tasks.len()), help);
    }
    let ids = template.tasks.iter().enumerate().map(|(i, task)| (format!("task.{i}.id"), task.id.as_str()));
    file.unique("task", ids);
    let all: BTreeSet<&str> = template.tasks.iter().map(|task| task.id.as_str()).collect();
    let mut above: BTreeSet<&str> = BTreeSet::new();
    for (i, task) in template.tasks.iter().enumerate() {
        one(file, i, task);
        for (j, id) in task.after.iter().enumerate() {
            let at = format!("task.{i}.after.{j}");
            if above.contains(id.as_str()) {
                continue;
            }
            if all.contains(id.as_str()) {
                let help = "a task waits only for tasks above it: change their order";
                file.error(&at, format!("`{id}` does not stand above `{}`", task.id), help);
            } else {
                let help = suggestion(id, above.iter().copied());
                file.error(&at, format!("there is no task `{id}`"), help);
            }
        }
        above.insert(&task.id);
    }
}

fn one(file: &mut File<'_, '_>, i: usize, task: &TemplateTask) {
    short(file, &format!("task.{i}.id"), &task.id, LONGEST_ID);
    named(file, &format!("task.{i}.name"), &task.name);
    if !(1..=LONGEST_TASK).contains(&task.days) {
        file.error(
            &format!("task.{i}.days"),
            format!("\"{}\" cannot take {} working days", task.name, task.days),
            format!("write 1 to {LONGEST_TASK}"),
        );
    }
    if task.offset > LONGEST_TASK {
        file.error(
            &format!("task.{i}.offset"),
            format!("\"{}\" begins {} working days later", task.name, task.offset),
            format!("write {LONGEST_TASK} at most"),
        );
    }
    if task.checklist.len() > MOST {
        let help = format!("{MOST} at most");
        file.error(&format!("task.{i}.checklist"), "the checklist is too long", help);
    }
    for (j, line) in task.checklist.iter().enumerate() {
        if line.trim().is_empty() || line.chars().count() > LONGEST_LINE {
            file.error(
                &format!("task.{i}.checklist.{j}"),
                "this is no line of a checklist",
                format!("write 1 to {LONGEST_LINE} characters"),
            );
        }
    }
}

fn named(file: &mut File<'_, '_>, at: &str, name: &str) {
    if name.trim().is_empty() {
        file.error(at, "the name is empty", "say what is done, verb first");
    }
    short(file, at, name, LONGEST_NAME);
}

fn short(file: &mut File<'_, '_>, at: &str, text: &str, longest: usize) {
    if text.chars().count() > longest {
        file.error(at, format!("this is longer than {longest} characters"), "make it shorter");
    }
}
