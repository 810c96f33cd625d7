//! Going live: readiness, decisions, pilots, waves.

use gangway_app::AppError;
use gangway_app::launch::{self, Choice, ConditionDraft, PilotDraft, Said, WaiverDraft, WaveDraft};
use gangway_domain::ids::OnboardingId;
use gangway_domain::launch::{Attitude, Criterion, FeedbackKind, Pick, Verdict, WaveState};
use gangway_domain::permission::Role;
use gangway_testkit::{TestApp, for_each_database};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::sponsored;

pub(super) fn choice(verdict: Verdict) -> Choice {
    Choice {
        verdict,
        go_live_on: None,
        reason: "We looked at everything".to_owned(),
        conditions: Vec::new(),
        waived: Vec::new(),
        exception: String::new(),
        side: None,
        after: None,
    }
}

pub(super) fn yes(by: &str) -> Said {
    Said { yes: true, note: "Seen on Monday".to_owned(), by: by.to_owned() }
}

/// Everything is ready and approved.
pub(super) async fn ready(test: &TestApp, id: OnboardingId) -> launch::Sight {
    let (app, actor) = (&test.app, &test.actor);
    let sight = launch::sight(app, actor, id).await.unwrap();
    for item in sight.readiness.iter().flat_map(|group| &group.items).filter(|item| !item.is_ready()) {
        launch::tick(app, actor, id, &item.id, yes("Dana Whitfield")).await.unwrap();
    }
    for approval in &sight.approvals {
        launch::approve(app, actor, id, &approval.role, yes("Dana Whitfield")).await.unwrap();
    }
    launch::sight(app, actor, id).await.unwrap()
}

fn next(from: Date, wanted: Weekday) -> Date {
    (0..7).map(|ahead| from.saturating_add(ahead.days())).find(|day| day.weekday() == wanted).unwrap()
}

#[tokio::test]
async fn a_go_is_refused_until_everything_is_ready_and_the_refusal_is_kept() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let before = launch::sight(app, actor, id).await.unwrap();
        let [done, all] = before.ready();
        assert!(all > 10 && done < all && before.approvals.len() > 1, "{done} of {all}");
        let mut items = before.readiness.iter().flat_map(|group| &group.items);
        let circular = items.find(|item| item.because().contains("Decide on the go-live"));
        assert_eq!(circular, None, "the decision proves nothing it rests on");
        let first = || Choice { after: Some(0), ..choice(Verdict::Go) };
        let refused = launch::decide(app, actor, id, first()).await.unwrap();
        let again = launch::decide(app, actor, id, first()).await;
        assert!(matches!(again, Err(AppError::Overtaken)), "a second press decides nothing anew: {again:?}");
        assert_eq!((refused.body.verdict, refused.body.asked), (Verdict::Refused, Verdict::Go));
        assert!(refused.body.against.len() >= all - done);
        assert!(!launch::sight(app, actor, id).await.unwrap().may_go());

        let item = &before.readiness[0].items[0];
        let no = Said { yes: false, note: String::new(), by: "Dana".to_owned() };
        let unsaid = launch::tick(app, actor, id, &item.id, no).await;
        assert!(matches!(unsaid, Err(AppError::Invalid(_))), "a no says why");
        let nothing = launch::tick(app, actor, id, "nothing", yes("Dana")).await;
        assert!(matches!(nothing, Err(AppError::NotFound { .. })));

        let sight = ready(&test, id).await;
        assert_eq!(sight.ready(), [all, all]);
        let friday = next(sight.go_live_on, Weekday::Friday);
        let on = |day, exception: &str| Choice {
            go_live_on: Some(day),
            exception: exception.to_owned(),
            ..choice(Verdict::Go)
        };
        let bad = launch::decide(app, actor, id, on(friday, "")).await.unwrap();
        assert!(bad.body.against.iter().any(|text| text.contains("Friday")), "{:?}", bad.body.against);
        let kept = launch::decide(app, actor, id, on(friday, "The old system ends that day")).await.unwrap();
        assert_eq!((kept.body.verdict, kept.number), (Verdict::Go, 3));
        assert_eq!(kept.body.exception.as_deref(), Some("The old system ends that day"));
        let sight = launch::sight(app, actor, id).await.unwrap();
        assert!(sight.may_go() && sight.decisions.len() == 3);
        assert_eq!(sight.go_live_on, friday, "the plan follows the exception");

        let viewer = test.member(Role::Viewer).await;
        let not = launch::decide(app, &viewer, id, choice(Verdict::NoGo)).await;
        assert!(matches!(not, Err(AppError::Forbidden(_))));
        let stranger = test.elsewhere("Southlight").await;
        let none = launch::sight(app, &stranger.actor, id).await;
        assert!(matches!(none, Err(AppError::NotFound { .. })));
    })
    .await;
}

#[tokio::test]
async fn a_go_with_conditions_names_them_and_they_are_met_once() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let sight = launch::sight(app, actor, id).await.unwrap();
        for approval in &sight.approvals {
            launch::approve(app, actor, id, &approval.role, yes("Dana Whitfield")).await.unwrap();
        }
        let bare = launch::decide(app, actor, id, choice(Verdict::Conditional)).await.unwrap();
        assert_eq!(bare.body.verdict, Verdict::Refused);
        let items = sight.readiness.iter().flat_map(|group| &group.items).filter(|item| !item.is_ready());
        let mut open: Vec<String> = items.map(|item| item.id.clone()).collect();
        let waived = vec![WaiverDraft { item: open.remove(0), reason: "Not bought".to_owned() }];
        let condition = |items: &[String]| ConditionDraft {
            text: "Backup is proven".to_owned(),
            owner: "IT lead".to_owned(),
            by: Some(sight.go_live_on),
            items: items.to_vec(),
        };
        let on = next(sight.go_live_on, Weekday::Tuesday);
        let with = |conditions, waived| Choice {
            go_live_on: Some(on),
            conditions,
            waived,
            ..choice(Verdict::Conditional)
        };
        let half = launch::decide(app, actor, id, with(vec![condition(&[])], waived.clone())).await.unwrap();
        assert_eq!(half.body.verdict, Verdict::Refused, "every open item is named or waived");
        assert_eq!(half.body.against.len(), open.len(), "{:?}", half.body.against);
        let unknown = vec![WaiverDraft { item: "nothing".to_owned(), reason: "Not bought".to_owned() }];
        let unknown = launch::decide(app, actor, id, with(vec![condition(&open)], unknown)).await;
        assert!(matches!(unknown, Err(AppError::Invalid(_))), "{unknown:?}");
        let made = launch::decide(app, actor, id, with(vec![condition(&open)], waived)).await.unwrap();
        assert_eq!(made.body.verdict, Verdict::Conditional, "{:?}", made.body.against);
        assert_eq!(made.body.waived[0].reason, "Not bought");
        let met = launch::meet_condition(app, actor, made.id, 1, 0).await.unwrap();
        assert!(met.body.conditions[0].met.is_some());
        assert!(matches!(
            launch::meet_condition(app, actor, made.id, 1, 0).await,
            Err(AppError::Stale { what: "decision", version: 2 })
        ));
        assert!(matches!(launch::meet_condition(app, actor, made.id, 2, 0).await, Err(AppError::Refusal(_))));
    })
    .await;
}

pub(super) fn pilot(test: &TestApp) -> PilotDraft {
    let pick = |name: &str, attitude| Pick {
        name: name.to_owned(),
        contact: None,
        role: "Planner".to_owned(),
        attitude,
        reason: "Has time".to_owned(),
    };
    let today = test.app.today();
    PilotDraft {
        scope: "Orders".to_owned(),
        from: Some(today),
        to: Some(today.saturating_add(11.days())),
        support: "Ines".to_owned(),
        people: vec![pick("Dana", Attitude::Enthusiast), pick("Rolf", Attitude::Sceptic)],
        size: 8,
        criteria: vec![Criterion {
            text: "Active in a week".to_owned(),
            target: Some(80),
            unit: "%".to_owned(),
            at_most: false,
            measured: None,
        }],
    }
}

#[tokio::test]
async fn a_pilot_that_failed_stands_in_the_way_until_one_passes() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let made = launch::add_pilot(app, actor, id, pilot(&test)).await.unwrap();
        let second = launch::add_pilot(app, actor, id, pilot(&test)).await;
        assert!(matches!(second, Err(AppError::Refusal(_))));
        let early = launch::add_feedback(app, actor, made.id, FeedbackKind::Praise, "Dana", "Fast").await;
        assert!(matches!(early, Err(AppError::Refusal(_))));
        let begun = launch::begin_pilot(app, actor, made.id, 1).await.unwrap();
        launch::add_feedback(app, actor, made.id, FeedbackKind::Praise, "Dana", "It is fast").await.unwrap();
        let short = launch::measure_pilot(app, actor, made.id, begun.version, &[]).await;
        assert!(matches!(short, Err(AppError::Invalid(_))));
        let low = launch::measure_pilot(app, actor, made.id, begun.version, &[Some(60)]).await.unwrap();
        let passed = launch::judge_pilot(app, actor, made.id, low.version, true, "We want it").await;
        assert!(matches!(passed, Err(AppError::Refusal(_))), "its criteria decide");
        launch::judge_pilot(app, actor, made.id, low.version, false, "Too few worked with it").await.unwrap();

        ready(&test, id).await;
        let sight = launch::sight(app, actor, id).await.unwrap();
        let tuesday = next(sight.go_live_on, Weekday::Tuesday);
        let go = || Choice { go_live_on: Some(tuesday), ..choice(Verdict::Go) };
        let refused = launch::decide(app, actor, id, go()).await.unwrap();
        assert!(refused.body.against.iter().any(|text| text.contains("pilot failed")), "{refused:?}");

        let again = launch::add_pilot(app, actor, id, PilotDraft::default()).await.unwrap();
        assert_eq!((again.number, again.body.people.len(), again.body.criteria[0].measured), (2, 2, None));
        let begun = launch::begin_pilot(app, actor, again.id, 1).await.unwrap();
        let high = launch::measure_pilot(app, actor, again.id, begun.version, &[Some(85)]).await.unwrap();
        launch::judge_pilot(app, actor, again.id, high.version, true, "Everybody works with it")
            .await
            .unwrap();
        let went = launch::decide(app, actor, id, go()).await.unwrap();
        assert_eq!(went.body.verdict, Verdict::Go, "{:?}", went.body.against);
    })
    .await;
}

#[tokio::test]
async fn waves_wait_for_the_decision_and_never_begin_on_a_friday_without_a_reason() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let sight = launch::strategy(app, actor, id, 0, "Pilot + expand").await.unwrap();
        assert_eq!((sight.plan.waves.len(), sight.version), (2, 1));
        assert!(matches!(
            launch::strategy(app, actor, id, 0, "Big bang").await,
            Err(AppError::Stale { what: "launch", version: 1 })
        ));
        assert!(matches!(launch::strategy(app, actor, id, 1, "Hope").await, Err(AppError::Invalid(_))));
        let friday = next(sight.go_live_on, Weekday::Friday);
        let wave = |reason: &str| WaveDraft {
            name: "Everyone".to_owned(),
            on: Some(friday),
            reason: reason.to_owned(),
            ..WaveDraft::default()
        };
        let bad = launch::plan_waves(app, actor, id, 1, vec![wave("")]).await;
        assert!(matches!(bad, Err(AppError::Invalid(_))));
        launch::plan_waves(app, actor, id, 1, vec![wave("The lease ends")]).await.unwrap();
        let early = launch::move_wave(app, actor, id, 2, 0, WaveState::Live, "").await;
        assert!(matches!(early, Err(AppError::Refusal(_))), "nobody has decided");
        let held = launch::move_wave(app, actor, id, 2, 0, WaveState::Held, "").await;
        assert!(matches!(held, Err(AppError::Invalid(_))), "whoever holds it says why");

        let sight = ready(&test, id).await;
        let tuesday = next(sight.go_live_on, Weekday::Tuesday);
        let go = Choice { go_live_on: Some(tuesday), ..choice(Verdict::Go) };
        assert_eq!(launch::decide(app, actor, id, go).await.unwrap().body.verdict, Verdict::Go);
        // Today is a Monday.
        let live = launch::move_wave(app, actor, id, 2, 0, WaveState::Live, "").await.unwrap();
        assert_eq!(live.plan.waves[0].state, WaveState::Live);
        let again = launch::strategy(app, actor, id, 3, "Big bang").await;
        assert!(matches!(again, Err(AppError::Refusal(_))), "a wave has begun");
    })
    .await;
}
