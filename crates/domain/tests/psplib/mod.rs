//! PSPLIB's single-mode instances with their resources, the best known finishes, and a checker that
//! knows only what is in the file. Kolisch and Sprecher, "PSPLIB – a project scheduling problem library" (1996).

use std::path::{Path, PathBuf};

use gangway_domain::plan::level::{Demand, Levelled, Resource, Staffing};
use gangway_domain::plan::{LinkKind, LinkSpec, PlanSpec, Point, TaskSpec, TimeModel};

/// An instance as it is in the file.
pub struct Instance {
    pub name: String,
    pub best_known: i64,
    durations: Vec<i64>,
    requests: Vec<Vec<i64>>,
    /// Predecessor and successor, from 0.
    links: Vec<(usize, usize)>,
    capacities: Vec<i64>,
}

/// The folder of the instances, when it is there.
fn folder(set: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    ["../../../shared/data/psplib", "../../../../shared/data/psplib"]
        .into_iter()
        .map(|path| root.join(path).join(format!("{set}.sm")))
        .find(|path| path.is_dir())
}

/// All instances of a set, in the order of its table of best known finishes; empty when they are not here.
pub fn instances(set: &str) -> Vec<Instance> {
    let Some(folder) = folder(set) else { return Vec::new() };
    let table = std::fs::read_to_string(folder.join("optimum/optimum.csv")).unwrap_or_default();
    let rows = table.lines().skip(1).filter_map(|line| line.trim().split_once(','));
    rows.map(|(name, best)| {
        let text = std::fs::read_to_string(folder.join(name)).expect("a file of the table");
        // Open instances have a lower and an upper bound: the upper is the best known finish.
        let best_known = best.rsplit("..").next().and_then(|best| best.parse().ok()).expect("a finish");
        read(name, &text, best_known)
    })
    .collect()
}

/// An instance as its file says.
pub fn read(name: &str, text: &str, best_known: i64) -> Instance {
    let section = |title: &str| -> Vec<Vec<i64>> {
        let lines = text.lines().skip_while(|line| !line.starts_with(title)).skip(1);
        let lines = lines.take_while(|line| !line.starts_with("***"));
        lines.filter_map(|line| line.split_whitespace().map(|word| word.parse().ok()).collect()).collect()
    };
    let place = |job: i64| usize::try_from(job - 1).expect("jobs count from 1");
    let mut links = Vec::new();
    for row in section("PRECEDENCE RELATIONS") {
        links.extend(row.iter().skip(3).map(|&successor| (place(row[0]), place(successor))));
    }
    let jobs: Vec<Vec<i64>> =
        section("REQUESTS/DURATIONS").into_iter().filter(|row| !row.is_empty()).collect();
    let capacities = section("RESOURCEAVAILABILITIES").into_iter().find(|row| !row.is_empty());
    Instance {
        name: name.to_owned(),
        best_known,
        durations: jobs.iter().map(|row| row[2]).collect(),
        requests: jobs.iter().map(|row| row[3..].to_vec()).collect(),
        links,
        capacities: capacities.expect("availabilities"),
    }
}

impl Instance {
    /// The instance as a plan and its staffing.
    pub fn plan(&self) -> (PlanSpec, Staffing) {
        let small = |number: i64| u32::try_from(number).expect("a small number");
        let tasks = self.durations.iter().enumerate();
        let tasks = tasks.map(|(job, &days)| TaskSpec {
            id: job.to_string(),
            duration: small(days),
            ..TaskSpec::default()
        });
        let links = self.links.iter().map(|(from, to)| LinkSpec {
            from: from.to_string(),
            to: to.to_string(),
            kind: LinkKind::FinishStart,
            lag: 0,
        });
        let plan = PlanSpec {
            time: TimeModel::Continuous,
            tasks: tasks.collect(),
            links: links.collect(),
            ..PlanSpec::default()
        };
        let resources = self.capacities.iter().enumerate().map(|(at, &capacity)| Resource {
            id: format!("R{at}"),
            capacity: small(capacity),
            calendar: None,
            limits: Vec::new(),
        });
        let demands = self.requests.iter().enumerate().flat_map(|(job, requests)| {
            let wanted = requests.iter().enumerate().filter(|(_, units)| **units > 0);
            wanted.map(move |(resource, &units)| Demand {
                task: job.to_string(),
                resource: format!("R{resource}"),
                units: u32::try_from(units).expect("a small number"),
            })
        });
        (plan, Staffing { resources: resources.collect(), demands: demands.collect() })
    }

    /// Checks a schedule against the file alone, and returns its finish.
    pub fn check(&self, found: &Levelled) -> Result<i64, String> {
        let unit = |point: Point| match point {
            Point::Unit(unit) => unit,
            Point::Day(day) => panic!("{day} in a plan without dates"),
        };
        let times: Vec<(i64, i64)> =
            found.tasks.iter().map(|task| (unit(task.start), unit(task.finish))).collect();
        if times.len() != self.durations.len() {
            return Err(format!("{}: {} of {} jobs", self.name, times.len(), self.durations.len()));
        }
        for (job, (&(start, finish), &duration)) in times.iter().zip(&self.durations).enumerate() {
            if start < 0 || finish - start != duration {
                return Err(format!("{}: job {job} from {start} to {finish}", self.name));
            }
        }
        for &(from, to) in &self.links {
            if times[to].0 < times[from].1 {
                return Err(format!("{}: job {to} begins before {from} ends", self.name));
            }
        }
        let last = times.iter().map(|time| time.1).max().unwrap_or(0);
        for unit in 0..last {
            for (resource, &capacity) in self.capacities.iter().enumerate() {
                let running =
                    times.iter().enumerate().filter(|(_, (start, finish))| (*start..*finish).contains(&unit));
                let used: i64 = running.map(|(job, _)| self.requests[job][resource]).sum();
                if used > capacity {
                    return Err(format!("{}: {used} of {capacity} R{resource} in use at {unit}", self.name));
                }
            }
        }
        if last < self.best_known {
            return Err(format!("{}: {last} is better than anybody ever did", self.name));
        }
        if found.finish != Point::Unit(last) {
            return Err(format!("{}: says {} instead of {last}", self.name, found.finish));
        }
        Ok(last)
    }
}
