//! What is raised, decided, asked for and reported in the stories told in full.

use gangway_domain::change_request::{Priority, Recommendation};
use gangway_domain::deal::Severity;
use gangway_domain::escalation::State;
use gangway_domain::methodology::Light;
use gangway_domain::money::{Currency, Money};
use gangway_domain::programme::Side;
use gangway_domain::register::{Details, Kind as Entries, Level, Outcome, Owner, Visibility};
use gangway_domain::report::Kind;
use gangway_domain::work::{Addition, Change, Origin, TaskState};
use jiff::ToSpan;

use super::course::stretch;
use super::script::Scene;
use super::{actor, meetings};
use crate::change_request::{self, Step as Deed};
use crate::error::AppError;
use crate::escalation::{self, Step};
use crate::register::{self, Entry};
use crate::report::{self, Report};
use crate::standing;
use crate::work;

/// Working days somebody of the customer needs for an action.
const DAYS_OF_ACTION: u32 = 2;

/// Writes an entry into the register that the customer sees.
async fn enter(scene: &Scene<'_>, draft: register::Draft) -> Result<Entry, AppError> {
    register::add(scene.app, scene.who, scene.id, draft).await
}

/// An entry without an owner, made outside of a meeting, due in so many calendar days.
fn entry(scene: &Scene<'_>, title: &str, details: Details, due_in: i32) -> register::Draft {
    register::Draft {
        title: title.to_owned(),
        details,
        owner: None,
        due_on: Some(scene.app.today().saturating_add(due_in.days())),
        visibility: Visibility::Customer,
        meeting: None,
    }
}

/// Something went wrong; it is in the way of a task.
pub(super) async fn issue(
    scene: &Scene<'_>,
    title: &str,
    about: &str,
    blocks: Option<&str>,
) -> Result<(), AppError> {
    let details = Details::Issue {
        severity: Severity::High,
        blocks: blocks.map(str::to_owned),
        about: about.to_owned(),
    };
    enter(scene, entry(scene, title, details, 5)).await?;
    Ok(())
}

/// Issues that are open are out of the way.
pub(super) async fn resolve_issues(scene: &Scene<'_>, how: &str) -> Result<(), AppError> {
    for entry in open(scene, Entries::Issue).await? {
        close(scene, &entry, Outcome::Resolved { how: how.to_owned() }).await?;
    }
    Ok(())
}

/// Open entries of a kind, in the order of the register.
async fn open(scene: &Scene<'_>, kind: Entries) -> Result<Vec<Entry>, AppError> {
    let mut entries = register::of_onboarding(scene.app, scene.who, scene.id).await?.entries;
    entries.retain(|entry| entry.kind() == kind && entry.status.is_open());
    Ok(entries)
}

async fn close(scene: &Scene<'_>, entry: &Entry, outcome: Outcome) -> Result<(), AppError> {
    register::close(scene.app, scene.who, entry.id, entry.version, outcome).await?;
    Ok(())
}

/// One risk is over, one came true, and a new one is seen.
pub(super) async fn risks(scene: &Scene<'_>) -> Result<(), AppError> {
    let known = open(scene, Entries::Risk).await?;
    let ends = [
        Outcome::Avoided { how: "Two fixed days a week are agreed and kept since".to_owned() },
        Outcome::Happened { how: "It cost three days; the plan shows them".to_owned() },
    ];
    // The gravest stay, for somebody must look at them.
    for (entry, outcome) in known.iter().rev().zip(ends) {
        close(scene, entry, outcome).await?;
    }
    let (Ok(probability), Ok(impact)) = (Level::try_from(4), Level::try_from(5)) else { return Ok(()) };
    let details = Details::Risk {
        probability,
        impact,
        category: Some("technical".to_owned()),
        mitigation: "Load a copy of one night first; keep the old export until a week after the go-live"
            .to_owned(),
        origin: "Trial run of the night export".to_owned(),
    };
    let owner = scene.team.iter().find(|person| person.name == scene.who.name);
    let owner = owner.map(|person| Owner::Person { id: person.id });
    let draft = entry(scene, "The night export takes longer than the night", details, 10);
    enter(scene, register::Draft { owner, visibility: Visibility::Internal, ..draft }).await?;
    Ok(())
}

/// Raises something to a level; on the first somebody takes it up at once.
pub(super) async fn escalate(
    scene: &Scene<'_>,
    level: i64,
    title: &str,
    subject: &str,
) -> Result<(), AppError> {
    // Nobody is told by mail: the demo writes to nobody.
    let draft = escalation::Draft {
        level,
        title: title.to_owned(),
        details: "Without an answer the next milestone moves by as many days as we wait.".to_owned(),
        subject: subject.to_owned(),
        ..escalation::Draft::default()
    };
    let raised = escalation::raise(scene.app, scene.who, scene.id, draft).await?;
    if level == 1 {
        let colleague = actor("Priya Raman");
        escalation::take(scene.app, &colleague, raised.id, raised.version, Step::Acknowledge).await?;
    }
    Ok(())
}

/// Answers what was taken up, and says how it ended where it has.
pub(super) async fn answer_all(scene: &Scene<'_>, answer: &str, ended: Option<&str>) -> Result<(), AppError> {
    let known = escalation::of_onboarding(scene.app, scene.who, scene.id).await?.escalations;
    for one in known {
        if !matches!(one.state, State::Acknowledged { .. }) {
            continue;
        }
        let colleague = actor("Priya Raman");
        let step = Step::Answer { answer: answer.to_owned() };
        let answered = escalation::take(scene.app, &colleague, one.id, one.version, step).await?;
        if let Some(how) = ended {
            let step = Step::Resolve { how: how.to_owned() };
            escalation::take(scene.app, scene.who, answered.id, answered.version, step).await?;
        }
    }
    Ok(())
}

/// The steering committee decides something and gives the customer something to do.
pub(super) async fn steering(scene: &Scene<'_>) -> Result<(), AppError> {
    let notes = "Colour is amber; the reason is the week without SAP.\n\n\
                 - Victor Lane: the storm season decides, not the quarter.\n\
                 - Amara Diallo sends the names of the two pilot crews.\n\
                 - Offline maps come before the report to the regulator.";
    let meeting = Some(meetings::steer(scene, notes).await?.id);
    let decision = Details::Decision {
        options: vec!["Pilot with two depots".to_owned(), "Pilot with all seven".to_owned()],
        assumed: "Two depots".to_owned(),
        about: "Crews cannot train once the storms begin.".to_owned(),
    };
    let draft = entry(scene, "How many depots take part in the pilot?", decision, 0);
    let made = enter(scene, register::Draft { meeting, ..draft }).await?;
    let decided = Outcome::Decided {
        choice: "Two depots before the season, the others after it".to_owned(),
        by: "Victor Lane".to_owned(),
        on: scene.app.today(),
    };
    close(scene, &made, decided).await?;
    let action = Details::Action { about: "With shift and telephone number.".to_owned(), task: None };
    let draft = entry(scene, "Send the names of the two pilot crews", action, 7);
    let owner = Some(Owner::Named { name: "Amara Diallo".to_owned() });
    let made = enter(scene, register::Draft { meeting, owner, ..draft }).await?;
    register::schedule(scene.app, scene.who, made.id, made.version, DAYS_OF_ACTION, Side::Customer).await?;
    Ok(())
}

/// A decision that is overdue, an action that is done, and one that became a task.
pub(super) async fn small_things(scene: &Scene<'_>) -> Result<(), AppError> {
    let decision = Details::Decision {
        options: vec!["Before opening".to_owned(), "After closing".to_owned()],
        assumed: "Before opening".to_owned(),
        about: "The first count blocks the till for an hour.".to_owned(),
    };
    enter(scene, entry(scene, "When is the first count?", decision, 1)).await?;
    let action = |about: &str| Details::Action { about: about.to_owned(), task: None };
    let draft = entry(scene, "Order labels for the shelves", action("Two rolls for each shop."), 2);
    let made = enter(scene, draft).await?;
    close(scene, &made, Outcome::Done { how: "They arrived in three of the four shops".to_owned() }).await?;
    let draft = entry(scene, "Repair the scanner of the shop in Lyon", action("Or lend one from Nantes."), 6);
    let made = enter(scene, draft).await?;
    register::schedule(scene.app, scene.who, made.id, made.version, 1, Side::Customer).await?;
    Ok(())
}

/// A change request of the customer.
fn wish(
    title: &str,
    why: &str,
    by: &str,
    advice: Recommendation,
    changes: Vec<Change>,
) -> change_request::Draft {
    change_request::Draft {
        title: title.to_owned(),
        description: String::new(),
        justification: why.to_owned(),
        requested_by: by.to_owned(),
        side: Side::Customer,
        requested_on: None,
        priority: Priority::Medium,
        changes,
        cost: None,
        risk: String::new(),
        recommendation: Some(advice),
    }
}

/// A depot more is wanted; everybody agrees, and the go-live moves.
pub(super) async fn approve_growth(scene: &Scene<'_>) -> Result<(), AppError> {
    let Scene { app, who, id, .. } = *scene;
    let plan = work::sight(app, who, id).await?.stored.plan;
    let is_open = |code: &String| plan.task(code).is_some_and(|task| task.state == TaskState::Open);
    let task = Addition {
        code: None,
        name: "Bring the depot of Cedar Falls in: devices, accounts, training".to_owned(),
        side: Side::Vendor,
        role: None,
        assignee: None,
        days: 4,
        not_before: None,
        finish_by: None,
        after: Vec::new(),
        before: plan.ground.go_live.clone().filter(is_open).into_iter().collect(),
        phase: None,
        origin: Origin::Person,
        checklist: Vec::new(),
    };
    let longer = stretch(scene, 3, None).await?;
    let changes = std::iter::once(Change::Add { task }).chain(longer).collect();
    let why = "Crews of Cedar Falls drive to the same outages and would go on calling";
    let draft = change_request::Draft {
        description: "The depot bought last month works with the product from the first day.".to_owned(),
        priority: Priority::High,
        cost: Some(Money::major(4_800, Currency::usd())),
        risk: "Their tablets are older; offline maps may be slow.".to_owned(),
        ..wish("An eighth depot: Cedar Falls", why, "Amara Diallo", Recommendation::CurrentPhase, changes)
    };
    let made = change_request::add(app, who, id, draft).await?.request;
    let mut opened = change_request::take(app, who, made.id, made.version, Deed::Propose).await?;
    let needed: Vec<(String, Side)> =
        opened.approvals.iter().map(|(rule, _)| (rule.id.clone(), rule.side)).collect();
    for (approval, side) in needed {
        let by = match (side, approval.as_str()) {
            (Side::Vendor, _) => who.name.clone(),
            (_, "sponsor") => "Victor Lane".to_owned(),
            _ => "Amara Diallo".to_owned(),
        };
        let version = opened.request.version;
        opened = change_request::take(app, who, made.id, version, Deed::Approve { approval, by }).await?;
    }
    Ok(())
}

/// One wish waits until after the go-live, another is not done.
pub(super) async fn turned_down(scene: &Scene<'_>) -> Result<(), AppError> {
    let Scene { app, who, id, .. } = *scene;
    let portal = wish(
        "A portal for suppliers",
        "Suppliers send certificates by mail",
        "Marcus Hale",
        Recommendation::Reject,
        Vec::new(),
    );
    let portal = change_request::add(app, who, id, portal).await?.request;
    let reason = "It was left out of the contract on purpose; sales makes an offer".to_owned();
    change_request::take(app, who, portal.id, portal.version, Deed::Reject { reason }).await?;
    let labels = wish(
        "Labels printed at the line",
        "Labels are printed in the office and carried over",
        "Marcus Hale",
        Recommendation::Phase2,
        Vec::new(),
    );
    let labels = change_request::add(app, who, id, labels).await?.request;
    let reason = "The audit does not look at labels; after the go-live".to_owned();
    change_request::take(app, who, labels.id, labels.version, Deed::Defer { reason }).await?;
    Ok(())
}

/// A wish that waits for those who approve.
pub(super) async fn proposed(scene: &Scene<'_>) -> Result<(), AppError> {
    let Scene { app, who, id, .. } = *scene;
    let changes: Vec<Change> = stretch(scene, 2, None).await?.into_iter().collect();
    let why = "The retailer asks for the trace in its own form";
    let title = "The trace report as the retailer wants it";
    let draft = wish(title, why, "Dana Whitfield", Recommendation::CurrentPhase, changes);
    let made = change_request::add(app, who, id, draft).await?.request;
    change_request::take(app, who, made.id, made.version, Deed::Propose).await?;
    Ok(())
}

/// A wish that is still being written.
pub(super) async fn requests_left(scene: &Scene<'_>) -> Result<(), AppError> {
    let why = "The regulator asks for hours a crew was on the way";
    let title = "Hours on the way in the weekly report";
    let draft = wish(title, why, "Amara Diallo", Recommendation::Phase2, Vec::new());
    change_request::add(scene.app, scene.who, scene.id, draft).await?;
    Ok(())
}

/// What sales handed over, for those who came later.
pub(super) async fn handoff_summary(scene: &Scene<'_>) -> Result<(), AppError> {
    report::draft(scene.app, scene.who, scene.id, Kind::HandoffSummary, None).await?;
    Ok(())
}

/// The report of the week, sent and shared.
pub(super) async fn weekly_status(scene: &Scene<'_>) -> Result<(), AppError> {
    let made = report::draft(scene.app, scene.who, scene.id, Kind::WeeklyStatus, None).await?;
    let id = made.id;
    sent(scene, made).await?;
    report::share(scene.app, scene.who, id).await?;
    Ok(())
}

/// It went out. Kept without the use case, which writes mail: the demo writes to nobody.
async fn sent(scene: &Scene<'_>, report: Report) -> Result<(), AppError> {
    let Scene { app, who, id, .. } = *scene;
    let mut tx = app.db.write().await?;
    let head = register::onboarding(&mut tx, who, id).await?;
    let report = Report { sent_at: Some(app.now()), ..report };
    gangway_store::report::change(&mut tx, who.workspace, &report).await?;
    let summary = format!("Sent the report {} to the leads of both sides", report.title);
    register::record(app, &mut tx, who, &head, "report.sent", summary).await?;
    tx.commit().await?;
    Ok(())
}

/// The page for the sponsor, in a colour a person chose.
pub(super) async fn executive_update(scene: &Scene<'_>) -> Result<(), AppError> {
    let made = report::draft(scene.app, scene.who, scene.id, Kind::ExecutiveUpdate, None).await?;
    let why = "The way out is agreed with Victor Lane; a week shows whether it holds".to_owned();
    let chosen = Some((Light::Amber, why));
    report::recolour(scene.app, scene.who, made.id, made.version, chosen.clone()).await?;
    // The portfolio says the same from then on.
    standing::choose(scene.app, scene.who, scene.id, None, chosen).await?;
    Ok(())
}

/// What speaks for going live and what against it, not sent yet.
pub(super) async fn go_no_go(scene: &Scene<'_>) -> Result<(), AppError> {
    report::draft(scene.app, scene.who, scene.id, Kind::GoNoGo, None).await?;
    Ok(())
}
