//! Levelled PSPLIB instances are feasible, and near the best known finishes. This is a sample with a
//! fraction of the usual effort, fit for a build that is not optimised; `benches/level.rs` takes them all.

use gangway_domain::plan::level::{LevelOptions, level};

use crate::psplib::Instance;

mod psplib;

/// Every so many instances of a set are tried.
const STEP: usize = 23;

/// Instances that are always here, packed by `psplib/sample.py`.
const SAMPLE: &str = include_str!("psplib/sample.txt");

/// Levels instances, checks each, and says how far they are from the best known finishes on average, in per cent.
fn deviation<'a>(instances: impl Iterator<Item = &'a Instance>, effort: u64) -> f64 {
    let (mut deviation, mut count) = (0.0, 0.0);
    for instance in instances {
        let (plan, staffing) = instance.plan();
        let found = level(&plan, &staffing, LevelOptions { effort, seed: 1 }).expect(&instance.name);
        let finish = instance.check(&found).unwrap_or_else(|wrong| panic!("{wrong}"));
        deviation += (finish - instance.best_known) as f64 / instance.best_known as f64;
        count += 1.0;
    }
    100.0 * deviation / count
}

/// The instances of a set that are always here.
fn packed(set: &str) -> Vec<Instance> {
    let texts = SAMPLE.split("== ").filter(|text| text.starts_with(set));
    texts
        .map(|text| {
            let head = text.lines().next().expect("a head");
            let (name, best) = head.split_once(' ').expect("name and best known finish");
            psplib::read(name, text, best.parse().expect("a finish"))
        })
        .collect()
}

fn sample(set: &str, effort: u64, most: f64) {
    let instances = psplib::instances(set);
    if instances.is_empty() {
        println!("PSPLIB's {set} is not in ../shared/data/psplib: only what is packed is levelled");
        return;
    }
    let percent = deviation(instances.iter().step_by(STEP), effort);
    println!("{set}: {percent:.2} % from the best known on average");
    assert!(percent < most, "{set}: {percent:.2} % from the best known");
}

#[test]
fn thirty_jobs() {
    sample("j30", 15_000, 1.0);
}

#[test]
fn sixty_jobs() {
    sample("j60", 15_000, 2.5);
}

#[test]
fn the_schedules_of_a_hundred_and_twenty_jobs_are_feasible() {
    sample("j120", 3_000, 20.0);
}

#[test]
fn packed_instances_are_levelled() {
    // Few of a set deviate more on average than all of it.
    for (set, count, effort, most) in
        [("j30", 8, 15_000, 3.0), ("j60", 8, 15_000, 5.0), ("j120", 4, 3_000, 25.0)]
    {
        let instances = packed(set);
        assert_eq!(instances.len(), count, "{set}");
        let percent = deviation(instances.iter(), effort);
        println!("{set}, packed: {percent:.2} % from the best known on average");
        assert!(percent < most, "{set}: {percent:.2} % from the best known");
    }
}
