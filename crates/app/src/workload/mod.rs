//! Who has how much to do, what they have time for, who could take a task, and when an onboarding could go live with
//! the people there are.

mod people;

use std::collections::{BTreeMap, BTreeSet};

use gangway_domain::ids::{OnboardingId, PersonId, TaskId};
use gangway_domain::permission::{Action, Role};
use gangway_domain::programme::Side;
use gangway_domain::work::{Assignee, Change, Ground, RunningTask};
use gangway_domain::workload::{
    Availability, Calendars, Piece, Room, WEEKS, Week, days_of_work, monday, mondays, role_weeks, room,
    weeks_of,
};
use gangway_store::membership::{self, Member};
use gangway_store::workload::{self as rows, Kept, Load};
use gangway_store::{Tx, onboarding};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::activity::{self, About};
use crate::boxed;
use crate::error::{AppError, Problem};
use crate::{Actor, App, calculate, version, work};

pub use people::{Prospect, prospect};

/// Weeks after today in which load is looked at for a task far ahead.
const FAR_WEEKS: i64 = 104;

/// Most people suggested for a task.
const SUGGESTED: usize = 3;

/// The load of a workspace, week by week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board {
    /// The Mondays of the weeks.
    pub mondays: Vec<Date>,
    /// Members who run onboardings, or have tasks, by name; only whoever looks, where they may not see others.
    pub people: Vec<Loaded>,
    /// Work of our side nobody has been chosen for, by role.
    pub roles: Vec<Unassigned>,
    /// The day it was looked at.
    pub today: Date,
}

/// The load of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Their role in the workspace.
    pub role: Role,
    /// What they have time for, with its version.
    pub kept: Kept,
    /// The weeks of the board.
    pub weeks: Vec<Week>,
}

/// Work nobody has been chosen for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unassigned {
    /// The role that does it, as people see it.
    pub role: String,
    /// The weeks of the board.
    pub weeks: Vec<Week>,
}

/// Somebody who has more to do in a week than time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overload {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The week.
    pub week: Week,
}

impl Overload {
    /// `Ines Okafor is at 140 % in the week of 12 Jan`.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("{} {}", self.name, self.week.in_words())
    }
}

/// Somebody who could do a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// How much room they have in its weeks.
    pub room: Room,
    /// They are of the task's role: their role in the workspace is called so, or they do other tasks of it.
    pub of_role: bool,
}

/// What there is to say of a task where it is given to somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fit {
    /// Weeks of the task in which whoever has it has too much.
    pub overloads: Vec<Overload>,
    /// Who of its role has most room in its weeks, the most first.
    pub suggestions: Vec<Suggestion>,
}

/// Everything load is worked out from.
pub(super) struct Known {
    pub pieces: Vec<Piece>,
    pub calendars: BTreeMap<OnboardingId, Calendars>,
    pub members: Vec<Member>,
    pub kept: BTreeMap<PersonId, Kept>,
}

impl Known {
    /// Of onboardings that are not over, up to a day.
    async fn load(app: &App, tx: &mut Tx, actor: &Actor, until: Date) -> Result<Self, AppError> {
        let loads = rows::tasks(tx, actor.workspace, until).await?;
        let grounds = rows::grounds(tx, actor.workspace).await?;
        Self::of(app, tx, actor, until, (loads, grounds)).await
    }

    /// The same without what nobody has been chosen for.
    pub(super) async fn given(app: &App, tx: &mut Tx, actor: &Actor, until: Date) -> Result<Self, AppError> {
        let loads = rows::given(tx, actor.workspace, until).await?;
        let grounds = rows::given_grounds(tx, actor.workspace, until).await?;
        Self::of(app, tx, actor, until, (loads, grounds)).await
    }

    async fn of(
        app: &App,
        tx: &mut Tx,
        actor: &Actor,
        until: Date,
        (loads, grounds): (Vec<Load>, BTreeMap<OnboardingId, Ground>),
    ) -> Result<Self, AppError> {
        let today = app.today();
        let members = membership::of_workspace(tx, actor.workspace).await?;
        let kept = rows::available(tx, actor.workspace).await?;
        calculate(move || {
            let calendars: BTreeMap<OnboardingId, Calendars> =
                grounds.iter().map(|(id, ground)| (*id, Calendars::of(ground))).collect();
            let pieces = loads.into_iter().filter_map(|load| {
                let calendar = calendars.get(&load.task.onboarding)?.side(load.side);
                let days = days_of_work(calendar, today, load.start, load.days, load.begun, until);
                Some(Piece { task: load.task, days })
            });
            Self { pieces: pieces.collect(), calendars, members, kept }
        })
        .await
    }

    /// What somebody has time for.
    pub(super) fn time(&self, person: PersonId) -> Kept {
        self.kept.get(&person).cloned().unwrap_or_default()
    }

    fn of_person(&self, person: PersonId) -> Vec<&Piece> {
        self.pieces.iter().filter(|piece| piece.task.person == Some(person)).collect()
    }

    /// The calendars somebody works by.
    fn calendars_of(&self, pieces: &[&Piece]) -> Vec<&Calendars> {
        let ids: BTreeSet<OnboardingId> = pieces.iter().map(|piece| piece.task.onboarding).collect();
        ids.iter().filter_map(|id| self.calendars.get(id)).collect()
    }

    /// The weeks of one person.
    fn weeks(&self, person: PersonId, mondays: &[Date]) -> Vec<Week> {
        let pieces = self.of_person(person);
        weeks_of(&pieces, &self.time(person).availability, &self.calendars_of(&pieces), mondays)
    }

    /// Members who are of a role: theirs in the workspace is called so, or they do other tasks of it.
    pub(super) fn of_role(&self, role: &str) -> BTreeSet<PersonId> {
        let called = |member: &&Member| member.role.label().eq_ignore_ascii_case(role);
        let doing = self.pieces.iter().filter(|piece| piece.task.role.eq_ignore_ascii_case(role));
        let doing = doing.filter_map(|piece| piece.task.person);
        self.members.iter().filter(called).map(|member| member.person).chain(doing).collect()
    }
}

/// The load of the actor's workspace over eight weeks from a day on. Whoever does not run onboardings sees their own.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn board(app: &App, actor: &Actor, from: Option<Date>) -> Result<Board, AppError> {
    actor.require(Action::Look)?;
    let today = app.today();
    // Not before this week: what is over is not counted.
    let limit = today.saturating_add(FAR_WEEKS.weeks());
    let mondays = mondays(from.unwrap_or(today).clamp(monday(today), limit), WEEKS);
    let until = mondays.last().map_or(today, |last| last.saturating_add(7.days()));
    let mut tx = app.db.read().await?;
    let known = Known::load(app, &mut tx, actor, until).await?;
    drop(tx);
    let (all, own) = (actor.may(Action::RunOnboarding), actor.person);
    calculate(move || {
        let busy: BTreeSet<PersonId> = known.pieces.iter().filter_map(|piece| piece.task.person).collect();
        let shown = |member: &&Member| {
            if all {
                member.role.may(Action::RunOnboarding)
                    || busy.contains(&member.person)
                    || own == Some(member.person)
            } else {
                own == Some(member.person)
            }
        };
        let people = known.members.iter().filter(shown).map(|member| Loaded {
            person: member.person,
            name: member.name.clone(),
            role: member.role,
            kept: known.time(member.person),
            weeks: known.weeks(member.person, &mondays),
        });
        let people = people.collect();
        let mut by_role: BTreeMap<&str, Vec<&Piece>> = BTreeMap::new();
        for piece in known.pieces.iter().filter(|piece| all && piece.task.person.is_none()) {
            by_role.entry(piece.task.role.as_str()).or_default().push(piece);
        }
        let roles = by_role
            .into_iter()
            .map(|(role, pieces)| Unassigned { role: role.to_owned(), weeks: role_weeks(&pieces, &mondays) })
            .filter(|role| role.weeks.iter().any(|week| week.load > 0))
            .collect();
        Board { mondays, people, roles, today }
    })
    .await
}

/// What somebody has time for; whoever does not run onboardings may ask of themselves.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn availability(app: &App, actor: &Actor, person: PersonId) -> Result<(Member, Kept), AppError> {
    actor.require(Action::Look)?;
    let mut tx = app.db.read().await?;
    let member = member(&mut tx, actor, person).await?;
    if actor.person != Some(person) {
        actor.require(Action::RunOnboarding)?;
    }
    let kept = rows::availability(&mut tx, actor.workspace, person).await?;
    Ok((member, kept))
}

async fn member(tx: &mut Tx, actor: &Actor, person: PersonId) -> Result<Member, AppError> {
    let found = membership::get(tx, actor.workspace, person).await?;
    found.ok_or_else(|| AppError::missing("member", person))
}

/// Says what somebody has time for, in place of the version that was looked at, 0 while nobody said anything. Everybody
/// may say their own, leaders that of others.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::Stale`] when it is another
/// version now; or when the database fails.
#[boxed]
pub async fn set_availability(
    app: &App,
    actor: &Actor,
    person: PersonId,
    version: i64,
    wanted: Availability,
) -> Result<Kept, AppError> {
    actor.require(Action::OwnAccess)?;
    let wanted = wanted.checked().map_err(|wrong| {
        AppError::Invalid(wrong.into_iter().map(|one| Problem::new(one.field, one.message)).collect())
    });
    let mut tx = app.db.write().await?;
    let member = member(&mut tx, actor, person).await?;
    if actor.person != Some(person) {
        actor.require(Action::ManageCapacity)?;
    }
    let known = rows::availability(&mut tx, actor.workspace, person).await?;
    version::fresh("availability", known.version, version)?;
    let kept = Kept { availability: wanted?, version };
    if kept == known {
        return Ok(known);
    }
    let done = rows::keep(&mut tx, actor.workspace, person, &kept, &actor.name, app.now()).await?;
    let version = version::after("availability", version, done)?;
    let summary = format!("Changed what {} has time for", member.name);
    activity::record(app, &mut tx, actor, "workload.availability_changed", About::default(), summary).await?;
    tx.commit().await?;
    Ok(Kept { version, ..kept })
}

/// What there is to say of a task where it is given to somebody: weeks in which whoever has it has too much, and who of
/// its role has most room. Nothing for whoever does not run onboardings, and for a task that is over.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`]; or when the database fails.
#[boxed]
pub async fn fit(app: &App, actor: &Actor, id: TaskId) -> Result<Fit, AppError> {
    let place = work::place(app, actor, id).await?;
    if !actor.may(Action::RunOnboarding) {
        return Ok(Fit::default());
    }
    let mut tx = app.db.read().await?;
    let Some(stored) = gangway_store::work::get(&mut tx, actor.workspace, place.onboarding).await? else {
        return Ok(Fit::default());
    };
    let Some(task) = stored.plan.task(&place.code).filter(|task| !task.state.is_over()).cloned() else {
        return Ok(Fit::default());
    };
    let head = onboarding::head::get(&mut tx, actor.workspace, place.onboarding).await?;
    drop(tx);
    let customer = head.map(|head| head.customer).unwrap_or_default();
    let open = Open { id, onboarding: place.onboarding, customer, ground: stored.plan.ground, task };
    fitting(app, actor, open).await
}

/// The same of a task that was read already.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn fit_of(app: &App, actor: &Actor, sight: &work::TaskSight) -> Result<Fit, AppError> {
    actor.require(Action::Look)?;
    if !actor.may(Action::RunOnboarding) || sight.task.state.is_over() {
        return Ok(Fit::default());
    }
    let open = Open {
        id: sight.facts.id,
        onboarding: sight.head.id,
        customer: sight.head.customer.clone(),
        ground: sight.plan.ground.clone(),
        task: sight.task.clone(),
    };
    fitting(app, actor, open).await
}

/// A task that is not over, with what its plan stands on.
struct Open {
    id: TaskId,
    onboarding: OnboardingId,
    customer: String,
    ground: Ground,
    task: RunningTask,
}

async fn fitting(app: &App, actor: &Actor, open: Open) -> Result<Fit, AppError> {
    let Open { id, onboarding, customer, ground, task } = open;
    let today = app.today();
    let until = task.finish.max(today).saturating_add(8.weeks());
    let mut tx = app.db.read().await?;
    let known = Known::given(app, &mut tx, actor, until).await?;
    drop(tx);
    calculate(move || {
        let person = task.assignee.as_ref().and_then(Assignee::person);
        let calendar = Calendars::of(&ground);
        let piece = Piece {
            days: days_of_work(
                calendar.side(task.side),
                today,
                task.start,
                task.days,
                task.state.started_on(),
                until,
            ),
            task: gangway_domain::workload::Task {
                id,
                onboarding,
                customer,
                code: task.code,
                name: task.name,
                role: task.role,
                person,
                critical: task.critical,
            },
        };
        let mut weeks: Vec<Date> = piece.days.iter().map(|day| monday(*day)).collect();
        weeks.dedup();
        let overloads = match person {
            Some(person) => overloads_of(&known, &[person], &weeks),
            None => Vec::new(),
        };
        let suggestions =
            if task.side == Side::Customer { Vec::new() } else { suggested(&known, &piece, &weeks) };
        Fit { overloads, suggestions }
    })
    .await
}

/// Who has most room for a task, those of its role first; whoever is not there in one of its weeks is not named.
fn suggested(known: &Known, piece: &Piece, weeks: &[Date]) -> Vec<Suggestion> {
    let of_role = known.of_role(&piece.task.role);
    let able = known.members.iter().filter(|member| member.role.may(Action::RunOnboarding));
    let mut found: Vec<Suggestion> = able
        .map(|member| Suggestion {
            person: member.person,
            name: member.name.clone(),
            room: room(&known.weeks(member.person, weeks), piece),
            of_role: of_role.contains(&member.person),
        })
        .filter(|one| one.room.fullest.is_some())
        .collect();
    found.sort_by(|one, other| {
        let key = |suggestion: &Suggestion| (!suggestion.of_role, suggestion.room.rank());
        key(one).cmp(&key(other)).then_with(|| one.name.cmp(&other.name))
    });
    found.truncate(SUGGESTED);
    found
}

/// Weeks in which these people have more to do than time.
fn overloads_of(known: &Known, people: &[PersonId], weeks: &[Date]) -> Vec<Overload> {
    let mut found = Vec::new();
    for member in known.members.iter().filter(|member| people.contains(&member.person)) {
        let over = known.weeks(member.person, weeks).into_iter().filter(Week::is_over);
        found.extend(over.map(|week| Overload { person: member.person, name: member.name.clone(), week }));
    }
    found
}

/// Members to whom changes of a plan give tasks.
#[must_use]
pub fn given(changes: &[Change]) -> Vec<PersonId> {
    let mut people: BTreeSet<PersonId> = BTreeSet::new();
    let mut give = |who: &Option<Assignee>| people.extend(who.as_ref().and_then(Assignee::person));
    for change in changes {
        match change {
            Change::Assign { assignee, .. } => give(assignee),
            Change::Add { task } => give(&task.assignee),
            Change::Bundle { tasks, .. } => tasks.iter().for_each(|task| give(&task.assignee)),
            _ => {}
        }
    }
    people.into_iter().collect()
}

/// Weeks of an onboarding's tasks in which people have more to do than time, the fullest of each person: what is said
/// after tasks were given to them. Nothing when nobody was given one.
///
/// # Errors
/// [`AppError::Forbidden`]; or when the database fails.
#[boxed]
pub async fn overloaded(
    app: &App,
    actor: &Actor,
    onboarding: OnboardingId,
    people: Vec<PersonId>,
) -> Result<Vec<Overload>, AppError> {
    actor.require(Action::Look)?;
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let until = app.today().saturating_add(FAR_WEEKS.weeks());
    let mut tx = app.db.read().await?;
    let known = Known::given(app, &mut tx, actor, until).await?;
    drop(tx);
    calculate(move || {
        let mut found: Vec<Overload> = Vec::new();
        for person in people {
            let here =
                known.of_person(person).into_iter().filter(|piece| piece.task.onboarding == onboarding);
            let weeks: BTreeSet<Date> = here.flat_map(|piece| &piece.days).map(|day| monday(*day)).collect();
            let weeks: Vec<Date> = weeks.into_iter().collect();
            let over = overloads_of(&known, &[person], &weeks);
            // Without any time first, then the fullest, then the earliest.
            let key = |over: &Overload| {
                (
                    over.week.percent().is_none(),
                    over.week.percent().unwrap_or(0),
                    std::cmp::Reverse(over.week.monday),
                )
            };
            found.extend(over.into_iter().max_by_key(key));
        }
        found
    })
    .await
}
