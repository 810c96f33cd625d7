//! Schedules one generated plan with Gangway and with TaskJuggler (`tj3`), checks that they find the
//! same dates, and prints how long each takes.
//!
//! ```text
//! cargo run --release -p gangway-planfile --example compare_tj3 -- [TASKS] [RUNS]
//! ```
//!
//! Both get the same file formats' worth of work: Gangway reads JSON and schedules; `tj3` reads its
//! own format, schedules and writes a CSV report. Finish-to-start and start-to-start links with
//! lags in working time (`gaplength`) on one calendar with holidays: what both mean alike.
//! Compared are finish dates: `tj3` shows a start as the evening before when nothing happens in
//! between, and with equal durations on one calendar equal finishes are equal starts.
//! The time of `tj3` includes starting Ruby; `tj3 --version` is timed as well, so that it can be told apart.

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use gangway_domain::plan::{LinkKind, LinkSpec, PlanSpec, Point, TaskSpec, schedule};
use gangway_planfile::read;
use jiff::civil::date;
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let tasks: usize = arguments.next().map_or(Ok(1_000), |text| text.parse())?;
    let runs: u32 = arguments.next().map_or(Ok(20), |text| text.parse())?;
    let plan = generate(tasks)?;
    let bytes = serde_json::to_vec(&plan)?;
    let folder = std::env::temp_dir().join(format!("gangway-compare-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = compare(&plan, &bytes, runs.max(1), &folder);
    std::fs::remove_dir_all(&folder)?;
    outcome
}

fn compare(plan: &PlanSpec, bytes: &[u8], runs: u32, folder: &Path) -> Result<(), Box<dyn Error>> {
    let begun = Instant::now();
    for _ in 0..runs {
        schedule(&read(bytes, None)?.plan)?;
    }
    let ours = begun.elapsed() / runs;
    let found = schedule(plan)?;

    if Command::new("tj3").arg("--version").output().is_err() {
        println!("tj3 is not installed (Debian: apt-get install tj3); Gangway alone: {ours:?}");
        return Ok(());
    }
    let startup = time(|| Command::new("tj3").arg("--version").output())?;
    let last = found.tasks.iter().map(|task| task.early_finish).max().unwrap_or(Point::Unit(0));
    std::fs::write(folder.join("plan.tjp"), export(plan, last)?)?;
    let mut tj3 = Command::new("tj3");
    tj3.current_dir(folder).args(["--silent", "plan.tjp"]);
    let begun = Instant::now();
    let output = tj3.output()?;
    let theirs = begun.elapsed();
    if !output.status.success() {
        return Err(format!("tj3 failed: {}", String::from_utf8_lossy(&output.stderr)).into());
    }

    let report = std::fs::read_to_string(folder.join("dates.csv"))?;
    let mut agreed = 0;
    for line in report.lines().skip(1) {
        let fields: Vec<&str> = line.split(';').map(|field| field.trim_matches('"')).collect();
        let [id, finish, ..] = fields.as_slice() else { continue };
        let task =
            found.tasks.iter().find(|task| task.id == *id).ok_or_else(|| format!("tj3 reports `{id}`"))?;
        if task.early_finish.to_string() != *finish {
            return Err(format!("`{id}` finishes on {}, for tj3 on {finish}", task.early_finish).into());
        }
        agreed += 1;
    }
    if agreed != plan.tasks.len() {
        return Err(format!("tj3 reported {agreed} of {} tasks", plan.tasks.len()).into());
    }
    let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
    let without_startup = theirs.saturating_sub(startup).as_secs_f64() / ours.as_secs_f64();
    println!(
        "{} tasks, {} links: both find the same finish for every task",
        plan.tasks.len(),
        plan.links.len()
    );
    println!("  gangway   {:>12.3} ms   read JSON and schedule, mean of {runs}", millis(ours));
    println!(
        "  tj3       {:>12.3} ms   read, schedule, report; start-up alone {:.0} ms",
        millis(theirs),
        millis(startup)
    );
    println!("  ratio     {ratio:>12.0} ×    ({without_startup:.0} × without tj3's start-up)");
    Ok(())
}

fn time<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<Duration, E> {
    let begun = Instant::now();
    work()?;
    Ok(begun.elapsed())
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// Twice as many links as tasks, in bundles that keep the plan to some years. Deterministic.
fn generate(tasks: usize) -> Result<PlanSpec, Box<dyn Error>> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below.max(1)
    };
    let mut plan = PlanSpec { start: Some(date(2026, 3, 2)), ..PlanSpec::default() };
    plan.calendars.push(serde_json::from_value(json!({
        "id": "vendor",
        "holidays": [{"date": "2026-04-03"}, {"date": "2026-04-06"}, {"date": "2026-05-01"}, {"date": "2026-12-25"}],
        "closed": [{"from": "2026-08-03", "to": "2026-08-07"}],
    }))?);
    let mut linked = std::collections::HashSet::new();
    for task in 0..tasks as u64 {
        let duration = u32::try_from(1 + random(5))?;
        plan.tasks.push(TaskSpec { id: format!("t{task}"), duration, ..TaskSpec::default() });
        // Chains of fifty: a plan of a few years however many tasks it has.
        let room = task % 50;
        for _ in 0..if room == 0 { 0 } else { 2 } {
            let from = task - 1 - random(room.min(12));
            if !linked.insert((from, task)) {
                continue;
            }
            let kind = if random(4) == 0 { LinkKind::StartStart } else { LinkKind::FinishStart };
            let lag = [0, 0, 1, 2][usize::try_from(random(4))?];
            plan.links.push(LinkSpec { from: format!("t{from}"), to: format!("t{task}"), kind, lag });
        }
    }
    Ok(plan)
}

/// The plan in TaskJuggler's language.
fn export(plan: &PlanSpec, last: Point) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let start = plan.start.map_or_else(String::new, |start| start.to_string());
    let end = match last {
        Point::Day(day) => day.checked_add(jiff::ToSpan::days(60)).unwrap_or(day).to_string(),
        Point::Unit(unit) => unit.to_string(),
    };
    writeln!(out, "project gangway \"Generated\" {start} - {end} {{")?;
    writeln!(out, "  timezone \"UTC\"\n  timeformat \"%Y-%m-%d\"\n  timingresolution 60min")?;
    writeln!(
        out,
        "  workinghours mon - fri 9:00 - 17:00\n  workinghours sat, sun off\n  dailyworkinghours 8\n}}"
    )?;
    for calendar in &plan.calendars {
        for holiday in &calendar.holidays {
            writeln!(out, "leaves holiday \"Holiday\" {}", holiday.date)?;
        }
        for closed in &calendar.closed {
            writeln!(
                out,
                "leaves holiday \"Closed\" {} - {}",
                closed.from,
                closed.to.tomorrow().unwrap_or(closed.to)
            )?;
        }
    }
    let mut incoming = std::collections::HashMap::<&str, Vec<&LinkSpec>>::new();
    for link in &plan.links {
        incoming.entry(&link.to).or_default().push(link);
    }
    for task in &plan.tasks {
        writeln!(out, "task {} \"{}\" {{\n  length {}d", task.id, task.id, task.duration)?;
        match incoming.get(task.id.as_str()) {
            None => writeln!(out, "  start {start}")?,
            Some(links) => {
                for link in links {
                    let end = if link.kind == LinkKind::StartStart { "onstart" } else { "onend" };
                    let gap = if link.lag > 0 { format!("gaplength {}d", link.lag) } else { String::new() };
                    writeln!(out, "  depends {} {{ {end} {gap} }}", link.from)?;
                }
            }
        }
        writeln!(out, "}}")?;
    }
    writeln!(
        out,
        "taskreport dates \"dates\" {{\n  formats csv\n  columns id, end\n  timeformat \"%Y-%m-%d\"\n}}"
    )?;
    Ok(out)
}
