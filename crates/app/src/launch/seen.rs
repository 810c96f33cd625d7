//! A launch as its rows and the plan tell it.

use std::collections::BTreeMap;

use gangway_domain::ids::{AccountId, ContactId, OnboardingId, WorkspaceId};
use gangway_domain::launch::{
    Decision, Issue, LaunchPlan, Mark, Message, Pilot, PilotFact, Severity, Signal, Standing, exits,
    grave_open, hours_since_grave, readiness, role_of_approval, standing, stopped_by, taken_back, trend,
    waves, zone_of,
};
use gangway_domain::package::{Approval as NamedApproval, ReadinessGroup};
use gangway_domain::programme::Rollout;
use gangway_domain::rule::{FactValue, Facts};
use gangway_domain::work::{RunningPlan, live_on, run_facts};
use gangway_store::contact::Contact;
use gangway_store::launch::{self as rows, Record};
use gangway_store::onboarding::{self, head};
use gangway_store::{Tx, account, work};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::{Approval, Sight};
use crate::contact::Known;
use crate::error::AppError;
use crate::{App, outcome, training};

/// The code of the plan's task that is hypercare.
const HYPERCARE: &str = "hypercare";

/// The approval that whoever runs the onboarding gives.
const MANAGER: &str = "Onboarding manager";

/// What a leader says of a go-live that goes on without a decision is kept under this name.
pub(super) const LET_GO: &str = "go-live";

/// What of the package a launch begins with.
#[derive(Debug, Deserialize)]
struct Told {
    names: Names,
    people: People,
    go_live: GoLive,
}

/// The customer's people as the deal named them.
#[derive(Debug, Deserialize)]
struct People {
    stakeholders: Vec<Stakeholder>,
}

#[derive(Debug, Deserialize)]
struct Stakeholder {
    label: String,
    #[serde(default)]
    email: Option<String>,
}

impl People {
    /// The contact who has an approval: somebody of the customer's the deal named for it, never one of ours who is called
    /// the same.
    fn approver<'a>(&self, known: &'a Known, approval: &NamedApproval) -> Option<&'a Contact> {
        let person = approval.person.as_deref().filter(|_| approval.role != MANAGER)?;
        let told = self.stakeholders.iter().find(|one| one.label == person)?;
        known.meant(person, told.email.as_deref())
    }
}

/// What somebody said, with the name they have now when they are a contact. Where only their name was kept, it says who
/// they are when it was not written down by themselves in the team.
fn with_name(known: &Known, mark: Mark) -> Mark {
    let kept = mark.contact.and_then(|id| known.get(id));
    let is_told = mark.portal || mark.noted_by.is_some();
    let contact = kept.or_else(|| known.meant(&mark.by, None).filter(|_| is_told));
    match contact.map(|one| (one.id, one.name.clone())) {
        Some((id, name)) => Mark { by: name, contact: Some(id), ..mark },
        None => mark,
    }
}

#[derive(Debug, Deserialize)]
struct Names {
    product: String,
    use_case: String,
}

#[derive(Debug, Deserialize)]
struct GoLive {
    rollout: Rollout,
    readiness: Vec<ReadinessGroup>,
    approvals: Vec<NamedApproval>,
    pilot_users: Option<[u32; 2]>,
}

/// How the pilots went: the newest decides, but one that passed is not undone by one that is only planned.
pub(super) fn pilot_fact(pilots: &[Record<Pilot>]) -> PilotFact {
    match pilots.first().map(|newest| newest.body.fact()) {
        None => PilotFact::None,
        // After a failure the next run is open: what counts is still that it failed.
        Some(PilotFact::Open) => {
            let before = pilots.iter().map(|one| one.body.fact()).find(|fact| *fact != PilotFact::Open);
            before.unwrap_or(PilotFact::Open)
        }
        Some(fact) => fact,
    }
}

/// The whole launch in one state of the database.
pub(super) async fn gather(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Sight, AppError> {
    let missing = || AppError::missing("onboarding", id);
    let head = head::get(tx, workspace, id).await?.ok_or_else(missing)?;
    let Told { names, people, go_live } = head::sections(tx, workspace, id).await?.ok_or_else(missing)?;
    let known = Known::of_account(tx, workspace, head.account_id).await?;
    let running = work::get(tx, workspace, id).await?.ok_or_else(missing)?.plan;
    let stored = rows::plan(tx, workspace, id).await?;
    let marks = rows::marks(tx, workspace, id).await?.into_iter();
    let marks: BTreeMap<String, Mark> =
        marks.map(|(subject, mark)| (subject, with_name(&known, mark))).collect();
    let pilots: Vec<Record<Pilot>> = rows::of_onboarding(tx, workspace, id).await?;
    let issues: Vec<Record<Issue>> = rows::of_onboarding(tx, workspace, id).await?;
    let messages: Vec<Record<Message>> = rows::of_onboarding(tx, workspace, id).await?;
    let rules = &app.methodology.golive;
    let (plan, version) = stored.unwrap_or_else(|| {
        let strategy = go_live.rollout.strategy.clone();
        (LaunchPlan { waves: waves(rules, &strategy, &running), strategy, ..LaunchPlan::default() }, 0)
    });
    let today = app.today();
    let live_on = live_on(&running);
    let facts = of_run(app, &running, &plan, &pilots, &issues, &messages, live_on);
    let facts = with_others(tx, workspace, id, facts).await?;
    let items: BTreeMap<String, Mark> = marks
        .iter()
        .filter_map(|(subject, mark)| Some((subject.strip_prefix("item:")?.to_owned(), mark.clone())))
        .collect();
    let checklist = app.methodology.checklists.get(&rules.checklist);
    let groups = readiness(&go_live.readiness, checklist, &running, &facts, &items);
    let owner = onboarding::owner(tx, workspace, id).await?.map(|(_, name)| name);
    let approval = |one: NamedApproval| {
        let contact = people.approver(&known, &one);
        Approval {
            guest: role_of_approval(&one.role),
            mark: marks.get(&format!("approval:{}", one.role)).cloned(),
            contact: contact.map(|contact| contact.id),
            person: contact
                .map(|contact| contact.name.clone())
                .or(one.person)
                // The package was made before somebody was chosen to run it.
                .or_else(|| owner.clone().filter(|_| one.role == MANAGER)),
            role: one.role,
        }
    };
    let bodies: Vec<Issue> = issues.iter().map(|one| one.body.clone()).collect();
    let go_live_on = running.promise().go_live;
    let decisions: Vec<Record<Decision>> = rows::of_onboarding(tx, workspace, id).await?;
    let signals: Vec<Record<Signal>> = rows::of_onboarding(tx, workspace, id).await?;
    let let_go = marks.get(LET_GO).cloned();
    Ok(Sight {
        standing: stand(&decisions, &signals, let_go.as_ref(), &plan),
        let_go,
        zone: zone(app, tx, workspace, head.account_id).await?,
        plan,
        version,
        product: names.product,
        use_case: names.use_case,
        readiness: groups,
        approvals: go_live.approvals.into_iter().map(approval).collect(),
        decisions,
        pilots,
        feedback: rows::of_onboarding(tx, workspace, id).await?,
        trend: trend(&bodies, today, &app.time_zone),
        issues,
        syncs: rows::of_onboarding(tx, workspace, id).await?,
        messages,
        signals,
        exits: exits(rules, &facts, |name| marks.get(name).cloned()),
        facts,
        go_live_on,
        live_on,
        hypercare_until: hypercare_until(app, &running, live_on.unwrap_or(go_live_on)),
        pilot_bounds: go_live.pilot_users,
        today,
        running,
        head,
    })
}

fn stand(
    decisions: &[Record<Decision>],
    signals: &[Record<Signal>],
    let_go: Option<&Mark>,
    plan: &LaunchPlan,
) -> Standing {
    if stopped_by(signals.iter().map(|one| &one.body)).is_some() {
        return Standing::Stopped;
    }
    let taken_back = taken_back(signals.iter().map(|one| &one.body), &plan.waves);
    standing(decisions.iter().map(|one| &one.body), let_go, taken_back)
}

/// The clock an account lives by: that of its country, else the installation's.
async fn zone(
    app: &App,
    tx: &mut Tx,
    workspace: WorkspaceId,
    account: AccountId,
) -> Result<TimeZone, AppError> {
    let country = account::get(tx, workspace, account).await?.and_then(|known| known.country);
    let name = country.as_deref().and_then(zone_of);
    let zone = name.and_then(|name| TimeZone::get(name).ok());
    Ok(zone.unwrap_or_else(|| app.time_zone.clone()))
}

/// The last day of hypercare after a go-live.
fn hypercare_until(app: &App, plan: &RunningPlan, live: Date) -> Date {
    let days = i64::from(app.methodology.golive.hypercare_days);
    plan.task(HYPERCARE).map_or_else(|| live.saturating_add(days.days()), |task| task.finish)
}

fn number(count: usize) -> FactValue {
    FactValue::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

/// The facts of the plan and of the launch itself. What nobody has begun to write down is no fact, so that whoever does
/// it elsewhere is judged by the plan.
fn of_run(
    app: &App,
    running: &RunningPlan,
    plan: &LaunchPlan,
    pilots: &[Record<Pilot>],
    issues: &[Record<Issue>],
    messages: &[Record<Message>],
    live_on: Option<Date>,
) -> Facts {
    let mut facts = run_facts(running, app.today());
    let mut launch: BTreeMap<&'static str, FactValue> = BTreeMap::new();
    if !plan.rollback.is_blank() {
        launch.insert("rollback_planned", FactValue::Bool(plan.rollback.is_planned()));
    }
    if !plan.hypercare.is_blank() {
        launch.insert("hypercare_planned", FactValue::Bool(plan.hypercare.is_planned()));
    }
    if !messages.is_empty() {
        launch.insert("message_written", FactValue::Bool(true));
    }
    // What goes out from the go-live on cannot be asked for before it: that would wait for itself.
    let moments = &app.methodology.golive.launch.messages;
    let is_before =
        |one: &&Record<Message>| moments.iter().any(|moment| moment.id == one.body.moment && moment.days < 0);
    let mut before = messages.iter().filter(is_before).peekable();
    if before.peek().is_some() {
        launch.insert("message_sent", FactValue::Bool(before.any(|one| one.body.sent.is_some())));
    }
    facts.0.insert("launch", FactValue::Group(launch));
    if let Some(newest) = pilots.first() {
        let met = newest.body.fact() == PilotFact::Passed;
        facts.0.insert("pilot", FactValue::Group(BTreeMap::from([("criteria_met", FactValue::Bool(met))])));
    }
    let bodies: Vec<Issue> = issues.iter().map(|one| one.body.clone()).collect();
    let now = app.clock.now();
    let open =
        |severity: Severity| bodies.iter().filter(|one| one.severity == severity && one.is_open()).count();
    let trend = trend(&bodies, app.today(), &app.time_zone);
    let live = live_on.and_then(|day| day.to_zoned(app.time_zone.clone()).ok()).map(|at| at.timestamp());
    let mut group = BTreeMap::from([
        ("open_critical", number(open(Severity::Critical))),
        ("open_high", number(open(Severity::High))),
        ("trend", FactValue::Int(trend.change())),
        ("last_week", FactValue::Int(i64::from(trend.last_week))),
    ]);
    // Quiet is counted from the go-live on: before it there is nothing to be quiet about.
    let hours = live.map_or(0, |live| hours_since_grave(&bodies, live, now));
    group.insert("hours_since_high", FactValue::Int(if grave_open(&bodies) > 0 { 0 } else { hours }));
    facts.0.insert("issues", FactValue::Group(group));
    facts
}

/// What a launch tells the rules of gates: whether a decision to go live stands, how its pilot went, and issues that are
/// open, once any was reported.
pub(crate) async fn facts_in(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Facts, AppError> {
    Ok(facts_of(tx, workspace, &[id]).await?.remove(&id).unwrap_or_default())
}

/// The same of many onboardings, with few statements.
pub(crate) async fn facts_of(
    tx: &mut Tx,
    workspace: WorkspaceId,
    ids: &[OnboardingId],
) -> Result<BTreeMap<OnboardingId, Facts>, AppError> {
    let decisions = rows::of_onboardings::<Decision>(tx, workspace, ids).await?;
    let signals = rows::of_onboardings::<Signal>(tx, workspace, ids).await?;
    let let_go = rows::marks_of(tx, workspace, LET_GO, ids).await?;
    let mut plans = rows::plans(tx, workspace, ids).await?;
    let pilots = rows::of_onboardings::<Pilot>(tx, workspace, ids).await?;
    let issues = rows::of_onboardings::<Issue>(tx, workspace, ids).await?;
    let mut all = BTreeMap::new();
    for id in ids {
        let plan = plans.remove(id).unwrap_or_default();
        let standing = stand(of(&decisions, id), of(&signals, id), let_go.get(id), &plan);
        all.insert(*id, told(standing, of(&pilots, id), of(&issues, id)));
    }
    Ok(all)
}

/// What is written down of one of many onboardings.
fn of<'a, T>(all: &'a BTreeMap<OnboardingId, Vec<Record<T>>>, id: &OnboardingId) -> &'a [Record<T>] {
    all.get(id).map_or(&[][..], Vec::as_slice)
}

fn told(standing: Standing, pilots: &[Record<Pilot>], issues: &[Record<Issue>]) -> Facts {
    let mut facts = Facts::default();
    let decided = FactValue::Bool(standing.goes());
    facts.0.insert("launch", FactValue::Group(BTreeMap::from([("decided", decided)])));
    if !pilots.is_empty() {
        let met = pilot_fact(pilots) == PilotFact::Passed;
        facts.0.insert("pilot", FactValue::Group(BTreeMap::from([("criteria_met", FactValue::Bool(met))])));
    }
    if !issues.is_empty() {
        let open = |severity: Severity| {
            number(issues.iter().filter(|one| one.body.severity == severity && one.body.is_open()).count())
        };
        let group = [("open_critical", open(Severity::Critical)), ("open_high", open(Severity::High))];
        facts.0.insert("issues", FactValue::Group(BTreeMap::from(group)));
    }
    facts
}

/// The approvals a go-live needs: role, and the contact who has it when known.
pub(super) async fn approvals(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
) -> Result<Vec<(String, Option<ContactId>)>, AppError> {
    let Some(head) = head::get(tx, workspace, id).await? else { return Ok(Vec::new()) };
    let told: Option<Told> = head::sections(tx, workspace, id).await?;
    let Some(Told { people, go_live, .. }) = told else { return Ok(Vec::new()) };
    let known = Known::of_account(tx, workspace, head.account_id).await?;
    let who = |one: NamedApproval| {
        let contact = people.approver(&known, &one).map(|contact| contact.id);
        (one.role, contact)
    };
    Ok(go_live.approvals.into_iter().map(who).collect())
}

/// Adds what outcomes and training know. An onboarding that has none of them is judged by its plan.
async fn with_others(
    tx: &mut Tx,
    workspace: WorkspaceId,
    id: OnboardingId,
    mut facts: Facts,
) -> Result<Facts, AppError> {
    if let Some(outcomes) = outcome::facts_in(tx, workspace, id).await? {
        facts.0.insert("outcomes", outcomes);
    }
    if let Some(learned) = training::facts_in(tx, workspace, id).await? {
        facts.0.insert("training", learned);
    }
    Ok(facts)
}
