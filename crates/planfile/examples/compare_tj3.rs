//! Schedules one generated plan with Gangway and with TaskJuggler (`tj3`), checks that they find the
//! same dates, and prints how long each takes.
//!
//! ```text
//! cargo run --release -p gangway-planfile --example compare_tj3 -- [TASKS] [RUNS] [GANGWAY] [--json]
//! ```
//!
//! Both get the same file formats' worth of work: Gangway reads JSON and schedules; `tj3` reads its
//! own format, schedules and writes a CSV report. Finish-to-start and start-to-start links with
//! lags in working time (`gaplength`) on one calendar with holidays: what both mean alike.
//! Compared are finish dates: `tj3` shows a start as the evening before when nothing happens in
//! between, and with equal durations on one calendar equal finishes are equal starts.
//! The time of `tj3` includes starting Ruby; `tj3 --version` is timed as well, so that it can be told
//! apart. With the path of a `gangway` binary, `gangway schedule` is timed as a process too: start,
//! reading the file, scheduling, writing JSON. Of Gangway's times the median counts. With `--json` one
//! line of JSON is printed, for `cargo xtask bench`.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use gangway_domain::plan::{LinkKind, LinkSpec, PlanSpec, Point, Schedule, TaskSpec, schedule};
use gangway_planfile::read;
use jiff::civil::date;
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let (flags, arguments): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let mut arguments = arguments.into_iter();
    let tasks: usize = arguments.next().map_or(Ok(1_000), |text| text.parse())?;
    let runs: usize = arguments.next().map_or(Ok(20), |text| text.parse())?;
    let gangway = arguments.next().map(PathBuf::from);
    if !has_tj3() {
        return Err("tj3 is not installed (Debian: apt-get install tj3)".into());
    }
    let plan = generate(tasks)?;
    let folder = std::env::temp_dir().join(format!("gangway-compare-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let outcome = compare(&plan, runs.max(1), gangway.as_deref(), &folder);
    std::fs::remove_dir_all(&folder)?;
    let times = outcome?;
    if flags.iter().any(|flag| flag == "--json") {
        println!("{}", times.json(&plan));
    } else {
        times.print(&plan);
    }
    Ok(())
}

fn has_tj3() -> bool {
    Command::new("tj3").arg("--version").output().is_ok()
}

/// What was measured; of several runs the median.
struct Times {
    fastest: Duration,
    gangway: Duration,
    /// `gangway schedule` as a process.
    process: Option<Duration>,
    tj3: Duration,
    /// `tj3 --version`.
    startup: Duration,
}

fn compare(
    plan: &PlanSpec,
    runs: usize,
    gangway: Option<&Path>,
    folder: &Path,
) -> Result<Times, Box<dyn Error>> {
    let bytes = serde_json::to_vec(plan)?;
    let mut ours = Vec::with_capacity(runs);
    for _ in 0..runs {
        ours.push(time(|| -> Result<_, Box<dyn Error>> { Ok(schedule(&read(&bytes, None)?.plan)?) })?);
    }
    ours.sort_unstable();
    let found = schedule(plan)?;

    let mut process = None;
    if let Some(gangway) = gangway {
        let file = folder.join("plan.json");
        std::fs::write(&file, &bytes)?;
        let mut times = Vec::with_capacity(runs);
        for _ in 0..runs {
            times.push(time(|| succeed(Command::new(gangway).arg("schedule").arg(&file)))?);
        }
        times.sort_unstable();
        process = times.get(runs / 2).copied();
    }

    let startup = time(|| succeed(Command::new("tj3").arg("--version")))?;
    let last = found.tasks.iter().map(|task| task.early_finish).max().unwrap_or(Point::Unit(0));
    std::fs::write(folder.join("plan.tjp"), export(plan, last)?)?;
    let tj3 = time(|| succeed(Command::new("tj3").current_dir(folder).args(["--silent", "plan.tjp"])))?;
    check_dates(plan, &found, &std::fs::read_to_string(folder.join("dates.csv"))?)?;
    let fastest = ours.first().copied().unwrap_or_default();
    let gangway = ours.get(runs / 2).copied().unwrap_or_default();
    Ok(Times { fastest, gangway, process, tj3, startup })
}

/// Whether the report of `tj3` has every task with the finish that was found.
fn check_dates(plan: &PlanSpec, found: &Schedule, report: &str) -> Result<(), Box<dyn Error>> {
    let ours: HashMap<&str, Point> =
        found.tasks.iter().map(|task| (task.id.as_str(), task.early_finish)).collect();
    let mut agreed = 0;
    for line in report.lines().skip(1) {
        let fields: Vec<&str> = line.split(';').map(|field| field.trim_matches('"')).collect();
        let [id, theirs, ..] = fields.as_slice() else { continue };
        let ours = ours.get(id).ok_or_else(|| format!("tj3 reports `{id}`"))?;
        if ours.to_string() != *theirs {
            return Err(format!("`{id}` finishes on {ours}, for tj3 on {theirs}").into());
        }
        agreed += 1;
    }
    if agreed != plan.tasks.len() {
        return Err(format!("tj3 reported {agreed} of {} tasks", plan.tasks.len()).into());
    }
    Ok(())
}

impl Times {
    fn json(&self, plan: &PlanSpec) -> Value {
        json!({
            "tasks": plan.tasks.len(),
            "links": plan.links.len(),
            "fastest_ns": self.fastest.as_nanos(),
            "median_ns": self.gangway.as_nanos(),
            "process_ns": self.process.map(|time| time.as_nanos()),
            "tj3_ns": self.tj3.as_nanos(),
            "tj3_startup_ns": self.startup.as_nanos(),
        })
    }

    fn print(&self, plan: &PlanSpec) {
        let ratio = |time: Duration| self.tj3.as_secs_f64() / time.as_secs_f64();
        let working = self.tj3.saturating_sub(self.startup).as_secs_f64() / self.gangway.as_secs_f64();
        let (tasks, links) = (plan.tasks.len(), plan.links.len());
        println!("{tasks} tasks, {links} links: both find the same finish for every task");
        println!("  tj3               {:>12.3} ms   read, schedule, report", millis(self.tj3));
        println!("    its start-up    {:>12.3} ms", millis(self.startup));
        println!("  gangway           {:>12.3} ms   read JSON and schedule", millis(self.gangway));
        println!("    tj3 takes {:.0} ×, {working:.0} × without its start-up", ratio(self.gangway));
        if let Some(process) = self.process {
            println!("  gangway schedule  {:>12.3} ms   as a process", millis(process));
            println!("    tj3 takes {:.0} ×", ratio(process));
        }
    }
}

fn succeed(command: &mut Command) -> Result<(), Box<dyn Error>> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(())
}

fn time<T, E>(work: impl FnOnce() -> Result<T, E>) -> Result<Duration, E> {
    let begun = Instant::now();
    drop(work()?);
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
    let mut incoming = HashMap::<&str, Vec<&LinkSpec>>::new();
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
