//! Levelled PSPLIB instances are feasible, and near the best known finishes. This is a sample with a
//! fraction of the usual effort, fit for a build that is not optimised; `benches/level.rs` takes them all.

use gangway_domain::plan::level::{LevelOptions, level};

mod psplib;

/// Every so many instances of a set are tried.
const STEP: usize = 23;

fn sample(set: &str, effort: u64, most: f64) {
    let instances = psplib::instances(set);
    if instances.is_empty() {
        eprintln!("skipped: PSPLIB's {set} is not in ../shared/data/psplib");
        return;
    }
    let (mut deviation, mut count) = (0.0, 0.0);
    for instance in instances.iter().step_by(STEP) {
        let (plan, staffing) = instance.plan();
        let found = level(&plan, &staffing, LevelOptions { effort, seed: 1 }).expect(&instance.name);
        let finish = instance.check(&found).unwrap_or_else(|wrong| panic!("{wrong}"));
        deviation += (finish - instance.best_known) as f64 / instance.best_known as f64;
        count += 1.0;
    }
    let percent = 100.0 * deviation / count;
    println!("{set}: {count} instances, {percent:.2} % from the best known on average");
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
