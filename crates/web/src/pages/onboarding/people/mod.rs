//! Who is who at the customer, who does what, and what is missing.

mod grid;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangway_app::identity::Session;
use gangway_app::onboarding::{self, Sight};
use gangway_domain::fact::Confidence;
use gangway_domain::package::{Placed, Raci, RaciColumn, RoleGap, TeamLine};
use gangway_domain::programme::Side;
use serde::Deserialize;

use super::read_id;
use super::top::Top;
use crate::Web;
use crate::extract::Names;
use crate::format::initials;
use crate::pages::failure::Failure;
use crate::pages::{Frame, render};
use crate::session::Signed;
use grid::Grid;

/// The sections of the package this page shows.
#[derive(Deserialize)]
struct Shown {
    people: People,
    raci: Raci,
}

#[derive(Deserialize)]
struct People {
    stakeholders: Vec<Placed>,
    gaps: Vec<RoleGap>,
    threading: String,
    multi_threaded: bool,
    team: Vec<TeamLine>,
}

#[derive(Template)]
#[template(path = "pages/onboarding/people/people.html")]
struct Page {
    frame: Frame,
    top: Top,
    grid: Grid,
    people: Vec<Person>,
    gaps: Vec<RoleGap>,
    threading: String,
    multi_threaded: bool,
    team: Vec<Colleague>,
    columns: Vec<Column>,
    rows: Vec<Row>,
}

struct Person {
    label: String,
    title: String,
    role: String,
    email: Option<String>,
    grid: String,
    strategy: String,
    engagement: String,
    unsure: bool,
}

struct Colleague {
    role: String,
    person: Option<String>,
    initials: String,
    does: String,
}

struct Column {
    role: String,
    person: Option<String>,
    side: &'static str,
}

struct Row {
    activity: String,
    cells: Vec<Cell>,
}

struct Cell {
    letters: String,
    /// `r`, `a`, `c`, `i` by the weightiest letter; empty for none.
    class: &'static str,
    /// The letters in words.
    means: String,
}

/// The people of one onboarding.
pub(crate) async fn show(
    State(web): State<Web>,
    Signed(session): Signed,
    Names(id): Names<String>,
) -> Result<Response, Failure> {
    let sight = onboarding::sight::<Shown>(&web.app, &session.actor, read_id(id)?).await?;
    Ok(render(StatusCode::OK, &Page::new(&session, sight)))
}

impl Page {
    fn new(session: &Session, sight: Sight<Shown>) -> Self {
        let Sight { head, sections: Shown { people, raci }, .. } = sight;
        let top = Top::new(session, &head, "/people");
        Self {
            frame: top.frame(session, "People"),
            top,
            grid: Grid::new(&people.stakeholders),
            people: people.stakeholders.into_iter().map(Person::new).collect(),
            gaps: people.gaps,
            threading: people.threading,
            multi_threaded: people.multi_threaded,
            team: people.team.into_iter().map(Colleague::new).collect(),
            columns: raci.columns.into_iter().map(Column::new).collect(),
            rows: raci
                .rows
                .into_iter()
                .map(|line| Row {
                    activity: line.activity,
                    cells: line.cells.into_iter().map(Cell::new).collect(),
                })
                .collect(),
        }
    }
}

impl Person {
    fn new(placed: Placed) -> Self {
        Self {
            title: match (placed.title, placed.count) {
                (Some(title), 1) => title,
                (title, count) if count > 1 => {
                    format!("{}{count} people", title.map_or_else(String::new, |title| format!("{title}, ")))
                }
                (title, _) => title.unwrap_or_default(),
            },
            role: placed.role_name,
            email: placed.email,
            grid: format!("{} power, {} interest", placed.power, placed.interest),
            strategy: placed.strategy,
            engagement: placed.engagement,
            unsure: placed.confidence == Confidence::Low,
            label: placed.label,
        }
    }
}

impl Colleague {
    fn new(line: TeamLine) -> Self {
        Self {
            initials: initials(line.person.as_deref().unwrap_or(&line.role)),
            role: line.role,
            person: line.person,
            does: line.does,
        }
    }
}

impl Column {
    fn new(column: RaciColumn) -> Self {
        let side = match column.side {
            Side::Vendor => "vendor",
            Side::Customer => "customer",
            Side::Joint => "joint",
        };
        Self { role: column.role, person: column.person, side }
    }
}

impl Cell {
    fn new(letters: String) -> Self {
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
        Self { means: words.join(", "), class, letters }
    }
}

#[cfg(test)]
mod tests {
    use super::Cell;

    #[test]
    fn a_cell_shows_its_weightiest_letter_and_says_all_of_them() {
        let cell = Cell::new("R/A".to_owned());
        assert_eq!((cell.class, cell.means.as_str()), ("a", "does it, answers for it"));
        assert_eq!((Cell::new("I".to_owned()).class, Cell::new(String::new()).class), ("i", ""));
    }
}
