//! People of a running onboarding: facts, talks, what is missing, the loss of a champion, who does what.

use std::collections::BTreeMap;

use gangway_app::people::{self, Changes, Known, Talk};
use gangway_app::{AppError, contact, handoff, onboarding, portfolio, upkeep, work};
use gangway_domain::deal::StakeholderRole;
use gangway_domain::ids::{ContactId, MessageId, OnboardingId};
use gangway_domain::people::{Channel, Grade, Loss, Relation, RelationKind, Sentiment};
use gangway_domain::permission::Role;
use gangway_domain::work::{Assignee, Change, Origin, Verdict};
use gangway_testkit::{TestApp, deal, for_each_database};
use jiff::ToSpan;
use jiff::civil::Date;

use super::sponsored;

async fn all(test: &TestApp, id: OnboardingId) -> Vec<Known> {
    people::standing(&test.app, &test.actor, id).await.unwrap().people
}

/// Somebody new at the customer.
async fn newcomer(test: &TestApp, id: OnboardingId, name: &str, role: StakeholderRole) -> ContactId {
    let account = onboarding::get(&test.app, &test.actor, id).await.unwrap().onboarding.account_id;
    let changes = contact::Changes { name: Some(name.to_owned()), ..contact::Changes::default() };
    let made = contact::add(&test.app, &test.actor, account, changes).await.unwrap();
    people::add(&test.app, &test.actor, id, made.id, role).await.unwrap();
    made.id
}

/// Dana, who sponsors it, and two who came later: Ana, its champion, and Bo, who uses it.
async fn three(test: &TestApp, id: OnboardingId) -> [ContactId; 3] {
    let dana = all(test, id).await[0].facts.contact;
    let ana = newcomer(test, id, "Ana Ruiz", StakeholderRole::Champion).await;
    let bo = newcomer(test, id, "Bo Lind", StakeholderRole::EndUser).await;
    [dana, ana, bo]
}

fn talk(on: Date) -> Talk {
    Talk { on, channel: Channel::Call, engagement: None, note: "Asked for a demonstration".to_owned() }
}

#[tokio::test]
async fn the_people_of_the_package_are_the_first_stakeholders() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = sponsored(&test).await;
        let known = all(&test, id).await;
        let dana = &known[0];
        assert_eq!((known.len(), dana.facts.name.as_str()), (1, "Dana Whitfield"));
        assert_eq!(dana.facts.role, StakeholderRole::ExecutiveSponsor);
        assert_eq!((dana.strategy.as_str(), dana.risk()), ("Keep satisfied", Grade::Low));
        upkeep::run(&test.app).await.unwrap();
        assert_eq!(all(&test, id).await, known, "later starts change nothing");
    })
    .await;
}

#[tokio::test]
async fn facts_change_once_for_everybody_and_risks_follow_from_them() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let who = all(&test, id).await[0].facts.contact;
        let against = Changes {
            sentiment: Some(Some(Sentiment::Negative)),
            engagement: Some(Some(Grade::Low)),
            ..Changes::default()
        };
        let changed = people::change(app, actor, id, who, 1, against.clone()).await.unwrap();
        assert_eq!((changed.version, all(&test, id).await[0].risk()), (2, Grade::High));
        let stale = people::change(app, actor, id, who, 1, against).await;
        assert!(matches!(stale, Err(AppError::Stale { what: "stakeholder", version: 2 })), "{stale:?}");
        let silent = Changes { risk: Some(Some((Grade::Low, " ".to_owned()))), ..Changes::default() };
        let refused = people::change(app, actor, id, who, 2, silent).await.unwrap_err();
        assert!(refused.to_string().contains("risk_reason is missing"), "{refused}");
        let said = Changes {
            risk: Some(Some((Grade::Low, "It is only the tone".to_owned()))),
            power: Some(Grade::Low),
            ..Changes::default()
        };
        people::change(app, actor, id, who, 2, said).await.unwrap();
        let known = all(&test, id).await.remove(0);
        assert_eq!(
            (known.risk(), known.judged.risk),
            (Grade::Low, Grade::High),
            "the rules still say what they say"
        );
        assert_eq!(known.strategy, "Keep informed");
        people::remove(app, actor, id, who, 3).await.unwrap();
        assert!(all(&test, id).await.is_empty());
        let standing = people::standing(app, actor, id).await.unwrap();
        assert_eq!(people::others(app, actor, &standing).await.unwrap().len(), 1, "the contact stays");
    })
    .await;
}

#[tokio::test]
async fn talks_keep_the_relationship_on_several_people() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let [dana, ana, bo] = three(&test, id).await;
        let twice = people::add(app, actor, id, bo, StakeholderRole::EndUser).await.unwrap_err();
        assert!(twice.to_string().contains("is there already"), "{twice}");
        let today = app.today();
        let tomorrow = people::touch(app, actor, id, ana, talk(today.tomorrow().unwrap())).await.unwrap_err();
        assert!(tomorrow.to_string().contains("is still to come"), "{tomorrow}");
        for who in [ana, bo] {
            people::touch(app, actor, id, who, talk(today)).await.unwrap();
        }
        let standing = people::standing(app, actor, id).await.unwrap();
        assert_eq!((standing.threading.live, standing.threading.missing.len()), (2, 2));
        let kickoff = Talk { engagement: Some("kickoff".to_owned()), ..talk(today) };
        let last = people::touch(app, actor, id, dana, kickoff).await.unwrap();
        let standing = people::standing(app, actor, id).await.unwrap();
        assert!(standing.threading.holds(), "{:?}", standing.threading);
        let held = standing.executive.iter().find(|one| one.due.id == "kickoff").unwrap();
        assert_eq!((held.due.last, held.due.due), (Some(today), None));
        let (talks, more) = people::touches(app, actor, id, None, None, 2).await.unwrap();
        assert_eq!((talks.len(), talks[0].id, more), (2, last.id, true));
        people::remove_touch(app, actor, last.id).await.unwrap();
        assert!(!people::standing(app, actor, id).await.unwrap().threading.holds());
        test.clock.advance_days(31);
        assert_eq!(people::standing(app, actor, id).await.unwrap().threading.live, 0, "talks grow old");

        let viewer = test.member(Role::Viewer).await;
        let refused = people::touch(app, &viewer, id, ana, talk(today)).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))));
        let stranger = test.elsewhere("Southlight").await;
        let missing = people::standing(&stranger.app, &stranger.actor, id).await;
        assert!(matches!(missing, Err(AppError::NotFound { .. })));
        let missing = people::remove_touch(&stranger.app, &stranger.actor, talks[1].id).await;
        assert!(matches!(missing, Err(AppError::NotFound { .. })));
    })
    .await;
}

/// Whether the gate that asks for three people sees them.
async fn three_seen(test: &TestApp, id: OnboardingId) -> Verdict {
    let sight = work::sight(&test.app, &test.actor, id).await.unwrap();
    let checks = work::gates(&sight.stored.plan, &sight.facts);
    let mut criteria = checks.into_iter().flat_map(|check| check.criteria);
    criteria.find(|one| one.text.starts_with("At least three people")).unwrap().verdict
}

#[tokio::test]
async fn talks_show_a_gate_that_enough_people_are_active() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        assert_eq!(three_seen(&test, id).await, Verdict::Unknown, "nobody wrote anything down");
        let [dana, ana, bo] = three(&test, id).await;
        let today = app.today();
        for who in [dana, ana] {
            people::touch(app, actor, id, who, talk(today)).await.unwrap();
        }
        assert_eq!(three_seen(&test, id).await, Verdict::Unknown, "others may have been spoken with, too");
        people::touch(app, actor, id, bo, talk(today)).await.unwrap();
        assert_eq!(three_seen(&test, id).await, Verdict::Holds);
        test.clock.advance_days(28);
        assert_eq!(three_seen(&test, id).await, Verdict::Unknown, "talks grow old");
    })
    .await;
}

#[tokio::test]
async fn a_champion_who_leaves_is_replaced_step_by_step() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let [dana, ana, bo] = three(&test, id).await;
        let refused = people::lose(app, actor, id, dana, None, "").await.unwrap_err();
        assert_eq!(refused.to_string(), "Dana Whitfield is no champion: say who is first");

        let loss = people::lose(app, actor, id, ana, None, "A better offer").await.unwrap();
        let steps = app.methodology.people.loss_steps.len();
        assert_eq!(loss.tasks.len(), steps);
        let plan = work::sight(app, actor, id).await.unwrap().stored.plan;
        let planned: Vec<&str> = plan
            .tasks
            .iter()
            .filter(|task| task.origin == Origin::ChampionLoss(ana))
            .map(|task| task.name.as_str())
            .collect();
        assert_eq!(planned.len(), steps);
        assert!(planned.contains(&"Day 1: Talk with Ana Ruiz about the departure"), "{planned:?}");
        let again = people::lose(app, actor, id, ana, None, "").await.unwrap_err();
        assert_eq!(again.code(), "state_refused");

        let holding = |lost: &[people::Lost]| -> Vec<String> {
            lost[0].criteria.iter().filter(|one| one.holds).map(|one| one.id.clone()).collect()
        };
        assert!(holding(&people::losses(app, actor, id).await.unwrap()).is_empty());
        let of_ana = |known: Vec<Known>| known.into_iter().find(|one| one.facts.contact == ana).unwrap();
        let known = of_ana(all(&test, id).await);
        assert_eq!(known.risk(), Grade::High);
        assert_eq!(known.judged.reasons, ["has left, and nobody has taken over as champion"]);
        test.clock.advance_days(8);
        assert_eq!(holding(&people::losses(app, actor, id).await.unwrap()), ["no-successor"]);
        let said = vec!["may-stop".to_owned()];
        people::watch(app, actor, loss.id, 1, Some(bo), said).await.unwrap();
        assert_eq!(holding(&people::losses(app, actor, id).await.unwrap()), ["may-stop"]);
        let hostile = Changes { sentiment: Some(Some(Sentiment::Negative)), ..Changes::default() };
        people::change(app, actor, id, bo, 1, hostile).await.unwrap();
        assert_eq!(
            holding(&people::losses(app, actor, id).await.unwrap()),
            ["successor-against", "may-stop"]
        );
        let stale = people::confirm(app, actor, loss.id, 1, bo).await;
        assert!(matches!(stale, Err(AppError::Stale { what: "loss", version: 2 })), "{stale:?}");
        let closed = people::confirm(app, actor, loss.id, 2, bo).await.unwrap();
        assert_eq!(closed.state, Loss::Closed { successor: bo, on: app.today() });
        let champion = all(&test, id).await.into_iter().find(|known| known.facts.contact == bo).unwrap();
        assert_eq!(champion.facts.role, StakeholderRole::Champion);
        let known = of_ana(all(&test, id).await);
        assert_eq!((known.risk(), known.judged.reasons.len()), (Grade::Low, 0), "somebody took over");
        assert!(people::losses(app, actor, id).await.unwrap()[0].criteria.is_empty());
    })
    .await;
}

#[tokio::test]
async fn who_does_what_is_that_of_the_package_until_somebody_changes_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let package = onboarding::get(app, actor, id).await.unwrap().onboarding.package;
        let runs = test.member(Role::OnboardingManager).await;
        let head = people::standing(app, actor, id).await.unwrap().head;
        assert!(people::team(app, actor, &head).await.unwrap().is_empty(), "nobody was given anything");
        portfolio::assign(app, actor, id, runs.person).await.unwrap();
        let team = people::team(app, actor, &head).await.unwrap();
        assert_eq!(team.get("Onboarding manager"), Some(&runs.name), "who owns it runs it");
        assert_eq!(team.len(), 1, "an admin who hands a deal over is no account executive");
        let sells = test.member(Role::Ae).await;
        let text = deal("Zephyr").into_bytes();
        let handed = handoff::accept(app, &sells, text, None).await.unwrap().handoff;
        let options = onboarding::GenerateOptions::default();
        let sold = onboarding::generate(app, actor, handed, options).await.unwrap().id;
        let theirs = people::standing(app, actor, sold).await.unwrap().head;
        let team = people::team(app, actor, &theirs).await.unwrap();
        assert_eq!(team.get("Account executive"), Some(&sells.name), "nobody gave them a task");
        let first = people::raci(app, actor, id).await.unwrap();
        assert_eq!((first.version, first.matrix.rows.len()), (0, package.raci.rows.len()));
        assert_eq!(people::set_raci(app, actor, id, 0, first.matrix.clone()).await.unwrap(), 1);
        let mut broken = first.matrix.clone();
        for cell in &mut broken.rows[0].cells {
            *cell = "A".to_owned();
        }
        let refused = people::set_raci(app, actor, id, 1, broken).await.unwrap_err();
        let AppError::Invalid(problems) = &refused else { panic!("{refused}") };
        assert_eq!(problems.len(), 2, "several answer and nobody does it: {refused}");
        assert!(problems[0].message.contains(&first.matrix.rows[0].activity));
        let stale = people::set_raci(app, actor, id, 0, first.matrix).await;
        assert!(matches!(stale, Err(AppError::Stale { what: "matrix", version: 1 })), "{stale:?}");
        let now = people::raci(app, actor, id).await.unwrap();
        assert_eq!((now.version, now.changed_by.as_deref()), (1, Some("Priya")));
    })
    .await;
}

#[tokio::test]
async fn merging_contacts_keeps_what_was_said() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let dana = all(&test, id).await[0].facts.contact;
        let twin = newcomer(&test, id, "D. Whitfield", StakeholderRole::ExecutiveSponsor).await;
        people::touch(app, actor, id, twin, talk(app.today())).await.unwrap();
        let task = work::sight(app, actor, id).await.unwrap().stored.plan.tasks[0].code.clone();
        let who = Some(Assignee::Contact { id: twin, name: "D. Whitfield".to_owned() });
        let given = vec![Change::Assign { task: task.clone(), assignee: who }];
        work::change(app, actor, id, None, given).await.unwrap();
        let merge = gangway_app::merging::Merge {
            stays: dana,
            stays_version: 1,
            goes: twin,
            goes_version: 1,
            take: Default::default(),
        };
        contact::merge(app, actor, &merge).await.unwrap();
        let known = all(&test, id).await;
        assert_eq!((known.len(), known[0].last), (1, Some(app.today())));
        let plan = work::sight(app, actor, id).await.unwrap().stored.plan;
        let who = Assignee::Contact { id: dana, name: "Dana Whitfield".to_owned() };
        assert_eq!(plan.task(&task).unwrap().assignee, Some(who), "so does what they have to do");
    })
    .await;
}

#[tokio::test]
async fn lines_of_reporting_never_lead_round() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let [dana, ana, bo] = three(&test, id).await;
        let line = |from, to| Relation { from, kind: RelationKind::ReportsTo, to };
        people::relate(app, actor, id, line(bo, ana)).await.unwrap();
        people::relate(app, actor, id, line(ana, dana)).await.unwrap();
        let round = people::relate(app, actor, id, line(dana, bo)).await.unwrap_err().to_string();
        assert!(round.contains("Dana Whitfield → Bo Lind → Ana Ruiz → Dana Whitfield"), "{round}");
        let together = Relation { from: dana, kind: RelationKind::WorksWith, to: bo };
        people::relate(app, actor, id, together).await.unwrap();
        let other = Relation { from: bo, to: dana, ..together };
        let known = people::relate(app, actor, id, other).await.unwrap_err().to_string();
        assert!(known.contains("known already"), "{known}");
        assert_eq!(people::relations(app, actor, id).await.unwrap().lines.len(), 3);
        people::unrelate(app, actor, id, other).await.unwrap();
        let again = people::unrelate(app, actor, id, other).await;
        assert!(matches!(again, Err(AppError::NotFound { what: "relation", .. })));
        people::remove(app, actor, id, ana, 1).await.unwrap();
        assert!(people::relations(app, actor, id).await.unwrap().lines.is_empty(), "lines go with people");
    })
    .await;
}

#[tokio::test]
async fn resistance_gets_what_is_usually_done_about_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let dana = all(&test, id).await[0].facts.contact;
        let noticed = people::Noticed {
            who: "Planners".to_owned(),
            signal: "passive".to_owned(),
            kind: "skills".to_owned(),
            ..people::Noticed::default()
        };
        let made = people::notice(app, actor, id, noticed.clone()).await.unwrap();
        assert_eq!(
            (made.actions.as_str(), made.owner.as_str()),
            ("Talk directly and understand the concern", "CSM")
        );
        assert_eq!((made.noticed_on, made.resolved.clone()), (app.today(), None));
        let bad = people::Noticed { who: String::new(), signal: "loud".to_owned(), ..noticed.clone() };
        let refused = people::notice(app, actor, id, bad).await.unwrap_err();
        let AppError::Invalid(problems) = &refused else { panic!("{refused}") };
        assert_eq!(problems.iter().map(|problem| problem.field).collect::<Vec<_>>(), ["who", "signal"]);
        let hers = people::Noticed { contact: Some(dana), owner: "Priya".to_owned(), ..noticed };
        let changed = people::change_resistance(app, actor, made.id, 1, hers).await.unwrap();
        assert_eq!((changed.who.as_str(), changed.owner.as_str()), ("Dana Whitfield", "Priya"));
        let early = people::resolve(app, actor, made.id, 2, None).await.unwrap_err();
        assert_eq!(early.code(), "state_refused");
        let mute = people::resolve(app, actor, made.id, 2, Some(" ")).await.unwrap_err();
        assert!(mute.to_string().contains("is missing"), "{mute}");
        let over = people::resolve(app, actor, made.id, 2, Some("She trains the others now")).await.unwrap();
        assert_eq!(over.resolved, Some((app.today(), "She trains the others now".to_owned())));
        let again = people::resolve(app, actor, made.id, 3, None).await.unwrap();
        assert_eq!((again.resolved, again.version), (None, 4));
        let (_, found, more) = people::resistances(app, actor, id, None, 10).await.unwrap();
        assert_eq!((found.len(), more), (1, false));
        let stranger = test.elsewhere("Southlight").await;
        let missing = people::resistance(&stranger.app, &stranger.actor, made.id).await;
        assert!(matches!(missing, Err(AppError::NotFound { .. })));
    })
    .await;
}

#[tokio::test]
async fn the_plan_of_communication_and_change_starts_with_the_package() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let package = onboarding::get(app, actor, id).await.unwrap().onboarding.package;
        let plan = people::communication(app, actor, id).await.unwrap();
        let activities: usize = package.people.change.iter().map(|phase| phase.activities.len()).sum();
        assert_eq!((plan.messages.len(), plan.steps.len()), (package.people.calendar.len(), activities));
        assert!(!plan.messages.is_empty() && activities > 5);
        upkeep::run(app).await.unwrap();
        assert_eq!(people::communication(app, actor, id).await.unwrap().steps, plan.steps);

        let first = plan.messages[0].clone();
        let draft = people::Draft {
            on: first.on,
            audience: first.audience.clone(),
            message: first.message.clone(),
            channel: first.channel.clone(),
            owner: "Priya".to_owned(),
            sent: true,
        };
        let sent = people::change_message(app, actor, first.id, 1, draft.clone()).await.unwrap();
        assert_eq!((sent.sent, sent.version), (Some((app.today(), "Priya".to_owned())), 2));
        let stale = people::change_message(app, actor, first.id, 1, draft.clone()).await;
        assert!(matches!(stale, Err(AppError::Stale { what: "message", version: 2 })), "{stale:?}");
        let empty = people::Draft { audience: String::new(), message: " ".to_owned(), ..draft.clone() };
        let refused = people::add_message(app, actor, id, empty).await.unwrap_err();
        let AppError::Invalid(problems) = &refused else { panic!("{refused}") };
        assert_eq!(problems.iter().map(|problem| problem.field).collect::<Vec<_>>(), ["audience", "message"]);
        let more = people::add_message(app, actor, id, draft).await.unwrap();
        people::remove_message(app, actor, more.id, 1).await.unwrap();

        let step = plan.steps[0].clone();
        let done = people::Activity {
            phase: String::new(),
            activity: step.activity.clone(),
            focus: step.focus,
            done: true,
        };
        let ticked = people::change_step(app, actor, step.id, 1, done.clone()).await.unwrap();
        assert_eq!((ticked.phase.as_str(), ticked.done.is_some()), ("Awareness", true));
        let nowhere = people::add_step(app, actor, id, done.clone()).await.unwrap_err();
        assert!(nowhere.to_string().contains("is no phase"), "{nowhere}");
        let desire = people::Activity { phase: "Desire".to_owned(), ..done };
        let added = people::add_step(app, actor, id, desire).await.unwrap();
        assert_eq!(added.position, i64::try_from(activities).unwrap());
        people::remove_step(app, actor, added.id, 1).await.unwrap();
        let stranger = test.elsewhere("Southlight").await;
        let missing = people::message(&stranger.app, &stranger.actor, first.id).await;
        assert!(matches!(missing, Err(AppError::NotFound { .. })));
    })
    .await;
}

/// What the plan of communication says of messages: their days, by id.
async fn days(test: &TestApp, id: OnboardingId) -> BTreeMap<MessageId, Date> {
    let plan = people::communication(&test.app, &test.actor, id).await.unwrap();
    plan.messages.into_iter().map(|message| (message.id, message.on)).collect()
}

#[tokio::test]
async fn messages_follow_the_go_live_until_they_are_sent_or_put_on_another_day() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let go_live = work::sight(app, actor, id).await.unwrap().stored.plan.ground.go_live.unwrap();
        let plan = people::communication(app, actor, id).await.unwrap();
        let live = |message: &&people::Message| message.message.starts_with("We are live");
        let live = plan.messages.iter().find(live).unwrap().clone();
        let tips = plan.messages.iter().find(|message| message.message.starts_with("First tips")).unwrap();
        let (first, tips) = (plan.messages[0].clone(), tips.clone());
        let draft = |of: &people::Message| people::Draft {
            on: of.on,
            audience: of.audience.clone(),
            message: of.message.clone(),
            channel: of.channel.clone(),
            owner: of.owner.clone(),
            sent: false,
        };
        let chosen = tips.on.tomorrow().unwrap();
        let by_hand = people::Draft { on: chosen, ..draft(&tips) };
        people::change_message(app, actor, tips.id, 1, by_hand).await.unwrap();

        let before = days(&test, id).await;
        let not_before = Some(live.on.saturating_add(21.days()));
        let later = vec![Change::Move { task: go_live, not_before }];
        let seen = work::preview(app, actor, id, None, later.clone()).await.unwrap();
        assert_eq!(days(&test, id).await, before, "looking moves nothing");
        let moved = work::change(app, actor, id, None, later.clone()).await.unwrap();
        assert!(moved.after.go_live > moved.before.go_live && seen.after == moved.after);
        let now = days(&test, id).await;
        assert_eq!((before[&live.id], now[&live.id]), (moved.before.go_live, moved.after.go_live));
        assert_eq!(now[&tips.id], chosen, "somebody chose that day");
        assert_eq!(now[&first.id], before[&first.id], "the kickoff is where it was");
        let story = onboarding::get(app, actor, id).await.unwrap().story;
        let told = story.iter().any(|entry| entry.summary.contains("planned message"));
        assert!(told, "the log says so: {story:?}");

        // Taken back, they are where they were; what went out stays.
        work::undo(app, actor, id, moved.batch.unwrap()).await.unwrap();
        assert_eq!(days(&test, id).await, before);
        let known = people::message(app, actor, live.id).await.unwrap();
        let sent = people::Draft { sent: true, ..draft(&known) };
        people::change_message(app, actor, live.id, known.version, sent).await.unwrap();
        work::change(app, actor, id, None, later).await.unwrap();
        assert_eq!(days(&test, id).await[&live.id], before[&live.id]);
    })
    .await;
}
