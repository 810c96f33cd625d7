//! Forecasts against closed forms, against the engine's own pass, and against what then happens.

use jiff::civil::{Weekday, date};
use proptest::prelude::*;

use super::*;
use crate::plan::tests::live::{any_live, chain, set};
use crate::plan::{CalendarSpec, LinkSpec, LiveTask, PlanSpec, TaskSpec};

fn options(runs: u32, seed: u64) -> ForecastOptions {
    ForecastOptions { runs, seed, promised: None }
}

/// Everything takes as long as planned.
fn exact() -> SlipPrior {
    let as_planned = LogNormal { median: 1.0, sigma: 0.0 };
    SlipPrior { vendor: as_planned, customer: as_planned, joint: as_planned, shared: 0.3 }
}

fn day(point: crate::plan::Point) -> Date {
    match point {
        crate::plan::Point::Day(day) => day,
        crate::plan::Point::Unit(_) => unreachable!("business plans only"),
    }
}

/// One task of the customer, worked on every day of the week from 1 January 2026.
fn single(duration: u32, today: Date, progress: Progress) -> LivePlan {
    let calendar = CalendarSpec { id: "all".into(), weekend: vec![], holidays: vec![], closed: vec![] };
    let task = TaskSpec { id: "t".into(), duration, ..TaskSpec::default() };
    let plan = PlanSpec {
        start: Some(date(2026, 1, 1)),
        calendars: vec![calendar],
        tasks: vec![task],
        ..PlanSpec::default()
    };
    let known = LiveTask { owner: Side::Customer, kind: "data".into(), progress };
    LivePlan { plan, today, tasks: [("t".to_owned(), known)].into(), go_live: None }
}

fn days_from(live: &LivePlan, date: Date) -> i64 {
    day_number(date) - day_number(live.today) + 1
}

fn near(found: i64, expected: f64, by: f64) {
    assert!((found as f64 - expected).abs() <= by, "{found}, not {expected}");
}

#[test]
fn one_task_follows_its_log_normal_distribution() {
    let live = single(100, date(2026, 1, 1), Progress::Open);
    let model = SlipModel::learn(&[], &SlipPrior::default());
    let forecast = forecast(&live, &model, options(40_000, 3)).unwrap();
    let quantile = |z: f64| 100.0 * 1.3 * (0.5 * z).exp();
    near(days_from(&live, forecast.finish.p50), quantile(0.0), 2.0);
    near(days_from(&live, forecast.finish.p80), quantile(0.841_621), 3.0);
    near(days_from(&live, forecast.finish.quantiles[0].by), quantile(-1.644_854), 2.0);
    // The mean of a log-normal distribution: median · exp(σ² ÷ 2).
    assert!((forecast.drivers[0].mean_days - 130.0 * 0.125_f64.exp()).abs() < 2.0);
    assert!((forecast.drivers[0].correlation - 1.0).abs() < 1e-9);
    assert!((forecast.drivers[0].criticality - 1.0).abs() < f64::EPSILON);
}

#[test]
fn a_task_under_way_takes_longer_than_it_already_has() {
    // 150 of 100 days gone: totals above 150 are Φ(−ln(1.505 ÷ 1.3) ÷ 0.5) = 0.3848 of all, so the
    // median total is at 1 − 0.1924: 130 · exp(0.5 · 0.86896) = 200.74, and 50.7 days are left.
    let today = date(2026, 5, 31);
    let started = Progress::Started { on: date(2026, 1, 1), remaining: None };
    let live = single(100, today, started);
    let model = SlipModel::learn(&[], &SlipPrior::default());
    let found = forecast(&live, &model, options(40_000, 4)).unwrap();
    near(days_from(&live, found.finish.p50), 50.7, 2.0);
    assert_eq!(found.finish.days[0].date, today, "it may be done today");
    // Somebody said 10 days: they slip as any 10 days do.
    let said = single(
        100,
        today,
        Progress::Started { on: date(2026, 1, 1), remaining: Some(Estimate { days: 10, as_of: today }) },
    );
    let found = forecast(&said, &model, options(40_000, 4)).unwrap();
    near(days_from(&said, found.finish.p50), 13.0, 1.0);
}

#[test]
fn history_replaces_the_prior_step_by_step() {
    let seen = |number: u32, actual: u32| Observation {
        onboarding: format!("onboarding {number}"),
        owner: Side::Customer,
        kind: "data".into(),
        planned: 10,
        actual,
    };
    let prior = SlipPrior::default();
    let median = |count: u32| {
        let history: Vec<Observation> = (0..count).map(|number| seen(number, 20)).collect();
        SlipModel::learn(&history, &prior).basis(Side::Customer, "data").median
    };
    assert!((median(0) - 1.3).abs() < 1e-9);
    // Half-way: the side is half its own, the group half of itself and half of the side.
    let expected = (0.75 * 2.0_f64.ln() + 0.25 * 1.3_f64.ln()).exp();
    assert!((median(15) - expected).abs() < 1e-9, "{}", median(15));
    assert!((median(30) - 2.0).abs() < 1e-9);
    let basis = SlipModel::learn(&[seen(1, 20), seen(2, 0)], &prior).basis(Side::Customer, "data");
    assert_eq!((basis.observations, basis.of_side), (2, 2));
    assert!((basis.own_weight - (1.0 - (28.0 / 30.0_f64).powi(2))).abs() < 1e-9);
    // Milestones teach nothing.
    let milestone = Observation { planned: 0, ..seen(1, 3) };
    assert_eq!(SlipModel::learn(&[milestone], &prior).basis(Side::Customer, "data").observations, 0);
}

#[test]
fn what_tasks_share_is_found_in_history() {
    // Onboardings that are either slow or fast throughout share everything; alternating ones nothing.
    let history = |ratio: &dyn Fn(u32, u32) -> u32| -> Vec<Observation> {
        (0..60)
            .flat_map(|onboarding| (0..8).map(move |task| (onboarding, task)))
            .map(|(onboarding, task)| Observation {
                onboarding: onboarding.to_string(),
                owner: Side::Vendor,
                kind: String::new(),
                planned: 100,
                actual: ratio(onboarding, task),
            })
            .collect()
    };
    let shared =
        |history: &[Observation]| SlipModel::learn(history, &SlipPrior::default()).shared(Side::Vendor);
    assert!(shared(&history(&|onboarding, _| 60 + 2 * onboarding)) > 0.9);
    assert!(shared(&history(&|_, task| 60 + 10 * task)) < 0.01);
}

#[test]
fn a_promise_that_four_of_five_runs_do_not_keep_is_warned_of() {
    let live = single(100, date(2026, 1, 1), Progress::Open);
    let model = SlipModel::learn(&[], &SlipPrior::default());
    let with = |promised| {
        forecast(&live, &model, ForecastOptions { promised: Some(promised), ..options(20_000, 5) }).unwrap()
    };
    let p80 = with(date(2026, 5, 10)).finish.p80;
    let kept = with(p80).promise.unwrap();
    assert!(!kept.at_risk && kept.p80_past == 0 && kept.kept >= 0.8 && kept.kept < 0.83, "{kept:?}");
    let missed = with(p80.yesterday().unwrap()).promise.unwrap();
    assert!(missed.at_risk && missed.p80_past == 1 && missed.kept < 0.8, "{missed:?}");
}

#[test]
fn tasks_done_tell_of_those_to_come() {
    let mut live = chain();
    live.plan.tasks[0].duration = 10;
    live.plan.tasks[1].duration = 20;
    live.tasks.entry("a".into()).or_default().owner = Side::Customer;
    live.today = date(2026, 4, 6);
    let model = SlipModel::learn(&[], &SlipPrior::default());
    let p50 = |finished| {
        let mut live = live.clone();
        set(&mut live, "a", Progress::Done { started: date(2026, 3, 2), finished });
        forecast(&live, &model, options(10_000, 6)).unwrap().go_live.unwrap().p50
    };
    assert!(p50(date(2026, 4, 3)) > p50(date(2026, 3, 6)), "a slow task announces another");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// When nothing slips, every run is the engine's schedule, and its driving chain the critical path.
    #[test]
    fn a_run_is_the_pass_of_the_engine(live in any_live(), seed in any::<u64>()) {
        let model = SlipModel::learn(&[], &exact());
        let found = forecast(&live, &model, options(70, seed)).unwrap();
        let schedule = live.schedule().unwrap();
        prop_assert_eq!(found.finish.p50, day(schedule.finish));
        prop_assert_eq!(found.finish.days.len(), 1);
        prop_assert_eq!(found.finish.planned, day(schedule.finish));
        if let Some(id) = &live.go_live {
            let at = schedule.tasks.iter().position(|task| task.id == *id).unwrap();
            let outlook = found.go_live.unwrap();
            prop_assert_eq!((outlook.p50, outlook.p80, outlook.days.len()), {
                let day = day(schedule.tasks[at].early_finish);
                (day, day, 1)
            });
            let net = live.compile().unwrap();
            let line = Timeline::new(&net, net.start);
            let forward = pass::forward(&line).unwrap();
            let chain: Vec<&str> = pass::driving_chain(&line, &forward, at).into_iter().map(|task| net.id(task)).collect();
            for driver in &found.drivers {
                let on_chain = f64::from(u8::from(chain.contains(&driver.task.as_str())));
                prop_assert!((driver.criticality - on_chain).abs() < 1e-9, "{} {chain:?}", driver.task);
            }
        }
    }

    #[test]
    fn forecasts_are_distributions(live in any_live(), seed in any::<u64>(), runs in 1_u32..300) {
        let model = SlipModel::learn(&[], &SlipPrior::default());
        let found = forecast(&live, &model, options(runs, seed)).unwrap();
        prop_assert_eq!(&found, &forecast(&live, &model, options(runs, seed)).unwrap(), "same seed, same forecast");
        for outlook in found.go_live.iter().chain([&found.finish]) {
            prop_assert_eq!(outlook.days.iter().map(|day| day.runs).sum::<u32>(), runs);
            prop_assert!(outlook.days.windows(2).all(|pair| pair[0].date < pair[1].date));
            prop_assert!(outlook.quantiles.windows(2).all(|pair| pair[0].by <= pair[1].by && pair[0].percent < pair[1].percent));
            prop_assert!(outlook.p50 <= outlook.p80);
        }
        for driver in &found.drivers {
            prop_assert!((0.0..=1.0).contains(&driver.criticality) && (-1.0..=1.0).contains(&driver.correlation));
            prop_assert!(driver.sensitivity >= 0.0 && driver.mean_days >= 0.0);
        }
    }
}

mod calibration {
    //! Onboardings are simulated from a known truth, forecast from a history drawn from the same truth, and
    //! then happen. The truth is written here once more, independent of the forecast: its draws are
    //! Box and Muller's, its dates come from the engine.

    use super::*;

    struct Truth {
        random: Random,
        vendor: LogNormal,
        customer: LogNormal,
        joint: LogNormal,
        shared: f64,
    }

    impl Truth {
        fn new(seed: u64, shared: f64) -> Self {
            let log_normal = |median, sigma| LogNormal { median, sigma };
            Self {
                random: Random::seeded(seed),
                vendor: log_normal(0.95, 0.25),
                customer: log_normal(1.7, 0.6),
                joint: log_normal(1.2, 0.4),
                shared,
            }
        }

        fn as_prior(&self) -> SlipPrior {
            SlipPrior { vendor: self.vendor, customer: self.customer, joint: self.joint, shared: self.shared }
        }

        fn uniform(&mut self) -> f64 {
            ((self.random.bits() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
        }

        fn normal(&mut self) -> f64 {
            let (radius, angle) =
                ((-2.0 * self.uniform().ln()).sqrt(), std::f64::consts::TAU * self.uniform());
            radius * angle.cos()
        }

        fn sides(&mut self) -> [f64; 2] {
            [self.normal(), self.normal()]
        }

        fn actual(&mut self, owner: Side, planned: u32, sides: [f64; 2]) -> u32 {
            let (of, common) = match owner {
                Side::Vendor => (self.vendor, sides[0]),
                Side::Customer => (self.customer, sides[1]),
                Side::Joint => (self.joint, (sides[0] + sides[1]) / 2.0_f64.sqrt()),
            };
            let x = self.shared.sqrt() * common + (1.0 - self.shared).sqrt() * self.normal();
            (f64::from(planned) * of.median * (of.sigma * x).exp()).round().max(1.0) as u32
        }

        fn history(&mut self, onboardings: u32, tasks: u32) -> Vec<Observation> {
            let tasks = onboarding_tasks(tasks);
            let mut history = Vec::new();
            for onboarding in 0..onboardings {
                let sides = self.sides();
                for (_, owner, planned) in &tasks {
                    let actual = self.actual(*owner, *planned, sides);
                    let onboarding = onboarding.to_string();
                    history.push(Observation {
                        onboarding,
                        owner: *owner,
                        kind: "work".into(),
                        planned: *planned,
                        actual,
                    });
                }
            }
            history
        }
    }

    const SIDES: [Side; 3] = [Side::Vendor, Side::Customer, Side::Joint];

    /// Two strands of tasks, in turns of the vendor, the customer and both, that meet at the go-live.
    fn onboarding_tasks(count: u32) -> Vec<(String, Side, u32)> {
        (0..count).map(|at| (format!("t{at}"), SIDES[at as usize % 3], 3 + at * 5 % 9)).collect()
    }

    fn onboarding(count: u32) -> LivePlan {
        let all = onboarding_tasks(count);
        let mut plan = PlanSpec { start: Some(date(2026, 3, 2)), ..PlanSpec::default() };
        let calendar =
            |id: &str, weekend| CalendarSpec { id: id.into(), weekend, holidays: vec![], closed: vec![] };
        plan.calendars = vec![
            calendar("vendor", vec![Weekday::Saturday, Weekday::Sunday]),
            calendar("customer", vec![Weekday::Friday, Weekday::Saturday]),
        ];
        let mut tasks = std::collections::BTreeMap::new();
        for (at, (id, owner, duration)) in all.iter().enumerate() {
            let calendars = match owner {
                Side::Vendor => vec!["vendor".to_owned()],
                Side::Customer => vec!["customer".to_owned()],
                Side::Joint => vec!["vendor".to_owned(), "customer".to_owned()],
            };
            plan.tasks.push(TaskSpec {
                id: id.clone(),
                duration: *duration,
                calendars,
                ..TaskSpec::default()
            });
            let to = if at + 2 < all.len() { format!("t{}", at + 2) } else { "live".to_owned() };
            plan.links.push(LinkSpec { from: id.clone(), to, kind: Default::default(), lag: 0 });
            tasks.insert(
                id.clone(),
                LiveTask { owner: *owner, kind: "work".into(), progress: Progress::Open },
            );
        }
        plan.tasks.push(TaskSpec { id: "live".into(), ..TaskSpec::default() });
        LivePlan { plan, today: date(2026, 3, 2), tasks, go_live: Some("live".into()) }
    }

    /// How the plan went: its schedule with the actual durations.
    fn happens(live: &LivePlan, truth: &mut Truth) -> LivePlan {
        let mut happened = live.clone();
        let sides = truth.sides();
        for task in happened.plan.tasks.iter_mut().filter(|task| task.duration > 0) {
            task.duration = truth.actual(live.owner(&task.id), task.duration, sides);
        }
        happened
    }

    fn go_live(live: &LivePlan) -> Date {
        day(live.schedule().unwrap().tasks.last().unwrap().early_finish)
    }

    /// The plan as it stands on a day, when it goes as `happened` says.
    fn on_the_way(live: &LivePlan, happened: &LivePlan, today: Date) -> LivePlan {
        let mut now = LivePlan { today, ..live.clone() };
        for task in &happened.schedule().unwrap().tasks {
            let (on, finished) = (day(task.early_start), day(task.early_finish));
            let progress = match (finished < today, on < today) {
                (true, _) => Progress::Done { started: on, finished },
                (false, true) if task.id != "live" => Progress::Started { on, remaining: None },
                _ => Progress::Open,
            };
            now.tasks.entry(task.id.clone()).or_default().progress = progress;
        }
        now
    }

    /// What is tried; every forecast is one onboarding's.
    struct Trial {
        histories: u64,
        each: u64,
        tasks: u32,
        /// What tasks of a side share in truth.
        shared: f64,
        /// Onboardings in the history; `None`: no history, and a prior that is the truth.
        past: Option<u32>,
        /// Whether the forecast knows that tasks share anything.
        independent: bool,
        /// Weeks after the start at which the forecast is made.
        after: i8,
    }

    const USUAL: Trial = Trial {
        histories: 30,
        each: 20,
        tasks: 12,
        shared: 0.4,
        past: Some(40),
        independent: false,
        after: 0,
    };

    impl Trial {
        /// Shares of the onboardings that are live by their P50 and their P80, in per cent.
        fn kept(&self) -> [f64; 2] {
            let live = onboarding(self.tasks);
            let (mut by_half, mut by_most) = (0_u32, 0_u32);
            for history in 0..self.histories {
                let mut truth = Truth::new(1_000 + history, self.shared);
                let mut model = match self.past {
                    Some(past) => SlipModel::learn(&truth.history(past, self.tasks), &SlipPrior::default()),
                    None => SlipModel::learn(&[], &truth.as_prior()),
                };
                if self.independent {
                    model.share_nothing();
                }
                for each in 0..self.each {
                    let happened = happens(&live, &mut truth);
                    let today = live.today + jiff::Span::new().weeks(self.after);
                    let now = on_the_way(&live, &happened, today);
                    let seed = history * self.each + each;
                    let outlook = forecast(&now, &model, options(128, seed)).unwrap().go_live.unwrap();
                    let actual = go_live(&happened);
                    by_half += u32::from(actual <= outlook.p50);
                    by_most += u32::from(actual <= outlook.p80);
                }
            }
            let all = (self.histories * self.each) as f64;
            [by_half, by_most].map(|kept| 100.0 * f64::from(kept) / all)
        }

        fn is_calibrated(&self) {
            let [half, most] = self.kept();
            println!("P50 holds in {half:.1} %, P80 in {most:.1} %");
            assert!((45.0..=55.0).contains(&half), "P50 holds in {half:.1} %");
            assert!((75.0..=85.0).contains(&most), "P80 holds in {most:.1} %");
        }
    }

    #[test]
    fn with_the_history_of_forty_onboardings() {
        USUAL.is_calibrated();
    }

    #[test]
    fn with_no_history_and_a_prior_that_is_true() {
        Trial { shared: 0.3, past: None, ..USUAL }.is_calibrated();
    }

    #[test]
    fn with_tasks_that_share_nothing() {
        Trial { shared: 0.0, ..USUAL }.is_calibrated();
    }

    #[test]
    fn half_way_through() {
        Trial { after: 4, ..USUAL }.is_calibrated();
    }

    /// Why tasks share factors: a forecast that does not know of them promises too much, one that does is right.
    #[test]
    fn independent_tasks_would_not_be_calibrated() {
        let long = Trial { tasks: 30, shared: 0.7, histories: 15, each: 14, ..USUAL };
        long.is_calibrated();
        let [_, most] = Trial { independent: true, ..long }.kept();
        println!("independent: P80 holds in {most:.1} %");
        assert!(most < 75.0, "P80 holds in {most:.1} %");
    }
}
