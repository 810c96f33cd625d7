//! The daily mail over several days: who gets it, when, and never twice.

use std::sync::Arc;

use gangway_app::digest::{self, Digests};
use gangway_app::mail::Post;
use gangway_app::{Actor, AppError, escalation, job, people, portfolio, register, work};
use gangway_domain::deal::StakeholderRole;
use gangway_domain::digest::{Part, Rhythm, Wishes};
use gangway_domain::ids::{JobId, OnboardingId};
use gangway_domain::permission::Role;
use gangway_domain::programme::Side;
use gangway_domain::register::{Details, Owner, Visibility};
use gangway_domain::work::{Assignee, Change};
use gangway_jobs::{Claimed, Drained, Runner, Work};
use gangway_testkit::{TestApp, deal, for_each_database};
use jiff::civil::date;

use super::receiver::mail_server;
use super::{generate, sponsored};

const FROM: &str = "Gangway <gangway@northbeam.test>";

fn done(done: usize) -> Drained {
    Drained { done, ..Drained::default() }
}

fn runner(test: &TestApp) -> Runner {
    let post = Post::to_log(FROM).unwrap();
    job::runner(&test.app, vec![Arc::new(Digests::new(test.app.clone())), Arc::new(post)])
}

/// An onboarding whose tasks of our side are all somebody's.
async fn busy(test: &TestApp, who: &Actor) -> OnboardingId {
    let id = generate(test, &deal("Acme")).await;
    let plan = work::sight(&test.app, &test.actor, id).await.unwrap().stored.plan;
    let who = Assignee::Person { id: who.person.unwrap(), name: who.name.clone() };
    let ours = plan.tasks.iter().filter(|task| task.side == Side::Vendor);
    let changes =
        ours.map(|task| Change::Assign { task: task.code.clone(), assignee: Some(who.clone()) }).collect();
    work::change(&test.app, &test.actor, id, None, changes).await.unwrap();
    id
}

#[tokio::test]
async fn one_mail_a_day_for_whoever_has_work_and_wants_it() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let ines = test.member(Role::OnboardingManager).await;
        // Somebody nothing waits for gets none.
        test.member(Role::Viewer).await;
        busy(&test, &ines).await;
        // Monday, nine o'clock: the hour has passed, so the first mail comes on Tuesday.
        digest::schedule(&test.app).await.unwrap();
        assert_eq!(runner(&test).drain().await.unwrap(), done(0));
        test.clock.advance_days(1);
        assert_eq!(runner(&test).drain().await.unwrap(), done(2), "the round, and one mail");
        // Started again, and by a second process: planned once, sent once.
        digest::schedule(&test.app).await.unwrap();
        assert_eq!(runner(&test).drain().await.unwrap(), done(0));
        test.clock.advance_days(1);
        assert_eq!(runner(&test).drain().await.unwrap(), done(2));

        digest::set_rhythm(&test.app, &ines, Rhythm::Weekly).await.unwrap();
        test.clock.advance_days(1);
        assert_eq!(runner(&test).drain().await.unwrap(), done(1), "Thursday: the round, no mail");
        // Nothing ran from Friday to Sunday: on Monday there is one mail.
        test.clock.advance_days(4);
        assert_eq!(runner(&test).drain().await.unwrap(), done(2));
        let seen = digest::get(&test.app, &ines).await.unwrap();
        assert_eq!(seen.sent_on, [date(2027, 1, 11), date(2027, 1, 6), date(2027, 1, 5)]);
        assert_eq!((seen.rhythm, seen.hour, seen.groups.len()), (Rhythm::Weekly, 7, 1));

        digest::set_rhythm(&test.app, &ines, Rhythm::Never).await.unwrap();
        test.clock.advance_days(7);
        assert_eq!(runner(&test).drain().await.unwrap(), done(1));
        assert_eq!(digest::get(&test.app, &ines).await.unwrap().sent_on.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_round_that_runs_twice_sends_once() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let ines = test.member(Role::OnboardingManager).await;
        let id = busy(&test, &ines).await;
        let digests = Digests::new(test.app.clone());
        let claimed = Claimed {
            workspace: test.actor.workspace,
            id: JobId::fresh(&*test.app.ids),
            kind: digest::JOB.to_owned(),
            payload: serde_json::json!({}),
            attempts: 1,
            created_at: test.app.now(),
        };
        let (one, other) = tokio::join!(digests.run(&claimed), digests.run(&claimed));
        assert_eq!((one.result, other.result), (Ok(()), Ok(())));
        let (address, arrived) = mail_server("250 fine").await;
        let post = Post::to_server(&format!("smtp://{address}"), FROM).unwrap();
        let drained = job::runner(&test.app, vec![Arc::new(post)]).drain().await.unwrap();
        assert_eq!(drained, done(1));
        let mails = arrived.lock().unwrap().clone();
        assert_eq!(mails.len(), 1);
        for part in ["Subject: ", "Auto-Submitted: auto-generated", "text/html", "Acme"] {
            assert!(mails[0].contains(part), "no {part} in:\n{}", mails[0]);
        }
        // Quoted-printable breaks long lines.
        let whole = mails[0].replace("=\r\n", "");
        assert!(whole.contains(&format!("http://gangway.test/onboardings/{id}/tasks/tsk_")), "{whole}");
        assert!(whole.contains("http://gangway.test/settings/me#digest"), "{whole}");
    })
    .await;
}

#[tokio::test]
async fn who_was_named_since_the_last_mail_is_told() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let ines = test.member(Role::Csm).await;
        let writer = test.member(Role::OnboardingManager).await;
        let id = busy(&test, &writer).await;
        assert!(digest::get(&test.app, &ines).await.unwrap().groups.is_empty(), "nothing to say");
        let sight = work::sight(&test.app, &writer, id).await.unwrap();
        let task = sight.stored.tasks.values().next().unwrap().id;
        work::comment(&test.app, &writer, &task.to_string(), &format!("@{} the sandbox is ready", ines.name))
            .await
            .unwrap();
        let told = digest::get(&test.app, &ines).await.unwrap().groups;
        let lines: Vec<_> = told.iter().flat_map(|group| &group.parts).flat_map(|(_, lines)| lines).collect();
        assert_eq!(lines.len(), 1, "{told:?}");
        assert!(lines[0].name.ends_with("the sandbox is ready") && lines[0].note == writer.name);
        assert_eq!(lines[0].path, format!("/onboardings/{id}/tasks/{task}#comments"));
    })
    .await;
}

#[tokio::test]
async fn the_mail_comes_at_the_hour_somebody_chose_on_their_clock() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let ines = test.member(Role::OnboardingManager).await;
        busy(&test, &ines).await;
        digest::schedule(&test.app).await.unwrap();
        // Tokyo is nine hours ahead: at 18:00 there it is 09:00 here, which is when the clock of the test stands.
        let tokyo =
            |hour| Wishes { rhythm: Rhythm::Daily, hour: Some(hour), zone: Some("Asia/Tokyo".to_owned()) };
        digest::wish(&test.app, &ines, tokyo(18)).await.unwrap();
        let seen = digest::get(&test.app, &ines).await.unwrap();
        assert_eq!((seen.hour, seen.zone.as_str(), seen.own.0), (18, "Asia/Tokyo", Some(18)));
        test.clock.advance_days(1);
        // The round at seven, where it is the workspace's hour but nobody's, and the one at nine with its mail; how many
        // rounds ran depends on where the clock stands, how many mails does not.
        runner(&test).drain().await.unwrap();
        assert_eq!(digest::get(&test.app, &ines).await.unwrap().sent_on, [date(2027, 1, 5)]);
        runner(&test).drain().await.unwrap();
        assert_eq!(digest::get(&test.app, &ines).await.unwrap().sent_on.len(), 1, "one a day");

        // An hour later than now: not before tomorrow's clock has passed it.
        digest::wish(&test.app, &ines, tokyo(20)).await.unwrap();
        test.clock.advance_days(1);
        runner(&test).drain().await.unwrap();
        assert_eq!(
            digest::get(&test.app, &ines).await.unwrap().sent_on.len(),
            1,
            "it is not eight in the evening yet"
        );

        let admin = test.member(Role::Admin).await;
        digest::set_clock(&test.app, &admin, 8, Some("Europe/Vienna".to_owned())).await.unwrap();
        assert_eq!(digest::clock(&test.app, &ines).await.unwrap(), (8, "Europe/Vienna".to_owned(), true));
        let refused = digest::set_clock(&test.app, &ines, 8, None).await;
        assert!(matches!(refused, Err(AppError::Forbidden(_))), "{refused:?}");
        let wrong = digest::wish(&test.app, &ines, tokyo(24)).await;
        assert!(matches!(wrong, Err(AppError::Invalid(_))), "{wrong:?}");
    })
    .await;
}

#[tokio::test]
async fn what_is_due_of_the_registers_is_told() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let ines = test.member(Role::OnboardingManager).await;
        let id = generate(&test, &deal("Acme")).await;
        for (title, due_on) in [
            ("Order the certificates", Some(date(2027, 1, 4))),
            ("Book the trainers", Some(date(2027, 2, 8))),
            ("Choose the region", None),
        ] {
            let draft = register::Draft {
                title: title.to_owned(),
                details: Details::Action { about: String::new(), task: None },
                owner: Some(Owner::Person { id: ines.person.unwrap() }),
                due_on,
                visibility: Visibility::Internal,
                meeting: None,
            };
            register::add(&test.app, &test.actor, id, draft).await.unwrap();
        }
        let told = digest::get(&test.app, &ines).await.unwrap();
        let lines: Vec<(Part, &str)> = told
            .groups
            .iter()
            .flat_map(|group| &group.parts)
            .flat_map(|(part, items)| items.iter().map(move |item| (*part, item.note.as_str())))
            .collect();
        assert_eq!(lines, [(Part::Today, "due 4 Jan 2027")], "what is due within the week, and nothing else");
    })
    .await;
}

/// Whether the daily mail of somebody, and the escalations of an onboarding, say that leadership must be told.
async fn leadership(test: &TestApp, who: &Actor, id: OnboardingId) -> [bool; 2] {
    let groups = digest::get(&test.app, who).await.unwrap().groups;
    let path = format!("/onboardings/{id}/escalations");
    let mut lines = groups.iter().flat_map(|group| &group.parts).flat_map(|(_, lines)| lines);
    let found = escalation::of_onboarding(&test.app, &test.actor, id).await.unwrap();
    [lines.any(|line| line.path == path), found.suggestions.iter().any(|one| one.rule == "champion-lost")]
}

#[tokio::test]
async fn whoever_runs_it_hears_when_leadership_must_be_told_of_a_champion_who_leaves() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let ines = test.member(Role::OnboardingManager).await;
        let other = test.member(Role::OnboardingManager).await;
        let id = sponsored(&test).await;
        portfolio::assign(app, actor, id, ines.person).await.unwrap();
        let dana = people::standing(app, actor, id).await.unwrap().people[0].facts.contact;
        let champion =
            people::Changes { role: Some(StakeholderRole::Champion), ..people::Changes::default() };
        people::change(app, actor, id, dana, 1, champion).await.unwrap();
        people::lose(app, actor, id, dana, None, "").await.unwrap();
        assert_eq!(leadership(&test, &ines, id).await, [false, false], "the week is not over");
        test.clock.advance_days(8);
        assert_eq!(leadership(&test, &ines, id).await, [true, true], "nobody is named to take over");
        assert_eq!(leadership(&test, &other, id).await, [false, true], "somebody else runs it");

        let mut found = escalation::of_onboarding(app, actor, id).await.unwrap().suggestions.into_iter();
        let suggested = found.find(|one| one.rule == "champion-lost").unwrap();
        let text = "The champion leaves: 1 reason to tell leadership, see People";
        assert_eq!((suggested.level, suggested.text.as_str()), (3, text));
        let draft = escalation::Draft {
            level: i64::from(suggested.level),
            title: suggested.text,
            rule: Some(suggested.rule),
            ..escalation::Draft::default()
        };
        escalation::raise(app, actor, id, draft).await.unwrap();
        assert_eq!(leadership(&test, &ines, id).await, [false, false], "it was raised");
    })
    .await;
}
