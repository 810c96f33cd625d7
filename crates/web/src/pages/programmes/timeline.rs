//! A programme on one line of weeks: its phases as bars, its gates as diamonds.

use gangway_domain::programme::Programme;

/// Width of the picture.
const WIDTH: u32 = 960;
/// Height of a phase's row.
const ROW: u32 = 26;
/// Height of the head with the weeks.
const HEAD: u32 = 22;

/// The picture.
pub(super) struct Timeline {
    pub width: u32,
    pub height: u32,
    pub head: u32,
    pub weeks: Vec<(u32, String)>,
    pub bars: Vec<Bar>,
    pub gates: Vec<Gate>,
    pub live_x: u32,
    pub summary: String,
}

/// A phase.
pub(super) struct Bar {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub label: String,
    pub label_x: u32,
    pub label_y: u32,
    pub outside: bool,
    pub title: String,
}

/// A gate.
pub(super) struct Gate {
    pub points: String,
    pub title: String,
}

impl Timeline {
    pub(super) fn new(programme: &Programme) -> Self {
        let lead_weeks = programme.lead_days.div_ceil(7).clamp(1, 8);
        let last_phase = programme.phases.iter().map(|phase| phase.weeks[1]).max().unwrap_or(1);
        let weeks = last_phase.max(programme.complete_day.div_ceil(7)).clamp(1, 104);
        let total = (lead_weeks + weeks) * 7;
        // Days from the beginning of preparation.
        let x = |day: u32| day.min(total) * WIDTH / total;
        let week_start = |week: u32| if week == 0 { 0 } else { (lead_weeks + week - 1) * 7 };
        let bars: Vec<Bar> = (0_u32..)
            .zip(&programme.phases)
            .map(|(row, phase)| {
                // A draft may say anything.
                let [from, to] = phase.weeks.map(|week| week.min(200));
                let end = if to == 0 { lead_weeks * 7 } else { (lead_weeks + to) * 7 };
                let (left, right) = (x(week_start(from)), x(end));
                let width = right.saturating_sub(left).max(6);
                let own = programme.milestones.iter().filter(|gate| gate.gate && gate.phase == phase.id);
                let marks: Vec<u32> = own.map(|gate| x((lead_weeks * 7).saturating_add(gate.day))).collect();
                let clear = |from: u32, to: u32| !marks.iter().any(|mark| (from..=to).contains(mark));
                // Inter at 12 px is about 6.6 px a letter; no label stands under a gate.
                let letters = u32::try_from(phase.name.chars().count()).unwrap_or(99) * 7 + 16;
                let fits = letters < width && clear(left, left + letters);
                let room_right = WIDTH.saturating_sub(right) > letters;
                let beside = if clear(right.saturating_sub(8), right + 8) { right + 7 } else { right + 13 };
                let y = HEAD + row * ROW + 4;
                Bar {
                    x: left,
                    y,
                    width,
                    label: phase.name.clone(),
                    label_x: match (fits, room_right) {
                        (true, _) => left + 8,
                        (false, true) => beside,
                        (false, false) => left.saturating_sub(7),
                    },
                    label_y: y + 13,
                    outside: !fits,
                    title: match phase.weeks {
                        [0, 0] => format!("{}: before kickoff", phase.name),
                        [from, to] if from == to => format!("{}: week {from}", phase.name),
                        [from, to] => format!("{}: weeks {from} to {to}", phase.name),
                    },
                }
            })
            .collect();
        let gates = programme.milestones.iter().filter(|milestone| milestone.gate).map(|gate| {
            let row = programme.phases.iter().position(|phase| phase.id == gate.phase).unwrap_or(0);
            let y = HEAD + u32::try_from(row).unwrap_or(0) * ROW + 13;
            let middle = x((lead_weeks * 7).saturating_add(gate.day)).min(WIDTH - 6);
            Gate {
                points: format!(
                    "{middle},{} {},{y} {middle},{} {},{y}",
                    y - 6,
                    middle + 6,
                    y + 6,
                    middle.saturating_sub(6)
                ),
                title: format!("Gate: {}, day {}", gate.name, gate.day),
            }
        });
        let step = match weeks {
            0..=14 => 1,
            15..=30 => 2,
            _ => 4,
        };
        Self {
            width: WIDTH,
            height: HEAD + u32::try_from(programme.phases.len()).unwrap_or(1) * ROW + 6,
            head: HEAD,
            weeks: (1..=weeks)
                .step_by(step)
                .map(|week| {
                    (x(week_start(week)), if step > 1 { week.to_string() } else { format!("W{week}") })
                })
                .collect(),
            bars,
            gates: gates.collect(),
            live_x: x((lead_weeks * 7).saturating_add(programme.go_live_day)),
            summary: format!(
                "{} phases over {weeks} weeks, go-live on day {}",
                programme.phases.len(),
                programme.go_live_day
            ),
        }
    }

    /// Labels that stand to the left of their bar end where they are.
    pub(super) fn anchor(bar: &Bar) -> &'static str {
        if bar.outside && bar.label_x < bar.x { "end" } else { "start" }
    }
}

#[cfg(test)]
mod tests {
    use gangway_methodology::{Library, read_programme};

    use super::{Timeline, WIDTH};

    #[test]
    fn every_programme_fits_and_absurd_numbers_do_too() {
        for id in ["enterprise", "mid-market", "smb", "self-serve"] {
            let mut programme = read_programme(Library::builtin().programme(id).unwrap()).unwrap();
            let picture = Timeline::new(&programme);
            assert_eq!(picture.bars.len(), programme.phases.len(), "{id}");
            assert!(picture.bars.iter().all(|bar| bar.x + bar.width <= WIDTH + 6), "{id}");
            programme.go_live_day = u32::MAX;
            programme.lead_days = u32::MAX;
            programme.phases[0].weeks = [u32::MAX, u32::MAX];
            programme.milestones[0].day = u32::MAX;
            programme.milestones[0].gate = true;
            assert!(Timeline::new(&programme).live_x <= WIDTH, "{id}");
        }
    }
}
