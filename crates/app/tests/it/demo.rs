//! The demo: every state the product has can be seen in it.

use std::collections::BTreeSet;

use gangway_app::package::Standing;
use gangway_app::{
    Actor, App, Door, account, activity, change_request, contact, demo, document, escalation, health,
    identity, intake, launch, meeting, onboarding, outcome, people, portal, portfolio, register, report,
    training, transition, webhook, work, workload, workspace,
};
use gangway_domain::change_request::State as Request;
use gangway_domain::deal::StakeholderRole;
use gangway_domain::health::backtest::{Foretold, Halves};
use gangway_domain::ids::OnboardingId;
use gangway_domain::meeting::{Attendance, Status as Meets};
use gangway_domain::people::Sentiment;
use gangway_domain::permission::Role;
use gangway_domain::programme::Side;
use gangway_domain::register::Status;
use gangway_domain::work::{Assignee, Origin, TaskState};
use gangway_store::onboarding::list::Query;
use gangway_store::review::State;
use gangway_testkit::{TestApp, for_each_database};
use jiff::ToSpan;

#[tokio::test]
async fn the_demo_shows_every_state_there_is() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let app = &test.app;
        assert_eq!(demo::seed(app).await.unwrap(), 40);
        assert_eq!(demo::seed(app).await.unwrap(), 0, "a demo is made once");
        every_state_is_there(&test).await;
    })
    .await;
}

async fn every_state_is_there(test: &TestApp) {
    let (app, actor) = (&test.app, &test.actor);
    let all = onboarding::list(app, actor, Query::first(100, app.today())).await.unwrap().page.lines;
    let count = |state: &str| all.iter().filter(|line| line.state == state).count();
    assert_eq!((all.len(), count("closed")), (40, 4));
    assert!(count("completed") >= 5 && count("planned") >= 5 && count("running") >= 15);
    assert!(all.iter().filter(|line| line.document_score < 80).count() >= 3);
    assert!(all.iter().filter(|line| line.document_score >= 80).count() >= 20);
    assert!(all.iter().any(|line| line.late_days > 0));
    let heard = gangway_app::survey::results(app, actor, None).await.unwrap();
    assert!(
        heard.iter().any(|one| one.answered > 0 && one.answered < one.asked),
        "nobody was asked anything"
    );

    let (mut before, mut kinds) = (None, BTreeSet::new());
    loop {
        let (entries, more) = activity::list(app, actor, before, None, 200).await.unwrap();
        before = entries.last().map(|entry| entry.id);
        kinds.extend(entries.into_iter().map(|entry| entry.kind));
        if !more {
            break;
        }
    }
    let after = ["launch.message_sent", "hypercare.ended", "rollback.decided", "training.certified"];
    let asked = ["survey.sent", "survey.answered", "survey.closed", "form.asked", "form.submitted"];
    for kind in after.into_iter().chain(asked) {
        assert!(kinds.contains(kind), "{kind} left no activity");
    }

    let handoffs = intake::list(app, actor, &intake::newest()).await.unwrap();
    for (state, number) in [(State::Review, 3), (State::Confirmed, 2), (State::Made, 40)] {
        assert_eq!(handoffs.counts.iter().find(|(known, _)| *known == state), Some(&(state, number)));
    }
    let hexagon = handoffs.lines.iter().find(|line| line.customer == "Hexagon Freight").unwrap();
    let hexagon = intake::get(app, actor, hexagon.id).await.unwrap();
    assert!(hexagon.clocks.iter().any(|clock| clock.overdue));

    let twice = contact::duplicates(app, actor).await.unwrap();
    assert!(twice.iter().any(|pair| pair.one_name == "Sven Albers" && pair.other_name == "Sven Albers"));
    let twice = account::merge::duplicates(app, actor).await.unwrap();
    let names: Vec<_> = twice.iter().map(|pair| [&*pair.one_name, &*pair.other_name]).collect();
    assert_eq!(names, [["Cascade Paper", "Cascade Paper Mills"]]);

    let mut standings = Vec::new();
    for name in ["Clearwater Clinics", "Bluefin Foods"] {
        let id = all.iter().find(|line| line.customer == name).unwrap().id;
        let changes = document::changes(app, actor, id).await.unwrap();
        standings.extend(changes.iter().map(|(document, changed)| (document.name, changed.standing)));
    }
    assert_eq!(standings, [("welcome", Standing::Current), ("welcome", Standing::Apart)]);

    let invited = identity::invitations(app, actor).await.unwrap();
    assert!(invited.iter().any(|invitation| invitation.expires_at > app.now()));
    let endpoints = webhook::endpoints(app, actor).await.unwrap();
    let (endpoint, deliveries) = webhook::endpoint(app, actor, endpoints[0].id).await.unwrap();
    assert!(endpoint.disabled_at.is_some(), "nothing is sent from a demo");
    assert!(deliveries.iter().any(|delivery| delivery.failed_at.is_some()));
    assert!(deliveries.iter().any(|delivery| delivery.delivered_at.is_some()));
    let viewer = test.member(Role::Viewer).await;
    let views = portfolio::view::list(app, &viewer).await.unwrap();
    assert!(views.iter().any(|view| view.shared));

    let told = ["Kestrel Energy", "Bluefin Foods", "Clearwater Clinics", "Atelier Moreau SAS"]
        .map(|name| all.iter().find(|line| line.customer == name).unwrap().id);
    the_work_is_lived(app, actor, told).await;
    what_comes_up_is_governed(app, actor, told).await;
    let running: Vec<OnboardingId> =
        all.iter().filter(|line| line.state == "running").map(|line| line.id).collect();
    people_are_known(app, actor, told, &running).await;
    the_customer_takes_part(app, actor, told).await;
    value_is_on_its_way(app, actor, told).await;
    the_past_is_judged_again(app, actor).await;
    looking_back_tells_warnings_from_noise(app, actor).await;
}

/// The simulated year has warnings that came before customers left, and others that come to everybody.
async fn looking_back_tells_warnings_from_noise(app: &App, actor: &Actor) {
    let found = health::backtest(app, actor, health::Against::Churn, 90).await.unwrap();
    assert!(found.events > 0 && found.events < found.watched, "{} of {}", found.events, found.watched);
    let of = |kind: &str| found.signals.iter().map(|(_, one)| one).find(|one| one.kind == kind).unwrap();
    let (falls, slips) = (of("declining-usage"), of("milestone-delayed"));
    let precision = |one: &Foretold| one.precision.map_or(0, |share| share.thousandths);
    assert!(precision(falls) > precision(slips), "{falls:?} {slips:?}");
    assert!(falls.recall.is_some_and(|share| share.thousandths >= 500), "{falls:?}");
    // Told between 30 and 85 days before by the story, and now and then by chance.
    let usual = Halves(40)..=Halves(180);
    assert!(falls.median_lead_days.is_some_and(|days| usual.contains(&days)), "{falls:?}");
    assert!(found.score.auc_thousandths.is_some_and(|area| area > 500), "{:?}", found.score);
}

/// The history keeps the facts it rests on: the models in force find in it what was found.
async fn the_past_is_judged_again(app: &App, actor: &Actor) {
    for model in ["onboarding", "adopted", "self-serve"] {
        let asked = health::Comparison {
            model: model.to_owned(),
            draft: String::new(),
            from: app.today().saturating_sub(400.days()),
            to: app.today(),
            against: health::Against::Churn,
            horizon_days: 90,
        };
        let found = health::compare(app, actor, &asked).await.unwrap();
        assert_eq!(found.without_facts, 0, "{model}");
        assert!(!found.pairs.is_empty(), "{model}");
        assert!(found.pairs.iter().all(|pair| pair.then == pair.now), "{model}");
        if model == "onboarding" {
            assert!(found.changes > found.pairs.len() && found.then.events > 0, "{found:?}");
        }
    }
}

/// Dates moved for every side and back, work is blocked, assigned, talked over, ticked off; dates were agreed anew.
async fn the_work_is_lived(app: &App, actor: &Actor, told: [OnboardingId; 4]) {
    let [kestrel, bluefin, clearwater, atelier] = told;
    let repeated = work::repeated(app, actor, kestrel).await.unwrap();
    assert!(repeated.series.iter().any(|one| one.next(repeated.today).is_some()), "something repeats");
    let of_template = |origin: &Origin| matches!(origin, Origin::Template(_));
    assert!(repeated.plan.tasks.iter().any(|task| of_template(&task.origin)), "a template was begun");
    let (mut later, mut earlier) = (BTreeSet::new(), false);
    let (mut is_blocked, mut is_assigned) = (false, false);
    for id in told {
        let ledger = work::ledger(app, actor, id, None, 500).await.unwrap();
        let moved = i64::from((ledger.now.go_live - ledger.first.unwrap().go_live).get_days());
        let sum: i64 = ledger.totals.values().map(|[go_live, _]| go_live).sum();
        assert_eq!(sum, moved, "the sides sum to what {} moved", ledger.head.customer);
        for line in &ledger.lines {
            if line.after.go_live > line.before.go_live {
                later.insert(line.side);
            }
            earlier |= line.after.go_live < line.before.go_live;
        }
        let plan = work::sight(app, actor, id).await.unwrap().stored.plan;
        is_blocked |= plan.tasks.iter().any(|task| {
            task.side != Side::Vendor
                && matches!(&task.state, TaskState::Blocked { because, .. } if !because.is_empty())
        });
        let open = plan.tasks.iter().filter(|task| !task.state.is_over());
        is_assigned |=
            open.filter_map(|task| task.assignee.as_ref()).any(|who| Assignee::person(who).is_some());
    }
    assert_eq!(later, BTreeSet::from([Side::Vendor, Side::Customer, Side::Joint]), "go-lives moved by all");
    assert!(earlier, "a day was made good");
    assert!(is_blocked && is_assigned);

    assert!(work::baselines(app, actor, bluefin).await.unwrap().len() > 1);
    let plan = work::sight(app, actor, clearwater).await.unwrap().stored.plan;
    assert!(plan.milestones.iter().any(|gate| gate.waived.is_some()));

    let (mut ticks, mut files) = (BTreeSet::new(), 0);
    for facts in work::sight(app, actor, atelier).await.unwrap().stored.tasks.values() {
        let talk = work::talk(app, actor, &facts.id.to_string()).await.unwrap();
        ticks.extend(talk.checklist.iter().map(|item| item.done_by.is_some()));
        files += talk.files.len();
    }
    assert_eq!((ticks.len(), files), (2, 1), "a checklist half ticked, and a file");

    let somebody = |person: demo::Person| {
        Actor::person(person.id, person.name, person.role, workspace::default_id(), Door::Web)
    };
    let team = demo::people(app).await.unwrap();
    let as_member = |name: &str| somebody(team.iter().find(|person| person.name == name).unwrap().clone());
    let sofia = work::my_work(app, &as_member("Sofia Brandt")).await.unwrap();
    assert!(!sofia.mentions.is_empty(), "somebody asked her");
    let ines = work::my_work(app, &as_member("Ines Okafor")).await.unwrap();
    assert!(!ines.waiting.is_empty());
    assert!(!ines.today.is_empty() || !ines.week.is_empty());
    let board = workload::board(app, actor, None).await.unwrap();
    assert!(board.people.iter().any(|person| person.weeks.iter().any(|week| week.is_over())));
}

/// Entries of every kind with every end, requests in every state, escalations, meetings, reports.
async fn what_comes_up_is_governed(app: &App, actor: &Actor, told: [OnboardingId; 4]) {
    let (mut ends, mut open) = (BTreeSet::new(), BTreeSet::new());
    let (mut requests, mut escalations) = (BTreeSet::new(), BTreeSet::new());
    let (mut meetings, mut came) = (BTreeSet::new(), BTreeSet::new());
    let (mut reports, mut sent, mut chosen, mut moved) = (BTreeSet::new(), 0, 0, 0_i64);
    for id in told {
        for entry in register::of_onboarding(app, actor, id).await.unwrap().entries {
            match &entry.status {
                Status::Open => open.insert(entry.kind().word()),
                Status::Closed { outcome } => ends.insert(outcome.word()),
            };
        }
        for request in change_request::of_onboarding(app, actor, id).await.unwrap().requests {
            requests.insert(request.state.word());
            if matches!(request.state, Request::Approved { .. }) {
                moved = moved.max(request.impact.go_live_days);
                let ledger = work::ledger(app, actor, id, None, 500).await.unwrap();
                assert!(ledger.lines.iter().any(|line| line.summary.contains("CR-")), "the ledger names it");
            }
        }
        for one in escalation::of_onboarding(app, actor, id).await.unwrap().escalations {
            escalations.insert(one.state.word());
        }
        for one in meeting::of_onboarding(app, actor, id).await.unwrap().meetings {
            meetings.insert(one.status.word());
            if one.status == Meets::Held {
                came.extend(one.people.iter().map(|person| person.attendance.word()));
            }
        }
        for one in report::of_onboarding(app, actor, id).await.unwrap().reports {
            reports.insert(one.kind.word());
            sent += usize::from(one.sent_at.is_some());
            chosen += usize::from(one.colour.overridden.is_some());
        }
    }
    assert_eq!(open, BTreeSet::from(["risk", "issue", "decision", "action"]));
    assert_eq!(ends, BTreeSet::from(["avoided", "decided", "done", "happened", "resolved"]));
    assert_eq!(requests, BTreeSet::from(["approved", "deferred", "draft", "proposed", "rejected"]));
    assert!(moved > 0, "what was approved moved the go-live");
    assert_eq!(escalations, BTreeSet::from(["answered", "raised", "resolved"]));
    assert_eq!(meetings, BTreeSet::from(["held", "no-show", "planned"]));
    assert_eq!(came, BTreeSet::from([Attendance::Absent.word(), Attendance::Attended.word()]));
    let wanted = [
        "escalation",
        "executive-update",
        "go-no-go",
        "handoff-summary",
        "save-or-exit",
        "transition-summary",
        "weekly-status",
    ];
    assert_eq!(reports, BTreeSet::from(wanted));
    // What is written of an onboarding whose colour somebody chose begins with it.
    assert_eq!((sent, chosen), (2, 3));
}

/// Talks with most, a champion who leaves and champions who were forgotten, resistance, ticks in the calendar.
async fn people_are_known(app: &App, actor: &Actor, told: [OnboardingId; 4], running: &[OnboardingId]) {
    let [kestrel, _, clearwater, _] = told;
    let standing = people::standing(app, actor, kestrel).await.unwrap();
    assert!(standing.losses.iter().any(|lost| lost.loss.state.is_open() && !lost.loss.tasks.is_empty()));
    assert!(!people::relations(app, actor, kestrel).await.unwrap().lines.is_empty());
    let plan = people::communication(app, actor, kestrel).await.unwrap();
    assert!(plan.messages.iter().any(|message| message.sent.is_some()));
    assert!(
        plan.steps.iter().any(|step| step.done.is_some())
            && plan.steps.iter().any(|step| step.done.is_none())
    );
    let (_, resistance, _) = people::resistances(app, actor, clearwater, None, 10).await.unwrap();
    assert_eq!(resistance.iter().filter(|one| one.resolved.is_some()).count(), 1);
    assert_eq!(resistance.len(), 2);

    let (mut spoken, mut all, mut forgotten) = (0, 0, 0);
    let mut sentiments = BTreeSet::new();
    for id in running {
        for known in people::standing(app, actor, *id).await.unwrap().people {
            all += 1;
            spoken += usize::from(known.last.is_some());
            let is_late = known.cadence.late > 0;
            forgotten += usize::from(is_late && known.facts.role == StakeholderRole::Champion);
            sentiments.extend(known.facts.sentiment.map(Sentiment::word));
        }
    }
    assert!(spoken * 10 >= all * 8, "{spoken} of {all} were spoken with");
    assert!(forgotten > 0, "a champion was forgotten");
    assert_eq!(sentiments, BTreeSet::from(["negative", "neutral", "positive"]));
}

/// Portals, pilots, a go-live that was refused, customers handed over, lessons in the logs of programmes.
async fn the_customer_takes_part(app: &App, actor: &Actor, told: [OnboardingId; 4]) {
    let [kestrel, bluefin, clearwater, _] = told;
    for id in told {
        let people = portal::manage(app, actor, id).await.unwrap().people;
        assert!(people.iter().any(|person| person.access.is_some()), "{id}");
    }
    let pilots = launch::sight(app, actor, kestrel).await.unwrap().pilots;
    assert_eq!(pilots.len(), 2, "one failed, one is planned");
    assert!(training::of_onboarding(app, actor, kestrel).await.unwrap().learners.len() >= 4);
    assert_eq!(launch::sight(app, actor, bluefin).await.unwrap().pilots.len(), 1);
    let refused = launch::sight(app, actor, clearwater).await.unwrap().decisions;
    assert!(refused.iter().any(|one| !one.body.against.is_empty()), "{refused:?}");
    let query = transition::Query { limit: 100, ..transition::Query::default() };
    let (handed, _) = transition::list(app, actor, query).await.unwrap();
    let count = |word: &str| handed.iter().filter(|one| one.state.word() == word).count();
    assert!(count("accepted") >= 5 && count("preparing") == 1, "{}", handed.len());
    let query = transition::ImprovementQuery { limit: 100, ..transition::ImprovementQuery::default() };
    let (improvements, _) = transition::improvements(app, actor, query).await.unwrap();
    assert!(improvements.iter().any(|one| one.lessons > 0), "{improvements:?}");
}

/// Outcomes that were measured over time, with and without evidence, one of them confirmed and one declined; libraries.
async fn value_is_on_its_way(app: &App, actor: &Actor, told: [OnboardingId; 4]) {
    let (mut yes, mut no, mut open) = (0, 0, 0);
    for id in &told[..2] {
        let known = outcome::of_onboarding(app, actor, *id).await.unwrap();
        for one in known.outcomes.iter().filter(|one| one.latest.is_some()) {
            assert!(one.agreed.is_some() && one.target.is_some(), "{}", one.goal);
            match &one.answer {
                Some(answer) if answer.is_yes() => yes += 1,
                Some(_) => no += 1,
                None => open += 1,
            }
        }
        let measured: Vec<_> = known.measurements.values().flatten().collect();
        assert!(measured.iter().any(|one| one.evidence.is_some()));
        assert!(measured.iter().any(|one| one.evidence.is_none()));
        assert!(known.measurements.values().any(|all| all.len() >= 2), "measured over time");
    }
    assert_eq!((yes, no, open), (1, 1, 2));
    for id in told {
        let library = training::of_onboarding(app, actor, id).await.unwrap().library;
        assert_eq!(library.len(), 5);
    }
}
