//! Who does what: the RACI matrix, and the form that changes it.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use gangway_app::AppError;
use gangway_app::identity::Session;
use gangway_app::people::{self, Raci};
use gangway_domain::ids::OnboardingId;
use gangway_domain::people::{LETTERS, Matrix, MatrixColumn, MatrixRow};
use gangway_domain::permission::Action;

use super::tabs;
use crate::Web;
use crate::extract::{Answer, Asked, Posted};
use crate::form::{Fields, Wrong, meanwhile};
use crate::pages::onboarding::read_id;
use crate::pages::onboarding::top::Top;
use crate::pages::{Choice, Frame, Tab, Toast, render};

/// Rows a form can have; a matrix may have one less.
const ROWS: usize = 61;

#[derive(Template)]
#[template(path = "pages/onboarding/people/raci.html")]
struct Page {
    frame: Frame,
    top: Top,
    pages: Vec<Tab>,
    columns: Vec<Column>,
    rows: Vec<Row>,
    /// Who changed it last; empty while it is that of the package.
    changed_by: String,
    version: i64,
    may_edit: bool,
    /// It is a form now.
    editing: bool,
    wrong: Option<String>,
    /// What is wrong with which activity.
    problems: Vec<String>,
}

struct Column {
    role: String,
    person: String,
    side: &'static str,
}

struct Row {
    /// Its place, from 0.
    number: usize,
    activity: String,
    cells: Vec<Cell>,
}

struct Cell {
    letters: String,
    /// `r`, `a`, `c`, `i` by the weightiest letter; empty for none.
    class: &'static str,
    /// The letters in words.
    means: String,
    /// Name of its field.
    name: String,
    /// Which activity and role it is.
    label: String,
    choices: Vec<Choice>,
}

/// Who does what.
pub(crate) async fn show(Asked(web, session, id, values): Asked<String>) -> Answer {
    let toast = if values.has("changed") { Toast::of("Saved.") } else { None };
    page(&web, &session, read_id(id)?, values.has("edit"), None, toast, StatusCode::OK).await
}

/// Changes who does what: the roles stay, activities and cells are those of the form.
pub(crate) async fn change(Posted(web, session, id, fields): Posted<String>) -> Answer {
    let id = read_id(id)?;
    let Raci { matrix, .. } = people::raci(&web.app, &session.actor, id).await?;
    let version = fields.version();
    let typed = typed(matrix.columns, &fields);
    match people::set_raci(&web.app, &session.actor, id, version, typed.clone()).await {
        Ok(_) => Ok(Redirect::to(&format!("/onboardings/{id}/people/raci?changed")).into_response()),
        Err(AppError::Invalid(problems)) => {
            let wrong =
                "The matrix is not saved: each activity needs exactly one A and at least one R.".to_owned();
            let problems = problems.into_iter().map(|problem| problem.message).collect();
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            page(&web, &session, id, true, Some((typed, wrong, problems)), None, status).await
        }
        Err(error) => {
            let (status, wrong) = meanwhile(error)?;
            let wrong = Wrong::summary(&wrong).unwrap_or_default();
            page(&web, &session, id, true, Some((typed, wrong, Vec::new())), None, status).await
        }
    }
}

/// The matrix of the form: rows without a name are gone.
fn typed(columns: Vec<MatrixColumn>, fields: &Fields) -> Matrix {
    let rows = (0..ROWS).filter_map(|row| {
        let activity = fields.text(&format!("activity-{row}")).to_owned();
        let cells = (0..columns.len()).map(|column| fields.text(&format!("cell-{row}-{column}")).to_owned());
        (!activity.trim().is_empty()).then(|| MatrixRow { activity, cells: cells.collect() })
    });
    let rows = rows.collect();
    Matrix { columns, rows }
}

async fn page(
    web: &Web,
    session: &Session,
    id: OnboardingId,
    editing: bool,
    back: Option<(Matrix, String, Vec<String>)>,
    toast: Option<Toast>,
    status: StatusCode,
) -> Answer {
    let Raci { head, matrix, changed_by, version } = people::raci(&web.app, &session.actor, id).await?;
    let (matrix, wrong, problems) = match back {
        Some((matrix, wrong, problems)) => (matrix, Some(wrong), problems),
        None => (matrix, None, Vec::new()),
    };
    let ours = people::team(&web.app, &session.actor, &head).await?;
    let may_edit = session.actor.may(Action::RunOnboarding);
    let top = Top::new(session, &head, "/people");
    let Matrix { columns, rows } = matrix;
    let mut rows: Vec<Row> =
        rows.into_iter().enumerate().map(|(number, row)| Row::new(number, row, &columns)).collect();
    let editing = editing && may_edit;
    if editing {
        // A line for one more activity.
        let blank = MatrixRow { activity: String::new(), cells: vec![String::new(); columns.len()] };
        rows.push(Row::new(rows.len(), blank, &columns));
    }
    let page = Page {
        frame: top.frame(session, "Who does what").saying(toast),
        pages: tabs(&top, "/people/raci"),
        columns: columns.into_iter().map(|column| Column::new(column, &ours)).collect(),
        rows,
        changed_by: changed_by.unwrap_or_default(),
        version,
        may_edit,
        editing,
        wrong,
        problems,
        top,
    };
    Ok(render(status, &page))
}

impl Column {
    /// With the name of the plan where the matrix has none.
    fn new(column: MatrixColumn, ours: &BTreeMap<String, String>) -> Self {
        let person = column.person.or_else(|| ours.get(&column.role).cloned()).unwrap_or_default();
        Self { role: column.role, person, side: column.side.word() }
    }
}

impl Row {
    fn new(number: usize, row: MatrixRow, columns: &[MatrixColumn]) -> Self {
        let MatrixRow { activity, cells } = row;
        let what = if activity.is_empty() { "the new activity" } else { &activity };
        let cells = cells
            .into_iter()
            .enumerate()
            .map(|(place, letters)| {
                let role = columns.get(place).map_or("", |column| column.role.as_str());
                Cell::new(letters, format!("cell-{number}-{place}"), format!("{role} at {what}"))
            })
            .collect();
        Self { number, cells, activity }
    }
}

impl Cell {
    fn new(letters: String, name: String, label: String) -> Self {
        let words: Vec<&str> = letters
            .chars()
            .filter_map(|letter| match letter {
                'R' => Some("does it"),
                'A' => Some("answers for it"),
                'C' => Some("advises"),
                'I' => Some("is told"),
                _ => None,
            })
            .collect();
        let class = if letters.contains('A') {
            "a"
        } else if letters.contains('R') {
            "r"
        } else if letters.contains('C') {
            "c"
        } else if letters.contains('I') {
            "i"
        } else {
            ""
        };
        let choices =
            std::iter::once("").chain(LETTERS).map(|known| Choice::of(known, known, &letters)).collect();
        Self { means: words.join(", "), class, choices, letters, name, label }
    }
}

#[cfg(test)]
mod tests {
    use super::Cell;

    #[test]
    fn a_cell_shows_its_weightiest_letter_and_says_all_of_them() {
        let cell = |letters: &str| Cell::new(letters.to_owned(), String::new(), String::new());
        let both = cell("R, A");
        assert_eq!((both.class, both.means.as_str()), ("a", "does it, answers for it"));
        assert_eq!((cell("I").class, cell("").class), ("i", ""));
        assert_eq!(both.choices.iter().filter(|choice| choice.chosen).count(), 1);
    }
}
