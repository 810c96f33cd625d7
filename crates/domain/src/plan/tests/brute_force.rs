//! Produced schedules against a checker that knows nothing of positions and boundaries: it walks
//! from day to day and reads the meaning of links off the dates people are shown.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};
use proptest::prelude::*;

use crate::plan::*;

/// Steps looked at when a task could move: more than any run of days off or avoided here.
const REACH: usize = 40;

pub(in crate::plan) fn start() -> Date {
    date(2026, 3, 2)
}

pub(in crate::plan) fn day(point: Point) -> Date {
    match point {
        Point::Day(day) => day,
        Point::Unit(unit) => panic!("a business plan has no unit {unit}"),
    }
}

pub(in crate::plan) fn plus(day: Date, days: i64) -> Date {
    day.checked_add(days.days()).unwrap()
}

pub(in crate::plan) struct Walk<'a> {
    pub spec: &'a PlanSpec,
}

impl Walk<'_> {
    fn works(&self, task: &TaskSpec, day: Date) -> bool {
        let first = self.spec.calendars[0].id.clone();
        let used = if task.calendars.is_empty() { vec![first] } else { task.calendars.clone() };
        used.iter().all(|id| {
            let calendar = self.spec.calendars.iter().find(|calendar| calendar.id == *id).unwrap();
            !calendar.weekend.contains(&day.weekday())
                && calendar.holidays.iter().all(|holiday| holiday.date != day)
                && calendar.closed.iter().all(|closed| day < closed.from || closed.to < day)
        })
    }

    pub fn on_or_after(&self, task: &TaskSpec, mut day: Date) -> Date {
        while !self.works(task, day) {
            day = day.tomorrow().unwrap();
        }
        day
    }

    fn on_or_before(&self, task: &TaskSpec, mut day: Date) -> Date {
        while !self.works(task, day) {
            day = day.yesterday().unwrap();
        }
        day
    }

    /// The working day `days` after (before) a working day.
    pub fn shift(&self, task: &TaskSpec, mut day: Date, days: i64) -> Date {
        for _ in 0..days.abs() {
            day = if days > 0 {
                self.on_or_after(task, day.tomorrow().unwrap())
            } else {
                self.on_or_before(task, day.yesterday().unwrap())
            };
        }
        day
    }

    pub fn finish(&self, task: &TaskSpec, start: Date) -> Date {
        self.shift(task, start, i64::from(task.duration).max(1) - 1)
    }

    /// The first day of work on or after the start of the plan.
    pub fn first(&self, task: &TaskSpec) -> Date {
        self.on_or_after(task, start())
    }

    /// A milestone shown on the first day may be reached at the plan's start or that evening: dates do not tell.
    pub fn ambiguous(&self, task: &TaskSpec, shown: Date) -> bool {
        task.duration == 0 && shown <= self.first(task)
    }

    /// Whether two tasks on their dates satisfy a link.
    pub fn holds(&self, link: &LinkSpec, from: (&TaskSpec, Date, Date), to: (&TaskSpec, Date, Date)) -> bool {
        let ((before, from_start, from_finish), (after, to_start, to_finish)) = (from, to);
        let lag = i64::from(link.lag);
        let by_finish =
            matches!(link.kind, LinkKind::FinishStart | LinkKind::FinishFinish) || before.duration == 0;
        let evening = if by_finish { from_finish } else { from_start };
        if after.duration == 0 {
            return to_start >= self.shift(after, self.on_or_after(after, evening), lag);
        }
        match link.kind {
            LinkKind::FinishStart | LinkKind::StartStart => {
                let morning = if by_finish { plus(from_finish, 1) } else { from_start };
                to_start >= self.shift(after, self.on_or_after(after, morning), lag)
            }
            LinkKind::StartFinish if !by_finish => {
                to_finish >= self.shift(after, self.on_or_before(after, plus(from_start, -1)), lag)
            }
            LinkKind::FinishFinish | LinkKind::StartFinish => {
                to_finish >= self.shift(after, self.on_or_after(after, evening), lag)
            }
        }
    }

    pub fn allowed(&self, task: &TaskSpec, first: Date, last: Date) -> bool {
        task.avoid.as_ref().is_none_or(|avoid| {
            !avoid.weekdays.contains(&first.weekday())
                && !avoid.weekdays.contains(&last.weekday())
                && avoid.periods.iter().all(|period| last < period.from || period.to < first)
        })
    }
}

type Dates = Vec<(Date, Date)>;

fn check(spec: &PlanSpec, schedule: &Schedule) -> Result<(), TestCaseError> {
    let walk = Walk { spec };
    let early: Dates =
        schedule.tasks.iter().map(|task| (day(task.early_start), day(task.early_finish))).collect();
    let late: Dates =
        schedule.tasks.iter().map(|task| (day(task.late_start), day(task.late_finish))).collect();
    let planned: Dates = schedule.tasks.iter().map(|task| (day(task.start), day(task.finish))).collect();
    let finish = early.iter().map(|(_, finish)| *finish).max().unwrap();
    prop_assert_eq!(day(schedule.finish), finish);
    for dates in [&early, &late, &planned] {
        for (task, &(start, finish)) in spec.tasks.iter().zip(dates) {
            prop_assert!(
                walk.works(task, start) && walk.works(task, finish),
                "{} works {start} {finish}",
                task.id
            );
            prop_assert_eq!(walk.finish(task, start), finish, "{} lasts its duration", &task.id);
        }
    }
    for dates in [&early, &planned] {
        check_links(&walk, dates, schedule)?;
        check_constraints(&walk, dates, schedule)?;
    }
    check_minimal(&walk, &early)?;
    check_late(&walk, &late, finish)?;
    for (at, task) in schedule.tasks.iter().enumerate() {
        prop_assert!(planned[at].0 >= early[at].0);
        prop_assert!(task.total_slack < 0 || planned[at].0 <= late[at].0);
        prop_assert!(task.free_slack >= 0 && (task.total_slack < 0 || task.free_slack <= task.total_slack));
        if spec.tasks[at].duration > 0 {
            prop_assert_eq!(walk.shift(&spec.tasks[at], early[at].0, task.total_slack), late[at].0);
        }
    }
    let least = schedule.tasks.iter().map(|task| task.total_slack).min();
    prop_assert!(schedule.tasks.iter().all(|task| task.critical == (Some(task.total_slack) == least)));
    check_chain(spec, schedule)
}

fn fixed(task: &TaskSpec) -> bool {
    matches!(task.constraint, Some(Constraint::FixedStart { .. }))
}

pub(in crate::plan) fn ends(spec: &PlanSpec, link: &LinkSpec) -> (usize, usize) {
    let find = |id: &str| spec.tasks.iter().position(|task| task.id == id).unwrap();
    (find(&link.from), find(&link.to))
}

fn check_links(walk: &Walk<'_>, dates: &Dates, schedule: &Schedule) -> Result<(), TestCaseError> {
    for link in &walk.spec.links {
        let (from, to) = ends(walk.spec, link);
        let (before, after) = (&walk.spec.tasks[from], &walk.spec.tasks[to]);
        if walk.ambiguous(before, dates[from].1) {
            continue;
        }
        let holds =
            walk.holds(link, (before, dates[from].0, dates[from].1), (after, dates[to].0, dates[to].1));
        let reported = fixed(after)
            && schedule.conflicts.iter().any(|conflict| conflict.task == after.id && conflict.by > 0);
        prop_assert!(holds || reported, "{link:?} from {:?} to {:?}", dates[from], dates[to]);
    }
    Ok(())
}

fn check_constraints(walk: &Walk<'_>, dates: &Dates, schedule: &Schedule) -> Result<(), TestCaseError> {
    for (task, &(start, finish)) in walk.spec.tasks.iter().zip(dates) {
        let reported = schedule.conflicts.iter().any(|conflict| conflict.task == task.id);
        prop_assert!(start >= walk.first(task));
        prop_assert!(fixed(task) || walk.allowed(task, start, finish), "{} avoids {start} {finish}", task.id);
        match task.constraint {
            Some(Constraint::NotBefore { at }) => prop_assert!(start >= day(at)),
            Some(Constraint::FinishBy { at }) => prop_assert!(reported || finish <= day(at)),
            Some(Constraint::FixedStart { at }) => prop_assert_eq!(start, walk.on_or_after(task, day(at))),
            None => prop_assert!(!reported),
        }
    }
    Ok(())
}

/// Earlier allowed dates of any task break a link or its own constraint.
fn check_minimal(walk: &Walk<'_>, early: &Dates) -> Result<(), TestCaseError> {
    for (at, task) in walk.spec.tasks.iter().enumerate().filter(|(_, task)| !fixed(task)) {
        let mut start = early[at].0;
        for _ in 0..REACH {
            if start <= walk.first(task) {
                break;
            }
            start = walk.shift(task, start, -1);
            let finish = walk.finish(task, start);
            if !walk.allowed(task, start, finish) {
                continue;
            }
            let too_early = match task.constraint {
                Some(Constraint::NotBefore { at }) => start < day(at),
                _ => false,
            };
            let breaks = walk.spec.links.iter().any(|link| {
                let (from, to) = ends(walk.spec, link);
                let before = (&walk.spec.tasks[from], early[from].0, early[from].1);
                to == at && !walk.holds(link, before, (task, start, finish))
            });
            prop_assert!(
                too_early || breaks,
                "{} could start on {start} instead of {}",
                task.id,
                early[at].0
            );
            break;
        }
    }
    Ok(())
}

/// Late dates keep the links among themselves, and later allowed dates break something.
fn check_late(walk: &Walk<'_>, late: &Dates, finish: Date) -> Result<(), TestCaseError> {
    let spec = walk.spec;
    let within = |task: &TaskSpec, shown: Date| {
        let by_target = spec.target.as_ref().is_none_or(|target| match &target.task {
            None => shown <= day(target.by),
            Some(id) => *id != task.id || shown <= day(target.by),
        });
        let whole = spec.target.as_ref().is_some_and(|target| target.task.is_none());
        let by_constraint = match task.constraint {
            Some(Constraint::FinishBy { at }) => shown <= day(at),
            _ => true,
        };
        by_target && by_constraint && (whole || shown <= finish)
    };
    let keeps = |at: usize, start: Date, shown: Date| {
        let task = &spec.tasks[at];
        within(task, shown)
            && spec.links.iter().all(|link| {
                let (from, to) = ends(spec, link);
                from != at
                    || walk.holds(link, (task, start, shown), (&spec.tasks[to], late[to].0, late[to].1))
            })
    };
    for (at, task) in spec.tasks.iter().enumerate().filter(|(_, task)| !fixed(task)) {
        // The evening before the plan starts cannot be told from dates.
        let unclear = walk.ambiguous(task, late[at].1)
            || spec.links.iter().any(|link| {
                let (from, to) = ends(spec, link);
                from == at && walk.ambiguous(&spec.tasks[to], late[to].1)
            });
        if unclear {
            continue;
        }
        prop_assert!(keeps(at, late[at].0, late[at].1), "{} cannot be as late as {:?}", task.id, late[at]);
        let mut start = late[at].0;
        for _ in 0..REACH {
            start = walk.shift(task, start, 1);
            let shown = walk.finish(task, start);
            if walk.allowed(task, start, shown) {
                prop_assert!(!keeps(at, start, shown), "{} could be as late as {start}", task.id);
                break;
            }
        }
    }
    Ok(())
}

/// The critical path is a chain of links that ends at the target task or at the finish.
fn check_chain(spec: &PlanSpec, schedule: &Schedule) -> Result<(), TestCaseError> {
    let chain = &schedule.critical_path;
    for pair in chain.windows(2) {
        prop_assert!(spec.links.iter().any(|link| link.from == pair[0] && link.to == pair[1]));
    }
    let last = schedule.tasks.iter().find(|task| Some(&task.id) == chain.last()).unwrap();
    match spec.target.as_ref().and_then(|target| target.task.as_ref()) {
        Some(task) => prop_assert_eq!(&last.id, task),
        None => prop_assert_eq!(last.early_finish, schedule.finish),
    }
    Ok(())
}

fn any_date() -> impl Strategy<Value = Date> + Clone {
    (0_i64..45).prop_map(|days| plus(start(), days))
}

fn any_calendar(id: &'static str) -> impl Strategy<Value = CalendarSpec> {
    let weekend = prop_oneof![
        Just(vec![Weekday::Saturday, Weekday::Sunday]),
        Just(vec![Weekday::Friday, Weekday::Saturday]),
        Just(vec![Weekday::Sunday]),
    ];
    let closed = proptest::option::of((any_date(), 0_i64..6));
    (weekend, proptest::collection::vec(any_date(), 0..6), closed).prop_map(
        move |(weekend, holidays, closed)| CalendarSpec {
            id: id.into(),
            weekend,
            holidays: holidays.into_iter().map(|date| HolidaySpec { date, name: String::new() }).collect(),
            closed: closed
                .into_iter()
                .map(|(from, days)| ClosedSpec { from, to: plus(from, days), reason: String::new() })
                .collect(),
        },
    )
}

fn any_constraint() -> impl Strategy<Value = Option<Constraint>> {
    let at = any_date().prop_map(Point::Day);
    prop_oneof![
        6 => Just(None),
        2 => at.clone().prop_map(|at| Some(Constraint::NotBefore { at })),
        1 => at.clone().prop_map(|at| Some(Constraint::FinishBy { at })),
        1 => at.prop_map(|at| Some(Constraint::FixedStart { at })),
    ]
}

fn any_avoid() -> impl Strategy<Value = Option<Avoid>> {
    let weekdays =
        prop_oneof![Just(vec![]), Just(vec![Weekday::Friday]), Just(vec![Weekday::Monday, Weekday::Friday])];
    let periods = proptest::collection::vec((any_date(), 0_i64..9), 0..2);
    let rule = (weekdays, periods).prop_map(|(weekdays, periods)| {
        let period = |(from, days)| ClosedSpec { from, to: plus(from, days), reason: String::new() };
        Some(Avoid { weekdays, periods: periods.into_iter().map(period).collect(), allowed: Vec::new() })
    });
    prop_oneof![3 => Just(None), 1 => rule]
}

fn any_task() -> impl Strategy<Value = TaskSpec> {
    let calendars =
        prop_oneof![Just(vec![]), Just(vec!["b".to_owned()]), Just(vec!["a".to_owned(), "b".to_owned()]),];
    let prefer = prop_oneof![Just(Preference::Asap), Just(Preference::Alap)];
    (0_u32..5, calendars, any_constraint(), prefer, any_avoid()).prop_map(
        |(duration, calendars, constraint, prefer, avoid)| TaskSpec {
            duration,
            calendars,
            constraint,
            prefer,
            avoid,
            ..TaskSpec::default()
        },
    )
}

fn any_kind() -> impl Strategy<Value = LinkKind> {
    prop_oneof![
        3 => Just(LinkKind::FinishStart), 1 => Just(LinkKind::StartStart),
        1 => Just(LinkKind::FinishFinish), 1 => Just(LinkKind::StartFinish),
    ]
}

prop_compose! {
    pub(in crate::plan) fn any_plan()(
        a in any_calendar("a"), b in any_calendar("b"),
        mut tasks in proptest::collection::vec(any_task(), 1..8),
        links in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any_kind(), -3_i32..5), 0..12),
        target in proptest::option::of((proptest::option::of(any::<prop::sample::Index>()), any_date())),
    ) -> PlanSpec {
        for (at, task) in tasks.iter_mut().enumerate() {
            task.id = format!("t{at}");
        }
        let count = tasks.len();
        let links = links.into_iter().filter_map(|(x, y, kind, lag)| {
            let (x, y) = (x.index(count), y.index(count));
            (x != y).then(|| LinkSpec { from: format!("t{}", x.min(y)), to: format!("t{}", x.max(y)), kind, lag })
        }).collect();
        let target = target.map(|(task, by)| TargetSpec {
            task: task.map(|task| format!("t{}", task.index(count))),
            by: Point::Day(by),
        });
        PlanSpec { start: Some(start()), calendars: vec![a, b], tasks, links, target, ..PlanSpec::default() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn every_schedule_holds_and_none_is_better(spec in any_plan()) {
        let schedule = schedule(&spec).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&schedule, &crate::plan::schedule(&spec).unwrap(), "same plan, same schedule");
        check(&spec, &schedule)?;
    }

    #[test]
    fn compressions_do_what_they_say(spec in any_plan()) {
        let schedule = schedule(&spec).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let Some(feasibility) = schedule.feasibility else { return Ok(()) };
        let (target, expected) = (day(feasibility.target), day(feasibility.expected));
        let late = (expected - target).get_days();
        prop_assert_eq!((feasibility.shortfall, feasibility.buffer), (i64::from(late.max(0)), i64::from((-late).max(0))));
        let Some(best) = feasibility.best.map(day) else {
            prop_assert!(feasibility.compressions.is_empty());
            return Ok(());
        };
        prop_assert!(!feasibility.feasible && !feasibility.compressions.is_empty() && best < expected);
        let mut changed = spec.clone();
        for compression in &feasibility.compressions {
            match compression {
                Compression::Shorten { task, from, to, .. } => {
                    let task = changed.tasks.iter_mut().find(|other| other.id == *task).unwrap();
                    prop_assert_eq!(task.duration, *from);
                    prop_assert!(*to < *from && *to > 0);
                    task.duration = *to;
                }
                Compression::Overlap { from, to, days, .. } => {
                    let plain = |link: &&mut LinkSpec| {
                        link.from == *from && link.to == *to && link.kind == LinkKind::FinishStart && link.lag == 0
                    };
                    changed.links.iter_mut().find(plain).unwrap().lag = -i32::try_from(*days).unwrap();
                }
                Compression::StartEarlier { days, .. } => {
                    let walk = Walk { spec: &spec };
                    let from = walk.on_or_after(&spec.tasks[0], start());
                    changed.start = Some(walk.shift(&spec.tasks[0], from, -i64::from(*days)));
                }
            }
        }
        let reached = crate::plan::schedule(&changed).unwrap().feasibility.unwrap();
        prop_assert_eq!(day(reached.expected), best, "{:?}", feasibility);
        prop_assert_eq!(reached.feasible, best <= target);
    }
}

/// A continuous plan is a system of differences: relaxing it until nothing changes solves it.
fn relax(spec: &PlanSpec) -> (Vec<i64>, Vec<i64>, i64) {
    let duration = |at: usize| i64::from(spec.tasks[at].duration);
    let gaps: Vec<(usize, usize, i64)> = spec
        .links
        .iter()
        .map(|link| {
            let (from, to) = ends(spec, link);
            let gap = match link.kind {
                LinkKind::FinishStart => duration(from),
                LinkKind::StartStart => 0,
                LinkKind::FinishFinish => duration(from) - duration(to),
                LinkKind::StartFinish => -duration(to),
            };
            (from, to, gap + i64::from(link.lag))
        })
        .collect();
    let mut early = vec![0; spec.tasks.len()];
    for _ in &spec.tasks {
        for &(from, to, gap) in &gaps {
            early[to] = early[to].max(early[from] + gap);
        }
    }
    let finish = (0..early.len()).map(|at| early[at] + duration(at)).max().unwrap_or(0);
    let mut late: Vec<i64> = (0..early.len()).map(|at| finish - duration(at)).collect();
    for _ in &spec.tasks {
        for &(from, to, gap) in &gaps {
            late[from] = late[from].min(late[to] - gap);
        }
    }
    (early, late, finish)
}

proptest! {
    #[test]
    fn continuous_plans_solve_the_differences(mut spec in any_plan()) {
        spec = PlanSpec { time: TimeModel::Continuous, start: None, calendars: vec![], target: None, ..spec };
        for task in &mut spec.tasks {
            (task.calendars, task.constraint, task.avoid) = (vec![], None, None);
        }
        let schedule = schedule(&spec).unwrap();
        let (early, late, finish) = relax(&spec);
        prop_assert_eq!(schedule.finish, Point::Unit(finish));
        for (at, task) in schedule.tasks.iter().enumerate() {
            prop_assert_eq!((task.early_start, task.late_start), (Point::Unit(early[at]), Point::Unit(late[at])));
            prop_assert_eq!(task.total_slack, late[at] - early[at]);
        }
    }
}
