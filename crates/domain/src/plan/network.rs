//! A plan checked and compiled for calculation: indices instead of ids, links grouped by both of
//! their ends, calendars combined once, tasks in an order in which predecessors come first.

use std::collections::HashMap;
use std::rc::Rc;

use foldhash::fast::RandomState;

use super::avoid::AvoidRule;
use super::{Constraint, LinkKind, PlanError, PlanSpec, Point, TaskSpec, TimeModel};
use crate::calendar::{DayNumber, LookupCalendar, WorkCalendar, day_number};

/// The format's name.
pub const PLAN_SCHEMA: &str = "gangway.plan/1";

const MOST_TASKS: usize = 1_000_000;
const MOST_LINKS: usize = 4_000_000;
const MOST_CALENDARS: usize = 10_000;
/// About two hundred years of work: anything longer is a typing error.
const LONGEST_BUSINESS_SPAN: i64 = 50_000;
/// Keeps sums of a million durations far from the limits of 64-bit numbers.
const FARTHEST_UNIT: i64 = 1_000_000_000_000;

/// A task as the passes see it.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub calendar: usize,
    pub duration: i64,
    pub constraint: Option<(Tie, DayNumber)>,
    pub avoid: Option<usize>,
    /// What has happened already, in a plan that is being worked.
    pub fact: Option<Fact>,
    /// Something that should have waited for it has begun or is done: there is nothing left to be late for.
    pub overtaken: bool,
}

/// What has happened to a task; boundaries as in the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    /// It began there; the node's duration is what remains.
    Started(DayNumber),
    /// It lasted from one boundary to the other.
    Done { start: DayNumber, finish: DayNumber },
}

impl Node {
    pub fn is_done(&self) -> bool {
        matches!(self.fact, Some(Fact::Done { .. }))
    }

    pub fn is_started(&self) -> bool {
        matches!(self.fact, Some(Fact::Started(_)))
    }
}

/// The kinds of [`Constraint`], without their points.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tie {
    NotBefore,
    FinishBy,
    FixedStart,
}

/// A link as the passes see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub from: usize,
    pub to: usize,
    pub kind: LinkKind,
    pub lag: i64,
}

/// A compiled plan.
#[derive(Debug, Clone)]
pub(super) struct Network<'a> {
    pub spec: &'a PlanSpec,
    pub business: bool,
    /// Day number of the plan's start; 0 in continuous plans.
    pub start: DayNumber,
    /// One per distinct set of calendars in use.
    pub calendars: Rc<[LookupCalendar]>,
    pub nodes: Vec<Node>,
    /// Sorted by successor, then as written.
    pub edges: Vec<Edge>,
    /// `edges[incoming[t]..incoming[t + 1]]` lead to task `t`.
    incoming: Vec<usize>,
    /// Indices into `edges`, grouped by predecessor.
    outgoing_edges: Vec<usize>,
    outgoing: Vec<usize>,
    /// Predecessors before successors; ties as written.
    pub order: Vec<usize>,
    pub avoids: Vec<AvoidRule>,
    /// Target task (`None`: the whole plan) and the last day or unit allowed.
    pub target: Option<(Option<usize>, DayNumber)>,
    /// Day before which nothing can happen any more; `None` in a plan that is not being worked yet.
    pub floor: Option<DayNumber>,
}

impl<'a> Network<'a> {
    /// Checks and compiles a plan.
    pub fn compile(spec: &'a PlanSpec) -> Result<Self, PlanError> {
        check_head(spec)?;
        let business = spec.time == TimeModel::Business;
        let start = spec.start.map_or(0, day_number);
        let ids = index_tasks(spec)?;
        let mut calendars = CalendarSets::new(spec, business)?;
        let mut avoids = Vec::new();
        let mut nodes = Vec::with_capacity(spec.tasks.len());
        for task in &spec.tasks {
            nodes.push(compile_task(task, business, &mut calendars, &mut avoids)?);
        }
        let edges = compile_links(spec, business, &ids)?;
        let (incoming, outgoing, outgoing_edges) = group(&edges, nodes.len());
        let target = compile_target(spec, business, &ids)?;
        let mut network = Self {
            spec,
            business,
            start,
            calendars: calendars.look_up(start, &nodes),
            nodes,
            edges,
            incoming,
            outgoing_edges,
            outgoing,
            order: Vec::new(),
            avoids,
            target,
            floor: None,
        };
        network.order = network.sort()?;
        Ok(network)
    }

    /// Leaves out links that hold nothing any more, since what they lead to has begun or is done; the order of the tasks
    /// stays, which fewer links allow as well.
    pub fn retain_edges(&mut self, keep: impl Fn(&Edge, &[Node]) -> bool) {
        let (kept, moot): (Vec<Edge>, Vec<Edge>) =
            self.edges.iter().copied().partition(|edge| keep(edge, &self.nodes));
        for edge in moot {
            if let Some(node) = self.nodes.get_mut(edge.from) {
                node.overtaken = true;
            }
        }
        self.edges = kept;
        (self.incoming, self.outgoing, self.outgoing_edges) = group(&self.edges, self.nodes.len());
    }

    /// The links that lead to a task.
    pub fn incoming(&self, task: usize) -> &[Edge] {
        &self.edges[self.incoming[task]..self.incoming[task + 1]]
    }

    /// Position in `edges` of the first link that leads to a task.
    pub fn first_incoming(&self, task: usize) -> usize {
        self.incoming[task]
    }

    /// The links that leave a task.
    pub fn outgoing(&self, task: usize) -> impl Iterator<Item = &Edge> {
        self.outgoing_edges[self.outgoing[task]..self.outgoing[task + 1]]
            .iter()
            .map(|&edge| &self.edges[edge])
    }

    /// Id of a task.
    pub fn id(&self, task: usize) -> &'a str {
        &self.spec.tasks[task].id
    }

    /// Kahn's algorithm with a first-in-first-out queue: deterministic, and close to the order written.
    fn sort(&self) -> Result<Vec<usize>, PlanError> {
        let mut waiting: Vec<usize> = (0..self.nodes.len()).map(|task| self.incoming(task).len()).collect();
        let mut order: Vec<usize> = Vec::with_capacity(self.nodes.len());
        order.extend((0..self.nodes.len()).filter(|&task| waiting[task] == 0));
        let mut next = 0;
        while let Some(&task) = order.get(next) {
            next += 1;
            for edge in self.outgoing(task) {
                waiting[edge.to] -= 1;
                if waiting[edge.to] == 0 {
                    order.push(edge.to);
                }
            }
        }
        if order.len() == self.nodes.len() { Ok(order) } else { Err(self.find_cycle(&waiting)) }
    }

    /// Every task still waiting has a predecessor still waiting: walking backwards must come round.
    fn find_cycle(&self, waiting: &[usize]) -> PlanError {
        let mut seen_at = vec![None; self.nodes.len()];
        let mut walk = Vec::new();
        let mut at = waiting.iter().position(|&count| count > 0);
        while let Some(task) = at {
            if let Some(began) = seen_at[task] {
                walk.drain(..began);
                break;
            }
            seen_at[task] = Some(walk.len());
            walk.push(task);
            at = self.incoming(task).iter().map(|edge| edge.from).find(|&from| waiting[from] > 0);
        }
        walk.reverse();
        let first = walk.iter().enumerate().min_by_key(|(_, task)| **task).map_or(0, |(place, _)| place);
        walk.rotate_left(first);
        PlanError::Cycle(walk.into_iter().map(|task| self.id(task).to_owned()).collect())
    }
}

fn check_head(spec: &PlanSpec) -> Result<(), PlanError> {
    if let Some(schema) = spec.schema.as_deref().filter(|&schema| schema != PLAN_SCHEMA) {
        return Err(PlanError::UnknownSchema(schema.to_owned()));
    }
    for (what, count, limit) in [
        ("tasks", spec.tasks.len(), MOST_TASKS),
        ("links", spec.links.len(), MOST_LINKS),
        ("calendars", spec.calendars.len(), MOST_CALENDARS),
    ] {
        if count > limit {
            return Err(PlanError::TooLarge { what, count, limit });
        }
    }
    match (spec.time, spec.start) {
        (TimeModel::Business, None) => Err(PlanError::MissingStart),
        (TimeModel::Continuous, Some(_)) => Err(PlanError::NotContinuous("`start`".to_owned())),
        (TimeModel::Continuous, None) if !spec.calendars.is_empty() => {
            Err(PlanError::NotContinuous("`calendars`".to_owned()))
        }
        _ => Ok(()),
    }
}

/// Positions by id.
///
/// The hash is seeded but not cryptographic: looking up both ends of every link with the standard
/// library's was a quarter of the time of a large plan.
type Ids<'a> = HashMap<&'a str, usize, RandomState>;

fn index_tasks(spec: &PlanSpec) -> Result<Ids<'_>, PlanError> {
    let mut ids = Ids::with_capacity_and_hasher(spec.tasks.len(), RandomState::default());
    for (position, task) in spec.tasks.iter().enumerate() {
        if task.id.is_empty() {
            return Err(PlanError::EmptyId { position: position + 1 });
        }
        if ids.insert(&task.id, position).is_some() {
            return Err(PlanError::DuplicateTask(task.id.clone()));
        }
    }
    Ok(ids)
}

fn compile_task<'a>(
    task: &'a TaskSpec,
    business: bool,
    calendars: &mut CalendarSets<'a>,
    avoids: &mut Vec<AvoidRule>,
) -> Result<Node, PlanError> {
    let duration = i64::from(task.duration);
    if business && duration > LONGEST_BUSINESS_SPAN {
        let what = format!("the duration of task `{}`", task.id);
        return Err(PlanError::TooLong { what, days: duration, limit: LONGEST_BUSINESS_SPAN });
    }
    let calendar = calendars.of(task)?;
    let constraint = match task.constraint {
        None => None,
        Some(constraint) => {
            let (tie, at) = match constraint {
                Constraint::NotBefore { at } => (Tie::NotBefore, at),
                Constraint::FinishBy { at } => (Tie::FinishBy, at),
                Constraint::FixedStart { at } => (Tie::FixedStart, at),
            };
            Some((tie, moment(at, business, || format!("the constraint of task `{}`", task.id))?))
        }
    };
    let avoid = match &task.avoid {
        None => None,
        Some(_) if !business => {
            return Err(PlanError::NotContinuous(format!("what task `{}` avoids", task.id)));
        }
        Some(avoid) => {
            avoids.push(AvoidRule::compile(&task.id, avoid)?);
            Some(avoids.len() - 1)
        }
    };
    Ok(Node { calendar, duration, constraint, avoid, fact: None, overtaken: false })
}

/// The day number or unit of a point, if it fits the plan's kind of time.
fn moment(at: Point, business: bool, place: impl Fn() -> String) -> Result<DayNumber, PlanError> {
    match at {
        Point::Day(day) if business => Ok(day_number(day)),
        Point::Unit(unit) if !business && unit.unsigned_abs() <= FARTHEST_UNIT.unsigned_abs() => Ok(unit),
        Point::Unit(_) if !business => Err(PlanError::BeyondRange { place: place(), limit: FARTHEST_UNIT }),
        found => {
            let (model, needed) =
                if business { ("business", "a date (YYYY-MM-DD)") } else { ("continuous", "a number") };
            Err(PlanError::WrongPoint { place: place(), found, model, needed })
        }
    }
}

fn compile_links(spec: &PlanSpec, business: bool, ids: &Ids<'_>) -> Result<Vec<Edge>, PlanError> {
    let mut edges = Vec::with_capacity(spec.links.len());
    for link in &spec.links {
        let find = |id: &str| {
            ids.get(id).copied().ok_or_else(|| PlanError::UnknownTask {
                task: id.to_owned(),
                by: format!("the link `{}` → `{}`", link.from, link.to),
            })
        };
        let (from, to, lag) = (find(&link.from)?, find(&link.to)?, i64::from(link.lag));
        if from == to {
            return Err(PlanError::SelfLink(link.from.clone()));
        }
        if business && lag.abs() > LONGEST_BUSINESS_SPAN {
            let what = format!("the lag of the link `{}` → `{}`", link.from, link.to);
            return Err(PlanError::TooLong { what, days: lag, limit: LONGEST_BUSINESS_SPAN });
        }
        edges.push(Edge { from, to, kind: link.kind, lag });
    }
    Ok(by_successor(&edges, ids.len()))
}

/// Links sorted by successor, then as written: by counting, since there are many.
fn by_successor(edges: &[Edge], tasks: usize) -> Vec<Edge> {
    let mut next = vec![0; tasks + 1];
    for edge in edges {
        next[edge.to + 1] += 1;
    }
    for task in 0..tasks {
        next[task + 1] += next[task];
    }
    let mut sorted = edges.to_vec();
    for edge in edges {
        sorted[next[edge.to]] = *edge;
        next[edge.to] += 1;
    }
    sorted
}

/// Offsets of the incoming links of each task, offsets of the outgoing ones, and the latter's positions.
fn group(edges: &[Edge], tasks: usize) -> (Vec<usize>, Vec<usize>, Vec<usize>) {
    let (mut incoming, mut outgoing) = (vec![0; tasks + 1], vec![0; tasks + 1]);
    for edge in edges {
        incoming[edge.to + 1] += 1;
        outgoing[edge.from + 1] += 1;
    }
    for task in 0..tasks {
        incoming[task + 1] += incoming[task];
        outgoing[task + 1] += outgoing[task];
    }
    let mut filled = outgoing.clone();
    let mut by_predecessor = vec![0; edges.len()];
    for (position, edge) in edges.iter().enumerate() {
        by_predecessor[filled[edge.from]] = position;
        filled[edge.from] += 1;
    }
    (incoming, outgoing, by_predecessor)
}

fn compile_target(
    spec: &PlanSpec,
    business: bool,
    ids: &Ids<'_>,
) -> Result<Option<(Option<usize>, DayNumber)>, PlanError> {
    let Some(target) = &spec.target else { return Ok(None) };
    let task = match &target.task {
        None => None,
        Some(id) => Some(
            *ids.get(id.as_str())
                .ok_or_else(|| PlanError::UnknownTask { task: id.clone(), by: "the target".to_owned() })?,
        ),
    };
    Ok(Some((task, moment(target.by, business, || "the target".to_owned())?)))
}

/// Builds each distinct set of calendars once.
struct CalendarSets<'a> {
    business: bool,
    by_id: Ids<'a>,
    singles: Vec<WorkCalendar>,
    built: Vec<WorkCalendar>,
    /// Position in `built` by the list of ids as tasks write it: most tasks repeat one of a few.
    by_list: HashMap<&'a [String], usize, RandomState>,
    /// The same by the sorted positions in `singles`.
    by_set: HashMap<Vec<usize>, usize>,
}

impl<'a> CalendarSets<'a> {
    fn new(spec: &'a PlanSpec, business: bool) -> Result<Self, PlanError> {
        let mut by_id = Ids::with_capacity_and_hasher(spec.calendars.len(), RandomState::default());
        let mut singles = Vec::with_capacity(spec.calendars.len().max(1));
        for calendar in &spec.calendars {
            if by_id.insert(&calendar.id, singles.len()).is_some() {
                return Err(PlanError::DuplicateCalendar(calendar.id.clone()));
            }
            singles.push(WorkCalendar::from_spec(calendar)?);
        }
        if singles.is_empty() {
            singles.push(if business {
                WorkCalendar::monday_to_friday("default")
            } else {
                WorkCalendar::every_day()
            });
        }
        let (by_list, by_set) = (HashMap::default(), HashMap::new());
        Ok(Self { business, by_id, singles, built: Vec::new(), by_list, by_set })
    }

    /// Position in `built` of the calendar a task works on.
    fn of(&mut self, task: &'a TaskSpec) -> Result<usize, PlanError> {
        if let Some(&built) = self.by_list.get(task.calendars.as_slice()) {
            return Ok(built);
        }
        if !self.business && !task.calendars.is_empty() {
            return Err(PlanError::NotContinuous(format!("the calendars of task `{}`", task.id)));
        }
        let mut set = task.calendars.iter().map(|id| self.find(task, id)).collect::<Result<Vec<_>, _>>()?;
        set.sort_unstable();
        set.dedup();
        if set.is_empty() {
            set.push(0);
        }
        let built = match self.by_set.get(&set) {
            Some(&built) => built,
            None => self.build(task, set)?,
        };
        self.by_list.insert(&task.calendars, built);
        Ok(built)
    }

    fn find(&self, task: &TaskSpec, id: &str) -> Result<usize, PlanError> {
        self.by_id
            .get(id)
            .copied()
            .ok_or_else(|| PlanError::UnknownCalendar { task: task.id.clone(), calendar: id.to_owned() })
    }

    fn build(&mut self, task: &TaskSpec, set: Vec<usize>) -> Result<usize, PlanError> {
        let calendar = match set.as_slice() {
            [one] => self.singles[*one].clone(),
            several => {
                let parts: Vec<&WorkCalendar> = several.iter().map(|&one| &self.singles[one]).collect();
                WorkCalendar::intersection(&parts)
                    .map_err(|source| PlanError::NoCommonDay { task: task.id.clone(), source })?
            }
        };
        let position = self.built.len();
        self.built.push(calendar);
        self.by_set.insert(set, position);
        Ok(position)
    }

    /// The calendars in use. What they write down beforehand is no more than the plan can need, and in
    /// all no more than a few days for each of its tasks.
    fn look_up(self, start: DayNumber, nodes: &[Node]) -> Rc<[LookupCalendar]> {
        const MOST_DAYS: usize = 5_000;
        const DAYS_PER_TASK: usize = 8;
        let share = nodes.len() * DAYS_PER_TASK / self.built.len().max(1);
        let work: i64 = nodes.iter().map(|node| node.duration).sum();
        // Two days for each day of work leave room for weekends.
        let length = usize::try_from(work * 2).unwrap_or(MOST_DAYS).min(share).min(MOST_DAYS);
        let length = u32::try_from(length).unwrap_or(0);
        self.built.into_iter().map(|calendar| LookupCalendar::new(calendar, start, length)).collect()
    }
}
