//! Meetings, escalations and reports of a running onboarding.

use gangway_app::change_request::{self, Step as Deed};
use gangway_app::escalation::{self, Step};
use gangway_app::meeting::{self, Changes, Draft, End, Guest};
use gangway_app::{Actor, AppError, onboarding, portfolio, register, report, standing, upkeep, work};
use gangway_domain::change_request::Priority;
use gangway_domain::escalation::Clock;
use gangway_domain::ids::{MeetingId, OnboardingId};
use gangway_domain::meeting::{Attendance, Slot, Status};
use gangway_domain::methodology::Light;
use gangway_domain::money::{Currency, Money};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Role;
use gangway_domain::programme::Side;
use gangway_domain::register::{Details, Level, Owner, Visibility};
use gangway_domain::report::Kind;
use gangway_domain::work::{Addition, Change, Origin};
use gangway_testkit::{TestApp, deal, for_each_database};
use jiff::civil::{Date, date};

use super::{generate, sponsored};

fn slot(on: Date) -> Slot {
    Slot { on, starts: "10:00".parse().unwrap(), minutes: 60, zone: Some("Europe/Berlin".to_owned()) }
}

fn steering(on: Date) -> Draft {
    Draft {
        title: "Steering".to_owned(),
        purpose: "Decide".to_owned(),
        slot: slot(on),
        place: String::new(),
        with_customer: true,
        agenda: Vec::new(),
        people: vec![
            Guest {
                name: "Dana Whitfield".to_owned(),
                email: Some("dana@acme.example".to_owned()),
                side: None,
            },
            Guest { name: "IT lead".to_owned(), email: None, side: None },
        ],
    }
}

#[tokio::test]
async fn meetings_of_the_package_come_with_their_days_and_only_once() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = sponsored(&test).await;
        let package = onboarding::get(&test.app, &test.actor, id).await.unwrap().onboarding.package;
        let known = meeting::of_onboarding(&test.app, &test.actor, id).await.unwrap().meetings;
        let days: usize = package.meetings.iter().map(|meeting| 1 + meeting.then.len()).sum();
        assert_eq!(known.len(), days);
        let kickoff = package.meetings.iter().find(|meeting| meeting.kickoff).unwrap();
        assert!(known.iter().any(|one| one.title == kickoff.title && one.slot.on == kickoff.on));
        upkeep::run(&test.app).await.unwrap();
        assert_eq!(meeting::of_onboarding(&test.app, &test.actor, id).await.unwrap().meetings, known);
    })
    .await;
}

#[tokio::test]
async fn a_kickoff_that_was_held_is_done_in_the_plan() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let package = onboarding::get(app, actor, id).await.unwrap().onboarding.package;
        let planned = package.meetings.iter().find(|meeting| meeting.kickoff).unwrap();
        let known = meeting::of_onboarding(app, actor, id).await.unwrap().meetings;
        let code = format!("{}#0", planned.id);
        let one = known.into_iter().find(|one| one.code.as_deref() == Some(&code)).unwrap();
        test.clock.advance_days(9);
        let end = || End::Held { attendance: Vec::new(), notes: None };
        let held = meeting::end(app, actor, one.id, one.version, end()).await.unwrap();
        let sight = work::sight(app, actor, id).await.unwrap();
        let kickoff = sight.stored.plan.ground.kickoff.clone().unwrap();
        assert_eq!(sight.head.state, OnboardingState::Running);
        assert_eq!(sight.stored.plan.task(&kickoff).unwrap().state.finished_on(), Some(planned.on));
        meeting::end(app, actor, one.id, held.version, End::Again).await.unwrap();
        meeting::end(app, actor, one.id, held.version + 1, end()).await.unwrap();
        assert_eq!(work::sight(app, actor, id).await.unwrap().stored.revision, sight.stored.revision, "once");
    })
    .await;
}

#[tokio::test]
async fn people_are_invited_told_of_moves_and_noted_when_they_came() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let manager = test.member(Role::OnboardingManager).await;
        let (app, actor) = (&test.app, &manager);
        let id = sponsored(&test).await;
        let made = meeting::plan(app, actor, id, steering(date(2027, 1, 11))).await.unwrap();
        let sent = meeting::invite(app, actor, made.id, 1).await.unwrap();
        assert_eq!(
            (sent.told, sent.unknown),
            (vec!["Dana Whitfield".to_owned()], vec!["IT lead".to_owned()])
        );
        let (name, text) = meeting::calendar_file(app, actor, made.id).await.unwrap();
        assert_eq!(name, "2027-01-11 Steering.ics");
        for line in ["METHOD:REQUEST", "SEQUENCE:0", "DTSTART:20270111T090000Z"] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
        let changes = Changes { slot: Some(slot(date(2027, 1, 12))), ..Changes::default() };
        let moved = meeting::change(app, actor, made.id, 2, changes).await.unwrap();
        assert_eq!((moved.sequence, moved.version), (1, 3), "whoever was invited must hear of it");
        let early =
            meeting::end(app, actor, made.id, 3, End::Held { attendance: Vec::new(), notes: None }).await;
        assert!(matches!(early, Err(AppError::Invalid(_))), "its day is still to come");

        test.clock.advance_days(9);
        let attendance = vec![(0, Attendance::Attended), (1, Attendance::Absent)];
        let end = End::Held { attendance, notes: Some("Scope agreed".to_owned()) };
        let held = meeting::end(app, actor, made.id, 3, end).await.unwrap();
        assert_eq!((held.status.clone(), held.notes.as_str()), (Status::Held, "Scope agreed"));
        assert_eq!(held.people[1].attendance, Attendance::Absent);
        let twice = meeting::end(app, actor, made.id, 4, End::Cancelled { reason: "x".to_owned() }).await;
        assert!(matches!(twice, Err(AppError::Refusal(_))));
        let stale = meeting::invite(app, actor, made.id, 1).await;
        assert!(matches!(stale, Err(AppError::Stale { what: "meeting", version: 4 })));
        let action = register::Draft {
            title: "Send the minutes".to_owned(),
            details: Details::Action { about: String::new(), task: None },
            owner: None,
            due_on: None,
            visibility: Visibility::Customer,
            meeting: Some(made.id),
        };
        register::add(app, actor, id, action).await.unwrap();
        assert_eq!(meeting::get(app, actor, made.id).await.unwrap().entries[0].title, "Send the minutes");
    })
    .await;
}

#[tokio::test]
async fn a_blocked_task_colours_the_onboarding_and_is_suggested_for_escalation() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let before = standing::of_onboarding(app, actor, id).await.unwrap();
        assert!(!before.suggestions.iter().any(|one| one.rule == "task-blocked"));
        let task = work::sight(app, actor, id).await.unwrap().stored.plan.tasks[0].code.clone();
        let block = Change::Block { task, since: app.today(), because: "no access".to_owned(), by: None };
        work::change(app, actor, id, None, vec![block]).await.unwrap();
        let seen = standing::of_onboarding(app, actor, id).await.unwrap();
        assert_ne!(seen.colour.light, Light::Green, "{:?}", seen.colour);
        assert_eq!(seen.standing.blocked[0].because, "no access");

        let manager = test.member(Role::OnboardingManager).await;
        let found = escalation::of_onboarding(app, actor, id).await.unwrap();
        let suggested = found.suggestions.iter().find(|one| one.rule == "task-blocked").unwrap();
        let draft = escalation::Draft {
            level: i64::from(suggested.level),
            title: suggested.text.clone(),
            rule: Some(suggested.rule.clone()),
            tell: vec![Owner::Person { id: manager.person.unwrap() }],
            ..escalation::Draft::default()
        };
        let raised = escalation::raise(app, actor, id, draft).await.unwrap();
        assert_eq!((raised.number, raised.level, raised.told.len()), (1, 1, 1));
        assert_eq!(escalation::clock(app, &raised), Clock::Running { minutes_left: 24 * 60 });
        let found = escalation::of_onboarding(app, actor, id).await.unwrap();
        assert!(!found.suggestions.iter().any(|one| one.rule == "task-blocked"), "it was raised");

        test.clock.advance_days(2);
        assert_eq!(escalation::clock(app, &raised), Clock::Late { minutes_late: 24 * 60 });
        let taken = escalation::take(app, &manager, raised.id, 1, Step::Acknowledge).await.unwrap();
        let answer = Step::Answer { answer: "A second engineer joins".to_owned() };
        let answered = escalation::take(app, &manager, raised.id, taken.version, answer).await.unwrap();
        assert_eq!(escalation::clock(app, &answered), Clock::Missed { minutes_late: 24 * 60 });
        let again = escalation::take(app, &manager, raised.id, 3, Step::Acknowledge).await;
        assert!(matches!(again, Err(AppError::Refusal(_))));
        let stranger = test.elsewhere("Southlight").await;
        let missing = escalation::get(app, &stranger.actor, raised.id).await;
        assert!(matches!(missing, Err(AppError::NotFound { .. })));
    })
    .await;
}

#[tokio::test]
async fn reports_are_written_reworded_recoloured_sent_and_shared() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        for kind in Kind::ALL {
            let made = report::draft(app, actor, id, kind, None).await.unwrap();
            let page = report::page(app, actor, made.id, None).await.unwrap();
            assert!(page.contains("Acme"), "{kind}");
            assert_eq!(made.text.contains("## Next update"), kind == Kind::ExecutiveUpdate, "{kind}");
            let internal = "IT is short of people";
            assert_eq!(
                made.text.contains(internal),
                made.audience == Visibility::Internal,
                "{kind}: {}",
                made.text
            );
        }
        let made = report::draft(app, actor, id, Kind::WeeklyStatus, None).await.unwrap();
        let text = format!("{}\nThank you for the quick answers.\n", made.text);
        let changes = report::Changes { title: None, text: Some(text) };
        let changed = report::change(app, actor, made.id, 1, changes).await.unwrap();
        assert_eq!(changed.version, 2);
        let refused = report::recolour(app, actor, made.id, 2, Some((Light::Red, " ".to_owned()))).await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "a colour has a reason");
        let chosen = Some((Light::Red, "the sponsor is leaving".to_owned()));
        let red = report::recolour(app, actor, made.id, 2, chosen).await.unwrap();
        assert_eq!(red.colour.light(), Light::Red);
        for words in ["Off track", "the sponsor is leaving", "Thank you for the quick answers."] {
            assert!(
                red.text.to_lowercase().contains(&words.to_lowercase()),
                "{words} is not in\n{}",
                red.text
            );
        }
        let versions = report::get(app, actor, made.id).await.unwrap().versions;
        assert_eq!(versions.iter().map(|one| one.number).collect::<Vec<_>>(), [3, 2, 1]);

        let head = report::get(app, actor, made.id).await.unwrap().head;
        let contacts = register::candidates(app, actor, &head).await.unwrap().contacts;
        let dana = contacts.iter().find(|contact| contact.name == "Dana Whitfield").unwrap();
        let to = [Owner::Contact { id: dana.id }];
        if dana.email.is_some() {
            let (sent, names) = report::send(app, actor, made.id, 3, &to).await.unwrap();
            assert_eq!((sent.version, names), (4, vec!["Dana Whitfield".to_owned()]));
            let gone = report::remove(app, actor, made.id, 4).await;
            assert!(matches!(gone, Err(AppError::Refusal(_))), "what was sent stays");
        }
        let internal = report::draft(app, actor, id, Kind::HandoffSummary, None).await.unwrap();
        let refused = report::send(app, actor, internal.id, 1, &to).await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "customers read nothing internal");
        assert!(matches!(report::share(app, actor, internal.id).await, Err(AppError::Refusal(_))));

        let secret = report::share(app, actor, made.id).await.unwrap();
        assert!(report::shared(app, &secret).await.unwrap().contains("Acme"));
        report::end_link(app, actor, made.id, &secret.digest()).await.unwrap();
        assert!(matches!(report::shared(app, &secret).await, Err(AppError::LinkEnded)));
    })
    .await;
}

/// A change request that changes nothing of the plan.
fn wish() -> change_request::Draft {
    change_request::Draft {
        title: "Second ERP".to_owned(),
        description: String::new(),
        justification: "The plant in Lyon was bought".to_owned(),
        requested_by: "Dana Whitfield".to_owned(),
        side: Side::Customer,
        requested_on: None,
        priority: Priority::High,
        changes: Vec::new(),
        cost: None,
        risk: String::new(),
        recommendation: None,
    }
}

#[tokio::test]
async fn a_cost_is_compared_with_the_contract_in_its_own_units() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        // Five percent of the annual contract value make a request major.
        for (customer, acv, code, below, enough) in [
            ("Tokai Works", "¥12,000,000", "JPY", 599_999, 600_000),
            ("Salmiya Trading", "KWD 120,000", "KWD", 5_999_999, 6_000_000),
            ("Acme", "$95K", "USD", 474_999, 475_000),
        ] {
            let id = generate(&test, &deal(customer).replace("$95K", acv)).await;
            let cost = |minor: i64| Some(Money { minor, currency: code.parse().unwrap() });
            for (minor, words) in [(below, None), (enough, Some("it costs 5 % of the annual contract value"))]
            {
                let draft = change_request::Draft { cost: cost(minor), ..wish() };
                let made = change_request::add(app, actor, id, draft).await.unwrap();
                assert_eq!(made.major.as_deref(), words, "{minor} {code}");
                let kept = change_request::get(app, actor, made.request.id).await.unwrap();
                assert_eq!(kept.request.cost, cost(minor));
            }
        }
        let id = generate(&test, &deal("Cirrus")).await;
        let less = Some(Money { minor: -1, currency: Currency::usd() });
        let refused =
            change_request::add(app, actor, id, change_request::Draft { cost: less, ..wish() }).await;
        assert!(matches!(refused, Err(AppError::Invalid(_))));
    })
    .await;
}

#[tokio::test]
async fn a_change_request_changes_the_plan_when_everybody_needed_agreed() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let add = Change::Add {
            task: Addition {
                code: None,
                name: "Connect the second ERP".to_owned(),
                side: Side::Joint,
                role: None,
                assignee: None,
                days: 8,
                not_before: None,
                finish_by: None,
                after: Vec::new(),
                before: Vec::new(),
                phase: None,
                origin: Origin::Person,
                checklist: Vec::new(),
            },
        };
        let draft = change_request::Draft { changes: vec![add], ..wish() };
        let made = change_request::add(app, actor, id, draft.clone()).await.unwrap();
        let impact = &made.request.impact;
        assert_eq!((impact.vendor_days, impact.customer_days, &impact.problem), (8, 8, &None));
        assert!(made.major.is_some(), "sixteen working days are more than ten");
        assert_eq!(made.approvals.len(), 3, "the sponsor agrees to what is major");

        let approve =
            |approval: &str| Deed::Approve { approval: approval.to_owned(), by: "Dana Whitfield".to_owned() };
        let early = change_request::take(app, actor, made.request.id, 1, approve("customer-lead")).await;
        assert!(matches!(early, Err(AppError::Refusal(_))), "nothing was proposed");
        let mut opened = change_request::take(app, actor, made.request.id, 1, Deed::Propose).await.unwrap();
        let changed = change_request::change(app, actor, made.request.id, 2, draft).await;
        assert!(matches!(changed, Err(AppError::Refusal(_))), "what was proposed is not changed");
        let before = work::sight(app, actor, id).await.unwrap().stored.plan.tasks.len();
        for approval in ["vendor-lead", "customer-lead", "sponsor"] {
            let version = opened.request.version;
            opened =
                change_request::take(app, actor, made.request.id, version, approve(approval)).await.unwrap();
        }
        assert_eq!(opened.request.state.word(), "approved");
        let plan = work::sight(app, actor, id).await.unwrap().stored.plan;
        assert_eq!(plan.tasks.len(), before + 1);
        let added = plan.tasks.iter().find(|task| task.name == "Connect the second ERP").unwrap();
        assert_eq!(added.origin, Origin::ChangeRequest(made.request.id));
        let known = change_request::of_onboarding(app, actor, id).await.unwrap();
        assert!(known.growth.is_some_and(|tenths| tenths > 0), "{:?}", known.growth);
        let late = Deed::Reject { reason: "x".to_owned() };
        let late = change_request::take(app, actor, made.request.id, opened.request.version, late).await;
        assert!(matches!(late, Err(AppError::Refusal(_))));
    })
    .await;
}

#[tokio::test]
async fn an_action_becomes_a_task_once() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let action = register::Draft {
            title: "Order the certificates".to_owned(),
            details: Details::Action { about: String::new(), task: None },
            owner: Owner::read("IT lead"),
            due_on: None,
            visibility: Visibility::Customer,
            meeting: None,
        };
        let made = register::add(app, actor, id, action).await.unwrap();
        let kept = register::schedule(app, actor, made.id, 1, 2, Side::Customer).await.unwrap();
        let Details::Action { task: Some(code), .. } = &kept.details else { panic!("{:?}", kept.details) };
        let plan = work::sight(app, actor, id).await.unwrap().stored.plan;
        let task = plan.tasks.iter().find(|task| task.code == *code).unwrap();
        assert_eq!(
            (task.name.as_str(), task.days, &task.origin),
            ("Order the certificates", 2, &Origin::Action(made.id))
        );
        let again = register::schedule(app, actor, made.id, kept.version, 2, Side::Customer).await;
        assert!(matches!(again, Err(AppError::Refusal(_))));
    })
    .await;
}

#[tokio::test]
async fn what_waits_beside_tasks_is_told_to_whom_it_waits_for() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let (id, runs, invited) = run_by_two(&test).await;
        owned(&test, id, &invited).await;
        let guest = Guest { name: invited.name.clone(), email: None, side: None };
        let draft = Draft { people: vec![guest], ..steering(date(2027, 1, 6)) };
        let held = meeting::plan(app, actor, id, draft).await.unwrap();
        let made = change_request::add(app, actor, id, wish()).await.unwrap();
        assert!(work::my_work(app, &runs).await.unwrap().requests.is_empty(), "it is a draft");
        change_request::take(app, actor, made.request.id, 1, Deed::Propose).await.unwrap();
        let draft =
            escalation::Draft { level: 2, title: "At risk".to_owned(), ..escalation::Draft::default() };
        escalation::raise(app, actor, id, draft).await.unwrap();

        let mine = work::my_work(app, &runs).await.unwrap();
        assert!(mine.meetings.iter().any(|one| one.id == held.id && one.customer.starts_with("Acme")));
        assert_eq!((mine.requests.len(), mine.requests[0].id), (1, made.request.id));
        assert_eq!((mine.escalations.len(), mine.escalations[0].level), (1, 2));
        assert!(mine.entries.is_empty(), "others answer for them");

        let theirs = work::my_work(app, &invited).await.unwrap();
        let titles: Vec<&str> = theirs.entries.iter().map(|one| one.title.as_str()).collect();
        assert_eq!(titles, ["Order the certificates", "Choose the region"], "by day, then those without one");
        assert!(theirs.meetings.iter().any(|one| one.id == held.id), "they are invited");
        assert!(theirs.requests.is_empty() && theirs.escalations.is_empty());

        test.clock.advance_days(3);
        let late = work::my_work(app, &invited).await.unwrap();
        assert!(late.meetings.iter().any(|one| one.id == held.id), "nobody said how it went");
        let stranger = test.elsewhere("Southlight").await;
        assert!(work::my_work(&stranger.app, &stranger.actor).await.unwrap().meetings.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_meeting_waits_once_and_only_for_whom_it_is() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let (id, runs, invited) = run_by_two(&test).await;
        let guest = |who: &Actor| Guest { name: who.name.clone(), email: None, side: None };
        let draft = Draft { people: vec![guest(&runs), guest(&invited)], ..steering(date(2027, 1, 6)) };
        let held = meeting::plan(app, actor, id, draft).await.unwrap();
        let both = [&runs, &invited];
        assert_eq!(waits(&test, held.id, both).await, [1, 1], "who runs it is invited too");
        let changes = Changes { people: Some(vec![guest(&runs)]), ..Changes::default() };
        let changed = meeting::change(app, actor, held.id, held.version, changes).await.unwrap();
        assert_eq!(waits(&test, held.id, both).await, [1, 0], "they are invited no more");
        let changes = Changes { people: Some(vec![guest(&invited)]), ..Changes::default() };
        let changed = meeting::change(app, actor, held.id, changed.version, changes).await.unwrap();
        assert_eq!(waits(&test, held.id, both).await, [1, 1]);
        let off = End::Cancelled { reason: "Nothing to decide".to_owned() };
        meeting::end(app, actor, held.id, changed.version, off).await.unwrap();
        assert_eq!(waits(&test, held.id, both).await, [0, 0]);
    })
    .await;
}

/// An onboarding with whoever runs it, and somebody else of the team.
async fn run_by_two(test: &TestApp) -> (OnboardingId, Actor, Actor) {
    let (runs, other) =
        (test.member(Role::OnboardingManager).await, test.member(Role::ImplementationManager).await);
    let id = sponsored(test).await;
    portfolio::assign(&test.app, &test.actor, id, runs.person).await.unwrap();
    (id, runs, other)
}

/// How often a meeting stands in the work of two people.
async fn waits(test: &TestApp, id: MeetingId, of: [&Actor; 2]) -> [usize; 2] {
    let mut times = [0, 0];
    for (times, who) in times.iter_mut().zip(of) {
        let mine = work::my_work(&test.app, who).await.unwrap();
        *times = mine.meetings.iter().filter(|one| one.id == id).count();
    }
    times
}

/// An action that is due, a decision and a risk without a day, and an action of the month after.
async fn owned(test: &TestApp, id: OnboardingId, who: &Actor) {
    let level = |number: i64| Level::try_from(number).unwrap();
    let action = || Details::Action { about: String::new(), task: None };
    let decision = Details::Decision { options: Vec::new(), assumed: String::new(), about: String::new() };
    let risk = Details::Risk {
        probability: level(2),
        impact: level(3),
        category: None,
        mitigation: String::new(),
        origin: String::new(),
    };
    for (title, details, due_on) in [
        ("Choose the region", decision, None),
        ("The data may be late", risk, None),
        ("Order the certificates", action(), Some(date(2027, 1, 5))),
        ("Book the trainers", action(), Some(date(2027, 2, 5))),
    ] {
        let draft = register::Draft {
            title: title.to_owned(),
            details,
            owner: Some(Owner::Person { id: who.person.unwrap() }),
            due_on,
            visibility: Visibility::Internal,
            meeting: None,
        };
        register::add(&test.app, &test.actor, id, draft).await.unwrap();
    }
}
