//! Stakeholders by power and interest, as a picture: who stands in which of nine cells.

use gangway_domain::people::Grade;

use crate::format::initials;

/// Width of a cell, units of the picture (pixels at its natural size).
const CELL: i32 = 190;
/// Height a person takes.
const LINE: i32 = 34;
/// Least height of a row of cells: room for its strategy.
const LEAST: i32 = 84;
/// Room left of the cells for the axis.
const LEFT: i32 = 34;
/// Room under the cells for the axis.
const BOTTOM: i32 = 30;
/// Room in a cell above its first person.
const TOP: i32 = 30;
/// Characters of a name that fit.
const NAME_LENGTH: usize = 20;

pub(super) struct Grid {
    pub width: i32,
    pub height: i32,
    pub cells: Vec<Cell>,
    pub people: Vec<Dot>,
    /// In words, for those who cannot see it.
    pub summary: String,
    /// Where the words of the axes stand.
    pub middle_x: i32,
    pub middle_y: i32,
    pub foot_y: i32,
}

pub(super) struct Cell {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
    /// What to do with those in this corner; empty for the cells in between.
    pub strategy: &'static str,
    /// `weight-0` to `weight-4`: the sum of power and interest.
    pub class: String,
}

pub(super) struct Dot {
    pub x: i32,
    pub y: i32,
    pub initials: String,
    pub name: String,
    pub title: String,
    /// Where their page is; empty for those without one.
    pub href: String,
    /// `risk-low` to `risk-high`.
    pub class: String,
}

/// Somebody who stands on the grid.
#[derive(Debug, Clone)]
pub(super) struct Spot {
    pub label: String,
    pub role: String,
    pub power: Grade,
    pub interest: Grade,
    pub href: String,
    pub risk: Grade,
}

impl Grid {
    pub(super) fn new(people: &[Spot]) -> Self {
        let mut cells = Vec::new();
        let mut dots = Vec::new();
        let mut y = 2;
        // High power stands at the top.
        for power in Grade::ALL.iter().rev().copied() {
            let inside = |interest: Grade| {
                people.iter().filter(move |spot| spot.power == power && spot.interest == interest)
            };
            let most = Grade::ALL.iter().map(|interest| inside(*interest).count()).max().unwrap_or(0);
            let height = (TOP + i32::try_from(most).unwrap_or(0) * LINE + 8).max(LEAST);
            for (column, interest) in (0..).zip(Grade::ALL.iter().copied()) {
                let x = LEFT + column * CELL;
                cells.push(Cell {
                    x,
                    y,
                    width: CELL,
                    height,
                    strategy: corner(power, interest),
                    class: format!("weight-{}", weight(power) + weight(interest)),
                });
                for (line, spot) in (0..).zip(inside(interest)) {
                    dots.push(Dot {
                        x: x + 26,
                        y: y + TOP + line * LINE + LINE / 2,
                        initials: initials(&spot.label),
                        name: short(&spot.label),
                        title: format!(
                            "{}, {}: {} power, {} interest, {} risk",
                            spot.label,
                            spot.role,
                            power.word(),
                            interest.word(),
                            spot.risk.word()
                        ),
                        href: spot.href.clone(),
                        class: format!("risk-{}", spot.risk.word()),
                    });
                }
            }
            y += height;
        }
        Self {
            width: LEFT + 3 * CELL + 2,
            height: y + BOTTOM,
            cells,
            summary: format!("{} people by power and interest; the table below says the same.", people.len()),
            people: dots,
            middle_x: LEFT + 3 * CELL / 2,
            middle_y: y / 2,
            foot_y: y + 20,
        }
    }
}

fn weight(grade: Grade) -> usize {
    Grade::ALL.iter().position(|known| *known == grade).unwrap_or(1)
}

fn corner(power: Grade, interest: Grade) -> &'static str {
    match (power, interest) {
        (Grade::High, Grade::High) => "Manage closely",
        (Grade::High, Grade::Low) => "Keep satisfied",
        (Grade::Low, Grade::High) => "Keep informed",
        (Grade::Low, Grade::Low) => "Monitor",
        _ => "",
    }
}

fn short(name: &str) -> String {
    if name.chars().count() <= NAME_LENGTH {
        return name.to_owned();
    }
    let cut: String = name.chars().take(NAME_LENGTH - 1).collect();
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(label: &str, power: Grade, interest: Grade) -> Spot {
        Spot {
            label: label.to_owned(),
            role: "End user".to_owned(),
            power,
            interest,
            href: String::new(),
            risk: Grade::Low,
        }
    }

    #[test]
    fn everybody_stands_inside_the_cell_of_their_power_and_interest() {
        let people = [
            somebody("Sponsor", Grade::High, Grade::High),
            somebody("Second sponsor", Grade::High, Grade::High),
            somebody("Auditor", Grade::High, Grade::Low),
            somebody("Trainer", Grade::Medium, Grade::Medium),
            somebody("User", Grade::Low, Grade::Low),
        ];
        let grid = Grid::new(&people);
        assert_eq!((grid.cells.len(), grid.people.len()), (9, people.len()));
        for spot in &people {
            let dot = grid.people.iter().find(|dot| dot.title.starts_with(&spot.label)).unwrap();
            let row = 2 - weight(spot.power);
            let cell = &grid.cells[row * 3 + weight(spot.interest)];
            assert!((cell.x..cell.x + cell.width).contains(&dot.x), "{}", spot.label);
            assert!((cell.y..cell.y + cell.height).contains(&dot.y), "{}", spot.label);
        }
    }

    #[test]
    fn people_in_one_cell_do_not_cover_each_other() {
        let one = somebody("User", Grade::High, Grade::Low);
        let grid = Grid::new(&vec![one; 9]);
        let mut heights: Vec<i32> = grid.people.iter().map(|dot| dot.y).collect();
        heights.dedup();
        assert_eq!(heights.len(), 9);
        assert!(heights.windows(2).all(|pair| pair[1] - pair[0] >= LINE));
        assert!(heights[8] < grid.height - BOTTOM);
    }

    #[test]
    fn nobody_is_a_grid_too() {
        assert_eq!(Grid::new(&[]).height, 2 + 3 * LEAST + BOTTOM);
    }
}
