//! The spreadsheets of a package. They are made from the customer's view of it: each goes out.

use gangway_documents::{AnySheet, CellValue, GanttSheet, Sheet, SheetCell, SheetColumn, Tone, Workbook};
use gangway_domain::package::{Package, PlanMilestone, PlanTask};
use gangway_domain::programme::{MilestoneKind, Side, Stage};
use serde_json::Value;

use super::templates::{capital, sentence};
use super::{PackageError, view};

/// The workbook of that name, or `None` when there is none.
pub(super) fn workbook(name: &str, package: &Package) -> Option<Result<Workbook, PackageError>> {
    let sheets = match name {
        "implementation-plan" => plan(package),
        "raci-matrix" => Ok(vec![raci(package), raci_legend()]),
        "activation-scorecard" => Ok(vec![scorecard(package), clocks(package)]),
        _ => return None,
    };
    Some(sheets.map(|sheets| Workbook {
        title: format!("{} · {}", title(name), package.names.customer),
        date: Some(package.as_of),
        sheets,
    }))
}

fn title(name: &str) -> &'static str {
    match name {
        "implementation-plan" => "Implementation plan",
        "raci-matrix" => "RACI matrix",
        _ => "Activation scorecard",
    }
}

fn plan(package: &Package) -> Result<Vec<AnySheet>, PackageError> {
    let shared = view::shared(package);
    let mut sheets = vec![gantt(&shared)?, tasks(package), milestones(package), raci(package)];
    // A sheet with nothing but its head tells nobody anything.
    sheets.extend(days_off(package));
    sheets.push(plan_legend());
    Ok(sheets)
}

fn gantt(shared: &Value) -> Result<AnySheet, PackageError> {
    let chart = shared.pointer("/charts/plan").cloned().unwrap_or(Value::Null);
    let chart = serde_json::from_value(chart).map_err(|error| PackageError::Render {
        path: "implementation-plan.xlsx".to_owned(),
        message: error.to_string(),
    })?;
    Ok(AnySheet::Gantt(GanttSheet { name: "Plan".to_owned(), chart }))
}

const STATES: [&str; 4] = ["Not started", "In progress", "Done", "Blocked"];

fn tasks(package: &Package) -> AnySheet {
    let plan = &package.plan;
    let phase = |task: &PlanTask| plan.phases.iter().find(|phase| phase.id == task.phase);
    let rows = plan
        .tasks
        .iter()
        .filter(|task| {
            task.owner != Side::Vendor || phase(task).is_none_or(|phase| phase.stage != Stage::Handoff)
        })
        .map(|task| {
            let critical =
                if task.critical { SheetCell::from("yes").tone(Tone::Bad) } else { SheetCell::from("no") };
            vec![
                text(phase(task).map_or("", |phase| &phase.name)),
                text(&task.name),
                text(&task.role_name),
                optional(task.assignee.as_deref()),
                text(view::party(task.owner, &package.names)),
                text(&task.week),
                task.start.into(),
                task.finish.into(),
                number(task.days),
                (task.slack as f64).into(),
                critical,
                optional(task.deliverable.as_deref().map(capital).as_deref()),
                text(STATES[0]),
                SheetCell::default(),
            ]
        })
        .collect();
    let mut columns = columns(&[
        ("Phase", 30.0),
        ("Task", 48.0),
        ("Role", 24.0),
        ("Person", 20.0),
        ("Side", 20.0),
        ("Due", 8.0),
        ("Start", 12.0),
        ("Finish", 12.0),
        ("Working days", 9.0),
        ("Can slip (days)", 9.0),
        ("Critical", 9.0),
        ("Leaves behind", 40.0),
        ("State", 13.0),
        ("Remarks", 30.0),
    ]);
    choices(&mut columns, "State", &STATES);
    table("Tasks", columns, rows, true)
}

fn milestones(package: &Package) -> AnySheet {
    let kind = |milestone: &PlanMilestone| match milestone.kind {
        MilestoneKind::Value => "Value",
        MilestoneKind::Technical => "Technical",
    };
    let rows = package
        .plan
        .milestones
        .iter()
        .map(|milestone| {
            vec![
                text(&milestone.name),
                if milestone.gate { SheetCell::from("Gate").tone(Tone::Accent) } else { text("Milestone") },
                text(kind(milestone)),
                number(milestone.day),
                milestone.due.into(),
                milestone.planned.into(),
                text(&statements(milestone)),
                optional(milestone.evidence.as_deref()),
                SheetCell::default(),
            ]
        })
        .collect();
    let columns = columns(&[
        ("Milestone", 40.0),
        ("What", 12.0),
        ("Kind", 12.0),
        ("Day", 7.0),
        ("Aim", 12.0),
        ("Planned", 12.0),
        ("What must be true", 80.0),
        ("What shows it", 40.0),
        ("Reached on", 12.0),
    ]);
    table("Milestones", columns, rows, true)
}

/// What must be true at a milestone: one statement as it is, several as sentences.
fn statements(milestone: &PlanMilestone) -> String {
    match milestone.criteria.as_slice() {
        [one] => capital(one.text.trim_end_matches('.')),
        many => {
            let told: Vec<String> = many.iter().map(|one| capital(&sentence(&one.text))).collect();
            told.join(" ")
        }
    }
}

fn raci(package: &Package) -> AnySheet {
    let mut titles =
        vec![SheetColumn { title: "Activity".to_owned(), width: Some(32.0), choices: Vec::new() }];
    titles.extend(package.raci.columns.iter().map(|column| {
        SheetColumn {
            title: column
                .person
                .as_ref()
                .map_or_else(|| column.role.clone(), |person| format!("{}: {person}", column.role)),
            width: Some(24.0),
            choices: Vec::new(),
        }
    }));
    let rows = package
        .raci
        .rows
        .iter()
        .map(|row| {
            let letters = row.cells.iter().map(|cell| match cell.as_str() {
                "" => SheetCell::default(),
                letters if letters.contains('A') => SheetCell::from(letters).tone(Tone::Accent),
                letters => SheetCell::from(letters),
            });
            std::iter::once(text(&row.activity)).chain(letters).collect()
        })
        .collect();
    table("RACI", titles, rows, false)
}

fn days_off(package: &Package) -> Option<AnySheet> {
    let rows: Vec<_> = view::days_off(package)
        .into_iter()
        .map(|day| vec![day.from.into(), day.to.into(), text(&day.who), text(&capital(&day.name))])
        .collect();
    let columns = columns(&[("From", 12.0), ("To", 12.0), ("Whose", 26.0), ("Why", 36.0)]);
    (!rows.is_empty()).then(|| table("Days off", columns, rows, false))
}

fn scorecard(package: &Package) -> AnySheet {
    let rows = package
        .activation
        .targets
        .iter()
        .map(|target| {
            vec![
                text(&target.name),
                text(&capital(&target.metric)),
                number(target.target),
                text(&target.unit),
                number(target.day),
                target.by.into(),
                SheetCell::default(),
                SheetCell::default(),
                text("Open"),
            ]
        })
        .collect();
    let mut columns = columns(&[
        ("Target", 46.0),
        ("Counted", 42.0),
        ("Reach", 8.0),
        ("Unit", 16.0),
        ("Day", 7.0),
        ("By", 12.0),
        ("Value", 10.0),
        ("Seen on", 12.0),
        ("State", 12.0),
    ]);
    choices(&mut columns, "State", &["Open", "Reached", "Missed"]);
    table("Scorecard", columns, rows, true)
}

fn clocks(package: &Package) -> AnySheet {
    let rows = package
        .activation
        .clocks
        .iter()
        .map(|clock| {
            vec![
                text(&clock.name),
                text(&capital(&clock.target)),
                clock.by.into(),
                text(&capital(&clock.measured_by)),
                SheetCell::default(),
            ]
        })
        .collect();
    let columns = columns(&[
        ("Step", 20.0),
        ("Target", 22.0),
        ("Last day", 12.0),
        ("Measured by", 44.0),
        ("Reached on", 12.0),
    ]);
    table("Time to value", columns, rows, false)
}

fn plan_legend() -> AnySheet {
    legend(&[
        ("Side", "Whose working days the task runs on; “Both” works on days both sides work."),
        ("Due", "Week and working day since the start: W3D2 is week 3, day 2. “Pre” is before it."),
        ("Can slip", "Working days until the wanted go-live, the end of the plan or a fixed day is missed."),
        (
            "Critical",
            "On the longest chain of work that is shown: a day lost here moves the planned go-live.",
        ),
        ("Gate", "A milestone at which we stop: what follows starts only when its criteria hold."),
        ("Aim / Planned", "The date agreed for the milestone, and the date the plan reaches it."),
        ("R, A, C, I", "Responsible does it; accountable answers for it; consulted before; informed after."),
    ])
}

fn raci_legend() -> AnySheet {
    legend(&[
        ("R", "Responsible: does the work."),
        ("A", "Accountable: answers for it and decides; exactly one in each row."),
        ("C", "Consulted: asked before."),
        ("I", "Informed: told after."),
    ])
}

fn legend(lines: &[(&str, &str)]) -> AnySheet {
    let rows = lines.iter().map(|(term, meaning)| vec![text(term), text(meaning)]).collect();
    table("Legend", columns(&[("Term", 16.0), ("Meaning", 90.0)]), rows, false)
}

fn table(name: &str, columns: Vec<SheetColumn>, rows: Vec<Vec<SheetCell>>, filter: bool) -> AnySheet {
    AnySheet::Table(Sheet { name: name.to_owned(), columns, rows, filter })
}

fn columns(columns: &[(&str, f64)]) -> Vec<SheetColumn> {
    columns
        .iter()
        .map(|(title, width)| SheetColumn {
            title: (*title).to_owned(),
            width: Some(*width),
            choices: Vec::new(),
        })
        .collect()
}

fn choices(columns: &mut [SheetColumn], title: &str, choices: &[&str]) {
    for column in columns.iter_mut().filter(|column| column.title == title) {
        column.choices = choices.iter().map(|choice| (*choice).to_owned()).collect();
    }
}

fn text(text: &str) -> SheetCell {
    if text.is_empty() { SheetCell::default() } else { text.into() }
}

fn optional(value: Option<&str>) -> SheetCell {
    value.map_or_else(SheetCell::default, text)
}

fn number(number: u32) -> SheetCell {
    SheetCell { value: CellValue::Number(f64::from(number)), tone: None }
}
