//! Levelling all of PSPLIB's j30, j60 and j120 with the usual effort: how far the schedules are from the
//! best known finishes, and how long an instance takes. Every schedule is checked against its file.

use std::time::Instant;

use gangway_domain::plan::level::{LevelOptions, level};

#[path = "../tests/psplib/mod.rs"]
mod psplib;

/// Set, and the average deviation asked for in per cent.
const ASKED: [(&str, Option<f64>); 3] = [("j30", Some(1.0)), ("j60", Some(2.5)), ("j120", None)];

fn main() {
    // `cargo test --benches` only wants to know whether this runs.
    let all = std::env::args().any(|argument| argument == "--bench");
    let mut measured = String::new();
    println!(
        "{:<6} {:>10} {:>11} {:>8} {:>10} {:>10} {:>10}",
        "set", "instances", "deviation", "best", "mean", "p99", "longest"
    );
    for (set, asked) in ASKED {
        let instances = psplib::instances(set);
        if instances.is_empty() {
            println!("{set}: PSPLIB is not here: nothing to measure");
            continue;
        }
        let (mut deviation, mut best, mut taken) = (0.0, 0, Vec::new());
        for instance in instances.iter().step_by(if all { 1 } else { 97 }) {
            let (plan, staffing) = instance.plan();
            let begun = Instant::now();
            let found = level(&plan, &staffing, LevelOptions::default());
            taken.push(begun.elapsed().as_secs_f64() * 1_000.0);
            let finish = found.map_err(|error| error.to_string()).and_then(|found| instance.check(&found));
            let finish = finish.unwrap_or_else(|wrong| panic!("{wrong}"));
            deviation += 100.0 * (finish - instance.best_known) as f64 / instance.best_known as f64;
            best += usize::from(finish == instance.best_known);
        }
        taken.sort_by(f64::total_cmp);
        let count = taken.len();
        let mean = taken.iter().sum::<f64>() / count as f64;
        let (p99, longest) = (taken[(count - 1) * 99 / 100], taken[count - 1]);
        let percent = deviation / count as f64;
        println!(
            "{set:<6} {count:>10} {percent:>9.2} % {best:>8} {mean:>7.1} ms {p99:>7.1} ms {longest:>7.1} ms"
        );
        measured.push_str(&format!("{set}\t{percent:.4}\t{mean:.3}\t{longest:.3}\n"));
        if let Some(asked) = asked.filter(|asked| percent >= *asked) {
            println!("{set}: {percent:.2} % is not under the {asked} % asked for");
        }
    }
    if all {
        // For the table of `cargo xtask bench`.
        let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("levelling.tsv");
        std::fs::write(&file, measured).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}
