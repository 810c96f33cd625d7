//! Stakeholders by power and interest, as a picture: who stands in which of nine cells.

use gangway_domain::package::Placed;

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

const LEVELS: [&str; 3] = ["low", "medium", "high"];

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
}

impl Grid {
    pub(super) fn new(people: &[Placed]) -> Self {
        let mut cells = Vec::new();
        let mut dots = Vec::new();
        let mut y = 2;
        // High power stands at the top.
        for power in (0..3).rev() {
            let inside = |interest: usize| {
                people.iter().filter(move |placed| {
                    level(&placed.power) == power && level(&placed.interest) == interest
                })
            };
            let most = (0..3).map(|interest| inside(interest).count()).max().unwrap_or(0);
            let height = (TOP + i32::try_from(most).unwrap_or(0) * LINE + 8).max(LEAST);
            for interest in 0..3 {
                let x = LEFT + i32::try_from(interest).unwrap_or(0) * CELL;
                cells.push(Cell {
                    x,
                    y,
                    width: CELL,
                    height,
                    strategy: strategy(power, interest),
                    class: format!("weight-{}", power + interest),
                });
                for (line, placed) in (0..).zip(inside(interest)) {
                    dots.push(Dot {
                        x: x + 26,
                        y: y + TOP + line * LINE + LINE / 2,
                        initials: initials(&placed.label),
                        name: short(&placed.label),
                        title: format!(
                            "{}, {}: {} power, {} interest",
                            placed.label, placed.role_name, placed.power, placed.interest
                        ),
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

fn level(word: &str) -> usize {
    LEVELS.iter().position(|level| *level == word).unwrap_or(1)
}

fn strategy(power: usize, interest: usize) -> &'static str {
    match (power, interest) {
        (2, 2) => "Manage closely",
        (2, 0) => "Keep satisfied",
        (0, 2) => "Keep informed",
        (0, 0) => "Monitor",
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
    use gangway_domain::deal::StakeholderRole;
    use gangway_domain::fact::Confidence;

    fn somebody(label: &str, power: &str, interest: &str) -> Placed {
        Placed {
            label: label.to_owned(),
            title: None,
            role: StakeholderRole::EndUser,
            role_name: "End user".to_owned(),
            count: 1,
            email: None,
            power: power.to_owned(),
            interest: interest.to_owned(),
            strategy: "Monitor".to_owned(),
            engagement: "monthly".to_owned(),
            notes: None,
            confidence: Confidence::High,
        }
    }

    #[test]
    fn everybody_stands_inside_the_cell_of_their_power_and_interest() {
        let people = [
            somebody("Sponsor", "high", "high"),
            somebody("Second sponsor", "high", "high"),
            somebody("Auditor", "high", "low"),
            somebody("Trainer", "medium", "medium"),
            somebody("User", "low", "low"),
        ];
        let grid = Grid::new(&people);
        assert_eq!((grid.cells.len(), grid.people.len()), (9, people.len()));
        for placed in &people {
            let dot = grid.people.iter().find(|dot| dot.title.starts_with(&placed.label)).unwrap();
            let row = 2 - level(&placed.power);
            let cell = &grid.cells[row * 3 + level(&placed.interest)];
            assert!((cell.x..cell.x + cell.width).contains(&dot.x), "{}", placed.label);
            assert!((cell.y..cell.y + cell.height).contains(&dot.y), "{}", placed.label);
        }
    }

    #[test]
    fn people_in_one_cell_do_not_cover_each_other() {
        let one = somebody("User", "high", "low");
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
