//! Handoffs under review, on both databases.

use gangway_app::intake::value::Typed;
use gangway_app::intake::{self, Act, Choices, Edit};
use gangway_app::onboarding::{self, GenerateOptions};
use gangway_app::{Actor, App, AppError, activity, handoff};
use gangway_domain::fact::Source;
use gangway_domain::ids::HandoffId;
use gangway_domain::permission::Role;
use gangway_store::onboarding::list::Direction;
use gangway_store::review::{Query, SortBy, State};
use gangway_testkit::{TestApp, deal, deal_within, for_each_database};

async fn accept(app: &App, actor: &Actor, deal: &str) -> HandoffId {
    handoff::accept(app, actor, deal.as_bytes().to_vec(), None).await.unwrap().handoff
}

fn typed(parts: &[(&str, &str)]) -> Typed {
    parts.iter().map(|(part, text)| ((*part).to_owned(), (*text).to_owned())).collect()
}

fn set(fact: &str, value: &str, seen: i64) -> Edit {
    let act = Act::Set(typed(&[("value", value)]));
    Edit { fact: fact.parse().unwrap(), act, seen, reason: String::new() }
}

#[tokio::test]
async fn a_correction_stands_beside_the_reading_and_can_be_taken_back() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let TestApp { app, actor, .. } = &test;
        let id = accept(app, actor, &deal("Acme")).await;
        let before = intake::get(app, actor, id).await.unwrap();
        assert_eq!(before.deal.deal, before.handoff.reading.deal);
        let ines = test.member(Role::OnboardingManager).await;
        let edit = Edit { reason: "the order form says so".to_owned(), ..set("acv", "120K EUR", 0) };
        intake::edit(app, &ines, id, edit).await.unwrap();
        let promise = Act::Add(typed(&[("text", "training on site"), ("by", "2027-03-01")]));
        let add = Edit { fact: "promises".parse().unwrap(), act: promise, seen: 0, reason: String::new() };
        assert_eq!(intake::edit(app, &ines, id, add).await.unwrap().to_string(), "promises+2");
        let remove =
            Edit { fact: "red_flags[0]".parse().unwrap(), act: Act::Remove, seen: 0, reason: String::new() };
        intake::edit(app, &ines, id, remove).await.unwrap();

        let found = intake::get(app, actor, id).await.unwrap();
        assert_eq!(found.handoff.reading, before.handoff.reading, "the reading stays as it was");
        let acv = found.deal.deal.acv.clone().unwrap();
        assert_eq!(acv.value.to_string(), "€120,000");
        let said = Source::Person { who: ines.name.clone(), reason: Some("the order form says so".into()) };
        assert_eq!(acv.source, said);
        assert_eq!(found.deal.deal.promises.len(), 2);
        assert!(found.deal.deal.red_flags.is_empty());
        assert_eq!(found.corrections[0].before.as_deref(), Some("$95,000"));
        assert!(found.quality.document_score < before.quality.document_score, "a red flag less is known");

        for number in [2, 3, 1] {
            intake::undo(app, actor, id, number).await.unwrap();
        }
        let back = intake::get(app, actor, id).await.unwrap();
        assert_eq!(back.deal.deal, before.deal.deal);
        assert_eq!(back.quality, before.quality);
        assert_eq!(back.corrections.len(), 3, "what was taken back is remembered");
        assert_eq!(back.corrections[0].undone.as_ref().map(|(who, _)| who.as_str()), Some("Priya"));
        let log: Vec<String> =
            activity::recent(app, actor, 20).await.unwrap().into_iter().map(|entry| entry.summary).collect();
        assert_eq!(log[5], "Corrected Annual value: $95,000 → €120,000");
        assert_eq!(log[3], "Removed Red flag: IT is short of people");
        assert!(log[0].starts_with("Took back a correction by "), "{}", log[0]);
    })
    .await;
}

#[tokio::test]
async fn two_people_correcting_one_fact_hear_of_each_other() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let TestApp { app, actor, .. } = &test;
        let id = accept(app, actor, &deal("Acme")).await;
        let ines = test.member(Role::OnboardingManager).await;
        intake::edit(app, &ines, id, set("users", "200", 0)).await.unwrap();
        intake::edit(app, actor, id, set("country", "Germany", 0)).await.unwrap();
        let refused = intake::edit(app, actor, id, set("users", "300", 0)).await.unwrap_err();
        assert_eq!((refused.code(), refused.is_input()), ("edited_meanwhile", true));
        let AppError::Overlap(overlap) = refused else { panic!("{refused}") };
        assert_eq!((overlap.what, overlap.who.as_str(), overlap.seen), ("Users", ines.name.as_str(), 1));
        assert_eq!((overlap.theirs.as_deref(), overlap.yours.as_deref()), (Some("200"), Some("300")));
        intake::edit(app, actor, id, set("users", "300", overlap.seen)).await.unwrap();
        let found = intake::get(app, actor, id).await.unwrap();
        assert_eq!(found.deal.deal.users.map(|fact| fact.value), Some(300));
        assert_eq!(found.corrections.len(), 3, "both are remembered, and what was refused is not");
    })
    .await;
}

#[tokio::test]
async fn ten_corrections_at_once_lose_nothing() {
    for_each_database(|db| async move {
        let TestApp { app, actor, .. } = TestApp::on(db).await;
        let id = accept(&app, &actor, &deal("Acme")).await;
        let mut racing = tokio::task::JoinSet::new();
        for number in 0..10 {
            let (app, actor) = (app.clone(), actor.clone());
            racing.spawn(async move {
                let act = Act::Add(typed(&[("value", &format!("note {number}"))]));
                let edit = Edit { fact: "notes".parse().unwrap(), act, seen: 0, reason: String::new() };
                intake::edit(&app, &actor, id, edit).await.unwrap()
            });
        }
        racing.join_all().await;
        let found = intake::get(&app, &actor, id).await.unwrap();
        assert_eq!(found.deal.deal.notes.len(), 10);
        let numbers: Vec<i64> = found.corrections.iter().map(|made| made.correction.number).collect();
        assert_eq!(numbers, (1..=10).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_read_changes_nothing() {
    for_each_database(|db| async move {
        let TestApp { app, actor, .. } = TestApp::on(db).await;
        let id = accept(&app, &actor, &deal("Acme")).await;
        for (edit, code) in [
            (set("acv", "a lot", 0), "invalid"),
            (set("go_live", "soonish", 0), "invalid"),
            (set("nothing", "x", 0), "not_found"),
            (set("promises[7]", "x", 0), "invalid"),
            (set("users", "", 0), "invalid"),
            (Edit { reason: "x".repeat(501), ..set("users", "5", 0) }, "invalid"),
            (Edit { act: Act::Remove, ..set("sso", "", 0) }, "not_found"),
            (Edit { act: Act::Remove, ..set("promises[7]", "", 0) }, "not_found"),
        ] {
            let refused = intake::edit(&app, &actor, id, edit).await.unwrap_err();
            assert_eq!(refused.code(), code, "{refused}");
        }
        let found = intake::get(&app, &actor, id).await.unwrap();
        assert!(found.corrections.is_empty());
        assert_eq!(found.review.version, 0, "a refusal counts as nothing");
    })
    .await;
}

#[tokio::test]
async fn a_confirmation_holds_until_the_next_correction() {
    for_each_database(|db| async move {
        let TestApp { app, actor, clock } = TestApp::on(db).await;
        let id = accept(&app, &actor, &deal("Acme")).await;
        let choices = GenerateOptions::default();
        let refused = intake::generate(&app, &actor, id, choices.clone()).await.unwrap_err();
        assert!(refused.to_string().contains("not confirmed"), "{refused}");
        intake::edit(&app, &actor, id, set("users", "200", 0)).await.unwrap();
        let refused = intake::confirm(&app, &actor, id, 0).await.unwrap_err();
        assert!(matches!(refused, AppError::Overtaken), "it was corrected since: {refused}");
        intake::confirm(&app, &actor, id, 1).await.unwrap();
        let state = |found: &intake::Reviewed| (found.review.state, found.review.confirmed.is_some());
        assert_eq!(state(&intake::get(&app, &actor, id).await.unwrap()), (State::Confirmed, true));
        intake::undo(&app, &actor, id, 1).await.unwrap();
        assert_eq!(state(&intake::get(&app, &actor, id).await.unwrap()), (State::Review, false));
        intake::confirm(&app, &actor, id, 2).await.unwrap();

        clock.advance_days(1);
        let later = accept(&app, &actor, &deal("Zephyr")).await;
        let made = intake::generate(&app, &actor, id, choices).await.unwrap();
        let listed = intake::list(&app, &actor, &intake::newest()).await.unwrap();
        let lines: Vec<_> = listed.lines.iter().map(|line| (line.id, line.state, line.onboarding)).collect();
        assert_eq!(lines, [(later, State::Review, None), (id, State::Made, Some(made.id))]);
        assert_eq!(listed.lines[1].accepted_by, "Priya");
        assert!(listed.lines[0].document_score.is_some(), "known before anything is made");
        assert_eq!(listed.counts, [(State::Review, 1), (State::Confirmed, 0), (State::Made, 1)]);
        let first = intake::list(&app, &actor, &Query { limit: 1, ..intake::newest() }).await.unwrap();
        let older = Query { after: first.next, ..intake::newest() };
        let older = intake::list(&app, &actor, &older).await.unwrap();
        assert_eq!(older.lines.iter().map(|line| line.id).collect::<Vec<_>>(), [id]);
        for (sort, direction, expected) in [
            (SortBy::Accepted, Direction::Ascending, [id, later]),
            (SortBy::Customer, Direction::Ascending, [id, later]),
            (SortBy::Customer, Direction::Descending, [later, id]),
        ] {
            let query = Query { sort, direction, limit: 1, ..Query::default() };
            let first = intake::list(&app, &actor, &query).await.unwrap();
            let rest = intake::list(&app, &actor, &Query { after: first.next, ..query }).await.unwrap();
            let joined = [first.lines, rest.lines].concat();
            assert_eq!(joined.iter().map(|line| line.id).collect::<Vec<_>>(), expected, "{sort:?}");
        }
        let searched = Query { search: Some("ZEPH".to_owned()), ..intake::newest() };
        assert_eq!(intake::list(&app, &actor, &searched).await.unwrap().lines[0].id, later);
        let of_one = Query { state: Some(State::Made), ..intake::newest() };
        assert_eq!(intake::list(&app, &actor, &of_one).await.unwrap().lines.len(), 1);
        let refused = intake::edit(&app, &actor, id, set("users", "9", 0)).await.unwrap_err();
        assert_eq!(refused.code(), "handed_on");
    })
    .await;
}

#[tokio::test]
async fn the_onboarding_is_made_of_what_stands_and_what_was_decided() {
    for_each_database(|db| async move {
        let TestApp { app, actor, .. } = TestApp::on(db).await;
        let id = accept(&app, &actor, &deal_within("Acme", 20)).await;
        intake::edit(&app, &actor, id, set("customer", "Acme Manufacturing", 0)).await.unwrap();
        intake::confirm(&app, &actor, id, 1).await.unwrap();
        let choices = Choices {
            go_live: "90 days".to_owned(),
            vendor_country: "DE".to_owned(),
            closures: "1 Feb 2027 – 5 Feb 2027 plant shutdown".to_owned(),
            segment: "enterprise".to_owned(),
            reason: "a board member watches it".to_owned(),
            ..Choices::default()
        };
        let (options, problems) = intake::options(&app, &choices).await.unwrap();
        assert!(problems.is_empty(), "{problems:?}");
        let short = intake::outlook(&app, &actor, id, GenerateOptions::default()).await.unwrap();
        assert!(short.dates.feasibility.is_some_and(|found| !found.feasible), "20 days are too few");
        let outlook = intake::outlook(&app, &actor, id, options.clone()).await.unwrap();
        let made = intake::generate(&app, &actor, id, options).await.unwrap();
        let found = onboarding::get(&app, &actor, made.id).await.unwrap();
        let package = &found.onboarding.package;
        assert_eq!(*package, outlook, "what was shown is what is made");
        assert_eq!(found.account.name, "Acme Manufacturing", "the correction found another account");
        assert_eq!(package.names.customer, "Acme Manufacturing");
        assert_eq!(package.segmentation.overridden.as_ref().unwrap().reason, "a board member watches it");
        assert_eq!(package.segmentation.segment, "enterprise");
        let closure = &package.reading.deal.blackouts[0];
        assert_eq!(
            (closure.value.from.to_string(), closure.value.to.to_string()),
            ("2027-02-01".into(), "2027-02-05".into())
        );
        assert!(matches!(&closure.source, Source::Person { who, .. } if who == "Priya"));
        let wanted = package.dates.go_live_target.unwrap();
        assert_eq!((wanted - package.dates.kickoff_on).get_days(), 90);

        let (_, problems) = intake::options(
            &app,
            &Choices {
                kickoff: "someday".into(),
                segment: "smb".into(),
                closures: "never".into(),
                ..Choices::default()
            },
        )
        .await
        .unwrap();
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field).collect();
        assert_eq!(fields, ["kickoff", "closures", "reason"]);
    })
    .await;
}

#[tokio::test]
async fn clocks_run_until_a_person_stops_them() {
    for_each_database(|db| async move {
        let TestApp { app, actor, clock } = TestApp::on(db).await;
        let id = accept(&app, &actor, &format!("{}Signed on: 2027-01-04\n", deal("Acme"))).await;
        let due = |found: &intake::Reviewed| {
            let days = found
                .clocks
                .iter()
                .map(|clock| (clock.clock.id.clone(), clock.clock.due.unwrap().to_string()));
            days.collect::<Vec<_>>()
        };
        let found = intake::get(&app, &actor, id).await.unwrap();
        let expected = [
            ("document", "2027-01-05"),
            ("meeting", "2027-01-07"),
            ("introduction", "2027-01-08"),
            ("first-contact", "2027-01-06"),
        ];
        assert_eq!(due(&found), expected.map(|(clock, day)| (clock.to_owned(), day.to_owned())));
        clock.advance_days(3);
        intake::stop(&app, &actor, id, "document").await.unwrap();
        intake::stop(&app, &actor, id, "document").await.unwrap();
        let overdue =
            |found: &intake::Reviewed| found.clocks.iter().map(|clock| clock.overdue).collect::<Vec<_>>();
        let found = intake::get(&app, &actor, id).await.unwrap();
        assert_eq!(
            overdue(&found),
            [false, false, false, true],
            "done is not overdue, and today is not late"
        );
        assert_eq!(found.clocks[0].done.as_ref().unwrap().done_by, "Priya");
        intake::restart(&app, &actor, id, "document").await.unwrap();
        let found = intake::get(&app, &actor, id).await.unwrap();
        assert_eq!(overdue(&found), [true, false, false, true]);
        assert_eq!(intake::stop(&app, &actor, id, "lunch").await.unwrap_err().code(), "not_found");
        let kinds: Vec<String> =
            activity::recent(&app, &actor, 10).await.unwrap().into_iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, ["handoff.clock_restarted", "handoff.clock_stopped", "handoff.accepted"]);
    })
    .await;
}

#[tokio::test]
async fn other_workspaces_and_viewers_change_nothing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let (app, actor) = (&test.app, &test.actor);
        let id = accept(app, actor, &deal("Acme")).await;
        intake::edit(app, actor, id, set("users", "200", 0)).await.unwrap();
        let stranger = test.elsewhere("Southlight").await.actor;
        let viewer = test.member(Role::Viewer).await;
        for (who, code) in [(&stranger, "not_found"), (&viewer, "forbidden")] {
            let codes = [
                intake::edit(app, who, id, set("users", "1", 1)).await.unwrap_err().code(),
                intake::undo(app, who, id, 1).await.unwrap_err().code(),
                intake::confirm(app, who, id, 1).await.unwrap_err().code(),
                intake::stop(app, who, id, "document").await.unwrap_err().code(),
                intake::restart(app, who, id, "document").await.unwrap_err().code(),
                intake::generate(app, who, id, GenerateOptions::default()).await.unwrap_err().code(),
            ];
            assert_eq!(codes, [code; 6]);
        }
        assert_eq!(intake::get(app, &stranger, id).await.unwrap_err().code(), "not_found");
        let refused = intake::outlook(app, &stranger, id, GenerateOptions::default()).await.unwrap_err();
        assert_eq!(refused.code(), "not_found");
        assert!(intake::list(app, &stranger, &intake::newest()).await.unwrap().lines.is_empty());
        let found = intake::get(app, &viewer, id).await.unwrap();
        assert_eq!((found.corrections.len(), found.review.state), (1, State::Review));
    })
    .await;
}
