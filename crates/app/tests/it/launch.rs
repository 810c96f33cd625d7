//! Going live: readiness, decisions, pilots, waves, hypercare, rollback, the review.

use std::collections::BTreeSet;

use gangway_app::launch::{
    self, Choice, ConditionDraft, HypercareDraft, IssueDraft, PilotDraft, Said, SignalStep, WaiverDraft,
    WaveDraft,
};
use gangway_app::{Actor, AppError, Guest, contact, people, report};
use gangway_domain::ids::OnboardingId;
use gangway_domain::launch::{
    Attitude, Criterion, FeedbackKind, Pick, RollbackPlan, Seen, Severity, SignalKind, SignalState, Step,
    Verdict, WaveState,
};
use gangway_domain::permission::Role;
use gangway_domain::portal::{Language, PortalRole, Resource};
use gangway_domain::refusal::Barrier;
use gangway_domain::register::Owner;
use gangway_domain::report::Kind;
use gangway_testkit::{TestApp, for_each_database};
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::launch_day::go_live;
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

fn yes(by: &str) -> Said {
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
        for words in ["Issues since the go-live", "Resolved in time", "Live since"] {
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

/// Every name of a field in a value.
fn fields(value: &serde_json::Value, found: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(map) => {
            for (name, inner) in map {
                found.insert(name.clone());
                fields(inner, found);
            }
        }
        serde_json::Value::Array(all) => all.iter().for_each(|inner| fields(inner, found)),
        _ => {}
    }
}

#[tokio::test]
async fn a_guest_approves_in_their_role_and_sees_no_more_than_readiness() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let all = people::standing(app, actor, id).await.unwrap().people;
        let dana = all.iter().find(|one| one.facts.name == "Dana Whitfield").unwrap().facts.contact;
        let guest = |role, peek| {
            let guest = Guest {
                workspace: actor.workspace,
                onboarding: id,
                contact: dana,
                role,
                language: Language::En,
                peek,
            };
            Actor::guest("Dana Whitfield", guest)
        };
        let sponsor = guest(PortalRole::Sponsor, false);
        let team = launch::sight(app, actor, id).await.unwrap();
        let wanted = team.approvals.iter().find(|one| one.guest == Some(PortalRole::Sponsor)).unwrap();
        let item = team.readiness[0].items[0].id.clone();
        let secret = Said { note: "Only for the team".to_owned(), ..yes("Ines") };
        launch::tick(app, actor, id, &item, secret).await.unwrap();

        let seen = launch::for_guest(app, &sponsor).await.unwrap();
        let mine: Vec<&str> =
            seen.approvals.iter().filter(|one| one.mine).map(|one| one.role.as_str()).collect();
        assert!(mine.contains(&wanted.role.as_str()), "{:?}", seen.approvals);
        assert_eq!((seen.go_live_on - seen.asks_from).get_days(), 28);
        let asked = |seen: &launch::GuestLaunch| seen.approvals.iter().filter(|one| one.asked).count();
        assert!(app.today() < seen.asks_from && asked(&seen) == 0, "it is too early: {}", seen.asks_from);
        let shown = serde_json::to_value(&seen).unwrap();
        assert!(!shown.to_string().contains("Only for the team"));
        let mut found = BTreeSet::new();
        fields(&shown, &mut found);
        let allowed = Resource::Readiness.fields();
        let more: Vec<&String> = found.iter().filter(|name| !allowed.contains(&name.as_str())).collect();
        assert!(more.is_empty(), "{more:?} may not be shown");

        let silent = launch::approve_as_guest(app, &sponsor, &wanted.role, false, "").await;
        assert!(matches!(silent, Err(AppError::Invalid(_))), "a no says why");
        launch::approve_as_guest(app, &sponsor, &wanted.role, true, "").await.unwrap();
        let given = launch::sight(app, actor, id).await.unwrap();
        let mark = given.approvals.iter().find(|one| one.role == wanted.role).unwrap().mark.clone().unwrap();
        assert!(mark.yes && mark.portal && mark.by == "Dana Whitfield");
        // Somebody else of the customer who is called the same.
        let named =
            contact::Changes { name: Some("Dana Whitfield".to_owned()), ..contact::Changes::default() };
        let namesake = contact::add(app, actor, team.head.account_id, named).await.unwrap().id;
        let whose = Guest {
            workspace: actor.workspace,
            onboarding: id,
            contact: namesake,
            role: PortalRole::Sponsor,
            language: Language::En,
            peek: false,
        };
        let colleague = Actor::guest("Dana Whitfield", whose);
        let activities =
            async || gangway_app::activity::of_onboarding(app, actor, id, None, 200).await.unwrap().0.len();
        let before = activities().await;
        launch::approve_as_guest(app, &sponsor, &wanted.role, true, "").await.unwrap();
        assert_eq!(activities().await, before, "the same word again is no news");
        let over = launch::approve_as_guest(app, &colleague, &wanted.role, false, "Not for me").await;
        assert!(matches!(over, Err(AppError::Barred(Barrier::SaidByColleague))), "{over:?}");
        test.clock.advance_days((seen.asks_from - app.today()).get_days());
        let near = launch::for_guest(app, &sponsor).await.unwrap();
        assert_eq!(asked(&near), near.approvals.len() - 1, "one is answered, the others are asked for");
        for (who, mine) in [(&colleague, false), (&sponsor, true)] {
            let seen = launch::for_guest(app, who).await.unwrap();
            assert_eq!(seen.approvals.iter().find(|one| one.role == wanted.role).unwrap().mine, mine);
        }
        launch::approve_as_guest(app, &sponsor, &wanted.role, false, "Not yet").await.unwrap();

        let ours = team.approvals.iter().find(|one| one.guest.is_none());
        if let Some(ours) = ours {
            let other = launch::approve_as_guest(app, &sponsor, &ours.role, true, "").await;
            assert!(matches!(other, Err(AppError::NotForGuest)), "it is not theirs");
        }
        for looks_on in [guest(PortalRole::Onlooker, false), guest(PortalRole::Sponsor, true)] {
            let not = launch::approve_as_guest(app, &looks_on, &wanted.role, true, "").await;
            assert!(matches!(not, Err(AppError::NotForGuest)));
        }
        assert!(launch::for_guest(app, &guest(PortalRole::Onlooker, false)).await.is_err());
        assert!(launch::for_guest(app, actor).await.is_err(), "the team has its own page");
        let early = launch::confirm_as_guest(app, &sponsor, true, "").await;
        assert!(matches!(early, Err(AppError::Barred(Barrier::NotLive))), "it is not live");
    })
    .await;
}
