//! The end of an onboarding: handed over, closed, learned from.

use gangway_app::transition::{self, Changes, Decision, Introduction, NewLesson};
use gangway_app::{AppError, contact, onboarding, portal, portfolio, report};
use gangway_domain::ids::OnboardingId;
use gangway_domain::meeting::Slot;
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::permission::Role;
use gangway_domain::portal::PortalRole;
use gangway_domain::programme::Side;
use gangway_domain::transition::{Ending, LessonKind, NextStep, Promised, State};
use gangway_testkit::{TestApp, deal, for_each_database};
use jiff::civil::date;

use super::{generate, guest, sponsored};

async fn reader(test: &TestApp, id: OnboardingId, name: &str) -> gangway_domain::ids::ContactId {
    let head = transition::of_onboarding(&test.app, &test.actor, id).await.unwrap().head;
    let changes = contact::Changes {
        name: Some(name.to_owned()),
        email: Some(Some(format!("{}@acme.example", name.to_lowercase().replace(' ', ".")))),
        ..contact::Changes::default()
    };
    contact::add(&test.app, &test.actor, head.account_id, changes).await.unwrap().id
}

fn change(text: &str, suggestion: &str) -> NewLesson {
    NewLesson {
        kind: LessonKind::Change,
        text: text.to_owned(),
        suggestion: suggestion.to_owned(),
        phase: None,
        improvement: None,
    }
}

#[tokio::test]
async fn a_customer_is_handed_over_handed_back_and_taken_over() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (manager, csm) = (test.member(Role::OnboardingManager).await, test.member(Role::Csm).await);
        let app = &test.app;
        let id = generate(&test, &deal("Acme")).await;
        portfolio::assign(app, &test.actor, id, manager.person).await.unwrap();
        onboarding::kick_off(app, &manager, id).await.unwrap();
        let missing = transition::get(app, &manager, id).await;
        assert!(matches!(missing, Err(AppError::NotFound { what: "handover", .. })));

        let begun = transition::prepare(app, &manager, id).await.unwrap();
        assert_eq!(transition::prepare(app, &manager, id).await.unwrap(), begun, "it is begun once");
        assert_eq!(begun.state, State::Preparing);
        assert_eq!(begun.promises.len(), 1);
        assert!(begun.promises[0].text.contains("first dashboard"), "{:?}", begun.promises);
        let rules = &app.methodology.transition.steps;
        assert_eq!(begun.steps.len(), rules.len());
        let summary = report::get(app, &manager, begun.summary.unwrap()).await.unwrap().report;
        assert!(summary.text.contains("The first 90 days"), "{}", summary.text);
        assert!(summary.text.contains("Success review with the executive sponsor"), "{}", summary.text);

        let nobody = transition::propose(app, &manager, id, begun.version, "").await;
        let Err(AppError::Invalid(problems)) = nobody else { panic!("{nobody:?}") };
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["despite", "csm"], "not everything is done, and nobody is chosen");

        let viewer = test.member(Role::Viewer).await.person;
        let unable = Changes { csm: Some(viewer), ..Changes::default() };
        let refused = transition::change(app, &manager, id, begun.version, unable).await;
        assert!(matches!(refused, Err(AppError::Invalid(_))), "{refused:?}");
        let changes = Changes {
            csm: Some(csm.person),
            note: Some("Dana decides, Ana does the work".to_owned()),
            promises: Some(vec![Promised {
                note: "Sofia, in April".to_owned(),
                ..begun.promises[0].clone()
            }]),
            steps: Some(vec![
                NextStep { text: "Second".to_owned(), side: Side::Joint, by: date(2027, 6, 1) },
                NextStep { text: "First".to_owned(), side: Side::Vendor, by: date(2027, 5, 1) },
            ]),
        };
        let written = transition::change(app, &manager, id, begun.version, changes).await.unwrap();
        assert_eq!(written.steps[0].text, "First", "in order of their days");
        let stale = transition::change(app, &manager, id, begun.version, Changes::default()).await;
        assert!(matches!(stale, Err(AppError::Stale { what: "handover", .. })));
        let sight = transition::of_onboarding(app, &manager, id).await.unwrap();
        let promised = sight.done.iter().find(|line| line.text.starts_with("Every promise")).unwrap();
        assert!(promised.met && !sight.is_done(), "somebody keeps it, and milestones are missing");

        let asked =
            transition::propose(app, &manager, id, written.version, "The audit is in April").await.unwrap();
        let own = transition::accept(app, &manager, id, asked.version).await;
        assert!(matches!(own, Err(AppError::Refusal(_))), "nobody accepts for somebody else: {own:?}");
        let frozen = transition::change(app, &manager, id, asked.version, Changes::default()).await;
        assert!(matches!(frozen, Err(AppError::Refusal(_))));
        let back =
            transition::hand_back(app, &csm, id, asked.version, "Who is the sponsor now?").await.unwrap();
        assert!(matches!(&back.state, State::Returned { reason, .. } if reason == "Who is the sponsor now?"));
        let again =
            transition::propose(app, &manager, id, back.version, "The audit is in April").await.unwrap();
        let taken = transition::accept(app, &csm, id, again.version).await.unwrap();
        assert!(matches!(&taken.state, State::Accepted { by, .. } if *by == csm.name));
        let mut tx = app.db.read().await.unwrap();
        let owner = gangway_store::onboarding::owner(&mut tx, csm.workspace, id).await.unwrap();
        assert_eq!(owner.map(|(person, _)| person), csm.person, "the onboarding is theirs");
        drop(tx);

        let elsewhere = test.elsewhere("Somebody").await;
        let hidden = transition::of_onboarding(&elsewhere.app, &elsewhere.actor, id).await;
        assert!(matches!(hidden, Err(AppError::NotFound { .. })));
    })
    .await;
}

#[tokio::test]
async fn the_customer_is_told_and_met() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let csm = test.member(Role::Csm).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = generate(&test, &deal("Acme")).await;
        let dana = reader(&test, id, "Dana Whitfield").await;
        let begun = transition::prepare(app, actor, id).await.unwrap();
        let (subject, text) = transition::letter(app, actor, id).await.unwrap();
        let letter = |to| Introduction { to, subject: subject.clone(), text: text.clone() };
        let early = transition::introduce(app, actor, id, begun.version, letter(vec![dana])).await;
        assert!(matches!(early, Err(AppError::Invalid(_))), "nobody is chosen yet: {early:?}");
        let changes = Changes { csm: Some(csm.person), ..Changes::default() };
        let chosen = transition::change(app, actor, id, begun.version, changes).await.unwrap();
        let (subject, text) = transition::letter(app, actor, id).await.unwrap();
        assert!(subject.contains(&csm.name) && text.contains("Hello {contact},"), "{subject}\n{text}");
        let to_nobody = Introduction { to: Vec::new(), subject: subject.clone(), text: text.clone() };
        let nobody = transition::introduce(app, actor, id, chosen.version, to_nobody).await;
        assert!(matches!(nobody, Err(AppError::Invalid(_))));
        let introduction = Introduction { to: vec![dana], subject, text };
        let told = transition::introduce(app, actor, id, chosen.version, introduction).await.unwrap();
        assert_eq!(told.introduced_to, ["Dana Whitfield"]);
        assert!(told.introduced_at.is_some());

        let slot = Slot { on: date(2027, 4, 5), starts: "10:00".parse().unwrap(), minutes: 30, zone: None };
        let (met, meeting) =
            transition::meet(app, actor, id, told.version, slot.clone(), "Room 2").await.unwrap();
        assert_eq!((met.meeting, meeting.agenda.len()), (Some(meeting.id), 4));
        let people: Vec<&str> = meeting.people.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(people, [csm.name.as_str(), "Dana Whitfield"]);
        let twice = transition::meet(app, actor, id, met.version, slot, "").await;
        assert!(matches!(twice, Err(AppError::Refusal(_))));
    })
    .await;
}

#[tokio::test]
async fn an_onboarding_ends_with_an_outcome_and_what_it_taught_goes_into_the_programmes_log() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let mut ids = Vec::new();
        for customer in ["Acme", "Bluefin"] {
            let id = generate(&test, &deal(customer)).await;
            onboarding::kick_off(app, actor, id).await.unwrap();
            ids.push(id);
        }
        let [acme, bluefin] = ids[..] else { panic!("two") };
        let done = transition::close(app, actor, acme, Ending::Successful, "", None).await;
        assert!(
            matches!(&done, Err(AppError::Refusal(told)) if told.contains("definition of done")),
            "{done:?}"
        );
        let silent = transition::close(app, actor, acme, Ending::Partly, " ", None).await;
        assert!(matches!(silent, Err(AppError::Invalid(_))));

        let ask = "Ask for SAP access before the kickoff";
        let first =
            transition::add_lesson(app, actor, acme, change("SAP took three weeks", ask)).await.unwrap();
        assert_eq!(first.improvement, None, "not before it is over");
        let well = NewLesson { kind: LessonKind::Keep, ..change("The pilot convinced everybody", "") };
        transition::add_lesson(app, actor, acme, well).await.unwrap();
        let nowhere = NewLesson { phase: Some("moon".to_owned()), ..change("x", "") };
        assert!(matches!(transition::add_lesson(app, actor, acme, nowhere).await, Err(AppError::Invalid(_))));

        transition::close(app, actor, acme, Ending::Partly, "SAP comes in May", None).await.unwrap();
        let sight = transition::of_onboarding(app, actor, acme).await.unwrap();
        let closing = sight.closing.clone().unwrap();
        assert_eq!((closing.ending, closing.said.as_str()), (Ending::Partly, "SAP comes in May"));
        assert_eq!(sight.head.state, OnboardingState::Completed);
        assert_eq!(sight.moments.created, Some(date(2027, 1, 4)));
        assert_eq!(sight.clocks().to_live, None, "it never went live");
        let log = transition::of_programme(app, actor, "mid-market").await.unwrap();
        let [(one, lessons)] = &log.improvements[..] else { panic!("{log:?}") };
        assert_eq!((one.title.as_str(), one.number, one.lessons), (ask, 1, 1));
        assert_eq!(lessons[0].customer, "Acme");
        assert_eq!(log.others.len(), 1, "what went well stands beside");

        transition::close(app, actor, bluefin, Ending::Stopped, "Bought by a competitor", None)
            .await
            .unwrap();
        let late = change("SAP took two weeks", &ask.to_uppercase());
        let second = transition::add_lesson(app, actor, bluefin, late).await.unwrap();
        assert_eq!(second.improvement, Some(one.id), "the same words speak for the same improvement");
        let log = transition::of_programme(app, actor, "mid-market").await.unwrap();
        let from: Vec<&str> = log.improvements[0].1.iter().map(|lesson| lesson.customer.as_str()).collect();
        assert_eq!((log.improvements.len(), from), (1, vec!["Acme", "Bluefin"]), "the oldest first");
        assert_eq!(log.others.len(), 1);
        let stopped = transition::of_onboarding(app, actor, bluefin).await.unwrap();
        assert_eq!(
            stopped.head.state,
            OnboardingState::Closed { reason: "Bought by a competitor".to_owned() }
        );

        let never = Decision::Adopt { how: "A task of its own".to_owned(), version: Some(9) };
        assert!(matches!(transition::decide(app, actor, one.id, 1, never).await, Err(AppError::Invalid(_))));
        let adopt = Decision::Adopt { how: "A task of its own".to_owned(), version: None };
        let adopted = transition::decide(app, actor, one.id, 1, adopt.clone()).await.unwrap();
        assert_eq!((adopted.state.word(), adopted.version, adopted.lessons), ("adopted", 2, 2));
        let twice = transition::decide(app, actor, one.id, 2, adopt).await;
        assert!(matches!(twice, Err(AppError::Refusal(_))));
        let manager = test.member(Role::Csm).await;
        let unable = transition::decide(app, &manager, one.id, 2, Decision::Reopen).await;
        assert!(matches!(unable, Err(AppError::Forbidden(_))));
        transition::decide(app, actor, one.id, 2, Decision::Reopen).await.unwrap();
        transition::remove_lesson(app, actor, first.id).await.unwrap();
        assert_eq!(transition::lessons_of(app, actor, acme).await.unwrap().lessons.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn the_customer_sees_who_looks_after_them_and_nothing_of_the_handover() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let csm = test.member(Role::Csm).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = sponsored(&test).await;
        let (_, dana) = guest(&test, id, PortalRole::Onlooker).await;
        let told = async || portal::overview(app, &dana).await.unwrap().afterwards;
        onboarding::kick_off(app, actor, id).await.unwrap();
        let begun = transition::prepare(app, actor, id).await.unwrap();
        let changes = Changes {
            csm: Some(csm.person),
            note: Some("Dana is difficult".to_owned()),
            ..Changes::default()
        };
        let chosen = transition::change(app, actor, id, begun.version, changes).await.unwrap();
        assert_eq!(told().await, None, "who it will be is not said before the customer is told");

        let reader = reader(&test, id, "Renee Walsh").await;
        let (subject, text) = transition::letter(app, actor, id).await.unwrap();
        let letter = Introduction { to: vec![reader], subject, text };
        let introduced = transition::introduce(app, actor, id, chosen.version, letter).await.unwrap();
        let slot = Slot { on: date(2027, 4, 5), starts: "10:00".parse().unwrap(), minutes: 30, zone: None };
        let (met, _) = transition::meet(app, actor, id, introduced.version, slot, "Room 2").await.unwrap();
        let seen = told().await.unwrap();
        assert_eq!(seen.keeper.as_ref().map(|one| one.name.as_str()), Some(csm.name.as_str()));
        let meeting = seen.meeting.unwrap();
        assert_eq!((meeting.day, meeting.starts_at.as_str()), (date(2027, 4, 5), "10:00"));
        assert_eq!((seen.since, seen.ended_on), (None, None), "nobody has taken over yet");

        let asked = transition::propose(app, actor, id, met.version, "The audit is late").await.unwrap();
        transition::accept(app, &csm, id, asked.version).await.unwrap();
        test.clock.advance_days(3);
        transition::close(app, actor, id, Ending::Stopped, "Their budget was cut", None).await.unwrap();
        let seen = told().await.unwrap();
        assert_eq!((seen.since, seen.ended_on), (Some(date(2027, 1, 4)), Some(date(2027, 1, 7))));
        let whole = serde_json::to_string(&portal::overview(app, &dana).await.unwrap()).unwrap();
        for hidden in ["difficult", "audit", "budget", "stopped"] {
            assert!(!whole.contains(hidden), "{hidden} in {whole}");
        }
    })
    .await;
}
