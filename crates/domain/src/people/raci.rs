//! Who does what: roles × activities, with one who answers for each.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::ids::PersonId;
use crate::programme::Side;

/// Most columns and rows of a matrix; [`MatrixError::Size`] says it too.
const MOST: usize = 60;

/// What a cell can say.
pub const LETTERS: [&str; 6] = ["R", "A", "R, A", "C", "I", "C, I"];

/// The matrix of an onboarding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matrix {
    /// Roles.
    pub columns: Vec<MatrixColumn>,
    /// Activities.
    pub rows: Vec<MatrixRow>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatrixColumn {
    /// Role.
    pub role: String,
    /// Who fills it, when known.
    #[serde(default)]
    pub person: Option<String>,
    /// Which member of the team that is, when it is one: they may be called otherwise later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<PersonId>,
    /// Side.
    pub side: Side,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatrixRow {
    /// Activity.
    pub activity: String,
    /// Letters per column: one of [`LETTERS`], or nothing.
    pub cells: Vec<String>,
}

/// What is wrong with a matrix: where, and what.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MatrixError {
    /// A row or column has no name.
    #[error("{0} {1} has no name")]
    Nameless(&'static str, usize),
    /// Two have one name.
    #[error("“{0}” stands there twice")]
    Twice(String),
    /// There are too many, or none.
    #[error("a matrix has 1 to 60 roles and 1 to 60 activities")]
    Size,
    /// A row has more or fewer cells than there are roles.
    #[error("“{0}” has not one cell for each role")]
    Cells(String),
    /// A cell is none of the letters.
    #[error("“{letters}” at “{activity}” / {role} cannot be: use R, A, C, I, “R, A” or “C, I”")]
    Letters {
        /// Activity.
        activity: String,
        /// Role.
        role: String,
        /// What stands there.
        letters: String,
    },
    /// Nobody answers for it.
    #[error("“{0}” has no A: one role must answer for it")]
    NobodyAnswers(String),
    /// Several answer for it.
    #[error("“{activity}” has {} A ({}): only one may answer for it", .roles.len(), .roles.join(", "))]
    SeveralAnswer {
        /// Activity.
        activity: String,
        /// Who.
        roles: Vec<String>,
    },
    /// Nobody does it.
    #[error("“{0}” has no R: somebody must do it")]
    NobodyDoes(String),
}

impl Matrix {
    /// The same with tidy names and letters: `a/r` becomes `R, A`.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        for column in &mut self.columns {
            column.role = line(&column.role);
            column.person = column.person.as_deref().map(line).filter(|person| !person.is_empty());
        }
        for row in &mut self.rows {
            row.activity = line(&row.activity);
            for cell in &mut row.cells {
                *cell = letters(cell);
            }
        }
        self
    }

    /// What is wrong with it, all of it; nothing when each activity has exactly one A and at least one R.
    #[must_use]
    pub fn problems(&self) -> Vec<MatrixError> {
        let mut found = Vec::new();
        if !(1..=MOST).contains(&self.columns.len()) || !(1..=MOST).contains(&self.rows.len()) {
            return vec![MatrixError::Size];
        }
        let mut seen: Vec<&str> = Vec::new();
        for (number, column) in (1..).zip(&self.columns) {
            named("role", number, &column.role, &mut seen, &mut found);
        }
        seen.clear();
        for (number, row) in (1..).zip(&self.rows) {
            named("activity", number, &row.activity, &mut seen, &mut found);
            self.row(row, &mut found);
        }
        found
    }

    fn row(&self, row: &MatrixRow, found: &mut Vec<MatrixError>) {
        let activity = || row.activity.clone();
        if row.cells.len() != self.columns.len() {
            found.push(MatrixError::Cells(activity()));
            return;
        }
        let mut answer = Vec::new();
        let mut does = false;
        for (column, cell) in self.columns.iter().zip(&row.cells) {
            if !cell.is_empty() && !LETTERS.contains(&cell.as_str()) {
                let (role, letters) = (column.role.clone(), cell.chars().take(20).collect());
                found.push(MatrixError::Letters { activity: activity(), role, letters });
            }
            does |= cell.contains('R');
            if cell.contains('A') {
                answer.push(column.role.clone());
            }
        }
        match answer.len() {
            0 => found.push(MatrixError::NobodyAnswers(activity())),
            1 => {}
            _ => found.push(MatrixError::SeveralAnswer { activity: activity(), roles: answer }),
        }
        if !does {
            found.push(MatrixError::NobodyDoes(activity()));
        }
    }
}

/// Letters in the order of RACI, each once; what holds anything else stays as it is.
fn letters(cell: &str) -> String {
    let said: String = cell.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '/')).collect();
    let said = said.to_uppercase();
    if said.chars().any(|c| !"RACI".contains(c)) {
        return cell.trim().to_owned();
    }
    let known = ["R", "A", "C", "I"].into_iter().filter(|letter| said.contains(letter));
    known.collect::<Vec<_>>().join(", ")
}

fn named<'a>(
    what: &'static str,
    number: usize,
    name: &'a str,
    seen: &mut Vec<&'a str>,
    found: &mut Vec<MatrixError>,
) {
    if name.is_empty() {
        found.push(MatrixError::Nameless(what, number));
    } else if seen.contains(&name) {
        found.push(MatrixError::Twice(name.to_owned()));
    } else {
        seen.push(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: &[(&str, &[&str])]) -> Matrix {
        let column = |role: &str| MatrixColumn {
            role: role.to_owned(),
            person: None,
            member: None,
            side: Side::Vendor,
        };
        Matrix {
            columns: vec![column("CSM"), column("Sponsor"), column("IT")],
            rows: rows
                .iter()
                .map(|(activity, cells)| MatrixRow {
                    activity: (*activity).to_owned(),
                    cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
                })
                .collect(),
        }
    }

    fn said(matrix: Matrix) -> Vec<String> {
        matrix.tidy().problems().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn one_answers_and_somebody_does_it() {
        assert!(said(matrix(&[("Plan", &["R", "A", "I"]), ("Train", &["a/r", "", "i, c"])])).is_empty());
        assert_eq!(
            said(matrix(&[("Plan", &["A", "R, A", "I"]), ("Train", &["C", "I", ""])])),
            [
                "“Plan” has 2 A (CSM, Sponsor): only one may answer for it",
                "“Train” has no A: one role must answer for it",
                "“Train” has no R: somebody must do it"
            ]
        );
    }

    #[test]
    fn cells_and_names_are_checked() {
        assert_eq!(
            said(matrix(&[("Plan", &["R", "A", "X"])])),
            ["“X” at “Plan” / IT cannot be: use R, A, C, I, “R, A” or “C, I”"]
        );
        assert_eq!(said(matrix(&[("Plan", &["R/A"])])), ["“Plan” has not one cell for each role"]);
        assert_eq!(said(matrix(&[(" ", &["R/A", "", ""])]))[0], "activity 1 has no name");
        let twice = matrix(&[("Plan", &["R/A", "", ""]), ("Plan", &["R/A", "", ""])]);
        assert_eq!(said(twice), ["“Plan” stands there twice"]);
        assert_eq!(said(matrix(&[])), ["a matrix has 1 to 60 roles and 1 to 60 activities"]);
    }
}
