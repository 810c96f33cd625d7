//! The tabs of one onboarding, and what moves it on.

use std::io::{Cursor, Read};

use axum::http::{StatusCode, header};
use gangway_app::{intake, onboarding, outcome, work};
use gangway_domain::onboarding::OnboardingState;
use gangway_domain::package::{ItemState, Package};
use gangway_domain::permission::Role;
use gangway_domain::work::Change;
use gangway_testkit::{TestApp, deal, deal_within, for_each_database};
use jiff::civil::Date;

use super::{generate, get, on_page, router, says, send, signed_in};

async fn package(test: &TestApp, id: gangway_domain::ids::OnboardingId) -> Package {
    onboarding::get(&test.app, &test.actor, id).await.unwrap().onboarding.package
}

#[tokio::test]
async fn the_overview_says_where_it_is_what_is_next_and_what_is_at_risk() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal_within("Acme", 20)).await;
        test.clock.advance_days(9);
        let overview = onboarding::get(&test.app, &test.actor, id).await.unwrap();
        let page = get(&router(&test).await, &format!("/onboardings/{id}")).await;
        let package = &overview.onboarding.package;
        let days_to = |day: Date| (day - overview.today).get_days();
        // The kickoff was two days ago: the phase that begins with it is under way.
        let phase = package.plan.phases.iter().find(|phase| phase.id == "discover").unwrap();
        let now = format!(
            "In {}, which ends in {} days. Go-live in {} days.",
            phase.name,
            days_to(phase.finish),
            days_to(package.dates.go_live_on)
        );
        let milestones = package.plan.milestones.iter();
        let gates = milestones.filter(|milestone| milestone.gate && milestone.planned >= overview.today);
        let gate = gates.min_by_key(|gate| gate.planned).unwrap();
        says(
            &page,
            &[
                &now,
                &package.dates.verdict,
                &package.dates.options[0],
                &overview.next[0].name,
                "IT is short of people",
                "What does the customer call success, measured how?",
                &gate.name,
                &gate.criteria[0].text,
                "Generated the onboarding of Acme",
                "Handed over the deal with Acme",
            ],
        );
        assert!(page.text.contains("aria-current=\"step\"") && page.text.contains("banner late"));
    })
    .await;
}

#[tokio::test]
async fn a_go_live_that_did_not_come_is_late_and_nothing_else() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let dates = package(&test, id).await.dates;
        test.clock.advance_days((dates.go_live_on - test.app.today()).get_days() + 2);
        let page = get(&router(&test).await, &format!("/onboardings/{id}")).await;
        says(&page, &["Why it is late", "has not happened", "should be further by today", "was to end"]);
        assert!(page.text.contains("banner late") && !page.text.contains(&on_page(&dates.verdict)));
    })
    .await;
}

#[tokio::test]
async fn the_handoff_shows_what_was_promised_and_what_is_missing() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let site = router(&test).await;
        let page = get(&site, &format!("/onboardings/{id}/handoff")).await;
        let handoff = package(&test, id).await.handoff;
        let missing = handoff.quality.items.iter().find(|item| item.state == ItemState::Missing).unwrap();
        says(
            &page,
            &[
                "Critical event",
                "first dashboard within 30 days",
                "IT is short of people",
                &missing.text,
                &handoff.clocks[0].name,
                "What does the customer call success, measured how?",
            ],
        );
        assert!(!page.text.contains("by Priya"));
        let from = onboarding::get(&test.app, &test.actor, id).await.unwrap().onboarding.handoff_id;
        intake::stop(&test.app, &test.actor, from, &handoff.clocks[0].id).await.unwrap();
        let page = get(&site, &format!("/onboardings/{id}/handoff")).await;
        says(&page, &["by Priya", &format!("/handoffs/{from}#clocks")]);
        // The promise stands where plan and outcomes stand, not where they stood at the handoff.
        let kept = async || {
            let ledger = outcome::promise_ledger(&test.app, &test.actor, id).await.unwrap();
            ledger
                .into_iter()
                .find(|line| line.entry.milestone.is_some() || line.entry.task.is_some())
                .unwrap()
        };
        let before = kept().await;
        says(&page, &[&before.entry.kept_at, "Due 30 days after the kickoff", "On its way"]);
        let sight = work::sight(&test.app, &test.actor, id).await.unwrap();
        let plan = &sight.stored.plan;
        let shows = before.entry.milestone.as_ref().or(before.entry.task.as_ref()).unwrap();
        let waits_for = plan.links.iter().filter(|link| link.to == *shows);
        let longer =
            waits_for.filter_map(|link| plan.task(&link.from)).max_by_key(|task| task.finish).unwrap();
        let longer = Change::SetDays { task: longer.code.clone(), days: longer.days + 60 };
        work::change(&test.app, &test.actor, id, None, vec![longer]).await.unwrap();
        let after = kept().await;
        assert_ne!(after.entry.kept_at, before.entry.kept_at);
        let page = get(&site, &format!("/onboardings/{id}/handoff")).await;
        says(&page, &[&after.entry.kept_at, "At risk"]);
        assert!(!page.text.contains(&on_page(&before.entry.kept_at)), "{}", page.text);
    })
    .await;
}

#[tokio::test]
async fn the_plan_is_a_chart_a_list_and_a_board_of_the_tasks_asked_for() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let plan = package(&test, id).await.plan;
        let router = router(&test).await;
        let chart = get(&router, &format!("/onboardings/{id}/plan")).await;
        let first = &plan.tasks[0];
        says(&chart, &[&first.name, &plan.milestones[0].name, "Today, 4 Jan 2027"]);
        assert_eq!(chart.text.matches("<rect class=\"task ").count(), plan.tasks.len());
        let critical = plan.tasks.iter().filter(|task| task.critical).count();
        assert!(critical > 1, "{critical}");
        assert!(chart.text.contains("class=\"chain\""));
        assert!(chart.text.contains("data-today=\""), "the picture begins where one is");
        let list = get(&router, &format!("/onboardings/{id}/plan?view=list&critical=1")).await;
        assert_eq!(list.text.matches(">Critical</span>").count(), critical);
        says(&list, &[&format!("{critical} of {} tasks", plan.tasks.len())]);
        let gate = plan.milestones.iter().find(|milestone| milestone.gate).unwrap();
        says(&list, &[&gate.criteria[0].text]);
        let board = get(&router, &format!("/onboardings/{id}/plan?view=board&by=side&side=customer")).await;
        let of_customer =
            plan.tasks.iter().filter(|task| task.owner == gangway_domain::programme::Side::Customer).count();
        assert_eq!(board.text.matches("<li class=\"board-card customer\">").count(), of_customer);
        assert!(!board.text.contains("board-card vendor"));
        let none = get(&router, &format!("/onboardings/{id}/plan?q=nobody-has-this")).await;
        says(&none, &["Nothing matches"]);
    })
    .await;
}

#[tokio::test]
async fn people_stand_on_the_grid_and_in_the_matrix() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let package = package(&test, id).await;
        let site = router(&test).await;
        let page = get(&site, &format!("/onboardings/{id}/people")).await;
        let missing =
            "0 people of at least 3 were spoken with in the last 30 days. Find others who are affected.";
        // The gap is a sentence of its own on the page.
        says(&page, &[missing, package.people.gaps[0].why.get(1..).unwrap()]);
        let matrix = get(&site, &format!("/onboardings/{id}/people/raci")).await;
        says(&matrix, &[&package.raci.rows[0].activity, &package.raci.columns[0].role]);
        assert_eq!(page.text.matches("<circle").count(), package.people.stakeholders.len());
    })
    .await;
}

#[tokio::test]
async fn the_scorecard_says_what_must_be_seen_by_when() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let package = package(&test, id).await;
        let page = get(&router(&test).await, &format!("/onboardings/{id}/scorecard")).await;
        says(
            &page,
            &[
                &package.activation.targets[0].name,
                &package.activation.clocks[0].measured_by,
                &package.impact_plan.north_star,
                "Nothing is known of its use of the product yet",
            ],
        );
        let (unknown, met) = (page.text.contains(">Not known</span>"), page.text.contains(">Met</span>"));
        assert!(unknown && !met, "{}", page.text);
    })
    .await;
}

#[tokio::test]
async fn documents_are_read_in_place_and_taken_along_whole() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let router = router(&test).await;
        let page = get(&router, &format!("/onboardings/{id}/documents?read=handoff.html")).await;
        says(&page, &["Kickoff deck", "For your team"]);
        assert!(page.text.contains(&format!("<iframe src=\"/onboardings/{id}/package/handoff.html\"")));
        for read in
            ["", "?read=package.json", "?read=..%2F..%2Fetc%2Fpasswd", "?read=https%3A%2F%2Fevil.example"]
        {
            let page = get(&router, &format!("/onboardings/{id}/documents{read}")).await;
            assert!(!page.text.contains("<iframe"), "{read}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_archive_holds_every_file() {
    let database = gangway_testkit::Database::sqlite().await.unwrap();
    let test = TestApp::on(database.db.clone()).await;
    let id = generate(&test, &deal("Acme")).await;
    let files = onboarding::get(&test.app, &test.actor, id).await.unwrap().files;
    let (name, bytes) = onboarding::archive(&test.app, &test.actor, id).await.unwrap();
    assert_eq!(name, "Acme onboarding package.zip");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    assert_eq!(archive.len(), files.len());
    let mut calendar = String::new();
    archive.by_name("calendar.ics").unwrap().read_to_string(&mut calendar).unwrap();
    assert!(calendar.starts_with("BEGIN:VCALENDAR"));
    database.remove().await.unwrap();
}

#[tokio::test]
async fn an_onboarding_is_kicked_off_completed_or_closed_with_a_reason() {
    for_each_database(|db| async move {
        let test = TestApp::on(db).await;
        let id = generate(&test, &deal("Acme")).await;
        let address = format!("/onboardings/{id}");
        let state = || async { onboarding::get(&test.app, &test.actor, id).await.unwrap().onboarding.state };
        let manager = signed_in(&test, Role::OnboardingManager).await;
        let page = get(&manager, &address).await;
        assert!(page.text.contains("The kickoff was held") && !page.text.contains("Complete the onboarding"));
        let early = send(&manager, &format!("{address}/completion"), "").await;
        assert_eq!(early.status, StatusCode::CONFLICT);
        let moved = send(&manager, &format!("{address}/kickoff"), "").await;
        let there = moved.header(header::LOCATION).to_owned();
        assert_eq!(there, format!("{address}?said=kickoff&of={id}&batch=1"));
        assert_eq!(state().await, OnboardingState::Running);
        let page = get(&manager, &there).await;
        assert!(page.text.contains("The kickoff was held: the onboarding runs."));
        assert!(page.text.contains(&format!("{address}/plan/changes/1/undo")), "{}", page.text);
        let undone = send(&manager, &format!("{address}/plan/changes/1/undo"), "").await;
        assert_eq!((undone.status, state().await), (StatusCode::SEE_OTHER, OnboardingState::Planned));
        send(&manager, &format!("{address}/kickoff"), "").await;
        assert_eq!(state().await, OnboardingState::Running);

        let refused = send(&manager, &format!("{address}/closure"), "reason=+").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            refused.text.contains("Reason is missing")
                && refused.text.contains("<details class=\"confirm over\" open>")
        );
        let long = format!("reason={}", "x".repeat(501));
        let refused = send(&manager, &format!("{address}/closure"), &long).await;
        assert!(refused.text.contains(&"x".repeat(501)), "what was typed is kept");
        assert_eq!(state().await, OnboardingState::Running);

        let viewer = signed_in(&test, Role::Viewer).await;
        assert!(!get(&viewer, &address).await.text.contains("/closure"));
        let forbidden = send(&viewer, &format!("{address}/closure"), "reason=Bored").await;
        assert_eq!(forbidden.status, StatusCode::FORBIDDEN);

        let before = get(&manager, &address).await;
        send(&manager, &format!("{address}/closure"), "reason=Bought+by+a+competitor").await;
        assert_eq!(state().await, OnboardingState::Closed { reason: "Bought by a competitor".to_owned() });
        let page = get(&manager, &address).await;
        says(&page, &["Closed: Bought by a competitor", "The onboarding is over.", "How it ended"]);
        says(&page, &["No lesson was written down"]);
        assert!(!page.text.contains("Why it is late") && !page.text.contains("Still unknown"), "it is over");
        assert!(!page.text.contains("/closure"), "it is over");
        let verdict = on_page(&package(&test, id).await.dates.verdict);
        assert!(
            before.text.contains(&verdict) && !page.text.contains(&verdict),
            "what is over is not hurried"
        );
        let story = get(&manager, &format!("{address}/activity")).await;
        says(
            &story,
            &["Closed the onboarding: Bought by a competitor", "Held the kickoff", "Monday, 4 January 2027"],
        );
    })
    .await;
}
