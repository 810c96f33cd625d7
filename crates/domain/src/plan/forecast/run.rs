//! The runs: for each, durations are drawn and the forward pass is made, 64 runs side by side so
//! that every step is a loop over numbers that lie next to each other.

use super::grid::{Arc, Becomes, Days, Grid, Item, State, at};
use super::normal::Draws;
use crate::plan::random::Random;
use crate::programme::Side;

/// Runs side by side.
pub(super) const LANES: usize = 64;

/// How long what is left of a task may take: remaining working days by normal score.
pub(super) struct Work {
    pub side: Side,
    /// Share of the variance it has in common with other tasks of its side; more than
    /// [`super::slip::SlipModel::shared`] by what is not known of this onboarding.
    pub shared: f64,
    /// Share of the variance that is its own.
    pub own: f64,
    /// Working days at 64 scores to the unit, from −4 to 4; empty when nothing is drawn.
    pub days: Vec<i32>,
}

/// Scores to the unit in [`Work::days`].
pub(super) const PER_UNIT: f32 = 64.0;
/// Farthest score in [`Work::days`].
pub(super) const FARTHEST: f32 = 4.0;
/// Number of entries of [`Work::days`].
pub(super) const POINTS: usize = 513;

/// What the tasks of a side have in common, as far as it is known from those that are done:
/// `mean + lower · z`, with two independent standard normals `z`; vendor first, then customer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Factors {
    pub mean: [f64; 2],
    pub lower: [[f64; 2]; 2],
}

/// Sums over all runs.
pub(super) struct Tally {
    pub runs: u32,
    /// By place: runs in which the task lies on the driving chain.
    pub driving: Vec<u32>,
    /// By place: sums of work, its square, and its product with the finish of the end.
    pub work: Vec<[i64; 3]>,
    /// Sums of the finish of the end and its square, from the reference day.
    pub end: [i64; 2],
    /// By day of the grid: runs in which the go-live, and the plan, finishes then.
    pub go_live: Vec<u32>,
    pub finish: Vec<u32>,
}

/// One batch, by place and lane.
struct Batch {
    least: Vec<[i32; LANES]>,
    work: Vec<[i32; LANES]>,
    start: Vec<[i32; LANES]>,
    finish: Vec<[i32; LANES]>,
    /// Day on which the last task so far is shown to finish, and which one that is.
    last: [i32; LANES],
    last_place: [usize; LANES],
}

/// Makes the runs. `end` is the place whose chain is looked at (the last to finish, when there is
/// none); work is summed against its finish, counted from `reference`.
pub(super) fn simulate(
    grid: &Grid<'_, '_>,
    works: &[Work],
    factors: Factors,
    end: Option<usize>,
    reference: i32,
    runs: u32,
    random: &mut Random,
) -> Tally {
    let count = grid.items.len();
    let days = grid.days.iter().map(|days| days.morning.len()).max().unwrap_or(0) + 1;
    let mut tally = Tally {
        runs,
        driving: vec![0; count],
        work: vec![[0; 3]; count],
        end: [0; 2],
        go_live: vec![0; if end.is_some() { days } else { 0 }],
        finish: vec![0; days],
    };
    let draws = Draws::new();
    let mut batch = Batch {
        least: vec![[0; LANES]; count],
        work: vec![[0; LANES]; count],
        start: vec![[0; LANES]; count],
        finish: vec![[0; LANES]; count],
        last: [0; LANES],
        last_place: [0; LANES],
    };
    let mut done = 0;
    while done < runs {
        let lanes = usize::try_from(runs - done).unwrap_or(LANES).min(LANES);
        batch.pass(grid, works, factors, &draws, random);
        batch.count(grid, end, reference, lanes, &mut tally);
        done = done.saturating_add(LANES as u32);
    }
    tally
}

impl Batch {
    fn pass(
        &mut self,
        grid: &Grid<'_, '_>,
        works: &[Work],
        factors: Factors,
        draws: &Draws,
        random: &mut Random,
    ) {
        let shared = draw_shared(factors, draws, random);
        self.last = [i32::MIN; LANES];
        for (place, (item, work)) in grid.items.iter().zip(works).enumerate() {
            if let State::Done { start, finish } = item.state {
                (self.start[place], self.finish[place]) = ([start; LANES], [finish; LANES]);
                self.note_last(place, [finish - 1; LANES]);
                continue;
            }
            if !work.days.is_empty() {
                draw_work(work, &shared, draws, random, &mut self.work[place]);
            }
            self.place(grid, item, place);
        }
    }

    /// The forward pass for one task in every lane.
    fn place(&mut self, grid: &Grid<'_, '_>, item: &Item, place: usize) {
        let days = &grid.days[item.calendar];
        let mut least = [item.not_before.max(item.floor); LANES];
        let work = self.work[place];
        for arc in &item.arcs {
            let moments = if arc.looks.at_start { &self.start[arc.from] } else { &self.finish[arc.from] };
            raise(&mut least, moments, &work, arc, days);
        }
        self.least[place] = least;
        let mut position = least;
        if let State::Fixed(fixed) = item.state {
            position = [fixed; LANES];
        } else if item.avoid.is_some() {
            for (position, &work) in position.iter_mut().zip(&work) {
                *position = grid.allowed(item, *position, work);
            }
        }
        let mut shown = [0; LANES];
        let (starts, finishes) = (&mut self.start[place], &mut self.finish[place]);
        let lanes = starts.iter_mut().zip(finishes.iter_mut()).zip(&mut shown);
        for (((start, finish), shown), (&position, &work)) in lanes.zip(position.iter().zip(&work)) {
            if item.milestone {
                let reached = at(&days.reached, position);
                (*start, *finish) = (reached, reached);
                *shown = if position == 0 { at(&days.day, 0) } else { reached - 1 };
            } else {
                *start = at(&days.day, position);
                *shown = at(&days.day, position + work - 1);
                *finish = *shown + 1;
            }
        }
        if let State::Started(start) = item.state {
            *starts = [start; LANES];
        }
        self.note_last(place, shown);
    }

    fn note_last(&mut self, place: usize, shown: [i32; LANES]) {
        for ((last, last_place), shown) in self.last.iter_mut().zip(&mut self.last_place).zip(shown) {
            if shown > *last {
                (*last, *last_place) = (shown, place);
            }
        }
    }

    /// Adds the first `lanes` runs to the sums.
    fn count(
        &self,
        grid: &Grid<'_, '_>,
        end: Option<usize>,
        reference: i32,
        lanes: usize,
        tally: &mut Tally,
    ) {
        let mut finishes = [0_i64; LANES];
        for (lane, finish) in finishes.iter_mut().enumerate().take(lanes) {
            add(&mut tally.finish, self.last[lane]);
            let end_place = end.unwrap_or(self.last_place[lane]);
            let shown = match end {
                Some(place) => {
                    let shown = self.shown_finish(grid, place, lane);
                    add(&mut tally.go_live, shown);
                    shown
                }
                None => self.last[lane],
            };
            let past = i64::from(shown - reference);
            *finish = past;
            tally.end[0] += past;
            tally.end[1] += past * past;
            self.walk_back(grid, end_place, lane, &mut tally.driving);
        }
        for (work, sums) in self.work.iter().zip(&mut tally.work) {
            for (&work, &past) in work.iter().zip(&finishes).take(lanes) {
                let work = i64::from(work);
                sums[0] += work;
                sums[1] += work * work;
                sums[2] += work * past;
            }
        }
    }

    fn shown_finish(&self, grid: &Grid<'_, '_>, place: usize, lane: usize) -> i32 {
        let item = &grid.items[place];
        let open_milestone = item.milestone && !matches!(item.state, State::Done { .. });
        let at_start = open_milestone && self.finish[place][lane] == at(&grid.days[item.calendar].reached, 0);
        if at_start { at(&grid.days[item.calendar].day, 0) } else { self.finish[place][lane] - 1 }
    }

    /// Marks the chain of links that holds a task where it is: see `driving_edge` of the engine.
    fn walk_back(&self, grid: &Grid<'_, '_>, end: usize, lane: usize, driving: &mut [u32]) {
        let mut place = end;
        loop {
            driving[place] += 1;
            let item = &grid.items[place];
            let least = self.least[place][lane];
            let held = match item.state {
                State::Done { .. } | State::Fixed(_) => true,
                _ => item.not_before == least && least > 0,
            };
            if held {
                return;
            }
            let days = &grid.days[item.calendar];
            let holds = |arc: &&Arc| {
                let moments = if arc.looks.at_start { &self.start } else { &self.finish };
                let over = || matches!(grid.items[arc.from].state, State::Done { .. });
                bound(arc, moments[arc.from][lane], self.work[place][lane], days) == least
                    && !(item.floor == least && over())
            };
            match item.arcs.iter().find(holds) {
                Some(arc) => place = arc.from,
                None => return,
            }
        }
    }
}

fn add(counts: &mut [u32], day: i32) {
    if let Some(count) = usize::try_from(day).ok().and_then(|day| counts.get_mut(day)) {
        *count += 1;
    }
}

/// What each side's tasks have in common in each lane: vendor, customer, and both together.
fn draw_shared(factors: Factors, draws: &Draws, random: &mut Random) -> [[f32; LANES]; 3] {
    let mut shared = [[0.0; LANES]; 3];
    let [vendor, customer, joint] = &mut shared;
    for ((vendor, customer), joint) in vendor.iter_mut().zip(customer).zip(joint) {
        let [first, second] = draws.pair(random).map(f64::from);
        let of_vendor = factors.mean[0] + factors.lower[0][0] * first;
        let of_customer = factors.mean[1] + factors.lower[1][0] * first + factors.lower[1][1] * second;
        *vendor = of_vendor as f32;
        *customer = of_customer as f32;
        *joint = ((of_vendor + of_customer) * std::f64::consts::FRAC_1_SQRT_2) as f32;
    }
    shared
}

fn draw_work(
    work: &Work,
    shared: &[[f32; LANES]; 3],
    draws: &Draws,
    random: &mut Random,
    into: &mut [i32; LANES],
) {
    let common = match work.side {
        Side::Vendor => &shared[0],
        Side::Customer => &shared[1],
        Side::Joint => &shared[2],
    };
    let (shared, own) = (work.shared.sqrt() as f32 * PER_UNIT, work.own.sqrt() as f32 * PER_UNIT);
    const MIDDLE: f32 = FARTHEST * PER_UNIT + 0.5;
    const LAST: f32 = (POINTS - 1) as f32;
    for (into, common) in into.chunks_exact_mut(2).zip(common.chunks_exact(2)) {
        let drawn = draws.pair(random);
        for ((into, common), own_draw) in into.iter_mut().zip(common).zip(drawn) {
            let place = (MIDDLE + shared * common + own * own_draw).clamp(0.0, LAST);
            *into = work.days[place as usize];
        }
    }
}

/// Raises the least positions to what a link allows.
fn raise(least: &mut [i32; LANES], moments: &[i32; LANES], work: &[i32; LANES], arc: &Arc, days: &Days) {
    match arc.looks.becomes {
        Becomes::Morning => {
            for (least, &moment) in least.iter_mut().zip(moments) {
                *least = (*least).max(at(&days.morning, moment) + arc.lag);
            }
        }
        Becomes::Evening => {
            for (least, &moment) in least.iter_mut().zip(moments) {
                *least = (*least).max(at(&days.evening, moment + arc.shift) + arc.lag);
            }
        }
        Becomes::WorkBeforeMorning | Becomes::WorkByEvening => {
            for ((least, &moment), &work) in least.iter_mut().zip(moments).zip(work) {
                *least = (*least).max(bound(arc, moment, work, days));
            }
        }
    }
}

/// The least position a link allows, given the moment it looks at and the successor's work.
fn bound(arc: &Arc, moment: i32, work: i32, days: &Days) -> i32 {
    arc.lag
        + match arc.looks.becomes {
            Becomes::Morning => at(&days.morning, moment),
            Becomes::Evening => at(&days.evening, moment + arc.shift),
            Becomes::WorkBeforeMorning => at(&days.morning, moment) - work,
            Becomes::WorkByEvening => at(&days.evening, moment) - work,
        }
}
