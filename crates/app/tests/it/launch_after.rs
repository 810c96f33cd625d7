//! After the go-live: hypercare, rollback, the review, and what people are written.

use gangway_app::launch::{self, HypercareDraft, IssueDraft, SignalStep};
use gangway_app::{AppError, report, work};
use gangway_domain::launch::{
    RollbackPlan, Seen, Severity, SignalKind, SignalState, Standing, Step, WaveState,
};
use gangway_domain::permission::Role;
use gangway_domain::refusal::Barrier;
use gangway_domain::register::Owner;
use gangway_domain::report::Kind;
use gangway_testkit::{TestApp, for_each_database};
use jiff::ToSpan;

use super::launch::yes;
use super::launch_day::{go_live, mails};
use super::sponsored;

#[tokio::test]
async fn hypercare_ends_by_its_facts_and_by_what_people_say() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let early = launch::say_exit(app, actor, id, "exit-3", yes("Dana")).await;
        assert!(matches!(early, Err(AppError::Barred(Barrier::NotLive))), "it is not live");
        let draft = HypercareDraft {
            coverage: "7 to 19".to_owned(),
            channel: "#go-live".to_owned(),
            sync_at: "9".to_owned(),
            team: "Ines, Priya stands in".to_owned(),
        };
        assert!(matches!(
            launch::plan_hypercare(app, actor, id, 0, draft.clone()).await,
            Err(AppError::Invalid(_))
        ));
        let draft = HypercareDraft { sync_at: "09:00".to_owned(), ..draft };
        let planned = launch::plan_hypercare(app, actor, id, 0, draft).await.unwrap();
        let item =
            planned.readiness.iter().flat_map(|group| &group.items).find(|item| item.id == "hypercare");
        assert!(item.unwrap().is_ready(), "what is written down counts");

        go_live(&test, id).await;
        let issue = IssueDraft {
            title: "Nobody can sign in".to_owned(),
            details: String::new(),
            severity: Severity::Critical,
            area: "Sign-in".to_owned(),
            workaround: String::new(),
            reported_by: "Dana".to_owned(),
        };
        let made = launch::raise_issue(app, actor, id, issue).await.unwrap();
        let minutes = made.body.resolve_by.duration_since(made.body.raised_at).as_mins();
        assert_eq!(minutes, 120);
        let done = gangway_app::transition::of_onboarding(app, actor, id).await.unwrap().done;
        let grave = done.iter().find(|line| line.text == "No critical or high issue is open").unwrap();
        assert_eq!((grave.met, grave.note.as_str()), (false, "H-1"), "hypercare keeps its own list");
        launch::sync(app, actor, id, None, "Ines, Dana", "One critical issue").await.unwrap();
        let again = launch::sync(app, actor, id, None, "Ines", "It is solved").await.unwrap();
        assert_eq!((again.number, again.version), (1, 2), "there is one a day");
        let unsaid = launch::take_issue(app, actor, made.id, 1, Step::Resolve(" ".to_owned())).await;
        assert!(matches!(unsaid, Err(AppError::Invalid(_))));
        let how = Step::Resolve("The certificate was renewed".to_owned());
        launch::take_issue(app, actor, made.id, 1, how).await.unwrap();
        let version = launch::sight(app, actor, id).await.unwrap().version;
        let soon = launch::end(app, actor, id, version).await;
        assert!(matches!(soon, Err(AppError::Refusal(_))));

        test.clock.advance_days(9);
        let facts = launch::say_exit(app, actor, id, "exit-1", yes("Dana")).await;
        assert!(matches!(facts, Err(AppError::Barred(Barrier::FactsTell))), "facts tell");
        for exit in ["exit-3", "exit-4"] {
            launch::say_exit(app, actor, id, exit, yes("Dana Whitfield")).await.unwrap();
        }
        let sight = launch::sight(app, actor, id).await.unwrap();
        assert!(sight.is_stable(), "{:?}", sight.exits);
        let over = launch::end(app, actor, id, sight.version).await.unwrap();
        assert!(over.plan.hypercare.ended.is_some());

        let review = report::draft(app, actor, id, Kind::GoLiveReview, None).await.unwrap();
        for words in ["Issues since the go-live", "Resolved in time", "Live since", "Core features used"] {
            assert!(review.text.contains(words), "{words}: {}", review.text);
        }
    })
    .await;
}

#[tokio::test]
async fn a_rollback_is_triggered_decided_told_and_reviewed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let plan = RollbackPlan { decider: "Ines".to_owned(), ..RollbackPlan::default() };
        let half = launch::plan_rollback(app, actor, id, 0, plan.clone()).await.unwrap();
        let rollback = |sight: &launch::Sight| {
            let items = sight.readiness.iter().flat_map(|group| &group.items);
            items.into_iter().find(|item| item.id == "rollback").unwrap().clone()
        };
        assert!(!rollback(&half).is_ready() && !rollback(&half).can_be_ticked());
        let refused = launch::tick(app, actor, id, "rollback", yes("Ines")).await;
        assert!(matches!(refused, Err(AppError::Refusal(_))));
        let plan =
            RollbackPlan { deputy: "Priya".to_owned(), steps: "Switch the old one on".to_owned(), ..plan };
        let whole = launch::plan_rollback(app, actor, id, half.version, plan).await.unwrap();
        assert!(rollback(&whole).is_ready());

        let fine = Seen { availability_percent: Some(99), minutes: Some(600), failing_percent: None };
        assert!(launch::observe(app, actor, id, fine).await.unwrap().is_empty());
        let bad = Seen { availability_percent: Some(91), minutes: Some(130), failing_percent: None };
        let raised = launch::observe(app, actor, id, bad).await.unwrap();
        assert_eq!((raised.len(), raised[0].body.kind), (1, SignalKind::Automatic));
        assert!(launch::observe(app, actor, id, bad).await.unwrap().is_empty(), "it waits for a decision");
        assert!(matches!(launch::observe(app, actor, id, Seen::default()).await, Err(AppError::Invalid(_))));
        let unknown = launch::raise_signal(app, actor, id, "Bad mood", "x").await;
        assert!(matches!(unknown, Err(AppError::Invalid(_))));

        let id = raised[0].id;
        let unsaid = launch::take_signal(app, actor, id, 1, SignalStep::RollBack(String::new())).await;
        assert!(matches!(unsaid, Err(AppError::Invalid(_))));
        let back = SignalStep::RollBack("Nobody can work".to_owned());
        let back = launch::take_signal(app, actor, id, 1, back).await.unwrap();
        assert!(matches!(back.body.state, SignalState::RolledBack { .. }));
        let told = launch::take_signal(app, actor, id, 2, SignalStep::Told).await.unwrap();
        let review = SignalStep::Review("The cache was full".to_owned());
        let done = launch::take_signal(app, actor, id, told.version, review).await.unwrap();
        assert!(!done.body.is_open());
    })
    .await;
}

#[tokio::test]
async fn a_trigger_that_rolls_back_at_once_stops_everything_until_somebody_decides() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let manager = test.member(Role::OnboardingManager).await;
        let id = sponsored(&test).await;
        let mut tx = app.db.write().await.unwrap();
        gangway_store::onboarding::assign(&mut tx, actor.workspace, id, manager.person).await.unwrap();
        tx.commit().await.unwrap();
        launch::strategy(app, actor, id, 0, "Big bang").await.unwrap();
        launch::let_go(app, actor, id, "The board decided by phone").await.unwrap();
        assert!(launch::sight(app, actor, id).await.unwrap().may_go());
        let live =
            async |version| launch::move_wave(app, actor, id, version, 0, WaveState::Live, "Agreed").await;
        let late = async || {
            let late = work::my_work(app, &manager).await.unwrap().late;
            late.into_iter().map(|one| one.clock).collect::<Vec<_>>()
        };

        let before = mails(&test).await;
        let bad = Seen { availability_percent: Some(91), minutes: Some(130), failing_percent: None };
        let raised = launch::observe(app, actor, id, bad).await.unwrap().remove(0);
        assert_eq!(mails(&test).await - before, 1, "whoever runs it is told");
        let sight = launch::sight(app, actor, id).await.unwrap();
        assert_eq!((sight.standing, sight.may_go()), (Standing::Stopped, false));
        let refused = live(1).await.unwrap_err();
        assert!(refused.to_string().contains("Availability"), "{refused}");
        let again = launch::let_go(app, actor, id, "Go on").await;
        assert!(matches!(again, Err(AppError::Refusal(_))), "{again:?}");
        assert_eq!(late().await, [launch::Clock::Trigger]);
        let keep = SignalStep::Keep("Monitoring looked at the wrong host".to_owned());
        launch::take_signal(app, actor, raised.id, 1, keep).await.unwrap();
        assert_eq!(live(1).await.unwrap().plan.waves[0].state, WaveState::Live);
        assert!(late().await.is_empty());

        test.clock.advance_hours(1);
        let raised = launch::observe(app, actor, id, bad).await.unwrap().remove(0);
        let back = SignalStep::RollBack("Nobody can work".to_owned());
        launch::take_signal(app, actor, raised.id, 1, back).await.unwrap();
        assert!(late().await.is_empty(), "half an hour is left to tell people");
        test.clock.advance_hours(1);
        assert_eq!(late().await, [launch::Clock::Message]);
        test.clock.advance_hours(48);
        let mut both = late().await;
        both.sort_by_key(|clock| clock.word());
        assert_eq!(both, [launch::Clock::Message, launch::Clock::Review]);

        let gone = WaveState::RolledBack;
        launch::move_wave(app, actor, id, 2, 0, gone, "Nobody can work").await.unwrap();
        let refused = live(3).await.unwrap_err();
        assert!(refused.to_string().contains("taken back"), "an old go is none any more: {refused}");
        test.clock.advance_hours(1);
        launch::let_go(app, actor, id, "The cause is gone; the board agreed").await.unwrap();
        live(3).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn messages_are_written_from_the_facts_changed_and_sent_once() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let manager = test.member(Role::OnboardingManager).await;
        let id = sponsored(&test).await;
        for moment in ["week-before", "launch-day", "three-days-after"] {
            let made = launch::write_message(app, actor, id, moment).await.unwrap();
            assert!(made.body.subject.contains("Enterprise platform"), "{moment}: {}", made.body.subject);
        }
        let sight = launch::sight(app, actor, id).await.unwrap();
        let week = sight.messages.iter().find(|one| one.body.moment == "week-before").unwrap();
        assert_eq!(week.body.due_on, sight.go_live_on.saturating_sub(7.days()));
        let said = launch::change_message(app, actor, week.id, 1, "We start soon", "Hello,\n\nsoon.").await;
        let said = said.unwrap();
        let nobody = launch::send_message(app, actor, week.id, said.version, &[]).await;
        assert!(matches!(nobody, Err(AppError::Invalid(_))));
        let to = [Owner::Person { id: manager.person.unwrap() }];
        let sent = launch::send_message(app, actor, week.id, said.version, &to).await.unwrap();
        assert_eq!(sent.body.sent.as_ref().unwrap().to, std::slice::from_ref(&manager.name));
        let twice = launch::send_message(app, actor, week.id, sent.version, &to).await;
        assert!(matches!(twice, Err(AppError::Refusal(_))));
        assert!(matches!(
            launch::write_message(app, actor, id, "week-before").await,
            Err(AppError::Refusal(_))
        ));
    })
    .await;
}
